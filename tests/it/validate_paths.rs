//! Paths in the reports of `herald validate`: one spelling for each file, in every format.

use std::fs;

use serde_json::{Value, json};

use crate::support::World;

/// A payload with one error, which is on the file's first line.
const BAD: &str = r#"{"sender":5,"conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;

/// A repository `repo` with a payload at `repo/SUBFOLDER/NAME`, and a folder beside it.
fn repository(name: &str) -> World {
    let world = World::new();
    fs::create_dir_all(world.path("repo/.git")).expect("a folder");
    fs::create_dir_all(world.path("repo/p/q")).expect("a folder");
    fs::create_dir_all(world.path("beside")).expect("a folder");
    world.write(&format!("repo/p/q/{name}"), BAD);
    world
}

/// What a format says in `folder` of the file: `validate` with these paths.
fn told(world: &World, folder: &str, format: &str, paths: &[&str]) -> String {
    let mut command = world.command();
    command.current_dir(world.path(folder)).args(["validate", "--output", format]).args(paths);
    crate::support::finish(&mut command).ends_with(1).out
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn word(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// What the runner of GitHub reads from the property `file` of the first command.
fn github_file(text: &str) -> String {
    let (_, rest) = text.split_once("file=").expect("a file");
    let (file, _) = rest.split_once([',', ':']).expect("another property");
    let decoded = file.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":");
    decoded.replace("%2C", ",").replace("%25", "%")
}

/// What a reader of XML takes for the value of an attribute.
fn junit_suite(text: &str) -> String {
    let (_, rest) = text.split_once("<testsuite name=\"").expect("a suite");
    let (name, _) = rest.split_once('"').expect("an end");
    let name = name.replace(['\n', '\t'], " ");
    let name = name.replace("&#10;", "\n").replace("&#13;", "\r").replace("&#9;", "\t");
    name.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The paths in the reports for tools that know the repository: SARIF, GitHub, GitLab.
fn in_repository(world: &World, folder: &str, paths: &[&str]) -> [String; 3] {
    let sarif = parsed(&told(world, folder, "sarif", paths));
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let gitlab = parsed(&told(world, folder, "gitlab", paths));
    [
        word(&place["artifactLocation"]["uri"]),
        github_file(&told(world, folder, "github", paths)),
        word(&gitlab[0]["location"]["path"]),
    ]
}

#[test]
fn tools_that_know_the_repository_get_paths_from_its_root_however_they_are_spelt() {
    let world = repository("a.json");
    let absolute = world.path("repo/p/q").display().to_string();
    for (folder, path) in [
        ("repo", "p//q"),
        ("repo", "./p/./q/a.json"),
        ("repo", "p/../p/q"),
        ("repo", "p/q/.."),
        ("repo", "."),
        ("repo", absolute.as_str()),
        ("repo/p", "q"),
        ("repo/p", "../p"),
        ("repo/p/q", "."),
        ("repo/p/q", "../q/a.json"),
        ("repo/p/q", "../.."),
        (".", "repo"),
        ("beside", "../repo/p"),
    ] {
        let expected = ["p/q/a.json"; 3].map(str::to_owned);
        assert_eq!(in_repository(&world, folder, &[path]), expected, "{folder}: {path}");
    }
    // What is in no repository is relative to the working folder, or absolute.
    world.write("beside/b.json", BAD);
    let expected = ["beside/b.json"; 3].map(str::to_owned);
    assert_eq!(in_repository(&world, ".", &["repo/../beside//b.json"]), expected);
    let real = fs::canonicalize(world.path("beside/b.json")).expect("a path").display().to_string();
    let expected = [format!("file://{real}"), real.clone(), real];
    assert_eq!(in_repository(&world, "repo", &["../beside"]), expected);
    // A repository in the one of the run, as a submodule is.
    fs::create_dir_all(world.path("repo/sub/.git")).expect("a folder");
    world.write("repo/sub/s.json", BAD);
    assert_eq!(in_repository(&world, "repo", &["sub"])[2], "sub/s.json");
    assert_eq!(in_repository(&world, "repo/sub", &["."])[2], "s.json");
}

#[test]
fn people_and_scripts_get_the_path_as_they_named_it_made_plain() {
    let world = repository("a.json");
    let name = |folder: &str, path: &str| {
        let names = [
            word(&parsed(&told(&world, folder, "json", &[path]))["findings"][0]["file"]),
            junit_suite(&told(&world, folder, "junit", &[path])),
        ];
        assert_eq!(names[0], names[1], "{folder}: {path}");
        let human = told(&world, folder, "table", &[path]);
        assert!(human.contains(&format!("--> {}:1:", names[0])), "{human}");
        names[0].clone()
    };
    for (folder, path, expected) in [
        ("repo", "p//q", "p/q/a.json"),
        ("repo", "./p/./q//a.json", "./p/q/a.json"),
        ("repo", ".", "./p/q/a.json"),
        ("repo/p", "./../p", "../p/q/a.json"),
        ("repo/p", "q/../../p/q", "../p/q/a.json"),
        ("beside", ".././repo/p/", "../repo/p/q/a.json"),
    ] {
        assert_eq!(name(folder, path), expected, "{folder}: {path}");
    }
    let absolute = world.path("repo/p/q/a.json").display().to_string();
    assert_eq!(name("repo", &absolute.replace("/p/", "/./p//")), absolute);
}

#[test]
fn a_file_counts_once_however_often_and_however_it_is_named() {
    let world = repository("a.json");
    world.write("repo/p/q/package.json", "{}");
    let absolute = world.path("repo/p/q/a.json").display().to_string();
    let summary = |code: i32, paths: &[&str]| {
        let mut command = world.command();
        command.current_dir(world.path("repo")).args(["validate", "--output", "json"]).args(paths);
        let report = crate::support::finish(&mut command).ends_with(code).json();
        let count = |key: &str| report["summary"][key].as_u64().expect("a number");
        [count("files"), count("payloads"), count("errors"), count("warnings"), count("excluded")]
    };
    let named = ["p/q/a.json", "./p/q/a.json", "p//q/../q/a.json", &absolute];
    assert_eq!(summary(1, &named), [1, 1, 1, 0, 0]);
    assert_eq!(summary(1, &["p"]), [2, 1, 1, 1, 0]);
    assert_eq!(summary(1, &["p", "p/q", ".", "p/q/a.json"]), [2, 1, 1, 1, 0]);
    // What is named counts as named, also if a walk finds it first.
    for paths in [["p", "p/q/package.json"], ["p/q/package.json", "p"]] {
        assert_eq!(summary(1, &paths), [2, 1, 2, 0, 0], "{paths:?}");
    }
    for paths in [["p", "p/q/a.json"], ["p/q/a.json", "p"]] {
        let exclude = [&paths[..], &["--exclude", "p/q/*.json"]].concat();
        assert_eq!(summary(1, &exclude), [1, 1, 1, 0, 1], "{paths:?}");
    }
    assert_eq!(summary(3, &["p", "./p", "--exclude", "**/*.json"]), [0, 0, 1, 0, 2]);
    assert_eq!(summary(3, &["p/none.json", "p/../p/none.json"]), [0, 0, 1, 0, 0]);
}

#[cfg(unix)]
#[test]
fn folders_behind_links_count_once_and_have_the_path_that_they_have_in_the_repository() {
    let world = repository("a.json");
    fs::create_dir_all(world.path("repo/deep/er")).expect("a folder");
    std::os::unix::fs::symlink("../../p", world.path("repo/deep/er/link")).expect("a link");
    for path in ["deep/er/link", "deep/er/link/q/a.json", "deep/er/link/../p/q"] {
        assert_eq!(in_repository(&world, "repo", &[path])[2], "p/q/a.json", "{path}");
    }
    // The file that `..` after a link leads to, and not the one that its letters lead to.
    let report = parsed(&told(&world, "repo", "json", &["deep/er/link/../p/q", "p/q", "."]));
    assert_eq!(report["summary"]["files"], 1);
    let name = word(&report["findings"][0]["file"]);
    assert!(name.ends_with("/repo/p/q/a.json"), "{name}");
}

#[cfg(unix)]
#[test]
fn every_format_has_the_name_of_a_file_as_it_is() {
    use std::os::unix::ffi::OsStrExt as _;
    for (name, uri) in [
        ("100%.json", "100%25.json"),
        ("a%0A,b.json", "a%250A%2Cb.json"),
        ("a:b.json", "a%3Ab.json"),
        (" a b .json", "%20a%20b%20.json"),
        ("你好.json", "%E4%BD%A0%E5%A5%BD.json"),
        ("a\nb\r\n\tc.json", "a%0Ab%0D%0A%09c.json"),
        ("<a>&\"'.json", "%3Ca%3E%26%22%27.json"),
        ("a\\b#c?d.json", "a%5Cb%23c%3Fd.json"),
    ] {
        let world = repository(name);
        for path in ["p//q", &format!("p/q/{name}")] {
            let path_in_repository = format!("p/q/{name}");
            let expected = [format!("p/q/{uri}"), path_in_repository.clone(), path_in_repository];
            assert_eq!(in_repository(&world, "repo", &[path]), expected, "{name:?}");
            let report = parsed(&told(&world, "repo", "json", &[path]));
            assert_eq!(report["findings"][0]["file"], json!(format!("p/q/{name}")));
            let lines = told(&world, "repo", "ndjson", &[path]);
            let first = parsed(lines.lines().next().expect("a line"));
            assert_eq!(first["file"], json!(format!("p/q/{name}")));
            let suite = junit_suite(&told(&world, "repo", "junit", &[path]));
            assert_eq!(suite, format!("p/q/{name}"));
            // A name starts no line of its own.
            let lines = told(&world, "repo", "github", &[path]);
            assert_eq!(lines.lines().count(), 2, "{lines:?}");
            let human = told(&world, "repo", "table", &[path]);
            let shown = name.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
            assert!(human.contains(&format!("--> p/q/{shown}:1:")), "{human}");
        }
    }
    let world = repository("a.json");
    fs::remove_file(world.path("repo/p/q/a.json")).expect("removed");
    let name = std::ffi::OsStr::from_bytes(b"\xc4\xe3.json");
    if fs::write(world.path("repo/p/q").join(name), BAD).is_err() {
        return; // Some systems have no such names.
    }
    let expected = ["p/q/%C4%E3.json"; 3].map(str::to_owned);
    assert_eq!(in_repository(&world, "repo", &["."]), expected);
    let report = parsed(&told(&world, "repo", "json", &["p"]));
    assert_eq!(report["findings"][0]["file"], "p/q/%C4%E3.json");
}
