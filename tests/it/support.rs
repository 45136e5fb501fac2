//! The binary in a world of its own: empty home, empty environment, nothing but loopback.

use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use herald::ledger::{Job, Ledger, LookUp, LookUpAnswer, Realm};
use serde_json::Value;

/// A home that goes away with the test.
pub(crate) struct World {
    home: tempfile::TempDir,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// What people see of an id.
pub(crate) fn short_id(id: &str) -> &str {
    &id[id.len() - 8..]
}

/// The latest job with a name.
pub(crate) fn latest_job(ledger: &mut Ledger, name: &str, realm: Realm) -> Job {
    match ledger.look_up(&LookUp::job(name, realm)).expect("a ledger") {
        LookUpAnswer::Jobs(mut jobs) => jobs.swap_remove(0),
        other => panic!("{name}: {other:?}"),
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a folder for the test") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file below the home; folders are made.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// A file that only its owner can read.
    #[cfg(unix)]
    pub(crate) fn write_private(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.write(name, content);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
            .expect("permissions");
        path
    }

    /// The command with nothing in its environment but the home.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_herald"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command().args(arguments))
    }

    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        finish(self.command().args(arguments).envs(environment.iter().copied()))
    }

    pub(crate) fn run_on(&self, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Run {
        self.run_with_stdin(arguments, &[], stdin)
    }

    pub(crate) fn run_with_stdin(
        &self,
        arguments: &[&str],
        environment: &[(&str, &str)],
        stdin: impl AsRef<[u8]>,
    ) -> Run {
        let mut child = self
            .command()
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("herald runs");
        // The command may be done before it has read all of it.
        let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_ref());
        let output = child.wait_with_output().expect("herald ends");
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

pub(crate) fn finish(command: &mut Command) -> Run {
    let output = command.output().expect("herald runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Run {
    /// Ends the test unless the command ended with this code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Ends the test unless stderr holds these words.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "`{words}` is not in stderr:\n{}", self.err);
        self
    }

    /// Ends the test unless stdout holds these words.
    #[track_caller]
    pub(crate) fn tells(self, words: &str) -> Self {
        assert!(self.out.contains(words), "`{words}` is not in stdout:\n{}", self.out);
        self
    }

    /// Stdout as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in stdout:\n{}", self.out))
    }
}

/// A pipe with a name.
#[cfg(unix)]
pub(crate) fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
    assert!(made.success(), "{}", path.display());
}

/// The files of a folder and below.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return files };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// The text of a form.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = [bytes.next().expect("a digit"), bytes.next().expect("a digit")];
                let digits = std::str::from_utf8(&digits).expect("digits");
                out.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
            }
            other => out.push(other),
        }
    }
    String::from_utf8(out).expect("UTF-8")
}

/// Reads the rest of a request or a reply with its body; `false` where the other end closes before.
pub(crate) fn read_whole(stream: &mut impl Read, read: &mut Vec<u8>) -> bool {
    let mut chunk = [0; 16_384];
    while !crate::prerequisites::is_whole(read) {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return false,
            Ok(count) => read.extend_from_slice(&chunk[..count]),
        }
    }
    true
}
