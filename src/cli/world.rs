//! Whose credentials a command uses, where it goes, and where its ledger is.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use super::Session;
use super::args::Sending;
use super::errand::{Around, Errands};
use super::token::Tokens;
use crate::account::{Account, Mode};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Bodies, Filter, Job, Ledger, Realm};
use crate::net::{Fleet, Network, NetworkSettings, Tell, TrustRoots};
use crate::outcome::Outcome;
use crate::profile::{
    self, Chosen, ResolvedAccount, RetentionPolicy, Secrets, Wish, sandbox_account,
};
use crate::provider::{self, Vendor};
use crate::redact::Redactor;
use crate::report::{self, Ui};
use crate::sandbox::{InProcess, Shelf, Stage, Switches};
use crate::seal::SealKey;
use crate::signals::while_nothing_is_under_way;
use crate::trust::is_refused;
use crate::wire::HIDDEN;

/// One mask for all that a command shows and keeps.
pub(super) type SharedRedactor = Rc<RefCell<Redactor>>;

/// Whose credentials a command uses, and whether it stays in the sandbox.
pub(super) struct SendContext {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// Credentials, guards, host.
    pub account: Account,
    /// Whether nothing leaves the process.
    pub sandbox: bool,
    /// Hides the secrets of the account, and those that payloads and answers bring.
    pub redactor: SharedRedactor,
    /// Switches of the sandbox, from what is no secret in the profile.
    switches: Vec<(String, String)>,
    /// What is missing for signing and sending, where the account came from a profile or the environment.
    resolved: Option<ResolvedAccount>,
}

impl SendContext {
    /// For a command that sends, with the provider that the flags or the profile name.
    pub(super) fn open(session: &Session, sending: &Sending) -> Result<Self> {
        let wish = wish(session);
        Self::build(session, sending.sandbox, wish)
    }

    /// For a command that names its operation, and so its provider.
    pub(super) fn open_for(
        session: &Session,
        sending: &Sending,
        provider: &'static str,
    ) -> Result<Self> {
        Self::build(session, sending.sandbox, Wish { provider: Some(provider), ..wish(session) })
    }

    /// For a command that follows up on an entry of the ledger: with the profile that the entry was sent with, unless
    /// the flags name another.
    pub(super) fn open_as(
        session: &Session,
        sending: &Sending,
        provider: &str,
        name: Option<&str>,
    ) -> Result<Self> {
        let named = wish(session);
        let wish = Wish { provider: Some(provider), profile: named.profile.or(name), ..named };
        Self::build(session, sending.sandbox, wish)
    }

    /// For a command that signs and does not send.
    pub(super) fn account(session: &Session) -> Result<Self> {
        Self::build(session, false, wish(session))
    }

    /// For a command that signs for a provider and does not send.
    pub(super) fn account_for(session: &Session, provider: &'static str) -> Result<Self> {
        Self::build(session, false, Wish { provider: Some(provider), ..wish(session) })
    }

    /// For a call that checks an account that has been looked up already.
    pub(super) fn of_account(contract: &'static Contract, account: &Account) -> Result<Self> {
        Ok(Self {
            vendor: provider::find(contract.id)?,
            redactor: shared(account, contract),
            account: account.clone(),
            sandbox: false,
            switches: Vec::new(),
            resolved: None,
        })
    }

