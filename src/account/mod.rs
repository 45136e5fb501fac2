//! What a profile means, once every value has been found: the only form that reaches the core.

mod hours;
mod secret;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use hours::QuietHours;
pub(crate) use hours::{clock, zone};
pub use secret::Secret;

/// The key that is common to all and yet may be asked for, and come from elsewhere, like a credential.
pub(crate) const ENDPOINT: &str = "endpoint";

/// The variable that gives a key of a provider where there is no profile.
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
    /// Name of a data centre or a URL; `None` for the provider's usual one.
    pub endpoint: Option<String>,
    /// Values that are no secret, by key: `app_key`, `edition`, `robot_id`.
    pub values: BTreeMap<String, String>,
    /// Secrets, by key.
    pub secrets: BTreeMap<String, Secret>,
    /// How carefully.
    pub guards: Guards,
    /// Where trust roots come from, if not from herald: a file of certificates, or `system`.
    pub roots: Option<String>,
}

impl Account {
    /// A value that is no secret.
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
    /// Whether it is for tests, live, or for the sandbox alone.
    pub mode: Mode,
    /// The guest list: patterns as `user:test-*`. With [`Mode::Test`], nobody else is reached.
    pub allow_to: Vec<String>,
    /// `send` asks above so many targets; `None` is 100.
    pub confirm_above: Option<u64>,
    /// Above so many targets the profile's name has to be typed.
    pub max_targets: Option<u64>,
    /// When nothing is sent.
    pub quiet_hours: Option<QuietHours>,
    /// A file whose presence stops everything that sends or destroys.
    pub kill_switch: Option<PathBuf>,
}

/// What a profile is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Only the guest list.
    Test,
    /// Real people: confirms.
    #[default]
    Live,
    /// Stays inside herald.
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
}
