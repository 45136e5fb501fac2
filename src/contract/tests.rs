//! Conditions on every contract's tables, so that code that reads them cannot fail for a user.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::sample::CONTRACT;
use super::walk::{SeenRow, WalkedRow};
use super::*;
use crate::contract::json_rules;
use crate::near::same_letters;
use crate::outcome::Class;

/// The registered contracts and the sample.
fn contracts() -> Vec<&'static Contract> {
    let registered = crate::provider::ALL.iter().map(|vendor| vendor.contract());
    registered.chain([&CONTRACT]).collect()
}

/// Shows every row of a contract, with the name of its operation or type.
fn each(contract: &'static Contract, see: &mut dyn FnMut(&str, &SeenRow<'_>)) {
    for row in contract.operations {
        let name = format!("{}/{}", contract.id, row.id);
        walk::operation(contract, row, &mut |seen| see(&name, seen));
    }
    for row in contract.types {
        let name = format!("{}/{} (a type)", contract.id, row.id);
        walk::message_type(contract, row, &mut |seen| see(&name, seen));
    }
}

/// Collects objections, so that one run shows all of them.
#[derive(Default)]
struct Faults(BTreeSet<String>);

impl Faults {
    fn unless(&mut self, holds: bool, say: impl FnOnce() -> String) {
        if !holds {
            self.0.insert(say());
        }
    }

    fn none(self) {
        let all: Vec<String> = self.0.into_iter().collect();
        assert!(all.is_empty(), "{} faults in tables:\n{}", all.len(), all.join("\n"));
    }
}

/// Names that occur more than once.
fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    names.filter(|name| !seen.insert(*name)).collect()
}

#[test]
fn ids_are_unique() {
    let mut faults = Faults::default();
    let all = contracts();
    faults
        .unless(repeated(all.iter().map(|contract| contract.id)).is_empty(), || "providers".into());
    for contract in all {
        let id = contract.id;
        for (what, twice) in [
            ("rules", repeated(contract.rules.iter().map(|row| row.id))),
            ("operations", repeated(contract.operations.iter().map(|row| row.id))),
            ("types", repeated(contract.types.iter().map(|row| row.id))),
            ("credentials", repeated(contract.credentials.iter().map(|row| row.name))),
        ] {
            faults.unless(twice.is_empty(), || format!("{id}: {what} twice: {twice:?}"));
        }
        let errors: Vec<String> = contract
            .errors
            .iter()
            .map(|row| format!("{} {:?} {} {:?}", row.code, row.http, row.text, row.only))
            .collect();
        for row in contract.errors {
            let unknown = row.only.iter().find(|id| contract.operation(id).is_none());
            faults.unless(unknown.is_none(), || format!("{id}/{}: no {unknown:?}", row.code));
        }
        // Where texts decide, a text that no row has must claim nothing. Of a bare status that much is known.
        let by_text = contract.errors.iter().filter(|row| !row.text.is_empty());
        for row in by_text.filter(|row| !row.code.starts_with("http-")) {
            let any =
                contract.errors.iter().find(|other| other.text.is_empty() && other.meets(row));
            faults.unless(any.is_none(), || format!("{id}/{}: a row for any text", row.code));
            faults.unless(row.words.is_empty(), || format!("{id}/{}: text and words", row.code));
        }
        let twice = repeated(errors.iter().map(String::as_str));
        faults.unless(twice.is_empty(), || format!("{id}: error codes twice: {twice:?}"));
        for row in contract.types {
            let other = contract.operation(row.id);
            faults.unless(other.is_none(), || format!("{id}/{} is operation and type", row.id));
        }
    }
    faults.none();
}

