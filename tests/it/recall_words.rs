//! What herald says about recall: before and after a message is sent, in lists and by `recall` itself, it is the same and true.

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::support::{Run, World, read_whole};

/// What is sent, whether it can be recalled, and whether only for a time.
struct Case {
    provider: &'static str,
    message: &'static [&'static str],
    can: bool,
    ends: bool,
}

#[rustfmt::skip]
const CASES: [Case; 10] = [
    Case { provider: "wildfire",  message: &["--text", "x"],                       can: true,  ends: false },
    Case { provider: "wildfire",  message: &["--command", "refresh"],              can: true,  ends: true },
    Case { provider: "rongcloud", message: &["--text", "x"],                       can: true,  ends: false },
    Case { provider: "rongcloud", message: &["--command", "refresh", "--set", "data={}"], can: true, ends: false },
    Case { provider: "easemob",   message: &["--text", "x"],                       can: true,  ends: true },
    Case { provider: "easemob",   message: &["--command", "refresh"],              can: false, ends: false },
    Case { provider: "jpush-v2",  message: &["--text", "x"],                       can: false, ends: false },
    Case { provider: "jpush-v3",  message: &["--text", "x"],                       can: true,  ends: true },
    Case { provider: "jmessage",  message: &["--text", "x"],                       can: true,  ends: true },
    Case { provider: "jmessage",  message: &["--extra", "a=b", "--text", "x"],     can: true,  ends: true },
];

fn run(world: &World, arguments: &[&str]) -> Run {
    world.run_with(arguments, &[("TZ", "Asia/Shanghai")])
}

fn json(world: &World, arguments: &[&str]) -> Value {
    run(world, &[arguments, &["--output", "json"]].concat()).ends_with(0).json()
}

/// A suggested line, run as it stands.
fn paste(world: &World, line: &str) -> Run {
    let words: Vec<&str> = line.trim_start_matches("herald ").split_whitespace().collect();
    run(world, &words)
}

#[track_caller]
fn check(case: &Case, said: &Value, what: &str) {
    let Case { provider, message, can, ends } = case;
    let recall = &said["recall"];
    assert_eq!(recall.is_object(), *can, "{provider} {message:?}, {what}: {said}");
    assert_eq!(recall["until"].is_string(), *ends, "{provider} {message:?}, {what}: {recall}");
}

#[test]
fn recall_of_a_message_is_told_alike_before_and_after_it_is_sent() {
    for case in &CASES {
        let world = World::new();
        let place = ["--sandbox", "--provider", case.provider];
        let send = ["send", "--to", "user1", "--from", "admin1"];
        let send = [&send[..], case.message, &place].concat();
        let planned = json(&world, &[&send[..], &["--dry-run"]].concat());
        check(case, &planned, "dry run");
        let sent = json(&world, &send);
        check(case, &sent, "send");
        let id = sent["ledger_id"].as_str().expect("an id");
        let show = ["history", "show", id, "--sandbox"];
        check(case, &json(&world, &show), "history show");
        // People read the same, in their time.
        let words = [
            run(&world, &[&send[..], &["--dry-run"]].concat()).ends_with(0).err,
            run(&world, &show).ends_with(0).out,
        ];
        for words in words {
            let line = words.lines().find(|line| line.starts_with("recall")).expect("a line");
            assert_eq!(line.contains("`herald recall "), case.can, "{line}");
            assert_eq!(line.contains("+08:00"), case.ends, "{line}");
        }
        // And it is so.
        match planned["recall"]["command"].as_str() {
            Some(line) => paste(&world, line).ends_with(0).says(""),
            None => run(&world, &["recall", "--sandbox", "--last"]).ends_with(2).says("recalled"),
        };
        let shown = json(&world, &show);
        assert!(shown["recall"].is_null(), "{}: it is recalled: {shown}", case.provider);
    }
}

#[test]
fn recall_of_a_job_is_told_alike_by_its_dry_run_its_plan_and_its_end() {
    for case in &CASES {
        let world = World::new();
        let place = ["--sandbox", "--provider", case.provider];
        let list = ["broadcast", "--from", "admin1", "--to", "user1", "--to", "user2"];
        let list = [&list[..], case.message, &place].concat();
        for job in [&[][..], &["--job", "spring"]] {
            let list = [&list[..], job].concat();
            let dry = json(&world, &[&list[..], &["--dry-run"]].concat());
            check(case, &dry, "dry run");
            let plan = json(&world, &[&list[..], &["--plan", "a.plan"]].concat());
            check(case, &plan, "plan");
            let apply = ["apply", "a.plan", "--sandbox"];
            check(case, &json(&world, &[&apply[..], &["--dry-run"]].concat()), "apply --dry-run");
            let applied = json(&world, &apply);
            check(case, &applied, "apply");
            let id = applied["job"]["id"].as_str().expect("an id");
            check(case, &json(&world, &["history", "show", id, "--sandbox"]), "history show");
            std::fs::remove_file(world.path("a.plan")).expect("the plan");
            for said in [&dry, &plan] {
                if let Some(line) = said["recall"]["command"].as_str() {
                    paste(&world, line).ends_with(0);
                }
            }
        }
    }
}

