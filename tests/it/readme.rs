//! The pages for users do what they say: the shell blocks of each page are run in order, as one script, in an empty home and
//! an empty folder, and each shows what the page says it shows. The READMEs of both languages are in step.
//!
//! A block `sh` is pasted; a block `text` right after it is what that shows. Ids, times and other numbers that differ from
//! run to run are compared by their place alone, and a line `…` stands for any lines. `sh repository` is for a checkout of
//! the source: it is parsed, not run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::help_pages::commands_of;
use crate::recipes::{Block, blocks_of, pages, shell};
use crate::support::{World, finish};

/// Whether all lines are the wanted ones; `…` alone on a line stands for any lines.
fn all_match(wanted: &[String], found: &[String]) -> bool {
    match wanted {
        [] => found.is_empty(),
        [any, rest @ ..] if any == "…" => {
            (0..=found.len()).any(|skip| all_match(rest, &found[skip..]))
        }
        [first, rest @ ..] => {
            found.split_first().is_some_and(|(line, more)| first == line && all_match(rest, more))
        }
    }
}

/// The lines of a text, with `#` for what differs from run to run: ids, moments, lengths of time.
fn masked(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let words = line.split_whitespace().map(|word| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-' | '+');
            let start = word.find(is_part).unwrap_or(word.len());
            let end = word.rfind(is_part).map_or(start, |at| at + 1);
            let end = end - usize::from(word[start..end].ends_with(['.', ':']));
            let shown = if varies(&word[start..end]) { "#" } else { &word[start..end] };
            format!("{}{shown}{}", &word[..start], &word[end..])
        });
        words.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect()
}

/// Whether a word is an id, a moment or a length of time: no two runs have the same.
fn varies(word: &str) -> bool {
    let are = |test: fn(char) -> bool| word.chars().all(test);
    let has_digit = word.contains(|c: char| c.is_ascii_digit());
    let is_number = are(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '-' | '+'));
    let is_short_id = word.len() == 8 && are(|c| c.is_ascii_hexdigit());
    let is_long_id = word.len() > 12 && has_digit && are(|c| c.is_ascii_hexdigit() || c == '-');
    let is_moment = is_number && has_digit && word.contains([':', '.', '-']);
    let is_uid = word.len() == 19 && word.bytes().filter(|byte| *byte == b'-').count() == 3;
    is_short_id || is_long_id || is_uid || is_moment || (is_number && word.len() > 8)
}

/// Whether a block is pasted.
fn is_run(block: &Block) -> bool {
    block.language == "sh" && !block.is_for("repository")
}

/// A script, the folder that takes what its blocks show, and what stands for other programs than herald.
struct Script<'a> {
    world: World,
    blocks: Vec<&'a Block>,
}

/// Programs that the pages call to get herald: here it is there already.
const CARGO: &str =
    "#!/bin/sh\n[ \"$1\" = run ] && [ \"$2\" = -- ] && { shift 2; exec herald \"$@\"; }\ntrue\n";
const GIT: &str = "#!/bin/sh\nmkdir -p \"$3\"\n";

impl<'a> Script<'a> {
    fn of(page: &'a [Block]) -> Self {
        let world = World::new();
        for (name, program) in [("cargo", CARGO), ("git", GIT)] {
            use std::os::unix::fs::PermissionsExt as _;
            let path = world.write(&format!("programs/{name}"), program);
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(path, mode).expect("a program");
        }
        for folder in ["shown", "home", "folder"] {
            std::fs::create_dir(world.path(folder)).expect("a folder");
        }
        Self { world, blocks: page.iter().filter(|block| is_run(block)).collect() }
    }

