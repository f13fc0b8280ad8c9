//! Row filters: which rows of a table a reader sees, whatever the query.

use pressroom_criteria::{BinaryOp, FieldPath, Node, NodeKind, UnaryOp, parse_optional};
use pressroom_data::Value;

use super::condition::{Context, Translator, is_constant};
use super::places::Places;
use super::{Environment, Resolved};
use crate::{Dialect, QueryError};

/// Which rows of a table a reader sees.
#[derive(Clone, Debug, PartialEq)]
pub enum RowFilter {
    /// All of them.
    All,
    /// None of them.
    None,
    /// Those that fulfil a condition.
    Where {
        /// The condition. Nothing that a person entered is part of it but names of columns, quoted.
        sql: String,
        /// The values to bind at its places, which are numbered from 1.
        binds: Vec<Value>,
    },
}

/// Brings the row filter of a table to SQL for the reader of an environment.
///
/// `column` gives the SQL of a column of the table, or `None` where it has none of that name. Parts
/// without columns, such as `UserName()` and `IsMemberOf('Sales')`, are computed now. A filter that asks
/// who reads shows nothing where nobody is known, whatever else it says.
///
/// ```
/// use pressroom_data::{Reader, Value};
/// use pressroom_query::{Environment, RowFilter, Sqlite, row_filter};
///
/// let column = |name: &str| (name == "Region").then(|| "\"Region\"".to_owned());
/// let reader = Reader::new("ada").with_groups(["North"]);
/// let nobody = Environment::new(&[], "2026-01-01T00:00:00".parse()?);
/// let environment = Environment { reader: Some(&reader), ..nobody };
/// let filter = |text, environment| row_filter("Orders", text, &column, environment, &Sqlite);
///
/// let expect = RowFilter::Where { sql: "(\"Region\" = ?1)".into(), binds: vec![Value::from("N")] };
/// assert_eq!(filter("IsMemberOf('Managers') Or [Region] = 'N'", &environment)?, expect);
/// assert_eq!(filter("IsMemberOf('North')", &environment)?, RowFilter::All);
/// assert_eq!(filter("Not IsMemberOf('North')", &nobody)?, RowFilter::None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`QueryError::Expression`], [`QueryError::Value`], and [`QueryError::RowFilter`] for what is no
/// condition on rows of this table, or has no form in the database's SQL.
pub fn row_filter(
    table: &str,
    filter: &str,
    column: &dyn Fn(&str) -> Option<String>,
    environment: &Environment<'_>,
    dialect: &dyn Dialect,
) -> Result<RowFilter, QueryError> {
    let place = || format!("the row filter of \"{table}\"");
    let refuse = |message: String| QueryError::RowFilter { place: place(), message };
    let expression = parse_optional(filter)
        .map_err(|error| QueryError::Expression { place: place(), error })?
        .ok_or_else(|| refuse("it says nothing; leave it out to show all rows".to_owned()))?;
    let root = expression.root();
    only_what_rows_have(root).map_err(refuse)?;
    is_condition(root).map_err(refuse)?;

    let unknown = |path: &FieldPath| {
        let sql = if path.parents() == 0 { column(path.name()) } else { None };
        sql.ok_or_else(|| refuse(format!("\"{table}\" has no column \"{}\"", path.name())))
    };
    let context = Context {
        query: table,
        dialect,
        environment: &Environment { parameters: &[], ..*environment },
        parameters: &[],
        column: &unknown,
        of_group: None,
    };
    let mut places = Places::default();
    let mut translator = context.translator_at(place(), &mut places);
    let outcome = outcome(&mut translator, root).map_err(|error| match error {
        QueryError::NotInSql { what, .. } => {
            refuse(format!("{what} has no form in the SQL of this database"))
        }
        error => error,
    })?;
    if environment.reader.is_none() && asks_reader(root) {
        return Ok(RowFilter::None);
    }
    Ok(match outcome {
        Outcome::Known(Some(true)) => RowFilter::All,
        Outcome::Known(_) => RowFilter::None,
        Outcome::Of(sql) => {
            let Resolved { sql, binds } = places.finish(&sql, dialect);
            RowFilter::Where { sql, binds: binds.into_iter().map(|(_, value)| value).collect() }
        }
    })
}

/// What comes of a condition.
enum Outcome {
    /// True, false or null, for every row.
    Known(Option<bool>),
    /// What its SQL says of a row.
    Of(String),
}

/// What comes of a condition for this reader. Most filters are about readers first, and what is known
/// of them leaves little to ask the database, often nothing.
fn outcome(translator: &mut Translator<'_, '_>, node: &Node) -> Result<Outcome, QueryError> {
    if is_constant(node) {
        return Ok(match translator.evaluated(node)? {
            Value::Bool(truth) => Outcome::Known(Some(truth)),
            // Whatever else a constant is, it does not say that a row is to be seen.
            _ => Outcome::Known(None),
        });
    }
    match &node.kind {
        NodeKind::Unary { op: UnaryOp::Not, operand } => Ok(match outcome(translator, operand)? {
            Outcome::Known(truth) => Outcome::Known(truth.map(|truth| !truth)),
            Outcome::Of(sql) => Outcome::Of(format!("(NOT {sql})")),
        }),
        NodeKind::Binary { first, rest } if rest.iter().all(|(op, _)| op.is_joint()) => {
            let is_and = rest.iter().all(|(op, _)| *op == BinaryOp::And);
            joint(translator, is_and, first, rest)
        }
        _ => translator.test(node).map(Outcome::Of),
    }
}

