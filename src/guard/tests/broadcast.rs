//! The guards for broadcasts: their texts, their history, the vendor's quotas.

use super::*;
use crate::contract::{
    Choice, Field, InnerKind, Kind, MapOf, Operation, Rate, RateUnit, Reach, Root, Shape,
};
use crate::document::Document;

const WORDS: &[Choice] = &[Choice::word("test", en("a word")), Choice::word("real", en("another"))];

static INSIDE: InnerKind =
    InnerKind { kind: Kind::Object(&MESSAGE), bare: false, codes: crate::contract::Codes::NONE };
static EXTRAS: MapOf = MapOf { value: Field::item(Kind::Text), reserved: &[] };
static MESSAGE: Shape = Shape::of(&[
    Field::new("text", Kind::Text, ""),
    Field::new("kind", Kind::Choice(WORDS), ""),
    Field::new("extras", Kind::Map(&EXTRAS), ""),
]);
static PUSH: Operation = Operation {
    id: "push",
    effect: Effect::Sends,
    root: Root::Shape(&Shape::of(&[
        Field::new("to", Kind::Text, ""),
        Field::new("from", Kind::Text, ""),
        Field::new("n", Kind::Text, ""),
        Field::new("kind", Kind::Choice(WORDS), ""),
        Field::new("bytes", Kind::Base64, ""),
        Field::new("texts", Kind::List(&Field::item(Kind::Text)), ""),
        Field::new("message", Kind::Object(&MESSAGE), ""),
        Field::new("content", Kind::JsonText(&INSIDE), ""),
    ])),
    reach: Reach::Field(TargetKind::User, "to"),
    sender: "from",
    volatile: &["n"],
    ..Operation::BASE
};

