//! What a link in a folder of others brings in: nothing.

#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::{Run, World, finish, pipe};

const GOOD: &str = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;

/// What must be nowhere in what is printed.
const CANARY: &str = "c4n4ry";

const FORMATS: [&str; 7] = ["human", "json", "ndjson", "sarif", "junit", "github", "gitlab"];

/// A checked out pull request, and files that are none of it.
fn checked_out() -> World {
    let world = World::new();
    for name in ["outside/gcp.json", "repo/.git/config", "repo/.env"] {
        world.write(name, format!("{{\"private_key\": \"{CANARY}\"}}\n[x]\nkey = {CANARY}\n"));
    }
    world.write("repo/payloads/good.json", GOOD);
    world
}

fn link(world: &World, target: impl AsRef<Path>, name: &str) {
    symlink(target, world.path(name)).expect("a link");
}

fn validate(world: &World, arguments: &[&str]) -> Run {
    let mut command = world.command();
    command.current_dir(world.path("repo")).env("HIDDEN", CANARY).arg("validate");
    let run = finish(command.args(arguments));
    assert!(!run.out.contains(CANARY) && !run.err.contains(CANARY), "{run:?}");
    run
}

#[test]
fn a_link_out_of_a_folder_is_one_finding_in_every_format_and_its_file_in_none() {
    let outside = |world: &World| world.path("outside/gcp.json");
    let targets: &[&dyn Fn(&World) -> std::path::PathBuf] = &[
        &|_| "../.git/config".into(),
        &|_| "../../outside/gcp.json".into(),
        &outside,
        &|_| "/proc/self/environ".into(),
        &|_| "/dev/zero".into(),
        &|_| "nowhere".into(),
        &|_| "x.ndjson".into(),
    ];
    for target in targets {
        for name in ["x.ndjson", "x.json"] {
            let world = checked_out();
            link(&world, target(&world), &format!("repo/payloads/{name}"));
            for format in FORMATS {
                let report = format!("{format}=report.out");
                let _ = std::fs::remove_file(world.path("repo/report.out"));
                let output = if format == "human" { "table" } else { format };
                for more in [&["--output", output][..], &["--report", &report]] {
                    let run = validate(&world, &[&["payloads"], more].concat()).ends_with(1);
                    let written = std::fs::read_to_string(world.path("repo/report.out"));
                    let told = run.out + &written.unwrap_or_default();
                    assert!(!told.contains(CANARY), "{told}");
                    assert!(told.contains("json/link") && told.contains(name), "{told}");
                }
            }
            let found = validate(&world, &["payloads", "--output", "json"]).json();
            assert_eq!(found["summary"]["errors"], 1, "{found}");
            assert_eq!(found["summary"]["files"], 1, "the file beside it is linted: {found}");
            validate(&world, &["--as", "wildfire/send", "payloads"]).ends_with(1);
            // The repository as a whole has the same links in it; those that stay in it are read, others are not.
            validate(&world, &["."]);
        }
    }
}

#[test]
fn a_folder_that_is_a_link_is_not_walked_into_and_loops_end() {
    let world = checked_out();
    link(&world, "../../outside", "repo/payloads/out");
    link(&world, "..", "repo/payloads/loop");
    link(&world, ".", "repo/payloads/self");
    let found = validate(&world, &["payloads", "--output", "json"]).ends_with(1).json();
    assert_eq!(found["findings"].as_array().map(Vec::len), Some(3), "{found}");
    // Named, it is a link like any other.
    link(&world, "../outside", "repo/named");
    for path in ["named", "named/", "named/gcp.json", "payloads/out", "payloads/out/../outside"] {
        validate(&world, &[path]).ends_with(3).tells("--allow-path");
    }
    let allowed = world.path("outside").display().to_string();
    let run = finish(world.command().current_dir(world.path("repo")).args([
        "validate",
        "named",
        "--allow-path",
        &allowed,
    ]));
    run.ends_with(1).says("");
}

