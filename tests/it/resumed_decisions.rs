//! What a person resolved as not accepted is sent once more by `broadcast --resume`, and nothing else is.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::failures::counting;
use crate::support::{Run, World, finish, read_whole};

/// A vendor that gives no answer while it is told so, and whom it was asked to send to, request by request.
struct LosingVendor {
    world: World,
    base: String,
    asked: Arc<Mutex<Vec<Vec<String>>>>,
    /// Which requests, by their first target, get no answer.
    loses: Arc<Mutex<Vec<String>>>,
    /// Which requests, by their first target, are rejected for good.
    rejects: Arc<Mutex<Vec<String>>>,
}

impl LosingVendor {
    fn start(loses: &[&str]) -> Self {
        let loses: Vec<String> = loses.iter().map(|id| (*id).to_owned()).collect();
        let (asked, loses) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(loses)));
        let rejects = Arc::new(Mutex::new(Vec::<String>::new()));
        let (heard, lost, refused) = (Arc::clone(&asked), Arc::clone(&loses), Arc::clone(&rejects));
        let (port, _) = counting(move |stream| {
            let mut read = Vec::new();
            if !read_whole(stream, &mut read) {
                return;
            }
            let text = String::from_utf8_lossy(&read).into_owned();
            let body = text.split("\r\n\r\n").nth(1).unwrap_or_default();
            let body: Value = serde_json::from_str(body).expect("a payload");
            let targets = body["targets"].as_array().expect("targets").iter();
            let targets: Vec<String> =
                targets.map(|one| one.as_str().expect("an id").to_owned()).collect();
            let is_lost = lost.lock().expect("a list").contains(&targets[0]);
            let is_rejected = refused.lock().expect("a list").contains(&targets[0]);
            heard.lock().expect("a list").push(targets);
            if is_lost {
                return;
            }
            let answer = match is_rejected {
                true => r#"{"code":8,"msg":"blocked"}"#,
                false => r#"{"code":0,"msg":"success","result":{"messageUid":589987993540919297}}"#,
            };
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
            let _ = write!(stream, "{head} {}\r\n\r\n{answer}", answer.len());
        });
        Self {
            world: World::new(),
            base: format!("http://127.0.0.1:{port}"),
            asked,
            loses,
            rejects,
        }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.world.command();
        command
            .env("HERALD_WILDFIRE_ENDPOINT", &self.base)
            .env("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own")
            .envs(variables.iter().copied())
            .args(arguments);
        finish(&mut command)
    }

    fn broadcast(&self, text: &str) -> Run {
        self.broadcast_with(text, &[])
    }

    fn broadcast_with(&self, text: &str, more: &[&str]) -> Run {
        let list = "user,name\na,Ann\nb,Bob\nc,Carol\nd,Dan\ne,Eve\n";
        self.world.write("list.csv", list);
        let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", text];
        let to = ["--targets", "list.csv", "--column", "user", "--job", "spring"];
        self.run(&[&send[..], &to, more].concat())
    }

    fn resolve(&self, targets: &[&str], decision: &str) {
        let words = ["history", "resolve", "spring", decision, "--yes"];
        self.run(&[&words[..], targets].concat()).ends_with(0);
    }

    fn resume(&self) -> Run {
        self.run(&["broadcast", "--resume", "spring"])
    }

    /// Whom it was asked to send to since the last look, sorted.
    fn asked(&self) -> Vec<Vec<String>> {
        let mut asked = std::mem::take(&mut *self.asked.lock().expect("a list"));
        asked.sort();
        asked
    }

    #[track_caller]
    fn counts(&self) -> Value {
        let shown = ["history", "show", "spring", "--output", "json"];
        let counts = &self.run(&shown).ends_with(0).json()["job"]["counts"];
        json!([counts["accepted"], counts["unknown"], counts["unavailable"], counts["total"]])
    }
}

