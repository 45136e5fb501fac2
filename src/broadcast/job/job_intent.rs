//! The first entry of a new job in the ledger.

use uuid::Uuid;

use crate::ledger::JobIntent;
use crate::send::trip::Trip;

/// The intent of a new job. What is known only after its targets are read is empty.
pub(crate) fn new_intent(trip: &Trip<'_>, id: Uuid, name: Option<String>) -> JobIntent {
    JobIntent {
        id,
        realm: trip.world.realm(),
        created_ms: trip.session.edge.now_ms(),
        name,
        verb: trip.verb.word().to_owned(),
        provider: trip.vendor.contract().id.to_owned(),
        profile: trip.world.account.profile.clone(),
        app: trip.world.app(),
        endpoint: trip.world.base(),
        audience: String::new(),
        overrides: Vec::new(),
        settings: String::new(),
        fingerprint: String::new(),
    }
}
