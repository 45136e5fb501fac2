//! A job: a broadcast over a list, batch by batch, each of them in exactly one state.
//!
//! A job is *planned* first: templates and batches are written down, and nothing of it counts yet. From
//! [`Ledger::open_job`](super::Ledger::open_job) on a process that claims it can resume it. A batch is planned, begun or
//! ended; one transaction moves batches between these, so that a crash leaves each of them in one. What a dead owner had
//! begun is *unknown*.

use uuid::Uuid;

use super::{BatchKey, EntryStatus, Realm, Resolution};
use crate::contract::{Effect, TargetKind, Verb};
use crate::error::{Error, Result};
use crate::outcome::Verdict;
use crate::seal::SealCheck;
use crate::text::{SuggestedCommand, suggest};

/// A job that is about to be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobIntent {
    /// The job's id, of version 7: ids sort by time.
    pub id: Uuid,
    /// Vendor or sandbox.
    pub realm: Realm,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// The name that people gave it.
    pub name: Option<String>,
    /// The command, as `broadcast`.
    pub verb: String,
    /// Id of the provider.
    pub provider: String,
    /// Name of the profile, where there is one.
    pub profile: Option<String>,
    /// Which app of the vendor's it is about. No secret.
    pub app: String,
    /// Scheme, host and port that it goes to.
    pub endpoint: String,
    /// The audience in words, for people.
    pub audience: String,
    /// Guards that `--override` passed.
    pub overrides: Vec<String>,
    /// What the caller wants back when it resumes, as JSON; only the caller reads it, except [`ASIDE`].
    pub settings: String,
    /// The same for the same payload to the same audience, in hex.
    pub fingerprint: String,
}

/// Under this key the settings of a job say how many targets belong to its command, and no request could be made for: what
/// they have is not known.
pub const ASIDE: &str = "aside";

impl JobIntent {
    /// How many targets belong to its command, and no request could be made for.
    pub fn aside(&self) -> u64 {
        let settings: serde_json::Value = serde_json::from_str(&self.settings).unwrap_or_default();
        settings[ASIDE].as_u64().unwrap_or_default()
    }
}

/// What is known of a job once all of its list was read and judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The audience in words, for people.
    pub audience: String,
    /// The same for the same payload to the same audience, in hex.
    pub fingerprint: String,
    /// Guards that `--override` passed.
    pub overrides: Vec<String>,
    /// What the caller wants back when it resumes.
    pub settings: String,
}

impl Opening {
    /// What was known when the job was planned, unchanged.
    pub fn of(intent: &JobIntent) -> Self {
        Self {
            audience: intent.audience.clone(),
            fingerprint: intent.fingerprint.clone(),
            overrides: intent.overrides.clone(),
            settings: intent.settings.clone(),
        }
    }
}

/// What the batches of a job have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobTemplate {
    /// Id of the operation within the provider.
    pub operation: String,
    /// What the operation does.
    pub effect: Effect,
    /// The kind of its targets; `None` where it reaches everybody or a class, or names targets of several kinds by itself.
    pub kind: Option<TargetKind>,
    /// The sender, where it has one.
    pub sender: Option<String>,
    /// The payload without targets as compact JSON, unsigned; empty where the ledger keeps digests only.
    pub body: String,
    /// Where targets go; only the caller reads it.
    pub slot: Option<String>,
    /// How long it can be recalled, in seconds.
    pub recall_seconds: Option<u64>,
}

impl JobTemplate {
    /// Until when what was sent at a time can be recalled, in milliseconds since 1970.
    pub fn recall_until_ms(&self, sent_ms: i64) -> Option<i64> {
        sent_ms.checked_add(i64::try_from(self.recall_seconds?).ok()?.checked_mul(1000)?)
    }
}

/// How many there are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not begun, or back to be begun again.
    pub planned: u64,
    /// Begun by an owner that lives.
    pub sending: u64,
    /// Taken by the vendor.
    pub accepted: u64,
    /// Partly taken, and it is not known which part.
    pub partial: u64,
    /// Refused permanently.
    pub rejected: u64,
    /// Certainly not taken, for now.
    pub unavailable: u64,
    /// They may have gone out.
    pub unknown: u64,
}

