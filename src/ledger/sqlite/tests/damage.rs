//! Damage that SQLite does not notice: a journal that is cut off, gone or older, rows that say something else. Whatever is
//! damaged, a job is refused, or it ends right: no target gets a message twice, and no stranger gets one.

mod copies;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::*;
use crate::ledger::BatchChange;
use crate::ledger::decide::{DecisionStore as _, Undecided};
use crate::ledger::orphans::{OwnerStore as _, StatusChange};
use crate::ledger::plan::PlanStore as _;
use crate::ledger::prune::PruneStore as _;
use crate::ledger::tests::conformance::{begin, fresh_since, job_intent, planned, quick_folder};
use crate::outcome::TargetResult;

/// How many batches the job has; each has two targets.
const BATCHES: usize = 40;

/// A ledger as a herald leaves it that was killed, and what it has sent by then.
struct Killed {
    folder: TempDir,
    path: PathBuf,
    sent: BTreeSet<String>,
    all: BTreeSet<String>,
}

/// Copies the files of a ledger, except the index of its journal: as after the end of its process.
fn copied(from: &Path, to: &Path) {
    for (from, to) in [
        (from.to_owned(), to.to_owned()),
        (log(from), log(to)),
        (record::beside(from), record::beside(to)),
    ] {
        match fs::read(&from) {
            Ok(bytes) => fs::write(&to, bytes).unwrap(),
            Err(_) => drop(fs::remove_file(&to)),
        }
    }
    let [_, index, _] = crate::trust::side_files(to);
    let _ = fs::remove_file(index);
}

fn told(target: &str, verdict: Verdict) -> TargetResult {
    let id = Some(format!("id-{target}"));
    TargetResult { id, ..TargetResult::new(target, verdict) }
}

/// What the vendor says of a batch: all accepted, one of two refused, an id behind the first one.
fn answer(place: usize, ids: &[String]) -> Ending {
    let mut answer = ending(Verdict::Accepted);
    answer.ids = vec![("msg_id".to_owned(), format!("m{place}"))];
    match place % 5 {
        3 => answer.ids.push(("other".to_owned(), format!("n{place}"))),
        4 => {
            answer.verdict = Verdict::Partial;
            answer.targets =
                vec![told(&ids[0], Verdict::Accepted), told(&ids[1], Verdict::Rejected)];
        }
        _ => {}
    }
    answer
}

impl Killed {
    /// Killed after some commits, with requests under way; with a single entry and an older job in the ledger, too.
    fn new() -> Self {
        let folder = quick_folder();
        let (path, left) = (folder.path().join("live.db"), folder.path().join("ledger.db"));
        let mut ledger = ledger(&path);
        ledger.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
        ledger.finish(intent(1, NOW).id, &ending(Verdict::Accepted), None).unwrap();
        let name = |batch: usize| [0, 1].map(|n| format!("person-{batch:03}-{n}"));
        let batches: Vec<_> =
            (0..BATCHES).map(|n| planned(&name(n).each_ref().map(|s| &**s))).collect();
        let all = (0..BATCHES).flat_map(name).collect();
        crate::ledger::tests::conformance::opened(&mut ledger, &job_intent(1), &batches);
        let job = job_intent(1).id;
        ledger.claim_job(job, NOW).unwrap();
        let mut sent = BTreeSet::new();
        let (mut after, mut ends) = (None, Vec::new());
        for _ in 0..5 {
            let next = ledger.next_batches(job, after, 4).unwrap();
            let mut changes = std::mem::take(&mut ends);
            changes.extend(next.iter().map(|batch| begin(batch.key)));
            ledger.commit(job, &changes, &Preconditions::NONE).unwrap();
            after = next.last().map(|batch| batch.key);
            for batch in next {
                let place = batch.key.number() as usize;
                ends.push(BatchChange::End { batch: batch.key, ending: answer(place, &batch.ids) });
                sent.extend(batch.ids);
            }
        }
        copied(&path, &left);
        drop(ledger);
        Self { folder, path: left, sent, all }
    }

    /// The same with all of its journal in the database, as the next command leaves it that writes.
    fn put_away(self) -> Self {
        drop(ledger(&self.path));
        assert!(!log(&self.path).exists());
        self
    }

