//! What is meant to hold a send back: a dry run names the guards that would, and nothing that reads as a brake is none.

use serde_json::{Value, json};

use crate::guards::Live;
use crate::prerequisites::serving;
use crate::support::World;

/// The guards that a dry run names.
fn named(document: &Value) -> Vec<&str> {
    let guards = document["guards"].as_array().expect("a list").iter();
    guards.map(|one| one["guard"].as_str().expect("a name")).collect()
}

#[test]
fn a_dry_run_names_the_guards_that_would_refuse_and_ends_with_0() {
    let live = Live::of("wildfire");
    live.world.write("stop", "not now");
    live.world.write("list.txt", "bob\ncarol\n");
    let send: &[&str] = &["send", "--from", "a", "--to", "bob", "--text", "hello"];
    let list: &[&str] = &["broadcast", "--from", "a", "--targets", "list.txt", "--text", "a test"];
    let one: &[&str] = &["broadcast", "--from", "a", "--to", "bob", "--text", "a test"];
    for (profile, command, environment, guards) in [
        ("mode = \"test\"\nallow_to = [\"user:x\"]", send, None, &["guest-list"] as &[&str]),
        ("mode = \"test\"\nallow_to = [\"user:x\"]", list, None, &["guest-list"]),
        ("kill_switch = \"stop\"", send, None, &["kill-switch"]),
        ("confirm_above = 0", send, None, &["confirm"]),
        ("max_targets = 1", list, None, &["test-content", "max-targets"]),
        ("", one, None, &["test-content"]),
        ("", send, Some(("HERALD_READ_ONLY", "1")), &["read-only"]),
        ("", send, Some(("HERALD_KILL_SWITCH", "stop")), &["kill-switch"]),
        ("mode = \"sandbox\"", send, None, &[]),
        ("", send, None, &[]),
    ] {
        live.profile(profile);
        let environment = environment.as_slice();
        let dry = [command, &["--dry-run"]].concat();
        let run = live.run_with(&[&dry[..], &["--output", "json"]].concat(), environment);
        let document = run.ends_with(0).json();
        assert_eq!(named(&document), guards, "{profile} {command:?}");
        let told = live.run_with(&[&dry[..], &["-q"]].concat(), environment).ends_with(0);
        for guard in guards {
            assert!(
                told.err.contains(&format!("the guard `{guard}` would refuse")),
                "{}",
                told.err
            );
        }
        // The send itself is refused by the first of them.
        if let Some(first) = guards.first() {
            live.run_with(command, environment).ends_with(9).says(&format!("`{first}`"));
        } else {
            assert!(!told.err.contains("would refuse"), "{}", told.err);
        }
        for passed in guards.iter().filter(|guard| matches!(**guard, "kill-switch" | "max-targets"))
        {
            let more = ["--output", "json", "--override", passed];
            let left = live.run_with(&[&dry[..], &more].concat(), environment).ends_with(0).json();
            assert!(!named(&left).contains(passed), "{left}");
        }
    }
}

#[test]
fn a_dry_run_of_a_plan_and_of_a_recall_names_guards() {
    let live = Live::of("wildfire");
    live.world.write("list.txt", "bob\ncarol\n");
    live.run(&["send", "--from", "a", "--to", "bob", "--text", "hello"]).ends_with(0);
    let plan = ["broadcast", "--from", "a", "--targets", "list.txt", "--text", "hello", "--plan"];
    live.run(&[&plan[..], &["p"]].concat()).ends_with(0);
    live.profile("mode = \"test\"\nallow_to = [\"user:x\"]");
    for command in [&["apply", "p"][..], &["recall", "--last"]] {
        let dry = [command, &["--dry-run", "--output", "json"]].concat();
        assert_eq!(named(&live.run(&dry).ends_with(0).json()), ["guest-list"], "{command:?}");
    }
    let read = [("HERALD_READ_ONLY", "1")];
    live.world.write("a.png", "x");
    let upload = ["upload", "a.png", "--provider", "jpush-v3", "--dry-run", "--output", "json"];
    let run = live.world.run_with(&upload, &read);
    if run.code == 0 {
        assert_eq!(named(&run.json()), ["read-only"]);
    }
}

#[test]
fn what_reads_as_a_brake_and_is_none_is_refused_or_told() {
    let world = World::new();
    world.write("list.txt", "bob\ncarol\n");
    let start = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a", "--text", "x"];
    let list = |more: &[&str]| world.run(&[&start[..], &["--targets", "list.txt"], more].concat());
    for share in ["1", "1.0", "5", "100"] {
        list(&["--abort-above", share]).ends_with(2).says(&format!("{share}%"));
    }
    // The same is told where nothing is sent, and once.
    for more in [&[][..], &["--dry-run"], &["--plan", "never.plan"]] {
        let run = list(&[&["--abort-above", "100%"], more].concat()).ends_with(0);
        assert_eq!(run.err.matches("never stops").count(), 1, "{more:?}: {}", run.err);
    }
    list(&["--canary", "0"]).ends_with(2);
    list(&["--canary", "2", "--soak", "1ms"]).ends_with(0).says("nothing is held back");
    let held = list(&["--canary", "1", "--soak", "1ms"]).ends_with(0);
    assert!(!held.err.contains("held back"), "{}", held.err);
    let profile = |line: &str| {
        format!(
            "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\n{line}\n"
        )
    };
    let same = "quiet_hours = { from = \"08:00\", to = \"08:00\", zone = \"UTC\" }";
    world.write_private("p.toml", profile(same));
    world.run(&["profile", "check", "--profiles", "p.toml"]).ends_with(3);
}

