//! The progress bar of a job: how far it is, how fast, and why it does not move.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState};

use crate::broadcast::counts::TargetCounts;
use crate::report::{Ui, bar_style};
use crate::text::escape;

/// How often it is drawn while nothing changes: seconds are counted down.
const TICK: Duration = Duration::from_millis(500);

/// The time over which the rate is an average. A rate that stands still is 0 after it.
const WINDOW: Duration = Duration::from_secs(5);

/// A progress bar. A thread of its own redraws it.
#[derive(Debug)]
pub(crate) struct JobBar {
    bar: ProgressBar,
    beside: Arc<Mutex<BesideBar>>,
}

/// What stands beside the bar.
#[derive(Debug, Default)]
struct BesideBar {
    rate: RateWindow,
    /// How many targets failed, or have an unknown outcome.
    failed: String,
    /// When a request goes out again, and why it did not at first.
    retry: Option<(Instant, String)>,
}

impl JobBar {
    /// A bar of a job of which this much is done already.
    pub(crate) fn on(ui: &Ui, target: ProgressDrawTarget, tally: &TargetCounts) -> Self {
        let beside = Arc::new(Mutex::new(BesideBar::default()));
        let shown = Arc::clone(&beside);
        let style = bar_style(ui, move |state| locked(&shown).words(Instant::now(), state));
        let bar = ProgressBar::with_draw_target(Some(tally.total), target).with_style(style);
        // The rate must not count the targets of earlier runs.
        locked(&beside).rate.at(Instant::now(), tally.decided());
        bar.set_position(tally.decided());
        bar.enable_steady_tick(TICK);
        Self { bar, beside }
    }

    /// This much is done now.
    pub(crate) fn set(&self, tally: &TargetCounts) {
        if tally.decided() > self.bar.position() {
            locked(&self.beside).retry = None;
        }
        let words = [("failed", tally.rejected + tally.unavailable), ("unknown", tally.unknown)];
        let shown = words.iter().filter(|(_, count)| *count > 0);
        locked(&self.beside).failed =
            shown.map(|(word, count)| format!(" {count} {word}")).collect();
        self.bar.set_position(tally.decided());
    }

    /// A request goes out again after this time.
    pub(crate) fn retries(&self, time: Duration, why: &str) {
        locked(&self.beside).retry = Some((Instant::now() + time, escape(why)));
        self.bar.tick();
    }

    /// Writes to stderr meanwhile.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// Takes it off the screen.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl BesideBar {
    fn words(&mut self, now: Instant, state: &ProgressState) -> String {
        let (done, all) = (state.pos(), state.len().unwrap_or_default());
        let rate = rate_words(self.rate.at(now, done), all.saturating_sub(done));
        let retry = self.retry_words(now).map(|words| format!("\n{words}")).unwrap_or_default();
        format!("{}/{} {rate}{}{retry}", HumanCount(done), HumanCount(all), self.failed)
    }

    fn retry_words(&self, now: Instant) -> Option<String> {
        let (due, why) = self.retry.as_ref()?;
        let seconds = due.checked_duration_since(now)?.as_secs_f64().ceil();
        Some(format!("retrying in {seconds} s: {why}"))
    }
}

fn locked(beside: &Mutex<BesideBar>) -> MutexGuard<'_, BesideBar> {
    beside.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `18/s 4m left`; without a time where nothing moves.
fn rate_words(rate: f64, left: u64) -> String {
    let words = format!("{rate:.0}/s");
    #[expect(clippy::cast_precision_loss, reason = "it is a forecast")]
    let seconds = left as f64 / rate;
    if rate < 0.5 || left == 0 || !seconds.is_finite() {
        return words;
    }
    let time = match seconds.ceil() {
        seconds if seconds < 60.0 => format!("{seconds}s"),
        seconds if seconds < 3600.0 => format!("{}m", (seconds / 60.0).round()),
        seconds => format!("{}h", (seconds / 3600.0).round()),
    };
    format!("{words} {time} left")
}

/// How many targets were done at which moments of the last seconds.
#[derive(Debug, Default)]
struct RateWindow(VecDeque<(Instant, u64)>);

impl RateWindow {
    /// Targets a second, where this many are done now.
    fn at(&mut self, now: Instant, done: u64) -> f64 {
        let moments = &mut self.0;
        moments.push_back((now, done));
        // One moment before the window stays: the time since then is the window at least.
        while moments.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            moments.pop_front();
        }
        let Some((first, before)) = moments.front() else { return 0.0 };
        let seconds = now.duration_since(*first).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "nobody counts so far within seconds")]
        let count = done.saturating_sub(*before) as f64;
        if seconds > 0.0 { count / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Color, Format};

    #[test]
    fn the_rate_is_that_of_the_last_seconds_and_zero_where_nothing_moves() {
        let mut rate = RateWindow::default();
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let expected = [
            (0, 1_500_000, 0.0),
            (1000, 1_500_018, 18.0),
            (2000, 1_500_036, 18.0),
            (6500, 1_500_036, 18.0 / 5.5),
            (7000, 1_500_036, 0.0),
            (60_000, 1_500_036, 0.0),
            (60_100, 1_500_046, 10.0 / 53.1),
            (65_100, 1_500_146, 20.0),
        ];
        for (ms, done, expected) in expected {
            let found = rate.at(at(ms), done);
            assert!((found - expected).abs() < 0.01, "{found} at {ms} ms, not {expected}");
        }
    }

    #[test]
    fn a_time_is_only_promised_where_something_moves() {
        for (rate, left, words) in [
            (0.0, 4000, "0/s"),
            (0.4, 4000, "0/s"),
            (18.0, 4000, "18/s 4m left"),
            (18.0, 90, "18/s 5s left"),
            (1.0, 36_000, "1/s 10h left"),
            (18.0, 0, "18/s"),
        ] {
            assert_eq!(rate_words(rate, left), words);
        }
    }

    #[test]
    fn the_reason_of_a_retry_is_shown_until_it_begins_or_something_is_done() {
        let tally = TargetCounts { total: 5000, accepted: 1000, ..TargetCounts::default() };
        let ui = Ui::new(Format::Human, Color::Never, false, false, &|_| None);
        let bar = JobBar::on(&ui, ProgressDrawTarget::hidden(), &tally);
        let words = |bar: &JobBar, later: u64| {
            locked(&bar.beside).retry_words(Instant::now() + Duration::from_millis(later))
        };
        bar.retries(Duration::from_secs(8), "connection\nrefused");
        assert_eq!(words(&bar, 0).as_deref(), Some("retrying in 8 s: connection\\nrefused"));
        assert_eq!(words(&bar, 6500).as_deref(), Some("retrying in 2 s: connection\\nrefused"));
        assert_eq!(words(&bar, 8001), None);
        bar.set(&tally);
        assert!(words(&bar, 0).is_some(), "nothing was done meanwhile");
        bar.set(&TargetCounts { accepted: 1001, ..tally });
        assert_eq!(words(&bar, 0), None);
        bar.end();
    }
}
