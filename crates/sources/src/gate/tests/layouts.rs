//! What queries of layouts are written as passes, in every kind of database.

use std::path::Path;

use super::*;

/// The syntax of a database that snapshots name.
fn syntax_of(name: &str) -> Syntax {
    match name {
        "SQLite" => Syntax::Sqlite,
        "PostgreSQL" => Syntax::Postgres,
        "Redshift" => Syntax::Redshift,
        "MySQL" => Syntax::MySql,
        "SQL Server" => Syntax::MsSql,
        "Firebird" => Syntax::Firebird,
        "Oracle" => Syntax::Oracle,
        "DB2" => Syntax::Db2,
        "ODBC" | "Advantage" | "Pervasive" | "Teradata" => Syntax::Generic,
        "ASE" | "ASA" | "VistaDB" => Syntax::Sybase,
        "Access" => Syntax::Access,
        "BigQuery" => Syntax::BigQuery,
        name => panic!("{name} is new"),
    }
}

fn catalogue_of_orders(syntax: Syntax) -> Catalogue {
    let table = |name: &str, columns: &[&str]| TableInfo {
        name: name.into(),
        kind: TableKind::Table,
        columns: columns
            .iter()
            .map(|name| ColumnInfo { name: (*name).into(), data_type: DataType::Text })
            .collect(),
    };
    let tables = [
        table(
            "Orders",
            &["Id", "City", "Country", "Customer", "CustomerId", "Day", "Paid", "Total", "Weight"],
        ),
        table("Customers", &["Id", "Country"]),
        table("Countries", &["Id"]),
        table("List", &["Id"]),
        table("a", &["Id"]),
        table("b", &["Id"]),
    ];
    Catalogue::new(syntax, &tables, None, None)
}

#[test]
fn what_layouts_ask_for_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../query/tests/snapshots");
    let mut wrong = Vec::new();
    let mut count = 0;
    for subject in [
        "comparisons",
        "functions_on_dates",
        "functions_on_numbers",
        "functions_on_texts",
        "groups_and_aggregates_are_the_databases_work",
        "joins",
        "limits",
        "operators",
        "truth_values",
    ] {
        let path = folder.join(format!("dialects__{subject}.snap"));
        let text = std::fs::read_to_string(&path).expect("the snapshots of query");
        let mut names = "";
        for line in text.lines().skip_while(|line| !line.is_empty() && *line != "---").skip(3) {
            let Some(line) = line.strip_prefix("  ") else { continue };
            let Some(line) = line.strip_prefix("    ") else {
                names = line;
                continue;
            };
            let sql = line.split("    -- ").next().unwrap_or_default();
            if sql.starts_with("refused: ") {
                continue;
            }
            for name in names.split(", ") {
                let syntax = syntax_of(name);
                let orders = syntax.quote("Orders");
                let whole = match subject {
                    _ if sql.starts_with("SELECT ") => sql.to_owned(),
                    "joins" => format!("SELECT 1 FROM {sql}"),
                    _ => format!("SELECT 1 FROM {orders} WHERE {sql}"),
                };
                count += 1;
                let answer =
                    check(&whole, &catalogue_of_orders(syntax), &Hidden::default(), &|_| None);
                if let Err(why) = answer {
                    wrong.push(format!("{name}: {whole}\n    it {why}"));
                }
            }
        }
    }
    assert!(count > 1_000, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
