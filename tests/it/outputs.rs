//! Files that herald writes: whole, for their owner where they tell of people, and never through a link.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::support::{Run, World, files_below, finish, pipe};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

const BROADCAST: [&str; 10] = [
    "broadcast",
    "--sandbox",
    "--provider",
    "wildfire",
    "--from",
    "a",
    "--text",
    "x",
    "--targets",
    "list.txt",
];

/// The commands that write to a path, with what stands before it.
fn writers(world: &World) -> Vec<(Vec<&'static str>, &'static str)> {
    world.write("list.txt", "ann\nbob\n");
    world.write("p.json", "{}");
    vec![
        ([&BROADCAST[..], &["--results"]].concat(), ""),
        ([&BROADCAST[..], &["--plan"]].concat(), ""),
        (vec!["validate", "--as", "wildfire/send", "p.json", "--report"], "json="),
        (vec!["sandbox", "--memory", "--listen", "127.0.0.1:0", "--log"], ""),
    ]
}

fn write_to(world: &World, writer: &(Vec<&'static str>, &str), path: &str) -> Run {
    let path = format!("{}{path}", writer.1);
    world.run(&[&writer.0[..], &[&path]].concat())
}

#[test]
fn no_output_goes_through_a_link_wherever_that_leads() {
    let world = World::new();
    let victim = world.write("other/victim", "");
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o644)).expect("its owner");
    for writer in writers(&world) {
        for target in ["other/victim", "other/new", "link", "/dev/null", "other"] {
            symlink(target, world.path("link")).expect("a link");
            let run = write_to(&world, &writer, "link").ends_with(3);
            assert!(run.err.contains("it is a link"), "{:?}: {}", writer.0, run.err);
            assert!(fs::symlink_metadata(world.path("link")).expect("there").is_symlink());
            fs::remove_file(world.path("link")).expect("removed");
        }
        // A folder on the way is not a way out either: of the current folder, where there is no repository.
        symlink("/tmp", world.path("link")).expect("a link");
        write_to(&world, &writer, "link/x").ends_with(3).says("is a link out of");
        fs::remove_file(world.path("link")).expect("removed");
    }
    assert_eq!((files_below(&world.path("other")).len(), mode(&victim)), (1, 0o644));
    assert_eq!(fs::metadata(&victim).expect("a file").len(), 0);
}

#[test]
fn files_in_a_folder_that_is_named_go_through_no_link_either() {
    let world = World::new();
    let victim = world.write("victim", "precious");
    for (arguments, name) in [
        (&["completions", "man", "--dir", "out"][..], "herald.1"),
        (&["completions", "bash", "--dir", "out"], "herald.bash"),
        (&["schema", "--all", "out"], "wildfire/send.json"),
    ] {
        for target in [victim.clone(), world.path("new")] {
            let path = world.path("out").join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            symlink(target, &path).expect("a link");
            world.run(arguments).ends_with(3).says("is a link");
            fs::remove_dir_all(world.path("out")).expect("removed");
        }
        symlink("/tmp", world.path("out")).expect("a link");
        world.run(arguments).ends_with(3).says("is a link out of");
        fs::remove_file(world.path("out")).expect("removed");
        // A link to another folder of the same place is the user's own.
        fs::create_dir_all(world.path("real")).expect("a folder");
        symlink("real", world.path("out")).expect("a link");
        world.run(arguments).ends_with(0);
        assert!(world.path("real").join(name).is_file());
        fs::remove_file(world.path("out"))
            .and_then(|()| fs::remove_dir_all(world.path("real")))
            .expect("removed");
    }
    symlink(world.path("elsewhere"), world.path("wildfire")).expect("a link");
    fs::create_dir(world.path("elsewhere")).expect("a folder");
    world.run(&["schema", "--all", "."]).ends_with(3).says("is a link");
    assert!(files_below(&world.path("elsewhere")).is_empty());
    assert_eq!(fs::read_to_string(&victim).expect("a file"), "precious");
    assert!(!world.path("new").exists());
}

