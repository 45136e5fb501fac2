//! Broadcasts of many requests.
//!
//! These commands lead here:
//!
//! - `broadcast`: `broadcast_command` reads the message and the list, and `planner` puts the targets into batches. They
//!   go into the ledger (`ledger_sink`), into a plan file (`plan_writer`) or to the screen (`preview`).
//! - `apply`: `plan_check` and `plan_inspection` check a plan file. Its batches go into the ledger.
//! - `recall`, `update`, `delete`, `clear` of many: `follow_up` composes them, and `follow_up_job` puts them into the ledger.
//! - `broadcast --resume`: `remaining` checks the batches of a job that are left in the ledger.
//!
//! The guards are asked before a job is opened or resumed (`guard_check`). From there on all are the same: `run` sends
//! the batches in the ledger, and `summary` reports the result.

mod apply;
mod batch_check;
mod batch_writer;
mod before_resume;
mod body_lint;
mod broadcast;
mod broadcast_command;
mod chosen_targets;
mod composer;
mod entry_findings;
mod filled_texts;
mod follow_up;
mod follow_up_again;
mod follow_up_job;
mod follow_up_plan;
mod follow_up_steps;
mod guard_check;
mod halt_reason;
mod inspect;
mod job_intent;
mod ledger_failure;
mod ledger_results;
mod ledger_sink;
mod listed_targets;
mod next_steps;
mod open_job;
mod open_plan;
pub mod options;
mod plan_check;
mod plan_head;
mod plan_inspection;
mod plan_preview;
mod plan_sink;
mod plan_source;
mod plan_summary;
mod plan_totals;
mod plan_writer;
mod planned_templates;
mod planner;
mod prepare;
mod preview;
mod progress_bar;
mod rejected_entries;
mod remaining;
pub(crate) mod request_builder;
mod requeue;
mod results;
mod results_file;
mod resume;
mod resume_job;
mod run;
mod run_observer;
mod run_params;
mod secret_payload;
mod send_batches;
mod settings;
mod start;
mod start_job;
mod summary;
mod target_source;
mod totals;

pub use apply::apply;
pub use broadcast::broadcast;
pub(crate) use chosen_targets::{ChosenState, ChosenTargets, choose_targets};
pub use follow_up::{follow_up, update};
pub(crate) use halt_reason::HALT_WORDS;
pub(crate) use listed_targets::{TargetListing, failed_targets, list_targets};
pub use options::{ApplyOptions, BroadcastOptions, JobOptions, ListOptions, RunOptions};
pub use resume::resume;
pub(crate) use settings::planned_until_ms;
