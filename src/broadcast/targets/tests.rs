mod properties;
mod repeats;
mod shapes;

use super::*;
use crate::error::{Error, ErrorKind, Result};

/// The items of a list as text: batches as `kind: line=id,... [values]`, invalid entries as `line: reason`.
#[derive(Debug, Default, PartialEq)]
struct Told {
    batches: Vec<String>,
    bad: Vec<String>,
}

fn options(name: &str) -> ListSettings {
    ListSettings::new(name, TargetKind::User)
}

fn packing<'a>(cap: usize) -> BatchSettings<'a> {
    BatchSettings { cap, dedupe: None, check: None }
}

fn tell(bytes: &[u8], options: ListSettings, packing: BatchSettings<'_>) -> Result<Told> {
    let mut batches = ListBatches::open(Box::new(bytes), options, packing)?;
    let mut told = Told::default();
    while let Some(item) = batches.next()? {
        match item {
            ListItem::Batch(batch) => {
                assert_eq!(batch.ids().len(), batch.len());
                assert!(!batch.is_empty());
                let ids: Vec<String> =
                    batch.entries().map(|(line, id)| format!("{line}={id}")).collect();
                let mut text = format!("{}: {}", batch.kind(), ids.join(","));
                if !batch.values().is_empty() {
                    text.push_str(&format!(" {:?}", batch.values()));
                }
                told.batches.push(text);
            }
            ListItem::Invalid(bad) => told.bad.push(format!("{}: {}", bad.line, bad.reason)),
        }
    }
    Ok(told)
}

fn whole(bytes: &[u8], options: ListSettings) -> Told {
    tell(bytes, options, packing(100)).expect("a list")
}

fn refused(bytes: &[u8], options: ListSettings) -> Error {
    tell(bytes, options, packing(100)).expect_err("no list")
}

#[test]
fn a_list_of_lines_is_packed_by_kind_with_blanks_and_ends_taken_off() {
    let text = "\u{feff}bob\r\n\n  group:1 \ngroup:2\n\u{3000}你好\t\nuser:a:b";
    let told = whole(text.as_bytes(), options("list.txt"));
    assert_eq!(told.batches, ["user: 1=bob", "group: 3=1,4=2", "user: 5=你好,6=a:b"]);
    assert!(told.bad.is_empty());
    let told = tell(b"a\nb\nc\nd\ne", options("list"), packing(2)).expect("a list");
    assert_eq!(told.batches, ["user: 1=a,2=b", "user: 3=c,4=d", "user: 5=e"]);
}

#[test]
fn what_cannot_be_used_is_told_with_its_line_and_the_reader_goes_on() {
    let long_id = "x".repeat(MAX_ID + 1);
    let long_line = "y".repeat(3 << 20);
    let text = format!(
        "gruop:1\nuser:\n a\u{7}b\nz\u{200b}\n{long_id}\n{long_line}\nok\nbad-one\nlast:1\n"
    );
    let check = |kind: TargetKind, id: &str| {
        (kind == TargetKind::User && id.starts_with("bad")).then(|| "a bad name".to_owned())
    };
    let packing = BatchSettings { check: Some(&check), ..packing(10) };
    let told = tell(text.as_bytes(), options("list"), packing).expect("a list");
    assert_eq!(told.batches, ["user: 7=ok"]);
    assert_eq!(
        told.bad,
        [
            "1: there is no kind of target `gruop`",
            "2: the id is empty",
            "3: the id holds a control character (\\u{7})",
            "4: the id holds an invisible character (\\u{200b})",
            "5: the id is longer than 1024 bytes",
            "6: the line is longer than 65536 bytes",
            "8: a bad name",
            "9: there is no kind of target `last`",
        ]
    );
}

#[test]
fn a_bad_entry_shows_its_beginning_and_what_to_do() {
    let long = format!("gruop:{}", "你".repeat(200));
    let mut batches =
        ListBatches::open(Box::new(long.as_bytes()), options("list"), packing(1)).expect("a list");
    let Ok(Some(ListItem::Invalid(bad))) = batches.next() else { panic!("a bad entry") };
    assert_eq!(bad.text.chars().count(), InvalidEntry::MAX_SHOWN + 1);
    assert_eq!(bad.help.as_deref(), Some("did you mean `group`?"));
}

