//! Each rule of the guards, as a row of a table.

use std::sync::LazyLock;

use jiff::tz::TimeZone;

use super::*;
use crate::account::{Guards, Mode};
use crate::contract::{Audience, Target, TargetKind};

mod asking;
mod broadcast;
mod hours;
mod properties;
mod statements;
mod stopping;

fn users(count: usize) -> Audience {
    Audience::Named((0..count).map(|n| Target::new(TargetKind::User, format!("u{n}"))).collect())
}

fn tag() -> Audience {
    Audience::Class(vec![Target::new(TargetKind::Tag, "vip")])
}

/// How people read times.
static IN_UTC: LazyLock<LocalTime> = LazyLock::new(|| LocalTime::new(TimeZone::UTC, 0));

static NO_HISTORY: RequestHistory =
    RequestHistory { repeat: None, last_job: None, quotas: Vec::new() };

fn case<'a>(audience: &'a Audience, guards: &'a Guards) -> GuardInput<'a> {
    GuardInput {
        action: GuardedAction {
            operation: "acme/push",
            effect: Effect::Sends,
            audience: AudienceSource::Requests(audience),
            requests: &[],
            broadcast: false,
            about: None,
        },
        profile: GuardProfile {
            guards,
            name: "live",
            place: "acme, app 1, https://api.acme.test",
            sandbox: false,
        },
        consent: UserConsent {
            yes: false,
            confirm: None,
            overrides: &[],
            confirmed_before: Confirmed::No,
            can_ask: true,
        },
        environment: GuardEnvironment {
            now_ms: 0,
            read_only: None,
            kill_switch: None,
            history: &NO_HISTORY,
            local: &IN_UTC,
        },
    }
}

