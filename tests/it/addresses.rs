//! The addresses of the mock servers: those of every operation, and those that answers name.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use herald::contract::Contract;
use herald::provider;
use serde_json::Value;

use crate::sandbox::Served;
use crate::support::World;

/// Method, path and provider of every address of the vendors' operations, with a value for each parameter.
fn addresses(contract: &'static Contract) -> Vec<(&'static str, String)> {
    let all = contract.operations.iter().flat_map(|row| row.addresses());
    let filled = all.map(|(method, template)| (method.as_str(), fill(template)));
    filled.collect()
}

/// A path with a value for each parameter. The mock servers know one app.
fn fill(template: &str) -> String {
    let template = template.replace("{org}", "herald").replace("{app}", "sandbox");
    let mut parts = template.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| {
        path + "4242" + part.split_once('}').expect("templates close their braces").1
    })
}

/// Status and body of the answer to a request without a body.
fn ask(served: &Served, method: &str, target: &str, headers: &str) -> (u16, String) {
    let head = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n{headers}", served.address());
    let answer = served.talk(&format!("{head}Content-Length: 0\r\nConnection: close\r\n\r\n"));
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    (status.unwrap_or_default(), body.to_owned())
}

#[test]
fn every_address_is_reached_bare_below_the_providers_prefix_and_alone() {
    let world = World::new();
    let log = world.path("log");
    let shared = Served::start(&world, &["--log", log.to_str().expect("a path")]);
    for contract in provider::ALL.iter().map(|vendor| vendor.contract()) {
        let alone = Served::start(&world, &["--provider", contract.id]);
        let addresses = addresses(contract);
        let several = contract.operations.iter().map(|row| row.variants.len()).sum::<usize>();
        assert!(
            addresses.len()
                >= contract.operations.iter().filter(|row| !row.path.is_empty()).count() + several
        );
        for (method, path) in addresses {
            let bare = ask(&shared, method, &path, "").0;
            let prefixed = ask(&shared, method, &format!("/{}{path}", contract.id), "").0;
            let only = ask(&alone, method, &path, "").0;
            let name = format!("{}: {method} {path}", contract.id);
            assert_eq!((bare, prefixed), (only, only), "{name}");
            assert!(bare != 404 && bare != 405, "{name}: {bare}");
            let text = std::fs::read_to_string(&log).expect("a log");
            for line in text.lines().rev().take(2) {
                let line: Value = serde_json::from_str(line).expect("JSON");
                assert_eq!(line["provider"], contract.id, "{name}: {line}");
            }
        }
    }
}

#[test]
fn a_vendors_own_path_wins_over_a_prefix_and_names_where_the_server_listens() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let alone = Served::start(&world, &["--provider", "easemob"]);
    let query = "?app_key=herald%23sandbox";
    for (server, path) in [
        (&served, "/easemob/server.json"),
        (&served, "/easemob/easemob/server.json"),
        (&alone, "/easemob/server.json"),
    ] {
        // As a proxy, it is named by the host of the vendor.
        for host in [server.address(), "rs.easemob.com"] {
            let head = format!("GET {path}{query} HTTP/1.1\r\nHost: {host}\r\n");
            let answer = server.talk(&format!("{head}Connection: close\r\n\r\n"));
            let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
            let body: Value = serde_json::from_str(body).expect("JSON");
            let host = &body["rest"]["hosts"][0];
            let told = format!("{}:{}", host["domain"].as_str().expect("text"), host["port"]);
            assert_eq!(
                (host["protocol"].as_str(), told.as_str()),
                (Some("http"), server.address())
            );
        }
    }
}

/// Whether a connection to the host of an address can be opened, and what it answers.
fn fetch(url: &str) -> (u16, Vec<u8>) {
    let rest = url.strip_prefix("http://").expect("plain http");
    let (host, path) = rest.split_at(rest.find('/').expect("a path"));
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        .expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    let status = String::from_utf8_lossy(&answer[..end]).split(' ').nth(1).map(str::to_owned);
    (status.and_then(|status| status.parse().ok()).unwrap_or_default(), answer.split_off(end))
}

#[test]
fn addresses_in_answers_are_those_of_the_server() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let here = format!("http://{}/", served.address());
    world.write("a.png", b"\x89PNG\r\n\x1a\nbytes");
    let run = |code: i32, arguments: &[&str]| served.run(&world, code, arguments);

    let sent = run(0, &["upload", "--provider", "jmessage", "a.png"]);
    let id = sent["ids"]["media_id"].as_str().expect("an id");
    let set = format!("mediaId={id}");
    let told = run(0, &["call", "jmessage/resource-url", "--set", &set]);
    let url = told["result"]["url"].as_str().expect("an address");
    assert!(url.starts_with(&here), "{url}");
    assert_eq!(fetch(url), (200, b"\x89PNG\r\n\x1a\nbytes".to_vec()));

    let told = run(
        0,
        &[
            "call",
            "wildfire/upload-url",
            "--set",
            "fileName=a.png",
            "--set",
            "mediaType=1",
            "--set",
            "contentType=image/png",
        ],
    );
    for name in ["uploadUrl", "downloadUrl"] {
        let url = told["result"][name].as_str().expect("an address");
        assert!(url.starts_with(&here), "{url}");
    }

    let auth = "Authorization: Bearer herald-sandbox-token\r\n";
    let target = "/herald/sandbox/users/u1/offline_msg_count";
    let (status, body) = ask(&served, "GET", target, auth);
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, body["uri"].as_str()), (200, Some(&*format!("{here}{}", &target[1..]))));
}
