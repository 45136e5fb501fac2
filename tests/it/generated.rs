//! Files that herald makes of itself and that are committed: completion scripts, manual pages, the reference.
//!
//! When one of these tests says that a file is stale, refresh all of them with
//!
//!     HERALD_BLESS=1 cargo test --test it generated
//!
//! and look at the difference before it is committed. A vendor that is new in `herald::provider::ALL` gets its page so, too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use herald::contract::{Contract, reference};

use crate::support::{World, files_below, finish};

/// How stale files are refreshed.
const REFRESH: &str = "HERALD_BLESS=1 cargo test --test it generated";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares what is committed below a folder with what it should be: no file may be stale, missing or left over. Files in
/// the folders that `apart` names belong to another test.
pub(crate) fn check(folder: &str, apart: &[&str], wanted: &BTreeMap<String, String>) {
    let root = repository(folder);
    if std::env::var_os("HERALD_BLESS").is_some() {
        for (name, text) in wanted {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, text).expect("a file");
        }
    }
    let mut wrong = Vec::new();
    for path in files_below(&root) {
        let name = path.strip_prefix(&root).expect("it is below").to_str().expect("UTF-8");
        let name = name.replace('\\', "/");
        let is_apart = apart.iter().any(|part| name.starts_with(part)) || is_handwritten(&path);
        if !is_apart && !wanted.contains_key(&name) {
            wrong.push(format!("{folder}/{name} is left over: delete it"));
        }
    }
    for (name, text) in wanted {
        match std::fs::read_to_string(root.join(name)) {
            Ok(found) if found == *text => {}
            Ok(_) => wrong.push(format!("{folder}/{name} is stale")),
            Err(error) => wrong.push(format!("{folder}/{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}\nrefresh with: {REFRESH}", wrong.join("\n"));
}

/// Whether a file is a page without a generated part.
fn is_handwritten(path: &Path) -> bool {
    let is_page = path.extension().is_some_and(|end| end == "md");
    is_page && std::fs::read_to_string(path).is_ok_and(|text| !text.contains(MARK))
}

/// What `herald completions WHAT --dir DIR` writes.
fn made(world: &World, what: &str) -> BTreeMap<String, String> {
    let folder = world.path(what);
    let path = folder.to_str().expect("UTF-8");
    world.run(&["completions", what, "--dir", path]).ends_with(0);
    let files = files_below(&folder).into_iter().map(|path| {
        let name = path.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
        (name, std::fs::read_to_string(path).expect("a text"))
    });
    files.collect()
}

#[test]
fn the_committed_completion_scripts_are_those_of_the_program() {
    let world = World::new();
    let mut scripts = BTreeMap::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let files = made(&world, shell);
        assert_eq!(files.len(), 1, "{shell}");
        let printed = world.run(&["completions", shell]).ends_with(0).out;
        assert!(files.values().all(|text| *text == printed), "{shell}");
        scripts.extend(files);
    }
    check("completions", &["man/"], &scripts);
}

#[test]
fn the_committed_manual_pages_are_those_of_the_program() {
    let pages = made(&World::new(), "man");
    assert!(pages.contains_key("herald.1") && pages.contains_key("herald-profile-init.1"));
    check("completions/man", &[], &pages);
}

/// Shells that are not on this machine are passed over.
#[test]
fn the_scripts_of_shells_that_are_here_parse() {
    let world = World::new();
    for (shell, flag) in
        [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute"), ("elvish", "-compileonly")]
    {
        let live = finish(world.command().env("HERALD_COMPLETE", shell)).ends_with(0).out;
        for (name, text) in made(&world, shell).into_iter().chain([("live".to_owned(), live)]) {
            let path = world.write(&name, text);
            match std::process::Command::new(shell).arg(flag).arg(path).output() {
                Ok(output) => {
                    let err = String::from_utf8_lossy(&output.stderr);
                    assert!(output.status.success() && err.is_empty(), "{shell}: {err}");
                }
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{shell}"),
            }
        }
    }
}

/// What parts the words of a page from its reference.
const MARK: &str = "<!-- What follows is made from the contract: change that, not this. -->";

/// The page of a provider: the words above the mark as they are, the reference below it.
fn page(contract: &'static Contract) -> String {
    let path = repository("docs").join(format!("{}.md", contract.id));
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let words = match written.split_once(MARK) {
        Some((words, _)) => words.to_owned(),
        None => format!("# {}\n\n{}.\n\n", contract.name, contract.about),
    };
    format!("{words}{MARK}\n\n{}", reference::book(contract))
}

/// The list of all pages, below the words of `docs/README.md`.
fn index(contracts: &[&'static Contract]) -> String {
    let written = std::fs::read_to_string(repository("docs/README.md")).unwrap_or_default();
    let words = written.split_once(MARK).map_or("# Providers\n\n", |(words, _)| words);
    let rows = contracts.iter().map(|contract| {
        format!(
            "| [{0}]({0}.md) | {1} | {2} | {3} | {4} |\n",
            contract.id,
            contract.name,
            contract.operations.len(),
            contract.types.len(),
            contract.about
        )
    });
    let head = "| provider | name | operations | message types | about |\n| --- | --- | --- | --- | --- |\n";
    format!("{words}{MARK}\n\n{head}{}", rows.collect::<String>())
}

#[test]
fn every_provider_has_a_page_whose_reference_is_that_of_the_contract() {
    let contracts: Vec<&'static Contract> =
        herald::provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let mut pages = BTreeMap::from([("README.md".to_owned(), index(&contracts))]);
    for contract in contracts {
        let page = page(contract);
        let words = page.split_once(MARK).expect("the mark").0;
        assert!(words.starts_with("# "), "docs/{}.md has no heading", contract.id);
        pages.insert(format!("{}.md", contract.id), page);
    }
    check("docs", &["pictures/", "add-a-provider.md"], &pages);
}

/// The texts themselves take minutes to find; that each package is named in its version shows a list that is stale.
#[test]
fn the_notices_name_the_packages_of_the_lock_file() {
    let read = |name: &str| std::fs::read_to_string(repository(name)).expect("a file");
    let (notices, lock, manifest) = (read("NOTICES.md"), read("Cargo.lock"), read("Cargo.toml"));
    let locked: Vec<String> = lock
        .split("[[package]]")
        .filter_map(|package| {
            let value = |key: &str| {
                let line = package.lines().find(|line| line.starts_with(key))?;
                Some(line.split('"').nth(1)?.to_owned())
            };
            Some(format!("- {} {}", value("name = ")?, value("version = ")?))
        })
        .collect();
    let named: Vec<&str> =
        notices.lines().filter(|line| locked.iter().any(|one| one == line)).collect();
    let is_package = |line: &&str| {
        let mut words = line.strip_prefix("- ").into_iter().flat_map(|rest| rest.split(' '));
        let (_, version) = (words.next(), words.next().unwrap_or_default());
        version.split('.').count() >= 3
            && version.starts_with(|c: char| c.is_ascii_digit())
            && words.next().is_none()
    };
    let stale: Vec<&str> =
        notices.lines().filter(is_package).filter(|line| !named.contains(line)).collect();
    let direct = manifest.split("[dependencies]").nth(1).expect("dependencies");
    let direct = direct.split("\n[").next().expect("a section").lines();
    let missing: Vec<&str> = direct
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name))
        .filter(|name| !named.iter().any(|line| line.starts_with(&format!("- {name} "))))
        .collect();
    let how = "cargo about generate --locked --offline about.hbs -o NOTICES.md";
    assert!(stale.is_empty() && missing.is_empty(), "stale {stale:?}, missing {missing:?}: {how}");
}
