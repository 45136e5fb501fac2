//! `herald sandbox`: the local replacements for the vendors, on a port of this machine.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::account::variable;
use crate::contract::Contract;
use crate::contract::reference::switches;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::net::{Signals, Stop};
use crate::provider::{self, Vendor};
use crate::report::sandbox_log::RequestLog;
use crate::report::sandbox_requests::ToldRequest;
use crate::sandbox::{
    BoundServer, RecordStore, RequestObserver, SandboxState, Site, Switches, Tenant, Waits,
};
use crate::send::kept_files::kept_files;
use crate::send::options::SendOptions;
use crate::wire::{LOOPBACK, is_loopback_ip, is_loopback_name};

const EXAMPLES: &str = "\
Examples:
  herald sandbox --print-profiles > sandbox.toml
  eval \"$(herald sandbox --print-env --provider wildfire)\"
  herald sandbox --listen 127.0.0.1:8787";

/// Flags of `sandbox`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Address and port; port 0 is any free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787", value_parser = address)]
    pub listen: SocketAddr,

    /// Allow an address that other machines can reach
    ///
    /// Without it, herald answers only requests whose Host is a loopback address, localhost, a name below .localhost,
    /// or a host of a vendor (for clients that use the sandbox as a proxy). With it, any Host is answered. Pages of
    /// other sites are never answered.
    #[arg(long)]
    pub expose: bool,

    /// Keep the state in this folder for the next start
    ///
    /// Without it, the state is in memory and each start is empty. The state of `--sandbox` is another one. Only one
    /// server at a time can use a folder.
    #[arg(long, value_name = "DIR", conflicts_with = "memory")]
    pub state: Option<PathBuf>,

    /// Keep the state in memory; this is the default
    #[arg(long)]
    pub memory: bool,

    /// Change the behaviour of a provider; repeatable
    #[arg(long = "switch", value_name = "[PROVIDER.]KEY=VALUE")]
    pub switches: Vec<String>,

    /// Print profiles for this address, and end
    ///
    /// It prints one profile for each provider, and one for each robot, channel and so on. Redirect it to a file, and
    /// use that with --profiles.
    #[arg(long, conflicts_with = "print_env")]
    pub print_profiles: bool,

    /// Print environment variables for this address, and end
    #[arg(long)]
    pub print_env: bool,

    /// Add each request and its answer to this file
    ///
    /// It has one JSON object a line: method, target, headers, body, and the answer's status and body. The values of
    /// Authorization and Cookie are masked, and so are secrets in a body. Of a body that is not UTF-8 or longer than 1
    /// MiB, only the size is written. The line is written before the client has its answer.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

/// Prints the credentials of what `--listen` names.
fn print_credentials(env: &Env, args: &Args, contracts: &[&'static Contract]) -> Result<Exit> {
    if args.listen.port() == 0 {
        return Err(Error::usage("port 0 is any that is free, and not known before it listens")
            .help("name the port: --listen 127.0.0.1:8787"));
    }
    let base = format!("http://{}", args.listen);
    let accounts: Vec<SandboxCredentials> =
        contracts.iter().flat_map(|contract| SandboxCredentials::all(contract, &base)).collect();
    if env.ui.is_machine() {
        let profiles: Map<String, Value> =
            accounts.iter().map(|one| (one.profile(), one.document())).collect();
        env.ui.json(&json!({ "version": 1, "address": base, "profiles": profiles }));
    } else if args.print_env {
        accounts
            .iter()
            .filter(|one| one.role.is_empty())
            .for_each(|one| env.ui.raw(&one.exports()));
    } else {
        let profiles: Vec<String> = accounts.iter().map(SandboxCredentials::toml).collect();
        env.ui.raw(&profiles.join("\n"));
    }
    Ok(Exit::Done)
}

/// One set of credentials that the sandbox takes: those of a provider, or of one of its robots and the like.
struct SandboxCredentials {
    provider: &'static str,
    /// Empty for the usual one.
    role: &'static str,
    /// Endpoint and credentials by their keys in a profile.
    values: Vec<(&'static str, String)>,
}

impl SandboxCredentials {
    /// Those of a provider, the usual ones first.
    fn all(contract: &'static Contract, base: &str) -> Vec<Self> {
        let endpoint = ("endpoint", format!("{base}/{}", contract.id));
        let of = |role: &'static str, more: &[(&'static str, &'static str)], without: &[&str]| {
            let own = credentials(contract).filter(|(name, _)| !without.contains(name));
            let all = own.chain(more.iter().copied()).map(|(name, value)| (name, value.to_owned()));
            let values = std::iter::once(endpoint.clone()).chain(all).collect();
            Self { provider: contract.id, role, values }
        };
        let roles = contract.sandbox_roles.iter();
        let roles = roles.map(|role| of(role.name, role.values, role.without));
        std::iter::once(of("", &[], &[])).chain(roles).collect()
    }

    /// The name of its profile.
    fn profile(&self) -> String {
        let gap = if self.role.is_empty() { "" } else { "-" };
        format!("{}{gap}{}", self.provider, self.role)
    }

    fn document(&self) -> Value {
        let values =
            self.values.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into()));
        let provider = ("provider".to_owned(), Value::from(self.provider));
        Value::Object(std::iter::once(provider).chain(values).collect())
    }

    /// The section of a profiles file. No value has a character that TOML escapes.
    fn toml(&self) -> String {
        let values = self.values.iter().map(|(name, value)| format!("{name} = \"{value}\"\n"));
        let head = format!("[profiles.{}]\nprovider = \"{}\"\n", self.profile(), self.provider);
        std::iter::once(head).chain(values).collect()
    }

    /// Assignments for a shell.
    fn exports(&self) -> String {
        let line = |(name, value): &(&str, String)| {
            format!("export {}={value}\n", variable(self.provider, name))
        };
        self.values.iter().map(line).collect()
    }
}

