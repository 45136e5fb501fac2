//! Operations that take away or change what people have, and names that are nearly those of an audience.

use crate::guards::Live;
use crate::support::Run;

/// Calls whose payload does not say who is affected, or does so by an id that the ledger does not know.
const UNNAMED: [(&str, &[&str]); 14] = [
    ("rongcloud", &["call", "rongcloud/history-log-delete", "--set=date=2021010112"]),
    (
        "rongcloud",
        &["call", "rongcloud/recall-broadcast", "--set=fromUserId=a", "--set=messageUID=BH5K-1"],
    ),
    ("easemob", &["call", "easemob/label-delete", "--set=name=vip"]),
    (
        "easemob",
        &[
            "call",
            "easemob/attachment-lifetime",
            "--set=username=u1",
            "--set=lifetime=default",
            "--set=chatfile_ids:=[\"1-2\"]",
        ],
    ),
    (
        "easemob",
        &[
            "call",
            "easemob/update",
            "--set=msg_id=1028442084794698104",
            "--set=user=a",
            "--set=new_msg:={\"type\":\"txt\",\"msg\":\"b\"}",
        ],
    ),
    (
        "easemob",
        &[
            "call",
            "easemob/recall-legacy",
            "--set=msgs:=[{\"msg_id\":\"1028\",\"chat_type\":\"chat\",\"force\":true}]",
        ],
    ),
    ("wildfire", &["call", "wildfire/recall-broadcast", "--set=operator=a", "--set=messageUid=5"]),
    (
        "wildfire",
        &[
            "call",
            "wildfire/clear-by-user",
            "--set=userId=a",
            "--set=conversation:={\"type\":1,\"target\":\"g\"}",
        ],
    ),
    ("wildfire", &["call", "wildfire/delete", "--set=messageUid=589837481550053377"]),
    (
        "wildfire",
        &[
            "call",
            "wildfire/recall-multicast",
            "--set=operator=a",
            "--set=messageUid=5",
            "--set=receivers:=[\"test-1\"]",
        ],
    ),
    ("wildfire", &["recall", "--provider=wildfire", "--from=a", "589837481550053377"]),
    ("jpush-v3", &["call", "jpush-v3/recall", "--set=msg_id=18100287000000001"]),
    ("jpush-v3", &["call", "jpush-v3/file-delete", "--set=file_id=f1"]),
    ("jmessage", &["call", "jmessage/retract", "--set=username=admin", "--set=msgid=12345678"]),
];

const TEST_MODE: &str = "mode = \"test\"\nallow_to = [\"user:test-*\", \"alias:test_*\", \"alias:guest_*\", \"group:101\"]";

fn with<'a>(call: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [call, more].concat()
}

#[test]
fn what_destroys_and_cannot_say_whom_it_concerns_counts_as_everybody() {
    for (provider, call) in UNNAMED {
        let live = Live::of(provider);
        let refused = live.run(call).ends_with(9).says("`confirm`").says("everybody");
        // What it is about to do is told in words.
        assert!(refused.err.contains(" ("), "{}", refused.err);
        live.run(&with(call, &["--yes"])).ends_with(9).says("--yes is not enough");
        live.run(&with(call, &["--confirm", "q"])).ends_with(9);
        assert_eq!(live.entries(), 0, "{call:?}: nothing was begun");
        let gone = live.run(&with(call, &["--confirm", "p"]));
        assert!(![1, 2, 3, 9].contains(&gone.code), "{call:?}: {} {}", gone.code, gone.err);
        let inside = live.run(&with(call, &["--sandbox"]));
        assert_ne!(inside.code, 9, "nothing is asked in the sandbox: {}", inside.err);

        live.profile(TEST_MODE);
        for more in [&[][..], &["--yes", "--confirm", "p"]] {
            live.run(&with(call, more)).ends_with(9).says("`guest-list`");
        }
    }
}

