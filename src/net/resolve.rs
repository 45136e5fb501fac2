//! From the name of a host to its IP addresses.

use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};

use crate::wire::{LOOPBACK, is_loopback_name};

/// Asks for the addresses of a name; waits as long as it takes.
pub(super) type Resolver = fn(&str) -> io::Result<Vec<IpAddr>>;

/// The addresses of a name. One that is reserved for this machine is not asked for: a name server may say anything.
pub(super) async fn look_up(name: &str, resolver: Resolver) -> io::Result<Vec<IpAddr>> {
    if is_loopback_name(name) {
        return Ok(LOOPBACK.to_vec());
    }
    let name = name.to_owned();
    let found = tokio::task::spawn_blocking(move || resolver(&name)).await;
    let found = found.map_err(io::Error::other)??;
    if found.is_empty() { Err(io::Error::other("the name has no address")) } else { Ok(found) }
}

/// The system's resolver.
pub(super) fn system(name: &str) -> io::Result<Vec<IpAddr>> {
    Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
}
