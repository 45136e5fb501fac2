//! Hosts that need no proxy, as `NO_PROXY` lists them.
//!
//! There is no standard. This reads what curl and Go read: names with or without a leading dot, `*.name`, addresses,
//! networks, each with a port or without, and `*`. hyper-util's matcher is not used for it: it knows neither ports nor
//! `*.name`, and `*` only for names.

use ipnet::IpNet;
use url::{Host, Url};

/// The entries of the list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NoProxy {
    entries: Vec<NoProxyEntry>,
    /// Entries that cannot be understood, as they are written.
    pub(super) unread: Vec<String>,
}

/// One entry: a host, or many, at one port or at any.
#[derive(Debug, PartialEq, Eq)]
struct NoProxyEntry {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Hosts {
    /// `*`
    All,
    /// A name and all names below it: `example.com`, and `.example.com` as curl reads it.
    Name(String),
    /// The names below a name: `*.example.com`.
    Below(String),
    /// An address is a network of one.
    Network(IpNet),
}

impl NoProxy {
    /// Reads a list. Commas and blanks separate its entries.
    pub(super) fn read(list: &str) -> Self {
        let mut read = Self::default();
        let is_between = |c: char| c == ',' || c.is_whitespace();
        for text in list.split(is_between).filter(|text| !text.is_empty()) {
            match NoProxyEntry::read(text) {
                Some(entry) => read.entries.push(entry),
                None => read.unread.push(text.to_owned()),
            }
        }
        read
    }

    /// Whether the host and the port of an address are in the list.
    pub(super) fn has(&self, url: &Url) -> bool {
        let port = url.port_or_known_default();
        let is_of_port = |entry: &&NoProxyEntry| entry.port.is_none() || entry.port == port;
        self.entries.iter().filter(is_of_port).any(|entry| entry.hosts.have(url.host()))
    }
}

impl NoProxyEntry {
    fn read(text: &str) -> Option<Self> {
        let (host, port) = split_port(text)?;
        Some(Self { hosts: Hosts::read(host)?, port })
    }
}

/// The host and the port of an entry. The colons of an IPv6 address belong to the host, unless it is in brackets, or the
/// length of a network stands between.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let end = text.rfind([']', '/']).unwrap_or_default();
    let rest = &text[end..];
    match rest.split_once(':') {
        Some((before, port)) if !port.contains(':') => {
            let is_port = port.bytes().all(|digit| digit.is_ascii_digit());
            let port = port.parse().ok().filter(|port| is_port && *port > 0)?;
            Some((&text[..end + before.len()], Some(port)))
        }
        _ => Some((text, None)),
    }
}

impl Hosts {
    fn read(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some(network) = network(text) {
            return Some(Self::Network(network));
        }
        match text.strip_prefix("*.") {
            Some(name) => Some(Self::Below(name_of(name)?)),
            None => Some(Self::Name(name_of(text.strip_prefix('.').unwrap_or(text))?)),
        }
    }

    fn have(&self, host: Option<Host<&str>>) -> bool {
        let ip = match host {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            // An IPv4 address may be written as an IPv6 one.
            Some(Host::Ipv6(ip)) => Some(std::net::IpAddr::V6(ip).to_canonical()),
            Some(Host::Domain(_)) | None => None,
        };
        match (self, host) {
            (Self::All, _) => true,
            (Self::Network(network), _) => ip.is_some_and(|ip| network.contains(&ip)),
            (Self::Name(name), Some(Host::Domain(host))) => {
                host.strip_suffix('.').unwrap_or(host) == name || is_below(host, name)
            }
            (Self::Below(name), Some(Host::Domain(host))) => is_below(host, name),
            (Self::Name(_) | Self::Below(_), _) => false,
        }
    }
}

/// Whether a host stands below a name. Both are in lower case, the host perhaps with a final dot.
fn is_below(host: &str, name: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_suffix(name).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// An address or a network, with brackets around the address, around all of it, or with none.
fn network(text: &str) -> Option<IpNet> {
    let plain = text.replacen(['[', ']'], "", 2);
    let is_bracketed = plain.len() < text.len();
    if is_bracketed && !(text.starts_with('[') && text.contains(']') && plain.contains(':')) {
        return None;
    }
    let network = match plain.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(plain.parse::<std::net::IpAddr>().ok()?.to_canonical()),
    };
    Some(network)
}

