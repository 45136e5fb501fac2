//! `profile init`: on terminals of several widths, from flags, and without a terminal.

use std::io::{Read as _, Write as _};

use herald::contract::Contract;
use herald::provider;
use unicode_width::UnicodeWidthStr as _;

use crate::questions::has_script;
use crate::support::World;

/// The environment in which every secret of the profile `p` has its usual variable.
fn secrets(contract: &Contract) -> Vec<(String, &'static str)> {
    let rows = contract.credentials.iter().filter(|row| row.secret);
    rows.map(|row| (format!("P_{}", row.name).to_uppercase(), "s3cret")).collect()
}

/// What a user types for a key that has no default.
fn answer(contract: &Contract, key: &str) -> String {
    let row = contract.credentials.iter().find(|row| row.name == key);
    match (key, row) {
        ("endpoint", Some(_)) => "http://127.0.0.1:18080".to_owned(),
        (_, Some(row)) if row.required || !row.instead.is_empty() => "x1".to_owned(),
        _ => String::new(),
    }
}

/// Runs it on a terminal of a width. `typed` answers the prompt of a key, asked for the how-manieth time.
fn on_terminal(
    world: &World,
    columns: usize,
    flags: &str,
    environment: &[(String, &str)],
    typed: &dyn Fn(&str, usize) -> String,
) -> (i32, String, Vec<String>) {
    let herald = env!("CARGO_BIN_EXE_herald");
    let mut child = std::process::Command::new("script")
        .args(["-qec", &format!("stty cols {columns}; {herald} profile init {flags}"), "/dev/null"])
        .env_clear()
        .env("HOME", world.path(""))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(environment.iter().map(|(name, value)| (name.as_str(), *value)))
        .current_dir(world.path(""))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("script runs");
    let (mut stdin, mut stdout) =
        (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let (mut shown, mut asked, mut seen) = (String::new(), Vec::<String>::new(), 0);
    let mut block = [0; 1024];
    while let Ok(length @ 1..) = stdout.read(&mut block) {
        shown += &String::from_utf8_lossy(&block[..length]);
        let line = shown[seen..].rsplit('\n').next().unwrap_or_default();
        if let Some(prompt) = line.strip_suffix(": ") {
            let key = prompt.split(" [").next().unwrap_or(prompt).to_owned();
            let before = asked.iter().filter(|known| **known == key).count();
            assert!(before < 4, "`{key}` is asked for again and again: {shown}");
            let text = typed(&key, before);
            asked.push(key);
            seen = shown.len();
            stdin.write_all(format!("{text}\n").as_bytes()).expect("it reads");
        }
    }
    (child.wait().expect("it ends").code().unwrap_or(-1), shown, asked)
}

#[test]
fn every_provider_is_asked_for_without_a_line_that_does_not_fit() {
    if !has_script() {
        return;
    }
    for vendor in provider::ALL {
        let contract = vendor.contract();
        for columns in [40, 60, 80, 120] {
            let (world, environment) = (World::new(), secrets(contract));
            let flags = format!("p --provider {}", contract.id);
            let typed = |key: &str, _| answer(contract, key);
            let (code, shown, asked) = on_terminal(&world, columns, &flags, &environment, &typed);
            assert_eq!(code, 0, "{}: {shown}", contract.id);
            let (questions, after) = shown.split_once("wrote profile").expect(&shown);
            for line in questions.split('\n').map(|line| line.trim_end_matches('\r')) {
                assert!(line.width() <= columns, "{}: {line:?}", contract.id);
            }
            // A question that is drawn again would be there more often than it was asked.
            for key in &asked {
                let drawn = questions.matches(&format!("\n{key}: ")).count()
                    + questions.matches(&format!("\n{key} [")).count();
                let times = asked.iter().filter(|known| *known == key).count();
                assert_eq!(drawn, times, "{}: `{key}` in {shown}", contract.id);
            }
            assert!(
                after.contains("herald profile check p") && after.contains("herald send"),
                "{after}"
            );
            let file = world.path(".config/herald/profiles.toml");
            let text = std::fs::read_to_string(file).expect("it was written");
            assert!(text.contains("mode = \"test\"") && text.contains("allow_to = ["), "{text}");
            let environment: Vec<(&str, &str)> =
                environment.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            let checked = world.run_with(&["profile", "check", "p"], &environment).ends_with(0);
            assert!(!checked.out.contains("warning: `allow_to`"), "{}", checked.out);
            try_out(&world, after);
        }
    }
}

/// Runs the line that it ends with.
fn try_out(world: &World, after: &str) {
    let line = after.split('`').find(|span| span.starts_with("herald send")).expect(after);
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    world.run(&words).ends_with(0);
}

#[test]
fn an_answer_that_cannot_be_is_asked_for_again_with_the_reason() {
    if !has_script() {
        return;
    }
    let world = World::new();
    world.write_private("profiles.toml", "[profiles.q]\nprovider = \"wildfire\"\n");
    let contract = provider::find("rongcloud").expect("it is there").contract();
    let typed = |key: &str, before: usize| {
        let answers: &[&str] = match key {
            "name" => &["", "q", "p"],
            "mode" => &["lively", "1"],
            "allow_to" => &["test-*", "usr:a", "user:test-*"],
            "app_key" => &["", "a\u{1}b", "x1"],
            "variable" => &["NOT_SET", "P_APP_SECRET"],
            "msg_random" => &["RC_SECRET", "on"],
            "endpoint" => &["mars", ""],
            _ => &[""],
        };
        answers.get(before).copied().unwrap_or_default().to_owned()
    };
    let flags = "--provider rongcloud --profiles profiles.toml";
    let (code, shown, asked) = on_terminal(&world, 80, flags, &secrets(contract), &typed);
    assert_eq!(code, 0, "{shown}");
    for (key, times) in [
        ("name", 3),
        ("mode", 2),
        ("allow_to", 3),
        ("app_key", 3),
        ("variable", 2),
        ("msg_random", 2),
        ("endpoint", 2),
    ] {
        assert_eq!(asked.iter().filter(|known| *known == key).count(), times, "{key}: {shown}");
    }
    for reason in [
        "there is a profile of this name",
        "there is no `lively` here",
        "`test-*` is not of the form",
        "nothing works without it",
        "NOT_SET is not set",
        "cannot be `RC_SECRET`",
    ] {
        assert!(shown.contains(reason), "{reason}: {shown}");
    }
    let text = std::fs::read_to_string(world.path("profiles.toml")).expect("it is there");
    assert!(text.contains("msg_random = \"on\"") && !text.contains("mars"), "{text}");
}

#[test]
fn flags_make_a_profile_and_ask_nothing() {
    for vendor in provider::ALL {
        let contract = vendor.contract();
        let (world, environment) = (World::new(), secrets(contract));
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let begin = ["profile", "init", "p", "--provider", contract.id];
        let mut flags: Vec<String> = begin.map(str::to_owned).to_vec();
        let needed: Vec<_> =
            contract.credentials.iter().filter(|row| row.is_needed(&|_| false)).collect();
        // With one key given, all others are named.
        let one = needed.iter().find(|row| !row.secret).expect("a key that is no secret");
        let first = format!("{}={}", one.name, answer(contract, one.name));
        let words: Vec<&str> = begin.into_iter().chain(["--set", first.as_str()]).collect();
        let missing = world.run_with(&words, &environment).ends_with(2);
        for row in &needed {
            let named = missing.err.contains(&format!("`{}`", row.name));
            assert_eq!(named, row.name != one.name, "{}: {}", row.name, missing.err);
            let flag = if row.secret { "--secret-env" } else { "--set" };
            let value = match row.secret {
                true => format!("{}={}", row.name, format!("P_{}", row.name).to_uppercase()),
                false => format!("{}={}", row.name, answer(contract, row.name)),
            };
            flags.extend([flag.to_owned(), value]);
        }
        assert!(!world.path(".config/herald/profiles.toml").exists(), "nothing is written");
        let words: Vec<&str> = flags.iter().map(String::as_str).collect();
        world.run_with(&words, &[]).ends_with(3).says("is not set");
        assert!(!world.path(".config/herald/profiles.toml").exists(), "nothing is written");
        let done = world.run_with(&words, &environment).ends_with(0);
        let text = std::fs::read_to_string(world.path(".config/herald/profiles.toml"));
        assert!(text.expect("it was written").contains("mode = \"test\""), "{}", contract.id);
        world.run_with(&["profile", "check", "p"], &environment).ends_with(0);
        try_out(&world, &done.err);
        world.run_with(&words, &environment).ends_with(3).says("already");
    }
}

#[test]
fn flags_are_judged_as_answers_are() {
    let world = World::new();
    let run = |more: &[&str]| {
        let begin = ["profile", "init", "p", "--provider", "rongcloud"];
        let words: Vec<&str> = begin.into_iter().chain(more.iter().copied()).collect();
        world.run_with(&words, &[("V", "s3cret")])
    };
    let key = ["--set", "app_key=k", "--secret-env", "app_secret=V"];
    for (more, words) in [
        (["--set", "app_secret=hunter2"], "`app_secret` is a secret"),
        (["--set", "app_kee=k"], "did you mean `app_key`?"),
        (["--set", "msg_random=RC_SECRET"], "cannot be `RC_SECRET`"),
        (["--set", "mode=liev"], "did you mean `live`?"),
        (["--set", "allow_to=bob"], "KIND:PATTERN"),
        (["--set", "endpoint=mars"], "mars"),
        (["--set", "max_targets=many"], "whole number"),
        (["--set", "app_key"], "KEY=VALUE"),
        (["--secret-env", "app_secrt=V"], "did you mean `app_secret`?"),
    ] {
        let all: Vec<&str> = key.into_iter().chain(more).collect();
        let refused = run(&all).ends_with(2).says(words);
        assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    }
    let more = ["--set", "mode=live", "--set", "max_targets=9", "--set", "endpoint=sg"];
    run(&key.into_iter().chain(more).collect::<Vec<_>>()).ends_with(0);
    world.run_with(&["profile", "show", "p"], &[]).ends_with(0).tells("live").tells("sg");
    let sandbox = ["profile", "init", "s", "--provider", "rongcloud", "--set", "mode=sandbox"];
    world.run(&sandbox).ends_with(0);
    world.run(&["profile", "check", "s"]).ends_with(0);
}

/// What is told of a new profile is what `profile check` tells of it.
#[test]
fn a_new_profile_is_judged_with_the_mode_that_it_gets() {
    for (more, warning) in [
        (&["--set", "allow_to=user:test-*"][..], None),
        (&[], Some("`allow_to` is empty")),
        (&["--set", "mode=live", "--set", "allow_to=user:a"], Some("counts in mode `test`")),
    ] {
        let world = World::new();
        let begin = ["profile", "init", "p", "--provider", "rongcloud", "--set", "app_key=k"];
        let words = [&begin[..], &["--secret-env", "app_secret=V"], more].concat();
        let made = world.run_with(&words, &[("V", "s3cret")]).ends_with(0);
        let checked = world.run_with(&["profile", "check"], &[("V", "s3cret")]).ends_with(0);
        for told in [&made.err, &checked.out] {
            assert_eq!(told.contains("`allow_to`"), warning.is_some(), "{more:?}: {told}");
            assert!(warning.is_none_or(|words| told.contains(words)), "{more:?}: {told}");
        }
    }
}

#[test]
fn without_a_terminal_the_template_has_every_key_that_is_needed() {
    for vendor in provider::ALL {
        let contract = vendor.contract();
        let world = World::new();
        let words = ["profile", "init", "p", "--provider", contract.id];
        let told = world.run(&words).ends_with(2).says("--secret-env");
        for row in contract.credentials.iter().filter(|row| row.is_needed(&|_| false)) {
            assert!(told.err.contains(&format!("{} = ", row.name)), "{}: {}", row.name, told.err);
        }
        assert!(told.err.contains("mode = \"test\""), "{}", told.err);
    }
    World::new().run(&["profile", "init"]).ends_with(2).says("--provider");
}

/// A live profile does not become the default by itself, and what is told is what `send` then uses.
#[test]
fn which_profile_is_the_default_is_told_and_a_live_one_has_to_be_asked_for() {
    let world = World::new();
    let path = world.path(".config/herald/profiles.toml");
    let init = |name: &str, more: &[&str]| {
        let begin = ["profile", "init", name, "--provider", "rongcloud", "--set", "app_key=k"];
        world.run_with(
            &[&begin[..], &["--secret-env", "app_secret=V"], more].concat(),
            &[("V", "s3cret")],
        )
    };
    let text = || std::fs::read_to_string(&path).expect("it was written");
    let live = ["--set", "mode=live"];
    let told =
        init("prod", &live).ends_with(0).says("`prod` is not made the default, since it is live");
    told.says("put `default = \"prod\"` at the top of").says("the only profile");
    assert!(!text().contains("default ="), "{}", text());
    init("dev", &[]).ends_with(0).says("`dev` is not made the default: add --profile");
    let send = ["send", "--from", "a", "--to", "user:test-b", "--text", "hi", "--dry-run"];
    world.run_with(&send, &[("V", "s3cret")]).ends_with(2).says("which profile is meant");
    // A file of its own for each way to a default.
    std::fs::remove_file(&path).expect("it is there");
    init("dev", &["--set", "allow_to=user:test-*"]).ends_with(0).says("`dev` is the default now");
    init("prod", &live).ends_with(0).says("the default is still `dev`");
    init("other", &["--default"]).ends_with(3).says("has the default `dev` already");
    world.run_with(&send, &[("V", "s3cret")]).ends_with(0).says("profile: dev");
    let named = world.run_with(&[&send[..], &["--profile", "dev"]].concat(), &[("V", "s3cret")]);
    assert!(!named.ends_with(0).err.contains("profile: dev"));
    std::fs::remove_file(&path).expect("it is there");
    init("dev", &["--set", "mode=sandbox"]).ends_with(0);
    world.write_private(".config/herald/profiles.toml", text().replace("default = \"dev\"\n", ""));
    init("prod", &["--set", "mode=live", "--default"])
        .ends_with(0)
        .says("`prod` is the default now");
    assert!(text().starts_with("default = \"prod\"\n"), "{}", text());
    let sent = ["send", "--profile", "dev", "--from", "a", "--to", "user:b", "--text", "hi"];
    assert!(!world.run(&sent).ends_with(0).err.contains("profile: "));
    let sent = world.run_with(&[&sent[..1], &sent[3..]].concat(), &[("HERALD_PROFILE", "dev")]);
    sent.ends_with(0).says("profile: dev");
}
