//! Message types: their names, their facts, and which of them `content` is.

use super::content::{
    COMBINE, COMMAND, COMMAND_NOTIFICATION, CONTACT, CONTACT_CARD, FILE, GIF, GROUP, IMAGE, INFO,
    LOCATION, PROFILE, READ_RECEIPT, RECALL_COMMAND, REFERENCE, RICH, ROOM_KEY, SIGHT, STICKER,
    TEXT, TYPING, VOICE, VOICE_LEGACY,
};
use super::fields::{CONTENT_LIMITS, text as plain};
use crate::contract::{
    Case, Choice, Field, InnerKind, Kind, Limit, Lit, MessageType, Shape, Variant, rows,
};
use crate::text::{Text, en};

const fn held(inner: &'static InnerKind) -> Field {
    Field::new("content", Kind::JsonText(inner), "The message as JSON text, at most 128 KB")
        .limits(CONTENT_LIMITS)
        .required()
        .composed()
        .sdk(TEMPLATE)
}

/// What the methods for templates of the PHP, Node and Java SDKs call the content.
const TEMPLATE: &[&str] = &["template"];

static FREE: Shape = Shape::of(rows! {
    plain("content", "The message in the app's own form, at most 128 KB")
        .limits(&[Limit::filled(), Limit::bytes(131_072).rule("E14"), Limit::bytes(128_000).rule("W23")]).required()
        .composed().sdk(TEMPLATE),
});

macro_rules! by_name {
    ($($wire:literal => $inner:ident;)*) => {
        &[Variant {
            by: "objectName",
            cases: &[$(Case {
                is: &[Lit::Text($wire)],
                shape: {
                    static SHAPE: Shape = Shape::of(&[held(&$inner)]);
                    &SHAPE
                },
            },)*],
            otherwise: Some(&FREE),
        }]
    };
}

/// What `content` is, by the type's name.
pub(super) const CONTENT_BY_NAME: &[Variant] = by_name! {
    "RC:TxtMsg" => TEXT;
    "RC:ImgMsg" => IMAGE;
    "RC:GIFMsg" => GIF;
    "RC:HQVCMsg" => VOICE;
    "RC:FileMsg" => FILE;
    "RC:SightMsg" => SIGHT;
    "RC:LBSMsg" => LOCATION;
    "RC:InfoNtf" => INFO;
    "RC:ProfileNtf" => PROFILE;
    "RC:ContactNtf" => CONTACT;
    "RC:CmdMsg" => COMMAND;
    "RC:ReferenceMsg" => REFERENCE;
    "RC:CombineMsg" => COMBINE;
    "RC:VcMsg" => VOICE_LEGACY;
    "RC:ImgTextMsg" => RICH;
    "RC:GrpNtf" => GROUP;
    "RC:CmdNtf" => COMMAND_NOTIFICATION;
    "RC:RcCmd" => RECALL_COMMAND;
    "RC:ReadNtf" => READ_RECEIPT;
    "RC:TypSts" => TYPING;
    "RC:chrmKVNotiMsg" => ROOM_KEY;
    "RC:CardMsg" => CONTACT_CARD;
    "RC:StkMsg" => STICKER;
};

const fn name(wire: &'static str) -> Choice {
    Choice::word(wire, Text::NONE)
}

const fn old(wire: &'static str, instead: Text) -> Choice {
    Choice::word(wire, instead).remark("H02")
}

const fn reserved(wire: &'static str, about: Text) -> Choice {
    Choice::word(wire, about).remark("W28")
}

/// A name in client code alone.
const fn undescribed(wire: &'static str) -> Choice {
    Choice::word(wire, en("official client code has it, and no document describes it"))
        .remark("H09")
}

const BY_CLIENTS: Text = en("only clients send it");
const CALLS: Text = en("only clients send it, for calls");
const LIVE_PLACE: Text = en("only clients send it, for live locations");
const ACCOUNTS: Text = en("only public accounts send it");

