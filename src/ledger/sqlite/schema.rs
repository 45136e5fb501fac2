//! The tables, and how a ledger of an older version becomes one of this version.

use rusqlite::{Connection, TransactionBehavior};

use super::fault::StoreFault;
use super::{durable, entries, parts, sums};

/// What SQLite keeps in the head of the file, so that no other program's database is taken for a ledger: `hrld`.
pub(super) const APPLICATION_ID: i64 = 0x6872_6c64;

/// The first version whose rows have sums.
const SUMMED: usize = 3;

/// Each step turns version N-1 into version N, the first makes the tables. Steps are never edited, only added.
pub(super) static STEPS: &[&str] = &[
    // Version 1. Ids and codes of vendors are text, whatever they look like: no number is ever rounded.
    "
    CREATE TABLE entry (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        sandbox INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        deadline_ms INTEGER NOT NULL,
        writer TEXT,
        verb TEXT NOT NULL,
        effect TEXT NOT NULL,
        provider TEXT NOT NULL,
        operation TEXT NOT NULL,
        profile TEXT,
        app TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        sender TEXT,
        audience TEXT NOT NULL,
        target_count INTEGER,
        body TEXT NOT NULL,
        digest BLOB NOT NULL,
        overrides TEXT NOT NULL,
        dedupe_id TEXT,
        parent TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        started_ms INTEGER,
        verdict TEXT,
        finished_ms INTEGER,
        elapsed_ms INTEGER,
        http_status INTEGER,
        code TEXT,
        message TEXT,
        resolved TEXT,
        resolved_note TEXT,
        resolved_by TEXT,
        resolved_ms INTEGER
    ) STRICT;
    CREATE INDEX entry_parent ON entry (parent) WHERE parent IS NOT NULL;

    CREATE TABLE vendor_id (
        entry INTEGER NOT NULL REFERENCES entry (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (entry, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX vendor_id_value ON vendor_id (value);

    CREATE TABLE target (
        entry INTEGER NOT NULL REFERENCES entry (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        verdict TEXT NOT NULL,
        vendor_id TEXT,
        code TEXT,
        message TEXT,
        PRIMARY KEY (entry, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX target_vendor_id ON target (vendor_id) WHERE vendor_id IS NOT NULL;
    ",
    // Version 2: jobs. A million batches have to be small and quick: what all of a job have in common stands once; keys of
    // batches are the job's key and their number, so that a job lies in one place; a batch is in `open` until it has
    // ended, and in `done` from then on, so that a search for work passes nothing that is done. Counts are kept by the
    // transactions that move batches.
    "
    ALTER TABLE entry ADD COLUMN fingerprint TEXT;
    ALTER TABLE entry ADD COLUMN recall_until_ms INTEGER;
    CREATE INDEX entry_fingerprint ON entry (fingerprint) WHERE fingerprint IS NOT NULL;
    CREATE INDEX entry_operation ON entry (operation, created_ms);

    CREATE TABLE job (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        sandbox INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        name TEXT,
        verb TEXT NOT NULL,
        provider TEXT NOT NULL,
        profile TEXT,
        app TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        audience TEXT NOT NULL,
        overrides TEXT NOT NULL,
        settings TEXT NOT NULL,
        fingerprint TEXT NOT NULL
    ) STRICT;
    CREATE INDEX job_name ON job (name) WHERE name IS NOT NULL;
    CREATE INDEX job_fingerprint ON job (fingerprint);

    CREATE TABLE progress (
        job INTEGER PRIMARY KEY,
        planning INTEGER NOT NULL,
        owner TEXT,
        stop_ms INTEGER,
        begun_ms INTEGER,
        active_ms INTEGER NOT NULL,
        ended_ms INTEGER
    ) STRICT;

    CREATE TABLE tally (
        job INTEGER NOT NULL,
        state INTEGER NOT NULL,
        batches INTEGER NOT NULL,
        targets INTEGER NOT NULL,
        PRIMARY KEY (job, state)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE template (
        job INTEGER NOT NULL,
        number INTEGER NOT NULL,
        operation TEXT NOT NULL,
        effect TEXT NOT NULL,
        kind TEXT,
        sender TEXT,
        body TEXT NOT NULL,
        digest BLOB NOT NULL,
        slot TEXT,
        recall_seconds INTEGER,
        PRIMARY KEY (job, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE batch (
        key INTEGER PRIMARY KEY,
        template INTEGER NOT NULL,
        ids BLOB NOT NULL,
        vars TEXT
    ) STRICT;

    CREATE TABLE open (
        key INTEGER PRIMARY KEY,
        template INTEGER NOT NULL,
        targets INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        doubtful INTEGER NOT NULL,
        started_ms INTEGER,
        first_ms INTEGER,
        dedupe_id TEXT
    ) STRICT;

    CREATE TABLE done (
        key INTEGER PRIMARY KEY,
        template INTEGER NOT NULL,
        targets INTEGER NOT NULL,
        verdict INTEGER NOT NULL,
        rest INTEGER,
        attempts INTEGER NOT NULL,
        started_ms INTEGER,
        first_ms INTEGER,
        finished_ms INTEGER,
        elapsed_ms INTEGER,
        http_status INTEGER,
        code INTEGER,
        message INTEGER,
        id_name INTEGER,
        vendor_id TEXT,
        dedupe_id TEXT,
        decision INTEGER
    ) STRICT;
    CREATE INDEX done_unknown ON done (key) WHERE verdict = 5;
    CREATE INDEX done_vendor_id ON done (vendor_id) WHERE vendor_id IS NOT NULL;

    CREATE TABLE part (
        batch INTEGER NOT NULL,
        position INTEGER NOT NULL,
        name TEXT,
        verdict INTEGER NOT NULL,
        vendor_id TEXT,
        code INTEGER,
        message INTEGER,
        PRIMARY KEY (batch, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX part_vendor_id ON part (vendor_id) WHERE vendor_id IS NOT NULL;

    CREATE TABLE other_id (
        batch INTEGER NOT NULL,
        position INTEGER NOT NULL,
        name INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (batch, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX other_id_value ON other_id (value);

    CREATE TABLE word (
        key INTEGER PRIMARY KEY,
        text TEXT NOT NULL
    ) STRICT;

    CREATE TABLE decision (
        key INTEGER PRIMARY KEY,
        job INTEGER NOT NULL,
        resolved TEXT NOT NULL,
        note TEXT,
        by TEXT,
        resolved_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX decision_job ON decision (job);
    ",
    // Version 3. Seals: they have tables and columns of their own, since rows of batches are large and rarely change.
    // Rate limits that processes share: one row for each app of a vendor. Checksums of rows (what they are over stands
    // in `sums`), and a count of the commits that were synced.
    "
    ALTER TABLE job ADD COLUMN seal BLOB;
    ALTER TABLE job ADD COLUMN sealed_batches INTEGER;
    ALTER TABLE batch ADD COLUMN seal BLOB;

    CREATE TABLE dedupe_seal (
        batch INTEGER PRIMARY KEY,
        seal BLOB NOT NULL
    ) STRICT;

    CREATE TABLE rate (
        key INTEGER PRIMARY KEY,
        sandbox INTEGER NOT NULL,
        provider TEXT NOT NULL,
        app TEXT NOT NULL,
        state BLOB NOT NULL,
        sum INTEGER,
        UNIQUE (sandbox, provider, app)
    ) STRICT;

    ALTER TABLE entry ADD COLUMN children INTEGER;
    ALTER TABLE entry ADD COLUMN sum INTEGER;
    ALTER TABLE job ADD COLUMN sum INTEGER;
    ALTER TABLE progress ADD COLUMN sum INTEGER;
    ALTER TABLE tally ADD COLUMN sum INTEGER;
    ALTER TABLE template ADD COLUMN sum INTEGER;
    ALTER TABLE batch ADD COLUMN sum INTEGER;
    ALTER TABLE open ADD COLUMN sum INTEGER;
    ALTER TABLE done ADD COLUMN parts INTEGER;
    ALTER TABLE done ADD COLUMN sum INTEGER;
    ALTER TABLE word ADD COLUMN sum INTEGER;
    ALTER TABLE decision ADD COLUMN sum INTEGER;

    CREATE TABLE durable (
        key INTEGER PRIMARY KEY,
        ledger INTEGER NOT NULL,
        commits INTEGER NOT NULL,
        digest INTEGER NOT NULL,
        follows INTEGER NOT NULL,
        checkpoints INTEGER NOT NULL,
        layout INTEGER NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    ",
    // Version 4. How the last run of a job ended: a table of its own, so that no row gets another sum.
    "
    CREATE TABLE job_end (
        job INTEGER PRIMARY KEY,
        how TEXT NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    ",
    // Version 5. What halted the last run of a job, in words.
    "
    CREATE TABLE job_halt (
        job INTEGER PRIMARY KEY,
        why TEXT NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    ",
    // Version 6. Which batches hold what a person resolved as not accepted, and whose request that was about.
    "
    CREATE TABLE again (
        batch INTEGER PRIMARY KEY,
        origin INTEGER NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    ",
    // Version 7. How many targets were planned again. A request all of whose targets were is 10 from now on, and no longer
    // 6: it left, and is shown. Which entries one command has made together.
    "
    ALTER TABLE again ADD COLUMN targets INTEGER NOT NULL DEFAULT 0;
    UPDATE again SET targets = coalesce((SELECT targets FROM open WHERE key = batch),
        (SELECT targets FROM done WHERE key = batch), 0) WHERE intact(sum, 'again', batch, origin);
    UPDATE again SET sum = row_sum('again', batch, origin, targets);
    UPDATE done SET verdict = 10, sum = row_sum('done', key, template, targets, 10, rest, attempts, started_ms, first_ms,
        finished_ms, elapsed_ms, http_status, code, message, id_name, vendor_id, dedupe_id, decision, parts)
        WHERE CASE WHEN verdict = 6 AND attempts > 0 AND key IN (SELECT origin FROM again)
            THEN intact(sum, 'done', key, template, targets, verdict, rest, attempts, started_ms, first_ms,
                finished_ms, elapsed_ms, http_status, code, message, id_name, vendor_id, dedupe_id, decision, parts) END;

    CREATE TABLE command (
        entry INTEGER PRIMARY KEY REFERENCES entry (key) ON DELETE CASCADE,
        id TEXT NOT NULL,
        number INTEGER NOT NULL,
        total INTEGER NOT NULL,
        sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX command_id ON command (id);
    ",
];

/// Makes sure that a database is a ledger of the version to which `steps` lead. The answer is `false` where it has no
/// tables, and none may be made.
pub(super) fn prepare(
    db: &mut Connection,
    steps: &[&str],
    may_be_made: &dyn Fn() -> bool,
) -> Result<bool, StoreFault> {
    // In one transaction: another herald may be making the tables right now.
    let older = older_version(&*db.transaction()?, steps)?;
    match older {
        None => keep_write_ahead(db)?,
        Some(0) if !may_be_made() => return Ok(false),
        Some(_) => migrate(db, steps)?,
    }
    Ok(true)
}

/// The version of a ledger that lacks steps, 0 where there are no tables yet; `None` where nothing is lacking. What is
/// newer or no ledger is refused.
pub(super) fn older_version(db: &Connection, steps: &[&str]) -> Result<Option<usize>, StoreFault> {
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let version = number("PRAGMA user_version")?;
    let known = steps.len();
    match (number("PRAGMA application_id")?, usize::try_from(version)) {
        (APPLICATION_ID, Ok(version)) if version == known => Ok(None),
        (APPLICATION_ID, Ok(version)) if version < known => Ok(Some(version)),
        (APPLICATION_ID, Ok(_)) => Err(StoreFault::Newer { version, known }),
        (0, Ok(0)) if number("SELECT count(*) FROM sqlite_schema")? == 0 => Ok(Some(0)),
        _ => Err(StoreFault::Foreign),
    }
}

/// Runs the steps that are missing, in one transaction. Another herald may be about the same: the second one
/// finds nothing left to do.
///
/// A new ledger gets its tables before its write-ahead log: so there is no moment in which the file has content and no
/// tables, and a file of that kind has certainly lost its log.
fn migrate(db: &mut Connection, steps: &[&str]) -> Result<(), StoreFault> {
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(version) = older_version(&change, steps)? {
        for step in &steps[version..] {
            change.execute_batch(step)?;
        }
        if (1..SUMMED).contains(&version) {
            entries::seal_children(&change)?;
            parts::seal_parts(&change)?;
            sums::seal_all(&change)?;
        }
        if steps.len() >= SUMMED {
            durable::settle(&change)?;
        }
        change.pragma_update(None, "application_id", APPLICATION_ID)?;
        change.pragma_update(None, "user_version", steps.len() as i64)?;
    }
    change.commit()?;
    keep_write_ahead(db)
}

/// Makes sure that there is a write-ahead log.
fn keep_write_ahead(db: &Connection) -> Result<(), StoreFault> {
    let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if !matches!(&*mode, "wal" | "memory") {
        write_ahead(db)?;
    }
    Ok(())
}

/// Switches to a write-ahead log, which the file remembers. SQLite does not wait for others here, so this does.
fn write_ahead(db: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())) {
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                    && tries < 200 =>
            {
                tries += 1;
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            done => return done,
        }
    }
}
