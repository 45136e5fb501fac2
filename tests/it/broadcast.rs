//! Broadcasts of lists through the real binary, against the mock server inside it.

use serde_json::{Value, json};

use crate::support::{Run, World, short_id};

fn list(count: usize) -> String {
    (1..=count).map(|n| format!("user{n:04}\n")).collect()
}

fn broadcast(world: &World, more: &[&str]) -> Run {
    let start = ["broadcast", "--sandbox", "--from", "news", "--text", "hello", "--output", "json"];
    world.run(&[&start[..], more].concat())
}

/// Whether a document is what `herald schema NAME` says.
fn fits(world: &World, name: &str, document: &Value) {
    let schema = world.run(&["schema", name]).ends_with(0).json();
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = schema.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
}

#[test]
fn a_list_goes_out_in_as_few_requests_as_each_vendor_takes_and_is_told_target_by_target() {
    let world = World::new();
    world.write("list.txt", list(1500));
    world.write("few.txt", list(20));
    for (provider, from, file, targets, requests) in [
        ("jpush-v2", "news", "list.txt", 1500, 2),
        ("jpush-v3", "news", "list.txt", 1500, 2),
        ("jmessage", "news", "few.txt", 20, 20),
        ("rongcloud", "news", "list.txt", 1500, 2),
        ("wildfire", "news", "list.txt", 1500, 2),
        ("easemob", "news", "list.txt", 1500, 3),
    ] {
        let more = ["--provider", provider, "--from", from, "--targets", file];
        let start = ["broadcast", "--sandbox", "--text", "hello", "--output", "json"];
        let file_of_results = format!("{provider}.ndjson");
        let results = ["--results", &file_of_results];
        let run = world.run(&[&start[..], &more, &results].concat()).ends_with(0);
        let told = run.json();
        fits(&world, "output/broadcast", &told);
        assert_eq!(told["outcome"], "accepted", "{provider}");
        assert_eq!(told["job"]["counts"]["accepted"], targets, "{provider}");
        assert_eq!(told["job"]["requests"], requests, "{provider}");
        let text = std::fs::read_to_string(world.path(&file_of_results)).expect("results");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines.len(), targets, "{provider}");
        fits(&world, "output/results", &lines[0]);
        assert!(lines.iter().all(|line| line["outcome"] == "accepted"), "{provider}");
    }
}

#[test]
fn a_dry_run_shows_the_requests_and_what_they_come_to_and_writes_nothing_down() {
    let world = World::new();
    world.write("list.txt", list(2500));
    let run = broadcast(&world, &["--provider", "rongcloud", "--targets", "list.txt", "--dry-run"]);
    let told = run.ends_with(0).json();
    fits(&world, "output/dry-run", &told);
    assert_eq!(told["targets"], 2500);
    assert_eq!(told["requests_total"], 3);
    assert_eq!(told["requests"].as_array().map(Vec::len), Some(3));
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
}

#[test]
fn nothing_is_sent_of_a_list_with_a_bad_entry_unless_it_may_be_left_out() {
    let world = World::new();
    world.write("list.txt", "alice\nusr:bob\n\ncarol\ngroup:\nalice\n");
    let more = ["--provider", "wildfire", "--targets", "list.txt"];
    let refused = broadcast(&world, &more).ends_with(3);
    refused.says("2 entries of list.txt").says("line 2: `usr:bob`").says("line 5");
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
    let told = broadcast(&world, &[&more[..], &["--skip-invalid"]].concat()).ends_with(0).json();
    assert_eq!(told["job"]["counts"]["accepted"], 2);
    // What the vendor's own limits say of an id is found before anything is sent, too.
    world.write("short.txt", "long-enough\nu1\n");
    let more = ["--provider", "jmessage", "--from", "admin", "--targets", "short.txt"];
    let refused = world.run(&[&["broadcast", "--sandbox", "--text", "x"][..], &more].concat());
    refused.ends_with(3).says("line 2: `u1`");
}

