//! Names that are nearly names of the audience, in every place where an audience is read.

use std::collections::HashMap;

use proptest::prelude::*;

use super::rows::corpus;
use super::*;
use crate::contract::{Kind, Shape};
use crate::document::{Document, Node, Value};

/// The way to an object of a body: keys, and positions in lists.
type Place = Vec<Result<String, usize>>;

/// A name, and ways to misspell it.
fn spellings(name: &str) -> Vec<String> {
    let half = name.len() / 2;
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).expect("full width"),
        _ => c,
    };
    let mut first = name.chars();
    let capital = first.next().map(char::to_uppercase).into_iter().flatten();
    let (before, behind) = name.split_at(half);
    vec![
        name.to_owned(),
        name.to_uppercase(),
        name.to_lowercase(),
        capital.chain(first).collect(),
        format!("{name} "),
        format!(" {name}"),
        format!("\t{name}\n"),
        format!("\u{a0}{name}"),
        format!("\u{3000}{name}"),
        format!("{name}\u{200b}"),
        format!("\u{feff}{name}"),
        format!("{before}\u{2060}{behind}"),
        format!("{before}\u{ad}{behind}"),
        format!("{before}\u{e0041}{behind}"),
        format!("{before}\u{3164}{behind}"),
        format!("{before}\u{0}{behind}"),
        format!("{before}\u{301}{behind}"),
        format!("{before}_{behind}"),
        format!("{before}-{behind}"),
        format!("{name}[]"),
        format!("{name}s"),
        name.trim_end_matches('s').to_owned(),
        name.chars().map(wide).collect(),
        name.replace('i', "\u{131}").replace('s', "\u{17f}"),
        name.replace('_', ""),
    ]
}

