//! Why a command ends early: one sentence, what to do about it, and a kind that decides the exit code.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::exit::Exit;

/// The result of everything that can end a command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command could not continue. It is one pointer wide, because every function that can fail returns it.
#[derive(Debug)]
pub struct Error(Box<ErrorInner>);

#[derive(Debug)]
struct ErrorInner {
    kind: ErrorKind,
    message: String,
    help: Option<String>,
    details: Option<(&'static str, serde_json::Value)>,
    excerpt: Option<String>,
    faults: Vec<TextFault>,
    source: Option<anyhow::Error>,
    again: Option<RetryAfter>,
}

/// A fault in a text file, one of those that an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFault {
    /// The file.
    pub path: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// When a request that failed for now may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After the pause that the vendor named.
    Told(Duration),
    /// After this time: no request was sent, because the vendor's rate limit delays it.
    Held(Duration),
    /// Not in this command: waiting does not help.
    Never,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

/// What sort of error it is. Its word is in JSON output, and it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line asks for something that does not exist or is not allowed.
    Usage,
    /// The payload breaks rules of the vendor.
    Lint,
    /// A file cannot be read or is not what it should be.
    Input,
    /// The profile file, or what it says.
    Profile,
    /// A secret is missing or unreadable.
    Secret,
    /// The ledger cannot be opened or written.
    Ledger,
    /// A guard refused the action.
    Guard,
    /// The vendor refused the credentials.
    Denied,
    /// The vendor rejected the request.
    Rejected,
    /// Nothing was accepted this time; a retry may succeed.
    Unavailable,
    /// The request may have reached the vendor.
    Unknown,
    /// SIGHUP.
    HungUp,
    /// Ctrl-C.
    Interrupted,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminated,
    /// A bug in herald.
    Bug,
}

impl ErrorKind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Usage,
        Self::Lint,
        Self::Input,
        Self::Profile,
        Self::Secret,
        Self::Ledger,
        Self::Guard,
        Self::Denied,
        Self::Rejected,
        Self::Unavailable,
        Self::Unknown,
        Self::HungUp,
        Self::Interrupted,
        Self::Quit,
        Self::Terminated,
        Self::Bug,
    ];

    /// The exit code of this kind.
    pub const fn exit(self) -> Exit {
        match self {
            Self::Usage => Exit::Usage,
            Self::Lint => Exit::Findings,
            Self::Input | Self::Profile | Self::Secret | Self::Ledger => Exit::Input,
            Self::Guard => Exit::Guard,
            Self::Denied => Exit::Denied,
            Self::Rejected => Exit::Rejected,
            Self::Unavailable => Exit::Unavailable,
            Self::Unknown => Exit::Unknown,
            Self::HungUp => Exit::HungUp,
            Self::Interrupted => Exit::Interrupted,
            Self::Quit => Exit::Quit,
            Self::Terminated => Exit::Terminated,
            Self::Bug => Exit::Bug,
        }
    }

    /// Whether a signal ended the command.
    pub const fn is_of_a_signal(self) -> bool {
        matches!(self, Self::HungUp | Self::Interrupted | Self::Quit | Self::Terminated)
    }

    /// The word for JSON output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Lint => "lint",
            Self::Input => "input",
            Self::Profile => "profile",
            Self::Secret => "secret",
            Self::Ledger => "ledger",
            Self::Guard => "guard",
            Self::Denied => "denied",
            Self::Rejected => "rejected",
            Self::Unavailable => "unavailable",
            Self::Unknown => "unknown",
            Self::HungUp => "hung-up",
            Self::Interrupted => "interrupted",
            Self::Quit => "quit",
            Self::Terminated => "terminated",
            Self::Bug => "bug",
        }
    }
}

impl Error {
    /// An error of a kind. The message is lower case, without a full stop, and names its subject.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorInner {
            kind,
            message: message.into(),
            help: None,
            details: None,
            excerpt: None,
            faults: Vec::new(),
            source: None,
            again: None,
        }))
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// An unusable input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds details for machines, beside `error` in JSON output.
    #[must_use]
    pub fn with(mut self, name: &'static str, details: serde_json::Value) -> Self {
        self.0.details = Some((name, details));
        self
    }

    /// Adds lines that show the place in the user's file. Only people see them; the caller has redacted them.
    #[must_use]
    pub fn excerpt(mut self, excerpt: impl Into<String>) -> Self {
        self.0.excerpt = Some(excerpt.into());
        self
    }

    /// Adds the places in a file that it is about.
    #[must_use]
    pub fn at(mut self, faults: Vec<TextFault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// The places in a file that it is about, in their order.
    pub fn faults(&self) -> &[TextFault] {
        &self.0.faults
    }

    /// Adds what caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds when it may be retried.
    #[must_use]
    pub fn again(mut self, again: RetryAfter) -> Self {
        self.0.again = Some(again);
        self
    }

    /// The same as an error of the signal that stopped the command, if any. An error of a signal is unchanged.
    #[must_use]
    pub fn stopped_by(mut self, stop: Option<ErrorKind>) -> Self {
        if !self.0.kind.is_of_a_signal() {
            self.0.kind = stop.unwrap_or(self.0.kind);
        }
        self
    }

    /// When it may be retried, if that is known.
    pub fn when(&self) -> Option<RetryAfter> {
        self.0.again
    }

    /// The same with its texts changed: message, advice, and causes as text.
    #[must_use]
    pub fn reworded(mut self, change: &dyn Fn(&mut String)) -> Self {
        self.0.message = self.full_message();
        self.0.source = None;
        [Some(&mut self.0.message), self.0.help.as_mut(), self.0.excerpt.as_mut()]
            .into_iter()
            .flatten()
            .for_each(change);
        self
    }

    /// The sort of error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        self.0.kind.exit()
    }

    /// The advice, if there is one.
    pub fn advice(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The details for machines.
    pub fn details(&self) -> Option<&(&'static str, serde_json::Value)> {
        self.0.details.as_ref()
    }

    /// The lines that show the place, if there are any.
    pub fn shown_excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// The message with its causes, as `what: why: why`.
    pub fn full_message(&self) -> String {
        let mut text = self.0.message.clone();
        if let Some(source) = &self.0.source {
            for cause in source.chain() {
                text.push_str(": ");
                match cause.downcast_ref::<std::io::Error>() {
                    Some(error) => text.push_str(&system_words(error)),
                    None => text.push_str(&cause.to_string()),
                }
            }
        }
        text
    }
}

/// The name of a system error in words: in lower case, without its number.
pub fn system_words(error: &std::io::Error) -> String {
    // This error is not from the system, so it has the words of the standard library: "entity not found".
    if error.kind() == std::io::ErrorKind::NotFound && error.get_ref().is_none() {
        return "no such file or directory".to_owned();
    }
    let text = error.to_string();
    let text = text.split(" (os error ").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_told_in_words() {
        let error = std::io::Error::from_raw_os_error(2);
        let told = Error::input("cannot read `x`").because(error).full_message();
        assert!(told.starts_with("cannot read `x`: ") && !told.contains("os error"), "{told}");
    }
}
