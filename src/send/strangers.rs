//! Targets of a list that did not get what is followed up.

use std::collections::HashSet;

use crate::contract::Target;
use crate::env::Env;
use crate::report::counted;
use crate::send::app::App;
use crate::send::follow_up_subject::FollowSubject;

/// The most targets that are named.
const STRANGERS_NAMED: usize = 10;

/// Says which targets of a list did not get any of the messages.
pub(crate) fn tell_strangers(env: &Env, app: &App, subjects: &[FollowSubject], to: &[Target]) {
    let reached: Option<Vec<Vec<String>>> = subjects.iter().map(|one| one.reached(app)).collect();
    // Of a message to everybody, no one is known not to have it.
    let Some(reached) = reached else { return };
    let reached: HashSet<&str> = reached.iter().flatten().map(String::as_str).collect();
    let names: Vec<String> = to.iter().map(Target::to_string).collect();
    let strangers: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !reached.contains(name)).collect();
    if strangers.is_empty() {
        return;
    }
    let named = strangers.iter().take(STRANGERS_NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = match strangers.len().saturating_sub(STRANGERS_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = counted(strangers.len() as u64, "target");
    env.ui.warn(&format!(
        "{count} of the list did not get it, and nothing is done for them: {named}{more}"
    ));
}
