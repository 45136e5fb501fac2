//! `--to`, `--targets` and the vendor's id of one target's message: what follows up on them touches nobody else.

use serde_json::Value;

use crate::sandbox::Served;
use crate::support::{Run, World, finish};

/// How a message went to three targets: in one request, as a job with batches, or as a job with a text for each.
const WAYS: [&str; 3] = ["one", "batches", "each"];

/// What becomes of a follow-up that names one of three targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It is done for this target alone.
    Done,
    /// It is refused: the vendor has no request for some of the targets.
    Refused,
    /// There is no such message, or no such command.
    Absent,
}
use End::{Absent, Done, Refused};

/// A provider, the command, and what becomes of it for each of [`WAYS`].
type Case = (&'static str, &'static [&'static str], [End; 3]);

#[rustfmt::skip]
const CASES: [Case; 11] = [
    ("rongcloud", &["recall"],                  [Done, Done, Done]),
    ("rongcloud", &["update", "--text", "new"], [Done, Done, Done]),
    ("rongcloud", &["clear", "--from", "news"], [Done, Done, Done]),
    ("wildfire",  &["recall"],                  [Done, Done, Done]),
    ("wildfire",  &["delete"],                  [Done, Done, Done]),
    ("wildfire",  &["update", "--text", "new"], [Refused, Refused, Done]),
    ("wildfire",  &["clear", "--from", "news", "--confirm", "wildfire"], [Done, Done, Done]),
    ("easemob",   &["recall"],                  [Done, Done, Done]),
    ("easemob",   &["delete"],                  [Done, Done, Done]),
    ("easemob",   &["update", "--text", "new"], [Done, Done, Done]),
    ("jmessage",  &["recall"],                  [Absent, Done, Done]),
];
#[rustfmt::skip]
const PUSHES: [Case; 2] = [
    ("jpush-v3",  &["recall"],                  [Refused, Refused, Done]),
    ("jpush-v2",  &["recall"],                  [Absent, Absent, Absent]),
];

struct Site {
    world: World,
    served: Served,
    provider: &'static str,
    /// The kind of targets.
    kind: &'static str,
}

impl Site {
    fn start(provider: &'static str) -> Self {
        let world = World::new();
        let served = Served::start(&world, &["--provider", provider, "--log", "requests.ndjson"]);
        world.write("list.csv", "user,name\nuser1,Ann\nuser2,Bob\nuser3,Cy\n");
        let kind = if provider.starts_with("jpush") { "alias" } else { "user" };
        Self { world, served, provider, kind }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.world.command();
        finish(command.envs(self.served.environment()).args(arguments))
    }

    fn sender(&self) -> &'static [&'static str] {
        if self.kind == "alias" { &[] } else { &["--from", "news"] }
    }

    /// Sends to three targets in one of [`WAYS`]. The name of what was sent, and the vendor's ids of the targets.
    fn send(&self, way: &str) -> (String, Vec<(String, String)>) {
        let confirm = ["--confirm", self.provider, "--provider", self.provider];
        let text = if way == "each" { "hi {{name}}" } else { way };
        let list = ["--targets", "list.csv", "--column", "user", "--text", text];
        let named: Vec<String> = (1..4).map(|n| format!("--to={}:user{n}", self.kind)).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let send = match way {
            "one" => [&["send", "--text", text][..], &named, &confirm[2..]].concat(),
            _ => [&["broadcast", "--job", way][..], &list, &confirm].concat(),
        };
        let send = [&send[..], self.sender(), &["--output", "json"]].concat();
        let sent = self.run(&send).ends_with(0).json();
        let (name, targets) = match way {
            "one" => (sent["ledger_id"].as_str().expect("an id").to_owned(), sent),
            _ => {
                let show = ["history", "--job", way, "--as", "targets", "--output", "json"];
                (way.to_owned(), self.run(&show).ends_with(0).json())
            }
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = targets["targets"].as_array().cloned().unwrap_or_default();
        let id = |one: &Value| {
            let target = text(&one["target"]);
            let target = target.rsplit(':').next().unwrap_or_default().to_owned();
            (target, text(&one["id"]))
        };
        (name, all.iter().map(id).collect())
    }

    /// The requests that the vendor has got.
    fn requests(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.world.path("requests.ndjson")).unwrap_or_default();
        let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.map(|one| format!("{} {}", one["target"], one["body"])).collect()
    }

    /// Runs a follow-up that is meant for `user2` alone.
    fn follow(&self, arguments: &[&str], end: End, ids: &[(String, String)]) -> Run {
        let before = self.requests().len();
        let run = self.run(arguments).ends_with(if end == Done { 0 } else { 2 });
        let asked = self.requests().split_off(before);
        let about = format!("{} {arguments:?}: {asked:#?}", self.provider);
        let is_token = |one: &str| !one.contains("token");
        assert_eq!(asked.iter().any(|one| is_token(one)), end == Done, "{about}");
        let own = ids.iter().find(|(user, _)| user == "user2").map(|(_, id)| id.as_str());
        for (user, id) in ids.iter().filter(|(user, _)| user != "user2") {
            let is_his = |one: &String| {
                one.contains(user.as_str())
                    || !id.is_empty() && own != Some(id.as_str()) && one.contains(id.as_str())
            };
            assert!(!asked.iter().any(is_his), "it touches {user}: {about}");
        }
        run
    }
}

fn each_case(cases: &[Case], see: impl Fn(&Site, &[&str], &str, End)) {
    for (provider, command, ends) in cases {
        let site = Site::start(provider);
        for (way, end) in WAYS.into_iter().zip(ends) {
            if *end != Absent {
                see(&site, command, way, *end);
            }
        }
    }
}

fn one_of_three_is_meant(site: &Site, command: &[&str], way: &str, end: End) {
    let (name, ids) = site.send(way);
    let kind = site.kind;
    let line = |to: &str| {
        let to = format!("--to={kind}:{to}");
        let line = [&[command[0], &name, &to][..], &command[1..]].concat();
        line.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let words = |line: &[String]| line.iter().map(String::as_str).collect::<Vec<_>>().join("\t");
    let run = |to: &str, end: End| {
        let line = words(&line(to));
        site.follow(&line.split('\t').collect::<Vec<_>>(), end, &ids)
    };
    let what = if way == "one" { "message" } else { "job" };
    let refused = run("stranger", Refused);
    refused
        .says(&format!("not a target of the {what} "))
        .says(":stranger")
        .says("nothing was sent");
    let both = [words(&line("user2")), format!("--to={kind}:stranger")].join("\t");
    let refused = site.follow(&both.split('\t').collect::<Vec<_>>(), Refused, &ids);
    refused.says(&format!("not a target of the {what} "));
    let done = run("user2", end);
    if end == Refused {
        let done = done.says("cannot be limited to ").says("nothing was sent");
        assert!(["user1", "user2", "user3"].iter().all(|one| done.err.contains(one)), "{done:?}");
    }
}

#[test]
fn a_follow_up_that_names_a_target_touches_nobody_else() {
    each_case(&CASES, one_of_three_is_meant);
    each_case(&PUSHES, one_of_three_is_meant);
}

#[test]
fn a_recall_from_a_list_touches_nobody_else() {
    let see = |site: &Site, command: &[&str], way: &str, end: End| {
        if command[0] != "recall" {
            return;
        }
        let (name, ids) = site.send(way);
        site.world.write("some.txt", format!("{}:user2\n", site.kind));
        let list = |file| vec!["recall", name.as_str(), "--targets", file];
        site.world.write("strangers.txt", format!("{}:stranger\n", site.kind));
        site.follow(&list("strangers.txt"), Refused, &ids).says("none of those who are named");
        let run = site.follow(&list("some.txt"), end, &ids);
        if end == Refused {
            run.says("`recall` takes no list");
        }
    };
    each_case(&CASES, see);
    each_case(&PUSHES, see);
}

#[test]
fn the_id_of_one_target_of_a_batch_stands_for_this_one_alone() {
    let see = |site: &Site, command: &[&str], way: &str, _: End| {
        let (_, ids) = site.send(way);
        let mut own: Vec<&str> = ids.iter().map(|(_, id)| id.as_str()).collect();
        own.dedup();
        // Of a clear, an id says nothing.
        if own.len() < 3 || command[0] == "clear" {
            return;
        }
        let line = [&[command[0], own[1]][..], &command[1..]].concat();
        site.follow(&line, Done, &ids);
        if command[0] != "update" {
            // Both of several ids of a batch are meant, and what is done is not done again.
            let both = [&[command[0], own[1], own[2]][..], &command[1..]].concat();
            let before = site.requests().len();
            site.run(&both).ends_with(0);
            let asked = site.requests().split_off(before);
            let asked: Vec<&String> = asked.iter().filter(|one| !one.contains("token")).collect();
            assert!(asked.iter().all(|one| !one.contains("user1")), "{asked:#?}");
            assert_eq!(asked.len(), 1, "{asked:#?}");
            assert!(asked[0].contains("user3") || asked[0].contains(own[2]), "{asked:#?}");
        }
    };
    each_case(&CASES, see);
}

#[test]
fn a_second_recall_by_an_id_that_the_ledger_does_not_know_says_when_it_was_recalled() {
    let site = Site::start("wildfire");
    let send = ["send", "--provider", "wildfire", "--from", "news", "--to", "user1", "--text", "x"];
    let other = ["--ledger", "other.db", "--output", "json"];
    let sent = site.run(&[&send[..], &other].concat()).ends_with(0).json();
    let uid = sent["ids"]["messageUid"].as_str().expect("an id");
    let confirm = ["--provider", "wildfire", "--confirm", "wildfire"];
    let by = |user| site.run(&[&["recall", uid, "--from", user][..], &confirm].concat());
    let first = by("news").ends_with(0);
    assert!(!first.err.contains("already"), "{first:?}");
    let before = site.requests().len();
    let again = by("news").ends_with(0);
    again.says("recalled already, at ").says("nothing is left to do");
    assert_eq!(site.requests().len(), before, "nothing was sent");
    // In the name of another user it is another request.
    let other = by("boss");
    assert!(!other.err.contains("already") && site.requests().len() > before, "{other:?}");
}

#[test]
fn a_second_recall_of_several_ids_that_the_ledger_does_not_know_sends_only_what_is_left() {
    let site = Site::start("wildfire");
    let send = ["send", "--provider", "wildfire", "--from", "news", "--text", "x", "--to"];
    let other = ["--ledger", "other.db", "--output", "json"];
    let uids: Vec<String> = ["user1", "user2", "user3", "user4"]
        .iter()
        .map(|to| {
            let sent = site.run(&[&send[..], &[to], &other].concat()).ends_with(0).json();
            sent["ids"]["messageUid"].as_str().expect("an id").to_owned()
        })
        .collect();
    let recall = |places: &[usize]| {
        let ids = places.iter().map(|place| uids[*place].as_str());
        let line = ["recall", "--from", "news", "--provider", "wildfire", "--output", "json"];
        let confirm = ["--confirm", "wildfire"];
        let before = site.requests().len();
        let run = site.run(&line.into_iter().chain(ids).chain(confirm).collect::<Vec<_>>());
        (run.ends_with(0), site.requests().len() - before)
    };
    // Alone, in a job, and both again: each message is recalled once.
    let (first, asked) = recall(&[0]);
    assert!(asked == 1 && !first.err.contains("already"), "{first:?}");
    let (two, asked) = recall(&[0, 1, 2]);
    assert_eq!(asked, 2, "{two:?}");
    two.says("recalled already, at ");
    let (again, asked) = recall(&[1, 2]);
    assert_eq!(asked, 0, "{again:?}");
    let again = again.says("recalled already: 2 messages, the last at ").says("nothing is left");
    let told = again.json();
    assert_eq!(
        (&told["outcome"], told["results"].as_array().map(Vec::len)),
        (&"accepted".into(), Some(2))
    );
    let (one, asked) = recall(&[2]);
    assert_eq!(asked, 0, "{one:?}");
    let (rest, asked) = recall(&[3, 2, 0]);
    assert_eq!(asked, 1, "{rest:?}");
    rest.says("recalled already: 2 messages");
    let (all, asked) = recall(&[0, 1, 2, 3]);
    assert_eq!(asked, 0, "{all:?}");
    all.says("recalled already: 4 messages").says("nothing is left to do");
}
