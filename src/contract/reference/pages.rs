//! Pages on providers, operations and message types.

use super::{Page, Table, explain, fields};
use crate::contract::{
    AddressVariant, Auth, BodyForm, Contract, Effect, MessageType, Operation, Rate, RateUnit,
    Reach, Recall, Repeatable, RuleId, walk,
};

/// The list of all providers.
pub fn providers(contracts: &[&'static Contract]) -> Page {
    let columns = ["provider", "name", "operations", "message types", "about"];
    let rows = contracts.iter().map(|contract| {
        vec![
            contract.id.to_owned(),
            contract.name.to_owned(),
            contract.operations.len().to_string(),
            contract.types.len().to_string(),
            contract.about.to_string(),
        ]
    });
    Page { tables: vec![Table::new("providers", "", &columns).with(rows)], ..Page::default() }
}

/// A provider.
pub fn provider(contract: &'static Contract) -> Page {
    let endpoints = contract.endpoints.iter().map(|row| {
        let backup = row.backup.unwrap_or_default().to_owned();
        vec![row.name.to_owned(), row.role.to_owned(), row.base.to_owned(), backup]
    });
    let credentials = contract.credentials.iter().map(|row| {
        let kind = if row.secret { "secret" } else { "plain" };
        let need = if row.required { "yes" } else { "no" };
        vec![row.name.to_owned(), kind.to_owned(), need.to_owned(), row.about.to_string()]
    });
    let operations = contract
        .operations
        .iter()
        .map(|row| vec![row.id.to_owned(), verbs(row), request(row), row.about.to_string()]);
    let types = contract.types.iter().map(|row| {
        vec![row.id.to_owned(), row.wire.to_text(), row.flag.to_owned(), row.about.to_string()]
    });
    Page {
        name: contract.id.to_owned(),
        about: format!("{}. {}", contract.name, contract.about),
        facts: vec![
            ("default target", contract.default_target.to_string()),
            ("rules", format!("{}: `explain {}/RULE`", contract.rules.len(), contract.id)),
            ("error codes", format!("{}: `explain {}/CODE`", contract.errors.len(), contract.id)),
            ("connections", connection_words(contract)),
            ("source", contract.source.to_owned()),
        ],
        tables: vec![
            Table::new("endpoints", "Endpoints", &["name", "for", "address", "backup"])
                .with(endpoints),
            Table::new("credentials", "Credentials", &["key", "kind", "required", "about"])
                .with(credentials),
            Table::new("operations", "Operations", &["operation", "commands", "request", "about"])
                .with(operations),
            Table::new("types", "Message types", &["type", "wire name", "flag", "about"])
                .with(types),
            super::switches::table(contract),
            rules_table(contract, None).long(),
            Table::new("error_codes", "Error codes", &["code", "meaning", "cure", "again"])
                .with(contract.errors.iter().map(|row| explain::row(contract, row)))
                .long(),
        ],
    }
}

/// An operation.
pub fn operation(contract: &'static Contract, row: &'static Operation) -> Page {
    let mut tables = fields::of_operation(row);
    let to_all = row.to_all.map_or(&[][..], |all| all.rates);
    let rates = row.rates.iter().chain(to_all);
    let rates =
        rates.map(|rate| vec![rate_words(rate), rate.scope.to_owned(), rate.pool.to_owned()]);
    tables.push(Table::new("rates", "Rates", &["rate", "for each", "pool"]).with(rates));
    let mut used: Vec<RuleId> = Vec::new();
    walk::operation(contract, row, &mut |seen| {
        used.extend(seen.rules().into_iter().flatten());
    });
    tables.push(rules_table(contract, Some(&used)));
    Page {
        name: format!("{}/{}", contract.id, row.id),
        about: row.about.to_string(),
        facts: vec![
            ("request", format!("{} ({})", request(row), body_words(row.body))),
            ("other addresses", other_addresses(row)),
            ("host", row.host.to_owned()),
            ("commands", verbs(row)),
            ("authentication", auth_words(row.auth).to_owned()),
            ("effect", effect_words(row.effect).to_owned()),
            ("audience", audience_words(row)),
            ("repeated", repeat_words(row.repeat)),
            ("in batches", batch_words(row)),
            ("accepted", row.queued.map(|queued| queued.words.to_string()).unwrap_or_default()),
            ("recall", recall_words(&row.recall)),
            ("content", content_words(contract, row)),
            ("needs", row.edition.to_owned()),
            ("source", row.source.to_owned()),
        ],
        tables,
    }
}

/// A message type.
pub fn message_type(contract: &'static Contract, row: &'static MessageType) -> Page {
    let mut tables = row.content.as_ref().map(fields::of_kind).unwrap_or_default();
    let mut used: Vec<RuleId> = Vec::new();
    walk::message_type(contract, row, &mut |seen| {
        used.extend(seen.rules().into_iter().flatten());
    });
    tables.push(rules_table(contract, Some(&used)));
    let carriers = contract.operations.iter().filter(|operation| !operation.content.is_empty());
    let carriers: Vec<&str> = carriers.map(|operation| operation.id).collect();
    Page {
        name: format!("{}/{}", contract.id, row.id),
        about: row.about.to_string(),
        facts: vec![
            ("wire name", row.wire.to_text()),
            ("flag", row.flag.to_owned()),
            ("facts", row.facts.to_owned()),
            ("sent by hand", if row.by_hand { "yes" } else { "no" }.to_owned()),
            ("carried by", carriers.join(", ")),
            ("source", row.source.to_owned()),
        ],
        tables,
    }
}

/// All rules of a provider, or only those in `used`.
fn rules_table(contract: &'static Contract, used: Option<&[RuleId]>) -> Table {
    let rules =
        contract.rules.iter().filter(|rule| used.is_none_or(|used| used.contains(&rule.id)));
    let rows = rules.map(|rule| {
        vec![
            rule.id.to_owned(),
            rule.severity.word().to_owned(),
            rule.title.to_string(),
            rule.cure.to_string(),
        ]
    });
    Table::new("rules", "Rules", &["rule", "severity", "title", "cure"]).with(rows)
}

/// Method and path. A form of message that is not a call has neither.
fn request(row: &Operation) -> String {
    if row.path.is_empty() {
        "none: only checked".to_owned()
    } else {
        format!("{} {}", row.method.as_str(), row.path)
    }
}

/// The other addresses of an operation, each with the members that choose it.
fn other_addresses(row: &Operation) -> String {
    let one = |variant: &AddressVariant| {
        let AddressVariant { method, path, .. } = variant;
        format!("{} {path} with {}", method.as_str(), variant.chosen_by())
    };
    row.variants.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn verbs(row: &Operation) -> String {
    let words: Vec<&str> = row.verbs.iter().map(|verb| verb.word()).collect();
    match words.as_slice() {
        [] if row.path.is_empty() => "validate".to_owned(),
        [] => "call".to_owned(),
        words => words.join(", "),
    }
}

fn body_words(form: BodyForm) -> &'static str {
    match form {
        BodyForm::None => "no body",
        BodyForm::Json => "JSON",
        BodyForm::Form => "form",
        BodyForm::Multipart => "multipart",
    }
}

fn auth_words(auth: Auth) -> &'static str {
    match auth {
        Auth::None => "none",
        Auth::Headers => "a digest in headers",
        Auth::Body => "a digest in the body",
        Auth::Basic => "HTTP Basic",
        Auth::Bearer => "a bearer token, fetched with the credentials",
    }
}

