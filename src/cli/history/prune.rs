//! `history prune`: removes what is old.

use serde_json::json;

use super::since::ago;
use crate::cli::Session;
use crate::cli::args::Sending;
use crate::cli::world::{keeping, ledger_to_write};
use crate::error::Result;
use crate::exit::Exit;
use crate::ledger::{Pruned, Pruning};
use crate::report::{Format, Ui, counted, time};

const DAY_MS: i64 = 86_400_000;

/// Flags of `history prune`.
#[derive(Debug, clap::Args)]
pub(super) struct PruneArgs {
    /// Remove what ended so long ago: 90d, 12h [default: keep_days of the profile file, or 90d]
    #[arg(long, value_name = "TIME", value_parser = ago)]
    older_than: Option<i64>,
    /// Remove also what is unknown
    #[arg(long)]
    unknown: bool,
    /// Remove nothing, and say how much it would be
    #[arg(long)]
    dry_run: bool,
}

/// Removes, or counts.
pub(super) fn prune(session: &Session, place: &Sending, flags: &PruneArgs) -> Result<Exit> {
    let age = flags.older_than.unwrap_or_else(|| i64::from(keeping(session).days) * DAY_MS);
    let before_ms = session.edge.now_ms().saturating_sub(age);
    let pruning = Pruning { before_ms, unknown: flags.unknown, dry_run: flags.dry_run };
    let pruned = ledger_to_write(session, place)?.prune(&pruning)?;
    tell(&session.ui, &pruning, &pruned);
    Ok(Exit::Done)
}

fn tell(ui: &Ui, pruning: &Pruning, pruned: &Pruned) {
    let Pruned { entries, jobs, kept_unknown, compacted } = *pruned;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        ui.json(&json!({
            "version": 1,
            "before": time(pruning.before_ms),
            "dry_run": pruning.dry_run,
            "entries": entries,
            "jobs": jobs,
            "kept_unknown": kept_unknown,
            "compacted": compacted,
        }));
        return;
    }
    let would = if pruning.dry_run { "would be " } else { "" };
    let before = time(pruning.before_ms);
    let of_entries = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    let of_jobs = counted(jobs, "job");
    ui.line(&format!("{of_entries} and {of_jobs} from before {before} {would}removed"));
    if kept_unknown > 0 {
        ui.remark(&format!(
            "{kept_unknown} as old are kept, because they are unknown: resolve them, or add --unknown"
        ));
    }
    if !pruning.dry_run && entries + jobs > 0 && !compacted {
        ui.remark(
            "others are at work: the room is used again, and the file stays as large as it is",
        );
    }
}
