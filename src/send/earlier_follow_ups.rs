//! What a command leaves out, since it was done before.

use std::collections::{BTreeSet, HashSet};

use crate::contract::{Target, Verb};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::report::{LocalTime, counted};
use crate::send::app::App;
use crate::send::compose::FollowedMessage;
use crate::send::follow_up_subject::FollowSubject;
use crate::send::followed::{Done, Followed};
use crate::send::meant_targets::parsed;

/// What a command leaves out, since it was done before.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlierFollowUps {
    targets: HashSet<(String, String)>,
    /// Messages whose receivers are not known one by one.
    messages: u64,
    /// When the last of it was done, in milliseconds since 1970.
    last_ms: Option<i64>,
    /// What may have been done, and is not repeated.
    doubts: u64,
    /// What may have been done, and is repeated.
    again: u64,
}

impl EarlierFollowUps {
    /// Whether nothing was done before.
    pub(crate) fn is_nothing(&self) -> bool {
        self.targets.is_empty() && self.messages == 0 && self.doubts == 0
    }

    /// The targets that were left out, since it was done with them.
    fn names(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> = self.targets.iter().map(|(_, name)| name.as_str()).collect();
        names.into_iter()
    }

    /// What was done with the targets that are named.
    pub(crate) fn outcome(&self) -> Outcome {
        let verdict = if self.doubts > 0 { Verdict::Unknown } else { Verdict::Accepted };
        let targets = self.names().map(|name| TargetResult::new(name, Verdict::Accepted));
        Outcome { targets: targets.collect(), ..Outcome::of(verdict) }
    }

    /// How many may have been done, and are not repeated.
    pub(crate) fn doubts(&self) -> u64 {
        self.doubts
    }

    /// How many may have been done, and are done again.
    pub(crate) fn again(&self) -> u64 {
        self.again
    }

    /// Of the targets that are named, if any are, those from which the message was not recalled yet. `None` where
    /// nothing is left to do.
    pub(crate) fn left_of(
        &mut self,
        app: &App,
        followed: &Followed,
        subject: &FollowSubject,
        named: &[Target],
    ) -> Option<Vec<Target>> {
        let Some(FollowedMessage { id, batch, .. }) = subject.about.as_deref() else {
            return Some(named.to_vec());
        };
        let Some(done) = followed.get(*id, *batch) else { return Some(named.to_vec()) };
        let meant: HashSet<String> = named.iter().map(Target::to_string).collect();
        let is_meant = |target: &String| meant.is_empty() || meant.contains(target);
        let its: Vec<_> = done.targets.iter().filter(|(target, _)| is_meant(target)).collect();
        let last_ms = its.iter().map(|(_, at)| **at).chain(done.whole_ms).max();
        self.last_ms = self.last_ms.max(last_ms);
        self.doubts += done.doubts();
        self.again += done.again();
        let key = |target: &str| (format!("{id} {batch:?}"), target.to_owned());
        self.targets.extend(its.into_iter().map(|(target, _)| key(target)));
        if done.is_whole() {
            self.messages += u64::from(done.targets.is_empty() && done.whole_ms.is_some());
            return None;
        }
        let all = match named {
            [] => parsed(app.vendor.contract(), &subject.reached(app).unwrap_or_default()),
            named => named.to_vec(),
        };
        let left: Vec<Target> =
            all.iter().filter(|target| !done.holds(&target.to_string())).cloned().collect();
        match (left.is_empty(), all.is_empty()) {
            (true, false) => None,
            // No one is named, and no one is known.
            (true, true) => Some(Vec::new()),
            (false, _) => Some(left),
        }
    }

    /// Whether a request would do no more than what was done. One about what a single user sees, which is told by its payload
    /// `view`, is counted: nothing else tells that it was done.
    pub(crate) fn covers(
        &mut self,
        followed: &Followed,
        about: Option<&FollowedMessage>,
        (told, view): (&[Target], Option<String>),
    ) -> bool {
        let done = |about: &FollowedMessage| followed.get(about.id, about.batch);
        if let Some(view) = view {
            let at_ms = about.and_then(done).and_then(|done| done.view_done(&view));
            self.messages += u64::from(at_ms.flatten().is_some());
            self.last_ms = self.last_ms.max(at_ms.flatten());
            return at_ms.is_some();
        }
        let holds = |done: &Done| match told {
            [] => done.is_whole(),
            told => told.iter().all(|one| done.holds(&one.to_string())),
        };
        about.and_then(done).is_some_and(holds)
    }

    /// What was done before, in words: `recalled already: 3,694 targets, the last at 22:41 +08:00`.
    pub(crate) fn words(&self, verb: Verb, local: &LocalTime) -> Option<String> {
        let at = self.last_ms.map(|at| local.minute(at));
        let when = |last: &str| at.map(|at| format!("{last}at {at}")).unwrap_or_default();
        let done = verb.done();
        match (self.targets.len() as u64, self.messages) {
            (0, 0) => None,
            (1, 0) => {
                let (_, target) = self.targets.iter().next()?;
                Some(format!("{done} already: {target}, {}", when("")))
            }
            (0, 1) => Some(format!("{done} already, {}", when(""))),
            (0, messages) => {
                let messages = counted(messages, "message");
                Some(format!("{done} already: {messages}, {}", when("the last ")))
            }
            (targets, _) => {
                let targets = counted(targets, "target");
                Some(format!("{done} already: {targets}, {}", when("the last ")))
            }
        }
    }
}
