//! Prerequisites against a vendor that wants a token for everything and takes pictures, and answers by a script.

use std::time::Duration;

use std::cell::RefCell;
use std::collections::VecDeque;

mod handed_out;

use crate::contract::{Effect, ErrorCode, Rate, RateUnit, Retry};
use crate::document::Document;
use crate::error::RetryAfter;
use crate::exit::Exit;
use crate::outcome::{Class, Reading};
use crate::provider::prerequisite::UploadPlace;
use crate::provider::{Draft, FollowUp, LocalFile, SendIntent, Signature};
use crate::redact::Redactor;
use crate::report::{Color, Format, Ui};
use crate::sandbox::Backend;
use crate::send::prerequisites::*;
use crate::text::en;
use crate::wire::{Body, Failure, Header, Method, Phase, Reply, Show, Written};

const BEARER: Operation =
    Operation { auth: Auth::Bearer, effect: Effect::Sends, ..Operation::BASE };

static OPERATIONS: &[Operation] = &[
    Operation {
        id: "token",
        path: "/token",
        effect: Effect::Manages,
        rates: &[Rate { count: 9, seconds: 60, counted: RateUnit::Calls, scope: "app", pool: "" }],
        ..Operation::BASE
    },
    Operation {
        id: "upload",
        path: "/upload",
        effect: Effect::Manages,
        repeat: Repeatable::Duplicates,
        ..BEARER
    },
    Operation { id: "send", path: "/send", ..BEARER },
];

static CONTRACT: Contract = Contract {
    id: "bearer",
    name: "Bearer",
    about: en("wants tokens"),
    operations: OPERATIONS,
    errors: &[ErrorCode::new(
        "not_yours",
        Class::State,
        Retry::No,
        "the message is not yours",
        "take your own",
    )
    .http(401)],
    ..Contract::BASE
};

struct Bearer;

fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|row| row.id == id).expect("an operation of this table")
}

fn member(reply: &Reply, name: &str) -> Option<Value> {
    let document = Document::from_bytes(reply.body.clone()).ok()?;
    Some(document.root().value.as_object()?.get(name)?.value.clone())
}

impl Vendor for Bearer {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn sign(&self, _: &Call<'_>) -> Result<Signature> {
        Ok(Signature::default())
    }

    fn request(&self, call: &Call<'_>) -> Result<Request> {
        let token = call.account.secret("token").map_or("none", |token| token.expose());
        Ok(Request {
            method: Method::Post,
            base: "https://bearer.example".into(),
            path: Written::plain(call.operation.path),
            headers: vec![Header { name: "Authorization", value: Written::secret(token) }],
            body: Body::Text { media: "text/plain", text: Written::plain(call.body.to_compact()) },
            carries_secret: true,
        })
    }

    fn read(&self, _: &'static Operation, reply: &Reply) -> Reading {
        let code = member(reply, "error").map(|code| code.to_plain());
        Reading { success: Some(reply.status == 200), code, ..Reading::default() }
    }

    fn compose(&self, _: &SendIntent<'_>) -> Result<Vec<Draft>> {
        Ok(Vec::new())
    }

    fn follow_up(&self, _: &FollowUp<'_>) -> Result<Vec<Draft>> {
        Ok(Vec::new())
    }

    fn prerequisite(&self, call: &Call<'_>) -> Result<Option<Prerequisite>> {
        let lacks = call.operation.auth == Auth::Bearer && call.account.secret("token").is_none();
        Ok(lacks.then(|| Prerequisite {
            purpose: Purpose::Token("token"),
            operation: operation("token"),
            ask: Ask::Call(Value::object()),
            stand_in: Vec::new(),
        }))
    }

    fn upload(&self, file: &Uploading<'_>) -> Result<Option<Prerequisite>> {
        Ok(file.value("url").is_none().then(|| Prerequisite {
            purpose: Purpose::Upload,
            operation: operation("upload"),
            ask: Ask::Call(Value::object()),
            stand_in: vec![("url", "URL".into())],
        }))
    }

    fn prerequisite_result(
        &self,
        prerequisite: &Prerequisite,
        _: &Account,
        reply: &Reply,
    ) -> Option<PrerequisiteResult> {
        if prerequisite.purpose == Purpose::Upload {
            return Some(PrerequisiteResult::File(vec![("url", member(reply, "url")?)]));
        }
        let token = Secret::new(member(reply, "token")?.to_plain());
        Some(PrerequisiteResult::Token { token, lifetime: Some(Duration::from_secs(7200)) })
    }

