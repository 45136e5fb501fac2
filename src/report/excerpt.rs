//! The part of a source line around a place, made safe for a terminal and short enough for a person.

use std::ops::Range;

use smol_str::SmolStr;
use unicode_width::UnicodeWidthChar as _;

use crate::text::escape_char;
use crate::wire::HIDDEN;

/// Maximum columns: of the whole excerpt, before the marked part, and of the marked part.
const WIDTH: usize = 120;
const BEFORE: usize = 48;
const MARKED: usize = 56;

/// The most bytes of one side that are read: more can never be shown.
const REACH: usize = 4 * WIDTH;

/// Stands for the omitted part of a line. ASCII, because `…` is one or two columns wide.
const CUT: &str = "...";

/// A piece of one line, and the bytes of it that are marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) marked: Range<usize>,
}

impl Excerpt {
    /// The bytes that the excerpt of a range can contain.
    pub(super) fn reach(stretch: Range<usize>) -> Range<usize> {
        stretch.start.saturating_sub(REACH)..stretch.end.saturating_add(REACH)
    }

    /// The line on which a range of bytes begins, cut to a window around it. If the range spans several lines, the part
    /// on the first line is marked. Hidden places are not in it. It takes at most `room` columns.
    pub(super) fn of(
        bytes: &[u8],
        stretch: Range<usize>,
        hidden: &[Range<usize>],
        room: Option<usize>,
    ) -> Self {
        // Two signs of a cut must fit, too.
        let room = room.map_or(WIDTH, |room| WIDTH.min(room.saturating_sub(2 * CUT.len())));
        let start = stretch.start.min(bytes.len());
        let end = stretch.end.clamp(start, bytes.len());
        let (before, far_left) = line_before(&bytes[..start]);
        let (marked, far_mark) = line_after(&bytes[start..end]);
        let (after, far_right) = if marked.len() < end - start {
            (&[][..], far_mark)
        } else {
            line_after(&bytes[end..])
        };

        let mut left = cells(before, start - before.len(), hidden);
        let marked = cells(marked, start, hidden);
        let mut right = cells(after, end, hidden);
        let whole = width(&left) + width(&marked) + width(&right);
        let (mut cut_left, mut cut_mark, mut cut_right) = (far_left, far_mark, far_right);
        let mut middle = &marked[..];
        if whole > room {
            let share = |columns: usize| columns * room / WIDTH;
            let from = left.len() - fitting(left.iter().rev(), share(BEFORE));
            cut_left |= from > 0;
            left.drain(..from);
            middle = &marked[..fitting(marked.iter(), share(MARKED))];
            cut_mark |= middle.len() < marked.len();
            let room = room - width(&left) - width(middle);
            let to = if cut_mark { 0 } else { fitting(right.iter(), room) };
            cut_right |= to < right.len();
            right.truncate(to);
        }

        let mut text = String::new();
        text.push_str(if cut_left { CUT } else { "" });
        left.iter().for_each(|cell| text.push_str(&cell.shown));
        let from = text.len();
        middle.iter().for_each(|cell| text.push_str(&cell.shown));
        let to = text.len();
        right.iter().for_each(|cell| text.push_str(&cell.shown));
        text.push_str(if cut_mark || cut_right { CUT } else { "" });
        Self { text, marked: from..to }
    }
}

/// A character as it is shown.
struct ShownChar {
    shown: SmolStr,
    width: usize,
}

/// The end of the line before a range, and whether the start of that line was omitted.
fn line_before(bytes: &[u8]) -> (&[u8], bool) {
    let mut from = bytes.len().saturating_sub(REACH);
    let near = &bytes[from..];
    if let Some(end) = near.iter().rposition(|byte| *byte == b'\n') {
        return (&near[end + 1..], false);
    }
    let is_cut = from > 0;
    while is_cut && from < bytes.len() && is_inside(bytes[from]) {
        from += 1;
    }
    (&bytes[from..], is_cut)
}

/// The start of a range up to the end of its line, and whether the rest of the line was omitted.
fn line_after(bytes: &[u8]) -> (&[u8], bool) {
    let mut to = bytes.len().min(REACH);
    if let Some(end) = bytes[..to].iter().position(|byte| *byte == b'\n') {
        let line = &bytes[..end];
        return (line.strip_suffix(b"\r").unwrap_or(line), false);
    }
    let is_cut = to < bytes.len();
    while is_cut && to > 0 && is_inside(bytes[to]) {
        to -= 1;
    }
    (&bytes[..to], is_cut)
}

/// Whether a byte is inside a character.
fn is_inside(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// Bytes at a place of the whole, as they are shown: `***` for each hidden place that they touch. Hidden places are in
/// order.
fn cells(bytes: &[u8], at: usize, hidden: &[Range<usize>]) -> Vec<ShownChar> {
    let mut out = Vec::new();
    let (mut next, mut last) = (0, None);
    let mut add = |at: usize, cell: ShownChar| {
        while hidden.get(next).is_some_and(|place| place.end <= at) {
            next += 1;
        }
        if hidden.get(next).is_none_or(|place| at < place.start) {
            out.push(cell);
        } else if last.replace(next) != Some(next) {
            out.push(plain(HIDDEN.to_owned()));
        }
    };
    let mut at = at;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            add(at, shown(c));
            at += c.len_utf8();
        }
        for byte in chunk.invalid() {
            add(at, plain(format!("\\x{byte:02x}")));
            at += 1;
        }
    }
    out
}

