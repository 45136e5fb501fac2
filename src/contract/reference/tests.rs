use super::*;
use crate::contract::sample::CONTRACT;

/// Columns joined by bars, so that a test can read a page without a terminal.
fn draw(columns: &[&str], rows: &[Vec<String>]) -> String {
    let heading = Some(columns.join(" | ")).filter(|_| columns.iter().any(|name| !name.is_empty()));
    let lines = rows.iter().map(|row| row.join(" | "));
    heading.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn send() -> Page {
    operation(&CONTRACT, CONTRACT.operation("send").expect("an operation"))
}

#[test]
fn an_operation_tells_all_that_its_rows_say() {
    let text = send().text(&draw);
    for line in [
        "sample/send: Send a message",
        "request | POST /send (JSON)",
        "audience | `to` (user)",
        "recall | It cannot be recalled.",
        "in batches | `to`, at most 3 a call",
        "sender | text | Who sends; SDKs call it `fromUser`\nrequired; not empty; at most 8 bytes",
        "to | text, or a list of text | Whom\nrequired; 1 to 3 items; each not empty",
        "room | text | A room\nrequired if `silent` is true",
        "line | whole number, 32 bits | The line\n0 to 9; default: 0",
        "title | text | A title; also `heading`\nat most 6 characters; at most 4 characters (W02)",
        "payload.type | 1 (text) or 2 (place) | The type\nrequired",
        "payload.push.badge-count | whole number, 32 bits | The badge",
        "E05 | error | too many at once | Name one of them.",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("latitude"), "fields of message types have pages of their own");
}

#[test]
fn a_message_type_tells_its_fields_and_its_carriers() {
    let row = CONTRACT.message_type("place").expect("a type");
    let text = message_type(&CONTRACT, row).text(&draw);
    assert!(text.contains("carried by | send"), "{text}");
    assert!(text.contains("latitude | number | Degrees\nrequired; -90 to 90"), "{text}");
    assert!(text.contains("content.userIdList | list of text"), "{text}");
}

#[test]
fn markdown_and_json_hold_the_same_rows_as_the_terminal() {
    let page = send();
    let markdown = page.markdown();
    assert!(markdown.starts_with("# sample/send\n\nSend a message\n\n- **request**"), "{markdown}");
    assert!(markdown.contains("| name | type | required | limits | default | about |"));
    let json = page.json();
    assert_eq!(json["version"], 1);
    let fields = json["fields"].as_array().expect("fields");
    assert_eq!(fields[0]["name"], "sender");
    assert_eq!(fields.len(), page.tables[0].rows.len());
}

#[test]
fn a_code_with_and_without_its_provider_finds_its_meaning() {
    let all = [&CONTRACT];
    let codes = |word: &str| candidates(&all, word).iter().map(Explained::code).collect::<Vec<_>>();
    assert_eq!(codes("sample/E01"), ["sample/E01"]);
    assert_eq!(codes("1001"), ["sample/1001"]);
    assert_eq!(codes("json/null"), ["json/null"]);
    assert!(codes("sample/E99").is_empty());
    let rule = candidates(&all, "E05")[0].page().text(&draw);
    assert!(rule.contains("severity | error") && rule.contains("send | (the body)"), "{rule}");
    let error = candidates(&all, "1001")[0].page().text(&draw);
    assert!(error.contains("retry | no, it would fail again"), "{error}");
    // What an SDK makes of a code has the cause and the fix of that code, under its own name.
    assert_eq!(codes("9001"), ["sample/9001"]);
    let renamed = candidates(&all, "sample/9001")[0].page().text(&draw);
    assert!(renamed.starts_with("sample/9001: the name of 1001 in an SDK: "), "{renamed}");
    assert_eq!(
        renamed.split_once("\n").map(|page| page.1),
        error.split_once("\n").map(|page| page.1)
    );
}

#[test]
fn a_code_without_a_row_is_one_from_elsewhere_or_an_http_status() {
    let all = [&CONTRACT];
    let page = |word: &str| candidates(&all, word).iter().map(Explained::page).collect::<Vec<_>>();
    for (word, name, about) in [
        ("6001", "sample/6001", "a code of the sample's clients"),
        ("sample/6009", "sample/6009", "a code of the sample's clients"),
        ("sample/403", "sample/http-403", "a right, a plan"),
        ("sample/http-403", "sample/http-403", "a right, a plan"),
        ("sample/499", "sample/http-499", "refuses the request"),
        ("502", "sample/http-502", "a gateway"),
    ] {
        let found = page(word);
        assert!(found.len() == 1 && found[0].name == name, "{word}: {found:?}");
        assert!(found[0].about.contains(about), "{word}: {found:?}");
    }
    for word in ["6000", "6010", "06001", "+6001", "sample/299", "sample/600", "other/403"] {
        assert!(page(word).is_empty(), "{word}");
    }
}
