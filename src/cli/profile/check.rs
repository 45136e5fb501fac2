//! `herald profile check`: whether profiles can be used, offline and, if asked, with the vendor.

use std::time::Duration;

use serde_json::{Value, json};

use crate::account::Mode;
use crate::cli::args::parse_duration;
use crate::cli::profile::Hooks;
use crate::cli::profile::list::problem;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::profile::{
    self, ChosenAccount, FaultyProfile, File, ProfileState, ProfileWorld, ResolvedAccount, Secrets,
};
use crate::send::check_account::OnlineCheck;
use crate::send::guard_context::trusted_switch;
use crate::send::profile_choice::in_world;
use crate::send::{account_remarks, check_account};
use crate::text::escape;

/// Flags of `profile check`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Profiles [default: all of the file]
    pub(super) names: Vec<String>,
    /// Also ask the vendor, with a call that changes nothing
    #[arg(long)]
    pub(super) online: bool,
    /// Stop waiting for the vendor after this time [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = parse_duration, requires = "online")]
    pub(super) deadline: Option<Duration>,
}

/// Checks profiles and reports the results.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let (names, online) = (&args.names, args.online);
    let hooks = &Hooks {
        remarks: &account_remarks::remarks,
        online: &|contract, account| check_account::online(env, contract, account, args.deadline),
    };
    let reports = in_world(env, |wish, world| -> Result<Vec<AccountReport>> {
        let file = profile::read_profiles(wish, world)?;
        let named = wish.profile.is_some() || wish.provider.is_some();
        let report = |chosen: &ChosenAccount| AccountReport::of(chosen, world, online, hooks);
        let of_file = |file, one| match one {
            Ok(profile) => report(&ChosenAccount::of(file, profile)),
            Err(faulty) => AccountReport::faulty(file, faulty),
        };
        Ok(match &file {
            Some(file) if !names.is_empty() => names
                .iter()
                .map(|name| match file.faulty(name) {
                    Some(faulty) => Ok(of_file(file, Err(faulty))),
                    None => profile::find(file, name).map(|profile| of_file(file, Ok(profile))),
                })
                .collect::<Result<Vec<_>>>()?,
            Some(file) if !named && !file.all().is_empty() => {
                file.all().into_iter().map(|one| of_file(file, one)).collect()
            }
            _ => {
                let name = names.first().map(String::as_str).or(wish.profile);
                vec![report(&profile::choose(
                    &profile::ProfileFlags { profile: name, ..*wish },
                    world,
                )?)]
            }
        })
    })?;
    let faults = reports.iter().filter_map(|report| report.fault.as_ref());
    faults.for_each(|fault| env.ui.complain_beside(fault));
    if env.ui.is_machine() {
        let profiles: Vec<Value> = reports.iter().map(AccountReport::json).collect();
        env.ui.json(&json!({ "version": 1, "profiles": profiles }));
    } else {
        reports.iter().for_each(|report| env.ui.page(&report.human()));
    }
    Ok(exit(&reports))
}

/// The results for one account.
pub(super) struct AccountReport {
    profile: Option<String>,
    provider: Option<&'static str>,
    /// The faults of a profile that cannot be used as it is written: people see them in its lines, before the reports.
    fault: Option<Error>,
    errors: Vec<Error>,
    warnings: Vec<String>,
    /// The vendor's answer, if it was asked.
    online: Option<Result<OnlineCheck>>,
}

/// What stops a profile in mode `sandbox` from being checked with the vendor.
const STAYS_INSIDE: &str = "mode `sandbox` stays inside herald";

impl AccountReport {
    /// The report on a profile with faults, of which nothing is looked up.
    fn faulty(file: &File, faulty: &FaultyProfile) -> Self {
        Self {
            profile: Some(faulty.name.clone()),
            provider: faulty.contract.map(|contract| contract.id),
            fault: Some(file.error_of([faulty])),
            errors: Vec::new(),
            warnings: Vec::new(),
            online: None,
        }
    }

    pub(super) fn of(
        chosen: &ChosenAccount,
        world: &ProfileWorld<'_>,
        online: bool,
        hooks: &Hooks<'_>,
    ) -> Self {
        let profile = match chosen {
            ChosenAccount::Profile { profile, .. } => Some(profile.name.clone()),
            ChosenAccount::Environment(_) => None,
        };
        let contract = chosen.contract();
        let mut report = Self {
            profile,
            provider: Some(contract.id),
            fault: None,
            errors: Vec::new(),
            warnings: Vec::new(),
            online: None,
        };
        match chosen.resolve(world, Secrets::Fetch) {
            Err(error) => report.errors.push(error),
            Ok(resolved) => {
                report.judge(&resolved);
                let account = &resolved.account;
                report.warnings.extend((hooks.remarks)(contract, account));
                if online && report.errors.is_empty() {
                    report.online = Some(match account.guards.mode {
                        // It never contacts the vendor, not even for a check.
                        Mode::Sandbox => Ok(OnlineCheck::NotAsked(STAYS_INSIDE)),
                        Mode::Test | Mode::Live => (hooks.online)(contract, account),
                    });
                }
            }
        }
        report
    }

    fn judge(&mut self, resolved: &ResolvedAccount) {
        let (errors, warnings) = judged(resolved, false);
        self.errors.extend(errors);
        self.warnings.extend(warnings);
    }

