//! Decisions by hand about what is unknown: of a job as a whole, of targets of it, and withdrawn.

use herald::ledger::Realm;
use herald::outcome::Verdict::{self, Accepted, Unknown};
use serde_json::{Value, json};

use crate::history::{plant, plant_of};
use crate::support::{Run, World};

/// The targets u0 to u5, of which u1, u2, u4 and u5 are unknown. u6 was never sent.
const OUTCOMES: [Verdict; 6] = [Accepted, Unknown, Unknown, Accepted, Unknown, Unknown];

fn resolve(world: &World, more: &[&str]) -> Run {
    world.run(&[&["history", "resolve", "spring", "--sandbox", "--output", "json"], more].concat())
}

fn counts(world: &World) -> Value {
    let shown = ["history", "show", "spring", "--sandbox", "--output", "json"];
    let counts = &world.run(&shown).ends_with(0).json()["job"]["counts"];
    json!([counts["accepted"], counts["rejected"], counts["unknown"]])
}

#[test]
fn targets_of_a_job_are_decided_on_alone() {
    let world = World::new();
    plant(&world, "spring", &OUTCOMES);
    assert_eq!(counts(&world), json!([2, 0, 4]));
    let told = resolve(&world, &["user:u1", "u2", "--accepted"]).ends_with(0).json();
    assert_eq!(
        (&told["resolved"]["as"], &told["resolved"]["targets"]),
        (&json!("accepted"), &json!(2))
    );
    assert_eq!(counts(&world), json!([4, 0, 2]));
    resolve(&world, &["u4", "--not-accepted"]).ends_with(0);
    let failed = ["history", "--sandbox", "--failed", "--as", "targets"];
    let listed = world.run(&failed).ends_with(0).out;
    assert!(listed.contains("user:u4\n") && !listed.contains("user:u5"), "{listed}");
    // What is left needs no names.
    resolve(&world, &["--accepted"]).ends_with(0);
    assert_eq!(counts(&world)[2], json!(0));
    assert_eq!(counts(&world)[0], json!(5));
}

#[test]
fn a_target_that_is_not_unknown_is_an_error_and_nothing_is_written() {
    let world = World::new();
    plant(&world, "spring", &OUTCOMES);
    world.write("l.txt", "u1\nu0\n");
    for (more, says) in [
        (&["u1", "u0"][..], "user:u0 is accepted"),
        (&["u1", "u6"], "user:u6 is "),
        (&["u1", "nobody"], "user:nobody is no target of it"),
        (&["group:u1"], "group:u1 is no target of it"),
        (&["--targets", "l.txt"], "user:u0 is accepted"),
    ] {
        for decision in ["--accepted", "--not-accepted"] {
            let run = resolve(&world, &[more, &[decision]].concat()).ends_with(2);
            assert!(run.err.contains(says), "{more:?}: {}", run.err);
            assert_eq!(counts(&world), json!([2, 0, 4]), "{more:?}");
        }
    }
    // Decided once, it is not unknown any more.
    resolve(&world, &["u1", "--accepted"]).ends_with(0);
    resolve(&world, &["u1", "--not-accepted"]).ends_with(2).says("user:u1 is accepted");
}

#[test]
fn a_list_of_targets_is_read_in_each_form() {
    for (file, text, flags) in [
        ("l.txt", "u1\nuser:u2\r\n", &[][..]),
        ("l.csv", "name,user\nAnn,u1\nBob,u2\n", &["--column", "user"]),
        ("l.ndjson", "{\"to\":\"u1\"}\n{\"to\":\"user:u2\"}\n", &[]),
        ("l.json", "[\"u1\",\n \"u2\"]", &[]),
        ("l.dat", "user\nu1\nu2\n", &["--form", "csv", "--column", "user"]),
    ] {
        let world = World::new();
        plant(&world, "spring", &OUTCOMES);
        world.write(file, text);
        let more = [&["--targets", file, "--accepted"], flags].concat();
        let told = resolve(&world, &more).ends_with(0).json();
        assert_eq!(told["resolved"]["targets"], json!(2), "{file}");
        assert_eq!(counts(&world), json!([4, 0, 2]), "{file}");
    }
    // A file of another shape is none.
    let world = World::new();
    plant(&world, "spring", &OUTCOMES);
    world.write("l.txt", "user,name\nu1,Ann\nu2,Bob\n");
    let run = resolve(&world, &["--targets", "l.txt", "--accepted"]).ends_with(3);
    assert!(run.err.contains("looks like CSV"), "{}", run.err);
    assert_eq!(counts(&world), json!([2, 0, 4]));
}

