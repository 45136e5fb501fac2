//! How batches are kept small: targets in one value, keys and states as numbers, words that repeat once a job.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::fault::StoreFault;
use super::sums::WORD;
use crate::ledger::{BatchKey, ResolvedAs};
use crate::outcome::Verdict;

/// How many words are remembered; what a vendor says to everybody is among the first.
const CACHED_WORDS: usize = 512;

/// The bits of a key that are the number within the job.
const NUMBER_BITS: u32 = 32;

/// The key of a row that belongs to a job and has a number there.
pub(super) const fn row_key(job: i64, number: u32) -> i64 {
    (job << NUMBER_BITS) | number as i64
}

/// The first and the last key that rows of a job can have.
pub(super) const fn row_keys(job: i64) -> [i64; 2] {
    [row_key(job, 0), row_key(job, u32::MAX)]
}

/// The batch that a row is about.
pub(super) fn batch_key(row: i64) -> BatchKey {
    BatchKey(u32::try_from(row & i64::from(u32::MAX)).expect("the bits above were masked"))
}

/// The job that a row belongs to.
pub(super) const fn job_key(row: i64) -> i64 {
    row >> NUMBER_BITS
}

/// Where batches and targets stand, as the tables hold it.
pub(super) mod state {
    use super::{ResolvedAs, StoreFault, Verdict, strange};

    /// Not begun.
    pub(in crate::ledger::sqlite) const PLANNED: i64 = 0;
    /// Taken by the vendor; the commonest takes the least room.
    pub(in crate::ledger::sqlite) const ACCEPTED: i64 = 1;
    /// Partly taken.
    pub(in crate::ledger::sqlite) const PARTIAL: i64 = 2;
    /// Refused permanently.
    pub(in crate::ledger::sqlite) const REJECTED: i64 = 3;
    /// Certainly not taken, for now.
    pub(in crate::ledger::sqlite) const UNAVAILABLE: i64 = 4;
    /// It may have gone out; an index of the tables is made for this number.
    pub(in crate::ledger::sqlite) const UNKNOWN: i64 = 5;
    /// Its targets are in other batches now.
    pub(in crate::ledger::sqlite) const SPLIT: i64 = 6;
    /// Begun.
    pub(in crate::ledger::sqlite) const SENDING: i64 = 7;

    /// A target that a person says was taken, of a batch that is unknown.
    const SETTLED_ACCEPTED: i64 = 8;
    /// A target that a person says was not taken, of a batch that is unknown.
    const SETTLED_NOT: i64 = 9;
    /// A person says that it was not taken, and its targets are in other batches now. What is known of the request stays.
    pub(in crate::ledger::sqlite) const SENT_AGAIN: i64 = 10;

    /// Whether the targets of a batch with this verdict are counted elsewhere.
    pub(in crate::ledger::sqlite) const fn is_elsewhere(verdict: i64) -> bool {
        matches!(verdict, SPLIT | SENT_AGAIN)
    }

    /// The state of a single target that a person decided on.
    pub(in crate::ledger::sqlite) const fn settled(resolved: ResolvedAs) -> i64 {
        match resolved {
            ResolvedAs::Accepted => SETTLED_ACCEPTED,
            ResolvedAs::NotAccepted => SETTLED_NOT,
        }
    }

    /// What a person decided on a single target in a state.
    pub(in crate::ledger::sqlite) const fn decision(state: i64) -> Option<ResolvedAs> {
        match state {
            SETTLED_ACCEPTED => Some(ResolvedAs::Accepted),
            SETTLED_NOT => Some(ResolvedAs::NotAccepted),
            _ => None,
        }
    }

    /// The same state, without a difference of who said so.
    pub(in crate::ledger::sqlite) const fn plain(state: i64) -> i64 {
        match state {
            SETTLED_ACCEPTED => ACCEPTED,
            SETTLED_NOT | SENT_AGAIN => UNAVAILABLE,
            state => state,
        }
    }

    /// A verdict as the tables hold it. A denial is a rejection there.
    pub(in crate::ledger::sqlite) const fn of(verdict: Verdict) -> i64 {
        match verdict {
            Verdict::Accepted => ACCEPTED,
            Verdict::Partial => PARTIAL,
            Verdict::Denied | Verdict::Rejected => REJECTED,
            Verdict::Unavailable => UNAVAILABLE,
            Verdict::Unknown => UNKNOWN,
        }
    }

    /// The verdict that the tables hold.
    pub(in crate::ledger::sqlite) fn verdict(state: i64) -> Result<Verdict, StoreFault> {
        match plain(state) {
            ACCEPTED => Ok(Verdict::Accepted),
            PARTIAL => Ok(Verdict::Partial),
            REJECTED => Ok(Verdict::Rejected),
            UNAVAILABLE => Ok(Verdict::Unavailable),
            UNKNOWN => Ok(Verdict::Unknown),
            _ => Err(strange("verdict", state)),
        }
    }
}