#[test]
fn variables_fill_in_the_texts_of_each_target_at_every_depth() {
    let world = World::new();
    world.write(
        "list.ndjson",
        "{\"to\":\"alice\",\"name\":\"A\\\"nn {{x}}\"}\n{\"to\":\"bob\",\"name\":\"鲍勃\"}\n",
    );
    let more = ["--provider", "rongcloud", "--from", "news", "--targets", "list.ndjson"];
    let start = ["broadcast", "--text", "Dear {{name}}", "--dry-run", "--output", "json"];
    let told = world.run(&[&start[..], &more].concat()).ends_with(0).json();
    let bodies: Vec<String> = told["requests"]
        .as_array()
        .expect("requests")
        .iter()
        .map(|request| request["body"].as_str().expect("a body").to_owned())
        .collect();
    // The text stands in JSON inside a form: the quote is escaped twice, the braces are not expanded again.
    assert!(
        bodies[0].contains("%5C%22nn%20%7B%7Bx%7D%7D")
            || bodies[0].contains("%5C%22nn+%7B%7Bx%7D%7D"),
        "{bodies:?}"
    );
    assert!(bodies[1].contains("%E9%B2%8D%E5%8B%83"), "{bodies:?}");
    let start = ["broadcast", "--sandbox", "--text", "Dear {{nam}}"];
    world.run(&[&start[..], &more].concat()).ends_with(3).says("nam");
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
}

#[test]
fn a_plan_is_carried_out_once_and_exactly_so_or_not_at_all() {
    let world = World::new();
    world.write("list.txt", list(30));
    let more = ["--provider", "easemob", "--targets", "list.txt", "--plan", "p.plan", "--job", "n"];
    let told = broadcast(&world, &more).ends_with(0).json();
    fits(&world, "output/plan", &told);
    assert_eq!((&told["targets"], &told["requests_total"]), (&json!(30), &json!(1)));
    let plan = std::fs::read_to_string(world.path("p.plan")).expect("a plan");
    world.write("edited.plan", plan.replace("user0007", "user9999"));
    world.run(&["apply", "edited.plan"]).ends_with(3).says("was edited");
    world.run(&["apply", "list.txt"]).ends_with(3).says("is no plan");
    world.run(&["apply", "p.plan", "--provider", "rongcloud"]).ends_with(3).says("easemob");
    // The list is no longer looked at.
    world.write("list.txt", "somebody-else\n");
    let told = world.run(&["apply", "p.plan", "--output", "json"]).ends_with(0).json();
    assert_eq!(told["job"]["counts"]["accepted"], 30);
    assert_eq!(told["job"]["name"], "n");
    world.run(&["apply", "p.plan"]).ends_with(3).says("was carried out before");
    world.run_on(&["apply", "-"], &plan).ends_with(3).says("was carried out before");
    let more = ["--provider", "easemob", "--to", "bob", "--plan", "q.plan", "--valid-for", "1ms"];
    broadcast(&world, &more).ends_with(0);
    std::thread::sleep(std::time::Duration::from_millis(5));
    world.run(&["apply", "q.plan"]).ends_with(3).says("was valid until");
    let more = ["--provider", "easemob", "--to", "bob", "--plan", "r.plan", "--valid-for", "25h"];
    broadcast(&world, &more).ends_with(2).says("24h");
}

#[test]
fn a_job_is_taken_back_as_a_whole_and_by_the_id_of_one_of_its_messages() {
    let world = World::new();
    world.write("list.txt", "group:1\ngroup:2\ngroup:3\n");
    let more = ["--provider", "wildfire", "--targets", "list.txt", "--job", "tonight"];
    broadcast(&world, &more).ends_with(0);
    let told = world.run(&["recall", "--sandbox", "--job", "tonight", "--output", "json"]);
    let told = told.ends_with(0).json();
    assert_eq!(
        (&told["job"]["name"], &told["job"]["requests"]),
        (&json!("recall-tonight"), &json!(3))
    );
    broadcast(&world, &more).ends_with(0);
    let told =
        world.run(&["recall", "--sandbox", "--last", "--output", "json"]).ends_with(0).json();
    // The other job of the name has a recall of its own.
    assert_eq!(
        (&told["job"]["name"], &told["job"]["requests"]),
        (&json!("recall-tonight-2"), &json!(3))
    );
    let one = broadcast(&world, &["--provider", "wildfire", "--targets", "list.txt"]);
    let ledger_id = one.ends_with(0).json()["ledger_id"].as_str().expect("an id").to_owned();
    let told = world.run(&["recall", "--sandbox", &ledger_id, "--output", "json"]).ends_with(0);
    assert_eq!(told.json()["job"]["requests"], 3);
    world.run(&["recall", "--sandbox", "--job", "tonigt"]).ends_with(2).says("tonight");
}

