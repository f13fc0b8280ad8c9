//! Where a customer's database is, and how to get in.

use crate::mask::{self, MASK};
use crate::{ConnectionString, ProviderType, Reach, Secret};

/// The longest text of an option, in bytes.
const TEXT_BYTES: usize = 16 << 10;
/// The longest inline JSON document, in bytes.
const JSON_BYTES: usize = 8 << 20;

/// Who checks an account of a database server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authentication {
    /// The operating system's domain.
    Windows,
    /// The database server.
    SqlServer,
}

impl Authentication {
    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::SqlServer => "SqlServer",
        }
    }

    /// The one of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Windows, Self::SqlServer]
            .into_iter()
            .find(|one| one.name().eq_ignore_ascii_case(name))
    }
}

/// All that a provider may be told. Which of it counts depends on the kind. Texts that may hold a
/// password in some place are secret as a whole: they never print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderOptions {
    /// The server, by name or address.
    pub server_name: Option<String>,
    /// Its port; unless given, the usual one.
    pub port: Option<u16>,
    /// The database on it.
    pub database: Option<String>,
    /// The account there.
    pub user_name: Option<String>,
    /// The account's password.
    pub password: Option<Secret>,
    /// Who checks it.
    pub authentication: Option<Authentication>,
    /// More options, as `key=value` pairs joined by `;`.
    pub additional_parameters: Option<Secret>,
    /// Everything in one text: `key=value` pairs joined by `;`.
    pub connection_string: Option<Secret>,
    /// The address or file of a document.
    pub uri: Option<Secret>,
    /// A JSON source as its own JSON: an address with its headers, or the document itself.
    pub json_data_source: Option<Secret>,
}

/// An option that is missing or of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct InvalidProvider {
    /// Which option, as the API names it.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl InvalidProvider {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Where a customer's database is, and how to get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderModel {
    kind: ProviderType,
    options: ProviderOptions,
}

impl ProviderModel {
    /// A database of a kind by what its provider is told.
    ///
    /// # Errors
    /// [`InvalidProvider`] for what is missing, too long, or a mask instead of a secret.
    pub fn new(kind: ProviderType, options: ProviderOptions) -> Result<Self, InvalidProvider> {
        options.check()?;
        let has = |option: &Option<Secret>| {
            option.as_ref().is_some_and(|text| !text.reveal().trim().is_empty())
        };
        let has_server = options.server_name.as_ref().is_some_and(|name| !name.trim().is_empty());
        let has_text = has(&options.connection_string);
        match kind.reach() {
            Reach::Server if !has_server && !has_text => {
                Err(InvalidProvider::new("serverName", "must be given, or a connectionString"))
            }
            Reach::ConnectionString if !has_text => {
                Err(InvalidProvider::new("connectionString", "must be given"))
            }
            Reach::File if !has(&options.uri) && !has_text && !has(&options.json_data_source) => {
                let message = "must be given: an address, or a file in a data folder";
                Err(InvalidProvider::new("uri", message))
            }
            _ => Ok(()),
        }?;
        let model = Self { kind, options };
        if kind == ProviderType::SqLite && model.sqlite_file().is_none() {
            let message = "must name a file, such as Data Source=sales.db";
            return Err(InvalidProvider::new("connectionString", message));
        }
        Ok(model)
    }

    /// A SQLite file by its connection string, such as `Data Source=sales.db`. Whether it names a file
    /// is not looked at.
    pub fn sqlite(connection_string: impl Into<String>) -> Self {
        let connection_string = Some(Secret::new(connection_string));
        let options = ProviderOptions { connection_string, ..ProviderOptions::default() };
        Self { kind: ProviderType::SqLite, options }
    }

    /// Which kind of database it is.
    #[must_use]
    pub const fn provider_type(&self) -> ProviderType {
        self.kind
    }

    /// What the provider is told, secrets and all.
    #[must_use]
    pub const fn options(&self) -> &ProviderOptions {
        &self.options
    }

