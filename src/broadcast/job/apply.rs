//! `--plan FILE` and `herald apply FILE`: what would go out, and that it does, exactly so and once.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::broadcast::job::claims::{PlanClaims, check_template};
use crate::broadcast::job::guard_input::{Judged, judge};
use crate::broadcast::job::insert::Intake;
use crate::broadcast::job::inspect::{FiledRequest, Inspection, sheets};
use crate::broadcast::job::message_templates::kept;
use crate::broadcast::job::options::ApplyOptions;
use crate::broadcast::job::plan_writer::{facts, remark_on_term};
use crate::broadcast::job::preview::{All, Preview};
use crate::broadcast::job::run::{Leave, run};
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::job::totals::{Totals, says};
use crate::broadcast::plan::{self, Head, PlanLine, PlanReader};
use crate::contract::Verb;
use crate::document::{Document, Value};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{Job, JobIntent, Ledger, Opening, PlannedBatch};
use crate::net::Fleet;
use crate::report;
use crate::seal::SealKey;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, NOTHING_SAID};
use crate::send::interruptible_io::attentive;
use crate::send::options::SendOptions;
use crate::send::payload_file::is_stdin;
use crate::send::profile_choice::has_profile;
use crate::template::message_template::{FinishedBody, Sheet};

/// Where its requests come from, as messages name it.
const SOURCE: &str = "the plan";

/// How far clocks of two machines may be apart.
const SKEW_MS: i64 = 600_000;

/// Carries out a plan.
pub fn apply(env: &Env, args: &ApplyOptions) -> Result<Exit> {
    args.sending.check()?;
    args.running.check()?;
    args.sending.no_check_of_many("a plan")?;
    let source = PlanSource::of(&args.plan)?;
    // Whose seal it has to be only the plan itself can say.
    let head = source.head()?;
    still_holds(env, &source, &head)?;
    let app = open_world(env, args, &head)?;
    unchanged(&app, &head)?;
    let key = app.seal_key().ok_or_else(|| app.no_seal_key())?;
    // The first reading proves that it is whole and unchanged, before anything else of it is believed.
    let head = &source.each(&key, &mut |_| Ok(()))?;
    let settings = JobSettings::parse(&head.settings)?;
    let sending = settings.allowing(&args.sending, app.vendor.contract());
    let context = SendContext {
        stdin_used: is_stdin(Some(&args.plan)),
        ..SendContext::new(env, &sending, &app, Verb::Broadcast)
    };
    if !settings.allow.is_empty() {
        env.ui.remark(&format!("rules that the plan ignores: {}", settings.allow.join(", ")));
    }
    let plan = SealedPlan { source: &source, head, key: &key, settings };
    if context.sending.prints_only() {
        return print(&context, &args.plan, &plan);
    }
    app.require_complete()?;
    let leave = Leave::of(&context, &args.running, &[("the plan", Some(&args.plan))])?;
    let fleet = attentive(app.transport(env, &sending)?);
    let context = SendContext { listens: Some(fleet.as_ref()), ..context };
    let mut ledger = app.open_ledger(env, &sending)?;
    once(&mut ledger, head)?;
    let intent = intent(&context, &plan);
    ledger.plan_job(&intent).map_err(|error| late(&mut ledger, head, error))?;
    if let Err(error) = open(&context, &mut ledger, fleet.as_ref(), &plan, intent) {
        let _ = ledger.discard_job(head.id);
        return Err(error);
    }
    run(&context, leave, ledger, fleet.as_ref(), head.id)
}

/// A plan whose seal fits.
struct SealedPlan<'p> {
    source: &'p PlanSource,
    head: &'p Head,
    key: &'p SealKey,
    settings: JobSettings,
}

/// A plan that can be read more than once.
enum PlanSource {
    File(PathBuf),
    /// What stdin had.
    Memory(Vec<u8>),
}

