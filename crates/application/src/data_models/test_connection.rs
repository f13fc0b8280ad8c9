//! Trying a connection.

use std::time::{Duration, Instant};

use pressroom_domain::{Access, DataModel, DataModelId, Description, Name, NewDataModel, Seconds};

use super::{GivenProvider, find};
use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// What came of trying a connection.
#[derive(Clone, Debug)]
pub struct Tested {
    /// Whether the database can be reached and read.
    pub ok: bool,
    /// What happened, in words. Holds no secret.
    pub message: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// Tries the connection of a data model.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]. A connection that fails is an answer, not an error.
pub async fn test(app: &App, caller: &Caller, id: DataModelId) -> Result<Tested, Error> {
    let model = find(app, caller, id, Access::MODIFY).await?;
    Ok(tried(app, &model).await)
}

/// Tries a connection that is not stored.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`].
pub async fn test_given(
    app: &App,
    caller: &Caller,
    provider: GivenProvider,
) -> Result<Tested, Error> {
    authorise::new_data_model(caller)?;
    let mut check = Check::default();
    let provider = provider.made(&mut check);
    let name = check.field("name", Name::new("this connection"));
    let (Some(provider), Some(name)) = (provider, name) else { return Err(check.into_error()) };
    let new = NewDataModel {
        name,
        description: Description::default(),
        command_timeout: Seconds::ZERO,
        cache_seconds: Seconds::ZERO,
        provider,
    };
    let model = DataModel::new(DataModelId(0), new);
    Ok(tried(app, &model).await)
}

async fn tried(app: &App, model: &DataModel) -> Tested {
    // A duration for people to read; nothing is decided by it.
    let start = Instant::now();
    app.sources.forget(model.id);
    let tested = app.sources.test(model).await;
    let elapsed = start.elapsed();
    match tested {
        Ok(()) => Tested { ok: true, message: "the database can be read".to_owned(), elapsed },
        Err(error) => Tested { ok: false, message: error.to_string(), elapsed },
    }
}
