//! What has to come before a request: uploads, ids against repeats; and the files that payloads name.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::json;

use crate::support::{Run, World, files_below, read_whole};

const GIF: &[u8] = b"GIF89a\x07\x00\x05\x00\x00\x00\x00";

fn wildfire<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["send", "--provider", "wildfire", "--from", "a"], more].concat()
}

/// A server that takes a whole request and answers the next of these; without another it hangs up in the middle.
pub(crate) fn serving(answers: Vec<String>) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, asked) = std::sync::mpsc::channel();
    let here = base.clone();
    std::thread::spawn(move || {
        let mut answers = answers.into_iter();
        for mut stream in listener.incoming().flatten() {
            let Some(answer) = answers.next() else {
                let mut some = [0; 1024];
                let _ = stream.read(&mut some);
                let _ = tell.send(String::from_utf8_lossy(&some).into_owned());
                continue;
            };
            let mut read = Vec::new();
            read_whole(&mut stream, &mut read);
            let _ = tell.send(String::from_utf8_lossy(&read).into_owned());
            let answer = answer.replace("BASE", &here);
            let (status, body) = answer.split_once(' ').expect("a status and a body");
            let length = body.len();
            let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
            let _ = write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}");
        }
    });
    (base, asked)
}

pub(crate) fn is_whole(read: &[u8]) -> bool {
    let text = String::from_utf8_lossy(read);
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    read.len() >= head.len() + 4 + length
}

#[test]
fn a_local_picture_is_uploaded_first_and_the_message_refers_to_it() {
    let world = World::new();
    world.write("photo.gif", GIF);
    let send = wildfire(&["--sandbox", "--to", "group:g", "--to", "group:h", "-v"]);
    let run = world.run(&[&send[..], &["--image", "photo.gif"]].concat()).ends_with(0);
    assert_eq!(run.err.matches("PUT /wildfire/upload/").count(), 1, "once for both: {}", run.err);
    let list = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    let id = list["entries"][0]["id"].as_str().expect("an entry");
    let shown = world.run(&["history", "show", id, "--sandbox", "--output", "json"]).json();
    assert_eq!(
        shown["body"]["payload"]["remoteMediaUrl"],
        "http://sandbox.localhost:8787/wildfire/upload/1/photo.gif"
    );
}

