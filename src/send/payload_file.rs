//! Files and stdin, as commands that send read them: one payload, or one list.

use std::path::Path;

use serde_json::json;

use crate::account::Account;
use crate::contract::identify::{Named, SCHEMA_KEY, SchemaClaim, identify, schema_claim};
use crate::contract::{Contract, Operation, Verb};
use crate::document::{Document, Value};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::input::Input;
use crate::lint;
use crate::provider::{self, Vendor};
use crate::redact::Redactor;
use crate::report;
use crate::send::file_findings::FileText;
use crate::send::options::PayloadOptions;
use crate::text::suggest;

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

impl PayloadFile {
    /// What findings point into.
    pub(crate) fn as_text(&self) -> FileText {
        FileText { name: self.name.clone(), text: self.document.text().into() }
    }
}

/// Whether a path means stdin, which can then answer no question.
pub(crate) fn is_stdin(path: Option<&Path>) -> bool {
    path == Some(Path::new("-"))
}

/// Reads the payload of `--body`, where there is one. A text that is not a document is told with its place, and without the
/// secrets of the account.
///
/// A link is followed as far as its repository reaches, and into the folders that are allowed.
pub(crate) fn read_body(
    env: &Env,
    account: &Account,
    payload: &PayloadOptions,
) -> Result<Option<PayloadFile>> {
    let Some(path) = &payload.body else { return Ok(None) };
    let input = Input::named(path, &payload.allow_path)?;
    let name = input.name();
    let bytes = input.read()?;
    let finding = match Document::from_bytes(bytes.clone()) {
        Ok(document) => match schema_claim(&provider::contracts(), document.view()) {
            SchemaClaim::Fault { message, help } => lint::wrong_schema(&document, message, help),
            _ => {
                let body = document.root().value.clone();
                return Ok(Some(PayloadFile { name, document, body }));
            }
        },
        Err(fault) => lint::broken(&fault),
    };
    let message = format!("{name} is no payload: {}", finding.message);
    let help = finding.help.clone().unwrap_or("nothing was sent; fix the file".to_owned());
    let redactor = &Redactor::of(account, provider::secret_names());
    let records = report::findings_for_send(&env.ui, &name, &bytes, None, vec![finding], redactor);
    Err(Error::new(ErrorKind::Lint, message).help(help).with("findings", json!(records)))
}

/// Which of a command's operations a payload is for. A payload that fits several is refused: each reaches other people.
pub(crate) fn operation_of(
    vendor: &'static dyn Vendor,
    verb: Verb,
    file: &PayloadFile,
) -> Result<&'static Operation> {
    let contract = vendor.contract();
    let serves = |named: &Named| named.operation.verbs.contains(&verb);
    let fits = operations_in(contract, file);
    let mine: Vec<Named> = fits.iter().copied().filter(serves).collect();
    let named = match (if mine.is_empty() { &fits } else { &mine }).as_slice() {
        [] => {
            return Err(Error::usage(format!(
                "nothing tells which operation of {} {} is for",
                contract.id, file.name
            ))
            .help(format!(
                "say which: `call {0}/OPERATION --body FILE`, or \"{SCHEMA_KEY}\": \"{0}/OPERATION\" in the file",
                contract.id
            )));
        }
        [one] => *one,
        several => {
            let names: Vec<String> = several.iter().map(Named::to_string).collect();
            return Err(Error::usage(format!(
                "{} fits more than one operation: {}",
                file.name,
                names.join(", ")
            ))
            .help(format!(
                "say which: {}, or \"{SCHEMA_KEY}\": \"{}\" in the file",
                suggest("call").arg(&names[0]).words("--body FILE").form(),
                names[0]
            )));
        }
    };
    if serves(&named) && named.contract.id == contract.id {
        return Ok(named.operation);
    }
    Err(Error::usage(format!(
        "{} is a `{named}`, which `herald {}` does not make",
        file.name,
        verb.word()
    ))
    .help(suggest("call").arg(named).words("--body FILE").form()))
}

/// The operations of a command that a payload fits once flags and profile have filled in outermost members that it lacks;
/// `filled` tells which ones of an operation. None where its `$schema` names the operation.
pub(crate) fn filled_operations(
    contract: &'static Contract,
    verb: Verb,
    file: &PayloadFile,
    filled: &dyn Fn(&Operation) -> Vec<String>,
) -> Vec<&'static Operation> {
    let claim = schema_claim(&provider::contracts(), file.document.view());
    if !matches!(claim, SchemaClaim::Absent) {
        return Vec::new();
    }
    let fits = |operation: &&'static Operation| {
        let mut body = file.body.clone();
        let Some(object) = body.as_object_mut() else { return false };
        let mut names = filled(operation);
        names.retain(|name| object.get(name).is_none());
        for name in &names {
            object.set(name, Value::object());
        }
        let body = Document::of(&body);
        let found = identify(&[contract], body.view());
        !names.is_empty() && found.fits().any(|named| named.operation.id == operation.id)
    };
    let mine = contract.operations.iter().filter(|operation| operation.verbs.contains(&verb));
    mine.filter(fits).collect()
}

/// The operations of a provider that a payload fits, or the one of any provider that its `$schema` names.
fn operations_in(contract: &'static Contract, file: &PayloadFile) -> Vec<Named> {
    let root = file.document.view();
    match schema_claim(&provider::contracts(), root) {
        SchemaClaim::Operation(named) => vec![named],
        SchemaClaim::Foreign | SchemaClaim::Fault { .. } => Vec::new(),
        SchemaClaim::Absent => identify(&[contract], root).fits().collect(),
    }
}
