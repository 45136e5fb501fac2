//! What happens to commands whose requests are refused, doubtful or only some of several, as scripts see it.

use serde_json::json;

use crate::prerequisites::serving;
use crate::support::{Run, World, files_below};

const KEY: &str = "0123456789abcdef01234567";

/// Runs RongCloud commands one after the other against a server that answers so; what it was asked comes beside.
fn rong(answers: &[&str], commands: &[&[&str]]) -> (Vec<Run>, Vec<String>) {
    let (base, asked) = serving(answers.iter().map(|answer| (*answer).to_owned()).collect());
    let variables = [
        ("HERALD_RONGCLOUD_ENDPOINT", base.as_str()),
        ("HERALD_RONGCLOUD_APP_KEY", "key"),
        ("HERALD_RONGCLOUD_APP_SECRET", "secret"),
    ];
    let world = World::new();
    let runs = commands.iter().map(|command| world.run_with(command, &variables)).collect();
    (runs, asked.try_iter().collect())
}

/// The same for JPush v3.
fn jpush(answers: &[&str], commands: &[Vec<&str>]) -> (Vec<Run>, Vec<String>) {
    let (base, asked) = serving(answers.iter().map(|answer| (*answer).to_owned()).collect());
    let variables = [
        ("HERALD_JPUSH_V3_ENDPOINT", base.as_str()),
        ("HERALD_JPUSH_V3_APP_KEY", KEY),
        ("HERALD_JPUSH_V3_MASTER_SECRET", KEY),
    ];
    let world = World::new();
    let runs = commands.iter().map(|command| world.run_with(command, &variables)).collect();
    (runs, asked.try_iter().collect())
}

