//! Commands that herald suggests: pasted into a shell as they are, they work on what the command at hand worked on.

use std::process::{Command, Stdio};

use crate::support::{Run, World, finish};

/// The suggested commands of a text, without the name of the program.
fn suggested(text: &str) -> Vec<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    spans.filter_map(|span| span.strip_prefix("herald ")).collect()
}

/// Pastes a command into a shell.
fn paste(world: &World, line: &str) -> Run {
    let line = line.trim_start_matches("herald ");
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &format!("{} {line}", env!("CARGO_BIN_EXE_herald"))])
        .env_clear()
        .env("HOME", world.path(""))
        .current_dir(world.path(""))
        .stdin(Stdio::null());
    finish(&mut shell)
}

/// Profiles in a file whose name needs quotes in a shell.
fn world() -> World {
    let world = World::new();
    world.write_private(
        "my profiles.toml",
        "[profiles.inside]\nprovider = \"wildfire\"\nmode = \"sandbox\"\nendpoint = \"http://127.0.0.1:1\"\n\
         [profiles.other]\nprovider = \"jmessage\"\nmode = \"sandbox\"\n",
    );
    world
}

#[test]
fn each_suggestion_repeats_the_flags_of_the_command_at_hand() {
    let world = world();
    let places: [&[&str]; 3] = [
        &["--sandbox", "--provider", "wildfire"],
        &["--sandbox", "--provider", "wildfire", "--ledger", "its own.db"],
        &["--profiles", "my profiles.toml", "--profile", "inside", "--ledger", "other's.db"],
    ];
    for place in places {
        let run = |words: &[&str]| world.run(&[words, place].concat());
        let send = ["send", "--from", "a", "--to", "b", "--text", "x", "--output", "json"];
        let sent = run(&send).ends_with(0).json();
        let line = sent["recall"]["command"].as_str().expect("a command");
        assert!(line.contains("--sandbox"), "{line}");
        paste(&world, line).ends_with(0);
        let list = ["broadcast", "--from", "a", "--to", "b", "--to", "c", "--text", "x"];
        let plan = run(&[&list[..], &["--plan", "a plan"]].concat()).ends_with(0);
        let apply = suggested(&plan.err).into_iter().find(|line| line.starts_with("apply"));
        let apply = apply.expect("how it is sent");
        paste(&world, apply).ends_with(0);
        let again = paste(&world, apply).ends_with(3);
        let [show, resume] = suggested(&again.err).try_into().expect("two ways on");
        paste(&world, show).ends_with(0).tells("wildfire/multicast");
        paste(&world, resume).ends_with(0).tells("2 of 2 targets");
        std::fs::remove_file(world.path("a plan")).expect("the plan");
    }
}

#[test]
fn a_document_for_scripts_has_the_same_suggestions() {
    let place = ["--profiles", "my profiles.toml", "--profile", "inside", "--output", "json"];
    let unknown =
        world().run(&[&["history", "show", "00000000"][..], &place].concat()).ends_with(2);
    let document = unknown.json();
    let help = document["error"]["help"].as_str().expect("a help");
    let line = "herald history --sandbox --profile inside --profiles 'my profiles.toml'";
    assert!(help.starts_with(&format!("`{line}` lists them; ")), "{help}");
}

/// Commands of all verbs whose output suggests what to do next, in the order in which they are run.
const TALKS: &[(&[&str], i32)] = &[
    (&["send", "--from", "a", "--to", "b", "--text", "x"], 0),
    (&["send", "--from", "a", "--to", "b", "--text", "x", "--dry-run"], 0),
    (&["history"], 0),
    (&["history", "show", "00000000"], 2),
    (&["history", "list", "--job", "nothing"], 2),
    (&["recall", "--last"], 0),
    (&["recall", "--last"], 0),
    (&["recall", "--job", "nothing"], 2),
    (&["history", "resolve", "nothing", "--accepted"], 2),
    (&["stop", "nothing"], 2),
    (&["broadcast", "--resume", "nothing"], 2),
    (&["broadcast", "--from", "a", "--to", "b", "--to", "c", "--text", "x", "--job", "spring"], 0),
    (&["broadcast", "--resume", "spring"], 0),
    (&["broadcast", "--resume", "spring", "--dry-run"], 2),
    (&["stop", "spring"], 2),
    (&["history", "resolve", "spring", "--not-accepted"], 2),
    (&["history", "show", "spring"], 0),
    (&["history", "--job", "spring", "--failed", "--as", "targets"], 0),
    (&["jobs"], 0),
    (&["recall", "--job", "spring", "--to", "stranger"], 2),
    (&["recall", "--job", "spring"], 0),
    (&["recall", "--job", "spring"], 0),
    (&["recall", "--job", "recall-spring"], 2),
    (&["broadcast", "--from", "a", "--to", "b", "--to", "c", "--text", "x", "--plan", "p.plan"], 0),
    (&["apply", "p.plan", "--dry-run"], 0),
    (&["apply", "p.plan"], 0),
    (&["apply", "p.plan"], 3),
    (&["history", "prune", "--older-than", "1d", "--dry-run"], 0),
    (&["get", "--last"], 0),
];

#[test]
fn every_suggestion_runs_as_it_stands() {
    let mut pasted = 0;
    for provider in ["wildfire", "rongcloud"] {
        let world = World::new();
        for (words, code) in TALKS {
            let place = ["--sandbox", "--provider", provider];
            let run = world.run(&[words, &place[..]].concat()).ends_with(*code);
            let text = format!("{}\n{}", run.out, run.err).replace('\n', " ");
            // A sandbox serves until somebody stops it.
            let all = suggested(&text).into_iter().filter(|line| !line.starts_with("sandbox"));
            for line in all {
                let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
                let is_form = line.split(' ').any(|word| {
                    word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
                });
                assert!(!is_form, "{words:?} suggests a form, no command: {line}");
                // What one does must not change what the next one finds.
                let copy = World::new();
                let from = format!("{}/.", world.path("").display());
                let copied = Command::new("cp").args(["-a", &from]).arg(copy.path("")).status();
                assert!(copied.expect("cp").success());
                let ran = paste(&copy, &line);
                let told = format!("{}{}", ran.out, ran.err);
                for fault in [
                    "unexpected argument",
                    "required arguments",
                    "unrecognized",
                    "invalid value",
                    "there is no ledger entry",
                    "there is no job",
                ] {
                    assert!(!told.contains(fault), "{words:?} suggests `{line}`:\n{told}");
                }
                pasted += 1;
            }
        }
    }
    assert!(pasted > 30, "only {pasted} suggestions");
}
