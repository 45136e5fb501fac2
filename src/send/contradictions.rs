//! Refuses a `--set` that gives a field another value than the flag of that field: which of the two is meant, only the
//! user knows.

use crate::contract::Operation;
use crate::contract::typed::{self, PathRoots, SetExpr};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider::{Content, Media, SendIntent, WantedAudience};
use crate::send::options::MessageOptions;
use crate::send::origins::{Origins, ValueOrigin, is_within, value_at_place};

/// A flag that the user gave and that gives fields of the payload their values.
#[derive(Clone, Debug)]
pub(crate) struct GivenFlag {
    /// The flag, such as `--to`.
    pub(crate) flag: &'static str,
    /// Which fields it fills in.
    pub(crate) fills: FilledFields,
}

/// The fields that a flag fills in.
#[derive(Clone, Debug)]
pub(crate) enum FilledFields {
    /// Those of the contract's audience row.
    Audience,
    /// That of the sender.
    Sender,
    /// Those that hold one of these texts because of the flag.
    Texts(Vec<String>),
    /// These places, which hold the type of the message.
    Type(Vec<String>),
}

impl GivenFlag {
    /// The sender's flag.
    pub(crate) const FROM: Self = Self { flag: "--from", fills: FilledFields::Sender };

    /// The flags of a message that fill in fields.
    pub(crate) fn all(intent: &SendIntent<'_>) -> Vec<Self> {
        let texts = |flag, texts| Self { flag, fills: FilledFields::Texts(texts) };
        let audience = |flag| Self { flag, fills: FilledFields::Audience };
        let wanted = match &intent.audience {
            WantedAudience::Everybody => Some(audience("--all")),
            WantedAudience::Targets(targets) if targets.is_empty() => None,
            WantedAudience::Targets(_) => Some(audience(TO)),
        };
        let extra = intent.extra.iter().map(|(_, value)| value.clone()).collect();
        wanted
            .into_iter()
            .chain(intent.from.map(|_| Self::FROM))
            .chain(intent.content.as_ref().map(|given| texts(given.flag(), texts_of(given))))
            .chain(intent.title.map(|title| texts("--title", vec![title.to_owned()])))
            .chain((!intent.extra.is_empty()).then(|| texts("--extra", extra)))
            .collect()
    }

    /// The places that it fills in, as far as the value there is the flag's own.
    fn places(&self, operation: &Operation, body: &Value, origins: &Origins) -> Vec<String> {
        let mut places = Vec::new();
        let texts = match &self.fills {
            FilledFields::Audience => {
                operation.reach.each_target_path(&mut |path| {
                    if !path.contains('*') {
                        places.push(format!("/{}", path.trim_matches('/')));
                    }
                });
                return places;
            }
            FilledFields::Sender if operation.sender.is_empty() => return places,
            FilledFields::Sender => {
                return vec![format!("/{}", operation.sender.trim_matches('/'))];
            }
            FilledFields::Type(places) => return places.clone(),
            FilledFields::Texts(texts) => texts,
        };
        // A value that is only derived from that of the flag, as the name of a file from its address, may be another one.
        let is_own = |place: &String| match value_at_place(body, place) {
            Some(Value::String(text)) => texts.iter().any(|own| own == text.as_str()),
            Some(Value::Number(number)) => texts.iter().any(|own| own == number.as_str()),
            _ => false,
        };
        places.extend(origins.places_of(&ValueOrigin::Flag(self.flag)).filter(|at| is_own(at)));
        places.dedup();
        main_places(operation, places)
    }

    /// Its name for the user.
    fn name(&self, origins: &Origins) -> &'static str {
        match self.fills {
            FilledFields::Audience => origins.audience_flag(self.flag),
            _ => self.flag,
        }
    }
}

