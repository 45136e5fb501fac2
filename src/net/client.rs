//! The client library: single exchanges, files, and whatever goes through a proxy.

use std::time::Duration;

use hyper::http;
use reqwest::{Client, Url};

use super::message::{self, Framed};
use super::progress::Progress;
use super::trouble;
use crate::error::{Error, Result};
use crate::wire::{Exchange, Failure, Phase, Request, Show, url_is_loopback};

/// The longest that a connection may take to stand, whatever the deadline.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a connection may lie idle before another is made instead. Servers close those after a minute or so: a request
/// that meets that moment would be lost in doubt.
pub(super) const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// Shorter than the deadline, so that a connection that never stood is told from an answer that never came.
pub(super) fn connect_limit(deadline: Duration) -> Duration {
    CONNECT_LIMIT.min(deadline.mul_f64(0.9))
}

/// What decides how a client is built. A host in the company needs no roots, and loopback is never behind a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) tls: bool,
    pub(super) loopback: bool,
}

impl Class {
    pub(super) fn of(url: &Url) -> Self {
        Self { tls: url.scheme() == "https", loopback: url_is_loopback(url) }
    }
}

/// A client that never follows, repeats or decompresses anything by itself.
pub(super) fn build(
    class: Class,
    mut tls: rustls::ClientConfig,
    deadline: Duration,
) -> Result<Client> {
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_idle_timeout(IDLE_LIMIT)
        .connect_timeout(connect_limit(deadline))
        .tls_backend_preconfigured(tls);
    let builder = if class.loopback { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| {
        Error::input("cannot set up the connection")
            .because(anyhow::anyhow!(trouble::reason(&error)))
    })
}

/// The address of a request, if it can go out letter by letter as the vendor's rows made it.
pub(super) fn address(request: &Request) -> Result<Url> {
    let shown = request.url(Show::Redacted);
    let wrong = |why: String| {
        Error::input(format!("`{shown}` cannot be used as an address: {why}"))
            .help("an endpoint is `http://HOST[:PORT]` or `https://HOST[:PORT]`")
    };
    let url = Url::parse(&request.url(Show::Secrets)).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("`{}` is not http or https", url.scheme())));
    }
    // `..` as an id would silently become another path, and what was signed would not be what is sent.
    if !url.as_str().ends_with(&request.path.show(Show::Secrets)) {
        return Err(wrong("its path would be changed on the way".to_owned()));
    }
    Ok(url)
}

/// Lets connections that were kept notice that the other end has closed them, so that none of those takes a request: what is
/// written to one counts as sent. Needed where the runtime stood still since the last exchange.
pub(super) async fn notice_closed() {
    // The first turn reads what has come meanwhile, the second one runs the connections that it is for.
    for _ in 0..2 {
        tokio::task::yield_now().await;
    }
}

/// Sends a request once and reads its reply. Without a time limit of its own but that for connecting.
pub(super) async fn exchange(
    client: &Client,
    url: Url,
    framed: Framed,
    progress: &Progress,
) -> Exchange {
    let Framed { method, headers, body } = framed;
    let mut request = reqwest::Request::new(method, url);
    *request.headers_mut() = headers;
    match body {
        Some(body) => *request.body_mut() = Some(reqwest::Body::wrap(body)),
        None => progress.begin(),
    }
    let response = client.execute(request).await.map_err(|error| failure(&error, progress))?;
    progress.reply();
    message::read(http::Response::from(response))
        .await
        .map_err(|reason| Failure { phase: Phase::Reply, reason })
}

/// What can be proved of an error. In doubt the request has left.
fn failure(error: &reqwest::Error, progress: &Progress) -> Failure {
    let phase = if error.is_connect() || error.is_builder() {
        Phase::Connect
    } else if trouble::is_unreadable(error) {
        Phase::Reply
    } else {
        progress.phase()
    };
    let reason = if error.is_connect() && error.is_timeout() {
        "no connection within the time allowed".to_owned()
    } else {
        trouble::reason(error)
    };
    Failure { phase, reason }
}