#[test]
fn a_decision_is_taken_back() {
    let world = World::new();
    plant(&world, "spring", &OUTCOMES);
    resolve(&world, &["--undo"]).ends_with(2);
    resolve(&world, &["u1", "--accepted"]).ends_with(0);
    resolve(&world, &["u2", "--not-accepted"]).ends_with(0);
    resolve(&world, &["--undo"]).ends_with(0);
    assert_eq!(counts(&world), json!([2, 0, 4]));
    // It can be decided on again, in another way.
    resolve(&world, &["--not-accepted"]).ends_with(0);
    assert_eq!(counts(&world)[2], json!(0));
    resolve(&world, &["--undo"]).ends_with(0);
    assert_eq!(counts(&world), json!([2, 0, 4]));
    resolve(&world, &["--undo", "--accepted"]).ends_with(2);
}

#[test]
fn the_decision_on_a_target_is_taken_back_and_others_keep_theirs() {
    let world = World::new();
    plant(&world, "spring", &OUTCOMES);
    // Nobody has decided on it, and the vendor's own answer stays.
    resolve(&world, &["u1", "--undo"]).ends_with(2).says("user:u1 is unknown");
    resolve(&world, &["u0", "--undo"]).ends_with(2).says("were resolved by hand");
    resolve(&world, &["nobody", "--undo"]).ends_with(2).says("no target");
    resolve(&world, &["--accepted"]).ends_with(0);
    assert_eq!(counts(&world), json!([6, 0, 0]));
    let told = resolve(&world, &["u1", "--undo"]).ends_with(0).json();
    assert_eq!(told["undone"]["targets"], json!(1));
    assert_eq!(counts(&world), json!([5, 0, 1]));
    world.write("l.txt", "u2\nuser:u4\n");
    let told = resolve(&world, &["--targets", "l.txt", "--undo"]).ends_with(0).json();
    assert_eq!(told["undone"]["targets"], json!(2));
    assert_eq!(counts(&world), json!([3, 0, 3]));
    // Of a list with one that is unknown, nothing is taken back.
    world.write("l.txt", "u5\nu4\n");
    resolve(&world, &["--targets", "l.txt", "--undo"]).ends_with(2).says("user:u4 is unknown");
    assert_eq!(counts(&world), json!([3, 0, 3]));
    resolve(&world, &["u4", "--not-accepted"]).ends_with(0);
    resolve(&world, &["--undo"]).ends_with(0);
    assert_eq!(counts(&world), json!([2, 0, 4]));
}

#[test]
fn more_than_one_target_of_a_real_job_needs_a_yes() {
    let world = World::new();
    plant_of(&world, (Realm::Real, "wildfire", "multicast"), "spring", &OUTCOMES);
    world.write("l.txt", "u1\nu2\n");
    let resolve = |more: &[&str]| world.run(&[&["history", "resolve", "spring"], more].concat());
    for (more, count) in [
        (&[][..], "4 targets"),
        (&["u1", "u2"], "2 targets"),
        (&["--targets", "l.txt"], "2 targets"),
    ] {
        let run = resolve(&[more, &["--accepted"]].concat()).ends_with(9);
        assert!(run.err.contains(count) && run.err.contains("--yes"), "{}", run.err);
    }
    resolve(&["u1", "--accepted"]).ends_with(0);
    let run = resolve(&["--not-accepted", "--yes"]).ends_with(0);
    assert!(run.out.contains("3 targets"), "{}", run.out);
}

