//! Known answers of the code, the form, and replies.

use super::super::wire::{read, verification_code};
use super::super::{CONTRACT, JpushV2};
use super::{account, push, stamp, value};
use crate::account::Account;
use crate::provider::kit::wire::reading;
use crate::provider::{Call, Vendor as _};
use crate::wire::{Reply, Request, Show};

const SEED: &str = "71638202938228382811FCB1CB308ADC";
const SHORT: &str = "5e987ac6d2e04d95a9d8f0d1";

#[test]
fn codes_are_those_of_the_known_answers() {
    for (sendno, kind, receivers, secret, code) in [
        ("3321", 2, r#""game, oldman, student""#, SEED, "E6BD6AE007A6BB02A7DA117026545697"),
        ("3321", 2, r#""game,oldman,student""#, SEED, "22E9D530B3D3E04310E4A720BE06A764"),
        ("3321", 4, r#""""#, SEED, "7F301E3ABCA14E94C83C2E47057066FD"),
        ("3321", 4, "null", SEED, "7F301E3ABCA14E94C83C2E47057066FD"),
        ("3321", 2, r#""深圳,北京""#, SEED, "F8D7BEA59185C60CFAEC2DC56C6DF425"),
        ("4294967295", 3, r#""alias_api""#, SHORT, "C2DB30B0584BF92A5E8D013D98342D90"),
        (r#""1""#, 5, r#""0900e8d85ef""#, SHORT, "DA5168833EF07A053CAFD05320384CF0"),
    ] {
        let body =
            format!(r#"{{"sendno":{sendno},"receiver_type":{kind},"receiver_value":{receivers}}}"#);
        let found = verification_code(&value(&body), secret);
        assert_eq!(found, code, "{body}");
        // `None` or `null` hashed as words, and a tag hashed as GBK.
        for bug in [
            "984288CD07C4F675C06F3E0329BB73D2",
            "F63C4487B48A8E1F82834A7221E65239",
            "B778239BE6021592EE10EAEA8B0F7CD2",
        ] {
            assert_ne!(found, bug, "{body}");
        }
    }
    let absent = value(r#"{"sendno":3321,"receiver_type":4}"#);
    assert_eq!(verification_code(&absent, SEED), "7F301E3ABCA14E94C83C2E47057066FD");
}

fn request(operation: &str, body: &str, account: &Account) -> Request {
    let operation = CONTRACT.operation(operation).expect("an operation");
    let body = value(body);
    let stamp = stamp();
    JpushV2.request(&Call { operation, body: &body, account, stamp: &stamp }).expect("a request")
}

#[test]
fn a_push_is_a_form_with_everything_encoded_and_the_code_hidden() {
    let account = account("7d431e42dfa6a6d693ac2d04", SEED);
    let body = r#"{"sendno":3321,"receiver_type":2,"receiver_value":"game, oldman, student","msg_type":1,
        "msg_content": {"n_content": "通知 & 内容+1"},"platform":"android,ios"}"#;
    let request = request("push", body, &account);
    assert_eq!(request.url(Show::Secrets), "https://api.jpush.cn/v2/push");
    let head = "sendno=3321&receiver_type=2&receiver_value=game%2C%20oldman%2C%20student&msg_type=1\
        &msg_content=%7B%22n_content%22%3A%22%E9%80%9A%E7%9F%A5%20%26%20%E5%86%85%E5%AE%B9%2B1%22%7D\
        &platform=android%2Cios&app_key=7d431e42dfa6a6d693ac2d04&verification_code=";
    let shown = |show| request.body_text(show);
    assert_eq!(shown(Show::Secrets), format!("{head}E6BD6AE007A6BB02A7DA117026545697"));
    assert_eq!(shown(Show::Redacted), format!("{head}***"));
}

#[test]
fn what_is_given_goes_out_as_it_is_and_what_nobody_knows_is_hidden() {
    let known = account("7d431e42dfa6a6d693ac2d04", SHORT);
    let given = push(
        r#"{"app_key":"dd1066407b044738b6479275","verification_code":"e6bd","receiver_value":"",
            "msg_content":"{\"n_content\": 1}","time_to_live":null}"#,
    );
    let text = request("push", &given, &known).body_text(Show::Secrets);
    for pair in [
        "app_key=dd1066407b044738b6479275",
        "verification_code=e6bd",
        "receiver_value=&",
        "%7B%22n_content%22%3A%201%7D",
    ] {
        assert!(text.contains(pair), "{pair}: {text}");
    }
    assert!(!text.contains("time_to_live") && !text.contains("7d431e42dfa6a6d693ac2d04"), "{text}");
    // An empty one is an absent one.
    let empty = push(r#"{"app_key":"","verification_code":"","receiver_value":"alias_api"}"#);
    let text = request("push", &empty, &known).body_text(Show::Secrets);
    assert!(text.ends_with(
        "&app_key=7d431e42dfa6a6d693ac2d04&verification_code=DE3649B5C86E59882E245D83C975EFEA"
    ));

    let text = request("push", &push("{}"), &Account::default()).body_text(Show::Redacted);
    assert!(text.ends_with("&app_key=***&verification_code=***"), "{text}");
}

#[test]
fn a_report_is_a_query_with_basic_and_hosts_can_be_chosen() {
    let mut account = account("7d431e42dfa6a6d693ac2d04", SHORT);
    let body = r#"{"msg_ids":["1613113584",1613113585]}"#;
    let report = request("received", body, &account);
    assert_eq!(
        report.url(Show::Redacted),
        "https://report.jpush.cn/v2/received?msg_ids=1613113584,1613113585"
    );
    assert!(report.carries_secret);
    assert_eq!(
        report.header("authorization").expect("a header").show(Show::Secrets),
        "Basic N2Q0MzFlNDJkZmE2YTZkNjkzYWMyZDA0OjVlOTg3YWM2ZDJlMDRkOTVhOWQ4ZjBkMQ=="
    );
    account.endpoint = Some("http://127.0.0.1:8080/".to_owned());
    let report = request("received", body, &account);
    assert!(report.url(Show::Redacted).starts_with("http://127.0.0.1:8080/v2/received?"));
    account.endpoint = Some("moon".to_owned());
    let (body, stamp) = (value(body), stamp());
    let operation = CONTRACT.operation("received").expect("an operation");
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    assert!(JpushV2.request(&call).is_err());
}

#[test]
fn signing_shows_its_pieces_and_hides_the_secret() {
    let account = account("7d431e42dfa6a6d693ac2d04", SHORT);
    let body = value(&push(r#"{"receiver_value":"alias_api"}"#));
    let stamp = stamp();
    let operation = CONTRACT.operation("push").expect("an operation");
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let signature = JpushV2.sign(&call).expect("a signature");
    assert_eq!(signature.value.as_deref(), Some("DE3649B5C86E59882E245D83C975EFEA"));
    let pieces: Vec<String> =
        signature.pieces.iter().map(|(_, piece)| piece.show(Show::Redacted)).collect();
    assert_eq!(pieces, ["3321", "3", "alias_api", "***"]);
    for missing in ["sendno", "receiver_type"] {
        let body = value(&push(&format!(r#"{{"{missing}":""}}"#)));
        let error = JpushV2.sign(&Call { body: &body, ..call }).expect_err(missing);
        assert!(error.to_string().contains(missing) && error.advice().is_some(), "{error}");
        assert!(JpushV2.request(&Call { body: &body, ..call }).is_ok(), "{missing}");
    }
    let nobody = Account::default();
    let signature = JpushV2.sign(&Call { account: &nobody, ..call }).expect("a signature");
    assert_eq!(signature.value, None);
    assert_eq!(signature.fields[0].1.show(Show::Secrets), "***");
}

#[test]
fn replies_are_read_in_every_shape_they_come_in() {
    let push = CONTRACT.operation("push").expect("an operation");
    let received = CONTRACT.operation("received").expect("an operation");
    for (operation, status, body, success, code, id) in [
        (
            push,
            200,
            r#"{"sendno":3321,"msg_id":18101213529672826,"errcode":0,"errmsg":"Succeed"}"#,
            Some(true),
            Some("0"),
            Some("18101213529672826"),
        ),
        (
            push,
            200,
            r#"{"sendno":"3321","msg_id":"1613113584","errcode":"0","errmsg":"Succeed"}"#,
            Some(true),
            Some("0"),
            Some("1613113584"),
        ),
        (push, 200, r#"{"errcode":1011,"errmsg":"x"}"#, Some(false), Some("1011"), None),
        (push, 429, r#"{"error":{"code":2002,"message":"x"}}"#, Some(false), Some("2002"), None),
        (push, 502, "<html>bad gateway</html>", Some(false), None, None),
        (push, 200, "<html>hello</html>", None, None, None),
        (push, 200, "{}", None, None, None),
        (push, 200, "", None, None, None),
        (received, 200, r#"[{"msg_id":1,"android_received":62}]"#, Some(true), None, None),
        (
            received,
            401,
            r#"{"error":{"code":3001,"message":"x"}}"#,
            Some(false),
            Some("3001"),
            None,
        ),
    ] {
        let reply = Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let reading = reading(operation, &reply, read);
        assert_eq!(reading.success, success, "{body}");
        assert_eq!(reading.code.as_deref(), code, "{body}");
        let found: Vec<_> = reading.ids.iter().map(|(name, id)| (&**name, &**id)).collect();
        assert_eq!(found, id.map(|id| ("msg_id", id)).into_iter().collect::<Vec<_>>(), "{body}");
        assert_eq!(reading.result.is_some(), operation.id == "received", "{body}");
    }
}
