//! Lists in another form than their name says, and what spreadsheets do to them.

use super::*;

/// What the list ends with, where it is refused as a whole: the message and the advice.
fn refusal(name: &str, text: &str) -> Option<String> {
    let settings = ListSettings { form: None, ..options(name) };
    let error = tell(text.as_bytes(), settings, packing(100)).err()?;
    Some(format!("{error}; {}", error.advice().unwrap_or_default()))
}

#[test]
fn a_list_in_another_form_is_refused_with_the_flag_that_reads_it() {
    for (name, text, told) in [
        ("-", "user,name\nann,Ann\nbob,Bob\n", "--form csv --column user"),
        ("export.xls", "id;name\n1;Ann\n2;Bob\n", "--form csv --column id"),
        ("export", "user id\tname\n1\tAnn\n2\tBob\n", "--form csv --column 'user id'"),
        ("psql.txt", " id | n\n----+---\n alice | Ann\n bob | Bob\n", "--form csv --column id"),
        ("old.xls", "%PDF-1.7\nabc\n", "a spreadsheet or an archive"),
        ("commas.txt", "ann,bob,carol", "a line of its own"),
        ("arr.txt", "[\n  \"ann\",\n  \"bob\"\n]\n", "--form json"),
        ("nd.txt", "{\"to\":\"a\"}\n{\"to\":\"b\"}\n", "--form ndjson"),
        ("late.txt", "ann\nbob\n{\"to\":\"c\"}\n", "line 3"),
        ("html.txt", "<html><body>Login</body></html>", "a web page"),
        ("q.txt", "\"carol\"\n\"dora\"\n'emil'\nfritz\n", "in quotes"),
        ("mac.txt", "ann\rbob\rcarol", "carriage return (\\r) alone"),
        ("object.json", "{\"ann\":1}", "line 1 of `object.json`: an object is no list"),
        ("broken.json", "[\"ann\",\n\"bob\"", "line 1 of `broken.json`: not JSON"),
        ("ids.txt", "openid\no1\no2\n", "--form csv --column openid"),
        ("cn.txt", "手机号\n13800138000\n", "--form csv --column 手机号"),
        ("numbers.txt", "会员代码\n1380013\n1380014\n", "--form csv --column 会员代码"),
        ("twice.json", "[\n{\"to\":\"a\",\n\"to\":\"b\"}]", "line 3 of `twice.json`"),
    ] {
        let refusal = refusal(name, text);
        assert!(refusal.as_ref().is_some_and(|found| found.contains(told)), "{name}: {refusal:?}");
    }
}

/// Each advice about a table can be followed: its rows are targets, and its frame is told.
#[test]
fn a_table_is_read_as_its_advice_says() {
    for (text, targets, told) in [
        ("user|name\nalice|Ann\nbob|Bob\n", "user: 2=alice,3=bob", 0),
        (
            " user | name\n------+------\n alice | Ann\n bob | Bob\n(2 rows)\n",
            "user: 3=alice,4=bob",
            2,
        ),
        ("| user | name |\n|---|---|\n| alice | Ann |\n| bob | Bob |\n", "user: 3=alice,4=bob", 1),
        (" user \n-------\n alice\n bob\n(2 rows)\n", "user: 3=alice,4=bob", 2),
        ("user;name\nalice;Ann\nbob;Bob\n", "user: 2=alice,3=bob", 0),
        ("user\tname\nalice\tAnn\nbob\tBob\n", "user: 2=alice,3=bob", 0),
        ("name,x|user\nalice|b\nbob|c\n", "", 2),
    ] {
        let advice = refusal("list.txt", text).expect("a refusal");
        let column = advice.split("--column ").nth(1).expect("a column").split(',').next();
        let settings =
            ListSettings { form: None, column: column.map(str::to_owned), ..options("list.txt") };
        let read = whole(text.as_bytes(), settings);
        assert_eq!(
            (read.batches.concat().as_str(), read.bad.len()),
            (targets, told),
            "{text}: {:?}",
            read.bad
        );
    }
    let framed =
        "+------+-----+\n| user | n |\n+------+-----+\n| alice | 1 |\n| bob | 2 |\n| carl | 2 |\n";
    assert!(refusal("list.txt", framed).is_some_and(|told| told.ends_with("without a frame")));
}

