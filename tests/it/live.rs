//! Live completion, as shells ask for it.

use crate::support::{World, files_below, finish, short_id};

impl World {
    /// What fish would show for a line: values without what they are.
    fn completes(&self, words: &[&str]) -> Vec<String> {
        let run = finish(
            self.command().env("HERALD_COMPLETE", "fish").args(["--", "herald"]).args(words),
        );
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
        let values = run.out.lines().map(|line| line.split('\t').next().unwrap_or_default());
        values.map(str::to_owned).collect()
    }
}

#[cfg(unix)]
const PROFILES: &str = r#"
[profiles.prod]
provider = "wildfire"
endpoint = "http://127.0.0.1:1"
secret = { command = ["touch", "ran"] }
[profiles.play]
provider = "jpush-v2"
mode = "sandbox"
"#;

#[cfg(unix)]
#[test]
fn values_are_those_of_the_contracts_and_of_the_users_files() {
    let world = World::new();
    world.write_private("profiles.toml", PROFILES);
    let of = ["--profiles", "profiles.toml"];
    #[rustfmt::skip]
    let table: &[(&[&str], &str)] = &[
        (&["send", "--profile", ""], "prod"),
        (&["profile", "show", ""], "play"),
        (&["profile", "check", "pr"], "prod"),
        (&["send", "--provider", ""], "wildfire"),
        (&["send", "--provider=wild"], "--provider=wildfire"),
        (&["call", ""], "wildfire/"),
        (&["call", "wildfire/"], "wildfire/send"),
        (&["sign", "wildfire/se"], "wildfire/send"),
        (&["validate", "--as", "jpush-v2/"], "jpush-v2/push"),
        (&["schema", "output/"], "output/validate"),
        (&["providers", "wildfire/te"], "wildfire/text"),
        (&["send", "--provider", "wildfire", "--type", "te"], "text"),
        (&["call", "wildfire/send", "--set", "pay"], "payload."),
        (&["call", "wildfire/send", "--set", "payload.t"], "payload.type="),
        (&["send", "--profile", "prod", "--set", "send"], "sender="),
        (&["send", "--provider", "wildfire", "--allow", "wildfire/E0"], "wildfire/E05"),
        (&["explain", "json/"], "json/null"),
        (&["send", "--override", ""], "max-targets"),
        (&["send", "--to", "g"], "group:"),
        (&["history", "--outcome", "un"], "unknown"),
        (&["completions", ""], "man"),
    ];
    for (words, wanted) in table {
        let words = [&of[..], words].concat();
        let values = world.completes(&words);
        assert!(values.iter().any(|value| value == wanted), "{words:?}: {values:?}");
    }
    assert!(!world.path("ran").exists(), "a secret's command ran");
}

#[test]
fn entries_of_the_ledger_are_offered_and_nothing_is_written() {
    let world = World::new();
    let ids = |words: &[&str]| -> Vec<String> {
        world
            .completes(words)
            .into_iter()
            .filter(|value| {
                value.len() >= 8 && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
            })
            .collect()
    };
    assert!(ids(&["recall", "--sandbox", ""]).is_empty());
    assert!(files_below(&world.path("")).is_empty(), "a ledger was made");
    let send = ["send", "--sandbox", "--provider", "wildfire", "--from", "a", "--to", "b"];
    let send = [&send[..], &["--text", "x", "--output", "json"]].concat();
    let id = world.run(&send).ends_with(0).json()["ledger_id"].as_str().expect("an id").to_owned();
    let state = || {
        let mut files: Vec<_> = files_below(&world.path(""))
            .into_iter()
            // The index of SQLite's log is how readers tell each other that they are there.
            .filter(|path| !path.to_string_lossy().ends_with("-shm"))
            .map(|path| (std::fs::read(&path).expect("a file"), path))
            .collect();
        files.sort();
        files
    };
    let before = state();
    let short = short_id(&id);
    for (words, offered) in [
        (&["recall", "--sandbox", ""][..], short),
        (&["get", "--sandbox", &short[..3]], short),
        (&["get", "--sandbox", &id[..9]], &id),
        (&["history", "--sandbox", "show", ""], short),
    ] {
        assert_eq!(ids(words), [offered], "{words:?}");
    }
    assert!(ids(&["recall", ""]).is_empty(), "an entry of the sandbox");
    assert!(before == state(), "something was written");
}

#[test]
fn what_is_broken_offers_nothing_and_says_nothing() {
    let world = World::new();
    world.write("profiles.toml", "[profiles.p\n");
    world.write("ledger.db", "no database");
    for words in [
        &["--profiles", "profiles.toml", "send", "--profile", ""][..],
        &["--profiles", "nowhere.toml", "send", "--set", "a"],
        &["history", "--ledger", "ledger.db", "show", "0"],
        &["snd", "--profile", ""],
    ] {
        world.completes(words);
    }
    let unknown = finish(world.command().env("HERALD_COMPLETE", "tcsh"));
    unknown.ends_with(2).says("fish");
}