fn effect_words(effect: Effect) -> &'static str {
    match effect {
        Effect::Sends => "it reaches people",
        Effect::Destroys => "it takes away or changes what people have",
        Effect::Manages => "it changes settings, files or tokens of the app",
        Effect::Reads => "it changes nothing",
    }
}

fn audience_words(row: &Operation) -> String {
    match row.reach {
        Reach::Unsaid if row.effect != Effect::Reads => {
            "cannot be named: it counts as everybody".to_owned()
        }
        reach => reach_words(&reach),
    }
}

fn reach_words(reach: &Reach) -> String {
    let list = |paths: &[&str], between: &str| {
        let words = paths.iter().map(|path| format!("`{}`", path.replace('/', ".")));
        words.collect::<Vec<_>>().join(between)
    };
    match reach {
        Reach::Unsaid | Reach::Own => String::new(),
        Reach::ForeignCodes(why) => format!("not known: {why}; it counts as everybody"),
        Reach::Everybody => "everybody".to_owned(),
        Reach::Field(kind, path) | Reach::Listed(kind, path) => format!("`{path}` ({kind})"),
        Reach::Fields(fields) => {
            let words: Vec<String> =
                fields.iter().map(|(kind, path)| format!("`{path}` ({kind})")).collect();
            words.join(", else ")
        }
        Reach::Read(paths, _) => format!("read from {}", list(paths, ", ")),
        Reach::Message(paths) => {
            format!("who got the message {}, as the ledger knows", list(paths, " or "))
        }
        Reach::KnownMessage(paths) => {
            format!("who got the message {}, where the ledger knows it", list(paths, " or "))
        }
        Reach::FirstOf(all) => all.iter().map(reach_words).collect::<Vec<_>>().join(", else "),
        Reach::AllOf(all) => all.iter().map(reach_words).collect::<Vec<_>>().join(", and "),
    }
}

