//! Which operation a payload is for: its `$schema` or its keys tell.

mod evidence;
mod fit;
mod schema_claim;

use std::fmt;
use std::rc::Rc;

use smol_str::SmolStr;

pub use evidence::{evidence, evidence_of, has_known_member, is_strange_object};
pub use fit::is_one_word;
pub use schema_claim::{SCHEMA_URN, SchemaClaim, schema_claim};

use self::fit::{NEAR, STRANGE, ShapeFit};
use super::{Contract, Field, Kind, Operation, Root, Shape};
use crate::document::{ContainerView, Value, ValueView};

/// The key of a payload that may name its schema.
pub const SCHEMA_KEY: &str = "$schema";

/// How many keys of a payload are compared: every operation has fewer.
const KEYS: usize = 256;

/// How many operations are named for a payload that fits none.
const NEAREST: usize = 3;

/// An operation with its provider.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// Its provider.
    pub contract: &'static Contract,
    /// The operation.
    pub operation: &'static Operation,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.contract.id, self.operation.id)
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        // Nearly all are one and the same row.
        std::ptr::eq(self.operation, other.operation) && std::ptr::eq(self.contract, other.contract)
            || self.contract.id == other.contract.id && self.operation.id == other.operation.id
    }
}

/// What a user names for payloads: one operation, or all of a provider.
#[derive(Clone, Copy, Debug)]
pub enum OperationScope {
    /// This operation.
    Operation(Named),
    /// One of the operations of this provider.
    Provider(&'static Contract),
}

impl OperationScope {
    /// The provider.
    pub fn contract(&self) -> &'static Contract {
        match self {
            Self::Operation(named) => named.contract,
            Self::Provider(contract) => contract,
        }
    }
}

impl fmt::Display for OperationScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(named) => named.fmt(f),
            Self::Provider(contract) => f.write_str(contract.id),
        }
    }
}

/// What the keys of a payload say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identified {
    /// The operations that fit best, all of them equally well, group by group; none if it is not a payload.
    pub groups: Vec<GroupFit>,
    /// Those whose keys fit nearly as well: if the values have a fault, these may be meant.
    pub close: Vec<GroupFit>,
    /// If none fits: those that come nearest.
    pub near: Vec<Named>,
    /// The providers that come into question, by their ids. Of several, what their contracts know of the payload decides.
    pub rivals: Vec<&'static str>,
    /// If all known keys are words that documents of every kind have: how many those are. The values have to tell then.
    pub words: Option<usize>,
}

/// The operations of one group that a payload fits. There is at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFit {
    members: Vec<Named>,
}

impl GroupFit {
    /// The operation as which the payload is linted.
    pub fn principal(&self) -> Named {
        self.members[0]
    }

    /// All of them, the principal first.
    pub fn members(&self) -> &[Named] {
        &self.members
    }

    /// Puts operations into groups. Each group is in the order of its contract.
    fn of(fits: impl IntoIterator<Item = Named>) -> Vec<Self> {
        let order = |named: &Named| named.contract.group_of(named.operation.id);
        let mut groups: Vec<Self> = Vec::new();
        for named in fits {
            let is_alike = |group: &&mut Self| {
                let first = group.principal();
                first.contract.id == named.contract.id
                    && order(&first).contains(&named.operation.id)
            };
            match groups.iter_mut().find(is_alike) {
                Some(group) => group.members.push(named),
                None => groups.push(Self { members: vec![named] }),
            }
        }
        for Self { members } in &mut groups {
            let order = order(&members[0]);
            members.sort_by_key(|named| order.iter().position(|id| *id == named.operation.id));
        }
        groups
    }
}

impl Identified {
    fn of(fits: impl IntoIterator<Item = Named>) -> Self {
        Self { groups: GroupFit::of(fits), ..Self::default() }
    }

    /// All operations that fit.
    pub fn fits(&self) -> impl Iterator<Item = Named> {
        self.groups.iter().flat_map(GroupFit::members).copied()
    }
}

