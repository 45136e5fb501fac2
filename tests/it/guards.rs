//! The guards from outside: the real binary with a live profile, against the mock server on a port.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::sandbox::Served;
use crate::support::{Run, World, finish, short_id};

/// A live profile `p` of a provider at a served sandbox.
pub(crate) struct Live {
    pub(crate) world: World,
    pub(crate) served: Served,
    provider: &'static str,
}

impl Live {
    pub(crate) fn of(provider: &'static str) -> Self {
        let world = World::new();
        let served = Served::start(&world, &[]);
        let live = Self { world, served, provider };
        live.profile("");
        live
    }

    /// Writes the profile with more lines.
    pub(crate) fn profile(&self, more: &str) {
        let provider = self.provider;
        let mut text = format!("[profiles.p]\nprovider = \"{provider}\"\n{more}\n");
        let before = format!("HERALD_{provider}_").replace('-', "_").to_uppercase();
        for (name, _) in self.served.environment() {
            if let Some(key) = name.strip_prefix(&before) {
                text += &format!("{} = {{ env = \"{name}\" }}\n", key.to_lowercase());
            }
        }
        self.world.write("profiles.toml", text);
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], more: &[(&str, &str)]) -> Run {
        let environment = self.served.environment();
        let mut environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        environment.extend(more);
        self.world.run_with(&[arguments, &["--profiles", "profiles.toml"]].concat(), &environment)
    }

    /// The guards that the latest entry of the ledger passed.
    fn overridden(&self) -> serde_json::Value {
        let list = self.run(&["history", "--output", "json"]).ends_with(0).json();
        let id = list["entries"][0]["id"].as_str().expect("an entry");
        self.run(&["history", "show", id, "--output", "json"]).ends_with(0).json()["overrides"]
            .clone()
    }

    pub(crate) fn entries(&self) -> usize {
        let list = self.run(&["history", "--output", "json"]).ends_with(0).json();
        list["entries"].as_array().expect("a list").len()
    }
}

const HELLO: [&str; 7] = ["send", "--from", "a", "--to", "b", "--text", "hello"];

#[test]
fn a_file_that_says_stop_stops_sends_and_recalls_until_somebody_means_it() {
    let live = Live::of("wildfire");
    live.run(&HELLO).ends_with(0);
    live.world.write("stop", "wrong\u{1b}[2Jprice\nmore");
    let stop = [("HERALD_KILL_SWITCH", "stop")];
    let refused = live.run_with(&HELLO, &stop).ends_with(9);
    let refused = refused.says("`kill-switch`").says("says stop: wrong\\u{1b}[2Jprice");
    assert!(!refused.err.contains('\u{1b}') && !refused.err.contains("more"), "{}", refused.err);
    refused.says("--override kill-switch");
    live.run_with(&["recall", "--last"], &stop).ends_with(9).says("`kill-switch`");
    live.run_with(&[&HELLO[..], &["--dry-run"]].concat(), &stop).ends_with(0);
    live.run_with(&[&HELLO[..], &["--sandbox"]].concat(), &stop).ends_with(0);
    assert_eq!(live.entries(), 1, "nothing was begun");
    live.run_with(&[&HELLO[..], &["--override", "kill-switch"]].concat(), &stop).ends_with(0);
    assert_eq!(live.overridden(), serde_json::json!(["kill-switch"]));

    live.run_with(&HELLO, &[("HERALD_KILL_SWITCH", "nothing")]).ends_with(0);
    live.run_with(&HELLO, &[("HERALD_KILL_SWITCH", "")]).ends_with(0);
    live.profile("kill_switch = \"stop\"");
    live.run(&HELLO).ends_with(9).says("stop says stop: ");
    let check = live.run(&["profile", "check"]).ends_with(0);
    assert!(check.out.contains("stop is there, so that nothing is sent"), "{}", check.out);
    std::fs::remove_file(live.world.path("stop")).expect("it was there");
    live.run(&HELLO).ends_with(0);
}

