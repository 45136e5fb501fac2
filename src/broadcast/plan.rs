//! Plans: what would go out, written down so that it can be looked at, and sent later exactly so and once.
//!
//! A plan is NDJSON. Its first line is the [`Head`]: where it goes, to how many, until when it holds, and the payloads.
//! Each further line is a batch: the number of its payload, its targets, the values of its variables, and the body that goes
//! out, unsigned, for people who read the plan. The head ends with the seal of everything: it shows that the plan was written
//! with the app's secret, and not changed since. There is no secret in a plan: requests are signed when it is carried out.
//!
//! A plan is input like any other file. What it says of itself is computed again from its entries where it is carried out,
//! and a key or a word that herald does not know makes it unusable.

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

/// How long a plan holds where nobody says otherwise.
const VALID: Duration = Duration::from_secs(3600);

/// How long it can hold at most: what it was checked against changes.
pub const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The version of the format.
const VERSION: u64 = 2;

/// The longest line of a plan: a batch of a thousand long ids, or payloads of the largest size, several times over.
const MAX_LINE: u64 = 64 << 20;

/// How long a plan is to hold.
pub fn validity(asked: Option<Duration>) -> Result<Duration> {
    match asked {
        None => Ok(VALID),
        Some(asked) if asked <= LONGEST => Ok(asked),
        Some(_) => {
            Err(Error::usage("a plan holds for 24h at most").help("give --valid-for 24h or less"))
        }
    }
}

/// What holds for a whole plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// The id of the job that it will be.
    pub id: Uuid,
    /// The version of herald that checked it.
    pub herald: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// Until when it holds, in milliseconds since 1970.
    pub valid_until_ms: i64,
    /// Id of the provider.
    pub provider: String,
    /// Name of the profile, where there is one.
    pub profile: Option<String>,
    /// Whether it goes to the sandbox.
    pub sandbox: bool,
    /// Which app of the vendor's it is about.
    pub app: String,
    /// Scheme, host and port that it goes to.
    pub endpoint: String,
    /// Whom it reaches, for people.
    pub audience: String,
    /// How many targets.
    pub targets: u64,
    /// How many requests.
    pub requests: u64,
    /// A digest of all targets, whatever their order, in hex.
    pub audience_digest: String,
    /// The same for the same payloads to the same targets.
    pub fingerprint: String,
    /// The name of the job.
    pub job: Option<String>,
    /// How long it takes at the vendor's pace, in seconds.
    pub seconds: u64,
    /// What of the vendor's quotas is left, for people.
    pub quota: Vec<String>,
    /// The same for scripts.
    pub quotas: Vec<Json>,
    /// Until when all of it can be taken back where it is sent at once, as people read it.
    pub recallable_until: Option<String>,
    /// How long it can be taken back after it was sent, in seconds; `None` where it cannot be, or for as long as the
    /// server has it.
    pub recallable_seconds: Option<u64>,
    /// What ends it early; only whoever carries it out reads it.
    pub settings: String,
    /// The payloads.
    pub templates: Vec<JobTemplate>,
}

impl Head {
    fn to_json(&self) -> Json {
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
            "version": VERSION,
            "plan": self.id.to_string(),
            "herald": self.herald,
            "created_ms": self.created_ms,
            "valid_until_ms": self.valid_until_ms,
            "provider": self.provider,
            "profile": self.profile,
            "sandbox": self.sandbox,
            "app": self.app,
            "endpoint": self.endpoint,
            "audience": self.audience,
            "targets": self.targets,
            "requests": self.requests,
            "audience_digest": self.audience_digest,
            "fingerprint": self.fingerprint,
            "job": self.job,
            "seconds": self.seconds,
            "quota": self.quota,
            "quotas": self.quotas,
            "recallable_until": self.recallable_until,
            "recallable_seconds": self.recallable_seconds,
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

/// A batch of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// The batch.
    pub batch: PlannedBatch,
    /// The body that goes out, unsigned, as compact JSON.
    pub body: String,
}

impl PlanLine {
    /// As it stands in a plan, without its end. The body is JSON already, and none of its numbers is touched.
    pub fn to_text(&self) -> String {
        let PlannedBatch { template, ids, vars } = &self.batch;
        let vars =
            vars.as_ref().map_or_else(String::new, |vars| format!(",\"vars\":{}", json!(vars)));
        format!("{{\"template\":{template},\"ids\":{}{vars},\"body\":{}}}", json!(ids), self.body)
    }
}

/// Begins the seal of a plan: its head first, and then the lines of its batches, each with its end.
fn seal_of(head: &str, key: &SealKey) -> SealWriter {
    let mut seal = key.begin("plan");
    seal.text(head);
    seal
}

/// Writes a plan: the head, then its batches, a [`PlanLine`] each, which were written before. They are read twice and never
/// held: their seal stands before them.
pub fn write<R: Read + Seek>(
    out: &mut dyn Write,
    head: &Head,
    batches: &mut R,
    key: &SealKey,
) -> std::io::Result<()> {
    let text = head.to_json().to_string();
    let mut seal = seal_of(&text, key);
    let mut some = vec![0; 64 * 1024];
    loop {
        let read = batches.read(&mut some)?;
        if read == 0 {
            break;
        }
        seal.rest(&some[..read]);
    }
    batches.rewind()?;
    let digest = lower_hex(&seal.finish());
    let open = text.strip_suffix('}').unwrap_or(&text);
    writeln!(out, "{open},\"digest\":\"{digest}\"}}")?;
    std::io::copy(batches, out)?;
    out.flush()
}

/// A plan of which the head was read. Nothing of it may be believed before [`PlanReader::read`] has come to its end.
pub struct PlanReader<'a> {
    input: &'a mut dyn BufRead,
    name: &'a str,
    text: String,
    seal: Vec<u8>,
    head: Head,
}