    pub(super) fn json(&self) -> Value {
        let errors = self.fault.iter().chain(&self.errors).map(problem);
        let warnings = self
            .warnings
            .iter()
            .map(|warning| json!({ "severity": "warning", "message": warning, "help": null }));
        let online = self.online.as_ref().map(|answer| match answer {
            Ok(OnlineCheck::Proven(said)) => json!({ "asked": true, "ok": true, "message": said }),
            Ok(OnlineCheck::NotAsked(why)) => json!({ "asked": false, "ok": null, "message": why }),
            Err(error) => {
                let failure = error.details().filter(|(name, _)| *name == "failure");
                json!({
                    "asked": true,
                    "ok": false,
                    "message": error.full_message(),
                    "help": error.advice(),
                    "failure": failure.map(|(_, failure)| failure),
                })
            }
        });
        json!({
            "profile": self.profile,
            "provider": self.provider,
            "ok": self.exit() == Exit::Done,
            "state": self.state(),
            "problems": errors.chain(warnings).collect::<Vec<Value>>(),
            "online": online,
        })
    }

    pub(super) fn human(&self) -> String {
        let name = self.profile.as_deref().unwrap_or("(environment)");
        let state = self.state().replace('-', " ");
        let why = match &self.online {
            Some(Ok(OnlineCheck::NotAsked(why))) => format!("; {why}"),
            _ => String::new(),
        };
        let mut text =
            format!("{} ({}): {state}{why}\n", escape(name), self.provider.unwrap_or("-"));
        let mut line = |word: &str, message: &str| {
            text += &format!("  {word}: {}\n", escape(message));
        };
        let mut error_lines = |error: &Error| {
            line("error", &error.full_message());
            error.advice().unwrap_or_default().lines().for_each(|help| line("  help", help));
        };
        self.errors.iter().for_each(&mut error_lines);
        match &self.online {
            Some(Err(error)) => error_lines(error),
            Some(Ok(OnlineCheck::Proven(said))) => line("online", said),
            Some(Ok(OnlineCheck::NotAsked(_))) | None => {}
        }
        self.warnings.iter().for_each(|warning| line("warning", warning));
        text
    }

    /// The result in a word: `ok`, `ok-offline` if the vendor was to be asked and cannot be, `not-usable`.
    fn state(&self) -> &'static str {
        let state = match &self.online {
            _ if self.exit() != Exit::Done => ProfileState::NotUsable,
            Some(Ok(OnlineCheck::NotAsked(_))) => ProfileState::UsableOffline,
            _ => ProfileState::Usable,
        };
        state.word()
    }

    pub(super) fn exit(&self) -> Exit {
        match (self.fault.as_ref().or(self.errors.first()), &self.online) {
            (Some(error), _) | (None, Some(Err(error))) => error.exit(),
            (None, _) => Exit::Done,
        }
    }
}

/// What is wrong with an account, and what is odd. With `may_be_absent`, a value whose source has nothing yet is odd.
pub(super) fn judged(resolved: &ResolvedAccount, may_be_absent: bool) -> (Vec<Error>, Vec<String>) {
    let (mut errors, mut warnings) = (Vec::new(), resolved.warnings.clone());
    let account = &resolved.account;
    for lack in &resolved.lacking {
        let is_given = resolved.origins.iter().any(|origin| origin.key == lack.key);
        if may_be_absent && is_given {
            warnings.push(lack.message.clone());
        } else {
            errors.push(lack.error());
        }
    }
    errors.extend(resolved.lacking_alternatives());
    let lacks_endpoint = resolved.lacking.iter().any(|lack| lack.key == crate::account::ENDPOINT);
    if !lacks_endpoint {
        errors.extend(crate::contract::base_url(account, resolved.contract, "").err());
    }
    if let Some(path) = account.roots.as_deref().filter(|roots| *roots != "system")
        && let Err(error) = std::fs::File::open(path)
    {
        let message = format!("`roots`: cannot read {path}");
        errors.push(Error::new(crate::error::ErrorKind::Profile, message).because(error));
    }
    let guards = &account.guards;
    if guards.mode == Mode::Test && guards.allow_to.is_empty() {
        warnings.push("`allow_to` is empty, so mode `test` reaches no target".to_owned());
    }
    if guards.mode != Mode::Test && !guards.allow_to.is_empty() {
        warnings.push("`allow_to` counts in mode `test` alone".to_owned());
    }
    let has_sender = resolved.contract.operations.iter().any(|row| !row.sender.is_empty());
    if account.defaults.from().is_some() && !has_sender {
        let message =
            format!("`from` of `defaults` is not sent: {} has no sender", resolved.contract.id);
        warnings.push(message);
    }
    errors.extend(guards.kill_switch.as_deref().and_then(|path| trusted_switch(path).err()));
    if let Some(path) = guards.kill_switch.as_ref().filter(|path| path.exists()) {
        let path = path.display();
        warnings.push(format!("`kill_switch`: {path} is there, so that nothing is sent"));
    }
    (errors, warnings)
}

/// Unusable input decides first, as in every command; then the vendors' answers.
pub(super) fn exit(reports: &[AccountReport]) -> Exit {
    let exits: Vec<Exit> = reports.iter().map(AccountReport::exit).collect();
    if exits.contains(&Exit::Input) {
        return Exit::Input;
    }
    match Exit::worst(exits.iter().copied()) {
        Exit::Done => exits.into_iter().find(|exit| *exit != Exit::Done).unwrap_or(Exit::Done),
        worst => worst,
    }
}
