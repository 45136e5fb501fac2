//! Entries as rows, and back.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fault::StoreFault;
use super::sums::{COMMAND, ENTRY, ValueSum};
use super::transact::Tx;
use super::writer::Writer;
use crate::contract::Effect;
use crate::ledger::short_id::short;
use crate::ledger::{
    Bodies, CommandPart, Ending, EntryContent, EntryIntent, EntryReach, EntryRoute, EntryStatus,
    EntryTimes, LedgerEntry, Realm, Resolution, ResolvedAs, VendorId,
};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::wire::lower_hex;

/// Every effect, to find one by its word.
const EFFECTS: [Effect; 4] = [Effect::Sends, Effect::Destroys, Effect::Manages, Effect::Reads];

/// What an effect is called in the table.
pub(super) const fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Sends => "sends",
        Effect::Destroys => "destroys",
        Effect::Manages => "manages",
        Effect::Reads => "reads",
    }
}

/// The effect with a word.
pub(super) fn effect_of(word: &str) -> Result<Effect, StoreFault> {
    let found = EFFECTS.into_iter().find(|known| effect_word(*known) == word);
    found.ok_or_else(|| strange("effect", word))
}

/// Adds an intent.
pub(super) fn insert(tx: &Tx<'_>, intent: &EntryIntent) -> Result<(), StoreFault> {
    let (db, EntryIntent { route, content, reach, times, .. }) = (tx.db, intent);
    db.prepare_cached(
        "INSERT INTO entry (id, sandbox, created_ms, deadline_ms, writer, verb, effect, provider, operation, profile,
            app, endpoint, sender, audience, target_count, body, digest, overrides, dedupe_id, parent, fingerprint,
            recall_until_ms)
         VALUES (:id, :sandbox, :created_ms, :deadline_ms, :writer, :verb, :effect, :provider, :operation, :profile,
            :app, :endpoint, :sender, :audience, :target_count, :body, :digest, :overrides, :dedupe_id, :parent,
            :fingerprint, :recall_until_ms)",
    )?
    .execute(named_params! {
        ":id": intent.id.to_string(),
        ":sandbox": route.realm == Realm::Sandbox,
        ":created_ms": times.created_ms,
        ":deadline_ms": times.deadline_ms,
        ":writer": tx.writer.and_then(Writer::name),
        ":verb": content.verb,
        ":effect": effect_word(content.effect),
        ":provider": route.provider,
        ":operation": route.operation,
        ":profile": route.profile,
        ":app": route.app,
        ":endpoint": route.endpoint,
        ":sender": reach.sender,
        ":audience": reach.audience,
        ":target_count": reach.target_count.map(whole),
        ":body": kept(&content.body, tx.settings.bodies),
        ":digest": Sha256::digest(&content.body).as_slice(),
        ":overrides": listed(&intent.overrides),
        ":dedupe_id": content.dedupe_id,
        ":parent": intent.parent.map(|id| id.to_string()),
        ":fingerprint": content.fingerprint,
        ":recall_until_ms": times.recall_until_ms,
    })?;
    let key = db.last_insert_rowid();
    db.prepare_cached(&ENTRY.seal("key = ?1"))?.execute([key])?;
    if let Some(CommandPart { command, number, total }) = intent.part {
        let values = params![key, command.to_string(), number, total];
        db.prepare_cached(&COMMAND.insert())?.execute(values)?;
    }
    Ok(())
}

/// Which part of its command an entry is.
fn part(db: &Connection, key: i64) -> Result<Option<CommandPart>, StoreFault> {
    let sql =
        format!("SELECT id, number, total FROM command WHERE entry = ?1 AND {}", COMMAND.intact());
    let found: Option<(String, u32, u32)> = db
        .prepare_cached(&sql)?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let part = |(id, number, total): (String, u32, u32)| {
        Ok(CommandPart { command: uuid(&id)?, number, total })
    };
    found.map(part).transpose()
}

/// Counts an attempt.
pub(super) fn count_attempt(
    db: &Connection,
    entry: Uuid,
    attempt: u32,
    started_ms: i64,
) -> Result<(), StoreFault> {
    let changes = [("attempts", "?2"), ("started_ms", "?3")];
    db.prepare_cached(&ENTRY.update(&changes, "id = ?1"))?.execute(params![
        entry.to_string(),
        attempt,
        started_ms
    ])?;
    Ok(())
}

/// What is kept of a body.
pub(super) const fn kept(body: &str, bodies: Bodies) -> &str {
    match bodies {
        Bodies::Kept => body,
        Bodies::Digested => "",
    }
}