/// Every name that begins with `RC:` and that a source has: the server documents, or the client code of
/// rongcloud/android-ui-sdk-set, rongcloud/ios-ui-sdk-set (both 2026-06-30), rongcloud/rongcloud-im-flutter-sdk
/// (2026-06-23) and rongcloud/rongcloud-web-im-sdk-v2 (2019-12-18).
pub(super) const OBJECT_NAMES: &[Choice] = &[
    name("RC:TxtMsg"),
    name("RC:ImgMsg"),
    name("RC:GIFMsg"),
    name("RC:HQVCMsg"),
    name("RC:FileMsg"),
    name("RC:SightMsg"),
    name("RC:LBSMsg"),
    name("RC:InfoNtf"),
    name("RC:ProfileNtf"),
    name("RC:ContactNtf"),
    name("RC:CmdMsg"),
    name("RC:ReferenceMsg"),
    name("RC:CombineMsg"),
    old("RC:VcMsg", en("`RC:HQVCMsg` replaces it, which holds an address instead of the voice")),
    old("RC:ImgTextMsg", en("no longer recommended; use a type of your own")),
    name("RC:GrpNtf"),
    name("RC:CmdNtf"),
    old("RC:RcCmd", en("`recall-broadcast` replaces it, without using up a broadcast")),
    name("RC:ReadNtf"),
    name("RC:TypSts"),
    name("RC:chrmKVNotiMsg"),
    name("RC:CardMsg"),
    name("RC:StkMsg"),
    undescribed("RC:VSTMsg"),
    undescribed("RC:DizNtf"),
    undescribed("RC:PSCmd"),
    undescribed("RC:CSCha"),
    undescribed("RC:CsChaR"),
    undescribed("RC:CsContact"),
    undescribed("RC:CsEnd"),
    undescribed("RC:CsEva"),
    undescribed("RC:CsHs"),
    undescribed("RC:CsHsR"),
    undescribed("RC:CsSp"),
    undescribed("RC:CsUpdate"),
    undescribed("RC:HsMsg"),
    undescribed("RC:SpMsg"),
    undescribed("RC:OldMsgNtf"),
    undescribed("RC:UIUMsg"),
    reserved("RC:StreamMsg", en("only the streaming operations send it")),
    reserved("RC:RcNtf", BY_CLIENTS),
    reserved("RC:RRReqMsg", BY_CLIENTS),
    reserved("RC:RRRspMsg", BY_CLIENTS),
    reserved("RC:RRMsg", BY_CLIENTS),
    reserved("RC:SRSMsg", BY_CLIENTS),
    reserved("RC:MsgExMsg", BY_CLIENTS),
    reserved("RC:CombineV2Msg", BY_CLIENTS),
    reserved("RC:VCAccept", CALLS),
    reserved("RC:VCHangup", CALLS),
    reserved("RC:VCInvite", CALLS),
    reserved("RC:VCModifyMedia", CALLS),
    reserved("RC:VCModifyMem", CALLS),
    reserved("RC:VCRinging", CALLS),
    reserved("RC:VCSummary", CALLS),
    reserved("RC:RLStart", LIVE_PLACE),
    reserved("RC:RLEnd", LIVE_PLACE),
    reserved("RC:RLJoin", LIVE_PLACE),
    reserved("RC:RLQuit", LIVE_PLACE),
    reserved("RC:PSImgTxtMsg", ACCOUNTS),
    reserved("RC:PSMultiImgTxtMsg", ACCOUNTS),
];

const SEED: &str = "RongCloud v4 documentation, message structures";
const DOCS: &str = "RongCloud platform chat API, object names";
const SDK: &str = "official server SDKs";
const CLIENTS: &str = "rongcloud/android-ui-sdk-set, rongcloud/ios-ui-sdk-set (2026-06-30)";

const BASE: MessageType = MessageType {
    id: "",
    wire: Lit::Text(""),
    about: Text::NONE,
    content: None,
    facts: "stored, counted, kept offline, pushed",
    by_hand: true,
    flag: "",
    source: SEED,
};
const QUIET: &str = "stored, not counted, kept offline, not pushed";

const fn kind(
    id: &'static str,
    wire: &'static str,
    inner: &'static InnerKind,
    about: &'static str,
) -> MessageType {
    MessageType { id, wire: Lit::Text(wire), about: en(about), content: Some(inner.kind), ..BASE }
}

