//! `herald profile show`: everything but the secrets.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::account::{DefaultValue, FieldDefault};
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::profile::{self, ChosenAccount, ProfileFlags, ResolvedAccount, Secrets};
use crate::report::{Ui, table};
use crate::send::profile_choice::in_world;

const HIDDEN: &str = "***";

/// Flags of `profile show`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Profile [default: the one that is used]
    pub(super) name: Option<String>,
}

/// Shows one profile.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let name = args.name.as_deref();
    let (chosen, resolved) = in_world(env, |wish, world| {
        let wish = ProfileFlags { profile: name.or(wish.profile), ..*wish };
        let chosen = profile::choose(&wish, world)?;
        chosen.resolve(world, Secrets::Leave).map(|resolved| (chosen, resolved))
    })?;
    let shown = ShownProfile::of(&chosen, &resolved);
    if env.ui.is_machine() {
        env.ui.json(&shown.json());
    } else {
        env.ui.line(shown.human(&env.ui).trim_end());
    }
    Ok(Exit::Done)
}

/// The shown parts of a profile.
pub(super) struct ShownProfile<'a> {
    resolved: &'a ResolvedAccount,
    file: Option<String>,
    settings: Vec<Setting>,
    values: Vec<Setting>,
}

/// A key with its value and the source of the value.
struct Setting {
    key: Cow<'static, str>,
    value: Value,
    secret: bool,
    from: Option<String>,
    line: Option<usize>,
}

impl<'a> ShownProfile<'a> {
    pub(super) fn of(chosen: &ChosenAccount, resolved: &'a ResolvedAccount) -> Self {
        let file = match chosen {
            ChosenAccount::Profile { path, .. } => Some(path.display().to_string()),
            ChosenAccount::Environment(_) => None,
        };
        let mut shown = Self { resolved, file, settings: Vec::new(), values: Vec::new() };
        shown.settings = shown.settings(chosen);
        shown.values = resolved.origins.iter().map(|origin| shown.value(origin)).collect();
        shown
    }

    /// Settings that are not credentials; a setting that is not written is shown with its default.
    fn settings(&self, chosen: &ChosenAccount) -> Vec<Setting> {
        let guards = &self.resolved.account.guards;
        let written = match chosen {
            ChosenAccount::Profile { profile, .. } => profile.mode.is_some(),
            ChosenAccount::Environment(_) => false,
        };
        let roots = &self.resolved.account.roots;
        let quiet = guards.quiet_hours.as_ref().map(ToString::to_string);
        let setting = |key: &'static str, value, is_written: bool| Setting {
            key: key.into(),
            value,
            secret: false,
            from: is_written.then(|| "profile".to_owned()),
            line: None,
        };
        vec![
            setting("mode", json!(guards.mode.word()), written),
            setting("allow_to", json!(guards.allow_to), !guards.allow_to.is_empty()),
            setting(
                "confirm_above",
                json!(guards.confirm_above.unwrap_or(100)),
                guards.confirm_above.is_some(),
            ),
            setting("max_targets", json!(guards.max_targets), guards.max_targets.is_some()),
            setting("quiet_hours", json!(quiet), guards.quiet_hours.is_some()),
            setting("kill_switch", json!(guards.kill_switch), guards.kill_switch.is_some()),
            setting("roots", json!(roots), roots.is_some()),
        ]
    }

    fn value(&self, origin: &profile::Origin) -> Setting {
        let account = &self.resolved.account;
        let plain = match origin.key {
            crate::account::ENDPOINT => account.endpoint.as_deref(),
            key => account.value(key),
        };
        Setting {
            key: origin.key.into(),
            value: if origin.secret { json!(HIDDEN) } else { json!(plain) },
            secret: origin.secret,
            from: Some(origin.from.clone()),
            line: origin.line,
        }
    }

    pub(super) fn json(&self) -> Value {
        let account = &self.resolved.account;
        let mut document = json!({
            "version": 1,
            "profile": account.profile,
            "provider": account.provider,
            "file": self.file,
        });
        for setting in &self.settings {
            document[setting.key.as_ref()] = setting.value.clone();
        }
        let defaults = account.defaults.0.iter();
        document["defaults"] = defaults
            .map(|one| (one.path.clone(), default_value(one)))
            .collect::<Map<_, _>>()
            .into();
        let value = |setting: &Setting| {
            json!({
                "key": setting.key,
                "value": setting.value,
                "secret": setting.secret,
                "from": setting.from,
                "line": setting.line,
            })
        };
        document["values"] = self.values.iter().map(value).collect();
        document
    }

    pub(super) fn human(&self, ui: &Ui) -> String {
        let account = &self.resolved.account;
        let place = self.file.clone().unwrap_or_else(|| "environment".to_owned());
        let named = account.profile.clone().unwrap_or_else(|| "(none)".to_owned());
        let head = [
            vec!["profile".to_owned(), named, place],
            vec!["provider".to_owned(), account.provider.clone(), String::new()],
        ];
        let defaults: Vec<Setting> = account.defaults.0.iter().map(of_default).collect();
        let rows = self.values.iter().chain(&self.settings).chain(&defaults).map(|setting| {
            let from = match (&setting.from, setting.line) {
                (Some(from), Some(line)) => format!("{from}, line {line}"),
                (Some(from), None) => from.clone(),
                (None, _) => "default".to_owned(),
            };
            vec![setting.key.clone().into_owned(), text(&setting.value), from]
        });
        table(ui, &["KEY", "VALUE", "FROM"], &head.into_iter().chain(rows).collect::<Vec<_>>())
    }
}

fn of_default(one: &FieldDefault) -> Setting {
    Setting {
        key: format!("defaults.{}", one.path).into(),
        value: default_value(one),
        secret: false,
        from: Some("profile".to_owned()),
        line: Some(one.line),
    }
}

fn default_value(one: &FieldDefault) -> Value {
    match &one.value {
        DefaultValue::Text(text) => json!(text),
        DefaultValue::Json(text) => serde_json::from_str(text).unwrap_or_default(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