#[test]
fn what_a_profile_says_of_its_server_decides_how_history_says_that_it_is_recalled() {
    let world = World::new();
    let profile = |edition: &str| {
        format!(
            "[profiles.im]\nprovider = \"wildfire\"\nmode = \"sandbox\"\n{edition}\nendpoint = \"http://127.0.0.1:1\"\n"
        )
    };
    world.write_private("profiles.toml", profile("edition = \"community\""));
    let place = ["--profiles", "profiles.toml", "--profile", "im"];
    let all = ["broadcast", "--from", "news", "--all", "--text", "x", "--confirm", "im"];
    let sent = run(&world, &[&all[..], &place].concat()).ends_with(0);
    let words = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let at = text.find("recall ").expect("how it is recalled");
        text[at..].to_owned()
    };
    assert!(words(&sent.out).contains("--targets FILE"), "{}", sent.out);
    let list = json(&world, &["history", "--sandbox"]);
    let id = list["entries"][0]["id"].as_str().expect("an id").to_owned();
    let show = |more: &[&str]| {
        run(
            &world,
            &[&["history", "show", &id, "--sandbox", "--profiles", "profiles.toml"][..], more]
                .concat(),
        )
        .ends_with(0)
        .out
    };
    assert!(words(&show(&[])).contains("--targets FILE"), "{}", show(&[]));
    world.write_private("profiles.toml", profile("edition = \"pro\""));
    assert!(!words(&show(&[])).contains("--targets"), "{}", show(&[]));
    // Where nothing says it, both stand there.
    world.write_private("profiles.toml", profile(""));
    assert!(
        words(&show(&[])).contains("with `edition = \"community\"` add --targets"),
        "{}",
        show(&[])
    );
}

/// A server that reads and answers nothing: what became of a request is not known.
fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut block = [0; 65536];
            let _ = std::io::Read::read(&mut stream, &mut block);
        }
    });
    base
}

#[test]
fn what_is_not_settled_is_recalled_by_nobody_and_says_how_it_is_settled() {
    // What herald cannot look for itself is recalled by the vendor's id: to settle it brings none.
    let by_hand =
        "look for the message at the vendor, then recall it by its id there: `recall VENDOR_ID";
    let check = "`herald history resolve ";
    for (provider, key, way, settles) in [
        ("rongcloud", "app_key = \"k\"\napp_secret", by_hand, "--accepted"),
        ("wildfire", "secret", check, "--check"),
    ] {
        let world = World::new();
        let base = silent();
        world.write_private(
            "profiles.toml",
            format!("[profiles.im]\nprovider = \"{provider}\"\nendpoint = \"{base}\"\n{key} = {{ env = \"A_SECRET\" }}\n"),
        );
        let run = |arguments: &[&str]| {
            let place = ["--profiles", "profiles.toml"];
            world.run_with(&[arguments, &place].concat(), &[("A_SECRET", "s3cret")])
        };
        let sent = run(&["send", "--from", "a", "--to", "b", "--text", "x"]).ends_with(8);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = words(&sent.out);
        let said = &format!("recall not before it is settled: {way}");
        assert!(line.contains(said), "{line}");
        assert!(!line.contains("--accepted"), "{line}");
        let entry = run(&["history", "--output", "json"]).ends_with(0).json()["entries"][0].clone();
        assert!(entry["recall"].is_null());
        let id = entry["id"].as_str().expect("an id");
        let shown = words(&run(&["history", "show", id]).ends_with(0).out);
        assert!(shown.contains(said), "{shown}");
        let refused = run(&["recall", id]).ends_with(2);
        refused.says("before it is settled").says("herald history resolve").says(settles);
        // Nothing of the recall is in the ledger.
        let all = run(&["history", "--output", "json"]).ends_with(0).json();
        assert_eq!(all["entries"].as_array().map(Vec::len), Some(1));
    }
}

