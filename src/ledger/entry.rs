//! One entry: a request that was meant to go out, and its outcome.

use uuid::Uuid;

use crate::contract::Effect;
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{
    Outcome, SentMessage, TargetResult, Verdict, in_words, own_meaning, vendors_words,
};

/// Whether an entry went to a vendor or to the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Realm {
    /// To a vendor.
    Real,
    /// To the sandbox.
    Sandbox,
}

/// A request that is about to go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryIntent {
    /// The entry's id, of version 7: ids sort by time.
    pub id: Uuid,
    /// The entry that this one recalls or changes.
    pub parent: Option<Uuid>,
    /// Which part of its command it is, where that makes several entries.
    pub part: Option<CommandPart>,
    /// Guards that `--override` passed.
    pub overrides: Vec<String>,
    /// Where it goes.
    pub route: EntryRoute,
    /// What it says.
    pub content: EntryContent,
    /// Its sender and its audience.
    pub reach: EntryReach,
    /// When.
    pub times: EntryTimes,
}

/// A part of what one command does, where it takes several requests: people see one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandPart {
    /// What the entries of the command have in common.
    pub command: Uuid,
    /// Which of the requests it is, counted from 1.
    pub number: u32,
    /// How many requests the command was to make. Some may not have been sent: those have no entry.
    pub total: u32,
}

/// Where a request goes, and as which app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRoute {
    /// Vendor or sandbox.
    pub realm: Realm,
    /// Id of the provider.
    pub provider: String,
    /// Id of the operation within the provider.
    pub operation: String,
    /// Name of the profile, where there is one.
    pub profile: Option<String>,
    /// Which app of the vendor's it is about: an app key, an org and app, an endpoint. No secret.
    pub app: String,
    /// Scheme, host and port that it goes to.
    pub endpoint: String,
}

/// What a request says, and how repeats of it are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryContent {
    /// The command, as `send`.
    pub verb: String,
    /// What the operation does.
    pub effect: Effect,
    /// The payload as compact JSON, unsigned: nothing in it is secret.
    pub body: String,
    /// The same for the same payload to the same audience, in hex.
    pub fingerprint: Option<String>,
    /// What the vendor tells repeats by, where it does.
    pub dedupe_id: Option<String>,
}

/// The two ends of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryReach {
    /// The sender, where it has one.
    pub sender: Option<String>,
    /// The audience in words, for people.
    pub audience: String,
    /// How many targets it names; `None` where that cannot be said.
    pub target_count: Option<u64>,
}

/// When a request begins, and until when it matters. All in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryTimes {
    /// When it was made.
    pub created_ms: i64,
    /// When its process gives up.
    pub deadline_ms: i64,
    /// Until when it can be recalled; `None` where it cannot, or for as long as the vendor has it.
    pub recall_until_ms: Option<i64>,
}

/// The outcome of an entry.
#[derive(Clone, Debug)]
pub struct Ending {
    /// When the answer was there, or given up, in milliseconds since 1970.
    pub finished_ms: i64,
    /// How long all attempts took.
    pub elapsed_ms: u64,
    /// How many attempts there were.
    pub attempts: u32,
    /// The verdict. A denial comes back as a rejection.
    pub verdict: Verdict,
    /// HTTP status, where a reply came.
    pub http_status: Option<u16>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message, or why there is none: [`Ending::said`] and its siblings tell them apart.
    pub message: Option<String>,
    /// Ids that the vendor gave, by its name for them.
    pub ids: Vec<(String, String)>,
    /// Results of single targets.
    pub targets: Vec<TargetResult>,
}

impl Ending {
    /// What is known of an answer, as an outcome of this verdict. `None`: no answer was recorded.
    pub fn to_outcome(ending: Option<&Self>, verdict: Verdict) -> Outcome {
        let ids = ending.map(|ending| ending.ids.clone());
        let targets = ending.map(|ending| ending.targets.clone());
        Outcome {
            http_status: ending.and_then(|ending| ending.http_status),
            code: ending.and_then(|ending| ending.code.clone()),
            message: ending.and_then(|ending| ending.message.clone()),
            ids: ids.unwrap_or_default(),
            targets: targets.unwrap_or_default(),
            ..Outcome::of(verdict)
        }
    }

    /// What the ledger keeps of an outcome.
    pub fn of(outcome: &Outcome, finished_ms: i64, elapsed_ms: u64, attempts: u32) -> Self {
        Self::lent(&mut outcome.clone(), finished_ms, elapsed_ms, attempts)
    }

