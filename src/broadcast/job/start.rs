//! A broadcast of many requests: previewed, written to a plan file, or sent as a job.

use crate::broadcast::job::broadcast_command::BroadcastCommand;
use crate::broadcast::job::plan_head::plan_head;
use crate::broadcast::job::plan_summary::print_plan;
use crate::broadcast::job::plan_writer::PlanFileWriter;
use crate::broadcast::job::preview::Preview;
use crate::broadcast::job::start_job::start_job;
use crate::broadcast::plan;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::guard_prompt;
use crate::send::kept_files::kept_files;

/// Plans the requests of a broadcast, and sends, shows or writes them.
pub(crate) fn start(command: &BroadcastCommand<'_>) -> Result<Exit> {
    let context = &command.context;
    context.sending.check()?;
    context.sending.no_check_of_many("a list")?;
    if context.sending.prints_only() {
        let mut preview = Preview::new(context);
        let result = command.plan_requests(context, command.composer()?, &mut preview)?;
        return preview.print(&result, command.options.job.job.as_deref());
    }
    let job = &command.options.job;
    if let Some(path) = &job.plan {
        let validity = plan::validity(job.valid_for)?;
        let key = context.app.seal_key().ok_or_else(|| context.app.no_seal_key())?;
        let mut kept = command.reads();
        kept.extend(kept_files(context.env, context.sending, path));
        let mut writer = PlanFileWriter::create(context.app, path, key, &kept)?;
        let result = command.plan_requests(context, command.composer()?, &mut writer)?;
        let head = plan_head(context, job, &result, writer.take_templates(), validity);
        writer.finish(&head)?;
        print_plan(context, path, &head, &result.templates);
        return Ok(Exit::Done);
    }
    context.app.require_complete()?;
    guard_prompt::before_a_list(context)?;
    start_job(command)
}
