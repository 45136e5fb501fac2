//! The documents for contributors name files that exist.

use std::path::Path;

/// Paths in a document: what stands in backticks or behind a link, and has a folder or a file of this repository first.
fn paths(text: &str) -> Vec<String> {
    let spans = text.split('`').skip(1).step_by(2);
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let is_path = |word: &&str| {
        let first = word.split('/').next().unwrap_or_default();
        let is_here = Path::new(env!("CARGO_MANIFEST_DIR")).join(first).exists();
        is_here && !first.is_empty() && !word.contains(char::is_whitespace)
    };
    spans.chain(links).filter(is_path).map(str::to_owned).collect()
}

/// Whether a path exists. `NAME` and `PROVIDER` are any provider, `COMMAND` is any command, and `*` an ending.
fn exists(path: &str) -> bool {
    let path = path
        .replace("NAME", "rongcloud")
        .replace("PROVIDER", "rongcloud")
        .replace("COMMAND", "send");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    match path.strip_suffix('*') {
        Some(stem) => root.join(stem).exists() || root.join(format!("{stem}.rs")).exists(),
        None => root.join(path).exists(),
    }
}

#[test]
fn the_documents_for_contributors_name_files_that_exist() {
    let documents = [
        include_str!("../../ARCHITECTURE.md"),
        include_str!("../../CONTRIBUTING.md"),
        include_str!("../../docs/add-a-provider.md"),
        include_str!("../../SECURITY.md"),
        include_str!("../../.github/pull_request_template.md"),
    ];
    let mut seen = 0;
    for path in documents.iter().flat_map(|text| paths(text)) {
        assert!(exists(&path), "{path}");
        seen += 1;
    }
    assert!(seen > 30, "{seen} paths");
    assert!(!exists("src/send/no_such_file.rs"));
}

/// The words behind each occurrence of a text, up to the next blank or backtick.
fn behind<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let rest = text.split(start).skip(1);
    rest.filter_map(|rest| rest.split([' ', '`']).next()).filter(|word| !word.is_empty()).collect()
}

#[test]
fn the_commands_for_contributors_name_tests_benches_and_targets_that_exist() {
    let text = concat!(include_str!("../../CONTRIBUTING.md"), include_str!("../../README.md"));
    let manifest = include_str!("../../Cargo.toml");
    let mut seen = 0;
    for bench in behind(text, "--bench ") {
        assert!(manifest.contains(&format!("[[bench]]\nname = \"{bench}\"")), "{bench}");
        seen += 1;
    }
    for target in behind(text, "fuzz run ") {
        assert!(exists(&format!("fuzz/fuzz_targets/{target}.rs")), "{target}");
        seen += 1;
    }
    for script in behind(text, "bash packaging/") {
        assert!(exists(&format!("packaging/{script}")), "{script}");
        seen += 1;
    }
    for (start, folder) in [("--test it ", "tests/it/"), ("--lib ", "src/")] {
        for module in behind(text, start) {
            let module = module.trim_end_matches(',').trim_end_matches("::");
            assert!(exists(&format!("{folder}{module}*")), "{start}{module}");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen} names");
}
