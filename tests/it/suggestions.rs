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
