//! Proxies that the environment names.

use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use url::{Host, Url};

use super::no_proxy::NoProxy;
use crate::error::{Error, Result};
use crate::text::escape;
use crate::wire::{ProxyHop, unprintable, url_is_loopback};

/// A proxy that herald can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proxy {
    /// Host and port, and the variable that names it.
    pub(super) hop: ProxyHop,
    /// Whether herald speaks TLS with it.
    pub(super) is_tls: bool,
    /// The value of `Proxy-Authorization`, where it has a name and a password.
    pub(super) credentials: Option<HeaderValue>,
}

impl Proxy {
    /// The proxy for all requests of a client.
    pub(super) fn for_all(&self) -> reqwest::Result<reqwest::Proxy> {
        let scheme = if self.is_tls { "https" } else { "http" };
        let proxy = reqwest::Proxy::all(format!("{scheme}://{}:{}", self.hop.host, self.hop.port))?;
        Ok(match &self.credentials {
            Some(credentials) => proxy.custom_http_auth(credentials.clone()),
            None => proxy,
        })
    }
}

/// The variables of the environment, by their names.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The proxy on the way to an address. One that is named and cannot be used is an error: to go past it in silence, or to
/// try it, may send a request to a place that was not meant.
pub(super) fn on_the_way(url: &Url) -> Result<Option<Proxy>> {
    choose(url, &variable)
}

/// A warning about entries of `NO_PROXY` that cannot be understood, if that list has a say in how an address is reached:
/// its host may be meant by one of them.
pub(super) fn warning(url: &Url) -> Option<String> {
    warning_in(url, &variable)
}

/// What a variable says. One that is not UTF-8 is not skipped in silence: what is made of it here fits no proxy.
fn variable(name: &str) -> Option<String> {
    Some(std::env::var_os(name)?.to_string_lossy().into_owned())
}

fn choose(url: &Url, environment: Environment<'_>) -> Result<Option<Proxy>> {
    let Some((variable, value)) = named(url, environment) else { return Ok(None) };
    if excepted(environment).is_some_and(|(_, list)| list.has(url)) {
        return Ok(None);
    }
    parse(variable, &value).map(Some).map_err(|(fault, help)| {
        Error::input(format!("the proxy in `{variable}` {fault}")).help(help)
    })
}

fn warning_in(url: &Url, environment: Environment<'_>) -> Option<String> {
    named(url, environment)?;
    let (variable, list) = excepted(environment)?;
    let unread: Vec<String> =
        list.unread.iter().map(|entry| format!("`{}`", escape(entry))).collect();
    let entries = match unread.as_slice() {
        [] => return None,
        [one] => format!("entry {one}"),
        several => format!("entries {}", several.join(", ")),
    };
    Some(format!(
        "{variable}: the {entries} cannot be understood, and changes nothing; an entry is a name, `.name`, `*.name`, an \
         address, a network as 192.0.2.0/24, each perhaps with `:PORT`, or `*`"
    ))
}

/// Whether a connection to an address stays on this machine: also `0.0.0.0` and `[::]`, which lead nowhere else, though
/// servers listen to others on them.
fn leads_here(url: &Url) -> bool {
    let is_unspecified = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => ip.is_unspecified(),
        Some(Host::Domain(_)) | None => false,
    };
    is_unspecified || url_is_loopback(url)
}

/// The variable that names the proxy on the way to an address, unless `NO_PROXY` names that, and what it says.
fn named(url: &Url, environment: Environment<'_>) -> Option<(&'static str, String)> {
    // In a CGI program a client of the server sets HTTP_PROXY, by a header.
    if leads_here(url) || environment("REQUEST_METHOD").is_some() {
        return None;
    }
    let names = match url.scheme() {
        "https" => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    first_that_says(&names, environment)
}

/// The hosts that need no proxy, and the variable that lists them.
fn excepted(environment: Environment<'_>) -> Option<(&'static str, NoProxy)> {
    let (name, list) = first_that_says(&["NO_PROXY", "no_proxy"], environment)?;
    Some((name, NoProxy::read(&list)))
}

/// The first of some variables that is set and not empty.
fn first_that_says(
    names: &[&'static str],
    environment: Environment<'_>,
) -> Option<(&'static str, String)> {
    let said = |name: &&'static str| Some((*name, environment(name)?));
    names.iter().filter_map(said).find(|(_, value)| !value.is_empty())
}

/// What a proxy looks like.
const FORM: &str =
    "a proxy is http://[NAME:PASSWORD@]HOST:PORT or https://…; NO_PROXY lists hosts that need none";

/// A proxy as a variable names it, or what is wrong with it and what to do. Nothing of the value is shown but its scheme:
/// it may hold a password.
fn parse(variable: &'static str, value: &str) -> std::result::Result<Proxy, (String, String)> {
    let wrong = |fault: &str| (fault.to_owned(), FORM.to_owned());
    if let Some(fault) = unprintable(value) {
        return Err(wrong(&fault));
    }
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let is_tls = match scheme.to_ascii_lowercase().as_str() {
        "http" => false,
        "https" => true,
        other if other.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
            let fault = format!("has the scheme `{other}`, which herald does not speak");
            return Err(wrong(&fault));
        }
        _ => return Err(wrong("is not a URL")),
    };
    let (user, place) = match rest.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, rest),
    };
    if let Some(sign) = user.and_then(raw_sign) {
        let mut bytes = [0; 4];
        let encoded: String =
            sign.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect();
        return Err((
            format!("has a raw `{sign}` in its name or password"),
            format!("write it as `{encoded}`"),
        ));
    }
    let (host, port) = place_of(place, is_tls).map_err(|fault| wrong(&fault))?;
    let plain =
        format!("http://{}{host}:{port}", user.map(|user| format!("{user}@")).unwrap_or_default());
    let matcher = Matcher::builder().all(plain).build();
    let found = matcher.intercept(&Uri::from_static("http://host.invalid/"));
    let found = found.ok_or_else(|| wrong("is not a URL"))?;
    let credentials = user.and_then(|_| found.basic_auth().cloned());
    Ok(Proxy { hop: ProxyHop { host, port, variable }, is_tls, credentials })
}

