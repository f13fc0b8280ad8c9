//! Conditions side by side.

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use crate::Backend;

/// One of some conditions holds, of which there is one at least. They stand side by side in the
/// statement, not in each other as those of `or` do: engines bound how deep that may be, and some take
/// seconds to read it.
pub(super) struct OneOf<C>(pub(super) Vec<C>);

impl<C: Expression<SqlType = Bool>> Expression for OneOf<C> {
    type SqlType = Bool;
}

impl<C, From> AppearsOnTable<From> for OneOf<C>
where
    C: AppearsOnTable<From>,
    Self: Expression,
{
}

impl<C> ValidGrouping<()> for OneOf<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for OneOf<C> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<Backend>> QueryFragment<Backend> for OneOf<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        for (place, condition) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "(" } else { " OR " });
            condition.walk_ast(out.reborrow())?;
        }
        out.push_sql(")");
        Ok(())
    }
}
