//! How the server behaves: what it checks, what it answers, what it keeps.

use super::CONTRACT;
use crate::document::Value;
use crate::provider::kit::object;
use crate::provider::kit::sandbox::field;
use crate::provider::kit::simple::{accepted, has_bearer};
use crate::sandbox::{Answer, Backend, Incoming, SandboxWorld};

/// The server.
#[derive(Debug)]
pub(super) struct Server;

impl Backend for Server {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        let (status, code, message, id) = match serve(request, world) {
            Ok(id) => (200, 0_u64, "ok".to_owned(), id.into()),
            Err((status, code, message)) => (status, code, message, Value::Null),
        };
        let members = [("code", code.into()), ("message", message.into()), ("message_id", id)];
        Answer::json(status, &object(members))
    }
}

/// The id of the message that the request was about; else HTTP status, code and words.
fn serve(request: &Incoming, world: &mut SandboxWorld<'_>) -> Result<String, (u16, u64, String)> {
    let accepted = accepted(&CONTRACT, request, world, |_| has_bearer(&CONTRACT, "key", request));
    let (operation, body) =
        accepted.map_err(|refused| refused.told((404, 1000), (401, 1002), (400, 1001)))?;
    if operation.id == "send" {
        let id = format!("m{}", world.store.next("message"));
        world.store.put("message", &id, &body.into_value());
        return Ok(id);
    }
    let id = field(&body.root().value, "message_id");
    if world.store.get("message", &id).is_none() {
        return Err((404, 1003, format!("there is no message {id}")));
    }
    if operation.id == "recall" {
        world.store.remove("message", &id);
    }
    Ok(id)
}