/// The first sign in a name and password that has to be percent-encoded there.
fn raw_sign(user: &str) -> Option<char> {
    const PLAIN: &str = "-._~!$&'()*+,;=:%";
    let is_plain = |c: char| c.is_ascii_alphanumeric() || PLAIN.contains(c);
    let wrong = user.chars().find(|c| !is_plain(*c));
    wrong.or_else(|| {
        let mut parts = user.split('%').skip(1);
        let is_hex = |part: &str| part.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
        parts.any(|part| !is_hex(part)).then_some('%')
    })
}

/// Host and port. The port that the scheme has where none is written.
fn place_of(text: &str, is_tls: bool) -> std::result::Result<(String, u16), String> {
    if text.contains(['?', '#', '\\']) {
        return Err("has a query, a fragment or a backslash".to_owned());
    }
    let authority = text.split('/').next().unwrap_or_default();
    let colon = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let (host, port) = match colon {
        Some(at) => (&authority[..at], Some(&authority[at + 1..])),
        None => (authority, None),
    };
    let usual = if is_tls { 443 } else { 80 };
    let port = match port {
        None | Some("") => usual,
        Some(text) => text
            .parse::<u16>()
            .ok()
            .filter(|port| *port > 0 && text.bytes().all(|digit| digit.is_ascii_digit()))
            .ok_or_else(|| format!("has no usable port: `{}`", shown(text)))?,
    };
    if host.is_empty() {
        return Err("names no host".to_owned());
    }
    let url = Url::parse(&format!("http://{host}"))
        .map_err(|error| format!("has no usable host: {error}"))?;
    let host = url.host_str().ok_or("names no host")?;
    Ok((host.to_owned(), port))
}

