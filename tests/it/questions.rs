//! Questions on a terminal, and what is typed there.

use std::io::{Read as _, Write as _};

use crate::guards::Live;

/// A broadcast to the list that a test writes.
const LIST: &str = "--from a --targets list.txt";

/// Whether there is what makes a terminal.
pub(crate) fn has_script() -> bool {
    let there = std::process::Command::new("script").arg("--version").output();
    there.is_ok_and(|run| run.status.success())
}

/// Runs a broadcast with these flags on a terminal, and types this at the question that ends so.
fn asked(live: &Live, more: &str, question: &str, typed: &str) -> (i32, String) {
    let herald = env!("CARGO_BIN_EXE_herald");
    let flags = format!("broadcast {more} --text hello --profiles profiles.toml");
    let mut child = std::process::Command::new("script")
        .args(["-qec", &format!("{herald} {flags}"), "/dev/null"])
        .env_clear()
        .env("HOME", live.world.path(""))
        .envs(live.served.environment())
        .current_dir(live.world.path(""))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("script runs");
    let (mut stdin, mut stdout) =
        (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let (mut shown, mut block) = (String::new(), [0; 1024]);
    while let Ok(length @ 1..) = stdout.read(&mut block) {
        let asks = !shown.contains(question);
        shown += &String::from_utf8_lossy(&block[..length]);
        if asks && shown.contains(question) {
            stdin.write_all(typed.as_bytes()).expect("it reads");
        }
    }
    (child.wait().expect("it ends").code().unwrap_or(-1), shown)
}

#[test]
fn a_question_hears_ctrl_c_and_takes_the_end_of_what_is_typed_for_a_no() {
    if !has_script() {
        return;
    }
    let live = Live::of("wildfire");
    let ids: Vec<String> = (0..150).map(|n| format!("u{n}")).collect();
    live.world.write("list.txt", ids.join("\n"));
    for (typed, code, words) in [
        ("\u{3}", 130, "interrupted at the question; nothing was sent"),
        ("\u{4}", 9, "that was not confirmed"),
        ("\n", 9, "that was not confirmed"),
        ("no\n", 9, "that was not confirmed"),
    ] {
        let (ended, shown) = asked(&live, LIST, "[y/N]", typed);
        assert_eq!(ended, code, "{typed:?}: {shown}");
        assert!(shown.contains(words), "{typed:?}: {shown}");
        assert_eq!(live.entries(), 0, "no job is left");
    }
    let (ended, shown) = asked(&live, LIST, "[y/N]", "y\n");
    assert_eq!(ended, 0, "{shown}");
    assert!(!shown.contains("upload"), "nothing is uploaded: {shown}");
}

#[test]
fn a_question_about_a_single_request_hears_ctrl_c_as_well() {
    if !has_script() {
        return;
    }
    let live = Live::of("jpush-v3");
    for (typed, code, words) in [
        ("\u{3}", 130, "interrupted at the question; nothing was sent"),
        ("no\n", 9, "that was not confirmed"),
        ("p\n", 0, "accepted"),
    ] {
        assert_eq!(live.entries(), 0, "nothing was sent before");
        let (ended, shown) = asked(&live, "--all", "Type `p`", typed);
        assert_eq!(ended, code, "{typed:?}: {shown}");
        assert!(shown.contains(words), "{typed:?}: {shown}");
    }
}
