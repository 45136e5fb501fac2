//! Messages about requests that delete, and about audiences that herald cannot read.

use super::*;
use crate::contract::{Operation, Reach};
use crate::document::Document;
use crate::text::en;

static ADDRESSED: Reach =
    Reach::Read(&["to"], |root| crate::contract::audience::named(TargetKind::User, root.get("to")));

#[test]
fn it_is_said_what_is_destroyed_and_why_it_counts_as_everybody() {
    let about = en("Recall a message");
    static BY_ID: Reach =
        Reach::FirstOf(&[Reach::Field(TargetKind::User, "to"), Reach::Message(&["id"])]);
    for (effect, reach, body, expected) in [
        (
            Effect::Destroys,
            Reach::Message(&["id"]),
            r#"{"id":"7"}"#,
            "acme/push (recall a message) counts as reaching everybody: \
             who got the message is not in the ledger, or it was everybody",
        ),
        (
            Effect::Destroys,
            BY_ID,
            r#"{"id":"7"}"#,
            "acme/push (recall a message) counts as reaching everybody: \
             who got the message is not in the ledger, or it was everybody",
        ),
        (
            Effect::Manages,
            Reach::Unsaid,
            r#"{"id":"7"}"#,
            "acme/push (recall a message) counts as reaching everybody: nothing in it says for certain who is affected",
        ),
        (
            Effect::Destroys,
            Reach::Everybody,
            "{}",
            "acme/push (recall a message) reaches everybody",
        ),
        (
            Effect::Destroys,
            Reach::Field(TargetKind::Tag, "name"),
            r#"{"name":"vip"}"#,
            "acme/push (recall a message) reaches everybody with tag:vip",
        ),
        (
            Effect::Sends,
            ADDRESSED,
            r#"{"to":"a","TO ":"b"}"#,
            "acme/push counts as reaching everybody: `TO ` may be read as a name of its audience",
        ),
        (
            Effect::Sends,
            ADDRESSED,
            "{}",
            "acme/push counts as reaching everybody: whom it reaches cannot be read from it",
        ),
        (
            Effect::Sends,
            Reach::ForeignCodes("the thread of `id` decides"),
            r#"{"id":"7"}"#,
            "acme/push counts as reaching everybody: whom it reaches is not known: the thread of `id` decides",
        ),
    ] {
        let operation: &'static Operation =
            Box::leak(Box::new(Operation { about, effect, reach, ..Operation::BASE }));
        let document = Document::parse(body).expect("JSON");
        let audience = Audience::of(operation, &document);
        let requests = [OutgoingRequest { operation, body: &document }];
        let guards = Guards::default();
        let here = with(case(&audience, &guards), |input| {
            input.action.effect = effect;
            input.action.requests = &requests;
        });
        let Decision::AskTyped(question) = judge(&here).decision else { panic!("{body}") };
        assert_eq!(question.saw, expected);
        let given = question.details.iter().find(|(word, _)| *word == "with");
        let is_sent = effect == Effect::Sends;
        assert_eq!(given.map(|(_, body)| body.as_str()), (!is_sent).then_some(body));
        // A test profile is told the same.
        let guards = Guards { mode: Mode::Test, ..Guards::default() };
        let Decision::Refuse(refusal) =
            judge(&with(here, |input| input.profile.guards = &guards)).decision
        else {
            panic!("{body}")
        };
        assert_eq!(refusal.guard, Guard::AllowList);
        assert_eq!(refusal.saw, format!("`live` is a test profile, and {expected}"));
    }
}
