//! A request and a reply as bytes: pure data between the vendors' code, which makes and reads them, and the network.

mod address;
mod curl;
mod encode;
mod failure;
mod loopback;
mod multipart;
mod written;

pub use address::{address_fault, control_character, unprintable};
pub use curl::to_curl;
pub use encode::{FormBody, lower_hex, percent_encode, percent_encode_path};
pub use failure::{Cause, Exchange, ExchangeStep, Failure, Hop, Phase, ProxyHop, status_heals};
pub use loopback::{
    LOOPBACK, is_loopback, is_loopback_ip, is_loopback_name, is_open, url_is_loopback,
};
pub use multipart::{MultipartPiece, multipart_media, multipart_pieces};
pub use written::{HIDDEN, Show, Written};

use std::time::Duration;

use smol_str::SmolStr;

/// The methods that vendors use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Method {
    /// The word in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A signed request, ready to send.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Scheme, host and port, without a slash at the end.
    pub base: String,
    /// Path and query, with the leading slash, percent-encoded.
    pub path: Written,
    /// Headers in the order in which they are sent.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Body,
    /// Whether a secret itself is sent (Basic, Bearer): plain http off loopback is then refused. A signature is none.
    pub carries_secret: bool,
}

/// A header of a request.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name as the vendor writes it.
    pub name: &'static str,
    /// Its value.
    pub value: Written,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// None, and no content type.
    None,
    /// A text with its media type (with `charset` where the vendor documents one).
    Text {
        /// Value of `Content-Type`.
        media: &'static str,
        /// The text.
        text: Written,
    },
    /// `multipart/form-data`; the file is streamed when it is sent.
    Multipart(Vec<FormPart>),
    /// The bytes of a file on disk, streamed when it is sent.
    File {
        /// Value of `Content-Type`.
        media: &'static str,
        /// Its path.
        path: std::path::PathBuf,
    },
}

/// A part of a multipart body.
#[derive(Clone, Debug)]
pub enum FormPart {
    /// A field.
    Field {
        /// Its name.
        name: String,
        /// Its value.
        value: Written,
    },
    /// A file whose content is in memory.
    Content {
        /// Name of the part.
        name: String,
        /// Name of the file, without its folder.
        file_name: String,
        /// Its content.
        content: Written,
    },
    /// A file on disk.
    File {
        /// Name of the part.
        name: String,
        /// Name of the file, without its folder.
        file_name: String,
        /// Its path.
        path: std::path::PathBuf,
    },
}

impl FormPart {
    /// Its text, if it has one.
    pub fn text(&self) -> Option<&Written> {
        match self {
            Self::Field { value, .. } => Some(value),
            Self::Content { content, .. } => Some(content),
            Self::File { .. } => None,
        }
    }

    /// The same, mutable.
    pub fn text_mut(&mut self) -> Option<&mut Written> {
        match self {
            Self::Field { value, .. } => Some(value),
            Self::Content { content, .. } => Some(content),
            Self::File { .. } => None,
        }
    }
}

impl Request {
    /// The whole address.
    pub fn url(&self, show: Show) -> String {
        format!("{}{}", self.base, self.path.show(show))
    }

    /// Whether this is the whole address.
    pub fn goes_to(&self, url: &str) -> bool {
        url.strip_prefix(&*self.base).is_some_and(|path| self.path.is(path))
    }

    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&Written> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| &header.value)
    }

    /// The body as text: empty if there is none, a description if it contains files.
    pub fn body_text(&self, show: Show) -> String {
        match &self.body {
            Body::None => String::new(),
            Body::Text { text, .. } => text.show(show),
            Body::File { path, .. } => format!("@{}", path.display()),
            Body::Multipart(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| match part {
                        FormPart::Field { name, value } => {
                            format!("{name}={}", value.show(show))
                        }
                        FormPart::Content { name, file_name, .. }
                        | FormPart::File { name, file_name, .. } => {
                            format!("{name}=@{file_name}")
                        }
                    })
                    .collect();
                parts.join("&")
            }
        }
    }
}

