use std::fs;

use super::*;

const NOTHING: &dyn Fn(&str) -> Option<String> = &|_| None;

fn with<'a>(folder: &'a Path, env: &'a dyn Fn(&str) -> Option<String>) -> Fetch<'a> {
    Fetch { env, folder, exposed: None, published: None, withheld: &|_| false }
}

fn write(folder: &Path, name: &str, bytes: &[u8], mode: u32) -> ValueSource {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("it works");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it works");
    }
    ValueSource::File(name.into())
}

fn value(source: &ValueSource, with: &Fetch<'_>) -> String {
    source.fetch("`secret`", true, with).expect("it is there").expose().to_owned()
}

/// How it fails: the fault, and what to do about it.
fn failure(source: &ValueSource, with: &Fetch<'_>) -> String {
    let (word, error) = match source.fetch("`secret`", true, with).expect_err("it is not there") {
        SourceFailure::Absent(error) => ("absent", error),
        SourceFailure::Refused(error) => ("refused", error),
    };
    assert_eq!(error.exit().code(), 3);
    let text = format!("{word}: {} / {}", error.full_message(), error.advice().unwrap_or_default());
    match with.folder.to_str() {
        Some(folder) if !folder.is_empty() => text.replace(&format!("{folder}/"), ""),
        _ => text,
    }
}

#[test]
fn a_file_gives_its_text_without_mark_and_one_line_end() {
    let home = tempfile::tempdir().expect("it works");
    for (bytes, expected) in [
        (&b"hunter2"[..], "hunter2"),
        (b"hunter2\n", "hunter2"),
        (b"hunter2\r\n", "hunter2"),
        (b"hunter2\n\n", "hunter2\n"),
        (b"\xef\xbb\xbfhunter2\n", "hunter2"),
        (b" hunter2 \n", " hunter2 "),
        (b"hunter2\r", "hunter2\r"),
    ] {
        let source = write(home.path(), "s", bytes, 0o600);
        assert_eq!(value(&source, &with(home.path(), NOTHING)), expected, "{bytes:?}");
    }
}

#[test]
fn a_variable_and_a_literal_give_their_text() {
    let env = |name: &str| (name == "RONG").then(|| "hunter2".to_owned());
    let with = with(Path::new(""), &env);
    assert_eq!(value(&ValueSource::Env("RONG".into()), &with), "hunter2");
    assert_eq!(value(&ValueSource::Literal(Secret::new("hunter2")), &with), "hunter2");
}

#[cfg(unix)]
#[test]
fn a_program_gives_its_output_without_one_line_end() {
    let words = ["printf", "hunter2\\n"].map(str::to_owned).to_vec();
    assert_eq!(value(&ValueSource::Command(words), &with(Path::new(""), NOTHING)), "hunter2");
}

