//! `herald sandbox --log`: what clients sent, and the answers that they got.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::error::{ErrorKind, Result};
use crate::files::{self, FileAccess, KeptFile, OutputKind, first_line};
use crate::provider;
use crate::redact::Redactor;
use crate::report::sandbox_requests::ToldRequest;
use crate::report::time;
use crate::sandbox::SeenRequest;

/// Of longer bodies only the size is logged, so that uploads do not fill the disk twice.
const LONGEST: usize = 1024 * 1024;

/// A file with one line for each request.
pub(crate) struct RequestLog(RefCell<File>);

impl RequestLog {
    /// Opens the file and keeps the lines of an older log in it. Refused are: a file with other content, one of the files
    /// `kept`, a link, and a pipe that no process reads.
    pub(crate) fn open(path: &Path, kept: &[KeptFile]) -> Result<Self> {
        let kind = OutputKind {
            name: "the log",
            content: "log of the sandbox",
            is_own: &|file| is_line(&first_line(file)),
            kept,
            refusal: ErrorKind::Input,
            help: "name a new file in a folder that can be written",
        };
        // A client may use a real profile with the sandbox: only the owner may see its signatures and messages.
        Ok(Self(RefCell::new(files::append(path, FileAccess::Private, &kind)?)))
    }

    /// Writes one whole line, before the client gets its answer.
    pub(crate) fn write(
        &self,
        seen: &SeenRequest<'_>,
        told: &ToldRequest,
        now_ms: i64,
    ) -> io::Result<()> {
        let line = format!("{}\n", line(seen, told, now_ms));
        self.0.borrow_mut().write_all(line.as_bytes())
    }
}

/// Whether it is a line of a log, of this or an older version.
fn is_line(text: &[u8]) -> bool {
    let line: Value = serde_json::from_slice(text).unwrap_or_default();
    line["version"].is_u64() && line["method"].is_string() && line["answer"].is_object()
}

fn line(seen: &SeenRequest<'_>, told: &ToldRequest, now_ms: i64) -> Value {
    let request = seen.request;
    let redactor = request.redactor(provider::secret_names_of(seen.provider.unwrap_or_default()));
    let (body, bytes) = text(&request.body, &redactor);
    let (answer, answer_bytes) = text(&seen.answer.body, &redactor);
    json!({
        "version": 1,
        "at": time(now_ms),
        "provider": seen.provider,
        "method": request.method,
        "target": redactor.redacted(seen.target),
        "headers": headers(&request.headers, &redactor),
        "body": body,
        "body_bytes": bytes,
        "operation": told.operation.map(|operation| operation.id),
        "refused": told.refused,
        "lint": told.lint,
        "answer": { "status": seen.answer.status, "body": answer, "body_bytes": answer_bytes },
    })
}

/// A body as text without its secrets, or `None` if it is not text or too long; and its length.
fn text<'b>(body: &'b [u8], redactor: &Redactor) -> (Option<Cow<'b, str>>, usize) {
    let short = (body.len() <= LONGEST).then_some(body);
    let text = short.and_then(|body| std::str::from_utf8(body).ok());
    (text.map(|text| redactor.redacted(text)), body.len())
}

