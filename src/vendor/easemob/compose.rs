//! Flags become operations.

use crate::error::{Error, Result};
use crate::vendor::{Draft, Intent};
pub(super) fn compose(_: &Intent<'_>) -> Result<Vec<Draft>> {
    Err(Error::usage("x"))
}
