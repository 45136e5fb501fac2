//! The shared limits in one value, as they are stored: small, since each commit writes it, and with a checksum.
//!
//! Numbers are of variable length, low bits first. Times are milliseconds since 1970.

use std::collections::VecDeque;
use std::time::Duration;

use crate::contract::RateUnit;
use crate::net::rate_limit::pool::{Pool, RemainingQuota};
use crate::net::rate_limit::shared::{Queued, RateUser, SharedLimits};
use crate::net::rate_limit::window::{ToldLimit, Window, WindowEnd};
use crate::net::rate_limit::{LimitKey, Name};

/// What the value begins with: which form it has.
const FORM: u8 = 1;

/// What is wrong with a value that cannot be read.
const DAMAGED: &str = "the state of the rate limits is damaged";

/// How many bytes the checksum takes.
const CHECKSUM: usize = 4;

impl SharedLimits {
    pub(super) fn pack(&self) -> Vec<u8> {
        let windows = self.windows_in_use();
        let pools = self.pools_in_use();
        let mut out = Packer { bytes: vec![FORM], windows: &windows, pools: &pools };
        out.time(self.at);
        out.number(windows.len() as u64);
        for place in &windows {
            let (key, window) = &self.pace.windows[*place];
            out.window(key, window);
        }
        out.number(pools.len() as u64);
        for place in &pools {
            out.pool(&self.pace.pools[*place], self.at);
        }
        let users = || self.users.iter().filter(|user| !user.is_forgotten());
        out.number(users().count() as u64);
        users().for_each(|user| out.user(user));
        let checksum = crc32fast::hash(&out.bytes);
        out.bytes.extend_from_slice(&checksum.to_le_bytes());
        out.bytes
    }

    /// Windows that hold something, or that a process refers to.
    fn windows_in_use(&self) -> Vec<usize> {
        let is_needed = |place: usize| {
            let queued = |user: &RateUser| {
                user.queued.iter().any(|queued| queued.windows.iter().any(|one| one.0 == place))
            };
            self.users
                .iter()
                .any(|user| user.windows.iter().any(|one| one.0 == place) || queued(user))
        };
        let in_use = |place: &usize| {
            let (told, ended) = self.pace.windows[*place].1.stored();
            told.is_some() || !ended.is_empty() || is_needed(*place)
        };
        (0..self.pace.windows.len()).filter(in_use).collect()
    }

    fn pools_in_use(&self) -> Vec<usize> {
        let is_needed = |place: usize| {
            let queued =
                |user: &RateUser| user.queued.iter().any(|queued| queued.pools.contains(&place));
            self.users
                .iter()
                .any(|user| user.pools.iter().any(|one| one.0 == place) || queued(user))
        };
        let in_use = |place: &usize| {
            let pool = &self.pace.pools[*place];
            pool.held > self.at || pool.rest.is_some() || is_needed(*place)
        };
        (0..self.pace.pools.len()).filter(in_use).collect()
    }

    pub(super) fn unpack(stored: &[u8]) -> Result<Self, &'static str> {
        let (packed, checksum) =
            stored.split_at_checked(stored.len().saturating_sub(CHECKSUM)).ok_or(DAMAGED)?;
        if crc32fast::hash(packed).to_le_bytes() != checksum {
            return Err(DAMAGED);
        }
        let mut left = Unpacker { left: packed };
        let limits = left.limits().filter(|_| left.left.is_empty());
        limits.ok_or(DAMAGED)
    }
}

struct Packer<'a> {
    bytes: Vec<u8>,
    /// Which windows and pools are written, in this order: others refer to them by their place in it.
    windows: &'a [usize],
    pools: &'a [usize],
}

impl Packer<'_> {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn time(&mut self, time: Duration) {
        self.number(millis(time));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn name(&mut self, name: &Name, flags: u64) {
        let (is_shared, text) = match name {
            Name::Own(text) => (0, text),
            Name::Shared(text) => (1, text),
        };
        self.number(is_shared | flags << 1);
        self.text(text);
    }

    fn window(&mut self, key: &LimitKey, window: &Window) {
        let counted = match key.counted {
            RateUnit::Calls => 0,
            RateUnit::Targets => 1,
            RateUnit::Alive => 2,
        };
        self.name(&key.name, counted);
        self.number(u64::from(key.seconds));
        let (told, ended) = window.stored();
        self.number(told.map_or(0, |told| told.limit));
        told.iter().for_each(|told| self.time(told.at));
        self.number(ended.len() as u64);
        let mut before = 0;
        for one in ended {
            let leaves = millis(one.leaves);
            self.number(leaves - before);
            self.number(one.weight);
            before = leaves;
        }
    }

    fn pool(&mut self, pool: &Pool, now: Duration) {
        let is_held = pool.held > now;
        self.name(&pool.name, u64::from(is_held) | u64::from(pool.rest.is_some()) << 1);
        if is_held {
            self.time(pool.held);
        }
        if let Some(rest) = &pool.rest {
            self.number(rest.least);
            self.number(rest.silent);
            self.time(rest.until);
        }
    }

    fn amounts(&mut self, amounts: &[(usize, u64)], of: &[usize]) {
        self.number(amounts.len() as u64);
        for (place, amount) in amounts {
            self.place(*place, of);
            self.number(*amount);
        }
    }

    fn place(&mut self, place: usize, of: &[usize]) {
        let written = of.iter().position(|one| *one == place);
        self.number(written.unwrap_or_default() as u64);
    }

    fn user(&mut self, user: &RateUser) {
        let (windows, pools) = (self.windows, self.pools);
        self.text(&user.who);
        self.time(user.seen);
        self.time(user.over_by);
        self.amounts(&user.windows, windows);
        self.amounts(&user.pools, pools);
        self.number(u64::from(user.queued.is_some()));
        if let Some(queued) = &user.queued {
            self.time(queued.since);
            self.time(queued.due);
            self.number(queued.count);
            self.amounts(&queued.windows, windows);
            self.number(queued.pools.len() as u64);
            queued.pools.iter().for_each(|place| self.place(*place, pools));
        }
    }
}

