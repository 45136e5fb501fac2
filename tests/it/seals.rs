//! Plans and the ledger are input: a change in them is refused, and nothing leaves.

use herald::broadcast::plan::PlanReader;
use herald::seal::SealKey;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::books::{entries, sandbox, three_groups};
use crate::guards::Live;
use crate::support::World;

const LEDGER: &str = ".local/state/herald/ledger.db";

/// The key with which plans for the sandbox are sealed: its credentials are public.
pub(crate) fn sandbox_key(provider: &str) -> SealKey {
    let contract = herald::vendor::find(provider).expect("a provider").contract();
    let account = herald::profile::sandbox_account(contract);
    account.seal_key(contract).expect("a lasting secret")
}

/// A plan in its parts.
#[derive(Clone)]
struct Parts {
    head: Value,
    lines: Vec<Value>,
}

impl Parts {
    fn read(world: &World, name: &str) -> Self {
        let text = std::fs::read_to_string(world.path(name)).expect("a plan");
        let mut lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        let mut head: Value = lines.next().expect("a head");
        head.as_object_mut().expect("an object").shift_remove("digest").expect("a digest");
        Self { head, lines: lines.collect() }
    }

    fn lines(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// As a file, with this digest.
    fn with(&self, digest: &str) -> String {
        let head = self.head.to_string();
        let open = head.strip_suffix('}').expect("an object");
        format!("{open},\"digest\":\"{digest}\"}}\n{}", self.lines())
    }

    /// As a file, with the seal that a key makes.
    fn sealed(&self, key: &SealKey) -> String {
        let mut seal = key.begin("plan");
        seal.text(&self.head.to_string());
        seal.rest(self.lines().as_bytes());
        self.with(&hex(&seal.finish()))
    }

    /// As a file, with the plain digest that anybody can make.
    fn hashed(&self) -> String {
        use sha2::Digest as _;
        let text = format!("{}{}", self.head, self.lines());
        self.with(&hex(&sha2::Sha256::digest(text)))
    }

    fn apply(&self, edit: &Edit) -> Self {
        let mut all = json!([self.head, self.lines]);
        edit.make(&mut all);
        let lines = all[1].as_array().expect("lines").clone();
        Self { head: all[0].clone(), lines }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A change of one value of a plan.
#[derive(Clone, Debug)]
struct Edit {
    /// The pointer of the value.
    at: String,
    how: How,
}

#[derive(Clone, Debug)]
enum How {
    Becomes(Value),
    /// It goes, with its key.
    Goes,
    /// It gets one more member, or one more item.
    Grows,
    /// Its first two items change places.
    Swaps,
}

impl Edit {
    fn make(&self, all: &mut Value) {
        let (parent, key) = self.at.rsplit_once('/').unwrap_or(("", ""));
        match &self.how {
            How::Becomes(value) => {
                if let Some(at) = all.pointer_mut(&self.at) {
                    *at = value.clone();
                }
            }
            How::Goes => match all.pointer_mut(parent) {
                Some(Value::Object(object)) => drop(object.shift_remove(key)),
                Some(Value::Array(items)) => {
                    let place = key.parse().ok().filter(|place| *place < items.len());
                    place.map(|place: usize| items.remove(place));
                }
                _ => {}
            },
            How::Grows => match all.pointer_mut(&self.at) {
                Some(Value::Object(object)) => drop(object.insert("more".into(), json!(1))),
                Some(Value::Array(items)) => items.push(items.first().cloned().unwrap_or_default()),
                _ => {}
            },
            How::Swaps => {
                if let Some(Value::Array(items)) = all.pointer_mut(&self.at)
                    && items.len() > 1
                {
                    items.swap(0, 1);
                }
            }
        }
    }
}

/// Every change of every value at and below one.
fn edits(value: &Value, at: &str, found: &mut Vec<Edit>) {
    let others = match value {
        Value::String(text) => vec![json!(format!("{text}x")), json!(""), json!(null), json!(7)],
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or_default();
            vec![json!(number + 1), json!(0), json!(null), json!(number.to_string())]
        }
        Value::Bool(is) => vec![json!(!is), json!(null)],
        Value::Null => vec![json!("user"), json!(1), json!(false)],
        Value::Array(_) => vec![json!([]), json!(null)],
        Value::Object(_) => vec![json!({}), json!(null)],
    };
    let mut add = |how| found.push(Edit { at: at.to_owned(), how });
    others.into_iter().filter(|other| other != value).map(How::Becomes).for_each(&mut add);
    add(How::Goes);
    match value {
        Value::Object(object) => {
            add(How::Grows);
            for (key, value) in object {
                edits(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            add(How::Grows);
            add(How::Swaps);
            for (place, value) in items.iter().enumerate() {
                edits(value, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// The same for a whole plan.
fn all_edits(plan: &Parts) -> Vec<Edit> {
    let mut found = Vec::new();
    edits(&plan.head, "/0", &mut found);
    edits(&json!(plan.lines), "/1", &mut found);
    // What makes no plan any more is not there to be read.
    found.retain(|edit| edit.at != "/0" || matches!(edit.how, How::Grows));
    found.retain(|edit| edit.at != "/1" || !matches!(edit.how, How::Goes | How::Becomes(_)));
    found
}

/// Whether a plan is taken with a key.
fn is_read(text: &str, key: &SealKey) -> bool {
    let input = &mut text.as_bytes();
    PlanReader::open(input, "plan").and_then(|plan| plan.read(key, &mut |_| Ok(()))).is_ok()
}

#[test]
fn whatever_is_changed_in_a_plan_is_found_without_the_secret_one_by_one_and_in_pairs() {
    let world = World::new();
    let list = "{\"to\":\"u1\",\"n\":\"Ann\"}\n{\"to\":\"u2\",\"n\":\"Bob\"}\n{\"to\":\"u3\",\"n\":\"Cyd\"}\n";
    world.write("list.ndjson", list);
    let plan = ["broadcast", "--provider", "rongcloud", "--from", "news", "--text", "Dear {{n}}"];
    sandbox(&world, &[&plan[..], &["--targets", "list.ndjson", "--plan", "p.plan"]].concat())
        .ends_with(0);
    let whole = Parts::read(&world, "p.plan");
    let (key, other) = (sandbox_key("rongcloud"), sandbox_key("wildfire"));
    let text = std::fs::read_to_string(world.path("p.plan")).expect("a plan");
    assert_eq!(whole.sealed(&key), text, "a plan is put together again as it was");
    let digest = text.lines().next().expect("a head").rsplit('"').nth(1).expect("a digest");
    let edits = all_edits(&whole);
    assert!(edits.len() > 200, "{}", edits.len());
    let mut seen = 0;
    let mut refused = |plan: &Parts, edits: &[&Edit]| {
        if (&plan.head, &plan.lines) == (&whole.head, &whole.lines) {
            return;
        }
        seen += 1;
        for text in [plan.with(digest), plan.hashed(), plan.sealed(&other)] {
            assert!(!is_read(&text, &key), "{edits:?}");
        }
    };
    for (at, edit) in edits.iter().enumerate() {
        let once = whole.apply(edit);
        refused(&once, &[edit]);
        for step in [1, 17, 101] {
            let second = &edits[(at + step) % edits.len()];
            refused(&once.apply(second), &[edit, second]);
        }
    }
    assert!(seen > 800, "{seen}");
}

/// Who has the secret can seal anything: but what a plan says of itself is computed again, and every word has to be known.
#[test]
fn what_a_plan_says_of_itself_is_computed_again_from_its_entries() {
    let world = World::new();
    let told = three_groups(&world, &["--plan", "p.plan"]);
    assert_eq!(told["targets"], 3);
    let whole = Parts::read(&world, "p.plan");
    let key = sandbox_key("wildfire");
    let run = |plan: &Parts| {
        world.write("edited.plan", plan.sealed(&key));
        world.run(&["apply", "edited.plan"])
    };
    let becomes = |at: &str, value: Value| Edit { at: at.to_owned(), how: How::Becomes(value) };
    for (at, value, words) in [
        ("/0/audience", json!("user:test-1"), "`audience`"),
        ("/0/targets", json!(2), "`targets` is 2, and its entries come to 3"),
        ("/0/requests", json!(4), "`requests` is 4, and its entries come to 3"),
        ("/0/audience_digest", json!("00"), "`audience_digest`"),
        ("/0/fingerprint", json!("00"), "`fingerprint`"),
        ("/0/seconds", json!(9_999), "`seconds`"),
        ("/0/recallable_seconds", json!(u64::MAX), "`recallable_seconds`"),
        ("/0/recallable_until", json!("never"), "`recallable_until`"),
        ("/0/templates/0/operation", json!("multicast"), ""),
        ("/0/templates/0/operation", json!("send-all"), "no operation `send-all`"),
        ("/0/templates/0/effect", json!("reads"), "does something else"),
        ("/0/templates/0/effect", json!("sand"), "was edited"),
        ("/0/templates/0/kind", json!(null), "kind of the targets"),
        ("/0/templates/0/kind", json!("usr"), "was edited"),
        ("/0/templates/0/kind", json!("user"), "another audience"),
        ("/0/templates/0/sender", json!("eve"), "another `sender`"),
        ("/0/templates/0/slot", json!(null), ""),
        ("/0/templates/0/slot", json!("lists /conv/target"), "place of the targets"),
        ("/0/templates/0/slot", json!("one /nowhere"), ""),
        ("/0/templates/0/recall_seconds", json!(7), "another `recall_seconds`"),
        ("/0/provider", json!("rongcloud"), ""),
        ("/0/provider", json!("acme"), "acme"),
        ("/0/app", json!("other"), "app was `other`"),
        ("/0/endpoint", json!("http://other"), "endpoint was"),
        ("/0/sandbox", json!(false), ""),
        ("/0/version", json!(1), "is of version 1"),
        ("/0/settings", json!("{}x"), "settings"),
        ("/0/settings", json!("{\"canary\":null,\"abort_above\":null,\"more\":1}"), "settings"),
        ("/1/0/template", json!(1), "which there is not"),
        ("/1/0/ids", json!(["1", "2"]), "another audience"),
        ("/1/0/ids", json!([]), "another audience"),
        ("/1/0/ids", json!(["9"]), "would go out otherwise"),
        ("/1/0/body/conv/target", json!("9"), "`/conv/target` has changed"),
        ("/1/0/body", json!(null), "would go out otherwise"),
    ] {
        let run = run(&whole.apply(&becomes(at, value.clone()))).ends_with(3);
        assert!(run.err.contains(words), "{at} {value}: {}", run.err);
    }
    // A word too many, a word too few, an entry twice.
    for (at, how) in [
        ("/0", How::Grows),
        ("/0/templates/0", How::Grows),
        ("/1/0", How::Grows),
        ("/0/job", How::Goes),
        ("/0/templates/0/kind", How::Goes),
        ("/0/templates/0/slot", How::Goes),
        ("/1/0/body", How::Goes),
        ("/1/0/ids", How::Goes),
        ("/1", How::Grows),
        ("/1/0", How::Goes),
    ] {
        run(&whole.apply(&Edit { at: at.to_owned(), how: how.clone() })).ends_with(3);
    }
    // A second payload without a kind beside an honest one.
    let mut second = whole.clone();
    let mut kindless = second.head["templates"][0].clone();
    kindless["kind"] = json!(null);
    second.head["templates"].as_array_mut().expect("templates").push(kindless);
    second.lines.iter_mut().for_each(|line| line["template"] = json!(1));
    run(&second).ends_with(3).says("kind of the targets");
    assert_eq!(entries(&world), json!([]), "nothing was begun");
    run(&whole).ends_with(0);
}

#[test]
fn lint_and_guards_judge_what_a_plan_sends_whatever_its_seal_says() {
    let world = World::new();
    three_groups(&world, &["--plan", "p.plan"]);
    let mut plan = Parts::read(&world, "p.plan");
    // An empty sender, changed everywhere alike and sealed with the right key.
    let kept: String = plan.head["templates"][0]["body"].as_str().expect("a body").to_owned();
    plan.head["templates"][0]["body"] = json!(kept.replace("\"news\"", "\"\""));
    plan.head["templates"][0]["sender"] = json!("");
    for line in &mut plan.lines {
        line["body"]["sender"] = json!("");
    }
    world.write("edited.plan", plan.sealed(&sandbox_key("wildfire")));
    for more in [&[][..], &["--dry-run"], &["--curl"]] {
        let run = world.run(&[&["apply", "edited.plan"][..], more].concat()).ends_with(1);
        run.says("request 1 of the plan").says("nothing was sent");
    }
    assert_eq!(entries(&world), json!([]));
}

#[test]
fn a_plan_is_applied_with_the_same_app_and_secret_under_any_profile_name() {
    let live = Live::of("rongcloud");
    let profiles = |more: &str| {
        let text = std::fs::read_to_string(live.world.path("profiles.toml")).expect("profiles");
        let own = text.split("\n[profiles.q]").next().expect("a profile").to_owned();
        live.world.write("profiles.toml", format!("{own}\n{more}"));
    };
    let plan = ["broadcast", "--from", "a", "--to", "b", "--text", "hello", "--profile", "p"];
    live.run(&[&plan[..], &["--plan", "p.plan"]].concat()).ends_with(0);
    let apply = |profile: &str| live.run(&["apply", "p.plan", "--profile", profile]);
    let own = std::fs::read_to_string(live.world.path("profiles.toml")).expect("profiles");
    let other = |from: &str, to: &str| {
        let copy = own.replace("[profiles.p]", "[profiles.q]");
        assert!(copy.contains(from), "{from} in {copy}");
        profiles(&copy.replace(from, to));
    };
    let secret = "app_secret = { env = \"HERALD_RONGCLOUD_APP_SECRET\" }";
    other(secret, "app_secret = { env = \"HOME\" }");
    apply("q").ends_with(3).says("made with another secret");
    other(secret, "");
    apply("q").ends_with(3).says("app_secret");
    live.run(&["apply", "p.plan", "--profile", "q", "--dry-run"]).ends_with(3).says("app_secret");
    other("app_key = { env = \"HERALD_RONGCLOUD_APP_KEY\" }", "app_key = \"other\"");
    apply("q").ends_with(3).says("app was");
    apply("none").ends_with(3).says("none");
    live.run(&["apply", "p.plan", "--sandbox"]).ends_with(3);
    assert_eq!(live.entries(), 0);
    // Under another name the same, also where no flag names it and there is no profile of the plan's name.
    other(secret, secret);
    apply("q").ends_with(0);
    assert_eq!(live.entries(), 1);
    live.run(&[&plan[..], &["--plan", "q.plan"]].concat()).ends_with(0);
    live.world.write("profiles.toml", own.replace("[profiles.p]", "[profiles.r]"));
    live.run(&["apply", "q.plan", "--override", "repeat"]).ends_with(0);
    live.world.write("profiles.toml", own.replace(secret, "app_secret = { env = \"HOME\" }"));
    live.run(&["apply", "q.plan"]).ends_with(3).says("made with another secret");
    live.world.write("profiles.toml", &own);

    // A plan for the sandbox is one for the sandbox, also where the real app has the sandbox's credentials.
    live.run(&[&plan[..], &["--plan", "s.plan", "--sandbox"]].concat()).ends_with(0);
    let mut parts = Parts::read(&live.world, "s.plan");
    parts.head["sandbox"] = json!(false);
    live.world.write("t.plan", parts.sealed(&sandbox_key("rongcloud")));
    live.run(&["apply", "t.plan", "--profile", "p"]).ends_with(3);
}

#[test]
fn a_token_seals_nothing() {
    let world = World::new();
    world.write("list.txt", "a\n");
    world.write(
        "profiles.toml",
        "[profiles.t]\nprovider = \"easemob\"\norg = \"o\"\napp = \"a\"\ntoken = { env = \"TOKEN\" }\n",
    );
    let plan = ["broadcast", "--profiles", "profiles.toml", "--targets", "list.txt"];
    let plan = [&plan[..], &["--from", "b", "--text", "x", "--plan", "p.plan"]].concat();
    world.run_with(&plan, &[("TOKEN", "t0k")]).ends_with(3).says("client_secret");
    assert!(!world.path("p.plan").exists());
    // A job without a seal is proved to be nothing, and goes on where the profile is named.
    let token = [("TOKEN", "t0k")];
    let nowhere = "endpoint = \"http://127.0.0.1:9\"\n";
    let text = std::fs::read_to_string(world.path("profiles.toml")).expect("profiles");
    world.write("profiles.toml", format!("{text}{nowhere}"));
    let list = ["broadcast", "--profiles", "profiles.toml", "--targets", "list.txt"];
    let list = [&list[..], &["--from", "b", "--text", "x", "--job", "j", "--deadline", "300ms"]];
    world.run_with(&list.concat(), &token).ends_with(7);
    let resume = [&RESUME[..], &["--profiles", "profiles.toml"]].concat();
    world.run_with(&resume, &token).ends_with(3).says("no lasting secret").says("--confirm t");
    let named = [&resume[..], &["--confirm", "t"]].concat();
    world.run_with(&named, &token).ends_with(7).says("is not sealed");
    let plan = ["broadcast", "--provider", "wildfire", "--from", "a", "--targets", "list.txt"];
    let plan = [&plan[..], &["--text", "x", "--plan", "p.plan"]].concat();
    let nowhere = ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9");
    world.run_with(&plan, &[nowhere]).ends_with(3).says("secret");
    assert!(!world.path("p.plan").exists());
}

/// A job of three targets that has begun nothing: no server listens.
fn left(live: &Live, more: &[&str]) {
    live.world.write("list.txt", "group:1\ngroup:2\ngroup:3\n");
    let list = ["broadcast", "--from", "a", "--targets", "list.txt", "--text", "hi", "--job", "j"];
    live.run_with(&[&list[..], &["--deadline", "300ms"], more].concat(), &[NOWHERE]).ends_with(7);
}

const NOWHERE: (&str, &str) = ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9");
const RESUME: [&str; 5] = ["broadcast", "--resume", "j", "--deadline", "300ms"];

fn resume(live: &Live, more: &[&str]) -> crate::support::Run {
    live.run_with(&[&RESUME[..], more].concat(), &[NOWHERE])
}

/// Runs SQL on the ledger, and gives what undoes it: the file as it was.
fn change(live: &Live, sql: &str) -> Vec<u8> {
    let path = live.world.path(LEDGER);
    let db = Connection::open(&path).expect("a ledger");
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("no other process");
    let before = std::fs::read(&path).expect("a file");
    // Whoever forges a ledger knows how its rows are summed up.
    herald::ledger::register_row_sums(&db).expect("functions");
    db.execute_batch(sql).expect(sql);
    herald::ledger::sum_all_rows(&db).expect("sums");
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("no other process");
    before
}

fn restore(live: &Live, whole: Vec<u8>) {
    for beside in [".db-wal", ".db-shm", ".db-synced"] {
        let _ = std::fs::remove_file(live.world.path(&LEDGER.replace(".db", beside)));
    }
    std::fs::write(live.world.path(LEDGER), whole).expect("writable");
}

#[test]
fn a_job_that_was_changed_in_the_ledger_does_not_go_on() {
    let live = Live::of("wildfire");
    left(&live, &[]);
    resume(&live, &[]).ends_with(7);
    for sql in [
        "UPDATE template SET kind = NULL",
        "UPDATE template SET kind = 'usr'",
        "UPDATE template SET kind = 'user'",
        "UPDATE template SET operation = 'multicast'",
        "UPDATE template SET body = replace(body, '\"hi\"', '\"ho\"')",
        "UPDATE template SET slot = NULL",
        "UPDATE template SET effect = 'reads'",
        "UPDATE batch SET ids = x'0139'",
        "UPDATE batch SET ids = x'01310132'",
        "UPDATE batch SET vars = '{}'",
        "UPDATE batch SET seal = NULL",
        "UPDATE batch SET seal = NULL; UPDATE job SET seal = NULL, sealed_batches = NULL",
        "DELETE FROM batch WHERE key = (SELECT max(key) FROM batch)",
        "UPDATE job SET audience = 'user:test-1'",
        "UPDATE job SET settings = '{\"canary\":null,\"abort_above\":null,\"allow\":[],\"confirmed\":\"name\"}'",
        "UPDATE job SET settings = '{\"confirmed\":\"twice\"}'",
        "UPDATE job SET overrides = '[\"test-content\"]'",
        "UPDATE job SET endpoint = 'http://127.0.0.1:1'",
        "UPDATE open SET dedupe_id = 'x'",
    ] {
        let before = change(&live, sql);
        let run = resume(&live, &[]);
        assert_eq!(run.code, 3, "{sql}: {}", run.err);
        assert!(
            run.err.contains("nothing was sent")
                || run.err.contains("is damaged")
                || run.err.contains("cannot be read"),
            "{sql}: {}",
            run.err
        );
        restore(&live, before);
    }
    resume(&live, &[]).ends_with(7);
}

#[test]
fn a_job_whose_seal_does_not_fit_goes_on_where_the_profile_is_named_after_lint_and_guards() {
    let live = Live::of("wildfire");
    left(&live, &[]);
    // Nothing of what the job says of itself counts any more.
    for (sql, code, words) in [
        ("UPDATE template SET kind = NULL", 3, "kind of the targets"),
        ("UPDATE template SET kind = 'user'", 3, "another audience"),
        ("UPDATE template SET body = replace(body, '\"a\"', '\"\"')", 1, "the job in the ledger"),
        ("UPDATE batch SET ids = x'01310132'", 3, "another audience"),
    ] {
        let before = change(&live, sql);
        resume(&live, &["--confirm", "p"]).ends_with(code).says(words);
        restore(&live, before);
    }
    live.profile("mode = \"test\"\nallow_to = [\"group:1\", \"group:2\", \"group:3\"]");
    resume(&live, &[]).ends_with(7);
    let before = change(&live, "UPDATE batch SET ids = x'0139' WHERE ids = x'0133'");
    resume(&live, &["--confirm", "p"]).ends_with(9).says("`guest-list`").says("group:9");
    restore(&live, before);

    // The secret of the profile has changed.
    let changed = ("HERALD_WILDFIRE_SECRET", "another");
    let after = |more: &[&str]| live.run_with(&[&RESUME[..], more].concat(), &[NOWHERE, changed]);
    after(&[]).ends_with(3).says("--confirm p").says("the secret of the profile");
    after(&["--confirm", "q"]).ends_with(3);
    after(&["--yes"]).ends_with(3);
    let run = after(&["--confirm", "p"]).ends_with(7);
    run.says("sealed anew").says("3 targets (group:1 and 2 more)");
    after(&[]).ends_with(7);
    resume(&live, &[]).ends_with(3);
    // What was confirmed by its name then is not asked again, and nothing else of before counts.
    live.profile("max_targets = 1");
    after(&[]).ends_with(7);
    let said = "UPDATE job SET overrides = '[\"test-content\"]', settings = json_set(settings, '$.allow', json('[\"json/null\"]'))";
    change(&live, said);
    after(&[]).ends_with(3);
    after(&["--confirm", "p"]).ends_with(7);
    let db = Connection::open(live.world.path(LEDGER)).expect("a ledger");
    let kept: (String, String) = db
        .query_row("SELECT overrides, settings FROM job", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("a job");
    assert!(kept.0 == "[]" && kept.1.contains("\"allow\":[]"), "{kept:?}");
    drop(db);

    // An older herald has sealed nothing.
    let none = "UPDATE job SET seal = NULL, sealed_batches = NULL; UPDATE batch SET seal = NULL";
    change(&live, none);
    after(&[]).ends_with(3).says("has no seal").says("--confirm p");
    after(&["--confirm", "p"]).ends_with(7);
    after(&[]).ends_with(7);
}

#[test]
fn what_was_said_to_a_job_when_it_was_opened_holds_while_its_seal_fits() {
    let live = Live::of("wildfire");
    live.profile("confirm_above = 2");
    left(&live, &["--yes"]);
    resume(&live, &[]).ends_with(7);
    // What has become stricter asks again.
    live.profile("confirm_above = 2\nmax_targets = 2");
    resume(&live, &[]).ends_with(9).says("`max-targets`");
    resume(&live, &["--confirm", "p"]).ends_with(7);

    let live = Live::of("wildfire");
    live.profile("max_targets = 2");
    left(&live, &["--confirm", "p"]);
    live.profile("confirm_above = 1\nmax_targets = 1");
    resume(&live, &[]).ends_with(7);
    live.profile("max_targets = 1\nmode = \"test\"\nallow_to = [\"group:1\"]");
    resume(&live, &[]).ends_with(9).says("`guest-list`");
    let read_only = ("HERALD_READ_ONLY", "1");
    live.run_with(&RESUME, &[NOWHERE, read_only]).ends_with(9).says("`read-only`");

    // A guard that judges what is sealed is passed once.
    let live = Live::of("wildfire");
    live.profile("");
    live.world.write("list.txt", "group:1\ngroup:2\n");
    let test = ["broadcast", "--from", "a", "--targets", "list.txt", "--text", "a test"];
    let test = [&test[..], &["--job", "j", "--deadline", "300ms"]].concat();
    live.run_with(&test, &[NOWHERE]).ends_with(9).says("`test-content`");
    let meant = [&test[..], &["--override", "test-content"]].concat();
    live.run_with(&meant, &[NOWHERE]).ends_with(7);
    resume(&live, &[]).ends_with(7);
}

#[test]
fn a_rule_that_was_ignored_is_ignored_by_who_carries_a_plan_out_and_by_who_resumes() {
    let live = Live::of("jpush-v3");
    let nowhere = ("HERALD_JPUSH_V3_ENDPOINT", "http://127.0.0.1:9");
    live.world.write("list.txt", "alias:a\nalias:b\n");
    let list = ["broadcast", "--targets", "list.txt", "--text", "hello", "--job", "j"];
    let list = [&list[..], &["--set", "options.time_to_live:=9999999"]].concat();
    let code = "jpush-v3/V3-42";
    let run = live.run_with(&[&list[..], &["--deadline", "300ms"]].concat(), &[nowhere]);
    let run = run.ends_with(1);
    assert!(run.err.contains(code), "{}", run.err);
    let allowed = [&list[..], &["--allow", code]].concat();
    live.run(&[&allowed[..], &["--plan", "p.plan"]].concat()).ends_with(0);
    live.run(&["apply", "p.plan", "--dry-run"]).ends_with(0);
    live.run_with(&[&allowed[..], &["--deadline", "300ms"]].concat(), &[nowhere]).ends_with(7);
    live.run_with(&RESUME, &[nowhere]).ends_with(7);
}

#[test]
fn payloads_of_which_only_digests_are_kept_go_out_and_are_sealed() {
    let live = Live::of("wildfire");
    let text = std::fs::read_to_string(live.world.path("profiles.toml")).expect("profiles");
    live.world.write("profiles.toml", format!("[ledger]\npayload = \"digest\"\n{text}"));
    live.world.write(
        "list.ndjson",
        "{\"to\":\"user:a\",\"n\":\"Ann\"}\n{\"to\":\"user:b\",\"n\":\"Bob\"}\n",
    );
    let list = ["broadcast", "--from", "a", "--targets", "list.ndjson", "--text", "Dear {{n}}"];
    let told = live.run(&[&list[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(told["job"]["counts"]["accepted"], 2);
    let more = ["--job", "j", "--deadline", "300ms"];
    live.run_with(&[&list[..], &more].concat(), &[NOWHERE]).ends_with(7);
    resume(&live, &[]).ends_with(3).says("keeps no payloads");
}
