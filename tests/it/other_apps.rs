//! What follows up on a message goes to the app that sent it, and is about that message.

use serde_json::Value;

use crate::sandbox::Served;
use crate::support::{Run, World};

/// Two servers of a provider, and a profile for each: `a` and `b`.
struct TwoApps {
    world: World,
    servers: [Served; 2],
    provider: &'static str,
}

impl TwoApps {
    fn of(provider: &'static str) -> Self {
        let world = World::new();
        let servers = [(); 2].map(|()| Served::start(&world, &["--provider", provider]));
        let both = Self { world, servers, provider };
        both.profiles([0, 1]);
        both
    }

    /// Writes the profiles with these servers.
    fn profiles(&self, places: [usize; 2]) {
        let before = format!("HERALD_{}_", self.provider).replace('-', "_").to_uppercase();
        let mut text = String::new();
        for (name, place) in ["a", "b"].into_iter().zip(places) {
            text += &format!("[profiles.{name}]\nprovider = \"{}\"\n", self.provider);
            for (key, value) in self.servers[place].environment() {
                let key = key.strip_prefix(&before).expect("its key").to_lowercase();
                text += &match key.as_str() {
                    "endpoint" => format!("endpoint = \"{value}\"\n"),
                    key => format!("{key} = {{ env = \"{before}{}\" }}\n", key.to_uppercase()),
                };
            }
        }
        self.world.write("profiles.toml", text);
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let environment = self.servers[0].environment().into_iter();
        let environment: Vec<(String, String)> =
            environment.filter(|(name, _)| !name.ends_with("_ENDPOINT")).collect();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let profiles = ["--profiles", "profiles.toml"];
        self.world.run_with(&[arguments, &profiles].concat(), &environment)
    }

    fn sender(&self) -> &'static [&'static str] {
        if self.provider.starts_with("jpush") { &[] } else { &["--from", "news"] }
    }

    fn kind(&self) -> &'static str {
        if self.provider.starts_with("jpush") { "alias" } else { "user" }
    }

    /// Sends one message with a profile; its id in the ledger.
    fn send(&self, profile: &str, to: &str) -> String {
        let to = format!("{}:{to}", self.kind());
        let send = ["send", "--profile", profile, "--to", &to, "--text", "x", "--output", "json"];
        let sent = self.run(&[&send[..], self.sender()].concat()).ends_with(0).json();
        sent["ledger_id"].as_str().expect("an entry").to_owned()
    }

    fn show(&self, id: &str) -> Value {
        self.run(&["history", "show", id, "--output", "json"]).ends_with(0).json()
    }

    fn marks(&self, id: &str) -> bool {
        self.run(&["history", "show", id]).ends_with(0).out.contains("recalled")
    }
}

#[test]
fn a_message_and_a_job_are_followed_up_with_the_app_that_sent_them() {
    for (provider, others) in [
        ("rongcloud", &["update", "clear"][..]),
        ("easemob", &["update", "delete", "status"]),
        ("wildfire", &["update", "delete", "clear", "get"]),
        ("jpush-v3", &["status"]),
        ("jmessage", &[]),
    ] {
        let both = TwoApps::of(provider);
        let entry = both.send("a", "user1");
        both.world.write("list.txt", "user1\nuser2\n");
        let job = ["broadcast", "--profile", "a", "--job", "tonight", "--targets", "list.txt"];
        let more = ["--text", "y", "--confirm", "a"];
        both.run(&[&job[..], &more, both.sender()].concat()).ends_with(0);
        for subject in [&entry, "tonight"] {
            for verb in ["recall"].iter().chain(others) {
                let text: &[&str] = if *verb == "update" { &["--text", "z"] } else { &[] };
                let line = [&[*verb, subject][..], text].concat();
                let with = |more: &[&str]| both.run(&[&line[..], more].concat());
                let refused = with(&["--profile", "b", "--confirm", "b"]).ends_with(2);
                refused.says("with --profile a, and this says b");
                let other = if provider == "wildfire" { "easemob" } else { "wildfire" };
                let refused = with(&["--provider", other]).ends_with(2);
                refused.says(&format!("with --provider {provider}, and this says {other}"));
                both.profiles([1, 0]);
                with(&[]).ends_with(3).says("and the profile is now for");
                both.profiles([0, 1]);
            }
        }
        assert!(!both.marks(&entry), "{provider}");
        both.run(&["recall", &entry]).ends_with(0);
        assert!(both.marks(&entry), "{provider}");
    }
}

