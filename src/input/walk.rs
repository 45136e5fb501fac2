//! From the paths of the command line to files.

use std::collections::HashSet;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, Walk, WalkBuilder};

use super::Input;
use crate::error::{Error, Result};
use crate::files::{FolderHandle, LinkFault, is_below, link_fault, repository_root, resolve};

/// Endings of files that hold payloads.
const ENDINGS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Files that say what a walk leaves out, and how large one may be: all of it is read.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// What stands behind a path of the command line.
#[derive(Debug)]
pub enum Found {
    /// Something to read; `walked` where a walk found it, and no command line named it.
    Input {
        /// Where it is read from.
        input: Input,
        /// Whether a walk found it.
        walked: bool,
    },
    /// A link in a walked folder, which is not followed.
    Link(PathBuf, LinkFault),
    /// A pipe, a socket or a device in a walked folder, which is not opened.
    NotAFile(PathBuf),
}

/// The inputs behind paths, in order; a folder gives its payload files by name. What cannot be walked is an error in its
/// place, and the others go on. Links that the command line names lead as [`resolve`] says; in a folder, a link is read
/// only where it leads to a file that the walk reads, too.
pub fn inputs<'a>(
    paths: &'a [PathBuf],
    allowed: &'a [PathBuf],
) -> impl Iterator<Item = Result<Found>> + 'a {
    paths.iter().flat_map(move |path| -> Box<dyn Iterator<Item = Result<Found>>> {
        if path != Path::new("-") && path.is_dir() {
            match FolderWalk::new(path, allowed) {
                Ok(walk) => Box::new(walk),
                Err(error) => Box::new(std::iter::once(Err(error))),
            }
        } else {
            let input = Input::named(path, allowed);
            Box::new(std::iter::once(input.map(|input| Found::Input { input, walked: false })))
        }
    })
}

/// What a walk tells besides its entries.
type Told = Arc<Mutex<Vec<Result<Found>>>>;

/// The payload files below a folder, and what is left out with a word. `.gitignore` counts whether or not there is a
/// repository around it.
struct FolderWalk {
    named: PathBuf,
    root: Arc<FolderHandle>,
    walk: Walk,
    told: Told,
    /// The files of the walk by their paths below the folder, once a link asks for them.
    files: Option<HashSet<PathBuf>>,
    found: bool,
    ended: bool,
}

impl FolderWalk {
    fn new(named: &Path, allowed: &[PathBuf]) -> Result<Self> {
        let cannot = |why| cannot_read_folder(named).because(why);
        let found = resolve(named, allowed)?;
        let root = Arc::new(FolderHandle::open_exact(found).map_err(cannot)?);
        // Those of the folders around it count as well.
        let bounds = repository_root(root.path()).unwrap_or(Path::new("/"));
        for folder in root.path().ancestors().skip(1) {
            match ignore_file_fault(folder, folder, bounds) {
                Some(Ok(Found::Link(path, fault))) => {
                    return Err(Error::input(format!(
                        "`{}` is a link that {}, and is not read",
                        path.display(),
                        fault.words()
                    ))
                    .help("put a file in its place"));
                }
                Some(Err(error)) => return Err(error),
                _ => {}
            }
        }
        let told = Told::default();
        let walk = walk(&root, named, &told);
        Ok(Self {
            named: named.to_owned(),
            root,
            walk,
            told,
            files: None,
            found: false,
            ended: false,
        })
    }

    /// What an entry is to a linter.
    fn entry(&mut self, entry: DirEntry) -> Option<Result<Found>> {
        let kind = entry.file_type()?;
        let inside = entry.path().strip_prefix(self.root.path()).unwrap_or(entry.path());
        let shown = self.named.join(inside);
        if entry.depth() == 0 || kind.is_dir() {
            None
        } else if kind.is_symlink() {
            self.link(entry.path(), shown)
        } else if !kind.is_file() {
            Some(Ok(Found::NotAFile(shown)))
        } else if holds_payloads(inside) {
            Some(Ok(self.input(inside.to_owned(), shown)))
        } else {
            None
        }
    }

