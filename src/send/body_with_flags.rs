//! A payload from a file, with flags laid over it.

use crate::contract::identify::{SCHEMA_KEY, take_schema_off};
use crate::contract::typed::SetExpr;
use crate::contract::{Audience, IdFault, Operation, Target};
use crate::document::{Document, Trail, Value};
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::provider::{Draft, SendIntent, Vendor, WantedAudience};
use crate::send::app::App;
use crate::send::apply_sets::{as_given, with_sets};
use crate::send::compose::{Composed, with_intent};
use crate::send::context::SendContext;
use crate::send::options::{MessageOptions, PayloadOptions};
use crate::send::origins::Origins;
use crate::send::payload_file;
use crate::text::escape;

/// A payload from a file, for `send` and `broadcast`: its operation is found out among those of the command. One for each
/// request that it takes to reach the targets that the flags name.
pub(crate) fn from_body(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: WantedAudience,
    file: &payload_file::PayloadFile,
    sets: &[SetExpr],
) -> Result<Vec<Composed>> {
    let vendor = context.app.vendor;
    let operation = operation_of(context, (flags, &audience), file, sets)?;
    let addressed = is_addressed(&audience);
    let content = flags.content.is_given() || flags.message_type.is_some();
    if !addressed && !content && flags.from.is_none() {
        if flags.title.is_some() || !flags.extra.is_empty() {
            return Err(Error::usage("--title and --extra go with a content flag")
                .help("beside --body, single fields are changed with --set PATH=VALUE"));
        }
        return Ok(vec![overlay(file.clone(), operation, None, sets)?]);
    }
    let asked = flags;
    let mut flags = asked.clone();
    if flags.from.is_none() && !operation.sender.is_empty() {
        let trail = Trail::new(&file.document);
        flags.from = Some(trail.root().find(operation.sender).as_str().unwrap_or("-").to_owned());
    }
    if !content {
        // The file has the content; what is composed from the rest needs one to be composed with.
        flags.content.text = Some("-".to_owned());
    }
    let audience = if addressed { audience } else { stand_in(vendor, operation, file) };
    let drafts = with_intent(context, &flags, audience, sets, &|intent| vendor.compose(intent))?;
    let same: Vec<(Draft, Origins)> =
        drafts.into_iter().filter(|(draft, _)| draft.operation.id == operation.id).collect();
    if same.is_empty() {
        return Err(Error::usage(format!(
            "the flags ask for another operation than the body, which is `{}`",
            operation.id
        ))
        .help(format!(
            "leave the flags out, change single fields with --set PATH=VALUE, or name the operation in the file, as \
             \"{SCHEMA_KEY}\": \"{}/OPERATION\"",
            vendor.contract().id
        )));
    }
    let members = operation.audience_members();
    let is_asked = |name: &str| {
        content && !members.contains(&name) && name != operation.sender
            || addressed && members.contains(&name)
            || asked.from.is_some() && name == operation.sender
    };
    let lay = |(mut over, origins): (Draft, Origins)| {
        let mut file = file.clone();
        if let (true, Some(body)) = (addressed, file.body.as_object_mut()) {
            // It reaches the targets that the flags name, and no others: nothing of the file's own audience stays.
            members.iter().for_each(|member| drop(body.remove(member)));
        }
        if let Some(object) = over.body.as_object_mut() {
            let names: Vec<String> = object.iter().map(|member| member.key.to_string()).collect();
            names.iter().filter(|name| !is_asked(name)).for_each(|name| drop(object.remove(name)));
        }
        let mut origins = origins.over_file(file.as_text(), operation, &is_asked);
        origins.keep_given(addressed, asked.from.is_some(), content);
        overlay(file, operation, Some((over.body, origins)), sets)
    };
    same.into_iter().map(lay).collect()
}

fn is_addressed(audience: &WantedAudience) -> bool {
    !matches!(audience, WantedAudience::Targets(targets) if targets.is_empty())
}

/// Which operation the payload of a file is for. What flags and profile fill in counts as if it stood in the file; of
/// several operations that it then fits, it is the one that this account's messages are.
pub(crate) fn operation_of(
    context: &SendContext<'_>,
    (flags, audience): (&MessageOptions, &WantedAudience),
    file: &payload_file::PayloadFile,
    sets: &[SetExpr],
) -> Result<&'static Operation> {
    let (vendor, account) = (context.app.vendor, &context.app.account);
    let plain = payload_file::operation_of(vendor, context.verb, file);
    let from = flags.from.as_deref().or(account.defaults.from());
    let addressed = is_addressed(audience);
    let filled = |operation: &Operation| {
        let is_field = |name: &&str| {
            operation.shape().is_some_and(|shape| shape.fields.iter().any(|row| row.name == *name))
        };
        let set = sets.iter().filter_map(|set| set.path().split('.').next()).filter(is_field);
        let mut names: Vec<String> = set.map(str::to_owned).collect();
        let sender = operation.sender.trim_matches('/');
        if from.is_some() && !sender.is_empty() && !sender.contains('/') {
            names.push(sender.to_owned());
        }
        let members = operation.audience_members();
        let is_given =
            |name: &&str| file.body.as_object().is_some_and(|object| object.get(name).is_some());
        if addressed && !members.iter().any(is_given) {
            names.extend(members.first().map(|name| (*name).to_owned()));
        }
        names
    };
    let found = payload_file::filled_operations(vendor.contract(), context.verb, file, &filled);
    let known = match (&plain, found.as_slice()) {
        (_, []) => return plain,
        (Err(_), [one]) => return Ok(one),
        (Err(_), _) => return plain,
        (Ok(known), _) if found.iter().any(|other| other.id == known.id) => return plain,
        (Ok(known), _) => *known,
    };
    let mut flags = flags.clone();
    flags.from = from.map(str::to_owned);
    if !flags.content.is_given() && flags.message_type.is_none() {
        flags.content.text = Some("-".to_owned());
    }
    let is_usual = |operation: &&'static Operation| {
        let wanted = match addressed {
            true => audience.clone(),
            false => stand_in(vendor, operation, file),
        };
        let run = |intent: &SendIntent<'_>| vendor.compose(intent);
        let drafts = with_intent(context, &flags, wanted, sets, &run).unwrap_or_default();
        drafts.iter().any(|(draft, _)| draft.operation.id == operation.id)
    };
    Ok(found.into_iter().find(is_usual).unwrap_or(known))
}

