//! Where the values of a composed payload came from: findings about it are told in the user's words, not in JSON that
//! no one wrote.

use std::fmt;

use crate::contract::typed::PathRoots;
use crate::contract::{Contract, Operation, Target, TargetKind};
use crate::document::{Document, Object, Place, Str, Value};
use crate::provider::{Content, Draft, Media, SendIntent, WantedAudience};
pub(crate) use crate::report::FLAGS;
use crate::send::contradictions::{FilledFields, GivenFlag};
use crate::send::file_findings::FileText;
use crate::text::escape;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ValueOrigin {
    /// A flag, such as `--text`.
    Flag(&'static str),
    /// A `--set` of this path.
    Set(String),
    /// The id of a message on the command line, without a flag.
    Id(String),
    /// A default of a profile.
    Default {
        /// The name of the profile.
        profile: String,
        /// The key in its table of defaults.
        key: String,
        /// The line of the key in the profile file.
        line: usize,
    },
}

impl fmt::Display for ValueOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Set(path) => write!(f, "--set {path}"),
            Self::Id(id) => write!(f, "the id `{}`", escape(id)),
            Self::Default { profile, key, line } => {
                write!(f, "profile {profile}, defaults.\"{key}\" (line {line})")
            }
        }
    }
}

/// Where a payload came from.
#[derive(Clone, Copy)]
pub(crate) struct LintSource<'s> {
    /// The name under which findings show it, or what was laid over a file.
    pub(crate) name: &'s str,
    /// The origins of its values.
    pub(crate) origins: &'s Origins,
}

/// The origins of the values of one payload. A value without one was chosen by herald, or stands in a file.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    /// Places with their origins: pointers that also lead into texts that hold JSON.
    places: Vec<(String, ValueOrigin)>,
    /// Where the paths of `--set` begin.
    pub(crate) roots: PathRoots,
    /// What the payload was made of.
    pub(crate) made_of: MadeOf,
    /// Whether the sender is that of `--from`.
    pub(crate) has_sender: bool,
    /// The flag that made the type of the message, as `--image` or `--type RC:ImgMsg`.
    pub(crate) made_by: Option<String>,
    /// Places that a local file fills in: what is missing there is missing in the file.
    from_file: Vec<String>,
    /// Targets that have a flag of their own, each with it.
    wide: Vec<(String, &'static str)>,
    /// The file in which the values without an origin stand, if there is one.
    pub(crate) file: Option<FileText>,
    /// The flags that the user gave and that no `--set` may contradict.
    pub(crate) given: Vec<GivenFlag>,
}

/// What a payload was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MadeOf {
    /// Of flags such as `--to`, `--from` and `--text`, and of `--set`.
    Flags,
    /// Of `--set` alone.
    Sets,
    /// Of a file with flags laid over it.
    FileAndFlags,
    /// It comes from a plan or from the ledger: its flags are not known.
    Stored,
}

impl Origins {
    /// No origins yet, for a payload that `--set` alone makes.
    pub(crate) fn of_sets() -> Self {
        Self {
            places: Vec::new(),
            roots: PathRoots::Body,
            made_of: MadeOf::Sets,
            has_sender: false,
            made_by: None,
            from_file: Vec::new(),
            wide: Vec::new(),
            file: None,
            given: Vec::new(),
        }
    }

    /// The same for a command that follows up on a message.
    pub(crate) fn of_follow_up(from: Option<&str>) -> Self {
        let given = from.map(|_| GivenFlag::FROM).into_iter().collect();
        Self { made_of: MadeOf::Flags, has_sender: from.is_some(), given, ..Self::of_sets() }
    }

    /// For a file, over which `--set` and defaults may be laid.
    pub(crate) fn of_file(file: FileText) -> Self {
        Self { made_of: MadeOf::FileAndFlags, file: Some(file), ..Self::of_sets() }
    }

    /// For a payload whose flags are not known.
    pub(crate) fn unknown() -> Self {
        Self { made_of: MadeOf::Stored, ..Self::of_sets() }
    }