    fn build(session: &Session, sandbox: bool, wish: Wish<'_>) -> Result<Self> {
        // In the sandbox no profile is needed, and no secret of one is looked up.
        let chosen = if sandbox && wish.provider.is_some() && wish.profile.is_none() {
            None
        } else {
            Some(in_world(session, |_, world| profile::choose(&wish, world))?)
        };
        let stays = sandbox
            || matches!(&chosen, Some(Chosen::Profile { profile, .. }) if profile.mode == Some(Mode::Sandbox));
        if stays {
            let resolved = chosen
                .map(|chosen| in_world(session, |_, world| chosen.resolve(world, Secrets::Leave)))
                .transpose()?;
            let provider = resolved
                .as_ref()
                .map(|resolved| resolved.contract.id)
                .or(wish.provider)
                .unwrap_or_default();
            return Self::in_sandbox(provider::find(provider)?, resolved);
        }
        let chosen = chosen.expect("outside the sandbox a profile or the environment was chosen");
        let resolved = in_world(session, |_, world| chosen.resolve(world, Secrets::Fetch))?;
        for warning in &resolved.warnings {
            session.ui.warn(warning);
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
        account.profile = resolved.and_then(|resolved| resolved.account.profile);
        let redactor = shared(&account, contract);
        Ok(Self { vendor, account, sandbox: true, redactor, switches, resolved: None })
    }

    /// Refuses to go on where something is missing that signing or sending needs.
    pub(super) fn require_complete(&self) -> Result<()> {
        self.resolved.as_ref().map_or(Ok(()), ResolvedAccount::require_complete)
    }

    /// Refuses to go on where a secret is missing. What only sending needs may be missing.
    pub(super) fn require_secrets(&self) -> Result<()> {
        let contract = self.vendor.contract();
        let secret =
            |key: &str| contract.credentials.iter().any(|row| row.name == key && row.secret);
        let lacking = self.resolved.iter().flat_map(|resolved| &resolved.lacking);
        lacking.filter(|lack| secret(lack.key)).map(|lack| lack.error()).next().map_or(Ok(()), Err)
    }

    /// The name that confirms: the profile's, or the provider's id where there is no profile.
    pub(super) fn name(&self) -> &str {
        self.account.profile.as_deref().unwrap_or(&self.account.provider)
    }

    /// Which app of the vendor's it is about, without a secret.
    pub(super) fn app(&self) -> String {
        self.vendor.contract().app_of(&self.account)
    }

    /// The key of the app's seals; `None` without a lasting secret.
    pub(super) fn seal_key(&self) -> Option<SealKey> {
        self.vendor.contract().seal_key_of(&self.account)
    }

    /// Why there is no key of the app's seals: the secret that is missing, or that the account has none that lasts.
    pub(super) fn no_seal_key(&self) -> Error {
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
    pub(super) fn base(&self) -> String {
        crate::contract::base_url(&self.account, self.vendor.contract(), "").unwrap_or_default()
    }

    /// Entries of which world are meant.
    pub(super) fn realm(&self) -> Realm {
        realm(self.sandbox)
    }

    /// Opens the ledger to write to it, with the key of the app's seals. In the sandbox one in memory does where none can be
    /// written; one that others can change is refused there as well.
    pub(super) fn open_ledger(&self, session: &Session, sending: &Sending) -> Result<Ledger> {
        let now_ms = session.edge.now_ms();
        let path = ledger_path(session, sending);
        // Another process may hold it.
        let open = |path: PathBuf| {
            let most = sending.deadline();
            while_nothing_is_under_way(|| Ledger::open(&path, now_ms, most))
        };
        let opened = path.and_then(open).map(|ledger| ledger.keep(bodies(session)));
        let opened = match opened {
            Err(error) if self.sandbox && sending.ledger.is_none() && !is_refused(&error) => {
                session
                    .ui
                    .warn(&format!("the sandbox forgets this send: {}", error.full_message()));
                Ledger::in_memory(now_ms)
            }
            opened => opened,
        };
        opened.map(|ledger| ledger.sealed_with(self.seal_key()))
    }

    /// What runs errands. A token of the sandbox is worth nothing anywhere else, and is not kept.
    pub(super) fn errands<'a>(&self, session: &Session, around: Around<'a>) -> Errands<'a> {
        let tokens = Tokens::new(if self.sandbox { None } else { session.edge.cache_dir() });
        Errands::new(around, &self.account, self.app(), tokens, self.redactor.clone())
    }

    /// An outcome as the ledger keeps it: an id that is a secret itself, as that of a restricted file, is told once and not
    /// kept.
    pub(super) fn kept_outcome(&self, outcome: &Outcome) -> Outcome {
        let names = self.vendor.contract().secret_names();
        let mut kept = outcome.clone();
        let secret = kept.ids.iter_mut().filter(|(name, _)| names.matches(name));
        secret.for_each(|(_, id)| HIDDEN.clone_into(id));
        kept
    }

    /// A text for people without the secrets that are known by now.
    pub(super) fn hidden(&self, text: &str) -> String {
        hidden(&self.redactor, text)
    }

