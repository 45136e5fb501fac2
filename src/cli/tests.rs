use super::*;

#[test]
fn the_command_tree_is_consistent() {
    command().debug_assert();
}

fn each(command: &clap::Command, take: &mut dyn FnMut(&clap::Command)) {
    take(command);
    command.get_subcommands().for_each(|inner| each(inner, take));
}

#[test]
fn every_command_is_known_where_text_is_folded() {
    let program = command();
    let names = program.get_subcommands().map(clap::Command::get_name);
    let (mut names, mut known): (Vec<_>, _) =
        (names.chain(["help"]).collect(), crate::report::fold::VERBS.to_vec());
    names.sort_unstable();
    known.sort_unstable();
    assert_eq!(names, known);
}

#[test]
fn a_suggested_command_repeats_a_flag_exactly_where_it_has_it() {
    let mut program = command();
    program.build();
    let value = || Some("x".to_owned());
    for command in program.get_subcommands() {
        let has = |flag: &str| command.get_arguments().any(|arg| arg.get_long() == Some(flag));
        let line = format!("herald {}", command.get_name());
        let flags = RepeatedFlags { sandbox: true, ledger: value(), ..RepeatedFlags::default() };
        let done = flags.complete_line(&line);
        assert_eq!(done.contains(" --sandbox"), has("sandbox"), "{done}");
        assert_eq!(done.contains(" --ledger x"), has("ledger"), "{done}");
    }
}

#[test]
fn only_flags_that_were_typed_are_repeated() {
    let parsed = |line: &str| {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        parse(&words).expect("a line that parses").1
    };
    let none = RepeatedFlags::default();
    assert_eq!(parsed("herald history show x"), none);
    for line in [
        "herald --profile p --profiles f history show x --ledger l --sandbox",
        "herald history --ledger l show x --profile p --profiles f --sandbox",
    ] {
        let text = |word: &str| Some(word.to_owned());
        let all = RepeatedFlags {
            sandbox: true,
            profile: text("p"),
            profiles: text("f"),
            provider: None,
            ledger: text("l"),
        };
        assert_eq!(parsed(line), all, "{line}");
    }
    assert_eq!(parsed("herald sandbox"), none);
}

#[test]
fn help_is_one_line_without_a_full_stop_and_every_exit_code_is_told() {
    let mut program = command();
    program.build();
    each(&program, &mut |command| {
        let name = command.get_name();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty() && !about.ends_with('.'), "{name}: {about}");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let id = argument.get_id();
            assert!(!help.is_empty() && !help.ends_with('.'), "{name} {id}: {help}");
            let starts = help.chars().next().is_some_and(char::is_uppercase);
            assert!(starts && !help.contains('\n'), "{name} {id}: {help}");
        }
    });
    let ending = help::ending();
    let (_, codes) = ending.split_once("Exit status:").expect("a list of them");
    let told: Vec<u8> =
        codes.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    assert_eq!(told, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 70, 129, 130, 131, 143]);
}

#[test]
fn the_machine_format_is_found_before_parsing() {
    let format = |words: &[&str]| format_of(&words.iter().map(OsString::from).collect::<Vec<_>>());
    assert_eq!(format(&["herald", "--output", "json", "snd"]), Some(Format::Json));
    assert_eq!(format(&["herald", "snd", "--output=ndjson"]), Some(Format::Ndjson));
    assert_eq!(format(&["herald", "snd", "--output"]), None);
    assert_eq!(format(&["herald", "snd"]), None);
}
