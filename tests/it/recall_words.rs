//! What herald says about recall: before and after a message is sent, in lists and by `recall` itself, it is the same and true.

use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::support::{Run, World};

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