    /// The path of a SQLite file as the connection string gives it: the value of `Data Source`, or
    /// the whole text where it is a bare path. None where neither is there.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<String> {
        let text = self.options.connection_string.as_ref()?.reveal().trim();
        if !text.is_empty() && !text.contains('=') {
            return Some(text.to_owned());
        }
        let parsed = ConnectionString::parse(text);
        parsed.get(&["datasource", "filename", "database"]).map(str::to_owned)
    }

    /// What the provider is told, as people may see it: without the password, and with other secrets
    /// masked.
    #[must_use]
    pub fn masked(&self) -> ProviderOptions {
        self.options.masked()
    }

    /// What this connection becomes where a writer, who has seen it masked, gives `next`. Secrets
    /// that the writer left out or gave back masked stay, if nothing else about the connection
    /// changes: else a stranger could send a known password to a server of their own.
    ///
    /// # Errors
    /// [`InvalidProvider`] for a secret that has to be given again.
    pub fn replaced_by(
        &self,
        kind: ProviderType,
        mut next: ProviderOptions,
    ) -> Result<Self, InvalidProvider> {
        let (old, shown) = (&self.options, self.options.masked());
        let same = kind == self.kind && next.masked() == shown;
        let keep = |field, next: &mut Option<Secret>, old: &Option<Secret>, masked: bool| {
            if !masked {
                Ok(())
            } else if same {
                next.clone_from(old);
                Ok(())
            } else {
                let message = "must be given again, because the connection is changed";
                Err(InvalidProvider::new(field, message))
            }
        };
        let text = |option: &Option<Secret>| option.as_ref().map_or("", Secret::reveal).to_owned();
        let left_out = matches!(&*text(&next.password), "" | MASK);
        keep("password", &mut next.password, &old.password, left_out && old.password.is_some())?;
        let masked = |option: &Option<Secret>| text(option).contains(MASK);
        let flags = [
            masked(&next.additional_parameters),
            masked(&next.connection_string),
            masked(&next.uri),
            masked(&next.json_data_source),
        ];
        let parameters = &mut next.additional_parameters;
        keep("additionalParameters", parameters, &old.additional_parameters, flags[0])?;
        keep("connectionString", &mut next.connection_string, &old.connection_string, flags[1])?;
        keep("uri", &mut next.uri, &old.uri, flags[2])?;
        keep("jsonDataSource", &mut next.json_data_source, &old.json_data_source, flags[3])?;
        Self::new(kind, next)
    }
}

impl ProviderOptions {
    fn masked(&self) -> Self {
        let with = |option: &Option<Secret>, mask: fn(&str) -> String| {
            option.as_ref().map(|text| Secret::new(mask(text.reveal())))
        };
        Self {
            password: None,
            additional_parameters: with(&self.additional_parameters, mask::connection_string),
            connection_string: with(&self.connection_string, mask::connection_string),
            uri: with(&self.uri, mask::address),
            json_data_source: with(&self.json_data_source, mask::json),
            ..self.clone()
        }
    }

