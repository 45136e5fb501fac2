//! Plans: what would go out, written down so that it can be looked at, and sent later exactly so and once.
//!
//! A plan is NDJSON. Its first line is the [`Head`]: where it goes, to how many, until when it holds, and the payloads.
//! Each further line is a batch: the number of its payload, its targets, the values of its variables, and the body that goes
//! out, unsigned, for whoever wants to read it. The head ends with a digest of everything, so that a plan that was edited is known as such. There is no secret in it: requests are signed
//! when the plan is carried out.

use std::collections::BTreeMap;
use std::io::{BufRead, Read, Seek, Write};
use std::time::Duration;

use serde_json::value::RawValue;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::contract::Effect;
use crate::error::{Error, Kind, Result};
use crate::ledger::{JobTemplate, PlannedBatch};
use crate::wire::lower_hex;

/// How long a plan holds where nobody says otherwise.
const VALID: Duration = Duration::from_secs(3600);

/// How long it can hold at most: what it was checked against changes.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The version of the format.
const VERSION: u64 = 1;

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
#[derive(Clone, Debug, PartialEq)]
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
                "kind": template.kind,
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

    fn from_json(json: &Json) -> Option<Self> {
        let text = |key: &str| json[key].as_str().map(str::to_owned);
        let templates = json["templates"].as_array()?.iter().map(template);
        let quota = json["quota"].as_array()?.iter();
        Some(Self {
            id: Uuid::parse_str(json["plan"].as_str()?).ok()?,
            herald: text("herald")?,
            created_ms: json["created_ms"].as_i64()?,
            valid_until_ms: json["valid_until_ms"].as_i64()?,
            provider: text("provider")?,
            profile: text("profile"),
            sandbox: json["sandbox"].as_bool()?,
            app: text("app")?,
            endpoint: text("endpoint")?,
            audience: text("audience")?,
            targets: json["targets"].as_u64()?,
            requests: json["requests"].as_u64()?,
            audience_digest: text("audience_digest")?,
            fingerprint: text("fingerprint")?,
            job: text("job"),
            seconds: json["seconds"].as_u64()?,
            quota: quota.map(|line| line.as_str().map(str::to_owned)).collect::<Option<_>>()?,
            quotas: json["quotas"].as_array()?.clone(),
            recallable_until: text("recallable_until"),
            recallable_seconds: json["recallable_seconds"].as_u64(),
            settings: text("settings")?,
            templates: templates.collect::<Option<_>>()?,
        })
    }
}

fn template(json: &Json) -> Option<JobTemplate> {
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    Some(JobTemplate {
        operation: text("operation")?,
        effect: effect_of(json["effect"].as_str()?)?,
        kind: text("kind"),
        sender: text("sender"),
        body: text("body")?,
        slot: text("slot"),
        recall_seconds: json["recall_seconds"].as_u64(),
    })
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

fn effect_of(word: &str) -> Option<Effect> {
    EFFECTS.iter().find(|(_, known)| *known == word).map(|(effect, _)| *effect)
}

/// A batch of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The batch.
    pub batch: PlannedBatch,
    /// The body that goes out, unsigned, as compact JSON.
    pub body: String,
}

impl Line {
    /// As it stands in a plan, without its end. The body is JSON already, and none of its numbers is touched.
    pub fn to_text(&self) -> String {
        let PlannedBatch { template, ids, vars } = &self.batch;
        let vars =
            vars.as_ref().map_or_else(String::new, |vars| format!(",\"vars\":{}", json!(vars)));
        format!("{{\"template\":{template},\"ids\":{}{vars},\"body\":{}}}", json!(ids), self.body)
    }

    fn parse(text: &str) -> Option<Self> {
        let parts: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
        let part = |name: &str| parts.get(name).map(|part| part.get());
        let vars = part("vars").map(serde_json::from_str).transpose().ok()?;
        Some(Self {
            batch: PlannedBatch {
                template: serde_json::from_str(part("template")?).ok()?,
                ids: serde_json::from_str(part("ids")?).ok()?,
                vars,
            },
            body: part("body")?.to_owned(),
        })
    }
}

