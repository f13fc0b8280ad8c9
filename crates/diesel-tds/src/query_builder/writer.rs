//! The builder: text, and where in the statement it stands.

use diesel::query_builder::QueryBuilder;
use diesel::result::QueryResult;

use super::hints::TableHints;
use crate::backend::Tds;

/// Writes a statement in T-SQL.
#[derive(Debug, Default)]
pub struct TdsQueryBuilder {
    sql: String,
    binds: u32,
    /// What a write is, told by its first word.
    write: Option<Write>,
    /// Where `OUTPUT` goes, once the write has come past it.
    output_at: Option<usize>,
    /// While the clause of results is written: the text before it.
    before_output: Option<String>,
    /// The selects that are open, the innermost last.
    selects: Vec<Part>,
    /// Where an expression of a list of values begins, if the text ends there.
    value_at: Option<usize>,
    /// Whether an `ORDER BY` came after the last select that was closed.
    ordered: bool,
    /// Hints for the first table of the next select.
    hints: Option<TableHints>,
    /// Whether the text ends with the name of that table.
    table_named: bool,
    /// Leave out the next word.
    skip: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Insert,
    Update,
    Delete,
}

/// Where a select stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Among the values it selects.
    Values,
    /// In the names of its tables.
    From,
    /// After them.
    Conditions,
}

impl TdsQueryBuilder {
    /// A builder of an empty statement.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A select begins.
    pub(super) fn enter_select(&mut self) {
        if self.write == Some(Write::Insert) && self.selects.is_empty() && self.output_at.is_none()
        {
            self.output_at = Some(self.sql.trim_end_matches([' ', '(']).len());
        }
        self.selects.push(Part::Values);
    }

    /// The values of the select begin here.
    pub(super) fn at_values(&mut self) {
        self.value_at = Some(self.sql.len());
    }

    /// The tables of the select begin here.
    pub(super) fn at_tables(&mut self) {
        self.now(Part::From);
    }

    /// The tables of the select end here.
    pub(super) fn after_tables(&mut self) {
        self.give_hints();
        self.now(Part::Conditions);
    }

    /// The select ends. `ordered` and not limited, it may not stand inside another statement, unless
    /// it passes over no rows in so many words.
    pub(super) fn leave_select(&mut self, ordered: bool, limited: bool) {
        self.selects.pop();
        if ordered && !limited && !self.selects.is_empty() {
            self.sql.push_str(" OFFSET 0 ROWS");
        }
        self.ordered = false;
    }

    fn now(&mut self, part: Part) {
        if let Some(last) = self.selects.last_mut() {
            *last = part;
        }
    }

    /// The next word is one of another dialect.
    pub(super) fn skip_word(&mut self) {
        self.skip = true;
    }

    /// Rows can be passed over only in an order. Positions serve where an expression does not: in
    /// what is distinct or combined, an order is by what is selected.
    pub(super) fn order_by_position(&mut self) {
        if !self.ordered {
            self.sql.push_str(" ORDER BY 1");
        }
    }

    /// Whether an expression that is written now is a value of a list, rather than a condition.
    pub(super) fn wants_value(&self) -> bool {
        self.value_at == Some(self.sql.len()) && self.selects.last() == Some(&Part::Values)
    }

    /// Hints for the select that comes next.
    pub(super) fn hint(&mut self, hints: TableHints) {
        self.hints = Some(hints);
    }

    fn give_hints(&mut self) {
        if std::mem::take(&mut self.table_named)
            && let Some(hints) = self.hints.take()
        {
            self.sql.push_str(&format!(" WITH ({hints})"));
        }
    }

    /// What is written from now on are the results of the write.
    pub(super) fn begin_output(&mut self) {
        self.before_output = Some(std::mem::take(&mut self.sql));
    }

    /// They are complete: they go where T-SQL wants them.
    pub(super) fn end_output(&mut self) {
        let Some(mut statement) = self.before_output.take() else { return };
        let results = std::mem::take(&mut self.sql);
        let at = self.output_at.unwrap_or(statement.len());
        statement.insert_str(at, &format!(" OUTPUT {results}"));
        self.sql = statement;
    }

    /// Notes where `OUTPUT` belongs when the statement comes past it: before the values, or before
    /// the condition.
    fn note_output(&mut self, word: &str) {
        if self.output_at.is_some() || !self.selects.is_empty() {
            return;
        }
        self.output_at = match (self.write, word) {
            (Some(Write::Insert), ") VALUES (") => Some(self.sql.len() + 1),
            (Some(Write::Insert), "DEFAULT VALUES") => Some(self.sql.trim_end().len()),
            (Some(Write::Update | Write::Delete), " WHERE ") => Some(self.sql.len()),
            _ => None,
        };
    }
}

/// A word as T-SQL spells it. COUNT is an int there, which the rows of one table can exceed, and Diesel
/// counts in bigint.
fn spelled(word: &str) -> &str {
    const COUNTS: [(&str, &str); 3] =
        [("count", "COUNT_BIG"), ("count(", "COUNT_BIG("), ("count(*)", "COUNT_BIG(*)")];
    let count = COUNTS.iter().find(|(count, _)| word.eq_ignore_ascii_case(count));
    count.map_or(word, |(_, spelled)| spelled)
}

impl QueryBuilder<Tds> for TdsQueryBuilder {
    fn push_sql(&mut self, sql: &str) {
        if std::mem::take(&mut self.skip) {
            return;
        }
        if self.sql.is_empty() && self.before_output.is_none() {
            self.write = match sql {
                "INSERT" => Some(Write::Insert),
                "UPDATE " => Some(Write::Update),
                "DELETE" => Some(Write::Delete),
                _ => None,
            };
        }
        // A name goes on after a dot, and before hints comes an alias.
        if self.table_named && sql != "." && sql != " AS " {
            self.give_hints();
        }
        self.note_output(sql);
        self.ordered |= sql == " ORDER BY ";
        self.sql.push_str(spelled(sql));
        if sql == ", " {
            self.value_at = Some(self.sql.len());
        }
    }

    fn push_identifier(&mut self, identifier: &str) -> QueryResult<()> {
        match (&self.before_output, self.write) {
            (Some(_), Some(Write::Delete)) => self.sql.push_str("DELETED."),
            (Some(_), _) => self.sql.push_str("INSERTED."),
            (None, _) => {}
        }
        self.sql.push('[');
        self.sql.push_str(&identifier.replace(']', "]]"));
        self.sql.push(']');
        self.table_named = self.hints.is_some() && self.selects.last() == Some(&Part::From);
        Ok(())
    }

    fn push_bind_param(&mut self) {
        self.push_bind_param_value_only();
        self.sql.push_str(&format!("@P{}", self.binds));
    }

    fn push_bind_param_value_only(&mut self) {
        self.binds += 1;
    }

    fn finish(self) -> String {
        self.sql
    }
}