    fn backend(&self) -> Box<dyn Backend> {
        unreachable!("nothing here runs against the sandbox")
    }
}

/// Answers by a script, and remembers path and token of each request.
struct Script {
    answers: RefCell<VecDeque<Exchange>>,
    asked: RefCell<Vec<String>>,
}

impl Script {
    fn of(answers: &[(u16, &str)]) -> Self {
        let answers = answers.iter().map(|(status, body)| match status {
            0 => Err(Failure::new(Phase::Connect, "refused")),
            1 => Err(Failure::new(Phase::Sent, "the connection was reset")),
            status => Ok(Reply { status: *status, headers: vec![], body: body.as_bytes().into() }),
        });
        Self { answers: RefCell::new(answers.collect()), asked: RefCell::default() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

impl Transport for Script {
    fn prepare(&self, _: &Request) -> Result<()> {
        Ok(())
    }

    fn exchange(&self, request: &Request, _: Duration) -> Exchange {
        let token = request.header("authorization").map(|value| value.show(Show::Secrets));
        let path = request.path.show(Show::Secrets);
        self.asked.borrow_mut().push(format!("{path} {}", token.unwrap_or_default()));
        self.answers.borrow_mut().pop_front().expect("an answer for every request")
    }
}

fn prerequisites(script: &Script, tokens: Tokens) -> Prerequisites<'_> {
    prerequisites_at(script, tokens, Box::leak(Box::new(limits(false))))
}

/// A limits that waits for what has to wait, or leaves that to others.
fn limits(waits: bool) -> RateLimits {
    let ui = Ui::new(Format::Human, Color::Never, false, true, &|_| None);
    let mut limits = RateLimits::alone(crate::env::System::default(), ui);
    limits.waits = waits;
    limits
}

fn prerequisites_at<'a>(
    script: &'a Script,
    tokens: Tokens,
    limits: &'a RateLimits,
) -> Prerequisites<'a> {
    let around = PrerequisiteContext {
        vendor: &Bearer,
        transport: script,
        limits,
        rest: &std::thread::sleep,
        chance: &|| 0.0,
        stamp: &|| Stamp { timestamp: "0".into(), nonce: "0".into() },
        now_ms: &|| 1_000,
        lint: &|_, _| Vec::new(),
        warn: &|_| {},
        tell: &|_, _| {},
        waits: &|_| {},
        retries: &|_, _| {},
        until: Some(Instant::now() + Duration::from_secs(5)),
        limit: Duration::from_secs(5),
    };
    let redactor = Redactor::of(&Account::default(), CONTRACT.secret_names());
    let redactor = std::rc::Rc::new(RefCell::new(redactor));
    Prerequisites::new(around, &Account::default(), "app".into(), tokens, redactor)
}

fn picture() -> Upload {
    let file = LocalFile { path: "a.jpg".into(), name: "a.jpg".into(), ..LocalFile::default() };
    let places = vec![UploadPlace { at: "body/url", name: "url", required: true }];
    Upload { file, kind: MediaKind::Image, places }
}

fn token_of(prepared: &MadeRequest) -> String {
    let token = prepared.request.header("authorization").expect("a header");
    token.show(Show::Secrets)
}

