//! What rows cannot say: named functions over several fields, and over what stands inside strings.

pub(super) mod audience;
pub(super) mod follow;
pub(super) mod message;
pub(super) mod pairs;
pub(super) mod place;
pub(super) mod template;
