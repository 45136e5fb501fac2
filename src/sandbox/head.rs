//! Names of headers as they were written.
//!
//! Some vendors distinguish `nonce` from `Nonce`, but hyper does not expose the spelling. So the head of each request
//! is kept as it arrives, and read a second time only for the spelling of its names.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most bytes of a head that are kept; names after them are in lower case.
const LIMIT: usize = 64 * 1024;

/// What arrived since the last answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads(Rc<RefCell<KeptHead>>);

#[derive(Debug, Default)]
struct KeptHead {
    bytes: Vec<u8>,
    paused: bool,
    /// Whether a request was understood whose answer may still be written.
    is_answering: bool,
    /// Whether the HTTP layer refused a head.
    is_refused: bool,
}

/// A head that the HTTP layer refused.
#[derive(Clone, Debug)]
pub(super) struct HeadFault {
    /// As much of the first line as arrived.
    pub(super) line: String,
    /// What is wrong with it.
    pub(super) reason: String,
    /// HTTP status of the answer; of a head that was cut off, which has no answer, 400.
    pub(super) status: u16,
}

impl Heads {
    /// The names of the head that just arrived. What follows is its body and is not kept.
    pub(super) fn take(&self) -> HeaderNames {
        let mut kept = self.0.borrow_mut();
        kept.paused = true;
        kept.is_answering = true;
        let bytes = std::mem::take(&mut kept.bytes);
        let text = String::from_utf8_lossy(&bytes);
        let head = text.trim_start().split("\r\n\r\n").next().unwrap_or_default();
        let names = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        HeaderNames(names.map(|(name, _)| name.to_owned()).collect())
    }

    /// The head that began, and that the HTTP layer gave up waiting for.
    pub(super) fn unfinished(&self) -> Option<HeadFault> {
        let kept = self.0.borrow();
        let is_begun = !kept.paused && !kept.is_refused && !kept.bytes.is_empty();
        is_begun.then(|| HeadFault {
            line: first_line(&kept.bytes),
            reason: "the head did not arrive to its end".to_owned(),
            status: 400,
        })
    }

    /// The next head may begin.
    pub(super) fn resume(&self) {
        self.0.borrow_mut().paused = false;
    }
}

impl Heads {
    /// The answer in place of the empty one that the HTTP layer gives to a head that it cannot read; it has no way to put
    /// a reason into it. `None` if `answer` belongs to a request.
    fn refusal(&self, answer: &[u8]) -> Option<(HeadFault, Vec<u8>)> {
        let mut kept = self.0.borrow_mut();
        if kept.is_answering || kept.paused || !is_empty_refusal(answer) {
            return None;
        }
        kept.is_refused = true;
        let reason = reason_of(&kept.bytes);
        let head = String::from_utf8_lossy(answer);
        let status = head.lines().next().unwrap_or("HTTP/1.1 400 Bad Request");
        let code = status.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(400);
        let fault =
            HeadFault { line: first_line(&kept.bytes), reason: reason.clone(), status: code };
        let mut body = crate::document::Value::object();
        body.as_object_mut()?.set("sandbox", reason);
        let body = body.to_compact();
        let length = body.len();
        let answer = format!(
            "{status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        Some((fault, answer.into_bytes()))
    }
}

/// Whether an answer is one that the HTTP layer gives by itself.
fn is_empty_refusal(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
    let status = text.split(' ').nth(1).unwrap_or_default();
    matches!(status, "400" | "414" | "431" | "505") && text.contains("content-length: 0\r\n")
}

/// As much of the first line as is told.
const LINE: usize = 200;

fn first_line(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(&line[..line.len().min(LINE)]).trim_end().to_owned()
}

/// What is wrong with a head that cannot be read.
fn reason_of(bytes: &[u8]) -> String {
    if bytes.starts_with(&[0x16, 3]) {
        return "a TLS handshake on a plain port".to_owned();
    }
    if bytes.len() >= LIMIT {
        return format!("the head is larger than {LIMIT} bytes");
    }
    let text = String::from_utf8_lossy(bytes);
    let head = text.trim_start().split("\r\n\r\n").next().unwrap_or_default();
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default();
    let words: Vec<&str> = line.split(' ').collect();
    let [_, target, version] = words.as_slice() else {
        return "the first line is not `METHOD TARGET HTTP/1.1`".to_owned();
    };
    if !matches!(*version, "HTTP/1.1" | "HTTP/1.0") {
        return format!("the version is `{version}`, and not HTTP/1.1");
    }
    let odd = |c: &char| !c.is_ascii_graphic() || "<>\"{}|\\^`".contains(*c);
    if let Some(odd) = target.chars().find(odd) {
        return format!("the target has a `{odd}`, which has to be percent-encoded");
    }
    let headers: Vec<(String, &str)> = lines
        .clone()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let count = |wanted: &str| headers.iter().filter(|(name, _)| name == wanted).count();
    if count("content-length") > 1 {
        return "two Content-Length headers".to_owned();
    }
    if count("content-length") > 0 && count("transfer-encoding") > 0 {
        return "both Content-Length and Transfer-Encoding".to_owned();
    }
    let is_number =
        |value: &str| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if headers.iter().any(|(name, value)| name == "content-length" && !is_number(value)) {
        return "Content-Length is no number".to_owned();
    }
    if lines.any(|line| !line.contains(':')) {
        return "a header line has no colon".to_owned();
    }
    if headers.len() >= 100 {
        return "there are 100 headers or more".to_owned();
    }
    "the head is no HTTP/1.1".to_owned()
}

/// Names of headers as they were written.
#[derive(Debug)]
pub(super) struct HeaderNames(Vec<String>);

impl HeaderNames {
    /// The spelling of a lower-case name. Each is returned once, so that repeated headers keep their spellings.
    pub(super) fn spell(&mut self, lower: &str) -> String {
        match self.0.iter().position(|name| name.eq_ignore_ascii_case(lower)) {
            Some(index) => self.0.remove(index),
            None => lower.to_owned(),
        }
    }
}

/// A stream that keeps what it reads, for [`Heads`].
pub(super) struct HeadStream<S> {
    stream: S,
    heads: Heads,
    tell: Box<dyn Fn(&HeadFault)>,
}

impl<S> HeadStream<S> {
    /// `tell` is called with a head that the HTTP layer refuses.
    pub(super) fn new(stream: S, heads: Heads, tell: Box<dyn Fn(&HeadFault)>) -> Self {
        Self { stream, heads, tell }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        let mut kept = self.heads.0.borrow_mut();
        if !kept.paused {
            let room = LIMIT.saturating_sub(kept.bytes.len());
            let new = &buffer.filled()[before..];
            kept.is_answering &= new.is_empty();
            kept.bytes.extend_from_slice(&new[..new.len().min(room)]);
        }
        drop(kept);
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some((fault, body)) = self.heads.refusal(bytes) else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        // Before the client has its answer.
        (self.tell)(&fault);
        let written = Pin::new(&mut self.stream).poll_write(context, &body);
        // The HTTP layer closes after its answer, which fits into one packet.
        written.map(|done| done.map(|_| bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
