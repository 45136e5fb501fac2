//! What is wrong with ids.

use super::*;
use crate::contract::Target;

#[test]
fn what_no_id_has_is_named() {
    for (id, fault) in [
        ("", "is empty"),
        (" ", "is blank"),
        ("\u{3000}\t", "is blank"),
        (" bob", "begins with a blank"),
        ("bob\r", "ends in a carriage return (\\r)"),
        ("bob\n", "ends in a line end (\\n)"),
        ("\tbob", "begins with a tab (\\t)"),
        ("bob\u{a0}", "ends in a blank (\\u{a0})"),
        ("b\tob", "holds a tab (\\t)"),
        ("bob\u{1}", "holds a control character (\\u{1})"),
        ("bob\u{200b}", "holds an invisible character (\\u{200b})"),
        ("\u{feff}bob", "holds an invisible character (\\u{feff})"),
        ("bo\u{202e}b", "holds an invisible character (\\u{202e})"),
        ("b\u{ad}ob", "holds an invisible character (\\u{ad})"),
        ("b\u{e0041}ob", "holds an invisible character (\\u{e0041})"),
        ("b\u{fffd}ob", "holds bytes that are no text (\\u{fffd})"),
        ("b\u{e77b}ob", "holds a character for private use (\\u{e77b})"),
        ("u1,u2", "holds a comma"),
        (",", "holds a comma"),
        ("李,明", "holds a comma"),
        ("李，明", "holds a comma"),
        ("u1;u2", "holds a semicolon"),
        ("u1；u2", "holds a semicolon"),
        ("u1｜u2", "holds a bar"),
        ("u1│u2", "holds a bar"),
        ("u1\u{37e}u2", "holds a semicolon"),
        ("user：bob", "holds `：`, which looks like `:`"),
        ("bob＠x", "holds `＠`, which looks like `@`"),
        ("ｂｏｂ", "holds `ｂ`, which looks like `b`"),
        ("u1\u{3000}u2", "holds a blank (\\u{3000})"),
        ("bo\"b", "holds a quote"),
        ("“carol”", "is in quotes"),
        ("'00123", "begins with a spreadsheet's mark for text"),
        ("=\"00123\"", "begins with a spreadsheet's mark for text"),
        ("#N/A", "is an error value of a spreadsheet"),
        ("[object Object]", "is an object that a script has written as text"),
        ("u1、u2", "holds a comma"),
        ("\"carol\"", "is in quotes"),
        ("'carol'", "is in quotes"),
        ("1E+21", "is a number in scientific notation"),
        ("6.8e+15", "is a number in scientific notation"),
    ] {
        assert_eq!(
            IdFault::of(id).map(|fault| fault.to_string()).as_deref(),
            Some(fault),
            "{id:?}"
        );
    }
    for id in [
        "bob",
        "李明",
        "u 1",
        "a@b",
        "-100",
        "12e45678",
        "1234e5",
        "1e1234",
        "1e5f",
        "e+1",
        "e5",
        "1..5e3",
        "1E+",
        "a:b",
        "李明（北京）",
        "O'Neil",
    ] {
        assert_eq!(IdFault::of_bare(id), None, "{id:?}");
    }
}

#[test]
fn what_may_be_an_id_is_one_with_its_kind() {
    for (id, fault) in [
        ("u1|u2", "holds a bar"),
        ("NULL", "is a word for no value"),
        ("-", "is a word for no value"),
        ("12345.0", "is a number with `.0` at its end"),
        ("3-Mar", "is a date as a spreadsheet writes it"),
        ("all", "is a word for everybody, and no target"),
        ("1.5E10", "is a number in scientific notation"),
        ("1.8e15", "is a number in scientific notation"),
        ("12.5E+10", "is a number in scientific notation"),
        ("1.5e-7", "is a number in scientific notation"),
        ("-1.5E10", "is a number in scientific notation"),
        ("1.E+5", "is a number in scientific notation"),
        ("12E+5", "is a number in scientific notation"),
        ("1e21", "is a number in scientific notation"),
        ("1E21", "is a number in scientific notation"),
        ("123e10", "is a number in scientific notation"),
        ("12345…", "is cut off"),
        ("12345...", "is cut off"),
        ("...45678", "is cut off"),
        ("123⋯678", "is cut off"),
        ("# team", "is a comment"),
        ("## team", "is a comment"),
        ("#", "is a comment"),
        ("// team", "is a comment"),
        ("-- team", "is a comment"),
        ("bob # vip", "has a comment behind it"),
        ("user:bob", "has the kind `user`"),
    ] {
        let found = IdFault::of_bare(id).map(|fault| fault.to_string());
        assert_eq!(found.as_deref(), Some(fault), "{id}");
        assert_eq!(IdFault::of(id), None, "{id}");
        assert!(Target::parse(&format!("user:{id}"), TargetKind::Alias).is_ok(), "{id}");
    }
    let fault = Target::parse("all", TargetKind::Alias).unwrap_err();
    assert_eq!(fault.advice(), "`broadcast --all` reaches everybody; where it is an id: alias:all");
    for typed in ["*", "user:*"] {
        let fault = Target::parse(typed, TargetKind::User).unwrap_err();
        assert_eq!(fault.advice(), "`broadcast --all` reaches everybody", "{typed}");
    }
}

#[test]
fn a_list_in_a_flag_is_told_as_flags_to_paste() {
    let told = |typed: &str| {
        let error = IdFault::of(typed).expect("a fault").of_flag("--to", typed, None);
        format!("{error}; {}", error.advice().unwrap_or_default())
    };
    assert_eq!(told("u1,u2"), "`--to u1,u2` holds a comma; one id a flag: --to u1 --to u2");
    assert_eq!(
        told("group:g1, g2,"),
        "`--to \"group:g1, g2,\"` holds a comma; one id a flag: --to group:g1 --to group:g2"
    );
    let error = IdFault::Ends('\r').of_flag("--to", "bob\r", None);
    assert_eq!(error.to_string(), "`--to \"bob\\r\"` ends in a carriage return (\\r)");
}
