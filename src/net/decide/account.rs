//! What a reply says of targets, held against those that were asked for.

use std::collections::{HashMap, HashSet};

use super::{doubt_advice, of_results};
use crate::contract::{Answers, Contract, Effect, Operation};
use crate::outcome::{Outcome, TargetResult, Verdict, in_place_of_message};

/// The most strangers that a warning names.
const MAX_NAMED: usize = 10;

/// Holds the targets of an outcome against those that were asked for, where a reply tells targets apart.
///
/// `asked` are the names that a reply can know them by ([`Operation::asked`]); none where the request names no target: then
/// nothing is compared. What was not asked for is no target, and its ids are not kept: only a warning names it. What was
/// asked for and is not in the reply is unknown. Results without a name count for targets without a result, unless there
/// are fewer of them. Replies without any result are left as they are: there, the verdict is that of each.
pub fn account_for<T: AsRef<str>>(
    contract: &Contract,
    operation: &Operation,
    outcome: &mut Outcome,
    asked: &[T],
) {
    let asked: Vec<&str> = asked.iter().map(AsRef::as_ref).collect();
    if let ([one], [asked]) = (outcome.targets.as_mut_slice(), asked.as_slice())
        && one.target.is_empty()
    {
        (*asked).clone_into(&mut one.target);
    }
    let tells = operation.effect != Effect::Reads && operation.answers != Answers::Others;
    if tells && !asked.is_empty() && !outcome.targets.is_empty() {
        if contract.folds_ids && operation.answers == Answers::Targets {
            spell_as_asked(&mut outcome.targets, &asked);
        }
        compare(operation, outcome, &asked);
    }
    let nameless = outcome.targets.iter_mut().filter(|one| one.target.is_empty());
    for (index, one) in nameless.enumerate() {
        one.target = format!("target {}", index + 1);
    }
}

fn compare(operation: &Operation, outcome: &mut Outcome, asked: &[&str]) {
    let known: HashSet<&str> = asked.iter().copied().collect();
    let together = of_results(&outcome.targets);
    let all = std::mem::take(&mut outcome.targets);
    let (told, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| known.contains(one.target.as_str()));
    let (mut nameless, strangers): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|one| one.target.is_empty());
    let mut named: HashSet<&str> = told.iter().map(|one| one.target.as_str()).collect();
    let mut missing: Vec<&str> = asked.iter().copied().filter(|id| named.insert(*id)).collect();
    let mut dropped = strangers;
    outcome.warnings.extend(not_asked_for(&dropped));
    if !missing.is_empty() && nameless.len() >= missing.len() {
        missing.clear();
    } else {
        // Which of the targets they are about is not known.
        dropped.append(&mut nameless);
    }
    let left_out = missing.iter().map(|id| TargetResult {
        message: Some("the reply does not mention it".to_owned()),
        ..TargetResult::new(*id, Verdict::Unknown)
    });
    let left_out: Vec<TargetResult> = left_out.collect();
    let says_nothing = told.is_empty() && nameless.is_empty();
    outcome.targets = told.into_iter().chain(nameless).collect();
    forget_ids(outcome, &dropped);
    if left_out.is_empty() {
        // A verdict that came from the results was that of the others, too.
        if let Some(verdict) = of_results(&outcome.targets).filter(|_| !dropped.is_empty())
            && Some(outcome.verdict) == together
        {
            outcome.verdict = verdict;
        }
        return;
    }
    if says_nothing {
        // Its words are about others.
        (outcome.code, outcome.class) = (None, None);
        outcome.message =
            Some(in_place_of_message("the reply does not mention what was asked for"));
    }
    outcome.targets.extend(left_out);
    outcome.verdict = Verdict::Unknown;
    outcome.retry_after = None;
    outcome.advice = Some(doubt_advice(operation));
}

/// The warning that a reply is about strangers.
fn not_asked_for(strangers: &[TargetResult]) -> Option<String> {
    let mut seen = HashSet::new();
    let names: Vec<&str> =
        strangers.iter().map(|one| one.target.as_str()).filter(|name| seen.insert(*name)).collect();
    let first: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let first = first.join(", ");
    match names.len() {
        0 => None,
        1 => Some(format!("the vendor answered about {first}, which was not asked for")),
        count if count > MAX_NAMED => {
            let more = count - MAX_NAMED;
            Some(format!(
                "the vendor answered about {first} and {more} more, which were not asked for"
            ))
        }
        _ => Some(format!("the vendor answered about {first}, which were not asked for")),
    }
}

/// Takes the ids of dropped results out of those of the whole request.
fn forget_ids(outcome: &mut Outcome, dropped: &[TargetResult]) {
    let ids_of = |results: &[TargetResult]| -> HashSet<String> {
        results.iter().filter_map(|one| one.id.clone()).collect()
    };
    let (kept, lost) = (ids_of(&outcome.targets), ids_of(dropped));
    outcome.ids.retain(|(_, id)| kept.contains(id) || !lost.contains(id));
}

/// Gives targets the names that they were asked for by, where those differ in the case of letters alone. What was asked for
/// in two spellings is left alone.
fn spell_as_asked(targets: &mut [TargetResult], asked: &[&str]) {
    let mut spellings: HashMap<String, Option<&str>> = HashMap::new();
    for id in asked {
        let other = spellings.entry(id.to_lowercase()).or_insert(Some(*id));
        *other = other.filter(|known| known == id);
    }
    for target in targets.iter_mut().filter(|target| !asked.contains(&target.target.as_str())) {
        if let Some(Some(id)) = spellings.get(&target.target.to_lowercase()) {
            target.target = (*id).to_owned();
        }
    }
}
