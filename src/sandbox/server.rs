//! The sandbox on a port of this machine, for CI and for vendors' own SDKs.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming as Body};
use hyper::header::{AsHeaderName, CONNECTION, CONTENT_LENGTH, HOST, ORIGIN};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, spawn_local};

use super::admission::{Admission, RequestOrigin};
use super::head::{HeadStream, HeaderNames, Heads};
use super::intake::BodyRoom;
use super::route::route;
use super::{Answer, Incoming, Stage, Tenant};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::net::Tell;

/// The providers that are served, and their environment.
pub struct Site {
    /// The providers. If there is only one, it gets every request.
    pub tenants: Vec<Tenant>,
    /// Records, switches and a clock.
    pub stage: Stage,
    /// Called for each request.
    pub tell: Tell,
    /// Called with the reason if a request was not answered.
    pub warn: Warn,
    /// Called with each request and its answer, before the answer is sent.
    pub record: Option<RequestObserver>,
    /// Whether other machines may send requests, under any host name. Otherwise only names of this machine and of the
    /// vendors are answered.
    pub is_exposed: bool,
}

/// Receives the reason why a request was not answered.
pub type Warn = Box<dyn Fn(&str)>;

/// A request that was answered.
#[derive(Debug)]
pub struct SeenRequest<'a> {
    /// The provider that answered; `None` if no provider has the path.
    pub provider: Option<&'static str>,
    /// Path and query as they arrived, the provider's prefix included.
    pub target: &'a str,
    /// The request.
    pub request: &'a Incoming,
    /// Its answer.
    pub answer: &'a Answer,
}

/// Observes the requests and answers.
pub type RequestObserver = Box<dyn Fn(&SeenRequest<'_>)>;

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("tenants", &self.tenants).finish_non_exhaustive()
    }
}

/// A server that has its port but does not answer yet.
#[derive(Debug)]
pub struct BoundServer {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
}

