//! A store for tests of the mock servers.

use std::collections::HashMap;

use crate::document::Value;
use crate::sandbox::SandboxStore;

/// Records in the order in which they came.
#[derive(Debug, Default)]
pub(in crate::provider) struct SandboxMemory {
    records: Vec<(String, String, Value)>,
    series: HashMap<String, u64>,
}

impl SandboxStore for SandboxMemory {
    fn get(&mut self, kind: &str, id: &str) -> Option<Value> {
        let hit = self.records.iter().find(|(k, i, _)| k == kind && i == id);
        hit.map(|(_, _, record)| record.clone())
    }

    fn put(&mut self, kind: &str, id: &str, record: &Value) {
        self.remove(kind, id);
        self.records.push((kind.to_owned(), id.to_owned(), record.clone()));
    }

    fn remove(&mut self, kind: &str, id: &str) {
        self.records.retain(|(k, i, _)| k != kind || i != id);
    }

    fn list(&mut self, kind: &str) -> Vec<(String, Value)> {
        let of = self.records.iter().filter(|(k, ..)| k == kind);
        of.map(|(_, id, record)| (id.clone(), record.clone())).collect()
    }

    fn next(&mut self, series: &str) -> u64 {
        let number = self.series.entry(series.to_owned()).or_default();
        *number += 1;
        *number
    }
}