/// The help of `--switch`, with every switch.
pub(super) fn switches_help() -> String {
    let about = "Change the behaviour of a provider; repeatable\n\nWithout PROVIDER, a switch is for all providers that have \
                 it. `explain sandbox/KEY` explains one. The switches are:\n";
    let page = switches(&provider::contracts(), None).unwrap_or_default();
    let rows = page.tables.into_iter().flat_map(|table| table.rows);
    let lines = rows.map(|row| match row.as_slice() {
        [whose, key, values, default, what] => {
            let default = if default.is_empty() { "" } else { &format!(" [default: {default}]") };
            format!("\n- {key} ({whose}): {what}: {values}{default}")
        }
        _ => String::new(),
    });
    std::iter::once(about.to_owned()).chain(lines).collect()
}

/// Serves until it is interrupted.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    if !is_loopback_ip(args.listen.ip()) && !args.expose {
        return Err(Error::usage(format!("other machines can reach {}", args.listen)).help(
            "listen on 127.0.0.1, or say --expose; everybody who reaches it can use the test credentials",
        ));
    }
    let vendors = match &env.globals.provider {
        Some(provider) => vec![provider::find(provider)?],
        None => provider::ALL.to_vec(),
    };
    let contracts: Vec<&'static Contract> =
        vendors.iter().map(|vendor| vendor.contract()).collect();
    if args.print_profiles || args.print_env {
        return print_credentials(env, args, &contracts);
    }
    let (switches, remarks) = Switches::parse(&args.switches, &contracts, &provider::contracts())?;
    remarks.iter().for_each(|remark| env.ui.remark(remark));
    let shelf = shelf(args)?;
    let open =
        |path: &PathBuf| RequestLog::open(path, &kept_files(env, &SendOptions::default(), path));
    let log = args.log.as_ref().map(open).transpose()?;
    let server = BoundServer::bind(args.listen)?;
    let (base, kept) = (format!("http://{}", server.address()), shelf.path().map(Path::to_owned));
    let system = env.system;
    let observe = observe(env, log.zip(args.log.clone()), switches.clone());
    let site = Site {
        tenants: vendors.into_iter().map(tenant).collect(),
        stage: SandboxState::new(
            shelf,
            switches,
            Box::new(move || system.now_ms()),
            crate::provider::secret_names_of,
        ),
        observe,
        is_exposed: args.expose,
        waits: Waits::default(),
    };
    let stop = async {
        // A process that reads the ready message may stop herald at once: so signals are caught before the message.
        let signals = Signals::listen();
        announce(env, &base, &contracts, kept.as_deref());
        match signals {
            Ok(mut signals) => signals.next().await,
            // If herald cannot catch signals, they end the process directly.
            Err(_) => std::future::pending::<Stop>().await,
        }
    };
    Ok(server.serve(site, stop).exit())
}

fn tenant(vendor: &dyn Vendor) -> Tenant {
    Tenant { contract: vendor.contract(), backend: vendor.backend() }
}

/// Tells and logs each request; a full disk is reported and does not stop an answer.
fn observe(env: &Env, log: Option<(RequestLog, PathBuf)>, switches: Switches) -> RequestObserver {
    let (system, ui) = (env.system, env.ui);
    Box::new(move |seen| {
        let now_ms = system.now_ms();
        let offset = seen.provider.map_or(0, |id| switches.clock_offset_ms(id));
        let told = ToldRequest::of(seen, now_ms.saturating_add(offset));
        told.tell(&ui);
        let Some((log, path)) = &log else { return };
        if let Err(error) = log.write(seen, &told, now_ms) {
            ui.warn(&format!("a request is missing in the log `{}`: {error}", path.display()));
        }
    })
}

/// An address with a port. `localhost` and the names below it stand for 127.0.0.1; other names are refused.
fn address(text: &str) -> Result<SocketAddr, String> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    let numeric = is_loopback_name(host).then(|| format!("{}:{port}", LOOPBACK[0]));
    numeric
        .as_deref()
        .unwrap_or(text)
        .parse()
        .map_err(|_| "it has to be an IP address and a port, as 127.0.0.1:8787".to_owned())
}

