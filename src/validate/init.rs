//! A `herald.toml` for the payloads of a folder: which files are for which operation, and which are not payloads.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path};

use super::other_tools::is_of_another_tool;
use super::part::parse;
use super::settings_text::quoted_glob;
use crate::contract::identify::Named;
use crate::contract::{Context, Reach};
use crate::document::{Document, ValueView};
use crate::error::{Error, Result};
use crate::input::{Chunk, PathGlob, WalkItem, inputs, payloads};
use crate::lint::{PayloadHint, PayloadReading, Recogniser};
use crate::provider;
use crate::text::suggest;

/// What the files of a folder are.
#[derive(Debug, Default)]
pub struct FolderSettings {
    /// Patterns of files, and the operation that they are for.
    pub files: Vec<(String, Named)>,
    /// Patterns of files that are not payloads.
    pub exclude: Vec<String>,
    /// Patterns of files that may be payloads with faults, and the operation that comes nearest.
    pub near: Vec<(String, Named)>,
    /// How many files the patterns of `files` are about.
    pub mapped: usize,
    /// Files of which no pattern can say what they are: with payloads for several operations, or with text that is not JSON.
    pub open: Vec<String>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FileKind {
    /// All of its payloads are for one operation.
    Payloads(Named),
    /// It holds what may be a payload with faults; this operation comes nearest.
    Near(Named),
    /// It holds no payload.
    Other,
    /// Its payloads are for several operations, or it cannot be read.
    Open,
}

/// A folder of the tree, with its files.
#[derive(Debug, Default)]
struct FolderNode {
    folders: BTreeMap<OsString, FolderNode>,
    files: BTreeMap<OsString, FileKind>,
}

impl FolderSettings {
    /// Reads the payload files below a folder. Fails where it has none.
    pub fn of(folder: &Path, now_ms: i64) -> Result<Self> {
        let mut reader = KindReader {
            recogniser: Recogniser::new(provider::contracts(), 1),
            context: Context { now_ms: Some(now_ms), ..Context::default() },
        };
        let mut root = FolderNode::default();
        for item in inputs(folder, &[]) {
            match item {
                WalkItem::Input { input, .. } => {
                    let mut kinds = Vec::new();
                    let read = payloads(&input, &mut |chunk| reader.add_kinds(&chunk, &mut kinds));
                    let name = input.path().and_then(Path::file_name).and_then(OsStr::to_str);
                    let kind = match read {
                        _ if name.is_some_and(is_of_another_tool) => FileKind::Other,
                        Ok(()) => kind_of_all(&kinds),
                        Err(_) => FileKind::Open,
                    };
                    let inside = input.path().and_then(|path| path.strip_prefix(folder).ok());
                    if let Some(inside) = inside {
                        root.add(inside, kind);
                    }
                }
                WalkItem::Unreadable(path, error) if path == folder => return Err(error),
                WalkItem::Unreadable(..)
                | WalkItem::Link(..)
                | WalkItem::NotAFile(_)
                | WalkItem::Skipped(_) => {}
            }
        }
        let mut settings = Self::default();
        root.collect(Path::new(""), &mut settings);
        if settings.files.is_empty() {
            let message = format!("herald recognises no payload file in `{}`", folder.display());
            let validate = suggest("validate").arg(folder.display());
            return Err(
                Error::input(message).help(format!("{validate} says for each file what it lacks"))
            );
        }
        Ok(settings)
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# Settings of `herald validate` for this folder. Patterns are relative to it; of several, the last one counts.\n\n[lint]\n",
        );
        if !self.exclude.is_empty() {
            text.push_str("exclude = [\n");
            for glob in &self.exclude {
                text.push_str(&format!("  {},\n", quoted_glob(glob)));
            }
            text.push_str("]\n");
        }
        for (glob, operation) in &self.files {
            let glob = quoted_glob(glob);
            let everybody = match operation.operation.reach {
                Reach::Everybody => " # reaches everybody",
                _ => "",
            };
            text.push_str(&format!(
                "\n[[lint.files]]\npath = {glob}\nas = \"{operation}\"{everybody}\n"
            ));
        }
        if !self.near.is_empty() {
            text.push_str(
                "\n# These files may be payloads with faults, and are reported until you decide: take the `#` away where\n\
                 # the operation is right, or add the pattern to `exclude`.\n",
            );
        }
        for (glob, operation) in &self.near {
            let glob = quoted_glob(glob);
            text.push_str(&format!(
                "\n# [[lint.files]]\n# path = {glob}\n# as = \"{operation}\"\n"
            ));
        }
        text
    }
}

