//! What follows up on a message that the ledger knows stays about that message: `--set` may not name another.

use crate::contract::audience::given_ids::GivenId;
use crate::contract::{Field, Fill, Kind, Operation};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, Result};
use crate::send::compose::FollowedMessage;

/// A request before and after `--set`.
pub(crate) struct SetRequest<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) before: &'a Value,
    pub(crate) after: &'a Value,
}

impl SetRequest<'_> {
    /// Refuses another message, or other receivers.
    pub(crate) fn check_same(&self, about: &FollowedMessage) -> Result<()> {
        let Some(field) = self.other(about) else { return Ok(()) };
        let label = &about.label;
        Err(Error::usage(format!(
            "--set changes `{field}`, which names {label} or its receivers; use `call PROVIDER/OPERATION` for another message"
        )))
    }

    /// The first field that names another message or other receivers.
    fn other(&self, about: &FollowedMessage) -> Option<String> {
        let (before, after) = (self.before.as_object()?, self.after.as_object()?);
        let names = before.iter().chain(after.iter().filter(|one| before.get(&one.key).is_none()));
        // Of a message without its payload, the user tells what the ledger does not know.
        let is_bodiless = about.sent.body.as_object().is_some_and(|body| body.is_empty());
        let changed = names.map(|member| &*member.key).filter(|name| {
            match (before.get(name), after.get(name)) {
                (Some(before), Some(after)) => !before.value.same(&after.value),
                (None, Some(_)) => !is_bodiless,
                (_, None) => true,
            }
        });
        changed.into_iter().find_map(|name| self.identity_in(name, about))
    }

    /// What in an outermost member that changes names the message or its receivers.
    fn identity_in(&self, key: &str, about: &FollowedMessage) -> Option<String> {
        let Self { operation, before, .. } = *self;
        let row = self.row(key);
        let name = row.map_or(key, |row| row.name);
        if let Some(path) = self.reach_path(key, name) {
            return Some(path);
        }
        let is_content = operation.content.split('/').next() == Some(name);
        if is_content || operation.sender == name {
            return None;
        }
        let value = before.as_object().and_then(|object| object.get(key)).map(|node| &node.value);
        let is_composed = row.filter(|_| value.is_some()).is_some_and(|row| {
            let is_choice = matches!(row.kind, Kind::Bool(_) | Kind::List(_));
            row.fill == Fill::Composed && operation.content.is_empty() && !is_choice
        });
        let is_named = is_composed
            || row.is_some_and(|row| row.id)
            || operation.audience.contains(&name)
            || value.is_some_and(|value| is_id(value, about));
        is_named.then(|| key.to_owned()).or_else(|| self.other_id(key))
    }

    fn row(&self, key: &str) -> Option<&'static Field> {
        let document = Document::unwritten(self.after.clone());
        let fields = self.operation.shape()?.fields_at(Trail::new(&document).root());
        fields.into_iter().find(|row| row.name == key || row.aliases.contains(&key))
    }

    /// A value in a member by which the audience is read, if it changes.
    fn reach_path(&self, key: &str, name: &str) -> Option<String> {
        let mut found = None;
        self.operation.reach.each_path(&mut |path| {
            let mut steps = path.trim_start_matches('/').split('/');
            if found.is_some() || steps.next() != Some(name) {
                return;
            }
            let steps: Vec<&str> = std::iter::once(key).chain(steps).collect();
            let (before, after) = (values(self.before, &steps), values(self.after, &steps));
            let is_same = before.len() == after.len()
                && before.iter().zip(&after).all(|(before, after)| before.same(after));
            found = (!is_same).then(|| steps.join("."));
        });
        found
    }

    /// An id of a user, a group, or whatever else has one, that stands inside a member and changes.
    fn other_id(&self, key: &str) -> Option<String> {
        let ids = |body: &Value| -> Vec<(String, String)> {
            let document = Document::unwritten(body.clone());
            let trail = Trail::new(&document);
            let all = GivenId::all(self.operation, trail.root()).into_iter();
            let inside = all.filter(|given| given.path.split('.').next() == Some(key));
            inside.map(|given| (given.path, given.id.to_owned())).collect()
        };
        let (before, after) = (ids(self.before), ids(self.after));
        let other = |all: &[(String, String)], than: &[(String, String)]| {
            all.iter().find(|one| !than.contains(one)).map(|(path, _)| path.clone())
        };
        other(&after, &before).or_else(|| other(&before, &after))
    }
}

/// Whether a value is a vendor's id of the message, or has one among its items.
fn is_id(value: &Value, about: &FollowedMessage) -> bool {
    match value {
        Value::String(_) | Value::Number(_) => {
            let text = value.to_plain();
            let of_targets = about.sent.targets.iter().filter_map(|(_, id)| id.as_ref());
            let mut ids = about.sent.ids.iter().map(|(_, id)| id).chain(of_targets);
            ids.any(|id| text.split(',').any(|part| part == id))
        }
        Value::Array(items) => items.iter().any(|item| is_id(&item.value, about)),
        _ => false,
    }
}

/// The values at a path; `*` stands for each item of a list and each member of an object.
fn values<'v>(value: &'v Value, steps: &[&str]) -> Vec<&'v Value> {
    let Some((step, rest)) = steps.split_first() else { return vec![value] };
    match value {
        Value::Array(items) if *step == "*" => {
            items.iter().flat_map(|item| values(&item.value, rest)).collect()
        }
        Value::Object(object) if *step == "*" => {
            object.iter().flat_map(|member| values(&member.node.value, rest)).collect()
        }
        Value::Object(object) => {
            object.get(step).map(|node| values(&node.value, rest)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