#[test]
fn in_quiet_hours_nothing_leaves() {
    let live = Live::of("wildfire");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let clock = |hours: u64| {
        let minutes = now / 60 + hours * 60;
        format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
    };
    let quiet = |from: u64, to: u64| {
        let (from, to) = (clock(from), clock(to));
        live.profile(&format!(
            "quiet_hours = {{ from = \"{from}\", to = \"{to}\", zone = \"UTC\" }}"
        ));
    };
    quiet(23, 1);
    live.run(&HELLO).ends_with(9).says(&format!("`p` is quiet until {}", clock(1)));
    live.run(&[&HELLO[..], &["--override", "quiet-hour"]].concat())
        .ends_with(2)
        .says("did you mean `quiet-hours`?");
    assert_eq!(live.entries(), 0);
    live.run(&[&HELLO[..], &["--override", "quiet-hours"]].concat()).ends_with(0);
    assert_eq!(live.overridden(), serde_json::json!(["quiet-hours"]));
    quiet(2, 22);
    live.run(&HELLO).ends_with(0);
    live.profile("quiet_hours = { from = \"22:00\", to = \"08:00\" }");
    live.run(&HELLO).ends_with(3).says("`quiet_hours` has no `zone`");
}

#[test]
fn a_test_is_not_broadcast_to_real_people() {
    let live = Live::of("jpush-v3");
    let all = |text| ["broadcast", "--all", "--confirm", "p", "--text", text];
    let says =
        "the text at /notification/alert looks like a test, and `p` is live: \"just a test\"";
    live.run(&all("just a test")).ends_with(9).says(says);
    live.run(&all("Dear {{name}}")).ends_with(9).says("test-content");
    assert_eq!(live.entries(), 0);
    live.run(&all("the latest contest")).ends_with(0);
    // One target is not a broadcast.
    live.run(&["send", "--to", "regid:0900e8d85ef", "--text", "a test"]).ends_with(0);
    live.run(&[&all("just a test")[..], &["--override", "test-content"]].concat()).ends_with(0);
    assert_eq!(live.overridden(), serde_json::json!(["test-content"]));
}

#[test]
fn the_same_broadcast_does_not_go_out_twice_in_a_row() {
    for provider in ["jpush-v2", "jpush-v3"] {
        let live = Live::of(provider);
        let all = ["broadcast", "--all", "--confirm", "p", "--text", "eight o'clock"];
        live.run(&all).ends_with(0);
        let refused = live.run(&all).ends_with(9);
        let list = live.run(&["history", "--output", "json"]).ends_with(0).json();
        let id = list["entries"][0]["id"].as_str().expect("an entry");
        refused
            .says("the same went to the same audience")
            .says(&format!("({}, accepted", short_id(id)));
        live.run(&["broadcast", "--tag", "vip", "--confirm", "p", "--text", "eight o'clock"])
            .ends_with(0);
        live.run(&["broadcast", "--all", "--confirm", "p", "--text", "nine o'clock"]).ends_with(0);
        // A named target may be told the same as often as it takes.
        let one = ["send", "--to", "regid:0900e8d85ef", "--text", "eight o'clock"];
        live.run(&one).ends_with(0);
        live.run(&one).ends_with(0);
        live.run(&[&all[..], &["--override", "repeat"]].concat()).ends_with(0);
        assert_eq!(live.overridden(), serde_json::json!(["repeat"]), "{provider}");
        // What certainly reached no one may be sent again.
        let wrong =
            [("HERALD_JPUSH_V2_MASTER_SECRET", "x"), ("HERALD_JPUSH_V3_MASTER_SECRET", "x")];
        let ten = ["broadcast", "--all", "--confirm", "p", "--text", "ten o'clock"];
        live.run_with(&ten, &wrong).ends_with(4);
        live.run(&ten).ends_with(0);
    }
}

#[test]
fn a_job_that_grows_or_comes_twice_is_refused() {
    let live = Live::of("wildfire");
    let list = |count: usize| {
        let lines: Vec<String> = (0..count).map(|n| format!("user:u{n}")).collect();
        live.world.write("list.txt", lines.join("\n"));
    };
    let weekly = |text| {
        ["broadcast", "--targets", "list.txt", "--job", "weekly", "--from", "a", "--text", text]
    };
    list(10);
    live.run(&weekly("one")).ends_with(0);
    live.run(&weekly("one")).ends_with(9).says("the same went to the same audience");
    list(12);
    live.run(&weekly("one")).ends_with(0);
    list(15);
    let refused = live.run(&weekly("two")).ends_with(9).says("`growth`");
    refused.says("the last job `weekly` reached 12 targets, and this one reaches 15");
    live.run(&[&weekly("two")[..], &["--override", "growth"]].concat()).ends_with(0);
    list(18);
    live.run(&weekly("two")).ends_with(0);
    let other = ["broadcast", "--targets", "list.txt", "--job", "other", "--from", "a"];
    live.run(&[&other[..], &["--text", "a test"]].concat()).ends_with(9).says("test-content");
    live.profile("mode = \"test\"\nallow_to = [\"user:u*\"]");
    live.world.write("list.txt", "user:u1\nuser:boss\nuser:u2\nuser:chief\n");
    let refused = live.run(&[&other[..], &["--text", "three"]].concat()).ends_with(9);
    refused.says("user:boss and 1 more are not on the allow list of `p`");
}

