//! Tokens, and where the app lives.

use super::{calls, get, json};
use crate::contract::{
    Auth, Check, Choice, Effect, Field, FindingSink, Kind, Limit, Lit, Reach, Repeatable, Shape,
    Test, Verb, choices, operations,
};
use crate::document::At;
use crate::provider::easemob::fields::{boolean, filled, long};

const TTL: Field = long("ttl", "EM-82", "Seconds that it is good for; 0 = for ever").limits(&[
    Limit::of(Test::Range(Some(0), None)),
    Limit::of(Test::Not(&[Lit::Int(0)])).rule("EM-W28"),
]);

const fn grant(word: &'static [Choice]) -> Field {
    Field::new("grant_type", Kind::Choice(word), "How the token is asked for")
        .rule("EM-80")
        .required()
}

const IN_A_FILE: Check = Check::function("EM-W28", "a client secret in a payload", in_a_file);

fn in_a_file(at: At<'_>, sink: &mut FindingSink<'_>) {
    let secret = at.get("client_secret");
    if secret.as_str().is_some_and(|text| !text.is_empty() && text != crate::wire::HIDDEN) {
        let message = "a secret is in the payload; a profile can take it from elsewhere";
        sink.report("EM-W28", secret, message);
    }
}

static APP: Shape = Shape::of(&[
    grant(choices! { "client_credentials" }),
    filled("client_id", "EM-81", "Client ID of the console").required(),
    filled("client_secret", "EM-81", "Client Secret of the console").required().secret(),
    TTL,
])
.checks(&[IN_A_FILE]);

static USER: Shape = Shape::of(&[
    grant(choices! { "inherit": "by the app token in the header" }),
    filled("username", "EM-83", "User id").required().id(),
    boolean("autoCreateUser", "EM-84", "Register the user if there is none").required(),
    TTL.default("60 days"),
]);

static NOTHING: Shape = Shape::of(&[]);

operations! {
    TOKEN = "token": "Get an app token for client id and secret", json("/{org}/{app}/token", &APP) =>
        verbs: &[Verb::Check], auth: Auth::None, effect: Effect::Manages, reach: Reach::Own, repeat: Repeatable::Safe,
        rates: &[calls(300, 1)];
    TOKEN_USER = "token-user": "Get a user's token by the app token", json("/{org}/{app}/token", &USER) =>
        verbs: &[Verb::Call], effect: Effect::Manages, reach: Reach::Own, repeat: Repeatable::Safe,
        rates: &[calls(300, 1)];
    HOSTS = "hosts": "Find the hosts of the app", get("/easemob/server.json", &NOTHING) =>
        host: "discovery", verbs: &[Verb::Call], auth: Auth::None;
}
