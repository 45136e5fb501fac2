//! What the journal keeps, and what may leave once it has.

use std::collections::VecDeque;
use std::time::Duration;

use super::ports::CommitState;
use super::state::{EndedItem, OpenAttempt, ReadyBatch, RunBatch};
use super::{Executor, Halt};
use crate::error::Result;
use crate::ledger::{BatchChange, BatchKey, Permit};
use crate::net::rate_limit::RateAsk;

/// How long the journal is not asked at most whether the job is to stop.
const STOP_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The longest that more answers are waited for, to write them down together: a quarter of a commit, as far as that is
/// nothing to a vendor that is far away.
const MAX_LINGER: Duration = Duration::from_millis(1);

/// The least number of requests to ask for where a shared rate limit has room again.
const MIN_ASKS: usize = 4;

/// From the request that is ready to the outcome that is on disk.
#[derive(Default)]
pub(super) struct CommitPipeline {
    /// Requests whose beginnings the journal does not have yet.
    pub(super) ready: Vec<ReadyBatch>,
    /// What the journal is at work on.
    pending: Option<PendingCommit>,
    /// What has come back, and the journal does not have yet.
    pub(super) changes: Vec<BatchChange>,
    /// What to tell once it is kept, in the order of the changes.
    pub(super) told: VecDeque<EndedItem>,
    /// When the journal was last asked whether the job is to stop.
    looked: Duration,
    /// Whether the journal has refused the end of a batch.
    pub(super) was_refused: bool,
}

/// What the journal is at work on.
struct PendingCommit {
    /// What leaves when it has begun there.
    ready: Vec<ReadyBatch>,
    /// How many changes there are besides these beginnings, in front of them.
    ended: usize,
    since: Duration,
    started_ms: i64,
}

impl CommitPipeline {
    /// Whether the journal is at work.
    pub(super) const fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether the journal has all that came back.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.pending.is_none()
    }

    /// How many requests are about to leave.
    pub(super) fn count(&self) -> usize {
        self.ready.len() + self.pending.as_ref().map_or(0, |pending| pending.ready.len())
    }
}

