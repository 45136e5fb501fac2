//! Error codes: what a vendor's answer means, and whether the same request may go out again.

use super::{Condition, Effect, Operation};
use crate::outcome::Class;
use crate::text::Text;

/// A vendor's error code.
#[derive(Clone, Copy, Debug)]
pub struct ErrorCode {
    /// The code as text, or the word that stands for one.
    pub code: &'static str,
    /// The HTTP status that it comes with, if that is documented and distinguishes it.
    pub http: Option<u16>,
    /// How its text begins, if that distinguishes it: word for word, with `…` for what differs from reply to reply. Where a
    /// code has such rows, a text that none of them has says nothing: there is no row for it.
    pub text: &'static str,
    /// The vendor's words for it, written like `text`, where the code alone decides: a reply that has the words and not the
    /// code is known by them.
    pub words: &'static str,
    /// The operations that it applies to, if another row has the same code for others; empty for all.
    pub only: &'static [&'static str],
    /// What the body of the request must meet, if the meaning depends on it.
    pub when: Option<&'static Condition>,
    /// What it means.
    pub meaning: Text,
    /// What to do. Where the code leaves it open whether a request was done ([`Retry::Ambiguous`]): about a message, before it
    /// is sent again; it is not said of other requests.
    pub cure: Text,
    /// Whose fault it is.
    pub class: Class,
    /// Whether the same request may be sent again.
    pub retry: Retry,
    /// Whether one target of several may be the cause, so that the vendor would accept the others.
    pub of_one_target: bool,
    /// Other codes as which official SDKs hand it on. No server sends them.
    pub sdk_codes: &'static [SdkCode],
}

/// The code as which an official SDK hands on a code of the server.
#[derive(Clone, Copy, Debug)]
pub struct SdkCode {
    /// The SDK's code.
    pub code: &'static str,
    /// Which SDK has it, and what it means there.
    pub about: Text,
}

impl SdkCode {
    /// A code of an SDK.
    pub const fn new(code: &'static str, about: &'static str) -> Self {
        Self { code, about: Text::en(about) }
    }
}

impl ErrorCode {
    /// A row for a code, whatever the status and the operation.
    pub const fn new(
        code: &'static str,
        class: Class,
        retry: Retry,
        meaning: &'static str,
        cure: &'static str,
    ) -> Self {
        let (meaning, cure) = (Text::en(meaning), Text::en(cure));
        Self {
            code,
            http: None,
            text: "",
            words: "",
            only: &[],
            when: None,
            meaning,
            cure,
            class,
            retry,
            of_one_target: false,
            sdk_codes: &[],
        }
    }

    /// One target of several may be the cause, so that the vendor would accept the others.
    #[must_use]
    pub const fn of_one_target(self) -> Self {
        Self { of_one_target: true, ..self }
    }

    /// Official SDKs hand it on as these codes.
    #[must_use]
    pub const fn in_sdks(self, sdk_codes: &'static [SdkCode]) -> Self {
        Self { sdk_codes, ..self }
    }

    /// Only with this HTTP status.
    #[must_use]
    pub const fn http(self, status: u16) -> Self {
        Self { http: Some(status), ..self }
    }

    /// Only where the vendor's text begins so.
    #[must_use]
    pub const fn text(self, text: &'static str) -> Self {
        Self { text, ..self }
    }

    /// The vendor's words for it, where the code alone decides.
    #[must_use]
    pub const fn words(self, words: &'static str) -> Self {
        Self { words, ..self }
    }

    /// Whether a reply with its code and this text is meant.
    pub fn has_text(&self, message: &str) -> bool {
        begins(message, self.text)
    }

    /// Whether a reply with this text is meant, whatever its code is. `status` names the rows of the reply's status.
    pub fn is_known_by(&self, status: &str, message: &str) -> bool {
        let text = if self.code == status { self.text } else { self.words };
        !text.is_empty() && begins(message, text)
    }

    /// Whether one reply could have this row and the other, if there were no texts: same code, status and operation.
    pub fn meets(&self, other: &Self) -> bool {
        let same_status = self.http.zip(other.http).is_none_or(|(one, two)| one == two);
        let shared = |id: &&str| other.only.contains(id);
        let same_operation =
            self.only.is_empty() || other.only.is_empty() || self.only.iter().any(shared);
        self.code == other.code && same_status && same_operation
    }

    /// Only for requests whose body meets this.
    #[must_use]
    pub const fn when(self, when: &'static Condition) -> Self {
        Self { when: Some(when), ..self }
    }

    /// The operations that it applies to, of those of its contract.
    pub fn operations<'o>(
        &self,
        all: &'o [Operation],
    ) -> impl Iterator<Item = &'o Operation> + use<'_, 'o> {
        all.iter().filter(|one| self.only.is_empty() || self.only.contains(&one.id))
    }

    /// Whether a request of an operation may be sent again after this code. Where it is unknown whether it was done, that
    /// depends on the operation ([`Operation::is_same_again`]).
    pub fn retry_of(&self, operation: &Operation) -> Retry {
        match self.retry {
            Retry::Ambiguous if operation.effect == Effect::Reads => Retry::Yes,
            Retry::Ambiguous if operation.is_same_again() => Retry::Same,
            retry => retry,
        }
    }

    /// Only for these operations.
    #[must_use]
    pub const fn only(self, only: &'static [&'static str]) -> Self {
        Self { only, ..self }
    }
}

/// Whether a message begins with a text in which `…` stands for anything.
fn begins(message: &str, text: &str) -> bool {
    let mut pieces = text.split('…');
    let Some(mut rest) = message.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    pieces.all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// Whether a request that failed may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// No: it would fail again.
    No,
    /// After a pause of this many seconds, or of unknown length (0): nothing was done.
    Wait(u32),
    /// At once: nothing was done.
    Yes,
    /// With a new signature or token: nothing was done.
    Resigned,
    /// It is unknown whether it was done. What that means for an operation: [`ErrorCode::retry_of`].
    Ambiguous,
    /// It is unknown whether it was done, and a second call leads to the same state.
    Same,
    /// No: a part of it was done, and nothing says which.
    InPart,
    /// Not at once: what it asks for may be there later, if it is recent.
    Later,
    /// It was done before.
    Done,
}

impl Retry {
    /// Whether all or a part of the request may have been done.
    pub fn leaves_open(self) -> bool {
        matches!(self, Self::Ambiguous | Self::Same | Self::InPart)
    }
}
