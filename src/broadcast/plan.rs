//! Plan files: the requests of a broadcast, written to a file that a person can review and `herald apply` sends once.
//!
//! A plan is NDJSON. Its first line is the [`PlanHead`]. Each further line is a batch: the number of its payload, its
//! targets, the values of its variables, and the unsigned body for the reviewer. The head ends with a seal over the
//! whole file. The seal proves that the plan was written with the app's secret and was not changed. A plan contains no
//! secrets: `herald apply` signs the requests.
//!
//! A plan is untrusted input like any other file. `herald apply` computes all facts in the head again from the batches, and
//! refuses a plan with a key or a word that it does not know.

mod form;

use std::io::{BufRead, Read, Seek, Write};
use std::time::Duration;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::contract::{Effect, TargetKind};
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{JobTemplate, PlannedBatch};
use crate::seal::{SealKey, SealWriter};
use crate::wire::lower_hex;

/// The validity of a plan without `--valid-for`.
const DEFAULT_VALIDITY: Duration = Duration::from_secs(3600);

/// The longest validity. The facts that a plan was checked against change with time.
pub const MAX_VALIDITY: Duration = Duration::from_secs(24 * 3600);

/// The version of the format.
const FORMAT_VERSION: u64 = 2;

/// The longest line of a plan. It has room for several batches of a thousand long ids, or payloads of the largest size.
const MAX_PLAN_LINE: u64 = 64 << 20;

/// The validity of a plan, from the value of `--valid-for`.
pub fn validity(asked: Option<Duration>) -> Result<Duration> {
    match asked {
        None => Ok(DEFAULT_VALIDITY),
        Some(asked) if asked <= MAX_VALIDITY => Ok(asked),
        Some(_) => {
            Err(Error::usage("a plan holds for 24h at most").help("give --valid-for 24h or less"))
        }
    }
}

/// The facts about a whole plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanHead {
    /// The id of the job that the plan becomes.
    pub id: Uuid,
    /// The name of that job.
    pub job: Option<String>,
    /// When the plan may be applied, and by which herald.
    pub validity: PlanValidity,
    /// Where its requests go.
    pub destination: PlanDestination,
    /// What its requests add up to.
    pub totals: PlanTotals,
    /// What is left of the vendor's quotas, in words.
    pub quota: Vec<String>,
    /// The same for scripts.
    pub quotas: Vec<Json>,
    /// The settings of the job, as text. Only `herald apply` reads them.
    pub settings: String,
    /// The payloads.
    pub templates: Vec<JobTemplate>,
}

/// When a plan may be applied, and by which herald.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanValidity {
    /// The version of herald that checked the plan.
    pub herald: String,
    /// When the plan was written, in milliseconds since 1970.
    pub created_ms: i64,
    /// When the plan expires, in milliseconds since 1970.
    pub valid_until_ms: i64,
}

/// Where the requests of a plan go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanDestination {
    /// The id of the provider.
    pub provider: String,
    /// The name of the profile, if there is one.
    pub profile: Option<String>,
    /// Whether the requests go to the sandbox.
    pub sandbox: bool,
    /// The app at the vendor.
    pub app: String,
    /// Scheme, host and port.
    pub endpoint: String,
}

/// What the requests of a plan add up to. `herald apply` computes it again from the batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanTotals {
    /// The audience, in words.
    pub audience: String,
    /// The number of targets.
    pub targets: u64,
    /// The number of requests.
    pub requests: u64,
    /// A digest of all targets that does not depend on their order, in hex.
    pub audience_digest: String,
    /// A digest of all payloads and targets, in hex.
    pub fingerprint: String,
    /// How long sending takes at the vendor's rate limit.
    pub seconds: u64,
    /// Until when all of it can be recalled if it is sent at once, as a text.
    pub recallable_until: Option<String>,
    /// How long after sending it can be recalled; `None` where it cannot, or where the vendor sets no limit.
    pub recallable_seconds: Option<u64>,
}

