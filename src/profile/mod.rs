//! Profiles: who sends, where to, and how carefully.

mod account;
mod secret;

pub use account::{Account, Guards, Mode};
pub use secret::Secret;
