//! Live completion in bash, which cuts words at `=` and `:`, where herald's own words go on.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{Bash, EnvCompleter};

/// bash with a function that puts the words together again.
#[derive(Debug)]
pub(super) struct WholeWords;

impl EnvCompleter for WholeWords {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        _name: &str,
        program: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> Result<()> {
        let quoted = format!("'{}'", completer.replace('\'', r"'\''"));
        let script = include_str!("function.bash")
            .replace("VARIABLE", variable)
            .replace("PROGRAM", program)
            .replace("COMPLETER", &quoted);
        out.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<()> {
        Bash.write_complete(command, words, folder, out)
    }
}
