//! What is outside the process: environment, clock, randomness and folders. Only this module reads them; it passes them
//! to the others.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use etcetera::BaseStrategy as _;
use jiff::tz::TimeZone;

use crate::wire::Stamp;

/// What is outside the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct System {
    has_no_folders: bool,
}

impl System {
    /// The same without herald's folders for configuration, caches and state.
    pub fn without_folders() -> Self {
        Self { has_no_folders: true }
    }

    /// An environment variable; one that is not UTF-8 counts as absent.
    pub fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    /// The same, unconverted, for variables that must not be ignored if they are not UTF-8.
    pub fn var_os(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    /// The names of all variables; those that are not UTF-8 are left out.
    pub fn var_names(&self) -> impl Iterator<Item = String> {
        std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// The time zone of the user: that of `TZ`, else that of the machine, else UTC.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::try_system().unwrap_or(TimeZone::UTC)
    }

    /// A random number from 0 to `below`, `below` itself excluded.
    pub fn random(&self, below: u64) -> u64 {
        let (high, low) = uuid::Uuid::now_v7().as_u64_pair();
        (low ^ high.rotate_left(17)) % below.max(1)
    }

    /// Time and randomness for one request.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            timestamp: self.now_ms().to_string(),
            nonce: (1 + self.random(999_999_999)).to_string(),
        }
    }

    /// Where profiles are: `$XDG_CONFIG_HOME/herald`.
    pub fn config_dir(&self) -> Option<PathBuf> {
        self.own_folder(etcetera::choose_base_strategy().ok()?.config_dir())
    }

    /// Where tokens are kept: `$XDG_CACHE_HOME/herald`.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        self.own_folder(etcetera::choose_base_strategy().ok()?.cache_dir())
    }

    /// Where the ledger and the sandbox's state are: `$XDG_STATE_HOME/herald`, `%LOCALAPPDATA%\herald` on Windows.
    pub fn state_dir(&self) -> Option<PathBuf> {
        let base = etcetera::choose_base_strategy().ok()?;
        self.own_folder(base.state_dir().unwrap_or_else(|| base.cache_dir()))
    }

    /// herald's folder in one of these. A relative home would be a folder below the current one, and its profiles could
    /// belong to another user. So it counts as no home, just as relative `XDG_*` variables count as not set.
    fn own_folder(self, base: PathBuf) -> Option<PathBuf> {
        (base.is_absolute() && !self.has_no_folders).then(|| base.join("herald"))
    }
}
