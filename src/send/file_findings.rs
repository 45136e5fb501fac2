//! Findings in a payload from a file that flags or a profile's defaults have changed: what stands in the file is told at its
//! place in the file, as where nothing was changed.

use std::sync::Arc;

use crate::contract::{Context, Finding};
use crate::document::{At, Document, Place, Trail, ValueView};
use crate::lint;
use crate::send::flag_words::WordedPayload;
use crate::send::origins::{value_at_place, whole_pointer};

/// A payload as the user's file has it.
#[derive(Clone, Debug)]
pub(crate) struct FileText {
    /// The name under which findings show it.
    pub(crate) name: String,
    /// Its text, which is valid JSON.
    pub(crate) text: Arc<str>,
}

impl WordedPayload<'_> {
    /// Separates the findings about what stands in the file, with their places there, from those about what was laid over it.
    pub(crate) fn in_file(
        &self,
        found: Vec<Finding>,
        context: &Context<'_>,
    ) -> (Vec<Finding>, Vec<Finding>) {
        let Some(file) = self.origins.file.as_ref().filter(|_| !found.is_empty()) else {
            return (Vec::new(), found);
        };
        let document = Document::parse(&*file.text).expect("the same text was parsed");
        let own = lint::lint_up_to(lint::TOLD, self.contract, self.operation, &document, context);
        let mut own = own.kept;
        let (mut in_file, mut others) = (Vec::new(), Vec::new());
        for mut finding in found {
            let same = |one: &Finding| {
                one.code() == finding.code()
                    && whole_pointer(&one.place) == whole_pointer(&finding.place)
            };
            let place = self.stands_in(&document, &finding).then(|| own.iter().position(same));
            match place {
                Some(Some(known)) => finding.place = own.remove(known).place,
                Some(None) if !self.is_made(&finding) => {
                    finding.place = place_in(&document, finding.place);
                }
                _ => {
                    others.push(finding);
                    continue;
                }
            }
            in_file.push(finding);
        }
        in_file.sort_by_key(|finding| (finding.place.span, finding.rule.severity));
        (in_file, others)
    }

    /// Whether a finding is about a value of the file, or about one that the file lacks.
    fn stands_in(&self, file: &Document, finding: &Finding) -> bool {
        let place = whole_pointer(&finding.place);
        let is_in_file = |place: &str| value_at_place(&file.root().value, place).is_some();
        if self.origins.at(&place).is_some() {
            return false;
        }
        match (self.is_there(&place), is_in_file(&place)) {
            (true, is_in_file) => is_in_file,
            (false, true) => false,
            (false, false) => place.rsplit_once('/').is_none_or(|(around, _)| is_in_file(around)),
        }
    }

    /// Whether parts of the value that a finding is about were laid over the file.
    fn is_made(&self, finding: &Finding) -> bool {
        let place = whole_pointer(&finding.place);
        self.is_there(&place) && !self.origins.below(&place).is_empty()
    }
}

/// A place of a changed payload in the file that it comes from.
fn place_in(file: &Document, place: Place) -> Place {
    let whole = whole_pointer(&place);
    let name = |step: &str| step.replace("~1", "/").replace("~0", "~");
    let steps: Vec<String> = whole.split('/').skip(1).map(name).collect();
    let trail = Trail::new(file);
    let mut at: At<'_> = trail.root();
    for step in &steps {
        at = match at.value() {
            Some(ValueView::Array(_)) => at.item(step.parse().unwrap_or(usize::MAX)),
            Some(ValueView::String(_)) => {
                at.json().or_else(|| at.base64_json()).unwrap_or(at).get(step)
            }
            _ => at.get(step),
        };
    }
    Place { span: at.place().span, ..place }
}
