//! The first entry of a new job in the ledger.

use uuid::Uuid;

use crate::ledger::JobIntent;
use crate::send::context::SendContext;

/// The intent of a new job. What is known only after its targets are read is empty.
pub(crate) fn new_intent(context: &SendContext<'_>, id: Uuid, name: Option<String>) -> JobIntent {
    JobIntent {
        id,
        realm: context.app.realm(),
        created_ms: context.env.system.now_ms(),
        name,
        verb: context.verb.word().to_owned(),
        provider: context.app.vendor.contract().id.to_owned(),
        profile: context.app.account.profile.clone(),
        app: context.app.id(),
        endpoint: context.app.base(),
        audience: String::new(),
        overrides: Vec::new(),
        settings: String::new(),
        fingerprint: String::new(),
    }
}