#[test]
fn the_header_of_a_joined_list_is_a_bad_entry() {
    let told = "the header of a list stands among its targets";
    for (name, text, line) in [
        ("l.csv", "user,name\nalice,Ann\nuser,name\nbob,Bob\n", 3),
        ("l.csv", "user,name\nalice,Ann\n\u{feff}user,name\nbob,Bob\n", 3),
        ("l.csv", "user,name\nalice,Ann\n \"user\" , name\nbob,Bob\n", 3),
        ("l.csv", "user,x1\nalice,Ann\nuser,x1\nbob,Bob\n", 3),
        ("l.csv", "user,name\nalice,Ann\nUserId,Nickname\nbob,Bob\n", 3),
        ("l.tsv", "user\tname\nalice\tAnn\nuser\tname\nbob\tBob\n", 3),
        ("l.csv", "user\nalice\nuser\nbob\n", 3),
        ("l.txt", "alice\nuser\nbob\n", 2),
        ("l.txt", "alice\nbob\n\nuser_id\n", 4),
        ("-", "alice\nUserId\nbob\n", 2),
    ] {
        let column = (!text.starts_with("alice")).then(|| "user".to_owned());
        let read = whole(text.as_bytes(), ListSettings { form: None, column, ..options(name) });
        let bad: Vec<_> = read.bad.iter().map(String::as_str).collect();
        assert_eq!(bad, [format!("{line}: {told}")], "{text:?}");
        assert!(read.batches.concat().contains("alice"), "{text:?}");
    }
    for (name, text) in [
        ("l.csv", "user,name\nuser:user,name\nbob,user\nname,Bob\n"),
        ("l.txt", "alice\nuser:user\nuser1\n"),
    ] {
        let column = name.ends_with("csv").then(|| "user".to_owned());
        let read = whole(text.as_bytes(), ListSettings { form: None, column, ..options(name) });
        assert!(read.bad.is_empty(), "{text:?}: {:?}", read.bad);
    }
    let said = ListSettings { form: Some(ListFormat::Lines), ..options("l.txt") };
    assert!(whole(b"alice\nuser\n", said).bad.is_empty(), "--form lines says that it is a target");
}

/// An id that begins with a kind is told, and blanks behind a kind are refused as in a flag.
#[test]
fn what_follows_the_kind_is_judged_as_in_a_flag() {
    let read = whole(b"user: bob\nuser:carol\n", ListSettings { form: None, ..options("l.txt") });
    assert_eq!(read.bad, ["1: the id begins with a blank"]);
    for (text, twice) in [
        ("bob\nuser:user:bob\n", Some(2)),
        ("user:group:7\n", Some(1)),
        ("user:a:b\nuser:bob\n", None),
    ] {
        let mut list = ListBatches::open(Box::new(text.as_bytes()), options("list"), packing(9))
            .expect("a list");
        while list.next().expect("readable").is_some() {}
        assert_eq!(list.tally().twice, twice, "{text}");
    }
}

#[test]
fn one_line_of_another_form_is_a_bad_entry() {
    for (line, told) in [
        ("ann,bob", "2: the id holds a comma"),
        ("ann;bob", "2: the id holds a semicolon"),
        ("ann|bob", "2: the id holds a bar"),
        ("---", "2: the id is a ruler of a table"),
        ("(2 rows)", "2: the id is the count of rows of a table"),
        ("=A1", "2: the id is a formula of a spreadsheet"),
        ("1. alice", "2: the id begins with the mark of an item of a list"),
        ("alice # vip", "2: the id has a comment behind it"),
        ("ann│bob", "2: the id holds a bar"),
        ("[object Object]", "2: the id is an object that a script has written as text"),
        ("#N/A", "2: the id is an error value of a spreadsheet"),
        ("all", "2: the id is a word for everybody, and no target"),
        ("ann\tbob", "2: the id holds a tab (\\t)"),
        ("\"ann\"", "2: the id is in quotes"),
    ] {
        let text = format!("carol\n{line}\ndora\n");
        let told_of = whole(text.as_bytes(), options("list.txt"));
        assert_eq!(told_of.bad, [told]);
        assert_eq!(told_of.batches, ["user: 1=carol,3=dora"]);
    }
}

