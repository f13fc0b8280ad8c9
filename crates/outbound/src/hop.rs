//! One request: an address of the web that was judged.

use std::net::{IpAddr, SocketAddr};

use percent_encoding::percent_decode_str;
use pressroom_ports::FetchError;
use url::{Host, Url};

use crate::hosts::without_root;
use crate::policy::{Denial, Policy};
use crate::ranges::{Reach, plain};
use crate::resolver::Resolver;

/// The longest address, in bytes.
const ADDRESS_BYTES: usize = 8 << 10;

/// An address of the web.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    url: Url,
    host: Host<String>,
    port: u16,
}

/// An address of the web, and where a connection may go for it.
#[derive(Debug)]
pub(crate) struct Hop {
    pub(crate) target: Target,
    /// The machines that were judged; never empty.
    pub(crate) machines: Vec<SocketAddr>,
    pub(crate) reach: Reach,
}

impl Target {
    /// Reads an address, and takes user and password out of it.
    pub(crate) fn read(text: &str) -> Result<(Self, Option<(String, String)>), FetchError> {
        let malformed = || {
            FetchError::Malformed(
                "the address is none; write one such as https://files.example.com/rows.json".into(),
            )
        };
        if text.len() > ADDRESS_BYTES {
            let message = format!("the address is longer than {ADDRESS_BYTES} bytes");
            return Err(FetchError::Malformed(message));
        }
        let url = Url::parse(text.trim()).map_err(|_| malformed())?;
        if !matches!(url.scheme(), "http" | "https") {
            let message = "only addresses that begin with http:// or https:// are fetched";
            return Err(FetchError::Malformed(message.into()));
        }
        let user = || {
            let decoded = |text: &str| {
                percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| {
                    let message = "user and password in the address are not encoded right";
                    FetchError::Malformed(message.into())
                })
            };
            let password = url.password().unwrap_or_default();
            Ok::<_, FetchError>((decoded(url.username())?, decoded(password)?))
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        let user = has_user.then(user).transpose()?;
        Ok((Self::of(url).ok_or_else(malformed)?, user))
    }

    /// Where a redirection leads, without a user in it.
    pub(crate) fn redirected(&self, location: &str) -> Result<Self, &'static str> {
        if location.len() > ADDRESS_BYTES {
            return Err("to an address that is too long");
        }
        let url = self.url.join(location).map_err(|_| "to what is no address")?;
        match (self.url.scheme(), url.scheme()) {
            ("https", "http") => Err("from https to http, where anybody can change the document"),
            (_, "http" | "https") => Self::of(url).ok_or("to what is no address"),
            _ => Err("to an address that is neither http nor https"),
        }
    }

    fn of(mut url: Url) -> Option<Self> {
        url.set_fragment(None);
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        let host = match url.host()? {
            Host::Domain(name) => Host::Domain(without_root(name).to_owned()),
            Host::Ipv4(address) => Host::Ipv4(address),
            // What stands for an address of version 4 is that one.
            Host::Ipv6(address) => match plain(address.into()) {
                IpAddr::V4(address) => Host::Ipv4(address),
                IpAddr::V6(address) => Host::Ipv6(address),
            },
        };
        url.set_host(Some(&host.to_string())).ok()?;
        let port = url.port_or_known_default()?;
        Some(Self { url, host, port })
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// The host for messages, with its port where that is not the usual one.
    pub(crate) fn name(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_string(),
        }
    }

    /// The name that is looked up; none where the address holds the machine's.
    pub(crate) fn domain(&self) -> Option<&str> {
        match &self.host {
            Host::Domain(name) => Some(name),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }

    /// Whether what is sent to one of them may be sent to the other.
    pub(crate) fn is_same_host(&self, other: &Self) -> bool {
        self.url.scheme() == other.url.scheme()
            && self.host == other.host
            && self.port == other.port
    }
}

