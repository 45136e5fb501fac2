//! `herald explain`: what a rule, a vendor's error code or a word of herald's own means, and what to do about it.

use clap::Args as Arguments;
use serde_json::json;

use crate::contract::Contract;
use crate::contract::reference::{
    Explained, Page, SANDBOX_SPACE, candidates, codes, switch_names, switches,
};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::explain;
use crate::near::did_you_mean;
use crate::provider;
use crate::report::page::show;

const EXAMPLES: &str = "\
Examples:
  herald explain jpush-v3/1003
  herald explain json/null
  herald explain exit-8";

/// Explain a lint rule, a vendor's error code or a word that herald prints: cause, cure, whether it may be tried again
#[derive(Debug, Arguments)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Rule, error code or word: jpush-v3/1003, json/null, exit-8
    ///
    /// PROVIDER/RULE, PROVIDER/CODE or json/RULE; upper or lower case. Without the provider, all that match are listed.
    /// Also a guard, an outcome, the end of a job, or an exit code as `exit-8`. A bare number lists all its meanings.
    /// `sandbox/KEY` is a switch of the sandbox or a word of its log, `sandbox` lists all switches.
    #[arg(value_name = "CODE")]
    code: String,
}

/// Runs the command.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    if let Some(key) = switch_key(&args.code) {
        let page = switches(&contracts(), key).or_else(|| explain::log_word(key?));
        let page = page.ok_or_else(|| unknown_switch(&args.code))?;
        show(&env.ui, &page);
        return Ok(Exit::Done);
    }
    match pages(&args.code)?.as_slice() {
        [one] => show(&env.ui, one),
        several => list(env, &args.code, several),
    }
    Ok(Exit::Done)
}

/// The key of a switch of the sandbox; `None` inside it for all of them.
fn switch_key(code: &str) -> Option<Option<&str>> {
    let rest = code.strip_prefix(SANDBOX_SPACE)?;
    if rest.is_empty() { Some(None) } else { rest.strip_prefix('/').map(Some) }
}

fn unknown_switch(typed: &str) -> Error {
    let names = switch_names(&contracts());
    let near = did_you_mean(typed, names.iter().map(String::as_str));
    let help = near.unwrap_or_else(|| format!("`herald explain {SANDBOX_SPACE}` lists them"));
    Error::usage(format!("the sandbox has no switch `{typed}`")).help(help)
}

