//! The network: the only module that opens connections.
//!
//! [`Transport`] is what commands see: a request goes in, its result comes out. [`Network`] is the real one; the
//! sandbox has another, without sockets. [`decide()`] turns what came back into a verdict and is pure.

mod body;
mod connection;
mod decide;
mod error_text;
mod in_flight;
mod message;
mod network;
mod no_proxy;
mod progress;
mod proxy;
pub mod rate_limit;
mod resolve;
pub mod retry;
mod roots;
mod route;
mod signals;
#[cfg(test)]
mod tests;
mod tunnel;

pub use crate::signals::Stop;
pub(crate) use body::OutgoingBody;
pub use decide::{
    SETTLE, account_for, after_doubt, decide, decide_for, doubt_advice, redirect_advice,
    refuses_age, refuses_token, tell_how, tell_repeat,
};
pub use network::{Network, NetworkSettings};
pub use roots::TrustRoots;
pub(crate) use signals::{Listener, Signals};

use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::wire::{Exchange, Request};

/// What carries requests and brings replies back.
pub trait Transport {
    /// Fails on whatever is known to be wrong without a connection: address, trust roots, a secret on an open line. Meant
    /// to be called before the intent to send is written down.
    fn prepare(&self, request: &Request) -> Result<()>;

    /// Sends a request once and waits for its reply, at most until the deadline.
    fn exchange(&self, request: &Request, deadline: Duration) -> Exchange;

    /// Whether the user asked to stop, and how. The last exchange returns the result of its request all the same.
    fn stopped(&self) -> Option<Stop> {
        None
    }
}

/// What carries several requests at a time.
pub trait ConcurrentTransport: Transport {
    /// Sends a request and does not wait: [`ConcurrentTransport::wait`] returns the result under this ticket, at the
    /// latest when the limit has passed.
    fn start(&self, ticket: u64, request: Request, limit: Duration);

    /// Waits until an exchange that was started has ended, the user asks to stop, or this time has passed. Hands over
    /// what has ended, a few at a time: the others are there the next time. Without any time it starts what is to start,
    /// listens once, and takes what has ended by now.
    fn wait(&self, at_most: Duration) -> Vec<(u64, Exchange)>;

    /// From now on [`ConcurrentTransport::wait`] waits this long for another exchange to end once one has: what is done
    /// for all of them together costs more than that.
    fn linger(&self, _time: Duration) {}

    /// Gives up all that was started: what is known of it now is how it ended.
    fn abandon(&self) -> Vec<(u64, Exchange)>;

    /// Whether the user asked to stop a second time, and wants no answer to be awaited.
    fn hurried(&self) -> bool {
        false
    }
}

/// Told of each phase, by name and in words that hold no secret.
pub type PhaseListener = Box<dyn Fn(&str, &str)>;

/// Told how files get on.
pub type UploadProgress = Arc<dyn Watcher>;

/// Watches files on their way out.
pub trait Watcher: Send + Sync {
    /// A request with files is about to go to this server: scheme, host and port.
    fn begins(&self, server: &str);

    /// This part of all bytes is gone.
    fn sent(&self, bytes: u64, whole: u64);

    /// The exchange is over, however it ended.
    fn done(&self);
}
