//! `herald providers`: what can be sent, and everything that is known about it.

use clap::Args as Arguments;

use crate::contract::reference::{self, Page};
use crate::contract::{Contract, MessageType};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::near::did_you_mean;
use crate::provider;
use crate::report::page::show;
use crate::report::provider_matrix;
use crate::text::suggest;

const EXAMPLES: &str = "\
Examples:
  herald providers
  herald providers rongcloud/RC:TxtMsg
  herald providers --matrix";

/// Show what can be sent: fields, types, limits, rates, source
#[derive(Debug, Arguments)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// PROVIDER, PROVIDER/OPERATION or PROVIDER/TYPE
    ///
    /// A type has an id and the vendor's own name; both work.
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Show what each vendor makes of --text, --image, --to and so on
    #[arg(long, conflicts_with = "name")]
    matrix: bool,
}

/// Runs the command.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let contracts: Vec<&'static Contract> =
        provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let page = match &args.name {
        None if args.matrix => provider_matrix::page(provider::ALL),
        None => reference::providers(&contracts),
        Some(name) => find(name)?,
    };
    show(&env.ui, &page);
    Ok(Exit::Done)
}

/// The page of a provider, an operation or a message type.
fn find(name: &str) -> Result<Page> {
    let Some((provider, rest)) = name.split_once('/') else {
        return Ok(reference::provider(provider::find(name)?.contract()));
    };
    let contract = provider::find(provider)?.contract();
    if let Some(operation) = contract.operation(rest) {
        return Ok(reference::operation(contract, operation));
    }
    if let Some(row) = contract.message_type(rest) {
        return Ok(reference::message_type(contract, row));
    }
    Err(unknown(contract, rest))
}

/// The error for a name that is neither operation nor message type, with the nearest one.
pub(super) fn unknown(contract: &'static Contract, typed: &str) -> Error {
    let provider = contract.id;
    let operations = contract.operations.iter().map(|operation| operation.id.to_owned());
    let types =
        contract.types.iter().flat_map(|row: &MessageType| [row.id.to_owned(), row.wire.to_text()]);
    let known: Vec<String> = operations.chain(types).collect();
    let near = did_you_mean(typed, known.iter().map(String::as_str));
    Error::usage(format!("`{provider}` has no operation or message type `{typed}`"))
        .help(near.unwrap_or_else(|| format!("{} lists them", suggest("providers").arg(provider))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_message_type_has_a_page_under_each_of_its_names() {
        for contract in provider::ALL.iter().map(|vendor| vendor.contract()) {
            let operations = contract.operations.iter().map(|row| row.id.to_owned());
            let types =
                contract.types.iter().flat_map(|row| [row.id.to_owned(), row.wire.to_text()]);
            for name in operations.chain(types) {
                let name = format!("{}/{name}", contract.id);
                let page = find(&name).expect("a page");
                assert!(!page.about.is_empty() && !page.markdown().is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_name_is_wrong_usage_and_gets_the_nearest_one() {
        let contract = provider::ALL[0].contract();
        let first = contract.operations[0].id;
        for (typed, near) in [
            (format!("{}x", contract.id), contract.id.to_owned()),
            (format!("{}/{first}x", contract.id), first.to_owned()),
        ] {
            let error = find(&typed).expect_err("an unknown name");
            assert_eq!(error.exit(), Exit::Usage);
            assert_eq!(error.advice(), Some(format!("did you mean `{near}`?").as_str()));
        }
    }
}
