//! Flags as payloads: what several vendors read and refuse alike.

use crate::contract::Target;
use crate::error::{Error, Result};
use crate::provider::{Content, SendIntent};

/// The first of the targets, whose kind all of them have. `example` stands behind `--to` in the help; `mixed` refuses two
/// targets of different kinds.
pub(in crate::provider) fn one_kind<'a>(
    targets: &'a [Target],
    example: &str,
    mixed: impl FnOnce(&Target, &Target) -> Error,
) -> Result<&'a Target> {
    let Some(first) = targets.first() else {
        let help = format!("give `--to {example}`");
        return Err(Error::usage("there is no target").help(help));
    };
    match targets.iter().find(|target| target.kind != first.kind) {
        Some(other) => Err(mixed(first, other)),
        None => Ok(first),
    }
}

/// Refuses a content flag beside the `--type` of another message type. `makes` is what the flag makes of the type `id`.
pub(in crate::provider) fn same_type(intent: &SendIntent<'_>, id: &str, makes: &str) -> Result<()> {
    if intent.message_type.is_none_or(|row| row.id == id) {
        return Ok(());
    }
    let flag = intent.content.as_ref().map_or("", Content::flag);
    Err(Error::usage(format!("`{flag}` makes a {makes}"))
        .help(format!("leave `--type` out, or `{flag}`")))
}
