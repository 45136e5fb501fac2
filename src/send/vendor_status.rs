//! Asks the vendor whether it has a message. Only one answer proves something: the message itself.

use crate::contract::{Audience, Contract, Effect, Target, TargetKind, Verb};
use crate::document::{Document, Value};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ledger::{Job, LedgerEntry};
use crate::outcome::{Outcome, SentMessage, Verdict};
use crate::provider::{self, FollowUp};
use crate::send::app::App;
use crate::send::one_question::ask_vendor;
use crate::send::options::SendOptions;
use crate::send::sent_with::SentWith;
use crate::send::settle_unknown::{entry_advice, job_advice};

/// What people do where no look-up helps.
const SAY_INSTEAD: &str =
    "say what happened to it with --accepted or --not-accepted instead of --check";

/// What a vendor says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VendorStatus {
    /// It has the message, and handed it out.
    Has(String),
    /// It says nothing that would prove one or the other: an id that it does not find may be one that it has yet to index,
    /// or keeps no longer.
    Silent(String),
}

/// Asks for the message of an entry, by an id that the ledger or the user knows.
pub(crate) fn ask(
    env: &Env,
    sending: &SendOptions,
    entry: &LedgerEntry,
    vendor_id: Option<&str>,
) -> Result<VendorStatus> {
    let contract = provider::find(&entry.intent.route.provider)?.contract();
    // That a vendor has a message says nothing of its recall.
    if entry.intent.content.effect != Effect::Sends {
        return Err(no_proof(&entry.intent.content.verb, entry_advice(entry)));
    }
    let has_none =
        vendor_id.is_none() && entry.to_sent().is_ok_and(|sent| known_ids(&sent).is_empty());
    if has_none || !hands_out(contract) {
        return Err(no_look_up(contract, entry_advice(entry)));
    }
    let app = SentWith::of_entry(entry).open_to_ask(env, sending)?;
    let mut sent = entry.to_sent()?;
    if let Some(id) = vendor_id {
        sent.ids.clear();
        sent.targets.clear();
        sent.ids.extend([(String::new(), id.to_owned())]);
    }
    let ids: Vec<String> = sent.ids.iter().map(|(_, id)| id.clone()).collect();
    let known = known_ids(&sent);
    if vendor_id.is_some() {
        // Its name is for the vendor to know.
        sent.ids.clear();
    }
    let whom = vendor_id.is_some().then(|| whom(&app, entry, &sent.body));
    let stamp = env.system.stamp();
    let drafts = app.vendor.follow_up(&FollowUp {
        verb: Verb::Get,
        ids: &ids,
        sent: Some(&sent),
        from: None,
        to: &[],
        intent: None,
        sets: &[],
        account: &app.account,
        stamp: &stamp,
    })?;
    let mut why = "there is nothing to ask for".to_owned();
    for draft in drafts {
        let outcome = ask_vendor(env, sending, &app, draft)?;
        match judged(&outcome, &known, whom.as_deref()) {
            VendorStatus::Silent(said) => why = said,
            has => return Ok(has),
        }
    }
    Ok(VendorStatus::Silent(why))
}

/// The vendor's ids of a message, and of the messages of single targets.
fn known_ids(sent: &SentMessage) -> Vec<String> {
    let of_targets = sent.targets.iter().filter_map(|(_, id)| id.as_ref());
    sent.ids.iter().map(|(_, id)| id).chain(of_targets).cloned().collect()
}

/// The ids of the targets of an entry.
fn whom(app: &App, entry: &LedgerEntry, body: &Value) -> Vec<String> {
    let operations = app.vendor.contract().operations.iter();
    let operation = operations.into_iter().find(|one| one.id == entry.intent.route.operation);
    let audience = match operation {
        Some(operation) if entry.has_body() => {
            Audience::of(operation, &Document::unwritten(body.clone()))
        }
        // What is told to people of one target is its kind and its id.
        _ => entry
            .intent
            .reach
            .audience
            .split_once(':')
            .and_then(|(kind, id)| {
                Some(Audience::Named(vec![Target::new(TargetKind::from_word(kind)?, id)]))
            })
            .unwrap_or(Audience::Nobody),
    };
    audience.targets().iter().map(|target| target.id.clone()).collect()
}

fn hands_out(contract: &Contract) -> bool {
    contract.operations.iter().any(|operation| operation.verbs.contains(&Verb::Get))
}

/// The error where a vendor cannot be asked for a message. `how`: how people settle it.
fn no_look_up(contract: &Contract, how: Option<String>) -> Error {
    let by_id = hands_out(contract);
    let what = if by_id { "without the id of a message" } else { "for messages" };
    let how = how.unwrap_or_else(|| SAY_INSTEAD.to_owned());
    let more = if by_id { "; for one message, --vendor-id ID asks by its id" } else { "" };
    Error::usage(format!("{} has no look-up {what}", contract.name)).help(format!("{how}{more}"))
}

