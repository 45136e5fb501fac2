//! What both generations of JPush refuse alike of herald's flags.

use crate::contract::{Target, TargetKind};
use crate::error::{Error, Result};
use crate::provider::Content;

/// The warning about `--from`.
pub(in crate::provider) const NO_SENDER: &str = "`--from` is not sent: a push has no sender";

/// What to do with a medium.
pub(in crate::provider) const AS_EXTRA: &str =
    "put the address into `--extra KEY=URL` beside `--text`";

/// Refuses content that a push cannot have.
pub(in crate::provider) fn no_media(content: &Content, help: &str) -> Error {
    let flag = content.flag();
    Error::usage(format!("JPush has no such content as `{flag}`, and takes no media")).help(help)
}

/// Refuses a tag in a `send`.
pub(in crate::provider) fn tag_in_send(tag: &Target) -> Error {
    Error::usage(format!("`send` does not reach `{tag}`"))
        .help("a tag reaches many: `broadcast --tag TAG`")
}

/// Refuses more tags than one push takes.
pub(in crate::provider) fn tags_fit(targets: &[Target], cap: usize) -> Result<()> {
    if targets.len() <= cap || targets.iter().any(|target| target.kind != TargetKind::Tag) {
        return Ok(());
    }
    Err(Error::usage(format!("{} tags, the limit is {cap}", targets.len()))
        .help("in two requests, a device with tags of both would get it twice"))
}

/// Refuses a kind of target that JPush does not know. `whole_app` is how a whole app is reached.
pub(in crate::provider) fn no_such_target(target: &Target, whole_app: &str) -> Error {
    let help = match target.kind {
        TargetKind::User => "an app sets an alias for its user: `--to alias:ID`",
        TargetKind::Package => whole_app,
        _ => "a tag reaches a group: `broadcast --tag TAG`",
    };
    Error::usage(format!("JPush knows no `{}`", target.kind)).help(help)
}
