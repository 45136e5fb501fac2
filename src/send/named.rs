//! What the ids and names on a command line stand for, and the errors where they stand for nothing, or for several.

use crate::env::Env;
use crate::error::{Error, Result};
use crate::ledger::{
    DIGITS_TO_ASK, DIGITS_TO_CHANGE, Filter, IdCandidate, Job, JobBatch, Ledger, LedgerEntry,
    LookUp, LookUpAnswer, MAX_LISTED, Realm,
};
use crate::near::did_you_mean;
use crate::provider;
use crate::send::open_ledger::SENT_BY_OTHERS;
use crate::send::same_vendor_id::{VendorNamed, all_named, of_chosen_app};

/// What a command does with what is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamePurpose {
    /// It only looks at it.
    Look,
    /// It asks the vendor about it: a text may be a vendor's id that the ledger does not know.
    Ask,
    /// It changes, recalls, stops or resumes it.
    Change,
}

impl NamePurpose {
    const fn least_digits(self) -> usize {
        match self {
            Self::Look => 1,
            Self::Ask => DIGITS_TO_ASK,
            Self::Change => DIGITS_TO_CHANGE,
        }
    }
}

/// What an id or a name stands for.
pub(crate) enum NamedSubject {
    Entry(Box<LedgerEntry>),
    /// One request of a job, by the vendor's id of its message.
    Request(Box<Job>, Box<JobBatch>),
    /// One job; or all that have the name, the latest first.
    Jobs(Vec<Job>),
}

/// What a text stands for; `None` where nothing has this id or name.
pub(crate) fn maybe_named(
    env: &Env,
    ledger: &mut Ledger,
    realm: Realm,
    text: &str,
    purpose: NamePurpose,
) -> Result<Option<NamedSubject>> {
    let what = look_up(env, realm, text, purpose);
    let mut of_vendor = Vec::new();
    for provider in &what.providers {
        of_vendor.extend(all_named(ledger, provider, text, realm)?);
    }
    if of_vendor.len() > 1 {
        of_vendor = of_chosen_app(env, realm, of_vendor);
    }
    let found = match of_vendor.pop() {
        Some(one) if !of_vendor.is_empty() => {
            of_vendor.push(one);
            return Err(same_id(env, ledger, text, &of_vendor)?);
        }
        Some(VendorNamed::Entry(entry)) => {
            let id = entry.intent.id.to_string();
            ledger.look_up(&LookUp { text: &id, ..what })?
        }
        Some(VendorNamed::Request(job, batch)) => LookUpAnswer::Request(job, batch),
        None => look_up_wide(ledger, what)?,
    };
    let found = answer(env, text, found, Some(realm))?.ok();
    found.map(|found| only_one(env, text, found, purpose)).transpose()
}

/// What a text stands for. Ids may be of the other realm as well where none is given.
pub(crate) fn named(
    env: &Env,
    ledger: &mut Ledger,
    (realm, is_strict): (Realm, bool),
    text: &str,
    purpose: NamePurpose,
) -> Result<NamedSubject> {
    let found = look_up_wide(ledger, look_up(env, realm, text, purpose))?;
    let found = answer(env, text, found, is_strict.then_some(realm))?.map_err(|names| {
        let error = Error::usage(format!("there is no ledger entry `{text}`"));
        let help = no_such(text, &names, purpose);
        error.help(match realm {
            Realm::Sandbox => format!("{help}; {SENT_BY_OTHERS}"),
            Realm::Real => help,
        })
    })?;
    only_one(env, text, found, purpose)
}

/// The job that is meant by an id or a name: a name means the latest of the profile and provider that flags name. An error
/// where it is to be changed, and several have the name.
pub(crate) fn job_called(
    env: &Env,
    ledger: &mut Ledger,
    realm: Realm,
    text: &str,
    purpose: NamePurpose,
) -> Result<Job> {
    let look_up = LookUp { is_job: true, ..look_up(env, realm, text, purpose) };
    let mut jobs = jobs_of(env, ledger, look_up, purpose)?;
    check_one(env, text, &jobs, purpose)?;
    Ok(jobs.swap_remove(0))
}

/// The jobs that are meant, the latest first: with a name all of the profile and provider that flags name, or else of any.
pub(crate) fn jobs_called(
    env: &Env,
    ledger: &mut Ledger,
    realm: Realm,
    text: &str,
    purpose: NamePurpose,
) -> Result<Vec<Job>> {
    let look_up = LookUp { is_job: true, ..look_up(env, realm, text, purpose) };
    jobs_of(env, ledger, look_up, purpose)
}

/// Looks a text up. Of what has the same name, that of the profile and provider that flags name is meant; but one of another
/// profile is known, too.
fn look_up_wide(ledger: &mut Ledger, look_up: LookUp<'_>) -> Result<LookUpAnswer> {
    match ledger.look_up(&look_up)? {
        LookUpAnswer::Nothing(_) => ledger.look_up(&LookUp { among: Filter::default(), ..look_up }),
        found => Ok(found),
    }
}

/// What the ledger has that a text may be a misspelt name of, as a question.
pub(crate) fn near_name(
    env: &Env,
    ledger: &mut Ledger,
    realm: Realm,
    text: &str,
) -> Result<Option<String>> {
    let found = look_up_wide(ledger, look_up(env, realm, text, NamePurpose::Look))?;
    Ok(match found {
        LookUpAnswer::Nothing(names) => did_you_mean(text, names.iter().map(String::as_str)),
        _ => None,
    })
}

/// What was found, where it is one thing or is only looked at.
fn only_one(
    env: &Env,
    text: &str,
    found: NamedSubject,
    purpose: NamePurpose,
) -> Result<NamedSubject> {
    if let NamedSubject::Jobs(jobs) = &found {
        check_one(env, text, jobs, purpose)?;
    }
    Ok(found)
}

