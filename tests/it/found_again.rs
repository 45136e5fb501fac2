//! The ledger: what went out is found and recalled, and what is still needed stays.

use std::time::{Duration, Instant};

use herald::ledger::{
    BatchChange, BatchFilter, JobIntent, Ledger, Opening, PlannedBatch, Preconditions, Realm,
};
use serde_json::{Value, json};

use crate::guards::Live;
use crate::support::{Run, World, finish, latest_job};

const LEDGER: &str = ".local/state/herald/ledger.db";

/// What commands of a job in the sandbox begin with.
pub(crate) fn sandbox(world: &World, arguments: &[&str]) -> Run {
    world.run(&[arguments, &["--sandbox", "--output", "json"]].concat())
}

/// Broadcasts to three groups, a request each.
pub(crate) fn three_groups(world: &World, more: &[&str]) -> Value {
    world.write("list.txt", "group:1\ngroup:2\ngroup:3\n");
    let list = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "hello"];
    sandbox(world, &[&list[..], &["--targets", "list.txt"], more].concat()).ends_with(0).json()
}

pub(crate) fn entries(world: &World) -> Value {
    sandbox(world, &["history"]).ends_with(0).json()["entries"].clone()
}

#[test]
fn a_trial_that_no_vendor_offers_sends_nothing() {
    let world = World::new();
    three_groups(&world, &["--plan", "p.plan"]);
    let trial = ["apply", "p.plan", "--dry-run=server"];
    world.run(&trial).ends_with(2).says("takes one request, and this is a plan");
    let told = world.run(&[&trial[..], &["--output", "json"]].concat()).ends_with(2).json();
    assert_eq!(told["error"]["exit_code"], 2);
    assert_eq!(entries(&world), json!([]));
    world.run(&["apply", "p.plan"]).ends_with(0);

    crate::history::plant(&world, "spring", &[]);
    let before = entries(&world);
    for flag in ["--dry-run=server", "--dry-run", "--curl"] {
        let resume = ["broadcast", "--sandbox", "--resume", "spring", flag];
        world.run(&resume).ends_with(2).says("takes no --dry-run");
    }
    assert_eq!(entries(&world), before);
}

#[test]
fn a_job_to_everybody_is_a_repeat_of_itself() {
    let live = Live::of("jpush-v3");
    let all = ["broadcast", "--all", "--text", "hello", "--confirm", "p"];
    live.run(&[&all[..], &["--job", "one"]].concat()).ends_with(0);
    for more in [&[][..], &["--job", "two"], &["--job", "one"]] {
        live.run(&[&all[..], more].concat()).ends_with(9).says("`repeat`");
    }
    assert_eq!(live.entries(), 1);
}

#[test]
fn the_last_that_was_sent_may_be_a_job_to_everybody() {
    let live = Live::of("jpush-v3");
    let id = |run: Run| {
        let told = run.ends_with(0).json();
        told["ids"]["msg_id"].as_str().expect("an id").to_owned()
    };
    let send = ["send", "--to", "b", "--text", "earlier", "--output", "json"];
    let first = id(live.run(&send));
    let all = ["broadcast", "--all", "--text", "later", "--confirm", "p", "--job", "one"];
    let last = id(live.run(&[&all[..], &["--output", "json"]].concat()));
    let recall = ["recall", "--last", "--dry-run", "--output", "json"];
    let printed = live.run(&recall).ends_with(0).json();
    let url = printed["requests"][0]["url"].as_str().expect("a URL");
    assert!(url.contains(&last) && !url.contains(&first), "{url}: {first}, {last}");
}

