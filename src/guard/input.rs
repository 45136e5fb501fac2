//! What the guards look at: the finished requests of one command, and what is known about them.

use std::fmt;
use std::path::Path;

use super::{AllowPattern, Confirmed, DEFAULT_CONFIRM_ABOVE, Guard};
use crate::account::{Guards, Mode};
use crate::contract::{Audience, Effect, Operation, Rate, Target, TargetKind};
use crate::document::Document;
use crate::report::LocalTime;

/// Everything that the guards look at.
#[derive(Clone, Copy, Debug)]
pub struct GuardInput<'a> {
    /// What the command does, and its audience.
    pub action: GuardedAction<'a>,
    /// The profile, and where the requests go.
    pub profile: GuardProfile<'a>,
    /// What the user said.
    pub consent: UserConsent<'a>,
    /// The state of this machine, and what was sent before.
    pub environment: GuardEnvironment<'a>,
}

/// What a command does, and its audience.
#[derive(Clone, Copy, Debug)]
pub struct GuardedAction<'a> {
    /// `PROVIDER/OPERATION`, for messages.
    pub operation: &'a str,
    /// The effect of the operation.
    pub effect: Effect,
    /// The targets of all requests together.
    pub audience: AudienceSource<'a>,
    /// The requests. For a job: one finished request for each of its texts.
    pub requests: &'a [OutgoingRequest<'a>],
    /// Whether the command is a broadcast.
    pub broadcast: bool,
    /// The message that the command recalls or changes, where the ledger has it: of several, the first.
    pub about: Option<OutgoingRequest<'a>>,
}

/// The profile of a command, and where its requests go.
#[derive(Clone, Copy, Debug)]
pub struct GuardProfile<'a> {
    /// The guard settings of the profile.
    pub guards: &'a Guards,
    /// The profile's name, or the provider's id where there is no profile.
    pub name: &'a str,
    /// Provider, app and host, for messages.
    pub place: &'a str,
    /// Whether the requests go to the sandbox.
    pub sandbox: bool,
}

/// What the user said, with flags or when the job was opened.
#[derive(Clone, Copy, Debug)]
pub struct UserConsent<'a> {
    /// `--yes`
    pub yes: bool,
    /// `--confirm NAME`
    pub confirm: Option<&'a str>,
    /// `--override GUARD`
    pub overrides: &'a [Guard],
    /// For a job that is resumed: how its audience was confirmed when it was opened. The seal of the job proves it.
    pub confirmed_before: Confirmed,
    /// Whether herald can ask the user: stdin and stderr are terminals, and stdin is not read for anything else.
    pub can_ask: bool,
}

/// The state of this machine, and what was sent before.
#[derive(Clone, Copy, Debug)]
pub struct GuardEnvironment<'a> {
    /// The time, in milliseconds since 1970.
    pub now_ms: i64,
    /// The value of `HERALD_READ_ONLY`.
    pub read_only: Option<&'a str>,
    /// The kill switch, if its file exists.
    pub kill_switch: Option<&'a KillSwitch>,
    /// What the ledger knows about similar requests.
    pub history: &'a RequestHistory,
    /// How people read times.
    pub local: &'a LocalTime,
}

impl GuardInput<'_> {
    /// Whether the command reaches many people: it is a broadcast, or it has as many targets as one.
    pub fn is_broadcast(&self) -> bool {
        let many = |count: u64| count > self.confirm_above();
        let GuardedAction { effect, audience, broadcast, .. } = self.action;
        effect == Effect::Sends && (broadcast || audience.count().is_none_or(many))
    }

    /// How the audience is confirmed without a question: by flags, or when the job was opened.
    pub fn confirmed(&self) -> Confirmed {
        let by_flags = if self.consent.confirm == Some(self.profile.name) {
            Confirmed::ByName
        } else if self.consent.yes {
            Confirmed::ByYes
        } else {
            Confirmed::No
        };
        by_flags.max(self.consent.confirmed_before)
    }

    /// With more targets than this, herald asks the user.
    pub(super) fn confirm_above(&self) -> u64 {
        self.profile.guards.confirm_above.unwrap_or(DEFAULT_CONFIRM_ABOVE)
    }
}

/// A finished request, for guards that read its text.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingRequest<'a> {
    /// Its operation.
    pub operation: &'static Operation,
    /// Its body, without signature.
    pub body: &'a Document,
}

/// Where the targets of a command come from.
#[derive(Clone, Copy, Debug)]
pub enum AudienceSource<'a> {
    /// The requests themselves.
    Requests(&'a Audience),
    /// A list. Its targets were counted while it was read.
    List(&'a AudienceCounts),
}

impl AudienceSource<'_> {
    /// The number of targets; `None` where it is not known.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Requests(audience) => audience.count().map(|count| count as u64),
            Self::List(counts) => (!counts.is_class()).then_some(counts.count),
        }
    }
}

impl fmt::Display for AudienceSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requests(audience) => audience.fmt(f),
            Self::List(counts) => counts.fmt(f),
        }
    }
}

