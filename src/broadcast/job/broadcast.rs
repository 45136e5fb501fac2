//! `herald broadcast`: one message to everybody, a tag, a package, or a list.

use crate::broadcast::job::broadcast_command::BroadcastCommand;
use crate::broadcast::job::options::BroadcastOptions;
use crate::broadcast::job::start::start;
use crate::contract::{Contract, Target, TargetKind, Verb};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::WantedAudience;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::options::SendOptions;
use crate::send::payload_file::{is_stdin, read_body};
use crate::send::{compose, parse_options};

/// Sends one request directly, and more requests as a job.
pub fn broadcast(env: &Env, options: &BroadcastOptions, sending: &SendOptions) -> Result<Exit> {
    let list = options.list.targets.as_deref();
    options.message.read_stdin_once(list)?;
    let message = options.message.with_text()?.into_owned();
    let options = &BroadcastOptions { message, ..options.clone() };
    if options.list.targets.is_some() && !options.message.to.is_empty() {
        return Err(Error::usage("--to and --targets both name targets")
            .help("put all of them into the list"));
    }
    if options.job.canary.is_some() && options.list.targets.is_none() {
        return Err(canary_without_list(options));
    }
    options.job.check_pause(sending.deadline)?;
    let app = App::open(env, sending)?;
    let context = SendContext {
        stdin_used: is_stdin(list) || options.message.reads_stdin(),
        ..SendContext::new(env, sending, &app, Verb::Broadcast)
    };
    parse_options::tell_rounded(&env.ui, &[], options.message.from.as_deref());
    let wanted = match options.list.targets {
        Some(_) => None,
        None => Some(wanted(env, options, app.vendor.contract())?),
    };
    if let Some(wanted) = wanted.clone().filter(|_| !options.job.is_given()) {
        let file = read_body(env, &app.account, &options.message.payload)?;
        let composed = compose::compose(&context, &options.message, wanted, file.as_ref())?;
        if composed.len() == 1 {
            return Ok(context.deliver(context.ready(composed)?)?.tell(&env.ui));
        }
    }
    start(&BroadcastCommand { context, options, wanted })
}

/// The error for a canary without a list. The people in a class cannot be split into a canary and the rest, and an audience
/// from flags or a payload is sent as it is.
fn canary_without_list(options: &BroadcastOptions) -> Error {
    let error = Error::usage("--canary tries a list on its first targets, and there is no list");
    error.help(if options.message.to.is_empty() {
        "everything would go out at once: send it to a few with --targets FILE first, then to all without --canary"
    } else {
        "put the targets of --to into a file, a target a line, and name it with --targets"
    })
}

/// The audience from flags. An empty one is an error, because a vendor may read it as everybody.
fn wanted(env: &Env, options: &BroadcastOptions, contract: &Contract) -> Result<WantedAudience> {
    if options.all {
        return Ok(WantedAudience::Everybody);
    }
    let mut targets = parse_options::targets(&options.message.to, contract)?;
    for (flag, kind, ids) in [
        ("--tag", TargetKind::Tag, &options.tag),
        ("--package", TargetKind::Package, &options.package),
    ] {
        for id in ids {
            parse_options::check_id(flag, kind, id)?;
            targets.push(Target::new(kind, id));
        }
    }
    if targets.is_empty() && options.message.payload.body.is_none() {
        return Err(Error::usage("there is no target")
            .help("--all, --tag TAG, --package PACKAGE, --targets FILE or --to; there is no default audience"));
    }
    parse_options::leave_out_repeats(&env.ui, &mut targets);
    parse_options::tell_doubts(&env.ui, &targets);
    parse_options::tell_rounded(&env.ui, &targets, None);
    Ok(WantedAudience::Targets(targets))
}