    /// The outermost members that are laid over a file, without the other ones. Their own flags give targets and sender.
    pub(crate) fn over_file(
        mut self,
        file: FileText,
        operation: &Operation,
        is_kept: &dyn Fn(&str) -> bool,
    ) -> Self {
        self.places.retain(|(place, _)| is_kept(place.split('/').nth(1).unwrap_or_default()));
        let flag = |member: &str, flag| (format!("/{member}"), ValueOrigin::Flag(flag));
        let mut audience = operation.audience_members();
        audience.retain(|member| is_kept(member));
        self.places.extend(audience.into_iter().map(|member| flag(member, "--to")));
        if is_kept(operation.sender) {
            self.places.push(flag(operation.sender, "--from"));
        }
        let file = Some(file);
        Self { roots: PathRoots::Body, made_of: MadeOf::FileAndFlags, file, ..self }
    }

    /// What differs between two states of a payload comes from this origin.
    pub(crate) fn note(&mut self, before: &Value, after: &Value, origin: &ValueOrigin) {
        let mut fresh = Vec::new();
        differences(before, after, &mut String::new(), &mut fresh);
        self.places.retain(|(place, _)| !fresh.iter().any(|new| is_within(place, new)));
        self.places.extend(fresh.into_iter().map(|place| (place, origin.clone())));
    }

    /// Values that are ids of the command line come from there.
    pub(crate) fn note_ids(&mut self, body: &Value, ids: &[String]) {
        let mut found = Vec::new();
        ids_in(body, ids, &mut String::new(), &mut found);
        self.places.extend(found);
    }

    /// The origin of the value at a place.
    pub(crate) fn at(&self, place: &str) -> Option<&ValueOrigin> {
        self.places
            .iter()
            .rev()
            .find(|(known, _)| is_within(place, known))
            .map(|(_, origin)| origin)
    }

    /// The origins of values inside the value at a place, each once, with the name of the member that they are in.
    pub(crate) fn below<'s>(&'s self, place: &str) -> Vec<(&'s str, &'s ValueOrigin)> {
        let mut found: Vec<(&str, &ValueOrigin)> = Vec::new();
        for (known, origin) in &self.places {
            let Some(rest) = known.strip_prefix(place).and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            let member = rest.split('/').next().unwrap_or(rest);
            if !found.iter().any(|(_, other)| *other == origin) {
                found.push((member, origin));
            }
        }
        found
    }

    /// The flag whose local file should have filled in a place.
    pub(crate) fn file_flag(&self, place: &str) -> Option<&str> {
        let is_it = self.from_file.iter().any(|known| known == place);
        self.made_by.as_deref().filter(|_| is_it)
    }

    /// The places whose values have an origin.
    pub(crate) fn places_of<'s>(
        &'s self,
        origin: &'s ValueOrigin,
    ) -> impl Iterator<Item = String> + 's {
        self.places.iter().filter(move |(_, known)| known == origin).map(|(place, _)| place.clone())
    }

    /// The flag of the audience: one of those for a tag or a package, or the usual one.
    pub(crate) fn audience_flag(&self, usual: &'static str) -> &'static str {
        self.wide.first().map_or(usual, |(_, flag)| flag)
    }

    /// The flag that named a target.
    pub(crate) fn flag_of_target(&self, id: &str) -> &'static str {
        self.wide.iter().find(|(known, _)| known == id).map_or("--to", |(_, flag)| flag)
    }
}

/// A place as one pointer, also into texts that hold JSON.
pub(crate) fn whole_pointer(place: &Place) -> String {
    format!("{}{}", place.pointer, place.inner_pointer.as_deref().unwrap_or_default())
}

