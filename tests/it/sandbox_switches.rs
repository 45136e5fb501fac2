//! `herald sandbox --switch`: what there is, what is refused, and that nothing counts with `quota=off`.

use crate::sandbox::Served;
use crate::support::World;

#[test]
fn a_switch_that_nothing_has_is_refused_before_it_listens() {
    let world = World::new();
    for (switch, help) in [
        ("qouta=off", "did you mean `quota`?"),
        ("wildfire.editon=community", "did you mean `edition`?"),
        ("wildfire.edition=foo", "it takes community, pro"),
        ("jpush-v3.edition=pro", "wildfire has it"),
        ("window=abc", "it takes a number of seconds"),
        ("clock=tomorrow", "+3h or -1d"),
    ] {
        let run = world.run(&["sandbox", "--listen", "127.0.0.1:0", "--switch", switch]);
        assert_eq!(run.ends_with(2).says(help).out, "", "{switch}");
    }
}

#[test]
fn every_switch_is_told_by_help_and_explain() {
    let world = World::new();
    let help = world.run(&["sandbox", "--help"]).ends_with(0).out;
    let all = world.run(&["explain", "sandbox", "--output", "json"]).ends_with(0).json();
    let rows = all["switches"].as_array().expect("switches");
    assert!(rows.len() > 10, "{all}");
    for row in rows {
        let key = row["switch"].as_str().expect("a key");
        assert!(help.contains(&format!("- {key} (")), "{key}");
        let name = format!("sandbox/{key}");
        if key != "OPERATION" {
            world
                .run(&["explain", &name])
                .ends_with(0)
                .tells(row["about"].as_str().expect("words"));
        }
    }
    world.run(&["explain", "sandbox/broadcast-all"]).ends_with(0).tells("easemob");
    world.run(&["explain", "sandbox/qouta"]).ends_with(2).says("did you mean `sandbox/quota`?");
}

#[test]
fn each_switch_that_a_server_looks_at_has_a_row() {
    let contracts = herald::provider::contracts();
    let mut seen = 0;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider");
    for file in crate::support::files_below(&folder) {
        let source = std::fs::read_to_string(&file).unwrap_or_default();
        for after in source.split("(world.switches)(\"").skip(1) {
            let key = after.split('"').next().expect("a key");
            let has =
                |contract: &&herald::contract::Contract| contract.sandbox_switch(key).is_some();
            assert!(contracts.iter().any(has), "{key} in {}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 6, "{seen}");
}

#[test]
fn without_quotas_a_suite_of_tests_never_runs_into_one() {
    let world = World::new();
    let served = Served::start(&world, &["--switch", "quota=off"]);
    let all = ["broadcast", "--provider", "jpush-v3", "--all", "--confirm", "jpush-v3", "--text"];
    let pass = ["--override", "quota", "--override", "repeat", "--override", "test-content"];
    for number in 0..12 {
        served.run(&world, 0, &[&all[..], &[&format!("n {number}")], &pass].concat());
    }
}

#[test]
fn the_clock_moves_what_is_judged_by_time() {
    // RongCloud takes timestamps that are off by 5 minutes.
    for (clock, code) in [("+1h", 4), ("-1h", 4), ("+1m", 0)] {
        let world = World::new();
        let served = Served::start(&world, &["--switch", &format!("clock={clock}")]);
        let send = ["send", "--provider", "rongcloud", "--from", "a", "--to", "b", "--text", "x"];
        served.run(&world, code, &send);
    }
}

#[test]
fn every_switch_that_the_help_lists_is_explained() {
    let world = World::new();
    let help = world.run(&["sandbox", "--help"]).ends_with(0).out.clone();
    let listed = help.lines().filter_map(|line| line.trim().strip_prefix("- ")?.split_once(" ("));
    let keys: Vec<&str> = listed.map(|(key, _)| key).collect();
    assert!(keys.contains(&"OPERATION") && keys.len() > 5, "{help}");
    for key in keys {
        world.run(&["explain", &format!("sandbox/{key}")]).ends_with(0);
    }
}
