//! Text that people read: English now, with room for zh-CN beside it.

use std::fmt;

/// A sentence or label that a user sees, in the languages it has been written in.
///
/// Rows of a contract hold `Text`, never a bare string, so that a translation stands beside the fact it translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    en: &'static str,
    zh: Option<&'static str>,
}

/// A language that a [`Text`] may be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which every text has.
    #[default]
    English,
    /// Chinese as written on the mainland (zh-CN); falls back to English.
    Chinese,
}

impl Text {
    /// A text without words, for rows whose name says it all.
    pub const NONE: Self = Self::en("");

    /// A text in English.
    pub const fn en(en: &'static str) -> Self {
        Self { en, zh: None }
    }

    /// The same text with its zh-CN wording.
    pub const fn zh(self, zh: &'static str) -> Self {
        Self { en: self.en, zh: Some(zh) }
    }

    /// The words in the wanted language, or in English where they have not been translated.
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh.unwrap_or(self.en),
        }
    }

    /// Whether there is nothing to say.
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

/// Whether a character is not seen where it stands: zero-width characters and joiners, marks of direction, variation
/// selectors, tags, fillers, the soft hyphen. Blanks and control characters are others.
///
/// Unicode's `Default_Ignorable_Code_Point` and the interlinear marks.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
