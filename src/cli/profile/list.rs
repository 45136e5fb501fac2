//! `herald profile list`.

use serde_json::{Value, json};

use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::profile::{self, File, Profile, ProfileEntry, ValueSource};
use crate::report::{Format, Ui, table};
use crate::send::profile_choice::in_world;

/// Flags of `profile list`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args;

/// Lists the profiles of the file.
pub(super) fn run(env: &Env, Args: &Args) -> Result<Exit> {
    let (path, file) = in_world(env, |wish, world| {
        let path = profile::profiles_path(wish, world).map(|(path, _)| path);
        profile::read_profiles(wish, world).map(|file| (path, file))
    })?;
    let provider = env.globals.provider.as_deref();
    let rows: Vec<ProfileRow> = file.iter().flat_map(|file| rows(file, provider)).collect();
    let path = path.map(|path| path.display().to_string());
    let ui = &env.ui;
    match ui.format {
        Format::Ndjson => rows.iter().for_each(|row| {
            let mut document = row.json();
            document["version"] = json!(1);
            ui.json(&document);
        }),
        Format::Human if rows.is_empty() => ui.remark(&format!(
            "no profiles in {}; `herald profile init` makes one",
            crate::text::escape(&path.unwrap_or_default())
        )),
        Format::Human => ui.line(human(ui, &rows).trim_end()),
        _ => {
            let profiles: Vec<Value> = rows.iter().map(ProfileRow::json).collect();
            ui.json(&json!({ "version": 1, "file": path, "profiles": profiles }));
        }
    }
    Ok(Exit::Done)
}

/// One profile in the list.
pub(super) struct ProfileRow {
    name: String,
    provider: &'static str,
    endpoint: Option<String>,
    mode: &'static str,
    default: bool,
}

impl ProfileRow {
    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "provider": self.provider,
            "endpoint": self.endpoint,
            "mode": self.mode,
            "default": self.default,
        })
    }
}

pub(super) fn rows(file: &File, provider: Option<&str>) -> Vec<ProfileRow> {
    let is_only = file.profiles.len() == 1;
    let row = |profile: &Profile| ProfileRow {
        name: profile.name.clone(),
        provider: profile.contract.id,
        endpoint: profile.fields.iter().find(|entry| entry.key == "endpoint").map(endpoint),
        mode: profile.mode.unwrap_or_default().word(),
        default: file.default.as_deref().map_or(is_only, |name| name == profile.name),
    };
    let fits = |profile: &&Profile| provider.is_none_or(|id| id == profile.contract.id);
    file.profiles.iter().filter(fits).map(row).collect()
}

/// The endpoint as written; it is not secret. A value from elsewhere is not read for a list.
fn endpoint(entry: &ProfileEntry) -> String {
    match &entry.source {
        ValueSource::Literal(value) => value.expose().to_owned(),
        source => format!("({source})"),
    }
}

pub(super) fn human(ui: &Ui, rows: &[ProfileRow]) -> String {
    let cells = |row: &ProfileRow| {
        let mark = if row.default { "*" } else { "" };
        let endpoint = row.endpoint.as_deref().unwrap_or("-");
        [&row.name, row.provider, endpoint, row.mode, mark].map(str::to_owned).to_vec()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    table(ui, &["PROFILE", "PROVIDER", "ENDPOINT", "MODE", "DEFAULT"], &rows)
}
