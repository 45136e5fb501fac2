//! The place of the targets in a payload. It is found by search, and verified by reading the targets back.
//!
//! Every vendor writes targets in another place and form: a text, a list, a text with commas. A broadcast composes a
//! payload once, with placeholder targets, and records where they are. After that, other targets can be inserted
//! without the vendor's code: by this run, by one that resumes it, by one that carries out a plan.

use crate::contract::Operation;
use crate::document::Value;

/// The place of targets in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetField {
    form: TargetForm,
    /// The members on the path to it, from the root.
    way: Vec<String>,
}

/// How targets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TargetForm {
    /// A text that is one id.
    One,
    /// A list of texts.
    List,
    /// A text with commas between ids.
    Joined,
}

impl TargetForm {
    const ALL: [Self; 3] = [Self::One, Self::List, Self::Joined];

    const fn word(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::List => "list",
            Self::Joined => "joined",
        }
    }

    fn write(self, ids: &[String]) -> Value {
        match self {
            Self::One => ids.first().map_or("", String::as_str).into(),
            Self::List => ids.iter().map(String::as_str).collect::<Vec<_>>().into(),
            Self::Joined => ids.join(",").into(),
        }
    }
}

impl TargetField {
    /// Finds the place of exactly these ids in a body that was composed for them. `None` unless there is exactly one.
    pub fn find(operation: &Operation, body: &Value, ids: &[String]) -> Option<Self> {
        let members = operation.audience_members();
        let mut found = Vec::new();
        for member in body.as_object()? {
            // Rows that name no member are read by a function: then any member may be the place.
            if members.is_empty() || members.contains(&&*member.key) {
                let mut way = vec![member.key.to_string()];
                look(&member.node.value, ids, &mut way, &mut found);
            }
        }
        match found.as_slice() {
            [slot] => Some(slot.clone()),
            _ => None,
        }
    }

    /// Puts targets into a body. If the path does not exist, nothing changes: the caller reads the audience back.
    pub fn put(&self, body: &mut Value, ids: &[String]) {
        let mut value = body;
        for key in &self.way {
            let Some(node) = value.as_object_mut().and_then(|object| object.get_mut(key)) else {
                return;
            };
            value = &mut node.value;
        }
        *value = self.form.write(ids);
    }

    /// Whether the ids can be separated again after they are inserted.
    pub fn keeps_apart(&self, ids: &[String]) -> bool {
        self.form != TargetForm::Joined || ids.iter().all(|id| !id.contains(','))
    }

    /// Whether only one id fits; otherwise as many fit as the operation accepts.
    pub fn takes_one(&self) -> bool {
        self.form == TargetForm::One
    }

    /// The pointer of one of the ids in the body, as findings show it.
    pub fn pointer_of(&self, index: usize) -> String {
        let way: String = self.way.iter().map(|key| format!("/{}", escaped(key))).collect();
        match self.form {
            TargetForm::List => format!("{way}/{index}"),
            TargetForm::One | TargetForm::Joined => way,
        }
    }

    /// In the form that the ledger and plans store.
    pub fn to_text(&self) -> String {
        let way: String = self.way.iter().map(|key| format!("/{}", escaped(key))).collect();
        format!("{} {way}", self.form.word())
    }

    /// Parses the result of [`TargetField::to_text`].
    pub fn parse(text: &str) -> Option<Self> {
        let (word, way) = text.split_once(' ')?;
        let form = TargetForm::ALL.into_iter().find(|form| form.word() == word)?;
        let steps = way.strip_prefix('/')?.split('/');
        let way = steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
        Some(Self { form, way })
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Records each place at and below a value that holds the ids.
fn look(value: &Value, ids: &[String], way: &mut Vec<String>, found: &mut Vec<TargetField>) {
    let form = match value {
        Value::String(text) if ids.len() == 1 && text.as_str() == ids[0] => Some(TargetForm::One),
        Value::String(text) if ids.len() > 1 && text.as_str() == ids.join(",") => {
            Some(TargetForm::Joined)
        }
        Value::Array(items) if items.len() == ids.len() => {
            let same = |(item, id): (&crate::document::Node, &String)| {
                item.value.as_str() == Some(id.as_str())
            };
            items.iter().zip(ids).all(same).then_some(TargetForm::List)
        }
        _ => None,
    };
    if let Some(form) = form {
        found.push(TargetField { form, way: way.clone() });
    }
    for member in value.as_object().into_iter().flatten() {
        way.push(member.key.to_string());
        look(&member.node.value, ids, way, found);
        way.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Effect, Reach, TargetKind};
    use crate::document::Document;

    fn value(text: &str) -> Value {
        Document::parse(text).expect("JSON").into_value()
    }

    fn ids(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn operation(path: &'static str) -> Operation {
        Operation {
            effect: Effect::Sends,
            reach: Reach::Field(TargetKind::User, path),
            ..Operation::BASE
        }
    }

    #[test]
    fn targets_are_found_wherever_they_stand_and_others_take_their_place() {
        for (path, body, probe, expected) in [
            ("to", r#"{"to":["a","b"],"text":"a"}"#, "a b", r#"{"to":["x","y","z"],"text":"a"}"#),
            ("to", r#"{"to":"a,b","n":1}"#, "a b", r#"{"to":"x,y,z","n":1}"#),
            ("a~b", r#"{"a~b":["a","b"]}"#, "a b", r#"{"a~b":["x","y","z"]}"#),
        ] {
            let operation = operation(path);
            let mut body = value(body);
            let slot = TargetField::find(&operation, &body, &ids(probe)).expect("they stand there");
            assert_eq!(TargetField::parse(&slot.to_text()), Some(slot.clone()));
            slot.put(&mut body, &ids("x y z"));
            assert_eq!(body.to_compact(), expected);
        }
        let operation = operation("conv/target");
        let mut body = value(r#"{"conv":{"type":0,"target":"a"}}"#);
        let slot = TargetField::find(&operation, &body, &ids("a")).expect("it stands there");
        assert!(slot.takes_one());
        slot.put(&mut body, &ids("x"));
        assert_eq!(slot.to_text(), "one /conv/target");
        assert_eq!(slot.pointer_of(0), "/conv/target");
    }

    #[test]
    fn a_place_that_is_not_there_once_is_none() {
        let nowhere = Operation { reach: Reach::Read(&[], |_| None), ..operation("to") };
        for body in [r#"{"a":"x","b":"x"}"#, "{}", r#"{"a":["x","y"]}"#] {
            assert_eq!(TargetField::find(&nowhere, &value(body), &ids("x")), None, "{body}");
        }
    }
}
