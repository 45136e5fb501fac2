//! What `$schema` of a payload says about its operation.

use super::{Named, SCHEMA_KEY};
use crate::contract::Contract;
use crate::document::ValueView;
use crate::near::{did_you_mean, nearest};
use crate::text::suggest;

/// What the name of a herald schema begins with: `urn:herald:PROVIDER/OPERATION`.
pub const SCHEMA_URN: &str = "urn:herald:";

/// What `$schema` of a payload says.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaClaim {
    /// There is none.
    Absent,
    /// The payload is for this operation.
    Operation(Named),
    /// It should name an operation, and names none.
    Fault {
        /// What is wrong with it.
        message: String,
        /// What to write.
        help: String,
    },
    /// It names the schema of something that is not a payload.
    Foreign,
}

/// What the member `$schema` of a payload says. It names an operation as `PROVIDER/OPERATION`, as
/// `urn:herald:PROVIDER/OPERATION`, or as a path or URL that ends in `/PROVIDER/OPERATION`; each may have `.json` or
/// `.schema.json` behind it, which `herald schema --all` writes.
pub fn schema_claim(contracts: &[&'static Contract], root: ValueView<'_>) -> SchemaClaim {
    let Some(value) = root.as_object().and_then(|object| object.get(SCHEMA_KEY)) else {
        return SchemaClaim::Absent;
    };
    let Some(text) = value.as_str() else {
        return SchemaClaim::Fault {
            message: format!("`{SCHEMA_KEY}` must be a string, not {}", value.kind_name()),
            help: "name an operation in it, as PROVIDER/OPERATION, or remove it".to_owned(),
        };
    };
    let text = text.split(['#', '?']).next().unwrap_or_default().trim().trim_end_matches('/');
    let (name, is_urn) = match text.strip_prefix(SCHEMA_URN) {
        Some(name) => (name, true),
        None => (text, false),
    };
    let bare = name.strip_suffix(".json");
    let bare = bare.map_or(name, |bare| bare.strip_suffix(".schema").unwrap_or(bare));
    let mut parts = bare.rsplit(['/', '\\']);
    let (id, provider) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    // A name such as `config/app.json` is the path of a file, and one such as `./app` is not a name.
    let is_plain = parts.next().is_none() && bare == name && is_id(provider) && is_id(id);
    let of = |name: &str| contracts.iter().find(|contract| contract.id == name);
    if let Some(contract) = of(name) {
        return no_operation_named(contract);
    }
    match of(provider) {
        Some(contract) => match contract.operation(id) {
            Some(operation) => SchemaClaim::Operation(Named { contract, operation }),
            None => no_operation(contract, id),
        },
        None if is_urn || is_plain => no_provider(contracts, provider, id),
        None => SchemaClaim::Foreign,
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// `--as` takes a provider alone; a payload is for one operation.
fn no_operation_named(contract: &'static Contract) -> SchemaClaim {
    let list = suggest("providers").arg(contract.id);
    SchemaClaim::Fault {
        message: format!("`{SCHEMA_KEY}` names `{}` without an operation", contract.id),
        help: format!("write `{}/OPERATION`; {list} lists its operations", contract.id),
    }
}

fn no_operation(contract: &'static Contract, id: &str) -> SchemaClaim {
    let ids = contract.operations.iter().map(|operation| operation.id);
    let near = nearest(id, ids).map(|near| format!("did you mean `{}/{near}`?", contract.id));
    SchemaClaim::Fault {
        message: format!("`{SCHEMA_KEY}` names `{id}`, which is no operation of `{}`", contract.id),
        help: near.unwrap_or_else(|| {
            format!("{} lists its operations", suggest("providers").arg(contract.id))
        }),
    }
}

fn no_provider(contracts: &[&'static Contract], provider: &str, id: &str) -> SchemaClaim {
    let known = || contracts.iter().map(|contract| contract.id);
    let whole = nearest(provider, known()).and_then(|near| {
        let contract = contracts.iter().find(|contract| contract.id == near)?;
        let id = nearest(id, contract.operations.iter().map(|operation| operation.id))?;
        Some(format!("did you mean `{near}/{id}`?"))
    });
    let help = whole.or_else(|| did_you_mean(provider, known()));
    SchemaClaim::Fault {
        message: format!(
            "`{SCHEMA_KEY}` names the provider `{provider}`, which herald does not know"
        ),
        help: help.unwrap_or_else(|| {
            format!("the providers are {}", known().collect::<Vec<_>>().join(", "))
        }),
    }
}
