//! What carries the requests of an app: the network, or the sandbox in this process.

use crate::env::Env;
use crate::error::Result;
use crate::net::{ConcurrentTransport, Network, NetworkSettings, PhaseListener, TrustRoots};
use crate::report;
use crate::sandbox::{InProcess, RecordStore, SandboxState, Switches};
use crate::send::app::{App, hidden};
use crate::send::options::SendOptions;

impl App {
    /// What carries the requests. Fails where nothing could go to the vendor, before anything is written down.
    pub(crate) fn transport(
        &self,
        env: &Env,
        sending: &SendOptions,
    ) -> Result<Box<dyn ConcurrentTransport>> {
        let ui = env.ui;
        let redactor = self.redactor.clone();
        let tell: PhaseListener =
            Box::new(move |name, text| ui.phase(name, &hidden(&redactor, text)));
        if self.sandbox {
            let folder = env.system.state_dir().map(|folder| folder.join("sandbox"));
            let (shelf, remark) = RecordStore::open_or_memory(folder.as_deref())?;
            if let Some(remark) = remark {
                ui.warn(&remark);
            }
            let id = self.vendor.contract().id;
            let mut switches = Switches::default();
            let contract = self.vendor.contract();
            let is_switch = |key: &str| contract.sandbox_switch(key).is_some();
            for (key, value) in self.switches.iter().filter(|(key, _)| is_switch(key)) {
                switches.set(Some(id), key, value);
            }
            let system = env.system;
            let stage = SandboxState::new(
                shelf,
                switches,
                Box::new(move || system.now_ms()),
                crate::provider::secret_names_of,
            );
            return Ok(Box::new(InProcess::new(id, self.vendor.backend(), stage, tell)));
        }
        let roots =
            TrustRoots::choose(sending.cacert.as_deref(), self.account.roots.as_deref(), &|name| {
                env.system.var(name)
            });
        let watch = report::progress(&ui);
        let settings = NetworkSettings {
            roots,
            deadline: sending.deadline(),
            tell: ui.is_verbose().then_some(tell),
            watch,
            requests_per_connection: self.vendor.contract().requests_per_connection,
        };
        let network = Network::new(settings)?;
        let base = crate::contract::base_url(&self.account, self.vendor.contract(), "")?;
        if let Some(warning) = network.check(&base)? {
            ui.warn(&warning);
        }
        Ok(Box::new(network))
    }
}