/// What should not be in a table.
pub(super) fn strange(what: &str, number: i64) -> StoreFault {
    StoreFault::Damaged(format!("{number} is no {what}"))
}

/// Targets in one value, each behind its length.
pub(super) fn pack(ids: &[String]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(ids.iter().map(|id| id.len() + 2).sum());
    for id in ids {
        let mut length = id.len();
        while length >= 0x80 {
            packed.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        packed.push(length as u8);
        packed.extend_from_slice(id.as_bytes());
    }
    packed
}

/// Targets as they were before they were packed.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<String>, StoreFault> {
    let damaged = || StoreFault::Damaged("a list of targets breaks off".to_owned());
    let mut ids = Vec::new();
    let mut left = packed;
    while !left.is_empty() {
        let (mut length, mut shift) = (0_usize, 0_u32);
        loop {
            let (byte, after) = left.split_first().ok_or_else(damaged)?;
            left = after;
            length |= usize::from(byte & 0x7f).checked_shl(shift).ok_or_else(damaged)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (id, after) = left.split_at_checked(length).ok_or_else(damaged)?;
        ids.push(String::from_utf8(id.to_vec()).map_err(|_| damaged())?);
        left = after;
    }
    Ok(ids)
}

/// Words of a job that stand in one place each. Numbers of words are within their job.
#[derive(Debug, Default)]
pub(super) struct Words {
    job: i64,
    known: HashMap<String, i64>,
}

impl Words {
    /// The number of a word, which is added where it is not known. One that was forgotten may be added twice.
    pub(super) fn number(
        &mut self,
        db: &Connection,
        job: i64,
        word: &str,
    ) -> Result<i64, StoreFault> {
        if self.job != job {
            self.load(db, job)?;
        }
        if let Some(number) = self.known.get(word) {
            return Ok(*number);
        }
        let [first, last] = row_keys(job);
        let newest: Option<i64> = db
            .prepare_cached("SELECT max(key) FROM word WHERE key BETWEEN ?1 AND ?2")?
            .query_row([first, last], |row| row.get(0))?;
        let key = newest.unwrap_or(first) + 1;
        db.prepare_cached(&WORD.insert())?.execute(params![key, word])?;
        let number = i64::from(batch_key(key).0);
        if self.known.len() >= CACHED_WORDS {
            self.known.clear();
        }
        self.known.insert(word.to_owned(), number);
        Ok(number)
    }

    /// The same for a word that may be missing.
    pub(super) fn maybe(
        &mut self,
        db: &Connection,
        job: i64,
        word: Option<&str>,
    ) -> Result<Option<i64>, StoreFault> {
        word.map(|word| self.number(db, job, word)).transpose()
    }

    /// Forgets what may have been undone with its transaction.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    fn load(&mut self, db: &Connection, job: i64) -> Result<(), StoreFault> {
        let [first, last] = row_keys(job);
        self.forget();
        let sql = format!(
            "SELECT key, text FROM word WHERE key BETWEEN ?1 AND ?2 AND {} ORDER BY key LIMIT ?3",
            WORD.intact()
        );
        let mut find = db.prepare_cached(&sql)?;
        let mut rows = find.query(params![first, last, CACHED_WORDS as i64 / 2])?;
        while let Some(row) = rows.next()? {
            self.known.insert(row.get(1)?, i64::from(batch_key(row.get(0)?).0));
        }
        self.job = job;
        Ok(())
    }
}

/// The word with a number.
pub(super) fn word(
    db: &Connection,
    job: i64,
    number: Option<i64>,
) -> Result<Option<String>, StoreFault> {
    let Some(number) = number else { return Ok(None) };
    let sql = format!("SELECT text FROM word WHERE key = ?1 AND {}", WORD.intact());
    let text = db
        .prepare_cached(&sql)?
        .query_row([row_key(job, 0) | number], |row| row.get(0))
        .optional()?;
    text.map(Some).ok_or_else(|| strange("word", number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_come_back_as_they_went_in() {
        let long = "x".repeat(20_000);
        for ids in [vec![], vec![""], vec!["a", "", "b"], vec!["用户:1", &long, "\0"]] {
            let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
            assert_eq!(unpack(&pack(&ids)).unwrap(), ids);
        }
        assert_eq!(pack(&["u".repeat(32)]).len(), 33);
    }

    #[test]
    fn a_list_that_breaks_off_is_damaged() {
        for packed in [&[3, b'a'][..], &[0x80], &[1, 0xff], &[0xff; 12]] {
            assert!(matches!(unpack(packed), Err(StoreFault::Damaged(_))), "{packed:?}");
        }
    }

    #[test]
    fn a_key_is_that_of_one_batch_of_one_job() {
        for (job, number) in [(1, 1), (1, u32::MAX), (70_000, 7)] {
            let key = row_key(job, number);
            assert_eq!((job_key(key), batch_key(key)), (job, BatchKey(number)));
            let [first, last] = row_keys(job);
            assert!(first <= key && key <= last && last < row_keys(job + 1)[0]);
        }
    }
}
