//! Making a data model.

use pressroom_domain::{
    DataModel, Description, Name, NewDataModel, ProviderModel, ProviderType, Seconds, Secret,
    SqLiteModel, SubjectKind, Verb,
};
use pressroom_ports::Change;

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
    /// The kind of database, such as `sqLite`.
    pub provider_type: String,
    /// Where it is.
    pub connection_string: Option<Secret>,
}

/// Makes a data model.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Conflict`] where the name is taken;
/// [`Error::NotBuilt`] for a kind of database that is known but not built yet.
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
    let kind = check.field("providerType", command.provider_type.parse::<ProviderType>());
    let provider = match kind {
        Some(ProviderType::SqLite) => {
            check.field("connectionString", sqlite(command.connection_string))
        }
        Some(other) => {
            let name = other.name();
            let message = format!("data models of {name} are not built yet; those of sqLite are");
            return Err(Error::NotBuilt(message));
        }
        None => None,
    };
    let (Some(name), Some(description), Some(command_timeout), Some(provider)) =
        (name, description, timeout, provider)
    else {
        return Err(check.into_error());
    };
    let detail = name.to_string();
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::DataModel, None, detail);
    let new = NewDataModel { name, description, command_timeout, provider };
    Ok(app.stores.data_models.create(Change::new(new, line)).await?)
}

fn sqlite(connection_string: Option<Secret>) -> Result<ProviderModel, &'static str> {
    let model = SqLiteModel { connection_string: connection_string.unwrap_or_default() };
    match model.file() {
        Some(_) => Ok(ProviderModel::SqLite(model)),
        None => Err("must name a file, such as Data Source=sales.db"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    fn command(provider_type: &str, connection_string: &str) -> CreateDataModel {
        CreateDataModel {
            name: "Northwind".into(),
            description: String::new(),
            command_timeout: 30,
            provider_type: provider_type.into(),
            connection_string: Some(Secret::new(connection_string)),
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
        assert_eq!(error, "connectionString: must name a file, such as Data Source=sales.db");
        let error = wrong(command("dbase", "")).await.to_string();
        assert!(error.starts_with("providerType: \"dbase\" is not a providerType"), "{error}");
        let error = wrong(command("msSqlServer", "")).await;
        assert!(matches!(error, Error::NotBuilt(_)), "{error}");
        let reader = site.reader("rita", &[]).await;
        let error = create(&site.app, &reader, command("sqLite", "x.db")).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
