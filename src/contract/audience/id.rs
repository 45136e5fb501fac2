//! The one judge of ids: what is wrong with an id that would go into a composed request, whichever way it came in.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use super::{TargetKind, slips};
use crate::error::{Error, ErrorKind};
use crate::near::did_you_mean;
use crate::text::{escape, escape_char, is_invisible, quoted};

/// Why an id is refused: a slip of a script, a list, a spreadsheet or an input method.
///
/// What is [doubtful](Self::is_doubtful) can be an id of some vendor, and there is a way to say that it is one. No vendor has
/// ids of the other kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// Nothing is there.
    Empty,
    /// Nothing but blanks is there.
    Blank,
    /// It begins with a blank, a tab or a line end.
    Begins(char),
    /// It ends in one.
    Ends(char),
    /// A control character, an invisible one or a blank other than U+0020 is in it, so that it looks like another id.
    Holds(char),
    /// A comma, a semicolon or a wide bar is in it: a list in the place of one id.
    Separator(char),
    /// A character of an input method is in it, which looks like the one of ASCII beside it.
    LooksLike(char, char),
    /// It stands in quotes, which belong to the shell or to a table.
    Quoted,
    /// A quote is in it.
    Quote,
    /// A spreadsheet has written a number as `'00123` or `="00123"`.
    AsText,
    /// A spreadsheet has written a number as `1E+21`, and its digits are lost.
    Scientific,
    /// It is an error value of a spreadsheet.
    ErrorValue,
    /// It is an object that a script has written as text.
    Object,
    /// Doubtful: a bar is in it.
    Bar,
    /// Doubtful: it has the form of a number or a date that a spreadsheet has written, which these words tell.
    Rewritten(&'static str),
    /// Doubtful: it is what is left of a table or a list, which these words tell.
    Leftover(&'static str),
    /// Doubtful: it is what programs write where they have no value.
    NoValue,
    /// Doubtful: it is a variable without its value.
    Placeholder,
    /// Doubtful: it is what people write for everybody.
    Everybody,
    /// Doubtful: it is a number as programs write it in scientific notation, and digits may be lost.
    Exponent,
    /// Doubtful: a display has cut it off.
    CutOff,
    /// Doubtful: it begins with a kind of target, where no kind is expected.
    Kind(TargetKind),
}

impl IdFault {
    /// What is wrong with an id that can be none, if anything is.
    pub fn of(id: &str) -> Option<Self> {
        // Nearly all ids are such, and lists have millions.
        let is_plain =
            id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b',' | b';' | b'"'));
        match id.chars().next() {
            None => Some(Self::Empty),
            Some(_) if is_quoted(id) => Some(Self::Quoted),
            Some('\'' | '‘' | '’') => Some(Self::AsText),
            Some('#') if slips::is_error_value(id) => Some(Self::ErrorValue),
            Some('=') if id.starts_with("=\"") => Some(Self::AsText),
            Some('[') if id.starts_with("[object ") => Some(Self::Object),
            Some(_) if is_plain => slips::is_scientific(id).then_some(Self::Scientific),
            Some(first) => Self::of_strange(id, first),
        }
    }

    /// The same, and what is doubtful about an id without a kind before it.
    pub fn of_bare(id: &str) -> Option<Self> {
        Self::of(id).or_else(|| Self::doubt(id))
    }

    /// The same of an id with its kind before it, which says that it is meant. A star alone is none even then.
    pub fn of_named(id: &str) -> Option<Self> {
        Self::of(id).or_else(|| (id == STAR).then_some(Self::Everybody))
    }

    fn doubt(id: &str) -> Option<Self> {
        let kind = || TargetKind::from_word(id.split_once(':')?.0).map(Self::Kind);
        if slips::is_no_value(id) {
            Some(Self::NoValue)
        } else if slips::is_placeholder(id) {
            Some(Self::Placeholder)
        } else if slips::is_everybody(id) {
            Some(Self::Everybody)
        } else if id.contains('|') {
            Some(Self::Bar)
        } else if slips::has_exponent(id) {
            Some(Self::Exponent)
        } else if slips::is_cut_off(id) {
            Some(Self::CutOff)
        } else {
            let leftover = || slips::leftover(id).map(Self::Leftover);
            slips::rewritten(id).map(Self::Rewritten).or_else(leftover).or_else(kind)
        }
    }

    fn of_strange(id: &str, first: char) -> Option<Self> {
        let last = id.chars().next_back().unwrap_or(first);
        let is_unseen = |c: char| {
            c.is_control()
                || is_invisible(c)
                || is_private(c)
                || c == char::REPLACEMENT_CHARACTER
                || c.is_whitespace() && c != ' '
        };
        let look = |c: char| slips::looks_like(c).map(|ascii| Self::LooksLike(c, ascii));
        if id.chars().all(char::is_whitespace) {
            Some(Self::Blank)
        } else if first.is_whitespace() {
            Some(Self::Begins(first))
        } else if last.is_whitespace() {
            Some(Self::Ends(last))
        } else if let Some(unseen) = id.chars().find(|c| is_unseen(*c)) {
            Some(Self::Holds(unseen))
        } else if let Some(separator) = id.chars().find(|c| is_separator(*c)) {
            Some(Self::Separator(separator))
        } else if let Some(look) = id.chars().find_map(look) {
            Some(look)
        } else {
            id.contains(['"', '“', '”']).then_some(Self::Quote)
        }
    }

    /// Whether a vendor may have such an id.
    pub const fn is_doubtful(self) -> bool {
        matches!(
            self,
            Self::Bar
                | Self::Rewritten(_)
                | Self::Leftover(_)
                | Self::NoValue
                | Self::Placeholder
                | Self::Everybody
                | Self::Exponent
                | Self::CutOff
                | Self::Kind(_)
        )
    }

    /// What the user can do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Empty | Self::Blank => "a variable of the script may be empty",
            Self::Begins(_) | Self::Ends(_) => "leave it out",
            Self::Holds(_) => "it looks like another id: type it again",
            Self::Separator(_) | Self::Bar => "one target each",
            Self::LooksLike(..) => "type it again without the input method",
            Self::Quoted | Self::Quote => "remove the quotes",
            Self::AsText => "write it without the mark and without quotes",
            Self::Scientific | Self::ErrorValue | Self::Rewritten(_) => {
                "a spreadsheet has rewritten it: take the id from where it came from"
            }
            Self::Exponent => "a program has rewritten it: take the id from where it came from",
            Self::CutOff => "a display has cut it off: take all of the id from where it came from",
            Self::Leftover(_) => "leave out what is no id",
            Self::Object | Self::NoValue => "a script or a table may have no value for it",
            Self::Placeholder => "put the value in its place",
            Self::Everybody => "`broadcast --all` reaches everybody",
            Self::Kind(_) => "leave the kind out",
        }
    }

    /// The error where a flag that takes one id alone has this one.
    pub fn of_single_flag(self, flag: &str, typed: &str, meant: Option<&str>) -> Error {
        match self {
            Self::Separator(_) | Self::Bar => {
                let error = Error::usage(format!("`{flag} {}` {self}", shown(typed)));
                let advice = format!("{flag} takes one id");
                error.help(with_meant(advice, meant.filter(|_| self.is_doubtful())))
            }
            _ => self.of_flag(flag, typed, meant),
        }
    }

    /// The error where a flag has this id. `meant` is what says that a doubtful one is an id.
    pub fn of_flag(self, flag: &str, typed: &str, meant: Option<&str>) -> Error {
        let error = Error::usage(format!("`{flag} {}` {self}", shown(typed)));
        let advice = match self {
            Self::Separator(_) | Self::Bar => {
                let (kind, ids) = typed.split_once(':').map_or(("", typed), |(kind, ids)| {
                    if TargetKind::from_word(kind).is_some() { (kind, ids) } else { ("", typed) }
                });
                let colon = if kind.is_empty() { "" } else { ":" };
                let is_between = |c: char| c == '|' || is_separator(c);
                let ids = ids.split(is_between).map(str::trim).filter(|id| !id.is_empty());
                let one =
                    |id: &str| format!("{flag} {}", shown_word(&format!("{kind}{colon}{id}")));
                format!("one id a flag: {}", ids.map(one).collect::<Vec<_>>().join(" "))
            }
            Self::LooksLike(..) => {
                let ascii = |c: char| slips::looks_like(c).unwrap_or(c);
                let again: String = typed.chars().map(ascii).collect();
                format!("as it is typed in ASCII: {flag} {}", shown_word(&again))
            }
            Self::Kind(_) => {
                let id = typed.split_once(':').map_or(typed, |(_, id)| id);
                format!("leave the kind out: {flag} {}", shown_word(id))
            }
            other => other.advice().to_owned(),
        };
        error.help(with_meant(advice, meant.filter(|_| self.is_doubtful() && typed != STAR)))
    }
}