/// The places of a body in which a row reads names, each with the names that it reads there.
fn places(operation: &Operation, body: &Value) -> Vec<(Place, Vec<&'static str>)> {
    type Found = Vec<(Place, Vec<&'static str>)>;
    fn look(value: &Value, ways: &[Vec<&'static str>], at: &mut Place, out: &mut Found) {
        let rest = |name: &str| -> Vec<Vec<&'static str>> {
            let begins = |way: &&Vec<&'static str>| way.first().is_some_and(|one| *one == name);
            ways.iter().filter(begins).map(|way| way[1..].to_vec()).collect()
        };
        match value {
            Value::Object(object) => {
                let every = rest("*");
                if every.is_empty() && !ways.iter().all(|way| way.is_empty()) {
                    let names = ways.iter().filter_map(|way| way.first().copied()).collect();
                    out.push((at.clone(), names));
                }
                for member in object.iter() {
                    at.push(Ok(member.key.to_string()));
                    let inside = if every.is_empty() { rest(&member.key) } else { every.clone() };
                    look(&member.node.value, &inside, at, out);
                    at.pop();
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    at.push(Err(index));
                    look(&item.value, &rest("*"), at, out);
                    at.pop();
                }
            }
            _ => {}
        }
    }
    let mut ways: Vec<Vec<&'static str>> = Vec::new();
    operation.reach.each_path(&mut |path| ways.push(path.split('/').collect()));
    let mut out = Vec::new();
    look(body, &ways, &mut Vec::new(), &mut out);
    out
}

/// The body with one more member in an object, at its start or at its end.
fn with_member(body: &Value, place: &Place, name: &str, is_first: bool) -> Document {
    fn put(value: &Value, way: &[Result<String, usize>], name: &str, is_first: bool) -> String {
        let inner = |here: bool, value: &Value| match here {
            true => put(value, &way[1..], name, is_first),
            false => value.to_compact(),
        };
        match value {
            Value::Object(object) => {
                let members = object.iter().map(|member| {
                    let here = way.first() == Some(&Ok(member.key.to_string()));
                    let key = Value::from(&*member.key).to_compact();
                    format!("{key}:{}", inner(here, &member.node.value))
                });
                let mut members: Vec<String> = members.collect();
                if way.is_empty() {
                    let new = format!("{}:\"all\"", Value::from(name).to_compact());
                    members.insert(if is_first { 0 } else { members.len() }, new);
                }
                format!("{{{}}}", members.join(","))
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let item = |(index, item): (usize, &Node)| {
                    inner(way.first() == Some(&Err(index)), &item.value)
                };
                format!("[{}]", items.map(item).collect::<Vec<_>>().join(","))
            }
            other => other.to_compact(),
        }
    }
    Document::parse(put(body, place, name, is_first)).expect("JSON")
}

/// Whether the operation has a field of this name anywhere: there it has another meaning.
fn is_a_field(operation: &Operation, name: &str) -> bool {
    fn below(shape: &'static Shape, name: &str, depth: u8) -> bool {
        shape
            .all_fields()
            .iter()
            .any(|field| field.name == name || depth > 0 && inside(&field.kind, name, depth - 1))
    }
    fn inside(kind: &'static Kind, name: &str, depth: u8) -> bool {
        match kind {
            Kind::Object(shape) => below(shape, name, depth),
            Kind::List(item) => inside(&item.kind, name, depth),
            Kind::Map(map) => inside(&map.value.kind, name, depth),
            Kind::Union(kinds) => kinds.iter().any(|kind| inside(kind, name, depth)),
            _ => false,
        }
    }
    operation.shape().is_some_and(|shape| below(shape, name, 4))
}

#[test]
fn a_payload_that_a_vendor_takes_has_no_doubtful_name() {
    for (operation, body) in corpus() {
        let name = Audience::doubtful_name(operation, &body);
        assert_eq!(name, None, "{} {}", operation.id, body.text());
    }
}

/// For each row, in each place where it reads its audience: each name of an audience, in each spelling.
#[test]
fn a_near_name_makes_the_audience_of_any_row_unreadable() {
    let mut tried: HashMap<&str, usize> = HashMap::new();
    for (operation, body) in corpus() {
        let known = |id: &str| Some(Audience::Named(vec![Target::new(TargetKind::User, id)]));
        let of = |body: &Document| Audience::with_sent(operation, body, &mut |id| known(id));
        if of(&body) == Audience::Everybody || matches!(operation.effect, Effect::Reads) {
            continue;
        }
        // The other bodies of this operation differ only in their content.
        let count = tried.entry(operation.id).or_default();
        *count += 1;
        if *count > 1 {
            continue;
        }
        let value = &body.root().value;
        for (place, own) in places(operation, value) {
            for name in operation.audience.iter().chain(&own) {
                for spelled in spellings(name) {
                    if own.contains(&spelled.as_str()) || is_a_field(operation, &spelled) {
                        continue;
                    }
                    for is_first in [true, false] {
                        let doubtful = with_member(value, &place, &spelled, is_first);
                        let text = doubtful.text();
                        assert_eq!(of(&doubtful), Audience::Everybody, "{} {text}", operation.id);
                        // As in a finished request, without its text.
                        let finished = Document::of(&doubtful.root().value);
                        assert_eq!(of(&finished), Audience::Everybody, "{} {text}", operation.id);
                    }
                }
            }
        }
    }
    for contract in crate::provider::ALL.iter().map(|vendor| vendor.contract()) {
        for row in contract.operations.iter().filter(|row| row.effect == Effect::Sends) {
            let is_named = !matches!(row.reach, Reach::Everybody | Reach::ForeignCodes(_));
            assert!(
                !is_named || tried.contains_key(row.id),
                "{}/{} was not tried",
                contract.id,
                row.id
            );
        }
    }
}

#[test]
fn a_name_that_stands_there_twice_is_doubtful_however_it_is_written() {
    for (operation, body) in [
        ("jpush-v3/push", r#"{"audience":{"alias":["a"]},"audience":"all"}"#),
        ("jpush-v3/push", r#"{"audience":{"alias":["a"]},"\u0061udience":"all"}"#),
        ("jpush-v3/push", r#"{"\u0061udience":"all","audience":{"alias":["a"]}}"#),
        ("jpush-v3/push", r#"{"audience":{"alias":["a"],"ali\u0061s":["b"]}}"#),
        ("jpush-v3/push", r#"{"audience":{"alias":["a"]},"Audience":"all"}"#),
        ("jpush-v3/batch-alias", r#"{"pushlist":{"c":{"target":"a","audience":"all"}}}"#),
        (
            "jpush-v3/batch-alias",
            r#"{"pushlist":{"c":{"target":"a"},"d":{"target":"b","Target":"c"}}}"#,
        ),
        ("jpush-v3/batch-regid", r#"{"pushlist":{"c":{"target":"a"}},"PushList":{}}"#),
        ("jpush-v2/push", r#"{"receiver_type":3,"receiver_value":"a","receiver_Value":"b"}"#),
        ("rongcloud/send-private", r#"{"toUserId":"a","toUserID":"b"}"#),
        ("rongcloud/send-private", r#"{"toUserId":"a","toUserId ":"b"}"#),
        ("rongcloud/send-private", r#"{"toUserId":"a","toUserId[]":"b"}"#),
        ("rongcloud/send-private", r#"{"toUserId":"a","toGroupId":"b"}"#),
        ("rongcloud/push", r#"{"audience":{"is_to_all":false,"userid":["a"],"isToAll":true}}"#),
        ("wildfire/send", r#"{"conv":{"type":0,"target":"a","Target":"b"}}"#),
        ("wildfire/send", r#"{"conv":{"type":1,"target":"g"},"toUser":["b"]}"#),
        ("wildfire/multicast", r#"{"targets":["a"],"Targets":["b"]}"#),
        ("jmessage/send", r#"{"target_type":"single","target_id":"a","targetId":"b"}"#),
        ("easemob/send-users", r#"{"to":["a"],"TO":["b"]}"#),
        ("easemob/send-groups-targeted", r#"{"to":["1"],"users":["a"],"Users":["b"]}"#),
        ("easemob/push-single", r#"{"targets":["a"],"target":"b"}"#),
        ("easemob/push-sync", r#"{"target":"a","target\u200b":"b"}"#),
    ] {
        let (_, operation) = crate::provider::find_operation(operation).expect("an operation");
        let body = Document::parse(body).expect("JSON");
        assert_eq!(Audience::of(operation, &body), Audience::Everybody, "{}", body.text());
    }
}

#[test]
fn names_of_other_fields_are_not_near() {
    for (operation, body, whom) in [
        ("rongcloud/send-group", r#"{"toGroupId":"g","toUserId":["a"]}"#, "group:g"),
        ("rongcloud/send-private", r#"{"toUserId":"a","fromUserId":"b","extra":"c"}"#, "user:a"),
        (
            "jpush-v3/push",
            r#"{"audience":{"alias":["a"]},"audiences_of_mine":1,"x":{"Audience":1}}"#,
            "alias:a",
        ),
        ("jpush-v3/batch-alias", r#"{"pushlist":{"audience":{"target":"a"}}}"#, "alias:a"),
        ("easemob/send-users", r#"{"to":["a"],"ext":{"To":["b"]},"total":1}"#, "user:a"),
        (
            "wildfire/send",
            r#"{"conv":{"type":0,"target":"a","line":0},"payload":{"target":1}}"#,
            "user:a",
        ),
    ] {
        let (_, operation) = crate::provider::find_operation(operation).expect("an operation");
        let body = Document::parse(body).expect("JSON");
        assert_eq!(Audience::of(operation, &body).to_string(), whom, "{}", body.text());
    }
}

proptest! {
    /// Any mixture of upper and lower case, with any invisible characters in between.
    #[test]
    fn a_name_stays_near_whatever_is_hidden_in_it(
        case in prop::collection::vec(any::<bool>(), 8),
        at in 0_usize..=8,
        hidden in prop::sample::select(vec![' ', '\t', '\u{a0}', '\u{ad}', '\u{200b}', '\u{200d}', '\u{2066}', '\u{fe0f}', '\u{feff}', '\u{e0020}', '\u{115f}']),
        behind in "[ \u{200b}]{0,3}",
    ) {
        let letters = "audience".chars().zip(&case);
        let mut name: Vec<char> = letters
            .map(|(c, upper)| if *upper { c.to_ascii_uppercase() } else { c })
            .collect();
        name.insert(at, hidden);
        let name: String = name.into_iter().collect::<String>() + &behind;
        let (_, operation) = crate::provider::find_operation("jpush-v3/push").expect("an operation");
        let key = Value::from(name.as_str()).to_compact();
        let body = format!(r#"{{"audience":{{"alias":["a"]}},{key}:"all"}}"#);
        let body = Document::parse(body).expect("JSON");
        prop_assert_eq!(Audience::of(operation, &body), Audience::Everybody);
    }
}
