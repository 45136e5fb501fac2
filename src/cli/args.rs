//! Flags that several commands share.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum, ValueHint};

use crate::send::options::{ContentOptions, DryRun, MessageOptions, PayloadOptions, SendOptions};
use crate::text::times::length;

/// What goes into a message, and to whom.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Message")]
pub(super) struct MessageFlags {
    /// Target: bob, user:bob, group:g1; repeatable
    ///
    /// Kinds are user, group, room, channel, alias, tag, regid and package. Without a kind, a target has the usual kind
    /// of the vendor: `alias` for push services, else `user`. There is no default audience.
    #[arg(long, value_name = "[KIND:]ID")]
    pub to: Vec<String>,
    /// Sender
    #[arg(long, value_name = "ID")]
    pub from: Option<String>,
    #[command(flatten)]
    pub content: ContentFlags,
    /// Title, if the vendor has one
    #[arg(long)]
    pub title: Option<String>,
    /// Data for the app; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub extra: Vec<String>,
    /// Message type of the vendor, with --set
    ///
    /// The type is given by its id or by the vendor's own name for it. `herald providers PROVIDER` lists the types,
    /// `herald providers PROVIDER/TYPE` the fields of one; --set gives the fields.
    #[arg(long = "type", value_name = "TYPE")]
    pub message_type: Option<String>,
    /// Allow a text or a title that shows nothing
    ///
    /// A silent push has such a text.
    #[arg(long, hide_short_help = true)]
    pub allow_empty: bool,
    #[command(flatten)]
    pub payload: PayloadFlags,
}

/// Neutral content: one flag a command.
#[derive(Args, Clone, Debug, Default)]
#[group(multiple = false)]
pub(super) struct ContentFlags {
    /// Text of the message
    #[arg(long)]
    pub text: Option<String>,
    /// Text from this file in UTF-8; `-` is stdin
    ///
    /// A byte order mark and the last line end are removed.
    #[arg(long, value_name = "FILE")]
    pub text_file: Option<PathBuf>,
    /// Picture: a URL, or a file to upload
    ///
    /// A local file works where the vendor takes uploads.
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub image: Option<String>,
    /// Voice message: a URL, or a file to upload
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub voice: Option<String>,
    /// Video: a URL, or a file to upload
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub video: Option<String>,
    /// File: a URL, or a file to upload
    #[arg(long, value_name = "URL|FILE", value_hint = ValueHint::AnyPath)]
    pub file: Option<String>,
    /// Place in degrees: 39.9,116.4,Beijing
    #[arg(long, value_name = "LAT,LNG[,NAME]", allow_hyphen_values = true)]
    pub location: Option<String>,
    /// Command for the app; the user sees nothing
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
    /// Field: PATH=TEXT or PATH:=JSON; repeatable
    ///
    /// PATH is a field of the API contract: what herald knows of the vendor's API. `herald providers` shows it. The
    /// contract says which type TEXT becomes. Nested fields have dotted paths: `--set notification.ios.badge:=8`.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Whole request body from this file; `-` is stdin
    ///
    /// The file is the body as the vendor documents it. For form-encoded calls it is a JSON object of the form's
    /// fields. Parameters of the path and of the query stand in the same object. It is sent as it is, as compact JSON;
    /// herald adds only what is needed, as the signature. A flag wins over the file.
    #[arg(long, value_name = "FILE")]
    pub body: Option<PathBuf>,
    /// Allow attached files from this folder too; repeatable
    ///
    /// In a payload, an attached file is {"path": FILE}, relative to the payload's folder, and has to stay in that
    /// folder. The same holds for links. A link that --body or --targets names may lead anywhere in its repository, or
    /// in the current folder if there is none.
    #[arg(long, hide_short_help = true, value_name = "DIR")]
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
    /// Print the request and send nothing
    ///
    /// `--dry-run` opens no socket. `--dry-run=server` asks the vendor's own check, which delivers nothing.
    #[arg(long, value_name = "WHERE", num_args = 0..=1, require_equals = true, default_missing_value = "local")]
    pub dry_run: Option<DryRunPlace>,
    /// Print a curl command and send nothing
    #[arg(long)]
    pub curl: bool,
    /// Show the secrets that --dry-run and --curl hide
    #[arg(long, hide_short_help = true)]
    pub show_secrets: bool,
    /// Nonce of a printed signature
    #[arg(long, hide_short_help = true, value_name = "N")]
    pub nonce: Option<String>,
    /// Timestamp of a printed signature
    #[arg(long, hide_short_help = true, value_name = "N")]
    pub timestamp: Option<String>,
    /// Stop after this time: 500ms, 30s, 2m, 1d [default: 30s]
    ///
    /// The time is for the whole command. A list has no limit in all, and 30s for each request.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub deadline: Option<Duration>,
    /// Trust the certificates in this PEM file, not the built-in ones
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        env = "SSL_CERT_FILE",
        hide_env_values = true
    )]
    pub cacert: Option<PathBuf>,
    /// File of the ledger [default: ledger.db in herald's state folder]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        env = "HERALD_LEDGER",
        hide_env_values = true
    )]
    pub ledger: Option<PathBuf>,
    /// Answer yes to the question about many targets
    ///
    /// herald asks if there are more targets than the profile's confirm_above (default 100).
    #[arg(long)]
    pub yes: bool,
    /// Confirm a large audience by the profile's name
    ///
    /// Everybody, a tag, a package, or more targets than the profile's max_targets. Without a profile, the name is the
    /// provider's id.
    #[arg(long, value_name = "PROFILE")]
    pub confirm: Option<String>,
    /// Ignore this lint rule; repeatable
    ///
    /// CODE is the part of a finding in brackets.
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Bypass this guard; repeatable
    #[arg(long = "override", value_name = "GUARD")]
    pub overrides: Vec<String>,
    /// Use the mock server inside herald
    ///
    /// No credentials, no network. What goes to the sandbox reaches no real user.
    #[arg(long, action = ArgAction::SetTrue)]
    pub sandbox: bool,
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
        Err("a name is expected, and this is empty".to_owned())
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
