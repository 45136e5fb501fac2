//! Fields that people put elsewhere.

use super::*;
use crate::contract::Misplaced;

const WRAPPED: Shape =
    Shape::of(&[Field::new("kind", Kind::Text, "").required()]).misplaced(&[Misplaced {
        field: "kind",
        when: Condition::Given("/kind"),
        members: &["/kind"],
        help: "put it in",
    }]);
const HOLDER: Shape = Shape::of(&[
    Field::new("content", Kind::Object(&WRAPPED), "").required(),
    Field::new("sort", Kind::Text, "").required(),
    Field::new("size", Kind::Text, ""),
])
.misplaced(&[
    Misplaced {
        field: "sort",
        when: Condition::Given("box/sort"),
        members: &["box"],
        help: "remove it from `box`",
    },
    Misplaced {
        field: "content",
        when: Condition::Given("body"),
        members: &["body", "extra"],
        help: "call it `content`",
    },
])
.near(&[("body", "content")]);
static HOLDS: Operation = Operation { id: "hold", root: Root::Shape(&HOLDER), ..Operation::BASE };

#[test]
fn a_misplaced_field_is_told_once_at_the_place_where_it_is_due() {
    for (text, wanted) in [
        (r#"{"content":{"kind":"a"},"sort":"b"}"#, &[][..]),
        (r#"{"content":{"kind":"a"},"box":{"sort":"b"}}"#, &["E1 /sort: remove it from `box`"]),
        // Named in the help of a field that is missing further in.
        (r#"{"content":{},"sort":"b","kind":"a"}"#, &["E1 /content/kind: put it in"]),
        // Several members for one field; each is told about once, and others still are.
        (
            r#"{"body":{},"sort":"b","extra":1,"more":1}"#,
            &["E1 /content: `body` is there; did you mean `content`?", "W1 /extra: ", "W1 /more: "],
        ),
        (
            r#"{"body":{"x":1},"sort":"b","extra":1,"more":1}"#,
            &["E1 /content: call it `content`", "W1 /more: "],
        ),
        // The field is there: what looks like it is unknown.
        (
            r#"{"content":{"kind":"a"},"sort":"b","box":{"sort":"b"},"kind":"c"}"#,
            &["W1 /box: ", "W1 /kind: "],
        ),
        // Nothing that looks like it.
        (r#"{"content":{"kind":"a"},"box":{}}"#, &["E1 /sort: ", "W1 /box: "]),
    ] {
        let document = Document::parse(text).expect("JSON");
        let found = lint(&TOY, &HOLDS, &document, &Context::default());
        let say = |finding: &Finding| {
            let help = finding.help.as_deref().unwrap_or_default();
            format!("{} {}: {help}", finding.rule.id, finding.place.pointer)
        };
        let found: Vec<String> = found.iter().map(say).collect();
        assert_eq!(found, wanted, "{text}");
    }
}