    /// Goes on with the job in a copy of the ledger to which something has happened. `None` where it is refused.
    fn resumed(&self, damage: impl Fn(&Path)) -> Option<()> {
        let copy = self.folder.path().join("copy.db");
        copied(&self.path, &copy);
        damage(&copy);
        let resumed = self.resume(&copy);
        if let Err(error) = &resumed {
            assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Ledger, 3), "{error:?}");
            assert!(error.to_string().contains("ledger"), "{error}");
            assert!(error.advice().is_some(), "{error:?}");
        }
        resumed.ok()
    }

    fn resume(&self, path: &Path) -> Result<()> {
        let mut ledger = Ledger::open(path, NOW + 1, Duration::MAX)?;
        let job = job_intent(1).id;
        let claim = ledger.claim_job(job, NOW + 1)?;
        assert_eq!(claim.orphaned, 4, "those that were under way");
        let mut sent = self.sent.clone();
        let mut after = None;
        loop {
            let next = ledger.next_batches(job, after, 7)?;
            if next.is_empty() {
                break;
            }
            after = next.last().map(|batch| batch.key);
            let changes: Vec<_> = next.iter().map(|batch| begin(batch.key)).collect();
            ledger.commit(job, &changes, &Preconditions::NONE)?;
            let mut ends = Vec::new();
            for batch in next {
                for id in &batch.ids {
                    assert!(self.all.contains(id), "{id} is a stranger");
                    assert!(sent.insert(id.clone()), "{id} gets it twice");
                }
                assert_eq!((batch.template, batch.vars), (0, None));
                let ending = answer(batch.key.number() as usize, &batch.ids);
                ends.push(BatchChange::End { batch: batch.key, ending });
            }
            ledger.commit(job, &ends, &Preconditions::NONE)?;
        }
        ledger.release_job(job, NOW + 2)?;
        assert_eq!(sent, self.all, "somebody got nothing");
        let mut fates = BTreeMap::<&str, usize>::new();
        ledger.each_batch(job, crate::ledger::BatchFilter::All, &mut |batch| {
            batch.fates().for_each(|fate| *fates.entry(fate.state.word()).or_default() += 1);
            ControlFlow::Continue(())
        })?;
        let words = [("accepted", 65), ("rejected", 7), ("unknown", 8)];
        assert_eq!(fates, BTreeMap::from(words));
        assert_eq!(ledger.job(job)?.targets.total(), 80);
        drop(ledger);
        drop(Ledger::open(path, NOW + 3, Duration::MAX)?);
        Ok(())
    }
}

/// Flips one bit of a file.
fn flip(file: &Path, bit: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(file, bytes).unwrap();
}

/// Places all over a file, another bit of a byte each time.
fn places(file: &Path, count: usize) -> impl Iterator<Item = usize> {
    let bits = fs::metadata(file).unwrap().len() as usize * 8;
    // A step that has no divisor in common with the length comes past every bit once.
    (0..count).map(move |n| (n * 1_000_003 + 17) % bits)
}

/// How many places: more where it may take long.
fn count() -> usize {
    let is_long = std::env::var_os("HERALD_LONG").is_some_and(|value| value == "1");
    if is_long { 20_000 } else { 250 }
}

#[test]
fn a_killed_job_ends_right_where_nothing_is_damaged() {
    assert!(Killed::new().resumed(|_| {}).is_some());
    assert!(Killed::new().put_away().resumed(|_| {}).is_some());
}

#[test]
fn wherever_a_bit_of_the_journal_is_flipped_nobody_gets_a_message_twice() {
    let killed = Killed::new();
    let (mut refused, mut ended) = (0, 0);
    for bit in places(&log(&killed.path), count()) {
        match killed.resumed(|copy| flip(&log(copy), bit)) {
            Some(()) => ended += 1,
            None => refused += 1,
        }
    }
    assert!(refused > ended, "{refused} refused, {ended} ended");
}

#[test]
fn wherever_a_bit_of_the_database_is_flipped_nobody_gets_a_message_twice() {
    let killed = Killed::new().put_away();
    let (mut refused, mut ended) = (0, 0);
    for bit in places(&killed.path, count()) {
        match killed.resumed(|copy| flip(copy, bit)) {
            Some(()) => ended += 1,
            None => refused += 1,
        }
    }
    // Most of a small database is empty.
    assert!(refused * 20 > ended, "{refused} refused, {ended} ended");
}

