//! Any document can be linted as any operation. The first byte picks the operation.
//!
//! `cargo +nightly fuzz run lint`
#![no_main]

use herald::document::Document;
use herald::contract::Context;
use herald::lint::lint;
use herald::provider;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((pick, bytes)) = bytes.split_first() else { return };
    let Ok(document) = Document::from_bytes(bytes.to_vec()) else { return };
    let operations: Vec<_> = provider::ALL
        .iter()
        .flat_map(|vendor| vendor.contract().operations.iter().map(|operation| (vendor.contract(), operation)))
        .collect();
    let (contract, operation) = operations[usize::from(*pick) % operations.len()];
    for finding in lint(contract, operation, &document, &Context::default()) {
        assert!(finding.place.span.end <= document.text().len());
    }
});
