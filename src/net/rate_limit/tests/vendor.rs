//! The model: a vendor with exact windows, who knows the contract's rules and what its own headers said.

use crate::net::rate_limit::QUOTA_SECONDS;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::contract::{Operation, Rate, RateUnit};
use crate::net::rate_limit::tests::secs;

/// Pool and window of a rate: the vendor's own way to tell windows apart.
pub(super) type Place = (String, u8, u32);

fn own(operation: &Operation) -> String {
    format!("{} alone", operation.id)
}

pub(super) fn place(operation: &Operation, rate: &Rate) -> Place {
    let pool = if rate.pool.is_empty() { own(operation) } else { rate.pool.to_owned() };
    (pool, rate.counted as u8, rate.seconds)
}

/// A request as the vendor counts it in one of its windows.
struct Count {
    at: Duration,
    weight: u64,
    /// The limit in force when it began.
    limit: u64,
}

/// The vendor, who knows the rules of the contract and what its own headers said.
#[derive(Default)]
pub(super) struct Vendor {
    windows: HashMap<Place, Vec<Count>>,
    told: HashMap<Place, u64>,
    pub(super) held: HashMap<String, Duration>,
    /// How many more may begin, and until when that holds.
    rest: HashMap<String, (u64, Duration)>,
    in_flight: HashMap<String, u64>,
    alive: HashMap<Place, u64>,
}

pub(super) fn pools(operation: &Operation) -> BTreeSet<String> {
    operation.rates.iter().map(|rate| place(operation, rate).0).chain([own(operation)]).collect()
}

/// The window of calls that headers speak of, where only one is short.
fn told_place(operation: &Operation) -> Option<Place> {
    let of_calls = |rate: &&Rate| rate.counted == RateUnit::Calls && rate.seconds < QUOTA_SECONDS;
    let places: BTreeSet<Place> =
        operation.rates.iter().filter(of_calls).map(|rate| place(operation, rate)).collect();
    if places.len() == 1 { places.into_iter().next() } else { None }
}

impl Vendor {
    pub(super) fn begin(
        &mut self,
        operation: &Operation,
        targets: u64,
        now: Duration,
        counted: Duration,
    ) {
        for pool in pools(operation) {
            assert!(self.held.get(&pool).is_none_or(|until| *until <= now), "{pool} is held");
            if let Some((left, until)) = self.rest.get_mut(&pool)
                && *until > now
            {
                assert!(*left > 0, "more began in {pool} than was left");
                *left -= 1;
            }
            *self.in_flight.entry(pool).or_default() += 1;
        }
        let mut smallest = BTreeMap::new();
        for rate in operation.rates {
            let limit = smallest.entry(place(operation, rate)).or_insert((rate.count, *rate));
            limit.0 = limit.0.min(rate.count);
        }
        for (place, (count, rate)) in smallest {
            if rate.counted == RateUnit::Alive {
                let alive = self.alive.entry(place).or_default();
                *alive += 1;
                assert!(*alive <= u64::from(count), "{alive} at a time");
            } else if rate.seconds < QUOTA_SECONDS {
                let limit = self.told.get(&place).copied().unwrap_or(u64::from(count));
                let weight = if rate.counted == RateUnit::Calls { 1 } else { targets.max(1) };
                self.windows.entry(place).or_default().push(Count { at: counted, weight, limit });
            }
        }
    }

    pub(super) fn end(&mut self, operation: &Operation) {
        for pool in pools(operation) {
            *self.in_flight.get_mut(&pool).expect("it began") -= 1;
        }
        let alive = operation.rates.iter().filter(|rate| rate.counted == RateUnit::Alive);
        for place in alive.map(|rate| place(operation, rate)).collect::<BTreeSet<_>>() {
            *self.alive.get_mut(&place).expect("it began") -= 1;
        }
    }

    pub(super) fn say(
        &mut self,
        operation: &Operation,
        now: Duration,
        [limit, left, reset]: [&str; 3],
    ) {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let told = told_place(operation);
        let reset = number(reset);
        if let (Some(place), Some(limit @ 1..)) = (told.clone(), number(limit))
            && reset.is_none_or(|reset| reset <= u64::from(place.2) + 1)
        {
            self.told.insert(place, limit);
        }
        let spoken = told.as_ref().map_or(own(operation), |place| place.0.clone());
        let window = told.map(|place| u64::from(place.2));
        if let (Some(left), Some(reset)) = (number(left), reset.or(window)) {
            let left = left.saturating_sub(self.in_flight.get(&spoken).copied().unwrap_or(0));
            self.rest.insert(spoken, (left, now + secs(reset)));
        }
    }

    /// No window of any length of a limit holds more than the limit in force when the last of it began. A single one
    /// may be heavier.
    pub(super) fn check(&self) {
        for (place, counts) in &self.windows {
            let span = secs(u64::from(place.2));
            for newest in counts {
                let inside = |count: &&Count| count.at <= newest.at && count.at + span > newest.at;
                let sum: u64 = counts.iter().filter(inside).map(|count| count.weight).sum();
                let last = counts.iter().rfind(inside).expect("itself");
                let single = counts.iter().filter(inside).count() == 1;
                assert!(single || sum <= last.limit, "{sum} of {} in {place:?}", last.limit);
            }
        }
    }
}
