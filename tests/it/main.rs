//! One binary for all integration tests: a module per subject.

mod addresses;
mod admission;
mod advice;
mod attempts;
mod bad_input;
mod bounds;
mod brakes;
mod broadcast;
mod cases;
mod contributing;
mod curl;
mod dedupe_ids;
mod destroying;
#[cfg(unix)]
mod doors;
#[cfg(unix)]
mod early_signals;
mod endings;
mod failures;
mod faulty_profiles;
mod flag_faults;
mod follow_ups;
mod foreign;
mod found_again;
mod generated;
mod given_texts;
mod guards;
mod handed_out;
mod help_pages;
mod history;
mod identify;
mod ids;
mod invisible;
mod job_seals;
mod jobs;
mod journey;
mod layers;
mod links;
mod live;
mod local_times;
mod lost_messages;
mod machine;
mod meant_targets;
mod missing;
mod mutations;
mod one_command;
mod other_apps;
mod outcomes;
mod outputs;
mod own_views;
mod payloads;
#[cfg(unix)]
mod pictures;
mod plans;
mod prerequisites;
#[cfg(unix)]
mod profile_defaults;
#[cfg(target_os = "linux")]
mod profile_init;
mod proxy;
#[cfg(target_os = "linux")]
mod questions;
mod rates;
#[cfg(unix)]
mod readme;
#[cfg(unix)]
mod recall_jobs;
mod recall_lists;
mod recall_words;
#[cfg(unix)]
mod recalls_at_once;
mod recipes;
mod replies;
mod resolving;
mod results;
mod resumed_decisions;
mod retries;
#[cfg(unix)]
mod rights;
mod sandbox;
mod sandbox_marks;
mod sandbox_reasons;
mod sandbox_refusals;
mod sandbox_switches;
mod sandbox_time;
mod sdk_names;
mod seals;
mod searches;
mod secret_jobs;
mod secret_rows;
mod secrets;
mod set;
#[cfg(unix)]
mod stress;
mod suggestions;
mod support;
mod target_marks;
#[cfg(target_os = "linux")]
mod terminal;
mod texts;
mod typos;
mod validate;
mod validate_adoption;
mod validate_everyday;
mod validate_others;
mod validate_paths;
mod validate_reports;
mod vectors;
mod waivers;
