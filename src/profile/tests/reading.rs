//! How faults of a profile file are shown.

use super::*;
use crate::account::Mode;

pub(super) fn fault(text: &str) -> String {
    rendered(&parse(text).expect_err("the text has a fault"))
}

#[test]
fn a_file_without_faults_is_read_with_everything_in_it() {
    let file = parse(
        "default = \"b\"\n[profiles.b]\nprovider = \"home\"\nsecret.env = \"X\"\nendpoint = \"http://h:1\"\n\
         mode = \"test\"\nallow_to = [\"user:test-*\"]\nconfirm_above = 10\nmax_targets = 0x20\nroots = \"system\"\n\
         [profiles.a]\nprovider = \"cloud-v2\"\nendpoint = \"sg\"\napp_secret = { command = [\"pass\", \"x\"] }\n",
    )
    .expect("it works");
    assert_eq!(file.default.as_deref(), Some("b"));
    let names: Vec<&str> = file.profiles.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!(names, ["b", "a"], "in the order of the file");
    let b = &file.profiles[0];
    assert_eq!((b.mode, b.confirm_above, b.max_targets), (Some(Mode::Test), Some(10), Some(32)));
    assert_eq!(
        (b.allow_to.as_slice(), b.roots.as_deref()),
        (&["user:test-*".to_owned()][..], Some("system"))
    );
    let entries: Vec<String> = file
        .profiles
        .iter()
        .flat_map(|profile| &profile.fields)
        .map(|entry| format!("{}:{}={}", entry.line, entry.key, entry.source))
        .collect();
    assert_eq!(
        entries,
        [
            "4:secret=env X",
            "5:endpoint=literal",
            "13:endpoint=literal",
            "14:app_secret=command pass x"
        ],
    );
}

#[test]
fn a_mistyped_key_is_shown_in_its_line_with_the_nearest_one_and_without_its_value() {
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nsercet = \"hunter2\"\n"), @r"
    [3] p.toml:3:1: unknown key `sercet`
       |
     3 | sercet = ***
       | ^^^^^^
      help: did you mean `secret`?
    ");
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nmod = \"test\"\n"), @r#"
    [3] p.toml:3:1: unknown key `mod`
       |
     3 | mod = "test"
       | ^^^
      help: did you mean `mode`?
    "#);
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nzebra = 1\n"), @r"
    [3] p.toml:3:1: unknown key `zebra`
       |
     3 | zebra = 1
       | ^^^^^
      help: the keys are provider, endpoint, mode, allow_to, confirm_above, max_targets, quiet_hours, kill_switch, roots, defaults, secret, edition
    ");
    insta::assert_snapshot!(fault("defualt = \"a\"\n"), @r#"
    [3] p.toml:1:1: unknown key `defualt`
       |
     1 | defualt = "a"
       | ^^^^^^^
      help: did you mean `default`?
    "#);
    insta::assert_snapshot!(fault("[live]\nprovider = \"home\"\n"), @r"
    [3] p.toml:1:2: unknown key `live`
       |
     1 | [live]
       |  ^^^^
      help: a profile's section is `[profiles.live]`
    ");
}

#[test]
fn a_key_of_another_provider_is_named_as_such() {
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\napp_secret = \"hunter2\"\n"), @r"
    [3] p.toml:3:1: `app_secret` is a key of cloud-v2, not of home
       |
     3 | app_secret = ***
       | ^^^^^^^^^^
      help: home takes `secret`, `edition`
    ");
}

#[test]
fn a_provider_or_mode_that_is_not_there_gets_the_nearest_one() {
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"cloud\"\nsecret = \"hunter2\"\n"), @r#"
    [3] p.toml:2:12: there is no provider `cloud`
       |
     2 | provider = "cloud"
       |            ^^^^^^^
      help: did you mean `cloud-v2`?
    "#);
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"elsewhere\"\n"), @r#"
    [3] p.toml:2:12: there is no provider `elsewhere`
       |
     2 | provider = "elsewhere"
       |            ^^^^^^^^^^^
      help: the providers are cloud-v2, home
    "#);
    insta::assert_snapshot!(fault("[profiles.a]\nsecret = \"hunter2\"\n"), @r"
    [3] p.toml:1:11: profile `a` has no `provider`
       |
     1 | [profiles.a]
       |           ^
      help: the providers are cloud-v2, home
    ");
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nmode = \"tset\"\n"), @r#"
    [3] p.toml:3:8: there is no mode `tset`
       |
     3 | mode = "tset"
       |        ^^^^^^
      help: did you mean `test`?
    "#);
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nmode = \"quiet\"\n"), @r#"
    [3] p.toml:3:8: there is no mode `quiet`
       |
     3 | mode = "quiet"
       |        ^^^^^^^
      help: it is one of test, live, sandbox
    "#);
}