#[test]
fn the_name_or_a_column_tells_the_form() {
    for (name, column, form) in [
        ("users.txt", None, ListFormat::Lines),
        ("users", None, ListFormat::Lines),
        ("(stdin)", None, ListFormat::Lines),
        ("a.b/users.CSV", None, ListFormat::Csv),
        ("users.tsv", None, ListFormat::Csv),
        ("users.jsonl", None, ListFormat::Ndjson),
        ("users.ndjson", None, ListFormat::Ndjson),
        ("(stdin)", Some("id"), ListFormat::Csv),
        ("users.txt", Some("id"), ListFormat::Csv),
        ("users.ndjson", Some("id"), ListFormat::Ndjson),
    ] {
        assert_eq!(ListFormat::of(name, column), form, "{name}");
    }
}

fn csv(column: &str, variables: &[&str]) -> ListSettings {
    let variables = variables.iter().map(|name| (*name).to_owned()).collect();
    ListSettings { column: Some(column.to_owned()), variables, ..options("users.csv") }
}

#[test]
fn a_csv_gives_its_column_and_the_variables_that_are_wanted() {
    for separator in [",", ";", "\t"] {
        let text = "\u{feff}name, id ,note\r\nAnn,1,x\r\n\r\n\"B, \"\"b\"\"\",group:2,\"two\r\nlines\"\r\nAnn,3,y\r\nAnn,4,z"
            .replace("B, ", "B# ")
            .replace(',', separator)
            .replace("B# ", &format!("B{separator} "));
        let told = whole(text.as_bytes(), csv("id", &["name"]));
        let quoted = format!("{:?}", [format!("B{separator} \"b\"")]);
        assert_eq!(
            told.batches,
            [
                "user: 2=1 [\"Ann\"]".to_owned(),
                format!("group: 4=2 {quoted}"),
                "user: 6=3,7=4 [\"Ann\"]".to_owned()
            ]
        );
        assert_eq!(told.bad, [""; 0]);
        let told = whole(text.as_bytes(), csv("id", &[]));
        assert_eq!(told.batches, ["user: 2=1", "group: 4=2", "user: 6=3,7=4"]);
    }
}

#[test]
fn a_csv_row_that_does_not_fit_the_header_is_bad_and_told_by_its_first_line() {
    let text = "id,name\n1,a\n2\n3,\"x\ny\",z\n,b\n  ,c\n6,d\n7,\"never\nclosed\n";
    let told = whole(text.as_bytes(), csv("id", &[]));
    assert_eq!(told.batches, ["user: 2=1,8=6"]);
    assert_eq!(
        told.bad,
        [
            "3: the row has 1 field, the header 2",
            "4: the row has 3 fields, the header 2",
            "6: the row names no target",
            "7: the row names no target",
            "9: a quote is not closed",
        ]
    );
}

#[test]
fn a_quote_that_is_never_closed_does_not_take_the_list_into_memory() {
    let mut text = "id,name\n1,\"a\n".to_owned();
    text.push_str(&"2,b\n".repeat(100_000));
    let told = whole(text.as_bytes(), csv("id", &[]));
    assert_eq!(told.bad, ["2: a quote is not closed up to line 16385"]);
    assert!(told.batches.concat().starts_with("user: 16386=2,"));
}

#[test]
fn a_csv_without_the_column_names_those_that_it_has() {
    let error = refused(b"user_id;name\n1;a", csv("userid2", &[]));
    assert_eq!(error.to_string(), "`users.csv` has no column `userid2`");
    assert_eq!(error.advice(), Some("did you mean `user_id`? the columns are user_id, name"));
    let error = refused(b"id,name\n1,a", csv("id", &["nmae"]));
    assert_eq!(error.advice(), Some("did you mean `name`? the columns are id, name"));
    let error = refused(b"id,id\n1,a", csv("id", &[]));
    assert_eq!(error.to_string(), "`users.csv` has more than one column `id`");
    let error = refused(b"id,name\n1,a", options("users.csv"));
    assert_eq!(error.advice(), Some("--column NAME; the columns are id, name"));
    assert_eq!(error.kind(), ErrorKind::Input);
    assert_eq!(refused(b"\n \n", csv("id", &[])).to_string(), "`users.csv` is empty");
    let error = refused(b"id,\xff\n1,a", csv("id", &[]));
    assert_eq!(error.to_string(), "the header of `users.csv`: the line is not UTF-8");
}

