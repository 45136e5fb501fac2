//! The way of a request: options become a payload, that is linted, guarded, written into the ledger, sent, and told.

pub(crate) mod app;
pub(crate) mod attachments;
mod call;
pub(crate) mod check_account;
pub(crate) mod check_preconditions;
pub(crate) mod compose;
pub(crate) mod context;
pub(crate) mod each;
pub mod executor;
pub(crate) mod failover;
pub(crate) mod follow_up;
pub(crate) mod guard_context;
pub(crate) mod guard_prompt;
pub(crate) mod interruptible_io;
pub(crate) mod lint_uploads;
pub(crate) mod message_audiences;
mod named_targets;
pub mod options;
pub(crate) mod payload_file;
pub(crate) mod pipeline;
pub(crate) mod placeholders;
pub(crate) mod prepared_request;
pub(crate) mod prerequisites;
pub(crate) mod rate_limits;
pub(crate) mod sent_batch;
pub(crate) mod token_cache;
pub(crate) mod transport_adapter;
mod upload;
pub(crate) mod vendor_status;

pub use call::call;
pub use follow_up::{FollowUpOptions, MessageChoice, follow_up, update};
pub use named_targets::send;
pub use upload::{UploadOptions, upload};
