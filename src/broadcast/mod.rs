//! One message to many: who is reached, and what differs from one target to the next.

pub mod targets;
pub mod template;
