//! Which operation a payload is for: its `$schema` or its keys tell.

use std::fmt;

use smol_str::SmolStr;

use super::{Contract, Field, Fill, Kind, Operation, Presence, Root, Shape};
use crate::document::{Node, Object, Value};
use crate::error::{Error, Result};
use crate::near::{did_you_mean, nearest};

/// The key of a payload that may name its schema.
pub const SCHEMA_KEY: &str = "$schema";

/// What the name of a herald schema begins with: `urn:herald:PROVIDER/OPERATION`.
pub const SCHEMA_URN: &str = "urn:herald:";

/// How many candidates a message lists.
const LISTED: usize = 6;

/// How many keys of a payload are compared: every operation has fewer.
const KEYS: usize = 256;

/// The cost of a key that the operation does not have, and of a required key that is missing. A misspelled key is both,
/// and costs less than either.
const STRANGE: usize = 2;
const MISSPELLED: usize = 1;

/// How much higher the cost of a candidate may be if its names are compared letter by letter: two misspelled names.
const NEAR: usize = 2 * (2 * STRANGE - MISSPELLED);

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
        self.contract.id == other.contract.id && self.operation.id == other.operation.id
    }
}

/// What the keys of a payload say.
#[derive(Clone, Debug, PartialEq)]
pub enum Identified {
    /// It is this one.
    One(Named),
    /// It may be any of these.
    Several(Vec<Named>),
    /// It is not a known operation.
    Unknown,
}

impl Identified {
    /// The operation, or a usage error that asks the user to name it; `what` is the payload's name in the message.
    pub fn or_ask(self, what: &str) -> Result<Named> {
        let candidates = match self {
            Self::One(named) => return Ok(named),
            Self::Several(candidates) => candidates,
            Self::Unknown => {
                return Err(Error::usage(format!("nothing tells which operation {what} is for"))
                    .help("say it with --as PROVIDER/OPERATION; `herald providers` lists them"));
            }
        };
        let mut names: Vec<String> =
            candidates.iter().take(LISTED).map(|named| named.to_string()).collect();
        if candidates.len() > LISTED {
            names.push(format!("{} more", candidates.len() - LISTED));
        }
        let last = names.pop().unwrap_or_default();
        let list = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
        let first = candidates.first().map(Named::to_string).unwrap_or_default();
        Err(Error::usage(format!("{what} fits more than one operation: {list}"))
            .help(format!("say which with --as, as in `--as {first}`")))
    }
}

