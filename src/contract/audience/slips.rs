//! What scripts, spreadsheets and input methods leave where an id should stand.

/// The longest of the words below, in bytes. Nearly all ids are longer or begin otherwise.
const LONGEST: usize = 24;

/// The error values of spreadsheets, in upper case.
const ERRORS: [&str; 11] = [
    "#N/A",
    "#NA",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

/// What programs and databases write where they have no value, in lower case.
const NO_VALUES: [&str; 20] = [
    "null",
    "undefined",
    "nan",
    "none",
    "nil",
    "n/a",
    "<null>",
    "<nil>",
    "<none>",
    "(null)",
    "(nil)",
    "(none)",
    "(blank)",
    "{}",
    "[]",
    "true",
    "false",
    "-",
    "--",
    "—",
];

/// What people write for everybody, in lower case.
const EVERYBODY: [&str; 20] = [
    "*",
    "all",
    "everyone",
    "everybody",
    "@all",
    "@everyone",
    "@everybody",
    "@here",
    "all_users",
    "all-users",
    "all users",
    "allusers",
    "所有人",
    "全部",
    "全体",
    "全员",
    "大家",
    "所有用户",
    "全体成员",
    "全部用户",
];

const MONTHS: [&str; 13] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"];

/// Whether a text is an error value of a spreadsheet.
pub fn is_error_value(text: &str) -> bool {
    let is_fill = text.len() > 2 && text.bytes().all(|byte| byte == b'#');
    text.starts_with('#')
        && (is_fill
            || text.len() <= LONGEST && ERRORS.contains(&text.to_ascii_uppercase().as_str()))
}

/// Whether a text is what a program writes where it has no value.
pub(super) fn is_no_value(text: &str) -> bool {
    is_one_of(text, &NO_VALUES)
}

/// Whether a text is a variable that a shell, a program or a person has not filled in: `$USER`, `${user}`, `<userId>`, `%s`.
pub(super) fn is_placeholder(text: &str) -> bool {
    let mut bytes = text.bytes();
    match (bytes.next(), bytes.next(), bytes.next_back()) {
        (Some(b'$'), Some(b'{' | b'('), Some(b'}' | b')')) => true,
        (Some(b'$'), Some(second), _) => second.is_ascii_alphabetic() || second == b'_',
        (Some(b'<'), Some(_), Some(b'>')) | (Some(b'%'), Some(_), Some(b'%')) => true,
        (Some(b'%'), Some(b's' | b'd' | b'v'), None) => true,
        _ => false,
    }
}

/// What is left of a table, a list or a sheet around ids, where a text is such: a ruler, a count of rows, a formula, a number
/// or a mark before the id, a comment behind it.
pub(super) fn leftover(text: &str) -> Option<&'static str> {
    // Nearly all ids are letters and digits without a blank.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    if is_ruler(text) {
        return Some("is a ruler of a table");
    }
    if text.starts_with('=') {
        return Some("is a formula of a spreadsheet");
    }
    if is_comment(text) {
        return Some("is a comment");
    }
    if !text.contains(' ') {
        return None;
    }
    let bare = text.strip_prefix('(').unwrap_or(text);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &bare[digits..];
    let is_count = |rest: &str| ROWS.iter().any(|word| rest.trim_start().starts_with(word));
    if digits > 0 && rest.starts_with(' ') && is_count(rest) {
        Some("is the count of rows of a table")
    } else if digits > 0 && [". ", ") "].iter().any(|mark| rest.starts_with(mark))
        || BULLETS.iter().any(|mark| text.starts_with(mark))
    {
        Some("begins with the mark of an item of a list")
    } else {
        COMMENTS.iter().any(|mark| text.contains(mark)).then_some("has a comment behind it")
    }
}

/// What follows the number of rows that database clients write below a table.
const ROWS: [&str; 3] = ["row", "行", "条"];

const BULLETS: [&str; 7] = ["- ", "* ", "+ ", "> ", "• ", "· ", "● "];

const COMMENTS: [&str; 3] = [" #", " //", " --"];

/// A line that is nothing but a comment: `# team`, `// team`. What begins with a hash and goes on at once may be an id.
fn is_comment(text: &str) -> bool {
    let heading = text.trim_start_matches('#');
    let is_heading = heading.len() < text.len() && (heading.is_empty() || heading.starts_with(' '));
    let begins =
        |mark: &str| text.strip_prefix(mark.trim_start()).is_some_and(|rest| rest.starts_with(' '));
    is_heading || COMMENTS.into_iter().any(begins)
}

