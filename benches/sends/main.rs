//! Many sends, end to end over loopback: the library with and without its ledger, against a loop over reqwest and curl.
//!
//! `cargo bench --bench sends` prints the short form; `cargo bench --bench sends -- full` counts as the goals do: 100,000
//! sends a contestant, and a million for the memory. Client and server are processes of their own on the same cores, and
//! contestants run in turn, so that what else the machine does meets all of them. The ratios are of the best rounds.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod library;
mod message;
mod peer;
mod server;
mod tls;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How much is done.
struct Size {
    rounds: usize,
    sends: u64,
    slow_sends: u64,
    curl_sends: u64,
    many: u64,
}

const SHORT: Size =
    Size { rounds: 3, sends: 20_000, slow_sends: 10_000, curl_sends: 5_000, many: 200_000 };
const FULL: Size =
    Size { rounds: 3, sends: 100_000, slow_sends: 50_000, curl_sends: 100_000, many: 1_000_000 };

/// What a contestant took.
#[derive(Clone, Copy)]
struct Cost {
    /// Sends a second.
    rate: f64,
    /// Microseconds of processor time a send.
    cpu: f64,
    /// Peak of memory.
    mib: f64,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", delay] => {
            server::serve(Duration::from_millis(delay.parse().expect("milliseconds")));
        }
        ["send", who, port, count, path] => {
            child(who, number(port), number(count), Path::new(path));
        }
        words => bench(if words.contains(&"full") { &FULL } else { &SHORT }),
    }
}

fn number<T: std::str::FromStr>(word: &str) -> T {
    word.parse().ok().expect("a number")
}

/// One contestant, in a process of its own. Prints seconds, seconds of processor time, and KiB.
fn child(who: &str, port: u16, count: u64, path: &Path) {
    let before = processor_time();
    let took = match who {
        "reqwest" => peer::reqwest(port, count),
        "library" => library::without_ledger(port, count),
        "ledger" => library::with_ledger(port, count, path),
        _ => panic!("there is no contestant `{who}`"),
    };
    let cpu = processor_time() - before;
    println!("{} {cpu} {}", took.as_secs_f64(), peak_kib());
}

fn bench(size: &Size) {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sends-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder on the disk");
    println!("{:<40}{:>12}{:>12}{:>10}{:>10}", "", "sends/s", "cpu us", "ratio", "peak MiB");
    at_once(size, &folder);
    slowly(size, &folder);
    memory(size, &folder);
    over_https(&folder);
    let _ = std::fs::remove_dir_all(&folder);
}

fn at_once(size: &Size, folder: &Path) {
    let server = Server::start(0);
    let mut best: [Option<Cost>; 3] = [None; 3];
    let mut curl: Option<Duration> = None;
    for _ in 0..size.rounds {
        for (best, who) in best.iter_mut().zip(["reqwest", "library", "ledger"]) {
            let cost = send(who, &server, size.sends, folder);
            keep_best(best, cost);
        }
        let took = peer::curl(folder, server.port, size.curl_sends);
        curl = curl.into_iter().chain(took).min();
    }
    let [Some(loop_), Some(library), Some(ledger)] = best else { return };
    row("a bare loop over reqwest", loop_, None);
    row("the library, no ledger", library, Some(library.rate / loop_.rate));
    match curl {
        Some(took) => {
            #[expect(clippy::cast_precision_loss, reason = "a bench counts no further than 2^52")]
            let rate = size.curl_sends as f64 / took.as_secs_f64();
            println!(
                "{:<40}{rate:>12.0}{:>12}{:>10.2}",
                "curl --parallel",
                "-",
                library.rate / rate
            );
        }
        None => println!("left out: curl is not installed, or cannot do it"),
    }
    row("the library, ledger: x the time", ledger, Some(library.rate / ledger.rate));
}

fn slowly(size: &Size, folder: &Path) {
    let server = Server::start(20);
    let mut best: [Option<Cost>; 2] = [None; 2];
    for _ in 0..size.rounds {
        for (best, who) in best.iter_mut().zip(["library", "ledger"]) {
            keep_best(best, send(who, &server, size.slow_sends, folder));
        }
    }
    let [Some(library), Some(ledger)] = best else { return };
    row("after 20 ms: no ledger", library, None);
    row("after 20 ms: ledger, x the time", ledger, Some(library.rate / ledger.rate));
}

fn memory(size: &Size, folder: &Path) {
    let server = Server::start(0);
    for count in [10_000, size.many] {
        for who in ["library", "ledger"] {
            row(&format!("{count} sends, {who}"), send(who, &server, count, folder), None);
        }
        let bytes = ledger_bytes(folder);
        println!("{:<40}{:>12} bytes a target", "  the ledger on disk", bytes / count);
    }
}

fn over_https(folder: &Path) {
    let (herald, curl) = tls::race(folder);
    println!("{:<40}{herald:>9.2} ms", "herald send, https, private root");
    match curl {
        Some(curl) => println!("{:<40}{curl:>9.2} ms{:>22.2}", "curl --cacert", herald / curl),
        None => println!("left out: curl is not installed"),
    }
}

fn row(name: &str, cost: Cost, ratio: Option<f64>) {
    let ratio = ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
    let Cost { rate, cpu, mib } = cost;
    println!("{name:<40}{rate:>12.0}{cpu:>12.1}{ratio:>10}{mib:>10.1}");
}

fn keep_best(best: &mut Option<Cost>, cost: Cost) {
    let better = best.is_none_or(|best| cost.rate > best.rate);
    if better {
        *best = Some(cost);
    }
}

fn ledger_path(folder: &Path) -> PathBuf {
    folder.join("ledger.db")
}

fn ledger_bytes(folder: &Path) -> u64 {
    let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |data| data.len());
    size("ledger.db") + size("ledger.db-wal")
}

/// Runs a contestant, with a new ledger where it keeps one.
fn send(who: &str, server: &Server, count: u64, folder: &Path) -> Cost {
    let path = ledger_path(folder);
    for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
    let output = Command::new(std::env::current_exe().expect("a bench is a program"))
        .args(["send", who, &server.port.to_string(), &count.to_string()])
        .arg(&path)
        .stderr(Stdio::inherit())
        .output()
        .expect("the bench runs itself");
    assert!(output.status.success(), "{who} ended with {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().map(number).collect();
    let [seconds, cpu, kib] = numbers[..] else { panic!("{who} printed `{text}`") };
    #[expect(clippy::cast_precision_loss, reason = "a bench counts no further than 2^52")]
    let count = count as f64;
    Cost { rate: count / seconds, cpu: cpu / count * 1e6, mib: kib / 1024.0 }
}

/// A server in a process of its own.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(delay_ms: u64) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("a bench is a program"))
            .args(["serve", &delay_ms.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the bench runs itself");
        let mut line = String::new();
        let output = process.stdout.as_mut().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("the server tells its port");
        Self { process, port: number(line.trim()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Seconds of processor time of this process, where the system tells.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The peak of this process's memory in KiB, where the system tells.
fn peak_kib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
