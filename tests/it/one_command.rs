//! A message for which a vendor takes several requests is one message: `--last` means all of it, and each part names the others.

use serde_json::{Value, json};

use crate::support::{Run, World};

/// Messages of a vendor that takes one user a request, in the sandbox.
struct Sender(World);

impl Sender {
    fn run(&self, arguments: &[&str]) -> Run {
        self.0.run(&[arguments, &["--sandbox"]].concat())
    }

    /// Sends to these users with one command, and answers the ids in the ledger.
    fn send(&self, text: &str, users: &[&str]) -> Vec<String> {
        let to = users.iter().flat_map(|user| ["--to", user]);
        let send = ["send", "--provider", "jmessage", "--from", "admin1", "--text", text];
        let all: Vec<&str> = send.into_iter().chain(to).chain(["--output", "json"]).collect();
        let sent = self.run(&all).ends_with(0).json();
        let own = vec![sent.clone()];
        let parts = sent["results"].as_array().unwrap_or(&own);
        parts.iter().map(|one| one["ledger_id"].as_str().expect("an id").to_owned()).collect()
    }

    /// Whom each part of the list went to, latest first, with what was done with it.
    fn recalled(&self) -> Vec<String> {
        let all = self.run(&["history", "--output", "json"]).ends_with(0).json();
        let entries = all["entries"].as_array().expect("entries").iter();
        let recalled = entries.filter(|one| one["command"] == "send" && !one["recalled"].is_null());
        recalled.map(|one| one["to"].as_str().expect("a target").to_owned()).collect()
    }
}

#[test]
fn the_last_message_is_all_of_what_its_command_sent() {
    let sender = Sender(World::new());
    sender.send("before", &["user1", "user2"]);
    let last = sender.send("hello", &["user1", "user2", "user3"]);
    let listed = sender.run(&["history", "--output", "json"]).ends_with(0).json();
    let parts: Vec<&Value> =
        listed["entries"].as_array().expect("entries").iter().take(3).collect();
    for (part, number) in parts.iter().zip([3, 2, 1]) {
        assert_eq!((&part["part"]["number"], &part["part"]["of"]), (&json!(number), &json!(3)));
        assert_eq!(part["part"]["command"], parts[0]["part"]["command"]);
    }
    sender.run(&["history"]).ends_with(0).tells("user:user3 (3 of 3)").tells("user:user1 (1 of 2)");
    let shown = sender.run(&["history", "show", &last[0], "--output", "json"]).ends_with(0).json();
    let others: Vec<&Value> =
        shown["sent_with"].as_array().expect("entries").iter().map(|one| &one["id"]).collect();
    assert_eq!(others, [&json!(last[1]), &json!(last[2])]);
    let recall = sender.run(&["recall", "--last", "--output", "json"]).ends_with(0);
    let recall = recall.says("the last message is 3 requests: ");
    assert_eq!(recall.json()["job"]["counts"]["accepted"], 3);
    assert_eq!(sender.recalled(), ["user:user3", "user:user2", "user:user1"]);
    // A message of one request is alone, and is the last one then.
    let alone = sender.send("alone", &["user2"]);
    let shown = sender.run(&["history", "show", &alone[0], "--output", "json"]).ends_with(0).json();
    assert_eq!((&shown["part"], &shown["sent_with"]), (&Value::Null, &json!([])));
    let recall = sender.run(&["recall", "--last"]).ends_with(0);
    assert!(!recall.err.contains("requests"), "{}", recall.err);
    assert_eq!(sender.recalled().len(), 4);
}

#[test]
fn a_recall_of_one_part_is_about_that_alone_and_names_the_others() {
    let sender = Sender(World::new());
    let sent = sender.send("hello", &["user1", "user2", "user3"]);
    let recall = sender.run(&["recall", &sent[1]]).ends_with(0);
    assert!(recall.err.contains("is one of 3 requests of one message"), "{}", recall.err);
    let command = recall.err.split('`').nth(1).expect("a command").to_owned();
    assert_eq!(sender.recalled(), ["user:user2"]);
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let rest = sender.0.run(&words).ends_with(0);
    assert!(!rest.err.contains("is one of"), "those are left out on purpose: {}", rest.err);
    assert_eq!(sender.recalled().len(), 3);
}

#[test]
fn of_the_last_message_what_was_recalled_before_is_not_recalled_again() {
    let sender = Sender(World::new());
    let sent = sender.send("hello", &["user1", "user2", "user3"]);
    sender.run(&["recall", &sent[0]]).ends_with(0);
    let recall = sender.run(&["recall", "--last", "--output", "json"]).ends_with(0);
    assert_eq!(recall.json()["job"]["counts"]["total"], 2);
    assert_eq!(sender.recalled().len(), 3);
}
