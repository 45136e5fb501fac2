//! A project's `herald.toml`: lint settings that all who work on the project share. It never holds a secret.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::text::{Problem, TOLD, TomlText, read_toml, type_name};
use crate::error::{Error, ErrorKind, Result};
use crate::files::{FolderHandle, OpenRefusal, repository_root};
use crate::near::did_you_mean;

/// Name of the file.
const NAME: &str = "herald.toml";

/// Parts of names that only credentials have.
const SECRETIVE: [&str; 7] =
    ["secret", "token", "password", "passwd", "credential", "app_key", "client_id"];

/// Settings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The file that contains them, if there is one.
    pub path: Option<PathBuf>,
    /// Codes of waived rules, such as `jpush-v2/V2-W05`.
    pub allow: Vec<String>,
}

/// Which codes can be waived.
#[derive(Clone, Copy)]
pub struct Waivable<'a> {
    /// Whether a code can be waived. A file can name very many codes, so this must be fast.
    pub is: &'a dyn Fn(&str) -> bool,
    /// Why a code cannot be waived, and what to do.
    pub why_not: &'a dyn Fn(&str) -> (String, Option<String>),
}

impl Project {
    /// The settings for a folder: the nearest file from there up to the root of the repository. Outside of a
    /// repository, only the folder itself is searched.
    pub fn find(folder: &Path, waivable: Waivable<'_>) -> Result<Self> {
        // A relative path has no folders above it, and a path with `..` has wrong ones.
        let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let root = repository_root(folder).unwrap_or(folder);
        for folder in folder.ancestors() {
            let path = folder.join(NAME);
            let opened = FolderHandle::open_exact(folder.to_owned()).map_err(OpenRefusal::System);
            match opened.and_then(|folder| folder.open_file(NAME.as_ref())) {
                Ok(file) => {
                    let text =
                        read_toml(file).map_err(|error| cannot_read(&path).because(error))?;
                    return Self::parse(&TomlText::new(path, text), waivable);
                }
                Err(OpenRefusal::System(error)) if error.kind() == io::ErrorKind::NotFound => {}
                Err(refusal) => return Err(refused(&path, refusal)),
            }
            if folder == root {
                break;
            }
        }
        Ok(Self::default())
    }

    fn parse(text: &TomlText, waivable: Waivable<'_>) -> Result<Self> {
        let mut problems = Vec::new();
        let mut codes = AllowedCodes::default();
        match text.parse() {
            Ok(root) => {
                no_credentials(root.get_ref(), &mut problems);
                codes = read(root.get_ref(), waivable, &mut problems);
            }
            Err(faults) => (problems, codes.more) = faults,
        }
        if !problems.is_empty() {
            return Err(text.error(ErrorKind::Input, problems, codes.more, &["allow"]));
        }
        let allow = codes.known;
        Ok(Self { path: Some(text.path().to_owned()), allow })
    }
}

fn cannot_read(path: &Path) -> Error {
    Error::new(ErrorKind::Input, format!("cannot read {}", path.display()))
}

/// Settings come from a regular file. A link could lead to any file, and the error message would show parts of it.
fn refused(path: &Path, refusal: OpenRefusal) -> Error {
    let what = match refusal {
        OpenRefusal::Link => "is a link, and settings are not read through links",
        OpenRefusal::NotAFile => "is not a regular file",
        OpenRefusal::System(error) => return cannot_read(path).because(error),
    };
    Error::new(ErrorKind::Input, format!("{} {what}", path.display()))
        .help("put a file with the settings in its place")
}

fn is_secretive(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    SECRETIVE.iter().any(|part| name.contains(part))
}

/// Refuses everything that looks like a credential, at any depth: the file is shared.
fn no_credentials(table: &DeTable<'_>, problems: &mut Vec<Problem>) {
    for (key, value) in table {
        let name = key.get_ref();
        if is_secretive(name) {
            let help = "credentials belong into a profile: `herald profile init`".to_owned();
            problems.push(
                Problem::new(
                    key.span(),
                    format!("`{name}` is a credential, and {NAME} never holds one"),
                )
                .help(help),
            );
        } else if let DeValue::Table(inner) = value.get_ref() {
            no_credentials(inner, problems);
        }
    }
}

