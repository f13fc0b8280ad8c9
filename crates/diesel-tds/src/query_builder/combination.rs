//! `UNION`, `INTERSECT` and `EXCEPT`.

use diesel::query_builder::{
    All, AstPass, Distinct, Except, Intersect, ParenthesisWrapper, QueryFragment,
    SupportsCombinationClause, Union,
};
use diesel::result::QueryResult;

use crate::backend::Tds;

impl SupportsCombinationClause<Union, Distinct> for Tds {}
impl SupportsCombinationClause<Union, All> for Tds {}
impl SupportsCombinationClause<Intersect, Distinct> for Tds {}
impl SupportsCombinationClause<Except, Distinct> for Tds {}

impl<T: QueryFragment<Tds>> QueryFragment<Tds> for ParenthesisWrapper<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        out.push_sql("(");
        self.inner.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
