//! Which provider a request is for, if all of them share one port.
//!
//! Many SDKs accept only a host and a port, so a bare path must be enough: the contracts know the paths. If two
//! providers have a path in common, `/PROVIDER` before it, or the vendor's own host name, decides.

use super::Backend;
use crate::contract::{Contract, Operation};

/// A provider that the server offers.
pub struct Tenant {
    /// Its rows.
    pub contract: &'static Contract,
    /// How its servers behave.
    pub backend: Box<dyn Backend>,
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tenant").field("provider", &self.contract.id).finish_non_exhaustive()
    }
}

/// Finds the tenant for a request, and the path as its servers would see it; otherwise says why there is none.
pub(super) fn route<'a, 'p>(
    tenants: &'a [Tenant],
    method: &str,
    host: &str,
    path: &'p str,
) -> Result<(&'a Tenant, &'p str), String> {
    // A vendor's own path may begin with the id of a provider.
    if let Some((tenant, rest)) = by_prefix(tenants, path).filter(|_| !is_spelt_out(tenants, path))
    {
        return Ok((tenant, rest));
    }
    if let [only] = tenants {
        return Ok((only, path));
    }
    let mut found = by_path(tenants, path, None);
    for narrower in [by_path(tenants, path, Some(method)), by_host(&found, host)] {
        if found.len() > 1 && !narrower.is_empty() {
            found.retain(|tenant| narrower.iter().any(|other| std::ptr::eq(*tenant, *other)));
        }
    }
    if found.is_empty() {
        found = by_host(&tenants.iter().collect::<Vec<_>>(), host);
    }
    if found.is_empty() {
        found = tenants.iter().filter(|tenant| is_below_a_base(tenant, path)).collect();
    }
    match found.as_slice() {
        [tenant] => Ok((tenant, path)),
        [] => {
            Err(format!("no provider has the path {path}; the sandbox serves {}", names(tenants)))
        }
        several => Err(format!(
            "{} have the path {path}; put /PROVIDER before it, or start the sandbox with --provider",
            names(several.iter().copied())
        )),
    }
}

fn names<'a>(tenants: impl IntoIterator<Item = &'a Tenant>) -> String {
    tenants.into_iter().map(|tenant| tenant.contract.id).collect::<Vec<_>>().join(", ")
}

/// `/PROVIDER/…`, with the first segment removed.
fn by_prefix<'a, 'p>(tenants: &'a [Tenant], path: &'p str) -> Option<(&'a Tenant, &'p str)> {
    tenants.iter().find_map(|tenant| {
        let rest = path.strip_prefix('/')?.strip_prefix(tenant.contract.id)?;
        match rest {
            "" => Some((tenant, "/")),
            _ => rest.starts_with('/').then_some((tenant, rest)),
        }
    })
}

/// The tenants that match the path best: with the most literal segments.
fn by_path<'a>(tenants: &'a [Tenant], path: &str, method: Option<&str>) -> Vec<&'a Tenant> {
    let scored: Vec<(usize, &Tenant)> = tenants
        .iter()
        .filter_map(|tenant| {
            let rows = tenant.contract.operations.iter();
            let addresses = rows.flat_map(|row| row.addresses().map(move |own| (row, own)));
            let of_method = addresses
                .filter(|(_, (own, _))| method.is_none_or(|method| own.as_str() == method));
            let best =
                of_method.filter_map(|(row, (_, template))| fit(row, template, path)).max()?;
            Some((best, tenant))
        })
        .collect();
    let best = scored.iter().map(|(score, _)| *score).max();
    scored.into_iter().filter(|(score, _)| Some(*score) == best).map(|(_, tenant)| tenant).collect()
}

/// Whether a path is one of the vendors' own, without parameters.
fn is_spelt_out(tenants: &[Tenant], path: &str) -> bool {
    let steps = path.split('/').filter(|segment| !segment.is_empty()).count();
    let mut addresses = tenants.iter().flat_map(|tenant| tenant.contract.operations);
    addresses.any(|row| row.addresses().any(|(_, own)| fit(row, own, path) == Some(steps)))
}