impl Hop {
    /// Judges a target: first its host, then every address that the host stands for. `from` is where
    /// a redirection comes from.
    pub(crate) async fn judge(
        target: Target,
        policy: &Policy,
        resolver: &dyn Resolver,
        from: Option<Reach>,
    ) -> Result<Self, FetchError> {
        let host = target.name();
        if !policy.admits_host(&target.host, target.port) {
            return Err(FetchError::Untrusted { host });
        }
        let found = match &target.host {
            Host::Ipv4(address) => vec![IpAddr::from(*address)],
            Host::Ipv6(address) => vec![IpAddr::from(*address)],
            Host::Domain(name) => resolver.look_up(name).await.unwrap_or_default(),
        };
        if found.is_empty() {
            let problem = "there is no address for its name; see that it is written right".into();
            return Err(FetchError::Away { host, problem });
        }
        let mut nearest = Reach::Public;
        // One that is refused refuses all: whoever mixes them tries something.
        for address in &found {
            match policy.judge(&target.host, target.port, *address, from) {
                Ok(Reach::Public) => {}
                Ok(reach) => nearest = reach,
                Err(Denial::Untrusted) => return Err(FetchError::Untrusted { host }),
                Err(Denial::Private) => return Err(FetchError::Private { host }),
                Err(Denial::Inwards) => {
                    let problem = "from the internet into a private network";
                    return Err(FetchError::Redirected { host, problem });
                }
            }
        }
        let machines = found.into_iter().map(|address| SocketAddr::new(address, target.port));
        Ok(Self { machines: machines.collect(), target, reach: nearest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let check = |text: &str, url: &str, host: &str, user: Option<(&str, &str)>| {
            let (target, got) = Target::read(text).unwrap();
            let got = got.as_ref().map(|(user, password)| (&**user, &**password));
            assert_eq!((target.url.as_str(), &*target.name(), got), (url, host, user), "{text}");
        };
        check("https://a.example/x?y#z", "https://a.example/x?y", "a.example", None);
        check(" HTTP://A.Example.:80 ", "http://a.example/", "a.example", None);
        check("http://a:8080", "http://a:8080/", "a:8080", None);
        check("http://ann:p%40ss@a/x", "http://a/x", "a", Some(("ann", "p@ss")));
        check("http://ann@a/x", "http://a/x", "a", Some(("ann", "")));
        check("http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1", None);
        check("http://2130706433/", "http://127.0.0.1/", "127.0.0.1", None);
        check("http://[::ffff:7f00:1]/", "http://127.0.0.1/", "127.0.0.1", None);
        check("http://[fd00::5]:81/", "http://[fd00::5]:81/", "[fd00::5]:81", None);
    }

    #[test]
    fn what_is_no_address() {
        let long = format!("http://a/{}", "x".repeat(9_000));
        for text in [
            "",
            "rows.json",
            "//a/x",
            "ftp://a/x",
            "file:///etc/passwd",
            "http://",
            "http://a b/",
            "http://a:99999/",
            "data:text/plain,x",
            "javascript:1",
            "http://%ff@a/",
            &long,
        ] {
            let error = Target::read(text).unwrap_err();
            assert!(matches!(error, FetchError::Malformed(_)), "{text}");
        }
    }

    #[test]
    fn redirections() {
        let check = |from: &str, to: &str, expect: Result<&str, &str>| {
            let (from, _) = Target::read(from).unwrap();
            let got = from.redirected(to);
            assert_eq!(got.as_ref().map(|target| target.url.as_str()).map_err(|e| *e), expect);
        };
        check("http://a/x/y", "z", Ok("http://a/x/z"));
        check("http://a/x", "https://b/?k", Ok("https://b/?k"));
        check("http://a/x", "//ann:pass@b/z#f", Ok("http://b/z"));
        check("http://a/x", "file:///etc", Err("to an address that is neither http nor https"));
        check("http://a/x", "http://", Err("to what is no address"));
        check(
            "https://a/x",
            "http://a/x",
            Err("from https to http, where anybody can change the document"),
        );
    }
}
