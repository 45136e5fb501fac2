//! Targets that stand in a list more than once.

use super::*;

#[test]
fn an_entry_that_cannot_be_used_after_all_leaves_its_target_for_another() {
    let text = "a\nb\na\nc\na\n";
    let dedupe = Some(Dedupe::new([1; 16]));
    let packing = BatchSettings { dedupe, ..packing(1) };
    let mut batches =
        ListBatches::open(Box::new(text.as_bytes()), options("list"), packing).expect("a list");
    let mut ids = Vec::new();
    while let Some(ListItem::Batch(batch)) = batches.next().expect("readable") {
        ids.extend(batch.ids().map(str::to_owned));
        if ids.len() == 1 {
            batches.forget(TargetKind::User, "a");
        }
    }
    assert_eq!(ids, ["a", "b", "a", "c"]);
    assert_eq!(batches.tally().repeats, 1);
}

#[test]
fn a_target_that_stands_above_with_other_values_is_no_repeat() {
    let text = "who,name\na,Ann\nb,Bob\na,Ann\na,Anna\nb,Bob\na,Anna\nc,Bob\n";
    for cap in [1, 2, 9] {
        let packing = BatchSettings { dedupe: Some(Dedupe::new([1; 16])), ..packing(cap) };
        let settings = ListSettings {
            column: Some("who".to_owned()),
            variables: vec!["name".to_owned()],
            ..options("list.csv")
        };
        let mut batches =
            ListBatches::open(Box::new(text.as_bytes()), settings, packing).expect("a list");
        let (mut ids, mut bad) = (Vec::new(), Vec::new());
        while let Some(item) = batches.next().expect("readable") {
            match item {
                ListItem::Batch(batch) => ids.extend(batch.ids().map(str::to_owned)),
                ListItem::Invalid(entry) => bad.push((entry.line, entry.text)),
            }
        }
        assert_eq!(ids, ["a", "b", "c"], "{cap}");
        assert_eq!(bad, [(5, "a".to_owned()), (7, "a".to_owned())], "{cap}");
        assert_eq!(batches.tally().repeats, 2, "{cap}");
    }
}
