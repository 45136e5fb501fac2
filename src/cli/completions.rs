//! `herald completions`: completion scripts, made from the program's own description of its flags.

use clap::{Args as Arguments, Command};
use clap_complete::{Shell, generate};

use super::Session;
use crate::error::Result;
use crate::exit::Exit;

/// Print the completion script of a shell
#[derive(Debug, Arguments)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command. `program` is the whole command line.
pub fn run(session: &Session, args: &Args, program: &mut Command) -> Result<Exit> {
    session.ui.raw(&script(args.shell, program));
    Ok(Exit::Done)
}

/// The completion script of a shell.
pub fn script(shell: Shell, program: &mut Command) -> String {
    let name = program.get_name().to_owned();
    let mut out = Vec::new();
    generate(shell, program, name, &mut out);
    String::from_utf8(out).expect("scripts are made of flags' names and help, which are UTF-8")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn each_of_the_five_shells_gets_a_script_with_the_flags_in_it() {
        assert_eq!(Shell::value_variants().len(), 5);
        for shell in Shell::value_variants() {
            let mut program = Command::new("herald").arg(clap::arg!(--"dry-run" "print alone"));
            let script = script(*shell, &mut program);
            assert!(script.contains("herald") && script.contains("dry-run"), "{shell}");
        }
    }
}