impl<'a> PlanReader<'a> {
    /// Reads the head. An error where it is none.
    pub fn open(input: &'a mut dyn BufRead, name: &'a str) -> Result<Self> {
        let no_plan = || {
            Error::input(format!("`{name}` is no plan"))
                .help("a plan is what `herald broadcast --plan FILE` writes")
        };
        let first = next_line(input, name)?.ok_or_else(no_plan)?;
        let (text, digest) = first.rsplit_once(",\"digest\":\"").ok_or_else(no_plan)?;
        let seal = bytes(digest.strip_suffix("\"}").ok_or_else(no_plan)?);
        let text = format!("{text}}}");
        let json: Json = serde_json::from_str(&text).map_err(|_| no_plan())?;
        match json["version"].as_u64() {
            Some(VERSION) => {}
            Some(version) => {
                return Err(Error::input(format!(
                    "the plan `{name}` is of version {version}, and this herald knows version {VERSION}"
                ))
                .help("carry it out with the herald that wrote it, or write a new one"));
            }
            None => return Err(no_plan()),
        }
        let edited = || edited(name);
        let (head, seal) = Head::parse(&text).zip(seal).ok_or_else(edited)?;
        Ok(Self { input, name, text, seal, head })
    }

    /// What the plan says of itself.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Reads the plan to its end, hands over its batches, and gives its head. An error where its seal is not made with this
    /// key, or not over this plan.
    pub fn read(self, key: &SealKey, take: &mut dyn FnMut(PlanLine) -> Result<()>) -> Result<Head> {
        let Self { input, name, text, seal, head } = self;
        let mut own = seal_of(&text, key);
        while let Some(line) = next_line(input, name)? {
            own.rest(line.as_bytes());
            own.rest(b"\n");
            take(PlanLine::parse(&line).ok_or_else(|| edited(name))?)?;
        }
        if own.is(&seal) { Ok(head) } else { Err(edited(name)) }
    }
}

fn edited(name: &str) -> Error {
    Error::new(
        ErrorKind::Input,
        format!("the plan `{name}` was edited, is not whole, or was made with another secret: its seal does not fit"),
    )
    .help("nothing was sent; write a new one with `herald broadcast --plan FILE`, with the same app and secret as here")
}

/// The bytes that hexadecimal digits stand for.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        u8::try_from(16 * digit(0)? + digit(1)?).ok()
    };
    let bytes: Vec<u8> = hex.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
    // Spelled in one way only.
    (lower_hex(&bytes) == hex).then_some(bytes)
}

/// Whether something begins like a plan, of whatever version.
pub fn is_plan(input: &mut dyn BufRead) -> bool {
    let first = next_line(input, "").ok().flatten();
    let head = first.and_then(|line| serde_json::from_str::<Json>(&line).ok());
    head.is_some_and(|head| head["plan"].is_string() && head["digest"].is_string())
}

/// The next line without its end.
fn next_line(input: &mut dyn BufRead, name: &str) -> Result<Option<String>> {
    let mut line = String::new();
    let read = input
        .take(MAX_LINE)
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

    fn head() -> Head {
        Head {
            id: Uuid::from_u128(7),
            herald: "1.2.3".into(),
            created_ms: 1_000,
            valid_until_ms: 2_000,
            provider: "fake".into(),
            profile: Some("live".into()),
            sandbox: false,
            app: "app".into(),
            endpoint: "https://h".into(),
            audience: "2 targets".into(),
            targets: 2,
            requests: 1,
            audience_digest: "ab".into(),
            fingerprint: "cd".into(),
            job: None,
            seconds: 3,
            quota: vec!["1 left".into()],
            quotas: vec![json!({"left": 1})],
            recallable_until: Some("2026-01-01T00:00:00Z".into()),
            recallable_seconds: Some(120),
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

    fn reread(text: &[u8]) -> Result<(Head, Vec<PlanLine>)> {
        reread_with(text, &key("s"))
    }

    fn reread_with(text: &[u8], key: &SealKey) -> Result<(Head, Vec<PlanLine>)> {
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
                // A line end less at the very end is all that may differ.
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
