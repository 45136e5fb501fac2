//! Why herald gave up a request before its reply was complete: how far it got, at which machine, for which cause. The
//! table of causes says for each whether a retry may help, and what to do about it.

use super::Reply;

/// The result of an attempt to exchange a request for a reply.
pub type Exchange = std::result::Result<Reply, Failure>;

/// How far a request got when it was given up, and why.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The phase it reached: what is certain about the request.
    pub phase: Phase,
    /// The step that failed.
    pub step: ExchangeStep,
    /// The cause.
    pub cause: Cause,
    /// The machine that failed; `None` if the fault is on this machine, or if it is unknown.
    pub hop: Option<Box<Hop>>,
    /// The cause in words for people, with the details of this failure: a time, a date, a name.
    pub reason: String,
}

impl Failure {
    /// Whether no byte of the request can have been read.
    pub fn is_before_sending(&self) -> bool {
        self.phase == Phase::Connect
    }

    /// A failure of which only the phase is known. A retry may help.
    pub fn new(phase: Phase, reason: impl Into<String>) -> Self {
        let (step, cause) = match phase {
            Phase::Connect => (ExchangeStep::Connect, Cause::Other),
            Phase::Sent => (ExchangeStep::Request, Cause::NoAnswer),
            Phase::Reply => (ExchangeStep::Reply, Cause::CutOff),
        };
        Self { phase, step, cause, hop: None, reason: reason.into() }
    }

    /// A failure before any byte of the request can have been read.
    pub fn unsent(step: ExchangeStep, cause: Cause, reason: impl Into<String>) -> Self {
        Self { phase: Phase::Connect, step, cause, hop: None, reason: reason.into() }
    }

    /// Whether a retry may help: then another attempt makes sense, if it cannot have a double effect.
    pub fn heals(&self) -> bool {
        self.cause.heals()
    }

    /// The same with the cause first: `connection refused (127.0.0.1:18791)`.
    pub fn reason_and_place(&self) -> String {
        match &self.hop {
            Some(hop) if hop.proxy.is_none() => format!("{} ({})", self.reason, hop.address()),
            _ => self.words(),
        }
    }

    /// What to do about it, as the second half of a sentence. At a proxy, its host and its port are what to check.
    pub fn advice(&self) -> &'static str {
        match (self.step, self.cause) {
            (ExchangeStep::Proxy, Cause::NoAddress) => {
                "check the proxy's name, and that this machine reaches its name server"
            }
            (
                ExchangeStep::Proxy,
                Cause::Refused
                | Cause::Unreachable
                | Cause::TimedOut
                | Cause::Reset
                | Cause::Closed,
            ) => "check host and port of the proxy, and that it runs",
            (ExchangeStep::Proxy, Cause::NoTls) => {
                "the proxy's port does not speak TLS: name it with http://"
            }
            (ExchangeStep::Proxy, Cause::Expired | Cause::Revoked | Cause::BadCertificate) => {
                "the proxy needs a new certificate; check this machine's clock, too"
            }
            (ExchangeStep::Proxy, Cause::OtherName) => {
                "use a name that the proxy's certificate has as its host"
            }
            (ExchangeStep::Proxy, Cause::UnknownIssuer) => {
                "name the root certificate that has signed the proxy's with --cacert FILE"
            }
            (_, cause) => cause.advice(),
        }
    }

    /// What failed and why, on one line: `proxy 127.0.0.1:7823 (http_proxy): connection refused`.
    pub fn words(&self) -> String {
        let Some(hop) = &self.hop else { return self.reason.clone() };
        match (self.step, &hop.proxy) {
            (ExchangeStep::Proxy, Some(proxy)) => format!("proxy {proxy}: {}", self.reason),
            (_, Some(proxy)) => format!("{} through proxy {proxy}: {}", hop.address(), self.reason),
            (_, None) => format!("{}: {}", hop.address(), self.reason),
        }
    }
}

/// A machine on the way: the server, and the proxy before it, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The server's host, an IPv6 address in brackets.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// The proxy on the way to it.
    pub proxy: Option<ProxyHop>,
}

/// A proxy, and what named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyHop {
    /// Its host, an IPv6 address in brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The variable that names it.
    pub variable: &'static str,
}

impl Hop {
    fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl std::fmt::Display for ProxyHop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} ({})", self.host, self.port, self.variable)
    }
}

/// Phases of one exchange, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// No byte of the request can have been read: no address, no connection, no TLS session.
    Connect,
    /// The request was sent wholly or partly, and no reply began.
    Sent,
    /// A reply began and did not end, or it was too large.
    Reply,
}

/// The steps of one exchange, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExchangeStep {
    /// On this machine, before any connection.
    Local,
    /// The look-up of the server's name.
    Dns,
    /// The proxy: its name, the connection to it, and its answer.
    Proxy,
    /// The connection to the server.
    Connect,
    /// The TLS session with the server.
    Tls,
    /// The request while it is sent.
    Request,
    /// The reply.
    Reply,
}

