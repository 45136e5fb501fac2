//! Every door through which an id comes in, times what is wrong with an id, times every provider. Which doors a provider
//! has is read from its rows, and from whether a right id goes out there.

mod server;

use std::collections::BTreeSet;
use std::thread;

use herald::account::variable;
use herald::contract::{Contract, Field, Kind, Operation, Shape, TargetKind, Verb};
use herald::provider;
use serde_json::json;

use crate::support::{Run, World};
use server::CountingServer;

/// What is wrong with an id, and a word of the reason.
const SLIPS: [(&str, &str); 38] = [
    ("", "empty"),
    (" ", "blank"),
    ("\u{3000}", "blank"),
    ("bob ", "blank"),
    (" bob", "blank"),
    ("bob\u{a0}", "blank"),
    ("bob\r", "\\r"),
    ("bob\n", "\\n"),
    ("\tbob", "\\t"),
    ("b\tob", "\\t"),
    ("b\u{1}ob", "\\u{1}"),
    ("b\u{7f}ob", "\\u{7f}"),
    ("bob\u{200b}", "\\u{200b}"),
    ("\u{feff}bob", "\\u{feff}"),
    ("bo\u{202e}b", "\\u{202e}"),
    ("b\u{e77b}ob", "private use"),
    ("b\u{2067}ob", "\\u{2067}"),
    ("u1,u2", "comma"),
    ("u1，u2", "comma"),
    ("u1、u2", "comma"),
    ("u1;u2", "semicolon"),
    ("u1；u2", "semicolon"),
    ("u1｜u2", "bar"),
    ("u1\u{3000}u2", "\\u{3000}"),
    ("u1\u{a0}u2", "\\u{a0}"),
    ("user：bob", "looks like `:`"),
    ("bob＠x", "looks like `@`"),
    ("ｂｏｂ", "looks like `b`"),
    ("１２３", "looks like `1`"),
    ("“bob”", "quotes"),
    ("bo\"b", "a quote"),
    ("'00123", "mark for text"),
    ("=\"00123\"", "mark for text"),
    ("#N/A", "error value"),
    ("#REF!", "error value"),
    ("[object Object]", "an object"),
    ("1E+21", "scientific"),
    ("6.8e+15", "scientific"),
];

/// What may be an id of some vendor, and hardly ever is one, with a word of the reason: it is refused where nothing says that it
/// is meant.
const DOUBTS: [(&str, &str); 24] = [
    ("bob|carol", "bar"),
    ("NULL", "no value"),
    ("null", "no value"),
    ("undefined", "no value"),
    ("NaN", "no value"),
    ("-", "no value"),
    ("$USER", "without its value"),
    ("${user}", "without its value"),
    ("12345678.0", "`.0`"),
    ("1 234 567", "thousands"),
    ("3-Mar", "a date"),
    ("1.5E10", "scientific"),
    ("1.8e15", "scientific"),
    ("12E+5", "scientific"),
    ("1e21", "scientific"),
    ("12345…", "cut off"),
    ("12345...", "cut off"),
    ("# team", "a comment"),
    ("bob # vip", "a comment"),
    ("all", "everybody"),
    ("everyone", "everybody"),
    ("*", "everybody"),
    ("@all", "everybody"),
    ("所有人", "everybody"),
];

/// A right id, in the forms that the vendors want: letters and digits for most, digits for groups of some.
const RIGHT: [&str; 2] = ["bob1", "184524748161025"];

/// What a door does to an id before it is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Nothing.
    Nothing,
    /// Blanks around a line or a cell are taken off.
    Blanks,
}

/// A way in.
struct Door {
    /// What the error names: a flag, a line, a field.
    says: String,
    exit: i32,
    cut: Cut,
    /// Whether the way in says that what may be an id is one.
    meant: bool,
    /// Whether all slips are tried, or a few of them: another door of the same way in has all.
    all: bool,
    words: Vec<String>,
    /// A file with its text, or stdin where the name is empty. `ID` stands for the id.
    file: Option<(&'static str, String)>,
    /// How the id is written in the file.
    quote: fn(&str) -> String,
}

impl Door {
    fn new<W: AsRef<str>>(says: impl Into<String>, words: &[W]) -> Self {
        let words = words.iter().map(|word| word.as_ref().to_owned()).collect();
        let (says, quote) = (says.into(), |id: &str| id.to_owned());
        Self { says, exit: 2, cut: Cut::Nothing, meant: false, all: true, words, file: None, quote }
    }

