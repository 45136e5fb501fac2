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
}

impl Heads {
    /// The names of the head that just arrived. What follows is its body and is not kept.
    pub(super) fn take(&self) -> HeaderNames {
        let mut kept = self.0.borrow_mut();
        kept.paused = true;
        let bytes = std::mem::take(&mut kept.bytes);
        let text = String::from_utf8_lossy(&bytes);
        let head = text.trim_start().split("\r\n\r\n").next().unwrap_or_default();
        let names = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        HeaderNames(names.map(|(name, _)| name.to_owned()).collect())
    }

    /// The next head may begin.
    pub(super) fn resume(&self) {
        self.0.borrow_mut().paused = false;
    }
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
#[derive(Debug)]
pub(super) struct HeadStream<S> {
    stream: S,
    heads: Heads,
}

impl<S> HeadStream<S> {
    pub(super) fn new(stream: S, heads: Heads) -> Self {
        Self { stream, heads }
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
