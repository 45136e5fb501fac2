//! Every list is read back as it was written, and no input makes the reader panic.

use std::collections::HashSet;

use proptest::prelude::*;

use super::super::*;
use super::{options, packing, utf16};
use crate::contract::Target;

fn an_id() -> impl Strategy<Value = String> {
    "[a-z0-9_:你好世界·]{1,12}".prop_map(|id| id.trim_matches(':').to_owned() + "z")
}

fn a_target() -> impl Strategy<Value = Target> {
    (prop::sample::select(TargetKind::ALL.to_vec()), an_id())
        .prop_map(|(kind, id)| Target::new(kind, id))
}

/// A text that a CSV field and a JSON string can contain. A carriage return before a line end is part of the line end.
const VALUE: &str = "[a-z \",;\\\\\n\t你好']{0,8}";

const FORMS: [ListFormat; 4] =
    [ListFormat::Lines, ListFormat::Csv, ListFormat::Ndjson, ListFormat::Json];

/// Everything in a list, in order: line, target, values.
fn entries(
    bytes: &[u8],
    options: ListSettings,
    packing: BatchSettings<'_>,
) -> Vec<(u64, Target, Vec<String>)> {
    let mut batches = ListBatches::open(Box::new(bytes), options, packing).expect("a list");
    let mut all = Vec::new();
    while let Some(item) = batches.next().expect("readable") {
        let ListItem::Batch(batch) = item else { panic!("{item:?}") };
        for (line, id) in batch.entries() {
            all.push((line, Target::new(batch.kind(), id), batch.values().to_vec()));
        }
    }
    all
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn every_form_and_encoding_gives_back_the_list_that_was_written(
        rows in prop::collection::vec((a_target(), VALUE), 1..40),
        encoding in prop::sample::select(Encoding::ALL.to_vec()),
        form in prop::sample::select(FORMS.to_vec()),
        crlf: bool,
        cap in 1usize..7,
    ) {
        let (mut text, mut line) = (String::new(), 1);
        let mut expected = Vec::new();
        let end = if crlf { "\r\n" } else { "\n" };
        if matches!(form, ListFormat::Csv | ListFormat::Json) {
            let first = if form == ListFormat::Csv { "name,id" } else { " [" };
            text.push_str(&format!("{first}{end}"));
            line += 1;
        }
        for (index, (target, value)) in rows.iter().enumerate() {
            let written = match form {
                ListFormat::Lines => target.to_string(),
                ListFormat::Csv => format!("{},{target}", quoted(value)),
                ListFormat::Ndjson | ListFormat::Json => {
                    serde_json::json!({ "name": value, "to": target.to_string() }).to_string()
                }
            };
            let values = if form == ListFormat::Lines { vec![] } else { vec![value.clone()] };
            expected.push((line, target.clone(), values));
            line += 1 + written.matches('\n').count() as u64;
            text.push_str(&written);
            if form == ListFormat::Json {
                text.push(if index + 1 < rows.len() { ',' } else { ']' });
            }
            text.push_str(end);
        }
        let bytes = match encoding {
            Encoding::Utf8 => text.clone().into_bytes(),
            Encoding::Utf16 | Encoding::Utf16Le => utf16(&text, u16::to_le_bytes),
            Encoding::Utf16Be => utf16(&text, u16::to_be_bytes),
            Encoding::Gbk => encoding_rs::GBK.encode(&text).0.into_owned(),
            Encoding::Gb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        };
        let variables = if form == ListFormat::Lines { vec![] } else { vec!["name".to_owned()] };
        let column = (form == ListFormat::Csv).then(|| "id".to_owned());
        let options = ListSettings {
            form: Some(form), column, encoding: Some(encoding), variables, ..options("list")
        };
        prop_assert_eq!(entries(&bytes, options, packing(cap)), expected);
    }

    #[test]
    fn packing_loses_nothing_keeps_order_and_obeys_the_cap(
        targets in prop::collection::vec(a_target(), 1..60),
        cap in 0usize..6,
    ) {
        let text: String = targets.iter().map(|target| format!("{target}\n")).collect();
        let mut batches =
            ListBatches::open(Box::new(text.as_bytes()), options("list"), packing(cap)).expect("a list");
        let mut all = Vec::new();
        let mut before: Option<(TargetKind, usize)> = None;
        while let Some(item) = batches.next().expect("readable") {
            let ListItem::Batch(batch) = item else { panic!("{item:?}") };
            prop_assert!(batch.len() <= cap.max(1));
            // A batch with the kind of the batch before begins only when that one is full.
            if let Some((kind, len)) = before {
                prop_assert!(kind != batch.kind() || len == cap.max(1));
            }
            before = Some((batch.kind(), batch.len()));
            all.extend(batch.ids().map(|id| Target::new(batch.kind(), id)));
        }
        prop_assert_eq!(batches.finish().expect("targets").targets, targets.len() as u64);
        prop_assert_eq!(all, targets);
    }

    #[test]
    fn of_repeats_the_first_stays(
        ids in prop::collection::vec("(user:|tag:)?[ab]{1,4}", 1..200), key: [u8; 16], cap in 1usize..9,
    ) {
        let text = ids.join("\n");
        let dedupe = Some(Dedupe::new(key));
        let kept = entries(text.as_bytes(), options("list"), BatchSettings { dedupe, ..packing(cap) });
        let mut seen = HashSet::new();
        let first: Vec<(u64, Target)> = (1..)
            .zip(ids.iter().map(|id| Target::parse(id, TargetKind::User).expect("a target")))
            .filter(|(_, target)| seen.insert(target.clone()))
            .collect();
        let kept: Vec<(u64, Target)> = kept.into_iter().map(|(line, target, _)| (line, target)).collect();
        prop_assert_eq!(kept, first);
    }

    #[test]
    fn where_a_block_ends_makes_no_difference(start in 0usize..40, long in 131_000usize..131_100) {
        // A line across the end of the first block, also with the end in the middle of a character.
        let filler = "x".repeat(999);
        let mut text = format!("{}\n", &filler[..start + 1]);
        while text.len() + 1000 < long {
            text.push_str(&filler);
            text.push('\n');
        }
        text.push_str("你好世界你好世界你好世界你好世界你好世界你好世界你好世界你好世界你好世界你好世界\nlast");
        let lines: Vec<(u64, String)> = (1..).zip(text.lines().map(str::to_owned)).collect();
        let read = entries(text.as_bytes(), options("list"), packing(100));
        let read: Vec<(u64, String)> = read.into_iter().map(|(line, target, _)| (line, target.id)).collect();
        prop_assert_eq!(read, lines);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(
        bytes in prop::collection::vec(prop::sample::select(b"a1:,;\"\n\r\t{}[] \x00\xff\xe4\xbd\xa0\xc4\xe3".to_vec()), 0..60),
        form in prop::sample::select(vec![ListFormat::Lines, ListFormat::Csv, ListFormat::Ndjson]),
        encoding in prop::option::of(prop::sample::select(Encoding::ALL.to_vec())),
    ) {
        let column = Some("a".to_owned());
        let options = ListSettings { form: Some(form), column, encoding, ..options("list") };
        if let Ok(mut batches) = ListBatches::open(Box::new(&*bytes), options, packing(3)) {
            let mut lines = 0;
            while let Ok(Some(item)) = batches.next() {
                if let ListItem::Batch(batch) = item {
                    lines += batch.len() as u64;
                }
            }
            prop_assert_eq!(batches.tally().targets, lines);
        }
    }
}
