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
use hyper::{Method, Request, Response, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, spawn_local};

use super::admission::{Admission, RequestOrigin};
use super::head::{HeadFault, HeadStream, HeaderNames, Heads};
use super::intake::BodyRoom;
use super::route::route;
use super::{Answer, Incoming, Reasons, SandboxState, Tenant};
use crate::document::Value;
use crate::error::{Error, Result};

/// How long the server waits for its clients.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// How long a connection may be idle, and how long a head may take to arrive.
    pub head: Duration,
    /// How long a client may send nothing of a body.
    pub body: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self { head: Duration::from_secs(120), body: Duration::from_secs(60) }
    }
}

/// The providers that are served, and their environment.
pub struct Site {
    /// The providers. If there is only one, it gets every request.
    pub tenants: Vec<Tenant>,
    /// Records, switches and a clock.
    pub stage: SandboxState,
    /// Called with each request and its answer, before the answer is sent.
    pub observe: RequestObserver,
    /// Whether other machines may send requests, under any host name. Otherwise only names of this machine and of the
    /// vendors are answered.
    pub is_exposed: bool,
    /// How long it waits.
    pub waits: Waits,
}

/// A request that was answered, also one that no provider has seen.
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
    /// Why the server itself refused it, before a provider saw it.
    pub refused: Option<&'a str>,
    /// What the provider's backend told beyond the vendor's words.
    pub reasons: &'a Reasons,
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
            room: BodyRoom::new(site.waits.body),
            head_wait: site.waits.head,
            tenants: site.tenants,
            stage: RefCell::new(site.stage),
            observe: site.observe,
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
    head_wait: Duration,
    tenants: Vec<Tenant>,
    stage: RefCell<SandboxState>,
    observe: RequestObserver,
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
    let (state, kept) = (Rc::clone(&desk), heads.clone());
    let tell = move |fault: &HeadFault| tell_fault(&state, fault);
    let stream = TokioIo::new(HeadStream::new(stream, heads.clone(), Box::new(tell)));
    let state = Rc::clone(&desk);
    let service = service_fn(move |request| {
        let (desk, heads) = (Rc::clone(&desk), heads.clone());
        async move {
            let names = heads.take();
            let answer = receive(&desk, request, names).await;
            heads.resume();
            Ok::<_, Infallible>(write(answer))
        }
    });
    let mut http = http1::Builder::new();
    http.half_close(true).timer(TokioTimer::new()).header_read_timeout(state.head_wait);
    // How the client ends a connection without a request does not matter.
    if http.serve_connection(stream, service).await.is_err()
        && let Some(fault) = kept.unfinished()
    {
        tell_fault(&state, &fault);
    }
}

