//! Proxies that the environment names. Requests that need one are the client library's business.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use crate::error::{Error, Result};
use crate::wire::url_is_loopback;

/// Whether the way to an address leads through a proxy.
pub(super) fn is_before(url: &Url, whole: &Uri) -> bool {
    !url_is_loopback(url) && Matcher::from_env().intercept(whole).is_some()
}

/// Refuses an address whose proxy cannot be used. The client library would pass over such a proxy in silence, and go where
/// nobody may want it to.
pub(super) fn check(url: &Url) -> Result<()> {
    let Ok(whole) = url.as_str().parse::<Uri>() else { return Ok(()) };
    if url_is_loopback(url) {
        return Ok(());
    }
    let Some((name, value)) = named(url.scheme()) else { return Ok(()) };
    // Any proxy that can be used takes the place of this one where the host is not excepted.
    let excepted = std::env::var("NO_PROXY").or_else(|_| std::env::var("no_proxy"));
    let through = |proxy: &str| {
        let matcher = Matcher::builder().all(proxy).no(excepted.clone().unwrap_or_default());
        matcher.build().intercept(&whole).is_some()
    };
    if through("http://127.0.0.1") && !through(&value) {
        return Err(Error::input(format!("`{name}` names no proxy that can be used"))
            .help("a proxy is `http://HOST:PORT`; `NO_PROXY` lists hosts that need none"));
    }
    Ok(())
}

/// The variable that names the proxy for a scheme, as the client library looks for it, and what it says.
fn named(scheme: &str) -> Option<(&'static str, String)> {
    let names = match scheme {
        "https" => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    let said = |name: &&'static str| Some((*name, std::env::var(name).ok()?));
    names.iter().filter_map(said).find(|(_, value)| !value.is_empty())
}
