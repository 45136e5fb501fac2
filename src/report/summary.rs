//! What a run over payload files came to.

use serde::{Serialize, Serializer};

use super::{ReportedPath, RuleCounts, counted};
use crate::contract::identify::Named;
use crate::contract::{Rule, Severity};
use crate::lint::{LintedAs, ReadBy};

/// How many operations the last line names.
const NAMED: usize = 3;

/// The amount of input and of findings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Files that could be read.
    pub files: usize,
    /// Payloads in them.
    pub payloads: usize,
    /// Files, lines and items of lists that are not payloads, and were not linted.
    pub unrecognised: usize,
    /// Files, lines and items of lists that were not linted for another reason: those of `left_out_files`.
    pub left_out: usize,
    /// Files that a walk left out because of a pattern.
    pub excluded: usize,
    /// Files and folders that a walk left out because they are hidden, or because git ignores them.
    #[serde(skip_serializing_if = "is_zero")]
    pub skipped: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are hints.
    pub hints: usize,
    /// Findings that are counted above but not shown.
    pub hidden: usize,
    /// How many of these are errors.
    #[serde(skip)]
    pub hidden_errors: usize,
    /// The first file that has one of them.
    #[serde(skip)]
    pub hidden_in: Option<ReportedPath>,
    /// Findings that the command line and the project's settings ignore.
    #[serde(skip_serializing_if = "is_zero")]
    pub ignored: usize,
    /// Findings that the baseline has.
    #[serde(skip_serializing_if = "is_zero")]
    pub baseline: usize,
    /// The operations as which payloads were read.
    #[serde(skip)]
    pub read: Vec<ReadCount>,
    /// Files that were left out, with the reason; not more than findings are shown.
    #[serde(skip)]
    pub left_out_files: Vec<LeftOut>,
    /// How many findings there are of each rule, if that is reported.
    #[serde(skip)]
    pub statistics: Option<RuleCounts>,
}

/// An operation as which payloads were read. Names and order of its members are part of the interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReadCount {
    /// The operation.
    #[serde(serialize_with = "name")]
    pub operation: Named,
    /// What said so.
    #[serde(serialize_with = "word")]
    pub by: ReadBy,
    /// How many payloads.
    pub payloads: usize,
    /// Other operations that some of them fit.
    #[serde(serialize_with = "names")]
    pub also: Vec<Named>,
    /// How many of them reach everybody, if nothing but their keys said what they are.
    #[serde(skip_serializing_if = "is_zero")]
    pub everybody: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn name<S: Serializer>(named: &Named, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(named)
}

fn word<S: Serializer>(by: &ReadBy, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(by.word())
}

fn names<S: Serializer>(all: &[Named], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(all.iter().map(Named::to_string))
}

/// A file that was not linted, or of which a part was not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// The file.
    pub file: ReportedPath,
    /// The reason.
    pub reason: String,
}

impl Summary {
    /// Counts findings of a rule, shown or not.
    pub fn count(
        &mut self,
        space: &'static str,
        rule: &'static Rule,
        severity: Severity,
        times: usize,
    ) {
        match severity {
            Severity::Error => self.errors += times,
            Severity::Warning => self.warnings += times,
            Severity::Hint => self.hints += times,
        }
        if let Some(statistics) = &mut self.statistics {
            statistics.add(space, rule, severity, times);
        }
    }

    /// How many findings there are, shown or not.
    pub fn found(&self) -> usize {
        self.errors + self.warnings + self.hints
    }

    /// The lines about each rule, if they are reported.
    pub(super) fn statistics_lines(&self) -> String {
        self.statistics.as_ref().map(RuleCounts::lines).unwrap_or_default()
    }

    /// What people should know besides the findings, for formats that have no lines for it.
    pub fn notes(&self) -> Vec<String> {
        self.read_words().into_iter().chain(self.sentence()).collect()
    }

    /// Counts how a payload was read.
    pub fn add_read(&mut self, linted: &LintedAs) {
        let is_same =
            |known: &&mut ReadCount| known.operation == linted.named && known.by == linted.by;
        let count = match self.read.iter_mut().find(is_same) {
            Some(count) => count,
            None => {
                let (operation, by) = (linted.named, linted.by);
                let also = Vec::new();
                self.read.push(ReadCount { operation, by, payloads: 0, also, everybody: 0 });
                self.read.last_mut().expect("it was just pushed")
            }
        };
        count.payloads += 1;
        count.everybody += usize::from(linted.reaches_everybody);
        for named in &linted.also {
            if !count.also.contains(named) {
                count.also.push(*named);
            }
        }
    }

    /// A line about findings that are counted but not shown, if there are any.
    pub fn hidden_words(&self) -> Option<String> {
        let more = counted(self.hidden as u64, "more finding");
        let are = if self.hidden == 1 { "is" } else { "are" };
        (self.hidden > 0)
            .then(|| format!("{more} {are} counted and not shown; --max-findings N shows more"))
    }

