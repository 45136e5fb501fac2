//! The README's console blocks, run in order in one home.

use crate::support::{World, finish};

/// Whether all lines are the wanted ones; `[..]` alone on a line stands for any lines.
fn all_match(wanted: &[&str], found: &[&str]) -> bool {
    match wanted {
        [] => found.is_empty(),
        ["[..]", rest @ ..] => (0..=found.len()).any(|skip| all_match(rest, &found[skip..])),
        [first, rest @ ..] => found
            .split_first()
            .is_some_and(|(line, more)| matches(first, line) && all_match(rest, more)),
    }
}

/// Whether a line is the wanted one; `[..]` stands for anything.
fn matches(wanted: &str, found: &str) -> bool {
    let mut parts = wanted.split("[..]");
    let Some(mut rest) = parts.next().and_then(|first| found.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    rest.is_empty() || last == Some("")
}

/// Splits a command line at blanks; quotes keep blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut any) = (String::new(), None, false);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => {
                quote = Some(c);
                any = true;
            }
            (' ', None) => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            _ => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

#[test]
fn the_console_blocks_of_the_readme_show_what_happens() {
    let readme = include_str!("../../README.md");
    let world = World::new();
    let mut blocks = 0;
    let mut ledger_id = String::new();
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("\n```").next().expect("the end of the block");
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.next() {
            let typed =
                line.strip_prefix("$ ").unwrap_or_else(|| panic!("a command is due, not `{line}`"));
            blocks += 1;
            let mut wanted = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                wanted.push(line);
            }
            if let Some((file, content)) =
                typed.strip_prefix("cat ").map(|file| (file, wanted.join("\n")))
            {
                world.write(file, format!("{content}\n"));
                continue;
            }
            let (typed, code) = match typed.split_once("; echo $?") {
                Some((typed, _)) => (typed.trim(), wanted.pop().and_then(|code| code.parse().ok())),
                None => (typed, None),
            };
            let typed = typed.replace("LEDGER-ID", &ledger_id);
            let words = words(&typed);
            assert_eq!(words[0], "herald", "{typed}");
            let run = finish(world.command().args(&words[1..]));
            let found = format!("{}{}", run.out, run.err);
            let found: Vec<&str> = found.lines().map(str::trim_end).collect();
            let same = all_match(&wanted, &found);
            assert!(
                same,
                "`{typed}` printed\n{}\n\nwanted\n{}",
                found.join("\n"),
                wanted.join("\n")
            );
            assert_eq!(run.code, code.unwrap_or(0), "`{typed}`: {}", run.err);
            if let Some(id) =
                found.iter().flat_map(|line| line.split_whitespace()).find(|word| is_id(word))
            {
                ledger_id = id.to_owned();
            }
        }
    }
    assert!(blocks >= 5, "only {blocks} commands were found in the README");
}

/// Whether a word is the id of an entry of the ledger: a UUID.
fn is_id(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(at, b)| {
            if [8, 13, 18, 23].contains(&at) { b == b'-' } else { b.is_ascii_hexdigit() }
        })
}
