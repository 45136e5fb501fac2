//! Any reply can be read by any vendor. The first two bytes pick the vendor and the HTTP status.
//!
//! `cargo +nightly fuzz run reply`
#![no_main]

use herald::provider;
use herald::wire::Reply;
use libfuzzer_sys::fuzz_target;

const STATUSES: [u16; 8] = [200, 201, 204, 400, 401, 429, 500, 503];

fuzz_target!(|bytes: &[u8]| {
    let [pick, status, body @ ..] = bytes else { return };
    let vendor = provider::ALL[usize::from(*pick) % provider::ALL.len()];
    let reply = Reply {
        status: STATUSES[usize::from(*status) % STATUSES.len()],
        headers: Vec::new(),
        body: body.to_vec(),
    };
    for operation in vendor.contract().operations {
        vendor.read(operation, &reply);
    }
});
