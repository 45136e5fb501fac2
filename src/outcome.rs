//! The result of a request: accepted, rejected, unavailable, unknown, or a mixture.

use std::time::Duration;

use crate::document::Value;
use crate::exit::Exit;
use crate::wire::{Failure, HIDDEN, status_heals};

/// The verdict on one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The vendor accepted it. This does not mean that it was delivered.
    Accepted,
    /// The vendor accepted some targets and refused others.
    Partial,
    /// The vendor refused the credentials or the permission.
    Denied,
    /// The vendor refused it permanently.
    Rejected,
    /// Certainly nothing was accepted this time: it may be retried.
    Unavailable,
    /// The request may have reached the vendor. herald sends it again only if the vendor recognises a repeat, or if a repeat
    /// does nothing new.
    Unknown,
}

impl Verdict {
    /// The word in JSON output and in the ledger. A denial is a rejection there; only its exit code differs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Partial => "partial",
            Self::Denied | Self::Rejected => "rejected",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Accepted => "the vendor accepted it; this does not say that it was delivered",
            Self::Partial => "the vendor accepted some targets and refused others",
            Self::Denied | Self::Rejected => "the vendor refused it, permanently",
            Self::Unavailable => "certainly nothing was accepted this time",
            Self::Unknown => {
                "it left, and no answer says what happened to it: it may have gone out"
            }
        }
    }

    /// The verdicts with a word of their own: a denial has that of a rejection.
    pub const WITH_WORDS: [Self; 5] =
        [Self::Accepted, Self::Partial, Self::Rejected, Self::Unavailable, Self::Unknown];

    /// The verdict on several results together; `None` if there are none. Like exit codes: the first of unknown, partial,
    /// denied, rejected, unavailable that occurs.
    pub fn together(results: impl IntoIterator<Item = Self>) -> Option<Self> {
        let results: Vec<Self> = results.into_iter().collect();
        let has = |verdict| results.contains(&verdict);
        if results.is_empty() {
            None
        } else if has(Self::Unknown) {
            Some(Self::Unknown)
        } else if results.iter().all(|result| *result == Self::Accepted) {
            Some(Self::Accepted)
        } else if has(Self::Accepted) || has(Self::Partial) {
            Some(Self::Partial)
        } else {
            [Self::Denied, Self::Rejected, Self::Unavailable].into_iter().find(|one| has(*one))
        }
    }

    /// The exit code.
    pub const fn exit(self) -> Exit {
        match self {
            Self::Accepted => Exit::Done,
            Self::Partial => Exit::Partly,
            Self::Denied => Exit::Denied,
            Self::Rejected => Exit::Rejected,
            Self::Unavailable => Exit::Unavailable,
            Self::Unknown => Exit::Unknown,
        }
    }
}

/// The result of one request, in the vendor's words and in herald's.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// HTTP status, if there was a reply.
    pub http_status: Option<u16>,
    /// The vendor's code, as text.
    pub code: Option<String>,
    /// Whose fault it is, if the vendor's table contains the code.
    pub class: Option<Class>,
    /// Whether one target of several may be the cause, as the vendor's table says of the code.
    pub of_one_target: bool,
    /// The vendor's message, or why there is none: [`Outcome::said`] and its siblings tell them apart.
    pub message: Option<String>,
    /// What failed on the way to the vendor, if there was no reply.
    pub failure: Option<Box<Failure>>,
    /// What to do now.
    pub advice: Option<String>,
    /// Ids from the vendor, by the vendor's name for them; 64-bit numbers as text.
    pub ids: Vec<(String, String)>,
    /// Results of single targets, if the vendor reports them separately.
    pub targets: Vec<TargetResult>,
    /// How long the vendor asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether the vendor refuses it because it already received a request with this idempotency key.
    pub repeated: bool,
    /// What a read-only operation found, and other parts of the reply to show.
    pub result: Option<Value>,
    /// Warnings on a success that the user may not have intended (`count` 0).
    pub warnings: Vec<String>,
}

/// The result for one target of a request.
#[derive(Clone, Debug)]
pub struct TargetResult {
    /// The target as the vendor names it.
    pub target: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The id of its message, if it has a separate one.
    pub id: Option<String>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// Results of its single devices, which have no names, if the vendor reports them separately. The ledger keeps none.
    pub devices: Vec<TargetResult>,
}

impl TargetResult {
    /// A result with only a verdict.
    pub fn new(target: impl Into<String>, verdict: Verdict) -> Self {
        let target = target.into();
        Self { target, verdict, id: None, code: None, message: None, devices: Vec::new() }
    }
}

/// Stands before words of herald's own in the place of the vendor's message, also in the ledger.
const OWN_WORDS: char = '\u{1}';

/// Herald's words, in the place of a message that the vendor did not send.
pub fn in_place_of_message(words: &str) -> String {
    format!("{OWN_WORDS}{words}")
}

/// A message of the vendor's, which cannot be taken for words of herald's.
pub fn of_vendor(message: &str) -> &str {
    message.trim_start_matches(OWN_WORDS)
}

/// What a message says, of the vendor or of herald.
pub fn in_words(message: &str) -> &str {
    message.strip_prefix(OWN_WORDS).unwrap_or(message)
}

/// The message, where there is an answer and these are the vendor's words.
pub fn vendors_words(message: Option<&str>, http_status: Option<u16>) -> Option<&str> {
    message.filter(|message| http_status.is_some() && !message.starts_with(OWN_WORDS))
}

