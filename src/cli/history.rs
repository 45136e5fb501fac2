//! `herald history`: what was sent, its ids and outcome, and what a person found out about it.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Map, Value as Json, json};

use super::Session;
use super::args::Sending;
use super::world::{ledger_to_read, ledger_to_write, realm_of};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{Entry, Filter, Resolution, Resolved, Standing};
use crate::near::did_you_mean;
use crate::report::{Format, escape, lossless, table, time};

/// Flags of `history`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    list: ListArgs,
    /// Read this ledger
    #[arg(long, global = true, value_name = "FILE", env = "HERALD_LEDGER", hide_env_values = true)]
    ledger: Option<PathBuf>,
    /// Show what went to the sandbox instead of what went out
    #[arg(long, global = true)]
    sandbox: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List what was sent, latest first
    List(ListArgs),
    /// Show all that is known of one entry
    Show {
        /// Name the entry by its id, or by at least the first 8 characters of it
        id: String,
    },
    /// Write down what became of an entry whose outcome is unknown
    Resolve(ResolveArgs),
}

#[derive(Clone, Debug, Default, clap::Args)]
struct ListArgs {
    /// List only what had this outcome: accepted, rejected, unavailable, unknown, partial, sending
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// List so many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["accepted", "not_accepted"]))]
struct ResolveArgs {
    /// Name the entry by its id, or by at least the first 8 characters of it
    id: String,
    /// Say that the vendor has it
    #[arg(long)]
    accepted: bool,
    /// Say that the vendor does not have it: it may be sent again
    #[arg(long)]
    not_accepted: bool,
    /// Say how that is known
    #[arg(long)]
    note: Option<String>,
}

/// Lists, shows or resolves.
pub(super) fn run(session: &Session, args: &Args) -> Result<Exit> {
    let place =
        Sending { ledger: args.ledger.clone(), sandbox: args.sandbox, ..Sending::default() };
    match &args.what {
        None => list(session, &place, &args.list),
        Some(What::List(flags)) => list(session, &place, flags),
        Some(What::Show { id }) => show(session, &place, id),
        Some(What::Resolve(flags)) => resolve(session, &place, flags),
    }
}

fn list(session: &Session, place: &Sending, flags: &ListArgs) -> Result<Exit> {
    let filter = Filter {
        realm: Some(realm_of(session, place.sandbox)),
        provider: session.globals.provider.clone(),
        profile: session.globals.profile.clone(),
        standing: flags.outcome.as_deref().map(standing).transpose()?,
        limit: Some(flags.limit),
        ..Filter::default()
    };
    let entries = ledger_to_read(session, place)?.list(&filter)?;
    let ui = &session.ui;
    match ui.format {
        Format::Json => ui
            .json(&json!({"version": 1, "entries": entries.iter().map(summary).collect::<Json>()})),
        Format::Ndjson => entries.iter().for_each(|entry| ui.json(&summary(entry))),
        _ if entries.is_empty() => ui.remark("nothing was sent yet"),
        _ => {
            let rows = entries.iter().map(|entry| {
                vec![
                    time(entry.intent.created_ms),
                    entry.standing.word().to_owned(),
                    format!("{}/{}", entry.intent.provider, entry.intent.operation),
                    entry.intent.audience.clone(),
                    entry
                        .ending
                        .iter()
                        .flat_map(|ending| &ending.ids)
                        .map(|(_, id)| id.as_str())
                        .collect::<Vec<_>>()
                        .join(" "),
                    entry.intent.id.to_string(),
                ]
            });
            let headers = ["sent", "outcome", "operation", "to", "ids", "ledger id"];
            ui.line(table(ui, &headers, &rows.collect::<Vec<_>>()).trim_end());
        }
    }
    Ok(Exit::Done)
}

fn show(session: &Session, place: &Sending, id: &str) -> Result<Exit> {
    let mut ledger = ledger_to_read(session, place)?;
    let entry = ledger.get(id, Some(realm_of(session, place.sandbox)))?;
    let follow_ups = ledger.follow_ups(entry.intent.id)?;
    let ui = &session.ui;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let mut object = summary(&entry);
        object["body"] = body(&entry);
        object["targets"] = targets(&entry);
        object["follow_ups"] = follow_ups.iter().map(summary).collect();
        ui.json(&object);
        return Ok(Exit::Done);
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |name: &str, value: String| {
        if !value.is_empty() {
            rows.push(vec![name.to_owned(), value]);
        }
    };
    let intent = &entry.intent;
    row("ledger id", intent.id.to_string());
    row("outcome", entry.standing.word().to_owned());
    row("operation", format!("{}/{}", intent.provider, intent.operation));
    row("command", intent.verb.clone());
    row("profile", intent.profile.clone().unwrap_or_default());
    row("endpoint", intent.endpoint.clone());
    row("sent", time(intent.created_ms));
    row("from", intent.sender.clone().unwrap_or_default());
    row("to", intent.audience.clone());
    row("ids", ids(&entry));
    if let Some(ending) = &entry.ending {
        let parts = [
            ending.http_status.map(|status| format!("HTTP {status}")),
            ending.code.clone(),
            ending.message.clone(),
        ];
        row(
            "vendor says",
            parts.into_iter().flatten().map(|part| escape(&part)).collect::<Vec<_>>().join(" "),
        );
        row("took", format!("{} ms, {} attempt(s)", ending.elapsed_ms, ending.attempts));
    }
    if let Some(resolution) = &entry.resolution {
        let note = resolution.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
        row(
            "resolved",
            format!("{} {}{note}", resolution.resolved.word(), time(resolution.resolved_ms)),
        );
    }
    row("overrides", intent.overrides.join(", "));
    for follow_up in &follow_ups {
        row(
            "followed by",
            format!(
                "{} {} ({})",
                follow_up.intent.verb,
                follow_up.intent.id,
                follow_up.standing.word()
            ),
        );
    }
    ui.line(&table(ui, &["", ""], &rows));
    ui.line(&escape(&intent.body));
    Ok(Exit::Done)
}

fn resolve(session: &Session, place: &Sending, flags: &ResolveArgs) -> Result<Exit> {
    let resolution = Resolution {
        resolved: if flags.accepted { Resolved::Accepted } else { Resolved::NotAccepted },
        note: flags.note.clone(),
        by: session.edge.var("USER").or_else(|| session.edge.var("USERNAME")),
        resolved_ms: session.edge.now_ms(),
    };
    let entry = ledger_to_write(session, place)?.resolve(&flags.id, &resolution)?;
    let ui = &session.ui;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        ui.json(&summary(&entry));
    } else {
        ui.line(&format!("{} is resolved as {}", entry.intent.id, resolution.resolved.word()));
    }
    Ok(Exit::Done)
}