impl BoundServer {
    /// Binds a port; 0 for any free port.
    pub fn bind(listen: SocketAddr) -> Result<Self> {
        let failed = |error: io::Error| {
            let help = match error.kind() {
                io::ErrorKind::AddrInUse => {
                    "something else listens there; `--listen 127.0.0.1:0` takes any free port"
                }
                _ => "`--listen 127.0.0.1:0` takes any free port of this machine",
            };
            Error::input(format!("cannot listen on {listen}")).because(error).help(help)
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let listener = runtime.block_on(TcpListener::bind(listen)).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { runtime, listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` completes, and returns its result.
    pub fn serve<T>(self, site: Site, stop: impl Future<Output = T>) -> T {
        let contracts = site.tenants.iter().map(|tenant| tenant.contract);
        let desk = Rc::new(ServerState {
            admission: Admission::new(site.is_exposed, contracts),
            address: self.address,
            is_exposed: site.is_exposed,
            room: BodyRoom::default(),
            tenants: site.tenants,
            stage: RefCell::new(site.stage),
            tell: site.tell,
            warn: site.warn,
            record: site.record,
        });
        let tasks = LocalSet::new();
        tasks.block_on(&self.runtime, async {
            let mut stop = pin!(stop);
            loop {
                tokio::select! {
                    biased;
                    reason = &mut stop => return reason,
                    accepted = self.listener.accept() => match accepted {
                        Ok((stream, _)) => {
                            spawn_local(converse(stream, Rc::clone(&desk)));
                        }
                        // Too many open files, or a client that has disconnected: both are temporary.
                        Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                    },
                }
            }
        })
    }
}

/// What all connections share.
struct ServerState {
    admission: Admission,
    address: SocketAddr,
    is_exposed: bool,
    room: BodyRoom,
    tenants: Vec<Tenant>,
    stage: RefCell<Stage>,
    tell: Tell,
    warn: Warn,
    record: Option<RequestObserver>,
}

impl ServerState {
    /// Where the client of a request with this Host reaches the server. A client that uses it as a proxy names the host of
    /// a vendor, which is not where it listens. Under `--expose` only the client knows its address.
    fn origin(&self, host: &str) -> String {
        if self.is_exposed && !host.is_empty() {
            format!("http://{host}")
        } else {
            format!("http://{}", self.address)
        }
    }
}

/// One connection, request after request.
async fn converse(stream: TcpStream, desk: Rc<ServerState>) {
    let _ = stream.set_nodelay(true);
    let heads = Heads::default();
    let stream = TokioIo::new(HeadStream::new(stream, heads.clone()));
    let service = service_fn(move |request| {
        let (desk, heads) = (Rc::clone(&desk), heads.clone());
        async move {
            let names = heads.take();
            let answer = receive(&desk, request, names).await;
            heads.resume();
            Ok::<_, Infallible>(write(answer))
        }
    });
    // How the client ends the connection does not matter.
    let _ = http1::Builder::new().half_close(true).serve_connection(stream, service).await;
}

/// Reads a request to its end and lets its provider answer.
async fn receive(desk: &ServerState, request: Request<Body>, names: HeaderNames) -> Answer {
    let (head, body) = request.into_parts();
    if let Err(why) = desk.admission.check(&origin_of(&head)) {
        return turn_away(desk, &head, 403, &why);
    }
    let mut body = match desk.room.read(body).await {
        Ok(body) => body,
        Err((status, why)) => return turn_away(desk, &head, status, &why),
    };
    let host = host_of(&head);
    let mut incoming = arrived(head, names, std::mem::take(&mut body.bytes));
    let found = route(&desk.tenants, &incoming.method, &host, &incoming.path)
        .map(|(tenant, path)| (tenant, path.to_owned()));
    let line = format!("{} {}", incoming.method, incoming.path);
    let mark = if incoming.query.is_empty() { "" } else { "?" };
    let target = format!("{}{mark}{}", incoming.path, incoming.query);
    let (provider, answer) = match found {
        Err(why) => (None, refuse(404, &why)),
        Ok((tenant, path)) => {
            incoming.path = path;
            let mut stage = desk.stage.borrow_mut();
            let (id, backend) = (tenant.contract.id, tenant.backend.as_ref());
            let answer = stage.answer(id, backend, &incoming, &desk.origin(&host));
            (Some(tenant.contract.id), answer.unwrap_or_else(|why| refuse(503, &why)))
        }
    };
    let who = provider.unwrap_or("nobody");
    (desk.tell)("request", &format!("{line} for {who}: HTTP {}", answer.status));
    if let Some(record) = &desk.record {
        record(&SeenRequest { provider, target: &target, request: &incoming, answer: &answer });
    }
    answer
}

/// Refuses a request before any provider sees it, and reports it on stderr.
fn turn_away(desk: &ServerState, head: &Parts, status: u16, why: &str) -> Answer {
    let line = format!("{} {}", head.method, head.uri.path());
    (desk.warn)(&format!("{line} is answered with HTTP {status}: {why}"));
    refuse(status, why)
}

/// Where a request claims to go and to come from. A value that is not text is treated as unreadable.
fn origin_of(head: &Parts) -> RequestOrigin<'_> {
    fn values(head: &Parts, name: impl AsHeaderName) -> Vec<&str> {
        let all = head.headers.get_all(name).iter();
        all.map(|value| value.to_str().unwrap_or("\u{fffd}")).collect()
    }
    let authority = head.uri.authority().map(|authority| authority.as_str());
    RequestOrigin {
        target: authority.map(|authority| (head.uri.scheme_str(), authority)),
        hosts: values(head, HOST),
        origins: values(head, ORIGIN),
        fetch_sites: values(head, "sec-fetch-site"),
    }
}

/// The host of the request: that of an absolute target, otherwise the header.
fn host_of(head: &Parts) -> String {
    let header = head.headers.get(HOST).and_then(|value| value.to_str().ok());
    let target = head.uri.authority().map(|authority| authority.as_str());
    target.or(header).unwrap_or_default().to_owned()
}

fn arrived(head: Parts, mut names: HeaderNames, body: Vec<u8>) -> Incoming {
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (names.spell(name.as_str()), value)
        })
        .collect();
    Incoming {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
    }
}

/// An answer of the sandbox itself, in no vendor's format.
fn refuse(status: u16, why: &str) -> Answer {
    let mut body = Value::object();
    body.as_object_mut().expect("it was made as an object").set("sandbox", why);
    Answer { close: status != 404, ..Answer::json(status, &body) }
}

/// Always with its length, never in chunks: some SDKs cannot read chunks.
fn write(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    if answer.close {
        response = response.header(CONNECTION, "close");
    }
    if answer.status != 204 {
        response = response.header(CONTENT_LENGTH, answer.body.len());
    }
    response.body(Full::new(Bytes::from(answer.body))).unwrap_or_else(|error| {
        let mut response = Response::new(Full::new(Bytes::from(error.to_string())));
        *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

#[cfg(test)]
mod tests;