    /// Runs the blocks, and returns what each showed. A block that ends with an error ends the test.
    fn run(&self) -> Vec<String> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
        let port = free.expect("a port").port().to_string();
        let shown = |at: usize| self.world.path(&format!("shown/{at}"));
        let mut script = String::new();
        for (at, block) in self.blocks.iter().enumerate() {
            let text = block.text.replace("8787", &port);
            script += &format!("exec >'{}' 2>&1\n{text}\n", shown(at).display());
        }
        let path = self.world.write("script", script);
        let mut command = Command::new("bash");
        command.arg("-e").arg(path).env_clear().current_dir(self.world.path("folder"));
        let programs = self.world.path("programs").display().to_string();
        command.env("PATH", format!("{programs}:{}", crate::recipes::search_path()));
        command.env("HOME", self.world.path("home"));
        let run = finish(&mut command);
        let read = |at| std::fs::read_to_string(shown(at));
        let texts: Vec<String> = (0..self.blocks.len()).map_while(|at| read(at).ok()).collect();
        let last = self.blocks.get(texts.len().saturating_sub(1)).map(|block| &block.place);
        assert_eq!(run.code, 0, "{last:?}: {}\n{}", texts.last().expect("a block"), run.err);
        texts.into_iter().map(|text| text.replace(&port, "8787")).collect()
    }
}

/// What a page says that its blocks show. A text after another block, or after one that is not run, is no claim.
fn claims(page: &[Block]) -> Vec<(&Block, &Block)> {
    let is_claim = |pair: &&[Block]| is_run(&pair[0]) && pair[1].language == "text";
    let pairs = page.windows(2).filter(is_claim);
    pairs.map(|pair| (&pair[0], &pair[1])).collect()
}

fn read(page: &str) -> (String, Vec<Block>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    (std::fs::read_to_string(&path).expect("a page"), blocks_of(&path))
}

#[track_caller]
fn works_as_one_script(path: &Path) -> usize {
    let page = blocks_of(path);
    let script = Script::of(&page);
    if script.blocks.is_empty() {
        return 0;
    }
    let shown = script.run();
    for (block, claim) in claims(&page) {
        let at = script.blocks.iter().position(|one| one.place == block.place);
        let at = at.unwrap_or_else(|| panic!("{}: what shows this?", claim.place));
        assert!(
            all_match(&masked(&claim.text), &masked(&shown[at])),
            "{} shows\n{}\nand the page says\n{}",
            block.place,
            shown[at],
            claim.text
        );
    }
    script.blocks.len()
}

#[test]
fn the_blocks_of_each_page_work_in_order_in_an_empty_home() {
    let ran: usize = pages().iter().map(|page| works_as_one_script(page)).sum();
    assert!(ran > 40, "{ran} blocks");
}

#[test]
fn masks_hide_ids_and_times_and_nothing_else() {
    let same = |a: &str, b: &str| masked(a) == masked(b);
    assert!(same("id  7ffda768, 12:15:00 +08:00", "id aaaaaaaa, 20:15:03 +00:00"));
    assert!(same("`herald recall 7ffda768 --sandbox`", "`herald recall 0ab1c2d3 --sandbox`"));
    assert!(same("messageUID 0QT5-WX2C-DHKN-Q070", "messageUID 1QT5-WX2C-DHKN-Q07A"));
    assert!(
        !same("accepted", "rejected") && !same("3 of 3", "3 of 4") && !same("exit 1", "exit 3")
    );
    assert!(!all_match(&masked("a\n…\nc"), &masked("a\nb")));
    assert!(all_match(&masked("a\n…\nc"), &masked("a\nb\nb\nc")));
}

/// Headings outside blocks: level and text.
fn headings(text: &str) -> Vec<(usize, &str)> {
    let outside = text.split("```").step_by(2).flat_map(str::lines);
    let headings = outside.filter_map(|line| {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let title = line[level..].strip_prefix(' ')?;
        (level > 0).then_some((level, title))
    });
    headings.collect()
}

/// The anchor that code hosts make of a heading.
fn anchor(title: &str) -> String {
    let kept = title.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
}

/// The targets of links and pictures, in order.
fn links(text: &str) -> Vec<&str> {
    let outside = text.split("```").step_by(2);
    outside
        .flat_map(|part| part.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next())
        .collect()
}

