//! Pages of the reference on stdout.

use crate::contract::reference::Page;
use crate::report::{Ui, table};

/// Writes a page in the requested format.
pub(crate) fn show(ui: &Ui, page: &Page) {
    if ui.is_machine() {
        ui.json(&page.json());
    } else {
        ui.page(&page.text(&|columns, rows| table(ui, columns, rows)));
    }
}
