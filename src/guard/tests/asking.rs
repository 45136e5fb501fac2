//! The words of a question.

use super::*;
use crate::contract::{Field, Kind, Operation, Reach, Root, Shape};
use crate::document::Document;

static PUSH: Operation = Operation {
    id: "push",
    effect: Effect::Sends,
    root: Root::Shape(&Shape::of(&[
        Field::new("tag", Kind::Text, ""),
        Field::new("text", Kind::Text, ""),
    ])),
    reach: Reach::Field(TargetKind::Tag, "tag"),
    ..Operation::BASE
};

fn question(audience: &Audience, mode: Mode, effect: Effect, body: &str) -> Question {
    let guards = Guards { mode, allow_to: vec!["user:*".to_owned()], ..Guards::default() };
    let document = Document::parse(body).expect("JSON");
    let requests = [OutgoingRequest { operation: &PUSH, body: &document }];
    let case = with(case(audience, &guards), |input| {
        input.action.effect = effect;
        input.action.requests = &requests;
    });
    match judge(&case).decision {
        Decision::Ask(question) | Decision::AskTyped(question) => question,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_question_names_what_is_about_to_happen_and_says_live_where_it_is() {
    let body = r#"{"tag":"vip","text":"Doors open at eight"}"#;
    let asked = question(&tag(), Mode::Live, Effect::Sends, body);
    insta::assert_snapshot!(asked.lines().join("\n"), @r#"
    LIVE: acme/push reaches everybody with tag:vip
      profile  live
      at       acme, app 1, https://api.acme.test
      reaches  everybody with tag:vip
      says     "Doors open at eight"
    "#);
    assert_eq!(asked.by_name(), "Type `live` to send it to real people");
    assert_eq!(asked.yes_or_no(), "Send it to real people? [y/N]");

    let asked = question(&users(101), Mode::Test, Effect::Sends, "{}");
    insta::assert_snapshot!(asked.lines().join("\n"), @r"
    test: acme/push reaches 101 targets, more than 100
      profile  live
      at       acme, app 1, https://api.acme.test
      reaches  101 targets (user:u0 and 100 more)
    ");
    assert_eq!(asked.yes_or_no(), "Send this test? [y/N]");
    assert_eq!(asked.by_name(), "Type `live` to send this test");
}

#[test]
fn no_two_sorts_of_questions_have_the_same_words() {
    let mut words = std::collections::BTreeSet::new();
    for mode in [Mode::Live, Mode::Test] {
        for effect in [Effect::Sends, Effect::Destroys] {
            let asked = question(&users(101), mode, effect, "{}");
            assert!(asked.yes_or_no().ends_with("[y/N]"));
            words.extend([asked.yes_or_no(), asked.by_name()]);
        }
    }
    assert_eq!(words.len(), 8, "{words:?}");
}

#[test]
fn what_a_question_quotes_is_cut_and_cannot_move_the_cursor() {
    let body = format!(r#"{{"tag":"vip","text":"\u001b[2J{}"}}"#, "很".repeat(99));
    let asked = question(&tag(), Mode::Live, Effect::Sends, &body);
    let says = asked.lines().pop().expect("a line");
    assert_eq!(says, format!("  says     \"\\u{{1b}}[2J{}…\"", "很".repeat(56)));
}
