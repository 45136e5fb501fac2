//! Fills in what the profile's defaults say, where no flag and no file gives a field.

use crate::account::{Account, FieldDefault};
use crate::contract::typed::{self, SetExpr, SetPlace};
use crate::contract::{Context, Operation, Severity};
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::lint::lint;
use crate::profile::{DEFAULT_ROOTS, forbids_default};
use crate::provider::Draft;
use crate::send::app::App;
use crate::send::apply_sets::{self, WrongId};
use crate::send::compose::Composed;
use crate::send::default_blocks::{keeps_blocks, known_names};
use crate::send::options::MessageOptions;
use crate::send::origins::{MadeOf, Origins, ValueOrigin};
use crate::text::is_blank;

/// Composes with the sender and the title that the defaults have, where the flags have none. A message that has no place
/// for them is composed without, and nothing is said about that: the user did not ask for it with this message.
pub(crate) fn with_neutral(
    account: &Account,
    flags: &MessageOptions,
    compose: &dyn Fn(&MessageOptions) -> Result<Vec<Composed>>,
) -> Result<Vec<Composed>> {
    let defaults = &account.defaults;
    let has_body = flags.payload.body.is_some();
    let from = defaults.from().filter(|_| flags.from.is_none() && !has_body);
    // A message that shows nothing stays so.
    let is_silent = flags.content.text.as_deref().is_some_and(is_blank);
    let may_have_title = flags.title.is_none() && flags.content.is_given() && !is_silent;
    let title = defaults.title().filter(|_| may_have_title);
    let with = |from: Option<&str>, title: Option<&str>| {
        let mut flags = flags.clone();
        flags.from = flags.from.or(from.map(str::to_owned));
        flags.title = flags.title.or(title.map(str::to_owned));
        compose(&flags)
    };
    let mut from = from;
    let mut composed = with(from, None);
    let is_sender = |one: &Composed| !one.draft.operation.sender.is_empty();
    if from.is_some() && composed.as_ref().is_ok_and(|all| !all.iter().any(is_sender)) {
        from = None;
        composed = with(None, None);
    }
    if let Some(from) = from {
        composed =
            composed.map(|all| all.into_iter().map(|one| sent_by(one, account, from)).collect());
    }
    let Some(title) = title else { return composed };
    match (composed, with(from, Some(title))) {
        (Ok(plain), Ok(titled)) if plain.len() == titled.len() => {
            let titled = titled.into_iter().zip(plain);
            Ok(titled.map(|(titled, plain)| titled_as(titled, plain, account)).collect())
        }
        (Err(_), Ok(titled)) => Ok(titled),
        (plain, _) => plain,
    }
}

/// Notes that the sender comes from the defaults.
fn sent_by(mut one: Composed, account: &Account, from: &str) -> Composed {
    let place = one.draft.operation.sender.trim_start_matches('/').to_owned();
    let mut before = one.draft.body.clone();
    let is_there = before.as_object_mut().is_some_and(|object| {
        object.get(&place).is_some_and(|node| node.value.as_str() == Some(from))
    });
    if is_there && let Some(object) = before.as_object_mut() {
        object.remove(&place);
        one.origins.has_sender = false;
        one.origins.note(&before, &one.draft.body, &of_default(account, "from"));
    }
    one
}

/// Notes what comes from the title of the defaults. Warnings about a title are left out.
fn titled_as(mut titled: Composed, plain: Composed, account: &Account) -> Composed {
    titled.origins.note(&plain.draft.body, &titled.draft.body, &of_default(account, "title"));
    titled.draft.lost = plain.draft.lost;
    titled.draft.warnings = plain.draft.warnings;
    titled
}

fn of_default(account: &Account, key: &str) -> ValueOrigin {
    let profile = account.profile.clone().unwrap_or_default();
    let line = account.defaults.0.iter().find(|one| one.path == key).map_or(0, |one| one.line);
    ValueOrigin::Default { profile, key: key.to_owned(), line }
}

/// A draft with the defaults in place of what herald has chosen by itself, and then with `--set` applied, which beats
/// them.
pub(crate) fn with_sets(
    app: &App,
    mut draft: Draft,
    sets: &[SetExpr],
    origins: &mut Origins,
) -> Result<Draft> {
    let filler = DefaultFiller { app, operation: draft.operation };
    for default in app.account.defaults.fields() {
        let Some(place) = filler.place(default, &draft.body)? else { continue };
        if draft.own.contains(&place.names.join(".").as_str()) {
            let filled = filler.with(default, &draft.body)?;
            origins.note(&draft.body, &filled, &of_default(&app.account, &default.path));
            draft.body = filled;
        }
    }
    apply_sets::with_sets(draft, sets, origins)
}