#[test]
fn a_variable_that_looks_like_one_of_herald_and_is_none_is_told() {
    let world = World::new();
    let send =
        ["send", "--sandbox", "--provider", "wildfire", "--from", "a", "--to", "b", "--text"];
    let send = [&send[..], &["hi", "--output", "json"]].concat();
    let told = |name: &str, more: &[&str]| {
        world.run_with(&[&send[..], more].concat(), &[(name, "1")]).ends_with(0).err
    };
    let readonly = told("HERALD_READONLY", &[]);
    assert!(readonly.contains("did you mean `HERALD_READ_ONLY`?"), "{readonly}");
    assert!(told("HERALD_WILDFIRE_SECRTE", &[]).contains("`HERALD_WILDFIRE_SECRET`"));
    assert_eq!(told("HERALD_READONLY", &["-q"]), "");
    for known in ["HERALD_WILDFIRE_SECRET_FILE", "HERALD_JPUSH_V3_APP_KEY", "HERALDRY"] {
        assert!(!told(known, &[]).contains("no variable of herald"), "{known}");
    }
    let text = "[profiles.p]\nprovider = \"wildfire\"\nsecret = { env = \"HERALD_OF_MINE\" }\n";
    world.write_private("p.toml", text);
    assert!(!told("HERALD_OF_MINE", &["--profiles", "p.toml"]).contains("no variable"));
    assert!(told("HERALD_OF_MINE", &[]).contains("no variable"));
    let other = world.run_with(&["explain", "json/null"], &[("HERALD_KILLSWITCH", "x")]);
    other.ends_with(0).says("`HERALD_KILL_SWITCH`");
    assert_eq!(json!([]), world.run(&[&send[..], &["--dry-run"]].concat()).json()["guards"]);
}

#[test]
fn a_pause_that_lasts_until_the_deadline_is_told_before_anything_is_sent() {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n");
    let list = ["--from", "a", "--text", "x", "--targets", "list.txt", "--canary", "1"];
    let broadcast = |more: &[&str]| {
        let start = ["broadcast", "--sandbox", "--provider", "wildfire"];
        world.run(&[&start[..], &list, more].concat())
    };
    for times in [
        &["--soak", "60s", "--deadline", "30s"][..],
        &["--soak", "1h", "--deadline", "30m"],
        // The pause that no flag gives.
        &["--deadline", "60s"],
    ] {
        let run = broadcast(times).ends_with(2);
        assert!(run.err.contains("the pause after --canary lasts"), "{}", run.err);
        assert!(!run.out.contains("accepted"), "{}", run.out);
    }
    broadcast(&["--soak", "1ms", "--deadline", "30s"]).ends_with(0);
    // A plan is sent later, with a deadline of its own.
    broadcast(&["--soak", "60s", "--deadline", "30s", "--plan", "p.plan"]).ends_with(0);
}

#[test]
fn an_answer_that_tells_nothing_of_targets_repeats_nothing() {
    const KEY: &str = "0123456789abcdef01234567";
    let easemob = ["HERALD_EASEMOB_ORG", "HERALD_EASEMOB_APP", "HERALD_EASEMOB_TOKEN"];
    let rongcloud = ["HERALD_RONGCLOUD_APP_KEY", "HERALD_RONGCLOUD_APP_SECRET"];
    let unknown = r#"400 {"error":"x","error_description":"y"}"#;
    let refused = r#"200 {"code":248,"msg":"no right"}"#;
    for (provider, keys, answer, requests, exit) in [
        ("wildfire", &["HERALD_WILDFIRE_SECRET"][..], r#"200 {"code":9999,"msg":"odd"}"#, 1, 5),
        ("wildfire", &["HERALD_WILDFIRE_SECRET"], "404 not found", 1, 5),
        ("rongcloud", &rongcloud, r#"200 {"code":77777}"#, 1, 5),
        ("rongcloud", &rongcloud, "400 ", 1, 5),
        ("rongcloud", &rongcloud, r#"200 {"code":1002}"#, 5, 5),
        ("easemob", &easemob, unknown, 1, 5),
        ("wildfire", &["HERALD_WILDFIRE_SECRET"], refused, 1, 4),
    ] {
        let (base, asked) = serving(vec![answer.to_owned(); 9]);
        let world = World::new();
        world.write("list.txt", "anna\nbob\ncarol\n");
        let endpoint = format!("HERALD_{}_ENDPOINT", provider.to_uppercase());
        let mut variables = vec![(endpoint.as_str(), base.as_str())];
        variables.extend(keys.iter().map(|key| (*key, KEY)));
        let send = ["broadcast", "--provider", provider, "--from", "a", "--text", "x"];
        let list = ["--targets", "list.txt", "--yes"];
        world.run_with(&[&send[..], &list].concat(), &variables).ends_with(exit);
        assert_eq!(asked.try_iter().count(), requests, "{provider} {answer}");
    }
}

#[test]
fn http_429_is_waited_for_whatever_the_code_is() {
    let (base, asked) =
        serving(vec![r#"429 {"code":1}"#.to_owned(), r#"200 {"code":0}"#.to_owned()]);
    let world = World::new();
    world.write("list.txt", "anna\nbob\ncarol\n");
    let profile = [("HERALD_WILDFIRE_ENDPOINT", base.as_str()), ("HERALD_WILDFIRE_SECRET", "k")];
    let send = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x"];
    world
        .run_with(&[&send[..], &["--targets", "list.txt", "--yes"]].concat(), &profile)
        .ends_with(0);
    assert_eq!(asked.try_iter().count(), 2);
}
