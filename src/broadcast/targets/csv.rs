//! CSV lists. The parser gets one physical line at a time, so that lines are counted as in an editor.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::lines::ListLines;
use super::lines::trimmed;
use super::shape::{is_column, repeated_header};
use super::{InvalidEntry, ListRead, MAX_LINE};
use crate::error::{Error, Result};
use crate::near::did_you_mean;
use crate::template::text::{no_variable, reads_as_name};

/// A CSV after its header.
pub(super) struct Csv {
    row: CsvRow,
    /// The number of fields in the header.
    width: usize,
    column: usize,
    /// The column of each variable.
    wanted: Vec<usize>,
    values: Vec<String>,
    /// The names of the header.
    names: Vec<String>,
    /// How many rows had no value in any field.
    empty_rows: u64,
}

/// One row.
struct CsvRow {
    core: Option<csv_core::Reader>,
    text: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    count: usize,
    line: u64,
    delimiter: u8,
    /// Whether a field in quotes goes on in the next line.
    in_quotes: bool,
}

/// The result of reading a row.
enum CsvState {
    Whole,
    Invalid(Box<InvalidEntry>),
    End,
}

impl Csv {
    /// Reads the header and finds the columns.
    pub(super) fn open(
        lines: &mut ListLines<'_>,
        column: Option<&str>,
        variables: &[String],
    ) -> Result<Self> {
        let mut row = CsvRow::new();
        match row.read(lines)? {
            CsvState::Whole => {}
            CsvState::Invalid(entry) => return Err(no_header(lines, &entry)),
            CsvState::End => return Err(Error::input(format!("`{}` is empty", lines.name()))),
        }
        if let Some(separator) = separator_of(lines.text()) {
            // Spreadsheets take this line for themselves: the header is the next one.
            row.separate_by(separator);
            match row.read(lines)? {
                CsvState::Whole => {}
                CsvState::Invalid(entry) => return Err(no_header(lines, &entry)),
                CsvState::End => return Err(Error::input(format!("`{}` is empty", lines.name()))),
            }
        }
        let names: Vec<&str> = (0..row.count).map(|index| row.field(index).trim()).collect();
        let Some(column) = column else {
            let message = format!("which column of `{}` has the targets is not said", lines.name());
            let help = format!("--column NAME; the columns are {}", names.join(", "));
            return Err(Error::input(message).help(help));
        };
        let column = find(&names, column, lines.name())?;
        let variable = |name: &String| match find(&names, name, lines.name()) {
            Err(_) if !names.contains(&name.as_str()) && !reads_as_name(name) => {
                Err(no_variable(name))
            }
            found => found,
        };
        let wanted = variables.iter().map(variable).collect::<Result<Vec<_>>>()?;
        let values = vec![String::new(); wanted.len()];
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        Ok(Self { width: names.len(), column, wanted, values, names, row, empty_rows: 0 })
    }

    /// The names of the header.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows had no value in any field.
    pub(super) fn empty_rows(&self) -> u64 {
        self.empty_rows
    }

