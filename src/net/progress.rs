//! How far an exchange has got, readable from outside while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::UploadProgress;
use super::error_text::CauseInWords;
use super::route::Route;
use crate::wire::{Cause, ExchangeStep, Failure, Hop, Phase};

/// Follows one exchange.
#[derive(Default)]
pub(super) struct Progress {
    /// A connection has taken the request, and writes it now.
    begun: AtomicBool,
    replied: AtomicBool,
    /// The step before that, by its place among all: on the way to the proxy where there is one, then to the server.
    step: AtomicUsize,
    /// How many TLS sessions have begun.
    sessions: AtomicUsize,
    /// How many TLS sessions begin before the server's: one where a proxy is spoken to with TLS.
    proxy_sessions: usize,
    /// Where it goes.
    hop: Option<Arc<Hop>>,
    /// Told how much of a body with files is gone.
    pub(super) watch: Option<UploadProgress>,
}

impl Progress {
    /// Nothing has happened yet; files are watched on their way.
    pub(super) fn toward(route: &Route, watch: Option<UploadProgress>) -> Arc<Self> {
        let proxy_sessions = usize::from(route.proxy.as_ref().is_some_and(|proxy| proxy.is_tls));
        let hop = Some(Arc::clone(&route.hop));
        Arc::new(Self { hop, proxy_sessions, watch, ..Self::default() })
    }

    /// From now on some of the request may have been read at the other end.
    pub(super) fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }

    /// This step begins.
    pub(super) fn enter(&self, step: ExchangeStep) {
        let place = ExchangeStep::ALL.iter().position(|known| *known == step);
        self.step.store(place.unwrap_or_default(), Ordering::Release);
    }

    /// A TLS session begins.
    pub(super) fn enter_session(&self) {
        self.sessions.fetch_add(1, Ordering::AcqRel);
        self.enter(ExchangeStep::Tls);
    }

    /// Whether some of the request may have been read at the other end.
    pub(super) fn has_begun(&self) -> bool {
        self.phase() != Phase::Connect
    }

    /// A reply has begun.
    pub(super) fn reply(&self) {
        self.replied.store(true, Ordering::Release);
    }

    /// The phase to name if it were given up now.
    pub(super) fn phase(&self) -> Phase {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Acquire);
        if is_set(&self.replied) {
            Phase::Reply
        } else if is_set(&self.begun) {
            Phase::Sent
        } else {
            Phase::Connect
        }
    }

    /// The step to name if it were given up now.
    pub(super) fn step(&self) -> ExchangeStep {
        match self.phase() {
            Phase::Connect if self.is_before_proxy() => ExchangeStep::Proxy,
            Phase::Connect => self.last_step(),
            Phase::Sent => ExchangeStep::Request,
            Phase::Reply => ExchangeStep::Reply,
        }
    }

    /// The last step of connecting, be it to a proxy or to the server.
    pub(super) fn last_step(&self) -> ExchangeStep {
        ExchangeStep::ALL[self.step.load(Ordering::Acquire)]
    }

    /// Whether a proxy has to let it pass before the server is reached.
    fn is_before_proxy(&self) -> bool {
        let is_proxied = self.hop.as_ref().is_some_and(|hop| hop.proxy.is_some());
        let sessions = self.sessions.load(Ordering::Acquire);
        is_proxied && self.last_step() != ExchangeStep::Local && sessions <= self.proxy_sessions
    }

    /// How it ends where this went wrong now.
    pub(super) fn failed(&self, (cause, reason): CauseInWords) -> Failure {
        let hop = self.hop.as_deref().cloned().map(Box::new);
        Failure { phase: self.phase(), step: self.step(), cause, hop, reason }
    }

    /// How it ends where a signal, or the end of a run, gives it up.
    pub(super) fn given_up(&self, reason: &str) -> Failure {
        let cause = match self.phase() {
            Phase::Connect => Cause::Stopped,
            Phase::Sent => Cause::NoAnswer,
            Phase::Reply => Cause::CutOff,
        };
        self.failed((cause, reason.to_owned()))
    }

    /// How it ends where its time is up.
    pub(super) fn timed_out(&self, limit: Duration) -> Failure {
        let time = time(limit);
        let (cause, reason) = match self.step() {
            ExchangeStep::Dns => {
                (Cause::NoAddress, format!("no answer from a name server within {time}"))
            }
            ExchangeStep::Proxy => (Cause::TimedOut, format!("no answer within {time}")),
            ExchangeStep::Local | ExchangeStep::Connect => {
                (Cause::TimedOut, format!("no connection within {time}"))
            }
            ExchangeStep::Tls => (Cause::TlsTimedOut, format!("no TLS session within {time}")),
            ExchangeStep::Request => (Cause::NoAnswer, format!("no answer within {time}")),
            ExchangeStep::Reply => (Cause::CutOff, format!("the answer did not end within {time}")),
        };
        self.failed((cause, reason))
    }
}

/// A time in words: seconds with one digit behind the point, or milliseconds where these would be none.
fn time(time: Duration) -> String {
    let seconds = (time.as_secs_f64() * 10.0).round() / 10.0;
    if seconds > 0.0 { format!("{seconds} s") } else { format!("{} ms", time.as_millis()) }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Progress").field(&self.phase()).finish()
    }
}
