//! The body of a request on a terminal: long lists of ids show the first and the last ones, and their number.

/// A list with more items than this is shortened.
const LONG: usize = 12;

/// How many of its first and of its last items are shown.
const ENDS: usize = 3;

/// Signs that separate ids in bodies: in JSON, in a form, in a text with commas, and in such a text of a form.
const SEPARATORS: [&str; 3] = ["\",\"", ",", "%2C"];

/// Blanks, quotes and braces in percent-encoding: what holds them is a text or JSON, and no id.
const SYNTAX: [&str; 5] = ["%20", "%22", "%7B", "%7D", "%0A"];

/// A body whose long lists are shortened.
pub(super) fn shortened(body: &str) -> String {
    let fields: Vec<&str> = body.split('&').collect();
    let name = |field: &str| field.split('=').next().unwrap_or_default().to_owned();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for field in fields {
        match groups.last_mut().filter(|group| field.contains('=') && name(group[0]) == name(field))
        {
            Some(group) => group.push(field),
            None => groups.push(vec![field]),
        }
    }
    let groups = groups.iter().map(|group| joined(group, "&"));
    let text = groups.collect::<Vec<_>>().join("&");
    SEPARATORS.iter().fold(text, |text, separator| runs(&text, separator))
}

/// A text in which each long run of ids with a separator between them is shortened.
fn runs(text: &str, separator: &str) -> String {
    let parts: Vec<&str> = text.split(separator).collect();
    // What stands before the first id and after the last one is not an id, and belongs to these parts.
    let is_id = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || "-_.@+#*:~$^!%".contains(c))
            && !SYNTAX.iter().any(|code| part.contains(code))
    };
    let mut out: Vec<String> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for part in parts {
        if is_id(part) {
            run.push(part);
        } else {
            if !run.is_empty() {
                out.push(joined(&std::mem::take(&mut run), separator));
            }
            out.push(part.to_owned());
        }
    }
    if !run.is_empty() {
        out.push(joined(&run, separator));
    }
    out.join(separator)
}

/// Items with a separator between them; of many the first and the last ones, and how many there are between them.
fn joined(items: &[&str], separator: &str) -> String {
    if items.len() <= LONG {
        return items.join(separator);
    }
    let left = items.len() - 2 * ENDS;
    let (first, last) = (&items[..ENDS], &items[items.len() - ENDS..]);
    let more = format!("... {left} more ...");
    [&first.join(separator), more.as_str(), &last.join(separator)].join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_ids_show_their_ends_and_their_number() {
        let ids: Vec<String> = (0..1000).map(|n| format!("u{n:03}")).collect();
        let json =
            format!("{{\"from\":\"a\",\"targets\":[\"{}\"],\"text\":\"a, b\"}}", ids.join("\",\""));
        insta::assert_snapshot!(shortened(&json), @r#"
        {"from":"a","targets":["u000","u001","u002","u003","... 992 more ...","u996","u997","u998","u999"],"text":"a, b"}
        "#);
        let form = format!("from=a&to={}&text=hello", ids.join("&to="));
        insta::assert_snapshot!(shortened(&form), @r#"
        from=a&to=u000&to=u001&to=u002&... 994 more ...&to=u997&to=u998&to=u999&text=hello
        "#);
        let comma = format!("from=a&value={}&text=hello", ids.join("%2C"));
        insta::assert_snapshot!(shortened(&comma), @r#"
        from=a&value=u000%2Cu001%2Cu002%2Cu003%2C... 992 more ...%2Cu996%2Cu997%2Cu998%2Cu999&text=hello
        "#);
        let chinese = vec!["%E9%87%8E%E7%81%AB"; 300].join("%2C");
        let shown = shortened(&format!("value={chinese}&text=%E4%BD%A0"));
        assert!(
            shown.len() < 250 && shown.contains("... 29") && shown.ends_with("&text=%E4%BD%A0"),
            "{shown}"
        );
        let short = "{\"targets\":[\"a\",\"b\"],\"text\":\"one, two, three\"}";
        assert_eq!(shortened(short), short);
    }
}
