//! Guards that ask the user: many targets, or a number of targets that is not known.

use super::statement::{act, given, uncounted};
use super::texts::texts;
use super::{Guard, GuardInput, GuardRefusal, NeededAnswer, Objection, OutgoingRequest, cut};
use crate::account::Mode;
use crate::contract::Effect;
use crate::document::Trail;
use crate::text::escape;

/// The most characters of the message text in a question.
const MAX_TEXT_SHOWN: usize = 60;

/// A question to the user. The default is no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The guard that asks.
    pub guard: Guard,
    /// What will happen, as a statement.
    pub saw: String,
    /// The profile's name, or the provider's id where there is no profile.
    pub name: String,
    /// Whether real people receive it.
    pub live: bool,
    /// Whether it sends a message. Otherwise it recalls, deletes or changes something.
    pub sends: bool,
    /// Further facts, each with its label.
    pub details: Vec<(&'static str, String)>,
}

impl Question {
    /// The question about an input.
    pub(super) fn of(input: &GuardInput<'_>, guard: Guard, saw: String) -> Self {
        let mut details = vec![
            ("profile", input.profile.name.to_owned()),
            ("at", input.profile.place.to_owned()),
            ("reaches", input.action.audience.to_string()),
        ];
        match input.action.effect {
            Effect::Sends => {
                let first = input.action.requests.first();
                details.extend(first.and_then(first_text).map(says));
            }
            _ => {
                details.extend(input.action.about.as_ref().and_then(first_text).map(says));
                details.extend(given(input).map(|body| ("with", body)));
            }
        }
        Self {
            guard,
            saw,
            name: input.profile.name.to_owned(),
            live: input.profile.guards.mode == Mode::Live,
            sends: input.action.effect == Effect::Sends,
            details,
        }
    }

    /// What will happen, line by line, escaped for a terminal. The first word is `LIVE` for a live profile.
    pub fn lines(&self) -> Vec<String> {
        let mark = if self.live { "LIVE" } else { "test" };
        let details =
            self.details.iter().map(|(word, value)| format!("  {word:<7}  {}", escape(value)));
        std::iter::once(format!("{mark}: {}", escape(&self.saw))).chain(details).collect()
    }

    /// The question whose answer is yes or no.
    pub fn yes_or_no(&self) -> String {
        let act = match (self.live, self.sends) {
            (true, true) => "Send it to real people?",
            (true, false) => "Do it in the live app?",
            (false, true) => "Send this test?",
            (false, false) => "Do it in the test app?",
        };
        format!("{act} [y/N]")
    }

    /// The question whose answer is the name of the profile.
    pub fn by_name(&self) -> String {
        let act = match (self.live, self.sends) {
            (true, true) => "to send it to real people",
            (true, false) => "to do it in the live app",
            (false, true) => "to send this test",
            (false, false) => "to do it in the test app",
        };
        format!("Type `{}` {act}", escape(&self.name))
    }

    /// The refusal when the user answers no, or types another name.
    pub fn declined(self) -> GuardRefusal {
        GuardRefusal {
            guard: self.guard,
            saw: format!("{}, and that was not confirmed", self.saw),
            proceed: "nothing was sent; run it again, and answer yes".to_owned(),
        }
    }
}

/// The first text of the first request.
/// The line of a question with the text of a message.
fn says(text: String) -> (&'static str, String) {
    ("says", format!("\"{text}\""))
}

fn first_text(request: &OutgoingRequest<'_>) -> Option<String> {
    let trail = Trail::new(request.body);
    let texts = texts(request.operation, trail.root());
    let filled = texts.iter().filter_map(|at| at.as_str()).find(|text| !text.trim().is_empty());
    filled.map(|text| cut(text, MAX_TEXT_SHOWN))
}

/// Objects to more targets than `max_targets` of the profile.
pub(super) fn max_targets(input: &GuardInput<'_>) -> Option<Objection> {
    // Where `--confirm` names another profile, the guard `confirm` reports that.
    let count = input.action.audience.count().filter(|_| other_name(input).is_none())?;
    let max = input.profile.guards.max_targets.filter(|max| count > *max)?;
    Some(Objection {
        saw: format!("{} reaches {count} targets, and max_targets is {max}", act(input)),
        proceed: String::new(),
        answer: NeededAnswer::Name,
    })
}

/// Objects to requests that reach everybody or many targets, until the user has confirmed.
pub(super) fn confirm(input: &GuardInput<'_>) -> Option<Objection> {
    other_name(input).or_else(|| match input.action.audience.count() {
        None => Some(Objection {
            saw: uncounted(input),
            proceed: String::new(),
            answer: NeededAnswer::Name,
        }),
        Some(count) if count > input.confirm_above() => Some(Objection {
            saw: format!(
                "{} reaches {count} targets, more than {}",
                act(input),
                input.confirm_above()
            ),
            proceed: String::new(),
            answer: NeededAnswer::Yes,
        }),
        Some(_) => None,
    })
}

/// Objects to a `--confirm` with the name of another profile, even where nothing needs a confirmation: the user probably
/// chose the wrong profile.
fn other_name(input: &GuardInput<'_>) -> Option<Objection> {
    let given = input.consent.confirm.filter(|given| *given != input.profile.name)?;
    Some(Objection {
        saw: format!("--confirm names `{given}`, and this goes out as `{}`", input.profile.name),
        proceed: format!(
            "choose the profile that you mean, or give --confirm {}",
            input.profile.name
        ),
        answer: NeededAnswer::None,
    })
}
