//! Data models: customers' databases as documents may use them.

mod connection;
mod create;
mod delete;
mod get;
mod list;
mod provider;
mod rename;
mod test_connection;
mod update;

pub use connection::{Connection, connection, note_revealing};
pub use create::{CreateDataModel, create};
pub use delete::delete;
pub use get::get;
pub use list::list;
pub use provider::GivenProvider;
pub use rename::{RenameDataModel, rename};
pub use test_connection::{Tested, test, test_given};
pub use update::{UpdateDataModel, update};

use pressroom_domain::{Access, DataModel, DataModelId};

use crate::{App, Caller, Error, authorise};

/// A data model with which the caller may do something.
async fn find(
    app: &App,
    caller: &Caller,
    id: DataModelId,
    wanted: Access,
) -> Result<DataModel, Error> {
    let model = app.stores.data_models.get(id).await?;
    authorise::data_model(caller, &model, wanted)?;
    Ok(model)
}
