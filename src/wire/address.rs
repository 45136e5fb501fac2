//! Addresses as users and vendors write them: the connection must go to exactly what is written.

use url::Url;

/// What is wrong with the address of a server: `http` or `https`, a host, a port, and perhaps a folder.
///
/// A URL parser is tolerant. It drops line breaks, reads `\` as `/`, and resolves `..`: then the connection goes to
/// another address than the one that was read and checked. Anything that it would change in this way is a fault here.
/// The words follow the name of the setting, and contain nothing of the address, because that may contain a password.
pub fn address_fault(text: &str) -> Option<String> {
    if let Some(fault) = unprintable(text) {
        return Some(fault);
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some("is not an http or https URL".to_owned());
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Some("is not an http or https URL".to_owned());
    }
    if text.contains('\\') {
        return Some("has a backslash in it".to_owned());
    }
    if rest.contains(['?', '#']) {
        return Some("has a query or a fragment".to_owned());
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if authority.contains('@') {
        return Some("holds a user name or a password".to_owned());
    }
    if authority.is_empty() {
        return Some("names no host".to_owned());
    }
    if path.split('/').any(is_dots) {
        return Some("has `.` or `..` in its path".to_owned());
    }
    match Url::parse(text) {
        Err(error) => Some(format!("is not a URL: {error}")),
        Ok(url) if url.port() == Some(0) => Some("has port 0, which nothing listens on".to_owned()),
        Ok(_) => None,
    }
}

/// Characters of a text that are invisible, or that end a word: control characters and blanks.
pub fn unprintable(text: &str) -> Option<String> {
    let found = text.chars().find(|c| c.is_control() || c.is_whitespace())?;
    Some(match found {
        c if c.is_control() => format!("has a {} in it", control_name(c)),
        _ => "has a blank in it".to_owned(),
    })
}

/// The first control character of a text, in words: a line break, or its number.
pub fn control_character(text: &str) -> Option<String> {
    text.chars().find(|c| c.is_control()).map(control_name)
}

fn control_name(c: char) -> String {
    match c {
        '\r' | '\n' => "line break".to_owned(),
        c => format!("control character (U+{:04X})", u32::from(c)),
    }
}

/// Whether a segment of a path is `.` or `..`, with each dot possibly percent-encoded: a parser removes it.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_parser_would_change_is_a_fault() {
        for (text, words) in [
            ("http://127.0.0.1:8080/a\r\nX: y", "line break"),
            ("http://127.0.0.1:8080\n", "line break"),
            ("http://exa\tmple.com", "control character (U+0009)"),
            ("http://example.com\0", "control character (U+0000)"),
            ("http://example.com\u{85}", "control character (U+0085)"),
            (" http://example.com", "blank"),
            ("http://example.com/a b", "blank"),
            ("http://example.com/\u{3000}", "blank"),
            ("http://example.com\\@evil.example", "backslash"),
            ("http:\\\\example.com", "not an http or https URL"),
            ("http://example.com/../x", "`..`"),
            ("http://example.com/a/./b", "`..`"),
            ("http://example.com/%2e%2E/x", "`..`"),
            ("http://example.com/.%2e", "`..`"),
            ("http://user@example.com", "user name"),
            ("http://user:secret@example.com", "user name"),
            ("http://@example.com", "user name"),
            ("http://example.com?", "query or a fragment"),
            ("http://example.com#x", "query or a fragment"),
            ("http://example.com/?a=@b", "query or a fragment"),
            ("http:///example.com", "no host"),
            ("http://", "no host"),
            ("http://:80", "not a URL"),
            ("http://example.com:99999", "not a URL"),
            ("http://example.com:0", "port 0"),
            ("http://[::1", "not a URL"),
            ("http:/example.com", "not an http or https URL"),
            ("ftp://example.com", "not an http or https URL"),
            ("example.com:80", "not an http or https URL"),
            ("", "not an http or https URL"),
        ] {
            let fault = address_fault(text).unwrap_or_else(|| panic!("{text:?} has no fault"));
            assert!(fault.contains(words), "{text:?}: {fault}");
            assert!(!fault.contains("secret"), "{fault}");
        }
        for fine in [
            "http://127.0.0.1:8080",
            "https://api.example.com/",
            "HTTPS://API.Example.com",
            "http://[::1]:8080/folder/",
            "http://localhost.:1",
            "https://bücher.example/a..b/...",
        ] {
            assert_eq!(address_fault(fine), None, "{fine}");
        }
    }

    proptest! {
        #[test]
        fn the_host_of_an_address_without_fault_is_the_one_that_is_written(
            text in "(http|https)://[a-z0-9.@:/\\\\#?\\n \\[\\]%-]{0,24}"
        ) {
            if address_fault(&text).is_none() {
                let url = Url::parse(&text).expect("it was parsed before");
                let rest = text.split_once("://").expect("a scheme").1;
                let authority = rest.split('/').next().unwrap_or_default();
                prop_assert!(url.username().is_empty() && url.password().is_none());
                prop_assert!(url.query().is_none() && url.fragment().is_none());
                let host = url.host_str().expect("http has a host");
                let is_name = host.parse::<std::net::Ipv4Addr>().is_err() && !authority.contains('%');
                prop_assert!(!is_name || authority.starts_with(host), "{} {}", authority, host);
                let path = &rest[authority.len()..];
                prop_assert!(url.path() == path || path.is_empty(), "{} {}", url.path(), path);
            }
        }
    }
}
