//! `herald stop`: halts a job before its next batch.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::args::parse_job;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{Job, JobState};
use crate::report::{Format, marked};
use crate::send::named::{NamePurpose, jobs_called};
use crate::send::open_ledger::{known_names, ledger_to_change, realm_of};
use crate::send::options::SendOptions;

const EXAMPLES: &str = "\
Examples:
  seq 9000 | herald broadcast --sandbox --provider rongcloud --from news --text \"hello\" --targets - --job spring & sleep 2
  herald stop --sandbox spring";

/// Flags of `stop`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Job by its name, its id or a part of the id
    ///
    /// A name stops all jobs that have it. A part of an id has at least 6 digits.
    #[arg(value_name = "JOB", value_parser = parse_job)]
    job: String,
    /// File of the ledger [default: ledger.db in herald's state folder]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        env = "HERALD_LEDGER",
        hide_env_values = true
    )]
    ledger: Option<PathBuf>,
    /// Stop a job of the sandbox
    #[arg(long)]
    sandbox: bool,
}

/// Asks the process that works on a job to stop. It stops before its next batch, and waits for requests in flight.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let place = SendOptions {
        ledger: args.ledger.clone(),
        sandbox: args.sandbox,
        ..SendOptions::default()
    };
    let realm = realm_of(env, args.sandbox);
    let mut ledger = ledger_to_change(env, &place)?;
    known_names(env, &mut ledger)?;
    let called = jobs_called(env, &mut ledger, realm, &args.job, NamePurpose::Change)?;
    let mut asked = Vec::new();
    for job in called {
        asked.push(ledger.ask_to_stop(job.intent.id, env.system.now_ms())?);
    }
    let stopping: Vec<&Job> = asked.iter().filter(|job| job.state.is_at_work()).collect();
    match stopping.first() {
        Some(latest) => tell(env, latest, &stopping),
        None => return Err(not_running(&asked[0])),
    }
    Ok(Exit::Done)
}

fn tell(env: &Env, latest: &Job, stopping: &[&Job]) {
    let ui = &env.ui;
    let told = |job: &Job| (job.intent.id.to_string(), job.state.word());
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let (job, state) = told(latest);
        let outcome = latest.status().word();
        let mut document = json!({"version": 1, "outcome": outcome, "job": job, "state": state, "sandbox": latest.is_of_sandbox()});
        if stopping.len() > 1 {
            let all = stopping.iter().map(|job| told(job));
            document["jobs"] =
                all.map(|(job, state)| json!({"job": job, "state": state})).collect();
        }
        ui.json(&document);
        return;
    }
    for job in stopping {
        ui.sentence(&format!(
            "{} stops before its next batch; {} continues it",
            marked(&job.label(), job.is_of_sandbox()),
            job.resume_command()
        ));
    }
}

fn not_running(job: &Job) -> Error {
    let left = job.targets.planned;
    let (state, help) = match job.state {
        JobState::Finished => {
            ("is finished".to_owned(), "there is nothing left to stop".to_owned())
        }
        _ => (
            format!("is {}, with {left} targets left", job.state.word()),
            format!("{} continues it", job.resume_command()),
        ),
    };
    Error::usage(format!("no process works on the job {}: it {state}", job.label())).help(help)
}