/// The same input with a change.
fn with<'a>(mut input: GuardInput<'a>, change: impl FnOnce(&mut GuardInput<'a>)) -> GuardInput<'a> {
    change(&mut input);
    input
}

/// The decision in one word, and the guard that made it.
fn told(case: &GuardInput<'_>) -> (&'static str, Option<Guard>) {
    match judge(case).decision {
        Decision::Go => ("go", None),
        Decision::Refuse(refusal) => ("refuse", Some(refusal.guard)),
        Decision::Ask(question) => ("ask", Some(question.guard)),
        Decision::AskTyped(question) => ("type", Some(question.guard)),
    }
}

#[test]
fn every_guard_has_one_row_and_every_row_a_description() {
    let words: Vec<&str> = ROWS.iter().map(|row| row.word).collect();
    assert_eq!(
        words,
        [
            "read-only",
            "sandbox-only",
            "kill-switch",
            "guest-list",
            "quiet-hours",
            "test-content",
            "repeat",
            "growth",
            "quota",
            "max-targets",
            "confirm"
        ]
    );
    let fixed = ROWS.iter().filter(|row| !row.can_be_overridden).map(|row| row.word);
    assert_eq!(fixed.collect::<Vec<_>>(), ["read-only", "sandbox-only", "guest-list", "confirm"]);
    for row in ROWS {
        assert!(!row.about.is_empty());
        assert_eq!(Guard::parse(row.word).unwrap(), row.guard);
        assert_eq!(row.guard.word(), row.word);
    }
}

#[test]
fn an_unknown_guard_gets_the_nearest_name_or_the_list() {
    let error = Guard::parse("max_target").unwrap_err();
    assert_eq!((error.exit().code(), error.advice()), (2, Some("did you mean `max-targets`?")));
    let error = Guard::parse("zebra").unwrap_err();
    assert!(error.advice().unwrap().contains("kill-switch, quiet-hours, test-content"));
}

#[test]
fn how_many_targets_need_what_yes() {
    let limits =
        |confirm_above, max_targets| Guards { confirm_above, max_targets, ..Guards::default() };
    let (ask, max) = (Some(Guard::Confirm), Some(Guard::MaxTargets));
    for (audience, guards, expected) in [
        (users(1), limits(None, None), ("go", None)),
        (users(100), limits(None, None), ("go", None)),
        (users(101), limits(None, None), ("ask", ask)),
        (users(1), limits(Some(0), None), ("ask", ask)),
        (users(101), limits(Some(500), None), ("go", None)),
        (users(50), limits(None, Some(50)), ("go", None)),
        (users(51), limits(None, Some(50)), ("type", max)),
        (users(101), limits(None, Some(101)), ("ask", ask)),
        (tag(), limits(None, Some(9)), ("type", ask)),
        (Audience::Everybody, limits(Some(9_999), Some(9_999)), ("type", ask)),
        // An empty list, for an operation that reaches no target then.
        (Audience::Nobody, limits(Some(0), Some(0)), ("go", None)),
    ] {
        assert_eq!(told(&case(&audience, &guards)), expected, "{audience} with {guards:?}");
    }
}

#[test]
fn flags_answer_before_anybody_is_asked() {
    let guards = Guards { max_targets: Some(200), ..Guards::default() };
    let (many, too_many) = (users(150), users(201));
    let (confirm, max) = (Some(Guard::Confirm), Some(Guard::MaxTargets));
    // Audience, --yes, --confirm, whether anyone can be asked.
    for (audience, yes, name, can_ask, expected) in [
        (&many, false, None, false, ("refuse", confirm)),
        (&many, true, None, false, ("go", None)),
        (&many, false, Some("live"), false, ("go", None)),
        (&many, true, None, true, ("go", None)),
        (&too_many, true, None, true, ("type", max)),
        (&too_many, true, None, false, ("refuse", max)),
        (&too_many, false, Some("live"), false, ("go", None)),
        (&Audience::Everybody, true, None, false, ("refuse", confirm)),
        (&Audience::Everybody, true, None, true, ("type", confirm)),
        (&Audience::Everybody, false, Some("live"), false, ("go", None)),
        // Another name than the one that it goes out as.
        (&Audience::Everybody, true, Some("Live"), true, ("refuse", confirm)),
        (&users(1), false, Some("staging"), true, ("refuse", confirm)),
    ] {
        let case = with(case(audience, &guards), |input| {
            input.consent.yes = yes;
            input.consent.confirm = name;
            input.consent.can_ask = can_ask;
        });
        assert_eq!(told(&case), expected, "{audience}, {yes}, {name:?}, {can_ask}");
    }
}

#[test]
fn what_destroys_or_manages_is_confirmed_like_a_send_and_reading_is_not() {
    let guards = Guards::default();
    let (confirm, go) = (Some(Guard::Confirm), ("go", None));
    for (effect, audience, expected) in [
        (Effect::Destroys, Audience::Everybody, ("type", confirm)),
        (Effect::Destroys, tag(), ("type", confirm)),
        (Effect::Destroys, users(101), ("ask", confirm)),
        (Effect::Destroys, Audience::Nobody, go),
        (Effect::Manages, Audience::Everybody, ("type", confirm)),
        (Effect::Manages, Audience::Nobody, go),
        (Effect::Reads, Audience::Everybody, go),
    ] {
        let case = with(case(&audience, &guards), |input| input.action.effect = effect);
        assert_eq!(told(&case), expected, "{effect:?} {audience}");
    }
}

#[test]
fn read_only_refuses_everything_but_reading_and_nothing_passes_it() {
    let (audience, guards) = (users(1), Guards::default());
    let refused = ("refuse", Some(Guard::ReadOnly));
    for (value, expected) in [
        (None, ("go", None)),
        (Some(""), ("go", None)),
        (Some("0"), ("go", None)),
        (Some("False"), ("go", None)),
        (Some("1"), refused),
        (Some("true"), refused),
        (Some("2"), refused),
        (Some("what"), refused),
    ] {
        let case = with(case(&audience, &guards), |input| input.environment.read_only = value);
        assert_eq!(told(&case), expected, "{value:?}");
    }
    for effect in [Effect::Sends, Effect::Destroys, Effect::Manages] {
        let case = with(case(&audience, &guards), |input| {
            input.action.effect = effect;
            input.environment.read_only = Some("1");
            input.profile.sandbox = true;
            input.consent.yes = true;
            input.consent.confirm = Some("live");
            input.consent.overrides = &[Guard::ReadOnly];
        });
        assert_eq!(told(&case), refused, "{effect:?}");
    }
    let reads = with(case(&audience, &guards), |input| {
        input.action.effect = Effect::Reads;
        input.environment.read_only = Some("1");
    });
    assert_eq!(told(&reads), ("go", None));
}

#[test]
fn a_test_profile_reaches_its_allow_list_alone() {
    let allow = |list: &[&str]| Guards {
        mode: Mode::Test,
        allow_to: list.iter().map(|text| (*text).to_owned()).collect(),
        ..Guards::default()
    };
    let refused = ("refuse", Some(Guard::AllowList));
    let one = |kind, id: &str| Audience::Named(vec![Target::new(kind, id)]);
    for (audience, guards, expected) in [
        (one(TargetKind::User, "test-1"), allow(&["user:test-*"]), ("go", None)),
        (one(TargetKind::User, "boss"), allow(&["user:test-*"]), refused),
        (one(TargetKind::Group, "test-1"), allow(&["user:test-*"]), refused),
        (one(TargetKind::Group, "qa"), allow(&["user:test-*", "group:qa"]), ("go", None)),
        (users(2), allow(&["user:u0"]), refused),
        (users(2), allow(&["user:u0", "user:u1"]), ("go", None)),
        (users(1), allow(&[]), refused),
        (users(1), allow(&["u0"]), refused),
        (tag(), allow(&["tag:vip"]), refused),
        (Audience::Everybody, allow(&["user:*"]), refused),
        (Audience::Nobody, allow(&["user:test-*"]), ("go", None)),
    ] {
        let case = with(case(&audience, &guards), |input| {
            input.consent.yes = true;
            input.consent.confirm = Some("live");
            input.consent.overrides = &[Guard::AllowList];
        });
        assert_eq!(told(&case), expected, "{audience} with {guards:?}");
        // The sandbox reaches no real user.
        assert_eq!(
            told(&with(case, |input| input.profile.sandbox = true)),
            ("go", None),
            "{audience} with {guards:?}"
        );
    }
    let nobody = allow(&[]);
    let recall =
        with(case(&Audience::Nobody, &nobody), |input| input.action.effect = Effect::Destroys);
    assert_eq!(told(&recall), ("go", None));
}

#[test]
fn a_sandbox_profile_never_leaves_it_and_in_the_sandbox_nothing_is_asked() {
    let guards = Guards { mode: Mode::Sandbox, max_targets: Some(1), ..Guards::default() };
    let everybody = Audience::Everybody;
    let outside = with(case(&everybody, &guards), |input| input.consent.confirm = Some("live"));
    assert_eq!(told(&outside), ("refuse", Some(Guard::SandboxOnly)));
    for audience in [users(500), tag(), Audience::Everybody] {
        for mode in [Mode::Sandbox, Mode::Live] {
            let guards = Guards { mode, ..guards.clone() };
            let inside = with(case(&audience, &guards), |input| {
                input.profile.sandbox = true;
                input.consent.can_ask = false;
            });
            assert_eq!(told(&inside), ("go", None), "{audience} with {mode:?}");
        }
    }
}

#[test]
fn an_override_passes_one_guard_by_name_and_is_told() {
    let guards = Guards { max_targets: Some(50), ..Guards::default() };
    let judged = |audience: &Audience, overrides: &[Guard]| {
        judge(&with(case(audience, &guards), |input| input.consent.overrides = overrides))
    };
    let passed = judged(&users(60), &[Guard::MaxTargets]);
    assert_eq!(passed, Judgement { decision: Decision::Go, overridden: vec![Guard::MaxTargets] });
    let asked = judged(&users(150), &[Guard::MaxTargets]);
    assert!(matches!(asked.decision, Decision::Ask(_)));
    assert_eq!(asked.overridden, [Guard::MaxTargets]);
    // One that had nothing to say is not recorded, and `confirm` has flags of its own.
    assert_eq!(judged(&users(1), &[Guard::MaxTargets]).overridden, []);
    let kept = judged(&Audience::Everybody, &[Guard::Confirm, Guard::MaxTargets]);
    assert!(matches!(kept.decision, Decision::AskTyped(_)));
}

#[test]
fn a_refusal_says_who_refuses_what_it_saw_and_how_to_proceed() {
    let guards = Guards::default();
    let audience = tag();
    let silent = with(case(&audience, &guards), |input| {
        input.consent.can_ask = false;
        input.consent.yes = true;
    });
    let Decision::Refuse(refusal) = judge(&silent).decision else { panic!("it refuses") };
    let error = Error::from(refusal);
    assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Guard, 9));
    assert_eq!(
        error.to_string(),
        "the guard `confirm` refuses: acme/push reaches everybody with tag:vip"
    );
    assert_eq!(
        error.advice(),
        Some(
            "confirm it with --confirm live, or run it in a terminal to be asked; --yes is not enough for this"
        )
    );
    let Decision::AskTyped(question) = judge(&case(&audience, &guards)).decision else {
        panic!("it asks")
    };
    assert_eq!(question.name, "live");
    assert_eq!(Error::from(question.declined()).exit().code(), 9);
}
