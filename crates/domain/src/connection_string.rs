//! Texts of `key=value` pairs that say where a database is.

use std::borrow::Cow;

use crate::ProviderType;

/// The pairs of a connection string, such as `XpoProvider=Postgres;Server=db1;User ID=report`.
///
/// Keys count without letter case, blanks and signs. A value may stand in quotes, which are doubled
/// within; a `;` in quotes ends nothing. Never printed: it may hold a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConnectionString {
    pairs: Vec<(String, String)>,
    /// The keys as they are written, with their values.
    written: Vec<(String, String)>,
}

impl ConnectionString {
    /// The pairs of a text. What is no pair is left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pairs = pairs(text).into_iter().filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            Some((key.trim().to_owned(), unquoted(value.trim()).into_owned()))
        });
        let written: Vec<(String, String)> =
            pairs.filter(|(key, _)| !squeezed(key).is_empty()).collect();
        let pairs = written.iter().map(|(key, value)| (squeezed(key), value.clone()));
        Self { pairs: pairs.collect(), written }
    }

    /// The value of the first of some keys that has one. The last pair of a key counts. Keys are given
    /// squeezed: `userid` is that of `User ID`.
    #[must_use]
    pub fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| {
            let pair = self.pairs.iter().rev().find(|(known, _)| known == key);
            pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        })
    }

    /// The pairs whose keys begin with a word in any letter case, without it and otherwise as they are
    /// written: `header:X-Key=abc` is `("X-Key", "abc")` for `header:`.
    pub fn prefixed(&self, word: &str) -> impl Iterator<Item = (&str, &str)> {
        self.written.iter().filter_map(move |(key, value)| {
            let begins = key.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
            begins.then(|| (key[word.len()..].trim(), value.as_str()))
        })
    }

    /// All pairs in order, with squeezed keys.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The kind of database that the text itself names by `XpoProvider`, if it is a known one.
    #[must_use]
    pub fn provider(&self) -> Option<ProviderType> {
        self.get(&["xpoprovider"]).and_then(ProviderType::of_xpo)
    }
}

impl ProviderType {
    /// The kind of database by the name that XPO gives it, in any letter case.
    #[must_use]
    pub fn of_xpo(name: &str) -> Option<Self> {
        let mut known = XPO_PROVIDERS.iter();
        known.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
    }
}

/// The kinds of databases by the names that XPO gives them.
const XPO_PROVIDERS: [(&str, ProviderType); 24] = [
    ("MSSqlServer", ProviderType::MsSqlServer),
    ("MSSqlServerCE", ProviderType::MsSqlServerCe),
    ("MySql", ProviderType::MySql),
    ("Postgres", ProviderType::Postgres),
    ("SQLite", ProviderType::SqLite),
    ("Firebird", ProviderType::Firebird),
    ("Oracle", ProviderType::Oracle),
    ("ODP", ProviderType::Oracle),
    ("ODPManaged", ProviderType::Oracle),
    ("DB2", ProviderType::Db2),
    ("Ase", ProviderType::Ase),
    ("Asa", ProviderType::Asa),
    ("Advantage", ProviderType::Advantage),
    ("Pervasive", ProviderType::Pervasive),
    ("MSAccess", ProviderType::Access97),
    ("MSAccess2007", ProviderType::Access2007),
    ("Access97", ProviderType::Access97),
    ("Access2007", ProviderType::Access2007),
    ("Teradata", ProviderType::Teradata),
    ("Amazon Redshift", ProviderType::AmazonRedshift),
    ("BigQuery", ProviderType::BigQuery),
    ("VistaDB", ProviderType::VistaDb),
    ("VistaDB5", ProviderType::VistaDb5),
    ("InMemoryDataStore", ProviderType::InMemory),
];

/// A key without what people write differently.
pub(crate) fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The pairs of a connection string as they stand there. A `;` within quotes joins nothing.
pub(crate) fn pairs(text: &str) -> Vec<&str> {
    let (mut pairs, mut start, mut quote) = (Vec::new(), 0, None);
    for (place, character) in text.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') if text[start..place].trim_end().ends_with('=') => {
                quote = Some(character);
            }
            (Some(open), close) if open == close => quote = None,
            (None, ';') => {
                pairs.push(&text[start..place]);
                start = place + 1;
            }
            // The second of two quotes: the text goes on.
            (None, '"' | '\'') if text[..place].ends_with(character) => quote = Some(character),
            _ => {}
        }
    }
    pairs.push(&text[start..]);
    pairs
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> Cow<'_, str> {
    for quote in ['"', '\''] {
        let inner = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            let doubled = String::from_iter([quote, quote]);
            return if inner.contains(&doubled) {
                Cow::Owned(inner.replace(&doubled, &String::from(quote)))
            } else {
                Cow::Borrowed(inner)
            };
        }
    }
    Cow::Borrowed(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_count_without_case_blanks_and_signs() {
        let parsed = ConnectionString::parse(
            "XpoProvider=postgres; SERVER = db1 ;User ID=report;Initial-Catalog=a=b;;x;=y;server=db2",
        );
        assert_eq!(parsed.provider(), Some(ProviderType::Postgres));
        assert_eq!(parsed.get(&["host", "server"]), Some("db2"));
        assert_eq!(parsed.get(&["userid"]), Some("report"));
        assert_eq!(parsed.get(&["initialcatalog"]), Some("a=b"));
        assert_eq!(parsed.get(&["password"]), None);
        assert_eq!(parsed.pairs().count(), 5);
        assert_eq!(ConnectionString::parse("XpoProvider=dbase").provider(), None);
    }

    #[test]
    fn some_keys_hold_names_of_their_own() {
        let parsed = ConnectionString::parse("Uri=x;Header: X-Api_Key =a=b;header:Accept=c;head=d");
        let headers: Vec<_> = parsed.prefixed("header:").collect();
        assert_eq!(headers, [("X-Api_Key", "a=b"), ("Accept", "c")]);
    }

    #[test]
    fn values_may_stand_in_quotes() {
        let check = |text: &str, expect: &str| {
            assert_eq!(ConnectionString::parse(text).get(&["password"]), Some(expect), "{text}");
        };
        check("Password=\"a;b\";x=y", "a;b");
        check("Password='a;\"b';x=y", "a;\"b");
        check("Password=\"a\"\"b;c\";x=y", "a\"b;c");
        check("x=y;Password=it's", "it's");
        check("Password=\"", "\"");
    }

    #[test]
    fn every_kind_of_xpo_is_known() {
        for (name, kind) in XPO_PROVIDERS {
            let parsed = ConnectionString::parse(&format!("xpoprovider=\"{name}\""));
            assert_eq!(parsed.provider(), Some(kind), "{name}");
        }
    }
}
