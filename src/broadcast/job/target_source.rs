//! Where the targets of a broadcast come from.

use std::path::{Path, PathBuf};

use crate::broadcast::job::options::ListOptions;
use crate::broadcast::targets::{Dedupe, Encoding, ListBatches, Options, Packing};
use crate::contract::TargetKind;
use crate::env::Env;
use crate::error::Result;
use crate::input::Input;
use crate::net::Fleet;
use crate::send::{interruptible_io, payload_file};

/// How many targets the reader hands over at a time.
const READ: usize = 1000;

impl ListOptions {
    /// What it is called in messages.
    pub(crate) fn name(path: &Path) -> String {
        if payload_file::is_stdin(Some(path)) {
            "stdin".to_owned()
        } else {
            path.display().to_string()
        }
    }

    /// Opens it, and reads it while signals are heard, where somebody listens to them. A link is followed as far as its
    /// repository reaches, and into the folders `allowed`.
    pub(crate) fn open<'f>(
        &self,
        env: &Env,
        listens: Option<&'f dyn Fleet>,
        path: &Path,
        allowed: &[PathBuf],
        usual: TargetKind,
        variables: Vec<String>,
    ) -> Result<ListBatches<'f>> {
        let encoding = self.encoding.as_deref().map(Encoding::parse).transpose()?;
        let options = Options {
            column: self.column.clone(),
            encoding,
            form: self.form,
            variables,
            ..Options::new(Self::name(path), usual)
        };
        let dice = || env.system.random(u64::MAX).to_le_bytes();
        let (mut key, half) = ([0; 16], dice());
        key[..8].copy_from_slice(&half);
        key[8..].copy_from_slice(&dice());
        let packing = Packing { cap: READ, dedupe: Some(Dedupe::new(key)), check: None };
        let input = Input::named(path, allowed)?;
        let stream = match listens {
            Some(fleet) => interruptible_io::stream(input, fleet)?,
            None => input.stream()?,
        };
        ListBatches::open(stream, options, packing)
    }
}