/// The error where a look-up would prove nothing. `how`: how people settle it.
fn no_proof(verb: &str, how: Option<String>) -> Error {
    let what = format!("this is a `{verb}`, and a look-up tells only whether a message arrived");
    Error::usage(what).help(how.unwrap_or_else(|| SAY_INSTEAD.to_owned()))
}

/// The error of a job at a vendor that cannot be asked for its messages.
pub(crate) fn no_look_up_of_job(job: &Job) -> Result<Error> {
    if job.counts().unknown == 0 {
        return Ok(Error::usage(format!("nothing of the job {} is unknown", job.label()))
            .help("only what is unknown is looked up"));
    }
    if !job.sends() {
        return Ok(no_proof(&job.intent.verb, job_advice(job)));
    }
    Ok(no_look_up(provider::find(&job.intent.provider)?.contract(), job_advice(job)))
}

/// Whether an outcome is the message with one of the ids that are known. Where the id is not the ledger's own, it has to be
/// for one of these targets as well: an id of some other message proves nothing.
fn judged(outcome: &Outcome, known: &[String], whom: Option<&[String]>) -> VendorStatus {
    let handed_out = |id: &&String| outcome.result.as_ref().is_some_and(|found| holds(found, id));
    if outcome.verdict == Verdict::Accepted
        && let Some(id) = known.iter().find(handed_out)
    {
        if whom.is_some_and(|whom| !whom.iter().any(|one| handed_out(&one))) {
            return VendorStatus::Silent(format!(
                "nothing in the message {id} says that it is for whom this was sent to"
            ));
        }
        return VendorStatus::Has(format!("the vendor returned the message {id}"));
    }
    let said = outcome.words().map(str::to_owned).or_else(|| outcome.code.clone());
    VendorStatus::Silent(match (outcome.verdict, known) {
        (Verdict::Accepted, []) => {
            "the ledger has no id of the message; --vendor-id names one".to_owned()
        }
        (Verdict::Accepted, _) => "the message is not in it".to_owned(),
        (verdict, _) => said.unwrap_or_else(|| verdict.word().to_owned()),
    })
}

/// Whether an id stands anywhere in what a vendor handed out.
fn holds(found: &Value, id: &str) -> bool {
    match found {
        Value::Object(object) => object.iter().any(|member| holds(&member.node.value, id)),
        Value::Array(items) => items.iter().any(|item| holds(&item.value, id)),
        Value::String(_) | Value::Number(_) => found.to_plain() == id,
        Value::Bool(_) | Value::Null => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_message_itself_proves_that_the_vendor_has_it() {
        let known = ["9223372036854775809".to_owned()];
        for (verdict, result, proves) in [
            (Verdict::Accepted, Some(r#"{"message":{"id":9223372036854775809}}"#), true),
            (Verdict::Accepted, Some(r#"[{"id":"9223372036854775809"}]"#), true),
            (Verdict::Accepted, Some(r#"{"id":9223372036854775808}"#), false),
            (Verdict::Accepted, Some("[]"), false),
            (Verdict::Accepted, None, false),
            (Verdict::Unknown, Some(r#"{"id":9223372036854775809}"#), false),
            (Verdict::Rejected, Some(r#"{"id":9223372036854775809}"#), false),
        ] {
            let result = result.map(|text| Document::parse(text).expect("JSON").into_value());
            let outcome = Outcome { result, ..Outcome::of(verdict) };
            let answer = judged(&outcome, &known, None);
            assert_eq!(matches!(answer, VendorStatus::Has(_)), proves, "{outcome:?}");
            assert!(matches!(judged(&outcome, &[], None), VendorStatus::Silent(_)));
        }
    }

    #[test]
    fn an_id_that_somebody_names_has_to_be_that_of_a_message_to_the_same_people() {
        let known = ["7".to_owned()];
        let found = r#"{"id":7,"conv":{"target":"bob"},"text":"carol"}"#;
        for (whom, proves) in [("bob", true), ("dave", false), ("bo", false)] {
            let result = Some(Document::parse(found).expect("JSON").into_value());
            let outcome = Outcome { result, ..Outcome::of(Verdict::Accepted) };
            let whom = [whom.to_owned(), "erin".to_owned()];
            let answer = judged(&outcome, &known, Some(&whom));
            assert_eq!(matches!(answer, VendorStatus::Has(_)), proves, "{whom:?}: {answer:?}");
            assert!(matches!(judged(&outcome, &known, Some(&[])), VendorStatus::Silent(_)));
        }
    }
}
