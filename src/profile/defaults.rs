//! The section `[profiles.NAME.defaults]`: what the messages of a profile have unless flags or a file say otherwise.
//!
//! All of it is judged when the file is read, against the rows of the profile's provider: a fault would otherwise come up
//! at a send, or, if no operation has the field, never.

use toml::de::{DeTable, DeValue};

use super::file::{ProfileReader, ProfileValue};
use super::text::Problem;
use crate::account::{DefaultValue, FieldDefault, MessageDefaults};
use crate::contract::audience::id::IdFault;
use crate::contract::typed::{self, PathRoots, SetExpr, SetPlace, SetValue};
use crate::contract::{
    Context, Contract, Effect, Fill, Finding, Operation, Repeatable, Severity, Verb,
};
use crate::document::{Document, Node, Value};
use crate::error::Error;
use crate::lint::lint;
use crate::near::did_you_mean;
use crate::text::{escape, is_blank};

/// What is wrong with a default, and what to do about it.
type DefaultFault = (String, Option<String>);

/// Where a default leads; the roots are the same for every command, so that a path always means the same field.
pub(crate) const DEFAULT_ROOTS: PathRoots = PathRoots::ContentFirst;

impl FieldDefault {
    /// The same as `--set` has it.
    pub(crate) fn expression(&self) -> crate::error::Result<SetExpr> {
        let value = match &self.value {
            DefaultValue::Text(text) => SetValue::Text(text.clone()),
            DefaultValue::Json(json) => SetValue::Json(
                Document::parse(json.as_str()).expect("a value was written").into_value(),
            ),
        };
        SetExpr::of(&self.path, value)
    }
}

impl ProfileReader<'_> {
    /// The section `defaults` of a profile.
    pub(super) fn defaults(
        &mut self,
        contract: &'static Contract,
        value: &ProfileValue<'_>,
    ) -> MessageDefaults {
        let mut defaults = MessageDefaults::default();
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong("defaults", value, "a section `[profiles.NAME.defaults]`");
            return defaults;
        };
        self.gather(contract, "", table, &mut defaults.0);
        defaults.0.sort_by_key(|one| one.line);
        let mut seen: Vec<&str> = Vec::new();
        for one in &defaults.0 {
            if seen.contains(&one.path.as_str()) {
                let message = format!("`{}` is given twice in `defaults`", escape(&one.path));
                self.problems.push(Problem::new(value.span(), message));
            }
            seen.push(&one.path);
        }
        defaults
    }

    /// The values of a table and of the tables in it, each under its path.
    fn gather(
        &mut self,
        contract: &'static Contract,
        before: &str,
        table: &DeTable<'_>,
        found: &mut Vec<FieldDefault>,
    ) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
            if let DeValue::Table(table) = value.get_ref()
                && !table.is_empty()
            {
                self.gather(contract, &path, table, found);
                continue;
            }
            let value = match default_value(value) {
                Ok(read) => read,
                Err(fault) => {
                    let message = format!("`{}` {fault}", escape(&path));
                    self.problems.push(Problem::new(value.span(), message));
                    continue;
                }
            };
            let one = FieldDefault { path, value, line: self.text.line_of(key.span().start) };
            if let Err((message, help)) = judge(contract, &one) {
                self.problems.push(Problem::new(key.span(), message).help(help));
            }
            found.push(one);
        }
    }
}

