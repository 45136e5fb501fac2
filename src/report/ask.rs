//! Questions on a terminal, one line each. The terminal itself echoes what is typed, and nothing is drawn a second time,
//! however narrow the terminal and however long the answer is.

use std::io::{self, BufRead as _};

use dialoguer::console::Term;
use unicode_width::UnicodeWidthStr as _;

use super::fold::fold;
use super::{Ui, escape};
use crate::error::{Error, ErrorKind, Result};

/// The width where the terminal does not tell its own, and the most that a paragraph has.
const WIDTH: usize = 80;

/// Asks on the terminal.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Where questions go.
    pub ui: &'a Ui,
}

impl Asker<'_> {
    /// Tells something before a question, in lines that fit the terminal.
    pub fn explain(&self, text: &str) {
        self.paragraph("", text);
    }

    /// Tells why an answer is not taken.
    pub fn refuse(&self, reason: &str, help: Option<&str>) {
        self.paragraph("! ", reason);
        help.into_iter().for_each(|help| self.paragraph("  ", help));
    }

    /// Reads a line; without one, the default.
    pub fn line(&self, prompt: &str, default: Option<&str>) -> Result<String> {
        let whole = default.map(|default| format!("{prompt} [{default}]"));
        match &whole {
            Some(whole) if whole.width() + 2 <= self.width() => self.ui.prompt(whole),
            Some(_) => {
                self.explain(&format!("Enter takes {}", default.unwrap_or_default()));
                self.ui.prompt(prompt);
            }
            None => self.ui.prompt(prompt),
        }
        let mut typed = String::new();
        match io::stdin().lock().read_line(&mut typed) {
            Ok(0) => {
                return Err(unanswered().because(io::Error::from(io::ErrorKind::UnexpectedEof)));
            }
            Ok(_) => {}
            Err(error) => return Err(unanswered().because(error)),
        }
        let typed = typed.trim();
        Ok(if typed.is_empty() { default.unwrap_or_default() } else { typed }.to_owned())
    }

    /// Reads a line that the terminal does not show.
    pub fn hidden(&self, prompt: &str) -> Result<String> {
        self.ui.prompt(prompt);
        Term::stderr().read_secure_line().map_err(|error| unanswered().because(error))
    }

    /// Lets the user choose among words, each with what it means, by the word or by its number.
    pub fn choose(&self, prompt: &str, items: &[(&str, &str)], default: usize) -> Result<usize> {
        for (number, (word, about)) in (1..).zip(items) {
            let text =
                if about.is_empty() { (*word).to_owned() } else { format!("{word}: {about}") };
            self.paragraph(&format!("  {number} "), &text);
        }
        let words: Vec<&str> = items.iter().map(|(word, _)| *word).collect();
        loop {
            let typed = self.line(prompt, Some(words[default]))?;
            let by_number = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let by_word = words.iter().position(|word| word.eq_ignore_ascii_case(&typed));
            match by_word.or(by_number).filter(|index| *index < items.len()) {
                Some(index) => return Ok(index),
                None => self
                    .refuse(&format!("there is no `{typed}` here: type a number or a word"), None),
            }
        }
    }

    /// A text in lines that fit the terminal, the first behind a mark.
    fn paragraph(&self, mark: &str, text: &str) {
        let text = format!("{mark}{}", escape(text));
        self.ui.draw(&fold(&text, Some(self.width()), mark.width()));
    }

    fn width(&self) -> usize {
        columns().map_or(WIDTH, usize::from).min(WIDTH)
    }
}

/// The columns of the terminal. A terminal that does not know how many rows it has may know its columns.
#[cfg(unix)]
fn columns() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    Some(size.ws_col).filter(|columns| *columns > 0)
}

/// The columns of the terminal.
#[cfg(not(unix))]
fn columns() -> Option<u16> {
    Term::stderr().size_checked().map(|(_, columns)| columns)
}

/// A question without an answer: nothing has been written.
fn unanswered() -> Error {
    Error::new(ErrorKind::Interrupted, "the questions were not answered; nothing was written")
}
