//! Who a request reaches, read from its finished body by the contract's own rows.

use std::fmt;

use super::{Effect, Operation};
use crate::document::{At, Document, Trail};
use crate::error::{Error, Result};
use crate::near::did_you_mean;
use crate::text::unseen_in;

/// Whom a request reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Nobody: it reads, changes what no user sees, or names an empty list.
    Nobody,
    /// These targets, each once.
    Named(Vec<Target>),
    /// Whoever belongs to these tags, packages or labels: nobody here knows how many.
    Class(Vec<Target>),
    /// Everybody, or an audience that cannot be read.
    Everybody,
}

/// A target by its kind and id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The kind.
    pub kind: TargetKind,
    /// The id as the vendor knows it.
    pub id: String,
}

/// The kinds of targets that `--to` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetKind {
    /// One user.
    User,
    /// The members of a group.
    Group,
    /// Who is in a chat room.
    Room,
    /// The subscribers of a channel, or an ultra group.
    Channel,
    /// The devices under an alias.
    Alias,
    /// The devices or users with a tag or label.
    Tag,
    /// One device by its registration id.
    Regid,
    /// The users of an app package.
    Package,
}

impl TargetKind {
    /// Every kind, in the order of the help text.
    pub const ALL: [Self; 8] = [
        Self::User,
        Self::Group,
        Self::Room,
        Self::Channel,
        Self::Alias,
        Self::Tag,
        Self::Regid,
        Self::Package,
    ];

    /// The word before the colon in `--to KIND:ID`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Room => "room",
            Self::Channel => "channel",
            Self::Alias => "alias",
            Self::Tag => "tag",
            Self::Regid => "regid",
            Self::Package => "package",
        }
    }

    /// The kind with a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Target {
    /// A target.
    pub fn new(kind: TargetKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    /// A target as typed: `KIND:ID`, or an id of the vendor's usual kind.
    pub fn parse(typed: &str, usual: TargetKind) -> Result<Self> {
        Self::split(typed, usual).map(|(kind, id)| Self::new(kind, id))
    }

    /// The same in its parts, for lists that are too long to keep each target.
    pub fn split(typed: &str, usual: TargetKind) -> Result<(TargetKind, &str)> {
        let (kind, id) = match typed.split_once(':') {
            Some((word, id)) => match TargetKind::from_word(word) {
                Some(kind) => (kind, id),
                None => return Err(no_kind(word, typed, usual)),
            },
            None => (usual, typed),
        };
        if id.is_empty() {
            let error = Error::usage(format!("the target `{typed}` has no id"));
            return Err(error.help("as in user:bob"));
        }
        if let Some(c) = unseen_in(id) {
            let error = Error::usage(format!("there is {} in the id", c.escape_unicode()));
            return Err(error.help(format!("`{typed}` looks like another id: type it again")));
        }
        Ok((kind, id))
    }
}

fn no_kind(word: &str, typed: &str, usual: TargetKind) -> Error {
    let words = TargetKind::ALL.map(TargetKind::word);
    let help = did_you_mean(word, words).unwrap_or_else(|| {
        let words = words.join(", ");
        format!("the kinds are {words}; an id with a colon is written {usual}:{typed}")
    });
    Error::usage(format!("there is no kind of target `{word}`")).help(help)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// Which values of a request are its audience.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// It reaches nobody.
    Nobody,
    /// It reaches everybody, whatever it says.
    Everybody,
    /// The text, the list of texts or the comma-separated text at this path, all of this kind.
    Field(TargetKind, &'static str),
    /// The list of texts at this path, all of this kind; an empty one reaches nobody.
    Listed(TargetKind, &'static str),
    /// The text at the first path that is there, of the kind beside it.
    Fields(&'static [(TargetKind, &'static str)]),
    /// Whatever a function reads from the body; `None` where it cannot.
    Read(for<'a> fn(At<'a>) -> Option<Audience>),
}

impl Audience {
    /// Whom a body reaches. What cannot be read counts as everybody.
    pub fn of(operation: &Operation, body: &Document) -> Self {
        let trail = Trail::new(body);
        let root = trail.root();
        let read = match operation.reach {
            // Rows that name nobody for something that reaches people do not say whom.
            Reach::Nobody if operation.effect == Effect::Sends => return Self::Everybody,
            Reach::Nobody => return Self::Nobody,
            Reach::Everybody => return Self::Everybody,
            Reach::Field(kind, path) => named(kind, root.find(path)),
            Reach::Listed(kind, path) => match root.find(path).as_array() {
                Some([]) => Some(Self::Nobody),
                Some(_) => named(kind, root.find(path)),
                None => None,
            },
            Reach::Fields(fields) => fields
                .iter()
                .map(|(kind, path)| (*kind, root.find(path)))
                .find(|(_, at)| at.is_there())
                .and_then(|(kind, at)| named(kind, at)),
            Reach::Read(read) => read(root),
        };
        match read {
            Some(Self::Named(targets)) if targets.is_empty() => Self::Everybody,
            Some(audience) => audience.without_repeats(),
            None => Self::Everybody,
        }
    }

