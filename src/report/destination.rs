//! `--report FORMAT=PATH`: a report file in addition to the normal output.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::Format;
use super::recognise::is_report;
use crate::error::{Error, ErrorKind, Result};
use crate::files::{
    FileAccess, KeptFile, OutputFile, OutputKind, WriteThrough, append, is_same_file,
};
use crate::near::did_you_mean;

/// A file that is written as a whole: first under another name, so that no reader finds half of it. A device or a pipe
/// is written to directly. To the summary of a step in GitHub Actions, the report is added at the end.
#[derive(Debug)]
pub struct Destination {
    format: Format,
    path: PathBuf,
    file: ReportFile,
}

#[derive(Debug)]
enum ReportFile {
    Own(BufWriter<OutputFile>),
    /// A file that others add to as well, and what is added to it at the end.
    Shared(File, String),
}

/// A report that a command line asks for: `FORMAT=PATH`.
#[derive(Debug, PartialEq, Eq)]
pub struct ReportWish {
    /// Its format.
    pub format: Format,
    /// The path of the file.
    pub path: PathBuf,
}

impl ReportWish {
    /// Parses several `FORMAT=PATH`. Two that lead to one file are wrong usage.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>> {
        let wishes = texts.iter().map(|text| parse(text)).collect::<Result<Vec<Self>>>()?;
        for (index, wish) in wishes.iter().enumerate() {
            let is_one =
                |other: &&Self| wish.path == other.path || is_same_file(&wish.path, &other.path);
            if wishes[..index].iter().any(|other| is_one(&other)) {
                let path = wish.path.display();
                return Err(Error::usage(format!("two reports go to `{path}`"))
                    .help("give each a file of its own"));
            }
        }
        Ok(wishes)
    }
}

impl Destination {
    /// Opens the file, so that an unwritable path is reported before anything else is done. It replaces an older report in
    /// the same format, an empty file, and nothing else; none of the files `kept`. A report in Markdown is added to the file
    /// `step_summary`, whatever is in it: the commands of a step in GitHub Actions share that file.
    pub fn open(wish: ReportWish, kept: &[KeptFile], step_summary: Option<&Path>) -> Result<Self> {
        let ReportWish { format, path } = wish;
        let is_it = |summary: &Path| summary == path || is_same_file(summary, &path);
        let is_shared = format == Format::Markdown && step_summary.is_some_and(is_it);
        let content = format!("report of herald in the format `{}`", format.word());
        let kind = OutputKind {
            name: "the report",
            content: &content,
            is_own: &|file| is_shared || is_report(format, file),
            kept,
            refusal: ErrorKind::Input,
            help: "name a new file in a folder that exists and can be written",
        };
        let file = match is_shared {
            true => ReportFile::Shared(append(&path, FileAccess::Shared, &kind)?, String::new()),
            false => {
                let file = OutputFile::open(&path, FileAccess::Shared, &kind)?;
                ReportFile::Own(BufWriter::new(file))
            }
        };
        Ok(Self { format, path, file })
    }

    /// Its format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The path of the file, as the user named it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds text.
    pub fn write(&mut self, text: &str) -> Result<()> {
        match &mut self.file {
            ReportFile::Own(file) => {
                let written = file.write_all(text.as_bytes());
                written.map_err(|why| self.failed(why))
            }
            ReportFile::Shared(_, all) => {
                all.push_str(text);
                Ok(())
            }
        }
    }

    /// Puts the file into place.
    pub fn finish(mut self) -> Result<()> {
        let done = match &mut self.file {
            ReportFile::Own(file) => {
                file.flush().and_then(|()| file.get_mut().publish(WriteThrough::No))
            }
            ReportFile::Shared(file, all) => {
                // What is there may not end its last line, and a blank line ends a list or a table.
                let is_first = file.metadata().is_ok_and(|about| about.len() == 0);
                let start = if is_first { "" } else { "\n\n" };
                file.write_all(format!("{start}{all}").as_bytes())
            }
        };
        done.map_err(|why| self.failed(why))
    }

    fn failed(&self, why: std::io::Error) -> Error {
        Error::input(format!("cannot write the report `{}`", self.path.display())).because(why)
    }
}

fn parse(text: &str) -> Result<ReportWish> {
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
        path => Ok(ReportWish { format, path: PathBuf::from(path) }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::exit::Exit;

    fn open(text: &str) -> Result<Destination> {
        Destination::open(parse(text)?, &[], None)
    }

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.json");
        let text = format!("json={}", path.display());
        let entries = || fs::read_dir(folder.path()).expect("a folder").count();

        let mut given_up = open(&text).expect("writable");
        given_up.write("half").expect("writable");
        drop(given_up);
        assert_eq!(entries(), 0);

        let old = r#"{"version":1,"summary":{"files":0,"payloads":0},"findings":[]}"#;
        fs::write(&path, old).expect("writable");
        let mut report = open(&text).expect("writable");
        report.write("new").expect("writable");
        assert_eq!(fs::read_to_string(&path).expect("there"), old);
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
            let error = open(text).expect_err(text);
            assert!(error.full_message().contains(words), "{text}: {}", error.full_message());
            assert!(error.advice().is_some(), "{text}");
            assert_eq!(error.exit(), exit, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_report_goes_through_no_link_and_waits_for_no_pipe() {
        let folder = tempfile::tempdir().expect("a folder");
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").expect("writable");
        for target in ["victim", "gone", "link"] {
            let path = folder.path().join("link");
            std::os::unix::fs::symlink(target, &path).expect("a link");
            let error = open(&format!("json={}", path.display())).expect_err("a link");
            assert!(error.full_message().contains("it is a link"), "{}", error.full_message());
            assert_eq!(error.exit(), Exit::Input);
            fs::remove_file(&path).expect("removed");
        }
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
        let error = open(&format!("json={}", pipe.display())).expect_err("no reader");
        assert!(error.full_message().contains("no process reads"), "{}", error.full_message());
        let reader = fs::File::options().read(true).write(true).open(&pipe).expect("a reader");
        let mut report = open(&format!("json={}", pipe.display())).expect("a reader");
        report.write("text").and_then(|()| report.finish()).expect("it is read");
        let mut read = [0; 4];
        std::io::Read::read_exact(&mut &reader, &mut read).expect("text");
        assert_eq!(&read, b"text");
        let mut report = open("json=/dev/null").expect("a device");
        report.write("text").and_then(|()| report.finish()).expect("it takes all");
        assert_eq!(fs::read_to_string(&victim).expect("there"), "precious");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }
}
