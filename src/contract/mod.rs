//! The language in which the contracts of vendors are written.
//!
//! A contract is constant data: operations, their fields, limits and rules, each stated once with its source. `--set`,
//! lint, JSON Schema, the reference pages, completion, the guards and the sandbox are all computed from these rows; no
//! other code knows what a vendor accepts.
//!
//! The parts, from small to large: a [`Limit`] on one value; a [`Kind`] of value; a [`Field`], a named value with its
//! limits; a [`Shape`], an object of fields with the checks that span them; an [`Operation`]; a [`Contract`],
//! everything about one provider. [`Codes`] say which rule id a fault gets, and [`Policy`] says how strictly a body is
//! read: both apply to a row, a shape or a provider, and the nearest one wins.

mod address;
pub mod audience;
mod credential;
mod endpoint;
mod error_code;
mod field;
mod find_out;
mod finding;
mod foreign_codes;
mod http_status;
pub mod identify;
mod ignored;
mod ignored_rules;
pub mod json_rules;
mod kind;
mod limit;
mod operation;
mod recall;
pub mod reference;
mod sandbox_switch;
pub mod schema;
mod secrets;
mod shape;
mod sink;
mod tables;
pub mod typed;
mod verb;
mod walk;
pub(crate) mod words;
mod wrong_name;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use address::AddressVariant;
pub use audience::id::IdFault;
pub use audience::{Audience, Reach, Target, TargetKind};
pub use credential::{CredentialKey, Endpoint, SandboxRole};
pub use endpoint::base_url;
pub(crate) use endpoint::{check_endpoint, has_usual_endpoint};
pub use error_code::{ErrorCode, Retry, SdkCode};
pub use field::{Deprecated, Field, Fill, Position, Presence};
pub use find_out::{CheckedBy, DoubtfulMessage, FindOut};
pub use finding::{BoundedFindings, Finding, FindingLimit, MoreFindings};
pub use foreign_codes::ForeignCodes;
pub(crate) use http_status::FIND_OUT;
pub use http_status::http_status;
pub use ignored::Ignored;
pub use kind::{Bools, Choice, FileRules, InnerKind, Int, Kind, Lit, MapOf, Spelling, Width};
pub use limit::{Length, Limit, Test, TextForm, ValueCheck};
pub use operation::{
    Acceptance, Answers, Auth, Batching, BodyForm, Effect, EverybodyRates, MessageType, Operation,
    Rate, RateUnit, Repeatable, Root,
};
pub use recall::{ListedRecall, Recall, RecallException, RecallLimit};
pub use sandbox_switch::{
    CLOCK, COMMON_SWITCHES, EACH_OPERATION, QUOTA, SandboxSwitch, SwitchValues, offset_ms,
};
pub use secrets::SecretNames;
pub use shape::{
    Budget, BudgetPart, Case, Check, Codes, Condition, CrossCheck, Empties, Null, Policy, Shape,
    Unknown, Variant,
};
pub use verb::Verb;
pub use wrong_name::{Misplaced, WrongName};

pub use sink::{Context, FindingSink};
pub(crate) use tables::{choices, error_codes, operations, rows, rules};

pub use ignored_rules::IgnoredRules;

use crate::account::Account;
use crate::seal::SealKey;
use crate::text::Text;

/// The id of a rule within its provider, such as `V2-13`; `PROVIDER/ID` is the code of a finding.
pub type RuleId = &'static str;

