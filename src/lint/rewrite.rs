//! What to write instead of a value of the wrong JSON type, where the value itself shows what was meant.

use super::words::{is_signed_digits, takes};
use crate::contract::{Choice, Kind, Lit};
use crate::document::{Document, Value, ValueView};
use crate::near::nearest;

/// The longest value that a help repeats, in bytes of compact JSON.
const MAX_BYTES: usize = 80;

/// What to write instead; `None` if the value does not show it, or if its type is right.
pub(super) fn rewritten(kind: &Kind, value: ValueView<'_>) -> Option<String> {
    match kind {
        Kind::Object(_) | Kind::Map(_) => as_object(value),
        Kind::List(item) => listed(&item.kind, value),
        Kind::Text | Kind::Digits => quoted(value),
        Kind::Int(_) => unquoted(value, is_signed_digits),
        Kind::Number(_) => unquoted(value, |text| text.parse::<f64>().is_ok_and(f64::is_finite)),
        Kind::Bool(_) => unquoted(value, |text| matches!(text, "true" | "false")),
        Kind::Choice(choices) => choice(choices, value),
        // A value that one of the kinds takes is judged by that kind alone, unless it is one item of a list.
        Kind::Union(kinds) => {
            let taken = kinds.iter().any(|kind| takes(kind, value));
            let of_kind = |kind: &&Kind| !taken || matches!(kind, Kind::List(_));
            kinds.iter().filter(of_kind).find_map(|kind| rewritten(kind, value))
        }
        Kind::Any
        | Kind::Open(_)
        | Kind::OneOrList(_)
        | Kind::CommaText(_)
        | Kind::JsonText(_)
        | Kind::Base64
        | Kind::Base64Json(_)
        | Kind::File(_) => None,
    }
}

fn write(json: &str) -> Option<String> {
    (json.len() <= MAX_BYTES).then(|| format!("write `{json}`"))
}

fn as_object(value: ValueView<'_>) -> Option<String> {
    match value {
        ValueView::Array(items) if items.is_empty() => {
            Some("write `{}` or leave it out: PHP writes [] for an empty array".to_owned())
        }
        ValueView::String(text) => {
            let inside = Document::parse(text).ok()?.view().as_object().is_some();
            inside.then(|| "write the object itself, without quotes around it".to_owned())
        }
        _ => None,
    }
}

/// A bare value as a list; a text with commas as the list of its parts, where each is a known word.
fn listed(item: &Kind, value: ValueView<'_>) -> Option<String> {
    let Some(text) = value.as_str() else {
        let json = format!("[{}]", value.to_compact());
        return (takes(item, value) && value.as_number().is_some()).then(|| write(&json)).flatten();
    };
    match item {
        Kind::Choice(choices) => {
            let names = || choices.iter().map(|choice| choice.name);
            let words: Option<Vec<&str>> =
                text.split(',').map(|part| nearest(part.trim(), names())).collect();
            let words = words?.into_iter().map(|word| Value::from(word).to_compact());
            write(&format!("[{}]", words.collect::<Vec<_>>().join(",")))
        }
        Kind::Text | Kind::Digits if takes(item, value) => {
            write(&format!("[{}]", value.to_compact()))
        }
        _ => None,
    }
}

fn quoted(value: ValueView<'_>) -> Option<String> {
    let number = value.as_number()?;
    write(&Value::from(number.as_str()).to_compact()).map(|help| in_quotes(&help))
}

fn in_quotes(help: &str) -> String {
    help.replacen("write ", "write it in quotes: ", 1)
}

fn unquoted(value: ValueView<'_>, fits: fn(&str) -> bool) -> Option<String> {
    let text = value.as_str().filter(|text| fits(text))?;
    // What reads as a number here is not always one in JSON, as `+1`.
    Document::parse(text).ok()?;
    (text.len() <= MAX_BYTES).then(|| format!("write it without quotes: `{text}`"))
}