/// The standing that `--outcome` names.
fn standing(word: &str) -> Result<Standing> {
    Standing::from_word(word).ok_or_else(|| {
        let words = Standing::ALL.map(Standing::word);
        let help = did_you_mean(word, words)
            .unwrap_or_else(|| format!("the outcomes are {}", words.join(", ")));
        Error::usage(format!("there is no outcome `{word}`")).help(help)
    })
}

/// An entry without its body.
fn summary(entry: &Entry) -> Json {
    let intent = &entry.intent;
    let ending = entry.ending.as_ref();
    let ids: Map<String, Json> = ending
        .iter()
        .flat_map(|ending| &ending.ids)
        .map(|(name, id)| (name.clone(), json!(id)))
        .collect();
    json!({
        "version": 1,
        "id": intent.id.to_string(),
        "outcome": entry.standing.word(),
        "provider": intent.provider,
        "operation": intent.operation,
        "command": intent.verb,
        "profile": intent.profile,
        "endpoint": intent.endpoint,
        "sent": time(intent.created_ms),
        "from": intent.sender,
        "to": intent.audience,
        "targets_count": intent.target_count,
        "ids": ids,
        "vendor": {
            "http_status": ending.and_then(|ending| ending.http_status),
            "code": ending.and_then(|ending| ending.code.clone()),
            "message": ending.and_then(|ending| ending.message.clone()),
        },
        "attempts": ending.map(|ending| ending.attempts),
        "elapsed_ms": ending.map(|ending| ending.elapsed_ms),
        "digest": entry.digest,
        "overrides": intent.overrides,
        "parent": intent.parent.map(|id| id.to_string()),
        "resolution": entry.resolution.as_ref().map(|resolution| if resolution.resolved == Resolved::Accepted {
            "accepted"
        } else {
            "not-accepted"
        }),
        "note": entry.resolution.as_ref().and_then(|resolution| resolution.note.clone()),
    })
}

fn body(entry: &Entry) -> Json {
    Document::parse(entry.intent.body.as_str())
        .map_or(Json::Null, |document| lossless(&document.root().value))
}

fn targets(entry: &Entry) -> Json {
    let targets = entry.ending.iter().flat_map(|ending| &ending.targets);
    targets
        .map(|target| json!({"target": target.target, "outcome": target.verdict.word(), "id": target.id}))
        .collect()
}

fn ids(entry: &Entry) -> String {
    let ids = entry.ending.iter().flat_map(|ending| &ending.ids);
    ids.map(|(name, id)| format!("{name} {id}")).collect::<Vec<_>>().join(", ")
}
