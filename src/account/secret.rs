//! A secret that cannot be printed.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// A secret. It has no `Display`, no `Serialize` and a `Debug` that hides it; [`Secret::expose`] is easy to search for.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Turns a text into a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, only for signing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