fn choice(choices: &[Choice], value: ValueView<'_>) -> Option<String> {
    let written = choices.iter().find(|choice| choice.value.to_text() == value.to_plain())?.value;
    match (written, value) {
        (Lit::Text(_), ValueView::Number(_)) => quoted(value),
        (Lit::Int(_), ValueView::String(_)) => unquoted(value, is_signed_digits),
        (Lit::Bool(_), ValueView::String(_)) => unquoted(value, |_| true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Field, MapOf, Spelling, choices};

    static ANY: MapOf = MapOf { value: Field::item(Kind::Any), reserved: &[] };
    static TEXTS: Field = Field::item(Kind::Text);
    static NUMBERS: Field = Field::item(Kind::I64);
    static COLOURS: Field = Field::item(Kind::Choice(choices! { "red", "green" }));
    const SWITCH: Kind = Kind::Choice(choices! { "0", "1" });
    const ALL_OR_COLOURS: Kind =
        Kind::Union(&[Kind::Choice(choices! { "all" }), Kind::List(&COLOURS)]);

    #[test]
    fn a_value_that_shows_what_was_meant_is_written_anew() {
        #[rustfmt::skip]
        let table: [(Kind, &str, Option<&str>); 34] = [
            (Kind::Map(&ANY),     "[]",                 Some("write `{}` or leave it out: PHP writes [] for an empty array")),
            (Kind::Map(&ANY),     "[1]",                None),
            (Kind::Map(&ANY),     r#""{\"a\":1}""#,     Some("write the object itself, without quotes around it")),
            (Kind::Map(&ANY),     r#""a""#,             None),
            (Kind::Map(&ANY),     r#""[]""#,            None),
            (Kind::Text,          "10001",              Some(r#"write it in quotes: `"10001"`"#)),
            (Kind::Text,          "301459004534587393", Some(r#"write it in quotes: `"301459004534587393"`"#)),
            (Kind::Text,          "1.50",               Some(r#"write it in quotes: `"1.50"`"#)),
            (Kind::Text,          "true",               None),
            (Kind::Text,          "{}",                 None),
            (Kind::Digits,        "7",                  Some(r#"write it in quotes: `"7"`"#)),
            (Kind::I64,           r#""12""#,            Some("write it without quotes: `12`")),
            (Kind::I64,           r#""-3""#,            Some("write it without quotes: `-3`")),
            (Kind::I64,           r#""007""#,           None),
            (Kind::I64,           r#""twelve""#,        None),
            (Kind::I64,           r#""""#,              None),
            (Kind::I64,           "[12]",               None),
            (Kind::NUMBER,        r#""1.5""#,           Some("write it without quotes: `1.5`")),
            (Kind::Number(Spelling::Accept), r#""inf""#, None),
            (Kind::BOOL,          r#""true""#,          Some("write it without quotes: `true`")),
            (Kind::BOOL,          r#""yes""#,           None),
            (Kind::BOOL,          "1",                  None),
            (Kind::FLAG01,        r#""1""#,             Some("write it without quotes: `1`")),
            (Kind::FLAG01,        r#""2""#,             None),
            (SWITCH,              "1",                  Some(r#"write it in quotes: `"1"`"#)),
            (SWITCH,              "2",                  None),
            (Kind::List(&TEXTS),  r#""a""#,             Some(r#"write `["a"]`"#)),
            (Kind::List(&TEXTS),  r#""a,b""#,           Some(r#"write `["a,b"]`"#)),
            (Kind::List(&TEXTS),  "5",                  None),
            (Kind::List(&NUMBERS), "5",                 Some("write `[5]`")),
            (ALL_OR_COLOURS,      r#""red""#,           Some(r#"write `["red"]`"#)),
            (ALL_OR_COLOURS,      r#""red, grean""#,    Some(r#"write `["red","green"]`"#)),
            (ALL_OR_COLOURS,      r#""blue""#,          None),
            (ALL_OR_COLOURS,      "{}",                 None),
        ];
        for (kind, json, wanted) in table {
            let document = Document::parse(json).expect(json);
            assert_eq!(rewritten(&kind, document.view()).as_deref(), wanted, "{json} for {kind:?}");
        }
    }

    #[test]
    fn a_long_value_is_not_repeated() {
        let long = Document::unwritten(Value::from("a".repeat(MAX_BYTES)));
        assert_eq!(rewritten(&Kind::List(&TEXTS), long.view()), None);
        let digits = Document::unwritten(Value::number("1".repeat(MAX_BYTES)));
        assert_eq!(rewritten(&Kind::Text, digits.view()), None);
    }

    #[test]
    fn what_is_written_anew_has_the_type_that_is_due() {
        let kinds = [Kind::Text, Kind::Digits, Kind::I64, Kind::NUMBER, Kind::BOOL, Kind::FLAG01];
        for kind in kinds.into_iter().chain([Kind::List(&TEXTS), Kind::List(&NUMBERS)]) {
            for json in
                ["1", "-2", "0.5", r#""1""#, r#""x""#, r#""true""#, r#""1e3""#, "true", "[]"]
            {
                let document = Document::parse(json).expect(json);
                let Some(help) = rewritten(&kind, document.view()) else { continue };
                let written = help.split('`').nth(1).expect("what to write");
                let written = Document::parse(written).expect(written);
                assert!(takes(&kind, written.view()), "{json} for {kind:?}: {help}");
            }
        }
    }
}
