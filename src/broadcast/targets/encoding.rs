//! Converts the bytes of a list to UTF-8: the encodings of `--encoding`, and how to recognise them without it.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use crate::error::{Error, Result};
use crate::near::did_you_mean;

/// The bytes that are read at a time: enough for the disk, and few enough for the processor's cache.
pub(super) const BLOCK: usize = 128 << 10;

/// A byte that never occurs in UTF-8. It replaces what an encoding cannot decode, so that the line is found broken,
/// like a broken line of UTF-8.
const BROKEN: u8 = 0xff;

/// The encodings in which a list can be read. A byte order mark at its start takes precedence over the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16 in the order that its mark names; without a mark, the low byte first.
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

    /// Its common name.
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

/// The bytes of a list, as UTF-8 if they can be decoded.
pub(super) struct ListSource<'a> {
    input: Box<dyn Read + 'a>,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
}

impl<'a> ListSource<'a> {
    pub(super) fn new(input: Box<dyn Read + 'a>, encoding: Encoding) -> Self {
        Self { input, decoder: encoding.decoder(), raw: Vec::new() }
    }

    /// Adds the next block to `out`; returns whether more may follow.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let mut block = (&mut self.input).take(BLOCK as u64);
        let Some(decoder) = &mut self.decoder else {
            return Ok(block.read_to_end(out)? == BLOCK);
        };
        self.raw.clear();
        let more = block.read_to_end(&mut self.raw)? == BLOCK;
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
            DecoderResult::Malformed(..) => out.push(BROKEN),
        }
    }
}

/// What the first bytes of a list show about it, if it is not UTF-8 text.
pub(super) fn recognise(first: &[u8], name: &str) -> Option<Error> {
    let looks = |what: &str, encoding: Encoding| {
        Error::input(format!("`{name}` {what} {}, not UTF-8", encoding.name()))
            .help(format!("give --encoding {}", encoding.word()))
    };
    if first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff") {
        return Some(looks("is", Encoding::Utf16));
    }
    if first.starts_with(b"PK\x03\x04") || first.starts_with(b"\x1f\x8b") {
        let error = Error::input(format!("`{name}` is a spreadsheet or an archive, not text"));
        return Some(error.help("unpack it, or save the sheet as CSV in UTF-8"));
    }
    let head = &first[..first.len().min(4096)];
    let nul = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    // A stray NUL is a broken line. UTF-16 has one in every ASCII character, always on the same side: in most
    // characters of a list, or in more of them than a mistake explains.
    let is_even = first.len().is_multiple_of(2) || first.len() > head.len();
    let is_wide =
        |nuls: usize| is_even && (nuls * 4 > head.len() || (nuls > 8 && nuls * 16 > head.len()));
    match (nul(0), nul(1)) {
        (0, odd) if is_wide(odd) => Some(looks("looks like", Encoding::Utf16Le)),
        (even, 0) if is_wide(even) => Some(looks("looks like", Encoding::Utf16Be)),
        _ => None,
    }
}

/// Whether bytes that are not UTF-8 look like GBK: without an error, and mostly the characters of GB 2312, which people
/// use. In other 8-bit encodings, a letter before ASCII reads as some rare character.
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
