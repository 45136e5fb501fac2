//! A thread that keeps the outcomes of batches, so that answers are read and requests are made while the disk writes.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::broadcast::ports::BatchStore;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Batch, BatchChange};
use crate::net::rate_limit::RateClaim;
use crate::send::executor::ports::{CommitState, Journal};

/// What the thread is asked to do.
enum Order {
    Next(usize),
    Parts(usize),
    Keep(Vec<BatchChange>, Option<RateClaim>),
}

/// What the thread has done.
enum CommitDone {
    Next(Result<Vec<Batch>>),
    Parts(Result<Vec<Batch>>),
    Kept(CommitState),
}

/// The thread, as the executor sees it.
pub struct LedgerThread {
    orders: Sender<Order>,
    done: Receiver<CommitDone>,
    /// What was done and has not been asked for yet.
    next: Option<Result<Vec<Batch>>>,
    parts: Option<Result<Vec<Batch>>>,
    kept: Option<CommitState>,
    /// Whether the batches that come next are being looked up already.
    is_looking: bool,
}

impl LedgerThread {
    /// Does something while a thread keeps these batches. Fails where the system cannot start one.
    pub fn with<T>(
        batches: impl BatchStore + Send,
        work: impl FnOnce(&mut Self) -> T,
    ) -> Result<T> {
        thread::scope(|scope| {
            let (orders, received) = channel();
            let (report, done) = channel();
            let serve = move || serve(batches, &received, &report);
            let thread = thread::Builder::new().name("ledger".to_owned());
            thread.spawn_scoped(scope, serve).map_err(|error| {
                Error::new(ErrorKind::Ledger, "cannot start a thread for the ledger").because(error)
            })?;
            let (next, parts, kept) = (None, None, None);
            // Dropped at the end of this: then the thread ends, too.
            let mut thread = Self { orders, done, next, parts, kept, is_looking: false };
            Ok(work(&mut thread))
        })
    }

    fn order(&self, order: Order) {
        // A thread that has ended does not answer either.
        let _ = self.orders.send(order);
    }

    fn note(&mut self, done: CommitDone) {
        match done {
            CommitDone::Next(found) => self.next = Some(found),
            CommitDone::Parts(found) => self.parts = Some(found),
            CommitDone::Kept(kept) => self.kept = Some(kept),
        }
    }

    /// Waits until the thread has done a thing.
    fn wait<T>(&mut self, thing: fn(&mut Self) -> Option<T>) -> Result<T> {
        loop {
            if let Some(done) = thing(self) {
                return Ok(done);
            }
            let done = self.done.recv().map_err(|_| {
                Error::new(ErrorKind::Ledger, "the thread that keeps the ledger has ended")
            })?;
            self.note(done);
        }
    }
}