const T1: (u16, &str) = (200, r#"{"token":"t1"}"#);
const T2: (u16, &str) = (200, r#"{"token":"t2"}"#);
const STALE: (u16, &str) = (401, r#"{"error":"unauthorized"}"#);

#[test]
fn a_token_is_fetched_once_for_a_command_and_kept_for_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = Tokens::new(Some(folder.path().to_owned()));
    let script = Script::of(&[T1]);
    let mut first = prerequisites(&script, tokens.clone());
    for _ in 0..2 {
        let prepared = first.prepare(operation("send"), &mut Value::object(), &[]).expect("ready");
        assert_eq!(token_of(&prepared), "t1");
    }
    let mut second = prerequisites(&script, tokens);
    let prepared = second.prepare(operation("send"), &mut Value::object(), &[]).expect("ready");
    assert_eq!(token_of(&prepared), "t1");
    assert_eq!(script.asked(), ["/token none"]);
}

#[test]
fn a_token_that_is_refused_is_forgotten_and_fetched_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = Tokens::new(Some(folder.path().to_owned()));
    let script = Script::of(&[T1, T2]);
    let mut prerequisites = prerequisites(&script, tokens.clone());
    let send = operation("send");
    prerequisites.prepare(send, &mut Value::object(), &[]).expect("ready");
    let refused = Ok(Reply { status: 401, headers: vec![], body: STALE.1.into() });
    assert!(prerequisites.drop_stale_token(send, &refused));
    assert!(!prerequisites.drop_stale_token(send, &refused), "there is none left to drop");
    let prepared = prerequisites.prepare(send, &mut Value::object(), &[]).expect("ready");
    assert_eq!(token_of(&prepared), "t2");
    let whose = ["bearer", "https://bearer.example", "app"];
    let kept = tokens.get(&whose, 1_000).expect("it is safe").expect("the new one is kept");
    assert_eq!(kept.expose(), "t2");
}

#[test]
fn a_token_that_is_refused_to_many_requests_under_way_is_fetched_anew_once() {
    let script = Script::of(&[T1, T2]);
    let mut prerequisites = prerequisites(&script, Tokens::new(None));
    let send = operation("send");
    let prepare = |prerequisites: &mut Prerequisites<'_>| {
        prerequisites.prepare(send, &mut Value::object(), &[]).expect("ready")
    };
    let under_way: Vec<MadeRequest> = (0..64).map(|_| prepare(&mut prerequisites)).collect();
    let refused = Ok(Reply { status: 401, headers: vec![], body: STALE.1.into() });
    for (number, request) in under_way.iter().enumerate() {
        let recovers = prerequisites.recovers(&request.attempt, send, &refused);
        assert!(recovers, "{number} goes out again");
        // Some are made again before the last refusal is there.
        assert_eq!(token_of(&prepare(&mut prerequisites)), "t2");
    }
    assert_eq!(script.asked(), ["/token none", "/token none"]);
}

