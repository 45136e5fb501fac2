//! The environment of backends: records, switches and a clock.

use super::{
    Answer, Backend, FILES, Incoming, Reasons, RecordStore, SandboxStore, SandboxWorld, Switches,
};
use crate::contract::SecretNames;
use crate::document::Value;
use crate::redact::Redactor;

/// Returns the time in milliseconds since 1970.
pub type WallClock = Box<dyn Fn() -> i64>;

/// The names of secrets in payloads of a provider; if there is no such provider, the names of all.
pub type NamesOf = fn(&str) -> &'static SecretNames;

/// Records, switches and a clock.
pub struct SandboxState {
    shelf: RecordStore,
    switches: Switches,
    clock: WallClock,
    names_of: NamesOf,
}

impl std::fmt::Debug for SandboxState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("shelf", &self.shelf)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

impl SandboxState {
    /// A stage.
    pub fn new(
        shelf: RecordStore,
        switches: Switches,
        clock: WallClock,
        names_of: NamesOf,
    ) -> Self {
        Self { shelf, switches, clock, names_of }
    }

    /// Lets a backend answer; returns also the reasons that it told. Its changes are stored together; if that fails, nothing
    /// was done, and the text says why.
    pub fn answer(
        &mut self,
        provider: &str,
        backend: &dyn Backend,
        request: &Incoming,
        origin: &str,
    ) -> Result<(Answer, Reasons), String> {
        let now_ms = (self.clock)().saturating_add(self.switches.clock_offset_ms(provider));
        let switches = |key: &str| self.switches.get(provider, key).map(str::to_owned);
        let redactor = request.redactor((self.names_of)(provider));
        let reasons = Reasons::default();
        let answer = self
            .shelf
            .visit(provider, |store| {
                let store = &mut Discreet { store, redactor };
                let (switches, reasons) = (&switches, &reasons);
                backend
                    .answer(request, &mut SandboxWorld { now_ms, origin, switches, reasons, store })
            })
            .map_err(|error| format!("the sandbox cannot keep its state: {error}"))?;
        Ok((answer, reasons))
    }
}

/// A store that redacts the secrets of payloads.
struct Discreet<'s> {
    store: &'s mut dyn SandboxStore,
    redactor: Redactor,
}

impl SandboxStore for Discreet<'_> {
    fn get(&mut self, kind: &str, id: &str) -> Option<Value> {
        self.store.get(kind, id)
    }

    fn put(&mut self, kind: &str, id: &str, record: &Value) {
        let redacted = (kind != FILES).then(|| self.redactor.redacted_value(record)).flatten();
        self.store.put(kind, id, redacted.as_ref().unwrap_or(record));
    }

    fn remove(&mut self, kind: &str, id: &str) {
        self.store.remove(kind, id);
    }

    fn list(&mut self, kind: &str) -> Vec<(String, Value)> {
        self.store.list(kind)
    }

    fn next(&mut self, series: &str) -> u64 {
        self.store.next(series)
    }
}

impl Incoming {
    /// Hides the secrets in this request that have these names.
    pub fn redactor(&self, names: &'static SecretNames) -> Redactor {
        let mut redactor = Redactor::new(names);
        redactor.learn_from(&self.query);
        for (name, value) in &self.headers {
            if names.matches(name) {
                redactor.cover(value);
            }
        }
        let short = (self.body.len() <= LONGEST).then_some(self.body.as_slice());
        if let Some(body) = short.and_then(|body| std::str::from_utf8(body).ok()) {
            redactor.learn_from(body);
        }
        redactor
    }
}

/// Longer bodies are files, in which herald searches for no secrets of payloads.
const LONGEST: usize = 1024 * 1024;
