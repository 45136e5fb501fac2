use std::fs;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::cli::validate::*;
use crate::env::{Globals, System};
use crate::report::{Color, Format, Ui};

/// A folder of files, and the result of `validate` for it: exit code and JSON report.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        Self { folder }
    }

    fn run(&self, paths: &[&str], change: impl FnOnce(&mut Args, &mut Globals)) -> (Exit, Json) {
        let report = self.folder.path().join("report.out");
        let mut args = Args {
            paths: paths.iter().map(|path| self.folder.path().join(path)).collect(),
            reports: vec![format!("json={}", report.display())],
            ..Args::default()
        };
        let mut globals = Globals::default();
        change(&mut args, &mut globals);
        let ui = Ui::new(Format::Json, Color::Never, false, true, &|_| None);
        let env = Env { globals, ui, system: System::default() };
        let reports = ReportWish::parse_all(&args.reports).expect("arguments");
        let mut outputs = outputs(&env, &args, reports).expect("arguments");
        outputs.remove(0);
        let exit = run_in(&env, &args, self.folder.path(), || Ok(outputs)).expect("arguments");
        let text = fs::read_to_string(report).expect("a report");
        (exit, serde_json::from_str(&text).expect("JSON"))
    }

    fn plain(&self, paths: &[&str]) -> (Exit, Json) {
        self.run(paths, |_, _| {})
    }
}

fn codes(report: &Json) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list");
    let shown = |one: &Json| {
        let file = one["file"].as_str().expect("a name").rsplit('/').next().expect("a name");
        format!(
            "{file}:{}:{} {}",
            one["line"],
            one["column"],
            one["code"].as_str().expect("a code")
        )
    };
    findings.iter().map(shown).collect()
}

const GOOD: &[u8] =
    br#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;

#[test]
fn a_good_payload_is_recognised_and_passes() {
    let bench = Bench::new(&[("a.json", GOOD)]);
    let (exit, report) = bench.plain(&["a.json"]);
    assert_eq!(exit, Exit::Done, "{report}");
    assert_eq!(report["summary"]["payloads"], 1);
    assert_eq!(report["error"], Json::Null);
}

