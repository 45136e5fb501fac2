use proptest::prelude::*;

use super::*;

#[test]
fn sentences_are_folded_at_blanks_and_between_chinese_characters() {
    let english =
        "error: the guard `guest-list` refuses: user:bob is not on the allow list of `im`";
    insta::assert_snapshot!(fold(english, Some(40), 2), @r#"
    error: the guard `guest-list` refuses:
      user:bob is not on the allow list of
      `im`
    "#);
    let chinese = "说：王小明（产品部）今天下午三点在三号会议室开会，请带上电脑。 OK 吗？";
    insta::assert_snapshot!(fold(chinese, Some(24), 0), @r#"
    说：王小明（产品部）今天
    下午三点在三号会议室开
    会，请带上电脑。 OK 吗？
    "#);
    assert_eq!(fold(english, None, 2), english);
    assert_eq!(fold(english, Some(80), 2), english);
}

#[test]
fn a_command_stays_whole_on_one_line_or_on_lines_that_a_shell_joins() {
    let advice =
        "find out before you retry: `herald history resolve 7ffda768 --check` asks the vendor";
    insta::assert_snapshot!(fold(advice, Some(48), 2), @r#"
    find out before you retry:
      `herald history resolve 7ffda768 --check` asks
      the vendor
    "#);
    let step = "to settle 3 unknown:  herald history resolve spring --check --sandbox --ledger '/tmp/a b/l.db'";
    insta::assert_snapshot!(fold(step, Some(40), 2), @r#"
    to settle 3 unknown:
      herald history resolve spring \
        --check --sandbox --ledger \
        '/tmp/a b/l.db'
    "#);
    let path = format!("`herald history --ledger '/tmp/{}/l.db' --sandbox`", "long/".repeat(12));
    insta::assert_snapshot!(fold(&path, Some(40), 2), @r#"
    `herald history --ledger \
        '/tmp/long/long/long/long/long/l'\
    'ong/long/long/long/long/long/long//'\
    'l.db' --sandbox`
    "#);
}

#[test]
fn only_what_is_wider_than_the_terminal_is_broken() {
    let text = "id 01a22975-d26a-73c7-a47c-7da36e8e0064 and https://api.example.com/message/private/publish.json?a=b";
    insta::assert_snapshot!(fold(text, Some(40), 6), @r#"
    id 01a22975-d26a-73c7-a47c-7da36e8e0064
          and
          https://api.example.com/message/
          private/publish.json?a=b
    "#);
}

#[test]
fn an_excerpt_is_cut_around_what_is_marked() {
    let line = format!("key = \"{}错误{}\"", "a".repeat(40), "b".repeat(40));
    let excerpt = format!("   |\n 7 | {line}\n   | {}^^^^", " ".repeat(47));
    insta::assert_snapshot!(crop(&excerpt, Some(30)), @r#"
      |
    7 | aaaaaaaa错误bbbbbbbbbbbbb
      |         ^^^^
    "#);
    assert_eq!(crop(&excerpt, Some(120)), excerpt);
    assert_eq!(crop(&excerpt, None), excerpt);
}

#[test]
fn colours_take_no_columns() {
    let text = format!("\u{1b}[1;31merror:\u{1b}[0m {}", "ab ".repeat(11).trim_end());
    assert_eq!(columns(&text), 39);
    assert_eq!(fold(&text, Some(40), 2), text);
    assert_eq!(fold(&text, Some(38), 2).lines().count(), 2);
}

#[test]
fn what_is_no_command_is_folded_as_text() {
    for text in [
        "herald reads no more than 5 files",
        "error: herald reads 5 files",
        "why: herald sandbox is busy, and so on",
    ] {
        assert!(commands(text).is_empty(), "{text}");
    }
    assert_eq!(commands("`recall` of `herald stop J` and x").len(), 1);
}

/// What a shell makes of a command: no lines, no quotes.
fn joined(command: &str) -> String {
    command.replace("\\\n", "").replace(' ', "").replace("''", "")
}

proptest! {
    #[test]
    fn no_line_is_wider_and_nothing_is_lost(text in "([a-zß/,.]{1,12}|[你好世界，。（）]{1,9}|[a-z0-9-]{20,60}|👋|é|`x y`| {1,3}){0,40}", width in 20usize..130, hang in 0usize..12) {
        let folded = fold(&text, Some(width), hang);
        for line in folded.split('\n') {
            prop_assert!(columns(line) <= width, "{line:?} of {text:?}");
        }
        let letters = |text: &str| text.replace([' ', '\n'], "");
        prop_assert_eq!(letters(&folded), letters(&text));
        prop_assert_eq!(fold(&folded, Some(width), hang), folded.clone(), "twice is as good as once");
    }

    #[test]
    fn a_folded_command_is_the_same_for_a_shell(words in proptest::collection::vec("--[a-z]{2,9}|[a-z0-9/.:]{1,50}|'[a-z 你]{1,60}'", 1..12), width in 20usize..130) {
        let command = format!("`herald recall {}`", words.join(" "));
        let folded = fold(&command, Some(width), 2);
        for line in folded.split('\n') {
            prop_assert!(columns(line) <= width, "{line:?} of {command:?}");
        }
        prop_assert_eq!(joined(&folded), joined(&command));
    }
}
