//! What spreadsheets leave in a list: rows of totals, and columns whose numbers or times are written in several ways. None of
//! it stops a list by itself: a name may be `Total`. It is told with the line.

use crate::text::escape;

/// What the first cell of a row of sums says, in lower case.
const TOTALS: [&str; 12] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "average",
    "count",
    "合计",
    "总计",
    "小计",
    "汇总",
    "平均",
];

/// The longest of these texts, in bytes. Nearly all ids and values are longer or begin otherwise.
const LONGEST: usize = 16;

/// Whether a text, in the place of an id, is the label of a row of sums.
pub(super) fn is_total(text: &str) -> bool {
    text.len() <= LONGEST && {
        let plain = text.trim_end_matches([':', '：']).to_lowercase();
        TOTALS.contains(&plain.as_str())
    }
}

/// A column whose values are written in two ways, with a line of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MixedColumn {
    /// The index of the variable.
    pub variable: usize,
    /// A line with the one way.
    pub first: u64,
    /// The first line with another way.
    pub other: u64,
}

impl MixedColumn {
    /// What is told of it, where the variables have these names.
    pub fn words(&self, names: &[String]) -> String {
        let name = names.get(self.variable).map(String::as_str).unwrap_or_default();
        let (column, first) = (escape(name), self.first);
        format!(
            "`{column}` is written in another way than on line {first}: numbers and times go out as they are"
        )
    }
}

/// How a value is written. Two forms of one family in a column mean that some of its rows say something else than they
/// seem to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueForm {
    PointDecimal,
    CommaDecimal,
    Scientific,
    /// A date with its year first, or with another order; the character between its parts.
    YearFirst(char),
    DayFirst(char),
    MonthFirst(char),
    /// A time of day, with or without a half of the day.
    Clock24,
    Clock12,
}

impl ValueForm {
    /// The number of families of forms.
    const FAMILIES: usize = 3;

    const fn family(self) -> usize {
        match self {
            Self::PointDecimal | Self::CommaDecimal | Self::Scientific => 0,
            Self::YearFirst(_) | Self::DayFirst(_) | Self::MonthFirst(_) => 1,
            Self::Clock24 | Self::Clock12 => 2,
        }
    }

    /// The form of a value; `None` where it has none that could be mistaken for another.
    fn of(value: &str) -> Option<Self> {
        let value = value.trim();
        let begins = value.trim_start_matches(['+', '-', '¥', '￥', '$', '€', ' ']);
        if value.len() > 40 || !begins.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let lower = begins.to_ascii_lowercase();
        Self::number(&lower).or_else(|| Self::date(&lower)).or_else(|| Self::clock(&lower))
    }

    fn number(text: &str) -> Option<Self> {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some((number, exponent)) = text.split_once('e') {
            let is_number = number.split(['.', ',']).all(digits);
            return (is_number && digits(exponent.trim_start_matches(['+', '-'])))
                .then_some(Self::Scientific);
        }
        if !text.split(['.', ',', ' ', '\'']).all(digits) {
            return None;
        }
        let last = text.rfind(['.', ','])?;
        let mark = text.as_bytes()[last];
        let is_repeated = text.bytes().filter(|byte| *byte == mark).count() > 1;
        let has_both = text.contains('.') && text.contains(',');
        // Three digits behind the only mark may be thousands: `1,234` and `1.234` tell nothing.
        if is_repeated || text.len() - last == 4 && !has_both {
            return None;
        }
        Some(if mark == b'.' { Self::PointDecimal } else { Self::CommaDecimal })
    }

    fn date(text: &str) -> Option<Self> {
        let day = text.split([' ', 't']).next()?;
        let mark = day.chars().find(|c| matches!(c, '-' | '/' | '.' | '年'))?;
        let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月', '日']).collect();
        let number = |index: usize| parts.get(index)?.parse::<u16>().ok();
        let (first, second) = (number(0)?, number(1)?);
        number(2)?;
        if parts[0].len() == 4 {
            Some(Self::YearFirst(mark))
        } else if first > 12 && second <= 12 {
            Some(Self::DayFirst(mark))
        } else if second > 12 && first <= 12 {
            Some(Self::MonthFirst(mark))
        } else {
            None
        }
    }

    fn clock(text: &str) -> Option<Self> {
        let (hour, rest) = text.split_once(':')?;
        hour.parse::<u8>().ok().filter(|hour| *hour < 24)?;
        let minutes = rest.get(..2)?;
        minutes.parse::<u8>().ok()?;
        let half = rest.trim_end_matches('.').replace('.', "");
        Some(if half.ends_with("am") || half.ends_with("pm") {
            Self::Clock12
        } else {
            Self::Clock24
        })
    }
}

/// The forms of the values of a list so far.
#[derive(Debug, Default)]
pub(super) struct ColumnForms {
    /// For each variable, by family: the first form with its line.
    seen: Vec<[Option<(ValueForm, u64)>; ValueForm::FAMILIES]>,
    /// The first column with two forms.
    pub(super) mixed: Option<MixedColumn>,
}

impl ColumnForms {
    /// Sees the values of an entry.
    pub(super) fn see(&mut self, line: u64, values: &[String]) {
        if self.mixed.is_some() {
            return;
        }
        self.seen.resize_with(values.len().max(self.seen.len()), Default::default);
        for (variable, value) in values.iter().enumerate() {
            let Some(form) = ValueForm::of(value) else { continue };
            let known = &mut self.seen[variable][form.family()];
            match *known {
                None => *known = Some((form, line)),
                Some((other, first)) if other != form => {
                    self.mixed = Some(MixedColumn { variable, first, other: line });
                    return;
                }
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_sums_is_known() {
        for text in ["Total", "TOTAL:", "Grand Total", "合计", "总计：", "sum"] {
            assert!(is_total(text), "{text}");
        }
        for text in ["totally", "u1", "", "summer", "a total of 5"] {
            assert!(!is_total(text), "{text}");
        }
    }

    #[test]
    fn a_column_with_two_forms_of_numbers_or_times_is_found() {
        for (values, other) in [
            (&["1.5", "2,5"][..], Some(2)),
            (&["1,234.50", "7", "1.234,50"], Some(3)),
            (&["12", "1E+21", "3.5"], Some(3)),
            (&["2026-11-30", "30/11/2026"], Some(2)),
            (&["2026-11-30", "2026/11/30"], Some(2)),
            (&["30/11/2026", "11/30/2026"], Some(2)),
            (&["2026年11月30日", "2026-11-30"], Some(2)),
            (&["9:30", "9:30 PM"], Some(2)),
            (&["09:30 am", "10:00"], Some(2)),
            (&["1.5", "2.25", "3", "4,000"], None),
            (&["1,234", "1.234"], None),
            (&["2026-11-30", "2026-12-01 08:00"], None),
            (&["1/2/2026", "30/11/2026"], None),
            (&["Ann", "1.5", "Bob, Jr.", "1.2.3"], None),
            (&["9:30", "21:05:07", "¥1.50", "-2.5"], None),
            (&["10.0.0.1", "13800138000", "", "v1,5"], None),
        ] {
            let mut forms = ColumnForms::default();
            for (line, value) in (1..).zip(values) {
                forms.see(line, &["x".to_owned(), (*value).to_owned()]);
            }
            assert_eq!(
                forms.mixed.map(|mixed| (mixed.variable, mixed.other)),
                other.map(|line| (1, line)),
                "{values:?}"
            );
        }
    }
}
