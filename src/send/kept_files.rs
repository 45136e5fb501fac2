//! Files of the user that no output of a command replaces.

use std::path::Path;

use crate::env::Env;
use crate::files::KeptFile;
use crate::ledger::Ledger;
use crate::profile::PROJECT_FILE;
use crate::send::open_ledger::ledger_path;
use crate::send::options::SendOptions;
use crate::send::profile_choice::profiles_path;

/// The ledger, the profiles, and the `herald.toml` beside an output. They are named here even if they do not exist yet.
pub(crate) fn kept_files(env: &Env, sending: &SendOptions, output: &Path) -> Vec<KeptFile> {
    let ledger = ledger_path(env, sending).ok();
    let ledger = ledger.iter().flat_map(|path| Ledger::files(path));
    let mut kept: Vec<KeptFile> = ledger.map(|path| ("the ledger", path)).collect();
    kept.extend(profiles_path(env).map(|path| ("the profiles", path)));
    kept.push(("the settings of a project", output.with_file_name(PROJECT_FILE)));
    kept
}
