//! Braces that would reach people: variables without a value, and what only looks like a variable.

use crate::contract::typed::{SetExpr, SetValue};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider;
use crate::report::Ui;
use crate::send::options::MessageOptions;
use crate::send::parse_options::flag_texts;
use crate::send::payload_file::PayloadFile;
use crate::template::text::{
    BraceFault, FaultyVariable, Template, VARIABLE_FORMS, no_variable, plain_parts, reads_as_name,
};
use crate::wire::HIDDEN;

/// The texts of a message that may have variables.
pub(crate) struct MessageTexts(Vec<MessageText>);

/// One of them.
struct MessageText {
    /// The flag or the file that gives it, as messages name it.
    source: String,
    /// Whether it is a secret, which no message shows.
    is_secret: bool,
    text: Value,
}

impl MessageTexts {
    /// Those of flags, with the expressions of `--set`, and of a file.
    pub(crate) fn of(
        message: &MessageOptions,
        sets: &[SetExpr],
        file: Option<&PayloadFile>,
    ) -> Self {
        let text = |source: &str, text: &str| MessageText {
            source: format!("`{source}`"),
            is_secret: false,
            text: text.into(),
        };
        let flags = flag_texts(message).map(|(flag, value, _)| text(flag, value));
        let from = message.from.iter().map(|from| text("--from", from));
        // The value of a pair: a key is not a template.
        let extra = message.extra.iter().filter_map(|pair| pair.split_once('='));
        let extra = extra.map(|(key, value)| text(&format!("--extra {key}"), value));
        let sets = sets.iter().map(|set| MessageText {
            source: format!("`--set {}`", set.path()),
            is_secret: is_secret(set.path().rsplit('.').next().unwrap_or_default()),
            text: match set.value() {
                SetValue::Text(text) => text.as_str().into(),
                SetValue::Json(json) => json.clone(),
            },
        });
        let file = file.map(|file| MessageText {
            source: file.name.clone(),
            is_secret: false,
            text: file.body.clone(),
        });
        Self(flags.chain(from).chain(extra).chain(sets).chain(file).collect())
    }

    /// The names of all variables, each once.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for one in &self.0 {
            let template = Template::parse(&one.text);
            names.extend(
                template
                    .names()
                    .iter()
                    .filter(|name| !names.contains(name))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        names
    }

    /// Refuses what opens as a variable does and is none.
    pub(crate) fn check(&self) -> Result<()> {
        for MessageText { source, is_secret, text } in &self.0 {
            let template = Template::parse(text);
            let odd = template.suspicious().iter().find(|odd| odd.why == BraceFault::Braces);
            if let Some(odd) = odd {
                let shown = if *is_secret { HIDDEN } else { shown(odd) };
                let at = if odd.spot.pointer.is_empty() {
                    format!("in {source}")
                } else {
                    format!("at {} in {source}", odd.spot)
                };
                let message = format!("`{shown}` {at} is no variable");
                return Err(Error::usage(message).help(VARIABLE_FORMS));
            }
        }
        Ok(())
    }

    /// Warns about placeholders of other tools that name one of these columns: they go out as they are.
    pub(crate) fn warn_of_other_forms(&self, ui: &Ui, columns: &[String]) {
        for MessageText { source, text, is_secret } in &self.0 {
            let mut found = Vec::new();
            if !is_secret {
                each_text(text, &mut |text| found.extend(other_forms(text, columns)));
            }
            found.dedup();
            for (written, column) in found {
                ui.warn(&format!(
                    "`{written}` in {source} goes out as it is: the column is written `{{{{{column}}}}}`"
                ));
            }
        }
    }
}

/// Refuses a payload with variables that have no value among these, with braces that are not variables, or with variables that
/// cannot be filled in where they stand.
pub(crate) fn unfilled(body: &Value, values: &[String]) -> Result<()> {
    let template = Template::parse(body);
    if let Some(error) = template.suspicious().iter().find(|odd| odd.why == BraceFault::Braces) {
        return Err(fault(error));
    }
    if let Some(name) = template.names().iter().find(|name| !values.contains(name)) {
        if !reads_as_name(name) {
            return Err(no_variable(name));
        }
        return Err(Error::input(format!("there is no value for `{{{{{name}}}}}`")).help(
            "give a list with values: a CSV with a column of that name, or NDJSON with a member of it; \
             `\\{{` writes a literal `{{`",
        ));
    }
    template.suspicious().first().map_or(Ok(()), |odd| Err(fault(odd)))
}

