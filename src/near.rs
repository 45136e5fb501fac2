//! The nearest known name to a mistyped one.

use std::cmp::Ordering;

/// The known name that the user probably meant: equal except for letter case, `_` and `-`, or different in at most a
/// third of its letters.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-', '.', ' '], "");
    let wanted = plain(typed);
    let length = wanted.chars().count();
    known
        .into_iter()
        .filter_map(|name| {
            let (name_plain, allowed) = (plain(name), (name.chars().count().max(3) / 3).max(1));
            // A text from a file can have any length; comparing letter by letter takes time and memory.
            if name_plain.chars().count().abs_diff(length) > allowed {
                return None;
            }
            let distance = distance(&wanted, &name_plain);
            (distance <= allowed).then_some((distance, name))
        })
        // If a single letter was changed, nothing of the typed text is left.
        .filter(|(distance, _)| *distance == 0 || *distance < length)
        // Of names that only add to what was typed, the greatest one is meant: the newest version.
        .min_by(|(a, one), (b, other)| {
            let adds = |name: &str| name.strip_prefix(typed).is_some();
            a.cmp(b).then(match (adds(one), adds(other)) {
                (true, true) => other.cmp(one),
                _ => Ordering::Equal,
            })
        })
        .map(|(_, name)| name)
}

/// Whether two names have the same letters and digits, whatever their case and what separates words: `senderId`,
/// `SenderID`, `sender_id`.
pub fn same_letters(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

/// A name in lower case, without what separates its words.
fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
    let letters = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    letters.map(|byte| byte.to_ascii_lowercase())
}

/// The nearest known name, as a question to append to an error.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, known).map(|name| format!("did you mean `{name}`?"))
}

/// Insertions, deletions, changes and swaps of neighbours that turn one text into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best =
                (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_name_and_a_stranger_finds_none() {
        let known = ["sender", "conv", "payload", "toUsers", "time_to_live"];
        for (typed, meant) in [
            ("sendr", Some("sender")),
            ("TOUSERS", Some("toUsers")),
            ("timeToLive", Some("time_to_live")),
            ("paylaod", Some("payload")),
            ("zebra", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
        assert_eq!(nearest("2", ["0", "1"]), None);
        assert_eq!(nearest("push", ["push-v2", "push-v3"]), Some("push-v3"));
    }

    #[test]
    fn the_same_letters_may_be_written_as_each_language_does() {
        for name in ["senderId", "SenderID", "sender_id", "SENDER-ID"] {
            assert!(same_letters(name, "senderId") && same_letters("senderId", name), "{name}");
        }
        for name in ["", "_", "sender", "senderIds", "senderid7", "sändErid", "senderId\u{200b}"] {
            assert!(!same_letters(name, "senderId"), "{name}");
        }
    }
}