impl PlanHead {
    /// The head without its seal. The order of the keys is part of the format.
    fn to_json(&self) -> Json {
        let Self { validity, destination, totals, .. } = self;
        let templates = self.templates.iter().map(|template| {
            json!({
                "operation": template.operation,
                "effect": effect_word(template.effect),
                "kind": template.kind.map(TargetKind::word),
                "sender": template.sender,
                "body": template.body,
                "slot": template.slot,
                "recall_seconds": template.recall_seconds,
            })
        });
        json!({
            "version": FORMAT_VERSION,
            "plan": self.id.to_string(),
            "herald": validity.herald,
            "created_ms": validity.created_ms,
            "valid_until_ms": validity.valid_until_ms,
            "provider": destination.provider,
            "profile": destination.profile,
            "sandbox": destination.sandbox,
            "app": destination.app,
            "endpoint": destination.endpoint,
            "audience": totals.audience,
            "targets": totals.targets,
            "requests": totals.requests,
            "audience_digest": totals.audience_digest,
            "fingerprint": totals.fingerprint,
            "job": self.job,
            "seconds": totals.seconds,
            "quota": self.quota,
            "quotas": self.quotas,
            "recallable_until": totals.recallable_until,
            "recallable_seconds": totals.recallable_seconds,
            "settings": self.settings,
            "templates": templates.collect::<Json>(),
        })
    }
}

const EFFECTS: [(Effect, &str); 4] = [
    (Effect::Sends, "sends"),
    (Effect::Destroys, "destroys"),
    (Effect::Manages, "manages"),
    (Effect::Reads, "reads"),
];

fn effect_word(effect: Effect) -> &'static str {
    EFFECTS.iter().find(|(known, _)| *known == effect).map_or("", |(_, word)| word)
}

/// A line of a plan: one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// The batch.
    pub batch: PlannedBatch,
    /// The body without signature, as compact JSON.
    pub body: String,
}

impl PlanLine {
    /// The line without its line end. The body is JSON already. Its numbers keep their spelling.
    pub fn to_text(&self) -> String {
        let PlannedBatch { template, ids, vars } = &self.batch;
        let vars =
            vars.as_ref().map_or_else(String::new, |vars| format!(",\"vars\":{}", json!(vars)));
        format!("{{\"template\":{template},\"ids\":{}{vars},\"body\":{}}}", json!(ids), self.body)
    }
}

/// Begins the seal of a plan. It covers the head, and then the lines of the batches with their line ends.
fn begin_seal(head: &str, key: &SealKey) -> SealWriter {
    let mut seal = key.begin("plan");
    seal.text(head);
    seal
}

/// Writes a plan: the head, and then the batches from `batches`, which has a [`PlanLine`] on each line. The batches are read
/// twice, because the seal stands before them and they may not fit into memory.
pub fn write<R: Read + Seek>(
    out: &mut dyn Write,
    head: &PlanHead,
    batches: &mut R,
    key: &SealKey,
) -> std::io::Result<()> {
    let text = head.to_json().to_string();
    let mut seal = begin_seal(&text, key);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = batches.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        seal.rest(&buffer[..read]);
    }
    batches.rewind()?;
    let digest = lower_hex(&seal.finish());
    let open = text.strip_suffix('}').unwrap_or(&text);
    writeln!(out, "{open},\"digest\":\"{digest}\"}}")?;
    std::io::copy(batches, out)?;
    out.flush()
}

/// A plan whose head was read. Do not trust any of it before [`PlanReader::read`] has returned.
pub struct PlanReader<'a> {
    input: &'a mut dyn BufRead,
    name: &'a str,
    text: String,
    seal: Vec<u8>,
    head: PlanHead,
}

