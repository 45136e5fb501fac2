//! Checks that the results file is not a file that the command reads, nor the ledger.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::send::context::SendContext;
use crate::send::open_ledger::ledger_path;
use crate::send::payload_file::is_stdin;
use crate::send::profile_choice::profiles_path;

/// The path of stdin.
const STDIN_PATH: &str = "/dev/stdin";

/// A file that a command reads: its name in messages, and its path.
pub(crate) type InputFile<'a> = (&'static str, Option<&'a Path>);

/// Fails where results would replace a file that the command reads, the ledger, or the profiles. The content of the
/// file does not show this: a list of targets may look like results, and the ledger may not exist yet.
pub(crate) fn check_results_path(
    context: &SendContext<'_>,
    results: &Path,
    reads: &[InputFile<'_>],
) -> Result<()> {
    let read = reads.iter().filter_map(|(what, path)| Some((*what, (*path)?.to_owned())));
    let ledger = ledger_path(context.env, context.sending).ok();
    let ledger =
        ledger.iter().flat_map(|path| Ledger::files(path)).map(|path| ("the ledger", path));
    let profiles = profiles_path(context.env).map(|path| ("the profiles", path));
    let mut others = read.chain(ledger).chain(profiles);
    let Some((what, _)) = others.find(|(_, other)| is_same_file(results, other)) else {
        return Ok(());
    };
    Err(Error::usage(format!(
        "`{}` is {what}, and would be replaced by the results",
        results.display()
    ))
    .help("name a new file for --results"))
}

/// Whether two paths name the same regular file, also one that does not exist yet. Other files, such as pipes, cannot be
/// replaced.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let other = if is_stdin(Some(other)) { Path::new(STDIN_PATH) } else { other };
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(of_one), Ok(of_other)) if of_one.is_file() && of_other.is_file() => {
            are_one_file(&of_one, &of_other, one, other)
        }
        (Err(_), Err(_)) => absolute(one).is_some_and(|one| Some(one) == absolute(other)),
        _ => false,
    }
}

#[cfg(unix)]
fn are_one_file(of_one: &Metadata, of_other: &Metadata, _: &Path, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (of_one.dev(), of_one.ino()) == (of_other.dev(), of_other.ino())
}

#[cfg(not(unix))]
fn are_one_file(_: &Metadata, _: &Metadata, one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The absolute path of a file that does not exist yet.
fn absolute(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.parent()?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    Some(folder.join(path.file_name()?))
}
