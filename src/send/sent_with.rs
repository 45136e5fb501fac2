//! With which app of a vendor's something was sent or begun: what continues it, or follows up on it, goes to the same one.

use crate::contract::{Contract, Operation, Verb, base_url};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Job, LedgerEntry, Realm};
use crate::provider;
use crate::send::app::{App, account_of};
use crate::send::options::SendOptions;
use crate::send::profile_choice::{has_profile, profile_names};
use crate::text::{escape, quoted};

/// With what an entry was sent or a job was begun.
pub(crate) struct SentWith {
    /// Its name and what was done with it, as `the job was begun`.
    what: String,
    provider: String,
    profile: Option<String>,
    realm: Realm,
    /// Its operation; that of the first request of a job.
    operation: Option<String>,
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
            realm: route.realm,
            operation: Some(route.operation.clone()),
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
            realm: intent.realm,
            operation: job.templates.first().map(|template| template.operation.clone()),
            app: intent.app.clone(),
            endpoint: intent.endpoint.clone(),
        }
    }

    /// Whether this app, by its id and its address, may follow up on it: the same one, or an account that has no id but its
    /// address, which is the whole server's.
    pub(crate) fn is_app(&self, (app, endpoint): (&str, &str)) -> bool {
        self.endpoint == endpoint && (self.app == app || is_whole_server(app, endpoint))
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

    /// Opens the app that follows up on it or continues it: with its profile, unless the flags name another.
    pub(crate) fn open(&self, env: &Env, sending: &SendOptions) -> Result<App> {
        if let Some(name) = self.gone_profile(env)? {
            return Err(self.is_gone(env, name)?);
        }
        App::open_as(env, sending, &self.provider, self.profile.as_deref())
    }

    /// Its profile, where the profile file has none of that name. Flags do not count.
    pub(crate) fn lost_profile(&self, env: &Env) -> Result<Option<&str>> {
        match self.profile.as_deref() {
            Some(name) if !has_profile(env, name)? => Ok(Some(name)),
            _ => Ok(None),
        }
    }

    /// The same, unless the flags name another.
    fn gone_profile(&self, env: &Env) -> Result<Option<&str>> {
        if env.globals.profile.is_some() { Ok(None) } else { self.lost_profile(env) }
    }

    /// The error for a profile that is not defined any more: it names those that can take its place.
    fn is_gone(&self, env: &Env, name: &str) -> Result<Error> {
        let Self { what, provider, app, endpoint, realm, .. } = self;
        let contract = provider::find(provider)?.contract();
        let fits = |name: &String| {
            let account = account_of(env, provider, Some(name), false);
            account.is_some_and(|account| {
                let base = base_url(&account, contract, "").unwrap_or_default();
                *realm == Realm::Sandbox || self.is_app((&contract.app_of(&account), &base))
            })
        };
        let names = profile_names(env)?;
        let flags: Vec<String> = names
            .iter()
            .filter(|name| fits(name))
            .map(|name| format!("--profile {}", quoted(name)))
            .collect();
        let message =
            format!("{what} with the profile `{}`, which is not defined now", escape(name));
        Ok(Error::new(ErrorKind::Profile, message).help(match (flags.as_slice(), realm) {
            ([], Realm::Real) => format!(
                "no profile is of {provider} with the app `{app}` at {endpoint}: define one, and add --profile NAME"
            ),
            ([], Realm::Sandbox) => format!("no profile is of {provider}: define one, and add --profile NAME"),
            (flags, _) => format!("of the same app: add {}", flags.join(", or ")),
        }))
    }

    /// Opens the app that the vendor is asked with about it: the one that sent it, or what [`SentWith::is_app`] allows. What
    /// another host of the server took is asked for at the host that hands out messages.
    pub(crate) fn open_to_ask(&self, env: &Env, sending: &SendOptions) -> Result<App> {
        self.check_provider_flag(env)?;
        let app = self.open(env, sending)?;
        if app.realm() != self.realm {
            let (what, help) = match self.realm {
                Realm::Sandbox => ("it went to the sandbox", "add --sandbox"),
                Realm::Real => ("it went to a real vendor", "leave --sandbox out"),
            };
            return Err(Error::usage(what).help(help));
        }
        let (id, base) = (app.id(), app.base());
        let is_at_host =
            self.is_of_other_host(app.vendor.contract()) && is_whole_server(&id, &base);
        if !self.is_app((&id, &base)) && !is_at_host {
            if self.check_profile_flag(env).is_err() {
                let endpoint = &self.endpoint;
                let what = format!("it went to {endpoint}, and this profile asks {base}");
                return Err(Error::usage(match self.endpoint == base {
                    true => format!(
                        "it was sent by the app `{}`, and this profile is for `{id}`",
                        self.app
                    ),
                    false => what,
                })
                .help("name a profile of the server and the app that it went to with --profile"));
            }
            self.check_app(&app, "")?;
        }
        app.require_complete()?;
        Ok(app)
    }

    /// Whether another host of the vendor's servers took it than the one that hands out messages.
    fn is_of_other_host(&self, contract: &Contract) -> bool {
        let host = |operation: &Operation| operation.host;
        let sent = self.operation.as_deref().and_then(|id| contract.operation(id)).map(host);
        let mut hands_out = contract.operations.iter().filter(|one| one.verbs.contains(&Verb::Get));
        sent.zip(hands_out.next().map(host)).is_some_and(|(sent, asked)| sent != asked)
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

/// Whether an account has no id but its address: then it is the whole server's.
fn is_whole_server(app: &str, endpoint: &str) -> bool {
    app.trim_end_matches('/') == endpoint.trim_end_matches('/')
}
