//! How many rows, and how many are passed over.

use diesel::query_builder::{
    AstPass, BoxedLimitOffsetClause, IntoBoxedClause, LimitClause, LimitOffsetClause,
    NoLimitClause, NoOffsetClause, OffsetClause, QueryFragment,
};
use diesel::result::QueryResult;

use super::{TdsQueryBuilder, tell};
use crate::backend::Tds;

/// A clause that may hold a limit and an offset.
pub(super) trait Limited {
    fn limit(&self) -> Option<&dyn QueryFragment<Tds>>;
    fn offset(&self) -> Option<&dyn QueryFragment<Tds>>;
}

impl<L: Bound, O: Bound> Limited for LimitOffsetClause<L, O> {
    fn limit(&self) -> Option<&dyn QueryFragment<Tds>> {
        self.limit_clause.number()
    }

    fn offset(&self) -> Option<&dyn QueryFragment<Tds>> {
        self.offset_clause.number()
    }
}

/// One of the two.
pub(super) trait Bound {
    fn number(&self) -> Option<&dyn QueryFragment<Tds>>;
}

impl Bound for NoLimitClause {
    fn number(&self) -> Option<&dyn QueryFragment<Tds>> {
        None
    }
}

impl Bound for NoOffsetClause {
    fn number(&self) -> Option<&dyn QueryFragment<Tds>> {
        None
    }
}

impl<E: QueryFragment<Tds>> Bound for LimitClause<E> {
    fn number(&self) -> Option<&dyn QueryFragment<Tds>> {
        Some(&self.0)
    }
}

impl<E: QueryFragment<Tds>> Bound for OffsetClause<E> {
    fn number(&self) -> Option<&dyn QueryFragment<Tds>> {
        Some(&self.0)
    }
}

/// After the combination of several selects, where no `TOP` can stand.
impl<L: Bound, O: Bound> QueryFragment<Tds> for LimitOffsetClause<L, O> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        let (limit, offset) = (self.limit(), self.offset());
        if limit.is_none() && offset.is_none() {
            return Ok(());
        }
        tell(&mut out, TdsQueryBuilder::order_by_position);
        out.push_sql(" OFFSET ");
        match offset {
            Some(offset) => offset.walk_ast(out.reborrow())?,
            None => out.push_sql("0"),
        }
        out.push_sql(" ROWS");
        if let Some(limit) = limit {
            out.push_sql(" FETCH NEXT ");
            limit.walk_ast(out.reborrow())?;
            out.push_sql(" ROWS ONLY");
        }
        Ok(())
    }
}

/// A boxed select keeps the whole clauses, because Diesel puts whole ones there as well.
trait Boxed<'a> {
    fn boxed(self) -> Option<Box<dyn QueryFragment<Tds> + Send + 'a>>;
}

impl<'a> Boxed<'a> for NoLimitClause {
    fn boxed(self) -> Option<Box<dyn QueryFragment<Tds> + Send + 'a>> {
        None
    }
}

impl<'a> Boxed<'a> for NoOffsetClause {
    fn boxed(self) -> Option<Box<dyn QueryFragment<Tds> + Send + 'a>> {
        None
    }
}

impl<'a, E: QueryFragment<Tds> + Send + 'a> Boxed<'a> for LimitClause<E> {
    fn boxed(self) -> Option<Box<dyn QueryFragment<Tds> + Send + 'a>> {
        Some(Box::new(self))
    }
}

impl<'a, E: QueryFragment<Tds> + Send + 'a> Boxed<'a> for OffsetClause<E> {
    fn boxed(self) -> Option<Box<dyn QueryFragment<Tds> + Send + 'a>> {
        Some(Box::new(self))
    }
}

impl<'a, L: Boxed<'a>, O: Boxed<'a>> IntoBoxedClause<'a, Tds> for LimitOffsetClause<L, O> {
    type BoxedClause = BoxedLimitOffsetClause<'a, Tds>;

    fn into_boxed(self) -> Self::BoxedClause {
        BoxedLimitOffsetClause {
            limit: self.limit_clause.boxed(),
            offset: self.offset_clause.boxed(),
        }
    }
}
