//! What a command needs and did not get, and names that stand for nothing: exit code 2, in the words of the flags.

use herald::contract::TargetKind;
use herald::provider;

use crate::support::{Run, World};

/// Fails where the answer is a broken rule, or names no flag and no command.
#[track_caller]
fn names_what_is_missing(run: Run, line: &[&str]) {
    assert_eq!(run.code, 2, "{line:?}: {run:?}");
    assert!(run.err.contains("--") || run.err.contains('`'), "{line:?}: {run:?}");
    for sign in ["-->", "(flags)", "is missing; nothing was sent"] {
        assert!(!run.err.contains(sign), "{line:?}: {run:?}");
    }
}

#[test]
fn each_command_without_what_it_needs_ends_with_2_and_names_the_flag() {
    let world = World::new();
    world.write("list.txt", "user1\nuser2\n");
    for vendor in provider::ALL {
        let contract = vendor.contract();
        let kind = contract.default_target;
        let to = format!("{kind}:user1");
        let everybody = ["broadcast", "--all"];
        let list = ["broadcast", "--targets", "list.txt"];
        let send = ["send", "--to", &to];
        // Without content.
        for line in [&send[..], &list, &everybody] {
            for from in [&[][..], &["--from", "admin"]] {
                let line = [line, from, &["--sandbox", "--provider", contract.id]].concat();
                names_what_is_missing(world.run(&line), &line);
            }
        }
        let line =
            [&send[..], &["--from", "admin", "--sandbox", "--provider", contract.id]].concat();
        world.run(&line).ends_with(2).says("--text TEXT");
        // Without an audience, or without the id or the conversation of a message.
        for command in [
            &["send"][..],
            &["update"],
            &["recall"],
            &["delete"],
            &["clear"],
            &["get"],
            &["status"],
        ] {
            let line = [command, &["--sandbox", "--provider", contract.id]].concat();
            names_what_is_missing(world.run(&line), &line);
            if command[0] == "send" || command[0] == "clear" {
                continue;
            }
            let whom: &[&[&str]] = match kind {
                TargetKind::User => &[&[], &["--to", "user:user1", "--from", "admin"]],
                _ => &[&[]],
            };
            for whom in whom {
                let named =
                    [command, &["tonigth"], whom, &["--sandbox", "--provider", contract.id]]
                        .concat();
                let run = world.run(&named);
                // A vendor may have any text as an id, and is asked for it then.
                if run.code != 5 && run.code != 0 {
                    names_what_is_missing(run, &named);
                }
            }
        }
    }
}

#[test]
fn each_operation_without_its_fields_names_them_as_lines_to_paste() {
    let world = World::new();
    let (mut operations, mut lines) = (0, 0);
    for vendor in provider::ALL {
        let contract = vendor.contract();
        for operation in contract.operations.iter().filter(|one| !one.path.is_empty()) {
            let name = format!("{}/{}", contract.id, operation.id);
            let line = ["call", &name, "--sandbox", "--dry-run"];
            let run = world.run(&line);
            if run.code != 0 {
                lines += run.err.matches("add --set ").count();
                assert!(run.err.contains("add --set "), "{name}: {run:?}");
                names_what_is_missing(run, &line);
            }
            operations += 1;
        }
    }
    assert!(operations > 150 && lines > 200, "{operations} {lines}");
}

#[test]
fn an_id_that_nothing_has_is_said_to_be_unknown_before_anything_else() {
    for vendor in provider::ALL {
        let contract = vendor.contract();
        let world = World::new();
        world.write("list.txt", "user1\nuser2\n");
        let at = ["--sandbox", "--provider", contract.id];
        let sent = ["broadcast", "--targets", "list.txt", "--text", "hi", "--job", "tonight"];
        let from: &[&str] =
            if contract.id.starts_with("jpush") { &[] } else { &["--from", "admin"] };
        world.run(&[&sent[..], from, &at].concat()).ends_with(0);
        for command in ["recall", "update", "delete", "get", "status"] {
            let run = world.run(&[&[command, "tonigth"][..], &at].concat()).ends_with(2);
            let first = run.err.lines().next().unwrap_or_default();
            assert!(first.contains("the ledger does not know `tonigth`"), "{command}: {run:?}");
            run.says("did you mean `tonight`?");
        }
        let run = world.run(&[&["recall", "tonight", "tonigth"][..], &at].concat()).ends_with(2);
        run.says("the ledger does not know `tonigth`").says("did you mean `tonight`?");
    }
}

/// Profiles of WildfireChat, and one of another vendor whose name is nearer than theirs.
fn profiles(world: &World, name: &str) -> String {
    let own = |name: &str, port: u16| {
        format!(
            "[profiles.{name}]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:{port}\"\nsecret = {{ env = \"S\" }}\n"
        )
    };
    let text = format!(
        "{}{}{}[profiles.em]\nprovider = \"easemob\"\norg = \"o\"\napp = \"a\"\ntoken = {{ env = \"S\" }}\n",
        own(name, 9),
        own("other", 9),
        own("elsewhere", 10)
    );
    world.write_private("profiles.toml", text).to_str().expect("UTF-8").to_owned()
}

#[test]
fn of_a_profile_that_is_not_defined_now_those_of_the_same_app_are_named() {
    let world = World::new();
    let secret = [("S", "secret")];
    world.write("list.txt", "user1\nuser2\n");
    let file = profiles(&world, "im");
    // Nothing listens there: the requests end as unavailable, and the job can be resumed.
    let line = ["broadcast", "--profile", "im", "--profiles", &file, "--from", "a", "--text", "hi"];
    let job = ["--targets", "list.txt", "--job", "spring", "--deadline", "1s", "--yes"];
    world.run_with(&[&line[..], &job].concat(), &secret).ends_with(7);
    let file = profiles(&world, "renamed");
    let resume =
        ["broadcast", "--resume", "spring", "--profiles", &file, "--deadline", "1s", "--yes"];
    let run = world.run_with(&resume, &secret).ends_with(3);
    let run = run.says("the job was begun with the profile `im`, which is not defined now");
    let run = run.says("add --profile renamed, or --profile other");
    assert!(!run.err.contains("elsewhere") && !run.err.contains("`em`"), "{}", run.err);
    // The same app by another name goes on with it; another server does not.
    world.run_with(&[&resume[..], &["--profile", "other"]].concat(), &secret).ends_with(7);
    let run = world.run_with(&[&resume[..], &["--profile", "elsewhere"]].concat(), &secret);
    run.ends_with(3).says("for the app");
    let recall = ["recall", "--job", "spring", "--profiles", &file, "--profile", "other"];
    world.run_with(&recall, &secret).ends_with(3).says("has sent nothing");
    let show = ["history", "show", "spring", "--profiles", &file, "--profile", "other"];
    world.run_with(&show, &secret).ends_with(0);
}