impl<'a> PlanReader<'a> {
    /// Reads the head. Fails where the input is not a plan.
    pub fn open(input: &'a mut dyn BufRead, name: &'a str) -> Result<Self> {
        let no_plan = || {
            Error::input(format!("`{name}` is no plan"))
                .help("a plan is what `broadcast --plan FILE` writes")
        };
        let first = next_line(input, name)?.ok_or_else(no_plan)?;
        let (text, digest) = first.rsplit_once(",\"digest\":\"").ok_or_else(no_plan)?;
        let seal = from_hex(digest.strip_suffix("\"}").ok_or_else(no_plan)?);
        let text = format!("{text}}}");
        let json: Json = serde_json::from_str(&text).map_err(|_| no_plan())?;
        match json["version"].as_u64() {
            Some(FORMAT_VERSION) => {}
            Some(version) => {
                return Err(Error::input(format!(
                    "the plan `{name}` is of version {version}, and this herald knows version {FORMAT_VERSION}"
                ))
                .help("carry it out with the herald that wrote it, or write a new one"));
            }
            None => return Err(no_plan()),
        }
        let (head, seal) = PlanHead::parse(&text).zip(seal).ok_or_else(|| seal_error(name))?;
        Ok(Self { input, name, text, seal, head })
    }

    /// The head, not yet verified.
    pub fn head(&self) -> &PlanHead {
        &self.head
    }

    /// Reads the plan to its end, calls `handle` with each batch, and returns the head. Fails where the seal was made with
    /// another key or for other content.
    pub fn read(
        self,
        key: &SealKey,
        handle: &mut dyn FnMut(PlanLine) -> Result<()>,
    ) -> Result<PlanHead> {
        let Self { input, name, text, seal, head } = self;
        let mut computed = begin_seal(&text, key);
        while let Some(line) = next_line(input, name)? {
            computed.rest(line.as_bytes());
            computed.rest(b"\n");
            handle(PlanLine::parse(&line).ok_or_else(|| seal_error(name))?)?;
        }
        if computed.is(&seal) { Ok(head) } else { Err(seal_error(name)) }
    }
}

fn seal_error(name: &str) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("the plan `{name}` was edited, is not whole, or was made with another secret: its seal does not fit"),
    )
    .help("nothing was sent; write a new one with `broadcast --plan FILE`, with the same app and secret as here")
}

/// The bytes of lower-case hexadecimal digits.
fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        u8::try_from(16 * digit(0)? + digit(1)?).ok()
    };
    let bytes: Vec<u8> = hex.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
    // `to_digit` also accepts upper case, which would allow two spellings of one seal.
    (lower_hex(&bytes) == hex).then_some(bytes)
}

/// Whether the input begins like a plan of any version.
pub fn is_plan(input: &mut dyn BufRead) -> bool {
    let first = next_line(input, "").ok().flatten();
    let head = first.and_then(|line| serde_json::from_str::<Json>(&line).ok());
    head.is_some_and(|head| head["plan"].is_string() && head["digest"].is_string())
}

