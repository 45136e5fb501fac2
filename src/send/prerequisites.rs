//! Runs prerequisites: what has to be fetched or uploaded before a request can go out, once for all requests of a command.

mod attempts;
mod failover;
mod fill;
mod handed_out;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::account::{Account, Secret};
use crate::contract::{Answers, Auth, Contract, Finding, Operation, Repeatable};
use crate::document::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::net::{self, Transport};
use crate::outcome::Outcome;
use crate::provider::prerequisite::{Ask, BroughtValues, Purpose};
use crate::provider::{
    Call, MediaKind, Prerequisite, PrerequisiteResult, Upload, Uploading, Vendor,
};
use crate::send::app::SharedRedactor;
use crate::send::executor::ports::{AttemptInfo, MadeRequest};
use crate::send::executor::single::{AttemptNews, SingleTransport};
use crate::send::rate_limits::RateLimits;
use crate::send::token_cache::Tokens;
use crate::wire::{Exchange, Reply, Request, Stamp};
pub(crate) use fill::value_at;
use fill::{fill, put_at};
use handed_out::{HandedOut, is_header_text};

/// More prerequisites than this for one request mean that a vendor's answer never satisfies the vendor.
pub(crate) const MAX_PREREQUISITES: usize = 4;

/// The most idempotency keys that are asked for at a time.
const MAX_IDS_AT_ONCE: u64 = 1000;

/// What prerequisites need from their surroundings.
#[derive(Clone, Copy)]
pub(crate) struct PrerequisiteContext<'a> {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// What carries requests.
    pub transport: &'a dyn Transport,
    /// What they share with the requests that they are for.
    pub limits: &'a RateLimits,
    /// Waits this long, or until the user asks to stop.
    pub rest: &'a dyn Fn(Duration),
    /// Numbers in [0, 1).
    pub chance: &'a dyn Fn() -> f64,
    /// Time and randomness, fresh for each request.
    pub stamp: &'a dyn Fn() -> Stamp,
    /// Milliseconds since 1970.
    pub now_ms: &'a dyn Fn() -> i64,
    /// What lint finds in a finished body, without the rules that `--allow` ignores.
    pub lint: &'a dyn Fn(&'static Operation, &Value) -> Vec<Finding>,
    /// Warns of something.
    pub warn: &'a dyn Fn(&str),
    /// Told of each phase.
    pub tell: &'a dyn Fn(&str, &str),
    /// Told of a long wait for the vendor's rate limit.
    pub waits: &'a dyn Fn(Duration),
    /// Told of the pause before another attempt, and why there is one.
    pub retries: &'a dyn Fn(Duration, &str),
    /// When the time of the command is up; `None` where it has no end.
    pub until: Option<Instant>,
    /// How long one exchange may take.
    pub limit: Duration,
}

impl PrerequisiteContext<'_> {
    /// How the user hears of a request.
    pub(crate) fn talk(&self) -> AttemptNews<'_> {
        AttemptNews { tell: self.tell, waits: self.waits, retries: self.retries }
    }

    /// The transport for one request after the other.
    pub(crate) fn transport_of_one(&self) -> SingleTransport<'_> {
        SingleTransport {
            transport: self.transport,
            rest: self.rest,
            clock: &self.limits.clock,
            now_ms: self.now_ms,
            chance: self.chance,
            started: None,
        }
    }

    /// How long an exchange that begins now may take.
    pub(crate) fn left(&self) -> Duration {
        let left = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        left.map_or(self.limit, |left| left.min(self.limit))
    }
}

/// The prerequisites of a command, and what they brought.
pub(crate) struct Prerequisites<'a> {
    around: PrerequisiteContext<'a>,
    account: Account,
    /// Hides what of the account, its tokens and its payloads a server repeats.
    redactor: SharedRedactor,
    /// Which app the account is, for the names of kept tokens.
    app: String,
    tokens: Tokens,
    /// The key under which the account holds a token that was fetched, and the name under which it is kept.
    token: Option<(&'static str, Vec<String>)>,
    uploaded: Vec<((std::path::PathBuf, MediaKind), BroughtValues)>,
    /// Whether the request of a message was made.
    begun: bool,
    /// Whether files are uploaded for themselves, and not for a message.
    uploads_only: bool,
    /// Counts the tokens that were dropped, so that a reply to an older one does not cost the newer one.
    dropped: u64,
    /// Ids against repeats that were fetched beforehand.
    spare: Vec<String>,
    /// All that were fetched: a vendor that recognises repeats passes over the second request with one of them.
    handed_ids: HashSet<String>,
    /// How many more of them will be needed.
    wanted: u64,
    /// The first host of a pair, with the one that is used instead since the first could not be reached.
    instead: Option<(&'static str, &'static str)>,
}

