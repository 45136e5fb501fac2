//! Who a request reaches, read from its finished body by the contract's own rows.

pub mod given_ids;
pub mod id;
pub mod rounded;
pub mod slips;
mod spelling;
#[cfg(test)]
mod tests;

use std::fmt;

use id::TargetFault;

use super::{Effect, Operation};
use crate::document::{At, Document, Trail, ValueView};

/// The people that a request reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// No people: it reads, changes what no user sees, or names an empty list.
    Nobody,
    /// These targets, each once.
    Named(Vec<Target>),
    /// All users that have these tags, packages or labels: herald does not know how many.
    Class(Vec<Target>),
    /// Everybody, or an audience that herald cannot read.
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
    /// The users in a chat room.
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

    /// Parses a target as the user typed it: `KIND:ID`, or an id of the vendor's usual kind.
    pub fn parse(typed: &str, usual: TargetKind) -> Result<Self, TargetFault> {
        let (kind, id) = Self::split(typed, usual)?;
        Self::check(kind, id, id.len() == typed.len())?;
        Ok(Self::new(kind, id))
    }

    /// Refuses what cannot be an id, and what may be none where it was typed without its kind.
    pub fn check(kind: TargetKind, id: &str, is_bare: bool) -> Result<(), TargetFault> {
        TargetFault::of_id(kind, id, is_bare).map_or(Ok(()), Err)
    }

    /// Whether an id begins with a kind of target: it had two of them, or is an id that looks so.
    pub fn has_kind(id: &str) -> bool {
        id.split_once(':').is_some_and(|(word, _)| TargetKind::from_word(word).is_some())
    }

    /// Its kind and its id as they were typed: whether the id can be one is [`Target::check`]'s to say.
    pub fn split(typed: &str, usual: TargetKind) -> Result<(TargetKind, &str), TargetFault> {
        match typed.split_once(':') {
            Some((word, id)) => match TargetKind::from_word(word) {
                Some(kind) => Ok((kind, id)),
                None => Err(TargetFault::no_kind(word, typed, usual)),
            },
            None => Ok((usual, typed)),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// Which values of a request are its audience.
///
/// A path is keys joined by `/`, from the outermost object inwards; `*` stands for every item of a list and every
/// member of an object.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// The row does not say. A read-only operation reaches no people; every other one counts as reaching everybody.
    Unsaid,
    /// Something that the payload does not hold decides, which these words tell. It counts as reaching everybody.
    ForeignCodes(&'static str),
    /// It reaches no people: what it makes or changes belongs only to the app, such as a token or an upload.
    Own,
    /// It reaches everybody, whatever the request says.
    Everybody,
    /// The text, the list of texts or the comma-separated text at this path, all of this kind.
    Field(TargetKind, &'static str),
    /// The list of texts at this path, all of this kind; an empty list reaches no people.
    Listed(TargetKind, &'static str),
    /// The text at the first of these paths that exists, of the kind beside it.
    Fields(&'static [(TargetKind, &'static str)]),
    /// What a function reads at these paths; `None` if it cannot.
    Read(&'static [&'static str], for<'a> fn(At<'a>) -> Option<Audience>),
    /// Who received the messages whose ids (given by the vendor) are at these paths. Only the ledger knows.
    Message(&'static [&'static str]),
    /// The same, but a message unknown to the ledger adds no targets. For payloads that also name their audience.
    KnownMessage(&'static [&'static str]),
    /// What the first readable one of these says.
    FirstOf(&'static [Reach]),
    /// What all of these say together; each of them must be readable.
    AllOf(&'static [Reach]),
}

impl Reach {
    /// Calls `see` with every path at which something says who is reached.
    pub fn each_path(&self, see: &mut dyn FnMut(&'static str)) {
        match self {
            Self::Message(paths) | Self::KnownMessage(paths) => {
                paths.iter().for_each(|path| see(path));
            }
            Self::FirstOf(all) | Self::AllOf(all) => all.iter().for_each(|one| one.each_path(see)),
            _ => self.each_target_path(see),
        }
    }

    /// The same, without ids of messages: these paths hold targets, or words about them.
    pub fn each_target_path(&self, see: &mut dyn FnMut(&'static str)) {
        match self {
            Self::Unsaid | Self::ForeignCodes(_) | Self::Own | Self::Everybody => {}
            Self::Message(_) | Self::KnownMessage(_) => {}
            Self::Field(_, path) | Self::Listed(_, path) => see(path),
            Self::Fields(fields) => fields.iter().for_each(|(_, path)| see(path)),
            Self::Read(paths, _) => paths.iter().for_each(|path| see(path)),
            Self::FirstOf(all) | Self::AllOf(all) => {
                all.iter().for_each(|one| one.each_target_path(see));
            }
        }
    }

    /// Whether an outermost member of a payload says who is reached, or a part of it does.
    pub fn begins_at(&self, member: &str) -> bool {
        let mut begins = false;
        self.each_target_path(&mut |path| {
            begins |= path.trim_start_matches('/').split('/').next() == Some(member);
        });
        begins
    }

    /// Whether a body says who is reached, where the ledger knows every message that it names.
    pub fn is_readable(&self, body: &Document) -> bool {
        let trail = Trail::new(body);
        self.read(trail.root(), &mut |_| Some(Audience::Nobody)).is_some()
    }

    /// Whether it, or a part of it, can be read only if the ledger knows a message.
    pub fn names_messages(&self) -> bool {
        match self {
            Self::Message(_) => true,
            Self::FirstOf(all) | Self::AllOf(all) => all.iter().any(Self::names_messages),
            _ => false,
        }
    }

    /// The audience that it finds in a body; `None` if that cannot be read.
    fn read(&self, root: At<'_>, sent: &mut SentTo<'_>) -> Option<Audience> {
        match *self {
            Self::Unsaid | Self::ForeignCodes(_) => None,
            Self::Own => Some(Audience::Nobody),
            Self::Everybody => Some(Audience::Everybody),
            Self::Field(kind, path) => named(kind, root.find(path)),
            Self::Listed(kind, path) => match root.find(path).as_array()?.is_empty() {
                true => Some(Audience::Nobody),
                false => named(kind, root.find(path)),
            },
            Self::Fields(fields) => {
                let mut places = fields.iter().map(|(kind, path)| (*kind, root.find(path)));
                places.find(|(_, at)| at.is_there()).and_then(|(kind, at)| named(kind, at))
            }
            Self::Read(_, read) => read(root),
            Self::Message(paths) => {
                let mut ids = Vec::new();
                paths.iter().try_for_each(|path| ids_at(root, path, &mut ids))?;
                let got = ids.iter().map(|id| sent(id)).collect::<Option<Vec<_>>>()?;
                (!got.is_empty()).then(|| Audience::together(got))
            }
            Self::KnownMessage(paths) => {
                let mut ids = Vec::new();
                paths.iter().try_for_each(|path| ids_at(root, path, &mut ids))?;
                Some(Audience::together(ids.iter().filter_map(|id| sent(id))))
            }
            Self::FirstOf(all) => all.iter().find_map(|one| one.read(root, sent)),
            Self::AllOf(all) => {
                let all = all.iter().map(|one| one.read(root, sent)).collect::<Option<Vec<_>>>()?;
                Some(Audience::together(all))
            }
        }
    }
}

/// Tells who received the message with one of the vendor's ids; `None` if that is not known.
pub type SentTo<'a> = dyn FnMut(&str) -> Option<Audience> + 'a;

/// The ids at a path. A path that does not exist has none; `None` if it holds something else, or an item has no id.
fn ids_at(at: At<'_>, path: &'static str, ids: &mut Vec<String>) -> Option<()> {
    match path.split_once("*/") {
        None => {
            let at = at.find(path);
            if at.is_there() {
                ids.push(id(at.value()?)?);
            }
            Some(())
        }
        Some((list, rest)) => at.find(list).items().try_for_each(|item| {
            let before = ids.len();
            ids_at(item, rest, ids)?;
            (ids.len() > before).then_some(())
        }),
    }
}

impl Audience {
    /// Whether a body that changes or sends something reaches everybody because its contract says so. One whose audience
    /// merely cannot be read does not count: that it reaches everybody is then only feared.
    pub fn is_said_to_be_everybody(operation: &Operation, body: &Document) -> bool {
        let trail = Trail::new(body);
        operation.effect != Effect::Reads
            && operation.reach.read(trail.root(), &mut |_| None) == Some(Self::Everybody)
    }

    /// Who a body reaches. What cannot be read counts as everybody, and so do messages that it names by an id.
    pub fn of(operation: &Operation, body: &Document) -> Self {
        Self::with_sent(operation, body, &mut |_| None)
    }

    /// The same, but `sent` tells who received the message with an id.
    pub fn with_sent(operation: &Operation, body: &Document, sent: &mut SentTo<'_>) -> Self {
        if matches!(operation.reach, Reach::Unsaid) && operation.effect == Effect::Reads {
            return Self::Nobody;
        }
        let trail = Trail::new(body);
        let root = trail.root();
        if spelling::doubtful_name(operation, root).is_some() {
            return Self::Everybody;
        }
        Self::read(operation, root, sent)
    }

    /// The same for a body that has no [doubtful name](Self::doubtful_name): a broadcast looks for one once, and not
    /// again for each request.
    pub fn of_sure_names(operation: &Operation, body: &Document) -> Self {
        if matches!(operation.reach, Reach::Unsaid) && operation.effect == Effect::Reads {
            return Self::Nobody;
        }
        Self::read(operation, Trail::new(body).root(), &mut |_| None)
    }

    fn read(operation: &Operation, root: At<'_>, sent: &mut SentTo<'_>) -> Self {
        match operation.reach.read(root, sent) {
            Some(Self::Named(targets)) if targets.is_empty() => Self::Everybody,
            // The row of an operation that sends cannot say that it reaches no people.
            Some(Self::Nobody) if denies_its_audience(operation) => Self::Everybody,
            Some(audience) => audience.without_repeats(),
            None => Self::Everybody,
        }
    }

    /// A name in a body that the vendor may read as part of the audience, although herald does not: the audience is
    /// then unreadable.
    pub fn doubtful_name(operation: &Operation, body: &Document) -> Option<String> {
        spelling::doubtful_name(operation, Trail::new(body).root()).map(str::to_owned)
    }

    /// Who several requests reach together. A target that two of them name appears twice.
    pub fn together(all: impl IntoIterator<Item = Self>) -> Self {
        let (mut named, mut class) = (Vec::new(), Vec::new());
        for audience in all {
            match audience {
                Self::Everybody => return Self::Everybody,
                Self::Nobody => {}
                Self::Named(targets) => named.extend(targets),
                Self::Class(targets) => class.extend(targets),
            }
        }
        match (named.is_empty(), class.is_empty()) {
            (true, true) => Self::Nobody,
            (false, true) => Self::Named(named),
            (_, false) => {
                class.extend(named);
                Self::Class(class)
            }
        }
    }

    /// How many targets it names; `None` if the number is unknown.
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

/// Whether the row of an operation that sends says that it reaches no people.
fn denies_its_audience(operation: &Operation) -> bool {
    operation.effect == Effect::Sends && matches!(operation.reach, Reach::Own)
}

/// The targets in a text or in a list of texts or numbers; `None` if the value is something else.
pub fn named(kind: TargetKind, at: At<'_>) -> Option<Audience> {
    let ids = match at.as_array() {
        Some(items) => items.values().map(id).collect::<Option<Vec<_>>>()?,
        None => vec![id(at.value()?)?],
    };
    let targets: Vec<Target> = ids.into_iter().map(|id| Target::new(kind, id)).collect();
    Some(match kind {
        TargetKind::Tag | TargetKind::Package => Audience::Class(targets),
        _ => Audience::Named(targets),
    })
}

fn id(value: ValueView<'_>) -> Option<String> {
    match value {
        ValueView::String(text) if !text.is_empty() => Some(text.to_owned()),
        ValueView::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
