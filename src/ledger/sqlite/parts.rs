//! What stands in other tables of a batch that has ended: ids behind the first one, and targets that fared otherwise than
//! the rest. One checksum in the row of the batch covers all of it.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use super::fault::StoreFault;
use super::sums::ValueSum;

/// A target that fared otherwise than the rest, or has an id. Code and message are numbers of words.
#[derive(Debug)]
pub(super) struct TargetRow<'a> {
    /// Its place among the targets of the batch; behind the last of them where it is none of them.
    pub(super) position: i64,
    /// Its name, where it is none of them.
    pub(super) name: Option<&'a str>,
    pub(super) verdict: i64,
    pub(super) vendor_id: Option<&'a str>,
    pub(super) code: Option<i64>,
    pub(super) message: Option<i64>,
}

impl<'a> TargetRow<'a> {
    /// The columns of its table, behind the batch.
    pub(super) const COLUMNS: &'static str = "position, name, verdict, vendor_id, code, message";

    /// From a row with these columns; `first` is the index of the first one.
    pub(super) fn of(row: &'a Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let text = |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(first + at)?.as_str_or_null()?);
        Ok(Self {
            position: row.get(first)?,
            name: text(1)?,
            verdict: row.get(first + 2)?,
            vendor_id: text(3)?,
            code: row.get(first + 4)?,
            message: row.get(first + 5)?,
        })
    }

    pub(super) fn insert(&self, db: &Connection, batch: i64) -> Result<(), StoreFault> {
        let Self { position, name, verdict, vendor_id, code, message } = self;
        db.prepare_cached("INSERT INTO part VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![batch, position, name, verdict, vendor_id, code, message])?;
        Ok(())
    }
}

/// The checksum over them: further ids first, each kind in the order of its positions.
#[derive(Debug, Default)]
pub(super) struct PartSum {
    sum: ValueSum,
    rows: u64,
}

impl PartSum {
    pub(super) fn add_id(&mut self, position: i64, name: i64, value: &str) {
        self.rows += 1;
        self.sum.add(ValueRef::Integer(position));
        self.sum.add(ValueRef::Integer(name));
        self.sum.add_all([Some(value)]);
    }

    pub(super) fn add_part(&mut self, part: &TargetRow<'_>) {
        let TargetRow { position, name, verdict, vendor_id, code, message } = part;
        self.rows += 1;
        self.sum.add(ValueRef::Integer(*position));
        self.sum.add(ValueRef::Integer(*verdict));
        self.sum.add_all([*name, *vendor_id]);
        for word in [code, message] {
            self.sum.add(word.map_or(ValueRef::Null, ValueRef::Integer));
        }
    }

    /// The sum; none where there are no rows.
    pub(super) fn end(self) -> Option<i64> {
        (self.rows > 0).then(|| self.sum.end())
    }
}

/// The checksum over what stands there of a batch.
pub(super) fn sum_of(db: &Connection, batch: i64) -> Result<Option<i64>, StoreFault> {
    let mut sum = PartSum::default();
    let mut find = db.prepare_cached(
        "SELECT position, name, value FROM other_id WHERE batch = ?1 ORDER BY position",
    )?;
    let mut rows = find.query([batch])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        sum.add_id(row.get(0)?, row.get(1)?, value);
    }
    let sql = format!("SELECT {} FROM part WHERE batch = ?1 ORDER BY position", TargetRow::COLUMNS);
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query([batch])?;
    while let Some(row) = rows.next()? {
        sum.add_part(&TargetRow::of(row, 0)?);
    }
    Ok(sum.end())
}

/// Gives the batches of an older ledger this checksum.
pub(super) fn seal_parts(db: &Connection) -> Result<(), StoreFault> {
    let mut find = db.prepare("SELECT batch FROM other_id UNION SELECT batch FROM part")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let batch: i64 = row.get(0)?;
        db.prepare_cached("UPDATE done SET parts = ?2 WHERE key = ?1")?
            .execute(params![batch, sum_of(db, batch)?])?;
    }
    Ok(())
}
