//! Texts of flags with the values of an entry of the list: a person must not get an empty message.

use crate::broadcast::targets::TargetBatch;
use crate::contract::IdFault;
use crate::document::Value;
use crate::report::Ui;
use crate::send::given_texts::TextGiven;
use crate::send::options::MessageOptions;
use crate::send::parse_options::{flag_texts, how_blank, is_address, media_texts};
use crate::template::text::Template;
use crate::text::{escape, is_blank};

/// How many lines a warning names.
const LINES_SHOWN: usize = 3;

/// The texts of a command with variables, and the empty values that were met.
pub(crate) struct FilledTexts<'a> {
    names: &'a [String],
    texts: Vec<(String, Template)>,
    /// The addresses that begin with a variable.
    addresses: Vec<(String, Template)>,
    /// For each name: the entries that have no value for it.
    empty: Vec<SeenLines>,
    /// For each name: those whose value is probably not meant, as `NULL`, and the first of these values.
    doubtful: Vec<(SeenLines, String)>,
    /// A text with an empty value, as a target gets it.
    gap: Option<String>,
}

/// How many entries there are of a kind, and the first lines of those.
#[derive(Clone, Default)]
struct SeenLines {
    count: u64,
    lines: Vec<u64>,
}

impl SeenLines {
    fn add(&mut self, batch: &TargetBatch) {
        self.count += batch.len() as u64;
        let rest = LINES_SHOWN - self.lines.len();
        self.lines.extend(batch.entries().map(|(line, _)| line).take(rest));
    }

    /// `N of ENTRIES entries, first lines A, B, C`
    fn words(&self, entries: u64) -> String {
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let first = if lines.len() == 1 { "line" } else { "first lines" };
        format!("{} of {entries} entries, {first} {}", self.count, lines.join(", "))
    }
}

/// Whether a value is probably what a program or a spreadsheet writes where it has none, or has lost the digits of one. It
/// may be a name all the same.
fn is_doubtful(value: &str) -> bool {
    matches!(
        IdFault::of_bare(value.trim()),
        Some(IdFault::NoValue | IdFault::Scientific | IdFault::Exponent | IdFault::Object)
    )
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
    format!("`{}{more}`", escape(&shown))
}

impl<'a> FilledTexts<'a> {
    /// The texts of a message with these variables. `others`: the texts of its payload that `--set` or a file gives.
    pub(crate) fn new(message: &MessageOptions, others: &[TextGiven], names: &'a [String]) -> Self {
        let judged = flag_texts(message).filter(|(_, _, may)| !(*may && message.allow_empty));
        let judged = judged.map(|(flag, text, _)| (format!("`{flag}`"), text));
        let others = others.iter().map(|one| (one.source.clone(), one.text.as_str()));
        let texts = with_variables(judged.chain(others));
        let media = media_texts(&message.content).map(|(flag, text)| (format!("`{flag}`"), text));
        let addresses = with_variables(media);
        let addresses = addresses.into_iter().filter(|(_, one)| one.begins_with_variable());
        let empty = vec![SeenLines::default(); names.len()];
        let doubtful = vec![(SeenLines::default(), String::new()); names.len()];
        Self { names, texts, addresses: addresses.collect(), empty, doubtful, gap: None }
    }

    /// Why the message is not sent with these values, where a text shows nothing then.
    pub(crate) fn fault(&self, values: &[String]) -> Option<String> {
        let value = |name: &str| self.value(values, name);
        // Most entries have all values.
        let blank = self.texts.iter().filter(|_| values.iter().any(|value| is_blank(value)));
        let blank = blank.into_iter().find_map(|(flag, template)| {
            let rendered = template.render(&value).ok()?;
            let text = rendered.as_str().filter(|text| is_blank(text))?;
            Some(format!("{flag} {} with the values of this entry", how_blank(text)))
        });
        blank.or_else(|| {
            self.addresses.iter().find_map(|(flag, template)| {
                let rendered = template.render(&value).ok()?;
                let text = rendered.as_str().filter(|text| !is_address(text))?;
                let shown = excerpt(text);
                Some(format!("{flag} is no address with the values of this entry: {shown}"))
            })
        })
    }

    fn value<'v>(&self, values: &'v [String], name: &str) -> Option<&'v str> {
        let place = self.names.iter().position(|known| known == name)?;
        values.get(place).map(String::as_str)
    }

    /// Counts the empty values of entries that are sent, and those that are probably not meant.
    pub(crate) fn count(&mut self, batch: &TargetBatch) {
        let values = batch.values();
        for (place, value) in values.iter().enumerate().take(self.empty.len()) {
            if is_blank(value) {
                self.empty[place].add(batch);
            } else if is_doubtful(value) {
                let (seen, first) = &mut self.doubtful[place];
                if seen.count == 0 {
                    first.clone_from(value);
                }
                seen.add(batch);
            }
        }
        if self.gap.is_none() && values.iter().any(|value| is_blank(value)) {
            self.gap = self.text_with_gap(values);
        }
    }

    /// A text in which an empty value leaves two blanks, or a blank before a mark or at an end.
    fn text_with_gap(&self, values: &[String]) -> Option<String> {
        self.texts.iter().find_map(|(_, template)| {
            let rendered = template.render(&|name: &str| self.value(values, name)).ok()?;
            let text = rendered.as_str()?;
            let is_gap = |marks: &str| {
                text.char_indices().any(|(at, c)| {
                    c == ' '
                        && text[at + 1..].chars().next().is_none_or(|next| marks.contains(next))
                })
            };
            (text.starts_with(' ') || is_gap(" !,.;:?！，。；：？")).then(|| text.to_owned())
        })
    }

    /// Says which variables were empty or have values that are probably not meant, and where first.
    pub(crate) fn report(&self, ui: &Ui, entries: u64) {
        for (place, name) in self.names.iter().enumerate() {
            let (empty, (doubtful, first)) = (&self.empty[place], &self.doubtful[place]);
            if empty.count > 0 {
                let gap = self.gap.as_ref().map(|gap| format!(": as in {}", excerpt(gap)));
                let gap = gap.unwrap_or_default();
                ui.warn(&format!("{name} is empty in {}{gap}", empty.words(entries)));
            }
            if doubtful.count > 0 {
                ui.warn(&format!(
                    "{name} has a value that is probably not meant, as {}, in {}: it goes out as it is written",
                    excerpt(first),
                    doubtful.words(entries)
                ));
            }
        }
    }
}
