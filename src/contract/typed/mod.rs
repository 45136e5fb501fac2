//! `--set PATH=VALUE` and `--set PATH:=JSON`: the contract's rows say where a value goes and which kind it has.

mod names;
mod paste;
mod place;
mod put;
mod value;
mod way;

#[cfg(test)]
mod tests;

pub(super) use names::every_field;
pub use names::{complete, complete_type};
pub use paste::{SetLine, set_line};
pub use place::{SetPlace, place};

use super::{Kind, Operation, Root};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, Result};
use way::{NameFit, PathFault, TypedPath};

/// One parsed `--set`.
#[derive(Clone, Debug)]
pub struct SetExpr {
    path: String,
    segments: Vec<String>,
    value: SetValue,
}

/// The value of a `--set`.
#[derive(Clone, Debug)]
pub enum SetValue {
    /// As the user typed it; the contract says what it becomes.
    Text(String),
    /// JSON that is sent as it is.
    Json(Value),
}

/// The object in which a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathRoots {
    /// In the message's content if the operation has one and the name is a field of it, otherwise in the body: for
    /// drafts of neutral content and of `--type`.
    ContentFirst,
    /// Only in the body: for `call` and `--body`.
    Body,
}

impl SetExpr {
    /// Parses `PATH=VALUE` or `PATH:=JSON`. A dot in a path leads to a member; `\.` is a dot within a name.
    pub fn parse(typed: &str) -> Result<Self> {
        let Some((left, right)) = typed.split_once('=') else {
            return Err(Error::usage(format!("`--set {typed}` has no `=`"))
                .help("write `--set PATH=VALUE`, or `--set PATH:=JSON` for raw JSON"));
        };
        let (path, is_json) = match left.strip_suffix(':') {
            Some(path) => (path, true),
            None => (left, false),
        };
        let segments = split(path);
        if segments.iter().any(String::is_empty) {
            return Err(Error::usage(format!("`--set {typed}` names no field"))
                .help("a path is names joined by dots, as in `notification.ios.badge`"));
        }
        let value = if is_json {
            SetValue::Json(json(path, right)?)
        } else {
            SetValue::Text(right.to_owned())
        };
        Ok(Self { path: path.to_owned(), segments, value })
    }

    /// The same from a path and a value that are known apart, as a profile has them.
    pub fn of(path: &str, value: SetValue) -> Result<Self> {
        let segments = split(path);
        if segments.iter().any(String::is_empty) {
            return Err(Error::usage(format!("`{path}` names no field"))
                .help("a path is names joined by dots, as in `notification.ios.badge`"));
        }
        Ok(Self { path: path.to_owned(), segments, value })
    }

    /// The path as the user typed it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value.
    pub fn value(&self) -> &SetValue {
        &self.value
    }
}

/// Applies a `--set` to a body. Values that are there decide which fields exist, so the order of several counts.
pub fn apply(
    expr: &SetExpr,
    body: &mut Value,
    operation: &Operation,
    roots: PathRoots,
) -> Result<()> {
    let document = Document::of(body);
    let way = find(expr, &document, operation, roots)?;
    let value = match &expr.value {
        SetValue::Text(text) => value::typed(way.kind, text).map_err(|due| {
            let message = format!("`{}` must be {}, not `{text}`", expr.path, due.what);
            let help = due.help.unwrap_or_else(|| {
                format!("`--set {}:=JSON` sets a value as it is, whatever its kind", expr.path)
            });
            Error::usage(message).help(help)
        })?,
        SetValue::Json(json) => value::raw(way.kind, json),
    };
    put::put(body, &way.steps, value).map_err(|list| {
        Error::usage(format!("`{}` leaves a gap: the list has {} items", expr.path, list.items))
            .help(format!("`.{}` adds one", list.items))
    })
}

/// Where a `--set` goes: to the content or the body, whichever describes the field better.
fn find(
    expr: &SetExpr,
    document: &Document,
    operation: &Operation,
    roots: PathRoots,
) -> Result<TypedPath> {
    let trail = Trail::new(document);
    let body = way::find(root_kind(operation), trail.root(), &expr.segments);
    let content = content_segments(operation, roots).map(|mut segments| {
        segments.extend(expr.segments.iter().cloned());
        segments
    });
    let content = content.as_ref().map(|all| way::find(root_kind(operation), trail.root(), all));
    let depth = content_segments(operation, roots).map_or(0, |segments| segments.len());
    if let (Some(Ok(way)), Err(_)) = (&content, &body)
        && way.fits.get(depth) == Some(&NameFit::Free)
        && let Some(error) = mistyped(expr, operation, roots)
    {
        return Err(error);
    }
    let is_free = |way: &TypedPath| way.fits.get(depth) == Some(&NameFit::Free);
    match (content, body) {
        // The body has the first name: the mistake is further in.
        (Some(Ok(way)), Err(stuck)) if stuck.depth > 0 && is_free(&way) => {
            Err(unknown(expr, operation, roots, stuck))
        }
        (Some(Ok(content)), Ok(body)) => {
            // A free key accepts every name, so a described field of the body is preferred.
            Ok(if content.fit_from(depth) <= body.fit_from(0) { content } else { body })
        }
        (Some(Ok(way)), Err(_)) | (Some(Err(_)) | None, Ok(way)) => Ok(way),
        (Some(Err(content)), Err(body)) => {
            let deeper = content.depth.saturating_sub(depth) > body.depth;
            let mut stuck = if deeper { content } else { body.and(content, depth) };
            stuck.depth = if deeper { stuck.depth - depth } else { stuck.depth };
            Err(unknown(expr, operation, roots, stuck))
        }
        (None, Err(stuck)) => Err(unknown(expr, operation, roots, stuck)),
    }
}