/// Every message type.
pub(super) const TYPES: &[MessageType] = rows! {
    MessageType { flag: "--text", ..kind("text", "RC:TxtMsg", &TEXT, "Text") },
    MessageType { flag: "--image", ..kind("image", "RC:ImgMsg", &IMAGE, "Picture with thumbnail") },
    kind("gif", "RC:GIFMsg", &GIF, "Animated picture"),
    MessageType { flag: "--voice", ..kind("voice", "RC:HQVCMsg", &VOICE, "Voice by address") },
    MessageType { flag: "--file", ..kind("file", "RC:FileMsg", &FILE, "File by address") },
    MessageType { flag: "--video",..kind("sight", "RC:SightMsg", &SIGHT, "Short film by address") },
    MessageType { flag: "--location", ..kind("location", "RC:LBSMsg", &LOCATION, "Place") },
    MessageType { facts: QUIET,..kind("info-notification", "RC:InfoNtf", &INFO, "Grey line in the conversation") },
    MessageType { facts: QUIET,..kind("profile-notification", "RC:ProfileNtf", &PROFILE, "A user's data changed") },
    MessageType { facts: QUIET,..kind("contact-notification", "RC:ContactNtf", &CONTACT, "Friend request or answer") },
    MessageType { facts: "not stored, not counted, kept offline, not pushed",
        flag: "--command",..kind("command", "RC:CmdMsg", &COMMAND, "Command to the app, without a trace") },
    MessageType { source: DOCS,..kind("reference", "RC:ReferenceMsg", &REFERENCE, "Reply that quotes") },
    MessageType { source: DOCS,..kind("combine", "RC:CombineMsg", &COMBINE, "Bundle of messages") },
    MessageType { content: None,
        source: DOCS,..kind("stream", "RC:StreamMsg", &TEXT, "Text in chunks, by the streaming operations alone") },
    MessageType { source: SDK,..kind("voice-legacy", "RC:VcMsg", &VOICE_LEGACY,
        "Voice inside the message; use `voice`") },
    MessageType { source: SDK,..kind("rich-content", "RC:ImgTextMsg", &RICH,
        "Picture, text and link; not recommended") },
    MessageType { facts: QUIET,
        source: SDK,..kind("group-notification", "RC:GrpNtf", &GROUP, "Something happened in a group") },
    MessageType { facts: QUIET,
        source: DOCS,..kind("command-notification", "RC:CmdNtf", &COMMAND_NOTIFICATION, "Command with a trace") },
    MessageType { facts: "not stored, not counted, kept offline, pushed",
        source: DOCS,..kind("recall-command", "RC:RcCmd", &RECALL_COMMAND, "Recall of a broadcast, the old way") },
    MessageType { facts: "stored, not counted, not pushed", content: None, by_hand: false,
        source: DOCS,..kind("recall-notification", "RC:RcNtf", &TEXT, "What clients show of a recall") },
    MessageType { facts: "not stored, not counted, kept offline, not pushed",
        source: DOCS,..kind("read-receipt", "RC:ReadNtf", &READ_RECEIPT, "Read up to here") },
    MessageType { facts: "not stored, not counted, not kept offline, not pushed",
        source: SDK,..kind("typing", "RC:TypSts", &TYPING, "A user is writing; for status operations") },
    MessageType { facts: QUIET,
        source: SDK,..kind("chatroom-kv", "RC:chrmKVNotiMsg", &ROOM_KEY, "An entry of a chat room changed") },
    MessageType { facts: "stored, counted, kept offline, pushed with the `pushContent` that is given",
        source: CLIENTS,..kind("contact-card", "RC:CardMsg", &CONTACT_CARD, "Card of a user, of the vendor's own client kits") },
    MessageType { facts: "stored, counted, kept offline, pushed with the `pushContent` that is given",
        source: CLIENTS,..kind("sticker", "RC:StkMsg", &STICKER, "Sticker of the vendor's own client kits") },
    MessageType { id: "custom", wire: Lit::Text("custom"),
        about: en("The app's own type: give its name as `objectName`"),
        facts: "as registered in the client; pushed only with `pushContent`",..BASE },
};

/// The text that clients are pushed where the sender gives none; `None` where the type is not pushed by itself.
pub(super) fn push_text(object_name: &str) -> Option<&'static str> {
    Some(match object_name {
        "RC:TxtMsg" | "RC:ReferenceMsg" | "RC:StreamMsg" => "",
        "RC:ImgMsg" | "RC:GIFMsg" => "[图片]",
        "RC:HQVCMsg" | "RC:VcMsg" => "[语音]",
        "RC:FileMsg" => "[文件]",
        "RC:SightMsg" => "[小视频]",
        "RC:LBSMsg" => "[位置]",
        "RC:CombineMsg" => "[聊天记录]",
        "RC:ImgTextMsg" => "[图文]",
        _ => return None,
    })
}

/// Whether a name belongs to RongCloud.
pub(super) fn is_reserved(name: &str) -> bool {
    name.starts_with("RC:")
}