impl Counts {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.planned + self.sending + self.ended()
    }

    /// Those that are neither planned nor being sent.
    pub const fn ended(&self) -> u64 {
        self.accepted + self.partial + self.rejected + self.unavailable + self.unknown
    }

    /// Those that certainly were not accepted.
    pub const fn failed(&self) -> u64 {
        self.planned + self.rejected + self.unavailable
    }

    /// Each state with its word, and how many there are in it.
    pub const fn words(&self) -> [(&'static str, u64); 7] {
        [
            ("accepted", self.accepted),
            ("partial", self.partial),
            ("rejected", self.rejected),
            ("unavailable", self.unavailable),
            ("unknown", self.unknown),
            ("sending", self.sending),
            ("planned", self.planned),
        ]
    }

    /// One verdict over all of them, like that over several results ([`Verdict::together`]).
    pub const fn verdict(&self) -> Verdict {
        let refused = self.rejected + self.planned + self.unavailable;
        match (self.unknown + self.sending, self.accepted + self.partial, refused) {
            (1.., ..) => Verdict::Unknown,
            (0, 1.., 0) if self.partial == 0 => Verdict::Accepted,
            (0, 1.., _) => Verdict::Partial,
            (0, 0, _) if self.rejected > 0 => Verdict::Rejected,
            (0, 0, _) => Verdict::Unavailable,
        }
    }

    /// Both together.
    const fn and(&self, other: &Self) -> Self {
        Self {
            planned: self.planned + other.planned,
            sending: self.sending + other.sending,
            accepted: self.accepted + other.accepted,
            partial: self.partial + other.partial,
            rejected: self.rejected + other.rejected,
            unavailable: self.unavailable + other.unavailable,
            unknown: self.unknown + other.unknown,
        }
    }

    /// Those that arrived, or may have.
    pub const fn reached(&self) -> u64 {
        self.sending + self.accepted + self.partial + self.unknown
    }

    /// What a living owner was sending is unknown once it is dead.
    fn orphaned(&mut self) {
        self.unknown += std::mem::take(&mut self.sending);
    }
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Its list is being read; it cannot be resumed.
    Planning,
    /// A process that lives works on it.
    Running,
    /// A process that lives has been asked to stop.
    Stopping,
    /// It was stopped, and has batches left.
    Stopped,
    /// It has batches left, and no process works on it.
    Interrupted,
    /// Nothing is left to do.
    Finished,
}

impl JobState {
    /// Each of them once.
    pub const ALL: [Self; 6] = [
        Self::Planning,
        Self::Running,
        Self::Stopping,
        Self::Stopped,
        Self::Interrupted,
        Self::Finished,
    ];

    /// The word in lists and in JSON output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Interrupted => "interrupted",
            Self::Finished => "finished",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Planning => "its list is being read; nothing was sent",
            Self::Running => "a process is sending it",
            Self::Stopping => "a process ends it before its next batch",
            Self::Stopped => "it was stopped; `broadcast --resume JOB` continues it",
            Self::Interrupted => "it ended early; `broadcast --resume JOB` continues it",
            Self::Finished => "there is nothing left to send",
        }
    }

    /// Whether a process that lives works on it.
    pub const fn is_at_work(self) -> bool {
        matches!(self, Self::Planning | Self::Running | Self::Stopping)
    }
}

/// The word for the reason why a job was not finished, and what it means.
pub const HALTED: (&str, &str) = ("halted", "why the last run of a job ended before its list did");

/// How the last run of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// Nothing was left to do.
    Finished,
    /// `herald stop` asked for it.
    Stopped,
    /// The vendor did not answer, or takes no more for now.
    VendorDown,
    /// To go on made no sense: too many failed, the payload or the credentials are refused, something on this side failed.
    Aborted,
    /// A signal or the deadline ended it, or its process died.
    Interrupted,
    /// A guard refused the rest.
    Guard,
}

impl JobEnd {
    /// Each of them once.
    pub const ALL: [Self; 6] = [
        Self::Finished,
        Self::Stopped,
        Self::VendorDown,
        Self::Aborted,
        Self::Interrupted,
        Self::Guard,
    ];

    /// The word in JSON output and in the ledger.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::VendorDown => "vendor-down",
            Self::Aborted => "aborted",
            Self::Interrupted => "interrupted",
            Self::Guard => "guard",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Finished => "every target has an outcome",
            Self::Stopped => "`stop` stopped it; `--resume` continues it",
            Self::VendorDown => {
                "the vendor could not be reached for too long; `--resume` continues it"
            }
            Self::Aborted => "more targets failed than `--abort-above` allows",
            Self::Interrupted => {
                "a signal or a fault of this machine ended it; `--resume` continues it"
            }
            Self::Guard => "a guard stopped it, as when quiet hours began; `--resume` continues it",
        }
    }

    /// The one with a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.word() == word)
    }
}

/// A job as it was read.
#[derive(Clone, Debug)]
pub struct Job {
    /// What it is.
    pub intent: JobIntent,
    /// What people see of its id.
    pub short_id: String,
    /// Whether another job of the same realm has its name.
    pub(super) is_called_by_id: bool,
    /// What its batches have in common, by number.
    pub templates: Vec<JobTemplate>,
    /// Its state.
    pub state: JobState,
    /// Its targets by state.
    pub targets: Counts,
    /// Its batches by state.
    pub batches: Counts,
    /// When it was last asked to stop, in milliseconds since 1970.
    pub stop_ms: Option<i64>,
    /// When its first batch was begun, in milliseconds since 1970.
    pub begun_ms: Option<i64>,
    /// When it was last worked on, in milliseconds since 1970.
    pub active_ms: i64,
    /// When its owner left it, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// How its last run ended; `None` while a process works on it.
    pub ended: Option<JobEnd>,
    /// What halted its last run, in words for people; see [`Job::halt_reason`].
    pub(super) halted: Option<String>,
    /// What people found out about what was unknown of it, in the order in which they did.
    pub resolutions: Vec<Resolution>,
    /// Whether it bears the seal of the app's secret. Its batches bear seals of their own.
    pub seal: SealCheck,
    /// Its last batch, whatever its outcome.
    pub(super) last: Option<BatchKey>,
    /// How many batches it had when it was sealed; `None` where it was not.
    pub(super) sealed_batches: Option<u32>,
    /// Whether its list is still being read.
    pub(super) planning: bool,
    /// By what the store tells whether its process lives.
    pub(super) owner: Option<String>,
}

