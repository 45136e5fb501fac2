//! A program that prints a secret: started without a shell, waited for, and ended when it takes too long.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::report::escape;

/// How long a program may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The most that is read of what it prints.
const MOST: u64 = 64 * 1024;

/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// What a program prints on stdout, or why there is nothing. What it printed never stands in the reason, but for stderr.
pub(super) fn run(words: &[String], patience: Duration) -> Result<Vec<u8>, String> {
    let until = Instant::now() + patience;
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start `{program}`: {error}"))?;
    let printed = gather(child.stdout.take());
    let complaints = gather(child.stderr.take());
    let Some(status) = wait(&mut child, until).map_err(|error| format!("`{program}`: {error}"))?
    else {
        // A program that has just ended by itself cannot be killed any more; either way it is gone.
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("`{program}` took longer than {} s", patience.as_secs()));
    };
    if !status.success() {
        let said = complaints.recv_timeout(left(until)).unwrap_or_default();
        return Err(format!("`{program}` failed ({}){}", how(status), told(&said)));
    }
    // Somebody that it started may hold the pipe open; that is waited for only as long as for itself.
    let printed = printed.recv_timeout(left(until)).map_err(|_| {
        format!("`{program}` ended, but its output did not within {} s", patience.as_secs())
    })?;
    if printed.len() as u64 > MOST {
        return Err(format!("`{program}` printed more than 64 KiB"));
    }
    Ok(printed)
}

/// Reads a pipe to its end beside everything else, so that a program that prints a lot does not stall.
fn gather(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (give, take) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What could be read before an error is as much as there is.
            let _ = pipe.take(MOST + 1).read_to_end(&mut bytes);
        }
        // Nobody listens any more when the program took too long.
        let _ = give.send(bytes);
    });
    take
}

fn wait(child: &mut Child, until: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        thread::sleep(GLANCE);
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now()).max(GLANCE)
}

fn how(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => "ended by a signal".to_owned(),
    }
}

/// The last line of what it said on stderr, cut short.
fn told(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    match text.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!(": {}", escape(&line.trim().chars().take(200).collect::<String>())),
        None => String::new(),
    }
}

/// The words of a command line: quotes and backslashes as a POSIX shell reads them, and nothing else of a shell.
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

/// Between double quotes a backslash is one, except before the few signs that it protects there.
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
        let shell = |script: &str| run(&words(&["sh", "-c", script]), Duration::from_secs(5));
        assert_eq!(shell("printf hunter2"), Ok(b"hunter2".to_vec()));
        assert_eq!(
            shell("echo hunter2; echo first >&2; echo 'no such key' >&2; exit 3"),
            Err("`sh` failed (exit code 3): no such key".to_owned()),
        );
        assert_eq!(shell("kill -9 $$"), Err("`sh` failed (ended by a signal)".to_owned()));
        let missing = run(&words(&["/nonexistent/pass"]), PATIENCE).expect_err("it is refused");
        assert!(missing.starts_with("cannot start `/nonexistent/pass`: No such file"), "{missing}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_ended_even_where_its_children_hold_the_pipe() {
        let begin = Instant::now();
        let patience = Duration::from_millis(200);
        let why =
            run(&words(&["sh", "-c", "sleep 3; echo late"]), patience).expect_err("it is refused");
        assert_eq!(why, "`sh` took longer than 0 s");
        let why =
            run(&words(&["sh", "-c", "sleep 3 & echo soon"]), patience).expect_err("it is refused");
        assert_eq!(why, "`sh` ended, but its output did not within 0 s");
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
}
