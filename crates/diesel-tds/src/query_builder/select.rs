//! `SELECT`.

use diesel::query_builder::{AstPass, BoxedSelectStatement, QueryFragment, SelectStatement};
use diesel::result::QueryResult;

use super::limit_offset::Limited;
use super::{TdsQueryBuilder, tell};
use crate::backend::{Tds, TopAndFetch};

/// The clauses of a select, of whichever type it is.
struct Clauses<'b> {
    distinct: &'b dyn QueryFragment<Tds>,
    values: &'b dyn QueryFragment<Tds>,
    tables: &'b dyn QueryFragment<Tds>,
    filter: &'b dyn QueryFragment<Tds>,
    group_by: &'b dyn QueryFragment<Tds>,
    having: &'b dyn QueryFragment<Tds>,
    order: Order<'b>,
    limit: Option<Bound<'b>>,
    offset: Option<Bound<'b>>,
}

enum Order<'b> {
    /// With its `ORDER BY`, or nothing.
    Clause(&'b dyn QueryFragment<Tds>),
    /// What comes after it, if anything does.
    Terms(Option<&'b (dyn QueryFragment<Tds> + Send + 'b)>),
}

/// How many rows.
enum Bound<'b> {
    Number(&'b dyn QueryFragment<Tds>),
    /// After a word of another dialect.
    Worded(&'b (dyn QueryFragment<Tds> + Send + 'b)),
}

impl<'b> Bound<'b> {
    fn walk_ast(&self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        match self {
            Self::Number(number) => QueryFragment::walk_ast(*number, out),
            Self::Worded(clause) => {
                tell(&mut out, TdsQueryBuilder::skip_word);
                QueryFragment::walk_ast(*clause, out)
            }
        }
    }
}

impl<'b> Clauses<'b> {
    /// `TOP` limits where no row is passed over: it needs no order, takes nought, and stands in
    /// subqueries. `FETCH` needs an `OFFSET`, and that an order.
    fn walk_ast(&self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        let distinct = !self.distinct.is_noop(out.backend())?;
        let ordered = match &self.order {
            Order::Clause(clause) => !clause.is_noop(out.backend())?,
            Order::Terms(terms) => terms.is_some(),
        };
        let limited = self.limit.is_some() || self.offset.is_some();

        tell(&mut out, TdsQueryBuilder::enter_select);
        out.push_sql("SELECT ");
        self.distinct.walk_ast(out.reborrow())?;
        if let (Some(limit), None) = (&self.limit, &self.offset) {
            out.push_sql("TOP (");
            limit.walk_ast(out.reborrow())?;
            out.push_sql(") ");
        }
        tell(&mut out, TdsQueryBuilder::at_values);
        self.values.walk_ast(out.reborrow())?;
        tell(&mut out, TdsQueryBuilder::at_tables);
        self.tables.walk_ast(out.reborrow())?;
        tell(&mut out, TdsQueryBuilder::after_tables);
        self.filter.walk_ast(out.reborrow())?;
        self.group_by.walk_ast(out.reborrow())?;
        self.having.walk_ast(out.reborrow())?;
        match &self.order {
            Order::Clause(clause) => QueryFragment::walk_ast(*clause, out.reborrow())?,
            Order::Terms(Some(terms)) => {
                out.push_sql(" ORDER BY ");
                QueryFragment::walk_ast(*terms, out.reborrow())?;
            }
            Order::Terms(None) => {}
        }
        if let Some(offset) = &self.offset {
            if !ordered {
                out.push_sql(if distinct { " ORDER BY 1" } else { " ORDER BY (SELECT NULL)" });
            }
            out.push_sql(" OFFSET ");
            offset.walk_ast(out.reborrow())?;
            out.push_sql(" ROWS");
            if let Some(limit) = &self.limit {
                out.push_sql(" FETCH NEXT ");
                limit.walk_ast(out.reborrow())?;
                out.push_sql(" ROWS ONLY");
            }
        }
        tell(&mut out, |builder| builder.leave_select(ordered, limited));
        Ok(())
    }
}

impl<F, S, D, W, O, LOf, G, H, LC> QueryFragment<Tds, TopAndFetch>
    for SelectStatement<F, S, D, W, O, LOf, G, H, LC>
where
    S: QueryFragment<Tds>,
    F: QueryFragment<Tds>,
    D: QueryFragment<Tds>,
    W: QueryFragment<Tds>,
    O: QueryFragment<Tds>,
    LOf: Limited,
    G: QueryFragment<Tds>,
    H: QueryFragment<Tds>,
    LC: QueryFragment<Tds>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        let clauses = Clauses {
            distinct: &self.distinct,
            values: &self.select,
            tables: &self.from,
            filter: &self.where_clause,
            group_by: &self.group_by,
            having: &self.having,
            order: Order::Clause(&self.order),
            limit: self.limit_offset.limit().map(Bound::Number),
            offset: self.limit_offset.offset().map(Bound::Number),
        };
        // Hints, which the builder has to know before the tables.
        self.locking.walk_ast(out.reborrow())?;
        clauses.walk_ast(out)
    }
}

impl<ST, QS, GB> QueryFragment<Tds, TopAndFetch> for BoxedSelectStatement<'_, ST, QS, Tds, GB>
where
    QS: QueryFragment<Tds>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Tds>) -> QueryResult<()> {
        let clauses = Clauses {
            distinct: &self.distinct,
            values: &self.select,
            tables: &self.from,
            filter: &self.where_clause,
            group_by: &self.group_by,
            having: &self.having,
            order: Order::Terms(self.order.as_deref()),
            limit: self.limit_offset.limit.as_deref().map(Bound::Worded),
            offset: self.limit_offset.offset.as_deref().map(Bound::Worded),
        };
        clauses.walk_ast(out)
    }
}
