//! Requests and answers.

use std::time::Duration;

use super::{CONTRACT, account, json, stamp, with_token};
use crate::account::{Account, Secret};
use crate::contract::{Audience, Operation};
use crate::net::{account_for, decide};
use crate::outcome::{Outcome, Verdict};
use crate::provider::easemob::Easemob;
use crate::provider::prerequisite::{Ask, Purpose};
use crate::provider::{Call, Prerequisite, PrerequisiteResult, Vendor as _};
use crate::wire::{Body, Reply, Request, Show};

fn operation(id: &str) -> &'static Operation {
    CONTRACT.operation(id).expect("an operation")
}

fn request(id: &str, body: &str) -> crate::error::Result<Request> {
    let account = with_token(account("https://h.example"), "YWMtABC");
    let call =
        Call { operation: operation(id), body: &json(body), account: &account, stamp: &stamp() };
    Easemob.request(&call)
}

/// Method, address and body in one line.
fn line(id: &str, body: &str) -> String {
    match request(id, body) {
        Ok(request) => format!(
            "{} {} {}",
            request.method.as_str(),
            request.path.show(Show::Secrets),
            request.body_text(Show::Secrets)
        )
        .trim_end()
        .to_owned(),
        Err(error) => format!("refused: {error}"),
    }
}

