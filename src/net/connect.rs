//! Connections, step by step: name, proxy, connection, TLS. Each failure says which step it was.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Empty;
use hyper::Uri;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, PROXY_AUTHORIZATION};
use hyper::http::{Method, Request};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tower_service::Service as _;

use super::progress::Progress;
use super::proxy::Proxy;
use super::resolve::{self, KnownAddresses, Resolver};
use super::route::Route;
use super::trouble::{self, CauseInWords};
use crate::wire::{Cause, ExchangeStep, Failure, Hop, Reply};

/// The longest that a connection may take to stand, whatever the deadline.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a connection may lie idle before another is made instead. Servers close those after a minute or so: a request
/// that meets that moment would be lost in doubt.
pub(super) const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// How long connecting may take in exchanges with this deadline: less, so that a connection that never stood is told from an
/// answer that never came.
pub(super) fn limit(deadline: Duration) -> Duration {
    CONNECT_LIMIT.min(deadline.mul_f64(0.9))
}

/// A connection, with or without TLS, direct or through a proxy.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection in the form that the HTTP library takes.
pub(super) type Stream = TokioIo<Box<dyn Duplex>>;

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    resolver: Resolver,
    limit: Duration,
}

impl Connector {
    /// A connector for exchanges that take so long.
    pub(super) fn new(resolver: Resolver, deadline: Duration) -> Self {
        Self { resolver, limit: limit(deadline) }
    }

    /// Connects to a server. `tls` is there where the route needs it.
    pub(super) async fn connect(
        &self,
        route: &Route,
        tls: Option<&Arc<ClientConfig>>,
        progress: &Progress,
    ) -> Result<Stream, Failure> {
        let steps = self.steps(route, tls, progress);
        match tokio::time::timeout(self.limit, steps).await {
            Ok(connected) => connected.map(TokioIo::new).map_err(|fault| progress.failed(fault)),
            Err(_) => Err(progress.timed_out(self.limit)),
        }
    }

    async fn steps(
        &self,
        route: &Route,
        tls: Option<&Arc<ClientConfig>>,
        progress: &Progress,
    ) -> Result<Box<dyn Duplex>, CauseInWords> {
        let Hop { host, port, .. } = &*route.hop;
        let mut stream = match &route.proxy {
            None => {
                self.reach(host, *port, (ExchangeStep::Dns, ExchangeStep::Connect), progress)
                    .await?
            }
            Some((proxy, name)) => {
                let hop = &proxy.hop;
                let steps = (ExchangeStep::Proxy, ExchangeStep::Proxy);
                let mut stream = self.reach(&hop.host, hop.port, steps, progress).await?;
                if let Some(name) = name {
                    stream = secure(stream, name, tls).await?;
                }
                if route.tls_name.is_some() {
                    stream = tunnel(stream, host, *port, proxy).await?;
                }
                stream
            }
        };
        if let Some(name) = &route.tls_name {
            progress.enter(ExchangeStep::Tls);
            stream = secure(stream, name, tls).await?;
        }
        Ok(stream)
    }

    /// Finds a host and connects to it. Of several addresses each gets its share of the time.
    async fn reach(
        &self,
        host: &str,
        port: u16,
        (naming, connecting): (ExchangeStep, ExchangeStep),
        progress: &Progress,
    ) -> Result<Box<dyn Duplex>, CauseInWords> {
        progress.enter(naming);
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = match name.parse::<IpAddr>() {
            Ok(ip) => vec![ip],
            Err(_) => resolve::look_up(name, self.resolver)
                .await
                .map_err(|error| trouble::of_name(&error))?,
        };
        progress.enter(connecting);
        let mut http = HttpConnector::new_with_resolver(KnownAddresses(addresses));
        http.set_nodelay(true);
        http.set_connect_timeout(Some(self.limit));
        let unusable = |error: hyper::http::Error| (Cause::Unusable, error.to_string());
        let authority = format!("{host}:{port}");
        let uri = Uri::builder().scheme("http").authority(authority).path_and_query("/");
        let stream = http.call(uri.build().map_err(unusable)?).await;
        Ok(Box::new(stream.map_err(|error| trouble::fault(&error))?.into_inner()))
    }
}

