//! From a file to the texts of its payloads.

use std::io::{BufRead, BufReader, Read as _};

use super::{FilePlace, Input, InputFault, MAX_BYTES};
use crate::document::Document;

/// A read that can end with a fault of the input.
type ReadResult<T> = std::result::Result<T, InputFault>;

/// U+FEFF, which some editors write before a text.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes of lines are read at once.
const BUFFER: usize = 64 << 10;

/// A piece of an input that is one JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its bytes, unchanged.
    pub bytes: Vec<u8>,
    /// The line of the input on which it begins, from 1.
    pub line: usize,
    /// The byte of the input at which it begins, from 0.
    pub offset: usize,
    /// Whether it is one line of NDJSON, and therefore one payload, whatever it holds.
    pub is_line: bool,
}

impl Chunk {
    /// The same without blanks at its end, so that an excerpt ends where the payload ends.
    fn without_end(mut self) -> Self {
        self.bytes.truncate(self.bytes.trim_ascii_end().len());
        self
    }
}

/// How an input is split.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InputForm {
    /// One JSON text.
    Whole,
    /// One JSON text on each line.
    Lines,
    /// Either of the two; the content decides: stdin, and files with other endings.
    Either,
}

/// Reads an input piece by piece: NDJSON one line at a time, whatever its size, anything else at once. Blank lines are
/// skipped; an input without any text is one empty piece, so that the caller reports it.
pub fn payloads(input: &Input, see: &mut dyn FnMut(Chunk)) -> ReadResult<()> {
    let form = form(input);
    if form == InputForm::Whole {
        let bytes = input.read_up_to(MAX_BYTES)?;
        see(Chunk { bytes, line: 1, offset: 0, is_line: false });
        return Ok(());
    }
    let mut reader = BufReader::with_capacity(BUFFER, input.open(u64::MAX - 1)?.0);
    let mut lines = PayloadLines { input, reader: &mut reader, max: MAX_BYTES, line: 0, offset: 0 };
    if form == InputForm::Either { lines.either(see) } else { lines.all(0, see) }
}

fn form(input: &Input) -> InputForm {
    let Input::File(FilePlace { name, .. }) = input else { return InputForm::Either };
    let ending = name.extension().unwrap_or_default().to_ascii_lowercase();
    match ending.to_str() {
        Some("json") => InputForm::Whole,
        Some("ndjson" | "jsonl") => InputForm::Lines,
        _ => InputForm::Either,
    }
}

struct PayloadLines<'a> {
    input: &'a Input,
    reader: &'a mut dyn BufRead,
    max: u64,
    line: usize,
    offset: usize,
}

impl PayloadLines<'_> {
    /// The next line that is not blank, with its end.
    fn next(&mut self) -> ReadResult<Option<Chunk>> {
        loop {
            let mut bytes = Vec::new();
            let mut limited = (&mut self.reader).take(self.max + 1);
            let read =
                limited.read_until(b'\n', &mut bytes).map_err(|why| self.input.broken(why))?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 > self.max {
                return Err(self.input.too_large(self.max));
            }
            self.line += 1;
            let offset = self.offset;
            self.offset += read;
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(Chunk { bytes, line: self.line, offset, is_line: true }));
            }
        }
    }

    /// Every line, after those that were already read.
    fn all(&mut self, seen: usize, see: &mut dyn FnMut(Chunk)) -> ReadResult<()> {
        let mut seen = seen;
        while let Some(chunk) = self.next()? {
            see(chunk.without_end());
            seen += 1;
        }
        if seen == 0 {
            see(Chunk { bytes: Vec::new(), line: 1, offset: 0, is_line: false });
        }
        Ok(())
    }

    /// NDJSON if the first line is a complete JSON text and another line follows; otherwise one JSON text.
    fn either(&mut self, see: &mut dyn FnMut(Chunk)) -> ReadResult<()> {
        let Some(first) = self.next()? else { return self.all(0, see) };
        let text = first.bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&first.bytes);
        if Document::from_bytes(text.to_vec()).is_ok() {
            let second = self.next()?;
            let alone = second.is_none();
            see(Chunk { is_line: !alone, ..first }.without_end());
            if let Some(second) = second {
                see(second.without_end());
            }
            return self.all(1, see);
        }
        let Chunk { mut bytes, line, offset, .. } = first;
        let room = self.max.saturating_sub(bytes.len() as u64);
        let read = (&mut self.reader).take(room + 1).read_to_end(&mut bytes);
        if read.map_err(|why| self.input.broken(why))? as u64 > room {
            return Err(self.input.too_large(self.max));
        }
        see(Chunk { bytes, line, offset, is_line: false });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str, form: InputForm, max: u64) -> ReadResult<Vec<(String, usize, usize, bool)>> {
        let mut out = Vec::new();
        let mut see = |chunk: Chunk| {
            let text = String::from_utf8(chunk.bytes).expect("UTF-8");
            out.push((text, chunk.line, chunk.offset, chunk.is_line));
        };
        let mut reader = text.as_bytes();
        let mut lines =
            PayloadLines { input: &Input::Stdin, reader: &mut reader, max, line: 0, offset: 0 };
        match form {
            InputForm::Lines => lines.all(0, &mut see)?,
            _ => lines.either(&mut see)?,
        }
        Ok(out)
    }

    fn row(text: &str, line: usize, offset: usize, is_line: bool) -> (String, usize, usize, bool) {
        (text.to_owned(), line, offset, is_line)
    }

    #[test]
    fn ndjson_is_a_payload_a_line_with_its_place_in_the_file() {
        let found = cut("{\"a\":1}\r\n\n  \n {}\n[]", InputForm::Lines, 99).expect("readable");
        assert_eq!(
            found,
            [row("{\"a\":1}", 1, 0, true), row(" {}", 4, 13, true), row("[]", 5, 17, true)]
        );
        assert_eq!(cut("\n\n", InputForm::Lines, 99).expect("readable"), [row("", 1, 0, false)]);
    }

    #[test]
    fn stdin_is_ndjson_when_its_first_line_is_a_payload_and_another_follows() {
        let one = |text: &str| cut(text, InputForm::Either, 99).expect("readable");
        assert_eq!(one("{}\n"), [row("{}", 1, 0, false)]);
        assert_eq!(one("{}\n\n[1]\n{}\n").len(), 3);
        assert_eq!(one("\n{\n}\n"), [row("{\n}\n", 2, 1, false)]);
        assert_eq!(one(""), [row("", 1, 0, false)]);
        assert_eq!(one("{\"a\" \r\n:1}"), [row("{\"a\" \r\n:1}", 1, 0, false)]);
    }

    #[test]
    fn a_line_over_the_limit_is_refused_and_a_long_file_is_not() {
        assert!(cut("{}\n{}\n{}\n{}\n", InputForm::Lines, 4).is_ok());
        assert!(cut("{}\n[1,2,3]\n", InputForm::Lines, 4).is_err());
        assert!(cut("{\n1234567\n", InputForm::Either, 4).is_err());
    }

    proptest! {
        #[test]
        fn every_piece_stands_where_it_says(text in "[{}\\[\\]\" \r\n你a]{0,30}") {
            for form in [InputForm::Lines, InputForm::Either] {
                for (piece, line, offset, _) in cut(&text, form, 999).expect("readable") {
                    prop_assert_eq!(text[..offset].matches('\n').count() + 1, line);
                    prop_assert_eq!(&text[offset..offset + piece.len()], piece);
                }
            }
        }
    }
}
