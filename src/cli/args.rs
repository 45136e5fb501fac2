//! Flags that several commands share.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum, ValueHint};

use crate::guard::ROWS;
use crate::send::options::{ContentOptions, DryRun, MessageOptions, PayloadOptions, SendOptions};
use crate::text::times::length;

/// What goes into a message, and to whom.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Message")]
pub(super) struct MessageFlags {
    /// Name a target: user:bob, group:g1; repeatable
    ///
    /// Kinds are user, group, room, channel, alias, tag, regid and package. Without a kind it is the vendor's usual one:
    /// `alias` for push services, else `user`. There is no default audience.
    #[arg(long, value_name = "[KIND:]ID")]
    pub to: Vec<String>,
    /// Name the sender
    #[arg(long, value_name = "ID")]
    pub from: Option<String>,
    #[command(flatten)]
    pub content: ContentFlags,
    /// Give it a title, where the vendor has one
    #[arg(long)]
    pub title: Option<String>,
    /// Add a pair of the app's own data; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub extra: Vec<String>,
    /// Send one of the vendor's own types, by its id or by the vendor's name for it; its fields are given with --set
    ///
    /// `herald providers PROVIDER` lists the types, `herald providers PROVIDER/TYPE` the fields of one.
    #[arg(long = "type", value_name = "TYPE")]
    pub message_type: Option<String>,
    /// Send a text or a title that shows nothing, as a silent push has it
    #[arg(long)]
    pub allow_empty: bool,
    #[command(flatten)]
    pub payload: PayloadFlags,
}

/// Neutral content: one flag a command.
#[derive(Args, Clone, Debug, Default)]
#[group(multiple = false)]
pub(super) struct ContentFlags {
    /// Send a text
    #[arg(long)]
    pub text: Option<String>,
    /// Send the text in this file, in UTF-8; `-` is stdin
    ///
    /// A byte order mark and the line end behind the last line are taken off.
    #[arg(long, value_name = "FILE")]
    pub text_file: Option<PathBuf>,
    /// Send a picture: its address, or a local file where the vendor takes uploads
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub image: Option<String>,
    /// Send a voice message, given as a picture is
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub voice: Option<String>,
    /// Send a video, given as a picture is
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub video: Option<String>,
    /// Send a file, given as a picture is
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub file: Option<String>,
    /// Send a place, in degrees: 39.9,116.4,Beijing
    #[arg(long, value_name = "LAT,LNG[,NAME]", allow_hyphen_values = true)]
    pub location: Option<String>,
    /// Send a command that the app acts on and does not show
    #[arg(long, value_name = "NAME")]
    pub command: Option<String>,
}

impl ContentFlags {
    fn options(&self) -> ContentOptions {
        let Self { text, text_file, image, voice, video, file, location, command } = self.clone();
        ContentOptions { text, text_file, image, voice, video, file, location, command }
    }
}

/// A payload as a file, and single fields of it.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Payload")]
pub(super) struct PayloadFlags {
    /// Set a field of the contract: PATH=TEXT, typed by the contract, or PATH:=JSON; repeatable
    ///
    /// Nested fields have dotted paths: `--set notification.ios.badge:=8`.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Take the whole request body from a file; `-` is stdin
    ///
    /// It is the body as the vendor documents it; for form-encoded calls an object of the form's fields. Path and query
    /// parameters stand in the same object. It goes out as it is, as compact JSON; herald adds only what must be filled in. A flag
    /// wins over the file.
    #[arg(long, value_name = "FILE")]
    pub body: Option<PathBuf>,
    /// Let files that the payload names lie in this folder, too, and links lead there; repeatable
    ///
    /// A file part is {"path": FILE}, counted from the payload's folder on, and has to stay in that folder. A link that
    /// --body or --targets names is followed as far as its repository reaches, or the current folder where there is none.
    #[arg(long, value_name = "DIR")]
    pub allow_path: Vec<PathBuf>,
}

impl PayloadFlags {
    pub(super) fn options(&self) -> PayloadOptions {
        let Self { set, body, allow_path } = self.clone();
        PayloadOptions { set, body, allow_path }
    }
}