/// Types this at the question of a terminal.
#[cfg(target_os = "linux")]
fn typed(world: &World, typed: &str) -> (i32, String) {
    use std::io::Write as _;
    let line = format!("{} history resolve spring --accepted", env!("CARGO_BIN_EXE_herald"));
    let mut child = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env_clear()
        .env("HOME", world.path(""))
        .current_dir(world.path(""))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("script runs");
    child.stdin.take().expect("a pipe").write_all(typed.as_bytes()).expect("it reads");
    let run = child.wait_with_output().expect("it ends");
    (run.status.code().unwrap_or(-1), String::from_utf8_lossy(&run.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_asked_before_many_are_decided_on() {
    if !crate::questions::has_script() {
        return;
    }
    let world = World::new();
    plant_of(&world, (Realm::Real, "wildfire", "multicast"), "spring", &OUTCOMES);
    let unknown = || {
        let run = world.run(&["history", "show", "spring", "--output", "json"]).ends_with(0).json();
        run["job"]["counts"]["unknown"].clone()
    };
    for (answer, code, left) in [("no\n", 9, 4), ("\n", 9, 4), ("y\n", 0, 0)] {
        let (ended, shown) = typed(&world, answer);
        assert_eq!(ended, code, "{answer:?}: {shown}");
        assert!(shown.contains("4 targets of spring would be resolved as"), "{shown}");
        assert_eq!(unknown(), json!(left), "{answer:?}: {shown}");
    }
}

#[test]
fn how_to_find_out_is_the_vendors_own_and_said_where_it_is_needed() {
    for (provider, operation, find) in [
        ("rongcloud", "send-private", "`get --to user:ID --from ID`"),
        ("easemob", "send-users", "`call easemob/history --set time=yyyyMMddHH`"),
        ("jmessage", "send", "`call jmessage/history --set scope=all "),
        ("jpush-v3", "push", "look for it in the push history of the console"),
        ("wildfire", "multicast", "`herald history resolve spring --check --sandbox`"),
    ] {
        let world = World::new();
        plant_of(&world, (Realm::Sandbox, provider, operation), "spring", &OUTCOMES);
        let say = "`herald history resolve spring --accepted --sandbox` or `--not-accepted`";
        let shown = ["history", "show", "spring", "--sandbox", "--output", "json"];
        let shown = world.run(&shown).ends_with(0).json();
        let advice = shown["advice"].as_str().expect("advice").to_owned();
        assert!(advice.contains(find) && advice.contains(say), "{provider}: {advice}");
        let explained = world.run(&["explain", "unknown"]).ends_with(0).out;
        assert!(explained.contains(provider), "{explained}");
        if provider == "wildfire" {
            continue;
        }
        // A vendor without a look-up is said to have none, once.
        let run = resolve(&world, &["--check"]).ends_with(2);
        assert_eq!(run.err.matches("no look-up").count(), 1, "{}", run.err);
        assert!(run.err.contains(find) && run.err.contains(say), "{provider}: {}", run.err);
        // What is not unknown needs no advice.
        resolve(&world, &["--accepted"]).ends_with(0);
        let shown = ["history", "show", "spring", "--sandbox", "--output", "json"];
        assert_eq!(world.run(&shown).ends_with(0).json()["advice"], json!(null));
        resolve(&world, &["--check"]).ends_with(2).says("nothing of the job spring is unknown");
    }
}

#[test]
fn a_conversation_of_rongcloud_is_read_without_an_id() {
    let world = World::new();
    let at = ["--sandbox", "--provider", "rongcloud", "--from", "a", "--to"];
    for to in ["user:b", "group:g", "room:r"] {
        let send = [&["send", "--text", "hello"], &at[..], &[to]].concat();
        world.run(&send).ends_with(0);
        let get = [&["get", "--output", "json"], &at[..], &[to]].concat();
        let told = world.run(&get).ends_with(0).out;
        assert!(told.contains("hello"), "{to}: {told}");
    }
    let nameless = ["get", "--sandbox", "--provider", "rongcloud", "--to", "user:b"];
    world.run(&nameless).ends_with(2).says("--from");
}