impl PlanSource {
    fn of(path: &Path) -> Result<Self> {
        if !is_stdin(Some(path)) {
            return Ok(Self::File(path.to_owned()));
        }
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Error::input("cannot read the plan from stdin").because(error))?;
        Ok(Self::Memory(bytes))
    }

    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Memory(_) => "stdin".to_owned(),
        }
    }

    /// What it says of itself, unproved.
    fn head(&self) -> Result<Head> {
        self.with(|reader| Ok(reader.head().clone()))
    }

    /// Reads it to its end, where its seal is made with this key.
    fn each(&self, key: &SealKey, take: &mut dyn FnMut(PlanLine) -> Result<()>) -> Result<Head> {
        self.with(|reader| reader.read(key, take))
    }

    fn with<T>(&self, work: impl FnOnce(PlanReader<'_>) -> Result<T>) -> Result<T> {
        let name = self.name();
        match self {
            Self::Memory(bytes) => work(PlanReader::open(&mut bytes.as_slice(), &name)?),
            Self::File(path) => {
                let file = File::open(path).map_err(|error| {
                    Error::input(format!("cannot read the plan `{name}`")).because(error)
                })?;
                work(PlanReader::open(&mut BufReader::new(file), &name)?)
            }
        }
    }
}

fn still_holds(env: &Env, source: &PlanSource, head: &Head) -> Result<()> {
    let again = "write a new one with `herald broadcast --plan FILE`";
    if env.system.now_ms() > head.valid_until_ms {
        let until = report::time(head.valid_until_ms);
        return Err(
            Error::input(format!("the plan `{}` held until {until}", source.name())).help(again)
        );
    }
    // Minutes apart are two machines; more is a clock that was set back, or a head that somebody has made.
    let is_early = head.created_ms > env.system.now_ms().saturating_add(SKEW_MS);
    let held = u64::try_from(head.valid_until_ms.saturating_sub(head.created_ms));
    let is_term = held.is_ok_and(|ms| plan::validity(Some(Duration::from_millis(ms))).is_ok());
    if is_early || !is_term {
        let (from, until) = (report::time(head.created_ms), report::time(head.valid_until_ms));
        return Err(Error::input(format!(
            "the plan `{}` says that it was made at {from} and holds until {until}, which cannot be",
            source.name()
        ))
        .help(again));
    }
    let version = env!("CARGO_PKG_VERSION");
    if head.herald != version {
        return Err(Error::input(format!(
            "the plan was checked by herald {}, and this is herald {version}, which may know other limits",
            head.herald
        ))
        .help(again));
    }
    Ok(())
}

/// The world of a profile with the plan's app: the one that a flag names, else the plan's own where there is one of that name
/// here, else the usual one of its provider. Whether it has the same secret, the seal tells.
fn open_world(env: &Env, args: &ApplyOptions, head: &Head) -> Result<App> {
    let globals = &env.globals;
    if let Some(asked) = globals.provider.as_ref().filter(|asked| **asked != head.provider) {
        return Err(Error::input(format!(
            "the plan is for the provider `{}`, and the flag says `{asked}`",
            head.provider
        ))
        .help("leave --provider out, or write a plan for the one that you mean"));
    }
    let sending =
        SendOptions { sandbox: args.sending.sandbox || head.sandbox, ..args.sending.clone() };
    let is_chosen = globals.profile.is_some()
        || env.system.var("HERALD_PROFILE").is_some_and(|name| !name.is_empty());
    let own = match head.profile.as_deref() {
        Some(own) if !is_chosen && has_profile(env, own)? => Some(own),
        _ => None,
    };
    let app = App::open_as(env, &sending, &head.provider, own);
    // What the plan names is no wrong usage.
    let app = app.map_err(|error| match error.exit() {
        Exit::Usage => Error::input(error.full_message())
            .help("--profile names one of your profiles with the same app and secret"),
        _ => error,
    })?;
    if app.sandbox != head.sandbox {
        return Err(Error::input(
            "the plan is for a real vendor, and this would stay in the sandbox",
        )
        .help("leave --sandbox out, or write a plan with --sandbox"));
    }
    Ok(app)
}

/// Refuses where the profile is no longer what the plan was made for, and says what changed.
fn unchanged(app: &App, head: &Head) -> Result<()> {
    let base = app.base();
    let now = [("provider", app.vendor.contract().id), ("app", &app.id()), ("endpoint", &base)]
        .map(|(what, now)| (what, now.to_owned()));
    let then = [&head.provider, &head.app, &head.endpoint];
    let changes = now.iter().zip(then).filter(|((_, now), then)| *now != **then);
    let changes: Vec<String> =
        changes.map(|((what, now), then)| format!("{what} was `{then}` and is `{now}`")).collect();
    if changes.is_empty() {
        return Ok(());
    }
    Err(Error::input(format!(
        "the plan belongs to another profile than there is now: {}",
        changes.join(", ")
    ))
    .help("nothing was sent; write a new plan"))
}

