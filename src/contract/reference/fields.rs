//! The fields of a payload as tables: first those that are always there, then those that depend on a value.

use super::Table;
use crate::contract::{Field, Kind, Lit, Operation, Position, Root, Shape};

/// The key of these tables.
pub(super) const ID: &str = "fields";

const COLUMNS: [&str; 7] = ["name", "type", "required", "limits", "default", "about", "source"];

/// The fields of an operation, except those of its message types, which have their own pages.
pub(super) fn of_operation(operation: &'static Operation) -> Vec<Table> {
    let content = operation.content.trim_start_matches('/').replace('/', ".");
    let mut gather = Gather { content, ..Gather::default() };
    match operation.root {
        Root::Shape(shape) => gather.shape(shape, "", 0),
        Root::Value(field) => gather.row(field, "(the body)", 0),
    }
    gather.tables
}

/// The fields of a kind of value.
pub(super) fn of_kind(kind: &'static Kind) -> Vec<Table> {
    let mut gather = Gather::default();
    gather.inside(kind, "", 0);
    gather.tables
}

/// The same rows in three columns, to fit a terminal: the requirements of a field are below its description.
pub(super) fn narrow(rows: &[Vec<String>]) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let narrow = rows.iter().map(|row| {
        let [name, kind, required, limits, default, about, source] = row.as_slice() else {
            unreachable!("a row has a cell for each of the columns")
        };
        let need = match required.as_str() {
            "no" => String::new(),
            "yes" => "required".to_owned(),
            word if word.starts_with("if ") => format!("required {word}"),
            other => other.to_owned(),
        };
        let labelled = |label: &str, text: &str| {
            if text.is_empty() { String::new() } else { format!("{label}: {text}") }
        };
        let asked =
            [need, limits.clone(), labelled("default", default), labelled("source", source)];
        let asked: Vec<String> = asked.into_iter().filter(|text| !text.is_empty()).collect();
        let lines = [about.clone(), asked.join("; ")];
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        vec![name.clone(), kind.clone(), lines.join("\n")]
    });
    (vec!["name", "type", "about"], narrow.collect())
}

#[derive(Default)]
struct Gather {
    tables: Vec<Table>,
    /// The path of a message type's own fields.
    content: String,
    /// The condition of the current table.
    case: String,
    open: Vec<&'static Shape>,
}

impl Gather {
    fn table(&mut self) -> &mut Table {
        let at = self.tables.iter().position(|table| table.case == self.case);
        let at = at.unwrap_or_else(|| {
            let table = Table::new(ID, "Fields", &COLUMNS);
            self.tables.push(Table { case: self.case.clone(), ..table });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }

    fn shape(&mut self, shape: &'static Shape, path: &str, depth: usize) {
        if self.open.iter().any(|open| std::ptr::eq(*open, shape)) {
            return;
        }
        self.open.push(shape);
        self.part(shape, path, depth);
        self.open.pop();
    }

    fn part(&mut self, part: &'static Shape, path: &str, depth: usize) {
        for field in part.fields {
            self.row(field, &join(path, field.name), depth);
        }
        for include in part.include {
            self.part(include, path, depth);
        }
        for variant in part.variants {
            let is_of_types = !self.content.is_empty()
                && (path == self.content
                    || variant.cases.iter().all(|case| {
                        case.shape.fields.iter().all(|f| join(path, f.name) == self.content)
                    }));
            if is_of_types {
                continue;
            }
            let by = join(path, variant.by).replace('/', ".");
            for case in variant.cases {
                let values: Vec<String> = case.is.iter().map(|lit: &Lit| lit.to_text()).collect();
                self.under(&format!("`{by}` is {}", values.join(" or ")), case.shape, path, depth);
            }
            if let Some(shape) = variant.otherwise {
                self.under(&format!("`{by}` is something else"), shape, path, depth);
            }
        }
    }

    /// The fields of one case, in a separate table.
    fn under(&mut self, case: &str, shape: &'static Shape, path: &str, depth: usize) {
        let before = self.case.clone();
        self.case =
            if before.is_empty() { case.to_owned() } else { format!("{before} and {case}") };
        self.shape(shape, path, depth);
        self.case = before;
    }

    fn row(&mut self, field: &'static Field, path: &str, depth: usize) {
        let mut about = field.about.to_string();
        let mut add = |words: String| {
            if !about.is_empty() {
                about.push_str("; ");
            }
            about.push_str(&words);
        };
        for alias in field.aliases {
            add(format!("also `{alias}`"));
        }
        if !field.sdk_names.is_empty() {
            let names: Vec<String> =
                field.sdk_names.iter().map(|name| format!("`{name}`")).collect();
            add(format!("SDKs call it {}", names.join(", ")));
        }
        match field.position {
            Position::Body => {}
            Position::Path => add("in the path".to_owned()),
            Position::Query if field.query_name.is_empty() => add("in the query".to_owned()),
            Position::Query => add(format!("in the query as `{}`", field.query_name)),
            Position::Header => add("in a header".to_owned()),
            Position::Nowhere => add("not sent: herald chooses the path by it".to_owned()),
        }
        if let Some(deprecated) = field.deprecated {
            add(format!("deprecated: {}", deprecated.instead));
        }
        if field.secret {
            add("a secret: sent, neither kept nor shown".to_owned());
        }
        if !field.edition.is_empty() {
            add(field.edition.to_owned());
        }
        let row = vec![
            path.to_owned(),
            field.kind.words(),
            field.need.words(),
            field.limit_words(),
            field.default.to_owned(),
            about,
            field.source.to_owned(),
        ];
        self.table().rows.push(row);
        if depth < DEEPEST {
            self.inside(&field.kind, path, depth + 1);
        }
    }

    fn inside(&mut self, kind: &'static Kind, path: &str, depth: usize) {
        match kind {
            Kind::Object(shape) => self.shape(shape, path, depth),
            Kind::Map(map) => {
                for field in map.reserved {
                    self.row(field, &join(path, field.name), depth);
                }
                self.inside(&map.value.kind, &join(path, "*"), depth);
            }
            Kind::List(item) | Kind::OneOrList(item) => {
                self.inside(&item.kind, &join(path, "0"), depth);
            }
            Kind::JsonText(inner) | Kind::Base64Json(inner) => {
                self.inside(&inner.kind, path, depth)
            }
            Kind::Union(kinds) => kinds.iter().for_each(|kind| self.inside(kind, path, depth)),
            Kind::Any
            | Kind::Text
            | Kind::Int(_)
            | Kind::Digits
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Choice(_)
            | Kind::Open(_)
            | Kind::CommaText(_)
            | Kind::Base64
            | Kind::File(_) => {}
        }
    }
}

/// The deepest level at which objects are expanded.
const DEEPEST: usize = 6;

fn join(path: &str, name: &str) -> String {
    if path.is_empty() || name.starts_with('/') {
        name.trim_start_matches('/').to_owned()
    } else {
        format!("{path}.{name}")
    }
}
