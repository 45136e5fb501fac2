//! Shells whose functions are herald's own, since the usual ones do not do for words with `=`, `:` and `.` in them.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{Bash, EnvCompleter, Zsh};

/// A shell with a function of herald's own, which asks in the usual way.
pub(super) struct Scripted {
    shell: &'static dyn EnvCompleter,
    function: &'static str,
}

/// bash cuts words at `=` and `:`: the function puts them together again.
pub(super) const BASH: Scripted =
    Scripted { shell: &Bash, function: include_str!("function.bash") };

/// zsh would put a blank behind a value that goes on.
pub(super) const ZSH: Scripted = Scripted { shell: &Zsh, function: include_str!("function.zsh") };

impl EnvCompleter for Scripted {
    fn name(&self) -> &'static str {
        self.shell.name()
    }

    fn is(&self, name: &str) -> bool {
        self.shell.is(name)
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
        let script = self
            .function
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
        self.shell.write_complete(command, words, folder, out)
    }
}
