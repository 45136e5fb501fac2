//! Adds a profile to the user's file: at its end, all or nothing, readable by its owner alone.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::Source;
use super::file::{File, PROFILES};
use super::text::TomlText;
use crate::contract::Contract;
use crate::error::{Error, Kind, Result};
use crate::trust::all_of;

/// A profile that is to be written.
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// Settings that are plain words, as `mode`.
    pub settings: Vec<(&'static str, String)>,
    /// Endpoint and credentials.
    pub fields: Vec<(&'static str, Source)>,
}

/// Puts a profile behind what the file has, and makes the file and its folder where there are none.
pub fn add(path: &Path, profile: &NewProfile, contracts: &[&'static Contract]) -> Result<()> {
    let cannot = |error: std::io::Error| {
        Error::new(Kind::Profile, format!("cannot write {}", path.display())).because(error)
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    make_folder(folder.unwrap_or(Path::new("."))).map_err(cannot)?;
    // What others have put there would become the user's own.
    all_of([PROFILES.path(path), PROFILES.folder_of(path)])?;
    // Where the file is a link into somebody's dotfiles, the link stays.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut text = match fs::read_to_string(&target) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            format!("default = {}\n", quote(&profile.name))
        }
        Err(error) => return Err(cannot(error)),
    };
    let is_new = text.is_empty() || !target.exists();
    if !is_new {
        refuse_twice(&File::parse(TomlText::new(path, text.as_str()), false, contracts)?, profile)?;
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push('\n');
    text += &section(profile);
    File::parse(TomlText::new(path, text.as_str()), false, contracts)?;
    replace(&target, &text).map_err(cannot)
}

fn refuse_twice(file: &File, profile: &NewProfile) -> Result<()> {
    if file.profile(&profile.name).is_none() {
        return Ok(());
    }
    let (name, path) = (&profile.name, file.path().display());
    Err(Error::new(Kind::Profile, format!("{path} has a profile `{name}` already"))
        .help("choose another name, or change that one in an editor"))
}

/// A profile as a section of TOML, secrets included.
fn section(profile: &NewProfile) -> String {
    let mut text = format!("[profiles.{}]\n", key(&profile.name));
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{} = {value}", key(name));
    };
    line("provider", &quote(&profile.provider));
    for (name, value) in &profile.settings {
        line(name, &quote(value));
    }
    for (name, source) in &profile.fields {
        line(name, &written(source));
    }
    text
}

fn written(source: &Source) -> String {
    match source {
        Source::Literal(value) => quote(value.expose()),
        Source::Env(name) => format!("{{ env = {} }}", quote(name)),
        Source::File(path) => format!("{{ file = {} }}", quote(&path.display().to_string())),
        Source::Command(words) => {
            let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
            format!("{{ command = [{}] }}", words.join(", "))
        }
    }
}

fn key(name: &str) -> String {
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

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes beside the file and renames: a reader sees the old text or the new one.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    let done = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    done
}
