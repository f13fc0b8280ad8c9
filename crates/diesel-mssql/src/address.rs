//! Where a store is, as it is written.

use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::remote::without_password;

/// What holds for a connection unless its address says otherwise: how long it may take to come about,
/// how long an answer may take, in seconds, and what the server's list of sessions calls it.
const DEFAULTS: &str = "connect_timeout=5&timeout=30&application_name=pressroom";

/// Where a store is.
#[derive(Clone)]
pub(crate) struct Address {
    /// For the driver: with the password.
    pub(crate) url: String,
    /// For messages: without it.
    pub(crate) place: String,
}

impl Address {
    /// Reads `mssql://user:password@host:port/database?option=value&…`. What options there are, the
    /// driver says when it connects.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let place = without_password(url);
        let (before, options) = url.split_once('?').unwrap_or((url, ""));
        // A password may hold a / or an @ that nobody escaped; a database's name may not.
        let database = before.rsplit_once('@').and_then(|(_, host)| host.split_once('/'));
        if database.is_none_or(|(_, name)| name.is_empty()) {
            return Err(OpenError::Place {
                place,
                reason: "it looks like mssql://user:password@host:1433/database".to_owned(),
            });
        }
        // The last of two options of a name counts.
        Ok(Self { url: format!("{before}?{DEFAULTS}&{options}"), place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let check = |url: &str, expect: (&str, &str)| {
            let address = Address::parse(url).unwrap();
            assert_eq!((address.place.as_str(), address.url.as_str()), expect);
        };
        check(
            "mssql://ann:s%40cret@db.example.com:1444/press?encrypt=true&timeout=9",
            (
                "mssql://ann@db.example.com:1444/press",
                "mssql://ann:s%40cret@db.example.com:1444/press?connect_timeout=5&timeout=30\
                 &application_name=pressroom&encrypt=true&timeout=9",
            ),
        );
        check(
            "sqlserver://ann:a/b@c@db/press",
            (
                "sqlserver://ann@db/press",
                "sqlserver://ann:a/b@c@db/press?connect_timeout=5&timeout=30\
                 &application_name=pressroom&",
            ),
        );
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_its_password() {
        for url in [
            "mssql://ann:hunter2@db",
            "mssql://ann:hunter2@db/",
            "mssql://ann:hunter2@db:1433?encrypt=true",
            "mssql://db/press",
            "hunter2",
        ] {
            let error = Address::parse(url).err().unwrap().to_string();
            assert!(error.contains("looks like mssql://"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
