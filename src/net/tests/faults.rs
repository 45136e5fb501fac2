//! What fails before a request is written, on real sockets: which step it was, at which machine, and whether time heals it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::net::resolve::Resolver;
use crate::wire::{Cause, ExchangeStep, Failure};

both_ways! {
    a_port_that_nothing_listens_on_is_named
    a_name_without_address_is_named
    a_name_server_that_is_silent_is_told_from_a_server_that_is
    names_of_this_machine_are_not_asked_for
    the_fault_of_a_certificate_is_told
    a_server_that_does_not_speak_tls_is_told
    a_server_that_hangs_up_before_tls_stands_may_heal
    credentials_that_something_on_the_way_wants_are_no_answer
    a_server_with_a_trusted_certificate_is_answered_by
}

fn certificates(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(name)
}

/// A network that trusts the root of the tests, and asks this resolver.
fn with(roots: TrustRoots, resolver: Resolver, deadline: Duration) -> Network {
    let settings =
        NetworkSettings { roots, deadline, tell: None, watch: None, requests_per_connection: None };
    Network::resolving(settings, resolver).expect("a runtime")
}

fn unasked(name: &str) -> std::io::Result<Vec<IpAddr>> {
    panic!("a name server was asked for {name}")
}

fn trusting() -> Network {
    with(TrustRoots::File(certificates("root.pem")), unasked, LONG)
}

/// Serves TLS with this certificate, and answers each request.
fn tls_server(certificate: &str) -> String {
    let chain = CertificateDer::pem_file_iter(certificates(certificate)).expect("a file");
    let chain = chain.collect::<std::result::Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(certificates("server.key")).expect("a key");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(chain, key).expect("they fit"));
    let (base, _) = serve(move |stream, _| {
        let session = rustls::ServerConnection::new(config).expect("a session");
        let mut stream = rustls::StreamOwned::new(session, stream);
        let mut read = Vec::new();
        let mut chunk = [0; 4096];
        while !read.ends_with(b"{\"a\":1}") {
            match stream.read(&mut chunk) {
                Ok(0) | Err(_) => return,
                Ok(count) => read.extend_from_slice(&chunk[..count]),
            }
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    base.replace("http:", "https:")
}

fn failed(carry: PrerequisiteResult, network: &Network, base: &str) -> Failure {
    carry(network, &request(base), LONG).expect_err("no answer was due")
}

/// Judges a failure: nothing was sent, and the rest as expected.
#[track_caller]
fn is(failure: &Failure, step: ExchangeStep, cause: Cause, heals: bool, words: &str) {
    let told = failure.words();
    assert_eq!(
        (failure.phase, failure.step, failure.cause),
        (Phase::Connect, step, cause),
        "{told}"
    );
    assert_eq!(failure.heals(), heals, "{told}");
    assert!(told.contains(words), "`{words}` is not in: {told}");
    assert!(!told.contains("os error"), "{told}");
}

fn a_port_that_nothing_listens_on_is_named(carry: PrerequisiteResult) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let failure = failed(carry, &trusting(), &format!("http://{address}"));
    let words = format!("{address}: connection refused");
    is(&failure, ExchangeStep::Connect, Cause::Refused, true, &words);
}

fn a_name_without_address_is_named(carry: PrerequisiteResult) {
    for (resolver, words) in [
        (
            (|_| Err(std::io::Error::other("failed to lookup address information: Unknown")))
                as Resolver,
            "im.test:8080: the name has no address: Unknown",
        ),
        (|_| Ok(Vec::new()), "im.test:8080: the name has no address"),
    ] {
        let network = with(TrustRoots::Bundled, resolver, LONG);
        let failure = failed(carry, &network, "http://im.test:8080");
        is(&failure, ExchangeStep::Dns, Cause::NoAddress, true, words);
    }
    let full: Resolver = |_| Err(std::io::Error::from_raw_os_error(24));
    let failure = failed(carry, &with(TrustRoots::Bundled, full, LONG), "http://im.test");
    if cfg!(unix) {
        is(
            &failure,
            ExchangeStep::Dns,
            Cause::TooManyFiles,
            false,
            "im.test:80: too many open files",
        );
    }
}

fn a_name_server_that_is_silent_is_told_from_a_server_that_is(carry: PrerequisiteResult) {
    let silent: Resolver = |_| {
        thread::sleep(Duration::from_secs(2));
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    };
    let failure = failed(carry, &with(TrustRoots::Bundled, silent, SHORT), "https://im.test");
    is(
        &failure,
        ExchangeStep::Dns,
        Cause::NoAddress,
        true,
        "no answer from a name server within 0.4 s",
    );
    let (base, _) = serve(|_, _| thread::sleep(Duration::from_secs(2)));
    let network = with(TrustRoots::Bundled, unasked, SHORT);
    let failure = failed(carry, &network, &base.replace("http:", "https:"));
    is(&failure, ExchangeStep::Tls, Cause::TlsTimedOut, true, "no TLS session within 0.4 s");
}

fn names_of_this_machine_are_not_asked_for(carry: PrerequisiteResult) {
    for host in ["localhost", "localhost.", "LOCALHOST", "a.localhost", "a.b.localhost.", "127.1"] {
        let (base, _) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        let base = base.replace("127.0.0.1", host);
        let wanted = Request { carries_secret: true, ..request(&base) };
        let network = trusting();
        network.prepare(&wanted).expect("a secret may go there");
        assert_eq!(carry(&network, &wanted, LONG).expect(host).status, 200);
    }
    // Servers that listen on the other address are found, too.
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let port = listener.local_addr().expect("bound").port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("one connection");
        read_request(&mut stream, &mut Vec::new());
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    let base = format!("http://six.localhost:{port}");
    assert_eq!(carry(&trusting(), &request(&base), LONG).expect("a reply").status, 200);
}

fn the_fault_of_a_certificate_is_told(carry: PrerequisiteResult) {
    for (certificate, cause, words) in [
        ("expired.pem", Cause::Expired, "the certificate expired on 2021-01-01"),
        ("not_yet.pem", Cause::NotYetValid, "is not valid before 2119-01-01"),
        ("other_name.pem", Cause::OtherName, "is for a.test, b.test, not for 127.0.0.1"),
    ] {
        let failure = failed(carry, &trusting(), &tls_server(certificate));
        is(&failure, ExchangeStep::Tls, cause, false, words);
    }
    for certificate in ["valid.pem", "self_signed.pem"] {
        let network = with(TrustRoots::Bundled, unasked, LONG);
        let failure = failed(carry, &network, &tls_server(certificate));
        assert!(
            matches!(failure.cause, Cause::UnknownIssuer | Cause::BadCertificate),
            "{certificate}: {failure:?}"
        );
        is(&failure, ExchangeStep::Tls, failure.cause, false, "the certificate is");
    }
}

fn a_server_that_does_not_speak_tls_is_told(carry: PrerequisiteResult) {
    for answer in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "<html>no</html>"]
    {
        let (base, _) = serve(move |stream, read| {
            let mut chunk = [0; 512];
            read.extend(stream.read(&mut chunk).map(|_| chunk[0]));
            let _ = stream.write_all(answer.as_bytes());
            thread::sleep(Duration::from_millis(300));
        });
        let failure = failed(carry, &trusting(), &base.replace("http:", "https:"));
        is(&failure, ExchangeStep::Tls, Cause::NoTls, false, "what answers does not speak TLS");
    }
}