/// An advice with what says that a doubtful id is meant.
fn with_meant(advice: String, meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("{advice}; where it is an id: {meant}"),
        None => advice,
    }
}

/// As the predicate of a sentence about the id.
impl fmt::Display for IdFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::Blank => f.write_str("is blank"),
            Self::Begins(c) => write!(f, "begins with {}", name_of(*c)),
            Self::Ends(c) => write!(f, "ends in {}", name_of(*c)),
            Self::Holds(c) => write!(f, "holds {}", name_of(*c)),
            Self::Bar => f.write_str("holds a bar"),
            Self::Separator(c) if SEMICOLONS.contains(c) => f.write_str("holds a semicolon"),
            Self::Separator(c) if BARS.contains(c) => f.write_str("holds a bar"),
            Self::Separator(_) => f.write_str("holds a comma"),
            Self::LooksLike(c, ascii) => write!(f, "holds `{c}`, which looks like `{ascii}`"),
            Self::Quoted => f.write_str("is in quotes"),
            Self::Quote => f.write_str("holds a quote"),
            Self::AsText => f.write_str("begins with a spreadsheet's mark for text"),
            Self::CutOff => f.write_str("is cut off"),
            Self::Scientific | Self::Exponent => f.write_str("is a number in scientific notation"),
            Self::ErrorValue => f.write_str("is an error value of a spreadsheet"),
            Self::Object => f.write_str("is an object that a script has written as text"),
            Self::Rewritten(what) | Self::Leftover(what) => f.write_str(what),
            Self::NoValue => f.write_str("is a word for no value"),
            Self::Placeholder => f.write_str("is a variable without its value"),
            Self::Everybody => f.write_str("is a word for everybody, and no target"),
            Self::Kind(kind) => write!(f, "has the kind `{kind}`"),
        }
    }
}

