//! `--curl`: the line that is printed, run by a shell with the real curl, sends what herald sends and reads nothing else.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use herald::net::{Network, NetworkSettings, Transport as _, TrustRoots};
use herald::wire::{
    Body, FormPart, Header, Method, Request, Show, Written, percent_encode, to_curl,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::World;

/// Whether curl is there. Where it is not, nothing here can be shown.
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
fn has_curl() -> bool {
    let found = Command::new("curl").arg("--version").output().is_ok();
    if !found {
        eprintln!("left out: curl is not installed");
    }
    found
}

/// What a server reads of a request: its line, its headers, its parts.
type ReadBack<'a> = (&'a str, Vec<&'a (String, Vec<u8>)>, Vec<Vec<u8>>);

/// A request as it arrived.
#[derive(Debug, PartialEq, Eq)]
struct Arrived {
    /// Method and target.
    line: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Arrived {
    fn header(&self, name: &str) -> Option<&[u8]> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_slice())
    }

    /// What a server reads of it: what curl and herald call themselves, and the boundary, are not part of that.
    fn read(&self) -> ReadBack<'_> {
        let own = ["user-agent", "accept", "accept-encoding", "content-type", "content-length"];
        let mut headers: Vec<_> =
            self.headers.iter().filter(|(name, _)| !own.contains(&name.as_str())).collect();
        headers.sort();
        let media = self.header("content-type").unwrap_or_default();
        let media = String::from_utf8_lossy(media).into_owned();
        let Some((kind, boundary)) = media.split_once("; boundary=") else {
            return (&self.line, headers, vec![media.into_bytes(), self.body.clone()]);
        };
        let delimiter = format!("--{boundary}").into_bytes();
        let mut parts = vec![kind.as_bytes().to_vec()];
        let mut rest = self.body.as_slice();
        while let Some(at) = rest.windows(delimiter.len()).position(|window| window == delimiter) {
            parts.push(rest[..at].to_vec());
            rest = &rest[at + delimiter.len()..];
        }
        parts.push(rest.to_vec());
        (&self.line, headers, parts)
    }
}

/// A server that takes one request a connection, and where it is.
fn server() -> (String, Receiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let arrived = take(&mut stream.expect("a connection"));
            if tell.send(arrived).is_err() {
                return;
            }
        }
    });
    (base, told)
}

fn take(stream: &mut TcpStream) -> Arrived {
    let mut bytes = Vec::new();
    let mut some = [0; 16 * 1024];
    let (mut head, mut length) = (None, 0);
    loop {
        if head.is_none()
            && let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n")
        {
            let text = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let found = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            length = found.map_or(0, |text| text.trim().parse().expect("a number"));
            head = Some(end);
        }
        if head.is_some_and(|end| bytes.len() >= end + 4 + length) {
            break;
        }
        let read = stream.read(&mut some).expect("a request");
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(&some[..read]);
    }
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let end = head.expect("a head");
    let mut lines = bytes[..end].split(|byte| *byte == b'\n').map(|line| line.trim_ascii_end());
    let line = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let headers = lines.map(|line| {
        let colon = line.iter().position(|byte| *byte == b':').expect("a header");
        let name = String::from_utf8_lossy(&line[..colon]).to_lowercase();
        (name, line[colon + 1..].trim_ascii().to_vec())
    });
    Arrived { line, headers: headers.collect(), body: bytes[end + 4..].to_vec() }
}

/// Runs a line in a shell, in a folder that has nothing else.
fn shell(line: &str, folder: &Path) {
    // A line can be longer than an argument of `sh -c`.
    let script = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(script.path(), line).expect("a script");
    let run = Command::new("sh")
        .arg(script.path())
        .current_dir(folder)
        .env("HOME", folder)
        .output()
        .expect("a shell");
    assert!(run.status.success() && run.stderr.is_empty(), "{line}\n{run:?}");
}

/// What herald sends and what curl sends when the printed line is run.
fn both(request: &Request, folder: &Path, told: &Receiver<Arrived>) -> (Arrived, Arrived, String) {
    let line = to_curl(request, Show::Secrets).expect("a line");
    let settings = NetworkSettings {
        roots: TrustRoots::choose(None, None, &|_| None),
        deadline: Duration::from_secs(30),
        tell: None,
        watch: None,
        requests_per_connection: None,
    };
    let network = Network::new(settings).expect("a network");
    network.exchange(request, Duration::from_secs(30)).expect("an answer");
    let wait = Duration::from_secs(60);
    let ours = told.recv_timeout(wait).expect("herald's request");
    shell(&line, folder);
    let theirs = told.recv_timeout(wait).expect("curl's request");
    (ours, theirs, line)
}

