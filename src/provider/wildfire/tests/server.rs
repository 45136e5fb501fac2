//! A server with a clock and a memory, and requests that it lets in.

use super::super::wire::digest;
use super::Wildfire;
use crate::provider::Vendor as _;
use crate::provider::kit::testing::SandboxMemory;
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Answer, Incoming, SandboxWorld};

pub(super) const NOW: i64 = 1_782_353_213_880;

/// A server with its clock.
pub(super) struct Server {
    store: SandboxMemory,
    pub(super) now_ms: i64,
    pub(super) switches: Vec<(&'static str, &'static str)>,
}

impl Server {
    pub(super) fn new() -> Self {
        Self { store: SandboxMemory::default(), now_ms: NOW, switches: Vec::new() }
    }

    pub(super) fn community() -> Self {
        Self { switches: vec![("edition", "community")], ..Self::new() }
    }

    pub(super) fn answer(&mut self, request: &Incoming) -> Answer {
        let set = self.switches.clone();
        let switches = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let mut world = SandboxWorld {
            now_ms: self.now_ms,
            origin: ORIGIN,
            switches: &switches,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut self.store,
        };
        Wildfire.backend().answer(request, &mut world)
    }

    /// A signed POST; a robot or channel where the path is one of theirs.
    pub(super) fn post(&mut self, path: &str, body: &str) -> Answer {
        self.answer(&signed(path, body, self.now_ms))
    }

    pub(super) fn text(&mut self, path: &str, body: &str) -> String {
        let answer = self.post(path, body);
        let text = String::from_utf8(answer.body).expect("text");
        if answer.status == 200 { text } else { format!("{} {text}", answer.status) }
    }

    /// Sends something and gives its uid.
    pub(super) fn send(&mut self, path: &str, body: &str) -> String {
        let answer = self.text(path, body);
        let start = answer.find("\"messageUid\":").expect("a uid") + "\"messageUid\":".len();
        answer[start..].chars().take_while(char::is_ascii_digit).collect()
    }
}

pub(super) fn signed(path: &str, body: &str, now_ms: i64) -> Incoming {
    let timestamp = now_ms.to_string();
    let sign = digest("7", "test-secret", &timestamp);
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers =
        vec![header("nonce", "7"), header("timestamp", &timestamp), header("sign", &sign)];
    if path.starts_with("/robot") {
        headers.push(header("rid", "robot1"));
    } else if path.starts_with("/channel") {
        headers.push(header("cid", "channel1"));
    }
    Incoming {
        method: "POST".to_owned(),
        path: path.to_owned(),
        query: String::new(),
        headers,
        body: body.as_bytes().to_vec(),
    }
}
