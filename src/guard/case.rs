//! What the guards look at: finished requests, and what is known around them.

use std::fmt;
use std::path::Path;

use super::{AllowPattern, CONFIRM_ABOVE, Confirmed, Guard};
use crate::account::{Guards, Mode};
use crate::contract::{Audience, Effect, Operation, Rate, Target, TargetKind};
use crate::document::Document;

/// Finished requests of one command, and all that the guards look at besides.
#[derive(Clone, Copy, Debug)]
pub struct GuardInput<'a> {
    /// `PROVIDER/OPERATION`, for people.
    pub operation: &'a str,
    /// What the operation does.
    pub effect: Effect,
    /// Whom the requests reach, together.
    pub audience: Reached<'a>,
    /// The requests; of a job one finished request for each of its texts.
    pub requests: &'a [OutgoingRequest<'a>],
    /// Whether the command is one that reaches many.
    pub broadcast: bool,
    /// How careful the profile is.
    pub guards: &'a Guards,
    /// The profile's name, or the provider's id where there is no profile.
    pub name: &'a str,
    /// Provider, app and host, for people.
    pub place: &'a str,
    /// Whether it stays in the sandbox.
    pub sandbox: bool,
    /// The time, in milliseconds since 1970.
    pub now_ms: i64,
    /// The value of `HERALD_READ_ONLY`.
    pub read_only: Option<&'a str>,
    /// The file that stops everything, where it is there.
    pub kill_switch: Option<&'a KillSwitch>,
    /// What the ledger knows.
    pub past: &'a Past,
    /// `--yes`
    pub yes: bool,
    /// `--confirm NAME`
    pub confirm: Option<&'a str>,
    /// `--override GUARD`
    pub overrides: &'a [Guard],
    /// How the same was confirmed before: what a job's seal tells when it is resumed.
    pub confirmed_before: Confirmed,
    /// Whether a person can be asked: stdin and stderr are terminals, and stdin is not read for anything else.
    pub can_ask: bool,
}

impl GuardInput<'_> {
    /// Whether it reaches many: a broadcast, or what comes to the same.
    pub fn is_broadcast(&self) -> bool {
        let many = |count: u64| count > self.confirm_above();
        self.effect == Effect::Sends && (self.broadcast || self.audience.count().is_none_or(many))
    }

    /// How it is confirmed without a question: by flags, or by what was said before.
    pub fn confirmed(&self) -> Confirmed {
        let by_flags = if self.confirm == Some(self.name) {
            Confirmed::ByName
        } else if self.yes {
            Confirmed::ByYes
        } else {
            Confirmed::No
        };
        by_flags.max(self.confirmed_before)
    }

    /// From where on a person is asked.
    pub(super) fn confirm_above(&self) -> u64 {
        self.guards.confirm_above.unwrap_or(CONFIRM_ABOVE)
    }
}

/// A finished request: the guards read what it says.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingRequest<'a> {
    /// Its operation.
    pub operation: &'static Operation,
    /// Its body, unsigned.
    pub body: &'a Document,
}

/// Whom requests reach.
#[derive(Clone, Copy, Debug)]
pub enum Reached<'a> {
    /// Whom they name.
    Audience(&'a Audience),
    /// The targets of a list, counted while it was read.
    Listed(&'a AudienceCounts),
}

impl Reached<'_> {
    /// How many targets; `None` where nobody can say.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Audience(audience) => audience.count().map(|count| count as u64),
            Self::Listed(tally) => (!tally.is_class()).then_some(tally.count),
        }
    }
}

impl fmt::Display for Reached<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audience(audience) => audience.fmt(f),
            Self::Listed(tally) => tally.fmt(f),
        }
    }
}

/// The targets of a job's requests, counted one request after the other: there may be too many to keep. They are read from
/// finished requests, never taken from what a file says of them.
#[derive(Clone, Debug, Default)]
pub struct AudienceCounts {
    count: u64,
    first: Option<Target>,
    /// Tags and packages, each once.
    class: Vec<Target>,
    /// Whether everybody is reached, or an audience that cannot be read.
    is_everybody: bool,
    stranger: Option<Target>,
    strangers: u64,
}

