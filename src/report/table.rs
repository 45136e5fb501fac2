//! Tables for people.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

use super::{Ui, escape};

/// A table of rows under headers (no header row if all are empty), at most as wide as the terminal. Cells are escaped;
/// a line feed starts a new line in the cell.
pub fn table(ui: &Ui, headers: &[&str], rows: &[Vec<String>]) -> String {
    draw(headers, rows, ui.width(), ui.color_out)
}

fn draw(headers: &[&str], rows: &[Vec<String>], width: u16, color: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(20));
    if headers.iter().any(|header| !header.is_empty()) {
        table.set_header(headers);
    }
    for row in rows {
        table.add_row(row.iter().map(|cell| {
            let lines: Vec<String> = cell.split('\n').map(escape).collect();
            lines.join("\n")
        }));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_word =
            |row: &Vec<String>| row.get(index).is_none_or(|cell| !cell.contains([' ', '\n']));
        if rows.iter().all(is_word) {
            // People copy ids and times: these stay on one line, even if other columns become narrow.
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text = table.trim_fmt();
    // Columns begin at the margin: comfy-table also pads each cell on its left.
    let lines = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    let mut out = String::new();
    for (index, line) in lines.enumerate() {
        if index == 0 && color && !headers.iter().all(|header| header.is_empty()) {
            out.push_str(&format!("\u{1b}[1m{line}\u{1b}[0m\n"));
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    fn rows() -> Vec<Vec<String>> {
        vec![
            vec!["wildfire".to_owned(), "野火 IM 的服务端接口".to_owned(), "3".to_owned()],
            vec!["jpush-v2".to_owned(), "a\u{1b}[2Jb".to_owned(), "12".to_owned()],
        ]
    }

    #[test]
    fn columns_stand_under_their_headers_with_chinese_text_too() {
        insta::assert_snapshot!(draw(&["provider", "name", "n"], &rows(), 80, false), @r#"
        provider  name                  n
        wildfire  野火 IM 的服务端接口  3
        jpush-v2  a\u{1b}[2Jb           12
        "#);
    }

    #[test]
    fn a_narrow_terminal_gets_a_narrow_table() {
        let text = draw(&["provider", "name", "n"], &rows(), 24, false);
        assert!(text.lines().all(|line| line.width() <= 24), "{text}");
        assert!(text.lines().count() > 3, "{text}");
    }

    #[test]
    fn colour_touches_the_header_alone() {
        let plain = draw(&["a"], &[vec!["b".to_owned()]], 80, false);
        let colored = draw(&["a"], &[vec!["b".to_owned()]], 80, true);
        assert_eq!(colored.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain);
        assert_eq!(colored.matches('\u{1b}').count(), 2);
    }
}
