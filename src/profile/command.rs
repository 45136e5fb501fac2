//! A program that prints a secret. herald starts it without a shell, in a new process group, waits for it, and ends it
//! with all that it started if it takes too long.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::system_words;
use crate::signals::{self, Listening, Stop};
use crate::text::escape;

/// How long a program may take.
pub(super) const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes that are read from its output.
const MAX_OUTPUT_BYTES: u64 = 64 * 1024;

/// How often herald checks whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Why a program returned nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unprinted {
    /// It failed. The words contain nothing that it printed, except on stderr.
    Failed(String),
    /// A signal asked herald to stop.
    Stopped(Stop),
}

impl From<String> for Unprinted {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

/// What a program prints on stdout. It gets the environment without the variables that are `withheld`. Signals are
/// handled meanwhile: a terminal sends them only to herald's process group.
pub(super) fn run(
    words: &[String],
    patience: Duration,
    withheld: &dyn Fn(&str) -> bool,
) -> Result<Vec<u8>, Unprinted> {
    let listening = Listening::begin();
    let printed = print(words, patience, withheld);
    drop(listening);
    // A signal that came at the last moment was only recorded; no other code would act on it.
    signals::heard().map_or(printed, |stop| Err(Unprinted::Stopped(stop)))
}

fn print(
    words: &[String],
    patience: Duration,
    withheld: &dyn Fn(&str) -> bool,
) -> Result<Vec<u8>, Unprinted> {
    let until = Instant::now() + patience;
    let (program, arguments) = words.split_first().ok_or("the command is empty".to_owned())?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_str().is_some_and(withheld)) {
        command.env_remove(name);
    }
    let mut running = ProgramGroup::start(&mut command)
        .map_err(|error| format!("cannot start `{program}`: {}", system_words(&error)))?;
    let printed = gather(running.child.stdout.take());
    let complaints = gather(running.child.stderr.take());
    let ended = running.wait(until).map_err(|error| match error {
        WaitError::Stopped(stop) => Unprinted::Stopped(stop),
        WaitError::Failed(error) => format!("`{program}`: {}", system_words(&error)).into(),
    })?;
    let Some(status) = ended else {
        return Err(format!("`{program}` took longer than {} s", patience.as_secs()).into());
    };
    if !status.success() {
        let said = complaints.recv_timeout(left(until)).unwrap_or_default();
        return Err(format!("`{program}` failed ({}){}", how(status), told(&said)).into());
    }
    // Processes that it started may keep the pipe open; the timeout for them is the same as for the program.
    let printed = printed.recv_timeout(left(until)).map_err(|_| {
        format!("`{program}` ended, but its output did not within {} s", patience.as_secs())
    })?;
    if printed.len() as u64 > MAX_OUTPUT_BYTES {
        return Err(format!("`{program}` printed more than 64 KiB").into());
    }
    running.is_done = true;
    Ok(printed)
}

/// A running program. Unless it is done, dropping this ends it, with all that it started and that is still in its
/// process group.
struct ProgramGroup {
    child: Child,
    is_done: bool,
}

/// Why herald can no longer wait for a program.
enum WaitError {
    Stopped(Stop),
    Failed(std::io::Error),
}

impl ProgramGroup {
    fn start(command: &mut Command) -> std::io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Self { child: command.spawn()?, is_done: false })
    }

    /// How it ended; `None` if it takes too long.
    fn wait(&mut self, until: Instant) -> Result<Option<ExitStatus>, WaitError> {
        loop {
            if let Some(status) = self.child.try_wait().map_err(WaitError::Failed)? {
                return Ok(Some(status));
            }
            if let Some(stop) = signals::heard() {
                return Err(WaitError::Stopped(stop));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}

impl Drop for ProgramGroup {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        // A program that has just ended cannot be ended any more; either way it is gone.
        #[cfg(unix)]
        if let Ok(group) = i32::try_from(self.child.id()) {
            let group = nix::unistd::Pid::from_raw(group);
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end in parallel, so that a program with much output does not block.
fn gather(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (give, take) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // After an error, the bytes that were read so far are all there is.
            let _ = pipe.take(MAX_OUTPUT_BYTES + 1).read_to_end(&mut bytes);
        }
        // The receiver no longer exists if the program took too long.
        let _ = give.send(bytes);
    });
    take
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now()).max(POLL_INTERVAL)
}

fn how(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => "ended by a signal".to_owned(),
    }
}

/// The last line of its stderr, shortened.
fn told(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    match text.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!(": {}", escape(&line.trim().chars().take(200).collect::<String>())),
        None => String::new(),
    }
}