#[test]
fn nothing_is_without_words_or_source() {
    let mut faults = Faults::default();
    for contract in contracts() {
        let id = contract.id;
        faults.unless(!contract.about.is_empty() && !contract.name.is_empty(), || id.to_owned());
        faults.unless(!contract.source.is_empty(), || format!("{id} has no source"));
        faults.unless(
            !contract.endpoints.is_empty()
                || contract.credentials.iter().any(|row| row.name == "endpoint"),
            || format!("{id} has no address"),
        );
        for row in contract.rules {
            let said = !row.title.is_empty() && !row.cure.is_empty();
            faults.unless(said, || format!("{id}/{} says nothing", row.id));
        }
        for row in contract.operations {
            // A row that is only linted has no path, and no command sends it.
            let addressed = !row.path.is_empty() || row.verbs.is_empty();
            let said = !row.about.is_empty() && !row.source.is_empty() && addressed;
            faults.unless(said, || format!("{id}/{} lacks words, path or source", row.id));
        }
        for row in contract.types {
            let said = !row.about.is_empty() && !row.source.is_empty();
            faults.unless(said, || format!("{id}/{} (a type) lacks words or source", row.id));
        }
        for row in contract.errors {
            let is_success = row.class == Class::Success;
            let said = !row.meaning.is_empty() && (is_success || !row.cure.is_empty());
            faults.unless(said, || format!("{id}/{} (an error code) says nothing", row.code));
        }
        let any = contract.find_out.iter().position(|row| row.operations.is_empty());
        faults.unless(any.map(|at| at + 1) == Some(contract.find_out.len()), || {
            format!("{id}: the last way to find out has to be that of all other operations")
        });
        for row in contract.find_out {
            let known = |id: &&&str| contract.operation(id).is_none();
            let lost: Vec<_> = row.operations.iter().filter(known).collect();
            faults.unless(lost.is_empty(), || {
                format!("{id}: no operations to find out of: {lost:?}")
            });
            faults
                .unless(!row.about.is_empty(), || format!("{id}: a way to find out says nothing"));
        }
        for row in contract.credentials {
            faults.unless(!row.about.is_empty(), || format!("{id}: {} says nothing", row.name));
            faults.unless(row.secret || !row.lasting, || {
                format!("{id}: {} lasts, and is no secret", row.name)
            });
        }
        // Plans are sealed with it, including those for the sandbox.
        let has_secret = contract.credentials.iter().any(|row| row.secret);
        let lasts = contract.credentials.iter().any(|row| row.lasting && !row.sandbox.is_empty());
        faults.unless(lasts || !has_secret, || {
            format!("{id} has no lasting secret that the sandbox has, too")
        });
        each(contract, &mut |name, seen| {
            // A value under a free key needs a name for the reference pages, but no description.
            if let WalkedRow::Field(field) = seen.row
                && !field.name.is_empty()
                && !seen.path.ends_with('*')
            {
                faults.unless(!field.about.is_empty(), || {
                    format!("{name}: {} says nothing", seen.path)
                });
            }
        });
    }
    faults.none();
}

#[test]
fn every_fault_that_a_row_can_show_has_a_rule_that_exists() {
    let mut faults = Faults::default();
    for contract in contracts() {
        // Types are not visited on their own: lint sees only what an operation carries.
        for row in contract.operations {
            walk::operation(contract, row, &mut |seen| {
                for id in seen.rules() {
                    let known = id.is_some_and(|id| is_rule(contract, id));
                    faults.unless(known, || {
                        format!("{}/{}: {} has no rule ({id:?})", contract.id, row.id, seen.path)
                    });
                }
            });
        }
        for (_, id) in contract.codes.by {
            faults.unless(is_rule(contract, id), || format!("{}: no rule {id}", contract.id));
        }
    }
    faults.none();
}

fn is_rule(contract: &Contract, id: RuleId) -> bool {
    match id.strip_prefix("json/") {
        Some(id) => json_rules::find(id).is_some(),
        None => contract.rule(id).is_some(),
    }
}

#[test]
fn every_rule_is_reported_by_something() {
    let mut faults = Faults::default();
    for contract in contracts() {
        let mut used: BTreeSet<RuleId> = BTreeSet::new();
        each(contract, &mut |_, seen| used.extend(seen.rules().into_iter().flatten()));
        used.extend(contract.codes.of(RowFault::Root));
        for row in contract.rules {
            faults
                .unless(used.contains(row.id), || format!("{}/{} is unused", contract.id, row.id));
        }
    }
    faults.none();
}