/// Codes of waived rules.
#[derive(Default)]
struct AllowedCodes {
    known: Vec<String>,
    /// How many wrong codes were counted but not reported.
    more: usize,
}

fn read(root: &DeTable<'_>, waivable: Waivable<'_>, problems: &mut Vec<Problem>) -> AllowedCodes {
    let mut allow = AllowedCodes::default();
    for (key, value) in root {
        let lint = match value.get_ref() {
            DeValue::Table(lint) if key.get_ref() == "lint" => lint,
            other if key.get_ref() == "lint" => {
                let message =
                    format!("`lint` is {}, and should be a section [lint]", type_name(other));
                problems.push(Problem::new(value.span(), message));
                continue;
            }
            _ => {
                unknown(key, "lint", "the file has one section, [lint]", problems);
                continue;
            }
        };
        for (key, value) in lint {
            match key.get_ref().as_ref() {
                "allow" => allow = codes(value, waivable, problems),
                _ => unknown(key, "allow", "[lint] has one key, `allow`", problems),
            }
        }
    }
    allow
}

fn unknown(key: &Spanned<DeString<'_>>, known: &str, all: &str, problems: &mut Vec<Problem>) {
    let name = key.get_ref();
    if !is_secretive(name) {
        let help = did_you_mean(name, [known]).unwrap_or_else(|| all.to_owned());
        problems.push(Problem::new(key.span(), format!("unknown key `{name}`")).help(help));
    }
}