impl Composed {
    /// Fills in the fields that the profile's defaults give and that the payload lacks.
    pub(crate) fn fill_defaults(&mut self, app: &App) -> Result<()> {
        let account = &app.account;
        if account.defaults.0.is_empty() || !self.document.repeated().is_empty() {
            return Ok(());
        }
        let filler = DefaultFiller { app, operation: self.draft.operation };
        let before = self.draft.body.clone();
        filler.sender(&mut self.draft.body, &mut self.origins);
        for default in account.defaults.fields() {
            filler.field(default, &mut self.draft.body, &mut self.origins)?;
        }
        if !before.same(&self.draft.body) {
            self.document = Document::of(&self.draft.body);
            if self.origins.made_of == MadeOf::Flags {
                app.vendor.refuses(&self.draft, account)?;
            }
        }
        Ok(())
    }
}

/// Fills in a payload of one operation.
struct DefaultFiller<'a> {
    app: &'a App,
    operation: &'static Operation,
}

impl DefaultFiller<'_> {
    /// The sender, where the operation has one and the payload does not name it.
    fn sender(&self, body: &mut Value, origins: &mut Origins) {
        let place = self.operation.sender.trim_start_matches('/');
        let Some(from) = self.app.account.defaults.from() else { return };
        if place.is_empty() || place.contains('/') {
            return;
        }
        let before = body.clone();
        if let Some(object) = body.as_object_mut()
            && object.get(place).is_none()
        {
            object.set(place, from);
            origins.note(&before, body, &of_default(&self.app.account, "from"));
        }
    }

    /// A field of the contract, where the operation has it and no flag and no file gives it.
    fn field(&self, default: &FieldDefault, body: &mut Value, origins: &mut Origins) -> Result<()> {
        let Some(place) = self.place(default, body)?.filter(|place| !place.is_given) else {
            return Ok(());
        };
        let filled = self.with(default, body)?;
        if keeps_blocks(self.app, body, &place.names, origins.made_of)
            && self.belongs(body, &filled, &place.names)
        {
            origins.note(body, &filled, &of_default(&self.app.account, &default.path));
            *body = filled;
        }
        Ok(())
    }

    /// Where a default goes; `None` if the operation has no such field with the values that the payload has now, as one of
    /// another message type, or one that is told of each message by itself.
    fn place(&self, default: &FieldDefault, body: &Value) -> Result<Option<SetPlace>> {
        let place = typed::place(&default.expression()?, body, self.operation, DEFAULT_ROOTS);
        let may = |place: &SetPlace| {
            place.is_known && !place.depends && forbids_default(self.operation, place).is_none()
        };
        Ok(place.ok().filter(may))
    }

    /// A body with a default.
    fn with(&self, default: &FieldDefault, body: &Value) -> Result<Value> {
        let mut filled = body.clone();
        typed::apply(&default.expression()?, &mut filled, self.operation, DEFAULT_ROOTS)
            .map_err(|error| self.of_path(&default.path, &error))?;
        match WrongId::find(self.operation, body, &filled) {
            Some(wrong) => {
                let error = Error::usage(wrong.to_string()).help(wrong.advice());
                Err(self.of_path(&default.path, &error))
            }
            None => Ok(filled),
        }
    }

    /// Whether a payload has a place for a default. One that makes an object which then lacks something is for other
    /// messages: a field of a notification must not turn a message to the app into a broken notification.
    fn belongs(&self, before: &Value, after: &Value, names: &[String]) -> bool {
        let known = known_names(before, names);
        if known + 1 >= names.len() {
            return true;
        }
        let made = &names[..=known];
        let contract = self.app.vendor.contract();
        let found = lint(contract, self.operation, &Document::of(after), &Context::default());
        !found.iter().any(|finding| {
            let steps: Vec<&str> = finding.place.pointer.split('/').skip(1).collect();
            let is_inside = |path: &[String]| {
                steps.len() >= path.len() && steps.iter().zip(path).all(|(step, name)| step == name)
            };
            finding.severity() == Severity::Error && is_inside(made) && !is_inside(names)
        })
    }

    fn of_path(&self, path: &str, error: &Error) -> Error {
        let profile = self.app.account.profile.as_deref().unwrap_or_default();
        let message = format!("default `{path}` of profile `{profile}`: {}", error.full_message());
        let made = Error::new(ErrorKind::Profile, message);
        match error.advice() {
            Some(help) => made.help(help.to_owned()),
            None => made,
        }
    }
}
