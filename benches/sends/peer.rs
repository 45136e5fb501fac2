//! The peers: a loop over reqwest, and curl.

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::Client;

use crate::message::{IN_FLIGHT, PATH, body, sign, target};

/// As many tasks as requests are in flight; each makes, signs and sends one after the other.
pub(crate) fn reqwest(port: u16, count: u64) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the loop");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client =
        Client::builder().no_proxy().tls_certs_only(std::iter::empty()).build().expect("a client");
    let url = format!("http://127.0.0.1:{port}{PATH}");
    let local = tokio::task::LocalSet::new();
    let next = Rc::new(Cell::new(0));
    let began = Instant::now();
    let tasks: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (client, url, next) = (client.clone(), url.clone(), Rc::clone(&next));
            local.spawn_local(async move {
                loop {
                    let number = next.get();
                    if number >= count {
                        return;
                    }
                    next.set(number + 1);
                    send(&client, &url, number).await;
                }
            })
        })
        .collect();
    local.block_on(&runtime, async {
        for task in tasks {
            task.await.expect("each request is accepted");
        }
    });
    began.elapsed()
}

async fn send(client: &Client, url: &str, number: u64) {
    let [nonce, timestamp, sign] = sign(number);
    let request = client
        .post(url)
        .header("nonce", nonce)
        .header("timestamp", timestamp)
        .header("sign", sign)
        .header("content-type", "application/json; charset=utf-8")
        .body(body(&target(number)));
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    assert!(!response.bytes().await.expect("a whole answer").is_empty());
}

/// One run of curl over a file that holds all requests, signed beforehand: that is not counted.
pub(crate) fn curl(folder: &Path, port: u16, count: u64) -> Option<Duration> {
    let file = folder.join("curl.conf");
    let mut text = String::new();
    for number in 0..count {
        let [nonce, timestamp, sign] = sign(number);
        let body = body(&target(number)).replace('"', "\\\"");
        let next = if number == 0 { "" } else { "next\n" };
        writeln!(
            text,
            "{next}url = \"http://127.0.0.1:{port}{PATH}\"\noutput = \"/dev/null\"\nheader = \"nonce: {nonce}\"\nheader = \"timestamp: {timestamp}\"\nheader = \"sign: {sign}\"\nheader = \"content-type: application/json; charset=utf-8\"\ndata-binary = \"{body}\""
        )
        .expect("a text takes all");
    }
    fs::write(&file, text).expect("room for the requests");
    let began = Instant::now();
    let status = Command::new("curl")
        .args([
            "--disable",
            "--silent",
            "--fail-early",
            "--parallel",
            "--parallel-max",
            "64",
            "--config",
        ])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| began.elapsed())
}
