//! Where bytes are: a folder, or a bucket of an S3 server.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use figment::value::Value;

use super::place::{PlaceError, decoded, path, scheme_of, without_secret};
use super::value::Setting;
use super::web_address::WebAddress;

/// A folder, `file:///absolute/folder`, or a bucket, `s3://bucket/prefix?region=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobPlace {
    /// A folder.
    Folder(PathBuf),
    /// A bucket.
    Bucket(BucketPlace),
}

/// A bucket of an S3 server: `s3://bucket/prefix`, followed by what is known of `region`, `endpoint`
/// and `path_style`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPlace {
    /// The bucket's name.
    pub name: String,
    /// What names of objects begin with; empty for the whole bucket.
    pub prefix: String,
    /// The region.
    pub region: Option<String>,
    /// The server.
    pub endpoint: Option<WebAddress>,
    /// Whether the bucket stands in the path and not in the host's name.
    pub path_style: Option<bool>,
}

impl BlobPlace {
    const FOLDER: &str = "file:///absolute/folder";

    /// The folder, if it is one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Bucket(_) => None,
        }
    }
}

impl FromStr for BlobPlace {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        match scheme_of(text).as_deref() {
            Some("s3") if cfg!(feature = "s3") => text.parse().map(Self::Bucket),
            Some("s3") => Err(PlaceError::NoBuckets { instead: Self::FOLDER }),
            _ => path(text, &["file"], Self::FOLDER).map(Self::Folder),
        }
    }
}

impl BucketPlace {
    const EXAMPLE: &str = "s3://bucket/prefix?region=eu-central-1";
}

impl FromStr for BucketPlace {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let shape = || PlaceError::Shape { text: without_secret(text), example: Self::EXAMPLE };
        let (_, rest) = text.trim().split_once("://").ok_or_else(shape)?;
        let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let named = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if !(1..=255).contains(&name.len()) || !name.chars().all(named) || name.starts_with('.') {
            return Err(shape());
        }
        let prefix = decoded(prefix).ok_or_else(shape)?;
        let prefix = prefix.trim_matches('/');
        let good =
            |part: &str| !["", ".", ".."].contains(&part) && !part.contains(char::is_control);
        if !prefix.is_empty() && !prefix.split('/').all(good) {
            return Err(shape());
        }
        let mut bucket = Self {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            region: None,
            endpoint: None,
            path_style: None,
        };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            bucket.take(option)?;
        }
        Ok(bucket)
    }
}

impl BucketPlace {
    /// Takes one option of an address.
    fn take(&mut self, option: &str) -> Result<(), PlaceError> {
        let (key, text) = option.split_once('=').unwrap_or((option, ""));
        let value = decoded(text).unwrap_or_default();
        match key {
            "region" => {
                let named = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
                let region =
                    Some(value).filter(|value| !value.is_empty() && value.chars().all(named));
                self.region = Some(given("region", "a name such as eu-central-1", region)?);
            }
            "endpoint" => {
                let expected = "an address such as https://s3.example.com";
                self.endpoint = Some(given("endpoint", expected, value.parse().ok())?);
            }
            "path_style" => {
                let expected = "true or false";
                self.path_style = Some(given("path_style", expected, value.parse().ok())?);
            }
            _ => {
                let known = "region, endpoint and path_style";
                return Err(PlaceError::UnknownOption { key: without_secret(key), known });
            }
        }
        Ok(())
    }
}

/// The value of an option, if it is one.
fn given<T>(key: &'static str, expected: &'static str, value: Option<T>) -> Result<T, PlaceError> {
    value.ok_or(PlaceError::Option { key, expected })
}

impl fmt::Display for BucketPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.name)?;
        if !self.prefix.is_empty() {
            write!(f, "/{}", self.prefix)?;
        }
        let options = [
            ("region", self.region.clone()),
            ("endpoint", self.endpoint.as_ref().map(|address| address.as_str().to_owned())),
            ("path_style", self.path_style.map(|path_style| path_style.to_string())),
        ];
        let given = options.into_iter().filter_map(|(key, value)| Some((key, value?)));
        for (index, (key, value)) in given.enumerate() {
            write!(f, "{}{key}={value}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl fmt::Display for BlobPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Bucket(bucket) => bucket.fmt(f),
        }
    }
}

impl Setting for BlobPlace {
    fn read(value: &Value) -> Result<Self, String> {
        let text = String::read(value)?;
        text.parse().map_err(|error: PlaceError| {
            format!("{} or {}: {error}", Self::FOLDER, BucketPlace::EXAMPLE)
        })
    }

    fn show(&self) -> Option<String> {
        Some(match self {
            Self::Folder(folder) => format!("{:?}", format!("file://{}", folder.display())),
            Self::Bucket(bucket) => format!("{:?}", bucket.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&str, &str>) {
        let got = text.parse::<BlobPlace>().map(|place| place.to_string());
        let got = got.map_err(|error| error.to_string());
        assert_eq!(got, expect.map(str::to_owned).map_err(str::to_owned), "{text}");
    }

    #[test]
    fn addresses_of_folders() {
        check("file:///srv/blobs", Ok("/srv/blobs"));
        check("FILE:///srv/my%20blobs", Ok("/srv/my blobs"));
        check("", Err("\"\" is no address; give one such as file:///absolute/folder"));
    }

    #[cfg(feature = "s3")]
    #[test]
    fn addresses_of_buckets() {
        check("s3://reports", Ok("s3://reports"));
        check("S3://reports/", Ok("s3://reports"));
        check(
            "s3://reports/a/b%20c/?region=eu-central-1",
            Ok("s3://reports/a/b c?region=eu-central-1"),
        );
        let all = "s3://reports/site?region=eu&endpoint=http://127.0.0.1:9000&path_style=true";
        check(all, Ok(all));
        check(
            "s3://reports?endpoint=https%3A%2F%2Fs3.example.com%2F",
            Ok("s3://reports?endpoint=https://s3.example.com"),
        );
    }

    #[cfg(feature = "s3")]
    #[test]
    fn mistakes_are_told_without_a_secret() {
        let example = "give one such as s3://bucket/prefix?region=eu-central-1";
        for text in ["s3:reports", "s3://", "s3:///site", "s3://a b", "s3://a/../b", "s3://a/b//c"]
        {
            check(text, Err(&format!("\"{text}\" is no address; {example}")));
        }
        check(
            "s3://key:hunter2@reports/site",
            Err(&format!("\"…@reports/site\" is no address; {example}")),
        );
        let option = |text: &str, expect: &str| check(&format!("s3://a?{text}"), Err(expect));
        option(
            "colour=blue",
            "there is no option colour; an address takes region, endpoint and path_style",
        );
        option("region=", "region in the address must be a name such as eu-central-1");
        option(
            "endpoint=http://me:hunter2@a",
            "endpoint in the address must be an address such as https://s3.example.com",
        );
        option("path_style=perhaps", "path_style in the address must be true or false");
    }

    #[cfg(not(feature = "s3"))]
    #[test]
    fn a_build_without_buckets_says_so() {
        check(
            "s3://reports/site",
            Err("this build has no adapter for s3: it was built without the feature \"s3\"; \
                 give one such as file:///absolute/folder"),
        );
    }
}
