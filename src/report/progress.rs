//! How far an upload has got, on stderr.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Ui;
use crate::net::{Watch, Watcher};

/// Bytes below which nobody needs to be told.
const NOTABLE: u64 = 256 * 1024;

/// A bar that is there while a file goes out.
struct Bar(ProgressBar);

impl Watcher for Bar {
    fn sent(&self, bytes: u64, whole: u64) {
        if whole >= NOTABLE {
            self.0.set_length(whole);
            self.0.set_position(bytes);
        }
    }

    fn done(&self) {
        self.0.finish_and_clear();
        self.0.reset();
    }
}

/// A bar on stderr; none where that is no terminal, or where remarks are kept back.
pub fn progress(ui: &Ui) -> Option<Watch> {
    if ui.quiet || !io::stderr().is_terminal() {
        return None;
    }
    let template = "upload {bar:30} {bytes}/{total_bytes} {eta}";
    let style = ProgressStyle::with_template(template).expect("the template is well-formed");
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
    Some(Arc::new(Bar(bar)))
}
