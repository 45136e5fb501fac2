//! What a profile means after every value was found: the only form of it that the core sees.

mod defaults;
mod hours;
mod secret;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use defaults::{DefaultValue, FieldDefault, MessageDefaults};
pub use hours::QuietHours;
pub(crate) use hours::{clock, zone};
pub use secret::Secret;

/// The key that every provider has, but that, like a credential, may be asked for or come from elsewhere.
pub(crate) const ENDPOINT: &str = "endpoint";

/// The environment variable that gives a provider's key if there is no profile.
pub fn variable(provider: &str, key: &str) -> String {
    format!("HERALD_{provider}_{key}").to_ascii_uppercase().replace('-', "_")
}

/// Credentials, host and guards of one app with one provider.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Id of the provider.
    pub provider: String,
    /// Name of the profile, if there is one.
    pub profile: Option<String>,
    /// Name of a data centre, or a URL; `None` for the provider's usual one.
    pub endpoint: Option<String>,
    /// Values that are not secret, by key: `app_key`, `edition`, `robot_id`.
    pub values: BTreeMap<String, String>,
    /// Secrets, by key.
    pub secrets: BTreeMap<String, Secret>,
    /// How careful herald is.
    pub guards: Guards,
    /// The source of trust roots, if not herald itself: a file of certificates, or `system`.
    pub roots: Option<String>,
    /// What its messages have unless flags or a file say otherwise.
    pub defaults: MessageDefaults,
}

impl Account {
    /// A value that is not secret.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// A secret.
    pub fn secret(&self, key: &str) -> Option<&Secret> {
        self.secrets.get(key)
    }
}

/// How careful a profile is.
#[derive(Clone, Debug, Default)]
pub struct Guards {
    /// Whether it is for tests, for live use, or only for the sandbox.
    pub mode: Mode,
    /// The allow list: patterns such as `user:test-*`. With [`Mode::Test`], no other target is reached.
    pub allow_to: Vec<String>,
    /// `send` asks for confirmation above this number of targets; `None` is 100.
    pub confirm_above: Option<u64>,
    /// Above this number of targets, the user has to type the profile's name.
    pub max_targets: Option<u64>,
    /// The hours in which herald sends nothing.
    pub quiet_hours: Option<QuietHours>,
    /// If this file exists, herald sends nothing and destroys nothing.
    pub kill_switch: Option<PathBuf>,
}

/// What a profile is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Reaches only the allow list.
    Test,
    /// Reaches real people: herald asks for confirmation.
    #[default]
    Live,
    /// Nothing leaves herald.
    Sandbox,
}

impl Mode {
    /// The word in a profile.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
            Self::Sandbox => "sandbox",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Test => "it reaches only the targets of its allow_to",
            Self::Live => "it reaches real people: large sends are confirmed",
            Self::Sandbox => "nothing leaves the mock server inside herald",
        }
    }

    /// Each of them once.
    pub const ALL: [Self; 3] = [Self::Test, Self::Live, Self::Sandbox];
}
