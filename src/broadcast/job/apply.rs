//! `herald apply FILE`: sends a plan exactly as it was written, and only once.

use crate::broadcast::job::open_plan::open_plan;
use crate::broadcast::job::options::ApplyOptions;
use crate::broadcast::job::plan_check::{check_profile, check_validity, open_context};
use crate::broadcast::job::plan_preview::print_plan_requests;
use crate::broadcast::job::plan_source::{PlanSource, SealedPlan};
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::contract::Verb;
use crate::env::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::interruptible_io::attentive;
use crate::send::trip::Trip;

/// Sends a plan.
pub fn apply(session: &Session, options: &ApplyOptions) -> Result<Exit> {
    options.sending.check()?;
    options.running.check()?;
    options.sending.no_check_of_many("a plan")?;
    let source = PlanSource::open(&options.plan)?;
    // The key of the seal belongs to the profile that the head names, so use the head before its seal is verified.
    let head = source.head()?;
    check_validity(session, &source.name(), &head)?;
    let world = open_context(session, options, &head)?;
    check_profile(&world, &head)?;
    let key = world.seal_key().ok_or_else(|| world.no_seal_key())?;
    let stdin_used = source.is_stdin();
    let plan = SealedPlan::verify(source, key)?;
    let settings = &plan.settings;
    let sending = settings.allowing(&options.sending, world.vendor.contract());
    let trip = Trip { stdin_used, ..Trip::new(session, &sending, &world, Verb::Broadcast) };
    if !settings.allow.is_empty() {
        session.ui.remark(&format!("rules that the plan ignores: {}", settings.allow.join(", ")));
    }
    if trip.sending.prints_only() {
        return print_plan_requests(&trip, &options.plan, &plan);
    }
    world.require_complete()?;
    let params = RunParams::new(&trip, &options.running, &[("the plan", Some(&options.plan))])?;
    let fleet = attentive(world.transport(session, &sending)?);
    let trip = Trip { listens: Some(fleet.as_ref()), ..trip };
    let mut ledger = world.open_ledger(session, &sending)?;
    open_plan(&trip, &mut ledger, fleet.as_ref(), &plan)?;
    run(&trip, params, ledger, fleet.as_ref(), plan.head.id)
}
