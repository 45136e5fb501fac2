//! Adds a profile to the end of the user's file: all or nothing, readable only by its owner.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::ValueSource;
use super::choose::find;
use super::file::{File, PROFILES};
use super::text::{TomlText, read_toml};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::files::{OpenRefusal, WriteThrough, make_own_folder, open_regular, write_own};
use crate::trust::all_of;

/// A profile to write.
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// Settings that are not credentials, such as `mode`.
    pub settings: Vec<(&'static str, SettingValue)>,
    /// Endpoint and credentials.
    pub fields: Vec<(&'static str, ValueSource)>,
}

/// The value of a setting.
#[derive(Clone, Debug)]
pub enum SettingValue {
    /// A word, as of `mode`.
    Word(String),
    /// A list of words, as of `allow_to`.
    Words(Vec<String>),
    /// A whole number, as of `max_targets`.
    Number(u64),
}

/// Whether a new profile becomes the default of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MakeDefault {
    /// Only in a new file.
    InNewFile,
    /// The user asked for it. A file that has a default is refused.
    Yes,
    /// Not by itself.
    No,
}

/// Appends a profile to the file, and creates the file and its folder if they do not exist. Answers with the file as it is
/// then.
pub fn add(
    path: &Path,
    profile: &NewProfile,
    make_default: MakeDefault,
    contracts: &[&'static Contract],
) -> Result<File> {
    let cannot = |error: std::io::Error| {
        Error::new(ErrorKind::Profile, format!("cannot write {}", path.display())).because(error)
    };
    let before = match open_regular(path) {
        Ok(file) => Some(read_toml(file).map_err(cannot)?),
        Err(OpenRefusal::System(error)) if error.kind() == io::ErrorKind::NotFound => None,
        Err(OpenRefusal::System(error)) => return Err(cannot(error)),
        Err(OpenRefusal::Link) => return Err(is_a_link(path)),
        Err(OpenRefusal::NotAFile) => return Err(cannot(io::ErrorKind::IsADirectory.into())),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    make_own_folder(folder.unwrap_or(Path::new("."))).map_err(cannot)?;
    // Otherwise text that others have put there would become the user's.
    all_of([PROFILES.path(path), PROFILES.folder_of(path)])?;
    let is_new = before.as_ref().is_none_or(String::is_empty);
    let mut text = before.unwrap_or_default();
    if !is_new {
        refuse_twice(&File::parse(TomlText::new(path, text.as_str()), false, contracts)?, profile)?;
    }
    if make_default == MakeDefault::Yes || is_new && make_default == MakeDefault::InNewFile {
        // Before the first table, since a key after it would be one of that table.
        text = format!("{}\n{}", default_line(&profile.name), text.trim_start_matches('\u{feff}'));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text += &section(profile);
    let file = File::parse(TomlText::new(path, text.as_str()), false, contracts)?;
    find(&file, &profile.name)?;
    write_own(path, text.as_bytes(), WriteThrough::Yes).map_err(cannot)?;
    Ok(file)
}

/// The line at the top of a file that makes a profile the default.
pub fn default_line(name: &str) -> String {
    format!("default = {}", quote(name))
}

/// herald does not write through a link; the user can name the file that the link leads to.
fn is_a_link(path: &Path) -> Error {
    let message = format!("{} is a link, and nothing is written through links", path.display());
    let error = Error::new(ErrorKind::Profile, message);
    match path.canonicalize() {
        Ok(real) => error.help(format!("name the file itself: --profiles {}", real.display())),
        Err(_) => error.help("put a file in its place"),
    }
}

fn refuse_twice(file: &File, profile: &NewProfile) -> Result<()> {
    if !file.has(&profile.name) {
        return Ok(());
    }
    let (name, path) = (&profile.name, file.path().display());
    Err(Error::new(ErrorKind::Profile, format!("{path} has a profile `{name}` already"))
        .help("choose another name, or change that one in an editor"))
}

/// A profile as a section of TOML, secrets included.
pub(super) fn section(profile: &NewProfile) -> String {
    let mut text = format!("[profiles.{}]\n", key(&profile.name));
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{} = {value}", key(name));
    };
    line("provider", &quote(&profile.provider));
    for (name, value) in &profile.settings {
        line(name, &setting(value));
    }
    for (name, source) in &profile.fields {
        line(name, &written(source));
    }
    text
}

fn setting(value: &SettingValue) -> String {
    match value {
        SettingValue::Word(word) => quote(word),
        SettingValue::Words(words) => list(words),
        SettingValue::Number(number) => number.to_string(),
    }
}

fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    format!("[{}]", words.join(", "))
}

fn written(source: &ValueSource) -> String {
    match source {
        ValueSource::Literal(value) => quote(value.expose()),
        ValueSource::Env(name) => format!("{{ env = {} }}", quote(name)),
        ValueSource::File(path) => format!("{{ file = {} }}", quote(&path.display().to_string())),
        ValueSource::Command(words) => format!("{{ command = {} }}", list(words)),
    }
}

pub(super) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quote(name) }
}

fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
