//! The mock server: requests and answers.

use super::json;
use crate::provider::easemob::sandbox::{EasemobServers, TOKEN};
use crate::provider::kit::testing::SandboxMemory;
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Answer, Backend as _, Incoming, SandboxStore as _, SandboxWorld};

const NOW: i64 = 1_767_225_600_000;

#[derive(Default)]
struct Server {
    memory: SandboxMemory,
    /// How many milliseconds after the start it is.
    late: i64,
    switches: Vec<(&'static str, &'static str)>,
}

impl Server {
    fn answer(&mut self, request: &Incoming) -> Answer {
        let switches = self.switches.clone();
        let switch = move |name: &str| {
            let found = switches.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut world = SandboxWorld {
            now_ms: NOW + self.late,
            origin: ORIGIN,
            switches: &switch,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut self.memory,
        };
        EasemobServers.answer(request, &mut world)
    }

    /// Status and the telling part of an answer: `data` or `entities`, else the error and its text.
    fn call(&mut self, line: &str, body: &str) -> String {
        told(&self.answer(&request(line, body)))
    }
}

/// A request from `METHOD /path?query`, below org and app.
fn request(line: &str, body: &str) -> Incoming {
    let (method, target) = line.split_once(' ').expect("a method");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = [
        ("Host", "127.0.0.1:8787".to_owned()),
        ("Authorization", format!("Bearer {TOKEN}")),
        ("Content-Type", "application/json".to_owned()),
    ];
    Incoming {
        method: method.to_owned(),
        path: format!("/herald/sandbox{path}"),
        query: query.to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        body: body.as_bytes().to_vec(),
    }
}

fn set(request: &mut Incoming, name: &str, value: &str) {
    request.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    if !value.is_empty() {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
}

fn told(answer: &Answer) -> String {
    let body = json(std::str::from_utf8(&answer.body).expect("UTF-8"));
    let object = body.as_object().expect("an object");
    let text = |name: &str| object.get(name).map(|node| node.value.to_plain());
    let part = match (text("data").or_else(|| text("entities")), text("error")) {
        (Some(part), _) => part,
        (None, Some(error)) => {
            let code = text("error_code").map(|code| format!(" {code}")).unwrap_or_default();
            format!("{error}{code}: {}", text("error_description").unwrap_or_default())
        }
        (None, None) => body.to_compact(),
    };
    format!("{} {part}", answer.status)
}

const USERS: &str = "POST /messages/users";
const HI: &str = r#"{"from":"a","to":["lily"],"type":"txt","body":{"msg":"hi"}}"#;

#[test]
fn an_answer_of_success_has_the_vendors_envelope() {
    let mut server = Server::default();
    let answer = server.answer(&request(USERS, HI));
    assert_eq!(
        String::from_utf8_lossy(&answer.body),
        r#"{"path":"/messages/users","uri":"http://127.0.0.1:8787/herald/sandbox/messages/users","timestamp":1767225600000,"organization":"herald","application":"0d1e2f30-1111-4222-8333-444455556666","action":"post","data":{"lily":"1403000000000000001"},"duration":1,"applicationName":"sandbox"}"#
    );
    let answer = server.answer(&request(USERS, &HI.replace("hi", &"x".repeat(6000))));
    assert_eq!(
        String::from_utf8_lossy(&answer.body),
        r#"{"error":"message_send_error","exception":"MessageSendException","timestamp":1767225600000,"duration":0,"error_code":14007,"error_description":"message is too large"}"#
    );
}

#[test]
fn requests_get_the_answers_of_the_server() {
    let many = |n: usize| {
        let ids: Vec<String> = (0..n).map(|i| format!("\"u{i}\"")).collect();
        HI.replace("\"lily\"", &ids.join(","))
    };
    let stored = r#"{"title":"t","content":"c"}"#;
    for (line, body, wanted) in [
        (USERS, HI.replace("\"lily\"", ""), "400 message_send_error 14002: param to can't be empty"),
        (USERS, HI.replace("\"a\"", "\"\""), "400 message_send_error 14001: param from can't be empty"),
        (USERS, HI.replace(r#"{"msg":"hi"}"#, "{}"), "400 message_send_error 14005: param body can't be empty"),
        (USERS, HI.replace("\"txt\"", "\"\""), "400 message_send_error: param type can't be empty"),
        (USERS, HI.replace(r#""type""#, r#""ext":[],"type""#), "400 message_send_error: param ext must be JSONObject"),
        (USERS, many(601), "400 message_send_error 14002: params to's size can't exceed limit 600"),
        ("POST /messages/chatgroups", HI.replace("\"lily\"", r#""1","2","3","4""#), "400 message_send_error 14002: params to's size can't exceed limit 3"),
        ("POST /messages/chatgroups/users", HI.replace(r#""type""#, r#""users":[],"type""#), "400 message_send_error: param users can't be empty"),
        (USERS, "{".to_owned(), "400 invalid_request_body: "),
        ("POST /messages", "{".to_owned(), "400 json_parse: "),
        ("POST /messages", r#"{"target":["u"],"msg":{"type":"txt","msg":"x"}}"#.to_owned(), "400 illegal_argument: target_type must be provided"),
        ("POST /messages", r#"{"target_type":"x","target":["u"],"msg":{"type":"txt","msg":"x"}}"#.to_owned(), "400 illegal_argument: target_type can only be"),
        ("POST /messages", r#"{"target_type":"users","target":["u"],"msg":{"type":"txt","msg":"x"}}"#.to_owned(), r#"200 {"u":"success"}"#),
        ("POST /messages?useMsgId=true", r#"{"target_type":"users","target":["u"],"msg":{"type":"txt","msg":"x"}}"#.to_owned(), r#"200 {"u":"14"#),
        ("POST /messages/broadcast", r#"{"target_type":"users","msg":{"type":"txt","msg":"x"}}"#.to_owned(), r#"200 {"id":1070000000000000001}"#),
        ("POST /messages/msg_recall", "{}".to_owned(), "400 message_recall_error: param msg_id can't be empty"),
        ("POST /messages/msg_recall", r#"{"msg_id":"9","to":"u","chat_type":"chat","force":false}"#.to_owned(), "403 message_recall_error: not_found msg"),
        ("PUT /messages/rewrite/abc", r#"{"new_msg":{"type":"txt","msg":"x"}}"#.to_owned(), "400 InvalidMessageIdException: "),
        ("PUT /messages/rewrite/12", r#"{"new_msg":{"type":"txt","msg":"x"}}"#.to_owned(), "404 message_rewrite_error: The message is unavailable"),
        ("PUT /messages/rewrite/12", "{}".to_owned(), "400 illegal_argument: new_msg is required"),
        ("GET /chatmessages/2026010500", String::new(), "404 storage_object_not_found: "),
        ("GET /chatmessages/2026", String::new(), "400 illegal_argument: illegal arguments: appkey"),
        ("POST /messages", r#"{"target_type":"users","target":["u"]}"#.to_owned(), "400 illegal_argument: this is an invalid request."),
        ("POST /messages/broadcast", r#"{"target_type":"chatgroups","msg":{"type":"txt","msg":"x"}}"#.to_owned(), "400 illegal_argument: target_type can only be 'users'"),
        (USERS, HI.replace("\"a\"", "1"), "400 invalid_request_body: Request body is invalid. Please check body is correct."),
        (USERS, HI.replace(r#"["lily"]"#, r#""lily""#), "400 invalid_request_body: "),
        ("POST /messages/msg_recall", r#"{"msg_id":9,"to":"u","chat_type":"chat","force":false}"#.to_owned(), "400 invalid_request_body: "),
        ("POST /messages/users/import", r#"{"from":"a","target":"u","type":"txt"}"#.to_owned(), "400 illegal_argument: message body not allow empty"),
        ("POST /messages/users/import", r#"{"from":"a","target":"u","type":"txt","body":{}}"#.to_owned(), "400 illegal_argument: message body not allow empty"),
        ("POST /messages/chatgroups/import", r#"{"from":"a","target":"1","type":"","body":{"msg":"x"}}"#.to_owned(), "400 illegal_argument: type not allow empty"),
        ("POST /stream_message/user", r#"{"from":"a","to":"u","body":{"msg":"x","seq":-1}}"#.to_owned(), "400 message_send_error 14030: param body.seq is illegal"),
        ("POST /stream_message/user", r#"{"from":"a","to":"u","body":{"msg":"x","seq":1,"msgId":"9"}}"#.to_owned(), "400 message_send_error 14031: can not find stream message by msgId"),
        ("PUT /users/u/chatfiles/lifetime", r#"{"lifetime":"never","chatfile_ids":["x"]}"#.to_owned(), "400 illegal_argument: lifetime must be either 'forever' or 'default' or 'refresh'"),
        ("PUT /users/u/chatfiles/lifetime", format!(r#"{{"lifetime":"default","chatfile_ids":[{}]}}"#, vec![r#""x""#; 101].join(",")), "400 illegal_argument: chatfile_ids size is too large"),
        ("DELETE /rest/message/roaming/chat/user/u", String::new(), "400 Bad Request: Bad Request"),
        ("DELETE /rest/message/roaming/chat/user/u?userId=p", String::new(), "400 Bad Request: Bad Request"),
        ("DELETE /rest/message/roaming/group/user/u/time?groupId=1", String::new(), "400 Bad Request: Bad Request"),
        ("DELETE /rest/message/roaming/group/user/u/time?groupId=1&delTime=1", String::new(), r#"200 {"requestStatusCode":"ok""#),
        ("DELETE /rest/message/roaming/chat/user/u?userId=p&msgIdList=1", String::new(), r#"200 {"requestStatusCode":"ok""#),
        ("GET /push/label/%E4%BC%9A%E5%91%98", String::new(), "400 ResourceNotFoundException: push label not exists of 会员"),
        ("POST /push/message", r#"{"title":" ","content":"c"}"#.to_owned(), "400 MessageException: bad_request"),
        ("POST /messages/users/import", r#"{"from":"a","target":"u","type":"txt","body":{"msg":"x"},"msg_timestamp":1656906628428}"#.to_owned(), r#"200 {"msg_id":"14"#),
        ("DELETE /users/u/user_channel", r#"{"channel":"v","type":"chat","delete_roam":true}"#.to_owned(), r#"200 {"result":"ok"}"#),
        ("DELETE /users/u/user_channel", r#"{"type":"chat","delete_roam":true}"#.to_owned(), "400 illegal_argument: field channel cannot be null or empty"),
        ("DELETE /rest/message/roaming/chat/user/u?userId=p&msgIdList=1,2", String::new(), r#"200 {"requestStatusCode":"ok""#),
        ("POST /rest/message/roaming/user/u/delete/all", String::new(), r#"200 {"requestStatusCode":"ok""#),
        ("POST /push/sync/u", format!(r#"{{"pushMessage":{stored}}}"#), r#"200 [{"pushStatus":"SUCCESS"}]"#),
        ("POST /push/single", format!(r#"{{"targets":["a"],"pushMessage":{stored}}}"#), r#"200 [{"id":"a","pushStatus":"ASYNC_SUCCESS"}]"#),
        ("POST /push/list/label", format!(r#"{{"targets":["l"],"pushMessage":{stored}}}"#), r#"200 {"taskId":968120369184112183}"#),
        ("POST /push/message", stored.to_owned(), "200 832253695868580465"),
        ("POST /push/task/broadcast", r#"{"pushMsgId":1}"#.to_owned(), "400 MessageException: "),
        // What official clients send although documents refuse it.
        (USERS, HI.replace(r#""type""#, r#""ext":null,"routetype":"","type""#), "200 {\"lily\":\"14"),
        (USERS, HI.replace(r#""type""#, r#""ext":{"em_force_notification":"yes"},"type""#), "200 {\"lily\":\"14"),
        // Doubled slashes do not matter.
        ("POST //messages//users/", HI.to_owned(), "200 {\"lily\":\"14"),
        ("POST /messages/nowhere", HI.to_owned(), "404 web_application: "),
        ("GET /messages/users", String::new(), "405 web_application: "),
    ] {
        let mut server = Server::default();
        let found = server.call(line, &body);
        assert!(found.starts_with(wanted), "{line} {body:.150}: {found}, not {wanted}");
    }
}

#[test]
fn only_good_tokens_open_the_door() {
    let mut server = Server::default();
    let ask = |secret: &str| {
        format!(
            r#"{{"grant_type":"client_credentials","client_id":"herald-sandbox-client","client_secret":"{secret}","ttl":60}}"#
        )
    };
    assert!(server.call("POST /token", &ask("x")).starts_with("400 invalid_grant: client_secret"));
    // One client labels the body as a form, another sends an empty bearer.
    let mut token = request("POST /token", &ask("herald-sandbox-secret"));
    set(&mut token, "content-type", "application/x-www-form-urlencoded");
    set(&mut token, "authorization", "Bearer ");
    assert!(
        told(&server.answer(&token))
            .starts_with(r#"200 {"access_token":"YWMt-sandbox-1","expires_in":60"#)
    );
    let mut send = request(USERS, HI);
    set(&mut send, "authorization", "Bearer YWMt-sandbox-1");
    assert!(told(&server.answer(&send)).starts_with("200 "));
    server.late = 61_000;
    assert!(told(&server.answer(&send)).starts_with("401 unauthorized: "));
    for (header, wanted) in [
        ("", "401 unauthorized: Unable to authenticate due to expired access token"),
        ("Bearer x", "401 auth_bad_access_token"),
        ("Basic x", "401 unauthorized"),
    ] {
        set(&mut send, "authorization", header);
        assert!(told(&server.answer(&send)).starts_with(wanted), "{header}");
    }
    let mut other = request(USERS, HI);
    other.path = "/herald/other/messages/users".to_owned();
    assert!(told(&server.answer(&other)).starts_with("404 organization_application_not_found"));
}

#[test]
fn a_users_token_needs_a_user() {
    let mut server = Server::default();
    let ask = |name: &str, create: bool| {
        format!(r#"{{"grant_type":"inherit","username":"{name}","autoCreateUser":{create}}}"#)
    };
    let long = "x".repeat(65);
    for (name, create, wanted) in [
        ("u", false, "404 invalid_grant: user not found"),
        ("A b", true, "400 illegal_argument: username [A b] is not legal"),
        (long.as_str(), true, "400 illegal_argument: USERNAME_TOO_LONG"),
        ("u", true, "200 "),
        ("u", false, "200 "),
        ("v", false, "404 invalid_grant: user not found"),
    ] {
        let found = server.call("POST /token", &ask(name, create));
        assert!(found.starts_with(wanted), "{name} {create}: {found}");
    }
    assert!(server.call("POST /token", &ask("u", true)).contains(r#""user":{"username":"u""#));
}

#[test]
fn content_types_are_read_as_the_vendors_samples_have_them() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let import = r#"{"from":"a","target":"1","type":"txt","body":{"msg":"x"}}"#;
    let delete = r#"{"channel":"v","type":"chat","delete_roam":true}"#;
    for (line, body, media, status) in [
        (USERS, HI, "", 200),
        (USERS, HI, "application/json; charset=utf-8", 200),
        (USERS, HI, FORM, 415),
        (USERS, HI, "text/plain", 415),
        ("POST /messages/users/import", import, FORM, 200),
        ("POST /messages/chatgroups/import", import, FORM, 200),
        ("POST /messages/users/import", import, "", 200),
        ("POST /messages/users/import", import, "text/plain", 415),
        ("DELETE /users/u/user_channel", delete, FORM, 200),
        ("DELETE /users/u/user_channel", delete, "", 200),
        ("DELETE /users/u/user_channel", delete, "text/xml", 415),
        ("POST /push/label", r#"{"name":"l"}"#, FORM, 415),
    ] {
        let mut request = request(line, body);
        set(&mut request, "content-type", media);
        assert_eq!(Server::default().answer(&request).status, status, "{line} as `{media}`");
    }
}

#[test]
fn what_was_sent_can_be_taken_back_once_and_in_time() {
    let recall = |id: &str, to: &str, force: bool| {
        format!(r#"{{"msg_id":"{id}","to":"{to}","chat_type":"chat","force":{force}}}"#)
    };
    let path = "POST /messages/msg_recall";
    let (one, two) = ("1403000000000000001", "1403000000000000002");
    let mut server = Server::default();
    server.call(USERS, HI);
    server.call(USERS, HI);
    assert!(
        server
            .call(path, &recall(one, "bob", false))
            .starts_with("400 message_recall_error: can't find msg to")
    );
    assert_eq!(
        server.call(path, &recall(one, "lily", false)),
        format!(
            r#"200 {{"recalled":"yes","chattype":"chat","from":"admin","to":"lily","msg_id":"{one}"}}"#
        )
    );
    assert!(
        server
            .call(path, &recall(one, "lily", true))
            .starts_with("403 message_recall_error: not_found msg")
    );
    server.late = 121_000;
    assert!(
        server
            .call(path, &recall(two, "lily", false))
            .starts_with("403 message_recall_error: exceed recall time limit")
    );
    let batch =
        format!(r#"{{"msgs":[{},{}]}}"#, recall(one, "lily", false), recall(two, "lily", true));
    let found = server.call("POST /messages/batch_recall", &batch);
    assert!(
        found.contains(r#""recalled":"not_found msg""#) && found.contains(r#""recalled":"yes""#),
        "{found}"
    );
    server.switches.push(("recall", "off"));
    assert!(
        server
            .call(path, &recall(two, "lily", true))
            .starts_with("403 forbidden_op: message recall service is unopened")
    );
    let command = r#"{"from":"a","to":["lily"],"type":"cmd","body":{"action":"x"}}"#;
    let mut server = Server::default();
    server.call(USERS, command);
    assert!(
        server
            .call(path, &recall(one, "lily", true))
            .starts_with("403 message_recall_error: not_found msg")
    );
}

#[test]
fn a_message_can_be_edited_ten_times_in_its_own_type() {
    let mut server = Server::default();
    server.call(USERS, HI);
    let path = "PUT /messages/rewrite/1403000000000000001";
    let edit = r#"{"new_msg":{"type":"txt","msg":"new"},"new_ext":{"k":"v"}}"#;
    assert!(
        server.call(path, r#"{"new_msg":{"type":"img"}}"#).starts_with("400 message_rewrite_error")
    );
    for _ in 0..10 {
        assert_eq!(server.call(path, edit), "200 success");
    }
    assert_eq!(
        server.call(path, edit),
        "403 message_rewrite_error: The message has reached its edit limit and cannot be modified further."
    );
    let kept = server.memory.get("message", "1403000000000000001").expect("a message");
    assert!(kept.to_compact().contains(r#""content":{"type":"txt","msg":"new"},"ext":{"k":"v"}"#));
}

#[test]
fn a_stream_grows_chunk_by_chunk() {
    let path = "POST /stream_message/user";
    let chunk = |to: &str, body: &str| format!(r#"{{"from":"a","to":"{to}","body":{body}}}"#);
    let next = |seq: u8| {
        chunk("u", &format!(r#"{{"msg":"b","seq":{seq},"msgId":"1403000000000000001"}}"#))
    };
    let mut server = Server::default();
    assert_eq!(
        server.call(path, &chunk("u", r#"{"msg":"a","seq":0}"#)),
        r#"200 {"msgId":"1403000000000000001"}"#
    );
    assert_eq!(server.call(path, &next(1)), "200 {}");
    assert!(server.call(path, &next(1)).starts_with("400 message_send_error 14038"));
    assert!(server.call(path, &next(3)).starts_with("400 message_send_error 14030"));
    let other = next(2).replace("\"u\"", "\"v\"");
    assert!(server.call(path, &other).starts_with("400 message_send_error 14037"));
    assert!(
        server
            .call(path, &next(2).replace("0001", "0009"))
            .starts_with("400 message_send_error 14031")
    );
    let last = next(2).replace("\"seq\"", "\"finish\":true,\"seq\"");
    assert_eq!(server.call(path, &last), "200 {}");
    assert!(server.call(path, &next(3)).starts_with("400 message_send_error 14035"));
    let kept = server.memory.get("message", "1403000000000000001").expect("a message");
    assert!(kept.to_compact().contains(r#""content":{"msg":"abb"}"#));
    let mut server = Server::default();
    server.call(path, &chunk("u", r#"{"msg":"a","seq":0}"#));
    server.late = 31_000;
    assert!(server.call(path, &next(1)).starts_with("400 message_send_error 14033"));
}

#[test]
fn files_are_stored_and_fetched() {
    let mut server = Server::default();
    let mut upload = request(
        "POST /chatfiles",
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n",
    );
    set(&mut upload, "content-type", "multipart/form-data; boundary=x");
    set(&mut upload, "restrict-access", "1");
    assert_eq!(
        told(&server.answer(&upload)),
        r#"200 [{"uuid":"55f12940-64af-11e4-8a5b-000000000001","type":"chatfile","share-secret":"sandbox-share-1"}]"#
    );
    let mut fetch = request("GET /chatfiles/55f12940-64af-11e4-8a5b-000000000001", "");
    assert_eq!(server.answer(&fetch).status, 401);
    set(&mut fetch, "share-secret", "sandbox-share-1");
    assert_eq!(server.answer(&fetch).body, b"hello");
    assert!(server.call("GET /chatfiles/none", "").starts_with("404 entity_not_found"));
    let mut empty = request("POST /chatfiles", "--x--");
    set(&mut empty, "content-type", "multipart/form-data; boundary=x");
    assert!(
        told(&server.answer(&empty)).starts_with("400 illegal_argument: file must be provided.")
    );
    let keep =
        r#"{"lifetime":"forever","chatfile_ids":["55f12940-64af-11e4-8a5b-000000000001","none"]}"#;
    assert!(
        server
            .call("PUT /users/u/chatfiles/lifetime", keep)
            .ends_with(r#"000000000001":"success","none":"failed"}"#)
    );
}

#[test]
fn delivery_is_told_and_counted() {
    let mut server = Server::default();
    server.call(USERS, HI);
    server.call(USERS, &HI.replace(r#""type""#, r#""routetype":"ROUTE_ONLINE","type""#));
    let status = |n: u8| format!("GET /users/lily/offline_msg_status/140300000000000000{n}");
    assert_eq!(server.call(&status(1), ""), r#"200 {"1403000000000000001":"undelivered"}"#);
    assert_eq!(server.call(&status(2), ""), r#"200 {"1403000000000000002":"delivered"}"#);
    assert_eq!(server.call("GET /users/lily/offline_msg_count", ""), r#"200 {"lily":1}"#);
    server.switches.push(("online", "on"));
    assert_eq!(server.call(&status(1), ""), r#"200 {"1403000000000000001":"delivered"}"#);
    assert_eq!(server.call("GET /users/lily/offline_msg_count", ""), r#"200 {"lily":0}"#);
    // The sandbox's clock is that of Beijing.
    let told = server.call("GET /chatmessages/2026010108", "");
    assert!(told.starts_with(&format!(r#"200 [{{"url":"{ORIGIN}/"#)), "{told}");
}

#[test]
fn labels_have_users() {
    let mut server = Server::default();
    let label = "/push/label";
    assert!(
        server
            .call(&format!("POST {label}"), r#"{"name":"vip"}"#)
            .starts_with(r#"200 {"name":"vip""#)
    );
    server.late = 1000;
    assert!(
        server
            .call(&format!("POST {label}"), r#"{"name":"vip"}"#)
            .starts_with("400 IllegalArgumentException")
    );
    let users = r#"{"usernames":["a","b"]}"#;
    assert_eq!(
        server.call(&format!("POST {label}/vip/user"), users),
        r#"200 {"success":["a","b"],"fail":{}}"#
    );
    assert!(
        server
            .call(&format!("DELETE {label}/vip/user"), r#"{"usernames":["a","x"]}"#)
            .starts_with(r#"200 {"success":["a"],"fail":{"x":"#)
    );
    assert!(
        server.call(&format!("GET {label}/vip/user?limit=1"), "").contains(r#"[{"username":"b""#)
    );
    assert!(server.call(&format!("GET {label}/vip/user/b"), "").starts_with("200"));
    assert!(server.call(&format!("GET {label}/vip/user/a"), "").starts_with("400"));
    assert!(server.call(&format!("DELETE {label}/vip"), "").starts_with("200"));
    assert!(server.call(&format!("GET {label}/vip"), "").starts_with("400"));
}

#[test]
fn quotas_run_out_and_come_back() {
    let mut server = Server::default();
    let broadcast = r#"{"target_type":"users","msg":{"type":"txt","msg":"x"}}"#;
    let all = "POST /messages/broadcast";
    assert!(server.call(all, broadcast).starts_with("200"));
    assert!(server.call(all, broadcast).starts_with("429 reach_limit"));
    for half_hours in 1..3 {
        server.late = half_hours * 1_800_000;
        assert!(server.call(all, broadcast).starts_with("200"));
    }
    server.late = 3 * 1_800_000;
    assert!(
        server
            .call(all, broadcast)
            .starts_with("403 forbidden_op: broadcast message limit exceeded")
    );
    server.late = 86_400_000;
    assert!(server.call(all, broadcast).starts_with("200"));
    let groups = HI.replace("\"lily\"", r#""1","2","3""#);
    for _ in 0..6 {
        assert!(server.call("POST /messages/chatgroups", &groups).starts_with("200"));
    }
    assert!(
        server
            .call("POST /messages/chatgroups", &groups)
            .starts_with("403 message_send_error: message send reach limit")
    );
    let task = r#"{"pushMessage":{"title":"t","content":"c"}}"#;
    for seconds in 0..3 {
        server.late = 86_400_000 + seconds * 1000;
        assert!(server.call("POST /push/task", task).starts_with("200"));
    }
    server.late += 1000;
    assert!(server.call("POST /push/task", task).starts_with("403 LimitException"));
    server.switches.push(("quota", "off"));
    assert!(server.call("POST /push/task", task).starts_with("200"));
}