#[test]
fn what_tells_of_people_is_its_owner_s_whatever_the_umask_and_the_file_before() {
    let world = World::new();
    for writer in &writers(&world)[..2] {
        for _ in 0..2 {
            // The results of another job are not replaced.
            if writer.0.contains(&"--results") {
                let _ = fs::remove_file(world.path("out"));
            }
            write_to(&world, writer, "out").ends_with(0);
            assert_eq!(mode(&world.path("out")), 0o600, "{:?}", writer.0);
            fs::set_permissions(world.path("out"), fs::Permissions::from_mode(0o666))
                .expect("mine");
        }
        fs::remove_file(world.path("out")).expect("removed");
    }
    world.run(&["completions", "bash", "--dir", "shared"]).ends_with(0);
    let shared = mode(&world.path("shared/herald.bash"));
    let umask = fs::File::create(world.path("as-usual")).map(|_| mode(&world.path("as-usual")));
    assert_eq!(shared, umask.expect("a file"));
    let left = files_below(&world.path("")).into_iter();
    let left: Vec<_> = left.filter(|path| path.to_string_lossy().ends_with(".tmp")).collect();
    assert_eq!(left, [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn a_pipe_is_not_waited_for_and_a_folder_is_not_made() {
    let world = World::new();
    pipe(&world.path("pipe"));
    let (plan, others): (Vec<_>, Vec<_>) =
        writers(&world).into_iter().partition(|writer| writer.0.contains(&"--plan"));
    for writer in &others {
        write_to(&world, writer, "pipe").ends_with(3).says("no process reads from it");
    }
    for writer in plan.iter().chain(&others) {
        write_to(&world, writer, "no/such/dir/x").ends_with(3).says("no/such/dir/x");
        assert!(!world.path("no").exists());
    }
    // What is sent goes on into a pipe that is read.
    let script = r#"cat pipe > read & sleep 1; "$@"; wait"#;
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", script, "bash", env!("CARGO_BIN_EXE_herald")]);
    shell.args(BROADCAST).args(["--results", "pipe"]).env("HOME", world.path(""));
    let Ok(output) = shell.current_dir(world.path("")).output() else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = fs::read_to_string(world.path("read")).expect("results");
    assert_eq!(read.lines().count(), 2, "{read}");
    for name in ["/dev/stdout", "/dev/fd/1", "/dev/null"] {
        let run = world.run(&[&BROADCAST[..], &["--results", name]].concat()).ends_with(0);
        assert_eq!(run.out.contains("\"target\":\"user:ann\""), name != "/dev/null", "{}", run.out);
    }
}

#[test]
fn results_of_a_refused_job_replace_nothing_and_leave_nothing() {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n");
    let results = world.path("r.ndjson");
    world.run(&[&BROADCAST[..], &["--results", "r.ndjson"]].concat()).ends_with(0);
    let before = fs::read_to_string(&results).expect("results");
    // A refused job leaves what is there, and nothing beside it.
    world.write("bad.txt", "\u{7}\n");
    let bad = |name| world.run(&[&BROADCAST[..9], &["bad.txt", "--results", name]].concat());
    bad("r.ndjson").ends_with(2).says("the results of another job");
    bad("new.ndjson").ends_with(3);
    assert!(!world.path("new.ndjson").exists());
    assert_eq!(fs::read_to_string(&results).expect("results"), before);
    let hidden = |path: &std::path::PathBuf| path.to_string_lossy().contains(".herald-");
    assert!(!files_below(&world.path("")).iter().any(hidden));
}

#[test]
fn a_relative_home_is_no_home() {
    let world = World::new();
    let profile = "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\nsecret = { command = [\"touch\", \"ran\"] }\n";
    for place in [".config/herald/profiles.toml", "rel/herald/profiles.toml"] {
        world.write_private(place, profile);
    }
    for (home, xdg) in
        [(".", None), ("", None), ("./", Some("rel")), ("..", Some("./rel")), (".", Some(""))]
    {
        let mut command = world.command();
        command.env("HOME", home);
        if let Some(xdg) = xdg {
            for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
                command.env(name, xdg);
            }
        }
        let before = files_below(&world.path(""));
        let send = ["send", "--from", "a", "--to", "b", "--text", "x"];
        let run = finish(command.args(send)).ends_with(2).says("neither a profile");
        assert!(!run.err.contains("127.0.0.1"), "{home}: {}", run.err);
        assert_eq!(
            files_below(&world.path("")),
            before,
            "{home}: a command ran, or state was made"
        );
    }
    // An absolute folder of configuration is one, whatever the home.
    let mut command = world.command();
    command.env("HOME", ".").env("XDG_CONFIG_HOME", world.path("rel"));
    let run = finish(command.args(["profile", "list"])).ends_with(0);
    assert!(run.out.contains("wildfire"), "{}", run.out);
}

#[test]
fn a_report_replaces_nothing_that_is_read() {
    let world = World::new();
    world.write("in.json", "{\"platform\":\"all\"}");
    for path in ["in.json", "./in.json"] {
        let report = format!("sarif={path}");
        let words = ["validate", "--as", "jpush-v3/push", "in.json", "--report", &report];
        world.run(&words).ends_with(3).says("is a file that is linted, and would be replaced");
    }
    let kept = std::fs::read_to_string(world.path("in.json")).expect("it is there");
    assert_eq!(kept, "{\"platform\":\"all\"}");
}

#[test]
fn a_ledger_is_a_file() {
    let world = World::new();
    let words = ["send", "--sandbox", "--provider", "wildfire", "--from", "a", "--to", "b"];
    let ledger = ["--text", "x", "--ledger", "postgres://u:CANARY@127.0.0.1:1/db"];
    let run = world.run(&[&words[..], &ledger].concat()).ends_with(2).says("names an address");
    assert!(!run.err.contains("CANARY"), "{run:?}");
    assert!(!world.path("postgres:").exists());
}

#[test]
fn a_target_that_is_named_twice_gets_one_message() {
    let world = World::new();
    let words = ["send", "--sandbox", "--provider", "wildfire", "--from", "a", "--text", "x"];
    let to = ["--to", "group:g", "--to", "group:g", "--output", "json"];
    let run = world.run(&[&words[..], &to].concat()).ends_with(0).says("are left out");
    assert!(run.json().get("results").is_none(), "one request: {run:?}");
}

const FORMATS: [&str; 7] = ["human", "json", "ndjson", "sarif", "junit", "github", "gitlab"];

#[test]
fn a_report_replaces_reports_in_its_own_format_and_empty_files_alone() {
    let world = World::new();
    let payload = "{\"sender\":5,\"conv\":{}}";
    world.write("p/v.json", payload);
    let validate = |more: &[&str]| {
        world.run(&[&["validate", "--as", "wildfire/send", "p/v.json"][..], more].concat())
    };
    for format in FORMATS {
        let wish = |path: &str| format!("{format}={path}");
        // Twice in the folder that is walked, and into an empty file.
        world.write("p/empty.json", "");
        for path in ["p/report.json", "p/report.json", "p/empty.json"] {
            validate(&["--report", &wish(path)]).ends_with(1);
            assert!(fs::metadata(world.path(path)).expect("a report").len() > 0, "{format} {path}");
        }
        // Human and GitHub reports end in the same way.
        let others = FORMATS.iter().filter(|other| {
            **other != format && ![**other, format].iter().all(|f| ["human", "github"].contains(f))
        });
        for other in others {
            validate(&["--report", &format!("{other}=p/report.json")])
                .ends_with(3)
                .says("and would be replaced by the report");
        }
        fs::remove_file(world.path("p/report.json")).expect("removed");
        fs::remove_file(world.path("p/empty.json")).expect("removed");
    }
    assert_eq!(fs::read_to_string(world.path("p/v.json")).expect("a file"), payload);
}

#[test]
fn a_report_replaces_no_input_no_settings_and_nothing_of_others() {
    let world = World::new();
    let files = [
        ("p/v.json", "{\"sender\":\"a\"}"),
        ("p/empty.json", ""),
        ("p/w.ndjson", "{\"sender\":\"a\"}\n"),
        ("herald.toml", ""),
        ("my.toml", ""),
        ("README.md", "# Read me\n"),
        ("gbk.txt", "\u{0}\u{1}\n"),
        (
            "other.sarif",
            "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"x\"}}}]}",
        ),
    ];
    for (name, text) in files {
        world.write(name, text);
    }
    fs::hard_link(world.path("p/empty.json"), world.path("same")).expect("a link");
    symlink("p/empty.json", world.path("link")).expect("a link");
    symlink("p", world.path("q")).expect("a link");
    let start = ["validate", "--as", "wildfire/send", "--profiles", "my.toml", "p", "p/empty.json"];
    for path in [
        "p/v.json",
        "./p/../p/v.json",
        "q/v.json",
        "p/empty.json",
        "same",
        "link",
        "p/w.ndjson",
        "herald.toml",
        "p/herald.toml",
        "my.toml",
        "README.md",
        "gbk.txt",
        "other.sarif",
        "p",
    ] {
        for format in FORMATS {
            let wish = format!("{format}={path}");
            // A report that could be written is not written either.
            let run = world.run(&[&start[..], &["--report", "json=r", "--report", &wish]].concat());
            assert_eq!((run.code, run.out.as_str()), (3, ""), "{wish}: {}", run.err);
        }
    }
    for (name, text) in files {
        assert_eq!(fs::read_to_string(world.path(name)).expect("a file"), text, "{name}");
    }
    assert!(!world.path("r").exists() && !world.path("p/herald.toml").exists());
    // Two on one path are wrong usage, however it is spelt.
    for (one, other) in [("r", "r"), ("r", "./r"), ("p/r", "q/r"), ("same", "p/empty.json")] {
        let (one, other) = (format!("json={one}"), format!("sarif={other}"));
        let run = world.run(&[&start[..], &["--report", &one, "--report", &other]].concat());
        run.ends_with(2).says("two reports go to");
    }
}

#[test]
fn no_output_replaces_or_continues_a_file_with_other_content() {
    let world = World::new();
    for name in ["v.json", "list.txt", "herald.toml"] {
        for (writer, refusal) in writers(&world).iter().zip(&[2, 2, 3, 3]) {
            world.write("v.json", "{\"sender\":\"a\"}");
            world.write("herald.toml", "");
            let before = fs::read(world.path(name)).expect("a file");
            let run = write_to(&world, writer, name).ends_with(*refusal);
            run.says("and would be replaced by the");
            assert_eq!(fs::read(world.path(name)).expect("a file"), before, "{:?}", writer.0);
        }
    }
    // Files that have the names of what is written into a folder.
    world.run(&["schema", "--all", "out"]).ends_with(0);
    world.run(&["completions", "man", "--dir", "out"]).ends_with(0);
    for (arguments, name) in [
        (&["schema", "--all", "out"][..], "out/wildfire/send.json"),
        (&["completions", "man", "--dir", "out"], "out/herald-send.1"),
        (&["completions", "zsh", "--dir", "out"], "out/_herald"),
    ] {
        for _ in 0..2 {
            world.run(arguments).ends_with(0);
        }
        world.write(name, "{\"sender\":\"a\"}");
        let first = world.path("out/easemob/broadcast-all.json");
        fs::remove_file(&first).expect("removed");
        world.run(arguments).ends_with(3).says("and would be replaced");
        assert_eq!(fs::read(world.path(name)).expect("a file"), b"{\"sender\":\"a\"}");
        assert!(!first.exists(), "nothing was written");
        fs::remove_file(world.path(name)).expect("removed");
        world.run(&["schema", "--all", "out"]).ends_with(0);
    }
}