/// Refuses a plan that was carried out before.
fn once(ledger: &mut Ledger, head: &Head) -> Result<()> {
    let id = head.id.to_string();
    match ledger.job_of_id(&id, None)? {
        None => Ok(()),
        Some(job) => Err(carried_out(&job)),
    }
}

/// Why the job of a plan cannot be written down: another herald may have been quicker.
fn late(ledger: &mut Ledger, head: &Head, error: Error) -> Error {
    ledger.job(head.id).map_or(error, |job| carried_out(&job))
}

fn carried_out(job: &Job) -> Error {
    let id = job.intent.id;
    let what = if job.state.is_at_work() {
        "is being carried out by another herald".to_owned()
    } else {
        format!("was carried out before: {}", job.state.word())
    };
    Error::new(ErrorKind::Input, format!("the plan {what}"))
        .help(format!("`herald history show {id}` tells what became of it; `herald broadcast --resume {id}` goes on where something is left"))
}

fn intent(context: &SendContext<'_>, plan: &SealedPlan<'_>) -> JobIntent {
    let head = plan.head;
    let planned_until_ms = Some(head.valid_until_ms);
    let settings = JobSettings { planned_until_ms, ..plan.settings.clone() };
    JobIntent {
        id: head.id,
        realm: context.app.realm(),
        created_ms: context.env.system.now_ms(),
        name: head.job.clone(),
        verb: Verb::Broadcast.word().to_owned(),
        provider: head.provider.clone(),
        profile: context.app.account.profile.clone(),
        app: head.app.clone(),
        endpoint: head.endpoint.clone(),
        audience: head.audience.clone(),
        overrides: Vec::new(),
        settings: settings.to_text(),
        fingerprint: head.fingerprint.clone(),
    }
}

/// Prints what a plan sends, and sends nothing.
fn print(context: &SendContext<'_>, path: &Path, plan: &SealedPlan<'_>) -> Result<Exit> {
    let sheets = sheets(context, &plan.head.templates, SOURCE)?;
    let mut preview = Preview::new(context);
    inspect(context, plan, &sheets, &mut |batch| {
        preview.take(batch);
        Ok(())
    })?;
    let head = plan.head;
    let more = match facts(path, head) {
        serde_json::Value::Object(facts) => facts,
        _ => serde_json::Map::new(),
    };
    let (targets, requests) = (head.targets, head.requests);
    let sheets = sheets.iter().collect();
    let exit = preview.show(All { targets, requests, sheets, uploads: Vec::new(), more })?;
    if !context.env.ui.is_machine() && !context.sending.curl {
        remark_on_term(context.env, path, head);
    }
    Ok(exit)
}

/// Looks at every request of a plan, and hands them over. What the plan says of itself is what its requests come to, and each
/// goes out as the plan says.
fn inspect(
    context: &SendContext<'_>,
    plan: &SealedPlan<'_>,
    sheets: &[Sheet],
    take: &mut dyn FnMut(PlannedBatch) -> Result<()>,
) -> Result<Totals> {
    let head = plan.head;
    for (number, (says, sheet)) in head.templates.iter().zip(sheets).enumerate() {
        check_template(number, says, &kept(sheet))?;
    }
    let mut inspection = Inspection::of(context, sheets, SOURCE)?.telling();
    let mut number = 0;
    let again = plan.source.each(plan.key, &mut |line| {
        number += 1;
        let PlannedBatch { template, ids, vars } = &line.batch;
        let finished = inspection.take(FiledRequest {
            number,
            template: *template,
            ids,
            vars: vars.as_deref(),
            dedupe_id: None,
        })?;
        goes_out_so(number, &finished, &line)?;
        take(line.batch)
    })?;
    if again != *head {
        return Err(Error::input("the plan was changed while it was read").help("nothing was sent"));
    }
    let totals = inspection.totals;
    let operations = sheets.iter().map(|sheet| sheet.operation);
    let fingerprint = totals.fingerprint(sheets.iter().map(says));
    PlanClaims::of(&totals, operations, &head.templates, fingerprint, head.created_ms)
        .check(head)?;
    Ok(totals)
}