#[test]
fn a_dry_run_uploads_and_fetches_nothing_and_prints_stand_ins() {
    let world = World::new();
    world.write("photo.gif", GIF);
    let send = wildfire(&["--to", "b", "--image", "photo.gif", "--dry-run"]);
    let endpoint = [("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1")];
    let plan =
        world.run_with(&[&send[..], &["--output", "json"]].concat(), &endpoint).ends_with(0).json();
    assert_eq!(plan["operation"], "send");
    let requests = plan["requests"].as_array().expect("requests");
    let lines: Vec<String> = requests
        .iter()
        .map(|request| format!("{} {}", request["method"], request["url"]).replace('"', ""))
        .collect();
    assert_eq!(
        lines,
        [
            "POST http://127.0.0.1:1/admin/oss/get_upload_url",
            "PUT https://upload.invalid/photo.gif",
            "POST http://127.0.0.1:1/admin/message/send",
        ]
    );
    assert_eq!(requests[1]["body"], "@photo.gif");
    let curl = world.run_with(&[&send[..], &["--curl"]].concat(), &endpoint).ends_with(0);
    assert!(curl.out.contains("--data-binary '@photo.gif'"), "{}", curl.out);

    let push = ["send", "--provider", "jpush-v3", "--to", "b", "--text", "x", "--dry-run"];
    let plan = world.run(&[&push[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(plan["requests"].as_array().map(Vec::len), Some(1));
    assert!(!plan["requests"][0]["body"].as_str().expect("a body").contains("cid"), "{plan}");
}

#[test]
fn an_upload_that_breaks_off_or_is_refused_sends_nothing_and_says_so() {
    let world = World::new();
    world.write("big.gif", [GIF, &vec![0; 3_000_000]].concat());
    let address = r#"200 {"code":0,"msg":"success","result":{"type":0,"uploadUrl":"BASE/up?sig=SECRET","downloadUrl":"BASE/down"}}"#;
    #[rustfmt::skip]
    let table: &[(&str, Vec<&str>, i32, &str)] = &[
        ("breaks off",     vec![address],                     7, "uploading `big.gif` broke off"),
        ("refused",        vec![address, "403 no"],           4, "uploading `big.gif` failed"),
        ("no such call",   vec!["500 "],                      5, "community edition"),
        ("no address",     vec![r#"200 {"code":0,"msg":"success","result":{}}"#], 7, "does not hold"),
        ("odd address",    vec![r#"200 {"code":0,"msg":"success","result":{"type":0,"uploadUrl":"ftp://x","downloadUrl":"y"}}"#], 7, "no http address"),
    ];
    for (name, answers, code, words) in table {
        let (base, asked) = serving(answers.iter().map(|&answer| answer.to_owned()).collect());
        let environment = [("HERALD_WILDFIRE_SECRET", "s"), ("HERALD_WILDFIRE_ENDPOINT", &base)];
        let send = wildfire(&["--to", "b", "--image", "big.gif", "--deadline", "5s"]);
        let run = world.run_with(&send, &environment);
        assert_eq!(run.code, *code, "{name}: {}", run.err);
        let run = run.says(words);
        assert!(run.err.contains("nothing was sent") || *code == 5, "{name}: {}", run.err);
        assert!(!run.err.contains("SECRET"), "{name}: {}", run.err);
        while let Ok(request) = asked.try_recv() {
            assert!(!request.contains("/admin/message/send"), "{name}: {request}");
        }
    }
    let list = world.run(&["history", "--output", "json"]).ends_with(0).json();
    assert_eq!(list["entries"], json!([]), "no intent was written");
}

#[test]
fn a_file_reaches_the_store_byte_by_byte_before_the_message_goes() {
    let world = World::new();
    world.write("note.txt", "hello store");
    let sent = r#"200 {"code":0,"msg":"success","result":{"messageUid":561233975322902529,"timestamp":1782}}"#;
    let plain = r#"200 {"code":0,"msg":"success","result":{"type":2,"uploadUrl":"BASE/up?sig=1","downloadUrl":"BASE/down/note.txt"}}"#;
    let qiniu = r#"200 {"code":0,"msg":"success","result":{"type":1,"uploadUrl":"BASE/q?tok?ke/y","downloadUrl":"BASE/down/note.txt"}}"#;
    for (address, first_line, part) in [
        (plain, "PUT /up?sig=1 HTTP/1.1", "\r\n\r\nhello store"),
        (qiniu, "POST /q HTTP/1.1", "name=\"token\"\r\n\r\ntok\r\n"),
    ] {
        let (base, asked) = serving(vec![address.into(), "200 ".into(), sent.into()]);
        let environment = [("HERALD_WILDFIRE_SECRET", "s"), ("HERALD_WILDFIRE_ENDPOINT", &base)];
        let run = world.run_with(&wildfire(&["--to", "b", "--file", "note.txt"]), &environment);
        run.ends_with(0).says(&format!("uploading to {base}\n"));
        let requests: Vec<String> = (0..3).map(|_| asked.recv().expect("a request")).collect();
        assert!(requests[1].starts_with(first_line), "{}", requests[1]);
        assert!(requests[1].contains(part), "{}", requests[1]);
        assert!(requests[1].contains("hello store"), "{}", requests[1]);
        assert!(requests[2].contains(&format!("{base}/down/note.txt")), "{}", requests[2]);
        assert!(requests[2].contains(r#""content":"11""#), "its size: {}", requests[2]);
    }
}

#[test]
fn a_robot_asks_for_its_own_place_and_blanks_in_addresses_are_encoded() {
    let world = World::new();
    world.write("a b.txt", "hello");
    let place =
        r#"200 {"code":0,"result":{"type":2,"uploadUrl":"BASE/up","downloadUrl":"BASE/a b.txt"}}"#;
    let sent = r#"200 {"code":0,"result":{"messageUid":561233975322902529,"timestamp":1782}}"#;
    let (base, asked) = serving(vec![place.into(), "200 ".into(), sent.into()]);
    let robot = [
        ("HERALD_WILDFIRE_SECRET", "s"),
        ("HERALD_WILDFIRE_ROBOT_ID", "r"),
        ("HERALD_WILDFIRE_ENDPOINT", &base),
    ];
    let line = ["send", "--provider", "wildfire", "--to", "b", "--file", "a b.txt"];
    world.run_with(&line, &robot).ends_with(0);
    let requests: Vec<String> = (0..3).map(|_| asked.recv().expect("a request")).collect();
    assert!(requests[0].starts_with("POST /robot/oss/get_upload_url "), "{}", requests[0]);
    assert!(requests[2].contains(&format!("{base}/a%20b.txt")), "{}", requests[2]);
}

#[test]
fn a_push_carries_an_id_against_repeats_that_is_in_the_ledger() {
    let world = World::new();
    let push = ["send", "--sandbox", "--provider", "jpush-v3", "--to", "b", "--text", "x"];
    let cid = |more: &[&str]| {
        let run = world.run(&[&push[..], &["--output", "json"], more].concat()).ends_with(0);
        let sent = run.json();
        let id = sent["ledger_id"].as_str().expect("an entry");
        let shown = world.run(&["history", "show", id, "--sandbox", "--output", "json"]).json();
        shown["body"]["cid"].as_str().expect("a cid").to_owned()
    };
    let (first, second) = (cid(&[]), cid(&[]));
    assert!(first.starts_with("sandbox00app00key0000001-"), "{first}");
    assert_ne!(first, second);
    let own = "sandbox00app00key0000001-711261d4-5f17-4d2f-a855-5e5a8909b26e";
    assert_eq!(cid(&["--set", &format!("cid={own}")]), own, "one that is given stays");
}

#[test]
fn without_an_id_against_repeats_no_push_goes_out() {
    let world = World::new();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let (refusing, asked) =
        serving(vec![r#"401 {"error":{"code":1004,"message":"basic auth failed"}}"#.into()]);
    world.write_private("profiles.toml", "");
    for (endpoint, code) in [(&closed, 7), (&refusing, 4)] {
        world.write_private(
            "profiles.toml",
            format!(
                "[profiles.p]\nprovider = \"jpush-v3\"\nendpoint = \"{endpoint}\"\n\
                 app_key = \"7d431e42dfa6a6d693ac2d04\"\nmaster_secret = {{ env = \"S\" }}\n"
            ),
        );
        let push = ["send", "--profiles", "profiles.toml", "--to", "b", "--text", "x"];
        world
            .run_with(&push, &[("S", "5e987ac6d2e04d95a9d8f0d1")])
            .ends_with(code)
            .says("fetching an id against repeats failed")
            .says("nothing was sent");
    }
    assert!(asked.recv().expect("a request").starts_with("GET /v3/push/cid"));
    assert!(asked.try_recv().is_err(), "nothing but the prerequisite");
    let list = world.run(&["history", "--output", "json"]).ends_with(0).json();
    assert_eq!(list["entries"], json!([]));
}

#[test]
fn files_are_uploaded_for_themselves_where_a_vendor_takes_them() {
    let world = World::new();
    world.write("photo.gif", GIF);
    world.write("list.txt", "alias1\n");
    let upload = ["upload", "--sandbox", "--output", "json", "--provider"];
    let run = |more: &[&str]| world.run(&[&upload[..], more].concat());
    let done = run(&["wildfire", "photo.gif", "list.txt"]).ends_with(0).json();
    assert_eq!(done["files"][0]["file"], "photo.gif");
    assert_eq!(
        done["files"][1]["ids"],
        json!({"downloadUrl": "http://sandbox.localhost:8787/wildfire/upload/2/list.txt"})
    );
    let done = run(&["jpush-v3", "list.txt", "--set", "type=alias"]).ends_with(0).json();
    assert!(done["files"][0]["ids"]["file_id"].is_string(), "{done}");
    run(&["jpush-v3", "list.txt"]).ends_with(2).says("needs `type`").says("add --set type=");
    run(&["jpush-v3", "photo.gif", "--set", "type=alias"]).ends_with(1).says("jpush-v3/V3-79");
    run(&["rongcloud", "photo.gif"]).ends_with(2).says("takes no uploads");
    run(&["wildfire", "missing.gif"]).ends_with(3).says("missing.gif");
    run(&["wildfire", "."]).ends_with(3).says("no regular file");
    run(&["wildfire", "photo.gif", "--dry-run=server"]).ends_with(2).says("--dry-run");
    world
        .run_with(
            &["upload", "--provider", "wildfire", "photo.gif"],
            &[
                ("HERALD_READ_ONLY", "1"),
                ("HERALD_WILDFIRE_SECRET", "s"),
                ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1"),
            ],
        )
        .ends_with(9);
}

#[test]
fn a_local_file_that_cannot_be_read_stops_a_send() {
    let world = World::new();
    world.write("photo.gif", GIF);
    let send = |flag: &'static str, file: &'static str| {
        world.run(&wildfire(&["--sandbox", "--to", "b", flag, file]))
    };
    send("--image", "missing.gif").ends_with(3).says("missing.gif");
    send("--image", "/").ends_with(3).says("no regular file");
    let rongcloud = ["send", "--sandbox", "--provider", "rongcloud", "--from", "a", "--to", "b"];
    world
        .run(&[&rongcloud[..], &["--image", "photo.gif"]].concat())
        .ends_with(2)
        .says("takes no uploads");
    let push = ["send", "--sandbox", "--provider", "jpush-v3", "--to", "b"];
    world.run(&[&push[..], &["--image", "photo.gif"]].concat()).ends_with(2);
}

#[test]
fn who_sets_the_address_needs_no_upload() {
    let world = World::new();
    world.write("photo.gif", GIF);
    let send = wildfire(&["--sandbox", "--to", "b", "--image", "photo.gif", "-v"]);
    let set = ["--set", "remoteMediaUrl=https://x.example/a.gif"];
    let run = world.run(&[&send[..], &set].concat()).ends_with(0);
    assert!(!run.err.contains("upload"), "{}", run.err);
}

const TOKEN: &str = r#"200 {"access_token":"YWMt-first","expires_in":86400,"application":"x"}"#;
const RENEWED: &str = r#"200 {"access_token":"YWMt-second","expires_in":86400,"application":"x"}"#;
const STALE: &str = r#"401 {"error":"unauthorized","error_description":"Unable to authenticate due to expired access token"}"#;
const SENT: &str = r#"200 {"data":{"bob":"1403000000000000001"}}"#;

/// Sends with client id and secret to a server with these answers: each command's end, and what was asked.
fn bearing(world: &World, answers: &[&str], commands: &[i32]) -> (Vec<Run>, Vec<String>) {
    let (base, asked) = serving(answers.iter().map(|&answer| answer.to_owned()).collect());
    world.write_private(
        "profiles.toml",
        format!(
            "[profiles.p]\nprovider = \"easemob\"\nendpoint = \"{base}\"\norg = \"o\"\napp = \"a\"\n\
             client_id = \"cid\"\nclient_secret = {{ env = \"S\" }}\n"
        ),
    );
    let send = ["send", "--profiles", "profiles.toml", "--from", "a", "--to", "bob", "--text", "x"];
    let send = [&send[..], &["-v", "--output", "json"]].concat();
    let run = |code: &i32| world.run_with(&send, &[("S", "sec-001")]).ends_with(*code);
    let runs: Vec<Run> = commands.iter().map(run).collect();
    let asked: Vec<String> = asked.try_iter().collect();
    for secret in ["YWMt-", "sec-001"] {
        assert!(runs.iter().all(|run| !run.out.contains(secret) && !run.err.contains(secret)));
    }
    (runs, asked)
}

/// First line and token of a request.
fn brief(request: &str) -> String {
    let line = request.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1");
    let token = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
    format!("{line} {}", token.unwrap_or("-"))
}

#[test]
fn a_token_is_fetched_by_the_first_command_and_kept_for_the_next() {
    let world = World::new();
    let (_, asked) = bearing(&world, &[TOKEN, SENT, SENT], &[0, 0]);
    let asked: Vec<String> = asked.iter().map(|request| brief(request)).collect();
    let send = "POST /o/a/messages/users YWMt-first";
    assert_eq!(asked, ["POST /o/a/token -", send, send]);
    let kept = files_below(&world.path(".cache"));
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(std::fs::read_to_string(&kept[0]).expect("text").contains("YWMt-first"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| {
            std::fs::metadata(path).expect("there").permissions().mode() & 0o777
        };
        assert_eq!(mode(&kept[0]), 0o600);
        assert_eq!(mode(kept[0].parent().expect("a folder")), 0o700);
    }
    for file in files_below(&world.path(".local")) {
        let bytes = std::fs::read(file).expect("readable");
        assert!(!bytes.windows(5).any(|window| window == b"YWMt-"), "no token in the ledger");
    }
}

#[test]
fn a_token_that_expired_is_renewed_once_and_the_request_repeated_once() {
    let world = World::new();
    let (runs, asked) = bearing(&world, &[TOKEN, STALE, RENEWED, SENT], &[0]);
    assert_eq!(runs[0].json()["attempts"], 2);
    let asked: Vec<String> = asked.iter().map(|request| brief(request)).collect();
    assert_eq!(
        asked,
        [
            "POST /o/a/token -",
            "POST /o/a/messages/users YWMt-first",
            "POST /o/a/token -",
            "POST /o/a/messages/users YWMt-second",
        ]
    );
    let kept = files_below(&world.path(".cache"));
    assert!(std::fs::read_to_string(&kept[0]).expect("text").contains("YWMt-second"));

    let world = World::new();
    let (runs, asked) = bearing(&world, &[TOKEN, STALE, RENEWED, STALE], &[4]);
    assert_eq!(runs[0].json()["outcome"], "rejected");
    assert_eq!(asked.len(), 4, "{asked:?}");
}

#[test]
fn without_a_token_nothing_goes_out() {
    let refused =
        r#"400 {"error":"invalid_grant","error_description":"client_secret does not match"}"#;
    for (answers, code) in [(&[refused][..], 4), (&["500 "], 7), (&[], 7), (&["200 <html>"], 7)] {
        let world = World::new();
        let (runs, asked) = bearing(&world, answers, &[code]);
        let message = runs[0].json()["error"]["message"].as_str().expect("words").to_owned();
        assert!(message.contains("fetching a token"), "{message}");
        assert!(message.contains("nothing was sent"), "{message}");
        assert!(asked.iter().all(|request| !request.contains("/messages")), "{asked:?}");
        let list = world.run(&["history", "--output", "json"]).ends_with(0).json();
        assert_eq!(list["entries"], json!([]));
    }
}

#[test]
fn the_sandbox_hands_out_tokens_too_and_none_is_kept() {
    let world = World::new();
    world.write("photo.gif", GIF);
    let send = ["send", "--sandbox", "--provider", "easemob", "--from", "a", "--to", "bob", "-v"];
    let run = world.run(&[&send[..], &["--image", "photo.gif"]].concat()).ends_with(0);
    assert_eq!(run.err.matches("/token").count(), 1, "{}", run.err);
    assert!(files_below(&world.path(".cache")).is_empty());
    let plan = world
        .run(&[&send[..], &["--image", "photo.gif", "--dry-run", "--output", "json"]].concat())
        .ends_with(0)
        .json();
    let requests = plan["requests"].as_array().expect("requests");
    assert_eq!(requests.len(), 2, "no token is asked for: {plan}");
    assert!(requests.iter().all(|request| request["headers"]["Authorization"] == "Bearer ***"));
    assert!(
        requests[1]["body"].as_str().expect("a body").contains("/chatfiles/00000000-"),
        "{plan}"
    );
}

#[test]
fn a_picture_is_measured_before_anybody_has_seen_it() {
    let world = World::new();
    world.write("photo.gif", GIF);
    world.write("note.txt", "no picture");
    let send = ["send", "--sandbox", "--provider", "jmessage", "--from", "admin", "--to", "bobby"];
    let plan = world
        .run(&[&send[..], &["--image", "photo.gif", "--dry-run", "--output", "json"]].concat())
        .ends_with(0)
        .json();
    let body = plan["requests"][1]["body"].as_str().expect("a body");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let content = &body["msg_body"];
    assert_eq!((&content["width"], &content["height"]), (&json!(7), &json!(5)));
    assert_eq!((&content["fsize"], &content["format"]), (&json!(13), &json!("gif")));
    assert_eq!(content["media_crc32"], 3020761634_u32);
    world.run(&[&send[..], &["--image", "photo.gif"]].concat()).ends_with(0);
    world.run(&[&send[..], &["--image", "note.txt"]].concat()).ends_with(1).says("jmessage/JM-11");
    world.write("big.bin", vec![0; 8_388_609]);
    world.run(&[&send[..], &["--file", "big.bin"]].concat()).ends_with(1).says("jmessage/JM-33");
}

const UPLOAD: [&str; 5] = ["call", "jpush-v3/file-upload", "--sandbox", "--output", "json"];

#[test]
fn a_payload_names_files_beside_it_and_below() {
    let world = World::new();
    world.write("pay/sub/list.txt", "alias1\n");
    world.write("other/list.txt", "alias2\n");
    let body = |name: &str, path: &str| {
        let part = json!({"type": "alias", "filename": {"path": path}});
        let path = world.write(name, part.to_string());
        path.to_str().expect("UTF-8").to_owned()
    };
    let call =
        |body: &str, more: &[&str]| world.run(&[&UPLOAD[..], &["--body", body], more].concat());
    call(&body("pay/a.json", "sub/list.txt"), &[]).ends_with(0);
    call(&body("pay/b.json", "sub/../sub/list.txt"), &[]).ends_with(0);
    let outside = body("pay/c.json", "../other/list.txt");
    call(&outside, &[]).ends_with(3).says("outside").says("--allow-path");
    call(&outside, &["--allow-path", "other"]).ends_with(0);
    call(&outside, &["--allow-path", "pay", "--allow-path", "other"]).ends_with(0);
    let absolute = world.path("other/list.txt");
    let absolute = body("pay/d.json", absolute.to_str().expect("UTF-8"));
    call(&absolute, &[]).ends_with(3).says("outside");
    call(&body("pay/e.json", "missing.txt"), &[]).ends_with(3).says("missing.txt");
    call(&body("pay/f.json", "sub"), &[]).ends_with(3).says("no regular file");
    call(&outside, &["--allow-path", "nowhere"]).ends_with(3).says("nowhere");
    let text = json!({"type": "alias", "filename": {"name": "a.txt", "content": "x\n"}});
    let text = world.write("pay/g.json", text.to_string());
    call(text.to_str().expect("UTF-8"), &[]).ends_with(0);
    let sized = json!({"type": "alias", "filename": {"name": "a.txt", "size": 5}});
    let sized = world.write("pay/h.json", sized.to_string());
    call(sized.to_str().expect("UTF-8"), &[]).ends_with(3).says("validate");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_folder_is_refused() {
    let world = World::new();
    world.write("secret.txt", "not for sending");
    world.write("pay/inside.txt", "alias1\n");
    std::os::unix::fs::symlink("../secret.txt", world.path("pay/out.txt")).expect("a link");
    std::os::unix::fs::symlink("inside.txt", world.path("pay/in.txt")).expect("a link");
    std::os::unix::fs::symlink("..", world.path("pay/up")).expect("a link");
    for (path, code) in [("out.txt", 3), ("up/secret.txt", 3), ("in.txt", 0)] {
        let part = json!({"type": "alias", "filename": {"path": path}});
        world.write("pay/a.json", part.to_string());
        world.run(&[&UPLOAD[..], &["--body", "pay/a.json"]].concat()).ends_with(code);
    }
}

#[test]
fn a_named_file_is_held_to_the_rules_of_its_field() {
    let world = World::new();
    world.write("big.txt", "x".repeat(10_485_761));
    world.write("list.csv", "alias1\n");
    for (path, words) in [("big.txt", "more than 10485760 bytes"), ("list.csv", "must end in .txt")]
    {
        let part = json!({"type": "alias", "filename": {"path": path}});
        world.write("a.json", part.to_string());
        let run = world.run(&[&UPLOAD[..], &["--body", "a.json"]].concat()).ends_with(1);
        let found = &run.json()["findings"][0];
        assert_eq!(found["code"], "jpush-v3/V3-79");
        assert_eq!(found["pointer"], "/filename");
        assert!(found["message"].as_str().expect("words").contains(words), "{found}");
    }
}
