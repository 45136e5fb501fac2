//! Commands that herald suggests: lines that can be pasted into a shell as they are.
//!
//! Text names a command in backticks, as [`suggest`] writes it. What cannot be pasted, because words in it stand for
//! others (`recall ID`), is written without the program's name.
//!
//! A layer that suggests a command does not know the flags of the command at hand; the output to the user adds them with
//! [`RepeatedFlags`].

use std::fmt;

/// What a suggested command begins with.
const PROGRAM: &str = "herald ";

/// The characters that a POSIX shell takes literally, beside letters and digits of any script.
const PLAIN: &str = "-_./:@%+=,";

/// A command that a text suggests. It is shown in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedCommand {
    line: String,
    /// Whether some words stand for others, so that people cannot paste it as it is.
    is_form: bool,
}

/// A suggestion of a command of herald. `words` are fixed: they are not quoted.
pub fn suggest(words: &str) -> SuggestedCommand {
    SuggestedCommand { line: format!("{PROGRAM}{words}"), is_form: false }
}

impl SuggestedCommand {
    /// Adds a value, quoted for a shell where that is necessary.
    #[must_use]
    pub fn arg(self, value: impl fmt::Display) -> Self {
        self.words(&quoted(&value.to_string()))
    }

    /// Adds fixed words after a value.
    #[must_use]
    pub fn words(mut self, words: &str) -> Self {
        self.line.push(' ');
        self.line.push_str(words);
        self
    }

    /// Adds a word that stands for another: the command becomes a form, which people cannot paste as it is.
    #[must_use]
    pub fn placeholder(self, word: &str) -> Self {
        Self { is_form: true, ..self.words(word) }
    }

    /// The command as a form, in which some words stand for others: people cannot paste it as it is.
    pub fn form(&self) -> String {
        format!("`{}`", self.line.trim_start_matches(PROGRAM))
    }

    /// The line without backticks, for scripts. A form is without the program's name.
    pub fn into_line(self) -> String {
        if self.is_form { self.line.trim_start_matches(PROGRAM).to_owned() } else { self.line }
    }
}

impl fmt::Display for SuggestedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_form { f.write_str(&self.form()) } else { write!(f, "`{}`", self.line) }
    }
}

/// A word of a POSIX shell: in single quotes if it has a character that means something to a shell.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || PLAIN.contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The flags of the command at hand that a suggested command repeats, so that it works in the same place: with the same
/// ledger, the same profile, and in the sandbox or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepeatedFlags {
    /// `--sandbox`, or a profile that stays in the sandbox.
    pub sandbox: bool,
    /// `--profile NAME`.
    pub profile: Option<String>,
    /// `--profiles FILE`.
    pub profiles: Option<String>,
    /// `--provider ID`.
    pub provider: Option<String>,
    /// `--ledger FILE`. The variable of the environment is still set when the suggestion is pasted.
    pub ledger: Option<String>,
}

/// Which of these flags a command uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UsedFlags {
    /// All of them.
    All,
    /// All but the provider: what it looks up in the ledger has one.
    LooksUp,
    /// Credentials, and nothing of the sandbox or the ledger.
    Account,
    /// The file of profiles.
    ProfilesFile,
}

/// The commands that use some of these flags. The others work offline, with none of them.
const COMMANDS: &[(&str, UsedFlags)] = &[
    ("send", UsedFlags::All),
    ("broadcast", UsedFlags::All),
    ("upload", UsedFlags::All),
    ("apply", UsedFlags::LooksUp),
    ("call", UsedFlags::LooksUp),
    ("recall", UsedFlags::LooksUp),
    ("update", UsedFlags::LooksUp),
    ("delete", UsedFlags::LooksUp),
    ("clear", UsedFlags::All),
    ("get", UsedFlags::LooksUp),
    ("status", UsedFlags::LooksUp),
    ("history", UsedFlags::LooksUp),
    ("jobs", UsedFlags::LooksUp),
    ("stop", UsedFlags::LooksUp),
    ("sign", UsedFlags::Account),
    ("profile", UsedFlags::ProfilesFile),
];