    /// A line for each operation as which payloads were read, if that may surprise: they fit others too, or say
    /// themselves what they are, or the project's settings do.
    pub fn read_words(&self) -> Vec<String> {
        let is_plain = |count: &ReadCount| match count.by {
            ReadBy::As => true,
            ReadBy::Keys => count.also.is_empty(),
            ReadBy::Config | ReadBy::Schema => false,
        };
        self.read.iter().filter(|count| !is_plain(count)).map(ReadCount::words).collect()
    }

    /// The lines for people at the end of a report; none if there was nothing to do.
    pub(super) fn lines(&self) -> String {
        let Some(sentence) = self.sentence() else { return String::new() };
        let lines = self.read_words().into_iter().chain(self.hidden_words());
        lines.chain([sentence]).map(|line| line + "\n").collect()
    }

    /// `2 files, 5 payloads (4 wildfire/send, 1 wildfire/recall): 1 error, 2 warnings`: which operations herald assumed is
    /// part of the result, above all if it found nothing. `None` if there was nothing to do.
    pub(super) fn sentence(&self) -> Option<String> {
        let Self { files, payloads, errors, warnings, hints, .. } = *self;
        let findings = [(errors, "error"), (warnings, "warning"), (hints, "hint")];
        let found: Vec<String> = findings
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| counted(n as u64, what))
            .collect();
        let not_linted = [
            (self.unrecognised, "not recognised"),
            (self.left_out, "left out"),
            (self.excluded, "excluded"),
            (self.skipped, "hidden or ignored by git"),
        ];
        let not_linted: String = not_linted
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!(", {n} {what}"))
            .collect();
        if files == 0 && found.is_empty() && not_linted.is_empty() {
            return None;
        }
        let mut found =
            if found.is_empty() { "nothing to report".to_owned() } else { found.join(", ") };
        if self.ignored > 0 {
            found.push_str(&format!("; {} ignored", self.ignored));
        }
        if self.baseline > 0 {
            found.push_str(&format!("; {} in the baseline", self.baseline));
        }
        Some(format!(
            "{}, {}{}{not_linted}: {found}",
            counted(files as u64, "file"),
            counted(payloads as u64, "payload"),
            self.operations()
        ))
    }

    /// The operations of the payloads, in brackets if there are several. Those that reach everybody come first, and all of
    /// them are named.
    fn operations(&self) -> String {
        let mut operations: Vec<(Named, bool, usize)> = Vec::new();
        let mut add = |operation: Named, to_all: bool, times: usize| {
            let is_same =
                |(known, all, _): &&mut (Named, bool, usize)| *known == operation && *all == to_all;
            match operations.iter_mut().find(is_same) {
                _ if times == 0 => {}
                Some((_, _, known)) => *known += times,
                None => operations.push((operation, to_all, times)),
            }
        };
        for ReadCount { operation, payloads, everybody, .. } in &self.read {
            add(*operation, true, *everybody);
            add(*operation, false, payloads - everybody);
        }
        operations.sort_by_key(|(_, to_all, _)| !to_all);
        let named = NAMED.max(operations.iter().filter(|(_, to_all, _)| *to_all).count());
        let words = |(named, to_all, times): &(Named, bool, usize)| {
            format!("{times} {named}{}", if *to_all { " which reaches everybody" } else { "" })
        };
        let mut names: Vec<String> = operations.iter().take(named).map(words).collect();
        if operations.len() > named {
            names.push(counted((operations.len() - named) as u64, "other operation"));
        }
        let read: usize = operations.iter().map(|(_, _, times)| times).sum();
        if self.payloads > read {
            names.push(format!("{} ambiguous", self.payloads - read));
        }
        match operations.as_slice() {
            [(named, to_all, times)] if *times == self.payloads => {
                format!(" for {named}{}", if *to_all { ", which reaches everybody" } else { "" })
            }
            _ if names.is_empty() => String::new(),
            _ => format!(" ({})", names.join(", ")),
        }
    }
}

impl ReadCount {
    /// `read as acme/send (send-status has the same shape: --as tells them apart)`
    pub(super) fn words(&self) -> String {
        let contract = self.operation.contract;
        let group = contract.group_of(self.operation.operation.id);
        let is_alike = |named: &&Named| {
            named.contract.id == contract.id && group.contains(&named.operation.id)
        };
        let (alike, others): (Vec<&Named>, Vec<&Named>) = self.also.iter().partition(is_alike);
        let reason = match self.by {
            ReadBy::As => "--as says so".to_owned(),
            ReadBy::Config => "herald.toml says so".to_owned(),
            ReadBy::Schema => "`$schema` says so".to_owned(),
            ReadBy::Keys if alike.is_empty() => "the keys say so".to_owned(),
            ReadBy::Keys => {
                let has = if alike.len() == 1 { "has" } else { "have" };
                let ids = alike.iter().map(|named| named.operation.id.to_owned()).collect();
                format!("{} {has} the same shape: --as tells them apart", listed(ids))
            }
        };
        let more = match others.len() {
            0 => String::new(),
            count => {
                let fits = if count == 1 { "fits" } else { "fit" };
                let names = others.iter().map(ToString::to_string).collect();
                format!("; {} {fits} too, with more errors", listed(names))
            }
        };
        format!("read as {} ({reason}){more}", self.operation)
    }
}

