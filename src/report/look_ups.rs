//! The progress of many look-ups: a bar on a terminal, lines elsewhere.

use std::cell::Cell;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget};

use super::{Ui, bar_style};

/// How often it is told at most that requests go out again: many may be in flight.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// How often the progress is told where there is no bar.
const LINE_INTERVAL: Duration = Duration::from_secs(15);

/// How far look-ups are: a bar on a terminal, and lines elsewhere. Nothing if warnings are suppressed.
pub struct LookUpProgress {
    ui: Ui,
    bar: Option<ProgressBar>,
    told: Cell<Option<Instant>>,
    /// How many there are, and when that was last told in a line.
    total: Cell<u64>,
    line: Cell<Instant>,
}

impl LookUpProgress {
    /// The progress of this number of look-ups. `begin` says what is looked for.
    pub fn new(ui: &Ui, total: u64, begin: &str) -> Self {
        let has_bar = !ui.quiet && io::stderr().is_terminal();
        ui.remark(begin);
        let bar = has_bar.then(|| {
            let style = bar_style(ui, |state| {
                let (done, all) = (HumanCount(state.pos()), state.len().unwrap_or_default());
                format!("{done}/{} {:#} left", HumanCount(all), HumanDuration(state.eta()))
            });
            let target = ProgressDrawTarget::stderr();
            let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style);
            bar.tick();
            bar
        });
        let (told, line) = (Cell::new(None), Cell::new(Instant::now()));
        Self { ui: *ui, bar, told, total: Cell::new(total), line }
    }

    /// This many have been answered.
    pub fn at(&self, answered: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(answered);
        } else if self.line.get().elapsed() >= LINE_INTERVAL {
            self.line.set(Instant::now());
            self.ui.remark(&format!("{answered} of {} look-ups are answered", self.total.get()));
        }
    }

    /// A request goes out again after this time.
    pub fn retries(&self, wait: Duration, why: &str) {
        let Some(bar) = &self.bar else { return };
        if self.told.get().is_none_or(|told| told.elapsed() >= RETRY_INTERVAL) {
            self.told.set(Some(Instant::now()));
            bar.suspend(|| self.ui.retries(wait, why));
        }
    }

    /// This many more are to come.
    pub fn more(&self, count: u64) {
        self.total.set(self.total.get().saturating_add(count));
        if let Some(bar) = &self.bar {
            bar.inc_length(count);
        }
    }

    /// It is over.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
