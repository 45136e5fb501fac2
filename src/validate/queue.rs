//! Findings that wait for the end of a run, so that errors come before warnings if not all of them are shown, and faults
//! of payloads before documents that are none.

use crate::contract::identify::Named;
use crate::contract::{Finding, Severity, json_rules};
use crate::report::{FindingCounts, FindingRecord, LeftOut, LintedPayload, ReportedPath};

/// A finding, as each output draws it.
pub(super) struct DrawnFinding {
    /// The finding.
    pub(super) record: FindingRecord,
    /// Its text in each output; formats that need none have an empty one.
    pub(super) drawn: Vec<String>,
}

/// A payload whose findings wait.
pub(super) struct QueuedPayload {
    file: ReportedPath,
    part: String,
    operation: Option<Named>,
    /// `None` for a finding that had to make room.
    found: Vec<Option<DrawnFinding>>,
    hidden: FindingCounts,
}

/// What waits, in the order in which it was found.
pub(super) enum QueuedItem {
    /// A payload.
    Payload(QueuedPayload),
    /// A file that is not linted.
    LeftOut(LeftOut),
}

/// Which findings are shown if not all of them are: those of a higher rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FindingRank {
    /// A document is no payload.
    NoPayload,
    /// Something else that is no error.
    Other,
    /// A document that should be a payload is none.
    MissingPayload,
    /// Any other error.
    Error,
}

impl FindingRank {
    /// That of a finding with the severity that it has in this run.
    pub(super) fn of(finding: &Finding, severity: Severity) -> Self {
        let is_none = finding.space == json_rules::SPACE
            && finding.rule.id == json_rules::UNRECOGNISED_IN_WALK.id;
        match (severity == Severity::Error, is_none) {
            (false, true) => Self::NoPayload,
            (false, false) => Self::Other,
            (true, true) => Self::MissingPayload,
            (true, false) => Self::Error,
        }
    }
}

/// What waits. It never has more findings than are shown, so that a run needs no memory for the others.
pub(super) struct FindingQueue {
    items: Vec<QueuedItem>,
    most: usize,
    shown: usize,
    /// How many of them are errors.
    shown_errors: usize,
    /// Where the findings are that make room for those of a higher rank, rank by rank: payload and finding by their numbers.
    lower: [Vec<(usize, usize)>; 3],
}

impl FindingQueue {
    /// The most findings that are shown.
    pub(super) fn new(most: usize) -> Self {
        Self { items: Vec::new(), most, shown: 0, shown_errors: 0, lower: Default::default() }
    }

    /// How many findings are shown.
    pub(super) fn shown(&self) -> usize {
        self.shown
    }

    /// How many of them are errors.
    pub(super) fn shown_errors(&self) -> usize {
        self.shown_errors
    }

    /// Whether a finding that is no error may be shown.
    pub(super) fn has_room(&self) -> bool {
        self.shown < self.most || !self.lower[FindingRank::NoPayload as usize].is_empty()
    }

    /// A payload; the findings that are added next are its own.
    pub(super) fn payload(
        &mut self,
        file: ReportedPath,
        part: String,
        operation: Option<Named>,
        hidden: FindingCounts,
    ) {
        let found = Vec::new();
        self.items.push(QueuedItem::Payload(QueuedPayload {
            file,
            part,
            operation,
            found,
            hidden,
        }));
    }

    /// Whether a finding of this rank is shown. It takes the place of the last finding of the lowest rank below its own.
    pub(super) fn takes(&mut self, rank: FindingRank) -> bool {
        if self.shown < self.most {
            return true;
        }
        let mut lower = self.lower.iter_mut().take(rank as usize);
        let Some((payload, number)) = lower.find_map(Vec::pop) else { return false };
        if let Some(QueuedItem::Payload(payload)) = self.items.get_mut(payload)
            && let Some(gone) = payload.found.get_mut(number).and_then(Option::take)
        {
            payload.hidden.add(gone.record.severity, 1);
            self.shown -= 1;
            self.shown_errors -= usize::from(gone.record.severity == Severity::Error);
        }
        true
    }

    /// Adds a finding that [`FindingQueue::takes`] takes to the last payload.
    pub(super) fn push(&mut self, rank: FindingRank, finding: DrawnFinding) {
        let number = self.items.len() - 1;
        let QueuedItem::Payload(payload) = &mut self.items[number] else { return };
        if let Some(lower) = self.lower.get_mut(rank as usize) {
            lower.push((number, payload.found.len()));
        }
        self.shown_errors += usize::from(finding.record.severity == Severity::Error);
        payload.found.push(Some(finding));
        self.shown += 1;
    }

