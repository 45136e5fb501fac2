//! An error that prevented files from being linted, with the places that it is about.

use std::path::Path;

use super::ReportedPath;
use crate::error::{Error, TextFault};

/// Such an error.
#[derive(Debug)]
pub struct Trouble<'a> {
    /// The error.
    pub error: &'a Error,
    /// The places in files that it is about; none where it is about no file.
    pub places: Vec<TroublePlace>,
}

/// A place in a file that an error is about.
#[derive(Clone, Debug)]
pub struct TroublePlace {
    /// The file.
    pub file: ReportedPath,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl<'a> Trouble<'a> {
    /// An error about no place in a file.
    pub fn new(error: &'a Error) -> Self {
        Self { error, places: Vec::new() }
    }

    /// An error with the places that it knows; `name` tells how reports name a file.
    pub fn with_places(error: &'a Error, name: &mut dyn FnMut(&Path) -> ReportedPath) -> Self {
        let place = |fault: &TextFault| TroublePlace {
            file: name(&fault.path),
            line: fault.line,
            column: fault.column,
            message: fault.message.clone(),
            help: fault.help.clone(),
        };
        Self { error, places: error.faults().iter().map(place).collect() }
    }
}
