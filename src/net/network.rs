//! The transport that opens connections.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::FutureExt as _;
use rustls::ClientConfig;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use super::connection::ConnectionPool;
use super::error_text::CauseInWords;
use super::in_flight::{InFlight, take_turns};
use super::progress::Progress;
use super::proxy;
use super::resolve::{self, Resolver};
use super::route::Route;
use super::signals::note;
use super::{
    ConcurrentTransport, PhaseListener, Signals, Stop, Transport, TrustRoots, UploadProgress,
    message,
};
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{
    Body, Cause, Exchange, ExchangeStep, Failure, FormPart, Method, Phase, Request, Show, Written,
};

/// How long an answer is awaited once the user asked to stop.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// What holds for all exchanges of a command.
pub struct NetworkSettings {
    /// Which certificates are believed.
    pub roots: TrustRoots,
    /// The usual deadline; connecting is given up a little before it.
    pub deadline: Duration,
    /// Told of each phase, if it is there.
    pub tell: Option<PhaseListener>,
    /// Told how much of a body with files is gone.
    pub watch: Option<UploadProgress>,
    /// How many requests the vendor wants over one connection at most, where it says so.
    pub requests_per_connection: Option<u32>,
}

impl std::fmt::Debug for NetworkSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("roots", &self.roots)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// The network, with a runtime of its own. Making it costs nothing; the first [`Transport::prepare`] reads the trust roots.
#[derive(Debug)]
pub struct Network {
    settings: NetworkSettings,
    runtime: Option<Runtime>,
    connections: Rc<ConnectionPool>,
    tls: OnceCell<Arc<ClientConfig>>,
    last: RefCell<Option<TargetAddress>>,
    names: message::HeaderNameCache,
    signals: RefCell<Option<Signals>>,
    stopped: Cell<Option<Stop>>,
    hurried: Cell<bool>,
    in_flight: InFlight,
}

/// An address that was taken apart: the next request goes there, too, as a rule.
struct TargetAddress {
    text: String,
    route: Rc<Route>,
}

/// Without the path, in which some vendors want a secret.
impl std::fmt::Debug for TargetAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Address").field(&self.route.origin).finish()
    }
}

/// A request that can go out: where to, and what follows it.
struct Leaving<F> {
    route: Rc<Route>,
    progress: Arc<Progress>,
    exchange: F,
}

impl Network {
    /// A network without any connection yet.
    pub fn new(settings: NetworkSettings) -> Result<Self> {
        Self::resolving(settings, resolve::system)
    }

