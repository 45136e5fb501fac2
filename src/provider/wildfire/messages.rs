//! The message types: their numbers, what each must carry, and how they are meant to travel.

use super::content::{
    ARTICLES, CARD, COMPOSITE, FILE, GENERATED, GENERATING, IMAGE, LINK, LOCATION, P_TEXT, RICH,
    STICKER, TEXT, TIP, VIDEO, VOICE,
};
use crate::contract::{Choice, Kind, Lit, MessageType, Shape, rows};
use crate::text::{Text, en};

/// What herald knows of a type beside its fields.
#[derive(Clone, Copy)]
pub(super) struct KnownType {
    /// Its number on the wire.
    pub(super) number: i64,
    /// Its id.
    pub(super) id: &'static str,
    about: Text,
    /// The `persistFlag` that clients expect; `None` where any will do.
    pub(super) flag: Option<i64>,
    /// Whether it may be sent through this API, and by which sender.
    pub(super) sent: SentBy,
    /// The bucket of its medium.
    pub(super) media: Option<i64>,
    shape: Option<&'static Shape>,
    neutral: &'static str,
}

/// Who sends a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SentBy {
    /// People and programs, through this API.
    ByHand,
    /// A service of the vendor's; this API carries it.
    ByService,
    /// Servers and clients themselves.
    Never,
}

const fn row(number: i64, id: &'static str, flag: i64, about: &'static str) -> KnownType {
    let (about, flag) = (en(about), Some(flag));
    let sent = SentBy::ByHand;
    KnownType { number, id, about, flag, sent, media: None, shape: None, neutral: "" }
}

const fn service(number: i64, id: &'static str, flag: i64, about: &'static str) -> KnownType {
    KnownType { sent: SentBy::ByService, ..row(number, id, flag, about) }
}

const fn never(number: i64, id: &'static str, about: &'static str) -> KnownType {
    KnownType { sent: SentBy::Never, flag: None, ..row(number, id, 0, about) }
}

impl KnownType {
    const fn of(self, shape: &'static Shape) -> Self {
        Self { shape: Some(shape), ..self }
    }

    const fn media(self, media: i64) -> Self {
        Self { media: Some(media), ..self }
    }

    const fn flagged(self, neutral: &'static str) -> Self {
        Self { neutral, ..self }
    }
}

/// Types that people send come first, then those that the server and the clients make.
const KNOWN: &[KnownType] = rows! {
    row(1, "text", 3, "Text").of(&TEXT).flagged("--text"),
    row(2, "voice", 3, "Voice message").of(&VOICE).media(2).flagged("--voice"),
    row(3, "image", 3, "Image").of(&IMAGE).media(1).flagged("--image"),
    row(4, "location", 3, "Place on the map").of(&LOCATION).flagged("--location"),
    row(5, "file", 3, "File").of(&FILE).media(4).flagged("--file"),
    row(6, "video", 3, "Video").of(&VIDEO).media(3).flagged("--video"),
    row(7, "sticker", 3, "Sticker").of(&STICKER).media(7),
    row(8, "link", 3, "Link with title and picture").of(&LINK),
    row(9, "p-text", 1, "Text that is not counted as unread").of(&P_TEXT),
    row(10, "card", 3, "Card of a user, group or channel").of(&CARD),
    row(11, "composite", 3, "Several messages in one").of(&COMPOSITE),
    row(12, "rich-notification", 3, "Notice with a title").of(&RICH).flagged("--title with --text"),
    row(13, "articles", 3, "Articles of a channel").of(&ARTICLES),
    row(14, "streaming-generating", 4, "Text so far of a stream").of(&GENERATING),
    row(15, "streaming-generated", 3, "Whole text of a stream").of(&GENERATED),
    service(17, "collection", 3, "Collection among members"),
    service(18, "poll", 3, "Poll"),
    service(19, "poll-result", 3, "Result of a poll"),
    row(20, "streaming-cancelled", 4, "End of a stream without result"),
    service(25, "meeting-minutes", 3, "Minutes of a meeting"),
    service(26, "transcription", 4, "Live transcription of a meeting"),
    row(90, "tip", 1, "Grey line in the conversation").of(&TIP),
    row(91, "typing", 4, "A user is typing"),
    row(510, "mix-media-text", 3, "Text with media, for PC clients"),
    row(511, "mix-file-text", 3, "Text with files, for PC clients"),
    KnownType { flag: None, ..row(1000, "custom", 3, "Own type, 1000 and above") }.flagged("--command"),
    never(0, "unknown", "Content that a client cannot decode"),
    never(16, "not-delivered", "A message did not arrive"),
    never(23, "ptt-voice", "Push-to-talk voice"),
    never(31, "mark-unread-sync", "Unread marks among one user's devices"),
    never(32, "content-update", "Change of a message"),
    never(40, "secret-chat-create", "Secret chat asked for"),
    never(41, "secret-chat-accept", "Secret chat accepted"),
    never(42, "secret-chat-destroy", "Secret chat ended"),
    never(43, "secret-chat-message", "Message of a secret chat"),
    never(46, "burn-read", "Burn after reading: read"),
    never(47, "burn-played", "Burn after reading: played"),
    never(71, "channel-enter", "A user opened a channel"),
    never(72, "channel-leave", "A user left a channel"),
    never(73, "channel-menu-event", "A user chose from a channel's menu"),
    never(80, "recall-notice", "A message was recalled"),
    never(81, "delete-notice", "A message was deleted"),
    never(92, "friend-greeting", "Greeting of a new friend"),
    never(93, "friend-added", "Two users are friends"),
    never(94, "pc-login-request", "Login of a PC client"),
    never(100, "general-notification", "Notice of the server"),
    never(104, "group-create", "Group created"),
    never(105, "group-add-member", "Group members added"),
    never(106, "group-kick-member", "Group members removed"),
    never(107, "group-quit", "Group member left"),
    never(108, "group-dismiss", "Group dissolved"),
    never(109, "group-transfer", "Group has a new owner"),
    never(110, "group-rename", "Group has a new name"),
    never(111, "group-alias", "Group member has a new alias"),
    never(112, "group-portrait", "Group has a new portrait"),
    never(113, "group-mute", "Group muted"),
    never(114, "group-join-type", "Way to join a group changed"),
    never(115, "group-private-chat", "Private chats in a group changed"),
    never(116, "group-searchable", "Group can be found or not"),
    never(117, "group-set-manager", "Group managers changed"),
    never(118, "group-mute-member", "Group member muted"),
    never(119, "group-allow-member", "Group member may speak"),
    never(120, "group-kick-visible", "Removal from a group, seen by all"),
    never(121, "group-quit-visible", "Leave of a group, seen by all"),
    never(122, "group-extra", "Group's extra data changed"),
    never(123, "group-member-extra", "Group member's extra data changed"),
    never(124, "group-settings", "Group settings changed"),
    never(125, "group-reject-join", "Invitation to a group turned down"),
    never(400, "call-start", "Call begun"),
    never(401, "call-accept", "Call answered"),
    never(402, "call-end", "Call ended"),
    never(403, "call-signal", "Signal of a call"),
    never(404, "call-modify", "Call changed"),
    never(405, "call-accept-t", "Call answered, transparently"),
    never(406, "call-add-participant", "Participant added to a call"),
    never(407, "call-mute-video", "Video of a call switched"),
    never(408, "conference-invite", "Invitation to a conference"),
    never(410, "conference-mode", "Conference mode changed"),
    never(411, "conference-kick", "Removal from a conference"),
    never(412, "conference-command", "Command of a conference"),
    never(416, "call-ongoing", "Call under way"),
    never(417, "call-join-request", "Wish to join a call"),
    never(430, "remote-control", "Remote control"),
    never(431, "remote-control-431", "Remote control"),
    never(432, "remote-control-432", "Remote control"),
    never(433, "remote-control-433", "Remote control"),
    never(434, "remote-control-434", "Remote control"),
    never(501, "moments-feed", "Post in moments"),
    never(502, "moments-comment", "Comment in moments"),
    never(610, "backup", "Backup between devices"),
    never(611, "backup-611", "Backup between devices"),
    never(612, "restore", "Restore between devices"),
    never(613, "restore-613", "Restore between devices"),
};

