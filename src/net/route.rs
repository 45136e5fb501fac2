//! Where requests go: an address, taken apart into what a connection needs.

use std::rc::Rc;
use std::sync::Arc;

use hyper::Uri;
use rustls::pki_types::ServerName;
use url::{Host, Position, Url};

use super::proxy::{self, Proxy};
use crate::error::{Error, Result};
use crate::wire::{Hop, Request, Show, address_fault, url_is_loopback};

/// Where requests go, and by which way.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Scheme, host and port of the server, and the proxy: what connections are told apart by.
    pub(super) origin: Rc<str>,
    /// Server and proxy, as failures name them.
    pub(super) hop: Arc<Hop>,
    /// The proxy on the way.
    pub(super) proxy: Option<Rc<Proxy>>,
    /// The whole address.
    pub(super) url: Url,
    /// Whether TLS is spoken with the server.
    pub(super) is_tls: bool,
    /// Whether the server is this machine.
    pub(super) is_loopback: bool,
}

impl Route {
    /// Of the address of a request, if the request can go there letter by letter as the vendor's rows made it.
    pub(super) fn of(request: &Request) -> Result<Self> {
        let url = parse(request)?;
        let unusable = || wrong(request, "it cannot be written in a request");
        let proxy = proxy::on_the_way(&url)?.map(Rc::new);
        let is_tls = url.scheme() == "https";
        if url.as_str().parse::<Uri>().is_err() || is_tls && server_name(&url).is_none() {
            return Err(unusable());
        }
        if let (true, Some(proxy), Some(Host::Ipv6(_))) = (is_tls, &proxy, url.host()) {
            let why = format!("proxy {} cannot be asked for an IPv6 address with TLS", proxy.hop);
            return Err(wrong(request, &why));
        }
        if let Some(proxy) = proxy.as_deref().filter(|proxy| proxy.is_tls) {
            check_proxy_name(proxy)?;
        }
        let hop = Hop {
            host: url.host_str().ok_or_else(unusable)?.to_owned(),
            port: url.port_or_known_default().ok_or_else(unusable)?,
            proxy: proxy.as_deref().map(|proxy| proxy.hop.clone()),
        };
        let way = proxy.as_deref().map(|proxy| format!(" through proxy {}", proxy.hop));
        Ok(Self {
            origin: format!("{}{}", &url[..Position::BeforePath], way.unwrap_or_default()).into(),
            hop: Arc::new(hop),
            proxy,
            is_tls,
            is_loopback: url_is_loopback(&url),
            url,
        })
    }

    /// Whether TLS is spoken with the proxy or with the server.
    pub(super) fn needs_tls(&self) -> bool {
        self.is_tls || self.proxy.as_ref().is_some_and(|proxy| proxy.is_tls)
    }

    /// Whether what is sent could be read on the way to the server.
    pub(super) fn is_open(&self) -> bool {
        !self.is_tls && !self.is_loopback
    }

    /// Scheme, host and port of the server, and the proxy before it, for people.
    pub(super) fn server(&self) -> &str {
        &self.origin
    }

    /// The address as it is connected to, for people: the path as it may be shown.
    pub(super) fn shown(&self, request: &Request) -> String {
        let shown = request.url(Show::Redacted);
        let address = Url::parse(&shown).map_or(shown, String::from);
        match &self.hop.proxy {
            Some(proxy) => format!("{address} through proxy {proxy}"),
            None => address,
        }
    }
}

fn wrong(request: &Request, why: &str) -> Error {
    let shown = request.url(Show::Redacted);
    Error::input(format!("`{shown}` cannot be used as an address: {why}"))
        .help("an endpoint is `http://HOST[:PORT]` or `https://HOST[:PORT]`")
}

fn parse(request: &Request) -> Result<Url> {
    if let Some(fault) = address_fault(&request.base) {
        return Err(wrong(request, &format!("it {fault}")));
    }
    let url = Url::parse(&request.url(Show::Secrets))
        .map_err(|error| wrong(request, &error.to_string()))?;
    // `..` as an id would silently become another path, and what was signed would not be what is sent.
    if !url.as_str().ends_with(&request.path.show(Show::Secrets)) {
        return Err(wrong(request, "its path would be changed on the way"));
    }
    Ok(url)
}

/// The name that the server's certificate has to have. The final dot of a name is not part of it.
fn server_name(url: &Url) -> Option<ServerName<'static>> {
    match url.host()? {
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name).to_owned();
            ServerName::try_from(name).ok()
        }
        Host::Ipv4(ip) => Some(ServerName::IpAddress(std::net::IpAddr::V4(ip).into())),
        Host::Ipv6(ip) => Some(ServerName::IpAddress(std::net::IpAddr::V6(ip).into())),
    }
}

fn check_proxy_name(proxy: &Proxy) -> Result<()> {
    let url = Url::parse(&format!("https://{}:{}", proxy.hop.host, proxy.hop.port)).ok();
    url.as_ref().and_then(server_name).map(drop).ok_or_else(|| {
        Error::input(format!("the proxy in `{}` has no usable host", proxy.hop.variable))
    })
}
