//! Every phase, status and sort of code against what operations do.

mod targets;
mod texts;

use super::*;
use crate::text::en;

const fn row(code: &'static str, class: Class, retry: Retry) -> ErrorCode {
    ErrorCode {
        code,
        http: None,
        text: "",
        words: "",
        only: &[],
        when: None,
        meaning: en("meaning"),
        cure: en("cure"),
        class,
        retry,
        of_one_target: false,
        sdk_codes: &[],
    }
}

static CONTRACT: Contract = Contract {
    id: "fake",
    name: "Fake",
    about: en("A vendor for tests"),
    errors: &[
        row("0", Class::Success, Retry::No),
        row("1", Class::Credentials, Retry::No),
        row("2", Class::Payload, Retry::No),
        row("3", Class::Throttle, Retry::Wait(7)),
        row("4", Class::Server, Retry::Yes),
        row("5", Class::State, Retry::Resigned),
        row("6", Class::Server, Retry::Ambiguous),
        row("7", Class::State, Retry::Done),
        row("8", Class::Throttle, Retry::Wait(0)),
        row("9", Class::Payload, Retry::No),
        ErrorCode { text: "slow down", ..row("9", Class::Throttle, Retry::Wait(2)) },
        ErrorCode { text: "quota of […] is full", ..row("12", Class::Throttle, Retry::Wait(3)) },
        ErrorCode { text: "not your", http: Some(401), ..row("12", Class::State, Retry::No) },
        ErrorCode { words: "no such user", ..row("13", Class::State, Retry::No) },
        ErrorCode {
            text: "no such path",
            http: Some(404),
            ..row("http-404", Class::Payload, Retry::No)
        },
        ErrorCode { http: Some(503), ..row("9", Class::Server, Retry::Ambiguous) },
        row("200", Class::Success, Retry::Done),
        row("404", Class::Throttle, Retry::Wait(1)),
        ErrorCode { http: Some(500), ..row("http-500", Class::Payload, Retry::No) },
        ErrorCode { http: Some(418), ..row("http-418", Class::Throttle, Retry::Ambiguous) },
        row("10", Class::Credentials, Retry::No),
        ErrorCode { only: &["lists"], ..row("10", Class::State, Retry::No) },
        row("11", Class::Credentials, Retry::Resigned),
    ],
    source: "none",
    ..Contract::BASE
};

const SENDS: Operation =
    Operation { effect: Effect::Sends, repeat: Repeatable::Duplicates, ..Operation::BASE };
const RECALLS: Operation =
    Operation { effect: Effect::Destroys, repeat: Repeatable::Safe, ..Operation::BASE };
const MANAGES: Operation =
    Operation { effect: Effect::Manages, repeat: Repeatable::Duplicates, ..Operation::BASE };
const READS: Operation = Operation::BASE;

/// The vendor's reading in a body: `CODE text`; anything else says nothing.
fn read(reply: &Reply) -> Reading {
    let body = String::from_utf8_lossy(&reply.body);
    let (code, message) = body.split_once(' ').unwrap_or((&body, ""));
    if code.parse::<u16>().is_err() {
        return Reading::default();
    }
    Reading {
        success: Some(code == "0"),
        code: Some(code.to_owned()),
        message: Some(message.to_owned()),
        ..Reading::default()
    }
}

