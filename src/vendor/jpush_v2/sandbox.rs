//! How the server behaves.

use crate::document::Value;
use crate::sandbox::{Answer, Backend, Incoming, World};

/// The server.
#[derive(Debug)]
pub(super) struct Server;

impl Backend for Server {
    fn answer(&self, _request: &Incoming, _world: &mut World<'_>) -> Answer {
        Answer::json(404, &Value::object())
    }
}
