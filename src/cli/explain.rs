//! `herald explain`: what a rule or a vendor's error code means, and what to do about it.

use clap::Args as Arguments;
use serde_json::json;

use crate::contract::Contract;
use crate::contract::reference::{Explained, candidates, codes};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::near::did_you_mean;
use crate::provider;
use crate::report::page::show;

/// Explain a lint rule or a vendor's error code: cause, cure, whether it may be tried again
#[derive(Debug, Arguments)]
pub(super) struct Args {
    /// Name the rule or the error code: PROVIDER/RULE, PROVIDER/ERRORCODE or json/RULE; without the provider, all that it may be is listed
    #[arg(value_name = "CODE")]
    code: String,
}

/// Runs the command.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    match find(&args.code)?.as_slice() {
        [one] => show(&env.ui, &one.page()),
        several => list(env, &args.code, several),
    }
    Ok(Exit::Done)
}

fn contracts() -> Vec<&'static Contract> {
    provider::ALL.iter().map(|vendor| vendor.contract()).collect()
}

/// What a code stands for; never empty.
fn find(code: &str) -> Result<Vec<Explained>> {
    let contracts = contracts();
    let found = candidates(&contracts, code);
    if found.is_empty() { Err(unknown(&contracts, code)) } else { Ok(found) }
}

/// The error for an unknown code, with the nearest one of the same provider, otherwise of any.
fn unknown(contracts: &[&'static Contract], typed: &str) -> Error {
    let all = codes(contracts);
    let error = Error::usage(format!("there is no rule or error code `{typed}`"));
    let near = match typed.split_once('/') {
        Some((space, id)) => {
            let prefix = format!("{space}/");
            let own: Vec<&str> = all.iter().filter_map(|code| code.strip_prefix(&prefix)).collect();
            if own.is_empty() {
                let spaces = contracts.iter().map(|contract| contract.id);
                did_you_mean(space, spaces.chain([crate::contract::json_rules::SPACE]))
            } else {
                let near = crate::near::nearest(id, own);
                near.map(|id| format!("did you mean `{space}/{id}`?"))
            }
        }
        None => {
            let ids = all.iter().filter_map(|code| code.split_once('/')).map(|(_, id)| id);
            did_you_mean(typed, ids)
        }
    };
    error.help(near.unwrap_or_else(|| {
        "`herald explain PROVIDER/CODE`; `herald providers PROVIDER --output json` lists them"
            .to_owned()
    }))
}

/// What a word without a provider may stand for.
fn list(env: &Env, code: &str, several: &[Explained]) {
    if env.ui.is_machine() {
        let all: Vec<_> = several.iter().map(|answer| answer.page().json()).collect();
        env.ui.json(&json!({ "version": 1, "code": code, "candidates": all }));
        return;
    }
    env.ui.line(&format!("`{code}` may be any of these:\n"));
    let rows: Vec<Vec<String>> = several
        .iter()
        .map(|answer| {
            let page = answer.page();
            vec![page.name, page.about]
        })
        .collect();
    env.ui.raw(&crate::report::table(&env.ui, &["code", "meaning"], &rows));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_every_error_code_has_a_page_that_says_what_to_do() {
        for code in codes(&contracts()) {
            let found = find(&code).expect("a known code");
            assert!(!found.is_empty(), "{code}");
            for answer in found {
                let page = answer.page();
                assert_eq!(page.name, code);
                assert!(!page.about.is_empty(), "{code} says nothing");
            }
        }
    }

    #[test]
    fn a_code_without_a_provider_lists_who_has_it() {
        let every = codes(&contracts());
        for code in &every {
            let (_, id) = code.split_once('/').expect("a code has two parts");
            let found = find(id).expect("a known id");
            assert!(found.iter().any(|answer| answer.code() == *code), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_wrong_usage_and_gets_the_nearest_one() {
        for (typed, help) in [
            ("json/nul", "did you mean `json/null`?"),
            ("jsn/null", "did you mean `json`?"),
            ("integral-floats", "did you mean `integral-float`?"),
            ("zzzzzzzzzz", "herald providers"),
        ] {
            let error = find(typed).expect_err(typed);
            assert_eq!(error.exit(), Exit::Usage);
            assert!(error.advice().unwrap_or_default().contains(help), "{typed}: {error:?}");
        }
    }
}
