//! Adding profiles to a file.

use std::fs;

use super::*;
use crate::account::Secret;

fn profile(name: &str) -> NewProfile {
    NewProfile {
        name: name.to_owned(),
        provider: "home".to_owned(),
        settings: vec![("mode", SettingValue::Word("test".to_owned()))],
        fields: vec![
            ("endpoint", ValueSource::Literal(Secret::new("http://127.0.0.1:18080"))),
            ("secret", ValueSource::Command(vec!["pass".to_owned(), "a \"b\"\\\n".to_owned()])),
        ],
    }
}

#[test]
fn the_first_profile_makes_folder_and_file_and_is_the_default() {
    let home = tempfile::tempdir().expect("it works");
    let path = home.path().join("config/herald/profiles.toml");
    add(&path, &profile("staging"), MakeDefault::InNewFile, ALL).expect("it works");
    insta::assert_snapshot!(fs::read_to_string(&path).expect("it works"), @r#"
    default = "staging"

    [profiles.staging]
    provider = "home"
    mode = "test"
    endpoint = "http://127.0.0.1:18080"
    secret = { command = ["pass", "a \"b\"\\\u000A"] }
    "#);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).expect("it works").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("it works")), 0o700);
    }
    let file = File::read(&path, ALL).expect("it works").expect("it works");
    assert!(!file.exposed || cfg!(not(unix)));
    assert_eq!(file.profiles[0].fields[1].source.to_string(), "command pass a \"b\"\\\n");
    assert_eq!(
        fs::read_dir(path.parent().expect("it works")).expect("it works").count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn what_is_in_the_file_stays_as_it_is() {
    let home = tempfile::tempdir().expect("it works");
    let path = home.path().join("profiles.toml");
    let before = "# mine\n\n[profiles . 'a']   # odd\nprovider='home'";
    fs::write(&path, before).expect("it works");
    add(&path, &profile("的 b"), MakeDefault::InNewFile, ALL).expect("it works");
    let after = fs::read_to_string(&path).expect("it works");
    assert!(after.starts_with(&format!("{before}\n\n[profiles.\"的 b\"]\n")), "{after}");
    let file = File::read(&path, ALL).expect("it works").expect("it works");
    assert_eq!(file.profiles.len(), 2);
    assert_eq!(file.default, None);
}

#[test]
fn a_profile_that_is_there_and_a_file_that_is_broken_are_left_alone() {
    let home = tempfile::tempdir().expect("it works");
    let path = home.path().join("profiles.toml");
    let folder = format!("{}/", home.path().display());
    let refused = |text: &str| {
        fs::write(&path, text).expect("it works");
        let error =
            add(&path, &profile("a"), MakeDefault::InNewFile, ALL).expect_err("it is refused");
        assert_eq!(fs::read_to_string(&path).expect("it works"), text);
        rendered(&error).replace(&folder, "")
    };
    insta::assert_snapshot!(refused("[profiles.a]\nprovider = \"home\"\n"), @r"
    [3] profiles.toml has a profile `a` already
      help: choose another name, or change that one in an editor
    ");
    insta::assert_snapshot!(refused("[profiles.a\n"), @r"
    [3] profiles.toml:1:12: unclosed table, expected `]`
       |
     1 | [profiles.a
       |            ^
    ");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let home = tempfile::tempdir().expect("it works");
    let (link, real) = (home.path().join("profiles.toml"), home.path().join("dotfile"));
    for text in [Some(""), Some("default = \"b\"\n"), None] {
        if let Some(text) = text {
            fs::write(&real, text).expect("it works");
        }
        std::os::unix::fs::symlink(&real, &link).expect("it works");
        let error =
            add(&link, &profile("a"), MakeDefault::InNewFile, ALL).expect_err("it is refused");
        assert!(error.full_message().contains("is a link"), "{}", error.full_message());
        assert_eq!(error.exit().code(), 3);
        let named = error.advice().is_some_and(|help| help.contains("dotfile"));
        assert_eq!(named, text.is_some());
        assert!(fs::symlink_metadata(&link).expect("it works").is_symlink());
        assert_eq!(fs::read_to_string(&real).ok().as_deref(), text);
        fs::remove_file(&link).and_then(|()| fs::remove_file(&real).or(Ok(()))).expect("it works");
    }
    add(&real, &profile("a"), MakeDefault::InNewFile, ALL).expect("the file itself is written");
}

#[test]
fn a_file_that_cannot_be_written_says_so() {
    let home = tempfile::tempdir().expect("it works");
    let file = home.path().join("file");
    fs::write(&file, "").expect("it works");
    let path = file.join("profiles.toml");
    let error = add(&path, &profile("a"), MakeDefault::InNewFile, ALL).expect_err("it is refused");
    assert_eq!(error.exit().code(), 3);
    assert!(error.full_message().contains("cannot write"), "{}", error.full_message());
}
