//! A row: one named value of a request.

use super::{Codes, Condition, Empties, Kind, Limit, Null, RowFault, RuleId};
use crate::text::Text;

/// One named value of a request, and all that herald knows about it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The wire name, exactly as the vendor writes it.
    pub name: &'static str,
    /// What it expects to find.
    pub kind: Kind,
    /// What it means, with units, in a short sentence.
    pub about: Text,
    /// Whether it has to be there.
    pub need: Presence,
    /// Further requirements on the value.
    pub limits: &'static [Limit],
    /// Which rules its faults get.
    pub codes: Codes,
    /// Which of `null`, `""`, `[]`, `{}` count as absent here, if this differs from the policy.
    pub absent: Option<Empties>,
    /// What `null` is here, if this differs from the policy.
    pub null: Option<Null>,
    /// What to do about a fault, where the rule's own words are too general for this row.
    pub cures: &'static [(RowFault, Text)],
    /// What the server assumes if it is absent, in words.
    pub default: &'static str,
    /// Which part of the request carries it.
    pub position: Position,
    /// Other names under which it is accepted.
    pub aliases: &'static [&'static str],
    /// Its name in the query, where herald has another one.
    pub query_name: &'static str,
    /// What official SDKs call it in their arguments and models, where that is another name. Vendors do not know such a
    /// name; people write it into payloads, and findings then tell the right one.
    pub sdk_names: &'static [&'static str],
    /// If it is deprecated, what replaces it.
    pub deprecated: Option<Deprecated>,
    /// The plan, switch, server edition or version that it needs.
    pub edition: &'static str,
    /// Whether herald writes it.
    pub fill: Fill,
    /// Whether its value is a secret, which herald neither keeps nor shows.
    pub secret: bool,
    /// Whether it names another message, which this one replaces.
    pub replaces: bool,
    /// Whether its texts are ids of users, groups, rooms, devices, aliases, tags or whatever else a message can be for or
    /// from. herald judges such an id wherever a flag gives it.
    pub id: bool,
    /// Where the row was read, if not in the operation's source.
    pub source: &'static str,
}

/// Whether a field has to be there.
#[derive(Clone, Copy, Debug)]
pub enum Presence {
    /// It may be left out.
    Optional,
    /// It must be there.
    Required,
    /// It must be there under a condition.
    RequiredIf(&'static Condition),
    /// It may be left out; a finding under this rule then says so.
    Recommended(RuleId),
    /// It may be left out; under a condition, a finding under this rule then says so.
    RecommendedIf(RuleId, &'static Condition),
}

/// Which part of the request carries a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// In the body.
    Body,
    /// In the path, in place of `{name}`.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In no part: herald uses it to choose path or method.
    Nowhere,
}

/// A field that the vendor will remove.
#[derive(Clone, Copy, Debug)]
pub struct Deprecated {
    /// The rule that says so.
    pub rule: RuleId,
    /// What replaces it.
    pub instead: Text,
}

/// Whether herald writes a field by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// No.
    No,
    /// When herald composes the body from flags.
    Composed,
    /// In every request, `--body` included: code, the key of the profile.
    Always,
}

impl Field {
    /// An optional field.
    pub const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            about: Text::en(about),
            need: Presence::Optional,
            limits: &[],
            codes: Codes::NONE,
            absent: None,
            null: None,
            cures: &[],
            default: "",
            position: Position::Body,
            aliases: &[],
            query_name: "",
            sdk_names: &[],
            deprecated: None,
            edition: "",
            fill: Fill::No,
            secret: false,
            replaces: false,
            id: false,
            source: "",
        }
    }

    /// An item of a list, or a value of a map: a field without a name.
    pub const fn item(kind: Kind) -> Self {
        Self::new("", kind, "")
    }

    /// It must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { need: Presence::Required, ..self }
    }

    /// It must be there under a condition.
    #[must_use]
    pub const fn required_if(self, when: &'static Condition) -> Self {
        Self { need: Presence::RequiredIf(when), ..self }
    }

    /// It should be there; if not, a finding under this rule says so.
    #[must_use]
    pub const fn recommended(self, rule: RuleId) -> Self {
        Self { need: Presence::Recommended(rule), ..self }
    }

    /// Under a condition it should be there; if not, a finding under this rule says so.
    #[must_use]
    pub const fn recommended_if(self, rule: RuleId, when: &'static Condition) -> Self {
        Self { need: Presence::RecommendedIf(rule, when), ..self }
    }

    /// The same row, but optional.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { need: Presence::Optional, ..self }
    }

    /// Its limits.
    #[must_use]
    pub const fn limits(self, limits: &'static [Limit]) -> Self {
        Self { limits, ..self }
    }

    /// All of its faults get this rule.
    #[must_use]
    pub const fn rule(self, rule: RuleId) -> Self {
        Self { codes: Codes { all: Some(rule), by: self.codes.by }, ..self }
    }

    /// These of its faults get these rules.
    #[must_use]
    pub const fn codes(self, by: &'static [(RowFault, RuleId)]) -> Self {
        Self { codes: Codes { all: self.codes.all, by }, ..self }
    }

    /// Which values count as absent here.
    #[must_use]
    pub const fn absent(self, empties: Empties) -> Self {
        Self { absent: Some(empties), ..self }
    }

    /// What `null` is here.
    #[must_use]
    pub const fn null(self, null: Null) -> Self {
        Self { null: Some(null), ..self }
    }

    /// What to do about these of its faults.
    #[must_use]
    pub const fn cures(self, cures: &'static [(RowFault, Text)]) -> Self {
        Self { cures, ..self }
    }

    /// What the server assumes if it is absent.
    #[must_use]
    pub const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// Which part of the request carries it.
    #[must_use]
    pub const fn position(self, position: Position) -> Self {
        Self { position, ..self }
    }

    /// Other names that are accepted.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Its name in the query.
    #[must_use]
    pub const fn in_query(self, query_name: &'static str) -> Self {
        Self { position: Position::Query, query_name, ..self }
    }

    /// Its name in the request.
    pub const fn wire_name(&self) -> &'static str {
        if self.query_name.is_empty() { self.name } else { self.query_name }
    }

    /// What official SDKs call it.
    #[must_use]
    pub const fn sdk(self, sdk_names: &'static [&'static str]) -> Self {
        Self { sdk_names, ..self }
    }

    /// The vendor will remove it.
    #[must_use]
    pub const fn deprecated(self, rule: RuleId, instead: &'static str) -> Self {
        Self { deprecated: Some(Deprecated { rule, instead: Text::en(instead) }), ..self }
    }

    /// The plan, switch or version that it needs.
    #[must_use]
    pub const fn edition(self, edition: &'static str) -> Self {
        Self { edition, ..self }
    }

    /// herald writes it when it composes the body from flags.
    #[must_use]
    pub const fn composed(self) -> Self {
        Self { fill: Fill::Composed, ..self }
    }

    /// It names another message, which this one replaces.
    #[must_use]
    pub const fn replaces(self) -> Self {
        Self { replaces: true, ..self }
    }

    /// herald writes it in every request.
    #[must_use]
    pub const fn filled_in(self) -> Self {
        Self { fill: Fill::Always, ..self }
    }

    /// Its value is a secret: herald sends it, but neither keeps nor shows it.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// Its texts are ids of users, groups, devices and the like.
    #[must_use]
    pub const fn id(self) -> Self {
        Self { id: true, ..self }
    }

    /// Where the row was read.
    #[must_use]
    pub const fn source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }
}