#[test]
fn an_array_is_a_list_by_its_name_or_its_first_byte() {
    let text =
        "\u{feff} [\n \"ann\", \"group:7\",\n {\"to\":\"bob\",\"n\":2},\n 12, null, \"a,b\"\n]";
    for name in ["list.json", "stdin", "folder.d/list"] {
        let told = whole(text.as_bytes(), ListSettings { form: None, ..options(name) });
        assert_eq!(told.batches, ["user: 2=ann", "group: 2=7", "user: 3=bob,4=12"]);
        assert_eq!(told.bad, ["4: the target is null, not a text", "4: the id holds a comma"]);
    }
    let long = format!("[{}\"z\"]", "\"abcdefgh\",".repeat(20_000));
    let told = whole(long.as_bytes(), ListSettings { form: None, ..options("one-line.json") });
    assert!(told.bad.is_empty(), "a line may be as long as the list: {:?}", told.bad.first());
}

fn csv(text: &str) -> (Told, ListCounts) {
    let settings = || ListSettings {
        column: Some("user".to_owned()),
        variables: vec!["name".to_owned()],
        ..options("l.csv")
    };
    let told = whole(text.as_bytes(), settings());
    let mut list =
        ListBatches::open(Box::new(text.as_bytes()), settings(), packing(100)).expect("a list");
    while list.next().expect("readable").is_some() {}
    (told, list.tally())
}

#[test]
fn a_csv_is_read_as_spreadsheets_leave_it() {
    for separator in [',', ';', '\t', '|'] {
        let rows = ["user,name", "ann,Ann", ",", " , ", "bob,\"B;,\t|b\"", "carl,\"a\"\"b\""];
        let rows = rows.map(|row| {
            let end = row.find('"').unwrap_or(row.len());
            format!("{}{}\r\n", row[..end].replace(',', &separator.to_string()), &row[end..])
        });
        let (told, counts) = csv(&format!("SEP={separator}\r\n{}", rows.concat()));
        assert_eq!(
            told.batches,
            ["user: 3=ann [\"Ann\"]", "user: 6=bob [\"B;,\\t|b\"]", "user: 7=carl [\"a\\\"b\"]"],
            "{separator:?}"
        );
        // A line of blanks alone is an empty line.
        let empty = if separator == '\t' { 0 } else { 2 };
        assert!(told.bad.is_empty() && counts.empty_rows == empty, "{:?} {counts:?}", told.bad);
    }
    let (told, _) = csv("user,name\nann,\"x\"y\nbob,\"a\nb\"c\ncarl,C\n");
    assert_eq!(told.batches, ["user: 5=carl [\"C\"]"]);
    let torn = "text follows the quote that ends a field";
    assert_eq!(told.bad, [format!("2: {torn}"), format!("3: {torn}")]);
}

#[test]
fn numbers_that_a_spreadsheet_has_rounded_are_told_once() {
    let rounded = |text: &str| {
        let mut list = ListBatches::open(Box::new(text.as_bytes()), options("l.txt"), packing(100))
            .expect("a list");
        while list.next().expect("readable").is_some() {}
        list.tally().rounded
    };
    assert_eq!(rounded("7\n1294030472427830000\n1294030472427840000\n"), Some(2));
    assert_eq!(rounded("1294030472427830000\n1294030472427840001\n"), None);
    assert_eq!(rounded("1294030472427830000\nann\n"), None, "one alone may be so by chance");
    assert_eq!(rounded("100000000000000\n200000000000000\n"), None, "15 digits are kept");
}

#[test]
fn the_name_of_a_column_is_no_target_unless_the_form_is_said() {
    for name in
        ["id", "User", "userId", "USERNAME", "alias", "uid", "name", "registration_id", "user id"]
    {
        for start in ["", "\u{feff}", "\n \n"] {
            for rest in ["", "\r\nann\r\nbob\r\n"] {
                let text = format!("{start}{name}{rest}");
                let told = refusal("list.txt", &text).unwrap_or_default();
                let column = if name.contains(' ') { format!("'{name}'") } else { name.to_owned() };
                let help = format!("add --form csv --column {column}, or --form lines where");
                assert!(told.contains(&help), "{text:?}: {told}");
            }
        }
    }
    let told =
        whole(b"id\nann\n", ListSettings { form: Some(ListFormat::Lines), ..options("list.txt") });
    assert_eq!(told.batches, ["user: 1=id,2=ann"], "the form is said");
    for text in ["ann\nid\n", "idea\nann\n", "user1\n", "user:id\n"] {
        assert_eq!(refusal("list.txt", text), None, "{text:?}");
    }
}