/// A name as a parsed address has it: in lower case, in ASCII, without the final dot. A piece of an IPv4 address is no
/// name, and no network either: `10.0` may mean either `10.0.0.0/16` or `10.0.0.0`.
fn name_of(text: &str) -> Option<String> {
    if text.contains('*') {
        return None;
    }
    let Ok(Host::Domain(name)) = Host::parse(text) else { return None };
    let name = name.strip_suffix('.').unwrap_or(&name);
    // The parser of addresses lets through what no name of a host has, as `;` or quotes: of a list written in another way.
    let is_of_names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_label = |label: &str| !label.is_empty() && label.chars().all(is_of_names);
    let is_name = name.split('.').all(is_label);
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn has(list: &str, host: &str) -> bool {
        let url = format!("http://{host}");
        NoProxy::read(list).has(&Url::parse(&url).expect(&url))
    }

    /// Each form, with addresses that it excepts and others.
    #[test]
    fn each_form_excepts_what_curl_and_go_except_by_it() {
        for (list, excepted, others) in [
            ("*", &["192.0.2.2:7999", "im.example.test", "[2001:db8::1]"][..], &[][..]),
            ("*:7999", &["192.0.2.2:7999", "im.test:7999"], &["192.0.2.2", "im.test:7998"]),
            (
                "example.test",
                &["example.test", "im.example.test:18080", "EXAMPLE.test", "a.b.example.test."],
                &["notexample.test", "example.test.org", "test"],
            ),
            (".example.test", &["example.test", "im.example.test"], &["notexample.test"]),
            ("*.example.test", &["im.example.test", "a.b.example.test."], &["example.test"]),
            ("Example.TEST.", &["example.test", "im.example.test.", "example.test."], &["test"]),
            (
                "im.example.test:18080",
                &["im.example.test:18080", "a.im.example.test:18080"],
                &["im.example.test", "im.example.test:18081"],
            ),
            ("*.example.test:80", &["im.example.test"], &["im.example.test:8080"]),
            ("bücher.test", &["xn--bcher-kva.test", "bücher.test"], &["bucher.test"]),
            ("192.0.2.2", &["192.0.2.2:7999", "192.0.2.2"], &["192.0.2.3", "a192.0.2.2.test"]),
            ("192.0.2.2:7999", &["192.0.2.2:7999"], &["192.0.2.2", "192.0.2.2:17999"]),
            ("192.0.2.0/24", &["192.0.2.2:7999", "192.0.2.255"], &["192.0.3.1", "im.test"]),
            ("192.0.2.9/24", &["192.0.2.2"], &["192.0.3.1"]),
            ("0.0.0.0/0", &["192.0.2.2"], &["[2001:db8::1]", "im.test"]),
            ("192.0.2.0/24:7999", &["192.0.2.2:7999"], &["192.0.2.2:80"]),
            ("2001:db8::1", &["[2001:db8::1]:80", "[2001:DB8:0::1]"], &["[2001:db8::2]"]),
            ("[2001:db8::1]", &["[2001:db8::1]:99"], &["[2001:db8::2]"]),
            ("[2001:db8::1]:99", &["[2001:db8::1]:99"], &["[2001:db8::1]"]),
            ("2001:db8::/32", &["[2001:db8:1::2]"], &["[2001:db9::2]", "192.0.2.2"]),
            ("2001:db8::/32:99", &["[2001:db8:1::2]:99"], &["[2001:db8:1::2]"]),
            ("[2001:db8::]/32", &["[2001:db8:1::2]"], &["[2001:db9::2]"]),
            ("[2001:db8::/32]:99", &["[2001:db8:1::2]:99"], &["[2001:db8:1::2]"]),
            ("192.0.2.2", &["[::ffff:192.0.2.2]"], &["[::ffff:192.0.2.3]"]),
            ("::ffff:192.0.2.2", &["192.0.2.2"], &["192.0.2.3"]),
            ("foo 192.0.2.2", &["192.0.2.2", "foo"], &["192.0.2.3"]),
            (" foo ,\t192.0.2.2,,\n.b.test ", &["192.0.2.2", "foo", "x.b.test"], &["bar"]),
            ("", &[], &["im.test", "192.0.2.2"]),
            (" , ", &[], &["im.test", "192.0.2.2"]),
        ] {
            assert_eq!(NoProxy::read(list).unread, [""; 0], "{list}");
            for host in excepted {
                assert!(has(list, host), "`{list}` does not except {host}");
            }
            for host in others {
                assert!(!has(list, host), "`{list}` excepts {host}");
            }
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named_and_excepts_nothing() {
        for entry in [
            "http://im.test",
            "im.test/path",
            "me@im.test",
            "im.*",
            "*im.test",
            "a.*.test",
            "192.0.*",
            "192.0",
            "192.0.2.",
            "192.0.2.2/33",
            "192.0.2.2/x",
            "192.0.2.999",
            "0x7f.1",
            "2001:db8::1/129",
            "2001:db8::g",
            "fe80::1%eth0",
            "[2001:db8::1",
            "2001:db8::1]",
            "[192.0.2.2]",
            "[im.test]",
            "im.test:",
            "im.test:0",
            "im.test:99999",
            "im.test:http",
            "im.test:+80",
            ":80",
            ".",
            "..",
            "*.",
            "a..test",
            "im.test;192.0.2.2",
            "a.test;b.test",
            "im.test;",
            "\"im.test",
            "\"im.test\"",
            "'im.test'",
            "im.test'",
            "`im.test`",
            "(im.test)",
            "im.test=1",
            "im.test!",
            "im.test$",
            "im~test",
            "im.test+x",
            "%zz",
        ] {
            let read = NoProxy::read(&format!("good.test, {entry}"));
            assert_eq!((read.entries.len(), read.unread), (1, vec![entry.to_owned()]));
            for host in ["im.test", "192.0.2.2", "[2001:db8::1]", "127.0.0.2"] {
                assert!(!has(entry, host), "`{entry}` excepts {host}");
            }
        }
    }

    proptest! {
        #[test]
        fn an_address_is_excepted_by_itself(host in "[a-z]{1,8}(\\.[a-z]{1,8}){0,3}", port in 1_u16..) {
            for written in [host.clone(), format!("{host}."), host.to_uppercase()] {
                prop_assert!(has(&written, &host));
                let entry = format!("{written}:{port}");
                let (same, other) = (format!("{host}:{port}"), format!("{host}:{}", port ^ 2));
                prop_assert!(has(&entry, &same));
                prop_assert!(port ^ 2 == 0 || !has(&entry, &other));
            }
            let longer = format!("x{host}");
            prop_assert!(!has(&host, &longer));
        }

        #[test]
        fn any_text_is_read(list in ".{0,40}") {
            let read = NoProxy::read(&list);
            prop_assert!(read.entries.len() + read.unread.len() <= list.chars().count());
        }
    }
}
