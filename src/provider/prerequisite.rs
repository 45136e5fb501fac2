//! Requests that have to be made before the one that is meant: for a token, for an id against repeats, for a file.
//!
//! Vendors say what is needed and what a reply gives, without any I/O. The code that sends stores the result.

use std::path::PathBuf;
use std::time::Duration;

use crate::account::{Account, Secret};
use crate::contract::Operation;
use crate::document::Value;
use crate::wire::{Request, Stamp};

/// A request that has to be made before the one that is meant.
#[derive(Clone, Debug)]
pub struct Prerequisite {
    /// What it is for.
    pub purpose: Purpose,
    /// The operation by whose rows its answer is judged.
    pub operation: &'static Operation,
    /// What is asked.
    pub ask: Ask,
    /// What stands for its answer where it is not made: in `--dry-run`.
    pub stand_in: BroughtValues,
}

/// What an [`Prerequisite`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A token for the `Authorization` header; under this key the account holds it.
    Token(&'static str),
    /// An id by which the vendor tells a repeated request.
    DedupeId {
        /// The field of the body that it goes into.
        field: &'static str,
        /// The member of what is asked that says how many are wanted, where several can be had at a time.
        count: Option<&'static str>,
    },
    /// The address that a file is uploaded to.
    UploadAddress,
    /// The file itself.
    Upload,
}

impl Purpose {
    /// What is being done, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Token(_) => "fetching a token",
            Self::DedupeId { .. } => "fetching an id against repeats",
            Self::UploadAddress => "asking where to upload",
            Self::Upload => "uploading",
        }
    }
}

/// What an [`Prerequisite`] asks.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The operation of the [`Prerequisite`], with this payload.
    Call(Value),
    /// A request to a host that is not of the vendor's API, whose answer is its HTTP status.
    Raw(Box<Request>),
}

/// Values by name.
pub type BroughtValues = Vec<(&'static str, Value)>;

/// What the reply to an [`Prerequisite`] supplies.
#[derive(Clone, Debug)]
pub enum PrerequisiteResult {
    /// A token, for the account.
    Token {
        /// The token.
        token: Secret,
        /// How long the vendor takes it; `None` where it does not say.
        lifetime: Option<Duration>,
    },
    /// Ids against repeats, for the body of one request each: at least one.
    DedupeIds(Vec<String>),
    /// What is known of an uploaded file from now on.
    File(BroughtValues),
}

/// A local file that a message refers to, or that is uploaded for itself.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The file.
    pub file: LocalFile,
    /// What it is.
    pub kind: MediaKind,
    /// Where the body refers to it.
    pub places: Vec<UploadPlace>,
}

/// A place in a body for something that only an upload's answer gives. What the flags set there stays.
#[derive(Clone, Copy, Debug)]
pub struct UploadPlace {
    /// The way to it, steps apart by `/`.
    pub at: &'static str,
    /// The name of the value, as [`PrerequisiteResult::File`] gives it.
    pub name: &'static str,
    /// Whether the message cannot go out without it.
    pub required: bool,
}

/// What a file is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A recording.
    Voice,
    /// A video.
    Video,
    /// Any file.
    File,
}

impl MediaKind {
    /// What a file's ending says that it is.
    pub fn of_ending(ending: &str) -> Self {
        match ending {
            "jpg" | "jpeg" | "png" | "gif" | "bmp" | "webp" | "heic" => Self::Image,
            "amr" | "aac" | "m4a" | "mp3" | "wav" | "ogg" | "opus" => Self::Voice,
            "mp4" | "mov" | "avi" | "mkv" | "webm" | "3gp" => Self::Video,
            _ => Self::File,
        }
    }
}

/// A local file, and what was found out about it before any vendor saw it.
#[derive(Clone, Debug, Default)]
pub struct LocalFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name, without its folder.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its CRC-32, for vendors that [measure](super::Vendor::measures).
    pub crc32: Option<u32>,
    /// Width and height of a picture, for vendors that measure.
    pub pixels: Option<(u32, u32)>,
}

impl LocalFile {
    /// The ending of its name, lower case, without dot.
    pub fn ending(&self) -> String {
        self.name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The file as a part of a payload.
    pub fn part(&self) -> Value {
        let mut part = Value::object();
        let object = part.as_object_mut().expect("it was made as an object");
        object.set("path", self.path.to_string_lossy().into_owned());
        object.set("name", self.name.as_str());
        part
    }
}

/// How far the upload of a file has got.
#[derive(Clone, Copy, Debug)]
pub struct Uploading<'a> {
    /// The file.
    pub file: &'a LocalFile,
    /// What it is sent as.
    pub kind: MediaKind,
    /// Values from earlier prerequisite requests for it.
    pub brought: &'a BroughtValues,
    /// Whose credentials and which host.
    pub account: &'a Account,
    /// Clock and random numbers.
    pub stamp: &'a Stamp,
}

impl Uploading<'_> {
    /// A value from an earlier prerequisite request.
    pub fn value(&self, name: &str) -> Option<&Value> {
        value(self.brought, name)
    }

    /// The text of one.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }
}

/// A value of several, the last of its name.
pub fn value<'a>(values: &'a BroughtValues, name: &str) -> Option<&'a Value> {
    values.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value)
}
