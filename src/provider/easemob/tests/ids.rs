//! Ids that are numbers of 64 bits.

use super::CONTRACT;
use crate::contract::{Context, Operation};
use crate::document::Document;
use crate::provider::Vendor as _;
use crate::provider::easemob::Easemob;
use crate::wire::Reply;

fn operation(id: &str) -> &'static Operation {
    CONTRACT.operation(id).expect("an operation")
}

/// The id of a stored notification is a number of 64 bits.
#[test]
fn the_number_of_a_stored_notification_is_exact_or_remarked_on() {
    let row = operation("push-task-broadcast");
    for (id, rules) in [
        ("966475102014956545", &[][..]),
        ("966475102014956500", &["EM-W30"]),
        ("966475102014956544", &["EM-W30"]),
        ("96647510201495650", &[]),
        ("966475102014956545.0", &["EM-93"]),
        ("9.66e17", &["EM-93"]),
        (r#""966475102014956545""#, &["EM-93"]),
    ] {
        let body = format!(r#"{{"pushMsgId":{id},"strategy":3}}"#);
        let document = Document::parse(body.as_str()).expect("JSON");
        let found = crate::lint::lint(&CONTRACT, row, &document, &Context::default());
        let found: Vec<&str> = found.iter().map(|one| one.rule.id).collect();
        assert_eq!(found, rules, "{id}");
    }
    let read = |id: &str| {
        let said = format!(r#"{{"data":{{"pushMsgId":{id}}}}}"#);
        let reply = Reply { status: 200, body: said.into_bytes(), ..Reply::default() };
        Easemob.read(operation("push-message"), &reply)
    };
    assert_eq!(read("966475102014956545").ids[0].1, "966475102014956545");
    let rounded = read("9.66475102014956545e17");
    assert_eq!((rounded.success, rounded.ids.len(), rounded.warnings.len()), (Some(true), 0, 1));
}