    /// The same with a resolver of its own.
    pub(super) fn resolving(settings: NetworkSettings, resolver: Resolver) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            Error::new(ErrorKind::Input, "cannot prepare for connections").because(error)
        })?;
        keep_freed_memory();
        let most = settings.requests_per_connection;
        let connections = ConnectionPool::new(resolver, settings.deadline, most);
        Ok(Self {
            settings,
            runtime: Some(runtime),
            connections: Rc::new(connections),
            tls: OnceCell::default(),
            last: RefCell::default(),
            names: message::HeaderNameCache::default(),
            signals: RefCell::default(),
            stopped: Cell::default(),
            hurried: Cell::default(),
            in_flight: InFlight::default(),
        })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is taken out by drop alone")
    }

    /// Fails on what keeps everything from going to a server, whatever it is: its address, the proxy before it, the trust
    /// roots. Meant to be called before anything is written down. Gives a warning about what is doubtful, for the user.
    pub fn check(&self, base: &str) -> Result<Option<String>> {
        let request = Request {
            method: Method::Get,
            base: base.to_owned(),
            path: Written::plain("/"),
            headers: Vec::new(),
            body: Body::None,
            carries_secret: false,
        };
        // Roots that are named and not needed there may be needed elsewhere.
        self.settings.roots.check()?;
        let route = Route::of(&request)?;
        Ok(proxy::warning(&route.url))
    }

    /// How TLS is spoken on the way to a route, where it is.
    fn tls_for(&self, route: &Route) -> Result<Option<Arc<ClientConfig>>> {
        if !route.needs_tls() {
            return Ok(None);
        }
        if self.tls.get().is_none() {
            // One that another call has set meanwhile is the same.
            let _ = self.tls.set(Arc::new(self.settings.roots.tls()?));
        }
        Ok(self.tls.get().cloned())
    }

    /// Where a request goes, or why it cannot go out.
    fn address(&self, request: &Request) -> Result<Rc<Route>> {
        let mut last = self.last.borrow_mut();
        let route = match last.as_ref().filter(|known| request.goes_to(&known.text)) {
            Some(known) => Rc::clone(&known.route),
            None => {
                let route = Rc::new(Route::of(request)?);
                let text = request.url(Show::Secrets);
                *last = Some(TargetAddress { text, route: Rc::clone(&route) });
                route
            }
        };
        if request.carries_secret && route.is_open() {
            return Err(Error::new(
                ErrorKind::Profile,
                format!("`{}` would carry a secret over plain http", request.base),
            )
            .help("use an https:// endpoint"));
        }
        Ok(route)
    }

    /// A request as it goes out, or why it cannot.
    fn ready(
        &self,
        request: Request,
        watch: Option<UploadProgress>,
    ) -> std::result::Result<Leaving<impl Future<Output = Exchange> + use<>>, Failure> {
        let unusable = |error: Error| {
            Failure::unsent(ExchangeStep::Local, Cause::Unusable, error.full_message())
        };
        let route = self.address(&request).map_err(unusable)?;
        let tls = self.tls_for(&route).map_err(unusable)?;
        let progress = Progress::toward(&route, watch);
        let local =
            |(cause, reason): CauseInWords| Failure::unsent(ExchangeStep::Local, cause, reason);
        let request = message::frame(request, &route, &self.names, &progress).map_err(local)?;
        let exchange = self.connections.exchange(&route, tls.as_ref(), request, &progress)?;
        Ok(Leaving { route, progress, exchange })
    }

    fn tell_request(&self, request: &Request) {
        let Some(tell) = &self.settings.tell else { return };
        let method = request.method.as_str();
        // As it is connected to, not as it was written.
        let url = self
            .address(request)
            .map_or_else(|_| request.url(Show::Redacted), |route| route.shown(request));
        tell("request", &format!("{method} {url}"));
        for header in &request.headers {
            tell("header", &format!("{}: {}", header.name, header.value.show(Show::Redacted)));
        }
    }

    fn tell_result(&self, exchange: &Exchange, since: Instant) {
        let Some(tell) = &self.settings.tell else { return };
        let took = since.elapsed().as_millis();
        match exchange {
            Ok(reply) => {
                let (status, length) = (reply.status, reply.body.len());
                tell("reply", &format!("HTTP {status}, {length} bytes after {took} ms"));
            }
            Err(failure) => {
                let far = match failure.phase {
                    Phase::Connect => "before anything was sent",
                    Phase::Sent => "after the request left",
                    Phase::Reply => "within the reply",
                };
                tell("failure", &format!("{far}, after {took} ms: {}", failure.words()));
            }
        }
    }

    /// Says to which server a request takes files: it may be another one than the vendor's API is on.
    fn announce(&self, request: &Request, route: &Route) {
        let names_files = match &request.body {
            Body::File { .. } => true,
            Body::Multipart(parts) => {
                parts.iter().any(|part| !matches!(part, FormPart::Field { .. }))
            }
            Body::None | Body::Text { .. } => false,
        };
        if let Some(watch) = self.settings.watch.as_ref().filter(|_| names_files) {
            watch.begins(route.server());
        }
    }

    /// Waits this long for exchanges that end; without any time, takes those that have ended by now.
    async fn land_within(&self, at_most: Duration) {
        if at_most.is_zero() {
            self.in_flight.glance().await;
        } else {
            let _ = timeout(at_most, self.in_flight.gather()).await;
        }
    }

    /// Runs an exchange until it ends, its time is up, or the user has asked to stop twice, or once and waited.
    async fn run(
        &self,
        exchange: impl Future<Output = Exchange>,
        signals: Option<&mut Signals>,
        progress: &Progress,
        deadline: Duration,
    ) -> Exchange {
        let started = Instant::now();
        let mut exchange = pin!(exchange);
        let Some(signals) = signals else {
            return limited(exchange.as_mut(), progress, deadline).await;
        };
        tokio::select! {
            biased;
            stop = signals.next() => {
                self.stopped.set(Some(stop));
                if progress.phase() == Phase::Connect {
                    return Err(progress.given_up(&before_it_left(stop)));
                }
                let rest = deadline.saturating_sub(started.elapsed()).min(STOP_GRACE);
                if let Some(tell) = &self.settings.tell {
                    tell("stop", "waiting up to 5 s for the answer");
                }
                tokio::select! {
                    biased;
                    () = signals.next_that_hurries() => {
                        Err(progress.given_up(&format!("{} while an answer was expected", stop.word())))
                    }
                    result = limited(exchange.as_mut(), progress, rest) => result,
                }
            }
            result = limited(exchange.as_mut(), progress, deadline) => result,
        }
    }
}

