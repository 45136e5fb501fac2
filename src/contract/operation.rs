//! Operations and message types: the rows around the fields.

use std::borrow::Cow;

use super::address::AddressVariant;
use super::audience::{Audience, Reach};
use super::recall::Recall;
use super::verb::Verb;
use super::{Condition, Field, Kind, Lit, Shape};
use crate::document::{Document, Trail, Value};
use crate::text::Text;
use crate::wire::Method;

/// One call of a provider's API.
#[derive(Debug)]
pub struct Operation {
    /// Its id within the provider, such as `send`.
    pub id: &'static str,
    /// What it does, in the imperative, without a full stop.
    pub about: Text,
    /// HTTP method.
    pub method: Method,
    /// Path after the base address; `{name}` stands for a path parameter, or for a key of the account.
    pub path: &'static str,
    /// Members with these words choose `path`, as [`AddressVariant::words`] do for the others. They are not sent.
    pub words: &'static [(&'static str, &'static str)],
    /// Its other addresses. The first one that fits a payload is used, and otherwise `method` and `path`.
    pub variants: &'static [AddressVariant],
    /// Which of the provider's hosts serves it: the role of an [`Endpoint`](crate::contract::Endpoint), empty for the
    /// usual one.
    pub host: &'static str,
    /// How the body is encoded.
    pub body: BodyForm,
    /// What the payload must be: body, path and query parameters in one object.
    pub root: Root,
    /// How it is authenticated.
    pub auth: Auth,
    /// herald's commands that use it.
    pub verbs: &'static [Verb],
    /// What it does to people and messages.
    pub effect: Effect,
    /// Which values name its audience.
    pub reach: Reach,
    /// Names that say who is reached, in all sending operations of the provider. Where the audience is read, a member
    /// with nearly such a name, or with such a name that is not a field of this operation, makes it unreadable.
    pub audience: &'static [&'static str],
    /// The effect of a second identical call.
    pub repeat: Repeatable,
    /// Whether it changes what one user sees alone: all others keep what they have.
    pub own_view: bool,
    /// Which list may be split into several calls.
    pub batch: Option<Batching>,
    /// How often it may be called.
    pub rates: &'static [Rate],
    /// Additional limits on requests to everybody, if the vendor counts those separately.
    pub to_all: Option<EverybodyRates>,
    /// Which parts of the request a reply distinguishes.
    pub answers: Answers,
    /// What `accepted` is worth, if the vendor answers before it has done the work.
    pub queued: Option<Acceptance>,
    /// Whether and how what it sent can be recalled.
    pub recall: Recall,
    /// Path of the object that holds a message type's own fields; empty if there is none.
    pub content: &'static str,
    /// Path of the text that names the sender, or the person who acts; empty if there is none.
    pub sender: &'static str,
    /// Outermost members that herald fills in again on every run, such as a number of the request: two requests that
    /// differ only in these say the same.
    pub volatile: &'static [&'static str],
    /// The plan, switch or server edition that it needs.
    pub edition: &'static str,
    /// Document and heading in which the rows were read.
    pub source: &'static str,
}

/// What a vendor has done when it accepts a request that it only queues.
#[derive(Clone, Copy, Debug)]
pub struct Acceptance {
    /// What is still to come, and how to find out, as a sentence.
    pub words: Text,
    /// Whether a server that crashes loses what it had just accepted.
    pub volatile: bool,
}

impl Acceptance {
    /// What a server keeps until it has done the work.
    pub const fn kept(words: &'static str) -> Self {
        Self { words: Text::en(words), volatile: false }
    }

    /// What a server that crashes loses.
    pub const fn volatile(words: &'static str) -> Self {
        Self { words: Text::en(words), volatile: true }
    }
}

impl Operation {
    /// A read-only operation with nothing special; change it by struct update.
    pub const BASE: Self = Self {
        id: "",
        about: Text::NONE,
        method: Method::Post,
        path: "",
        words: &[],
        variants: &[],
        host: "",
        body: BodyForm::Json,
        root: Root::Shape(&Shape::of(&[])),
        auth: Auth::None,
        verbs: &[],
        effect: Effect::Reads,
        reach: Reach::Unsaid,
        audience: &[],
        repeat: Repeatable::Safe,
        own_view: false,
        batch: None,
        rates: &[],
        to_all: None,
        answers: Answers::Targets,
        queued: None,
        recall: Recall::NOTHING,
        content: "",
        sender: "",
        volatile: &[],
        edition: "",
        source: "",
    };