/// The first number of own types.
pub(super) const CUSTOM: i64 = 1000;

/// What is known of a type; own types share one row.
pub(super) fn known(number: i128) -> Option<&'static KnownType> {
    let number = number.min(i128::from(CUSTOM));
    KNOWN.iter().find(|known| i128::from(known.number) == number)
}

/// What is known of the type with an id.
pub(super) fn by_id(id: &str) -> Option<&'static KnownType> {
    KNOWN.iter().find(|known| known.id == id)
}

/// Whether a number that has no row of its own lies among those of calls and secret chats.
pub(super) const fn is_internal(number: i128) -> bool {
    matches!(number, 40..=47 | 104..=125 | 400..=417 | 430..=434)
}

/// Every type, as rows of the contract.
pub(super) static TYPES: [MessageType; KNOWN.len()] = {
    const EMPTY: MessageType = message_type(&KNOWN[0]);
    let mut rows = [EMPTY; KNOWN.len()];
    let mut i = 0;
    while i < KNOWN.len() {
        rows[i] = message_type(&KNOWN[i]);
        i += 1;
    }
    rows
};

/// Every type, as values of the field `type`.
pub(super) static CHOICES: [Choice; KNOWN.len()] = {
    let mut choices = [Choice::int(0, "", Text::NONE); KNOWN.len()];
    let mut i = 0;
    while i < KNOWN.len() {
        choices[i] = Choice::int(KNOWN[i].number, KNOWN[i].id, KNOWN[i].about);
        i += 1;
    }
    choices
};

const fn message_type(known: &KnownType) -> MessageType {
    MessageType {
        id: known.id,
        wire: Lit::Int(known.number),
        about: known.about,
        content: match known.shape {
            Some(shape) => Some(Kind::Object(shape)),
            None => None,
        },
        facts: facts(known),
        by_hand: matches!(known.sent, SentBy::ByHand),
        flag: known.neutral,
        source: "predefined_message_content.md",
    }
}

const fn facts(known: &KnownType) -> &'static str {
    match (known.sent, known.flag) {
        (SentBy::Never, _) => "made by the server and the clients, not to be sent",
        (SentBy::ByService, _) => "needs a service of its own beside the server",
        (_, Some(3)) => "persistFlag 3: kept and counted as unread",
        (_, Some(1)) => "persistFlag 1: kept, not counted",
        (_, Some(4)) => "persistFlag 4: for who is online, gone after 10 s",
        _ => "any persistFlag",
    }
}
