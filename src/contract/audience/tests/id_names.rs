//! Every row whose name says that it holds ids of targets or senders has the mark of such rows.

use std::collections::BTreeSet;

use super::*;
use crate::contract::audience::given_ids::GivenId;
use crate::contract::walk::{self, SeenRow, WalkedRow};
use crate::contract::{Contract, Field, Kind};
use crate::document::Trail;

/// How names of such rows end, without the case of letters and what stands between words.
const ENDINGS: [&str; 37] = [
    "alias",
    "atlist",
    "buschannel",
    "channel",
    "channelid",
    "chatroomid",
    "deviceid",
    "fromid",
    "groupid",
    "groupids",
    "mentionedtarget",
    "operator",
    "packagename",
    "peer",
    "receiver",
    "receivers",
    "receivervalue",
    "registrationid",
    "registrationids",
    "robotid",
    "roomid",
    "sender",
    "tag",
    "tagid",
    "tagids",
    "tags",
    "tagand",
    "tagnot",
    "tagor",
    "target",
    "targetid",
    "targets",
    "userid",
    "useridlist",
    "userids",
    "username",
    "usernames",
];
/// Whole names of such rows.
const NAMES: [&str; 7] = ["from", "gid", "members", "roamignoreusers", "to", "users", "tousers"];

/// Rows that only have such a name, and what they are.
const OTHERS: [(&str, &str, &str); 9] = [
    ("easemob", "channelId", "a channel of notifications on the phone"),
    ("easemob", "em_push_channel_id", "a channel of notifications on the phone"),
    ("easemob", "fcm_channel_id", "a channel of notifications on the phone"),
    ("easemob", "biTag", "a word for statistics of a phone maker"),
    ("easemob", "restrictedPackageName", "the app itself"),
    ("easemob", "tag", "notifications with the same one replace each other"),
    ("jpush-v3", "channel_id", "a channel of notifications on the phone"),
    ("rongcloud", "channelId", "a channel of notifications on the phone"),
    ("rongcloud", "sendUserName", "a name that people read"),
];

fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}

fn looks_like_an_id(name: &str) -> bool {
    let name = folded(name);
    NAMES.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a value of this kind can be an id.
fn can_be_an_id(kind: &Kind) -> bool {
    match kind {
        Kind::Any | Kind::Text | Kind::Digits => true,
        Kind::List(item) | Kind::OneOrList(item) | Kind::CommaText(item) => {
            can_be_an_id(&item.kind)
        }
        Kind::Union(kinds) => kinds.iter().any(can_be_an_id),
        _ => false,
    }
}

fn is_marked(field: &Field) -> bool {
    let inside = |kind: &Kind| match kind {
        Kind::List(item) | Kind::OneOrList(item) | Kind::CommaText(item) => item.id,
        _ => false,
    };
    field.id || inside(&field.kind)
}

#[test]
fn rows_that_are_called_like_ids_are_marked() {
    let (mut missing, mut used) = (BTreeSet::new(), BTreeSet::new());
    let mut see = |contract: &'static Contract, of: &str, seen: &SeenRow<'_>| {
        let WalkedRow::Field(field) = seen.row else { return };
        for name in std::iter::once(&field.name).chain(field.aliases) {
            if !looks_like_an_id(name) || !can_be_an_id(&field.kind) || is_marked(field) {
                continue;
            }
            match OTHERS.iter().find(|other| (other.0, other.1) == (contract.id, *name)) {
                Some(other) => drop(used.insert(*other)),
                None => drop(missing.insert(format!("{} {of}: {}", contract.id, seen.path))),
            }
        }
    };
    for vendor in crate::provider::ALL {
        let contract = vendor.contract();
        for row in contract.operations {
            walk::operation(contract, row, &mut |seen| see(contract, row.id, seen));
        }
        for row in contract.types {
            walk::message_type(contract, row, &mut |seen| see(contract, row.id, seen));
        }
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "add .id() to the rows of\n{}", missing.join("\n"));
    let unused: Vec<_> = OTHERS.iter().filter(|other| !used.contains(*other)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// A payload in which an id stands at a path, alone or in a list.
fn payload(path: &str, is_list: bool) -> String {
    path.trim_start_matches('/').rsplit('/').fold(
        if is_list { r#"["bob"]"#.to_owned() } else { r#""bob""#.to_owned() },
        |inner, step| {
            if step == "*" { format!("[{inner}]") } else { format!("{{\"{step}\":{inner}}}") }
        },
    )
}

#[test]
fn whoever_is_reached_or_sends_stands_in_marked_rows() {
    let mut missing = Vec::new();
    for vendor in crate::provider::ALL {
        let contract = vendor.contract();
        for row in contract.operations {
            let mut paths = Vec::new();
            if !matches!(row.reach, Reach::Read(..)) {
                row.reach.each_target_path(&mut |path| paths.push(path));
            }
            // The word that says of which kind a target is.
            paths.retain(|path| !folded(path).ends_with("type"));
            paths.extend(Some(row.sender).filter(|path| !path.is_empty()));
            for path in paths {
                let is_found = |is_list: bool| {
                    let document = Document::parse(&*payload(path, is_list)).expect("JSON");
                    let trail = Trail::new(&document);
                    GivenId::all(row, trail.root()).iter().any(|given| given.id == "bob")
                };
                if !is_found(false) && !is_found(true) {
                    missing.push(format!("{}/{}: {path}", contract.id, row.id));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
