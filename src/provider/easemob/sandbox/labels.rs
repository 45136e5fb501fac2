//! Labels and their users.

use super::{Refusal, SandboxEffect};
use crate::document::{At, Value};
use crate::provider::kit::sandbox::{text, texts};
use crate::provider::kit::{object, put};
use crate::sandbox::SandboxWorld;

/// The most labels of an app.
const LABELS: usize = 100;

fn refuse(message: &str) -> Refusal {
    Refusal::new(400, "IllegalArgumentException", message)
}

/// There is no such label.
pub(super) fn no_label(name: &str) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", format!("push label not exists of {name}"))
}

/// Carries out a call of the label family.
pub(super) fn perform(
    id: &str,
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<SandboxEffect, Refusal> {
    let name = text(body.get("name"));
    let data = match id {
        "label-create" => create(&name, body, world)?,
        "label-list" => {
            page(world.store.list("label").into_iter().map(|(_, label)| label).collect(), body)
        }
        _ => {
            let label = world.store.get("label", &name).ok_or_else(|| no_label(&name))?;
            match id {
                "label-get" => label,
                "label-delete" => {
                    world.store.remove("label", &name);
                    for (user, _) in users(&name, world) {
                        world.store.remove("label-user", &user);
                    }
                    "success".into()
                }
                "label-users-add" => change(&name, body, world, true),
                "label-users-remove" => change(&name, body, world, false),
                "label-users-list" => {
                    page(users(&name, world).into_iter().map(|(_, user)| user).collect(), body)
                }
                _ => {
                    let user = text(body.get("username"));
                    let found = world.store.get("label-user", &key(&name, &user));
                    found.ok_or_else(|| refuse("the user does not have the label"))?
                }
            }
        }
    };
    Ok(SandboxEffect::Push(data))
}

fn key(label: &str, user: &str) -> String {
    format!("{label}/{user}")
}

fn users(label: &str, world: &mut SandboxWorld<'_>) -> Vec<(String, Value)> {
    let start = key(label, "");
    world.store.list("label-user").into_iter().filter(|(id, _)| id.starts_with(&start)).collect()
}

fn create(name: &str, body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    if world.store.get("label", name).is_some() {
        return Err(refuse("the label exists already"));
    }
    if world.store.list("label").len() >= LABELS {
        return Err(refuse("there are 100 labels already"));
    }
    let label = object([
        ("name", name.into()),
        ("description", text(body.get("description")).into()),
        ("createdAt", world.now_ms.into()),
    ]);
    world.store.put("label", name, &label);
    Ok(label)
}

fn change(label: &str, body: At<'_>, world: &mut SandboxWorld<'_>, add: bool) -> Value {
    let (mut success, mut fail) = (Vec::new(), Value::object());
    for user in texts(body.get("usernames")) {
        let id = key(label, &user);
        let known = world.store.get("label-user", &id).is_some();
        if !add && !known {
            put(&mut fail, &user, "the user does not have the label");
            continue;
        }
        if add {
            let record =
                object([("username", user.as_str().into()), ("created", world.now_ms.into())]);
            world.store.put("label-user", &id, &record);
        } else {
            world.store.remove("label-user", &id);
        }
        success.push(user);
    }
    object([("success", success.into()), ("fail", fail)])
}

/// A page of a list; the cursor is the number of entries before it.
fn page(all: Vec<Value>, body: At<'_>) -> Value {
    let start: usize = text(body.get("cursor")).parse().unwrap_or(0);
    let limit = body.get("limit").as_integer().and_then(|n| usize::try_from(n).ok()).unwrap_or(100);
    let end = (start + limit).min(all.len());
    let entries: Vec<Value> = all.get(start..end).unwrap_or_default().to_vec();
    let mut data = object([("data", entries.into())]);
    if end < all.len() {
        put(&mut data, "cursor", end.to_string());
    }
    data
}
