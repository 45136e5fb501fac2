//! Pages on the switches of the mock servers.

use super::{Page, Table};
use crate::contract::{Contract, EACH_OPERATION, SandboxSwitch};

/// What the names of switches stand under in `explain`, where rules stand under their provider.
pub const SANDBOX_SPACE: &str = "sandbox";

const COLUMNS: [&str; 4] = ["switch", "values", "default", "about"];

fn row(switch: &SandboxSwitch) -> Vec<String> {
    vec![
        switch.key.to_owned(),
        switch.values.words(),
        switch.default.to_owned(),
        switch.about.to_string(),
    ]
}

/// The switches of a provider.
pub(super) fn table(contract: &Contract) -> Table {
    Table::new("switches", "Switches of the sandbox", &COLUMNS)
        .with(contract.sandbox_switches().map(row))
}

/// The switches with this key, or all of them: those that several providers share stand once.
pub fn switches(contracts: &[&'static Contract], key: Option<&str>) -> Option<Page> {
    let mut rows: Vec<(Vec<&str>, &'static SandboxSwitch)> = Vec::new();
    for contract in contracts {
        let own: Vec<&'static SandboxSwitch> = match key {
            // As the list of all switches has it.
            Some(EACH_OPERATION) => {
                contract.sandbox_switches().filter(|row| row.key == EACH_OPERATION).collect()
            }
            Some(key) => contract.sandbox_switch(key).into_iter().collect(),
            None => contract.sandbox_switches().collect(),
        };
        for switch in own {
            match rows.iter_mut().find(|(_, known)| std::ptr::eq(*known, switch)) {
                Some((owners, _)) => owners.push(contract.id),
                None => rows.push((vec![contract.id], switch)),
            }
        }
    }
    let whose = |owners: &[&str]| match owners.len() == contracts.len() {
        true => "all".to_owned(),
        false => owners.join(", "),
    };
    let rows: Vec<Vec<String>> =
        rows.iter().map(|(owners, switch)| [vec![whose(owners)], row(switch)].concat()).collect();
    let name = key.map_or(SANDBOX_SPACE.to_owned(), |key| format!("{SANDBOX_SPACE}/{key}"));
    (!rows.is_empty()).then(|| Page {
        name,
        about: "set with `sandbox --switch [PROVIDER.]KEY=VALUE`".to_owned(),
        tables: vec![
            Table::new(
                "switches",
                "",
                &["provider", COLUMNS[0], COLUMNS[1], COLUMNS[2], COLUMNS[3]],
            )
            .with(rows),
        ],
        ..Page::default()
    })
}

/// Every name of a switch, as `explain` takes it.
pub fn switch_names(contracts: &[&'static Contract]) -> Vec<String> {
    let keys = contracts.iter().flat_map(|contract| contract.sandbox_switches());
    let mut names: Vec<String> =
        keys.map(|switch| format!("{SANDBOX_SPACE}/{}", switch.key)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
