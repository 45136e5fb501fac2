//! Entries: what is found, how each of them stands, what may be decided.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;

fn add(ledger: &mut Ledger, intent: &EntryIntent, verdict: Option<Verdict>) {
    ledger.begin(intent, &Preconditions::NONE).unwrap();
    if let Some(verdict) = verdict {
        ledger.finish(intent.id, &ending(verdict), None).unwrap();
    }
}

fn ids(entries: &[LedgerEntry]) -> Vec<Uuid> {
    entries.iter().map(|entry| entry.intent.id).collect()
}

fn resolution(resolved: ResolvedAs) -> Resolution {
    Resolution {
        resolved,
        note: Some("asked the support".to_owned()),
        by: Some("ann".to_owned()),
        resolved_ms: NOW + 9,
    }
}

fn a_list_has_the_latest_first_and_holds_what_the_filter_says(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let other = with(intent(2, NOW + 2), |one| one.route.provider = "zeta".to_owned());
    let staging = with(intent(3, NOW + 3), |one| one.route.profile = Some("staging".to_owned()));
    let inside = with(intent(4, NOW + 4), |one| one.route.realm = Realm::Sandbox);
    add(&mut ledger, &intent(1, NOW + 1), Some(Verdict::Accepted));
    add(&mut ledger, &other, Some(Verdict::Unknown));
    add(&mut ledger, &staging, Some(Verdict::Denied));
    add(&mut ledger, &inside, Some(Verdict::Accepted));
    let all = Filter::default;
    for (filter, expected) in [
        (all(), vec![4, 3, 2, 1]),
        (Filter { realm: Some(Realm::Real), ..all() }, vec![3, 2, 1]),
        (Filter { realm: Some(Realm::Sandbox), ..all() }, vec![4]),
        (Filter { provider: Some("zeta".to_owned()), ..all() }, vec![2]),
        (Filter { profile: Some("staging".to_owned()), ..all() }, vec![3]),
        (Filter { since_ms: Some(NOW + 3), ..all() }, vec![4, 3]),
        (Filter { limit: Some(2), ..all() }, vec![4, 3]),
        (Filter { limit: Some(0), ..all() }, vec![]),
        (Filter { status: Some(EntryStatus::Decided(Verdict::Accepted)), ..all() }, vec![4, 1]),
        (Filter { status: Some(EntryStatus::Decided(Verdict::Rejected)), ..all() }, vec![3]),
        // The limit counts what is left after the filter.
        (
            Filter {
                status: Some(EntryStatus::Decided(Verdict::Unknown)),
                limit: Some(1),
                ..all()
            },
            vec![2],
        ),
        (Filter { status: Some(EntryStatus::Sending), ..all() }, vec![]),
    ] {
        let found: Vec<Uuid> = ids(&ledger.list(&filter).unwrap());
        let expected: Vec<Uuid> = expected.into_iter().map(|n| intent(n, 0).id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

fn sandbox_and_vendors_are_never_mixed(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let real = intent(1, NOW);
    let inside = with(intent(2, NOW), |one| one.route.realm = Realm::Sandbox);
    add(&mut ledger, &real, Some(Verdict::Accepted));
    add(&mut ledger, &inside, Some(Verdict::Accepted));
    for (realm, own) in [(Realm::Real, &real), (Realm::Sandbox, &inside)] {
        assert_eq!(ledger.last(realm, None).unwrap().unwrap().intent.id, own.id);
    }
}

fn a_vendors_id_leads_to_its_entry_whether_for_the_whole_or_for_a_target(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let big = "9223372036854775809";
    let target = |id: &str| TargetResult {
        id: Some(id.to_owned()),
        ..TargetResult::new("bob", Verdict::Accepted)
    };
    let (one, two) = (intent(1, NOW), intent(2, NOW + 1));
    ledger.begin(&one, &Preconditions::NONE).unwrap();
    let ids = vec![("messageUid".to_owned(), big.to_owned())];
    ledger.finish(one.id, &Ending { ids, ..ending(Verdict::Accepted) }, None).unwrap();
    ledger.begin(&two, &Preconditions::NONE).unwrap();
    let targets = vec![target("007"), target("m-2")];
    ledger.finish(two.id, &Ending { targets, ..ending(Verdict::Accepted) }, None).unwrap();
    for (provider, id, realm, expected) in [
        ("acme", big, Realm::Real, Some(one.id)),
        ("acme", "m-2", Realm::Real, Some(two.id)),
        ("acme", "007", Realm::Real, Some(two.id)),
        ("acme", "7", Realm::Real, None),
        // What a double would make of it.
        ("acme", "9223372036854775808", Realm::Real, None),
        ("zeta", big, Realm::Real, None),
        ("acme", big, Realm::Sandbox, None),
    ] {
        let found = ledger.entries_of_vendor_id(provider, id, realm).unwrap().into_iter().next();
        assert_eq!(found.map(|entry| entry.intent.id), expected, "{provider} {id} {realm:?}");
    }
}

fn the_last_one_is_a_send_that_may_have_gone_out(stores: &dyn Stores) {
    for (verdict, counts) in [
        (None, true),
        (Some(Verdict::Accepted), true),
        (Some(Verdict::Partial), true),
        (Some(Verdict::Unknown), true),
        (Some(Verdict::Rejected), false),
        (Some(Verdict::Denied), false),
        (Some(Verdict::Unavailable), false),
    ] {
        let mut ledger = stores.create();
        add(&mut ledger, &intent(1, NOW), Some(Verdict::Accepted));
        add(&mut ledger, &intent(2, NOW), verdict);
        let expected = intent(if counts { 2 } else { 1 }, NOW).id;
        let last = ledger.last(Realm::Real, None).unwrap().unwrap();
        assert_eq!(last.intent.id, expected, "{verdict:?}");
    }
    for (verb, effect, counts) in [
        (Verb::Send, Effect::Sends, true),
        (Verb::Broadcast, Effect::Sends, true),
        (Verb::Call, Effect::Sends, true),
        (Verb::Call, Effect::Destroys, false),
        (Verb::Call, Effect::Manages, false),
        (Verb::Recall, Effect::Destroys, false),
        (Verb::Update, Effect::Sends, false),
    ] {
        let mut ledger = stores.create();
        let intent = with(intent(1, NOW), |one| {
            one.content.verb = verb.word().to_owned();
            one.content.effect = effect;
        });
        add(&mut ledger, &intent, Some(Verdict::Accepted));
        assert_eq!(
            ledger.last(Realm::Real, None).unwrap().is_some(),
            counts,
            "{verb:?} {effect:?}"
        );
        assert_eq!(ledger.last(Realm::Real, Some("live")).unwrap().is_some(), counts);
        assert!(ledger.last(Realm::Real, Some("staging")).unwrap().is_none());
    }
}

fn what_recalled_an_entry_is_found_from_it(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let sent = intent(1, NOW);
    let recall = with(intent(2, NOW + 1), |one| {
        one.content.verb = Verb::Recall.word().to_owned();
        one.content.effect = Effect::Destroys;
        one.parent = Some(sent.id);
    });
    add(&mut ledger, &sent, Some(Verdict::Accepted));
    add(&mut ledger, &recall, Some(Verdict::Accepted));
    assert_eq!(ids(&ledger.follow_ups(sent.id).unwrap()), [recall.id]);
    assert!(ledger.follow_ups(recall.id).unwrap().is_empty());
}

fn only_what_is_unknown_is_resolved_and_only_once(stores: &dyn Stores) {
    for (verdict, word) in [
        (None, "sending"),
        (Some(Verdict::Accepted), "accepted"),
        (Some(Verdict::Partial), "partial"),
        (Some(Verdict::Rejected), "rejected"),
        (Some(Verdict::Unavailable), "unavailable"),
    ] {
        let mut ledger = stores.create();
        add(&mut ledger, &intent(1, NOW), verdict);
        let id = intent(1, NOW).id;
        let error = ledger.resolve(id, &resolution(ResolvedAs::Accepted)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the ledger entry 00000001 is not unknown, it is {word}")
        );
        assert!(ledger.get(id).unwrap().resolution.is_none());
    }
    for (resolved, verdict) in
        [(ResolvedAs::Accepted, Verdict::Accepted), (ResolvedAs::NotAccepted, Verdict::Unavailable)]
    {
        let mut ledger = stores.create();
        add(&mut ledger, &intent(1, NOW), Some(Verdict::Unknown));
        let id = intent(1, NOW).id;
        let answered = ledger.resolve(id, &resolution(resolved)).unwrap();
        let read = ledger.get(id).unwrap();
        for entry in [answered, read] {
            assert_eq!(entry.status, EntryStatus::Decided(verdict));
            assert_eq!(entry.resolution, Some(resolution(resolved)));
            assert_eq!(entry.ending.unwrap().verdict, Verdict::Unknown);
        }
        let error = ledger.resolve(id, &resolution(ResolvedAs::Accepted)).unwrap_err();
        let word = resolved.word();
        assert_eq!(
            error.to_string(),
            format!("the ledger entry 00000001 has been resolved by ann as {word}")
        );
    }
}

fn the_vendors_answer_beats_a_decision_made_before_it_came(stores: &dyn Stores) {
    let mut entry = {
        let mut ledger = stores.create();
        add(&mut ledger, &intent(1, NOW), Some(Verdict::Unknown));
        ledger.resolve(intent(1, NOW).id, &resolution(ResolvedAs::NotAccepted)).unwrap()
    };
    for (verdict, expected) in [
        (Verdict::Unknown, Verdict::Unavailable),
        (Verdict::Accepted, Verdict::Accepted),
        (Verdict::Rejected, Verdict::Rejected),
    ] {
        entry.ending = Some(ending(verdict));
        assert_eq!(entry.status_if(false), EntryStatus::Decided(expected));
    }
}

fn a_decision_is_about_the_targets_of_which_the_vendor_said_nothing(stores: &dyn Stores) {
    let own = |target: &str, verdict, id: Option<&str>| TargetResult {
        id: id.map(str::to_owned),
        ..TargetResult::new(target, verdict)
    };
    let taken = || own("bob", Verdict::Accepted, Some("11"));
    let refused = || own("dave", Verdict::Rejected, None);
    let unknown = || own("carol", Verdict::Unknown, None);
    for (targets, resolved, status, reached) in [
        (vec![taken(), unknown()], ResolvedAs::NotAccepted, Verdict::Partial, &["bob"][..]),
        (vec![taken(), unknown()], ResolvedAs::Accepted, Verdict::Accepted, &["bob", "carol"]),
        (vec![refused(), unknown()], ResolvedAs::Accepted, Verdict::Partial, &["carol"]),
        (vec![unknown()], ResolvedAs::NotAccepted, Verdict::Unavailable, &[]),
        (vec![], ResolvedAs::NotAccepted, Verdict::Unavailable, &[]),
    ] {
        let mut ledger = stores.create();
        let id = intent(1, NOW).id;
        ledger.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
        let lost = Ending { targets, ..ending(Verdict::Unknown) };
        ledger.finish(id, &lost, None).unwrap();
        let entry = ledger.resolve(id, &resolution(resolved)).unwrap();
        assert_eq!(entry.status, EntryStatus::Decided(status), "{lost:?}");
        let sent = entry.to_sent().unwrap();
        let names: Vec<&str> = sent.targets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, reached);
        assert!(entry.targets().iter().all(|one| one.verdict != Verdict::Unknown));
        // What the vendor said stays as it was.
        assert_eq!(entry.ending.unwrap().targets.len(), lost.targets.len());
    }
}

fn an_entry_ends_once(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let one = intent(1, NOW);
    add(&mut ledger, &one, Some(Verdict::Accepted));
    for id in [one.id, intent(2, NOW).id] {
        let error = ledger.finish(id, &ending(Verdict::Rejected), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ledger);
    }
    let entry = ledger.get(one.id).unwrap();
    assert_eq!(entry.status, EntryStatus::Decided(Verdict::Accepted));
}

fn what_was_sent_comes_back_for_the_vendor_without_what_certainly_was_not(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let sent = with(intent(1, NOW), |one| {
        one.content.body = r#"{"n":12345678901234567890123,"b":1.0}"#.to_owned()
    });
    let target = |name: &str, verdict, id: Option<&str>| TargetResult {
        id: id.map(str::to_owned),
        ..TargetResult::new(name, verdict)
    };
    ledger.begin(&sent, &Preconditions::NONE).unwrap();
    ledger.attempt(sent.id, 2, NOW + 7).unwrap();
    let ids = vec![("msgUID".to_owned(), "5FGT-7VA9".to_owned())];
    let targets = vec![
        target("a", Verdict::Accepted, Some("1")),
        target("b", Verdict::Rejected, None),
        target("c", Verdict::Unknown, None),
    ];
    let end = Ending { ids: ids.clone(), targets, attempts: 2, ..ending(Verdict::Partial) };
    ledger.finish(sent.id, &end, None).unwrap();
    let entry = ledger.get(sent.id).unwrap();
    let back = entry.to_sent().unwrap();
    assert_eq!((back.operation.as_str(), back.sent_ms), ("push", NOW + 7));
    assert_eq!(back.body.to_compact(), sent.content.body);
    assert_eq!(back.ids, ids);
    assert_eq!(back.targets, [("a".to_owned(), Some("1".to_owned())), ("c".to_owned(), None)]);
    let broken =
        LedgerEntry { intent: with(sent, |one| one.content.body = "{".to_owned()), ..entry };
    assert_eq!(broken.to_sent().unwrap_err().kind(), ErrorKind::Ledger);
}

fn the_digest_is_that_of_the_body(stores: &dyn Stores) {
    let mut ledger = stores.create();
    add(&mut ledger, &with(intent(1, NOW), |one| one.content.body = "abc".to_owned()), None);
    let entry = ledger.list(&Filter::default()).unwrap().remove(0);
    assert_eq!(entry.digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/// Text of any kind, also empty and with NUL.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
        "[0-9]{1,30}",
        Just("a\0b'\";--".to_owned()),
    ]
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    prop::sample::select(vec![
        Verdict::Accepted,
        Verdict::Partial,
        Verdict::Rejected,
        Verdict::Unavailable,
        Verdict::Unknown,
    ])
}

fn any_intent() -> impl Strategy<Value = EntryIntent> {
    let maybe = || prop::option::of(any_text());
    let numbers = (any::<u128>(), any::<bool>(), any::<i64>(), any::<i64>(), any::<Option<u32>>());
    let effect =
        prop::sample::select(vec![Effect::Sends, Effect::Destroys, Effect::Manages, Effect::Reads]);
    let texts = prop::array::uniform7(any_text());
    let lists = prop::collection::vec(any_text(), 0..3);
    let parent = (any::<Option<u128>>(), any::<Option<i64>>());
    (numbers, effect, texts, (maybe(), maybe(), maybe(), maybe()), lists, parent).prop_map(
        |(
            (id, sandbox, created_ms, deadline_ms, count),
            effect,
            texts,
            maybe,
            overrides,
            (parent, recall_until_ms),
        )| {
            let [verb, provider, operation, app, endpoint, audience, body] = texts;
            let (profile, sender, dedupe_id, fingerprint) = maybe;
            EntryIntent {
                id: Uuid::from_u128(id),
                parent: parent.map(Uuid::from_u128),
                // Of several where the id has room for it.
                part: (id % 3 == 0).then(|| CommandPart {
                    command: Uuid::from_u128(id / 3),
                    number: 1,
                    total: 2,
                }),
                overrides,
                route: EntryRoute {
                    realm: if sandbox { Realm::Sandbox } else { Realm::Real },
                    provider,
                    operation,
                    profile,
                    app,
                    endpoint,
                },
                content: EntryContent { verb, effect, body, fingerprint, dedupe_id },
                reach: EntryReach { sender, audience, target_count: count.map(u64::from) },
                times: EntryTimes { created_ms, deadline_ms, recall_until_ms },
            }
        },
    )
}

fn any_ending() -> impl Strategy<Value = Ending> {
    let maybe = || prop::option::of(any_text());
    let target = (any_text(), any_verdict(), maybe(), maybe(), maybe()).prop_map(
        |(target, verdict, id, code, message)| TargetResult {
            id,
            code,
            message,
            ..TargetResult::new(target, verdict)
        },
    );
    let numbers = (any::<i64>(), 0..i64::MAX as u64, any::<u32>(), any::<Option<u16>>());
    let lists = (
        prop::collection::vec((any_text(), any_text()), 0..4),
        prop::collection::vec(target, 0..4),
    );
    (numbers, any_verdict(), (maybe(), maybe()), lists).prop_map(
        |(numbers, verdict, (code, message), (ids, targets))| {
            let (finished_ms, elapsed_ms, attempts, http_status) = numbers;
            Ending {
                finished_ms,
                elapsed_ms,
                attempts,
                verdict,
                http_status,
                code,
                message,
                ids,
                targets,
            }
        },
    )
}

fn whatever_goes_in_comes_out_unchanged(stores: &dyn Stores) {
    let config = ProptestConfig::with_cases(stores.cases());
    proptest!(config, |(intent in any_intent(), ending in any_ending())| {
        let mut ledger = stores.create();
        ledger.begin(&intent, &Preconditions::NONE).unwrap();
        ledger.finish(intent.id, &ending, None).unwrap();
        let entry = ledger.get(intent.id).unwrap();
        prop_assert_eq!(&entry.intent, &intent);
        prop_assert_eq!(format!("{:?}", entry.ending.unwrap()), format!("{ending:?}"));
        for (_, id) in &ending.ids {
            let found = ledger.entries_of_vendor_id(&intent.route.provider, id, intent.route.realm).unwrap().into_iter().next();
            prop_assert_eq!(found.map(|entry| entry.intent.id), Some(intent.id));
        }
    });
}

fn entries_of_one_command_are_found_together(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let part = |number| Some(CommandPart { command: Uuid::from_u128(7), number, total: 3 });
    // In another order than they are numbered, with one of no command and one of another between them.
    let other = Some(CommandPart { command: Uuid::from_u128(8), number: 1, total: 2 });
    for (n, part) in [(1, part(1)), (2, None), (3, part(3)), (4, other), (5, part(2))] {
        let one = with(intent(n, NOW), |one| one.part = part);
        ledger.begin(&one, &Preconditions::NONE).unwrap();
    }
    for (n, expected) in [(1, vec![1, 5, 3]), (3, vec![1, 5, 3]), (2, vec![2]), (4, vec![4])] {
        let entry = ledger.get(intent(n, NOW).id).unwrap();
        let found = ledger.of_one_command(entry).unwrap();
        let ids: Vec<Uuid> = found.iter().map(|one| one.intent.id).collect();
        assert_eq!(ids, expected.into_iter().map(|n| intent(n, NOW).id).collect::<Vec<_>>());
    }
}

passed_by_each_store! {
    entries_of_one_command_are_found_together,
    a_list_has_the_latest_first_and_holds_what_the_filter_says,
    sandbox_and_vendors_are_never_mixed,
    a_vendors_id_leads_to_its_entry_whether_for_the_whole_or_for_a_target,
    the_last_one_is_a_send_that_may_have_gone_out,
    what_recalled_an_entry_is_found_from_it,
    only_what_is_unknown_is_resolved_and_only_once,
    the_vendors_answer_beats_a_decision_made_before_it_came,
    a_decision_is_about_the_targets_of_which_the_vendor_said_nothing,
    an_entry_ends_once,
    what_was_sent_comes_back_for_the_vendor_without_what_certainly_was_not,
    the_digest_is_that_of_the_body,
    whatever_goes_in_comes_out_unchanged,
}