/// Headers as they were sent. Credentials are masked, but the scheme stays.
fn headers(given: &[(String, String)], redactor: &Redactor) -> Map<String, Value> {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in given {
        let secret = redactor.names(name)
            || ["authorization", "proxy-authorization", "cookie"].contains(&&*name.to_lowercase());
        let value = match (secret, value.split_once(' ')) {
            (false, _) => redactor.redacted(value).into_owned(),
            (true, Some((scheme, _))) => format!("{scheme} ***"),
            (true, None) => "***".to_owned(),
        };
        match headers.get_mut(name) {
            Some(Value::String(before)) => {
                before.push_str(", ");
                before.push_str(&value);
            }
            _ => {
                headers.insert(name.clone(), value.into());
            }
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{Answer, Incoming, Reasons};

    fn ask(body: &[u8]) -> Incoming {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Incoming {
            method: "POST".to_owned(),
            path: "/v3/push".to_owned(),
            query: "a=b".to_owned(),
            headers: vec![
                header("AUTHORIZATION", "Basic aGVsbG8="),
                header("Cookie", "session=1"),
                header("Nonce", "7"),
                header("Nonce", "8"),
            ],
            body: body.to_vec(),
        }
    }

    fn line_of(request: &Incoming) -> Value {
        let answer =
            Answer { status: 200, headers: Vec::new(), body: b"{}".to_vec(), close: false };
        let target = "/jpush-v3/v3/push?a=b";
        let seen = SeenRequest {
            provider: Some("jpush-v3"),
            target,
            request,
            answer: &answer,
            refused: None,
            reasons: &Reasons::default(),
        };
        line(&seen, &ToldRequest::default(), 1_782_353_213_880)
    }

    #[test]
    fn a_line_has_both_sides_and_no_credentials() {
        assert_eq!(
            line_of(&ask("你好".as_bytes())),
            json!({
                "version": 1,
                "at": "2026-06-25T02:06:53Z",
                "provider": "jpush-v3",
                "method": "POST",
                "target": "/jpush-v3/v3/push?a=b",
                "headers": { "AUTHORIZATION": "Basic ***", "Cookie": "***", "Nonce": "7, 8" },
                "body": "你好",
                "body_bytes": 6,
                "operation": null,
                "refused": null,
                "lint": [],
                "answer": { "status": 200, "body": "{}", "body_bytes": 2 },
            })
        );
    }

    #[test]
    fn a_body_that_is_no_text_or_too_long_is_told_by_its_size() {
        for body in [vec![0xff, 0xfe], vec![b'x'; LONGEST + 1]] {
            let line = line_of(&ask(&body));
            assert_eq!((&line["body"], &line["body_bytes"]), (&Value::Null, &body.len().into()));
        }
    }

    #[test]
    fn lines_are_added_to_what_is_there_and_an_unusable_file_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("log.ndjson");
        let answer = Answer { status: 204, headers: Vec::new(), body: Vec::new(), close: false };
        let request = ask(b"line\nbreak");
        let seen = SeenRequest {
            provider: None,
            target: "/x",
            request: &request,
            answer: &answer,
            refused: None,
            reasons: &Reasons::default(),
        };
        for _ in 0..2 {
            let log = RequestLog::open(&path, &[]).expect("it can be written");
            log.write(&seen, &ToldRequest::default(), 0).expect("written");
        }
        let text = std::fs::read_to_string(&path).expect("text");
        assert_eq!(text.lines().count(), 2, "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let error = RequestLog::open(folder.path(), &[]).err().expect("a folder is no log");
        assert_eq!(error.exit(), crate::exit::Exit::Input);
    }

    #[cfg(unix)]
    #[test]
    fn a_log_is_its_owner_s_and_is_not_written_through_a_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, link) = (folder.path().join("log"), folder.path().join("link"));
        let before = format!("{}\n", line_of(&ask(b"before")));
        std::fs::write(&path, &before).expect("writable");
        let mode = || std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).expect("its owner");
        for target in ["log", "gone", "link"] {
            symlink(target, &link).expect("a link");
            let error = RequestLog::open(&link, &[]).err().expect("a link");
            assert!(error.full_message().contains("it is a link"), "{}", error.full_message());
            assert!(!folder.path().join("gone").exists());
            std::fs::remove_file(&link).expect("removed");
        }
        assert_eq!(mode(), 0o666, "what was not opened was not touched");
        drop(RequestLog::open(&path, &[]).expect("it can be written"));
        assert_eq!(mode(), 0o600);
        assert_eq!(std::fs::read_to_string(&path).expect("text"), before);
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
        let error = RequestLog::open(&pipe, &[]).err().expect("no reader");
        assert!(error.full_message().contains("no process reads"), "{}", error.full_message());
        assert!(RequestLog::open(Path::new("/dev/null"), &[]).is_ok());
    }
}