#[test]
fn other_refusals_are_not_the_tokens_fault() {
    let script = Script::of(&[T1]);
    let mut prerequisites = prerequisites(&script, Tokens::new(None));
    let send = operation("send");
    prerequisites.prepare(send, &mut Value::object(), &[]).expect("ready");
    for (status, body) in [(401, r#"{"error":"not_yours"}"#), (403, "{}"), (500, ""), (200, "{}")] {
        let reply = Ok(Reply { status, headers: vec![], body: body.into() });
        assert!(!prerequisites.drop_stale_token(send, &reply), "{status} {body}");
    }
    let broken = Err(Failure::new(Phase::Sent, ""));
    assert!(!prerequisites.drop_stale_token(send, &broken));
}

#[test]
fn an_upload_with_a_stale_token_is_tried_once_more_and_no_further() {
    let script = Script::of(&[T1, STALE, T2, (200, r#"{"url":"u"}"#)]);
    let mut first = prerequisites(&script, Tokens::new(None));
    let mut body = Value::object();
    first.prepare(operation("send"), &mut body, &[picture()]).expect("ready");
    assert_eq!(script.asked(), ["/token none", "/upload t1", "/token none", "/upload t2"]);
    assert_eq!(body.to_compact(), r#"{"body":{"url":"u"}}"#);

    let script = Script::of(&[T1, STALE, T2, STALE]);
    let mut second = prerequisites(&script, Tokens::new(None));
    let error = second
        .prepare(operation("send"), &mut Value::object(), &[picture()])
        .expect_err("both tokens are refused");
    assert_eq!(error.exit(), Exit::Denied);
}

#[test]
fn a_file_is_uploaded_once_for_all_requests() {
    let script = Script::of(&[T1, (200, r#"{"url":"u"}"#)]);
    let mut prerequisites = prerequisites(&script, Tokens::new(None));
    for _ in 0..3 {
        let mut body = Value::object();
        prerequisites.prepare(operation("send"), &mut body, &[picture()]).expect("ready");
        assert_eq!(body.to_compact(), r#"{"body":{"url":"u"}}"#);
    }
    assert_eq!(script.asked(), ["/token none", "/upload t1"]);
}

#[test]
fn what_flags_have_set_is_not_replaced() {
    let script = Script::of(&[T1, (200, r#"{"url":"u"}"#)]);
    let mut prerequisites = prerequisites(&script, Tokens::new(None));
    let mut body = Document::parse(r#"{"body":{"url":"mine"}}"#).expect("JSON").into_value();
    let upload = Upload { places: Vec::new(), ..picture() };
    prerequisites.prepare(operation("send"), &mut body, &[upload]).expect("ready");
    assert_eq!(body.to_compact(), r#"{"body":{"url":"mine"}}"#);
}

#[test]
fn an_prerequisite_that_fails_says_that_nothing_was_sent_and_ends_with_its_own_code() {
    let refused = (400, r#"{"error":"invalid_grant"}"#);
    for (script, exit, words) in [
        (&[(0, "")][..], Exit::Unavailable, "fetching a token failed: refused; nothing was sent"),
        (&[refused], Exit::Denied, "fetching a token failed"),
        (
            &[(200, "<html>")],
            Exit::Unavailable,
            "fetching a token failed: the answer does not hold",
        ),
        (&[T1, (1, "")], Exit::Unavailable, "uploading `a.jpg` broke off: the connection"),
        (&[T1, (413, "")], Exit::Rejected, "uploading `a.jpg` failed"),
        (
            &[T1, (200, "{}")],
            Exit::Unavailable,
            "uploading `a.jpg` failed: the answer does not hold",
        ),
    ] {
        let script = Script::of(script);
        let mut prerequisites = prerequisites(&script, Tokens::new(None));
        let error = prerequisites
            .prepare(operation("send"), &mut Value::object(), &[picture()])
            .expect_err("a prerequisite fails");
        assert_eq!(error.exit(), exit, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.to_string().contains("nothing was sent"), "{error}");
        assert!(script.asked().iter().all(|asked| !asked.contains("/send")), "{error}");
    }
}

#[test]
fn an_prerequisite_that_fails_for_now_is_made_again_in_the_time_of_the_command() {
    let busy = (503, "");
    let script = Script::of(&[busy, (429, ""), (0, ""), T1]);
    let limits = limits(true);
    let mut prerequisites = prerequisites_at(&script, Tokens::new(None), &limits);
    let prepared =
        prerequisites.prepare(operation("send"), &mut Value::object(), &[]).expect("a token");
    assert_eq!(token_of(&prepared), "t1");
    assert_eq!(script.asked().len(), 4);

    // What may have been done a second time is not: an upload is not a question.
    let script = Script::of(&[T1, (503, "")]);
    let mut prerequisites = prerequisites_at(&script, Tokens::new(None), &limits);
    let mut body = Value::object();
    let error =
        prerequisites.prepare(operation("send"), &mut body, &[picture()]).expect_err("busy");
    assert_eq!((error.exit(), script.asked().len()), (Exit::Unavailable, 2));
}

#[test]
fn whoever_does_not_wait_is_told_when_to_come_again() {
    let headers = vec![("retry-after".into(), "7".into())];
    let script = Script::of(&[]);
    script.answers.borrow_mut().push_back(Ok(Reply { status: 503, headers, body: Vec::new() }));
    let limits = limits(false);
    let mut prerequisites = prerequisites_at(&script, Tokens::new(None), &limits);
    let mut prepare = || prerequisites.prepare(operation("send"), &mut Value::object(), &[]);
    let error = prepare().expect_err("busy");
    assert_eq!(error.when(), Some(RetryAfter::Told(Duration::from_secs(7))));
    assert_eq!(error.advice(), Some("no message was on its way yet; retry"));
    // No request leaves before the pause is over.
    let error = prepare().expect_err("held");
    assert!(
        matches!(error.when(), Some(RetryAfter::Held(pause)) if pause > Duration::from_secs(6))
    );
    assert_eq!((error.exit(), script.asked().len()), (Exit::Unavailable, 1));
}

#[test]
fn prerequisites_take_their_place_in_the_vendors_pace() {
    let script = Script::of(&[T1]);
    let limits = limits(false);
    let mut prerequisites = prerequisites_at(&script, Tokens::new(None), &limits);
    prerequisites.prepare(operation("send"), &mut Value::object(), &[]).expect("a token");
    let now = limits.clock.now();
    let mut pace = limits.pace.borrow_mut();
    for _ in 0..8 {
        assert_eq!(pace.ready(operation("token"), 1, now), Ok(()));
        let ticket = pace.begin(operation("token"), 1);
        pace.end(ticket, now);
    }
    assert!(pace.ready(operation("token"), 1, now).is_err(), "nine are all that there may be");
}
