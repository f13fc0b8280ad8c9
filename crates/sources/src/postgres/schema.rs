//! The tables and views of a database.

use pressroom_ports::{ColumnInfo, TableInfo, TableKind};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error, Row};

use super::types;

/// Whatever holds rows that the account may read, with its columns in order: the parts of a table that
/// is kept in parts are seen as that table. A domain counts as what it is made of.
const TABLES: &str = "
    select n.nspname::text, n.nspname = $1::text, c.relname::text,
           c.relkind in ('v', 'm'), a.attname::text, coalesce(d.typname, b.typname, t.typname)::text,
           case when t.typtype = 'd' then t.typtypmod else a.atttypmod end
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a
      on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     and (pg_catalog.has_table_privilege(c.oid, 'select')
          or pg_catalog.has_column_privilege(c.oid, a.attnum, 'select'))
    left join pg_catalog.pg_type t on t.oid = a.atttypid
    left join pg_catalog.pg_type b on b.oid = t.typbasetype and t.typtype = 'd'
    left join pg_catalog.pg_type d on d.oid = b.typbasetype and b.typtype = 'd'
    where c.relkind in ('r', 'v', 'm', 'f', 'p') and not c.relispartition
      and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'crdb_internal')
      and pg_catalog.has_schema_privilege(n.oid, 'usage')
      and (pg_catalog.has_table_privilege(c.oid, 'select')
           or pg_catalog.has_any_column_privilege(c.oid, 'select'))
    order by n.nspname, c.relname, c.oid, a.attnum";

/// The same where the catalogue is an older one, such as Redshift's.
const OLD_TABLES: &str = "
    select t.table_schema::text, t.table_schema = $1::text, t.table_name::text,
           t.table_type = 'VIEW', c.column_name::text, c.udt_name::text, -1::int4
    from information_schema.tables t
    join information_schema.columns c
      on c.table_schema = t.table_schema and c.table_name = t.table_name
    where t.table_schema not like 'pg\\_%' and t.table_schema <> 'information_schema'
    order by t.table_schema, t.table_name, c.ordinal_position";

/// Tables and views by name.
pub(super) async fn read(client: &Client, default: &str) -> Result<Vec<TableInfo>, Error> {
    let rows = match client.query(TABLES, &[&default]).await {
        Err(error) if is_older(&error) => {
            client.batch_execute("rollback; begin read only").await?;
            client.query(OLD_TABLES, &[&default]).await?
        }
        rows => rows?,
    };
    let mut tables: Vec<TableInfo> = Vec::new();
    for row in &rows {
        let name = named(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if tables.last().is_none_or(|table| table.name != name) {
            let is_view: bool = row.try_get(3)?;
            let kind = if is_view { TableKind::View } else { TableKind::Table };
            tables.push(TableInfo { name, kind, columns: Vec::new() });
        }
        if let (Some(table), Some(column)) = (tables.last_mut(), column(row, 4)?) {
            table.columns.push(column);
        }
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

/// The column that begins at a place of a row: its name, its type, what was declared behind that.
fn column(row: &Row, at: usize) -> Result<Option<ColumnInfo>, Error> {
    let Some(name) = row.try_get::<_, Option<String>>(at)? else { return Ok(None) };
    let declared: Option<&str> = row.try_get(at + 1)?;
    let modifier: Option<i32> = row.try_get(at + 2)?;
    let data_type = types::named(declared.unwrap_or_default(), modifier.unwrap_or(-1));
    Ok(Some(ColumnInfo { name, data_type }))
}

/// Whether the catalogue lacks what newer ones have.
pub(super) fn is_older(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        [
            SqlState::UNDEFINED_COLUMN,
            SqlState::UNDEFINED_FUNCTION,
            SqlState::UNDEFINED_TABLE,
            SqlState::FEATURE_NOT_SUPPORTED,
        ]
        .contains(code)
    })
}

/// A name as models and layouts have it: behind that of its schema and a dot, unless it lies in the
/// schema that statements look in first. A part stands in double quotes where it could be read as
/// something else: a schema, or a name without one, that has a dot, and what begins with a quote.
pub(super) fn named(schema: &str, is_default: bool, name: &str) -> String {
    let quoted = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
    let part = |part: &str, ends_at_dot: bool| {
        if part.starts_with('"') || ends_at_dot && part.contains('.') {
            quoted(part)
        } else {
            part.to_owned()
        }
    };
    if is_default {
        return part(name, true);
    }
    format!("{}.{}", part(schema, true), part(name, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_told_from_schemas() {
        for (schema, is_default, name, expect) in [
            ("public", true, "orders", "orders"),
            ("stock", false, "orders", "stock.orders"),
            ("public", true, "x\"; drop table y--", "x\"; drop table y--"),
            ("public", true, "a.b", "\"a.b\""),
            ("public", true, "\"a\"", "\"\"\"a\"\"\""),
            ("my.stock", false, "a.b", "\"my.stock\".a.b"),
        ] {
            assert_eq!(named(schema, is_default, name), expect);
        }
    }
}
