//! The source of a value, and how herald reads it: from the file itself, a variable, a file, a program.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::command::{self, Unprinted};
use crate::account::Secret;
use crate::error::{Error, ErrorKind};
use crate::text::is_invisible;
use crate::trust::{OwnerRule, TrustCheck};

/// The most bytes that a secret may have; a longer file is not a secret.
const MAX_BYTES: u64 = 64 * 1024;

/// The source of a value.
#[derive(Clone, Debug)]
pub enum ValueSource {
    /// The profile itself contains it. Kept as a secret even if it is not one.
    Literal(Secret),
    /// An environment variable.
    Env(String),
    /// A file, relative to the profile file.
    File(PathBuf),
    /// The output of a program, started without a shell.
    Command(Vec<String>),
}

/// It shows the source, never the value.
impl fmt::Display for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(_) => f.write_str("literal"),
            Self::Env(name) => write!(f, "env {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Command(words) => write!(f, "command {}", words.join(" ")),
        }
    }
}

/// Why a value cannot be read.
#[derive(Debug)]
pub(super) enum SourceFailure {
    /// It does not exist: a command that needs no secret can continue.
    Absent(Error),
    /// It exists, but using it would be careless; or a signal came: the command stops.
    Refused(Error),
}

/// What is needed to read values.
#[derive(Clone, Copy)]
pub(super) struct Fetch<'a> {
    /// Variables of the environment.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// Where relative paths begin.
    pub folder: &'a Path,
    /// The profile file, if group or others can read it.
    pub exposed: Option<&'a Path>,
    /// A value that is not secret for any key: the one that the sandbox publishes.
    pub published: Option<&'a str>,
    /// Whether a variable is hidden from programs, by its name.
    pub withheld: &'a dyn Fn(&str) -> bool,
}

impl Fetch<'_> {
    pub(super) fn is_published(&self, value: &str) -> bool {
        self.published == Some(value)
    }
}

impl ValueSource {
    /// The value of a key. `what` names the key in messages.
    pub(super) fn fetch(
        &self,
        what: &str,
        is_secret: bool,
        with: &Fetch<'_>,
    ) -> Result<Secret, SourceFailure> {
        let text = match self {
            Self::Literal(secret) => {
                let value = secret.expose();
                if let Some(path) = with.exposed.filter(|_| is_secret && !with.is_published(value))
                {
                    return Err(SourceFailure::Refused(exposed_literal(what, path)));
                }
                value.to_owned()
            }
            Self::Env(name) => (with.env)(name).ok_or_else(|| {
                let message = format!("{what}: the variable {name} is not set");
                absent(message, &format!("set {name}, or change where the value comes from"))
            })?,
            Self::File(path) => read(what, is_secret, &with.folder.join(path), with)?,
            Self::Command(words) => {
                judge_program(what, words, with)?;
                let printed = command::run(words, command::COMMAND_TIMEOUT, with.withheld);
                let printed = printed.map_err(|why| match why {
                    Unprinted::Failed(why) => absent(
                        format!("{what}: {why}"),
                        "it is started without a shell and without input, and prints the value",
                    ),
                    Unprinted::Stopped(stop) => SourceFailure::Refused(stop.error(format!(
                        "{} while a program was to print {what}; nothing was sent",
                        stop.word()
                    ))),
                })?;
                text_of(what, "what the program printed", printed)?
            }
        };
        if text.is_empty() {
            let message = format!("{what} is empty (from {self})");
            return Err(absent(message, "put the value there, or change where it comes from"));
        }
        if let Some(fault) = unseen_fault(&text).filter(|_| is_secret) {
            let message = format!("{what} {fault} (from {self})");
            return Err(absent(message, "put the value there again, and nothing around it"));
        }
        Ok(Secret::new(text))
    }
}

/// What a secret has that is not seen, and that no vendor's secret has.
fn unseen_fault(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("is blank");
    }
    text.chars().any(is_invisible).then_some("has an invisible character in it")
}

fn absent(message: String, help: &str) -> SourceFailure {
    SourceFailure::Absent(Error::new(ErrorKind::Secret, message).help(help))
}

fn exposed_literal(what: &str, path: &Path) -> Error {
    Error::new(
        ErrorKind::Secret,
        format!("{what} is in {}, which group or others can read", path.display()),
    )
    .help(format!(
        "chmod 600 '{}', and better let it come from env, file or command",
        path.display()
    ))
}

/// Refuses a program that others can change. Its folder is not checked: a file that another user puts there belongs to
/// that user. If the program is not found, the attempt to start it reports that.
fn judge_program(what: &str, words: &[String], with: &Fetch<'_>) -> Result<(), SourceFailure> {
    let Some(program) = words.first().and_then(|program| find_program(program, with.env)) else {
        return Ok(());
    };
    trusted(&format!("the program of {what}"), false).path(&program).map_err(SourceFailure::Refused)
}

/// Where the system finds a program: at its path, otherwise in the first folder of `PATH` that contains it.
fn find_program(program: &str, env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(program.into());
    }
    let folders = env("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Who may own and change the source of a value.
fn trusted(name: &str, is_private: bool) -> TrustCheck<'_> {
    TrustCheck { name, kind: ErrorKind::Secret, owner: OwnerRule::UserOrRoot, is_private }
}

fn read(
    what: &str,
    is_secret: bool,
    path: &Path,
    with: &Fetch<'_>,
) -> Result<String, SourceFailure> {
    let cannot = |error: std::io::Error| {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "a path is relative to the folder of the profile file",
            _ => "the file has to be readable by you alone",
        };
        let error =
            Error::new(ErrorKind::Secret, format!("{what}: cannot read {}", path.display()))
                .because(error)
                .help(help);
        SourceFailure::Absent(error)
    };
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    if about.is_dir() {
        return Err(absent(format!("{what}: {} is a folder", path.display()), "name the file"));
    }
    // The open file is checked: so the checked file is the one that is read.
    let name = format!("the file of {what}");
    trusted(&name, is_secret).metadata(&about, path).map_err(SourceFailure::Refused)?;
    if is_secret && with.published.is_none() && is_exposed(&about) {
        return Err(exposed_file(what, path));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("{what}: {} is longer than 64 KiB", path.display());
        return Err(absent(message, "name the file that holds the value alone"));
    }
    let text = text_of(what, &path.display().to_string(), bytes)?;
    if is_secret && is_exposed(&about) && !with.is_published(&text) {
        return Err(exposed_file(what, path));
    }
    Ok(text)
}

fn exposed_file(what: &str, path: &Path) -> SourceFailure {
    let message = format!("{what}: group or others can read {}", path.display());
    let help = format!("chmod 600 '{}'", path.display());
    SourceFailure::Refused(Error::new(ErrorKind::Secret, message).help(help))
}

/// The text without a byte order mark and without one final line end, which editors and `echo` add.
fn text_of(what: &str, place: &str, bytes: Vec<u8>) -> Result<String, SourceFailure> {
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(absent(format!("{what}: {place} is not UTF-8"), "save it as UTF-8 text"));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(text.to_owned())
}

/// Whether group or others can read a file.
#[cfg(unix)]
pub(super) fn is_exposed(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o044 != 0
}

/// Whether group or others can read a file: other systems have no mode bits, and a user's folder is private.
#[cfg(not(unix))]
pub(super) fn is_exposed(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests;
