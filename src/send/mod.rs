//! The way of a request: options become a payload, that is linted, guarded, written into the ledger, and sent.
//!
//! | step | file |
//! |---|---|
//! | options → payloads | `compose`, `body_with_flags`, `payload_file`, `attachments` |
//! | findings in the words of the options | `origins`, `file_findings`, `flag_words` |
//! | account, ledger, transport | `app`, `open_ledger`, `open_transport`, `context` |
//! | lint → guards → requests, one after the other | `named_targets`, `pipeline`, `lint_state`, `guard_prompt`, `send_sequence` |
//! | one request: attempts, entry in the ledger | `send_one`, `prepared_request`, `message_maker`, `entry_record`, [`executor`] |
//! | tokens, uploads, idempotency keys, the other host of a pair | `prerequisites`, `token_cache` |
//! | what happened to it | [`Delivery`] |
//!
//! The way of one message, from the command to the socket. Each step takes what the one before it made:
//!
//! | function | what the message is then |
//! |---|---|
//! | `cli::send::run` | [`MessageOptions`]: what the flags say |
//! | [`send`], `compose::compose`, `compose::with_intent`, `Vendor::compose` | [`Draft`](crate::provider::Draft): an operation and its body |
//! | `Composed::from_flags`, `SendContext::ready` | `Composed`: the draft with the origins of its values, for lint |
//! | `LintedRequest::of`, `SendContext::deliver`, `send_sequence::send_all`, `Sequence::send` | `LintedRequest`: with its audience, for guards and ledger |
//! | `MessageMaker::make`, `Prerequisites::prepare`, `Vendor::request`, `Executor::run`, `Network::exchange` | [`Request`](crate::wire::Request): signed, as bytes |
//! | `message::frame`, `ConnectionPool::exchange` | `OutgoingBody`: what the connection reads |
//!
//! A program sends as the command line does. Here to the sandbox, which needs no credentials and no network:
//!
//! ```
//! use herald::env::Env;
//! use herald::outcome::Verdict;
//! use herald::send::{self, ContentOptions, MessageOptions, SendOptions};
//!
//! # fn main() -> herald::error::Result<()> {
//! let env = Env::of_library("wildfire");
//! let message = MessageOptions {
//!     from: Some("alice".to_owned()),
//!     to: vec!["user:bob".to_owned()],
//!     content: ContentOptions { text: Some("hello".to_owned()), ..ContentOptions::default() },
//!     ..MessageOptions::default()
//! };
//! let sandbox = SendOptions { sandbox: true, ..SendOptions::default() };
//! let delivery = send::send(&env, &message, &sandbox)?;
//! assert_eq!(delivery.reports[0].outcome.verdict, Verdict::Accepted);
//! # Ok(())
//! # }
//! ```

pub(crate) mod account_remarks;
pub(crate) mod app;
pub(crate) mod apply_sets;
pub(crate) mod ask_after;
pub(crate) mod attachments;
pub(crate) mod body_with_flags;
mod call;
pub(crate) mod check_account;
pub(crate) mod check_preconditions;
pub(crate) mod compose;
pub(crate) mod compose_update;
pub(crate) mod composed_follow_ups;
pub(crate) mod context;
pub(crate) mod contradictions;
mod default_blocks;
pub(crate) mod delivery;
pub(crate) mod done_alone;
pub(crate) mod earlier_follow_ups;
pub(crate) mod entry_record;
pub mod executor;
pub(crate) mod file_findings;
pub(crate) mod find_lost;
pub(crate) mod flag_words;
pub(crate) mod follow_up;
mod follow_up_subject;
pub(crate) mod followed;
pub(crate) mod given_texts;
pub(crate) mod guard_context;
pub(crate) mod guard_prompt;
pub(crate) mod history_search;
pub(crate) mod in_flight_window;
pub(crate) mod interruptible_io;
pub(crate) mod kept_files;
pub(crate) mod kept_payload;
pub(crate) mod known_dedupe_id;
pub(crate) mod later_follow_ups;
pub(crate) mod lint_state;
pub(crate) mod meant_targets;
mod message_audiences;
pub(crate) mod message_maker;
pub(crate) mod named;
mod named_targets;
mod one_question;
pub(crate) mod open_ledger;
pub(crate) mod open_transport;
pub mod options;
pub(crate) mod origins;
pub(crate) mod other_follow_ups;
mod out_of_reach;
pub(crate) mod own_findings;
pub(crate) mod parse_options;
pub(crate) mod payload_file;
pub(crate) mod pipeline;
pub(crate) mod placeholders;
pub(crate) mod planned_uploads;
pub(crate) mod prepared_request;
pub(crate) mod prerequisites;
pub(crate) mod print_requests;
pub(crate) mod profile_choice;
pub(crate) mod profile_defaults;
pub(crate) mod rate_limits;
pub(crate) mod recall_of_job;
mod recall_of_sent;
pub(crate) mod recall_way;
pub(crate) mod resolve_lost;
pub(crate) mod rounded_ids;
pub(crate) mod same_message;
pub(crate) mod same_vendor_id;
mod send_one;
pub(crate) mod send_sequence;
pub(crate) mod sent_batch;
pub(crate) mod sent_messages;
pub(crate) mod sent_with;
pub(crate) mod set_repeats;
pub(crate) mod settle_unknown;
mod strangers;
pub(crate) mod text_file;
pub(crate) mod token_cache;
pub(crate) mod transport_adapter;
pub(crate) mod undo_decision;
mod unknown_ids;
mod unsent;
mod upload;
pub(crate) mod vendor_status;

pub use ask_after::follow_up;
pub use call::call;
pub use delivery::Delivery;
pub use follow_up::{FollowUpOptions, RecallListReader};
pub use follow_up_subject::MessageChoice;
pub use named_targets::send;
pub use options::{ContentOptions, DryRun, MessageOptions, PayloadOptions, SendOptions};
pub use upload::{UploadOptions, upload};