#[test]
fn the_vendors_quota_is_counted_across_runs() {
    let live = Live::of("rongcloud");
    let push = |text| ["broadcast", "--all", "--from", "u1", "--confirm", "p", "--text", text];
    live.run(&push("one")).ends_with(0);
    live.run(&push("two")).ends_with(0);
    let refused = live.run(&push("three")).ends_with(9).says("`quota`");
    let refused = refused.says("2 times in 1 hour (app, all uses together); 0 left");
    refused.says("wait: the next is free in 59 minutes");
    live.run(&[&push("three")[..], &["--dry-run"]].concat()).ends_with(0);
    live.run(&["send", "--from", "u1", "--to", "u2", "--text", "four"]).ends_with(0);
    // The contract allows it again; the mock server does not.
    let told = live.run(&[&push("three")[..], &["--override", "quota"]].concat());
    assert!(told.code != 9 && told.code != 0, "{}", told.err);
    assert_eq!(live.overridden(), serde_json::json!(["quota"]));
}

/// Runs this many at the same moment, and gives back what happened to each.
fn together(count: usize, run: impl Fn(usize) -> Run + Sync) -> Vec<Run> {
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = (0..count).map(|n| scope.spawn(move || run(n))).collect();
        threads.into_iter().map(|one| one.join().expect("it ends")).collect()
    })
}

#[test]
fn of_broadcasts_that_start_at_once_no_more_go_out_than_the_quota_allows() {
    for more in [&[][..], &["--job"]] {
        let live = Live::of("rongcloud");
        let runs = together(6, |n| {
            let text = format!("text {n}");
            let push = ["broadcast", "--all", "--from", "u1", "--confirm", "p", "--text", &text];
            let job = more.iter().flat_map(|flag| [*flag, text.as_str()]).collect::<Vec<_>>();
            live.run(&[&push[..], &job].concat())
        });
        let count = |code| runs.iter().filter(|run| run.code == code).count();
        assert_eq!((count(0), count(9)), (2, 4), "{more:?}: {runs:#?}");
        for refused in runs.into_iter().filter(|run| run.code == 9) {
            refused.says("`quota`").says("--override quota");
        }
        let list = live.run(&["history", "--outcome", "accepted", "--output", "json"]);
        let sent = list.ends_with(0).json()["entries"].as_array().map(Vec::len);
        assert_eq!(sent, Some(2), "{more:?}");
    }
}

#[test]
fn of_the_same_broadcast_that_starts_twice_at_once_one_goes_out() {
    for more in [&["--all", "--confirm", "p"][..], &["--targets", "list.txt", "--yes"]] {
        let live = Live::of("jpush-v3");
        live.world.write("list.txt", "u1\nu2\nu3\n");
        let runs =
            together(4, |_| live.run(&[&["broadcast", "--text", "hello"][..], more].concat()));
        let count = |code| runs.iter().filter(|run| run.code == code).count();
        assert_eq!((count(0), count(9)), (1, 3), "{more:?}: {runs:#?}");
        for refused in runs.into_iter().filter(|run| run.code == 9) {
            refused.says("`repeat`").says("--override repeat");
        }
        assert_eq!(live.entries(), 1, "{more:?}");
    }
}

#[test]
fn of_those_who_carry_out_a_plan_at_once_one_does_and_the_others_are_told_so() {
    let live = Live::of("wildfire");
    live.world.write("list.txt", "u1\nu2\nu3\n");
    let plan = ["broadcast", "--targets", "list.txt", "--from", "a", "--text", "hello"];
    live.run(&[&plan[..], &["--plan", "p.plan"]].concat()).ends_with(0);
    let runs = together(4, |_| live.run(&["apply", "p.plan", "--yes"]));
    let count = |code| runs.iter().filter(|run| run.code == code).count();
    assert_eq!((count(0), count(3)), (1, 3), "{runs:#?}");
    for refused in runs.into_iter().filter(|run| run.code == 3) {
        refused.says("the plan ").says("carried out");
    }
    assert_eq!(live.entries(), 1);
}

