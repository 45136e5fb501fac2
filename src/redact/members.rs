//! Secrets of which herald knows only the name: members of a payload, in well-formed or broken JSON, in forms, in
//! queries, and in strings that hold any of these.

use std::ops::Range;

use super::values::percent_decoded;
use crate::contract::SecretNames;
use crate::document::{Document, Literal, Node, Span, Value};
use crate::wire::HIDDEN;

/// A member that holds a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SecretMember {
    /// The range of its value: for a string the text between the quotes, for everything else all of it.
    pub(super) range: Range<usize>,
    /// The secret itself; for a list or an object, each secret in it.
    pub(super) values: Vec<String>,
    /// Whether it has no quotes, so that its replacement in JSON must add them.
    pub(super) is_bare: bool,
}

/// What a string holds besides its characters.
pub(super) enum InString {
    /// No secret.
    Nothing,
    /// These secrets, at places of the decoded string.
    Members(Vec<SecretMember>),
    /// These secrets, in another encoding: the whole string must be hidden.
    Encoded(Vec<String>),
}

/// How many levels of strings inside strings are searched.
const DEEPEST: usize = 6;

/// A string with more secrets is hidden as a whole, because finding the place of each is slow.
const MAX_SECRETS_IN_A_STRING: usize = 32;

/// The shortest text that is worth decoding: a name, a separator, a value.
const SHORTEST: usize = 8;

/// The secrets in a text of any kind.
pub(super) fn in_text(text: &str, names: &SecretNames) -> Vec<SecretMember> {
    within(text, names, 0)
}

/// The secrets in a string, which may hold a payload.
pub(super) fn in_string(text: &str, names: &SecretNames) -> InString {
    string(text, names, 0)
}

/// Passes each secret in a payload to `take`.
pub(super) fn in_value(payload: &Value, names: &SecretNames, take: &mut dyn FnMut(&str)) {
    match payload {
        Value::Array(items) => items.iter().for_each(|item| in_value(&item.value, names, take)),
        Value::Object(object) => {
            for member in object {
                if names.matches(&member.key) {
                    let mut values = Vec::new();
                    pieces(&member.node.value, &mut values);
                    values.iter().for_each(|value| take(value));
                } else {
                    in_value(&member.node.value, names, take);
                }
            }
        }
        Value::String(text) => match in_string(text.as_str(), names) {
            InString::Nothing => {}
            InString::Encoded(values) => values.iter().for_each(|value| take(value)),
            InString::Members(members) => {
                members.iter().flat_map(|member| &member.values).for_each(|value| take(value));
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a value is too empty to be a secret.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::String(text) => text.as_str().is_empty() || text.as_str() == HIDDEN,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Number(_) => false,
    }
}

/// All texts in a value, piece by piece.
pub(super) fn pieces(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| pieces(&item.value, out)),
        Value::Object(object) => object.iter().for_each(|member| pieces(&member.node.value, out)),
        Value::String(_) | Value::Number(_) if !is_nothing(value) => out.push(value.to_plain()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => {}
    }
}

fn within(text: &str, names: &SecretNames, depth: usize) -> Vec<SecretMember> {
    if depth > DEEPEST {
        return Vec::new();
    }
    match Document::parse(text) {
        Ok(document) => {
            let mut walk = MemberWalk { text, names, depth, found: Vec::new() };
            walk.node(document.root());
            walk.found
        }
        Err(_) => loose(text, names),
    }
}

fn string(text: &str, names: &SecretNames, depth: usize) -> InString {
    if text.len() < SHORTEST {
        return InString::Nothing;
    }
    let payload = |text: &str| {
        // In JSON, a name may be written with escapes, or be inside base64.
        let is_json = text.trim_start().starts_with(['{', '[']);
        match is_json || names.may_be_in(text) {
            true => within(text, names, depth + 1),
            false => Vec::new(),
        }
    };
    let found = payload(text);
    if found.len() > MAX_SECRETS_IN_A_STRING {
        return InString::Encoded(found.into_iter().flat_map(|member| member.values).collect());
    }
    if !found.is_empty() {
        return InString::Members(found);
    }
    let base64 = crate::document::Str::new(text).base64().map(<[u8]>::to_vec);
    let base64 = base64.and_then(|bytes| String::from_utf8(bytes).ok());
    let percent = text.contains('%').then(|| percent_decoded(text)).flatten();
    for decoded in base64.into_iter().chain(percent.map(|(text, _)| text)) {
        let found = payload(&decoded);
        if !found.is_empty() {
            return InString::Encoded(found.into_iter().flat_map(|member| member.values).collect());
        }
    }
    InString::Nothing
}

/// Searches a JSON text.
struct MemberWalk<'w> {
    text: &'w str,
    names: &'w SecretNames,
    depth: usize,
    found: Vec<SecretMember>,
}

