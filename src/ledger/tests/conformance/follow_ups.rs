//! Follow-ups on the same messages, of which one at a time begins.

use super::writers::together;
use super::*;

/// The messages that the job of a test is about.
fn about_of(job: &JobIntent) -> Vec<Uuid> {
    job.settings.split(' ').filter_map(|id| Uuid::parse_str(id).ok()).collect()
}

/// A job of a command about messages.
fn about(n: u64, verb: &str, what: &[Uuid]) -> JobIntent {
    let settings = what.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" ");
    JobIntent { verb: verb.to_owned(), settings, ..job_intent(n) }
}

/// Opens a job, unless a follow-up is in its way that was not seen before.
fn open_follow_up(ledger: &mut Ledger, own: &JobIntent, seen: &[Uuid]) -> Option<Uuid> {
    ledger.plan_job(own).unwrap();
    ledger.plan_template(own.id, &job_template()).unwrap();
    ledger.plan_batches(own.id, &[planned(&["a"])]).unwrap();
    let (about, seen) = (&about_of(own), &seen.iter().copied().collect());
    let others = OtherFollowUps { about, seen, operations: &["retract"], about_of };
    ledger.open_job(own.id, &Opening::of(own), Some(ConflictingJob::FollowUp(others))).unwrap()
}

/// Begins the entry of a command about a message, unless a follow-up is in its way that was not seen before.
fn begin_follow_up(
    ledger: &mut Ledger,
    (n, verb, parent): (u64, &str, Uuid),
    seen: &[Uuid],
) -> Option<Uuid> {
    let own = with(intent(n, NOW + n as i64), |one| {
        (one.parent, one.content.verb) = (Some(parent), verb.to_owned());
        one.content.effect = Effect::Destroys;
    });
    let (about, seen) = (&[parent], &seen.iter().copied().collect());
    let others = Some(OtherFollowUps { about, seen, operations: &["retract"], about_of });
    match ledger.begin(&own, &Preconditions { others, ..Preconditions::NONE }).unwrap() {
        None => None,
        Some(UnmetPrecondition::FollowedUp(other)) => Some(other),
        Some(unmet) => panic!("{unmet:?}"),
    }
}

fn of_follow_up_jobs_that_are_opened_at_once_one_is_and_those_of_another_command_are_in_nobodys_way(
    stores: &dyn Stores,
) {
    drop(stores.create());
    let (a, b) = (intent(200, NOW).id, intent(201, NOW).id);
    let opened = together(|n, barrier| {
        let mut ledger = stores.open(NOW);
        barrier.wait();
        let opened = open_follow_up(&mut ledger, &about(n, "recall", &[a]), &[]).is_none();
        barrier.wait();
        opened
    });
    assert_eq!(opened, 1);
    let mut next = stores.open(NOW);
    assert_eq!(open_follow_up(&mut next, &about(20, "recall", &[b]), &[]), None);
    assert_eq!(open_follow_up(&mut next, &about(21, "update", &[b]), &[]), None);
    // A process works on it, whatever was seen before.
    let at_work = about(20, "recall", &[b]).id;
    let late = about(22, "recall", &[b]);
    assert_eq!(open_follow_up(&mut stores.open(NOW), &late, &[at_work]), Some(at_work));
    drop(next);
    // It reached no one, and is in the way of a writer that has not seen it.
    let mut last = stores.open(NOW);
    assert_eq!(open_follow_up(&mut last, &about(23, "recall", &[a, b]), &[]), Some(at_work));
    assert_eq!(open_follow_up(&mut last, &about(24, "recall", &[b]), &[at_work]), None);
}

fn of_follow_ups_on_a_message_that_begin_at_once_one_does_whether_entry_or_job(
    stores: &dyn Stores,
) {
    drop(stores.create());
    for (round, verb) in (0..).zip(["recall", "delete", "update", "clear"]) {
        let message = intent(1000 + round, NOW).id;
        let begun = together(|n, barrier| {
            let mut ledger = stores.open(NOW);
            let n = 100 * (round + 1) + n;
            barrier.wait();
            let begun = match n % 2 {
                0 => begin_follow_up(&mut ledger, (n, verb, message), &[]),
                _ => open_follow_up(&mut ledger, &about(n, verb, &[message]), &[]),
            };
            barrier.wait();
            begun.is_none()
        });
        assert_eq!(begun, 1, "{verb}");
    }
}