/// What comes of conditions joined by `And`, or else by `Or`.
fn joint(
    translator: &mut Translator<'_, '_>,
    is_and: bool,
    first: &Node,
    rest: &[(BinaryOp, Node)],
) -> Result<Outcome, QueryError> {
    let (mut is_decided, mut is_open, mut terms) = (false, false, Vec::new());
    for node in std::iter::once(first).chain(rest.iter().map(|(_, node)| node)) {
        match outcome(translator, node)? {
            Outcome::Known(Some(truth)) => is_decided |= truth != is_and,
            Outcome::Known(None) => is_open = true,
            Outcome::Of(sql) => terms.push(sql),
        }
    }
    if is_decided {
        return Ok(Outcome::Known(Some(!is_and)));
    }
    if is_open && !terms.is_empty() {
        terms.push("(1 = NULL)".to_owned());
    }
    Ok(match terms.len() {
        0 => Outcome::Known((!is_open).then_some(is_and)),
        1 => Outcome::Of(terms.remove(0)),
        _ => Outcome::Of(format!("({})", terms.join(if is_and { " AND " } else { " OR " }))),
    })
}

/// Whether the outcome depends on who reads.
fn asks_reader(root: &Node) -> bool {
    let mut asks = false;
    root.walk(&mut |node| {
        asks |= matches!(&node.kind, NodeKind::Call { function, .. } if function.asks_reader());
    });
    asks
}

/// A filter knows a row of its table and who reads, and nothing of reports.
fn only_what_rows_have(root: &Node) -> Result<(), String> {
    let mut found = None;
    root.walk(&mut |node| {
        found = found.take().or_else(|| match &node.kind {
            NodeKind::Parameter(name) => {
                Some(format!("?{name} is a parameter of reports; a row filter has none"))
            }
            NodeKind::Aggregate(aggregate) => Some(format!(
                "{} needs many rows; a row filter looks at one at a time",
                aggregate.kind.name()
            )),
            NodeKind::Summary { kind, .. } => Some(format!(
                "{} needs many rows; a row filter looks at one at a time",
                kind.name()
            )),
            _ => None,
        });
    });
    found.map_or(Ok(()), Err)
}

/// Databases differ in what they take for a condition; all take comparisons and what joins them.
fn is_condition(node: &Node) -> Result<(), String> {
    match &node.kind {
        NodeKind::Unary { op: UnaryOp::Not, operand } => is_condition(operand),
        NodeKind::Unary { op: UnaryOp::IsNull, .. }
        | NodeKind::In { .. }
        | NodeKind::Between { .. }
        | NodeKind::Literal(Value::Bool(_)) => Ok(()),
        NodeKind::Binary { first, rest } => match rest.first() {
            Some((op, _)) if op.is_joint() => {
                is_condition(first)?;
                rest.iter().try_for_each(|(_, node)| is_condition(node))
            }
            Some((op, _)) if op.is_test() => Ok(()),
            _ => Err(format!("{node} is no condition; compare it with something")),
        },
        NodeKind::Call { function, arguments } => {
            if function.is_condition() || (function.name == "IsNull" && arguments.len() == 1) {
                return Ok(());
            }
            Err(format!("{} gives no condition; compare it, or use And, Or and Not", function.name))
        }
        NodeKind::Field(path) => {
            let name = path.name();
            Err(format!("[{name}] is no condition; write [{name}] = True, or compare it"))
        }
        _ => Err(format!("{node} is no condition; compare it with something")),
    }
}

#[cfg(test)]
mod tests {
    use pressroom_data::Reader;

    use super::*;
    use crate::Sqlite;

    /// Customers, as ada sees them, who is in two groups and has no address.
    fn filtered(filter: &str) -> Result<RowFilter, String> {
        seen_by(Some(&Reader::new("ada").with_groups(["Sales", "North"])), filter)
    }

