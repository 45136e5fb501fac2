//! The ledger is input, too: a job that was changed there does not go on, and nothing leaves.

use rusqlite::Connection;

use crate::guards::Live;

const LEDGER: &str = ".local/state/herald/ledger.db";

/// A job of three targets that has begun nothing: no server listens.
fn left(live: &Live, more: &[&str]) {
    live.world.write("list.txt", "group:1\ngroup:2\ngroup:3\n");
    let list = ["broadcast", "--from", "a", "--targets", "list.txt", "--text", "hi", "--job", "j"];
    live.run_with(&[&list[..], &["--deadline", "300ms"], more].concat(), &[NOWHERE]).ends_with(7);
}

const NOWHERE: (&str, &str) = ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9");
pub(crate) const RESUME: [&str; 5] = ["broadcast", "--resume", "j", "--deadline", "300ms"];

fn resume(live: &Live, more: &[&str]) -> crate::support::Run {
    live.run_with(&[&RESUME[..], more].concat(), &[NOWHERE])
}

/// Runs SQL on the ledger, and gives what undoes it: the file as it was.
fn change(live: &Live, sql: &str) -> Vec<u8> {
    let path = live.world.path(LEDGER);
    let db = Connection::open(&path).expect("a ledger");
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("no other process");
    let before = std::fs::read(&path).expect("a file");
    // A person who forges a ledger knows how its rows are summed up.
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
