//! `--report FORMAT=PATH`: where a report goes beside the normal output.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::Format;
use crate::error::{Error, Result};
use crate::near::did_you_mean;

/// A file that is written as a whole: under another name first, so that nobody ever reads half of it.
#[derive(Debug)]
pub struct Destination {
    format: Format,
    path: PathBuf,
    /// The name under which it grows, until it is done; none where the path is a device or a pipe.
    draft: Option<PathBuf>,
    file: BufWriter<File>,
}

impl Destination {
    /// Reads `FORMAT=PATH` and opens the file, so that a path that cannot be written is known before anything else is
    /// done.
    pub fn open(text: &str) -> Result<Self> {
        let (format, path) = parse(text)?;
        let cannot = |why| {
            Error::input(format!("cannot write the report `{}`", path.display()))
                .help("name a file in a folder that exists and can be written")
                .because(why)
        };
        let is_special = fs::metadata(&path).is_ok_and(|facts| !facts.is_file());
        let draft = (!is_special).then(|| draft_of(&path));
        let mut options = File::options();
        match &draft {
            Some(_) => options.write(true).create_new(true),
            None => options.write(true),
        };
        let file = options.open(draft.as_ref().unwrap_or(&path)).map_err(cannot)?;
        Ok(Self { format, path, draft, file: BufWriter::new(file) })
    }

    /// Which format it has.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The file that it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds text.
    pub fn write(&mut self, text: &str) -> Result<()> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|why| self.failed(why))
    }

    /// Puts the file in its place.
    pub fn finish(mut self) -> Result<()> {
        self.file.flush().map_err(|why| self.failed(why))?;
        if let Some(draft) = &self.draft {
            fs::rename(draft, &self.path).map_err(|why| self.failed(why))?;
            self.draft = None;
        }
        Ok(())
    }

    fn failed(&self, why: std::io::Error) -> Error {
        Error::input(format!("cannot write the report `{}`", self.path.display())).because(why)
    }
}

impl Drop for Destination {
    /// What was not finished leaves nothing behind.
    fn drop(&mut self) {
        if let Some(draft) = &self.draft {
            let _ = fs::remove_file(draft);
        }
    }
}

fn parse(text: &str) -> Result<(Format, PathBuf)> {
    let usage = |message: String| Error::usage(message);
    let Some((word, path)) = text.split_once('=') else {
        return Err(usage(format!("`--report {text}` is not of the form FORMAT=PATH"))
            .help("as in `--report sarif=herald.sarif`"));
    };
    let Some(format) = Format::from_word(word) else {
        let help = did_you_mean(word, Format::WORDS.map(|(word, _)| word)).unwrap_or_else(|| {
            format!("the formats are {}", Format::WORDS.map(|(w, _)| w).join(", "))
        });
        return Err(usage(format!("there is no report format `{word}`")).help(help));
    };
    match path {
        "" => Err(usage(format!("`--report {text}` names no file"))
            .help("as in `--report sarif=herald.sarif`")),
        "-" => Err(usage("a report goes to a file, not to stdout".to_owned())
            .help(format!("`--output {word}` writes it to stdout"))),
        path => Ok((format, PathBuf::from(path))),
    }
}

/// A name beside the file that no other process uses. What a killed one left under it is taken away.
fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let _ = fs::remove_file(&draft);
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.json");
        let text = format!("json={}", path.display());
        let entries = || fs::read_dir(folder.path()).expect("a folder").count();

        let mut given_up = Destination::open(&text).expect("writable");
        given_up.write("half").expect("writable");
        drop(given_up);
        assert_eq!(entries(), 0);

        fs::write(&path, "old").expect("writable");
        let mut report = Destination::open(&text).expect("writable");
        report.write("new").expect("writable");
        assert_eq!(fs::read_to_string(&path).expect("there"), "old");
        report.finish().expect("writable");
        assert_eq!((fs::read_to_string(&path).expect("there").as_str(), entries()), ("new", 1));
    }

    #[test]
    fn what_is_no_report_is_said_before_anything_is_done() {
        #[rustfmt::skip]
        let table = [
            ("sarif",                  "FORMAT=PATH",         Exit::Usage),
            ("sarrif=x",               "no report format",    Exit::Usage),
            ("sarif=-",                "not to stdout",       Exit::Usage),
            ("sarif=",                 "names no file",       Exit::Usage),
            ("sarif=/no/such/dir/x",   "cannot write",        Exit::Input),
        ];
        for (text, words, exit) in table {
            let error = Destination::open(text).expect_err(text);
            assert!(error.full_message().contains(words), "{text}: {}", error.full_message());
            assert!(error.advice().is_some(), "{text}");
            assert_eq!(error.exit(), exit, "{text}");
        }
    }
}
