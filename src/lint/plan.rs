//! Where the rows of a shape are found by the names of members, so that a walk looks at the members that are there and
//! not for every row that could be. It is made once a thread from the constant tables.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::contract::{Field, Presence, Shape};
use crate::document::{At, key_hash};

/// The most rows of a shape, and the most members of an object, for which there is a plan. No vendor has as many.
const MOST: usize = 128;

/// The rows of one shape by their names.
#[derive(Debug)]
pub(super) struct ShapePlan {
    /// Hashes of names with the number of the row, and one more; 0 is a free place. Half of the places are free.
    rows: Box<[(u32, u8)]>,
    fields: &'static [Field],
    /// The rows that are looked at even if they have no value.
    asked: u128,
    /// Whether a member that does nothing here has the name of a row.
    pub(super) names_ignored: bool,
}

thread_local! {
    static PLANS: RefCell<HashMap<usize, Option<Rc<ShapePlan>>, foldhash::fast::FixedState>> =
        RefCell::default();
}

impl ShapePlan {
    /// The plan of a shape; `None` if its rows have to be looked for one by one.
    pub(super) fn of(shape: &'static Shape) -> Option<Rc<Self>> {
        #[cfg(test)]
        if tests::WITHOUT.get() {
            return None;
        }
        let place = std::ptr::from_ref(shape).addr();
        PLANS.with_borrow_mut(|plans| {
            plans.entry(place).or_insert_with(|| Self::new(shape).map(Rc::new)).clone()
        })
    }

    fn new(shape: &'static Shape) -> Option<Self> {
        let fields = shape.fields;
        if fields.len() >= MOST {
            return None;
        }
        let rows = vec![(0, 0); (2 * fields.len() + 1).next_power_of_two()].into_boxed_slice();
        let mut plan = Self { rows, fields, asked: 0, names_ignored: false };
        for (index, field) in fields.iter().enumerate() {
            if plan.row(field.name).is_some() {
                return None;
            }
            let hash = key_hash(field.name.as_bytes());
            let last = plan.rows.len() - 1;
            let mut place = hash as usize & last;
            while plan.rows[place].1 != 0 {
                place = (place + 1) & last;
            }
            plan.rows[place] = (hash, u8::try_from(index + 1).ok()?);
            if !matches!(field.need, Presence::Optional) || !field.aliases.is_empty() {
                plan.asked |= 1 << index;
            }
        }
        plan.names_ignored = shape.ignored.iter().any(|one| plan.row(one.name).is_some());
        Some(plan)
    }

    /// The number of the row with a name.
    pub(super) fn row(&self, name: &str) -> Option<usize> {
        self.row_of(key_hash(name.as_bytes()), |known| known == name)
    }

    #[inline]
    fn row_of(&self, hash: u32, is: impl Fn(&str) -> bool) -> Option<usize> {
        let mut at = hash as usize;
        loop {
            // The number of places is a power of two.
            let (known, row) = self.rows[at & (self.rows.len() - 1)];
            let index = usize::from(row.checked_sub(1)?);
            if known == hash && is(self.fields[index].name) {
                return Some(index);
            }
            at += 1;
        }
    }
}

/// The members of an object that have a row of one shape.
pub(super) struct SeenMembers<'a> {
    object: At<'a>,
    /// The numbers of the rows with a value, as bits.
    there: u128,
    nodes: [u32; MOST],
}

impl<'a> SeenMembers<'a> {
    /// Looks at all members. `known` has a bit for each member that has a row.
    pub(super) fn of(plan: &ShapePlan, object: At<'a>, known: &mut u128) -> Self {
        let mut seen = Self { object, there: 0, nodes: [0; MOST] };
        for (index, (hash, is_key, value)) in object.keyed_members().enumerate() {
            if let Some(row) = plan.row_of(hash, is_key) {
                *known |= 1 << index;
                seen.there |= 1 << row;
                // If a key is repeated, the last value counts.
                seen.nodes[row] = value;
            }
        }
        seen
    }

    /// The rows to look at, in their order, each with its value or its place; those without a value only if the plan
    /// asks for them.
    pub(super) fn rows(&self, plan: &ShapePlan) -> impl Iterator<Item = (&'static Field, At<'a>)> {
        let mut left = self.there | plan.asked;
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let row = left.trailing_zeros() as usize;
            left &= left - 1;
            let field = &plan.fields[row];
            let is_there = self.there & (1 << row) != 0;
            let value = match is_there {
                true => self.object.at_node(self.nodes[row]),
                false => self.object.missing(field.name),
            };
            Some((field, value))
        })
    }
}

/// Whether an object has few enough members for a plan.
pub(super) fn is_small(object: At<'_>) -> bool {
    object.as_object().is_some_and(|members| members.len() <= MOST)
}

/// All members, as bits.
pub(super) fn all_members(object: At<'_>) -> u128 {
    let members = object.as_object().map_or(0, |members| members.len());
    if members >= MOST { u128::MAX } else { (1 << members) - 1 }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::ShapePlan;
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
            let plan = ShapePlan::of(shape).expect("a plan");
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