/// The pages of all that a code or a word of herald's own stands for; never empty.
fn pages(code: &str) -> Result<Vec<Page>> {
    let own = explain::word(code);
    match find(code) {
        Ok(found) => Ok(own.into_iter().chain(found.iter().map(Explained::page)).collect()),
        Err(error) => own.map(|page| vec![page]).ok_or(error),
    }
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

/// The error for an unknown code: with the providers that have this very code, else with the nearest one of the same
/// provider, otherwise of any. What differs in a digit only looks alike, and means something else: it is not offered.
fn unknown(contracts: &[&'static Contract], typed: &str) -> Error {
    let error = Error::usage(format!("there is no rule or error code `{typed}`"));
    let (space, id) = match typed.split_once('/') {
        Some((space, id)) => (Some(space), id),
        None => (None, typed),
    };
    let is_known = |space: &str| contracts.iter().any(|contract| contract.id == space);
    if space.is_none_or(is_known) {
        let owners = candidates(contracts, id);
        let owners: Vec<String> = owners.iter().map(|one| format!("`{}`", one.code())).collect();
        if !owners.is_empty() {
            return error.help(format!("elsewhere it is known: {}", owners.join(", ")));
        }
        if id.strip_prefix("http-").unwrap_or(id).parse::<i64>().is_ok() {
            return error
                .help("no source names it; the server's message beside it is all that is known");
        }
    }
    let all = codes(contracts);
    let alike = |known: &&str| digits(known).eq(digits(id));
    let near = match space {
        Some(space) => {
            let prefix = format!("{space}/");
            let own: Vec<&str> = all.iter().filter_map(|code| code.strip_prefix(&prefix)).collect();
            if own.is_empty() {
                let spaces = contracts.iter().map(|contract| contract.id);
                did_you_mean(space, spaces.chain([crate::contract::json_rules::SPACE]))
            } else {
                let near = crate::near::nearest(id, own.into_iter().filter(alike));
                near.map(|id| format!("did you mean `{space}/{id}`?"))
            }
        }
        None => {
            let ids = all.iter().filter_map(|code| code.split_once('/')).map(|(_, id)| id);
            let words = explain::words();
            did_you_mean(typed, ids.chain(words.iter().map(String::as_str)).filter(alike))
        }
    };
    error.help(near.unwrap_or_else(|| {
        "`explain PROVIDER/CODE`; `providers PROVIDER --output json` lists them".to_owned()
    }))
}

/// The digits of a code, in order.
fn digits(code: &str) -> impl Iterator<Item = char> {
    code.chars().filter(char::is_ascii_digit)
}

/// What a word without a provider may stand for.
fn list(env: &Env, code: &str, several: &[Page]) {
    if env.ui.is_machine() {
        let all: Vec<_> = several.iter().map(Page::json).collect();
        env.ui.json(&json!({ "version": 1, "code": code, "candidates": all }));
        return;
    }
    env.ui.sentence(&format!("`{code}` may be any of these:\n"));
    let rows: Vec<Vec<String>> =
        several.iter().map(|page| vec![page.name.clone(), page.about.clone()]).collect();
    env.ui.page(&crate::report::table(&env.ui, &["code", "meaning"], &rows));
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
    fn a_code_is_found_in_any_case_of_its_letters_and_a_number_lists_all_meanings() {
        for code in codes(&contracts()) {
            let name = pages(&code).expect("a known code")[0].name.clone();
            for typed in [code.to_lowercase(), code.to_uppercase()] {
                let found = pages(&typed).expect("a known code");
                assert!(found.iter().any(|page| page.name.eq_ignore_ascii_case(&name)), "{typed}");
            }
        }
        let names = |typed: &str| -> Vec<String> {
            pages(typed).expect("known").into_iter().map(|page| page.name).collect()
        };
        assert_eq!(names("v2-10"), ["jpush-v2/V2-10"]);
        let eight = names("8");
        assert!(eight.len() > 1 && eight[0] == "exit-8", "{eight:?}");
        assert_eq!(names("exit-8"), ["exit-8"]);
        assert_eq!(names("Quota"), ["quota"]);
        let words = explain::words();
        assert!(words.iter().all(|word| names(word).contains(word)));
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
    fn an_http_status_is_explained_for_every_provider() {
        for contract in contracts() {
            for status in
                [400, 401, 403, 404, 405, 410, 413, 422, 429, 499, 500, 502, 503, 504, 599]
            {
                let typed = format!("{}/{status}", contract.id);
                let found = find(&typed).expect("a status");
                let page = found[0].page();
                let own = contract.errors.iter().any(|row| row.code == status.to_string());
                assert!(
                    own || page.name == format!("{}/http-{status}", contract.id),
                    "{}",
                    page.name
                );
                assert!(!page.about.is_empty(), "{typed}");
                let bare = find(&format!("{}/http-{status}", contract.id)).expect("a status");
                assert_eq!(bare[0].page().name, format!("{}/http-{status}", contract.id));
            }
            let every = find("429").expect("a status");
            assert!(every.iter().any(|one| one.code() == format!("{}/http-429", contract.id)));
        }
    }

    #[test]
    fn a_code_of_another_owner_says_whose_it_is() {
        for (code, words) in [
            ("jpush-v3/6003", "client SDKs, not of the server"),
            ("jpush-v2/6027", "client SDKs, not of the server"),
            ("jmessage/865003", "client SDKs (Android, iOS), not of the server"),
            ("jmessage/880103", "web pages"),
            ("jmessage/808001", "management of groups"),
            ("jmessage/899051", "management of groups"),
            ("jmessage/7132006", "management of groups"),
            ("jmessage/857003", "that the server gives to clients"),
            ("jpush-v3/7010", "is not known"),
            ("jpush-v3/7008", "device API"),
            ("jpush-v3/8104", "schedule API"),
            ("jpush-v3/3004", "user statistics"),
        ] {
            let found = find(code).expect("a code of another owner");
            let page = found[0].page();
            assert!(
                found.len() == 1 && page.name == code && page.about.contains(words),
                "{page:?}"
            );
        }
        // A code of both owners lists both.
        let page = find("jpush-v3/1008").expect("a code")[0].page();
        let beside = page.facts.iter().find(|(label, _)| *label == "elsewhere");
        assert!(beside.is_some_and(|(_, words)| words.contains("client SDKs")), "{page:?}");
    }

    #[test]
    fn an_unknown_code_is_wrong_usage_and_gets_the_nearest_one() {
        for (typed, help) in [
            ("json/nul", "did you mean `json/null`?"),
            ("jsn/null", "did you mean `json`?"),
            ("integral-floats", "did you mean `integral-float`?"),
            ("zzzzzzzzzz", "`providers PROVIDER"),
            // What only looks like another code means something else.
            ("jpush-v3/1234", "no source names it"),
            ("jmessage/855009", "no source names it"),
            ("12345678", "no source names it"),
            ("jpush-v3/865003", "elsewhere it is known: `jmessage/865003`"),
            ("jpush-v3/V2-13", "elsewhere it is known: `jpush-v2/V2-13`"),
            ("jmessage/1035", "elsewhere it is known: `jpush-v3/1035`"),
            ("jpush-v4/1003", "did you mean `jpush-v"),
            ("jpush-v3/http-999", "no source names it"),
            ("jpush-v3/V3-99", "`providers PROVIDER"),
            ("jpush-v3/V3-W99", "`providers PROVIDER"),
            ("gest-list", "did you mean `guest-list`?"),
        ] {
            let error = find(typed).expect_err(typed);
            assert_eq!(error.exit(), Exit::Usage);
            assert!(error.advice().unwrap_or_default().contains(help), "{typed}: {error:?}");
        }
    }
}