fn by_host<'a>(tenants: &[&'a Tenant], host: &str) -> Vec<&'a Tenant> {
    let name = |host: &str| host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let wanted = name(host);
    let has = |base: &str| name(base.split_once("://").map_or(base, |(_, host)| host)) == wanted;
    tenants
        .iter()
        .copied()
        .filter(|tenant| {
            let mut endpoints = tenant.contract.endpoints.iter();
            endpoints.any(|row| has(row.base) || row.backup.is_some_and(has))
        })
        .collect()
}

/// Whether a path is below that of one of the vendor's addresses: for example, a data centre may have separate paths.
fn is_below_a_base(tenant: &Tenant, path: &str) -> bool {
    tenant.contract.endpoints.iter().any(|row| {
        let host = row.base.split_once("://").map_or(row.base, |(_, host)| host);
        let below = host.find('/').and_then(|at| path.strip_prefix(&host[at..]));
        below.is_some_and(|rest| rest.starts_with('/'))
    })
}

/// How many segments of a path are literal in a template; `None` if it does not match. Doubled slashes and a final
/// slash are ignored: only the vendor decides what they mean.
fn fit(operation: &Operation, template: &str, path: &str) -> Option<usize> {
    let mut wanted = template.split('/').filter(|segment| !segment.is_empty());
    let mut given = path.split('/').filter(|segment| !segment.is_empty());
    let mut literal = 0;
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(literal),
            (Some(wanted), Some(given)) if wanted == given => literal += 1,
            (Some(wanted), Some(given)) => {
                let (before, rest) = wanted.split_once('{')?;
                let (name, behind) = rest.rsplit_once('}')?;
                let given = given.strip_prefix(before)?.strip_suffix(behind)?;
                if !operation.takes_in_path(name, given) {
                    return None;
                }
            }
            (None, Some(_)) | (Some(_), None) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::fake::{Echo, ONE, TWO};

    fn tenants() -> Vec<Tenant> {
        [&ONE, &TWO].map(|contract| Tenant { contract, backend: Box::new(Echo) }).into()
    }

    fn found(method: &str, host: &str, path: &str) -> String {
        match route(&tenants(), method, host, path) {
            Ok((tenant, path)) => format!("{} {path}", tenant.contract.id),
            Err(why) => why,
        }
    }

    #[test]
    fn a_request_finds_its_provider_by_prefix_path_method_or_host() {
        let here = "127.0.0.1:8787";
        for (method, host, path, expected) in [
            ("POST", here, "/one/v1/users", "one /v1/users"),
            ("POST", here, "/two//x", "two //x"),
            ("POST", here, "/two", "two /"),
            ("POST", here, "/onerous/x", "two /onerous/x"),
            // A literal segment beats a parameter of a template.
            ("POST", here, "/v2/echo", "one /v2/echo"),
            ("POST", here, "//v2//echo/", "one //v2//echo/"),
            ("POST", here, "/acme/shop/messages", "two /acme/shop/messages"),
            ("POST", here, "/push/user-7.json", "two /push/user-7.json"),
            // The same path with different methods.
            ("GET", here, "/v1/rooms", "one /v1/rooms"),
            ("POST", here, "/v1/rooms", "two /v1/rooms"),
            ("POST", "API.one.example", "/v1/users", "one /v1/users"),
            ("POST", "api.two.example:80", "/v1/users", "two /v1/users"),
            ("POST", "api.one.example", "/a/b/c/d", "one /a/b/c/d"),
            // An address that contains a path.
            ("GET", here, "/v9/far/a/b/c", "one /v9/far/a/b/c"),
        ] {
            assert_eq!(found(method, host, path), expected, "{method} {host} {path}");
        }
        assert!(found("POST", here, "/v1/users").starts_with("one, two have the path /v1/users"));
        assert!(found("GET", here, "/a/b/c/d").starts_with("no provider has the path"));
    }

    #[test]
    fn a_provider_that_is_alone_gets_every_path() {
        let mut tenants = tenants();
        tenants.truncate(1);
        let (tenant, path) =
            route(&tenants, "GET", "localhost", "/what/ever").expect("the only one");
        assert_eq!((tenant.contract.id, path), ("one", "/what/ever"));
    }
}