/// The words of a command line: quotes and backslashes as in a POSIX shell, no other shell syntax.
pub(crate) fn split_words(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_ascii_whitespace() => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().ok_or("a single quote is not closed")? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => match chars.next().ok_or("it ends in a backslash")? {
                '\n' => {}
                c => word.get_or_insert_default().push(c),
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Between double quotes a backslash is literal, except before the few characters that it escapes there.
fn double_quoted(
    chars: &mut impl Iterator<Item = char>,
    word: &mut String,
) -> Result<(), &'static str> {
    const OPEN: &str = "a double quote is not closed";
    loop {
        match chars.next().ok_or(OPEN)? {
            '"' => return Ok(()),
            '\\' => match chars.next().ok_or(OPEN)? {
                '\n' => {}
                c @ ('"' | '\\' | '$' | '`') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|word| (*word).to_owned()).collect()
    }

    #[cfg(unix)]
    fn ran(line: &[&str], patience: Duration) -> Result<Vec<u8>, String> {
        run(&words(line), patience, &|_| false).map_err(|why| match why {
            Unprinted::Failed(why) => why,
            Unprinted::Stopped(stop) => panic!("nothing stops it, and {} came", stop.word()),
        })
    }

    #[test]
    fn a_line_splits_into_words_as_a_shell_splits_it() {
        for (line, expected) in [
            ("pass rong", Ok(vec!["pass", "rong"])),
            ("  pass\t rong \n", Ok(vec!["pass", "rong"])),
            ("pass 'a b' \"c d\" e\\ f", Ok(vec!["pass", "a b", "c d", "e f"])),
            ("pass ''", Ok(vec!["pass", ""])),
            ("a'b'\"c\"d", Ok(vec!["abcd"])),
            (r#"echo "a\"b\\c\d$x""#, Ok(vec!["echo", r#"a"b\c\d$x"#])),
            ("echo $HOME | cat; ls *", Ok(vec!["echo", "$HOME", "|", "cat;", "ls", "*"])),
            ("", Ok(vec![])),
            ("pass 'rong", Err("a single quote is not closed")),
            ("pass \"rong", Err("a double quote is not closed")),
            ("pass rong\\", Err("it ends in a backslash")),
        ] {
            assert_eq!(split_words(line), expected.map(|list| words(&list)), "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_gives_its_output_or_the_reason_why_not() {
        let shell = |script: &str| ran(&["sh", "-c", script], Duration::from_secs(5));
        assert_eq!(shell("printf hunter2"), Ok(b"hunter2".to_vec()));
        assert_eq!(
            shell("echo hunter2; echo first >&2; echo 'no such key' >&2; exit 3"),
            Err("`sh` failed (exit code 3): no such key".to_owned()),
        );
        assert_eq!(shell("kill -9 $$"), Err("`sh` failed (ended by a signal)".to_owned()));
        let missing = ran(&["/nonexistent/pass"], COMMAND_TIMEOUT).expect_err("it is refused");
        assert!(missing.starts_with("cannot start `/nonexistent/pass`: no such file"), "{missing}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_ended_even_where_its_children_hold_the_pipe() {
        let begin = Instant::now();
        let patience = Duration::from_millis(200);
        let why = ran(&["sh", "-c", "sleep 3; echo late"], patience).expect_err("it is refused");
        assert_eq!(why, "`sh` took longer than 0 s");
        let why = ran(&["sh", "-c", "sleep 3 & echo soon"], patience).expect_err("it is refused");
        assert_eq!(why, "`sh` ended, but its output did not within 0 s");
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
    /// Whether a process exists and runs. A process that has ended, but that no process has waited for, also exists.
    #[cfg(unix)]
    fn lives(id: &str) -> bool {
        let pid = nix::unistd::Pid::from_raw(id.trim().parse().expect("an id"));
        let told = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
        let has_ended = told.rsplit(") ").next().is_some_and(|state| state.starts_with('Z'));
        nix::sys::signal::kill(pid, None).is_ok() && !has_ended
    }

    #[cfg(unix)]
    #[test]
    fn what_a_program_has_started_ends_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, script) in [
            ("late", "sleep 47 & echo $! > late; sleep 48"),
            ("open", "sleep 47 & echo $! > open; echo secret"),
            ("failed", "sleep 47 & echo $! > failed; exit 3"),
        ] {
            let script = format!("cd '{}' || exit; {script}", folder.path().display());
            ran(&["sh", "-c", &script], Duration::from_secs(1)).expect_err("it is refused");
            let id = std::fs::read_to_string(folder.path().join(name)).expect("an id");
            let begin = Instant::now();
            while lives(&id) {
                assert!(begin.elapsed() < Duration::from_secs(10), "{name}: {id} lives on");
                thread::sleep(POLL_INTERVAL);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_gets_no_variable_that_is_withheld() {
        let words = words(&["sh", "-c", "echo ${HOME:-none} ${PATH:+some}"]);
        let printed = run(&words, COMMAND_TIMEOUT, &|name| name == "HOME").expect("it prints");
        assert_eq!(String::from_utf8_lossy(&printed), "none some\n");
    }
}
