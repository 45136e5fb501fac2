//! Bodies of requests: how many bytes of them are in memory at a time.
//!
//! All bodies that are read or answered at one moment share a fixed amount of memory, for any number of connections. A
//! body reserves its memory before it is read, and waits for a time if other bodies hold it.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming as Body};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// The largest body that is read, in bytes; vendors' limits are lower, and their backends enforce them.
pub(super) const BODY_LIMIT: u32 = 128 * 1024 * 1024;

/// The largest small body, in bytes. Small bodies have separate memory, so that an upload does not delay a usual call.
const SMALL: u32 = 64 * 1024;

/// The memory for all small bodies together, in bytes.
const ROOM_FOR_SMALL: u32 = 16 * 1024 * 1024;

/// How long a body waits for memory.
const ROOM_TIMEOUT: Duration = Duration::from_secs(10);

/// The memory that bodies share.
#[derive(Debug)]
pub(super) struct BodyRoom {
    small: Semaphore,
    large: Semaphore,
    /// How long a client may send nothing while it holds memory.
    idle: Duration,
}

/// A body with the memory that it holds until it is dropped.
#[derive(Debug)]
pub(super) struct HeldBody<'r> {
    pub(super) bytes: Vec<u8>,
    _room: Vec<SemaphorePermit<'r>>,
}

/// Why a body was not read: an HTTP status, and the reason in words.
pub(super) type Unread = (u16, String);

impl BodyRoom {
    /// The memory, of which no body is given up before its client has sent nothing for that long.
    pub(super) fn new(idle: Duration) -> Self {
        Self {
            small: Semaphore::new(ROOM_FOR_SMALL as usize),
            large: Semaphore::new(BODY_LIMIT as usize),
            idle,
        }
    }

    /// Reads a body to its end.
    pub(super) async fn read(&self, mut body: Body) -> Result<HeldBody<'_>, Unread> {
        let hint = body.size_hint();
        let declared = u32::try_from(hint.lower()).ok().filter(|length| *length <= BODY_LIMIT);
        let Some(declared) = declared else { return Err(too_large()) };
        let is_exact = hint.exact().is_some();
        let mut granted = if is_exact { declared } else { SMALL };
        let pool = if granted <= SMALL { &self.small } else { &self.large };
        let mut room = vec![take(pool, granted).await?];
        let mut bytes = Vec::with_capacity(granted as usize);
        loop {
            let frame = timeout(self.idle, body.frame()).await;
            let frame = frame.map_err(|_| (408, "the body did not arrive in time".to_owned()))?;
            let Some(frame) = frame else { break };
            let frame =
                frame.map_err(|error| (400, format!("the body did not arrive: {error}")))?;
            // Vendors do not read trailers.
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > granted as usize && granted < BODY_LIMIT {
                // All at once: two bodies that each hold a part would wait for each other (a deadlock).
                room.push(take(&self.large, BODY_LIMIT - granted).await?);
                granted = BODY_LIMIT;
                bytes.reserve_exact(granted as usize - bytes.len());
            }
            if bytes.len() + data.len() > granted as usize {
                return Err(too_large());
            }
            bytes.extend_from_slice(&data);
        }
        Ok(HeldBody { bytes, _room: room })
    }
}

/// Reserves memory, or says that there is none.
async fn take(pool: &Semaphore, bytes: u32) -> Result<SemaphorePermit<'_>, Unread> {
    let busy = || (503, "the sandbox is reading as many bodies as it has room for".to_owned());
    let taken = timeout(ROOM_TIMEOUT, pool.acquire_many(bytes)).await.map_err(|_| busy())?;
    taken.map_err(|_| busy())
}

fn too_large() -> Unread {
    (413, "the sandbox reads at most 128 MiB of a body".to_owned())
}
