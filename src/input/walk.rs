//! From the paths of the command line to files.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::Input;
use crate::error::{Error, Result};

/// Endings of files that hold payloads.
const ENDINGS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// The inputs behind paths, in order; a folder gives its payload files by name. What cannot be walked is an error in its
/// place, and the others go on.
pub fn inputs(paths: &[PathBuf]) -> impl Iterator<Item = Result<Input>> {
    paths.iter().flat_map(|path| -> Box<dyn Iterator<Item = Result<Input>>> {
        if path != Path::new("-") && path.is_dir() {
            Box::new(folder(path))
        } else {
            Box::new(std::iter::once(Ok(Input::of(path))))
        }
    })
}

/// The payload files below a folder. `.gitignore` counts whether or not there is a repository around it.
fn folder(path: &Path) -> impl Iterator<Item = Result<Input>> {
    let walk = WalkBuilder::new(path).require_git(false).sort_by_file_name(Ord::cmp).build();
    let mut found = false;
    let mut files = walk.filter_map(|entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file())
                || entry.path_is_symlink() && entry.path().is_file();
            (is_file && holds_payloads(entry.path())).then(|| Ok(Input::File(entry.into_path())))
        }
        Err(why) => Some(Err(Error::input("cannot walk a folder").because(why))),
    });
    let name = path.display().to_string();
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        if let Some(input) = files.next() {
            found = true;
            return Some(input);
        }
        ended = true;
        (!found).then(|| {
            Err(Error::input(format!("the folder `{name}` holds no payload file"))
                .help("payload files end in .json, .ndjson or .jsonl; .gitignore is honoured"))
        })
    })
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
        inputs(paths)
            .map(|input| match input {
                Ok(Input::File(path)) => {
                    path.strip_prefix(root).expect("below the root").display().to_string()
                }
                Ok(Input::Stdin) => "-".to_owned(),
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
        let paths = [PathBuf::from("-"), root.join("empty"), root.join("missing.txt")];
        let found = names(&paths, root);
        assert_eq!((found[0].as_str(), found[2].as_str()), ("-", "missing.txt"));
        assert!(found[1].contains("holds no payload file"), "{}", found[1]);
    }
}
