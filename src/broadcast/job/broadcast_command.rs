//! Reads the message and the targets of a broadcast, and plans its requests.

use crate::broadcast::job::body_lint::BodyLint;
use crate::broadcast::job::composer::Composer;
use crate::broadcast::job::filled_texts::FilledTexts;
use crate::broadcast::job::options::{BroadcastOptions, ListOptions};
use crate::broadcast::job::plan_sink::PlanSink;
use crate::broadcast::job::planner::{Planner, PlanningResult};
use crate::broadcast::job::rejected_entries::RejectedEntries;
use crate::broadcast::targets::{ListCounts, ListItem};
use crate::error::{Error, Result};
use crate::files::KeptFile;
use crate::guard::AllowList;
use crate::provider::WantedAudience;
use crate::report;
use crate::report::Ui;
use crate::send::context::SendContext;
use crate::send::placeholders::MessageTexts;

/// A broadcast, as the user typed it.
pub(crate) struct BroadcastCommand<'a> {
    /// Env, sending flags, vendor and profile.
    pub context: SendContext<'a>,
    /// The message, the list and the job.
    pub options: &'a BroadcastOptions,
    /// The audience from flags; `None` with a list.
    pub wanted: Option<WantedAudience>,
}

impl BroadcastCommand<'_> {
    /// The files that it reads, with their names in messages.
    pub(crate) fn reads(&self) -> Vec<KeptFile> {
        let list = self.options.list.targets.iter().map(|path| ("the list of targets", path));
        list.chain(self.options.message.files()).map(|(what, path)| (what, path.clone())).collect()
    }

    /// Reads the message from flags and files.
    pub(crate) fn composer(&self) -> Result<Composer<'_>> {
        Composer::new(self.context, &self.options.message)
    }

    /// Reads and checks everything, and gives templates and batches to a sink. `context` is that of the command, or the same
    /// with a listener for signals.
    pub(crate) fn plan_requests(
        &self,
        context: &SendContext<'_>,
        composer: Composer<'_>,
        sink: &mut dyn PlanSink,
    ) -> Result<PlanningResult> {
        let texts = composer.texts()?;
        texts.check()?;
        let (names, given) = (texts.names(), composer.given_texts()?);
        let filled = FilledTexts::new(&self.options.message, &given, &names);
        let allow_list = AllowList::of(&context.app.account.guards);
        let lint = BodyLint::of(context)?;
        let (list, job) = (&self.options.list, &self.options.job);
        let audience =
            self.wanted.clone().map(|wanted| composer.for_audience(wanted)).transpose()?;
        let redactor = context.app.redactor.clone();
        let (has_results, sandbox) = (job.running.results.is_some(), context.app.sandbox);
        let rejected = RejectedEntries::new(redactor, list.skip_invalid, has_results, sandbox);
        let canary = job.canary.unwrap_or_default();
        let mut planner = Planner::new(composer, lint, sink, &allow_list, canary, rejected);
        match audience {
            Some(templates) => planner.add_audience(templates)?,
            None => self.read_list(context, &mut planner, &texts, filled)?,
        }
        let result = planner.finish(&self.list_name())?;
        result.rejected.report(&context.env.ui, &self.list_name())?;
        if canary > 0 && result.totals.targets <= canary {
            let targets = report::counted(result.totals.targets, "target");
            context.env.ui.warn(&format!(
                "--canary {canary} tries all of the list, which has {targets}: nothing is held back"
            ));
        }
        if result.totals.requests == 0 {
            let name = self.list_name();
            return Err(Error::input(format!("{name} names no target that can be used")));
        }
        Ok(result)
    }

    /// Reads the list into the planner.
    fn read_list(
        &self,
        context: &SendContext<'_>,
        planner: &mut Planner<'_>,
        written: &MessageTexts,
        mut texts: FilledTexts<'_>,
    ) -> Result<()> {
        let Some(path) = &self.options.list.targets else { return Ok(()) };
        let usual = context.app.vendor.contract().default_target;
        let names = written.names();
        planner.set_variables(names.clone());
        let allowed = &self.options.message.payload.allow_path;
        let mut list = self.options.list.open(
            context.env,
            context.listens,
            path,
            allowed,
            usual,
            names.clone(),
        )?;
        while let Some(item) = list.next()? {
            match item {
                ListItem::Batch(batch) => match texts.fault(batch.values()) {
                    Some(reason) => planner.rejected.add_batch(batch, &reason),
                    None => {
                        texts.count(batch);
                        planner.add(batch)?;
                    }
                },
                ListItem::Invalid(entry) => planner.rejected.add(entry),
            }
            for (kind, id) in planner.rejected.take_freed() {
                list.forget(kind, &id);
            }
        }
        let read = list.tally();
        if read.targets == 0 && read.invalid == 0 {
            return list.finish().map(drop);
        }
        let ui = &context.env.ui;
        written.warn_of_other_forms(ui, list.columns());
        self.tell_of_list(ui, &names, &read);
        texts.report(ui, read.targets);
        Ok(())
    }

    /// Tells what was left out of a list, and what in it may not be meant. `names`: its variables.
    fn tell_of_list(&self, ui: &Ui, names: &[String], read: &ListCounts) {
        let name = self.list_name();
        let warn = |line: Option<u64>, what: &str| {
            if let Some(line) = line {
                ui.warn(&format!("{name}, line {line}: {what}"));
            }
        };
        warn(read.blank, "an id with a blank in it is one target; several need a line each");
        warn(read.twice, "the id itself begins with a kind: it goes out with that word in it");
        warn(read.hash, "`#` starts no comment: such a line is read as a target");
        warn(read.rounded, ListCounts::ROUNDED_WORDS);
        warn(
            read.leftover,
            "an error value or a row of sums of a spreadsheet goes out as it is written",
        );
        if let Some(mixed) = read.mixed {
            warn(Some(mixed.other), &mixed.words(names));
        }
        if read.empty_rows > 0 {
            ui.remark(&format!("empty rows of {name} that are left out: {}", read.empty_rows));
        }
        if read.repeats > 0 {
            ui.remark(&format!("repeated targets of {name} that are left out: {}", read.repeats));
        }
    }

    fn list_name(&self) -> String {
        self.options.list.targets.as_deref().map_or_else(String::new, ListOptions::name)
    }
}