/// All that herald knows about one provider, as rows.
#[derive(Debug)]
pub struct Contract {
    /// Id of the provider, such as `jpush-v2`.
    pub id: &'static str,
    /// The product's name, for people.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: Text,
    /// Where requests go.
    pub endpoints: &'static [Endpoint],
    /// Keys of a profile that hold credentials or identity.
    pub credentials: &'static [CredentialKey],
    /// How strictly bodies are read, unless a shape says something else.
    pub policy: Policy,
    /// Which rule a fault gets, unless a row or a shape says something else.
    pub codes: Codes,
    /// Every rule: errors, warnings and hints.
    pub rules: &'static [Rule],
    /// Every operation.
    pub operations: &'static [Operation],
    /// Groups of operations whose payloads have the same shape, by their ids. A payload that fits several of a group is
    /// linted as the first of these in the list, the principal: what sends to users stands before groups, rooms and
    /// system messages, the plain form before its variants, what reads before what deletes.
    pub groups: &'static [&'static [&'static str]],
    /// Every message type.
    pub types: &'static [MessageType],
    /// Every documented error code.
    pub errors: &'static [ErrorCode],
    /// Codes that people meet beside this API.
    pub elsewhere: &'static [ForeignCodes],
    /// How people find out what happened to a message whose answer was lost. The first row that fits an operation counts.
    pub find_out: &'static [FindOut],
    /// The kind of target that `--to ID` means if the user names no kind.
    pub default_target: TargetKind,
    /// Whether ids ignore the case of letters, so that a reply may spell them differently.
    pub folds_ids: bool,
    /// Whether a documented error with HTTP 4xx may have the id of a message, which was not sent all the same.
    pub refusals_have_ids: bool,
    /// Other sets of credentials that the mock server takes.
    pub sandbox_roles: &'static [SandboxRole],
    /// Switches of the mock server, beside those that every provider has.
    pub switches: &'static [SandboxSwitch],
    /// How many requests a connection may carry, if the vendor limits it: herald closes it after the last of them.
    pub requests_per_connection: Option<u32>,
    /// Codes by which a server says that it does not keep up: herald has fewer requests in flight then.
    pub overrun: &'static [&'static str],
    /// The documents in which the rows were read.
    pub source: &'static str,
}

impl Contract {
    /// An empty provider that reads bodies strictly: a start for `..Contract::BASE`.
    pub const BASE: Self = Self {
        id: "",
        name: "",
        about: Text::NONE,
        endpoints: &[],
        credentials: &[],
        policy: Policy {
            null: Null::Absent,
            absent: Empties::NONE,
            digits: Spelling::Refuse,
            words: Spelling::Refuse,
            unknown: Unknown::Ignore,
        },
        codes: Codes::NONE,
        rules: &[],
        operations: &[],
        groups: &[],
        types: &[],
        errors: &[],
        elsewhere: &[],
        find_out: &[],
        default_target: TargetKind::User,
        folds_ids: false,
        refusals_have_ids: false,
        sandbox_roles: &[],
        switches: &[],
        requests_per_connection: None,
        overrun: &[],
        source: "",
    };

    /// The rule with an id.
    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The operation with an id.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The group that an operation is in; empty if its payloads have a shape of their own.
    pub fn group_of(&self, id: &str) -> &'static [&'static str] {
        self.groups.iter().copied().find(|group| group.contains(&id)).unwrap_or_default()
    }

    /// The message type with an id, or with the vendor's name or number for it.
    pub fn message_type(&self, name: &str) -> Option<&'static MessageType> {
        self.types.iter().find(|row| row.id == name || row.wire.to_text() == name)
    }

    /// Which of the vendor's apps an account is for, without secrets: the values of the keys that are not secret. Keys
    /// with fixed choices are left out: they do not name the app. The endpoint, if no key is left.
    pub fn app_of(&self, account: &Account) -> String {
        let names = |row: &&CredentialKey| !row.secret && row.values.is_empty();
        let keys = self.credentials.iter().filter(names);
        let values: Vec<&str> = keys.filter_map(|row| account.value(row.name)).collect();
        if values.is_empty() {
            account.endpoint.clone().unwrap_or_default()
        } else {
            values.join("#")
        }
    }

    /// The key of an app's seals; `None` if the app has no lasting secret.
    pub fn seal_key_of(&self, account: &Account) -> Option<SealKey> {
        let lasting = self.credentials.iter().filter(|row| row.lasting);
        let secrets =
            lasting.filter_map(|row| Some((row.name, account.secret(row.name)?.expose())));
        SealKey::derive(secrets, self.id, &self.app_of(account))
    }
}