#[test]
fn what_a_row_names_is_there() {
    let mut faults = Faults::default();
    for contract in contracts() {
        for row in contract.operations {
            let name = format!("{}/{}", contract.id, row.id);
            let mut paths: Vec<&str> = Vec::new();
            paths.extend(row.batch.map(|batch| batch.field));
            row.reach.each_path(&mut |path| paths.push(path));
            if let Repeatable::Deduplicated { field, .. } = row.repeat {
                paths.push(field);
            }
            paths.extend(row.volatile);
            paths.extend(Some(row.content).filter(|path| !path.is_empty()));
            let known = known_paths(contract, row);
            for path in paths {
                let dotted = path.trim_start_matches('/').replace('/', ".");
                // An item of a list is shown as the first item.
                let is_known = known.contains(&dotted) || known.contains(&dotted.replace('*', "0"));
                faults.unless(is_known, || format!("{name}: no field {path}"));
            }
            if let Some(other) = row.recall.operation {
                let known = contract.operation(other).is_some();
                faults.unless(known, || format!("{name}: no operation {other}"));
            }
            let host = contract.endpoints.iter().any(|endpoint| endpoint.role == row.host);
            faults.unless(host || row.host.is_empty(), || format!("{name}: no host {}", row.host));
            for field in row.addresses().flat_map(|(_, path)| in_braces(path)) {
                let of_account = contract.credentials.iter().any(|key| key.name == field);
                let known = of_account || known.contains(&field);
                faults.unless(known, || format!("{name}: {{{field}}} of the path is no field"));
            }
        }
    }
    faults.none();
}

fn known_paths(contract: &'static Contract, row: &'static Operation) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    walk::operation(contract, row, &mut |seen| {
        out.insert(seen.path.to_owned());
    });
    out
}

