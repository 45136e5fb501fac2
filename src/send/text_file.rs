//! The text of a message in a file: `--text-file`.

use std::borrow::Cow;
use std::path::Path;

use crate::error::{Error, Result};
use crate::input::Input;
use crate::send::options::MessageOptions;
use crate::send::payload_file::is_stdin;

/// The flag that names the file.
pub(crate) const TEXT_FILE: &str = "--text-file";

impl MessageOptions {
    /// Refuses several flags that read stdin: those of the message, and the list of targets.
    pub(crate) fn read_stdin_once(&self, list: Option<&Path>) -> Result<()> {
        let readers = [
            ("--targets", list),
            ("--body", self.payload.body.as_deref()),
            (TEXT_FILE, self.content.text_file.as_deref()),
        ];
        let stdin: Vec<&str> =
            readers.iter().filter(|(_, path)| is_stdin(*path)).map(|(flag, _)| *flag).collect();
        let [first, second, ..] = stdin.as_slice() else { return Ok(()) };
        Err(Error::usage(format!("{first} - and {second} - both read stdin"))
            .help("put one of them into a file"))
    }

    /// The message with the text of its file, where it names one. From there on it is judged as the text of `--text`.
    pub(crate) fn with_text(&self) -> Result<Cow<'_, Self>> {
        let content = &self.content;
        let Some(path) = content.text_file.as_ref().filter(|_| content.text.is_none()) else {
            return Ok(Cow::Borrowed(self));
        };
        self.read_stdin_once(None)?;
        let input = Input::named(path, &self.payload.allow_path)?;
        let mut message = self.clone();
        message.content.text = Some(text_of(&input.name(), input.read()?)?);
        Ok(Cow::Owned(message))
    }
}

/// The text of a file: without a byte order mark, and without the line end that editors put behind the last line.
fn text_of(name: &str, bytes: Vec<u8>) -> Result<String> {
    let fault = |what: &str| {
        Error::input(format!("`{name}` is {what}, not UTF-8"))
            .help("save it as UTF-8; nothing was sent")
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(fault("UTF-16"));
    }
    let text = String::from_utf8(bytes).map_err(|_| fault("in another encoding"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Some(at) = text.find('\0') {
        let line = text[..at].matches('\n').count() + 1;
        let column = text[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let message = format!("`{name}` has a NUL byte (line {line}, column {column})");
        return Err(Error::input(message).help("is it a text file? Nothing was sent"));
    }
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_byte_is_told_with_its_place() {
        let told = text_of("x", b"a\n\xe4\xbd\xa0\0b\0".to_vec()).expect_err("NUL").to_string();
        assert_eq!(told, "`x` has a NUL byte (line 2, column 2)");
    }

    #[test]
    fn a_file_has_the_text_without_mark_and_last_line_end() {
        for (bytes, text) in [
            (b"hello".as_slice(), Some("hello")),
            (b"hello\n", Some("hello")),
            (b"hello\r\n", Some("hello")),
            (b"a\nb\n\n", Some("a\nb\n")),
            (b"\xef\xbb\xbfhello", Some("hello")),
            (b"\xef\xbb\xbf\n", Some("")),
            (b"", Some("")),
            (b"hello\r", Some("hello\r")),
            (b"\xff\xfeh\0i\0", None),
            (b"\xfe\xff\0h\0i", None),
            (b"\xc4\xe3\xba\xc3", None),
            (b"a\0b", None),
        ] {
            assert_eq!(text_of("x", bytes.to_vec()).ok().as_deref(), text, "{bytes:?}");
        }
    }
}