#[test]
fn what_names_whom_it_changes_is_judged_by_that() {
    for (provider, call, guest, stranger) in [
        (
            "rongcloud",
            &["call", "rongcloud/tag-set", "--set=tags:=[\"a\"]"][..],
            "userId=test-1",
            "userId=boss",
        ),
        (
            "rongcloud",
            &["call", "rongcloud/tag-batch-set", "--set=tags:=[]"],
            "userIds:=[\"test-1\"]",
            "userIds:=[\"test-1\",\"boss\"]",
        ),
        (
            "easemob",
            &["call", "easemob/label-users-add", "--set=name=l"],
            "usernames:=[\"test-1\"]",
            "usernames:=[\"boss\"]",
        ),
        (
            "easemob",
            &["call", "easemob/label-users-remove", "--set=name=l"],
            "usernames:=[\"test-1\"]",
            "usernames:=[\"boss\"]",
        ),
        (
            "easemob",
            &["call", "easemob/delete-roaming", "--set=msgIdList:=[\"1\"]", "--set=peer=x"],
            "username=test-1",
            "username=boss",
        ),
        (
            "wildfire",
            &[
                "call",
                "wildfire/delete-conversation",
                "--set=conversation:={\"type\":1,\"target\":\"g\"}",
            ],
            "userId=test-1",
            "userId=boss",
        ),
    ] {
        let live = Live::of(provider);
        let go = |values: &str, run: &dyn Fn(&[&str]) -> Run| run(&with(call, &["--set", values]));
        for values in [guest, stranger] {
            let gone = go(values, &|call| live.run(call));
            assert_ne!(gone.code, 9, "one user is no broadcast: {}", gone.err);
        }
        live.profile(TEST_MODE);
        let gone = go(guest, &|call| live.run(call));
        assert_ne!(gone.code, 9, "{}", gone.err);
        go(stranger, &|call| live.run(call))
            .ends_with(9)
            .says("user:boss is not on the allow list");
    }
    // What only the app has needs no audience, in no profile.
    let live = Live::of("rongcloud");
    live.profile(TEST_MODE);
    live.run(&["call", "rongcloud/token", "--set=userId=boss", "--set=name=Boss"]).ends_with(0);
}

/// Sends something, and gives the vendor's id of it.
fn sent(live: &Live, to: &[&str], id: &str) -> String {
    let send = with(&["send", "--from", "admin", "--text", "hello", "--output", "json"], to);
    let sent = live.run(&send).ends_with(0).json();
    sent["ids"][id].as_str().expect("an id").to_owned()
}

#[test]
fn a_recall_of_what_the_ledger_knows_reaches_who_got_it() {
    for (provider, guest, stranger, id, recall) in [
        (
            "wildfire",
            "user:test-1",
            "user:boss",
            "messageUid",
            &["call", "wildfire/recall", "--set=operator=a"][..],
        ),
        ("wildfire", "user:test-1", "user:boss", "messageUid", &["call", "wildfire/delete"]),
        ("jpush-v3", "alias:test_1", "alias:boss", "msg_id", &["call", "jpush-v3/recall"]),
        (
            "jmessage",
            "user:test-1",
            "user:boss",
            "msg_id",
            &["call", "jmessage/retract", "--set=username=admin"],
        ),
    ] {
        let live = Live::of(provider);
        let field = match provider {
            "jmessage" => "msgid",
            _ => id,
        };
        let to_guest = sent(&live, &["--to", guest], id);
        let to_stranger = sent(&live, &["--to", stranger], id);
        let told = |id: &str| {
            let set = format!("{field}:={id}");
            live.run(&with(recall, &["--set", &set]))
        };
        // One message, one target: no question.
        assert_ne!(told(&to_guest).code, 9, "{provider}");
        live.profile(TEST_MODE);
        assert_ne!(told(&to_guest).code, 9, "{provider}");
        told(&to_stranger).ends_with(9).says(&format!("{stranger} is not on the allow list"));
        told("18100287000000999").ends_with(9).says("is not in the ledger");
        // The same by herald's own command, whatever flags put in the place of the id.
        let from = ["--from", "admin"];
        live.run(&with(&["recall", &to_stranger], &from)).ends_with(9).says("`guest-list`");
        if provider == "jpush-v3" {
            let other = format!("msg_id={to_stranger}");
            live.run(&["recall", &to_guest, "--set", &other]).ends_with(2).says("changes `msg_id`");
        }
    }
}

#[test]
fn a_recall_that_names_another_receiver_reaches_who_got_it_too() {
    for (provider, kind, guest, call) in [
        (
            "rongcloud",
            "user",
            "test-1",
            [
                "call",
                "rongcloud/recall",
                "--set=conversationType:=1",
                "--set=fromUserId=admin",
                "--set=targetId=test-1",
                "--set=messageUID",
            ],
        ),
        (
            "easemob",
            "user",
            "test-1",
            [
                "call",
                "easemob/recall",
                "--set=chat_type=chat",
                "--set=force:=false",
                "--set=to=test-1",
                "--set=msg_id",
            ],
        ),
    ] {
        let live = Live::of(provider);
        let id = |to: &str| {
            let to = format!("{kind}:{to}");
            let send = ["send", "--from", "admin", "--to", &to, "--text", "x", "--output", "json"];
            let sent = live.run(&send).ends_with(0).json();
            let entry = sent["ledger_id"].as_str().expect("an entry").to_owned();
            let shown =
                live.run(&["history", "show", &entry, "--output", "json"]).ends_with(0).json();
            let id = shown["targets"][0]["id"].as_str().expect("an id").to_owned();
            format!("{}={id}", call[5])
        };
        let (own, foreign) = (id(guest), id("boss"));
        let with_id = |id: &str| live.run(&with(&call[..5], &[id]));
        live.profile(TEST_MODE);
        assert_ne!(with_id(&own).code, 9, "{provider}");
        with_id(&foreign).ends_with(9).says("user:boss is not on the allow list");
    }
}