/// The names in braces in a path.
fn in_braces(path: &str) -> Vec<String> {
    let parts = path.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn members_that_checks_and_variants_read_are_fields() {
    let mut faults = Faults::default();
    for contract in contracts() {
        each(contract, &mut |name, seen| {
            let WalkedRow::Shape(shape) = seen.row else { return };
            let fields = typed::every_field(shape);
            let has = |path: &str| {
                let first = path.split('/').next().unwrap_or_default();
                first.is_empty()
                    || fields.iter().any(|f| f.name == first || f.aliases.contains(&first))
            };
            for variant in shape.variants {
                faults.unless(has(variant.by), || format!("{name}: no field {}", variant.by));
                let lits = variant.cases.iter().flat_map(|case| case.is);
                let texts: Vec<String> = lits.map(|lit| format!("{lit:?}")).collect();
                let twice = repeated(texts.iter().map(String::as_str));
                faults.unless(twice.is_empty(), || format!("{name}: {twice:?} picks twice"));
            }
            for check in shape.checks {
                if let CrossCheck::Count { names, at, .. } = &check.test {
                    let known = names.iter().all(|name| has(name)) && has(at);
                    faults.unless(known, || format!("{name}: {} counts strangers", check.rule));
                }
            }
        });
    }
    faults.none();
}

/// Names of SDKs are looked up after those of fields, so one that is a field, or stands for two, would be misread.
#[test]
fn an_sdks_name_stands_for_one_field_and_is_none() {
    let mut faults = Faults::default();
    for contract in contracts() {
        each(contract, &mut |name, seen| {
            let WalkedRow::Shape(shape) = seen.row else { return };
            let fields = typed::every_field(shape);
            let sdk_names = fields.iter().flat_map(|field| {
                field.sdk_names.iter().map(move |sdk_name| (*sdk_name, field.name))
            });
            for (sdk_name, field) in sdk_names {
                let of_field = |other: &&&Field| {
                    std::iter::once(&other.name).chain(other.aliases).any(|own| *own == sdk_name)
                };
                let known = fields.iter().find(of_field);
                faults.unless(known.is_none(), || format!("{name}: {sdk_name} is a field"));
                let meant =
                    |other: &&&Field| other.sdk_names.iter().any(|own| same_letters(own, sdk_name));
                let other = fields.iter().filter(meant).find(|other| other.name != field);
                faults.unless(other.is_none(), || {
                    let other = other.map_or("", |other| other.name);
                    format!("{name}: {sdk_name} stands for {field} and {other}")
                });
            }
        });
    }
    faults.none();
}

#[test]
fn a_misplaced_field_is_one_and_its_members_are_none() {
    let mut faults = Faults::default();
    for contract in contracts() {
        each(contract, &mut |name, seen| {
            let WalkedRow::Shape(shape) = seen.row else { return };
            let fields = typed::every_field(shape);
            for row in shape.misplaced {
                let is_known = fields.iter().any(|field| field.name == row.field);
                faults.unless(is_known, || format!("{name}: no field {}", row.field));
                faults.unless(!row.help.is_empty(), || format!("{name}/{}: no help", row.field));
            }
        });
    }
    faults.none();
}

/// Ids that people choose or count, far below 2^53.
const SMALL: [&str; 6] =
    ["temp_id", "signid", "n_builder_id", "builder_id", "notify_id", "notifyId"];

/// Parsers read any other writing of an id through a double.
#[test]
fn ids_of_64_bits_are_due_in_plain_digits() {
    let (mut faults, mut ids) = (Faults::default(), 0);
    for contract in contracts() {
        each(contract, &mut |name, seen| {
            let kinds = match seen.row {
                WalkedRow::Field(field) => vec![field.kind],
                WalkedRow::Kind(kind) => vec![*kind],
                WalkedRow::Shape(_) | WalkedRow::Check(_) => return,
            };
            let step = seen.path.rsplit('.').find(|step| *step != "0").unwrap_or_default();
            let is_id = step.to_ascii_lowercase().ends_with("id")
                || step.to_ascii_lowercase().contains("id_list")
                || ["msgIdList", "msg_ids", "msgRandom"].contains(&step);
            for kind in kinds {
                if let (Kind::Int(int), true) = (kind, is_id)
                    && matches!(int.width, super::Width::I64 | super::Width::U64)
                    && !SMALL.contains(&step)
                {
                    ids += 1;
                    faults.unless(int.plain, || format!("{name}: {} may be rounded", seen.path));
                }
                if let Kind::Int(int) = kind {
                    let is_unsigned = int.width == super::Width::U64;
                    faults.unless(!is_unsigned || int.plain, || format!("{name}: {}", seen.path));
                }
            }
        });
    }
    assert!(ids > 15, "{ids}");
    faults.none();
}

/// A soft limit that is broken hides the limits after it, so hard limits come first.
#[test]
fn hard_limits_stand_before_soft_ones() {
    let mut faults = Faults::default();
    for contract in contracts() {
        each(contract, &mut |name, seen| {
            let WalkedRow::Field(field) = seen.row else { return };
            let severities = field.limits.iter().filter_map(|limit| {
                let id = limit.rule.or_else(|| seen.rule(schema::fault_of(&limit.test)))?;
                Some(contract.rule(id)?.severity)
            });
            let severities: Vec<Severity> = severities.collect();
            faults.unless(severities.is_sorted(), || {
                format!("{name}: {} has a soft limit before a hard one", seen.path)
            });
        });
    }
    faults.none();
}

/// Every form with a pattern, with a place that uses it.
fn forms() -> Vec<(String, &'static TextForm)> {
    let mut out: Vec<(String, &'static TextForm)> = Vec::new();
    for contract in contracts() {
        each(contract, &mut |name, seen| {
            let WalkedRow::Field(field) = seen.row else { return };
            for limit in field.limits {
                let (Test::Form(form) | Test::Keys(form)) = limit.test else { continue };
                if form.pattern.is_some()
                    && !out.iter().any(|(_, known)| std::ptr::eq(*known, form))
                {
                    out.push((format!("{name}: {}", seen.path), form));
                }
            }
        });
    }
    out
}

#[test]
fn a_forms_pattern_and_its_function_agree() {
    let forms: Vec<(String, &'static TextForm, jsonschema::Validator)> = forms()
        .into_iter()
        .map(|(place, form)| {
            let schema = serde_json::json!({ "type": "string", "pattern": form.pattern });
            (place, form, jsonschema::validator_for(&schema).expect("a pattern"))
        })
        .collect();
    // Short texts of the characters that patterns use, and any text at all.
    let text = prop_oneof![
        "[0-9a-zA-Z_.:/+ \\-]{0,8}",
        "[0-9]{1,4}([-:./][0-9]{1,2}){0,2}",
        "[0-9a-fA-F]{24}|[0-9a-fA-F]{32}|[0-9a-zA-Z]{24}",
        "(http|https|ftp)://[a-z.]{1,8}(/[a-z]{0,3})?",
        "\\PC{0,6}",
        "[a-z0-9]{0,3}\n",
    ];
    proptest!(ProptestConfig::with_cases(3000), |(text in text)| {
        for (place, form, pattern) in &forms {
            let by_pattern = pattern.is_valid(&serde_json::json!(text));
            prop_assert_eq!((form.test)(&text), by_pattern, "{}: {:?}", place, form.pattern);
        }
    });
}
