//! What the rows say of payloads, and what the server answers.

use super::Example;
use crate::outcome::Verdict;
use crate::provider::kit::testing::MockServer;

#[test]
fn a_message_is_sent_and_recalled_once() {
    let mut server = MockServer::new(&Example);
    let sent = server.outcome("send", r#"{"to":["u1"],"text":"hi"}"#);
    assert_eq!(sent.ids, [("message_id".to_owned(), "m1".to_owned())]);
    for (code, verdict) in [("0", Verdict::Accepted), ("1003", Verdict::Rejected)] {
        let outcome = server.outcome("recall", r#"{"message_id":"m1"}"#);
        assert_eq!((outcome.code.as_deref(), outcome.verdict), (Some(code), verdict));
    }
}
