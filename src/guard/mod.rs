//! Guards: what keeps a finished request from the wrong people.
//!
//! They judge what would go out - the audience that the contract's rows read from the body, and what it says - whichever
//! command made it. Pure functions: the time, the environment, the flags, what the ledger knows and whether anybody can be
//! asked come in with the [`GuardInput`]. A request that changes nothing ([`Effect::Reads`]) passes them all.

mod case;
mod confirm;
mod content;
mod fingerprint;
mod guest;
mod past;
mod quota;
mod statement;
mod stop;
#[cfg(test)]
mod tests;
mod texts;

pub use case::{
    AudienceCounts, Earlier, GuardInput, Guests, KillSwitch, LatestJob, OutgoingRequest, Past,
    QuotaUse, Reached,
};
pub use confirm::Question;
pub use content::says_a_test;
pub use fingerprint::{AudienceDigest, fingerprint, fingerprint_of_job, says};
pub use guest::AllowPattern;
pub use past::REPEAT_SECONDS;
pub use quota::{Quota, QuotaRequest};
pub use stop::quiet_now;

use crate::contract::Effect;
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;
use crate::text::{Text, en};

/// Above so many targets a profile that does not say otherwise asks.
pub const CONFIRM_ABOVE: u64 = 100;

/// The guards, in the order in which they judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// `HERALD_READ_ONLY`.
    ReadOnly,
    /// A profile that stays in the sandbox.
    SandboxOnly,
    /// A file that says stop.
    KillSwitch,
    /// A test profile's list of targets.
    GuestList,
    /// A profile's `quiet_hours`.
    QuietHours,
    /// Texts of tests on their way to everybody.
    TestContent,
    /// The same broadcast again.
    Repeat,
    /// An audience larger than that of the last job.
    Growth,
    /// The vendor's quota of calls.
    Quota,
    /// A profile's `max_targets`.
    MaxTargets,
    /// A question to a person.
    Confirm,
}

/// A guard: what help texts show of it, and how it judges.
#[derive(Clone, Copy, Debug)]
pub struct GuardRow {
    /// The guard.
    pub guard: Guard,
    /// Its name, which never changes.
    pub word: &'static str,
    /// What it does.
    pub about: Text,
    /// Whether `--override` passes it.
    pub can_be_overridden: bool,
    /// Whether it judges in the sandbox, too.
    pub in_the_sandbox: bool,
    /// Whether it judges what the seal of a job covers, and nothing that changes while the job waits: then passing it once
    /// holds for the rest of the job.
    pub of_what_is_sealed: bool,
    /// What it has to say against a case.
    judge: for<'a> fn(&GuardInput<'a>) -> Option<Objection>,
}

/// Every guard, in the order in which they judge.
pub static ROWS: &[GuardRow] = &[
    GuardRow {
        guard: Guard::ReadOnly,
        word: "read-only",
        about: en("With HERALD_READ_ONLY=1 nothing is sent, taken back or changed"),
        can_be_overridden: false,
        in_the_sandbox: true,
        of_what_is_sealed: false,
        judge: stop::read_only,
    },
    GuardRow {
        guard: Guard::SandboxOnly,
        word: "sandbox-only",
        about: en("A profile with mode = \"sandbox\" stays in the sandbox"),
        can_be_overridden: false,
        in_the_sandbox: true,
        of_what_is_sealed: false,
        judge: stop::sandbox_only,
    },
    GuardRow {
        guard: Guard::KillSwitch,
        word: "kill-switch",
        about: en(
            "While there is a file at the profile's kill_switch or at HERALD_KILL_SWITCH, nothing is sent or taken back",
        ),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: false,
        judge: stop::kill_switch,
    },
    GuardRow {
        guard: Guard::GuestList,
        word: "guest-list",
        about: en("A profile with mode = \"test\" reaches only the targets of its allow_to"),
        can_be_overridden: false,
        in_the_sandbox: true,
        of_what_is_sealed: false,
        judge: guest::guest_list,
    },
    GuardRow {
        guard: Guard::QuietHours,
        word: "quiet-hours",
        about: en("In the profile's quiet_hours nothing is sent"),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: false,
        judge: stop::quiet_hours,
    },
    GuardRow {
        guard: Guard::TestContent,
        word: "test-content",
        about: en(
            "A broadcast of a live profile does not say `test`, `lorem` or `测试`, and has no {{ }} left",
        ),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: true,
        judge: content::test_content,
    },
    GuardRow {
        guard: Guard::Repeat,
        word: "repeat",
        about: en("The same broadcast does not go to the same audience twice within 10 minutes"),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: true,
        judge: past::repeat,
    },
    GuardRow {
        guard: Guard::Growth,
        word: "growth",
        about: en(
            "A job does not reach over 20 % more targets than the last one of its name, or uncounted ones",
        ),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: true,
        judge: past::growth,
    },
    GuardRow {
        guard: Guard::Quota,
        word: "quota",
        about: en("What the vendor takes in an hour or a day is not exceeded"),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: false,
        judge: past::quota,
    },
    GuardRow {
        guard: Guard::MaxTargets,
        word: "max-targets",
        about: en("More than max_targets needs the profile's name typed, or --confirm NAME"),
        can_be_overridden: true,
        in_the_sandbox: false,
        of_what_is_sealed: true,
        judge: confirm::max_targets,
    },
    GuardRow {
        guard: Guard::Confirm,
        word: "confirm",
        about: en(
            "Everybody, a tag or a package needs the profile's name typed, or --confirm NAME; \
                   more than confirm_above targets a yes, or --yes",
        ),
        can_be_overridden: false,
        in_the_sandbox: false,
        of_what_is_sealed: true,
        judge: confirm::confirm,
    },
];

