//! The part of SARIF 2.1.0 that findings need: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json::pretty;
use super::record::Fingerprints;
use super::table::table_for_file;
use super::{
    FindingRecord, LeftOut, LintedPayload, ReadCount, Renderer, ReportedPath, RuleCount, Summary,
    Trouble, TroublePlace,
};
use crate::contract::reference::candidates;
use crate::contract::{Contract, Rule, Severity};
use crate::error::Error;
use crate::provider;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Findings as one SARIF log.
#[derive(Debug, Default)]
pub(super) struct Sarif {
    rules: Vec<ReportingDescriptor>,
    results: Vec<SarifResult>,
    fingerprints: Fingerprints,
    notifications: Vec<Notification>,
    /// Whether something could not be linted.
    failed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifLog<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<'a> {
    tool: Tool<'a>,
    invocations: [Invocation<'a>; 1],
    original_uri_base_ids: BTreeMap<&'static str, UriBase>,
    column_kind: &'static str,
    results: &'a [SarifResult],
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<RunProperties<'a>>,
}

/// What relative paths begin at; tools that read the report know where that is on their machine.
#[derive(Serialize)]
struct UriBase {
    description: SarifMessage,
}

#[derive(Serialize)]
struct RunProperties<'a> {
    statistics: Vec<&'a RuleCount>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    rules: &'a [ReportingDescriptor],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: String,
    short_description: SarifMessage,
    full_description: SarifMessage,
    help: SarifMessage,
    default_configuration: Configuration,
    properties: RuleProperties,
}