#[test]
fn of_a_list_that_breaks_off_every_request_is_told_and_the_code_is_that_of_a_part() {
    let groups: Vec<String> = (1..=9).map(|n| format!("group:g{n}")).collect();
    let mut send = vec!["send", "--provider", "rongcloud", "--from", "a", "--text", "x"];
    groups.iter().for_each(|group| send.extend(["--to", group]));
    send.extend(["--deadline", "2s", "--output", "json"]);
    let busy = r#"429 {"code":1008,"errorMessage":"too fast"}"#;
    let answers = [r#"200 {"code":200}"#, busy, busy, busy, busy, busy, busy];
    let (runs, _) = rong(&answers, &[&send]);
    let [run] = runs.try_into().expect("one");
    let told = run.ends_with(6).says("1 of 3 requests were not sent").json();
    assert_eq!(told["outcome"], "partial");
    let results = told["results"].as_array().expect("results");
    let outcomes: Vec<_> = results.iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["accepted", "unavailable", "unavailable"]);
    assert!(results[1]["attempts"].as_u64() > Some(1));
    assert_eq!((&results[2]["attempts"], &results[2]["ledger_id"]), (&json!(0), &json!(null)));
    let targets = results[2]["targets"].as_array().expect("targets");
    let left: Vec<_> = targets.iter().map(|one| &one["target"]).collect();
    assert_eq!(left, ["g7", "g8", "g9"]);

    // Where nothing was accepted it may be sent again as a whole.
    let (runs, _) = rong(&[busy; 7], &[&send]);
    let [run] = runs.try_into().expect("one");
    let told = run.ends_with(7).json();
    assert_eq!(told["results"].as_array().map(Vec::len), Some(3));
    // The right is missing for all of them.
    let (runs, _) = rong(&[r#"200 {"code":200}"#, r#"401 {"code":1004}"#], &[&send]);
    let [run] = runs.try_into().expect("one");
    assert_eq!(run.ends_with(4).json()["results"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_was_refused_uses_no_quota_and_what_was_taken_uses_it_up() {
    let push = |text| {
        let alert = format!("notification.alert={text}");
        let words = "call rongcloud/push --set platform:=[\"ios\"] --set audience.is_to_all:=true";
        let more = ["--set", &alert, "--confirm", "rongcloud", "--override", "test-content"];
        let words = words.split(' ').chain(more).map(str::to_owned);
        words.collect::<Vec<String>>()
    };
    let commands: Vec<Vec<String>> =
        ["one", "two", "three", "four", "five", "six"].map(push).into();
    let commands: Vec<Vec<&str>> =
        commands.iter().map(|words| words.iter().map(String::as_str).collect()).collect();
    let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
    let spent = r#"429 {"code":1008,"errorMessage":"quota"}"#;
    let taken = r#"200 {"code":200,"id":"push-1"}"#;
    let (runs, asked) = rong(&[spent, spent, spent, taken, taken, taken], &commands);
    let codes: Vec<i32> = runs.iter().map(|run| run.code).collect();
    assert_eq!(codes, [7, 7, 7, 0, 0, 9], "{runs:?}");
    assert_eq!(asked.len(), 5, "one request a command, and none that the guard refuses");
    assert!(runs[5].err.contains("quota"), "{}", runs[5].err);
}

#[test]
fn a_job_that_was_refused_uses_no_quota() {
    let words = "broadcast --provider rongcloud --from news --all --confirm rongcloud";
    let send = |text| [words.split(' ').collect(), vec!["--text", text]].concat();
    let commands: Vec<Vec<&str>> = ["one", "two", "three", "four", "five"].map(send).into();
    let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
    let spent = r#"429 {"code":1008,"errorMessage":"quota"}"#;
    let taken = r#"200 {"code":200,"messageUID":"5GSB-RPM1-KP8H-9JHF"}"#;
    let (runs, asked) = rong(&[spent, spent, taken, taken, taken], &commands);
    let codes: Vec<i32> = runs.iter().map(|run| run.code).collect();
    assert_eq!(codes, [7, 7, 0, 0, 9], "{runs:?}");
    assert_eq!(asked.len(), 4);
}

#[test]
fn pushes_to_everybody_are_counted_across_commands_and_others_are_not() {
    let cids: Vec<String> =
        (0..12).map(|n| format!("cid={KEY}-711261d4-5f17-4d2f-a855-5e5a8909b2{n:02}")).collect();
    let alerts: Vec<String> = (0..12).map(|n| format!("notification.alert=news {n}")).collect();
    let push = |n: usize, audience: &'static str| {
        let mut words = vec!["call", "jpush-v3/push", "--set", "platform=all", "--set", audience];
        words.extend(["--set", &*alerts[n], "--set", &*cids[n], "--confirm", "jpush-v3"]);
        words
    };
    let mut commands: Vec<_> = (0..11).map(|n| push(n, "audience=all")).collect();
    commands.push(push(11, "audience.alias:=[\"bob\"]"));
    commands.push(vec!["history", "prune", "--older-than", "0s"]);
    commands.push([push(11, "audience=all"), vec!["--dry-run", "--output", "json"]].concat());
    let taken = r#"200 {"sendno":"0","msg_id":"18100287008929653"}"#;
    let (runs, asked) = jpush(&[taken; 12], &commands);
    let codes: Vec<i32> = runs.iter().map(|run| run.code).collect();
    assert_eq!(codes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0], "{runs:?}");
    assert_eq!(asked.len(), 11);
    let plan = runs[13].json();
    let quota = &plan["quotas"][0];
    assert_eq!((&quota["count"], &quota["left"]), (&json!(10), &json!(0)), "{plan}");
    assert_eq!((&plan["requests_total"], &plan["seconds"]), (&json!(1), &json!(0)));
}

#[test]
fn an_id_that_cannot_be_had_at_once_is_asked_for_again() {
    let send = vec!["send", "--provider", "jpush-v3", "--to", "bob", "--text", "x"];
    let cids = format!(r#"200 {{"cidlist":["{KEY}-711261d4-5f17-4d2f-a855-5e5a8909b26e"]}}"#);
    let taken = r#"200 {"sendno":"0","msg_id":"18100287008929653"}"#;
    let busy = r#"503 {"error":{"code":1030,"message":"timeout"}}"#;
    let (runs, asked) = jpush(&[busy, &cids, taken], std::slice::from_ref(&send));
    assert_eq!((runs[0].code, asked.len()), (0, 3), "{runs:?}");

    // Where it is not to be had nothing is said of a message that was never on its way.
    let short = [send, vec!["--deadline", "1s"]].concat();
    let (runs, _) = jpush(&[busy; 9], &[short]);
    assert_eq!(runs[0].code, 7, "{runs:?}");
    assert!(!runs[0].err.contains("same cid"), "{}", runs[0].err);
}

#[test]
fn what_is_in_doubt_says_how_it_is_repeated_where_it_carried_an_id() {
    let doubt = "200 ";
    let cid = format!("{KEY}-711261d4-5f17-4d2f-a855-5e5a8909b26e");
    let cids = format!(r#"200 {{"cidlist":["{cid}"]}}"#);
    let words = "send --provider jpush-v3 --to bob --text x --deadline 1s";
    let (runs, _) = jpush(&[&cids, doubt, doubt, doubt, doubt], &[words.split(' ').collect()]);
    assert_eq!(runs[0].code, 8, "{runs:?}");
    assert!(runs[0].err.contains(&format!("`--set cid={cid}`")), "{}", runs[0].err);

    // No app has msgRandom on unless someone says so.
    let words = "send --provider rongcloud --from a --to b --text x --deadline 1s";
    let (runs, _) = rong(&[doubt], &[&words.split(' ').collect::<Vec<_>>()]);
    assert_eq!(runs[0].code, 8, "{runs:?}");
    assert!(!runs[0].err.contains("msgRandom"), "{}", runs[0].err);
    assert!(runs[0].err.contains("history resolve"), "{}", runs[0].err);
}

#[test]
fn of_a_batch_every_key_is_accounted_for_and_the_same_keys_go_out_again() {
    let (one, two) = (
        format!("{KEY}-711261d4-5f17-4d2f-a855-5e5a8909b201"),
        format!("{KEY}-711261d4-5f17-4d2f-a855-5e5a8909b202"),
    );
    let entry =
        |alias: &str| json!({"platform": "all", "target": alias, "notification": {"alert": "x"}});
    let list = json!({ &one: entry("bob"), &two: entry("carol") });
    let set = format!("pushlist:={list}");
    let call = ["call", "jpush-v3/batch-alias", "--set", &set, "--output", "json"];
    let both = format!(r#"200 {{"{one}":{{"msg_id":"11"}},"{two}":{{"msg_id":"12"}}}}"#);
    let (runs, asked) = jpush(&["200 ", &both], &[call.to_vec()]);
    let [run] = runs.try_into().expect("one");
    let told = run.ends_with(0).json();
    assert_eq!((&told["outcome"], &told["attempts"]), (&json!("accepted"), &json!(2)));
    let bodies: Vec<_> = asked.iter().filter_map(|one| one.split_once("\r\n\r\n")).collect();
    assert_eq!(bodies[0].1, bodies[1].1);

    let some = format!(r#"200 {{"{one}":{{"msg_id":"11"}}}}"#);
    let (runs, _) = jpush(&[&some], &[[&call[..], &["--deadline", "1s"]].concat()]);
    let [run] = runs.try_into().expect("one");
    let told = run.ends_with(8).json();
    let results: Vec<_> = told["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|one| (&one["target"], &one["outcome"]))
        .collect();
    assert_eq!(results, [(&json!(one), &json!("accepted")), (&json!(two), &json!("unknown"))]);
    assert!(
        told["advice"]
            .as_str()
            .is_some_and(|advice| advice.contains("the same keys in `pushlist`")),
        "{told}"
    );
}

#[test]
fn a_name_in_another_spelling_is_the_one_that_was_asked_for() {
    let token = r#"200 {"access_token":"YWMtX","expires_in":3600,"application":"x"}"#;
    let some = r#"200 {"data":{"bob":"1403000000000000001"}}"#;
    let (base, _) = serving(vec![token.to_owned(), some.to_owned()]);
    let variables = [
        ("HERALD_EASEMOB_ENDPOINT", base.as_str()),
        ("HERALD_EASEMOB_ORG", "1122161011178276"),
        ("HERALD_EASEMOB_APP", "testapp"),
        ("HERALD_EASEMOB_CLIENT_ID", "id"),
        ("HERALD_EASEMOB_CLIENT_SECRET", "secret"),
    ];
    let words = "send --provider easemob --from a --to Bob --to carol --text x --output json";
    let run = World::new().run_with(&words.split(' ').collect::<Vec<_>>(), &variables);
    let told = run.ends_with(8).json();
    let targets = told["targets"].as_array().expect("targets");
    let found: Vec<_> =
        targets.iter().map(|one| (&one["target"], &one["outcome"], &one["id"])).collect();
    let id = json!("1403000000000000001");
    assert_eq!(
        found,
        [
            (&json!("Bob"), &json!("accepted"), &id),
            (&json!("carol"), &json!("unknown"), &json!(null))
        ]
    );
}

#[test]
fn a_signature_that_is_too_old_is_made_anew_once() {
    let old = r#"200 {"code":243,"msg":"sign expired"}"#;
    let fine =
        r#"200 {"code":0,"msg":"success","result":{"messageUid":5323542562315,"timestamp":1}}"#;
    for (answers, code, requests) in [(&[old, fine][..], 0, 2), (&[old, old, old], 4, 2)] {
        let (base, asked) = serving(answers.iter().map(|one| (*one).to_owned()).collect());
        let variables =
            [("HERALD_WILDFIRE_ENDPOINT", base.as_str()), ("HERALD_WILDFIRE_SECRET", "secret")];
        let words = "send --provider wildfire --from a --to b --text x";
        let run = World::new().run_with(&words.split(' ').collect::<Vec<_>>(), &variables);
        run.ends_with(code);
        assert_eq!(asked.try_iter().count(), requests);
    }
}

/// What a server answers that repeats a request, secrets and all.
const ECHO: &str = r#"{"error":{"code":1004,"message":"no such user: Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3OjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nw=="}}"#;

#[test]
fn a_secret_that_a_server_repeats_is_neither_shown_nor_kept() {
    let send = ["send", "--provider", "jpush-v3", "--to", "bob", "--text", "x", "--output", "json"];
    let cid = format!("cid={KEY}-711261d4-5f17-4d2f-a855-5e5a8909b26e");
    let send = [&send[..], &["--set", &cid]].concat();
    let answer = format!("401 {ECHO}");
    let (base, _asked) = serving(vec![answer]);
    let world = World::new();
    let run = world.run_with(
        &send,
        &[
            ("HERALD_JPUSH_V3_ENDPOINT", base.as_str()),
            ("HERALD_JPUSH_V3_APP_KEY", KEY),
            ("HERALD_JPUSH_V3_MASTER_SECRET", KEY),
        ],
    );
    let told = run.ends_with(4).json();
    assert_eq!(told["vendor"]["message"], "no such user: Basic ***", "{told}");
    let kept = world.run(&["history", "--output", "json"]).ends_with(0).out;
    let files = files_below(&world.path("")).into_iter().flat_map(std::fs::read).flatten();
    let kept: Vec<u8> = kept.into_bytes().into_iter().chain(files).collect();
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains("no such user: Basic ***"), "it is kept");
    assert!(!kept.contains("MDEyMzQ1"), "a secret is kept");
}

#[test]
fn what_costs_something_each_time_is_repeated_once_after_an_answer_that_cannot_be_read() {
    let page = "200 <html>ok</html>";
    let token = r#"200 {"access_token":"t0k3n-of-the-app","expires_in":5000}"#;
    let easemob = |command: &[&str]| {
        let (base, asked) =
            serving([&[token][..], &[page; 8]].concat().iter().map(|a| (*a).to_owned()).collect());
        let variables = [
            ("HERALD_EASEMOB_ENDPOINT", base.as_str()),
            ("HERALD_EASEMOB_ORG", "org"),
            ("HERALD_EASEMOB_APP", "app"),
            ("HERALD_EASEMOB_CLIENT_ID", "id"),
            ("HERALD_EASEMOB_CLIENT_SECRET", "client-secret"),
        ];
        let run = World::new().run_with(command, &variables);
        // Without the call for the token.
        (run, asked.try_iter().count().saturating_sub(1))
    };
    let update = ["call", "easemob/update", "--set", "msg_id=123", "--set", "user=alice"];
    let text = ["--set", "new_msg:={\"type\":\"txt\",\"msg\":\"new\"}"];
    let lifetime = ["call", "easemob/attachment-lifetime", "--set", "username=alice"];
    let files = ["--set", "lifetime=forever", "--set", "chatfile_ids:=[\"a\"]"];
    for command in [[&update[..], &text].concat(), [&lifetime[..], &files].concat()] {
        let command = [&command[..], &["--confirm", "easemob"]].concat();
        let (run, asked) = easemob(&command);
        assert_eq!((run.code, asked), (8, 2), "{run:?}");
    }
    // A recall costs nothing, and is worth more attempts.
    let recall = ["call", "easemob/recall", "--set", "msg_id=123", "--set", "to=bob"];
    let more = ["--set", "chat_type=chat", "--set", "force:=true", "--confirm", "easemob"];
    let (run, asked) = easemob(&[&recall[..], &more].concat());
    assert_eq!(run.code, 8, "{run:?}");
    assert!(asked > 2, "{asked}");
}

#[test]
fn what_tells_people_again_is_not_repeated_by_herald() {
    for (operation, set, asked_for) in [
        ("recall-multicast", r#"receivers:=["u1"]"#, 1),
        // The same state, and no more than that.
        ("recall", "", 2),
    ] {
        let (base, asked) = serving(vec!["502 lost".to_owned(), r#"200 {"code":0}"#.to_owned()]);
        let variables = [
            ("HERALD_WILDFIRE_ENDPOINT", base.as_str()),
            ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own"),
        ];
        let operation = format!("wildfire/{operation}");
        let id = ["--set", "messageUid=589987993540919297", "--set", "operator=a"];
        let set: &[&str] = if set.is_empty() { &[] } else { &["--set", set] };
        let confirm = ["--confirm", "wildfire", "--deadline", "20s"];
        let call = [&["call", operation.as_str()][..], &id, set, &confirm].concat();
        let run = World::new().run_with(&call, &variables);
        let came = asked.try_iter().count();
        assert_eq!(came, asked_for, "{operation}: {run:?}");
        run.ends_with(if asked_for == 1 { 8 } else { 0 });
    }
}
