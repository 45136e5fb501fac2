//! Waiting for a person who answers a question, or for the writer of a list, while signals that ask to stop are heard.
//!
//! From the moment on at which a transport listens to signals they no longer end the process by themselves, and a read that
//! blocks would sleep through them. So it is another thread that reads, and this one waits with an ear open.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::input::Input;
use crate::net::{ConcurrentTransport, Stop};

/// How often herald looks whether the user asks to stop.
pub(crate) const STOP_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How long a signal is waited for at the end of a list. Ctrl-C ends the process that writes it as well, and that looks like the
/// end of the list.
const STOP_AFTER_END: Duration = Duration::from_millis(20);

/// How much is read at a time, in bytes, and how many such blocks ahead.
const BLOCK: usize = 128 << 10;
const AHEAD: usize = 4;

/// Lets a transport listen to signals from now on: they end a job in order, even before its first request.
pub(crate) fn attentive(fleet: Box<dyn ConcurrentTransport>) -> Box<dyn ConcurrentTransport> {
    fleet.wait(Duration::ZERO);
    fleet
}

/// Whether the user asked to stop until now.
pub(crate) fn heed(fleet: &dyn ConcurrentTransport) -> std::result::Result<(), Stop> {
    heed_for(fleet, Duration::ZERO)
}

fn heed_for(fleet: &dyn ConcurrentTransport, time: Duration) -> std::result::Result<(), Stop> {
    if fleet.stopped().is_none() {
        fleet.wait(time);
    }
    fleet.stopped().map_or(Ok(()), Err)
}

/// The next thing that another thread sends; `None` where it has ended.
fn receive<T>(
    from: &Receiver<T>,
    fleet: &dyn ConcurrentTransport,
) -> std::result::Result<Option<T>, Stop> {
    loop {
        match from.recv_timeout(STOP_POLL_INTERVAL) {
            Ok(one) => return Ok(Some(one)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => heed(fleet)?,
        }
    }
}

/// What a call that may block comes to.
pub(crate) fn wait_for<T: Send + 'static>(
    fleet: &dyn ConcurrentTransport,
    act: impl FnOnce() -> T + Send + 'static,
) -> std::result::Result<T, Stop> {
    let (send, answer) = sync_channel(1);
    std::thread::spawn(move || drop(send.send(act())));
    receive(&answer, fleet).map(|told| told.expect("it answers, whatever becomes of it"))
}

/// A stream of an input. What may block - a pipe, a terminal - is read while signals are heard; then a stop is an error of
/// the stream, and [`stopped`](crate::net::Transport::stopped) says so.
pub(crate) fn stream<'f>(
    input: Input,
    fleet: &'f dyn ConcurrentTransport,
) -> Result<Box<dyn Read + 'f>> {
    if input.is_regular() {
        return input.stream();
    }
    let (send, blocks) = sync_channel(AHEAD);
    let (opened, answer) = sync_channel(1);
    std::thread::spawn(move || {
        let (stream, told) = match input.stream() {
            Ok(stream) => (Some(stream), Ok(())),
            Err(error) => (None, Err(error)),
        };
        if opened.send(told).is_ok()
            && let Some(stream) = stream
        {
            read_all(stream, &send);
        }
    });
    match receive(&answer, fleet) {
        Ok(opened) => opened.expect("it says whether it could be opened")?,
        Err(stop) => return Err(stop.error(stop.word())),
    }
    let (block, at, looked) = (Vec::new(), 0, Instant::now());
    Ok(Box::new(Patient { fleet, blocks, block, at, ended: false, looked }))
}

/// Reads to the end, which an empty block stands for: a thread that dies must not look like the end of a list.
fn read_all(mut stream: impl Read, send: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut block = vec![0; BLOCK];
        let read = match stream.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read,
        };
        let is_last = !matches!(read, Ok(1..));
        let block = read.map(|length| {
            block.truncate(length);
            block
        });
        if send.send(block).is_err() || is_last {
            return;
        }
    }
}

/// What another thread reads.
struct Patient<'f> {
    fleet: &'f dyn ConcurrentTransport,
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    ended: bool,
    looked: Instant,
}