    fn meant(self) -> Self {
        Self { meant: true, ..self }
    }

    fn few(self) -> Self {
        Self { all: false, ..self }
    }

    /// The id stands in a file, whose faults end with 3.
    fn in_file(self, name: &'static str, text: &str, quote: fn(&str) -> String) -> Self {
        Self { exit: 3, file: Some((name, text.to_owned())), quote, ..self }
    }

    fn cut(self) -> Self {
        Self { cut: Cut::Blanks, ..self }
    }

    /// Whether a slip is one here: blanks and line ends may be taken off, or end the line.
    fn has(&self, slip: &str) -> bool {
        self.cut == Cut::Nothing || slip.trim() == slip && !slip.is_empty()
    }
}

fn strings(begin: &[&str], more: &[&str]) -> Vec<String> {
    begin.iter().chain(more).map(|word| (*word).to_owned()).collect()
}

fn as_json(id: &str) -> String {
    json!(id).to_string()
}

fn as_cell(id: &str) -> String {
    format!("\"{}\"", id.replace('"', "\"\""))
}

/// The doors of a provider. Those that it does not have refuse the right id, too.
fn doors(contract: &'static Contract) -> Vec<Door> {
    let text = ["--text", "hi"];
    let send = |more: &[&str]| strings(&["send", "--from", "ann1", "--text", "hi"], more);
    let broadcast = |more: &[&str]| {
        let confirm = ["broadcast", "--yes", "--confirm", contract.id, "--from", "ann1"];
        strings(&[&confirm[..], &["--text", "hi"]].concat(), more)
    };
    let usual = contract.default_target.word();
    let mut doors = vec![
        Door::new("--to", &send(&["--to=ID"])),
        Door::new("--to", &send(&["--to=bob2", "--to=ID"])).few(),
        Door::new("--from", &["send", "--text", "hi", "--to=bob1", "--from=ID"]),
        Door::new("--tag", &broadcast(&["--tag=ID"])),
        Door::new("--package", &broadcast(&["--package=ID"])).few(),
        Door::new("--to", &broadcast(&["--to=bob2", "--to=ID"])).few(),
        Door::new("--from", &["broadcast", "--text", "hi", "--to=bob1", "--to=bob2", "--from=ID"])
            .few(),
        Door::new("line 2: ", &broadcast(&["--targets", "l.txt"]))
            .in_file("l.txt", "bob2\nID\n", str::to_owned)
            .cut(),
        Door::new("line 3: ", &broadcast(&["--targets", "l.csv", "--column", "who"]))
            .in_file("l.csv", "name,who\nB,bob2\nX,ID\n", as_cell)
            .cut(),
        Door::new("line 2: ", &broadcast(&["--targets", "l.ndjson"])).in_file(
            "l.ndjson",
            "{\"to\":\"bob2\"}\n{\"to\":ID}\n",
            as_json,
        ),
        Door::new("line 3: ", &broadcast(&["--targets", "l.json"])).in_file(
            "l.json",
            "[\n\"bob2\",\nID\n]",
            as_json,
        ),
        Door::new("line 2: ", &broadcast(&["--targets", "-"]))
            .in_file("", "bob2\nID\n", str::to_owned)
            .cut()
            .few(),
        Door::new("line 3: ", &broadcast(&["--targets", "-", "--form", "csv", "--column", "who"]))
            .in_file("", "who;name\nbob2;B\nID;X\n", as_cell)
            .cut()
            .few(),
        Door::new("line 2: ", &broadcast(&["--targets", "-", "--form", "ndjson"]))
            .in_file("", "{\"to\":\"bob2\"}\n{\"to\":ID}\n", as_json)
            .few(),
        Door::new("from", &["send", "--profiles", "p.toml", "--to=bob1", "--text", "hi"])
            .in_file("p.toml", &profile(contract, "", "from = ID"), as_json)
            .meant(),
        Door::new("p.toml:", &["send", "--profiles", "p.toml", "--to=bob1", "--text", "hi"])
            .in_file(
                "p.toml",
                &profile(contract, &format!("allow_to = [ID, \"{usual}:*\"]"), ""),
                |id| as_json(&format!("user:{id}")),
            )
            .meant()
            .few(),
    ];
    for kind in TargetKind::ALL {
        let send = send(&[&format!("--to={kind}:ID")]);
        let door = Door::new("--to", &send).meant();
        doors.push(if kind == contract.default_target { door } else { door.few() });
    }
    for verb in ["recall", "update", "delete", "clear", "get", "status"] {
        let content: &[&str] = if verb == "update" { &text } else { &[] };
        let to = [&[verb, "123456", "--from=ann1", "--to=ID"], content].concat();
        let from = [&[verb, "123456", "--to=bob1", "--from=ID"], content].concat();
        let id = [&[verb, "--to=bob1", "--from=ann1", "--", "ID"][..], content].concat();
        doors.push(Door::new("--to", &to).few());
        doors.push(Door::new("--from", &from).few());
        if content.is_empty() {
            let id = Door::new("the message id", &id);
            doors.push(if verb == "recall" { id } else { id.few() });
        }
    }
    let list = ["recall", "123456", "--from=ann1", "--targets", "l.txt"];
    let list = Door::new("line 2: ", &list).in_file("l.txt", "bob2\nID\n", str::to_owned);
    doors.push(list.cut().few());
    doors.extend(sets(contract));
    doors
}

/// `--set` on the ids of the operations that `send` has, with all slips, and `call` of every operation, with a few.
fn sets(contract: &'static Contract) -> Vec<Door> {
    let mut doors = Vec::new();
    let mut seen = BTreeSet::new();
    for operation in contract.operations.iter().filter(|row| !row.path.is_empty()) {
        for (path, is_list) in operation.shape().map(id_paths).unwrap_or_default() {
            let set = format!("{path}:={}", if is_list { "[ID]" } else { "ID" });
            let call = format!("{}/{}", contract.id, operation.id);
            let words = ["call", &call, "--set", &set, "--yes", "--confirm", contract.id];
            let mut door = Door::new(format!("`{path}"), &words).meant().few();
            door.quote = as_json;
            doors.push(door);
            let send = ["send", "--from=ann1", "--to=bob1", "--text", "hi", "--set", &set];
            if operation.verbs.contains(&Verb::Send) && seen.insert(path.clone()) {
                let mut door = Door::new("--set", &send).meant();
                door.quote = as_json;
                doors.push(door);
                let set = format!("{path}=ID");
                let send = ["send", "--from=ann1", "--to=bob1", "--text", "hi", "--set", &set];
                doors.push(Door::new("--set", &send).few());
            }
        }
    }
    doors
}

/// The paths of a shape at which ids stand as texts or in lists of texts, and whether it is a list.
fn id_paths(shape: &'static Shape) -> Vec<(String, bool)> {
    let mut paths = Vec::new();
    for field in shape.all_fields() {
        match (field.id, is_list(field)) {
            (_, Some(is_list)) => paths.push((field.name.to_owned(), is_list)),
            (_, None) => {
                let Kind::Object(inner) = field.kind else { continue };
                let inner = id_paths(inner).into_iter();
                paths.extend(inner.map(|(path, list)| (format!("{}.{path}", field.name), list)));
            }
        }
    }
    paths
}

fn is_list(field: &Field) -> Option<bool> {
    match field.kind {
        Kind::Text if field.id => Some(false),
        Kind::List(item) | Kind::OneOrList(item) if field.id || item.id => {
            matches!(item.kind, Kind::Text).then_some(true)
        }
        _ => None,
    }
}

/// A profile of a provider with the sandbox's credentials; `endpoint` is put in when the server is known.
fn profile(contract: &Contract, more: &str, defaults: &str) -> String {
    let rows = contract.credentials.iter().filter(|row| !row.sandbox.is_empty());
    let keys: String = rows
        .filter(|row| row.name != "endpoint")
        .map(|row| format!("{} = {}\n", row.name, as_json(row.sandbox)))
        .collect();
    let (id, mode) = (contract.id, if more.is_empty() { "live" } else { "test" });
    format!(
        "[profiles.p]\nprovider = \"{id}\"\nmode = \"{mode}\"\nendpoint = \"ENDPOINT\"\n{keys}{more}\n\
         [profiles.p.defaults]\n{defaults}\n"
    )
}

/// The environment of a provider: the sandbox's credentials, and the address of the server.
fn environment(contract: &Contract, endpoint: &str) -> Vec<(String, String)> {
    let rows = contract.credentials.iter().filter(|row| !row.sandbox.is_empty());
    let keys = rows.map(|row| (variable(contract.id, row.name), row.sandbox.to_owned()));
    let endpoint = (variable(contract.id, "endpoint"), endpoint.to_owned());
    keys.filter(|(name, _)| *name != endpoint.0).chain([endpoint.clone()]).collect()
}

/// A provider's world.
struct Table {
    contract: &'static Contract,
    world: World,
    server: CountingServer,
    environment: Vec<(String, String)>,
}

impl Table {
    fn of(contract: &'static Contract) -> Self {
        let server = CountingServer::start();
        let environment = environment(contract, server.address());
        Self { contract, world: World::new(), server, environment }
    }

