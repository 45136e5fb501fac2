//! Parse, run one command, turn its result into an exit code. Nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    herald::cli::report_panics_as_bugs();
    herald::cli::survive_file_limits();
    herald::signals::watch();
    herald::cli::main(std::env::args_os().collect()).into()
}
