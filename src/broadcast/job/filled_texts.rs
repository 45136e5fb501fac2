//! Texts of flags with the values of an entry of the list: a person must not get an empty message.

use crate::broadcast::targets::TargetBatch;
use crate::document::Value;
use crate::report::Ui;
use crate::send::options::MessageOptions;
use crate::send::parse_options::{flag_texts, how_blank};
use crate::template::text::Template;
use crate::text::is_blank;

/// How many lines a warning names.
const LINES_SHOWN: usize = 3;

/// The texts of a command with variables, and the empty values that were met.
pub(crate) struct FilledTexts<'a> {
    names: &'a [String],
    texts: Vec<(&'static str, Template)>,
    /// For each name: how many entries have no value for it, and the first lines of those.
    empty: Vec<(u64, Vec<u64>)>,
}

impl<'a> FilledTexts<'a> {
    /// The texts of a message with these variables.
    pub(crate) fn new(message: &MessageOptions, names: &'a [String]) -> Self {
        let judged = flag_texts(message).filter(|(_, _, may)| !(*may && message.allow_empty));
        let texts = judged.map(|(flag, text, _)| (flag, Template::parse(&Value::from(text))));
        let texts = texts.filter(|(_, template)| !template.is_plain()).collect();
        Self { names, texts, empty: vec![(0, Vec::new()); names.len()] }
    }

    /// Why the message is not sent with these values, where a text shows nothing then.
    pub(crate) fn fault(&self, values: &[String]) -> Option<String> {
        // Most entries have all values.
        if !values.iter().any(|value| is_blank(value)) {
            return None;
        }
        let value = |name: &str| {
            let place = self.names.iter().position(|known| known == name)?;
            values.get(place).map(String::as_str)
        };
        self.texts.iter().find_map(|(flag, template)| {
            let rendered = template.render(&value).ok()?;
            let text = rendered.as_str().filter(|text| is_blank(text))?;
            Some(format!("`{flag}` {} with the values of this entry", how_blank(text)))
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
