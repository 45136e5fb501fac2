//! The blocks of the READMEs and of the pages: YAML, TOML and JSON are read, shell is parsed; the workflow for CI is run step
//! by step. `readme` runs the shell blocks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use crate::failures::counting;
use crate::support::{Run, World, finish, read_whole};

/// A block of a page.
pub(crate) struct Block {
    /// Page and line, to find it.
    pub(crate) place: String,
    pub(crate) language: String,
    /// The words behind the language.
    purpose: String,
    pub(crate) text: String,
}

impl Block {
    /// Whether a word behind the language says so.
    pub(crate) fn is_for(&self, purpose: &str) -> bool {
        self.purpose.split(' ').any(|word| word == purpose)
    }
}

/// The pages for users and contributors.
pub(crate) fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(root.join("docs")).expect("pages").flatten();
    let mut pages: Vec<_> = docs.map(|entry| entry.path()).collect();
    pages.retain(|page| page.extension().is_some_and(|end| end == "md"));
    let others =
        ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md"];
    pages.extend(others.map(|name| root.join(name)));
    pages.sort();
    pages
}

/// All blocks that have a language.
static BLOCKS: LazyLock<Vec<Block>> =
    LazyLock::new(|| pages().iter().flat_map(|page| blocks_of(page)).collect());

pub(crate) fn blocks_of(page: &Path) -> Vec<Block> {
    let content = std::fs::read_to_string(page).expect("a page");
    let (mut blocks, mut open): (Vec<Block>, Option<Block>) = (Vec::new(), None);
    for (line, number) in content.lines().zip(1..) {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => {
                let (language, purpose) = info.split_once(' ').unwrap_or((info, ""));
                let (language, purpose) = (language.to_owned(), purpose.to_owned());
                let place = format!("{}:{number}", page.display());
                open = Some(Block { place, language, purpose, text: String::new() });
            }
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a block has no end", page.display());
    blocks
}

fn of_language(languages: &[&str]) -> impl Iterator<Item = &'static Block> {
    BLOCKS.iter().filter(move |block| languages.contains(&block.language.as_str()))
}

/// Where a shell finds herald and the usual programs.
pub(crate) fn search_path() -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_herald")).parent().expect("a folder");
    format!("{}:/usr/bin:/bin", folder.display())
}

/// A command of a shell in which `herald` is this one.
pub(crate) fn shell(world: &World, script: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-e", "-c", script]).env_clear().env("PATH", search_path());
    command.env("HOME", world.path("")).current_dir(world.path(""));
    command
}

#[test]
fn each_block_is_of_a_language_that_is_known_here_and_can_be_parsed() {
    for block in BLOCKS.iter().filter(|block| !block.language.is_empty()) {
        let Block { place, language, text, .. } = block;
        match language.as_str() {
            "yaml" => {
                serde_yaml_ng::from_str::<Value>(text)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
            }
            "toml" => {
                text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{place}: {error}"));
            }
            "json" => {
                let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
                for value in values {
                    value.unwrap_or_else(|error| panic!("{place}: {error}"));
                }
            }
            "sh" => {
                let checked = finish(Command::new("/bin/sh").args(["-n", "-c", text]));
                assert_eq!(checked.code, 0, "{place}: {}", checked.err);
            }
            "text" | "rust" | "mermaid" => {}
            other => panic!("{place}: nothing here tests `{other}`"),
        }
    }
    assert!(of_language(&["yaml"]).count() > 0 && of_language(&["sh"]).count() > 3);
}

const GOOD: &str = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"searchableContent":"hi"}}"#;
const BAD: &str = r#"{"sender":"a","conv":{"type":"x","target":"b","line":0},"payload":{"type":1,"searchableContent":"hi"}}"#;

/// A value of the workflow with its expressions filled in.
fn filled(text: &str, endpoint: &str) -> String {
    let text = text.replace("${{ vars.HERALD_WILDFIRE_ENDPOINT }}", endpoint);
    let text = text.replace("${{ secrets.HERALD_WILDFIRE_SECRET }}", "a-secret-of-our-own");
    let text = text.replace("${{ vars.HERALD_GIT }}", "https://git.example/herald");
    assert!(!text.contains("${{"), "an expression that this test does not know: {text}");
    text
}

