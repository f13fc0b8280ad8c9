//! The language of what the database says.
//!
//! Some failures are known by their words alone. A database speaks the language of its setting
//! `lc_messages`, which only superusers may change, and whom they let.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::Connection;
use crate::address::Address;

/// Has a session say everything in English.
pub(crate) const ENGLISH: &str = "set lc_messages = 'C'";

/// What sessions do for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Nothing.
    AsItIs,
    /// They ask for [`ENGLISH`].
    Asked,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    locale: String,
    #[diesel(sql_type = Text)]
    role: String,
}

impl Language {
    /// What sessions at this address have to do; this one has done it. Where English is out of reach,
    /// the log says who can give it.
    pub(crate) fn of(conn: &mut Connection, address: &Address) -> Self {
        let asked = diesel::sql_query(
            "select coalesce(current_setting('lc_messages', true), 'C') as locale,
                    cast(current_user as text) as role",
        );
        // What speaks the protocol without such a setting speaks English.
        let Ok(Setting { locale, role }) = asked.get_result(conn) else { return Self::AsItIs };
        if ["C", "POSIX"].contains(&&*locale) {
            return Self::AsItIs;
        }
        if conn.batch_execute(ENGLISH).is_ok() {
            return Self::Asked;
        }
        if !["C.", "en"].iter().any(|english| locale.starts_with(english)) {
            tracing::warn!(
                place = address.place,
                lc_messages = locale,
                "the database may not speak English: a full disk there is told as a store that is not \
                 available, and deadlocks are not tried again; let a superuser run: \
                 alter role \"{role}\" set lc_messages = 'C'"
            );
        }
        Self::AsItIs
    }
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::servers::{Database, Missing, Postgres};
    use pressroom_diesel_store::remote::Engine;

    use super::*;
    use crate::Store;
    use crate::connect::{Purpose, Sessions, connect};

    /// What sessions at a place have to do, and what a session there says of a mistake.
    fn speaks(url: &str) -> (Language, String) {
        let address = Address::parse(url).unwrap();
        let language = Language::of(&mut connect(&address).unwrap(), &address);
        let sessions = Sessions { address, purpose: Purpose::Write, language };
        let error = sessions.connect().unwrap().batch_execute("select 1/0").unwrap_err();
        (language, error.to_string())
    }

    /// The same place for somebody who is no superuser.
    fn as_somebody(server: &Postgres, database: &Database) -> String {
        let _ = database.sql(&format!(
            "create role somebody login password 'secret'; alter database {} owner to somebody",
            database.name
        ));
        format!("postgres://somebody:secret@{}/{}", server.address(), database.name)
    }

    /// The server speaks another language, where it can.
    #[test]
    fn a_database_is_asked_to_speak_english() {
        pressroom_contracts::run(async {
            tokio::task::block_in_place(|| {
                let server = Postgres::dedicated().unwrap_or_else(Missing::skip);
                let database = server.database();
                let english = "division by zero".to_owned();
                assert_eq!(speaks(&database.url), (Language::Asked, english.clone()));

                // Whoever may not ask has a store nevertheless, until somebody asks for them.
                let url = as_somebody(&server, &database);
                assert_eq!(speaks(&url).0, Language::AsItIs);
                drop(Store::open(&url, true).unwrap());
                let _ = database.sql("alter role somebody set lc_messages = 'C'");
                assert_eq!(speaks(&url), (Language::AsItIs, english));
            });
        });
    }
}
