//! What a vendor hands out before a message goes - ids, addresses, tokens - is held to its rules: nothing is sent that breaks
//! them.

use serde_json::json;

use crate::prerequisites::serving;
use crate::support::{Run, World};

const KEY: &str = "0123456789abcdef01234567";
const UUID: &str = "711261d4-5f17-4d2f-a855-5e5a8909b26e";

/// Runs a command against a server that answers so. What the server was asked comes beside.
fn against(
    answers: &[String],
    provider: &str,
    keys: &[&str],
    words: &[&str],
) -> (Run, Vec<String>) {
    let (base, asked) = serving(answers.to_vec());
    let name = |key: &str| format!("HERALD_{provider}_{key}").replace('-', "_").to_uppercase();
    let mut variables = vec![(name("endpoint"), base)];
    variables.extend(keys.iter().map(|key| (name(key), KEY.to_owned())));
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let world = World::new();
    world.write("photo.gif", b"GIF89a\x07\x00\x05\x00\x00\x00\x00");
    world.write("list.txt", "alias:bob\nalias:ann\n");
    let run = world.run_with(&[words, &["--provider", provider]].concat(), &variables);
    let list = world.run(&["history", "--output", "json"]).ends_with(0).json();
    for entry in list["entries"].as_array().expect("entries") {
        assert_eq!(entry["outcome"], "unavailable", "{entry}");
    }
    (run, asked.try_iter().collect())
}

/// An answer with a value in it, written as JSON.
fn answer(before: &str, value: &str, after: &str) -> String {
    format!("200 {before}{}{after}", json!(value))
}