#[test]
fn herald_takes_back_what_it_has_sent_without_a_question() {
    for (provider, kind) in [
        ("wildfire", "user"),
        ("jpush-v3", "alias"),
        ("jmessage", "user"),
        ("easemob", "user"),
        ("rongcloud", "user"),
    ] {
        let live = Live::of(provider);
        let to = format!("{kind}:target_1");
        let send = ["send", "--from", "admin", "--to", &to, "--text", "hello"];
        live.run(&send).ends_with(0);
        live.run(&["recall", "--last"]).ends_with(0);
        let list = live.run(&["history", "--output", "json"]).ends_with(0).json();
        assert_eq!(list["entries"][0]["to"], to, "{provider}: the recall knows its audience");

        let sent = live.run(&with(&send, &["--output", "json"])).ends_with(0).json();
        let id = sent["ledger_id"].as_str().expect("an entry").to_owned();
        live.run(&["recall", &id]).ends_with(0);

        live.world.write("list.txt", format!("{kind}:target_2\n{kind}:target_3\n"));
        let job = ["broadcast", "--from", "admin", "--targets", "list.txt", "--text", "all of you"];
        live.run(&with(&job, &["--job", "j"])).ends_with(0);
        live.run(&["recall", "--job", "j"]).ends_with(0);
    }
    // The audience of a job's request is known, too.
    let live = Live::of("jpush-v3");
    live.world.write("list.txt", "alias:test_1\nalias:boss\n");
    live.run(&["broadcast", "--targets", "list.txt", "--text", "hello", "--job", "j"]).ends_with(0);
    let plan = live.run(&["recall", "--job", "j", "--dry-run", "--output", "json"]).ends_with(0);
    let url = plan.json()["requests"][0]["url"].as_str().expect("an address").to_owned();
    let id = format!("msg_id={}", url.rsplit('/').next().expect("an id"));
    live.profile(TEST_MODE);
    let refused = live.run(&["call", "jpush-v3/recall", "--set", &id]).ends_with(9);
    refused.says("alias:boss is not on the allow list");
    // What went to everybody is recalled from everybody.
    let live = Live::of("jpush-v3");
    live.run(&["broadcast", "--all", "--text", "hello", "--confirm", "p"]).ends_with(0);
    live.run(&["recall", "--last"]).ends_with(9).says("counts as reaching everybody");
    live.run(&["recall", "--last", "--confirm", "p"]).ends_with(0);
}

#[test]
fn only_what_was_sent_by_the_same_app_and_to_the_real_vendor_counts() {
    let live = Live::of("jpush-v3");
    let send = ["send", "--to", "alias:test_1", "--text", "x", "--output", "json"];
    let inside =
        live.run(&with(&send, &["--sandbox"])).ends_with(0).json()["ids"]["msg_id"].clone();
    let inside = format!("msg_id={}", inside.as_str().expect("an id"));
    let recall = ["call", "jpush-v3/recall", "--set", &inside];
    live.run(&recall).ends_with(9).says("is not in the ledger");
    live.profile(TEST_MODE);
    let gone = live.run(&with(&recall, &["--sandbox"]));
    assert_ne!(gone.code, 9, "{}", gone.err);

    let id = sent(&live, &["--to", "alias:test_1"], "msg_id");
    let id = format!("msg_id={id}");
    let recall = ["call", "jpush-v3/recall", "--set", &id];
    live.run_with(&recall, &[("HERALD_JPUSH_V3_APP_KEY", "0123456789abcdef01234567")])
        .ends_with(9)
        .says("is not in the ledger");
    assert_ne!(live.run(&recall).code, 9);
}

