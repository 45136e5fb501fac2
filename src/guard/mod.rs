//! Guards stop finished requests that would reach the wrong people.
//!
//! They judge the requests of every command in the same way, by their audience and their text. The rows of the contract tell
//! where both stand in the body. Guards are pure functions of a [`GuardInput`]: it holds the time, the environment, the
//! flags and what the ledger knows. A request that only reads ([`Effect::Reads`]) passes every guard.

mod allow_list;
mod confirm;
mod content;
mod fingerprint;
mod history;
mod input;
mod quota;
mod statement;
mod stop;
#[cfg(test)]
mod tests;
mod texts;

pub use allow_list::AllowPattern;
pub use confirm::Question;
pub use content::{looks_like_test, says};
pub use fingerprint::{AudienceDigest, content_digest, fingerprint, fingerprint_of_job};
pub use history::REPEAT_SECONDS;
pub use input::{
    AllowList, AudienceCounts, AudienceSource, GuardEnvironment, GuardInput, GuardProfile,
    GuardedAction, KillSwitch, LatestJob, OutgoingRequest, PreviousRequest, QuotaUse,
    RequestHistory, UserConsent,
};
pub use quota::{Quota, QuotaRequest};
pub use stop::quiet_now;

use crate::contract::Effect;
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;
use crate::report::LocalTime;
use crate::text::suggest;
use crate::text::{Text, en};

/// With more targets than this, herald asks the user. A profile can set another number.
pub const DEFAULT_CONFIRM_ABOVE: u64 = 100;

/// The guards, in the order of their judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// `HERALD_READ_ONLY`.
    ReadOnly,
    /// A profile with mode `sandbox`.
    SandboxOnly,
    /// A file that stops all sending.
    KillSwitch,
    /// The targets that a test profile may reach.
    AllowList,
    /// A profile's `quiet_hours`.
    QuietHours,
    /// A test text in a broadcast.
    TestContent,
    /// A broadcast that was sent a short time ago.
    Repeat,
    /// An audience that is larger than that of the last job.
    Growth,
    /// The vendor's quota of calls.
    Quota,
    /// A profile's `max_targets`.
    MaxTargets,
    /// A question to the user.
    Confirm,
}

/// A guard: its description for help texts, and its function.
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
    /// Whether it also judges requests to the sandbox.
    pub in_the_sandbox: bool,
    /// Whether it judges only data that the seal of a job covers, which cannot change while the job waits. An `--override`
    /// of such a guard stays valid for the rest of the job.
    pub judges_only_sealed_data: bool,
    /// Its objection to the input, if it has one.
    judge: for<'a> fn(&GuardInput<'a>) -> Option<Objection>,
}

