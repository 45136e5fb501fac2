//! What every command works with.

pub(crate) mod clock;
mod system;

use std::path::PathBuf;

use crate::report::{Color, Format, LocalTime, Ui};
pub use system::System;

/// What every command works with: common flags, output to the user, and access to the system.
#[derive(Debug)]
pub struct Env {
    /// Flags that every command has.
    pub globals: Globals,
    /// Output to the user.
    pub ui: Ui,
    /// Environment, clock, randomness and folders.
    pub system: System,
}

impl Env {
    /// For a program that uses herald as a library, with this provider: no warnings, and no folders. What is otherwise
    /// kept in a folder, such as the state of the sandbox, is kept in memory; the program has to name a ledger.
    pub fn of_library(provider: &str) -> Self {
        let system = System::without_folders();
        let ui = Ui::new(Format::Human, Color::Never, false, true, &|_| None);
        let globals = Globals { provider: Some(provider.to_owned()), ..Globals::default() };
        Self { globals, ui, system }
    }

    /// How people read moments now: in the time zone of this machine, or that of `TZ`.
    pub fn local_time(&self) -> LocalTime {
        LocalTime::reading(|| System::default().time_zone(), self.system.now_ms())
    }
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
