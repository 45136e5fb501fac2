//! Patterns for paths of files.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;

/// How many files a search for one that matches looks at.
const MAX_SEARCHED: usize = 10_000;

/// A pattern for the files below a folder: `*` and `?` stand for characters of one name, `**` for any folders, `[…]` for
/// one of several characters. `/` separates folders on every system.
#[derive(Clone, Debug)]
pub struct PathGlob {
    text: String,
    /// The folder below which it is matched, without links.
    base: PathBuf,
    matcher: GlobMatcher,
}

impl PathGlob {
    /// A pattern that is relative to a folder, which is given without links; `..` at its beginning leads out of it. A
    /// pattern that ends in `/` stands for everything in that folder.
    ///
    /// Fails with the reason if it is not a pattern.
    pub fn new(text: &str, folder: &Path) -> Result<Self, String> {
        let mut base = folder.to_owned();
        let mut rest = text;
        loop {
            if let Some(inner) = rest.strip_prefix("./") {
                rest = inner.trim_start_matches('/');
            } else if let Some(inner) = rest.strip_prefix("../") {
                base.pop();
                rest = inner.trim_start_matches('/');
            } else {
                break;
            }
        }
        if let (true, Some(root)) =
            (Path::new(rest).is_absolute(), Path::new(rest).ancestors().last())
        {
            let length = root.to_str().map_or(0, str::len);
            (base, rest) = (root.to_owned(), rest.get(length..).unwrap_or_default());
        }
        let pattern = match rest {
            "" => return Err("the pattern is empty".to_owned()),
            "." | ".." => {
                return Err("the pattern is a folder; `**` stands for the files in it".to_owned());
            }
            folder if folder.ends_with('/') => format!("{folder}**"),
            files => files.to_owned(),
        };
        let pattern = without_alternatives(&pattern);
        let glob =
            GlobBuilder::new(&pattern).literal_separator(true).backslash_escape(true).build();
        let matcher = glob.map_err(|error| error.kind().to_string())?.compile_matcher();
        Ok(Self { text: text.to_owned(), base, matcher })
    }

    /// Whether a path, which must have no links, matches.
    pub fn matches(&self, path: &Path) -> bool {
        path.strip_prefix(&self.base).is_ok_and(|inside| self.matcher.is_match(inside))
    }

    /// Whether a path, or a folder that it is in, matches, as in a `.gitignore`.
    pub fn covers(&self, path: &Path) -> bool {
        path.ancestors().any(|path| self.matches(path))
    }

    /// Whether something on the disk matches, as far as a short search tells.
    pub fn has_match(&self) -> bool {
        let names = self.matcher.glob().glob().split('/');
        let literal: PathBuf =
            names.take_while(|name| !name.contains(['*', '?', '[', '\\'])).collect();
        let walk = WalkBuilder::new(self.base.join(literal)).standard_filters(false).build();
        let mut walk = walk.flatten().take(MAX_SEARCHED + 1).enumerate();
        walk.any(|(seen, entry)| seen == MAX_SEARCHED || self.matches(entry.path()))
    }

    /// The pattern as the user wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A pattern that matches this path alone, relative to the folder.
    pub fn of_path(path: &Path) -> String {
        let mut out = String::new();
        for c in path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/").chars() {
            if "*?[]".contains(c) { out.extend(['[', c, ']']) } else { out.push(c) }
        }
        out
    }
}

/// A pattern in which braces are ordinary characters: names of files have them.
fn without_alternatives(pattern: &str) -> String {
    let (mut out, mut is_class, mut is_escaped) = (String::new(), false, false);
    for c in pattern.chars() {
        match c {
            '{' | '}' if !is_class && !is_escaped => out.extend(['[', c, ']']),
            _ => out.push(c),
        }
        is_class = !is_escaped && (c == '[' || (is_class && c != ']'));
        is_escaped = c == '\\' && !is_escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_match_whole_paths_below_their_folder() {
        #[rustfmt::skip]
        let table = [
            ("a.json",            "a.json",           true),
            ("a.json",            "sub/a.json",       false),
            ("*.json",            "a.json",           true),
            ("*.json",            "sub/a.json",       false),
            ("**/*.json",         "a.json",           true),
            ("**/*.json",         "x/y/a.json",       true),
            ("jpush/**/*.json",   "jpush/a.json",     true),
            ("jpush/**/*.json",   "jpush/x/a.json",   true),
            ("jpush/**/*.json",   "other/a.json",     false),
            ("jpush/**",          "jpush/x/a.ndjson", true),
            ("jpush/",            "jpush/x/a.json",   true),
            ("jpush",             "jpush/a.json",     false),
            ("./jpush/*",         "jpush/a.json",     true),
            ("../base/a.json",    "a.json",           true),
            ("/base/a.json",      "a.json",           true),
            ("/other/a.json",     "a.json",           false),
            ("a?.json",           "a1.json",          true),
            ("a?.json",           "a/.json",          false),
            ("a[0-9].json",       "a7.json",          true),
            ("a[!0-9].json",      "a7.json",          false),
            ("推送/*.json",        "推送/你好.json",    true),
            ("{a}.json",          "{a}.json",         true),
            ("{a,b}.json",        "a.json",           false),
            ("[{]a\\}.json",      "{a}.json",         true),
        ];
        for (pattern, path, expected) in table {
            let glob = PathGlob::new(pattern, Path::new("/base")).expect(pattern);
            assert_eq!(glob.matches(&Path::new("/base").join(path)), expected, "{pattern} {path}");
        }
        for pattern in ["", "./", "[", "a[b", ".."] {
            assert!(PathGlob::new(pattern, Path::new("/base")).is_err(), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn the_pattern_of_a_path_matches_it(name in "[a-z*?\\[\\]{}!,你 .-]{1,8}x") {
            let path = Path::new("sub").join(&name);
            let glob = PathGlob::new(&PathGlob::of_path(&path), Path::new("/base")).expect("a pattern");
            prop_assert!(glob.matches(&Path::new("/base").join(&path)));
        }
    }
}
