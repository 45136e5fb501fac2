//! Percent-encoding and form bodies: exactly the bytes that are signed and sent.

use super::Written;

/// A form body that is being built: every key and value is percent-encoded, blanks as `%20`.
#[derive(Debug, Default)]
pub struct FormBody {
    text: Written,
    any: bool,
}

impl FormBody {
    /// Adds a pair.
    pub fn pair(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.append(Written::plain(percent_encode(value)));
    }

    /// Adds a pair whose value must not be shown.
    pub fn secret_pair(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.append(Written::secret(percent_encode(value)));
    }

    /// The body.
    pub fn finish(self) -> Written {
        self.text
    }

    fn key(&mut self, key: &str) {
        let join = if self.any { "&" } else { "" };
        self.any = true;
        self.text.append(Written::plain(format!("{join}{}=", percent_encode(key))));
    }
}

/// Bytes as lower-case hex digits, the form of signatures.
pub fn lower_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        hex.push(digit(byte >> 4));
        hex.push(digit(byte & 15));
    }
    hex
}

/// Encodes all characters except `A-Z a-z 0-9 - . _ ~` as `%XX` (RFC 3986).
pub fn percent_encode(text: &str) -> String {
    encode(text, b"")
}

/// For one segment of a path: `@` and `:` are not encoded.
pub fn percent_encode_path(text: &str) -> String {
    encode(text, b"@:")
}

fn encode(text: &str, also: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Show;

    #[test]
    fn a_form_encodes_keys_and_values_and_hides_secrets() {
        let mut form = FormBody::default();
        form.pair("a b", "1&2=3+4%");
        form.secret_pair("code", "SECRET/1");
        form.pair("中", "文");
        let body = form.finish();
        assert_eq!(
            body.show(Show::Secrets),
            "a%20b=1%262%3D3%2B4%25&code=SECRET%2F1&%E4%B8%AD=%E6%96%87"
        );
        assert_eq!(
            body.show(Show::Redacted),
            "a%20b=1%262%3D3%2B4%25&code=***&%E4%B8%AD=%E6%96%87"
        );
        assert!(!format!("{body:?}").contains("SECRET"));
    }
}