/// A job like another one, of whose last requests no answer is known.
fn without_the_last_answers(world: &World, job: &str, count: usize) {
    let mut ledger =
        Ledger::open(&world.path(LEDGER), 0, std::time::Duration::MAX).expect("a ledger");
    let told = latest_job(&mut ledger, job, Realm::Sandbox);
    let now_ms = told.active_ms;
    let mut batches = Vec::new();
    let mut keep = |batch| {
        batches.push(batch);
        std::ops::ControlFlow::Continue(())
    };
    ledger.each_batch(told.intent.id, BatchFilter::All, &mut keep).expect("batches");
    let untold =
        JobIntent { id: uuid::Uuid::now_v7(), name: Some("untold".to_owned()), ..told.intent };
    let id = untold.id;
    ledger.plan_job(&untold).expect("a job");
    for template in &told.templates {
        ledger.plan_template(id, template).expect("a template");
    }
    let planned = batches.iter().map(|one| PlannedBatch {
        template: one.batch.template,
        ids: one.batch.ids.clone(),
        vars: one.batch.vars.clone(),
    });
    ledger.plan_batches(id, &planned.collect::<Vec<_>>()).expect("batches");
    ledger.open_job(id, &Opening::of(&untold), None).expect("an open job");
    ledger.claim_job(id, now_ms).expect("a claim");
    let answered = batches.len() - count;
    for (place, (one, new)) in
        batches.iter().zip(ledger.next_batches(id, None, 9).expect("batches")).enumerate()
    {
        let (batch, started_ms) = (new.key, one.started_ms.expect("it has begun"));
        let begin = BatchChange::Begin { batch, started_ms, dedupe_id: None };
        ledger.commit(id, &[begin], &Preconditions::NONE).expect("it begins");
        if let Some(ending) = one.ending.clone().filter(|_| place < answered) {
            ledger
                .commit(id, &[BatchChange::End { batch, ending }], &Preconditions::NONE)
                .expect("it ends");
        }
    }
    ledger.release_job(id, now_ms).expect("it ends");
}

#[test]
fn a_request_of_unknown_id_keeps_nobody_from_taking_the_rest_of_a_job_back() {
    let world = World::new();
    three_groups(&world, &["--job", "tonight"]);
    without_the_last_answers(&world, "tonight", 1);
    let recall = ["recall", "--job", "untold"];
    let dry = sandbox(&world, &[&recall[..], &["--dry-run"]].concat()).ends_with(0);
    assert_eq!(dry.json()["requests"].as_array().map(Vec::len), Some(2));
    let run = sandbox(&world, &recall).ends_with(8);
    let told = run.json();
    assert_eq!(told["outcome"], "unknown");
    let count = |word: &str| told["job"]["counts"][word].clone();
    assert_eq!(
        (count("accepted"), count("unknown"), count("total")),
        (2.into(), 1.into(), 3.into())
    );
    run.says("1 request to 1 target cannot be recalled");
    // What it is recorded as is what it ended with, in each view; and what is to be settled is the job that was sent.
    let said = told["advice"].as_str().expect("advice");
    assert!(said.contains("history resolve untold --"), "{said}");
    let show = sandbox(&world, &["history", "show", "recall-untold"]).ends_with(0).json();
    assert_eq!((&show["outcome"], &show["advice"]), (&told["outcome"], &told["advice"]));
    assert_eq!(show["job"]["counts"]["unknown"], 1);
    let listed = sandbox(&world, &["history", "--outcome", "unknown"]).ends_with(0).json();
    let listed = listed["entries"].as_array().expect("a list").iter();
    assert!(listed.map(|one| &one["id"]).any(|id| *id == show["id"]), "{show}");
    // Once that is settled, nothing is left to do, and it ends so.
    sandbox(&world, &["history", "resolve", "untold", "--not-accepted"]).ends_with(0);
    let again = sandbox(&world, &recall).ends_with(0);
    assert_eq!(again.json()["outcome"], "accepted");
    again.says("nothing is left to do");

    let world = World::new();
    three_groups(&world, &["--job", "tonight"]);
    without_the_last_answers(&world, "tonight", 3);
    let run = sandbox(&world, &recall).ends_with(8);
    assert_eq!(run.json()["error"]["kind"], "unknown");
    run.says("3 requests to 3 targets cannot be recalled");
    assert_eq!(entries(&world).as_array().map(Vec::len), Some(2), "nothing was begun");
}

