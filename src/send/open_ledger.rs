//! Where the ledger is, how it is opened, and what flags name in it.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use crate::account::Mode;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Bodies, Filter, Ledger, Realm};
use crate::profile::{self, ChosenAccount, RetentionPolicy};
use crate::provider;
use crate::report::Ui;
use crate::send::app::App;
use crate::send::options::SendOptions;
use crate::send::profile_choice::in_world;
use crate::signals::while_nothing_is_under_way;
use crate::text::suggest;
use crate::trust::is_refused;

impl App {
    /// Opens the ledger to write to it, with the key of the app's seals. In the sandbox one in memory does where none can be
    /// written; one that others can change is refused there as well.
    pub(crate) fn open_ledger(&self, env: &Env, sending: &SendOptions) -> Result<Ledger> {
        let now_ms = env.system.now_ms();
        let path = ledger_path(env, sending);
        // Another process may hold it.
        let open = |path: PathBuf| {
            let most = sending.deadline();
            while_nothing_is_under_way(|| Ledger::open(&path, now_ms, most))
        };
        let opened = path.and_then(open).map(|ledger| ledger.keep(bodies(env)));
        let opened = match opened {
            Err(error) if self.sandbox && sending.ledger.is_none() && !is_refused(&error) => {
                env.ui.warn(&format!("the sandbox forgets this send: {}", error.full_message()));
                Ledger::in_memory(now_ms)
            }
            opened => opened,
        };
        opened.map(|ledger| ledger.sealed_with(self.seal_key()))
    }
}

/// What the profile file says about the ledger.
pub(crate) fn keeping(env: &Env) -> Result<RetentionPolicy> {
    let file = in_world(env, profile::read_profiles)?;
    Ok(file.map(|file| file.keeping).unwrap_or_default())
}

/// What the ledger keeps of payloads. A file that cannot be read is an error of the code that needs a profile.
pub(crate) fn bodies(env: &Env) -> Bodies {
    let digests = keeping(env).is_ok_and(|keeping| keeping.digests);
    if digests { Bodies::Digested } else { Bodies::Kept }
}

/// Opens the ledger to look something up before a send, which makes it where there is none yet.
pub(crate) fn ledger_to_read(env: &Env, sending: &SendOptions) -> Result<Ledger> {
    let path = ledger_path(env, sending)?;
    while_nothing_is_under_way(|| {
        Ledger::open_to_read(&path, env.system.now_ms(), sending.deadline())
    })
}

/// Opens the ledger for a command that is about what is in it. One that is named has to be there: in a mistyped one
/// nothing was ever sent.
pub(crate) fn ledger_to_look(env: &Env, sending: &SendOptions) -> Result<Ledger> {
    there(env, sending)?;
    ledger_to_read(env, sending)
}

/// Opens the ledger to change something in it. None is made for that.
pub(crate) fn ledger_to_change(env: &Env, sending: &SendOptions) -> Result<Ledger> {
    there(env, sending)?;
    let (path, now_ms) = (ledger_path(env, sending)?, env.system.now_ms());
    if Ledger::is_absent(&path) {
        Ledger::in_memory(now_ms)
    } else {
        Ledger::open(&path, now_ms, Duration::MAX)
    }
}

/// Refuses a ledger that is named and is not there, and one that is lost.
pub(crate) fn there(env: &Env, sending: &SendOptions) -> Result<()> {
    Ledger::refuse_lost(&ledger_path(env, sending)?)?;
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
pub(crate) fn known_names(env: &Env, ledger: &mut Ledger) -> Result<()> {
    if let Some(provider) = &env.globals.provider {
        provider::find(provider)?;
    }
    match &env.globals.profile {
        Some(profile) if !ledger.knows_profile(profile)? => {
            in_world(env, profile::choose).map(drop)
        }
        _ => Ok(()),
    }
}

/// Where to look for what the ledger has no entry of, in the sandbox.
pub(crate) const SENT_BY_OTHERS: &str =
    "what other clients sent to `herald sandbox` is in its --log";

/// Where else to look when a part of the ledger has nothing to show: what was sent to the sandbox is kept apart, and a first
/// message is often sent there. `words` is the command that shows it. `None` where it has nothing either.
pub(crate) fn in_other_part(
    ledger: &mut Ledger,
    realm: Realm,
    words: &str,
) -> Result<Option<String>> {
    if realm == Realm::Sandbox {
        return Ok(None);
    }
    let sandbox = Filter { realm: Some(Realm::Sandbox), ..Filter::default() };
    let mut found = ledger.last(Realm::Sandbox, None)?.is_some();
    ledger.jobs(&sandbox, &mut |_| {
        found = true;
        ControlFlow::Break(())
    })?;
    Ok(found.then(|| format!("{} shows what went to the sandbox", suggest(words).arg("--sandbox"))))
}

/// Whether a command looks at entries of the sandbox or at real ones: the flag or the profile says so.
pub(crate) fn realm_of(env: &Env, sandbox: bool) -> Realm {
    let chosen = in_world(env, profile::choose).ok();
    let stays = matches!(&chosen, Some(ChosenAccount::Profile { profile, .. }) if profile.mode == Some(Mode::Sandbox));
    Ui::suggest_in_sandbox(sandbox || stays);
    realm(sandbox || stays)
}

/// Whether entries of the sandbox or real ones are meant.
pub(crate) fn realm(sandbox: bool) -> Realm {
    if sandbox { Realm::Sandbox } else { Realm::Real }
}

/// Where the ledger is.
pub(crate) fn ledger_path(env: &Env, sending: &SendOptions) -> Result<PathBuf> {
    if let Some(path) = &sending.ledger {
        // Not shown: an address of a database holds its password.
        if path.to_string_lossy().contains("://") {
            return Err(Error::usage("a ledger is a file, and --ledger names an address")
                .help("name a file; this herald keeps no ledger in a database server"));
        }
        return Ok(path.clone());
    }
    let folder = env.system.state_dir().ok_or_else(|| {
        Error::new(ErrorKind::Ledger, "there is no folder for the ledger: the home is unknown")
            .help("set HOME, or name a file with --ledger")
    })?;
    Ok(folder.join("ledger.db"))
}