    /// The same at a path, with the shape of its payload.
    #[must_use]
    pub const fn at(self, path: &'static str, shape: &'static Shape) -> Self {
        Self { path, root: Root::Shape(shape), ..self }
    }

    /// The same as a GET, whose payload goes into path and query.
    #[must_use]
    pub const fn get(self) -> Self {
        Self { method: Method::Get, body: BodyForm::None, ..self }
    }

    /// The same as a DELETE, whose payload goes into path and query.
    #[must_use]
    pub const fn delete(self) -> Self {
        Self { method: Method::Delete, body: BodyForm::None, ..self }
    }

    /// The outermost members that only say who is reached. Empty if that is inside a larger member.
    pub fn audience_members(&self) -> Vec<&'static str> {
        let mut members: Vec<&'static str> = Vec::new();
        self.reach.each_target_path(&mut |path| {
            let first = path.trim_start_matches('/').split('/').next().unwrap_or(path);
            if !path.contains('*') && !members.contains(&first) {
                members.push(first);
            }
        });
        members
    }

    /// Whether a payload is a request to everybody that the vendor counts separately.
    pub fn is_to_all(&self, body: &Document) -> bool {
        self.to_all.is_some_and(|all| all.when.holds(Trail::new(body).root()))
    }

    /// The names by which a reply can distinguish the parts of a request.
    pub fn asked<'a>(&self, body: &'a Value, audience: &'a Audience) -> Vec<Cow<'a, str>> {
        match self.answers {
            Answers::Targets => {
                audience.targets().iter().map(|target| target.id.as_str().into()).collect()
            }
            Answers::Values(path) => {
                let mut values = Vec::new();
                values_at(body, path, &mut values);
                values
            }
            Answers::Keys(member) => {
                let entries = body.as_object().and_then(|object| object.get(member));
                let entries = entries.and_then(|node| node.value.as_object());
                entries.into_iter().flatten().map(|entry| (&*entry.key).into()).collect()
            }
            Answers::Others => Vec::new(),
        }
    }

    /// Whether it reaches people.
    pub const fn sends(&self) -> bool {
        matches!(self.effect, Effect::Sends)
    }

    /// The command that it belongs to, where it takes away or changes what was sent.
    pub fn follow_up(&self) -> Option<Verb> {
        let is_own = |verb: &Verb| self.verbs.contains(verb);
        Verb::FOLLOW_UPS.into_iter().find(is_own).filter(|_| self.effect == Effect::Destroys)
    }

    /// Whether a request that may have been done is not made again before people have settled what happened to it: a repeat
    /// would do it twice, or a recall or deletion would not be free of effect.
    pub fn is_held_back(&self) -> bool {
        match self.repeat {
            Repeatable::Duplicates | Repeatable::Deduplicated { .. } => true,
            Repeatable::Safe => false,
            Repeatable::Costly | Repeatable::Notifies => {
                matches!(self.follow_up(), Some(Verb::Recall | Verb::Delete))
            }
        }
    }

    /// Whether a second identical call leads to the same state, even if it costs something or notifies people again.
    pub fn is_same_again(&self) -> bool {
        match self.repeat {
            Repeatable::Safe | Repeatable::Costly | Repeatable::Notifies => true,
            Repeatable::Duplicates | Repeatable::Deduplicated { .. } => false,
        }
    }

    /// The shape of its payload, if that is an object.
    pub fn shape(&self) -> Option<&'static Shape> {
        match self.root {
            Root::Shape(shape) => Some(shape),
            Root::Value(_) => None,
        }
    }
}

/// The texts and numbers at a path of keys joined by `/`, of each item where there is a list.
fn values_at<'a>(value: &'a Value, path: &str, found: &mut Vec<Cow<'a, str>>) {
    match value {
        Value::Array(items) => {
            items.iter().for_each(|item| values_at(&item.value, path, found));
        }
        Value::Object(object) => {
            let (key, rest) = path.split_once('/').unwrap_or((path, ""));
            if let Some(node) = object.get(key) {
                values_at(&node.value, rest, found);
            }
        }
        Value::String(_) | Value::Number(_) if path.is_empty() => {
            found.push(value.as_str().map_or_else(|| value.to_plain().into(), Cow::Borrowed));
        }
        _ => {}
    }
}

