//! Reads a plan file. It is read more than once, because it may not fit into memory.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::plan::{PlanHead, PlanLine, PlanReader};
use crate::error::{Error, Result};
use crate::seal::SealKey;
use crate::send::payload_file;

/// Where a plan is read from.
pub(crate) enum PlanSource {
    /// A file.
    File(PathBuf),
    /// The content of stdin.
    Memory(Vec<u8>),
}

impl PlanSource {
    /// The plan at a path; `-` is stdin.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if !payload_file::is_stdin(Some(path)) {
            return Ok(Self::File(path.to_owned()));
        }
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Error::input("cannot read the plan from stdin").because(error))?;
        Ok(Self::Memory(bytes))
    }

    /// Whether stdin is used up.
    pub(crate) fn is_stdin(&self) -> bool {
        matches!(self, Self::Memory(_))
    }

    /// The name of the plan in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Memory(_) => "stdin".to_owned(),
        }
    }

    /// The head. Its seal is not verified.
    pub(crate) fn head(&self) -> Result<PlanHead> {
        self.with_reader(|reader| Ok(reader.head().clone()))
    }

    /// Reads the whole plan. Fails where its seal was not made with this key.
    fn read(
        &self,
        key: &SealKey,
        handle: &mut dyn FnMut(PlanLine) -> Result<()>,
    ) -> Result<PlanHead> {
        self.with_reader(|reader| reader.read(key, handle))
    }

    fn with_reader<T>(&self, work: impl FnOnce(PlanReader<'_>) -> Result<T>) -> Result<T> {
        let name = self.name();
        match self {
            Self::Memory(bytes) => work(PlanReader::open(&mut bytes.as_slice(), &name)?),
            Self::File(path) => {
                let file = File::open(path).map_err(|error| {
                    Error::input(format!("cannot read the plan `{name}`")).because(error)
                })?;
                work(PlanReader::open(&mut BufReader::new(file), &name)?)
            }
        }
    }
}

/// A plan whose seal was verified.
pub(crate) struct SealedPlan {
    source: PlanSource,
    key: SealKey,
    /// Its head.
    pub(crate) head: PlanHead,
    /// The settings of its job.
    pub(crate) settings: JobSettings,
}

impl SealedPlan {
    /// Reads the whole plan, and verifies its seal with this key.
    pub(crate) fn verify(source: PlanSource, key: SealKey) -> Result<Self> {
        let head = source.read(&key, &mut |_| Ok(()))?;
        let settings = JobSettings::parse(&head.settings)?;
        Ok(Self { source, key, head, settings })
    }

    /// Calls `handle` with each batch. Fails where the plan was changed since it was verified.
    pub(crate) fn each_batch(&self, handle: &mut dyn FnMut(PlanLine) -> Result<()>) -> Result<()> {
        if self.source.read(&self.key, handle)? != self.head {
            return Err(
                Error::input("the plan was changed while it was read").help("nothing was sent")
            );
        }
        Ok(())
    }
}
