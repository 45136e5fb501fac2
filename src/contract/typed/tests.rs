use super::*;
use crate::contract::sample::CONTRACT;

fn operation(id: &str) -> &'static Operation {
    CONTRACT.operation(id).expect("an operation of the sample")
}

/// A body after some `--set` options.
fn set(before: &str, sets: &[&str], roots: PathRoots) -> Result<String> {
    let mut body = Document::parse(before).expect("JSON").into_value();
    for typed in sets {
        apply(&SetExpr::parse(typed)?, &mut body, operation("send"), roots)?;
    }
    Ok(body.to_compact())
}

fn error(sets: &[&str]) -> (String, String) {
    let error = set("{}", sets, PathRoots::Body).expect_err("an error");
    assert_eq!(error.exit(), crate::exit::Exit::Usage);
    (error.full_message(), error.advice().unwrap_or_default().to_owned())
}

#[test]
fn every_kind_of_row_gives_a_text_its_type() {
    for (typed, after) in [
        ("sender=42", r#"{"sender":"42"}"#),
        ("line=3", r#"{"line":3}"#),
        ("number=0042", r#"{"number":"0042"}"#),
        ("ratio=1.50", r#"{"ratio":1.50}"#),
        ("silent=true", r#"{"silent":true}"#),
        ("payload.type=place", r#"{"payload":{"type":2}}"#),
        ("payload.type=2", r#"{"payload":{"type":2}}"#),
        ("priority=high", r#"{"priority":1}"#),
        ("priority=7", r#"{"priority":7}"#),
        ("tags=a", r#"{"tags":["a"]}"#),
        ("tags.0=a", r#"{"tags":["a"]}"#),
        ("to=a", r#"{"to":"a"}"#),
        ("platform=ios,android", r#"{"platform":"ios,android"}"#),
        ("audience=all", r#"{"audience":"all"}"#),
        ("audience.tag=x", r#"{"audience":{"tag":["x"]}}"#),
        ("extra.my\\.key=1", r#"{"extra":{"my.key":"1"}}"#),
        ("extra.badge=1", r#"{"extra":{"badge":1}}"#),
        ("mention.type=2", r#"{"mention":"{\"type\":2}"}"#),
        ("inner.type=2", r#"{"inner":{"type":2}}"#),
        ("sealed.type=2", r#"{"sealed":"eyJ0eXBlIjoyfQ=="}"#),
        ("blob=aGk=", r#"{"blob":"aGk="}"#),
        ("any.a.b=1", r#"{"any":{"a":{"b":"1"}}}"#),
        ("heading=x", r#"{"heading":"x"}"#),
        ("payload.push.badge-count=8", r#"{"payload":{"push":{"badge-count":8}}}"#),
        ("extra:={\"a\":\"b\"}", r#"{"extra":{"a":"b"}}"#),
        ("mention:={\"type\":1}", r#"{"mention":"{\"type\":1}"}"#),
        ("inner:={\"type\":1}", r#"{"inner":{"type":1}}"#),
        ("line:=12345678901234567890", r#"{"line":12345678901234567890}"#),
        ("title=a=b", r#"{"title":"a=b"}"#),
    ] {
        assert_eq!(set("{}", &[typed], PathRoots::Body).expect(typed), after, "{typed}");
    }
    let mut body = Value::object();
    let file = SetExpr::parse("file=notes/a.txt").expect("an expression");
    apply(&file, &mut body, operation("upload"), PathRoots::Body).expect("a file");
    assert_eq!(body.to_compact(), r#"{"file":{"path":"notes/a.txt"}}"#);
    let mut list = Document::parse("[]").expect("JSON").into_value();
    let item = SetExpr::parse("0=a").expect("an expression");
    apply(&item, &mut list, operation("batch"), PathRoots::Body).expect("an item");
    assert_eq!(list.to_compact(), r#"["a"]"#);
}

#[test]
fn text_that_is_not_of_the_kind_says_what_is_due() {
    for (typed, message, help) in [
        ("ratio=abc", "`ratio` must be a number, not `abc`", "ratio:=JSON"),
        ("line=1.5", "`line` must be a whole number", ""),
        ("line=3000000000", "from -2147483648 to 2147483647", ""),
        ("silent=ture", "`silent` must be true or false", "did you mean `true`?"),
        ("payload.type=txt", "must be 1 (text) or 2 (place), not `txt`", "did you mean `text`?"),
        ("number=12a", "must be a text of digits", ""),
        ("audience=al", "must be all or an object", "did you mean `all`?"),
        ("extra=x", "must be an object", "dot between the names"),
        ("mention=hello", "must be a text that holds JSON", "one by one"),
        ("blob=*", "must be base64", ""),
    ] {
        let (said, advice) = error(&[typed]);
        assert!(said.contains(message), "{typed}: {said}");
        assert!(advice.contains(help), "{typed}: {advice}");
    }
}

#[test]
fn a_path_that_leads_nowhere_names_the_nearest_field() {
    for (typed, message, help) in [
        ("sendr=a", "`send` has no field `sendr`", "did you mean `sender`?"),
        ("payload.typ=1", "`payload` has no field `typ`", "did you mean `payload.type`?"),
        (
            "fromUser=a",
            "`send` has no field `fromUser`",
            "`fromUser` is the SDK's name: write `sender`",
        ),
        ("from_user=a", "no field `from_user`", "`from_user` is the SDK's name: write `sender`"),
        ("from=a", "`send` has no field `from`", "did you mean `sender`?"),
        ("badge-count=1", "no field `badge-count`", "did you mean `payload.push.badge-count`?"),
        ("payload.push.x=1", "`payload.push` has no", "its fields are `badge-count`, `level`"),
        ("zebra=1", "no field `zebra`", "`sender`, `to`"),
        ("title.x=1", "there is no `x` in a single value", "end the path"),
        ("tags.x=1", "a list has no field `x`", "`.0`"),
        ("tags.1=a", "`tags.1` leaves a gap: the list has 0 items", "`.0` adds one"),
    ] {
        let (said, advice) = error(&[typed]);
        assert!(said.contains(message), "{typed}: {said}");
        assert!(advice.contains(help), "{typed}: {advice}");
    }
}

#[test]
fn an_expression_that_cannot_be_read_says_where_it_breaks() {
    for (typed, message) in [
        ("sender", "`--set sender` has no `=`"),
        ("=x", "names no field"),
        ("a..b=x", "names no field"),
        ("extra:={\"a\"", "`extra` is not given JSON"),
        ("extra:=é{", "(character 1 of"),
    ] {
        let error = SetExpr::parse(typed).expect_err(typed);
        assert!(error.full_message().contains(message), "{typed}: {}", error.full_message());
        assert!(error.advice().is_some(), "{typed}");
    }
}

#[test]
fn a_drafts_content_comes_before_its_body() {
    let place = r#"{"payload":{"type":2}}"#;
    for (typed, roots, after) in [
        ("latitude=1", PathRoots::ContentFirst, r#"{"payload":{"type":2,"latitude":1}}"#),
        ("sender=a", PathRoots::ContentFirst, r#"{"payload":{"type":2},"sender":"a"}"#),
        ("payload.latitude=1", PathRoots::Body, r#"{"payload":{"type":2,"latitude":1}}"#),
        ("payload.latitude=1", PathRoots::ContentFirst, r#"{"payload":{"type":2,"latitude":1}}"#),
        // What `content` is depends on the given type.
        (
            "content.type=1",
            PathRoots::ContentFirst,
            r#"{"payload":{"type":2,"content":"{\"type\":1}"}}"#,
        ),
    ] {
        assert_eq!(set(place, &[typed], roots).expect(typed), after, "{typed}");
    }
    assert!(set(place, &["latitude=1"], PathRoots::Body).is_err());
    let error = set(place, &["latitud=1"], PathRoots::ContentFirst).expect_err("a typo");
    assert_eq!(error.advice(), Some("did you mean `latitude`?"));
}

#[test]
fn several_values_add_up_and_keep_what_is_there() {
    let after = set(
        r#"{"mention":"{\"type\":2,\"x\":12345678901234567890}","to":"a"}"#,
        &["mention.userIdList.0=u", "to.1=b", "tags.0=x", "tags.1=y", "tags.0=z"],
        PathRoots::Body,
    );
    assert_eq!(
        after.expect("a body"),
        concat!(
            r#"{"mention":"{\"type\":2,\"x\":12345678901234567890,\"userIdList\":[\"u\"]}","#,
            r#""to":["a","b"],"tags":["z","y"]}"#
        )
    );
}

#[test]
fn completion_goes_one_level_at_a_time() {
    let send = operation("send");
    let top = complete(send, PathRoots::ContentFirst, "");
    assert!(top.contains(&"latitude=".to_owned()) && top.contains(&"payload.".to_owned()));
    assert!(!top.iter().any(|path| path.trim_end_matches('.').contains('.')));
    assert!(!complete(send, PathRoots::Body, "").contains(&"latitude=".to_owned()));
    assert_eq!(complete(send, PathRoots::ContentFirst, "payload.pu"), ["payload.push."]);
    assert_eq!(
        complete(send, PathRoots::Body, "payload.push."),
        ["payload.push.badge-count=", "payload.push.level="]
    );
}

#[test]
fn behind_the_equals_sign_the_known_values_are_offered() {
    let send = operation("send");
    let offers = complete(send, PathRoots::Body, "payload.push.level=");
    assert!(!offers.is_empty());
    let longest = offers.iter().max_by_key(|offer| offer.len()).expect("an offer");
    assert!(complete(send, PathRoots::Body, longest).contains(longest));
    assert!(complete(send, PathRoots::Body, "payload.push.level=nothing-like-it").is_empty());
    assert!(complete(send, PathRoots::Body, "payload.push.level:=").is_empty());
}

#[test]
fn every_path_that_completion_offers_is_one_that_set_takes() {
    let registered = crate::provider::ALL.iter().map(|vendor| vendor.contract());
    for contract in registered.chain([&CONTRACT]) {
        for operation in contract.operations {
            for roots in [PathRoots::ContentFirst, PathRoots::Body] {
                let top = complete(operation, roots, "");
                let below = top.iter().filter(|path| path.ends_with('.'));
                let below = below.flat_map(|path| complete(operation, roots, path));
                for offer in top.iter().cloned().chain(below) {
                    let path = offer.trim_end_matches(['.', '=']);
                    let expr = SetExpr::parse(&format!("{path}:=null")).expect("an expression");
                    let mut body = Value::Null;
                    apply(&expr, &mut body, operation, roots).expect(path);
                }
            }
        }
    }
}
