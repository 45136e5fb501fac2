//! Which requests are answered, given their headers.

use proptest::prelude::*;
use reqwest::Url;

use super::*;
use crate::sandbox::fake::{ONE, TWO};

fn admission(is_exposed: bool) -> Admission {
    Admission::new(is_exposed, [&ONE, &TWO].into_iter())
}

fn to_host(host: &str) -> RequestOrigin<'_> {
    RequestOrigin { hosts: vec![host], ..RequestOrigin::default() }
}

#[test]
fn only_names_of_this_machine_and_of_the_vendors_are_answered_to() {
    for host in [
        "127.0.0.1",
        "127.0.0.1:8787",
        "127.9.8.7:1",
        "[::1]",
        "[::1]:8787",
        "[0:0:0:0:0:0:0:1]:80",
        "[::ffff:127.0.0.1]",
        "localhost",
        "LOCALHOST:65535",
        "localhost.",
        "localhost.:8787",
        "vendor.localhost",
        "a.b_c.LocalHost.:8787",
        "api.one.example",
        "API.One.Example:443",
        "far.one.example.",
        "api.two.example:8443",
    ] {
        assert_eq!(admission(false).check(&to_host(host)), Ok(()), "{host}");
    }
    for host in [
        "",
        ".",
        ":8787",
        "evil.example",
        "evil.example:8787",
        "localhost.evil.example",
        "evillocalhost",
        "127.0.0.1.evil.example",
        "api.one.example.evil.example",
        "evilapi.one.example",
        "one.example",
        "10.0.0.1",
        "0.0.0.0",
        "0.0.0.0:8787",
        "[::]",
        "[::2]:8787",
        "[fe80::1%lo]",
        "[::1%25lo]:80",
        "169.254.169.254",
        // A name in the contract that stands for any host.
        "host",
        // Forms that parsers read in different ways.
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "127.0.0.01",
        "::1",
        "[::1",
        "::1]",
        "[127.0.0.1]",
        "[::1]8787",
        "[::1].localhost",
        "127.0.0.1:",
        "127.0.0.1:+80",
        "127.0.0.1:65536",
        "127.0.0.1:80:80",
        "127.0.0.1 ",
        " 127.0.0.1",
        "127.0.0.1,evil.example",
        "127.0.0.1/",
        "127.0.0.1\\evil.example",
        "user@127.0.0.1",
        "127.0.0.1@evil.example",
        "http://127.0.0.1",
        "localhost..",
        ".localhost",
        "a..localhost",
        "loc%61lhost",
        "ｌocalhost",
        "localhost#",
        "localhost?",
        "*",
    ] {
        assert!(admission(false).check(&to_host(host)).is_err(), "{host}");
    }
}

#[test]
fn there_is_one_host_and_the_target_is_at_the_same() {
    let told = |target: Option<(Option<&str>, &str)>, hosts: &[&str]| {
        let request = RequestOrigin { target, hosts: hosts.to_vec(), ..RequestOrigin::default() };
        admission(false).check(&request)
    };
    let http = |authority| Some((Some("http"), authority));
    for (target, hosts, is_answered) in [
        (None, &[][..], false),
        (None, &["localhost", "localhost"], false),
        (None, &["localhost", "evil.example"], false),
        (http("127.0.0.1:8787"), &["127.0.0.1:8787"], true),
        (http("api.one.example"), &["api.one.example"], true),
        (http("API.one.example:80"), &["api.one.example."], true),
        (Some((Some("https"), "api.one.example:443")), &["api.one.example"], true),
        // As a client asks a proxy for a tunnel.
        (Some((None, "api.one.example:443")), &["api.one.example:443"], true),
        (http("api.one.example"), &[], false),
        (http("api.one.example"), &["api.two.example"], false),
        (http("api.one.example:8080"), &["api.one.example"], false),
        (http("127.0.0.1"), &["evil.example"], false),
        (http("evil.example"), &["127.0.0.1"], false),
        (http("evil.example"), &["evil.example"], false),
        (http("user@127.0.0.1"), &["127.0.0.1"], false),
        (http("user@127.0.0.1"), &["user@127.0.0.1"], false),
    ] {
        assert_eq!(told(target, hosts).is_ok(), is_answered, "{target:?} {hosts:?}");
    }
}