#[test]
fn what_an_earlier_run_sent_counts_for_the_pace_of_the_next() {
    let live = Live::of("easemob");
    let body = r#"{"from":"a","msg":{"type":"txt","msg":"one"}}"#;
    live.world.write("body.json", body);
    let call = ["call", "easemob/broadcast-online", "--body", "body.json", "--confirm", "p"];
    let call = [&call[..], &["--override", "repeat", "--deadline", "2s"]].concat();
    live.run(&call).ends_with(0);
    let told = live.run(&call).ends_with(7);
    assert!(told.out.contains("rate limit allows no request before the deadline"), "{}", told.out);
}

#[test]
fn guards_that_cannot_be_overridden_are_not() {
    let live = Live::of("wildfire");
    let read_only = [("HERALD_READ_ONLY", "1")];
    for guard in ["read-only", "guest-list", "sandbox-only", "confirm"] {
        let told = live.run_with(&[&HELLO[..], &["--override", guard]].concat(), &read_only);
        told.ends_with(9).says(&format!("the guard `{guard}` cannot be overridden"));
    }
    let every = ["kill-switch", "quiet-hours", "test-content", "repeat", "growth", "quota"];
    let mut flags = vec!["--yes", "--confirm", "p"];
    every.iter().for_each(|guard| flags.extend(["--override", guard]));
    live.run_with(&[&HELLO[..], &flags].concat(), &read_only).ends_with(9).says("HERALD_READ_ONLY");
    live.profile("mode = \"test\"\nallow_to = [\"user:test-*\"]");
    live.run(&[&HELLO[..], &flags].concat()).ends_with(9).says("guest-list");
    assert_eq!(live.entries(), 0);
}

#[test]
fn the_guards_that_can_be_passed_are_in_the_help() {
    let help = World::new().run(&["send", "--help"]).ends_with(0).out;
    for row in herald::guard::ROWS {
        let listed = help.contains(&format!("- {}: ", row.word));
        assert_eq!(listed, row.can_be_overridden, "{}", row.word);
    }
}

#[test]
fn every_text_of_a_list_is_looked_at_and_what_is_left_of_a_job_again() {
    let live = Live::of("jmessage");
    // The first kind has no entry that can be used: the guards look at the second.
    live.world.write("list.txt", "user:u1\ngroup:101\ngroup:102\n");
    let list = ["broadcast", "--from", "admin", "--targets", "list.txt", "--skip-invalid"];
    live.run(&[&list[..], &["--text", "a test"]].concat()).ends_with(9).says("`test-content`");
    live.profile("max_targets = 1\nconfirm_above = 1");
    live.run(&[&list[..], &["--text", "hi"]].concat()).ends_with(9).says("`max-targets`");
    live.profile("mode = \"test\"\nallow_to = [\"user:test-*\"]");
    live.run(&[&list[..], &["--text", "hi"]].concat()).ends_with(9).says("`guest-list`");
    live.profile("");
    live.world.write(
        "odd.ndjson",
        "{\"to\":\"user10\",\"n\":\"Ann\"}\n{\"to\":\"user11\",\"n\":\"test\"}\n",
    );
    let odd = ["broadcast", "--from", "admin", "--targets", "odd.ndjson", "--text", "Dear {{n}}"];
    live.run(&odd).ends_with(9).says("`test-content`");
    assert_eq!(live.entries(), 0, "nothing was begun");

    // No one listens: all of it is left.
    let nowhere = ("HERALD_JMESSAGE_ENDPOINT", "http://127.0.0.1:9");
    let list = ["broadcast", "--from", "admin", "--targets", "list.txt", "--skip-invalid"];
    let more = ["--text", "hi", "--job", "left", "--deadline", "300ms"];
    live.run_with(&[&list[..], &more].concat(), &[nowhere]).ends_with(7);
    let resume = ["broadcast", "--resume", "left", "--deadline", "300ms"];
    let read_only = ("HERALD_READ_ONLY", "1");
    live.run_with(&resume, &[nowhere, read_only]).ends_with(9).says("`read-only`");
    live.profile("mode = \"test\"\nallow_to = [\"user:test-*\"]");
    live.run_with(&resume, &[nowhere]).ends_with(9).says("`guest-list`");
}

