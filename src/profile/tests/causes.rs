//! One error a cause: what only follows from another fault is not told.

use super::parse;

#[test]
fn each_cause_is_one_error() {
    const HOME: &str = "provider = \"home\"\nendpoint = \"http://h:1\"\nsecret = { env = \"X\" }\n";
    let home = |name: &str| format!("[profiles.{name}]\n{HOME}");
    for (text, places) in [
        // A section twice: its keys are not told again.
        (format!("{}{}", home("a"), home("a")), vec!["5:11"]),
        (format!("{}{}{}", home("a"), home("a"), home("a")), vec!["5:11", "9:11"]),
        (format!("{}{}mode = \"test\"\nmode = \"test\"\n", home("a"), home("a")), vec!["5:11"]),
        (format!("{}mode = \"test\"\nmode = \"test\"\n", home("a")), vec!["6:1"]),
        (format!("{}[ledger]\nkeep_days = 1\n[ledger]\nkeep_days = 2\n", home("a")), vec!["7:2"]),
        // A bracket or a quote that is not closed: the lines after it are not told.
        (format!("[profiles.a]\nallow_to = [\"user:a\"\n{HOME}"), vec!["3:1"]),
        (
            format!("[profiles.a]\nallow_to = [\"user:a\"\n{HOME}[profiles.b]\nx y\n"),
            vec!["3:1", "7:1"],
        ),
        // One line, one fault.
        ("[profiles.a]\nprovider: \"home\"\nmode = \"test\" x\n".to_owned(), vec!["2:9", "3:15"]),
        // A misspelt section or key is not missing as well.
        (format!("default = \"a\"\n[profile.a]\n{HOME}"), vec!["2:2"]),
        (format!("default = \"a\"\n[a]\n{HOME}"), vec!["2:2"]),
        ("[profiles.a]\nprovder = \"home\"\n".to_owned(), vec!["2:1"]),
        (
            format!(
                "{}quiet_hours = {{ from = \"22:00\", too = \"08:00\", zone = \"UTC\" }}\n",
                home("a")
            ),
            vec!["5:33"],
        ),
    ] {
        let message = parse(&text).expect_err(&text).full_message();
        let found: Vec<&str> = message
            .split("; ")
            .filter_map(|one| one.strip_prefix("p.toml:")?.split(": ").next())
            .collect();
        assert_eq!(found, places, "{text}\n{message}");
    }
}
