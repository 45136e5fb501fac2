//! Follows a path through the rows: which steps it takes, and which kind of value it ends at.

use crate::contract::{Field, Kind, Shape, WrongName};
use crate::document::{At, ValueView};

/// The path to a value.
#[derive(Debug)]
pub(super) struct TypedPath {
    /// The steps from the body inwards.
    pub(super) steps: Vec<TypedStep>,
    /// The kind at its end.
    pub(super) kind: Kind,
    /// How well the rows describe each name of the path.
    pub(super) fits: Vec<NameFit>,
    /// The innermost row on the path.
    pub(super) row: Option<&'static Field>,
}

/// One step inwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TypedStep {
    /// To a member.
    Key(String),
    /// To an item.
    Index(usize),
    /// Into a string that holds JSON; `true` if the value may also be there bare.
    Json(bool),
    /// Into a string that holds JSON in base64.
    Base64Json,
}

/// How well the rows describe a name, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameFit {
    /// A field that the object has, given its values.
    Here,
    /// A field that the object has with other values.
    ForeignCodes,
    /// A free key.
    Free,
}

/// Where a path ends too early.
#[derive(Debug, Default)]
pub(super) struct PathFault {
    /// How many names were found.
    pub(super) depth: usize,
    /// The names that exist there.
    pub(super) names: Vec<String>,
    /// What the unknown name is, if it is a known wrong one.
    pub(super) meant: Option<Box<WrongName>>,
    /// What is wrong, if it is not an unknown name.
    pub(super) message: Option<String>,
    /// What to do about `message`.
    pub(super) help: String,
}

impl PathFault {
    fn unknown(depth: usize, names: Vec<String>) -> Self {
        Self { depth, names, ..Self::default() }
    }

    fn because(depth: usize, message: String, help: &str) -> Self {
        Self { depth, message: Some(message), help: help.to_owned(), ..Self::default() }
    }

    /// Both together, if the other one began `deeper` levels further in.
    pub(super) fn and(mut self, other: Self, deeper: usize) -> Self {
        if self.depth == 0 && other.depth == deeper && self.message.is_none() {
            let own = std::mem::take(&mut self.names);
            self.names = other.names;
            self.names.extend(own);
            self.meant = self.meant.or(other.meant);
        }
        self
    }
}

/// Follows a path from a value on.
pub(super) fn find<'a>(
    kind: Kind,
    at: At<'a>,
    segments: &'a [String],
) -> Result<TypedPath, PathFault> {
    let mut way = follow(kind, at, segments, 0)?;
    way.steps.reverse();
    way.fits.reverse();
    Ok(way)
}

