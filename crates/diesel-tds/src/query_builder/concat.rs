//! `a || b`, which is `a + b` here. Diesel puts parentheses around it.

use diesel::internal::derives::multiconnection::Concat;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use crate::backend::{PlusConcat, Tds};

impl<L, R> QueryFragment<Tds, PlusConcat> for Concat<L, R>
where
    L: QueryFragment<Tds>,
    R: QueryFragment<Tds>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        self.left.walk_ast(out.reborrow())?;
        out.push_sql(" + ");
        self.right.walk_ast(out.reborrow())?;
        Ok(())
    }
}