    /// A link is read where it leads to a file that the walk comes to as well. One to a folder inside is passed over:
    /// what is in that folder is read where it is.
    fn link(&mut self, path: &Path, shown: PathBuf) -> Option<Result<Found>> {
        let faulty = |shown, fault| Some(Ok(Found::Link(shown, fault)));
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(error) => return faulty(shown, link_fault(&error)),
        };
        if !is_below(&target, self.root.path()) {
            return faulty(shown, LinkFault::Outside);
        }
        let about = match target.symlink_metadata() {
            Ok(about) => about,
            Err(error) => return faulty(shown, link_fault(&error)),
        };
        if about.is_dir() {
            let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
            let is_circle = folder.is_none_or(|folder| folder.starts_with(&target));
            return if is_circle { faulty(shown, LinkFault::Circle) } else { None };
        }
        if !about.is_file() {
            return Some(Ok(Found::NotAFile(shown)));
        }
        if !holds_payloads(path) {
            return None;
        }
        let inside = target.strip_prefix(self.root.path()).unwrap_or(&target).to_owned();
        if self.files().contains(&inside) {
            Some(Ok(self.input(inside, shown)))
        } else {
            faulty(shown, LinkFault::LeftOut)
        }
    }

    fn input(&self, inside: PathBuf, shown: PathBuf) -> Found {
        Found::Input { input: Input::below(&self.root, inside, shown), walked: true }
    }

    /// An error of the walk with the path that it is about, in the words of the system.
    fn cannot_walk(&self, why: ignore::Error) -> Error {
        let inside = match &why {
            ignore::Error::WithPath { path, .. } => path.strip_prefix(self.root.path()).ok(),
            _ => None,
        };
        let inside = inside.filter(|inside| !inside.as_os_str().is_empty());
        let error =
            cannot_read_folder(&inside.map_or_else(|| self.named.clone(), |i| self.named.join(i)));
        let Some(io) = why.io_error() else { return error.because(why) };
        let error = match io.kind() {
            ErrorKind::PermissionDenied => error.help("make it readable for you"),
            _ => error,
        };
        // The walk wraps the error of the system, and says the path once more.
        let inner = io.get_ref().and_then(|walk| walk.source()).map(ToString::to_string);
        error.because(anyhow::Error::msg(inner.unwrap_or_else(|| io.to_string())))
    }

    /// Every file that the walk comes to, whatever its ending.
    fn files(&mut self) -> &HashSet<PathBuf> {
        let (root, named) = (&self.root, &self.named);
        self.files.get_or_insert_with(|| {
            let entries = walk(root, named, &Told::default()).flatten();
            let files =
                entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
            let inside =
                |entry: DirEntry| Some(entry.path().strip_prefix(root.path()).ok()?.to_owned());
            files.filter_map(inside).collect()
        })
    }
}

impl Iterator for FolderWalk {
    type Item = Result<Found>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let next = match told {
                Some(told) => Some(told),
                None if self.ended => break,
                None => match self.walk.next() {
                    Some(Ok(entry)) => self.entry(entry),
                    Some(Err(why)) => Some(Err(self.cannot_walk(why))),
                    None => {
                        self.ended = true;
                        None
                    }
                },
            };
            if next.is_some() {
                self.found = true;
                return next;
            }
        }
        if std::mem::replace(&mut self.found, true) {
            return None;
        }
        let message = format!("the folder `{}` holds no payload file", self.named.display());
        Some(Err(Error::input(message)
            .help("payload files end in .json, .ndjson or .jsonl; .gitignore is honoured")))
    }
}

