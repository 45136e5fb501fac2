//! The vendors and the boundary to them: payload in, signed request out; reply in, reading out. No I/O on either side.
//!
//! A vendor is a folder below this one, and two lines in this file: its `pub mod`, and its entry in [`ALL`]. No other code
//! names it. `docs/add-a-provider.md` tells how to write one; its code is that of the folder `example`, a provider that only
//! tests have.

pub mod easemob;
#[cfg(test)]
pub mod example;
mod id_search;
mod jiguang;
pub mod jmessage;
pub mod jpush_v2;
pub mod jpush_v3;
mod kit;
pub mod mistakes;
pub mod prerequisite;
pub mod refusal;
pub mod rongcloud;
#[cfg(test)]
mod tests;
pub mod wildfire;

use std::sync::LazyLock;

use crate::account::Account;
use crate::contract::identify::{Named, OperationScope};
use crate::contract::{Contract, MessageType, Operation, SecretNames, Target, Verb, base_url};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::near::did_you_mean;
use crate::outcome::{Reading, SentMessage};
use crate::sandbox::Backend;
use crate::text::suggest;
use crate::wire::{Reply, Request, Stamp, Written};

use mistakes::SignatureEncoding;

pub use id_search::{AskedMessage, IdParts, IdSearch};
pub use prerequisite::{LocalFile, MediaKind, Prerequisite, PrerequisiteResult, Upload, Uploading};

/// Everything that herald asks a vendor. Each implementation is a folder below this one; no other folder names a vendor.
pub trait Vendor: Sync {
    /// Its rows.
    fn contract(&self) -> &'static Contract;

