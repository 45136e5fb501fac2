//! Which certificates are believed.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::{Certificate, ClientBuilder};

use crate::error::{Error, Result};

/// Where trust roots come from. Certificates are always verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// Those that are compiled in.
    #[default]
    Bundled,
    /// Those of a file in PEM form, and no others.
    File(PathBuf),
    /// Those of the operating system.
    System,
}

impl Roots {
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

    /// Gives them to a client in the making.
    pub(super) fn add_to(&self, builder: ClientBuilder) -> Result<ClientBuilder> {
        Ok(match self {
            Self::System => builder,
            Self::File(path) => builder.tls_certs_only(read(path)?),
            Self::Bundled => {
                builder.tls_certs_only(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| {
                    Certificate::from_der(der).expect("the bundled certificates are certificates")
                }))
            }
        })
    }
}

fn read(path: &Path) -> Result<Vec<Certificate>> {
    let shown = path.display();
    let help =
        "it has to be a file of certificates in PEM form, with `-----BEGIN CERTIFICATE-----`";
    let pem = fs::read(path).map_err(|error| {
        Error::input(format!("cannot read the trust roots in `{shown}`")).because(error)
    })?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| {
        Error::input(format!("`{shown}` holds no usable trust roots")).because(error).help(help)
    })?;
    if found.is_empty() {
        return Err(Error::input(format!("there is no certificate in `{shown}`")).help(help));
    }
    Ok(found)
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
            Roots::choose(Some(flag), Some("system"), &env),
            Roots::File("/flag.pem".into())
        );
        assert_eq!(Roots::choose(None, Some("system"), &env), Roots::System);
        assert_eq!(Roots::choose(None, Some("/p.pem"), &env), Roots::File("/p.pem".into()));
        assert_eq!(Roots::choose(None, None, &env), Roots::File("/env.pem".into()));
        assert_eq!(Roots::choose(None, None, &none), Roots::Bundled);
    }

    #[test]
    fn a_file_without_certificates_is_unusable_input() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("roots.pem");
        fs::write(&path, "hello").expect("writable");
        for path in [path, folder.path().join("missing.pem")] {
            let error = read(&path).expect_err("no certificates");
            assert_eq!(error.exit(), crate::exit::Exit::Input, "{error}");
        }
    }
}