#[test]
fn a_default_that_is_not_there_gets_the_nearest_one() {
    insta::assert_snapshot!(fault("default = \"stagin\"\n[profiles.staging]\nprovider = \"home\"\n"), @r#"
    [3] p.toml:1:11: `default` names the profile `stagin`, which is not there
       |
     1 | default = "stagin"
       |           ^^^^^^^^
      help: did you mean `staging`?
    "#);
    insta::assert_snapshot!(fault("default = \"a\"\n"), @r#"
    [3] p.toml:1:11: `default` names the profile `a`, which is not there
       |
     1 | default = "a"
       |           ^^^
      help: the file has no profile; `herald profile init` makes one
    "#);
}

#[test]
fn a_value_of_the_wrong_type_says_what_it_should_be() {
    let profile = |line: &str| fault(&format!("[profiles.a]\nprovider = \"home\"\n{line}\n"));
    insta::assert_snapshot!(profile("secret = 12345678"), @r#"
    [3] p.toml:3:10: `secret` is a whole number, and should be { env = "NAME" }, { file = "PATH" } or { command = ["PROGRAM"] }
       |
     3 | secret = ***
       |          ^^^
    "#);
    insta::assert_snapshot!(profile("endpoint = true"), @r#"
    [3] p.toml:3:12: `endpoint` is true or false, and should be text in quotes, or { env = "NAME" }, { file = "PATH" } or { command = ["PROGRAM"] }
       |
     3 | endpoint = true
       |            ^^^^
    "#);
    insta::assert_snapshot!(profile("max_targets = -1"), @r"
    [3] p.toml:3:15: `max_targets` is a negative number, and should be a whole number from 0 on
       |
     3 | max_targets = -1
       |               ^^
    ");
    insta::assert_snapshot!(profile("confirm_above = \"100\""), @r#"
    [3] p.toml:3:17: `confirm_above` is text, and should be a whole number from 0 on
       |
     3 | confirm_above = "100"
       |                 ^^^^^
    "#);
    insta::assert_snapshot!(profile("allow_to = \"user:x\""), @r#"
    [3] p.toml:3:12: `allow_to` is text, and should be a list as ["user:test-*"]
       |
     3 | allow_to = "user:x"
       |            ^^^^^^^^
    "#);
    insta::assert_snapshot!(profile("allow_to = [\"user:x\", \"usr:y\"]"), @r#"
    [3] p.toml:3:23: `usr:y` is not of the form KIND:PATTERN
       |
     3 | allow_to = ["user:x", "usr:y"]
       |                       ^^^^^^^
      help: did you mean `user`?
    "#);
    insta::assert_snapshot!(profile("allow_to = [\"user:\"]"), @r#"
    [3] p.toml:3:13: `user:` is not of the form KIND:PATTERN
       |
     3 | allow_to = ["user:"]
       |             ^^^^^^^
      help: as in `user:test-*`; kinds are user, group, room, channel, alias, tag, regid, package
    "#);
    insta::assert_snapshot!(fault("profiles = 1\n"), @r"
    [3] p.toml:1:12: `profiles` is a whole number, and should be sections `[profiles.NAME]`
       |
     1 | profiles = 1
       |            ^
    ");
    insta::assert_snapshot!(fault("profiles.a = 1\n"), @r"
    [3] p.toml:1:14: `a` is a whole number, and should be a section `[profiles.a]`
       |
     1 | profiles.a = 1
       |              ^
    ");
    insta::assert_snapshot!(fault("[profiles.\"\"]\nprovider = \"home\"\n"), @r#"
    [3] p.toml:1:11: a profile's name is a word without control characters
       |
     1 | [profiles.""]
       |           ^^
    "#);
}

#[test]
fn a_source_that_is_none_is_named() {
    let profile = |line: &str| fault(&format!("[profiles.a]\nprovider = \"home\"\n{line}\n"));
    insta::assert_snapshot!(profile("secret = { evn = \"X\" }"), @r"
    [3] p.toml:3:12: unknown source `evn` of `secret`
       |
     3 | secret = { evn = *** }
       |            ^^^
      help: did you mean `env`?
    ");
    insta::assert_snapshot!(profile("secret = { value = \"hunter2\" }"), @r"
    [3] p.toml:3:12: unknown source `value` of `secret`
       |
     3 | secret = { value = *** }
       |            ^^^^^
      help: a value comes from env, file, command
    ");
    insta::assert_snapshot!(profile("secret = { env = \"X\", file = \"y\" }"), @r#"
    [3] p.toml:3:10: `secret` needs one source
       |
     3 | secret = { env = "X", file = "y" }
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^
      help: write one of env, file, command
    "#);
    insta::assert_snapshot!(profile("secret = {}"), @r"
    [3] p.toml:3:10: `secret` needs one source
       |
     3 | secret = {}
       |          ^^
      help: write one of env, file, command
    ");
    insta::assert_snapshot!(profile("secret = { env = \"\" }"), @r#"
    [3] p.toml:3:18: `env` is empty
       |
     3 | secret = { env = "" }
       |                  ^^
    "#);
    insta::assert_snapshot!(profile("secret = { command = \"pass x\" }"), @r#"
    [3] p.toml:3:22: `command` is text, and should be a list of words as ["pass", "rong"]; no shell runs it
       |
     3 | secret = { command = "pass x" }
       |                      ^^^^^^^^
    "#);
    insta::assert_snapshot!(profile("secret = { command = [] }"), @r"
    [3] p.toml:3:22: `command` names no program
       |
     3 | secret = { command = [] }
       |                      ^^
    ");
}

#[test]
fn an_endpoint_that_is_none_gets_the_nearest_one() {
    let cloud = |endpoint: &str| {
        fault(&format!("[profiles.a]\nprovider = \"cloud-v2\"\nendpoint = \"{endpoint}\"\n"))
    };
    insta::assert_snapshot!(cloud("cnn"), @r#"
    [3] p.toml:3:12: `cnn` is neither an endpoint of cloud-v2 nor a URL
       |
     3 | endpoint = "cnn"
       |            ^^^^^
      help: did you mean `cn`?
    "#);
    insta::assert_snapshot!(cloud("europe"), @r#"
    [3] p.toml:3:12: `europe` is neither an endpoint of cloud-v2 nor a URL
       |
     3 | endpoint = "europe"
       |            ^^^^^^^^
      help: cloud-v2 has cn, sg; or give a URL
    "#);
    insta::assert_snapshot!(cloud("https://me:hunter2@cloud.test"), @r"
    [3] p.toml:3:12: `endpoint` holds a user name or a password
       |
     3 | endpoint = ***
       |            ^^^
      help: credentials have keys of their own in a profile
    ");
    insta::assert_snapshot!(cloud("ftp://cloud.test"), @r#"
    [3] p.toml:3:12: `endpoint` is not an http or https URL
       |
     3 | endpoint = "ftp://cloud.test"
       |            ^^^^^^^^^^^^^^^^^^
      help: give scheme, host and port: https://HOST:PORT
    "#);
    insta::assert_snapshot!(cloud("https://cloud.test/?a=b"), @r#"
    [3] p.toml:3:12: `endpoint` has a query or a fragment
       |
     3 | endpoint = "https://cloud.test/?a=b"
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^
      help: give scheme, host and port: https://HOST:PORT
    "#);
    insta::assert_snapshot!(cloud("https://"), @r#"
    [3] p.toml:3:12: `endpoint` names no host
       |
     3 | endpoint = "https://"
       |            ^^^^^^^^^^
      help: give scheme, host and port: https://HOST:PORT
    "#);
    for (key, value) in [("kill_switch", "stop\\n"), ("roots", "a\\u0000b"), ("roots", "")] {
        let told = fault(&format!("[profiles.a]\nprovider = \"home\"\n{key} = \"{value}\"\n"));
        assert!(told.contains("[3] p.toml:3:") && told.contains(key), "{told}");
    }
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nendpoint = \"im.example.com:18080\"\n"), @r#"
    [3] p.toml:3:12: `im.example.com:18080` is neither an endpoint of home nor a URL
       |
     3 | endpoint = "im.example.com:18080"
       |            ^^^^^^^^^^^^^^^^^^^^^^
      help: home takes a URL, as http://HOST:PORT
    "#);
}

#[test]
fn broken_toml_is_shown_at_its_place_and_without_its_values() {
    insta::assert_snapshot!(fault("[profiles.a\nprovider = \"home\"\n"), @r"
    [3] p.toml:1:12: unclosed table, expected `]`
       |
     1 | [profiles.a
       |            ^
    ");
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nsecret = \"hunter2\n"), @r#"
    [3] p.toml:3:18: invalid basic string, expected `"`
       |
     3 | secret = ***
       |             ^
    "#);
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nsecret = hunter2\n"), @r"
    [3] p.toml:3:10: string values must be quoted, expected literal string
       |
     3 | secret = ***
       |          ^^^
    ");
    insta::assert_snapshot!(fault("[profiles.a]\nprovider = \"home\"\nsecret = \"a\"\nsecret = \"hunter2\"\n"), @r"
    [3] p.toml:4:1: duplicate key
       |
     4 | secret = ***
       | ^^^^^^
    ");
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_file() {
    insta::assert_snapshot!(
        fault("[profiles.b]\nprovider = \"home\"\nmod = \"live\"\n[profiles.a]\nprovider = \"hoem\"\nsecret = \"hunter2\"\n"),
        @r#"
        [3] p.toml:3:1: unknown key `mod`; p.toml:5:12: there is no provider `hoem`
           |
         3 | mod = "live"
           | ^^^
           |
         5 | provider = "hoem"
           |            ^^^^^^
          help: line 3: did you mean `mode`?
        line 5: did you mean `home`?
        "#
    );
}

#[test]
fn no_fault_shows_a_secret_whatever_is_wrong_with_its_line() {
    for line in [
        "secret = hunter2",
        "secret = 'hunter2",
        "secret = \"hunter2",
        "secret = \"hunter2\" x",
        "secret : \"hunter2\"",
        "secret \"hunter2\"",
        "secret = [\"hunter2\"]",
        "secret = { literal = \"hunter2\" }",
        "secret = { env = 1, secret = \"hunter2\" }",
        "secrte = \"hunter2\"",
        "secret = \"\"\"\nhunter2\n",
        "secret = \"\"\"\nhunter2\\x\"\"\"",
        "mode = \"liev\" # hunter2",
        "endpoint = \"http://u:hunter2@h\"",
        "secret.value = \"hunter2\"",
    ] {
        let error = parse(&format!("[profiles.a]\nprovider = \"home\"\n{line}\n")).expect_err(line);
        for shown in [rendered(&error), format!("{error:?}"), format!("{error}")] {
            assert!(!shown.contains("hunter2"), "{line}: {shown}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_change_is_not_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("it works");
    let (folder, path) = (home.path().join("f"), home.path().join("f/p.toml"));
    let link = home.path().join("link.toml");
    std::fs::create_dir(&folder).expect("it works");
    std::fs::write(&path, "this is no TOML").expect("it works");
    std::os::unix::fs::symlink(&path, &link).expect("it works");
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it works");
    };
    let told = |path: &Path| {
        let error = File::read(path, ALL).expect_err("it is refused");
        assert_eq!(error.exit().code(), 3);
        rendered(&error).replace(&home.path().display().to_string(), "HOME")
    };
    set(&path, 0o602);
    insta::assert_snapshot!(told(&path), @r"
    [3] the profile file HOME/f/p.toml is not safe to use: all users can write it
      help: chmod 600 'HOME/f/p.toml'
    ");
    assert!(told(&link).contains("all users can write it"), "what is opened is judged");
    set(&path, 0o644);
    set(&folder, 0o703);
    insta::assert_snapshot!(told(&path), @r"
    [3] the folder of the profile file HOME/f is not safe to use: all users can write it
      help: chmod go-w 'HOME/f'
    ");
    assert!(told(&link).contains("the folder of the profile file HOME/f is"), "{}", told(&link));
    let profile = NewProfile { name: "a".to_owned(), ..NewProfile::default() };
    let added = add(&path, &profile, MakeDefault::InNewFile, ALL);
    assert!(added.expect_err("it is refused").to_string().contains("not safe to use"));
    set(&folder, 0o1777);
    assert!(told(&path).contains("p.toml:1"), "it is read: {}", told(&path));
}
