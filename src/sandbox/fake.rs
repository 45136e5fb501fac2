//! A vendor for tests: it answers with the request that it received.

use super::{Answer, Backend, Incoming, SandboxWorld};
use crate::contract::{
    Contract, CredentialKey, EACH_OPERATION, Endpoint, Operation, SandboxSwitch, SwitchValues,
};
use crate::document::Value;
use crate::text::en;
use crate::wire::{Body, Header, Method, Request, Written};

/// Where a mock server is for the tests of its answers.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:8787";

/// Answers with the request.
pub(crate) struct Echo;

impl Backend for Echo {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        let mut said = Value::object();
        let members = said.as_object_mut().expect("an object");
        members.set("method", request.method.as_str());
        members.set("path", request.path.as_str());
        members.set("query", request.query.as_str());
        members.set("body", String::from_utf8_lossy(&request.body).into_owned());
        members.set("Nonce", request.exact_header("Nonce").unwrap_or("none"));
        members.set("media", request.media_type().unwrap_or_default());
        members.set("edition", (world.switches)("edition").unwrap_or_default());
        members.set("now", world.now_ms);
        members.set("count", world.store.next("requests"));
        Answer { close: request.path.ends_with("/close"), ..Answer::json(200, &said) }
    }
}

/// A request to it.
pub(crate) fn request(path: &str) -> Request {
    Request {
        method: Method::Post,
        base: "http://fake.example".into(),
        path: Written::plain(path),
        headers: vec![Header { name: "Nonce", value: Written::plain("7") }],
        body: Body::Text { media: "text/plain", text: Written::plain("hello") },
        carries_secret: false,
    }
}

const fn operation(id: &'static str, method: Method, path: &'static str) -> Operation {
    Operation { id, method, path, ..Operation::BASE }
}

const CREDENTIALS: &[CredentialKey] = &[CredentialKey {
    name: "secret",
    secret: true,
    lasting: true,
    required: true,
    instead: "",
    operations: "",
    about: en("What signs"),
    sandbox: "sandbox-secret",
    values: &[],
}];

const fn contract(
    id: &'static str,
    endpoints: &'static [Endpoint],
    operations: &'static [Operation],
) -> Contract {
    Contract {
        id,
        name: id,
        about: en("A vendor for tests"),
        endpoints,
        credentials: CREDENTIALS,
        operations,
        source: "none",
        ..Contract::BASE
    }
}

const fn endpoint(base: &'static str) -> Endpoint {
    Endpoint { name: "", role: "", base, backup: None }
}

/// Some paths that only it has, and some that the other one has too; and switches of its own.
pub(crate) static ONE: Contract = Contract { switches: SWITCHES, ..ONE_WITHOUT };

const SWITCHES: &[SandboxSwitch] = &[
    SandboxSwitch::new(
        "edition",
        SwitchValues::Words(&["community", "pro", "trial"]),
        "pro",
        "Its edition",
    ),
    SandboxSwitch::new(
        EACH_OPERATION,
        SwitchValues::Words(&["on", "off"]),
        "on",
        "Takes an operation away",
    ),
];

const ONE_WITHOUT: Contract = contract(
    "one",
    &[endpoint("https://api.one.example"), endpoint("https://far.one.example/v9/far")],
    &[
        operation("echo", Method::Post, "/v2/echo"),
        operation("close", Method::Post, "/v2/close"),
        operation("shared", Method::Post, "/v1/users"),
        operation("read", Method::Get, "/v1/rooms"),
    ],
);

/// Templates that match nearly everything.
pub(crate) static TWO: Contract = contract(
    "two",
    &[endpoint("https://api.two.example:8443")],
    &[
        operation("any", Method::Post, "/{org}/{app}/messages"),
        operation("two-parts", Method::Post, "/{org}/{app}"),
        operation("shared", Method::Post, "/v1/users"),
        operation("write", Method::Post, "/v1/rooms"),
        operation("user", Method::Post, "/push/user-{id}.json"),
    ],
);