/// The next line without its line end.
fn next_line(input: &mut dyn BufRead, name: &str) -> Result<Option<String>> {
    let mut line = String::new();
    let read = input
        .take(MAX_PLAN_LINE)
        .read_line(&mut line)
        .map_err(|error| Error::input(format!("cannot read the plan `{name}`")).because(error))?;
    if line.ends_with('\n') {
        line.pop();
    }
    Ok((read > 0).then_some(line))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head() -> PlanHead {
        PlanHead {
            id: Uuid::from_u128(7),
            job: None,
            validity: PlanValidity {
                herald: "1.2.3".into(),
                created_ms: 1_000,
                valid_until_ms: 2_000,
            },
            destination: PlanDestination {
                provider: "fake".into(),
                profile: Some("live".into()),
                sandbox: false,
                app: "app".into(),
                endpoint: "https://h".into(),
            },
            totals: PlanTotals {
                audience: "2 targets".into(),
                targets: 2,
                requests: 1,
                audience_digest: "ab".into(),
                fingerprint: "cd".into(),
                seconds: 3,
                recallable_until: Some("2026-01-01T00:00:00Z".into()),
                recallable_seconds: Some(120),
            },
            quota: vec!["1 left".into()],
            quotas: vec![json!({"left": 1})],
            settings: "{}".into(),
            templates: vec![JobTemplate {
                operation: "send".into(),
                effect: Effect::Sends,
                kind: Some(TargetKind::User),
                sender: None,
                body: r#"{"n":12345678901234567890123}"#.into(),
                slot: Some("list /to".into()),
                recall_seconds: Some(120),
            }],
        }
    }

    fn written(batches: &[PlanLine]) -> Vec<u8> {
        let lines: String = batches.iter().map(|batch| batch.to_text() + "\n").collect();
        let mut out = Vec::new();
        let batches = &mut std::io::Cursor::new(lines);
        write(&mut out, &head(), batches, &key("s")).expect("room in memory");
        out
    }

    fn key(secret: &str) -> SealKey {
        SealKey::derive([("secret", secret)], "fake", "app").expect("a key")
    }

    fn reread(text: &[u8]) -> Result<(PlanHead, Vec<PlanLine>)> {
        reread_with(text, &key("s"))
    }

    fn reread_with(text: &[u8], key: &SealKey) -> Result<(PlanHead, Vec<PlanLine>)> {
        let mut batches = Vec::new();
        let input = &mut &*text;
        let head = PlanReader::open(input, "plan")?.read(key, &mut |batch| {
            batches.push(batch);
            Ok(())
        })?;
        Ok((head, batches))
    }

    proptest! {
        #[test]
        fn a_plan_reads_back_as_it_was_written(ids in prop::collection::vec(prop::collection::vec("\\PC{1,8}", 0..4), 0..4)) {
            let body = r#"{"n":12345678901234567890123,"t":"\"}"}"#;
            let line = |ids| PlanLine {
                batch: PlannedBatch { template: 0, ids, vars: None },
                body: body.to_owned(),
            };
            let batches: Vec<PlanLine> = ids.into_iter().map(line).collect();
            let (read, same) = reread(&written(&batches)).expect("a plan");
            prop_assert_eq!(read, head());
            prop_assert_eq!(same, batches);
        }
    }

    proptest! {
        #[test]
        fn whatever_a_plan_is_made_into_is_read_as_it_was_or_not_at_all(
            at in 0_usize..2000,
            cut in 0_usize..40,
            more in "\\PC{0,6}|[{}\\[\\]\",:0-9\\\\\n\r\\x00-\\x1f]{0,6}",
        ) {
            let batch = PlannedBatch { template: 0, ids: vec!["a".into()], vars: None };
            let whole = written(&[PlanLine { batch, body: r#"{"to":["a"]}"#.into() }]);
            let at = at % whole.len();
            let end = (at + cut).min(whole.len());
            let changed = [&whole[..at], more.as_bytes(), &whole[end..]].concat();
            if let Ok((read, _)) = reread(&changed) {
                // Only the last line end may be missing.
                prop_assert_eq!(read, head());
                prop_assert_eq!(changed.trim_ascii_end(), whole.trim_ascii_end());
            }
        }
    }

    #[test]
    fn a_plan_is_read_with_the_key_that_it_was_written_with_alone() {
        let whole = written(&[]);
        assert!(reread_with(&whole, &key("s")).is_ok());
        for other in [key("t"), SealKey::derive([("secret", "s")], "fake", "b").expect("a key")] {
            let error = reread_with(&whole, &other).expect_err("another key");
            assert_eq!(error.exit(), crate::exit::Exit::Input);
        }
    }

    #[test]
    fn a_plan_of_which_any_byte_was_changed_is_refused() {
        let vars = Some(r#"{"name":"Ann"}"#.to_owned());
        let batch = PlannedBatch { template: 0, ids: vec!["a".into(), "b".into()], vars };
        let whole = written(&[PlanLine { batch, body: r#"{"to":["a","b"]}"#.into() }]);
        assert!(reread(&whole).is_ok());
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
            assert!(reread(&changed).is_err(), "byte {at}");
            assert!(reread(&whole[..at]).is_err() || at + 1 == whole.len(), "cut at {at}");
        }
        let more = [whole.as_slice(), b"{\"template\":0,\"ids\":[\"c\"],\"body\":{}}\n"].concat();
        assert!(reread(&more).is_err());
    }

    #[test]
    fn a_plan_holds_for_an_hour_and_for_a_day_at_most() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        assert_eq!(validity(None).expect("usual"), hours(1));
        assert_eq!(validity(Some(hours(24))).expect("the longest"), hours(24));
        assert!(validity(Some(hours(25))).is_err());
    }
}
