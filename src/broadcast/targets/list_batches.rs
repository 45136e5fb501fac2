//! Puts the targets of a list into batches. Every target goes through the loop in this file.

use std::collections::VecDeque;
use std::fmt;
use std::io::Read as Input;

use super::csv::Csv;
use super::json::JsonList;
use super::leftovers::{ColumnForms, MixedColumn, is_total};
use super::lines::{ListLines, trimmed};
use super::ndjson::NdjsonState;
use super::shape::LineShapes;
use super::{Dedupe, InvalidEntry, ListFormat, ListRead, ListSettings, MAX_ID, TargetBatch};
use crate::contract::audience::rounded::{LongNumbers, ROUNDED_WORDS};
use crate::contract::audience::slips::is_error_value;
use crate::contract::{Target, TargetKind};
use crate::error::{Error, Result};
use crate::template::text::{no_variable, reads_as_name};

/// Returns what is wrong with an id of a kind, if anything is.
pub type IdCheck<'a> = &'a dyn Fn(TargetKind, &str) -> Option<String>;

/// How targets are put into batches.
pub struct BatchSettings<'a> {
    /// The most targets in a batch; 0 counts as 1.
    pub cap: usize,
    /// Removes repeated targets. The first one stays; one with other values of the variables is an invalid entry.
    pub dedupe: Option<Dedupe>,
    /// The check of ids for the vendor.
    pub check: Option<IdCheck<'a>>,
}

impl fmt::Debug for BatchSettings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checked = self.check.is_some();
        f.debug_struct("BatchSettings")
            .field("cap", &self.cap)
            .field("dedupe", &self.dedupe)
            .field("check", &checked)
            .finish()
    }
}

/// The next item of a list.
#[derive(Debug)]
pub enum ListItem<'a> {
    /// A batch. The next call reuses its memory.
    Batch(&'a TargetBatch),
    /// An entry that cannot be used. It may come before targets above it in the list, whose batch is not full yet.
    Invalid(InvalidEntry),
}

/// Counts of the contents of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCounts {
    /// Targets that went into batches.
    pub targets: u64,
    /// Batches.
    pub batches: u64,
    /// Repeated targets that were left out.
    pub repeats: u64,
    /// Entries that cannot be used.
    pub invalid: u64,
    /// Lines that were read.
    pub lines: u64,
    /// The first line that looks like a comment. It counts as a target.
    pub hash: Option<u64>,
    /// The first line of an id with a kind before it that itself begins with a kind.
    pub twice: Option<u64>,
    /// The first line of an id with a blank in it.
    pub blank: Option<u64>,
    /// The first line of an id that a program may have rounded, where all long numbers of the list look so.
    pub rounded: Option<u64>,
    /// Rows without any value, which were left out.
    pub empty_rows: u64,
    /// The first line with what a spreadsheet leaves: an error value among the variables, or the label of a row of sums in the
    /// place of an id.
    pub leftover: Option<u64>,
    /// The first column whose numbers or times are written in two ways.
    pub mixed: Option<MixedColumn>,
}

impl ListCounts {
    /// What is said of `rounded`.
    pub const ROUNDED_WORDS: &str = ROUNDED_WORDS;
}

/// The batches of a list.
pub struct ListBatches<'a> {
    lines: ListLines<'a>,
    form: ListReader,
    usual: TargetKind,
    packing: BatchSettings<'a>,
    filling: TargetBatch,
    ready: TargetBatch,
    tally: ListCounts,
    numbers: LongNumbers<u64>,
    forms: ColumnForms,
    /// Entries that stand above with other values, in the order of the list.
    conflicts: VecDeque<InvalidEntry>,
}

/// The reader of a format, with its state between entries.
enum ListReader {
    Lines(LineShapes),
    Csv(Box<Csv>),
    Ndjson(NdjsonState),
    Json(Box<JsonList>),
}

/// Why the loop stopped.
enum Event {
    Ready,
    Invalid(Box<InvalidEntry>),
    End,
}

impl<'a> ListBatches<'a> {
    /// Opens a list: checks its encoding, and reads the header of a CSV.
    pub fn open(
        input: Box<dyn Input + 'a>,
        options: ListSettings,
        packing: BatchSettings<'a>,
    ) -> Result<Self> {
        let usual = options.usual;
        let mut lines = ListLines::open(input, options.encoding, &options.name)?;
        let form = options.form.unwrap_or_else(|| by_name_or_start(&options, &lines));
        let form = match form {
            ListFormat::Lines => match options.variables.first() {
                None => ListReader::Lines(LineShapes::new(options.form.is_some())),
                Some(name) => return Err(no_variables(&options.name, name)),
            },
            ListFormat::Csv => {
                let column = options.column.as_deref();
                ListReader::Csv(Box::new(Csv::open(&mut lines, column, &options.variables)?))
            }
            ListFormat::Ndjson | ListFormat::Json if options.column.is_some() => {
                return Err(no_columns(&options.name));
            }
            ListFormat::Json => ListReader::Json(Box::new(JsonList::open(&mut lines, options)?)),
            ListFormat::Ndjson => ListReader::Ndjson(NdjsonState::new(options)),
        };
        Ok(Self {
            lines,
            form,
            usual,
            packing: BatchSettings { cap: packing.cap.max(1), ..packing },
            filling: TargetBatch::new(usual),
            ready: TargetBatch::new(usual),
            tally: ListCounts::default(),
            numbers: LongNumbers::default(),
            forms: ColumnForms::default(),
            conflicts: VecDeque::new(),
        })
    }