/// Tells a head that the HTTP layer refused.
fn tell_fault(desk: &ServerState, fault: &HeadFault) {
    let mut words = fault.line.splitn(2, ' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().to_owned();
    let request = Incoming {
        method,
        path: target.clone(),
        query: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    refused(desk, &target, &request, fault.status, &fault.reason);
}

/// Answers a request, and says in the answer whether the connection ends.
async fn receive(desk: &ServerState, request: Request<Body>, names: HeaderNames) -> Answer {
    let (head, body) = request.into_parts();
    let is_last = !keeps_alive(&head);
    let answer = understand(desk, head, body, names).await;
    Answer { close: answer.close || is_last, ..answer }
}

/// Reads a request to its end and lets its provider answer.
async fn understand(desk: &ServerState, head: Parts, body: Body, names: HeaderNames) -> Answer {
    if head.version == Version::HTTP_11
        && head.uri.authority().is_none()
        && !head.headers.contains_key(HOST)
    {
        return turn_away(desk, head, names, 400, "a request of HTTP/1.1 needs the header Host");
    }
    if let Err(why) = desk.admission.check(&origin_of(&head)) {
        return turn_away(desk, head, names, 403, &why);
    }
    let mut body = match desk.room.read(body).await {
        Ok(body) => body,
        Err((status, why)) => return turn_away(desk, head, names, status, &why),
    };
    let host = host_of(&head);
    let is_tunnel = head.method == Method::CONNECT;
    let mut incoming = arrived(head, names, std::mem::take(&mut body.bytes));
    let target = target_of(&incoming);
    let is_here = |tenant: &&Tenant| {
        let path = incoming.path.trim_matches('/');
        path.is_empty() || path == tenant.contract.id
    };
    let listed: Vec<&Tenant> = desk.tenants.iter().filter(is_here).collect();
    let (provider, answer, reasons) = if is_tunnel || !listed.is_empty() {
        match own_answer(desk, &incoming, &host, &listed) {
            Ok(answer) => (None, answer, Reasons::default()),
            Err(why) => return refused(desk, &target, &incoming, 405, why),
        }
    } else {
        let found = route(&desk.tenants, &incoming.method, &host, &incoming.path);
        match found.map(|(tenant, path)| (tenant, path.to_owned())) {
            Err(why) => return refused(desk, &target, &incoming, 404, &why),
            Ok((tenant, path)) => {
                incoming.path = path;
                let mut stage = desk.stage.borrow_mut();
                let (id, backend) = (tenant.contract.id, tenant.backend.as_ref());
                match stage.answer(id, backend, &incoming, &desk.origin(&host)) {
                    Ok((answer, reasons)) => (Some(id), answer, reasons),
                    Err(why) => return refused(desk, &target, &incoming, 503, &why),
                }
            }
        }
    };
    (desk.observe)(&SeenRequest {
        provider,
        target: &target,
        request: &incoming,
        answer: &answer,
        refused: None,
        reasons: &reasons,
    });
    answer
}

/// What is served and where, at `/` and at `/PROVIDER`; no vendor has anything there. A tunnel is not opened.
fn own_answer(
    desk: &ServerState,
    request: &Incoming,
    host: &str,
    listed: &[&Tenant],
) -> Result<Answer, &'static str> {
    if request.method != "GET" && request.method != "HEAD" {
        return Err("there is nothing here but a list of what is served, for GET");
    }
    let origin = desk.origin(host);
    let mut providers = Value::object();
    if let Some(members) = providers.as_object_mut() {
        for tenant in listed {
            let id = tenant.contract.id;
            members.set(id, format!("{origin}/{id}"));
        }
    }
    let mut body = Value::object();
    if let Some(members) = body.as_object_mut() {
        members.set("sandbox", "herald");
        members.set("providers", providers);
    }
    Ok(Answer::json(200, &body))
}

/// Whether the client wants to use the connection again.
fn keeps_alive(head: &Parts) -> bool {
    let has = |wanted: &str| {
        let values = head.headers.get_all(CONNECTION).iter();
        let mut words =
            values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        words.any(|word| word.trim().eq_ignore_ascii_case(wanted))
    };
    !has("close") && (head.version != Version::HTTP_10 || has("keep-alive"))
}

fn target_of(request: &Incoming) -> String {
    let mark = if request.query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", request.path, request.query)
}

/// Refuses a request in herald's own words.
fn refused(desk: &ServerState, target: &str, request: &Incoming, status: u16, why: &str) -> Answer {
    let answer = refuse(status, why);
    (desk.observe)(&SeenRequest {
        provider: None,
        target,
        request,
        answer: &answer,
        refused: Some(why),
        reasons: &Reasons::default(),
    });
    answer
}

/// Refuses a request of which only the head was read.
fn turn_away(
    desk: &ServerState,
    head: Parts,
    names: HeaderNames,
    status: u16,
    why: &str,
) -> Answer {
    let request = arrived(head, names, Vec::new());
    let target = target_of(&request);
    refused(desk, &target, &request, status, why)
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
    // A vendor's own `Connection: keep-alive` would be untrue where the connection ends.
    let kept = |name: &str| !(answer.close && name.eq_ignore_ascii_case("connection"));
    for (name, value) in answer.headers.iter().filter(|(name, _)| kept(name)) {
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
