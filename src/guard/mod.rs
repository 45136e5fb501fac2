//! Guards: what keeps a finished request from the wrong people.
//!
//! They judge what would go out - the audience that the contract's rows read from the body - whichever command made it.
//! Pure functions: the environment, the flags and whether anybody can be asked come in with the [`Case`]. A request that
//! changes nothing ([`Effect::Reads`]) passes them all.

mod guest;
#[cfg(test)]
mod tests;

pub use guest::Pattern;

use crate::contract::{Audience, Effect};
use crate::error::{Error, Kind, Result};
use crate::near::did_you_mean;
use crate::profile::{Guards, Mode};
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
    /// A test profile's list of targets.
    GuestList,
    /// A profile's `max_targets`.
    MaxTargets,
    /// A question to a person.
    Confirm,
}

/// A guard as help texts show it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The guard.
    pub guard: Guard,
    /// Its name, which never changes.
    pub word: &'static str,
    /// What it does.
    pub about: Text,
    /// Whether `--override` passes it.
    pub can_be_overridden: bool,
}

/// Every guard, in the order in which they judge.
pub static ROWS: &[Row] = &[
    Row {
        guard: Guard::ReadOnly,
        word: "read-only",
        about: en("With HERALD_READ_ONLY=1 nothing is sent, taken back or changed"),
        can_be_overridden: false,
    },
    Row {
        guard: Guard::SandboxOnly,
        word: "sandbox-only",
        about: en("A profile with mode = \"sandbox\" stays in the sandbox"),
        can_be_overridden: false,
    },
    Row {
        guard: Guard::GuestList,
        word: "guest-list",
        about: en("A profile with mode = \"test\" reaches only the targets of its allow_to"),
        can_be_overridden: false,
    },
    Row {
        guard: Guard::MaxTargets,
        word: "max-targets",
        about: en("More than max_targets needs the profile's name typed, or --confirm NAME"),
        can_be_overridden: true,
    },
    Row {
        guard: Guard::Confirm,
        word: "confirm",
        about: en(
            "Everybody, a tag or a package needs the profile's name typed, or --confirm NAME; \
                   more than confirm_above targets a yes, or --yes",
        ),
        can_be_overridden: false,
    },
];

impl Guard {
    /// Its row.
    pub fn row(self) -> &'static Row {
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

/// A finished request, and all that the guards look at besides.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// `PROVIDER/OPERATION`, for people.
    pub operation: &'a str,
    /// What the operation does.
    pub effect: Effect,
    /// Whom the request reaches.
    pub audience: &'a Audience,
    /// How careful the profile is.
    pub guards: &'a Guards,
    /// The profile's name, or the provider's id where there is no profile.
    pub name: &'a str,
    /// Whether it stays in the sandbox.
    pub sandbox: bool,
    /// The value of `HERALD_READ_ONLY`.
    pub read_only: Option<&'a str>,
    /// `--yes`
    pub yes: bool,
    /// `--confirm NAME`
    pub confirm: Option<&'a str>,
    /// `--override GUARD`
    pub overrides: &'a [Guard],
    /// Whether a person can be asked: stdin and stderr are terminals, and stdin is not read for anything else.
    pub can_ask: bool,
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
    Refuse(Refusal),
    /// It may go out when a person says yes to this question. The default is no.
    Ask(Question),
    /// It may go out when a person types [`Question::name`] in answer.
    AskTyped(Question),
}

/// Why a request must not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who refuses.
    pub guard: Guard,
    /// What it saw.
    pub saw: String,
    /// How to proceed on purpose.
    pub proceed: String,
}

/// A question for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who asks.
    pub guard: Guard,
    /// What is about to happen, as a statement.
    pub saw: String,
    /// The profile's name, or the provider's id where there is no profile.
    pub name: String,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let message = format!("the guard `{}` refuses: {}", refusal.guard.word(), refusal.saw);
        Self::new(Kind::Guard, message).help(refusal.proceed)
    }
}

impl Question {
    /// What becomes of it when the person says no, or types another name.
    pub fn declined(self) -> Refusal {
        Refusal {
            guard: self.guard,
            saw: format!("{}, and that was not confirmed", self.saw),
            proceed: "nothing was sent; run it again to be asked again".to_owned(),
        }
    }
}

