//! Where the links on a path lead, and whether a command may go there.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::sys;
use crate::error::{Error, Result};

/// The name that marks the root of a repository: a folder, or a file in a worktree. Its content belongs to git, and can
/// hold credentials.
pub(crate) const GIT: &str = ".git";

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFault {
    /// It leads out of the folder that is searched.
    Outside,
    /// It leads to a file in the folder that the walk skips: hidden, or ignored.
    LeftOut,
    /// Its target does not exist, or cannot be examined.
    Nowhere,
    /// It leads back to itself, or to a folder that contains it.
    Circle,
}

impl LinkFault {
    /// The words after `a link that ...`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Outside => "leads out of the folder",
            Self::LeftOut => "leads to a file that is hidden or ignored",
            Self::Nowhere => "leads nowhere",
            Self::Circle => "leads in a circle",
        }
    }
}

/// Why a link cannot be resolved.
pub fn link_fault(error: &io::Error) -> LinkFault {
    if sys::is_circle(error) { LinkFault::Circle } else { LinkFault::Nowhere }
}

/// The root of the repository around a folder, which must be given without links.
pub fn repository_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(GIT).exists())
}

/// The folder up to which the settings of a project apply to a folder: the root of its repository, or the working folder
/// around it if there is none. Both are given without links.
pub fn project_root<'a>(folder: &'a Path, working: &'a Path) -> Option<&'a Path> {
    repository_root(folder).or_else(|| folder.starts_with(working).then_some(working))
}

/// Whether a path without links lies in a folder, and not in git's data there.
pub fn is_below(path: &Path, folder: &Path) -> bool {
    path.strip_prefix(folder).is_ok_and(|inside| inside.iter().all(|name| name != GIT))
}

/// Whether a path names an open file of this process: stdin and similar, and the substitutions of a shell. The system
/// makes these links.
pub fn names_descriptor(path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let in_proc = || {
        let (process, number) = path.strip_prefix("/proc/")?.split_once("/fd/")?;
        let known = ["self", "thread-self"].contains(&process) || is_number(process);
        Some(known && is_number(number))
    };
    ["/dev/stdin", "/dev/stdout", "/dev/stderr"].contains(&path)
        || path.strip_prefix("/dev/fd/").is_some_and(is_number)
        || in_proc().unwrap_or(false)
}

/// A link on a path.
struct LinkOnPath {
    /// The folder that contains it, without links.
    folder: PathBuf,
    name: OsString,
    /// Its target, as written in the link.
    target: PathBuf,
    is_last: bool,
}

impl LinkOnPath {
    /// The folder that it may not leave: the repository that contains it, or the current folder if there is none.
    fn bounds(&self) -> io::Result<PathBuf> {
        match repository_root(&self.folder) {
            Some(root) => Ok(root.to_owned()),
            None => Path::new(".").canonicalize(),
        }
    }
}

/// Where a path leads, and through which links. Both come from the same reading of each link: what is decided about the
/// links holds for where they lead, even if another process replaces them meanwhile.
struct Trace {
    /// The path without links.
    found: PathBuf,
    links: Vec<LinkOnPath>,
    /// Whether it ends before something that does not exist.
    is_cut: bool,
}

/// How many links a path may lead through, as on Linux.
const MOST_LINKS: usize = 40;

impl Trace {
    fn of(path: &Path) -> io::Result<Self> {
        let whole = std::path::absolute(path)?;
        let mut trace = Self { found: PathBuf::new(), links: Vec::new(), is_cut: false };
        let mut ahead: Vec<PathBuf> = reversed(&whole);
        while let Some(part) = ahead.pop() {
            match part.components().next() {
                Some(Component::ParentDir) => drop(trace.found.pop()),
                Some(Component::Normal(name)) => {
                    if let Some(target) = trace.step(name, ahead.is_empty())? {
                        ahead.extend(reversed(&target));
                    }
                    if trace.is_cut {
                        break;
                    }
                }
                Some(Component::CurDir) | None => {}
                // A root restarts the path.
                Some(_) => trace.found.push(part),
            }
        }
        Ok(trace)
    }

