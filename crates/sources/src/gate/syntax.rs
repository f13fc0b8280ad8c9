//! How databases write SQL, as far as checking and writing a statement needs it.

use sqlparser::ast::Ident;
use sqlparser::dialect::{
    BigQueryDialect, Dialect, GenericDialect, MsSqlDialect, MySqlDialect, OracleDialect,
    PostgreSqlDialect, RedshiftSqlDialect, SQLiteDialect,
};

/// The SQL that a database understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Syntax {
    Sqlite,
    /// PostgreSQL and what speaks like it (CockroachDB).
    Postgres,
    Redshift,
    /// MySQL and MariaDB.
    MySql,
    MsSql,
    /// Transact-SQL through ODBC: Sybase ASE, SQL Anywhere and VistaDB.
    Sybase,
    Firebird,
    /// Oracle through ODBC.
    Oracle,
    /// DB2 through ODBC.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "databases of ODBC, which no engine reads yet")
    )]
    Db2,
    /// Access through ODBC.
    Access,
    BigQuery,
    /// Any other database through ODBC, with names in double quotes.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "databases of ODBC, which no engine reads yet")
    )]
    Generic,
}

/// How names without quotes are read, and whether letter case tells names in quotes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    /// Letter case tells nothing apart.
    Blind,
}

impl Syntax {
    pub(super) fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Sqlite => &SQLiteDialect {},
            Self::Postgres => &PostgreSqlDialect {},
            Self::Redshift => &RedshiftSqlDialect {},
            Self::MySql => &MySqlDialect {},
            Self::MsSql | Self::Sybase | Self::Access => &MsSqlDialect {},
            Self::Oracle => &OracleDialect,
            Self::BigQuery => &BigQueryDialect,
            Self::Firebird | Self::Db2 | Self::Generic => &GenericDialect {},
        }
    }

    fn case(self) -> Case {
        match self {
            Self::Postgres => Case::Lower,
            Self::Firebird | Self::Oracle | Self::Db2 => Case::Upper,
            _ => Case::Blind,
        }
    }

    /// What two names have in common when they are the same to the database.
    pub(super) fn key(self, name: &Ident) -> String {
        match self.case() {
            Case::Blind => name.value.to_lowercase(),
            _ => self.declared(name),
        }
    }

    /// The key of a name as the database itself writes it.
    pub(super) fn key_of(self, name: &str) -> String {
        match self.case() {
            Case::Blind => name.to_lowercase(),
            _ => name.to_owned(),
        }
    }

    /// The name that a statement gives to something, letter by letter.
    pub(super) fn declared(self, name: &Ident) -> String {
        match self.case() {
            _ if name.quote_style.is_some() => name.value.clone(),
            Case::Blind => name.value.clone(),
            Case::Lower => name.value.to_ascii_lowercase(),
            Case::Upper => name.value.to_uppercase(),
        }
    }

    /// A name in quotes that nothing in it can end.
    pub(super) fn quote(self, name: &str) -> String {
        match self {
            Self::MsSql | Self::Sybase | Self::Access => format!("[{}]", name.replace(']', "]]")),
            Self::MySql => format!("`{}`", name.replace('`', "``")),
            Self::BigQuery => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// A text; `None` where this database may read it in more than one way.
    pub(super) fn text(self, text: &str) -> Option<String> {
        let doubled = || text.replace('\'', "''");
        Some(match self {
            // Read the same whatever the server's setting for backslashes.
            Self::Postgres if text.contains('\\') => {
                format!("E'{}'", doubled().replace('\\', "\\\\"))
            }
            // Some read a backslash as a part of the text, some as the start of an escape.
            Self::Redshift | Self::Generic if text.contains('\\') => return None,
            // With or without backslash escapes the text ends at the same place.
            Self::MySql => format!("'{}'", doubled().replace('\\', "\\\\")),
            Self::BigQuery => {
                let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
                format!("'{}'", escaped.replace('\n', "\\n").replace('\r', "\\r"))
            }
            _ => format!("'{}'", doubled()),
        })
    }

    /// The place of bound value `index`, from 1.
    pub(super) fn placeholder(self, index: usize) -> String {
        match self {
            Self::Postgres | Self::Redshift => format!("${index}"),
            Self::MsSql => format!("@P{index}"),
            Self::Sqlite => format!("?{index}"),
            _ => "?".to_owned(),
        }
    }

    /// Whether one bound value can stand at several places.
    pub(super) fn numbers_placeholders(self) -> bool {
        self.placeholder(1) != "?"
    }

    /// Whether a query of a `with` clause sees itself without the word `recursive`.
    pub(super) fn sees_itself(self) -> bool {
        !matches!(self, Self::Postgres | Self::Redshift | Self::MySql | Self::Firebird)
    }

    /// Whether `order by` looks for aliases first also inside of expressions.
    pub(super) fn sorts_by_aliases_within(self) -> bool {
        matches!(self, Self::MySql | Self::Sqlite)
    }

    /// Whether accents, or blanks at the end, may tell no names apart.
    pub(super) fn is_loose(self) -> bool {
        self.case() == Case::Blind && self != Self::Sqlite
    }

    /// Whether a bracket can stand in a name.
    pub(super) fn has_brackets_in_names(self) -> bool {
        !matches!(self, Self::Access | Self::Sybase)
    }

    /// The word between a table and its alias.
    pub(super) fn table_alias(self) -> &'static str {
        if self == Self::Oracle { " " } else { " AS " }
    }

    /// A table with one row that stands where there is nothing to read, as this database calls it.
    pub(super) fn one_row(self, name: &str) -> Option<&'static str> {
        let known = match self {
            Self::Oracle | Self::MySql => "DUAL",
            Self::Firebird => "RDB$DATABASE",
            Self::Db2 => "SYSIBM.SYSDUMMY1",
            _ => return None,
        };
        name.eq_ignore_ascii_case(known).then_some(known)
    }

    /// A word that is a value without parentheses, unless a column has that name.
    pub(super) fn word(self, name: &Ident) -> Option<&'static str> {
        let words: &[&str] = match self {
            Self::Oracle => &["ROWNUM", "SYSDATE", "SYSTIMESTAMP"],
            Self::Redshift => &["SYSDATE"],
            _ => &[],
        };
        let found = words.iter().find(|word| name.value.eq_ignore_ascii_case(word));
        found.copied().filter(|_| name.quote_style.is_none())
    }
}

/// Names of columns that tables have without telling, in some database.
const SILENT: &[&str] = &[
    "rowid",
    "_rowid_",
    "oid",
    "ctid",
    "xmin",
    "xmax",
    "cmin",
    "cmax",
    "tableoid",
    "rownum",
    "level",
    "rdb$db_key",
    "rdb$record_version",
    "ora_rowscn",
    "$rowguid",
    "$identity",
    "$action",
];

/// Whether some database has a column of this name in every table without telling.
pub(super) fn is_silent(name: &str) -> bool {
    SILENT.contains(&&*name.to_lowercase())
}
