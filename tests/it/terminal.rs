//! What people see on a terminal: no line is wider than it, and colours are where they are wanted.

use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;

use nix::pty::{Winsize, openpty};
use unicode_width::UnicodeWidthStr as _;

use crate::support::World;

/// The widths at which everything is tried, in columns.
const WIDTHS: [u16; 4] = [40, 60, 80, 120];

/// Text that no blank divides, and which takes two columns a character.
const CHINESE: &str = "各位同事请注意：明天上午九点到十一点机房停电检修，期间服务不可用，请提前保存好手上的工作，谢谢配合。";

/// A home whose commands run on a terminal.
struct Desk {
    world: World,
    environment: Vec<(&'static str, &'static str)>,
}

impl Desk {
    fn new() -> Self {
        Self { world: World::new(), environment: Vec::new() }
    }

    /// What a command writes to a terminal of this width, colours included.
    fn shown(&self, columns: u16, arguments: &[&str]) -> String {
        let size = Winsize { ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let terminal = openpty(Some(&size), None).expect("a terminal");
        let side = || Stdio::from(terminal.slave.try_clone().expect("a descriptor"));
        let mut command = self.world.command();
        command.args(arguments).envs(self.environment.iter().copied());
        command.stdout(side()).stderr(side());
        let mut child = command.spawn().expect("herald runs");
        // The terminal is closed when the last process that holds it ends.
        drop((command, terminal.slave));
        let (mut shown, mut block) = (Vec::new(), [0; 4096]);
        let mut master = File::from(terminal.master);
        while let Ok(length @ 1..) = master.read(&mut block) {
            shown.extend_from_slice(&block[..length]);
        }
        child.wait().expect("it ends");
        String::from_utf8(shown).expect("UTF-8").replace("\r\n", "\n")
    }

    /// Tries a command at every width: no line may be wider. Returns what is shown at the narrowest.
    #[track_caller]
    fn fits(&self, arguments: &[&str]) -> String {
        let shown = WIDTHS.map(|columns| self.fits_in(columns, arguments));
        shown[0].clone()
    }

    /// Tries a command at one width, and returns what is shown.
    #[track_caller]
    fn fits_in(&self, columns: u16, arguments: &[&str]) -> String {
        let text = plain(&self.shown(columns, arguments));
        // Examples of a help page are not folded: each can be pasted.
        let mut is_example = false;
        for line in text.lines() {
            is_example = line == "Examples:" || is_example && !line.is_empty();
            if is_example {
                continue;
            }
            assert!(
                line.width() <= usize::from(columns),
                "{columns} columns, `herald {}`: {line:?} in\n{text}",
                arguments.join(" ")
            );
        }
        text
    }
}

/// A text without its colours and bars.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(part.len(), |at| at + 1);
        out + &part[end..]
    })
}

#[test]
fn sends_lists_and_faults_fit_every_terminal() {
    let desk = Desk::new();
    let send = |provider, more: &[&str]| {
        let head =
            ["send", "--sandbox", "--provider", provider, "--from", "alice", "--text", CHINESE];
        desk.fits(&[&head[..], more].concat())
    };
    let shown = send("wildfire", &["--to", "bob"]);
    assert!(shown.contains("accepted"), "{shown}");
    send("wildfire", &["--to", "野火用户甲乙丙丁", "--to", "bob", "--to", "carol"]);
    send("rongcloud", &["--to", "bob", "--to", "carol"]);
    send("jpush-v3", &["--to", "bob", "--title", "通知", "--extra", "a=b"]);
    send("easemob", &["--to", "han@x"]);
    for arguments in [
        &["history", "--sandbox"][..],
        &["history", "show", "zzz", "--sandbox"],
        &["recall", "--sandbox", "--last"],
        &["providers"],
        &["providers", "wildfire/send"],
        &["providers", "--matrix"],
        &["explain", "jpush-v2/V2-10"],
        &["explain", "1004"],
        &["send", "--provider", "wildfire", "--to", "bob", "--text", CHINESE],
    ] {
        desk.fits(arguments);
    }
}

#[test]
fn jobs_plans_pages_and_help_fit_every_terminal() {
    let desk = Desk::new();
    let ids: Vec<String> = (0..300).map(|n| format!("user-{n:04}-野火")).collect();
    desk.world.write("list.txt", ids.join("\n"));
    desk.world.write("bad.json", format!("{{\"sendno\":1,\"receiver_type\":3,\"receiver_value\":\"{CHINESE}\",\"msg_type\":1,\"msg_content\":{{\"n_content\":\"{CHINESE}\",\"n_builder_id\":\"big\"}},\"platform\":\"android\"}}"));
    let head =
        ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "news", "--text", CHINESE];
    let list = |more: &[&'static str]| [&head[..], &["--targets", "list.txt"], more].concat();
    let shown = desk.fits(&list(&["--dry-run"]));
    let words: Vec<&str> = shown.split_whitespace().collect();
    assert!(words.join(" ").contains("292 more"), "{shown}");
    desk.world.run(&list(&["--job", "春节 活动"])).ends_with(0);
    desk.fits(&list(&["--plan", "a.plan"]));
    for arguments in [
        &["apply", "a.plan", "--dry-run"][..],
        &["jobs", "--sandbox"],
        &["history", "--sandbox"],
        &["history", "--sandbox", "--to", "user-0007-野火"],
        &["history", "show", "春节 活动", "--sandbox"],
        &["validate", "bad.json"],
        &["providers", "rongcloud"],
        &["providers", "easemob/send-users"],
        &["get", "--sandbox", "--provider", "wildfire", "--last"],
        &["status", "--sandbox", "--provider", "jpush-v3", "43143728001"],
        &["send", "--bogus"],
        &["snd"],
        &["--help"],
        &["send", "-h"],
        &["broadcast", "--help"],
        &["history", "--help"],
    ] {
        desk.fits(arguments);
    }
}

