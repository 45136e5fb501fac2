//! `herald jobs`: jobs with what is left of them.

use std::io::{self, IsTerminal as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use dialoguer::console::Term;
use serde_json::{Value as Json, json};

use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::ledger::{Filter, Job, Ledger, Realm};
use crate::report::history_item::{job_cells, job_summary};
use crate::report::{self, FollowUpMarks, Format, listing};
use crate::send::followed::{self, Marked};
use crate::send::open_ledger::{in_other_part, known_names, ledger_to_look, realm_of};
use crate::send::options::SendOptions;

/// How often `--watch` looks.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How many are listed by default.
const LIMIT: usize = 20;

const EXAMPLES: &str = "\
Examples:
  printf 'ann\\nbob\\n' | herald broadcast --sandbox --provider wildfire --from news --text \"hello\" --targets -
  herald jobs --sandbox
  herald jobs --sandbox --watch";

/// Flags of `jobs`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Update the list each second, until no job runs
    #[arg(long)]
    watch: bool,
    /// List at most this many jobs [default: 20]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// File of the ledger [default: ledger.db in herald's state folder]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        env = "HERALD_LEDGER",
        hide_env_values = true
    )]
    ledger: Option<PathBuf>,
    /// List the jobs of the sandbox
    #[arg(long)]
    sandbox: bool,
}

/// Lists jobs, the latest first.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let place = SendOptions {
        ledger: args.ledger.clone(),
        sandbox: args.sandbox,
        ..SendOptions::default()
    };
    let realm = realm_of(env, args.sandbox);
    let mut ledger = ledger_to_look(env, &place)?;
    known_names(env, &mut ledger)?;
    let filter = Filter {
        realm: Some(realm),
        provider: env.globals.provider.clone(),
        profile: env.globals.profile.clone(),
        ..Filter::default()
    };
    let limit = args.limit.unwrap_or(LIMIT);
    let (mut last, mut drawn) = (None, 0);
    loop {
        let jobs = jobs(&mut ledger, &filter, limit)?;
        let marked: Vec<Marked<'_>> = jobs.iter().map(Marked::Job).collect();
        let marks = followed::marks(&mut ledger, realm, &marked)?;
        let text = show(env, &jobs, &marks, realm);
        if text.is_empty() {
            let others = in_other_part(&mut ledger, realm, "jobs")?;
            let others = others.map(|others| format!("; {others}")).unwrap_or_default();
            env.ui.remark(&format!("there is no job yet: a `broadcast` makes one{others}"));
        } else if last.as_ref() != Some(&text) {
            write(env, &text, &mut drawn);
        }
        if !args.watch || !jobs.iter().any(|job| job.state.is_at_work()) {
            return Ok(Exit::Done);
        }
        last = Some(text);
        std::thread::sleep(POLL_INTERVAL);
    }
}

fn jobs(ledger: &mut Ledger, filter: &Filter, limit: usize) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    ledger.jobs(filter, &mut |job| {
        jobs.push(job);
        if jobs.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    jobs.truncate(limit);
    Ok(jobs)
}

/// What is written about jobs.
fn show(env: &Env, jobs: &[Job], marks: &[FollowUpMarks], realm: Realm) -> String {
    let marked = || jobs.iter().zip(marks);
    let summary = |(job, marks): (&Job, &FollowUpMarks)| {
        let mut summary = job_summary(job, None);
        marks.add_to(&mut summary);
        summary
    };
    match env.ui.format {
        Format::Json => {
            let jobs: Json = marked().map(summary).collect();
            format!("{:#}\n", json!({ "version": 1, "jobs": jobs }))
        }
        Format::Ndjson => marked().map(|one| format!("{}\n", summary(one))).collect(),
        _ if jobs.is_empty() => String::new(),
        _ => {
            let local = env.local_time();
            let row = |(job, marks): (&Job, _)| job_cells(job, marks, &local);
            let rows: Vec<Vec<String>> = marked().map(row).collect();
            let name = report::marked("job", realm == Realm::Sandbox);
            let headers = [&name, "state", "done", "left", "recalled", "begun", "operation", "to"];
            listing(&env.ui, &headers, &rows, &["operation", "to", "begun"])
        }
    }
}

/// Writes them, on a terminal in place of what was written before.
fn write(env: &Env, text: &str, drawn: &mut usize) {
    if !env.ui.is_machine() && io::stdout().is_terminal() {
        // If it cannot be cleared, it stays above.
        let _ = Term::stdout().clear_last_lines(*drawn);
        *drawn = text.lines().count();
    }
    env.ui.raw(text);
}