/// Why a text is not a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetFault {
    /// There is no such kind.
    NoKind {
        /// The word before the colon.
        word: String,
        /// What the user can do about it.
        help: String,
    },
    /// The id cannot be one, or may be none.
    Id {
        /// What is wrong with it.
        fault: IdFault,
        /// The target with its kind, where that says that the id is meant.
        meant: Option<String>,
    },
}

impl TargetFault {
    /// There is no kind with this word.
    pub(super) fn no_kind(word: &str, typed: &str, usual: TargetKind) -> Self {
        let words = TargetKind::ALL.map(TargetKind::word);
        let help = did_you_mean(word, words).unwrap_or_else(|| {
            let words = words.join(", ");
            format!("the kinds are {words}; an id with a colon is written {usual}:{typed}")
        });
        Self::NoKind { word: word.to_owned(), help }
    }

    /// What is wrong with the id of a target, which was typed with its kind or without one.
    pub(super) fn of_id(kind: TargetKind, id: &str, is_bare: bool) -> Option<Self> {
        let fault = if is_bare { IdFault::of_bare(id) } else { IdFault::of_named(id) }?;
        let can_be_meant = fault.is_doubtful() && id != STAR;
        let meant = can_be_meant.then(|| format!("{kind}:{id}"));
        Some(Self::Id { fault, meant })
    }

