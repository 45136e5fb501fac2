//! The one judge of ids: what is wrong with an id that would go into a composed request, whichever way it came in.

use std::fmt;

use super::TargetKind;
use crate::error::{Error, ErrorKind};
use crate::near::did_you_mean;
use crate::text::{escape, escape_char, is_invisible};

/// Why an id is refused. Each of these is a slip of a script, a list or a spreadsheet: no vendor has such ids.
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
    /// A control character or an invisible one is in it, so that it looks like another id.
    Holds(char),
    /// A comma is in it: a list in the place of one id.
    Comma,
    /// It stands in quotes, which belong to the shell or to a table.
    Quoted,
    /// A spreadsheet has written a number as `1E+21`, and its digits are lost.
    Scientific,
}

impl IdFault {
    /// What is wrong with an id, if anything is.
    pub fn of(id: &str) -> Option<Self> {
        // Nearly all ids are such, and lists have millions.
        let is_plain = id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        match id.chars().next() {
            None => Some(Self::Empty),
            Some(_) if is_quoted(id) => Some(Self::Quoted),
            Some(_) if is_plain => is_scientific(id).then_some(Self::Scientific),
            Some(first) => Self::of_strange(id, first),
        }
    }

    fn of_strange(id: &str, first: char) -> Option<Self> {
        let last = id.chars().next_back().unwrap_or(first);
        let is_unseen = |c: char| {
            c.is_control() || is_invisible(c) || is_private(c) || c == char::REPLACEMENT_CHARACTER
        };
        if id.chars().all(char::is_whitespace) {
            Some(Self::Blank)
        } else if first.is_whitespace() {
            Some(Self::Begins(first))
        } else if last.is_whitespace() {
            Some(Self::Ends(last))
        } else if let Some(unseen) = id.chars().find(|c| is_unseen(*c)) {
            Some(Self::Holds(unseen))
        } else {
            id.contains(COMMAS).then_some(Self::Comma)
        }
    }

    /// What the user can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Empty | Self::Blank => "a variable of the script may be empty",
            Self::Begins(_) | Self::Ends(_) => "leave it out",
            Self::Holds(_) => "it looks like another id: type it again",
            Self::Comma => "one target each",
            Self::Quoted => "remove the quotes",
            Self::Scientific => {
                "a spreadsheet has rewritten it: take the id from where it came from"
            }
        }
    }

    /// The error where a flag has this id.
    pub fn of_flag(self, flag: &str, typed: &str) -> Error {
        let shown = shown(typed);
        if self == Self::Comma {
            let (kind, ids) = typed.split_once(':').map_or(("", typed), |(kind, ids)| {
                if TargetKind::from_word(kind).is_some() { (kind, ids) } else { ("", typed) }
            });
            let colon = if kind.is_empty() { "" } else { ":" };
            let ids = ids.split(COMMAS).map(str::trim).filter(|id| !id.is_empty());
            let one = |id: &str| format!("{flag} {}", shown_word(&format!("{kind}{colon}{id}")));
            let each: Vec<String> = ids.map(one).collect();
            let message = format!("`{flag} {shown}` holds a comma");
            return Error::usage(message).help(format!("one id a flag: {}", each.join(" ")));
        }
        Error::usage(format!("`{flag} {shown}` {self}")).help(self.advice())
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
            Self::Comma => f.write_str("holds a comma"),
            Self::Quoted => f.write_str("is in quotes"),
            Self::Scientific => f.write_str("is a number in scientific notation"),
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
    /// The id cannot be one.
    Id(IdFault),
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

    /// What the user can do about it.
    pub fn advice(&self) -> &str {
        match self {
            Self::NoKind { help, .. } => help,
            Self::Id(fault) => fault.advice(),
        }
    }

    /// The error where a flag has this target.
    pub fn of_flag(&self, flag: &str, typed: &str) -> Error {
        match self {
            Self::NoKind { help, .. } => Error::usage(self.to_string()).help(help.as_str()),
            Self::Id(fault) => fault.of_flag(flag, typed),
        }
    }
}

