//! Which of those who got a message a command is about: the targets that are named, and no other.
//!
//! `--to`, a list, and the vendor's id of one target's message narrow what a command does. Vendors may have no request for a
//! part of the targets: then nothing is done, since it would be done for others as well.

use std::collections::HashSet;
use std::rc::Rc;

use crate::contract::{Audience, Contract, Target, TargetKind, Verb};
use crate::document::Document;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::Draft;
use crate::send::app::App;
use crate::send::compose::FollowedMessage;
use crate::send::follow_up_subject::FollowSubject;
use crate::send::followed::listed_ids;
use crate::send::options::SendOptions;
use crate::send::strangers::{listed, refuse_strangers, tell_strangers};
use crate::text::suggest;

/// The targets that a command names; none for all who got the message.
pub(crate) struct MeantTargets<'a> {
    app: &'a App,
    verb: Verb,
    named: &'a [Target],
    names: HashSet<String>,
    is_list: bool,
}

/// What is followed up of one message.
pub(crate) struct MeantPart {
    /// The message as it was sent.
    whole: FollowSubject,
    /// The vendor's ids that are meant.
    ids: Vec<String>,
    /// The targets that are meant; none for all who got it.
    meant: Vec<Target>,
    /// The targets to name to the vendor.
    pub(crate) to: Vec<Target>,
    /// Whether requests may concern only those who are meant.
    is_limited: bool,
}

impl<'a> MeantTargets<'a> {
    pub(crate) fn new(app: &'a App, verb: Verb, named: &'a [Target], is_list: bool) -> Self {
        let names = named.iter().map(Target::to_string).collect();
        Self { app, verb, named, names, is_list }
    }

    /// Refuses targets that are named one by one and got none of the messages, and tells those of a list.
    pub(crate) fn check_strangers(
        &self,
        env: &Env,
        subjects: &[FollowSubject],
        sending: &SendOptions,
    ) -> Result<()> {
        match self.is_list {
            _ if !Verb::FOLLOW_UPS.contains(&self.verb) => Ok(()),
            true => {
                tell_strangers(env, self.app, subjects, self.named);
                Ok(())
            }
            false => refuse_strangers(env, self.app, subjects, self.named, sending),
        }
    }

    /// What is meant of a message; `None` where none of those who got it is named.
    pub(crate) fn part_of(&self, whole: FollowSubject) -> Option<MeantPart> {
        let named = self.named.to_vec();
        let Some(about) = &whole.about else {
            let ids = whole.ids.clone();
            let (meant, is_limited) = (Vec::new(), false);
            return Some(MeantPart { whole, ids, meant, to: named, is_limited });
        };
        let contract = self.app.vendor.contract();
        let ids = called_ids(&about.sent, &whole);
        let own = own_targets(&about.sent, &whole.called);
        // Questions change nothing: the vendor judges the ids that they name.
        let changes = Verb::FOLLOW_UPS.contains(&self.verb);
        let narrows = changes && !named.is_empty();
        let is_meant = |target: &&Target| {
            (own.is_empty() || own.contains(&target.id))
                && (!narrows || self.names.contains(&target.to_string()))
        };
        let is_limited = narrows || !own.is_empty();
        let meant = match whole.reached(self.app) {
            _ if !is_limited => Vec::new(),
            None if own.is_empty() => named.clone(),
            None => own.iter().map(|id| Target::new(contract.default_target, id)).collect(),
            Some(reached) => {
                let all = parsed(contract, &reached);
                let meant: Vec<Target> = all.iter().filter(is_meant).cloned().collect();
                let is_other = |target: &Target| all.iter().all(|one| one.kind != target.kind);
                match meant.is_empty() {
                    // Users of a list may have it by a group: the vendor's operations tell whether that can be said.
                    true if self.is_list && named.iter().all(is_other) => named.clone(),
                    true => return None,
                    false => meant,
                }
            }
        };
        let to = if changes { meant.clone() } else { named };
        // A clear is about the conversations that are named, and no message.
        let is_limited = is_limited && changes && self.verb != Verb::Clear;
        Some(MeantPart { whole, ids, meant, to, is_limited })
    }

    /// Refuses requests that would concern people who are not meant.
    pub(crate) fn check<'d>(
        &self,
        part: &MeantPart,
        mut drafts: impl Iterator<Item = &'d Draft>,
    ) -> Result<()> {
        let Some(about) = part.whole.about.as_ref().filter(|_| part.is_limited) else {
            return if self.is_list { drafts.try_for_each(takes_a_list) } else { Ok(()) };
        };
        let meant: HashSet<&Target> = part.meant.iter().collect();
        // What one user alone sees is changed for that user, even if others got it.
        for draft in drafts.filter(|draft| !draft.operation.own_view) {
            let touched = self.touched(draft, part);
            let is_within = touched.targets().iter().all(|target| meant.contains(target));
            if touched == Audience::Everybody || !is_within {
                return Err(self.too_wide(draft, about, (&part.meant, &touched)));
            }
        }
        Ok(())
    }

    /// The users that a request concerns: those that it lists, or else all who got the messages that it names.
    fn touched(&self, draft: &Draft, part: &MeantPart) -> Audience {
        let body = Document::unwritten(draft.body.clone());
        if let Some(ids) = listed_ids(draft.operation, &body) {
            let usual = self.app.vendor.contract().default_target;
            return Audience::Named(ids.into_iter().map(|id| Target::new(usual, id)).collect());
        }
        Audience::with_sent(draft.operation, &body, &mut |id| part.got(self.app, id))
    }

    fn too_wide(
        &self,
        draft: &Draft,
        about: &FollowedMessage,
        who: (&[Target], &Audience),
    ) -> Error {
        let (meant, touched) = who;
        let operation = draft.operation.id;
        if self.is_list && draft.operation.batch.is_none() {
            return no_list(operation);
        }
        let reached = match touched {
            Audience::Nobody | Audience::Everybody => "everybody who got it".to_owned(),
            Audience::Named(targets) => listed(&names_of(targets)),
            Audience::Class(_) => touched.to_string(),
        };
        let meant = listed(&names_of(meant));
        let all = suggest(self.verb.word()).arg(&about.label);
        let help = match self.named.is_empty() {
            true => format!("nothing was sent; {all} does it for all of them"),
            false => "nothing was sent; leave the targets out, if all of them are meant".to_owned(),
        };
        Error::usage(format!(
            "`{operation}` cannot be limited to {meant}: it would reach {reached}"
        ))
        .help(help)
    }
}