/// Every guard, in the order of their judgement.
pub static ROWS: &[GuardRow] = &[
    GuardRow {
        guard: Guard::ReadOnly,
        word: "read-only",
        about: en("With HERALD_READ_ONLY=1 nothing is sent, recalled or changed"),
        can_be_overridden: false,
        in_the_sandbox: true,
        judges_only_sealed_data: false,
        judge: stop::read_only,
    },
    GuardRow {
        guard: Guard::SandboxOnly,
        word: "sandbox-only",
        about: en("A profile with mode = \"sandbox\" stays in the sandbox"),
        can_be_overridden: false,
        in_the_sandbox: true,
        judges_only_sealed_data: false,
        judge: stop::sandbox_only,
    },
    GuardRow {
        guard: Guard::KillSwitch,
        word: "kill-switch",
        about: en(
            "While there is a file at the profile's kill_switch or at HERALD_KILL_SWITCH, nothing is sent or recalled",
        ),
        can_be_overridden: true,
        in_the_sandbox: false,
        judges_only_sealed_data: false,
        judge: stop::kill_switch,
    },
    GuardRow {
        guard: Guard::AllowList,
        word: "guest-list",
        about: en("A profile with mode = \"test\" reaches only the targets of its allow_to"),
        can_be_overridden: false,
        in_the_sandbox: false,
        judges_only_sealed_data: false,
        judge: allow_list::guest_list,
    },
    GuardRow {
        guard: Guard::QuietHours,
        word: "quiet-hours",
        about: en("In the profile's quiet_hours nothing is sent"),
        can_be_overridden: true,
        in_the_sandbox: false,
        judges_only_sealed_data: false,
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
        judges_only_sealed_data: true,
        judge: content::test_content,
    },
    GuardRow {
        guard: Guard::Repeat,
        word: "repeat",
        about: en("The same broadcast does not go to the same audience twice within 10 minutes"),
        can_be_overridden: true,
        in_the_sandbox: false,
        judges_only_sealed_data: true,
        judge: history::repeat,
    },
    GuardRow {
        guard: Guard::Growth,
        word: "growth",
        about: en(
            "A job does not reach over 20 % more targets than the last one of its name, or uncounted ones",
        ),
        can_be_overridden: true,
        in_the_sandbox: false,
        judges_only_sealed_data: true,
        judge: history::growth,
    },
    GuardRow {
        guard: Guard::Quota,
        word: "quota",
        about: en("What the vendor takes in an hour or a day is not exceeded"),
        can_be_overridden: true,
        in_the_sandbox: false,
        judges_only_sealed_data: false,
        judge: history::quota,
    },
    GuardRow {
        guard: Guard::MaxTargets,
        word: "max-targets",
        about: en("More than max_targets needs the profile's name typed, or --confirm NAME"),
        can_be_overridden: true,
        in_the_sandbox: false,
        judges_only_sealed_data: true,
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
        judges_only_sealed_data: true,
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

    /// The guard with this name. It may be one that cannot be overridden.
    pub fn parse(word: &str) -> Result<Self> {
        if let Some(row) = ROWS.iter().find(|row| row.word == word) {
            return Ok(row.guard);
        }
        let help = did_you_mean(word, ROWS.iter().map(|row| row.word)).unwrap_or_else(|| {
            let can_be = ROWS.iter().filter(|row| row.can_be_overridden);
            let words: Vec<&str> = can_be.map(|row| row.word).collect();
            format!("those that can be overridden are {}", words.join(", "))
        });
        Err(Error::usage(format!("there is no guard `{word}`")).help(help))
    }
}

/// Why a guard is against sending.
struct Objection {
    /// What it saw.
    saw: String,
    /// What the user can do, except for an answer or an `--override`.
    proceed: String,
    /// The answer from the user that removes the objection.
    answer: NeededAnswer,
}

/// How the user confirmed an audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirmed {
    /// Not at all.
    #[default]
    No,
    /// With yes.
    ByYes,
    /// With the profile's name, which counts for more than yes.
    ByName,
}

impl Confirmed {
    const ALL: [Self; 3] = [Self::No, Self::ByYes, Self::ByName];

    /// The word for it in plans and in the ledger.
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

/// The answer that an objection needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NeededAnswer {
    /// No answer helps.
    None,
    /// Yes.
    Yes,
    /// The profile's name.
    Name,
}

/// The result of all guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What happens with the request.
    pub decision: Decision,
    /// Guards that would have refused without `--override`. The ledger records them.
    pub overridden: Vec<Guard>,
}

/// What happens with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is sent.
    Go,
    /// It is not sent.
    Refuse(GuardRefusal),
    /// It is sent if the user answers this question with yes. The default is no.
    Ask(Question),
    /// It is sent if the user types [`Question::name`] as the answer.
    AskTyped(Question),
}

/// Why a request is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardRefusal {
    /// The guard that refuses.
    pub guard: Guard,
    /// What it saw.
    pub saw: String,
    /// What the user can do to send it.
    pub proceed: String,
}

impl From<GuardRefusal> for Error {
    fn from(refusal: GuardRefusal) -> Self {
        let message = format!("the guard `{}` refuses: {}", refusal.guard.word(), refusal.saw);
        Self::new(ErrorKind::Guard, message).help(refusal.proceed)
    }
}

