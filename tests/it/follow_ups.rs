//! `recall`, `update` and `delete` of a job with a text for each target, at each vendor that has them.

use crate::support::World;

/// A provider, its sender, the command, and the operation that carries it out.
#[rustfmt::skip]
const CASES: [(&str, &str, &[&str], &str); 11] = [
    ("rongcloud", "news", &["recall"],                  "rongcloud/recall"),
    ("rongcloud", "news", &["update", "--text", "new"], "rongcloud/modify-private"),
    ("wildfire",  "news", &["recall"],                  "wildfire/recall-multicast"),
    ("wildfire",  "news", &["delete"],                  "wildfire/delete-multicast"),
    ("wildfire",  "news", &["update", "--text", "new"], "wildfire/update"),
    ("easemob",   "news", &["recall"],                  "easemob/recall"),
    ("easemob",   "news", &["delete"],                  "easemob/delete-roaming"),
    ("easemob",   "news", &["update", "--text", "new"], "easemob/update"),
    ("jmessage",  "news", &["recall"],                  "jmessage/retract"),
    ("jpush-v3",  "",     &["recall"],                  "jpush-v3/recall"),
    ("jpush-v2",  "",     &["recall"],                  ""),
];

#[test]
fn what_follows_up_on_a_job_of_many_messages_is_a_job_of_as_many_requests() {
    for (provider, sender, command, operation) in CASES {
        let world = World::new();
        world.write("list.csv", "user,name\nuser1,Ann\nuser2,Bob\nuser3,Cy\nuser4,Di\nuser5,Ed\n");
        let from: &[&str] = if sender.is_empty() { &[] } else { &["--from", sender] };
        let place = ["--sandbox", "--provider", provider];
        let list = ["--targets", "list.csv", "--column", "user", "--text", "hi {{name}}"];
        let send = [&["broadcast", "--job", "spring"][..], &place, from, &list].concat();
        world.run(&send).ends_with(0);
        let line = [&command[..1], &["spring"], &command[1..], &place].concat();
        let line = [&line[..], from, &["--output", "json"]].concat();
        if operation.is_empty() {
            world.run(&line).ends_with(2);
            continue;
        }
        let done = world.run(&line).ends_with(0).json();
        let job = &done["job"];
        assert_eq!(format!("{provider}/{}", done["operation"].as_str().expect("it")), operation);
        assert_eq!(
            (&job["requests"], &job["counts"]["accepted"]),
            (&5.into(), &5.into()),
            "{done}"
        );
        // The ledger knows people, not ids of messages.
        let name = job["name"].as_str().expect("a name");
        let whom =
            world.run(&["history", "--job", name, "--as", "targets", "--sandbox"]).ends_with(0).out;
        let is_person = |target: &str| {
            target.ends_with(":news")
                || target.split_once(':').is_some_and(|(_, id)| id.starts_with("user"))
        };
        assert!(whom.lines().all(is_person) && whom.lines().count() == 5, "{provider}: {whom}");
    }
}
