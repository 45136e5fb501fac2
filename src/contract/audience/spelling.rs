//! Names that are nearly names of the audience.
//!
//! herald does not know whether a vendor reads `Audience` as `audience`. So if a payload has such a name, in an object
//! where the audience is read, its audience is unreadable: the vendor may see a different one from herald's.

use crate::contract::{Field, Kind, Operation, Root, Shape};
use crate::document::{At, ValueView};
use crate::text::is_invisible;

/// A path, split into its names.
type PathNames = Vec<&'static str>;

/// Stands for every item of a list, and every member of an object.
const EVERY: &str = "*";

/// The first name in a body that may be read as a name of the audience, or that is one and occurs twice.
pub(super) fn doubtful_name<'b>(operation: &Operation, root: At<'b>) -> Option<&'b str> {
    let mut ways: Vec<PathNames> = Vec::new();
    operation.reach.each_path(&mut |path| {
        ways.push(path.split('/').filter(|name| !name.is_empty()).collect());
    });
    if ways.is_empty() {
        return None;
    }
    let names = operation.audience.iter().chain(ways.iter().flatten()).copied();
    let names: Vec<&str> = names.filter(|name| *name != EVERY).collect();
    let ways: Vec<&[&'static str]> = ways.iter().map(Vec::as_slice).collect();
    Search { operation, names }.find(root, &ways, &mut Vec::new())
}

struct Search<'o> {
    operation: &'o Operation,
    /// Every name that says who is reached.
    names: Vec<&'static str>,
}

impl Search<'_> {
    /// Searches a value that these ways lead through. `path` is the names that led here; items of lists and members of
    /// maps have none.
    fn find<'b>(
        &self,
        at: At<'b>,
        ways: &[&[&'static str]],
        path: &mut Vec<&'b str>,
    ) -> Option<&'b str> {
        let every = behind(ways, |name| name == EVERY);
        match at.value()? {
            ValueView::Array(_) if every.is_empty() => None,
            ValueView::Array(_) => at.items().find_map(|item| self.find(item, &every, path)),
            ValueView::Object(_) if every.is_empty() => self.in_object(at, ways, path),
            // The sender chooses its keys.
            ValueView::Object(_) => at.members().find_map(|(_, one)| self.find(one, &every, path)),
            // A text that holds JSON is searched only where the audience is read.
            ValueView::String(_) if ways.iter().any(|way| !way.is_empty()) => {
                let inner = at.json().filter(|inner| inner.as_object().is_some())?;
                self.in_object(inner, ways, path)
            }
            _ => None,
        }
    }

    fn in_object<'b>(
        &self,
        at: At<'b>,
        ways: &[&[&'static str]],
        path: &mut Vec<&'b str>,
    ) -> Option<&'b str> {
        let mut seen: Vec<&str> = Vec::new();
        at.members().find_map(|(key, member)| {
            if ways.iter().any(|way| way.first() == Some(&key)) {
                let is_repeated = seen.contains(&key);
                seen.push(key);
                let inside = behind(ways, |name| name == key);
                path.push(key);
                let found = self.find(member, &inside, path);
                path.pop();
                return if is_repeated { Some(key) } else { found };
            }
            let is_near = self.names.iter().any(|name| is_near(key, name));
            (is_near && !self.knows(path, key)).then_some(key)
        })
    }

    /// Whether the operation has a field of exactly this name at this path, with another meaning.
    fn knows(&self, path: &[&str], key: &str) -> bool {
        let mut shapes: Vec<&'static Shape> = Vec::new();
        match self.operation.root {
            Root::Shape(shape) => shapes.push(shape),
            Root::Value(field) => objects(&field.kind, &mut shapes),
        }
        for step in path {
            let mut inside = Vec::new();
            for shape in shapes {
                let fields = shape.all_fields();
                let field = fields.iter().find(|field| is_called(field, step));
                field.iter().for_each(|field| objects(&field.kind, &mut inside));
            }
            shapes = inside;
        }
        shapes.iter().any(|shape| shape.all_fields().iter().any(|field| is_called(field, key)))
    }
}

/// The rest of each way that begins with a matching name.
fn behind<'w>(
    ways: &[&'w [&'static str]],
    is_next: impl Fn(&str) -> bool,
) -> Vec<&'w [&'static str]> {
    let next = |way: &&'w [&'static str]| {
        way.split_first().filter(|(name, _)| is_next(name)).map(|(_, rest)| rest)
    };
    ways.iter().filter_map(next).collect()
}

fn is_called(field: &Field, name: &str) -> bool {
    field.name == name || field.aliases.contains(&name)
}

/// The objects that a value of a kind can be, or can hold as its items or members.
fn objects(kind: &'static Kind, out: &mut Vec<&'static Shape>) {
    match kind {
        Kind::Object(shape) => out.push(shape),
        Kind::List(item) | Kind::OneOrList(item) => objects(&item.kind, out),
        Kind::Map(map) => objects(&map.value.kind, out),
        Kind::JsonText(inner) => objects(&inner.kind, out),
        Kind::Union(kinds) => kinds.iter().for_each(|kind| objects(kind, out)),
        _ => {}
    }
}

/// Whether a name may be read as another one: they differ only in the case of letters, blanks, invisible characters,
/// accents, punctuation, full-width letters, or a plural.
fn is_near(given: &str, name: &str) -> bool {
    // Nearly all names differ in their first letter: this test is fast.
    if let (Some(a), Some(b)) = (given.bytes().next(), name.bytes().next())
        && (a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && !a.eq_ignore_ascii_case(&b))
    {
        return false;
    }
    let (mut given, mut name) = (folded(given), folded(name));
    loop {
        match (given.next(), name.next()) {
            (Some(a), Some(b)) if a == b => {}
            (None, None) => return true,
            (Some('s'), None) => return given.next().is_none(),
            (None, Some('s')) => return name.next().is_none(),
            _ => return false,
        }
    }
}

fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    let letters = name.chars().filter(|c| !is_invisible(*c)).map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    });
    // Upper case first: `ſ` and `ı` become `s` and `i` only in this way.
    let same = letters.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    same.filter(|c| c.is_alphanumeric())
}