/// Fails where one job is to be changed, and several have the name: the latest may not be the one that is meant.
fn check_one(env: &Env, text: &str, jobs: &[Job], purpose: NamePurpose) -> Result<()> {
    if purpose != NamePurpose::Change || jobs.len() < 2 {
        return Ok(());
    }
    let listed: Vec<IdCandidate> = jobs.iter().take(MAX_LISTED).map(IdCandidate::of_job).collect();
    let error = Error::usage(format!("several jobs are called `{text}`"));
    Err(error.help(candidates(env, &listed, jobs.len() > MAX_LISTED)))
}

/// At least one job.
fn jobs_of(
    env: &Env,
    ledger: &mut Ledger,
    look_up: LookUp<'_>,
    purpose: NamePurpose,
) -> Result<Vec<Job>> {
    let (text, realm) = (look_up.text, look_up.realm);
    let found = look_up_wide(ledger, look_up)?;
    let no_job = || Error::usage(format!("there is no job `{text}`"));
    match answer(env, text, found, Some(realm))? {
        Ok(NamedSubject::Jobs(jobs)) if !jobs.is_empty() => Ok(jobs),
        Ok(NamedSubject::Request(job, _)) => Ok(vec![*job]),
        Ok(NamedSubject::Entry(entry)) => Err(no_job().help(format!(
            "{} is a single message to {}; `herald history` lists the jobs",
            entry.short_id, entry.intent.reach.audience
        ))),
        Ok(NamedSubject::Jobs(_)) => Err(no_job().help(no_such(text, &[], purpose))),
        Err(names) => Err(no_job().help(no_such(text, &names, purpose))),
    }
}

fn look_up<'a>(env: &'a Env, realm: Realm, text: &'a str, purpose: NamePurpose) -> LookUp<'a> {
    let globals = &env.globals;
    let (profile, provider) = (globals.profile.clone(), globals.provider.clone());
    let providers = match &globals.provider {
        Some(provider) => vec![provider.as_str()],
        None => provider::ALL.iter().map(|vendor| vendor.contract().id).collect(),
    };
    LookUp {
        is_job: false,
        least_digits: purpose.least_digits(),
        among: Filter { profile, provider, ..Filter::default() },
        providers,
        ..LookUp::job(text, realm)
    }
}

/// What was found, or the names of jobs where nothing was. An error where it is of another realm than the one that is wanted,
/// or where there are several.
fn answer(
    env: &Env,
    text: &str,
    found: LookUpAnswer,
    wanted: Option<Realm>,
) -> Result<Result<NamedSubject, Vec<String>>> {
    Ok(Ok(match found {
        LookUpAnswer::Entry(entry) => NamedSubject::Entry(entry),
        LookUpAnswer::Request(job, batch) => NamedSubject::Request(job, batch),
        LookUpAnswer::Jobs(jobs) => NamedSubject::Jobs(jobs),
        LookUpAnswer::OtherRealm(found) => match wanted {
            Some(realm) => return Err(of_other_realm(text, &found, realm)),
            None => return answer(env, text, *found, None),
        },
        LookUpAnswer::Several(listed, is_more) => {
            return Err(ambiguous(env, text, &listed, is_more));
        }
        LookUpAnswer::Nothing(names) => return Ok(Err(names)),
    }))
}

/// The error for what is not of the wanted realm.
fn of_other_realm(text: &str, found: &LookUpAnswer, wanted: Realm) -> Error {
    let (what, goes) = match found {
        LookUpAnswer::Jobs(_) => (format!("the job `{text}`"), "goes"),
        _ => (format!("the ledger entry `{text}`"), "went"),
    };
    match wanted {
        Realm::Real => Error::usage(format!("{what} is one of the sandbox")).help("add --sandbox"),
        Realm::Sandbox => {
            Error::usage(format!("{what} {goes} to a real vendor")).help("leave --sandbox out")
        }
    }
}

/// The error for a part of several ids: it lists them, one a line.
fn ambiguous(env: &Env, text: &str, listed: &[IdCandidate], is_more: bool) -> Error {
    let error = Error::usage(format!("`{text}` is a part of several ids in the ledger"));
    error.help(candidates(env, listed, is_more))
}

/// The error for a vendor's id that several messages have.
fn same_id(env: &Env, ledger: &mut Ledger, text: &str, all: &[VendorNamed]) -> Result<Error> {
    let mut listed = Vec::new();
    for one in all.iter().take(MAX_LISTED) {
        listed.push(one.candidate(ledger)?);
    }
    let error =
        Error::usage(format!("several messages in the ledger have the vendor's id `{text}`"));
    Ok(error.help(candidates(env, &listed, all.len() > MAX_LISTED)))
}

/// What may be meant, one a line.
fn candidates(env: &Env, listed: &[IdCandidate], is_more: bool) -> String {
    let local = env.local_time();
    let mut lines = vec!["name one of them:".to_owned()];
    lines.extend(listed.iter().map(|one| {
        let job = if one.is_job { "  (a job)" } else { "" };
        format!("{}  {}  {}{job}", one.label, local.second(one.created_ms), one.audience)
    }));
    if is_more {
        lines.push("and more: `herald history` lists them all".to_owned());
    }
    lines.join("\n")
}

/// What to do where nothing has an id or a name.
fn no_such(text: &str, names: &[String], purpose: NamePurpose) -> String {
    let is_part = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let least = purpose.least_digits();
    match did_you_mean(text, names.iter().map(String::as_str)) {
        Some(near) => near,
        None if is_part && text.len() < least => {
            format!("write at least {least} digits of its id")
        }
        None => "`herald history` lists them".to_owned(),
    }
}