/// What curl, a shell or a header could take for something else.
fn odd() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["@", "<", ";", ",", "\"", "\\", "'", "$", "`", " ", "\n", "\r\n", "\t"]),
        2 => prop::sample::select(vec!["%", "!", "=", "&", "-", "*", "~", "#", "(", ")", "{", "}", "[", "]", "?", "|", ">"]),
        2 => prop::sample::select(vec!["a", "1", "type=text/html", "$(id)", "\\n", "%s", "你好", "👨\u{200d}👩", "\u{202e}", "\u{7}", "\0"]),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The name of a file, which has no slash in it.
fn file_name() -> impl Strategy<Value = String> {
    odd().prop_map(|name| format!("{}f", name.replace(['/', '\0'], "_")))
}

#[derive(Clone, Debug)]
enum Part {
    Field(String, String),
    Content(String, String, String),
    File(String, String, Vec<u8>),
}

fn part() -> impl Strategy<Value = Part> {
    let name = prop_oneof![Just("file".to_owned()), odd().prop_map(|name| format!("n{name}"))];
    let bytes = prop::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        (name.clone(), odd()).prop_map(|(name, value)| Part::Field(name, value)),
        (name.clone(), odd(), odd()).prop_map(|(name, file, text)| Part::Content(name, file, text)),
        (name, file_name(), bytes).prop_map(|(name, file, bytes)| Part::File(name, file, bytes)),
    ]
}

#[derive(Clone, Debug)]
enum Sort {
    None,
    Text(String),
    File(String, Vec<u8>),
    Multipart(Vec<Part>),
}

fn sort() -> impl Strategy<Value = Sort> {
    let json = odd().prop_map(|text| serde_json::json!({ "t": text }).to_string());
    let form = odd().prop_map(|text| format!("a={}", percent_encode(&text)));
    prop_oneof![
        1 => Just(Sort::None),
        1 => odd().prop_map(Sort::Text),
        1 => json.prop_map(Sort::Text),
        1 => form.prop_map(Sort::Text),
        1 => (file_name(), prop::collection::vec(any::<u8>(), 0..40)).prop_map(|(name, bytes)| Sort::File(name, bytes)),
        4 => prop::collection::vec(part(), 1..4).prop_map(Sort::Multipart),
    ]
}

