//! What is wrong with a signature: the likely mistakes are made on purpose, until one gives the same signature.
//!
//! Nothing here knows a vendor. A [`Signature`] names its pieces in order and how they are encoded. From these, all
//! signatures with one or two mistakes are computed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::Signature;
use crate::text::is_blank;
use crate::wire::{Show, lower_hex, percent_encode};

/// How the pieces of a signature become its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// SHA-1 in lower-case hexadecimal.
    Sha1,
    /// MD5 in upper-case hexadecimal.
    Md5,
    /// `Basic` and base64: nothing is hashed.
    Basic,
}

/// The most mistakes at once. More would need much time, and hardly anyone makes more.
const MAX_MISTAKES: usize = 2;

/// What people write between pieces.
const SEPARATORS: [&str; 9] = ["|", ":", ",", "&", "+", "-", "_", " ", "\n"];

/// What languages print for a value that is absent.
const ABSENT: [&str; 5] = ["None", "null", "undefined", "nil", "NULL"];

/// What gets around a secret that was read from a file or copied from a page.
const AROUND: [(&str, &str, &str); 7] = [
    ("", "\n", "a line end stands behind"),
    ("", "\r\n", "a line end stands behind"),
    ("", " ", "a blank stands behind"),
    ("", "\t", "a tab stands behind"),
    (" ", "", "a blank stands before"),
    ("\"", "\"", "quotes stand around"),
    ("\u{feff}", "", "a byte order mark stands before"),
];

/// How many of [`AROUND`] may stand behind any value.
const BEHIND: usize = 4;

/// A piece of the text that is signed.
#[derive(Clone, PartialEq, Eq)]
struct Piece {
    name: &'static str,
    text: String,
    secret: bool,
}

impl Piece {
    fn is_separator(&self) -> bool {
        self.name == SEPARATOR
    }
}

/// The name of pieces that only stand between others.
const SEPARATOR: &str = "separator";

/// The name of the piece with the time in milliseconds.
const TIMESTAMP: &str = "timestamp";

/// Pieces with mistakes in them, and these in words.
#[derive(Clone)]
struct Attempt {
    pieces: Vec<Piece>,
    words: Vec<String>,
}

impl Attempt {
    fn with(&self, pieces: Vec<Piece>, words: String) -> Self {
        let words = self.words.iter().cloned().chain([words]).collect();
        Self { pieces, words }
    }

    fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// Whether a given signature is none: as a rule, a variable of a script is empty.
pub fn is_empty(given: &str) -> bool {
    is_blank(given)
}

/// What a hashed signature shows that has not the length of a right one.
fn wrong_length(signature: &Signature, given: &str) -> Option<String> {
    let whole = signature.value.as_ref()?;
    let (right, count) = (whole.chars().count(), given.chars().count());
    let plural = if count == 1 { "" } else { "s" };
    let is_start = whole.to_lowercase().starts_with(&given.to_lowercase());
    let cut = if is_start { "it is cut off: " } else { "" };
    (right != count)
        .then(|| format!("{cut}it has {count} character{plural}, a whole one has {right}"))
}

/// Whether a given signature is right. `None` if this vendor signs nothing.
pub fn is_right(signature: &Signature, given: &str) -> Option<bool> {
    let right = signature.value.as_ref()?;
    Some(match signature.encoding? {
        SignatureEncoding::Basic => token(given) == token(right),
        _ if signature.case_matters => right == given,
        _ => right.eq_ignore_ascii_case(given),
    })
}

/// The mistakes in a wrong signature, in words; `None` if no likely one gives it. `others` are other keys and secrets of
/// the account, with their names. The words contain no secret.
pub fn explain(
    signature: &Signature,
    others: &[(&'static str, &str)],
    given: &str,
) -> Option<String> {
    let encoding = signature.encoding?;
    let pieces = signature.pieces.iter().map(|(name, text)| Piece {
        name,
        text: text.show(Show::Secrets),
        secret: text.has_secret(),
    });
    let mut pieces: Vec<Piece> = pieces.collect();
    if encoding == SignatureEncoding::Basic {
        pieces.insert(1, Piece { name: SEPARATOR, text: ":".to_owned(), secret: false });
    }
    let right = Attempt { pieces, words: Vec::new() };
    let attempts = attempts(&right, others);
    let found = match encoding {
        SignatureEncoding::Basic => explain_basic(&right, &attempts, given),
        SignatureEncoding::Sha1 | SignatureEncoding::Md5 => {
            let plain = attempts
                .iter()
                .find_map(|attempt| digest_mistakes(attempt, encoding, signature, given));
            plain
                .or_else(|| hmac_mistakes(&attempts, encoding, given))
                .or_else(|| wrong_length(signature, given).map(|words| vec![words]))
        }
    };
    found.map(|words| words.join("; "))
}

/// Makes each mistake of one sort in an attempt.
type Step<'s> = dyn Fn(&Attempt) -> Vec<Attempt> + 's;

/// All attempts with at most [`MAX_MISTAKES`], the ones with the fewest first.
fn attempts(right: &Attempt, others: &[(&'static str, &str)]) -> Vec<Attempt> {
    let steps: [&Step<'_>; 3] =
        [&wrong_separators, &wrong_order, &|attempt| wrong_values(attempt, others)];
    let mut all = vec![right.clone()];
    for step in steps {
        let before = all.iter().filter(|attempt| attempt.words.len() < MAX_MISTAKES);
        let more: Vec<Attempt> = before.flat_map(step).collect();
        all.extend(more);
    }
    all.sort_by_key(|attempt| attempt.words.len());
    // Without a difference, for example where two values are equal, there is no mistake.
    let text = right.text();
    all.retain(|attempt| attempt.words.is_empty() || attempt.text() != text);
    all
}

/// Separators left out, others in their place, or some where none belong.
fn wrong_separators(attempt: &Attempt) -> Vec<Attempt> {
    let own = attempt.pieces.iter().find(|piece| piece.is_separator());
    let values = attempt.pieces.iter().filter(|piece| !piece.is_separator());
    let joined = |separator: &str| {
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in values.clone() {
            if !pieces.is_empty() && !separator.is_empty() {
                let text = separator.to_owned();
                pieces.push(Piece { name: SEPARATOR, text, secret: false });
            }
            pieces.push(piece.clone());
        }
        pieces
    };
    let shown = |separator: &str| format!("`{}`", separator.escape_default());
    let mut out = Vec::new();
    if let Some(own) = own {
        let words = format!("the separator {} is left out", shown(&own.text));
        out.push(attempt.with(joined(""), words));
        out.extend(one_separator_less(attempt, &shown(&own.text)));
    }
    for separator in SEPARATORS.into_iter().filter(|text| own.is_none_or(|own| own.text != *text)) {
        let words = match own {
            Some(own) => format!("{} separates it, not {}", shown(separator), shown(&own.text)),
            None => format!("{} separates it, and no separator belongs there", shown(separator)),
        };
        out.push(attempt.with(joined(separator), words));
    }
    out
}

/// Each separator left out alone; of one separator, all are left out then, and this makes nothing.
fn one_separator_less(attempt: &Attempt, shown: &str) -> Vec<Attempt> {
    let is_separator = |place: &usize| attempt.pieces[*place].is_separator();
    let places: Vec<usize> = (0..attempt.pieces.len()).filter(is_separator).collect();
    let less = |place: usize| {
        let mut pieces = attempt.pieces.clone();
        pieces.remove(place);
        let around = [place.checked_sub(1), Some(place + 1)];
        let names = around.map(|at| at.and_then(|at| attempt.pieces.get(at)).map(|it| it.name));
        let words = match names {
            [Some(one), Some(other)] => {
                format!("the separator {shown} between `{one}` and `{other}` is left out")
            }
            _ => format!("a separator {shown} is left out"),
        };
        attempt.with(pieces, words)
    };
    if places.len() > 1 { places.into_iter().map(less).collect() } else { Vec::new() }
}

/// The values in every other order; separators stay in their places.
fn wrong_order(attempt: &Attempt) -> Vec<Attempt> {
    let places: Vec<usize> =
        (0..attempt.pieces.len()).filter(|place| !attempt.pieces[*place].is_separator()).collect();
    let mut out = Vec::new();
    for order in permutations(&places).into_iter().filter(|order| *order != places) {
        let mut pieces = attempt.pieces.clone();
        for (place, from) in places.iter().zip(&order) {
            pieces[*place] = attempt.pieces[*from].clone();
        }
        let moved: Vec<&Piece> = places
            .iter()
            .zip(&order)
            .filter(|(place, from)| place != from)
            .map(|(place, _)| &attempt.pieces[*place])
            .collect();
        let words = match moved.as_slice() {
            [one, other] => format!("`{}` and `{}` are swapped", one.name, other.name),
            _ => {
                let names: Vec<&str> =
                    order.iter().map(|from| attempt.pieces[*from].name).collect();
                format!("the order is {}", names.join(", "))
            }
        };
        out.push(attempt.with(pieces, words));
    }
    out
}

fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for (index, first) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(index);
        out.extend(permutations(&rest).into_iter().map(|mut tail| {
            tail.insert(0, *first);
            tail
        }));
    }
    out
}

/// Another text in the place of one value.
fn wrong_values(attempt: &Attempt, others: &[(&'static str, &str)]) -> Vec<Attempt> {
    let mut out = Vec::new();
    for (place, piece) in attempt.pieces.iter().enumerate().filter(|(_, it)| !it.is_separator()) {
        for (text, words) in texts_instead_of(piece, others) {
            let mut pieces = attempt.pieces.clone();
            pieces[place].text = text;
            out.push(attempt.with(pieces, words));
        }
    }
    out
}

/// What people write in place of a value, with words about it.
fn texts_instead_of(piece: &Piece, others: &[(&'static str, &str)]) -> Vec<(String, String)> {
    let Piece { name, text, secret } = piece;
    let mut out = Vec::new();
    if text.is_empty() {
        let word = |word: &str| {
            (
                word.to_owned(),
                format!("`{word}` stands for the absent `{name}`, and nothing is due"),
            )
        };
        return ABSENT.map(word).into();
    }
    if *name == TIMESTAMP
        && let Ok(time) = text.parse::<u64>()
    {
        let seconds = format!("`{name}` is in seconds, and milliseconds are expected");
        let millis = format!("`{name}` is in milliseconds, and differs from the one given");
        out.push(((time / 1000).to_string(), seconds));
        out.push((time.saturating_mul(1000).to_string(), millis));
    }
    for (other, value) in others {
        let words = match text.strip_suffix(*value) {
            Some(prefix) if other == name => {
                format!("`{name}` is without `{prefix}`, which belongs before it here")
            }
            _ => format!("`{other}` is in the place of `{name}`"),
        };
        out.push(((*value).to_owned(), words));
    }
    for (other, value) in others.iter().filter(|(_, value)| !value.is_empty()) {
        out.push((
            format!("{value}{text}"),
            format!("`{other}` stands before `{name}`, and does not belong there"),
        ));
    }
    if text.contains(' ') {
        let words =
            format!("the blanks in `{name}` are taken out, and are signed as they are sent");
        out.push((text.replace(' ', ""), words));
    }
    let around = AROUND.into_iter().map(|(before, behind, words)| {
        (format!("{before}{text}{behind}"), format!("{words} `{name}`"))
    });
    out.extend(around.take(if *secret { AROUND.len() } else { BEHIND }));
    out.push((percent_encode(text), format!("`{name}` is percent-encoded, and is due as it is")));
    out.push((String::new(), format!("`{name}` is left out")));
    out.retain(|(other, _)| other != text);
    out
}

/// The mistakes of an attempt, if its digest is the one given: in another case, encoding, or of another algorithm.
fn digest_mistakes(
    attempt: &Attempt,
    encoding: SignatureEncoding,
    signature: &Signature,
    given: &str,
) -> Option<Vec<String>> {
    let text = attempt.text();
    let (gbk, _, has_gbk_fault) = encoding_rs::GBK.encode(&text);
    let is_other = !text.is_ascii() && !has_gbk_fault;
    let gbk = is_other.then_some((gbk.as_ref(), Some("it is hashed as GBK, and UTF-8 is due")));
    let own = match encoding {
        SignatureEncoding::Md5 => "MD5",
        _ => "SHA-1",
    };
    for (bytes, words) in [Some((text.as_bytes(), None)), gbk].into_iter().flatten() {
        let digests: [(&str, Vec<u8>); 3] = [
            ("SHA-1", Sha1::digest(bytes).to_vec()),
            ("MD5", Md5::digest(bytes).to_vec()),
            ("SHA-256", Sha256::digest(bytes).to_vec()),
        ];
        for (algorithm, digest) in digests {
            let hex = lower_hex(&digest);
            let form = if given.eq_ignore_ascii_case(&hex) {
                let due = signature.value.as_deref().unwrap_or_default();
                let is_lower = |text: &str| !text.bytes().any(|byte| byte.is_ascii_uppercase());
                let in_case = signature.case_matters && is_lower(due) != is_lower(given);
                in_case.then_some("its letters are in the wrong case, which the vendor compares")
            } else if given == STANDARD.encode(&digest) || given == STANDARD.encode(&hex) {
                Some("it is base64, and hexadecimal is due")
            } else {
                continue;
            };
            let other = (algorithm != own).then(|| format!("it is {algorithm}, and {own} is due"));
            let more = words.into_iter().chain(form).map(str::to_owned).chain(other);
            return Some(attempt.words.iter().cloned().chain(more).collect())
                .filter(|words: &Vec<String>| !words.is_empty());
        }
    }
    None
}

/// The mistakes of a signature that is an HMAC with a secret as its key, over the other pieces or over all of them.
fn hmac_mistakes(
    attempts: &[Attempt],
    encoding: SignatureEncoding,
    given: &str,
) -> Option<Vec<String>> {
    let own = match encoding {
        SignatureEncoding::Md5 => "the plain MD5",
        _ => "the plain SHA-1",
    };
    for attempt in attempts.iter().filter(|attempt| attempt.words.len() < MAX_MISTAKES) {
        let Some(key) = attempt.pieces.iter().find(|piece| piece.secret) else { continue };
        let others = attempt.pieces.iter().filter(|piece| !piece.secret);
        let rest: String = others.map(|piece| piece.text.as_str()).collect();
        for text in [rest, attempt.text()] {
            let macs: [(&str, Vec<u8>); 3] = [
                ("HMAC-SHA-1", hmac::<Hmac<Sha1>>(&key.text, &text)),
                ("HMAC-SHA-256", hmac::<Hmac<Sha256>>(&key.text, &text)),
                ("HMAC-MD5", hmac::<Hmac<Md5>>(&key.text, &text)),
            ];
            let is_given = |mac: &[u8]| {
                given.eq_ignore_ascii_case(&lower_hex(mac)) || given == STANDARD.encode(mac)
            };
            if let Some((name, _)) = macs.iter().find(|(_, mac)| is_given(mac)) {
                let words =
                    format!("it is {name} with `{}` as the key, and {own} is due", key.name);
                return Some(attempt.words.iter().cloned().chain([words]).collect());
            }
        }
    }
    None
}

fn hmac<M: Mac + KeyInit>(key: &str, text: &str) -> Vec<u8> {
    let mut mac =
        <M as KeyInit>::new_from_slice(key.as_bytes()).expect("a key may have any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// What stands behind `Basic`, whatever the case of that word.
fn token(given: &str) -> Option<&str> {
    let (scheme, token) = given.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(token.trim())
}

/// The mistakes in a header of HTTP Basic. What is decoded is never shown: in a wrong order, the secret is the user.
fn explain_basic(right: &Attempt, attempts: &[Attempt], given: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let token = token(given).unwrap_or_else(|| {
        words.push("the word `Basic` before it is missing".to_owned());
        given.trim()
    });
    let glued: String = token.split_whitespace().collect();
    if glued != token {
        words.push("it has blanks or line ends inside, as some base64 functions make".to_owned());
    }
    let decoded = STANDARD.decode(&glued).or_else(|_| {
        words.push("its base64 has another alphabet or no padding".to_owned());
        STANDARD_NO_PAD.decode(&glued).or_else(|_| URL_SAFE.decode(&glued))
    });
    let Ok(decoded) = decoded else { return Some(vec!["it is no base64".to_owned()]) };
    if let Some(attempt) = attempts.iter().find(|attempt| attempt.text().as_bytes() == decoded) {
        words.splice(0..0, attempt.words.iter().cloned());
        return (!words.is_empty()).then_some(words);
    }
    let [key, _, secret] = right.pieces.as_slice() else { return None };
    let halves = decoded.iter().position(|byte| *byte == b':').map(|at| decoded.split_at(at));
    let said = match halves {
        None => format!("there is no `:` between `{}` and `{}`", key.name, secret.name),
        Some((user, rest)) => {
            let (is_key, is_secret) =
                (user == key.text.as_bytes(), &rest[1..] == secret.text.as_bytes());
            match (is_key, is_secret) {
                (true, _) => format!("`{}` is right, and `{}` is another", key.name, secret.name),
                (_, true) => format!("`{}` is right, and `{}` is another", secret.name, key.name),
                _ => format!("`{}` and `{}` are others", key.name, secret.name),
            }
        }
    };
    words.push(said);
    Some(words)
}

#[cfg(test)]
mod tests;
