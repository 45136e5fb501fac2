//! Warnings about entries of a list: told with the place in the user's own list, and counted where there are many.

use crate::contract::{Finding, Severity};
use crate::report::{self, Ui};

/// How many lines a warning names.
const LINES_SHOWN: usize = 3;

/// The warnings about the entries of one list.
#[derive(Default)]
pub(crate) struct EntryFindings {
    kinds: Vec<FindingKind>,
}

/// Warnings that differ only in their entry.
struct FindingKind {
    template: usize,
    code: String,
    /// The place without the index in a list.
    place: String,
    severity: Severity,
    message: String,
    help: Option<String>,
    count: u64,
    lines: Vec<u64>,
}

/// What is found in a batch, and where.
pub(crate) struct EntryFinding<'f> {
    /// The number of the template.
    pub(crate) template: usize,
    /// The finding.
    pub(crate) finding: &'f Finding,
    /// The place without the index in a list.
    pub(crate) place: String,
    /// What is wrong, in the words of the list.
    pub(crate) message: String,
    /// The lines of the entries.
    pub(crate) lines: &'f [u64],
}

impl EntryFindings {
    /// Adds a finding about entries.
    pub(crate) fn add(&mut self, new: EntryFinding<'_>) {
        let EntryFinding { template, finding, place, message, lines } = new;
        let code = finding.code();
        let is_it = |kind: &&mut FindingKind| {
            kind.template == template && kind.code == code && kind.place == place
        };
        let kind = match self.kinds.iter_mut().find(is_it) {
            Some(kind) => kind,
            None => {
                let (severity, help) = (finding.severity(), finding.help.clone());
                let (count, lines) = (0, Vec::new());
                let new =
                    FindingKind { template, code, place, severity, message, help, count, lines };
                self.kinds.push(new);
                self.kinds.last_mut().expect("it was just added")
            }
        };
        kind.count += lines.len() as u64;
        let rest = LINES_SHOWN.saturating_sub(kind.lines.len());
        kind.lines.extend(lines.iter().take(rest));
    }

    /// Tells each kind once, with the first line and the number of entries.
    pub(crate) fn report(&self, ui: &Ui, list: &str) {
        for kind in &self.kinds {
            let Some(first) = kind.lines.first() else { continue };
            let more = match kind.count {
                0 | 1 => String::new(),
                count => {
                    let lines: Vec<String> = kind.lines.iter().map(u64::to_string).collect();
                    format!("; and {} more, first lines {}", count - 1, lines.join(", "))
                }
            };
            let message = format!("{list}:{first}: {}{more}", kind.message);
            report::entry_finding(ui, kind.severity, &kind.code, &message, kind.help.as_deref());
        }
    }
}
