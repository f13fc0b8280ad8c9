//! `RETURNING`, which is `OUTPUT` here and stands before the values or the condition.

use diesel::query_builder::{AstPass, QueryFragment, ReturningClause};
use diesel::result::QueryResult;

use super::{TdsQueryBuilder, tell};
use crate::backend::{OutputClause, Tds};

impl<Expr> QueryFragment<Tds, OutputClause> for ReturningClause<Expr>
where
    Expr: QueryFragment<Tds>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        tell(&mut out, TdsQueryBuilder::begin_output);
        // Not the table's name: the rows have others here, which the builder gives them.
        out.skip_from(true);
        self.0.walk_ast(out.reborrow())?;
        out.skip_from(false);
        tell(&mut out, TdsQueryBuilder::end_output);
        Ok(())
    }
}
