//! Data models: customers' databases as documents may use them.

mod choose_tables;
mod connection;
mod create;
mod data_members;
mod delete;
mod get;
mod list;
mod procedures;
mod provider;
mod rename;
mod tables;
mod test_connection;
mod update;

pub use choose_tables::{ChooseTables, ColumnChoice, TableChoice, choose_tables};
pub use connection::{Connection, connection, note_revealing};
pub use create::{CreateDataModel, create};
pub use data_members::{DataMember, DataMemberKind, data_members};
pub use delete::delete;
pub use get::get;
pub use list::list;
pub use procedures::{procedure_columns, procedures};
pub use provider::GivenProvider;
pub use rename::{RenameDataModel, rename};
pub use tables::{ChosenColumn, ChosenTable, Tables, columns, tables, type_name};
pub use test_connection::{Tested, test, test_given};
pub use update::{UpdateDataModel, update};

use pressroom_domain::{Access, DataModel, DataModelId, OutOfRange, Seconds};

use crate::{App, Caller, Error, authorise};

/// A data model with which the caller may do something.
pub(crate) async fn find(
    app: &App,
    caller: &Caller,
    id: DataModelId,
    wanted: Access,
) -> Result<DataModel, Error> {
    let model = app.stores.data_models.get(id).await?;
    authorise::data_model(caller, &model, wanted)?;
    Ok(model)
}

/// What the API calls how long rows may be given again.
const CACHE_SECONDS: &str = "cacheSeconds";

/// How long rows that were read may be given again.
fn cache_seconds(seconds: i64) -> Result<Seconds, OutOfRange> {
    Seconds::up_to(DataModel::LONGEST_CACHE, CACHE_SECONDS, seconds)
}

/// A database that cannot be looked at, for who asked for it.
pub(crate) fn away(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable { message: error.to_string(), source: Box::new(error) }
}