impl<'a> Prerequisites<'a> {
    /// None made yet.
    pub(crate) fn new(
        around: PrerequisiteContext<'a>,
        account: &Account,
        app: String,
        tokens: Tokens,
        redactor: SharedRedactor,
    ) -> Self {
        Self {
            around,
            redactor,
            account: account.clone(),
            app,
            tokens,
            token: None,
            uploaded: Vec::new(),
            begun: false,
            uploads_only: false,
            dropped: 0,
            spare: Vec::new(),
            handed_ids: HashSet::new(),
            wanted: 1,
            instead: None,
        }
    }

    /// Tells how many requests are ahead, so that what they need can be fetched for many at once.
    pub(crate) fn expect(&mut self, requests: u64) {
        self.wanted = requests.max(1);
    }

    /// Tells that no message is behind the uploads: whether a file is there is all that matters.
    pub(crate) fn upload_for_themselves(&mut self) {
        self.uploads_only = true;
    }

    /// What they need from their surroundings.
    pub(crate) fn around(&self) -> PrerequisiteContext<'a> {
        self.around
    }

    /// Makes a request: fetches and uploads what it needs, puts into its body what that brought, and signs it.
    pub(crate) fn prepare(
        &mut self,
        operation: &'static Operation,
        body: &mut Value,
        uploads: &[Upload],
    ) -> Result<MadeRequest> {
        let handed = self.put_uploads(body, uploads)?;
        let mut made = self.complete(operation, body)?;
        self.fits(operation, body, &handed, true)?;
        if let Some((first, other)) = self.instead
            && made.request.base == first
        {
            other.clone_into(&mut made.request.base);
            other.clone_into(&mut made.attempt.base);
        }
        // What was fetched for it may be in its headers now.
        self.around.transport.prepare(&made.request)?;
        // What fails from now on may not be the first.
        self.begun = true;
        Ok(made)
    }

    /// Uploads files, and puts into a body that is not finished yet what that brought.
    pub(crate) fn attach(
        &mut self,
        operation: &'static Operation,
        body: &mut Value,
        uploads: &[Upload],
    ) -> Result<()> {
        let handed = self.put_uploads(body, uploads)?;
        self.fits(operation, body, &handed, false)
    }

    fn put_uploads(&mut self, body: &mut Value, uploads: &[Upload]) -> Result<Vec<HandedOut>> {
        let mut handed = Vec::new();
        for upload in uploads {
            let brought = self.upload(upload, &|_| Ok(()))?;
            let what = format!("{} `{}`", Purpose::Upload.words(), upload.file.name);
            if let Some(place) = fill(body, (&upload.places, &what), &brought, &mut handed) {
                return Err(self.silent(&what).help(format!("`{}` is missing in it", place.name)));
            }
        }
        Ok(handed)
    }

    /// An outcome as it may be shown and kept. `is_asked` tells the targets that the request named.
    pub(crate) fn redacted(&self, outcome: Outcome, is_asked: &dyn Fn(&str) -> bool) -> Outcome {
        self.redactor.borrow().redacted_outcome(outcome, is_asked)
    }

    /// What an exchange of the vendor's API came to, about a request with this body.
    pub(crate) fn outcome_of(
        &self,
        operation: &'static Operation,
        body: &dyn Fn() -> Option<Value>,
        exchange: &Exchange,
    ) -> Outcome {
        let vendor = self.around.vendor;
        let read = |reply: &Reply| vendor.read(operation, reply);
        net::decide_for(vendor.contract(), operation, body, exchange, &read)
    }

    /// Whether a reply refuses the token that was fetched. The token is then forgotten, so that [`Self::prepare`] fetches
    /// another.
    fn drop_stale_token(&mut self, operation: &'static Operation, exchange: &Exchange) -> bool {
        let (Ok(reply), Auth::Bearer) = (exchange, operation.auth) else { return false };
        let Some((key, whose)) = &self.token else { return false };
        let reading = self.around.vendor.read(operation, reply);
        if !net::refuses_token(self.contract(), operation, reply, &reading) {
            return false;
        }
        (self.around.tell)("token", "the vendor refuses the token; fetching another");
        self.tokens.forget(&refs(whose));
        self.account.secrets.remove(*key);
        self.token = None;
        self.dropped += 1;
        true
    }

    /// The same for one of several requests under way: the token that it carried may have been dropped meanwhile.
    fn drop_token(
        &mut self,
        token: u64,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        let (Ok(reply), Auth::Bearer, true) = (exchange, operation.auth, token < self.dropped)
        else {
            return self.drop_stale_token(operation, exchange);
        };
        net::refuses_token(
            self.contract(),
            operation,
            reply,
            &self.around.vendor.read(operation, reply),
        )
    }

    /// Uploads a file, unless the command has done so before, and tells what is known of it then.
    pub(crate) fn upload(
        &mut self,
        upload: &Upload,
        adjust: &dyn Fn(&mut Prerequisite) -> Result<()>,
    ) -> Result<BroughtValues> {
        let key = (upload.file.path.clone(), upload.kind);
        if let Some((_, brought)) = self.uploaded.iter().find(|(known, _)| *known == key) {
            return Ok(brought.clone());
        }
        let (mut brought, mut known) = (BroughtValues::new(), BroughtValues::new());
        for _ in 0..MAX_PREREQUISITES {
            let stamp = (self.around.stamp)();
            let ask = Uploading {
                file: &upload.file,
                kind: upload.kind,
                brought: &brought,
                account: &self.account,
                stamp: &stamp,
            };
            let Some(mut prerequisite) = self.around.vendor.upload(&ask)? else {
                self.uploaded.push((key, known.clone()));
                return Ok(known);
            };
            adjust(&mut prerequisite)?;
            let what = format!("{} `{}`", prerequisite.purpose.words(), upload.file.name);
            match self.run(&prerequisite, &what)? {
                PrerequisiteResult::File(values) => {
                    for (name, value) in &values {
                        let stand_in =
                            prerequisite.stand_in.iter().find(|(known, _)| known == name);
                        // Those of addresses to upload to are the vendor's to judge.
                        let stand_in = stand_in.filter(|_| prerequisite.purpose == Purpose::Upload);
                        self.usable(&HandedOut {
                            what: what.clone(),
                            purpose: prerequisite.purpose,
                            name,
                            at: "",
                            value: value.clone(),
                            stand_in: stand_in.map(|(_, value)| value.clone()),
                        })?;
                    }
                    // Addresses to upload to are of no use afterwards, and may be signed.
                    if prerequisite.purpose == Purpose::Upload {
                        known.extend(values.iter().cloned());
                    }
                    brought.extend(values);
                }
                PrerequisiteResult::Token { .. } | PrerequisiteResult::DedupeIds(_) => {
                    return Err(self.silent(&what));
                }
            }
        }
        Err(Error::new(ErrorKind::Bug, "the upload never ends"))
    }

    /// Runs what the request itself asks for, and makes the request.
    fn complete(&mut self, operation: &'static Operation, body: &mut Value) -> Result<MadeRequest> {
        for _ in 0..MAX_PREREQUISITES {
            let stamp = (self.around.stamp)();
            let call = Call { operation, body, account: &self.account, stamp: &stamp };
            let Some(prerequisite) = self.around.vendor.prerequisite(&call)? else {
                if let Some((field, value)) = self.around.vendor.mint(&call) {
                    put_at(body, field, value);
                    continue;
                }
                let dedupe_id = self.told_by(operation, body);
                let request = self.around.vendor.request(&call)?;
                self.redactor.borrow_mut().cover_request(&request);
                let (recognised, base) = (dedupe_id.is_some(), request.base.clone());
                let attempt = AttemptInfo { recognised, token: self.dropped, base };
                return Ok(MadeRequest { request, dedupe_id, attempt });
            };
            match prerequisite.purpose {
                Purpose::Token(key) => {
                    let token = self.token(&prerequisite, key)?;
                    self.redactor.borrow_mut().cover(token.expose());
                    self.account.secrets.insert(key.to_owned(), token);
                }
                Purpose::DedupeId { field, count } => {
                    let purpose = prerequisite.purpose;
                    let id = self.dedupe_id(prerequisite, count)?;
                    put_at(body, field, id.as_str().into());
                    let handed = HandedOut {
                        what: purpose.words().to_owned(),
                        purpose,
                        name: field,
                        at: field,
                        value: id.into(),
                        stand_in: Some("ID".into()),
                    };
                    if let Err(error) = self.fits(operation, body, &[handed], true) {
                        // Those that came with it are not better: the next attempt asks for others.
                        self.spare.clear();
                        return Err(error);
                    }
                }
                Purpose::UploadAddress | Purpose::Upload => {
                    return Err(Error::new(ErrorKind::Bug, "a file was asked for by a request"));
                }
            }
        }
        Err(Error::new(ErrorKind::Bug, "the prerequisites of a request never end"))
    }

    /// By what the vendor tells a repeat of a finished body.
    fn told_by(&self, operation: &Operation, body: &Value) -> Option<String> {
        let Repeatable::Deduplicated { field, .. } = operation.repeat else { return None };
        let known = self.around.vendor.recognises_repeats(&self.account);
        let id = body.as_object()?.get(field).filter(|_| known)?;
        match &id.value {
            Value::String(_) | Value::Number(_) => Some(id.value.to_plain()),
            // An id each for what is in it: the first stands for all.
            Value::Object(ids) if operation.answers == Answers::Keys(field) => {
                let first = ids.iter().next()?.key.to_string();
                let more = ids.iter().count() - 1;
                Some(if more > 0 { format!("{first} and {more} more") } else { first })
            }
            Value::Object(_) | Value::Array(_) | Value::Bool(_) | Value::Null => None,
        }
    }

    /// An id against repeats: of those that were fetched for several requests, or of new ones.
    fn dedupe_id(
        &mut self,
        mut prerequisite: Prerequisite,
        count: Option<&'static str>,
    ) -> Result<String> {
        self.wanted = self.wanted.saturating_sub(1);
        if let Some(id) = self.spare.pop() {
            return Ok(id);
        }
        if let (Some(count), Ask::Call(ask)) = (count, &mut prerequisite.ask) {
            // The vendor serves as many of them as it likes.
            let wanted = i64::try_from((self.wanted + 1).min(MAX_IDS_AT_ONCE)).unwrap_or(1);
            put_at(ask, count, wanted.into());
        }
        let words = prerequisite.purpose.words();
        match self.run(&prerequisite, words)? {
            PrerequisiteResult::DedupeIds(mut ids) => {
                if let Some(again) = ids.iter().find(|id| !self.handed_ids.insert((*id).clone())) {
                    return Err(self.repeated(words, again));
                }
                ids.reverse();
                let id = ids.pop().ok_or_else(|| self.silent(words))?;
                // It would be sent and kept.
                if self.redactor.borrow().knows_one_in(&id) {
                    return Err(self.silent(words));
                }
                self.spare = ids;
                Ok(id)
            }
            PrerequisiteResult::Token { .. } | PrerequisiteResult::File(_) => {
                Err(self.silent(words))
            }
        }
    }

    /// A token: one that an earlier command fetched, or a new one.
    fn token(&mut self, prerequisite: &Prerequisite, key: &'static str) -> Result<Secret> {
        let words = prerequisite.purpose.words();
        let base = self.request(prerequisite)?.base;
        let whose = vec![self.contract().id.to_owned(), base, self.app.clone()];
        let now_ms = (self.around.now_ms)();
        let kept = self.tokens.get(&refs(&whose), now_ms)?;
        if let Some(token) = kept.filter(is_header_text) {
            (self.around.tell)("token", "one that an earlier command fetched is still good");
            self.token = Some((key, whose));
            return Ok(token);
        }
        let PrerequisiteResult::Token { token, lifetime } = self.run(prerequisite, words)? else {
            return Err(self.silent(words));
        };
        self.carriable(words, &token)?;
        if let Err(error) = self.tokens.keep(&refs(&whose), &token, lifetime, now_ms) {
            (self.around.tell)("token", &format!("it cannot be kept: {error}"));
        }
        self.token = Some((key, whose));
        Ok(token)
    }

    /// The request of a prerequisite, which may need a token itself.
    fn request(&mut self, prerequisite: &Prerequisite) -> Result<Request> {
        match &prerequisite.ask {
            Ask::Raw(request) => Ok(request.as_ref().clone()),
            Ask::Call(body) => {
                let mut body = body.clone();
                self.redactor.borrow_mut().learn(&body);
                Ok(self.complete(prerequisite.operation, &mut body)?.request)
            }
        }
    }

    /// A success that does not hold what it was asked for.
    fn silent(&self, what: &str) -> Error {
        let message = format!("{what} failed: the answer does not hold what was asked for");
        Error::new(ErrorKind::Unavailable, format!("{message}; {}", self.so_far()))
            .help("check the endpoint: a proxy may answer in the vendor's place")
    }

    fn so_far(&self) -> &'static str {
        if self.begun { "the rest was not sent" } else { "nothing was sent" }
    }

    fn contract(&self) -> &'static Contract {
        self.around.vendor.contract()
    }
}

fn is_upload(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::UploadAddress | Purpose::Upload)
}

fn refs(parts: &[String]) -> Vec<&str> {
    parts.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests;