impl AudienceCounts {
    /// Counts the audience of one more request.
    pub fn add(&mut self, audience: &Audience, guests: &Guests<'_>) {
        match audience {
            Audience::Nobody => {}
            Audience::Named(targets) => {
                targets.iter().for_each(|target| self.take(target, guests));
            }
            Audience::Class(targets) => {
                for target in targets {
                    if !self.class.contains(target) {
                        self.class.push(target.clone());
                    }
                }
            }
            Audience::Everybody => self.is_everybody = true,
        }
    }

    /// Counts a target, which has not been counted before.
    pub fn take(&mut self, target: &Target, guests: &Guests<'_>) {
        if matches!(target.kind, TargetKind::Tag | TargetKind::Package) {
            return self.add(&Audience::Class(vec![target.clone()]), guests);
        }
        self.count += 1;
        if self.first.is_none() {
            self.first = Some(target.clone());
        }
        if !guests.invite(target) {
            self.strangers += 1;
            if self.stranger.is_none() {
                self.stranger = Some(target.clone());
            }
        }
    }

    /// How many targets there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether the number of people is not known: everybody is reached, or a tag or a package.
    pub(super) fn is_class(&self) -> bool {
        self.is_everybody || !self.class.is_empty()
    }

    /// The first target that is no guest, and how many others are none.
    pub(super) fn strangers(&self) -> Option<(&Target, u64)> {
        Some((self.stranger.as_ref()?, self.strangers - 1))
    }
}

impl fmt::Display for AudienceCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_everybody {
            return Audience::Everybody.fmt(f);
        }
        if !self.class.is_empty() {
            Audience::Class(self.class.clone()).fmt(f)?;
            if self.count > 0 {
                f.write_str(", and ")?;
            }
        }
        match (&self.first, self.count) {
            (None, _) if self.class.is_empty() => f.write_str("nobody"),
            (None, _) => Ok(()),
            (Some(one), 1) => one.fmt(f),
            (Some(first), count) => write!(f, "{count} targets ({first} and {} more)", count - 1),
        }
    }
}

/// Whom a profile may reach.
#[derive(Clone, Debug)]
pub struct Guests<'a> {
    /// `None` where everybody is invited.
    list: Option<Vec<AllowPattern<'a>>>,
}

impl<'a> Guests<'a> {
    /// Those of a profile: outside mode `test` everybody. A pattern that cannot be read invites nobody.
    pub fn of(guards: &'a Guards) -> Self {
        let patterns =
            || guards.allow_to.iter().filter_map(|text| AllowPattern::parse(text).ok()).collect();
        Self { list: (guards.mode == Mode::Test).then(patterns) }
    }

    /// Whether a target is among them.
    pub fn invite(&self, target: &Target) -> bool {
        self.list.as_ref().is_none_or(|list| list.iter().any(|pattern| pattern.matches(target)))
    }
}

/// A file that stops everything by being there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KillSwitch {
    /// Where it is.
    pub path: Box<Path>,
    /// Its first line, where it has one that can be read.
    pub reason: Option<String>,
}

/// What the ledger knows of requests like these.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The latest one of the last [`REPEAT_SECONDS`](super::REPEAT_SECONDS) that says the same to the same audience, and
    /// may have been accepted.
    pub repeat: Option<Earlier>,
    /// The last job of the same name, where the requests belong to one with a name.
    pub last_job: Option<LatestJob>,
    /// What of the vendor's quotas is used.
    pub quotas: Vec<QuotaUse>,
}

/// A request that went out before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its id in the ledger.
    pub id: String,
    /// How long ago.
    pub age_seconds: u64,
    /// What became of it, in a word.
    pub outcome: &'static str,
    /// Whether somebody certainly got it.
    pub certain: bool,
}

/// The last job of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestJob {
    /// The name.
    pub name: String,
    /// How many targets it had; `None` where nobody could say.
    pub targets: Option<u64>,
}

/// How much of a quota is used.
#[derive(Clone, Copy, Debug)]
pub struct QuotaUse {
    /// The quota.
    pub rate: &'static Rate,
    /// Calls in its window until now.
    pub used: u64,
    /// Calls that these requests are.
    pub asked: u64,
    /// When the first of the used ones leaves the window, in milliseconds since 1970.
    pub frees_ms: Option<i64>,
}