#[test]
fn a_vendor_is_asked_only_by_the_app_that_sent_what_is_unknown() {
    use crate::advice::{last_route, ledger, plant_unknown};
    use herald::provider;
    // Of a message whose id is known, and of one that is looked for.
    let chat = r#"{"sender":"news","conv":{"type":0,"target":"user1"}}"#;
    let many = r#"{"sender":"news","targets":["user1","user2"]}"#;
    let form = r#"{"fromUserId":"news","toUserId":["user1"],"objectName":"RC:TxtMsg"}"#;
    for (provider, operation, body, ids, more) in [
        ("wildfire", "send", chat, &[][..], &[][..]),
        ("wildfire", "send", chat, &[("messageUid", "5")], &[]),
        ("wildfire", "send", chat, &[], &["--vendor-id", "5"]),
        ("wildfire", "multicast", many, &[], &[]),
        ("rongcloud", "send-private", form, &[("messageUID", "M-1")], &[]),
    ] {
        let both = TwoApps::of(provider);
        both.send("a", "user1");
        let name = format!("{provider}/{operation}");
        let (_, operation) = provider::find_operation(&name).expect("an operation");
        let id = {
            let mut ledger = ledger(&both.world);
            let route = last_route(&mut ledger);
            plant_unknown(&mut ledger, route, operation, (body, ids))
        };
        let check = [&["history", "resolve", &id, "--check"][..], more].concat();
        let with = |more: &[&str]| both.run(&[&check[..], more].concat());
        let other = if provider == "wildfire" { "easemob" } else { "wildfire" };
        with(&["--provider", other]).ends_with(2).says(&format!("and this says {other}"));
        with(&["--profile", "b"]).ends_with(2).says("this profile asks");
        with(&["--sandbox"]).ends_with(2).says("it went to a real vendor");
        both.profiles([1, 0]);
        with(&[]).ends_with(3).says("and the profile is now for");
        // A second profile of the same app will do.
        with(&["--profile", "b"]).ends_with(8);
        both.profiles([0, 1]);
        with(&[]).ends_with(8);
    }
}

#[test]
fn an_id_of_the_vendor_means_the_message_of_the_chosen_app_or_is_ambiguous() {
    // Its servers count, so that two of them give the same ids.
    let both = TwoApps::of("jmessage");
    let [of_a, of_b] = ["a", "b"].map(|profile| both.send(profile, "user1"));
    let id = |entry: &str| both.show(entry)["ids"].as_object().expect("ids")["msg_id"].to_string();
    let same = id(&of_a).trim_matches('"').to_owned();
    assert_eq!(id(&of_b).trim_matches('"'), same);
    let several = both.run(&["recall", &same]).ends_with(2).says("several messages in the ledger");
    for entry in [&of_a, &of_b] {
        assert!(several.err.contains(crate::support::short_id(entry)), "{several:?}");
    }
    // The earlier one.
    both.run(&["recall", &same, "--profile", "a"]).ends_with(0);
    assert!(both.marks(&of_a) && !both.marks(&of_b));
    // Its answer has the same id.
    both.run(&["recall", &same, "--profile", "b"]).ends_with(0);
    assert!(both.marks(&of_b));
}

/// The command line of a job with a text for each of these targets. Writes its list.
fn personal_job(
    world: &World,
    place: &[&str],
    (kind, job, ids): (&str, &str, &[&str]),
) -> Vec<String> {
    let rows: String = ids.iter().map(|id| format!("{kind}:{id},{id}\n")).collect();
    let list = format!("{job}.csv");
    world.write(&list, format!("target,name\n{rows}"));
    let line = ["broadcast", "--text", "Hi {{name}}", "--column", "target", "--job", job];
    let line = [&line[..], &["--targets", &list], place].concat();
    line.into_iter().map(str::to_owned).collect()
}

/// Of two jobs whose messages have the same ids, recalled one after the other: each recall is about its own people.
fn recalls_name_their_own(run: &dyn Fn(&[&str]) -> Value, kind: &str, done: [u64; 2]) {
    for (job, own, other) in [("first", "a1", "c1"), ("second", "c1", "a1")] {
        let recall = format!("recall-{job}");
        let shown = run(&["history", "show", &recall]);
        let to = shown["to"].as_str().expect("its targets");
        assert!(to.contains(&format!("{kind}:{own}")) && !to.contains(other), "{shown}");
        for (target, is_own) in [(own, true), (other, false)] {
            let found = run(&["history", "--to", target]);
            assert_eq!(found.to_string().contains(&recall), is_own, "{found}");
        }
    }
    for (job, done) in ["first", "second"].into_iter().zip(done) {
        let shown = run(&["history", "show", job]);
        assert_eq!(shown["recalled"]["targets"].as_u64().unwrap_or(0), done, "{shown}");
        let recall = run(&["history", "show", &format!("recall-{job}")]);
        assert_eq!(
            recall["job"]["counts"]["total"],
            if job == "first" { 2 } else { 3 },
            "{recall}"
        );
    }
}

