//! The next attempt goes out otherwise: with another token, a signature of now, or to the other host of a pair.

use crate::contract::{Auth, Operation};
use crate::error::Result;
use crate::net;
use crate::provider::Vendor;
use crate::send::executor::ports::{AttemptInfo, MadeRequest};
use crate::send::prerequisites::{PreparedRequest, Prerequisites};
use crate::wire::{Exchange, ExchangeStep, Phase, Request};

/// Fixes what lies on this side: a token that is too old, a host that cannot be reached while the other one of its pair can.
#[derive(Debug, Default)]
pub(crate) struct Failover {
    /// The first host of a pair, with the one that is used instead.
    instead: Option<(&'static str, &'static str)>,
}

impl Failover {
    /// Sends a request to the other host of a pair, where the first could not be reached.
    fn use_backup_host(&self, request: &mut Request) {
        if let Some((first, other)) = self.instead
            && request.base == first
        {
            request.base = other.to_owned();
        }
    }

    /// The next attempt of a request that has all that it needs.
    pub(crate) fn attempt(
        &self,
        prerequisites: &mut Prerequisites<'_>,
        prepared: PreparedRequest,
    ) -> Result<MadeRequest> {
        let PreparedRequest { mut request, dedupe_id, token } = prepared;
        self.use_backup_host(&mut request);
        // What was fetched for it may be in its headers now.
        prerequisites.transport().prepare(&request)?;
        prerequisites.begin();
        let base = request.base.clone();
        let attempt = AttemptInfo { recognised: dedupe_id.is_some(), token, base };
        Ok(MadeRequest { request, dedupe_id, attempt })
    }

    /// Whether nothing was done, and the same request goes out otherwise when it is made again.
    pub(crate) fn recovers(
        &mut self,
        vendor: &'static dyn Vendor,
        prerequisites: &mut Prerequisites<'_>,
        attempt: &AttemptInfo,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        if let Err(failure) = exchange {
            let is_the_hosts_fault = failure.phase == Phase::Connect
                && matches!(
                    failure.step,
                    ExchangeStep::Dns | ExchangeStep::Connect | ExchangeStep::Tls
                )
                && failure.heals();
            if !is_the_hosts_fault {
                return false;
            }
            // Nothing was read at the first host, so that the next request is not a second one. After anything else it would be.
            let pair = vendor.contract().endpoints.iter().find(|row| row.base == attempt.base);
            let other = pair.and_then(|row| Some((row.base, row.backup?)));
            self.instead = self.instead.or(other);
            return other.is_some();
        }
        prerequisites.drop_token(attempt.token, operation, exchange)
            || is_too_old(vendor, operation, exchange)
    }
}

/// Whether the vendor refuses the signature for its age.
fn is_too_old(
    vendor: &'static dyn Vendor,
    operation: &'static Operation,
    exchange: &Exchange,
) -> bool {
    let Ok(reply) = exchange else { return false };
    net::refuses_age(vendor.contract(), operation, reply, &vendor.read(operation, reply))
        && operation.auth != Auth::Bearer
}
