//! `herald jobs`: what is at work, what is left, and what was recalled.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::sandbox::Served;
use crate::support::{World, finish};

/// A job that takes some seconds: the vendor's rate limit holds it up.
const TARGETS: usize = 300;

#[test]
fn watching_ends_with_the_last_job_and_says_what_is_left_and_recalled() {
    let world = World::new();
    let served = Served::start(&world, &["--provider", "rongcloud"]);
    let command = |arguments: &[&str]| {
        let mut command = world.command();
        command.envs(served.environment()).env("TZ", "Asia/Shanghai").args(arguments);
        command
    };
    // Each target has a text of its own, and so a request.
    let rows: Vec<String> = (0..TARGETS).map(|n| format!("u{n:05},n{n}")).collect();
    world.write("list.csv", format!("user,name\n{}\n", rows.join("\n")));
    let list = ["--targets", "list.csv", "--column", "user", "--text", "hi {{name}}"];
    let send = ["broadcast", "--provider", "rongcloud", "--from", "news", "--job", "spring"];
    let send = [&send[..], &list, &["--confirm", "rongcloud"]].concat();
    let mut sending =
        command(&send).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it");
    let states = |first: &str| -> Vec<Value> {
        let watch = ["jobs", "--watch", "--output", "ndjson"];
        let mut child = command(&watch).stdout(Stdio::piped()).spawn().expect("herald runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.expect("UTF-8")).expect("JSON"));
        let states = lines.filter(|one: &Value| one["job"]["name"] == first).collect();
        assert!(child.wait().expect("it ends").success());
        states
    };
    // Until the job is in the ledger there is nothing to watch.
    while finish(&mut command(&["jobs", "--output", "json"])).json()["jobs"] == json!([]) {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let seen = states("spring");
    assert!(sending.wait().expect("it ends").success());
    let planned = |one: &Value| one["job"]["counts"]["planned"].as_u64().expect("a number");
    assert!(seen.len() >= 2, "it was at work: {seen:?}");
    assert!(seen.is_sorted_by(|one, next| planned(one) >= planned(next)), "{seen:?}");
    let last = seen.last().expect("the end");
    assert_eq!((planned(last), &last["outcome"]), (0, &json!("accepted")), "{last}");
    assert!(last.get("recalled").is_none_or(Value::is_null), "{last}");

    let some = ["recall", "--job", "spring", "--to", "u00000", "--to", "u00001", "--yes"];
    finish(&mut command(&some)).ends_with(0);
    let recalled = |words: &str| {
        let shown = finish(&mut command(&["jobs"])).ends_with(0).out;
        let row = shown.lines().find(|line| line.starts_with("spring")).expect("its row");
        assert!(row.contains(words), "{words} is not in {row}");
    };
    recalled(&format!("2 of {TARGETS}"));
    finish(&mut command(&["recall", "--job", "spring", "--confirm", "rongcloud"])).ends_with(0);
    recalled(&format!("{TARGETS} of {TARGETS}"));
    let again = states("spring");
    assert_eq!(again.len(), 1, "nobody is at work: {again:?}");
    let mark = &again[0]["recalled"];
    assert_eq!((&mark["targets"], &mark["of"]), (&json!(TARGETS), &json!(TARGETS)));
    assert!(mark["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{mark}");
}