/// As a sentence.
impl fmt::Display for TargetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKind { word, .. } => write!(f, "there is no kind of target `{}`", escape(word)),
            Self::Id(fault) => write!(f, "the id {fault}"),
        }
    }
}

impl From<TargetFault> for Error {
    fn from(fault: TargetFault) -> Self {
        Self::new(ErrorKind::Usage, fault.to_string()).help(fault.advice())
    }
}

/// The commas of Latin and of Chinese texts.
const COMMAS: [char; 3] = [',', '，', '、'];

/// Whether a text stands in quotes.
fn is_quoted(id: &str) -> bool {
    ['"', '\''].iter().any(|quote| id.len() > 1 && id.starts_with(*quote) && id.ends_with(*quote))
}

/// Whether a text is a number as spreadsheets write large ones: one digit, perhaps a fraction, `E`, a plus sign, digits.
fn is_scientific(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((number, exponent)) = id.split_once(['e', 'E']) else { return false };
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(a, b)| (a, Some(b)));
    whole.len() == 1
        && is_number(whole)
        && fraction.is_none_or(is_number)
        && exponent.strip_prefix('+').is_some_and(is_number)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_id_has_is_named() {
        for (id, fault) in [
            ("", "is empty"),
            (" ", "is blank"),
            ("\u{3000}\t", "is blank"),
            (" bob", "begins with a blank"),
            ("bob\r", "ends in a carriage return (\\r)"),
            ("bob\n", "ends in a line end (\\n)"),
            ("\tbob", "begins with a tab (\\t)"),
            ("bob\u{a0}", "ends in a blank (\\u{a0})"),
            ("b\tob", "holds a tab (\\t)"),
            ("bob\u{1}", "holds a control character (\\u{1})"),
            ("bob\u{200b}", "holds an invisible character (\\u{200b})"),
            ("\u{feff}bob", "holds an invisible character (\\u{feff})"),
            ("bo\u{202e}b", "holds an invisible character (\\u{202e})"),
            ("b\u{ad}ob", "holds an invisible character (\\u{ad})"),
            ("b\u{e0041}ob", "holds an invisible character (\\u{e0041})"),
            ("b\u{fffd}ob", "holds bytes that are no text (\\u{fffd})"),
            ("b\u{e77b}ob", "holds a character for private use (\\u{e77b})"),
            ("u1,u2", "holds a comma"),
            (",", "holds a comma"),
            ("李,明", "holds a comma"),
            ("李，明", "holds a comma"),
            ("u1、u2", "holds a comma"),
            ("\"carol\"", "is in quotes"),
            ("'carol'", "is in quotes"),
            ("1E+21", "is a number in scientific notation"),
            ("6.8e+15", "is a number in scientific notation"),
        ] {
            assert_eq!(
                IdFault::of(id).map(|fault| fault.to_string()).as_deref(),
                Some(fault),
                "{id:?}"
            );
        }
        for id in
            ["bob", "李明", "u 1", "a@b", "-100", "1e21", "12E+5", "1.E+5", "e+1", "1E+", "a:b"]
        {
            assert_eq!(IdFault::of(id), None, "{id:?}");
        }
    }

    #[test]
    fn a_list_in_a_flag_is_told_as_flags_to_paste() {
        let told = |typed: &str| {
            let error = IdFault::Comma.of_flag("--to", typed);
            format!("{error}; {}", error.advice().unwrap_or_default())
        };
        assert_eq!(told("u1,u2"), "`--to u1,u2` holds a comma; one id a flag: --to u1 --to u2");
        assert_eq!(
            told("group:g1, g2,"),
            "`--to \"group:g1, g2,\"` holds a comma; one id a flag: --to group:g1 --to group:g2"
        );
        let error = IdFault::Ends('\r').of_flag("--to", "bob\r");
        assert_eq!(error.to_string(), "`--to \"bob\\r\"` ends in a carriage return (\\r)");
    }
}
