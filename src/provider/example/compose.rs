//! What herald's own flags become.

use super::CONTRACT;
use super::operations::MAX_USERS;
use crate::contract::{Target, TargetKind};
use crate::error::Result;
use crate::provider::kit::simple::{ids_of, only_text, targets_of};
use crate::provider::kit::{draft, object, put_given};
use crate::provider::{Draft, SendIntent};

/// The messages that flags ask for: one for each chunk of users.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    let users = targets_of(&CONTRACT, intent, TargetKind::User)?;
    let text = only_text(&CONTRACT, intent, &["--from"])?;
    let message = |users: &[Target]| {
        let mut body = object([("to", ids_of(users))]);
        put_given(&mut body, "from", intent.from);
        put_given(&mut body, "text", text);
        draft(&CONTRACT, "send", body)
    };
    Ok(users.chunks(MAX_USERS as usize).map(message).collect())
}
