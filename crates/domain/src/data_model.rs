//! Data models: customers' databases as documents may use them.

use std::str::FromStr;

use crate::{DataModelId, Description, Name, OptimisticLock, Seconds, Secret};

/// A customer's database as documents may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataModel {
    /// Which.
    pub id: DataModelId,
    /// What it is called: the connection name that layouts use. No two are called the same, whatever
    /// the letter case.
    pub name: Name,
    /// What it holds.
    pub description: Description,
    /// How long one query may take; 0 is as long as the site allows.
    pub command_timeout: Seconds,
    /// Where the database is.
    pub provider: ProviderModel,
    /// Its lock.
    pub lock: OptimisticLock,
}

/// A data model to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDataModel {
    /// What it is called.
    pub name: Name,
    /// What it holds.
    pub description: Description,
    /// How long one query may take; 0 is as long as the site allows.
    pub command_timeout: Seconds,
    /// Where the database is.
    pub provider: ProviderModel,
}

/// Where a customer's database is, and how to get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderModel {
    /// A SQLite file.
    SqLite(SqLiteModel),
}

/// A SQLite file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqLiteModel {
    /// `key=value` pairs joined by `;`. May hold a password.
    pub connection_string: Secret,
}

impl ProviderModel {
    /// A SQLite file by its connection string, such as `Data Source=sales.db`.
    pub fn sqlite(connection_string: impl Into<String>) -> Self {
        Self::SqLite(SqLiteModel { connection_string: Secret::new(connection_string) })
    }

    /// Which kind of database it is.
    #[must_use]
    pub const fn provider_type(&self) -> ProviderType {
        match self {
            Self::SqLite(_) => ProviderType::SqLite,
        }
    }
}

impl SqLiteModel {
    /// The path of the file as the connection string gives it: the value of `Data Source`, or the
    /// whole text where it is a bare path. None where neither is there.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        let text = self.connection_string.reveal().trim();
        if !text.is_empty() && !text.contains('=') {
            return Some(text);
        }
        text.split(';').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let key: String = key.split_whitespace().collect::<String>().to_ascii_lowercase();
            let value = value.trim().trim_matches(['"', '\'']);
            (matches!(&*key, "datasource" | "filename" | "database") && !value.is_empty())
                .then_some(value)
        })
    }
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
    fn the_file_of_a_connection_string() {
        let check = |text: &str, expect: Option<&str>| {
            let model = SqLiteModel { connection_string: Secret::new(text) };
            assert_eq!(model.file(), expect, "{text}");
        };
        check("Data Source=sales.db", Some("sales.db"));
        check("XpoProvider=SQLite;Data Source=\"data/nw ind.db\"", Some("data/nw ind.db"));
        check("XpoProvider=SQLite; DATASOURCE = x.db ;Password=p", Some("x.db"));
        check("data/plain.db", Some("data/plain.db"));
        check("Password=p", None);
        check("Data Source=", None);
        check("", None);
    }

    #[test]
    fn a_model_never_prints_its_connection() {
        let printed = format!("{:?}", ProviderModel::sqlite("Data Source=x;Password=hunter2"));
        assert_eq!(printed, "SqLite(SqLiteModel { connection_string: *** })");
    }

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
