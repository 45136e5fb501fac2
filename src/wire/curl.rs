//! A request as one command line for a POSIX shell.
//!
//! curl must send what herald would send, and must not read a file that herald would not read. So payload data never
//! stands where curl interprets it: text goes after `--data-raw` and `--form-string`; parts with their own content go
//! to curl's stdin as the finished body.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::multipart::{FILE_MEDIA, quoted_name};
use super::{
    Body, FormPart, Method, MultipartPiece, Request, Show, lower_hex, multipart_media,
    multipart_pieces,
};
use crate::error::{Error, Result};
use crate::text::is_invisible;

/// Longer arguments go to curl's stdin: Linux takes 128 KiB for one.
const LONGEST: usize = 100_000;

/// The `curl` command that sends the same request. An error if herald could not send it either, or if a name cannot be
/// an argument.
pub fn to_curl(request: &Request, show: Show) -> Result<String> {
    // `-q` is first, so that no ~/.curlrc changes what is sent. `-g`: brackets in an address are not a pattern.
    let mut line = "curl -q -sS -g".to_owned();
    let url = request.url(show);
    // HTTP/2 would change the spelling of header names.
    if url.starts_with("https:") {
        line += " --http1.1";
    }
    if url.contains("/.") {
        line += " --path-as-is";
    }
    let _ = write!(line, " -X {} ", request.method.as_str());
    if !url.starts_with("http://") && !url.starts_with("https://") {
        line += "--proto =http,https --url ";
    }
    line += &argument(url.as_bytes(), "the address")?;
    for header in &request.headers {
        line += " -H ";
        line += &header_argument(header.name, &header.value.show(show))?;
    }
    let (before, rest) = body(request, show)?;
    Ok(format!("{before}{line}{rest}"))
}

/// A header in curl's syntax.
fn header_argument(name: &str, value: &str) -> Result<String> {
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(Error::input(format!("the header `{name}` would hold a control character"))
            .help("no request can carry it, and none was made"));
    }
    // A colon without a value removes a header; a semicolon sends it empty.
    let header = match value.trim_matches([' ', '\t']) {
        "" => format!("{name};"),
        _ => format!("{name}: {value}"),
    };
    argument(header.as_bytes(), "a header")
}

/// The text before `curl`, and the text after its headers.
fn body(request: &Request, show: Show) -> Result<(String, String)> {
    match &request.body {
        // Tells the server that there is no body, as herald does.
        Body::None if matches!(request.method, Method::Post | Method::Put) => {
            Ok((String::new(), " -H 'Content-Type:' --data-raw ''".to_owned()))
        }
        Body::None => Ok((String::new(), String::new())),
        Body::Text { media, text } => {
            let (text, media) = (text.show(show), header_argument("Content-Type", media)?);
            Ok(match as_argument(text.as_bytes()) {
                Some(text) => (String::new(), format!(" -H {media} --data-raw {text}")),
                None => {
                    let before = format!("printf '{}' | ", format_of(text.as_bytes()));
                    (before, format!(" -H {media} --data-binary @-"))
                }
            })
        }
        Body::File { media, path } => {
            let media = header_argument("Content-Type", media)?;
            let path = argument(&[b"@", file(path).as_slice()].concat(), "the name of the file")?;
            Ok((String::new(), format!(" -H {media}{NO_WAIT} --data-binary {path}")))
        }
        Body::Multipart(parts) => match parts.iter().map(|part| form(part, show)).collect() {
            Some(forms) => Ok((String::new(), [NO_WAIT.to_owned(), forms].concat())),
            None => framed(parts, show),
        },
    }
}

/// Turns off curl's question to the server before it sends a large body.
const NO_WAIT: &str = " -H 'Expect:'";

