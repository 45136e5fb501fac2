//! `multipart/form-data`, byte by byte: the only place that frames parts.

use std::path::Path;

use super::{FormPart, Show};

/// A piece of a multipart body.
#[derive(Debug, PartialEq, Eq)]
pub enum MultipartPiece<'a> {
    /// These bytes. There are never two in sequence.
    Bytes(Vec<u8>),
    /// The content of a file.
    File(&'a Path),
}

/// The value of `Content-Type` for a multipart body.
pub fn multipart_media(boundary: &str) -> String {
    format!("multipart/form-data; boundary={boundary}")
}

/// The pieces of a multipart body, in order.
pub fn multipart_pieces<'a>(
    parts: &'a [FormPart],
    boundary: &str,
    show: Show,
) -> Vec<MultipartPiece<'a>> {
    let mut pieces = Vec::new();
    let mut pending = Vec::new();
    for part in parts {
        pending.extend(format!("--{boundary}\r\nContent-Disposition: form-data; ").bytes());
        match part {
            FormPart::Field { name, value } => {
                let (name, value) = (quoted_name(name), value.show(show));
                pending.extend(format!("name=\"{name}\"\r\n\r\n{value}").bytes());
            }
            FormPart::Content { name, file_name, content } => {
                pending.extend(file_head(name, file_name).bytes());
                pending.extend(content.show(show).bytes());
            }
            FormPart::File { name, file_name, path } => {
                pending.extend(file_head(name, file_name).bytes());
                pieces.push(MultipartPiece::Bytes(std::mem::take(&mut pending)));
                pieces.push(MultipartPiece::File(path));
            }
        }
        pending.extend(b"\r\n");
    }
    pending.extend(format!("--{boundary}--\r\n").bytes());
    pieces.push(MultipartPiece::Bytes(pending));
    pieces
}

/// The text before the content of a file.
fn file_head(name: &str, file_name: &str) -> String {
    let (name, file_name) = (quoted_name(name), quoted_name(file_name));
    format!("name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {FILE_MEDIA}\r\n\r\n")
}

/// The media type of every file.
pub(super) const FILE_MEDIA: &str = "application/octet-stream";

/// A name inside quotes, escaped as in browsers.
pub(super) fn quoted_name(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