/// A walk that enters no folder whose ignore file must not be read, and tells of it.
fn walk(root: &FolderHandle, named: &Path, told: &Told) -> Walk {
    let mut builder = WalkBuilder::new(root.path());
    builder.require_git(false).sort_by_file_name(Ord::cmp);
    let (bounds, named, queue) = (root.path().to_owned(), named.to_owned(), Arc::clone(told));
    let tell = move |folder: &Path| {
        let shown = named.join(folder.strip_prefix(&bounds).unwrap_or(folder));
        let fault = ignore_file_fault(folder, &shown, &bounds);
        let is_fine = fault.is_none();
        queue.lock().unwrap_or_else(PoisonError::into_inner).extend(fault);
        is_fine
    };
    // The filter is not asked about the folder itself.
    if !tell(root.path()) {
        builder.max_depth(Some(0)).git_ignore(false).ignore(false);
    }
    builder.filter_entry(move |entry| {
        !entry.file_type().is_some_and(|kind| kind.is_dir()) || tell(entry.path())
    });
    builder.build()
}

/// What keeps the ignore files of a folder from being read: a link out of `bounds`, no regular file, or no end. `shown` is
/// what the folder is called.
fn ignore_file_fault(folder: &Path, shown: &Path, bounds: &Path) -> Option<Result<Found>> {
    IGNORE_FILES.into_iter().find_map(|name| {
        let (path, shown) = (folder.join(name), shown.join(name));
        let about = path.symlink_metadata().ok()?;
        if !about.is_symlink() {
            return unreadable_ignore_file(&shown, &about);
        }
        match path.canonicalize() {
            Err(error) => Some(Ok(Found::Link(shown, link_fault(&error)))),
            Ok(target) if is_below(&target, bounds) => {
                unreadable_ignore_file(&shown, &target.metadata().ok()?)
            }
            Ok(_) => Some(Ok(Found::Link(shown, LinkFault::Outside))),
        }
    })
}

fn unreadable_ignore_file(path: &Path, about: &Metadata) -> Option<Result<Found>> {
    let why = match about {
        about if about.is_dir() => return None,
        about if !about.is_file() => "is not a regular file",
        about if about.len() > MAX_IGNORE_FILE => "is larger than 1 MiB",
        _ => return None,
    };
    let error = Error::input(format!("`{}` {why}, and is not read", path.display()));
    Some(Err(error.help("without it nobody knows what to leave out: the folder is not linted")))
}

fn cannot_read_folder(folder: &Path) -> Error {
    Error::input(format!("cannot read the folder `{}`", folder.display()))
}