#[test]
fn ndjson_gives_its_target_and_the_variables_that_are_wanted() {
    let text = r#"{"to":"group:1","n":1.50,"b":true,"x":{}}
{"target":"2","n":"two","b":false}

{"to":3,"target":"t","n":"two","b":false,"more":null}
"user:4"
"#;
    let named = |names: &[&str]| ListSettings {
        variables: names.iter().map(|name| (*name).to_owned()).collect(),
        ..options("list.ndjson")
    };
    let told = whole(text.as_bytes(), named(&["n", "b"]));
    assert_eq!(
        told.batches,
        ["group: 1=1 [\"1.50\", \"true\"]", "user: 2=2,4=3 [\"two\", \"false\"]"]
    );
    assert_eq!(told.bad, ["5: there is no value for `{{n}}`"]);
    let told = whole(text.as_bytes(), named(&["x"]));
    assert_eq!(told.bad[0], "1: the variable `x` is an object, not a text");
    let told = whole(text.as_bytes(), named(&[]));
    assert_eq!(told.batches, ["group: 1=1", "user: 2=2,4=3,5=4"]);
    let odd = "{\n{}\n[1]\n{\"to\":\"a\",\"to\":\"b\"}\n1.5\n{\"to\":null}\nok\n\" \"\n12";
    let told = whole(odd.as_bytes(), named(&[]));
    assert_eq!(told.batches, ["user: 9=12"]);
    assert_eq!(
        told.bad,
        [
            "1: not JSON: a key in double quotes is expected, but the text ends",
            "2: the object has no member `to` or `target`",
            "3: the target is a list, not a text",
            "4: the key `to` is there already",
            "5: the target is a number, not a text",
            "6: the target is null, not a text",
            "7: not JSON: a value is due, but there is `o`",
            "8: the id is blank",
        ]
    );
}

