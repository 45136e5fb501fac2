//! Batches: targets that share a request, and how they change.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Ending, JobTemplate, ResolvedAs};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::{TargetResult, Verdict, in_words, shared_id};
use crate::seal::SealCheck;

/// Which batch of its job it is. Batches are sent in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchKey(pub(super) u32);

impl BatchKey {
    /// The batch with this number, counted from 1.
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// The number within the job, counted from 1.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The key with a number.
    #[cfg(test)]
    pub(crate) const fn nth(number: u32) -> Self {
        Self(number)
    }
}

/// A batch that is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedBatch {
    /// Number of its template.
    pub template: u32,
    /// Its targets; none where the template names its audience itself.
    pub ids: Vec<String>,
    /// What the texts of the template are filled with, as a JSON object.
    pub vars: Option<String>,
}

/// A batch that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Which one it is.
    pub key: BatchKey,
    /// Number of its template.
    pub template: u32,
    /// Its targets.
    pub ids: Vec<String>,
    /// What the texts of the template are filled with, as a JSON object.
    pub vars: Option<String>,
    /// What the vendor tells repeats by, from an earlier attempt.
    pub dedupe_id: Option<String>,
    /// How many attempts there were.
    pub attempts: u32,
    /// When the first attempt that may have arrived began, in milliseconds since 1970.
    pub first_started_ms: Option<i64>,
    /// Whether an earlier attempt may have arrived.
    pub doubtful: bool,
}

impl Batch {
    /// The only batch of a run of one request, which has no job.
    pub(crate) fn only() -> Self {
        Self {
            key: BatchKey(1),
            template: 0,
            ids: Vec::new(),
            vars: None,
            dedupe_id: None,
            attempts: 0,
            first_started_ms: None,
            doubtful: false,
        }
    }

    /// Gives a batch its idempotency key, once and for ever: every attempt carries the same one. An error, a bug of
    /// herald's, where a request carries another key than the batch has: the vendor would take it for a new message.
    pub fn take_key(&mut self, key: Option<String>) -> Result<()> {
        if self.dedupe_id.is_none() {
            self.dedupe_id = key;
        } else if self.dedupe_id != key {
            let number = self.key.number();
            return Err(Error::new(
                ErrorKind::Bug,
                format!("the request of batch {number} has another idempotency key than the batch"),
            )
            .help("nothing of this batch was sent; `broadcast --resume` continues it"));
        }
        Ok(())
    }
}

/// What happens to a batch. All changes of one commit happen, or none.
#[derive(Clone, Debug)]
pub enum BatchChange {
    /// A planned batch is about to leave.
    Begin {
        /// Which one.
        batch: BatchKey,
        /// When, in milliseconds since 1970.
        started_ms: i64,
        /// The idempotency key that the request carries, where it has one. A batch that has a key refuses another.
        dedupe_id: Option<String>,
    },
    /// A begun batch has its verdict. Or a planned one that may have arrived earlier has none to wait for.
    End {
        /// Which one.
        batch: BatchKey,
        /// Its outcome.
        ending: Ending,
    },
    /// A begun batch is planned again: it certainly did not arrive, or the vendor would recognise a repeat.
    RetryAfter {
        /// Which one.
        batch: BatchKey,
        /// How many attempts there were.
        attempts: u32,
        /// Whether this attempt may have arrived.
        doubtful: bool,
    },
    /// A begun batch was refused as a whole, and its parts are planned in its place.
    Split {
        /// Which one.
        batch: BatchKey,
        /// All of its targets, each once.
        parts: Vec<PlannedBatch>,
    },
}

/// What a commit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// All changes are on disk: what was begun may leave.
    Granted,
    /// The job was asked to stop: nothing was begun, everything else is on disk.
    Stopped,
    /// The disk is full: nothing was begun, everything else is on disk.
    NoRoom,
    /// An allowance would be exceeded: nothing was begun, everything else is on disk.
    NoQuota,
    /// The vendor's rate limit, which others share, has no room for more: the first of those that were to begin were begun,
    /// and everything else is on disk.
    RateLimited {
        /// How many were begun.
        begun: usize,
        /// When there is room for the next one, in milliseconds since 1970.
        until_ms: i64,
    },
}

/// The state of a target or a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// It was not sent, or is to be sent again.
    Planned,
    /// A process that lives is waiting for the answer; or it had none, and is about to send it again to a vendor that
    /// recognises repeats.
    Sending,
    /// The vendor's answer or a person decided it, or it is unknown.
    Decided(Verdict),
}

impl TargetState {
    /// The word in JSON output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Decided(verdict) => verdict.word(),
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Planned => "nothing was sent yet",
            Self::Sending => "its request is on its way, or is about to be sent again",
            Self::Decided(verdict) => verdict.about(),
        }
    }

    /// Each word once. A denial and a rejection have the same.
    pub const ALL: [Self; 7] = [
        Self::Planned,
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

    /// Whether a verdict is there.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Decided(_))
    }

    /// Whether it certainly was not accepted.
    pub const fn has_failed(self) -> bool {
        match self {
            Self::Planned => true,
            Self::Sending => false,
            Self::Decided(verdict) => {
                matches!(verdict, Verdict::Denied | Verdict::Rejected | Verdict::Unavailable)
            }
        }
    }

    /// Whether it was accepted, or may have been.
    pub const fn may_have_arrived(self) -> bool {
        match self {
            Self::Planned => false,
            Self::Sending => true,
            Self::Decided(verdict) => {
                matches!(verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown)
            }
        }
    }
}

