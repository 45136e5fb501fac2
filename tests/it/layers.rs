//! The structure of the crate: the layers in `src/lib.rs`, how many others a module uses, and one name for one type.

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

/// The modules in `src`.
fn modules(lib: &str) -> BTreeSet<String> {
    let after = |line: &str| Some(line.trim_start_matches("pub ").strip_prefix("mod ")?.to_owned());
    lib.lines().filter_map(after).map(|name| name.trim_end_matches(';').to_owned()).collect()
}

/// All source files below a folder, except those of tests.
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

/// The top-level modules that a source names outside of its comments and tests.
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

/// The paths in a `use` tree such as `crate::{a::b, c::{self, d}}`.
fn flatten(tree: &str, prefix: &str, found: &mut Vec<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        return found.push(format!("{prefix}{}", tree.trim()));
    };
    let prefix = format!("{prefix}{}", head.trim());
    let inner = rest.trim_end().strip_suffix('}').expect("a closed brace");
    let mut depth = 0;
    let items = inner.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    items.filter(|item| !item.trim().is_empty()).for_each(|item| flatten(item, &prefix, found));
}

/// The other modules that a source names, in `use` and in paths from `crate` on.
fn modules_used(source: &str, own: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let source =
        outside_of_tests(source).lines().filter(|line| !line.trim_start().starts_with("//"));
    let source = source.collect::<Vec<_>>().join("\n");
    let mut paths = Vec::new();
    let uses = ["\npub(crate) use ", "\npub(super) use ", "\npub use "];
    let uses = uses.iter().fold(format!("\n{source}"), |text, from| text.replace(from, "\nuse "));
    for statement in uses.split("\nuse ").skip(1) {
        flatten(statement.split(';').next().unwrap_or_default(), "", &mut paths);
    }
    let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    for inline in source.split("crate::").skip(1) {
        let end = inline.find(|c| !is_path(c)).unwrap_or(inline.len());
        paths.push(format!("crate::{}", &inline[..end]));
    }
    // A path without one of these is one into another crate, or into a module inside this one.
    paths.retain(|path| ["crate", "self", "super"].iter().any(|first| path.starts_with(first)));
    let mut used = BTreeSet::new();
    for path in paths {
        let mut base: Vec<&str> = own.split("::").collect();
        for step in path.split("::") {
            match step.split(' ').next().unwrap_or_default() {
                "crate" => base.clear(),
                "self" => {}
                "super" => drop(base.pop()),
                name => base.push(name),
            }
        }
        while !base.is_empty() && !modules.contains(&base.join("::")) {
            base.pop();
        }
        used.insert(base.join("::"));
    }
    used.retain(|name| !name.is_empty() && name != own);
    used
}

/// The most other modules that a module may use.
const MAX_USED: usize = 15;

#[test]
fn a_module_uses_few_others() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&source, &mut found);
    let name = |path: &Path| {
        let inner = path.strip_prefix(&source).expect("below it").with_extension("");
        let steps: Vec<&str> = inner.iter().filter_map(|step| step.to_str()).collect();
        steps.join("::").trim_end_matches("::mod").to_owned()
    };
    let modules: BTreeSet<String> = found.iter().map(|path| name(path)).collect();
    let mut most = 0;
    let mut large = Vec::new();
    for path in &found {
        let own = name(path);
        let used = modules_used(&fs::read_to_string(path).expect("a file"), &own, &modules);
        most = most.max(used.len());
        if used.len() > MAX_USED {
            large.push(format!("{own} uses {}: {used:?}", used.len()));
        }
    }
    assert!(most > 10, "uses are found: {most}");
    assert!(large.is_empty(), "{large:#?}");
}

#[test]
fn the_command_line_has_what_clap_has_to_do_with_and_nothing_else() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    let mut found = Vec::new();
    sources(&source, &mut found);
    let others = found.iter().filter(|path| {
        let inner = path.strip_prefix(&source).expect("below it");
        let is_completion = inner.starts_with("complete") || inner.ends_with("completions.rs");
        !is_completion && !fs::read_to_string(path).expect("a file").contains("clap")
    });
    let others: Vec<&PathBuf> = others.collect();
    assert!(found.len() > 20, "files are found: {}", found.len());
    assert!(others.is_empty(), "{others:#?}");
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

/// The place of a type. Two types with the same name need the same place. The folders of the providers have files with the
/// same types, and so have the files for different operating systems.
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

/// The text without the examples of help pages, which are lines to paste.
fn without_examples(text: &str) -> String {
    let mut parts = text.split("\"\\\nExamples:\n");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once("\";\n").map_or("", |(_, rest)| rest))
}

#[test]
fn a_command_that_is_suggested_stands_in_backticks() {
    // There the output to the user adds the flags of the command at hand.
    let commands = [
        "send",
        "broadcast",
        "apply",
        "recall",
        "update",
        "delete",
        "clear",
        "get",
        "status",
        "call",
    ];
    let more = ["upload", "validate", "sign", "profile", "history", "stop", "explain", "providers"];
    let names: Vec<&str> = commands.into_iter().chain(more).collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    let (mut bare, mut seen) = (Vec::new(), 0);
    for file in files.iter().filter(|file| !file.ends_with("text/command.rs")) {
        let text = fs::read_to_string(file).expect("a file");
        let text = without_examples(outside_of_tests(&text));
        let lines = text.lines().map(str::trim_start);
        for line in lines.filter(|line| !line.starts_with("//") && !line.starts_with("herald ")) {
            for (at, _) in line.match_indices("herald ") {
                let is_command = line[at + 7..]
                    .split([' ', '`', '"', ';'])
                    .next()
                    .is_some_and(|name| names.contains(&name));
                if is_command && !line[..at].ends_with('`') {
                    bare.push(format!("{}: {line}", file.display()));
                }
                seen += usize::from(is_command);
            }
        }
    }
    assert!(bare.is_empty(), "{bare:#?}");
    assert!(seen > 30, "{seen}");
}
