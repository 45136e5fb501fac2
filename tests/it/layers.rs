//! How the house is built: the layers that `src/lib.rs` lists, and one name for one type.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order of the table.
fn layers(lib: &str) -> Vec<String> {
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | ")?.split('|').next());
    let names = rows.flat_map(|row| row.split(',')).map(|name| name.trim());
    let names = names.filter_map(|name| name.trim_matches(['[', ']']).strip_prefix('`'));
    names.map(|name| name.trim_end_matches('`').to_owned()).collect()
}

/// The modules that stand in `src`.
fn modules(lib: &str) -> BTreeSet<String> {
    let after = |line: &str| Some(line.trim_start_matches("pub ").strip_prefix("mod ")?.to_owned());
    lib.lines().filter_map(after).map(|name| name.trim_end_matches(';').to_owned()).collect()
}

/// All source files below a folder, but those of tests.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        match path.extension() {
            _ if stem == "tests" => {}
            None => sources(&path, found),
            Some(_) => found.push(path),
        }
    }
}

fn outside_of_tests(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// The modules of the crate that a source names, outside of its comments and tests.
fn used(source: &str) -> BTreeSet<String> {
    let lines =
        outside_of_tests(source).lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut used = BTreeSet::new();
    for line in lines {
        for after in line.split("crate::").skip(1) {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let name = after.split(|c| !is_name(c)).next().unwrap_or_default();
            assert!(!name.is_empty(), "name modules one by one: {line}");
            used.insert(name.to_owned());
        }
    }
    used
}

#[test]
fn a_module_uses_only_those_that_are_named_before_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(source.join("lib.rs")).expect("a file");
    let (layers, modules) = (layers(&lib), modules(&lib));
    let named: BTreeSet<String> = layers.iter().cloned().collect();
    assert_eq!((named.len(), &named), (layers.len(), &modules), "the table has each module once");
    let place: BTreeMap<&str, usize> =
        layers.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut found = Vec::new();
    sources(&source, &mut found);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in found {
        let inner = path.strip_prefix(&source).expect("below it");
        let top = inner.components().next().expect("a name").as_os_str();
        let top = top.to_str().expect("a name").trim_end_matches(".rs");
        let Some(own) = place.get(top) else { continue };
        for name in used(&fs::read_to_string(&path).expect("a file")) {
            let Some(other) = place.get(name.as_str()) else { continue };
            seen += 1;
            if other > own {
                wrong.push(format!("{} uses `{name}`", inner.display()));
            }
        }
    }
    assert!(seen > 500, "uses are found: {seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The type that a line defines.
fn type_of(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let code = match code.strip_prefix("pub") {
        Some(after) if after.starts_with('(') => after.split_once(") ")?.1,
        Some(after) => after.trim_start(),
        None => code,
    };
    let (keyword, after) = code.split_once(' ')?;
    let is_definition = match keyword {
        "struct" | "enum" | "trait" | "union" => true,
        // An indented one belongs to an implementation of a trait.
        "type" => code == line || line.starts_with("pub"),
        _ => false,
    };
    let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
    is_definition.then_some(&after[..end])
}

/// Where a type is defined, for the question whether its name is another one's as well. The folders of the providers have
/// the same rooms with the same names in them, and a file for one system has those of the file for another one.
fn room(inner: &Path) -> String {
    let parts: Vec<&str> = inner.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        ["provider", _, room, ..] => format!("provider/*/{}", room.trim_end_matches(".rs")),
        _ => inner.display().to_string().replace("sys_other", "sys_unix"),
    }
}

#[test]
fn a_type_has_a_name_of_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&source, &mut found);
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in found {
        let text = fs::read_to_string(&path).expect("a file");
        let inner = path.strip_prefix(&source).expect("below it");
        for name in outside_of_tests(&text).lines().filter_map(type_of) {
            rooms.entry(name.to_owned()).or_default().insert(room(inner));
        }
    }
    assert!(rooms.len() > 500, "types are found: {}", rooms.len());
    // Each command has its arguments.
    rooms.retain(|name, rooms| rooms.len() > 1 && name != "Args");
    assert!(rooms.is_empty(), "{rooms:#?}");
}