/// What GitHub shows of a rule and filters by:
/// <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.
#[derive(Debug, Serialize)]
struct RuleProperties {
    tags: [String; 1],
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct SarifMessage {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tool_execution_notifications: &'a [Notification],
}

#[derive(Debug, Serialize)]
struct Notification {
    level: &'static str,
    message: SarifMessage,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<NotificationLocation>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NotificationLocation {
    physical_location: FileLocation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileLocation {
    artifact_location: ArtifactLocation,
    /// `None` for the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<StartRegion>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StartRegion {
    start_line: usize,
    start_column: usize,
}

impl Notification {
    fn new(level: &'static str, text: String) -> Self {
        Self { level, message: SarifMessage { text }, locations: Vec::new() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: SarifMessage,
    locations: [SarifLocation; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifLocation {
    physical_location: PhysicalLocation,
    logical_locations: [LogicalLocation; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: SarifRegion,
}

/// The name of the root of the repository, to which paths are relative.
const ROOT: &str = "%SRCROOT%";

/// The name and the version of the fingerprints of herald.
const FINGERPRINT: &str = "heraldFinding/v1";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

impl ArtifactLocation {
    fn of(file: &ReportedPath) -> Self {
        let uri = file.uri();
        // A file outside of the repository has the whole URI.
        let uri_base_id = if uri.starts_with("file:") { None } else { Some(ROOT) };
        Self { uri, uri_base_id }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRegion {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

impl Renderer for Sarif {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        for record in &linted.records {
            let rule_index = self.rule(&record.code, record.rule);
            let fingerprint = self.fingerprints.of(record);
            self.results.push(finding(record, rule_index, fingerprint));
        }
        String::new()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        self.failed = true;
        if trouble.places.is_empty() {
            self.notifications.push(Notification::new("error", trouble.error.full_message()));
        }
        for TroublePlace { file, line, column, message, help } in &trouble.places {
            let help = help.iter().map(|help| format!("\n{help}")).collect::<String>();
            let artifact_location = ArtifactLocation::of(file);
            let region = Some(StartRegion { start_line: *line, start_column: *column });
            let physical_location = FileLocation { artifact_location, region };
            self.notifications.push(Notification {
                locations: vec![NotificationLocation { physical_location }],
                ..Notification::new("error", format!("{message}{help}"))
            });
        }
        String::new()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        let artifact_location = ArtifactLocation::of(&left_out.file);
        let physical_location = FileLocation { artifact_location, region: None };
        self.notifications.push(Notification {
            locations: vec![NotificationLocation { physical_location }],
            ..Notification::new("note", format!("left out: {}", left_out.reason))
        });
        String::new()
    }

    fn unreadable(&mut self, _: &Error) -> String {
        self.failed = true;
        String::new()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let driver =
            Driver { name: "herald", version: env!("CARGO_PKG_VERSION"), rules: &self.rules };
        let read = summary.read.iter().map(ReadCount::words);
        let notes = read.chain(summary.hidden_words()).chain(summary.sentence());
        self.notifications.extend(notes.map(|text| Notification::new("note", text)));
        let invocation = Invocation {
            execution_successful: !self.failed,
            tool_execution_notifications: &self.notifications,
        };
        let run = SarifRun {
            tool: Tool { driver },
            invocations: [invocation],
            original_uri_base_ids: BTreeMap::from([(
                ROOT,
                UriBase {
                    description: SarifMessage { text: "the root of the repository".to_owned() },
                },
            )]),
            column_kind: "unicodeCodePoints",
            results: &self.results,
            properties: summary
                .statistics
                .as_ref()
                .map(|counts| RunProperties { statistics: counts.sorted() }),
        };
        pretty(&SarifLog { schema: SCHEMA, version: "2.1.0", runs: [run] })
    }
}

impl Sarif {
    /// The index of a rule in the list of broken rules; the list is short.
    fn rule(&mut self, code: &str, rule: &Rule) -> usize {
        if let Some(index) = self.rules.iter().position(|known| known.id == code) {
            return index;
        }
        let sentences = [rule.title, rule.cure].map(|text| text.to_string());
        let sentences: Vec<String> =
            sentences.into_iter().filter(|text| !text.is_empty()).collect();
        self.rules.push(ReportingDescriptor {
            id: code.to_owned(),
            short_description: SarifMessage { text: rule.title.to_string() },
            full_description: SarifMessage { text: sentences.join(". ") },
            help: SarifMessage { text: explained(code, rule) },
            default_configuration: Configuration { level: level(rule.severity) },
            properties: properties(code, rule.severity),
        });
        self.rules.len() - 1
    }
}

/// The tag is the provider of the rule, or `json`. What is an error was decided by the contract of the vendor and no guess.
fn properties(code: &str, severity: Severity) -> RuleProperties {
    let (precision, word) = match severity {
        Severity::Error => ("very-high", "error"),
        Severity::Warning => ("high", "warning"),
        Severity::Hint => ("medium", "recommendation"),
    };
    let (space, _) = code.split_once('/').unwrap_or((code, ""));
    RuleProperties { tags: [space.to_owned()], precision, severity: word }
}

/// What `herald explain` says of a rule.
fn explained(code: &str, rule: &Rule) -> String {
    let contracts: Vec<&'static Contract> =
        provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let known = candidates(&contracts, code);
    let Some(found) = known.first() else { return rule.title.to_string() };
    let draw = |columns: &[&str], rows: &[Vec<String>]| {
        if columns.iter().all(|column| column.is_empty()) {
            return table_for_file(columns, rows);
        }
        let lines: Vec<String> = rows.iter().map(|row| row.join(": ")).collect();
        lines.join("\n")
    };
    found.page().text(&draw)
}

fn finding(record: &FindingRecord, rule_index: usize, fingerprint: String) -> SarifResult {
    let help = record.help.iter().map(|help| format!("\n{help}")).collect::<String>();
    let region = SarifRegion {
        start_line: record.line,
        start_column: record.column,
        end_line: record.end_line,
        end_column: record.end_column,
        byte_offset: record.byte_start,
        byte_length: record.byte_end - record.byte_start,
    };
    let artifact_location = ArtifactLocation::of(&record.file);
    SarifResult {
        rule_id: record.code.clone(),
        rule_index,
        level: level(record.severity),
        message: SarifMessage { text: format!("{}{help}", record.message) },
        locations: [SarifLocation {
            physical_location: PhysicalLocation { artifact_location, region },
            logical_locations: [LogicalLocation { fully_qualified_name: record.pointers() }],
        }],
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, fingerprint)]),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

#[cfg(test)]
mod tests;