impl MeantPart {
    /// The message with those targets alone that are meant.
    pub(crate) fn subject(&self) -> FollowSubject {
        self.only(&self.meant)
    }

    /// The message with those targets alone that are left of the ones that are named to the vendor.
    pub(crate) fn left(&self, verb: Verb, left: &[Target]) -> FollowSubject {
        if Verb::FOLLOW_UPS.contains(&verb) { self.only(left) } else { self.subject() }
    }

    fn only(&self, targets: &[Target]) -> FollowSubject {
        let FollowSubject { about, batch, settle, called, .. } = &self.whole;
        let ids: HashSet<&str> = targets.iter().map(|target| target.id.as_str()).collect();
        let names: HashSet<String> = targets.iter().map(Target::to_string).collect();
        let is_all = targets.is_empty();
        let narrowed = |about: &Rc<FollowedMessage>| {
            if is_all {
                return Rc::clone(about);
            }
            let mut about = FollowedMessage::clone(about);
            about.sent.targets.retain(|(name, _)| ids.contains(plain(name)));
            Rc::new(about)
        };
        let batch = batch.as_ref().map(|reached| {
            reached.iter().filter(|name| is_all || names.contains(*name)).cloned().collect()
        });
        FollowSubject {
            ids: self.ids.clone(),
            about: about.as_ref().map(narrowed),
            batch,
            settle: settle.clone(),
            called: called.clone(),
            look_up: self.whole.look_up,
            check: self.whole.check.clone(),
        }
    }

    /// Who got the message with an id; `None` where that is not known.
    fn got(&self, app: &App, id: &str) -> Option<Audience> {
        let sent = &self.whole.about.as_ref()?.sent;
        let own = own_targets(sent, &[id.to_owned()]);
        match self.whole.reached(app) {
            Some(reached) => {
                let all = parsed(app.vendor.contract(), &reached);
                let own = |one: &Target| own.is_empty() || own.contains(&one.id);
                Some(Audience::Named(all.into_iter().filter(own).collect()))
            }
            None if own.is_empty() => {
                let operation = app.vendor.contract().operation(&sent.operation)?;
                Some(Audience::of(operation, &Document::unwritten(sent.body.clone())))
            }
            None => {
                let usual = app.vendor.contract().default_target;
                let one = |id: String| Target::new(usual, id);
                Some(Audience::Named(own.into_iter().map(one).collect()))
            }
        }
    }
}

/// The vendor's ids of a message, without those that stand beside the ones by which it is called.
fn called_ids(sent: &SentMessage, whole: &FollowSubject) -> Vec<String> {
    let called = |id: &String| whole.called.contains(id);
    let named = sent.ids.iter().filter(|(_, id)| called(id));
    let names: HashSet<&String> = named.map(|(name, _)| name).collect();
    let is_other =
        |id: &String| sent.ids.iter().any(|(name, value)| value == id && names.contains(name));
    whole.ids.iter().filter(|id| called(id) || !is_other(id)).cloned().collect()
}

/// The ids of those targets whose message alone has one of these ids of the vendor.
fn own_targets(sent: &SentMessage, called: &[String]) -> HashSet<String> {
    let is_called = |id: &Option<String>| id.as_ref().is_some_and(|id| called.contains(id));
    let own = sent.targets.iter().filter(|(_, id)| is_called(id));
    own.map(|(name, _)| plain(name).to_owned()).collect()
}

/// The id in a name as `user:u1` or `u1`.
fn plain(name: &str) -> &str {
    match name.split_once(':') {
        Some((kind, id)) if TargetKind::from_word(kind).is_some() => id,
        _ => name,
    }
}

/// The targets with these names, which stand in the ledger.
pub(crate) fn parsed(contract: &Contract, names: &[String]) -> Vec<Target> {
    let usual = contract.default_target;
    let one = |name: &String| {
        let (kind, id) = Target::split(name, usual).unwrap_or((usual, name));
        Target::new(kind, id)
    };
    names.iter().map(one).collect()
}

fn names_of(targets: &[Target]) -> Vec<String> {
    targets.iter().map(Target::to_string).collect()
}

/// Refuses an operation that would do more than a list says: it has no place for one.
fn takes_a_list(draft: &Draft) -> Result<()> {
    if draft.operation.batch.is_some() {
        return Ok(());
    }
    Err(no_list(draft.operation.id))
}

fn no_list(operation: &str) -> Error {
    let why = "it is done for all who got the message";
    Error::usage(format!("`{operation}` takes no list: {why}"))
        .help("leave --targets out, if that is meant")
}