#[test]
fn a_resume_sends_what_was_resolved_as_not_accepted_once_more_and_nothing_else() {
    // Each in a request of its own.
    let vendor = LosingVendor::start(&["b", "d", "e"]);
    vendor.broadcast("Dear {{name}}").ends_with(8);
    assert_eq!(vendor.asked().len(), 5);
    assert_eq!(vendor.counts(), json!([2, 3, 0, 5]));
    vendor.loses.lock().expect("a list").clear();
    vendor.resume().ends_with(8);
    assert!(vendor.asked().is_empty(), "what is unknown is not sent");
    vendor.resolve(&["b"], "--not-accepted");
    vendor.resolve(&["d"], "--accepted");
    assert_eq!(vendor.counts(), json!([3, 1, 1, 5]));
    let words = "sent again, because it was resolved as not accepted: 1 target";
    vendor.resume().ends_with(8).says(words);
    assert_eq!(vendor.asked(), [["b"]]);
    assert_eq!(vendor.counts(), json!([4, 1, 0, 5]));
    vendor.resume().ends_with(8);
    assert!(vendor.asked().is_empty());
    vendor.resolve(&[], "--not-accepted");
    vendor.resume().ends_with(0).says(words).tells("5 of 5 targets");
    assert_eq!(vendor.asked(), [["e"]]);
    assert_eq!(vendor.counts(), json!([5, 0, 0, 5]));
}

#[test]
fn of_one_request_with_many_targets_a_resume_sends_to_those_alone() {
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    assert_eq!(vendor.asked(), [["a", "b", "c", "d", "e"]]);
    vendor.resolve(&["b", "d"], "--not-accepted");
    assert_eq!(vendor.counts(), json!([0, 3, 2, 5]));
    vendor.resume().ends_with(8).says("2 targets");
    assert_eq!(vendor.asked(), [["b", "d"]]);
    assert_eq!(vendor.counts(), json!([2, 3, 0, 5]));
    vendor.resolve(&["a"], "--accepted");
    vendor.resolve(&["e", "c"], "--not-accepted");
    // One that is lost again is unknown again, and is decided on anew.
    vendor.loses.lock().expect("a list").push("c".to_owned());
    vendor.resume().ends_with(8);
    assert_eq!(vendor.asked(), [["c", "e"]]);
    assert_eq!(vendor.counts(), json!([3, 2, 0, 5]));
    vendor.resolve(&[], "--accepted");
    assert_eq!(vendor.counts(), json!([5, 0, 0, 5]));
}

#[test]
fn what_was_sent_to_them_by_other_means_is_not_sent_by_a_resume_as_well() {
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    vendor.resolve(&["b", "d"], "--not-accepted");
    // The resume sends to them: the list of those that failed has nothing of that.
    let failed = ["history", "--job", "spring", "--failed", "--as", "targets"];
    let listed = vendor.run(&failed).ends_with(0);
    assert_eq!(listed.out, "");
    let words =
        "2 targets are resolved as not accepted and not listed: `herald broadcast --resume spring";
    assert!(listed.err.contains(words), "{}", listed.err);
    vendor.world.write("left.txt", "user:b\nuser:d\n");
    let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "Open at eight"];
    let again = ["--targets", "left.txt", "--job", "again", "--override", "repeat"];
    vendor.run(&[&send[..], &again].concat()).ends_with(0);
    vendor.asked();
    let resumed = vendor.resume().ends_with(8);
    resumed.says("what was resolved as not accepted is left out: again was sent since");
    assert!(vendor.asked().is_empty());
    // No resume sends to them from now on.
    assert_eq!(vendor.run(&failed).ends_with(0).out, "user:b\nuser:d\n");
}

