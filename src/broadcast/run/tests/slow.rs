//! A journal that is done at any time between the moment when something is handed over and that when it has to be.

use super::Dice;
use crate::broadcast::parts::{Books, Journal, Kept};
use crate::error::Result;
use crate::ledger::{Batch, Change};

/// Books that somebody keeps who may be quick or slow.
pub(super) struct Slow<'a> {
    books: &'a mut dyn Books,
    dice: Dice,
    /// How often it has done something before it has to.
    haste: f64,
    handed: Option<Vec<Change>>,
    kept: Option<Kept>,
}

impl<'a> Slow<'a> {
    pub(super) fn of(books: &'a mut dyn Books, dice: Dice) -> Self {
        Self { books, dice, haste: 0.3, handed: None, kept: None }
    }

    /// Never done before it has to be.
    pub(super) fn lazy(books: &'a mut dyn Books) -> Self {
        Self { haste: 0.0, ..Self::of(books, Dice(0)) }
    }

    fn keep(&mut self) {
        if let Some(changes) = self.handed.take() {
            let permit = self.books.commit(&changes);
            self.kept = Some(Kept { changes, permit });
        }
    }

    fn keep_now_or_later(&mut self) {
        if self.dice.hits(self.haste) {
            self.keep();
        }
    }
}

impl Journal for Slow<'_> {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.keep();
        self.books.next(count)
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.keep();
        self.books.parts(count)
    }

    fn hand_over(&mut self, changes: Vec<Change>) {
        assert!(self.handed.is_none() && self.kept.is_none(), "one after the other");
        self.handed = Some(changes);
        self.keep_now_or_later();
    }

    fn is_done(&mut self) -> bool {
        self.keep_now_or_later();
        self.kept.is_some() && self.dice.hits(0.5)
    }

    fn kept(&mut self) -> Kept {
        self.keep();
        self.kept.take().expect("something was handed over")
    }
}
