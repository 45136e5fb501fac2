//! The texts of a payload that `--set` or a file gives, wherever they stand in it: whole values, members of JSON and of texts
//! that hold JSON.

use crate::contract::audience::given_ids::GivenId;
use crate::contract::typed::{self, PathRoots, SetExpr, SetPlace, SetValue};
use crate::contract::{Kind, Operation};
use crate::document::{Document, Trail, Value};
use crate::provider::Draft;
use crate::send::apply_sets::apply;
use crate::template::text::Template;

/// A text with what gives it.
pub(crate) struct TextGiven {
    /// The flag or the file that gives it, as messages name it.
    pub(crate) source: String,
    /// Where it stands in the payload.
    path: String,
    /// What stands there: the text, or JSON with the text in it.
    stands: String,
    /// The text.
    pub(crate) text: String,
}

impl TextGiven {
    /// Those that the expressions leave in these payloads: no ids, and no data of the app's own.
    pub(crate) fn of_sets(drafts: &[Draft], sets: &[SetExpr], roots: PathRoots) -> Vec<Self> {
        drafts.iter().flat_map(|draft| Self::of_draft(draft, sets, roots)).collect()
    }

    fn of_draft(draft: &Draft, sets: &[SetExpr], roots: PathRoots) -> Vec<Self> {
        let (operation, mut body) = (draft.operation, draft.body.clone());
        let mut found: Vec<Self> = Vec::new();
        for set in sets {
            let place = typed::place(set, &body, operation, roots).ok();
            let before = texts_of(operation, &body);
            // What cannot be applied is told when the message is composed.
            if apply(set, &mut body, operation, roots).is_err() {
                continue;
            }
            let after = texts_of(operation, &body);
            // What a later expression replaces does not go out.
            let stays = |one: &Self| {
                after.iter().any(|(path, text)| *path == one.path && *text == one.stands)
            };
            found.retain(stays);
            let source = format!("`--set {}`", set.path());
            let own = place.filter(is_text).zip(text_of(set));
            if let Some((place, text)) = own {
                let path = place.names.join(".");
                let stands = text.to_owned();
                if let Some(inner) = inner_text(&place, text) {
                    let (source, path) = (format!("`{path}` in {source}"), path.clone());
                    found.push(Self { source, path, stands: stands.clone(), text: inner });
                }
                found.push(Self { source, path, stands, text: text.to_owned() });
                continue;
            }
            let new = after.into_iter().filter(|text| !before.contains(text));
            found.extend(new.map(|(path, text)| Self {
                source: format!("`{path}` in {source}"),
                path,
                stands: text.clone(),
                text,
            }));
        }
        found
    }

    /// The texts with variables in a payload from a file.
    pub(crate) fn of_file(name: &str, operation: &Operation, body: &Value) -> Vec<Self> {
        let has_variables = |text: &str| !Template::parse(&Value::from(text)).names().is_empty();
        let texts = texts_of(operation, body).into_iter().filter(|(_, text)| has_variables(text));
        let source = |path: &str| format!("`{path}` in {name}");
        texts
            .map(|(path, text)| Self { source: source(&path), path, stands: text.clone(), text })
            .collect()
    }
}

/// The texts of a payload with their paths.
fn texts_of(operation: &Operation, body: &Value) -> Vec<(String, String)> {
    let document = Document::of(body);
    let trail = Trail::new(&document);
    let texts = GivenId::texts(operation, trail.root()).into_iter();
    texts.map(|given| (given.path, given.id.to_owned())).collect()
}

/// Whether a place is a text as its row describes it: no id, and no data of the app's own.
fn is_text(place: &SetPlace) -> bool {
    let Some((field, name)) = place.field.zip(place.names.last()) else { return false };
    let is_row = field.name == name || field.aliases.contains(&name.as_str());
    let is_text = match field.kind {
        Kind::Text => true,
        Kind::Union(kinds) => kinds.iter().any(|kind| matches!(kind, Kind::Text)),
        _ => false,
    };
    is_row && is_text && !field.id
}

/// The text in JSON that stands where the text itself is due, as `{"content":"hi"}` for the field `content`.
fn inner_text(place: &SetPlace, text: &str) -> Option<String> {
    let document = Document::parse(text.trim().strip_prefix('{').map(|_| text)?).ok()?;
    let inner = document.root().value.as_object()?.get(place.names.last()?)?;
    inner.value.as_str().map(str::to_owned)
}

/// The value of an expression, where it is a text.
fn text_of(set: &SetExpr) -> Option<&str> {
    match set.value() {
        SetValue::Text(text) => Some(text),
        SetValue::Json(json) => json.as_str(),
    }
}
