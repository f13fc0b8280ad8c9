//! The table that Diesel's migrations are noted in.

use diesel::connection::SimpleConnection as _;
use diesel::migration::MigrationConnection;
use diesel::result::QueryResult;

use super::TdsConnection;

const TABLE: &str = "\
IF OBJECT_ID(N'__diesel_schema_migrations', N'U') IS NULL
CREATE TABLE [__diesel_schema_migrations] (
    [version] nvarchar(50) NOT NULL PRIMARY KEY,
    [run_on] datetime2 NOT NULL DEFAULT CURRENT_TIMESTAMP
)";

impl MigrationConnection for TdsConnection {
    fn setup(&mut self) -> QueryResult<usize> {
        self.batch_execute(TABLE)?;
        Ok(0)
    }
}