impl MemberWalk<'_> {
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.node(item)),
            Value::Object(object) => {
                for member in object {
                    if !self.names.matches(&member.key) {
                        self.node(&member.node);
                    } else if !is_nothing(&member.node.value) {
                        self.secret(&member.node);
                    }
                }
            }
            Value::String(text) => self.string(node.span, text.as_str()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn secret(&mut self, node: &Node) {
        let mut values = Vec::new();
        pieces(&node.value, &mut values);
        let is_bare = node.value.as_str().is_none();
        let Span { start, end } = node.span;
        let range = if is_bare { start..end } else { start + 1..end - 1 };
        self.found.push(SecretMember { range, values, is_bare });
    }

    fn string(&mut self, literal: Span, text: &str) {
        match string(text, self.names, self.depth) {
            InString::Nothing => {}
            InString::Encoded(values) => {
                let range = literal.start + 1..literal.end - 1;
                self.found.push(SecretMember { range, values, is_bare: false });
            }
            InString::Members(members) => {
                let around = Literal::new(self.text, literal);
                for SecretMember { range, values, is_bare } in members {
                    let inside = Span::new(range.start, range.end);
                    let Span { start, end } = around.outside(inside);
                    self.found.push(SecretMember { range: start..end, values, is_bare });
                }
            }
        }
    }
}

/// Searches a text that is not JSON: broken JSON, a form, a query, JSON with backslashes, something else. In doubt it
/// hides more.
fn loose(text: &str, names: &SecretNames) -> Vec<SecretMember> {
    let mut found = words(text, names);
    if text.contains('%')
        && let Some((decoded, places)) = percent_decoded(text)
    {
        found.extend(words(&decoded, names).into_iter().map(|member| {
            let range = places[member.range.start]..places[member.range.end];
            SecretMember { range, ..member }
        }));
    }
    found
}

/// Names of secrets with the values after them.
fn words(text: &str, names: &SecretNames) -> Vec<SecretMember> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (name, length) = name_at(rest);
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        at += length;
        if names.matches(&name)
            && let Some(member) = value_behind(text, at)
        {
            at = at.max(member.range.end);
            found.push(member);
        }
    }
    found
}

/// The word at the start of a text, read as a name, and its length. `\u0061` in it is a letter.
fn name_at(text: &str) -> (String, usize) {
    let (mut name, mut length) = (String::new(), 0);
    while let Some(c) = text[length..].chars().next() {
        let rest = &text[length..];
        let escaped = rest.strip_prefix("\\u").and_then(|hex| hex.get(..4));
        let escaped =
            escaped.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match escaped {
            Some(c) => {
                name.push(c);
                length += 6;
            }
            None if c.is_alphanumeric() || c == '_' || c == '-' => {
                name.push(c);
                length += c.len_utf8();
            }
            None => break,
        }
    }
    (name, length)
}

/// The value after a name that ends at a place, if there is one.
fn value_behind(text: &str, name_end: usize) -> Option<SecretMember> {
    let start = value_start(text, name_end)?;
    let rest = &text[start..];
    let backslashes = rest.len() - rest.trim_start_matches('\\').len();
    let first = rest[backslashes..].chars().next()?;
    if is_quote(first) {
        return quoted(text, start, backslashes + 1);
    }
    let is_end = |c: char| c.is_whitespace() || ",;&}])\"'".contains(c);
    let end = match first {
        '{' | '[' => start + balanced(rest),
        _ => start + rest.find(is_end).unwrap_or(rest.len()),
    };
    let value = &text[start..end];
    let is_nothing = matches!(value, "" | "null" | "true" | "false" | HIDDEN);
    (!is_nothing).then(|| SecretMember {
        range: start..end,
        values: vec![value.to_owned()],
        is_bare: true,
    })
}

