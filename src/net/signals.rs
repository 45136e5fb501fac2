//! Signals that ask to stop, heard while requests are under way.

use std::cell::{Cell, RefCell};
#[cfg(unix)]
use std::future::poll_fn;
use std::io;
#[cfg(unix)]
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::in_flight::take_turns;
use crate::signals::{Listening, Stop};

/// Listens, from its creation on: what comes between two calls of [`Signals::next`] is not lost.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct Signals {
    streams: Vec<(Stop, tokio::signal::unix::Signal)>,
    _listening: Listening,
}

#[cfg(unix)]
impl Signals {
    /// Starts to listen. Has to be called inside the runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let open = |stop| {
            let kind = match stop {
                Stop::HungUp => SignalKind::hangup(),
                Stop::Interrupted => SignalKind::interrupt(),
                Stop::Quit => SignalKind::quit(),
                Stop::Terminated => SignalKind::terminate(),
            };
            Ok((stop, signal(kind)?))
        };
        let streams = crate::signals::listened().map(open).collect::<io::Result<_>>()?;
        let listening = Listening::begin();
        crate::signals::work_begins();
        Ok(Self { streams, _listening: listening })
    }

    /// Waits for one that hurries.
    pub(crate) async fn next_that_hurries(&mut self) {
        while !self.next().await.hurries() {}
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Stop {
        poll_fn(|cx| {
            let mut streams = self.streams.iter_mut();
            let heard =
                streams.find_map(|(stop, stream)| stream.poll_recv(cx).is_ready().then_some(*stop));
            heard.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// Listens for Ctrl-C and for the closing of the console.
#[cfg(windows)]
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    close: tokio::signal::windows::CtrlClose,
    _listening: Listening,
}

#[cfg(windows)]
impl Signals {
    /// Starts to listen. Has to be called inside the runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        let _listening = Listening::begin();
        Ok(Self { interrupt: ctrl_c()?, close: ctrl_close()?, _listening })
    }

    /// Waits for one that hurries.
    pub(crate) async fn next_that_hurries(&mut self) {
        while !self.next().await.hurries() {}
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupted,
            _ = self.close.recv() => Stop::HungUp,
        }
    }
}

/// Notes a signal: the first one stops, a later one hurries.
pub(super) fn note(stop: Stop, stopped: &Cell<Option<Stop>>, hurried: &Cell<bool>) {
    match stopped.get() {
        None => stopped.set(Some(stop)),
        Some(_) => hurried.set(hurried.get() || stop.hurries()),
    }
}

/// Listens without a network, for the mock server inside the process, from the first time that it is asked.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    ears: RefCell<Option<(Runtime, Signals)>>,
    stopped: Cell<Option<Stop>>,
    hurried: Cell<bool>,
}

impl Listener {
    /// Listens for at most this time. Where nothing can be listened to, signals end the process as usual.
    pub(crate) fn listen(&self, at_most: Duration) {
        let mut ears = self.ears.borrow_mut();
        if ears.is_none() {
            *ears = open_ears().ok();
        }
        let Some((runtime, signals)) = ears.as_mut() else {
            std::thread::sleep(at_most);
            return;
        };
        let heard = runtime.block_on(async {
            tokio::select! {
                biased;
                stop = signals.next() => Some(stop),
                () = take_turns(), if at_most.is_zero() => None,
                () = sleep(at_most), if !at_most.is_zero() => None,
            }
        });
        if let Some(stop) = heard {
            note(stop, &self.stopped, &self.hurried);
        }
    }

    /// How the user asked to stop.
    pub(crate) fn stopped(&self) -> Option<Stop> {
        self.stopped.get()
    }

    /// Whether the user asked twice.
    pub(crate) fn hurried(&self) -> bool {
        self.hurried.get()
    }
}

fn open_ears() -> io::Result<(Runtime, Signals)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::listen() })?;
    Ok((runtime, signals))
}
