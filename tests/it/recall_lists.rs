//! Recall from those of a list: what a server that knows no audience of a broadcast needs to be told.

use serde_json::{Value, json};

use crate::sandbox::Served;
use crate::support::{Run, World};

/// A served sandbox of an edition, and a profile `im` that may say which one it is.
struct Site {
    world: World,
    served: Served,
}

impl Site {
    fn start(edition: &str, profile: &str) -> Self {
        let world = World::new();
        let edition = format!("edition={edition}");
        let served = Served::start(&world, &["--provider", "wildfire", "--switch", &edition]);
        let site = Self { world, served };
        site.profile(profile, "");
        site
    }

    fn profile(&self, more: &str, before: &str) {
        let text = format!(
            "{before}[profiles.im]\nprovider = \"wildfire\"\nendpoint = {{ env = \"HERALD_WILDFIRE_ENDPOINT\" }}\n\
             secret = {{ env = \"HERALD_WILDFIRE_SECRET\" }}\n{more}\n"
        );
        self.world.write("profiles.toml", text);
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.served.environment()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let environment = self.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.world.run_with(&[arguments, &["--profiles", "profiles.toml"]].concat(), &environment)
    }

    #[track_caller]
    fn json(&self, code: i32, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--output", "json"]].concat()).ends_with(code).json()
    }

    fn entries(&self) -> Vec<Value> {
        let list = self.json(0, &["history", "--limit", "100"]);
        list["entries"].as_array().expect("a list").clone()
    }

    /// What was sent under an entry of the ledger.
    fn body(&self, entry: &Value) -> Value {
        self.json(0, &["history", "show", entry.as_str().expect("an id")])["body"].clone()
    }

    /// The users that the job of a recall has recalled from.
    fn told(&self, recall: &Value) -> Vec<String> {
        let job = recall["job"]["id"].as_str().expect("an id");
        let told = self.json(0, &["history", "--job", job, "--as", "targets"]);
        let targets = told["targets"].as_array().expect("targets").iter();
        let name = |one: &Value| one["target"].as_str().expect("a target").to_owned();
        targets.map(name).map(|name| name.trim_start_matches("user:").to_owned()).collect()
    }

    fn list(&self, count: usize) -> Vec<String> {
        let ids: Vec<String> = (0..count).map(|n| format!("u{n}")).collect();
        self.world.write("users.txt", ids.join("\n"));
        ids
    }

    /// How what such a site has sent is recalled: a form, since no script knows the users.
    fn recall_form(id: &str) -> String {
        format!("recall {id} --targets FILE")
    }
}

const ALL: [&str; 6] = ["broadcast", "--all", "--from", "boss", "--confirm", "im"];
const RECALL: [&str; 4] = ["recall", "--last", "--confirm", "im"];

#[test]
fn a_broadcast_of_a_community_server_is_recalled_from_those_of_a_list() {
    let site = Site::start("community", "edition = \"community\"");
    let ids = site.list(2500);
    let told = site.run(&[&ALL[..], &["--text", "wrong"]].concat()).ends_with(0);
    assert!(told.out.contains(" --targets FILE"), "{}", told.out);
    assert!(told.out.contains("/admin/user/all"), "{}", told.out);
    let sent = site.json(0, &[&ALL[..], &["--text", "wrong again"]].concat());
    let id = sent["ledger_id"].as_str().expect("an id");
    assert_eq!(sent["recall"], json!({ "command": Site::recall_form(id), "until": null }));
    // Without users nothing is sent.
    let refused = site.run(&RECALL).ends_with(2).says("--targets FILE").says("/admin/user/all");
    assert!(refused.err.contains("`offset` and `count`"), "{}", refused.err);
    assert_eq!(site.entries().len(), 2);
    let list = [&RECALL[..], &["--targets", "users.txt"]].concat();
    let planned = site.json(0, &[&list[..], &["--dry-run"]].concat());
    assert_eq!(
        (&planned["operation"], &planned["requests_total"]),
        (&json!("recall-multicast"), &json!(3))
    );
    assert_eq!(site.entries().len(), 2);

    let run = site.run(&[&list[..], &["--output", "json"]].concat()).ends_with(0);
    let run = run.says("who is not named and has the message already keeps it");
    let recalled = run.json();
    assert_eq!(recalled["outcome"], "accepted");
    assert_eq!(recalled["job"]["requests"], 3);
    assert!(site.told(&recalled) == ids, "the ledger keeps whom the recall told");
    // From these it is recalled, and nothing is sent again.
    let again = site.run(&[&list[..], &["--output", "json"]].concat()).ends_with(0);
    assert_eq!(again.says("recalled already: 2500 targets").json()["attempts"], 0);
    let shown = site.json(0, &["history", "show", id]);
    assert_eq!(
        (&shown["recalled"]["targets"], &shown["recalled"]["of"]),
        (&json!(2500), &json!(null))
    );
    let got = site.json(0, &["get", sent["ids"]["messageUid"].as_str().expect("an id")]);
    assert_eq!(got["result"]["payload"]["type"], 80);
}