#[test]
fn a_result_is_a_target_where_it_names_one_with_its_kind() {
    let result = |target: &str, outcome: &str| {
        format!(r#"{{"version":1,"target":"{target}","outcome":"{outcome}","id":null}}"#)
    };
    let lines = [
        result("group:1", "unavailable"),
        result("everybody", "unavailable"),
        result("everybody with tag:vip", "planned"),
        result("bob", "rejected"),
        result("usr:bob", "rejected"),
        result("user:bob", "won"),
        result("carol", "skipped"),
        r#"{"target":"dave","outcome":"won"}"#.to_owned(),
        r#"{"version":1,"to":"erin","target":"x","outcome":"won"}"#.to_owned(),
    ];
    let told = whole(lines.join("\n").as_bytes(), options("results.ndjson"));
    assert_eq!(told.batches, ["group: 1=1", "user: 7=carol,8=dave,9=erin"]);
    assert_eq!(
        told.bad,
        [
            "2: the result is about `everybody`, which is no target",
            "3: the result is about `everybody with tag:vip`, which is no target",
            "4: the result is about `bob`, which is no target",
            "5: the result is about `usr:bob`, which is no target",
            "6: `won` is no outcome of a result",
        ]
    );
}

#[test]
fn a_list_of_lines_has_no_variables() {
    let wanted = ListSettings { variables: vec!["name".to_owned()], ..options("list.txt") };
    let error = refused(b"a", wanted);
    assert_eq!(error.to_string(), "`list.txt` is a target a line and has no value for `{{name}}`");
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn another_encoding_is_recognised_by_name_and_read_when_it_is_given() {
    let text = "abc\nd\n你好\nuser:世界\n";
    let with_mark = format!("\u{feff}{text}");
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    for (bytes, message, help, encodings) in [
        (gbk, "line 3 of `list` is not UTF-8; the list looks like GBK", "gbk", ["gbk", "gb18030"]),
        (
            utf16(&with_mark, u16::to_le_bytes),
            "`list` is UTF-16, not UTF-8",
            "utf-16",
            ["utf-16", "utf-16le"],
        ),
        (
            utf16(&with_mark, u16::to_be_bytes),
            "`list` is UTF-16, not UTF-8",
            "utf-16",
            ["utf-16", "utf-16be"],
        ),
        (
            utf16(text, u16::to_le_bytes),
            "`list` looks like UTF-16LE, not UTF-8",
            "utf-16le",
            ["utf-16", "UTF16LE"],
        ),
        (
            utf16(text, u16::to_be_bytes),
            "`list` looks like UTF-16BE, not UTF-8",
            "utf-16be",
            ["utf-16be", "utf_16be"],
        ),
    ] {
        let error = refused(&bytes, options("list"));
        assert_eq!(error.to_string(), message);
        assert_eq!(error.advice(), Some(&*format!("give --encoding {help}")));
        assert_eq!(error.kind(), ErrorKind::Input);
        for word in encodings {
            let encoding = Encoding::parse(word).expect("an encoding");
            let told = whole(&bytes, ListSettings { encoding: Some(encoding), ..options("list") });
            assert_eq!(told.batches, ["user: 1=abc,2=d,3=你好,4=世界"], "{word}");
        }
    }
    let archive = refused(b"PK\x03\x04rest", options("users.xlsx"));
    assert!(archive.to_string().contains("a spreadsheet or an archive"));
}

#[test]
fn a_line_that_is_no_text_spoils_only_itself() {
    let gbk = encoding_rs::GBK.encode("你好").0;
    // A UTF-8 character outside ASCII shows that the list is UTF-8.
    let list = [b"\xe4\xbd\xa0\n", &*gbk, b"\nok\n\xc3(\n\xff"].concat();
    let bad = ["2: the line is not UTF-8", "4: the line is not UTF-8", "5: the line is not UTF-8"];
    let told = whole(&list, options("list"));
    assert_eq!(
        (told.batches, told.bad),
        (vec!["user: 1=你,3=ok".to_owned()], bad.map(String::from).to_vec())
    );
    // Latin-1 does not look like GBK.
    assert_eq!(whole(b"caf\xe9s\nok", options("list")).bad, ["1: the line is not UTF-8"]);
    let said = ListSettings { encoding: Some(Encoding::Utf8), ..options("list") };
    assert_eq!(whole(&[&*gbk, b"\nok"].concat(), said).bad, ["1: the line is not UTF-8"]);
    let said = ListSettings { encoding: Some(Encoding::Gbk), ..options("list") };
    let told = whole(&[&*gbk, b"\n\xff\xff\nok\n\x81"].concat(), said);
    assert_eq!(told.batches, ["user: 1=你好,3=ok"]);
    assert_eq!(told.bad, ["2: the line is not GBK", "4: the line is not GBK"]);
    let told = whole(b"id\n1\n\"\xff\"\n2\n\"\n\xff\n3", csv("id", &[]));
    assert_eq!(told.batches, ["user: 2=1,4=2,7=3"]);
    let bad = ["3: the line is not UTF-8", "5: the line is not UTF-8 (line 6)"];
    assert_eq!(told.bad, bad);
}

#[test]
fn an_encoding_is_found_by_its_word_or_the_nearest_is_named() {
    for encoding in Encoding::ALL {
        assert_eq!(Encoding::parse(encoding.word()).expect("its own word"), encoding);
    }
    assert_eq!(Encoding::parse("GB2312").expect("old GBK"), Encoding::Gbk);
    let error = Encoding::parse("gbkk").expect_err("a typo");
    assert_eq!(error.advice(), Some("did you mean `gbk`?"));
    assert!(Encoding::parse("latin1").expect_err("another").advice().is_some());
}

#[test]
fn a_list_without_a_target_is_an_error() {
    let finish = |bytes: &[u8]| {
        let mut batches =
            ListBatches::open(Box::new(bytes), options("list"), packing(9)).expect("readable");
        while batches.next().expect("readable").is_some() {}
        batches.finish().map_err(|error| error.to_string())
    };
    for nothing in ["", "\n \n", "\u{feff}"] {
        assert_eq!(finish(nothing.as_bytes()), Err("`list` names no target".to_owned()));
    }
    let only = "`list` names no target that can be used: its only entry is bad";
    assert_eq!(finish(b"x:1").expect_err("all bad"), only);
    let tally = ListCounts {
        targets: 2,
        batches: 1,
        invalid: 1,
        repeats: 0,
        lines: 4,
        ..ListCounts::default()
    };
    assert_eq!(finish(b"a\nx:1\n\nb"), Ok(tally));
}

#[test]
fn a_list_that_breaks_off_is_an_error_that_names_it() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error =
        ListBatches::open(Box::new(Broken), options("list"), packing(9)).expect_err("broken");
    assert_eq!(error.full_message(), "cannot read `list`: the disk is gone");
}

#[test]
fn a_batch_is_filled_up_where_repeats_were_taken_out() {
    let text = "a\na\nb\na\nc\nb\nd\ne\ntag:a\na\nf";
    let dedupe = Some(Dedupe::new([1; 16]));
    let packing = BatchSettings { dedupe, ..packing(3) };
    let mut batches =
        ListBatches::open(Box::new(text.as_bytes()), options("list"), packing).expect("a list");
    let mut ids = Vec::new();
    while let Some(ListItem::Batch(batch)) = batches.next().expect("readable") {
        ids.push(batch.ids().collect::<String>());
    }
    assert_eq!(ids, ["abc", "de", "a", "f"]);
    let tally = ListCounts {
        targets: 7,
        batches: 4,
        repeats: 4,
        invalid: 0,
        lines: 11,
        ..ListCounts::default()
    };
    assert_eq!(batches.finish().expect("targets"), tally);
}

#[test]
fn the_same_id_of_another_kind_is_another_target() {
    let mut dedupe = Dedupe::new([1; 16]);
    for (index, kind) in TargetKind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, index, "each kind has its own hash");
        assert!(dedupe.insert(kind, "a"));
        assert!(!dedupe.insert(kind, "a"));
    }
    assert_eq!(dedupe.repeats(), 8);
}