#[test]
fn flags_that_do_not_go_together_are_told_apart() {
    let world = World::new();
    world.write("list.txt", "a\n");
    world.write("list.ndjson", "{\"to\":\"a\"}\n");
    for (more, words) in [
        (&["--targets", "list.txt", "--to", "b"][..], "both name targets"),
        (&["--targets", "list.txt", "--all"], "cannot be used with"),
        (&["--targets", "-", "--body", "-"], "both read stdin"),
        (&["--targets", "list.txt", "--dry-run=server"], "takes one request"),
        (&["--targets", "nowhere.txt"], "nowhere.txt"),
        (&["--targets", "."], "folder"),
        (
            &["--targets", "list.txt", "--set", "targets:=[\"zz\"]"],
            "`--targets` and `--set targets` contradict",
        ),
        (&["--column", "x", "--to", "b"], "--targets"),
        (&["--column", "to", "--targets", "list.ndjson"], "has its targets under `to`"),
        (&["--targets", "list.txt", "--encoding", "gkb"], "gbk"),
        (&["--targets", "list.txt", "--abort-above", "200%"], "between 0 and 100%"),
        (&["--targets", "list.txt", "--soak", "5s"], "--canary"),
        (&["--targets", "list.txt", "--plan", "-"], "writes a file"),
        (&["--targets", "list.txt", "--plan", "list.txt"], "would be replaced"),
        (&["--targets", "list.txt", "--plan", "."], "no regular file"),
        (&["--targets", "list.txt", "--plan", "p", "--results", "r"], "to `apply FILE`"),
        (&["--targets", "list.txt", "--results", "list.txt"], "would be replaced"),
        (&["--targets", "list.txt", "--results", "-"], "writes a file"),
        (&["--resume", "x", "--targets", "list.txt"], "cannot be used with"),
        (&["--resume", "no-such-job"], "no job"),
        (&["--resume", "no-such-job", "--soak", "5s"], "cannot be used with"),
    ] {
        let start = ["broadcast", "--sandbox", "--provider", "wildfire"];
        let content: &[&str] = if more.contains(&"--resume") || more.contains(&"--body") {
            &[]
        } else {
            &["--text", "x", "--from", "n"]
        };
        let run = world.run(&[&start[..], content, more].concat());
        assert!(matches!(run.code, 2 | 3), "{more:?}: {} {}", run.code, run.err);
        run.says(words);
    }
}

#[test]
fn an_id_against_repeats_that_several_requests_would_share_is_refused() {
    let world = World::new();
    world.write("list.txt", list(1500));
    let cid = "8103a4c628a0b98974ec1949-711261d4-5f17-4d2f-a855-5e5a8909b26e";
    world.write(
        "push.json",
        format!(
            r#"{{"platform":"all","audience":"all","cid":"{cid}","notification":{{"alert":"x"}}}}"#
        ),
    );
    let start = ["broadcast", "--sandbox", "--provider", "jpush-v3", "--body", "push.json"];
    world.run(&[&start[..], &["--targets", "list.txt"]].concat()).ends_with(2).says("`cid`");
    let start = ["broadcast", "--sandbox", "--provider", "rongcloud", "--text", "x", "--from", "n"];
    let more = ["--targets", "list.txt", "--set", "msgRandom=7"];
    world.run(&[&start[..], &more].concat()).ends_with(2).says("`msgRandom`");
}