#[test]
fn a_page_of_another_site_is_not_answered() {
    let told = |is_exposed: bool, host: &str, origins: &[&str], sites: &[&str]| {
        let (origins, fetch_sites) = (origins.to_vec(), sites.to_vec());
        let request = RequestOrigin { origins, fetch_sites, ..to_host(host) };
        admission(is_exposed).check(&request)
    };
    for (host, origins, sites, is_answered) in [
        ("localhost:8787", &["http://localhost:8787"][..], &["same-origin"][..], true),
        ("localhost:8787", &["http://LOCALHOST:8787"], &[], true),
        ("localhost", &["http://localhost"], &[], true),
        ("localhost:80", &["http://localhost"], &[], true),
        ("[::1]:8787", &["http://[::1]:8787"], &[], true),
        ("localhost:8787", &[], &["none"], true),
        ("localhost:8787", &[], &["same-site"], false),
        ("localhost:8787", &[], &["cross-site"], false),
        ("localhost:8787", &[], &["Cross-Site"], false),
        ("localhost:8787", &[], &["same-origin", "cross-site"], false),
        ("localhost:8787", &[], &["same-origin, cross-site"], false),
        ("localhost:8787", &[], &[""], false),
        ("localhost:8787", &["null"], &[], false),
        ("localhost:8787", &[""], &[], false),
        ("localhost:8787", &["*"], &[], false),
        ("localhost:8787", &["http://evil.example"], &[], false),
        ("localhost:8787", &["http://evil.example"], &["same-origin"], false),
        ("localhost:8787", &["http://localhost:8787"], &["cross-site"], false),
        ("localhost:8787", &["http://localhost:3000"], &[], false),
        ("localhost:8787", &["http://localhost"], &[], false),
        ("localhost:8787", &["https://localhost:8787"], &[], false),
        ("localhost:8787", &["http://127.0.0.1:8787"], &[], false),
        ("localhost:8787", &["http://localhost:8787/"], &[], false),
        ("localhost:8787", &["http://localhost:8787", "http://localhost:8787"], &[], false),
        ("localhost:8787", &["http://localhost:8787 http://evil.example"], &[], false),
        ("localhost:8787", &["file://"], &[], false),
        ("localhost:8787", &["localhost:8787"], &[], false),
        ("api.one.example", &["http://api.one.example"], &[], true),
        ("api.one.example", &["http://api.two.example"], &[], false),
    ] {
        for is_exposed in [false, true] {
            let told = told(is_exposed, host, origins, sites);
            assert_eq!(told.is_ok(), is_answered, "{host} {origins:?} {sites:?}: {told:?}");
        }
    }
}

#[test]
fn what_is_exposed_has_any_name_and_still_no_foreign_pages() {
    for host in ["ci-sandbox:8787", "10.0.0.1:8787", "evil.example"] {
        assert_eq!(admission(true).check(&to_host(host)), Ok(()), "{host}");
    }
    assert_eq!(admission(true).check(&RequestOrigin::default()), Ok(()), "HTTP/1.0");
    let page = RequestOrigin { origins: vec!["http://localhost"], ..RequestOrigin::default() };
    assert!(admission(true).check(&page).is_err(), "nothing tells whose page it is");
    for host in ["", "a b", "user@ci-sandbox"] {
        assert!(admission(true).check(&to_host(host)).is_err(), "{host}");
    }
}

/// Hosts with one part changed, and arbitrary text.
fn host() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "127.0.0.1",
        "[::1]",
        "localhost",
        "a.localhost",
        "api.one.example",
        "evil.example",
        "10.1.2.3",
    ]);
    let piece = prop::sample::select(vec![
        "",
        "",
        "",
        ".",
        ":",
        "@",
        "/",
        "\\",
        "#",
        "?",
        "%2e",
        " ",
        "\t",
        "[",
        "]",
        "0",
        "1",
        "0x",
        ",",
        "evil.example",
        ".evil.example",
        "localhost",
        ":80",
        ":8787",
        ":443",
        "é",
        "。",
    ]);
    prop_oneof![
        (piece.clone(), known, piece.clone(), piece)
            .prop_map(|(before, host, behind, more)| format!("{before}{host}{behind}{more}")),
        "[a-z0-9.:@\\[\\]%/-]{0,16}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// If a host is answered, a browser also resolves it to this machine or to a vendor.
    #[test]
    fn what_is_answered_means_the_same_to_a_parser_of_urls(host in host()) {
        if admission(false).check(&to_host(&host)).is_err() {
            return Ok(());
        }
        let url = Url::parse(&format!("http://{host}/")).expect("a usual spelling");
        let name = url.host_str().expect("a host").trim_end_matches('.').to_owned();
        let is_vendor = ["api.one.example", "far.one.example", "api.two.example"].contains(&&*name);
        prop_assert!(is_vendor || is_loopback(&format!("http://{name}")), "{host} is {name}");
        prop_assert_eq!((url.username(), url.path(), url.query()), ("", "/", None));
    }

    /// A page is answered only if its origin is what a browser derives from the host.
    #[test]
    fn a_page_that_is_answered_is_the_servers_own(host in host(), other in host(), is_exposed: bool) {
        let origin = format!("http://{other}");
        let request = RequestOrigin { origins: vec![&origin], ..to_host(&host) };
        if admission(is_exposed).check(&request).is_ok() {
            let of = |text: &str| {
                let url = Url::parse(&format!("http://{text}")).expect("a usual spelling");
                let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
                (host, url.port_or_known_default())
            };
            prop_assert_eq!(of(&host), of(&other));
        }
    }
}