impl Job {
    /// Fills in what depends on whether its owner lives.
    pub(super) fn settle(&mut self, alive: bool) {
        if !alive {
            self.targets.orphaned();
            self.batches.orphaned();
        }
        let left = self.batches.planned + self.batches.sending > 0;
        self.state = match (self.planning, alive, self.stop_ms.is_some()) {
            (true, _, _) => JobState::Planning,
            (false, true, false) => JobState::Running,
            (false, true, true) => JobState::Stopping,
            (false, false, true) if left => JobState::Stopped,
            (false, false, false) if left => JobState::Interrupted,
            (false, false, _) => JobState::Finished,
        };
        // A process that dies leaves no word.
        self.ended = match self.state {
            JobState::Planning | JobState::Running | JobState::Stopping => None,
            JobState::Stopped => self.ended.or(Some(JobEnd::Stopped)),
            JobState::Interrupted => self.ended.or(Some(JobEnd::Interrupted)),
            JobState::Finished => self.ended.or(Some(JobEnd::Finished)),
        };
    }

    /// Why its last run ended before all was done, in words for people. `None` while a process works on it, and where nothing
    /// is left to do and nothing halted it.
    pub fn halt_reason(&self) -> Option<&str> {
        match (self.ended?, &self.halted) {
            (_, Some(words)) => Some(words),
            (JobEnd::Finished, None) => None,
            (JobEnd::Stopped, None) => Some("stopped by `stop`"),
            (JobEnd::VendorDown, None) => Some("the vendor took no more for now"),
            (JobEnd::Aborted, None) => Some("it made no sense to continue"),
            // A process that dies leaves no word.
            (JobEnd::Interrupted, None) => Some("its process ended without a message"),
            (JobEnd::Guard, None) => Some("a guard refused the rest"),
        }
    }

    /// Its status in the words of single entries: all that was accepted or not, and what is between.
    pub fn status(&self) -> EntryStatus {
        if self.state.is_at_work() {
            EntryStatus::Sending
        } else {
            EntryStatus::Decided(self.verdict())
        }
    }

    /// One verdict over its targets and requests, and over the targets for which none could be made.
    pub fn verdict(&self) -> Verdict {
        let aside = Counts { unknown: self.intent.aside(), ..Counts::default() };
        self.targets.and(&self.batches).and(&aside).verdict()
    }

    /// What its command was about, by state: its targets with those for which no request could be made. Its requests, where
    /// its targets cannot be counted.
    pub fn told(&self) -> Counts {
        let counts = self.counts();
        Counts { unknown: counts.unknown + self.intent.aside(), ..*counts }
    }

    /// Its targets by state; its requests, where its targets cannot be counted.
    pub fn counts(&self) -> &Counts {
        if self.targets.total() == 0 { &self.batches } else { &self.targets }
    }

    /// Whether any of it arrived, or may have. Where its targets cannot be counted, its requests alone tell.
    pub const fn has_reached(&self) -> bool {
        self.targets.reached() + self.batches.reached() > 0
    }

    /// What people call it: its name, or its short id where it has none, or where another job has the name.
    pub fn label(&self) -> String {
        let name = self.intent.name.as_ref().filter(|_| !self.is_called_by_id);
        name.unwrap_or(&self.short_id).clone()
    }

    /// Whether it goes to the sandbox.
    pub fn is_of_sandbox(&self) -> bool {
        self.intent.realm == Realm::Sandbox
    }

    /// Whether it sends messages; else it follows up on some.
    pub fn sends(&self) -> bool {
        Verb::follow_up(&self.intent.verb).is_none()
    }

    /// The command that goes on with what is left of it.
    pub fn resume_command(&self) -> SuggestedCommand {
        let verb = Verb::follow_up(&self.intent.verb).unwrap_or(Verb::Broadcast);
        suggest(&format!("{} --resume", verb.word())).arg(self.label())
    }

    /// The template with a number.
    pub fn template(&self, number: u32) -> Result<&JobTemplate> {
        usize::try_from(number).ok().and_then(|at| self.templates.get(at)).ok_or_else(|| {
            Error::new(
                crate::error::ErrorKind::Ledger,
                format!("the job {} has no template {number}", self.intent.id),
            )
            .help("another program has changed the ledger")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_of_a_job_has_a_word_of_its_own() {
        let words: std::collections::HashSet<&str> = JobState::ALL.map(JobState::word).into();
        assert_eq!(words.len(), JobState::ALL.len());
        for end in JobEnd::ALL {
            assert_eq!(JobEnd::from_word(end.word()), Some(end));
        }
    }
}