/// Milliseconds, rounded up: what has to wait rather waits a little longer.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

struct Unpacker<'a> {
    left: &'a [u8],
}

impl Unpacker<'_> {
    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0_u32);
        loop {
            let (byte, left) = self.left.split_first()?;
            self.left = left;
            let bits = u64::from(byte & 0x7f);
            let part = bits.checked_shl(shift).filter(|part| part >> shift == bits)?;
            number |= part;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn time(&mut self) -> Option<Duration> {
        self.number().map(Duration::from_millis)
    }

    fn text(&mut self) -> Option<&str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, left) = self.left.split_at_checked(length)?;
        self.left = left;
        std::str::from_utf8(text).ok()
    }

    /// As many as a number says; each takes a byte at least.
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        if count > self.left.len() {
            return None;
        }
        (0..count).map(|_| one(self)).collect()
    }

    fn name(&mut self) -> Option<(Name, u64)> {
        let flags = self.number()?;
        let text = self.text()?.into();
        let name = if flags & 1 == 0 { Name::Own(text) } else { Name::Shared(text) };
        Some((name, flags >> 1))
    }

    fn limits(&mut self) -> Option<SharedLimits> {
        let (form, left) = self.left.split_first()?;
        self.left = left;
        if *form != FORM {
            return None;
        }
        let mut limits = SharedLimits { at: self.time()?, ..SharedLimits::default() };
        limits.pace.windows = self.many(Self::window)?;
        limits.pace.pools = self.many(Self::pool)?;
        let sizes = (limits.pace.windows.len(), limits.pace.pools.len());
        limits.users = self.many(|left| left.user(sizes))?;
        for user in &limits.users {
            for (place, weight) in &user.windows {
                limits.pace.windows[*place].1.begin(*weight);
            }
            for (place, count) in &user.pools {
                let in_flight = &mut limits.pace.pools[*place].in_flight;
                *in_flight = in_flight.saturating_add(*count);
            }
        }
        Some(limits)
    }

    fn window(&mut self) -> Option<(LimitKey, Window)> {
        let (name, counted) = self.name()?;
        let counted = match counted {
            0 => RateUnit::Calls,
            1 => RateUnit::Targets,
            2 => RateUnit::Alive,
            _ => return None,
        };
        let key = LimitKey { name, counted, seconds: u32::try_from(self.number()?).ok()? };
        let told = match self.number()? {
            0 => None,
            limit => Some(ToldLimit { limit, at: self.time()? }),
        };
        let mut before = Duration::ZERO;
        let ended = self.many(|left| {
            let leaves = before.checked_add(left.time()?).filter(|leaves| *leaves > before)?;
            before = leaves;
            Some(WindowEnd { leaves, weight: left.number()? })
        })?;
        let window = Window::restored(key.span(), told, VecDeque::from(ended));
        Some((key, window))
    }

    fn pool(&mut self) -> Option<Pool> {
        let (name, flags) = self.name()?;
        let mut pool = Pool::new(name);
        if flags & 1 != 0 {
            pool.held = self.time()?;
        }
        if flags & 2 != 0 {
            let (least, silent, until) = (self.number()?, self.number()?, self.time()?);
            pool.rest = Some(RemainingQuota { least, silent, until });
        }
        Some(pool)
    }

    fn place(&mut self, of: usize) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|place| *place < of)
    }

    fn amounts(&mut self, of: usize) -> Option<Vec<(usize, u64)>> {
        self.many(|left| Some((left.place(of)?, left.number()?)))
    }

    fn user(&mut self, (windows, pools): (usize, usize)) -> Option<RateUser> {
        Some(RateUser {
            who: self.text()?.to_owned(),
            seen: self.time()?,
            over_by: self.time()?,
            windows: self.amounts(windows)?,
            pools: self.amounts(pools)?,
            queued: if self.number()? == 0 {
                None
            } else {
                Some(Queued {
                    since: self.time()?,
                    due: self.time()?,
                    count: self.number()?,
                    windows: self.amounts(windows)?,
                    pools: self.many(|left| left.place(pools))?,
                })
            },
        })
    }
}
