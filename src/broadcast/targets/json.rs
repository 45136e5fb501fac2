//! JSON lists: one array of targets, each a text or an object as a line of NDJSON has it.

use super::lines::ListLines;
use super::ndjson::NdjsonState;
use super::own_output::check_own;
use super::{ListRead, ListSettings};
use crate::document::{Document, Node, Value};
use crate::error::{Error, Result};

/// The most bytes of such a list, which is read as a whole. It is room for more than a million ids.
pub(super) const MAX_JSON: usize = 64 << 20;

/// The items of an array, and how far they have been read.
pub(super) struct JsonList {
    items: std::vec::IntoIter<Node>,
    text: Box<str>,
    /// The place up to which lines are counted, and the number of the line there.
    counted: (usize, u64),
    entries: NdjsonState,
}

impl JsonList {
    /// Reads all of it.
    pub(super) fn open(lines: &mut ListLines<'_>, settings: ListSettings) -> Result<Self> {
        let text: Box<str> = lines.whole(MAX_JSON)?.into();
        let name = lines.name();
        let at = |place: usize, what: String| {
            let line = 1 + text[..place.min(text.len())].matches('\n').count();
            Error::input(format!("line {line} of `{name}`: {what}"))
        };
        let document = Document::parse(&*text).map_err(|fault| {
            let error = at(fault.span.start, format!("not JSON: {}", fault.message));
            error.help(fault.help.unwrap_or("a list of targets is expected, as in [\"user:bob\"]"))
        })?;
        if let Some(fault) = document.repeated().first() {
            return Err(at(fault.span.start, fault.message.clone()));
        }
        let start = document.root().span.start;
        match document.into_value() {
            Value::Array(items) => Ok(Self {
                items: items.into_iter(),
                counted: (0, 1),
                entries: NdjsonState::new(settings),
                text,
            }),
            other => {
                if let Value::Object(object) = &other {
                    check_own(name, object, settings.sends)?;
                }
                let error = at(start, format!("{} is no list of targets", other.kind_name()));
                Err(error.help("an array is expected, as in [\"user:bob\",{\"to\":\"user:ann\"}]"))
            }
        }
    }

    /// The next target.
    pub(super) fn next(&mut self) -> Result<ListRead<'_>> {
        let Some(item) = self.items.next() else { return Ok(ListRead::End) };
        let (from, number) = self.counted;
        let line = number + self.text[from..item.span.start].matches('\n').count() as u64;
        self.counted = (item.span.start, line);
        let written = &self.text[item.span.start..item.span.end];
        Ok(match self.entries.take_value(&item.value)? {
            Ok(()) => {
                ListRead::Typed { line, typed: &self.entries.typed, values: &self.entries.values }
            }
            Err(fault) => ListRead::Invalid(NdjsonState::invalid(line, written, fault)),
        })
    }

    /// The members of the first object.
    pub(super) fn members(&self) -> &[String] {
        self.entries.members()
    }
}