/// One rule of a provider: the subject of a finding, for `explain` and for `--allow`.
#[derive(Debug)]
pub struct Rule {
    /// Its id, which never changes: `E02`, `V2-13`, `JM-W07`.
    pub id: RuleId,
    /// How severe it is.
    pub severity: Severity,
    /// The fault in a few words, lower case: `required field missing`.
    pub title: Text,
    /// Why it matters and what to do, in one or two sentences.
    pub cure: Text,
    /// Whether it points at a secret, which no excerpt shows.
    pub hides: bool,
    /// Whether it has several faults, each of which is told a help of its own where the row gives one.
    pub by_fault: bool,
    /// How it is told about a message that herald composed from flags; `None` in its own words.
    pub settled: Option<SettledBy>,
}

/// What settles a finding about a message that herald composed: a choice that the user has, and no fault.
#[derive(Clone, Copy, Debug)]
pub struct SettledBy {
    /// The question, or what happens otherwise; empty for the finding's own words.
    pub ask: &'static str,
    /// What settles it, as values of `--set`: those of the fields that the finding is about.
    pub sets: &'static [&'static str],
}

impl Rule {
    const fn new(id: RuleId, severity: Severity, title: &'static str, cure: &'static str) -> Self {
        Self {
            id,
            severity,
            title: Text::en(title),
            cure: Text::en(cure),
            hides: false,
            by_fault: false,
            settled: None,
        }
    }

    /// What settles it in a message that herald composed.
    #[must_use]
    pub const fn settled(self, ask: &'static str, sets: &'static [&'static str]) -> Self {
        Self { settled: Some(SettledBy { ask, sets }), ..self }
    }

    /// It points at a secret.
    #[must_use]
    pub const fn hides(self) -> Self {
        Self { hides: true, ..self }
    }

    /// Each of its faults is told a help of its own.
    #[must_use]
    pub const fn by_fault(self) -> Self {
        Self { by_fault: true, ..self }
    }
}

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The vendor refuses it, or it cannot have the effect that it states. Stops a send.
    Error,
    /// Legal, but probably a mistake.
    Warning,
    /// Worth knowing.
    Hint,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Hint];

    /// The word in herald's output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }

    /// What the word means.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Error => "the vendor refuses it: nothing is sent, and the exit code is 1",
            Self::Warning => "it is legal, but probably a mistake",
            Self::Hint => "it is worth knowing",
        }
    }
}

/// A row for a rule that is an error.
pub const fn error(id: RuleId, title: &'static str, cure: &'static str) -> Rule {
    Rule::new(id, Severity::Error, title, cure)
}

/// A row for a rule that is a warning.
pub const fn warning(id: RuleId, title: &'static str, cure: &'static str) -> Rule {
    Rule::new(id, Severity::Warning, title, cure)
}

/// A row for a rule that is a hint.
pub const fn hint(id: RuleId, title: &'static str, cure: &'static str) -> Rule {
    Rule::new(id, Severity::Hint, title, cure)
}

/// The sorts of faults that rows can find. A row, a shape or a provider says which rule each gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// A required value is absent.
    Missing,
    /// Another JSON type, a fraction, or a number outside its width.
    Type,
    /// `null` where it does not count as absent.
    Null,
    /// An empty or blank text where a text is required.
    Empty,
    /// A value that is not in the closed set.
    Set,
    /// A number outside its range.
    Range,
    /// A text longer or shorter than allowed.
    Length,
    /// A text of the wrong form: characters, pattern, calendar.
    Form,
    /// Too few or too many items or members.
    Items,
    /// A key that the map does not allow.
    Key,
    /// A string that should hold JSON and does not.
    Json,
    /// A string that should be base64 and is not.
    Base64,
    /// A member that no row describes.
    Unknown,
    /// A file part: missing, of the wrong type, or too large.
    File,
    /// The body as a whole is not what the operation expects; if the provider has no rule for this, it is
    /// `json/not-an-object`.
    Root,
}
