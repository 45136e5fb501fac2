//! The rule for files that herald relies on, over plain values. ssh has the same rule: the owner is the user or root,
//! and neither group nor others may write.

use std::fmt;

/// The sticky bit of a mode: only the owner of an entry can remove it from the folder.
const STICKY: u32 = 0o1000;

/// What a file system says about who may change a file or a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerAndMode {
    /// The user id of the owner.
    pub owner: u32,
    /// The group id.
    pub group: u32,
    /// The permission bits, 07777.
    pub mode: u32,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// Who may own what is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerRule {
    /// The user who runs herald, or root.
    UserOrRoot,
    /// Any user: for files that are only read, and do not affect what is sent.
    Anyone,
}

/// The user that files are checked for.
#[derive(Clone, Copy)]
pub struct TrustRule<'a> {
    /// The effective user id.
    pub user: u32,
    /// Whether a group has no members except the user and root.
    pub is_own_group: &'a dyn Fn(u32) -> bool,
}

impl fmt::Debug for TrustRule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustRule").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What is wrong with the access to a file. At least one of the fields is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustFault {
    /// The owner, if it is neither the user nor root.
    pub owner: Option<u32>,
    /// The group, if its members may write and include other users.
    pub group: Option<u32>,
    /// Whether all users may write.
    pub others: bool,
}

impl TrustRule<'_> {
    /// Checks a file or a folder.
    pub fn judge(&self, file: OwnerAndMode, owner: OwnerRule) -> Result<(), TrustFault> {
        let OwnerAndMode { owner: uid, group, mode, is_folder } = file;
        // In a sticky folder a user cannot replace or remove a file of another user.
        let is_sticky = is_folder && mode & STICKY != 0;
        let is_foreign = owner == OwnerRule::UserOrRoot && uid != self.user && uid != 0;
        let group_writes = !is_sticky && mode & 0o020 != 0;
        let fault = TrustFault {
            owner: is_foreign.then_some(uid),
            group: Some(group).filter(|group| group_writes && !(self.is_own_group)(*group)),
            others: !is_sticky && mode & 0o002 != 0,
        };
        let is_fine = fault.owner.is_none() && fault.group.is_none() && !fault.others;
        if is_fine { Ok(()) } else { Err(fault) }
    }
}

impl fmt::Display for TrustFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(owner) = self.owner {
            write!(f, "it belongs to the user {owner}")?;
        }
        let writers = match (self.group, self.others) {
            (None, false) => return Ok(()),
            (None, true) => "all users can write it".to_owned(),
            (Some(group), false) => format!("the group {group} can write it"),
            (Some(group), true) => format!("the group {group} and all other users can write it"),
        };
        let joint = if self.owner.is_some() { ", and " } else { "" };
        write!(f, "{joint}{writers}")
    }
}

impl std::error::Error for TrustFault {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USER: u32 = 1000;
    const OWN_GROUP: u32 = 1000;
    const TEAM: u32 = 27;

    fn rule() -> TrustRule<'static> {
        TrustRule { user: USER, is_own_group: &|group| group == OWN_GROUP }
    }

    fn file(owner: u32, group: u32, mode: u32) -> OwnerAndMode {
        OwnerAndMode { owner, group, mode, is_folder: false }
    }

    fn folder(owner: u32, group: u32, mode: u32) -> OwnerAndMode {
        OwnerAndMode { is_folder: true, ..file(owner, group, mode) }
    }

    /// What is wrong, in words; empty if nothing is.
    fn fault(file: OwnerAndMode, owner: OwnerRule) -> String {
        rule().judge(file, owner).err().map_or(String::new(), |fault| fault.to_string())
    }

    #[test]
    fn a_file_is_the_users_or_roots_and_only_its_owner_writes() {
        for (what, expected) in [
            (file(USER, TEAM, 0o600), ""),
            (file(USER, TEAM, 0o644), ""),
            (file(0, 0, 0o644), ""),
            (file(USER, OWN_GROUP, 0o664), ""),
            (file(0, OWN_GROUP, 0o660), ""),
            (file(USER, TEAM, 0o660), "the group 27 can write it"),
            (file(USER, OWN_GROUP, 0o666), "all users can write it"),
            (file(USER, TEAM, 0o602), "all users can write it"),
            (file(USER, TEAM, 0o666), "the group 27 and all other users can write it"),
            (file(1234, OWN_GROUP, 0o600), "it belongs to the user 1234"),
            (file(1234, TEAM, 0o620), "it belongs to the user 1234, and the group 27 can write it"),
            (
                file(1234, TEAM, 0o666),
                "it belongs to the user 1234, and the group 27 and all other users can write it",
            ),
            // The bit has no meaning on a file.
            (file(USER, TEAM, 0o1666), "the group 27 and all other users can write it"),
            (folder(USER, TEAM, 0o755), ""),
            (folder(0, 0, 0o755), ""),
            (folder(USER, OWN_GROUP, 0o2775), ""),
            (folder(0, 0, 0o1777), ""),
            (folder(USER, TEAM, 0o1770), ""),
            (folder(USER, TEAM, 0o775), "the group 27 can write it"),
            (folder(0, 0, 0o777), "the group 0 and all other users can write it"),
            (folder(1234, TEAM, 0o1777), "it belongs to the user 1234"),
        ] {
            assert_eq!(fault(what, OwnerRule::UserOrRoot), expected, "{what:?}");
        }
    }

    #[test]
    fn what_is_only_read_may_belong_to_anyone_who_alone_writes_it() {
        for (what, expected) in [
            (file(1234, TEAM, 0o644), ""),
            (folder(1234, TEAM, 0o755), ""),
            (folder(1234, TEAM, 0o1777), ""),
            (file(1234, TEAM, 0o664), "the group 27 can write it"),
            (file(1234, TEAM, 0o646), "all users can write it"),
            (folder(1234, TEAM, 0o777), "the group 27 and all other users can write it"),
        ] {
            assert_eq!(fault(what, OwnerRule::Anyone), expected, "{what:?}");
        }
    }

    proptest! {
        /// A file passes if every user who could write it is the user or root.
        #[test]
        fn a_file_passes_exactly_where_no_third_user_can_write(
            owner in prop::sample::select(vec![0, USER, 1234]),
            group in prop::sample::select(vec![0, OWN_GROUP, TEAM]),
            mode in 0_u32..0o10000,
            is_folder: bool,
        ) {
            let what = OwnerAndMode { owner, group, mode, is_folder };
            let kept_apart = is_folder && mode & 0o1000 != 0;
            let third = owner == 1234
                || !kept_apart && (mode & 0o002 != 0 || mode & 0o020 != 0 && group != OWN_GROUP);
            prop_assert_eq!(rule().judge(what, OwnerRule::UserOrRoot).is_err(), third);
        }
    }
}
