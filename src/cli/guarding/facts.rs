//! What the guards need to know of the world: whether a file says stop, and what the ledger has.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::Going;
use crate::cli::dispatch::Trip;
use crate::error::Result;
use crate::guard::{Case, KillSwitch};

pub(super) use crate::guard::Past;

/// The variable that names a file which stops everything.
const KILL_SWITCH: &str = "HERALD_KILL_SWITCH";

/// How much of such a file is read, in bytes: a line for people.
const MOST_OF_A_SWITCH: u64 = 1024;

/// The file of the profile or of the environment that stops everything, where one of them is there.
pub(super) fn kill_switch(trip: &Trip<'_>) -> Option<KillSwitch> {
    let named = trip.session.edge.var(KILL_SWITCH).filter(|path| !path.is_empty());
    let paths = [trip.world.account.guards.kill_switch.clone(), named.map(PathBuf::from)];
    paths.into_iter().flatten().find_map(|path| read_switch(&path))
}

/// A file that stops everything, unless it is certain that there is none.
fn read_switch(path: &Path) -> Option<KillSwitch> {
    let found = std::fs::symlink_metadata(path);
    if found.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
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

/// What the ledger knows of requests like these.
pub(super) fn past(_: &Trip<'_>, _: &Going<'_>, _: &Case<'_>) -> Result<Past> {
    Ok(Past::default())
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
