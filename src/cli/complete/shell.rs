//! Shells with herald's own functions, because the usual ones fail for words with `=`, `:` and `.` in them.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Zsh};

/// A shell with herald's own function, which requests completion in the usual way.
pub(super) struct Scripted {
    shell: &'static dyn EnvCompleter,
    function: &'static str,
    /// Stands for a quote inside single quotes.
    quote: &'static str,
}

/// bash splits words at `=` and `:`: the function joins them again. It quotes values, because they come from files and
/// bash would split and expand them.
pub(super) const BASH: Scripted =
    Scripted { shell: &Bash, function: include_str!("function.bash"), quote: r"'\''" };

/// zsh would add a blank after a value that can continue. It quotes values by itself.
pub(super) const ZSH: Scripted =
    Scripted { shell: &Zsh, function: include_str!("function.zsh"), quote: r"'\''" };

/// The usual line of fish gives herald the typed word with its quotes. fish quotes values by itself.
pub(super) const FISH: Scripted =
    Scripted { shell: &Fish, function: include_str!("function.fish"), quote: r"\'" };

/// The usual function of PowerShell evaluates the typed line, and does not quote values.
pub(super) const POWERSHELL: Scripted =
    Scripted { shell: &Powershell, function: include_str!("function.ps1"), quote: "''" };

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
        let quoted = format!("'{}'", completer.replace('\'', self.quote));
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
