//! What texts stand for: whole ids, parts of ids, names of jobs, ids of the vendor.

use proptest::prelude::*;

use super::*;

/// One entry or job of a ledger that is made up.
#[derive(Clone, Debug)]
struct Made {
    id: Uuid,
    is_job: bool,
    realm: Realm,
    name: Option<String>,
    vendor_id: Option<String>,
}

impl Made {
    fn put_into(&self, ledger: &mut Ledger) {
        let Self { id, realm, .. } = *self;
        let ids: Vec<_> = self.vendor_id.iter().map(|id| ("uid".to_owned(), id.clone())).collect();
        let ending = Ending { ids, ..ending(Verdict::Accepted) };
        if self.is_job {
            let intent = JobIntent { id, realm, name: self.name.clone(), ..job_intent(1) };
            opened(ledger, &intent, &[planned(&["a"])]);
            ledger.claim_job(id, NOW).unwrap();
            let batch = BatchKey::nth(1);
            ledger.commit(id, &[begin(batch)], &Preconditions::NONE).unwrap();
            let end = BatchChange::End { batch, ending };
            ledger.commit(id, &[end], &Preconditions::NONE).unwrap();
            ledger.release_job(id, NOW).unwrap();
        } else {
            let mut one = with(intent(1, NOW), |one| one.id = id);
            one.route.realm = realm;
            ledger.begin(&one, &Preconditions::NONE).unwrap();
            ledger.finish(id, &ending, None).unwrap();
        }
    }

    fn has(&self, part: &str) -> bool {
        let part = part.to_lowercase();
        self.id.to_string().contains(&part) || self.id.simple().to_string().contains(&part)
    }
}

/// What was found, as ids: of a request the job's.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    One(Uuid),
    Several,
    OtherRealm,
    Nothing,
}

fn found(looked_up: &LookUpAnswer) -> Found {
    match looked_up {
        LookUpAnswer::Entry(entry) => Found::One(entry.intent.id),
        LookUpAnswer::Request(job, _) => Found::One(job.intent.id),
        LookUpAnswer::Jobs(jobs) => Found::One(jobs[0].intent.id),
        LookUpAnswer::Several(..) => Found::Several,
        LookUpAnswer::OtherRealm(_) => Found::OtherRealm,
        LookUpAnswer::Nothing(_) => Found::Nothing,
    }
}

fn look_up(text: &str, realm: Realm) -> LookUp<'_> {
    LookUp { is_job: false, providers: vec!["other", "acme"], ..LookUp::job(text, realm) }
}

/// The same as the ledger, over a plain list.
fn expected(made: &[Made], what: &LookUp<'_>) -> Found {
    let text = what.text;
    let latest = |holds: &dyn Fn(&Made) -> bool| made.iter().rev().find(|one| holds(one));
    let by_vendor_id = || {
        let is_it = |one: &Made| one.realm == what.realm && one.vendor_id.as_deref() == Some(text);
        let entry = latest(&|one| is_it(one) && !one.is_job).filter(|_| !what.is_job);
        entry.or_else(|| latest(&|one| is_it(one) && one.is_job)).map(|one| Found::One(one.id))
    };
    let in_realm = |one: &Made| match one.realm == what.realm {
        true => Found::One(one.id),
        false => Found::OtherRealm,
    };
    let is_whole = |one: &Made| {
        let text = text.to_lowercase();
        one.id.to_string() == text || one.id.simple().to_string() == text
    };
    let by_whole_id = || latest(&is_whole).map(in_realm);
    let is_named =
        |one: &Made| one.is_job && one.realm == what.realm && one.name.as_deref() == Some(text);
    let by_name = || latest(&is_named).map(|one| Found::One(one.id));
    let by_part = || {
        let digits = text.chars().filter(char::is_ascii_hexdigit).count();
        if digits < what.least_digits || text.chars().any(|c| !c.is_ascii_hexdigit() && c != '-') {
            return None;
        }
        let (own, other): (Vec<&Made>, Vec<&Made>) =
            made.iter().filter(|one| one.has(text)).partition(|one| one.realm == what.realm);
        match (own.as_slice(), other.as_slice()) {
            ([], []) => None,
            ([one], _) | ([], [one]) => Some(in_realm(one)),
            _ => Some(Found::Several),
        }
    };
    let first = if what.is_job { None } else { by_vendor_id() };
    let found = first.or_else(by_whole_id).or_else(by_name).or_else(by_part);
    found.or_else(|| if what.is_job { by_vendor_id() } else { None }).unwrap_or(Found::Nothing)
}