#[test]
fn what_reaches_everybody_is_told_as_the_vendor_said_also_as_a_job() {
    let world = World::new();
    for provider in ["jpush-v2", "jpush-v3", "rongcloud", "wildfire", "easemob"] {
        let start = ["broadcast", "--sandbox", "--provider", provider, "--from", "n", "--all"];
        let results = format!("{provider}.ndjson");
        let content = ["--text", "hello", "--job", "all", "--results", &results];
        let run = world.run(&[&start[..], &content, &["--output", "json"]].concat());
        if provider == "easemob" && run.code == 2 {
            continue;
        }
        let told = run.ends_with(0).json();
        fits(&world, "output/broadcast", &told);
        assert_eq!(told["outcome"], "accepted", "{provider}");
        assert_eq!(told["job"]["counts"]["accepted"], 1, "{provider}");
        let line = std::fs::read_to_string(world.path(&results)).expect("results");
        fits(&world, "output/results", &serde_json::from_str(line.trim()).expect("JSON"));
    }
}

#[test]
fn a_list_of_any_form_is_read_where_its_name_does_not_tell() {
    let world = World::new();
    let start = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "n", "--text", "x"];
    let more = ["--targets", "-", "--form", "ndjson", "--output", "json"];
    let run = world.run_on(&[&start[..], &more].concat(), "{\"to\":\"alice\"}\n\"bob\"\n");
    assert_eq!(run.ends_with(0).json()["job"]["counts"]["accepted"], 2);
}

#[test]
fn braces_that_nothing_fills_in_do_not_reach_anybody() {
    let world = World::new();
    world.write("list.csv", "to,n\nuser:ann,1\n");
    let csv = ["--targets", "list.csv", "--column", "to"];
    let one = ["--to", "user:bob"];
    let start = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a"];
    let none = "there is no value for `{{name}}`";
    for (whom, more, words) in [
        (&one[..], &["--text", "Dear {{name}}"][..], none),
        (&one, &["--text", "Dear {{name}}", "--job", "j"], none),
        (&csv, &["--text", "Dear {{nam}}"], "has no column `nam`"),
        (&one, &["--text", "x", "--set", "payload.content={\"{{n}}\":\"v\"}"], "is in a key"),
        (&csv, &["--text", "x", "--set", "payload.content={\"{{n}}\":\"v\"}"], "is in a key"),
        (&csv, &["--text", "{\"n\":{{n}}}"], "outside of quotes"),
    ] {
        let run = world.run(&[&start[..], whom, more].concat()).ends_with(3);
        run.says(words);
    }
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
    // What is not a variable is an error of the flag.
    for whom in [&one[..], &csv] {
        for text in ["{{ a b }} {{n", "{{n}} {{ }}"] {
            let run = world.run(&[&start[..], whom, &["--text", text]].concat()).ends_with(2);
            run.says("in `--text` is no variable");
        }
    }
}

#[test]
fn what_there_is_to_say_of_a_payload_is_said_once_whichever_batch_shows_it() {
    let world = World::new();
    let mut rows = "to,n\n".to_owned();
    (0..40).for_each(|n| rows += &format!("user{n:04},name {n}\n"));
    world.write("list.csv", rows);
    // With an entry that cannot be used, each of its batch is looked at alone.
    world.write("list.txt", list(40) + "two,ids\n");
    let start = ["broadcast", "--sandbox", "--provider", "jpush-v2", "--skip-invalid", "--targets"];
    for (more, bad) in [
        (&["list.csv", "--column", "to", "--text", "Dear {{n}}"][..], 0),
        (&["list.txt", "--text", "hello"], 1),
    ] {
        let run = world.run(&[&start[..], more].concat()).ends_with(0);
        assert_eq!(run.err.matches("[V2-W11]").count(), 1, "{}", run.err);
        assert_eq!(run.err.matches("is left out").count(), bad, "{}", run.err);
    }
}

