//! Pictures of real output for the READMEs, drawn from what the program writes with colours. They are written again with
//! the other generated files: `HERALD_BLESS=1 cargo test --test it generated`.

use std::collections::{BTreeMap, HashMap};

use anstyle_svg::Term;

use crate::generated::check;
use crate::support::{Run, World, finish};

/// Where the pictures stand: what they show is what a reader just pasted.
const README: &str = include_str!("../../README.md");

/// A push for JPush v2 with two faults.
const PUSH: &str = r#"{
  "sendno": 3321,
  "receiver_type": 3,
  "receiver_value": "alice,bob",
  "msg_type": 1,
  "msg_content": {"n_content": "Doors open at eight", "n_builder_id": "big"},
  "platform": "andriod"
}
"#;

/// A session at a terminal: commands, each with what it shows.
struct Session {
    world: World,
    shown: String,
}

impl Session {
    fn new() -> Self {
        let world = World::new();
        assert!(README.contains(PUSH));
        world.write("push.json", PUSH);
        world.write("guests.csv", "user,name\nalice,Ann\nbob,Bob\ncarol,Carol\n");
        Self { world, shown: String::new() }
    }

    fn runs(&mut self, line: &str) -> &mut Self {
        let run = self.run(line);
        self.shown += &format!("\u{1b}[1m$ {line}\u{1b}[0m\n{}{}", run.out, run.err);
        self
    }

    /// The same line is what a reader types: a shell takes its quotes off.
    fn run(&self, line: &str) -> Run {
        let program = env!("CARGO_BIN_EXE_herald");
        let rest = line.strip_prefix("herald ").expect("a line of herald");
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", &format!("exec \"$0\" {rest}"), program]).env_clear();
        command.env("HOME", self.world.path("")).current_dir(self.world.path(""));
        command.envs([("TZ", "Asia/Shanghai"), ("CLICOLOR_FORCE", "1"), ("COLUMNS", "120")]);
        finish(&mut command)
    }

    fn picture(&self) -> String {
        Term::new().render_svg(stable(&self.shown).trim_end())
    }
}

/// The text with the same ids and times at each run, and with its colours.
fn stable(text: &str) -> String {
    let mut known = HashMap::new();
    let mut parts = text.split("\u{1b}[");
    let mut out = stable_words(parts.next().unwrap_or_default(), &mut known);
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        out += "\u{1b}[";
        out += &part[..end];
        out += &stable_words(&part[end..], &mut known);
    }
    out
}

fn stable_words(text: &str, known: &mut HashMap<String, String>) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-' | '+');
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |at| start + at);
        out += &rest[..start];
        out += &stable_word(&rest[start..end], known);
        rest = &rest[end..];
    }
    out + rest
}

/// An id gets the next one of the same form, a time a fixed one of the same length; another word stays.
fn stable_word(word: &str, known: &mut HashMap<String, String>) -> String {
    let are = |test: fn(char) -> bool| word.chars().all(test);
    let count = known.len();
    let mut id = |new: String| known.entry(word.to_owned()).or_insert(new).clone();
    match word.len() {
        8 if are(|c| c.is_ascii_hexdigit()) => {
            id(format!("{:08x}", 0x7ffd_a768_u32.wrapping_add(0x1e35_7a1b * count as u32)))
        }
        15.. if are(|c| c.is_ascii_digit()) => {
            id((589_836_016_209_133_569_u64 + 8 * count as u64).to_string())
        }
        5 | 8 if word.contains(':') && are(|c| c.is_ascii_digit() || c == ':') => {
            "20:15:00"[..word.len()].to_owned()
        }
        3.. if word.contains('.') && are(|c| c.is_ascii_digit() || c == '.') => "0.1".to_owned(),
        _ => word.to_owned(),
    }
}

fn pictures() -> BTreeMap<String, String> {
    let mut pictures = BTreeMap::new();
    let mut add = |name: &str, lines: &[&str]| {
        let mut session = Session::new();
        for line in lines {
            assert!(README.contains(line), "the README has no `{line}`");
            session.runs(line);
        }
        pictures.insert(format!("{name}.svg"), session.picture());
    };
    add("validate", &["herald validate push.json"]);
    add(
        "send",
        &[
            "herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"",
            "herald recall --sandbox --last",
            "herald history --sandbox",
        ],
    );
    add(
        "broadcast",
        &[
            "herald broadcast --sandbox --provider wildfire --from news --targets guests.csv --column user --text \"Dear {{name}}\" --job tonight",
            "herald jobs --sandbox",
        ],
    );
    pictures
}

#[test]
fn generated_pictures_are_what_the_program_shows() {
    let drawn = pictures();
    assert!(drawn.values().all(|picture| picture.contains("herald")), "{drawn:?}");
    assert_eq!(drawn, pictures(), "the same program draws the same pictures");
    let has_colours = |picture: &String| picture.contains("fill: #") && picture.contains("bold");
    assert!(drawn.values().all(has_colours));
    check("docs/pictures", &[], &drawn);
}
