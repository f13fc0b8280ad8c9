//! What is done with the rows of a table, written once for all of them.

/// Makes a module for each table, and the list of them. A table is its name, the columns of its key,
/// the others, and perhaps a row that is left out: that of a name. A column of a key that is
/// [`Verbatim`] is compared and ordered to the last blank on every engine.
macro_rules! tables {
    ($(
        $table:ident ($($key:ident: $Key:ident),+)
        { $($column:ident: $Type:ty),* $(,)? }
        $(but $name:ident = $left_out:expr)?;
    )+) => {
        /// What is done with the rows of each table.
        pub(super) static ACCESS: &[Access] = &[$($table::ACCESS),+];
        /// The tables, those that are referred to before those that refer to them.
        pub(super) static TABLES: &[Table] = &[$($table::ACCESS.table),+];

        $(mod $table {
            use super::*;
            use pressroom_diesel_store::schema::$table as t;

            /// Keys that are asked for in one statement.
            const KEYS: usize = 100;
            /// Rows that are added by one statement.
            const ROWS: usize = 2_000 / TABLE.columns.len();
            const NAME: &str = stringify!($table);
            const TABLE: Table = Table {
                name: NAME,
                columns: &[$(stringify!($key),)+ $(stringify!($column)),*],
                key_columns: [$(stringify!($key)),+].len(),
            };
            pub(super) const ACCESS: Access =
                Access { table: TABLE, rows, find, count, put, delete };

            type Row = ($($Key,)+ $($Type,)*);
            type Condition = Box<dyn BoxableExpression<t::table, Backend, SqlType = Bool>>;

            fn cells(($($key,)+ $($column,)*): Row) -> Vec<Cell> {
                vec![$($key.into_cell(),)+ $($column.into_cell()),*]
            }

            /// The rows of a key.
            fn is(key: &[Cell]) -> Result<Condition, StoreError> {
                let mut cells = key.iter();
                $(let $key: $Key = value(cells.next(), NAME, stringify!($key))?;)+
                Ok(all!(t; $($key: $Key),+))
            }

            /// The rows of some keys.
            fn any(keys: &[Vec<Cell>]) -> Result<OneOf<Condition>, StoreError> {
                keys.iter().map(|key| is(key)).collect::<Result<_, _>>().map(OneOf)
            }

            fn rows(
                conn: &mut Connection,
                after: Option<&[Cell]>,
                limit: i64,
            ) -> Result<Vec<Vec<Cell>>, Failure> {
                let columns = ($(t::$key,)+ $(t::$column,)*);
                let order = ($(ordered!(t::$key, $Key),)+);
                let query = t::table.select(columns).order(order).limit(limit);
                let mut query = query.into_boxed::<Backend>();
                if let Some(after) = after {
                    let mut cells = after.iter();
                    $(let $key: $Key = value(cells.next(), NAME, stringify!($key))?;)+
                    let beyond: Condition = beyond!(t; $($key: $Key),+);
                    query = query.filter(beyond);
                }
                $(query = query.filter(not(is_exactly!(t::$name, $left_out)));)?
                Ok(query.load::<Row>(conn)?.into_iter().map(cells).collect())
            }

            fn find(conn: &mut Connection, keys: &[Vec<Cell>]) -> Result<Vec<Vec<Cell>>, Failure> {
                let mut found = Vec::with_capacity(keys.len());
                for keys in keys.chunks(KEYS) {
                    let query =
                        t::table.select(($(t::$key,)+ $(t::$column,)*)).filter(any(keys)?);
                    found.extend(query.load::<Row>(conn)?.into_iter().map(cells));
                }
                Ok(found)
            }

            fn count(conn: &mut Connection) -> Result<i64, Failure> {
                let query = t::table.select(count_star()).into_boxed::<Backend>();
                $(let query = query.filter(not(is_exactly!(t::$name, $left_out)));)?
                Ok(query.first(conn)?)
            }

            fn put(conn: &mut Connection, rows: &[Vec<Cell>]) -> Result<(), Failure> {
                let key = |row: &Vec<Cell>| TABLE.key_of(row).to_vec();
                let keys: Vec<Vec<Cell>> = rows.iter().map(key).collect();
                let there: BTreeSet<Vec<Cell>> = find(conn, &keys)?.iter().map(key).collect();
                let (old, new): (Vec<_>, Vec<_>) =
                    rows.iter().partition(|row| there.contains(TABLE.key_of(row)));
                for row in old {
                    update(conn, row)?;
                }
                for rows in new.chunks(ROWS) {
                    insert(conn, rows)?;
                }
                Ok(())
            }

            fn insert(conn: &mut Connection, rows: &[&Vec<Cell>]) -> Result<(), Failure> {
                let mut values = Vec::with_capacity(rows.len());
                for row in rows {
                    let mut cells = row.iter();
                    $(let $key: $Key = value(cells.next(), NAME, stringify!($key))?;)+
                    $(let $column: $Type = value(cells.next(), NAME, stringify!($column))?;)*
                    values.push(($(t::$key.eq($key),)+ $(t::$column.eq($column),)*));
                }
                diesel::insert_into(t::table)
                    .values(values)
                    .execute(conn)
                    .on_duplicate(|| duplicate(NAME))
                    .map(drop)
                    .or_else(|failure| refers(failure, NAME))
            }

            replace!(t; $($column: $Type),*);

            fn delete(conn: &mut Connection, keys: &[Vec<Cell>]) -> Result<(), Failure> {
                for keys in keys.chunks(KEYS) {
                    let rows = t::table.filter(any(keys)?);
                    diesel::delete(rows).execute(conn).on_broken_reference(|| {
                        StoreError::in_use(Kind::Row, NAME, "other rows refer to it")
                    })?;
                }
                Ok(())
            }
        })+
    };
}