    /// How a call is signed: what is hashed, and the headers and fields that result from it.
    fn sign(&self, call: &Call<'_>) -> Result<Signature>;

    /// The finished request. Without credentials, what they would give is `***`.
    fn request(&self, call: &Call<'_>) -> Result<Request>;

    /// Scheme, host and port that a call goes to.
    fn base(&self, call: &Call<'_>) -> Result<String> {
        base_url(call.account, self.contract(), call.operation.host)
    }

    /// What a reply says.
    fn read(&self, operation: &'static Operation, reply: &Reply) -> Reading;

    /// The operations that flags ask for, in the order in which they go out.
    fn compose(&self, intent: &SendIntent<'_>) -> Result<Vec<Draft>>;

    /// Refuses what flags have composed and the vendor never carries out.
    fn refuses(&self, _: &Draft, _: &Account) -> Result<()> {
        Ok(())
    }

    /// The call that proves the account's credentials and changes nothing; `None` where no such call is known.
    fn probe(&self, _: &Account) -> Result<Option<CredentialProbe>> {
        let mut operations = self.contract().operations.iter();
        let operation = operations.find(|operation| operation.verbs.contains(&Verb::Check));
        Ok(operation.map(|operation| CredentialProbe {
            operation,
            body: Value::object(),
            proofs: &[],
        }))
    }

    /// The operation that follows up on something sent: recall, update, delete, clear, get, status.
    fn follow_up(&self, ask: &FollowUp<'_>) -> Result<Vec<Draft>>;

    /// The next request that has to be made before this one can be; `None` where it can go out.
    fn prerequisite(&self, _: &Call<'_>) -> Result<Option<Prerequisite>> {
        Ok(None)
    }

    /// A field by which the vendor tells a repeated request, with a value that is made here; `None` where there is none, or
    /// where the body has it.
    fn mint(&self, _: &Call<'_>) -> Option<(&'static str, Value)> {
        None
    }

    /// Whether repeats are recognised for this account, where the operation says that they can be.
    fn recognises_repeats(&self, _: &Account) -> bool {
        true
    }

    /// The next request on a file's way to the vendor; `None` where it has arrived.
    fn upload(&self, _: &Uploading<'_>) -> Result<Option<Prerequisite>> {
        Err(Error::usage(format!("{} takes no uploads", self.contract().name))
            .help("put the file at an address of your own, and give that"))
    }

    /// What the reply to an [`Prerequisite`] supplies, if its operation counts as a success; `None` if it is not in there.
    fn prerequisite_result(
        &self,
        _: &Prerequisite,
        _: &Account,
        _: &Reply,
    ) -> Option<PrerequisiteResult> {
        None
    }

    /// How a message is found after its answer was lost; `None` where its ids cannot be guessed, or there is no call that asks for them.
    fn id_search(&self) -> Option<&'static IdSearch> {
        None
    }

    /// Whether it wants to know checksums of local files, and the size of pictures in pixels.
    fn measures(&self) -> bool {
        false
    }

    /// How its servers behave.
    fn backend(&self) -> Box<dyn Backend>;
}

/// A call that proves credentials and changes nothing.
#[derive(Clone, Debug)]
pub struct CredentialProbe {
    /// The operation.
    pub operation: &'static Operation,
    /// Its payload, of which nothing is carried out.
    pub body: Value,
    /// Codes of refusals that come after the credentials were found right: they prove them, too.
    pub proofs: &'static [&'static str],
}

/// One operation with its payload and all that signing needs.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// Body, path and query parameters.
    pub body: &'a Value,
    /// Whose credentials and which host.
    pub account: &'a Account,
    /// Clock and random numbers.
    pub stamp: &'a Stamp,
}

/// How a call is signed.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// The recipe, for `sign --explain`: `SHA-1 of nonce | secret | timestamp, lower-case hex`.
    pub recipe: &'static str,
    /// The pieces that were hashed, in order, with their names. What stands between others is called `separator`, and
    /// the time in milliseconds `timestamp`.
    pub pieces: Vec<(&'static str, Written)>,
    /// How the pieces become its text; `None` where nothing is signed.
    pub encoding: Option<SignatureEncoding>,
    /// The signature itself; `None` without credentials or where the vendor signs nothing.
    pub value: Option<String>,
    /// Whether letter case tells signatures apart.
    pub case_matters: bool,
    /// Headers that carry it.
    pub headers: Vec<(&'static str, Written)>,
    /// Fields of the body that carry it.
    pub fields: Vec<(&'static str, Written)>,
    /// How long after its timestamp, which is then in milliseconds, the vendor takes it.
    pub valid_for: Option<std::time::Duration>,
}

/// What the flags of `send`, `broadcast` and `update` ask for, before any vendor has seen it.
#[derive(Clone, Debug)]
pub struct SendIntent<'a> {
    /// The command.
    pub verb: Verb,
    /// The audience.
    pub audience: WantedAudience,
    /// The sender.
    pub from: Option<&'a str>,
    /// The content flag.
    pub content: Option<Content>,
    /// The title.
    pub title: Option<&'a str>,
    /// Pairs of `--extra`.
    pub extra: &'a [(String, String)],
    /// The vendor's own type, with `--type`.
    pub message_type: Option<&'static MessageType>,
    /// Paths that `--set` gives, so that a draft can leave them out or choose another operation.
    pub sets: &'a [String],
    /// Whose credentials: some change which operation is meant.
    pub account: &'a Account,
    /// Clock and random numbers.
    pub stamp: &'a Stamp,
}

/// The audience that a command names.
#[derive(Clone, Debug)]
pub enum WantedAudience {
    /// These.
    Targets(Vec<Target>),
    /// Everybody.
    Everybody,
}

/// Neutral content.
#[derive(Clone, Debug)]
pub enum Content {
    /// `--text`
    Text(String),
    /// `--image`
    Image(Media),
    /// `--voice`
    Voice(Media),
    /// `--video`
    Video(Media),
    /// `--file`
    File(Media),
    /// `--location`
    Location {
        /// Degrees as typed.
        latitude: String,
        /// Degrees as typed.
        longitude: String,
        /// The place's name.
        name: Option<String>,
    },
    /// `--command`
    Command(String),
}

impl Content {
    /// The flag that it came from.
    pub const fn flag(&self) -> &'static str {
        match self {
            Self::Text(_) => "--text",
            Self::Image(_) => "--image",
            Self::Voice(_) => "--voice",
            Self::Video(_) => "--video",
            Self::File(_) => "--file",
            Self::Location { .. } => "--location",
            Self::Command(_) => "--command",
        }
    }
}

impl Content {
    /// The local file that it is, and as what.
    pub fn file(&self) -> Option<(&LocalFile, MediaKind)> {
        let (media, kind) = match self {
            Self::Image(media) => (media, MediaKind::Image),
            Self::Voice(media) => (media, MediaKind::Voice),
            Self::Video(media) => (media, MediaKind::Video),
            Self::File(media) => (media, MediaKind::File),
            Self::Text(_) | Self::Location { .. } | Self::Command(_) => return None,
        };
        match media {
            Media::Url(_) => None,
            Media::File(file) => Some((file, kind)),
        }
    }
}

/// Where a medium is.
#[derive(Clone, Debug)]
pub enum Media {
    /// At an address.
    Url(String),
    /// On disk.
    File(LocalFile),
}

/// A composed operation, before `--set`.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The operation.
    pub operation: &'static Operation,
    /// Its payload.
    pub body: Value,
    /// What of the flags gets lost, or is seen only in some places.
    pub lost: Vec<String>,
    /// Other warnings.
    pub warnings: Vec<String>,
    /// How to read the answer.
    pub remarks: Vec<String>,
    /// Local files that must be uploaded before it goes out. Until then the payload has placeholders.
    pub uploads: Vec<Upload>,
    /// Paths of values, with dots between the names, that no flag gives and that this folder has chosen. A profile's
    /// defaults may have others.
    pub own: &'static [&'static str],
}

