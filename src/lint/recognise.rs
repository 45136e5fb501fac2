//! Which operation a payload is linted as.

use crate::contract::audience::{Audience, Reach, TargetKind};
use crate::contract::identify::{
    GroupFit, IdentifyCache, Named, SchemaClaim, is_one_payload, is_one_word, schema_claim,
};
use crate::contract::{
    BoundedFindings, Context, Contract, Effect, Field, Finding, FindingLimit, Kind, Operation,
    Root, Severity, Shape,
};
use crate::document::{At, ContainerView, Document, Trail, ValueView};
use crate::lint::{lint_up_to, wrong_schema};
use crate::near::nearest;

/// What said which operation a payload is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBy {
    /// The command line.
    As,
    /// The project's settings.
    Config,
    /// Its `$schema`.
    Schema,
    /// Its keys.
    Keys,
}

impl ReadBy {
    /// The word for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::As => "as",
            Self::Config => "config",
            Self::Schema => "schema",
            Self::Keys => "keys",
        }
    }
}

/// What is said about a payload outside of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PayloadHint {
    /// Its operation, and what said so.
    pub operation: Option<(Named, ReadBy)>,
    /// Its provider; without one it may be for any.
    pub provider: Option<&'static Contract>,
    /// Whether the provider only narrows the choice: a payload whose `$schema` names another provider is left out.
    pub only_narrows: bool,
    /// Whether it is said to be a payload at all, whatever its keys are.
    pub is_payload: bool,
}

impl PayloadHint {
    /// The providers that come into question.
    fn narrow<'a>(&'a self, all: &'a [&'static Contract]) -> &'a [&'static Contract] {
        self.provider.as_ref().map_or(all, std::slice::from_ref)
    }
}

/// What a document turned out to be.
#[derive(Debug)]
pub enum PayloadReading {
    /// A payload, with what lint says about it.
    Linted(LintedAs),
    /// A payload that fits operations of several shapes equally well.
    Ambiguous(Vec<Named>),
    /// One whose `$schema` should name an operation, and names none.
    WrongSchema(Finding),
    /// A payload for a provider that was not asked for.
    ForeignCodes(Named),
    /// No payload; these operations come nearest.
    Unrecognised(Vec<Named>),
}

/// A payload that was linted.
#[derive(Debug)]
pub struct LintedAs {
    /// The operation that it was linted as.
    pub named: Named,
    /// What said so.
    pub by: ReadBy,
    /// Other operations that it fits.
    pub also: Vec<Named>,
    /// Whether its keys alone said what it is, and that reaches everybody: the payload may only have lost its audience.
    pub reaches_everybody: bool,
    /// The findings.
    pub found: BoundedFindings,
}

/// Recognises payloads in order, and lints them.
#[derive(Debug)]
pub struct Recogniser {
    contracts: Vec<&'static Contract>,
    cache: IdentifyCache,
    limit: FindingLimit,
}

impl Recogniser {
    /// For payloads of these providers.
    pub fn new(contracts: Vec<&'static Contract>, most: usize) -> Self {
        Self { contracts, cache: IdentifyCache::default(), limit: most.into() }
    }

    /// From now on, findings that are no errors are only counted, or not.
    pub fn keep_only_errors(&mut self, only_errors: bool) {
        self.limit.only_errors = only_errors;
    }

    /// Whether a list is one payload. Otherwise each of its items may be one.
    pub fn is_one_payload(&self, items: ContainerView<'_>, hint: &PayloadHint) -> bool {
        match hint.operation {
            Some((named, _)) => matches!(named.operation.root, Root::Value(_)),
            None => {
                let is_bare = items.values().all(|item| item.as_object().is_none());
                (hint.is_payload || !is_bare) && is_one_payload(hint.narrow(&self.contracts), items)
            }
        }
    }

    /// Whether a value may be a payload: [`Recogniser::read`] would not find it unrecognised.
    pub fn may_be_payload(&mut self, value: ValueView<'_>, hint: &PayloadHint) -> bool {
        match schema_claim(&self.contracts, value) {
            _ if hint.operation.is_some() => true,
            SchemaClaim::Operation(_) | SchemaClaim::Fault { .. } => true,
            SchemaClaim::Foreign if !hint.is_payload => false,
            SchemaClaim::Absent | SchemaClaim::Foreign => {
                let identified = self.cache.identify(hint.narrow(&self.contracts), value);
                if identified.words.is_none() {
                    return !identified.groups.is_empty();
                }
                let document = Document::unwritten(value.to_value());
                let reading = self.by_keys(&document, hint, &Context::default());
                !matches!(reading, PayloadReading::Unrecognised(_))
            }
        }
    }

