//! Follow-ups on what was sent: the messages that are meant.

use crate::error::{Error, Result};
use crate::provider::FollowUp;

/// The ids of the messages that are meant, of which the answers called each `name`; those of single targets, where the whole
/// request has none. `what` is the vendor's word for a message.
pub(in crate::provider) fn message_ids(
    ask: &FollowUp<'_>,
    what: &str,
    name: &str,
) -> Result<Vec<String>> {
    let mut ids = ask.ids_called(&[name]);
    if let (true, Some(sent)) = (ids.is_empty(), ask.sent) {
        ids.extend(sent.targets.iter().filter_map(|(_, id)| id.clone()));
    }
    if ids.is_empty() {
        return Err(Error::usage(format!("the {what} has no id that is known"))
            .help(format!("name what the answer to it called {name}: `{} ID`", ask.verb.word())));
    }
    Ok(ids)
}
