//! Writes the demo company as an SQLite database.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, params};

use super::company::{Company, Order};

/// Why the demo database could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// SQLite refused a statement or could not write.
    #[error(
        "cannot write the demo database {path}: {source}; see that the folder is writable and the disk is not full, or start with --no-demo"
    )]
    Write {
        /// The file that was being written.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The finished file could not be put in its place.
    #[error(
        "cannot put the demo database at {path}: {source}; see that the folder is writable, or start with --no-demo"
    )]
    Place {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Makes the demo database at `path`, in place of a file that is there already.
///
/// It is written beside its place and moved there when it is whole, so a start that is interrupted
/// leaves no half of it.
///
/// # Errors
/// When the folder cannot be written or the disk is full.
pub fn write_database(path: &Path) -> Result<(), DemoError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // What an interrupted start may have left there.
    let _ = std::fs::remove_file(&beside);
    fill(&beside, &Company::generate())
        .map_err(|source| DemoError::Write { path: beside.clone(), source })?;
    std::fs::rename(&beside, path)
        .map_err(|source| DemoError::Place { path: path.to_owned(), source })
}

fn fill(path: &Path, company: &Company) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    // No journal: a broken file is thrown away whole.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    write_range(&transaction, company)?;
    write_people(&transaction, company)?;
    write_orders(&transaction, &company.orders)?;
    transaction.execute_batch(include_str!("indexes.sql"))?;
    transaction.commit()
}

/// Cents as the number that a decimal column holds.
fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}

fn write_range(to: &Transaction<'_>, company: &Company) -> rusqlite::Result<()> {
    let mut category = to.prepare("INSERT INTO Categories VALUES (?, ?, ?, ?)")?;
    for (row, id) in company.categories.iter().zip(1_i64..) {
        category.execute(params![id, row.name, row.description, row.picture])?;
    }
    let mut supplier = to.prepare("INSERT INTO Suppliers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (row, id) in company.suppliers.iter().zip(1_i64..) {
        supplier.execute(params![
            id,
            row.name,
            row.contact,
            row.address.street,
            row.address.postal_code,
            row.address.city,
            row.address.country,
            row.phone,
            row.partner_since,
            row.lead_days,
        ])?;
    }
    let mut product =
        to.prepare("INSERT INTO Products VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (row, id) in company.products.iter().zip(1_i64..) {
        product.execute(params![
            id,
            row.category as i64,
            row.supplier as i64,
            row.name,
            row.pack,
            row.origin,
            amount(row.price_cents),
            row.weight_grams as f64 / 1000.0,
            row.stock,
            row.retired,
            row.description,
        ])?;
    }
    Ok(())
}

fn write_people(to: &Transaction<'_>, company: &Company) -> rusqlite::Result<()> {
    let mut employee = to.prepare("INSERT INTO Employees VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (row, id) in company.employees.iter().zip(1_i64..) {
        employee.execute(params![
            id,
            row.name,
            row.title,
            row.reports_to.map(|id| id as i64),
            row.hired.to_string(),
            row.city,
            row.extension,
            row.about,
        ])?;
    }
    let mut shipper = to.prepare("INSERT INTO Shippers VALUES (?, ?, ?, ?, ?, ?, ?)")?;
    for (row, id) in company.shippers.iter().zip(1_i64..) {
        shipper.execute(params![
            id,
            row.name,
            row.mode,
            row.phone,
            amount(row.handling_cents),
            amount(row.cents_per_kilogram),
            row.days,
        ])?;
    }
    let mut customer =
        to.prepare("INSERT INTO Customers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (row, id) in company.customers.iter().zip(1_i64..) {
        customer.execute(params![
            id,
            row.name,
            row.contact,
            row.role,
            row.address.street,
            row.address.postal_code,
            row.address.city,
            row.address.region,
            row.address.country,
            row.vat_number,
            row.account_manager as i64,
            row.since.to_string(),
            row.terms_days,
            row.discount_percent,
            row.note,
        ])?;
    }
    Ok(())
}

fn write_orders(to: &Transaction<'_>, orders: &[Order]) -> rusqlite::Result<()> {
    let mut order = to.prepare("INSERT INTO Orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    let mut line = to.prepare("INSERT INTO OrderLines VALUES (?, ?, ?, ?, ?, ?, ?)")?;
    for row in orders {
        order.execute(params![
            row.id,
            row.customer as i64,
            row.employee as i64,
            row.shipper as i64,
            row.ordered.to_string(),
            row.required.map(|day| day.to_string()),
            row.shipped.map(|day| day.to_string()),
            row.reference,
            row.remark,
            amount(row.freight_cents),
            row.vat_percent,
        ])?;
        for (item, number) in row.lines.iter().zip(1_i64..) {
            line.execute(params![
                row.id,
                number,
                item.product as i64,
                item.quantity,
                amount(item.unit_price_cents),
                item.discount_percent,
                amount(item.amount_cents()),
            ])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::write_database;

    fn ask<T: rusqlite::types::FromSql>(database: &Connection, sql: &str) -> T {
        database.query_row(sql, [], |row| row.get(0)).expect(sql)
    }

    #[test]
    fn the_database_is_whole_and_holds_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("demo.db");
        write_database(&path).expect("a first database");
        write_database(&path).expect("another in its place");

        let files = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left beside the database");

        let database = Connection::open(&path).expect("a database");
        assert_eq!(ask::<String>(&database, "PRAGMA integrity_check"), "ok");
        let strays: i64 = ask(&database, "SELECT count(*) FROM pragma_foreign_key_check");
        assert_eq!(strays, 0, "rows that point to nothing");
        let lines: i64 = ask(&database, "SELECT count(*) FROM OrderLines");
        let sales: i64 = ask(&database, "SELECT count(*) FROM Sales");
        assert_eq!(lines, sales, "each line is one row of the view");
        let wrong: i64 = ask(
            &database,
            "SELECT count(*) FROM OrderLines
             WHERE abs(Amount - Quantity * UnitPrice * (100 - DiscountPercent) / 100.0) > 0.0051",
        );
        assert_eq!(wrong, 0, "amounts that do not follow from their line");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = write_database(&folder.path().join("absent/demo.db")).expect_err("no folder");
        assert!(error.to_string().contains("absent"), "{error}");
        assert!(error.to_string().contains("--no-demo"), "{error}");
    }
}
