//! A checksum in each row, over all of its content and its key.
//!
//! SQLite notices damage to the structure of its file, not to the content of a row. So each table whose rows a send, a guard
//! or a recall relies on has a column `sum`, and two functions of SQL compute it: `row_sum(table, column, …)` gives the
//! checksum, and `intact(sum, table, column, …)` is true, or ends the statement with an error. Statements that write are
//! made here, so that no change leaves a row with the sum of what it was, and none gives a damaged row a new sum.
//!
//! A condition must not pass over a damaged row before its sum was looked at: `CASE WHEN intact(…) THEN condition END`
//! keeps that order, which `AND` does not promise.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, ffi};

use super::fault::StoreFault;

/// What an error of `intact` begins with; behind it stands the table.
const DAMAGED_ROW: &str = "damaged row of ";

/// A table whose rows have a sum.
#[derive(Debug)]
pub(super) struct SummedTable {
    name: &'static str,
    /// All columns but the sum, with spaces between; the key is the first.
    columns: &'static str,
}

/// An entry. Its ids and the results of its targets stand in other tables; `children` is a checksum over those.
pub(super) const ENTRY: SummedTable = SummedTable {
    name: "entry",
    columns: "key id sandbox created_ms deadline_ms writer verb effect provider operation profile app \
              endpoint sender audience target_count body digest overrides dedupe_id parent attempts \
              started_ms verdict finished_ms elapsed_ms http_status code message resolved resolved_note \
              resolved_by resolved_ms fingerprint recall_until_ms children",
};

/// Which command an entry belongs to that made several, and which of them it is. There is no row where it made one.
pub(super) const COMMAND: SummedTable =
    SummedTable { name: "command", columns: "entry id number total" };

/// What is fixed of a job.
pub(super) const JOB: SummedTable = SummedTable {
    name: "job",
    columns: "key id sandbox created_ms name verb provider profile app endpoint audience overrides \
              settings fingerprint seal sealed_batches",
};

/// The status of a job.
pub(super) const PROGRESS: SummedTable = SummedTable {
    name: "progress",
    columns: "job planning owner stop_ms begun_ms active_ms ended_ms",
};

/// How the last run of a job ended. There is no row while one runs, and after a process that died.
pub(super) const JOB_END: SummedTable = SummedTable { name: "job_end", columns: "job how" };

/// What halted the last run of a job, in words. There is no row where nothing did.
pub(super) const JOB_HALT: SummedTable = SummedTable { name: "job_halt", columns: "job why" };

/// A batch of what a person resolved as not accepted, the request that it was in before, and how many targets that is.
pub(super) const AGAIN: SummedTable =
    SummedTable { name: "again", columns: "batch origin targets" };

/// How many batches and targets of a job are in a state.
pub(super) const TALLY: SummedTable =
    SummedTable { name: "tally", columns: "job state batches targets" };

/// What batches have in common.
pub(super) const TEMPLATE: SummedTable = SummedTable {
    name: "template",
    columns: "job number operation effect kind sender body digest slot recall_seconds",
};

/// The targets of a batch, and what its texts are filled with.
pub(super) const BATCH: SummedTable =
    SummedTable { name: "batch", columns: "key template ids vars seal" };

/// A batch that has not ended.
pub(super) const OPEN: SummedTable = SummedTable {
    name: "open",
    columns: "key template targets attempts doubtful started_ms first_ms dedupe_id",
};

/// A batch that has ended. Further ids and the results of single targets stand in other tables; `parts` is a checksum over
/// those.
pub(super) const DONE: SummedTable = SummedTable {
    name: "done",
    columns: "key template targets verdict rest attempts started_ms first_ms finished_ms elapsed_ms \
              http_status code message id_name vendor_id dedupe_id decision parts",
};

/// A word that the answers of a job have in common.
pub(super) const WORD: SummedTable = SummedTable { name: "word", columns: "key text" };

/// What a person found out.
pub(super) const DECISION: SummedTable =
    SummedTable { name: "decision", columns: "key job resolved note by resolved_ms" };

/// The rate limits of an app that processes share.
pub(super) const RATE: SummedTable =
    SummedTable { name: "rate", columns: "key sandbox provider app state" };

/// What is known of the ledger's own commits.
pub(super) const DURABLE: SummedTable = SummedTable {
    name: "durable",
    columns: "key ledger commits digest follows checkpoints layout",
};

/// All of them, except those that are made with their sums.
const TABLES: [&SummedTable; 11] =
    [&ENTRY, &JOB, &PROGRESS, &TALLY, &TEMPLATE, &BATCH, &OPEN, &DONE, &WORD, &DECISION, &RATE];

