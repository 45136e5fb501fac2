//! What is deleted from one user's view alone: no words say that the message is gone, and each request is known by itself.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::failures::counting;
use crate::prerequisites::is_whole;
use crate::support::{Run, World, finish};

/// A vendor that sends, and deletes but for the conversations that it refuses.
struct Vendor {
    world: World,
    base: String,
    /// The other user of each conversation from which it was asked to delete.
    asked: Arc<Mutex<Vec<String>>>,
    refuses: Arc<Mutex<Vec<String>>>,
}

impl Vendor {
    fn start() -> Self {
        let (asked, refuses) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (heard, refused) = (Arc::clone(&asked), Arc::clone(&refuses));
        let (port, _) = counting(move |stream| {
            let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
            while !is_whole(&read) {
                match stream.read(&mut chunk) {
                    Ok(0) | Err(_) => return,
                    Ok(count) => read.extend_from_slice(&chunk[..count]),
                }
            }
            let text = String::from_utf8_lossy(&read).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default();
            let (status, answer) = match path.split("userId=").nth(1) {
                None => {
                    let body = text.split("\r\n\r\n").nth(1).unwrap_or_default();
                    let body: Value = serde_json::from_str(body).expect("a payload");
                    let to = body["to"].as_array().expect("a list").iter();
                    let ids = (1..).map(|n| (1_028_442_084_794_698_100_u64 + n).to_string());
                    let data: serde_json::Map<String, Value> = to
                        .zip(ids)
                        .map(|(to, id)| (to.as_str().expect("an id").to_owned(), id.into()))
                        .collect();
                    (200, json!({ "data": data }))
                }
                Some(query) => {
                    let peer = query.split('&').next().unwrap_or_default().to_owned();
                    let is_refused = refused.lock().expect("a list").contains(&peer);
                    heard.lock().expect("a list").push(peer);
                    match is_refused {
                        true => {
                            (400, json!({"error": "param exception", "error_description": "no"}))
                        }
                        false => (200, json!({"requestStatusCode": "ok"})),
                    }
                }
            };
            let answer = answer.to_string();
            let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length:");
            let _ = write!(stream, "{head} {}\r\n\r\n{answer}", answer.len());
        });
        Self { world: World::new(), base: format!("http://127.0.0.1:{port}"), asked, refuses }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.world.command();
        command
            .env("HERALD_EASEMOB_ENDPOINT", &self.base)
            .env("HERALD_EASEMOB_ORG", "o")
            .env("HERALD_EASEMOB_APP", "a")
            .env("HERALD_EASEMOB_TOKEN", "t")
            .args(arguments);
        finish(&mut command)
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().expect("a list"));
        asked.sort();
        asked
    }

    #[track_caller]
    fn deleted(&self, what: &str) -> (Value, String) {
        let json = self.run(&["history", "show", what, "--output", "json"]).ends_with(0).json();
        (json["deleted"].clone(), self.run(&["history", "show", what]).ends_with(0).out)
    }
}

#[test]
fn a_copy_of_one_user_that_is_deleted_is_not_the_message() {
    let vendor = Vendor::start();
    let send = ["send", "--provider", "easemob", "--from", "news", "--to", "u1", "--text", "x"];
    let sent = vendor.run(&[&send[..], &["--output", "json"]].concat()).ends_with(0).json();
    let id = sent["ledger_id"].as_str().expect("an id").to_owned();
    vendor.run(&["delete", &id]).ends_with(0);
    assert_eq!(vendor.asked(), ["u1"]);
    let (deleted, people) = vendor.deleted(&id);
    assert_eq!((&deleted["targets"], &deleted["views"]), (&json!(0), &json!(1)), "{deleted}");
    assert!(people.contains("deleted for 1 user only "), "{people}");
    // The same again is known, and that of another user is not the same.
    vendor.run(&["delete", &id]).ends_with(0).says("deleted already").says("nothing is left to do");
    assert!(vendor.asked().is_empty());
    vendor.run(&["delete", &id, "--from", "u1"]).ends_with(0);
    assert_eq!(vendor.asked(), ["news"]);
    let (deleted, people) = vendor.deleted(&id);
    assert_eq!((&deleted["targets"], &deleted["views"]), (&json!(0), &json!(2)), "{deleted}");
    assert!(people.contains("deleted for 2 users only "), "{people}");
}

#[test]
fn of_several_deletions_about_one_request_those_that_failed_are_left_to_do() {
    let vendor = Vendor::start();
    vendor.world.write("list.txt", "u1\nu2\nu3\n");
    let send = ["broadcast", "--provider", "easemob", "--from", "news", "--text", "x"];
    vendor.run(&[&send[..], &["--targets", "list.txt", "--job", "spring"]].concat()).ends_with(0);
    vendor.refuses.lock().expect("a list").push("u2".to_owned());
    vendor.run(&["delete", "spring"]).ends_with(6);
    assert_eq!(vendor.asked(), ["u1", "u2", "u3"]);
    let (deleted, _) = vendor.deleted("spring");
    assert_eq!((&deleted["targets"], &deleted["views"]), (&json!(0), &json!(1)), "{deleted}");
    vendor.refuses.lock().expect("a list").clear();
    vendor.run(&["delete", "spring"]).ends_with(0).says("deleted already: 2 messages");
    assert_eq!(vendor.asked(), ["u2"]);
    vendor.run(&["delete", "spring"]).ends_with(0).says("nothing is left to do");
    assert!(vendor.asked().is_empty());
}