impl FolderNode {
    fn add(&mut self, inside: &Path, kind: FileKind) {
        let mut names = inside.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            _ => None,
        });
        let Some(file) = names.next_back() else { return };
        let folder = names.fold(self, |folder, name| folder.folders.entry(name).or_default());
        folder.files.insert(file, kind);
    }

    /// What all files below it are, and how many; `None` where they differ.
    fn common(&self) -> Option<(FileKind, usize)> {
        let inner = self.folders.values().map(Self::common);
        let own = self.files.values().map(|kind| Some((*kind, 1)));
        own.chain(inner).reduce(|one, other| match (one?, other?) {
            ((one, count), (other, more)) if one == other => Some((one, count + more)),
            _ => None,
        })?
    }

    /// A pattern for each largest folder whose files are the same, and for each file beside others.
    fn collect(&self, path: &Path, settings: &mut FolderSettings) {
        if let Some((kind, count)) = self.common().filter(|(kind, _)| *kind != FileKind::Open) {
            let folder = PathGlob::of_path(path);
            let glob = if folder.is_empty() { "**".to_owned() } else { format!("{folder}/**") };
            return settings.add(glob, kind, count);
        }
        for (name, kind) in &self.files {
            settings.add(PathGlob::of_path(&path.join(name)), *kind, 1);
        }
        for (name, folder) in &self.folders {
            folder.collect(&path.join(name), settings);
        }
    }
}

impl FolderSettings {
    fn add(&mut self, glob: String, kind: FileKind, count: usize) {
        match kind {
            FileKind::Payloads(named) => {
                self.mapped += count;
                self.files.push((glob, named));
            }
            FileKind::Near(named) => self.near.push((glob, named)),
            FileKind::Other => self.exclude.push(glob),
            FileKind::Open => self.open.push(glob),
        }
    }
}

/// Finds out what documents are.
struct KindReader {
    recogniser: Recogniser,
    context: Context<'static>,
}

impl KindReader {
    fn add_kinds(&mut self, chunk: &Chunk, kinds: &mut Vec<FileKind>) {
        let mut document = Document::default();
        if parse(&mut document, 1, &chunk.bytes).is_err() {
            return kinds.push(FileKind::Open);
        }
        match document.view() {
            ValueView::Array(items)
                if !chunk.is_line
                    && !self.recogniser.is_one_payload(items, &PayloadHint::default()) =>
            {
                for span in items.spans() {
                    let text = &document.text()[span.start..span.end];
                    let item = Document::parse(text).expect("an item of a valid list is valid");
                    kinds.push(self.kind(&item));
                }
            }
            _ => kinds.push(self.kind(&document)),
        }
    }

    fn kind(&mut self, document: &Document) -> FileKind {
        match self.recogniser.read(document, &PayloadHint::default(), &self.context) {
            PayloadReading::Linted(linted) => FileKind::Payloads(linted.named),
            PayloadReading::Unrecognised(near) => match near.first() {
                Some(named) => FileKind::Near(*named),
                None => FileKind::Other,
            },
            PayloadReading::Ambiguous(_)
            | PayloadReading::WrongSchema(_)
            | PayloadReading::ForeignCodes(..) => FileKind::Open,
        }
    }
}

/// What a file with these documents is.
fn kind_of_all(kinds: &[FileKind]) -> FileKind {
    let is_none = |kind: &FileKind| matches!(kind, FileKind::Near(_) | FileKind::Other);
    let near = kinds.iter().find(|kind| matches!(kind, FileKind::Near(_)));
    match kinds {
        [] => FileKind::Other,
        kinds if kinds.iter().all(is_none) => near.copied().unwrap_or(FileKind::Other),
        [first, others @ ..] if others.iter().all(|kind| kind == first) => *first,
        _ => FileKind::Open,
    }
}
