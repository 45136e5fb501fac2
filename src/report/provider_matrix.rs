//! What the flags of `send` and `broadcast` become with each provider; herald composes with them to find out.
//!
//! No table is maintained by hand: the vendor's code gets made-up targets and addresses, and its rules say what is
//! missing. So the result is the same as in a send.

use crate::contract::reference::{Page, Table};
use crate::contract::{Context, Contract, Finding, Severity, Target, TargetKind, Verb};
use crate::document::Document;
use crate::lint::lint;
use crate::profile::sandbox_account;
use crate::provider::{Content, Draft, LocalFile, Media, SendIntent, Vendor, WantedAudience};
use crate::wire::Stamp;

/// What a provider does with a flag.
type MatrixCell = fn(&Probe) -> String;

/// Shown if it is refused.
const REFUSED: &str = "-";

/// The page: one row for each flag, one column for each provider.
pub(crate) fn page(vendors: &[&'static dyn Vendor]) -> Page {
    let mut columns = vec!["flag"];
    columns.extend(vendors.iter().map(|vendor| vendor.contract().id));
    let probes: Vec<Probe> = vendors.iter().map(|vendor| Probe::new(*vendor)).collect();
    let rows = |flags: Vec<String>, cell: &dyn Fn(&Probe, usize) -> String| -> Vec<Vec<String>> {
        let row = |(index, flag): (usize, String)| {
            std::iter::once(flag).chain(probes.iter().map(|probe| cell(probe, index))).collect()
        };
        flags.into_iter().enumerate().map(row).collect()
    };
    let contents = contents();
    let flags = contents.iter().map(|content| content.flag().to_owned()).collect();
    let mut content = rows(flags, &|probe, index| probe.content(&contents[index]));
    let beside: [(&str, MatrixCell); 3] =
        [("--title", Probe::title), ("--extra", Probe::extra), ("--from", Probe::from)];
    let flags = beside.iter().map(|(flag, _)| (*flag).to_owned()).collect();
    content.extend(rows(flags, &|probe, index| beside[index].1(probe)));

    let kinds = TargetKind::ALL;
    let flags = kinds.iter().map(|kind| format!("--to {kind}:…")).chain(["--all".to_owned()]);
    let audience = rows(flags.collect(), &|probe, index| probe.audience(kinds.get(index).copied()));
    Page {
        facts: vec![
            ("needs", "fields that --set has to give beside the flag".to_owned()),
            ("lost", "it goes out without that, and herald says so".to_owned()),
            ("a dash", "refused, with what to do instead; nothing is sent".to_owned()),
        ],
        tables: vec![
            Table::new("matrix", "Content: the message type that a flag makes", &columns)
                .with(content),
            Table::new("audience", "Audience: the operation that reaches it", &columns)
                .with(audience),
        ],
        ..Page::default()
    }
}

/// One of each neutral content, in the order of the help text.
fn contents() -> Vec<Content> {
    let at = |name: &str| Media::Url(format!("https://example.com/{name}"));
    vec![
        Content::Text("hello".to_owned()),
        Content::Image(at("a.jpg")),
        Content::Voice(at("a.mp3")),
        Content::Video(at("a.mp4")),
        Content::File(at("a.pdf")),
        Content::Location {
            latitude: "39.9".to_owned(),
            longitude: "116.4".to_owned(),
            name: Some("Beijing".to_owned()),
        },
        Content::Command("refresh".to_owned()),
    ]
}

/// The same content as a local file, if it can be one.
fn local(content: &Content) -> Option<Content> {
    let file = |name: &str| {
        Media::File(LocalFile {
            path: name.into(),
            name: name.to_owned(),
            size: 1000,
            crc32: Some(1),
            pixels: Some((100, 100)),
        })
    };
    match content {
        Content::Image(_) => Some(Content::Image(file("a.jpg"))),
        Content::Voice(_) => Some(Content::Voice(file("a.mp3"))),
        Content::Video(_) => Some(Content::Video(file("a.mp4"))),
        Content::File(_) => Some(Content::File(file("a.pdf"))),
        Content::Text(_) | Content::Location { .. } | Content::Command(_) => None,
    }
}

/// A provider with which flags are tried.
struct Probe {
    vendor: &'static dyn Vendor,
    account: crate::account::Account,
}

/// The flags of one try.
struct QuestionFlags<'a> {
    content: &'a Content,
    target: Option<TargetKind>,
    from: Option<&'a str>,
    title: Option<&'a str>,
    extra: &'a [(String, String)],
}

impl Probe {
    /// With the sandbox's account, without the keys that select another kind of sender.
    fn new(vendor: &'static dyn Vendor) -> Self {
        let contract = vendor.contract();
        let mut account = sandbox_account(contract);
        for row in contract.credentials.iter().filter(|row| !row.required && !row.secret) {
            account.values.remove(row.name);
        }
        Self { vendor, account }
    }

