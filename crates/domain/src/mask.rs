//! Which parts of a connection are secret, and texts with those parts masked.
//!
//! A part is secret by its name: whatever holds a password, a token or a key. What is not known to be
//! harmless is not thereby secret: server names, users and options are for people to read.

use serde_json::Value;

use crate::connection_string::{pairs, squeezed};

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "***";

/// Names that mark a secret wherever they are part of a name, without spaces and signs.
const SECRET_WORDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "authkey",
    "privatekey",
    "authorization",
    "credential",
];
/// Names that mark a secret in the query of an address.
const SECRET_QUERY_WORDS: [&str; 4] = ["key", "sig", "signature", "code"];

/// Whether a part of this name is secret.
fn is_secret(name: &str) -> bool {
    let plain = squeezed(name);
    SECRET_WORDS.iter().any(|word| plain.contains(word))
}

/// A connection string, or options of one: `key=value` pairs joined by `;`, and addresses anywhere.
pub(crate) fn connection_string(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for (place, pair) in pairs(text).into_iter().enumerate() {
        if place > 0 {
            masked.push(';');
        }
        match pair.split_once('=') {
            Some((key, value)) if is_secret(key) && !value.trim().is_empty() => {
                masked.push_str(key);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(pair),
        }
    }
    address(&masked)
}

/// A text with the passwords and keys of the addresses in it masked.
pub(crate) fn address(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find("://") {
        let (before, after) = rest.split_at(place + 3);
        masked.push_str(before);
        let end = after.find([' ', '"', '\'', ';', '<', '>']).unwrap_or(after.len());
        let (one, more) = after.split_at(end);
        masked.push_str(&address_after_scheme(one));
        rest = more;
    }
    masked.push_str(rest);
    masked
}

/// `user:password@host/path?key=value#fragment`
fn address_after_scheme(text: &str) -> String {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (authority, path) = text.split_at(end);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:{MASK}@{host}"),
            // A single part can be a token.
            None => format!("{MASK}@{host}"),
        },
        None => authority.to_owned(),
    };
    let Some((path, query)) = path.split_once('?') else { return authority + path };
    let (query, fragment) = match query.split_once('#') {
        Some((query, fragment)) => (query, format!("#{fragment}")),
        None => (query, String::new()),
    };
    let secret = |name: &str| is_secret(name) || SECRET_QUERY_WORDS.contains(&&*squeezed(name));
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if secret(name) => format!("{name}={MASK}"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{authority}{path}?{}{fragment}", pairs.join("&"))
}

/// The declaration of a JSON source: JSON of its own, with passwords and headers in it. The very text
/// where it holds no secret; a text that is no JSON is masked as a connection string.
pub(crate) fn json(text: &str) -> String {
    let Ok(declared) = serde_json::from_str::<Value>(text) else { return connection_string(text) };
    let masked = json_value(&declared);
    if masked == declared { text.to_owned() } else { masked.to_string() }
}

fn json_value(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(address(text)),
        Value::Array(items) => Value::Array(items.iter().map(json_value).collect()),
        Value::Object(members) => {
            // `{"name": "Authorization", "value": "Bearer …"}`
            let named_secret = members.iter().any(|(name, value)| {
                matches!(&*squeezed(name), "name" | "key") && value.as_str().is_some_and(is_secret)
            });
            let masked = members.iter().map(|(name, value)| {
                let of_named = named_secret && squeezed(name) == "value";
                let hidden = (is_secret(name) || of_named) && !is_empty(value);
                let value = if hidden { Value::String(MASK.to_owned()) } else { json_value(value) };
                (name.clone(), value)
            });
            Value::Object(masked.collect())
        }
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_strings() {
        for (text, expect) in [
            ("Data Source=sales.db", "Data Source=sales.db"),
            ("Data Source=x;Password=hunter2", "Data Source=x;Password=***"),
            ("PWD = hunter2 ;Server=a", "PWD =***;Server=a"),
            ("User Id=ann;pass word=\"a;b\";Port=1", "User Id=ann;pass word=***;Port=1"),
            ("Jet OLEDB:Database Password='x;y'", "Jet OLEDB:Database Password=***"),
            (
                "OAuthClientSecret=x;OAuthRefreshToken=y",
                "OAuthClientSecret=***;OAuthRefreshToken=***",
            ),
            ("Password=;Server=a", "Password=;Server=a"),
            (
                "Uri=https://ann:x@host/a?key=1&n=2;T=3",
                "Uri=https://ann:***@host/a?key=***&n=2;T=3",
            ),
            ("Password", "Password"),
            ("Password=a=b", "Password=***"),
            ("", ""),
        ] {
            assert_eq!(connection_string(text), expect, "{text}");
        }
    }

    #[test]
    fn addresses() {
        for (text, expect) in [
            ("https://host/data.json", "https://host/data.json"),
            ("https://ann:p@ss@host:8/x", "https://ann:***@host:8/x"),
            ("https://t0ken@host", "https://***@host"),
            ("https://host/?api_key=1&page=2#top", "https://host/?api_key=***&page=2#top"),
            ("https://host/?sig=abc", "https://host/?sig=***"),
            ("data/rows.json", "data/rows.json"),
        ] {
            assert_eq!(address(text), expect, "{text}");
        }
    }

    #[test]
    fn declarations_of_json_sources() {
        let plain = r#"{ "Source": {"@Uri": "https://host/x"} }"#;
        assert_eq!(json(plain), plain);
        let secret = r#"{"Source":{"@Uri":"https://a:b@host/x","Headers":[{"@Name":"Authorization","@Value":"Bearer x"},{"@Name":"Accept","@Value":"y"}],"Password":"x"}}"#;
        assert_eq!(
            json(secret),
            r#"{"Source":{"@Uri":"https://a:***@host/x","Headers":[{"@Name":"Authorization","@Value":"***"},{"@Name":"Accept","@Value":"y"}],"Password":"***"}}"#
        );
        assert_eq!(json("Uri=x;Password=y"), "Uri=x;Password=***");
    }
}