impl SummedTable {
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split(' ')
    }

    /// The sum of a row whose columns have these values.
    fn sum_of<'a>(&self, value: impl Fn(&'static str) -> &'a str) -> String {
        let values: Vec<&str> = self.columns().map(value).collect();
        format!("row_sum('{}', {})", self.name, values.join(", "))
    }

    /// A condition: true for a row that is as it was written, an error for any other.
    pub(super) fn intact(&self) -> String {
        let name = self.name;
        let columns: Vec<String> =
            self.columns().map(|column| format!("{name}.{column}")).collect();
        format!("intact({name}.sum, '{name}', {})", columns.join(", "))
    }

    /// A condition on a row whose sum is looked at first.
    pub(super) fn intact_and(&self, condition: &str) -> String {
        format!("CASE WHEN {} THEN {condition} END", self.intact())
    }

    /// The same where a join may have found no row.
    pub(super) fn absent_or_intact(&self) -> String {
        let (name, key) = (self.name, self.columns().next().unwrap_or_default());
        format!("CASE WHEN {name}.{key} IS NULL THEN 1 ELSE {} END", self.intact())
    }

    /// Adds a row; its columns are the numbered values, in the order of the list above.
    pub(super) fn insert(&self) -> String {
        let values: Vec<String> = (1..=self.columns().count()).map(|n| format!("?{n}")).collect();
        let values = values.join(", ");
        format!("{} VALUES ({values}, row_sum('{}', {values}))", self.insert_into(), self.name)
    }

    /// Adds the rows that a question answers; `from` is its end. A value is a column and what it is; columns that are
    /// not named have none.
    pub(super) fn insert_from(&self, values: &[(&str, &str)], from: &str) -> String {
        let value = |column: &'static str| {
            let value = values.iter().find(|(named, _)| *named == column);
            value.map_or("NULL", |(_, value)| *value)
        };
        let all: Vec<&str> = self.columns().map(value).collect();
        let (into, sum) = (self.insert_into(), self.sum_of(value));
        format!("{into} SELECT {}, {sum} {from}", all.join(", "))
    }

    fn insert_into(&self) -> String {
        format!("INSERT INTO {} ({}, sum)", self.name, self.columns.replace(' ', ", "))
    }

    /// Changes rows that meet a condition and are as they were written. A change is a column and its new value.
    pub(super) fn update(&self, changes: &[(&str, &str)], condition: &str) -> String {
        let new = |column: &'static str| {
            let change = changes.iter().find(|(changed, _)| *changed == column);
            change.map_or(column, |(_, value)| *value)
        };
        let set: String =
            changes.iter().map(|(column, value)| format!("{column} = {value}, ")).collect();
        format!(
            "UPDATE {} SET {set}sum = {} WHERE {condition} AND {}",
            self.name,
            self.sum_of(new),
            self.intact()
        )
    }

    /// Gives new rows their sum, where SQLite has chosen their key.
    pub(super) fn seal(&self, condition: &str) -> String {
        format!("UPDATE {} SET sum = {} WHERE {condition}", self.name, self.sum_of(|column| column))
    }
}

/// Gives every row of a ledger the sum of what it holds: one of an earlier version has none. Functions have to be known to
/// the connection ([`register`]).
pub fn seal_all(db: &Connection) -> rusqlite::Result<()> {
    TABLES.iter().try_for_each(|table| db.execute(&table.seal("true"), []).map(drop))
}

/// Makes the functions of this module known to a connection.
pub fn register(db: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    db.create_scalar_function("row_sum", -1, flags, |context| Ok(sum_of(context, 0)))?;
    db.create_scalar_function("intact", -1, flags, |context| match context.get_raw(0) {
        ValueRef::Integer(sum) if sum == sum_of(context, 1) => Ok(true),
        _ => Err(damaged(context)),
    })
}

fn damaged(context: &Context<'_>) -> Error {
    let table: String = context.get(1).unwrap_or_default();
    let text = format!("{DAMAGED_ROW}{table}");
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(text))
}

/// The damage that an error of SQLite's tells of, where `intact` ended the statement.
pub(super) fn damage(error: &Error) -> Option<StoreFault> {
    let Error::SqliteFailure(_, Some(text)) = error else { return None };
    let table = text.strip_prefix(DAMAGED_ROW)?;
    Some(StoreFault::Damaged(format!("a row of its table `{table}` is not what was written")))
}

fn sum_of(context: &Context<'_>, from: usize) -> i64 {
    let mut sum = ValueSum::default();
    (from..context.len()).for_each(|at| sum.add(context.get_raw(at)));
    sum.end()
}

/// A checksum over values, each with its type and length: no two lists of values are the same bytes.
#[derive(Debug)]
pub(super) struct ValueSum {
    sum: crc32fast::Hasher,
    /// What is summed up next: many short pieces cost more than one that is longer.
    pieces: [u8; PIECES_BYTES],
    length: usize,
}

const PIECES_BYTES: usize = 256;

impl Default for ValueSum {
    fn default() -> Self {
        Self { sum: crc32fast::Hasher::new(), pieces: [0; PIECES_BYTES], length: 0 }
    }
}

