//! The transport that stays within the process.

use std::cell::RefCell;
use std::time::Duration;

use super::{Backend, Incoming, SandboxState};
use crate::error::Result;
use crate::net::{ConcurrentTransport, Listener, OutgoingBody, PhaseListener, Stop, Transport};
use crate::wire::{Exchange, Failure, Phase, Reply, Request, Show};

/// A vendor's replacement inside the process: no socket, no credentials.
pub struct InProcess {
    provider: &'static str,
    backend: Box<dyn Backend>,
    stage: RefCell<SandboxState>,
    tell: PhaseListener,
    /// Exchanges that have started and are not yet reported.
    answered: RefCell<Vec<(u64, Exchange)>>,
    listener: Listener,
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InProcess")
            .field("provider", &self.provider)
            .field("stage", &self.stage)
            .finish_non_exhaustive()
    }
}

impl InProcess {
    /// The replacement of a provider.
    pub fn new(
        provider: &'static str,
        backend: Box<dyn Backend>,
        stage: SandboxState,
        tell: PhaseListener,
    ) -> Self {
        Self {
            provider,
            backend,
            stage: RefCell::new(stage),
            tell,
            answered: RefCell::default(),
            listener: Listener::default(),
        }
    }
}

impl Transport for InProcess {
    fn prepare(&self, _: &Request) -> Result<()> {
        Ok(())
    }

    fn exchange(&self, request: &Request, _: Duration) -> Exchange {
        let method = request.method.as_str();
        (self.tell)("sandbox", &format!("{method} {}", request.path.show(Show::Redacted)));
        let unsent = |reason: String| Failure::new(Phase::Connect, reason);
        let incoming = Incoming::of(request).map_err(|error| unsent(error.to_string()))?;
        let (answer, _) = self
            .stage
            .borrow_mut()
            .answer(self.provider, self.backend.as_ref(), &incoming, origin_of(&request.base))
            .map_err(unsent)?;
        (self.tell)("reply", &format!("HTTP {}, {} bytes", answer.status, answer.body.len()));
        let headers = answer.headers.into_iter();
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase().into(), value.into()));
        let length = ("content-length".into(), answer.body.len().to_string().into());
        let headers = headers.chain([length]).collect();
        Ok(Reply { status: answer.status, headers, body: answer.body })
    }

    fn stopped(&self) -> Option<Stop> {
        self.listener.stopped()
    }
}

impl ConcurrentTransport for InProcess {
    fn start(&self, ticket: u64, request: Request, limit: Duration) {
        let exchange = self.exchange(&request, limit);
        self.answered.borrow_mut().push((ticket, exchange));
    }

    fn wait(&self, at_most: Duration) -> Vec<(u64, Exchange)> {
        let answered = self.answered.take();
        self.listener.listen(if answered.is_empty() { at_most } else { Duration::ZERO });
        answered
    }

    fn abandon(&self) -> Vec<(u64, Exchange)> {
        self.answered.take()
    }

    fn hurried(&self) -> bool {
        self.listener.hurried()
    }
}

/// Scheme, host and port of an address.
fn origin_of(base: &str) -> &str {
    let host = base.find("://").map_or(0, |at| at + 3);
    base[host..].find('/').map_or(base, |end| &base[..host + end])
}

impl Incoming {
    /// A request as a server would see it. An error if a file of it cannot be read.
    pub(crate) fn of(request: &Request) -> std::io::Result<Self> {
        let target = request.path.show(Show::Secrets);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let body = OutgoingBody::of(request.body.clone())?;
        let host = request.base.split_once("://").map_or(request.base.as_str(), |(_, host)| host);
        let mut headers = vec![("Host".to_owned(), host.to_owned())];
        headers.extend(
            request
                .headers
                .iter()
                .map(|header| (header.name.to_owned(), header.value.show(Show::Secrets))),
        );
        if let Some(media) = &body.media {
            headers.push(("Content-Type".to_owned(), media.to_string()));
            headers.push(("Content-Length".to_owned(), body.length.to_string()));
        }
        Ok(Self {
            method: request.method.as_str().to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.read_all()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::fake::{Echo, request};
    use crate::sandbox::{RecordStore, Switches};

    fn process() -> InProcess {
        let mut switches = Switches::default();
        switches.set(None, "edition", "trial");
        let stage = SandboxState::new(
            RecordStore::memory(),
            switches,
            Box::new(|| 42),
            crate::provider::secret_names_of,
        );
        InProcess::new("fake", Box::new(Echo), stage, Box::new(|_, _| {}))
    }

    #[test]
    fn a_request_reaches_the_backend_as_it_would_over_a_socket() {
        let process = process();
        let ask = request("/v2/echo?x=%20");
        let reply = process.exchange(&ask, Duration::ZERO).expect("an answer");
        let body = String::from_utf8(reply.body.clone()).expect("text");
        assert_eq!(
            body,
            "{\"method\":\"POST\",\"path\":\"/v2/echo\",\"query\":\"x=%20\",\"body\":\"hello\",\
             \"Nonce\":\"7\",\"media\":\"text/plain\",\"edition\":\"trial\",\"now\":42,\"count\":1}"
        );
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(reply.header("content-length"), Some(body.len().to_string().as_str()));
    }

    #[test]
    fn what_the_backend_keeps_is_there_for_the_next_request() {
        let process = process();
        let count = |_: u8| {
            let reply = process.exchange(&request("/v2/echo"), Duration::ZERO).expect("an answer");
            String::from_utf8(reply.body).expect("text")
        };
        assert!(count(1).ends_with("\"count\":1}"));
        assert!(count(2).ends_with("\"count\":2}"));
    }
}
