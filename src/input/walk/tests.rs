use std::fs;

use super::*;

fn names(paths: &[PathBuf], root: &Path) -> Vec<String> {
    let below =
        |path: &Path| path.strip_prefix(root).expect("below the root").display().to_string();
    let items = paths.iter().flat_map(|path| inputs(path, &[]));
    items
        .filter(|item| !matches!(item, WalkItem::Skipped(_)))
        .map(|item| match item {
            WalkItem::Skipped(_) => unreachable!("they are filtered out"),
            WalkItem::Input { input: Input::Stdin, .. } => "-".to_owned(),
            WalkItem::Input { input, .. } => below(Path::new(&input.name())),
            WalkItem::Link(path, fault) => format!("{} {}", below(&path), fault.words()),
            WalkItem::NotAFile(path) => format!("{} is no file", below(&path)),
            WalkItem::Unreadable(_, error) => error.full_message(),
        })
        .collect()
}

#[test]
fn a_folder_names_what_it_skips_and_nothing_of_what_is_no_payload() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for name in [".git", "sub/.cache", "ignored"] {
        fs::create_dir_all(root.join(name)).expect("folders");
    }
    for (name, text) in [
        (".gitignore", "ignored\nsub/out*\n!sub/out.json\n"),
        ("a.json", "{}"),
        (".a.json", "{}"),
        (".env", ""),
        ("ignored/b.json", "{}"),
        ("sub/out.json", "{}"),
        ("sub/out2.json", "{}"),
        ("sub/out.txt", ""),
    ] {
        fs::write(root.join(name), text).expect("a file");
    }
    let skipped = inputs(root, &[]).filter_map(|item| match item {
        WalkItem::Skipped(path) => Some(path.strip_prefix(root).expect("below").to_owned()),
        _ => None,
    });
    let expected = [".a.json", "ignored", "sub/.cache", "sub/out2.json"];
    assert_eq!(skipped.collect::<Vec<_>>(), expected.map(PathBuf::from));
}

#[test]
fn a_folder_gives_its_payload_files_by_name_without_what_git_ignores() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir_all(root.join("b/deep")).expect("folders");
    for name in ["z.json", "a.JSONL", "b/deep/x.ndjson", "b/no.txt", "b/out.json", ".hidden.json"] {
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
    let paths =
        [PathBuf::from("-"), root.join("empty"), root.join("any.txt"), root.join("missing.txt")];
    let found = names(&paths, root);
    assert_eq!((found[0].as_str(), found[2].as_str()), ("-", "any.txt"));
    assert!(found[3].contains("cannot read") && found[3].contains("missing.txt"), "{found:?}");
    assert!(found[1].contains("holds no payload file"), "{}", found[1]);
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A repository with payloads, and with files that no walk must find.
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
        // In the whole repository the same links lead elsewhere, but still never into git's data.
        let repo = place.path().join("repo");
        let found = names(std::slice::from_ref(&repo), &repo);
        assert!(found.contains(&"r.json".to_owned()), "{found:?}");
        assert!(!found.contains(&"payloads/l01.json".to_owned()), "in its place: {found:?}");
        assert!(found.contains(&format!("payloads/l03.json {out}")), "{found:?}");
        assert!(found.contains(&"payloads/folder-up leads in a circle".to_owned()), "{found:?}");
    }

    #[test]
    fn a_link_into_what_git_keeps_or_to_a_folder_elsewhere_is_no_folder_to_walk() {
        let (place, root) = repository();
        symlink("../other", place.path().join("repo/out")).expect("a link");
        symlink("payloads", place.path().join("repo/in")).expect("a link");
        let refused = |path: &str, allowed: &[PathBuf]| {
            let found = inputs(&place.path().join(path), allowed);
            let errors = found.filter_map(|item| match item {
                WalkItem::Unreadable(_, error) => Some(error.full_message()),
                _ => None,
            });
            errors.collect()
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
        let found: Vec<WalkItem> = inputs(&root, &[]).collect();
        fs::remove_file(root.join("a.json")).expect("removed");
        symlink("../r.json", root.join("a.json")).expect("a link");
        fs::rename(root.join("sub"), root.join("was")).expect("renamed");
        symlink("was", root.join("sub")).expect("a link");
        for one in found.into_iter().filter(|one| !matches!(one, WalkItem::Skipped(_))) {
            let WalkItem::Input { input, .. } = one else { panic!("{one:?}") };
            let read = crate::input::payloads(&input, &mut |_| panic!("it was opened"));
            assert!(matches!(read, Err(crate::input::InputFault::Link)), "{input:?}");
        }
    }
}
