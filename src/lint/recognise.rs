//! Which operation a payload is linted as.

use std::rc::Rc;

use super::chance::{fits_by_chance, has_enough, has_own_word};
use crate::contract::audience::{Audience, Reach, TargetKind};
use crate::contract::identify::{
    GroupFit, Identified, IdentifyCache, Named, SchemaClaim, evidence, evidence_of, is_one_payload,
    schema_claim,
};
use crate::contract::{
    BoundedFindings, Context, Contract, Effect, Finding, FindingLimit, Root, Severity, Verb,
};
use crate::document::{ContainerView, Document, Trail, ValueView};
use crate::lint::{lint_up_to, wrong_schema};

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
    /// A payload for a provider that was not asked for, and what says so.
    ForeignCodes(Named, ReadBy),
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
                if identified.groups.is_empty() && identified.rivals.len() < 2 {
                    return false;
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
                    PayloadReading::ForeignCodes(named, ReadBy::Schema)
                }
                Some(contract) if contract.id != named.contract.id => {
                    self.by_keys(document, hint, context)
                }
                _ => PayloadReading::Linted(self.linted(document, named, ReadBy::Schema, context)),
            },
            SchemaClaim::Foreign if !hint.is_payload => PayloadReading::Unrecognised(Vec::new()),
            SchemaClaim::Absent | SchemaClaim::Foreign => self.in_question(document, hint, context),
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

    /// Reads a payload by its keys. If a provider only narrows the choice, and the payload is another one's, that is said.
    fn in_question(
        &mut self,
        document: &Document,
        hint: &PayloadHint,
        context: &Context<'_>,
    ) -> PayloadReading {
        let reading = self.by_keys(document, hint, context);
        let Some(asked) = hint.provider.filter(|_| hint.only_narrows) else { return reading };
        if let PayloadReading::Linted(linted) = &reading
            && is_without_fault(linted)
        {
            return reading;
        }
        let whole = self.by_keys(document, &PayloadHint::default(), context);
        match whole {
            PayloadReading::Linted(other) if other.named.contract.id != asked.id => {
                let trail = Trail::new(document);
                let known = |contract| evidence(contract, trail.root());
                match is_without_fault(&other) || known(other.named.contract) > known(asked) {
                    true => PayloadReading::ForeignCodes(other.named, ReadBy::Keys),
                    false => reading,
                }
            }
            PayloadReading::Ambiguous(level)
                if level.iter().all(|named| named.contract.id != asked.id) =>
            {
                PayloadReading::ForeignCodes(level[0], ReadBy::Keys)
            }
            _ => reading,
        }
    }

    /// What the keys tell, asked only of the providers that know most of the payload: its errors are no evidence, because
    /// they are what people look for.
    fn identified(&mut self, document: &Document, hint: &PayloadHint) -> Rc<Identified> {
        let root = document.view();
        let contracts = hint.narrow(&self.contracts);
        let identified = self.cache.identify(contracts, root);
        if identified.rivals.len() < 2 {
            return identified;
        }
        let trail = Trail::new(document);
        let rivals = contracts.iter().filter(|one| identified.rivals.contains(&one.id));
        let known: Vec<(&'static Contract, usize)> =
            rivals.map(|contract| (*contract, evidence(contract, trail.root()))).collect();
        let most = known.iter().map(|(_, known)| *known).max().unwrap_or_default();
        let best = known.iter().filter(|(_, known)| *known == most);
        let best: Vec<&'static Contract> = best.map(|(contract, _)| *contract).collect();
        self.cache.identify(&best, root)
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
        let identified = self.identified(document, hint);
        let groups = identified.groups.iter();
        // Which rules are ignored says nothing of what a payload is for.
        let plain = Context { waived: None, ..*context };
        let mut best: Vec<LintedAs> =
            groups.map(|group| self.best_of(group, document, &plain)).collect();
        if best.iter().all(|linted| linted.found.misfits() > 0) || best.len() > 1 {
            let close = identified.close.iter();
            best.extend(close.map(|group| self.best_of(group, document, &plain)));
            keep_known_best(&mut best, document);
        }
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
                only.also = self.others(only.named, document, hint);
                PayloadReading::Linted(only)
            }
            Some(last) => {
                best.push(last);
                self.of_level(&best, document, hint, context)
            }
        }
    }

    /// What a payload is that several operations fit equally well.
    fn of_level(
        &mut self,
        best: &[LintedAs],
        document: &Document,
        hint: &PayloadHint,
        context: &Context<'_>,
    ) -> PayloadReading {
        let is_good = best.iter().all(|linted| linted.found.misfits() == 0);
        let level: Vec<Named> = best.iter().map(|linted| linted.named).collect();
        if let Some(first) = sends_first(&level, !is_good) {
            let mut only = self.linted(document, first, ReadBy::Keys, context);
            only.also = self.others(first, document, hint);
            return PayloadReading::Linted(only);
        }
        // What breaks the rules of all of them, and has no word of theirs, is meant for none of them.
        let has_own = || {
            level.iter().any(|named| has_own_word(named.operation, document))
                || best.iter().any(|linted| has_enough(linted, document))
        };
        match hint.is_payload || is_good || has_own() {
            true => PayloadReading::Ambiguous(level),
            false => PayloadReading::Unrecognised(level),
        }
    }

    /// The other operations that the keys fit, of any provider.
    fn others(&mut self, first: Named, document: &Document, hint: &PayloadHint) -> Vec<Named> {
        let identified = self.cache.identify(hint.narrow(&self.contracts), document.view());
        identified.fits().filter(|named| *named != first).collect()
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

/// Whether nothing about a payload is wrong.
fn is_without_fault(linted: &LintedAs) -> bool {
    linted.found.misfits() == 0 && linted.found.limits == 0
}

/// Keeps the operations that know most of a payload: of which provider it is, too, its errors do not tell.
fn keep_known_best(best: &mut Vec<LintedAs>, document: &Document) {
    let trail = Trail::new(document);
    let known = |linted: &LintedAs| evidence_of(linted.named.operation, trail.root());
    let most = best.iter().map(known).max();
    best.retain(|linted| Some(known(linted)) == most);
}

/// Of operations of one provider that all send, the one to users: people write more of those than of any other. If the
/// payload has a fault, one that sends is nearer than one that does something else.
fn sends_first(level: &[Named], has_fault: bool) -> Option<Named> {
    let first = level.first()?;
    let sends = |named: &Named| named.operation.effect == Effect::Sends;
    let are_alike =
        |named: &Named| named.contract.id == first.contract.id && (has_fault || sends(named));
    let is_sent = |named: &Named| sends(named) && named.operation.verbs.contains(&Verb::Send);
    let to_users = |named: &&Named| is_sent(named) && reaches_users(&named.operation.reach);
    let mut to_users = level.iter().filter(to_users);
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

/// How deep in the payload the outermost of the errors is.
fn outermost_error(found: &BoundedFindings) -> usize {
    let errors = found.kept.iter().filter(|finding| finding.severity() == Severity::Error);
    errors.map(|finding| finding.place.pointer.matches('/').count()).min().unwrap_or_default()
}
