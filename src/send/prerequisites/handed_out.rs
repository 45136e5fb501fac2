//! What a vendor hands out - an id, an address, a token - is foreign input: it is held to the rules of its field before a
//! request carries it.

use crate::account::Secret;
use crate::contract::{Operation, Severity};
use crate::document::Value;
use crate::error::{Error, ErrorKind, Result, RetryAfter};
use crate::provider::prerequisite::Purpose;
use crate::send::prerequisites::Prerequisites;
use crate::text::{escape, is_invisible};

/// The longest id against repeats, in bytes: those of vendors have some 60.
const MOST_OF_AN_ID: usize = 256;

/// The longest of all other texts, in bytes: addresses that are signed are long.
const MOST_OF_A_TEXT: usize = 8 * 1024;

/// How much of a value an error shows, in characters.
const SHOWN: usize = 100;

/// A value that came from a vendor, and what it is for.
#[derive(Clone, Debug)]
pub(crate) struct HandedOut {
    /// What was being done, as errors begin.
    pub(crate) what: String,
    /// What it was for.
    pub(crate) purpose: Purpose,
    /// The vendor's name for it.
    pub(crate) name: &'static str,
    /// Where it stands in the body, steps apart by `/`; empty where it is not in a body.
    pub(crate) at: &'static str,
    /// The value.
    pub(crate) value: Value,
    /// What stood in its place until it came, where something did.
    pub(crate) stand_in: Option<Value>,
}

impl HandedOut {
    /// What is wrong with it whatever the rules of its field are.
    fn fault(&self) -> Option<String> {
        let most = match self.purpose {
            Purpose::DedupeId { .. } => MOST_OF_AN_ID,
            Purpose::Token(_) | Purpose::UploadAddress | Purpose::Upload => MOST_OF_A_TEXT,
        };
        if let Some(fault) = text_fault(&self.value, most) {
            return Some(fault);
        }
        let stand_in = self.stand_in.as_ref()?;
        match (stand_in.as_str(), self.value.as_str()) {
            (None, _) => None,
            (Some(_), None) => Some("is no text".to_owned()),
            (Some(_), Some("")) => Some("is empty".to_owned()),
            (Some(stand_in), Some(text)) => (is_address(stand_in) && !is_address(text))
                .then(|| "is no http or https address".to_owned()),
        }
    }

    /// The value for people: escaped, shortened, and without what opens something.
    fn shown(&self) -> String {
        let text = self.value.to_plain();
        if self.name.contains("secret") || matches!(self.purpose, Purpose::Token(_)) {
            return "***".to_owned();
        }
        // The query of an address to upload to is its signature.
        let text = match self.purpose {
            Purpose::UploadAddress => text.split('?').next().unwrap_or_default(),
            _ => &text,
        };
        let short: String = text.chars().take(SHOWN).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        format!("`{}{more}` ({} bytes)", escape(&short), self.value.to_plain().len())
    }
}

/// What is wrong with the texts in a value.
fn text_fault(value: &Value, most: usize) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = text.as_str();
            if text.len() > most {
                Some(format!("is longer than {most} bytes"))
            } else if text.chars().any(|c| c.is_control() || is_invisible(c)) {
                Some("holds control characters or invisible ones".to_owned())
            } else {
                None
            }
        }
        Value::Array(items) => items.iter().find_map(|item| text_fault(&item.value, most)),
        Value::Object(object) => {
            object.iter().find_map(|member| text_fault(&member.node.value, most))
        }
        Value::Number(_) | Value::Bool(_) | Value::Null => None,
    }
}

fn is_address(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme))
}

/// Whether a token can stand in a header: visible characters of ASCII, some, and not too many.
pub(crate) fn is_header_text(token: &Secret) -> bool {
    let token = token.expose();
    !token.is_empty()
        && token.len() <= MOST_OF_A_TEXT
        && token.bytes().all(|byte| byte.is_ascii_graphic())
}

impl Prerequisites<'_> {
    /// Refuses a value that cannot be used for anything.
    pub(crate) fn usable(&self, one: &HandedOut) -> Result<()> {
        one.fault().map_or(Ok(()), |fault| Err(self.unusable(one, &fault)))
    }

    /// Refuses a token that no header can carry.
    pub(crate) fn carriable(&self, what: &str, token: &Secret) -> Result<()> {
        if is_header_text(token) {
            return Ok(());
        }
        let message =
            format!("{what} failed: the vendor returned a token that no header can carry");
        Err(self.kept_back(message))
    }

    /// Refuses a body into which values were put where it has an error there; where it is finished, any error. Of an upload it
    /// tells warnings, too: nothing that stood for it before could show them.
    pub(crate) fn fits(
        &self,
        operation: &'static Operation,
        body: &Value,
        handed: &[HandedOut],
        is_finished: bool,
    ) -> Result<()> {
        let Some(first) = handed.first() else { return Ok(()) };
        handed.iter().try_for_each(|one| self.usable(one))?;
        for found in (self.around.lint)(operation, body) {
            let pointer = &found.place.pointer;
            let is_at = |one: &&HandedOut| {
                let own = format!("/{}", one.at);
                *pointer == own || pointer.starts_with(&format!("{own}/"))
            };
            let own = handed.iter().find(is_at);
            match (found.severity(), own) {
                (Severity::Error, None) if !is_finished => continue,
                (Severity::Error, _) => {}
                (Severity::Warning, Some(one)) if one.purpose == Purpose::Upload => {
                    let text = format!("{}: {} ({})", one.what, found.message, found.code());
                    (self.around.warn)(&escape(&text));
                    continue;
                }
                (Severity::Warning | Severity::Hint, _) => continue,
            }
            let rule = format!("which breaks {} ({})", found.code(), found.rule.title);
            let error = self.unusable(own.unwrap_or(first), &rule);
            return Err(match found.help {
                Some(help) => error.help(help),
                None => error,
            });
        }
        Ok(())
    }

    fn unusable(&self, one: &HandedOut, fault: &str) -> Error {
        let HandedOut { what, name, .. } = one;
        // What an address is for may stand before its name.
        let name = name.rsplit(' ').next().unwrap_or_default();
        let which = if fault.starts_with("which") { String::new() } else { "which ".to_owned() };
        self.kept_back(format!(
            "{what} failed: the vendor returned {}, {which}{fault}, as `{name}`",
            one.shown()
        ))
    }

    /// Why an id against repeats that came twice cannot be used.
    pub(crate) fn repeated(&self, what: &str, id: &str) -> Error {
        let id: String = id.chars().take(SHOWN).collect();
        let id = escape(&id);
        self.kept_back(format!("{what} failed: the vendor returned `{id}` more than once"))
    }

    fn kept_back(&self, message: String) -> Error {
        Error::new(ErrorKind::Unavailable, format!("{message}; {}", self.so_far()))
            .help("check the endpoint: a proxy may answer in the vendor's place")
            .again(RetryAfter::Never)
    }
}
