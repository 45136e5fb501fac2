//! What does not belong into a text that is moderated, stored and pushed.

use crate::contract::{Check, FindingSink};
use crate::document::At;

/// The text of a message.
pub(in super::super) const IN_TEXT: Check =
    Check::function("EM-W31", "secrets and personal data in the text", in_text);

fn in_text(at: At<'_>, sink: &mut FindingSink<'_>) {
    let msg = at.get("msg");
    let Some(found) = msg.as_str().and_then(sensitive) else { return };
    sink.report("EM-W31", msg, format!("`msg` seems to hold {found}"));
}

/// What a text seems to hold that it should not.
fn sensitive(text: &str) -> Option<&'static str> {
    const MARKS: &[(&str, &str)] = &[
        ("-----BEGIN ", "a private key or certificate"),
        ("YWMt", "an access token"),
        ("Bearer ey", "an access token"),
        ("client_secret", "a client secret"),
        ("AKIA", "an access key"),
    ];
    let mark = MARKS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, what)| *what);
    mark.or_else(|| {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(is_identity_number)
            .then_some("an identity number")
    })
}

/// Whether a word is an identity number of China: 17 digits and the check digit that they give.
fn is_identity_number(word: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((digits, check)) = word.split_at_checked(17) else { return false };
    let sum: Option<u32> =
        digits.chars().zip(WEIGHTS).map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum();
    let due = sum.and_then(|sum| "10X98765432".chars().nth((sum % 11) as usize));
    check.len() == 1 && check.to_ascii_uppercase().chars().next() == due
}
