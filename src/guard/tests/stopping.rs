//! The kill switch.

use super::*;

fn switch(reason: Option<&str>) -> KillSwitch {
    let path = std::path::Path::new("/etc/herald.stop").into();
    KillSwitch { path, reason: reason.map(str::to_owned) }
}

#[test]
fn a_file_that_says_stop_refuses_what_sends_or_destroys_outside_the_sandbox() {
    let (audience, on) = (users(1), switch(None));
    let (refused, go) = (("refuse", Some(Guard::KillSwitch)), ("go", None));
    let override_it: &[Guard] = &[Guard::KillSwitch];
    // Effect, whether it is in the sandbox, overrides.
    for (effect, sandbox, overrides, expected) in [
        (Effect::Sends, false, &[][..], refused),
        (Effect::Destroys, false, &[], refused),
        (Effect::Manages, false, &[], go),
        (Effect::Reads, false, &[], go),
        (Effect::Sends, true, &[], go),
        (Effect::Sends, false, override_it, go),
        (Effect::Sends, false, &[Guard::QuietHours], refused),
    ] {
        for mode in [Mode::Live, Mode::Test] {
            let guards = Guards { mode, allow_to: vec!["user:*".to_owned()], ..Guards::default() };
            let here = with(case(&audience, &guards), |input| {
                input.action.effect = effect;
                input.profile.sandbox = sandbox;
                input.consent.overrides = overrides;
            });
            assert_eq!(told(&here), go, "without a file: {effect:?}");
            let here = with(here, |input| {
                input.environment.kill_switch = Some(&on);
                input.consent.yes = true;
                input.consent.confirm = Some("live");
            });
            assert_eq!(told(&here), expected, "{effect:?}, {sandbox}, {overrides:?}, {mode:?}");
        }
    }
    let guards = Guards::default();
    let passed = judge(&with(case(&audience, &guards), |input| {
        input.environment.kill_switch = Some(&on);
        input.consent.overrides = override_it;
    }));
    assert_eq!(passed.overridden, [Guard::KillSwitch]);
}

#[test]
fn the_reason_in_the_file_is_shown_and_cut() {
    let (audience, guards) = (users(1), Guards::default());
    let said = |reason: Option<&str>| {
        let switch = switch(reason);
        let case =
            with(case(&audience, &guards), |input| input.environment.kill_switch = Some(&switch));
        let Decision::Refuse(refusal) = judge(&case).decision else { panic!("it refuses") };
        assert!(refusal.proceed.ends_with("or add --override kill-switch to continue anyway"));
        refusal.saw
    };
    assert_eq!(said(None), "/etc/herald.stop is there, and says stop");
    assert_eq!(said(Some("  ")), "/etc/herald.stop is there, and says stop");
    assert_eq!(said(Some("wrong price")), "/etc/herald.stop says stop: wrong price");
    let long = said(Some(&"长".repeat(500)));
    assert_eq!(long, format!("/etc/herald.stop says stop: {}…", "长".repeat(200)));
}
