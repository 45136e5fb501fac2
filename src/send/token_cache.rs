//! Tokens that a vendor handed out, kept between commands: asking for one each time gets an account blocked.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::account::Secret;
use crate::error::{ErrorKind, Result};
use crate::files::{WriteThrough, write_own};
use crate::trust::{OwnerRule, TrustCheck, all_of, make_private};
use crate::wire::lower_hex;

/// A token is kept no longer than this, whatever the vendor says.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Who may own and change a kept token: it is sent as the account's.
const TOKENS: TrustCheck<'static> = TrustCheck {
    name: "the token cache",
    kind: ErrorKind::Secret,
    owner: OwnerRule::UserOrRoot,
    is_private: true,
};

/// The most that is read of a kept token, in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The version of the files.
const VERSION: u64 = 1;

/// A token as it is kept. A key that is not known makes it none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptToken {
    version: u64,
    token: String,
    fetched_ms: i64,
    renew_ms: i64,
}

/// The folder of tokens: one file for each endpoint, app and client, which only its owner can read.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    folder: Option<PathBuf>,
}

impl Tokens {
    /// Tokens kept in a folder; without one they live as long as the command.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The token for an account, if there is one that is not yet due for renewal. A file that is not as [`Tokens::keep`]
    /// writes it has none.
    ///
    /// An error where others can change it or its folder: neither is it sent then, nor is another one kept there.
    pub(crate) fn get(&self, whose: &[&str], now_ms: i64) -> Result<Option<Secret>> {
        let Some(path) = self.path(whose) else { return Ok(None) };
        // One that is not there or cannot be read is fetched again.
        let Ok(file) = File::open(&path) else { return TOKENS.folder_of(&path).map(|()| None) };
        all_of([TOKENS.folder_of(&path), TOKENS.open_file(&file, &path)])?;
        // Others may have been able to read it. A file that root owns stays as it is.
        let _ = make_private(&file);
        Ok(read(file, now_ms))
    }

    /// Keeps a token until half of its life is over. Where that cannot be done, the next command fetches another.
    pub(crate) fn keep(
        &self,
        whose: &[&str],
        token: &Secret,
        lifetime: Option<Duration>,
        now_ms: i64,
    ) -> std::io::Result<()> {
        let (Some(path), Some(lifetime)) = (self.path(whose), lifetime) else { return Ok(()) };
        let half = i64::try_from((lifetime.min(LONGEST) / 2).as_millis()).unwrap_or(i64::MAX);
        let kept = json!({
            "version": VERSION,
            "token": token.expose(),
            "fetched_ms": now_ms,
            "renew_ms": now_ms.saturating_add(half),
        });
        write_own(&path, kept.to_string().as_bytes(), WriteThrough::No)
    }

    /// Forgets a token that the vendor does not take any longer.
    pub(crate) fn forget(&self, whose: &[&str]) {
        if let Some(path) = self.path(whose) {
            // What is not there is forgotten already; what cannot be removed is replaced by the next token.
            let _ = fs::remove_file(path);
        }
    }

    fn path(&self, whose: &[&str]) -> Option<PathBuf> {
        let mut hash = Sha256::new();
        for part in whose {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let name = lower_hex(&hash.finalize());
        Some(self.folder.as_ref()?.join(format!("token-{name}.json")))
    }
}

/// What a file keeps, where it is a token that is still good.
fn read(file: File, now_ms: i64) -> Option<Secret> {
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    let KeptToken { version, token, fetched_ms, renew_ms } = serde_json::from_str(&text).ok()?;
    // Neither a clock that was set back nor a file that was changed may keep a token alive.
    let longest = i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX);
    let is_alive = fetched_ms <= now_ms
        && now_ms < renew_ms
        && renew_ms.checked_sub(fetched_ms).is_some_and(|life| life <= longest / 2);
    (version == VERSION && is_alive).then(|| Secret::new(token))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const WHOSE: &[&str] = &["vendor", "https://a.example", "org#app", "client"];
    const HOUR: Duration = Duration::from_secs(3600);

    fn kept() -> (tempfile::TempDir, Tokens) {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::new(Some(folder.path().join("cache").join("herald")));
        tokens.keep(WHOSE, &Secret::new("t0k"), Some(HOUR), 1_000_000).expect("writable");
        (folder, tokens)
    }

    fn get(tokens: &Tokens, whose: &[&str], now_ms: i64) -> Option<String> {
        let found = tokens.get(whose, now_ms).expect("it is safe");
        found.map(|token| token.expose().to_owned())
    }