    /// How many targets it names; `None` where nobody can say.
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::Nobody => Some(0),
            Self::Named(targets) => Some(targets.len()),
            Self::Class(_) | Self::Everybody => None,
        }
    }

    /// The targets that it names, tags and packages included.
    pub fn targets(&self) -> &[Target] {
        match self {
            Self::Named(targets) | Self::Class(targets) => targets,
            Self::Nobody | Self::Everybody => &[],
        }
    }

    fn without_repeats(self) -> Self {
        let unique = |targets: Vec<Target>| {
            if targets.len() < 2 {
                return targets;
            }
            let mut seen = std::collections::HashSet::new();
            targets.into_iter().filter(|target| seen.insert(target.clone())).collect()
        };
        match self {
            Self::Named(targets) => Self::Named(unique(targets)),
            Self::Class(targets) => Self::Class(unique(targets)),
            other => other,
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::Everybody => f.write_str("everybody"),
            Self::Named(targets) => match targets.as_slice() {
                [] => f.write_str("nobody"),
                [one] => one.fmt(f),
                [first, rest @ ..] => {
                    write!(f, "{} targets ({first} and {} more)", targets.len(), rest.len())
                }
            },
            Self::Class(targets) => {
                let names: Vec<String> = targets.iter().map(Target::to_string).collect();
                write!(f, "everybody with {}", names.join(", "))
            }
        }
    }
}

/// The targets in a text, a list of texts or numbers; `None` where there is something else.
pub fn named(kind: TargetKind, at: At<'_>) -> Option<Audience> {
    let ids = match at.as_array() {
        Some(items) => items.iter().map(|item| id(&item.value)).collect::<Option<Vec<_>>>()?,
        None => vec![id(at.value()?)?],
    };
    let targets: Vec<Target> = ids.into_iter().map(|id| Target::new(kind, id)).collect();
    Some(match kind {
        TargetKind::Tag | TargetKind::Package => Audience::Class(targets),
        _ => Audience::Named(targets),
    })
}

fn id(value: &crate::document::Value) -> Option<String> {
    use crate::document::Value;
    match value {
        Value::String(text) if !text.as_str().is_empty() => Some(text.as_str().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Effect;

    #[test]
    fn a_target_names_its_kind_or_has_the_usual_one() {
        let read =
            |typed: &str| Target::parse(typed, TargetKind::Alias).map(|target| target.to_string());
        assert_eq!(read("bob").expect("a target"), "alias:bob");
        assert_eq!(read("user:bob").expect("a target"), "user:bob");
        assert_eq!(read("user:a:b").expect("a target"), "user:a:b");
        for typed in ["usr:bob", "user:", "", ":x"] {
            assert!(read(typed).is_err(), "{typed}");
        }
        let error = read("gruop:1").expect_err("a typo");
        assert_eq!(error.advice(), Some("did you mean `group`?"));
    }

    #[test]
    fn only_a_list_that_is_there_and_empty_reaches_nobody() {
        let of = |reach: Reach, body: &str| {
            let operation = Operation { effect: Effect::Sends, reach, ..Operation::BASE };
            Audience::of(&operation, &Document::parse(body).expect("JSON")).to_string()
        };
        let listed = Reach::Listed(TargetKind::User, "to");
        for (reach, body, whom) in [
            (listed, r#"{"to":[]}"#, "nobody"),
            (listed, r#"{"to":["a"]}"#, "user:a"),
            (listed, r#"{"to":[null]}"#, "everybody"),
            (listed, r#"{"to":"a"}"#, "everybody"),
            (listed, "{}", "everybody"),
            (Reach::Field(TargetKind::User, "to"), r#"{"to":[]}"#, "everybody"),
            // Rows that do not say whom something that sends reaches.
            (Reach::Nobody, "{}", "everybody"),
        ] {
            assert_eq!(of(reach, body), whom, "{reach:?} {body}");
        }
    }
}
