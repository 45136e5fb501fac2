//! How the server behaves.

use crate::sandbox::{Answer, Backend, Incoming, World};
use crate::vendor::jiguang;

/// The server.
#[derive(Debug)]
pub(super) struct Server;

impl Backend for Server {
    fn answer(&self, _request: &Incoming, _world: &mut World<'_>) -> Answer {
        jiguang::refuse(404, 1000, "there is nothing at this address")
    }
}