fn holds_payloads(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|known| ending == *known)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(paths: &[PathBuf], root: &Path) -> Vec<String> {
        let below =
            |path: &Path| path.strip_prefix(root).expect("below the root").display().to_string();
        inputs(paths, &[])
            .map(|input| match input {
                Ok(Found::Input { input: Input::Stdin, .. }) => "-".to_owned(),
                Ok(Found::Input { input, .. }) => below(Path::new(&input.name())),
                Ok(Found::Link(path, fault)) => format!("{} {}", below(&path), fault.words()),
                Ok(Found::NotAFile(path)) => format!("{} is no file", below(&path)),
                Err(error) => error.full_message(),
            })
            .collect()
    }

    #[test]
    fn a_folder_gives_its_payload_files_by_name_without_what_git_ignores() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("b/deep")).expect("folders");
        for name in
            ["z.json", "a.JSONL", "b/deep/x.ndjson", "b/no.txt", "b/out.json", ".hidden.json"]
        {
            fs::write(root.join(name), "{}").expect("a file");
        }
        fs::write(root.join(".gitignore"), "out.json\n").expect("a file");
        assert_eq!(names(&[root.to_owned()], root), ["a.JSONL", "b/deep/x.ndjson", "z.json"]);
    }

    #[test]
    fn paths_keep_their_order_and_a_folder_without_payloads_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("empty")).expect("a folder");
        fs::write(root.join("any.txt"), "{}").expect("a file");
        let paths = [
            PathBuf::from("-"),
            root.join("empty"),
            root.join("any.txt"),
            root.join("missing.txt"),
        ];
        let found = names(&paths, root);
        assert_eq!((found[0].as_str(), found[2].as_str()), ("-", "any.txt"));
        assert!(found[3].contains("cannot read") && found[3].contains("missing.txt"), "{found:?}");
        assert!(found[1].contains("holds no payload file"), "{}", found[1]);
    }

    #[cfg(unix)]
    mod links {
        use std::os::unix::fs::symlink;

        use super::*;

        /// A repository with payloads, and files that no walk of them must come to.
        fn repository() -> (tempfile::TempDir, PathBuf) {
            let place = tempfile::tempdir().expect("a folder");
            let root = place.path().join("repo/payloads");
            for folder in ["repo/.git", "repo/payloads/sub", "repo/payloads/.hidden", "other"] {
                fs::create_dir_all(place.path().join(folder)).expect("a folder");
            }
            for file in [
                "other/o.json",
                "repo/r.json",
                "repo/.git/config",
                "repo/payloads/a.json",
                "repo/payloads/sub/b.json",
                "repo/payloads/data",
                "repo/payloads/.env",
                "repo/payloads/.hidden/h.json",
                "repo/payloads/secret.json",
            ] {
                fs::write(place.path().join(file), "{}").expect("a file");
            }
            fs::write(root.join(".gitignore"), "secret.json\n").expect("a file");
            (place, root)
        }

        #[test]
        fn a_link_is_read_where_the_walk_comes_to_its_file_and_told_where_it_leads_out() {
            let (place, root) = repository();
            let absolute = place.path().join("other/o.json").display().to_string();
            for (target, link) in [
                ("../r.json", "l01.json"),
                (absolute.as_str(), "l02.ndjson"),
                ("../.git/config", "l03.json"),
                ("gone", "l04.json"),
                ("l05.json", "l05.json"),
                ("l07.json", "l06.json"),
                ("l06.json", "l07.json"),
                ("sub/b.json", "l08.json"),
                ("data", "l09.jsonl"),
                (".env", "l10.json"),
                (".hidden/h.json", "l11.json"),
                ("secret.json", "l12.json"),
                ("l01.json", "l13.json"),
                ("/dev/zero", "l14.json"),
                ("/proc/self/environ", "l15.json"),
                ("../../other", "folder-out"),
                (".", "folder-self"),
                ("..", "folder-up"),
                ("sub", "folder-in"),
                ("..", "sub/up"),
                ("../r.json", "plain-out"),
                ("gone", "plain-gone"),
                ("data", "plain-in"),
            ] {
                symlink(target, root.join(link)).expect("a link");
            }
            let out = "leads out of the folder";
            let expected = [
                "a.json".to_owned(),
                format!("folder-out {out}"),
                "folder-self leads in a circle".to_owned(),
                format!("folder-up {out}"),
                format!("l01.json {out}"),
                format!("l02.ndjson {out}"),
                format!("l03.json {out}"),
                "l04.json leads nowhere".to_owned(),
                "l05.json leads in a circle".to_owned(),
                "l06.json leads in a circle".to_owned(),
                "l07.json leads in a circle".to_owned(),
                "l08.json".to_owned(),
                "l09.jsonl".to_owned(),
                "l10.json leads to a file that is hidden or ignored".to_owned(),
                "l11.json leads to a file that is hidden or ignored".to_owned(),
                "l12.json leads to a file that is hidden or ignored".to_owned(),
                format!("l13.json {out}"),
                format!("l14.json {out}"),
                format!("l15.json {out}"),
                "plain-gone leads nowhere".to_owned(),
                format!("plain-out {out}"),
                "sub/b.json".to_owned(),
                "sub/up leads in a circle".to_owned(),
            ];
            assert_eq!(names(std::slice::from_ref(&root), &root), expected);
            // Of the whole repository the same links lead elsewhere, and into what git keeps still none.
            let repo = place.path().join("repo");
            let found = names(std::slice::from_ref(&repo), &repo);
            assert!(found.contains(&"payloads/l01.json".to_owned()), "{found:?}");
            assert!(found.contains(&format!("payloads/l03.json {out}")), "{found:?}");
            assert!(
                found.contains(&"payloads/folder-up leads in a circle".to_owned()),
                "{found:?}"
            );
        }

        #[test]
        fn a_link_into_what_git_keeps_or_to_a_folder_elsewhere_is_no_folder_to_walk() {
            let (place, root) = repository();
            symlink("../other", place.path().join("repo/out")).expect("a link");
            symlink("payloads", place.path().join("repo/in")).expect("a link");
            let refused = |path: &str, allowed: &[PathBuf]| {
                let path = [place.path().join(path)];
                let found: Vec<_> = inputs(&path, allowed).collect();
                found
                    .into_iter()
                    .filter_map(|found| found.err())
                    .map(|e| e.full_message())
                    .collect()
            };
            let none: Vec<String> = refused("repo/in", &[]);
            assert_eq!(none, [""; 0]);
            let told: Vec<String> = refused("repo/out", &[]);
            assert!(told.len() == 1 && told[0].contains("outside of its repository"), "{told:?}");
            let told: Vec<String> = refused("repo/out", &[place.path().join("other")]);
            assert_eq!(told, [""; 0]);
            drop(root);
        }

        #[test]
        fn pipes_and_sockets_are_told_and_not_opened() {
            let (_place, root) = repository();
            let pipe = root.join("p.json");
            rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
            symlink("p.json", root.join("q.json")).expect("a link");
            let _socket = std::os::unix::net::UnixListener::bind(root.join("s")).expect("a socket");
            assert_eq!(
                names(std::slice::from_ref(&root), &root),
                ["a.json", "p.json is no file", "q.json is no file", "s is no file", "sub/b.json"]
            );
        }

        #[test]
        fn an_ignore_file_is_no_way_out_either() {
            for (target, place_of_link, words) in [
                ("/dev/zero", "sub/.gitignore", "sub/.gitignore leads out"),
                ("/dev/zero", "sub/.ignore", "sub/.ignore leads out"),
                ("../../../other/o.json", "sub/.gitignore", "sub/.gitignore leads out"),
                ("/dev/zero", ".ignore", ".ignore leads out"),
                ("/dev/zero", "../.gitignore", "is a link that leads out"),
            ] {
                let (_place, root) = repository();
                symlink(target, root.join(place_of_link)).expect("a link");
                let found = names(std::slice::from_ref(&root), &root);
                assert!(found.iter().any(|one| one.contains(words)), "{place_of_link}: {found:?}");
                assert!(!found.contains(&"sub/b.json".to_owned()), "{place_of_link}: {found:?}");
            }
            let (_place, root) = repository();
            let pipe = root.join("sub/.gitignore");
            rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
            let found = names(std::slice::from_ref(&root), &root);
            assert!(found[1].contains("not a regular file"), "{found:?}");
        }

        #[test]
        fn what_becomes_a_link_behind_the_walk_is_not_opened() {
            let (_place, root) = repository();
            let paths = [root.clone()];
            let found: Vec<Found> = inputs(&paths, &[]).collect::<Result<_>>().expect("a walk");
            fs::remove_file(root.join("a.json")).expect("removed");
            symlink("../r.json", root.join("a.json")).expect("a link");
            fs::rename(root.join("sub"), root.join("was")).expect("renamed");
            symlink("was", root.join("sub")).expect("a link");
            for one in found {
                let Found::Input { input, .. } = one else { panic!("{one:?}") };
                let read = super::super::super::payloads(&input, &mut |_| panic!("it was opened"));
                assert!(matches!(read, Err(super::super::super::InputFault::Link)), "{input:?}");
            }
        }
    }
}
