//! Where the rows of a shape are found by the names of members, so that a walk looks at the members that are there and
//! not for every row that could be. It is made once a thread from the constant tables.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::FixedState;

use crate::contract::{Field, Presence, Shape, Variant};
use crate::document::{At, key_hash};

/// The most rows that are found by their names. No vendor has as many.
const MOST: usize = 64;

/// The parts of a shape, and their rows.
#[derive(Debug)]
pub(super) struct ShapePlan {
    shape: &'static Shape,
    first: PlanStep,
}

/// What is known of the parts of a shape, once the values of some variants are.
#[derive(Debug)]
enum PlanStep {
    /// A variant decides: what follows for each of its cases, and for another value.
    Choose {
        variant: &'static Variant,
        /// The cases of the variants before it.
        before: Box<[usize]>,
        next: Box<[OnceCell<PlanStep>]>,
    },
    /// All parts are known.
    Parts(PartsPlan),
}

/// Shapes that apply to an object together.
#[derive(Debug)]
pub(super) struct PartsPlan {
    /// A shape comes before those that it hides.
    pub(super) parts: Box<[&'static Shape]>,
    /// The rows of each part that no part before it hides, as bits; `None` if there are too many, or a name has two rows.
    rows_of: Option<Box<[u64]>>,
    /// The rows, part by part.
    rows: Box<[&'static Field]>,
    /// Hashes of names with the number of the row, and one more; 0 is a free place. Half of the places are free.
    places: Box<[(u32, u8)]>,
    /// The rows that are looked at even if they have no value.
    asked: u64,
    /// Whether a member that does nothing here has the name of a row.
    pub(super) names_ignored: bool,
}

/// What a thread keeps from payload to payload.
#[derive(Debug, Default)]
pub(super) struct LintMemory {
    plans: HashMap<usize, Rc<ShapePlan>, FixedState>,
    /// The values of the rows of the objects around, by their numbers.
    pub(super) seen: Vec<u32>,
}

thread_local! {
    static MEMORY: Cell<LintMemory> = Cell::default();
}

impl LintMemory {
    /// That of this thread; nothing while another payload is linted.
    pub(super) fn take() -> Self {
        MEMORY.take()
    }

    /// Keeps it for the next payload.
    pub(super) fn keep(self) {
        MEMORY.set(self);
    }

    /// The plan of a shape.
    pub(super) fn plan(&mut self, shape: &'static Shape) -> Rc<ShapePlan> {
        let place = std::ptr::from_ref(shape).addr();
        let new = || Rc::new(ShapePlan { shape, first: PlanStep::after(shape, &[]) });
        Rc::clone(self.plans.entry(place).or_insert_with(new))
    }
}

impl ShapePlan {
    /// The parts that apply to an object.
    pub(super) fn parts(&self, object: At<'_>) -> &PartsPlan {
        let mut step = &self.first;
        loop {
            match step {
                PlanStep::Parts(parts) => return parts,
                PlanStep::Choose { variant, before, next } => {
                    let case = variant.case_at(object);
                    let after = || PlanStep::after(self.shape, &[before, &[case][..]].concat());
                    step = next[case].get_or_init(after);
                }
            }
        }
    }
}

impl PlanStep {
    /// What is known of the parts of a shape after these cases.
    fn after(shape: &'static Shape, cases: &[usize]) -> Self {
        let mut parts = Vec::new();
        match gather(shape, &mut cases.iter(), &mut parts) {
            Some(variant) => Self::Choose {
                variant,
                before: cases.into(),
                next: std::iter::repeat_with(OnceCell::new).take(variant.cases.len() + 1).collect(),
            },
            None => Self::Parts(PartsPlan::new(parts)),
        }
    }
}

/// Appends the parts of a shape, in the order of [`Shape::visit`], up to the first variant whose case is not given.
fn gather(
    shape: &'static Shape,
    cases: &mut std::slice::Iter<'_, usize>,
    parts: &mut Vec<&'static Shape>,
) -> Option<&'static Variant> {
    for variant in shape.variants {
        let Some(case) = cases.next() else { return Some(variant) };
        let open = variant.shape_of(*case).and_then(|shape| gather(shape, cases, parts));
        if open.is_some() {
            return open;
        }
    }
    parts.push(shape);
    shape.include.iter().find_map(|include| gather(include, cases, parts))
}

impl PartsPlan {
    fn new(parts: Vec<&'static Shape>) -> Self {
        let mut plan = Self {
            parts: parts.into(),
            rows_of: None,
            rows: Box::default(),
            places: [(0, 0)].into(),
            asked: 0,
            names_ignored: true,
        };
        let (mut rows, mut rows_of) = (Vec::<&'static Field>::new(), Vec::new());
        for (index, part) in plan.parts.iter().enumerate() {
            let before = &plan.parts[..index];
            let is_hidden = |field: &&Field| before.iter().any(|part| part.has_field(field.name));
            let first = rows.len();
            rows.extend(part.fields.iter().filter(|field| !is_hidden(field)));
            if rows.len() >= MOST {
                return plan;
            }
            rows_of.push((1 << rows.len()) - (1 << first));
        }
        plan.places = vec![(0, 0); (2 * rows.len() + 1).next_power_of_two()].into();
        for (index, field) in rows.iter().enumerate() {
            if plan.row(field.name).is_some() {
                return plan;
            }
            let hash = key_hash(field.name.as_bytes());
            let last = plan.places.len() - 1;
            let mut place = hash as usize & last;
            while plan.places[place].1 != 0 {
                place = (place + 1) & last;
            }
            plan.places[place] = (hash, index as u8 + 1);
            plan.rows = rows[..=index].into();
            if !matches!(field.need, Presence::Optional) || !field.aliases.is_empty() {
                plan.asked |= 1 << index;
            }
        }
        let mut ignored = plan.parts.iter().flat_map(|part| part.ignored);
        plan.names_ignored = ignored.any(|one| plan.row(one.name).is_some());
        plan.rows_of = Some(rows_of.into());
        plan
    }

    /// The rows of each part, as bits; `None` if they have to be looked for one by one.
    pub(super) fn rows_of(&self) -> Option<&[u64]> {
        #[cfg(test)]
        if tests::WITHOUT.get() {
            return None;
        }
        self.rows_of.as_deref()
    }

    /// The number of the row with a name.
    fn row(&self, name: &str) -> Option<usize> {
        self.row_of(key_hash(name.as_bytes()), |known| known == name)
    }

    #[inline]
    fn row_of(&self, hash: u32, is: impl Fn(&str) -> bool) -> Option<usize> {
        let mut at = hash as usize;
        loop {
            // The number of places is a power of two.
            let (known, row) = self.places[at & (self.places.len() - 1)];
            let index = usize::from(row.checked_sub(1)?);
            if known == hash && is(self.rows[index].name) {
                return Some(index);
            }
            at += 1;
        }
    }

    /// Looks at all members of an object, and appends the number of each row's value, or 0.
    pub(super) fn see(&self, object: At<'_>, nodes: &mut Vec<u32>) -> SeenMembers {
        let first = nodes.len();
        nodes.resize(first + self.rows.len(), 0);
        let mut seen = SeenMembers { first, there: 0, all_known: true };
        for (hash, is_key, value) in object.keyed_members() {
            match self.row_of(hash, is_key) {
                Some(row) => {
                    seen.there |= 1 << row;
                    // If a key is repeated, the last value counts.
                    nodes[first + row] = value;
                }
                None => seen.all_known = false,
            }
        }
        seen
    }
}

/// The members of an object that have a row.
pub(super) struct SeenMembers {
    /// Where the numbers of the values begin.
    pub(super) first: usize,
    /// The rows with a value, as bits.
    there: u64,
    /// Whether every member has a row.
    pub(super) all_known: bool,
}

impl SeenMembers {
    /// The numbers of the rows to look at among `rows`, and the rows, in their order: those with a value, and those that
    /// the plan asks for.
    #[inline]
    pub(super) fn rows(
        &self,
        plan: &PartsPlan,
        rows: u64,
    ) -> impl Iterator<Item = (usize, &'static Field)> {
        let mut left = (self.there | plan.asked) & rows;
        std::iter::from_fn(move || {
            let row = left.trailing_zeros() as usize;
            let field = plan.rows.get(row)?;
            left &= left - 1;
            Some((row, *field))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::PartsPlan;
    use crate::contract::{Context, Contract, Operation};
    use crate::document::{Document, Value};
    use crate::lint::lint;
    use crate::provider::{contracts, find_operation};

    thread_local! {
        /// Whether rows are looked for one by one.
        pub(super) static WITHOUT: Cell<bool> = const { Cell::new(false) };
    }

    /// A change of a payload: which member, counted through all objects, and what becomes of it.
    #[derive(Clone, Debug)]
    enum Change {
        Remove,
        Repeat,
        Rename(&'static str),
        Replace(&'static str),
    }

    fn change() -> impl Strategy<Value = (Index, Change)> {
        let names =
            vec!["", "x", "type", "Alert", "name", "$schema", "content", "platfrom", "title"];
        let values = vec![
            "null",
            "1",
            "1.0",
            "\"\"",
            "\"a\"",
            "[]",
            "{}",
            "[\"a\",\"a\"]",
            "true",
            "\"1\"",
            "{\"a\":1}",
        ];
        let change = prop_oneof![
            Just(Change::Remove),
            Just(Change::Repeat),
            select(names).prop_map(Change::Rename),
            select(values).prop_map(Change::Replace),
        ];
        (any::<Index>(), change)
    }

    fn members(value: &Value) -> usize {
        match value {
            Value::Object(object) => object.iter().map(|one| 1 + members(&one.node.value)).sum(),
            Value::Array(items) => items.iter().map(|item| members(&item.value)).sum(),
            _ => 0,
        }
    }

    /// Changes the member with a number. `left` counts down to it.
    fn apply(value: &mut Value, left: &mut usize, change: &Change) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| apply(&mut item.value, left, change));
            }
            Value::Object(object) => {
                let mut here = None;
                for member in object.iter_mut() {
                    if *left == 0 && here.is_none() {
                        here = Some(member.clone());
                    }
                    *left = left.wrapping_sub(1);
                    apply(&mut member.node.value, left, change);
                }
                let Some(mut member) = here else { return };
                let key = member.key.to_string();
                match change {
                    Change::Remove => drop(object.remove(&key)),
                    Change::Repeat => object.push(member),
                    Change::Rename(name) => {
                        object.remove(&key);
                        member.key = (*name).into();
                        object.push(member);
                    }
                    Change::Replace(json) => {
                        object.set(&key, Document::parse(*json).expect("JSON").into_value());
                    }
                }
            }
            _ => {}
        }
    }

    /// The payloads of the cases with their operations.
    fn corpus() -> Vec<(&'static Contract, &'static Operation, Value)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
        let mut corpus = Vec::new();
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
            for line in text.lines() {
                let case = Document::parse(line).expect("JSON");
                let case = case.root().value.as_object().expect("a case");
                let text = |name: &str| case.get(name).and_then(|node| node.value.as_str());
                let name = [text("provider"), text("operation")].map(Option::unwrap_or_default);
                let (vendor, operation) = find_operation(&name.join("/")).expect("an operation");
                let body = case.get("body").expect("a body").value.clone();
                corpus.push((vendor.contract(), operation, body));
            }
        }
        corpus
    }

