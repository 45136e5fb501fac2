//! The members of a group, from the text of `/etc/passwd` and `/etc/group`.
//!
//! Other user directories are not queried: a group that these files do not contain, or that they leave to another
//! directory, counts as a group with other members.

/// Whether a group has no members except a user and root.
pub(super) fn is_own_group(passwd: &str, groups: &str, group: u32, user: u32) -> bool {
    if [passwd, groups].iter().any(|text| leaves_to_others(text)) {
        return false;
    }
    let is_trusted = |uid: u32| uid == user || uid == 0;
    let accounts: Vec<PasswdAccount<'_>> = records(passwd).filter_map(account).collect();
    let mut known = false;
    for record in records(groups) {
        let [_, _, id, members, ..] = record[..] else { continue };
        if id.parse() != Ok(group) {
            continue;
        }
        known = true;
        // A name may belong to several accounts, and each of them is in the group.
        let is_member_trusted = |name: &str| {
            let mut ids = accounts.iter().filter(|account| account.name == name).peekable();
            ids.peek().is_some() && ids.all(|account| is_trusted(account.user))
        };
        if !members.split(',').filter(|name| !name.is_empty()).all(is_member_trusted) {
            return false;
        }
    }
    // A user who is not in the file comes from another directory, which may contain more members.
    let is_user_known = accounts.iter().any(|account| account.user == user);
    let mut by_account = accounts.iter().filter(|account| account.group == group);
    known && is_user_known && by_account.all(|account| is_trusted(account.user))
}

struct PasswdAccount<'a> {
    name: &'a str,
    user: u32,
    group: u32,
}

fn account<'a>(record: Vec<&'a str>) -> Option<PasswdAccount<'a>> {
    let [name, _, user, group, ..] = record[..] else { return None };
    Some(PasswdAccount { name, user: user.parse().ok()?, group: group.parse().ok()? })
}

fn records(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.trim().split(':').collect())
}

/// Whether a file includes the accounts of another directory: lines that begin with `+` or `-`.
fn leaves_to_others(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(['+', '-']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann:/home/ann:/bin/sh\n\
                          bob:x:1001:1001::/home/bob:/bin/sh\ncy:x:1002:50::/:/bin/sh\nbroken\n";

    #[test]
    fn a_group_is_the_users_own_where_no_third_user_is_in_it() {
        for (groups, group, user, expected) in [
            ("ann:x:1000:", 1000, 1000, true),
            ("ann:x:1000:ann", 1000, 1000, true),
            ("ann:x:1000:ann,root", 1000, 1000, true),
            ("ann:x:1000:ann,bob", 1000, 1000, false),
            ("ann:x:1000:ann,stranger", 1000, 1000, false),
            ("ann:x:1000:\nother:x:1000:bob", 1000, 1000, false),
            ("root:x:0:", 0, 1000, true),
            ("root:x:0:", 0, 0, true),
            ("root:x:0:bob", 0, 0, false),
            ("ann:x:1000:", 1000, 0, false),
            // Its account is in the group, although the list does not name it.
            ("staff:x:50:ann", 50, 1000, false),
            ("empty:x:60:", 60, 1000, true),
            // Neither file contains the group, or the user.
            ("ann:x:1000:", 27, 1000, false),
            ("", 1000, 1000, false),
            ("empty:x:60:", 60, 4242, false),
            // Another directory has more members.
            ("ann:x:1000:\n+:::", 1000, 1000, false),
        ] {
            assert_eq!(
                is_own_group(PASSWD, groups, group, user),
                expected,
                "{groups} {group} {user}"
            );
        }
        let more = format!("{PASSWD}+@admins\n");
        assert!(!is_own_group(&more, "ann:x:1000:", 1000, 1000));
        let twice = format!("{PASSWD}ann:x:1003:1003::/:/bin/sh\n");
        assert!(!is_own_group(&twice, "ann:x:1000:ann", 1000, 1000));
    }

    proptest! {
        #[test]
        fn no_text_is_taken_for_an_own_group_without_a_line_for_it(
            passwd in "(\\PC|\n|:){0,80}", groups in "(\\PC|\n|:){0,80}", group: u32, user: u32,
        ) {
            let has_line = groups.contains(&group.to_string());
            prop_assert!(!is_own_group(&passwd, &groups, group, user) || has_line);
        }
    }
}