/// A server that answers the same to everything; without an answer it closes the connection.
fn answering(answer: Option<&'static str>) -> String {
    let Some(body) = answer else { return silent() };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                while read_whole(&mut stream, &mut Vec::new()) {
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
                    let reply = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
                    if stream.write_all(reply.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    base
}

#[test]
fn the_line_of_a_job_is_about_recall_only_where_recall_can_do_it() {
    let rongcloud = "app_key = \"k\"\napp_secret";
    let personal = &["--text", "hi {{n}}"][..];
    // The provider, what its server answers, the message, what a person decides, and whether recall can do it.
    for (provider, key, answer, message, decided, can) in [
        ("rongcloud", rongcloud, Some("{\"code\":200}"), &["--text", "x"][..], None, false),
        ("rongcloud", rongcloud, Some("{\"code\":200}"), personal, None, false),
        ("rongcloud", rongcloud, None, &["--text", "x"], Some("--accepted"), false),
        ("rongcloud", rongcloud, None, personal, Some("--accepted"), false),
        ("rongcloud", rongcloud, None, &["--text", "x"], None, false),
        (
            "rongcloud",
            rongcloud,
            Some(
                "{\"code\":200,\"messageUIDs\":[{\"userId\":\"u1\",\"messageUID\":\"A\"},{\"userId\":\"u2\",\"messageUID\":\"B\"}]}",
            ),
            &["--text", "x"],
            None,
            true,
        ),
        (
            "wildfire",
            "secret",
            Some("{\"code\":0,\"msg\":\"success\"}"),
            &["--text", "x"],
            None,
            false,
        ),
        ("wildfire", "secret", None, &["--text", "x"], Some("--accepted"), false),
    ] {
        let world = World::new();
        let base = answering(answer);
        let profile = format!(
            "[profiles.im]\nprovider = \"{provider}\"\nendpoint = \"{base}\"\n{key} = {{ env = \"A_SECRET\" }}\n"
        );
        world.write_private("profiles.toml", profile);
        world.write("to.csv", "id,n\nu1,1\nu2,2\n");
        let run = |arguments: &[&str]| {
            let place = ["--profiles", "profiles.toml"];
            world.run_with(&[arguments, &place].concat(), &[("A_SECRET", "s3cret")])
        };
        let list = [
            "broadcast",
            "--from",
            "a",
            "--targets",
            "to.csv",
            "--column",
            "id",
            "--job",
            "spring",
        ];
        let code = if decided.is_some() || answer.is_none() { 8 } else { 0 };
        let sent = run(&[&list[..], message].concat());
        let what = format!("{provider} {answer:?} {message:?} {decided:?}: {}", sent.err);
        assert_eq!(sent.code, code, "{what}");
        let sent_out = if code == 0 { sent.out } else { String::new() };
        if let Some(decided) = decided {
            run(&["history", "resolve", "spring", decided, "--yes"]).ends_with(0);
        }
        let shown = run(&["history", "show", "spring"]).ends_with(0).out;
        let json = run(&["history", "show", "spring", "--output", "json"]).ends_with(0).json();
        assert_eq!(json["recall"].is_object(), can, "{what}: {json}");
        for words in [&sent_out, &shown].into_iter().filter(|words| !words.is_empty()) {
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains("recall "), "{what}: {words}");
            assert_eq!(words.contains("recall `herald recall spring"), can, "{what}: {words}");
        }
        // And it is so.
        let recalled = run(&["recall", "--job", "spring", "--dry-run"]);
        assert_eq!(recalled.err.contains("error"), !can, "{what}: {}", recalled.err);
    }
}

#[test]
fn what_was_certainly_not_sent_is_recalled_by_saying_so() {
    let world = World::new();
    world.write_private(
        "profiles.toml",
        "[profiles.im]\nprovider = \"rongcloud\"\nendpoint = \"http://127.0.0.1:1\"\napp_key = \"k\"\napp_secret = { env = \"A_SECRET\" }\n",
    );
    world.write("to.txt", "u1\nu2\n");
    let run = |arguments: &[&str]| {
        let place = ["--profiles", "profiles.toml"];
        world.run_with(&[arguments, &place].concat(), &[("A_SECRET", "s3cret")])
    };
    run(&["send", "--from", "a", "--to", "b", "--text", "x", "--deadline", "1s"]).ends_with(7);
    let entry = run(&["history", "--output", "json"]).ends_with(0).json()["entries"][0].clone();
    let id = entry["id"].as_str().expect("an id");
    run(&["recall", id]).ends_with(3).says("nothing was sent").says("unavailable");
    let list = ["broadcast", "--from", "a", "--targets", "to.txt", "--text", "x", "--job", "none"];
    run(&list);
    for recall in [&["recall", "none"][..], &["recall", "--job", "none"]] {
        run(recall).ends_with(3).says("the job none has sent nothing");
    }
}