#[test]
fn what_json_has_in_quotes_is_judged_as_it_stands() {
    for (id, told) in [
        (r#"" ""#, "1: the id is blank"),
        (r#"" bob""#, "1: the id begins with a blank"),
        (r#""user:bob ""#, "1: the id ends in a blank"),
        (r#""bob\r""#, "1: the id ends in a carriage return (\\r)"),
        (r#""\tbob""#, "1: the id begins with a tab (\\t)"),
    ] {
        for (name, text) in [
            ("l.json", format!("[{id},\"ann\"]")),
            ("l.ndjson", format!("{{\"to\":{id}}}\n\"ann\"\n")),
        ] {
            let told_of = whole(text.as_bytes(), ListSettings { form: None, ..options(name) });
            assert_eq!(told_of.bad, [told], "{text}");
        }
    }
}

#[test]
fn a_header_is_no_header_where_it_may_be_a_target() {
    for text in
        ["ann\n1380013\n", "ann1\n1380013\n1380014\n", "ann\n12\n13\n", "ann\n1380013\nbob\n"]
    {
        assert_eq!(refusal("list.txt", text), None, "{text}");
    }
    let said = ListSettings { form: Some(ListFormat::Lines), ..options("list.txt") };
    assert_eq!(whole(b"openid\n1380013\n1380014\n", said).bad, [""; 0]);
}

#[test]
fn an_id_that_may_be_one_is_taken_with_its_kind() {
    let told =
        whole("user:NULL\nuser:3-Mar\nuser:a|b\nuser:all\n".as_bytes(), options("list.csv.txt"));
    assert_eq!(told.batches, ["user: 1=NULL,2=3-Mar,3=a|b,4=all"]);
    let told = whole("[\"user:NULL\",\"user:*\"]".as_bytes(), options("list.json"));
    assert_eq!(told.bad, ["1: the id is a word for everybody, and no target"]);
}

#[test]
fn outputs_of_herald_are_no_lists() {
    let entry = r#"{"version":1,"id":"x","outcome":"accepted","provider":"p","operation":"o","to":"user:ann"}"#;
    let result = |outcome: &str| {
        format!(
            r#"{{"version":1,"target":"user:ann","outcome":"{outcome}","operation":"o","job":"j"}}"#
        )
    };
    let refused = |name: &str, text: &str, sends: bool| {
        let settings = ListSettings { form: None, sends, ..options(name) };
        let told = tell(text.as_bytes(), settings, packing(100));
        told.err().map(|error| format!("{error}; {}", error.advice().unwrap_or_default()))
    };
    for (name, text) in [
        ("history.ndjson", entry.to_owned()),
        ("history.json", format!(r#"{{"version":1,"entries":[{entry}]}}"#)),
        ("jobs.json", r#"{"version":1,"jobs":[]}"#.to_owned()),
        ("report.json", r#"{"version":1,"summary":{},"findings":[]}"#.to_owned()),
        ("a.ndjson", r#"{"version":2,"plan":"x","herald":"0"}"#.to_owned()),
    ] {
        for sends in [true, false] {
            let told = refused(name, &text, sends).unwrap_or_default();
            assert!(told.contains("is an output of herald"), "{name}: {told}");
            assert!(told.contains("--as targets"), "{name}: {told}");
        }
    }
    for outcome in ["accepted", "unknown", "planned", "sending"] {
        let told = refused("r.ndjson", &result(outcome), true).unwrap_or_default();
        assert!(told.contains("history --job j --failed --as targets"), "{told}");
        // Who got a message is a list for its recall.
        assert_eq!(refused("r.ndjson", &result(outcome), false), None);
    }
    assert_eq!(refused("r.ndjson", &result("rejected"), true), None);
}

#[test]
fn an_object_without_a_target_names_the_member_that_may_be_it() {
    for (line, told) in [
        (r#"{"usre_id":"ann"}"#, "call `usre_id` `to`"),
        (r#"{"user_id":"ann"}"#, "call `user_id` `to`"),
        (r#"{"tO":"ann"}"#, "call `tO` `to`"),
        (r#"{"n":1}"#, "as in {"),
    ] {
        let settings = options("list.ndjson");
        let mut batches =
            ListBatches::open(Box::new(line.as_bytes()), settings, packing(1)).expect("a list");
        let Some(ListItem::Invalid(entry)) = batches.next().expect("an entry") else {
            panic!("{line}")
        };
        assert!(entry.help.as_deref().is_some_and(|help| help.contains(told)), "{entry:?}");
    }
}
