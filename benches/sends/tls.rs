//! One message over https, whole processes: the `herald` that users have, against curl with the same root.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::message::{PATH, SECRET, body, sign, target};
use crate::server::{reply, whole_request};

const ROUNDS: usize = 40;

/// Milliseconds of herald and of curl: medians of processes in turn.
pub(crate) fn race(folder: &Path) -> (f64, Option<f64>) {
    let port = serve();
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/sends/tls");
    let root = files.join("root.pem");
    let herald = herald(folder, port, &root);
    let curl = curl(port, &root);
    let (mut of_herald, mut of_curl) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let times = (run(folder, &herald), run(folder, &curl));
        // The first round warms caches and is not counted.
        if round > 0 {
            of_herald.extend(times.0);
            of_curl.extend(times.1);
        }
    }
    let herald = median(of_herald).expect("herald sends");
    (herald, median(of_curl))
}

/// A program with its arguments.
type Line = (PathBuf, Vec<String>);

fn herald(folder: &Path, port: u16, root: &Path) -> Line {
    let profiles = folder.join("profiles.toml");
    let profile = format!(
        "[profiles.bench]\nprovider = \"wildfire\"\nendpoint = \"https://127.0.0.1:{port}\"\nsecret = {{ env = \"BENCH_SECRET\" }}\n"
    );
    std::fs::write(&profiles, profile).expect("a profile");
    let (profiles, root) = (profiles.display().to_string(), root.display().to_string());
    let words = ["send", "--profiles", &profiles, "--cacert", &root];
    let message = ["--from", "alice", "--to", "bob", "--text", "hello"];
    let words = words.into_iter().chain(message).map(str::to_owned).collect();
    (PathBuf::from(env!("CARGO_BIN_EXE_herald")), words)
}

fn curl(port: u16, root: &Path) -> Line {
    let [nonce, timestamp, sign] = sign(1);
    let headers = [
        format!("nonce: {nonce}"),
        format!("timestamp: {timestamp}"),
        format!("sign: {sign}"),
        "content-type: application/json; charset=utf-8".to_owned(),
    ];
    let mut words = ["--disable", "--silent", "--cacert"].map(str::to_owned).to_vec();
    words.push(root.display().to_string());
    for header in headers {
        words.extend(["--header".to_owned(), header]);
    }
    words.extend(["--data-binary".to_owned(), body(&target(1))]);
    words.push(format!("https://127.0.0.1:{port}{PATH}"));
    (PathBuf::from("curl"), words)
}

/// Milliseconds; `None` where there is no such program.
fn run(folder: &Path, (program, words): &Line) -> Option<f64> {
    let mut command = Command::new(program);
    command
        .args(words)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("BENCH_SECRET", SECRET)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status().ok()?;
    let took = began.elapsed();
    assert!(status.success(), "{} ended with {status}", program.display());
    Some(took.as_secs_f64() * 1000.0)
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

/// A server with a certificate of a private root, a thread a connection.
fn serve() -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let chain = CertificateDer::pem_slice_iter(include_bytes!("tls/server.pem"))
        .collect::<Result<Vec<_>, _>>()
        .expect("certificates");
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).expect("a key");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("the key is that of the certificate");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            std::thread::spawn(move || answer(stream, config));
        }
    });
    port
}

fn answer(stream: TcpStream, config: Arc<ServerConfig>) {
    let _ = stream.set_nodelay(true);
    let session = ServerConnection::new(config).expect("the configuration is whole");
    let mut stream = StreamOwned::new(session, stream);
    let mut buffer = [0; 4096];
    let mut held = Vec::new();
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        held.extend_from_slice(&buffer[..length]);
        while let Some(length) = whole_request(&held) {
            held.drain(..length);
            if stream.write_all(&reply(561_000_000_000_000_001)).is_err() {
                return;
            }
        }
    }
}
