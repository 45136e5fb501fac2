//! Where a path of `--set` leads in a body, and whether something is there already.

use super::way::{NameFit, TypedStep};
use super::{PathRoots, SetExpr, find};
use crate::contract::{Field, Operation};
use crate::document::{Document, Value};
use crate::error::Result;

/// Where a path leads in a body.
#[derive(Clone, Debug)]
pub struct SetPlace {
    /// The names from the body inwards, those inside of strings that hold JSON included.
    pub names: Vec<String>,
    /// The innermost row on the path.
    pub field: Option<&'static Field>,
    /// Whether the rows describe the first name; otherwise any name would do.
    pub is_known: bool,
    /// Whether every field of the path exists only with other values than the body has now.
    pub depends: bool,
    /// Whether the body has a value there, `null` included, or one on the way that has no fields.
    pub is_given: bool,
}

/// Where an expression leads in a body. An error if the operation has no such field.
pub fn place(
    expr: &SetExpr,
    body: &Value,
    operation: &Operation,
    roots: PathRoots,
) -> Result<SetPlace> {
    let way = find(expr, &Document::of(body), operation, roots)?;
    let name = |step: &TypedStep| match step {
        TypedStep::Key(key) => Some(key.clone()),
        TypedStep::Index(index) => Some(index.to_string()),
        TypedStep::Json(_) | TypedStep::Base64Json => None,
    };
    // Where a path begins in the content, the names before are fields of the body.
    let own = way.fits.len().saturating_sub(expr.segments.len());
    Ok(SetPlace {
        names: way.steps.iter().filter_map(name).collect(),
        field: way.row,
        is_known: way.fits.get(own) != Some(&NameFit::Free),
        depends: way.fits.contains(&NameFit::ForeignCodes),
        is_given: is_given(body, &way.steps),
    })
}

fn is_given(value: &Value, steps: &[TypedStep]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match (step, value) {
        (TypedStep::Key(key), Value::Object(object)) => {
            object.get(key).is_some_and(|node| is_given(&node.value, rest))
        }
        (TypedStep::Index(index), Value::Array(items)) => {
            items.get(*index).is_some_and(|node| is_given(&node.value, rest))
        }
        (TypedStep::Json(_), Value::String(text)) => match text.json() {
            Ok(json) => is_given(&json.root().value, rest),
            Err(_) => true,
        },
        (TypedStep::Json(_), bare) => is_given(bare, rest),
        (TypedStep::Base64Json, Value::String(text)) => match text.base64_json() {
            Some(Ok(json)) => is_given(&json.root().value, rest),
            _ => true,
        },
        // Something else is there, and was given.
        _ => true,
    }
}