    /// The next batch or invalid entry; `None` at the end of the list.
    #[expect(clippy::should_implement_trait, reason = "a batch borrows its memory from here")]
    pub fn next(&mut self) -> Result<Option<ListItem<'_>>> {
        match self.work()? {
            Event::Ready => {
                self.tally.batches += 1;
                self.tally.targets += self.ready.len() as u64;
                Ok(Some(ListItem::Batch(&self.ready)))
            }
            Event::Invalid(entry) => {
                self.tally.invalid += 1;
                Ok(Some(ListItem::Invalid(*entry)))
            }
            Event::End => Ok(None),
        }
    }

    /// Forgets a target whose entry cannot be used, so that a later entry of it is not a repeat.
    pub fn forget(&mut self, kind: TargetKind, id: &str) {
        if let Some(dedupe) = &mut self.packing.dedupe {
            dedupe.remove(kind, id);
        }
    }

    /// The names of its columns, or the members of its first object that was read.
    pub fn columns(&self) -> &[String] {
        match &self.form {
            ListReader::Lines(_) => &[],
            ListReader::Csv(csv) => csv.names(),
            ListReader::Ndjson(ndjson) => ndjson.members(),
            ListReader::Json(json) => json.members(),
        }
    }

    /// The counts so far.
    pub fn tally(&self) -> ListCounts {
        let repeats = self.packing.dedupe.as_ref().map_or(0, Dedupe::repeats);
        let empty_rows = if let ListReader::Csv(csv) = &self.form { csv.empty_rows() } else { 0 };
        let (lines, rounded) = (self.lines.number(), self.numbers.all_rounded().copied());
        let mixed = self.forms.mixed;
        ListCounts { repeats, lines, rounded, empty_rows, mixed, ..self.tally }
    }

    /// The counts at the end of the list. Fails where it has no target.
    pub fn finish(self) -> Result<ListCounts> {
        let tally = self.tally();
        let name = self.lines.name();
        match tally {
            ListCounts { targets: 1.., .. } => Ok(tally),
            ListCounts { invalid: 0, .. } => {
                let error = Error::input(format!("`{name}` names no target"));
                Err(error.help(match self.form {
                    ListReader::Lines(_) => "a target a line, as in user:bob",
                    ListReader::Csv(_) => "it has a header and no row below it",
                    ListReader::Ndjson(_) => "an object a line, as in {\"to\":\"user:bob\"}",
                    ListReader::Json(_) => "an array is expected, as in [\"user:bob\"]",
                }))
            }
            ListCounts { invalid, .. } => {
                let all = match invalid {
                    1 => "its only entry is bad".to_owned(),
                    _ => format!("all {invalid} entries are bad"),
                };
                Err(Error::input(format!("`{name}` names no target that can be used: {all}")))
            }
        }
    }

    /// Reads until a batch is full, an entry is invalid, or the list ends.
    fn work(&mut self) -> Result<Event> {
        loop {
            if let Some(entry) = self.conflicts.pop_front() {
                return Ok(Event::Invalid(Box::new(entry)));
            }
            let is_lines = matches!(self.form, ListReader::Lines(_));
            let read = match &mut self.form {
                ListReader::Lines(shapes) => plain(&mut self.lines, shapes)?,
                ListReader::Csv(csv) => csv.next(&mut self.lines)?,
                ListReader::Ndjson(ndjson) => ndjson.next(&mut self.lines)?,
                ListReader::Json(json) => json.next()?,
            };
            let (line, typed, values) = match read {
                ListRead::Typed { line, typed, values } => (line, typed, values),
                ListRead::Invalid(entry) => return Ok(Event::Invalid(entry)),
                ListRead::End => {
                    self.conflicts.extend(unique(&mut self.filling, &mut self.packing));
                    if self.conflicts.is_empty() {
                        return Ok(self.last());
                    }
                    continue;
                }
            };
            let (kind, id) = match target(line, typed, self.usual, self.packing.check) {
                Ok(target) => target,
                Err(entry) => return Ok(Event::Invalid(entry)),
            };
            if is_lines && self.tally.hash.is_none() && typed.starts_with('#') {
                self.tally.hash = Some(line);
            }
            if self.tally.twice.is_none() && Target::has_kind(id) {
                self.tally.twice = Some(line);
            }
            if self.tally.blank.is_none() && id.contains(' ') {
                self.tally.blank = Some(line);
            }
            self.numbers.see(&line, id);
            self.forms.see(line, values);
            if self.tally.leftover.is_none()
                && (is_total(id) || values.iter().any(|value| is_error_value(value)))
            {
                self.tally.leftover = Some(line);
            }
            if self.filling.takes(kind, values) {
                self.filling.push(kind, id, line, values);
                if self.filling.len() >= self.packing.cap && self.is_whole() {
                    return Ok(self.hand_over());
                }
                continue;
            }
            self.conflicts.extend(unique(&mut self.filling, &mut self.packing));
            let ready = !self.filling.is_empty();
            if ready {
                std::mem::swap(&mut self.filling, &mut self.ready);
                self.filling.clear();
            }
            self.filling.push(kind, id, line, values);
            if ready {
                return Ok(Event::Ready);
            }
        }
    }

    /// Whether the batch is full without its repeats.
    fn is_whole(&mut self) -> bool {
        self.conflicts.extend(unique(&mut self.filling, &mut self.packing));
        self.filling.len() >= self.packing.cap
    }

    /// The last batch, at the end of the list.
    fn last(&mut self) -> Event {
        if self.filling.is_empty() { Event::End } else { self.hand_over() }
    }

    fn hand_over(&mut self) -> Event {
        std::mem::swap(&mut self.filling, &mut self.ready);
        self.filling.clear();
        Event::Ready
    }
}

