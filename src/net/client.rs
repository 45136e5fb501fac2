//! One exchange over HTTP, and how far it got.

use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url};

use super::host::url_is_loopback;
use super::{Outgoing, Roots, Watch};
use crate::error::{Error, Result};
use crate::wire::{Body, Exchange, Failure, Method, Phase, Reply, Request, Show};

/// The most that is read of a reply.
pub(super) const REPLY_LIMIT: usize = 8 * 1024 * 1024;

/// The longest that a connection may take to stand, whatever the deadline.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a connection may lie idle before another is made instead.
const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// What decides how a client is built. A host in the company needs no roots, and loopback is never behind a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    tls: bool,
    loopback: bool,
}

impl Class {
    pub(super) fn of(url: &Url) -> Self {
        Self { tls: url.scheme() == "https", loopback: url_is_loopback(url) }
    }
}

/// A client that never follows, repeats or decompresses anything by itself.
pub(super) fn build(class: Class, roots: &Roots, deadline: Duration) -> Result<Client> {
    // An earlier client may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("herald/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // Servers close idle connections after a minute or so: a request that meets that moment would be lost in doubt.
        .pool_idle_timeout(IDLE_LIMIT)
        // Shorter than the deadline, so that a connection that never stood is told from an answer that never came.
        .connect_timeout(CONNECT_LIMIT.min(deadline.mul_f64(0.9)));
    let builder = if class.loopback { builder.no_proxy() } else { builder };
    let builder = match class.tls {
        true => roots.add_to(builder)?,
        false => builder.tls_certs_only(std::iter::empty()),
    };
    builder.build().map_err(|error| {
        Error::input("cannot set up the connection").because(anyhow::anyhow!(reason(&error)))
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

/// How far an exchange has got, readable from outside while it runs.
#[derive(Clone, Default)]
pub(super) struct Progress {
    flags: Arc<Flags>,
    /// Told how much of a body with files is gone.
    watch: Option<Watch>,
}

#[derive(Default)]
pub(super) struct Flags {
    /// Something asked for the first byte of the body.
    pub(super) begun: AtomicBool,
    replied: AtomicBool,
    /// A request without a body tells nobody when it is written: it counts as gone from the start.
    blind: AtomicBool,
}

impl Progress {
    /// Nothing has happened yet; files are watched on their way.
    pub(super) fn watched(watch: Option<Watch>) -> Self {
        Self { watch, ..Self::default() }
    }

    /// The phase to name if it were given up now.
    pub(super) fn phase(&self) -> Phase {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Acquire);
        if is_set(&self.flags.replied) {
            Phase::Reply
        } else if is_set(&self.flags.begun) || is_set(&self.flags.blind) {
            Phase::Sent
        } else {
            Phase::Connect
        }
    }
}

/// How an exchange ends whose time is up.
pub(super) fn timed_out(progress: &Progress, limit: Duration) -> Failure {
    let phase = progress.phase();
    let seconds = (limit.as_secs_f64() * 10.0).round() / 10.0;
    let reason = match phase {
        Phase::Connect => format!("no connection within {seconds} s"),
        Phase::Sent => format!("no answer within {seconds} s"),
        Phase::Reply => format!("the answer did not end within {seconds} s"),
    };
    Failure { phase, reason }
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
    prepared: reqwest::Request,
    progress: &Progress,
) -> Exchange {
    if prepared.body().is_none() {
        progress.flags.blind.store(true, Ordering::Release);
    }
    let response = client
        .execute(prepared)
        .await
        .map_err(|error| Failure { phase: phase_of(&error, progress), reason: reason(&error) })?;
    progress.flags.replied.store(true, Ordering::Release);
    read(response).await.map_err(|reason| Failure { phase: Phase::Reply, reason })
}

/// A request in the client's own form. Its files are open from now on.
pub(super) fn prepare(
    client: &Client,
    url: Url,
    request: &Request,
    progress: &Progress,
) -> Result<reqwest::Request, Failure> {
    framed(client, url, request, progress)
        .map_err(|reason| Failure { phase: Phase::Connect, reason })
}

fn framed(
    client: &Client,
    url: Url,
    request: &Request,
    progress: &Progress,
) -> Result<reqwest::Request, String> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut prepared = client.request(method, url).build().map_err(|error| reason(&error))?;
    let headers = prepared.headers_mut();
    headers.reserve(request.headers.len() + 4);
    headers.append(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for header in &request.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes())
            .map_err(|_| format!("`{}` is not the name of a header", header.name))?;
        let mut value = HeaderValue::try_from(header.value.show(Show::Secrets))
            .map_err(|_| format!("the header `{}` would hold a control character", header.name))?;
        value.set_sensitive(header.value.has_secret());
        headers.append(name, value);
    }
    let body = Outgoing::of(&request.body)
        .map_err(|error| format!("{}: {error}", what_is_missing(&request.body)))?;
    if let Some(media) = &body.media {
        let media = HeaderValue::try_from(media.as_ref())
            .map_err(|_| "the media type would hold a control character".to_owned())?;
        headers.append(CONTENT_TYPE, media);
    }
    if body.length > 0 {
        let body = body.marking(Arc::clone(&progress.flags), progress.watch.clone());
        *prepared.body_mut() = Some(reqwest::Body::wrap(body));
    } else if matches!(request.method, Method::Post | Method::Put) {
        headers.append(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(prepared)
}

/// Names the files of a body of which one cannot be read.
fn what_is_missing(body: &Body) -> String {
    let parts = match body {
        Body::Multipart(parts) => parts,
        Body::File { path, .. } => return format!("cannot read `{}`", path.display()),
        Body::None | Body::Text { .. } => return "cannot frame the body".to_owned(),
    };
    let names: Vec<String> = parts
        .iter()
        .filter_map(|part| match part {
            crate::wire::FormPart::File { path, .. } => Some(format!("`{}`", path.display())),
            crate::wire::FormPart::Field { .. } | crate::wire::FormPart::Content { .. } => None,
        })
        .collect();
    format!("cannot read {}", names.join(" or "))
}

/// Reads a reply chunk by chunk, so that an endless one ends here.
async fn read(mut response: Response) -> Result<Reply, String> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let too_large =
        || format!("the reply (HTTP {status}) has more than {} MiB", REPLY_LIMIT / 1024 / 1024);
    if response.content_length().is_some_and(|length| length > REPLY_LIMIT as u64) {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(expected(&response));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > REPLY_LIMIT => return Err(too_large()),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Reply { status, headers, body }),
            Err(error) => {
                let read = body.len();
                return Err(format!(
                    "the reply (HTTP {status}) broke off after {read} bytes: {}",
                    reason(&error)
                ));
            }
        }
    }
}

