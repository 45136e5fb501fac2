//! Targets, content and other options, from their texts to values.

use std::collections::HashSet;
use std::path::Path;

use serde_json::json;

use crate::contract::typed::SetExpr;
use crate::contract::{Contract, IdFault, MessageType, Operation, Target, TargetKind, Verb};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::near::did_you_mean;
use crate::provider::{Content, LocalFile, Media, Vendor};
use crate::report::Ui;
use crate::send::attachments;
use crate::send::given_texts::TextGiven;
use crate::send::options::{ContentOptions, MessageOptions};
use crate::send::payload_file::PayloadFile;
use crate::send::placeholders::MessageTexts;
use crate::send::rounded_ids;
use crate::send::text_file::TEXT_FILE;
use crate::text::{self, is_blank, quoted, suggest};

/// Leaves out targets that are named again: one that has a request of its own would get the message twice.
pub(crate) fn leave_out_repeats(ui: &Ui, targets: &mut Vec<Target>) {
    let (before, mut seen) = (targets.len(), HashSet::new());
    targets.retain(|target| seen.insert(target.clone()));
    if targets.len() < before {
        let repeats = before - targets.len();
        ui.remark(&format!("repeated targets that are left out: {repeats}"));
    }
}

/// Warns of targets with a blank inside, since scripts join several ids so, and with a kind twice. Vendors may have such ids.
pub(crate) fn tell_doubts(ui: &Ui, targets: &[Target]) {
    let joined = targets.iter().find(|target| target.id.contains(' '));
    if let Some(joined) = joined {
        let joined = text::escape(&joined.to_string());
        ui.warn(&format!("`{joined}` is one target with a blank in it; several need a --to each"));
    }
    if let Some(twice) = targets.iter().find(|target| Target::has_kind(&target.id)) {
        let (shown, id) = (text::escape(&twice.to_string()), text::escape(&twice.id));
        ui.warn(&format!("`{shown}` has its kind twice: the id that goes out is `{id}`"));
    }
}

/// Warns of targets and of a sender of `--from` whose last digits a program may have lost.
pub(crate) fn tell_rounded(ui: &Ui, targets: &[Target], from: Option<&str>) {
    let targets = targets.iter().map(|target| (target.to_string(), target.id.as_str()));
    let from = from.map(|id| (format!("--from {id}"), id));
    let remarks = [rounded_ids::remark(targets), rounded_ids::remark(from)];
    remarks.iter().flatten().for_each(|warning| ui.warn(warning));
}

/// Refuses a sender of `--from` that cannot be an id, or may be none.
pub(crate) fn check_sender(from: Option<&str>, contract: &Contract) -> Result<()> {
    let Some(typed) = from else { return Ok(()) };
    if let Some((kind, id)) = typed.split_once(':').filter(|(kind, _)| is_kind(kind)) {
        let message = format!("`--from {typed}` has the kind `{kind}`");
        return Err(Error::usage(message).help(format!("a sender has no kind: --from {id}")));
    }
    let Some(fault) = IdFault::of_bare(typed) else { return Ok(()) };
    let field = contract.operations.iter().map(|row| row.sender).find(|sender| !sender.is_empty());
    let set = |field: &str| quoted(&format!("{field}:={}", json!(typed)));
    let meant = field.map(|field| format!("--set {}", set(field)));
    Err(fault.of_single_flag("--from", typed, meant.as_deref()))
}

fn is_kind(word: &str) -> bool {
    TargetKind::from_word(word).is_some()
}

/// Refuses what cannot be an id in the value of a flag whose targets have one kind.
pub(crate) fn check_id(flag: &str, kind: TargetKind, typed: &str) -> Result<()> {
    let meant = format!("--to {}", quoted(&format!("{kind}:{typed}")));
    let fault = IdFault::of_bare(typed);
    fault.map_or(Ok(()), |fault| Err(fault.of_flag(flag, typed, Some(&meant))))
}

/// The flags of a message that have a text, with it, and whether `--allow-empty` is about them.
pub(crate) fn flag_texts(
    message: &MessageOptions,
) -> impl Iterator<Item = (&'static str, &str, bool)> {
    let ContentOptions { text, text_file, location, command, .. } = &message.content;
    let text_flag = if text_file.is_some() { TEXT_FILE } else { TEXT_FLAG };
    let media = media_texts(&message.content).map(|(flag, text)| (flag, text, false));
    [
        (text_flag, text, true),
        ("--title", &message.title, true),
        ("--location", location, false),
        ("--command", command, false),
    ]
    .into_iter()
    .filter_map(|(flag, text, may)| Some((flag, text.as_deref()?, may)))
    .chain(media)
}

/// The flags of media, each with its address or file.
pub(crate) fn media_texts(content: &ContentOptions) -> impl Iterator<Item = (&'static str, &str)> {
    let ContentOptions { image, voice, video, file, .. } = content;
    [("--image", image), ("--voice", voice), ("--video", video), ("--file", file)]
        .into_iter()
        .filter_map(|(flag, text)| Some((flag, text.as_deref()?)))
}

/// Refuses a message with a text that shows nothing: as a rule, a variable of a script is empty.
fn check_filled(message: &MessageOptions) -> Result<()> {
    for (flag, text, may) in flag_texts(message) {
        if !is_blank(text) || may && message.allow_empty {
            continue;
        }
        let error = Error::usage(format!("`{flag}` {}", how_blank(text)));
        let help = if may { ALLOW_EMPTY } else { IdFault::Empty.advice() };
        return Err(error.help(help));
    }
    Ok(())
}

