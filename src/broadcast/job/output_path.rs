//! The file of results is a file of its own: never one that the command reads, or keeps its books in.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::send::context::SendContext;
use crate::send::open_ledger::ledger_path;
use crate::send::payload_file::is_stdin;
use crate::send::profile_choice::profiles_path;

/// Where the system has stdin under a name.
const STDIN: &str = "/dev/stdin";

/// A file that a command reads: what it is called, and where it is.
pub(crate) type InputFile<'a> = (&'static str, Option<&'a Path>);

/// Refuses results that would replace what they come from: one of these, the ledger, or the profiles. What is in the file
/// does not tell: a list of targets may look like results, and a ledger may not be there yet.
pub(crate) fn keep_apart(
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
    let Some((what, _)) = others.find(|(_, other)| is_same(results, other)) else { return Ok(()) };
    Err(Error::usage(format!(
        "`{}` is {what}, and would be replaced by the results",
        results.display()
    ))
    .help("name a new file for --results"))
}

/// Whether two paths mean one file, also one that is not there yet. What is no regular file keeps nothing.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let other = if is_stdin(Some(other)) { Path::new(STDIN) } else { other };
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(of_one), Ok(of_other)) if of_one.is_file() && of_other.is_file() => {
            is_one(&of_one, &of_other, one, other)
        }
        (Err(_), Err(_)) => whole(one).is_some_and(|one| Some(one) == whole(other)),
        _ => false,
    }
}

#[cfg(unix)]
fn is_one(of_one: &Metadata, of_other: &Metadata, _: &Path, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (of_one.dev(), of_one.ino()) == (of_other.dev(), of_other.ino())
}

#[cfg(not(unix))]
fn is_one(_: &Metadata, _: &Metadata, one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The path from the root on, of a file that is not there yet.
fn whole(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let folder = path.parent()?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    Some(folder.join(path.file_name()?))
}