    /// Every row of every operation is found by its name, and by no other.
    #[test]
    fn plans_have_the_rows_of_their_shapes() {
        let mut rows = 0;
        for operation in contracts().iter().flat_map(|contract| contract.operations) {
            let Some(shape) = operation.shape() else { continue };
            let plan = PartsPlan::new(vec![shape]);
            for (index, field) in shape.fields.iter().enumerate() {
                assert_eq!(plan.row(field.name), Some(index), "{}", operation.id);
                assert_eq!(plan.row(&format!("{}x", field.name)), None, "{}", operation.id);
                rows += 1;
            }
        }
        assert!(rows > 300, "{rows}");
    }

    #[test]
    fn plans_find_what_a_search_for_each_row_finds() {
        let corpus = corpus();
        let both =
            |(contract, operation, body): &(&'static Contract, &'static Operation, Value)| {
                let document = Document::parse(body.to_compact()).expect("JSON");
                let found =
                    || format!("{:?}", lint(contract, operation, &document, &Context::default()));
                let with = found();
                WITHOUT.set(true);
                let without = found();
                WITHOUT.set(false);
                (with, without, document.text().to_owned())
            };
        for case in &corpus {
            let (with, without, text) = both(case);
            assert_eq!(with, without, "{text}");
        }
        let changes = proptest::collection::vec(change(), 1..4);
        proptest!(ProptestConfig::with_cases(2000), |(which in any::<Index>(), changes in changes)| {
            let (contract, operation, mut body) = corpus[which.index(corpus.len())].clone();
            for (index, change) in &changes {
                let count = members(&body);
                if count > 0 {
                    apply(&mut body, &mut index.index(count), change);
                }
            }
            let (with, without, text) = both(&(contract, operation, body));
            prop_assert_eq!(with, without, "{}/{} {}", contract.id, operation.id, text);
        });
    }
}
