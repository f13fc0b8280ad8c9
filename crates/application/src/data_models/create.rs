//! Making a data model.

use pressroom_domain::{DataModel, Description, Name, NewDataModel, Seconds, SubjectKind, Verb};
use pressroom_ports::Change;

use super::{CACHE_SECONDS, GivenProvider, cache_seconds};
use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A data model to be made.
#[derive(Clone, Debug)]
pub struct CreateDataModel {
    /// What it is called: the connection name of layouts.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// How many seconds one query may take; 0 is as long as the site allows.
    pub command_timeout: i64,
    /// For how many seconds rows that were read may be given again; 0 is not at all.
    pub cache_seconds: i64,
    /// Where it is.
    pub provider: GivenProvider,
}

/// Makes a data model.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Conflict`] where the name is taken.
pub async fn create(
    app: &App,
    caller: &Caller,
    command: CreateDataModel,
) -> Result<DataModel, Error> {
    authorise::new_data_model(caller)?;
    let mut check = Check::default();
    let name = check.field("name", Name::new(&command.name));
    let description = check.field("description", Description::new(&command.description));
    let timeout = Seconds::new("commandTimeout", command.command_timeout);
    let timeout = check.field("commandTimeout", timeout);
    let cached = check.field(CACHE_SECONDS, cache_seconds(command.cache_seconds));
    let provider = command.provider.made(&mut check);
    let (Some(name), Some(description), Some(command_timeout), Some(cache_seconds), Some(provider)) =
        (name, description, timeout, cached, provider)
    else {
        return Err(check.into_error());
    };
    let detail = name.to_string();
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::DataModel, None, detail);
    let new = NewDataModel { name, description, command_timeout, cache_seconds, provider };
    Ok(app.stores.data_models.create(Change::new(new, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{ProviderModel, ProviderOptions, Secret};

    use super::*;
    use crate::test_site::Site;

    fn command(provider_type: &str, connection_string: &str) -> CreateDataModel {
        CreateDataModel {
            name: "Northwind".into(),
            description: String::new(),
            command_timeout: 30,
            cache_seconds: 0,
            provider: GivenProvider {
                provider_type: provider_type.into(),
                options: ProviderOptions {
                    connection_string: Some(Secret::new(connection_string)),
                    ..ProviderOptions::default()
                },
            },
        }
    }

    #[tokio::test]
    async fn a_sqlite_model_is_made_once() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let made = create(&site.app, &admin, command("SQLite", "Data Source=nwind.db")).await;
        assert_eq!(made.unwrap().provider, ProviderModel::sqlite("Data Source=nwind.db"));
        let again = create(&site.app, &admin, command("sqLite", "Data Source=other.db")).await;
        assert_eq!(
            again.unwrap_err().to_string(),
            "there is a data model called \"Northwind\" already; choose another name"
        );
    }

    #[tokio::test]
    async fn what_is_wrong_is_told() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let wrong = async |command| create(&site.app, &admin, command).await.unwrap_err();
        let error = wrong(command("sqLite", "Password=x")).await.to_string();
        assert_eq!(
            error,
            "providerModel.connectionString: must name a file, such as Data Source=sales.db"
        );
        let error = wrong(command("dbase", "")).await.to_string();
        assert!(
            error.starts_with("providerModel.providerType: \"dbase\" is not a providerType"),
            "{error}"
        );
        let error = wrong(command("msSqlServer", "")).await.to_string();
        assert!(error.starts_with("providerModel.serverName: must be given"), "{error}");
        let reader = site.reader("rita", &[]).await;
        let error = create(&site.app, &reader, command("sqLite", "x.db")).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
