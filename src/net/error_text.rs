//! From the errors of the system, the TLS library and HTTP to a [`Cause`] and to words for people: one place for all steps
//! of the way. The address is in none of the words: it may hold a secret.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::error::system_words;
use crate::wire::Cause;

/// A cause with its words.
pub(super) type CauseInWords = (Cause, String);

/// An error, and all that is below it. An I/O error may hold another one, but gives only the source of that one.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.map(|inner| inner as &(dyn Error + 'static)).or_else(|| (*error).source())
    })
}

/// The first error of a type among an error and those below it.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Whether what came could not be read as a reply at all.
pub(super) fn is_unreadable(error: &(dyn Error + 'static)) -> bool {
    find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse)
}

/// Why an exchange failed.
pub(super) fn fault(error: &(dyn Error + 'static)) -> CauseInWords {
    if let Some(error) = find::<rustls::Error>(error) {
        return of_tls(error);
    }
    let http = find::<hyper::Error>(error);
    if http.is_some_and(hyper::Error::is_incomplete_message) {
        return (Cause::Closed, "the connection was closed before an answer came".to_owned());
    }
    if http.is_some_and(hyper::Error::is_parse) {
        return (Cause::NoHttp, format!("the answer is no HTTP: {}", innermost(error)));
    }
    // The outermost one that is more than a wrapper: below it is what made it.
    let mut system = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    let system =
        system.find(|error| error.kind() != io::ErrorKind::Other || error.get_ref().is_none());
    system.map_or_else(|| (Cause::Other, innermost(error)), of_system)
}

/// An error of the system.
pub(super) fn of_system(error: &io::Error) -> CauseInWords {
    let cause = match error.kind() {
        _ if is_out_of_files(error) => Cause::TooManyFiles,
        _ if is_out_of_buffers(error) => Cause::NoMemory,
        io::ErrorKind::OutOfMemory => Cause::NoMemory,
        io::ErrorKind::ConnectionRefused => Cause::Refused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown => Cause::Unreachable,
        io::ErrorKind::TimedOut => Cause::TimedOut,
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Cause::Reset,
        io::ErrorKind::BrokenPipe | io::ErrorKind::NotConnected | io::ErrorKind::UnexpectedEof => {
            Cause::Closed
        }
        io::ErrorKind::PermissionDenied => Cause::Forbidden,
        _ => Cause::Other,
    };
    // The system's words for these name a side or a call that users do not know.
    match cause {
        Cause::Reset => (cause, "the connection was reset".to_owned()),
        Cause::Closed => (cause, "the connection was closed".to_owned()),
        _ => (cause, system_words(error)),
    }
}

#[cfg(unix)]
fn is_out_of_files(error: &io::Error) -> bool {
    use nix::errno::Errno;
    let number = error.raw_os_error().unwrap_or_default();
    [Errno::EMFILE, Errno::ENFILE].contains(&Errno::from_raw(number))
}

#[cfg(unix)]
fn is_out_of_buffers(error: &io::Error) -> bool {
    error.raw_os_error() == Some(nix::errno::Errno::ENOBUFS as i32)
}

/// `WSAEMFILE`.
#[cfg(windows)]
fn is_out_of_files(error: &io::Error) -> bool {
    error.raw_os_error() == Some(10024)
}

/// `WSAENOBUFS`.
#[cfg(windows)]
fn is_out_of_buffers(error: &io::Error) -> bool {
    error.raw_os_error() == Some(10055)
}

/// Whether this process can open no file at all now.
fn no_file_can_be_opened() -> bool {
    let tried = std::env::current_exe().and_then(std::fs::File::open);
    tried.is_err_and(|error| is_out_of_files(&error))
}

/// What the library says of a tunnel that a proxy did not make. It keeps its error to itself, except for the words.
pub(super) fn of_tunnel(error: &(dyn Error + 'static)) -> Option<&'static str> {
    const KNOWN: [&str; 4] = [
        "proxy authorization required",
        "unsuccessful",
        "proxy response headers too long",
        "unexpected end of file",
    ];
    causes(error).find_map(|cause| {
        let words = cause.to_string();
        let said = words.strip_prefix("tunnel error: ")?;
        KNOWN.into_iter().find(|known| *known == said)
    })
}

/// Why a name has no address.
pub(super) fn of_name(error: &(dyn Error + 'static)) -> CauseInWords {
    match fault(error) {
        // The resolver does not always tell that it could not open a file.
        (Cause::Other, _) if no_file_can_be_opened() => {
            (Cause::TooManyFiles, "too many open files".to_owned())
        }
        (Cause::Other, words) => {
            let words =
                words.strip_prefix("failed to lookup address information: ").unwrap_or(&words);
            (Cause::NoAddress, format!("the name has no address: {words}"))
        }
        known => known,
    }
}

/// Why a TLS session did not come to stand.
pub(super) fn of_session(error: &(dyn Error + 'static)) -> CauseInWords {
    match fault(error) {
        (Cause::Closed, _) => {
            (Cause::Closed, "the connection was closed before a TLS session stood".to_owned())
        }
        fault => fault,
    }
}

/// An error of the TLS library.
fn of_tls(error: &rustls::Error) -> CauseInWords {
    match error {
        rustls::Error::InvalidCertificate(error) => of_certificate(error),
        rustls::Error::NoCertificatesPresented => {
            (Cause::BadCertificate, "the server has no certificate".to_owned())
        }
        rustls::Error::AlertReceived(alert) => of_alert(*alert),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge
            | InvalidMessage::InvalidEmptyPayload,
        ) => (Cause::NoTls, "what answers does not speak TLS".to_owned()),
        rustls::Error::PeerIncompatible(why) => {
            (Cause::TlsRefused, format!("the server's TLS does not fit: {}", spaced(why)))
        }
        other => (Cause::TlsFailed, format!("the TLS session failed: {other}")),
    }
}

/// What is wrong with a certificate.
fn of_certificate(error: &CertificateError) -> CauseInWords {
    match error {
        CertificateError::UnknownIssuer => {
            (Cause::UnknownIssuer, "the certificate is signed by an unknown issuer".to_owned())
        }
        CertificateError::Expired => (Cause::Expired, "the certificate has expired".to_owned()),
        CertificateError::ExpiredContext { not_after, .. } => {
            (Cause::Expired, format!("the certificate expired{}", date("on", not_after.as_secs())))
        }
        CertificateError::NotValidYet => {
            (Cause::NotYetValid, "the certificate is not valid yet".to_owned())
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            let from = date("before", not_before.as_secs());
            (Cause::NotYetValid, format!("the certificate is not valid{from}"))
        }
        CertificateError::NotValidForName => {
            (Cause::OtherName, "the certificate is for another name".to_owned())
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let wanted = expected.to_str();
            let names: Vec<&str> = presented.iter().map(|name| plain_name(name)).take(5).collect();
            (Cause::OtherName, format!("the certificate is for {}, not for {wanted}", list(&names)))
        }
        CertificateError::Revoked
        | CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => {
            (Cause::Revoked, format!("the certificate is revoked, or may be: {}", spaced(error)))
        }
        CertificateError::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
            let words = "the certificate is that of an authority, not of a server";
            (Cause::BadCertificate, words.to_owned())
        }
        CertificateError::Other(why) => {
            (Cause::BadCertificate, format!("the certificate cannot be used: {why}"))
        }
        other => {
            (Cause::BadCertificate, format!("the certificate cannot be used: {}", spaced(other)))
        }
    }
}

/// A name of a certificate as the TLS library tells it: `DnsName("im.example")`, `IpAddress(127.0.0.1)`.
fn plain_name(told: &str) -> &str {
    let inner = told.split_once('(').map_or(told, |(_, rest)| rest.trim_end_matches(')'));
    inner.trim_matches('"')
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "no name".to_owned() } else { names.join(", ") }
}

/// A day, with the word before it; nothing where there is no such day.
fn date(word: &str, seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let day = jiff::Timestamp::from_second(seconds).ok();
    day.map_or_else(String::new, |day| format!(" {word} {}", day.strftime("%Y-%m-%d")))
}

/// What the server says when it ends the session.
fn of_alert(alert: AlertDescription) -> CauseInWords {
    let words = format!("the server ended the TLS session: {}", spaced(&alert));
    match alert {
        // These say nothing about what was asked for.
        AlertDescription::CloseNotify
        | AlertDescription::InternalError
        | AlertDescription::UserCanceled => (Cause::TlsBroken, words),
        _ => (Cause::TlsRefused, words),
    }
}

/// The name of a variant as words: `HandshakeFailure` is `handshake failure`.
fn spaced(name: &impl std::fmt::Debug) -> String {
    let name = format!("{name:?}");
    let name = name.split(['(', '{', ' ']).next().unwrap_or_default();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// The words of the innermost error: the layers above repeat it.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(|| "the exchange failed".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::pki_types::{ServerName, UnixTime};
    use rustls::{OtherError, PeerIncompatible, PeerMisbehaved};

    use super::*;

    #[test]
    fn each_error_of_the_system_has_a_cause_and_is_told_in_words() {
        use io::ErrorKind;
        for (kind, cause, heals) in [
            (ErrorKind::ConnectionRefused, Cause::Refused, true),
            (ErrorKind::ConnectionReset, Cause::Reset, true),
            (ErrorKind::ConnectionAborted, Cause::Reset, true),
            (ErrorKind::BrokenPipe, Cause::Closed, true),
            (ErrorKind::NotConnected, Cause::Closed, true),
            (ErrorKind::UnexpectedEof, Cause::Closed, true),
            (ErrorKind::HostUnreachable, Cause::Unreachable, true),
            (ErrorKind::NetworkUnreachable, Cause::Unreachable, true),
            (ErrorKind::NetworkDown, Cause::Unreachable, true),
            (ErrorKind::TimedOut, Cause::TimedOut, true),
            (ErrorKind::OutOfMemory, Cause::NoMemory, true),
            (ErrorKind::PermissionDenied, Cause::Forbidden, false),
            (ErrorKind::AddrNotAvailable, Cause::Other, true),
            (ErrorKind::Other, Cause::Other, true),
        ] {
            let (found, _) = of_system(&kind.into());
            let heals_now =
                crate::wire::Failure::unsent(crate::wire::ExchangeStep::Connect, found, "").heals();
            assert_eq!((found, heals_now), (cause, heals), "{kind:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn numbers_of_the_system_are_told_by_name() {
        use nix::errno::Errno;
        for (number, cause, words) in [
            (Errno::EMFILE, Cause::TooManyFiles, "too many open files"),
            (Errno::ENFILE, Cause::TooManyFiles, "too many open files in system"),
            (Errno::ENOBUFS, Cause::NoMemory, "no buffer space available"),
            (Errno::ECONNREFUSED, Cause::Refused, "connection refused"),
            (Errno::EACCES, Cause::Forbidden, "permission denied"),
            (Errno::EPERM, Cause::Forbidden, "operation not permitted"),
            (Errno::ENETUNREACH, Cause::Unreachable, "network is unreachable"),
            (Errno::EHOSTUNREACH, Cause::Unreachable, "no route to host"),
            (Errno::ETIMEDOUT, Cause::TimedOut, "connection timed out"),
            (Errno::EADDRNOTAVAIL, Cause::Other, "cannot assign requested address"),
        ] {
            let error = io::Error::from_raw_os_error(number as i32);
            let (found, told) = of_system(&error);
            assert_eq!(found, cause, "{error}");
            if cfg!(target_os = "linux") {
                assert_eq!(told, words);
            }
            assert!(!told.contains("os error"), "{told}");
        }
    }

    #[test]
    fn each_error_of_tls_has_a_cause() {
        let day = |day: u64| UnixTime::since_unix_epoch(Duration::from_secs(day * 86_400));
        let expected = ServerName::try_from("im.example").expect("a name");
        let presented =
            vec!["DnsName(\"a.example\")".to_owned(), "IpAddress(192.0.2.1)".to_owned()];
        let certificate = rustls::Error::InvalidCertificate;
        let other =
            |text: &'static str| CertificateError::Other(OtherError(Arc::new(TextError(text))));
        for (error, cause, words) in [
            (certificate(CertificateError::UnknownIssuer), Cause::UnknownIssuer, "unknown issuer"),
            (certificate(CertificateError::Expired), Cause::Expired, "expired"),
            (
                certificate(CertificateError::ExpiredContext { time: day(2), not_after: day(1) }),
                Cause::Expired,
                "expired on 1970-01-02",
            ),
            (certificate(CertificateError::NotValidYet), Cause::NotYetValid, "not valid yet"),
            (
                certificate(CertificateError::NotValidYetContext {
                    time: day(0),
                    not_before: day(1),
                }),
                Cause::NotYetValid,
                "not valid before 1970-01-02",
            ),
            (certificate(CertificateError::NotValidForName), Cause::OtherName, "another name"),
            (
                certificate(CertificateError::NotValidForNameContext { expected, presented }),
                Cause::OtherName,
                "is for a.example, 192.0.2.1, not for im.example",
            ),
            (certificate(CertificateError::Revoked), Cause::Revoked, "revoked"),
            (certificate(CertificateError::BadSignature), Cause::BadCertificate, "bad signature"),
            (certificate(other("CaUsedAsEndEntity")), Cause::BadCertificate, "authority"),
            (certificate(other("odd")), Cause::BadCertificate, "odd"),
            (rustls::Error::NoCertificatesPresented, Cause::BadCertificate, "no certificate"),
            (
                rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType),
                Cause::NoTls,
                "does not speak TLS",
            ),
            (
                rustls::Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
                Cause::TlsRefused,
                "no cipher suites in common",
            ),
            (
                rustls::Error::AlertReceived(AlertDescription::HandshakeFailure),
                Cause::TlsRefused,
                "handshake failure",
            ),
            (
                rustls::Error::AlertReceived(AlertDescription::CertificateRequired),
                Cause::TlsRefused,
                "certificate required",
            ),
            (
                rustls::Error::AlertReceived(AlertDescription::InternalError),
                Cause::TlsBroken,
                "internal error",
            ),
            (
                rustls::Error::PeerMisbehaved(PeerMisbehaved::TooMuchEarlyDataReceived),
                Cause::TlsFailed,
                "TLS session failed",
            ),
        ] {
            // As the TLS stream hands it on.
            let wrapped = io::Error::new(io::ErrorKind::InvalidData, error);
            let (found, told) = fault(&wrapped);
            assert_eq!(found, cause, "{told}");
            assert!(told.contains(words), "{told}");
        }
    }

    /// An error that is only words.
    #[derive(Debug)]
    struct TextError(&'static str);

    impl std::fmt::Display for TextError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for TextError {}
}
