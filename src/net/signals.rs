//! Ctrl-C and SIGTERM.

use std::cell::{Cell, RefCell};
use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::flight::take_turns;
use crate::error::{Error, Kind};
use crate::exit::Exit;

/// How somebody asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

impl Stop {
    /// The exit code.
    pub const fn exit(self) -> Exit {
        match self {
            Self::Interrupted => Exit::Interrupted,
            Self::Terminated => Exit::Terminated,
        }
    }

    /// An error that ends the command with that exit code.
    pub fn error(self, message: impl Into<String>) -> Error {
        let kind = match self {
            Self::Interrupted => Kind::Interrupted,
            Self::Terminated => Kind::Terminated,
        };
        Error::new(kind, message)
    }

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }
}

/// Listens for both, from its creation on: what comes between two calls of [`Signals::next`] is not lost.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts to listen. Has to be called inside the runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupted,
            _ = self.terminate.recv() => Stop::Terminated,
        }
    }
}

/// Listens for Ctrl-C and for the closing of the console.
#[cfg(windows)]
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    terminate: tokio::signal::windows::CtrlClose,
}

#[cfg(windows)]
impl Signals {
    /// Starts to listen. Has to be called inside the runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self { interrupt: ctrl_c()?, terminate: ctrl_close()? })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupted,
            _ = self.terminate.recv() => Stop::Terminated,
        }
    }
}

/// Listens without a network, for the stand-in inside the process: from the first time that it is asked on.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    ears: RefCell<Option<(Runtime, Signals)>>,
    stopped: Cell<Option<Stop>>,
    hurried: Cell<bool>,
}

impl Listener {
    /// Listens for at most so long. Where nothing can be listened to, signals end the process as ever.
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
            self.hurried.set(self.stopped.replace(Some(stop)).is_some());
        }
    }

    /// How somebody asked to stop.
    pub(crate) fn stopped(&self) -> Option<Stop> {
        self.stopped.get()
    }

    /// Whether somebody asked twice.
    pub(crate) fn hurried(&self) -> bool {
        self.hurried.get()
    }
}

fn open_ears() -> io::Result<(Runtime, Signals)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::listen() })?;
    Ok((runtime, signals))
}
