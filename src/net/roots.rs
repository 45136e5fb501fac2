//! Which certificates are believed.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt as _;

use crate::error::{Error, Result};
use crate::wire::control_character;

/// Where trust roots come from. Certificates are always verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustRoots {
    /// Those that are compiled in.
    #[default]
    Bundled,
    /// Those of a file in PEM form, and no others.
    File(PathBuf),
    /// Those of the operating system.
    System,
}

impl TrustRoots {
    /// Decides: `--cacert`, else the profile's `roots`, else `SSL_CERT_FILE`, else those that are compiled in.
    pub fn choose(
        cacert: Option<&Path>,
        profile: Option<&str>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        match (cacert, profile) {
            (Some(path), _) => Self::File(path.to_owned()),
            (None, Some("system")) => Self::System,
            (None, Some(path)) => Self::File(path.into()),
            (None, None) => match env("SSL_CERT_FILE").filter(|path| !path.is_empty()) {
                Some(path) => Self::File(path.into()),
                None => Self::Bundled,
            },
        }
    }

    /// Fails where the roots cannot be used.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::File(path) => read(path).map(drop),
            Self::Bundled | Self::System => Ok(()),
        }
    }

    /// How connections are encrypted, and whose certificates are believed. Reads the file.
    pub(super) fn tls(&self) -> Result<ClientConfig> {
        install_provider();
        let builder = ClientConfig::builder();
        let mut config = match self {
            Self::System => system()?,
            Self::File(path) => builder.with_root_certificates(read(path)?).with_no_client_auth(),
            Self::Bundled => builder.with_root_certificates(bundled()).with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// For connections without TLS: no certificate is trusted.
pub(super) fn no_tls() -> ClientConfig {
    install_provider();
    ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
}

fn install_provider() {
    // An earlier one may have been installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn system() -> Result<ClientConfig> {
    ClientConfig::with_platform_verifier().map_err(|error| {
        Error::input("cannot use the trust roots of the operating system").because(error)
    })
}

fn bundled() -> RootCertStore {
    let mut store = RootCertStore::empty();
    for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        store.add(der.clone()).expect("the bundled certificates are certificates");
    }
    store
}

/// What may name a file of trust roots.
const NAMED_BY: &str = "--cacert, `roots` of the profile or SSL_CERT_FILE names it";

fn read(path: &Path) -> Result<RootCertStore> {
    let shown = path.display();
    if let Some(found) = control_character(&path.to_string_lossy()) {
        return Err(Error::input(format!("the path of the trust roots has a {found} in it"))
            .help(format!("remove it; {NAMED_BY}")));
    }
    let help = &format!(
        "it has to be a file of certificates in PEM form, with `-----BEGIN CERTIFICATE-----`; {NAMED_BY}"
    );
    let pem = fs::read(path).map_err(|error| {
        Error::input(format!("cannot read the trust roots in `{shown}`"))
            .because(error)
            .help(NAMED_BY)
    })?;
    let unusable = |error: anyhow::Error| {
        Error::input(format!("`{shown}` holds no usable trust roots"))
            .because(error)
            .help(help.as_str())
    };
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| unusable(anyhow::anyhow!("{error:?}")))?;
        store.add(certificate).map_err(|error| unusable(error.into()))?;
    }
    if store.is_empty() {
        return Err(
            Error::input(format!("there is no certificate in `{shown}`")).help(help.as_str())
        );
    }
    Ok(store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_beats_the_profile_and_the_profile_beats_the_environment() {
        let env = |name: &str| (name == "SSL_CERT_FILE").then(|| "/env.pem".to_owned());
        let none = |_: &str| None;
        let flag = Path::new("/flag.pem");
        assert_eq!(
            TrustRoots::choose(Some(flag), Some("system"), &env),
            TrustRoots::File("/flag.pem".into())
        );
        assert_eq!(TrustRoots::choose(None, Some("system"), &env), TrustRoots::System);
        assert_eq!(
            TrustRoots::choose(None, Some("/p.pem"), &env),
            TrustRoots::File("/p.pem".into())
        );
        assert_eq!(TrustRoots::choose(None, None, &env), TrustRoots::File("/env.pem".into()));
        assert_eq!(TrustRoots::choose(None, None, &none), TrustRoots::Bundled);
    }

    #[test]
    fn a_file_without_certificates_is_unusable_input() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("roots.pem");
        fs::write(&path, "hello").expect("writable");
        for path in [path, folder.path().join("missing.pem"), "roots.pem\n".into()] {
            let error = read(&path).expect_err("no certificates");
            assert_eq!(error.exit(), crate::exit::Exit::Input, "{error}");
            let help = error.advice().unwrap_or_default();
            assert!(help.contains("SSL_CERT_FILE") && help.contains("--cacert"), "{error}: {help}");
        }
    }
}