    fn contract(&self) -> &'static Contract {
        self.vendor.contract()
    }

    /// The vendor's draft for some flags; `None` if it refuses them.
    fn draft(&self, verb: Verb, flags: &QuestionFlags<'_>) -> Option<Draft> {
        let audience = match flags.target {
            Some(kind) => WantedAudience::Targets(vec![Target::new(kind, "sample1")]),
            None => WantedAudience::Everybody,
        };
        let stamp = Stamp { timestamp: "1700000000000".to_owned(), nonce: "1".to_owned() };
        let drafts = self.vendor.compose(&SendIntent {
            verb,
            audience,
            from: flags.from,
            content: Some(flags.content.clone()),
            title: flags.title,
            extra: flags.extra,
            message_type: None,
            sets: &[],
            account: &self.account,
            stamp: &stamp,
        });
        drafts.ok()?.into_iter().next()
    }

    /// A text to the vendor's usual kind of target.
    fn usual<'a>(&self, content: &'a Content) -> QuestionFlags<'a> {
        QuestionFlags {
            content,
            target: Some(self.contract().default_target),
            from: Some("sample2"),
            title: None,
            extra: &[],
        }
    }

    /// The type that a content becomes, and what else it needs.
    fn content(&self, content: &Content) -> String {
        let local = local(content);
        let by_address = self.draft(Verb::Send, &self.usual(content));
        let is_local = by_address.is_none();
        let from_disk = || self.draft(Verb::Send, &self.usual(local.as_ref()?));
        let Some(draft) = by_address.or_else(from_disk) else { return REFUSED.to_owned() };
        let types = self.contract().types.iter().filter(|row| row.flag == content.flag());
        let name = types.map(|row| row.id).next().unwrap_or(draft.operation.id);
        let mut cell = name.to_owned();
        if is_local {
            cell.push_str("; local files alone");
        }
        let missing = self.missing(&draft);
        if !missing.is_empty() {
            cell.push_str(&format!("; needs {}", missing.join(", ")));
        }
        cell
    }

    /// Fields without which the vendor's rules refuse a draft.
    fn missing(&self, draft: &Draft) -> Vec<String> {
        let context = Context { account: Some(&self.account), ..Context::default() };
        let findings = lint(self.contract(), draft.operation, &Document::of(&draft.body), &context);
        let field = |finding: Finding| {
            let place = finding.place;
            let pointer = place.inner_pointer.unwrap_or(place.pointer);
            pointer.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let errors = findings.into_iter().filter(|finding| finding.severity() == Severity::Error);
        let mut fields: Vec<String> = errors.map(field).filter(|name| !name.is_empty()).collect();
        fields.dedup();
        fields
    }

    /// The result of a flag in addition to `--text`.
    fn beside(&self, with: &dyn Fn(QuestionFlags<'_>) -> Option<Draft>) -> String {
        let content = &contents()[0];
        let Some(plain) = self.draft(Verb::Send, &self.usual(content)) else {
            return REFUSED.to_owned();
        };
        match with(self.usual(content)) {
            None => REFUSED.to_owned(),
            Some(draft) if draft.body.same(&plain.body) => "lost".to_owned(),
            Some(draft) if draft.lost.len() > plain.lost.len() => "yes, lost in places".to_owned(),
            Some(_) => "yes".to_owned(),
        }
    }

    fn title(&self) -> String {
        let typed = self.contract().types.iter().find(|row| row.flag.starts_with("--title"));
        match typed {
            Some(row) => row.id.to_owned(),
            None => self.beside(&|flags| {
                self.draft(Verb::Send, &QuestionFlags { title: Some("Title"), ..flags })
            }),
        }
    }

    fn extra(&self) -> String {
        let pairs = [("key".to_owned(), "value".to_owned())];
        self.beside(&|flags| self.draft(Verb::Send, &QuestionFlags { extra: &pairs, ..flags }))
    }

    fn from(&self) -> String {
        let content = &contents()[0];
        let with = self.draft(Verb::Send, &self.usual(content));
        let without = self.draft(Verb::Send, &QuestionFlags { from: None, ..self.usual(content) });
        match (with, without) {
            (None, _) => REFUSED.to_owned(),
            (Some(_), None) => "required".to_owned(),
            (Some(with), Some(without)) if with.body.same(&without.body) => "lost".to_owned(),
            (Some(with), Some(without))
                if self.missing(&without).len() > self.missing(&with).len() =>
            {
                "required".to_owned()
            }
            _ => "yes".to_owned(),
        }
    }

    /// The operation that reaches a kind of target, or everybody.
    fn audience(&self, kind: Option<TargetKind>) -> String {
        let is_wide = matches!(kind, None | Some(TargetKind::Tag | TargetKind::Package));
        let verb = if is_wide { Verb::Broadcast } else { Verb::Send };
        let content = &contents()[0];
        let flags = QuestionFlags { target: kind, ..self.usual(content) };
        self.draft(verb, &flags).map_or(REFUSED.to_owned(), |draft| draft.operation.id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider;

    #[test]
    fn every_provider_has_a_cell_in_every_row_and_makes_something_of_a_text() {
        let page = page(provider::ALL);
        for table in &page.tables {
            assert!(!table.rows.is_empty());
            for row in &table.rows {
                assert_eq!(row.len(), 1 + provider::ALL.len());
                assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
            }
        }
        assert!(page.tables[0].rows[0].iter().all(|cell| cell != REFUSED));
    }

    #[test]
    fn each_flag_makes_the_type_that_the_rows_name_for_it() {
        for vendor in provider::ALL {
            let probe = Probe::new(*vendor);
            for content in contents() {
                let types = vendor.contract().types.iter();
                let named: Vec<&str> =
                    types.filter(|row| row.flag == content.flag()).map(|row| row.id).collect();
                let cell = probe.content(&content);
                let name = cell.split(';').next().unwrap_or_default();
                let id = vendor.contract().id;
                // Without message types, the cell names the operation.
                if vendor.contract().types.is_empty() {
                    let is_operation = vendor.contract().operation(name).is_some();
                    assert!(is_operation || name == REFUSED, "{id} {}: {cell}", content.flag());
                    continue;
                }
                // A vendor that names no type for a flag refuses it.
                assert_eq!(
                    named.first().copied().unwrap_or(REFUSED),
                    name,
                    "{id} {}",
                    content.flag()
                );
            }
        }
    }
}