/// The message, where there is an answer and these are herald's words.
pub fn own_meaning(message: Option<&str>, http_status: Option<u16>) -> Option<&str> {
    message?.strip_prefix(OWN_WORDS).filter(|_| http_status.is_some())
}

/// The id that each target of a request shares: the first that the vendor gave for the whole request. `None` if the
/// vendor gave ids to single targets: each belongs only to its target.
pub fn shared_id<'a>(ids: &'a [(String, String)], targets: &[TargetResult]) -> Option<&'a str> {
    first_id(ids).filter(|_| targets.iter().all(|target| target.id.is_none()))
}

/// The id of a whole request: the first that the vendor gave.
pub fn first_id(ids: &[(String, String)]) -> Option<&str> {
    ids.first().map(|(_, id)| id.as_str())
}

impl Outcome {
    /// Whether a rejection may be the fault of single targets, so that the other targets should get another request. A code
    /// that the vendor's table does not contain tells nothing about targets. A refusal as a repeat is about the whole
    /// request.
    pub fn may_be_one_targets_fault(&self) -> bool {
        self.of_one_target && self.may_be_the_payloads_fault()
    }

    /// Whether a rejection may be the fault of what was sent: of the payload or of targets.
    pub fn may_be_the_payloads_fault(&self) -> bool {
        !self.repeated
            && !self.is_redirect()
            && matches!(self.class, Some(Class::State | Class::Payload) | None)
    }

    /// The vendor's message; never another one.
    pub fn said(&self) -> Option<&str> {
        vendors_words(self.message.as_deref(), self.http_status)
    }

    /// What an answer without words of the vendor's means, in herald's words.
    pub fn meaning(&self) -> Option<&str> {
        own_meaning(self.message.as_deref(), self.http_status)
    }

    /// Why there is no answer from the vendor, in words.
    pub fn why_silent(&self) -> Option<&str> {
        self.words().filter(|_| self.http_status.is_none())
    }

    /// The vendor's words, or herald's where it has none.
    pub fn words(&self) -> Option<&str> {
        self.message.as_deref().map(in_words)
    }

    /// What happened, in words: the HTTP status and what the vendor said, or the failure on the way.
    pub fn why(&self) -> String {
        if let Some(failure) = &self.failure {
            return failure.reason_and_place();
        }
        match (self.words(), self.http_status) {
            (Some(message), Some(status)) if !message.starts_with("HTTP ") => {
                format!("HTTP {status}, {message}")
            }
            (Some(message), _) => message.to_owned(),
            (None, Some(status)) => format!("HTTP {status}"),
            (None, None) => self.verdict.word().to_owned(),
        }
    }

    /// Whether the answer redirects the request.
    pub fn is_redirect(&self) -> bool {
        self.verdict != Verdict::Accepted
            && self.http_status.is_some_and(|status| (300..=399).contains(&status))
    }

    /// Whether a later retry may succeed.
    pub fn heals(&self) -> bool {
        self.failure.as_ref().is_none_or(|failure| failure.heals())
            && self.http_status.is_none_or(status_heals)
    }

    /// An outcome with only a verdict.
    pub fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            http_status: None,
            code: None,
            class: None,
            of_one_target: false,
            message: None,
            failure: None,
            advice: None,
            ids: Vec::new(),
            targets: Vec::new(),
            retry_after: None,
            repeated: false,
            result: None,
            warnings: Vec::new(),
        }
    }
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Not an error.
    Success,
    /// The credentials or the permission.
    Credentials,
    /// The payload.
    Payload,
    /// A rate limit or a quota.
    Throttle,
    /// The state of the target or message: it does not exist, it is too late, it is forbidden.
    State,
    /// The server.
    Server,
}

/// What a reply says, in the vendor's terms. `net::decide` turns it into an outcome.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Whether the vendor says that the request succeeded; `None` if the reply does not say.
    pub success: Option<bool>,
    /// The vendor's code, as text.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// Ids by the vendor's name for them; 64-bit numbers as text.
    pub ids: Vec<(String, String)>,
    /// Results of single targets.
    pub targets: Vec<TargetResult>,
    /// What is worth showing from the reply.
    pub result: Option<Value>,
    /// Warnings on a success that the user may not have intended.
    pub warnings: Vec<String>,
    /// Whether it is refused because the vendor already received its idempotency key.
    pub repeated: bool,
    /// Whether the reply says both that it was done and that it was not: then it says nothing.
    pub contradicts: bool,
}

impl Reading {
    /// Whether the reply has the id of a message that is not that of a single target.
    pub fn names_message(&self) -> bool {
        !self.ids.is_empty() && self.targets.iter().all(|target| target.id.is_none())
    }
}

/// What the ledger knows about one request that was sent.
#[derive(Clone, Debug)]
pub struct SentMessage {
    /// Id of the operation.
    pub operation: String,
    /// The unsigned body.
    pub body: Value,
    /// Ids from the vendor.
    pub ids: Vec<(String, String)>,
    /// Targets with the ids of their messages, if these have separate ids.
    pub targets: Vec<(String, Option<String>)>,
    /// When it was sent, in milliseconds since 1970.
    pub sent_ms: i64,
}

impl SentMessage {
    /// The same without ids from the server that were redacted: a redacted id no longer identifies anything.
    #[must_use]
    pub fn without_hidden(mut self) -> Self {
        let is_hidden = |id: &str| id.contains(HIDDEN);
        self.ids.retain(|(_, id)| !is_hidden(id));
        for (_, id) in &mut self.targets {
            *id = id.take().filter(|id| !is_hidden(id));
        }
        self
    }
}