impl Draft {
    /// A draft without warnings.
    pub fn new(operation: &'static Operation, body: Value) -> Self {
        let (lost, warnings, remarks) = (Vec::new(), Vec::new(), Vec::new());
        Self { operation, body, lost, warnings, remarks, uploads: Vec::new(), own: &[] }
    }
}

/// What a command that follows up on something sent asks for.
#[derive(Clone, Debug)]
pub struct FollowUp<'a> {
    /// The command.
    pub verb: Verb,
    /// The vendor's ids, as given or from the ledger.
    pub ids: &'a [String],
    /// What was sent, where the ledger knows it.
    pub sent: Option<&'a SentMessage>,
    /// `--from`
    pub from: Option<&'a str>,
    /// `--to`
    pub to: &'a [Target],
    /// New content, for `update`.
    pub intent: Option<&'a SendIntent<'a>>,
    /// Paths that `--set` gives.
    pub sets: &'a [String],
    /// Whose credentials.
    pub account: &'a Account,
    /// Clock and random numbers.
    pub stamp: &'a Stamp,
}

impl FollowUp<'_> {
    /// The ids that are meant, by the vendor's names for ids of messages. A reply can hold other numbers, which the
    /// ledger keeps under their own names: a follow-up on the whole entry does not mean those.
    pub fn ids_called(&self, names: &[&str]) -> Vec<String> {
        let known = self.sent.map(|sent| sent.ids.as_slice()).unwrap_or_default();
        let other = |id: &&String| {
            let mut own = known.iter().filter(|(_, value)| value == *id).peekable();
            own.peek().is_some() && own.all(|(name, _)| !names.contains(&name.as_str()))
        };
        self.ids.iter().filter(|id| !other(id)).cloned().collect()
    }
}

/// Every vendor.
pub static ALL: &[&dyn Vendor] = &[
    &easemob::Easemob,
    #[cfg(test)]
    &example::Example,
    &jmessage::JMessage,
    &jpush_v2::JpushV2,
    &jpush_v3::JpushV3,
    &rongcloud::RongCloud,
    &wildfire::Wildfire,
];

/// The names of secrets in payloads of a provider; those of all, where there is none of that id.
pub fn secret_names_of(provider: &str) -> &'static SecretNames {
    find(provider).map_or_else(|_| secret_names(), |vendor| vendor.contract().secret_names())
}

/// The names of members that hold secrets, of all vendors: for a payload whose vendor is not known.
pub fn secret_names() -> &'static SecretNames {
    static NAMES: LazyLock<SecretNames> = LazyLock::new(|| {
        let contracts: Vec<_> = ALL.iter().map(|vendor| vendor.contract()).collect();
        SecretNames::of(&contracts)
    });
    &NAMES
}

/// The vendor of a provider's id.
pub fn find(provider: &str) -> Result<&'static dyn Vendor> {
    ALL.iter().copied().find(|vendor| vendor.contract().id == provider).ok_or_else(|| {
        let known: Vec<&str> = ALL.iter().map(|vendor| vendor.contract().id).collect();
        let help = did_you_mean(provider, known.iter().copied())
            .unwrap_or_else(|| format!("the providers are {}", known.join(", ")));
        Error::usage(format!("there is no provider `{provider}`")).help(help)
    })
}

/// The contract of each provider.
pub fn contracts() -> Vec<&'static Contract> {
    ALL.iter().map(|vendor| vendor.contract()).collect()
}

/// What `PROVIDER` or `PROVIDER/OPERATION` names.
pub fn find_scope(name: &str) -> Result<OperationScope> {
    if !name.contains('/') {
        return Ok(OperationScope::Provider(find(name)?.contract()));
    }
    let (vendor, operation) = find_operation(name)?;
    Ok(OperationScope::Operation(Named { contract: vendor.contract(), operation }))
}

/// The vendor and the operation that `PROVIDER/OPERATION` names.
pub fn find_operation(name: &str) -> Result<(&'static dyn Vendor, &'static Operation)> {
    let Some((provider, id)) = name.split_once('/') else {
        return Err(Error::usage(format!("`{name}` is not of the form PROVIDER/OPERATION"))
            .help("as in `wildfire/send`; `herald providers` lists them"));
    };
    let vendor = find(provider)?;
    let operations = vendor.contract().operations;
    let operation = operations.iter().find(|operation| operation.id == id).ok_or_else(|| {
        let ids = operations.iter().map(|operation| operation.id);
        let help = did_you_mean(id, ids).unwrap_or_else(|| {
            format!("{} lists its operations", suggest("providers").arg(provider))
        });
        Error::usage(format!("`{provider}` has no operation `{id}`")).help(help)
    })?;
    Ok((vendor, operation))
}
