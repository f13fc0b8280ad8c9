//! The kinds of databases that data models name.

use std::str::FromStr;

/// How a kind of database is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By a server's name and an account there, or by a connection string.
    Server,
    /// By a connection string.
    ConnectionString,
    /// By an address or a file.
    File,
}

/// The kinds of databases that the API names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderType {
    /// Microsoft SQL Server.
    MsSqlServer,
    /// MySQL.
    MySql,
    /// PostgreSQL.
    Postgres,
    /// Oracle.
    Oracle,
    /// SAP ASE.
    Ase,
    /// Teradata.
    Teradata,
    /// SAP Advantage.
    Advantage,
    /// Amazon Redshift.
    AmazonRedshift,
    /// Firebird.
    Firebird,
    /// Google BigQuery.
    BigQuery,
    /// IBM DB2.
    Db2,
    /// Microsoft Access 2007 and later.
    Access2007,
    /// Microsoft Access 97.
    Access97,
    /// Microsoft SQL Server Compact.
    MsSqlServerCe,
    /// Pervasive.
    Pervasive,
    /// SAP SQL Anywhere.
    Asa,
    /// SQLite.
    SqLite,
    /// VistaDB.
    VistaDb,
    /// VistaDB 5.
    VistaDb5,
    /// VistaDB 6.
    VistaDb6,
    /// Rows that the host keeps in memory.
    InMemory,
    /// A JSON document.
    Json,
    /// A CSV file.
    Csv,
    /// An Excel workbook.
    Excel,
    /// An XML file.
    Xml,
}

/// A kind of database that the API does not name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a providerType; sqLite, msSqlServer, postgres and mySql are some that are")]
pub struct UnknownProvider(pub String);

const PROVIDERS: [(&str, ProviderType); 26] = [
    ("msSqlServer", ProviderType::MsSqlServer),
    ("mySql", ProviderType::MySql),
    ("postgres", ProviderType::Postgres),
    ("postgreSql", ProviderType::Postgres),
    ("oracle", ProviderType::Oracle),
    ("ase", ProviderType::Ase),
    ("teradata", ProviderType::Teradata),
    ("advantage", ProviderType::Advantage),
    ("amazon redshift", ProviderType::AmazonRedshift),
    ("firebird", ProviderType::Firebird),
    ("bigQuery", ProviderType::BigQuery),
    ("db2", ProviderType::Db2),
    ("access2007", ProviderType::Access2007),
    ("access97", ProviderType::Access97),
    ("msSqlServerCE", ProviderType::MsSqlServerCe),
    ("pervasive", ProviderType::Pervasive),
    ("asa", ProviderType::Asa),
    ("sqLite", ProviderType::SqLite),
    ("vistaDB", ProviderType::VistaDb),
    ("vistaDB5", ProviderType::VistaDb5),
    ("vistaDB6", ProviderType::VistaDb6),
    ("inMemoryDataSource", ProviderType::InMemory),
    ("json", ProviderType::Json),
    ("csv", ProviderType::Csv),
    ("excel", ProviderType::Excel),
    ("xml", ProviderType::Xml),
];

impl ProviderType {
    /// How such a database is reached.
    #[must_use]
    pub const fn reach(self) -> Reach {
        match self {
            Self::MsSqlServer
            | Self::MySql
            | Self::Postgres
            | Self::Oracle
            | Self::Ase
            | Self::Teradata => Reach::Server,
            Self::Json | Self::Csv | Self::Excel | Self::Xml => Reach::File,
            _ => Reach::ConnectionString,
        }
    }

    /// The name that the API gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        PROVIDERS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

impl FromStr for ProviderType {
    type Err = UnknownProvider;

    /// Any letter case.
    fn from_str(text: &str) -> Result<Self, UnknownProvider> {
        PROVIDERS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, kind)| *kind)
            .ok_or_else(|| UnknownProvider(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_types_are_found_in_any_case() {
        assert_eq!("SQLITE".parse(), Ok(ProviderType::SqLite));
        assert_eq!("PostgreSQL".parse(), Ok(ProviderType::Postgres));
        assert_eq!(ProviderType::Postgres.name(), "postgres");
        assert!("dbase".parse::<ProviderType>().is_err());
        for (name, kind) in PROVIDERS {
            assert_eq!(name.parse(), Ok(kind));
        }
    }
}