/// The state: in memory, unless the user names a folder. It is never that of `--sandbox`: every client can read it.
fn shelf(args: &Args) -> Result<RecordStore> {
    let Some(folder) = &args.state else { return Ok(RecordStore::memory()) };
    RecordStore::open_for_server(folder).map_err(|error| match error.downcast::<Error>() {
        Ok(refusal) => refusal,
        Err(error) => Error::input(format!("cannot keep state in `{}`", folder.display()))
            .because(error)
            .help("name a folder that can be written, or leave --state out"),
    })
}

/// Announces that it is ready, its address, and its credentials.
fn announce(env: &Env, base: &str, contracts: &[&'static Contract], kept: Option<&Path>) {
    let ui = env.ui;
    if ui.is_machine() {
        ui.json(&document(base, contracts, kept));
        return;
    }
    ui.sentence(&format!("herald sandbox listens on {base}"));
    announced(base, contracts).iter().for_each(|line| ui.sentence(line));
    let kept = kept.map_or_else(
        || "state is kept in memory".to_owned(),
        |path| format!("state is kept in {}", path.display()),
    );
    ui.remark(&format!("{kept}; Ctrl-C ends it"));
}

/// A line for each set of credentials, by the name of its profile.
fn announced(base: &str, contracts: &[&'static Contract]) -> Vec<String> {
    let all: Vec<SandboxCredentials> =
        contracts.iter().flat_map(|contract| SandboxCredentials::all(contract, base)).collect();
    let width = all.iter().map(|one| one.profile().len()).max().unwrap_or_default();
    let line = |one: &SandboxCredentials| {
        let values = one.values.iter().filter(|(name, _)| *name != "endpoint");
        let values: Vec<String> = values.map(|(name, value)| format!("{name}={value}")).collect();
        format!("  {:width$}  {base}/{}  {}", one.profile(), one.provider, values.join(" "))
    };
    all.iter().map(line).collect()
}

/// The same for machines.
fn document(base: &str, contracts: &[&'static Contract], kept: Option<&Path>) -> Value {
    let providers: Vec<Value> = contracts
        .iter()
        .map(|contract| {
            let credentials: Map<String, Value> = credentials(contract)
                .map(|(name, value)| (name.to_owned(), Value::from(value)))
                .collect();
            let roles: Map<String, Value> = SandboxCredentials::all(contract, base)
                .iter()
                .filter(|one| !one.role.is_empty())
                .map(|one| (one.role.to_owned(), one.document()))
                .collect();
            json!({
                "provider": contract.id,
                "base_url": format!("{base}/{}", contract.id),
                "credentials": credentials,
                "roles": roles,
            })
        })
        .collect();
    json!({
        "version": 1,
        "address": base,
        "providers": providers,
        "state": kept.map(|path| path.display().to_string()),
    })
}

/// The credentials of the sandbox; the same on every machine. An address among them is not a credential: it is the
/// address of this server, and announced separately.
fn credentials(contract: &Contract) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = contract.credentials.iter();
    rows.filter(|row| !row.sandbox.is_empty() && row.name != "endpoint")
        .map(|row| (row.name, row.sandbox))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Globals;
    use crate::env::System;
    use crate::report::{Color, Format, Ui};
    use crate::sandbox::fake::ONE;

    fn env() -> Env {
        Env {
            globals: Globals::default(),
            ui: Ui::new(Format::Human, Color::Never, false, false, &|_| None),
            system: System::default(),
        }
    }

    #[test]
    fn addresses_that_others_can_reach_need_to_be_asked_for() {
        for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
            let args = Args {
                listen: listen.parse().expect("an address"),
                expose: false,
                state: None,
                memory: true,
                switches: Vec::new(),
                print_profiles: false,
                print_env: false,
                log: None,
            };
            let error = run(&env(), &args).expect_err("not without --expose");
            assert_eq!(error.exit(), Exit::Usage, "{listen}");
        }
    }

    #[test]
    fn an_address_needs_a_port_and_no_look_up() {
        for name in ["localhost", "localhost.", "LOCALHOST", "vendor.localhost"] {
            assert_eq!(address(&format!("{name}:80")), Ok(([127, 0, 0, 1], 80).into()), "{name}");
        }
        assert!(address("[::1]:8787").is_ok_and(|address| address.ip().is_loopback()));
        for wrong in ["127.0.0.1", "example.com:80", "8787", "", "localhost", "localhost:"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn people_learn_every_set_of_credentials() {
        for contract in provider::contracts() {
            let lines = announced("http://127.0.0.1:1", &[contract]).join("\n");
            assert_eq!(lines.lines().count(), 1 + contract.sandbox_roles.len());
            for (name, value) in contract.sandbox_roles.iter().flat_map(|role| role.values) {
                assert!(lines.contains(&format!(" {name}={value}")), "{lines}");
            }
        }
    }

    #[test]
    fn machines_learn_address_credentials_and_place_of_state() {
        let document = document("http://127.0.0.1:1", &[&ONE], None);
        assert_eq!(
            document,
            json!({
                "version": 1,
                "address": "http://127.0.0.1:1",
                "providers": [{
                    "provider": "one",
                    "base_url": "http://127.0.0.1:1/one",
                    "credentials": { "secret": "sandbox-secret" },
                    "roles": {},
                }],
                "state": null,
            })
        );
    }
}
