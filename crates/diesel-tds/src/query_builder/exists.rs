//! `EXISTS`, which T-SQL knows as a condition alone.

use diesel::expression::exists::Exists;
use diesel::query_builder::{AstPass, QueryBuilder as _, QueryFragment};
use diesel::result::QueryResult;

use super::tell;
use crate::backend::{ExistsPredicate, Tds};

impl<T> QueryFragment<Tds, ExistsPredicate> for Exists<T>
where
    T: QueryFragment<Tds>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        let value = std::cell::Cell::new(false);
        tell(&mut out, |builder| {
            value.set(builder.wants_value());
            if value.get() {
                builder.push_sql("CASE WHEN ");
            }
        });
        out.push_sql("EXISTS (");
        self.subselect.walk_ast(out.reborrow())?;
        out.push_sql(")");
        if value.get() {
            out.push_sql(" THEN CAST(1 AS bit) ELSE CAST(0 AS bit) END");
        }
        Ok(())
    }
}
