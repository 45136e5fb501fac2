//! What a message says: nothing that shows nothing goes out unless it is meant, and a text may begin with a hyphen.

use crate::support::World;

const PROVIDERS: [&str; 6] =
    ["easemob", "jmessage", "jpush-v2", "jpush-v3", "rongcloud", "wildfire"];
const TO: [&str; 4] = ["--from", "anna", "--to", "carol"];

fn send<'a>(provider: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["send", "--sandbox", "--dry-run", "-q", "--provider", provider], &TO[..], more].concat()
}

#[test]
fn a_text_that_shows_nothing_is_refused_unless_it_is_meant() {
    let world = World::new();
    let blanks = [
        ("", "is empty"),
        (" ", "is blank"),
        ("\u{3000}\n", "is blank"),
        ("\u{200b}", "invisible"),
    ];
    for (provider, (text, why)) in
        PROVIDERS.iter().flat_map(|name| blanks.map(|blank| (*name, blank)))
    {
        for flag in ["--text", "--image", "--voice", "--video", "--file", "--location", "--command"]
        {
            let run = world.run(&send(provider, &[flag, text])).ends_with(2);
            assert!(
                run.err.contains(flag) && run.err.contains(why),
                "{flag} {text:?}: {}",
                run.err
            );
        }
        let title = world.run(&send(provider, &["--text", "x", "--title", text])).ends_with(2);
        assert!(title.err.contains("--title"), "{}", title.err);
        let extra = format!("{text}=v");
        let extra = world.run(&send(provider, &["--text", "x", "--extra", &extra])).ends_with(2);
        assert!(extra.err.contains("--extra"), "{}", extra.err);
        let run = world.run(&send(provider, &["--text", text, "--allow-empty"]));
        assert!(run.code != 2, "the vendor's own rules judge it: {}", run.err);
    }
    let meant = send("easemob", &["--text", "", "--allow-empty"]);
    world.run(&meant).ends_with(0);
    let update = ["update", "1", "--provider", "easemob", "--sandbox", "--dry-run", "--text", " "];
    world.run(&update).ends_with(2).says("--text");
}

#[test]
fn a_text_that_is_empty_for_a_person_of_the_list_is_not_sent_to_that_person() {
    let world = World::new();
    world.write("l.csv", "user,name\nann1,Ann\nbob1,\ncarl, \ndora,Dora\n");
    let list = ["--targets", "l.csv", "--column", "user", "--from", "anna"];
    for provider in PROVIDERS {
        let broadcast = |more: &[&str]| {
            let start = ["broadcast", "--sandbox", "--provider", provider];
            world.run(&[&start[..], &list[..], more].concat())
        };
        let run = broadcast(&["--text", "{{name}}"]).ends_with(3);
        assert!(run.err.contains("line 3: ") && run.err.contains("line 4: "), "{}", run.err);
        assert!(run.err.contains("`--text` is"), "{}", run.err);
        let run =
            broadcast(&["--text", "{{name}}", "--skip-invalid", "--output", "json"]).ends_with(0);
        assert_eq!(run.json()["job"]["counts"]["accepted"], 2, "{}", run.out);
        let run = broadcast(&["--text", "Dear {{name}},"]).ends_with(0);
        assert!(
            run.err.contains("name is empty in 2 of 4 entries, first lines 3, 4"),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_value_may_begin_with_a_hyphen_and_a_flag_is_none() {
    let world = World::new();
    for text in ["- first item", "-5 °C", "--", "-x", "--wrong"] {
        let run =
            world.run(&send("easemob", &["--text", text, "--output", "json", "--show-secrets"]));
        let run = run.ends_with(0);
        let body = run.json()["requests"][0]["body"].to_string();
        assert!(body.contains(text), "{body}");
    }
    let to =
        ["send", "--sandbox", "--dry-run", "--provider", "wildfire", "--from", "a", "--text", "x"];
    let run = world.run(&[&to[..], &["--to", "-1001234"]].concat()).ends_with(0);
    assert!(run.out.contains("-1001234"), "{}", run.out);
    for flag in ["--yes", "-v", "--output=json", "--dry-run"] {
        let run = world.run(&send("easemob", &["--text", flag])).ends_with(2);
        // With -q, the error of a line that names JSON is on stdout alone.
        let told = format!("{}{}", run.out, run.err);
        assert!(told.contains(&format!("--text={flag}")), "{told}");
        let meant = format!("--text={flag}");
        world.run(&send("easemob", &[&meant])).ends_with(0);
    }
}

#[test]
fn a_variable_that_is_empty_counts_as_not_set() {
    let world = World::new();
    let names = [
        "HERALD_PROFILES",
        "HERALD_PROFILE",
        "HERALD_LEDGER",
        "HERALD_READ_ONLY",
        "HERALD_KILL_SWITCH",
        "SSL_CERT_FILE",
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
    ];
    let lines: [&[&str]; 5] = [
        &[
            "send",
            "--sandbox",
            "--provider",
            "wildfire",
            "--from",
            "a",
            "--to",
            "b",
            "--text",
            "hi",
        ],
        &["history", "--sandbox"],
        &["history", "list", "--sandbox"],
        &["recall", "--last", "--sandbox"],
        &["providers", "wildfire"],
    ];
    for name in names {
        for line in lines {
            world.run_with(line, &[(name, "")]).ends_with(0);
        }
    }
    let all: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
    for line in lines {
        world.run_with(line, &all).ends_with(0);
    }
    let stop = ["stop", "spring"];
    let run = world.run_with(&stop, &[("HERALD_LEDGER", "")]).ends_with(2);
    assert!(!run.err.contains("--ledger <FILE>"), "{}", run.err);
}
