//! Which quotas of the vendor the requests use, and how much of each is used.

use super::QuotaUse;
use crate::contract::{Contract, Operation, Rate};
use crate::document::{Document, Value};
use crate::net::rate_limit;

/// A request for the count of quotas.
#[derive(Clone, Copy, Debug)]
pub struct QuotaRequest {
    /// Its operation.
    pub operation: &'static Operation,
    /// Whether it is a request to everybody for which the vendor has a separate quota.
    pub to_all: bool,
}

impl QuotaRequest {
    /// A request with this body.
    pub fn of(operation: &'static Operation, body: &Value) -> Self {
        let to_all = operation.to_all.is_some() && operation.is_to_all(&Document::of(body));
        Self { operation, to_all }
    }

    /// The quotas that it uses, each with whether only requests to everybody use it.
    fn rates(self) -> impl Iterator<Item = (&'static Rate, bool)> {
        let apart =
            self.to_all.then(|| rate_limit::quotas_to_all(self.operation)).into_iter().flatten();
        let usual = rate_limit::quotas(self.operation).map(|rate| (rate, false));
        usual.chain(apart.map(|rate| (rate, true)))
    }
}

/// A quota of calls that requests use.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Its row in the contract.
    pub rate: &'static Rate,
    /// The ids of the operations whose calls count.
    pub operations: Vec<&'static str>,
    /// Whether only calls to everybody count.
    pub to_all: bool,
    /// Calls that the requests need.
    pub asked: u64,
}

impl Quota {
    /// The quotas of calls that these requests use. Where they are only samples, `calls` is the number of all requests; all
    /// of them count for each quota then.
    pub fn of(
        contract: &'static Contract,
        requests: impl Iterator<Item = QuotaRequest>,
        calls: Option<u64>,
    ) -> Vec<Self> {
        let mut quotas: Vec<Self> = Vec::new();
        for request in requests {
            let operation = request.operation;
            for (rate, to_all) in request.rates() {
                let is_it = |quota: &&mut Self| {
                    quota.operations.contains(&operation.id)
                        && quota.to_all == to_all
                        && same(quota.rate, rate)
                };
                match quotas.iter_mut().find(is_it) {
                    Some(quota) => quota.asked += 1,
                    None => {
                        let operations = sharing(contract, operation, rate, to_all);
                        quotas.push(Self { rate, operations, to_all, asked: 1 });
                    }
                }
            }
        }
        for quota in &mut quotas {
            quota.asked = calls.unwrap_or(quota.asked);
        }
        quotas
    }

    /// The start of the quota's window. Both times in milliseconds since 1970.
    pub fn since_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.window_ms())
    }

    /// How much of the quota is used. Takes the times of the latest calls, the latest first. More times than the quota
    /// allows are not needed.
    pub fn used(&self, times_ms: &[i64]) -> QuotaUse {
        let most = usize::try_from(self.rate.count).unwrap_or(usize::MAX);
        let counted = &times_ms[..times_ms.len().min(most)];
        QuotaUse {
            rate: self.rate,
            used: counted.len() as u64,
            asked: self.asked,
            frees_ms: counted.last().map(|first| first.saturating_add(self.window_ms())),
        }
    }

    fn window_ms(&self) -> i64 {
        i64::from(self.rate.seconds) * 1000
    }
}

/// The operations that share the calls of a rate.
fn sharing(
    contract: &'static Contract,
    operation: &Operation,
    rate: &Rate,
    to_all: bool,
) -> Vec<&'static str> {
    let rates = |other: &Operation| match other.to_all {
        Some(all) if to_all => all.rates,
        None if to_all => &[],
        Some(_) | None => other.rates,
    };
    let shares = |other: &&Operation| {
        other.id == operation.id
            || !rate.pool.is_empty() && rates(other).iter().any(|row| row.pool == rate.pool)
    };
    contract.operations.iter().filter(shares).map(|other| other.id).collect()
}

