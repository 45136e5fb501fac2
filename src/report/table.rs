//! Tables for people.

use comfy_table::{ContentArrangement, Table, presets};

use super::fold::{columns, fold, widest_part};
use super::{Ui, escape_lines};

/// The columns between two columns of a table.
const GAP: usize = 2;

/// A column of text is not made narrower than this without need.
const COMFORTABLE: usize = 12;

/// The columns of indent before a value that stands below its name.
const INDENT: usize = 2;

/// A table of rows under headers (no header row if all are empty), at most as wide as the terminal. Cells are escaped;
/// a line feed starts a new line in the cell.
///
/// Cells are folded at word borders. If that is not narrow enough, each row becomes a list of names and values.
pub fn table(ui: &Ui, headers: &[&str], rows: &[Vec<String>]) -> String {
    listing(ui, headers, rows, &[])
}

/// The same for a list of which people do not need every column: where it is too wide, the columns with these headers
/// are left out, in this order, before rows become lists.
pub(crate) fn listing(
    ui: &Ui,
    headers: &[&str],
    rows: &[Vec<String>],
    expendable: &[&str],
) -> String {
    arranged((ui.width(), ui.color_out), headers, rows, expendable)
}

/// The same for a file: without a limit, and without colours.
pub(super) fn table_for_file(headers: &[&str], rows: &[Vec<String>]) -> String {
    arranged((None, false), headers, rows, &[])
}

/// The same for a terminal of a width, with or without colours.
fn arranged(
    (width, color): (Option<usize>, bool),
    headers: &[&str],
    rows: &[Vec<String>],
    expendable: &[&str],
) -> String {
    let cells = rows.iter().map(|row| row.iter().map(|cell| escape_lines(cell)).collect());
    let mut grid = Grid { headers: headers.to_vec(), rows: cells.collect() };
    let Some(width) = width else { return grid.draw(&grid.natural(), color) };
    let mut expendable = expendable.iter();
    loop {
        if let Some(widths) = grid.widths(width) {
            return grid.draw(&widths, color);
        }
        let Some(name) = expendable.next() else { return grid.lists(width) };
        grid.without(name);
    }
}

/// A table whose cells are escaped.
struct Grid<'a> {
    headers: Vec<&'a str>,
    rows: Vec<Vec<String>>,
}

impl Grid<'_> {
    fn without(&mut self, name: &str) {
        if let Some(index) = self.headers.iter().position(|header| *header == name) {
            self.headers.remove(index);
            for row in self.rows.iter_mut().filter(|row| row.len() > index) {
                row.remove(index);
            }
        }
    }

    /// The cells of a column, and its header.
    fn column(&self, index: usize) -> impl Iterator<Item = &str> {
        let header = self.headers.get(index).copied();
        header
            .into_iter()
            .chain(self.rows.iter().filter_map(move |row| row.get(index).map(String::as_str)))
    }

    /// How wide columns are whose cells are not folded.
    fn natural(&self) -> Vec<usize> {
        let widest = |cell: &str| cell.split('\n').map(columns).max().unwrap_or(0);
        (0..self.headers.len())
            .map(|index| self.column(index).map(widest).max().unwrap_or(0))
            .collect()
    }

    /// How narrow a column may become. People copy ids and times: a column of single words stays as it is.
    fn narrowest(&self, index: usize, natural: usize) -> usize {
        let mut cells = self.rows.iter().filter_map(|row| row.get(index));
        if cells.all(|cell| !cell.contains([' ', '\n'])) {
            let header = self.headers.get(index).map_or(0, |header| widest_part(header));
            let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| columns(cell));
            return cells.max().unwrap_or(0).max(header);
        }
        let part = self.column(index).map(widest_part).max().unwrap_or(0);
        part.max(natural.min(COMFORTABLE))
    }

    /// How wide the columns of a table are that is at most this wide; `None` if words would have to be broken.
    fn widths(&self, width: usize) -> Option<Vec<usize>> {
        let natural = self.natural();
        let gaps = GAP * natural.len().saturating_sub(1);
        if natural.iter().sum::<usize>() + gaps <= width {
            return Some(natural);
        }
        let narrowest =
            natural.iter().enumerate().map(|(index, wide)| self.narrowest(index, *wide));
        let mut widths: Vec<usize> = narrowest.collect();
        let mut free = width.checked_sub(widths.iter().sum::<usize>() + gaps)?;
        while free > 0 {
            // One column more for the one that lacks most, compared with what it has.
            let lacks =
                |index: &usize| (natural[*index] - widths[*index]) * 1000 / widths[*index].max(1);
            let index = (0..widths.len()).max_by_key(lacks).filter(|index| lacks(index) > 0)?;
            widths[index] += 1;
            free -= 1;
        }
        Some(widths)
    }

    fn draw(&self, widths: &[usize], color: bool) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Disabled);
        let folded = |(index, cell): (usize, &str)| fold(cell, widths.get(index).copied(), 0);
        let header: Vec<String> = self.headers.iter().copied().enumerate().map(folded).collect();
        let has_header = self.headers.iter().any(|header| !header.is_empty());
        if has_header {
            table.set_header(&header);
        }
        for row in &self.rows {
            table.add_row(row.iter().map(String::as_str).enumerate().map(folded));
        }
        let lines = header.iter().map(|header| header.lines().count()).max().unwrap_or(0);
        let heads = if has_header && color { lines } else { 0 };
        let text = table.trim_fmt();
        let mut out = String::new();
        for (index, line) in text.lines().enumerate() {
            // Columns begin at the margin: comfy-table also pads each cell on its left.
            let line = line.strip_prefix(' ').unwrap_or(line);
            match index < heads {
                true => out.push_str(&format!("\u{1b}[1m{line}\u{1b}[0m\n")),
                false => out.push_str(&format!("{line}\n")),
            }
        }
        out
    }

    /// Each row as a list of names and values; a value that is too wide stands below its name.
    fn lists(&self, width: usize) -> String {
        let has_names = self.headers.iter().any(|header| !header.is_empty());
        let firsts = self.rows.iter().filter_map(|row| row.first()).map(String::as_str);
        let names = if has_names { self.headers.clone() } else { firsts.collect() };
        let wide = names.iter().map(|name| columns(name)).max().unwrap_or(0);
        let lists = self.rows.iter().map(|row| match row.split_first() {
            // The first cell is the name of the others.
            Some((name, values)) if !has_names => {
                values.iter().map(|value| named(name, value, wide, width)).collect()
            }
            _ => {
                let cells = names.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
                cells.map(|(name, cell)| named(name, cell, wide, width)).collect::<String>()
            }
        });
        lists.collect::<Vec<String>>().join(if has_names { "\n" } else { "" })
    }
}

