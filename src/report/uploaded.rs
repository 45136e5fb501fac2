//! The vendor's names for uploaded files.

use serde_json::{Map, Value as Json, json};

use crate::document::Value;
use crate::provider::LocalFile;
use crate::report::{Ui, lossless, marked};
use crate::text::escape;

/// Reports the vendor's name for each file. `operation`: provider, operation and profile.
pub fn uploaded(
    ui: &Ui,
    (provider, operation, profile): (&str, &str, Option<&str>),
    sandbox: bool,
    files: &[(&LocalFile, &[(&'static str, Value)])],
) {
    if !ui.is_machine() {
        for (file, values) in files {
            for (name, value) in *values {
                let file = escape(&file.name);
                let value = marked(&escape(&value.to_plain()), sandbox);
                ui.page(&format!("{file}  {name}  {value}\n"));
            }
        }
        return;
    }
    let files: Vec<Json> = files
        .iter()
        .map(|(file, values)| {
            let ids: Map<String, Json> =
                values.iter().map(|(name, value)| ((*name).to_owned(), lossless(value))).collect();
            json!({ "file": file.path.to_string_lossy(), "ids": ids })
        })
        .collect();
    ui.json(&json!({
        "version": 1,
        "provider": provider,
        "operation": operation,
        "profile": profile,
        "sandbox": sandbox,
        "outcome": "accepted",
        "ids": files.first().map(|file| &file["ids"]),
        "files": files,
    }));
}