/// Whether a place is another one, or inside it.
pub(crate) fn is_within(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a place holds the sender of an operation.
pub(crate) fn is_sender(operation: &Operation, place: &str) -> bool {
    !operation.sender.is_empty() && place.trim_matches('/') == operation.sender.trim_matches('/')
}

/// Whether a place holds targets of an operation.
pub(crate) fn is_audience(operation: &Operation, place: &str) -> bool {
    let mut found = false;
    operation.reach.each_target_path(&mut |path| {
        let mut steps = place.trim_matches('/').split('/');
        found |= path
            .trim_matches('/')
            .split('/')
            .all(|due| steps.next().is_some_and(|step| due == "*" || due == step));
    });
    found
}

/// The origins of drafts that flags have composed. To find them out, it composes again with another value of each flag:
/// what differs then comes from that flag. So no vendor has to say it.
pub(crate) fn of_drafts(
    contract: &Contract,
    intent: &SendIntent<'_>,
    drafts: &[Draft],
    compose: &dyn Fn(&SendIntent<'_>) -> crate::error::Result<Vec<Draft>>,
) -> Vec<Origins> {
    let content = intent.content.as_ref();
    let made_by = content.map(|content| content.flag().to_owned());
    let made_by =
        made_by.or(intent.message_type.map(|row| format!("--type {}", row.wire.to_text())));
    let first = Origins {
        roots: PathRoots::ContentFirst,
        has_sender: intent.from.is_some(),
        made_by,
        wide: wide_targets(&intent.audience),
        given: GivenFlag::all(intent),
        ..Origins::of_follow_up(intent.from)
    };
    let mut all = vec![first; drafts.len()];
    for (origins, draft) in all.iter_mut().zip(drafts) {
        let places = draft.uploads.iter().flat_map(|upload| upload.places.iter());
        origins.from_file = places.map(|place| format!("/{}", place.at)).collect();
    }
    if let Some((flag, other)) = of_other_type(intent) {
        let wires = type_wires(contract, intent);
        for ((origins, draft), again) in
            all.iter_mut().zip(drafts).zip(compose(&other).unwrap_or_default())
        {
            let mut places = Vec::new();
            differences(&again.body, &draft.body, &mut String::new(), &mut places);
            let is_type = |place: &String| {
                let value = value_at_place(&draft.body, place);
                value.is_some_and(|value| wires.contains(&value.to_plain()))
            };
            places.retain(is_type);
            origins.given.push(GivenFlag { flag, fills: FilledFields::Type(places) });
        }
    }
    let mut probe = |other: &SendIntent<'_>, flag: &'static str| {
        let again = compose(other).unwrap_or_default();
        if again.len() == drafts.len() {
            for ((origins, draft), again) in all.iter_mut().zip(drafts).zip(&again) {
                origins.note(&draft.body, &again.body, &ValueOrigin::Flag(flag));
            }
        }
    };
    if let Some(content) = content {
        probe(&SendIntent { content: Some(changed(content)), ..intent.clone() }, content.flag());
    }
    if let Some(title) = intent.title {
        let title = format!("{title}x");
        probe(&SendIntent { title: Some(&title), ..intent.clone() }, "--title");
    }
    if !intent.extra.is_empty() {
        let extra: Vec<(String, String)> =
            intent.extra.iter().map(|(key, value)| (key.clone(), format!("{value}x"))).collect();
        probe(&SendIntent { extra: &extra, ..intent.clone() }, "--extra");
    }
    all
}

/// The flag that says the type of a message, and the same message as one of another type.
fn of_other_type<'i>(intent: &SendIntent<'i>) -> Option<(&'static str, SendIntent<'i>)> {
    let (flag, made_by) = match (&intent.content, intent.message_type) {
        (_, Some(row)) => ("--type", row.flag),
        (Some(content), None) => (content.flag(), content.flag()),
        (None, None) => return None,
    };
    let other = match made_by {
        "--text" => Content::Command("x".to_owned()),
        _ => Content::Text("x".to_owned()),
    };
    Some((
        flag,
        SendIntent {
            content: Some(other),
            message_type: None,
            title: None,
            extra: &[],
            ..intent.clone()
        },
    ))
}

/// What the vendor calls the type of a message.
fn type_wires(contract: &Contract, intent: &SendIntent<'_>) -> Vec<String> {
    match (intent.message_type, &intent.content) {
        (Some(row), _) => vec![row.wire.to_text()],
        (None, Some(content)) => {
            let rows = contract.types.iter().filter(|row| row.flag == content.flag());
            rows.map(|row| row.wire.to_text()).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Targets that flags of their own name.
fn wide_targets(audience: &WantedAudience) -> Vec<(String, &'static str)> {
    let WantedAudience::Targets(targets) = audience else { return Vec::new() };
    let wide = |target: &Target| {
        let flag = match target.kind {
            TargetKind::Tag => "--tag",
            TargetKind::Package => "--package",
            _ => return None,
        };
        Some((target.id.clone(), flag))
    };
    targets.iter().filter_map(wide).collect()
}

/// Content of the same type with other values.
fn changed(content: &Content) -> Content {
    let text = |text: &String| format!("{text}x");
    let media = |media: &Media| match media {
        Media::Url(url) => Media::Url(text(url)),
        Media::File(file) => {
            let mut file = file.clone();
            file.name.push('x');
            file.path.as_mut_os_string().push("x");
            file.size += 1;
            Media::File(file)
        }
    };
    // Another place near by: these are numbers.
    let degrees = |typed: &String| {
        if typed.contains('.') { format!("{typed}1") } else { format!("{typed}.1") }
    };
    match content {
        Content::Text(typed) => Content::Text(text(typed)),
        Content::Image(image) => Content::Image(media(image)),
        Content::Voice(voice) => Content::Voice(media(voice)),
        Content::Video(video) => Content::Video(media(video)),
        Content::File(file) => Content::File(media(file)),
        Content::Location { latitude, longitude, name } => Content::Location {
            latitude: degrees(latitude),
            longitude: degrees(longitude),
            name: Some(name.as_ref().map_or_else(|| "x".to_owned(), text)),
        },
        Content::Command(name) => Content::Command(text(name)),
    }
}

/// The places of values that are one of these ids.
fn ids_in(value: &Value, ids: &[String], at: &mut String, found: &mut Vec<(String, ValueOrigin)>) {
    let length = at.len();
    let mut step = |name: &str, value: &Value| {
        at.push('/');
        at.push_str(&name.replace('~', "~0").replace('/', "~1"));
        ids_in(value, ids, at, found);
        at.truncate(length);
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| step(&at.to_string(), &item.value));
        }
        Value::Object(all) => all.iter().for_each(|one| step(&one.key, &one.node.value)),
        Value::String(_) | Value::Number(_) => {
            let text = value.to_plain();
            if ids.contains(&text) {
                found.push((at.clone(), ValueOrigin::Id(text)));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The places of values in `after` that `before` does not have, or has otherwise.
fn differences(before: &Value, after: &Value, at: &mut String, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => members(before, after, at, found),
        (Value::Array(before), Value::Array(after)) => {
            for (index, node) in after.iter().enumerate() {
                let step = index.to_string();
                below(before.get(index).map(|node| &node.value), &node.value, &step, at, found);
            }
        }
        (Value::String(before), Value::String(after)) if before.as_str() != after.as_str() => {
            match (object_in(before), object_in(after)) {
                (Some(before), Some(after)) => members(&before, &after, at, found),
                _ => found.push(at.clone()),
            }
        }
        (before, after) if before.same(after) => {}
        _ => found.push(at.clone()),
    }
}

fn members(before: &Object, after: &Object, at: &mut String, found: &mut Vec<String>) {
    for member in after {
        let step = member.key.replace('~', "~0").replace('/', "~1");
        let known = before.get(&member.key).map(|node| &node.value);
        below(known, &member.node.value, &step, at, found);
    }
}

fn below(
    before: Option<&Value>,
    after: &Value,
    step: &str,
    at: &mut String,
    found: &mut Vec<String>,
) {
    let length = at.len();
    at.push('/');
    at.push_str(step);
    match before {
        Some(before) => differences(before, after, at, found),
        None => found.push(at.clone()),
    }
    at.truncate(length);
}

/// The value at a place that [`whole_pointer`] gives.
pub(crate) fn value_at_place<'v>(body: &'v Value, place: &str) -> Option<&'v Value> {
    place.split('/').skip(1).try_fold(body, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?).map(|node| &node.value),
        Value::Object(object) => member_at(object, step),
        Value::String(text) => {
            let inner = |document: &'v Document| document.root().value.as_object();
            let plain = text.json().ok().and_then(inner);
            let object = plain.or_else(|| text.base64_json()?.ok().and_then(inner))?;
            member_at(object, step)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    })
}

fn member_at<'v>(object: &'v Object, step: &str) -> Option<&'v Value> {
    object.get(&step.replace("~1", "/").replace("~0", "~")).map(|node| &node.value)
}

/// The object in a text that holds JSON, also as base64.
fn object_in(text: &Str) -> Option<Object> {
    let object = |document: &Document| document.root().value.as_object().cloned();
    let plain = text.json().ok().and_then(object);
    plain.or_else(|| text.base64_json()?.ok().and_then(object))
}
