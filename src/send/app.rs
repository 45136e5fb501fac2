//! Whose credentials a command uses, where it goes, and where its ledger is.

use std::cell::RefCell;
use std::rc::Rc;

use crate::account::{Account, Mode};
use crate::contract::{Contract, Operation};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::Realm;
use crate::profile::{
    self, ChosenAccount, ProfileFlags, ProviderSource, ResolvedAccount, Secrets, sandbox_account,
};
use crate::provider::{self, Vendor};
use crate::redact::Redactor;
use crate::report::Ui;
use crate::seal::SealKey;
use crate::send::open_ledger::realm;
use crate::send::options::SendOptions;
use crate::send::prerequisites::{PrerequisiteContext, Prerequisites};
use crate::send::profile_choice::{in_world, wish};
use crate::send::token_cache::Tokens;

/// One mask for all that a command shows and keeps.
pub(crate) type SharedRedactor = Rc<RefCell<Redactor>>;

/// Whose credentials a command uses, and whether it stays in the sandbox.
pub(crate) struct App {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// Credentials, guards, host.
    pub account: Account,
    /// Whether nothing leaves the process.
    pub sandbox: bool,
    /// Hides the secrets of the account, and those that payloads and answers bring.
    pub redactor: SharedRedactor,
    /// Switches of the sandbox, from what is not a secret in the profile.
    pub(crate) switches: Vec<(String, String)>,
    /// What is missing for signing and sending, where the account came from a profile or the environment.
    resolved: Option<ResolvedAccount>,
}

impl App {
    /// For a command that sends, with the provider that the flags or the profile name.
    pub(crate) fn open(env: &Env, sending: &SendOptions) -> Result<Self> {
        let wish = wish(env);
        Self::build(env, sending.sandbox, wish)
    }

    /// For a command that names its operation, and so its provider.
    pub(crate) fn open_for(
        env: &Env,
        sending: &SendOptions,
        provider: &'static str,
    ) -> Result<Self> {
        Self::build(env, sending.sandbox, of_operation(env, provider))
    }

    /// For a command that follows up on an entry of the ledger: with the profile that the entry was sent with, unless
    /// the flags name another.
    pub(crate) fn open_as(
        env: &Env,
        sending: &SendOptions,
        provider: &str,
        name: Option<&str>,
    ) -> Result<Self> {
        let named = wish(env);
        let profile = named.profile.or(name);
        let (provider, provider_of) = (Some(provider), ProviderSource::Sent);
        let wish = ProfileFlags { provider, provider_of, profile, ..named };
        Self::build(env, sending.sandbox, wish)
    }

    /// For a command that signs and does not send.
    pub(crate) fn account(env: &Env) -> Result<Self> {
        Self::build(env, false, wish(env))
    }

    /// For a command that signs for a provider and does not send.
    pub(crate) fn account_for(env: &Env, provider: &'static str) -> Result<Self> {
        Self::build(env, false, of_operation(env, provider))
    }

    /// For a call that checks an account that has been looked up already.
    pub(crate) fn of_account(contract: &'static Contract, account: &Account) -> Result<Self> {
        Ok(Self {
            vendor: provider::find(contract.id)?,
            redactor: shared(account, contract),
            account: account.clone(),
            sandbox: false,
            switches: Vec::new(),
            resolved: None,
        })
    }

    fn build(env: &Env, sandbox: bool, wish: ProfileFlags<'_>) -> Result<Self> {
        // In the sandbox no profile is needed, and no secret of one is looked up.
        let chosen = if sandbox && wish.provider.is_some() && wish.profile.is_none() {
            None
        } else {
            Some(in_world(env, |_, world| profile::choose(&wish, world))?)
        };
        let stays = sandbox
            || matches!(&chosen, Some(ChosenAccount::Profile { profile, .. }) if profile.mode == Some(Mode::Sandbox));
        Ui::suggest_in_sandbox(stays);
        if stays {
            let resolved = chosen
                .map(|chosen| in_world(env, |_, world| chosen.resolve(world, Secrets::Leave)))
                .transpose()?;
            let provider = resolved
                .as_ref()
                .map(|resolved| resolved.contract.id)
                .or(wish.provider)
                .unwrap_or_default();
            return Self::in_sandbox(provider::find(provider)?, resolved);
        }
        let chosen = chosen.expect("outside the sandbox a profile or the environment was chosen");
        let resolved = in_world(env, |_, world| chosen.resolve(world, Secrets::Fetch))?;
        for warning in &resolved.warnings {
            env.ui.warn(warning);
        }
        let vendor = provider::find(resolved.contract.id)?;
        let account = resolved.account.clone();
        let redactor = shared(&account, vendor.contract());
        let (switches, resolved) = (Vec::new(), Some(resolved));
        Ok(Self { vendor, account, sandbox: false, redactor, switches, resolved })
    }

    /// The sandbox's fixed credentials. Of the profile remain its name and what chooses another kind of server. A token that
    /// others can be asked for is left out, so that asking is what happens here, too.
    fn in_sandbox(vendor: &'static dyn Vendor, resolved: Option<ResolvedAccount>) -> Result<Self> {
        let contract = vendor.contract();
        let mut account = sandbox_account(contract);
        let switches = resolved
            .iter()
            .flat_map(|resolved| resolved.account.values.iter())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        // What has no fixed value here is the profile's: which edition the server is, who the robot is.
        let own = |name: &str| {
            contract
                .credentials
                .iter()
                .any(|row| row.name == name && row.sandbox.is_empty() && !row.secret)
        };
        for (name, value) in resolved.iter().flat_map(|resolved| &resolved.account.values) {
            if own(name) {
                account.values.insert(name.clone(), value.clone());
            }
        }
        if let Some(resolved) = resolved {
            account.profile = resolved.account.profile;
            account.defaults = resolved.account.defaults;
        }
        let redactor = shared(&account, contract);
        Ok(Self { vendor, account, sandbox: true, redactor, switches, resolved: None })
    }