#[test]
fn what_is_named_twice_is_taken_back_once() {
    let world = World::new();
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "hi"];
    let told = sandbox(&world, &send).ends_with(0).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (ledger, vendor) = (text(&told["ledger_id"]), text(&told["ids"]["messageUid"]));
    for ids in [[&ledger[..], &ledger[..]], [&ledger[..13], &ledger], [&ledger, &vendor]] {
        let dry = sandbox(&world, &["recall", ids[0], ids[1], "--dry-run"]).ends_with(0).json();
        assert_eq!(dry["requests"].as_array().map(Vec::len), Some(1), "{ids:?}");
    }
    let told = three_groups(&world, &["--job", "tonight"]);
    let job = text(&told["ledger_id"]);
    let dry = sandbox(&world, &["recall", &job, &job, "--dry-run"]).ends_with(0).json();
    assert_eq!(dry["requests"].as_array().map(Vec::len), Some(3));
}

#[test]
fn of_many_that_are_taken_back_people_see_some_and_scripts_all() {
    let world = World::new();
    let list: String = (1..=30).map(|n| format!("group:{n}\n")).collect();
    world.write("many.txt", list);
    let broadcast = ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "hello"];
    let broadcast = [&broadcast[..], &["--targets", "many.txt", "--job", "many"]].concat();
    sandbox(&world, &broadcast).ends_with(0);
    let run = world.run(&["recall", "--sandbox", "--job", "many"]).ends_with(0);
    assert!(run.out.contains("30 of 30 targets"), "{}", run.out);
    let show = ["history", "show", "recall-many", "--sandbox"];
    let people = world.run(&show).ends_with(0).says("and 20 more requests");
    assert_eq!(people.out.matches("\n10 ").count(), 1, "{}", people.out);
    let all = sandbox(&world, &show[..3]).ends_with(0).json();
    assert_eq!(all["batches"].as_array().map(Vec::len), Some(30));
}

#[test]
fn pruning_lets_no_plan_go_out_again_and_gives_no_quota_back() {
    let live = Live::of("rongcloud");
    let prune = ["history", "prune", "--older-than", "0s", "--output", "json"];
    let push =
        |text| live.run(&["broadcast", "--all", "--from", "u1", "--confirm", "p", "--text", text]);
    push("one").ends_with(0);
    live.run(&["send", "--from", "u1", "--to", "u2", "--text", "hi"]).ends_with(0);
    let pruned = live.run(&prune).ends_with(0).json();
    assert_eq!((&pruned["entries"], &pruned["kept_quota"]), (&json!(1), &json!(1)));
    push("two").ends_with(0);
    live.run(&prune[..4])
        .ends_with(0)
        .says("2 of the same age are kept, because they count for a quota");
    push("three").ends_with(9).says("`quota`");

    let live = Live::of("wildfire");
    live.world.write("list.txt", "u1\nu2\n");
    let plan = ["broadcast", "--targets", "list.txt", "--from", "a", "--text", "hello"];
    live.run(&[&plan[..], &["--plan", "p.plan"]].concat()).ends_with(0);
    live.run(&["apply", "p.plan"]).ends_with(0);
    let pruned = live.run(&prune).ends_with(0).json();
    assert_eq!((&pruned["jobs"], &pruned["kept_plans"]), (&json!(0), &json!(1)));
    live.run(&["apply", "p.plan"]).ends_with(3).says("carried out before");
    // One whose time is over goes.
    live.run(&[&plan[..], &["--plan", "q.plan", "--valid-for", "2s"]].concat()).ends_with(0);
    live.run(&["apply", "q.plan", "--override", "repeat"]).ends_with(0);
    std::thread::sleep(Duration::from_millis(2100));
    let pruned = live.run(&prune).ends_with(0).json();
    assert_eq!((&pruned["jobs"], &pruned["kept_plans"]), (&json!(1), &json!(1)));
    live.run(&["apply", "q.plan"]).ends_with(3).says("was valid until");
}

#[test]
fn pruning_removes_what_is_named_and_nothing_else() {
    let live = Live::of("wildfire");
    let send = ["send", "--from", "a", "--to", "b", "--text", "hi"];
    live.run(&send).ends_with(0);
    live.run(&[&send[..], &["--sandbox"]].concat()).ends_with(0);
    let prune = ["history", "prune", "--older-than", "0s", "--output", "json"];
    let gone = |more: &[&str]| {
        live.run(&[&prune[..], more].concat()).ends_with(0).json()["entries"].clone()
    };
    assert_eq!(gone(&["--provider", "jpush-v3", "--dry-run"]), 0);
    assert_eq!(gone(&["--provider", "jpush-v3"]), 0);
    assert_eq!(gone(&["--profile", "p", "--dry-run"]), 1);
    assert_eq!(gone(&["--sandbox"]), 1);
    assert_eq!(live.entries(), 1);
    assert_eq!(gone(&["--sandbox"]), 0);
    assert_eq!(gone(&["--profile", "p", "--provider", "wildfire"]), 1);
    assert_eq!(live.entries(), 0);
}

