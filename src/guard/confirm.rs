//! What a person has to say yes to, and the words in which they are asked.

use super::statement::{act, given, uncounted};
use super::texts::texts;
use super::{Consent, Guard, GuardInput, GuardRefusal, Objection, cut};
use crate::account::Mode;
use crate::contract::Effect;
use crate::document::Trail;
use crate::text::escape;

/// How much of what a request says stands in a question, in characters.
const MOST_OF_A_TEXT: usize = 60;

/// A question for a person. The default is no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who asks.
    pub guard: Guard,
    /// What is about to happen, as a statement.
    pub saw: String,
    /// The profile's name, or the provider's id where there is no profile.
    pub name: String,
    /// Whether real people are at the other end.
    pub live: bool,
    /// Whether it reaches people, or takes something away.
    pub sends: bool,
    /// What else there is to know, each with a word before it.
    pub details: Vec<(&'static str, String)>,
}

impl Question {
    /// The question of a case.
    pub(super) fn of(case: &GuardInput<'_>, guard: Guard, saw: String) -> Self {
        let mut details = vec![
            ("profile", case.name.to_owned()),
            ("at", case.place.to_owned()),
            ("reaches", case.audience.to_string()),
        ];
        match case.effect {
            Effect::Sends => details.extend(says(case).map(|text| ("says", format!("\"{text}\"")))),
            _ => details.extend(given(case).map(|body| ("with", body))),
        }
        Self {
            guard,
            saw,
            name: case.name.to_owned(),
            live: case.guards.mode == Mode::Live,
            sends: case.effect == Effect::Sends,
            details,
        }
    }

    /// What is about to happen: a line each, safe for a terminal. What is live says so first.
    pub fn lines(&self) -> Vec<String> {
        let mark = if self.live { "LIVE" } else { "test" };
        let details =
            self.details.iter().map(|(word, value)| format!("  {word:<7}  {}", escape(value)));
        std::iter::once(format!("{mark}: {}", escape(&self.saw))).chain(details).collect()
    }

    /// The question that a yes answers.
    pub fn yes_or_no(&self) -> String {
        let act = match (self.live, self.sends) {
            (true, true) => "Send it to real people?",
            (true, false) => "Do it in the live app?",
            (false, true) => "Send this test?",
            (false, false) => "Do it in the test app?",
        };
        format!("{act} [y/N]")
    }

    /// The question that the name answers.
    pub fn by_name(&self) -> String {
        let act = match (self.live, self.sends) {
            (true, true) => "to send it to real people",
            (true, false) => "to do it in the live app",
            (false, true) => "to send this test",
            (false, false) => "to do it in the test app",
        };
        format!("Type `{}` {act}", escape(&self.name))
    }

    /// What becomes of it when the person says no, or types another name.
    pub fn declined(self) -> GuardRefusal {
        GuardRefusal {
            guard: self.guard,
            saw: format!("{}, and that was not confirmed", self.saw),
            proceed: "nothing was sent; run it again to be asked again".to_owned(),
        }
    }
}

/// What the first request says first.
fn says(case: &GuardInput<'_>) -> Option<String> {
    let request = case.requests.first()?;
    let trail = Trail::new(request.body);
    let texts = texts(request.operation, trail.root());
    let filled = texts.iter().filter_map(|at| at.as_str()).find(|text| !text.trim().is_empty());
    filled.map(|text| cut(text, MOST_OF_A_TEXT))
}

/// Objects to more targets than the profile allows at all.
pub(super) fn max_targets(case: &GuardInput<'_>) -> Option<Objection> {
    // A name that does not fit is told of as such.
    let count = case.audience.count().filter(|_| other_name(case).is_none())?;
    let max = case.guards.max_targets.filter(|max| count > *max)?;
    Some(Objection {
        saw: format!("{} reaches {count} targets, and max_targets is {max}", act(case)),
        proceed: String::new(),
        answer: Consent::Name,
    })
}

/// Objects to what reaches everybody or many, until a person has said yes.
pub(super) fn confirm(case: &GuardInput<'_>) -> Option<Objection> {
    other_name(case).or_else(|| match case.audience.count() {
        None => {
            Some(Objection { saw: uncounted(case), proceed: String::new(), answer: Consent::Name })
        }
        Some(count) if count > case.confirm_above() => Some(Objection {
            saw: format!(
                "{} reaches {count} targets, more than {}",
                act(case),
                case.confirm_above()
            ),
            proceed: String::new(),
            answer: Consent::Yes,
        }),
        Some(_) => None,
    })
}

/// A `--confirm` that names another profile shows that another one was meant, whether or not anything has to be
/// confirmed.
fn other_name(case: &GuardInput<'_>) -> Option<Objection> {
    let given = case.confirm.filter(|given| *given != case.name)?;
    Some(Objection {
        saw: format!("--confirm names `{given}`, and this goes out as `{}`", case.name),
        proceed: format!("choose the profile that you mean, or give --confirm {}", case.name),
        answer: Consent::None,
    })
}