#[test]
fn a_resume_that_is_refused_uses_up_no_decision() {
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    vendor.resolve(&["b", "d"], "--not-accepted");
    vendor.asked();
    let before = vendor.counts();
    let resume = ["broadcast", "--resume", "spring"];
    let other_secret = [("HERALD_WILDFIRE_SECRET", "another-secret")];
    for refusal in [&[("HERALD_READ_ONLY", "1")], &other_secret] {
        let refused = vendor.run_with(&resume, refusal);
        assert_ne!(refused.code, 8, "{}", refused.err);
        assert!(!refused.err.contains("sent again"), "{}", refused.err);
        assert!(vendor.asked().is_empty(), "{}", refused.err);
        assert_eq!(vendor.counts(), before);
    }
    // One of them gets it by other means. Then the resume knows.
    vendor.world.write("left.txt", "user:b\n");
    let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "Open at eight"];
    let again = ["--targets", "left.txt", "--job", "again", "--override", "repeat"];
    vendor.run(&[&send[..], &again].concat()).ends_with(0);
    vendor.asked();
    vendor.resume().ends_with(8).says("what was resolved as not accepted is left out");
    assert!(vendor.asked().is_empty());
    assert_eq!(vendor.counts(), before);
}

impl LosingVendor {
    /// The requests of the job as `history show` has them: number, targets, outcome, as what they were sent again, and of
    /// what they are a repeat.
    #[track_caller]
    fn requests(&self) -> Vec<Value> {
        let shown =
            self.run(&["history", "show", "spring", "--output", "json"]).ends_with(0).json();
        let row = |one: &Value| {
            let later: Vec<&Value> =
                one["sent_again_as"].as_array().expect("a list").iter().collect();
            let later: Vec<&Value> = later.iter().map(|one| &one["number"]).collect();
            json!([one["number"], one["targets"], one["outcome"], later, one["again_of"]])
        };
        shown["batches"].as_array().expect("requests").iter().map(row).collect()
    }
}

#[test]
fn every_request_that_went_out_is_shown_also_one_that_was_sent_again() {
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    vendor.resolve(&["b", "d"], "--not-accepted");
    vendor.resume().ends_with(8);
    let in_part = json!([1, 5, "unknown", [2], null]);
    assert_eq!(vendor.requests(), [in_part, json!([2, 2, "accepted", [], 1])]);
    vendor.resolve(&[], "--not-accepted");
    vendor.loses.lock().expect("a list").clear();
    vendor.resume().ends_with(0);
    let gone = json!([1, 5, "unavailable", [2, 3], null]);
    let again = |number, targets| json!([number, targets, "accepted", [], 1]);
    assert_eq!(vendor.requests(), [gone, again(2, 2), again(3, 3)]);
    let shown = vendor.run(&["history", "show", "spring"]).ends_with(0);
    let shown = shown.tells("2 accepted; and 1 resolved as not accepted and sent again");
    shown.tells("not accepted, sent again as 2, 3").tells("accepted, again of 1");
    // The vendor's id of the second is in the list, and so is when the first left.
    let json = vendor.run(&["history", "show", "spring", "--output", "json"]).ends_with(0).json();
    assert!(
        json["batches"].as_array().expect("requests").iter().all(|one| one["started"].is_string())
    );
    assert_eq!(vendor.counts(), json!([5, 0, 0, 5]));
}

#[test]
fn one_request_that_was_sent_again_as_a_whole_is_shown_as_two() {
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    vendor.resolve(&[], "--not-accepted");
    vendor.loses.lock().expect("a list").clear();
    vendor.resume().ends_with(0);
    let shown = vendor.run(&["history", "show", "spring"]).ends_with(0);
    shown.tells("not accepted, sent again as 2").tells("accepted, again of 1");
    assert_eq!(vendor.requests().len(), 2);
    // A recall of the job is about what was accepted.
    let recall = ["recall", "--job", "spring", "--dry-run", "--output", "json"];
    let planned = vendor.run(&recall).ends_with(0).json();
    assert_eq!(planned["requests"].as_array().map(Vec::len), Some(1), "{planned}");
}

