//! What a proxy says that is asked for a tunnel to a server.

use reqwest::{Client, Method, Request, Url};

use super::error_text::{self, CauseInWords};
use super::proxy::Proxy;
use super::route::Route;
use crate::wire::Cause;

/// Why a proxy made no tunnel, where that is what an error says.
///
/// The library tells no status but 407. So the proxy is asked again by a request that has a reply: like the first one,
/// it carries nothing of the request that was to go through the tunnel.
pub(super) async fn refused(
    error: &reqwest::Error,
    route: &Route,
    client: &Client,
) -> Option<CauseInWords> {
    let proxy = route.proxy.as_deref()?;
    match error_text::of_tunnel(error)? {
        "proxy authorization required" => Some(refusal(407, Some(proxy))),
        "unsuccessful" | "proxy response headers too long" => {
            Some(ask_again(route, proxy, client).await)
        }
        "unexpected end of file" => {
            Some((Cause::Closed, "the connection was closed before an answer came".to_owned()))
        }
        // It could not be asked at all.
        _ => None,
    }
}

async fn ask_again(route: &Route, proxy: &Proxy, client: &Client) -> CauseInWords {
    let url = match Url::parse(&format!("http://{}:{}", route.hop.host, route.hop.port)) {
        Ok(url) => url,
        Err(error) => return (Cause::Unusable, error.to_string()),
    };
    match client.execute(Request::new(Method::CONNECT, url)).await {
        Ok(answer) => refusal(answer.status().as_u16(), Some(proxy)),
        Err(error) if error.is_timeout() => (Cause::TimedOut, "no answer in time".to_owned()),
        Err(error) => match error_text::fault(&error) {
            (Cause::NoHttp, words) => (Cause::NoProxy, words),
            fault => fault,
        },
    }
}

/// What a proxy says that does not let a connection or a request through. Of one that answers unasked nothing is known.
pub(super) fn refusal(status: u16, proxy: Option<&Proxy>) -> CauseInWords {
    let said = |words: &str| format!("{words} (HTTP {status})");
    match (status, proxy) {
        (407, Some(proxy)) if proxy.credentials.is_some() => {
            (Cause::ProxyCredentials, said("it refuses the user name and the password"))
        }
        (407, Some(_)) => (Cause::ProxyCredentials, said("it needs a user name and a password")),
        (407, None) => {
            let words = "a proxy on the way needs a user name and a password";
            (Cause::ProxyCredentials, said(words))
        }
        // It let the second question through: another attempt may get through as well.
        (200..=299, _) => (Cause::ProxyFails, "it made no tunnel at first".to_owned()),
        (408 | 425 | 429 | 500..=599, _) => (Cause::ProxyFails, said("it cannot reach the server")),
        _ => (Cause::ProxyRefuses, said("it does not let the connection through")),
    }
}