fn default_value(value: &ProfileValue<'_>) -> Result<DefaultValue, &'static str> {
    match value.get_ref() {
        DeValue::String(text) => Ok(DefaultValue::Text(text.clone().into_owned())),
        _ => json(value).map(|json| DefaultValue::Json(json.to_compact())),
    }
}

/// A value of TOML as JSON.
fn json(value: &ProfileValue<'_>) -> Result<Value, &'static str> {
    Ok(match value.get_ref() {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(n) => {
            let number = i128::from_str_radix(n.as_str(), n.radix());
            Value::number(number.map_err(|_| "is too large a number")?.to_string())
        }
        DeValue::Float(n) => match n.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::number(number.to_string()),
            _ => return Err("is no number that JSON has"),
        },
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Datetime(_) => {
            return Err("is a date: write it in quotes, as the vendor wants it");
        }
        DeValue::Array(items) => {
            let items = items.iter().map(|item| json(item).map(Node::bare));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => {
            let mut object = Value::object();
            for (key, value) in table {
                let value = json(value)?;
                let members = object.as_object_mut().expect("it is an object");
                members.set(key.get_ref().as_ref(), value);
            }
            object
        }
    })
}

/// Refuses a default that no message may have, or that the provider's rows do not take.
fn judge(contract: &'static Contract, one: &FieldDefault) -> Result<(), DefaultFault> {
    let shown = escape(&one.path);
    if let DefaultValue::Text(text) = &one.value
        && text.contains("{{")
    {
        let help = "variables are filled in per target, in the text of a message".to_owned();
        return Err((format!("`{shown}` has a variable in it"), Some(help)));
    }
    if one.is_neutral() {
        return neutral(one);
    }
    let expression = one.expression().map_err(|error| of_error(&error))?;
    let (mut unknown, mut wrong, mut fits) = (None::<Error>, None, false);
    let mut refused = None;
    for operation in sending_first(contract) {
        let place = match typed::place(&expression, &Value::object(), operation, DEFAULT_ROOTS) {
            Ok(place) if place.is_known => place,
            Ok(_) => continue,
            Err(error) => {
                let is_near = |error: &Error| error.advice().is_some_and(names_another);
                if unknown.as_ref().is_none_or(|known| !is_near(known) && is_near(&error)) {
                    unknown = Some(error);
                }
                continue;
            }
        };
        if let Some(why) = forbids_default(operation, &place) {
            let fault = (format!("`{shown}` {why}"), Some("give it with each message".to_owned()));
            if operation.effect == Effect::Sends {
                return Err(fault);
            }
            refused = refused.or(Some(fault));
            continue;
        }
        if let DefaultValue::Text(text) = &one.value
            && !operation.sender.is_empty()
            && overlaps(&place.names, operation.sender)
        {
            id(&one.path, text)?;
        }
        match value_fits(contract, operation, &expression, &place) {
            Ok(()) => fits = true,
            Err(fault) => wrong = wrong.or(Some(fault)),
        }
    }
    match (fits, wrong.or(refused), unknown) {
        (true, ..) => Ok(()),
        (false, Some(wrong), _) => Err(wrong),
        (false, None, unknown) => {
            let help = unknown.and_then(|error| error.advice().map(str::to_owned));
            let neutral = || did_you_mean(&one.path, FieldDefault::NEUTRAL);
            let is_near = help.as_deref().is_some_and(names_another);
            let help = if is_near { help } else { neutral().or(help) };
            Err((format!("{} has no field `{shown}`", contract.id), help))
        }
    }
}

/// Refuses a sender or a title that cannot be one.
fn neutral(one: &FieldDefault) -> Result<(), DefaultFault> {
    let DefaultValue::Text(text) = &one.value else {
        return Err((format!("`{}` should be text in quotes", one.path), None));
    };
    if one.path == "from" {
        return id(&one.path, text);
    }
    if is_blank(text) {
        return Err((format!("`{}` shows nothing", one.path), None));
    }
    Ok(())
}

fn id(path: &str, text: &str) -> Result<(), DefaultFault> {
    IdFault::of(text).map_or(Ok(()), |fault| {
        let message = format!("`{}` is the id \"{}\", which {fault}", escape(path), escape(text));
        Err((message, Some(fault.advice().to_owned())))
    })
}

fn names_another(help: &str) -> bool {
    help.starts_with("did you mean")
}

fn of_error(error: &Error) -> DefaultFault {
    (error.full_message(), error.advice().map(str::to_owned))
}

/// The operations, those first that send: an unknown field is as a rule meant to be one of theirs.
fn sending_first(contract: &'static Contract) -> Vec<&'static Operation> {
    let mut all: Vec<&'static Operation> = contract.operations.iter().collect();
    let rank = |operation: &Operation| {
        if operation.verbs.contains(&Verb::Send) {
            0
        } else {
            1 + usize::from(operation.effect != Effect::Sends)
        }
    };
    all.sort_by_key(|operation| rank(operation));
    all
}

/// Why no profile may give a field, if so: it has to be told of each message by itself.
pub(crate) fn forbids_default(operation: &Operation, place: &SetPlace) -> Option<&'static str> {
    let is_at = |path: &str| overlaps(&place.names, path);
    // Some vendors name the sender to say who is affected.
    if !operation.sender.is_empty() && is_at(operation.sender) {
        return None;
    }
    let mut reaches = place.names.first().is_some_and(|first| {
        operation.audience.iter().any(|name| name.eq_ignore_ascii_case(first))
    });
    operation.reach.each_path(&mut |path| reaches |= is_at(path));
    if reaches {
        return Some("names targets: a profile's defaults cannot name targets");
    }
    if let Repeatable::Deduplicated { field, .. } = operation.repeat
        && is_at(field)
    {
        return Some(
            "tells repeats apart: with one value all messages but the first would be repeats",
        );
    }
    let field = place.field?;
    if field.fill == Fill::Always || operation.volatile.contains(&place.names[0].as_str()) {
        return Some("is filled in by herald");
    }
    if field.replaces {
        return Some("names another message, which each message would replace");
    }
    field.secret.then_some("is a secret, and no place for it")
}

/// Whether one path leads to the other; `*` is any name.
fn overlaps(names: &[String], path: &str) -> bool {
    let steps = path.trim_start_matches('/').split('/');
    steps.zip(names).all(|(step, name)| step == "*" || step == name)
}

/// Refuses a value that cannot stand at a place, as the provider's rows say.
fn value_fits(
    contract: &'static Contract,
    operation: &'static Operation,
    expression: &SetExpr,
    place: &SetPlace,
) -> Result<(), DefaultFault> {
    let mut body = Value::object();
    typed::apply(expression, &mut body, operation, DEFAULT_ROOTS)
        .map_err(|error| of_error(&error))?;
    if place.depends {
        // Other fields decide what may stand there, and they are not known yet.
        return Ok(());
    }
    let document = Document::of(&body);
    let found = lint(contract, operation, &document, &Context::default());
    let is_its_own = |finding: &&Finding| {
        let inner = finding.place.inner_pointer.as_deref().unwrap_or_default();
        let steps: Vec<&str> = finding
            .place
            .pointer
            .split('/')
            .chain(inner.split('/'))
            .filter(|s| !s.is_empty())
            .collect();
        finding.severity() == Severity::Error
            && steps.len() >= place.names.len()
            && steps.iter().zip(&place.names).all(|(step, name)| *step == name)
    };
    found.iter().find(is_its_own).map_or(Ok(()), |finding| {
        Err((format!("{} [{}]", finding.message, finding.code()), finding.help.clone()))
    })
}