impl Origins {
    /// Leaves out what is not among the flags of the user: that is a default of the profile, and `--set` beats it. Targets
    /// that no `--to` names are those of a list.
    pub(crate) fn keep_given_by(&mut self, asked: &MessageOptions) {
        self.given.retain(|given| match given.flag {
            "--from" => asked.from.is_some(),
            "--title" => asked.title.is_some(),
            _ => true,
        });
        for given in &mut self.given {
            if given.flag == TO && asked.to.is_empty() {
                given.flag = "--targets";
            }
        }
    }

    /// The same beside a file, which may give audience, sender and content.
    pub(crate) fn keep_given(&mut self, audience: bool, sender: bool, content: bool) {
        self.given.retain(|given| match given.fills {
            FilledFields::Audience => audience,
            FilledFields::Sender => sender,
            FilledFields::Texts(_) | FilledFields::Type(_) => content,
        });
    }
}

/// The flag of targets.
const TO: &str = "--to";

/// A text may stand in several places, as in the notification of one platform, and may be another one there: these are
/// the places in the content, or the outermost one.
fn main_places(operation: &Operation, places: Vec<String>) -> Vec<String> {
    let content = format!("/{}", operation.content.trim_matches('/'));
    let in_content = |place: &&String| content.len() > 1 && is_within(place, &content);
    let inside: Vec<String> = places.iter().filter(in_content).cloned().collect();
    if !inside.is_empty() {
        return inside;
    }
    let depth = |place: &String| place.matches('/').count();
    let outermost = places.iter().map(depth).min();
    places.into_iter().filter(|place| Some(depth(place)) == outermost).collect()
}

fn texts_of(content: &Content) -> Vec<String> {
    match content {
        Content::Text(text) | Content::Command(text) => vec![text.clone()],
        Content::Image(media)
        | Content::Voice(media)
        | Content::Video(media)
        | Content::File(media) => match media {
            Media::Url(url) => vec![url.clone()],
            // The address of a local file is not the user's.
            Media::File(_) => Vec::new(),
        },
        Content::Location { latitude, longitude, name } => {
            [latitude, longitude].into_iter().chain(name).cloned().collect()
        }
    }
}

/// Refuses the first `--set` that changes what a flag gave. `before` is the payload of the flags, `after` that with every
/// `--set`; new members beside those of an audience narrow it, and are fine.
pub(crate) fn check(
    operation: &Operation,
    (before, after): (&Value, &Value),
    sets: &[SetExpr],
    origins: &Origins,
) -> Result<()> {
    for given in &origins.given {
        let places = given.places(operation, before, origins);
        let is_changed = |place: &&String| {
            let (before, after) = (value_at_place(before, place), value_at_place(after, place));
            before.is_some_and(|before| !after.is_some_and(|after| keeps(before, after)))
        };
        for place in places.iter().filter(is_changed) {
            let is_it =
                |set: &&SetExpr| reaches(set, operation, (before, after), origins.roots, place);
            let Some(set) = sets.iter().rev().find(is_it) else { continue };
            let flag = given.name(origins);
            return Err(Error::usage(format!(
                "`{flag}` and `--set {}` contradict each other",
                set.path()
            ))
            .help(format!("both give the same field: leave out {flag} or the --set")));
        }
    }
    Ok(())
}

/// Whether a `--set` gives the value at a place, one inside it, or one around it.
fn reaches(
    set: &SetExpr,
    operation: &Operation,
    (before, after): (&Value, &Value),
    roots: PathRoots,
    place: &str,
) -> bool {
    [before, after].into_iter().any(|body| {
        typed::place(set, body, operation, roots).is_ok_and(|found| {
            let step = |name: &String| format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            let set: String = found.names.iter().map(step).collect();
            is_within(&set, place) || is_within(place, &set)
        })
    })
}

/// Whether a value has all that it had before.
fn keeps(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before.iter().all(|member| {
            after.get(&member.key).is_some_and(|node| keeps(&member.node.value, &node.value))
        }),
        (before, after) => before.same(after),
    }
}
