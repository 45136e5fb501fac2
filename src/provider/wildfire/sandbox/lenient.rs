//! What the server's parser takes beside JSON, written again as JSON: comments, single quotes, bare words.
//!
//! What no rule here knows is left as it stands, so that the strict parser behind it says what is wrong.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

use crate::document::{Document, Value};

/// How deep the JSON parser behind it is asked to go; the server's own parser has no limit, and nothing that it reads lies
/// this deep.
const DEPTH: usize = 64;

/// The same text as JSON, as far as it can be read. What is nested too deeply is left out.
pub(super) fn to_json(text: &str) -> String {
    let mut rewriter = Rewriter {
        rest: text.chars().peekable(),
        out: String::with_capacity(text.len()),
        last: None,
        depth: 0,
        shallow: 0,
    };
    while let Some(next) = rewriter.rest.next() {
        rewriter.take(next);
    }
    rewriter.out
}

struct Rewriter<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    /// The last character that means something.
    last: Option<char>,
    /// How many objects and lists are open.
    depth: usize,
    /// How long the text was before the first of them that lies too deep.
    shallow: usize,
}

impl Rewriter<'_> {
    fn take(&mut self, next: char) {
        match next {
            '#' => self.skip_line(),
            '/' if self.rest.next_if_eq(&'/').is_some() => self.skip_line(),
            '/' if self.rest.next_if_eq(&'*').is_some() => self.skip_comment(),
            '"' | '\'' => self.string(next),
            ';' | ',' => {
                self.fill_gap(&['[', ',']);
                self.mark(',');
            }
            ']' => {
                self.fill_gap(&[',']);
                self.mark(']');
            }
            '=' => {
                self.rest.next_if_eq(&'>');
                self.mark(':');
            }
            '{' | '}' | '[' | ':' => self.mark(next),
            _ if next.is_whitespace() => self.out.push(next),
            _ => self.word(next),
        }
    }

    fn mark(&mut self, mark: char) {
        if matches!(mark, '{' | '[') {
            self.depth += 1;
            if self.depth == DEPTH {
                self.shallow = self.out.len();
            }
        }
        self.out.push(mark);
        if matches!(mark, '}' | ']') {
            if self.depth == DEPTH {
                self.out.truncate(self.shallow);
                self.out.push_str("null");
            }
            self.depth = self.depth.saturating_sub(1);
        }
        self.last = Some(mark);
    }

    /// Nothing between two commas of a list, or before its end, is `null`. In an object the strict parser refuses it.
    fn fill_gap(&mut self, after: &[char]) {
        if self.last.is_some_and(|last| after.contains(&last)) {
            self.out.push_str("null");
        }
    }

    fn skip_line(&mut self) {
        while self.rest.next_if(|c| !matches!(c, '\n' | '\r')).is_some() {}
    }

    fn skip_comment(&mut self) {
        let mut star = false;
        for c in self.rest.by_ref() {
            if star && c == '/' {
                break;
            }
            star = c == '*';
        }
        self.out.push(' ');
    }

    /// A string in either sort of quotes. One without an end stays so.
    fn string(&mut self, quote: char) {
        self.out.push('"');
        while let Some(c) = self.rest.next() {
            match c {
                _ if c == quote => {
                    self.mark('"');
                    return;
                }
                '\\' => match self.rest.next() {
                    Some(c @ ('\'' | '\n')) => self.plain(c),
                    Some('u') => self.escape(),
                    Some(c) => self.out.extend(['\\', c]),
                    None => self.out.push('\\'),
                },
                _ => self.plain(c),
            }
        }
    }

    /// An escaped UTF-16 unit. One half of a pair alone, which is not a character, becomes U+FFFD.
    fn escape(&mut self) {
        let unit = |rest: &Peekable<Chars<'_>>| {
            let digits: String = rest.clone().take(4).collect();
            u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)
        };
        let first = unit(&self.rest);
        let after = {
            let mut after = self.rest.clone();
            after.by_ref().take(4).for_each(drop);
            let is_escape = after.next() == Some('\\') && after.next() == Some('u');
            is_escape.then(|| unit(&after)).flatten()
        };
        let digits = match (first, after) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => {
                self.out.push_str("\\u");
                self.out.extend(self.rest.by_ref().take(6));
                4
            }
            (Some(0xd800..=0xdfff), _) => {
                self.out.push_str("\\ufffd");
                self.rest.by_ref().take(4).for_each(drop);
                0
            }
            _ => {
                self.out.push_str("\\u");
                0
            }
        };
        self.out.extend(self.rest.by_ref().take(digits));
    }

    fn plain(&mut self, c: char) {
        match c {
            '"' => self.out.push_str("\\\""),
            c if c < ' ' => write!(self.out, "\\u{:04x}", u32::from(c)).expect("a string takes it"),
            c => self.out.push(c),
        }
    }

    /// A word without quotes: a number or literal where it is one, else a text.
    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        let ends = |c: &char| "/\\;#={}[]:, \t\u{c}\r\n".contains(*c);
        while let Some(c) = self.rest.next_if(|c| !ends(c)) {
            word.push(c);
        }
        let literal = ["true", "false", "null"].into_iter().find(|l| word.eq_ignore_ascii_case(l));
        let number = || {
            Document::parse(word.as_str()).is_ok_and(|d| matches!(d.root().value, Value::Number(_)))
        };
        match literal {
            Some(literal) if !self.is_key() => self.out.push_str(literal),
            None if !self.is_key() && number() => self.out.push_str(&word),
            _ => {
                self.out.push('"');
                word.chars().for_each(|c| self.plain(c));
                self.out.push('"');
            }
        }
        self.last = Some('"');
    }

    /// Whether what was read just now is the key of a member.
    fn is_key(&self) -> bool {
        let next = self.rest.clone().find(|c| !c.is_whitespace());
        matches!(next, Some(':' | '='))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parser_takes_beside_json_becomes_json() {
        for (lenient, json) in [
            (r#"{a:1,true:2, 3 :4}"#, r#"{"a":1,"true":2,"3":4}"#),
            (r#"{'a':'it\'s "x"'}"#, r#"{"a":"it's \"x\""}"#),
            ("{\"a\":1 // one\n,/* two */\"b\":2 # three\n}", r#"{"a":1,"b":2}"#),
            (
                r#"{"a":word,"b":TRUE,"c":007,"d":-1.5e3}"#,
                r#"{"a":"word","b":true,"c":"007","d":-1.5e3}"#,
            ),
            (r#"{"a"=1;"b"=>[1,,2,]}"#, r#"{"a":1,"b":[1,null,2,null]}"#),
            ("{\"a\":\"1\n2\"}", r#"{"a":"1\u000a2"}"#),
            (
                r#"{"url":"http://a/#b","t":"\\\"\u4f60"}"#,
                r#"{"url":"http://a/#b","t":"\\\"\u4f60"}"#,
            ),
        ] {
            let found = Document::parse(to_json(lenient)).unwrap_or_else(|fault| {
                panic!("{lenient}: {} in {}", fault.message, to_json(lenient))
            });
            let wanted = Document::parse(json).expect("JSON");
            assert!(
                found.root().value.same(&wanted.root().value),
                "{lenient}: {}",
                to_json(lenient)
            );
        }
    }

    #[test]
    fn what_it_does_not_take_stays_broken() {
        for broken in [
            r#"{"a":1,}"#,
            r#"{a:1,}"#,
            r#"{"a":1,,"b":2}"#,
            r#"{"a":"x}"#,
            r#"{'a':'x}"#,
            r#"{"a":1"#,
            r#"{"a" 1}"#,
            "{/* no end",
            r#"{"a":"\q"}"#,
        ] {
            assert!(Document::parse(to_json(broken)).is_err(), "{broken}: {}", to_json(broken));
        }
    }
}