    /// What carries the requests. Fails where nothing could go to the vendor, before anything is written down.
    pub(super) fn transport(&self, session: &Session, sending: &Sending) -> Result<Box<dyn Fleet>> {
        let ui = session.ui;
        let redactor = self.redactor.clone();
        let tell: Tell = Box::new(move |name, text| ui.phase(name, &hidden(&redactor, text)));
        if self.sandbox {
            let folder = session.edge.state_dir().map(|folder| folder.join("sandbox"));
            let (shelf, remark) = Shelf::open_or_memory(folder.as_deref())?;
            if let Some(remark) = remark {
                ui.warn(&remark);
            }
            let id = self.vendor.contract().id;
            let mut switches = Switches::default();
            for (key, value) in &self.switches {
                switches.set(Some(id), key, value);
            }
            let edge = session.edge;
            let stage = Stage::new(
                shelf,
                switches,
                Box::new(move || edge.now_ms()),
                crate::provider::secret_names_of,
            );
            return Ok(Box::new(InProcess::new(id, self.vendor.backend(), stage, tell)));
        }
        let roots =
            TrustRoots::choose(sending.cacert.as_deref(), self.account.roots.as_deref(), &|name| {
                session.edge.var(name)
            });
        let watch = report::progress(&ui);
        let settings = NetworkSettings {
            roots,
            deadline: sending.deadline(),
            tell: ui.is_verbose().then_some(tell),
            watch,
            requests_per_connection: self.vendor.contract().requests_per_connection,
        };
        let network = Network::new(settings)?;
        network.check(&crate::contract::base_url(&self.account, self.vendor.contract(), "")?)?;
        Ok(Box::new(network))
    }
}

/// What hides the secrets of an account, from now on also in all that is said.
fn shared(account: &Account, contract: &'static Contract) -> SharedRedactor {
    let redactor = Rc::new(RefCell::new(Redactor::of(account, contract.secret_names())));
    Ui::redact_with(redactor.clone());
    redactor
}

fn hidden(redactor: &RefCell<Redactor>, text: &str) -> String {
    let mut text = text.to_owned();
    redactor.borrow().hide(&mut text);
    text
}

/// What the profile file says about the ledger.
pub(super) fn keeping(session: &Session) -> Result<RetentionPolicy> {
    let file = in_world(session, profile::read_profiles)?;
    Ok(file.map(|file| file.keeping).unwrap_or_default())
}

/// What the ledger keeps of payloads. A file that cannot be read is the concern of whoever needs a profile.
fn bodies(session: &Session) -> Bodies {
    let digests = keeping(session).is_ok_and(|keeping| keeping.digests);
    if digests { Bodies::Digested } else { Bodies::Kept }
}

/// Opens the ledger to look something up before a send, which makes it where there is none yet.
pub(super) fn ledger_to_read(session: &Session, sending: &Sending) -> Result<Ledger> {
    let path = ledger_path(session, sending)?;
    while_nothing_is_under_way(|| {
        Ledger::open_to_read(&path, session.edge.now_ms(), sending.deadline())
    })
}

/// Opens the ledger for a command that is about what is in it. One that is named has to be there: in a slip of the pen
/// nothing was ever sent.
pub(super) fn ledger_to_look(session: &Session, sending: &Sending) -> Result<Ledger> {
    there(session, sending)?;
    ledger_to_read(session, sending)
}

/// Opens the ledger to change something in it. None is made for that.
pub(super) fn ledger_to_change(session: &Session, sending: &Sending) -> Result<Ledger> {
    there(session, sending)?;
    let (path, now_ms) = (ledger_path(session, sending)?, session.edge.now_ms());
    if Ledger::is_absent(&path) {
        Ledger::in_memory(now_ms)
    } else {
        Ledger::open(&path, now_ms, Duration::MAX)
    }
}

/// Refuses a ledger that is named and is not there, and one that is lost.
fn there(session: &Session, sending: &Sending) -> Result<()> {
    Ledger::refuse_lost(&ledger_path(session, sending)?)?;
    match &sending.ledger {
        Some(path) if Ledger::is_absent(path) => {
            Err(Error::new(ErrorKind::Ledger, format!("there is no ledger {}", path.display()))
                .help("--ledger and HERALD_LEDGER name the file; a send makes one"))
        }
        _ => Ok(()),
    }
}

