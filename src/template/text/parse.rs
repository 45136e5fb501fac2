//! Finds the variables of a payload.

use crate::document::{Document, Node, Span, Str, Value};
use crate::template::text::{
    BraceFault, FaultyVariable, PayloadPlace, Template, TemplatePart, TextPiece, VariableUse,
};

/// What was found so far, and the current place of the search.
#[derive(Default)]
struct Finder {
    names: Vec<String>,
    uses: Vec<VariableUse>,
    suspicious: Vec<FaultyVariable>,
    /// How many literal braces there are.
    literal_braces: usize,
    spot: PayloadPlace,
    /// How many strings that hold JSON are around this place.
    depth: usize,
}

/// A text with variables in a string's JSON: the place of its literal there, and what it becomes.
type LiteralChange = (Span, Vec<TextPiece>);

/// What a variable begins with.
const OPEN: &str = "{{";

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Characters as they are.
    Literal(&'t str),
    /// `\\{{`, which stands for these braces.
    Braces,
    /// The name of a variable.
    Variable(&'t str),
    /// Something that looks like a variable and is none.
    FaultyVariable(&'t str),
}

pub(super) fn template(body: &Value) -> Template {
    let mut finder = Finder::default();
    let part = finder.part(body);
    let Finder { names, uses, suspicious, literal_braces, .. } = finder;
    Template { body: part, names, uses, suspicious, has_literal_braces: literal_braces > 0 }
}

impl Finder {
    /// How many places of the payload are written again.
    fn changed(&self) -> usize {
        self.uses.len() + self.literal_braces
    }

    /// A value of the payload. A value that stays as it is is kept whole.
    fn part(&mut self, value: &Value) -> TemplatePart {
        let before = self.changed();
        let part = match value {
            Value::String(text) => TemplatePart::Text(self.text(text)),
            Value::Array(items) => TemplatePart::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, node)| self.below(&index.to_string(), |it| it.part(&node.value)))
                    .collect(),
            ),
            Value::Object(object) => TemplatePart::Object(
                object
                    .iter()
                    .map(|member| {
                        self.key(&member.key);
                        let part = self.below(&member.key, |it| it.part(&member.node.value));
                        (member.key.clone(), part)
                    })
                    .collect(),
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                return TemplatePart::Same(value.clone());
            }
        };
        if self.changed() == before { TemplatePart::Same(value.clone()) } else { part }
    }

    /// The pieces of a string; unused if the string stays as it is.
    fn text(&mut self, string: &Str) -> Vec<TextPiece> {
        let text = string.as_str();
        if text.trim_start().starts_with(['{', '['])
            && let Ok(json) = string.json()
        {
            return self.json(json);
        }
        // Short words can be base64 by chance; a list or an object is longer.
        if let Some(Ok(json)) = string.base64_json()
            && is_container(json.root())
        {
            let padded = text.ends_with('=') || text.len().is_multiple_of(4);
            return vec![TextPiece::Base64(self.json(json), padded)];
        }
        let odd_json = is_meant_as_json(text);
        let mut pieces = Vec::new();
        for token in tokens(text) {
            pieces.push(match token {
                Token::Literal(literal) => TextPiece::Literal(literal.into()),
                Token::Braces => {
                    self.literal_braces += 1;
                    TextPiece::Literal(OPEN.into())
                }
                Token::Variable(name) => {
                    if odd_json {
                        self.suspect(&format!("{{{{{name}}}}}"), BraceFault::Json);
                    }
                    TextPiece::Variable(self.variable(name))
                }
                Token::FaultyVariable(odd) => {
                    self.suspect(odd, BraceFault::Braces);
                    TextPiece::Literal(odd.into())
                }
            });
        }
        pieces
    }

    /// The text of a JSON document with the variables in its strings.
    fn json(&mut self, json: &Document) -> Vec<TextPiece> {
        let mut changes = Vec::new();
        let outside = self.spot.inner_pointer.clone();
        if self.depth == 0 {
            self.spot.inner_pointer = Some(String::new());
        }
        self.depth += 1;
        self.changes(json.root(), &mut changes);
        self.depth -= 1;
        self.spot.inner_pointer = outside;
        let (mut pieces, mut at) = (Vec::new(), 0);
        for (span, change) in changes {
            pieces.push(TextPiece::Literal(json.text()[at..span.start].into()));
            pieces.push(TextPiece::Quoted(change));
            at = span.end;
        }
        pieces.push(TextPiece::Literal(json.text()[at..].into()));
        pieces
    }

    /// Collects the strings with variables below a value, in the order of the text.
    fn changes(&mut self, node: &Node, changes: &mut Vec<LiteralChange>) {
        match &node.value {
            Value::String(text) => {
                let before = self.changed();
                let pieces = self.text(text);
                if self.changed() > before {
                    changes.push((node.span, pieces));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&index.to_string(), |it| it.changes(item, changes));
                }
            }
            Value::Object(object) => {
                for member in object {
                    self.key(&member.key);
                    self.below(&member.key, |it| it.changes(&member.node, changes));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Runs `run` one level further in.
    fn below<T>(&mut self, step: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        let Some(length) = self.pointer().map(|pointer| pointer.len()) else { return run(self) };
        if let Some(pointer) = self.pointer() {
            pointer.push('/');
            pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        }
        let result = run(self);
        if let Some(pointer) = self.pointer() {
            pointer.truncate(length);
        }
        result
    }

    /// The pointer to the current place; a third level is not recorded.
    fn pointer(&mut self) -> Option<&mut String> {
        match self.depth {
            0 => Some(&mut self.spot.pointer),
            1 => self.spot.inner_pointer.as_mut(),
            _ => None,
        }
    }

    fn key(&mut self, key: &str) {
        if key.contains(OPEN) {
            self.below(key, |it| it.suspect(key, BraceFault::Key));
        }
    }

    fn suspect(&mut self, text: &str, why: BraceFault) {
        let text: String = text.chars().take(40).collect();
        self.suspicious.push(FaultyVariable { text, spot: self.spot.clone(), why });
    }

    fn variable(&mut self, name: &str) -> usize {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        self.uses.push(VariableUse { name: name.to_owned(), spot: self.spot.clone() });
        self.uses.len() - 1
    }
}

/// Whether a text that is not JSON was intended to become JSON: `[Notice] {{name}}` was not.
fn is_meant_as_json(text: &str) -> bool {
    let text = text.trim();
    let begins = |open: char, next: &[char]| {
        text.strip_prefix(open).is_some_and(|rest| rest.trim_start().starts_with(next))
    };
    let object = begins('{', &['"']) && text.ends_with('}');
    object || begins('[', &['"', '{']) && text.ends_with(']') && !text.starts_with("[{{")
}

fn is_container(node: &Node) -> bool {
    matches!(node.value, Value::Object(_) | Value::Array(_))
}

/// Splits a text at its variables. The tokens together are the text, with literal braces as they were written and without
/// the blanks inside the braces of a variable.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut begin, mut from) = (0, 0);
    while let Some(found) = text[from..].find(OPEN) {
        let open = from + found;
        let slashes = text[begin..open].bytes().rev().take_while(|byte| *byte == b'\\').count();
        let run = text[open..].bytes().take_while(|byte| *byte == b'{').count();
        if slashes == 0 && run > 3 {
            // Other tools write braces so; here the value would go out in braces.
            let end = end_of_braces(text, open);
            if open > begin {
                tokens.push(Token::Literal(&text[begin..open]));
            }
            tokens.push(Token::FaultyVariable(&text[open..end]));
            (begin, from) = (end, end);
            continue;
        }
        // Of three braces in sequence, the last two count.
        if slashes == 0 && text[open + 2..].starts_with('{') {
            from = open + 1;
            continue;
        }
        // Of two backslashes one stays, so that a value can stand behind a backslash.
        let end_of_literal = open - slashes + slashes / 2;
        if end_of_literal > begin {
            tokens.push(Token::Literal(&text[begin..end_of_literal]));
        }
        let (token, end) = match slashes % 2 {
            1 => (Token::Braces, open + OPEN.len()),
            _ => opened(text, open),
        };
        tokens.push(token);
        (begin, from) = (end, end);
    }
    if begin < text.len() {
        tokens.push(Token::Literal(&text[begin..]));
    }
    tokens
}

/// Where the closing braces end that follow on opening ones; where there are none, the opening ones do.
fn end_of_braces(text: &str, open: usize) -> usize {
    let after = |from: usize, brace: u8| {
        from + text[from..].bytes().take_while(|byte| *byte == brace).count()
    };
    let inside = after(open, b'{');
    match text[inside..].find(['{', '}']) {
        Some(length) => after(inside + length, b'}'),
        None => inside,
    }
}

/// What begins with the braces at a place, and where it ends.
fn opened(text: &str, open: usize) -> (Token<'_>, usize) {
    let inside = &text[open + OPEN.len()..];
    let next = inside.find(OPEN).unwrap_or(inside.len());
    let Some(length) = inside[..next].find("}}") else {
        let end = open + OPEN.len() + next;
        return (Token::FaultyVariable(&text[open..end]), end);
    };
    let end = open + OPEN.len() + length + 2;
    match inside[..length].trim() {
        "" => (Token::FaultyVariable(&text[open..end]), end),
        name => (Token::Variable(name), end),
    }
}
