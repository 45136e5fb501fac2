//! When a profile does not send: quiet hours and the kill switch.

use super::reading::fault;
use super::*;

/// The fault of a profile with one more line.
fn profile_with(line: &str) -> String {
    fault(&format!("[profiles.a]\nprovider = \"home\"\n{line}\n"))
}

#[test]
fn quiet_hours_need_two_times_and_a_zone() {
    let file = parse(
        "[profiles.a]\nprovider = \"home\"\nkill_switch = \"stop\"\n\
         [profiles.a.quiet_hours]\nfrom = \"22:00\"\nto = \"08:00\"\nzone = \"Asia/Shanghai\"\n",
    )
    .expect("it works");
    let [profile] = file.profiles.as_slice() else { panic!("one profile") };
    assert_eq!(profile.kill_switch.as_deref(), Some("stop"));
    let hours = profile.quiet_hours.as_ref().map(ToString::to_string);
    assert_eq!(hours.as_deref(), Some("22:00 to 08:00 in Asia/Shanghai"));

    let quiet = |table: &str| profile_with(&format!("quiet_hours = {table}"));
    insta::assert_snapshot!(quiet("\"22:00-08:00\""), @r#"
    [3] p.toml:3:15: `quiet_hours` is text, and should be a table as { from = "22:00", to = "08:00", zone = "Asia/Shanghai" }
       |
     3 | quiet_hours = "22:00-08:00"
       |               ^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(quiet("{ from = \"22:00\", to = \"8:00\", zone = \"Asia/Shanghai\" }"), @r#"
    [3] p.toml:3:38: `8:00` is no time of a day
       |
     3 | quiet_hours = { from = "22:00", to = "8:00", zone = "Asia/Shanghai" }
       |                                      ^^^^^^
      help: write HH:MM, from 00:00 to 23:59
    "#);
    insta::assert_snapshot!(quiet("{ from = \"22:00\", to = 8, zone = \"Asia/Shanghai\" }"), @r#"
    [3] p.toml:3:38: `to` is a whole number, and should be text in quotes
       |
     3 | quiet_hours = { from = "22:00", to = 8, zone = "Asia/Shanghai" }
       |                                      ^
    "#);
    insta::assert_snapshot!(quiet("{ from = \"22:00\", to = \"08:00\", zone = \"Asia/Shangai\" }"), @r#"
    [3] p.toml:3:54: there is no time zone `Asia/Shangai`
       |
     3 | quiet_hours = { from = "22:00", to = "08:00", zone = "Asia/Shangai" }
       |                                                      ^^^^^^^^^^^^^^
      help: did you mean `Asia/Shanghai`?
    "#);
    insta::assert_snapshot!(quiet("{ from = \"22:00\", to = \"08:00\", zone = \"Utopia\" }"), @r#"
    [3] p.toml:3:54: there is no time zone `Utopia`
       |
     3 | quiet_hours = { from = "22:00", to = "08:00", zone = "Utopia" }
       |                                                      ^^^^^^^^
      help: it is a name of the IANA's, as `Asia/Shanghai`
    "#);
    insta::assert_snapshot!(quiet("{ from = \"22:00\", to = \"08:00\" }"), @r#"
    [3] p.toml:3:15: `quiet_hours` has no `zone`
       |
     3 | quiet_hours = { from = "22:00", to = "08:00" }
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: write it as { from = "22:00", to = "08:00", zone = "Asia/Shanghai" }
    "#);
    insta::assert_snapshot!(quiet("{ from = \"08:00\", to = \"08:00\", zone = \"UTC\" }"), @r#"
    [3] p.toml:3:15: `quiet_hours` begin and end at the same time
       |
     3 | quiet_hours = { from = "08:00", to = "08:00", zone = "UTC" }
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: a profile that must never send has mode = "sandbox", or a `kill_switch`
    "#);
    insta::assert_snapshot!(quiet("{ form = \"22:00\", to = \"08:00\", zone = \"UTC\" }"), @r#"
    [3] p.toml:3:17: unknown key `form` of `quiet_hours`
       |
     3 | quiet_hours = { form = "22:00", to = "08:00", zone = "UTC" }
       |                 ^^^^
      help: did you mean `from`?
    "#);
    insta::assert_snapshot!(profile_with("kill_switch = \"\""), @r#"
    [3] p.toml:3:15: `kill_switch` is empty
       |
     3 | kill_switch = ""
       |               ^^
    "#);
    insta::assert_snapshot!(profile_with("kill_switch = true"), @r"
    [3] p.toml:3:15: `kill_switch` is true or false, and should be text in quotes
       |
     3 | kill_switch = true
       |               ^^^^
    ");
}