    /// Refuses to go on where something is missing that signing or sending needs.
    pub(crate) fn require_complete(&self) -> Result<()> {
        self.resolved.as_ref().map_or(Ok(()), ResolvedAccount::require_complete)
    }

    /// Refuses an operation that needs another sort of account: a robot's, a channel's. Also in the sandbox.
    pub(crate) fn require_keys_of(&self, operation: &Operation) -> Result<()> {
        let contract = self.vendor.contract();
        let has =
            |name: &str| self.account.value(name).is_some() || self.account.secret(name).is_some();
        let mut rows = contract.credentials.iter();
        let Some(row) = rows.find(|row| row.is_needed_by(operation) && !has(row.name)) else {
            return Ok(());
        };
        let (id, operation, key) = (contract.id, operation.id, row.name);
        let whose = match &self.account.profile {
            Some(profile) => format!("profile `{profile}` has no `{key}`"),
            None => format!("there is no `{key}`"),
        };
        Err(Error::new(ErrorKind::Profile, format!("{id}/{operation} is not possible: {whose}"))
            .help(format!("use a profile with `{key}`: {}", row.about)))
    }

    /// Refuses to go on where a secret is missing. What only sending needs may be missing.
    pub(crate) fn require_secrets(&self) -> Result<()> {
        let contract = self.vendor.contract();
        let secret =
            |key: &str| contract.credentials.iter().any(|row| row.name == key && row.secret);
        let lacking = self.resolved.iter().flat_map(|resolved| &resolved.lacking);
        lacking.filter(|lack| secret(lack.key)).map(|lack| lack.error()).next().map_or(Ok(()), Err)
    }

    /// The name that confirms: the profile's, or the provider's id where there is no profile.
    pub(crate) fn name(&self) -> &str {
        self.account.profile.as_deref().unwrap_or(&self.account.provider)
    }

    /// Which app of the vendor's it is about, without a secret.
    pub(crate) fn id(&self) -> String {
        self.vendor.contract().app_of(&self.account)
    }

    /// The key of the app's seals; `None` without a lasting secret.
    pub(crate) fn seal_key(&self) -> Option<SealKey> {
        self.vendor.contract().seal_key_of(&self.account)
    }

    /// Why there is no key of the app's seals: the secret that is missing, or that the account has none that lasts.
    pub(crate) fn no_seal_key(&self) -> Error {
        let rows = self.vendor.contract().credentials.iter().filter(|row| row.lasting);
        let lasting: Vec<&str> = rows.map(|row| row.name).collect();
        let mut lacking = self.resolved.iter().flat_map(|resolved| &resolved.lacking);
        if let Some(lack) = lacking.find(|lack| lasting.contains(&lack.key)) {
            return lack.error();
        }
        let names = lasting.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Error::new(ErrorKind::Secret, format!("`{}` has no lasting secret ({names})", self.name()))
            .help("a plan is sealed with it, so that a change of the plan is found; give it to the profile")
    }

    /// Scheme, host and port of the usual calls.
    pub(crate) fn base(&self) -> String {
        crate::contract::base_url(&self.account, self.vendor.contract(), "").unwrap_or_default()
    }

    /// Whether entries of the sandbox or real ones are meant.
    pub(crate) fn realm(&self) -> Realm {
        realm(self.sandbox)
    }

    /// What runs prerequisites. A token of the sandbox is worth nothing anywhere else, and is not kept.
    pub(crate) fn prerequisites<'a>(
        &self,
        env: &Env,
        around: PrerequisiteContext<'a>,
    ) -> Prerequisites<'a> {
        let tokens = Tokens::new(if self.sandbox { None } else { env.system.cache_dir() });
        Prerequisites::new(around, &self.account, self.id(), tokens, self.redactor.clone())
    }

    /// A text for people without the secrets that are known by now.
    pub(crate) fn hidden(&self, text: &str) -> String {
        hidden(&self.redactor, text)
    }
}

/// The account that follows up on what was sent with a profile, without its secrets. `None` where the profile is gone or
/// cannot be read.
pub(crate) fn account_of(
    env: &Env,
    provider: &str,
    name: Option<&str>,
    is_sandbox: bool,
) -> Option<Account> {
    let named = wish(env);
    let wish = ProfileFlags { provider: Some(provider), profile: named.profile.or(name), ..named };
    if is_sandbox && wish.profile.is_none() {
        return Some(sandbox_account(provider::find(provider).ok()?.contract()));
    }
    let chosen = in_world(env, |_, world| {
        profile::choose(&wish, world).and_then(|chosen| chosen.resolve(world, Secrets::Leave))
    });
    chosen.ok().map(|resolved| resolved.account)
}

/// What the flags say, with the provider of an operation.
fn of_operation<'a>(env: &'a Env, provider: &'static str) -> ProfileFlags<'a> {
    let provider_of = ProviderSource::Operation;
    ProfileFlags { provider: Some(provider), provider_of, ..wish(env) }
}

/// What hides the secrets of an account, from now on also in all that is said.
fn shared(account: &Account, contract: &'static Contract) -> SharedRedactor {
    let redactor = Rc::new(RefCell::new(Redactor::of(account, contract.secret_names())));
    Ui::redact_with(redactor.clone());
    redactor
}

pub(crate) fn hidden(redactor: &RefCell<Redactor>, text: &str) -> String {
    let mut text = text.to_owned();
    redactor.borrow().hide(&mut text);
    text
}