/// A line that separates parts of a table: `-----`, `+---+---+`, `===`.
fn is_ruler(text: &str) -> bool {
    let is_line = |c: char| "-=+_~.|:* ".contains(c) || matches!(c, '—' | '\u{2500}'..='\u{257f}');
    text.len() > 1 && text.chars().all(is_line)
}

/// Whether a text stands for everybody in the words of people.
pub(super) fn is_everybody(text: &str) -> bool {
    is_one_of(text, &EVERYBODY)
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    // Lists have millions of ids: the length tells nearly all of them apart, and nothing is copied.
    words.iter().any(|word| word.len() == text.len() && word.eq_ignore_ascii_case(text))
}

/// What a spreadsheet has made of an id, where it has the form of a number or of a date as spreadsheets write them.
pub(super) fn rewritten(text: &str) -> Option<&'static str> {
    // Nearly all ids are seen here not to be such.
    let may_be = text.len() <= LONGEST
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.contains(['.', '-', '/', ' ', '\'', '月']);
    if !may_be {
        None
    } else if is_fraction(text) {
        Some("is a number with `.0` at its end")
    } else if is_grouped(text) {
        Some("is a number with its thousands set apart")
    } else {
        is_date(text).then_some("is a date as a spreadsheet writes it")
    }
}

/// Whether a text is a number as spreadsheets write large ones: one digit, perhaps a fraction, `E`, a plus sign, digits.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return false };
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(a, b)| (a, Some(b)));
    whole.len() == 1
        && is_number(whole)
        && fraction.is_none_or(is_number)
        && exponent.strip_prefix('+').is_some_and(is_number)
}

/// Whether a text is a number as programs write it in scientific notation: `1.5E10`, `1.5e-7`, `12E+5`, `1e21`.
///
/// Without a point or a sign it may be an id of hexadecimal digits, as `12e45678` is: then both of its numbers are short, as in
/// scientific and in engineering notation.
pub(super) fn has_exponent(text: &str) -> bool {
    const MAX_DIGITS: usize = 3;
    let unsigned = text.strip_prefix(['-', '+']);
    let Some((number, power)) = unsigned.unwrap_or(text).split_once(['e', 'E']) else {
        return false;
    };
    let unsigned_power = power.strip_prefix(['-', '+']);
    let exponent = unsigned_power.unwrap_or(power);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_marked = unsigned.is_some() || unsigned_power.is_some() || number.contains('.');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(exponent)
        && digits(whole)
        && digits(fraction)
        && whole.len() + fraction.len() > 0
        && (is_marked || whole.len() <= MAX_DIGITS && exponent.len() <= MAX_DIGITS)
}

/// Whether a display has cut off a text: dots stand for the rest of it.
pub(super) fn is_cut_off(text: &str) -> bool {
    text.starts_with("...") || text.ends_with("...") || text.contains(['…', '⋯'])
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `12345.0`, `12345.00`.
fn is_fraction(text: &str) -> bool {
    let parts = text.split_once('.');
    parts.is_some_and(|(whole, zeros)| {
        is_number(whole) && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0')
    })
}

/// `1 234 567`, `1'234`. Commas and other blanks are refused in each id.
fn is_grouped(text: &str) -> bool {
    [' ', '\''].into_iter().any(|mark| {
        let mut groups = text.split(mark);
        let first = groups.next().unwrap_or_default();
        let mut rest = groups.peekable();
        is_number(first)
            && first.len() <= 3
            && rest.peek().is_some()
            && rest.all(|group| group.len() == 3 && is_number(group))
    })
}

/// `3-Mar`, `3-Mar-26`, `Mar-26`, `3/1/2026`, `2026/3/1`, `3月1日`.
fn is_date(text: &str) -> bool {
    let is_short = |part: &str| is_number(part) && part.len() <= 2;
    let is_year = |part: &str| is_number(part) && matches!(part.len(), 2 | 4);
    if let Some((month, day)) = text.strip_suffix('日').and_then(|text| text.split_once('月')) {
        return is_short(month.rsplit('年').next().unwrap_or(month)) && is_short(day);
    }
    let is_month = |part: &str| MONTHS.contains(&part.to_ascii_lowercase().as_str());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [day, month] if is_month(month) => return is_short(day),
        [month, year] if is_month(month) => return is_year(year),
        [day, month, year] if is_month(month) => return is_short(day) && is_year(year),
        _ => {}
    }
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [a, b, c] => {
            is_short(a) && is_short(b) && is_year(c) || is_year(a) && is_short(b) && is_short(c)
        }
        _ => false,
    }
}