/// Whether two rows of operations that share calls describe the same quota.
fn same(a: &Rate, b: &Rate) -> bool {
    (a.pool, a.seconds, a.counted) == (b.pool, b.seconds, b.counted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Condition, EverybodyRates, Lit, RateUnit};

    const fn rate(count: u32, seconds: u32, pool: &'static str) -> Rate {
        Rate { count, seconds, counted: RateUnit::Calls, scope: "app", pool }
    }

    const fn operation(id: &'static str, rates: &'static [Rate]) -> Operation {
        Operation { id, rates, ..Operation::BASE }
    }

    static CONTRACT: Contract = Contract {
        operations: &[
            operation("own", &[rate(2, 3600, ""), rate(100, 60, "")]),
            operation("one", &[rate(2, 3600, "both"), rate(3, 86_400, "both")]),
            operation("two", &[rate(2, 3600, "both"), rate(3, 86_400, "both")]),
            operation("free", &[rate(100, 60, "")]),
            operation("targets", &[Rate { counted: RateUnit::Targets, ..rate(9, 3600, "") }]),
            Operation {
                to_all: Some(EverybodyRates {
                    when: Condition::Is("to", &[Lit::Text("all")]),
                    rates: &[rate(10, 86_400, "")],
                }),
                ..operation("many", &[rate(100, 60, "")])
            },
        ],
        ..Contract::BASE
    };

    fn asked(ids: &[&str], calls: Option<u64>) -> Vec<(u32, String, u64)> {
        let body = Value::object();
        let uses = ids
            .iter()
            .map(|id| QuotaRequest::of(CONTRACT.operation(id).expect("it is there"), &body));
        let quotas = Quota::of(&CONTRACT, uses, calls).into_iter();
        quotas.map(|quota| (quota.rate.seconds, quota.operations.join("+"), quota.asked)).collect()
    }

    #[test]
    fn requests_count_for_the_quotas_of_their_operations_and_of_those_that_share_them() {
        let row = |seconds, operations: &str, asked| (seconds, operations.to_owned(), asked);
        assert_eq!(asked(&["free", "targets"], None), []);
        assert_eq!(asked(&["own", "own"], None), [row(3600, "own", 2)]);
        assert_eq!(
            asked(&["one", "free", "two", "own"], None),
            [row(3600, "one+two", 2), row(86_400, "one+two", 2), row(3600, "own", 1)]
        );
        assert_eq!(asked(&["own"], Some(70)), [row(3600, "own", 70)]);
    }

    #[test]
    fn what_is_sent_to_everybody_is_counted_apart() {
        let operation = CONTRACT.operation("many").expect("it is there");
        let of = |to: &str| {
            let mut body = Value::object();
            body.as_object_mut().expect("an object").set("to", to);
            let uses = [QuotaRequest::of(operation, &body), QuotaRequest::of(operation, &body)]
                .into_iter();
            let quotas = Quota::of(&CONTRACT, uses, None);
            quotas.iter().map(|one| (one.rate.count, one.to_all, one.asked)).collect::<Vec<_>>()
        };
        assert_eq!(of("bob"), []);
        assert_eq!(of("all"), [(10, true, 2)]);
    }

    #[test]
    fn what_is_used_frees_when_the_first_call_that_counts_leaves_the_window() {
        let operation = CONTRACT.operation("own").expect("it is there");
        let once = std::iter::once(QuotaRequest { operation, to_all: false });
        let quota = Quota::of(&CONTRACT, once, None).remove(0);
        assert_eq!(quota.since_ms(5_000_000), 1_400_000);
        for (times, used, frees_ms) in [
            (&[][..], 0, None),
            (&[7_000], 1, Some(3_607_000)),
            (&[9_000, 7_000], 2, Some(3_607_000)),
            // Two more have to wait for the second, whenever the third was.
            (&[9_000, 7_000, 1_000], 2, Some(3_607_000)),
        ] {
            let told = quota.used(times);
            assert_eq!((told.used, told.frees_ms), (used, frees_ms), "{times:?}");
        }
    }
}
