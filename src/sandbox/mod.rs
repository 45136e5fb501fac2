//! A local replacement for the vendors: in process for `--sandbox`, on loopback for `herald sandbox`.
//!
//! Each vendor's file defines how its servers behave ([`Backend`]). This module has what they all need: requests as
//! they arrive, a store that can outlive the process, and a server that answers programs on this machine.

mod admission;
#[cfg(test)]
pub(crate) mod fake;
mod head;
mod intake;
pub(crate) mod multipart;
mod process;
mod reasons;
mod route;
mod sandbox_state;
mod server;
mod store;
mod switches;

pub use process::InProcess;
pub use reasons::{Reasons, RefusalReason};
pub use route::Tenant;
pub use sandbox_state::{NamesOf, SandboxState, WallClock};
pub use server::{BoundServer, RequestObserver, SeenRequest, Site, Waits};
pub use store::RecordStore;
pub use switches::Switches;

use crate::document::Value;

/// How a vendor's servers behave.
pub trait Backend: Send {
    /// Answers one request. Checks what the vendor checks, in the vendor's order, and stores what it accepts.
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer;
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method, upper case.
    pub method: String,
    /// The path as it was sent, without query; an absolute-form target is reduced to its path.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub query: String,
    /// Headers as they were sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Incoming {
    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The value of a header whose name has exactly this spelling.
    pub fn exact_header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The media type of the body, lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

/// An answer of the sandbox. `Content-Length` is added when it is written.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the connection is closed after it.
    pub close: bool,
}

impl Answer {
    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "application/json; charset=utf-8".to_owned())],
            body: body.to_compact().into_bytes(),
            close: false,
        }
    }
}

/// What a backend works with: time, switches, and stored records.
pub struct SandboxWorld<'a> {
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// Scheme, host and port at which its client reaches the server, for addresses in answers.
    pub origin: &'a str,
    /// Switches of the sandbox, such as `edition` = `community`.
    pub switches: &'a dyn Fn(&str) -> Option<String>,
    /// Why it refuses, for who writes the client.
    pub reasons: &'a Reasons,
    /// The stored records, separate for each provider.
    pub store: &'a mut dyn SandboxStore,
}

impl SandboxWorld<'_> {
    /// Tells that a quota is used up, until `end_ms`, in milliseconds since 1970.
    pub fn tell_quota(&self, quota: &str, end_ms: i64) {
        let seconds = end_ms.saturating_sub(self.now_ms).saturating_add(999) / 1000;
        let end = jiff::Timestamp::from_millisecond(end_ms).map(|end| format!("{end:.0}"));
        let end = end.unwrap_or_default();
        self.reasons.tell(format!(
            "the quota of {quota} is used up until {end}, in {seconds} s; `--switch quota=off` counts nothing"
        ));
    }
}

/// The kind of records that are files: they are stored as they were uploaded.
pub const FILES: &str = "file";

/// What a backend keeps between requests, and between commands.
pub trait SandboxStore {
    /// The record of a kind with an id.
    fn get(&mut self, kind: &str, id: &str) -> Option<Value>;
    /// Stores a record, and replaces the existing one. Secrets of payloads are redacted, except in [`FILES`].
    fn put(&mut self, kind: &str, id: &str, record: &Value);
    /// Removes a record.
    fn remove(&mut self, kind: &str, id: &str);
    /// All records of a kind, oldest first.
    fn list(&mut self, kind: &str) -> Vec<(String, Value)>;
    /// The next number of a series, from 1 on.
    fn next(&mut self, series: &str) -> u64;
}