/// What the payload must be.
#[derive(Clone, Copy, Debug)]
pub enum Root {
    /// An object of fields.
    Shape(&'static Shape),
    /// Something else: a list.
    Value(&'static Field),
}

/// How the body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// There is no body: all members go into path and query.
    None,
    /// JSON.
    Json,
    /// Percent-encoded pairs.
    Form,
    /// Parts, one of them a file.
    Multipart,
}

/// How a call is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Not at all.
    None,
    /// A digest in headers.
    Headers,
    /// A digest in the body.
    Body,
    /// HTTP Basic with key and secret.
    Basic,
    /// A bearer token; herald gets it with the credentials.
    Bearer,
}

/// What an operation does to people and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reaches people.
    Sends,
    /// It removes or changes what people have: recall, delete, clear, update.
    Destroys,
    /// It changes settings, files or tokens of the app.
    Manages,
    /// It changes nothing.
    Reads,
}

/// The effect of a second identical call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeatable {
    /// It sends, stores or costs a second time.
    Duplicates,
    /// It leads to the same state.
    Safe,
    /// It leads to the same state, but each call costs something: one of a few edits, a place in a narrow rate limit. A
    /// call that may have succeeded is repeated at most once.
    Costly,
    /// It leads to the same state, but people are told of each call. A call that may have succeeded is not repeated.
    Notifies,
    /// The vendor recognises it for `seconds` by an id that the client writes into this field.
    Deduplicated {
        /// The field.
        field: &'static str,
        /// The window.
        seconds: u64,
    },
}

/// Which list may be split into several calls.
#[derive(Clone, Copy, Debug)]
pub struct Batching {
    /// Path of the list.
    pub field: &'static str,
    /// The most items in one call; `None` if the vendor names no limit.
    pub cap: Option<u32>,
}

impl Batching {
    /// A list of at most `cap` items.
    pub const fn of(field: &'static str, cap: u32) -> Option<Self> {
        Some(Self { field, cap: Some(cap) })
    }
}

/// Which parts of the request a reply distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// The targets of the audience, if it distinguishes anything.
    Targets,
    /// The keys of the object in this member of the body.
    Keys(&'static str),
    /// The texts at this path of the body, such as ids of messages: keys joined by `/`. Of a list, each item is meant.
    Values(&'static str),
    /// Something that the request does not name, such as the apps of a group.
    Others,
}

/// How often requests to everybody may be sent.
#[derive(Clone, Copy, Debug)]
pub struct EverybodyRates {
    /// Which payloads these are.
    pub when: Condition,
    /// How often; only requests to everybody count.
    pub rates: &'static [Rate],
}

/// How often an operation may be called.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// Within how many seconds.
    pub seconds: u32,
    /// What is counted.
    pub counted: RateUnit,
    /// For which scope, and what shares it, in words.
    pub scope: &'static str,
    /// Calls with the same pool share it; empty for the operation's own.
    pub pool: &'static str,
}

impl Rate {
    const fn of(
        counted: RateUnit,
        count: u32,
        seconds: u32,
        scope: &'static str,
        pool: &'static str,
    ) -> Self {
        Self { count, seconds, counted, scope, pool }
    }

    /// At most `count` requests in `seconds` seconds.
    pub const fn calls(count: u32, seconds: u32, scope: &'static str, pool: &'static str) -> Self {
        Self::of(RateUnit::Calls, count, seconds, scope, pool)
    }

    /// At most `count` targets of requests in `seconds` seconds.
    pub const fn targets(
        count: u32,
        seconds: u32,
        scope: &'static str,
        pool: &'static str,
    ) -> Self {
        Self::of(RateUnit::Targets, count, seconds, scope, pool)
    }

    /// At most `count` that are alive at a time.
    pub const fn alive(count: u32, seconds: u32, scope: &'static str, pool: &'static str) -> Self {
        Self::of(RateUnit::Alive, count, seconds, scope, pool)
    }
}

/// What a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateUnit {
    /// Requests.
    Calls,
    /// Targets of requests.
    Targets,
    /// What is alive at the same time; the window does not matter.
    Alive,
}

/// A message type.
#[derive(Debug)]
pub struct MessageType {
    /// Its id, as `text`.
    pub id: &'static str,
    /// The vendor's own name or number for it.
    pub wire: Lit,
    /// What it is.
    pub about: Text,
    /// The fields of its content.
    pub content: Option<Kind>,
    /// Facts about it: stored, counted, pushed, who may send it.
    pub facts: &'static str,
    /// Whether people send it by hand.
    pub by_hand: bool,
    /// The neutral flag that makes it, such as `--text`; empty if there is none.
    pub flag: &'static str,
    /// Where the row was read.
    pub source: &'static str,
}
