//! Opens the list of targets of a broadcast.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::broadcast::job::options::ListOptions;
use crate::broadcast::job::rejected_entries::RejectedEntries;
use crate::broadcast::targets::{
    BatchSettings, Dedupe, Encoding, ListBatches, ListItem, ListSettings,
};
use crate::contract::{Target, TargetKind};
use crate::env::Env;
use crate::error::Result;
use crate::input::Input;
use crate::net::ConcurrentTransport;
use crate::provider;
use crate::redact::Redactor;
use crate::send::{interruptible_io, payload_file};

/// The most targets in one batch of the list reader.
const TARGETS_PER_READ: usize = 1000;

impl ListOptions {
    /// The name of the list in messages.
    pub(crate) fn name(path: &Path) -> String {
        if payload_file::is_stdin(Some(path)) {
            "stdin".to_owned()
        } else {
            path.display().to_string()
        }
    }

    /// The targets of a list without variables, all of it in memory. Entries that cannot be used are an error with their
    /// lines, or left out where the flags say so.
    pub(crate) fn read_all(&self, env: &Env, usual: TargetKind) -> Result<Vec<Target>> {
        let Some(path) = &self.targets else { return Ok(Vec::new()) };
        let redactor = Rc::new(RefCell::new(Redactor::new(provider::secret_names())));
        let mut rejected = RejectedEntries::new(redactor, self.skip_invalid, false, false);
        let mut list = self.open(env, None, path, &[], usual, Vec::new())?;
        let mut targets = Vec::new();
        while let Some(item) = list.next()? {
            match item {
                ListItem::Batch(batch) => {
                    targets.extend(batch.ids().map(|id| Target::new(batch.kind(), id)));
                }
                ListItem::Invalid(entry) => rejected.add(entry),
            }
        }
        rejected.report(&env.ui, &Self::name(path))?;
        let read = list.finish()?;
        if read.repeats > 0 {
            let name = Self::name(path);
            env.ui
                .remark(&format!("repeated targets of {name} that are left out: {}", read.repeats));
        }
        Ok(targets)
    }

    /// Opens the list. With a listener, reading stops at a signal. Symbolic links may point into the same repository, and
    /// into the folders `allowed`.
    pub(crate) fn open<'f>(
        &self,
        env: &Env,
        listens: Option<&'f dyn ConcurrentTransport>,
        path: &Path,
        allowed: &[PathBuf],
        usual: TargetKind,
        variables: Vec<String>,
    ) -> Result<ListBatches<'f>> {
        let encoding = self.encoding.as_deref().map(Encoding::parse).transpose()?;
        let settings = ListSettings {
            column: self.column.clone(),
            encoding,
            form: self.form,
            variables,
            sends: self.sends,
            ..ListSettings::new(Self::name(path), usual)
        };
        let mut key = [0; 16];
        for half in key.chunks_exact_mut(8) {
            half.copy_from_slice(&env.system.random(u64::MAX).to_le_bytes());
        }
        let dedupe = Some(Dedupe::new(key));
        let batches = BatchSettings { cap: TARGETS_PER_READ, dedupe, check: None };
        let input = Input::named(path, allowed)?;
        let stream = match listens {
            Some(fleet) => interruptible_io::stream(input, fleet)?,
            None => input.stream()?,
        };
        ListBatches::open(stream, settings, batches)
    }
}
