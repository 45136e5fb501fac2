//! `herald schema`: JSON Schemas for editors.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args as Arguments;
use serde_json::{Value, json};

use crate::cli::providers::unknown;
use crate::contract::schema::{of_operation, of_type, output};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::files::{FileAccess, FolderHandle, OpenRefusal, OutputKind, make_folder, write_in};
use crate::near::did_you_mean;
use crate::provider;

const EXAMPLES: &str = "\
Examples:
  herald schema jpush-v3/push
  herald schema output/send
  herald schema --all schemas";

/// Print the JSON Schema (2020-12) of an operation, a message type or herald's own output
#[derive(Debug, Arguments)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// PROVIDER/OPERATION, PROVIDER/TYPE or output/NAME
    ///
    /// output/NAME is herald's own output: output/validate, output/send, output/broadcast, output/results, output/plan,
    /// output/error, output/dry-run, output/sign.
    #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    name: Option<String>,

    /// Write every schema as DIR/PROVIDER/NAME.json
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    match (&args.name, &args.all) {
        (Some(name), _) => env.ui.json(&find(name)?),
        (None, Some(folder)) => {
            let schemas = all();
            write_all(folder, &schemas)?;
            if env.ui.is_machine() {
                let names: Vec<&String> = schemas.iter().map(|(name, _)| name).collect();
                env.ui.json(&json!({ "version": 1, "schemas": names }));
            } else {
                env.ui.sentence(&format!(
                    "{} schemas written to {}",
                    schemas.len(),
                    folder.display()
                ));
            }
        }
        (None, None) => return Err(Error::usage("neither a name nor `--all DIR` is given")),
    }
    Ok(Exit::Done)
}

/// The schema with a name.
fn find(name: &str) -> Result<Value> {
    if let Some(schema) = output::find(name) {
        return Ok(schema);
    }
    if name.starts_with("output/") {
        let help = did_you_mean(name, output::NAMES)
            .unwrap_or_else(|| format!("there are {}", output::NAMES.join(", ")));
        return Err(Error::usage(format!("there is no output `{name}`")).help(help));
    }
    let Some((provider, rest)) = name.split_once('/') else {
        return Err(Error::usage(format!("`{name}` is not of the form PROVIDER/NAME"))
            .help("as in `output/send`; `providers PROVIDER` lists what a provider has"));
    };
    let contract = provider::find(provider)?.contract();
    if let Some(operation) = contract.operation(rest) {
        return Ok(of_operation(contract, operation));
    }
    match contract.message_type(rest) {
        Some(row) => Ok(of_type(contract, row)),
        None => Err(unknown(contract, rest)),
    }
}

/// Every schema, with its name. An operation comes before a message type with the same id.
fn all() -> Vec<(String, Value)> {
    let mut out: Vec<(String, Value)> = Vec::new();
    for contract in provider::ALL.iter().map(|vendor| vendor.contract()) {
        for row in contract.operations {
            out.push((format!("{}/{}", contract.id, row.id), of_operation(contract, row)));
        }
        for row in contract.types {
            let name = format!("{}/{}", contract.id, row.id);
            if !out.iter().any(|(known, _)| *known == name) {
                out.push((name, of_type(contract, row)));
            }
        }
    }
    let own =
        output::NAMES.into_iter().filter_map(|name| Some((name.to_owned(), output::find(name)?)));
    out.extend(own);
    out
}

/// Whether a file is a schema of herald's, of any version.
fn is_schema(file: File) -> bool {
    let schema: Value = serde_json::from_reader(BufReader::new(file)).unwrap_or_default();
    let id = schema["$id"].as_str().unwrap_or_default();
    schema["$schema"].is_string() && id.starts_with("urn:herald:")
}

