//! The next attempt goes out otherwise: with another token, a signature of now, or to the other host of a pair.

use super::Prerequisites;
use crate::contract::{Auth, Operation};
use crate::net;
use crate::send::executor::ports::AttemptInfo;
use crate::wire::{Exchange, ExchangeStep, Phase};

impl Prerequisites<'_> {
    /// Whether nothing was done, and the same request goes out otherwise when it is made again. What lay on this side is
    /// fixed then: a token that is too old, a host that cannot be reached while the other one of its pair can.
    pub(crate) fn recovers(
        &mut self,
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
            // Nothing was read at the first host, so that the next request is no second one. After anything else it would be.
            let pair = self.contract().endpoints.iter().find(|row| row.base == attempt.base);
            let other = pair.and_then(|row| Some((row.base, row.backup?)));
            self.instead = self.instead.or(other);
            return other.is_some();
        }
        self.drop_token(attempt.token, operation, exchange) || self.is_too_old(operation, exchange)
    }

    /// Whether the vendor refuses the signature for its age.
    fn is_too_old(&self, operation: &'static Operation, exchange: &Exchange) -> bool {
        let Ok(reply) = exchange else { return false };
        let reading = self.around.vendor.read(operation, reply);
        net::refuses_age(self.contract(), operation, reply, &reading)
            && operation.auth != Auth::Bearer
    }
}
