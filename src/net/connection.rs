//! Connections. Each carries one request after the other.
//!
//! A connection is a reqwest client that has room for one. So the steps of an attempt to connect belong to one request, and
//! it is known how many requests a connection has carried.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::client::{ClientSessionMemoryCache, ClientSessionStore, Resumption};
use rustls::client::{Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, NamedGroup};

use super::error_text::{self, CauseInWords};
use super::progress::Progress;
use super::resolve::{self, Resolver};
use super::route::Route;
use super::{message, roots, tunnel};
use crate::wire::{Cause, Exchange, ExchangeStep, Failure};

/// The longest that a connection may take to stand, whatever the deadline.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a connection may lie idle before another is made instead. Servers close those after a minute or so: a request
/// that meets that moment would be lost in doubt.
const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// How many TLS sessions are remembered.
const SESSIONS: usize = 64;

/// The request that a connection carries now: its attempts to connect are told to it.
#[derive(Clone, Debug, Default)]
struct CurrentRequest(Arc<Mutex<Arc<Progress>>>);

impl CurrentRequest {
    fn tell(&self, event: impl FnOnce(&Progress)) {
        event(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn set(&self, progress: &Arc<Progress>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(progress);
    }
}

/// Looks names up, and tells of it.
struct NameLookup {
    resolver: Resolver,
    carried: CurrentRequest,
}

impl Resolve for NameLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, carried) = (self.resolver, self.carried.clone());
        Box::pin(async move {
            carried.tell(|progress| progress.enter(ExchangeStep::Dns));
            let found = resolve::look_up(name.as_str(), resolver).await?;
            carried.tell(|progress| progress.enter(ExchangeStep::Connect));
            let found = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}

/// Remembers TLS sessions for all connections. It is asked for one when a session begins, and tells of it.
#[derive(Debug)]
struct SessionMemory {
    known: Arc<ClientSessionMemoryCache>,
    carried: CurrentRequest,
}

impl ClientSessionStore for SessionMemory {
    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        self.carried.tell(Progress::enter_session);
        self.known.kx_hint(server)
    }

    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.known.set_kx_hint(server, group);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.known.tls12_session(server)
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.known.set_tls12_session(server, session);
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.known.remove_tls12_session(server);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.known.take_tls13_ticket(server)
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.known.insert_tls13_ticket(server, ticket);
    }
}

/// A client with one connection at most. It makes another one where the other end has closed that.
struct OpenConnection {
    origin: Rc<str>,
    client: reqwest::Client,
    carried: CurrentRequest,
    requests: u32,
}

/// Connections to all hosts: those that carry nothing now, and how to make more.
pub(super) struct ConnectionPool {
    resolver: Resolver,
    /// How long connecting may take.
    limit: Duration,
    /// How many requests a connection carries.
    most: u32,
    sessions: Arc<ClientSessionMemoryCache>,
    idle: RefCell<Vec<OpenConnection>>,
}

impl ConnectionPool {
    /// No connections yet. Connecting takes less than the deadline, so that a connection that never stood is told from an
    /// answer that never came. `most` requests go over each connection, where the vendor wants no more.
    pub(super) fn new(resolver: Resolver, deadline: Duration, most: Option<u32>) -> Self {
        Self {
            resolver,
            limit: CONNECT_LIMIT.min(deadline.mul_f64(0.9)),
            most: most.unwrap_or(u32::MAX),
            sessions: Arc::new(ClientSessionMemoryCache::new(SESSIONS)),
            idle: RefCell::default(),
        }
    }

