//! Short ids: what people see of the ids of entries and jobs.
//!
//! An id of version 7 begins with the clock: all ids of a minute begin with the same digits. Its last 32 bits are random, so people see the
//! last 8 digits, and more of them where another id of the ledger has these digits anywhere.

use std::collections::HashMap;

use uuid::Uuid;

use super::query::{JobQuery, WhichJob};
use super::{Filter, Job, Ledger, LedgerEntry};
use crate::error::Result;

/// How many digits people see at least.
pub(super) const SHOWN_DIGITS: usize = 8;

/// How many digits an id has.
const ALL_DIGITS: usize = 32;

/// The short form of an id, as long as no other id of the ledger has these digits.
pub(crate) fn short(id: Uuid) -> String {
    last_digits(id, SHOWN_DIGITS)
}

fn last_digits(id: Uuid, count: usize) -> String {
    let digits = id.simple().to_string();
    digits[ALL_DIGITS - count..].to_owned()
}

/// The number that the last digits of an id are.
fn tail(id: Uuid) -> u32 {
    let (_, low) = id.as_u64_pair();
    (low & u64::from(u32::MAX)) as u32
}

/// The numbers that any 8 digits of an id in a row are.
fn windows(id: Uuid) -> impl Iterator<Item = u32> {
    let number = id.as_u128();
    (0..=ALL_DIGITS - SHOWN_DIGITS).map(move |place| (number >> (4 * place)) as u32)
}

/// The last digits of an id that are not part of another one.
fn shortest(id: Uuid, others: &[Uuid]) -> String {
    let others: Vec<String> = others
        .iter()
        .filter(|other| **other != id)
        .map(|other| other.simple().to_string())
        .collect();
    (SHOWN_DIGITS..ALL_DIGITS)
        .map(|count| last_digits(id, count))
        .find(|digits| !others.iter().any(|other| other.contains(digits.as_str())))
        .unwrap_or_else(|| id.simple().to_string())
}

/// Numbers that are looked for, and a filter before them: nearly all of what is asked is not among them.
struct IdEndings {
    alike: HashMap<u32, Vec<Uuid>>,
    low_bits: Vec<u64>,
}

impl IdEndings {
    fn of(ids: &[Uuid]) -> Self {
        let mut tails = Self { alike: HashMap::new(), low_bits: vec![0; 1 << 10] };
        for tail in ids.iter().map(|id| tail(*id)) {
            tails.alike.entry(tail).or_default();
            tails.low_bits[usize::from(tail as u16) >> 6] |= 1 << (tail & 63);
        }
        tails
    }

    /// Keeps an id that has the last digits of one that is looked for.
    fn compare(&mut self, id: Uuid) {
        for window in windows(id) {
            if self.low_bits[usize::from(window as u16) >> 6] & (1 << (window & 63)) != 0
                && let Some(alike) = self.alike.get_mut(&window)
            {
                alike.push(id);
            }
        }
    }
}

impl Ledger {
    /// The short forms of ids, in the same order: no other id of the ledger has the digits of one. It reads all ids of the
    /// ledger once.
    pub fn short_ids(&mut self, ids: &[Uuid]) -> Result<Vec<String>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut tails = IdEndings::of(ids);
        self.store.ids(&mut |id| tails.compare(id))?;
        let others = |id: Uuid| tails.alike.get(&tail(id)).map_or(&[][..], Vec::as_slice);
        Ok(ids.iter().map(|id| shortest(*id, others(*id))).collect())
    }

    /// The short form of one id.
    pub fn short_id(&mut self, id: Uuid) -> Result<String> {
        Ok(self.short_ids(&[id])?.pop().unwrap_or_else(|| short(id)))
    }

    /// What people call the entry or the job with an id.
    pub fn label(&mut self, id: Uuid) -> Result<String> {
        match self.opened_job(id)? {
            Some(mut job) => {
                self.tell_apart_jobs(std::slice::from_mut(&mut job))?;
                Ok(job.label())
            }
            None => self.short_id(id),
        }
    }

    /// Makes the short ids of jobs longer where others have the same digits, and finds out whether others of the
    /// same realm have their names.
    pub fn tell_apart_jobs(&mut self, jobs: &mut [Job]) -> Result<()> {
        let ids: Vec<Uuid> = jobs.iter().map(|job| job.intent.id).collect();
        let short = self.short_ids(&ids)?;
        jobs.iter_mut().zip(short).for_each(|(job, short)| job.short_id = short);
        for job in jobs {
            let Some(name) = job.intent.name.clone() else { continue };
            let filter = Filter { realm: Some(job.intent.realm), ..Filter::default() };
            let query = JobQuery { which: WhichJob::Name(name), filter };
            let other = self.first_job(&query, |other| other.intent.id != job.intent.id)?;
            job.is_called_by_id = other.is_some();
        }
        Ok(())
    }

    /// The same for entries.
    pub fn tell_apart(&mut self, entries: &mut [LedgerEntry]) -> Result<()> {
        let ids: Vec<Uuid> = entries.iter().map(|entry| entry.intent.id).collect();
        let short = self.short_ids(&ids)?;
        entries.iter_mut().zip(short).for_each(|(entry, short)| entry.short_id = short);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_added_until_no_other_id_has_them() {
        let id = |text: &str| Uuid::try_parse(text).expect("an id");
        let one = id("01990000-0000-7000-8000-0123456789ab");
        let table = [
            ("01990000-0000-7000-8000-0123456789ac", "456789ab"),
            ("01990000-0000-7000-8000-00ff456789ab", "3456789ab"),
            ("01990000-4567-789a-b000-000000000000", "456789ab"),
            ("01990045-6789-7ab0-8000-000000000000", "456789ab"),
            ("01990004-5678-79ab-8000-000000000000", "456789ab"),
            ("00456789-ab00-7000-8000-000000000000", "3456789ab"),
            ("23456789-ab00-7000-8000-000000000000", "123456789ab"),
        ];
        for (other, short) in table {
            assert_eq!(shortest(one, &[one, id(other)]), short, "{other}");
        }
        assert_eq!(shortest(one, &[one]), super::short(one));
    }
}
