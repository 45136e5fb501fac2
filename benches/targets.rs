//! A list of targets into checked batches, to nowhere: herald against `mawk` that only joins, and against `sort -u`.
//!
//! `cargo bench --bench targets` takes a million ids, `cargo bench --bench targets -- 10000000` as many as it says. Each
//! contestant is a process of its own, in turn; ratios are of the fastest rounds. A peer that is not on the `PATH` is left
//! out and named. Memory is the peak of herald's process as the kernel tells it.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use herald::broadcast::targets::{BatchSettings, Dedupe, ListBatches, ListItem, ListSettings};
use herald::contract::TargetKind;

const ROUNDS: usize = 5;
const JOIN: &str =
    r#"{ b = b (n++ % 1000 ? "," : "") $0; if (n % 1000 == 0) { print b > "/dev/null"; b = "" } }"#;
/// The same without the copying that a text which grows takes.
const PRINT: &str = r#"{ printf "%s%s", (n++ % 1000 ? "," : "\n"), $0 > "/dev/null" }"#;

/// A program, and whether it is measured for memory.
struct Contestant {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    best: f64,
    peak: Option<f64>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, path, dedupe] = &arguments[..]
        && word == "read"
    {
        return read(Path::new(path), dedupe == "unique");
    }
    let count = arguments.iter().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let folder = std::env::temp_dir().join(format!("herald-targets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the bench");
    let (list, shuffled, tenth) =
        (folder.join("list.txt"), folder.join("shuffled.txt"), folder.join("tenth.txt"));
    write_list(&list, count, 1);
    // The step has no factor in common with a power of ten: every id occurs once, in no order.
    write_list(&shuffled, count, 7_368_787);
    write_list(&tenth, count / 10, 1);
    println!("{count} ids, batches of 1000, fastest of {ROUNDS} rounds in turn");
    let joining = [("mawk, joining", "mawk", JOIN), ("mawk, printing", "mawk", PRINT)];
    let mut plain = vec![herald("herald", &list, false)];
    plain.extend(joining.iter().filter_map(|(name, program, code)| {
        peer(name, program, &[code, &list.display().to_string()])
    }));
    race(&mut plain);
    let mut small = [herald("herald, a tenth of the ids", &tenth, false)];
    race(&mut small);
    let mut unique = vec![herald("herald, without repeats", &shuffled, true)];
    let path = shuffled.display().to_string();
    unique.extend(peer("sort -u", "sort", &["-u", "-o", "/dev/null", &path]));
    race(&mut unique);
    println!("{:<32}{:>10}{:>16}{:>12}", "", "wall s", "herald's share", "peak MiB");
    print(&plain);
    print(&small);
    print(&unique);
    let _ = std::fs::remove_dir_all(&folder);
}

/// Writes each id below a count once, `step` apart.
fn write_list(path: &Path, count: u64, step: u64) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).expect("a list"));
    for index in 0..count {
        writeln!(file, "u{:09}", index * step % count).expect("room for the list");
    }
    file.flush().expect("room for the list");
}

fn herald(name: &str, list: &Path, unique: bool) -> Contestant {
    let program = std::env::current_exe().expect("a bench is a program");
    let unique = if unique { "unique" } else { "all" };
    let arguments = ["read".to_owned(), list.display().to_string(), unique.to_owned()].to_vec();
    Contestant { name: name.to_owned(), program, arguments, best: f64::INFINITY, peak: None }
}

fn peer(name: &str, program: &str, arguments: &[&str]) -> Option<Contestant> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|at| at.join(program)).find(|at| at.is_file());
    let Some(program) = found else {
        println!("left out: {program} is not installed");
        return None;
    };
    let arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
    Some(Contestant { name: name.to_owned(), program, arguments, best: f64::INFINITY, peak: None })
}

fn race(contestants: &mut [Contestant]) {
    // The first round warms caches and is not counted.
    for round in 0..=ROUNDS {
        for one in contestants.iter_mut() {
            let start = Instant::now();
            let output = Command::new(&one.program)
                .args(&one.arguments)
                .stdin(Stdio::null())
                .output()
                .expect("the program runs");
            let took = start.elapsed().as_secs_f64();
            assert!(output.status.success(), "{} ended with {}", one.name, output.status);
            if round > 0 {
                one.best = one.best.min(took);
                let told = String::from_utf8_lossy(&output.stdout).trim().parse::<f64>();
                one.peak = told.ok().map(|kib| one.peak.unwrap_or(0.0).max(kib / 1024.0));
            }
        }
    }
}

fn print(contestants: &[Contestant]) {
    for one in contestants {
        let share = contestants[0].best / one.best;
        let peak = one.peak.map_or("-".to_owned(), |mib| format!("{mib:.1}"));
        println!("{:<32}{:>10.3}{share:>16.2}{peak:>12}", one.name, one.best);
    }
}

/// Reads a list as a broadcast does, and prints the peak of this process in KiB.
fn read(path: &Path, unique: bool) {
    let check = |_: TargetKind, id: &str| (id.len() > 40).then(|| "too long".to_owned());
    let packing = BatchSettings {
        cap: 1000,
        dedupe: unique.then(|| Dedupe::new(*b"a key for a test")),
        check: Some(&check),
    };
    let file = File::open(path).expect("the list");
    let options = ListSettings::new("list.txt", TargetKind::User);
    let mut batches = ListBatches::open(Box::new(file), options, packing).expect("a list");
    let mut targets = 0;
    while let Some(item) = batches.next().expect("readable") {
        match item {
            ListItem::Batch(batch) => targets += std::hint::black_box(batch).len() as u64,
            ListItem::Invalid(bad) => panic!("line {}: {}", bad.line, bad.reason),
        }
    }
    let tally = batches.finish().expect("targets");
    assert_eq!((tally.targets, tally.lines, tally.repeats), (targets, targets, 0));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.map_or("-", |peak| peak.trim().trim_end_matches(" kB")));
}
