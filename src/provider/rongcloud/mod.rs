//! RongCloud: messages, pushes and broadcasts of its server API, form and JSON bodies, signed in headers.

mod checks;
mod compose;
mod content;
mod errors;
mod fields;
mod follow_up;
mod messages;
mod operations;
mod push;
mod rules;
mod sandbox;

mod wire;

#[cfg(test)]
mod tests;

use crate::account::Account;
use crate::contract::{
    Contract, CredentialKey, EACH_OPERATION, FindOut, Repeatable, SandboxSwitch, SwitchValues,
    TargetKind, rows,
};
use crate::document::Value;
use crate::provider::kit::vendor::vendor;
use crate::provider::{Call, kit};
use crate::text::en;

/// The key of a profile, and the sandbox's switch, that says that the app recognises repeats by `msgRandom`.
const MSG_RANDOM: &str = "msg_random";

/// The rows.
static CONTRACT: Contract = Contract {
    id: "rongcloud",
    name: "RongCloud",
    about: en("Instant messaging and push: users, groups, chat rooms, ultra groups, everybody"),
    endpoints: wire::ENDPOINTS,
    credentials: rows! {
        CredentialKey::new("app_key", "App Key of the console").required().sandbox("herald-sandbox"),
        CredentialKey::new("app_secret", "App Secret of the console").required().secret()
            .sandbox("herald-sandbox-secret"),
        CredentialKey::new(MSG_RANDOM,
            "`on` where the app has msgRandom switched on: repeats within a minute are recognised then")
            .values(&["on", "off"]),
    },
    policy: fields::JSON,
    codes: fields::CODES,
    rules: rules::RULES,
    operations: operations::OPERATIONS,
    groups: operations::GROUPS,
    types: messages::TYPES,
    errors: errors::ERRORS,
    find_out: rows! {
        FindOut::by("get {to} {from}", "shows the newest messages that are stored of the conversation").only(&[
            "send-private",
            "send-private-template",
            "send-private-stream",
            "send-group",
            "send-group-stream",
            "send-chatroom",
            "send-ultragroup",
        ]),
        FindOut::by_hand("nothing stores a status message, so ask one of those it was for")
            .only(&["send-private-status", "send-group-status"]),
        FindOut::by_hand("look for the push in the console").only(&["push-user", "push-custom"]),
        FindOut::by("call rongcloud/history-log --set date={YYYYMMDDHH}",
            "gives the address of the log of all messages of that hour, in Beijing time in the data centre of China"),
    },
    default_target: TargetKind::User,
    switches: rows! {
        SandboxSwitch::new("skew", SwitchValues::Number("seconds", &["off"]), sandbox::SKEW,
            "How far the Timestamp of a signature may be off; `off` looks at no time"),
        SandboxSwitch::new(MSG_RANDOM, SwitchValues::Words(&["off", "on"]), "off",
            "`on` recognises messages that repeat a `msgRandom` within a minute"),
        SandboxSwitch::new(EACH_OPERATION, SwitchValues::Words(&["off", "on"]), "on",
            "`off` takes the service of this operation away: it is refused with 1009"),
    },
    // "Keep-alive: under 80 requests a connection": hosts and transport of the platform chat API.
    requests_per_connection: Some(79),
    source: "RongCloud v4 documentation of 2021-03-08, platform chat API of 2026, official server SDKs",
    ..Contract::BASE
};

vendor! {
    /// The vendor.
    RongCloud, sandbox::RongCloudServers;

    fn probe(&self, _: &Account) -> crate::error::Result<Option<crate::provider::CredentialProbe>> {
        // No hour has this name: a right signature is told so. Without any field the body would be empty, which is another
        // fault (1003), and may be found before the signature is looked at.
        let body = kit::object([("date", "0".into())]);
        Ok(Some(kit::probe(&CONTRACT, "history-log", body, &["1002"])))
    }

    fn base(&self, call: &Call<'_>) -> crate::error::Result<String> {
        wire::base_of(call)
    }

    fn mint(&self, call: &Call<'_>) -> Option<(&'static str, Value)> {
        let Repeatable::Deduplicated { field, .. } = call.operation.repeat else { return None };
        let lacks = call.body.as_object()?.get(field).is_none();
        // Two messages of the same minute must never share it: the second would be taken for a repeat of the first.
        let number = |text: &str| text.parse::<u64>().unwrap_or_default() % 1_000_000_000;
        let id = number(&call.stamp.timestamp) * 1_000_000_000 + number(&call.stamp.nonce);
        (lacks && self.recognises_repeats(call.account))
            .then(|| (field, Value::number(id.to_string())))
    }

    /// Apps have it switched on one by one: elsewhere the field is taken, and nothing is recognised.
    fn recognises_repeats(&self, account: &Account) -> bool {
        account.value(MSG_RANDOM) == Some("on")
    }
}