impl Patient<'_> {
    fn next(&mut self) -> io::Result<()> {
        let cut_off = |stop: Stop| io::Error::other(stop.word());
        // A writer of small pieces never lets the wait run out.
        if self.looked.elapsed() > STOP_POLL_INTERVAL {
            self.looked = Instant::now();
            heed(self.fleet).map_err(cut_off)?;
        }
        let next = receive(&self.blocks, self.fleet).map_err(cut_off)?;
        self.block = next.unwrap_or_else(|| Err(io::Error::other("its reader has died")))?;
        self.at = 0;
        self.ended = self.block.is_empty();
        if self.ended {
            heed_for(self.fleet, STOP_AFTER_END).map_err(cut_off)?;
        }
        Ok(())
    }
}

impl Read for Patient<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() && !self.ended {
            self.next()?;
        }
        let length = out.len().min(self.block.len() - self.at);
        out[..length].copy_from_slice(&self.block[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// A command that ends before anything was sent, since the user asked to stop.
pub(crate) fn stopped(stop: Stop, when: &str) -> Error {
    stop.error(format!("{} {when}; nothing was sent", stop.word()))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::net::Transport;
    use crate::wire::{Exchange, Request};

    /// A transport to nowhere, which is stopped at the nth time that it waits.
    struct Nowhere {
        waits: Cell<u32>,
        stops_at: u32,
    }

    impl Nowhere {
        fn stopping_at(stops_at: u32) -> Self {
            Self { waits: Cell::new(0), stops_at }
        }
    }

    impl Transport for Nowhere {
        fn prepare(&self, _: &Request) -> Result<()> {
            Ok(())
        }

        fn exchange(&self, _: &Request, _: Duration) -> Exchange {
            unreachable!("nothing is sent")
        }

        fn stopped(&self) -> Option<Stop> {
            (self.waits.get() >= self.stops_at).then_some(Stop::Terminated)
        }
    }

    impl ConcurrentTransport for Nowhere {
        fn start(&self, _: u64, _: Request, _: Duration) {}

        fn wait(&self, _: Duration) -> Vec<(u64, Exchange)> {
            self.waits.set(self.waits.get() + 1);
            Vec::new()
        }

        fn abandon(&self) -> Vec<(u64, Exchange)> {
            Vec::new()
        }
    }

    fn patient<'f>(
        fleet: &'f dyn ConcurrentTransport,
        blocks: Receiver<io::Result<Vec<u8>>>,
    ) -> impl Read + use<'f> {
        let looked = Instant::now();
        Patient { fleet, blocks, block: Vec::new(), at: 0, ended: false, looked }
    }

    #[test]
    fn a_stream_is_read_to_its_end_in_whatever_pieces_it_comes() {
        let (send, blocks) = sync_channel(AHEAD);
        std::thread::spawn(move || read_all(&[7; 3 * BLOCK + 5][..], &send));
        let mut all = Vec::new();
        patient(&Nowhere::stopping_at(u32::MAX), blocks).read_to_end(&mut all).expect("whole");
        assert_eq!(all, [7; 3 * BLOCK + 5]);
    }

    #[test]
    fn a_stop_ends_a_stream_that_brings_nothing_and_one_that_ends_at_that_moment() {
        // The first wait: one that never brings anything. The end of the list: the look behind it.
        let (_kept, silent) = sync_channel::<io::Result<Vec<u8>>>(1);
        let (send, ended) = sync_channel(3);
        send.send(Ok(b"user:a\n".to_vec())).expect("room");
        send.send(Ok(Vec::new())).expect("room");
        for blocks in [silent, ended] {
            let fleet = Nowhere::stopping_at(1);
            let error = patient(&fleet, blocks).read_to_end(&mut Vec::new()).expect_err("stopped");
            assert_eq!(error.to_string(), "terminated");
        }
    }

    #[test]
    fn a_reader_that_dies_is_no_end_of_a_list() {
        let (send, blocks) = sync_channel(1);
        send.send(Ok(b"user:a\n".to_vec())).expect("room");
        drop(send);
        let fleet = Nowhere::stopping_at(u32::MAX);
        assert!(patient(&fleet, blocks).read_to_end(&mut Vec::new()).is_err());
    }

    #[test]
    fn an_answer_that_does_not_come_is_not_waited_for_after_a_stop() {
        let forever = || std::thread::sleep(Duration::from_secs(60));
        assert_eq!(wait_for(&Nowhere::stopping_at(2), forever), Err(Stop::Terminated));
        assert_eq!(wait_for(&Nowhere::stopping_at(u32::MAX), || 7), Ok(7));
    }
}