    /// Finds out what a document is, and lints it if it is a payload.
    pub fn read(
        &mut self,
        document: &Document,
        hint: &PayloadHint,
        context: &Context<'_>,
    ) -> PayloadReading {
        let root = document.view();
        let claim = schema_claim(&self.contracts, root);
        if let Some((named, by)) = hint.operation {
            let mut linted = self.linted(document, named, by, context);
            if let SchemaClaim::Fault { message, help } = claim {
                linted.found.kept.push(wrong_schema(document, message, help));
                linted.found.kept.sort_by_key(|finding| finding.place.span);
            }
            return PayloadReading::Linted(linted);
        }
        match claim {
            SchemaClaim::Fault { message, help } => {
                PayloadReading::WrongSchema(wrong_schema(document, message, help))
            }
            SchemaClaim::Operation(named) => match hint.provider {
                Some(contract) if contract.id != named.contract.id && hint.only_narrows => {
                    PayloadReading::ForeignCodes(named)
                }
                Some(contract) if contract.id != named.contract.id => {
                    self.by_keys(document, hint, context)
                }
                _ => PayloadReading::Linted(self.linted(document, named, ReadBy::Schema, context)),
            },
            SchemaClaim::Foreign if !hint.is_payload => PayloadReading::Unrecognised(Vec::new()),
            SchemaClaim::Absent | SchemaClaim::Foreign => self.by_keys(document, hint, context),
        }
    }

    fn linted(
        &self,
        document: &Document,
        named: Named,
        by: ReadBy,
        context: &Context<'_>,
    ) -> LintedAs {
        let found = lint_up_to(self.limit, named.contract, named.operation, document, context);
        LintedAs { named, by, also: Vec::new(), reaches_everybody: false, found }
    }

    /// Lints as the operation that fits best. If the keys fit several groups, their values decide: types, choices and
    /// inner members tell what a payload is for, sizes do not.
    fn by_keys(
        &mut self,
        document: &Document,
        hint: &PayloadHint,
        context: &Context<'_>,
    ) -> PayloadReading {
        let root = document.view();
        if !hint.is_payload && is_bare(root) {
            return PayloadReading::Unrecognised(Vec::new());
        }
        let identified = self.cache.identify(hint.narrow(&self.contracts), root);
        let groups = identified.groups.iter();
        // Which rules are ignored says nothing of what a payload is for.
        let plain = Context { waived: None, ..*context };
        let mut best: Vec<LintedAs> =
            groups.map(|group| self.best_of(group, document, &plain)).collect();
        let fewest = best.iter().map(|linted| linted.found.misfits()).min();
        best.retain(|linted| Some(linted.found.misfits()) == fewest);
        let is_by_chance =
            || best.iter().all(|linted| fits_by_chance(linted, identified.words, document, hint));
        if !hint.is_payload && !best.is_empty() && is_by_chance() {
            let near = identified.groups.iter().map(GroupFit::principal);
            return PayloadReading::Unrecognised(near.collect());
        }
        // An outer member of the wrong kind says more than a wrong value deep inside.
        if fewest > Some(0) {
            let deepest = best.iter().map(|linted| outermost_error(&linted.found)).max();
            best.retain(|linted| Some(outermost_error(&linted.found)) == deepest);
        }
        match best.pop() {
            None => PayloadReading::Unrecognised(identified.near.clone()),
            Some(mut only) if best.is_empty() => {
                if context.waived.is_some_and(|waived| !waived.is_empty()) {
                    only = self.linted(document, only.named, only.by, context);
                }
                only.reaches_everybody =
                    Audience::is_said_to_be_everybody(only.named.operation, document);
                only.also = identified.fits().filter(|named| *named != only.named).collect();
                PayloadReading::Linted(only)
            }
            Some(last) => {
                best.push(last);
                let level: Vec<Named> = best.iter().map(|linted| linted.named).collect();
                if let Some(first) = sends_first(&level) {
                    let mut only = self.linted(document, first, ReadBy::Keys, context);
                    only.also = identified.fits().filter(|named| *named != first).collect();
                    return PayloadReading::Linted(only);
                }
                // What breaks the rules of all of them, and has no word of theirs, is meant for none of them.
                let has_own = || level.iter().any(|named| has_own_word(named.operation, document));
                match hint.is_payload || fewest == Some(0) || has_own() {
                    true => PayloadReading::Ambiguous(level),
                    false => PayloadReading::Unrecognised(level),
                }
            }
        }
    }

