//! Texts of flags with the values of an entry of the list: a person must not get an empty message.

use crate::broadcast::targets::TargetBatch;
use crate::contract::typed::SetExpr;
use crate::document::Value;
use crate::report::Ui;
use crate::send::apply_sets::text_of;
use crate::send::options::MessageOptions;
use crate::send::parse_options::{flag_texts, how_blank, is_address, media_texts};
use crate::template::text::Template;
use crate::text::is_blank;

/// How many lines a warning names.
const LINES_SHOWN: usize = 3;

/// The texts of a command with variables, and the empty values that were met.
pub(crate) struct FilledTexts<'a> {
    names: &'a [String],
    texts: Vec<(String, Template)>,
    /// The addresses that begin with a variable.
    addresses: Vec<(String, Template)>,
    /// For each name: how many entries have no value for it, and the first lines of those.
    empty: Vec<(u64, Vec<u64>)>,
}

/// The texts that have variables, as templates.
fn with_variables<'m>(texts: impl Iterator<Item = (String, &'m str)>) -> Vec<(String, Template)> {
    let parsed = texts.map(|(flag, text)| (flag, Template::parse(&Value::from(text))));
    parsed.filter(|(_, template)| !template.names().is_empty()).collect()
}

/// The beginning of a text, for messages.
fn excerpt(text: &str) -> String {
    const MAX_SHOWN: usize = 40;
    let shown: String = text.chars().take(MAX_SHOWN).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("`{shown}{more}`")
}

impl<'a> FilledTexts<'a> {
    /// The texts of a message with these variables. `sets`: the expressions of `--set` that say its text.
    pub(crate) fn new(message: &MessageOptions, sets: &[&SetExpr], names: &'a [String]) -> Self {
        let judged = flag_texts(message).filter(|(_, _, may)| !(*may && message.allow_empty));
        let judged = judged.map(|(flag, text, _)| (flag.to_owned(), text));
        let sets =
            sets.iter().filter_map(|set| Some((format!("--set {}", set.path()), text_of(set)?)));
        let texts = with_variables(judged.chain(sets));
        let media = media_texts(&message.content).map(|(flag, text)| (flag.to_owned(), text));
        let addresses = with_variables(media);
        let addresses = addresses.into_iter().filter(|(_, one)| one.begins_with_variable());
        let empty = vec![(0, Vec::new()); names.len()];
        Self { names, texts, addresses: addresses.collect(), empty }
    }

    /// Why the message is not sent with these values, where a text shows nothing then.
    pub(crate) fn fault(&self, values: &[String]) -> Option<String> {
        let value = |name: &str| {
            let place = self.names.iter().position(|known| known == name)?;
            values.get(place).map(String::as_str)
        };
        // Most entries have all values.
        let blank = self.texts.iter().filter(|_| values.iter().any(|value| is_blank(value)));
        let blank = blank.into_iter().find_map(|(flag, template)| {
            let rendered = template.render(&value).ok()?;
            let text = rendered.as_str().filter(|text| is_blank(text))?;
            Some(format!("`{flag}` {} with the values of this entry", how_blank(text)))
        });
        blank.or_else(|| {
            self.addresses.iter().find_map(|(flag, template)| {
                let rendered = template.render(&value).ok()?;
                let text = rendered.as_str().filter(|text| !is_address(text))?;
                let shown = excerpt(text);
                Some(format!("`{flag}` is no address with the values of this entry: {shown}"))
            })
        })
    }

    /// Counts the empty values of entries that are sent.
    pub(crate) fn count(&mut self, batch: &TargetBatch) {
        let values = batch.values().iter().zip(&mut self.empty);
        for (_, (count, lines)) in values.filter(|(value, _)| is_blank(value)) {
            *count += batch.len() as u64;
            let rest = LINES_SHOWN - lines.len();
            lines.extend(batch.entries().map(|(line, _)| line).take(rest));
        }
    }

    /// Says which variables were empty, and where first.
    pub(crate) fn report(&self, ui: &Ui, entries: u64) {
        for (name, (count, lines)) in
            self.names.iter().zip(&self.empty).filter(|(_, (count, _))| *count > 0)
        {
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            let (first, lines) =
                (if lines.len() == 1 { "line" } else { "first lines" }, lines.join(", "));
            ui.warn(&format!("{name} is empty in {count} of {entries} entries, {first} {lines}"));
        }
    }
}
