//! Text for people, folded to the width of a terminal.
//!
//! A line is folded at blanks and between the wide characters of Chinese. A command to paste (`herald …`) stays on one
//! line, if it fits on one; otherwise its lines end in ` \`, so that a shell takes them for one. Only a word that is
//! wider than the terminal is broken, after punctuation if there is some.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Programs whose commands are suggested in back quotes.
const PROGRAMS: [&str; 4] = ["herald ", "chmod ", "chown ", "sqlite3 "];

/// The commands of herald, for those that are suggested behind a colon.
pub(crate) const VERBS: [&str; 24] = [
    "send",
    "broadcast",
    "apply",
    "stop",
    "recall",
    "update",
    "delete",
    "clear",
    "get",
    "status",
    "call",
    "upload",
    "validate",
    "init",
    "sign",
    "profile",
    "history",
    "jobs",
    "explain",
    "schema",
    "providers",
    "sandbox",
    "completions",
    "help",
];

/// At least this part of a line, in percent, is used if a long word is broken after punctuation.
const USED: usize = 60;

/// Folds each line of a text that is already escaped; it may be coloured. Continued lines are indented by `hang` columns
/// more than the line that they continue. Without a width, nothing is folded.
pub(super) fn fold(text: &str, width: Option<usize>, hang: usize) -> String {
    let Some(width) = width else { return text.to_owned() };
    let lines: Vec<String> = text.split('\n').map(|line| fold_line(line, width, hang)).collect();
    lines.join("\n")
}

/// The columns of a text that may be coloured.
pub(super) fn columns(text: &str) -> usize {
    if !text.contains('\u{1b}') {
        return text.width();
    }
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().width();
    first
        + parts
            .map(|part| part.split_once('m').map_or(0, |(_, shown)| shown.width()))
            .sum::<usize>()
}

/// The columns of the widest part of a text that is better not broken.
pub(super) fn widest_part(text: &str) -> usize {
    text.split('\n').flat_map(pieces).map(|piece| columns(piece.text)).max().unwrap_or(0)
}

/// Cuts lines of an excerpt, and the lines with carets below them, to the same columns, in which the carets are.
pub(super) fn crop(excerpt: &str, width: Option<usize>) -> String {
    let lines: Vec<&str> = excerpt.split('\n').collect();
    let Some(width) = width else { return excerpt.to_owned() };
    let carets = |line: &str| {
        let (_, marks) = line.split_once("| ")?;
        let blanks = marks.len() - marks.trim_start().len();
        (marks.trim_start().starts_with('^')).then_some(blanks..marks.len())
    };
    let cut = |(index, line): (usize, &&str)| {
        let below = lines.get(index + 1).copied().unwrap_or_default();
        let (gutter, content) = line.split_at(line.find("| ").map_or(0, |at| at + 2));
        let room = width.saturating_sub(gutter.len());
        let marked = carets(line).or_else(|| carets(below)).unwrap_or_default();
        let from = if marked.end > room { marked.start.saturating_sub(room / 3) } else { 0 };
        format!("{gutter}{}", within(content, from..from + room))
    };
    lines.iter().enumerate().map(cut).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// The part of a line that stands in these columns.
fn within(line: &str, stretch: Range<usize>) -> String {
    let mut column = 0;
    let is_inside = |c: &char| {
        let start = column;
        column += c.width().unwrap_or(0);
        start >= stretch.start && column <= stretch.end
    };
    line.chars().filter(is_inside).collect()
}

/// A part of a line that is not broken, with the number of blanks before it.
#[derive(Debug, PartialEq, Eq)]
struct FoldPiece<'a> {
    blanks: usize,
    text: &'a str,
    is_command: bool,
}

fn fold_line(line: &str, width: usize, hang: usize) -> String {
    if columns(line) <= width {
        return line.to_owned();
    }
    let own = line.len() - line.trim_start_matches(' ').len();
    let indent = (own + hang).min(width / 3);
    let mut folded = FoldedLine { out: String::new(), column: 0, width, indent };
    for piece in pieces(line) {
        folded.add(&piece);
    }
    folded.out
}