/// Writes schemas to files by name, in a folder for each provider. Nothing is written through a link, and nothing at all
/// if a file has the name of a schema and is something else: a payload can have such a name.
fn write_all(folder: &Path, schemas: &[(String, Value)]) -> Result<()> {
    let failed = |path: &Path, error| {
        Error::input(format!("cannot write {}", path.display())).because(error)
    };
    let kind = OutputKind {
        name: "a schema",
        content: "schema of herald",
        is_own: &is_schema,
        kept: &[],
        refusal: ErrorKind::Input,
        help: "name another folder with --all",
    };
    let root = make_folder(folder).map_err(|error| failed(folder, error))?;
    // A vendor's name for a type may contain characters that a file name cannot.
    let file_name = |name: &str| format!("{}.json", name.replace(':', "_"));
    for (name, _) in schemas {
        kind.check_in(&root, Path::new(&file_name(name)))?;
    }
    for (name, schema) in schemas {
        let name = file_name(name);
        let path = folder.join(&name);
        write(&root, &name, schema).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

fn write(root: &FolderHandle, name: &str, schema: &Value) -> io::Result<()> {
    let (provider, file) = name.split_once('/').unwrap_or((".", name));
    let folder = root.subfolder(provider.as_ref()).map_err(|refusal| match refusal {
        OpenRefusal::System(error) => error,
        _ => io::Error::other(format!("`{provider}` is a link, and nothing is written through it")),
    })?;
    let text = format!("{schema:#}\n");
    write_in(&Arc::new(folder), file.as_ref(), text.as_bytes(), FileAccess::Shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_found_by_its_name_and_says_it() {
        for (name, schema) in all() {
            assert_eq!(find(&name).expect("a known name"), schema, "{name}");
            assert_eq!(schema["$id"], format!("urn:herald:{name}"));
        }
    }

    #[test]
    fn all_of_them_land_in_a_folder_and_a_file_in_the_way_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = all();
        let (name, schema) = &all[0];
        write_all(folder.path(), &all).expect("written");
        let path = folder.path().join(format!("{name}.json"));
        let text = std::fs::read_to_string(path).expect("a file");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), *schema);
        let blocked = folder.path().join(format!("{name}.json"));
        let error = write_all(&blocked, &all).expect_err("a file is no folder");
        assert_eq!(error.exit(), Exit::Input);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_be_it_a_file_or_a_folder() {
        use std::os::unix::fs::symlink;
        let all = all();
        let (provider, rest) = all[0].0.split_once('/').expect("PROVIDER/NAME");
        let place = tempfile::tempdir().expect("a folder");
        let (folder, other) = (place.path().join("schemas"), place.path().join("other"));
        std::fs::create_dir(&other).expect("a folder");
        std::fs::write(other.join("victim"), "precious").expect("a file");
        let refused = || {
            let error = write_all(&folder, &all).expect_err("a link");
            assert!(error.full_message().contains("is a link"), "{}", error.full_message());
            assert_eq!(std::fs::read_dir(&other).expect("a folder").count(), 1);
            let victim = std::fs::read_to_string(other.join("victim")).expect("a file");
            assert_eq!(victim, "precious");
            std::fs::remove_dir_all(&folder).expect("removed");
        };
        std::fs::create_dir_all(folder.join(provider)).expect("a folder");
        symlink(other.join("victim"), folder.join(format!("{provider}/{rest}.json")))
            .expect("a link");
        refused();
        std::fs::create_dir_all(folder.join(provider)).expect("a folder");
        symlink(other.join("new"), folder.join(format!("{provider}/{rest}.json"))).expect("a link");
        refused();
        std::fs::create_dir(&folder).expect("a folder");
        symlink(&other, folder.join(provider)).expect("a link");
        refused();
    }

    #[test]
    fn an_unknown_name_is_wrong_usage() {
        for (typed, help) in
            [("output/validat", "did you mean `output/validate`?"), ("send", "as in")]
        {
            let error = find(typed).expect_err(typed);
            assert_eq!(error.exit(), Exit::Usage);
            assert!(error.advice().unwrap_or_default().contains(help), "{typed}: {error:?}");
        }
    }
}
