//! The progress of many look-ups, on stderr.

use std::cell::Cell;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget};

use super::{Ui, bar_style};

/// How often it is told where there is no terminal.
const INTERVAL: Duration = Duration::from_secs(5);

/// How far look-ups are: a bar on a terminal, else a line now and then. Nothing if warnings are suppressed.
pub struct LookUpProgress {
    ui: Ui,
    bar: Option<ProgressBar>,
    total: Cell<u64>,
    told: Cell<Instant>,
}

impl LookUpProgress {
    /// The progress of this number of look-ups.
    pub fn new(ui: &Ui, total: u64) -> Self {
        let has_bar = !ui.quiet && io::stderr().is_terminal();
        let bar = has_bar.then(|| {
            let style = bar_style(ui, |state| {
                let (done, all) = (HumanCount(state.pos()), state.len().unwrap_or_default());
                format!("{done}/{} {:#} left", HumanCount(all), HumanDuration(state.eta()))
            });
            let target = ProgressDrawTarget::stderr();
            ProgressBar::with_draw_target(Some(total), target).with_style(style)
        });
        Self { ui: *ui, bar, total: Cell::new(total), told: Cell::new(Instant::now()) }
    }

    /// This many have been answered.
    pub fn at(&self, answered: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(answered);
        } else if self.told.get().elapsed() >= INTERVAL {
            self.told.set(Instant::now());
            self.ui.remark(&format!("{answered} of {} look-ups", self.total.get()));
        }
    }

    /// This many more are to come.
    pub fn more(&self, count: u64) {
        self.total.set(self.total.get() + count);
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