fn codes(
    value: &Spanned<DeValue<'_>>,
    waivable: Waivable<'_>,
    problems: &mut Vec<Problem>,
) -> AllowedCodes {
    let wrong = |value: &Spanned<DeValue<'_>>, wanted: &str| {
        let message = format!("`allow` is {}, and should be {wanted}", type_name(value.get_ref()));
        Problem::new(value.span(), message)
    };
    let DeValue::Array(items) = value.get_ref() else {
        problems.push(wrong(value, "a list of codes"));
        return AllowedCodes::default();
    };
    let mut codes = AllowedCodes::default();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut told = 0;
    for item in items.iter() {
        let problem = match item.get_ref() {
            DeValue::String(code) if (waivable.is)(code) => {
                if seen.insert(code) {
                    codes.known.push(code.to_string());
                }
                continue;
            }
            // Finding the intended code takes time, and further faults are not reported.
            _ if told >= TOLD => {
                codes.more += 1;
                continue;
            }
            DeValue::String(code) => {
                let (message, help) = (waivable.why_not)(code);
                Problem::new(item.span(), message).help(help)
            }
            _ => wrong(item, "a list of codes in quotes"),
        };
        told += 1;
        problems.push(problem);
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::super::text::MAX_TOML;
    use super::*;

    const WAIVABLE: Waivable<'static> = Waivable {
        is: &|code| code == "acme/W01",
        why_not: &|code| (format!("there is no rule `{code}`"), did_you_mean(code, ["acme/W01"])),
    };

    fn parse(text: &str) -> Result<Project> {
        Project::parse(&TomlText::new("herald.toml", text), WAIVABLE)
    }

    #[test]
    fn a_project_waives_rules_by_code() {
        assert_eq!(parse("").expect("it works").allow, Vec::<String>::new());
        assert_eq!(parse("[lint]\nallow = [\"acme/W01\"]").expect("it works").allow, ["acme/W01"]);
    }

    #[test]
    fn what_does_not_belong_there_is_named_with_its_place() {
        for (text, message, help) in [
            ("[lnt]", "herald.toml:1:2: unknown key `lnt`", "did you mean `lint`?"),
            (
                "lint = 1",
                "herald.toml:1:8: `lint` is a whole number, and should be a section [lint]",
                "",
            ),
            ("[lint]\nalow = []", "herald.toml:2:1: unknown key `alow`", "did you mean `allow`?"),
            (
                "[lint]\nallow = \"x\"",
                "herald.toml:2:9: `allow` is text, and should be a list of codes",
                "",
            ),
            (
                "[lint]\nallow = [\"acme/W02\"]",
                "herald.toml:2:10: there is no rule `acme/W02`",
                "did you mean `acme/W01`?",
            ),
            (
                "[lint]\nApp-Secret = \"hunter2\"",
                "herald.toml:2:1: `App-Secret` is a credential, and herald.toml never holds one",
                "credentials belong into a profile: `herald profile init`",
            ),
        ] {
            let error = parse(text).expect_err("it is refused");
            assert_eq!(error.full_message(), message);
            assert_eq!(error.advice().unwrap_or_default(), help);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn the_search_goes_up_to_the_root_of_the_repository_and_no_further() {
        let place = tempfile::tempdir().expect("it works");
        let home = place.path().canonicalize().expect("it works");
        let deep = home.join("repo/a/b");
        std::fs::create_dir_all(&deep).expect("it works");
        std::fs::write(home.join(NAME), "[lint]\nallow = []").expect("it works");
        let found = |folder: &Path| Project::find(folder, WAIVABLE).expect("it works").path;

        assert_eq!(found(&deep), None, "no repository: only the folder itself");
        assert_eq!(found(&home), Some(home.join(NAME)));
        std::fs::create_dir(home.join("repo/.git")).expect("it works");
        assert_eq!(found(&deep), None, "what is above the root does not count");
        std::fs::write(home.join("repo/herald.toml"), "").expect("it works");
        assert_eq!(found(&deep), Some(home.join("repo/herald.toml")));
    }

    #[test]
    fn of_many_faults_the_first_are_told_and_the_others_are_counted() {
        let keys: String = (0..60_000).map(|n| format!("k{n:05}=1\n")).rev().collect();
        let bad: String = (0..40_000).map(|n| format!("'acme/W{n:05}',")).collect();
        let good = "'acme/W01',".repeat(40_000);
        for (text, faults, first) in [
            (keys, 60_000, "herald.toml:1:1: unknown key `k59999`"),
            (format!("[lint]\nallow = [{bad}{good}]"), 40_000, "there is no rule `acme/W00000`"),
            (format!("[lint]\nallow = [{}]", "1,".repeat(90_000)), 90_000, "herald.toml:2:10"),
            ("=\n".repeat(90_000), 90_000, "herald.toml:1:1"),
        ] {
            assert!(text.len() as u64 <= MAX_TOML);
            let error = parse(&text).expect_err("it is refused");
            let message = error.full_message();
            assert!(message.contains(first), "{}", &message[..200]);
            assert_eq!(message.matches("herald.toml:").count(), TOLD);
            let rest = message.rsplit("; and ").next().expect("the rest");
            let more: usize = rest.split(' ').next().expect("a number").parse().expect("a number");
            // The parser finds two faults in some of these lines.
            assert!(more + TOLD >= faults, "{more} of {faults}");
        }
        let same = format!("[lint]\nallow = [{good}]");
        assert_eq!(parse(&same).expect("it works").allow, ["acme/W01"]);
    }

    #[cfg(unix)]
    #[test]
    fn settings_come_from_a_regular_file_of_a_size_that_settings_have() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().expect("it works");
        let repo = place.path().join("repo");
        let path = repo.join(NAME);
        std::fs::create_dir_all(repo.join(".git")).expect("it works");
        std::fs::create_dir_all(repo.join("a")).expect("it works");
        std::fs::write(repo.join("other"), "[lint]\npassphrase = 'hunter2'").expect("it works");
        let refused = |folder: &str, words: &str| {
            let error = Project::find(&repo.join(folder), WAIVABLE).expect_err(words);
            let told = format!("{} {:?}", error.full_message(), error.shown_excerpt());
            assert!(told.contains(words) && !told.contains("passphrase"), "{told}");
            assert_eq!(error.exit(), crate::exit::Exit::Input);
            std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path)).expect("it works");
        };
        for target in ["/dev/zero", "other", ".git/config", "gone", NAME, "/proc/self/environ"] {
            symlink(target, &path).expect("it works");
            refused("a", "is a link");
        }
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).expect("it works");
        refused("a", "not a regular file");
        std::fs::create_dir(&path).expect("it works");
        refused("", "not a regular file");
        std::fs::write(&path, "#".repeat(1 << 20)).expect("it works");
        assert!(Project::find(&repo.join("a"), WAIVABLE).is_ok());
        std::fs::write(&path, "#".repeat((1 << 20) + 1)).expect("it works");
        refused("a", "larger than 1 MiB");
        let sparse = std::fs::File::create(&path).expect("it works");
        sparse.set_len(1 << 40).expect("it works");
        refused("a", "larger than 1 MiB");
    }
}
