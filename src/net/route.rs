//! Where requests go: an address, taken apart into what a connection needs.

use std::rc::Rc;
use std::sync::Arc;

use hyper::Uri;
use hyper::header::HeaderValue;
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
    /// The name that the server's certificate has to have; `None` where the server is spoken to without TLS.
    pub(super) tls_name: Option<ServerName<'static>>,
    /// The proxy, and the name that its certificate has to have where it is spoken to with TLS.
    pub(super) proxy: Option<(Rc<Proxy>, Option<ServerName<'static>>)>,
    /// What stands in the first line of a request.
    pub(super) path: Uri,
    /// The `Host` header.
    pub(super) host: HeaderValue,
    /// Whether the server is this machine.
    pub(super) is_loopback: bool,
}

impl Route {
    /// Of the address of a request, if the request can go there letter by letter as the vendor's rows made it.
    pub(super) fn of(request: &Request) -> Result<Self> {
        let url = parse(request)?;
        let unusable = || wrong(request, "it cannot be written in a request");
        let proxy = proxy::on_the_way(&url)?.map(Rc::new);
        let tls_name = match url.scheme() {
            "https" => Some(server_name(&url).ok_or_else(unusable)?),
            _ => None,
        };
        let proxy_name = match proxy.as_deref() {
            Some(proxy) if proxy.is_tls => Some(proxy_server_name(proxy)?),
            _ => None,
        };
        let plain_proxy = proxy.is_some() && tls_name.is_none();
        // A proxy is told the whole address where it passes requests on, and the path alone where it passes on bytes.
        let path = if plain_proxy {
            &url[..Position::AfterQuery]
        } else {
            &url[Position::BeforePath..Position::AfterQuery]
        };
        let hop = Hop {
            host: url.host_str().ok_or_else(unusable)?.to_owned(),
            port: url.port_or_known_default().ok_or_else(unusable)?,
            proxy: proxy.as_deref().map(|proxy| proxy.hop.clone()),
        };
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let way = proxy.as_deref().map(|proxy| format!(" through proxy {}", proxy.hop));
        Ok(Self {
            origin: format!("{}{}", &url[..Position::BeforePath], way.unwrap_or_default()).into(),
            path: path.parse().map_err(|_| unusable())?,
            host: HeaderValue::from_str(host).map_err(|_| unusable())?,
            hop: Arc::new(hop),
            tls_name,
            proxy: proxy.map(|proxy| (proxy, proxy_name)),
            is_loopback: url_is_loopback(&url),
        })
    }

    /// Whether TLS is spoken with anybody on the way.
    pub(super) fn needs_tls(&self) -> bool {
        self.tls_name.is_some() || matches!(&self.proxy, Some((_, Some(_))))
    }

    /// Whether anybody on the way to the server could read what is sent.
    pub(super) fn is_open(&self) -> bool {
        self.tls_name.is_none() && !self.is_loopback
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

/// The name that the server's certificate has to have. The final dot of a name is no part of it.
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

fn proxy_server_name(proxy: &Proxy) -> Result<ServerName<'static>> {
    let url = Url::parse(&format!("https://{}:{}", proxy.hop.host, proxy.hop.port)).ok();
    url.as_ref().and_then(server_name).ok_or_else(|| {
        Error::input(format!("the proxy in `{}` has no usable host", proxy.hop.variable))
    })
}
