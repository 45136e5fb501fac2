//! How the server behaves: who may call what, what it checks, and what it answers to a fault.

mod state;

use super::CONTRACT;
use crate::contract::{Context, Finding, Operation, Severity};
use crate::document::{Document, Object, Value};
use crate::lint::lint;
use crate::provider::jiguang::{self, Meter, SANDBOX_KEY, SANDBOX_SECRET};
use crate::provider::kit::sandbox::{NoRoute, payload, plain_path, route};
use crate::sandbox::{Answer, Backend, Incoming, SandboxWorld};

/// The server: all hosts of the vendor on one address.
#[derive(Debug)]
pub(super) struct Server;

/// Calls a minute on the free plan.
const PUSHES: Meter = Meter { name: "push", per_minute: 600 };
const REPORTS: Meter = Meter { name: "report", per_minute: 2400 };

/// A refusal: HTTP status, code, words.
type Refusal = (u16, u32, String);

/// A refusal with the words of a table.
fn refusal(status: u16, code: u32, message: &str) -> Refusal {
    (status, code, message.to_owned())
}

impl Backend for Server {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        let refuse = |(status, code, message): Refusal| jiguang::refuse(status, code, &message);
        // The Beijing data centre's address of reports.
        let path = plain_path(&request.path).replacen("/v3/report/", "/v3/", 1);
        let (operation, parameters) = match route(&CONTRACT, &path, &request.method) {
            Ok(found) => found,
            Err(NoRoute::Path) => {
                return jiguang::refuse(404, 1000, "there is nothing at this address");
            }
            Err(NoRoute::Method) => {
                return jiguang::refuse(405, 1001, "the method is not supported");
            }
        };
        let meter = if operation.host == "report" { REPORTS } else { PUSHES };
        let count = meter.count(world);
        let mut answer = if count.is_over() {
            jiguang::refuse(429, 2002, "request times of the app_key exceed the limit")
        } else {
            serve(operation, parameters, request, world).unwrap_or_else(refuse)
        };
        answer.headers.extend(count.headers());
        answer
    }
}

fn serve(
    operation: &'static Operation,
    parameters: Object,
    request: &Incoming,
    world: &mut SandboxWorld<'_>,
) -> Result<Answer, Refusal> {
    admit(operation, request, world)?;
    let code = if operation.host == "report" { 3002 } else { 1003 };
    let body = payload(operation, parameters, request).map_err(|fault| {
        world.reasons.blame_syntax(&request.body, &fault);
        (400, code, fault.message)
    })?;
    let findings = lint(&CONTRACT, operation, &body, &Context::default());
    let in_an_entry = |finding: &Finding| {
        let steps = finding.place.pointer.split('/').count();
        operation.path.contains("/batch/") && steps > 3
    };
    let (entries, whole): (Vec<_>, Vec<_>) = findings.iter().partition(|f| in_an_entry(f));
    if let Some((finding, (_, fault))) = first(&whole, &body) {
        world.reasons.blame(finding);
        return Err(fault);
    }
    let fault_of = |cid: &str| {
        let prefix = format!("/pushlist/{cid}/");
        let own: Vec<&Finding> =
            entries.iter().copied().filter(|f| f.place.pointer.starts_with(&prefix)).collect();
        first(&own, &body).map(|(_, (_, (_, code, message)))| (code, message))
    };
    state::act(operation, body.root().value.as_object(), &fault_of, world)
}

/// Checks credentials and plan.
fn admit(
    operation: &'static Operation,
    request: &Incoming,
    world: &SandboxWorld<'_>,
) -> Result<(), Refusal> {
    let pair = request.header("authorization").and_then(jiguang::read_basic);
    let group = format!("group-{SANDBOX_KEY}");
    let user = if operation.id == "group-push" { &group } else { SANDBOX_KEY };
    if pair.is_none_or(|(key, secret)| key != *user || secret != SANDBOX_SECRET) {
        let code = if operation.host == "report" { 3001 } else { 1004 };
        return Err(refusal(401, code, "Basic authentication failed"));
    }
    if (world.switches)("plan").as_deref() == Some("free") {
        if !operation.edition.is_empty() {
            let (id, edition) = (operation.id, operation.edition);
            world.reasons.tell(format!(
                "`{id}` is not in the free plan (`--switch plan=free`): it takes {edition}"
            ));
        }
        match operation.edition {
            "" => {}
            "VIP" => return Err(refusal(403, 2006, "this is for VIP plans only")),
            _ => return Err(refusal(403, 2007, "this API is not granted")),
        }
    }
    Ok(())
}

/// Of several faults the one that the server tells: what is missing, what is wrong, what is too big.
fn first<'f>(findings: &[&'f Finding], body: &Document) -> Option<(&'f Finding, (u8, Refusal))> {
    let errors = findings.iter().copied().filter(|finding| finding.severity() == Severity::Error);
    let faults = errors.map(|finding| {
        let missing = !is_there(body, &finding.place.pointer);
        let (order, code) = match finding.rule.id {
            "V3-01" | "V3-02" | "V3-11" if missing => (0, 1002),
            "V3-75" | "V3-76" if missing => (0, 3002),
            "V3-75" | "V3-76" => (1, 3002),
            "V3-17" => (1, 1009),
            "V3-50" => (1, 1035),
            "V3-61" | "V3-62" | "V3-64" => (2, 1005),
            "V3-79" if !missing => (2, 1005),
            _ => (1, 1003),
        };
        (finding, (order, (400, code, finding.message.clone())))
    });
    faults.min_by_key(|(_, (order, _))| *order)
}

/// Whether a pointer leads to a value.
fn is_there(body: &Document, pointer: &str) -> bool {
    let mut value = &body.root().value;
    for step in pointer.split('/').skip(1) {
        let next = match value {
            Value::Object(object) => object.get(&step.replace("~1", "/").replace("~0", "~")),
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        match next {
            Some(node) => value = &node.value,
            None => return false,
        }
    }
    true
}
