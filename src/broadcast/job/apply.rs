//! `herald apply FILE`: sends a plan exactly as it was written, and only once.

use crate::broadcast::job::open_plan::open_plan;
use crate::broadcast::job::options::ApplyOptions;
use crate::broadcast::job::plan_check::{check_profile, check_validity, open_context};
use crate::broadcast::job::plan_preview::print_plan_requests;
use crate::broadcast::job::plan_source::{PlanSource, SealedPlan};
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::context::SendContext;
use crate::send::interruptible_io::attentive;

/// Sends a plan.
pub fn apply(env: &Env, options: &ApplyOptions) -> Result<Exit> {
    options.sending.check()?;
    options.running.check(&env.ui)?;
    options.sending.no_check_of_many("a plan")?;
    let source = PlanSource::open(&options.plan)?;
    // The key of the seal belongs to the profile that the head names, so use the head before its seal is verified.
    let head = source.head()?;
    check_validity(env, &source.name(), &head)?;
    let app = open_context(env, options, &head)?;
    check_profile(&app, &head)?;
    let key = app.seal_key().ok_or_else(|| app.no_seal_key())?;
    let stdin_used = source.is_stdin();
    let plan = SealedPlan::verify(source, key)?;
    let settings = &plan.settings;
    let sending = settings.allowing(&options.sending, app.vendor.contract());
    let context =
        SendContext { stdin_used, ..SendContext::new(env, &sending, &app, Verb::Broadcast) };
    if !settings.allow.is_empty() {
        env.ui.remark(&format!("rules that the plan ignores: {}", settings.allow.join(", ")));
    }
    if context.sending.prints_only() {
        return print_plan_requests(&context, &options.plan, &plan);
    }
    app.require_complete()?;
    let reads = vec![("the plan", options.plan.clone())];
    let params = RunParams::new(&context, &options.running, reads, None)?;
    let fleet = attentive(app.transport(env, &sending)?);
    let context = SendContext { listens: Some(fleet.as_ref()), ..context };
    let mut ledger = app.open_ledger(env, &sending)?;
    open_plan(&context, &mut ledger, fleet.as_ref(), &plan)?;
    run(&context, params, ledger, fleet.as_ref(), plan.head.id)
}