fn reply(status: u16, body: &str) -> Exchange {
    Ok(Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

fn result(target: &str, verdict: Verdict, code: Option<&str>) -> TargetResult {
    let code = code.map(str::to_owned);
    TargetResult { code, ..TargetResult::new(target.to_owned(), verdict) }
}

fn verdicts(exchange: &Exchange) -> [Verdict; 4] {
    [&SENDS, &RECALLS, &MANAGES, &READS]
        .map(|operation| decide(&CONTRACT, operation, exchange, &read).verdict)
}

use Verdict::{Accepted, Denied, Partial, Rejected, Unavailable, Unknown as Doubt};

#[test]
fn what_may_have_acted_is_unknown_and_what_only_reads_never_is() {
    for (phase, acts, reads) in [
        (Phase::Connect, Unavailable, Unavailable),
        (Phase::Sent, Doubt, Unavailable),
        (Phase::Reply, Doubt, Unavailable),
    ] {
        let failure = Err(Failure::new(phase, "because"));
        assert_eq!(verdicts(&failure), [acts, acts, acts, reads], "{phase:?}");
    }
}

#[test]
fn every_reply_gets_the_verdict_that_the_tables_give_it() {
    let cases: [(u16, &str, Verdict, Verdict); 39] = [
        (200, "0 ok", Accepted, Accepted),
        (200, "1 key", Denied, Denied),
        (200, "2 bad", Rejected, Rejected),
        (200, "3 wait", Unavailable, Unavailable),
        (200, "4 again", Unavailable, Unavailable),
        (200, "5 sign again", Unavailable, Unavailable),
        (200, "6 timeout", Doubt, Unavailable),
        (200, "7 repeated", Accepted, Accepted),
        (429, "8 wait", Unavailable, Unavailable),
        // Of one code, text and status tell rows apart.
        (200, "9 no", Rejected, Rejected),
        (200, "9 slow down please", Unavailable, Unavailable),
        (503, "9 no", Doubt, Unavailable),
        // Codes that are not documented.
        (200, "99 strange", Rejected, Rejected),
        (400, "99 strange", Rejected, Rejected),
        (401, "99 strange", Denied, Denied),
        (429, "99 strange", Unavailable, Unavailable),
        // The status of a rate, with a code that means something else with other statuses.
        (429, "2 bad", Unavailable, Unavailable),
        (429, "1 key", Unavailable, Unavailable),
        (429, "6 timeout", Doubt, Unavailable),
        (502, "99 strange", Doubt, Unavailable),
        // Replies that say nothing.
        (200, "", Doubt, Unavailable),
        (204, "", Doubt, Unavailable),
        (200, "<html>", Doubt, Unavailable),
        (200, "{\"code\":", Doubt, Unavailable),
        // A redirect after a request that was acted upon looks like one instead of acting.
        (302, "<html>", Doubt, Rejected),
        (303, "", Doubt, Rejected),
        (302, "99 strange", Doubt, Rejected),
        (301, "<html>", Rejected, Rejected),
        (307, "", Rejected, Rejected),
        (308, "", Rejected, Rejected),
        (300, "", Rejected, Rejected),
        (401, "<html>", Denied, Denied),
        (403, "", Denied, Denied),
        (404, "<html>", Rejected, Rejected),
        (408, "", Doubt, Unavailable),
        (429, "", Unavailable, Unavailable),
        (502, "<html>", Doubt, Unavailable),
        // Statuses that the vendor's table explains.
        (500, "", Rejected, Rejected),
        (418, "", Doubt, Unavailable),
    ];
    for (status, body, acts, reads) in cases {
        let expected = [acts, acts, acts, reads];
        assert_eq!(verdicts(&reply(status, body)), expected, "{status} {body}");
    }
}

#[test]
fn a_pause_is_taken_from_the_reply_before_the_row_and_only_where_waiting_helps() {
    let with_status = |status: u16, body: &str, name: &str| {
        Ok(Reply {
            status,
            headers: vec![(name.into(), "11".into())],
            body: body.as_bytes().to_vec(),
        })
    };
    let with_header = |body: &str, name: &str| with_status(429, body, name);
    let pause = |exchange: &Exchange| {
        decide(&CONTRACT, &SENDS, exchange, &read).retry_after.map(|pause| pause.as_secs())
    };
    assert_eq!(pause(&with_header("3 wait", "retry-after")), Some(11));
    assert_eq!(pause(&with_header("", "x-rate-limit-reset")), Some(11));
    assert_eq!(pause(&reply(429, "3 wait")), Some(7));
    assert_eq!(pause(&reply(429, "8 wait")), None);
    assert_eq!(pause(&reply(429, "")), None);
    // A repeat of what may have been done waits as well, and so does anything else that goes there.
    assert_eq!(pause(&with_header("6 timeout", "retry-after")), Some(11));
    assert_eq!(pause(&with_header("6 timeout", "x-rate-limit-reset")), None);
    assert_eq!(pause(&with_status(400, "2 bad", "retry-after")), None, "nothing to repeat");
}

#[test]
fn results_of_single_targets_make_up_the_verdict() {
    let target = |verdict| result("t", verdict, None);
    let cases: [(Option<bool>, &[Verdict], Verdict); 10] = [
        (Some(false), &[Accepted], Partial),
        (Some(false), &[Unavailable, Denied], Denied),
        (Some(true), &[Accepted, Accepted], Accepted),
        (Some(true), &[Accepted, Rejected], Partial),
        (Some(false), &[Accepted, Rejected], Partial),
        (Some(true), &[Accepted, Doubt], Doubt),
        (Some(true), &[Rejected, Unavailable], Rejected),
        (Some(true), &[Unavailable, Denied], Denied),
        (Some(true), &[Unavailable], Unavailable),
        (Some(false), &[Rejected], Rejected),
    ];
    for (success, targets, expected) in cases {
        let outcome = decide(&CONTRACT, &SENDS, &reply(200, ""), &|_| Reading {
            success,
            targets: targets.iter().copied().map(target).collect(),
            ..Reading::default()
        });
        assert_eq!(outcome.verdict, expected, "{success:?} {targets:?}");
        assert_eq!(outcome.targets.len(), targets.len());
    }
}

#[test]
fn the_words_are_the_vendors_first_and_the_tables_second() {
    let of = |status, body| decide(&CONTRACT, &SENDS, &reply(status, body), &read);
    let spoken = of(200, "2 bad field");
    assert_eq!((spoken.said(), spoken.meaning()), (Some("bad field"), None));
    assert_eq!(spoken.code.as_deref(), Some("2"));
    assert_eq!(spoken.advice.as_deref(), Some("cure"));
    assert_eq!(spoken.http_status, Some(200));
    let meant = of(200, "2 ");
    assert_eq!((meant.said(), meant.meaning()), (None, Some("meaning")));
    let forged = of(200, "2 \u{1}meaning");
    assert_eq!((forged.said(), forged.meaning()), (Some("meaning"), None));
    assert_eq!(of(200, "0 ").message, None, "a silent success stays silent");
    for status in [200, 400, 500] {
        assert_eq!(of(status, "99 ").message, None, "the vendor gave a code and no words");
    }
    assert_eq!(of(200, "0 ok").advice, None);
    let empty = of(502, "");
    assert_eq!((empty.said(), empty.meaning()), (None, Some("HTTP 502 with an empty reply")));
    assert!(of(502, "<html>").meaning().is_some_and(|text| text.contains("HTML")));
    assert!(of(302, "").advice.is_some_and(|text| text.contains("does not follow")));
    assert!(of(200, "6 timeout").advice.is_some_and(|text| text.starts_with("cure. It may")));
    assert_eq!(of(200, "7 before").warnings, ["meaning"]);
}

#[test]
fn a_reply_that_is_compressed_unasked_says_so() {
    let gzip = "HTTP 200 with a compressed reply (gzip), which was not asked for";
    let silent = "HTTP 200 with a reply that does not say what was done";
    for (coding, body, words) in [
        ("gzip", &[31, 139, 8][..], gzip),
        ("identity", &[31, 139, 8], gzip),
        ("identity", b"{\0}\0", "HTTP 200 with a reply that is no UTF-8 text"),
        ("identity", b"a\tb\r\n\x1b[1m", silent),
        ("identity", b"\xc4\xe3\xba\xc3", silent),
        ("gzip", b" ", "HTTP 200 with an empty reply"),
        (
            "utf-8, Br",
            b"a",
            "HTTP 200 with a compressed reply (utf-8, Br), which was not asked for",
        ),
        // A character set is no coding.
        ("utf-8", b"a stack trace", silent),
    ] {
        let headers = vec![("content-encoding".into(), coding.into())];
        let exchange = Ok(Reply { status: 200, headers, body: body.to_vec() });
        let outcome = decide(&CONTRACT, &SENDS, &exchange, &|_| Reading::default());
        assert_eq!((outcome.verdict, outcome.said()), (Doubt, None));
        assert_eq!(outcome.meaning(), Some(words));
    }
}

#[test]
fn the_advice_on_a_redirect_names_the_address_that_was_offered() {
    let to = |status, location: &str| {
        let headers = vec![("location".into(), location.into())];
        let exchange = Ok(Reply { status, headers, body: Vec::new() });
        decide(&CONTRACT, &SENDS, &exchange, &read).advice.expect("advice")
    };
    let long = format!("https://other.example/{}", "x".repeat(200));
    for (location, words) in [
        ("https://other.example/v3/push", "to `https://other.example/v3/push`,"),
        ("/login", "to `/login`,"),
        ("//other.example/x", "to `//other.example/x`,"),
        ("https://me:hunter2@other.example/", "to `https://***@other.example/`,"),
        ("https://other.example/?token=hunter2", "to `https://other.example/?…`,"),
        ("https://other.example/#hunter2", "to `https://other.example/?…`,"),
        ("https://a.example/\u{202e}x\u{1b}[2J", "to `https://a.example/\\u{202e}x\\u{1b}[2J`,"),
        ("", "sends requests elsewhere,"),
        (&long, "xxx…`,"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let advice = to(status, location);
            assert!(advice.contains(words) && advice.contains("does not follow"), "{advice}");
            assert!(!advice.contains("hunter2") && advice.len() < 400, "{advice}");
            let doubt = matches!(status, 302 | 303);
            assert_eq!(advice.contains("It may have been done"), doubt, "{status}: {advice}");
        }
    }
}

#[test]
fn the_advice_on_a_failure_fits_its_cause() {
    use crate::wire::{Cause, ExchangeStep};
    for (step, cause, words) in [
        (ExchangeStep::Tls, Cause::UnknownIssuer, "nothing was sent; name the root certificate"),
        (ExchangeStep::Tls, Cause::Expired, "nothing was sent; the server needs a new certificate"),
        (ExchangeStep::Proxy, Cause::ProxyCredentials, "nothing was sent; check the proxy's name"),
        (ExchangeStep::Connect, Cause::Refused, "that the server runs, then retry"),
        (ExchangeStep::Dns, Cause::NoAddress, "check the name in the endpoint"),
        (ExchangeStep::Local, Cause::TooManyFiles, "ulimit"),
    ] {
        let exchange = Err(Failure::unsent(step, cause, "because"));
        let outcome = decide(&CONTRACT, &SENDS, &exchange, &read);
        assert_eq!((outcome.verdict, outcome.said()), (Unavailable, None));
        assert_eq!(outcome.why_silent(), Some("because"));
        let advice = outcome.advice.expect("advice");
        assert!(advice.contains(words), "{cause:?}: {advice}");
        assert_eq!(advice.contains("retry"), cause.heals(), "{advice}");
    }
}

#[test]
fn the_advice_on_an_unknown_says_what_a_repeat_would_do() {
    let failure: Exchange = Err(Failure::new(Phase::Sent, "because"));
    let deduplicated =
        Operation { repeat: Repeatable::Deduplicated { field: "cid", seconds: 86_400 }, ..SENDS };
    for (operation, words) in [
        (&SENDS, "history --outcome unknown"),
        (&RECALLS, "the same state"),
        (&deduplicated, "history --outcome unknown"),
    ] {
        let outcome = decide(&CONTRACT, operation, &failure, &read);
        let advice = outcome.advice.expect("an unknown outcome needs advice");
        assert!(advice.contains(words), "{advice}");
        assert!(!advice.contains("cid"), "whether the request carries one is not known: {advice}");
        assert_eq!(outcome.message.as_deref(), Some("because"));
    }
    let batch = Operation {
        answers: Answers::Keys("list"),
        repeat: Repeatable::Deduplicated { field: "list", seconds: 86_400 },
        ..SENDS
    };
    for (operation, typed, words) in [
        (&deduplicated, false, Some("`--set cid=C-1` is not done twice within 86400 s")),
        (&deduplicated, true, Some("with the same `cid`, is not done twice")),
        (&batch, true, Some("with the same keys in `list`, is not done twice")),
        (&SENDS, false, None),
    ] {
        let mut outcome = decide(&CONTRACT, operation, &failure, &read);
        let before = outcome.advice.clone();
        tell_repeat(operation, &mut outcome, "C-1", typed);
        match words {
            Some(words) => {
                let advice = outcome.advice.expect("advice");
                assert!(advice.contains("to be settled; the same request"), "{advice}");
                assert!(advice.contains(words), "{advice}");
            }
            None => assert_eq!(outcome.advice, before),
        }
    }
    let mut fine = Outcome::of(Accepted);
    tell_repeat(&deduplicated, &mut fine, "C-1", false);
    assert_eq!(fine.advice, None);
}

#[test]
fn a_row_for_one_operation_is_not_that_of_others() {
    let lists = Operation { id: "lists", ..SENDS };
    let verdict = |operation: &Operation| {
        decide(&CONTRACT, operation, &reply(200, "10 no right"), &read).verdict
    };
    assert_eq!((verdict(&SENDS), verdict(&lists)), (Denied, Rejected));
}

#[test]
fn a_signature_is_refused_for_its_age_by_its_own_row_alone() {
    for (status, body, old) in [
        (200, "11 expired", true),
        (401, "11 expired", true),
        (200, "1 key", false),
        (200, "5 again", false),
        (401, "", false),
    ] {
        let Ok(reply) = reply(status, body) else { panic!("a reply") };
        let reading = read(&reply);
        assert_eq!(refuses_age(&CONTRACT, &SENDS, &reply, &reading), old, "{status} {body}");
    }
    assert_eq!(verdicts(&reply(200, "11 expired")), [Denied; 4], "where it is met again");
}

#[test]
fn a_redirect_that_says_success_proves_nothing() {
    for (status, verdict) in
        [(200, Verdict::Accepted), (302, Verdict::Unknown), (307, Verdict::Unknown)]
    {
        let reply = Reply { status, ..Reply::default() };
        let reading = Reading { success: Some(true), ..Reading::default() };
        let outcome = decide(&CONTRACT, &SENDS, &Ok(reply), &|_| reading.clone());
        assert_eq!(outcome.verdict, verdict, "{status}");
    }
}