/// Runs the steps of the workflow as a runner does, and tells how each ended; one that is left out has no code.
fn run_workflow(world: &World, event: &str, endpoint: &str) -> Vec<(String, Option<Run>)> {
    let workflow = of_language(&["yaml"]).find(|block| block.place.contains("README"));
    let workflow: Value =
        serde_yaml_ng::from_str(&workflow.expect("a workflow").text).expect("YAML");
    let events = workflow["on"].as_array().expect("events");
    assert!(events.contains(&event.into()), "it does not run on {event}");
    let (_, job) = workflow["jobs"].as_object().expect("jobs").iter().next().expect("a job");
    let (mut ended, mut has_failed) = (Vec::new(), false);
    for step in job["steps"].as_array().expect("steps") {
        let is_due = match step["if"].as_str() {
            None => !has_failed,
            Some("always()") => true,
            Some("github.event_name != 'pull_request'") => !has_failed && event != "pull_request",
            Some(other) => panic!("a condition that this test does not know: {other}"),
        };
        let name = step["name"].as_str().or(step["uses"].as_str()).expect("a name").to_owned();
        let script = step["run"].as_str().filter(|script| !script.starts_with("cargo install"));
        let run = script.filter(|_| is_due).map(|script| {
            let mut command = shell(world, &filled(script, endpoint));
            for (key, value) in step["env"].as_object().into_iter().flatten() {
                command.env(key, filled(value.as_str().expect("a text"), endpoint));
            }
            finish(command.env("GITHUB_SHA", "0b42b1b").env("GITHUB_EVENT_NAME", event))
        });
        has_failed |= run.as_ref().is_some_and(|run| run.code != 0);
        for file in ["sarif_file", "path"] {
            if let Some(file) = step["with"][file].as_str().filter(|_| is_due) {
                assert!(world.path(file).exists(), "{name}: there is no {file}");
            }
        }
        ended.push((name, run));
    }
    ended
}

/// A vendor that accepts everything.
fn vendor() -> (String, Arc<AtomicUsize>) {
    let (port, came) = counting(|stream| {
        use std::io::Write as _;
        if !read_whole(stream, &mut Vec::new()) {
            return;
        }
        let body = r#"{"code":0,"msg":"success","result":{"messageUid":5323654,"timestamp":1}}"#;
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
        let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
    });
    (format!("http://127.0.0.1:{port}"), came)
}

#[test]
fn the_workflow_for_ci_lints_reports_and_sends_only_what_is_right_after_a_push() {
    for (payload, is_right) in [(GOOD, true), (BAD, false)] {
        for event in ["push", "pull_request"] {
            let world = World::new();
            world.write("payloads/welcome.json", payload);
            let (endpoint, came) = vendor();
            let ended = run_workflow(&world, event, &endpoint);
            let code = |name: &str| {
                let step = ended.iter().find(|(known, _)| known == name).expect("a step");
                step.1.as_ref().map(|run| run.code)
            };
            assert_eq!(code("Lint payloads"), Some(i32::from(!is_right)), "{event}: {ended:?}");
            let sends = is_right && event == "push";
            assert_eq!(code("Tell the team"), sends.then_some(0), "{event}: {ended:?}");
            assert_eq!(came.load(Ordering::SeqCst), usize::from(sends), "{event}");
            let sarif = std::fs::read_to_string(world.path("herald.sarif")).expect("a report");
            let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
            let results = sarif["runs"][0]["results"].as_array().map_or(0, Vec::len);
            let errors = sarif.to_string().contains(r#""level":"error""#);
            assert_eq!(results > 0 && errors, !is_right, "{sarif}");
            let junit = std::fs::read_to_string(world.path("herald.xml")).expect("a report");
            assert_eq!(junit.contains("<failure"), !is_right, "{junit}");
        }
    }
}