    /// What the user can do about it.
    pub fn advice(&self) -> Cow<'_, str> {
        match self {
            Self::NoKind { help, .. } => help.into(),
            Self::Id { fault, meant } => {
                with_meant(fault.advice().to_owned(), meant.as_deref()).into()
            }
        }
    }

    /// The error where a flag has this target.
    pub fn of_flag(&self, flag: &str, typed: &str) -> Error {
        match self {
            Self::NoKind { help, .. } => Error::usage(self.to_string()).help(help.as_str()),
            Self::Id { fault, meant } => {
                let meant = meant.as_ref().map(|meant| format!("{flag} {}", quoted(meant)));
                fault.of_flag(flag, typed, meant.as_deref())
            }
        }
    }
}

/// As a sentence.
impl fmt::Display for TargetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKind { word, .. } => write!(f, "there is no kind of target `{}`", escape(word)),
            Self::Id { fault, .. } => write!(f, "the id {fault}"),
        }
    }
}

impl From<TargetFault> for Error {
    fn from(fault: TargetFault) -> Self {
        Self::new(ErrorKind::Usage, fault.to_string()).help(fault.advice())
    }
}

/// What separates the items of a list in texts of several languages, or looks so. No vendor has an id with one of them.
fn is_separator(c: char) -> bool {
    COMMAS.contains(&c) || SEMICOLONS.contains(&c) || BARS.contains(&c)
}

const COMMAS: [char; 13] = [',', '，', '、', '﹐', '﹑', '،', '､', '︐', '︑', '‚', '٫', '⸲', '⸴'];

/// The second one is the Greek question mark.
const SEMICOLONS: [char; 7] = [';', '\u{37e}', '；', '﹔', '؛', '︔', '⁏'];

const BARS: [char; 11] = ['｜', '│', '┃', '║', '¦', '∣', '❘', 'ǀ', '‖', '￨', '︱'];

/// What stands for everybody in patterns, and is no id even where it is meant.
const STAR: &str = "*";

/// Whether a text stands in quotes.
fn is_quoted(id: &str) -> bool {
    const QUOTES: [(char, char); 7] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('「', '」'), ('«', '»')];
    // Nearly all ids begin with a letter or a digit.
    let may_be = id.bytes().next().is_some_and(|byte| !byte.is_ascii_alphanumeric());
    may_be
        && QUOTES
            .iter()
            .any(|(begin, end)| id.strip_prefix(*begin).is_some_and(|inner| inner.ends_with(*end)))
}

/// Whether a character has no meaning that all share: the wrong encoding of a list brings such ones.
const fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// A character in words, with its escape where it shows nothing.
fn name_of(c: char) -> String {
    let name = match c {
        ' ' => return "a blank".to_owned(),
        '\r' => "a carriage return",
        '\n' => "a line end",
        '\t' => "a tab",
        char::REPLACEMENT_CHARACTER => "bytes that are no text",
        c if c.is_control() => "a control character",
        c if is_invisible(c) => "an invisible character",
        c if is_private(c) => "a character for private use",
        _ => "a blank",
    };
    let escape = escape_char(c).unwrap_or_else(|| c.escape_unicode().to_string());
    format!("{name} ({escape})")
}

/// What was typed, in quotes where its ends would not show.
fn shown(typed: &str) -> String {
    let is_plain = typed.bytes().all(|byte| byte.is_ascii_graphic()) && !typed.is_empty();
    if is_plain { typed.to_owned() } else { format!("\"{}\"", escape(typed)) }
}

/// The same as a word of a command line.
fn shown_word(id: &str) -> String {
    if id.contains(char::is_whitespace) { shown(id) } else { escape(id) }
}