#[test]
fn wherever_a_bit_of_the_heads_of_pages_is_flipped_nobody_gets_a_message_twice() {
    let killed = Killed::new().put_away();
    let pages = fs::metadata(&killed.path).unwrap().len() as usize / 4096;
    // Kind, free blocks, number of rows, where they begin, and the first of the places of rows.
    let heads = (0..pages).flat_map(|page| {
        let start = if page == 0 { 0 } else { page * 4096 };
        (0..if page == 0 { 124 } else { 24 }).map(move |byte| start + byte)
    });
    let bits: Vec<usize> = heads.flat_map(|byte| (0..8).map(move |bit| byte * 8 + bit)).collect();
    let step = (bits.len() / count()).max(1);
    let (mut refused, mut ended) = (0, 0);
    for bit in bits.into_iter().step_by(step | 1) {
        match killed.resumed(|copy| flip(copy, bit)) {
            Some(()) => ended += 1,
            None => refused += 1,
        }
    }
    assert!(refused > ended, "{refused} refused, {ended} ended");
}

#[test]
fn a_journal_that_ends_before_the_last_commit_is_damage_wherever_it_ends() {
    let killed = Killed::new();
    let length = fs::metadata(log(&killed.path)).unwrap().len();
    let cut = |length: u64| {
        killed.resumed(|copy| {
            File::options().write(true).open(log(copy)).unwrap().set_len(length).unwrap();
        })
    };
    assert!(cut(length).is_some());
    for frame in 0..length / 4120 {
        assert!(cut(32 + frame * 4120).is_none(), "{frame} frames");
    }
    assert!(cut(0).is_none());
    // Behind what was committed there may be what an earlier journal has left.
    let padded = killed.resumed(|copy| {
        File::options().write(true).open(log(copy)).unwrap().set_len(length + 9999).unwrap();
    });
    assert!(padded.is_some());
}

#[test]
fn a_database_without_its_journal_is_damage_with_and_without_the_record() {
    let killed = Killed::new();
    for remove in [&[log as fn(&Path) -> PathBuf][..], &[log, record::beside]] {
        let gone = |copy: &Path| remove.iter().for_each(|of| fs::remove_file(of(copy)).unwrap());
        assert!(killed.resumed(gone).is_none());
        let copy = killed.folder.path().join("copy.db");
        let error = Ledger::open_to_read(&copy, NOW, Duration::MAX).err().expect("it is damaged");
        let told = format!("{error} {}", error.advice().unwrap());
        assert!(told.contains("copy.db-wal"), "{told}");
    }
    // A lost record alone is not damage, nor is one of another ledger, or an older one.
    assert!(killed.resumed(|copy| fs::remove_file(record::beside(copy)).unwrap()).is_some());
    let other = Killed::new();
    let swapped = |copy: &Path| {
        fs::copy(record::beside(&other.path), record::beside(copy)).unwrap();
    };
    assert!(killed.resumed(swapped).is_some());
}

#[test]
fn what_is_damaged_is_left_as_it_is() {
    let killed = Killed::new();
    let copy = killed.folder.path().join("copy.db");
    let whole = fs::read(log(&killed.path)).unwrap();
    assert!(killed.resumed(|copy| flip(&log(copy), whole.len() * 4)).is_none());
    assert_eq!(fs::read(log(&copy)).unwrap().len(), whole.len());
    // Put right, it goes on.
    let mended = killed.resumed(|copy| fs::write(log(copy), &whole).unwrap());
    assert!(mended.is_some());
}