/// A column of a key has its value.
macro_rules! same {
    ($column:expr, $value:expr, Verbatim) => {
        is_exactly!($column, $value)
    };
    ($column:expr, $value:expr, $Key:ident) => {
        $column.eq($value.clone())
    };
}

/// A column of a key has a value that follows another one.
macro_rules! follows {
    ($column:expr, $value:expr, Verbatim) => {
        follows_exactly!($column, $value)
    };
    ($column:expr, $value:expr, $Key:ident) => {
        $column.gt($value.clone())
    };
}

/// What rows are ordered by, of a column of their key.
macro_rules! ordered {
    ($column:expr, Verbatim) => {
        in_exact_order!($column)
    };
    ($column:expr, $Key:ident) => {
        $column
    };
}

/// Every column of a key has its value.
macro_rules! all {
    ($t:ident; $key:ident: $Key:ident) => {
        Box::new(same!($t::$key, $key, $Key)) as Condition
    };
    ($t:ident; $key:ident: $Key:ident, $($rest:tt)+) => {
        Box::new(same!($t::$key, $key, $Key).and(all!($t; $($rest)+))) as Condition
    };
}

/// What follows a key, column by column. The first comparison says nothing new; it lets an engine
/// begin there in its index.
macro_rules! beyond {
    ($t:ident; $key:ident: $Key:ident) => {
        Box::new(follows!($t::$key, $key, $Key)) as Condition
    };
    ($t:ident; $key:ident: $Key:ident, $($rest:tt)+) => {
        Box::new($t::$key.ge($key.clone()).and(
            follows!($t::$key, $key, $Key)
                .or(same!($t::$key, $key, $Key).and(beyond!($t; $($rest)+))),
        )) as Condition
    };
}

/// Replacing a row where it stands; one that is nothing but its key stays as it is.
macro_rules! replace {
    ($t:ident;) => {
        fn update(_conn: &mut Connection, _row: &[Cell]) -> Result<(), Failure> {
            Ok(())
        }
    };
    ($t:ident; $($column:ident: $Type:ty),+) => {
        fn update(conn: &mut Connection, row: &[Cell]) -> Result<(), Failure> {
            let mut cells = row[TABLE.key_of(row).len()..].iter();
            $(let $column: $Type = value(cells.next(), NAME, stringify!($column))?;)+
            diesel::update($t::table.filter(is(TABLE.key_of(row))?))
                .set(($($t::$column.eq($column),)+))
                .execute(conn)
                .on_duplicate(|| duplicate(NAME))
                .map(drop)
                .or_else(|failure| refers(failure, NAME))
        }
    };
}