#[test]
fn the_same_broadcast_is_the_same_in_however_many_requests_and_by_whichever_flags() {
    for (provider, from) in [
        ("jpush-v2", "news"),
        ("jpush-v3", "news"),
        ("jmessage", "admin"),
        ("rongcloud", "news"),
        ("wildfire", "news"),
        ("easemob", "news"),
    ] {
        let live = Live::of(provider);
        live.world.write("list.txt", "user77\n");
        let to = |ways: &[&str], text: &str| {
            let start = ["broadcast", "--from", from, "--text", text];
            live.run(&[&start[..], ways].concat())
        };
        to(&["--to", "user77"], "nine").ends_with(0);
        let again = to(&["--targets", "list.txt"], "nine").ends_with(9);
        again.says("the same went to the same audience");
        to(&["--to", "user77", "--job", "j"], "nine").ends_with(9).says("`repeat`");
        to(&["--targets", "list.txt"], "ten").ends_with(0);
        to(&["--to", "user77"], "ten").ends_with(9).says("`repeat`");
        live.world.write("list.txt", "user78\n");
        to(&["--targets", "list.txt"], "ten").ends_with(0);
    }
    // Cut otherwise: by the vendor's limit, by a canary, in another order.
    let live = Live::of("jpush-v3");
    let ids: Vec<String> = (0..1200).map(|n| format!("user{n}")).collect();
    live.world.write("list.txt", ids.join("\n"));
    let list = ["broadcast", "--targets", "list.txt", "--text", "nine", "--yes"];
    live.run(&list).ends_with(0);
    let canary = ["--canary", "1", "--soak", "1s"];
    live.run(&[&list[..], &canary].concat()).ends_with(9).says("`repeat`");
    let turned: Vec<String> = ids.iter().rev().cloned().collect();
    live.world.write("list.txt", turned.join("\n"));
    live.run(&list).ends_with(9).says("`repeat`");
    live.world.write("list.txt", turned[1..].join("\n"));
    live.run(&list).ends_with(0);
}

#[test]
fn a_test_that_values_of_variables_bring_in_is_found_in_what_goes_out() {
    let live = Live::of("wildfire");
    let send = |text: &str, more: &[&str]| {
        let list = ["broadcast", "--from", "a", "--targets", "list.ndjson", "--text", text];
        live.run(&[&list[..], more].concat())
    };
    let rows = |values: &[&str]| {
        let row = |(n, value): (usize, &&str)| format!("{{\"to\":\"u{n}\",\"n\":\"{value}\"}}\n");
        live.world.write("list.ndjson", values.iter().enumerate().map(row).collect::<String>());
    };
    // Behind a line break, as a part of a word, and after many values that are in no text.
    rows(&["Ann", "hello\\ntest"]);
    send("Dear {{n}}", &[]).ends_with(9).says("`test-content`");
    rows(&["an", "st"]);
    send("a te{{n}}", &[]).ends_with(9).says("`test-content`");
    let mut many = vec!["test"; 40];
    many.push("Ann");
    rows(&many);
    send("con{{n}}", &[]).ends_with(0);
    let mut many = vec!["a-test"; 40];
    many.push("test");
    rows(&many);
    send("https://{{n}}/ hello", &[]).ends_with(0);
    assert_eq!(live.entries(), 2);
}

#[cfg(unix)]
#[test]
fn switches_that_are_not_utf_8_are_on_all_the_same() {
    use std::os::unix::ffi::OsStrExt as _;
    let live = Live::of("wildfire");
    let odd = std::ffi::OsStr::from_bytes(b"st\xffop");
    std::fs::write(live.world.path("").join(odd), "wrong price").expect("a file");
    for (name, words) in
        [("HERALD_KILL_SWITCH", "`kill-switch`"), ("HERALD_READ_ONLY", "`read-only`")]
    {
        let mut command = live.world.command();
        command.args(HELLO).args(["--profiles", "profiles.toml"]).envs(live.served.environment());
        finish(command.env(name, odd)).ends_with(9).says(words);
    }
    assert_eq!(live.entries(), 0);
}

#[test]
fn what_is_overridden_for_the_rest_of_a_job_is_recorded() {
    let live = Live::of("wildfire");
    live.world.write("list.txt", "u1\nu2\n");
    let nowhere = ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9");
    let list = ["broadcast", "--from", "a", "--targets", "list.txt", "--text", "hi", "--job", "j"];
    live.run_with(&[&list[..], &["--deadline", "300ms"]].concat(), &[nowhere]).ends_with(7);
    live.profile("kill_switch = \"stop\"");
    live.world.write("stop", "");
    let resume = ["broadcast", "--resume", "j", "--deadline", "300ms"];
    live.run_with(&resume, &[nowhere]).ends_with(9).says("`kill-switch`");
    for _ in 0..2 {
        let meant = [&resume[..], &["--override", "kill-switch"]].concat();
        live.run_with(&meant, &[nowhere]).ends_with(7);
        assert_eq!(live.overridden(), serde_json::json!(["kill-switch"]));
    }
}
