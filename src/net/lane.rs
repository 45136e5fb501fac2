//! Connections, each of which carries one request after the other.
//!
//! A pool and layers of a client library take longer than all else that a small request needs. So a broadcast has lanes of
//! its own, on the HTTP and TLS libraries below those. There is no task behind a lane: the sender drives it, and it lies still
//! in between. What could not be put on a lane comes back untouched and
//! takes another, so a connection that the other end has closed meanwhile leaves no doubt behind.

use std::cell::RefCell;
use std::future::{Future as _, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Context;
use std::time::Instant;

use hyper::body::Body as _;
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper::header::{HOST, PROXY_AUTHORIZATION};
use hyper::http;
use rustls::ClientConfig;

use super::body::Marking;
use super::connect::{self, Connector, IDLE_LIMIT, Stream, unsent};
use super::message::{self, Framed};
use super::progress::Progress;
use super::route::Route;
use super::trouble;
use crate::wire::{Cause, Exchange, ExchangeStep, Failure, Reply};

/// Lets connections that were kept notice that the other end has closed them, so that none of those takes a request: what is
/// written to one counts as sent. Needed where the runtime stood still since the last exchange.
pub(super) async fn notice_closed() {
    // The first turn reads what has come meanwhile, the second one runs the connections that it is for.
    for _ in 0..2 {
        tokio::task::yield_now().await;
    }
}

/// A request of which no byte can have left. Large, and moved often.
pub(super) type Untouched = Box<http::Request<Marking>>;

/// Why a lane brought no reply.
enum Trouble {
    /// The lane was closed before the request got on it.
    Closed(Untouched),
    Failed(Failure),
}

/// One connection.
struct OpenConnection {
    origin: Rc<str>,
    sender: SendRequest<Marking>,
    connection: Pin<Box<Connection<Stream, Marking>>>,
    is_over: bool,
    carried: u32,
    idle_since: Instant,
}

impl OpenConnection {
    /// Lets the connection read and write what it can.
    fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.is_over {
            self.is_over = self.connection.as_mut().poll(cx).is_ready();
        }
    }

    async fn settle(&mut self) {
        poll_fn(|cx| {
            self.drive(cx);
            std::task::Poll::Ready(())
        })
        .await;
    }

    fn is_usable(&self) -> bool {
        !self.is_over && self.sender.is_ready()
    }

    /// Sends a request and reads its reply.
    async fn carry(&mut self, request: Untouched, progress: &Progress) -> Result<Reply, Trouble> {
        self.carried += 1;
        let mut answer = pin!(self.sender.try_send_request(*request));
        let answer = poll_fn(|cx| {
            self.drive(cx);
            answer.as_mut().poll(cx)
        });
        let response = match answer.await {
            Ok(response) => response,
            Err(mut error) => {
                return Err(trouble(error.take_message().map(Box::new), error.error(), progress));
            }
        };
        progress.reply();
        let mut reading = pin!(message::read(response));
        let reply = poll_fn(|cx| {
            let ready = reading.as_mut().poll(cx);
            if ready.is_ready() {
                return ready;
            }
            self.drive(cx);
            reading.as_mut().poll(cx)
        });
        let reply = reply.await.map_err(|fault| Trouble::Failed(progress.failed(fault)))?;
        self.settle().await;
        Ok(reply)
    }
}

fn trouble(untouched: Option<Untouched>, error: &hyper::Error, progress: &Progress) -> Trouble {
    if let Some(request) = untouched {
        return Trouble::Closed(request);
    }
    if trouble::is_unreadable(error) {
        progress.reply();
    }
    Trouble::Failed(progress.failed(trouble::fault(error)))
}

/// Lanes to all hosts, those that carry nothing now, and how to make more.
pub(super) struct Lanes {
    connector: Connector,
    /// How many requests a lane carries.
    most: u32,
    idle: RefCell<Vec<OpenConnection>>,
}

impl Lanes {
    /// No lanes yet. `most` requests go over each, where the vendor wants no more.
    pub(super) fn new(connector: Connector, most: Option<u32>) -> Self {
        Self { connector, most: most.unwrap_or(u32::MAX), idle: RefCell::default() }
    }

    /// Sends a request once and reads its reply. Without a time limit of its own but that for connecting.
    pub(super) async fn exchange(
        &self,
        route: &Route,
        tls: Option<&Arc<ClientConfig>>,
        mut request: Untouched,
        progress: &Progress,
    ) -> Exchange {
        loop {
            let (mut lane, is_new) = match self.take(&route.origin).await {
                Some(lane) => (lane, false),
                // Seldom, and large: it would be part of every exchange otherwise.
                None => (Box::pin(self.connect(route, tls, progress)).await?, true),
            };
            if request.body().is_end_stream() {
                // Nobody asks for its first byte.
                progress.begin();
            }
            match lane.carry(request, progress).await {
                Ok(reply) => {
                    self.keep(lane);
                    return connect::asked_for_credentials(route, &reply).map_or(Ok(reply), Err);
                }
                Err(Trouble::Closed(untouched)) if !is_new => {
                    progress.nothing_left();
                    request = untouched;
                }
                Err(Trouble::Closed(_)) => {
                    let reason = "the connection was closed before the request left".to_owned();
                    return Err(unsent(route, ExchangeStep::Connect, (Cause::Closed, reason)));
                }
                Err(Trouble::Failed(failure)) => return Err(failure),
            }
        }
    }

    /// A lane that is open as far as is known here.
    async fn take(&self, origin: &str) -> Option<OpenConnection> {
        loop {
            let mut lane = {
                let mut idle = self.idle.borrow_mut();
                let place = idle.iter().rposition(|lane| &*lane.origin == origin)?;
                idle.remove(place)
            };
            lane.settle().await;
            if lane.is_usable() && lane.idle_since.elapsed() < IDLE_LIMIT {
                return Some(lane);
            }
        }
    }

    fn keep(&self, mut lane: OpenConnection) {
        if lane.is_usable() && lane.carried < self.most {
            lane.idle_since = Instant::now();
            self.idle.borrow_mut().push(lane);
        }
    }

    async fn connect(
        &self,
        route: &Route,
        tls: Option<&Arc<ClientConfig>>,
        progress: &Progress,
    ) -> Result<OpenConnection, Failure> {
        let stream = self.connector.connect(route, tls, progress).await?;
        let made = http1::Builder::new().writev(false).handshake(stream).await;
        let (sender, connection) = made.map_err(|error| progress.failed(trouble::fault(&error)))?;
        Ok(OpenConnection {
            origin: Rc::clone(&route.origin),
            sender,
            connection: Box::pin(connection),
            is_over: false,
            carried: 0,
            idle_since: Instant::now(),
        })
    }
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lanes").field("idle", &self.idle.borrow().len()).finish_non_exhaustive()
    }
}

/// A request that is ready for a lane.
pub(super) fn addressed(route: &Route, framed: Framed, progress: &Progress) -> Untouched {
    let Framed { method, mut headers, body } = framed;
    headers.insert(HOST, route.host.clone());
    if let (None, Some((proxy, _))) = (&route.tls_name, &route.proxy)
        && let Some(credentials) = &proxy.credentials
    {
        // Where the server is spoken to with TLS, the proxy had them before.
        headers.insert(PROXY_AUTHORIZATION, credentials.clone());
    }
    let body = body.unwrap_or_else(|| Marking::empty(progress.flags()));
    let mut request = Box::new(http::Request::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = route.path.clone();
    *request.headers_mut() = headers;
    request
}