/// A reply as it arrived: at most 8 MiB of it are read.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(SmolStr, SmolStr)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a header; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same with its time of arrival, if it has no readable date: dates in it are compared with that.
    #[must_use]
    pub fn dated(mut self, now_ms: i64) -> Self {
        if self.header("date").is_some_and(|text| moment(text).is_none()) {
            self.headers.retain(|(name, _)| name != "date");
        }
        let date = jiff::Timestamp::from_millisecond(now_ms).ok();
        let text = date.and_then(|date| {
            jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&date).ok()
        });
        if self.header("date").is_none() {
            self.headers.extend(text.map(|text| ("date".into(), text.into())));
        }
        self
    }

    /// How long the vendor asks to wait, from `Retry-After`: seconds, or a date, which is compared with the vendor's
    /// clock. An unreadable value still asks for a pause; a date in the past, or without a clock, asks for none.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        if let Some(longest) = text.split(',').map(|one| seconds(one.trim())).max().flatten() {
            return Some(longest);
        }
        let Some(until) = moment(text) else { return Some(UNREADABLE) };
        let seconds = until.duration_since(self.header("date").and_then(moment)?).as_secs();
        Some(pause(u64::try_from(seconds).ok()?))
    }

    /// How long the exhausted window of a rate limit lasts, from `X-Rate-Limit-Reset`; `None` if calls are left in it.
    pub fn window_reset(&self) -> Option<Duration> {
        let left = self.seconds("x-rate-limit-remaining").unwrap_or_default();
        left.is_zero().then(|| self.seconds("x-rate-limit-reset"))?
    }

    /// What keeps the body from being read as text: it is compressed, though that was not asked for, or it has control
    /// characters that no text has.
    pub fn unreadable(&self) -> Option<String> {
        const GZIP: &[u8] = &[0x1f, 0x8b];
        // WildfireChat names a character set here: only a coding that compresses makes a body unreadable.
        const COMPRESSIONS: [&str; 7] =
            ["gzip", "x-gzip", "compress", "x-compress", "deflate", "br", "zstd"];
        let body = self.body.trim_ascii();
        let coding = self.header("content-encoding").unwrap_or("identity");
        let is_coded = coding
            .split(',')
            .any(|one| COMPRESSIONS.iter().any(|known| one.trim().eq_ignore_ascii_case(known)));
        let is_control = |byte: &u8| byte.is_ascii_control() && !b"\t\n\x0c\r\x1b".contains(byte);
        match body {
            [] => None,
            _ if is_coded => {
                Some(format!("a compressed reply ({coding}), which was not asked for"))
            }
            _ if body.starts_with(GZIP) => {
                Some("a compressed reply (gzip), which was not asked for".to_owned())
            }
            _ if body.iter().any(is_control) => Some("a reply that is no UTF-8 text".to_owned()),
            _ => None,
        }
    }

    /// A header that counts seconds.
    fn seconds(&self, name: &str) -> Option<Duration> {
        seconds(self.header(name)?.trim())
    }
}

/// The pause if the value is unreadable: the longest pause between two attempts.
const UNREADABLE: Duration = Duration::from_secs(30);

/// Whole seconds, or a fraction, which is rounded up. A number that is too large becomes the largest one.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let more = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    Some(pause(whole.parse::<u64>().unwrap_or(u64::MAX).saturating_add(more)))
}

/// A date in any of the three HTTP formats (RFC 9110, 5.6.7).
fn moment(text: &str) -> Option<jiff::Timestamp> {
    const OLD: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    if let Ok(date) = jiff::fmt::rfc2822::parse(text) {
        return Some(date.timestamp());
    }
    let read = |form: &&str| jiff::civil::DateTime::strptime(form, text).ok();
    let date = OLD.iter().find_map(read)?;
    date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|date| date.timestamp())
}

/// A number of seconds. More than a week is cut, so that no sum of times overflows.
fn pause(seconds: u64) -> Duration {
    const WEEK: u64 = 7 * 24 * 60 * 60;
    Duration::from_secs(seconds.min(WEEK))
}

/// The time and a random number, read at the edge and passed in: signing itself reads neither.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Milliseconds since 1970, as headers will show them (`--timestamp` can be any text).
    pub timestamp: String,
    /// A random number in decimal digits, or the value of `--nonce`.
    pub nonce: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_by_the_vendors_clock_and_else_by_the_time_at_which_it_came() {
        let reply = |headers: &[(&str, &str)]| Reply {
            status: 503,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
            body: Vec::new(),
        };
        let until = ("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT");
        let own = ("date", "Fri, 31 Dec 1999 23:59:19 GMT");
        // Seven seconds earlier.
        let now_ms = 946_684_792_000;
        let pause = |reply: Reply| reply.dated(now_ms).retry_after().map(|pause| pause.as_secs());
        assert_eq!(reply(&[until]).retry_after(), None, "by no clock at all");
        assert_eq!(pause(reply(&[until])), Some(7));
        assert_eq!(pause(reply(&[own, until])), Some(40));
        assert_eq!(pause(reply(&[("date", "today"), until])), Some(7), "a date that is none");
        assert_eq!(reply(&[own]).dated(now_ms).headers.len(), 1);
        for (text, seconds) in [
            ("3", Some(3)),
            ("0", Some(0)),
            ("1.5", Some(2)),
            ("2.0", Some(2)),
            ("7, 120", Some(120)),
            ("99999999999999999999999", Some(7 * 24 * 60 * 60)),
            ("Friday, 31-Dec-99 23:59:59 GMT", Some(7)),
            ("Fri Dec 31 23:59:59 1999", Some(7)),
            ("soon", Some(30)),
            ("-1", Some(30)),
            ("", Some(30)),
        ] {
            assert_eq!(pause(reply(&[("retry-after", text)])), seconds, "{text}");
        }
        assert_eq!(pause(reply(&[])), None);
    }
}