#[test]
fn a_later_row_of_a_target_whose_first_one_is_bad_is_sent_and_results_tell_each_entry() {
    for rows in ["bob,\nann,ok\nbob,fine\n", "bob,\nbob,fine\nann,ok\n"] {
        let world = World::new();
        world.write("list.csv", format!("to,n\n{rows}usr:x,y\n"));
        let list = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a"];
        let more = ["--targets", "list.csv", "--column", "to", "--text", "{{n}}"];
        let lenient = ["--skip-invalid", "--results", "r.ndjson", "--output", "json"];
        let run = world.run(&[&list[..], &more, &lenient].concat()).ends_with(0);
        assert_eq!(run.json()["job"]["counts"]["accepted"], 2, "{}", run.err);
        let text = std::fs::read_to_string(world.path("r.ndjson")).expect("results");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        lines.iter().for_each(|line| fits(&world, "output/results", line));
        let told: Vec<(&str, &str, Option<u64>)> = lines
            .iter()
            .map(|line| {
                let text = |name: &str| line[name].as_str().expect("a text");
                (text("outcome"), text("target"), line["line"].as_u64())
            })
            .collect();
        assert!(told.contains(&("skipped", "bob", Some(2))), "{told:?}");
        assert!(told.contains(&("skipped", "usr:x", Some(5))), "{told:?}");
        assert!(told.contains(&("accepted", "user:bob", None)), "{told:?}");
        assert_eq!(told.len(), 4, "{told:?}");
    }
}

#[test]
fn a_line_that_looks_like_a_comment_is_told_to_be_none() {
    let world = World::new();
    world.write("list.txt", "ann\n#bob\n# carol\n");
    let run = broadcast(&world, &["--provider", "wildfire", "--targets", "list.txt", "--dry-run"]);
    run.says("list.txt, line 2: `#` starts no comment");
}

#[test]
fn a_name_that_several_jobs_have_is_never_taken_for_the_wrong_one() {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n");
    let env =
        [("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9"), ("HERALD_WILDFIRE_SECRET", "secret")];
    let begin = |text: &str| {
        let list = ["broadcast", "--provider", "wildfire", "--from", "a", "--targets", "list.txt"];
        let more = ["--text", text, "--job", "same", "--deadline", "300ms", "--output", "json"];
        let results = format!("{text}.ndjson");
        world.run_with(&[&list[..], &more, &["--results", &results]].concat(), &env).ends_with(7)
    };
    let first = begin("one");
    let id = |run: &Run| run.json()["job"]["id"].as_str().expect("an id").to_owned();
    let advice = first.json()["advice"].as_str().expect("advice").to_owned();
    assert!(advice.contains("--resume same"), "{advice}");
    let text = std::fs::read_to_string(world.path("one.ndjson")).expect("results");
    assert_eq!(text.matches("\"outcome\":\"planned\"").count(), 2, "{text}");
    let second = begin("two");
    let resume = |job: &str, more: &[&str]| {
        let flags = ["broadcast", "--resume", job, "--deadline", "300ms"];
        world.run_with(&[&flags[..], more].concat(), &env)
    };
    let refused = resume("same", &[]).ends_with(2).says("several jobs `same`");
    for run in [&first, &second] {
        let id = id(run);
        let line = refused.err.lines().find(|line| line.contains(short_id(&id))).expect("its line");
        assert!(line.ends_with("2 of 2 left"), "{line}");
    }
    resume(&id(&first), &[]).ends_with(7);
    let other = resume("same", &["--provider", "rongcloud"]).ends_with(2);
    other.says("several jobs `same`");
    resume(&id(&first), &["--provider", "rongcloud"]).ends_with(2).says("was begun with");
    let stop = world.run_with(&["stop", "same"], &env);
    assert_ne!(stop.code, 0);
    stop.says("no process works on the job");
}