/// Judges a finished request.
pub fn judge(case: &Case<'_>) -> Judgement {
    let mut overridden = Vec::new();
    let decision = if case.effect == Effect::Reads {
        Decision::Go
    } else if let Some(refusal) = read_only(case)
        .or_else(|| sandbox_only(case))
        .or_else(|| guest::guest_list(case))
        .or_else(|| other_name(case))
    {
        Decision::Refuse(refusal)
    } else {
        confirmation(case, &mut overridden)
    };
    Judgement { decision, overridden }
}

/// Whether a value of `HERALD_READ_ONLY` switches it on: everything but a clear no does.
fn is_on(value: &str) -> bool {
    !matches!(value.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off")
}

fn read_only(case: &Case<'_>) -> Option<Refusal> {
    case.read_only.is_some_and(is_on).then(|| Refusal {
        guard: Guard::ReadOnly,
        saw: format!("HERALD_READ_ONLY is set, and {} {}", case.operation, does(case.effect)),
        proceed: "unset HERALD_READ_ONLY; no flag overrides it".to_owned(),
    })
}

fn sandbox_only(case: &Case<'_>) -> Option<Refusal> {
    (case.guards.mode == Mode::Sandbox && !case.sandbox).then(|| Refusal {
        guard: Guard::SandboxOnly,
        saw: format!("`{}` has mode = \"sandbox\", and this would leave it", case.name),
        proceed: "add --sandbox, or use a profile of another mode".to_owned(),
    })
}

/// A `--confirm` that names another profile shows that another one was meant, whether or not anything has to be
/// confirmed.
fn other_name(case: &Case<'_>) -> Option<Refusal> {
    let given = case.confirm.filter(|given| *given != case.name && !case.sandbox)?;
    Some(Refusal {
        guard: Guard::Confirm,
        saw: format!("--confirm names `{given}`, and this goes out as `{}`", case.name),
        proceed: format!("choose the profile that you mean, or give --confirm {}", case.name),
    })
}

/// How much of a yes a request needs.
enum Need {
    Nothing,
    Yes(String),
    Name(Guard, String),
}

fn confirmation(case: &Case<'_>, overridden: &mut Vec<Guard>) -> Decision {
    if case.sandbox {
        return Decision::Go;
    }
    match need(case, overridden) {
        Need::Nothing => Decision::Go,
        // A `--confirm` that is still here names the right profile: it says more than a yes.
        Need::Yes(_) if case.yes || case.confirm.is_some() => Decision::Go,
        Need::Name(..) if case.confirm.is_some() => Decision::Go,
        Need::Yes(saw) if case.can_ask => Decision::Ask(question(case, Guard::Confirm, saw)),
        Need::Name(guard, saw) if case.can_ask => Decision::AskTyped(question(case, guard, saw)),
        Need::Yes(saw) => Decision::Refuse(Refusal {
            guard: Guard::Confirm,
            saw,
            proceed: "confirm it with --yes, or run it in a terminal to be asked".to_owned(),
        }),
        Need::Name(guard, saw) => Decision::Refuse(Refusal {
            guard,
            saw,
            proceed: format!(
                "confirm it with --confirm {}, or run it in a terminal to be asked{}",
                case.name,
                if case.yes { "; --yes is not enough for this" } else { "" }
            ),
        }),
    }
}

fn need(case: &Case<'_>, overridden: &mut Vec<Guard>) -> Need {
    let what = format!("{} reaches", case.operation);
    let count = match case.audience {
        Audience::Class(_) | Audience::Everybody => {
            return Need::Name(Guard::Confirm, format!("{what} {}", case.audience));
        }
        Audience::Nobody | Audience::Named(_) => {
            case.audience.count().map_or(u64::MAX, |count| count as u64)
        }
    };
    if let Some(max) = case.guards.max_targets.filter(|max| count > *max) {
        if !case.overrides.contains(&Guard::MaxTargets) {
            let saw = format!("{what} {count} targets, and max_targets is {max}");
            return Need::Name(Guard::MaxTargets, saw);
        }
        overridden.push(Guard::MaxTargets);
    }
    let above = case.guards.confirm_above.unwrap_or(CONFIRM_ABOVE);
    if count > above {
        return Need::Yes(format!("{what} {count} targets, more than {above}"));
    }
    Need::Nothing
}

fn question(case: &Case<'_>, guard: Guard, saw: String) -> Question {
    Question { guard, saw, name: case.name.to_owned() }
}

/// What an operation does, for people.
const fn does(effect: Effect) -> &'static str {
    match effect {
        Effect::Sends => "sends",
        Effect::Destroys => "takes away or changes what people have",
        Effect::Manages => "changes the app",
        Effect::Reads => "reads",
    }
}