#[test]
fn a_profile_file_that_cannot_be_read_does_not_say_how_long_entries_are_kept() {
    let world = World::new();
    world.write(".config/herald/profiles.toml", "[ledger]\nkeep_days = \n");
    sandbox(&world, &["history", "prune"]).ends_with(3);
    sandbox(&world, &["history", "prune", "--older-than", "90d"]).ends_with(0);
}

#[test]
fn a_slip_of_the_pen_is_not_an_empty_history() {
    let live = Live::of("wildfire");
    let slips: [(&[&str], i32, &str); 8] = [
        (&["history", "--provider", "wildfir"], 2, "did you mean `wildfire`?"),
        (&["history", "prune", "--provider", "wildfir"], 2, "did you mean `wildfire`?"),
        (&["stop", "j", "--provider", "wildfir"], 2, "did you mean `wildfire`?"),
        (&["history", "--profile", "q"], 3, "`q`"),
        (&["history", "prune", "--profile", "q"], 3, "`q`"),
        (&["history", "show", "spring", "--profile", "q"], 3, "`q`"),
        (&["recall", "--last", "--ledger", "no/l.db"], 3, "there is no ledger no/l.db"),
        (&["broadcast", "--resume", "j", "--ledger", "no/l.db"], 3, "there is no ledger no/l.db"),
    ];
    for (line, code, says) in slips {
        live.run(line).ends_with(code).says(says);
    }
    live.run(&["history", "--profile", "p"]).ends_with(0);
    // Without any profile file, there is nothing to have slipped from but the ledger.
    let world = World::new();
    world.write("file", "x");
    for ledger in ["file/l.db", "no/l.db", "l.db"] {
        for line in [
            &["history"][..],
            &["history", "show", "12345678"],
            &["history", "prune"],
            &["history", "resolve", "12345678", "--accepted"],
            &["stop", "spring"],
        ] {
            let named = [line, &["--ledger", ledger]].concat();
            world.run(&named).ends_with(3).says(&format!("there is no ledger {ledger}"));
            world.run_with(line, &[("HERALD_LEDGER", ledger)]).ends_with(3);
        }
    }
    world.run(&["history"]).ends_with(0).says("nothing was sent yet");
    world.run(&["history", "prune"]).ends_with(0);
    world.run(&["stop", "spring"]).ends_with(2).says("no job");
    world.run(&["history", "resolve", "12345678", "--accepted"]).ends_with(2);
    assert_eq!(crate::support::files_below(&world.path("")), [world.path("file")]);
    // A send makes one where it is told to.
    let send = ["send", "--sandbox", "--provider", "wildfire", "--from", "a", "--to", "b"];
    world.run(&[&send[..], &["--text", "hi", "--ledger", "new/l.db"]].concat()).ends_with(0);
    assert!(world.path("new/l.db").is_file());
    // Of a profile that is no longer in the file the ledger knows.
    live.run(&["send", "--from", "a", "--to", "b", "--text", "hi"]).ends_with(0);
    live.world.write("profiles.toml", "[profiles.other]\nprovider = \"wildfire\"\n");
    let list = live.run(&["history", "--profile", "p", "--output", "json"]).ends_with(0).json();
    assert_eq!(list["entries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn flags_of_the_list_may_stand_before_its_name_and_go_with_nothing_else() {
    let world = World::new();
    crate::history::plant(&world, "spring", &[herald::outcome::Verdict::Rejected]);
    sandbox(
        &world,
        &["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "hi"],
    )
    .ends_with(0);
    for (line, count) in [
        (&["history", "--outcome", "accepted", "list"][..], 1),
        (&["history", "--limit", "1", "list"], 1),
        (&["history", "--limit", "1", "list", "--limit", "5"], 2),
        (&["history", "--failed", "list", "--job", "spring"], 1),
        (&["history", "--since", "1h", "list"], 1),
    ] {
        let list = sandbox(&world, line).ends_with(0).json();
        assert_eq!(list["entries"].as_array().map(Vec::len), Some(count), "{line:?}");
    }
    let targets = sandbox(&world, &["history", "--as", "targets", "list"]).ends_with(0).json();
    assert_eq!(targets["targets"].as_array().map(Vec::len), Some(2));
    for (line, flag) in [
        (&["history", "--outcome", "unknown", "prune"][..], "--outcome"),
        (&["history", "--job", "spring", "show", "spring"], "--job"),
        (&["history", "--limit", "20", "resolve", "spring", "--accepted"], "--limit"),
        (&["history", "--since", "2d", "prune"], "--since"),
    ] {
        sandbox(&world, line).ends_with(2).says(flag);
    }
}

#[test]
fn what_people_found_out_about_a_job_is_shown() {
    let world = World::new();
    crate::history::plant(&world, "spring", &[herald::outcome::Verdict::Unknown]);
    let resolve = ["history", "resolve", "spring", "--not-accepted", "--note", "asked"];
    let run = world.run(&[&resolve[..], &["--sandbox"]].concat()).ends_with(0);
    assert_eq!(run.out, "1 target in 1 request of spring is resolved as not accepted\n");
    let shown = sandbox(&world, &["history", "show", "spring"]).ends_with(0).json();
    assert_eq!((&shown["resolution"], &shown["note"]), (&json!("not-accepted"), &json!("asked")));
    assert_eq!(shown["resolutions"][0]["resolution"], "not-accepted");
    let text = world.run(&["history", "show", "spring", "--sandbox"]).ends_with(0).out;
    assert!(text.contains("not accepted") && text.contains(": asked"), "{text}");
}

#[test]
fn a_ledger_that_somebody_else_holds_is_not_waited_for_beyond_the_deadline() {
    let live = Live::of("wildfire");
    let send = ["send", "--from", "a", "--to", "b", "--text", "hi"];
    live.run(&send).ends_with(0);
    let holder = rusqlite::Connection::open(live.world.path(LEDGER)).expect("a database");
    holder.execute_batch("BEGIN IMMEDIATE").expect("nobody else is at work");
    let began = Instant::now();
    let run = live.run(&[&send[..], &["--deadline", "1s"]].concat()).ends_with(3);
    assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
    run.says("is busy");
    holder.execute_batch("COMMIT").expect("it is held");
    assert_eq!(live.entries(), 1);
    live.run(&[&send[..], &["--deadline", "5s"]].concat()).ends_with(0);
}

#[test]
fn a_guard_that_no_longer_looks_when_it_begins_is_recorded_as_passed() {
    for more in [&[][..], &["--job", "one"]] {
        let live = Live::of("rongcloud");
        let push = ["broadcast", "--all", "--from", "u1", "--confirm", "p", "--text", "one"];
        live.run(&[&push[..], &["--override", "quota"], more].concat()).ends_with(0);
        let list = live.run(&["history", "--output", "json"]).ends_with(0).json();
        assert_eq!(list["entries"][0]["overrides"], json!(["quota"]), "{more:?}");
        let other = ["broadcast", "--all", "--from", "u1", "--confirm", "p", "--text", "two"];
        live.run(&[&other[..], more].concat()).ends_with(0);
        let list = live.run(&["history", "--output", "json"]).ends_with(0).json();
        assert_eq!(list["entries"][0]["overrides"], json!([]), "{more:?}");
    }
}

#[test]
fn an_id_against_repeats_is_shown() {
    let live = Live::of("jpush-v3");
    let sent = live.run(&["send", "--to", "b", "--text", "hi", "--output", "json"]);
    let id = sent.ends_with(0).json()["ledger_id"].as_str().expect("an id").to_owned();
    let shown = live.run(&["history", "show", &id, "--output", "json"]).ends_with(0).json();
    let cid = shown["dedupe_id"].as_str().expect("an id against repeats");
    let text = live.run(&["history", "show", &id]).ends_with(0).out;
    assert!(text.contains("dedupe id") && text.contains(cid), "{text}");
}

#[cfg(unix)]
#[test]
fn a_ledger_that_is_no_file_is_refused_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let pipe = world.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let foreign = world.write("foreign", "somebody else's text, and not short at all\n".repeat(50));
    for path in [&pipe, &foreign] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).expect("rights");
        let ledger = path.to_str().expect("UTF-8");
        let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "hi"];
        sandbox(&world, &[&send[..], &["--ledger", ledger]].concat()).ends_with(3);
        world.run(&["history", "--ledger", ledger]).ends_with(3);
        let mode = std::fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{ledger}");
    }
    let mut names: Vec<_> = std::fs::read_dir(world.path(""))
        .expect("a folder")
        .map(|file| file.expect("a file").file_name())
        .collect();
    names.retain(|name| name != ".local");
    names.sort();
    assert_eq!(names, ["foreign", "pipe"]);
}