/// The ASCII character that a text shows in another form, as an input method for Chinese types it.
pub(super) fn looks_like(c: char) -> Option<char> {
    let ascii = match c {
        '﹕' | '︰' | '∶' | '꞉' => ':',
        '﹫' => '@',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        _ => return None,
    };
    // Names of groups have brackets and other marks of the language that they are in.
    (ascii.is_ascii_alphanumeric() || ":@.-_*#/+=".contains(ascii)).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_no_ids_are_known() {
        for text in ["#N/A", "#n/a", "#REF!", "#DIV/0!", "########"] {
            assert!(is_error_value(text), "{text}");
        }
        for text in ["#1", "#", "##", "#news", "N/A", ""] {
            assert!(!is_error_value(text), "{text}");
        }
        for text in ["NULL", "Null", "undefined", "NaN", "None", "<nil>", "-", "N/A", "FALSE"] {
            assert!(is_no_value(text), "{text}");
        }
        for text in ["$USER", "${user}", "$(id)", "<userId>", "%s", "%USER%"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["$", "$5", "a$b", "<", "<a", "%", "100%", "%sa", "u%s", ""] {
            assert!(!is_placeholder(text), "{text}");
        }
        for text in ["all", "ALL", "@all", "*", "Everyone", "所有人", "全员"] {
            assert!(is_everybody(text), "{text}");
        }
        for text in ["", "nullo", "allan", "bob-", "a*", "@bob", "全员群", "0", "truex"] {
            assert!(!is_no_value(text) && !is_everybody(text), "{text}");
        }
    }

    #[test]
    fn what_stands_around_ids_in_tables_and_lists_is_known() {
        for text in [
            "---",
            "-------",
            "+----+----+",
            "====",
            "___",
            "─────",
            "(2 rows)",
            "(1 row)",
            "2 rows in set",
            "(3 行)",
            "=A1",
            "=VLOOKUP(A1;B:C;2)",
            "1. alice",
            "12) alice",
            "- alice",
            "* alice",
            "• alice",
            "alice # vip",
            "alice // vip",
        ] {
            assert!(leftover(text).is_some(), "{text}");
        }
        for text in [
            "", "a", "alice", "a-b", "a_b", "_a", "-100", "a=b", "a.b", "李明", "u 1", "1.5",
            "1.alice", "a#b", "(alice)", "2 rooms",
        ] {
            assert_eq!(leftover(text), None, "{text}");
        }
    }

    #[test]
    fn ids_that_a_spreadsheet_has_rewritten_are_known() {
        for text in [
            "12345.0",
            "0.00",
            "1 234 567",
            "1'234",
            "3-Mar",
            "03-sept-2026",
            "Mar-26",
            "3/1/2026",
            "2026/03/01",
            "3月1日",
            "2026年3月1日",
        ] {
            assert!(rewritten(text).is_some(), "{text}");
        }
        for text in [
            "12345",
            "1.5",
            "1.0.0",
            "v1.0",
            "a.0",
            ".0",
            "1 2",
            "12 34",
            "u 123",
            "3-Max",
            "mar",
            "2026-03-01",
            "1-2",
            "10.0.0.1",
            "1/2",
            "a/1/26",
            "月1日",
            "u-3",
        ] {
            assert_eq!(rewritten(text), None, "{text}");
        }
    }

    #[test]
    fn other_forms_of_ascii_are_known() {
        for (c, ascii) in
            [('：', ':'), ('＠', '@'), ('ｂ', 'b'), ('１', '1'), ('∶', ':'), ('＊', '*')]
        {
            assert_eq!(looks_like(c), Some(ascii), "{c}");
        }
        for c in "a:@中（）！。·é".chars() {
            assert_eq!(looks_like(c), None, "{c}");
        }
    }
}
