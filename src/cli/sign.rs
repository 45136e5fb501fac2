//! `herald sign`: a signature with its headers, explained or verified.

use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};

use crate::contract::identify::Named;
use crate::contract::{Auth, Context, Contract, IdFault, Operation};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::lint::{PayloadHint, PayloadReading, Recogniser};
use crate::provider::{self, Call, Signature, mistakes};
use crate::report::Format;
use crate::send::app::App;
use crate::send::body_with_flags;
use crate::send::options::PayloadOptions;
use crate::send::payload_file::PayloadFile;
use crate::text::escape;
use crate::wire::{Show, Stamp, Written};

const EXAMPLES: &str = "\
Examples:
  eval \"$(herald sandbox --print-env --provider rongcloud)\" && herald sign --provider rongcloud
  eval \"$(herald sandbox --print-env --provider rongcloud)\" && herald sign --provider rongcloud --explain";

/// Flags of `sign`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Operation; without it, the usual signature of the provider
    #[arg(value_name = "PROVIDER/OPERATION")]
    operation: Option<String>,
    /// Request body from this file; `-` is stdin
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Allow attached files and links in this folder too; repeatable
    #[arg(long, hide_short_help = true, value_name = "DIR")]
    allow_path: Vec<PathBuf>,
    /// Field: PATH=TEXT or PATH:=JSON; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Show each part that is hashed
    #[arg(long)]
    explain: bool,
    /// Show the secret in --explain
    #[arg(long, requires = "explain")]
    show_secrets: bool,
    /// Check this signature: exit code 0 if right, 1 if not
    #[arg(long, value_name = "SIG")]
    verify: Option<String>,
    /// Nonce instead of a random one
    #[arg(long, value_name = "N")]
    nonce: Option<String>,
    /// Timestamp as the vendor writes it, instead of now
    #[arg(long, value_name = "N")]
    timestamp: Option<String>,
}

/// A signature, and the nonce and time that it was made with.
struct Signed<'s> {
    signature: &'s Signature,
    stamp: &'s Stamp,
}

/// Signs, explains or verifies.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let (app, named) = match &args.operation {
        Some(name) => {
            let (vendor, operation) = provider::find_operation(name)?;
            (App::account_for(env, vendor.contract().id)?, Some(operation))
        }
        None => (App::account(env)?, None),
    };
    let contract = app.vendor.contract();
    let (set, body, allow_path) = (args.set.clone(), args.body.clone(), args.allow_path.clone());
    let payload = PayloadOptions { set, body, allow_path };
    let composed = body_with_flags::to_sign(env, &app, &payload, |file| match (named, file) {
        (Some(operation), _) => Ok(operation),
        (None, Some(file)) => of_file(contract, file),
        (None, None) => usual(contract),
    })?;
    let operation = composed.draft.operation;
    composed.draft.warnings.iter().for_each(|warning| env.ui.warn(warning));
    let mut stamp = env.system.stamp();
    if let Some(nonce) = &args.nonce {
        stamp.nonce.clone_from(nonce);
    }
    if let Some(timestamp) = &args.timestamp {
        stamp.timestamp.clone_from(timestamp);
    }
    app.require_secrets()?;
    let call = Call { operation, body: &composed.draft.body, account: &app.account, stamp: &stamp };
    let signature = app.vendor.sign(&call)?;
    match &args.verify {
        Some(given) => {
            verify(env, args, &app, &Signed { signature: &signature, stamp: &stamp }, given)
        }
        None => {
            print(env, args, contract, operation, &signature);
            Ok(Exit::Done)
        }
    }
}

