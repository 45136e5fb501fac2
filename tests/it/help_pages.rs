//! The pages of `-h` and `--help`: every example of every page is run, in an empty home and against the sandbox.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use herald::outcome::Verdict::{Accepted, Unknown};

use crate::history::plant;
use crate::recipes::shell;
use crate::support::{World, files_below, finish};

/// The longest page of `-h`, in lines.
const MAX_SHORT_LINES: usize = 60;

/// How long a server may take to say that it listens.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// The headings of commands on a page.
const COMMANDS: [&str; 6] = ["Messages:", "Follow-ups:", "Jobs:", "Lint:", "Setup:", "Commands:"];

/// The names of the commands below a command, as its page lists them.
pub(crate) fn commands_of(page: &str) -> Vec<String> {
    let (mut names, mut is_list) = (Vec::new(), false);
    for line in page.lines() {
        match line.strip_prefix("  ") {
            None => is_list = COMMANDS.contains(&line),
            Some(row) if is_list => {
                names.extend(row.split(' ').next().filter(|name| !name.is_empty()));
            }
            Some(_) => {}
        }
    }
    names.retain(|name| *name != "help");
    names.into_iter().map(str::to_owned).collect()
}

/// Every command with the page of `-h` and that of `--help`; the program itself has no words.
fn pages(world: &World) -> Vec<(Vec<String>, String, String)> {
    let mut pages: Vec<(Vec<String>, String, String)> = Vec::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(way) = open.pop() {
        let page = |flag: &str| {
            let words: Vec<&str> = way.iter().map(String::as_str).chain([flag]).collect();
            world.run(&words).ends_with(0).out
        };
        let (short, long) = (page("-h"), page("--help"));
        let inner = commands_of(&short);
        open.extend(inner.into_iter().map(|name| [way.clone(), vec![name]].concat()));
        pages.push((way, short, long));
    }
    assert!(pages.len() > 28, "{}", pages.len());
    pages
}

fn examples(page: &str) -> Vec<&str> {
    let lines = page.lines().skip_while(|line| *line != "Examples:").skip(1);
    lines.take_while(|line| !line.is_empty()).map(|line| line.trim_start()).collect()
}