    /// Goes through a door with an id.
    fn go(&self, door: &Door, id: &str) -> Run {
        let mut stdin = String::new();
        if let Some((name, text)) = &door.file {
            let text = text.replace("ENDPOINT", self.server.address());
            let text = text.replace("ID", &(door.quote)(id));
            match *name {
                "" => stdin = text,
                name => drop(self.world.write_private(name, text)),
            }
        }
        let is_in_words = door.file.is_none();
        let id = (door.quote)(id);
        let with_id = |word: &String| {
            if is_in_words { word.replace("ID", &id) } else { word.clone() }
        };
        let words: Vec<String> = door.words.iter().map(with_id).collect();
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        let quick = ["--provider", self.contract.id, "--deadline", "10s"];
        words.splice(1..1, quick);
        if door.words.iter().any(|word| word == "--profiles") {
            return self.world.run(&words);
        }
        let environment: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.world.run_with_stdin(&words, &environment, stdin)
    }

    /// Tries all doors. Returns those that let a right id out, and what went wrong.
    fn check(&self) -> (Vec<String>, Vec<String>) {
        let (mut open, mut faults) = (Vec::new(), Vec::new());
        for (number, door) in doors(self.contract).iter().enumerate() {
            let mut is_field = true;
            let lets_out = RIGHT.iter().any(|id| {
                let before = self.server.connections();
                let run = self.go(door, id);
                is_field &= !run.err.contains("is not a field");
                self.server.connections() > before
            });
            if !is_field {
                // A name that the operation does not have is data of the app's own.
                continue;
            }
            if lets_out {
                open.push(format!("{} {:?}", door.says, door.words));
            }
            let before = self.server.connections();
            let doubts = DOUBTS.iter().filter(|_| !door.meant);
            for (index, (slip, reason)) in SLIPS.iter().chain(doubts).enumerate() {
                if !door.has(slip) || !door.all && (number + index) % 11 != 0 {
                    continue;
                }
                let run = self.go(door, slip);
                let told = format!(
                    "{} {:?} {slip:?}: {}\n{}{}",
                    self.contract.id, door.words, run.code, run.out, run.err
                );
                let is_it = |line: &str| line.contains(&door.says) && line.contains(*reason);
                let fault = if self.server.connections() > before {
                    "something was sent"
                } else if lets_out && run.code != door.exit || ![2, 3].contains(&run.code) {
                    "another exit code"
                } else if lets_out && !run.err.lines().any(is_it) {
                    "no line with place and reason"
                } else {
                    continue;
                };
                faults.push(format!("{fault}: {told}"));
            }
        }
        (open, faults)
    }
}

#[test]
fn no_door_lets_out_what_is_no_id() {
    let contracts = provider::ALL.iter().map(|vendor| vendor.contract());
    let tables: Vec<_> = contracts
        .map(|contract| thread::spawn(move || (contract, Table::of(contract).check())))
        .collect();
    for table in tables {
        let (contract, (open, faults)) = table.join().expect("no panic");
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
        // A door that lets nothing out proves nothing.
        for due in ["--to", "line 2: ", "line 3: "] {
            assert!(
                open.iter().any(|door| door.starts_with(due)),
                "{}: {due} {open:#?}",
                contract.id
            );
        }
        let has_sender =
            |row: &Operation| row.verbs.contains(&Verb::Send) && !row.sender.is_empty();
        let is_due = contract.operations.iter().any(has_sender);
        let is_open = open.iter().any(|door| door.starts_with("from"));
        assert!(is_open || !is_due, "{}: {open:#?}", contract.id);
    }
}