    /// The same, made of the outcome's own texts until [`Ending::return_to`] brings them back: there may be many.
    pub fn lent(outcome: &mut Outcome, finished_ms: i64, elapsed_ms: u64, attempts: u32) -> Self {
        Self {
            finished_ms,
            elapsed_ms,
            attempts,
            verdict: outcome.verdict,
            http_status: outcome.http_status,
            code: outcome.code.take(),
            message: outcome.message.take(),
            ids: std::mem::take(&mut outcome.ids),
            targets: std::mem::take(&mut outcome.targets),
        }
    }

    /// The message of the vendor, and of nothing else: there was an answer.
    pub fn said(&self) -> Option<&str> {
        vendors_words(self.message.as_deref(), self.http_status)
    }

    /// What an answer without words of the vendor's means, in herald's words.
    pub fn meaning(&self) -> Option<&str> {
        own_meaning(self.message.as_deref(), self.http_status)
    }

    /// Why there was no answer, in words.
    pub fn why_silent(&self) -> Option<&str> {
        self.message.as_deref().map(in_words).filter(|_| self.http_status.is_none())
    }

    /// Gives back what an outcome has [lent](Ending::lent).
    pub fn return_to(self, outcome: &mut Outcome) {
        let Self { code, message, ids, targets, .. } = self;
        (outcome.code, outcome.message, outcome.ids, outcome.targets) =
            (code, message, ids, targets);
    }
}

/// What a person found out about an unknown entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// What it is.
    pub resolved: ResolvedAs,
    /// Why, in their words.
    pub note: Option<String>,
    /// The person who decided, as the system names them.
    pub by: Option<String>,
    /// When, in milliseconds since 1970.
    pub resolved_ms: i64,
}

/// What an unknown entry turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolvedAs {
    /// The vendor has it.
    Accepted,
    /// The vendor does not have it: it may be sent again: targets of a job by the run that resumes it.
    NotAccepted,
}

impl ResolvedAs {
    /// The words for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NotAccepted => "not accepted",
        }
    }

    /// The word in JSON output.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NotAccepted => "not-accepted",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Accepted => {
                "`history resolve` found, or was told, that the vendor has an unknown message"
            }
            Self::NotAccepted => {
                "`history resolve` found, or was told, that the vendor does not have an unknown message"
            }
        }
    }

    /// Each of them once.
    pub const ALL: [Self; 2] = [Self::Accepted, Self::NotAccepted];

    /// The word in the ledger.
    pub(super) const fn stored(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NotAccepted => "not",
        }
    }

    /// The one with a word in the ledger.
    pub(super) fn from_stored(word: &str) -> Option<Self> {
        [Self::Accepted, Self::NotAccepted].into_iter().find(|known| known.stored() == word)
    }

    /// The verdict that it stands for.
    pub(super) const fn verdict(self) -> Verdict {
        match self {
            Self::Accepted => Verdict::Accepted,
            Self::NotAccepted => Verdict::Unavailable,
        }
    }
}

/// The status of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// A process that lives is waiting for the answer.
    Sending,
    /// The vendor's answer or a person decided it, or it is unknown.
    Decided(Verdict),
}

impl EntryStatus {
    /// Where entries can stand, each word once.
    pub const ALL: [Self; 6] = [
        Self::Sending,
        Self::Decided(Verdict::Accepted),
        Self::Decided(Verdict::Partial),
        Self::Decided(Verdict::Rejected),
        Self::Decided(Verdict::Unavailable),
        Self::Decided(Verdict::Unknown),
    ];

    /// The one with a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// Whether there may be something to recall.
    pub const fn may_be_recalled(self) -> bool {
        match self {
            Self::Sending => true,
            Self::Decided(verdict) => {
                matches!(verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown)
            }
        }
    }

    /// The word in lists and in JSON output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Decided(verdict) => verdict.word(),
        }
    }
}

/// An entry as it was read.
#[derive(Clone, Debug)]
pub struct LedgerEntry {
    /// What was meant to go out.
    pub intent: EntryIntent,
    /// What people see of its id.
    pub short_id: String,
    /// SHA-256 of the body, in lower-case hex.
    pub digest: String,
    /// How many attempts have begun.
    pub attempts: u32,
    /// When the last of them did, in milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// Its outcome; `None` where no answer was recorded.
    pub ending: Option<Ending>,
    /// What a person found out.
    pub resolution: Option<Resolution>,
    /// Its status, all of this considered.
    pub status: EntryStatus,
    /// By what the store tells whether its process lives.
    pub(super) writer: Option<String>,
}

impl LedgerEntry {
    /// Whether it went to the sandbox.
    pub fn is_of_sandbox(&self) -> bool {
        self.intent.route.realm == Realm::Sandbox
    }

