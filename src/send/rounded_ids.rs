//! Warnings of ids on a command line whose last digits a program may have lost. Lists have the same judge.

use crate::contract::audience::rounded::{LongNumbers, ROUNDED_WORDS};
use crate::text::escape;

/// The warning about ids that are given together, each after what is shown of it; `None` where they look as they should.
pub(crate) fn remark<'i>(ids: impl IntoIterator<Item = (String, &'i str)>) -> Option<String> {
    let mut numbers = LongNumbers::default();
    ids.into_iter().for_each(|(shown, id)| numbers.see(&shown, id));
    numbers.any_rounded().map(|shown| format!("`{}`: {ROUNDED_WORDS}", escape(shown)))
}
