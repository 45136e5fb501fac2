//! From a list to batches: the only loop through which every target goes.

use std::fmt;
use std::io::Read as Input;

use super::csv::Csv;
use super::lines::{ListLines, trimmed};
use super::ndjson::NdjsonState;
use super::{Bad, Dedupe, ListFormat, ListRead, MAX_ID, Options, Packed};
use crate::contract::{Target, TargetKind};
use crate::error::{Error, Result};

/// Returns what is wrong with an id of a kind, if something is.
pub type IdCheck<'a> = &'a dyn Fn(TargetKind, &str) -> Option<String>;

/// How targets are combined.
pub struct Packing<'a> {
    /// The most targets of a batch; 0 counts as 1.
    pub cap: usize,
    /// Removes repeats: the first occurrence stays, even if the others have different variables.
    pub dedupe: Option<Dedupe>,
    /// What the vendor requires of ids.
    pub check: Option<IdCheck<'a>>,
}

impl fmt::Debug for Packing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checked = self.check.is_some();
        f.debug_struct("Packing")
            .field("cap", &self.cap)
            .field("dedupe", &self.dedupe)
            .field("check", &checked)
            .finish()
    }
}

/// The next part of a list.
#[derive(Debug)]
pub enum ListItem<'a> {
    /// Targets that are sent together. The next call reuses their memory.
    Batch(&'a Packed),
    /// An entry that cannot be used. It may come before targets that are above it, if their batch is not full.
    Bad(Bad),
}

/// The counts for a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCounts {
    /// Targets that went into batches.
    pub targets: u64,
    /// Batches.
    pub batches: u64,
    /// Targets that were omitted because they had occurred before.
    pub repeats: u64,
    /// Entries that cannot be used.
    pub bad: u64,
    /// Lines that were read.
    pub lines: u64,
    /// The first line that looks like a comment but counts as a target.
    pub hash: Option<u64>,
}

/// The batches of a list.
pub struct ListBatches<'a> {
    lines: ListLines<'a>,
    form: ListReader,
    usual: TargetKind,
    packing: Packing<'a>,
    filling: Packed,
    ready: Packed,
    tally: ListCounts,
}

/// A format with what it keeps between two entries.
enum ListReader {
    Lines,
    Csv(Box<Csv>),
    Ndjson(NdjsonState),
}

/// Why the loop stopped.
enum Event {
    Ready,
    Bad(Box<Bad>),
    End,
}

impl<'a> ListBatches<'a> {
    /// Starts to read a list: detects its encoding, and reads the header of a CSV.
    pub fn open(
        input: Box<dyn Input + 'a>,
        options: Options,
        packing: Packing<'a>,
    ) -> Result<Self> {
        let mut lines = ListLines::open(input, options.encoding, &options.name)?;
        let form = options
            .form
            .unwrap_or_else(|| ListFormat::of(&options.name, options.column.as_deref()));
        let form = match form {
            ListFormat::Lines => match options.variables.first() {
                None => ListReader::Lines,
                Some(name) => return Err(no_variables(&options.name, name)),
            },
            ListFormat::Csv => {
                let column = options.column.as_deref();
                ListReader::Csv(Box::new(Csv::open(&mut lines, column, &options.variables)?))
            }
            ListFormat::Ndjson if options.column.is_some() => {
                return Err(no_columns(&options.name));
            }
            ListFormat::Ndjson => ListReader::Ndjson(NdjsonState::new(options.variables)),
        };
        Ok(Self {
            lines,
            form,
            usual: options.usual,
            packing: Packing { cap: packing.cap.max(1), ..packing },
            filling: Packed::new(options.usual),
            ready: Packed::new(options.usual),
            tally: ListCounts::default(),
        })
    }

