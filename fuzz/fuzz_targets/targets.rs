//! Any bytes can be read as a list of targets, in any form and encoding. The first byte picks both.
//!
//! `cargo +nightly fuzz run targets`
#![no_main]

use herald::broadcast::targets::{ListBatches, Dedupe, Encoding, ListFormat, ListItem, ListSettings, BatchSettings};
use herald::contract::TargetKind;
use libfuzzer_sys::fuzz_target;

const FORMS: [ListFormat; 3] = [ListFormat::Lines, ListFormat::Csv, ListFormat::Ndjson];

fuzz_target!(|bytes: &[u8]| {
    let Some((pick, bytes)) = bytes.split_first() else { return };
    let pick = usize::from(*pick);
    let form = FORMS[pick % FORMS.len()];
    let encoding = Encoding::ALL.get(pick / FORMS.len() % (Encoding::ALL.len() + 1)).copied();
    let variables = if pick >= 128 && form != ListFormat::Lines { vec!["n".to_owned()] } else { Vec::new() };
    let column = Some("to".to_owned());
    let options =
        ListSettings { form: Some(form), column, encoding, variables, ..ListSettings::new("list", TargetKind::User) };
    let packing = BatchSettings { cap: 3, dedupe: Some(Dedupe::new([0; 16])), check: None };
    let Ok(mut batches) = ListBatches::open(Box::new(bytes), options, packing) else { return };
    let (mut targets, mut line) = (0, 0);
    while let Ok(Some(item)) = batches.next() {
        let ListItem::Batch(batch) = item else { continue };
        assert!((1..=3).contains(&batch.len()));
        for (number, id) in batch.entries() {
            assert!(number > line && !id.is_empty());
            line = number;
            targets += 1;
        }
    }
    let tally = batches.tally();
    assert_eq!(tally.targets, targets);
    assert!(line <= tally.lines);
});
