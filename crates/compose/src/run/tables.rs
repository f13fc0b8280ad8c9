//! Which cells of a page make one table to a reader.
//!
//! A report prints a table for each row of data, and one more with the headings. To somebody who
//! listens to the page, or to a spreadsheet, they are one: tables with the same columns that follow
//! each other without other text between them.

use pressroom_page::{Item, Role};

/// Numbers the tables of a page and their rows from what cells have been laid out with: the shape of
/// their columns as the table, and a number of their own for each laid out row.
pub(super) fn number(items: &mut [Item]) {
    Numbers::default().items(items);
}

#[derive(Default)]
struct Numbers {
    /// The table that goes on, by the shape of its columns, and the laid out row that was last.
    open: Option<(u32, u32)>,
    table: u32,
    row: u32,
}

impl Numbers {
    fn items(&mut self, items: &mut [Item]) {
        for item in items {
            match item {
                Item::Clip(clip) => self.items(&mut clip.items),
                Item::Text(text) => self.role(&mut text.role),
                _ => {}
            }
        }
    }

    fn role(&mut self, role: &mut Role) {
        match role {
            Role::Cell { table, row, .. } => {
                match self.open {
                    Some((shape, last)) if shape == *table => self.row += u32::from(last != *row),
                    _ => {
                        self.table += 1;
                        self.row = 0;
                    }
                }
                self.open = Some((*table, *row));
                (*table, *row) = (self.table, self.row);
            }
            Role::Paragraph | Role::Heading(_) | Role::Figure(_) => self.open = None,
            Role::Artifact => {}
        }
    }
}
