//! The transport that opens connections.

use std::cell::{Cell, Ref, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::{Client, Url};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use super::client::{self, Class};
use super::flight::Flight;
use super::lane::{self, Lanes, Target};
use super::progress::Progress;
use super::{Fleet, Roots, Signals, Stop, Tell, Transport, Watch, message, proxy, roots};
use crate::error::{Error, Kind, Result};
use crate::wire::{Exchange, Failure, Phase, Request, Show};

/// How long an answer is awaited once somebody asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// What holds for all exchanges of a command.
pub struct Settings {
    /// Which certificates are believed.
    pub roots: Roots,
    /// The usual deadline; connecting is given up a little before it.
    pub deadline: Duration,
    /// Told of each phase, where somebody listens.
    pub tell: Option<Tell>,
    /// Told how much of a body with files is gone.
    pub watch: Option<Watch>,
    /// How many requests the vendor wants over one connection at most, where it says so.
    pub requests_per_connection: Option<u32>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("roots", &self.roots)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// The network, with a runtime of its own. Making it costs nothing; the first [`Transport::prepare`] builds the client.
#[derive(Debug)]
pub struct Network {
    settings: Settings,
    runtime: Option<Runtime>,
    ways: RefCell<Vec<(Class, Way)>>,
    last: RefCell<Option<Address>>,
    names: message::Names,
    signals: RefCell<Option<Signals>>,
    stopped: Cell<Option<Stop>>,
    hurried: Cell<bool>,
    flight: Flight,
}

/// How hosts of one class are reached.
#[derive(Clone, Debug)]
struct Way {
    /// For single exchanges, and through proxies.
    client: Client,
    /// For many.
    lanes: Rc<Lanes>,
}

/// An address that was taken apart, with the way there: the next request goes there, too, as a rule.
#[derive(Clone)]
struct Address {
    text: String,
    url: Url,
    way: Way,
    /// `None` where lanes do not lead there.
    target: Option<Target>,
}

/// Without the path, in which some vendors want a secret.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Address").field(&self.url.host_str()).finish()
    }
}

impl Network {
    /// A network without any connection yet.
    pub fn new(settings: Settings) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            Error::new(Kind::Input, "cannot prepare for connections").because(error)
        })?;
        Ok(Self {
            settings,
            runtime: Some(runtime),
            ways: RefCell::default(),
            last: RefCell::default(),
            names: message::Names::default(),
            signals: RefCell::default(),
            stopped: Cell::default(),
            hurried: Cell::default(),
            flight: Flight::default(),
        })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is taken out by drop alone")
    }

    /// The way to an address. One a class, so that connections are used again.
    fn way(&self, url: &Url) -> Result<Way> {
        let class = Class::of(url);
        let mut ways = self.ways.borrow_mut();
        if let Some((_, way)) = ways.iter().find(|(known, _)| *known == class) {
            return Ok(way.clone());
        }
        let Settings { deadline, requests_per_connection, .. } = self.settings;
        let tls = if class.tls { self.settings.roots.tls()? } else { roots::no_tls() };
        let lanes = Lanes::new(tls.clone(), deadline, requests_per_connection);
        let way = Way { client: client::build(class, tls, deadline)?, lanes: Rc::new(lanes) };
        ways.push((class, way.clone()));
        Ok(way)
    }

    /// Where a request goes, or why it cannot go out.
    fn address(&self, request: &Request) -> Result<Ref<'_, Address>> {
        if self.last.borrow().as_ref().is_none_or(|known| !request.goes_to(&known.text)) {
            let text = request.url(Show::Secrets);
            let url = client::address(request)?;
            proxy::check(&url)?;
            let way = self.way(&url)?;
            let target = Target::of(&url).filter(|target| !proxy::is_before(&url, target.whole()));
            self.last.replace(Some(Address { text, url, way, target }));
        }
        let address = Ref::map(self.last.borrow(), |known| {
            known.as_ref().expect("it was put there just now")
        });
        let is_open =
            || address.url.scheme() == "http" && !crate::wire::url_is_loopback(&address.url);
        if request.carries_secret && is_open() {
            return Err(Error::new(
                Kind::Profile,
                format!("`{}` would carry a secret over plain http", request.base),
            )
            .help("use an https:// endpoint"));
        }
        Ok(address)
    }

    /// A request as it goes out, and where it goes, or why it cannot.
    fn ready(
        &self,
        request: Request,
        progress: &Progress,
    ) -> std::result::Result<(message::Framed, Ref<'_, Address>), Failure> {
        let unsent = |reason| Failure { phase: Phase::Connect, reason };
        let address = self.address(&request).map_err(|error| unsent(error.full_message()))?;
        Ok((message::frame(request, &self.names, progress).map_err(unsent)?, address))
    }

    fn tell_request(&self, request: &Request) {
        let Some(tell) = &self.settings.tell else { return };
        let method = request.method.as_str();
        tell("request", &format!("{method} {}", request.url(Show::Redacted)));
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
            Err(Failure { phase, reason }) => {
                let far = match phase {
                    Phase::Connect => "before anything was sent",
                    Phase::Sent => "after the request left",
                    Phase::Reply => "within the reply",
                };
                tell("failure", &format!("{far}, after {took} ms: {reason}"));
            }
        }
    }

    /// Waits for exchanges that end, so long; without any time, takes those that have ended by now.
    async fn land_within(&self, at_most: Duration) {
        if at_most.is_zero() {
            self.flight.glance().await;
        } else {
            let _ = timeout(at_most, self.flight.gather()).await;
        }
    }

    /// Runs an exchange until it ends, its time is up, or somebody has asked twice, or once and waited.
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
                    return Err(stopped_early(stop));
                }
                let rest = deadline.saturating_sub(started.elapsed()).min(GRACE);
                if let Some(tell) = &self.settings.tell {
                    tell("stop", "waiting up to 5 s for the answer that is due");
                }
                tokio::select! {
                    biased;
                    _ = signals.next() => Err(Failure {
                        phase: progress.phase(),
                        reason: format!("{} while an answer was due", stop.word()),
                    }),
                    result = limited(exchange.as_mut(), progress, rest) => result,
                }
            }
            result = limited(exchange.as_mut(), progress, deadline) => result,
        }
    }
}