    /// Its status when its process lives, or does not. A definite answer of the vendor's beats what a person
    /// decided before it came.
    pub(super) fn status_if(&self, alive: bool) -> EntryStatus {
        let verdict = self.ending.as_ref().map(|ending| ending.verdict);
        match (verdict, &self.resolution) {
            (None | Some(Verdict::Unknown), Some(resolution)) => {
                let decided = resolution.resolved.verdict();
                let results = self.targets();
                let is_told = results.iter().any(|result| result.verdict != decided);
                let together = || Verdict::together(results.iter().map(|result| result.verdict));
                EntryStatus::Decided(if is_told { together().unwrap_or(decided) } else { decided })
            }
            (Some(verdict), _) => EntryStatus::Decided(verdict),
            (None, None) if alive => EntryStatus::Sending,
            (None, None) => EntryStatus::Decided(Verdict::Unknown),
        }
    }

    /// The outcomes of its targets, where the vendor told them apart. What a person found out is about those alone for which
    /// the vendor gave no outcome.
    pub fn targets(&self) -> Vec<TargetResult> {
        let mut targets = self.ending.as_ref().map(|one| one.targets.clone()).unwrap_or_default();
        if let Some(resolution) = &self.resolution {
            let unknown = targets.iter_mut().filter(|one| one.verdict == Verdict::Unknown);
            unknown.for_each(|one| one.verdict = resolution.resolved.verdict());
        }
        targets
    }

    /// Whether the ledger has its payload, or only the digest.
    pub fn has_body(&self) -> bool {
        !self.intent.content.body.is_empty()
    }

    /// Whether it arrived, or may have.
    pub(super) fn may_have_arrived(&self) -> bool {
        self.status.may_be_recalled()
    }

    /// What a vendor needs to know in order to recall it, or to ask after it. Targets that certainly got nothing are
    /// left out.
    pub fn to_sent(&self) -> Result<SentMessage> {
        let damaged = || {
            let message = format!("the body of ledger entry {} is damaged", self.intent.id);
            Error::new(ErrorKind::Ledger, message).help("give the vendor's ids by hand instead")
        };
        let body = if self.has_body() {
            Document::parse(self.intent.content.body.as_str()).map_err(|_| damaged())?.into_value()
        } else {
            Value::object()
        };
        let ending = self.ending.as_ref();
        let reached = |target: &&TargetResult| match target.verdict {
            Verdict::Accepted | Verdict::Partial | Verdict::Unknown => true,
            Verdict::Denied | Verdict::Rejected | Verdict::Unavailable => false,
        };
        let sent = SentMessage {
            operation: self.intent.route.operation.clone(),
            body,
            ids: ending.map(|ending| ending.ids.clone()).unwrap_or_default(),
            targets: self
                .targets()
                .into_iter()
                .filter(|target| reached(&target))
                .map(|target| (target.target, target.id))
                .collect(),
            sent_ms: self.started_ms.unwrap_or(self.intent.times.created_ms),
        };
        Ok(sent.without_hidden())
    }
}

/// What entries of a list have in common.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this realm.
    pub realm: Option<Realm>,
    /// Of this provider.
    pub provider: Option<String>,
    /// Of this profile.
    pub profile: Option<String>,
    /// With this status; a denial and a rejection are the same.
    pub status: Option<EntryStatus>,
    /// Certainly not accepted, at least in part.
    pub failed: bool,
    /// Begun at this time or later, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// At most this many.
    pub limit: Option<usize>,
}

impl Filter {
    /// Whether something with this status is wanted.
    pub fn holds(&self, status: EntryStatus) -> bool {
        let failed = || {
            matches!(
                status,
                EntryStatus::Decided(
                    Verdict::Denied | Verdict::Rejected | Verdict::Unavailable | Verdict::Partial
                )
            )
        };
        self.status.is_none_or(|wanted| wanted.word() == status.word())
            && (!self.failed || failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_and_each_resolution_has_a_word_of_its_own() {
        for status in EntryStatus::ALL {
            assert_eq!(EntryStatus::from_word(status.word()), Some(status));
        }
        for resolved in [ResolvedAs::Accepted, ResolvedAs::NotAccepted] {
            assert_eq!(ResolvedAs::from_stored(resolved.stored()), Some(resolved));
            assert_eq!(resolved.word().replace(' ', "-"), resolved.key());
        }
        assert_eq!(
            (EntryStatus::from_word("refused"), ResolvedAs::from_stored("maybe")),
            (None, None)
        );
    }
}
