//! The types that settings have: how they are read and shown.

use std::net::IpAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;

use figment::value::{Num, Value};
use ipnet::IpNet;
use pressroom_application::CustomSql;
use pressroom_data::Culture;
use pressroom_delivery::{Sender, SmtpTls};
use pressroom_domain::Secret;
use pressroom_outbound::{HostPattern, InvalidHostPattern};

use crate::key::Key;

/// A value that a setting may have.
pub(super) trait Setting: Sized {
    /// Reads it, or says what it must be: words that follow "must be".
    fn read(value: &Value) -> Result<Self, String>;

    /// Shows it as TOML; none where it stands for nothing.
    fn show(&self) -> Option<String>;
}

impl Setting for String {
    fn read(value: &Value) -> Result<Self, String> {
        // The environment does not tell texts from numbers: a password may look like one.
        match value {
            Value::String(_, text) => Ok(text.clone()),
            Value::Char(_, char) => Ok(char.to_string()),
            Value::Bool(_, given) => Ok(given.to_string()),
            Value::Num(_, number) => (number.to_u128().map(|n| n.to_string()))
                .or_else(|| number.to_i128().map(|n| n.to_string()))
                .or_else(|| number.to_f64().map(|n| n.to_string()))
                .ok_or_else(|| "a text".to_owned()),
            Value::Empty(..) => Ok(Self::new()),
            Value::Dict(..) | Value::Array(..) => Err("a text".to_owned()),
        }
    }

    fn show(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

impl Setting for PathBuf {
    fn read(value: &Value) -> Result<Self, String> {
        match String::read(value) {
            Ok(text) if !text.is_empty() => Ok(text.into()),
            _ => Err("a path".to_owned()),
        }
    }

    fn show(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

impl Setting for bool {
    fn read(value: &Value) -> Result<Self, String> {
        value.to_bool_lossy().ok_or_else(|| "true or false".to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for u64 {
    fn read(value: &Value) -> Result<Self, String> {
        let number = value.to_num_lossy().and_then(Num::to_u128);
        number
            .and_then(|number| Self::try_from(number).ok())
            .ok_or_else(|| "a whole number".to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for NonZeroU64 {
    fn read(value: &Value) -> Result<Self, String> {
        let number = u64::read(value).ok().and_then(Self::new);
        number.ok_or_else(|| "a whole number greater than 0".to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for &'static Culture {
    fn read(value: &Value) -> Result<Self, String> {
        let found = String::read(value).ok().and_then(|name| Culture::find(&name));
        found.ok_or_else(|| "the name of a culture, such as \"de-DE\"".to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(format!("{:?}", self.name()))
    }
}

const CUSTOM_SQL: [(CustomSql, &str); 3] =
    [(CustomSql::Deny, "deny"), (CustomSql::SelectOnly, "select-only"), (CustomSql::All, "all")];

impl Setting for CustomSql {
    fn read(value: &Value) -> Result<Self, String> {
        let text = String::read(value).unwrap_or_default();
        let found = CUSTOM_SQL.iter().find(|(_, name)| *name == text);
        let words = || "\"deny\", \"select-only\" or \"all\"".to_owned();
        found.map(|(mode, _)| *mode).ok_or_else(words)
    }

    fn show(&self) -> Option<String> {
        CUSTOM_SQL.iter().find(|(mode, _)| mode == self).map(|(_, name)| format!("{name:?}"))
    }
}

impl Setting for IpNet {
    fn read(value: &Value) -> Result<Self, String> {
        let text = String::read(value).ok();
        let net = text.and_then(|text| {
            let net = text.parse().ok();
            net.or_else(|| text.parse::<IpAddr>().ok().map(Self::from))
        });
        net.ok_or_else(|| "an address or a network, such as \"10.0.0.0/8\"".to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(format!("{:?}", self.to_string()))
    }
}

impl Setting for Key {
    fn read(value: &Value) -> Result<Self, String> {
        let key = String::read(value).ok().and_then(|text| text.parse().ok());
        key.ok_or_else(|| "64 hexadecimal digits".to_owned())
    }

    fn show(&self) -> Option<String> {
        None
    }
}

/// A port of a machine, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port(pub u16);

impl Setting for Port {
    fn read(value: &Value) -> Result<Self, String> {
        let number = u64::read(value).ok().and_then(|number| u16::try_from(number).ok());
        let number = number.filter(|number| *number > 0);
        number.map(Self).ok_or_else(|| "a whole number from 1 to 65535".to_owned())
    }

    fn show(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

impl Setting for Secret {
    fn read(value: &Value) -> Result<Self, String> {
        String::read(value).map(Self::new)
    }

    fn show(&self) -> Option<String> {
        None
    }
}

/// The names of the ways to a mail server.
const SMTP_TLS: [(SmtpTls, &str); 3] =
    [(SmtpTls::None, "none"), (SmtpTls::StartTls, "starttls"), (SmtpTls::Tls, "tls")];

impl Setting for SmtpTls {
    fn read(value: &Value) -> Result<Self, String> {
        let name = String::read(value).unwrap_or_default();
        let found = SMTP_TLS.into_iter().find(|(_, known)| name.eq_ignore_ascii_case(known));
        found.map(|(tls, _)| tls).ok_or_else(|| "\"none\", \"starttls\" or \"tls\"".to_owned())
    }

    fn show(&self) -> Option<String> {
        SMTP_TLS.into_iter().find(|(tls, _)| tls == self).map(|(_, name)| format!("{name:?}"))
    }
}

impl Setting for Sender {
    fn read(value: &Value) -> Result<Self, String> {
        let expected = || "a sender such as \"Reports <reports@example.com>\"".to_owned();
        String::read(value).ok().and_then(|text| text.parse().ok()).ok_or_else(expected)
    }

    fn show(&self) -> Option<String> {
        Some(format!("{:?}", self.to_string()))
    }
}

impl Setting for HostPattern {
    fn read(value: &Value) -> Result<Self, String> {
        let text = String::read(value)?;
        text.parse().map_err(|error: InvalidHostPattern| error.to_string())
    }

    fn show(&self) -> Option<String> {
        Some(format!("{:?}", self.to_string()))
    }
}

impl<T: Setting> Setting for Option<T> {
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Empty(..) => Ok(None),
            value => T::read(value).map(Some),
        }
    }

    fn show(&self) -> Option<String> {
        self.as_ref().and_then(Setting::show)
    }
}

impl<T: Setting> Setting for Vec<T> {
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Array(_, values) => values.iter().map(T::read).collect(),
            // One is a list of one: `PRESSROOM_SOURCES__DATA_ROOTS=/srv/data`.
            value => Ok(vec![T::read(value)?]),
        }
    }

    fn show(&self) -> Option<String> {
        let shown: Vec<String> = self.iter().filter_map(Setting::show).collect();
        (!shown.is_empty()).then(|| format!("[{}]", shown.join(", ")))
    }
}