    fn seen_by(reader: Option<&Reader>, filter: &str) -> Result<RowFilter, String> {
        let column = |name: &str| {
            let known = ["Region", "Owner", "Total", "Paid", "Day"];
            known.iter().find(|known| known.eq_ignore_ascii_case(name)).map(|n| format!("\"{n}\""))
        };
        let environment = Environment::new(&[], "2026-03-04T05:06:07".parse().expect("a time"));
        let environment = Environment { reader, ..environment };
        row_filter("Customers", filter, &column, &environment, &Sqlite)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn parts_about_the_reader_are_computed_and_bound() {
        let check = |filter: &str, sql: &str, values: &[Value]| {
            let expect = RowFilter::Where { sql: sql.into(), binds: values.to_vec() };
            assert_eq!(filtered(filter), Ok(expect), "{filter}");
        };
        let text = |text: &str| Value::from(text);
        check("[Owner] = UserName()", "(\"Owner\" = ?1)", &[text("ada")]);
        check("[owner] = Upper(UserName()) + '!'", "(\"Owner\" = ?1)", &[text("ADA!")]);
        check("[Owner] <> UserEmail()", "(\"Owner\" <> ?1)", &[Value::Null]);
        check("[Paid] = IsMemberOf('Sales')", "(\"Paid\" = ?1)", &[Value::Bool(true)]);
        check(
            "IsMemberOf('North') And [Region] In ('N', 'NE') And Not [Paid] = True",
            "((\"Region\" IN (?1, ?2)) AND (NOT (\"Paid\" = ?3)))",
            &[text("N"), text("NE"), Value::Bool(true)],
        );
        check(
            "IsMemberOf('Managers') Or [Region] = 'N' Or [Total] < 10",
            "((\"Region\" = ?1) OR (\"Total\" < ?2))",
            &[text("N"), Value::Int(10)],
        );
        check(
            "[Region] = Iif(IsMemberOf('North'), 'N', [Owner])",
            "(\"Region\" = (CASE WHEN (1 = 1) THEN ?1 ELSE \"Owner\" END))",
            &[text("N")],
        );
        check(
            "UserEmail() = 'x' Or Paid = True",
            "((\"Paid\" = ?1) OR (1 = NULL))",
            &[true.into()],
        );
    }

    #[test]
    fn what_the_reader_alone_decides_is_decided() {
        for (filter, expect) in [
            ("IsMemberOf('Managers', 'Sales')", RowFilter::All),
            ("IsMemberOf('Managers') Or True", RowFilter::All),
            ("IsMemberOf('North') Or [Total] < 10 And [Owner] = 'x'", RowFilter::All),
            ("IsMemberOf('South') And [Total] < 10", RowFilter::None),
            ("Not IsMemberOf('North')", RowFilter::None),
            ("UserEmail() = 'ada@example.com'", RowFilter::None),
            ("Not UserEmail() = 'ada@example.com'", RowFilter::None),
            ("UserName() Like 'A%'", RowFilter::All),
        ] {
            assert_eq!(filtered(filter), Ok(expect), "{filter}");
        }
    }

    #[test]
    fn nobody_sees_what_depends_on_who_reads() {
        for filter in [
            "[Owner] = UserName()",
            "[Owner] <> UserName()",
            "IsMemberOf('North')",
            "Not IsMemberOf('North')",
            "UserName() Is Null",
            "[Region] = 'N' Or Not IsMemberOf('North')",
        ] {
            assert_eq!(seen_by(None, filter), Ok(RowFilter::None), "{filter}");
        }
        let sql = "(\"Region\" = ?1)".to_owned();
        let binds = vec!["N".into()];
        assert_eq!(seen_by(None, "[Region] = 'N'"), Ok(RowFilter::Where { sql, binds }));
    }

    #[test]
    fn mistakes_name_the_table_and_what_to_do() {
        for (filter, expect) in [
            ("", "the row filter of \"Customers\": it says nothing"),
            ("[Region] =", "the row filter of \"Customers\": "),
            ("[Regio] = 'N'", "\"Customers\" has no column \"Regio\""),
            ("[^.Region] = 'N'", "\"Customers\" has no column \"Region\""),
            ("[Orders.Region] = 'N'", "\"Customers\" has no column \"Orders.Region\""),
            ("[Region] = ?Region", "?Region is a parameter of reports"),
            ("[Total] > Sum([Total])", "needs many rows"),
            ("[Lines].Sum([Total]) > 1", "needs many rows"),
            ("sumSum([Total]) > 1", "needs many rows"),
            ("[Paid]", "[Paid] is no condition; write [Paid] = True"),
            ("[Total] > 1 And Not [Paid]", "[Paid] is no condition"),
            ("[Total] + 1", "is no condition"),
            ("'yes'", "is no condition"),
            ("UserName()", "UserName gives no condition"),
            ("Iif([Paid] = True, True, False)", "Iif gives no condition"),
            (
                "RemoveDiacritics([Region]) = 1",
                "the function RemoveDiacritics has no form in the SQL of this database",
            ),
            (
                "IsMemberOf('North') Or RemoveDiacritics([Region]) = 1",
                "the function RemoveDiacritics",
            ),
            ("CurrentRowIndexInGroup() = 1", "the row filter of \"Customers\": "),
            ("Nonsense([Total]) = 1", "Nonsense"),
        ] {
            let error = filtered(filter).expect_err(filter);
            assert!(error.contains(expect), "{filter}: {error}");
        }
    }

    #[test]
    fn a_long_chain_is_flat() {
        let parts: Vec<String> = (0..5_000).map(|n| format!("[Total] = {n}")).collect();
        let filter = filtered(&parts.join(" Or ")).expect("a filter");
        let RowFilter::Where { sql, binds } = filter else { panic!("{filter:?}") };
        assert_eq!(binds.len(), 5_000);
        assert!(!sql.contains("((("), "deep brackets are more than databases read");
    }
}