    /// Goes on by a name: returns the target if the name is a link; otherwise the name becomes part of the path.
    fn step(&mut self, name: &OsStr, is_last: bool) -> io::Result<Option<PathBuf>> {
        let next = self.found.join(name);
        match next.symlink_metadata() {
            Ok(about) if about.is_symlink() => {
                if self.links.len() == MOST_LINKS {
                    return Err(sys::circle());
                }
                let (target, folder) = (next.read_link()?, self.found.clone());
                let name = name.to_owned();
                self.links.push(LinkOnPath { folder, name, target: target.clone(), is_last });
                Ok(Some(target))
            }
            Ok(_) => {
                self.found = next;
                Ok(None)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.is_cut = true;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The parts of a path, the last one first.
fn reversed(path: &Path) -> Vec<PathBuf> {
    path.components().rev().map(|part| Path::new(&part).to_owned()).collect()
}

/// The path without links of something that a command line names for reading.
///
/// A link is followed within its repository, but not into git's data, and also into the folders `allowed`. Links above
/// the repository, such as `/tmp` on some systems, belong to the machine and are followed.
pub fn resolve(path: &Path, allowed: &[PathBuf]) -> Result<PathBuf> {
    let cannot = |error| cannot_read(path, error);
    let trace = Trace::of(path).map_err(cannot)?;
    if trace.is_cut {
        return Err(cannot(ErrorKind::NotFound.into()));
    }
    for link in &trace.links {
        let bounds = link.bounds().map_err(cannot)?;
        let is_ours = link.is_last || link.folder.starts_with(&bounds);
        if is_ours && !is_below(&trace.found, &bounds) && !is_allowed(&trace.found, allowed)? {
            return Err(leads_away(path, link));
        }
    }
    Ok(trace.found)
}

/// Whether a path without links lies in one of these folders.
fn is_allowed(found: &Path, allowed: &[PathBuf]) -> Result<bool> {
    let mut inside = false;
    for folder in allowed {
        let real = folder.canonicalize().map_err(|error| {
            Error::input(format!("cannot read the folder `{}`", folder.display())).because(error)
        })?;
        inside |= found.starts_with(real);
    }
    Ok(inside)
}

/// The path without links of a folder for output; `None` if it does not exist yet. A folder is refused if a link leads
/// out of its repository to it.
pub(super) fn resolve_for_output(folder: &Path) -> io::Result<Option<PathBuf>> {
    let trace = Trace::of(folder)?;
    for link in &trace.links {
        let bounds = link.bounds()?;
        let leads_out = !is_below(&trace.found, &bounds);
        if link.folder.starts_with(&bounds) && leads_out {
            return Err(io::Error::other(format!(
                "`{}` is a link out of `{}`, and nothing is written through it",
                link.folder.join(&link.name).display(),
                bounds.display()
            )));
        }
    }
    Ok((!trace.is_cut).then_some(trace.found))
}

fn leads_away(path: &Path, link: &LinkOnPath) -> Error {
    let (path, target) = (path.display(), link.target.display());
    let what = match link.is_last {
        true => format!("`{path}` is a link to `{target}`"),
        false => {
            let name = Path::new(&link.name).display();
            format!("`{path}` leads through the link `{name}` to `{target}`")
        }
    };
    Error::input(format!("{what}, which is outside of its repository"))
        .help("name the folder that it leads to with --allow-path DIR, or put a copy there")
}

/// Why something that a command line names cannot be read: for a link, the message says where it leads.
fn cannot_read(path: &Path, error: io::Error) -> Error {
    let message = match path.read_link() {
        Ok(target) => {
            let (shown, target) = (path.display(), target.display());
            let fault = link_fault(&error).words();
            format!("cannot read `{shown}`, a link to `{target}` that {fault}")
        }
        Err(_) => format!("cannot read `{}`", path.display()),
    };
    let error_out = Error::input(message);
    let error_out = match error.kind() {
        ErrorKind::NotFound => error_out.help("check the path; `-` is stdin"),
        ErrorKind::PermissionDenied => error_out.help("make it readable for you"),
        _ => error_out,
    };
    error_out.because(error)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_named_link_is_followed_as_far_as_its_repository_reaches() {
        let place = tempfile::tempdir().expect("a folder");
        let home = place.path().canonicalize().expect("a folder");
        fs::create_dir_all(home.join("repo/.git")).expect("folders");
        fs::create_dir_all(home.join("repo/in/deep")).expect("folders");
        fs::create_dir_all(home.join("out")).expect("a folder");
        for file in ["repo/a", "repo/.git/config", "repo/in/b", "out/c"] {
            fs::write(home.join(file), "x").expect("a file");
        }
        for (target, link) in [
            ("../a", "repo/in/near"),
            ("../../out/c", "repo/in/far"),
            ("../.git/config", "repo/in/git"),
            ("../../out", "repo/in/folder"),
            ("near", "repo/in/chain"),
            ("far", "repo/in/far-chain"),
            ("..", "repo/in/up"),
            ("nothing", "repo/in/gone"),
            ("loop", "repo/in/loop"),
            ("repo", "machine"),
            ("/dev/zero", "repo/in/zero"),
            ("/proc/self/environ", "repo/in/environ"),
        ] {
            symlink(target, home.join(link)).expect("a link");
        }
        let resolved = |path: &str, allowed: &[&str]| {
            let allowed: Vec<PathBuf> = allowed.iter().map(|folder| home.join(folder)).collect();
            resolve(&home.join(path), &allowed).map_err(|error| error.full_message())
        };
        for (path, real) in [
            ("repo/in/b", "repo/in/b"),
            ("repo/in/near", "repo/a"),
            ("repo/in/chain", "repo/a"),
            ("repo/in/up/a", "repo/a"),
            ("repo/in/up/", "repo"),
            // Links above the repository belong to the machine.
            ("machine/in/b", "repo/in/b"),
            ("machine/in/near", "repo/a"),
        ] {
            assert_eq!(resolved(path, &[]), Ok(home.join(real)), "{path}");
        }
        symlink("../../out/none", home.join("repo/in/folder-gone")).expect("a link");
        for path in ["repo/in/folder/new", "repo/in/folder-gone", "repo/in/git/x"] {
            assert!(resolve_for_output(&home.join(path)).is_err(), "{path}");
        }
        for (path, real) in [
            ("repo/in/up/in", Some("repo/in")),
            ("repo/new/folder", None),
            ("machine/in", Some("repo/in")),
            ("machine/in/new", None),
        ] {
            let folder = resolve_for_output(&home.join(path)).expect(path);
            assert_eq!(folder, real.map(|real| home.join(real)), "{path}");
        }
        for path in
            ["far", "far-chain", "git", "folder", "folder/c", "folder/../out/c", "zero", "environ"]
        {
            let path = format!("repo/in/{path}");
            let message = resolved(&path, &[]).expect_err(&path);
            assert!(message.contains("outside of its repository"), "{path}: {message}");
        }
        for (path, folder) in [("far", "out"), ("folder/c", "out"), ("git", "repo/.git")] {
            assert!(resolved(&format!("repo/in/{path}"), &[folder]).is_ok(), "{path}");
        }
        assert!(resolved("repo/in/far", &["repo"]).is_err());
        assert!(resolved("repo/in/far", &["none"]).is_err_and(|text| text.contains("none")));
        for (path, words) in [("gone", "to `nothing` that leads nowhere"), ("loop", "in a circle")]
        {
            let message = resolved(&format!("repo/in/{path}"), &[]).expect_err(path);
            assert!(message.contains(words), "{path}: {message}");
        }
    }

    #[test]
    fn what_the_process_has_open_has_names_of_its_own() {
        for path in [
            "/dev/stdin",
            "/dev/stdout",
            "/dev/fd/0",
            "/dev/fd/63",
            "/proc/self/fd/3",
            "/proc/17/fd/3",
        ] {
            assert!(names_descriptor(Path::new(path)), "{path}");
        }
        for path in [
            "/dev/zero",
            "/dev/fd/",
            "/dev/fd/x",
            "/dev/fd/../shm/x",
            "/dev/shm/x",
            "/proc/self/environ",
            "fd/0",
            "",
        ] {
            assert!(!names_descriptor(Path::new(path)), "{path}");
        }
    }
}
