//! Whether a list of lines is a list of another form under a wrong name: its lines would go out as ids.

use memchr::{memchr, memchr3};

use super::InvalidEntry;
use crate::error::{Error, Result};
use crate::text::escape;

/// What the lines of a list look like.
#[derive(Default)]
pub(super) struct LineShapes {
    /// Whether the user has said that it is a list of lines.
    is_said: bool,
    lines: u64,
    /// Lines with a comma, a semicolon, a tab, a bar.
    separated: [u64; 4],
    /// Lines in quotes.
    quoted: u64,
    /// The first line: the header, where it is a CSV.
    first: Box<str>,
}

const SEPARATORS: [(u8, &str); 4] =
    [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

/// What columns of ids are called, without the case of letters and what stands between words.
const COLUMNS: [&str; 27] = [
    "account",
    "alias",
    "aliases",
    "device",
    "deviceid",
    "gid",
    "group",
    "groupid",
    "id",
    "ids",
    "members",
    "name",
    "receiver",
    "receivers",
    "regid",
    "registrationid",
    "room",
    "roomid",
    "target",
    "targetid",
    "targets",
    "uid",
    "user",
    "userid",
    "userids",
    "username",
    "users",
];

impl LineShapes {
    /// For a list that is one of lines by its name, or because the user has said so.
    pub(super) fn new(is_said: bool) -> Self {
        Self { is_said, ..Self::default() }
    }

    /// Looks at a line without the blanks around it. Fails where it can only stand in a list of another form; gives the line
    /// back as an invalid entry where it is not a target.
    pub(super) fn see(
        &mut self,
        list: &str,
        number: u64,
        line: &str,
    ) -> Result<Option<Box<InvalidEntry>>> {
        if self.lines == 0 {
            if !self.is_said && is_column(line) {
                let what = format!("`{list}` looks like CSV: it begins with `{}`", escape(line));
                let help = format!(
                    "add --form csv --column {}, or --form lines where that is a target",
                    shown_column(line)
                );
                return Err(Error::input(what).help(help));
            }
            self.first = line.into();
        }
        self.lines += 1;
        let bytes = line.as_bytes();
        match bytes[0] {
            // An object that a script has written as text is no id, and no JSON either.
            b'[' if line.starts_with("[object ") => {}
            b'[' => return Err(other(list, number, "JSON", "add --form json")),
            b']' if bytes.len() == 1 => return Err(other(list, number, "JSON", "add --form json")),
            b'{' => return Err(other(list, number, "NDJSON", "add --form ndjson")),
            b'<' => {
                let help = "it may be the page of a session that has ended: export the list again";
                return Err(other(list, number, "a web page", help));
            }
            quote @ (b'"' | b'\'') if bytes.len() > 1 && bytes.ends_with(&[quote]) => {
                self.quoted += 1;
                let entry = InvalidEntry::new(number, line, "the id is in quotes");
                return Ok(Some(entry.help("remove the quotes")));
            }
            _ => {}
        }
        if memchr3(b',', b';', b'\t', bytes).is_none() && memchr(b'|', bytes).is_none() {
            return Ok(None);
        }
        for ((separator, _), count) in SEPARATORS.iter().zip(&mut self.separated) {
            *count += u64::from(bytes.contains(separator));
        }
        // Commas and tabs are refused in ids wherever they come from.
        let has_semicolon = bytes.contains(&b';');
        Ok(has_semicolon.then(|| InvalidEntry::new(number, line, "the id holds a semicolon")))
    }

    /// Fails where most lines are rows of a table, or in quotes.
    pub(super) fn check(&self, list: &str) -> Result<()> {
        let is_most = |count: u64| count * 2 > self.lines;
        let table = SEPARATORS.iter().zip(self.separated).find(|(_, count)| is_most(*count));
        if let Some(((separator, name), _)) = table {
            if self.lines == 1 {
                let message = format!("`{list}` has one line with {name} in it");
                return Err(Error::input(message).help("give each target a line of its own"));
            }
            let column = self.first.split(char::from(*separator)).next().unwrap_or_default();
            let column = shown_column(column.trim().trim_matches('"'));
            let message = format!("`{list}` looks like CSV: most lines hold {name}");
            return Err(Error::input(message).help(format!("add --form csv --column {column}")));
        }
        if is_most(self.quoted) {
            let message = format!("`{list}` looks like CSV: most lines are in quotes");
            let help = "remove the quotes, or add a header and --form csv --column NAME";
            return Err(Error::input(message).help(help));
        }
        Ok(())
    }
}

/// Whether a line is what a column of ids is called.
fn is_column(line: &str) -> bool {
    let letters = line.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    let name: String = letters.flat_map(char::to_lowercase).take(16).collect();
    COLUMNS.contains(&name.as_str())
}

/// The name of a column as a word of a command line.
fn shown_column(name: &str) -> String {
    let name = escape(name);
    if name.contains(' ') { format!("'{name}'") } else { name }
}

fn other(list: &str, number: u64, what: &str, help: &str) -> Error {
    Error::input(format!("`{list}` looks like {what} (line {number})")).help(help)
}
