//! Converts the bytes of a list to UTF-8, from the encoding in `--encoding`. Without the flag, recognises other encodings.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use crate::error::{Error, Result};
use crate::near::did_you_mean;

/// The number of bytes in one read: large for the disk, and small enough for the cache of the processor.
pub(super) const READ_BLOCK_BYTES: usize = 128 << 10;

/// A byte that never occurs in UTF-8. It replaces a character that the encoding cannot decode, so that the line is
/// invalid in the same way as an invalid UTF-8 line.
const INVALID_BYTE: u8 = 0xff;

/// The encodings of lists. A byte order mark at the beginning of the list has precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16 in the byte order of its mark; without a mark the low byte first.
    Utf16,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GBK, which includes GB 2312.
    Gbk,
    /// GB 18030, which includes GBK.
    Gb18030,
}

impl Encoding {
    /// Every encoding, in the order of the help text.
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::Gbk, Self::Gb18030, Self::Utf16, Self::Utf16Le, Self::Utf16Be];

    /// The word for `--encoding`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
        }
    }

    /// The encoding with a word; letter case, `-` and `_` do not matter.
    pub fn parse(typed: &str) -> Result<Self> {
        let plain = |word: &str| word.to_ascii_lowercase().replace(['-', '_'], "");
        let wanted = match plain(typed) {
            old if old == "gb2312" || old == "cp936" => "gbk".to_owned(),
            other => other,
        };
        Self::ALL.into_iter().find(|encoding| plain(encoding.word()) == wanted).ok_or_else(|| {
            let words = Self::ALL.map(Self::word);
            let help = did_you_mean(typed, words)
                .unwrap_or_else(|| format!("the encodings are {}", words.join(", ")));
            Error::usage(format!("there is no encoding `{typed}`")).help(help)
        })
    }

    /// The name for messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gbk => "GBK",
            Self::Gb18030 => "GB 18030",
        }
    }

    fn decoder(self) -> Option<Decoder> {
        let encoding = match self {
            Self::Utf8 => return None,
            Self::Utf16 | Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gbk => encoding_rs::GBK,
            Self::Gb18030 => encoding_rs::GB18030,
        };
        Some(encoding.new_decoder())
    }
}

/// The bytes of a list, converted to UTF-8.
pub(super) struct ListSource<'a> {
    input: Box<dyn Read + 'a>,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
}

impl<'a> ListSource<'a> {
    pub(super) fn new(input: Box<dyn Read + 'a>, encoding: Encoding) -> Self {
        Self { input, decoder: encoding.decoder(), raw: Vec::new() }
    }

    /// Appends the next block to `out`. Returns whether more may follow.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let mut block = (&mut self.input).take(READ_BLOCK_BYTES as u64);
        let Some(decoder) = &mut self.decoder else {
            return Ok(block.read_to_end(out)? == READ_BLOCK_BYTES);
        };
        self.raw.clear();
        let more = block.read_to_end(&mut self.raw)? == READ_BLOCK_BYTES;
        decode(decoder, &self.raw, !more, out);
        Ok(more)
    }
}

fn decode(decoder: &mut Decoder, mut raw: &[u8], last: bool, out: &mut Vec<u8>) {
    loop {
        let (start, room) = (out.len(), raw.len().max(16) * 2);
        out.resize(start + room, 0);
        let target = &mut out[start..];
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(raw, target, last);
        out.truncate(start + written);
        raw = &raw[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => out.push(INVALID_BYTE),
        }
    }
}

/// An error where the first bytes of a list show that it is not UTF-8 text.
pub(super) fn recognise(first: &[u8], name: &str) -> Option<Error> {
    let looks = |what: &str, encoding: Encoding| {
        Error::input(format!("`{name}` {what} {}, not UTF-8", encoding.name()))
            .help(format!("give --encoding {}", encoding.word()))
    };
    if first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff") {
        return Some(looks("is", Encoding::Utf16));
    }
    const BINARY: [&[u8]; 4] = [b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF-"];
    if BINARY.iter().any(|magic| first.starts_with(magic)) {
        let error = Error::input(format!("`{name}` is a spreadsheet or an archive, not text"));
        return Some(error.help("unpack it, or save the sheet as CSV in UTF-8"));
    }
    let head = &first[..first.len().min(4096)];
    let nul = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    // A single NUL makes its line invalid. In UTF-16 every ASCII character has a NUL, always at even or always at odd
    // offsets. Many NULs on one side only show UTF-16.
    let is_even = first.len().is_multiple_of(2) || first.len() > head.len();
    let is_wide =
        |nuls: usize| is_even && (nuls * 4 > head.len() || (nuls > 8 && nuls * 16 > head.len()));
    match (nul(0), nul(1)) {
        (0, odd) if is_wide(odd) => Some(looks("looks like", Encoding::Utf16Le)),
        (even, 0) if is_wide(even) => Some(looks("looks like", Encoding::Utf16Be)),
        _ => None,
    }
}

/// Whether bytes that are not UTF-8 look like GBK: they decode without an error, and most characters are in GB 2312,
/// which has the common characters. Text in another 8-bit encoding would decode to rare characters.
pub(super) fn looks_like_gbk(bytes: &[u8]) -> bool {
    if encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(bytes).is_none() {
        return false;
    }
    let (mut usual, mut all) = (0, 0);
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match after {
            [second, after @ ..] if !first.is_ascii() => {
                all += 1;
                usual += usize::from((0xa1..=0xf7).contains(first) && *second >= 0xa1);
                after
            }
            _ => after,
        };
    }
    usual * 2 > all
}
