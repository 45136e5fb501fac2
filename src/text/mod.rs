//! Text that people read: now in English; zh-CN can be added beside it.

mod command;
mod escape;
pub mod times;

use std::fmt;

pub use command::{RepeatedFlags, SuggestedCommand, quoted, suggest};
pub use escape::{escape, escape_char, escape_json, escape_lines};

/// A sentence or label that a user sees, in each language in which it exists.
///
/// Rows of a contract hold `Text`, never a plain string, so that a translation is beside the fact that it translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    en: &'static str,
    zh: Option<&'static str>,
}

/// A language of a [`Text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which every text has.
    #[default]
    English,
    /// Chinese as written on the mainland (zh-CN); falls back to English.
    Chinese,
}

impl Text {
    /// A text without words, for rows whose name is enough.
    pub const NONE: Self = Self::en("");

    /// A text in English.
    pub const fn en(en: &'static str) -> Self {
        Self { en, zh: None }
    }

    /// The same text with its zh-CN wording.
    pub const fn zh(self, zh: &'static str) -> Self {
        Self { en: self.en, zh: Some(zh) }
    }

    /// The words in the wanted language, or in English if there is no translation.
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh.unwrap_or(self.en),
        }
    }

    /// Whether it has no words.
    pub const fn is_empty(self) -> bool {
        self.en.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.en)
    }
}

/// Shorthand for [`Text::en`] in tables of rows.
pub const fn en(words: &'static str) -> Text {
    Text::en(words)
}

/// Characters that show nothing, or that change how their neighbours are shown, as ranges from first to last.
///
/// Default_Ignorable_Code_Point of Unicode 17 (zero-width and joining characters, bidi controls, variation selectors,
/// Hangul fillers, tag characters), the other format characters (Cf) without a visible form, the two line separators,
/// and the blank Braille pattern. Control characters are not in this list: [`char::is_control`] finds those.
const INVISIBLE: [(char, char); 20] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{16fe4}', '\u{16fe4}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character shows nothing, or changes how its neighbours are shown: a zero-width space, a bidi override, a
/// tag character. Emoji contain some of these, so a text may contain them; an id may not.
pub fn is_invisible(c: char) -> bool {
    // Most text is ASCII, which has none of them.
    c >= INVISIBLE[0].0 && INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Whether a text shows nothing: it is empty, or has blanks, control characters and invisible ones alone.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_in_order_and_hold_what_hides_and_nothing_that_shows() {
        assert!(INVISIBLE.iter().all(|(first, last)| first <= last));
        assert!(INVISIBLE.windows(2).all(|pair| pair[0].1 < pair[1].0));
        for c in "\u{200b}\u{200d}\u{202e}\u{2066}\u{ad}\u{feff}\u{fe0f}\u{e0041}\u{e01ef}\u{3164}"
            .chars()
        {
            assert!(is_invisible(c), "{}", c.escape_unicode());
        }
        for c in "aé你👋 \u{a0}\u{3000}\u{301}\u{fffd}".chars() {
            assert!(!is_invisible(c), "{}", c.escape_unicode());
        }
    }
}
