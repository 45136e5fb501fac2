//! Physical lines, each with its number: one block of text in memory at a time, for any length of the list.

use std::collections::VecDeque;
use std::io::Read;

use memchr::{memchr, memrchr};

use super::encoding::{BLOCK, Encoding, ListSource, looks_like_gbk, recognise};
use super::{Bad, MAX_LINE};
use crate::error::{Error, Result};

/// The lines of a list, in order.
pub(super) struct ListLines<'a> {
    name: String,
    source: ListSource<'a>,
    encoding: Encoding,
    /// Whether the user named no encoding, so that a guess about the list is worth reporting.
    guess: bool,
    /// Whether a character beyond ASCII was read: the list is then UTF-8, and a broken line is only broken.
    foreign: bool,
    /// Whole lines, validated together.
    block: String,
    /// What follows them: the start of a line.
    rest: Vec<u8>,
    ended: bool,
    /// The numbers of lines in the block that were not text and were repaired.
    broken: VecDeque<u64>,
    start: usize,
    end: usize,
    next: usize,
    number: u64,
}

impl<'a> ListLines<'a> {
    /// Reads the first block, and refuses what is clearly not UTF-8 text if the user named no encoding.
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
            foreign: false,
            block: String::with_capacity(2 * BLOCK),
            rest: Vec::with_capacity(BLOCK),
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

    /// Goes to the next line; returns whether there is one.
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

    /// The name of the list.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Why the line cannot be used, whatever it contains. Call it once for each line.
    pub(super) fn fault(&mut self) -> Option<Box<Bad>> {
        let long = self.end - self.start > MAX_LINE;
        if self.broken.is_empty() && !long {
            return None;
        }
        let broken = self.broken.front() == Some(&self.number);
        if broken {
            self.broken.pop_front();
        }
        if long {
            return Some(self.bad(format!("the line is longer than {MAX_LINE} bytes")));
        }
        broken.then(|| self.bad(format!("the line is not {}", self.encoding.name())))
    }

    /// This line as a bad one.
    pub(super) fn bad(&self, reason: impl Into<String>) -> Box<Bad> {
        Bad::new(self.number, self.text(), reason)
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
        self.rest = bytes;
        Ok(())
    }

    /// Makes the next lines the block; returns whether there are any.
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
            // Of an endless line, only enough is kept to find that it is too long.
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

    /// Whole lines as text.
    fn text_of(&mut self, bytes: Vec<u8>) -> Result<String> {
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.foreign = self.foreign || !text.is_ascii();
                Ok(text)
            }
            Err(error) => self.mended(&error.into_bytes()),
        }
    }

    /// The same if some lines are not text: each of those is recorded.
    fn mended(&mut self, bytes: &[u8]) -> Result<String> {
        let mut text = String::with_capacity(bytes.len());
        let (mut number, mut at) = (self.number, 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            number += 1;
            match str::from_utf8(line) {
                Ok(line) => {
                    self.foreign = self.foreign || !line.is_ascii();
                    text.push_str(line);
                }
                Err(_) => {
                    if self.guess && !self.foreign && looks_like_gbk(&bytes[at..]) {
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

/// Without blanks around it. Most texts have none, which a test of two bytes shows.
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}