/// Refuses names in flags that nothing has: a provider that there is not, and a profile that neither the profile file nor
/// the ledger knows.
pub(super) fn known_names(session: &Session, ledger: &mut Ledger) -> Result<()> {
    if let Some(provider) = &session.globals.provider {
        provider::find(provider)?;
    }
    match &session.globals.profile {
        Some(profile) if !ledger.knows_profile(profile)? => {
            in_world(session, profile::choose).map(drop)
        }
        _ => Ok(()),
    }
}

/// The jobs that are meant by an id or a name, the latest first: with a name all of the profile and provider that flags
/// name, or else of any.
pub(super) fn jobs_called(
    session: &Session,
    ledger: &mut Ledger,
    realm: Realm,
    name: &str,
) -> Result<Vec<Job>> {
    let (profile, provider) = (session.globals.profile.clone(), session.globals.provider.clone());
    let is_named = profile.is_some() || provider.is_some();
    let own = Filter { profile, provider, ..Filter::default() };
    let found = ledger.find_jobs_among(name, realm, &own);
    if found.is_ok() || !is_named {
        return found;
    }
    ledger.find_jobs_among(name, realm, &Filter::default()).or(found)
}

/// The job that is meant by an id or a name: a name means the latest of the profile and provider that flags name.
pub(super) fn job_called(
    session: &Session,
    ledger: &mut Ledger,
    realm: Realm,
    name: &str,
) -> Result<Job> {
    let globals = &session.globals;
    let (profile, provider) = (globals.profile.clone(), globals.provider.clone());
    ledger.find_job_among(name, realm, &Filter { profile, provider, ..Filter::default() })
}

/// Entries of which world are meant by commands that look into the ledger: the flag or the profile says so.
pub(super) fn realm_of(session: &Session, sandbox: bool) -> Realm {
    let chosen = in_world(session, profile::choose).ok();
    let stays = matches!(&chosen, Some(Chosen::Profile { profile, .. }) if profile.mode == Some(Mode::Sandbox));
    realm(sandbox || stays)
}

/// Whether the profile file has a profile of this name.
pub(super) fn has_profile(session: &Session, name: &str) -> Result<bool> {
    let file = in_world(session, profile::read_profiles)?;
    Ok(file.is_some_and(|file| file.profile(name).is_some()))
}

/// Where the profiles are, whether the file is there or not.
pub(super) fn profiles_path(session: &Session) -> Option<PathBuf> {
    in_world(session, profile::profiles_path).map(|(path, _)| path)
}

/// Entries of which world are meant.
pub(super) fn realm(sandbox: bool) -> Realm {
    if sandbox { Realm::Sandbox } else { Realm::Real }
}

/// What the flags say about profile and provider.
fn wish(session: &Session) -> Wish<'_> {
    let globals = &session.globals;
    Wish {
        profiles: globals.profiles.as_deref(),
        profile: globals.profile.as_deref(),
        provider: globals.provider.as_deref(),
    }
}

/// Hands over what the flags say and what profiles are looked up in.
pub(super) fn in_world<T>(
    session: &Session,
    act: impl FnOnce(&Wish<'_>, &profile::ProfileWorld<'_>) -> T,
) -> T {
    let contracts: Vec<&'static Contract> =
        provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let env = |name: &str| session.edge.var(name);
    let config_dir = session.edge.config_dir();
    let world = profile::ProfileWorld {
        env: &env,
        config_dir: config_dir.as_deref(),
        contracts: &contracts,
    };
    act(&wish(session), &world)
}

/// Where the ledger is.
pub(super) fn ledger_path(session: &Session, sending: &Sending) -> Result<PathBuf> {
    if let Some(path) = &sending.ledger {
        // Not shown: an address of a database holds its password.
        if path.to_string_lossy().contains("://") {
            return Err(Error::usage("a ledger is a file, and --ledger names an address")
                .help("name a file; this herald keeps no ledger in a database server"));
        }
        return Ok(path.clone());
    }
    let folder = session.edge.state_dir().ok_or_else(|| {
        Error::new(ErrorKind::Ledger, "there is no folder for the ledger: the home is unknown")
            .help("set HOME, or name a file with --ledger")
    })?;
    Ok(folder.join("ledger.db"))
}
