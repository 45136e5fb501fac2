//! Finds messages whose answer was lost, at a vendor whose ids of messages are clocks: asks for each id that the message
//! can have, and compares what is handed out with what was sent.
//!
//! Only what is certain counts. A message that the ledger knows is none of the lost ones; where two messages fit, or one
//! fits two requests, all of them stay unknown.

mod id_journal;
mod id_policy;
mod ledger_facts;
mod look_ups;
mod matches;
mod window;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::contract::{Operation, Verb};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::Ledger;
use crate::net::{ConcurrentTransport, rate_limit};
use crate::provider::{AskedMessage, IdParts, IdSearch};
use crate::report::{self, LocalTime, LookUpProgress};
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::options::SendOptions;
use crate::send::rate_limits::RateLimits;
use id_policy::{HandedMessage, LookUpObserver};
pub(crate) use ledger_facts::{LostKey, LostRequest};
use look_ups::look_up;
use matches::FittingMessage;
pub(crate) use matches::MessageMatch;
use window::ServerClock;

/// What a search is about, and over what it goes.
struct MessageSearch<'a> {
    context: &'a SendContext<'a>,
    fleet: &'a dyn ConcurrentTransport,
    search: &'static IdSearch,
    operation: &'static Operation,
}

/// What a search came to.
pub(crate) struct FoundMessages {
    /// The outcome of each lost request.
    pub(crate) matches: Vec<(LostKey, MessageMatch)>,
    /// The vendor's name for ids.
    pub(crate) id_name: &'static str,
    /// How many ids were asked for, and answered.
    pub(crate) look_ups: u64,
    /// What was to be asked for.
    pub(crate) asked: AskedIds,
    /// Why not all could be asked for.
    pub(crate) failed: Option<String>,
}

/// The ids that are asked for.
#[derive(Clone)]
pub(crate) struct AskedIds {
    /// The milliseconds of the server's clock.
    windows: Vec<RangeInclusive<i64>>,
    nodes: BTreeSet<i64>,
    /// How many there are in the first round.
    pub(crate) total: u64,
    /// The operation that is asked.
    operation: &'static str,
}

impl AskedIds {
    /// In words, with the times of their clock.
    pub(crate) fn words(&self, local: &LocalTime) -> String {
        let (Some(first), Some(last)) = (self.windows.first(), self.windows.last()) else {
            return "no id".to_owned();
        };
        let nodes: Vec<String> = self.nodes.iter().map(i64::to_string).collect();
        format!(
            "the {} of {} to {}, node {}, with `{}`",
            report::counted(self.total, "id"),
            local.second(*first.start()),
            local.second(*last.end()),
            nodes.join(", "),
            self.operation,
        )
    }

    /// The same for scripts.
    pub(crate) fn to_json(&self) -> Json {
        json!({
            "operation": self.operation,
            "from": self.windows.first().map(|window| report::time(*window.start())),
            "to": self.windows.last().map(|window| report::time(*window.end())),
            "nodes": self.nodes,
            "ids": self.total,
        })
    }
}

/// The most ids that are asked for, for each lost request: with the usual window it takes about ten thousand.
const MAX_LOOK_UPS: u64 = 100_000;

/// Refuses a search that cannot find anything, or that would take too many look-ups.
fn check_search(clocks: &[ServerClock], total: u64, most: u64) -> Result<()> {
    let by_hand = "name the vendor's id of the message with --vendor-id";
    if !clocks.iter().all(ServerClock::is_likely) {
        let message =
            "the server's ids do not fit the time at which they were given: no id can be guessed";
        return Err(Error::usage(message).help(by_hand));
    }
    if total > most {
        let message = format!("the search takes {total} look-ups, and {most} are the most");
        return Err(Error::usage(message).help(by_hand));
    }
    Ok(())
}

