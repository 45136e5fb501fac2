//! One JSON document on each line: first the findings in the order in which they are found, then the summary.

use serde::Serialize;

use super::json::JsonError;
use super::{
    FindingRecord, LeftOut, LintedPayload, ReadCount, Renderer, RuleCount, RuleCounts, Summary,
    Trouble,
};
use crate::error::Error;

/// One line for each finding, and the summary.
#[derive(Debug)]
pub(super) struct NdjsonReport;

#[derive(Serialize)]
struct Versioned<T> {
    version: u8,
    #[serde(flatten)]
    what: T,
}

#[derive(Serialize)]
struct LastLine<'a> {
    summary: &'a Summary,
    read: &'a [ReadCount],
    left_out: &'a [LeftOut],
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Vec<&'a RuleCount>>,
}

#[derive(Serialize)]
struct ErrorLine {
    error: JsonError,
}

impl Renderer for NdjsonReport {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        linted.records.iter().map(|record: &FindingRecord| line(record)).collect()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        line(ErrorLine { error: JsonError::of(trouble) })
    }

    fn unreadable(&mut self, error: &Error) -> String {
        self.trouble(&Trouble::new(error))
    }

    fn finish(&mut self, summary: &Summary) -> String {
        let (read, left_out) = (&summary.read, &summary.left_out_files);
        let statistics = summary.statistics.as_ref().map(RuleCounts::sorted);
        line(LastLine { summary, read, left_out, statistics })
    }
}

fn line(what: impl Serialize) -> String {
    let document = Versioned { version: 1, what };
    let text = serde_json::to_string(&document).expect("structs of texts and numbers");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut NdjsonReport), @r#"
        {"version":1,"code":"json/syntax","severity":"error","message":"a comma stands before the closing bracket","help":"take the comma out","provider":null,"operation":null,"file":"./broken, 1.json","line":1,"column":8,"end_line":1,"end_column":9,"byte_start":7,"byte_end":8,"pointer":""}
        {"version":1,"code":"acme/E02","severity":"error","message":"`to` is missing","help":"add \"to\": a user's id","provider":"acme","operation":"send","file":"send.json","line":1,"column":1,"end_line":1,"end_column":2,"byte_start":0,"byte_end":1,"pointer":"/to"}
        {"version":1,"code":"acme/W07","severity":"warning","message":"odd: \u001b[2J <100%>","help":null,"provider":"acme","operation":"send","file":"send.json","line":2,"column":12,"end_line":2,"end_column":23,"byte_start":13,"byte_end":31,"pointer":"/title"}
        {"version":1,"code":"acme/H1","severity":"hint","message":"`n` is 7","help":null,"provider":"acme","operation":"send","file":"send.json","line":2,"column":45,"end_line":2,"end_column":46,"byte_start":53,"byte_end":54,"pointer":"/content","inner_pointer":"/n"}
        {"version":1,"code":"acme/W07","severity":"warning","message":"odd","help":"one\ntwo","provider":"acme","operation":"send","file":"many.ndjson","line":7,"column":9,"end_line":7,"end_column":14,"byte_start":308,"byte_end":319,"pointer":"/user"}
        {"version":1,"error":{"kind":"input","exit_code":3,"message":"cannot read `gone.json`","help":"check the path"}}
        {"version":1,"error":{"kind":"input","exit_code":3,"message":"settings.toml:3:7: unknown key `foo`","help":"line 3: did you mean?","places":[{"file":"settings.toml","line":3,"column":7,"message":"unknown key `foo`","help":"did you mean?"}]}}
        {"version":1,"summary":{"files":3,"payloads":3,"unrecognised":0,"left_out":1,"excluded":0,"errors":2,"warnings":2,"hints":1,"hidden":0},"read":[{"operation":"acme/send","by":"keys","payloads":3,"also":[]}],"left_out":[{"file":"other.json","reason":"it is for another"}]}
        "#);
    }
}