/// Builds the path from its end; the caller reverses it.
fn follow<'a>(
    kind: Kind,
    at: At<'a>,
    segments: &'a [String],
    depth: usize,
) -> Result<TypedPath, PathFault> {
    let Some(name) = segments.get(depth) else {
        return Ok(TypedPath { steps: Vec::new(), kind, fits: Vec::new(), row: None });
    };
    let inward = |kind: Kind, at: At<'a>, step: TypedStep, fit: NameFit| {
        follow(kind, at, segments, depth + 1).map(|way| way.after(step, Some(fit)))
    };
    match kind {
        Kind::Object(shape) => member(shape, at, segments, depth),
        Kind::Map(map) => match map.reserved.iter().find(|field| field.name == name) {
            Some(field) => {
                inward(field.kind, at.get(name), TypedStep::Key(name.clone()), NameFit::Here)
                    .map(|way| way.described_by(field))
            }
            None => {
                inward(map.value.kind, at.get(name), TypedStep::Key(name.clone()), NameFit::Free)
            }
        },
        Kind::List(item) | Kind::OneOrList(item) => match name.parse() {
            Ok(index) => inward(item.kind, at.item(index), TypedStep::Index(index), NameFit::Here),
            Err(_) => Err(PathFault::because(
                depth,
                format!("a list has no field `{name}`"),
                "its items are `.0`, `.1` and so on",
            )),
        },
        Kind::JsonText(inner) => {
            let within = at.object_or_json().unwrap_or(at);
            let way = follow(inner.kind, within, segments, depth)?;
            Ok(way.after(TypedStep::Json(inner.bare), None))
        }
        Kind::Base64Json(inner) => {
            let within = at.base64_json().unwrap_or(at);
            let way = follow(inner.kind, within, segments, depth)?;
            Ok(way.after(TypedStep::Base64Json, None))
        }
        Kind::Union(kinds) => first(kinds.iter().map(|kind| follow(*kind, at, segments, depth)))
            .unwrap_or_else(|| Err(PathFault::unknown(depth, Vec::new()))),
        Kind::Any => match (at.value(), name.parse()) {
            (Some(ValueView::Array(_)), Ok(index)) => {
                inward(Kind::Any, at.item(index), TypedStep::Index(index), NameFit::Free)
            }
            _ => inward(Kind::Any, at.get(name), TypedStep::Key(name.clone()), NameFit::Free),
        },
        Kind::File(_) => match FILE.iter().find(|(part, _)| part == name) {
            Some((_, kind)) => {
                inward(*kind, at.get(name), TypedStep::Key(name.clone()), NameFit::Here)
            }
            None => Err(PathFault::unknown(
                depth,
                FILE.iter().map(|(part, _)| (*part).to_owned()).collect(),
            )),
        },
        Kind::Text
        | Kind::Int(_)
        | Kind::Digits
        | Kind::Number(_)
        | Kind::Bool(_)
        | Kind::Choice(_)
        | Kind::Open(_)
        | Kind::CommaText(_)
        | Kind::Base64 => Err(PathFault::because(
            depth,
            format!("there is no `{name}` in a single value"),
            "end the path one name earlier",
        )),
    }
}

/// The parts of a file.
pub(super) const FILE: [(&str, Kind); 4] =
    [("path", Kind::Text), ("name", Kind::Text), ("content", Kind::Text), ("size", Kind::I64)];

fn member<'a>(
    shape: &'static Shape,
    at: At<'a>,
    segments: &'a [String],
    depth: usize,
) -> Result<TypedPath, PathFault> {
    let name = &segments[depth];
    let is_it = |field: &&'static Field| {
        field.name == name || field.aliases.iter().any(|alias| alias == name)
    };
    let here = shape.fields_at(at);
    let step = |field: &'static Field, fit: NameFit| {
        let way = follow(field.kind, at.get(name), segments, depth + 1)?;
        Ok(way.described_by(field).after(TypedStep::Key(name.clone()), Some(fit)))
    };
    // A later `--set` may select another variant, so the fields of all variants count, after those that exist now.
    let now = here.iter().copied().filter(is_it).map(|field| (field, NameFit::Here));
    let later = super::names::every_field(shape).into_iter().filter(is_it);
    let fields = now.chain(later.map(|field| (field, NameFit::ForeignCodes)));
    if let Some(result) = first(fields.map(|(field, fit)| step(field, fit))) {
        return result;
    }
    let meant = shape.wrong_names(at).into_iter().find(|known| known.is(name));
    let meant = meant.filter(|known| here.iter().any(|field| field.name == known.right));
    let names = here.iter().map(|field| field.name.to_owned()).collect();
    Err(PathFault { meant: meant.map(Box::new), ..PathFault::unknown(depth, names) })
}

/// The first way that leads somewhere, otherwise where the deepest one stopped; `None` if there is no way at all.
fn first(
    ways: impl Iterator<Item = Result<TypedPath, PathFault>>,
) -> Option<Result<TypedPath, PathFault>> {
    let mut deepest: Option<PathFault> = None;
    for way in ways {
        match way {
            Ok(way) => return Some(Ok(way)),
            Err(stuck) if deepest.as_ref().is_none_or(|known| known.depth < stuck.depth) => {
                deepest = Some(stuck);
            }
            Err(_) => {}
        }
    }
    deepest.map(Err)
}

impl TypedPath {
    /// The path ends in or below the value of a row. Paths are built from their end, so the first row is the innermost.
    fn described_by(self, row: &'static Field) -> Self {
        Self { row: self.row.or(Some(row)), ..self }
    }

    fn after(mut self, step: TypedStep, fit: Option<NameFit>) -> Self {
        self.steps.push(step);
        self.fits.extend(fit);
        self
    }
}
