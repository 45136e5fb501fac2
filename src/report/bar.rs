//! How progress bars look: the bar, and words beside it that never pass the width of the terminal.

use indicatif::{ProgressState, ProgressStyle};

use super::Ui;
use super::fold::{columns, fold};
use super::ui::HANG;

/// The columns of a bar; the narrowest terminal that herald writes for has 40.
const BAR: usize = 30;

/// A bar of [`BAR`] columns with the first line of these words beside it, and the others below.
pub(crate) fn bar_style(
    ui: &Ui,
    words: impl Fn(&ProgressState) -> String + Clone + Send + Sync + 'static,
) -> ProgressStyle {
    let ui = *ui;
    // The width is asked for each time: it may change while the bar is there.
    let beside = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = out.write_str(&beside(&words(state), ui.width_err()));
    };
    let template = format!("{{bar:{BAR}}}{{beside}}");
    ProgressStyle::with_template(&template)
        .expect("the template is well-formed")
        .with_key("beside", beside)
}

/// Words behind a bar: the first line beside it if there is room, else below.
fn beside(words: &str, width: Option<usize>) -> String {
    let first = words.lines().next().unwrap_or_default();
    let has_room = width.is_none_or(|width| BAR + 1 + columns(first) <= width);
    if has_room {
        let (first, below) = words.split_at(first.len());
        return format!(" {first}{}", fold(below, width, HANG));
    }
    format!("\n{}", fold(words, width, HANG))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_beside_a_bar_where_there_is_room_and_below_it_elsewhere() {
        let words = "1,000/5,000 18/s 4m left 7 failed\ntrying again in 8 s: 连接被对方拒绝，请稍后再试一次";
        let lines = |width| format!("{:BAR$}{}", "", beside(words, width));
        for width in 40..150 {
            let text = lines(Some(width));
            assert!(text.lines().all(|line| columns(line) <= width), "{width}: {text}");
            let has_room = text.lines().next().is_some_and(|line| line.contains("left"));
            assert_eq!(has_room, width >= 64, "{width}: {text}");
        }
        assert_eq!(beside(words, None), format!(" {words}"));
    }
}
