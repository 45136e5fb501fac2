//! Local files: those that a payload names, and those that flags name.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::contract::{Kind as FieldKind, Operation};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider::{LocalFile, MediaKind, Upload};

/// How much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// How much of a picture's beginning may be read to find its size.
const HEAD: usize = 64 * 1024;

/// A file that a payload names by its path.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    /// The field that holds it.
    pub field: &'static str,
    /// The path as it stands in the payload.
    pub named: String,
    /// The file itself, links resolved.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

/// Finds the files that a payload names. A path counts from `folder` on and has to stay in it, or in one of `allowed`.
pub(crate) fn parts(
    operation: &'static Operation,
    body: &Value,
    folder: &Path,
    allowed: &[PathBuf],
) -> Result<Vec<Attachment>> {
    let fields = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
    let members = body.as_object();
    let mut parts = Vec::new();
    for field in fields.iter().filter(|field| matches!(field.kind, FieldKind::File(_))) {
        let part = members.and_then(|object| object.get(field.name)?.value.as_object());
        let Some(part) = part else { continue };
        let Some(named) = part.get("path").and_then(|node| node.value.as_str()) else {
            if part.get("content").is_none() && part.get("size").is_some() {
                return Err(Error::input(format!("the file part `{}` has no content", field.name))
                    .help("give `path`, or `name` and `content`; `size` is for `validate` alone"));
            }
            continue;
        };
        let (path, size) = contained(named, folder, allowed)?;
        parts.push(Attachment { field: field.name, named: named.to_owned(), path, size });
    }
    Ok(parts)
}

/// Puts the files themselves into a payload, in the place of the paths that name them.
pub(crate) fn put(parts: &[Attachment], body: &mut Value) {
    for part in parts {
        let member = body.as_object_mut().and_then(|object| object.get_mut(part.field));
        if let Some(object) = member.and_then(|node| node.value.as_object_mut()) {
            if object.get("name").is_none() {
                let name = part.named.rsplit('/').next().unwrap_or(&part.named).to_owned();
                object.set("name", name);
            }
            object.set("path", part.path.to_string_lossy().into_owned());
        }
    }
}

/// A regular file inside a folder, once links are resolved.
fn contained(named: &str, folder: &Path, allowed: &[PathBuf]) -> Result<(PathBuf, u64)> {
    let cannot =
        |error| Error::input(format!("cannot read the file part `{named}`")).because(error);
    let path = fs::canonicalize(folder.join(named)).map_err(cannot)?;
    let mut inside = false;
    for folder in std::iter::once(folder).chain(allowed.iter().map(PathBuf::as_path)) {
        let real = fs::canonicalize(folder).map_err(|error| {
            Error::input(format!("cannot read the folder `{}`", folder.display())).because(error)
        })?;
        inside |= path.starts_with(&real);
    }
    if !inside {
        return Err(Error::input(format!(
            "the file part `{named}` is `{}`, which is outside the payload's folder",
            path.display()
        ))
        .help("name its folder with --allow-path DIR, or put a copy beside the payload"));
    }
    let about = fs::metadata(&path).map_err(cannot)?;
    if !about.is_file() {
        return Err(Error::input(format!("the file part `{named}` is no regular file")));
    }
    if path.to_str().is_none() {
        return Err(Error::input(format!("the name of `{}` is not UTF-8", path.display())));
    }
    File::open(&path).map_err(cannot)?;
    Ok((path, about.len()))
}

/// Looks at a file that a flag names; `measure` also asks for its checksum and, of a picture, its width and height.
pub(crate) fn look(path: &Path, measure: bool) -> Result<LocalFile> {
    let cannot = |error| Error::input(format!("cannot read `{}`", path.display())).because(error);
    // What is not a regular file is not opened: a pipe would wait for ever.
    let about = fs::metadata(path).map_err(cannot)?;
    if !about.is_file() {
        return Err(Error::input(format!("`{}` is no regular file", path.display())));
    }
    // Vendors put both into JSON.
    let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let (Some(name), Some(_)) = (name, path.to_str()) else {
        return Err(Error::input(format!("the name of `{}` is not UTF-8", path.display())));
    };
    let mut file = File::open(path).map_err(cannot)?;
    // What links lead to now is what goes out: an absolute path is opened without following any later.
    let real = path.canonicalize().map_err(cannot)?;
    let is_plain = std::path::absolute(path).is_ok_and(|whole| whole == real);
    let path = if is_plain { path.to_owned() } else { real };
    let mut found = LocalFile { path, name, size: about.len(), ..LocalFile::default() };
    if measure {
        let (crc32, head) = checksum(&mut file).map_err(cannot)?;
        found.crc32 = Some(crc32);
        found.pixels = pixels(&head);
    }
    Ok(found)
}

/// The checksum of a file, and its beginning.
fn checksum(file: &mut File) -> std::io::Result<(u32, Vec<u8>)> {
    let mut hash = crc32fast::Hasher::new();
    let mut head = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok((hash.finalize(), head));
        }
        hash.update(&chunk[..read]);
        let missing = HEAD.saturating_sub(head.len());
        head.extend_from_slice(&chunk[..read.min(missing)]);
    }
}

/// Width and height of a picture, from its beginning.
fn pixels(head: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(head).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

/// Files that are uploaded for themselves, each with what it is: as it is said, or as the ending of its name tells.
pub(crate) fn uploads(
    paths: &[PathBuf],
    kind: Option<MediaKind>,
    measures: bool,
) -> Result<Vec<Upload>> {
    let upload = |path: &PathBuf| {
        let file = look(path, measures)?;
        let kind = kind.unwrap_or_else(|| MediaKind::of_ending(&file.ending()));
        Ok(Upload { file, kind, places: Vec::new() })
    };
    paths.iter().map(upload).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_measured_and_summed_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("Dot.GIF");
        fs::write(&path, b"GIF89a\x07\x00\x05\x00\x00\x00\x00").expect("writable");
        let file = look(&path, true).expect("readable");
        assert_eq!((file.name.as_str(), file.ending().as_str()), ("Dot.GIF", "gif"));
        assert_eq!((file.size, file.pixels), (13, Some((7, 5))));
        let digits = folder.path().join("digits");
        fs::write(&digits, "123456789").expect("writable");
        let file = look(&digits, true).expect("readable");
        assert_eq!((file.crc32, file.pixels), (Some(3_421_780_262), None));
        assert_eq!(look(&digits, false).expect("readable").crc32, None);
    }

    #[test]
    fn folders_and_what_is_not_there_are_no_files() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in [folder.path().to_owned(), folder.path().join("missing")] {
            let error = look(&path, false).expect_err("no file");
            assert_eq!(error.exit(), crate::exit::Exit::Input);
        }
    }
}