impl ExchangeStep {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Local, Self::Dns, Self::Proxy, Self::Connect, Self::Tls, Self::Request, Self::Reply];

    /// The word in JSON output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Dns => "dns",
            Self::Proxy => "proxy",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }
}

/// Why herald gave up a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A signal, before the request was sent.
    Stopped,
    /// No time was left to start.
    NoTime,
    /// The request cannot be written: its address, a header, a file of its body.
    Unusable,
    /// Too many files are open in the process or in the system (`EMFILE`, `ENFILE`).
    TooManyFiles,
    /// The system has no memory or no buffers left.
    NoMemory,
    /// The system forbids the connection (`EACCES`, `EPERM`).
    Forbidden,
    /// The name has no address, or the name servers do not answer.
    NoAddress,
    /// No program listens on the port.
    Refused,
    /// There is no route to the host.
    Unreachable,
    /// A step took too long.
    TimedOut,
    /// The other end broke the connection.
    Reset,
    /// The other end closed the connection.
    Closed,
    /// The proxy requires credentials, or refuses the ones that it got.
    ProxyCredentials,
    /// The proxy refuses the connection.
    ProxyRefuses,
    /// The proxy cannot reach the server.
    ProxyFails,
    /// The other end is not an HTTP proxy.
    NoProxy,
    /// No trusted authority has signed the certificate.
    UnknownIssuer,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is for another name.
    OtherName,
    /// The certificate was revoked, or nothing shows that it was not.
    Revoked,
    /// The certificate is wrong in another way.
    BadCertificate,
    /// The other end does not speak TLS.
    NoTls,
    /// The other end refuses the TLS session: it lacks a version or a cipher, or requires a certificate.
    TlsRefused,
    /// The other end did not answer the start of a TLS session.
    TlsTimedOut,
    /// The server ended the TLS session without a known reason.
    TlsBroken,
    /// The TLS session failed in another way.
    TlsFailed,
    /// No answer came.
    NoAnswer,
    /// The answer ended too early.
    CutOff,
    /// The answer is larger than herald reads.
    TooLarge,
    /// The answer is not HTTP.
    NoHttp,
    /// Something else.
    Other,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 32] = [
        Self::Stopped,
        Self::NoTime,
        Self::Unusable,
        Self::TooManyFiles,
        Self::NoMemory,
        Self::Forbidden,
        Self::NoAddress,
        Self::Refused,
        Self::Unreachable,
        Self::TimedOut,
        Self::Reset,
        Self::Closed,
        Self::ProxyCredentials,
        Self::ProxyRefuses,
        Self::ProxyFails,
        Self::NoProxy,
        Self::UnknownIssuer,
        Self::Expired,
        Self::NotYetValid,
        Self::OtherName,
        Self::Revoked,
        Self::BadCertificate,
        Self::NoTls,
        Self::TlsRefused,
        Self::TlsTimedOut,
        Self::TlsBroken,
        Self::TlsFailed,
        Self::NoAnswer,
        Self::CutOff,
        Self::TooLarge,
        Self::NoHttp,
        Self::Other,
    ];
}

/// The facts about a cause.
struct CauseRow {
    /// The word in JSON output.
    word: &'static str,
    /// Whether a retry may help.
    heals: bool,
    /// What to do about it.
    advice: &'static str,
}

const fn heals(word: &'static str, advice: &'static str) -> CauseRow {
    CauseRow { word, heals: true, advice }
}

const fn stays(word: &'static str, advice: &'static str) -> CauseRow {
    CauseRow { word, heals: false, advice }
}