/// The targets of a job, counted request by request, because a job can have too many to keep them in memory. They are read
/// from the finished requests. What a plan file says about its own targets is not used.
#[derive(Clone, Debug, Default)]
pub struct AudienceCounts {
    count: u64,
    first: Option<Target>,
    /// Tags and packages, each once.
    classes: Vec<Target>,
    /// Whether a request reaches everybody, or has an audience that herald cannot read.
    is_everybody: bool,
    /// The first target that is not on the allow list.
    first_unlisted: Option<Target>,
    /// The number of targets that are not on the allow list.
    unlisted: u64,
}

impl AudienceCounts {
    /// Counts the audience of one more request.
    pub fn add(&mut self, audience: &Audience, allow_list: &AllowList<'_>) {
        match audience {
            Audience::Nobody => {}
            Audience::Named(targets) => {
                targets.iter().for_each(|target| self.add_target(target, allow_list));
            }
            Audience::Class(targets) => {
                for target in targets {
                    if !self.classes.contains(target) {
                        self.classes.push(target.clone());
                    }
                }
            }
            Audience::Everybody => self.is_everybody = true,
        }
    }

    /// Counts a target that was not counted before.
    pub fn add_target(&mut self, target: &Target, allow_list: &AllowList<'_>) {
        if matches!(target.kind, TargetKind::Tag | TargetKind::Package) {
            return self.add(&Audience::Class(vec![target.clone()]), allow_list);
        }
        self.count += 1;
        self.first.get_or_insert_with(|| target.clone());
        if !allow_list.allows(target) {
            self.unlisted += 1;
            self.first_unlisted.get_or_insert_with(|| target.clone());
        }
    }

    /// The number of targets.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether the number of people is not known, because a request reaches everybody, a tag or a package.
    pub(super) fn is_class(&self) -> bool {
        self.is_everybody || !self.classes.is_empty()
    }

    /// The first target that is not on the allow list, and the number of further ones.
    pub(super) fn unlisted(&self) -> Option<(&Target, u64)> {
        Some((self.first_unlisted.as_ref()?, self.unlisted - 1))
    }
}

impl fmt::Display for AudienceCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_everybody {
            return Audience::Everybody.fmt(f);
        }
        if !self.classes.is_empty() {
            Audience::Class(self.classes.clone()).fmt(f)?;
            if self.count > 0 {
                f.write_str(", and ")?;
            }
        }
        match (&self.first, self.count) {
            (None, _) if self.classes.is_empty() => f.write_str("nobody"),
            (None, _) => Ok(()),
            (Some(one), 1) => one.fmt(f),
            (Some(first), count) => write!(f, "{count} targets ({first} and {} more)", count - 1),
        }
    }
}

/// The targets that a profile may reach.
#[derive(Clone, Debug)]
pub struct AllowList<'a> {
    /// `None`: every target.
    patterns: Option<Vec<AllowPattern<'a>>>,
}

impl<'a> AllowList<'a> {
    /// The allow list of a profile. Only a profile in mode `test` has one. An unreadable pattern allows no target.
    pub fn of(guards: &'a Guards) -> Self {
        let patterns =
            || guards.allow_to.iter().filter_map(|text| AllowPattern::parse(text).ok()).collect();
        Self { patterns: (guards.mode == Mode::Test).then(patterns) }
    }

    /// Whether the profile may reach a target.
    pub fn allows(&self, target: &Target) -> bool {
        let matches = |pattern: &AllowPattern<'_>| pattern.matches(target);
        self.patterns.as_ref().is_none_or(|patterns| patterns.iter().any(matches))
    }
}

/// A file that stops all sending while it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KillSwitch {
    /// The path of the file.
    pub path: Box<Path>,
    /// Its first line, if herald can read one.
    pub reason: Option<String>,
}

/// What the ledger knows about similar requests.
#[derive(Clone, Debug, Default)]
pub struct RequestHistory {
    /// The latest request of the last [`REPEAT_SECONDS`](super::REPEAT_SECONDS) with the same content and audience that the
    /// vendor may have accepted.
    pub repeat: Option<PreviousRequest>,
    /// The last job of the same name, if these requests belong to a job with a name.
    pub last_job: Option<LatestJob>,
    /// The used part of each of the vendor's quotas.
    pub quotas: Vec<QuotaUse>,
}

/// A request that was sent before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousRequest {
    /// Its id in the ledger.
    pub id: String,
    /// Its age.
    pub age_seconds: u64,
    /// Its outcome, in one word.
    pub outcome: &'static str,
    /// Whether a target certainly received it.
    pub certain: bool,
}

/// The last job of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestJob {
    /// The name.
    pub name: String,
    /// The number of its targets; `None` where it is not known.
    pub targets: Option<u64>,
}

/// The used part of a quota.
#[derive(Clone, Copy, Debug)]
pub struct QuotaUse {
    /// The quota.
    pub rate: &'static Rate,
    /// Calls in the window of the quota until now.
    pub used: u64,
    /// Calls that the new requests need.
    pub asked: u64,
    /// When the oldest used call leaves the window, in milliseconds since 1970.
    pub frees_ms: Option<i64>,
}