    /// The next batch or bad entry; `None` at the end of the list.
    #[expect(clippy::should_implement_trait, reason = "a batch borrows its room from here")]
    pub fn next(&mut self) -> Result<Option<ListItem<'_>>> {
        match self.work()? {
            Event::Ready => {
                self.tally.batches += 1;
                self.tally.targets += self.ready.len() as u64;
                Ok(Some(ListItem::Batch(&self.ready)))
            }
            Event::Bad(bad) => {
                self.tally.bad += 1;
                Ok(Some(ListItem::Bad(*bad)))
            }
            Event::End => Ok(None),
        }
    }

    /// Treats a target as not yet seen: its entry cannot be used after all.
    pub fn forget(&mut self, kind: TargetKind, id: &str) {
        if let Some(dedupe) = &mut self.packing.dedupe {
            dedupe.remove(kind, id);
        }
    }

    /// The counts so far.
    pub fn tally(&self) -> ListCounts {
        let repeats = self.packing.dedupe.as_ref().map_or(0, Dedupe::repeats);
        ListCounts { repeats, lines: self.lines.number(), ..self.tally }
    }

    /// The counts at the end of the list: an error if it had no target.
    pub fn finish(self) -> Result<ListCounts> {
        let tally = self.tally();
        let name = self.lines.name();
        match tally {
            ListCounts { targets: 1.., .. } => Ok(tally),
            ListCounts { bad: 0, .. } => {
                let error = Error::input(format!("`{name}` names no target"));
                Err(error.help(match self.form {
                    ListReader::Lines => "a target a line, as in user:bob",
                    ListReader::Csv(_) => "it has a header and no row below it",
                    ListReader::Ndjson(_) => "an object a line, as in {\"to\":\"user:bob\"}",
                }))
            }
            ListCounts { bad, .. } => {
                let all = match bad {
                    1 => "its only entry is bad".to_owned(),
                    _ => format!("all {bad} entries are bad"),
                };
                Err(Error::input(format!("`{name}` names no target that can be used: {all}")))
            }
        }
    }

    /// Reads until a batch is full or something else must be reported.
    fn work(&mut self) -> Result<Event> {
        loop {
            let read = match &mut self.form {
                ListReader::Lines => plain(&mut self.lines, &mut self.tally.hash)?,
                ListReader::Csv(csv) => csv.next(&mut self.lines)?,
                ListReader::Ndjson(ndjson) => ndjson.next(&mut self.lines)?,
            };
            let (line, typed, values) = match read {
                ListRead::Typed { line, typed, values } => (line, typed, values),
                ListRead::Bad(bad) => return Ok(Event::Bad(bad)),
                ListRead::End => return Ok(self.last()),
            };
            let (kind, id) = match target(typed, self.usual, self.packing.check) {
                Ok(target) => target,
                Err(why) => return Ok(Event::Bad(why.at(line, typed))),
            };
            if self.filling.takes(kind, values) {
                self.filling.push(kind, id, line, values);
                if self.filling.len() >= self.packing.cap && self.is_whole() {
                    return Ok(self.hand_over());
                }
                continue;
            }
            unique(&mut self.filling, &mut self.packing);
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

    /// Whether the batch is full after its repeats are removed.
    fn is_whole(&mut self) -> bool {
        unique(&mut self.filling, &mut self.packing);
        self.filling.len() >= self.packing.cap
    }

    /// What remains at the end of the list.
    fn last(&mut self) -> Event {
        unique(&mut self.filling, &mut self.packing);
        if self.filling.is_empty() { Event::End } else { self.hand_over() }
    }

    fn hand_over(&mut self) -> Event {
        std::mem::swap(&mut self.filling, &mut self.ready);
        self.filling.clear();
        Event::Ready
    }
}

fn unique(batch: &mut Packed, packing: &mut Packing<'_>) {
    if let Some(dedupe) = &mut packing.dedupe {
        batch.dedupe(dedupe);
    }
}

impl fmt::Debug for ListBatches<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").field("tally", &self.tally()).finish_non_exhaustive()
    }
}

/// The next line that is not blank.
fn plain<'l>(lines: &'l mut ListLines<'_>, hash: &mut Option<u64>) -> Result<ListRead<'l>> {
    loop {
        if !lines.advance()? {
            return Ok(ListRead::End);
        }
        if let Some(bad) = lines.fault() {
            return Ok(ListRead::Bad(bad));
        }
        if !trimmed(lines.text()).is_empty() {
            if hash.is_none() && trimmed(lines.text()).starts_with('#') {
                *hash = Some(lines.number());
            }
            return Ok(ListRead::Typed {
                line: lines.number(),
                typed: trimmed(lines.text()),
                values: &[],
            });
        }
    }
}

/// Why a text is not a target.
struct TargetFault {
    reason: String,
    help: Option<String>,
}

impl TargetFault {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: None }
    }

    fn at(self, line: u64, typed: &str) -> Box<Bad> {
        let mut bad = Bad::new(line, typed, self.reason);
        bad.help = self.help;
        bad
    }
}

/// The kind and the id in a text, if it is a target.
fn target<'t>(
    typed: &'t str,
    usual: TargetKind,
    check: Option<IdCheck<'_>>,
) -> Result<(TargetKind, &'t str), TargetFault> {
    let (kind, id) = Target::split(typed, usual).map_err(|error| TargetFault {
        reason: error.to_string(),
        help: error.advice().map(str::to_owned),
    })?;
    let id = trimmed(id);
    if id.is_empty() {
        return Err(TargetFault::new(format!("the target `{typed}` has no id")));
    }
    if id.len() > MAX_ID {
        return Err(TargetFault::new(format!("the id is longer than {MAX_ID} bytes")));
    }
    if id.contains(char::REPLACEMENT_CHARACTER) {
        return Err(TargetFault::new("there is \\u{fffd} in the id"));
    }
    match check.and_then(|check| check(kind, id)) {
        Some(reason) => Err(TargetFault::new(reason)),
        None => Ok((kind, id)),
    }
}

fn no_columns(list: &str) -> Error {
    Error::usage(format!("`{list}` is NDJSON, which has its targets under `to` and no columns"))
        .help("leave --column out; --form csv reads it as CSV all the same")
}

fn no_variables(list: &str, name: &str) -> Error {
    Error::input(format!("`{list}` is a target a line and has no value for `{{{{{name}}}}}`"))
        .help("give a CSV with a column of that name, or NDJSON with a member of that name")
}