#[test]
fn parameters_go_where_the_vendor_reads_them() {
    for (id, body, wanted) in [
        (
            "send",
            r#"{"useMsgId":true,"target_type":"users"}"#,
            r#"POST /acme/demo/messages?useMsgId=true {"target_type":"users"}"#,
        ),
        (
            "send",
            r#"{"useMsgId":false,"target_type":"users"}"#,
            r#"POST /acme/demo/messages {"target_type":"users"}"#,
        ),
        (
            "update",
            r#"{"msg_id":"12","new_msg":{"type":"txt"}}"#,
            r#"PUT /acme/demo/messages/rewrite/12 {"new_msg":{"type":"txt"}}"#,
        ),
        (
            "update",
            r#"{"new_msg":{"type":"txt"}}"#,
            "refused: the path /{org}/{app}/messages/rewrite/{msg_id} needs `msg_id`",
        ),
        ("push-sync", r#"{"target":"..","pushMessage":{}}"#, "refused: `target` cannot be `..`"),
        (
            "push-sync",
            r#"{"target":"a b/ü","pushMessage":{}}"#,
            r#"POST /acme/demo/push/sync/a%20b%2F%C3%BC {"pushMessage":{}}"#,
        ),
        (
            "label-list",
            r#"{"limit":5,"cursor":"a=b"}"#,
            "GET /acme/demo/push/label?limit=5&cursor=a%3Db",
        ),
        (
            "label-users-remove",
            r#"{"name":"l","usernames":["u"]}"#,
            r#"DELETE /acme/demo/push/label/l/user {"usernames":["u"]}"#,
        ),
        ("hosts", "{}", "GET /easemob/server.json?app_key=acme%23demo"),
        (
            "delete-roaming",
            r#"{"username":"u","peer":"p","msgIdList":["1","2"],"isNotify":true}"#,
            "DELETE /acme/demo/rest/message/roaming/chat/user/u?userId=p&msgIdList=1,2&isNotify=true",
        ),
        (
            "delete-roaming",
            r#"{"username":"u","groupId":"7","msgIdList":["1"]}"#,
            "DELETE /acme/demo/rest/message/roaming/group/user/u?groupId=7&msgIdList=1",
        ),
        (
            "delete-roaming",
            r#"{"username":"u","peer":"p","delTime":9}"#,
            "DELETE /acme/demo/rest/message/roaming/chat/user/u/time?userId=p&delTime=9",
        ),
        (
            "delete-roaming",
            r#"{"username":"u","groupId":"7","delTime":9}"#,
            "DELETE /acme/demo/rest/message/roaming/group/user/u/time?groupId=7&delTime=9",
        ),
        (
            "delete-roaming",
            r#"{"username":"u"}"#,
            "POST /acme/demo/rest/message/roaming/user/u/delete/all",
        ),
        (
            "upload",
            r#"{"file":{"name":"a.txt","content":"x"},"restrict-access":true}"#,
            "POST /acme/demo/chatfiles file=@a.txt",
        ),
        (
            "upload",
            r#"{"file":{"name":"a.txt","size":1}}"#,
            "refused: the file part `file` has no content",
        ),
    ] {
        assert_eq!(line(id, body), wanted, "{id} {body}");
    }
    let upload = request("upload", r#"{"file":{"name":"a","content":"x"},"restrict-access":true}"#);
    let upload = upload.expect("a request");
    assert_eq!(
        upload.header("restrict-access").map(|v| v.show(Show::Redacted)).as_deref(),
        Some("true")
    );
    let thumb =
        request("download-thumb", r#"{"file_uuid":"x","share-secret":"S3"}"#).expect("a request");
    assert_eq!(thumb.header("thumbnail").map(|v| v.show(Show::Redacted)).as_deref(), Some("true"));
    assert_eq!(
        thumb.header("share-secret").map(|v| v.show(Show::Redacted)).as_deref(),
        Some("***")
    );
}

#[test]
fn no_secret_is_shown() {
    let body =
        r#"{"grant_type":"client_credentials","client_id":"c","client_secret":"s3\"cret","ttl":1}"#;
    let mut token = request("token", body).expect("a request");
    crate::redact::Redactor::new(CONTRACT.secret_names()).mark(&mut token);
    assert_eq!(token.body_text(Show::Secrets), body);
    assert_eq!(
        token.body_text(Show::Redacted),
        r#"{"grant_type":"client_credentials","client_id":"c","client_secret":"***","ttl":1}"#
    );
    assert!(token.header("authorization").is_none());
    let send = request("send-users", "{}").expect("a request");
    assert!(send.carries_secret);
    let header = send.header("authorization").expect("a token");
    assert_eq!(header.show(Show::Secrets), "Bearer YWMtABC");
    assert_eq!(header.show(Show::Redacted), "Bearer ***");
    let (account, body) = (crate::account::Account::default(), json("{}"));
    let call = Call {
        operation: operation("send-users"),
        body: &body,
        account: &account,
        stamp: &stamp(),
    };
    let bare = Easemob.request(&call).expect("a request");
    assert_eq!(bare.url(Show::Secrets), "https://a31.easemob.com/***/***/messages/users");
}

#[test]
fn data_centres_are_found_by_name() {
    for (endpoint, wanted) in [
        ("", Some("https://a31.easemob.com")),
        ("china-1", Some("https://a1.easemob.com")),
        ("germany-2", Some("https://a71.easemob.com")),
        ("http://127.0.0.1:1/", Some("http://127.0.0.1:1")),
        ("china1", None),
    ] {
        let account = account(endpoint);
        let call = Call {
            operation: operation("send-users"),
            body: &json("{}"),
            account: &account,
            stamp: &stamp(),
        };
        let base = Easemob.request(&call).map(|request| request.base).ok();
        assert_eq!(base.as_deref(), wanted, "{endpoint}");
    }
    let account = account("singapore-1");
    let call = Call {
        operation: operation("hosts"),
        body: &json("{}"),
        account: &account,
        stamp: &stamp(),
    };
    assert_eq!(Easemob.request(&call).expect("a request").base, "https://rs.easemob.com");
}

#[test]
fn a_token_is_asked_for_with_client_id_and_secret() {
    let send = operation("send-users");
    let mut account = account("china-1");
    let (body, stamp) = (json("{}"), stamp());
    let ask = |account: &Account, operation: &'static Operation| {
        Easemob.prerequisite(&Call { operation, body: &body, account, stamp: &stamp })
    };
    account.secrets.remove("token");
    let error = ask(&account, send).expect_err("nothing to ask with");
    assert_eq!(error.exit(), crate::exit::Exit::Input);
    account.values.insert("client_id".to_owned(), "cid-001".to_owned());
    account.secrets.insert("client_secret".to_owned(), Secret::new("sec-001".to_owned()));
    assert!(ask(&account, operation("token")).expect("no fault").is_none(), "it bears none");
    let prerequisite = ask(&account, send).expect("no fault").expect("a prerequisite");
    assert_eq!(prerequisite.purpose, Purpose::Token("token"));
    let Ask::Call(body) = &prerequisite.ask else { panic!("a call") };
    let call = Call { operation: prerequisite.operation, body, account: &account, stamp: &stamp };
    let request = Easemob.request(&call).expect("a request");
    assert_eq!(request.url(Show::Secrets), "https://a1.easemob.com/acme/demo/token");
    assert!(matches!(request.body, Body::Text { media: "application/json", .. }));
    assert_eq!(
        request.body_text(Show::Secrets),
        r#"{"grant_type":"client_credentials","client_id":"cid-001","client_secret":"sec-001"}"#
    );
    account.secrets.insert("token".to_owned(), Secret::new("YWMtX"));
    assert!(ask(&account, send).expect("no fault").is_none(), "one is there");
}

#[test]
fn a_token_has_a_lifetime_in_seconds_or_on_one_cluster_in_milliseconds() {
    let prerequisite = Prerequisite {
        purpose: Purpose::Token("token"),
        operation: operation("token"),
        ask: Ask::Call(json("{}")),
        stand_in: Vec::new(),
    };
    let reply =
        |body: &str| Reply { status: 200, body: body.as_bytes().to_vec(), ..Reply::default() };
    let read = |endpoint: &str, body: &str| match Easemob.prerequisite_result(
        &prerequisite,
        &account(endpoint),
        &reply(body),
    )? {
        PrerequisiteResult::Token { token, lifetime } => {
            Some((token.expose().to_owned(), lifetime))
        }
        PrerequisiteResult::DedupeIds(_) | PrerequisiteResult::File(_) => None,
    };
    let seconds = |n: u64| Some(Duration::from_secs(n));
    for (endpoint, expires_in, lifetime) in [
        ("china-1", ",\"expires_in\":60", seconds(60)),
        ("china-1", ",\"expires_in\":5184000", seconds(5_184_000)),
        ("china-1", ",\"expires_in\":5184000000", seconds(5_184_000)),
        ("https://vip5.easemob.example", ",\"expires_in\":60000", seconds(60)),
        ("china-1", ",\"expires_in\":0", Some(Duration::MAX)),
        ("china-1", ",\"expires_in\":-5", None),
        ("china-1", "", None),
    ] {
        let body = format!("{{\"access_token\":\"YWMtX\"{expires_in}}}");
        assert_eq!(read(endpoint, &body), Some(("YWMtX".to_owned(), lifetime)), "{body}");
    }
    for body in [r#"{"error":"invalid_grant"}"#, r#"{"access_token":""}"#, "<html>", ""] {
        assert!(read("china-1", body).is_none(), "{body}");
    }
    let shown =
        Easemob.read(operation("token"), &reply(r#"{"access_token":"YWMtX","expires_in":60}"#));
    assert!(!format!("{shown:?}").contains("YWMtX"));
}

fn outcome(id: &str, status: u16, body: &str) -> Outcome {
    let reply = Reply { status, body: body.as_bytes().to_vec(), ..Reply::default() };
    let operation = operation(id);
    decide(&CONTRACT, operation, &Ok(reply), &|reply| Easemob.read(operation, reply))
}

#[test]
fn an_answer_of_200_can_hide_a_failure() {
    use Verdict::{Accepted, Partial, Rejected, Unknown};
    let push = |list: &str| format!(r#"{{"timestamp":1,"data":[{list}],"duration":1}}"#);
    for (id, body, verdict) in [
        ("push-sync", push(r#"{"pushStatus":"SUCCESS","data":{}}"#), Accepted),
        ("push-sync", push(r#"{"pushStatus":"FAIL","desc":"no push binding"}"#), Rejected),
        ("push-sync", push(r#"{"pushStatus":"ERROR","desc":"timeout"}"#), Unknown),
        ("push-async", push(r#"{"pushStatus":"ASYNC_SUCCESS"}"#), Accepted),
        ("push-single", push(r#"{"id":"a","pushStatus":"ASYNC_SUCCESS"},{"id":"b","pushStatus":"FAIL"}"#), Partial),
        ("push-single", push(r#"{"id":"a","pushStatus":"SUCCESS"},{"id":"b","pushStatus":"ERROR"}"#), Unknown),
        ("push-single", push(""), Unknown),
        ("recall", r#"{"data":{"recalled":"yes","msg_id":"1"}}"#.into(), Accepted),
        ("recall", r#"{"data":{"recalled":"not_found msg","msg_id":"1"}}"#.into(), Rejected),
        ("recall-batch", r#"{"data":[{"recalled":"yes","msg_id":"1"},{"recalled":"not_found msg","msg_id":"2"}]}"#.into(), Partial),
        ("recall-legacy", r#"{"data":{"msgs":[{"recalled":"not_found msg","msg_id":"1"}]}}"#.into(), Rejected),
        ("label-users-add", r#"{"data":{"success":["a"],"fail":{"b":"no user"}}}"#.into(), Partial),
        ("attachment-lifetime", r#"{"data":{"x":"failed"}}"#.into(), Rejected),
        ("send-users", r#"{"data":{}}"#.into(), Unknown),
        ("send-users", "<html>".into(), Unknown),
        ("broadcast-all", r#"{"data":{}}"#.into(), Unknown),
        ("delete-roaming", r#"{"requestStatusCode":"ok"}"#.into(), Accepted),
        ("update", r#"{"data":"success"}"#.into(), Accepted),
    ] {
        assert_eq!(outcome(id, 200, &body).verdict, verdict, "{id} {body}");
    }
}

#[test]
fn ids_stay_whole_and_belong_to_their_receivers() {
    let two = outcome(
        "send-users",
        200,
        r#"{"data":{"a":"1403000000000000001","b":"1403000000000000002"}}"#,
    );
    let ids: Vec<_> = two.targets.iter().map(|t| (t.target.as_str(), t.id.as_deref())).collect();
    assert_eq!(ids, [("a", Some("1403000000000000001")), ("b", Some("1403000000000000002"))]);
    assert!(two.ids.is_empty());
    let named = |id: &str, body: &str| outcome(id, 200, body).ids;
    let pair = |name: &str, id: &str| vec![(name.to_owned(), id.to_owned())];
    assert_eq!(named("send-users", r#"{"data":{"a":"14"}}"#), pair("msg_id", "14"));
    assert_eq!(
        named("broadcast-all", r#"{"data":{"id":1070000000000000001}}"#),
        pair("id", "1070000000000000001")
    );
    assert_eq!(named("stream-users", r#"{"data":{"msgId":"9"}}"#), pair("msgId", "9"));
    assert_eq!(
        named("push-task", r#"{"data":833974560000000001}"#),
        pair("taskId", "833974560000000001")
    );
    assert_eq!(
        named("push-label", r#"{"data":{"taskId":968120369184112182}}"#),
        pair("taskId", "968120369184112182")
    );
    let upload = named(
        "upload",
        r#"{"uri":"https://h/o/a/chatfiles","entities":[{"uuid":"u","type":"chatfile","share-secret":"s"}]}"#,
    );
    assert_eq!(upload[1], ("url".to_owned(), "https://h/o/a/chatfiles/u".to_owned()));
    assert_eq!(upload[2], ("share-secret".to_owned(), "s".to_owned()));
    let old = outcome("send", 200, r#"{"data":{"a":"success"}}"#);
    assert_eq!((old.targets[0].id.as_deref(), old.warnings.len()), (None, 1));
}

#[test]
fn errors_are_told_apart_by_number_word_and_text() {
    use Verdict::{Denied, Rejected, Unavailable, Unknown};
    let error =
        |error: &str, rest: &str| format!(r#"{{"error":"{error}","exception":"x.Y",{rest}}}"#);
    let said = |word: &str, text: &str| error(word, &format!(r#""error_description":"{text}""#));
    for (id, status, body, verdict, code, wait) in [
        ("send-users", 400, error("message_send_error", r#""error_code":14007,"error_description":"message is too large""#), Rejected, "14007", None),
        ("send-users", 400, error("message_send_error", r#""error_code":99,"error_description":"params to's size can't exceed limit 600""#), Rejected, "message_send_error", None),
        ("send-users", 403, said("message_send_error", "message send reach limit"), Unavailable, "message_send_error", Some(60)),
        ("send-groups", 403, said("message_send_error", "message send reach limit"), Unavailable, "message_send_error", Some(1)),
        ("send-users", 429, said("reach_limit", "This request has reached api limit"), Unavailable, "reach_limit", Some(1)),
        ("send-users", 429, said("resource_limited", "You have exceeded the limit"), Rejected, "resource_limited", None),
        ("send-users", 401, said("unauthorized", "Unable to authenticate (OAuth)"), Denied, "unauthorized", None),
        ("send-users", 404, said("organization_application_not_found", "x"), Denied, "organization_application_not_found", None),
        ("update", 401, said("message_rewrite_error", "You are not authorized to edit this message."), Rejected, "message_rewrite_error", None),
        ("update", 403, said("message_rewrite_error", "The rewrite message feature is not open."), Denied, "message_rewrite_error", None),
        ("broadcast-all", 403, said("forbidden_op", "broadcast message limit exceeded"), Unavailable, "forbidden_op", Some(86_400)),
        ("broadcast-all", 403, said("forbidden_op", "message broadcast service is unopened"), Denied, "forbidden_op", None),
        ("push-task", 403, said("LimitException", "limit request"), Unavailable, "LimitException", Some(300)),
        ("send-users", 500, "oops".to_owned(), Unknown, "", None),
        ("send-users", 502, "<html>".to_owned(), Unknown, "", None),
        ("offline-count", 502, "<html>".to_owned(), Unavailable, "", None),
        ("update", 400, r#"{"exception":"com.x.InvalidMessageIdException","error_description":"The provided message ID is not a valid number."}"#.to_owned(), Rejected, "InvalidMessageIdException", None),
    ] {
        let outcome = outcome(id, status, &body);
        assert_eq!(outcome.verdict, verdict, "{id} {status} {body}");
        assert_eq!(outcome.code.as_deref().unwrap_or_default(), code, "{body}");
        assert_eq!(outcome.retry_after.map(|wait| wait.as_secs()), wait, "{body}");
    }
}

#[test]
fn a_user_with_several_devices_is_one_target_with_the_name_that_was_asked_for() {
    use Verdict::{Accepted, Partial, Rejected};
    let ok = r#"{"pushStatus":"SUCCESS","data":{}}"#;
    let bad = r#"{"pushStatus":"FAIL","desc":"bad device token"}"#;
    for (entries, verdict, devices, code) in [
        (vec![ok], Accepted, 0, None),
        (vec![bad], Rejected, 0, Some("FAIL")),
        (vec![ok, ok], Accepted, 2, None),
        (vec![ok, bad], Partial, 2, Some("FAIL")),
        (vec![bad, bad, bad], Rejected, 3, Some("FAIL")),
    ] {
        for id in ["push-sync", "push-async"] {
            let body = format!(r#"{{"timestamp":1,"data":[{}]}}"#, entries.join(","));
            let mut outcome = outcome(id, 200, &body);
            account_for(&CONTRACT, operation(id), &mut outcome, &["t1"]);
            let [target] = outcome.targets.as_slice() else { panic!("one target: {body}") };
            assert_eq!((target.target.as_str(), target.verdict), ("t1", verdict), "{body}");
            assert_eq!(target.devices.len(), devices, "{body}");
            assert_eq!(target.code.as_deref(), code, "{body}");
            assert_eq!(outcome.verdict, verdict, "{body}");
        }
    }
    let mixed = outcome("push-sync", 200, &format!(r#"{{"data":[{ok},{bad}]}}"#));
    let told: Vec<_> = mixed.targets[0]
        .devices
        .iter()
        .map(|device| (device.code.as_deref(), device.message.as_deref()))
        .collect();
    assert_eq!(told, [(Some("SUCCESS"), None), (Some("FAIL"), Some("bad device token"))]);
    assert_eq!(mixed.message, None, "each device has its word");
}

#[test]
fn replies_of_recalls_and_of_places_are_held_against_what_the_payload_names() {
    for (id, body, asked) in [
        ("recall", r#"{"msg_id":"1","to":"u"}"#, &["1"][..]),
        ("recall-batch", r#"{"msgs":[{"msg_id":"1","to":"u"},{"msg_id":2}]}"#, &["1", "2"]),
        ("recall-legacy", r#"{"msgs":[{"msg_id":"1"},{"to":"u"}]}"#, &["1"]),
        ("recall-batch", r#"{"msgs":"1"}"#, &[]),
        ("attachment-lifetime", r#"{"chatfile_ids":["a","b"]}"#, &["a", "b"]),
        ("send-groups-targeted", r#"{"to":["g1"],"users":["u1","u2"]}"#, &["g1"]),
        ("send-rooms-targeted", r#"{"to":["r1"],"users":["u1","u2"]}"#, &["r1"]),
    ] {
        let (body, nobody) = (json(body), Audience::Nobody);
        assert_eq!(operation(id).asked(&body, &nobody), asked, "{id}");
    }
}

#[test]
fn cures_hang_on_what_is_known_and_not_on_the_word_alone() {
    let said = |word: &str, text: &str| {
        format!(r#"{{"error":"{word}","exception":"x.Y","error_description":"{text}"}}"#)
    };
    let coded = |code: u32, text: &str| {
        format!(
            r#"{{"error":"message_send_error","error_code":{code},"error_description":"{text}"}}"#
        )
    };
    for (id, status, body, cure) in [
        ("token-user", 404, said("invalid_grant", "user not found"), "Register the user"),
        ("token-user", 404, said("entity_not_found", "User null not found"), "Register the user"),
        ("download", 404, said("entity_not_found", "file may not exists"), "Upload it again"),
        ("download", 404, said("entity_not_found", "no such thing"), "not known"),
        ("token-user", 400, said("invalid_grant", "user not activated"), "Unban the user"),
        ("token", 400, said("invalid_grant", "client_secret does not match"), "the console"),
        ("token", 400, said("invalid_grant", "no grant today"), "not known"),
        (
            "push-label",
            400,
            said("ResourceNotFoundException", "push label not exists of vip"),
            "label-create",
        ),
        ("delete-roaming", 400, said("Bad Request", "Bad Request"), "msgIdList"),
        ("send-users", 400, said("Bad Request", "Bad Request"), "not known"),
        ("token-user", 400, said("illegal_argument", "username [A B] is not legal"), "lower-case"),
        ("token-user", 400, said("illegal_argument", "username [A B] is taken"), "not known"),
        ("token-user", 400, said("illegal_argument", "USERNAME_TOO_LONG"), "64 bytes"),
        (
            "push-single",
            404,
            r#"{"timestamp":1,"error_description":"url is invalid"}"#.to_owned(),
            "endpoint",
        ),
        (
            "send-users",
            403,
            said("forbidden_op", "Forbidden for url: [1/t/messages/users]"),
            "Slow down",
        ),
        ("send-users", 403, said("forbidden_op", "Forbidden for url: [1/t/users/a]"), "not known"),
        ("recall", 403, said("forbidden_op", "message recall service is unopened"), "the console"),
        ("update", 403, said("message_rewrite_error", "no more"), "not known"),
        (
            "update",
            403,
            said(
                "message_rewrite_error",
                "The message has reached its edit limit and cannot be modified further.",
            ),
            "send a new one",
        ),
        // The number decides, and without one the words that stand for it.
        ("stream-users", 400, coded(14035, "message is too large"), "new stream"),
        (
            "stream-users",
            400,
            said("message_send_error", "stream message has already finished"),
            "new stream",
        ),
        (
            "stream-users",
            400,
            said("message_send_error", "param body.seq is illegal"),
            "Count from 0",
        ),
        (
            "recall-batch",
            200,
            r#"{"data":[{"recalled":"not_found msg","msg_id":"1"}]}"#.to_owned(),
            "force true",
        ),
        (
            "recall-batch",
            200,
            r#"{"data":[{"recalled":"no","msg_id":"1"}]}"#.to_owned(),
            "not known",
        ),
    ] {
        let advice = outcome(id, status, &body).advice.expect("advice");
        assert!(advice.contains(cure), "{id} {status} {body}: {advice}");
    }
}
