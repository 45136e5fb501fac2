//! The client library: it carries single requests.
//!
//! It hides which step of the way failed and what a proxy answers, and only a body tells when the first byte leaves. So
//! it is told here what to tell of its steps, and takes requests with a body that go through no proxy; lanes take the others.

use std::cell::OnceCell;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::http;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::client::Tls13ClientSessionValue;
use rustls::client::{ClientSessionStore, Resumption, Tls12ClientSessionValue};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, NamedGroup};

use super::connect::{self, IDLE_LIMIT};
use super::lane::Untouched;
use super::progress::Progress;
use super::resolve::{self, Resolver};
use super::route::Route;
use super::{message, roots, trouble};
use crate::wire::{Cause, Exchange, ExchangeStep, Failure};

/// Whose steps are followed: single requests go out one after the other.
#[derive(Clone, Debug, Default)]
struct Followed(Arc<Mutex<Progress>>);

impl Followed {
    fn enter(&self, step: ExchangeStep) {
        self.now().enter(step);
    }

    fn now(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn follow(&self, progress: &Progress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = progress.clone();
    }
}

/// Looks names up, and tells of it.
struct NameLookup {
    resolver: Resolver,
    followed: Followed,
}

impl Resolve for NameLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, followed) = (self.resolver, self.followed.clone());
        Box::pin(async move {
            followed.enter(ExchangeStep::Dns);
            let found = resolve::look_up(name.as_str(), resolver).await?;
            followed.enter(ExchangeStep::Connect);
            let found = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}

/// Is asked for an earlier session when one begins, and has none: connections are kept instead.
#[derive(Debug)]
struct NoSessions(Followed);

impl ClientSessionStore for NoSessions {
    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.0.enter(ExchangeStep::Tls);
        None
    }

    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        None
    }

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {}
}

/// The clients of a network: they are made when they are needed first.
pub(super) struct Clients {
    resolver: Resolver,
    limit: Duration,
    followed: Followed,
    plain: OnceCell<reqwest::Client>,
    secure: OnceCell<reqwest::Client>,
}

impl Clients {
    /// Clients for exchanges that take so long.
    pub(super) fn new(resolver: Resolver, deadline: Duration) -> Self {
        Self {
            resolver,
            limit: connect::limit(deadline),
            followed: Followed::default(),
            plain: OnceCell::new(),
            secure: OnceCell::new(),
        }
    }

    /// Whether a request goes this way.
    pub(super) fn take(route: &Route, request: &Untouched) -> bool {
        use hyper::body::Body as _;
        route.proxy.is_none() && !request.body().is_end_stream()
    }

    /// Sends a request once and reads its reply. Without a time limit of its own but that for connecting.
    pub(super) async fn exchange(
        &self,
        route: &Route,
        tls: Option<&Arc<ClientConfig>>,
        request: Untouched,
        progress: &Progress,
    ) -> Exchange {
        let unusable = |error: String| Failure::unsent(ExchangeStep::Local, Cause::Unusable, error);
        let client = self.client(tls).map_err(|error| unusable(trouble::fault(&error).1))?;
        let (head, body) = request.into_parts();
        let url = format!("{}{}", route.origin, head.uri);
        let url = url.parse().map_err(|error: url::ParseError| unusable(error.to_string()))?;
        let mut request = reqwest::Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(reqwest::Body::wrap(body));
        progress.enter(ExchangeStep::Connect);
        self.followed.follow(progress);
        let response = client.execute(request).await;
        let response = response.map_err(|error| self.failure(&error, progress))?;
        progress.reply();
        let reply = message::read(http::Response::from(response)).await;
        let reply = reply.map_err(|fault| progress.failed(fault))?;
        connect::asked_for_credentials(route, &reply).map_or(Ok(reply), Err)
    }

    fn client(&self, tls: Option<&Arc<ClientConfig>>) -> reqwest::Result<&reqwest::Client> {
        let known = if tls.is_some() { &self.secure } else { &self.plain };
        if let Some(client) = known.get() {
            return Ok(client);
        }
        let client = self.build(tls.map_or_else(roots::no_tls, |tls| (**tls).clone()))?;
        Ok(known.get_or_init(|| client))
    }

    /// A client that follows, repeats and decompresses nothing by itself.
    fn build(&self, mut tls: ClientConfig) -> reqwest::Result<reqwest::Client> {
        let followed = self.followed.clone();
        tls.resumption = Resumption::store(Arc::new(NoSessions(followed.clone())));
        reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE_LIMIT)
            .connect_timeout(self.limit)
            .dns_resolver(NameLookup { resolver: self.resolver, followed })
            .tls_backend_preconfigured(tls)
            .build()
    }

    /// What can be proved of an error.
    fn failure(&self, error: &reqwest::Error, progress: &Progress) -> Failure {
        if error.is_connect() && error.is_timeout() {
            return progress.timed_out(self.limit);
        }
        if trouble::is_unreadable(error) {
            progress.reply();
        }
        let fault = match progress.step() {
            ExchangeStep::Dns => trouble::of_name(error),
            ExchangeStep::Tls => trouble::of_session(error),
            _ => trouble::fault(error),
        };
        progress.failed(fault)
    }
}

impl std::fmt::Debug for Clients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clients").field("limit", &self.limit).finish_non_exhaustive()
    }
}
