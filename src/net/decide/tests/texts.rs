//! Answers whose text decides, and answers that no row has.

use super::*;

#[test]
fn a_text_is_matched_word_for_word_but_for_its_gaps() {
    for (text, message, fits) in [
        ("", "anything", true),
        ("a b", "a b c", true),
        ("a b", "a  b", false),
        ("a b", "A b", false),
        ("a b", "so a b", false),
        ("quota of […] is full", "quota of [x/y] is full, wait", true),
        ("quota of […] is full", "quota of [] is full", true),
        ("quota of […] is full", "quota of [x] is fully used", true),
        ("quota of […] is full", "quota of [x] was full", false),
        ("quota of […] is full", "quota of x is full", false),
        ("… is full", "the list is full", true),
        ("a … b … c", "a c b", false),
        ("a … b … c", "a x b y c", true),
    ] {
        let row = ErrorCode { text, ..row("1", Class::State, Retry::No) };
        assert_eq!(row.has_text(message), fits, "`{text}` for `{message}`");
    }
}

#[test]
fn a_text_that_no_row_has_claims_nothing() {
    let known = "cure";
    let unknown = "not known";
    for (status, body, verdict, class, advice) in [
        (403, "12 quota of [a] is full", Unavailable, Some(Class::Throttle), known),
        (403, "12 quota of a is full", Denied, None, unknown),
        (403, "12 not your business", Denied, None, unknown),
        (401, "12 not your message", Rejected, Some(Class::State), known),
        (401, "12 something else", Denied, None, unknown),
        (400, "12 something else", Rejected, None, unknown),
        (429, "12 something else", Unavailable, None, "retry later"),
        // The same text under another code, or under a code that no row has.
        (400, "13 whatever", Rejected, Some(Class::State), known),
        (400, "12 no such user: bob", Rejected, Some(Class::State), known),
        (400, "99 no such user: bob", Rejected, Some(Class::State), known),
        (404, "99 no such path", Rejected, Some(Class::Payload), known),
        (400, "99 no such path", Rejected, None, unknown),
        // A code that decides is not changed by the words of another.
        (400, "1 no such user: bob", Denied, Some(Class::Credentials), known),
        // Codes that no row has, and statuses without words of the vendor.
        (404, "99 strange", Rejected, None, unknown),
        (403, "99 strange", Denied, None, unknown),
        (413, "99 strange", Rejected, None, "too large"),
        (403, "<html>", Denied, None, "check the credentials"),
        (404, "<html>", Rejected, None, "check the endpoint"),
        (405, "", Rejected, None, "check the endpoint"),
        (400, "<html>", Rejected, None, "would be rejected again"),
    ] {
        let outcome = decide(&CONTRACT, &SENDS, &reply(status, body), &read);
        assert_eq!((outcome.verdict, outcome.class), (verdict, class), "{status} {body}");
        let said = outcome.advice.expect("advice");
        assert!(said.contains(advice), "{status} {body}: {said}");
    }
}

#[test]
fn where_targets_have_their_results_the_reply_is_not_called_silent() {
    let all = |targets: Vec<TargetResult>, message: Option<&str>| {
        let read = |_: &Reply| Reading {
            success: Some(true),
            targets: targets.clone(),
            message: message.map(str::to_owned),
            ..Reading::default()
        };
        let outcome = decide(&CONTRACT, &SENDS, &reply(200, "{}"), &read);
        outcome.words().map(str::to_owned)
    };
    let silent = Some("HTTP 200 with a reply that does not say what was done".to_owned());
    assert_eq!(all(vec![result("a", Accepted, None), result("b", Rejected, None)], None), None);
    assert_eq!(all(vec![result("a", Rejected, None), result("b", Denied, None)], None), None);
    assert_eq!(all(vec![result("a", Doubt, Some("timeout"))], None), None);
    assert_eq!(all(vec![result("a", Doubt, None)], None), silent);
    let mixed = vec![result("a", Accepted, None), result("b", Rejected, None)];
    assert_eq!(all(mixed, Some("partly")).as_deref(), Some("partly"));
}

#[test]
fn a_target_with_several_devices_is_one_target() {
    let outcome = |devices: &[(Verdict, &str)], asked: &[&str]| {
        let devices = devices.iter().map(|(said, code)| result("", *said, Some(code))).collect();
        let target = TargetResult { devices, ..TargetResult::new("", Doubt) };
        let read = |_: &Reply| Reading { targets: vec![target.clone()], ..Reading::default() };
        let mut outcome = decide(&CONTRACT, &SENDS, &reply(200, "{}"), &read);
        account_for(&CONTRACT, &SENDS, &mut outcome, asked);
        outcome
    };
    let ok = (Accepted, "SUCCESS");
    for (devices, verdict) in [
        (vec![ok, ok], Accepted),
        (vec![ok, (Rejected, "2")], Partial),
        (vec![(Rejected, "2"), (Rejected, "99")], Rejected),
        (vec![ok, (Rejected, "6")], Doubt),
        (vec![ok, (Doubt, "late")], Doubt),
    ] {
        let outcome = outcome(&devices, &["t1"]);
        let [target] = outcome.targets.as_slice() else { panic!("one target: {devices:?}") };
        assert_eq!((target.target.as_str(), target.verdict), ("t1", verdict), "{devices:?}");
        assert_eq!(outcome.targets[0].devices.len(), devices.len());
    }
    // Whose they are is not known where several were asked for.
    let several = outcome(&[ok, ok], &["t1", "t2"]);
    let told: Vec<_> =
        several.targets.iter().map(|one| (one.target.as_str(), one.verdict)).collect();
    assert_eq!(told, [("t1", Doubt), ("t2", Doubt)]);
}