impl ValueSum {
    /// Adds a value.
    pub(super) fn add(&mut self, value: ValueRef<'_>) {
        let (kind, number, bytes): (u8, u64, &[u8]) = match value {
            ValueRef::Null => (0, 0, &[]),
            ValueRef::Integer(number) => (1, number.cast_unsigned(), &[]),
            ValueRef::Real(number) => (2, number.to_bits(), &[]),
            ValueRef::Text(text) => (3, text.len() as u64, text),
            ValueRef::Blob(blob) => (4, blob.len() as u64, blob),
        };
        self.put(&[kind]);
        self.put(&number.to_le_bytes());
        self.put(bytes);
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.length + bytes.len() > PIECES_BYTES {
            self.sum.update(&self.pieces[..self.length]);
            self.length = 0;
        }
        match self.pieces.get_mut(self.length..self.length + bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.length += bytes.len();
            }
            None => self.sum.update(bytes),
        }
    }

    /// Adds texts. Each may be missing.
    pub(super) fn add_all<'a>(&mut self, texts: impl IntoIterator<Item = Option<&'a str>>) {
        let text = |text: &'a str| ValueRef::Text(text.as_bytes());
        texts.into_iter().for_each(|one| self.add(one.map_or(ValueRef::Null, text)));
    }

    /// The sum, small enough for four bytes in a row.
    pub(super) fn end(mut self) -> i64 {
        self.sum.update(&self.pieces[..self.length]);
        i64::from(self.sum.finalize().cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::types::Value;

    use super::*;

    fn sum(values: &[Value]) -> i64 {
        let mut sum = ValueSum::default();
        values.iter().for_each(|value| sum.add(ValueRef::from(value)));
        sum.end()
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            "[a-c]{0,3}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..3).prop_map(Value::Blob),
        ]
    }

    proptest! {
        #[test]
        fn rows_that_differ_have_other_sums(
            one in proptest::collection::vec(value(), 0..5),
            other in proptest::collection::vec(value(), 0..5),
        ) {
            prop_assert_eq!(one == other, sum(&one) == sum(&other));
        }
    }

    #[test]
    fn a_sum_does_not_depend_on_how_its_pieces_come_together() {
        for length in [0, 1, 200, PIECES_BYTES - 9, PIECES_BYTES, PIECES_BYTES + 1, 9000] {
            let text = "x".repeat(length);
            let values = [Value::Text(text.clone()), Value::Integer(7), Value::Text(text.clone())];
            let mut bytes = vec![3];
            bytes.extend((length as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
            let whole = [&bytes[..], &[1], &7_u64.to_le_bytes(), &bytes].concat();
            assert_eq!(sum(&values), i64::from(crc32fast::hash(&whole).cast_signed()), "{length}");
        }
    }

    #[test]
    fn each_table_has_its_columns_and_no_others() {
        let db = super::super::Sqlite::in_memory().unwrap();
        let db = &db.db;
        for table in TABLES.into_iter().chain([&DURABLE, &AGAIN, &COMMAND]) {
            let sql = format!("SELECT name FROM pragma_table_info('{}')", table.name);
            let mut find = db.prepare(&sql).unwrap();
            let there: Vec<String> =
                find.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
            let mut listed: Vec<&str> = table.columns().collect();
            listed.push("sum");
            let (mut one, mut two) = (there.clone(), listed.clone());
            one.sort_unstable();
            two.sort_unstable();
            assert_eq!(one, two, "{}", table.name);
        }
        // What is not listed has no sum of its own: the sum of its parent covers it.
        let others: i64 = db
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%sum INTEGER%'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(
            others, 5,
            "vendor_id, target, part, other_id; dedupe_seal is a checksum itself"
        );
    }

    #[test]
    fn a_change_to_a_damaged_row_is_refused_and_its_damage_stays() {
        let db = Connection::open_in_memory().unwrap();
        register(&db).unwrap();
        db.execute_batch("CREATE TABLE word (key INTEGER PRIMARY KEY, text TEXT, sum INTEGER)")
            .unwrap();
        for key in [1, 2] {
            db.execute(&WORD.insert(), (key, "accepted")).unwrap();
        }
        db.execute("UPDATE word SET text = 'Accepted' WHERE key = 1", []).unwrap();
        let change = WORD.update(&[("text", "'other'")], "key = ?1");
        let read = format!("SELECT count(*) FROM word WHERE {}", WORD.intact_and("text = 'x'"));
        for sql in [&read, &change] {
            let failed = if *sql == change {
                db.execute(sql, [1]).unwrap_err()
            } else {
                db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap_err()
            };
            let fault = damage(&failed).expect("it is told apart");
            assert!(
                matches!(&fault, StoreFault::Damaged(what) if what.contains("`word`")),
                "{fault:?}"
            );
        }
        assert_eq!(db.execute(&change, [2]), Ok(1));
        let rows = format!("SELECT text FROM word WHERE key = 2 AND {}", WORD.intact());
        assert_eq!(db.query_row(&rows, [], |row| row.get(0)), Ok("other".to_owned()));
    }
}