fn a_follow_up_is_in_the_way_of_the_next_unless_it_was_seen_or_certainly_did_nothing(
    stores: &dyn Stores,
) {
    let message = |n| intent(1000 + n, NOW).id;
    let job = |n, id| about(n, "recall", &[id]);
    let mut first = stores.create();
    let mut next = stores.open(NOW);
    // One that is under way is in the way of entries and of jobs.
    assert_eq!(begin_follow_up(&mut first, (1, "recall", message(1)), &[]), None);
    let one = intent(1, NOW).id;
    assert_eq!(begin_follow_up(&mut next, (2, "recall", message(1)), &[]), Some(one));
    assert_eq!(open_follow_up(&mut next, &job(3, message(1)), &[]), Some(one));
    // Another message, and another command.
    assert_eq!(begin_follow_up(&mut next, (4, "recall", message(2)), &[]), None);
    assert_eq!(begin_follow_up(&mut next, (5, "delete", message(1)), &[]), None);
    // A writer is not in its own way: it sends what has several requests one after the other.
    assert_eq!(begin_follow_up(&mut first, (6, "recall", message(1)), &[]), None);
    // How it ended decides, and whether that was known.
    for (n, verdict, is_in_the_way) in [
        (10, Verdict::Accepted, true),
        (20, Verdict::Partial, true),
        (30, Verdict::Unknown, true),
        (40, Verdict::Rejected, false),
        (50, Verdict::Denied, false),
        (60, Verdict::Unavailable, false),
    ] {
        assert_eq!(begin_follow_up(&mut first, (n, "recall", message(n)), &[]), None);
        let ended = intent(n, NOW).id;
        first.finish(ended, &ending(verdict), None).unwrap();
        let other = is_in_the_way.then_some(ended);
        let mut late = stores.open(NOW);
        assert_eq!(open_follow_up(&mut late, &job(n + 1, message(n)), &[]), other, "{verdict:?}");
        drop(late);
        let seen = [ended, job(n + 1, message(n)).id];
        let mut late = stores.open(NOW);
        assert_eq!(begin_follow_up(&mut late, (n + 2, "recall", message(n)), &seen[1..]), other);
        assert_eq!(begin_follow_up(&mut late, (n + 3, "recall", message(n)), &seen), None);
    }
    // A person found out that it was not done.
    let unknown = intent(30, NOW).id;
    let not = Resolution {
        resolved: ResolvedAs::NotAccepted,
        note: None,
        by: None,
        resolved_ms: NOW + 9,
    };
    first.resolve(unknown, &not).unwrap();
    let seen = [intent(33, NOW).id, job(31, message(30)).id];
    let mut last = stores.open(NOW);
    assert_eq!(begin_follow_up(&mut last, (34, "recall", message(30)), &seen), None);
    // What `call` does with an operation of the command is in the way as well, and with another it is not.
    for (n, operation, is_in_the_way) in [(80, "retract", true), (90, "retract-all", false)] {
        let called = with(intent(n, NOW + n as i64), |one| {
            (one.parent, one.content.verb) = (Some(message(n)), "call".to_owned());
            one.route.operation = operation.to_owned();
        });
        first.begin(&called, &Preconditions::NONE).unwrap();
        let other = is_in_the_way.then_some(called.id);
        assert_eq!(begin_follow_up(&mut last, (n + 1, "recall", message(n)), &[]), other);
    }
    // A job is in the way of an entry.
    assert_eq!(open_follow_up(&mut first, &job(70, message(70)), &[]), None);
    let other = job(70, message(70)).id;
    assert_eq!(begin_follow_up(&mut last, (71, "recall", message(70)), &[other]), Some(other));
    assert_eq!(begin_follow_up(&mut last, (72, "update", message(70)), &[]), None);
}

passed_by_shared_stores! {
    of_follow_up_jobs_that_are_opened_at_once_one_is_and_those_of_another_command_are_in_nobodys_way,
    of_follow_ups_on_a_message_that_begin_at_once_one_does_whether_entry_or_job,
    a_follow_up_is_in_the_way_of_the_next_unless_it_was_seen_or_certainly_did_nothing,
}
