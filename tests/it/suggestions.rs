//! Commands that herald suggests: pasted into a shell as they are, they work on what the command at hand worked on.

use std::process::{Command, Stdio};

use crate::support::{Run, World, finish};

/// The suggested commands of a text, without the name of the program.
pub(crate) fn suggested(text: &str) -> Vec<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    spans.filter_map(|span| span.strip_prefix("herald ")).collect()
}

/// Pastes a command into a shell.
pub(crate) fn paste(world: &World, line: &str) -> Run {
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
                    "has no value",
                    "takes no `",
                    "is due",
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

/// The commands in backticks in string literals of a source file, each with the places of what is filled in, as `{}`.
fn written_in(text: &str) -> Vec<String> {
    let without_comments: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let text = without_comments.join("\n");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    let spans = text.split("`herald ").skip(1).filter_map(|after| after.split('`').next());
    // A backslash at a line end joins a literal's lines.
    let joined = |span: &str| {
        span.split("\\\n").map(str::trim_start).collect::<Vec<_>>().concat().replace('\n', " ")
    };
    spans.map(joined).collect()
}

#[test]
fn no_command_with_the_programs_name_has_words_that_stand_for_others_or_lacks_some() {
    let world = World::new();
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for path in crate::support::files_below(&src) {
        let name = path.display().to_string();
        // These are texts about outputs, and are not shown by a command that has something to advise.
        if !name.ends_with(".rs") || name.contains("/tests") || name.ends_with("schema/output.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        for command in written_in(&text) {
            // What is filled in at run time has a name in braces.
            let fixed: String = command
                .split('{')
                .map(|part| part.split('}').next_back().unwrap_or_default())
                .collect();
            let words = fixed.split(|c: char| !c.is_alphanumeric() && c != '-');
            let stands = |word: &str| {
                word.chars().any(char::is_alphabetic)
                    && word.chars().all(|c| c.is_ascii_uppercase())
            };
            let found: Vec<&str> = words.filter(|word| stands(word)).collect();
            assert!(found.is_empty() && !command.contains('…'), "{name}: `{command}`");
            seen += 1;
            // A server would not end.
            if command.contains('{') || command == "sandbox" {
                continue;
            }
            let run = paste(&world, &command);
            let lacks = ["required arguments", "has no value", "add --set"];
            assert!(!lacks.iter().any(|words| run.err.contains(words)), "{name}: {}", run.err);
        }
    }
    assert!(seen > 30, "{seen}");
}
