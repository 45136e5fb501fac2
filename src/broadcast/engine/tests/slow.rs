//! A journal that is done at any time between the moment when something is handed over and that when it has to be.

use std::collections::HashMap;
use std::time::Duration;

use crate::broadcast::engine::tests::SeededRandom;
use crate::broadcast::engine::tests::site::Site;
use crate::broadcast::ports::BatchStore;
use crate::error::Result;
use crate::ledger::{Batch, BatchChange, BatchKey, Permit};
use crate::net::rate_limit::RateClaim;
use crate::send::executor::ports::{CommitState, Journal};

/// A [`BatchStore`] that may be quick or slow.
pub(super) struct SlowStore<'a> {
    books: &'a mut dyn BatchStore,
    site: &'a Site,
    /// The targets of each batch.
    ids: HashMap<BatchKey, Vec<String>>,
    dice: SeededRandom,
    /// How often it has done something before it has to.
    haste: f64,
    /// How many had begun and did not leave after all.
    pub(super) taken_back: usize,
    handed: Option<(Vec<BatchChange>, Option<RateClaim>)>,
    kept: Option<CommitState>,
}

impl<'a> SlowStore<'a> {
    pub(super) fn of(
        books: &'a mut dyn BatchStore,
        site: &'a Site,
        mut dice: SeededRandom,
    ) -> Self {
        let haste = 0.02 + dice.unit() * 0.55;
        let ids = HashMap::new();
        Self { books, site, ids, dice, haste, taken_back: 0, handed: None, kept: None }
    }

    /// Never done before it has to be.
    pub(super) fn lazy(books: &'a mut dyn BatchStore, site: &'a Site) -> Self {
        Self { haste: 0.0, ..Self::of(books, site, SeededRandom(0)) }
    }

    fn note(&mut self, found: &[Batch]) {
        self.ids.extend(found.iter().map(|batch| (batch.key, batch.ids.clone())));
    }

    /// Tells the site which batches have begun, the first of those that were to, with their idempotency keys.
    fn tell(&self, changes: &[BatchChange], begun: usize) {
        let begins = changes.iter().filter_map(|change| match change {
            BatchChange::Begin { batch, dedupe_id, .. } => Some((batch, dedupe_id)),
            BatchChange::End { .. }
            | BatchChange::RetryAfter { .. }
            | BatchChange::Split { .. } => None,
        });
        for (batch, dedupe_id) in begins.take(begun) {
            self.site.has_begun(self.ids[batch].clone(), dedupe_id.clone());
        }
    }

    fn keep(&mut self) {
        if let Some((changes, claim)) = self.handed.take() {
            let permit = self.books.commit(&changes, claim.as_ref());
            match permit {
                Ok(Permit::Granted) => self.tell(&changes, usize::MAX),
                Ok(Permit::RateLimited { begun, .. }) => self.tell(&changes, begun),
                Ok(Permit::Stopped | Permit::NoRoom | Permit::NoQuota) | Err(_) => {}
            }
            self.kept = Some(CommitState { changes, claim, permit });
        }
    }

    fn keep_now_or_later(&mut self) {
        if self.dice.hits(self.haste) {
            self.keep();
        }
    }
}

impl Journal for SlowStore<'_> {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.keep();
        let found = self.books.next(count)?;
        self.note(&found);
        Ok(found)
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.keep();
        let found = self.books.parts(count)?;
        self.note(&found);
        Ok(found)
    }

    fn hand_over(&mut self, changes: Vec<BatchChange>, claim: Option<RateClaim>) {
        assert!(self.handed.is_none() && self.kept.is_none(), "one after the other");
        let is_unsent =
            |change: &&BatchChange| matches!(change, BatchChange::RetryAfter { attempts: 0, .. });
        self.taken_back += changes.iter().filter(is_unsent).count();
        self.handed = Some((changes, claim));
        self.keep_now_or_later();
    }

    fn is_done(&mut self, at_most: Duration) -> bool {
        if !at_most.is_zero() && (self.haste <= 0.0 || self.dice.hits(2.0 * self.haste)) {
            self.keep();
            return true;
        }
        self.keep_now_or_later();
        self.kept.is_some() && self.dice.hits(self.haste)
    }

    fn kept(&mut self) -> CommitState {
        self.keep();
        self.kept.take().expect("something was handed over")
    }
}
