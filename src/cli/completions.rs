//! `herald completions`: completion scripts and manual pages, generated from the program's description of its flags.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as Arguments, Command, ValueEnum};
use clap_complete::{Generator as _, Shell, generate};
use serde_json::json;

use crate::cli::man;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::files::{FileAccess, OutputKind, make_folder, write_in};
use crate::report::Format;

/// Flags of `completions`.
#[derive(Debug, Arguments)]
#[command(before_help = EXAMPLES, after_help = MORE)]
pub(super) struct Args {
    /// Shell, or `man` for the manual pages
    ///
    /// Without --dir, `man` prints herald(1) alone.
    #[arg(value_name = "SHELL")]
    what: CompletionKind,
    /// Write into this folder instead of printing
    ///
    /// The files get the names that shells and `man` look for.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

const MORE: &str = "\
Live completion, in the file that the shell starts with:
  bash        source <(HERALD_COMPLETE=bash herald)
  zsh         source <(HERALD_COMPLETE=zsh herald)
  fish        HERALD_COMPLETE=fish herald | source
  elvish      eval (E:HERALD_COMPLETE=elvish herald | slurp)
  PowerShell  $env:HERALD_COMPLETE = \"powershell\"
              herald | Out-String | Invoke-Expression
              Remove-Item Env:\\HERALD_COMPLETE";

const EXAMPLES: &str = "\
Examples:
  herald completions zsh --dir ~/.zfunc
  herald completions man --dir ~/.local/share/man/man1
  herald completions man | man -l -";

/// What is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CompletionKind {
    Script(Shell),
    Manual,
}

impl ValueEnum for CompletionKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Script(Shell::Bash),
            Self::Script(Shell::Elvish),
            Self::Script(Shell::Fish),
            Self::Script(Shell::PowerShell),
            Self::Script(Shell::Zsh),
            Self::Manual,
        ]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        match self {
            Self::Script(shell) => shell.to_possible_value(),
            Self::Manual => Some(clap::builder::PossibleValue::new("man")),
        }
    }
}

/// Runs the command. `program` is the whole command line.
pub(super) fn run(env: &Env, args: &Args, program: Command) -> Result<Exit> {
    let files = files(args.what, program);
    let Some(folder) = &args.dir else {
        env.ui.raw(&files[0].1);
        return Ok(Exit::Done);
    };
    write(folder, &files)?;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    if env.ui.is_machine() {
        env.ui.json(&json!({ "version": 1, "files": names }));
    } else {
        env.ui.sentence(&format!("{} written to {}", names.join(", "), folder.display()));
    }
    Ok(Exit::Done)
}

/// The generated files with their names. The first is the one that is printed.
fn files(what: CompletionKind, mut program: Command) -> Vec<(String, String)> {
    match what {
        CompletionKind::Script(shell) => {
            let name = program.get_name().to_owned();
            vec![(shell.file_name(&name), script(shell, &mut program))]
        }
        CompletionKind::Manual => man::pages(program),
    }
}

/// The completion script of a shell.
fn script(shell: Shell, program: &mut Command) -> String {
    let name = program.get_name().to_owned();
    let mut out = Vec::new();
    generate(shell, program, name, &mut out);
    let text =
        String::from_utf8(out).expect("scripts are made of flags' names and help, which are UTF-8");
    with_report_formats(shell, if shell == Shell::Bash { without_expansion(&text) } else { text })
}

/// The script with the formats of `--report FORMAT=PATH`, and with files behind them, in shells that need to be told.
fn with_report_formats(shell: Shell, script: String) -> String {
    let formats = Format::WORDS.map(|(word, _)| format!("{word}=")).join(" ");
    match shell {
        Shell::Bash => {
            let begin = "                --report)\n                    ";
            script.replace(
                &format!("{begin}COMPREPLY=()"),
                &format!("{begin}_herald_words \"{formats}\""),
            )
        }
        Shell::Zsh => {
            let function = format!(
                "_herald_report() {{\n    if compset -P '[a-z]#='; then _files; else compadd -S '' -- {formats}; fi\n}}\n\n"
            );
            let start = "if [ \"$funcstack[1]\"";
            script
                .replace(":FORMAT=PATH:_default", ":FORMAT=PATH:_herald_report")
                .replace(start, &(function + start))
        }
        // fish completes files behind `=` by itself.
        Shell::Fish => {
            let of_report = |line: &str| match line.contains(" -l report ") {
                true => format!("{line} -a \"{formats}\"\n"),
                false => format!("{line}\n"),
            };
            script.lines().map(of_report).collect()
        }
        _ => script,
    }
}

/// The script of bash with its own functions in place of `COMPREPLY=($(compgen ...))`, which splits file names at
/// blanks and expands patterns in them. If there are no words to offer, bash completes file names itself, and quotes
/// them.
fn without_expansion(script: &str) -> String {
    const WORDS: &str = r#"_herald_words() {
    local word words
    COMPREPLY=()
    read -r -a words <<< "$1"
    for word in "${words[@]}"; do
        if [[ "$word" == "$cur"* ]]; then
            COMPREPLY+=("$word")
            if [[ "$word" == *= ]]; then compopt -o nospace 2>/dev/null; fi
        fi
    done
}