/// Makes the request, and the files that it names below a folder.
fn request(base: &str, method: Method, path: &str, value: &str, sort: &Sort, at: &Path) -> Request {
    let write = |number: usize, name: &str, bytes: &[u8]| {
        let folder = at.join(number.to_string());
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let parts = |parts: &[Part]| -> Vec<FormPart> {
        let made = parts.iter().enumerate().map(|(number, part)| match part {
            Part::Field(name, value) => {
                FormPart::Field { name: name.clone(), value: Written::plain(value) }
            }
            Part::Content(name, file, content) => FormPart::Content {
                name: name.clone(),
                file_name: file.clone(),
                content: Written::plain(content),
            },
            Part::File(name, file, bytes) => FormPart::File {
                name: name.clone(),
                file_name: file.clone(),
                path: write(number, file, bytes),
            },
        });
        made.collect()
    };
    let body = match sort {
        Sort::None => Body::None,
        Sort::Text(text) => Body::Text { media: "text/plain", text: Written::plain(text) },
        Sort::File(name, bytes) => Body::File { media: "image/png", path: write(0, name, bytes) },
        Sort::Multipart(all) => Body::Multipart(parts(all)),
    };
    Request {
        method,
        base: base.to_owned(),
        path: Written::plain(path),
        headers: vec![Header { name: "X-Odd", value: Written::plain(value) }],
        body,
        carries_secret: false,
    }
}

#[test]
fn the_printed_line_sends_what_herald_sends() {
    if !has_curl() {
        return;
    }
    let is_long = std::env::var_os("HERALD_LONG").is_some_and(|value| value == "1");
    let cases = if is_long { 1000 } else { 60 };
    let (base, told) = server();
    let method = prop::sample::select(vec![Method::Post, Method::Put]);
    let path = prop::sample::select(vec!["/a", "/a[1-3]?b=[x]", "/%7Ba,b%7D/.b?c=%00", "/-?@=;"]);
    let header = odd().prop_map(|text| text.replace(|c: char| c.is_control(), ""));
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let all = (method, path, header, sort());
    let outcome = runner.run(&all, |(method, path, header, sort)| {
        let folder = tempfile::tempdir().expect("a folder");
        let request = request(&base, method, path, &header, &sort, folder.path());
        let empty = tempfile::tempdir().expect("a folder");
        let (ours, theirs, line) = both(&request, empty.path(), &told);
        prop_assert_eq!(ours.read(), theirs.read(), "{}", line);
        prop_assert_eq!(
            ours.header("content-length").is_some(),
            theirs.header("content-length").is_some()
        );
        prop_assert!(!line.chars().any(char::is_control), "{}", line);
        Ok(())
    });
    outcome.expect("the same");
    // More than one argument holds.
    let long = Sort::Text("'\\%\n".repeat(60_000));
    let folder = tempfile::tempdir().expect("a folder");
    let request = request(&base, Method::Post, "/a", "v", &long, folder.path());
    let (ours, theirs, _) = both(&request, folder.path(), &told);
    assert!(ours.read() == theirs.read(), "a long body");
}

/// Text that begins like a name of a file, in every operation that takes a file with its content; and names of files with
/// what curl takes for more.
#[test]
fn what_a_payload_says_is_never_taken_for_a_file_or_an_option() {
    if !has_curl() {
        return;
    }
    let world = World::new();
    world.write("notes/private.txt", "CANARY");
    let (base, told) = server();
    let key = "k".repeat(24);
    let environment = [
        ("HERALD_EASEMOB_ENDPOINT", base.as_str()),
        ("HERALD_EASEMOB_ORG", "o"),
        ("HERALD_EASEMOB_APP", "a"),
        ("HERALD_EASEMOB_TOKEN", "t"),
        ("HERALD_JMESSAGE_ENDPOINT", base.as_str()),
        ("HERALD_JMESSAGE_APP_KEY", key.as_str()),
        ("HERALD_JMESSAGE_MASTER_SECRET", key.as_str()),
        ("HERALD_JPUSH_V3_ENDPOINT", base.as_str()),
        ("HERALD_JPUSH_V3_APP_KEY", key.as_str()),
        ("HERALD_JPUSH_V3_MASTER_SECRET", key.as_str()),
    ];
    let operations = [
        ("easemob/upload", "file", ""),
        ("jmessage/resource-upload", "filename", r#""type":"file","#),
        ("jpush-v3/file-upload", "filename", r#""type":"alias","#),
    ];
    for (operation, field, more) in operations {
        for content in
            ["@notes/private.txt", "<notes/private.txt", "a;type=text/html", "'\n\\ \"$(id)`id`"]
        {
            let content = serde_json::json!({ "name": "x,y;z.txt", "content": content });
            let body = format!("{{{more}\"{field}\":{content}}}");
            world.write("b.json", &body);
            let call = ["call", operation, "--body", "b.json"];
            let line =
                world.run_with(&[&call[..], &["--curl", "--show-secrets"]].concat(), &environment);
            let line = line.ends_with(0).out;
            assert_eq!(line.lines().count(), 1, "{line}");
            shell(line.trim_end(), &world.path(""));
            let theirs = told.recv_timeout(Duration::from_secs(60)).expect("curl's request");
            world.run_with(&call, &environment);
            let ours = told.recv_timeout(Duration::from_secs(60)).expect("herald's request");
            assert_eq!(ours.read(), theirs.read(), "{line}");
            let text = String::from_utf8_lossy(&theirs.body).into_owned();
            assert!(!text.contains("CANARY"), "{line}");
        }
        for name in ["a.txt,n2.txt", "a;type=x.txt", "q\"b.txt", "-.txt"] {
            world.write(name, "content");
            let path = serde_json::json!({ "path": name });
            world.write("b.json", format!("{{{more}\"{field}\":{path}}}"));
            let call = ["call", operation, "--body", "b.json"];
            let line =
                world.run_with(&[&call[..], &["--curl", "--show-secrets"]].concat(), &environment);
            let line = line.ends_with(0).out;
            shell(line.trim_end(), &world.path("notes"));
            let theirs = told.recv_timeout(Duration::from_secs(60)).expect("curl's request");
            let text = String::from_utf8_lossy(&theirs.body).into_owned();
            let shown = name.replace('"', "%22");
            assert!(
                text.contains(&format!("filename=\"{shown}\"")) && text.contains("content"),
                "{text}"
            );
        }
    }
}
