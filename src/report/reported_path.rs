//! The name of a file in reports.

use std::fmt::{self, Write as _};
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use serde::{Serialize, Serializer};

/// A file in reports: its name for people and scripts, and its path for tools that know its repository.
///
/// JSON, JUnit XML and text for people contain the name; SARIF and the formats of GitHub and GitLab contain the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedPath {
    name: String,
    /// With `/` between names; UTF-8 or not.
    in_repository: Vec<u8>,
}

impl ReportedPath {
    /// A file with a plain name, which is in a folder. `site` is its absolute path without links and `root` the root of
    /// its repository; a file that is not below the root keeps its absolute path.
    pub fn new(name: &Path, site: &Path, root: Option<&Path>) -> Self {
        let in_repository = match root.and_then(|root| site.strip_prefix(root).ok()) {
            Some(inside) if inside.as_os_str().is_empty() => b".".to_vec(),
            Some(inside) => slashed(inside),
            None => slashed(site),
        };
        Self { name: text(name.as_os_str().as_encoded_bytes()), in_repository }
    }

    /// What is in no folder, such as `(stdin)`.
    pub fn outside(name: &str) -> Self {
        Self { name: name.to_owned(), in_repository: name.as_bytes().to_vec() }
    }

    /// The path as the user named it, without `//`, and without `.` and `..` but at its beginning.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path relative to the root of the repository.
    pub fn in_repository(&self) -> String {
        text(&self.in_repository)
    }

    /// The same path as a relative reference (RFC 3986), or as a `file:` address if it is absolute.
    pub fn uri(&self) -> String {
        let is_absolute = self.in_repository.starts_with(b"/");
        let mut out = String::from(if is_absolute { "file://" } else { "" });
        for byte in &self.in_repository {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    out.push(char::from(*byte));
                }
                _ => percent(&mut out, *byte),
            }
        }
        out
    }
}

impl fmt::Display for ReportedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Serialize for ReportedPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

/// A path without `//`, and without `.` and `..` but at its beginning. Through a link it may lead elsewhere.
pub fn plain_path(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match (part, plain.components().next_back()) {
            (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::CurDir)) => plain = PathBuf::from(".."),
            (Component::ParentDir, Some(Component::Normal(_))) => drop(plain.pop()),
            _ => plain.push(part),
        }
    }
    if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain }
}

fn slashed(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes.map(|byte| if *byte == MAIN_SEPARATOR as u8 { b'/' } else { *byte }).collect()
}

/// Bytes as text: those that are not UTF-8 are percent-encoded, so that different names stay different.
fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| percent(&mut out, *byte));
    }
    out
}

fn percent(out: &mut String, byte: u8) {
    let _ = write!(out, "%{byte:02X}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_below_the_root_is_relative_to_it_and_another_one_absolute() {
        #[rustfmt::skip]
        let table = [
            ("/r/p/a.json",       "p/a.json",       "p/a.json"),
            ("/r",                ".",              "."),
            ("/other/a.json",     "/other/a.json",  "file:///other/a.json"),
            ("/r/a%,: 你\n.json", "a%,: 你\n.json", "a%25%2C%3A%20%E4%BD%A0%0A.json"),
        ];
        for (site, path, uri) in table {
            let file = ReportedPath::new(Path::new("x"), Path::new(site), Some(Path::new("/r")));
            assert_eq!((file.in_repository().as_str(), file.uri().as_str()), (path, uri));
            assert_eq!(file.name(), "x");
        }
        let file = ReportedPath::new(Path::new("a"), Path::new("/r/a"), None);
        assert_eq!(file.in_repository(), "/r/a");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_percent_encoded_as_they_are() {
        use std::os::unix::ffi::OsStrExt as _;
        let site = Path::new(std::ffi::OsStr::from_bytes(b"/r/\xc4\xe3.json"));
        let file = ReportedPath::new(site, site, Some(Path::new("/r")));
        assert_eq!(file.name(), "/r/%C4%E3.json");
        assert_eq!(
            (file.in_repository().as_str(), file.uri().as_str()),
            ("%C4%E3.json", "%C4%E3.json")
        );
    }

    proptest! {
        #[test]
        fn a_plain_path_has_nothing_to_leave_out_and_names_the_same_file(path in "/?(a|b|\\.|\\.\\.|/){0,12}") {
            prop_assume!(!path.is_empty());
            let plain = plain_path(Path::new(&path));
            let shown = plain.display().to_string();
            let rest = shown.strip_prefix("./").or(shown.strip_prefix('/')).unwrap_or(&shown);
            let mut names = rest.split('/').skip_while(|name| *name == "..");
            let is_plain = ["/", "."].contains(&shown.as_str())
                || !names.any(|name| ["", ".", ".."].contains(&name));
            prop_assert!(is_plain, "{}", shown);
            prop_assert_eq!(plain.is_absolute(), path.starts_with('/'));
            prop_assert_eq!(&plain_path(&plain), &plain);
            // Without links, both lead to the same place from a folder that is deep enough.
            let walk = |path: &Path| {
                let mut at: Vec<String> = (0..12).map(|depth| depth.to_string()).collect();
                for part in path.components() {
                    match part {
                        Component::RootDir => at.clear(),
                        Component::ParentDir => drop(at.pop()),
                        Component::Normal(name) => at.push(name.display().to_string()),
                        _ => {}
                    }
                }
                at
            };
            prop_assert_eq!(walk(&plain), walk(Path::new(&path)));
        }

        #[test]
        fn a_uri_gives_back_every_byte(name in "[^/\0]{1,12}") {
            let site = Path::new("/r").join(&name);
            let uri = ReportedPath::new(&site, &site, Some(Path::new("/r"))).uri();
            prop_assert!(uri.is_ascii() && !uri.contains(':'), "{}", uri);
            let mut pieces = uri.split('%');
            let mut decoded = pieces.next().unwrap_or_default().as_bytes().to_vec();
            for piece in pieces {
                decoded.push(u8::from_str_radix(&piece[..2], 16).expect("two digits"));
                decoded.extend_from_slice(&piece.as_bytes()[2..]);
            }
            prop_assert_eq!(decoded, name.as_bytes());
        }
    }
}