/// The commands of a block, without what its comments say in the reader's language.
fn commands(block: &Block) -> String {
    let lines = block.text.lines().map(|line| line.split("    # ").next().unwrap_or_default());
    lines.filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_chinese_readme_is_in_step_with_the_english_one() {
    let (english, english_blocks) = read("README.md");
    let (chinese, chinese_blocks) = read("README.zh-CN.md");
    let levels = |text| headings(text).iter().map(|(level, _)| *level).collect::<Vec<_>>();
    assert_eq!(levels(&chinese), levels(&english));
    let wanted: Vec<String> =
        headings(&english).iter().skip(1).map(|(_, title)| anchor(title)).collect();
    let anchors: Vec<&str> =
        chinese.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(anchors, wanted, "each heading has the anchor of the English one before it");
    let shown = |blocks: &[Block]| {
        let of = |block: &Block| (block.language.clone(), commands(block));
        blocks.iter().map(of).collect::<Vec<_>>()
    };
    let (english_shown, chinese_shown) = (shown(&english_blocks), shown(&chinese_blocks));
    for (chinese, english) in chinese_shown.iter().zip(&english_shown) {
        assert_eq!(chinese, english);
    }
    assert_eq!(chinese_shown.len(), english_shown.len());
    let other = |links: Vec<&str>| {
        let links = links.iter().map(|link| link.replace("README.zh-CN.md", "README.md"));
        links.collect::<Vec<_>>()
    };
    assert_eq!(other(links(&chinese)), other(links(&english)));
    let rows = |text: &str| text.lines().filter(|line| line.starts_with('|')).count();
    assert_eq!(rows(&chinese), rows(&english));
}

/// Each link of a page leads to a file of this repository, and each anchor to a heading.
#[test]
fn links_of_the_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("a page");
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let path: PathBuf = if file.is_empty() {
                page.clone()
            } else {
                page.parent().expect("a folder").join(file)
            };
            assert!(path.exists(), "{}: {link}", page.display());
            if !fragment.is_empty() && path.starts_with(root) {
                let text = std::fs::read_to_string(&path).expect("a page");
                let is_there = headings(&text).iter().any(|(_, title)| anchor(title) == fragment)
                    || text.contains(&format!("<a id=\"{fragment}\">"));
                assert!(is_there, "{}: {link}", page.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} links");
}

/// The spans of code in the text of a page, one command each; what is made from the contracts is left out.
fn spans(text: &str) -> Vec<String> {
    let written = text.split("<!-- What follows is made").next().unwrap_or_default();
    let outside = written.split("```").step_by(2);
    let spans = outside.flat_map(|part| part.split('`').skip(1).step_by(2));
    let commands = spans.flat_map(|span| span.split('|'));
    commands.map(|command| command.trim().trim_end_matches('\\').trim().to_owned()).collect()
}

/// The flags of a span: `--targets`.
fn flags(span: &str) -> impl Iterator<Item = &str> {
    let words = span.split([' ', '=']).filter(|word| word.starts_with("--"));
    words.filter(|word| word.bytes().any(|byte| byte.is_ascii_lowercase()))
}

/// The help of every command, by the command: `history resolve`.
fn all_help() -> BTreeMap<String, String> {
    let world = World::new();
    let mut all = BTreeMap::new();
    let mut waiting = vec![Vec::<String>::new()];
    while let Some(command) = waiting.pop() {
        let help = finish(world.command().args(&command).arg("--help")).ends_with(0).out;
        for name in commands_of(&help) {
            waiting.push([&command[..], &[name]].concat());
        }
        all.insert(command.join(" "), help);
    }
    all
}

/// Each command in the text of a page exists, and has the flags that stand beside it.
#[test]
fn commands_in_the_text_of_the_pages_have_these_flags() {
    let help = all_help();
    let has = |help: &str, flag: &str| {
        help.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == flag)
    };
    let (mut seen, common) = (0, &help[""]);
    for page in pages() {
        for span in spans(&std::fs::read_to_string(&page).expect("a page")) {
            let place = || format!("{}: `{span}`", page.display());
            let words: Vec<&str> = span.split(' ').collect();
            let words = words.strip_prefix(&["herald"]).unwrap_or(&words);
            let two = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
            let one = words.first().copied().unwrap_or_default();
            if let Some(help) = help.get(&two).or_else(|| help.get(one)) {
                for flag in flags(&span) {
                    assert!(has(help, flag) || has(common, flag), "{}: no {flag}", place());
                    seen += 1;
                }
            } else if span.starts_with("herald ") {
                let is_any = one.starts_with(|c: char| !c.is_ascii_lowercase());
                assert!(is_any || help.contains_key(one), "{}: no such command", place());
            } else if span.starts_with("--") {
                for flag in flags(&span).filter(|flag| *flag != "--debug") {
                    assert!(help.values().any(|help| has(help, flag)), "{}: no {flag}", place());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 60, "{seen} flags");
}

/// The numbers of the table of limits stand in the reference of the provider, which is made from its contract.
#[test]
fn limits_in_the_readmes_are_those_of_the_contracts() {
    for page in ["README.md", "README.zh-CN.md"] {
        let (text, _) = read(page);
        for contract in herald::provider::ALL.iter().map(|provider| provider.contract()) {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{}` |", contract.id)));
            let row = row.unwrap_or_else(|| panic!("{page} has no row of {}", contract.id));
            let reference = herald::contract::reference::book(contract);
            let is_digit = |c: char| c.is_ascii_digit();
            let known: Vec<&str> = reference.split(|c| !is_digit(c)).collect();
            let cells = row.rsplit_once("| `").map_or(row, |(_, cells)| cells);
            let plain = cells.replace(',', "");
            for number in plain.split(|c| !is_digit(c)).filter(|number| number.len() > 1) {
                assert!(known.contains(&number), "{page}, {}: {number}", contract.id);
            }
        }
    }
}

/// The tables of commands, guards and exit codes have all of them, and the data centres are those of the contract.
#[test]
fn tables_in_the_readmes_are_complete() {
    let help = all_help();
    for page in ["README.md", "README.zh-CN.md"] {
        let (text, _) = read(page);
        let rows: Vec<(&str, &str)> =
            text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |")).collect();
        let row_of = |word: &str| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let row =
                rows.iter().find(|(first, _)| first.split(|c| !is_part(c)).any(|w| w == word));
            row.unwrap_or_else(|| panic!("{page} has no row of {word}")).1
        };
        for guard in herald::guard::ROWS {
            let overridden = row_of(guard.word).contains("`--override`");
            assert_eq!(overridden, guard.can_be_overridden, "{page}: {}", guard.word);
        }
        for exit in herald::exit::Exit::ALL {
            row_of(&(exit as u8).to_string());
        }
        for command in help.keys().filter(|command| !command.is_empty() && !command.contains(' ')) {
            row_of(command);
        }
        let rongcloud = herald::provider::find("rongcloud").expect("a provider").contract();
        for center in rongcloud.endpoints.iter().filter(|endpoint| !endpoint.name.is_empty()) {
            assert!(text.contains(&format!("`{}`", center.name)), "{page}: {}", center.name);
        }
    }
}

/// Both commands that `.ci/run` reads from the README are there, in the blocks that it looks for.
#[test]
fn the_readme_has_the_two_commands_that_ci_runs() {
    let (_, blocks) = read("README.md");
    for (tag, start) in
        [("first", "cargo run -- send --sandbox "), ("tests", "cargo test --locked")]
    {
        let tagged: Vec<&Block> = blocks.iter().filter(|block| block.is_for(tag)).collect();
        assert_eq!(tagged.len(), 1, "{tag}");
        let lines: Vec<&str> = tagged[0].text.lines().collect();
        assert!(lines.len() == 1 && lines[0].starts_with(start), "{lines:?}");
    }
    let world = World::new();
    let line = blocks.iter().find(|block| block.is_for("first")).expect("a block").text.clone();
    finish(&mut shell(&world, &line.replace("cargo run -- ", "herald "))).ends_with(0);
}