/// The error for a first name that only a content with free keys takes, and that is nearly a field: a typo would go out as
/// data of the app's own, which nobody reads.
fn mistyped(expr: &SetExpr, operation: &Operation, roots: PathRoots) -> Option<Error> {
    let typed = expr.segments.first()?;
    let known = names::first_names(operation, roots);
    if known.iter().any(|name| split(name) == [typed.as_str()]) {
        return None;
    }
    let right = crate::near::nearest(typed, known.iter().map(String::as_str))?;
    let content = operation.content.trim_start_matches('/').replace('/', ".");
    let error = Error::usage(format!("`{}` has no field `{typed}`", operation.id));
    Some(error.help(format!(
        "did you mean `{right}`? A field of the app's own is set as `{content}.{typed}`"
    )))
}

/// The error for a path that does not exist: it names the nearest field, here or elsewhere, or lists the known fields.
fn unknown(expr: &SetExpr, operation: &Operation, roots: PathRoots, stuck: PathFault) -> Error {
    let before = expr.segments[..stuck.depth.min(expr.segments.len())].join(".");
    let typed = expr.segments.get(stuck.depth).map_or("", String::as_str);
    if let Some(message) = stuck.message {
        return Error::usage(format!("`--set {}`: {message}", expr.path)).help(stuck.help);
    }
    let place =
        if before.is_empty() { format!("`{}`", operation.id) } else { format!("`{before}`") };
    let error = Error::usage(format!("{place} has no field `{typed}`"));
    let join = |name: &str| {
        if before.is_empty() {
            names::escape(name)
        } else {
            format!("{before}.{}", names::escape(name))
        }
    };
    if let Some(meant) = stuck.meant {
        return error.help(meant.help(typed, &join(meant.right)));
    }
    let near = crate::near::nearest(typed, stuck.names.iter().map(String::as_str));
    if let Some(name) = near {
        return error.help(format!("did you mean `{}`?", join(name)));
    }
    if let Some(path) = names::elsewhere(operation, roots, typed) {
        return error.help(format!("did you mean `{path}`?"));
    }
    match stuck.names.as_slice() {
        [] => error.help("it takes no fields"),
        names => {
            let shown: Vec<String> =
                names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
            let more = names.len().saturating_sub(MOST_NAMES);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            error.help(format!("its fields are {}{rest}", shown.join(", ")))
        }
    }
}

/// How many fields an error lists.
const MOST_NAMES: usize = 16;

fn root_kind(operation: &Operation) -> Kind {
    match operation.root {
        Root::Shape(shape) => Kind::Object(shape),
        Root::Value(field) => field.kind,
    }
}

/// The path of the message's content, if a path may begin there.
fn content_segments(operation: &Operation, roots: PathRoots) -> Option<Vec<String>> {
    let path = operation.content.trim_start_matches('/');
    (roots == PathRoots::ContentFirst && !path.is_empty())
        .then(|| path.split('/').map(str::to_owned).collect())
}

fn json(path: &str, text: &str) -> Result<Value> {
    Document::parse(text).map(Document::into_value).map_err(|fault| {
        let before = &text[..fault.span.start.min(text.len())];
        let place = before.chars().count() + 1;
        Error::usage(format!(
            "`{path}` is not given JSON: {} (character {place} of `{text}`)",
            fault.message
        ))
        .help(format!("`--set {path}=TEXT` sets a text; in a shell, put JSON into single quotes"))
    })
}

/// The names of a path: split at dots that have no backslash before them.
fn split(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        let last = segments.last_mut().expect("there is always one");
        match c {
            '\\' if chars.next_if_eq(&'.').is_some() => last.push('.'),
            '.' => segments.push(String::new()),
            c => last.push(c),
        }
    }
    segments
}

impl TypedPath {
    /// How well the rows describe the names from a depth on.
    fn fit_from(&self, depth: usize) -> NameFit {
        self.fits.iter().skip(depth).copied().max().unwrap_or(NameFit::Here)
    }
}