#[test]
fn users_are_named_by_flags_by_standard_input_or_for_a_whole_job() {
    let site = Site::start("community", "edition = \"community\"");
    let all = [&ALL[..], &["--text", "x", "--job", "company"]].concat();
    let sent = site.json(0, &all);
    let id = sent["ledger_id"].as_str().expect("an id");
    assert_eq!(sent["recall"]["command"], Site::recall_form(id));
    site.run(&["recall", "--job", "company", "--confirm", "im"]).ends_with(2).says("--targets");
    let to = [&RECALL[..], &["--to", "u1", "--to", "u2", "--to", "u1"]].concat();
    let told = site.json(0, &to);
    assert_eq!(site.told(&told), ["u1", "u2"]);
    site.list(3);
    let job = ["recall", "--job", "company", "--targets", "users.txt", "--confirm", "im"];
    let told = site.json(0, &job);
    assert_eq!(site.told(&told), ["u0"], "it was recalled from the others before");
    let environment = site.environment();
    let mut command = site.world.command();
    command.envs(environment).args(RECALL).args(["--targets", "-", "--profiles", "profiles.toml"]);
    // Nothing is asked where the list is what is typed.
    command.stdin(std::fs::File::open(site.world.path("users.txt")).expect("a file"));
    crate::support::finish(&mut command).ends_with(0);
}

#[test]
fn a_list_never_makes_a_recall_wider_or_narrower_than_it_says() {
    let site = Site::start("pro", "edition = \"pro\"");
    site.list(2);
    let list = ["--targets", "users.txt"];
    let sent = site.json(0, &[&ALL[..], &["--text", "x"]].concat());
    assert!(!sent["recall"]["command"].as_str().expect("a command").contains("--targets"));
    let refused = site.run(&[&RECALL[..], &list].concat()).ends_with(2);
    refused.says("`recall-broadcast` recalls it from everybody");
    site.run(&RECALL).ends_with(0);
    // What went into one conversation is recalled from all of it.
    site.run(&["send", "--from", "a", "--to", "group:g", "--text", "x"]).ends_with(0);
    site.run(&[&RECALL[..], &list].concat()).ends_with(2).says("`recall` takes no list");
    // Of a multicast, those of the list who got it.
    let many = ["send", "--from", "a", "--to", "u1", "--to", "u9", "--text", "x"];
    site.run(&many).ends_with(0);
    let told = site.json(0, &[&RECALL[..], &list].concat());
    assert_eq!(site.body(&told["ledger_id"])["receivers"], json!(["u1"]));
    site.run(&[&RECALL[..], &["--to", "u5"]].concat()).ends_with(2).says("none of those");
    // Bad entries are told by their lines, and nothing is recalled.
    site.world.write("users.txt", "u9\nusr:x\ngroup:g\n");
    let before = site.entries().len();
    site.run(&[&RECALL[..], &list].concat()).ends_with(3).says("line 2");
    let skipping = [&RECALL[..], &list, &["--skip-invalid"]].concat();
    let told = site.json(0, &skipping);
    assert_eq!(site.body(&told["ledger_id"])["receivers"], json!(["u9"]));
    site.run(&[&RECALL[..], &list, &["--to", "u1"]].concat()).ends_with(2);
    assert_eq!(site.entries().len(), before + 1);
}