/// Runs an example that serves until it is interrupted.
fn serve(world: &World, line: &str) {
    let line = line.replace(":8787", ":0");
    let file = std::fs::File::create(world.path("served.txt")).expect("a file");
    let mut child = shell(world, &format!("exec {line}")).stdout(file).spawn().expect("a shell");
    let start = Instant::now();
    let is_ready =
        || std::fs::read_to_string(world.path("served.txt")).is_ok_and(|t| !t.is_empty());
    while !is_ready() && start.elapsed() < START_TIMEOUT {
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupted = finish(Command::new("/bin/kill").args(["-INT", &child.id().to_string()]));
    assert_eq!(interrupted.code, 0, "{}", interrupted.err);
    let code = child.wait().expect("it ends").code();
    assert_eq!(code, Some(130), "{line}");
}

#[test]
fn every_example_of_every_page_ends_well_line_after_line_in_an_empty_home() {
    let mut ran = 0;
    for (way, short, long) in pages(&World::new()) {
        let (way, lines) = (way.join(" "), examples(&long));
        assert!(!lines.is_empty(), "`herald {way} --help` has no example");
        assert_eq!(lines, examples(&short), "{way}");
        let world = World::new();
        if way == "history resolve" {
            // Nothing is unknown in an empty home: the job of the page is there, with targets that are.
            plant(&world, "spring", &[Accepted, Unknown, Unknown, Unknown]);
        }
        let (servers, lines): (Vec<&str>, Vec<&str>) =
            lines.into_iter().partition(|line| line.contains("herald sandbox --listen"));
        servers.iter().for_each(|line| serve(&world, line));
        let has_reader = Path::new("/usr/bin/man").exists();
        let runs = |line: &&str| {
            ran += 1;
            let line = if has_reader { line } else { line.split(" | man ").next().unwrap_or(line) };
            // A busy machine needs longer to begin a job.
            line.replace("sleep 2", "sleep 10")
        };
        // The lines of a page are pasted one after another.
        let script: Vec<String> = lines.iter().map(runs).collect();
        let script = script.join("\n");
        assert!(script.contains(format!("herald {way}").trim_end()), "{way}: {script}");
        let run = finish(&mut shell(&world, &script));
        assert_eq!(run.code, 0, "{way}:\n{script}\n{}{}", run.out, run.err);
    }
    assert!(ran > 60, "{ran}");
}

#[test]
fn examples_stand_first_and_on_one_line_each_however_narrow_the_terminal_is() {
    let world = World::new();
    let wide: Vec<_> = pages(&world).into_iter().map(|(way, _, long)| (way, long)).collect();
    for (way, page) in wide {
        let headings: Vec<&str> = page
            .lines()
            .filter(|line| line.ends_with(':') && !line.starts_with(' ') && !line.contains(". "))
            .collect();
        assert_eq!(headings.first(), Some(&"Examples:"), "{way:?}: {page}");
        let words: Vec<&str> = way.iter().map(String::as_str).chain(["--help"]).collect();
        let narrow = world.run_with(&words, &[("COLUMNS", "40")]).ends_with(0).out;
        assert_eq!(examples(&page), examples(&narrow), "{way:?}");
    }
}

#[test]
fn a_short_page_is_short_and_names_the_page_of_the_common_flags() {
    let world = World::new();
    for (way, short, long) in pages(&world) {
        let words: Vec<&str> = way.iter().map(String::as_str).chain(["-h"]).collect();
        let narrow = world.run_with(&words, &[("COLUMNS", "80")]).ends_with(0).out;
        for (page, columns) in [(&short, 100), (&narrow, 80)] {
            let lines = page.lines().count();
            assert!(lines <= MAX_SHORT_LINES, "{way:?} at {columns}: {lines} lines\n{page}");
        }
        let everywhere: Vec<&str> =
            long.lines().filter(|line| line.starts_with("Everywhere")).collect();
        assert_eq!(everywhere.len(), 1, "{way:?}");
        let is_explained = long.contains("--profiles <FILE>");
        assert_eq!(is_explained, way.is_empty(), "{way:?}");
        if !way.is_empty() {
            assert!(everywhere[0].contains("`herald --help`"), "{way:?}: {everywhere:?}");
        }
    }
}

#[test]
fn help_of_help_is_the_long_page_and_a_line_without_a_command_gets_the_short_one() {
    let world = World::new();
    let page = |words: &[&str]| world.run(words).ends_with(0).out;
    assert_eq!(page(&["help"]), page(&["--help"]));
    assert_eq!(page(&["help", "history", "show"]), page(&["history", "show", "--help"]));
    assert_eq!(page(&["-qh"]), page(&["-h"]));
    assert_eq!(world.run(&[]).ends_with(2).err, page(&["-h"]));
    assert_ne!(page(&["-h"]), page(&["--help"]));
}

#[test]
fn the_first_page_names_every_vendor_and_shows_where_jobs_are_seen() {
    let page = World::new().run(&["--help"]).ends_with(0).out;
    let joined = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for contract in herald::provider::contracts() {
        assert!(joined.contains(&format!("{} ({})", contract.name, contract.id)), "{page}");
    }
    assert!(joined.contains("`herald jobs` shows the jobs"), "{page}");
}

/// The formats of `--output` of a command.
fn formats(world: &World, way: &[&str]) -> BTreeSet<String> {
    let wrong = [way, &["--output", "zzz"]].concat();
    let told = world.run(&wrong).ends_with(2).err;
    let (_, list) = told.split_once("possible values: ").expect("the values");
    let (list, _) = list.split_once(']').expect("an end");
    list.split(", ").map(str::to_owned).collect()
}

#[test]
fn a_page_offers_the_formats_that_its_command_takes() {
    let world = World::new();
    let all = formats(&world, &["validate"]);
    let usual = formats(&world, &["send"]);
    assert!(all.len() > usual.len() && all.is_superset(&usual));
    let page = world.run(&["validate", "--help"]).ends_with(0).out;
    for format in &all {
        assert!(page.contains(&format!("- {format}:")), "{format}: {page}");
    }
    for format in all.difference(&usual) {
        for line in [&["--output", format, "jobs"], &["jobs", "--output", format]] {
            world.run(line).ends_with(2);
        }
    }
}

/// The lines of the program, without tests.
fn source_lines() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_program = |path: &Path| {
        let text = path.to_string_lossy();
        text.ends_with(".rs") && !text.contains("/tests") && !text.contains("/fake")
    };
    let texts = files_below(&root).into_iter().filter(|path| is_program(path)).map(|path| {
        let text = std::fs::read_to_string(path).expect("a source file");
        text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
    });
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_variable_that_the_program_reads_stands_on_its_page() {
    let page = World::new().run(&["--help"]).ends_with(0).out;
    let (_, listed) = page.split_once("Environment:").expect("a list");
    let listed: BTreeSet<&str> =
        listed.split(|c: char| !(c.is_ascii_uppercase() || c == '_')).collect();
    let is_name = |word: &str| {
        word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    let reads = ["env(", "var(", "var_os(", "environment(", "set(", "first_that_says(", "env = "];
    let mut seen = BTreeSet::new();
    for line in source_lines().iter().filter(|line| !line.trim_start().starts_with("//")) {
        let is_read = reads.iter().any(|call| line.contains(call)) && !line.contains("env!(");
        for word in line.split('"').skip(1).step_by(2).filter(|word| is_name(word)) {
            if word.starts_with("HERALD_") && word != "HERALD_" {
                seen.insert(word.to_owned());
            }
            let is_argument = |call: &&str| line.contains(&format!("{call}\"{word}\""));
            if is_read && reads.iter().any(is_argument) || word.ends_with("_PROXY") {
                seen.insert(word.to_owned());
            }
        }
    }
    assert!(seen.contains("HERALD_KILL_SWITCH") && seen.contains("HTTPS_PROXY"), "{seen:?}");
    assert!(seen.contains("TERM") && seen.len() > 12, "{seen:?}");
    let missing: Vec<_> = seen.iter().filter(|name| !listed.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "missing under Environment: {missing:?}");
}
