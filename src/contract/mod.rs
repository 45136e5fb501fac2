//! The language that vendors' contracts are written in.
//!
//! A contract is constant data: operations, their fields, limits and rules, each said once with its source. `--set`, lint,
//! JSON Schema, the reference, completion, the guards and the sandbox are folds over these rows; nothing else knows what a
//! vendor accepts.
//!
//! The pieces, from small to large: a [`Limit`] on one value; a [`Kind`] of value; a [`Field`], which is a named value
//! with its limits; a [`Shape`], which is an object of fields with the checks that span them; an [`Operation`]; a
//! [`Contract`], which is all of one provider. [`Codes`] say which rule id a fault gets, [`Policy`] how strict a body is
//! read: both hold for a row, a shape or a provider, the nearest one wins.

pub mod audience;
mod credential;
mod endpoint;
mod error_code;
mod field;
mod finding;
pub mod identify;
pub mod json_rules;
mod kind;
mod limit;
mod operation;
pub mod reference;
pub mod schema;
mod secrets;
mod shape;
mod sink;
mod tables;
pub mod typed;
mod walk;
pub(crate) mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use audience::{Audience, Reach, Target, TargetKind};
pub use credential::{CredentialKey, Endpoint};
pub use endpoint::base_url;
pub(crate) use endpoint::{check_endpoint, has_usual_endpoint};
pub use error_code::{ErrorCode, Retry};
pub use field::{Deprecated, Field, Fill, Position, Presence};
pub use finding::{BoundedFindings, Finding, MoreFindings};
pub use kind::{Bools, Choice, FileRules, InnerKind, Int, Kind, Lit, MapOf, Spelling, Width};
pub use limit::{Judge, Length, Limit, Test, TextForm};
pub use operation::{
    Answers, Auth, Batching, BodyForm, Counted, Effect, MessageType, Operation, Rate, Recall,
    Repeatable, Root, ToAll, Verb,
};
pub use secrets::SecretNames;
pub use shape::{
    Budget, BudgetPart, Case, Check, Codes, Condition, CrossCheck, Empties, Ignored, Null, Policy,
    Shape, Unknown, Variant,
};

pub use sink::{Context, FindingSink};
pub(crate) use tables::{choices, error_codes, operations, rows, rules};

use crate::account::Account;
use crate::seal::SealKey;
use crate::text::Text;

/// The id of a rule within its provider, as `V2-13`; with the provider before it, it is the code of a finding.
pub type RuleId = &'static str;

/// All that herald knows of one provider, as rows.
#[derive(Debug)]
pub struct Contract {
    /// Id of the provider, as `jpush-v2`.
    pub id: &'static str,
    /// The product's name, for people.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: Text,
    /// Where requests go.
    pub endpoints: &'static [Endpoint],
    /// Keys of a profile that hold credentials or identity.
    pub credentials: &'static [CredentialKey],
    /// How strictly bodies are read, unless a shape says otherwise.
    pub policy: Policy,
    /// Which rule a fault gets, unless a row or a shape says otherwise.
    pub codes: Codes,
    /// Every rule: errors, warnings and hints.
    pub rules: &'static [Rule],
    /// Every operation.
    pub operations: &'static [Operation],
    /// Every message type.
    pub types: &'static [MessageType],
    /// Every documented error code.
    pub errors: &'static [ErrorCode],
    /// The kind that `--to ID` means where it names none.
    pub default_target: TargetKind,
    /// Whether ids are the same whatever the case of their letters, so that a reply may spell them otherwise.
    pub folds_ids: bool,
    /// How many requests a connection may carry, where the vendor names a number: it is closed after the last of them.
    pub requests_per_connection: Option<u32>,
    /// The documents that the rows were read from.
    pub source: &'static str,
}

impl Contract {
    /// A provider of nothing that reads bodies strictly: a start for `..Contract::BASE`.
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
        types: &[],
        errors: &[],
        default_target: TargetKind::User,
        folds_ids: false,
        requests_per_connection: None,
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

    /// The message type with an id or with the vendor's own name or number.
    pub fn message_type(&self, name: &str) -> Option<&'static MessageType> {
        self.types.iter().find(|row| row.id == name || row.wire.to_text() == name)
    }

    /// Which app of the vendor's an account is about, without a secret: the values of the keys that are no secrets. Choices
    /// are left out: they are about the app and do not name it. The endpoint, where there are none.
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

    /// The key of an app's seals; `None` without a lasting secret.
    pub fn seal_key_of(&self, account: &Account) -> Option<SealKey> {
        let lasting = self.credentials.iter().filter(|row| row.lasting);
        let secrets =
            lasting.filter_map(|row| Some((row.name, account.secret(row.name)?.expose())));
        SealKey::derive(secrets, self.id, &self.app_of(account))
    }
}

/// One rule of a provider: what a finding is about, for `explain` and for `--allow`.
#[derive(Debug)]
pub struct Rule {
    /// Its id, which never changes: `E02`, `V2-13`, `JM-W07`.
    pub id: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// The fault in a few words, lower case: `required field missing`.
    pub title: Text,
    /// Why it matters and what to do, in a sentence or two.
    pub cure: Text,
    /// Whether what it points at is a secret, which no excerpt shows.
    pub hides: bool,
}

impl Rule {
    const fn new(id: RuleId, severity: Severity, title: &'static str, cure: &'static str) -> Self {
        Self { id, severity, title: Text::en(title), cure: Text::en(cure), hides: false }
    }

    /// What it points at is a secret.
    #[must_use]
    pub const fn hides(self) -> Self {
        Self { hides: true, ..self }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The vendor refuses it, or it cannot do what it says. Stops a send.
    Error,
    /// Legal, and probably a mistake.
    Warning,
    /// Worth knowing.
    Hint,
}

impl Severity {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
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

/// The sorts of faults that rows can show. A row, a shape or a provider says which rule each gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// A required value is absent.
    Missing,
    /// Another JSON type, a fraction, a number out of its width.
    Type,
    /// `null` where that does not count as absent.
    Null,
    /// An empty or blank text where one is due.
    Empty,
    /// Not one of the values that there are.
    Set,
    /// A number outside its range.
    Range,
    /// A text longer or shorter than allowed.
    Length,
    /// A text of another form: characters, pattern, calendar.
    Form,
    /// Too few or too many items or members.
    Items,
    /// A key of a map that is none.
    Key,
    /// A string that should hold JSON and does not.
    Json,
    /// A string that should be base64 and is not.
    Base64,
    /// A member that nobody described.
    Unknown,
    /// A file part: missing, of another kind, too large.
    File,
    /// The body as a whole is not what the operation wants; without a rule of the provider's it is
    /// `json/not-an-object`.
    Root,
}