impl Cause {
    /// The table: what is retried, and what to do.
    const fn row(self) -> CauseRow {
        match self {
            Self::Stopped => stays("stopped", "retry"),
            Self::NoTime => stays("no-time", "retry, or give a longer --deadline"),
            Self::Unusable => stays("unusable-request", "change what the message names"),
            Self::TooManyFiles => {
                stays("too-many-open-files", "allow more open files, as with `ulimit -n 1024`")
            }
            Self::NoMemory => heals("no-memory", "retry when other programs need less"),
            Self::Forbidden => stays(
                "forbidden",
                "this machine forbids the connection: check its firewall and what it allows herald",
            ),
            Self::NoAddress => heals(
                "no-address",
                "check the name in the endpoint, and that this machine reaches its name server",
            ),
            Self::Refused => {
                heals("connection-refused", "check host and port, and that the server runs")
            }
            Self::Unreachable => {
                heals("unreachable", "check the network, and the way to that host")
            }
            Self::TimedOut => heals("timed-out", "check host and port, and firewalls on the way"),
            Self::Reset => {
                heals("connection-reset", "check host and port, and firewalls on the way")
            }
            Self::Closed => heals("connection-closed", "check host and port"),
            Self::ProxyCredentials => stays(
                "proxy-credentials",
                "check the proxy's name and password, percent-encoded: http://NAME:PASSWORD@HOST:PORT",
            ),
            Self::ProxyRefuses => {
                stays("proxy-refuses", "let the proxy pass this host, or name the host in NO_PROXY")
            }
            Self::ProxyFails => {
                heals("proxy-fails", "check the endpoint; the proxy cannot reach it")
            }
            Self::NoProxy => stays("no-proxy", "check host and port of the proxy"),
            Self::UnknownIssuer => stays(
                "unknown-issuer",
                "name the root certificate that has signed the server's with --cacert FILE",
            ),
            Self::Expired => stays(
                "certificate-expired",
                "the server needs a new certificate; check this machine's clock, too",
            ),
            Self::NotYetValid => stays(
                "certificate-not-yet-valid",
                "check this machine's clock, else the server's certificate",
            ),
            Self::OtherName => stays(
                "certificate-other-name",
                "use a name that the certificate has as the endpoint's host",
            ),
            Self::Revoked => stays("certificate-revoked", "the server needs a new certificate"),
            Self::BadCertificate => {
                stays("certificate-unusable", "the server needs another certificate")
            }
            Self::NoTls => {
                stays("no-tls", "the port does not speak TLS: check the port, or write http://")
            }
            Self::TlsRefused => {
                stays("tls-refused", "check the server's TLS settings; herald speaks 1.2 and 1.3")
            }
            Self::TlsTimedOut => {
                heals("tls-timed-out", "check that the port speaks TLS, and firewalls on the way")
            }
            Self::TlsBroken => heals("tls-broken", "check the server"),
            Self::TlsFailed => stays("tls-failed", "check the server's TLS settings"),
            Self::NoAnswer => heals("no-answer", "retry"),
            Self::CutOff => heals("answer-cut-off", "retry"),
            Self::TooLarge => heals("answer-too-large", "check the endpoint"),
            Self::NoHttp => {
                heals("no-http", "check the port: does it speak TLS, and the endpoint say http://?")
            }
            Self::Other => heals("other", "check the endpoint and the network"),
        }
    }

    /// The word in JSON output.
    pub const fn word(self) -> &'static str {
        self.row().word
    }

    /// Whether a retry may help.
    pub const fn heals(self) -> bool {
        self.row().heals
    }

    /// What to do about it, as the second half of a sentence.
    pub const fn advice(self) -> &'static str {
        self.row().advice
    }
}

/// Whether a retry may help after an HTTP status that means that nothing was done. A proxy that requires credentials
/// (407) will require them again, and a redirect will redirect again.
pub const fn status_heals(status: u16) -> bool {
    !matches!(status, 300..=399 | 407)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_machine_that_failed() {
        let proxy = ProxyHop { host: "127.0.0.1".into(), port: 7823, variable: "http_proxy" };
        let hop = |proxy| Some(Box::new(Hop { host: "im.example".into(), port: 443, proxy }));
        let failure = |step, hop| Failure { hop, ..Failure::unsent(step, Cause::Refused, "why") };
        for (step, hop, words) in [
            (
                ExchangeStep::Proxy,
                hop(Some(proxy.clone())),
                "proxy 127.0.0.1:7823 (http_proxy): why",
            ),
            (
                ExchangeStep::Tls,
                hop(Some(proxy)),
                "im.example:443 through proxy 127.0.0.1:7823 (http_proxy): why",
            ),
            (ExchangeStep::Connect, hop(None), "im.example:443: why"),
            (ExchangeStep::Local, None, "why"),
        ] {
            assert_eq!(failure(step, hop).words(), words);
        }
    }

    #[test]
    fn advice_on_a_proxy_does_not_name_the_endpoint() {
        for cause in [
            Cause::NoAddress,
            Cause::Refused,
            Cause::Unreachable,
            Cause::TimedOut,
            Cause::Reset,
            Cause::Closed,
            Cause::NoTls,
            Cause::Expired,
            Cause::OtherName,
            Cause::UnknownIssuer,
        ] {
            let advice = Failure::unsent(ExchangeStep::Proxy, cause, "").advice();
            assert!(advice.contains("proxy") && !advice.contains("endpoint"), "{advice}");
            let advice = Failure::unsent(ExchangeStep::Connect, cause, "").advice();
            assert!(!advice.contains("proxy"), "{advice}");
        }
    }

    #[test]
    fn what_time_cannot_heal_is_marked_so() {
        for cause in [
            Cause::TooManyFiles,
            Cause::ProxyCredentials,
            Cause::ProxyRefuses,
            Cause::UnknownIssuer,
            Cause::Expired,
            Cause::OtherName,
            Cause::NoTls,
        ] {
            assert!(!Failure::unsent(ExchangeStep::Connect, cause, "").heals(), "{cause:?}");
        }
        for cause in [Cause::Refused, Cause::NoAddress, Cause::TimedOut, Cause::Other] {
            assert!(Failure::unsent(ExchangeStep::Connect, cause, "").heals(), "{cause:?}");
        }
        assert!(!status_heals(407) && !status_heals(302) && status_heals(429) && status_heals(503));
    }
}
