//! The allow list: the targets that a test profile may reach.

use super::statement::uncounted;
use super::{AllowList, AudienceSource, GuardInput, NeededAnswer, Objection};
use crate::account::Mode;
use crate::contract::{Audience, Target, TargetKind};
use crate::error::{Error, ErrorKind, Result};
use crate::near::did_you_mean;

/// A pattern of `allow_to`: `KIND:ID`. A `*` in the id matches any text, also an empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowPattern<'a> {
    kind: TargetKind,
    id: &'a str,
}

impl<'a> AllowPattern<'a> {
    /// Reads a pattern.
    pub fn parse(text: &'a str) -> Result<Self> {
        let help = "write KIND:ID, as in `user:test-*`";
        let Some((word, id)) = text.split_once(':').filter(|(_, id)| !id.is_empty()) else {
            let message = format!("`{text}` in allow_to is no pattern of targets");
            return Err(Error::new(ErrorKind::Profile, message).help(help));
        };
        let Some(kind) = TargetKind::from_word(word) else {
            let near = did_you_mean(word, TargetKind::ALL.map(TargetKind::word));
            return Err(Error::new(
                ErrorKind::Profile,
                format!("`{word}` in allow_to is no kind of target"),
            )
            .help(near.unwrap_or_else(|| help.to_owned())));
        };
        Ok(Self { kind, id })
    }

    /// Whether the pattern matches a target.
    pub fn matches(&self, target: &Target) -> bool {
        self.kind == target.kind && glob(self.id, &target.id)
    }
}

/// Whether a text matches a pattern with `*`. Each piece between stars is matched at its first place. That leaves the most
/// text for the next pieces, so no other place has to be tried.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let head = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(head) else { return false };
    let Some(tail) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(tail)
}

/// Refuses a target of a test profile that is not on its allow list.
pub(super) fn guest_list(input: &GuardInput<'_>) -> Option<Objection> {
    if input.profile.guards.mode != Mode::Test {
        return None;
    }
    let allow_list = AllowList::of(input.profile.guards);
    let (first, others) = match input.action.audience {
        AudienceSource::Requests(Audience::Nobody) => return None,
        AudienceSource::Requests(Audience::Named(targets)) => {
            let mut strangers = targets.iter().filter(|target| !allow_list.allows(target));
            (strangers.next()?, strangers.count() as u64)
        }
        AudienceSource::List(tally) if !tally.is_class() => tally.unlisted()?,
        AudienceSource::List(_)
        | AudienceSource::Requests(Audience::Class(_) | Audience::Everybody) => {
            let saw =
                format!("`{}` is a test profile, and {}", input.profile.name, uncounted(input));
            return Some(objection(input, saw));
        }
    };
    let saw = match others {
        0 => format!("{first} is not on the allow list of `{}`", input.profile.name),
        more => {
            format!("{first} and {more} more are not on the allow list of `{}`", input.profile.name)
        }
    };
    Some(objection(input, saw))
}

fn objection(input: &GuardInput<'_>, saw: String) -> Objection {
    let allow_to = &input.profile.guards.allow_to;
    let list = if allow_to.is_empty() {
        "it has no allow_to yet".to_owned()
    } else {
        format!("its allow_to is {}", allow_to.join(", "))
    };
    let proceed =
        format!("{list}; add the target there, or use a live profile: no flag overrides it");
    Objection { saw, proceed, answer: NeededAnswer::None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_everything_else_for_itself() {
        for (pattern, text, expected) in [
            ("u1", "u1", true),
            ("u1", "u12", false),
            ("u1", "U1", false),
            ("*", "", true),
            ("*", "anything", true),
            ("test-*", "test-", true),
            ("test-*", "test-7", true),
            ("test-*", "my-test-7", false),
            ("*-test", "a-test", true),
            ("*-test", "a-test-b", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "acb", false),
            ("**", "x", true),
            ("ab*ba", "aba", false),
            ("*ab*ab", "ab", false),
            ("用户*", "用户七", true),
            ("u?", "u1", false),
            ("u[1]", "u1", false),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_pattern_needs_a_kind_that_there_is() {
        assert!(AllowPattern::parse("user:test-*").is_ok());
        assert!(AllowPattern::parse("alias:a:b").is_ok());
        for (text, help) in [
            ("test-*", "write KIND:ID, as in `user:test-*`"),
            ("user:", "write KIND:ID, as in `user:test-*`"),
            ("usr:a", "did you mean `user`?"),
            ("*:a", "write KIND:ID, as in `user:test-*`"),
        ] {
            let error = AllowPattern::parse(text).unwrap_err();
            assert_eq!((error.kind(), error.advice()), (ErrorKind::Profile, Some(help)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_made_by_cutting_holes_into_a_text_matches_it(
            pieces in prop::collection::vec("[ab用]{0,3}", 1..5),
            holes in prop::collection::vec("[ab用]{0,3}", 4),
        ) {
            let mut text = pieces[0].clone();
            for (piece, hole) in pieces[1..].iter().zip(&holes) {
                text.push_str(hole);
                text.push_str(piece);
            }
            prop_assert!(glob(&pieces.join("*"), &text));
        }

        #[test]
        fn the_quick_way_agrees_with_trying_everything(pattern in "[ab*]{0,7}", text in "[ab]{0,9}") {
            fn slow(pattern: &[u8], text: &[u8]) -> bool {
                match (pattern.first(), text.first()) {
                    (None, None) => true,
                    (Some(b'*'), _) => slow(&pattern[1..], text)
                        || (!text.is_empty() && slow(pattern, &text[1..])),
                    (Some(a), Some(b)) if a == b => slow(&pattern[1..], &text[1..]),
                    _ => false,
                }
            }
            prop_assert_eq!(glob(&pattern, &text), slow(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
