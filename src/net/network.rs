//! The transport that opens connections.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use reqwest::{Client, Url};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::client::{self, Class, Progress};
use super::flight::Flight;
use super::{Fleet, Roots, Signals, Stop, Tell, Transport, Watch};
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
    /// Told of each phase.
    pub tell: Tell,
    /// Told how much of a body with files is gone.
    pub watch: Option<Watch>,
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
    clients: RefCell<Vec<(Class, Client)>>,
    last: RefCell<Option<Address>>,
    signals: RefCell<Option<Signals>>,
    stopped: Cell<Option<Stop>>,
    hurried: Cell<bool>,
    flight: Flight,
}

/// An address that was taken apart, with its client: the next request goes there, too, as a rule.
struct Address {
    text: String,
    url: Url,
    client: Client,
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
            clients: RefCell::default(),
            last: RefCell::default(),
            signals: RefCell::default(),
            stopped: Cell::default(),
            hurried: Cell::default(),
            flight: Flight::default(),
        })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is taken out by drop alone")
    }

    /// The client for an address. One a class, so that connections are used again.
    fn client(&self, url: &Url) -> Result<Client> {
        let class = Class::of(url);
        let mut clients = self.clients.borrow_mut();
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == class) {
            return Ok(client.clone());
        }
        let client = client::build(class, &self.settings.roots, self.settings.deadline)?;
        clients.push((class, client.clone()));
        Ok(client)
    }

    /// Where a request goes, and the client for it, or why it cannot go out.
    fn address(&self, request: &Request) -> Result<(Url, Client)> {
        let text = request.url(Show::Secrets);
        let known = self.last.borrow();
        let (url, client) = match known.as_ref().filter(|known| known.text == text) {
            Some(known) => (known.url.clone(), known.client.clone()),
            None => {
                drop(known);
                let url = client::address(request)?;
                let client = self.client(&url)?;
                let kept = Address { text, url: url.clone(), client: client.clone() };
                self.last.replace(Some(kept));
                (url, client)
            }
        };
        if request.carries_secret && url.scheme() == "http" && !super::host::url_is_loopback(&url) {
            return Err(Error::new(
                Kind::Profile,
                format!("`{}` would carry a secret over plain http", request.base),
            )
            .help("use an https:// endpoint"));
        }
        Ok((url, client))
    }

    /// A request as it goes out, with its client, or why it cannot.
    fn ready(
        &self,
        request: &Request,
        progress: &Progress,
    ) -> std::result::Result<(reqwest::Request, Client), Failure> {
        let (url, client) = self
            .address(request)
            .map_err(|error| Failure { phase: Phase::Connect, reason: error.full_message() })?;
        Ok((client::prepare(&client, url, request, progress)?, client))
    }

    fn tell(&self, phase: &str, words: &str) {
        (self.settings.tell)(phase, words);
    }

    fn tell_request(&self, request: &Request) {
        let method = request.method.as_str();
        self.tell("request", &format!("{method} {}", request.url(Show::Redacted)));
        for header in &request.headers {
            self.tell("header", &format!("{}: {}", header.name, header.value.show(Show::Redacted)));
        }
    }

    fn tell_result(&self, exchange: &Exchange, since: Instant) {
        let took = since.elapsed().as_millis();
        match exchange {
            Ok(reply) => {
                let (status, length) = (reply.status, reply.body.len());
                self.tell("reply", &format!("HTTP {status}, {length} bytes after {took} ms"));
            }
            Err(Failure { phase, reason }) => {
                let far = match phase {
                    Phase::Connect => "before anything was sent",
                    Phase::Sent => "after the request left",
                    Phase::Reply => "within the reply",
                };
                self.tell("failure", &format!("{far}, after {took} ms: {reason}"));
            }
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
                self.tell("stop", "waiting up to 5 s for the answer that is due");
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
        () = sleep(limit) => Err(client::timed_out(progress, limit)),
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
        let (prepared, client) = self.ready(request, &progress)?;
        self.tell_request(request);
        let since = Instant::now();
        let result = self.runtime().block_on(async {
            // Without signals to listen to, they end the process as ever; that is no reason not to send.
            let mut signals = self.signals.take().or_else(|| Signals::listen().ok());
            client::notice_closed().await;
            let exchange = client::exchange(&client, prepared, &progress);
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
        let (prepared, client) = match self.ready(&request, &progress) {
            Ok(ready) => ready,
            Err(failure) => return self.flight.land(ticket, Err(failure)),
        };
        self.tell_request(&request);
        let seen = progress.clone();
        let exchange = async move { client::exchange(&client, prepared, &progress).await };
        self.flight.launch(ticket, seen, limit, exchange);
    }

    fn wait(&self, at_most: Duration) -> Vec<(u64, Exchange)> {
        let mut landed = self.runtime().block_on(async {
            self.flight.take_off().await;
            let pause = match self.flight.due() {
                Some(due) => at_most.min(due.saturating_duration_since(Instant::now())),
                None => at_most,
            };
            let mut signals = self.signals.take().or_else(|| Signals::listen().ok());
            let stop = async {
                match signals.as_mut() {
                    Some(signals) => signals.next().await,
                    None => std::future::pending().await,
                }
            };
            let landed = tokio::select! {
                biased;
                stop = stop => {
                    self.hurried.set(self.stopped.replace(Some(stop)).is_some());
                    Vec::new()
                }
                landed = self.flight.landed() => landed,
                () = sleep(pause) => Vec::new(),
            };
            self.signals.replace(signals);
            landed
        });
        landed.append(&mut self.flight.overdue(Instant::now()));
        for (_, exchange, since) in &landed {
            self.tell_result(exchange, *since);
        }
        landed.into_iter().map(|(ticket, exchange, _)| (ticket, exchange)).collect()
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
        self.clients.borrow_mut().clear();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
