//! Which profile the user means, and what its values are.

use std::collections::HashMap;

use super::*;
use crate::account::Mode;

const TWO: &str =
    "[profiles.staging]\nprovider = \"home\"\n[profiles.live]\nprovider = \"cloud-v2\"\n";
const THREE: &str = "[profiles.a]\nprovider = \"home\"\n[profiles.b]\nprovider = \"home\"\n[profiles.c]\nprovider = \"cloud-v2\"\n";

/// Chooses with flags and variables, from a file in the user's folder.
fn chosen(
    text: Option<&str>,
    profile: Option<&str>,
    provider: Option<&str>,
    env: &[(&str, &str)],
) -> String {
    let home = tempfile::tempdir().expect("it works");
    if let Some(text) = text {
        std::fs::write(home.path().join("profiles.toml"), text).expect("it works");
    }
    let vars: HashMap<&str, &str> = env.iter().copied().collect();
    let env = |name: &str| vars.get(name).map(|value| (*value).to_owned());
    let world = ProfileWorld { env: &env, config_dir: Some(home.path()), contracts: ALL };
    let wish = ProfileFlags { profile, provider, ..ProfileFlags::default() };
    let folder = format!("{}/", home.path().display());
    match choose(&wish, &world) {
        Ok(ChosenAccount::Profile { profile, .. }) => format!("profile {}", profile.name),
        Ok(ChosenAccount::Environment(contract)) => format!("environment of {}", contract.id),
        Err(error) => rendered(&error).replace(&folder, ""),
    }
}

#[test]
fn a_name_comes_before_the_variable_before_the_default_before_the_only_one() {
    let with_default = format!("default = \"live\"\n{TWO}");
    let one = "[profiles.only]\nprovider = \"home\"\n";
    for (text, profile, provider, env, expected) in [
        (
            with_default.as_str(),
            Some("staging"),
            None,
            &[("HERALD_PROFILE", "live")][..],
            "profile staging",
        ),
        (&with_default, None, None, &[("HERALD_PROFILE", "staging")], "profile staging"),
        (&with_default, None, None, &[("HERALD_PROFILE", "")], "profile live"),
        (&with_default, None, None, &[], "profile live"),
        (one, None, None, &[], "profile only"),
        // A provider limits the choice to its profiles.
        (&with_default, None, Some("cloud-v2"), &[], "profile live"),
        (&with_default, None, Some("home"), &[], "profile staging"),
        (one, None, Some("cloud-v2"), &[], "environment of cloud-v2"),
        (&with_default, Some("live"), Some("cloud-v2"), &[], "profile live"),
    ] {
        assert_eq!(
            chosen(Some(text), profile, provider, env),
            expected,
            "{text} {profile:?} {provider:?}"
        );
    }
    assert_eq!(chosen(None, None, Some("home"), &[]), "environment of home");
}