#[test]
fn a_named_link_leads_as_far_as_the_repository_and_an_allowed_folder() {
    let world = checked_out();
    world.write("outside/good.json", GOOD);
    world.write("outside/list.txt", "ann\nbob\n");
    link(&world, "payloads/good.json", "repo/in.json");
    link(&world, "../outside/good.json", "repo/out.json");
    link(&world, "../outside/list.txt", "repo/list.txt");
    link(&world, ".git/config", "repo/git.json");
    link(&world, "/proc/self/environ", "repo/env.ndjson");
    let allow = ["--allow-path", "../outside"];
    validate(&world, &["in.json"]).ends_with(0);
    validate(&world, &["out.json"]).ends_with(3).tells("--allow-path");
    validate(&world, &[&["out.json"], &allow[..]].concat()).ends_with(0);
    for name in ["git.json", "env.ndjson"] {
        validate(&world, &[&[name], &allow[..]].concat()).ends_with(3).tells("outside");
    }
    let at_home = ["--sandbox", "--provider", "wildfire"];
    let run = |arguments: &[&str]| {
        let mut command = world.command();
        finish(command.current_dir(world.path("repo")).args(arguments).args(at_home))
    };
    let send = ["send", "--body"];
    run(&[&send[..], &["in.json"]].concat()).ends_with(0);
    run(&[&send[..], &["out.json"]].concat()).ends_with(3).says("--allow-path");
    run(&[&send[..], &["out.json"], &allow].concat()).ends_with(0);
    run(&[&send[..], &["git.json"]].concat()).ends_with(3).says("outside");
    let list = ["broadcast", "--from", "a", "--text", "x", "--targets"];
    run(&[&list[..], &["list.txt"]].concat()).ends_with(3).says("--allow-path");
    run(&[&list[..], &["list.txt"], &allow].concat()).ends_with(0);
    run(&[&list[..], &["/dev/zero"]].concat()).ends_with(3).says("not a regular file");
}

#[test]
fn pipes_are_read_where_they_are_stdin_s_like_and_never_waited_for() {
    let world = checked_out();
    pipe(&world.path("repo/payloads/p.json"));
    let found = validate(&world, &["payloads", "--output", "json"]).ends_with(0).json();
    assert_eq!(found["findings"][0]["code"], "json/not-a-file");
    assert_eq!(found["summary"]["warnings"], 1, "{found}");
    validate(&world, &["payloads/p.json"]).ends_with(3).tells("not a regular file");
    let substitution =
        r#"exec "$0" validate --as wildfire/send <(printf '%s' "$1") /dev/stdin <<< "$1""#;
    let mut bash = std::process::Command::new("bash");
    bash.args(["-c", substitution, env!("CARGO_BIN_EXE_herald"), GOOD]);
    let Ok(output) = bash.current_dir(world.path("repo")).output() else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 files, 2 payloads"), "{said}");
}

#[test]
fn settings_and_ignore_files_are_no_way_in_either() {
    for target in ["/dev/zero", "../outside/gcp.json", ".git/config", "/proc/self/environ"] {
        let world = checked_out();
        link(&world, target, "repo/herald.toml");
        validate(&world, &["payloads"]).ends_with(3).says("herald.toml is a link");
        let world = checked_out();
        link(&world, target, "repo/payloads/.gitignore");
        validate(&world, &["payloads"]).ends_with(1);
        let world = checked_out();
        link(&world, target, "repo/.gitignore");
        validate(&world, &["payloads"]).tells(if target == ".git/config" {
            ""
        } else {
            ".gitignore"
        });
    }
    let world = checked_out();
    pipe(&world.path("repo/herald.toml"));
    validate(&world, &["payloads"]).ends_with(3).says("not a regular file");
    let world = checked_out();
    let file = std::fs::File::create(world.path("repo/herald.toml")).expect("a file");
    file.set_len(1 << 40).expect("a sparse file");
    validate(&world, &["payloads"]).ends_with(3).says("larger than 1 MiB");
}

#[test]
fn a_file_that_is_swapped_for_a_link_while_it_is_linted_is_never_followed() {
    let world = checked_out();
    let (file, away) = (world.path("repo/payloads/x.ndjson"), world.path("repo/away"));
    std::fs::write(&file, GOOD).expect("a file");
    std::fs::create_dir(&away).expect("a folder");
    let swapped = std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let swapping = scope.spawn(move || {
            let mut times = 0;
            // Ends with the other end of the channel, also where that panics.
            while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                for leads_out in [true, false] {
                    let fresh = away.join("next");
                    let made = if leads_out {
                        symlink("../../outside/gcp.json", &fresh)
                    } else {
                        std::fs::write(&fresh, GOOD)
                    };
                    made.and_then(|()| std::fs::rename(&fresh, &file)).expect("it is swapped");
                    times += 1;
                }
            }
            times
        });
        for _ in 0..40 {
            validate(&world, &["payloads"]);
            validate(&world, &["payloads/x.ndjson"]);
        }
        drop(stop);
        swapping.join().expect("it ends")
    });
    assert!(swapped > 0);
}
