//! Bodies on their way out: of known length, files streamed, and honest about whether anything of them was asked for.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::progress::Progress;
use crate::files::{OpenRefusal, open_exact};
use crate::wire::{self, FormPart, MultipartPiece, Show};

/// How much of a file is read at a time.
const CHUNK: u64 = 64 * 1024;

/// The body of a request as it goes out. It tells when a connection takes its request, and how many bytes are gone.
#[derive(Debug, Default)]
pub(crate) struct OutgoingBody {
    /// Value of `Content-Type`, where there is one.
    pub(crate) media: Option<Cow<'static, str>>,
    /// How many bytes of it are left to send.
    pub(crate) length: u64,
    pieces: VecDeque<BodyPiece>,
    /// Told when a connection takes the request, before it writes anything of it. So without the mark nothing has left.
    pub(super) progress: Option<Arc<Progress>>,
    /// How many bytes it has in all.
    whole: u64,
    has_files: bool,
}

#[derive(Debug)]
enum BodyPiece {
    Bytes(Bytes),
    File { file: File, left: u64 },
}

impl OutgoingBody {
    /// Frames a body. Files are opened, so that a missing one is found before anything goes out.
    pub(crate) fn of(body: wire::Body) -> io::Result<Self> {
        match body {
            wire::Body::None => Ok(Self::default()),
            wire::Body::Text { media, text } => {
                let mut body = Self { media: Some(Cow::Borrowed(media)), ..Self::default() };
                body.push(text.into_text().into());
                Ok(body)
            }
            wire::Body::Multipart(parts) => Self::multipart(&parts),
            wire::Body::File { media, path } => {
                let mut body = Self { media: Some(Cow::Borrowed(media)), ..Self::default() };
                body.push_file(&path)?;
                Ok(body)
            }
        }
    }

    fn multipart(parts: &[FormPart]) -> io::Result<Self> {
        let boundary = format!("herald-{}", uuid::Uuid::now_v7().simple());
        let media = Some(wire::multipart_media(&boundary).into());
        let mut body = Self { media, ..Self::default() };
        for piece in wire::multipart_pieces(parts, &boundary, Show::Secrets) {
            match piece {
                MultipartPiece::Bytes(bytes) => body.push(bytes.into()),
                MultipartPiece::File(path) => body.push_file(path)?,
            }
        }
        Ok(body)
    }

    fn push(&mut self, bytes: Bytes) {
        let length = bytes.len() as u64;
        self.push_piece(BodyPiece::Bytes(bytes), length);
    }

    fn push_piece(&mut self, piece: BodyPiece, length: u64) {
        self.pieces.push_back(piece);
        self.length += length;
        self.whole += length;
    }

    fn push_file(&mut self, path: &Path) -> io::Result<()> {
        // The path was looked at before, and led through no link then.
        let file = open_exact(path).map_err(|refusal| match refusal {
            OpenRefusal::System(error) => error,
            OpenRefusal::Link => {
                io::Error::new(io::ErrorKind::InvalidInput, "it has become a link")
            }
            OpenRefusal::NotAFile => {
                io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
            }
        })?;
        let left = file.metadata()?.len();
        self.push_piece(BodyPiece::File { file, left }, left);
        self.has_files = true;
        Ok(())
    }

    /// All of it at once, for the sandbox.
    pub(crate) fn read_all(mut self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(chunk) = self.next_chunk()? {
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    }

    fn next_chunk(&mut self) -> io::Result<Option<Bytes>> {
        let Some(piece) = self.pieces.front_mut() else { return Ok(None) };
        let chunk = match piece {
            BodyPiece::Bytes(bytes) => std::mem::take(bytes),
            BodyPiece::File { file, left } => {
                let mut chunk = Vec::new();
                file.take(CHUNK.min(*left)).read_to_end(&mut chunk)?;
                if chunk.is_empty() && *left > 0 {
                    let text = "the file became shorter while it was sent";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, text));
                }
                *left -= chunk.len() as u64;
                Bytes::from(chunk)
            }
        };
        if !matches!(piece, BodyPiece::File { left, .. } if *left > 0) {
            self.pieces.pop_front();
        }
        self.length -= chunk.len() as u64;
        Ok(Some(chunk))
    }
}

impl Body for OutgoingBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let chunk = self.next_chunk();
        let watch = self.progress.as_ref().and_then(|progress| progress.watch.as_ref());
        if let Some(watch) = watch.filter(|_| self.has_files) {
            watch.sent(self.whole - self.length, self.whole);
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)).transpose())
    }

    /// hyper asks this first once a request is on a connection, with or without a body, and nothing else asks it.
    fn is_end_stream(&self) -> bool {
        if let Some(progress) = &self.progress {
            progress.begin();
        }
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Written;

    #[test]
    fn a_multipart_body_is_as_long_as_it_says_and_holds_its_files() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("big.bin");
        let big = vec![7_u8; 200_000];
        std::fs::write(&path, &big).expect("writable");
        let empty = folder.path().join("empty");
        std::fs::write(&empty, "").expect("writable");
        let file = |name: &str, path: &Path| FormPart::File {
            name: name.into(),
            file_name: "a\"b\r\n.bin".into(),
            path: path.into(),
        };
        let body = OutgoingBody::of(wire::Body::Multipart(vec![
            FormPart::Field { name: "type".into(), value: Written::plain("image") },
            file("one", &path),
            file("two", &empty),
            FormPart::Content {
                name: "three".into(),
                file_name: "c.txt".into(),
                content: Written::plain("text"),
            },
        ]))
        .expect("all files are there");
        let length = body.length;
        let media = body.media.clone().expect("multipart has a media type");
        let boundary = media.split_once("boundary=").expect("a boundary").1.to_owned();
        let bytes = body.read_all().expect("readable");
        assert_eq!(bytes.len() as u64, length);
        let text = String::from_utf8(bytes).expect("all of it is ASCII here");
        let parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
        assert_eq!(parts.len(), 6, "four parts between a start and an end");
        assert_eq!(parts[1], "\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage\r\n");
        assert!(parts[2].contains("name=\"one\"; filename=\"a%22b%0D%0A.bin\"\r\n"));
        assert_eq!(parts[2].split("\r\n\r\n").nth(1).map(str::len), Some(big.len() + 2));
        assert!(parts[3].ends_with("octet-stream\r\n\r\n\r\n"));
        assert!(parts[4].ends_with("\r\n\r\ntext\r\n"));
        assert_eq!(parts[5], "--\r\n");
    }

    #[test]
    fn a_missing_file_or_a_folder_is_found_before_anything_goes_out() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in [folder.path().join("missing"), folder.path().to_owned()] {
            let parts =
                vec![FormPart::File { name: "file".into(), file_name: "missing".into(), path }];
            assert!(OutgoingBody::of(wire::Body::Multipart(parts)).is_err());
        }
    }
}