/// Names of profiles are those of a file: whatever is in them, bash gets one word back, and nothing is expanded.
#[cfg(unix)]
#[test]
fn bash_reads_a_completed_name_back_as_the_name_whatever_is_in_it() {
    const NAMES: [&str; 14] = [
        "a b  c",
        "b'c",
        "c\"d",
        "d$HOME",
        "e*",
        "f;touch ran",
        "g`touch ran`",
        "h$(touch ran)",
        "i[jk]",
        "j\\k",
        "k!x",
        "l~",
        "m#n",
        "你 好",
    ];
    let world = World::new();
    let profile = |name: &&str| {
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        format!("[profiles.\"{name}\"]\nprovider = \"jpush-v2\"\nmode = \"sandbox\"\n")
    };
    world.write_private("p.toml", NAMES.iter().map(profile).collect::<String>());
    // What a pattern would find.
    ["e1", "ij", "a", "b"].iter().for_each(|name| drop(world.write(name, "")));
    let registration = finish(world.command().env("HERALD_COMPLETE", "bash")).ends_with(0).out;
    world.write("live.bash", registration);
    let script = r#"
        source live.bash
        COMP_WORDS=(herald send --profile "$1$2")
        COMP_CWORD=3
        COMP_LINE="herald send --profile $1$2"
        COMP_POINT=${#COMP_LINE}
        _herald_live
        eval "set -- $1${COMPREPLY[0]}$1"
        printf '%s|' "${#COMPREPLY[@]}" "$#" "$@"
    "#;
    for name in NAMES {
        let first: String = name.chars().take(1).collect();
        for quote in ["", "'", "\""] {
            let mut bash = std::process::Command::new("bash");
            bash.current_dir(world.path("")).args(["-c", script, "bash", quote, &first]);
            bash.env("HOME", world.path("")).env("HERALD_PROFILES", "p.toml");
            let Ok(output) = bash.env("LC_ALL", "C.UTF-8").output() else { return };
            let out = String::from_utf8_lossy(&output.stdout);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(out, format!("1|1|{name}|"), "{quote}{first}: {said}");
        }
    }
    assert!(!world.path("ran").exists(), "a name was run");
}

/// The script that is not live knows only words of herald's own; names of files are completed by bash itself.
#[cfg(unix)]
#[test]
fn the_script_for_bash_splits_and_expands_nothing() {
    let world = World::new();
    world.run(&["completions", "bash", "--dir", "."]).ends_with(0);
    ["s", "a b.json", "*"].iter().for_each(|name| drop(world.write(name, "")));
    let script = r#"
        source herald.bash
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _herald herald "${@: -1}" "${@: -2:1}"
        printf '%s|' "${COMPREPLY[@]}"
    "#;
    for (words, wanted) in [
        (&["herald", "send", "--body", ""][..], ""),
        (&["herald", "validate", "*"], ""),
        (&["herald", "send", "--color", "a"], "auto|always|"),
        (&["herald", "send", "--dry"], "--dry-run|"),
        (&["herald", "sen"], "send|"),
        (&["herald", "validate", "--report", "sar"], "sarif=|"),
        (&["herald", "validate", "--report", "sarif", "=", ""], ""),
        (&["herald", "validate", "--report", "sarif", "=", "s"], ""),
        (&["herald", "validate", "--output", "=", "sar"], "sarif|"),
    ] {
        let mut bash = std::process::Command::new("bash");
        bash.current_dir(world.path("")).args(["-c", script, "bash"]).args(words);
        let Ok(output) = bash.output() else { return };
        let out = String::from_utf8_lossy(&output.stdout);
        let wanted = if wanted.is_empty() { "|" } else { wanted };
        assert_eq!(out, wanted, "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// bash cuts words at `:` and `=`; the function puts them together and gives back the last piece alone.
#[cfg(unix)]
#[test]
fn bash_completes_words_that_it_cuts() {
    let world = World::new();
    let registration = finish(world.command().env("HERALD_COMPLETE", "bash")).ends_with(0).out;
    world.write("live.bash", registration);
    ["pay load.json", "it's"].iter().for_each(|name| drop(world.write(name, "")));
    for (words, wanted) in [
        ("herald|validate|--report|sarif|=|pay", "pay\\ load.json"),
        ("herald|validate|--report|=|sarif|=|it", "it\\'s"),
        ("herald|send|--output|=|js", "json"),
        ("herald|send|--to|us", "user:"),
        ("herald|send|--provider|rongcloud|--type|RC|:", "TxtMsg"),
        ("herald|send|--provider|rongcloud|--type|RC|:|Tx", "TxtMsg"),
        ("herald|call|wildfire/send|--set|payload.ty", "payload.type="),
    ] {
        let script = r#"
            source live.bash
            IFS='|' read -ra COMP_WORDS <<< "$1"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMP_LINE=${1//|/ }
            COMP_LINE=${COMP_LINE// : /:}
            COMP_LINE=${COMP_LINE/%" :"/:}
            COMP_LINE=${COMP_LINE// = /=}
            COMP_POINT=${#COMP_LINE}
            _herald_live
            printf '%s\n' "${COMPREPLY[@]}"
        "#;
        let mut bash = std::process::Command::new("bash");
        bash.current_dir(world.path("")).args(["-c", script, "bash", words]);
        let Ok(output) = bash.env("HOME", world.path("")).output() else { return };
        let out = String::from_utf8(output.stdout).expect("UTF-8");
        let fits = |line: &str| line == wanted || line.ends_with(&format!(":{wanted}"));
        assert!(out.lines().any(fits), "{words}: {out}{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// fish and zsh quote what is offered themselves; herald gets what is typed without its quotes.
#[cfg(unix)]
#[test]
fn fish_completes_quoted_words_and_files_behind_a_format() {
    let world = World::new();
    world.write_private(
        "p.toml",
        "[profiles.\"my prof\"]\nprovider = \"jpush-v2\"\nmode = \"sandbox\"\n",
    );
    world.write("pay load.json", "");
    let live = finish(world.command().env("HERALD_COMPLETE", "fish")).ends_with(0).out;
    world.write("live.fish", live);
    world.run(&["completions", "fish", "--dir", "."]).ends_with(0);
    let table = [
        ("live.fish", r"send --profile my\ p", "my prof"),
        ("live.fish", "send --profile \"my p", "my prof"),
        ("live.fish", "validate --report sar", "sarif="),
        ("live.fish", r"validate --report sarif=pay\ ", "sarif=pay load.json"),
        ("live.fish", "validate --report=sarif=pa", "--report=sarif=pay load.json"),
        ("herald.fish", "validate --report sar", "sarif="),
        ("herald.fish", "validate --report sarif=pa", "sarif=pay load.json"),
    ];
    for (script, line, wanted) in table {
        let mut fish = std::process::Command::new("fish");
        let ask = format!("source {script}; complete -C $argv[1]");
        fish.current_dir(world.path("")).args([
            "--no-config",
            "-c",
            &ask,
            &format!("herald {line}"),
        ]);
        fish.env("HOME", world.path("")).env("HERALD_PROFILES", "p.toml").env("LC_ALL", "C.UTF-8");
        let Ok(output) = fish.output() else { return };
        let out = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        let first = out.lines().next().and_then(|line| line.split('\t').next());
        assert_eq!(first, Some(wanted), "{script} {line}: {out}{said}");
    }
}

/// A terminal with zsh in it: what it reads after a tab is what the command gets.
#[cfg(unix)]
#[test]
fn zsh_completes_quoted_words_and_files_behind_a_format() {
    const SCRIPT: &str = r#"
        zmodload zsh/zpty && autoload -Uz compinit && compinit -u -D || exit 9
        zpty z "zsh -f -i"
        zpty -w z "PS1=; autoload -Uz compinit; compinit -u -D; herald() { print -r -- \"<\$1>\" \${(q)@[-1]} > got }; source $1; (( \$+_comps[herald] )) || compdef _herald herald"
        zpty -w -n z "herald $2"$'\t\n'
        for ((i = 0; i < 200; i++)) { [[ -s got ]] && break; sleep 0.05; zpty -r -t z out }
        zpty -d z
        cat got
    "#;
    let world = World::new();
    world.write_private(
        "p.toml",
        "[profiles.\"my prof\"]\nprovider = \"jpush-v2\"\nmode = \"sandbox\"\n",
    );
    world.write("pay load.json", "");
    let live = finish(world.command().env("HERALD_COMPLETE", "zsh")).ends_with(0).out;
    world.write("live.zsh", live);
    world.run(&["completions", "zsh", "--dir", "."]).ends_with(0);
    for (script, line, wanted) in [
        ("live.zsh", r"send --profile my\ p", r"my\ prof"),
        ("live.zsh", "send --profile 'my p", r"my\ prof"),
        ("live.zsh", "validate --report sarif=pa", r"sarif=pay\ load.json"),
        ("_herald", "validate --report sarif=pa", r"sarif=pay\ load.json"),
        ("_herald", "validate --report sari", "sarif="),
    ] {
        let mut zsh = std::process::Command::new("zsh");
        zsh.current_dir(world.path("")).args(["-f", "-c", SCRIPT, "zsh", script, line]);
        zsh.env("HOME", world.path("")).env("HERALD_PROFILES", "p.toml").env("LC_ALL", "C.UTF-8");
        let Ok(output) = zsh.output() else { return };
        let out = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(out.trim_end().ends_with(&format!("> {wanted}")), "{script} {line}: {out}{said}");
        let _ = std::fs::remove_file(world.path("got"));
    }
}
