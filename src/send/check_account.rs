//! What `profile check` asks beyond the profile itself: the vendor's rules about accounts, and the vendor.

use std::time::Duration;

use crate::account::Account;
use crate::contract::Contract;
use crate::env::Env;
use crate::env::clock::chance;
use crate::error::{Error, ErrorKind, Result};
use crate::net::{self, Stop};
use crate::outcome::{Outcome, Verdict};
use crate::provider::{Call, CredentialProbe};
use crate::report;
use crate::send::app::App;
use crate::send::executor::single::{AttemptNews, Single, SingleTransport};
use crate::send::options::SendOptions;
use crate::send::rate_limits::RateLimits;
use crate::wire::{Exchange, Reply};

/// What asking the vendor has shown about an account that it does not refuse.
#[derive(Clone, Debug)]
pub(crate) enum OnlineCheck {
    /// The vendor accepts the credentials; its answer.
    Proven(String),
    /// The vendor was not asked, and why: nothing is known about the credentials.
    NotAsked(&'static str),
}

/// Asks the vendor, by the call that it names for it.
pub(crate) fn online(
    env: &Env,
    contract: &'static Contract,
    account: &Account,
    deadline: Option<Duration>,
) -> Result<OnlineCheck> {
    let sending = SendOptions { deadline, ..SendOptions::default() };
    let app = App::of_account(contract, account)?;
    let Some(probe) = app.vendor.probe(account)? else {
        return Ok(OnlineCheck::NotAsked("the vendor has no call that changes nothing"));
    };
    let CredentialProbe { operation, body, proofs } = probe;
    let stamp = env.system.stamp();
    let request = app.vendor.request(&Call { operation, body: &body, account, stamp: &stamp })?;
    let transport = app.transport(env, &sending)?;
    transport.prepare(&request)?;
    let limits = RateLimits::new(env, &sending, &app);
    app.redactor.borrow_mut().cover_request(&request);
    let base = request.base.clone();
    let system = env.system;
    let mut one = SingleTransport {
        transport: transport.as_ref(),
        rest: &|pause| drop(transport.wait(pause)),
        clock: &limits.clock,
        now_ms: &|| system.now_ms(),
        chance: &|| chance(system),
        started: None,
    };
    let decide = |exchange: &Exchange| {
        let read = |reply: &Reply| app.vendor.read(operation, reply);
        let outcome = net::decide(contract, operation, exchange, &read);
        app.redactor.borrow().redacted_outcome(outcome, &|_| false)
    };
    let talk = AttemptNews {
        tell: &|_, _| {},
        waits: &|time| limits.tell_wait(time),
        retries: &|time, why| env.ui.retries(time, why),
    };
    let single = Single::within(&limits, talk, sending.deadline());
    let outcome = single.ask(&mut one, operation, request, &decide)?;
    if outcome.code.as_deref().is_some_and(|code| proofs.contains(&code)) {
        return Ok(OnlineCheck::Proven(format!("{base} accepts the credentials")));
    }
    let said = outcome.words().unwrap_or(outcome.verdict.word()).to_owned();
    let kind = match outcome.verdict {
        Verdict::Accepted | Verdict::Partial => {
            return Ok(OnlineCheck::Proven(format!("{base} answers: {said}")));
        }
        Verdict::Denied => ErrorKind::Denied,
        Verdict::Rejected => ErrorKind::Rejected,
        // The call would have changed nothing, whatever its outcome.
        Verdict::Unavailable | Verdict::Unknown => ErrorKind::Unavailable,
    };
    let error = match (outcome.said(), outcome.meaning()) {
        (Some(said), _) => Error::new(kind, format!("{base} says: {said}")),
        (None, Some(meaning)) => Error::new(kind, format!("{base} answers: {meaning}")),
        (None, None) => Error::new(kind, without_answer(&base, &outcome))
            .with("failure", report::failure(&outcome)),
    };
    let error = error.stopped_by(transport.stopped().map(Stop::kind));
    Err(match outcome.advice {
        Some(advice) => error.help(advice),
        None => error,
    })
}

/// What is said where neither the vendor's words nor their meaning are there.
fn without_answer(base: &str, outcome: &Outcome) -> String {
    let said = outcome.words().unwrap_or(outcome.verdict.word());
    let was_asked = outcome.failure.as_ref().is_some_and(|failure| !failure.is_before_sending());
    match (outcome.http_status, &outcome.code) {
        (_, Some(code)) => format!("{base} answers with code {code}, which is not known"),
        (Some(status), None) => format!("{base} answers with HTTP {status}: {said}"),
        (None, None) if was_asked => {
            format!("{base} was asked, and gave no whole answer: {said}")
        }
        (None, None) => format!("{base} was not asked: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Failure, Phase};

    #[test]
    fn only_a_server_that_got_no_request_was_not_asked() {
        let base = "https://im.example";
        let bare = Outcome::of(Verdict::Rejected);
        let code = Outcome { code: Some("777".into()), http_status: Some(200), ..bare.clone() };
        assert!(without_answer(base, &code).ends_with("answers with code 777, which is not known"));
        let status = Outcome { http_status: Some(302), ..bare };
        assert!(without_answer(base, &status).contains("answers with HTTP 302: "));
        for (phase, is_asked) in
            [(Phase::Connect, false), (Phase::Sent, true), (Phase::Reply, true)]
        {
            let failure = Some(Failure::new(phase, "the connection closed").into());
            let outcome = Outcome { failure, ..Outcome::of(Verdict::Unknown) };
            let told = without_answer(base, &outcome);
            assert_eq!(told.contains("was asked"), is_asked, "{told}");
            assert_eq!(told.contains("was not asked"), !is_asked, "{told}");
        }
    }
}
