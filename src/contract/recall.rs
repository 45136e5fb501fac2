//! Whether, how and until when a message can be recalled.

use std::time::Duration;

use super::Condition;
use crate::account::Account;
use crate::document::{Document, Trail};
use crate::text::Text;

/// Whether and how something can be recalled.
#[derive(Clone, Copy, Debug)]
pub struct Recall {
    /// The operation that recalls it.
    pub operation: Option<&'static str>,
    /// For how many seconds that works; `None` while the server keeps it.
    pub window: Option<u64>,
    /// What the user must know about it, or why it cannot be recalled.
    pub note: Text,
    /// The recall on servers that lack `operation`.
    pub listed: Option<ListedRecall>,
    /// Servers that lack `operation` and any other recall for this account.
    pub lacking: Option<RecallException>,
    /// Messages for which less holds.
    pub limits: &'static [RecallLimit],
}

/// Messages that can be recalled for a shorter time than others of their operation, or never.
#[derive(Debug)]
pub struct RecallLimit {
    /// Which messages, by their payload.
    pub when: Condition,
    /// For how many seconds; `None`: never.
    pub window: Option<u64>,
    /// Why.
    pub why: Text,
}

/// Servers on which an account cannot recall what it sends.
#[derive(Clone, Copy, Debug)]
pub struct RecallException {
    /// The key of a profile that tells these servers, and its value there.
    pub edition: (&'static str, &'static str),
    /// Who can recall it instead, and how.
    pub instead: Text,
}

impl RecallException {
    /// Whether the server of an account is one of them; `None` if the account does not say it.
    pub fn holds(&self, account: &Account) -> Option<bool> {
        is_edition(self.edition, account)
    }
}

/// Whether the profile of an account has this value under this key; `None` if it does not have the key.
fn is_edition((key, value): (&str, &str), account: &Account) -> Option<bool> {
    account.value(key).map(|own| own == value)
}

/// A recall from the users of a list, for servers that do not know the users of a message.
#[derive(Clone, Copy, Debug)]
pub struct ListedRecall {
    /// The operation that takes the list, in as many requests as are needed.
    pub operation: &'static str,
    /// The key of a profile that tells these servers, and its value there.
    pub edition: (&'static str, &'static str),
    /// Where the user finds the ids of all targets.
    pub ids_from: Text,
}

impl ListedRecall {
    /// Whether it is the only recall that the server of an account has; `None` if the account does not say it.
    pub fn is_only(&self, account: &Account) -> Option<bool> {
        is_edition(self.edition, account)
    }
}

impl Recall {
    /// There is nothing to recall.
    pub const NOTHING: Self = Self {
        operation: None,
        window: None,
        note: Text::NONE,
        listed: None,
        lacking: None,
        limits: &[],
    };

    /// What an operation recalls, for `window` seconds or for as long as the server has it.
    pub const fn by(operation: &'static str, window: Option<u64>, note: &'static str) -> Self {
        Self { operation: Some(operation), window, note: Text::en(note), ..Self::NOTHING }
    }

    /// The same with a recall for servers that lack the operation.
    #[must_use]
    pub const fn or_listed(self, listed: ListedRecall) -> Self {
        Self { listed: Some(listed), ..self }
    }

    /// The same, but not on these servers.
    #[must_use]
    pub const fn but_not_on(self, lacking: RecallException) -> Self {
        Self { lacking: Some(lacking), ..self }
    }

    /// The same, but less for some messages.
    #[must_use]
    pub const fn limited(self, limits: &'static [RecallLimit]) -> Self {
        Self { limits, ..self }
    }

    /// What holds for a message less than for others.
    pub fn limit_of(&self, body: &Document) -> Option<&'static RecallLimit> {
        let trail = Trail::new(body);
        let root = trail.root();
        self.limits.iter().find(|limit| limit.when.holds(root))
    }

    /// It cannot be recalled, and why.
    pub const fn never(why: &'static str) -> Self {
        Self { note: Text::en(why), ..Self::NOTHING }
    }

    /// For how long it works.
    pub const fn window(&self) -> Option<Duration> {
        match self.window {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => None,
        }
    }

    /// Until when something sent at a time can be recalled, both in milliseconds since 1970; `None` if it cannot be, or
    /// while the server keeps it.
    pub fn until_ms(&self, sent_ms: i64) -> Option<i64> {
        let seconds = self.operation.and(self.window)?;
        sent_ms.checked_add(i64::try_from(seconds).ok()?.checked_mul(1000)?)
    }
}
