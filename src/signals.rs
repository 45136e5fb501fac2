//! Signals that ask the process to end, and their effect while no code listens to them.
//!
//! After [`watch`], each of them ends the process at once while it is idle, and [`say_before_the_end`] lets it say so. During work that must not be cut off (a
//! request, a program that prints a secret) a [`Listening`] is held: then a signal is only recorded, and the holder
//! completes its work.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
#[cfg(unix)]
use std::sync::{Arc, OnceLock};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::exit::Exit;

/// How the process was asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// SIGHUP: the terminal was closed, or the connection to it broke. On Windows the console was closed.
    HungUp,
    /// SIGINT: Ctrl-C.
    Interrupted,
    /// SIGQUIT: Ctrl-\.
    Quit,
    /// SIGTERM.
    Terminated,
}

impl Stop {
    /// All of them. If several arrive together, the first in this list counts: a stop that the user asked for says more
    /// than a closed terminal.
    pub const ALL: [Self; 4] = [Self::Interrupted, Self::Quit, Self::Terminated, Self::HungUp];

    /// The exit code: 128 and the number of the signal.
    pub const fn exit(self) -> Exit {
        match self {
            Self::HungUp => Exit::HungUp,
            Self::Interrupted => Exit::Interrupted,
            Self::Quit => Exit::Quit,
            Self::Terminated => Exit::Terminated,
        }
    }

    /// The kind of the error that ends a command with that exit code.
    pub const fn kind(self) -> ErrorKind {
        match self {
            Self::HungUp => ErrorKind::HungUp,
            Self::Interrupted => ErrorKind::Interrupted,
            Self::Quit => ErrorKind::Quit,
            Self::Terminated => ErrorKind::Terminated,
        }
    }

    /// An error that ends the command with that exit code.
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::new(self.kind(), message)
    }

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HungUp => "hung up",
            Self::Interrupted => "interrupted",
            Self::Quit => "quit",
            Self::Terminated => "terminated",
        }
    }

    /// Whether this signal, after an earlier signal, means that herald must no longer wait for an answer. A SIGHUP does
    /// not: when a terminal is closed, both the shell and the system send one.
    pub const fn hurries(self) -> bool {
        !matches!(self, Self::HungUp)
    }

    /// The number of the signal.
    const fn number(self) -> u8 {
        self.exit().code() - 128
    }
}

/// Whether a signal now ends the process with its exit code.
static ENDS: AtomicBool = AtomicBool::new(false);

/// Whether the system now ends the process, as if no code had ever listened.
static DIES: AtomicBool = AtomicBool::new(false);

/// Whether a thread now says why the process ends, and ends it with that exit code.
static SAYS: AtomicBool = AtomicBool::new(false);

/// Held while these change, and by the thread that ends the process: nothing begins once it says that nothing was sent.
static CHANGE: Mutex<()> = Mutex::new(());

/// Which of the three applies while the process is idle: none, in a program that does not call [`watch`].
static AT_REST: AtomicUsize = AtomicUsize::new(NOTHING);
const NOTHING: usize = 0;
const END: usize = 1;
const DIE: usize = 2;
const SAY: usize = 3;

/// How long the last words may take: who reads them may have stopped.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How many [`Listening`] are held.
static LISTENING: AtomicUsize = AtomicUsize::new(0);

/// The number of the last signal; 0 if there was none.
static HEARD: AtomicUsize = AtomicUsize::new(0);

/// From now on signals end the process with their exit codes, unless a [`Listening`] is held. For the program, not for
/// the library: call it once, before anything else.
pub fn watch() {
    #[cfg(unix)]
    for stop in listened() {
        let number = i32::from(stop.number());
        let code = i32::from(stop.exit().code());
        // If this fails, the system ends the process, and a shell sees the same code.
        let _ = signal_hook::flag::register_usize(number, &HEARD, usize::from(stop.number()));
        let _ = signal_hook::flag::register_conditional_shutdown(number, code, &ENDS);
        let _ = signal_hook::flag::register_conditional_default(number, &DIES);
    }
    AT_REST.store(END, Ordering::SeqCst);
    rest();
}

/// From now on the system ends the idle process, so that a shell sees how it ended: a shell loop around a command that
/// sends nothing ends with it. The exit code in the shell is the same.
pub fn leave_to_the_system() {
    if AT_REST.swap(DIE, Ordering::SeqCst) == NOTHING {
        AT_REST.store(NOTHING, Ordering::SeqCst);
    }
    rest();
}

/// Applies what signals do while the process is idle, if it is idle.
fn rest() {
    let at_rest = match LISTENING.load(Ordering::SeqCst) {
        0 => AT_REST.load(Ordering::SeqCst),
        _ => NOTHING,
    };
    set(at_rest);
}

fn set(what: usize) {
    let held = CHANGE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(stop) = heard().filter(|_| SAYS.load(Ordering::SeqCst)) {
        // It came while the process was idle: the thread is about to end it.
        drop(held);
        std::thread::sleep(2 * LAST_WORDS);
        end(stop);
    }
    ENDS.store(what == END, Ordering::SeqCst);
    DIES.store(what == DIE, Ordering::SeqCst);
    SAYS.store(what == SAY, Ordering::SeqCst);
}

/// Ends the process with the exit code of a signal.
#[expect(clippy::exit, reason = "a signal ends the process, and the exit code is promised")]
fn end(stop: Stop) -> ! {
    std::process::exit(i32::from(stop.exit().code()))
}

