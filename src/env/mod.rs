//! What every command works with.

pub(crate) mod clock;
mod system;

use std::path::PathBuf;

use crate::report::Ui;
pub use system::System;

/// What every command works with: what holds for all of them, the way to the user, and the world outside.
#[derive(Debug)]
pub struct Env {
    /// Flags that every command has.
    pub globals: Globals,
    /// The way to the user.
    pub ui: Ui,
    /// Environment, clock, dice and folders.
    pub system: System,
}

/// Flags that every command has.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    /// `--profile NAME`
    pub profile: Option<String>,
    /// `--profiles FILE`
    pub profiles: Option<PathBuf>,
    /// `--provider ID`
    pub provider: Option<String>,
}
