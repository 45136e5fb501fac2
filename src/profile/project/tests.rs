use std::rc::Rc;

use super::super::text::MAX_TOML;
use super::*;

use crate::contract::identify::Named;
use crate::contract::{Contract, Operation};
use crate::profile::Projects;

static ACME: Contract = Contract {
    id: "acme",
    operations: &[Operation { id: "send", ..Operation::BASE }],
    ..Contract::BASE
};

const NAMES: ProjectNames<'static> = ProjectNames {
    is_waivable: &|code| code == "acme/W01",
    why_not: &|code| (format!("there is no rule `{code}`"), did_you_mean(code, ["acme/W01"])),
    scope: &|name| match name {
        "acme" => Ok(OperationScope::Provider(&ACME)),
        "acme/send" => {
            let operation = &ACME.operations[0];
            Ok(OperationScope::Operation(Named { contract: &ACME, operation }))
        }
        _ => Err(Error::usage(format!("there is no `{name}`")).help("did you mean `acme`?")),
    },
};

/// The settings for a folder, outside of a repository only its own.
fn find(folder: &Path) -> Result<Project> {
    let found = Projects::new(Path::new("/no/such")).of(folder, NAMES);
    Rc::try_unwrap(found).expect("the cache is gone")
}

fn parse(text: &str) -> Result<Project> {
    Project::parse(&TomlText::new("herald.toml", text), NAMES)
}

#[test]
fn a_project_waives_rules_by_code() {
    assert_eq!(parse("").expect("it works").allow, Vec::<String>::new());
    assert_eq!(parse("[lint]\nallow = [\"acme/W01\"]").expect("it works").allow, ["acme/W01"]);
}

#[test]
fn a_project_says_which_files_are_what() {
    let text = "[lint]\nexclude = ['vendor/**']\n[[lint.files]]\npath = 'push/*.json'\nas = 'acme/send'\n\
                [[lint.files]]\npath = '**'\nas = 'acme'";
    let project = Project::parse(&TomlText::new("/home/herald.toml", text), NAMES);
    let project = project.expect("it works");
    assert!(project.exclude[0].matches(Path::new("/home/vendor/x/package.json")));
    let scopes = |path: &str| {
        let hits = project.files.iter().filter(|(glob, _)| glob.matches(Path::new(path)));
        hits.map(|(_, scope)| scope.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(scopes("/home/push/a.json"), ["acme/send", "acme"]);
    assert_eq!(scopes("/home/other/a.json"), ["acme"]);
    assert_eq!(scopes("/a.json"), [""; 0]);
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
        ("[lint]\nexclude = ['a[']", "herald.toml:2:12: unclosed character class; missing ']'", ""),
        (
            "[[lint.files]]\npath = 'a'\nas = 'acm'",
            "herald.toml:3:6: there is no `acm`",
            "did you mean `acme`?",
        ),
        (
            "[[lint.files]]\npath = 'a'",
            "herald.toml:1:1: the section has no `as`",
            "it says which files are what: `path` and `as`",
        ),
        (
            "[[lint.files]]\npaht = 'a'",
            "herald.toml:2:1: unknown key `paht`",
            "did you mean `path`?",
        ),
        (
            "[lint]\nfiles = ['a']",
            "herald.toml:2:10: `files` is text, and should be a section [[lint.files]]",
            "",
        ),
        (
            "[[lint.files]]\npath = 'a'\nas = 'acme'\napp_key = 'hunter2'",
            "herald.toml:4:1: `app_key` is a credential, and herald.toml never holds one",
            "credentials belong into a profile: `herald profile init`",
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
    std::fs::write(home.join(PROJECT_FILE), "[lint]\nallow = []").expect("it works");
    let found = |folder: &Path| find(folder).expect("it works").path;

    assert_eq!(found(&deep), None, "no repository: only the folder itself");
    assert_eq!(found(&home), Some(home.join(PROJECT_FILE)));
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
        (format!("[lint]\nexclude = [{}]", "1,".repeat(990)), 990, "herald.toml:2:12"),
        (format!("[[lint.files]]\n{}", "as = 1\n".repeat(9000)), 8_999, "duplicate key"),
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
    let repo = place.path().canonicalize().expect("it works").join("repo");
    let path = repo.join(PROJECT_FILE);
    std::fs::create_dir_all(repo.join(".git")).expect("it works");
    std::fs::create_dir_all(repo.join("a")).expect("it works");
    std::fs::write(repo.join("other"), "[lint]\npassphrase = 'hunter2'").expect("it works");
    let refused = |folder: &str, words: &str| {
        let error = find(&repo.join(folder)).expect_err(words);
        let told = format!("{} {:?}", error.full_message(), error.shown_excerpt());
        assert!(told.contains(words) && !told.contains("passphrase"), "{told}");
        assert_eq!(error.exit(), crate::exit::Exit::Input);
        std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir(&path)).expect("it works");
    };
    for target in ["/dev/zero", "other", ".git/config", "gone", PROJECT_FILE, "/proc/self/environ"]
    {
        symlink(target, &path).expect("it works");
        refused("a", "is a link");
    }
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).expect("it works");
    refused("a", "not a regular file");
    std::fs::create_dir(&path).expect("it works");
    refused("", "not a regular file");
    std::fs::write(&path, "#".repeat(1 << 20)).expect("it works");
    assert!(find(&repo.join("a")).is_ok());
    std::fs::write(&path, "#".repeat((1 << 20) + 1)).expect("it works");
    refused("a", "larger than 1 MiB");
    let sparse = std::fs::File::create(&path).expect("it works");
    sparse.set_len(1 << 40).expect("it works");
    refused("a", "larger than 1 MiB");
}