/// A name with its value, on lines that end with a line end.
fn named(name: &str, value: &str, name_width: usize, width: usize) -> String {
    let indent = name_width + GAP;
    let fits = widest_part(value) + indent <= width;
    let indent = if fits { indent } else { INDENT };
    let value = fold(value, Some(width - indent), 0).replace('\n', &format!("\n{:indent$}", ""));
    let padding = name_width - columns(name) + GAP;
    match fits {
        true => format!("{name}{:padding$}{value}\n", ""),
        false => format!("{}\n{:indent$}{value}\n", fold(name, Some(width), 0), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(headers: &[&str], rows: &[Vec<String>], width: usize, expendable: &[&str]) -> String {
        let text = arranged((Some(width), false), headers, rows, expendable);
        assert!(text.lines().all(|line| columns(line) <= width), "{width}:\n{text}");
        text
    }

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![row(["wildfire", "野火 IM 的服务端接口", "3"]), row(["jpush-v2", "a\u{1b}[2Jb", "12"])]
    }

    #[test]
    fn columns_stand_under_their_headers_with_chinese_text_too() {
        insta::assert_snapshot!(drawn(&["provider", "name", "n"], &rows(), 80, &[]), @r#"
        provider  name                  n
        wildfire  野火 IM 的服务端接口  3
        jpush-v2  a\u{1b}[2Jb           12
        "#);
    }

    #[test]
    fn a_narrow_terminal_gets_folded_cells_then_fewer_columns_then_lists() {
        let headers = ["provider", "name", "n"];
        insta::assert_snapshot!(drawn(&headers, &rows(), 30, &["n"]), @r#"
        provider  name              n
        wildfire  野火 IM 的服务端  3
                  接口
        jpush-v2  a\u{1b}[2Jb       12
        "#);
        insta::assert_snapshot!(drawn(&headers, &rows(), 24, &["n"]), @r#"
        provider  name
        wildfire  野火 IM 的服务
                  端接口
        jpush-v2  a\u{1b}[2Jb
        "#);
        insta::assert_snapshot!(drawn(&headers, &rows(), 20, &[]), @r#"
        provider  wildfire
        name      野火 IM 的
                  服务端接口
        n         3

        provider  jpush-v2
        name
          a\u{1b}[2Jb
        n         12
        "#);
    }

    #[test]
    fn facts_have_their_values_below_where_these_are_wide() {
        let rows = [
            vec!["ledger id".to_owned(), "01a22975-d26a-73c7-a47c-7da36e8e0064".to_owned()],
            vec![
                "recall".to_owned(),
                "until 22:39:40 +08:00: herald recall 7ffda768 --sandbox".to_owned(),
            ],
            vec![
                "says".to_owned(),
                "明天上午九点停机维护，请各位同事提前保存好手上的工作".to_owned(),
            ],
        ];
        insta::assert_snapshot!(drawn(&["", ""], &rows, 60, &[]), @r#"
        ledger id  01a22975-d26a-73c7-a47c-7da36e8e0064
        recall     until 22:39:40 +08:00:
                   herald recall 7ffda768 --sandbox
        says       明天上午九点停机维护，请各位同事提前保存好手上的
                   工作
        "#);
        insta::assert_snapshot!(drawn(&["", ""], &rows, 40, &[]), @r#"
        ledger id
          01a22975-d26a-73c7-a47c-7da36e8e0064
        recall
          until 22:39:40 +08:00:
          herald recall 7ffda768 --sandbox
        says       明天上午九点停机维护，请各位
                   同事提前保存好手上的工作
        "#);
    }

    #[test]
    fn colour_touches_the_header_alone() {
        let rows = [vec!["b".to_owned(), "c".to_owned()]];
        let [plain, colored] = [false, true]
            .map(|color| arranged((Some(16), color), &["a", "d e f g h i j k l m"], &rows, &[]));
        assert_eq!(colored.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain);
        assert_eq!(colored.matches("\u{1b}[1m").count(), plain.lines().count() - 1);
    }
}
