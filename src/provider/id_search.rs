//! How a message is found whose answer was lost: ids that are clocks can be counted, and asked for one by one.

use crate::account::Account;
use crate::document::Value;
use crate::error::Result;
use crate::outcome::SentMessage;

/// What a vendor's ids are made of, and how a message that it hands out is compared with what was sent. The search itself
/// is in `send::find_lost`.
#[derive(Debug)]
pub struct IdSearch {
    /// The operation that hands out a message by its id. It only reads.
    pub operation: &'static str,
    /// The name of an id in the answer to a send.
    pub id_name: &'static str,
    /// The code of an answer that there is no message with an id.
    pub absent: &'static str,
    /// How long after a request left its message can get an id, in milliseconds.
    pub window_ms: i64,
    /// The counters that are asked for in each millisecond; the next one where the last of these is there, and so on.
    pub counters: std::ops::RangeInclusive<i64>,
    /// The largest counter of a millisecond.
    pub max_counter: i64,
    /// The node of a server whose ids are not known.
    pub usual_node: i64,
    /// Takes an id apart; `None` if it is none of this vendor's.
    pub parts: fn(&str) -> Option<IdParts>,
    /// Makes an id; `None` for a time before the first one.
    pub id: fn(IdParts) -> Option<String>,
    /// The body that asks for an id.
    pub ask: fn(&str) -> Value,
    /// Refuses an account that may not ask. Which messages are handed out is said by the contract's ways to find out.
    pub check: fn(&Account) -> Result<()>,
    /// Whether a message that was handed out is one that was sent.
    pub fits: fn(&AskedMessage<'_>) -> bool,
}

/// What an id is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdParts {
    /// When it was made by the server's clock, in milliseconds since 1970.
    pub ms: i64,
    /// The node of the server that made it.
    pub node: i64,
    /// How many were made in this millisecond by then.
    pub counter: i64,
}

/// A message that a vendor handed out, and one that was sent.
#[derive(Clone, Copy, Debug)]
pub struct AskedMessage<'a> {
    /// The id that was asked for.
    pub id: &'a str,
    /// What was handed out.
    pub found: &'a Value,
    /// What was sent.
    pub sent: &'a SentMessage,
    /// The app that sent it, as the ledger names apps.
    pub app: &'a str,
}
