//! Names of new profiles, and of the variables that hold their secrets.

use sha2::{Digest as _, Sha256};

use super::draft::AnswerFault;
use crate::contract::CredentialKey;
use crate::text::escape;

/// Refuses what is no name: it stands as a key in TOML and as a word on a command line. Letters may be of any script.
pub(super) fn check(name: &str) -> Result<(), AnswerFault> {
    let help = "a name has letters of any script, digits, `_` and `-`, and does not begin with `-`";
    let refused = |why: String| Err(AnswerFault::new(why, Some(help.to_owned())));
    if name.trim().is_empty() {
        return Err(AnswerFault::new("a profile has a name", None));
    }
    if name.starts_with('-') {
        return refused(format!("`{name}` cannot be the name of a profile: it begins with `-`"));
    }
    match name.chars().find(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-')) {
        None => Ok(()),
        Some(' ') => refused(format!("`{name}` cannot be the name of a profile: it has a blank")),
        Some(c) => {
            let (name, c) = (escape(name), escape(&c.to_string()));
            refused(format!("`{name}` cannot be the name of a profile: it has `{c}`"))
        }
    }
}

/// The name of a variable for a secret, which no other profile's secret has. `others`: the names of the other profiles.
///
/// A shell takes few characters. What they do not tell apart, a part of the name's SHA-256 does.
pub(super) fn variable_for(profile: &str, row: &CredentialKey, others: &[String]) -> String {
    let (plain, key) = (base(profile), in_capitals(row.name));
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let is_lossy = !profile.bytes().all(is_word) || plain.starts_with('_');
    let is_taken = others.iter().any(|other| other != profile && base(other) == plain);
    if !is_lossy && !is_taken {
        return format!("{plain}_{key}");
    }
    let digest = Sha256::digest(profile);
    let mark: String = digest.iter().take(4).map(|byte| format!("{byte:02X}")).collect();
    match plain.trim_matches('_') {
        "" => format!("P{mark}_{key}"),
        plain => format!("{plain}_{mark}_{key}"),
    }
}

/// A name in the characters of a variable, which does not begin with a digit.
fn base(name: &str) -> String {
    let plain = in_capitals(name);
    if plain.starts_with(|c: char| c.is_ascii_digit()) { format!("P{plain}") } else { plain }
}

fn in_capitals(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    name.chars().map(word).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_name_is_a_word_in_toml_and_on_a_command_line() {
        for name in ["im", "my-app", "my_app", "生产环境", "Prod2", "ünï", "2nd"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in [
            "",
            " ",
            "http://x",
            "a b",
            "a.b",
            "-x",
            "a\"b",
            "a\nb",
            "a'b",
            "a=b",
            "[a]",
            "a\u{200b}b",
        ] {
            assert!(check(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn variables_have_names_that_a_shell_takes_and_never_the_same() {
        let row = CredentialKey::new("app_secret", "").required().secret();
        assert_eq!(variable_for("my-app", &row, &[]), "MY_APP_APP_SECRET");
        let names = [
            "my-app",
            "my_app",
            "MY-APP",
            "生产环境",
            "测试环境",
            "生产",
            "my-生产",
            "my-测试",
            "2nd",
            "p2nd",
            "_",
            "-",
        ];
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        // Each with those that are in the file before it.
        let of = |(at, name): (usize, &String)| variable_for(name, &row, &names[..at]);
        let made: Vec<String> = names.iter().enumerate().map(of).collect();
        let is_word = |name: &String| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        assert!(made.iter().all(is_word), "{made:?}");
        let distinct: HashSet<&String> = made.iter().collect();
        assert_eq!(distinct.len(), made.len(), "{made:?}");
    }
}