fn any_realm() -> impl Strategy<Value = Realm> {
    prop_oneof![Just(Realm::Real), Just(Realm::Sandbox)]
}

/// Ids of one minute, with random parts that are equal more often than random ones are.
fn any_id() -> impl Strategy<Value = Uuid> {
    let random = "[0-9a-f]{3}[89ab][0-9a-f]{15}";
    let alike = "[01]{3}8[01]{15}";
    (0..4_u32, prop_oneof![random, alike]).prop_map(|(clock, random)| {
        Uuid::try_parse(&format!("019900000{clock:03}7{random}")).expect("an id")
    })
}

/// A text that a person may write about these ids.
fn any_text(ids: Vec<Uuid>) -> impl Strategy<Value = String> {
    let part = (0..ids.len(), any::<bool>(), 0..36_usize, 1..37_usize, any::<bool>());
    let part = part.prop_map(move |(which, has_dashes, from, count, is_upper)| {
        let id = ids[which];
        let whole = if has_dashes { id.to_string() } else { id.simple().to_string() };
        let from = from.min(whole.len() - 1);
        let text = whole[from..whole.len().min(from + count)].to_owned();
        if is_upper { text.to_uppercase() } else { text }
    });
    prop_oneof![4 => part, 1 => "[0-9a-f]{1,8}", 1 => "[a-z-]{1,4}"]
}

/// A ledger and texts that are looked up in it. Names and ids of the vendor are often parts of ids, too.
fn any_case() -> impl Strategy<Value = (Vec<Made>, Vec<String>)> {
    prop::collection::btree_set(any_id(), 1..7)
        .prop_flat_map(|ids| {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            let text = || any_text(ids.clone());
            let one =
                (any::<bool>(), any_realm(), prop::option::of(text()), prop::option::of(text()));
            let all = prop::collection::vec(one, ids.len());
            (Just(ids.clone()), all, prop::collection::vec(text(), 1..12))
        })
        .prop_map(|(ids, all, mut texts)| {
            let made = ids.into_iter().zip(all).map(|(id, (is_job, realm, name, vendor_id))| {
                Made { id, is_job, realm, name: name.filter(|_| is_job), vendor_id }
            });
            let made: Vec<Made> = made.collect();
            texts.extend(
                made.iter().flat_map(|one| [one.name.clone(), one.vendor_id.clone()]).flatten(),
            );
            (made, texts)
        })
}

fn a_text_stands_for_the_same_as_in_a_plain_list(stores: &dyn Stores) {
    let config = ProptestConfig::with_cases(stores.cases());
    proptest!(config, |((made, texts) in any_case(), realm in any_realm(), least_digits in 0..8_usize)| {
        let mut ledger = stores.create();
        made.iter().for_each(|one| one.put_into(&mut ledger));
        for text in &texts {
            for is_job in [false, true] {
                let what = LookUp { is_job, least_digits: least_digits.max(1), ..look_up(text, realm) };
                let answer = ledger.look_up(&what).unwrap();
                prop_assert_eq!(found(&answer), expected(&made, &what), "{:?} {:?}", what, made);
            }
        }
    });
}