/// Looks for the messages of requests whose answers were lost. They are all of the app's vendor.
pub(crate) fn find_lost(
    env: &Env,
    sending: &SendOptions,
    app: &App,
    ledger: &mut Ledger,
    lost: Vec<LostRequest>,
) -> Result<FoundMessages> {
    let contract = app.vendor.contract();
    let bug = || Error::new(ErrorKind::Bug, format!("{} has no search by ids", contract.id));
    let search = app.vendor.id_search().ok_or_else(bug)?;
    let operation = contract.operation(search.operation).ok_or_else(bug)?;
    for one in &lost {
        one.check(search, app)?;
    }
    let count = lost.len();
    let facts = ledger_facts::gather(ledger, search, app, lost)?;
    let clock =
        |at: usize| ServerClock::near(&facts.known, facts.requests[at].sent.sent_ms, search);
    let clocks: Vec<ServerClock> = (0..facts.requests.len()).map(clock).collect();
    let windows: Vec<_> = clocks
        .iter()
        .zip(&facts.requests)
        .map(|(clock, one)| clock.window(one.sent.sent_ms, one.window_ms(search)))
        .collect();
    let nodes: BTreeSet<i64> =
        clocks[..count].iter().flat_map(|clock| clock.nodes.iter().copied()).collect();
    let merged = window::merged(windows[..count].to_vec());
    let per_ms = search.counters.clone().count() as u64 * nodes.len() as u64;
    let total = window::length(&merged) * per_ms;
    let most = MAX_LOOK_UPS.saturating_mul(count as u64);
    check_search(&clocks[..count], total, most)?;
    let asked = AskedIds { windows: merged, nodes, total, operation: operation.id };
    let fleet = app.transport(env, sending)?;
    let context = SendContext::new(env, sending, app, Verb::Get);
    let look = MessageSearch { context: &context, fleet: fleet.as_ref(), search, operation };
    let (there, look_ups, failed) = ask_for_all(&look, asked.clone(), most)?;
    let mut candidates = Vec::new();
    for handed in there {
        let HandedMessage { parts, id, message } = handed;
        let fits = facts.requests.iter().enumerate().filter(|(_, one)| {
            let (sent, app) = (&one.sent, one.app.as_str());
            (search.fits)(&AskedMessage { id: &id, found: &message, sent, app })
        });
        let fits: Vec<usize> = fits.map(|(at, _)| at).collect();
        if !fits.is_empty() && !ledger_facts::is_known(ledger, app, &id)? {
            candidates.push(FittingMessage { id, ms: parts.ms, fits });
        }
    }
    let matches = matches::matches(&windows, &candidates).into_iter().map(|one| match one {
        // Another one may be among those that could not be asked for.
        MessageMatch::Found(id) if failed.is_some() => MessageMatch::Several(vec![id]),
        other => other,
    });
    let keys = facts.requests.into_iter().map(|one| one.key).take(count);
    let matches = keys.zip(matches).collect();
    Ok(FoundMessages { matches, id_name: search.id_name, look_ups, asked, failed })
}

/// Asks for ids round by round: some counters of every millisecond first, then those behind a counter that is there. No more
/// than `most` are asked for.
fn ask_for_all(
    look: &MessageSearch<'_>,
    asked: AskedIds,
    most: u64,
) -> Result<(Vec<HandedMessage>, u64, Option<String>)> {
    let MessageSearch { context, search, .. } = look;
    let mut limits = RateLimits::new(context.env, context.sending, context.app);
    limits.waits = false;
    let first = search.counters.clone();
    let total = asked.total;
    let seconds = rate_limit::estimate(look.operation, total, total).as_secs();
    let begin = format!(
        "asking for {}: about {} within the vendor's rate limit",
        asked.words(&context.env.local_time()),
        report::time_span(seconds)
    );
    let progress = LookUpProgress::new(&context.env.ui, total, &begin);
    context.with_prerequisites(look.fleet, &limits, |mut prerequisites| {
        // Handles a signal that arrived before.
        look.fleet.wait(Duration::ZERO);
        let AskedIds { windows, nodes, .. } = asked;
        let mut ids: Box<dyn Iterator<Item = IdParts>> =
            Box::new(window::first_round(windows, nodes, first.clone()));
        let (mut there, mut look_ups, mut last) = (Vec::new(), 0, *first.end());
        loop {
            let tell = RoundProgress { progress: &progress, before: look_ups };
            let looked = look_up(look, &limits, &mut prerequisites, ids, &tell)?;
            look_ups += looked.answered;
            let parts: Vec<IdParts> = looked.there.iter().map(|one| one.parts).collect();
            there.extend(looked.there);
            let next = window::next_round(&parts, last, search);
            if looked.failed.is_some() || next.is_empty() {
                progress.end();
                return Ok((there, look_ups, looked.failed));
            }
            if look_ups.saturating_add(next.len() as u64) > most {
                progress.end();
                let why = format!("{most} look-ups are the most, and the server has more messages");
                return Ok((there, look_ups, Some(why)));
            }
            last += 1;
            progress.more(next.len() as u64);
            ids = Box::new(next.into_iter());
        }
    })
}

/// The progress of one round of several.
struct RoundProgress<'a> {
    progress: &'a LookUpProgress,
    /// How many were answered before.
    before: u64,
}

impl LookUpObserver for RoundProgress<'_> {
    fn answered(&self, count: u64) {
        self.progress.at(self.before + count);
    }

    fn retries(&self, wait: Duration, why: &str) {
        self.progress.retries(wait, why);
    }
}