/// A line while it is folded.
struct FoldedLine {
    out: String,
    column: usize,
    width: usize,
    indent: usize,
}

impl FoldedLine {
    fn add(&mut self, piece: &FoldPiece<'_>) {
        let is_first = self.out.trim_end_matches(' ').is_empty();
        let wide = columns(piece.text);
        if is_first || self.column + piece.blanks + wide <= self.width {
            self.blanks(piece.blanks.min(self.width / 2));
        } else if self.column > self.indent || wide + self.indent > self.width {
            // What fits on a line of its own only without an indent begins at the margin.
            let fits = wide + self.indent <= self.width;
            self.new_line(if fits || wide > self.width { self.indent } else { 0 });
        }
        if self.column + wide <= self.width {
            self.push(piece.text, wide);
        } else if piece.is_command {
            self.command(piece.text);
        } else {
            self.long_word(piece.text);
        }
    }

    fn push(&mut self, text: &str, wide: usize) {
        self.out.push_str(text);
        self.column += wide;
    }

    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
        self.column += count;
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.column = 0;
        self.blanks(indent);
    }

    /// A command that is too long for a line, on several lines that a shell takes for one.
    fn command(&mut self, text: &str) {
        let mut words = shell_words(text).peekable();
        let mut is_first = true;
        while let Some(word) = words.next() {
            let end = if words.peek().is_some() { 2 } else { 0 };
            let wide = columns(word);
            if !is_first {
                if self.column + 1 + wide + end <= self.width {
                    self.blanks(1);
                } else {
                    self.out.push_str(" \\");
                    self.new_line(self.indent + 2);
                }
            }
            is_first = false;
            if self.column + wide + end <= self.width {
                self.push(word, wide);
            } else {
                self.long_shell_word(word);
            }
        }
    }

    /// A word of a command that is too long for a line: a shell removes a backslash with the line end after it, but not
    /// between single quotes.
    fn long_shell_word(&mut self, word: &str) {
        let mut quotes = Quotes::default();
        for c in word.chars() {
            let quoted = quotes.is_single;
            let needed = if quoted { 4 } else { 3 };
            let wide = c.width().unwrap_or(0);
            if !quotes.is_escaped && self.column + wide + needed > self.width {
                self.out.push_str(if quoted { "'\\" } else { "\\" });
                self.new_line(0);
                self.push(if quoted { "'" } else { "" }, usize::from(quoted));
            }
            quotes.read(c);
            self.out.push(c);
            self.column += wide;
        }
    }

    /// A word that is too long for a line, broken after punctuation if possible.
    fn long_word(&mut self, word: &str) {
        let mut rest = word;
        while self.column + columns(rest) > self.width {
            let room = self.width - self.column;
            let end = break_of(rest, room);
            let (head, tail) = rest.split_at(end);
            self.push(head, columns(head));
            rest = tail;
            if rest.is_empty() {
                return;
            }
            self.new_line(self.indent);
        }
        self.push(rest, columns(rest));
    }
}

/// Where a word is broken of which at most `room` columns fit: a byte greater than 0.
fn break_of(word: &str, room: usize) -> usize {
    let (mut used, mut hard, mut soft, mut in_color) = (0, 0, 0, false);
    for (at, c) in word.char_indices() {
        in_color |= c == '\u{1b}';
        used += if in_color { 0 } else { c.width().unwrap_or(0) };
        if used > room {
            break;
        }
        hard = at + c.len_utf8();
        if !in_color && used * 100 >= room * USED && "/&?=,;:-_.}])".contains(c) {
            soft = hard;
        }
        in_color &= c != 'm';
    }
    let first = word.chars().next().map_or(0, char::len_utf8);
    if soft > 0 { soft } else { hard.max(first) }
}

/// The parts of a line.
fn pieces(line: &str) -> Vec<FoldPiece<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for command in commands(line) {
        words(&line[at..command.start], &mut out);
        let blanks =
            line[..command.start].len() - line[..command.start].trim_end_matches(' ').len();
        // A bracket or a quote before it belongs to it.
        let opened = if blanks == 0 && command.start > at { out.pop() } else { None };
        let (start, blanks) = match opened {
            Some(piece) => (command.start - piece.text.len(), piece.blanks),
            None => (command.start, blanks),
        };
        // So does the punctuation after it.
        let after = &line[command.end..];
        let end = command.end + after.find(' ').unwrap_or(after.len());
        out.push(FoldPiece { blanks, text: &line[start..end], is_command: true });
        at = end;
    }
    words(&line[at..], &mut out);
    out
}

