//! What users see: results on stdout, talk on stderr, one file a format.

mod escape;
mod ui;

pub use escape::escape;
pub use ui::{Color, Format, Ui};