#[cfg(unix)]
#[test]
fn what_gives_nothing_says_why_and_what_to_do() {
    let home = tempfile::tempdir().expect("it works");
    let empty = |name: &str| (name == "EMPTY").then(String::new);
    let fetch = with(home.path(), &empty);
    fs::create_dir(home.path().join("folder")).expect("it works");
    let words =
        |words: &[&str]| ValueSource::Command(words.iter().map(|word| (*word).into()).collect());
    for (source, expected) in [
        (
            ValueSource::Env("RONG".into()),
            "absent: `secret`: the variable RONG is not set / set RONG, or change where the value comes from",
        ),
        (
            ValueSource::Env("EMPTY".into()),
            "absent: `secret` is empty (from env EMPTY) / put the value there, or change where it comes from",
        ),
        (
            ValueSource::File("none".into()),
            "absent: `secret`: cannot read none: no such file or directory / a path is relative to the folder of the profile file",
        ),
        (
            ValueSource::File("folder".into()),
            "absent: `secret`: folder is a folder / name the file",
        ),
        (
            write(home.path(), "wide", b"hunter2", 0o640),
            "refused: `secret`: group or others can read wide / chmod 600 'wide'",
        ),
        (
            write(home.path(), "all", b"hunter2", 0o604),
            "refused: `secret`: group or others can read all / chmod 600 'all'",
        ),
        (
            write(home.path(), "binary", b"hunter2\xff", 0o600),
            "absent: `secret`: binary is not UTF-8 / save it as UTF-8 text",
        ),
        (
            write(home.path(), "huge", &[b'x'; 65_537], 0o600),
            "absent: `secret`: huge is longer than 64 KiB / name the file that holds the value alone",
        ),
        (
            write(home.path(), "line", b"\n", 0o600),
            "absent: `secret` is empty (from file line) / put the value there, or change where it comes from",
        ),
        (
            words(&["sh", "-c", "echo hunter2; echo locked >&2; exit 2"]),
            "absent: `secret`: `sh` failed (exit code 2): locked / it is started without a shell and without input, and prints the value",
        ),
        (
            words(&["true"]),
            "absent: `secret` is empty (from command true) / put the value there, or change where it comes from",
        ),
    ] {
        assert_eq!(failure(&source, &fetch), expected);
    }
}

#[test]
fn a_literal_is_refused_where_others_can_read_the_file() {
    let exposed = Some(Path::new("p.toml"));
    let fetch = Fetch { exposed, ..with(Path::new(""), NOTHING) };
    let literal = ValueSource::Literal(Secret::new("hunter2"));
    assert_eq!(
        failure(&literal, &fetch),
        "refused: `secret` is in p.toml, which group or others can read / chmod 600 'p.toml', and better let it come from env, file or command",
    );
    assert!(literal.fetch("`app_key`", false, &fetch).is_ok(), "what is no secret may be read");
}

#[test]
fn no_source_shows_its_secret() {
    let literal = ValueSource::Literal(Secret::new("hunter2"));
    assert_eq!(literal.to_string(), "literal");
    assert_eq!(format!("{literal:?}"), "Literal(***)");
}

#[cfg(unix)]
#[test]
fn what_others_can_change_is_neither_read_nor_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("it works");
    let at = |name: &str| home.path().join(name);
    let set = |name: &str, mode| {
        fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).expect("it works");
    };
    let path = home.path().display().to_string();
    let env = |name: &str| (name == "PATH").then(|| format!("/nonexistent:{path}:/usr/bin:/bin"));
    let fetch = with(home.path(), &env);
    fs::write(at("tool"), "#!/bin/sh\ntouch \"$0-ran\"\necho hunter2\n").expect("it works");
    std::os::unix::fs::symlink(at("tool"), at("link")).expect("it works");
    let command = |program: &str| ValueSource::Command(vec![program.to_owned()]);
    let by_path = at("tool").display().to_string();
    let by_link = at("link").display().to_string();
    let unsafe_program = "refused: the program of `secret`";
    set("tool", 0o757);
    for program in [&*by_path, &by_link, "tool"] {
        let told = failure(&command(program), &fetch);
        assert!(told.starts_with(unsafe_program) && told.contains(" / chmod go-w '"), "{told}");
    }
    assert!(!at("tool-ran").exists());
    set("tool", 0o755);
    assert_eq!(value(&command(&by_path), &fetch), "hunter2");
    assert!(at("tool-ran").exists());
    // A value that is not secret decides where the secrets are sent.
    let file = write(home.path(), "endpoint", b"http://h:1", 0o646);
    let Err(SourceFailure::Refused(error)) = file.fetch("`endpoint`", false, &fetch) else {
        panic!("it was read")
    };
    assert_eq!(error.exit().code(), 3);
    let secret = write(home.path(), "secret", b"hunter2", 0o602);
    assert_eq!(
        failure(&secret, &fetch),
        "refused: the file of `secret` secret is not safe to use: all users can write it / chmod 600 'secret'"
    );
}
