//! CSV: rows are read one physical line at a time, so that line numbers match those in an editor.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::lines::ListLines;
use super::lines::trimmed;
use super::{Bad, ListRead, MAX_LINE};
use crate::error::{Error, Result};
use crate::near::did_you_mean;

/// A CSV after its header.
pub(super) struct Csv {
    row: CsvRow,
    /// How many fields the header has.
    width: usize,
    column: usize,
    /// The column of each variable.
    wanted: Vec<usize>,
    values: Vec<String>,
}

/// One row.
struct CsvRow {
    core: Option<csv_core::Reader>,
    text: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    count: usize,
    line: u64,
}

/// What was read of a row.
enum CsvState {
    Whole,
    Bad(Box<Bad>),
    End,
}

impl Csv {
    /// Reads the header and finds the columns in it.
    pub(super) fn open(
        lines: &mut ListLines<'_>,
        column: Option<&str>,
        variables: &[String],
    ) -> Result<Self> {
        let mut row = CsvRow::new();
        match row.read(lines)? {
            CsvState::Whole => {}
            CsvState::Bad(bad) => {
                let message = format!("the header of `{}`: {}", lines.name(), bad.reason);
                return Err(Error::input(message));
            }
            CsvState::End => return Err(Error::input(format!("`{}` is empty", lines.name()))),
        }
        let names: Vec<&str> = (0..row.count).map(|index| row.field(index).trim()).collect();
        let Some(column) = column else {
            let message = format!("which column of `{}` has the targets is not said", lines.name());
            let help = format!("--column NAME; the columns are {}", names.join(", "));
            return Err(Error::input(message).help(help));
        };
        let find = |name: &str| find(&names, name, lines.name());
        let column = find(column)?;
        let wanted = variables.iter().map(|name| find(name)).collect::<Result<Vec<_>>>()?;
        let values = vec![String::new(); wanted.len()];
        Ok(Self { width: names.len(), column, wanted, values, row })
    }

    /// The target of the next row.
    pub(super) fn next(&mut self, lines: &mut ListLines<'_>) -> Result<ListRead<'_>> {
        match self.row.read(lines)? {
            CsvState::Whole => {}
            CsvState::Bad(bad) => return Ok(ListRead::Bad(bad)),
            CsvState::End => return Ok(ListRead::End),
        }
        let row = &self.row;
        if row.count != self.width {
            let (count, width) = (row.count, self.width);
            let fields = if count == 1 { "1 field" } else { &format!("{count} fields") };
            let reason = format!("the row has {fields}, the header {width}");
            let bad = Bad::new(row.line, &row.shown(), reason);
            return Ok(ListRead::Bad(bad.help("a field with a separator in it stands in quotes")));
        }
        let typed = trimmed(row.field(self.column));
        if typed.is_empty() {
            let bad = Bad::new(row.line, &row.shown(), "the row names no target");
            return Ok(ListRead::Bad(bad));
        }
        for (value, index) in self.values.iter_mut().zip(&self.wanted) {
            value.clear();
            value.push_str(row.field(*index));
        }
        Ok(ListRead::Typed { line: row.line, typed, values: &self.values })
    }
}

/// The index of a column that must occur exactly once.
fn find(names: &[&str], name: &str, list: &str) -> Result<usize> {
    let mut places = (0..names.len()).filter(|index| names[*index] == name.trim());
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => {
            Err(Error::input(format!("`{list}` has more than one column `{name}`"))
                .help("give them different names in the header"))
        }
        _ => {
            let columns = format!("the columns are {}", names.join(", "));
            let help = match did_you_mean(name, names.iter().copied()) {
                Some(meant) => format!("{meant} {columns}"),
                None => columns,
            };
            Err(Error::input(format!("`{list}` has no column `{name}`")).help(help))
        }
    }
}

impl CsvRow {
    fn new() -> Self {
        Self { core: None, text: vec![0; 1024], used: 0, ends: vec![0; 32], count: 0, line: 0 }
    }

    /// Reads the next row that is not blank, over all the lines that its quotes span.
    fn read(&mut self, lines: &mut ListLines<'_>) -> Result<CsvState> {
        (self.used, self.count) = (0, 0);
        let (mut open, mut size) = (false, 0);
        while lines.advance()? {
            let fault = lines.fault();
            if !open {
                if fault.is_none() && lines.text().trim().is_empty() {
                    continue;
                }
                self.line = lines.number();
            }
            if let Some(bad) = fault {
                let reason = format!("{} (line {})", bad.reason, bad.line);
                return Ok(if open { self.broken(reason) } else { CsvState::Bad(bad) });
            }
            let line = lines.text();
            size += line.len() + 1;
            if self.feed(line) {
                return Ok(CsvState::Whole);
            }
            open = true;
            if size > MAX_LINE {
                let last = lines.number();
                return Ok(self.broken(format!("a quote is not closed up to line {last}")));
            }
        }
        Ok(if open { self.broken("a quote is not closed".to_owned()) } else { CsvState::End })
    }

    /// Gives up on a row: the next row begins on the next line.
    fn broken(&mut self, reason: String) -> CsvState {
        if let Some(core) = &mut self.core {
            core.reset();
        }
        let begun = self.count.checked_sub(1).map_or(0, |last| self.ends[last]);
        let open = &self.text[begun..self.used.min(begun + 4 * Bad::SHOWN)];
        let open = String::from_utf8_lossy(open);
        let whole = self.shown();
        let text = if whole.is_empty() { open.into_owned() } else { format!("{whole},{open}") };
        let bad = Bad::new(self.line, &text, reason);
        CsvState::Bad(bad.help("a quote inside a field in quotes is written twice"))
    }

    /// Reads a line; returns whether the row ends with it.
    fn feed(&mut self, line: &str) -> bool {
        let core = self.core.get_or_insert_with(|| reader(line));
        for mut input in [line.as_bytes(), b"\n"] {
            // Empty input means the end of the text to the CSV parser.
            while !input.is_empty() {
                let (text, ends) = (&mut self.text[self.used..], &mut self.ends[self.count..]);
                let (result, read, written, ended) = core.read_record(input, text, ends);
                input = &input[read..];
                self.used += written;
                self.count += ended;
                match result {
                    ReadRecordResult::InputEmpty => {}
                    ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                    ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                    ReadRecordResult::Record | ReadRecordResult::End => return true,
                }
            }
        }
        false
    }

    fn field(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let field = &self.text[start..self.ends[index]];
        str::from_utf8(field).expect("a text that is cut at ASCII characters stays one")
    }

    /// The row for messages.
    fn shown(&self) -> String {
        let fields: Vec<&str> = (0..self.count).map(|index| self.field(index)).collect();
        fields.join(",")
    }
}

/// A reader with the separator that occurs most often in the header.
fn reader(header: &str) -> csv_core::Reader {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    // If the counts are equal, the last: the comma.
    let separators = [b'\t', b';', b','];
    let delimiter = separators.into_iter().max_by_key(|separator| count(*separator));
    ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .terminator(Terminator::Any(b'\n'))
        .build()
}