#[test]
fn a_canary_that_could_not_hold_anything_back_is_refused_before_anything_is_sent() {
    let world = World::new();
    world.write("push.json", r#"{"platform":"all","audience":"all","notification":{"alert":"x"}}"#);
    let text = ["--text", "x"];
    for (audience, help) in [
        (&["--all"][..], "with --targets FILE first"),
        (&["--tag", "vip"], "with --targets FILE first"),
        (&["--to", "regid:a", "--to", "regid:b"], "a target a line"),
        (&["--body", "push.json"], "with --targets FILE first"),
    ] {
        let start = ["broadcast", "--sandbox", "--provider", "jpush-v3", "--canary", "1"];
        let content = if audience.contains(&"--body") { &[][..] } else { &text[..] };
        let run = world.run(&[&start[..], audience, content].concat()).ends_with(2);
        run.says("there is no list").says(help);
    }
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
    // A list whose audience `--set` makes one that no one can count has no first few, either.
    world.write("list.txt", list(3));
    let more = ["--targets", "list.txt", "--canary", "1", "--set", "audience=\"all\""];
    let start = ["broadcast", "--sandbox", "--provider", "jpush-v3", "--text", "x"];
    let run = world.run(&[&start[..], &more].concat());
    assert_ne!(run.code, 0, "{run:?}");
}

#[test]
fn a_job_is_not_called_like_an_id_or_a_flag() {
    let world = World::new();
    world.write("list.txt", "a\n");
    let list = ["broadcast", "--provider", "wildfire", "--from", "n", "--text", "x", "--sandbox"];
    for (name, why) in [
        ("--job=d6e67ceb", "an id of the ledger"),
        ("--job=589975459754704897", "a vendor's id"),
        ("--job=-x", "a flag"),
        ("--job=a\nb", "U+000A"),
        ("--job=a\u{202e}b", "U+202E"),
    ] {
        let run = world.run(&[&list[..], &["--targets", "list.txt", name]].concat()).ends_with(2);
        let run = run.says(why);
        assert!(run.err.lines().next().is_some_and(|line| line.contains(why)), "{}", run.err);
    }
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
    // What has an id is still found by it.
    world.run(&["recall", "--sandbox", "--job", "d6e67ceb"]).ends_with(2).says("there is no job");
}

#[test]
fn a_name_of_several_jobs_changes_none_of_them() {
    let world = World::new();
    world.write("one.txt", "ann\n");
    world.write("two.txt", "ann\nbob\n");
    let begin = |list: &str| {
        let start = ["broadcast", "--provider", "wildfire", "--from", "n", "--sandbox"];
        let more = ["--targets", list, "--text", list, "--job", "same", "--override", "growth"];
        world.run(&[&start[..], &more].concat()).ends_with(0)
    };
    assert!(begin("one.txt").out.contains("herald recall same --sandbox"));
    let second = begin("two.txt").out;
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    let ids = history["entries"].as_array().expect("entries").iter();
    let ids: Vec<&str> = ids.map(|one| short_id(one["id"].as_str().expect("an id"))).collect();
    assert!(second.contains(&format!("herald recall {} --sandbox", ids[0])), "{second}");
    for command in [
        &["recall", "--job", "same"][..],
        &["recall", "same"],
        &["delete", "same"],
        &["update", "same", "--text", "y"],
        &["history", "resolve", "same", "--accepted"],
    ] {
        let run = world.run(&[command, &["--sandbox"]].concat()).ends_with(2);
        let run = run.says("several jobs are called `same`");
        for (id, audience) in ids.iter().zip(["2 ", "ann"]) {
            let line = run.err.lines().find(|line| line.contains(id)).expect("its line");
            assert!(line.contains(audience) && line.ends_with("(a job)"), "{line}");
        }
    }
    world.run(&["history", "--sandbox", "--job", "same"]).ends_with(0);
    let recall = ["recall", "--sandbox", "--job", ids[1], "--targets", "one.txt"];
    world.run(&recall).ends_with(0);
}

#[test]
fn a_job_without_a_name_is_none() {
    let world = World::new();
    world.write("list.txt", "a\n");
    let list = ["broadcast", "--provider", "wildfire", "--from", "n", "--text", "x", "--targets"];
    for empty in ["", " "] {
        for command in [
            &[&list[..], &["list.txt", "--sandbox", "--job"]].concat()[..],
            &["broadcast", "--sandbox", "--resume"],
            &["stop", "--sandbox"],
            &["recall", "--sandbox", "--job"],
            &["history", "--sandbox", "--job"],
        ] {
            world.run(&[command, &[empty]].concat()).ends_with(2).says("this is empty");
        }
    }
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], json!([]));
}
