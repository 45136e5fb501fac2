//! A fault of one profile stops the commands that use it, and no others.

use serde_json::json;

use crate::support::World;

const GOOD: &str = "[profiles.good]\nprovider = \"rongcloud\"\nmode = \"sandbox\"\nendpoint = \"http://127.0.0.1:1\"\n";

/// Faults of the profile `bad`, each with a word that tells it.
const FAULTS: [(&str, &str); 7] = [
    (
        "[profiles.bad]\nprovider = \"wildfire\"\n[profiles.bad.defaults]\nnonsense = 1\n",
        "nonsense",
    ),
    ("[profiles.bad]\nprovider = \"wildfire\"\nmod = \"test\"\n", "unknown key `mod`"),
    ("[profiles.bad]\nprovider = \"wildfire\"\nallow_to = [\"b\"]\n", "KIND:PATTERN"),
    ("[profiles.bad]\nprovider = \"wildfire\"\nquiet_hours = 5\n", "quiet_hours"),
    ("[profiles.bad]\nprovider = \"wildfrie\"\n", "there is no provider"),
    ("[profiles.bad]\nmode = \"test\"\n", "provider"),
    ("[profiles]\nbad = 5\n", "[profiles.bad]"),
];

const SEND: [&str; 7] = ["send", "--from", "a", "--to", "b", "--text", "hi"];

fn with_file(text: &str) -> World {
    let world = World::new();
    world.write_private(".config/herald/profiles.toml", text);
    world
}

#[test]
fn a_fault_stops_the_commands_that_use_its_profile_and_no_others() {
    for (bad, told) in FAULTS {
        for text in [format!("{bad}{GOOD}"), format!("default = \"good\"\n{bad}{GOOD}")] {
            let world = with_file(&text);
            let with = |more: &[&'static str]| world.run(&[&SEND[..], more].concat());
            with(&["--profile", "good"]).ends_with(0);
            with(&["--provider", "rongcloud"]).ends_with(0);
            let refused = with(&["--profile", "bad", "--sandbox"]).ends_with(3);
            assert!(refused.err.contains(told), "{}", refused.err);
            world.run(&["profile", "show", "good"]).ends_with(0);
            world.run(&["profile", "show", "bad"]).ends_with(3);
            world.run(&["history", "--sandbox"]).ends_with(0);
        }
    }
}

#[test]
fn what_would_be_chosen_without_the_fault_is_refused_and_not_replaced() {
    for (bad, told) in FAULTS {
        // The only profile, and the default.
        for text in [bad.to_owned(), format!("default = \"bad\"\n{bad}{GOOD}")] {
            let world = with_file(&text);
            let refused = world.run(&SEND).ends_with(3);
            assert!(refused.err.contains(told), "{}", refused.err);
            // With the environment's credentials it would go out from another account.
            let refused = world.run(&[&SEND[..], &["--provider", "wildfire"]].concat());
            refused.ends_with(3);
        }
        let either = with_file(&format!("{bad}{GOOD}")).run(&SEND).ends_with(2);
        assert!(either.err.contains("which profile is meant: bad, good?"), "{}", either.err);
    }
}

#[test]
fn list_and_check_show_the_faults_beside_the_other_profiles() {
    for (bad, told) in FAULTS {
        let world = with_file(&format!("{bad}{GOOD}"));
        let list = world.run(&["profile", "list"]).ends_with(0);
        assert!(list.out.contains("not usable") && list.out.contains("sandbox"), "{}", list.out);
        assert!(list.err.contains(told), "{}", list.err);
        let rows = world.run(&["profile", "list", "--output", "json"]).ends_with(0).json();
        assert_eq!(rows["profiles"][0]["mode"], json!(null));
        let message = rows["profiles"][0]["problems"][0]["message"].to_string();
        assert!(message.contains("profiles.toml:"), "{message}");
        assert_eq!(rows["profiles"][1]["problems"], json!([]));
        for names in [&[][..], &["good", "bad"], &["bad"]] {
            let command = [&["profile", "check"][..], names].concat();
            let check = world.run(&command).ends_with(3);
            assert!(
                check.err.contains(told) && check.err.contains("profiles.toml:"),
                "{}",
                check.err
            );
            assert!(check.out.contains("not usable"), "{}", check.out);
            let document = world.run(&[&command[..], &["--output", "json"]].concat()).json();
            let told_of = document["profiles"].as_array().expect("profiles").iter();
            let mut problems = told_of.flat_map(|one| one["problems"].as_array().expect("a list"));
            assert!(problems.any(|one| one["message"].to_string().contains("profiles.toml:")));
            assert_eq!(check.out.contains("good (rongcloud)"), names != ["bad"], "{}", check.out);
        }
        world.run(&["profile", "check", "good"]).ends_with(0);
    }
}

#[test]
fn a_profile_can_be_added_beside_one_with_faults_and_not_instead_of_it() {
    for (bad, _) in FAULTS.iter().filter(|(bad, _)| !bad.starts_with("[profiles]")) {
        let world = with_file(bad);
        let init = |name| {
            world.run(&["profile", "init", name, "--provider", "wildfire", "--set", "mode=sandbox"])
        };
        init("bad").ends_with(3);
        init("new").ends_with(0);
        world.run(&[&SEND[..], &["--profile", "new"]].concat()).ends_with(0);
    }
}

#[test]
fn a_fault_outside_of_the_profiles_stops_all_of_them() {
    for fault in
        ["default = \"none\"\n", "zebra = 1\n", "[ledger]\nkeep_days = -1\n", "[profiles.a\n"]
    {
        let refused = with_file(&format!("{fault}{GOOD}"))
            .run(&[&SEND[..], &["--profile", "good"]].concat())
            .ends_with(3);
        assert!(
            refused.err.contains("profiles.toml:1:") || fault.contains("keep_days"),
            "{}",
            refused.err
        );
    }
}
