//! What a community server of version 1.4.8 serves besides.

use super::sandbox::{HI, SEND};
use super::server::Server;

#[test]
fn a_robot_answers_under_the_servers_rules_in_both_editions() {
    let mention = "\"type\":1,\"mentionedType\":1,\"mentionedTarget\":[\"robot1\"],";
    let asked = |kind: u8| {
        HI.replace("\"type\":1,", mention).replace("\"type\":0", &format!("\"type\":{kind}"))
    };
    let late = 15 * 60_000 + 1;
    let closed: &[(&str, &str)] = &[("mention_external_robot", "false")];
    for (question, wait, switches, code) in [
        (asked(0), 0, &[][..], 0),
        (asked(1), late - 1, &[], 0),
        (HI.to_owned(), 0, &[], 10),
        (HI.replace("\"type\":0", "\"type\":2"), late, &[], 10),
        (asked(2), 0, &[], 254),
        (asked(3), late, &[], 254),
        (asked(0), late, &[], 24),
        (asked(1), 0, closed, 0),
        (asked(0), 0, closed, 254),
    ] {
        for mut server in [Server::new(), Server::community()] {
            server.switches.extend(switches);
            let uid = server.send(SEND, &question);
            server.now_ms += wait;
            let reply = format!(r#"{{"messageUid":{uid},"payload":{{"type":1}}}}"#);
            let answer = server.text("/robot/message/reply", &reply);
            assert!(answer.starts_with(&format!("{{\"code\":{code},")), "{question}: {answer}");
        }
    }
}

#[test]
fn a_community_server_offers_uploads_where_it_is_told_to() {
    let ask = r#"{"fileName":"a b.png","mediaType":1,"contentType":"image/png"}"#;
    for path in ["/admin/oss/get_upload_url", "/robot/oss/get_upload_url"] {
        assert!(Server::community().text(path, ask).contains("251"), "{path}");
        let mut server = Server::community();
        server.switches.push(("use_qiniu", "1"));
        let answer = server.text(path, ask);
        assert!(answer.contains("\"type\":1") && answer.contains("/upload/1/a b.png"), "{answer}");
    }
}