impl Journal for LedgerThread {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        if !self.is_looking {
            self.order(Order::Next(count));
        }
        self.is_looking = false;
        let found = self.wait(|thread| thread.next.take())??;
        if !found.is_empty() {
            // So that they are there when these are on their way.
            self.order(Order::Next(count));
            self.is_looking = true;
        }
        Ok(found)
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.order(Order::Parts(count));
        self.wait(|thread| thread.parts.take())?
    }

    fn hand_over(&mut self, changes: Vec<BatchChange>, claim: Option<RateClaim>) {
        self.order(Order::Keep(changes, claim));
    }

    fn is_done(&mut self, at_most: Duration) -> bool {
        while self.kept.is_none() {
            match self.done.recv_timeout(at_most) {
                Ok(done) => self.note(done),
                Err(RecvTimeoutError::Timeout) => return false,
                // Then nothing has to be waited for.
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
        true
    }

    fn kept(&mut self) -> CommitState {
        let kept = self.wait(|thread| thread.kept.take());
        kept.unwrap_or_else(|gone| CommitState {
            changes: Vec::new(),
            claim: None,
            permit: Err(gone),
        })
    }
}

fn serve(mut batches: impl BatchStore, orders: &Receiver<Order>, report: &Sender<CommitDone>) {
    while let Ok(order) = orders.recv() {
        let done = match order {
            Order::Next(count) => CommitDone::Next(batches.next(count)),
            Order::Parts(count) => CommitDone::Parts(batches.parts(count)),
            Order::Keep(changes, claim) => {
                let permit = batches.commit(&changes, claim.as_ref());
                CommitDone::Kept(CommitState { changes, claim, permit })
            }
        };
        if report.send(done).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::ledger::{BatchKey, Permit};

    fn batch(number: u32) -> Batch {
        Batch {
            key: BatchKey::from_number(number),
            template: 0,
            ids: Vec::new(),
            vars: None,
            dedupe_id: None,
            attempts: 0,
            first_started_ms: None,
            doubtful: false,
        }
    }

    fn change(number: u32) -> BatchChange {
        BatchChange::RetryAfter {
            batch: BatchKey::from_number(number),
            attempts: 0,
            doubtful: false,
        }
    }

    /// BatchStore whose commits wait until they are told how to end.
    struct Held {
        next: u32,
        last: u32,
        ends: Receiver<Result<Permit>>,
    }

    impl BatchStore for Held {
        fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
            let first = self.next;
            self.next = self.last.min(first + u32::try_from(count).expect("few"));
            Ok((first..self.next).map(batch).collect())
        }

        fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
            Ok(vec![batch(1000 + u32::try_from(count).expect("few"))])
        }

        fn commit(&mut self, _: &[BatchChange], _: Option<&RateClaim>) -> Result<Permit> {
            self.ends.recv().expect("somebody tells")
        }
    }

    fn numbers(batches: &[Batch]) -> Vec<u32> {
        let key = |number| BatchKey::from_number(number);
        let number = |batch: &Batch| (0..2000).find(|number| key(*number) == batch.key);
        batches.iter().filter_map(number).collect()
    }

    #[test]
    fn the_engine_goes_on_while_the_books_are_kept() {
        let (end, ends) = sync_channel(1);
        let done = LedgerThread::with(Held { next: 1, last: 8, ends }, |thread| {
            assert_eq!(numbers(&thread.next(3).expect("batches")), [1, 2, 3]);
            thread.hand_over(vec![change(7), change(9)], None);
            assert!(!thread.is_done(Duration::ZERO));
            // Looked up before the commit, so that the executor does not wait for it.
            assert_eq!(numbers(&thread.next(3).expect("batches")), [4, 5, 6]);
            assert!(!thread.is_done(Duration::ZERO));
            end.send(Ok(Permit::Stopped)).expect("it is waited for");
            let kept = thread.kept();
            assert!(matches!(kept.permit, Ok(Permit::Stopped)), "{:?}", kept.permit);
            let given_back = kept.changes.iter().map(|change| match change {
                BatchChange::RetryAfter { batch, .. } => *batch,
                other => panic!("{other:?}"),
            });
            assert!(given_back.eq([7, 9].map(BatchKey::from_number)));
            assert!(!thread.is_done(Duration::ZERO));
            "all"
        });
        assert_eq!(done.expect("a thread"), "all");
    }

    #[test]
    fn what_is_asked_for_waits_for_what_was_handed_over_and_loses_nothing() {
        let (end, ends) = sync_channel(3);
        let run = |thread: &mut LedgerThread| {
            thread.hand_over(vec![change(1)], None);
            end.send(Ok(Permit::Granted)).expect("room");
            assert_eq!(numbers(&thread.parts(5).expect("parts")), [1005]);
            // It was done on the way.
            assert!(thread.is_done(Duration::ZERO));
            assert!(matches!(thread.kept().permit, Ok(Permit::Granted)));
            assert_eq!(numbers(&thread.next(2).expect("batches")), [1, 2]);
            thread.hand_over(vec![change(2)], None);
            end.send(Err(Error::new(ErrorKind::Ledger, "the disk is gone"))).expect("room");
            let kept = thread.kept();
            assert_eq!(kept.permit.expect_err("it is gone").to_string(), "the disk is gone");
            assert_eq!(kept.changes.len(), 1);
            assert_eq!(numbers(&thread.next(2).expect("batches")), [3]);
            assert!(thread.next(2).expect("none").is_empty());
            assert!(thread.next(2).expect("none").is_empty());
        };
        LedgerThread::with(Held { next: 1, last: 4, ends }, run).expect("a thread");
    }
}
