//! Checks that a plan still holds: its time, the version of herald, and the profile.

use std::time::Duration;

use crate::broadcast::job::options::ApplyOptions;
use crate::broadcast::plan::{self, PlanHead};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::send::app::App;
use crate::send::options::SendOptions;
use crate::send::profile_choice::has_profile;

/// How far the clocks of two machines may differ.
const MAX_CLOCK_SKEW_MS: i64 = 600_000;

/// Fails where the plan has expired, has impossible times, or was written by another version of herald.
pub(crate) fn check_validity(env: &Env, name: &str, head: &PlanHead) -> Result<()> {
    let again = "write a new one with `broadcast --plan FILE`";
    let (now_ms, validity, local) = (env.system.now_ms(), &head.validity, env.local_time());
    let (created_ms, until_ms) = (validity.created_ms, validity.valid_until_ms);
    if now_ms > until_ms {
        let until = local.second(until_ms);
        return Err(Error::input(format!("the plan `{name}` was valid until {until}")).help(again));
    }
    // A later creation time is the clock of another machine, if it is only minutes later. Otherwise the clock was set back,
    // or a person wrote the head.
    let is_early = created_ms > now_ms.saturating_add(MAX_CLOCK_SKEW_MS);
    let term = u64::try_from(until_ms.saturating_sub(created_ms));
    let is_term = term.is_ok_and(|ms| plan::validity(Some(Duration::from_millis(ms))).is_ok());
    if is_early || !is_term {
        let (from, until) = (local.second(created_ms), local.second(until_ms));
        return Err(Error::input(format!(
            "the plan `{name}` says that it was made at {from} and is valid until {until}, which cannot be"
        ))
        .help(again));
    }
    let version = env!("CARGO_PKG_VERSION");
    if validity.herald != version {
        return Err(Error::input(format!(
            "the plan was checked by herald {}, and this is herald {version}, which may know other limits",
            validity.herald
        ))
        .help(again));
    }
    Ok(())
}

/// Opens the profile for a plan: the one from a flag, or the plan's own if it exists here, or the default one of its
/// provider. The seal shows later whether it has the same secret.
pub(crate) fn open_context(env: &Env, options: &ApplyOptions, head: &PlanHead) -> Result<App> {
    let (globals, plan) = (&env.globals, &head.destination);
    if let Some(asked) = globals.provider.as_ref().filter(|asked| **asked != plan.provider) {
        return Err(Error::input(format!(
            "the plan is for the provider `{}`, and the flag says `{asked}`",
            plan.provider
        ))
        .help("leave --provider out, or write a plan for the one that you mean"));
    }
    let sandbox = options.sending.sandbox || plan.sandbox;
    let sending = SendOptions { sandbox, ..options.sending.clone() };
    let is_chosen = globals.profile.is_some()
        || env.system.var("HERALD_PROFILE").is_some_and(|name| !name.is_empty());
    let own = match plan.profile.as_deref() {
        Some(own) if !is_chosen && has_profile(env, own)? => Some(own),
        _ => None,
    };
    let app = App::open_as(env, &sending, &plan.provider, own);
    // The name comes from the plan, so it is an error of the input and not of the usage.
    let app = app.map_err(|error| match error.exit() {
        Exit::Usage => Error::input(error.full_message())
            .help("--profile names one of your profiles with the same app and secret"),
        _ => error,
    })?;
    if app.sandbox != plan.sandbox {
        return Err(Error::input(
            "the plan is for a real vendor, and this would stay in the sandbox",
        )
        .help("leave --sandbox out, or write a plan with --sandbox"));
    }
    Ok(app)
}

/// Fails where the profile has another provider, app or endpoint than the plan, and names the differences.
pub(crate) fn check_profile(app: &App, head: &PlanHead) -> Result<()> {
    let plan = &head.destination;
    let changes: Vec<String> = [
        ("provider", &plan.provider, app.vendor.contract().id.to_owned()),
        ("app", &plan.app, app.id()),
        ("endpoint", &plan.endpoint, app.base()),
    ]
    .into_iter()
    .filter(|(_, then, now)| *then != now)
    .map(|(what, then, now)| format!("{what} was `{then}` and is `{now}`"))
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    Err(Error::input(format!(
        "the plan belongs to another profile than there is now: {}",
        changes.join(", ")
    ))
    .help("nothing was sent; write a new plan"))
}