/// What a guard and a recall rely on, in a ledger in which every row of every table has one bit flipped in turn.
#[test]
fn a_row_that_says_something_else_is_never_believed() {
    let killed = Killed::new().put_away();
    let db = Connection::open(&killed.path).unwrap();
    let columns: Vec<(String, String)> = db
        .prepare(
            "SELECT m.name, c.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
             WHERE m.type = 'table' ORDER BY 1, 2",
        )
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(std::result::Result::unwrap)
        .collect();
    drop(db);
    let mut seen = 0;
    for (table, column) in columns {
        let changed = |copy: &Path| {
            let db = Connection::open(copy).unwrap();
            // No index notices: what is in the row is another value of the same kind.
            let change = format!(
                "UPDATE {table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1024
                    WHEN 'text' THEN {column} || 'x' WHEN 'blob' THEN x'0178' ELSE NULL END"
            );
            db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
            let _ = db.execute_batch(&change);
        };
        let is_null = |copy: &Path| {
            let sql = format!("SELECT count({column}) FROM {table}");
            Connection::open(copy).unwrap().query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
                == 0
        };
        if is_null(&killed.path) {
            continue;
        }
        seen += 1;
        let copy = killed.folder.path().join("copy.db");
        let everything = |path: &Path| -> Result<()> {
            let mut ledger = Ledger::open(path, NOW + 1, Duration::MAX)?;
            let job = job_intent(1).id;
            ledger.list(&Filter::default())?;
            ledger.claim_job(job, NOW + 1)?;
            let keep = &mut |_| ControlFlow::Continue(());
            ledger.each_batch(job, crate::ledger::BatchFilter::All, keep)
        };
        copied(&killed.path, &copy);
        changed(&copy);
        let error = everything(&copy).expect_err(&format!("{table}.{column}"));
        assert_eq!(error.exit().code(), 3, "{table}.{column}: {error}");
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_guard_does_not_pass_over_a_damaged_row() {
    let terms = fresh_since(NOW - 1000);
    let first = with(intent(1, NOW), |one| one.content.fingerprint = Some("same".to_owned()));
    let again = with(intent(2, NOW), |one| one.content.fingerprint = Some("same".to_owned()));
    for change in [
        "UPDATE entry SET provider = 'acmf'",
        "UPDATE entry SET app = 'key-3'",
        "UPDATE entry SET sandbox = 1",
        "UPDATE entry SET verdict = 'rejected'",
        "UPDATE entry SET created_ms = created_ms - 1073741824",
        "UPDATE entry SET resolved = 'not', verdict = NULL",
    ] {
        let (_folder, path) = folder();
        let mut ledger = ledger(&path);
        ledger.begin(&first, &Preconditions::NONE).unwrap();
        ledger.finish(first.id, &ending(Verdict::Accepted), None).unwrap();
        drop(ledger);
        let mut other = self::ledger(&path);
        assert!(other.begin(&again, &terms).unwrap().is_some());
        drop(other);
        Connection::open(&path).unwrap().execute_batch(change).unwrap();
        let begun = Ledger::open(&path, NOW, Duration::MAX)
            .and_then(|mut ledger| ledger.begin(&again, &terms));
        assert!(begun.is_err(), "{change}: {begun:?}");
    }
}

#[test]
fn an_index_that_is_damaged_hides_no_repeat_and_no_call_in_a_large_ledger() {
    let terms = fresh_since(NOW - 1000);
    let (_folder, path) = folder();
    let mut ledger = ledger(&path);
    for n in 1..200 {
        let fingerprint = Some(format!("fingerprint-{n}"));
        let one = with(intent(n, NOW), |one| {
            one.content.body = "x".repeat(9000);
            one.content.fingerprint = fingerprint;
        });
        ledger.begin(&one, &Preconditions::NONE).unwrap();
        ledger.finish(one.id, &ending(Verdict::Accepted), None).unwrap();
    }
    drop(ledger);
    assert!(fs::metadata(&path).unwrap().len() > 1_000_000, "it is not looked at as a whole");
    let whole = fs::read(&path).unwrap();
    let again =
        with(intent(900, NOW), |one| one.content.fingerprint = Some("fingerprint-150".to_owned()));
    // In the rows, and in the index.
    let places: Vec<usize> = whole
        .windows(15)
        .enumerate()
        .filter(|(_, at)| at == b"fingerprint-150")
        .map(|(at, _)| at)
        .collect();
    assert!(places.len() >= 2, "{places:?}");
    for place in places {
        let mut bytes = whole.clone();
        bytes[place + 14] ^= 4;
        fs::write(&path, bytes).unwrap();
        let found = Ledger::open(&path, NOW, Duration::MAX).and_then(|mut ledger| {
            let found =
                ledger.sent_since(Realm::Real, "acme", "key-1", "fingerprint-150", NOW - 1)?;
            Ok((found.is_some(), ledger.begin(&again, &terms)?.is_some()))
        });
        assert!(!matches!(found, Ok((false, _) | (_, false))), "{found:?}");
    }
}

#[test]
fn a_ledger_of_an_earlier_version_gets_its_sums_and_goes_on() {
    let killed = Killed::new().put_away();
    let db = Connection::open(&killed.path).unwrap();
    let with_sums = [
        "entry", "job", "progress", "tally", "template", "batch", "open", "done", "word",
        "decision",
    ];
    for table in with_sums {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN sum")).unwrap();
    }
    db.execute_batch(
        "ALTER TABLE entry DROP COLUMN children; ALTER TABLE done DROP COLUMN parts; DROP TABLE durable;
         ALTER TABLE job DROP COLUMN seal; ALTER TABLE job DROP COLUMN sealed_batches; ALTER TABLE batch DROP COLUMN seal;
         DROP TABLE dedupe_seal; DROP TABLE rate; DROP TABLE job_end; DROP TABLE job_halt; DROP TABLE again;
         DROP TABLE command;
         PRAGMA user_version = 2",
    )
    .unwrap();
    drop(db);
    fs::remove_file(record::beside(&killed.path)).unwrap();
    assert!(killed.resumed(|_| {}).is_some());
    let ids =
        Ending { ids: vec![("msg_id".to_owned(), "m".to_owned())], ..ending(Verdict::Accepted) };
    let mut ledger = ledger(&killed.path);
    ledger.begin(&intent(2, NOW), &Preconditions::NONE).unwrap();
    ledger.finish(intent(2, NOW).id, &ids, None).unwrap();
    let found =
        ledger.entries_of_vendor_id("acme", "m", Realm::Real).unwrap().into_iter().next().unwrap();
    assert_eq!(found.intent.id, intent(2, NOW).id);
}

#[test]
fn nothing_is_begun_or_ended_in_a_ledger_that_has_moved() {
    type Act = fn(&mut Sqlite) -> Result<()>;
    let acts: [(&str, Act); 6] = [
        ("begin", |store| store.begin(&intent(2, NOW), &Preconditions::NONE).map(drop)),
        ("attempt", |store| store.attempt(intent(1, NOW).id, 2, NOW)),
        ("finish", |store| store.finish(intent(1, NOW).id, &ending(Verdict::Accepted), None)),
        ("resolve", |store| {
            let resolution = Resolution {
                resolved: crate::ledger::ResolvedAs::Accepted,
                note: None,
                by: None,
                resolved_ms: NOW,
            };
            store.decide(Undecided::Entry(intent(1, NOW).id), &resolution, None).map(drop)
        }),
        ("plan", |store| store.plan_job(&job_intent(1))),
        ("remove", |store| store.remove(&[intent(1, NOW).id], &[]).map(drop)),
    ];
    for (name, act) in acts {
        let (_folder, path) = folder();
        let elsewhere = path.with_file_name("elsewhere.db");
        let mut store = Sqlite::open(&path).unwrap();
        store.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
        fs::rename(&path, &elsewhere).unwrap();
        let error = act(&mut store).expect_err(name);
        assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Ledger, 3), "{name}");
        let told =
            format!("the ledger {} was moved or deleted while it was in use", path.display());
        assert_eq!(error.to_string(), told, "{name}");
        fs::rename(&elsewhere, &path).unwrap();
        act(&mut store).expect(name);
    }
}

#[test]
fn a_commit_that_changes_nothing_costs_no_sync() {
    let killed = Killed::new();
    let mut store = Sqlite::open(&killed.path).unwrap();
    let job = job_intent(1).id;
    let owner: String =
        store.db.query_row("SELECT owner FROM progress", [], |row| row.get(0)).unwrap();
    store.change_status(job, Some(&owner), StatusChange::Claim { now_ms: NOW }).unwrap();
    let before = durable::found(&store.db).unwrap();
    store.commit(job, &[], &Preconditions::NONE).unwrap();
    assert_eq!(durable::found(&store.db).unwrap(), before);
}