fn repeat_words(repeat: Repeatable) -> String {
    match repeat {
        Repeatable::Duplicates => "a second identical call does it again".to_owned(),
        Repeatable::Safe => "a second identical call leads to the same state".to_owned(),
        Repeatable::Costly => {
            "a second identical call leads to the same state, and costs as much again".to_owned()
        }
        Repeatable::Notifies => {
            "a second identical call leads to the same state, and tells people again".to_owned()
        }
        Repeatable::Deduplicated { field, seconds } => {
            format!("the vendor recognises a second call by `{field}` for {seconds} s")
        }
    }
}

fn batch_words(row: &Operation) -> String {
    match row.batch {
        None => String::new(),
        Some(batch) => match batch.cap {
            Some(cap) => format!("`{}`, at most {cap} a call", batch.field),
            None => format!("`{}`", batch.field),
        },
    }
}

/// Whether and until when it can be recalled, in words.
fn recall_words(recall: &Recall) -> String {
    let mut words = Vec::new();
    if let Some(operation) = recall.operation {
        words.push(format!("with `{operation}`"));
    }
    if let Some(seconds) = recall.window {
        words.push(format!("within {seconds} s"));
    }
    let how = words.join(" ");
    let note = recall.note.to_string();
    let listed = recall.listed.map(|listed| {
        let (key, value) = listed.edition;
        format!(
            "with `{key} = \"{value}\"` by `recall ID --targets FILE` (`{}` with the ids of FILE, in as many \
             requests as are needed); {}",
            listed.operation, listed.ids_from
        )
    });
    let limits: Vec<String> = recall.limits.iter().map(|limit| limit.why.to_string()).collect();
    let lacking = recall.lacking.map(|lack| {
        let (key, value) = lack.edition;
        format!("with `{key} = \"{value}\"` {}", lack.instead)
    });
    let words = [how, note, limits.join("; "), listed.or(lacking).unwrap_or_default()];
    words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("; ")
}

fn content_words(contract: &Contract, row: &Operation) -> String {
    if row.content.is_empty() {
        return String::new();
    }
    let path = row.content.trim_start_matches('/').replace('/', ".");
    format!("`{path}` holds the message's own fields: `providers {}/TYPE`", contract.id)
}

fn connection_words(contract: &Contract) -> String {
    let most = contract.requests_per_connection;
    most.map(|most| format!("at most {most} requests each")).unwrap_or_default()
}

fn rate_words(rate: &Rate) -> String {
    match rate.counted {
        RateUnit::Calls => format!("{} calls in {} s", rate.count, rate.seconds),
        RateUnit::Targets => format!("{} targets in {} s", rate.count, rate.seconds),
        RateUnit::Alive => format!("{} at a time", rate.count),
    }
}
