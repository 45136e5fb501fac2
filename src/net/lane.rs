//! Connections for many requests, each of which carries one after the other.
//!
//! The client library's pool and layers take longer than all else that a small request needs, so a broadcast has lanes of
//! its own, on the same HTTP, the same names and the same trust below. There is no task behind a lane: whoever sends on it
//! drives it, and it lies still in between. What could not be put on a lane comes back untouched and takes another, so a
//! connection that the other end has closed meanwhile leaves no doubt behind.

use std::cell::RefCell;
use std::future::{Future as _, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Context;
use std::time::{Duration, Instant};

use hyper::Uri;
use hyper::body::Body as _;
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper::header::{HOST, HeaderValue};
use hyper::http;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use reqwest::Url;
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::body::Marking;
use super::client;
use super::message::{self, Framed};
use super::progress::Progress;
use super::trouble;
use crate::wire::{Exchange, Failure, Phase, Reply};

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Where requests go, in the forms that a lane needs.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Scheme, host and port.
    origin: Rc<str>,
    /// The whole address, to connect to.
    whole: Uri,
    /// What stands in the first line of a request.
    path: Uri,
    host: HeaderValue,
}

impl Target {
    /// Of an address; `None` where only the client library can make sense of it.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let whole: Uri = url.as_str().parse().ok()?;
        let path = whole.path_and_query()?.as_str().parse().ok()?;
        let host = whole.authority()?.as_str();
        let host = HeaderValue::from_str(host.rsplit('@').next()?).ok()?;
        let origin = url.origin().ascii_serialization().into();
        Some(Self { origin, whole, path, host })
    }

    /// The whole address.
    pub(super) fn whole(&self) -> &Uri {
        &self.whole
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
struct Lane {
    origin: Rc<str>,
    sender: SendRequest<Marking>,
    connection: Pin<Box<Connection<Stream, Marking>>>,
    is_over: bool,
    carried: u32,
    idle_since: Instant,
}

impl Lane {
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
        let reply = reply.await.map_err(|reason| failed(Phase::Reply, reason))?;
        self.settle().await;
        Ok(reply)
    }
}

fn failed(phase: Phase, reason: String) -> Trouble {
    Trouble::Failed(Failure { phase, reason })
}

fn trouble(untouched: Option<Untouched>, error: &hyper::Error, progress: &Progress) -> Trouble {
    match untouched {
        Some(request) => Trouble::Closed(request),
        None if trouble::is_unreadable(error) => failed(Phase::Reply, trouble::reason(error)),
        None => failed(progress.phase(), trouble::reason(error)),
    }
}

/// Lanes to hosts of one class, those that carry nothing now, and how to make more.
pub(super) struct Lanes {
    connector: HttpsConnector<HttpConnector>,
    connect_limit: Duration,
    /// How many requests a lane carries.
    most: u32,
    idle: RefCell<Vec<Lane>>,
}

impl Lanes {
    /// No lanes yet. `most` requests go over each, where the vendor wants no more.
    pub(super) fn new(tls: rustls::ClientConfig, deadline: Duration, most: Option<u32>) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let connect_limit = client::connect_limit(deadline);
        Self { connector, connect_limit, most: most.unwrap_or(u32::MAX), idle: RefCell::default() }
    }

    /// Sends a request once and reads its reply. Without a time limit of its own but that for connecting.
    pub(super) async fn exchange(
        &self,
        target: &Target,
        mut request: Untouched,
        progress: &Progress,
    ) -> Exchange {
        loop {
            let (mut lane, is_new) = match self.take(&target.origin).await {
                Some(lane) => (lane, false),
                // Seldom, and large: it would be part of every exchange otherwise.
                None => (Box::pin(self.connect(target)).await?, true),
            };
            if request.body().is_end_stream() {
                // Nobody asks for its first byte.
                progress.begin();
            }
            match lane.carry(request, progress).await {
                Ok(reply) => {
                    self.keep(lane);
                    return Ok(reply);
                }
                Err(Trouble::Closed(untouched)) if !is_new => request = untouched,
                Err(Trouble::Closed(_)) => {
                    let reason = "the connection was closed before the request left".to_owned();
                    return Err(Failure { phase: Phase::Connect, reason });
                }
                Err(Trouble::Failed(failure)) => return Err(failure),
            }
        }
    }

    /// A lane that is open as far as is known here.
    async fn take(&self, origin: &str) -> Option<Lane> {
        loop {
            let mut lane = {
                let mut idle = self.idle.borrow_mut();
                let place = idle.iter().rposition(|lane| &*lane.origin == origin)?;
                idle.remove(place)
            };
            lane.settle().await;
            if lane.is_usable() && lane.idle_since.elapsed() < client::IDLE_LIMIT {
                return Some(lane);
            }
        }
    }

    fn keep(&self, mut lane: Lane) {
        if lane.is_usable() && lane.carried < self.most {
            lane.idle_since = Instant::now();
            self.idle.borrow_mut().push(lane);
        }
    }

    async fn connect(&self, target: &Target) -> Result<Lane, Failure> {
        let connecting = async {
            let mut connector = self.connector.clone();
            poll_fn(|cx| connector.poll_ready(cx)).await?;
            let stream = connector.call(target.whole.clone()).await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
                http1::Builder::new().writev(false).handshake(stream).await?,
            )
        };
        let made = tokio::time::timeout(self.connect_limit, connecting).await;
        let reason = match made {
            Ok(Ok((sender, connection))) => {
                return Ok(Lane {
                    origin: Rc::clone(&target.origin),
                    sender,
                    connection: Box::pin(connection),
                    is_over: false,
                    carried: 0,
                    idle_since: Instant::now(),
                });
            }
            Ok(Err(error)) => trouble::reason(&*error),
            Err(_) => "no connection within the time allowed".to_owned(),
        };
        Err(Failure { phase: Phase::Connect, reason })
    }
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lanes").field("idle", &self.idle.borrow().len()).finish_non_exhaustive()
    }
}

/// A request that is ready for a lane.
pub(super) fn addressed(target: &Target, framed: Framed, progress: &Progress) -> Untouched {
    let Framed { method, mut headers, body } = framed;
    headers.insert(HOST, target.host.clone());
    let body = body.unwrap_or_else(|| Marking::empty(progress.flags()));
    let mut request = Box::new(http::Request::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = target.path.clone();
    *request.headers_mut() = headers;
    request
}
