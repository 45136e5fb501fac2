//! Braces that would reach people: variables without a value, and what only looks like a variable.

use crate::document::Value;
use crate::error::{Error, Result};
use crate::report::Ui;
use crate::template::text::{BraceFault, Odd, Template};

/// Refuses a payload with variables that have no value among these, or that cannot be filled in where they stand. What only
/// looks like a variable is told: it may be meant.
pub(crate) fn unfilled(ui: &Ui, body: &Value, values: &[String]) -> Result<()> {
    let template = Template::parse(body);
    if let Some(name) = template.names().iter().find(|name| !values.contains(name)) {
        return Err(Error::input(format!("there is no value for `{{{{{name}}}}}`")).help(
            "give a list with values: a CSV with a column of that name, or NDJSON with a member of it",
        ));
    }
    let odd = template.suspicious();
    if let Some(error) = odd.iter().find_map(fault) {
        return Err(error);
    }
    for Odd { text, spot, .. } in odd {
        ui.warn(&format!("`{text}` at {spot} is no variable, and goes out as it is"));
    }
    Ok(())
}

fn fault(odd: &Odd) -> Option<Error> {
    let Odd { text, spot, why } = odd;
    let (what, help) = match why {
        BraceFault::Braces => return None,
        BraceFault::Key => (
            "stands in a key, and keys are not filled in",
            "write the key as it is to be; a value may hold the variable",
        ),
        BraceFault::Json => (
            "stands outside of quotes in a text that is JSON with its value only",
            "put it in quotes: then its value is a text there, whatever it holds",
        ),
    };
    Some(Error::input(format!("`{text}` at {spot} {what}")).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::env::System;
    use crate::report::{Color, Format};

    #[test]
    fn braces_that_would_go_out_are_refused_but_for_what_may_be_meant() {
        let ui =
            Ui::new(Format::Human, Color::Never, false, true, &|name| System::default().var(name));
        let values = ["n".to_owned(), "m".to_owned()];
        for (body, fault) in [
            (r#"{"a":"{{n}} and {{ m }}"}"#, None),
            (r#"{"a":"{\"b\":\"{{n}}\"}"}"#, None),
            (r#"{"a":"{{ n n }} {{n"}"#, None),
            (r#"{"a":"{{x}}"}"#, Some("there is no value for `{{x}}`")),
            (r#"{"{{n}}":"a"}"#, Some("`{{n}}` at /{{n}} stands in a key")),
            (r#"{"a":"{\"{{n}}\":1}"}"#, Some("`{{n}}` at /a, inside at /{{n}} stands in a key")),
            (r#"{"a":"{\"b\":{{n}}}"}"#, Some("`{{n}}` at /a stands outside of quotes")),
        ] {
            let body = Document::parse(body).expect("JSON").into_value();
            let found = unfilled(&ui, &body, &values).err().map(|error| error.to_string());
            match fault {
                None => assert_eq!(found, None, "{body:?}"),
                Some(words) => {
                    assert!(found.is_some_and(|found| found.starts_with(words)), "{words}");
                }
            }
        }
    }
}
