//! Requests and replies in the form of the HTTP library.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    USER_AGENT,
};
use smol_str::SmolStr;

use super::OutgoingBody;
use super::error_text::{self, CauseInWords};
use super::progress::Progress;
use super::route::Route;
use crate::wire::{self, Cause, Method, Reply, Request};

/// The most that is read of a reply.
pub(super) const REPLY_LIMIT: usize = 8 * 1024 * 1024;

/// What some servers put before their UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What all requests say: how herald names itself, and that it takes any answer as it is.
static AGENT: HeaderValue = HeaderValue::from_static(concat!("herald/", env!("CARGO_PKG_VERSION")));
static ANYTHING: HeaderValue = HeaderValue::from_static("*/*");
static AS_IT_IS: HeaderValue = HeaderValue::from_static("identity");

/// The names of headers in the form of the HTTP library: vendors use few, and each request the same.
#[derive(Debug, Default)]
pub(super) struct HeaderNameCache(RefCell<Vec<(&'static str, HeaderName)>>);

impl HeaderNameCache {
    fn of(&self, name: &'static str) -> Result<HeaderName, CauseInWords> {
        let mut known = self.0.borrow_mut();
        if let Some((_, found)) = known.iter().find(|(known, _)| *known == name) {
            return Ok(found.clone());
        }
        let made = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| unusable(format!("`{name}` is not the name of a header")))?;
        known.push((name, made.clone()));
        Ok(made)
    }
}

/// Frames a request, or tells why it cannot be. Its files are open from now on.
pub(super) fn frame(
    request: Request,
    route: &Route,
    names: &HeaderNameCache,
    progress: &Arc<Progress>,
) -> Result<reqwest::Request, CauseInWords> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 6);
    headers.append(USER_AGENT, AGENT.clone());
    headers.append(ACCEPT, ANYTHING.clone());
    headers.append(ACCEPT_ENCODING, AS_IT_IS.clone());
    for header in request.headers {
        let name = names.of(header.name)?;
        let is_secret = header.value.has_secret();
        let mut value = HeaderValue::try_from(header.value.into_text())
            .map_err(|_| unusable(control_in_header(header.name)))?;
        value.set_sensitive(is_secret);
        headers.append(name, value);
    }
    let files = what_is_missing(&request.body);
    let mut body = OutgoingBody::of(request.body).map_err(|error| {
        let (cause, words) = error_text::of_system(&error);
        let cause = if cause == Cause::TooManyFiles { cause } else { Cause::Unusable };
        (cause, format!("{files}: {words}"))
    })?;
    match &body.media {
        // No copy: each request of a broadcast has it.
        Some(Cow::Borrowed(media)) => {
            headers.append(CONTENT_TYPE, HeaderValue::from_static(media));
        }
        Some(Cow::Owned(media)) => {
            let media = HeaderValue::try_from(media).map_err(|_| {
                unusable("the media type would hold a control character".to_owned())
            })?;
            headers.append(CONTENT_TYPE, media);
        }
        None => {}
    }
    if body.length == 0 && matches!(request.method, Method::Post | Method::Put) {
        headers.append(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    body.progress = Some(Arc::clone(progress));
    let mut framed = reqwest::Request::new(method, route.url.clone());
    *framed.headers_mut() = headers;
    *framed.body_mut() = Some(reqwest::Body::wrap(body));
    Ok(framed)
}

/// A request that cannot be written.
fn unusable(why: String) -> CauseInWords {
    (Cause::Unusable, why)
}

fn control_in_header(name: &str) -> String {
    format!("the header `{name}` would hold a control character")
}

/// What keeps a request from being written: a header that would hold a control character.
pub(super) fn fault(request: &Request) -> Option<String> {
    let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\t';
    let mut headers = request.headers.iter();
    let wrong = headers.find(|header| header.value.has_byte(is_control))?;
    Some(control_in_header(wrong.name))
}

/// Names the files of a body where one of them cannot be read.
fn what_is_missing(body: &wire::Body) -> Cow<'static, str> {
    let parts = match body {
        wire::Body::Multipart(parts) => parts,
        wire::Body::File { path, .. } => return format!("cannot read `{}`", path.display()).into(),
        wire::Body::None | wire::Body::Text { .. } => return "cannot frame the body".into(),
    };
    let names: Vec<String> = parts
        .iter()
        .filter_map(|part| match part {
            wire::FormPart::File { path, .. } => Some(format!("`{}`", path.display())),
            wire::FormPart::Field { .. } | wire::FormPart::Content { .. } => None,
        })
        .collect();
    format!("cannot read {}", names.join(" or ")).into()
}

/// Reads a reply chunk by chunk, so that an endless one ends here.
pub(super) async fn read(response: &mut reqwest::Response) -> Result<Reply, CauseInWords> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| SmolStr::new(String::from_utf8_lossy(value.as_bytes()));
    let headers = response.headers();
    let headers = headers.iter().map(|(name, value)| (name.as_str().into(), text(value))).collect();
    let too_large = || {
        let most = REPLY_LIMIT / 1024 / 1024;
        (Cause::TooLarge, format!("the reply (HTTP {status}) has more than {most} MiB"))
    };
    let expected = response.content_length().unwrap_or_default();
    if expected > REPLY_LIMIT as u64 {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(worth_believing(expected));
    loop {
        let chunk = response.chunk().await.map_err(|error| {
            let read = body.len();
            let (_, why) = error_text::fault(&error);
            (
                Cause::CutOff,
                format!("the reply (HTTP {status}) broke off after {read} bytes: {why}"),
            )
        })?;
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > REPLY_LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    if body.starts_with(BYTE_ORDER_MARK) {
        // No part of any document, and no parser takes it.
        body.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(Reply { status, headers, body })
}

/// How many bytes a reply says that it has, as far as that is worth believing beforehand.
fn worth_believing(bytes: u64) -> usize {
    const MAX_TRUSTED_LENGTH: u64 = 64 * 1024;
    usize::try_from(bytes.min(MAX_TRUSTED_LENGTH)).unwrap_or_default()
}
