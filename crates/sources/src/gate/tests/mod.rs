//! What passes the gate, and what does not.

mod attacks;
mod bounds;
mod filters;
mod honest;
mod layouts;
mod properties;
mod written;

use pressroom_data::DataType;
use pressroom_domain::Hidden;
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};

use super::{Catalogue, Checked, Refusal, Syntax, check};

/// Every syntax.
const ALL: [Syntax; 12] = [
    Syntax::Sqlite,
    Syntax::Postgres,
    Syntax::Redshift,
    Syntax::MySql,
    Syntax::MsSql,
    Syntax::Sybase,
    Syntax::Firebird,
    Syntax::Oracle,
    Syntax::Db2,
    Syntax::Access,
    Syntax::BigQuery,
    Syntax::Generic,
];

/// Tables of a shop. `staff`, `staff.wage` apart from it, `orders.margin` and all of `hr.pay` are to be
/// hidden; names are in the letter case that the database gives to names without quotes.
fn tables(syntax: Syntax) -> Vec<TableInfo> {
    let upper = matches!(syntax, Syntax::Firebird | Syntax::Oracle | Syntax::Db2);
    let cased = |name: &str| if upper { name.to_uppercase() } else { name.to_owned() };
    let table = |name: &str, columns: &[&str]| TableInfo {
        name: cased(name),
        kind: TableKind::Table,
        columns: columns
            .iter()
            .map(|name| ColumnInfo { name: cased(name), data_type: DataType::Text })
            .collect(),
    };
    let mut tables = vec![
        table("orders", &["id", "customer_id", "total", "margin", "placed_at", "note", "data"]),
        table("customers", &["id", "name", "city", "country"]),
        table("staff", &["id", "name", "wage", "boss_id"]),
        table("people", &["id", "name", "salary"]),
        table(&own(syntax, "sales.regions"), &["id", "name"]),
        table("hr.pay", &["id", "amount"]),
    ];
    tables.push(TableInfo {
        name: "Order Details".into(),
        kind: TableKind::View,
        columns: ["OrderID", "Unit Price", "x\"; drop table y--"]
            .map(|name| ColumnInfo { name: name.into(), data_type: DataType::Text })
            .to_vec(),
    });
    tables
}

fn catalogue(syntax: Syntax) -> Catalogue {
    let schema = match syntax {
        Syntax::Sqlite => Some("main"),
        Syntax::Postgres | Syntax::Redshift => Some("public"),
        Syntax::MySql => Some("shop"),
        Syntax::MsSql => Some("dbo"),
        _ => None,
    };
    Catalogue::new(syntax, &tables(syntax), schema, Some("shop"))
}

fn hidden() -> Hidden {
    Hidden::new(
        ["staff".to_owned(), "hr.pay".to_owned()],
        [("orders".to_owned(), "margin".to_owned()), ("people".to_owned(), "salary".to_owned())],
    )
}

fn run(syntax: Syntax, sql: &str) -> Result<Checked, Refusal> {
    check(sql, &catalogue(syntax), &hidden(), &|_| None)
}

/// A statement as it is for a database: SQLite has no schemas.
fn own(syntax: Syntax, sql: &str) -> String {
    if syntax == Syntax::Sqlite { sql.replace("sales.regions", "regions") } else { sql.to_owned() }
}