impl Guard {
    /// Its row.
    pub fn row(self) -> &'static GuardRow {
        ROWS.iter().find(|row| row.guard == self).expect("a test sees to it that each has a row")
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        self.row().word
    }

    /// The guard that `--override` names. One that cannot be overridden is known too, and refuses all the same.
    pub fn parse(word: &str) -> Result<Self> {
        if let Some(row) = ROWS.iter().find(|row| row.word == word) {
            return Ok(row.guard);
        }
        let words: Vec<&str> = ROWS.iter().map(|row| row.word).collect();
        let help = did_you_mean(word, words.iter().copied())
            .unwrap_or_else(|| format!("the guards are {}", words.join(", ")));
        Err(Error::usage(format!("there is no guard `{word}`")).help(help))
    }
}

/// What a guard has to say against a case.
struct Objection {
    /// What it saw.
    saw: String,
    /// How to proceed on purpose, apart from answering and overriding.
    proceed: String,
    /// What answers it.
    answer: Consent,
}

/// How the audience of something was confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirmed {
    /// Not at all.
    #[default]
    No,
    /// By a yes.
    ByYes,
    /// By the profile's name, which says more than a yes.
    ByName,
}

impl Confirmed {
    const ALL: [Self; 3] = [Self::No, Self::ByYes, Self::ByName];

    /// The word that plans and the ledger keep.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::ByYes => "yes",
            Self::ByName => "name",
        }
    }

    /// The one with a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }
}

/// What answers an objection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Consent {
    /// Nothing.
    None,
    /// A yes.
    Yes,
    /// The profile's name.
    Name,
}

/// What the guards say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What has to happen now.
    pub decision: Decision,
    /// Guards that would have spoken, but for `--override`: the ledger records them.
    pub overridden: Vec<Guard>,
}

/// What has to happen with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may go out.
    Go,
    /// It must not.
    Refuse(GuardRefusal),
    /// It may go out when a person says yes to this question. The default is no.
    Ask(Question),
    /// It may go out when a person types [`Question::name`] in answer.
    AskTyped(Question),
}

/// Why a request must not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardRefusal {
    /// Who refuses.
    pub guard: Guard,
    /// What it saw.
    pub saw: String,
    /// How to proceed on purpose.
    pub proceed: String,
}

impl From<GuardRefusal> for Error {
    fn from(refusal: GuardRefusal) -> Self {
        let message = format!("the guard `{}` refuses: {}", refusal.guard.word(), refusal.saw);
        Self::new(ErrorKind::Guard, message).help(refusal.proceed)
    }
}

/// Judges finished requests: the first guard that objects, and that neither a flag answers nor `--override` passes, decides.
pub fn judge(case: &GuardInput<'_>) -> Judgement {
    let mut overridden = Vec::new();
    let rows = ROWS.iter().filter(|row| row.in_the_sandbox || !case.sandbox);
    for row in rows.filter(|_| case.effect != Effect::Reads) {
        let Some(objection) = (row.judge)(case) else { continue };
        if row.can_be_overridden && case.overrides.contains(&row.guard) {
            overridden.push(row.guard);
        } else if !is_answered(case, objection.answer) {
            return Judgement { decision: decide(case, row, objection), overridden };
        }
    }
    Judgement { decision: Decision::Go, overridden }
}

/// Whether a flag, or what was said to the same before, answers an objection.
fn is_answered(case: &GuardInput<'_>, answer: Consent) -> bool {
    match answer {
        Consent::None => false,
        Consent::Yes => case.confirmed() >= Confirmed::ByYes,
        Consent::Name => case.confirmed() >= Confirmed::ByName,
    }
}

/// What becomes of an objection that nothing has answered.
fn decide(case: &GuardInput<'_>, row: &GuardRow, objection: Objection) -> Decision {
    let Objection { saw, mut proceed, answer } = objection;
    match answer {
        Consent::Yes if case.can_ask => return Decision::Ask(Question::of(case, row.guard, saw)),
        Consent::Name if case.can_ask => {
            return Decision::AskTyped(Question::of(case, row.guard, saw));
        }
        Consent::Yes => {
            "confirm it with --yes, or run it in a terminal to be asked".clone_into(&mut proceed);
        }
        Consent::Name => {
            let more = if case.yes { "; --yes is not enough for this" } else { "" };
            proceed = format!(
                "confirm it with --confirm {}, or run it in a terminal to be asked{more}",
                case.name
            );
        }
        Consent::None => return Decision::Refuse(refusal(row, saw, proceed)),
    }
    Decision::Refuse(GuardRefusal { guard: row.guard, saw, proceed })
}

/// What nothing but `--override` answers.
fn refusal(row: &GuardRow, saw: String, mut proceed: String) -> GuardRefusal {
    if row.can_be_overridden {
        proceed = format!("{proceed}, or add --override {} to go on all the same", row.word);
    }
    GuardRefusal { guard: row.guard, saw, proceed }
}

/// The words of the guard `repeat` where somebody else is broadcasting the same at this moment.
pub fn same_now(id: &str) -> GuardRefusal {
    let saw = format!("the same is going to the same audience, or just went ({id})");
    refusal(Guard::Repeat.row(), saw, format!("look at it with `herald history show {id}`"))
}

/// The words of the guard `quota` where somebody else was quicker: there was room when it judged, and none at the moment at
/// which the call was to begin.
pub fn no_quota(operation: &str, quota: &QuotaUse, now_ms: i64) -> GuardRefusal {
    let Objection { saw, proceed, .. } = past::used_up(operation, quota, now_ms);
    refusal(Guard::Quota.row(), saw, proceed)
}

/// The beginning of a text of which no more than so many characters are shown.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
