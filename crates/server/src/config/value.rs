//! The types that settings have: how they are read and shown.

use std::net::IpAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;

use figment::value::{Num, Value};
use ipnet::IpNet;
use pressroom_data::Culture;

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