    #[test]
    fn a_token_is_kept_until_half_of_its_life_is_over() {
        let (_folder, tokens) = kept();
        assert_eq!(get(&tokens, WHOSE, 1_000_000).as_deref(), Some("t0k"));
        assert_eq!(get(&tokens, WHOSE, 2_799_999).as_deref(), Some("t0k"));
        assert_eq!(get(&tokens, WHOSE, 2_800_000), None, "half an hour later");
        assert_eq!(get(&tokens, WHOSE, 999_999), None, "the clock was set back");
    }

    #[test]
    fn each_endpoint_app_and_client_has_a_token_of_its_own() {
        let (_folder, tokens) = kept();
        for other in [
            ["vendor", "https://b.example", "org#app", "client"],
            ["vendor", "https://a.example", "org#other", "client"],
            ["vendor", "https://a.example", "org#app", "another"],
            ["vendor", "https://a.example", "org#appclient", ""],
        ] {
            assert_eq!(get(&tokens, &other, 1_000_000), None, "{other:?}");
        }
        tokens.forget(WHOSE);
        assert_eq!(get(&tokens, WHOSE, 1_000_000), None);
    }

    #[test]
    fn a_long_life_is_cut_and_none_at_all_keeps_nothing() {
        let (_folder, tokens) = kept();
        let centuries = Duration::from_secs(u64::MAX);
        tokens.keep(WHOSE, &Secret::new("t1"), Some(centuries), 0).expect("writable");
        let half = i64::try_from(LONGEST.as_millis() / 2).expect("small");
        assert_eq!(get(&tokens, WHOSE, half - 1).as_deref(), Some("t1"));
        assert_eq!(get(&tokens, WHOSE, half), None);
        tokens.forget(WHOSE);
        tokens.keep(WHOSE, &Secret::new("t2"), None, 0).expect("nothing to do");
        assert_eq!(get(&tokens, WHOSE, 0), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_token() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, _tokens) = kept();
        let cache = folder.path().join("cache").join("herald");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&cache), 0o700);
        let files: Vec<PathBuf> =
            fs::read_dir(&cache).expect("a folder").flatten().map(|entry| entry.path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        assert_eq!(mode(&files[0]), 0o600);
        assert!(!files[0].to_string_lossy().contains("client"), "the name is a hash");
    }

    #[cfg(unix)]
    #[test]
    fn a_token_that_others_can_change_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_home, tokens) = kept();
        let path = tokens.path(WHOSE).expect("a folder");
        let folder = path.parent().expect("a folder").to_owned();
        for (what, loose, usual) in [(&path, 0o666, 0o600), (&folder, 0o777, 0o700)] {
            let set = |mode| {
                fs::set_permissions(what, fs::Permissions::from_mode(mode)).expect("it is ours");
            };
            set(loose);
            let error = tokens.get(WHOSE, 1_000_000).expect_err("it is refused");
            assert_eq!(error.exit().code(), 3);
            assert!(error.advice().is_some_and(|help| help.starts_with("chmod")), "{error:?}");
            set(usual);
            assert_eq!(get(&tokens, WHOSE, 1_000_000).as_deref(), Some("t0k"));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
        assert!(get(&tokens, WHOSE, 1_000_000).is_some(), "others could only read it");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_no_token_is_no_token() {
        let (_folder, tokens) = kept();
        let path = tokens.path(WHOSE).expect("a folder");
        let kept = fs::read_to_string(&path).expect("a token");
        for text in [
            "",
            "{",
            "[]",
            r#"{"token":1,"fetched_ms":0,"renew_ms":9e18}"#,
            &kept.replace("\"version\":1", "\"version\":2"),
            &kept.replace("\"version\":1,", ""),
            &kept.replace("\"version\"", "\"more\":1,\"version\""),
            &kept.replace("\"renew_ms\":2800000", "\"renew_ms\":9000000000000"),
            &kept.replace("\"token\"", "\"token\":\"x\",\"token\""),
        ] {
            assert_ne!(text, kept);
            fs::write(&path, text).expect("writable");
            assert_eq!(get(&tokens, WHOSE, 1_000_000), None, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_token_is_not_kept_through_a_link() {
        let (folder, tokens) = kept();
        let (path, victim) = (tokens.path(WHOSE).expect("a folder"), folder.path().join("victim"));
        fs::write(&victim, "precious").expect("writable");
        fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink(&victim, &path).expect("a link");
        assert!(tokens.keep(WHOSE, &Secret::new("t1"), Some(HOUR), 0).is_err());
        assert_eq!(fs::read_to_string(&victim).expect("there"), "precious");
    }
}