fn what_people_see_of_an_id_stands_for_it(stores: &dyn Stores) {
    let config = ProptestConfig::with_cases(stores.cases());
    proptest!(config, |(ids in prop::collection::btree_set(any_id(), 1..9))| {
        let mut ledger = stores.create();
        let made: Vec<Made> = ids.iter().enumerate().map(|(n, id)| Made {
            id: *id,
            is_job: n % 2 == 0,
            realm: if n % 3 == 0 { Realm::Sandbox } else { Realm::Real },
            name: None,
            vendor_id: None,
        }).collect();
        made.iter().for_each(|one| one.put_into(&mut ledger));
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let short = ledger.short_ids(&ids).unwrap();
        for (one, short) in made.iter().zip(&short) {
            let answer = ledger.look_up(&look_up(short, one.realm)).unwrap();
            prop_assert_eq!(found(&answer), Found::One(one.id), "{}", short);
            prop_assert_eq!(made.iter().filter(|other| other.has(short)).count(), 1);
            // No longer than it has to be.
            let fewer = &short[1..];
            prop_assert!(short.len() >= 8 && one.id.simple().to_string().ends_with(short.as_str()));
            prop_assert!(short.len() == 8 || made.iter().filter(|other| other.has(fewer)).count() > 1);
            let shown = match answer {
                LookUpAnswer::Entry(entry) => entry.short_id,
                LookUpAnswer::Jobs(jobs) => jobs[0].label(),
                other => panic!("{other:?}"),
            };
            prop_assert_eq!(&shown, short);
        }
    });
}

fn a_part_of_several_ids_lists_them_the_latest_first(stores: &dyn Stores) {
    let mut ledger = stores.create();
    for n in 1..=12 {
        ledger.begin(&intent(n, NOW + n.cast_signed()), &Preconditions::NONE).unwrap();
    }
    opened(&mut ledger, &job_intent(40), &[planned(&["a"])]);
    let look = LookUp { least_digits: 1, ..look_up("01990", Realm::Real) };
    let LookUpAnswer::Several(listed, is_more) = ledger.look_up(&look).unwrap() else { panic!() };
    assert!(is_more && listed.len() == 10, "{listed:?}");
    let first = &listed[0];
    assert_eq!((first.label.as_str(), first.created_ms), ("0000000c", NOW + 12));
    // The job is as old as they are, and is among them.
    let LookUpAnswer::Several(listed, is_more) =
        ledger.look_up(&LookUp { text: "0000002", ..look.clone() }).unwrap()
    else {
        panic!()
    };
    assert!(!is_more && listed.len() == 2, "{listed:?}");
    assert!(listed.iter().any(|one| one.is_job && one.label == "00000028"), "{listed:?}");
}

fn a_job_of_a_name_is_the_latest_and_others_are_told(stores: &dyn Stores) {
    let mut ledger = stores.create();
    for n in 1..=2 {
        opened(&mut ledger, &job_intent(n), &[planned(&["a"])]);
    }
    let inside =
        JobIntent { realm: Realm::Sandbox, name: Some("inside".to_owned()), ..job_intent(3) };
    opened(&mut ledger, &inside, &[planned(&["a"])]);
    let mut look = |text| ledger.look_up(&LookUp { is_job: true, ..look_up(text, Realm::Real) });
    let LookUpAnswer::Jobs(jobs) = look("spring").unwrap() else { panic!() };
    let ids: Vec<Uuid> = jobs.iter().map(|job| job.intent.id).collect();
    assert_eq!(ids, [job_intent(2).id, job_intent(1).id]);
    for text in ["sprin", "inside"] {
        let LookUpAnswer::Nothing(names) = look(text).unwrap() else { panic!() };
        assert_eq!(names, ["spring", "spring"]);
    }
}

passed_by_each_store! {
    a_text_stands_for_the_same_as_in_a_plain_list,
    what_people_see_of_an_id_stands_for_it,
    a_part_of_several_ids_lists_them_the_latest_first,
    a_job_of_a_name_is_the_latest_and_others_are_told,
}