/// How a request goes out.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sending")]
pub(super) struct SendFlags {
    /// Print the request instead of sending it; opens no socket. `=server` asks the vendor's own check
    #[arg(long, value_name = "WHERE", num_args = 0..=1, require_equals = true, default_missing_value = "local")]
    pub dry_run: Option<DryRunPlace>,
    /// Print the request as a curl command instead of sending it
    #[arg(long)]
    pub curl: bool,
    /// Show secrets and signatures in what --dry-run and --curl print
    #[arg(long)]
    pub show_secrets: bool,
    /// Fix the nonce of a printed signature
    #[arg(long, value_name = "N")]
    pub nonce: Option<String>,
    /// Fix the timestamp of a printed signature
    #[arg(long, value_name = "N")]
    pub timestamp: Option<String>,
    /// Give up after this time in all: 500ms, 1.5s, 2m, 1h, 1d [default: 30s; a list has no end, and 30s a request]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub deadline: Option<Duration>,
    /// Trust the certificates in this PEM file instead of the ones compiled in
    #[arg(long, value_name = "FILE", env = "SSL_CERT_FILE", hide_env_values = true)]
    pub cacert: Option<PathBuf>,
    /// Keep the ledger in this file [default: ledger.db in herald's folder for state]
    #[arg(long, value_name = "FILE", env = "HERALD_LEDGER", hide_env_values = true)]
    pub ledger: Option<PathBuf>,
    /// Answer yes where more targets than the profile's confirm_above (default 100) raise a question
    #[arg(long)]
    pub yes: bool,
    /// Confirm a send to everybody, a tag, a package or more than max_targets, by the profile's name
    ///
    /// Where there is no profile, the provider's id is its name.
    #[arg(long, value_name = "PROFILE")]
    pub confirm: Option<String>,
    /// Waive one lint rule by its code, the part of a finding in brackets; repeatable
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Pass one guard by its name, where it allows that; repeatable, recorded in the ledger
    #[arg(long = "override", value_name = "GUARD", long_help = guards())]
    pub overrides: Vec<String>,
    /// Run against the mock server inside herald: no credentials, no network
    #[arg(long, action = ArgAction::SetTrue)]
    pub sandbox: bool,
}

/// The help of `--override`, with the guards that it passes.
fn guards() -> String {
    let rows = ROWS.iter().filter(|row| row.can_be_overridden);
    let lines = rows.map(|row| format!("\n- {}: {}", row.word, row.about));
    let about = "Pass one guard by its name; repeatable, recorded in the ledger\n";
    std::iter::once(about.to_owned()).chain(lines).collect()
}

/// Where a dry run ends.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DryRunPlace {
    /// Inside herald.
    Local,
    /// At the vendor's own check, which delivers nothing.
    Server,
}

impl SendFlags {
    pub(super) fn options(&self) -> SendOptions {
        let flags = self.clone();
        SendOptions {
            dry_run: flags.dry_run.map(|place| match place {
                DryRunPlace::Local => DryRun::Local,
                DryRunPlace::Server => DryRun::Server,
            }),
            curl: flags.curl,
            show_secrets: flags.show_secrets,
            nonce: flags.nonce,
            timestamp: flags.timestamp,
            deadline: flags.deadline,
            cacert: flags.cacert,
            ledger: flags.ledger,
            yes: flags.yes,
            confirm: flags.confirm,
            allow: flags.allow,
            overrides: flags.overrides,
            sandbox: flags.sandbox,
        }
    }
}

impl MessageFlags {
    pub(super) fn options(&self) -> MessageOptions {
        let Self { to, from, title, extra, message_type, .. } = self.clone();
        let (content, payload) = (self.content.options(), self.payload.options());
        let allow_empty = self.allow_empty;
        MessageOptions { to, from, content, title, extra, message_type, payload, allow_empty }
    }
}

/// The name or the id of a job. An empty one comes from a variable that is not set.
pub(super) fn parse_job(text: &str) -> std::result::Result<String, String> {
    if text.trim().is_empty() {
        Err("a name is due, and this is empty".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// A time with its unit, longer than nothing.
pub(super) fn parse_duration(text: &str) -> std::result::Result<Duration, String> {
    match length(text)? {
        0 => Err("it must be longer than nothing".to_owned()),
        millis => Ok(Duration::from_millis(millis)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_need_a_unit_that_exists_and_some_length() {
        for (text, millis) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("1.5s", 1500),
            ("1h", 3_600_000),
            ("3d", 259_200_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "0s", "0.1ms", "5 s", "-1s", "7"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