/// The flag of a text.
pub(crate) const TEXT_FLAG: &str = "--text";

/// Refuses texts of `--set` that show nothing.
pub(crate) fn check_set_texts(texts: &[TextGiven]) -> Result<()> {
    let blank = texts.iter().find(|one| is_blank(&one.text));
    blank.map_or(Ok(()), |TextGiven { source, text, .. }| {
        Err(Error::usage(format!("{source} {}", how_blank(text))).help(ALLOW_EMPTY))
    })
}

/// The advice about a text that shows nothing.
const ALLOW_EMPTY: &str = "--allow-empty sends it anyway";

/// Refuses texts of a message that show nothing, and braces in them that are not variables.
pub(crate) fn check_texts(
    message: &MessageOptions,
    sets: &[SetExpr],
    file: Option<&PayloadFile>,
) -> Result<()> {
    check_filled(message)?;
    MessageTexts::of(message, sets, file).check()
}

/// How a text that shows nothing is so.
pub(crate) fn how_blank(text: &str) -> &'static str {
    if text.is_empty() {
        "is empty"
    } else if text.chars().all(char::is_whitespace) {
        "is blank"
    } else {
        "has nothing but invisible characters"
    }
}

/// The targets of `--to`.
pub(crate) fn targets(typed: &[String], contract: &Contract) -> Result<Vec<Target>> {
    let parse = |typed: &String| {
        let target = Target::parse(typed, contract.default_target);
        target.map_err(|fault| fault.of_flag("--to", typed))
    };
    typed.iter().map(parse).collect()
}

/// A vendor's message type by its id or wire name.
pub(crate) fn message_type(
    contract: &'static Contract,
    name: &str,
) -> Result<&'static MessageType> {
    contract.message_type(name).ok_or_else(|| {
        let wires: Vec<String> = contract.types.iter().map(|row| row.wire.to_text()).collect();
        let known = contract.types.iter().map(|row| row.id).chain(wires.iter().map(String::as_str));
        let help = did_you_mean(name, known).unwrap_or_else(|| {
            format!("{} lists its message types", suggest("providers").arg(contract.id))
        });
        Error::usage(format!("{} has no message type `{name}`", contract.id)).help(help)
    })
}

pub(crate) fn extra_pair(typed: &str) -> Result<(String, String)> {
    match typed.split_once('=') {
        Some((key, value)) if !is_blank(key) => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Error::usage(format!("`--extra {typed}` is not of the form KEY=VALUE"))),
    }
}

pub(crate) fn content(
    vendor: &'static dyn Vendor,
    flags: &ContentOptions,
) -> Result<Option<Content>> {
    let media = |flag, typed: &Option<String>| {
        typed.as_deref().map(|typed| media(vendor, flag, typed)).transpose()
    };
    let location = flags.location.as_deref().map(location).transpose()?;
    let (image, voice) = (media("--image", &flags.image)?, media("--voice", &flags.voice)?);
    let (video, file) = (media("--video", &flags.video)?, media("--file", &flags.file)?);
    Ok(flags
        .text
        .clone()
        .map(Content::Text)
        .or(image.map(Content::Image))
        .or(voice.map(Content::Voice))
        .or(video.map(Content::Video))
        .or(file.map(Content::File))
        .or(location)
        .or_else(|| flags.command.clone().map(Content::Command)))
}

/// An address, or a local file. A vendor that takes no uploads refuses that by its name alone.
fn media(vendor: &'static dyn Vendor, flag: &str, typed: &str) -> Result<Media> {
    // What begins with a variable is an address once it has its value.
    if is_address(typed) || typed.starts_with("{{") {
        return Ok(Media::Url(typed.to_owned()));
    }
    if typed.contains("{{") {
        let message = format!("`{flag} {typed}` is a file, whose name takes no variables");
        return Err(Error::usage(message)
            .help("an address may have them: https://…/{{NAME}}, or {{NAME}} for all of it"));
    }
    let path = Path::new(typed);
    let takes = |operation: &Operation| operation.verbs.contains(&Verb::Upload);
    if !vendor.contract().operations.iter().any(takes) {
        return Ok(Media::File(LocalFile { path: path.to_owned(), ..LocalFile::default() }));
    }
    attachments::look(path, vendor.measures()).map(Media::File)
}

/// Whether a text is the address of a medium, and not a local file.
pub(crate) fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

pub(crate) fn location(typed: &str) -> Result<Content> {
    let mut parts = typed.splitn(3, ',');
    let mut degrees = |what: &str| {
        let text = parts.next().unwrap_or_default().trim().to_owned();
        let json = Document::parse(text.as_str())
            .ok()
            .filter(|document| document.root().value.as_number().is_some());
        match json {
            Some(_) => Ok(text),
            None => Err(Error::usage(format!("`--location {typed}` has no {what} in degrees"))
                .help("as in --location 39.9,116.39,Beijing")),
        }
    };
    let latitude = degrees("latitude")?;
    let longitude = degrees("longitude")?;
    let name = parts.next().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    Ok(Content::Location { latitude, longitude, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_has_two_numbers_and_perhaps_a_name() {
        let Ok(Content::Location { latitude, longitude, name }) =
            location("39.90,-116.4, Beijing, China")
        else {
            panic!("a location")
        };
        assert_eq!((latitude.as_str(), longitude.as_str()), ("39.90", "-116.4"));
        assert_eq!(name.as_deref(), Some("Beijing, China"));
        for typed in ["", "1", "a,b", "1,", "NaN,1", "0x1,2"] {
            assert!(location(typed).is_err(), "{typed}");
        }
    }
}
