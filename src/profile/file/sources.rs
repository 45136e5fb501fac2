//! Where a profile's value comes from: the file itself, a variable, another file or a program.

use std::borrow::Cow;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{ProfileReader, ProfileValue};
use crate::account::{ENDPOINT, Secret};
use crate::contract::{Contract, check_endpoint};
use crate::near::did_you_mean;
use crate::profile::source::ValueSource;
use crate::profile::text::{Problem, SOURCES};

impl ProfileReader<'_> {
    pub(super) fn source(
        &mut self,
        contract: &'static Contract,
        key: &str,
        secret: bool,
        value: &ProfileValue<'_>,
    ) -> Option<ValueSource> {
        match value.get_ref() {
            DeValue::String(text) => {
                if key == ENDPOINT
                    && let Err((message, help)) = check_endpoint(text, contract)
                {
                    self.problems.push(Problem::new(value.span(), message).help(help));
                }
                Some(ValueSource::Literal(Secret::new(Cow::clone(text))))
            }
            DeValue::Table(table) => self.source_table(key, value.span(), table),
            _ => {
                let other = if secret { "" } else { "text in quotes, or " };
                let wanted = format!(
                    "{other}{{ env = \"NAME\" }}, {{ file = \"PATH\" }} or {{ command = [\"PROGRAM\"] }}"
                );
                self.wrong(key, value, &wanted);
                None
            }
        }
    }

    fn source_table(
        &mut self,
        key: &str,
        span: Range<usize>,
        table: &DeTable<'_>,
    ) -> Option<ValueSource> {
        for (name, _) in table {
            let word = name.get_ref().as_ref();
            if !SOURCES.contains(&word) {
                let help = did_you_mean(word, SOURCES)
                    .unwrap_or_else(|| format!("a value comes from {}", SOURCES.join(", ")));
                let message = format!("unknown source `{word}` of `{key}`");
                self.problems.push(Problem::new(name.span(), message).help(help));
                return None;
            }
        }
        let mut entries = table.iter();
        let (Some((name, value)), None) = (entries.next(), entries.next()) else {
            let message = format!("`{key}` needs one source");
            let help = format!("write one of {}", SOURCES.join(", "));
            self.problems.push(Problem::new(span, message).help(help));
            return None;
        };
        match name.get_ref().as_ref() {
            "env" => self.filled("env", value).map(ValueSource::Env),
            "file" => self.filled("file", value).map(|path| ValueSource::File(path.into())),
            _ => self.command(value).map(ValueSource::Command),
        }
    }

    pub(super) fn filled(&mut self, name: &str, value: &ProfileValue<'_>) -> Option<String> {
        let word = self.word(name, value)?;
        if word.is_empty() {
            self.problems.push(Problem::new(value.span(), format!("`{name}` is empty")));
            return None;
        }
        Some(word)
    }

    fn command(&mut self, value: &ProfileValue<'_>) -> Option<Vec<String>> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(
                "command",
                value,
                "a list of words as [\"pass\", \"rong\"]; no shell runs it",
            );
            return None;
        };
        let words: Vec<String> =
            items.iter().filter_map(|item| self.word("command", item)).collect();
        if words.first().is_none_or(String::is_empty) {
            self.problems.push(Problem::new(value.span(), "`command` names no program"));
            return None;
        }
        Some(words)
    }
}
