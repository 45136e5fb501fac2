//! All pages of a provider as one document, for a folder of documents.

use super::{Page, Table, message_type, operation, provider};
use crate::contract::Contract;

/// The whole reference of a provider as Markdown, with headings from the second level on: the provider itself, then
/// every operation and message type in full, then every rule and error code.
pub fn book(contract: &'static Contract) -> String {
    let mut overview = provider(contract);
    let (long, short): (Vec<Table>, Vec<Table>) =
        overview.tables.into_iter().partition(|table| table.long);
    overview.tables = short;
    let mut out = String::from("## Overview\n");
    overview.write_facts(&mut out);
    overview.write_tables(&mut out, 2);
    out.push_str("\n## Operations in full\n");
    let operations = contract.operations.iter();
    operations.for_each(|row| chapter(&mut out, operation(contract, row)));
    if !contract.types.is_empty() {
        out.push_str("\n## Message types in full\n");
    }
    contract.types.iter().for_each(|row| chapter(&mut out, message_type(contract, row)));
    let rest = Page { tables: long, ..Page::default() };
    rest.write_tables(&mut out, 2);
    out
}

/// A page as a chapter. It only names its rules: their texts appear once, in the table of all rules.
fn chapter(out: &mut String, mut page: Page) {
    let is_of_rules = |table: &Table| table.id == "rules";
    let rules = page.tables.iter().filter(|table| is_of_rules(table)).flat_map(|table| &table.rows);
    let names: Vec<String> = rules.map(|row| format!("`{}`", row[0])).collect();
    page.facts.push(("rules", names.join(", ")));
    page.tables.retain(|table| !is_of_rules(table));
    out.push_str(&format!("\n### {}\n\n{}\n", page.name, page.about));
    page.write_facts(out);
    page.write_tables(out, 4);
}