#[test]
fn a_vendor_that_does_not_answer_is_asked_no_longer_than_said() {
    let world = World::new();
    // It takes connections, and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", silent.local_addr().expect("an address"));
    let environment = [
        ("HERALD_WILDFIRE_SECRET", "a-secret-of-some-length"),
        ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str()),
    ];
    let check = ["profile", "check", "--provider", "wildfire", "--online"];
    let began = Instant::now();
    let run = world.run_with(&[&check[..], &["--deadline", "500ms"]].concat(), &environment);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!([7, 8].contains(&run.code), "{run:?}");
    world.run(&["profile", "check", "--deadline", "1s"]).ends_with(2).says("--online");
}

#[cfg(unix)]
#[test]
fn a_limit_for_the_size_of_files_is_as_good_as_a_full_disk() {
    let world = World::new();
    let send = "send --provider wildfire --sandbox --from news --to bob --text hi --ledger x.db";
    let herald = env!("CARGO_BIN_EXE_herald");
    let mut shell = std::process::Command::new("sh");
    shell.env_clear().env("HOME", world.path("")).current_dir(world.path(""));
    let run = finish(shell.args(["-c", &format!("ulimit -f 16; exec '{herald}' {send}")]));
    run.ends_with(3).says("cannot write beside the ledger x.db");
    world.run(&send.split(' ').collect::<Vec<_>>()).ends_with(0);
}

