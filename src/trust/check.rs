//! Applies the rule to existing files.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::rule::{OwnerRule, TrustFault};
use crate::error::{Error, ErrorKind, Result};

/// What is checked: its name in messages, and how strict the check is.
#[derive(Clone, Copy, Debug)]
pub struct TrustCheck<'a> {
    /// Its name in messages, such as `the profiles file`.
    pub name: &'a str,
    /// The kind of the error.
    pub kind: ErrorKind,
    /// Who may own it.
    pub owner: OwnerRule,
    /// Whether others must not read it either: then the `chmod` in the error removes all their rights.
    pub is_private: bool,
}

impl TrustCheck<'_> {
    /// Checks an open file: the checked file is the one that is read. `path` is its name for messages.
    ///
    /// An error if the rule refuses it; its advice has the `chmod` and `chown` to run.
    pub fn open_file(&self, file: &File, path: &Path) -> Result<()> {
        self.metadata(&file.metadata().map_err(|error| self.cannot_read(path, error))?, path)
    }

    /// Checks what is at a path; links are followed. A missing file is not refused.
    pub fn path(&self, path: &Path) -> Result<()> {
        match std::fs::metadata(path) {
            Ok(data) => self.metadata(&data, path),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => Err(self.cannot_read(path, error)),
        }
    }

    /// Checks the folder that contains a file, and, if the file is a link, also the folder that it leads to: users who
    /// can write the first can change where the link leads. Missing folders are not refused.
    pub fn folder_of(&self, path: &Path) -> Result<()> {
        let name = format!("the folder of {}", self.name);
        let folder = TrustCheck { name: &name, is_private: false, ..*self };
        let named = parent(path);
        let real = std::fs::canonicalize(path).ok().map(|real| parent(&real));
        let is_named = real.is_some() && std::fs::canonicalize(&named).ok() == real;
        let real = real.filter(|_| !is_named);
        all_of([Some(named), real].into_iter().flatten().map(|path| folder.path(&path)))
    }

    /// Checks the owner and the permission bits of a file.
    pub fn metadata(&self, data: &Metadata, path: &Path) -> Result<()> {
        system::judge(data, self.owner).map_err(|fault| self.refused(fault, path, data.is_dir()))
    }

    fn refused(&self, fault: TrustFault, path: &Path, is_folder: bool) -> Error {
        let quoted = quote(path);
        let mut commands = Vec::new();
        if fault.owner.is_some() {
            // Only root can change the owner of a file.
            let (user, sudo) = (system::user(), if system::user() == 0 { "" } else { "sudo " });
            commands.push(format!("{sudo}chown {user} {quoted}"));
        }
        if fault.others || fault.group.is_some() {
            let mode = if self.is_private && !is_folder { "600" } else { "go-w" };
            commands.push(format!("chmod {mode} {quoted}"));
        }
        Error::new(self.kind, format!("{} {} is not safe to use", self.name, path.display()))
            .because(fault)
            .help(commands.join(" && "))
    }

    /// The error for something that is not a regular file: a link, a folder, a device.
    pub(super) fn no_file(&self, path: &Path) -> Error {
        let message = format!("{} {} is no regular file", self.name, path.display());
        Error::new(self.kind, message).help("move away what is there")
    }

    /// The error for a file that cannot be examined.
    pub(super) fn cannot_read(&self, path: &Path, error: io::Error) -> Error {
        Error::new(self.kind, format!("cannot read {} {}", self.name, path.display()))
            .because(error)
    }
}

/// Several checks as one: the first error, with the commands that fix all of them.
pub fn all_of(judged: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let mut errors = judged.into_iter().filter_map(Result::err);
    let Some(first) = errors.next() else { return Ok(()) };
    if !is_refused(&first) {
        return Err(first);
    }
    let mut commands: Vec<String> = Vec::new();
    let more: Vec<Error> = errors.filter(is_refused).collect();
    for command in [&first].into_iter().chain(&more).filter_map(|error| error.advice()) {
        if !commands.iter().any(|known| known == command) {
            commands.push(command.to_owned());
        }
    }
    Err(first.help(commands.join(" && ")))
}

