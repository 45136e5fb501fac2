//! What the journal keeps, and what may leave once it has.

use std::time::Duration;

use super::Engine;
use super::item::Flying;
use crate::broadcast::halt::Halt;
use crate::broadcast::parts::Kept;
use crate::error::Result;
use crate::ledger::{Change, Permit};
use crate::wire::Request;

/// How long the journal is not asked at most whether the job is to stop.
const LOOK: Duration = Duration::from_secs(1);

/// The longest that more answers are waited for, to write them down together: a quarter of a commit, as far as that is
/// nothing to a vendor that is far away.
const LONGEST_LINGER: Duration = Duration::from_millis(1);

/// What the journal is at work on.
pub(super) struct Handed {
    /// What leaves when it has begun there.
    pub(super) ready: Vec<(Flying, Request)>,
    /// How many changes there are besides these beginnings, in front of them.
    ended: usize,
    since: Duration,
}

impl Engine<'_> {
    /// Hands the journal what is about to leave and what has come back. Nothing, where it would be nothing new and it was
    /// asked a short while ago whether the job is to stop.
    pub(super) fn hand_over(&mut self) {
        let now = self.world.now();
        let mut ready = std::mem::take(&mut self.ready);
        if self.halt.is_some() {
            self.unboard(std::mem::take(&mut ready));
        }
        let is_time_to_look = self.halt.is_none() && now >= self.looked + LOOK;
        if ready.is_empty() && self.changes.is_empty() && !is_time_to_look {
            return;
        }
        let mut changes = std::mem::take(&mut self.changes);
        let ended = changes.len();
        changes.extend(ready.iter().map(|(flying, _)| Change::Begin {
            batch: flying.item.batch.key,
            started_ms: flying.started_ms,
            dedupe_id: flying.sealed.dedupe_id.clone(),
        }));
        self.journal.hand_over(changes);
        self.handed = Some(Handed { ready, ended, since: now });
    }

    /// Waits for the journal, and lets go what has begun there.
    pub(super) fn settle(&mut self) -> Result<()> {
        let Some(Handed { ready, ended, since }) = self.handed.take() else { return Ok(()) };
        let Kept { mut changes, permit } = self.journal.kept();
        self.looked = self.world.now();
        self.measure(self.looked - since);
        changes.truncate(ended);
        let halt = match permit {
            Ok(Permit::Granted) => None,
            Ok(Permit::Stopped) => Some(Halt::Asked),
            Ok(Permit::NoRoom) => Some(Halt::NoRoom),
            Ok(Permit::NoQuota) => Some(Halt::Quota),
            Err(error) => {
                // What came back meanwhile came later.
                changes.append(&mut self.changes);
                self.changes = changes;
                self.unboard(ready);
                return Err(error);
            }
        };
        self.tell(changes);
        match halt {
            Some(halt) => {
                self.halt(halt);
                self.unboard(ready);
            }
            None if self.halt.is_some() => self.take_back(ready),
            None => self.let_go(ready),
        }
        self.observer.progress(&self.tally);
        Ok(())
    }

    /// Whatever has come back is kept when this returns.
    pub(super) fn keep_all(&mut self) -> Result<()> {
        self.settle()?;
        self.hand_over();
        self.settle()
    }

    /// From far away answers come seldom, and those that left together come together.
    fn measure(&mut self, took: Duration) {
        self.commit_took = (7 * self.commit_took + took) / 8;
        let is_near = self.answer_took < 4 * self.commit_took;
        let linger = if is_near { self.commit_took / 4 } else { Duration::ZERO };
        self.world.linger(linger.min(LONGEST_LINGER));
    }

    /// Tells what is on disk now.
    fn tell(&mut self, changes: Vec<Change>) {
        for change in changes {
            self.parts += parts_of(&change);
            let Change::End { ending, .. } = change else { continue };
            // As many have ended as there are to tell, in the same order.
            if let Some(mut told) = self.told.pop_front() {
                ending.return_to(&mut told.outcome);
                self.observer.ended(&told.batch, told.operation, &told.outcome);
            }
        }
    }

    fn let_go(&mut self, ready: Vec<(Flying, Request)>) {
        for (flying, request) in ready {
            let limit = self.limit(&flying);
            self.count += 1;
            self.world.start(self.count, request, limit);
            self.flight.insert(self.count, flying);
        }
    }

    /// Nothing of these has left, and the journal has none of them as begun.
    fn unboard(&mut self, ready: Vec<(Flying, Request)>) {
        let now = self.world.now();
        for (flying, _) in ready {
            self.pace.borrow_mut().end(flying.pace, now);
            self.ahead.push_front(flying.item);
        }
    }

    /// Nothing of these has left; the journal has them as begun, and takes that back.
    fn take_back(&mut self, mut ready: Vec<(Flying, Request)>) {
        for (flying, _) in &mut ready {
            self.put_back(&mut flying.item.batch);
        }
        self.unboard(ready);
    }
}

/// How many parts a change leaves in the place of a batch.
fn parts_of(change: &Change) -> usize {
    if let Change::Split { parts, .. } = change { parts.len() } else { 0 }
}
