//! Where requests are sent, and which must not be sent.

use super::*;
use crate::account::Account;
use crate::contract::base_url;

fn account(provider: &str, endpoint: Option<&str>) -> Account {
    Account {
        provider: provider.to_owned(),
        endpoint: endpoint.map(str::to_owned),
        ..Account::default()
    }
}

#[test]
fn an_endpoint_and_a_role_give_an_address() {
    for (endpoint, role, expected) in [
        (None, "", "https://api.cloud.test"),
        (None, "report", "https://report.cloud.test"),
        (Some("cn"), "", "https://cn.cloud.test"),
        (Some("sg"), "report", "https://report.sg.cloud.test"),
        (Some("cn"), "report", "https://report.cloud.test"),
        (Some("http://127.0.0.1:8080/"), "", "http://127.0.0.1:8080"),
        (Some("http://127.0.0.1:8080"), "report", "http://127.0.0.1:8080"),
        (Some("https://proxy.test/im/"), "", "https://proxy.test/im"),
    ] {
        let base = base_url(&account("cloud-v2", endpoint), &CLOUD, role).expect("it works");
        assert_eq!(base, expected, "{endpoint:?} {role}");
    }
}

#[test]
fn an_endpoint_that_leads_nowhere_is_an_error() {
    insta::assert_snapshot!(rendered(&base_url(&account("home", None), &HOME, "").expect_err("it is refused")), @r"
    [3] no `endpoint` of home is given
      help: set HERALD_HOME_ENDPOINT=http://HOST:PORT, or make a profile with `herald profile init`
    ");
    let profile = Account { profile: Some("live".to_owned()), ..account("home", None) };
    insta::assert_snapshot!(rendered(&base_url(&profile, &HOME, "").expect_err("it is refused")), @r#"
    [3] profile `live` has no `endpoint`
      help: home has no usual one: add `endpoint = "http://HOST:PORT"` to the profile
    "#);
    insta::assert_snapshot!(rendered(&base_url(&account("cloud-v2", Some("cnn")), &CLOUD, "").expect_err("it is refused")), @r"
    [3] `cnn` is neither an endpoint of cloud-v2 nor a URL
      help: did you mean `cn`?
    ");
}
