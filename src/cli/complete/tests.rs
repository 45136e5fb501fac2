use crate::cli::complete::*;
use crate::provider;

fn line(words: &[&str]) -> TypedLine {
    let typed: Vec<OsString> =
        ["herald", "--", "herald"].iter().chain(words).map(OsString::from).collect();
    TypedLine::new(&typed)
}

fn offered(values: ValueCompleter, words: &[&str], typed: &str) -> Vec<String> {
    let offers = values(&line(words), typed).into_iter();
    offers.filter(|offer| offer.fits(typed)).map(|offer| offer.value).collect()
}

#[test]
fn every_entry_of_the_table_stands_for_an_argument_that_there_is() {
    fn each(command: &Command, take: &mut dyn FnMut(&str, &str)) {
        for argument in command.get_arguments() {
            take(command.get_name(), argument.get_id().as_str());
        }
        command.get_subcommands().for_each(|inner| each(inner, take));
    }
    let mut with_values = Vec::new();
    each(&built(crate::cli::command()), &mut |command, argument| {
        if values_of(command, argument).is_some() {
            with_values.push(format!("{command} {argument}"));
        }
    });
    for wanted in [
        "herald profile",
        "herald provider",
        "call operation",
        "sign operation",
        "validate scopes",
        "validate allow",
        "validate reports",
        "send allow",
        "send set",
        "send to",
        "send message_type",
        "send overrides",
        "send confirm",
        "recall ids",
        "update id",
        "show id",
        "resolve id",
        "show name",
        "check names",
        "list outcome",
        "explain code",
        "schema name",
        "providers name",
    ] {
        assert!(with_values.iter().any(|known| known == wanted), "{wanted} has no values");
    }
}

#[test]
fn names_with_a_provider_are_offered_a_part_at_a_time() {
    let contract = provider::ALL[0].contract();
    let (id, first) = (contract.id, contract.operations[0].id);
    for values in [values::operations, values::forms, values::schemas, values::codes] {
        let top = offered(values, &[], "");
        assert!(top.contains(&format!("{id}/")), "{top:?}");
        assert!(top.iter().all(|value| value.ends_with('/')), "{top:?}");
    }
    assert!(offered(values::forms, &[], &format!("{id}/")).contains(&format!("{id}/{first}")));
    let rule = contract.rules[0].id;
    assert!(offered(values::codes, &[], &format!("{id}/")).contains(&format!("{id}/{rule}")));
}

#[test]
fn fields_are_those_of_the_operation_that_the_line_names_else_of_the_command_s() {
    for contract in provider::ALL.iter().map(|vendor| vendor.contract()) {
        let operation =
            contract.operations.iter().find(|row| row.verbs.contains(&crate::contract::Verb::Send));
        let operation = operation.expect("every provider sends");
        let name = format!("{}/{}", contract.id, operation.id);
        let called = offered(values::fields, &["call", &name, "--set"], "");
        let sent = offered(values::fields, &["send", "--provider", contract.id, "--set"], "");
        assert!(!called.is_empty(), "{name}");
        // A name may be an object in one operation, and a text in another.
        let names = |offers: Vec<String>| -> Vec<String> {
            offers.iter().map(|offer| offer.trim_end_matches(['.', '=']).to_owned()).collect()
        };
        let (called, sent) = (names(called), names(sent));
        assert!(called.iter().all(|field| sent.contains(field)), "{name}: {called:?} {sent:?}");
    }
}

#[test]
fn a_flag_s_value_is_found_in_both_spellings() {
    assert_eq!(line(&["send", "--provider", "p"]).flag("--provider"), Some("p"));
    assert_eq!(line(&["send", "--provider=p"]).flag("--provider"), Some("p"));
    assert_eq!(line(&["send", "--providers=p"]).flag("--provider"), None);
    assert_eq!(line(&["send", "--profiles", "f", "--profile", "p"]).flag("--profile"), Some("p"));
    assert_eq!(line(&["send", "--provider"]).flag("--provider"), None);
}

#[test]
fn only_what_can_be_waived_or_passed_is_offered() {
    let all: Vec<String> = provider::ALL
        .iter()
        .flat_map(|vendor| {
            offered(values::rules, &["validate", "--allow"], &format!("{}/", vendor.contract().id))
        })
        .collect();
    assert!(!all.is_empty());
    assert!(
        !offered(values::rules, &["validate", "--allow"], "json/")
            .contains(&"json/syntax".to_owned())
    );
    for guard in offered(values::guards, &[], "") {
        assert!(crate::guard::Guard::parse(&guard).expect("a guard").row().can_be_overridden);
    }
}