#[test]
fn a_stray_nul_is_a_broken_line_and_no_other_encoding() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let head = |bytes: &[u8]| {
        ListBatches::open(Box::new(bytes), options("list"), packing(9))
            .map(drop)
            .map_err(|e| e.to_string())
    };
    for stray in ["bob\0\n", "bobs\0\n", "ann\nbob\0\n", "\0a\n"] {
        assert_eq!(head(stray.as_bytes()), Ok(()), "{stray:?}");
    }
    let foreign = "\u{7528}\u{6237}1\n".repeat(9);
    for text in ["bob\n", "a", "ann\nbob\n", &foreign] {
        let found = head(&wide(text)).expect_err(text);
        assert!(found.contains("looks like UTF-16LE"), "{found}");
    }
}

#[test]
fn what_is_wrong_with_a_list_is_told_in_the_words_of_its_form() {
    let csv = |text: &'static str| {
        let options = ListSettings { column: Some("to".to_owned()), ..options("list.csv") };
        ListBatches::open(Box::new(text.as_bytes()), options, packing(9)).expect("a header")
    };
    let only_a_header = csv("to,name\n").finish().expect_err("no rows");
    assert_eq!(only_a_header.advice(), Some("it has a header and no row below it"));
    for (row, shown, reason) in [
        ("bob\n", "bob", "the row has 1 field, the header 2"),
        ("bob,b,c\n", "bob,b,c", "the row has 3 fields, the header 2"),
        ("bob,\"open\nann,a\n", "bob,open\nann,a\n", "a quote is not closed"),
    ] {
        let mut list = csv(Box::leak(format!("to,name\n{row}").into_boxed_str()));
        let Some(ListItem::Invalid(bad)) = list.next().expect("readable") else { panic!("{row}") };
        assert_eq!((bad.line, &*bad.text, &*bad.reason), (2, shown, reason));
    }
    let hash = |text: &'static str| {
        let mut list = ListBatches::open(Box::new(text.as_bytes()), options("list"), packing(9))
            .expect("a list");
        while list.next().expect("readable").is_some() {}
        list.tally().hash
    };
    assert_eq!(hash("a\n\n  # who\n#b\n"), Some(4));
    assert_eq!(hash("user:#b\nc\n"), None);
    assert_eq!(hash("a#b\nc\n"), None);
}
