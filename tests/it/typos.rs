//! A name with one letter wrong, missing or exchanged: in `--set`, as an operation, a type or a flag. Each
//! is told in one line that names the right one. The names are those of the contracts' rows.

use std::collections::BTreeSet;

use herald::contract::typed::{PathRoots, SetExpr, apply};
use herald::contract::{Contract, Field, Kind, Operation, Shape, Verb};
use herald::document::Value;
use herald::provider;

use crate::support::World;

/// The name with each of these mistakes at a place that `seed` chooses.
fn typos(name: &str, seed: usize) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let at = 1 + seed % (letters.len() - 1);
    let (mut other, mut missing, mut exchanged) =
        (letters.clone(), letters.clone(), letters.clone());
    other[at] = if letters[at] == 'q' { 'w' } else { 'q' };
    missing.remove(at);
    exchanged.swap(at - 1, at);
    let all = [other, missing, exchanged].map(|letters| letters.into_iter().collect::<String>());
    all.into_iter().filter(|typo| typo != name && typo.len() > 2).collect()
}

/// Whether two names differ by one letter, or by two that are exchanged.
fn is_near(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-', '.', ' '], "");
    let (a, b): (Vec<char>, Vec<char>) = (plain(a).chars().collect(), plain(b).chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let from = |list: &[char], skip: usize| list.get(skip..).unwrap_or_default().to_vec();
    a == b
        || from(a, 1) == from(b, 1)
        || from(a, 1) == b
        || a == from(b, 1)
        || a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]
}

/// Whether a text names, in back quotes, the right name or another that is as near.
fn names_near(text: &str, typo: &str, right: &str) -> bool {
    text.split('`').skip(1).step_by(2).any(|quoted| {
        let last = quoted.rsplit('.').next().unwrap_or(quoted).trim_start_matches("--");
        let last = last.rsplit('/').next().unwrap_or(last);
        last == right || last != typo && is_near(last, typo)
    })
}

/// The fields of a shape with the path of each, down to the second level.
fn fields(shape: &'static Shape, before: &str, depth: usize) -> Vec<(String, &'static Field)> {
    let mut all = Vec::new();
    for field in shape.all_fields() {
        all.push((format!("{before}{}", field.name), field));
        if let (Kind::Object(inner), true) = (field.kind, depth > 0) {
            all.extend(fields(inner, &format!("{before}{}.", field.name), depth - 1));
        }
    }
    all
}

fn operations() -> impl Iterator<Item = (&'static Contract, &'static Operation)> {
    let contracts = provider::ALL.iter().map(|vendor| vendor.contract());
    contracts.flat_map(|contract| contract.operations.iter().map(move |row| (contract, row)))
}

fn done(tried: usize, least: usize, faults: &[String]) {
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
    assert!(tried > least, "{tried}");
}

#[test]
fn a_path_of_set_with_a_typo_names_the_field() {
    let (mut tried, mut faults) = (0, Vec::new());
    for (contract, operation) in operations() {
        let Some(shape) = operation.shape() else { continue };
        let known = fields(shape, "", 1);
        let names: BTreeSet<&str> = known.iter().map(|(_, field)| field.name).collect();
        for (number, (path, field)) in known.iter().enumerate() {
            // Below the content the app's own data may have any name, and a short name is near to every other.
            let is_below = path.len() > field.name.len();
            let content = operation.content.trim_start_matches('/');
            let is_content = !content.is_empty() && path.starts_with(content);
            let is_own = is_below && (is_content || field.name.len() < 4);
            if field.name.len() < 3 || field.name.contains('.') || is_own {
                continue;
            }
            for typo in typos(field.name, number) {
                if names.contains(typo.as_str()) {
                    continue;
                }
                let typed = format!("{}{typo}=1", path.strip_suffix(field.name).expect("its end"));
                let roots = if operation.verbs.contains(&Verb::Send) {
                    PathRoots::ContentFirst
                } else {
                    PathRoots::Body
                };
                let mut body = Value::object();
                let result =
                    SetExpr::parse(&typed).and_then(|set| apply(&set, &mut body, operation, roots));
                let told = match result {
                    Ok(()) => "is taken".to_owned(),
                    Err(error) => {
                        format!("{}; {}", error.full_message(), error.advice().unwrap_or_default())
                    }
                };
                tried += 1;
                let advice = told.split_once("; ").map_or("", |(_, advice)| advice);
                if !names_near(advice, &typo, field.name) {
                    faults.push(format!("{}/{} {typed}: {told}", contract.id, operation.id));
                }
            }
        }
    }
    done(tried, 1000, &faults);
}

fn typos_of(name: &str, seed: usize) -> Vec<String> {
    if name.len() < 3 { Vec::new() } else { typos(name, seed) }
}

#[test]
fn an_operation_with_a_typo_names_the_operation() {
    let (mut tried, mut faults) = (0, Vec::new());
    for (number, (contract, operation)) in operations().enumerate() {
        for typo in typos_of(operation.id, number) {
            if contract.operation(&typo).is_some() {
                continue;
            }
            let error = provider::find_operation(&format!("{}/{typo}", contract.id))
                .err()
                .map(|error| error.advice().unwrap_or_default().to_owned());
            tried += 1;
            if !error.as_deref().is_some_and(|advice| names_near(advice, &typo, operation.id)) {
                faults.push(format!("{}/{typo}: {error:?}", contract.id));
            }
        }
    }
    done(tried, 200, &faults);
}

#[test]
fn a_type_with_a_typo_names_the_type() {
    let world = World::new();
    let (mut tried, mut faults) = (0, Vec::new());
    for vendor in provider::ALL {
        let contract = vendor.contract();
        for (number, row) in contract.types.iter().enumerate() {
            let typos = typos_of(row.id, number);
            let Some(typo) = typos.get(number % typos.len().max(1)) else { continue };
            if contract.message_type(typo).is_some() {
                continue;
            }
            let send =
                ["send", "--sandbox", "--provider", contract.id, "--to", "bob1", "--type", typo];
            let run = world.run(&[&send[..], &["--from", "ann1"]].concat());
            tried += 1;
            if run.code != 2 || !run.err.lines().any(|line| names_near(line, typo, row.id)) {
                faults.push(format!("{} {typo}: {} {}", contract.id, run.code, run.err));
            }
        }
    }
    done(tried, 50, &faults);
}

#[test]
fn a_flag_with_a_typo_names_the_flag() {
    let world = World::new();
    let (mut tried, mut faults) = (0, Vec::new());
    for command in ["send", "broadcast", "recall", "call"] {
        let help = world.run(&[command, "--help"]).ends_with(0).out;
        let flags: BTreeSet<&str> = help
            .lines()
            .filter_map(|line| line.strip_prefix("      --"))
            .map(|rest| rest.split([' ', '[', '=', ',']).next().unwrap_or(rest))
            .filter(|name| name.len() > 3)
            .collect();
        for (number, flag) in flags.iter().enumerate() {
            let typos = typos(flag, number);
            let typo = &typos[number % typos.len()];
            if flags.contains(typo.as_str()) {
                continue;
            }
            let run = world.run(&[command, &format!("--{typo}"), "x"]);
            tried += 1;
            if run.code != 2 || !run.err.lines().any(|line| names_near(line, typo, flag)) {
                faults.push(format!("{command} --{typo}: {} {}", run.code, run.err));
            }
        }
    }
    done(tried, 50, &faults);
}
