//! Keeping from statements what a data model hides.
//!
//! SQLite asks before it lets a statement read a column, and says through which view. Whatever a
//! statement's own text reads of a hidden table is refused; a view that is shown may read hidden
//! tables, since showing it is the choice to show what it gives. It may not read hidden views: SQLite
//! tells of the innermost view only.
//!
//! - A `with` clause can give its query the name of a view, and SQLite tells the two apart by nothing.
//!   So a statement that has a `with` clause of its own is refused also what it reads through views.
//! - `natural` and `using` compare columns without asking. So statements with these words are refused
//!   where columns are hidden.
//! - `sqlite_schema`, its kin and the pragmas that work as tables tell hidden names. They are refused
//!   where anything is hidden.

use std::collections::BTreeSet;

use pressroom_domain::Hidden;

/// What a data model hides, by SQLite's rule for names: ASCII letters in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hiding {
    tables: BTreeSet<String>,
    columns: BTreeSet<(String, String)>,
}

/// What a statement may not, in words that follow "it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("reads \"{0}\", which the data model does not show; leave it out, or check it there")]
    Table(String),
    #[error(
        "reads column \"{column}\" of \"{table}\", which the data model does not show; leave it out, or check it there"
    )]
    Column { table: String, column: String },
    #[error(
        "reads \"{0}\", which tells of all tables; the data model shows some of them only, so name those"
    )]
    Catalogue(String),
    #[error(
        "joins by natural or using, and the data model hides columns; write the condition with on"
    )]
    Join,
    #[error("does more than read tables and views; only a select is run")]
    Acts,
}

impl From<&Hidden> for Hiding {
    fn from(hidden: &Hidden) -> Self {
        let columns = hidden.columns().map(|(table, column)| (lower(table), lower(column)));
        Self { tables: hidden.tables().map(lower).collect(), columns: columns.collect() }
    }
}

impl Hiding {
    fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty()
    }

    /// Whether the text of a statement alone refuses it.
    pub(crate) fn refuses_text(&self, sql: &str) -> Option<Refusal> {
        let compares = || has_word(sql, "natural") || has_word(sql, "using");
        (!self.columns.is_empty() && compares()).then_some(Refusal::Join)
    }

    /// Whether a statement may not read through a view: one that counts its rows reads no column of it.
    pub(crate) fn refuses_view(&self, view: &str) -> Option<Refusal> {
        self.tables.contains(&lower(view)).then(|| Refusal::Table(view.to_owned()))
    }

    /// Whether a statement may not read a column, or a table of which it reads none, by itself.
    pub(crate) fn refuses(&self, table: &str, column: &str) -> Option<Refusal> {
        if self.is_empty() {
            return None;
        }
        let place = (lower(table), lower(column));
        if self.tables.contains(&place.0) {
            return Some(Refusal::Table(table.to_owned()));
        }
        if place.0.starts_with("sqlite_") || place.0.starts_with("pragma_") || place.0 == "dbstat" {
            return Some(Refusal::Catalogue(table.to_owned()));
        }
        let hidden = self.columns.contains(&place);
        hidden.then(|| Refusal::Column { table: table.to_owned(), column: column.to_owned() })
    }
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Whether a text holds a word, be it in quotes or a comment: one too many is refused then, none too
/// few.
pub(crate) fn has_word(sql: &str, word: &str) -> bool {
    let of_names = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    sql.split(|c| !of_names(c)).any(|found| found.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_any_case() {
        let hidden = Hidden::new(["Staff".into()], [("orders".into(), "Margin".into())]);
        let hiding = Hiding::from(&hidden);
        for (table, column, refused) in [
            ("STAFF", "name", true),
            ("staff", "", true),
            ("Orders", "margin", true),
            ("orders", "", false),
            ("orders", "id", false),
            ("sqlite_master", "name", true),
            ("pragma_table_info", "name", true),
        ] {
            assert_eq!(hiding.refuses(table, column).is_some(), refused, "{table}.{column}");
        }
        assert_eq!(Hiding::default().refuses("sqlite_master", "name"), None);
    }

    #[test]
    fn words_are_found_as_words() {
        for (sql, found) in [
            ("with a as (select 1) select * from a", true),
            ("select 1 from(WITH/**/a as (select 1) select 2)", true),
            ("select width, within, \"with_\" from t", false),
        ] {
            assert_eq!(has_word(sql, "with"), found, "{sql}");
        }
    }
}
