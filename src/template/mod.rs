//! Texts that differ from one target to the next, and the payload that they stand in.

pub mod message_template;
pub mod target_field;
pub mod text;