/// The payload with its literal braces, where it has such and no variables; `None` where it stays as it is written.
pub(crate) fn with_literal_braces(body: &Value) -> Option<Value> {
    let template = Template::parse(body);
    let is_it = template.names().is_empty() && !template.is_plain();
    template.render(&|_| None).ok().filter(|_| is_it)
}

fn fault(odd: &FaultyVariable) -> Error {
    let FaultyVariable { spot, why, .. } = odd;
    let (what, help) = match why {
        BraceFault::Braces => {
            let error = Error::usage(format!("`{}` at {spot} is no variable", shown(odd)));
            return error.help(VARIABLE_FORMS);
        }
        BraceFault::Key => (
            "is in a key, and keys are not filled in",
            "write the key as it is to be; a value may hold the variable",
        ),
        BraceFault::Json => (
            "is outside of quotes in a text that is JSON with its value only",
            "put it in quotes: then its value is a text there, whatever it holds",
        ),
    };
    Error::input(format!("`{}` at {spot} {what}", odd.text)).help(help)
}

/// The text of braces, unless it stands in a secret.
fn shown(odd: &FaultyVariable) -> &str {
    let pointer = odd.spot.inner_pointer.as_deref().unwrap_or(&odd.spot.pointer);
    let name = pointer.rsplit('/').next().unwrap_or_default();
    if is_secret(name) { HIDDEN } else { &odd.text }
}

fn is_secret(name: &str) -> bool {
    provider::secret_names().matches(name)
}