impl Executor<'_> {
    /// Hands the journal what is about to leave and what has come back. Nothing, where it would be nothing new and it was
    /// asked within the last second whether the job is to stop.
    pub(super) fn hand_over(&mut self) {
        let now = self.transport.now();
        let mut ready = std::mem::take(&mut self.commits.ready);
        if now < self.rate.held_until {
            // They were made while the ledger refused others. They would be refused as well.
            self.withdraw(std::mem::take(&mut ready));
        }
        let (ready, back) = self.look_through(ready);
        self.unboard(back);
        let is_time_to_look =
            self.halt.is_none() && now >= self.commits.looked + STOP_CHECK_INTERVAL;
        if ready.is_empty() && self.commits.changes.is_empty() && !is_time_to_look {
            return;
        }
        // One for all that leave together: the ledger writes those down together, too.
        let started_ms = self.transport.now_ms();
        let mut changes = std::mem::take(&mut self.commits.changes);
        let ended = changes.len();
        changes.extend(ready.iter().map(|ready| BatchChange::Begin {
            batch: ready.item.batch.key,
            started_ms,
            dedupe_id: ready.item.batch.dedupe_id.clone(),
        }));
        let rated = ready.iter().filter(|one| one.pace.is_some());
        let asks = rated.map(|one| RateAsk {
            operation: one.operation,
            targets: one.targets,
            limit: self.settings.request_limit,
        });
        let claim = self.rate.pace.borrow_mut().claim(asks.collect(), now, started_ms);
        let claim = claim.map(|claim| claim.wanting(self.free()));
        self.journal.hand_over(changes, claim);
        self.commits.pending = Some(PendingCommit { ready, ended, since: now, started_ms });
    }

    /// Lets go what has begun in the journal, where that is done. Whether it was.
    pub(super) fn settle_if_done(&mut self) -> Result<bool> {
        let is_done = self.commits.pending.is_some() && self.journal.is_done(Duration::ZERO);
        if is_done {
            self.settle()?;
        }
        Ok(is_done)
    }

    /// Waits for the journal, and lets go what has begun there.
    pub(super) fn settle(&mut self) -> Result<()> {
        if self.commits.pending.is_none() {
            return Ok(());
        }
        let CommitState { mut changes, claim, permit } = self.journal.kept();
        if permit.is_ok() {
            // Nothing leaves once the user has asked to stop, or the time is up.
            self.look_around();
        }
        let Some(mut pending) = self.commits.pending.take() else { return Ok(()) };
        self.commits.looked = self.transport.now();
        self.measure(self.commits.looked - pending.since);
        changes.truncate(pending.ended);
        let halt = match permit {
            Ok(Permit::Granted) => {
                self.rate.room = self.rate.room.saturating_mul(2);
                None
            }
            Ok(Permit::RateLimited { begun, until_ms }) => {
                let back = pending.ready.split_off(begun.min(pending.ready.len()));
                self.rate_limited(back, begun, until_ms);
                None
            }
            Ok(Permit::Stopped) => Some(Halt::Asked),
            Ok(Permit::NoRoom) => Some(Halt::NoRoom),
            Ok(Permit::NoQuota) => Some(Halt::Quota),
            Err(error) => {
                let is_end = |change: &BatchChange| matches!(change, BatchChange::End { .. });
                self.commits.was_refused |= changes.iter().any(is_end);
                // What came back meanwhile came later.
                changes.append(&mut self.commits.changes);
                self.commits.changes = changes;
                self.withdraw(pending.ready);
                claim.into_iter().for_each(|claim| self.rate.pace.borrow_mut().unsaid(claim));
                return Err(error);
            }
        };
        self.tell(changes);
        match halt {
            Some(halt) => {
                self.halt(halt);
                self.withdraw(pending.ready);
            }
            None => {
                let pace = self.rate.pace.borrow();
                pending.ready.iter_mut().flat_map(|one| &mut one.pace).for_each(|ticket| {
                    pace.granted(ticket);
                });
                drop(pace);
                let (ready, back) = self.look_through(pending.ready);
                self.take_back(back);
                self.let_go(ready, pending.started_ms);
            }
        }
        self.policy.progress();
        Ok(())
    }

    /// How many requests could be in flight besides those that are, if the shared rate limit had room for them.
    fn free(&self) -> usize {
        let is_last = self.queue.drained && self.queue.ahead.is_empty() && self.queue.parts == 0;
        if is_last { 0 } else { self.policy.max_in_flight().saturating_sub(self.in_flight.len()) }
    }

    /// Other processes have used the rest of the vendor's rate limit: these requests have to wait. The next time the engine
    /// asks for about as many as were granted now, since it would make the others for nothing.
    fn rate_limited(&mut self, back: Vec<ReadyBatch>, begun: usize, until_ms: i64) {
        self.withdraw(back);
        self.rate.room = begun.max(MIN_ASKS - 1) + 1;
        let wait =
            u64::try_from(until_ms.saturating_sub(self.transport.now_ms())).unwrap_or_default();
        let wait = Duration::from_millis(wait);
        if wait >= self.policy.longest_pause() {
            self.halt(Halt::Throttled);
        }
        self.rate.held_until = self.transport.now() + wait;
    }

    /// Whatever has come back is kept when this returns. What could not be kept is tried again.
    pub(super) fn keep_all(&mut self) -> Result<()> {
        let first = self.settle();
        self.hand_over();
        if self.commits.pending.is_some() { self.settle() } else { first }
    }

    /// Tells what came back and could not be kept: no ledger has it. Gives the batches that have ended so.
    pub(super) fn tell_unkept(&mut self) -> Vec<BatchKey> {
        let changes = std::mem::take(&mut self.commits.changes);
        let ended = |change: &BatchChange| match change {
            BatchChange::End { batch, .. } => Some(*batch),
            BatchChange::Begin { .. }
            | BatchChange::RetryAfter { .. }
            | BatchChange::Split { .. } => None,
        };
        let unkept = changes.iter().filter_map(ended).collect();
        self.tell(changes);
        unkept
    }

    /// From a distant server answers come rarely, and those of requests that left together come together.
    fn measure(&mut self, took: Duration) {
        self.timing.commit = (7 * self.timing.commit + took) / 8;
        let is_near = self.timing.answer < 4 * self.timing.commit;
        let linger = if is_near { self.timing.commit / 4 } else { Duration::ZERO };
        self.transport.linger(linger.min(MAX_LINGER));
    }

    /// Tells what is on disk now, or never will be.
    fn tell(&mut self, changes: Vec<BatchChange>) {
        for change in changes {
            self.queue.parts += parts_of(&change);
            let BatchChange::End { ending, .. } = change else { continue };
            // As many have ended as there are to tell, in the same order.
            if let Some(mut told) = self.commits.told.pop_front() {
                ending.return_to(&mut told.outcome);
                self.policy.ended(&told.batch, told.operation, told.outcome);
            }
        }
    }

    fn let_go(&mut self, ready: Vec<ReadyBatch>, started_ms: i64) {
        let started = self.transport.now();
        for ReadyBatch { item, operation, attempt, pace, request, .. } in ready {
            let limit = self.limit(&item, operation, started);
            self.count += 1;
            self.transport.start(self.count, request, limit);
            let flying = OpenAttempt { item, operation, attempt, pace, started, started_ms };
            self.in_flight.insert(self.count, flying);
        }
    }

    /// Which may still go after what was heard since they were made, and which not: none where the run is halted, and none
    /// that the vendor wants to wait.
    fn look_through(&mut self, ready: Vec<ReadyBatch>) -> (Vec<ReadyBatch>, Vec<RunBatch>) {
        let now = self.transport.now();
        let (mut may, mut may_not) = (Vec::with_capacity(ready.len()), Vec::new());
        let mut pace = self.rate.pace.borrow_mut();
        for one in ready {
            let has_room = one.pace.as_ref().is_none_or(|ticket| pace.may_leave(ticket, now));
            if self.halt.is_none() && has_room {
                may.push(one);
            } else {
                one.pace.into_iter().for_each(|ticket| pace.withdraw(ticket));
                may_not.push(one.item);
            }
        }
        (may, may_not)
    }

    /// None of these leaves, and the journal has none of them as begun.
    fn withdraw(&mut self, ready: Vec<ReadyBatch>) {
        let mut items = Vec::with_capacity(ready.len());
        for one in ready {
            one.pace.into_iter().for_each(|ticket| self.rate.pace.borrow_mut().withdraw(ticket));
            items.push(one.item);
        }
        self.unboard(items);
    }

    /// Puts back what has not left, in its order.
    fn unboard(&mut self, items: Vec<RunBatch>) {
        items.into_iter().rev().for_each(|item| self.queue.ahead.push_front(item));
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
