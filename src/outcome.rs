//! What became of a request: accepted, rejected, unavailable, unknown, or partly one and partly another.

use std::time::Duration;

use crate::document::Value;
use crate::exit::Exit;
use crate::wire::{Failure, HIDDEN, status_heals};

/// The verdict on one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The vendor took it. Whether it was delivered is another matter.
    Accepted,
    /// Some targets were taken, some were not.
    Partial,
    /// The vendor refused the credentials or the right.
    Denied,
    /// The vendor refused it, for good.
    Rejected,
    /// Certainly nothing was accepted, for now: it may be tried again.
    Unavailable,
    /// It may have gone out: only a person sends again.
    Unknown,
}

impl Verdict {
    /// The word in JSON output and in the ledger. A denial is a rejection there; its exit code differs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Partial => "partial",
            Self::Denied | Self::Rejected => "rejected",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
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

/// What became of one request, in the vendor's words and in ours.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// HTTP status, where a reply came.
    pub http_status: Option<u16>,
    /// The vendor's code, as text.
    pub code: Option<String>,
    /// Whose fault it is, where the vendor's table knows the code.
    pub class: Option<Class>,
    /// The vendor's message, or why there is none: it is the vendor's only where there is an HTTP status.
    pub message: Option<String>,
    /// What failed on the way, where no reply came.
    pub failure: Option<Box<Failure>>,
    /// What to do now.
    pub advice: Option<String>,
    /// Ids that the vendor gave, by the vendor's name for them; 64-bit numbers as text.
    pub ids: Vec<(String, String)>,
    /// Results of single targets, where the vendor tells them apart.
    pub targets: Vec<TargetResult>,
    /// How long the vendor asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether the vendor refuses it for having had the id against repeats before.
    pub repeated: bool,
    /// What a reading operation found, and other parts of the reply worth showing.
    pub result: Option<Value>,
    /// Remarks on a success that may not be what was meant (`count` 0).
    pub warnings: Vec<String>,
}

/// What became of one target of a request.
#[derive(Clone, Debug)]
pub struct TargetResult {
    /// The target as the vendor names it.
    pub target: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The id of its message, where it has one of its own.
    pub id: Option<String>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
}

/// The id that stands for each target of a request: the first that the vendor gave for the whole. None where it gave ids to
/// single targets: those are theirs alone.
pub fn shared_id<'a>(ids: &'a [(String, String)], targets: &[TargetResult]) -> Option<&'a str> {
    first_id(ids).filter(|_| targets.iter().all(|target| target.id.is_none()))
}

/// The id that stands for a whole request: the first that the vendor gave.
pub fn first_id(ids: &[(String, String)]) -> Option<&str> {
    ids.first().map(|(_, id)| id.as_str())
}

impl Outcome {
    /// Whether a rejection may be the fault of single targets, so that the rest deserves another request. What is wrong with
    /// the payload and what is wrong with one target come with the same codes, and those are not precise. A refusal as a
    /// repeat is about the request as a whole.
    pub fn may_be_one_targets_fault(&self) -> bool {
        !self.repeated
            && !self.is_redirect()
            && matches!(self.class, Some(Class::State | Class::Payload) | None)
    }

    /// The message of the vendor, and of nothing else.
    pub fn said(&self) -> Option<&str> {
        self.message.as_deref().filter(|_| self.http_status.is_some())
    }

    /// Why there is no answer of the vendor, in words.
    pub fn why_silent(&self) -> Option<&str> {
        self.message.as_deref().filter(|_| self.http_status.is_none())
    }

    /// Whether the answer sends the request elsewhere.
    pub fn is_redirect(&self) -> bool {
        self.verdict != Verdict::Accepted
            && self.http_status.is_some_and(|status| (300..=399).contains(&status))
    }

    /// Whether time may heal what keeps the request from being accepted.
    pub fn heals(&self) -> bool {
        self.failure.as_ref().is_none_or(|failure| failure.heals())
            && self.http_status.is_none_or(status_heals)
    }

    /// An outcome of which no more is known than the verdict.
    pub fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            http_status: None,
            code: None,
            class: None,
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
    /// The credentials or the right.
    Credentials,
    /// The payload.
    Payload,
    /// A rate or a quota.
    Throttle,
    /// What the request is about: a target or message that is not there, too late, forbidden.
    State,
    /// The server.
    Server,
}

/// What a reply says, in the vendor's own terms. `net::decide` makes an outcome of it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Whether the vendor says that it was done; `None` where the reply does not say.
    pub success: Option<bool>,
    /// The vendor's code, as text.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// Ids by the vendor's name for them, 64-bit numbers as text.
    pub ids: Vec<(String, String)>,
    /// Results of single targets.
    pub targets: Vec<TargetResult>,
    /// What is worth showing of the reply.
    pub result: Option<Value>,
    /// Remarks on a success that may not be what was meant.
    pub warnings: Vec<String>,
    /// Whether it is refused because its id against repeats came before.
    pub repeated: bool,
}

/// What the ledger knows of one request that went out.
#[derive(Clone, Debug)]
pub struct SentMessage {
    /// Id of the operation.
    pub operation: String,
    /// The unsigned body.
    pub body: Value,
    /// Ids that the vendor gave.
    pub ids: Vec<(String, String)>,
    /// Targets with the ids of their messages, where they have their own.
    pub targets: Vec<(String, Option<String>)>,
    /// When it was sent, in milliseconds since 1970.
    pub sent_ms: i64,
}

impl SentMessage {
    /// The same without ids that a server gave and that were hidden: what is left of those names nothing.
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
