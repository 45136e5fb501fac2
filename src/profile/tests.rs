use std::path::Path;

use super::*;
use crate::account::{QuietHours, Secret};
use crate::contract::{
    Contract, CredentialKey, Empties, Endpoint, Null, Policy, Spelling, Unknown,
};
use crate::error::Error;
use crate::text::en;

mod causes;
mod choosing;
mod pauses;
mod reading;
mod requests;
mod storing;

const fn key(
    name: &'static str,
    secret: bool,
    required: bool,
    sandbox: &'static str,
) -> CredentialKey {
    CredentialKey {
        name,
        secret,
        lasting: secret,
        required,
        instead: "",
        operations: "",
        about: en("a key"),
        sandbox,
        values: &[],
    }
}

const fn contract(
    id: &'static str,
    endpoints: &'static [Endpoint],
    credentials: &'static [CredentialKey],
) -> Contract {
    Contract {
        id,
        name: id,
        about: en("a vendor of these tests"),
        endpoints,
        credentials,
        policy: Policy {
            null: Null::Wrong,
            absent: Empties::NONE,
            digits: Spelling::Refuse,
            words: Spelling::Refuse,
            unknown: Unknown::Policy,
        },
        ..Contract::BASE
    }
}

const fn host(name: &'static str, role: &'static str, base: &'static str) -> Endpoint {
    Endpoint { name, role, base, backup: None }
}

/// A vendor with data centres.
pub(crate) static CLOUD: Contract = contract(
    "cloud-v2",
    &[
        host("", "", "https://api.cloud.test"),
        host("", "report", "https://report.cloud.test"),
        host("cn", "", "https://cn.cloud.test"),
        host("sg", "", "https://sg.cloud.test"),
        host("sg", "report", "https://report.sg.cloud.test"),
    ],
    &[
        key("app_key", false, true, "sandbox-key"),
        key("app_secret", true, true, "sandbox-secret"),
        key("robot_id", false, false, ""),
    ],
);

/// A vendor whose server each customer hosts.
pub(crate) static HOME: Contract = contract(
    "home",
    &[host("", "", "http://HOST:18080")],
    &[
        key("endpoint", false, true, "http://127.0.0.1:18080"),
        key("secret", true, true, "123456"),
        key("edition", false, false, ""),
    ],
);

pub(crate) static ALL: &[&Contract] = &[&CLOUD, &HOME];

pub(crate) fn parse(text: &str) -> crate::error::Result<File> {
    parse_exposed(text, false)
}

fn parse_exposed(text: &str, exposed: bool) -> crate::error::Result<File> {
    let file = File::parse(text::TomlText::new("p.toml", text), exposed, ALL)?;
    if file.faulty.is_empty() { Ok(file) } else { Err(file.error_of(&file.faulty)) }
}

/// An error as people see it, without colours.
pub(crate) fn rendered(error: &Error) -> String {
    let mut text = format!("[{}] {}", error.exit().code(), error.full_message());
    for line in error.shown_excerpt().unwrap_or_default().lines() {
        text += &format!("\n{line}");
    }
    if let Some(help) = error.advice() {
        text += &format!("\n  help: {help}");
    }
    text
}

/// The account of the only or default profile of a text.
fn resolved(
    text: &str,
    env: &dyn Fn(&str) -> Option<String>,
) -> crate::error::Result<ResolvedAccount> {
    let file = parse(text)?;
    let world = ProfileWorld { env, config_dir: None, contracts: ALL };
    ChosenAccount::of(&file, &file.profiles[0]).resolve(&world, Secrets::Fetch)
}

pub(crate) fn no_env(_: &str) -> Option<String> {
    None
}

#[test]
fn nothing_that_holds_a_secret_shows_it_in_debug_or_display() {
    let text = "[profiles.a]\nprovider = \"home\"\nendpoint = \"http://h:1\"\nsecret = \"hunter2\"";
    let file = parse(text).expect("it works");
    let resolved = resolved(text, &no_env).expect("it works");
    assert_eq!(
        resolved.account.secret("secret").expect("it works").expose(),
        "hunter2",
        "it is really in there"
    );
    let chosen = ChosenAccount::of(&file, &file.profiles[0]);
    let new = NewProfile {
        fields: vec![("secret", ValueSource::Literal(Secret::new("hunter2")))],
        ..NewProfile::default()
    };
    let toml = text::TomlText::new(Path::new("p.toml"), text);
    for shown in [
        format!("{file:?}"),
        format!("{:?}", file.profiles),
        format!("{resolved:?}"),
        format!("{:?}", resolved.account),
        format!("{chosen:?}"),
        format!("{new:?}"),
        format!("{toml:?}"),
        format!("{:?}", file.profiles[0].fields[1].source),
        format!("{}", file.profiles[0].fields[1].source),
    ] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn the_example_file_is_read_and_leaves_out_no_key() {
    use crate::provider::Vendor as _;

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles.example.toml");
    let contracts = crate::provider::ALL.iter().map(|vendor| vendor.contract());
    let contracts: Vec<&Contract> = contracts
        .filter(|contract| contract.id != crate::provider::example::Example.contract().id)
        .collect();
    let text = std::fs::read_to_string(&path).expect("it is there");
    // Not by its path, because a checkout may belong to another user.
    let toml = text::TomlText::new(&path, text.as_str());
    let file = File::parse(toml, false, &contracts).expect("it has no fault");
    let says = |text: &str, key: &str| {
        let wanted = format!("{key} = ");
        text.lines().any(|line| line.trim_start_matches("# ").starts_with(&wanted))
    };
    for key in COMMON.into_iter().chain(["default", "payload", "keep_days"]) {
        assert!(says(&text, key), "`{key}` is not in the example");
    }
    // An optional key is there as a comment, among the keys of its provider.
    for contract in &contracts {
        let provider = format!("provider = \"{}\"", contract.id);
        let sections: Vec<&str> =
            text.split("\n[").filter(|section| section.contains(&provider)).collect();
        assert!(!sections.is_empty(), "{} has no profile in the example", contract.id);
        for row in contract.credentials {
            let name = row.name;
            let is_there = sections.iter().any(|section| says(section, name));
            assert!(is_there, "`{name}` of {} is not in the example", contract.id);
        }
    }
    let world =
        ProfileWorld { env: &|_| Some("x".to_owned()), config_dir: None, contracts: &contracts };
    for profile in &file.profiles {
        let resolved = ChosenAccount::of(&file, profile).resolve(&world, Secrets::Fetch);
        resolved.expect("nothing is refused").require_complete().expect("nothing is missing");
    }
}

/// Quiet hours, for tests of code that obeys them.
pub(crate) fn quiet_hours(from: &str, to: &str, zone: &str) -> QuietHours {
    let file = parse(&format!(
        "[profiles.a]\nprovider = \"home\"\nquiet_hours = {{ from = \"{from}\", to = \"{to}\", zone = \"{zone}\" }}\n"
    ));
    file.expect("it works").profiles.remove(0).quiet_hours.expect("hours")
}
