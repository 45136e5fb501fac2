//! Plans are input: a change in them is refused, and nothing leaves.

use herald::broadcast::plan::PlanReader;
use herald::seal::SealKey;
use serde_json::{Value, json};

use crate::found_again::{entries, sandbox, three_groups};
use crate::guards::Live;
use crate::job_seals::RESUME;
use crate::support::World;

/// The key with which plans for the sandbox are sealed: its credentials are public.
pub(crate) fn sandbox_key(provider: &str) -> SealKey {
    let contract = herald::provider::find(provider).expect("a provider").contract();
    let account = herald::profile::sandbox_account(contract);
    contract.seal_key_of(&account).expect("a lasting secret")
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

    /// As a file, with the plain digest that anyone can make.
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
    let chosen = [("HERALD_PROFILE", "none")];
    live.run_with(&["apply", "p.plan"], &chosen).ends_with(3).says("none");
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