    /// Sends a request once and reads its reply. Without a time limit of its own but that for connecting.
    ///
    /// One that a connection did not take, since the other end had closed it, goes over another: nothing of it has left.
    pub(super) fn exchange(
        self: &Rc<Self>,
        route: &Rc<Route>,
        tls: Option<&Arc<ClientConfig>>,
        request: reqwest::Request,
        progress: &Arc<Progress>,
    ) -> Result<impl Future<Output = Exchange> + use<>, Failure> {
        let mut connection = match self.take(&route.origin) {
            Some(connection) => connection,
            None => self.open(route, tls).map_err(|error| {
                let (_, words) = error_text::fault(&error);
                Failure::unsent(ExchangeStep::Local, Cause::Unusable, words)
            })?,
        };
        progress.enter(ExchangeStep::Connect);
        connection.carried.set(progress);
        connection.requests += 1;
        // Not part of what waits for the answer: that is small enough for the fast lists of the allocator.
        let answer = connection.client.execute(request);
        let (pool, route, progress) = (Rc::clone(self), Rc::clone(route), Arc::clone(progress));
        Ok(async move {
            let mut response = match answer.await {
                Ok(response) => response,
                Err(error) => {
                    let failure = pool.failure(error, &route, &connection, &progress);
                    return Err(Box::pin(failure).await);
                }
            };
            progress.reply();
            let reply = message::read(&mut response).await;
            let reply = reply.map_err(|fault| progress.failed(fault))?;
            pool.keep(connection);
            let wanted =
                (reply.status == 407).then(|| tunnel::refusal(407, route.proxy.as_deref()));
            wanted.map_or(Ok(reply), |fault| Err(unsent(&route, ExchangeStep::Proxy, fault)))
        })
    }

    fn keep(&self, connection: OpenConnection) {
        if connection.requests < self.most {
            self.idle.borrow_mut().push(connection);
        }
    }

    /// The connection to an origin that was used last.
    fn take(&self, origin: &str) -> Option<OpenConnection> {
        let mut idle = self.idle.borrow_mut();
        let place = idle.iter().rposition(|connection| &*connection.origin == origin)?;
        Some(idle.remove(place))
    }

    /// A client that follows, repeats and decompresses nothing by itself.
    fn open(
        &self,
        route: &Route,
        tls: Option<&Arc<ClientConfig>>,
    ) -> reqwest::Result<OpenConnection> {
        let carried = CurrentRequest::default();
        let mut tls = tls.map_or_else(roots::no_tls, |tls| (**tls).clone());
        let (known, told) = (Arc::clone(&self.sessions), carried.clone());
        tls.resumption = Resumption::store(Arc::new(SessionMemory { known, carried: told }));
        let mut client = reqwest::Client::builder().no_proxy();
        if let Some(proxy) = &route.proxy {
            client = client.proxy(proxy.for_all()?);
        }
        let client = client
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE_LIMIT)
            .connect_timeout(self.limit)
            .dns_resolver(NameLookup { resolver: self.resolver, carried: carried.clone() })
            .tls_backend_preconfigured(tls)
            .build()?;
        Ok(OpenConnection { origin: Rc::clone(&route.origin), client, carried, requests: 0 })
    }

    /// What can be proved of an error.
    async fn failure(
        &self,
        error: reqwest::Error,
        route: &Route,
        connection: &OpenConnection,
        progress: &Progress,
    ) -> Failure {
        // What is done to learn more is not a step of the request.
        connection.carried.set(&Arc::default());
        if error.is_connect() && error.is_timeout() {
            return progress.timed_out(self.limit);
        }
        if let Some(refused) = tunnel::refused(&error, route, &connection.client).await {
            return progress.failed(refused);
        }
        if !progress.has_begun() && error.is_request() && !error.is_connect() {
            let reason = "the connection was closed before the request left".to_owned();
            return unsent(route, ExchangeStep::Connect, (Cause::Closed, reason));
        }
        if progress.has_begun() && error_text::is_unreadable(&error) {
            progress.reply();
        }
        let fault = match progress.last_step() {
            ExchangeStep::Dns => error_text::of_name(&error),
            // What is closed after the request left was closed after the session stood.
            ExchangeStep::Tls if !progress.has_begun() => error_text::of_session(&error),
            _ => error_text::fault(&error),
        };
        progress.failed(fault)
    }
}

/// A failure where the server certainly acted on nothing of the request.
fn unsent(route: &Route, step: ExchangeStep, (cause, reason): CauseInWords) -> Failure {
    let hop = Some(Box::new((*route.hop).clone()));
    Failure { hop, ..Failure::unsent(step, cause, reason) }
}

impl std::fmt::Debug for ConnectionPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let idle = self.idle.borrow().len();
        f.debug_struct("ConnectionPool").field("idle", &idle).finish_non_exhaustive()
    }
}