/// The list of those that failed and a resume share nothing, in either order.
#[test]
fn of_a_job_that_ended_early_the_list_of_the_failed_and_a_resume_reach_each_target_once() {
    for resumes_first in [true, false] {
        let vendor = LosingVendor::start(&[]);
        vendor.rejects.lock().expect("a list").push("a".to_owned());
        let brakes = ["--canary", "1", "--soak", "1ms", "--abort-above", "1%"];
        let ended = vendor.broadcast_with("Dear {{name}}", &brakes).ends_with(5);
        let steps: Vec<&str> = ended.err.lines().filter(|line| line.starts_with("t")).collect();
        let place = |words: &str| steps.iter().position(|line| line.contains(words));
        let resume_step = place("herald broadcast --resume spring").expect(&ended.err);
        let list_step = place("herald history --job spring --failed").expect(&ended.err);
        assert!(resume_step < list_step && steps[list_step].starts_with("then"), "{}", ended.err);
        assert_eq!(vendor.asked(), [["a"]]);
        vendor.rejects.lock().expect("a list").clear();
        let resume = || {
            let all = ["broadcast", "--resume", "spring", "--abort-above", "100%"];
            vendor.run(&all).ends_with(6);
        };
        if resumes_first {
            resume();
        }
        let failed = ["history", "--job", "spring", "--failed", "--as", "targets"];
        let list = vendor.run(&failed).ends_with(0);
        assert_eq!(list.out, "{\"to\":\"user:a\",\"name\":\"Ann\"}\n");
        let words = "4 targets are not sent yet and not listed: `herald broadcast --resume spring";
        assert_eq!(list.err.contains(words), !resumes_first, "{}", list.err);
        vendor.world.write("failed.ndjson", list.out);
        let text = "Dear {{name}}";
        let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", text];
        let again = ["--targets", "failed.ndjson", "--job", "again"];
        vendor.run(&[&send[..], &again].concat()).ends_with(0);
        if !resumes_first {
            resume();
        }
        assert_eq!(vendor.asked(), [["a"], ["b"], ["c"], ["d"], ["e"]]);
    }
}

#[test]
fn the_decision_on_a_target_stands_once_something_was_sent_because_of_it() {
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    vendor.resolve(&["b", "d"], "--not-accepted");
    vendor.world.write("left.txt", "user:b\n");
    let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "Open at nine"];
    let other = ["--targets", "left.txt", "--job", "other"];
    vendor.run(&[&send[..], &other].concat()).ends_with(0);
    let undo = |target| vendor.run(&["history", "resolve", "spring", target, "--undo"]);
    undo("b").ends_with(3).says("was sent on the strength of the decision");
    undo("d").ends_with(0);
    assert_eq!(vendor.counts(), json!([0, 4, 1, 5]));
    // What a resume has sent again is decided by the vendor's answer.
    vendor.resolve(&["d"], "--not-accepted");
    let vendor = LosingVendor::start(&["a"]);
    vendor.broadcast("Open at eight").ends_with(8);
    vendor.resolve(&["b"], "--not-accepted");
    vendor.resume().ends_with(8);
    let undo = vendor.run(&["history", "resolve", "spring", "b", "--undo"]);
    undo.ends_with(2).says("were resolved by hand");
}

/// Values that a format of lists could take for something of its own.
const NAMES: [&str; 5] = ["Ann", " O'Neil, \"Bob\" ", "a\nb\t;c", "{y} \\ <b>", "用户\u{202e}#N/A"];

impl LosingVendor {
    /// A job with a text for each, of which nothing was accepted.
    fn rejected_personally(&self, text: &str, variables: &[(&str, &str)]) {
        let ids = ["a", "b", "c", "d", "e"];
        self.rejects.lock().expect("a list").extend(ids.map(str::to_owned));
        let line = |(id, name): (&str, &str)| json!({"to": id, "name": name}).to_string() + "\n";
        let list: String = ids.into_iter().zip(NAMES).map(line).collect();
        self.world.write("list.ndjson", list);
        let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", text];
        let to = ["--targets", "list.ndjson", "--job", "spring", "--abort-above", "100%"];
        self.run_with(&[&send[..], &to].concat(), variables).ends_with(5);
        self.rejects.lock().expect("a list").clear();
    }
}