/// Begins a TLS session.
async fn secure(
    stream: Box<dyn Duplex>,
    name: &ServerName<'static>,
    tls: Option<&Arc<ClientConfig>>,
) -> Result<Box<dyn Duplex>, CauseInWords> {
    let Some(tls) = tls else {
        return Err((Cause::TlsFailed, "no certificate is trusted".to_owned()));
    };
    let session = TlsConnector::from(Arc::clone(tls)).connect(name.clone(), stream).await;
    Ok(Box::new(session.map_err(|error| trouble::of_session(&error))?))
}

/// Asks a proxy for a connection to a server, of which it passes on the bytes.
async fn tunnel(
    stream: Box<dyn Duplex>,
    host: &str,
    port: u16,
    proxy: &Proxy,
) -> Result<Box<dyn Duplex>, CauseInWords> {
    let no_proxy = |error: hyper::Error| match trouble::fault(&error) {
        (Cause::NoHttp, words) => (Cause::NoProxy, words),
        fault => fault,
    };
    let made = http1::Builder::new().handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = made.map_err(no_proxy)?;
    // It ends with the sender, or hands over the bytes.
    tokio::spawn(async move { drop(connection.with_upgrades().await) });
    let request = connect_request(&format!("{host}:{port}"), proxy)?;
    let answer = sender.send_request(request).await.map_err(no_proxy)?;
    if !answer.status().is_success() {
        return Err(refusal(answer.status().as_u16(), Some(proxy)));
    }
    let stream = hyper::upgrade::on(answer).await.map_err(|error| trouble::fault(&error))?;
    Ok(Box::new(TokioIo::new(stream)))
}

fn connect_request(authority: &str, proxy: &Proxy) -> Result<Request<Empty<Bytes>>, CauseInWords> {
    let unusable = |error: hyper::http::Error| (Cause::Unusable, error.to_string());
    let request = Request::builder()
        .method(Method::CONNECT)
        .uri(authority)
        .header(HOST, authority)
        .body(Empty::new());
    let mut request = request.map_err(unusable)?;
    if let Some(credentials) = &proxy.credentials {
        request.headers_mut().insert(PROXY_AUTHORIZATION, credentials.clone());
    }
    Ok(request)
}

/// What a proxy says that does not let a connection or a request through. Of one that answers unasked nothing is known.
fn refusal(status: u16, proxy: Option<&Proxy>) -> CauseInWords {
    let said = |words: &str| format!("{words} (HTTP {status})");
    match (status, proxy) {
        (407, Some(proxy)) if proxy.credentials.is_some() => {
            (Cause::ProxyCredentials, said("it refuses the user name and the password"))
        }
        (407, Some(_)) => (Cause::ProxyCredentials, said("it wants a user name and a password")),
        (407, None) => {
            let words = "a proxy on the way wants a user name and a password";
            (Cause::ProxyCredentials, said(words))
        }
        (408 | 425 | 429 | 500..=599, _) => (Cause::ProxyFails, said("it cannot reach the server")),
        _ => (Cause::ProxyRefuses, said("it does not let the connection through")),
    }
}

/// A failure of which it is certain that nothing of the request was acted upon.
pub(super) fn unsent(route: &Route, step: ExchangeStep, (cause, reason): CauseInWords) -> Failure {
    let hop = Some(Box::new((*route.hop).clone()));
    Failure { hop, ..Failure::unsent(step, cause, reason) }
}

/// The failure that a reply is in which a proxy wants credentials: it is not the server's, and the server got nothing.
pub(super) fn asked_for_credentials(route: &Route, reply: &Reply) -> Option<Failure> {
    let proxy = route.proxy.as_ref().map(|(proxy, _)| &**proxy);
    let fault = (reply.status == 407).then(|| refusal(407, proxy))?;
    Some(unsent(route, ExchangeStep::Proxy, fault))
}
