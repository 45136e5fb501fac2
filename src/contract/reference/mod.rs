//! The reference: pages on providers, operations, message types, rules and error codes, as text, Markdown and JSON.

mod book;
mod explain;
mod fields;
mod pages;
mod switches;

#[cfg(test)]
mod tests;

pub use book::book;
pub use explain::{Explained, candidates, codes, error_code, rule};
pub use pages::{message_type, operation, provider, providers};
pub use switches::{SANDBOX_SPACE, switch_names, switches};

use serde_json::{Map, Value, json};

/// A page: a sentence, facts, tables.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its subject, as the user types it: `PROVIDER/OPERATION`.
    pub name: String,
    /// What its subject is, in a sentence.
    pub about: String,
    /// Labels with their values; those without a value are not shown.
    pub facts: Vec<(&'static str, String)>,
    /// Its tables; those without rows are not shown.
    pub tables: Vec<Table>,
}

/// A table of a page.
#[derive(Clone, Debug)]
pub struct Table {
    /// The key in JSON.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// The condition under which its rows apply; empty for always.
    pub case: String,
    /// The column headings.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Whether it is too long for a terminal: then only Markdown and JSON have it.
    pub long: bool,
}

/// Formats a table from column headings and rows.
pub type Draw<'d> = &'d dyn Fn(&[&str], &[Vec<String>]) -> String;

impl Table {
    /// A table without rows.
    pub fn new(id: &'static str, title: &str, columns: &[&'static str]) -> Self {
        Self {
            id,
            title: title.to_owned(),
            case: String::new(),
            columns: columns.to_vec(),
            rows: Vec::new(),
            long: false,
        }
    }

    /// The table with these rows added.
    #[must_use]
    pub fn with(mut self, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        self.rows.extend(rows);
        self
    }

    fn long(self) -> Self {
        Self { long: true, ..self }
    }

    fn heading(&self) -> String {
        if self.case.is_empty() {
            self.title.clone()
        } else {
            format!("{}: {}", self.title, self.case)
        }
    }

    /// The table without its empty columns.
    fn filled(&self) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let keep: Vec<usize> = (0..self.columns.len())
            .filter(|column| self.rows.iter().any(|row| !row[*column].is_empty()))
            .collect();
        let columns = keep.iter().map(|column| self.columns[*column]).collect();
        let rows = self.rows.iter();
        let rows =
            rows.map(|row| keep.iter().map(|column| row[*column].clone()).collect()).collect();
        (columns, rows)
    }
}

impl Page {
    fn shown(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let facts = self.facts.iter().filter(|(_, value)| !value.is_empty());
        facts.map(|(label, value)| (*label, value.as_str()))
    }

    /// For a terminal. `draw` formats a table from column headings and rows.
    pub fn text(&self, draw: Draw<'_>) -> String {
        let mut out = match (self.name.is_empty(), self.about.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("{}\n", self.about),
            (false, true) => format!("{}\n", self.name),
            (false, false) => format!("{}: {}\n", self.name, self.about),
        };
        let facts: Vec<Vec<String>> = self
            .shown()
            .map(|(label, value)| vec![shown_label(label).to_owned(), value.to_owned()])
            .collect();
        if !facts.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&draw(&["", ""], &facts));
        for table in self.tables.iter().filter(|table| !table.rows.is_empty() && !table.long) {
            if !out.is_empty() {
                out.push('\n');
            }
            let heading = table.heading();
            if !heading.is_empty() {
                out.push_str(&format!("{heading}\n"));
            }
            let (columns, rows) =
                if table.id == fields::ID { fields::narrow(&table.rows) } else { table.filled() };
            let columns: Vec<&str> = columns.into_iter().map(shown_label).collect();
            out.push_str(draw(&columns, &rows).trim_end());
            out.push('\n');
        }
        out
    }

    /// As a page of Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n{}\n", self.name, self.about);
        self.write_facts(&mut out);
        self.write_tables(&mut out, 2);
        out
    }

    /// The facts as a list of Markdown.
    fn write_facts(&self, out: &mut String) {
        let facts: Vec<String> = self
            .shown()
            .map(|(label, value)| format!("- **{}**: {value}", shown_label(label)))
            .collect();
        if !facts.is_empty() {
            out.push_str(&format!("\n{}\n", facts.join("\n")));
        }
    }

    /// The tables as Markdown, each under a heading of this level.
    fn write_tables(&self, out: &mut String, level: usize) {
        for table in self.tables.iter().filter(|table| !table.rows.is_empty()) {
            let (columns, rows) = table.filled();
            let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
            out.push_str(&format!("\n{} {}\n\n", "#".repeat(level), table.heading()));
            out.push_str(&line(columns.iter().map(|head| shown_label(head).to_owned()).collect()));
            out.push_str(&line(columns.iter().map(|_| "---".to_owned()).collect()));
            for row in rows {
                let heads = columns.iter().enumerate();
                let cells = heads
                    .zip(&row)
                    .map(|((column, head), cell)| markdown_cell(cell, is_literal(column, head)));
                out.push_str(&line(cells.collect()));
            }
        }
    }

    /// As a document of herald's JSON output.
    pub fn json(&self) -> Value {
        let mut out = Map::new();
        out.insert("version".to_owned(), json!(1));
        if !self.name.is_empty() {
            out.insert("name".to_owned(), json!(self.name));
        }
        if !self.about.is_empty() {
            out.insert("about".to_owned(), json!(self.about));
        }
        for (label, value) in self.shown() {
            out.insert(key(label), json!(value));
        }
        for table in &self.tables {
            let rows = out.entry(table.id).or_insert_with(|| json!([]));
            let Value::Array(rows) = rows else { continue };
            for row in &table.rows {
                let cells = table.columns.iter().zip(row);
                let mut object: Map<String, Value> =
                    cells.map(|(column, cell)| (key(column), json!(cell))).collect();
                if !table.case.is_empty() {
                    object.insert("case".to_owned(), json!(table.case));
                }
                rows.push(Value::Object(object));
            }
        }
        Value::Object(out)
    }
}

/// Whether the cells of a column are names that a user types, or that are sent, exactly as they are.
fn is_literal(column: usize, head: &str) -> bool {
    const FIRST: [&str; 6] = ["name", "key", "operation", "type", "rule", "code"];
    matches!(head, "wire name" | "flag") || (column == 0 && FIRST.contains(&head))
}

/// A cell of a Markdown table: on one line, with the characters escaped that would end it or be read as markup.
fn markdown_cell(cell: &str, is_literal: bool) -> String {
    let text = cell.replace('|', "\\|").replace('\n', "<br>");
    if is_literal && !text.is_empty() && !text.contains('`') { format!("`{text}`") } else { text }
}

/// A label as people read it. As a JSON key it stays, since scripts read that.
fn shown_label(label: &'static str) -> &'static str {
    match label {
        "cure" => "fix",
        "again" => "retry",
        "bypassed by" => "bypassed with",
        other => other,
    }
}

/// A label as a JSON key.
fn key(label: &str) -> String {
    label.trim_start_matches('-').replace([' ', '-'], "_")
}
