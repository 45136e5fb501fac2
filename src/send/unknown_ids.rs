//! Ids on a command line that nothing in the ledger has: mistyped names, or the vendor's own ids.

use crate::contract::Verb;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Ledger, Realm};
use crate::profile::NO_PROVIDER;
use crate::send::named::near_name;
use crate::send::open_ledger::SENT_BY_OTHERS;
use crate::send::rounded_ids;
use crate::text::{self, suggest};

/// Ids that neither an entry nor a job of the ledger has: they can only be the vendor's.
#[derive(Clone, Default)]
pub(crate) struct UnknownIds {
    ids: Vec<String>,
    /// What may be meant, as a question.
    near: Option<String>,
    provider: &'static str,
    realm: Option<Realm>,
}

impl UnknownIds {
    pub(crate) fn find(
        env: &Env,
        ledger: &mut Ledger,
        realm: Realm,
        ids: &[String],
    ) -> Result<Self> {
        let near = ids.iter().find_map(|id| near_name(env, ledger, realm, id).transpose());
        Ok(Self { ids: ids.to_vec(), near: near.transpose()?, provider: "", realm: Some(realm) })
    }

    /// The same, where they are asked for at a provider.
    pub(crate) fn of(self, provider: &'static str) -> Self {
        Self { provider, ..self }
    }

    fn named(&self) -> String {
        self.ids.iter().map(|id| format!("`{}`", text::escape(id))).collect::<Vec<_>>().join(", ")
    }

    /// Says it before an error that follows from it: a mistyped name needs no help for a vendor's id.
    pub(crate) fn before(&self, error: Error) -> Error {
        if self.ids.is_empty() || error.kind() != ErrorKind::Usage {
            return error;
        }
        let (named, provider) = (self.named(), self.provider);
        let message = format!("the ledger does not know {named}; as an id of {provider}: {error}");
        let others = (self.realm == Some(Realm::Sandbox)).then_some(SENT_BY_OTHERS);
        let help: Vec<&str> =
            self.near.as_deref().into_iter().chain(error.advice()).chain(others).collect();
        Error::usage(message).help(help.join("\n"))
    }

    /// The error where the ledger knows others that are named with them.
    pub(crate) fn beside_known(&self) -> Error {
        let near = self.near.as_ref().map(|near| format!("{near}; ")).unwrap_or_default();
        Error::usage(format!("the ledger does not know {}", self.named()))
            .help(format!("{near}follow an id of the vendor's up alone"))
    }

    /// Says it where they are taken for the vendor's.
    pub(crate) fn tell(&self, env: &Env) {
        if self.ids.is_empty() {
            return;
        }
        let taken = match self.realm {
            Some(Realm::Sandbox) => format!("; {SENT_BY_OTHERS}"),
            _ => format!(", and {} is asked for it", self.provider),
        };
        let near = self.near.as_ref().map(|near| format!("; {near}")).unwrap_or_default();
        env.ui.remark(&format!("the ledger does not know {}{near}{taken}", self.named()));
        let ids = self.ids.iter().map(|id| (id.clone(), id.as_str()));
        if let Some(rounded) = rounded_ids::remark(ids) {
            env.ui.warn(&rounded);
        }
    }
}

/// Where nothing says whose messages these are: the ledger would, if it knew them.
pub(crate) fn whose(error: Error, verb: Verb, ids: &[String]) -> Error {
    if error.to_string() != NO_PROVIDER || ids.is_empty() {
        return error;
    }
    let command = ids.iter().fold(suggest(verb.word()), |command, id| command.arg(id));
    let named = ids.join(", ");
    Error::usage(format!("the ledger does not know {named}, and {NO_PROVIDER}"))
        .help(format!("say whose it is: {}", command.words("--provider PROVIDER").form()))
}
