//! Multipart bodies, in which clients send files.

/// A part.
#[derive(Debug)]
pub(crate) struct MultipartPart {
    /// Its name.
    pub(crate) name: String,
    /// Name of the file, if it is one.
    pub(crate) file: Option<String>,
    /// Its content.
    pub(crate) content: Vec<u8>,
}

/// The parts of a body; none if the media type names no boundary.
pub(crate) fn parts(media: &str, body: &[u8]) -> Vec<MultipartPart> {
    let Some(boundary) = parameter(media, "boundary") else { return Vec::new() };
    let border = format!("--{boundary}").into_bytes();
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(start) = find(rest, &border) {
        let after = &rest[start + border.len()..];
        if after.starts_with(b"--") {
            break;
        }
        let end = find(after, &border).unwrap_or(after.len());
        parts.extend(part(&after[..end]));
        rest = &after[end..];
    }
    parts
}

/// A part between two boundaries: headers, an empty line, content, a line end.
fn part(bytes: &[u8]) -> Option<MultipartPart> {
    let bytes = bytes.strip_prefix(b"\r\n")?;
    let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
    let border = find(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..border]).into_owned();
    let disposition =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    Some(MultipartPart {
        name: parameter(disposition, "name").unwrap_or_default(),
        // Some clients send the whole local path.
        file: parameter(disposition, "filename")
            .map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()),
        content: bytes[border + 4..].to_vec(),
    })
}

/// A parameter of a header, with or without quotes.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let same = key.trim().eq_ignore_ascii_case(name);
        same.then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_whatever_their_spelling() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"ttl\"\r\n\r\n720\r\n\
            --x\r\ncontent-disposition:form-data;name=f;filename=\"/tmp/a.txt\"\r\nContent-Type: text/plain\r\n\r\na\r\nb\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=\"x\"", body.as_bytes());
        let found: Vec<_> = parts
            .iter()
            .map(|part| (part.name.as_str(), part.file.as_deref(), part.content.as_slice()))
            .collect();
        assert_eq!(found, [("ttl", None, &b"720"[..]), ("f", Some("a.txt"), &b"a\r\nb"[..])]);
        assert!(super::parts("multipart/form-data", body.as_bytes()).is_empty());
    }
}
