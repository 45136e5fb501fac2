//! Which requests the sandbox server answers: those that programs on this machine send on purpose.
//!
//! Credentials of the sandbox are public, so a signature proves nothing. A web page that the developer has open can
//! send requests to loopback; after DNS rebinding it can also read the answers. Such a request shows by its `Host` (the
//! name of the page's site), its `Origin`, or `Sec-Fetch-Site`. All rules are here, and are pure.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::contract::Contract;
use crate::wire::is_loopback;

/// How many characters of a header's value an error repeats.
const MAX_SHOWN: usize = 80;

/// The longest host name (RFC 1035) and the longest label in it, in characters.
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// The names to which a server answers.
#[derive(Debug)]
pub(super) struct Admission {
    /// Whether other machines may send requests; any host name may then be the server's.
    is_exposed: bool,
    /// Hosts of the vendors that it replaces, lower case: clients that use it as their proxy send these names.
    vendor_hosts: Vec<String>,
}

/// Where a request claims to go and to come from: header values as they were sent.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestOrigin<'a> {
    /// Scheme and authority of a target in absolute form; for a `CONNECT` only the authority.
    pub(super) target: Option<(Option<&'a str>, &'a str)>,
    /// Every `Host`.
    pub(super) hosts: Vec<&'a str>,
    /// Every `Origin`.
    pub(super) origins: Vec<&'a str>,
    /// Every `Sec-Fetch-Site`.
    pub(super) fetch_sites: Vec<&'a str>,
}

/// A host with its port, in normalized form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Authority {
    /// Lower case, without a final dot; an IPv6 address in brackets.
    host: String,
    port: Option<u16>,
}

impl Admission {
    /// The rules of a server that replaces these vendors.
    pub(super) fn new<'a>(is_exposed: bool, contracts: impl Iterator<Item = &'a Contract>) -> Self {
        let endpoints = contracts.flat_map(|contract| contract.endpoints);
        let bases = endpoints.flat_map(|row| std::iter::once(row.base).chain(row.backup));
        let host = |base: &str| {
            let authority = base.split_once("://").map_or(base, |(_, rest)| rest);
            let authority = authority.split('/').next().unwrap_or_default();
            Authority::parse(authority).map(|authority| authority.host)
        };
        // A name without a dot stands for any host of a customer.
        let vendor_hosts = bases.filter_map(host).filter(|host| host.contains('.')).collect();
        Self { is_exposed, vendor_hosts }
    }

    /// Says why a request is not answered, if it is not.
    pub(super) fn check(&self, request: &RequestOrigin<'_>) -> Result<(), String> {
        let own = self.host_of(request)?;
        let scheme = request.target.and_then(|(scheme, _)| scheme).unwrap_or("http");
        for origin in &request.origins {
            let is_own = own.as_ref().is_some_and(|own| is_same_origin(origin, scheme, own));
            if !is_own || request.origins.len() > 1 {
                return Err(format!("a page of {} may not use it", shown(origin)));
            }
        }
        match request.fetch_sites.iter().find(|site| !matches!(**site, "same-origin" | "none")) {
            Some(site) => Err(format!("a page of another site may not use it ({})", shown(site))),
            None => Ok(()),
        }
    }

    /// The host that a request is for, which must be one of the server's. `None` if none is named and none is required.
    fn host_of(&self, request: &RequestOrigin<'_>) -> Result<Option<Authority>, String> {
        let header = match request.hosts.as_slice() {
            [] if self.is_exposed && request.target.is_none() => return Ok(None),
            [] => return Err("the request has no Host".to_owned()),
            [one] => Authority::parse(one).ok_or_else(|| format!("{} is no Host", shown(one)))?,
            several => return Err(format!("the request has {} Hosts", several.len())),
        };
        if let Some((scheme, authority)) = request.target {
            let same = Authority::parse(authority)
                .is_some_and(|target| target.is_same(&header, scheme.unwrap_or_default()));
            if !same {
                let (target, host) = (shown(authority), shown(request.hosts[0]));
                return Err(format!("the target is at {target}, and the Host is {host}"));
            }
        }
        if self.is_exposed || self.is_own(&header.host) {
            return Ok(Some(header));
        }
        let host = shown(request.hosts[0]);
        Err(format!(
            "the Host {host} is neither this machine nor a vendor's; --expose allows others"
        ))
    }

    fn is_own(&self, host: &str) -> bool {
        is_loopback(host) || self.vendor_hosts.iter().any(|own| own == host)
    }
}

impl Authority {
    /// Parses `HOST` or `HOST:PORT`. Only the usual forms are valid: an IPv4 address has four decimal numbers, an IPv6
    /// address is in brackets, and everything else must be a name. A user, a blank or an empty part is an error.
    fn parse(text: &str) -> Option<Self> {
        let (host, rest) = match text.strip_prefix('[') {
            Some(inside) => {
                let (address, rest) = inside.split_once(']')?;
                (format!("[{}]", address.parse::<Ipv6Addr>().ok()?), rest)
            }
            None => {
                let end = text.find(':').unwrap_or(text.len());
                (name_or_ipv4(&text[..end])?, &text[end..])
            }
        };
        let port = match rest {
            "" => None,
            _ => Some(port(rest.strip_prefix(':')?)?),
        };
        Some(Self { host, port })
    }

    /// Whether both are the same place: an omitted port is the scheme's default port.
    fn is_same(&self, other: &Self, scheme: &str) -> bool {
        let port = |one: &Self| one.port.or_else(|| usual_port(scheme));
        self.host == other.host && port(self) == port(other)
    }
}

fn name_or_ipv4(text: &str) -> Option<String> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(address.to_string());
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=MAX_LABEL).contains(&label.len()) && label.bytes().all(is_letter)
    };
    // URL parsers read `127.1` and `0x7f.1` as addresses.
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number = last.starts_with(|c: char| c.is_ascii_digit());
    let fits = name.len() <= MAX_NAME && name.split('.').all(is_label) && !is_number;
    fits.then(|| name.to_ascii_lowercase())
}

fn port(text: &str) -> Option<u16> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// Whether an `Origin` is that of a page from this server itself. `null` is never its origin.
fn is_same_origin(origin: &str, scheme: &str, own: &Authority) -> bool {
    let rest = origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://"));
    rest.and_then(Authority::parse).is_some_and(|page| page.is_same(own, scheme))
}

/// An untrusted value, for an error message.
fn shown(value: &str) -> String {
    let cut: String = value.chars().take(MAX_SHOWN).collect();
    let more = if cut.len() < value.len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

#[cfg(test)]
mod tests;