/// Every text of a value.
fn each_text(value: &Value, run: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => run(text.as_str()),
        Value::Array(items) => items.iter().for_each(|item| each_text(&item.value, run)),
        Value::Object(members) => {
            members.iter().for_each(|member| each_text(&member.node.value, run));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What other tools and input methods put around a name.
const AROUND_NAMES: [(&str, &str); 12] = [
    ("{", "}"),
    ("%", "%"),
    ("｛", "｝"),
    ("％", "％"),
    ("[", "]"),
    ("［", "］"),
    ("【", "】"),
    ("<", ">"),
    ("＜", "＞"),
    ("《", "》"),
    ("〈", "〉"),
    ("#", "#"),
];

/// Placeholders as other tools write them, each with the column that it names: `{name}`, `${name}`, `%name%`, `name}}`,
/// `$name`, `｛｛name｝｝`.
fn other_forms<'c>(text: &str, columns: &'c [String]) -> Vec<(String, &'c str)> {
    let mut found = Vec::new();
    let column = |name: &str| {
        let same = |column: &&String| column.to_lowercase() == name.trim().to_lowercase();
        columns.iter().find(same).map(String::as_str)
    };
    for part in plain_parts(text) {
        for (at, dollar) in part.match_indices('$') {
            let inside = &part[at + dollar.len()..];
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let length = inside.find(|c| !is_name(c)).unwrap_or(inside.len());
            if let Some(name) = column(&inside[..length]) {
                found.push((part[at..at + dollar.len() + length].to_owned(), name));
            }
        }
        for (open, close) in AROUND_NAMES {
            for (at, _) in part.match_indices(open) {
                let inside = &part[at + open.len()..];
                let Some(length) = inside.find(close) else { continue };
                if let Some(name) = column(&inside[..length]) {
                    let from = if part[..at].ends_with('$') { at - 1 } else { at };
                    let written = &part[from..at + open.len() + length + close.len()];
                    found.push((written.to_owned(), name));
                }
            }
        }
        for (at, close) in part.match_indices("}}") {
            // The longest name that ends here, from the last brace on.
            let inside = part[..at].rsplit(['{', '}', '\n']).next().unwrap_or_default();
            let starts = inside.char_indices().map(|(start, _)| &inside[start..]);
            let is_alone = |name: &&str| {
                let before = inside[..inside.len() - name.len()].chars().next_back();
                !before.is_some_and(char::is_alphanumeric) && !part[..at].ends_with('{')
            };
            let is_closed_before = part[..at - inside.len()].ends_with('{');
            if let Some((name, column)) = starts
                .filter(is_alone)
                .find_map(|name| Some((name, column(name)?)))
                .filter(|_| !is_closed_before)
            {
                found.push((format!("{}{close}", name.trim_start()), column));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::exit::Exit;

    #[test]
    fn braces_that_would_go_out_are_refused() {
        let values = ["n".to_owned(), "m".to_owned(), "n n".to_owned(), "a|b".to_owned()];
        for (body, fault) in [
            (r#"{"a":"{{n}} and {{ m }}"}"#, None),
            (r#"{"a":"{\"b\":\"{{n}}\"}"}"#, None),
            (r#"{"a":"{{ n n }} {{a|b}} \\{{x}} }} {x}"}"#, None),
            (r#"{"a":"{{x}}"}"#, Some((Exit::Input, "there is no value for `{{x}}`"))),
            (r#"{"a":"{{x y}}"}"#, Some((Exit::Input, "there is no value for `{{x y}}`"))),
            (r#"{"a":"{{x | upper}}"}"#, Some((Exit::Usage, "`{{x | upper}}` is no variable"))),
            (r##"{"a":"{{#if n}}"}"##, Some((Exit::Usage, "`{{#if n}}` is no variable"))),
            (r#"{"a":"{{x}} {{n"}"#, Some((Exit::Usage, "`{{n` at /a is no variable"))),
            (r#"{"a":"{{ }}"}"#, Some((Exit::Usage, "`{{ }}` at /a is no variable"))),
            (r#"{"{{n}}":"a"}"#, Some((Exit::Input, "`{{n}}` at /{{n}} is in a key"))),
            (
                r#"{"a":"{\"{{n}}\":1}"}"#,
                Some((Exit::Input, "`{{n}}` at /a, inside at /{{n}} is in a key")),
            ),
            (r#"{"a":"{\"b\":{{n}}}"}"#, Some((Exit::Input, "`{{n}}` at /a is outside of quotes"))),
            (r#"{"password":"{{hunter2"}"#, Some((Exit::Usage, "`***` at /password"))),
        ] {
            let body = Document::parse(body).expect("JSON").into_value();
            let found = unfilled(&body, &values).err();
            let told = found.as_ref().map(|error| (error.exit(), error.to_string()));
            match (fault, told) {
                (None, told) => assert_eq!(told, None, "{body:?}"),
                (Some((exit, words)), Some((found, told))) => {
                    assert!(found == exit && told.starts_with(words), "{body:?}: {found:?} {told}");
                }
                (Some(_), None) => panic!("{body:?}"),
            }
        }
    }

    #[test]
    fn placeholders_of_other_tools_are_told_where_they_name_a_column() {
        let columns = ["name".to_owned(), "First Name".to_owned()];
        for (text, forms) in [
            ("Hi {name}!", &["{name}"] as &[&str]),
            ("Hi ${name} and { Name }", &["${name}", "{ Name }"]),
            ("100% %name% %First Name%", &["%name%", "%First Name%"]),
            ("Hi name}}, First Name}}", &["name}}", "First Name}}"]),
            ("{{name}} {{ First Name }} \\{{name}}", &[]),
            ("亲爱的｛｛name｝｝", &["｛name｝"]),
            ("[name] <name> 【name】 ％Name％", &["[name]", "【name】", "<name>", "％Name％"]),
            ("Hi $name, $names, US$ 5", &["$name"]),
            ("{x} ${y} %z% rename}} name} {name", &[]),
            ("{{name}} {name}", &["{name}"]),
        ] {
            let found: Vec<String> =
                other_forms(text, &columns).into_iter().map(|(written, _)| written).collect();
            let (mut found, mut forms) = (found, forms.to_vec());
            found.sort_unstable();
            forms.sort_unstable();
            assert_eq!(found, forms, "{text}");
        }
    }
}
