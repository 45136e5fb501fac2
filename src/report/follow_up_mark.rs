//! What happened to a message later: recalled, deleted, updated, cleared. Said wherever the message is shown.

use serde_json::{Value as Json, json};

use super::{LocalTime, counted, grouped, time};
use crate::contract::Verb;
use crate::ledger::Resolution;

/// What one command has done with a message or a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUpMark {
    /// The command.
    pub verb: Verb,
    /// From how many targets; `None` where it was all of it, and no one knows how many these are.
    pub targets: Option<u64>,
    /// For how many users it has changed what they see alone, which leaves the message with all others.
    pub views: u64,
    /// How many targets have the message, or may have; `None` where that is not known.
    pub of: Option<u64>,
    /// When it was last done, in milliseconds since 1970.
    pub at_ms: i64,
}

impl FollowUpMark {
    /// In words: `recalled 22:41 +08:00`; of many targets `recalled 3,694 of 5,000 22:41 +08:00`.
    pub fn words(&self, local: &LocalTime) -> String {
        let (done, at) = (self.verb.done(), local.minute(self.at_ms));
        match (self.targets, self.of) {
            (Some(0), _) if self.views > 0 => {
                format!("{done} for {} only {at}", counted(self.views, "user"))
            }
            (None, _) | (Some(1), Some(1)) => format!("{done} {at}"),
            (Some(targets), Some(of)) => {
                format!("{done} {} of {} {at}", grouped(targets), grouped(of))
            }
            (Some(1), None) => format!("{done} from 1 target {at}"),
            (Some(targets), None) => format!("{done} from {} targets {at}", grouped(targets)),
        }
    }

    /// Of how many targets, for a column of a table that says what was done: `3,694 of 5,000`.
    pub fn counts(&self) -> String {
        match (self.targets, self.of) {
            (None, _) => "all".to_owned(),
            (Some(targets), Some(of)) => format!("{} of {}", grouped(targets), grouped(of)),
            (Some(targets), None) => grouped(targets),
        }
    }

    fn to_json(self) -> Json {
        let Self { targets, views, of, at_ms, .. } = self;
        json!({ "targets": targets, "of": of, "views": views, "at": time(at_ms) })
    }
}

/// The word for what a person or `history resolve` found out, and what it means.
pub const SETTLED: (&str, &str) = (
    "settled",
    "`history resolve` has decided an unknown message, or the vendor's answer to a later question has",
);

/// All that was done with a message, and what a message that does so is about.
#[derive(Clone, Debug, Default)]
pub struct FollowUpMarks {
    /// What was done with it, in the order of [`Verb::FOLLOW_UPS`].
    pub done: Vec<FollowUpMark>,
    /// The messages and jobs that it follows up on itself, as people name them.
    pub about: Vec<String>,
}

impl FollowUpMarks {
    /// An outcome with what happened to it: `accepted, recalled 22:41 +08:00`; and with what a person found out, if one did:
    /// `accepted, settled 22:41 +08:00`.
    pub fn on(&self, outcome: &str, found: Option<&Resolution>, local: &LocalTime) -> String {
        let settled = found.map(|one| format!("{} {}", SETTLED.0, local.minute(one.resolved_ms)));
        let marks = self.done.iter().map(|mark| mark.words(local));
        let all = std::iter::once(outcome.to_owned()).chain(settled).chain(marks);
        all.collect::<Vec<_>>().join(", ")
    }

    /// An audience with what it is told about: `user:bob, of 7ffda768`.
    pub fn of(&self, audience: &str) -> String {
        match self.about.as_slice() {
            [] => audience.to_owned(),
            [one] => format!("{audience}, of {one}"),
            [first, rest @ ..] => format!("{audience}, of {first} and {} more", rest.len()),
        }
    }

    /// Adds a member for each command to a JSON object: null where nothing was done.
    pub fn add_to(&self, object: &mut Json) {
        for verb in Verb::FOLLOW_UPS {
            let mark = self.done.iter().find(|mark| mark.verb == verb);
            object[verb.done()] = mark.map_or(Json::Null, |mark| mark.to_json());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn a_mark_says_how_many_of_how_many_and_when() {
        let at_ms = 1_782_353_213_880; // 2026-06-25T02:06:53Z
        let local = LocalTime::new(TimeZone::get("Asia/Shanghai").expect("a zone"), at_ms);
        for (targets, of, words) in [
            (None, None, "recalled 10:06 +08:00"),
            (None, Some(7), "recalled 10:06 +08:00"),
            (Some(1), Some(1), "recalled 10:06 +08:00"),
            (Some(3694), Some(5000), "recalled 3,694 of 5,000 10:06 +08:00"),
            (Some(0), Some(1), "recalled 0 of 1 10:06 +08:00"),
            (Some(1), None, "recalled from 1 target 10:06 +08:00"),
            (Some(1_234_567), None, "recalled from 1,234,567 targets 10:06 +08:00"),
        ] {
            let mark = FollowUpMark { verb: Verb::Recall, targets, views: 0, of, at_ms };
            assert_eq!(mark.words(&local), words);
            let marks = FollowUpMarks { done: vec![mark], about: Vec::new() };
            assert_eq!(marks.on("accepted", None, &local), format!("accepted, {words}"));
            let mut object = json!({});
            marks.add_to(&mut object);
            assert_eq!(
                object,
                json!({
                    "recalled": { "targets": targets, "of": of, "views": 0, "at": "2026-06-25T02:06:53Z" },
                    "deleted": null, "updated": null, "cleared": null,
                })
            );
        }
        let own =
            FollowUpMark { verb: Verb::Delete, targets: Some(0), views: 1, of: Some(1), at_ms };
        assert_eq!(own.words(&local), "deleted for 1 user only 10:06 +08:00");
        let about = |names: &[&str]| FollowUpMarks {
            done: Vec::new(),
            about: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        assert_eq!(about(&[]).of("user:bob"), "user:bob");
        assert_eq!(about(&["spring"]).of("user:bob"), "user:bob, of spring");
        assert_eq!(about(&["a", "b", "c"]).of("2 targets"), "2 targets, of a and 2 more");
    }
}