/// The operation that a payload is for: the one as which `validate` reads it. If it fits none, the usual one.
fn of_file(contract: &'static Contract, file: &PayloadFile) -> Result<&'static Operation> {
    let hint = PayloadHint {
        provider: Some(contract),
        only_narrows: true,
        is_payload: true,
        ..PayloadHint::default()
    };
    let context = Context::default();
    let read = Recogniser::new(provider::contracts(), 1).read(&file.document, &hint, &context);
    let (named, message) = match read {
        PayloadReading::Linted(linted) => return Ok(linted.named.operation),
        PayloadReading::Unrecognised(_) | PayloadReading::WrongSchema(_) => return usual(contract),
        PayloadReading::ForeignCodes(named, _) => {
            (named, format!("{} is a `{named}`, not one of {}", file.name, contract.id))
        }
        PayloadReading::Ambiguous(level) => {
            let names: Vec<String> = level.iter().map(Named::to_string).collect();
            let names = names.join(", ");
            (level[0], format!("{} fits more than one operation: {names}", file.name))
        }
    };
    Err(Error::usage(message).help(format!("say which: `sign {named} --body FILE`")))
}

/// The operation whose signature is used if the user names none: the first that is signed at all.
fn usual(contract: &'static Contract) -> Result<&'static Operation> {
    contract
        .operations
        .iter()
        .find(|operation| operation.auth != Auth::None)
        .ok_or_else(|| Error::usage(format!("{} signs nothing", contract.id)))
}

fn verify(env: &Env, args: &Args, app: &App, signed: &Signed<'_>, given: &str) -> Result<Exit> {
    let Signed { signature, stamp } = signed;
    let contract = app.vendor.contract();
    let given = value_of(signature, given);
    if mistakes::is_empty(given) {
        return Err(empty_signature());
    }
    let Some(same) = mistakes::is_right(signature, given) else {
        return Err(Error::usage(format!("{} signs nothing that could be verified", contract.id))
            .help(signature.recipe));
    };
    let reason = if same { None } else { mistakes::explain(signature, &others(app), given) };
    if matches!(env.ui.format, Format::Json | Format::Ndjson) {
        let provider = contract.id;
        env.ui
            .json(&json!({"version": 1, "provider": provider, "verified": same, "reason": reason}));
    } else {
        match &reason {
            Some(reason) => env.ui.sentence(&format!("the signature is wrong: {reason}")),
            None if same => env.ui.sentence("the signature is right"),
            None => env.ui.sentence("the signature is wrong"),
        }
    }
    if let Some(remark) = age(signature, &stamp.timestamp, env.system.now_ms()) {
        env.ui.warn(&remark);
    }
    if same {
        return Ok(Exit::Done);
    }
    let is_stamped = signature.pieces.iter().any(|(name, _)| *name == "nonce");
    if reason.is_none() && is_stamped && (args.nonce.is_none() || args.timestamp.is_none()) {
        env.ui
            .remark("give the nonce and the timestamp that it was made with: --nonce, --timestamp");
    }
    Ok(ErrorKind::Lint.exit())
}

fn empty_signature() -> Error {
    Error::usage("the signature of `--verify` is empty").help(IdFault::Empty.advice())
}

/// A signature without the name of its header or field, if that was copied with it.
fn value_of<'g>(signature: &Signature, given: &'g str) -> &'g str {
    let given = given.trim();
    let names = signature.headers.iter().chain(&signature.fields).map(|(name, _)| *name);
    let split = given.split_once([':', '=']);
    match split.filter(|(name, _)| names.clone().any(|own| own.eq_ignore_ascii_case(name.trim()))) {
        Some((_, value)) => value.trim(),
        None => given,
    }
}

/// The other keys and secrets of the account, by which a signature may have been made.
fn others(app: &App) -> Vec<(&'static str, &str)> {
    let value = |name: &str| {
        let secret = app.account.secret(name).map(|secret| secret.expose());
        app.account.value(name).or(secret)
    };
    let keys = app.vendor.contract().credentials.iter().filter(|key| key.name != "endpoint");
    keys.filter_map(|key| Some((key.name, value(key.name)?))).collect()
}

/// More than the seconds since 1970 of any time in which herald is used; in milliseconds this is a time of 1973.
const SECONDS_TODAY: i64 = 100_000_000_000;

/// What is wrong with the age of a signature that is otherwise right.
fn age(signature: &Signature, timestamp: &str, now_ms: i64) -> Option<String> {
    let valid_ms = i64::try_from(signature.valid_for?.as_millis()).ok()?;
    let timestamp = timestamp.parse().ok()?;
    if (1..SECONDS_TODAY).contains(&timestamp) {
        return Some("its timestamp looks like seconds, and milliseconds are expected".to_owned());
    }
    let age_ms = now_ms.checked_sub(timestamp)?;
    if age_ms > valid_ms {
        return Some(format!(
            "its timestamp is older than {} minutes: the vendor refuses it now",
            valid_ms / 60_000
        ));
    }
    (age_ms < 0).then(|| "its timestamp is in the future".to_owned())
}

fn print(
    env: &Env,
    args: &Args,
    contract: &Contract,
    operation: &Operation,
    signature: &Signature,
) {
    let show = if args.show_secrets { Show::Secrets } else { Show::Redacted };
    let object = |pairs: &[(&'static str, Written)]| -> Map<String, Json> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value.show(Show::Secrets))))
            .collect()
    };
    if matches!(env.ui.format, Format::Json | Format::Ndjson) {
        let mut document = json!({
            "version": 1,
            "provider": contract.id,
            "headers": object(&signature.headers),
            "fields": object(&signature.fields),
        });
        if args.explain {
            let pieces = signature.pieces.iter();
            let pieces: Vec<Json> = pieces
                .map(|(name, value)| json!({"name": name, "value": value.show(show)}))
                .collect();
            document["explain"] =
                json!({"recipe": signature.recipe, "pieces": pieces, "signature": signature.value});
        }
        env.ui.json(&document);
        return;
    }
    if args.explain {
        env.ui.sentence(&format!("{}/{}: {}", contract.id, operation.id, signature.recipe));
        for (name, value) in &signature.pieces {
            env.ui.sentence(&format!("  {name:<16} {}", escape(&value.show(show))));
        }
        if let Some(value) = &signature.value {
            env.ui.sentence(&format!("  {:<16} {}", "=", escape(value)));
        }
    }
    for (name, value) in &signature.headers {
        env.ui.sentence(&format!("{name}: {}", escape(&value.show(Show::Secrets))));
    }
    for (name, value) in &signature.fields {
        env.ui.sentence(&format!("{name}={}", escape(&value.show(Show::Secrets))));
    }
    if signature.headers.is_empty() && signature.fields.is_empty() {
        env.ui.remark(&format!("{}/{} is not signed", contract.id, operation.id));
    }
}