#[test]
fn a_name_that_is_nearly_one_of_the_audience_passes_no_guard() {
    let content = r#""notification":{"alert":"hello"},"platform":"all""#;
    // Another message has another id against repeats.
    let entry = |id: u8, more: &str| {
        format!(
            r#"{{"pushlist":{{"0123456789abcdef01234567-{id}":{{"target":"guest_1",{content}{more}}}}}}}"#
        )
    };
    let rong = r#""fromUserId":"a","objectName":"RC:TxtMsg","content":"{\"content\":\"x\"}""#;
    let payload = r#""payload":{"type":1,"searchableContent":"x"}"#;
    let jmessage = r#""version":1,"from_type":"admin","from_id":"admin","msg_type":"text","msg_body":{"text":"x"}"#;
    for (operation, right, near) in [
        (
            "jpush-v3/push",
            format!(r#"{{"audience":{{"alias":["guest_1"]}},{content}}}"#),
            format!(r#"{{"audience":{{"alias":["guest_1"]}},"Audience":"all",{content}}}"#),
        ),
        (
            "jpush-v3/push",
            format!(r#"{{"audience":{{"alias":["guest_1"]}},{content}}}"#),
            format!(
                "{{\"audience\":{{\"alias\":[\"guest_1\"]}},\"audience\u{200b}\":\"all\",{content}}}"
            ),
        ),
        ("jpush-v3/batch-alias", entry(1, ""), entry(2, r#","audience":"all""#)),
        ("jpush-v3/batch-alias", entry(3, ""), entry(4, r#","Target":"boss""#)),
        (
            "rongcloud/send-private",
            format!(r#"{{"toUserId":"test-1",{rong}}}"#),
            format!(r#"{{"toUserId":"test-1","toUserID":"boss",{rong}}}"#),
        ),
        (
            "rongcloud/send-private",
            format!(r#"{{"toUserId":"test-1",{rong}}}"#),
            format!(r#"{{"toUserId":"test-1","toUserId ":"boss",{rong}}}"#),
        ),
        (
            "wildfire/send",
            format!(r#"{{"sender":"a","conv":{{"type":0,"target":"test-1"}},{payload}}}"#),
            format!(
                r#"{{"sender":"a","conv":{{"type":0,"target":"test-1","Target":"boss"}},{payload}}}"#
            ),
        ),
        (
            "wildfire/send",
            format!(r#"{{"sender":"a","conv":{{"type":1,"target":"101"}},{payload}}}"#),
            format!(
                r#"{{"sender":"a","conv":{{"type":1,"target":"101"}},"toUser":["boss"],{payload}}}"#
            ),
        ),
        (
            "jmessage/send",
            format!(r#"{{"target_type":"single","target_id":"test-1",{jmessage}}}"#),
            format!(
                r#"{{"target_type":"single","target_id":"test-1","Target_Id":"boss",{jmessage}}}"#
            ),
        ),
        (
            "easemob/send-users",
            r#"{"from":"a","to":["test-1"],"type":"txt","body":{"msg":"x"}}"#.to_owned(),
            r#"{"from":"a","to":["test-1"],"ＴＯ":["boss"],"type":"txt","body":{"msg":"x"}}"#
                .to_owned(),
        ),
    ] {
        let (provider, _) = operation.split_once('/').expect("two parts");
        let provider = ["jpush-v3", "rongcloud", "wildfire", "jmessage", "easemob"]
            .into_iter()
            .find(|one| *one == provider)
            .expect("a provider");
        let live = Live::of(provider);
        live.profile(TEST_MODE);
        live.world.write("right.json", &right);
        live.world.write("near.json", &near);
        let call =
            |file: &str, more: &[&str]| live.run(&with(&["call", operation, "--body", file], more));
        let gone = call("right.json", &[]);
        assert!(![1, 2, 3, 9].contains(&gone.code), "{operation}: {} {}", gone.code, gone.err);
        let entries = live.entries();
        call("near.json", &["--confirm", "p"])
            .ends_with(9)
            .says("`guest-list`")
            .says("may be read as a name of its audience");
        live.profile("");
        call("near.json", &[]).ends_with(9).says("`confirm`");
        assert_eq!(live.entries(), entries, "{operation}: nothing was begun");
    }
}

#[test]
fn a_name_that_is_written_in_two_ways_is_refused() {
    let live = Live::of("jpush-v3");
    live.profile(TEST_MODE);
    let body = r#"{"audience":{"alias":["guest_1"]},"\u0061udience":"all","platform":"all","notification":{"alert":"x"}}"#;
    live.world.write("twice.json", body);
    live.run(&["call", "jpush-v3/push", "--body", "twice.json"]).ends_with(1);
    live.run(&["call", "jpush-v3/push", "--body", "twice.json", "--allow", "json/duplicate-key"]);
    assert_eq!(live.entries(), 0);
}
