//! What the guards need to know beside the request: whether a kill switch is there, and what the ledger has.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::contract::Effect;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::{
    GuardInput, KillSwitch, LatestJob, PreviousRequest, Quota, QuotaRequest, QuotaUse,
    REPEAT_SECONDS, RequestHistory, fingerprint,
};
use crate::ledger::{self, Ledger};
use crate::send::context::SendContext;
use crate::send::guard_prompt::{GuardSubject, GuardedRequest};
use crate::send::open_ledger;
use crate::trust::{OwnerRule, TrustCheck};
use crate::wire::control_character;

/// The variable that names a file which stops everything.
const KILL_SWITCH: &str = "HERALD_KILL_SWITCH";

/// How much of such a file is read, in bytes: a line for people.
const MOST_OF_A_SWITCH: u64 = 1024;

/// Who may own and change the folder of such a file: others could remove it there.
const SWITCHES: TrustCheck<'static> = TrustCheck {
    name: "the kill switch",
    kind: ErrorKind::Input,
    owner: OwnerRule::UserOrRoot,
    is_private: false,
};

/// The file of the profile or of the environment that stops everything, where one of them is there.
pub(crate) fn kill_switch(context: &SendContext<'_>) -> Result<Option<KillSwitch>> {
    Ok(switches(context)?.find_map(|path| read_switch(&path)))
}

/// Refuses kill switches that others could remove.
pub(crate) fn trusted_switches(context: &SendContext<'_>) -> Result<()> {
    switches(context)?.try_for_each(|path| trusted_switch(&path))
}

/// The same for one of them.
pub(crate) fn trusted_switch(path: &Path) -> Result<()> {
    SWITCHES.folder_of(path)
}

/// The files that may be there. A path with a control character in it is an error: nothing shows that the file that is
/// meant is another one.
fn switches(context: &SendContext<'_>) -> Result<impl Iterator<Item = PathBuf>> {
    let named = context.env.system.var_os(KILL_SWITCH).filter(|path| !path.is_empty());
    if let Some(found) = named.as_ref().and_then(|path| control_character(&path.to_string_lossy()))
    {
        return Err(Error::input(format!("`{KILL_SWITCH}` has a {found} in it"))
            .help("nothing was sent; remove it"));
    }
    let paths = [context.app.account.guards.kill_switch.clone(), named.map(PathBuf::from)];
    Ok(paths.into_iter().flatten())
}

/// A file that stops everything, unless it is certain that there is none.
fn read_switch(path: &Path) -> Option<KillSwitch> {
    let found = std::fs::symlink_metadata(path);
    if found.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return None;
    }
    // Anything else than a file is not read: a pipe would wait for a writer.
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    Some(KillSwitch { path: path.into(), reason: is_file.then(|| first_line(path)).flatten() })
}

fn first_line(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(MOST_OF_A_SWITCH).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    text.lines().next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned)
}

/// What the ledger knows of requests like these. It is opened where a guard wants to know something, and not for others.
pub(crate) fn history(
    context: &SendContext<'_>,
    going: &GuardSubject<'_>,
    input: &GuardInput<'_>,
) -> Result<RequestHistory> {
    let uses = going
        .requests
        .iter()
        .map(|request| QuotaRequest::of(request.operation, &request.body.root().value));
    let quotas = Quota::of(context.app.vendor.contract(), uses, going.calls);
    let wanted = input.is_broadcast() || going.job.is_some() || !quotas.is_empty();
    if input.profile.sandbox || input.action.effect == Effect::Reads || !wanted {
        return Ok(RequestHistory::default());
    }
    let mut ledger = open_ledger::ledger_to_read(context.env, context.sending)?;
    let mut look = GuardLookUp { context, ledger: &mut ledger, now_ms: input.environment.now_ms };
    Ok(RequestHistory {
        repeat: if input.is_broadcast() { look.repeat(going)? } else { None },
        last_job: going.job.map(|name| look.last_job(name)).transpose()?.flatten(),
        quotas: quotas.iter().map(|quota| look.quota(quota)).collect::<Result<_>>()?,
    })
}