/// How many bytes a reply says that it has, as far as that is worth believing beforehand.
fn expected(response: &Response) -> usize {
    const MOST: u64 = 64 * 1024;
    usize::try_from(response.content_length().unwrap_or_default().min(MOST)).unwrap_or_default()
}

/// What can be proved of an error. In doubt the request has left.
fn phase_of(error: &reqwest::Error, progress: &Progress) -> Phase {
    let unreadable = causes(error)
        .any(|cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse));
    if error.is_connect() || error.is_builder() {
        Phase::Connect
    } else if unreadable {
        Phase::Reply
    } else {
        progress.phase()
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

/// Why, in the words of the innermost layers. The address is left out: it may hold a secret.
fn reason(error: &reqwest::Error) -> String {
    let reset = causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::ConnectionReset);
    let closed = causes(error)
        .filter_map(|cause| cause.downcast_ref::<hyper::Error>())
        .any(hyper::Error::is_incomplete_message);
    if reset {
        return "the connection was reset".to_owned();
    }
    if closed {
        return "the connection was closed before an answer came".to_owned();
    }
    if error.is_connect() && error.is_timeout() {
        return "no connection within the time allowed".to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    for cause in causes(error) {
        let text = cause.to_string();
        // Layers repeat each other, and the outer ones of hyper-util and reqwest say nothing.
        let is_new = !words.iter().any(|known| known.contains(&text));
        if is_new && !text.starts_with("client error") && !text.starts_with("error sending") {
            words.retain(|known| !text.contains(known.as_str()));
            words.push(text);
        }
    }
    match words.join(": ") {
        text if text.is_empty() => "the exchange failed".to_owned(),
        text if text.contains("peer certificate") => {
            format!("{text}; a root of your own is named with --cacert FILE")
        }
        text => text,
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Progress").field(&self.phase()).finish()
    }
}