    /// The texts by name, and how long each may be.
    fn texts(&self) -> [(&'static str, Option<&str>, usize); 8] {
        fn secret(option: &Option<Secret>) -> Option<&str> {
            option.as_ref().map(Secret::reveal)
        }
        [
            ("serverName", self.server_name.as_deref(), TEXT_BYTES),
            ("database", self.database.as_deref(), TEXT_BYTES),
            ("userName", self.user_name.as_deref(), TEXT_BYTES),
            ("password", secret(&self.password), TEXT_BYTES),
            ("additionalParameters", secret(&self.additional_parameters), TEXT_BYTES),
            ("connectionString", secret(&self.connection_string), TEXT_BYTES),
            ("uri", secret(&self.uri), TEXT_BYTES),
            ("jsonDataSource", secret(&self.json_data_source), JSON_BYTES),
        ]
    }

    fn check(&self) -> Result<(), InvalidProvider> {
        for (field, text, most) in self.texts() {
            let text = text.unwrap_or_default();
            if text.len() > most {
                let message = format!("must not be longer than {most} bytes");
                return Err(InvalidProvider::new(field, message));
            }
            if text.contains('\0') {
                return Err(InvalidProvider::new(field, "must not hold a NUL character"));
            }
        }
        let masked = [
            ("password", &self.password),
            ("additionalParameters", &self.additional_parameters),
            ("connectionString", &self.connection_string),
            ("uri", &self.uri),
            ("jsonDataSource", &self.json_data_source),
        ];
        for (field, option) in masked {
            if option.as_ref().is_some_and(|text| text.reveal().contains(MASK)) {
                let message = "holds a mask in the place of a secret; give the secret itself";
                return Err(InvalidProvider::new(field, message));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(password: Option<&str>) -> ProviderOptions {
        ProviderOptions {
            server_name: Some("db1".into()),
            port: Some(5432),
            database: Some("sales".into()),
            user_name: Some("report".into()),
            password: password.map(Secret::new),
            additional_parameters: Some(Secret::new("Ssl=true;Ssl Password=hunter3")),
            ..ProviderOptions::default()
        }
    }

    fn text(connection_string: &str) -> ProviderOptions {
        let connection_string = Some(Secret::new(connection_string));
        ProviderOptions { connection_string, ..ProviderOptions::default() }
    }

    #[test]
    fn the_file_of_a_connection_string() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(ProviderModel::sqlite(text).sqlite_file().as_deref(), expect, "{text}");
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
    fn a_model_never_prints_its_secrets() {
        let model = ProviderModel::new(ProviderType::Postgres, server(Some("hunter2"))).unwrap();
        let printed = format!("{model:?} {:?}", ProviderModel::sqlite("Password=hunter2"));
        assert!(!printed.contains("hunter"), "{printed}");
    }

    #[test]
    fn each_kind_says_what_it_needs() {
        let check = |kind, options, expect: &str| {
            let made = ProviderModel::new(kind, options).map(|_| String::new());
            assert_eq!(made.unwrap_or_else(|error| error.to_string()), expect);
        };
        let nothing = ProviderOptions::default;
        check(ProviderType::MySql, server(None), "");
        check(ProviderType::MySql, text("Server=a"), "");
        check(ProviderType::MySql, nothing(), "serverName: must be given, or a connectionString");
        check(ProviderType::Firebird, text("DataSource=a"), "");
        check(ProviderType::Firebird, server(None), "connectionString: must be given");
        let message = "uri: must be given: an address, or a file in a data folder";
        check(ProviderType::Csv, nothing(), message);
        let uri = ProviderOptions { uri: Some(Secret::new("rows.csv")), ..nothing() };
        check(ProviderType::Csv, uri, "");
        let message = "connectionString: must name a file, such as Data Source=sales.db";
        check(ProviderType::SqLite, text("Password=x"), message);
        let message =
            "connectionString: holds a mask in the place of a secret; give the secret itself";
        check(ProviderType::SqLite, text("Data Source=x;Password=***"), message);
        check(ProviderType::Db2, text("a\0b"), "connectionString: must not hold a NUL character");
        let message = "connectionString: must not be longer than 16384 bytes";
        check(ProviderType::Db2, text(&"x".repeat(20_000)), message);
    }

    #[test]
    fn a_masked_answer_given_back_changes_nothing() {
        for (kind, options) in [
            (ProviderType::Postgres, server(Some("hunter2"))),
            (ProviderType::SqLite, text("Data Source=x;Password=hunter2")),
        ] {
            let stored = ProviderModel::new(kind, options).unwrap();
            assert_eq!(stored.replaced_by(kind, stored.masked()), Ok(stored.clone()));
        }
    }

    #[test]
    fn a_changed_connection_asks_for_its_secrets_again() {
        let kind = ProviderType::Postgres;
        let stored = ProviderModel::new(kind, server(Some("hunter2"))).unwrap();
        let check = |next: ProviderOptions, expect: Result<(), &str>| {
            let replaced = stored.replaced_by(kind, next).map(|_| ()).map_err(|error| error.field);
            assert_eq!(replaced, expect);
        };
        let mut elsewhere = stored.masked();
        elsewhere.server_name = Some("evil".into());
        check(elsewhere.clone(), Err("password"));
        elsewhere.password = Some(Secret::new("mine"));
        check(elsewhere.clone(), Err("additionalParameters"));
        elsewhere.additional_parameters = None;
        check(elsewhere, Ok(()));
        // A new password alone is no reason to ask for the other secrets.
        let next = ProviderOptions { password: Some(Secret::new("new")), ..stored.masked() };
        let changed = stored.replaced_by(kind, next).unwrap();
        assert_eq!(changed.options().password, Some(Secret::new("new")));
        assert_eq!(changed.options().additional_parameters, stored.options().additional_parameters);
        // Another kind is another connection.
        let error = stored.replaced_by(ProviderType::MySql, stored.masked()).unwrap_err();
        assert_eq!(error.field, "password");
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn no_masked_text_holds_a_secret(
                secret in "[a-zA-Z0-9!]{6,20}",
                key in "(Password|PWD|User Password|api_key|Client Secret|AccessToken)",
                more in "[ -~]{0,20}",
            ) {
                prop_assume!(!more.contains(['"', '\'']) && !more.contains(&secret));
                let shown = ProviderModel::sqlite(format!("Server=a;{key}={secret};{more}")).masked();
                let shown = shown.connection_string.unwrap();
                prop_assert!(!shown.reveal().contains(&secret), "{}", shown.reveal());
            }

            #[test]
            fn masking_twice_is_masking_once(text in "[ -~]{0,60}") {
                let once = ProviderModel::sqlite(text).masked();
                prop_assert_eq!(once.masked(), once);
            }
        }
    }
}
