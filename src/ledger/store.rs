//! The boundary behind which entries are kept: a database has to do this, and nothing else.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::{Ending, Entry, Intent, Realm, Resolution, Standing};
use crate::contract::Verb;
use crate::error::Result;

/// Where entries are kept. Several processes, or machines, may work on the same entries at once.
pub(super) trait Store: Send {
    /// Keeps intents, all or none. They outlive a power cut when this returns: many may share the cost of that.
    fn begin(&mut self, intents: &[Intent]) -> Result<()>;

    /// Counts an attempt. It may be lost in a power cut.
    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()>;

    /// Keeps endings, all or none, as durably as intents.
    fn finish(&mut self, endings: &[(Uuid, &Ending)]) -> Result<()>;

    /// Keeps a resolution, unless the entry has one or has a definite ending: then the answer is `false`.
    fn resolve(&mut self, entry: Uuid, resolution: &Resolution) -> Result<bool>;

    /// Hands over entries, the latest first, until it is told to stop. [`Filter::standing`] and [`Filter::limit`] are
    /// not its concern.
    fn each(&mut self, query: &Query, take: &mut dyn FnMut(Entry) -> ControlFlow<()>)
    -> Result<()>;

    /// What tells whether a writer, as entries name it, is still at work.
    fn liveness(&self) -> Box<dyn Fn(&str) -> Liveness>;
}

/// Whether the process that wrote an entry is still at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    /// It is.
    Alive,
    /// It has ended, one way or another.
    Gone,
    /// Nobody can tell: its deadline decides.
    CannotTell,
}

impl Liveness {
    /// Whether an entry may still be being sent.
    pub(super) fn says_alive(self, before_deadline: bool) -> bool {
        match self {
            Self::Alive => true,
            Self::Gone => false,
            Self::CannotTell => before_deadline,
        }
    }
}

/// A question to the store.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// Which entries.
    pub(super) which: Which,
    /// What they have in common besides.
    pub(super) filter: Filter,
}

/// Which entries a question is about.
#[derive(Clone, Debug)]
pub(super) enum Which {
    /// All of them.
    All,
    /// Those whose id begins so, in lower case.
    Prefix(String),
    /// Those to which the vendor gave this id, for the whole or for a target.
    VendorId(String),
    /// Those that recalled or changed an entry.
    FollowUps(Uuid),
    /// Those of these commands that reach people.
    Sends(&'static [Verb]),
}

/// What entries of a list have in common.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this realm.
    pub realm: Option<Realm>,
    /// Of this provider.
    pub provider: Option<String>,
    /// Of this profile.
    pub profile: Option<String>,
    /// Standing so; a denial and a rejection are the same.
    pub standing: Option<Standing>,
    /// Begun at this time or later, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// At most so many.
    pub limit: Option<usize>,
}
