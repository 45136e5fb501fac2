//! Questions as SQL.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::fault::StoreFault;
use super::row::{effect_word, read};
use super::sums::ENTRY;
use crate::contract::Effect;
use crate::ledger::store::{Query, Which};
use crate::ledger::{Filter, LedgerEntry, Realm};

/// Conditions that all hold, with their values.
#[derive(Default)]
pub(super) struct Where {
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Where {
    /// Adds a condition; each `?` in it is one of the values.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.values.extend(values);
    }

    /// Lets this hold in the place of all of them.
    fn or(&mut self, condition: &str) {
        let all = self.sql();
        self.conditions = vec![format!("({all} OR {condition})")];
    }

    pub(super) fn sql(&self) -> String {
        if self.conditions.is_empty() { "true".to_owned() } else { self.conditions.join(" AND ") }
    }
}

/// The newest entries: they are looked at one by one where a guard asks, so that no damage to an index hides one of them.
pub(super) const NEWEST: &str = "key > (SELECT max(key) - 256 FROM entry)";

/// Hands over entries, the latest first, until it is told to stop.
pub(super) fn each(
    db: &Connection,
    query: &Query,
    take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
) -> Result<(), StoreFault> {
    let (mut found, mut place) = (Where::default(), Where::default());
    // What an index finds is looked for with it; of all else, what is passed over must be as it was written, too.
    match query.which {
        Which::Sends(_) => which(&query.which, &mut place),
        Which::Fingerprint(_) => {
            which(&query.which, &mut place);
            which(&query.which, &mut found);
            found.or(NEWEST);
        }
        _ => which(&query.which, &mut found),
    }
    filter(&query.filter, &mut place);
    let sql = format!(
        "SELECT * FROM entry WHERE {} AND {} ORDER BY key DESC",
        found.sql(),
        ENTRY.intact_and(&place.sql())
    );
    let values = found.values.iter().chain(&place.values);
    let mut find = db.prepare_cached(&sql)?;
    let mut rows = find.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if take(read(db, row)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn which(which: &Which, place: &mut Where) {
    match which {
        Which::All => {}
        Which::Prefix(prefix) => {
            // Every id that begins so, and nothing else, lies between the prefix and the prefix with a later letter.
            let end = format!("{prefix}g");
            place.and("id >= ? AND id < ?", [prefix.clone().into(), end.into()]);
        }
        Which::VendorId(id) => place.and(
            "key IN (SELECT entry FROM vendor_id WHERE value = ?
                     UNION ALL SELECT entry FROM target WHERE vendor_id = ?)",
            [id.clone().into(), id.clone().into()],
        ),
        Which::FollowUps(entry) => place.and("parent = ?", [entry.to_string().into()]),
        Which::Sends(verbs) => {
            place.and("effect = ?", [effect_word(Effect::Sends).to_owned().into()]);
            let marks = vec!["?"; verbs.len()].join(", ");
            let words = verbs.iter().map(|verb| verb.word().to_owned().into());
            place.and(&format!("verb IN ({marks})"), words);
        }
        Which::Fingerprint(fingerprint) => {
            place.and("fingerprint = ?", [fingerprint.clone().into()])
        }
    }
}

/// What entries and jobs have in common, and are asked for by.
pub(super) fn filter(filter: &Filter, place: &mut Where) {
    let Filter { realm, provider, profile, since_ms, standing: _, failed: _, limit: _ } = filter;
    if let Some(realm) = realm {
        place.and("sandbox = ?", [i64::from(*realm == Realm::Sandbox).into()]);
    }
    if let Some(provider) = provider {
        place.and("provider = ?", [provider.clone().into()]);
    }
    if let Some(profile) = profile {
        place.and("profile = ?", [profile.clone().into()]);
    }
    if let Some(since_ms) = since_ms {
        place.and("created_ms >= ?", [(*since_ms).into()]);
    }
}