/// Which batches are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchFilter {
    /// All of them: each target is in one.
    All,
    /// All of them, and the requests of which a person found out that they were not accepted, and whose targets are all in
    /// other batches now: each request that was sent.
    Requests,
    /// Those that are not begun.
    Planned,
    /// It is unknown whether these arrived.
    Unknown,
    /// Those with targets that certainly were not accepted, or were never sent.
    Failed,
    /// Those that were accepted, at least in part, or may have been.
    Reached,
}

impl BatchFilter {
    /// Whether a batch in a state is one of them.
    pub(super) fn holds(self, state: TargetState) -> bool {
        match self {
            Self::All | Self::Requests => true,
            Self::Planned => state == TargetState::Planned,
            Self::Unknown => state == TargetState::Decided(Verdict::Unknown),
            Self::Failed => state.has_failed() || state == TargetState::Decided(Verdict::Partial),
            Self::Reached => state.may_have_arrived(),
        }
    }
}

/// A batch with its outcome.
#[derive(Clone, Debug)]
pub struct JobBatch {
    /// Its job.
    pub job: Uuid,
    /// The batch.
    pub batch: Batch,
    /// When its last attempt began, in milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// The vendor's answer. Of single targets it holds those only that fared otherwise than the rest, or have an id of
    /// their own.
    pub ending: Option<Ending>,
    /// What a person found out.
    pub resolved: Option<ResolvedAs>,
    /// Its state.
    pub state: TargetState,
    /// Whether it bears its seals.
    pub seal: SealCheck,
    /// The outcome of the targets that the answer does not name.
    pub(super) rest: TargetState,
}

/// The outcome of one target.
#[derive(Clone, Copy, Debug)]
pub struct Fate<'a> {
    /// The target.
    pub target: &'a str,
    /// Its state.
    pub state: TargetState,
    /// The id of its message: its own, or else that of its batch.
    pub id: Option<&'a str>,
    /// The vendor's code: its own, or that of the batch.
    pub code: Option<&'a str>,
    /// The vendor's message: its own, or that of the batch.
    pub message: Option<&'a str>,
}

impl JobBatch {
    /// Fills in what depends on whether the owner of its job is at work.
    pub(super) fn settle(&mut self, alive: bool) {
        if self.state == TargetState::Sending && !alive {
            self.state = TargetState::Decided(Verdict::Unknown);
            self.rest = self.state;
        }
    }

    /// The outcome of each target.
    pub fn fates(&self) -> impl Iterator<Item = Fate<'_>> {
        each_fate(&self.batch.ids, self.ending.as_ref(), self.rest, self.resolved)
    }

    /// Until when it can be recalled, in milliseconds since 1970.
    pub fn recall_until_ms(&self, template: &JobTemplate) -> Option<i64> {
        template.recall_until_ms(self.started_ms?)
    }
}

/// The outcome of each target of a request by its answer.
pub fn fates<'a>(ids: &'a [String], ending: &'a Ending) -> impl Iterator<Item = Fate<'a>> {
    let rest = TargetState::Decided(rest(ending, ids));
    each_fate(ids, Some(ending), rest, None)
}

fn each_fate<'a>(
    ids: &'a [String],
    ending: Option<&'a Ending>,
    rest: TargetState,
    resolved: Option<ResolvedAs>,
) -> impl Iterator<Item = Fate<'a>> {
    let mut told: HashMap<&str, &TargetResult> = HashMap::new();
    for target in ending.into_iter().flat_map(|ending| &ending.targets) {
        told.entry(&target.target).or_insert(target);
    }
    let shared = ending.and_then(|ending| shared_id(&ending.ids, &ending.targets));
    ids.iter().map(move |id| {
        let own = told.get(id.as_str());
        let decided = |own: &&TargetResult| match (own.verdict, resolved) {
            (Verdict::Unknown, Some(resolved)) => TargetState::Decided(resolved.verdict()),
            (verdict, _) => TargetState::Decided(verdict),
        };
        let own_or = |part: fn(&TargetResult) -> Option<&str>, whole: Option<&'a String>| {
            own.and_then(|own| part(own)).or(whole.map(String::as_str))
        };
        Fate {
            target: id,
            state: own.map_or(rest, decided),
            id: own.and_then(|own| own.id.as_deref()).or(shared),
            code: own_or(|own| own.code.as_deref(), ending.and_then(|one| one.code.as_ref())),
            message: own_or(
                |own| own.message.as_deref(),
                ending.and_then(|one| one.message.as_ref()),
            )
            .map(in_words),
        }
    })
}

/// The outcome of the targets that an answer does not name. Where some were taken and others not, the vendor names
/// either those that it refused, and took the rest; or all - then nothing is known of one that it forgot.
pub(super) fn rest(ending: &Ending, ids: &[String]) -> Verdict {
    let all_named = || {
        let named: std::collections::HashSet<&str> =
            ending.targets.iter().map(|target| target.target.as_str()).collect();
        ids.iter().all(|id| named.contains(id.as_str()))
    };
    let some_taken = || ending.targets.iter().any(|target| target.verdict == Verdict::Accepted);
    match ending.verdict {
        Verdict::Partial if ending.targets.is_empty() => Verdict::Partial,
        Verdict::Partial if some_taken() && !all_named() => Verdict::Unknown,
        Verdict::Partial => Verdict::Accepted,
        verdict => verdict,
    }
}
