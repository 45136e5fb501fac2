//! Checks that span the fields of an object.

use super::check::LintWalk;
use crate::contract::{Budget, BudgetPart, Check, CrossCheck, Empties, Length, RuleId};
use crate::document::{At, Str, ValueView};

impl LintWalk<'_> {
    pub(super) fn cross(&mut self, check: &Check, at: At<'_>) {
        match &check.test {
            CrossCheck::Count { names, min, max, at: place } => {
                let there = names
                    .iter()
                    .filter(|name| {
                        at.get(name).value().is_some_and(|value| !Empties::ALL.holds(value))
                    })
                    .count();
                let there = u32::try_from(there).unwrap_or(u32::MAX);
                if (*min..=*max).contains(&there) {
                    return;
                }
                let names =
                    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let message = if there < *min {
                    format!("at least {min} of {names} must be there")
                } else {
                    format!("at most {max} of {names} may be there")
                };
                self.sink.report(check.rule, at.find(place), message);
            }
            CrossCheck::Flag { when, at: place, message } => {
                // A place that already has an error is not reported again because of its neighbours.
                if when.holds(at) && !self.sink.is_told(at.find(place)) {
                    self.sink.report(check.rule, at.find(place), *message);
                }
            }
            CrossCheck::Budget(budget) => self.budget(check.rule, budget, at),
            CrossCheck::Function { run, .. } => run(at, &mut self.sink),
        }
    }

    pub(super) fn budget(&mut self, rule: RuleId, budget: &Budget, at: At<'_>) {
        let place = if budget.at.is_empty() { at } else { at.find(budget.at) };
        let used = measure(budget, at);
        let max = budget.max.max();
        // A soft limit says nothing beside a hard one at the same place.
        if used > max && !self.sink.is_told(place) {
            let unit = budget.max.unit();
            let message = format!("{} takes {used} {unit}, the limit is {max}", budget.what);
            let help = format!("shorten it by {} {unit}", used - max);
            self.sink.report_limit(rule, place, message, Some(help));
        }
    }
}

/// The sum of a budget's parts. A part of the wrong kind is a fault of its own, and adds what can be measured of it: no
/// other fault hides that the whole is too large.
pub(super) fn measure(budget: &Budget, at: At<'_>) -> u64 {
    let part = |part: &BudgetPart| {
        let (BudgetPart::Text(path) | BudgetPart::Compact(path) | BudgetPart::Decoded(path)) = part;
        let part_at = at.find(path);
        match (part, part_at.value()) {
            (_, None | Some(ValueView::Null)) => 0,
            (BudgetPart::Compact(_), Some(value)) => {
                let value = part_at.json().and_then(At::value).unwrap_or(value);
                match budget.max {
                    Length::Bytes(_) => value.compact_bytes() as u64,
                    other => other.measure(&value.to_compact()),
                }
            }
            (BudgetPart::Decoded(_), Some(ValueView::String(_))) => {
                part_at.string().and_then(Str::base64).map_or(0, <[u8]>::len) as u64
            }
            (BudgetPart::Decoded(_), Some(_)) => 0,
            (BudgetPart::Text(_), Some(ValueView::Array(_) | ValueView::Object(_))) => 0,
            (BudgetPart::Text(_), Some(ValueView::String(text))) => budget.max.measure(text),
            (BudgetPart::Text(_), Some(value)) => budget.max.measure(&value.to_plain()),
        }
    };
    budget.parts.iter().map(part).sum()
}
