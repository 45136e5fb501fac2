//! What the host of an address says by itself.

use std::net::IpAddr;

use reqwest::Url;

/// Whether an address of the form `scheme://host[:port]` leads back to this machine.
pub fn is_loopback(base: &str) -> bool {
    Url::parse(base).is_ok_and(|url| url_is_loopback(&url))
}

pub(super) fn url_is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => ip.to_ipv4_mapped().map_or(ip.is_loopback(), |ip| ip.is_loopback()),
        Ok(IpAddr::V4(ip)) => ip.is_loopback(),
        Err(_) => {
            let name = host.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost")
                || name.to_ascii_lowercase().ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_cannot_leave_the_machine_are_loopback() {
        for (base, expected) in [
            ("http://127.0.0.1:18080", true),
            ("http://127.9.9.9", true),
            ("https://[::1]:8443", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://LOCALHOST", true),
            ("http://vendor.localhost:1", true),
            ("http://localhost.example.com", false),
            ("http://notlocalhost", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_loopback(base), expected, "{base}");
        }
    }
}