/// Removes the rights of other users from an open file.
pub fn make_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Whether an error says that the rule for owners and permission bits refused a file.
pub fn is_refused(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<TrustFault>())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The folder that contains a path.
pub(super) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) => PathBuf::from("."),
        None => path.to_owned(),
    }
}

/// A path, quoted for a POSIX shell.
fn quote(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(unix)]
mod system {
    use std::fs::{File, Metadata};
    use std::io::Read as _;
    use std::os::unix::fs::MetadataExt as _;

    use super::super::members;
    use super::super::rule::{OwnerAndMode, OwnerRule, TrustFault, TrustRule};

    /// The most bytes that are read of a file of users or groups. A longer file is ignored.
    const MAX_BYTES: u64 = 4 * 1024 * 1024;

    pub(super) fn judge(data: &Metadata, owner: OwnerRule) -> Result<(), TrustFault> {
        let file = OwnerAndMode {
            owner: data.uid(),
            group: data.gid(),
            mode: data.mode() & 0o7777,
            is_folder: data.is_dir(),
        };
        TrustRule { user: user(), is_own_group: &is_own_group }.judge(file, owner)
    }

    /// The user whose rights the system applies when it opens files.
    pub(super) fn user() -> u32 {
        nix::unistd::geteuid().as_raw()
    }

    /// Reads the files only if a group may write: that is rare.
    fn is_own_group(group: u32) -> bool {
        let texts = (read("/etc/passwd"), read("/etc/group"));
        let (Some(passwd), Some(groups)) = texts else { return false };
        members::is_own_group(&passwd, &groups, group, user())
    }

