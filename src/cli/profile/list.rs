//! `herald profile list`.

use serde_json::{Value, json};

use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::profile::{self, FaultyProfile, File, Profile, ProfileEntry, ValueSource};
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
    rows.iter().filter_map(|row| row.error.as_ref()).for_each(|error| ui.complain_beside(error));
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
    provider: Option<&'static str>,
    endpoint: Option<String>,
    /// `None` if the profile has faults.
    mode: Option<&'static str>,
    default: bool,
    /// The faults.
    error: Option<Error>,
}

impl ProfileRow {
    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name,
            "provider": self.provider,
            "endpoint": self.endpoint,
            "mode": self.mode,
            "default": self.default,
            "problems": self.error.iter().map(problem).collect::<Vec<_>>(),
        })
    }
}

/// A fault, as `profile check` has it too.
pub(super) fn problem(error: &Error) -> Value {
    json!({ "severity": "error", "message": error.full_message(), "help": error.advice() })
}

pub(super) fn rows(file: &File, provider: Option<&str>) -> Vec<ProfileRow> {
    let all = file.all();
    let is_only = all.len() == 1;
    let row = |one: Result<&Profile, &FaultyProfile>| {
        let (name, contract, fields) = match one {
            Ok(profile) => (&profile.name, Some(profile.contract), &profile.fields),
            Err(faulty) => (&faulty.name, faulty.contract, &faulty.fields),
        };
        ProfileRow {
            name: name.clone(),
            provider: contract.map(|contract| contract.id),
            endpoint: fields.iter().find(|entry| entry.key == "endpoint").map(endpoint),
            mode: one.ok().map(|profile| profile.mode.unwrap_or_default().word()),
            default: file.default.as_ref().map_or(is_only, |default| default == name),
            error: one.err().map(|faulty| file.error_of([faulty])),
        }
    };
    // A profile whose provider is not known may be of any.
    let fits =
        |row: &ProfileRow| provider.is_none_or(|id| row.provider.is_none_or(|own| own == id));
    all.into_iter().map(row).filter(fits).collect()
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
        let (provider, mode) = (row.provider.unwrap_or("-"), row.mode.unwrap_or("not usable"));
        [&row.name, provider, endpoint, mode, mark].map(str::to_owned).to_vec()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    table(ui, &["PROFILE", "PROVIDER", "ENDPOINT", "MODE", "DEFAULT"], &rows)
}