/// Writes a plan: the head, then its batches, a [`Line`] each, which were written before. They are read twice and never
/// held: their digest stands before them.
pub fn write<R: Read + Seek>(
    out: &mut dyn Write,
    head: &Head,
    batches: &mut R,
) -> std::io::Result<()> {
    let text = head.to_json().to_string();
    let mut hash = Sha256::new();
    hash.update(&text);
    let mut some = vec![0; 64 * 1024];
    loop {
        let read = batches.read(&mut some)?;
        if read == 0 {
            break;
        }
        hash.update(&some[..read]);
    }
    batches.rewind()?;
    let digest = lower_hex(&hash.finalize());
    let open = text.strip_suffix('}').unwrap_or(&text);
    writeln!(out, "{open},\"digest\":\"{digest}\"}}")?;
    std::io::copy(batches, out)?;
    out.flush()
}

/// Reads a plan to its end, and hands over its batches. An error where it is none, or was edited.
pub fn read(
    input: &mut dyn BufRead,
    name: &str,
    take: &mut dyn FnMut(&Head, Line) -> Result<()>,
) -> Result<Head> {
    let no_plan = || {
        Error::input(format!("`{name}` is no plan"))
            .help("a plan is what `herald broadcast --plan FILE` writes")
    };
    let edited = || {
        Error::new(Kind::Input, format!("the plan `{name}` was edited, or is not whole"))
            .help("nothing was sent; write a new one with `herald broadcast --plan FILE`")
    };
    let first = next_line(input, name)?.ok_or_else(no_plan)?;
    let (text, digest) = first.rsplit_once(",\"digest\":\"").ok_or_else(no_plan)?;
    let digest = digest.strip_suffix("\"}").ok_or_else(no_plan)?;
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
    let mut hash = Sha256::new();
    hash.update(&text);
    let head = Head::from_json(&json).ok_or_else(edited)?;
    while let Some(line) = next_line(input, name)? {
        hash.update(&line);
        hash.update("\n");
        take(&head, Line::parse(&line).ok_or_else(edited)?)?;
    }
    if lower_hex(&hash.finalize()) == digest { Ok(head) } else { Err(edited()) }
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
                kind: Some("user".into()),
                sender: None,
                body: r#"{"n":12345678901234567890123}"#.into(),
                slot: Some("list /to".into()),
                recall_seconds: Some(120),
            }],
        }
    }

    fn written(batches: &[Line]) -> Vec<u8> {
        let lines: String = batches.iter().map(|batch| batch.to_text() + "\n").collect();
        let mut out = Vec::new();
        write(&mut out, &head(), &mut std::io::Cursor::new(lines)).expect("room in memory");
        out
    }

    fn reread(text: &[u8]) -> Result<(Head, Vec<Line>)> {
        let mut batches = Vec::new();
        let head = read(&mut &*text, "plan", &mut |_, batch| {
            batches.push(batch);
            Ok(())
        })?;
        Ok((head, batches))
    }

    proptest! {
        #[test]
        fn a_plan_reads_back_as_it_was_written(ids in prop::collection::vec(prop::collection::vec("\\PC{1,8}", 0..4), 0..4)) {
            let body = r#"{"n":12345678901234567890123,"t":"\"}"}"#;
            let line = |ids| Line {
                batch: PlannedBatch { template: 0, ids, vars: None },
                body: body.to_owned(),
            };
            let batches: Vec<Line> = ids.into_iter().map(line).collect();
            let (read, same) = reread(&written(&batches)).expect("a plan");
            prop_assert_eq!(read, head());
            prop_assert_eq!(same, batches);
        }
    }

    #[test]
    fn a_plan_of_which_any_byte_was_changed_is_refused() {
        let vars = Some(r#"{"name":"Ann"}"#.to_owned());
        let batch = PlannedBatch { template: 0, ids: vec!["a".into(), "b".into()], vars };
        let whole = written(&[Line { batch, body: r#"{"to":["a","b"]}"#.into() }]);
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
