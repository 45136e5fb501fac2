//! Hosts and keys of a profile: where requests go, and as who.

use super::Operation;
use crate::text::Text;

/// A host of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The name that a profile's `endpoint` may give; empty for the usual one.
    pub name: &'static str,
    /// Its purpose: empty for the usual calls, otherwise the name in [`Operation::host`](crate::contract::Operation::host).
    pub role: &'static str,
    /// Scheme, host and port.
    pub base: &'static str,
    /// Another host that serves the same data.
    pub backup: Option<&'static str>,
}

impl Endpoint {
    /// A host without a backup.
    pub const fn new(name: &'static str, role: &'static str, base: &'static str) -> Self {
        Self { name, role, base, backup: None }
    }
}

/// A key of a profile that a provider reads.
#[derive(Clone, Copy, Debug)]
pub struct CredentialKey {
    /// The key, as `app_secret`.
    pub name: &'static str,
    /// Whether its value is a secret.
    pub secret: bool,
    /// Whether it is a secret that stays the same until it is changed at the vendor, and that all people who work with
    /// the app share: seals are made with it. A token does not last.
    pub lasting: bool,
    /// Whether nothing works without it.
    pub required: bool,
    /// The key that does as well; empty if it may be left out all the same. If neither is there, nothing works.
    pub instead: &'static str,
    /// How the ids of the operations begin that do not work without it; empty if there are none.
    pub operations: &'static str,
    /// What it is and where the vendor shows it.
    pub about: Text,
    /// The value that the sandbox accepts; empty if the sandbox uses the profile's value.
    pub sandbox: &'static str,
    /// The values that it can have; empty if any value is possible.
    pub values: &'static [&'static str],
}

/// Another set of credentials that the sandbox takes, beside the fixed values of the keys.
#[derive(Debug)]
pub struct SandboxRole {
    /// What it is called behind the provider's id: `robot`.
    pub name: &'static str,
    /// The keys that it has in addition, with their values.
    pub values: &'static [(&'static str, &'static str)],
    /// The keys that it does without.
    pub without: &'static [&'static str],
}

impl CredentialKey {
    /// A key that may be left out, and whose value is not a secret.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        let (about, sandbox, values) = (Text::en(about), "", &[] as &[&str]);
        Self {
            name,
            secret: false,
            lasting: false,
            required: false,
            instead: "",
            operations: "",
            about,
            sandbox,
            values,
        }
    }

    /// Nothing works without it.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Nothing works without it, unless another key is there.
    #[must_use]
    pub const fn or(self, instead: &'static str) -> Self {
        Self { instead, ..self }
    }

    /// The operations whose ids begin so do not work without it.
    #[must_use]
    pub const fn for_operations(self, operations: &'static str) -> Self {
        Self { operations, ..self }
    }

    /// Whether an operation does not work without it, although others do.
    pub fn is_needed_by(&self, operation: &Operation) -> bool {
        !self.operations.is_empty() && operation.id.starts_with(self.operations)
    }

    /// Whether nothing works without it, where these keys are there.
    pub fn is_needed(&self, has: &dyn Fn(&str) -> bool) -> bool {
        self.required || !self.instead.is_empty() && !has(self.instead)
    }

    /// Its value is a secret that stays the same until it is changed at the vendor's.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { secret: true, lasting: true, ..self }
    }

    /// It does not last.
    #[must_use]
    pub const fn passing(self) -> Self {
        Self { lasting: false, ..self }
    }

    /// What the sandbox takes.
    #[must_use]
    pub const fn sandbox(self, sandbox: &'static str) -> Self {
        Self { sandbox, ..self }
    }

    /// The values that it can have.
    #[must_use]
    pub const fn values(self, values: &'static [&'static str]) -> Self {
        Self { values, ..self }
    }
}