#[test]
fn a_list_of_those_that_failed_has_the_values_of_their_texts() {
    for format in [&[][..], &["--output", "ndjson"]] {
        let vendor = LosingVendor::start(&[]);
        vendor.rejected_personally("Dear {{name}}, {{to}}", &[]);
        let failed = ["history", "--job", "spring", "--failed", "--as", "targets"];
        let list = vendor.run(&[&failed[..], format].concat()).ends_with(0).out;
        vendor.world.write("failed.ndjson", &list);
        let send = ["broadcast", "--provider", "wildfire", "--from", "news"];
        let text =
            ["--text", "Dear {{name}}, {{to}}", "--targets", "failed.ndjson", "--job", "again"];
        vendor.run(&[&send[..], &text].concat()).ends_with(0);
        let all = |job: &str| {
            let list = ["history", "--job", job, "--as", "targets", "--output", "json"];
            let listed = vendor.run(&list).ends_with(0).json();
            let targets = listed["targets"].as_array().expect("targets").iter();
            let row = |one: &Value| json!([one["target"], one["name"], one["to"]]);
            targets.map(row).collect::<Vec<Value>>()
        };
        assert_eq!(all("again"), all("spring"));
        assert_eq!(all("again")[1], json!(["user:b", NAMES[1], "b"]));
        let names = ["history", "--job", "spring", "--failed", "--as", "names"];
        assert_eq!(vendor.run(&names).ends_with(0).out.lines().next(), Some("user:a"));
    }
}

#[test]
fn a_ledger_without_the_values_lists_no_targets_for_such_texts() {
    let vendor = LosingVendor::start(&[]);
    vendor.world.write("digests.toml", "[ledger]\npayload = \"digest\"\n");
    let digests = [("HERALD_PROFILES", "digests.toml")];
    vendor.rejected_personally("Dear {{name}}", &digests);
    for format in ["table", "json", "ndjson"] {
        let failed =
            ["history", "--job", "spring", "--failed", "--as", "targets", "--output", format];
        let refused = vendor.run_with(&failed, &digests).ends_with(3);
        refused.says("does not have the values of `{{name}}`").says("--failed --as names");
    }
    let names = ["history", "--job", "spring", "--failed", "--as", "names"];
    let listed = vendor.run_with(&names, &digests).ends_with(0);
    assert_eq!(listed.out, "user:a\nuser:b\nuser:c\nuser:d\nuser:e\n");
    // A job with one text for all needs no values.
    vendor.world.write("all.txt", "a\n");
    let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "hello"];
    let all = ["--targets", "all.txt", "--job", "all"];
    vendor.run_with(&[&send[..], &all].concat(), &digests).ends_with(0);
    let list = ["history", "--job", "all", "--as", "targets"];
    assert_eq!(vendor.run_with(&list, &digests).ends_with(0).out, "user:a\n");
}

#[test]
fn a_variable_with_the_name_of_a_member_is_never_taken_for_it() {
    let vendor = LosingVendor::start(&[]);
    vendor.world.write("list.csv", "user,code,to\na,7,Rome\n");
    let send = ["broadcast", "--provider", "wildfire", "--from", "news", "--targets", "list.csv"];
    let job = |name: &str, text: &str| {
        let more = ["--column", "user", "--job", name, "--text", text];
        vendor.run(&[&send[..], &more].concat()).ends_with(0);
    };
    job("coded", "Code {{code}}");
    let list = ["history", "--job", "coded", "--as", "targets"];
    assert_eq!(vendor.run(&list).ends_with(0).out, "{\"to\":\"user:a\",\"code\":\"7\"}\n");
    vendor.run(&[&list[..], &["--output", "ndjson"]].concat()).ends_with(2).says("`{{code}}`");
    // A list takes its targets from `to`: this one is a town.
    job("town", "Off to {{to}}");
    vendor.run(&["history", "--job", "town", "--as", "targets"]).ends_with(2).says("`{{to}}`");
    let names = ["history", "--job", "town", "--as", "names"];
    assert_eq!(vendor.run(&names).ends_with(0).out, "user:a\n");
}
