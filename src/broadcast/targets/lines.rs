//! The physical lines of a list with their numbers. One block of text is in memory at a time.

use std::collections::VecDeque;
use std::io::Read;

use memchr::{memchr, memrchr};

use super::encoding::{Encoding, ListSource, READ_BLOCK_BYTES, looks_like_gbk, recognise};
use super::{InvalidEntry, MAX_LINE};
use crate::error::{Error, Result};

/// Reads the lines of a list one after the other.
pub(super) struct ListLines<'a> {
    name: String,
    source: ListSource<'a>,
    encoding: Encoding,
    /// Whether there was no `--encoding`, so that an error should name the encoding that the list looks like.
    guess: bool,
    /// Whether a UTF-8 character outside ASCII was read. Then the list is UTF-8: an invalid line is only an invalid line.
    has_non_ascii: bool,
    /// Complete lines, validated at once.
    block: String,
    /// The bytes after them: the beginning of a line.
    rest: Vec<u8>,
    ended: bool,
    /// The numbers of the invalid lines in the block. The block has replacement characters in them.
    broken: VecDeque<u64>,
    start: usize,
    end: usize,
    next: usize,
    number: u64,
}

impl<'a> ListLines<'a> {
    /// Reads the first block. Without an encoding, fails where the list is clearly not UTF-8.
    pub(super) fn open(
        input: Box<dyn Read + 'a>,
        encoding: Option<Encoding>,
        name: &str,
    ) -> Result<Self> {
        let used = encoding.unwrap_or(Encoding::Utf8);
        let mut lines = Self {
            name: name.to_owned(),
            source: ListSource::new(input, used),
            encoding: used,
            guess: encoding.is_none(),
            has_non_ascii: false,
            block: String::with_capacity(2 * READ_BLOCK_BYTES),
            rest: Vec::with_capacity(READ_BLOCK_BYTES),
            ended: false,
            broken: VecDeque::new(),
            start: 0,
            end: 0,
            next: 0,
            number: 0,
        };
        lines.begin()?;
        Ok(lines)
    }

    /// Moves to the next line. Returns whether there is one.
    pub(super) fn advance(&mut self) -> Result<bool> {
        if self.next == self.block.len() && !self.refill()? {
            return Ok(false);
        }
        let ahead = &self.block.as_bytes()[self.next..];
        let length = memchr(b'\n', ahead);
        self.start = self.next;
        self.end = self.start + length.unwrap_or(ahead.len());
        self.next = self.end + usize::from(length.is_some());
        self.number += 1;
        Ok(true)
    }

    /// The line without its end.
    pub(super) fn text(&self) -> &str {
        let line = &self.block[self.start..self.end];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// Its number, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// All of the list as one text, before any line of it was read.
    pub(super) fn whole(&mut self, most: usize) -> Result<String> {
        let mut bytes = std::mem::take(&mut self.rest);
        while !self.ended {
            if bytes.len() > most {
                let message = format!("`{}` is JSON of more than {} MiB", self.name, most >> 20);
                return Err(Error::input(message).help("a JSON text a line has no limit: NDJSON"));
            }
            self.ended = !self.fill(&mut bytes)?;
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            Error::input(format!("line {line} of `{}` is not {}", self.name, self.encoding.name()))
        })?;
        Ok(text)
    }

    /// The first byte that is not a blank, before any line of it was read.
    pub(super) fn first_byte(&self) -> Option<u8> {
        self.rest.iter().copied().find(|byte| !byte.is_ascii_whitespace())
    }

    /// The name of the list.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Why the line cannot be used independent of its format. Call it once for each line.
    pub(super) fn fault(&mut self) -> Option<Box<InvalidEntry>> {
        let long = self.end - self.start > MAX_LINE;
        if self.broken.is_empty() && !long {
            return None;
        }
        let broken = self.broken.front() == Some(&self.number);
        if broken {
            self.broken.pop_front();
        }
        if long {
            return Some(self.invalid(format!("the line is longer than {MAX_LINE} bytes")));
        }
        broken.then(|| self.invalid(format!("the line is not {}", self.encoding.name())))
    }

    /// This line as an invalid entry.
    pub(super) fn invalid(&self, reason: impl Into<String>) -> Box<InvalidEntry> {
        InvalidEntry::new(self.number, self.text(), reason)
    }

    fn begin(&mut self) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.rest);
        self.ended = !self.fill(&mut bytes)?;
        if self.guess
            && let Some(error) = recognise(&bytes, &self.name)
        {
            return Err(error);
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        if memchr(b'\r', &bytes).is_some_and(|at| at + 1 < bytes.len())
            && memchr(b'\n', &bytes).is_none()
        {
            let message =
                format!("the lines of `{}` end in a carriage return (\\r) alone", self.name);
            return Err(Error::input(message).help("save it with line ends of Unix or Windows"));
        }
        self.rest = bytes;
        Ok(())
    }

    /// Reads the next lines into the block. Returns whether there are any.
    fn refill(&mut self) -> Result<bool> {
        let mut bytes = std::mem::take(&mut self.block).into_bytes();
        bytes.clear();
        bytes.append(&mut self.rest);
        let mut seen = 0;
        let cut = loop {
            if let Some(at) = memrchr(b'\n', &bytes[seen..]) {
                break seen + at + 1;
            }
            if self.ended {
                break bytes.len();
            }
            // Of an endless line, keep only as many bytes as show that it is too long.
            bytes.truncate(MAX_LINE + 1);
            seen = bytes.len();
            self.ended = !self.fill(&mut bytes)?;
        };
        self.rest.extend_from_slice(&bytes[cut..]);
        bytes.truncate(cut);
        self.block = self.text_of(bytes)?;
        self.next = 0;
        Ok(!self.block.is_empty())
    }

    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        self.source
            .fill(bytes)
            .map_err(|why| Error::input(format!("cannot read `{}`", self.name)).because(why))
    }

    /// Complete lines as text.
    fn text_of(&mut self, bytes: Vec<u8>) -> Result<String> {
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.has_non_ascii = self.has_non_ascii || !text.is_ascii();
                Ok(text)
            }
            Err(error) => self.text_with_invalid_lines(&error.into_bytes()),
        }
    }

    /// The same where some lines are invalid. Records the number of each.
    fn text_with_invalid_lines(&mut self, bytes: &[u8]) -> Result<String> {
        let mut text = String::with_capacity(bytes.len());
        let (mut number, mut at) = (self.number, 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            number += 1;
            match str::from_utf8(line) {
                Ok(line) => {
                    self.has_non_ascii = self.has_non_ascii || !line.is_ascii();
                    text.push_str(line);
                }
                Err(_) => {
                    if self.guess && !self.has_non_ascii && looks_like_gbk(&bytes[at..]) {
                        let message = format!(
                            "line {number} of `{}` is not UTF-8; the list looks like GBK",
                            self.name
                        );
                        return Err(Error::input(message).help("give --encoding gbk"));
                    }
                    self.broken.push_back(number);
                    text.push_str(&String::from_utf8_lossy(line));
                }
            }
            at += line.len();
        }
        Ok(text)
    }
}

/// The text without spaces around it. Most texts have none, and the first and last byte are enough to see that.
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}
