//! With which app of a vendor's something was sent or begun: what continues it, or follows up on it, goes to the same one.

use crate::env::Env;
use crate::error::{Error, Result};
use crate::ledger::{Job, LedgerEntry};
use crate::send::app::App;

/// With what an entry was sent or a job was begun.
pub(crate) struct SentWith {
    /// Its name and what was done with it, as `the job was begun`.
    what: String,
    provider: String,
    profile: Option<String>,
    /// Which app of the vendor's, and scheme, host and port.
    app: String,
    endpoint: String,
}

impl SentWith {
    pub(crate) fn of_entry(entry: &LedgerEntry) -> Self {
        let route = &entry.intent.route;
        Self {
            what: format!("the message {} was sent", entry.short_id),
            provider: route.provider.clone(),
            profile: route.profile.clone(),
            app: route.app.clone(),
            endpoint: route.endpoint.clone(),
        }
    }

    pub(crate) fn of_job(job: &Job) -> Self {
        let intent = &job.intent;
        Self {
            what: "the job was begun".to_owned(),
            provider: intent.provider.clone(),
            profile: intent.profile.clone(),
            app: intent.app.clone(),
            endpoint: intent.endpoint.clone(),
        }
    }

    /// Whether this app, by its id and its address, may follow up on it: the same one, or an account that has no id but its
    /// address, which is the whole server's.
    pub(crate) fn is_app(&self, (app, endpoint): (&str, &str)) -> bool {
        let is_whole_server = app.trim_end_matches('/') == endpoint.trim_end_matches('/');
        self.endpoint == endpoint && (self.app == app || is_whole_server)
    }

    /// Refuses a flag that names another profile.
    pub(crate) fn check_profile_flag(&self, env: &Env) -> Result<()> {
        self.check_flag("--profile", &env.globals.profile, self.profile.as_deref())
    }

    /// Refuses a flag that names another provider.
    pub(crate) fn check_provider_flag(&self, env: &Env) -> Result<()> {
        self.check_flag("--provider", &env.globals.provider, Some(&self.provider))
    }

    fn check_flag(&self, flag: &str, asked: &Option<String>, own: Option<&str>) -> Result<()> {
        let Some(asked) = asked.as_deref().filter(|asked| own != Some(asked)) else {
            return Ok(());
        };
        let (what, own) = (&self.what, own.unwrap_or("none"));
        Err(Error::usage(format!("{what} with {flag} {own}, and this says {asked}"))
            .help(format!("leave {flag} out")))
    }

    /// Refuses another app, or another address. `else_help` is what else can be done.
    pub(crate) fn check_app(&self, app: &App, else_help: &str) -> Result<()> {
        let (id, base) = (app.id(), app.base());
        if self.app == id && self.endpoint == base {
            return Ok(());
        }
        let Self { what, app, endpoint, .. } = self;
        Err(Error::input(format!(
            "{what} for the app `{app}` at {endpoint}, and the profile is now for `{id}` at {base}"
        ))
        .help(format!("nothing was sent; set the profile back{else_help}")))
    }

    /// Refuses to follow up on it with another app. Another profile of the same app will do.
    pub(crate) fn check_follow_up(&self, env: &Env, app: &App) -> Result<()> {
        self.check_provider_flag(env)?;
        if self.is_app((&app.id(), &app.base())) {
            return Ok(());
        }
        self.check_app(app, "").or_else(|other_app| {
            self.check_profile_flag(env)?;
            Err(other_app)
        })
    }
}