#[test]
fn what_cannot_be_chosen_says_what_can() {
    insta::assert_snapshot!(chosen(None, None, None, &[]), @r"
    [2] neither a profile nor a provider is given
      help: make a profile with `herald profile init`, or name a provider with --provider and give its credentials in HERALD_<PROVIDER>_<KEY>
    ");
    insta::assert_snapshot!(chosen(None, None, Some("hoem"), &[]), @r"
    [2] there is no provider `hoem`
      help: did you mean `home`?
    ");
    insta::assert_snapshot!(chosen(None, Some("live"), None, &[]), @r"
    [3] profile `live` is not defined: there is no profiles.toml
      help: `herald profile init` makes a profile
    ");
    insta::assert_snapshot!(chosen(Some(TWO), Some("stagin"), None, &[]), @r"
    [3] profile `stagin` is not defined
      help: did you mean `staging`?
    ");
    insta::assert_snapshot!(chosen(Some(TWO), Some("zebra"), None, &[]), @r"
    [3] profile `zebra` is not defined
      help: profiles.toml has staging, live
    ");
    // Where a variable names it, that is said.
    insta::assert_snapshot!(chosen(Some(TWO), None, None, &[("HERALD_PROFILE", "zebra")]), @r"
    [3] profile `zebra` (HERALD_PROFILE) is not defined
      help: profiles.toml has staging, live
    ");
    insta::assert_snapshot!(chosen(None, None, None, &[("HERALD_PROFILE", "live")]), @r"
    [3] profile `live` (HERALD_PROFILE) is not defined: there is no profiles.toml
      help: `herald profile init` makes a profile
    ");
    insta::assert_snapshot!(chosen(Some(TWO), None, None, &[]), @r#"
    [2] which profile is meant: staging, live?
      help: name one with --profile or HERALD_PROFILE, or put `default = "staging"` at the top of profiles.toml
    "#);
    insta::assert_snapshot!(chosen(Some(THREE), None, Some("home"), &[]), @r#"
    [2] which profile is meant: a, b?
      help: name one with --profile or HERALD_PROFILE, or put `default = "a"` at the top of profiles.toml
    "#);
    insta::assert_snapshot!(chosen(Some(TWO), Some("live"), Some("home"), &[]), @r"
    [2] profile `live` is of cloud-v2, and --provider says home
      help: leave out --provider, or name another profile
    ");
    insta::assert_snapshot!(chosen(None, None, None, &[("HERALD_PROFILES", "/nonexistent/p.toml")]), @r"
    [3] there is no file /nonexistent/p.toml
      help: --profiles and HERALD_PROFILES name a profile file; `herald profile init` makes one
    ");
}

fn of_environment(
    vars: &[(&str, &str)],
    secrets: Secrets,
) -> crate::error::Result<ResolvedAccount> {
    let vars: HashMap<&str, &str> = vars.iter().copied().collect();
    let env = |name: &str| vars.get(name).map(|value| (*value).to_owned());
    let world = ProfileWorld { env: &env, config_dir: None, contracts: ALL };
    ChosenAccount::Environment(&CLOUD).resolve(&world, secrets)
}

#[test]
fn without_a_profile_the_environment_gives_the_credentials() {
    let home = tempfile::tempdir().expect("it works");
    let file = home.path().join("key");
    std::fs::write(&file, "k1\n").expect("it works");
    let resolved = of_environment(
        &[
            ("HERALD_CLOUD_V2_APP_KEY_FILE", file.to_str().expect("it works")),
            ("HERALD_CLOUD_V2_APP_SECRET_COMMAND", "printf '%s' 'hunter 2'"),
            ("HERALD_CLOUD_V2_ENDPOINT", "sg"),
        ],
        Secrets::Fetch,
    )
    .expect("it works");
    resolved.require_complete().expect("it works");
    let account = &resolved.account;
    assert_eq!((account.provider.as_str(), account.profile.as_deref()), ("cloud-v2", None));
    assert_eq!(account.value("app_key"), Some("k1"));
    assert_eq!(account.secret("app_secret").expect("it works").expose(), "hunter 2");
    assert_eq!(account.endpoint.as_deref(), Some("sg"));
    let from: Vec<&str> = resolved.origins.iter().map(|origin| origin.from.as_str()).collect();
    assert_eq!(from[0], "env HERALD_CLOUD_V2_ENDPOINT");
    assert_eq!(from[2], "command printf %s hunter 2");
}

#[test]
fn an_account_may_be_incomplete_until_it_has_to_sign() {
    let resolved =
        of_environment(&[("HERALD_CLOUD_V2_APP_KEY", "")], Secrets::Fetch).expect("it works");
    let error = resolved.require_complete().expect_err("it is refused");
    assert_eq!(error.kind(), crate::error::ErrorKind::Profile);
    insta::assert_snapshot!(rendered(&error), @r"
    [3] no `app_key` of cloud-v2 is given
      help: set HERALD_CLOUD_V2_APP_KEY, HERALD_CLOUD_V2_APP_KEY_FILE or HERALD_CLOUD_V2_APP_KEY_COMMAND, or make a profile with `herald profile init`
    ");
    let clash = [("HERALD_CLOUD_V2_APP_SECRET", "a"), ("HERALD_CLOUD_V2_APP_SECRET_FILE", "b")];
    insta::assert_snapshot!(rendered(&of_environment(&clash, Secrets::Fetch).expect_err("it is refused")), @r"
    [3] HERALD_CLOUD_V2_APP_SECRET and HERALD_CLOUD_V2_APP_SECRET_FILE are set at once
      help: keep one of them
    ");
    let open = [("HERALD_CLOUD_V2_APP_SECRET_COMMAND", "pass 'x")];
    insta::assert_snapshot!(rendered(&of_environment(&open, Secrets::Fetch).expect_err("it is refused")), @r"
    [3] HERALD_CLOUD_V2_APP_SECRET_COMMAND cannot be split into words: a single quote is not closed
      help: words are split as a shell splits them, but no shell runs
    ");

    let lacks = |text: &str| rendered(&resolved_lack(text));
    insta::assert_snapshot!(lacks("[profiles.a]\nprovider = \"cloud-v2\"\napp_key = \"k\"\n"), @r#"
    [3] profile `a` has no `app_secret`, and cloud-v2 needs it
      help: add `app_secret = { env = "NAME" }` to it, or { file = "PATH" }, or { command = ["PROGRAM"] }, or make a profile with `herald profile init`
    "#);
    insta::assert_snapshot!(lacks("[profiles.a]\nprovider = \"cloud-v2\"\napp_secret.env = \"S\"\n"), @r#"
    [3] profile `a` has no `app_key`, and cloud-v2 needs it
      help: add `app_key = "…"` to it, or make a profile with `herald profile init`
    "#);
    insta::assert_snapshot!(lacks("[profiles.a]\nprovider = \"cloud-v2\"\napp_key = \"k\"\napp_secret.env = \"S\"\n"), @r"
    [3] `app_secret` of profile `a`: the variable S is not set
      help: set S, or change where the value comes from
    ");
}

fn resolved_lack(text: &str) -> Error {
    resolved(text, &no_env).expect("it works").require_complete().expect_err("it is refused")
}

#[test]
fn the_environment_never_touches_a_profile() {
    let env =
        |name: &str| name.starts_with("HERALD_HOME_").then(|| "from the environment".to_owned());
    let text = "[profiles.a]\nprovider = \"home\"\nendpoint = \"http://h:1\"\nedition = \"pro\"\n";
    let resolved = resolved(text, &env).expect("it works");
    assert_eq!(resolved.account.value("edition"), Some("pro"));
    assert!(resolved.account.secrets.is_empty());
    assert!(resolved.require_complete().is_err());
}

#[test]
fn secrets_are_left_alone_where_nothing_needs_them() {
    let text = "[profiles.a]\nprovider = \"home\"\nendpoint = \"http://h:1\"\nsecret = { command = [\"/nonexistent\"] }\nedition = { command = [\"/nonexistent\"] }\n";
    let file = parse(text).expect("it works");
    let world = ProfileWorld { env: &no_env, config_dir: None, contracts: ALL };
    let resolved = ChosenAccount::of(&file, &file.profiles[0])
        .resolve(&world, Secrets::Leave)
        .expect("it works");
    assert!(resolved.lacking.is_empty(), "{:?}", resolved.lacking);
    assert_eq!(resolved.account.endpoint.as_deref(), Some("http://h:1"));
}

#[test]
fn a_literal_secret_is_warned_about_and_refused_where_others_can_read_it() {
    let text =
        "[profiles.a]\nprovider = \"home\"\nendpoint = \"http://h:1\"\nsecret = \"hunter2\"\n";
    let warned = resolved(text, &no_env).expect("it works");
    assert_eq!(
        warned.warnings,
        ["`secret` of profile `a` is in the file itself; let it come from env, file or command"],
    );
    let file = parse_exposed(text, true).expect("it works");
    let world = ProfileWorld { env: &no_env, config_dir: None, contracts: ALL };
    let chosen = ChosenAccount::of(&file, &file.profiles[0]);
    insta::assert_snapshot!(rendered(&chosen.resolve(&world, Secrets::Fetch).expect_err("it is refused")), @r"
    [3] `secret` of profile `a` is in p.toml, which group or others can read
      help: chmod 600 'p.toml', and better let it come from env, file or command
    ");
    assert!(chosen.resolve(&world, Secrets::Leave).is_ok(), "what needs no secret goes on");
}

#[cfg(unix)]
#[test]
fn the_sandbox_s_credentials_at_a_loopback_endpoint_are_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("it works");
    let path = home.path().join("value");
    std::fs::write(&path, "123456\n").expect("it works");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("it works");
    let by_file = format!("{{ file = \"{}\" }}", path.display());
    for (endpoint, secret, is_public) in [
        ("http://127.0.0.1:8787/home", "\"123456\"", true),
        ("http://[::1]:1", "\"123456\"", true),
        ("http://localhost:18080", &by_file, true),
        ("http://im.example:18080", "\"123456\"", false),
        ("http://127.0.0.1:8787/home", "\"1234567\"", false),
        ("http://im.example:18080", &by_file, false),
    ] {
        // The order in the file does not matter.
        let text = format!(
            "[profiles.a]\nprovider = \"home\"\nsecret = {secret}\nendpoint = \"{endpoint}\"\n"
        );
        let file = parse_exposed(&text, true).expect("it works");
        let world = ProfileWorld { env: &no_env, config_dir: None, contracts: ALL };
        let found = ChosenAccount::of(&file, &file.profiles[0]).resolve(&world, Secrets::Fetch);
        assert_eq!(found.is_ok(), is_public, "{endpoint} {secret}");
        if let Ok(resolved) = found {
            assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
        }
        let by_owner = parse(&text).expect("it works");
        let warned =
            ChosenAccount::of(&by_owner, &by_owner.profiles[0]).resolve(&world, Secrets::Fetch);
        if secret.starts_with('"') {
            assert_eq!(warned.expect("it works").warnings.is_empty(), is_public, "{endpoint}");
        }
    }
    let cloud =
        "[profiles.a]\nprovider = \"cloud-v2\"\napp_key = \"k\"\napp_secret = \"sandbox-secret\"\n";
    let warned = resolved(cloud, &no_env).expect("it works").warnings;
    assert_eq!(warned.len(), 1, "the usual endpoint is not on this machine");
}

#[test]
fn a_profile_that_stays_in_the_sandbox_has_the_sandbox_s_credentials() {
    let text = "[profiles.a]\nprovider = \"home\"\nmode = \"sandbox\"\nendpoint = \"http://h:1\"\nedition = \"community\"\nsecret = { command = [\"/nonexistent\"] }\n";
    let resolved = resolved(text, &no_env).expect("it works");
    resolved.require_complete().expect("it works");
    let account = &resolved.account;
    assert_eq!(account.endpoint.as_deref(), Some("http://127.0.0.1:18080"));
    assert_eq!(account.secret("secret").expect("it works").expose(), "123456");
    assert_eq!(
        account.value("edition"),
        Some("community"),
        "what the sandbox leaves open is the profile's"
    );
    assert_eq!((account.profile.as_deref(), account.guards.mode), (Some("a"), Mode::Sandbox));

    let account = sandbox_account(&CLOUD);
    assert_eq!(account.value("app_key"), Some("sandbox-key"));
    assert_eq!(account.secret("app_secret").expect("it works").expose(), "sandbox-secret");
    assert_eq!((account.guards.mode, account.profile), (Mode::Sandbox, None));
}

#[test]
fn files_that_a_profile_names_begin_in_its_folder() {
    let home = tempfile::tempdir().expect("it works");
    let path = home.path().join("p.toml");
    std::fs::write(
        &path,
        "[profiles.a]\nprovider = \"home\"\nroots = \"ca.pem\"\nkill_switch = \"stop\"\nedition.file = \"e\"\n",
    )
    .expect("it works");
    std::fs::write(home.path().join("e"), "pro\n").expect("it works");
    let file = File::read(&path, ALL).expect("it works").expect("it works");
    let world = ProfileWorld { env: &no_env, config_dir: None, contracts: ALL };
    let account = ChosenAccount::of(&file, &file.profiles[0])
        .resolve(&world, Secrets::Fetch)
        .expect("it works")
        .account;
    assert_eq!(account.roots, Some(home.path().join("ca.pem").display().to_string()));
    assert_eq!(account.guards.kill_switch, Some(home.path().join("stop")));
    assert_eq!(account.value("edition"), Some("pro"));
}

#[test]
fn credentials_of_the_environment_that_a_profile_beats_are_told() {
    let home = tempfile::tempdir().expect("it works");
    let text = "[profiles.a]\nprovider = \"cloud-v2\"\napp_key = \"k\"\napp_secret = { env = \"HERALD_CLOUD_V2_APP_SECRET\" }\n";
    std::fs::write(home.path().join("profiles.toml"), text).expect("it works");
    let warned = |wish: &ProfileFlags<'_>, set: &[&str]| {
        let env = |name: &str| match name {
            "HERALD_PROFILE" => set.contains(&name).then(|| "a".to_owned()),
            _ => set.contains(&name).then(|| "x1".to_owned()),
        };
        let world = ProfileWorld { env: &env, config_dir: Some(home.path()), contracts: ALL };
        let chosen = choose(wish, &world).expect("a profile");
        let resolved = chosen.resolve(&world, Secrets::Fetch).expect("it works");
        resolved
            .warnings
            .into_iter()
            .filter(|warning| warning.contains("not used"))
            .collect::<Vec<_>>()
    };
    let (secret, key) = ("HERALD_CLOUD_V2_APP_SECRET", "HERALD_CLOUD_V2_APP_KEY");
    let told = warned(&ProfileFlags::default(), &[secret, key, "HERALD_CLOUD_V2_ENDPOINT_FILE"]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with(
            "HERALD_CLOUD_V2_ENDPOINT_FILE, HERALD_CLOUD_V2_APP_KEY are not used: profile `a`"
        ),
        "{told:?}"
    );
    // The profile reads the one itself, and who names the profile means it.
    assert_eq!(warned(&ProfileFlags::default(), &[secret]), [""; 0]);
    let named = ProfileFlags { profile: Some("a"), ..ProfileFlags::default() };
    assert_eq!(warned(&named, &[secret, key]), [""; 0]);
    assert_eq!(warned(&ProfileFlags::default(), &[secret, key, "HERALD_PROFILE"]), [""; 0]);
    let provider = ProfileFlags { provider: Some("cloud-v2"), ..ProfileFlags::default() };
    assert_eq!(warned(&provider, &[secret, key]).len(), 1);
}

#[test]
fn a_profile_of_another_provider_is_told_with_what_says_so() {
    let home = tempfile::tempdir().expect("it works");
    std::fs::write(home.path().join("profiles.toml"), TWO).expect("it works");
    for (source, words) in [
        (ProviderSource::Flag, "and --provider says home"),
        (ProviderSource::Operation, "and the operation is of home"),
        (ProviderSource::Sent, "and this was made for home"),
    ] {
        for (profile, from) in
            [(Some("live"), "`live` is of"), (None, "`live` (HERALD_PROFILE) is of")]
        {
            let env = |name: &str| (name == "HERALD_PROFILE").then(|| "live".to_owned());
            let world = ProfileWorld { env: &env, config_dir: Some(home.path()), contracts: ALL };
            let wish = ProfileFlags {
                profile,
                provider: Some("home"),
                provider_of: source,
                ..ProfileFlags::default()
            };
            let told = choose(&wish, &world).expect_err("another provider").to_string();
            assert!(told.contains(words) && told.contains(from), "{told}");
        }
    }
}