/// Refuses a batch that would go out otherwise than somebody has read in the plan.
fn goes_out_so(number: u64, finished: &FinishedBody, line: &PlanLine) -> Result<()> {
    let made = &finished.body.root().value;
    if made.to_compact() == line.body {
        return Ok(());
    }
    let planned = Document::parse(line.body.as_str()).map(Document::into_value).ok();
    let place = planned.and_then(|planned| differs_at(&planned, made)).unwrap_or_default();
    let place = if place.is_empty() { "the body".to_owned() } else { format!("`{place}`") };
    Err(Error::input(format!(
        "request {number} of the plan would go out otherwise than the plan says: {place} has changed"
    ))
    .help("nothing was sent; write a new plan"))
}

/// The pointer of the first place where two values differ.
fn differs_at(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let missing = other.iter().find(|member| one.get(&member.key).is_none());
            let inside = one.iter().find_map(|member| {
                let inside = match other.get(&member.key) {
                    Some(node) => differs_at(&member.node.value, &node.value)?,
                    None => String::new(),
                };
                Some(format!("/{}{inside}", member.key))
            });
            inside.or_else(|| missing.map(|member| format!("/{}", member.key)))
        }
        (Value::Array(one), Value::Array(other)) => {
            let pairs = one.iter().zip(other.iter()).enumerate();
            let inside = pairs.into_iter().find_map(|(index, (one, other))| {
                Some(format!("/{index}{}", differs_at(&one.value, &other.value)?))
            });
            inside.or_else(|| {
                (one.len() != other.len()).then(|| format!("/{}", one.len().min(other.len())))
            })
        }
        (one, other) => (!one.same(other)).then(String::new),
    }
}

/// Writes the job of a plan down, and lets the guards judge it.
fn open(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    fleet: &dyn Fleet,
    plan: &SealedPlan<'_>,
    intent: JobIntent,
) -> Result<()> {
    let context = &SendContext { listens: Some(fleet), ..*context };
    let head = plan.head;
    let sheets = sheets(context, &head.templates, SOURCE)?;
    for kept in &head.templates {
        ledger.plan_template(head.id, kept)?;
    }
    let mut intake = Intake::of(ledger, head.id, fleet);
    let totals = inspect(context, plan, &sheets, &mut |batch| intake.take(batch))?;
    intake.flush()?;
    let passed = judge(
        context,
        totals.samples.with(|template| sheets[template].operation),
        &Judged {
            tally: &totals.tally,
            calls: totals.requests,
            name: head.job.as_deref(),
            fingerprint: Some(&head.fingerprint),
            before: &NOTHING_SAID,
        },
    )?;
    let settings = JobSettings {
        confirmed: passed.confirmed,
        planned_until_ms: Some(head.valid_until_ms),
        ..plan.settings.clone()
    };
    let opening = Opening {
        overrides: passed.overridden.iter().map(|guard| guard.word().to_owned()).collect(),
        settings: settings.to_text(),
        ..Opening::of(&intent)
    };
    guard_prompt::open_job(context, ledger, head.id, &opening)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_differs_is_named() {
        let value = |text: &str| Document::parse(text).expect("JSON").into_value();
        let one = value(r#"{"to":["a","b"],"text":{"n":12345678901234567890},"flag":true}"#);
        for (other, place) in [
            (r#"{"to":["a","b"],"text":{"n":12345678901234567890},"flag":true}"#, None),
            (r#"{"to":["a","c"],"text":{"n":12345678901234567890},"flag":true}"#, Some("/to/1")),
            (r#"{"to":["a"],"text":{"n":12345678901234567890},"flag":true}"#, Some("/to/1")),
            (r#"{"to":["a","b"],"text":{"n":12345678901234567891},"flag":true}"#, Some("/text/n")),
            (r#"{"to":["a","b"],"text":{"n":12345678901234567890}}"#, Some("/flag")),
            (r#"{"to":["a","b"],"text":{"n":12345678901234567890},"flag":true,"x":1}"#, Some("/x")),
            ("[]", Some("")),
        ] {
            assert_eq!(differs_at(&one, &value(other)).as_deref(), place, "{other}");
        }
    }
}