#[test]
fn a_cid_that_breaks_its_rule_is_not_pushed() {
    let keys = ["app_key", "master_secret"];
    let long = format!("{KEY}-{}", "c".repeat(3000));
    let broken = format!("{KEY}-{UUID}\r\nX-Evil: 1");
    for (cid, words) in [
        ("c".repeat(3000).as_str(), "(3000 bytes)"),
        (long.as_str(), "is longer than 256 bytes"),
        (broken.as_str(), "\\r\\nX-Evil"),
        (format!("{KEY}-\u{202e}{UUID}").as_str(), "invisible"),
        ("", "is empty"),
        ("no-cid", "breaks jpush-v3/V3-66"),
        ("a\",\"audience\":\"all", "breaks jpush-v3/V3-66"),
    ] {
        let answers = [answer("{\"cidlist\":[", cid, "]}")];
        for command in [
            &["send", "--to", "bob", "--text", "x"][..],
            &["broadcast", "--targets", "list.txt", "--text", "x"],
        ] {
            let (run, asked) = against(&answers, "jpush-v3", &keys, command);
            let run = run.ends_with(7).says("the vendor returned").says(words);
            assert!(run.err.len() < 2000, "{}", run.err);
            assert!(asked.iter().all(|one| one.contains("/push/cid")), "{asked:?}");
            assert!(!asked.is_empty());
        }
    }
    // A refusal of the id is none of the messages: a job is planned as before.
    let refused = [r#"400 {"error":{"code":7777,"message":"odd"}}"#.to_owned()];
    let job = ["broadcast", "--targets", "list.txt", "--text", "x"];
    let (run, asked) = against(&refused, "jpush-v3", &keys, &job);
    run.ends_with(7).says("odd");
    assert_eq!(asked.len(), 1);
    // Two messages with one id: the vendor passes over the second one.
    let two = format!("200 {{\"cidlist\":[\"{KEY}-{UUID}\",\"{KEY}-{UUID}\"]}}");
    let words = ["send", "--to", "bob", "--text", "x"];
    let (run, asked) = against(&[two], "jpush-v3", &keys, &words);
    run.ends_with(7).says("more than once");
    assert_eq!(asked.len(), 1);
    // Of several ids each is one: none is left out in silence.
    for list in ["[7]", "[]", "[null]", "\"x\"", "{}"] {
        let answers = [format!("200 {{\"cidlist\":{list}}}")];
        let words = ["send", "--to", "bob", "--text", "x"];
        let (run, asked) = against(&answers, "jpush-v3", &keys, &words);
        run.ends_with(7).says("the answer does not hold what was asked for");
        assert_eq!(asked.len(), 1, "{list}");
    }
}

#[test]
fn what_an_upload_brings_is_held_to_the_rules_of_the_message() {
    let jmessage = |value: &str| {
        let after =
            r#","media_crc32":1,"width":7,"height":5,"format":"gif","fsize":13,"hash":"h"}"#;
        vec![answer("{\"media_id\":", value, after)]
    };
    let odd = |media: &str| {
        let (id, more) = (r#""media_id":"qiniu/image/j/a""#, r#""format":"gif","hash":"h""#);
        vec![format!("200 {{{id},{media},{more},\"fsize\":13}}")]
    };
    let wildfire = |value: &str| {
        let before =
            r#"{"code":0,"msg":"success","result":{"type":0,"uploadUrl":"BASE/up","downloadUrl":"#;
        vec![answer(before, value, "}}"), "200 ".to_owned()]
    };
    let easemob = |value: &str| {
        vec![
            r#"200 {"access_token":"t0k","expires_in":5184000}"#.to_owned(),
            answer(
                r#"{"uri":"https://h/o/a/chatfiles","entities":[{"uuid":"5e5a8909-b26e-4d2f-a855-711261d45f17","type":"chatfile","share-secret":"#,
                value,
                "}]}",
            ),
        ]
    };
    let image = ["--from", "anna", "--to", "user:bobby", "--image", "photo.gif"];
    for (provider, keys, answers, words) in [
        (
            "jmessage",
            &["app_key", "master_secret"][..],
            odd("\"width\":\"7\""),
            "breaks jmessage/JM-11",
        ),
        (
            "jmessage",
            &["app_key", "master_secret"],
            odd("\"media_crc32\":\"x\""),
            "breaks jmessage/JM-11",
        ),
        (
            "jmessage",
            &["app_key", "master_secret"],
            odd("\"fname\":{\"a\":1},\"height\":[]"),
            "breaks jmessage/JM-11",
        ),
        ("jmessage", &["app_key", "master_secret"], jmessage(""), "does not say what was done"),
        (
            "jmessage",
            &["app_key", "master_secret"],
            jmessage("qiniu/image/j/a\r\nb"),
            "control characters",
        ),
        ("wildfire", &["secret"], wildfire("javascript:alert(1)"), "no http or https address"),
        ("wildfire", &["secret"], wildfire("http://a/\r\nb"), "control characters"),
        (
            "wildfire",
            &["secret"],
            wildfire(&format!("http://a/{}", "b".repeat(9000))),
            "is longer than",
        ),
        (
            "easemob",
            &["org", "app", "client_id", "client_secret"],
            easemob("s\u{1}"),
            "control characters",
        ),
    ] {
        let send = [&["send"][..], &image].concat();
        let (run, asked) = against(&answers, provider, keys, &send);
        let run = run.ends_with(7).says(words).says("nothing was sent");
        assert!(run.err.len() < 2000, "{}", run.err);
        let sends = |one: &String| {
            ["/v1/messages", "/admin/message/send", "/messages/users"]
                .iter()
                .any(|path| one.contains(path))
        };
        assert!(!asked.iter().any(sends), "{provider}: {asked:?}");
    }
}

#[test]
fn a_token_that_no_header_carries_is_not_used() {
    let keys = ["org", "app", "client_id", "client_secret"];
    for token in ["t\r\nX-Evil: 1", "t t", ""] {
        let answers = [answer("{\"access_token\":", token, ",\"expires_in\":5184000}")];
        let words = ["send", "--from", "a", "--to", "bob", "--text", "x"];
        let (run, asked) = against(&answers, "easemob", &keys, &words);
        run.ends_with(7).says("nothing was sent");
        assert!(asked.iter().all(|one| one.contains("/token")), "{asked:?}");
        assert!(token.is_empty() || asked.len() == 1, "{asked:?}");
    }
}