    /// Lints as the principal of a group. Only if values of the payload do not fit that operation, and fit another one of
    /// the group better, it is for the other one.
    fn best_of(&self, group: &GroupFit, document: &Document, context: &Context<'_>) -> LintedAs {
        let lint = |named| self.linted(document, named, ReadBy::Keys, context);
        let mut best = lint(group.principal());
        for named in &group.members()[1..] {
            if best.found.misfits() == 0 {
                break;
            }
            let other = lint(*named);
            if other.found.misfits() < best.found.misfits() {
                best = other;
            }
        }
        best
    }
}

/// Of operations of one provider that all send, the one to users: people write more of those than of any other.
fn sends_first(level: &[Named]) -> Option<Named> {
    let first = level.first()?;
    let are_alike = |named: &Named| {
        named.contract.id == first.contract.id && named.operation.effect == Effect::Sends
    };
    let mut to_users = level.iter().filter(|named| reaches_users(&named.operation.reach));
    let only = to_users.next().filter(|_| to_users.next().is_none());
    only.copied().filter(|_| level.iter().all(are_alike))
}

/// Whether an audience is users that the payload names.
fn reaches_users(reach: &Reach) -> bool {
    match reach {
        Reach::Field(kind, _) | Reach::Listed(kind, _) => *kind == TargetKind::User,
        _ => false,
    }
}

/// Whether a document has no keys that could tell its operation.
fn is_bare(root: ValueView<'_>) -> bool {
    match root {
        ValueView::Object(object) => object.is_empty(),
        ValueView::Array(items) => items.values().all(|item| item.as_object().is_none()),
        _ => true,
    }
}

/// Whether a document whose known keys are words that every document may have is no payload, because its members do not
/// fit. Without a word or a name of the vendor's in its values, everything has to fit. `words` is `None` if a key tells more.
fn fits_by_chance(
    linted: &LintedAs,
    words: Option<usize>,
    document: &Document,
    hint: &PayloadHint,
) -> bool {
    if linted.found.misfits() == 0 && linted.found.limits == 0 {
        return false;
    }
    let trail = Trail::new(document);
    let root = trail.root();
    let shape = linted.named.operation.shape();
    let fields = shape.map(|shape| shape.fields_at(root)).unwrap_or_default();
    let there: Vec<&'static Field> =
        fields.into_iter().filter(|field| root.get(field.name).is_there()).collect();
    // A word such as `audience` is not the vendor's where most members are of other types.
    let wrong = there.iter().filter(|field| is_outer_error(&linted.found, field.name)).count();
    let has_own_name = there.iter().any(|field| !is_one_word(field.name));
    if !has_own_name && wrong >= 2 && 2 * wrong > there.len() {
        return true;
    }
    let Some(words) = words else { return is_lone_name(linted, root, &there) };
    let outer = outer_misfits(&linted.found);
    let at_members = root.members().filter(|(key, _)| is_outer_error(&linted.found, key)).count();
    let missing = outer.saturating_sub(at_members);
    // Whether only members are missing, and those that are there fit.
    let all_fit = linted.found.misfits() <= missing;
    let is_own = |field: &Field| is_own_value(&field.kind, root.get(field.name));
    let is_chosen = |field: &Field| is_own_word(&field.kind, root.get(field.name));
    let has_own_value = there.iter().any(|field| is_own(field) && !is_chosen(field));
    // Other tools have `"type": "image"`, too.
    let has_word = there.iter().any(|field| is_chosen(field));
    let has_strangers =
        || there.iter().any(|field| has_only_strange_members(&field.kind, root.get(field.name)));
    if linted.found.misfits() > 0 && !has_own_value && has_strangers() {
        return true;
    }
    if has_own_value || has_word && all_fit {
        return outer >= words.max(2);
    }
    if has_word || all_fit && words > 2 {
        return 2 * outer >= words;
    }
    // A person who names the provider has said more than the words do.
    let is_too_large = || hint.provider.is_none() && words <= 2 && linted.found.limits > 0;
    linted.found.misfits() > 0 || is_too_large()
}