impl RepeatedFlags {
    /// Completes each suggested command of a text: each that stands in backticks.
    pub fn complete(&self, text: &str) -> String {
        let (mut done, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once('`') {
            let Some(end) = end_of_span(after) else { break };
            let span = &after[..end];
            done.push_str(before);
            done.push('`');
            done.push_str(&self.complete_line(span));
            done.push('`');
            rest = &after[end + 1..];
        }
        done + rest
    }

    /// Completes a command without backticks. Any other text is unchanged.
    pub fn complete_line(&self, line: &str) -> String {
        let mut line = line.to_owned();
        let words: Vec<&str> = line.split_whitespace().collect();
        let [program, name, ..] = words.as_slice() else { return line };
        let row = COMMANDS.iter().find(|(known, _)| known == name);
        let Some((_, used)) = row.filter(|_| *program == PROGRAM.trim()) else { return line };
        let has = |flag: &str| {
            words.iter().any(|word| word.split('=').next().unwrap_or_default() == flag)
        };
        let mut missing = String::new();
        let mut add = |flag: &str, value: Option<&String>| {
            if let Some(value) = value.filter(|_| !has(flag)) {
                missing.push_str(&format!(" {flag} {}", quoted(value)));
            }
        };
        if *used != UsedFlags::ProfilesFile {
            add("--profile", self.profile.as_ref());
        }
        add("--profiles", self.profiles.as_ref());
        // Without an id there is nothing to look up.
        let names_nothing = *used == UsedFlags::LooksUp && words.get(2) == Some(&"--to");
        if *used == UsedFlags::All || names_nothing {
            add("--provider", self.provider.as_ref());
        }
        if matches!(used, UsedFlags::All | UsedFlags::LooksUp) {
            add("--ledger", self.ledger.as_ref());
            if self.sandbox && !has("--sandbox") {
                missing.insert_str(0, " --sandbox");
            }
        }
        line.push_str(&missing);
        line
    }
}

/// Where a span in backticks ends; `text` begins after its first backtick. Backticks in the quotes of a shell are part of
/// the command.
fn end_of_span(text: &str) -> Option<usize> {
    let first = text.find('`')?;
    if !text.starts_with(PROGRAM) {
        return Some(first);
    }
    let (mut is_quoted, mut is_escaped) = (false, false);
    let end = text.char_indices().find(|(_, c)| {
        let is_end = *c == '`' && !is_quoted;
        is_quoted ^= *c == '\'' && !is_escaped;
        is_escaped = *c == '\\' && !is_quoted && !is_escaped;
        is_end
    });
    end.map(|(at, _)| at).or(Some(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> RepeatedFlags {
        RepeatedFlags {
            sandbox: true,
            profile: Some("my app".to_owned()),
            profiles: Some("p.toml".to_owned()),
            provider: Some("acme".to_owned()),
            ledger: Some("it's.db".to_owned()),
        }
    }

    #[test]
    fn values_are_quoted_where_a_shell_needs_it() {
        for (value, word) in [
            ("user:u1", "user:u1"),
            ("通知", "通知"),
            ("two words", "'two words'"),
            ("", "''"),
            ("~", "'~'"),
            ("$HOME`id`;*", "'$HOME`id`;*'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(
                suggest("send --to").arg(value).into_line(),
                format!("herald send --to {word}")
            );
        }
    }

    #[test]
    fn a_command_repeats_the_flags_that_it_uses() {
        let rest = r" --profile 'my app' --profiles p.toml";
        let ledger = r" --ledger 'it'\''s.db'";
        for (line, expected) in [
            ("herald recall ID", format!("herald recall ID --sandbox{rest}{ledger}")),
            (
                "herald get --to u1",
                format!("herald get --to u1 --sandbox{rest} --provider acme{ledger}"),
            ),
            (
                "herald send --to a",
                format!("herald send --to a --sandbox{rest} --provider acme{ledger}"),
            ),
            ("herald sign", format!("herald sign{rest}")),
            ("herald profile init", "herald profile init --profiles p.toml".to_owned()),
            ("herald providers acme", "herald providers acme".to_owned()),
            ("herald", "herald".to_owned()),
            ("recall ID", "recall ID".to_owned()),
        ] {
            assert_eq!(flags().complete_line(line), expected);
            assert_eq!(RepeatedFlags::default().complete_line(line), line);
        }
        let own = "herald history --sandbox --profile=x --profiles y --ledger z";
        assert_eq!(flags().complete_line(own), own);
    }

    #[test]
    fn only_commands_in_backticks_are_completed() {
        let flags = RepeatedFlags { sandbox: true, ..RepeatedFlags::default() };
        let job = suggest("stop").arg("a`b'c");
        for (text, expected) in [
            (
                "`herald stop a`; or `recall`".to_owned(),
                "`herald stop a --sandbox`; or `recall`".to_owned(),
            ),
            ("herald stop a".to_owned(), "herald stop a".to_owned()),
            ("`x` and `herald stop a".to_owned(), "`x` and `herald stop a".to_owned()),
            (
                format!("{job} halts it; it's `y`"),
                r"`herald stop 'a`b'\''c' --sandbox` halts it; it's `y`".to_owned(),
            ),
        ] {
            assert_eq!(flags.complete(&text), expected);
        }
    }
}