fn shown(c: char) -> ShownChar {
    match c {
        ' '..='~' => ShownChar { shown: of_char(c), width: 1 },
        '\t' => ShownChar { shown: SmolStr::new_static("    "), width: 4 },
        c if joins(c) => plain(c.escape_unicode().to_string()),
        c => match escape_char(c) {
            Some(escaped) => plain(escaped),
            None => ShownChar { shown: of_char(c), width: c.width().unwrap_or(1) },
        },
    }
}

/// A character as a text that needs no memory of its own: an excerpt has hundreds.
fn of_char(c: char) -> SmolStr {
    SmolStr::new(c.encode_utf8(&mut [0; 4]))
}

fn plain(shown: String) -> ShownChar {
    ShownChar { width: shown.len(), shown: shown.into() }
}

/// Skin tones, which change the width of their neighbours in some terminals. They are shown as escapes, so that the
/// caret has the right position in all terminals.
fn joins(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn width(cells: &[ShownChar]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

/// How many cells fit into `columns` columns.
fn fitting<'a>(cells: impl Iterator<Item = &'a ShownChar>, columns: usize) -> usize {
    let mut used = 0;
    cells
        .take_while(|cell| {
            used += cell.width;
            used <= columns
        })
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    fn shown(text: &[u8], stretch: Range<usize>) -> (String, String) {
        let excerpt = Excerpt::of(text, stretch, &[], None);
        (excerpt.text[excerpt.marked.clone()].to_owned(), excerpt.text)
    }

    #[test]
    fn a_short_line_is_shown_whole_and_alone() {
        let text = "{\n\t\"a\": \"你好\",\r\n}";
        let at = text.find("\"你").expect("there");
        let (marked, line) = shown(text.as_bytes(), at..at + 8);
        assert_eq!((marked.as_str(), line.as_str()), ("\"你好\"", "    \"a\": \"你好\","));
        assert_eq!(shown(text.as_bytes(), 0..text.len()), ("{".to_owned(), "{".to_owned()));
        assert_eq!(shown(b"{\r\n}", 0..4), ("{".to_owned(), "{".to_owned()));
    }

    #[test]
    fn nothing_that_moves_the_cursor_or_hides_gets_through() {
        let (_, line) = shown("a\u{1b}[2J\u{202e}b👨\u{200d}👩\r".as_bytes(), 0..1);
        assert_eq!(line, "a\\u{1b}[2J\\u{202e}b👨\\u{200d}👩\\r");
        assert_eq!(shown(b"\"\xc4\xe3\"", 1..2).1, "\"\\xc4\\xe3\"");
    }

    #[test]
    fn a_megabyte_on_one_line_becomes_a_window_around_the_place() {
        let text = format!("[{}\"here\"{}]", "1234567,".repeat(70_000), ",7654321".repeat(70_000));
        let at = text.find("\"here\"").expect("there");
        let (marked, line) = shown(text.as_bytes(), at..at + 6);
        assert_eq!(marked, "\"here\"");
        assert!(line.len() <= WIDTH + 2 * CUT.len(), "{}", line.len());
        assert!(line.starts_with("...") && line.ends_with("..."), "{line}");
        let all = shown(text.as_bytes(), 0..text.len()).1;
        assert!(all.len() <= WIDTH && all.ends_with("..."), "{all}");
    }

    proptest! {
        #[test]
        fn any_bytes_and_stretch_give_one_safe_line_with_a_marked_part(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b'a')], 0..700),
            start in 0usize..800,
            len in 0usize..800,
            room in proptest::option::of(14usize..200),
        ) {
            let excerpt = Excerpt::of(&bytes, start..start + len, &[], room);
            prop_assert!(excerpt.text.get(excerpt.marked.clone()).is_some());
            prop_assert!(!excerpt.text.chars().any(char::is_control));
            prop_assert!(excerpt.text.width() <= room.unwrap_or(WIDTH + 2 * CUT.len()));
        }

        #[test]
        fn nothing_of_a_hidden_place_is_shown(
            before in "[a-z你\n ]{0,150}",
            secret in "[A-Z]{1,200}",
            after in "[a-z你\n ]{0,150}",
            start in 0usize..300,
            len in 0usize..300,
        ) {
            let text = format!("{before}{secret}{after}");
            let hidden = before.len()..before.len() + secret.len();
            let excerpt = Excerpt::of(text.as_bytes(), start..start + len, &[hidden], None);
            prop_assert!(!excerpt.text.contains(|c: char| c.is_ascii_uppercase()), "{}", excerpt.text);
        }

        #[test]
        fn what_is_marked_is_what_was_meant(before in "[a-z你👋 ]{0,200}", meant in "[a-z你👋]{1,10}", after in "[a-z你👋 ]{0,200}") {
            let text = format!("{before}{meant}{after}");
            let excerpt = Excerpt::of(text.as_bytes(), before.len()..before.len() + meant.len(), &[], None);
            prop_assert_eq!(&excerpt.text[excerpt.marked.clone()], meant.as_str());
        }
    }
}
