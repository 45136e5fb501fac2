//! `history prune`: removes what is old, except what is still needed.

use serde_json::json;

use crate::broadcast::job;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::ledger::{Filter, Job, KeptLonger, Pruned, Pruning};
use crate::net::rate_limit;
use crate::provider;
use crate::report::{Format, counted, time};
use crate::send::open_ledger::{keeping, known_names, ledger_to_change, realm_of};
use crate::send::options::SendOptions;
use crate::text::times::ago;

const DAY_MS: i64 = 86_400_000;

/// Flags of `history prune`.
#[derive(Debug, clap::Args)]
pub(super) struct PruneArgs {
    /// Age: 90d, 12h [default: keep_days of the profiles file, or 90d]
    ///
    /// --provider and --profile choose whose entries; --sandbox chooses those of the sandbox. What counts for a
    /// vendor's quota stays as long as it counts. A job from a plan stays as long as the plan is valid.
    #[arg(long, value_name = "TIME", value_parser = ago)]
    older_than: Option<i64>,
    /// Also remove what is unknown
    #[arg(long)]
    unknown: bool,
    /// Remove nothing, and say how much it would be
    #[arg(long)]
    dry_run: bool,
}

/// Removes, or counts.
pub(super) fn prune(env: &Env, place: &SendOptions, flags: &PruneArgs) -> Result<Exit> {
    let age = match flags.older_than {
        Some(age) => age,
        None => i64::from(keeping(env)?.days) * DAY_MS,
    };
    let mut ledger = ledger_to_change(env, place)?;
    known_names(env, &mut ledger)?;
    let of = Filter {
        realm: Some(realm_of(env, place.sandbox)),
        provider: env.globals.provider.clone(),
        profile: env.globals.profile.clone(),
        ..Filter::default()
    };
    let before_ms = env.system.now_ms().saturating_sub(age);
    let pruning = Pruning { before_ms, unknown: flags.unknown, dry_run: flags.dry_run, of };
    let pruned = ledger.prune(&pruning, &Needed)?;
    tell(env, &pruning, &pruned);
    Ok(Exit::Done)
}

/// What the vendors' quotas and the valid plans still need.
struct Needed;

impl KeptLonger for Needed {
    fn counts_ms(&self, provider: &str, operation: &str) -> i64 {
        let Ok((_, operation)) = provider::find_operation(&format!("{provider}/{operation}"))
        else {
            return 0;
        };
        let quotas = rate_limit::quotas(operation).chain(rate_limit::quotas_to_all(operation));
        let longest = quotas.map(|rate| rate.seconds).max();
        i64::from(longest.unwrap_or(0)) * 1000
    }

    fn planned_until_ms(&self, job: &Job) -> Option<i64> {
        job::planned_until_ms(&job.intent)
    }
}

fn tell(env: &Env, pruning: &Pruning, pruned: &Pruned) {
    let ui = &env.ui;
    let Pruned { entries, jobs, kept_unknown, kept_quota, kept_plans, compacted } = *pruned;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        ui.json(&json!({
            "version": 1,
            "before": time(pruning.before_ms),
            "dry_run": pruning.dry_run,
            "entries": entries,
            "jobs": jobs,
            "kept_unknown": kept_unknown,
            "kept_quota": kept_quota,
            "kept_plans": kept_plans,
            "compacted": compacted,
        }));
        return;
    }
    let would = if pruning.dry_run { "would be " } else { "" };
    let before = env.local_time().second(pruning.before_ms);
    let of_entries = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    let of_jobs = counted(jobs, "job");
    ui.sentence(&format!("{of_entries} and {of_jobs} from before {before} {would}removed"));
    if kept_unknown > 0 {
        ui.remark(&format!(
            "{kept_unknown} of the same age are kept, because they are unknown: resolve them, or add --unknown"
        ));
    }
    if kept_quota > 0 {
        ui.remark(&format!(
            "{kept_quota} of the same age are kept, because they count for a quota of the vendor"
        ));
    }
    if kept_plans > 0 {
        ui.remark(&format!(
            "{kept_plans} of the same age are kept, because their plans could otherwise be applied twice"
        ));
    }
    if !pruning.dry_run && entries + jobs > 0 && !compacted {
        ui.remark(
            "other processes use the ledger, so its file keeps its size; new entries use the free space",
        );
    }
}