    fn read(path: &str) -> Option<String> {
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(MAX_BYTES + 1).read_to_end(&mut bytes).ok()?;
        let is_whole = bytes.len() as u64 <= MAX_BYTES;
        is_whole.then(|| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Other systems have no owners and permission bits to check.
#[cfg(not(unix))]
mod system {
    use std::fs::Metadata;

    use super::super::rule::{OwnerRule, TrustFault};

    pub(super) fn judge(_: &Metadata, _: OwnerRule) -> Result<(), TrustFault> {
        Ok(())
    }

    pub(super) fn user() -> u32 {
        0
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    const STRICT: TrustCheck<'_> = TrustCheck {
        name: "the thing",
        kind: ErrorKind::Ledger,
        owner: OwnerRule::UserOrRoot,
        is_private: true,
    };

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    /// The message, without the folder of the test; empty if nothing is wrong.
    fn said(result: Result<()>, home: &Path) -> String {
        let Err(error) = result else { return String::new() };
        assert!(is_refused(&error), "{error:?}");
        assert_eq!(error.exit().code(), 3);
        let text = format!("{} / {}", error.full_message(), error.advice().unwrap_or_default());
        text.replace(&home.display().to_string(), "HOME")
    }

    #[test]
    fn what_others_can_write_is_refused_with_the_command_that_fixes_it() {
        let home = tempfile::tempdir().expect("a folder");
        let home = home.path();
        let path = home.join("it's");
        fs::write(&path, "x").expect("a file");
        let judge = |mode: u32| {
            set(&path, mode);
            let by_path = said(STRICT.path(&path), home);
            let file = File::open(&path).expect("it is there");
            assert_eq!(said(STRICT.open_file(&file, &path), home), by_path);
            by_path
        };
        assert_eq!(judge(0o600), "");
        assert_eq!(judge(0o644), "");
        assert_eq!(
            judge(0o602),
            r"the thing HOME/it's is not safe to use: all users can write it / chmod 600 'HOME/it'\''s'"
        );
        assert_eq!(said(STRICT.path(&home.join("none")), home), "");
    }

    #[test]
    fn the_folder_is_judged_as_it_is_named_and_where_a_link_leads() {
        let home = tempfile::tempdir().expect("a folder");
        let home = home.path();
        let (open, closed, sticky) = (home.join("open"), home.join("closed"), home.join("sticky"));
        for (folder, mode) in [(&open, 0o757), (&closed, 0o755), (&sticky, 0o1777)] {
            fs::create_dir(folder).expect("a folder");
            fs::write(folder.join("file"), "").expect("a file");
            set(folder, mode);
        }
        symlink(open.join("file"), closed.join("out")).expect("a link");
        symlink(closed.join("file"), open.join("in")).expect("a link");
        symlink(closed.join("file"), sticky.join("in")).expect("a link");
        symlink(&open, closed.join("folder")).expect("a link");
        let refused = |folder: &str| {
            format!(
                "the folder of the thing HOME/{folder} is not safe to use: all users can write it / chmod go-w 'HOME/{folder}'"
            )
        };
        for (path, expected) in [
            ("closed/file", String::new()),
            ("closed/none", String::new()),
            ("sticky/file", String::new()),
            ("sticky/in", String::new()),
            ("no/such/file", String::new()),
            ("open/file", refused("open")),
            ("open/none", refused("open")),
            ("open/in", refused("open")),
            ("closed/out", refused("open")),
            ("closed/folder/file", refused("closed/folder")),
        ] {
            assert_eq!(said(STRICT.folder_of(&home.join(path)), home), expected, "{path}");
        }
    }

    #[test]
    fn a_file_of_another_user_is_refused_unless_it_is_only_read() {
        let home = tempfile::tempdir().expect("a folder");
        let home = home.path();
        let path = home.join("file");
        fs::write(&path, "").expect("a file");
        set(&path, 0o644);
        // Only root can change the owner of a file.
        if std::os::unix::fs::chown(&path, Some(1234), Some(1234)).is_err() {
            return;
        }
        let user = system::user();
        assert_eq!(
            said(STRICT.path(&path), home),
            format!(
                "the thing HOME/file is not safe to use: it belongs to the user 1234 / chown {user} 'HOME/file'"
            )
        );
        let reader = TrustCheck { owner: OwnerRule::Anyone, ..STRICT };
        assert_eq!(said(reader.path(&path), home), "");
        set(&path, 0o666);
        assert!(said(STRICT.path(&path), home).ends_with(" && chmod 600 'HOME/file'"));
        assert!(said(reader.path(&path), home).ends_with("/ chmod 600 'HOME/file'"));
    }

    #[test]
    fn the_advice_for_several_faults_fixes_all_of_them() {
        let home = tempfile::tempdir().expect("a folder");
        let home = home.path();
        let (folder, path) = (home.join("f"), home.join("f/file"));
        fs::create_dir(&folder).expect("a folder");
        fs::write(&path, "").expect("a file");
        set(&path, 0o602);
        set(&folder, 0o703);
        let judge = || all_of([STRICT.folder_of(&path), STRICT.path(&path), STRICT.path(&path)]);
        assert_eq!(
            said(judge(), home),
            "the folder of the thing HOME/f is not safe to use: all users can write it \
             / chmod go-w 'HOME/f' && chmod 600 'HOME/f/file'"
        );
        set(&folder, 0o700);
        assert!(said(judge(), home).ends_with("/ chmod 600 'HOME/f/file'"));
        set(&path, 0o600);
        assert_eq!(said(judge(), home), "");
    }

    #[test]
    fn the_folder_of_a_bare_name_is_the_working_folder() {
        assert_eq!(parent(Path::new("file")), Path::new("."));
        assert_eq!(parent(Path::new("a/file")), Path::new("a"));
        assert_eq!(parent(Path::new("/")), Path::new("/"));
    }
}
