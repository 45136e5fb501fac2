//! Manual pages: `herald(1)`, and one for every command below it.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::StyledStr;
use clap_mangen::Man;

use crate::cli::help;

/// Every page by the name of its file, `herald.1` first.
pub(super) fn pages(program: Command) -> Vec<(String, String)> {
    // The page of `help` would repeat the others.
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    let source = format!("{} {}", program.get_name(), program.get_version().unwrap_or_default());
    gather(&program, &source, &mut pages);
    pages
}

fn gather(command: &Command, source: &str, pages: &mut Vec<(String, String)>) {
    pages.push(page(command, source));
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        gather(inner, source, pages);
    }
}

/// One page. Examples and what stands below the flags are set line by line: filled as a paragraph, examples would run
/// into each other.
fn page(command: &Command, source: &str) -> (String, String) {
    let text = |text: Option<&StyledStr>| text.map(ToString::to_string);
    let is_root = source.split(' ').next() == Some(command.get_name());
    let ending = if is_root { Some(help::ending()) } else { text(command.get_after_help()) };
    let blocks = [text(command.get_before_help()), ending];
    let ending = blocks.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    // Without this, the page would have no text for a flag that `-h` leaves out.
    let body = help::with_tables(command.clone()).mut_args(|arg| arg.hide_short_help(false));
    let body = body.before_help(None::<&str>).after_help(None::<&str>);
    let body = match is_root {
        true => help::with_vendors(body).about(text(command.get_about()).unwrap_or_default()),
        false => body,
    };
    let man = Man::new(body).source(source);
    let mut out = Vec::new();
    man.render(&mut out).expect("memory takes all that is written to it");
    let mut text = String::from_utf8(out).expect("pages are made of help texts, which are UTF-8");
    for (heading, lines) in ending.split("\n\n").filter_map(|block| block.split_once(":\n")) {
        let _ = write!(text, ".SH {}\n.nf\n", heading.to_uppercase());
        for line in lines.lines() {
            let _ = writeln!(text, "{}", literal(line));
        }
        text.push_str(".fi\n");
    }
    (man.get_filename(), text)
}

/// A line that roff prints unchanged.
fn literal(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    // At the start of a line, these two characters would begin a request.
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Command {
        Command::new("herald").version("1").about("About").subcommand(
            Command::new("send")
                .about("Send one message")
                .after_help("Files:\n  f\n\nExamples:\n  herald send --set a='{\"b\\\\\":1}'\n.x"),
        )
    }

    #[test]
    fn every_command_has_a_page_under_its_own_name_and_help_has_none() {
        let pages = pages(program());
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["herald.1", "herald-send.1"]);
    }

    #[test]
    fn examples_keep_their_lines_and_their_backslashes() {
        let (_, text) = &pages(program())[1];
        let end = ".SH FILES\n.nf\n  f\n.fi\n.SH EXAMPLES\n.nf\n  herald send \\-\\-set a='{\"b\\e\\e\":1}'\n\\&.x\n.fi\n";
        assert!(text.ends_with(end), "{text}");
        assert!(!text.contains(".SH EXTRA"), "{text}");
    }
}