#[test]
fn commands_on_jobs_profiles_and_files_fit_every_terminal() {
    let desk = Desk::new();
    let ids: Vec<String> = (0..30).map(|n| format!("user-{n:04}-野火")).collect();
    desk.world.write("list.txt", ids.join("\n"));
    desk.world.write("图片.png", b"\x89PNG\r\n\x1a\n");
    desk.world.write_private(
        "profiles.toml",
        format!(
            "default = \"春节\"\n[profiles.春节]\nprovider = \"wildfire\"\nmode = \"sandbox\"\n\
             endpoint = \"http://127.0.0.1:1\"\nsecret = {{ env = \"NO_SUCH_SECRET\" }}\n\
             [profiles.live-{0}]\nprovider = \"easemob\"\norg = \"{0}\"\napp = \"{0}\"\n\
             client_id = \"{0}\"\nclient_secret = {{ file = \"/none/{0}\" }}\n",
            "a".repeat(60)
        ),
    );
    let place = ["--sandbox", "--provider", "wildfire"];
    let list = ["broadcast", "--from", "news", "--text", CHINESE, "--targets", "list.txt"];
    let list = [&list[..], &place].concat();
    for columns in WIDTHS {
        let name = format!("春节活动-{columns}");
        let plan = format!("{columns}.plan");
        desk.world.run(&[&list[..], &["--job", &name, "--plan", &plan]].concat()).ends_with(0);
        for arguments in [
            &["apply", &plan, "--sandbox"][..],
            &["apply", &plan, "--sandbox"],
            &["stop", &name, "--sandbox"],
            &["jobs", "--watch", "--sandbox"],
            &["recall", "--job", &name, "--sandbox", "--dry-run"],
            &["recall", "--job", &name, "--sandbox"],
            &["recall", "--job", &name, "--sandbox"],
            &["jobs", "--sandbox"],
            &["history", "show", &name, "--sandbox"],
            &["history", "resolve", &name, "--check", "--sandbox"],
            &["broadcast", "--resume", &name, "--sandbox"],
        ] {
            desk.fits_in(columns, arguments);
        }
    }
    for arguments in [
        &["upload", "图片.png", "--sandbox", "--provider", "wildfire"][..],
        &["upload", "图片.png", "--sandbox", "--provider", "jpush-v3"],
        &["profile", "list", "--profiles", "profiles.toml"],
        &["profile", "show", "春节", "--profiles", "profiles.toml"],
        &["profile", "check", "--profiles", "profiles.toml"],
        &["profile", "check", "春节", "--profiles", "profiles.toml"],
        &["profile", "show", "没有这个", "--profiles", "profiles.toml"],
        &["sign", "--provider", "wildfire", "--explain", "--nonce", "1", "--timestamp", "2"],
        &["sign", "--provider", "rongcloud", "--explain"],
        &["call", "wildfire/user-get", "--sandbox", "--set", "userId=野火用户甲乙丙丁"],
        &[
            "call",
            "rongcloud/user-register",
            "--sandbox",
            "--set",
            "userId=u1",
            "--set",
            "name=野火",
        ],
        &["call", "rongcloud/nothing", "--sandbox"],
        &["history", "prune", "--older-than", "1d", "--sandbox"],
        &["send", "--profiles", "profiles.toml", "--to", "bob", "--text", CHINESE],
    ] {
        desk.fits(arguments);
    }
}

#[test]
fn help_and_faults_are_coloured_where_a_terminal_shows_it_and_nobody_minds() {
    let mut desk = Desk::new();
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], bool);
    let cases: [Case<'_>; 6] = [
        (&[("TERM", "xterm")], &[], true),
        (&[("TERM", "dumb")], &[], false),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], &[], false),
        (&[("TERM", "xterm")], &["--color", "never"], false),
        (&[("TERM", "xterm")], &["--color=never"], false),
        (&[("TERM", "dumb")], &["--color", "always"], true),
    ];
    for (environment, flags, colored) in cases {
        desk.environment = environment.to_vec();
        for arguments in [&["send", "--bogus"][..], &["send", "--help"], &["providers"]] {
            let shown = desk.shown(80, &[arguments, flags].concat());
            let has = shown.contains("\u{1b}[");
            // Help has colours only where clap gives it some.
            assert_eq!(has, colored, "{environment:?} {flags:?} {arguments:?}: {shown}");
        }
    }
}

#[test]
fn an_answer_is_a_table_for_people_and_says_where_it_holds_nothing() {
    let world = World::new();
    let status = ["status", "--sandbox", "--provider", "jpush-v3"];
    let none = world.run(&[&status[..], &["43143728001"]].concat()).ends_with(0);
    none.tells("the vendor has no figures for this id (yet)");
    let push = ["send", "--sandbox", "--provider", "jpush-v3", "--to", "bob", "--text", "hi"];
    world.run(&push).ends_with(0);
    let some = world.run(&[&status[..], &["--last"]].concat()).ends_with(0);
    assert!(!some.out.contains('{') && !some.out.contains("null"), "{}", some.out);
    let from = ["--sandbox", "--provider", "wildfire", "--from", "a", "--to", "b"];
    world.run(&[&["send", "--text", CHINESE][..], &from].concat()).ends_with(0);
    let got = world.run(&["get", "--sandbox", "--provider", "wildfire", "--last"]).ends_with(0);
    got.tells("payload.searchableContent").tells(CHINESE);
}