/// Adds the ending of an entry that has none.
pub(super) fn end(db: &Connection, id: Uuid, ending: &Ending) -> Result<(), StoreFault> {
    let names = [
        ("verdict", ":verdict"),
        ("finished_ms", ":finished_ms"),
        ("elapsed_ms", ":elapsed_ms"),
        ("attempts", ":attempts"),
        ("http_status", ":http_status"),
        ("code", ":code"),
        ("message", ":message"),
        ("children", ":children"),
    ];
    let sql = ENTRY.update(&names, "id = :id AND verdict IS NULL") + " RETURNING key";
    let key: Option<i64> = db
        .prepare_cached(&sql)?
        .query_map(
            named_params! {
                ":id": id.to_string(),
                ":verdict": ending.verdict.word(),
                ":finished_ms": ending.finished_ms,
                ":elapsed_ms": whole(ending.elapsed_ms),
                ":attempts": ending.attempts,
                ":http_status": ending.http_status,
                ":code": ending.code,
                ":message": ending.message,
                ":children": children(&ending.ids, &ending.targets),
            },
            |row| row.get(0),
        )?
        .next()
        .transpose()?;
    let key = key.ok_or(StoreFault::NotOpen(id))?;
    let mut add = db.prepare_cached("INSERT INTO vendor_id VALUES (?1, ?2, ?3, ?4)")?;
    for (position, (name, value)) in (0_i64..).zip(&ending.ids) {
        add.execute(params![key, position, name, value])?;
    }
    let mut add = db.prepare_cached("INSERT INTO target VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (position, target) in (0_i64..).zip(&ending.targets) {
        let TargetResult { target: name, verdict, id, code, message, devices: _ } = target;
        add.execute(params![key, position, name, verdict.word(), id, code, message])?;
    }
    Ok(())
}