fn a_server_that_hangs_up_before_tls_stands_may_heal(carry: PrerequisiteResult) {
    let (base, _) = serve(|stream, _| {
        let mut chunk = [0; 4096];
        let _ = stream.read(&mut chunk);
    });
    let failure = failed(carry, &trusting(), &base.replace("http:", "https:"));
    is(&failure, ExchangeStep::Tls, Cause::Closed, true, "closed before a TLS session stood");
}

fn credentials_that_something_on_the_way_wants_are_no_answer(carry: PrerequisiteResult) {
    let (base, _) =
        answering("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    let failure = failed(carry, &trusting(), &base);
    let words = "a proxy on the way needs a user name and a password (HTTP 407)";
    is(&failure, ExchangeStep::Proxy, Cause::ProxyCredentials, false, words);
}

fn a_server_with_a_trusted_certificate_is_answered_by(carry: PrerequisiteResult) {
    let base = tls_server("valid.pem");
    for host in ["127.0.0.1", "localhost", "localhost."] {
        let base = tls_server("valid.pem").replace("127.0.0.1", host);
        assert_eq!(carry(&trusting(), &request(&base), LONG).expect(host).status, 200);
    }
    let resolver: Resolver = |_| Ok(vec![Ipv4Addr::LOCALHOST.into()]);
    let network = with(TrustRoots::File(certificates("root.pem")), resolver, LONG);
    let named = base.replace("127.0.0.1", "im.test.");
    assert_eq!(carry(&network, &request(&named), LONG).expect("a reply").status, 200);
}
