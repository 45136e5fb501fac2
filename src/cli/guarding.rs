//! The guards at the edge: what they decide is asked of a person here, where there is one.

use std::io::IsTerminal as _;

use dialoguer::Input;

use super::dispatch::Trip;
use crate::contract::{Audience, Effect, Operation};
use crate::error::{Error, Result};
use crate::guard::{self, Case, Decision, Guard, Question};
use crate::report::escape;

/// Lets the requests of a command pass the guards, or refuses. Gives the guards that `--override` passed.
///
/// Several requests are judged as one: what reaches a hundred targets in ten requests reaches a hundred.
pub(super) fn pass(
    trip: &Trip<'_>,
    requests: &[(&'static Operation, &Audience)],
) -> Result<Vec<Guard>> {
    let overrides =
        trip.sending.overrides.iter().map(|word| Guard::parse(word)).collect::<Result<Vec<_>>>()?;
    if let Some(fixed) = overrides.iter().find(|guard| !guard.row().can_be_overridden) {
        return Err(Error::new(
            crate::error::Kind::Guard,
            format!("the guard `{}` cannot be overridden", fixed.word()),
        )
        .help(fixed.row().about.to_string()));
    }
    let Some((effect, operation)) = gravest(requests) else { return Ok(Vec::new()) };
    let audience = together(requests);
    let provider = trip.vendor.contract().id;
    let read_only = trip.session.edge.var("HERALD_READ_ONLY");
    let judgement = guard::judge(&Case {
        operation: &format!("{provider}/{}", operation.id),
        effect,
        audience: &audience,
        guards: &trip.world.account.guards,
        name: trip.world.name(),
        sandbox: trip.world.sandbox,
        read_only: read_only.as_deref(),
        yes: trip.sending.yes,
        confirm: trip.sending.confirm.as_deref(),
        overrides: &overrides,
        can_ask: can_ask(trip.stdin_used),
    });
    match judgement.decision {
        Decision::Go => Ok(judgement.overridden),
        Decision::Refuse(refusal) => Err(refusal.into()),
        Decision::Ask(question) => ask(question).map(|()| judgement.overridden),
        Decision::AskTyped(question) => ask_typed(question).map(|()| judgement.overridden),
    }
}

/// The operation that does most, with what it does.
fn gravest(requests: &[(&'static Operation, &Audience)]) -> Option<(Effect, &'static Operation)> {
    let order = |effect: Effect| match effect {
        Effect::Sends => 3,
        Effect::Destroys => 2,
        Effect::Manages => 1,
        Effect::Reads => 0,
    };
    let operations = requests.iter().map(|(operation, _)| *operation);
    operations
        .max_by_key(|operation| order(operation.effect))
        .map(|operation| (operation.effect, operation))
}

/// Whom all requests together reach.
fn together(requests: &[(&'static Operation, &Audience)]) -> Audience {
    let mut named = Vec::new();
    let mut class = Vec::new();
    for (_, audience) in requests {
        match audience {
            Audience::Everybody => return Audience::Everybody,
            Audience::Nobody => {}
            Audience::Named(targets) => named.extend(targets.iter().cloned()),
            Audience::Class(targets) => class.extend(targets.iter().cloned()),
        }
    }
    match (named.is_empty(), class.is_empty()) {
        (true, true) => Audience::Nobody,
        (false, true) => Audience::Named(named),
        (_, false) => {
            class.extend(named);
            Audience::Class(class)
        }
    }
}

/// Whether there is somebody to ask: stdin and stderr are terminals, and stdin is not read for anything else.
pub(super) fn can_ask(stdin_used: bool) -> bool {
    !stdin_used && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a yes. A line is typed, no key is waited for: whoever leaves with Ctrl-C finds the terminal as it was.
fn ask(question: Question) -> Result<()> {
    let prompt = format!("{}. Send it? [y/N]", escape(&question.saw));
    match Input::<String>::new().with_prompt(prompt).allow_empty(true).interact_text() {
        Ok(typed) if matches!(typed.trim().to_ascii_lowercase().as_str(), "y" | "yes") => Ok(()),
        Ok(_) => Err(question.declined().into()),
        Err(error) => Err(unasked(question, error)),
    }
}

fn ask_typed(question: Question) -> Result<()> {
    let prompt = format!("{}. Type `{}` to go on", escape(&question.saw), escape(&question.name));
    match Input::<String>::new().with_prompt(prompt).allow_empty(true).interact_text() {
        Ok(typed) if typed.trim() == question.name => Ok(()),
        Ok(_) => Err(question.declined().into()),
        Err(error) => Err(unasked(question, error)),
    }
}

fn unasked(question: Question, error: dialoguer::Error) -> Error {
    Error::from(question.declined()).because(error)
}