/// Where the value of a name that ends at a place begins: after a colon or an equals sign. If the name is in quotes,
/// the sign may be missing, or be a comma, if a quote follows.
fn value_start(text: &str, name_end: usize) -> Option<usize> {
    let skip = |from: usize, is: fn(char) -> bool| {
        from + text[from..].chars().take_while(|c| is(*c)).map(char::len_utf8).sum::<usize>()
    };
    let at = |place: usize| text[place..].chars().next();
    let closing = skip(name_end, |c| c == '\\');
    let is_quoted = at(closing).is_some_and(is_quote);
    let behind = skip(closing + usize::from(is_quoted), char::is_whitespace);
    match at(behind)? {
        ':' | '=' => Some(skip(behind, |c| c.is_whitespace() || ":=>".contains(c))),
        '"' | '\'' | '\\' if is_quoted => Some(behind),
        ',' if is_quoted => {
            let next = skip(behind + 1, char::is_whitespace);
            at(skip(next, |c| c == '\\')).is_some_and(is_quote).then_some(next)
        }
        _ => None,
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}

/// A value in quotes, which may have backslashes before them, as in a string inside a string.
fn quoted(text: &str, start: usize, length: usize) -> Option<SecretMember> {
    let inside = start + length;
    let quote = &text[start..inside];
    let end = text[inside..].match_indices(quote).map(|(at, _)| inside + at).find(|end| {
        // After an odd number of further backslashes, a quote is a character of the string.
        let before = &text[inside..*end];
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        backslashes.is_multiple_of(2)
    });
    let Some(end) = end else { return unclosed(text, inside) };
    // Characters that may follow a complete string; otherwise the string does not end here.
    let behind = text[end + length..].trim_start_matches([' ', '\t']);
    let is_whole = behind.is_empty()
        || behind.starts_with([',', '}', ']', '&', ';', ')', '\n', '\r', '\\', '"', '\'']);
    if !is_whole {
        return unclosed(text, inside);
    }
    let raw = &text[inside..end];
    let value = Document::parse(format!("\"{raw}\"")).ok();
    let value = value.and_then(|document| document.root().value.as_str().map(str::to_owned));
    let value = value.unwrap_or_else(|| raw.to_owned());
    (!raw.is_empty()).then(|| SecretMember {
        range: inside..end,
        values: vec![value],
        is_bare: false,
    })
}

/// A value without an end: the rest of its line, or, for a string over several lines, the rest of the string.
fn unclosed(text: &str, start: usize) -> Option<SecretMember> {
    let line = text[start..].find('\n').map_or(text.len(), |end| start + end);
    let value = text[start..line].trim_end_matches(['\r', ' ', ',', '}', ']', '"', '\'', ';']);
    let values = vec![value.to_owned()];
    (start < line).then_some(SecretMember { range: start..line, values, is_bare: false })
}

/// The length of the list or object at the start of a text.
fn balanced(text: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Contract, Field, Kind, Operation, Root, Shape};

    static SHAPE: Shape = Shape::of(&[
        Field::new("password", Kind::Text, "").secret(),
        Field::new("client_secret", Kind::Text, "").secret(),
    ]);
    static OPERATIONS: &[Operation] = &[Operation { root: Root::Shape(&SHAPE), ..Operation::BASE }];
    static CONTRACT: Contract = Contract { operations: OPERATIONS, ..Contract::BASE };

    fn shown(text: &str) -> String {
        let found = in_text(text, CONTRACT.secret_names());
        super::super::hidden_at(text, found.into_iter().map(|member| member.range).collect())
    }

    fn values(text: &str) -> Vec<String> {
        let found = in_text(text, CONTRACT.secret_names());
        found.into_iter().flat_map(|member| member.values).collect()
    }

    #[test]
    fn members_are_found_in_json_wherever_they_stand() {
        for (text, wanted) in [
            (r#"{"password":"CANARY","x":1}"#, r#"{"password":"***","x":1}"#),
            (
                r#"{"PassWord":"CANARY","p\u0061ssword":"CANARY"}"#,
                r#"{"PassWord":"***","p\u0061ssword":"***"}"#,
            ),
            (r#"{"password":1,"password":"CANARY"}"#, r#"{"password":***,"password":"***"}"#),
            (r#"{"a":[{"client-secret":["CANARY",{"b":2}]}]}"#, r#"{"a":[{"client-secret":***}]}"#),
            (
                r#"{"password":null,"client_secret":"","password":true,"password":"***"}"#,
                r#"{"password":null,"client_secret":"","password":true,"password":"***"}"#,
            ),
            (
                r#"{"a":"{\"password\":\"CAN\\\"ARY\",\"b\":1}"}"#,
                r#"{"a":"{\"password\":\"***\",\"b\":1}"}"#,
            ),
            (
                r#"{"a":"{\"b\":\"{\\\"password\\\":7}\"}"}"#,
                r#"{"a":"{\"b\":\"{\\\"password\\\":***}\"}"}"#,
            ),
            (r#"{"a":"x=1&client_secret=CANARY&y"}"#, r#"{"a":"x=1&client_secret=***&y"}"#),
            (r#"{"a":"{'password': 'CANARY'}"}"#, r#"{"a":"{'password': '***'}"}"#),
            (r#"{"a":"eyJwYXNzd29yZCI6IkNBTkFSWSJ9"}"#, r#"{"a":"***"}"#),
            (
                r#"{"a":"%7B%22password%22%3A%22CANARY%22%7D"}"#,
                r#"{"a":"%7B%22password%22%3A%22***%22%7D"}"#,
            ),
            (r#"{"a":"%7B%22%70assword%22%3A%22CANARY%22%7D"}"#, r#"{"a":"***"}"#),
            (
                r#"{"passwords":"no","a":"password","b":"the password is short"}"#,
                r#"{"passwords":"no","a":"password","b":"the password is short"}"#,
            ),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
            if text.contains("CANARY") {
                assert!(
                    values(text).iter().any(|value| value.replace('"', "") == "CANARY"),
                    "{text}: {:?}",
                    values(text)
                );
            }
        }
        let many = format!(
            "{{\"a\":{:?}}}",
            format!("[{}]", vec![r#"{"password":"CANARY"}"#; 100].join(","))
        );
        assert_eq!(shown(&many), r#"{"a":"***"}"#);
    }

    #[test]
    fn in_what_is_no_json_rather_too_much_is_hidden_than_too_little() {
        for (text, wanted) in [
            (r#"{"password":"CANARY",}"#, r#"{"password":"***",}"#),
            (r#"{"password": "CANARY" "x": 1}"#, r#"{"password": "***" "x": 1}"#),
            (r#"{"password" "CANARY", "x": 1,}"#, r#"{"password" "***", "x": 1,}"#),
            (r#"{"password", "CANARY"}"#, r#"{"password", "***"}"#),
            (r#"{"password": CANARY, "x": 1}"#, r#"{"password": ***, "x": 1}"#),
            (r#"{"password": "CANARY, "x": 1}"#, r#"{"password": "***"#),
            (r#"{"password": "a"CANARY", "x": 1}"#, r#"{"password": "***"#),
            ("{\"password\": \"CANARY\n\", \"x\": 1,}", "{\"password\": \"***\", \"x\": 1,}"),
            ("{\"password\": \"CANARY", "{\"password\": \"***"),
            ("{password: 'CANARY', x: 1}", "{password: '***', x: 1}"),
            (
                r#"{"p\u0061ssword": ["CANARY", {"a": "CANARY"}], "x": 1,}"#,
                r#"{"p\u0061ssword": ***, "x": 1,}"#,
            ),
            (r#"{"a":"{\"password\":\"CANARY\"}",}"#, r#"{"a":"{\"password\":\"***\"}",}"#),
            ("grant=a&client_secret=CANARY&b=1", "grant=a&client_secret=***&b=1"),
            (
                "content=%7B%22password%22%3A%22CANARY%22%7D&b=1",
                "content=%7B%22password%22%3A%22***%22%7D&b=1",
            ),
            ("client-secret: CANARY", "client-secret: ***"),
            ("password => 'CANARY'", "password => '***'"),
            (r#"{"fields": ["password"], "x": 1,}"#, r#"{"fields": ["password"], "x": 1,}"#),
            ("the password is short", "the password is short"),
            ("", ""),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(\\PC|\"|password|[:=,{}\\[\\]\\\\'%\n]|\\\\u0061){0,60}") {
            for member in in_text(&text, CONTRACT.secret_names()) {
                proptest::prop_assert!(text.get(member.range).is_some());
            }
        }
    }
}