    /// Counts a finding of the last payload that is not shown.
    pub(super) fn hide(&mut self, severity: Severity, times: usize) {
        if let Some(QueuedItem::Payload(payload)) = self.items.last_mut() {
            payload.hidden.add(severity, times);
        }
    }

    /// Forgets the last payload if no finding of it is shown. A run can have more of them than fit into memory.
    pub(super) fn forget_empty(&mut self) {
        let is_empty = |item: &mut QueuedItem| match item {
            QueuedItem::Payload(payload) => payload.found.is_empty(),
            QueuedItem::LeftOut(_) => false,
        };
        self.items.pop_if(is_empty);
    }

    /// A file that is not linted.
    pub(super) fn left_out(&mut self, left_out: LeftOut) {
        self.items.push(QueuedItem::LeftOut(left_out));
    }

    /// All that waited, in order.
    pub(super) fn into_items(self) -> Vec<QueuedItem> {
        self.items
    }
}

impl QueuedPayload {
    /// The payload for an output by its number.
    pub(super) fn for_output(&mut self, output: usize) -> LintedPayload<'_> {
        let found = || self.found.iter().flatten();
        let records = found().map(|one| one.record.clone()).collect();
        let drawn = found().map(|one| one.drawn.get(output).cloned().unwrap_or_default()).collect();
        let (file, part, operation) = (&self.file, self.part.clone(), self.operation);
        LintedPayload { file, part, operation, records, drawn, hidden: self.hidden }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Contract, Rule, error, warning};
    use crate::document::{Place, Span};
    use crate::report::FindingSource;

    static BAD: Rule = error("E1", "bad", "");
    static ODD: Rule = warning("W1", "odd", "");
    static ACME: Contract = Contract { id: "acme", ..Contract::BASE };

    /// The codes that are shown of payloads whose findings are errors (`e`), warnings (`w`), and
    /// documents that are no payload, as warnings (`n`) and errors (`N`), and how many are hidden.
    fn shown(most: usize, payloads: &[&str]) -> (String, usize) {
        let mut queue = FindingQueue::new(most);
        for payload in payloads {
            let file = ReportedPath::outside("a.json");
            queue.payload(file.clone(), String::new(), None, FindingCounts::default());
            for letter in payload.chars() {
                let (space, rule) = match letter {
                    'e' => (ACME.id, &BAD),
                    'w' => (ACME.id, &ODD),
                    'n' => (json_rules::SPACE, &json_rules::UNRECOGNISED_IN_WALK),
                    _ => (json_rules::SPACE, json_rules::find("unrecognised").expect("a row")),
                };
                let place =
                    Place { pointer: String::new(), inner_pointer: None, span: Span::default() };
                let message = letter.to_string();
                let finding = Finding { space, rule, message, help: None, place };
                let rank = FindingRank::of(&finding, rule.severity);
                if !queue.takes(rank) {
                    queue.hide(rule.severity, 1);
                    continue;
                }
                let source = FindingSource::new(b"", 1, 0);
                let record = FindingRecord::new(finding, None, &file, &source, 0);
                queue.push(rank, DrawnFinding { record, drawn: Vec::new() });
            }
        }
        let (mut words, mut hidden) = (Vec::new(), 0);
        for item in queue.into_items() {
            let QueuedItem::Payload(mut payload) = item else { continue };
            let payload = payload.for_output(0);
            words.push(payload.records.iter().map(|record| record.message.as_str()).collect());
            hidden += payload.hidden.total();
        }
        let words: Vec<String> = words;
        (words.join(" "), hidden)
    }

    #[test]
    fn what_matters_more_takes_the_place_of_what_was_last_and_the_order_stays() {
        #[rustfmt::skip]
        let table = [
            (9, &["wew", "e"][..],    "wew e",  0),
            (3, &["wew", "e"],        "we e",   1),
            (2, &["wew", "e"],        "e e",    2),
            (1, &["www", "", "e"],    "  e",    3),
            (1, &["eee", "w"],        "e ",     3),
            (0, &["ew"],              "",       2),
            (2, &["nnn", "w", "ew"],  " w e",   4),
            (2, &["Nn", "w", "e"],    "N  e",   2),
            (2, &["NN", "we", "n"],   "N e ",   3),
        ];
        for (most, payloads, words, hidden) in table {
            assert_eq!(shown(most, payloads), (words.to_owned(), hidden), "{most} {payloads:?}");
        }
    }
}