/// Gives an entry without ids the one of its message. One whose process ended before an answer came has an ending from
/// then on: it was unknown, and stays so except for what a person decided.
pub(super) fn add_id(
    db: &Connection,
    entry: Uuid,
    id: &VendorId,
    now_ms: i64,
) -> Result<(), StoreFault> {
    let sql = format!(
        "SELECT key, attempts, verdict IS NULL FROM entry WHERE id = ?1 AND {}",
        ENTRY.intact()
    );
    let (key, attempts, is_open): (i64, u32, bool) =
        db.query_row(&sql, [entry.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let found = vec![id.clone()];
    if is_open {
        let outcome = Outcome { ids: found, ..Outcome::of(Verdict::Unknown) };
        return end(db, entry, &Ending::of(&outcome, now_ms, 0, attempts));
    }
    if !ids(db, key)?.is_empty() {
        return Ok(());
    }
    let sum = children(&found, &targets(db, key)?);
    db.execute(&ENTRY.update(&[("children", "?2")], "key = ?1"), params![key, sum])?;
    db.execute("INSERT INTO vendor_id VALUES (?1, 0, ?2, ?3)", params![key, id.0, id.1])?;
    Ok(())
}

/// A checksum over the rows of other tables that belong to an entry, in their order; none where there are none.
fn children(ids: &[(String, String)], targets: &[TargetResult]) -> Option<i64> {
    if ids.is_empty() && targets.is_empty() {
        return None;
    }
    let mut sum = ValueSum::default();
    for (name, value) in ids {
        sum.add_all([Some(name.as_str()), Some(value)]);
    }
    for target in targets {
        let TargetResult { target: name, verdict, id, code, message, devices: _ } = target;
        let more = [id, code, message].map(Option::as_deref);
        sum.add_all([Some(name.as_str()), Some(verdict.word())]);
        sum.add_all(more);
    }
    Some(sum.end())
}

/// Gives the entries of an older ledger the checksum over what belongs to them.
pub(super) fn seal_children(db: &Connection) -> Result<(), StoreFault> {
    let mut find = db.prepare("SELECT entry FROM vendor_id UNION SELECT entry FROM target")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        let sum = children(&ids(db, key)?, &targets(db, key)?);
        db.prepare_cached("UPDATE entry SET children = ?2 WHERE key = ?1")?
            .execute(params![key, sum])?;
    }
    Ok(())
}

/// Tries out what an ending will write, and undoes it: where it will go into a damaged page, that is known while
/// nothing has left. Nothing of it reaches the disk.
pub(super) fn rehearse(db: &Connection, intent: &EntryIntent) -> Result<(), StoreFault> {
    let id = intent.id.to_string();
    let target =
        TargetResult { id: Some(id.clone()), ..TargetResult::new(id.clone(), Verdict::Accepted) };
    let ids = vec![(String::new(), id)];
    let outcome = Outcome { ids, targets: vec![target], ..Outcome::of(Verdict::Accepted) };
    let ending = Ending::of(&outcome, intent.times.created_ms, 0, 1);
    db.execute_batch("SAVEPOINT rehearsal")?;
    let tried = end(db, intent.id, &ending);
    db.execute_batch("ROLLBACK TO rehearsal; RELEASE rehearsal")?;
    tried
}

/// Reads an entry, with the rows of other tables that belong to it.
pub(super) fn read(db: &Connection, row: &Row<'_>) -> Result<LedgerEntry, StoreFault> {
    let intent = intent(db, row)?;
    let verdict: Option<String> = row.get("verdict")?;
    let ending = verdict.map(|word| ending(db, row, &word)).transpose()?;
    let digest: Vec<u8> = row.get("digest")?;
    Ok(LedgerEntry {
        short_id: short(intent.id),
        intent,
        digest: lower_hex(&digest),
        attempts: row.get("attempts")?,
        started_ms: row.get("started_ms")?,
        ending,
        resolution: resolution(row)?,
        status: EntryStatus::Decided(Verdict::Unknown),
        writer: row.get("writer")?,
    })
}

/// Guards that were passed, as a column holds them.
pub(super) fn listed(guards: &[String]) -> String {
    serde_json::to_string(guards).expect("a list of texts is JSON")
}

/// The same as they are read.
pub(super) fn overrides(row: &Row<'_>) -> Result<Vec<String>, StoreFault> {
    let listed: String = row.get("overrides")?;
    serde_json::from_str(&listed).map_err(|_| strange("list of overrides", &listed))
}

fn intent(db: &Connection, row: &Row<'_>) -> Result<EntryIntent, StoreFault> {
    let effect: String = row.get("effect")?;
    let parent: Option<String> = row.get("parent")?;
    let count: Option<i64> = row.get("target_count")?;
    Ok(EntryIntent {
        id: uuid(&row.get::<_, String>("id")?)?,
        parent: parent.as_deref().map(uuid).transpose()?,
        part: part(db, row.get("key")?)?,
        overrides: overrides(row)?,
        route: EntryRoute {
            realm: if row.get("sandbox")? { Realm::Sandbox } else { Realm::Real },
            provider: row.get("provider")?,
            operation: row.get("operation")?,
            profile: row.get("profile")?,
            app: row.get("app")?,
            endpoint: row.get("endpoint")?,
        },
        content: EntryContent {
            verb: row.get("verb")?,
            effect: effect_of(&effect)?,
            body: row.get("body")?,
            fingerprint: row.get("fingerprint")?,
            dedupe_id: row.get("dedupe_id")?,
        },
        reach: EntryReach {
            sender: row.get("sender")?,
            audience: row.get("audience")?,
            target_count: count.map(natural),
        },
        times: EntryTimes {
            created_ms: row.get("created_ms")?,
            deadline_ms: row.get("deadline_ms")?,
            recall_until_ms: row.get("recall_until_ms")?,
        },
    })
}

/// The vendor's ids of an entry.
fn ids(db: &Connection, key: i64) -> Result<Vec<(String, String)>, StoreFault> {
    let mut find =
        db.prepare_cached("SELECT name, value FROM vendor_id WHERE entry = ?1 ORDER BY position")?;
    let ids = find.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The outcomes of its targets, where the vendor told them apart.
fn targets(db: &Connection, key: i64) -> Result<Vec<TargetResult>, StoreFault> {
    let mut find = db.prepare_cached(
        "SELECT name, verdict, vendor_id, code, message FROM target WHERE entry = ?1 ORDER BY position",
    )?;
    let mut rows = find.query([key])?;
    let mut targets = Vec::new();
    while let Some(row) = rows.next()? {
        targets.push(TargetResult {
            id: row.get(2)?,
            code: row.get(3)?,
            message: row.get(4)?,
            ..TargetResult::new(row.get::<_, String>(0)?, verdict(&row.get::<_, String>(1)?)?)
        });
    }
    Ok(targets)
}

fn ending(db: &Connection, row: &Row<'_>, word: &str) -> Result<Ending, StoreFault> {
    let key: i64 = row.get("key")?;
    let (ids, targets) = (ids(db, key)?, targets(db, key)?);
    if children(&ids, &targets) != row.get("children")? {
        return Err(StoreFault::Damaged(
            "what belongs to an entry is not what was written".to_owned(),
        ));
    }
    Ok(Ending {
        finished_ms: row.get("finished_ms")?,
        elapsed_ms: natural(row.get("elapsed_ms")?),
        attempts: row.get("attempts")?,
        verdict: verdict(word)?,
        http_status: row.get("http_status")?,
        code: row.get("code")?,
        message: row.get("message")?,
        ids,
        targets,
    })
}

fn resolution(row: &Row<'_>) -> Result<Option<Resolution>, StoreFault> {
    let Some(word) = row.get::<_, Option<String>>("resolved")? else { return Ok(None) };
    Ok(Some(Resolution {
        resolved: resolved(&word)?,
        note: row.get("resolved_note")?,
        by: row.get("resolved_by")?,
        resolved_ms: row.get("resolved_ms")?,
    }))
}

pub(super) fn resolved(word: &str) -> Result<ResolvedAs, StoreFault> {
    ResolvedAs::from_stored(word).ok_or_else(|| strange("resolution", word))
}

fn verdict(word: &str) -> Result<Verdict, StoreFault> {
    match EntryStatus::from_word(word) {
        Some(EntryStatus::Decided(verdict)) => Ok(verdict),
        Some(EntryStatus::Sending) | None => Err(strange("verdict", word)),
    }
}

pub(super) fn uuid(text: &str) -> Result<Uuid, StoreFault> {
    Uuid::try_parse(text).map_err(|_| strange("id", text))
}

pub(super) fn strange(what: &str, text: &str) -> StoreFault {
    StoreFault::Damaged(format!("`{text}` is no {what}"))
}

/// A count as the database holds it; nothing that is counted here comes near the limit.
pub(super) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn natural(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