#[test]
fn whichever_command_was_the_last_the_file_has_the_whole_ledger() {
    let world = World::new();
    let of = ["--provider", "easemob", "--from", "news"];
    let send = [&["send", "--to", "bob", "--text", "x"][..], &of].concat();
    let call = ["call", "easemob/send-users", "--set", "to:=[\"u1\"]", "--set", "type=txt"];
    let call = [&call[..], &["--set", "from=a", "--set", "body.msg=x"]].concat();
    let many = ["broadcast", "--to", "bob", "--to", "ann", "--text", "x", "--job", "many"];
    for words in [
        &send[..],
        &["recall", "--last"],
        &send,
        &["update", "--last", "--text", "new"],
        &["recall", "7ffda768"],
        &call,
        &["send", "--provider", "rongcloud", "--to", "b", "--text", "x", "--allow", "nothing"],
        &[&many[..], &of].concat(),
        &["recall", "--job", "many"],
        &["stop", "many"],
        &["history", "resolve", "many", "--accepted"],
        &["history", "prune", "--older-than", "1h"],
    ] {
        sandbox(&world, words);
        let history = |name: &str| {
            let path = world.path(name).display().to_string();
            sandbox(&world, &["history", "--ledger", &path]).ends_with(0).json()["entries"].clone()
        };
        // Nothing but the file itself is copied.
        std::fs::copy(world.path(LEDGER), world.path("copy.db")).expect("a copy");
        assert_eq!(history("copy.db"), history(LEDGER), "{words:?}");
        for end in ["", "-wal", "-shm", "-synced"] {
            let _ = std::fs::remove_file(world.path(&format!("copy.db{end}")));
        }
    }
    let entries = entries(&world);
    assert!(entries.as_array().is_some_and(|all| all.len() >= 6), "{entries}");
}
