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

use crate::contract::{Operation, Verb};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::Ledger;
use crate::net::{ConcurrentTransport, rate_limit};
use crate::provider::{AskedMessage, IdParts, IdSearch};
use crate::report::{self, LookUpProgress};
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::options::SendOptions;
use crate::send::rate_limits::RateLimits;
use id_policy::HandedMessage;
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
    /// How many ids were asked for.
    pub(crate) look_ups: u64,
    /// Why not all could be asked for.
    pub(crate) failed: Option<String>,
}

/// The ids that are asked for.
struct AskedIds {
    /// The milliseconds of the server's clock.
    windows: Vec<RangeInclusive<i64>>,
    nodes: BTreeSet<i64>,
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
    let asked = AskedIds {
        windows: window::merged(windows[..count].to_vec()),
        nodes: clocks[..count].iter().flat_map(|clock| clock.nodes.iter().copied()).collect(),
    };
    let fleet = app.transport(env, sending)?;
    let context = SendContext::new(env, sending, app, Verb::Get);
    let look = MessageSearch { context: &context, fleet: fleet.as_ref(), search, operation };
    let (there, look_ups, failed) = ask_for_all(&look, asked)?;
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
    Ok(FoundMessages { matches, id_name: search.id_name, look_ups, failed })
}

/// Asks for ids round by round: some counters of every millisecond first, then those behind a counter that is there.
fn ask_for_all(
    look: &MessageSearch<'_>,
    asked: AskedIds,
) -> Result<(Vec<HandedMessage>, u64, Option<String>)> {
    let MessageSearch { context, search, .. } = look;
    let mut limits = RateLimits::new(context.env, context.sending, context.app);
    limits.waits = false;
    let first = search.counters.clone();
    let per_ms = first.clone().count() as u64 * asked.nodes.len() as u64;
    let total = window::length(&asked.windows) * per_ms;
    tell_begin(look, &asked, total);
    let progress = LookUpProgress::new(&context.env.ui, total);
    context.with_prerequisites(look.fleet, &limits, |mut prerequisites| {
        // Handles a signal that arrived before.
        look.fleet.wait(std::time::Duration::ZERO);
        let AskedIds { windows, nodes } = asked;
        let mut ids: Box<dyn Iterator<Item = IdParts>> =
            Box::new(window::first_round(windows, nodes, first.clone()));
        let (mut there, mut look_ups, mut last) = (Vec::new(), 0, *first.end());
        loop {
            let tell = |answered: u64| progress.at(look_ups + answered);
            let looked = look_up(look, &limits, &mut prerequisites, ids, &tell)?;
            look_ups += looked.answered;
            let parts: Vec<IdParts> = looked.there.iter().map(|one| one.parts).collect();
            there.extend(looked.there);
            let next = window::next_round(&parts, last, search);
            if looked.failed.is_some() || next.is_empty() {
                progress.end();
                return Ok((there, look_ups, looked.failed));
            }
            last += 1;
            progress.more(next.len() as u64);
            ids = Box::new(next.into_iter());
        }
    })
}

/// Says what is asked for, and about how long that takes.
fn tell_begin(look: &MessageSearch<'_>, asked: &AskedIds, total: u64) {
    let (Some(first), Some(last)) = (asked.windows.first(), asked.windows.last()) else { return };
    let seconds = rate_limit::estimate(look.operation, total, total).as_secs();
    let nodes: Vec<String> = asked.nodes.iter().map(i64::to_string).collect();
    look.context.env.ui.remark(&format!(
        "asking for the ids of {} to {}, node {}: {total} look-ups with `{}`, in about {} within the vendor's rate limit",
        report::time(*first.start()),
        report::time(*last.end()),
        nodes.join(", "),
        look.operation.id,
        report::time_span(seconds),
    ));
}