/// A part as an option of curl, if its names need no escaping and its content is a field or a file.
fn form(part: &FormPart, show: Show) -> Option<String> {
    let plain = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    match part {
        FormPart::Field { name, value } if plain(name) => {
            let field = as_argument(format!("{name}={}", value.show(show)).as_bytes())?;
            Some(format!(" --form-string {field}"))
        }
        // Older curl versions escape a backslash in a name, newer ones do not.
        FormPart::File { name, file_name, path } if plain(name) && !file_name.contains('\\') => {
            let (path, file_name) = (in_quotes(&file(path)), quoted_name(file_name));
            let file_name = in_quotes(file_name.as_bytes());
            let start = format!("{name}=@").into_bytes();
            let end = format!(";type={FILE_MEDIA}").into_bytes();
            let all = [start, path, b";filename=".to_vec(), file_name, end].concat();
            Some(format!(" -F {}", as_argument(&all)?))
        }
        FormPart::Field { .. } | FormPart::File { .. } | FormPart::Content { .. } => None,
    }
}

/// A text in quotes inside `-F`, where a comma or a semicolon would have a meaning.
fn in_quotes(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for byte in bytes {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b'"');
    out
}

/// The path of a file for curl and `cat`. A single hyphen would mean stdin.
fn file(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    if bytes.starts_with(b"-") { [b"./", bytes].concat() } else { bytes.to_vec() }
}

/// A multipart body that is complete before curl sees it.
fn framed(parts: &[FormPart], show: Show) -> Result<(String, String)> {
    let boundary = boundary(parts, show);
    let mut steps = Vec::new();
    for piece in multipart_pieces(parts, &boundary, show) {
        steps.push(match piece {
            MultipartPiece::Bytes(bytes) => format!("printf '{}'", format_of(&bytes)),
            MultipartPiece::File(path) => {
                format!("cat {}", argument(&file(path), "the name of a file")?)
            }
        });
    }
    let before = match steps.as_slice() {
        [only] => format!("{only} | "),
        _ => format!("{{ {}; }} | ", steps.join(" && ")),
    };
    let media = header_argument("Content-Type", &multipart_media(&boundary))?;
    Ok((before, format!(" -H {media}{NO_WAIT} --data-binary @-")))
}

/// A boundary that occurs in none of the parts. It is made only of what may be shown, so it reveals no secret.
fn boundary(parts: &[FormPart], show: Show) -> String {
    let all = |boundary: &str, show| {
        let pieces = multipart_pieces(parts, boundary, show);
        let bytes = pieces.into_iter().map(|piece| match piece {
            MultipartPiece::Bytes(bytes) => bytes,
            MultipartPiece::File(path) => file(path),
        });
        bytes.collect::<Vec<_>>().concat()
    };
    let (shown, sent) = (all("", Show::Redacted), all("", show));
    let mut boundary = format!("herald-{}", &lower_hex(&Sha256::digest(shown))[..32]);
    while sent.windows(boundary.len()).any(|window| window == boundary.as_bytes()) {
        boundary.push('-');
    }
    boundary
}

/// Bytes as one argument, or an error that names their source.
fn argument(bytes: &[u8], what: &str) -> Result<String> {
    as_argument(bytes).ok_or_else(|| {
        Error::input(format!("{what} cannot stand in a line for a shell"))
            .help("--dry-run shows the request; herald itself can send it")
    })
}

/// Bytes as one argument: in single quotes, which a POSIX shell takes literally. Invisible characters go through
/// `printf`. `None` if no argument can hold the bytes.
fn as_argument(bytes: &[u8]) -> Option<String> {
    if bytes.len() > LONGEST {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(is_unshown) => {
            Some(format!("'{}'", text.replace('\'', r"'\''")))
        }
        // The shell removes line ends from the output of a command, and an argument ends at a NUL.
        _ if bytes.contains(&0) || bytes.ends_with(b"\n") => None,
        _ => Some(format!("\"$(printf '{}')\"", format_of(bytes))),
    }
}

/// Whether output for people cannot contain a character as it is.
fn is_unshown(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// The format with which `printf` prints these bytes: in single quotes, which may be inside double quotes. Every
/// character with a meaning for a shell or `printf` becomes an octal number of three digits.
fn format_of(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '%' => out.push_str("%%"),
                '\\' => out.push_str("\\\\"),
                // A leading hyphen would begin an option; `!` is history expansion in an interactive shell.
                '\'' | '!' => octal(&mut out, c as u8),
                '-' if out.is_empty() => octal(&mut out, b'-'),
                c if is_unshown(c) => {
                    c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| octal(&mut out, byte));
                }
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|byte| octal(&mut out, *byte));
    }
    out
}