/// Takes repeats out of a batch. Returns the entries that stand above with other values.
fn unique(batch: &mut TargetBatch, packing: &mut BatchSettings<'_>) -> Vec<InvalidEntry> {
    let conflicts = packing.dedupe.as_mut().map(|dedupe| batch.dedupe(dedupe));
    let entry = |(line, id): (u64, String)| {
        let reason =
            "the target stands above with other values, and a list does not say which are meant";
        *InvalidEntry::new(line, &id, reason).help("keep one of its entries")
    };
    conflicts.unwrap_or_default().into_iter().map(entry).collect()
}

impl fmt::Debug for ListBatches<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("tally", &self.tally()).finish_non_exhaustive()
    }
}

/// The next line that is not empty.
fn plain<'l>(lines: &'l mut ListLines<'_>, shapes: &mut LineShapes) -> Result<ListRead<'l>> {
    loop {
        if !lines.advance()? {
            shapes.check(lines.name())?;
            return Ok(ListRead::End);
        }
        if let Some(entry) = lines.fault() {
            return Ok(ListRead::Invalid(entry));
        }
        let line = trimmed(lines.text());
        if !line.is_empty() {
            if let Some(entry) = shapes.see(lines.name(), lines.number(), line)? {
                return Ok(ListRead::Invalid(entry));
            }
            return Ok(ListRead::Typed {
                line: lines.number(),
                typed: trimmed(lines.text()),
                values: &[],
            });
        }
    }
}

/// The kind and the id in a text, or why it is not a target.
fn target<'t>(
    line: u64,
    typed: &'t str,
    usual: TargetKind,
    check: Option<IdCheck<'_>>,
) -> Result<(TargetKind, &'t str), Box<InvalidEntry>> {
    let judged = Target::split(typed, usual).and_then(|(kind, id)| {
        Target::check(kind, id, id.len() == typed.len()).map(|()| (kind, id))
    });
    let (kind, id) = judged.map_err(|fault| {
        InvalidEntry::new(line, typed, fault.to_string()).help(fault.advice().into_owned())
    })?;
    let reason = if id.len() > MAX_ID {
        Some(format!("the id is longer than {MAX_ID} bytes"))
    } else {
        check.and_then(|check| check(kind, id))
    };
    reason.map_or(Ok((kind, id)), |reason| Err(InvalidEntry::new(line, typed, reason)))
}

/// The form that the name says, or the beginning where the name has no ending: an array of JSON is seen at once.
fn by_name_or_start(options: &ListSettings, lines: &ListLines<'_>) -> ListFormat {
    let form = ListFormat::of(&options.name, options.column.as_deref());
    let file = options.name.rsplit('/').next().unwrap_or(&options.name);
    let is_array = !file.contains('.') && lines.first_byte() == Some(b'[');
    if form == ListFormat::Lines && is_array { ListFormat::Json } else { form }
}

fn no_columns(list: &str) -> Error {
    Error::usage(format!("`{list}` is JSON, which has its targets under `to` and no columns"))
        .help("leave --column out; --form csv reads it as CSV anyway")
}

fn no_variables(list: &str, name: &str) -> Error {
    if !reads_as_name(name) {
        return no_variable(name);
    }
    Error::input(format!("`{list}` is a target a line and has no value for `{{{{{name}}}}}`"))
        .help("give a CSV with a column of that name, or NDJSON with a member of that name")
}