/// The operation that a payload is for. A list is one payload only if an operation's body is a list.
///
/// Fails if `$schema` names one of herald's providers, but an operation that the provider does not have.
pub fn identify(contracts: &[&'static Contract], root: &Value) -> Result<Identified> {
    match root {
        Value::Object(object) => match schema(contracts, object)? {
            Some(named) => Ok(Identified::One(named)),
            None => Ok(decide(candidates(contracts, object, PayloadShape::Object))),
        },
        Value::Array(items) => Ok(match items.first().map(|item| &item.value) {
            Some(Value::Object(first)) => decide(candidates(contracts, first, PayloadShape::List)),
            Some(first) => match lists_of(contracts, first).as_slice() {
                [] => Identified::Unknown,
                [one] => Identified::One(*one),
                several => Identified::Several(several.to_vec()),
            },
            None => Identified::Unknown,
        }),
        _ => Ok(Identified::Unknown),
    }
}

/// [`identify`] for many payloads in order: those of one file mostly have the same keys, and only the keys are
/// compared.
#[derive(Debug, Default)]
pub struct IdentifyCache {
    last: Option<(Vec<SmolStr>, Identified)>,
}

impl IdentifyCache {
    /// Does what [`identify`] does; the contracts must be the same in each call.
    pub fn identify(
        &mut self,
        contracts: &[&'static Contract],
        root: &Value,
    ) -> Result<Identified> {
        let object = match root {
            Value::Object(object) if object.get(SCHEMA_KEY).is_none() => object,
            _ => return identify(contracts, root),
        };
        let keys = || object.iter().map(|member| &member.key);
        if let Some((known, identified)) = &self.last
            && keys().eq(known)
        {
            return Ok(identified.clone());
        }
        let identified = identify(contracts, root)?;
        self.last = Some((keys().take(KEYS + 1).cloned().collect(), identified.clone()));
        Ok(identified)
    }
}

/// Whether a list is one payload: an operation whose body is a list fits its items better than any other operation.
/// Otherwise each item is a payload.
pub fn is_one_payload(contracts: &[&'static Contract], items: &[Node]) -> bool {
    let first = match items.first().map(|item| &item.value) {
        Some(Value::Object(first)) => first,
        Some(first) => return !lists_of(contracts, first).is_empty(),
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
fn lists_of(contracts: &[&'static Contract], first: &Value) -> Vec<Named> {
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

/// The operation that `$schema` names: `urn:herald:PROVIDER/OPERATION`, or a path or address that ends in
/// `PROVIDER/OPERATION.json` or `PROVIDER/OPERATION.schema.json`. Any other schema is ignored.
fn schema(contracts: &[&'static Contract], object: &Object) -> Result<Option<Named>> {
    let Some(text) = object.get(SCHEMA_KEY).and_then(|node| node.value.as_str()) else {
        return Ok(None);
    };
    let text = text.split(['#', '?']).next().unwrap_or_default();
    let (name, is_ours) = match text.strip_prefix(SCHEMA_URN) {
        Some(name) => (name, true),
        None => match text.strip_suffix(".json") {
            Some(name) => (name.strip_suffix(".schema").unwrap_or(name), false),
            None => return Ok(None),
        },
    };
    let mut parts = name.rsplit(['/', '\\']);
    let (id, provider) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Some(contract) = contracts.iter().find(|contract| contract.id == provider) else {
        if !is_ours {
            return Ok(None);
        }
        let known = contracts.iter().map(|contract| contract.id);
        let error = Error::usage(format!(
            "`$schema` names the provider `{provider}`, which is not known here"
        ));
        return Err(match did_you_mean(provider, known) {
            Some(help) => error.help(help),
            None => error.help("`herald providers` lists them"),
        });
    };
    match contract.operation(id) {
        Some(operation) => Ok(Some(Named { contract, operation })),
        None => {
            let ids = contract.operations.iter().map(|operation| operation.id);
            let help = did_you_mean(id, ids)
                .unwrap_or_else(|| format!("`herald providers {provider}` lists its operations"));
            let message = format!("`$schema` names `{id}`, which is no operation of `{provider}`");
            Err(Error::usage(message).help(help))
        }
    }
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
    /// Whether the keys that fit outweigh the cost.
    fn is_plausible(&self) -> bool {
        self.cost <= STRANGE * self.fit.known()
    }
}

/// Operations that know at least one of the keys, lowest cost first.
fn candidates(
    contracts: &[&'static Contract],
    object: &Object,
    body: PayloadShape,
) -> Vec<Candidate> {
    let keys = object.iter().map(|member| &*member.key).filter(|key| *key != SCHEMA_KEY);
    let keys: Vec<&str> = keys.take(KEYS).collect();
    let operations = contracts.iter().flat_map(|contract| {
        contract.operations.iter().map(|operation| Named { contract, operation })
    });
    let mut out: Vec<Candidate> = operations
        .filter_map(|named| {
            let fit = ShapeFit::of(shape_of(named.operation, body)?, &keys);
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

/// The best candidate, if it is plausible and no other is as good.
fn decide(mut candidates: Vec<Candidate>) -> Identified {
    let Some(best) = candidates.first().map(|candidate| candidate.cost) else {
        return Identified::Unknown;
    };
    candidates
        .retain(|candidate| candidate.cost == best && best <= STRANGE * candidate.fit.known());
    match candidates.as_slice() {
        [] => Identified::Unknown,
        [one] => Identified::One(one.named),
        several => Identified::Several(several.iter().map(|candidate| candidate.named).collect()),
    }
}

/// How a shape and a set of keys fit together.
struct ShapeFit {
    /// For each key, whether the shape has it.
    seen: Vec<bool>,
    /// Required fields that are missing.
    missing: Vec<&'static str>,
    /// Optional fields that are missing.
    unused: Vec<&'static str>,
}

impl ShapeFit {
    fn of(shape: &'static Shape, keys: &[&str]) -> Self {
        let mut fit =
            Self { seen: vec![false; keys.len()], missing: Vec::new(), unused: Vec::new() };
        fit.shape(shape, keys, true);
        fit
    }

    /// `always` is whether the shape applies for all values: only then are its required fields required.
    fn shape(&mut self, shape: &'static Shape, keys: &[&str], always: bool) {
        for field in shape.fields {
            let mut is_there = false;
            for name in std::iter::once(&field.name).chain(field.aliases) {
                if let Some(at) = keys.iter().position(|key| key == name) {
                    self.seen[at] = true;
                    is_there = true;
                }
            }
            let known = self.missing.contains(&field.name) || self.unused.contains(&field.name);
            if is_there || known {
                continue;
            }
            let required = matches!(field.need, Presence::Required) && field.fill != Fill::Always;
            let list = if always && required { &mut self.missing } else { &mut self.unused };
            list.push(field.name);
        }
        for include in shape.include {
            self.shape(include, keys, always);
        }
        for variant in shape.variants {
            let cases = variant.cases.iter().map(|case| case.shape);
            for shape in cases.chain(variant.otherwise) {
                self.shape(shape, keys, false);
            }
        }
    }

    /// How many keys the shape has.
    fn known(&self) -> usize {
        self.seen.iter().filter(|seen| **seen).count()
    }

    /// The cost of the shape, with every name taken as it is written.
    fn cost(&self) -> usize {
        STRANGE * (self.seen.len() - self.known() + self.missing.len())
    }

    /// The same, but a name that is nearly right costs less.
    fn cost_of_spelling(&mut self, keys: &[&str]) -> usize {
        let mut cost = 0;
        for (key, _) in keys.iter().zip(&self.seen).filter(|(_, seen)| !**seen) {
            cost += match nearest(key, self.missing.iter().copied()) {
                Some(name) => {
                    self.missing.retain(|missing| *missing != name);
                    MISSPELLED
                }
                None if nearest(key, self.unused.iter().copied()).is_some() => MISSPELLED,
                None => STRANGE,
            };
        }
        cost + STRANGE * self.missing.len()
    }
}

#[cfg(test)]
mod tests;
