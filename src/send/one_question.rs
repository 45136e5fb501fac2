//! One request that changes nothing, on behalf of a command that is about something else.

use std::cell::Cell;

use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::net;
use crate::outcome::Outcome;
use crate::provider::Draft;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::executor::single::Single;
use crate::send::options::SendOptions;
use crate::send::rate_limits::RateLimits;
use crate::wire::{Exchange, Reply};

/// Makes one request that changes nothing.
pub(crate) fn ask_vendor(
    env: &Env,
    sending: &SendOptions,
    app: &App,
    draft: Draft,
) -> Result<Outcome> {
    let Draft { operation, mut body, .. } = draft;
    let transport = app.transport(env, sending)?;
    let limits = RateLimits::new(env, sending, app);
    let context = SendContext::new(env, sending, app, Verb::Get);
    context.with_prerequisites(transport.as_ref(), &limits, |mut prerequisites| {
        let request = prerequisites.prepare(operation, &mut body, &[])?.request;
        let failed = Cell::new(false);
        let decide = |exchange: &Exchange| {
            failed.set(exchange.is_err());
            let read = |reply: &Reply| app.vendor.read(operation, reply);
            let outcome = net::decide(app.vendor.contract(), operation, exchange, &read);
            prerequisites.redacted(outcome, &|_| false)
        };
        let around = prerequisites.around();
        let single = Single::within(&limits, around.talk(), around.left());
        let outcome = single.ask(&mut around.transport_of_one(), operation, request, &decide)?;
        match transport.stopped().filter(|_| failed.get()) {
            Some(stop) => Err(stop.error(format!("{} while the vendor was asked", stop.word()))),
            None => Ok(outcome),
        }
    })
}