/// From now on a signal that ends the idle process lets it say so first, until [`work_begins`]. Without a thread for that it
/// ends without a word.
#[cfg(unix)]
pub fn say_before_the_end(say: impl Fn(Stop) + Send + Sync + 'static) {
    use std::io::Read as _;
    use std::os::unix::net::UnixStream;
    let Ok((mut ours, theirs)) = UnixStream::pair() else { return };
    for stop in listened() {
        let Ok(end) = theirs.try_clone() else { return };
        if signal_hook::low_level::pipe::register(i32::from(stop.number()), end).is_err() {
            return;
        }
    }
    let say = Arc::new(say);
    let listens = move || {
        while ours.read(&mut [0]).is_ok_and(|count| count > 0) {
            let _held = CHANGE.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(stop) = heard().filter(|_| SAYS.load(Ordering::SeqCst)) else { continue };
            let (said, is_said) = std::sync::mpsc::channel();
            let say = Arc::clone(&say);
            std::thread::spawn(move || {
                say(stop);
                let _ = said.send(());
            });
            let _ = is_said.recv_timeout(LAST_WORDS);
            end(stop);
        }
    };
    let is_idle_end = AT_REST.load(Ordering::SeqCst) == END;
    if is_idle_end && std::thread::Builder::new().name("signals".to_owned()).spawn(listens).is_ok()
    {
        AT_REST.store(SAY, Ordering::SeqCst);
        rest();
    }
}

/// The same where there are no such signals.
#[cfg(not(unix))]
pub fn say_before_the_end(_: impl Fn(Stop) + Send + Sync + 'static) {}

/// From now on something may have been sent: a signal that ends the idle process ends it without a word, since the report
/// says more.
pub fn work_begins() {
    let _ = AT_REST.compare_exchange(SAY, END, Ordering::SeqCst, Ordering::SeqCst);
}

/// The last signal since [`watch`], if there was one.
pub fn heard() -> Option<Stop> {
    let number = HEARD.load(Ordering::SeqCst);
    Stop::ALL.into_iter().find(|stop| usize::from(stop.number()) == number)
}

/// While this is held, signals do not end the process. Drop it when the work is complete; [`heard`] tells which signal
/// arrived meanwhile.
#[derive(Debug)]
pub struct Listening(());

impl Listening {
    /// From now on, signals are only recorded.
    pub fn begin() -> Self {
        LISTENING.fetch_add(1, Ordering::SeqCst);
        rest();
        Self(())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENING.fetch_sub(1, Ordering::SeqCst);
        rest();
    }
}

/// Runs code that may block for long and does not listen, while no work is in progress: signals end the process during
/// it, even if a [`Listening`] is held.
pub fn while_nothing_is_under_way<T>(act: impl FnOnce() -> T) -> T {
    set(AT_REST.load(Ordering::SeqCst));
    let done = act();
    rest();
    done
}

/// The signals to listen to: not SIGHUP if it was ignored when the process began, as under `nohup`.
#[cfg(unix)]
pub fn listened() -> impl Iterator<Item = Stop> {
    static IGNORES_HANGUP: OnceLock<bool> = OnceLock::new();
    let ignores = *IGNORES_HANGUP.get_or_init(|| {
        let status = std::fs::read_to_string("/proc/self/status").ok();
        let told = status.as_deref().and_then(ignores_hangup_by);
        told.unwrap_or_else(a_shell_ignores_hangup)
    });
    Stop::ALL.into_iter().filter(move |stop| *stop != Stop::HungUp || !ignores)
}

/// Whether a process ignores SIGHUP, in Linux's format: one bit for each signal, as hexadecimal digits.
#[cfg(unix)]
fn ignores_hangup_by(status: &str) -> Option<bool> {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let ignored = u64::from_str_radix(line.trim(), 16).ok()?;
    Some(ignored & 1 << (Stop::HungUp.number() - 1) != 0)
}

/// The same if the system does not tell: a shell starts with the same ignored signals, and cannot trap those (POSIX,
/// `trap`). It sends itself the signal, and exits in its usual way only if it trapped the signal.
#[cfg(unix)]
fn a_shell_ignores_hangup() -> bool {
    const TRAPPED: i32 = 7;
    let script = format!("trap 'exit {TRAPPED}' HUP; kill -HUP $$; exit 0");
    let mut shell = std::process::Command::new("/bin/sh");
    let quiet = std::process::Stdio::null;
    shell.args(["-c", &script]).stdin(quiet()).stdout(quiet()).stderr(quiet());
    shell.status().is_ok_and(|status| status.code() == Some(0))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_that_a_shell_gives_to_the_signals() {
        let numbers = [("Interrupted", 2), ("Quit", 3), ("Terminated", 15), ("HungUp", 1)];
        for (stop, (name, number)) in Stop::ALL.into_iter().zip(numbers) {
            assert_eq!((format!("{stop:?}").as_str(), stop.number()), (name, number));
            assert_eq!(stop.exit().code(), 128 + number);
        }
    }

    #[test]
    fn an_ignored_hangup_is_read_from_what_linux_tells() {
        for (status, expected) in [
            ("Name:\therald\nSigIgn:\t0000000000001001\n", Some(true)),
            ("SigIgn:\t0000000000001000\n", Some(false)),
            ("SigIgn:\t0000000000000001", Some(true)),
            ("SigCgt:\t0000000000000001\n", None),
            ("SigIgn:\tx\n", None),
            ("", None),
        ] {
            assert_eq!(ignores_hangup_by(status), expected, "{status:?}");
        }
    }

    #[test]
    fn a_shell_tells_the_same() {
        let by_shell = a_shell_ignores_hangup();
        if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
            assert_eq!(ignores_hangup_by(&status), Some(by_shell));
        }
    }
}