"#;
    // bash cuts words at `=`: behind it stands the value of the flag before it, or a file.
    const PREVIOUS: &str = "    prev=\"$3\"\n";
    const CUT: &str = r#"    for i in 0 1; do
        if ((COMP_CWORD > i)) && [[ "${COMP_WORDS[COMP_CWORD - i]}" == "=" ]]; then
            prev="${COMP_WORDS[COMP_CWORD - i - 1]}"
            if ((i == 0)); then cur=""; fi
            if [[ "$prev" != -* ]]; then return 0; fi
            break
        fi
    done
"#;
    let files = script
        .replace(r#"COMPREPLY=($(compgen -f "${cur}"))"#, "COMPREPLY=()")
        .replace(PREVIOUS, &format!("{PREVIOUS}{CUT}"));
    let mut out = String::from(WORDS);
    for line in files.split_inclusive('\n') {
        let begin = ["COMPREPLY=( $(compgen -W \"", "COMPREPLY=($(compgen -W \""];
        let words = begin.iter().find_map(|begin| {
            let (indent, rest) = line.split_once(begin)?;
            Some((indent, rest.split_once("\" -- \"${cur}\")")?.0))
        });
        match words {
            Some((indent, words)) => {
                let _ = writeln!(out, "{indent}_herald_words \"{words}\"");
            }
            None => out.push_str(line),
        }
    }
    out
}

/// A text that only the script of a shell for herald has in it, or a manual page of herald's. The names of such files
/// are short, so a file of the user can have the same.
const MARKS: [&str; 6] = [
    "\n_herald() {",
    "\n#compdef herald\n",
    "function __fish_herald_",
    "arg-completer[herald]",
    "-CommandName 'herald'",
    "\n.TH herald",
];

/// Whether a file was written by this command, in any version.
fn is_generated(file: File) -> bool {
    let mut text = String::from("\n");
    let read = file.take(crate::input::MAX_BYTES).read_to_string(&mut text);
    read.is_ok() && MARKS.iter().any(|mark| text.contains(mark))
}

/// Writes files by name into a folder. Nothing is written through a link, and nothing at all if a file that this command
/// did not write has one of the names.
fn write(folder: &Path, files: &[(String, String)]) -> Result<()> {
    let failed = |path: &Path, error| {
        Error::input(format!("cannot write {}", path.display()))
            .help("name another folder with --dir")
            .because(error)
    };
    let held = Arc::new(make_folder(folder).map_err(|error| failed(folder, error))?);
    let kind = OutputKind {
        name: "the generated file",
        content: "text that `completions` wrote",
        is_own: &is_generated,
        kept: &[],
        refusal: ErrorKind::Input,
        help: "name another folder with --dir",
    };
    for (name, _) in files {
        kind.check_in(&held, Path::new(name))?;
    }
    for (name, text) in files {
        write_in(&held, name.as_ref(), text.as_bytes(), FileAccess::Shared)
            .map_err(|error| failed(&folder.join(name), error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Command {
        Command::new("herald").arg(clap::arg!(--"dry-run" "print alone"))
    }

    #[test]
    fn each_of_the_five_shells_gets_a_script_with_the_flags_in_it() {
        for shell in Shell::value_variants() {
            assert!(
                CompletionKind::value_variants().contains(&CompletionKind::Script(*shell)),
                "{shell}"
            );
            let files = files(CompletionKind::Script(*shell), program());
            let [(name, script)] = files.as_slice() else { panic!("one file for {shell}") };
            assert!(name.contains("herald"), "{name}");
            assert!(script.contains("herald") && script.contains("dry-run"), "{shell}");
        }
    }

    #[test]
    fn the_script_of_bash_expands_nothing_that_it_offers() {
        let script = script(Shell::Bash, &mut crate::cli::command());
        assert!(!script.contains("$(compgen"), "{script}");
        assert!(script.contains("_herald_words \"auto always never\""));
        assert!(script.contains("_herald_words \"${opts}\""));
    }

    #[test]
    fn what_this_command_wrote_is_recognised_and_other_files_are_not() {
        for kind in CompletionKind::value_variants() {
            for (name, text) in files(*kind, crate::cli::command()) {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join(&name);
                let is_own = |text: &str| {
                    std::fs::write(&path, text).expect("writable");
                    is_generated(File::open(&path).expect("a file"))
                };
                assert!(is_own(&text), "{name}");
                assert!(!is_own("# completes herald\n") && !is_own("{}"), "{name}");
            }
        }
    }

    #[test]
    fn a_file_in_the_way_of_the_folder_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = [("a".to_owned(), "text".to_owned())];
        write(folder.path(), &files).expect("written");
        let error = write(&folder.path().join("a"), &files).expect_err("a file is no folder");
        assert_eq!(error.exit(), Exit::Input);
    }
}
