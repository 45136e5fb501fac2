//! What requests and replies of the products look like alike.

use crate::document::Object;
use crate::outcome::Reading;
use crate::provider::kit::wire::ids;
use crate::provider::kit::wire::plain;

/// The error of the whole call, if the reply is one.
pub(in crate::provider) fn failure(object: &Object, reading: &mut Reading) -> bool {
    let Some(said) = plain(object, "error") else { return false };
    match object.get("error").and_then(|node| node.value.as_object()) {
        Some(error) => {
            reading.success = Some(false);
            reading.code = plain(error, "code");
            reading.message = plain(error, "message");
        }
        // Not the documented form: with a 2xx it does not say what was done.
        None => reading.message = Some(said),
    }
    ids(object, &["msg_id"], reading);
    true
}