/// An audience to compose with where only the content or the sender is asked for: it is taken out again.
fn stand_in(
    vendor: &'static dyn Vendor,
    operation: &Operation,
    file: &payload_file::PayloadFile,
) -> WantedAudience {
    match Audience::of(operation, &file.document) {
        Audience::Named(targets) | Audience::Class(targets) if !targets.is_empty() => {
            WantedAudience::Targets(targets)
        }
        Audience::Everybody => WantedAudience::Everybody,
        _ => WantedAudience::Targets(vec![Target::new(vendor.contract().default_target, "-")]),
    }
}

/// A payload for one operation, as `call` takes it.
pub(crate) fn for_operation(
    env: &Env,
    app: &App,
    payload: &PayloadOptions,
    operation: &'static Operation,
) -> Result<Composed> {
    let sets = payload.expressions()?;
    let mut composed = match payload_file::read_body(env, &app.account, payload)? {
        Some(file) => overlay(file, operation, None, &sets)?,
        None => {
            let mut origins = Origins::of_sets();
            let draft = Draft::new(operation, Value::object());
            Composed::from_flags(with_sets(draft, &sets, &mut origins)?, origins)
        }
    };
    composed.fill_defaults(app)?;
    composed.with_parts(payload)
}

/// A payload to sign, as it is given: nothing is sent, so what no vendor would take is a warning. The file of the payload, if
/// there is one, may decide which operation it is for.
pub(crate) fn to_sign(
    env: &Env,
    app: &App,
    payload: &PayloadOptions,
    choose: impl FnOnce(Option<&payload_file::PayloadFile>) -> Result<&'static Operation>,
) -> Result<Composed> {
    let sets = payload.expressions()?;
    let file = payload_file::read_body(env, &app.account, payload)?;
    let operation = choose(file.as_ref())?;
    let (mut body, mut origins) = match file {
        Some(file) => (file.body.clone(), Origins::of_file(file.as_text())),
        None => (Value::object(), Origins::of_sets()),
    };
    take_schema_off(&mut body);
    let draft = as_given(Draft::new(operation, body), &sets, &mut origins)?;
    let mut composed = Composed::from_flags(draft, origins);
    composed.fill_defaults(app)?;
    composed.with_parts(payload)
}

/// A file's payload with flags laid over it. Without any, or where keys are repeated, the file's own text is linted.
fn overlay(
    file: payload_file::PayloadFile,
    operation: &'static Operation,
    over: Option<(Value, Origins)>,
    sets: &[SetExpr],
) -> Result<Composed> {
    let file_text = file.as_text();
    let mut body = file.body;
    take_schema_off(&mut body);
    let changed = over.is_some() || !sets.is_empty();
    let mut origins = match over {
        Some((over, origins)) => {
            merge(&mut body, over);
            origins
        }
        None => Origins::of_file(file_text),
    };
    let draft = with_sets(Draft::new(operation, body), sets, &mut origins)?;
    no_joined_ids(&file.name, operation, &draft.body)?;
    let is_changed = changed && file.document.repeated().is_empty();
    let document = if is_changed { Document::of(&draft.body) } else { file.document };
    Ok(Composed { draft, document, parts: Vec::new(), about: None, origins })
}

/// Refuses a target that is a list in the place of one id: guards count it as one, and the vendor may read several.
fn no_joined_ids(file: &str, operation: &Operation, body: &Value) -> Result<()> {
    let audience = Audience::of(operation, &Document::unwritten(body.clone()));
    let fault = |target: &Target| match IdFault::of(&target.id) {
        Some(fault @ IdFault::Separator(_)) => Some((target.to_string(), fault)),
        _ => None,
    };
    let Some((target, fault)) = audience.targets().iter().find_map(fault) else { return Ok(()) };
    let message = format!("{file}: the target `{}` {fault}", escape(&target));
    Err(Error::new(ErrorKind::Lint, message)
        .help("nothing was sent; one id an item of a list, or a request for each target"))
}

/// Lays members of `over` on those of `under`; objects are laid on objects member by member.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for member in &over {
                match under.get_mut(&member.key) {
                    Some(node) => merge(&mut node.value, member.node.value.clone()),
                    None => {
                        under.set(&member.key, member.node.value.clone());
                    }
                }
            }
        }
        (under, over) => *under = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_beat_the_file_member_by_member() {
        let value = |text: &str| Document::parse(text).expect("JSON").into_value();
        let mut under = value(r#"{"a":{"x":1,"y":2},"b":[1]}"#);
        merge(&mut under, value(r#"{"a":{"y":3},"b":[2],"c":4}"#));
        assert_eq!(under.to_compact(), r#"{"a":{"x":1,"y":3},"b":[2],"c":4}"#);
    }
}