/// A port as it may be shown: a number, and no piece of a password.
fn shown(port: &str) -> &str {
    if port.len() <= 10 && port.bytes().all(|digit| digit.is_ascii_digit()) { port } else { "…" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chosen(
        url: &str,
        environment: &[(&str, &str)],
    ) -> std::result::Result<Option<Proxy>, Error> {
        let url = Url::parse(url).expect("an address");
        choose(&url, &|name| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    /// Host, port and variable of the proxy, where there is one.
    fn place(url: &str, environment: &[(&str, &str)]) -> Option<String> {
        chosen(url, environment).expect("usable").map(|proxy| proxy.hop.to_string())
    }

    #[test]
    fn the_variable_of_the_scheme_counts_before_the_one_for_all() {
        let all =
            [("all_proxy", "http://all:1"), ("https_proxy", "https://tls:2"), ("HTTP_PROXY", "")];
        for (url, expected) in [
            ("https://im.example", Some("tls:2 (https_proxy)")),
            ("http://im.example", Some("all:1 (all_proxy)")),
            ("http://127.0.0.1:8080", None),
            ("https://0.0.0.0:1", None),
            ("https://[::]", None),
            ("https://localhost.", None),
            ("https://vendor.localhost", None),
        ] {
            assert_eq!(place(url, &all).as_deref(), expected, "{url}");
        }
        assert_eq!(place("http://im.example", &[("https_proxy", "http://p:1")]), None);
        let excepted =
            [("all_proxy", "socks5://p:1"), ("NO_PROXY", ""), ("no_proxy", "im.example")];
        assert_eq!(place("http://im.example", &excepted), None, "it is not even looked at");
        let cgi = [("HTTP_PROXY", "http://evil:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(place("http://im.example", &cgi), None);
    }

    #[test]
    fn entries_that_cannot_be_understood_are_named_where_the_list_has_a_say() {
        let list = ("no_proxy", "im.*, *, b\u{202e}ad:x, http://im.example");
        let proxy = ("all_proxy", "http://p:1");
        let warned = |url: &str, environment: &[(&str, &str)]| {
            warning_in(&Url::parse(url).expect("an address"), &|name| {
                let found = environment.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let warning = warned("https://im.example", &[list, proxy]).expect("a warning");
        let entries = "no_proxy: the entries `im.*`, `b\\u{202e}ad:x`, `http://im.example` cannot";
        assert!(warning.starts_with(entries), "{warning}");
        assert_eq!(place("https://im.example", &[list, proxy]), None, "by the `*`");
        for (url, environment) in [
            ("https://127.0.0.1", &[list, proxy][..]),
            ("https://im.example", &[list]),
            ("https://im.example", &[list, ("http_proxy", "http://p:1")]),
            ("https://im.example", &[("NO_PROXY", "a.b"), list, proxy]),
        ] {
            assert_eq!(warned(url, environment), None, "{url} {environment:?}");
        }
    }

    #[test]
    fn what_can_be_used_is_read_with_its_credentials() {
        for (value, expected, credentials) in [
            ("http://p.example:7823", "p.example:7823", None),
            ("p.example:7823", "p.example:7823", None),
            ("HTTP://P.Example:7823/", "p.example:7823", None),
            ("http://p.example", "p.example:80", None),
            ("https://p.example", "p.example:443", None),
            ("http://[::1]:7823", "[::1]:7823", None),
            ("http://user:pass@p:1", "p:1", Some("Basic dXNlcjpwYXNz")),
            ("http://user:p%40ss%23w@p:1", "p:1", Some("Basic dXNlcjpwQHNzI3c=")),
            ("user@p:1", "p:1", Some("Basic dXNlcjo=")),
        ] {
            let proxy = parse("http_proxy", value).expect(value);
            assert_eq!(format!("{}:{}", proxy.hop.host, proxy.hop.port), expected);
            let sent = proxy.credentials.as_ref().map(|value| value.to_str().expect("ASCII"));
            assert_eq!(sent, credentials, "{value}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named_by_variable_and_fault_and_not_shown() {
        for (value, words) in [
            ("socks5://127.0.0.1:7890", "has the scheme `socks5`"),
            ("socks5h://user:secret@127.0.0.1:7890", "has the scheme `socks5h`"),
            ("socks4://127.0.0.1:7890", "has the scheme `socks4`"),
            ("ftp://127.0.0.1:1", "has the scheme `ftp`"),
            ("http://user:secret#w@127.0.0.1:7823", "has a raw `#`"),
            ("http://user:p@secret@127.0.0.1:7823", "has a raw `@`"),
            ("http://user:p@secret#w@127.0.0.1:7823", "has a raw `@`"),
            ("http://user:secret/w@127.0.0.1:7823", "has a raw `/`"),
            ("http://user:secret?w@127.0.0.1:7823", "has a raw `?`"),
            ("http://user:secret\\w@127.0.0.1:7823", "has a raw `\\`"),
            ("http://user:secret%w@127.0.0.1:7823", "has a raw `%`"),
            ("http://user:sécret@127.0.0.1:7823", "has a raw `é`"),
            ("http://127.0.0.1:99999", "no usable port: `99999`"),
            ("http://127.0.0.1:0", "no usable port: `0`"),
            ("http://127.0.0.1:http", "no usable port"),
            ("http://user:secret", "no usable port: `…`"),
            ("127.0.0.1:+80", "no usable port"),
            ("http://", "names no host"),
            ("http://:80", "names no host"),
            ("http://user:secret@", "names no host"),
            ("http://127.0.0.1:80#x", "a query, a fragment"),
            ("http://127.0.0.1:80?x", "a query, a fragment"),
            ("http://exa mple:80", "has a blank"),
            ("http://127.0.0.1:80\r\nX: y", "has a line break"),
            ("http://127.0.0.1:80\n", "has a line break"),
            ("http://[::1:80", "no usable host"),
            ("http://a..b%00:80", "no usable host"),
        ] {
            let environment = [("ALL_PROXY", value)];
            let error = chosen("https://im.example", &environment).expect_err(value);
            assert_eq!(error.exit(), crate::exit::Exit::Input);
            let told = format!("{error} {}", error.advice().unwrap_or_default());
            assert!(told.contains("`ALL_PROXY`") && told.contains(words), "{value}: {told}");
            assert!(!told.contains("ecret"), "{told}");
        }
    }

    proptest! {
        #[test]
        fn any_value_is_a_proxy_of_the_host_that_is_written_or_an_error(value in "[a-z0-9:/@#%?. \\[\\]]{0,30}") {
            if let Ok(proxy) = parse("http_proxy", &value) {
                prop_assert!(proxy.hop.port > 0 && !proxy.hop.host.is_empty());
                prop_assert!(value.matches('@').count() <= 1 && !value.contains('#'));
            }
        }
    }
}
