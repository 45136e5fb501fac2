//! What a message is, and how it is sent, as plain values: the command line makes them of its flags.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::contract::typed::SetExpr;
use crate::error::{Error, Result};
use crate::provider;
use crate::redact::Redactor;
use crate::wire::HIDDEN;

/// How long everything together may take, where nothing else is said.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// What goes into a message, and its targets.
#[derive(Clone, Debug, Default)]
pub struct MessageOptions {
    /// Targets as `KIND:ID`, or `ID` alone for the vendor's usual kind.
    pub to: Vec<String>,
    /// Who sends it.
    pub from: Option<String>,
    /// What it says.
    pub content: ContentOptions,
    /// Its title, where the vendor has one.
    pub title: Option<String>,
    /// The app's own data, as `KEY=VALUE`.
    pub extra: Vec<String>,
    /// One of the vendor's own types of message, by its id or by the vendor's name for it.
    pub message_type: Option<String>,
    /// A payload as a file, and single fields of it.
    pub payload: PayloadOptions,
    /// Whether a text and a title may show nothing.
    pub allow_empty: bool,
}

impl MessageOptions {
    /// The files that it is read from, each with its name in messages.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&'static str, &PathBuf)> {
        let body = self.payload.body.iter().map(|path| ("the payload", path));
        body.chain(self.content.text_file.iter().map(|path| ("the text", path)))
    }

    /// Whether one of them is stdin, which can then answer no question.
    pub(crate) fn reads_stdin(&self) -> bool {
        self.files().any(|(_, path)| path == Path::new("-"))
    }
}

/// Content that every vendor has a form for. One of these at most.
#[derive(Clone, Debug, Default)]
pub struct ContentOptions {
    /// A text.
    pub text: Option<String>,
    /// The file that has the text; `-` is stdin. It is read where `text` is `None`.
    pub text_file: Option<PathBuf>,
    /// A picture: its address, or a local file.
    pub image: Option<String>,
    /// A recording, given as a picture is.
    pub voice: Option<String>,
    /// A video, given as a picture is.
    pub video: Option<String>,
    /// A file, given as a picture is.
    pub file: Option<String>,
    /// A place, as `LAT,LNG[,NAME]` in degrees.
    pub location: Option<String>,
    /// A command that the app acts on and does not show.
    pub command: Option<String>,
}

impl ContentOptions {
    /// Whether there is any.
    pub(crate) fn is_given(&self) -> bool {
        let Self { text, text_file, image, voice, video, file, location, command } = self;
        let given = [text, image, voice, video, file, location, command];
        text_file.is_some() || given.iter().any(|content| content.is_some())
    }
}

/// A payload as a file, and single fields of it.
#[derive(Clone, Debug, Default)]
pub struct PayloadOptions {
    /// Fields of the contract: `PATH=TEXT`, typed by the contract, or `PATH:=JSON`.
    pub set: Vec<String>,
    /// The file that has the whole request body; `-` is stdin.
    pub body: Option<PathBuf>,
    /// Folders in which files that the payload names may lie, beside its own.
    pub allow_path: Vec<PathBuf>,
}

impl PayloadOptions {
    /// Fields to set, and nothing else.
    pub fn setting(set: &[String]) -> Self {
        Self { set: set.to_vec(), ..Self::default() }
    }

    /// The parsed expressions of `set`.
    pub(crate) fn expressions(&self) -> Result<Vec<SetExpr>> {
        let parse = |text: &String| {
            SetExpr::parse(text).map_err(|error| {
                let (path, value) = text.split_once(['=', ':']).unwrap_or((text, ""));
                without_value(error, path, value.trim_start_matches('='))
            })
        };
        self.set.iter().map(parse).collect()
    }
}

/// An error about a `--set` without its value, where that is a secret, or without the secrets in it.
pub(crate) fn without_value(error: Error, path: &str, value: &str) -> Error {
    let (name, names) = (path.rsplit('.').next().unwrap_or_default(), provider::secret_names());
    let shown = match names.matches(name) {
        true => HIDDEN.into(),
        false => Redactor::new(names).redacted(value).into_owned(),
    };
    if value.is_empty() || shown == value {
        return error;
    }
    // Messages show it behind its path, or between such marks.
    error.reworded(&|text| *text = text.replace(&format!("{value}`"), &format!("{shown}`")))
}

/// How requests go out.
#[derive(Clone, Debug, Default)]
pub struct SendOptions {
    /// Only print the request, or ask the vendor's own check, which delivers nothing.
    pub dry_run: Option<DryRun>,
    /// Only print the request, as a curl command.
    pub curl: bool,
    /// Show secrets and signatures in what is only printed.
    pub show_secrets: bool,
    /// The nonce of a printed signature.
    pub nonce: Option<String>,
    /// The timestamp of a printed signature.
    pub timestamp: Option<String>,
    /// How long everything together may take; `None`: [`DEADLINE`], and a list has no end.
    pub deadline: Option<Duration>,
    /// A PEM file with the certificates to trust instead of the ones compiled in.
    pub cacert: Option<PathBuf>,
    /// The file of the ledger; `None`: `ledger.db` in herald's folder for state.
    pub ledger: Option<PathBuf>,
    /// Yes to the question that many targets raise.
    pub yes: bool,
    /// The profile's name, as confirmation of a send to everybody, a tag, a package, or very many.
    pub confirm: Option<String>,
    /// Lint rules that are ignored, by their codes.
    pub allow: Vec<String>,
    /// Guards that are bypassed, by their names.
    pub overrides: Vec<String>,
    /// Send to the mock server inside herald: no credentials, no network.
    pub sandbox: bool,
}

/// Where a dry run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// Inside herald.
    Local,
    /// At the vendor's own check, which delivers nothing.
    Server,
}

impl SendOptions {
    /// How long everything together may take.
    pub(crate) fn deadline(&self) -> Duration {
        self.deadline.unwrap_or(DEADLINE)
    }

    /// Whether the request is only printed.
    pub(crate) fn prints_only(&self) -> bool {
        self.curl || self.dry_run == Some(DryRun::Local)
    }

    /// Refuses to ask for the vendor's own check of many requests: there is none that takes them, and what is asked for as a
    /// trial must never go out.
    pub(crate) fn no_check_of_many(&self, what: &str) -> Result<()> {
        if self.dry_run == Some(DryRun::Server) {
            return Err(Error::usage(format!(
                "--dry-run=server takes one request, and this is {what}"
            ))
            .help("--dry-run checks all of it offline"));
        }
        Ok(())
    }

    /// Refuses flags that only go together.
    pub(crate) fn check(&self) -> Result<()> {
        if !self.prints_only() && (self.nonce.is_some() || self.timestamp.is_some()) {
            return Err(Error::usage(
                "--nonce and --timestamp fix what is printed, not what is sent",
            )
            .help("add --dry-run, or leave them out"));
        }
        if !self.prints_only() && self.show_secrets {
            return Err(Error::usage("--show-secrets goes with --dry-run or --curl"));
        }
        Ok(())
    }
}
