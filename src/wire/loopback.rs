//! Which hosts are this machine: one rule for endpoints, data centers, upload addresses, proxies, lint and the sandbox.
//!
//! Two kinds of host are: an IP address of the loopback range, and a name that RFC 6761 reserves for loopback
//! (`localhost` and every name below it). The network code never asks a resolver for such a name, so this rule is also
//! true for the connection. Any other name may resolve to anything, and is not loopback.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The addresses of a name that is [loopback](is_loopback_name), in the order in which they are tried.
pub const LOOPBACK: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Whether an address leads to this machine. It is `scheme://HOST[:PORT]` with anything after it, or `HOST[:PORT]`, as
/// in a `Host` header.
pub fn is_loopback(address: &str) -> bool {
    let parsed = match address.contains("://") {
        true => Url::parse(address),
        false => Url::parse(&format!("http://{address}")),
    };
    parsed.is_ok_and(|url| url_is_loopback(&url))
}

/// The same for a parsed address.
pub fn url_is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback_name(name),
        Some(Host::Ipv4(ip)) => is_loopback_ip(ip.into()),
        Some(Host::Ipv6(ip)) => is_loopback_ip(ip.into()),
        None => false,
    }
}

/// Whether others on the network can read the traffic to an address: plain http to another machine.
pub fn is_open(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) && !is_loopback(address)
}

/// Whether a name is reserved for this machine by RFC 6761: `localhost` or a name below it, in any case, with or
/// without the final dot.
pub fn is_loopback_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.rsplit_once('.') {
        Some((_, last)) => last.eq_ignore_ascii_case("localhost"),
        None => name.eq_ignore_ascii_case("localhost"),
    }
}

/// Whether an IP address belongs to this machine. An IPv4 address may be written as an IPv6 one.
pub fn is_loopback_ip(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_cannot_leave_the_machine_are_loopback() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("127.1", true),
            ("2130706433", true),
            ("0x7f.1", true),
            ("127.0.0.1.", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("[0:0:0:0:0:0:0:1]", true),
            ("localhost", true),
            ("LOCALHOST", true),
            ("localhost.", true),
            ("LocalHost.", true),
            ("vendor.localhost", true),
            ("vendor.localhost.", true),
            ("a.b.LOCALHOST.", true),
            ("%6cocalhost", true),
            ("localhost..", false),
            ("localhost.example.com", false),
            ("localhost.localdomain", false),
            ("ip6-localhost", false),
            ("notlocalhost", false),
            ("127.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("127.0.0.1.nip.io", false),
            ("10.0.0.1", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("[::ffff:10.0.0.1]", false),
            ("128.0.0.1", false),
            ("user@127.0.0.1.evil.example", false),
            ("127.0.0.1@evil.example", false),
            ("localhost@evil.example", false),
            ("localhost\\@evil.example", true),
            ("", false),
            ("cn", false),
        ] {
            for address in [
                format!("http://{host}"),
                format!("https://{host}:8443/a/b?c"),
                format!("HTTP://{host}:1"),
                host.to_owned(),
                format!("{host}:8787"),
            ] {
                assert_eq!(is_loopback(&address), expected, "{address}");
            }
        }
        assert!(!is_loopback("not a host"));
    }

    #[test]
    fn plain_http_is_open_but_to_this_machine() {
        for (address, expected) in [
            ("http://im.example", true),
            ("HTTP://im.example:80", true),
            ("http://127.evil.example", true),
            ("http://LOCALHOST", false),
            ("http://[::1]:80", false),
            ("https://im.example", false),
            ("cn", false),
        ] {
            assert_eq!(is_open(address), expected, "{address}");
        }
    }

    #[test]
    fn the_addresses_of_loopback_names_are_loopback() {
        assert!(LOOPBACK.into_iter().all(is_loopback_ip));
    }
}