/// `a, b and c`.
pub(crate) fn listed(mut names: Vec<String>) -> String {
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Contract, Operation};

    static ACME: Contract = Contract {
        id: "acme",
        operations: &[
            Operation { id: "send", ..Operation::BASE },
            Operation { id: "send-status", ..Operation::BASE },
            Operation { id: "other", ..Operation::BASE },
        ],
        groups: &[&["send", "send-status"]],
        ..Contract::BASE
    };

    fn named(index: usize) -> Named {
        Named { contract: &ACME, operation: &ACME.operations[index] }
    }

    #[test]
    fn the_report_says_how_payloads_were_read() {
        let count = |by, also: &[usize]| {
            let also = also.iter().map(|index| named(*index)).collect();
            ReadCount { operation: named(0), by, payloads: 1, also, everybody: 0 }
        };
        #[rustfmt::skip]
        let table = [
            (ReadBy::Keys,   &[][..],  "read as acme/send (the keys say so)", true),
            (ReadBy::As,     &[],      "read as acme/send (--as says so)", true),
            (ReadBy::Config, &[],      "read as acme/send (herald.toml says so)", false),
            (ReadBy::Schema, &[],      "read as acme/send (`$schema` says so)", false),
            (ReadBy::Keys,   &[1],     "read as acme/send (send-status has the same shape: --as tells them apart)", false),
            (ReadBy::Keys,   &[1, 2],  "read as acme/send (send-status has the same shape: --as tells them apart); \
                                        acme/other fits too, with more errors", false),
            (ReadBy::Keys,   &[2],     "read as acme/send (the keys say so); acme/other fits too, with more errors", false),
        ];
        for (by, also, words, is_plain) in table {
            let summary = Summary { read: vec![count(by, also)], ..Summary::default() };
            assert_eq!(summary.read[0].words(), words);
            assert_eq!(summary.read_words().is_empty(), is_plain, "{words}");
        }
    }

    #[test]
    fn the_last_line_names_first_what_reaches_everybody() {
        let count = |index: usize, payloads, everybody| ReadCount {
            operation: named(index),
            by: ReadBy::Keys,
            payloads,
            also: Vec::new(),
            everybody,
        };
        #[rustfmt::skip]
        let table = [
            (1, vec![count(1, 1, 1)],                  "1 payload for acme/send-status, which reaches everybody"),
            (2, vec![count(1, 2, 2)],                  "2 payloads for acme/send-status, which reaches everybody"),
            (3, vec![count(0, 3, 1)],                  "3 payloads (1 acme/send which reaches everybody, 2 acme/send)"),
            (3, vec![count(0, 2, 0), count(1, 1, 1)],  "3 payloads (1 acme/send-status which reaches everybody, 2 acme/send)"),
            (4, vec![count(0, 3, 0)],                  "4 payloads (3 acme/send, 1 ambiguous)"),
            (1, vec![],                                "1 payload (1 ambiguous)"),
        ];
        for (payloads, read, words) in table {
            let summary = Summary { files: 1, payloads, read, ..Summary::default() };
            let sentence = format!("1 file, {words}: nothing to report");
            assert_eq!(summary.sentence(), Some(sentence));
        }
    }

    #[test]
    fn the_last_line_counts_what_was_not_linted() {
        let summary = Summary { files: 3, unrecognised: 2, excluded: 1, ..Summary::default() };
        let sentence = "3 files, 0 payloads, 2 not recognised, 1 excluded: nothing to report";
        assert_eq!(summary.sentence().as_deref(), Some(sentence));
        let (by, also) = (ReadBy::Keys, Vec::new());
        let one = ReadCount { operation: named(2), by, payloads: 2, also, everybody: 0 };
        let two = ReadCount { by: ReadBy::As, ..one.clone() };
        let three = ReadCount { operation: named(0), payloads: 1, ..one.clone() };
        let summary =
            Summary { files: 1, payloads: 5, read: vec![one, two, three], ..Summary::default() };
        let sentence = "1 file, 5 payloads (4 acme/other, 1 acme/send): nothing to report";
        assert_eq!(summary.sentence().as_deref(), Some(sentence));
        assert_eq!(Summary::default().sentence(), None);
    }
}