fn octal(out: &mut String, byte: u8) {
    let _ = write!(out, "\\{byte:03o}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Header, Written};

    fn request(body: Body) -> Request {
        Request {
            method: Method::Post,
            base: "https://h".to_owned(),
            path: Written::plain("/p"),
            headers: Vec::new(),
            body,
            carries_secret: false,
        }
    }

    fn line(body: Body) -> String {
        to_curl(&request(body), Show::Redacted).expect("a line")
    }

    fn text(text: &str) -> Body {
        Body::Text { media: "text/plain", text: Written::plain(text).then_secret("s3cret") }
    }

    #[test]
    fn a_line_is_as_plain_as_what_it_holds() {
        const START: &str = "curl -q -sS -g --http1.1 -X POST 'https://h/p'";
        let field = |name: &str, value: &str| FormPart::Field {
            name: name.to_owned(),
            value: Written::plain(value),
        };
        let file = |name: &str, path: &str| FormPart::File {
            name: name.to_owned(),
            file_name: "a\"b.txt".to_owned(),
            path: path.into(),
        };
        let content = FormPart::Content {
            name: "file".to_owned(),
            file_name: "x.txt".to_owned(),
            content: Written::plain("-@50%'\n"),
        };
        for (body, rest) in [
            (Body::None, " -H 'Content-Type:' --data-raw ''"),
            (text("it's@"), r" -H 'Content-Type: text/plain' --data-raw 'it'\''s@***'"),
            (
                text("a\tb\u{200b}"),
                r#" -H 'Content-Type: text/plain' --data-raw "$(printf 'a\011b\342\200\213***')""#,
            ),
            (
                Body::File { media: "image/png", path: "-".into() },
                " -H 'Content-Type: image/png' -H 'Expect:' --data-binary '@./-'",
            ),
            (
                Body::Multipart(vec![field("type", "@x"), file("file", "/d/a\"\\,;")]),
                r#" -H 'Expect:' --form-string 'type=@x' -F 'file=@"/d/a\"\\,;";filename="a%22b.txt";type=application/octet-stream'"#,
            ),
        ] {
            assert_eq!(line(body), format!("{START}{rest}"));
        }
        let finished = line(Body::Multipart(vec![field("a=b", "c"), content, file("f", "d,e")]));
        let (before, after) = finished.split_once(" | curl ").expect("a pipe");
        assert!(before.starts_with(r"{ printf '\055-herald-"), "{before}");
        assert!(before.contains(r#"name="a=b"\015\012\015\012c\015\012--herald-"#), "{before}");
        assert!(before.contains(r"-@50%%\047\012\015\012--herald-"), "{before}");
        assert!(before.contains("' && cat 'd,e' && printf '"), "{before}");
        assert!(after.ends_with("' -H 'Expect:' --data-binary @-"), "{after}");
    }

    #[test]
    fn what_no_request_or_no_shell_can_hold_is_refused() {
        let mut wrong = request(Body::None);
        wrong.headers.push(Header { name: "rid", value: Written::plain("a\r\nX: y") });
        assert!(to_curl(&wrong, Show::Secrets).is_err());
        let path = "d/a\n".into();
        let wrong = request(Body::File { media: "image/png", path });
        assert!(to_curl(&wrong, Show::Secrets).is_err());
        let mut odd = request(Body::None);
        odd.base = "file:///etc".to_owned();
        odd.method = Method::Get;
        odd.headers.push(Header { name: "rid", value: Written::plain("") });
        assert_eq!(
            to_curl(&odd, Show::Secrets).expect("a line"),
            "curl -q -sS -g -X GET --proto =http,https --url 'file:///etc/p' -H 'rid;'"
        );
    }

    #[test]
    fn a_boundary_tells_nothing_of_a_secret_and_stands_in_no_part() {
        let secret = |text: &str| {
            vec![FormPart::Field { name: "a".to_owned(), value: Written::secret(text) }]
        };
        let boundary = |parts: &[FormPart]| super::boundary(parts, Show::Secrets);
        let plain = boundary(&secret("x"));
        assert_eq!(plain, boundary(&secret("y")));
        assert_eq!(boundary(&secret(&plain)), format!("{plain}-"));
    }
}
