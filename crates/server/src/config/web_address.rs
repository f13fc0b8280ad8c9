//! The address at which readers find a site.

use std::str::FromStr;

use figment::value::Value;

use super::value::Setting;

/// An address of the web that others are made of: `https://reports.example.com`, or one with a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

/// A text that is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address such as https://reports.example.com")]
pub struct InvalidWebAddress;

impl WebAddress {
    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebAddress {
    type Err = InvalidWebAddress;

    fn from_str(text: &str) -> Result<Self, InvalidWebAddress> {
        let text = text.trim().trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").ok_or(InvalidWebAddress)?;
        let host = rest.split('/').next().unwrap_or_default();
        let known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        // Links are made by what follows; a name and a password have no place in them.
        let plain =
            !text.contains(|c: char| c.is_whitespace() || c.is_control() || "?#@\"<>".contains(c));
        if known && plain && !host.is_empty() && !host.starts_with(':') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidWebAddress)
        }
    }
}

impl Setting for WebAddress {
    fn read(value: &Value) -> Result<Self, String> {
        let text = String::read(value)?;
        text.parse().map_err(|error: InvalidWebAddress| error.to_string())
    }

    fn show(&self) -> Option<String> {
        Some(format!("{:?}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |text: &str, expect: Option<&str>| {
            let got = text.parse::<WebAddress>().ok();
            assert_eq!(got.as_ref().map(WebAddress::as_str), expect, "{text}");
        };
        check(" https://reports.example.com/ ", Some("https://reports.example.com"));
        check("http://[::1]:8080/a/b/", Some("http://[::1]:8080/a/b"));
        for wrong in ["", "reports.example.com", "ftp://a", "https://", "https://:80", "http:///a"]
        {
            check(wrong, None);
        }
        for wrong in ["https://a?b", "https://a#b", "https://me:secret@a", "https://a b"] {
            check(wrong, None);
        }
    }
}