/// The decision about a live broadcast of this body to everybody.
fn content(body: &str) -> Option<String> {
    let document = Document::parse(body).expect("JSON");
    let requests = [OutgoingRequest { operation: &PUSH, body: &document }];
    let guards = Guards::default();
    let everybody = Audience::Everybody;
    let case = with(case(&everybody, &guards), |input| {
        input.action.requests = &requests;
        input.consent.confirm = Some("live");
    });
    match judge(&case).decision {
        Decision::Go => None,
        Decision::Refuse(refusal) if refusal.guard == Guard::TestContent => Some(refusal.saw),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_that_looks_like_a_test_is_found_wherever_people_may_see_it() {
    for (body, place) in [
        (r#"{"message":{"text":"a test"}}"#, "/message/text"),
        (r#"{"message":{"extras":{"a":"测试"}}}"#, "/message/extras/a"),
        (r#"{"content":"{\"text\":\"a test\"}"}"#, "/content (inside: /text)"),
        (r#"{"content":"test"}"#, "/content"),
        (r#"{"texts":["fine","lorem"]}"#, "/texts/1"),
        (r#"{"unknown":{"deep":["Dear {{name}}"]}}"#, "/unknown/deep/0"),
        (r#"{"unknown":"{\"a\":{\"b\":\"test\"}}"}"#, "/unknown (inside: /a/b)"),
        // {"a":"test"}
        (r#"{"bytes":"eyJhIjoidGVzdCJ9"}"#, "/bytes (inside: /a)"),
    ] {
        let saw = content(body).unwrap_or_else(|| panic!("{body} passes"));
        let expected = format!("the text at {place} looks like a test, and `live` is live: \"");
        assert!(saw.starts_with(&expected), "{saw}");
    }
}

#[test]
fn what_people_do_not_see_is_no_content() {
    for body in [
        r#"{"to":"test","from":"test","n":"test","kind":"test"}"#,
        r#"{"to":["test","a test"],"message":{"kind":"test"}}"#,
        r#"{"test":"fine","message":{"extras":{"test":"fine"}}}"#,
        r#"{"message":{"text":"the latest contest, see https://test.example.com/x"}}"#,
        // Two braces of JSON in a string are none of a template; bytes are not words.
        r#"{"unknown":"{\"a\":{\"b\":{}}}"}"#,
        r#"{"bytes":"a/test/a"}"#,
        r#"{"message":{"text":""}}"#,
        "{}",
    ] {
        assert_eq!(content(body), None, "{body}");
    }
}

#[test]
fn contents_are_judged_in_live_broadcasts_alone() {
    let document = Document::parse(r#"{"message":{"text":"test"}}"#).expect("JSON");
    let requests = [OutgoingRequest { operation: &PUSH, body: &document }];
    let (refused, go) = (("refuse", Some(Guard::TestContent)), ("go", None));
    let live = Guards { allow_to: vec!["user:*".to_owned()], ..Guards::default() };
    let test = Guards { mode: Mode::Test, ..live.clone() };
    let careful = Guards { confirm_above: Some(1), ..live.clone() };
    let (one, two, everybody) = (users(1), users(2), Audience::Everybody);
    // Audience, profile, whether the command is a broadcast, effect, sandbox, overrides.
    for (audience, guards, broadcast, effect, sandbox, overrides, expected) in [
        (&one, &live, false, Effect::Sends, false, &[][..], go),
        (&one, &live, true, Effect::Sends, false, &[], refused),
        (&two, &live, false, Effect::Sends, false, &[], go),
        (&two, &careful, false, Effect::Sends, false, &[], refused),
        (&everybody, &live, false, Effect::Sends, false, &[], refused),
        (&tag(), &live, false, Effect::Sends, false, &[], refused),
        (&everybody, &live, true, Effect::Destroys, false, &[], go),
        (&everybody, &live, true, Effect::Reads, false, &[], go),
        (&everybody, &live, true, Effect::Sends, true, &[], go),
        (&one, &test, true, Effect::Sends, false, &[], go),
        (&everybody, &live, true, Effect::Sends, false, &[Guard::TestContent], go),
        (&everybody, &live, true, Effect::Sends, false, &[Guard::Repeat], refused),
    ] {
        let case = with(case(audience, guards), |input| {
            input.action.requests = &requests;
            input.action.broadcast = broadcast;
            input.action.effect = effect;
            input.profile.sandbox = sandbox;
            input.consent.overrides = overrides;
            input.consent.confirm = Some("live");
        });
        assert_eq!(told(&case), expected, "{audience}, {guards:?}, {effect:?}, {overrides:?}");
    }
}

#[test]
fn the_same_broadcast_to_the_same_audience_is_not_sent_twice_in_a_row() {
    let earlier = PreviousRequest {
        id: "0197".to_owned(),
        age_seconds: 185,
        outcome: "unknown",
        certain: false,
    };
    let past = RequestHistory { repeat: Some(earlier), ..RequestHistory::default() };
    let (refused, go) = (("refuse", Some(Guard::Repeat)), ("go", None));
    let (one, many) = (users(1), users(101));
    for (audience, broadcast, effect, sandbox, overrides, expected) in [
        (&one, true, Effect::Sends, false, &[][..], refused),
        (&many, false, Effect::Sends, false, &[], refused),
        (&one, false, Effect::Sends, false, &[], go),
        (&one, true, Effect::Destroys, false, &[], go),
        (&one, true, Effect::Reads, false, &[], go),
        (&one, true, Effect::Sends, true, &[], go),
        (&one, true, Effect::Sends, false, &[Guard::Repeat], go),
        (&one, true, Effect::Sends, false, &[Guard::Growth], refused),
    ] {
        for mode in [Mode::Live, Mode::Test] {
            let guards = Guards { mode, allow_to: vec!["user:*".to_owned()], ..Guards::default() };
            let here = with(case(audience, &guards), |input| {
                input.action.broadcast = broadcast;
                input.action.effect = effect;
                input.profile.sandbox = sandbox;
                input.consent.overrides = overrides;
                input.consent.yes = true;
            });
            assert_eq!(told(&here), go, "nothing went before");
            let here = with(here, |input| input.environment.history = &past);
            assert_eq!(told(&here), expected, "{audience}, {broadcast}, {effect:?}, {overrides:?}");
        }
    }
    let guards = Guards::default();
    let case = with(case(&one, &guards), |input| {
        input.action.broadcast = true;
        input.environment.history = &past;
    });
    let Decision::Refuse(refusal) = judge(&case).decision else { panic!("it refuses") };
    assert_eq!(
        refusal.saw,
        "the same may have gone to the same audience 3 minutes ago (0197, unknown)"
    );
    assert_eq!(
        refusal.proceed,
        "look at it with `herald history show 0197`, or add --override repeat to continue anyway"
    );
}

#[test]
fn a_job_reaches_no_more_than_a_fifth_more_than_the_last_one() {
    let (refused, go) = (("refuse", Some(Guard::Growth)), ("go", None));
    let (ten, twelve, thirteen) = (users(10), users(12), users(13));
    // Targets of the last job, this audience.
    for (before, audience, expected) in [
        (None, &thirteen, go),
        (Some(None), &thirteen, go),
        (Some(None), &Audience::Everybody, go),
        (Some(Some(10)), &ten, go),
        (Some(Some(10)), &twelve, go),
        (Some(Some(10)), &thirteen, refused),
        (Some(Some(1000)), &ten, go),
        (Some(Some(0)), &ten, refused),
        (Some(Some(u64::MAX)), &ten, go),
        (Some(Some(1000)), &Audience::Everybody, refused),
        (Some(Some(1000)), &tag(), refused),
    ] {
        let last_job = before.map(|targets| LatestJob { name: "weekly".to_owned(), targets });
        let past = RequestHistory { last_job, ..RequestHistory::default() };
        let guards = Guards::default();
        let here = with(case(audience, &guards), |input| {
            input.environment.history = &past;
            input.consent.confirm = Some("live");
        });
        assert_eq!(told(&here), expected, "{before:?} {audience}");
        assert_eq!(told(&with(here, |input| input.profile.sandbox = true)), go);
        assert_eq!(told(&with(here, |input| input.action.effect = Effect::Reads)), go);
        assert_eq!(told(&with(here, |input| input.consent.overrides = &[Guard::Growth])), go);
    }
    let last_job = Some(LatestJob { name: "weekly".to_owned(), targets: Some(10) });
    let (past, guards) =
        (RequestHistory { last_job, ..RequestHistory::default() }, Guards::default());
    let saw = |audience: &Audience| {
        let case = with(case(audience, &guards), |input| input.environment.history = &past);
        let Decision::Refuse(refusal) = judge(&case).decision else { panic!("it refuses") };
        refusal.saw
    };
    assert_eq!(saw(&thirteen), "the last job `weekly` reached 10 targets, and this one reaches 13");
    assert_eq!(
        saw(&tag()),
        "the last job `weekly` reached 10 targets, and it is unknown how many people this one reaches: \
         everybody with tag:vip"
    );
}

static HOURLY: Rate =
    Rate { count: 2, seconds: 3600, counted: RateUnit::Calls, scope: "app", pool: "" };
static DAILY: Rate =
    Rate { count: 3, seconds: 86_400, counted: RateUnit::Calls, scope: "app", pool: "" };

#[test]
fn a_quota_of_the_vendors_is_not_exceeded() {
    let (refused, go) = (("refuse", Some(Guard::Quota)), ("go", None));
    let of = |rate, used, asked| QuotaUse { rate, used, asked, frees_ms: None };
    let audience = users(1);
    for (quotas, expected) in [
        (vec![], go),
        (vec![of(&HOURLY, 0, 1)], go),
        (vec![of(&HOURLY, 1, 1)], go),
        (vec![of(&HOURLY, 0, 2)], go),
        (vec![of(&HOURLY, 2, 1)], refused),
        (vec![of(&HOURLY, 1, 2)], refused),
        (vec![of(&HOURLY, 9, 0)], refused),
        (vec![of(&HOURLY, 1, 1), of(&DAILY, 3, 1)], refused),
        (vec![of(&HOURLY, u64::MAX, 1)], refused),
    ] {
        let told_with = format!("{quotas:?}");
        let past = RequestHistory { quotas, ..RequestHistory::default() };
        for mode in [Mode::Live, Mode::Test] {
            let guards = Guards { mode, allow_to: vec!["user:*".to_owned()], ..Guards::default() };
            let here = with(case(&audience, &guards), |input| input.environment.history = &past);
            assert_eq!(told(&here), expected, "{told_with}");
            assert_eq!(
                told(&with(here, |input| input.action.effect = Effect::Manages)),
                expected,
                "{told_with}"
            );
            assert_eq!(told(&with(here, |input| input.action.effect = Effect::Reads)), go);
            // There the mock server counts for itself.
            assert_eq!(told(&with(here, |input| input.profile.sandbox = true)), go);
            assert_eq!(told(&with(here, |input| input.consent.overrides = &[Guard::Quota])), go);
        }
    }
}

#[test]
fn it_is_told_what_is_left_of_a_quota_and_when_the_next_frees() {
    let said = |used, asked, frees_ms| {
        let quotas = vec![QuotaUse { rate: &HOURLY, used, asked, frees_ms }];
        let past = RequestHistory { quotas, ..RequestHistory::default() };
        let (audience, guards) = (users(1), Guards::default());
        let now_ms = 1_782_353_213_880;
        let case = with(case(&audience, &guards), |input| {
            input.environment.history = &past;
            input.environment.now_ms = now_ms;
        });
        let Decision::Refuse(refusal) = judge(&case).decision else { panic!("it refuses") };
        (refusal.saw, refusal.proceed)
    };
    assert_eq!(
        said(2, 1, Some(1_782_353_213_880 + 600_000)),
        (
            "acme/push may be called 2 times in 1 hour (app); 0 left, and this is one more"
                .to_owned(),
            "wait: the next is free in 10 minutes (2026-06-25 02:16:53 +00:00), or add \
             --override quota to continue anyway"
                .to_owned()
        )
    );
    assert_eq!(
        said(1, 2, None),
        (
            "acme/push may be called 2 times in 1 hour (app); 1 left, and these are 2".to_owned(),
            "send fewer at a time, or add --override quota to continue anyway".to_owned()
        )
    );
}

#[test]
fn a_list_is_judged_by_its_tally_as_if_it_were_kept() {
    let test = Guards {
        mode: Mode::Test,
        allow_to: vec!["user:u*".to_owned()],
        max_targets: Some(150),
        ..Guards::default()
    };
    let live = Guards { mode: Mode::Live, ..test.clone() };
    let mut mixed = users(3);
    if let Audience::Named(targets) = &mut mixed {
        targets.push(Target::new(TargetKind::User, "boss"));
        targets.push(Target::new(TargetKind::User, "chief"));
    }
    for audience in [users(0), users(1), users(101), users(151), mixed, tag()] {
        for guards in [&test, &live] {
            let mut tally = AudienceCounts::default();
            for target in audience.targets() {
                tally.add_target(target, &AllowList::of(guards));
            }
            let kept = case(&audience, guards);
            let listed = with(kept, |input| input.action.audience = AudienceSource::List(&tally));
            let as_listed = judge(&listed).decision;
            match (judge(&kept).decision, &audience) {
                // A list names its tags like any targets; what matters is that their users cannot be counted.
                (_, Audience::Class(_)) => assert_eq!(told(&listed), told(&kept)),
                (as_kept, _) => assert_eq!(as_listed, as_kept, "{audience}"),
            }
        }
    }
}

#[test]
fn a_tally_of_whatever_requests_reach_is_judged_as_all_of_them_together() {
    let guards = Guards { max_targets: Some(5), ..Guards::default() };
    let test =
        Guards { mode: Mode::Test, allow_to: vec!["user:u*".to_owned()], ..Guards::default() };
    let of = |audiences: &[Audience], guards: &Guards| {
        let mut tally = AudienceCounts::default();
        audiences.iter().for_each(|audience| tally.add(audience, &AllowList::of(guards)));
        tally
    };
    let judged = |audiences: &[Audience], guards: &Guards| {
        let tally = of(audiences, guards);
        let nobody = Audience::Nobody;
        let case = with(case(&nobody, guards), |input| {
            input.action.audience = AudienceSource::List(&tally)
        });
        told(&case)
    };
    // One request to everybody or to a class among many to a few counts as it is.
    for wide in [Audience::Everybody, tag()] {
        for place in 0..3 {
            let mut all = vec![users(2), users(2)];
            all.insert(place, wide.clone());
            assert_eq!(judged(&all, &guards), ("type", Some(Guard::Confirm)), "{wide}");
            assert_eq!(judged(&all, &test), ("refuse", Some(Guard::AllowList)), "{wide}");
        }
    }
    assert_eq!(judged(&[users(2), Audience::Nobody, users(3)], &guards), ("go", None));
    assert_eq!(judged(&[users(3), users(3)], &guards), ("type", Some(Guard::MaxTargets)));
    assert_eq!(judged(&[users(2)], &test), ("go", None));
    for (audiences, words) in [
        (vec![], "nobody"),
        (vec![users(1)], "user:u0"),
        (vec![users(1), users(2)], "3 targets (user:u0 and 2 more)"),
        (vec![tag(), tag()], "everybody with tag:vip"),
        (vec![users(2), tag()], "everybody with tag:vip, and 2 targets (user:u0 and 1 more)"),
        (vec![users(2), Audience::Everybody, tag()], "everybody"),
    ] {
        assert_eq!(of(&audiences, &guards).to_string(), words);
    }
}

#[test]
fn what_was_said_before_answers_as_much_as_it_said() {
    let guards = Guards { max_targets: Some(150), ..Guards::default() };
    let before = |audience: &Audience, confirmed_before| {
        told(&with(case(audience, &guards), |input| {
            input.consent.confirmed_before = confirmed_before
        }))
    };
    let (many, too_many) = (users(101), users(151));
    for (audience, said, expected) in [
        (&many, Confirmed::No, ("ask", Some(Guard::Confirm))),
        (&many, Confirmed::ByYes, ("go", None)),
        (&many, Confirmed::ByName, ("go", None)),
        (&too_many, Confirmed::ByYes, ("type", Some(Guard::MaxTargets))),
        (&too_many, Confirmed::ByName, ("go", None)),
        (&tag(), Confirmed::ByYes, ("type", Some(Guard::Confirm))),
        (&tag(), Confirmed::ByName, ("go", None)),
    ] {
        assert_eq!(before(audience, said), expected, "{audience} {said:?}");
        assert_eq!(Confirmed::from_word(said.word()), Some(said));
    }
    assert_eq!(Confirmed::from_word("maybe"), None);
    // Another name in the flag means another profile, whatever was said before.
    let other = with(case(&too_many, &guards), |input| {
        input.consent.confirmed_before = Confirmed::ByName;
        input.consent.confirm = Some("other");
    });
    assert_eq!(told(&other), ("refuse", Some(Guard::Confirm)));
}
