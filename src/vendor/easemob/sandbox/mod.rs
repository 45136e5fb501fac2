use crate::sandbox::*;
pub(super) const ORG: &str = "herald";
pub(super) const APP: &str = "sandbox";
pub(super) const CLIENT_ID: &str = "herald-sandbox-client";
pub(super) const CLIENT_SECRET: &str = "herald-sandbox-secret";
pub(super) const TOKEN: &str = "herald-sandbox-token";
pub(super) struct EasemobServers;
impl Backend for EasemobServers {
    fn answer(&self, _: &Incoming, _: &mut World<'_>) -> Answer {
        Answer::json(200, &crate::document::Value::object())
    }
}