    /// The target of the next row.
    pub(super) fn next(&mut self, lines: &mut ListLines<'_>) -> Result<ListRead<'_>> {
        loop {
            match self.row.read(lines)? {
                CsvState::Whole => {}
                CsvState::Invalid(entry) => return Ok(ListRead::Invalid(entry)),
                CsvState::End => return Ok(ListRead::End),
            }
            if (0..self.row.count).any(|index| !self.row.field(index).trim().is_empty()) {
                break;
            }
            self.empty_rows += 1;
        }
        let row = &self.row;
        if row.count != self.width {
            let (count, width) = (row.count, self.width);
            let fields = if count == 1 { "1 field" } else { &format!("{count} fields") };
            let reason = format!("the row has {fields}, the header {width}");
            let entry = InvalidEntry::new(row.line, &row.shown(), reason);
            return Ok(ListRead::Invalid(
                entry.help("a field with a separator in it is in quotes"),
            ));
        }
        if row.is_header(&self.names, self.column) {
            return Ok(ListRead::Invalid(repeated_header(row.line, &row.shown())));
        }
        let typed = trimmed(row.field(self.column));
        if typed.is_empty() {
            let entry = InvalidEntry::new(row.line, &row.shown(), "the row names no target");
            return Ok(ListRead::Invalid(entry));
        }
        for (value, index) in self.values.iter_mut().zip(&self.wanted) {
            value.clear();
            value.push_str(row.field(*index));
        }
        Ok(ListRead::Typed { line: row.line, typed, values: &self.values })
    }
}

fn no_header(lines: &ListLines<'_>, entry: &InvalidEntry) -> Error {
    Error::input(format!("the header of `{}`: {}", lines.name(), entry.reason))
}

/// The separator that a line `sep=;` names.
fn separator_of(line: &str) -> Option<u8> {
    let name = line.get(..4).filter(|name| name.eq_ignore_ascii_case("sep="))?;
    match &line.as_bytes()[name.len()..] {
        [separator] if !separator.is_ascii_alphanumeric() => Some(*separator),
        _ => None,
    }
}

/// The index of a column that must exist exactly once.
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
        let (text, ends) = (vec![0; 1024], vec![0; 32]);
        let (core, delimiter, in_quotes) = (None, b',', false);
        Self { core, text, used: 0, ends, count: 0, line: 0, delimiter, in_quotes }
    }

    /// Reads the next row that is not empty. A quoted field can continue on further lines.
    fn read(&mut self, lines: &mut ListLines<'_>) -> Result<CsvState> {
        (self.used, self.count) = (0, 0);
        let (mut open, mut size, mut is_torn) = (false, 0, false);
        while lines.advance()? {
            let fault = lines.fault();
            if !open {
                if fault.is_none() && lines.text().trim().is_empty() {
                    continue;
                }
                self.line = lines.number();
            }
            if let Some(entry) = fault {
                let reason = format!("{} (line {})", entry.reason, entry.line);
                return Ok(if open { self.broken(reason) } else { CsvState::Invalid(entry) });
            }
            let line = lines.text();
            size += line.len() + 1;
            if self.core.is_none() {
                self.separate_by(frequent_separator(line));
            }
            is_torn |= self.is_torn(line);
            if self.feed(line) {
                let reason = "text follows the quote that ends a field";
                return Ok(if is_torn { self.broken(reason.to_owned()) } else { CsvState::Whole });
            }
            open = true;
            if size > MAX_LINE {
                let last = lines.number();
                return Ok(self.broken(format!("a quote is not closed up to line {last}")));
            }
        }
        Ok(if open { self.broken("a quote is not closed".to_owned()) } else { CsvState::End })
    }

    /// Ends a broken row. The next row begins on the next line.
    fn broken(&mut self, reason: String) -> CsvState {
        if let Some(core) = &mut self.core {
            core.reset();
        }
        self.in_quotes = false;
        let begun = self.count.checked_sub(1).map_or(0, |last| self.ends[last]);
        let open = &self.text[begun..self.used.min(begun + 4 * InvalidEntry::MAX_SHOWN)];
        let open = String::from_utf8_lossy(open);
        let whole = self.shown();
        let text = if whole.is_empty() { open.into_owned() } else { format!("{whole},{open}") };
        let entry = InvalidEntry::new(self.line, &text, reason);
        CsvState::Invalid(entry.help("a quote inside a field in quotes is written twice"))
    }

    fn separate_by(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
        self.core = Some(reader_with(delimiter));
    }

    /// Whether text follows the quote that ends a field: the parser would take it as a part of the field.
    fn is_torn(&mut self, line: &str) -> bool {
        if !self.in_quotes && !line.contains('"') {
            return false;
        }
        let (mut bytes, mut begins) = (line.bytes().peekable(), !self.in_quotes);
        while let Some(byte) = bytes.next() {
            if self.in_quotes {
                if byte != b'"' || bytes.next_if_eq(&b'"').is_some() {
                    continue;
                }
                self.in_quotes = false;
                if bytes.peek().is_some_and(|next| *next != self.delimiter) {
                    return true;
                }
            } else {
                self.in_quotes = begins && byte == b'"';
                begins = byte == self.delimiter;
            }
        }
        false
    }

    /// Gives a line to the parser. Returns whether the row ends with it.
    fn feed(&mut self, line: &str) -> bool {
        let Some(core) = &mut self.core else { return true };
        for mut input in [line.as_bytes(), b"\n"] {
            // Never pass empty input: the parser takes it as the end of the text.
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

    /// Whether the row is the header again, or the one of another list: two lists were joined. `column`: the one of the targets.
    fn is_header(&self, names: &[String], column: usize) -> bool {
        // A second list may begin with a byte order mark.
        let cell = |index: usize| self.field(index).trim().trim_start_matches('\u{feff}').trim();
        let is_same = |index: usize| cell(index) == names[index];
        let is_name = |index: usize| is_same(index) || is_column(cell(index));
        is_name(column) && (0..self.count).all(is_name)
    }

    /// The row as text for messages.
    fn shown(&self) -> String {
        let fields: Vec<&str> = (0..self.count).map(|index| self.field(index)).collect();
        fields.join(",")
    }
}

/// The most frequent separator of the header.
pub(super) fn frequent_separator(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    // `max_by_key` returns the last of equal ones, which is the comma.
    let separators = [b'|', b'\t', b';', b','];
    let delimiter = separators.into_iter().max_by_key(|separator| count(*separator));
    delimiter.unwrap_or(b',')
}

fn reader_with(delimiter: u8) -> csv_core::Reader {
    ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build()
}
