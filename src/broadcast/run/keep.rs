//! What the journal keeps, and what may leave once it has.

use std::time::Duration;

use super::item::{Flying, ReadyBatch, RunBatch};
use super::{Engine, LONGEST_PAUSE};
use crate::broadcast::halt::Halt;
use crate::broadcast::parts::CommitState;
use crate::error::Result;
use crate::ledger::{BatchChange, BatchKey, Permit};
use crate::net::pace::RateAsk;

/// How long the journal is not asked at most whether the job is to stop.
const LOOK: Duration = Duration::from_secs(1);

/// The longest that more answers are waited for, to write them down together: a quarter of a commit, as far as that is
/// nothing to a vendor that is far away.
const LONGEST_LINGER: Duration = Duration::from_millis(1);

/// The least number of requests to ask for where a shared rate limit has room again.
const FEW: usize = 4;

/// What the journal is at work on.
pub(super) struct Handed {
    /// What leaves when it has begun there.
    pub(super) ready: Vec<ReadyBatch>,
    /// How many changes there are besides these beginnings, in front of them.
    ended: usize,
    since: Duration,
    started_ms: i64,
}

impl Engine<'_> {
    /// Hands the journal what is about to leave and what has come back. Nothing, where it would be nothing new and it was
    /// asked a short while ago whether the job is to stop.
    pub(super) fn hand_over(&mut self) {
        let now = self.world.now();
        let mut ready = std::mem::take(&mut self.ready);
        if now < self.held_until {
            // They were made while the ledger refused others. They would be refused as well.
            self.withdraw(std::mem::take(&mut ready));
        }
        let (ready, back) = self.look_through(ready);
        self.unboard(back);
        let is_time_to_look = self.halt.is_none() && now >= self.looked + LOOK;
        if ready.is_empty() && self.changes.is_empty() && !is_time_to_look {
            return;
        }
        // One for all that leave together: the ledger writes those down together, too.
        let started_ms = self.world.now_ms();
        let mut changes = std::mem::take(&mut self.changes);
        let ended = changes.len();
        changes.extend(ready.iter().map(|ready| BatchChange::Begin {
            batch: ready.item.batch.key,
            started_ms,
            dedupe_id: ready.item.batch.dedupe_id.clone(),
        }));
        let asks = ready.iter().map(|one| RateAsk {
            operation: one.operation,
            targets: one.item.targets(),
            limit: self.settings.request_limit,
        });
        let claim = self.pace.borrow_mut().claim(asks.collect(), now, started_ms);
        let claim = claim.map(|claim| claim.wanting(self.free()));
        self.journal.hand_over(changes, claim);
        self.handed = Some(Handed { ready, ended, since: now, started_ms });
    }

    /// Lets go what has begun in the journal, where that is done. Whether it was.
    pub(super) fn settle_if_done(&mut self) -> Result<bool> {
        let is_done = self.handed.is_some() && self.journal.is_done(Duration::ZERO);
        if is_done {
            self.settle()?;
        }
        Ok(is_done)
    }

    /// Waits for the journal, and lets go what has begun there.
    pub(super) fn settle(&mut self) -> Result<()> {
        if self.handed.is_none() {
            return Ok(());
        }
        let CommitState { mut changes, claim, permit } = self.journal.kept();
        // Nothing leaves once somebody has asked to stop, or the time is up.
        self.look_around();
        let Some(mut handed) = self.handed.take() else { return Ok(()) };
        self.looked = self.world.now();
        self.measure(self.looked - handed.since);
        changes.truncate(handed.ended);
        let halt = match permit {
            Ok(Permit::Granted) => {
                self.room = self.room.saturating_mul(2);
                None
            }
            Ok(Permit::RateLimited { begun, until_ms }) => {
                let back = handed.ready.split_off(begun.min(handed.ready.len()));
                self.rate_limited(back, begun, until_ms);
                None
            }
            Ok(Permit::Stopped) => Some(Halt::Asked),
            Ok(Permit::NoRoom) => Some(Halt::NoRoom),
            Ok(Permit::NoQuota) => Some(Halt::Quota),
            Err(error) => {
                // What came back meanwhile came later.
                changes.append(&mut self.changes);
                self.changes = changes;
                self.withdraw(handed.ready);
                claim.into_iter().for_each(|claim| self.pace.borrow_mut().unsaid(claim));
                return Err(error);
            }
        };
        self.tell(changes);
        match halt {
            Some(halt) => {
                self.halt(halt);
                self.withdraw(handed.ready);
            }
            None => {
                for one in &mut handed.ready {
                    self.pace.borrow().granted(&mut one.pace);
                }
                let (ready, back) = self.look_through(handed.ready);
                self.take_back(back);
                self.let_go(ready, handed.started_ms);
            }
        }
        self.observer.progress(&self.tally);
        Ok(())
    }

    /// How many requests could be in flight besides those that are, if the shared rate limit had room for them.
    fn free(&self) -> usize {
        let is_last = self.drained && self.ahead.is_empty() && self.parts == 0;
        if is_last { 0 } else { self.window().saturating_sub(self.flight.len()) }
    }

    /// Other processes have used the rest of the vendor's rate limit: these requests have to wait. The next time the engine
    /// asks for about as many as were granted now, since it would make the others for nothing.
    fn rate_limited(&mut self, back: Vec<ReadyBatch>, begun: usize, until_ms: i64) {
        self.withdraw(back);
        self.room = begun.max(FEW - 1) + 1;
        let wait = u64::try_from(until_ms.saturating_sub(self.world.now_ms())).unwrap_or_default();
        let wait = Duration::from_millis(wait);
        if wait >= LONGEST_PAUSE {
            self.halt(Halt::Throttled);
        }
        self.held_until = self.world.now() + wait;
    }

    /// Whatever has come back is kept when this returns. What could not be kept is tried once more.
    pub(super) fn keep_all(&mut self) -> Result<()> {
        let first = self.settle();
        self.hand_over();
        if self.handed.is_some() { self.settle() } else { first }
    }

    /// Tells what came back and could not be kept: nobody else can tell it. Gives the batches that have ended so.
    pub(super) fn tell_unkept(&mut self) -> Vec<BatchKey> {
        let changes = std::mem::take(&mut self.changes);
        let ended = |change: &BatchChange| match change {
            BatchChange::End { batch, .. } => Some(*batch),
            BatchChange::Begin { .. } | BatchChange::Again { .. } | BatchChange::Split { .. } => {
                None
            }
        };
        let unkept = changes.iter().filter_map(ended).collect();
        self.tell(changes);
        unkept
    }

    /// From far away answers come seldom, and those that left together come together.
    fn measure(&mut self, took: Duration) {
        self.commit_took = (7 * self.commit_took + took) / 8;
        let is_near = self.answer_took < 4 * self.commit_took;
        let linger = if is_near { self.commit_took / 4 } else { Duration::ZERO };
        self.world.linger(linger.min(LONGEST_LINGER));
    }

    /// Tells what is on disk now, or never will be.
    fn tell(&mut self, changes: Vec<BatchChange>) {
        for change in changes {
            self.parts += parts_of(&change);
            let BatchChange::End { ending, .. } = change else { continue };
            // As many have ended as there are to tell, in the same order.
            if let Some(mut told) = self.told.pop_front() {
                ending.return_to(&mut told.outcome);
                self.observer.ended(&told.batch, told.operation, &told.outcome);
            }
        }
    }

    fn let_go(&mut self, ready: Vec<ReadyBatch>, started_ms: i64) {
        let started = self.world.now();
        for ReadyBatch { item, operation, sealed, pace, request } in ready {
            let limit = self.limit(&item, operation);
            self.count += 1;
            self.world.start(self.count, request, limit);
            let flying = Flying { item, operation, sealed, pace, started, started_ms };
            self.flight.insert(self.count, flying);
        }
    }

    /// Which may still go after what was heard since they were made, and which not: none where the run is halted, and none
    /// that the vendor wants to wait.
    fn look_through(&mut self, ready: Vec<ReadyBatch>) -> (Vec<ReadyBatch>, Vec<RunBatch>) {
        let now = self.world.now();
        let (mut may, mut may_not) = (Vec::with_capacity(ready.len()), Vec::new());
        let mut pace = self.pace.borrow_mut();
        for one in ready {
            if self.halt.is_none() && pace.may_leave(&one.pace, now) {
                may.push(one);
            } else {
                pace.withdraw(one.pace);
                may_not.push(one.item);
            }
        }
        (may, may_not)
    }

    /// None of these leaves, and the journal has none of them as begun.
    fn withdraw(&mut self, ready: Vec<ReadyBatch>) {
        let mut items = Vec::with_capacity(ready.len());
        for one in ready {
            self.pace.borrow_mut().withdraw(one.pace);
            items.push(one.item);
        }
        self.unboard(items);
    }

    /// Puts back what has not left, in its order.
    fn unboard(&mut self, items: Vec<RunBatch>) {
        items.into_iter().rev().for_each(|item| self.ahead.push_front(item));
    }

    /// The same for what the journal has as begun: it is told otherwise.
    fn take_back(&mut self, mut items: Vec<RunBatch>) {
        for item in &mut items {
            self.put_back(&mut item.batch);
        }
        self.unboard(items);
    }
}

/// How many parts a change leaves in the place of a batch.
fn parts_of(change: &BatchChange) -> usize {
    if let BatchChange::Split { parts, .. } = change { parts.len() } else { 0 }
}
