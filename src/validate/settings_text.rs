//! Texts as `herald.toml` holds them.

/// A pattern as a basic string of TOML, with its quotes.
pub(super) fn quoted_glob(glob: &str) -> String {
    let mut text = String::from('"');
    for c in glob.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text + "\""
}
