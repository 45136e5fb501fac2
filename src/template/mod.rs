//! Texts that differ from target to target, and the payload that contains them.

pub mod message_template;
pub mod own_payload;
pub mod target_field;
pub mod text;