/// Whether only one key tells the vendor, and its value does not: a member alone with a value that does not fit, or one of
/// which the vendor has chosen the words, with another word.
fn is_lone_name(linted: &LintedAs, root: At<'_>, there: &[&'static Field]) -> bool {
    if root.members().count() == 1 {
        let is_wrong = |field: &&'static Field| is_outer_error(&linted.found, field.name);
        return there.iter().any(|field| !is_one_word(field.name) && is_wrong(field));
    }
    let mut own = there.iter().filter(|field| !is_one_word(field.name));
    let (Some(field), None) = (own.next(), own.next()) else { return false };
    let has_words = matches!(field.kind, Kind::Choice(_) | Kind::Open(_));
    let is_own = |field: &&&'static Field| is_own_value(&field.kind, root.get(field.name));
    linted.found.misfits() > 0 && has_words && !there.iter().any(|field| is_own(&field))
}

/// Whether a member of a document has a word or a name of the vendor's in it, or is an audience.
fn has_own_word(operation: &Operation, document: &Document) -> bool {
    let trail = Trail::new(document);
    let root = trail.root();
    let fields = operation.shape().map(|shape| shape.fields_at(root)).unwrap_or_default();
    let is_audience = |field: &Field| {
        is_one_word(field.name)
            && operation.reach.begins_at(field.name)
            && root.get(field.name).is_there()
    };
    fields.iter().any(|field| is_audience(field) || is_own_value(&field.kind, root.get(field.name)))
}

/// Whether a value is an object that has members, and none that the vendor knows.
fn has_only_strange_members(kind: &Kind, at: At<'_>) -> bool {
    let Kind::Object(shape) = kind else { return false };
    let is_known = |field: &'static Field| at.get(field.name).is_there();
    at.members().next().is_some() && !shape.fields_at(at).into_iter().any(is_known)
}

/// Whether an error is at this outermost member.
fn is_outer_error(found: &BoundedFindings, name: &str) -> bool {
    let is_it = |finding: &Finding| finding.place.pointer.strip_prefix('/') == Some(name);
    found.kept.iter().any(|finding| finding.severity() == Severity::Error && is_it(finding))
}

/// Whether an object, or one inside it, has a word that the vendor has chosen, as `"type": "txt"`. If it is `inside` the
/// payload, a name of several words is enough: those of the outermost members have been judged.
fn has_own_member(shape: &'static Shape, at: At<'_>, inside: bool) -> bool {
    shape.fields_at(at).into_iter().any(|field| {
        let value = at.get(field.name);
        let is_own = || inside && !is_one_word(field.name) || is_own_value(&field.kind, value);
        value.is_there() && is_own()
    })
}

fn is_own_value(kind: &Kind, at: At<'_>) -> bool {
    match kind {
        Kind::Object(shape) => at.as_object().is_some() && has_own_member(shape, at, true),
        Kind::List(item) | Kind::OneOrList(item) => {
            at.items().any(|one| is_own_value(&item.kind, one))
        }
        Kind::Map(map) => at.members().any(|(_, one)| is_own_value(&map.value.kind, one)),
        Kind::Union(kinds) => kinds.iter().any(|kind| is_own_value(kind, at)),
        _ => is_own_word(kind, at),
    }
}

/// Whether a value is a word that the vendor has chosen for this place, or nearly one.
fn is_own_word(kind: &Kind, at: At<'_>) -> bool {
    let is_near = || match kind {
        Kind::Choice(choices) | Kind::Open(choices) => {
            let words = choices.iter().map(|choice| choice.name);
            at.as_str().is_some_and(|word| nearest(word, words).is_some())
        }
        _ => false,
    };
    at.value().is_some_and(|value| kind.is_chosen_word(value)) || is_near()
}

/// How many outermost members are missing or do not fit.
fn outer_misfits(found: &BoundedFindings) -> usize {
    let errors = found.kept.iter().filter(|finding| finding.severity() == Severity::Error);
    let outer = errors.filter(|finding| finding.place.pointer.matches('/').count() < 2).count();
    outer.min(found.misfits())
}

/// How deep in the payload the outermost of the errors is.
fn outermost_error(found: &BoundedFindings) -> usize {
    let errors = found.kept.iter().filter(|finding| finding.severity() == Severity::Error);
    errors.map(|finding| finding.place.pointer.matches('/').count()).min().unwrap_or_default()
}
