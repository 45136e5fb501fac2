//! Quiet hours. `account` tests when they begin and end.

use super::*;
use crate::profile::tests::quiet_hours;

/// 2026-11-21, 23:10 in Shanghai.
const NIGHT: i64 = 1_795_273_800_000;
/// An hour and ten minutes earlier less a millisecond, and nine hours later.
const EVENING: i64 = NIGHT - 70 * 60_000 - 1;
const MORNING: i64 = NIGHT + 9 * 3_600_000;

#[test]
fn in_quiet_hours_nothing_is_sent_outside_the_sandbox() {
    let audience = users(1);
    let (refused, go) = (("refuse", Some(Guard::QuietHours)), ("go", None));
    for (now_ms, effect, sandbox, overrides, expected) in [
        (EVENING, Effect::Sends, false, &[][..], go),
        (EVENING + 1, Effect::Sends, false, &[], refused),
        (NIGHT, Effect::Sends, false, &[], refused),
        (MORNING, Effect::Sends, false, &[], go),
        (NIGHT, Effect::Destroys, false, &[], go),
        (NIGHT, Effect::Manages, false, &[], go),
        (NIGHT, Effect::Reads, false, &[], go),
        (NIGHT, Effect::Sends, true, &[], go),
        (NIGHT, Effect::Sends, false, &[Guard::QuietHours], go),
        (NIGHT, Effect::Sends, false, &[Guard::KillSwitch], refused),
    ] {
        for mode in [Mode::Live, Mode::Test] {
            let guards = Guards {
                mode,
                allow_to: vec!["user:*".to_owned()],
                quiet_hours: Some(quiet_hours("22:00", "08:00", "Asia/Shanghai")),
                ..Guards::default()
            };
            let case = with(case(&audience, &guards), |input| {
                input.environment.now_ms = now_ms;
                input.action.effect = effect;
                input.profile.sandbox = sandbox;
                input.consent.overrides = overrides;
            });
            assert_eq!(told(&case), expected, "{now_ms}, {effect:?}, {sandbox}, {overrides:?}");
        }
    }
    let guards = Guards::default();
    assert_eq!(told(&with(case(&audience, &guards), |input| input.environment.now_ms = NIGHT)), go);
}

#[test]
fn it_is_told_until_when_by_the_clock_of_the_zone() {
    let audience = users(1);
    let quiet_hours = Some(quiet_hours("22:00", "08:00", "Asia/Shanghai"));
    let guards = Guards { quiet_hours, ..Guards::default() };
    let case = with(case(&audience, &guards), |input| input.environment.now_ms = NIGHT);
    let Decision::Refuse(refusal) = judge(&case).decision else { panic!("it refuses") };
    assert_eq!(
        (refusal.saw.as_str(), refusal.proceed.as_str()),
        (
            "it is 23:10 in Asia/Shanghai, and `live` is quiet until 08:00 on 2026-11-22",
            "wait 8 hours, or add --override quiet-hours to continue anyway"
        )
    );
}
