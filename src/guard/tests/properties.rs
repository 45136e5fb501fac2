//! Properties that hold for all flags.

use proptest::prelude::*;

use super::*;
use crate::profile::tests::quiet_hours;

fn any_guards() -> impl Strategy<Value = Vec<Guard>> {
    let words: Vec<Guard> = ROWS.iter().map(|row| row.guard).collect();
    prop::collection::vec(prop::sample::select(words), 0..11)
}

fn any_audience() -> impl Strategy<Value = Audience> {
    prop_oneof![
        Just(Audience::Nobody),
        (1..300_usize).prop_map(users),
        Just(tag()),
        Just(Audience::Everybody),
    ]
}

fn any_effect() -> impl Strategy<Value = Effect> {
    prop::sample::select(vec![Effect::Sends, Effect::Destroys, Effect::Manages])
}

/// Flags: `--yes`, `--confirm`, `--override`, whether it is a broadcast, whether herald can ask the user.
fn any_flags() -> impl Strategy<Value = (bool, Option<&'static str>, Vec<Guard>, bool, bool)> {
    let name = prop::option::of(prop::sample::select(vec!["live", "other"]));
    (any::<bool>(), name, any_guards(), any::<bool>(), any::<bool>())
}

proptest! {
    #[test]
    fn no_flags_pass_a_guard_that_cannot_be_overridden(
        audience in any_audience(),
        effect in any_effect(),
        (yes, confirm, overrides, broadcast, can_ask) in any_flags(),
        sandbox in any::<bool>(),
    ) {
        let nobody = Guards { mode: Mode::Test, ..Guards::default() };
        let live = Guards::default();
        let stays = Guards { mode: Mode::Sandbox, ..Guards::default() };
        let flagged = |guards| with(case(&audience, guards), |input| {
            (input.action.effect, input.action.broadcast) = (effect, broadcast);
            input.consent = UserConsent { yes, confirm, overrides: &overrides, can_ask, ..input.consent };
        });
        let refuses = |case: &GuardInput<'_>| matches!(judge(case).decision, Decision::Refuse(_));
        let read_only = with(flagged(&live), |input| {
            (input.environment.read_only, input.profile.sandbox) = (Some("1"), sandbox);
        });
        prop_assert!(refuses(&read_only));
        prop_assert!(refuses(&flagged(&stays)));
        if audience != Audience::Nobody {
            prop_assert!(refuses(&flagged(&nobody)));
        }
        if audience.count().is_none() && confirm != Some("live") {
            prop_assert!(!matches!(judge(&flagged(&live)).decision, Decision::Go | Decision::Ask(_)));
        }
    }

    #[test]
    fn an_override_is_recorded_just_where_its_guard_would_have_refused(
        audience in any_audience(),
        effect in any_effect(),
        (yes, confirm, overrides, broadcast, can_ask) in any_flags(),
        switched_off in any::<bool>(),
        repeated in any::<bool>(),
        now_ms in 0..172_800_000_i64,
    ) {
        let guards = Guards {
            max_targets: Some(200),
            quiet_hours: Some(quiet_hours("22:00", "08:00", "Asia/Shanghai")),
            ..Guards::default()
        };
        let switch = KillSwitch { path: std::path::Path::new("/s").into(), reason: None };
        let earlier = PreviousRequest { id: "1".to_owned(), age_seconds: 1, outcome: "accepted", certain: true };
        let history = RequestHistory { repeat: repeated.then_some(earlier), ..RequestHistory::default() };
        let here = with(case(&audience, &guards), |input| {
            (input.action.effect, input.action.broadcast) = (effect, broadcast);
            input.consent = UserConsent { yes, confirm, overrides: &overrides, can_ask, ..input.consent };
            let kill_switch = switched_off.then_some(&switch);
            input.environment = GuardEnvironment { now_ms, kill_switch, history: &history, ..input.environment };
        });
        let judgement = judge(&here);
        for guard in judgement.overridden {
            prop_assert!(guard.row().can_be_overridden && overrides.contains(&guard));
            let left: Vec<Guard> = overrides.iter().copied().filter(|one| *one != guard).collect();
            // Without the override the same guard refuses, unless a flag answers it.
            let without = judge(&with(here, |input| {
                (input.consent.overrides, input.consent.confirm) = (&left, None);
            })).decision;
            let speaks = match without {
                Decision::Go => None,
                Decision::Refuse(refusal) => Some(refusal.guard),
                Decision::Ask(question) | Decision::AskTyped(question) => Some(question.guard),
            };
            prop_assert_eq!(speaks, Some(guard));
        }
    }

    #[test]
    fn reading_and_the_sandbox_are_never_asked_about(
        audience in any_audience(),
        (yes, confirm, overrides, broadcast, can_ask) in any_flags(),
    ) {
        let guards = Guards { max_targets: Some(1), ..Guards::default() };
        let switch = KillSwitch { path: std::path::Path::new("/s").into(), reason: None };
        let here = with(case(&audience, &guards), |input| {
            input.action.broadcast = broadcast;
            input.consent = UserConsent { yes, confirm, overrides: &overrides, can_ask, ..input.consent };
            input.environment.kill_switch = Some(&switch);
        });
        let go = Judgement { decision: Decision::Go, overridden: Vec::new() };
        prop_assert_eq!(judge(&with(here, |input| {
            (input.action.effect, input.environment.read_only) = (Effect::Reads, Some("1"));
        })), go.clone());
        prop_assert_eq!(judge(&with(here, |input| input.profile.sandbox = true)), go);
    }
}
