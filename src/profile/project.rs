//! A project's `herald.toml`: settings of lint that are shared by all who work on it. It never holds a secret.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::text::{Problem, TomlText, type_name};
use crate::error::{Error, Kind, Result};
use crate::near::did_you_mean;

/// Name of the file.
const NAME: &str = "herald.toml";

/// What marks the root of a repository: a folder, or a file in a worktree.
const ROOT: &str = ".git";

/// Parts of names that only a credential has.
const SECRETIVE: [&str; 7] =
    ["secret", "token", "password", "passwd", "credential", "app_key", "client_id"];

/// Settings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Where they stand, if there are any.
    pub path: Option<PathBuf>,
    /// Codes of rules that are waived, as `jpush-v2/V2-W05`.
    pub allow: Vec<String>,
}

/// Says whether a code can be waived: nothing, or what is wrong with it and what to do.
pub type Waivable<'a> = &'a dyn Fn(&str) -> Result<(), (String, Option<String>)>;

impl Project {
    /// The settings for a folder: of the nearest file from there up to the root of the repository. Outside of one, only the
    /// folder itself is looked at.
    pub fn find(folder: &Path, waivable: Waivable<'_>) -> Result<Self> {
        // A relative path has no folders above it, and one with `..` has wrong ones.
        let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let in_repository = folder.ancestors().any(|folder| folder.join(ROOT).exists());
        for folder in folder.ancestors() {
            let path = folder.join(NAME);
            match std::fs::read_to_string(&path) {
                Ok(text) => return Self::parse(&TomlText::new(path, text), waivable),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let message = format!("cannot read {}", path.display());
                    return Err(Error::new(Kind::Input, message).because(error));
                }
            }
            if !in_repository || folder.join(ROOT).exists() {
                break;
            }
        }
        Ok(Self::default())
    }

    fn parse(text: &TomlText, waivable: Waivable<'_>) -> Result<Self> {
        let mut problems = Vec::new();
        let mut allow = Vec::new();
        match text.parse() {
            Ok(root) => {
                no_credentials(root.get_ref(), &mut problems);
                allow = read(root.get_ref(), waivable, &mut problems);
            }
            Err(faults) => problems = faults,
        }
        if !problems.is_empty() {
            return Err(text.error(Kind::Input, problems, &["allow"]));
        }
        Ok(Self { path: Some(text.path().to_owned()), allow })
    }
}

fn is_secretive(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    SECRETIVE.iter().any(|part| name.contains(part))
}

/// Nothing that looks like a credential, at whatever depth: the file is shared.
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

fn read(root: &DeTable<'_>, waivable: Waivable<'_>, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut allow = Vec::new();
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
) -> Vec<String> {
    let wrong = |value: &Spanned<DeValue<'_>>, wanted: &str| {
        let message = format!("`allow` is {}, and should be {wanted}", type_name(value.get_ref()));
        Problem::new(value.span(), message)
    };
    let DeValue::Array(items) = value.get_ref() else {
        problems.push(wrong(value, "a list of codes"));
        return Vec::new();
    };
    let mut out = Vec::new();
    for item in items.iter() {
        match item.get_ref() {
            DeValue::String(code) => {
                if let Err((message, help)) = waivable(code) {
                    problems.push(Problem::new(item.span(), message).help(help));
                }
                out.push(code.to_string());
            }
            _ => problems.push(wrong(item, "a list of codes in quotes")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waivable(code: &str) -> Result<(), (String, Option<String>)> {
        match code {
            "acme/W01" => Ok(()),
            _ => Err((format!("there is no rule `{code}`"), did_you_mean(code, ["acme/W01"]))),
        }
    }

    fn parse(text: &str) -> Result<Project> {
        Project::parse(&TomlText::new("herald.toml", text), &waivable)
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
        let found = |folder: &Path| Project::find(folder, &waivable).expect("it works").path;

        assert_eq!(found(&deep), None, "no repository: only the folder itself");
        assert_eq!(found(&home), Some(home.join(NAME)));
        std::fs::create_dir(home.join("repo/.git")).expect("it works");
        assert_eq!(found(&deep), None, "what is above the root does not count");
        std::fs::write(home.join("repo/herald.toml"), "").expect("it works");
        assert_eq!(found(&deep), Some(home.join("repo/herald.toml")));
    }
}
