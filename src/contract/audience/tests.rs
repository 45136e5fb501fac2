//! Who requests reach: the rules, and every row of every provider.

use super::*;

mod id_names;
mod near;
mod rows;

#[test]
fn a_target_names_its_kind_or_has_the_usual_one() {
    let read =
        |typed: &str| Target::parse(typed, TargetKind::Alias).map(|target| target.to_string());
    assert_eq!(read("bob").expect("a target"), "alias:bob");
    assert_eq!(read("user:bob").expect("a target"), "user:bob");
    assert_eq!(read("user:a:b").expect("a target"), "user:a:b");
    for typed in ["usr:bob", "user:", "", ":x"] {
        assert!(read(typed).is_err(), "{typed}");
    }
    let error = read("gruop:1").expect_err("a typo");
    assert_eq!(error.advice(), "did you mean `group`?");
}

#[test]
fn only_a_list_that_is_there_and_empty_reaches_nobody() {
    let of = |reach: Reach, body: &str| {
        let operation = Operation { effect: Effect::Sends, reach, ..Operation::BASE };
        Audience::of(&operation, &Document::parse(body).expect("JSON")).to_string()
    };
    let listed = Reach::Listed(TargetKind::User, "to");
    for (reach, body, whom) in [
        (listed, r#"{"to":[]}"#, "nobody"),
        (listed, r#"{"to":["a"]}"#, "user:a"),
        (listed, r#"{"to":[null]}"#, "everybody"),
        (listed, r#"{"to":"a"}"#, "everybody"),
        (listed, "{}", "everybody"),
        (Reach::Field(TargetKind::User, "to"), r#"{"to":[]}"#, "everybody"),
        // Rows of operations that send, but that do not say who is reached.
        (Reach::Unsaid, "{}", "everybody"),
        (Reach::Own, "{}", "everybody"),
    ] {
        assert_eq!(of(reach, body), whom, "{reach:?} {body}");
    }
}

#[test]
fn what_the_row_does_not_say_counts_as_everybody_unless_it_only_reads() {
    for (effect, reach, whom) in [
        (Effect::Reads, Reach::Unsaid, "nobody"),
        (Effect::Sends, Reach::Unsaid, "everybody"),
        (Effect::Destroys, Reach::Unsaid, "everybody"),
        (Effect::Manages, Reach::Unsaid, "everybody"),
        (Effect::Manages, Reach::Own, "nobody"),
    ] {
        let operation = Operation { effect, reach, ..Operation::BASE };
        let body = Document::parse("{}").expect("JSON");
        assert_eq!(Audience::of(&operation, &body).to_string(), whom, "{effect:?} {reach:?}");
    }
    // A new row that says nothing must not pass as harmless.
    let new = Operation { effect: Effect::Destroys, ..Operation::BASE };
    assert_eq!(Audience::of(&new, &Document::parse("{}").expect("JSON")), Audience::Everybody);
}

#[test]
fn messages_reach_who_got_them_where_all_of_them_are_known() {
    let one = Reach::Message(&["id"]);
    let listed = Reach::Message(&["id", "list/*/id"]);
    static BOTH: &[Reach] = &[Reach::Listed(TargetKind::User, "told"), Reach::Message(&["id"])];
    static EITHER: &[Reach] = &[Reach::Field(TargetKind::Group, "to"), Reach::Message(&["id"])];
    static SAID: &[Reach] = &[Reach::Field(TargetKind::User, "to"), Reach::KnownMessage(&["id"])];
    let got = |id: &str| match id {
        "1" => Some(Audience::Named(vec![Target::new(TargetKind::User, "a")])),
        "2" => Some(Audience::Named(vec![Target::new(TargetKind::User, "b")])),
        "3" => Some(Audience::Class(vec![Target::new(TargetKind::Tag, "t")])),
        "4" => Some(Audience::Everybody),
        "5" => Some(Audience::Nobody),
        _ => None,
    };
    for (reach, body, whom) in [
        (one, r#"{"id":"1"}"#, "user:a"),
        (one, r#"{"id":1}"#, "user:a"),
        (one, r#"{"id":"3"}"#, "everybody with tag:t"),
        (one, r#"{"id":"4"}"#, "everybody"),
        (one, r#"{"id":"9"}"#, "everybody"),
        (one, r#"{"id":1.0}"#, "everybody"),
        (one, r#"{"id":""}"#, "everybody"),
        (one, r#"{"id":["1"]}"#, "everybody"),
        (one, r#"{"id":null}"#, "everybody"),
        (one, "{}", "everybody"),
        (one, "[]", "everybody"),
        (listed, r#"{"list":[{"id":"1"},{"id":2}]}"#, "2 targets (user:a and 1 more)"),
        (listed, r#"{"list":[{"id":"1"},{"id":"1"}]}"#, "user:a"),
        (listed, r#"{"list":[{"id":"1"},{"id":"9"}]}"#, "everybody"),
        (listed, r#"{"list":[{"id":"1"},{}]}"#, "everybody"),
        (listed, r#"{"list":[]}"#, "everybody"),
        (listed, r#"{"id":"2","list":[{"id":"1"}]}"#, "2 targets (user:b and 1 more)"),
        (Reach::AllOf(BOTH), r#"{"told":["x"],"id":"1"}"#, "2 targets (user:x and 1 more)"),
        (Reach::AllOf(BOTH), r#"{"told":[],"id":"1"}"#, "user:a"),
        (Reach::AllOf(BOTH), r#"{"told":["x"],"id":"9"}"#, "everybody"),
        (Reach::AllOf(BOTH), r#"{"id":"1"}"#, "everybody"),
        (Reach::AllOf(SAID), r#"{"to":"a","id":"1"}"#, "user:a"),
        (Reach::AllOf(SAID), r#"{"to":"x","id":"1"}"#, "2 targets (user:x and 1 more)"),
        (Reach::AllOf(SAID), r#"{"to":"x","id":"4"}"#, "everybody"),
        (Reach::AllOf(SAID), r#"{"to":"x","id":"9"}"#, "user:x"),
        (Reach::AllOf(SAID), r#"{"to":"x"}"#, "user:x"),
        (Reach::AllOf(SAID), r#"{"id":"1"}"#, "everybody"),
        (Reach::FirstOf(EITHER), r#"{"to":"g","id":"9"}"#, "group:g"),
        (Reach::FirstOf(EITHER), r#"{"id":"1"}"#, "user:a"),
        (Reach::FirstOf(EITHER), r#"{"id":"9"}"#, "everybody"),
    ] {
        let operation = Operation { effect: Effect::Destroys, reach, ..Operation::BASE };
        let body = Document::parse(body).expect("JSON");
        let known = Audience::with_sent(&operation, &body, &mut |id| got(id));
        assert_eq!(known.to_string(), whom, "{reach:?} {}", body.text());
        if reach.names_messages() && !matches!(reach, Reach::FirstOf(_)) {
            let unknown = Audience::of(&operation, &body);
            assert_eq!(unknown, Audience::Everybody, "{reach:?} {}", body.text());
        }
    }
}
