//! Several rows in one `INSERT`.

use diesel::query_builder::{AstPass, BatchInsert, QueryFragment, ValuesClause};
use diesel::result::{Error, QueryResult};

use crate::backend::{RowValues, Tds};

/// The rows that a `VALUES` may list.
const MOST_ROWS: usize = 1000;

impl<T, V, QId, const STATIC_QUERY_ID: bool> QueryFragment<Tds, RowValues>
    for BatchInsert<Vec<ValuesClause<V, T>>, T, QId, STATIC_QUERY_ID>
where
    ValuesClause<V, T>: QueryFragment<Tds>,
    V: QueryFragment<Tds>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        let rows = self.values.len();
        if rows > MOST_ROWS {
            let message = format!(
                "one insert takes at most {MOST_ROWS} rows on SQL Server, and this one has {rows}: \
                 insert them in chunks"
            );
            return Err(Error::QueryBuilderError(message.into()));
        }
        if !STATIC_QUERY_ID {
            out.unsafe_to_cache_prepared();
        }
        let mut rows = self.values.iter();
        if let Some(first) = rows.next() {
            first.walk_ast(out.reborrow())?;
        }
        for row in rows {
            out.push_sql(", (");
            row.values.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        Ok(())
    }
}