/// What of the vendor's quotas is used, where requests have any, before this number of calls.
pub(crate) fn quotas(
    context: &SendContext<'_>,
    uses: impl IntoIterator<Item = QuotaRequest>,
    calls: Option<u64>,
) -> Result<Vec<QuotaUse>> {
    let quotas = Quota::of(context.app.vendor.contract(), uses.into_iter(), calls);
    if quotas.is_empty() || context.app.sandbox {
        return Ok(Vec::new());
    }
    let mut ledger = open_ledger::ledger_to_read(context.env, context.sending)?;
    let now_ms = context.env.system.now_ms();
    let mut look = GuardLookUp { context, ledger: &mut ledger, now_ms };
    quotas.iter().map(|quota| look.quota(quota)).collect()
}

/// A look into the ledger.
struct GuardLookUp<'l, 't> {
    context: &'l SendContext<'t>,
    ledger: &'l mut Ledger,
    now_ms: i64,
}

impl GuardLookUp<'_, '_> {
    /// The latest send of the same within the time in which it counts as repeated.
    fn repeat(&mut self, going: &GuardSubject<'_>) -> Result<Option<PreviousRequest>> {
        let own = |one: &GuardedRequest<'_>| {
            fingerprint(one.operation, &one.body.root().value, one.audience)
        };
        let prints: Vec<String> = match (going.fingerprint, going.calls) {
            (Some(of_all), _) => vec![of_all.to_owned()],
            (None, None) => going.requests.iter().map(own).collect(),
            // Samples do not say which targets the rest reaches.
            (None, Some(_)) => Vec::new(),
        };
        let app = self.context.app;
        let (provider, id) = (app.vendor.contract().id, app.id());
        let since_ms = self.now_ms.saturating_sub(1000 * REPEAT_SECONDS);
        let mut latest: Option<ledger::EarlierSend> = None;
        for print in prints {
            let found = self.ledger.sent_since(app.realm(), provider, &id, &print, since_ms)?;
            latest = latest.into_iter().chain(found).max_by_key(|repeat| repeat.sent_ms);
        }
        let Some(repeat) = latest else { return Ok(None) };
        Ok(Some(PreviousRequest {
            id: self.ledger.label(repeat.id)?,
            age_seconds: u64::try_from((self.now_ms - repeat.sent_ms) / 1000).unwrap_or_default(),
            outcome: repeat.status,
            certain: repeat.certain,
        }))
    }

    /// The last job of a name. One whose targets were not named has none to compare with.
    fn last_job(&mut self, name: &str) -> Result<Option<LatestJob>> {
        let (app, provider) = (self.context.app, self.context.app.vendor.contract().id);
        let profile = app.account.profile.as_deref();
        let last = self.ledger.last_job_of(name, app.realm(), provider, profile)?;
        Ok(last.map(|last| LatestJob {
            name: name.to_owned(),
            targets: Some(last.targets).filter(|targets| *targets > 0),
        }))
    }

    fn quota(&mut self, quota: &Quota) -> Result<QuotaUse> {
        let app = self.context.app;
        let call = ledger::QuotaCall {
            realm: app.realm(),
            provider: self.context.app.vendor.contract().id,
            app: &app.id(),
            operations: &quota.operations,
            to_all: quota.to_all,
            since_ms: quota.since_ms(self.now_ms),
        };
        let most = usize::try_from(quota.rate.count).unwrap_or(usize::MAX);
        Ok(quota.used(&self.ledger.recent_calls(&call, most)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_that_is_there_in_any_form_is_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let reason = |name: &str| read_switch(&at(name)).map(|switch| switch.reason);
        assert_eq!(reason("nothing"), None);
        std::fs::write(at("empty"), "").expect("a file");
        assert_eq!(reason("empty"), Some(None));
        std::fs::write(at("blank"), " \nmore").expect("a file");
        assert_eq!(reason("blank"), Some(None));
        std::fs::write(at("says"), "wrong price\r\nmore\n").expect("a file");
        assert_eq!(reason("says"), Some(Some("wrong price".to_owned())));
        std::fs::write(at("bytes"), [b'a', 0xff, b'b']).expect("a file");
        assert_eq!(reason("bytes"), Some(Some("a\u{fffd}b".to_owned())));
        std::fs::write(at("long"), "x".repeat(5000)).expect("a file");
        assert_eq!(reason("long").flatten().map(|line| line.len()), Some(1024));
        assert_eq!(reason("."), Some(None), "a folder");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", at("link")).expect("a link");
            assert_eq!(reason("link"), Some(None), "a link to nothing");
            assert_eq!(reason("says/inside"), Some(None), "no folder on the way");
        }
    }
}