#[test]
fn what_is_no_payload_is_one_finding_and_the_others_are_linted() {
    #[rustfmt::skip]
    let bench = Bench::new(&[
        ("bom.json",     b"\xef\xbb\xbf{}"),
        ("empty.json",   b""),
        ("gbk.json",     b"{\"a\":\"\xc4\xe3\"}"),
        ("good.json",    GOOD),
        ("list.json",    b"[]"),
        ("number.json",  b" 7"),
        ("twice.json",   br#"{"sender":"a","sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#),
        ("lines.ndjson", b"\n"),
    ]);
    let (exit, report) = bench.plain(&["."]);
    assert_eq!(exit, Exit::Findings);
    assert_eq!(
        codes(&report),
        [
            "bom.json:1:1 json/encoding",
            "bom.json:1:2 json/unrecognised",
            "empty.json:1:1 json/syntax",
            "gbk.json:1:7 json/encoding",
            "lines.ndjson:1:1 json/syntax",
            "list.json:1:1 json/unrecognised",
            "number.json:1:2 json/unrecognised",
            "twice.json:1:15 json/duplicate-key",
        ]
    );
    let summary = json!({
        "files": 8, "payloads": 2, "unrecognised": 3, "left_out": 0, "excluded": 0,
        "errors": 5, "warnings": 3, "hints": 0, "hidden": 0,
    });
    assert_eq!(report["summary"], summary);
}

#[test]
fn lists_and_lines_are_payloads_each_with_places_in_the_file() {
    let bad = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":"1","persistFlag":3,"searchableContent":"你"}}"#;
    let list = format!("[\n  {bad},\n  {bad}\n]");
    let lines = format!("{bad}\n\n  {bad}\n");
    let bench = Bench::new(&[("a.json", list.as_bytes()), ("b.ndjson", lines.as_bytes())]);
    let (exit, report) = bench.plain(&["a.json", "b.ndjson"]);
    assert_eq!(exit, Exit::Findings, "{report}");
    assert_eq!(report["summary"]["payloads"], 4);
    for one in report["findings"].as_array().expect("a list") {
        let text =
            if one["file"].as_str().expect("a name").ends_with("a.json") { &list } else { &lines };
        let at = |key: &str| usize::try_from(one[key].as_u64().expect("a number")).expect("small");
        assert_eq!(one["pointer"], "/payload/type", "{one}");
        assert_eq!(&text[at("byte_start")..at("byte_end")], "\"1\"");
        let line = text.lines().nth(at("line") - 1).expect("there");
        let there: String = line.chars().skip(at("column") - 1).take(3).collect();
        assert_eq!(there, "\"1\"");
    }
    let found: Vec<&Json> =
        report["findings"].as_array().expect("a list").iter().map(|one| &one["line"]).collect();
    assert_eq!(found, [2, 3, 1, 3]);
}

#[test]
fn what_cannot_be_read_counts_more_than_what_is_wrong_and_stops_nothing() {
    let bench = Bench::new(&[("bad.json", b"{"), ("z.json", GOOD)]);
    let (exit, report) = bench.plain(&["bad.json", "gone.json", "z.json"]);
    assert_eq!(exit, Exit::Input);
    assert_eq!(codes(&report), ["bad.json:1:2 json/syntax", "gone.json:1:1 json/unreadable"]);
    assert_eq!(report["summary"]["files"], 2);
    assert_eq!(report["error"]["exit_code"], 3);
    assert!(report["error"]["message"].as_str().is_some_and(|text| text.contains("gone.json")));
}

#[test]
fn what_may_be_several_operations_of_one_shape_is_read_as_their_principal() {
    let bench =
        Bench::new(&[("a.ndjson", b"{\"messageUid\":1}\n{\"messageUid\":2}\n{\"messageUid\":3}")]);
    let (exit, report) = bench.plain(&["a.ndjson"]);
    assert_eq!(exit, Exit::Done, "{report}");
    let also = ["wildfire/delete", "wildfire/robot-recall", "wildfire/channel-recall"];
    let read =
        json!([{"operation": "wildfire/get-one", "by": "keys", "payloads": 3, "also": also}]);
    assert_eq!(report["read"], read);

    let (exit, report) =
        bench.run(&["a.ndjson"], |args, _| args.scopes = vec!["wildfire/delete".to_owned()]);
    let read = json!([{"operation": "wildfire/delete", "by": "as", "payloads": 3, "also": []}]);
    assert_eq!((exit, &report["read"]), (Exit::Done, &read), "{report}");
}

#[test]
fn a_waived_rule_is_silent_and_a_provider_limits_the_choice() {
    let odd = r#"{"sender":"a","conv":{"type":0.0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;
    let bench = Bench::new(&[("a.json", odd.as_bytes())]);
    assert_eq!(codes(&bench.plain(&["a.json"]).1), ["a.json:1:30 json/integral-float"]);
    let (_, report) =
        bench.run(&["a.json"], |args, _| args.allow = vec!["json/integral-float".to_owned()]);
    assert_eq!(codes(&report), [""; 0]);
    let (exit, report) =
        bench.run(&["a.json"], |_, globals| globals.provider = Some("jpush-v2".to_owned()));
    assert_eq!((exit, codes(&report)), (Exit::Input, Vec::new()), "it is another provider's");
    assert_eq!(report["summary"]["left_out"], 1, "{report}");
}

#[test]
fn a_project_waives_rules_for_all_who_work_on_it() {
    let odd = r#"{"sender":"a","conv":{"type":0.0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;
    let settings = b"[lint]\nallow = [\"json/integral-float\"]";
    let bench = Bench::new(&[("a.json", odd.as_bytes()), ("herald.toml", settings)]);
    assert_eq!(codes(&bench.plain(&["a.json"]).1), [""; 0]);

    let settings = b"[lint]\nallow = [\"json/syntax\"]";
    let bench = Bench::new(&[
        ("sub/a.json", odd.as_bytes()),
        ("sub/herald.toml", settings),
        ("b.json", GOOD),
    ]);
    let (exit, report) = bench.plain(&["sub/a.json", "b.json"]);
    assert_eq!(exit, Exit::Input, "{report}");
    let reason = report["left_out"][0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("cannot be ignored"), "{reason}");
    assert_eq!(report["error"]["exit_code"], 3);
    assert_eq!(
        (&report["summary"]["left_out"], &report["summary"]["payloads"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn arguments_that_name_nothing_are_wrong_usage() {
    let env = || Env {
        globals: Globals::default(),
        ui: Ui::new(Format::Json, Color::Never, false, true, &|_| None),
        system: System::default(),
    };
    let a = || vec![PathBuf::from("a.json")];
    #[rustfmt::skip]
    let table = [
        (Args::default(),                                                          "nothing to validate",  "`-`"),
        (Args { paths: a(), scopes: vec!["wildfire/sned".into()], ..Args::default() },    "no operation",   "did you mean `send`?"),
        (Args { paths: a(), scopes: vec!["widlfire".into()], ..Args::default() },         "no provider",    "did you mean `wildfire`?"),
        (Args { paths: a(), scopes: vec!["*=wildfire/sned".into()], ..Args::default() },  "no operation",   "did you mean `send`?"),
        (Args { paths: a(), scopes: vec!["a[=wildfire".into()], ..Args::default() },      "unclosed",       "patterns have"),
        (Args { paths: a(), exclude: vec!["".into()], ..Args::default() },                "empty",          "patterns have"),
        (Args { paths: a(), allow: vec!["json/nul".into()], ..Args::default() },          "no rule",        "json/null"),
        (Args { paths: a(), reports: vec!["sarif".into()], ..Args::default() },           "FORMAT=PATH",    "sarif="),
    ];
    for (args, message, help) in table {
        let error = run(&env(), &args).expect_err(message);
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.full_message().contains(message), "{}", error.full_message());
        assert!(error.advice().is_some_and(|advice| advice.contains(help)), "{error:?}");
    }
}
