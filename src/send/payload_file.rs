//! Files and stdin, as commands that send read them: one payload, or one list.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::account::Account;
use crate::contract::identify::{Identified, Named, identify};
use crate::contract::{Operation, Verb};
use crate::document::{Document, Value};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::input::Input;
use crate::lint;
use crate::provider::{self, Vendor};
use crate::redact::Redactor;
use crate::report;

/// A payload as it was read.
#[derive(Debug)]
pub(crate) struct PayloadFile {
    /// What it is called in findings.
    pub name: String,
    /// The payload as it was read.
    pub document: Document,
    /// The same, to be changed.
    pub body: Value,
}

impl Clone for PayloadFile {
    fn clone(&self) -> Self {
        let document = Document::parse(self.document.text()).expect("the same text was parsed");
        Self { name: self.name.clone(), document, body: self.body.clone() }
    }
}

/// Whether a path means stdin, which can then answer no question.
pub(crate) fn is_stdin(path: Option<&Path>) -> bool {
    path == Some(Path::new("-"))
}

/// Reads one payload. A text that is no document is told with its place, and without the secrets of the account.
///
/// A link is followed as far as its repository reaches, and into the folders `allowed`.
pub(crate) fn read_payload(
    env: &Env,
    account: &Account,
    path: &Path,
    allowed: &[PathBuf],
) -> Result<PayloadFile> {
    let input = Input::named(path, allowed)?;
    let name = input.name();
    let bytes = input.read()?;
    match Document::from_bytes(bytes.clone()) {
        Ok(document) => {
            let body = document.root().value.clone();
            Ok(PayloadFile { name, document, body })
        }
        Err(fault) => {
            let finding = lint::broken(&fault);
            let message = format!("{name} is no payload: {}", fault.message);
            let redactor = &Redactor::of(account, provider::secret_names());
            let found = vec![finding];
            let records = report::findings_for_send(&env.ui, &name, &bytes, None, found, redactor);
            Err(Error::new(ErrorKind::Lint, message)
                .help(fault.help.unwrap_or("nothing was sent; mend the file"))
                .with("findings", json!(records)))
        }
    }
}

/// Which of a command's operations a payload is for.
pub(crate) fn operation_of(
    vendor: &'static dyn Vendor,
    verb: Verb,
    file: &PayloadFile,
) -> Result<&'static Operation> {
    let contract = vendor.contract();
    let serves = |named: &Named| named.operation.verbs.contains(&verb);
    let found = match identify(&[contract], &file.document.root().value)? {
        Identified::Several(candidates) => {
            let mine: Vec<Named> = candidates.iter().copied().filter(serves).collect();
            match mine.as_slice() {
                [] => Identified::Several(candidates),
                [one] => Identified::One(*one),
                _ => Identified::Several(mine),
            }
        }
        other => other,
    };
    let named = match found {
        Identified::One(named) => named,
        Identified::Several(candidates) => {
            let names: Vec<String> = candidates.iter().map(Named::to_string).collect();
            return Err(Error::usage(format!(
                "{} fits more than one operation: {}",
                file.name,
                names.join(", ")
            ))
            .help(format!("say which: herald call {} --body FILE", names[0])));
        }
        Identified::Unknown => {
            return Err(Error::usage(format!(
                "nothing tells which operation of {} {} is for",
                contract.id, file.name
            ))
            .help(format!("say which: herald call {}/OPERATION --body FILE", contract.id)));
        }
    };
    if serves(&named) {
        return Ok(named.operation);
    }
    Err(Error::usage(format!(
        "{} is a `{named}`, which `herald {}` does not make",
        file.name,
        verb.word()
    ))
    .help(format!("herald call {named} --body FILE")))
}