#[test]
fn the_recall_of_a_job_is_about_its_own_people_where_another_app_gave_the_same_ids() {
    for provider in ["jpush-v3", "easemob"] {
        let both = TwoApps::of(provider);
        for (profile, job, ids) in
            [("a", "first", &["a1", "a2"][..]), ("b", "second", &["c1", "c2", "c3"])]
        {
            let place = [&["--profile", profile, "--confirm", profile], both.sender()].concat();
            let line = personal_job(&both.world, &place, (both.kind(), job, ids));
            both.run(&line.iter().map(String::as_str).collect::<Vec<_>>()).ends_with(0);
        }
        for job in ["second", "first"] {
            both.run(&["recall", job, "--yes"]).ends_with(0);
        }
        let run = |line: &[&str]| both.run(&[line, &["--output", "json"]].concat()).json();
        recalls_name_their_own(&run, both.kind(), [2, 3]);
    }
}

#[test]
fn the_recall_of_a_job_is_about_its_own_people_where_a_server_counts_from_the_start_again() {
    // JPush recalls by the id alone; Easemob compares the receiver, and finds no message of the first job.
    for (provider, kind, from, (code, done)) in
        [("jpush-v3", "alias", &[][..], (0, 2)), ("easemob", "user", &["--from", "news"], (5, 0))]
    {
        let world = World::new();
        let server = Served::start(&world, &["--provider", provider]);
        let address = server.address().to_owned();
        let place = [&["--provider", provider, "--confirm", provider], from].concat();
        let broadcast = |served: &Served, job: (&str, &str, &[&str])| {
            let line = personal_job(&world, &place, job);
            served.run(&world, 0, &line.iter().map(String::as_str).collect::<Vec<_>>())
        };
        broadcast(&server, (kind, "first", &["a1", "a2"]));
        drop(server);
        let server = Served::start_at(&world, &address, &["--provider", provider]);
        broadcast(&server, (kind, "second", &["c1", "c2", "c3"]));
        server.run(&world, 0, &["recall", "second", "--yes"]);
        server.run(&world, code, &["recall", "first", "--yes"]);
        let run = |line: &[&str]| server.run(&world, 0, line);
        recalls_name_their_own(&run, kind, [done, 3]);
    }
}

#[test]
fn set_changes_neither_the_message_of_a_follow_up_nor_its_receivers() {
    for (provider, verb, sets, free) in [
        (
            "rongcloud",
            "recall",
            &["messageUID=OTHER-1", "targetId=zz", "conversationType:=3"][..],
            &["isDelete:=1", "extra=x"][..],
        ),
        ("rongcloud", "update", &["msgUID=OTHER-1", "targetId=zz"], &["content.extra=x"]),
        ("easemob", "recall", &["msg_id=5", "to=zz", "chat_type=groupchat"], &["force:=true"]),
        ("easemob", "status", &["msg_id=5", "username=zz"], &[]),
        ("wildfire", "recall", &["messageUid:=5"], &["operator=zz"]),
        ("wildfire", "get", &["messageUid:=5"], &[]),
        ("jmessage", "recall", &["msgid=5"], &[]),
        ("jpush-v3", "recall", &["msg_id=5"], &[]),
        ("jpush-v3", "status", &["msg_ids=5"], &[]),
    ] {
        let world = World::new();
        let place = ["--sandbox", "--provider", provider];
        let (to, from): (&str, &[&str]) = match provider {
            "jpush-v3" => ("alias:user1", &[]),
            _ => ("user:user1", &["--from", "news"]),
        };
        let send = [&["send", "--to", to, "--text", "x"][..], &place, from].concat();
        world.run(&send).ends_with(0);
        let text: &[&str] = if verb == "update" { &["--text", "y"] } else { &[] };
        let line = [&[verb, "--last", "--sandbox"][..], text].concat();
        for set in sets {
            let field = set.split([':', '=']).next().expect("a field");
            let refused = world.run(&[&line[..], &["--set", set]].concat()).ends_with(2);
            refused.says(&format!("changes `{field}`")).says("use `call");
        }
        for set in free {
            let done = world.run(&[&line[..], &["--set", set, "--dry-run"]].concat());
            done.ends_with(0);
        }
    }
    // A request that lists the receivers.
    let world = World::new();
    world.write("list.txt", "user1\nuser2\nuser3\n");
    let list =
        ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "news", "--text", "x"];
    world.run(&[&list[..], &["--targets", "list.txt", "--job", "tonight"]].concat()).ends_with(0);
    for set in ["receivers:=[\"zz\"]", "receivers:=[\"user1\",\"zz\"]", "messageUid:=5"] {
        let recall = ["recall", "--sandbox", "--job", "tonight", "--set", set];
        world.run(&recall).ends_with(2).says("for another message");
    }
}