/// The words of a text, and the wide characters in it.
fn words<'a>(text: &'a str, out: &mut Vec<FoldPiece<'a>>) {
    let mut rest = text;
    while !rest.is_empty() {
        let trimmed = rest.trim_start_matches(' ');
        let blanks = rest.len() - trimmed.len();
        let end = trimmed.find(' ').unwrap_or(trimmed.len());
        let mut word = &trimmed[..end];
        rest = &trimmed[end..];
        let mut before = blanks;
        while !word.is_empty() {
            let (part, left) = word.split_at(border(word));
            out.push(FoldPiece {
                blanks: std::mem::take(&mut before),
                text: part,
                is_command: false,
            });
            word = left;
        }
    }
}

/// The end of the first part of a word that may be the last one on its line: before or after a wide character, but not
/// before punctuation that closes, nor after one that opens.
fn border(word: &str) -> usize {
    let is_wide = |c: char| c.width() == Some(2);
    let mut chars = word.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let Some((_, next)) = chars.peek().copied() else { break };
        let closes =
            "，。、；：？！）》」』】〉”’…·,.;:?!)]}`'\"".contains(next) || next.width() == Some(0);
        let opens = "（《「『【〈“‘([{`'\"".contains(c);
        if (is_wide(c) || is_wide(next)) && !closes && !opens {
            return at + c.len_utf8();
        }
    }
    word.len()
}

/// The commands in a line: those in back quotes, with their quotes, and those behind a colon up to the end of the line.
fn commands(line: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(open) = line[at..].find('`').map(|open| at + open) {
        let Some(close) = line[open + 1..].find('`').map(|close| open + 1 + close) else { break };
        if PROGRAMS.iter().any(|program| line[open + 1..close].starts_with(program)) {
            out.push(open..close + 1);
        }
        at = close + 1;
    }
    if out.is_empty()
        && let Some(at) = behind_colon(line)
    {
        out.push(at..line.trim_end().len());
    }
    out
}

/// Where the command begins that ends a line: `to go on:  herald broadcast --resume spring`, or the whole cell of a table.
fn behind_colon(line: &str) -> Option<usize> {
    let at = match line.strip_prefix("herald ") {
        Some(_) => 0,
        None => {
            let colon = line.find(": ")?;
            let rest = line[colon + 1..].trim_start_matches(' ');
            rest.starts_with("herald ").then(|| line.len() - rest.len())?
        }
    };
    let verb = line[at..].split(' ').nth(1)?;
    // What follows a comma or a bracket is a sentence, and not a command.
    let is_prose =
        line[at..].split(' ').any(|word| word.ends_with([',', ';']) || word.starts_with('('));
    (VERBS.contains(&verb) && !is_prose).then_some(at)
}

/// The words of a command, each with its quotes.
fn shell_words(command: &str) -> impl Iterator<Item = &str> {
    let mut rest = command;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let mut quotes = Quotes::default();
        let end = rest.char_indices().find(|(_, c)| {
            let ends = *c == ' ' && quotes.are_closed();
            quotes.read(*c);
            ends
        });
        let (word, left) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = left;
        (!word.is_empty()).then_some(word)
    })
}

/// Which quotes of a shell are open.
#[derive(Debug, Default)]
struct Quotes {
    is_single: bool,
    is_double: bool,
    is_escaped: bool,
}

impl Quotes {
    fn are_closed(&self) -> bool {
        !self.is_single && !self.is_double && !self.is_escaped
    }

    fn read(&mut self, c: char) {
        if std::mem::take(&mut self.is_escaped) {
            return;
        }
        match c {
            '\\' if !self.is_single => self.is_escaped = true,
            '\'' if !self.is_double => self.is_single = !self.is_single,
            '"' if !self.is_single => self.is_double = !self.is_double,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
