//! What a profile means, once every value has been found: the only form that reaches the core.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{QuietHours, Secret};
use crate::contract::{Contract, CredentialKey, SecretNames};
use crate::redact::Redactor;
use crate::seal::SealKey;

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

    /// What hides its secrets, and members of payloads with these names. A secret that is the same as a value that is none,
    /// as the app key, is shown with that in any case.
    pub fn redactor(&self, names: &'static SecretNames) -> Redactor {
        let mut redactor = Redactor::new(names);
        let secrets = self.secrets.values().map(Secret::expose);
        let is_open = |secret: &&str| self.values.values().any(|value| value == secret);
        secrets.filter(|secret| !is_open(secret)).for_each(|secret| redactor.cover(secret));
        redactor
    }

    /// Which app of the vendor's it is about, without a secret: the values of the contract's keys that are no secrets.
    /// Choices are left out: they are about the app and do not name it. The endpoint, where there are none.
    pub fn app(&self, contract: &Contract) -> String {
        let names = |row: &&CredentialKey| !row.secret && row.values.is_empty();
        let keys = contract.credentials.iter().filter(names);
        let values: Vec<&str> = keys.filter_map(|row| self.value(row.name)).collect();
        if values.is_empty() { self.endpoint.clone().unwrap_or_default() } else { values.join("#") }
    }

    /// The key of the app's seals; `None` without a lasting secret.
    pub fn seal_key(&self, contract: &Contract) -> Option<SealKey> {
        let lasting = contract.credentials.iter().filter(|row| row.lasting);
        let secrets = lasting.filter_map(|row| Some((row.name, self.secret(row.name)?.expose())));
        SealKey::derive(secrets, contract.id, &self.app(contract))
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