#[test]
fn a_profile_that_names_no_edition_hears_of_the_list_from_the_server() {
    let site = Site::start("community", "");
    site.list(2);
    let told = site.run(&[&ALL[..], &["--text", "x"]].concat()).ends_with(0);
    assert!(told.out.contains("recall  "), "{}", told.out);
    assert!(told.out.contains("with `edition = \"community\"` add --targets FILE"), "{}", told.out);
    let refused = site.json(5, &RECALL);
    assert!(refused["advice"].as_str().expect("advice").contains("--targets FILE"), "{refused}");
    site.run(&[&RECALL[..], &["--targets", "users.txt"]].concat()).ends_with(0);
}

#[test]
fn plans_and_pages_say_that_a_list_recalls_a_broadcast() {
    let site = Site::start("community", "edition = \"community\"");
    let plan = site.json(0, &[&ALL[..], &["--text", "x", "--plan", "all.plan"]].concat());
    assert!(
        plan["recall"]["command"].as_str().expect("a command").contains("--targets FILE"),
        "{plan}"
    );
    let page = site.run(&["providers", "wildfire/broadcast"]).ends_with(0);
    assert!(page.out.contains("`recall ID --targets FILE`"), "{}", page.out);
    assert!(!page.out.contains("stays"), "{}", page.out);
}

#[test]
fn a_job_of_which_the_ledger_keeps_no_payloads_is_recalled_from_whom_it_was_sent_to() {
    let site = Site::start("community", "");
    site.profile("edition = \"community\"", "[ledger]\npayload = \"digest\"\n");
    let ids = site.list(1500);
    let many =
        ["broadcast", "--from", "a", "--targets", "users.txt", "--text", "x", "--confirm", "im"];
    let sent = site.json(0, &[&many[..], &["--job", "many"]].concat());
    assert_eq!(sent["job"]["counts"]["accepted"], 1500);
    let planned = site.json(0, &["recall", "--job", "many", "--confirm", "im", "--dry-run"]);
    let requests = planned["requests"].as_array().expect("requests");
    let mut told: Vec<String> = Vec::new();
    for request in requests {
        let body: Value =
            serde_json::from_str(request["body"].as_str().expect("a body")).expect("JSON");
        assert_eq!(body["operator"], "a");
        let receivers = body["receivers"].as_array().expect("a list");
        told.extend(receivers.iter().map(|id| id.as_str().expect("an id").to_owned()));
    }
    assert_eq!(told, ids);
    site.run(&["recall", "--job", "many", "--confirm", "im"]).ends_with(0);
}

#[test]
fn robots_and_channels_are_told_the_recall_that_their_server_has() {
    let world = World::new();
    for (role, operation) in [
        ("robot_id = \"r\"", "herald recall --last"),
        ("channel_id = \"c\"", "herald recall --last"),
    ] {
        let words = |edition: &str| {
            world.write_private(
                "profiles.toml",
                format!(
                    "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\n{role}\n{edition}\n\
                     secret = {{ env = \"S\" }}\n"
                ),
            );
            let send =
                ["send", "--profiles", "profiles.toml", "--to", "bob", "--text", "x", "--dry-run"];
            world.run_with(&send, &[("S", "s")]).ends_with(0).err
        };
        let admin = "`recall UID --from SENDER --profile ADMINISTRATION`";
        let community = words("edition = \"community\"");
        assert!(community.contains(admin) && !community.contains(operation), "{community}");
        let pro = words("edition = \"pro\"");
        assert!(pro.contains(operation) && !pro.contains(admin), "{pro}");
        let either = words("");
        assert!(either.contains(operation) && either.contains(admin), "{either}");
    }
}
