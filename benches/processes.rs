//! Whole processes, in turn: herald against a program that prints one line, and against peers where they are installed.
//!
//! `cargo bench --bench processes` prints ratios of medians. A peer that is not on the `PATH` (`jsonschema-cli`, `xh`) is
//! left out and named. Memory is the peak of the process as GNU time tells it, where that is there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 60;
const PAYLOAD: &str = r#"{"sender":"alice","conv":{"type":0,"target":"bob","line":0},"payload":{"type":1,"searchableContent":"hello","persistFlag":3}}"#;

struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
}

fn main() {
    let folder = std::env::temp_dir().join(format!("herald-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the bench");
    let server = serve();
    let contestants = contestants(&folder, server);
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contestants.len()];
    for round in 0..=ROUNDS {
        for (contestant, times) in contestants.iter().zip(&mut times) {
            let took = run(&folder, contestant);
            // The first round warms caches and is not counted.
            if round > 0 {
                times.push(took.as_secs_f64() * 1000.0);
            }
        }
    }
    let hello = median(&times[0]);
    println!(
        "{:<44}{:>10}{:>10}{:>12}",
        "whole process, median of rounds in turn", "wall ms", "x hello", "peak MiB"
    );
    for (contestant, times) in contestants.iter().zip(&times) {
        let wall = median(times);
        let peak = peak(&folder, contestant).map_or("-".to_owned(), |mib| format!("{mib:.1}"));
        println!("{:<44}{wall:>10.2}{:>10.2}{peak:>12}", contestant.name, wall / hello);
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn contestants(folder: &Path, server: u16) -> Vec<Contestant> {
    let herald = PathBuf::from(env!("CARGO_BIN_EXE_herald"));
    let payload = folder.join("payload.json");
    std::fs::write(&payload, PAYLOAD).expect("a payload");
    let profiles = folder.join("profiles.toml");
    let profile = format!(
        "[profiles.bench]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:{server}\"\nsecret = {{ env = \"BENCH_SECRET\" }}\n"
    );
    std::fs::write(&profiles, profile).expect("a profile");
    let profiles = profiles.display().to_string();
    let payload = payload.display().to_string();
    let with = |words: &[&str]| -> Vec<String> {
        words
            .iter()
            .map(|word| word.replace("{profiles}", &profiles).replace("{payload}", &payload))
            .collect()
    };
    let mut all = vec![
        Contestant { name: "hello", program: hello(folder), arguments: Vec::new() },
        Contestant {
            name: "herald --version",
            program: herald.clone(),
            arguments: with(&["--version"]),
        },
        Contestant {
            name: "herald sign",
            program: herald.clone(),
            arguments: with(&["sign", "wildfire/send", "--profiles", "{profiles}"]),
        },
        Contestant {
            name: "herald send --dry-run",
            program: herald.clone(),
            arguments: with(&[
                "send",
                "--profiles",
                "{profiles}",
                "--from",
                "alice",
                "--to",
                "bob",
                "--text",
                "hello",
                "--dry-run",
            ]),
        },
        Contestant {
            name: "herald validate",
            program: herald.clone(),
            arguments: with(&["validate", "--as", "wildfire/send", "{payload}"]),
        },
        Contestant {
            name: "herald send, loopback, ledger",
            program: herald.clone(),
            arguments: with(&[
                "send",
                "--profiles",
                "{profiles}",
                "--from",
                "alice",
                "--to",
                "bob",
                "--text",
                "hello",
            ]),
        },
    ];
    match on_path("jsonschema-cli") {
        Some(program) => {
            let schema = folder.join("schema.json");
            let made = Command::new(&herald)
                .args(["schema", "wildfire/send"])
                .output()
                .expect("herald runs");
            std::fs::write(&schema, made.stdout).expect("a schema");
            let schema = schema.display().to_string();
            let arguments =
                vec!["validate".to_owned(), schema, "--instance".to_owned(), payload.clone()];
            all.push(Contestant { name: "jsonschema-cli validate", program, arguments });
        }
        None => println!("left out: jsonschema-cli is not installed"),
    }
    match on_path("xh") {
        Some(program) => {
            let url = format!("http://127.0.0.1:{server}/admin/message/send");
            let arguments = vec![
                "post".to_owned(),
                "--ignore-stdin".to_owned(),
                url,
                "--raw".to_owned(),
                PAYLOAD.to_owned(),
            ];
            all.push(Contestant { name: "xh post, loopback", program, arguments });
        }
        None => println!("left out: xh is not installed"),
    }
    all
}

fn command(folder: &Path, program: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .env("BENCH_SECRET", "123456")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn run(folder: &Path, contestant: &Contestant) -> Duration {
    let start = Instant::now();
    let status = command(folder, &contestant.program, &contestant.arguments)
        .status()
        .expect("the program runs");
    let took = start.elapsed();
    assert!(status.success(), "{} ended with {status}", contestant.name);
    took
}

fn peak(folder: &Path, contestant: &Contestant) -> Option<f64> {
    let time = Path::new("/usr/bin/time");
    if !time.exists() {
        return None;
    }
    let mut arguments =
        vec!["-f".to_owned(), "%M".to_owned(), contestant.program.display().to_string()];
    arguments.extend(contestant.arguments.iter().cloned());
    let output = command(folder, time, &arguments).stderr(Stdio::piped()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().last()?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// A Rust program that prints one line.
fn hello(folder: &Path) -> PathBuf {
    let source = folder.join("hello.rs");
    let program = folder.join("hello");
    std::fs::write(&source, "fn main() { println!(\"hello\"); }").expect("a source");
    let status = Command::new("rustc")
        .arg("-O")
        .arg("-o")
        .arg(&program)
        .arg(&source)
        .status()
        .expect("rustc runs");
    assert!(status.success());
    program
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// A server that answers every request with a success, on loopback.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    let mut request = Vec::new();
    while let Ok(n @ 1..) = stream.read(&mut buffer) {
        request.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&request);
        let Some(head) = text.find("\r\n\r\n") else { continue };
        let length = text[..head]
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")
                    .map(str::trim)
                    .map(str::to_owned)
            })
            .and_then(|length| length.parse().ok())
            .unwrap_or(0);
        if request.len() >= head + 4 + length {
            let body = r#"{"code":0,"msg":"success","result":{"messageUid":561233975322902529,"timestamp":1782353213880}}"#;
            let reply = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            if stream.write_all(reply.as_bytes()).is_err() {
                return;
            }
            request.clear();
        }
    }
}