fn stopped_early(stop: Stop) -> Failure {
    let reason = format!("{} before anything was sent", stop.word());
    Failure { phase: Phase::Connect, reason }
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
        self.address(request).map(|_| ())
    }

    fn exchange(&self, request: &Request, deadline: Duration) -> Exchange {
        if let Some(stop) = self.stopped() {
            return Err(stopped_early(stop));
        }
        let progress = Progress::watched(self.settings.watch.clone());
        let (framed, address) = self.ready(request.clone(), &progress)?;
        let (client, url) = (address.way.client.clone(), address.url.clone());
        drop(address);
        self.tell_request(request);
        let since = Instant::now();
        let result = self.runtime().block_on(async {
            // Without signals to listen to, they end the process as ever; that is no reason not to send.
            let mut signals = self.signals.take().or_else(|| Signals::listen().ok());
            client::notice_closed().await;
            let exchange = client::exchange(&client, url, framed, &progress);
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

impl Fleet for Network {
    fn start(&self, ticket: u64, request: Request, limit: Duration) {
        let progress = Progress::default();
        self.tell_request(&request);
        let (framed, address) = match self.ready(request, &progress) {
            Ok(ready) => ready,
            Err(failure) => return self.flight.land(ticket, Err(failure)),
        };
        let seen = progress.clone();
        match address.target.clone() {
            Some(target) => {
                let lanes = Rc::clone(&address.way.lanes);
                let request = lane::addressed(&target, framed, &progress);
                self.flight.launch(ticket, seen, async move {
                    let exchange = pin!(lanes.exchange(&target, request, &progress));
                    limited(exchange, &progress, limit).await
                });
            }
            None => {
                let (client, url) = (address.way.client.clone(), address.url.clone());
                self.flight.launch(ticket, seen, async move {
                    let exchange = pin!(client::exchange(&client, url, framed, &progress));
                    limited(exchange, &progress, limit).await
                });
            }
        }
    }

    fn wait(&self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.runtime().block_on(async {
            self.flight.take_off().await;
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
                    self.hurried.set(self.stopped.replace(Some(stop)).is_some());
                }
                () = self.land_within(at_most) => {}
            }
            self.signals.replace(signals);
        });
        let landed = self.flight.landed();
        for (_, exchange, since) in &landed {
            self.tell_result(exchange, *since);
        }
        landed.into_iter().map(|(ticket, exchange, _)| (ticket, exchange)).collect()
    }

    fn linger(&self, time: Duration) {
        self.flight.linger(time);
    }

    fn abandon(&self) -> Vec<(u64, Exchange)> {
        self.flight.abandon()
    }

    fn hurried(&self) -> bool {
        self.hurried.get()
    }
}

impl Drop for Network {
    /// A name that is still being looked up must not hold the process back.
    fn drop(&mut self) {
        self.flight.abandon();
        self.last.take();
        self.ways.borrow_mut().clear();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