/// The operation that the keys of a payload tell; [`schema_claim()`] comes before it. A list is one payload only if an
/// operation's body is a list.
pub fn identify(contracts: &[&'static Contract], root: ValueView<'_>) -> Identified {
    match root {
        ValueView::Object(object) => decide(candidates(contracts, object, PayloadShape::Object)),
        ValueView::Array(items) => match items.values().next() {
            Some(ValueView::Object(first)) => {
                decide(candidates(contracts, first, PayloadShape::List))
            }
            Some(first) if items.values().all(|item| item.as_object().is_none()) => {
                Identified::of(lists_of(contracts, first))
            }
            _ => Identified::default(),
        },
        _ => Identified::default(),
    }
}

/// How many kinds of payloads a file may mix without loss of speed.
const REMEMBERED: usize = 8;

/// [`identify`] for many payloads in order: those of one file mostly have the same keys, and only the keys are
/// compared.
#[derive(Debug, Default)]
pub struct IdentifyCache {
    /// Those that were identified last.
    last: Vec<IdentifiedKeys>,
}

#[derive(Debug)]
struct IdentifiedKeys {
    providers: Vec<&'static str>,
    keys: Vec<SmolStr>,
    identified: Rc<Identified>,
}

impl IdentifyCache {
    /// Does what [`identify`] does.
    pub fn identify(
        &mut self,
        contracts: &[&'static Contract],
        root: ValueView<'_>,
    ) -> Rc<Identified> {
        let ValueView::Object(object) = root else { return Rc::new(identify(contracts, root)) };
        let providers = || contracts.iter().map(|contract| contract.id);
        let is_same = |known: &IdentifiedKeys| {
            object.keys().eq(known.keys.iter().map(SmolStr::as_str))
                && providers().eq(known.providers.iter().copied())
        };
        if let Some(known) = self.last.iter().rfind(|known| is_same(known)) {
            return Rc::clone(&known.identified);
        }
        let identified = Rc::new(identify(contracts, root));
        if self.last.len() == REMEMBERED {
            self.last.remove(0);
        }
        self.last.push(IdentifiedKeys {
            providers: providers().collect(),
            keys: object.keys().take(KEYS + 1).map(SmolStr::new).collect(),
            identified: Rc::clone(&identified),
        });
        identified
    }
}

/// Whether a list is one payload: an operation whose body is a list fits its items better than any other operation.
/// Otherwise each item is a payload.
pub fn is_one_payload(contracts: &[&'static Contract], items: ContainerView<'_>) -> bool {
    let first = match items.values().next() {
        Some(ValueView::Object(first)) => first,
        Some(first) => {
            let is_bare = items.values().all(|item| item.as_object().is_none());
            return is_bare && !lists_of(contracts, first).is_empty();
        }
        None => return false,
    };
    if first.get(SCHEMA_KEY).is_some() {
        return false;
    }
    let best = |body| candidates(contracts, first, body).into_iter().find(Candidate::is_plausible);
    match (best(PayloadShape::List), best(PayloadShape::Object)) {
        (Some(list), Some(object)) => list.cost <= object.cost,
        (list, _) => list.is_some(),
    }
}

/// Operations whose body is a list of bare values such as this one: such items have no keys that could tell more.
fn lists_of(contracts: &[&'static Contract], first: ValueView<'_>) -> Vec<Named> {
    let takes = |operation: &Operation| match operation.root {
        Root::Value(Field { kind: Kind::List(item), .. }) => match item.kind {
            Kind::Text | Kind::Digits => first.as_str().is_some(),
            Kind::Int(_) => first.as_number().is_some(),
            _ => false,
        },
        _ => false,
    };
    let of = |contract: &&'static Contract| {
        let contract = *contract;
        let all = contract.operations.iter().filter(move |operation| takes(operation));
        all.map(move |operation| Named { contract, operation }).collect::<Vec<_>>()
    };
    contracts.iter().flat_map(of).collect()
}

/// Removes `$schema` from a payload before it is sent: only editors and herald use it.
pub fn take_schema_off(body: &mut Value) {
    if let Value::Object(object) = body {
        object.remove(SCHEMA_KEY);
    }
}

/// What a payload is as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PayloadShape {
    Object,
    List,
}

struct Candidate {
    named: Named,
    fit: ShapeFit,
    /// The cost: how badly the keys fit.
    cost: usize,
}

impl Candidate {
    fn is_plausible(&self) -> bool {
        self.fit.is_plausible(self.cost)
    }
}

/// Operations that know at least one of the keys, lowest cost first.
fn candidates(
    contracts: &[&'static Contract],
    object: ContainerView<'_>,
    body: PayloadShape,
) -> Vec<Candidate> {
    let keys = object.keys().filter(|key| *key != SCHEMA_KEY);
    let keys: Vec<&str> = keys.take(KEYS).collect();
    let operations = contracts.iter().flat_map(|contract| {
        contract.operations.iter().map(|operation| Named { contract, operation })
    });
    let mut out: Vec<Candidate> = operations
        .filter_map(|named| {
            let reach = &named.operation.reach;
            let fit = ShapeFit::of(shape_of(named.operation, body)?, &keys, reach);
            (fit.known() > 0).then(|| Candidate { named, cost: fit.cost(), fit })
        })
        .collect();
    // Comparing spellings is slow, so it is done only if it can change the order.
    let best = out.iter().map(|candidate| candidate.cost).min().unwrap_or_default();
    if best > 0 {
        out.retain(|candidate| candidate.cost <= best + NEAR);
        for candidate in &mut out {
            candidate.cost = candidate.fit.cost_of_spelling(&keys);
        }
    }
    out.sort_by_key(|candidate| candidate.cost);
    out
}

fn shape_of(operation: &Operation, body: PayloadShape) -> Option<&'static Shape> {
    match (operation.root, body) {
        (Root::Shape(shape), PayloadShape::Object) => Some(shape),
        (Root::Value(field), PayloadShape::List) => match field.kind {
            Kind::List(item) => match item.kind {
                Kind::Object(shape) => Some(shape),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The best of the plausible candidates.
fn decide(candidates: Vec<Candidate>) -> Identified {
    let plausible = || candidates.iter().filter(|one| one.is_plausible());
    let best = candidates.iter().map(|candidate| candidate.cost).min().unwrap_or_default();
    let mut rivals: Vec<&'static str> = Vec::new();
    // Where keys fit without a fault, the others are not meant.
    for one in candidates.iter().filter(|one| best > 0 || one.cost == 0) {
        let is_rival = one.is_plausible() || one.fit.is_near();
        if is_rival && !rivals.contains(&one.named.contract.id) {
            rivals.push(one.named.contract.id);
        }
    }
    if let Some(best) = plausible().map(|candidate| candidate.cost).min() {
        let fits = || plausible().filter(|candidate| candidate.cost == best);
        let has_own_key = fits().any(|candidate| candidate.fit.has_own_key());
        let known = fits().map(|candidate| candidate.fit.known()).max().unwrap_or_default();
        let words = if has_own_key { None } else { Some(known) };
        let is_close = |one: &&Candidate| one.cost > best && one.cost <= best + STRANGE;
        let close = GroupFit::of(plausible().filter(is_close).map(|one| one.named));
        return Identified { words, rivals, close, ..Identified::of(fits().map(|one| one.named)) };
    }
    let near = candidates.iter().filter(|one| one.fit.is_near()).map(|candidate| candidate.named);
    let near = GroupFit::of(near).into_iter().take(NEAREST).map(|group| group.principal());
    Identified { near: near.collect(), rivals, ..Identified::default() }
}

#[cfg(test)]
mod tests;