/// Judges finished requests. The first objection that no flag answers and no `--override` bypasses decides.
pub fn judge(input: &GuardInput<'_>) -> Judgement {
    let mut overridden = Vec::new();
    for (row, objection) in objections(input) {
        if is_overridden(input, row) {
            overridden.push(row.guard);
        } else if !is_answered(input, objection.answer) {
            return Judgement { decision: decide(input, row, objection), overridden };
        }
    }
    Judgement { decision: Decision::Go, overridden }
}

/// Every refusal of finished requests, as if no one could be asked: what [`judge`] would find one after the other.
pub fn refusals(input: &GuardInput<'_>) -> Vec<GuardRefusal> {
    let consent = UserConsent { can_ask: false, ..input.consent };
    let input = &GuardInput { consent, ..*input };
    let open = objections(input)
        .filter(|(row, one)| !is_overridden(input, row) && !is_answered(input, one.answer));
    open.filter_map(|(row, objection)| match decide(input, row, objection) {
        Decision::Refuse(refusal) => Some(refusal),
        Decision::Go | Decision::Ask(_) | Decision::AskTyped(_) => None,
    })
    .collect()
}

/// The objections to finished requests, in the order of judgement.
fn objections(input: &GuardInput<'_>) -> impl Iterator<Item = (&'static GuardRow, Objection)> {
    let rows = ROWS.iter().filter(|row| row.in_the_sandbox || !input.profile.sandbox);
    let rows = rows.filter(|_| input.action.effect != Effect::Reads);
    rows.filter_map(|row| Some((row, (row.judge)(input)?)))
}

fn is_overridden(input: &GuardInput<'_>, row: &GuardRow) -> bool {
    row.can_be_overridden && input.consent.overrides.contains(&row.guard)
}

/// Whether the user already gave the answer, with a flag or when the job was opened.
fn is_answered(input: &GuardInput<'_>, answer: NeededAnswer) -> bool {
    match answer {
        NeededAnswer::None => false,
        NeededAnswer::Yes => input.confirmed() >= Confirmed::ByYes,
        NeededAnswer::Name => input.confirmed() >= Confirmed::ByName,
    }
}

/// The decision about an objection without an answer.
fn decide(input: &GuardInput<'_>, row: &GuardRow, objection: Objection) -> Decision {
    let Objection { saw, mut proceed, answer } = objection;
    match answer {
        NeededAnswer::Yes if input.consent.can_ask => {
            return Decision::Ask(Question::of(input, row.guard, saw));
        }
        NeededAnswer::Name if input.consent.can_ask => {
            return Decision::AskTyped(Question::of(input, row.guard, saw));
        }
        NeededAnswer::Yes => {
            "confirm it with --yes, or run it in a terminal to be asked".clone_into(&mut proceed);
        }
        NeededAnswer::Name => {
            let more = if input.consent.yes { "; --yes is not enough for this" } else { "" };
            proceed = format!(
                "confirm it with --confirm {}, or run it in a terminal to be asked{more}",
                input.profile.name
            );
        }
        NeededAnswer::None => return Decision::Refuse(refusal(row, saw, proceed)),
    }
    Decision::Refuse(GuardRefusal { guard: row.guard, saw, proceed })
}

/// A refusal that only `--override` can bypass.
fn refusal(row: &GuardRow, saw: String, mut proceed: String) -> GuardRefusal {
    if row.can_be_overridden {
        proceed = format!("{proceed}, or add --override {} to continue anyway", row.word);
    }
    GuardRefusal { guard: row.guard, saw, proceed }
}

/// The refusal of the guard `repeat` when another herald process sends the same broadcast at this moment.
pub fn same_now(id: &str) -> GuardRefusal {
    let saw = format!("the same is going to the same audience, or just went ({id})");
    refusal(
        Guard::Repeat.row(),
        saw,
        format!("look at it with {}", suggest("history show").arg(id)),
    )
}

/// The refusal of the guard `quota` when another herald process used the rest of the quota after the guard had judged.
pub fn no_quota(operation: &str, quota: &QuotaUse, now_ms: i64, local: &LocalTime) -> GuardRefusal {
    let Objection { saw, proceed, .. } = history::used_up(operation, quota, now_ms, local);
    refusal(Guard::Quota.row(), saw, proceed)
}

/// The first characters of a text, at most `most`.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
