//! Bytes of a file become a document or one fault, and what was read is written back as the same document.
//!
//! `cargo +nightly fuzz run document`
#![no_main]

use herald::document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = Document::from_bytes(bytes.to_vec()) {
        let written = document.root().value.to_compact();
        let again = Document::parse(written.as_str()).expect("what is written is JSON");
        assert_eq!(again.root().value.to_compact(), written);
    }
});
