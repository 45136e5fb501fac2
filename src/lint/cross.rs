//! Checks that span the fields of an object.

use super::check::LintWalk;
use crate::contract::{Budget, BudgetPart, Check, CrossCheck, Empties, RuleId};
use crate::document::{At, Value};

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
        let Some(used) = measure(budget, at) else { return };
        let max = budget.max.max();
        if used > max && !self.sink.is_wrong(place) {
            let unit = budget.max.unit();
            let message = format!("{} takes {used} {unit}, the limit is {max}", budget.what);
            let help = format!("shorten it by {} {unit}", used - max);
            self.sink.report_limit(rule, place, message, Some(help));
        }
    }
}

/// The sum of a budget's parts; `None` if one of them has the wrong kind.
pub(super) fn measure(budget: &Budget, at: At<'_>) -> Option<u64> {
    let mut sum = 0;
    for part in budget.parts {
        let (BudgetPart::Text(path) | BudgetPart::Compact(path) | BudgetPart::Decoded(path)) = part;
        let part_at = at.find(path);
        let Some(value) = part_at.value() else { continue };
        if matches!(value, Value::Null) {
            continue;
        }
        sum += match part {
            BudgetPart::Text(_) => budget.max.measure(value.as_str()?),
            BudgetPart::Compact(_) => {
                let value = part_at.json().and_then(At::value).unwrap_or(value);
                budget.max.measure(&value.to_compact())
            }
            BudgetPart::Decoded(_) => match value {
                Value::String(text) => text.base64()?.len() as u64,
                _ => return None,
            },
        };
    }
    Some(sum)
}
