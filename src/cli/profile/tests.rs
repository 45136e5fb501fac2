use crate::cli::profile::*;
use crate::profile::tests::{ALL, no_env, parse};
use crate::profile::{self, ChosenAccount, File, ProfileWorld, Secrets};
use crate::report::{Color, Format, Ui};
use crate::send::check_account::OnlineCheck;

const TEXT: &str = "default = \"live\"\n\n[profiles.staging]\nprovider = \"home\"\nendpoint = \"http://127.0.0.1:18080\"\n\
    secret = { env = \"HOME_SECRET\" }\nmode = \"test\"\nallow_to = [\"user:test-*\", \"group:qa\"]\n\n\
    [profiles.live]\nprovider = \"cloud-v2\"\nendpoint = { env = \"E\" }\napp_key = \"uwd1\"\napp_secret = \"hunter2\"\n\
    max_targets = 500\n\n[profiles.\"微信 a\"]\nprovider = \"cloud-v2\"\nmode = \"sandbox\"\n";

fn ui() -> Ui {
    Ui::new(Format::Human, Color::Never, false, false, &|_| None)
}

fn file() -> File {
    parse(TEXT).expect("the text has no fault")
}

fn with_world<T>(act: impl FnOnce(&ProfileWorld<'_>) -> T) -> T {
    let env = |name: &str| (name == "E").then(|| "sg".to_owned());
    act(&ProfileWorld { env: &env, config_dir: None, contracts: ALL })
}

fn chosen(name: &str) -> ChosenAccount {
    let file = file();
    ChosenAccount::of(&file, profile::find(&file, name).expect("it is there"))
}

#[test]
fn the_list_shows_each_profile_and_looks_nothing_up() {
    insta::assert_snapshot!(list::human(&ui(), &list::rows(&file(), None)).trim_end(), @r"
    PROFILE  PROVIDER  ENDPOINT                MODE     DEFAULT
    staging  home      http://127.0.0.1:18080  test
    live     cloud-v2  (env E)                 live     *
    微信 a   cloud-v2  -                       sandbox
    ");
    let only: Vec<_> = list::rows(&file(), Some("home"));
    assert_eq!(only.len(), 1);
    insta::assert_snapshot!(only[0].json(), @r#"{"name":"staging","provider":"home","endpoint":"http://127.0.0.1:18080","mode":"test","default":false,"problems":[]}"#);
}

#[test]
fn a_profile_is_shown_without_its_secrets_and_with_where_each_value_comes_from() {
    let shown = |name: &str| {
        let chosen = chosen(name);
        let resolved = with_world(|world| chosen.resolve(world, Secrets::Leave)).expect("it works");
        let shown = show::ShownProfile::of(&chosen, &resolved);
        (shown.human(&ui()).trim_end().to_owned(), format!("{:#}", shown.json()))
    };
    let (human, json) = shown("live");
    insta::assert_snapshot!(human, @r"
    KEY            VALUE     FROM
    profile        live      p.toml
    provider       cloud-v2
    endpoint       sg        env E, line 12
    app_key        uwd1      literal, line 13
    app_secret     ***       literal, line 14
    mode           live      default
    allow_to       -         default
    confirm_above  100       default
    max_targets    500       profile
    quiet_hours    -         default
    kill_switch    -         default
    roots          -         default
    ");
    insta::assert_snapshot!(json, @r#"
    {
      "version": 1,
      "profile": "live",
      "provider": "cloud-v2",
      "file": "p.toml",
      "mode": "live",
      "allow_to": [],
      "confirm_above": 100,
      "max_targets": 500,
      "quiet_hours": null,
      "kill_switch": null,
      "roots": null,
      "defaults": {},
      "values": [
        {
          "key": "endpoint",
          "value": "sg",
          "secret": false,
          "from": "env E",
          "line": 12
        },
        {
          "key": "app_key",
          "value": "uwd1",
          "secret": false,
          "from": "literal",
          "line": 13
        },
        {
          "key": "app_secret",
          "value": "***",
          "secret": true,
          "from": "literal",
          "line": 14
        }
      ]
    }
    "#);
    insta::assert_snapshot!(shown("staging").0, @r"
    KEY            VALUE                   FROM
    profile        staging                 p.toml
    provider       home
    endpoint       http://127.0.0.1:18080  literal, line 5
    secret         ***                     env HOME_SECRET, line 6
    mode           test                    profile
    allow_to       user:test-*, group:qa   profile
    confirm_above  100                     default
    max_targets    -                       default
    quiet_hours    -                       default
    kill_switch    -                       default
    roots          -                       default
    ");
    insta::assert_snapshot!(shown("微信 a").0, @r"
    KEY            VALUE     FROM
    profile        微信 a    p.toml
    provider       cloud-v2
    mode           sandbox   profile
    allow_to       -         default
    confirm_above  100       default
    max_targets    -         default
    quiet_hours    -         default
    kill_switch    -         default
    roots          -         default
    ");
    assert!(!human.contains("hunter2") && !json.contains("hunter2"));
}

/// What a check says, and its exit code.
fn checked(name: &str, online: Option<&dyn Fn() -> Result<OnlineCheck>>) -> (String, u8, String) {
    let hooks = Hooks {
        remarks: &|contract, _| vec![format!("a remark of {}", contract.id)],
        online: &|_, _| online.expect("it is asked for")(),
    };
    let chosen = chosen(name);
    let report =
        with_world(|world| check::AccountReport::of(&chosen, world, online.is_some(), &hooks));
    (report.human(), report.exit().code(), format!("{:#}", report.json()))
}

#[test]
fn a_check_tells_everything_that_is_wrong_with_a_profile() {
    let (human, exit, json) = checked("staging", None);
    insta::assert_snapshot!(human, @r"
    staging (home): not usable
      error: `secret` of profile `staging`: the variable HOME_SECRET is not set
        help: set HOME_SECRET, or change where the value comes from
      warning: a remark of home
    ");
    insta::assert_snapshot!(json, @r#"
    {
      "profile": "staging",
      "provider": "home",
      "ok": false,
      "state": "not-usable",
      "problems": [
        {
          "severity": "error",
          "message": "`secret` of profile `staging`: the variable HOME_SECRET is not set",
          "help": "set HOME_SECRET, or change where the value comes from"
        },
        {
          "severity": "warning",
          "message": "a remark of home",
          "help": null
        }
      ],
      "online": null
    }
    "#);
    assert_eq!(exit, 3);

    let (human, exit, json) = checked("live", None);
    insta::assert_snapshot!(human, @r"
    live (cloud-v2): ok
      warning: `app_secret` of profile `live` is in the file itself; let it come from env, file or command
      warning: a remark of cloud-v2
    ");
    assert_eq!(exit, 0);
    assert!(!json.contains("hunter2"));

    assert_eq!(checked("微信 a", None).1, 0);
}

#[test]
fn the_vendor_is_asked_only_about_what_is_usable_and_real() {
    let denied = || Err(crate::error::Error::new(crate::error::ErrorKind::Denied, "wrong secret"));
    let fine = || Ok(OnlineCheck::Proven("the server answers".to_owned()));
    let (human, exit, _) = checked("live", Some(&fine));
    assert_eq!(exit, 0);
    assert!(human.contains("online: the server answers"), "{human}");
    let (human, exit, _) = checked("live", Some(&denied));
    assert_eq!(exit, 4);
    assert!(human.contains("error: wrong secret"), "{human}");

    let never = || panic!("it must not be asked");
    assert_eq!(checked("staging", Some(&never)).1, 3, "its secret is missing");
    assert_eq!(checked("微信 a", Some(&never)).1, 0, "it stays in the sandbox");
}

#[test]
fn a_check_tells_proven_not_asked_and_not_usable_apart() {
    let denied = || Err(crate::error::Error::new(crate::error::ErrorKind::Denied, "wrong secret"));
    let fine = || Ok(OnlineCheck::Proven("the server answers".to_owned()));
    let none = || Ok(OnlineCheck::NotAsked("there is no such call"));
    let never = || panic!("it must not be asked");
    type Ask<'a> = Option<&'a dyn Fn() -> Result<OnlineCheck>>;
    let cases: [(&str, Ask<'_>, &str, &str, u8); 7] = [
        ("live", None, "live (cloud-v2): ok\n", "ok", 0),
        ("live", Some(&fine), "live (cloud-v2): ok\n", "ok", 0),
        (
            "live",
            Some(&none),
            "live (cloud-v2): ok offline; there is no such call\n",
            "ok-offline",
            0,
        ),
        ("live", Some(&denied), "live (cloud-v2): not usable\n", "not-usable", 4),
        ("staging", Some(&never), "staging (home): not usable\n", "not-usable", 3),
        ("微信 a", None, "微信 a (cloud-v2): ok\n", "ok", 0),
        (
            "微信 a",
            Some(&never),
            "微信 a (cloud-v2): ok offline; mode `sandbox` stays inside herald\n",
            "ok-offline",
            0,
        ),
    ];
    for (name, online, first, state, exit) in cases {
        let (human, code, json) = checked(name, online);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert!(human.starts_with(first), "{human}");
        assert_eq!((json["state"].as_str(), code), (Some(state), exit), "{json}");
        let asked = online.is_some() && !json["online"].is_null();
        assert!(!asked || json["online"]["asked"] == (state != "ok-offline"), "{json}");
    }
}

#[test]
fn several_checks_end_with_unusable_input_before_what_vendors_said() {
    let report = |name: &str, online: Option<&dyn Fn() -> Result<OnlineCheck>>| {
        let hooks =
            Hooks { remarks: &|_, _| Vec::new(), online: &|_, _| online.expect("asked for")() };
        let chosen = chosen(name);
        with_world(|world| check::AccountReport::of(&chosen, world, online.is_some(), &hooks))
    };
    let denied = || Err(crate::error::Error::new(crate::error::ErrorKind::Denied, "wrong secret"));
    let usage = || Err(crate::error::Error::usage("no harmless call"));
    let code = |reports: &[check::AccountReport]| check::exit(reports).code();
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&[report("live", None), report("live", Some(&denied))]), 4);
    assert_eq!(code(&[report("live", Some(&denied)), report("staging", None)]), 3);
    assert_eq!(code(&[report("live", Some(&usage))]), 2);
}

#[test]
fn the_template_for_those_without_a_terminal_is_a_profile() {
    for contract in ALL {
        let text = profile::template(contract, "NAME", &[]);
        assert!(parse(&text).is_ok(), "{text}");
    }
    insta::assert_snapshot!(profile::template(ALL[1], "NAME", &[]), @r#"
    [profiles.NAME]
    provider = "home"
    endpoint = "http://HOST:18080"
    secret = { env = "NAME_SECRET" }
    mode = "test"
    allow_to = ["user:test-*"]
    "#);
    assert_eq!(no_env("anything"), None);
}

#[test]
fn the_arguments_are_what_the_help_says() {
    use clap::Parser;
    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }
    <Cli as clap::CommandFactory>::command().debug_assert();
    let action = |line: &str| Cli::try_parse_from(line.split(' ')).map(|cli| cli.args.action);
    assert!(matches!(action("profile list"), Ok(Action::List(_))));
    assert!(matches!(action("profile init"), Ok(Action::Init(init::Args { name: None, .. }))));
    assert!(matches!(action("profile show live"), Ok(Action::Show(show::Args { name: Some(_) }))));
    assert!(
        matches!(action("profile check a b --online"), Ok(Action::Check(check::Args { names, online: true, deadline: None })) if names.len() == 2)
    );
    assert!(action("profile").is_err());
}
