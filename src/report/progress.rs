//! The progress of an upload, on stderr.

use std::io::{self, IsTerminal as _};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressDrawTarget};

use super::{Ui, bar_style, escape};
use crate::net::{UploadProgress, Watcher};

/// Below this number of bytes, no progress is shown.
const NOTABLE: u64 = 256 * 1024;

/// Names the destination of a file, and shows a bar only while the file is sent.
struct Bar {
    ui: Ui,
    drawn: Mutex<Option<ProgressBar>>,
    target: fn() -> ProgressDrawTarget,
}

impl Bar {
    fn on(ui: Ui, target: fn() -> ProgressDrawTarget) -> Self {
        Self { ui, drawn: Mutex::default(), target }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Option<ProgressBar>) -> T) -> T {
        act(&mut self.drawn.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watcher for Bar {
    fn begins(&self, server: &str) {
        self.ui.remark(&format!("uploading to {}", escape(server)));
    }

    fn sent(&self, bytes: u64, whole: u64) {
        if whole >= NOTABLE {
            self.with(|drawn| {
                drawn
                    .get_or_insert_with(|| bar(&self.ui, (self.target)(), whole))
                    .set_position(bytes);
            });
        }
    }

    fn done(&self) {
        if let Some(bar) = self.with(Option::take) {
            bar.finish_and_clear();
        }
    }
}

fn bar(ui: &Ui, target: ProgressDrawTarget, whole: u64) -> ProgressBar {
    let style = bar_style(ui, |state| {
        let (sent, all) = (HumanBytes(state.pos()), state.len().unwrap_or_default());
        format!("{sent}/{} {:#} left", HumanBytes(all), HumanDuration(state.eta()))
    });
    ProgressBar::with_draw_target(Some(whole), target).with_style(style)
}

/// Shows files on stderr: the server that receives them, and a bar if stderr is a terminal. Nothing if warnings are
/// suppressed.
pub fn progress(ui: &Ui) -> Option<UploadProgress> {
    let is_terminal = io::stderr().is_terminal();
    let target = if is_terminal { ProgressDrawTarget::stderr } else { ProgressDrawTarget::hidden };
    (!ui.quiet).then(|| Arc::new(Bar::on(*ui, target)) as UploadProgress)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Color, Format};

    #[test]
    fn a_bar_is_there_while_something_notable_goes_out_and_at_no_other_time() {
        let ui = Ui::new(Format::Human, Color::Never, false, true, &|_| None);
        let watcher = Bar::on(ui, ProgressDrawTarget::hidden);
        let at = |watcher: &Bar| {
            watcher.with(|drawn| drawn.as_ref().map(|bar| (bar.position(), bar.length())))
        };
        watcher.done();
        assert_eq!(at(&watcher), None, "a request without a file");
        watcher.sent(10, NOTABLE - 1);
        assert_eq!(at(&watcher), None, "a small one");
        watcher.sent(10, NOTABLE);
        assert_eq!(at(&watcher), Some((10, Some(NOTABLE))));
        watcher.done();
        assert_eq!(at(&watcher), None, "it is over");
    }
}