/// Makes the allocator keep the memory that requests give back, for the next ones. glibc returns it to the system, and asks
/// for it again at once: a fifteenth of the time that a broadcast takes. It keeps twice as much as the largest block that it
/// was given back. Nothing of this one is ever touched.
fn keep_freed_memory() {
    const BLOCK: usize = 1024 * 1024;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(BLOCK)));
}

fn before_it_left(stop: Stop) -> String {
    format!("{} before anything was sent", stop.word())
}

/// An exchange that ends in time.
async fn limited(
    exchange: Pin<&mut impl Future<Output = Exchange>>,
    progress: &Progress,
    limit: Duration,
) -> Exchange {
    tokio::select! {
        biased;
        result = exchange => result,
        () = sleep(limit) => Err(progress.timed_out(limit)),
    }
}

impl Transport for Network {
    fn prepare(&self, request: &Request) -> Result<()> {
        let route = self.address(request)?;
        if let Some(fault) = message::fault(request) {
            return Err(Error::input(fault).help("remove the control character from its value"));
        }
        self.tls_for(&route).map(drop)
    }

    fn exchange(&self, request: &Request, deadline: Duration) -> Exchange {
        if let Some(stop) = self.stopped() {
            return Err(Failure::unsent(ExchangeStep::Local, Cause::Stopped, before_it_left(stop)));
        }
        let leaving = self.ready(request.clone(), self.settings.watch.clone())?;
        self.tell_request(request);
        self.announce(request, &leaving.route);
        let since = Instant::now();
        let result = self.runtime().block_on(async {
            // Without signals to listen to, they end the process as usual; that is not a reason not to send.
            let mut signals = self.signals.take().or_else(|| Signals::listen().ok());
            take_turns().await;
            let Leaving { progress, exchange, .. } = leaving;
            let result = self.run(exchange, signals.as_mut(), &progress, deadline).await;
            self.signals.replace(signals);
            result
        });
        if let Some(watch) = &self.settings.watch {
            watch.done();
        }
        self.tell_result(&result, since);
        result
    }

    fn stopped(&self) -> Option<Stop> {
        self.stopped.get()
    }
}

impl ConcurrentTransport for Network {
    fn start(&self, ticket: u64, request: Request, limit: Duration) {
        self.tell_request(&request);
        let Leaving { progress, exchange, .. } = match self.ready(request, None) {
            Ok(leaving) => leaving,
            Err(failure) => return self.in_flight.land(ticket, Err(failure)),
        };
        let seen = Arc::clone(&progress);
        let _inside = self.runtime().enter();
        let exchange = timeout(limit, exchange)
            .map(move |ended| ended.unwrap_or_else(|_| Err(progress.timed_out(limit))));
        self.in_flight.launch(ticket, seen, exchange);
    }

    fn wait(&self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.runtime().block_on(async {
            self.in_flight.take_off().await;
            let mut signals = self.signals.take().or_else(|| Signals::listen().ok());
            let stop = async {
                match signals.as_mut() {
                    Some(signals) => signals.next().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                stop = stop => {
                    note(stop, &self.stopped, &self.hurried);
                }
                () = self.land_within(at_most) => {}
            }
            self.signals.replace(signals);
        });
        let landed = self.in_flight.landed();
        for (_, exchange, since) in &landed {
            self.tell_result(exchange, *since);
        }
        landed.into_iter().map(|(ticket, exchange, _)| (ticket, exchange)).collect()
    }

    fn linger(&self, time: Duration) {
        self.in_flight.linger(time);
    }

    fn abandon(&self) -> Vec<(u64, Exchange)> {
        self.in_flight.abandon()
    }

    fn hurried(&self) -> bool {
        self.hurried.get()
    }
}

impl Drop for Network {
    /// A name that is still being looked up must not hold the process back.
    fn drop(&mut self) {
        self.in_flight.abandon();
        self.last.take();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
