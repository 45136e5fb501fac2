//! What a rule or an error code means, and what to do about it.

use super::{Page, Table};
use crate::contract::http_status::{http_status, status_code, status_of_word};
use crate::contract::{
    Contract, DoubtfulMessage, ErrorCode, ForeignCodes, Operation, Rule, SdkCode, Verb, walk,
};
use crate::outcome::Class;

/// A rule or an error code that a word may stand for.
#[derive(Clone, Copy, Debug)]
pub enum Explained {
    /// A rule of a provider.
    Rule(&'static Contract, &'static Rule),
    /// A rule that applies to every document.
    Json(&'static Rule),
    /// All rows of an error code of a provider; the first of them.
    Error(&'static Contract, &'static ErrorCode),
    /// The code as which an SDK hands on an error code of a provider.
    SdkCode(&'static Contract, &'static ErrorCode, &'static SdkCode),
    /// A code that belongs elsewhere, as it was typed.
    ForeignCodes(&'static Contract, &'static ForeignCodes, i64),
    /// An HTTP status.
    Status(&'static Contract, u16),
}

impl Explained {
    /// The full code: `PROVIDER/CODE`.
    pub fn code(&self) -> String {
        match self {
            Self::Rule(contract, rule) => format!("{}/{}", contract.id, rule.id),
            Self::Json(rule) => format!("{}/{}", crate::contract::json_rules::SPACE, rule.id),
            Self::Error(contract, error) => format!("{}/{}", contract.id, error.code),
            Self::SdkCode(contract, _, sdk) => format!("{}/{}", contract.id, sdk.code),
            Self::ForeignCodes(contract, _, code) => format!("{}/{code}", contract.id),
            Self::Status(contract, status) => format!("{}/{}", contract.id, status_code(*status)),
        }
    }

    /// Its page.
    pub fn page(&self) -> Page {
        match self {
            Self::Rule(contract, row) => rule(contract, row),
            Self::Json(row) => rule_page(self.code(), row, String::new(), None),
            Self::Error(contract, row) => match status_of_word(row.code) {
                Some(status) if row.code == status_code(status) => http_page(contract, status),
                _ => error_code(contract, row.code),
            },
            Self::SdkCode(contract, row, sdk) => {
                let mut page = error_code(contract, row.code);
                page.name = self.code();
                page.about = format!("{}: {}", sdk.about, page.about);
                page
            }
            Self::ForeignCodes(_, row, _) => elsewhere(self.code(), row),
            Self::Status(contract, status) => http_page(contract, *status),
        }
    }
}

/// All that a word may stand for, with or without a provider before it, in any case of its letters: rules and error codes; where a provider has
/// none, codes that belong elsewhere; where it has none of those, an HTTP status.
pub fn candidates(contracts: &[&'static Contract], word: &str) -> Vec<Explained> {
    let (space, id) = match word.split_once('/') {
        Some((space, id)) => (Some(space), id),
        None => (None, word),
    };
    let is_meant = |own: &str| space.is_none_or(|space| space.eq_ignore_ascii_case(own));
    let with = |same: fn(&str, &str) -> bool| -> Vec<Explained> {
        let is_it = |answer: &Explained| {
            let code = answer.code();
            code.split_once('/').is_some_and(|(own, known)| is_meant(own) && same(known, id))
        };
        all(contracts).filter(is_it).collect()
    };
    let mut found = with(|known, id| known == id);
    if found.is_empty() {
        found = with(|known, id| known.eq_ignore_ascii_case(id));
    }
    for contract in contracts.iter().filter(|contract| is_meant(contract.id)) {
        let prefix = format!("{}/", contract.id);
        if !found.iter().any(|answer| answer.code().starts_with(&prefix)) {
            found.extend(beside(contract, id));
        }
    }
    found
}

/// What a code without a row of its own stands for.
fn beside(contract: &'static Contract, id: &str) -> Option<Explained> {
    let row = contract.elsewhere.iter().find(|row| row.has(id));
    let known = row.and_then(|row| Some(Explained::ForeignCodes(contract, row, id.parse().ok()?)));
    known.or_else(|| {
        let status = status_of_word(id).filter(|status| http_status(*status).is_some())?;
        Some(Explained::Status(contract, status))
    })
}

/// Every rule and error code, each once: `PROVIDER/CODE`.
pub fn codes(contracts: &[&'static Contract]) -> Vec<String> {
    all(contracts).map(|answer| answer.code()).collect()
}

/// Every rule and error code, each once.
fn all(contracts: &[&'static Contract]) -> impl Iterator<Item = Explained> {
    let of_contracts = contracts.iter().flat_map(|contract| {
        let rules = contract.rules.iter().map(|rule| Explained::Rule(contract, rule));
        let errors = contract.errors.iter().enumerate().filter(|(index, row)| {
            !contract.errors[..*index].iter().any(|before| before.code == row.code)
        });
        let of_sdks = contract
            .errors
            .iter()
            .flat_map(|row| row.sdk_codes.iter().map(|sdk| Explained::SdkCode(contract, row, sdk)));
        rules.chain(errors.map(|(_, row)| Explained::Error(contract, row))).chain(of_sdks)
    });
    of_contracts.chain(crate::contract::json_rules::RULES.iter().map(Explained::Json))
}

/// The page of a rule: how severe it is, why, what to do, and where it may be reported.
pub fn rule(contract: &'static Contract, row: &'static Rule) -> Page {
    let mut places: Vec<Vec<String>> = Vec::new();
    for operation in contract.operations {
        let mut paths: Vec<String> = Vec::new();
        walk::operation(contract, operation, &mut |seen| {
            let path = if seen.path.is_empty() { "(the body)" } else { seen.path };
            let is_here = seen.rules().contains(&Some(row.id));
            if is_here && !paths.iter().any(|known| known == path) {
                paths.push(path.to_owned());
            }
        });
        if !paths.is_empty() {
            let more = paths.len().saturating_sub(MOST_PATHS);
            paths.truncate(MOST_PATHS);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            places.push(vec![operation.id.to_owned(), format!("{}{rest}", paths.join(", "))]);
        }
    }
    let table = Table::new("places", "Where", &["operation", "fields"]).with(places);
    rule_page(format!("{}/{}", contract.id, row.id), row, contract.source.to_owned(), Some(table))
}

/// How many fields of an operation are named.
const MOST_PATHS: usize = 8;

fn rule_page(code: String, row: &Rule, source: String, table: Option<Table>) -> Page {
    let stops = match row.severity {
        crate::contract::Severity::Error => {
            format!("no: fix the payload first, or ignore it with `--allow {code}`")
        }
        _ => "nothing is stopped by it".to_owned(),
    };
    // A finding of herald's own rules cannot be ignored.
    let is_fixed = code.starts_with(crate::contract::json_rules::SPACE);
    let again = if is_fixed && row.severity == crate::contract::Severity::Error {
        "no: fix the payload first".to_owned()
    } else {
        stops
    };
    Page {
        name: code,
        about: row.title.to_string(),
        facts: vec![
            ("kind", "rule".to_owned()),
            ("severity", row.severity.word().to_owned()),
            ("cure", row.cure.to_string()),
            ("again", again),
            ("source", source),
        ],
        tables: table.into_iter().collect(),
    }
}

/// What a text means that no row of its code has.
const OTHER_TEXTS: &str = "what they mean is not known: herald knows only the vendor's words";

/// The page of an error code: its meaning, whose fault it is, what to do, whether to retry. A code with several
/// meanings, which status or text distinguish, gets a table.
pub fn error_code(contract: &'static Contract, code: &str) -> Page {
    let rows: Vec<&ErrorCode> = contract.errors.iter().filter(|row| row.code == code).collect();
    let is_by_text = rows.iter().all(|row| !row.text.is_empty());
    let others = if is_by_text { OTHER_TEXTS } else { "" };
    let name = format!("{}/{code}", contract.id);
    let source = ("source", contract.source.to_owned());
    let other = contract.elsewhere.iter().find(|row| row.has(code));
    let other = ("elsewhere", other.map(|row| row.about.to_string()).unwrap_or_default());
    if let [row] = rows.as_slice() {
        return Page {
            name,
            about: row.meaning.to_string(),
            facts: vec![
                ("kind", "error code".to_owned()),
                ("operation", where_words(row)),
                ("HTTP status", row.http.map(|status| status.to_string()).unwrap_or_default()),
                ("text", told(row).to_owned()),
                ("other texts", others.to_owned()),
                ("cause", class_words(row.class).to_owned()),
                ("cure", row.cure.to_string()),
                ("again", row.retry_words(contract.operations)),
                ("find out", find_out(contract, row)),
                other,
                source,
            ],
            tables: Vec::new(),
        };
    }
    let columns = ["operation", "HTTP status", "text", "meaning", "cause", "cure", "again"];
    let lines = rows.iter().map(|row| {
        vec![
            where_words(row),
            row.http.map(|status| status.to_string()).unwrap_or_default(),
            told(row).to_owned(),
            row.meaning.to_string(),
            class_words(row.class).to_owned(),
            row.cure.to_string(),
            row.retry_words(contract.operations),
        ]
    });
    Page {
        name,
        about: "an error code with several meanings".to_owned(),
        facts: vec![
            ("kind", "error code".to_owned()),
            ("other texts", others.to_owned()),
            other,
            source,
        ],
        tables: vec![Table::new("meanings", "Meanings", &columns).with(lines)],
    }
}

/// How people find out whether a message arrived, where a code leaves that open.
fn find_out(contract: &'static Contract, row: &ErrorCode) -> String {
    let is_open = row.retry.leaves_open();
    let can_get = |operation: &&Operation| {
        operation.verbs.contains(&Verb::Send)
            && (row.only.is_empty() || row.only.contains(&operation.id))
    };
    let mut operations = contract.operations.iter().filter(can_get);
    let lost = DoubtfulMessage::default();
    let way = operations.find_map(|operation| contract.find_out(operation, &lost));
    let way = way.filter(|_| is_open).map(|way| way.words(&lost));
    way.unwrap_or_default()
}

/// The vendor's words for a row.
fn told(row: &ErrorCode) -> &'static str {
    if row.text.is_empty() { row.words } else { row.text }
}

/// The page of a code that belongs elsewhere.
fn elsewhere(name: String, row: &ForeignCodes) -> Page {
    Page {
        name,
        about: row.about.to_string(),
        facts: vec![
            ("kind", "code from elsewhere".to_owned()),
            ("cure", row.cure.to_string()),
            ("source", row.source.to_owned()),
        ],
        tables: Vec::new(),
    }
}

/// The page of an HTTP status: what the vendor says of it, else what it means everywhere; and the vendor's codes that come
/// with it.
fn http_page(contract: &'static Contract, status: u16) -> Page {
    let code = status_code(status);
    let own = contract.errors.iter().find(|row| row.code == code);
    let row = own.or_else(|| http_status(status));
    let with_it = contract.errors.iter().filter(|row| row.http == Some(status) && row.code != code);
    let lines = with_it.map(|row| {
        vec![
            row.code.to_owned(),
            told(row).to_owned(),
            row.meaning.to_string(),
            row.cure.to_string(),
            row.retry_words(contract.operations),
        ]
    });
    let said = |words: &dyn Fn(&ErrorCode) -> String| row.map(words).unwrap_or_default();
    let columns = ["code", "text", "meaning", "cure", "again"];
    Page {
        name: format!("{}/{code}", contract.id),
        about: said(&|row| row.meaning.to_string()),
        facts: vec![
            ("kind", "HTTP status; a code in the reply says more".to_owned()),
            ("HTTP status", status.to_string()),
            ("cause", said(&|row| class_words(row.class).to_owned())),
            ("cure", said(&|row| row.cure.to_string())),
            ("again", said(&|row| row.retry_words(contract.operations))),
            ("source", own.map_or("RFC 9110, HTTP semantics", |_| contract.source).to_owned()),
        ],
        tables: vec![Table::new("codes", "Codes that come with it", &columns).with(lines)],
    }
}

/// The operations and requests that a row is about.
fn where_words(row: &ErrorCode) -> String {
    let only = row.only.join(", ");
    match row.when.map(|when| format!("if {}", when.words())) {
        Some(when) if only.is_empty() => when,
        Some(when) => format!("{only} {when}"),
        None => only,
    }
}

/// A line of the list of all codes.
pub(super) fn row(contract: &Contract, row: &ErrorCode) -> Vec<String> {
    let again = row.retry_words(contract.operations);
    vec![row.code.to_owned(), row.meaning.to_string(), row.cure.to_string(), again]
}

fn class_words(class: Class) -> &'static str {
    match class {
        Class::Success => "it is no error",
        Class::Credentials => "the credentials or the permission",
        Class::Payload => "the payload",
        Class::Throttle => "a rate or a quota",
        Class::State => "the target, or the message that it is about",
        Class::Server => "the server",
    }
}
