//! Lists of hosts: names, addresses, networks.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::Host;

use crate::ranges;

/// What every machine calls itself.
const LOCALHOST: &str = "localhost";

/// An entry of a list of hosts:
///
/// | entry | stands for |
/// |---|---|
/// | `files.example.com` | that host |
/// | `*.example.com` | every host below `example.com`, not that itself |
/// | `10.0.0.5`, `fd00::5`, `[fd00::5]` | that address |
/// | `10.0.0.0/8` | every address of a network |
/// | any of these and `:8443` | the same, on one port only; `[fd00::5]:8443` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    Name(String),
    Below(String),
    Network(IpNet),
}

/// A text that is no entry of a list of hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a host without https://, such as \"files.example.com\", \"*.example.com\", \
     \"files.example.com:8443\", \"10.0.0.5\" or \"10.0.0.0/8\""
)]
pub struct InvalidHostPattern;

impl HostPattern {
    /// Whether a host of an address is meant, as it is written there.
    pub(crate) fn matches(&self, host: &Host<String>, port: u16) -> bool {
        self.is_port(port)
            && match (&self.hosts, host) {
                (Hosts::Name(name), Host::Domain(host)) => name == without_root(host),
                (Hosts::Below(name), Host::Domain(host)) => {
                    let host = without_root(host).strip_suffix(name.as_str());
                    let host = host.and_then(|host| host.strip_suffix('.'));
                    host.is_some_and(|host| !host.is_empty())
                }
                (Hosts::Network(network), Host::Ipv4(address)) => {
                    has(network, IpAddr::from(*address))
                }
                (Hosts::Network(network), Host::Ipv6(address)) => {
                    has(network, IpAddr::from(*address))
                }
                _ => false,
            }
    }

    /// Whether a host that is meant stands for an address by itself, without anybody being asked: it is
    /// an address, or `localhost`, which is no other machine (RFC 6761).
    pub(crate) fn means(&self, address: IpAddr) -> bool {
        match &self.hosts {
            Hosts::Network(network) => has(network, address),
            Hosts::Name(name) => name == LOCALHOST && ranges::plain(address).is_loopback(),
            Hosts::Below(_) => false,
        }
    }

    fn is_port(&self, port: u16) -> bool {
        self.port.is_none_or(|only| only == port)
    }
}

/// A network holds an address however that is written.
fn has(network: &IpNet, address: IpAddr) -> bool {
    network.contains(&ranges::plain(address)) || network.contains(&address)
}

/// A name without the dot that stands for the root of all names.
pub(crate) fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// A name as addresses of the web have it: in small letters, others than ASCII encoded.
fn name(text: &str) -> Result<String, InvalidHostPattern> {
    let plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    match Host::parse(text) {
        Ok(Host::Domain(name)) if text.chars().all(plain) && !without_root(&name).is_empty() => {
            Ok(without_root(&name).to_owned())
        }
        _ => Err(InvalidHostPattern),
    }
}

impl FromStr for HostPattern {
    type Err = InvalidHostPattern;

    fn from_str(text: &str) -> Result<Self, InvalidHostPattern> {
        let text = text.trim();
        if let Some(network) = network(text) {
            return Ok(Self { hosts: Hosts::Network(network), port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => {
                let port = port.parse().ok().filter(|port| *port > 0);
                (host, Some(port.ok_or(InvalidHostPattern)?))
            }
            None => (text, None),
        };
        let hosts = match (network(host), host.strip_prefix("*.")) {
            (Some(network), _) => Hosts::Network(network),
            (None, Some(below)) => Hosts::Below(name(below)?),
            (None, None) => Hosts::Name(name(host)?),
        };
        Ok(Self { hosts, port })
    }
}

/// An address or a network. One of version 6 that has a port stands in brackets.
fn network(text: &str) -> Option<IpNet> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().map(|address| IpNet::from(ranges::plain(address)));
    address.ok().or_else(|| text.parse::<IpNet>().ok().map(|network| network.trunc()))
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.hosts {
            Hosts::Name(name) => f.write_str(name)?,
            Hosts::Below(name) => write!(f, "*.{name}")?,
            Hosts::Network(network) if network.prefix_len() < network.max_prefix_len() => {
                write!(f, "{network}")?;
            }
            Hosts::Network(network) => match (network.addr(), self.port) {
                (IpAddr::V6(address), Some(_)) => write!(f, "[{address}]")?,
                (address, _) => write!(f, "{address}")?,
            },
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read() {
        for (text, expect) in [
            ("files.example.com", "files.example.com"),
            (" Files.Example.COM. ", "files.example.com"),
            ("*.example.com", "*.example.com"),
            ("files.example.com:8443", "files.example.com:8443"),
            ("*.example.com:8443", "*.example.com:8443"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("report_files", "report_files"),
            ("10.0.0.5", "10.0.0.5"),
            ("10.0.0.5:80", "10.0.0.5:80"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.0.0.0/8:8080", "10.0.0.0/8:8080"),
            ("fd00::5", "fd00::5"),
            ("[fd00::5]", "fd00::5"),
            ("[fd00::5]:8443", "[fd00::5]:8443"),
            ("fd00::/8", "fd00::/8"),
            ("::ffff:10.0.0.5", "10.0.0.5"),
        ] {
            let pattern: HostPattern = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(pattern.to_string(), expect, "{text}");
            assert_eq!(pattern.to_string().parse(), Ok(pattern), "{text}");
        }
    }

    #[test]
    fn what_is_no_entry() {
        for text in [
            "",
            "*",
            "*.",
            ".",
            "https://files.example.com",
            "files.example.com/data",
            "ann@files.example.com",
            "files.*.com",
            "a b",
            "host:0",
            "host:70000",
            "host:",
            ":80",
            "10.0.0.0/40",
            "[fd00::5",
        ] {
            assert_eq!(text.parse::<HostPattern>(), Err(InvalidHostPattern), "{text}");
        }
    }

    #[test]
    fn whom_an_entry_means() {
        let check = |pattern: &str, host: &str, port: u16, expect: bool| {
            let pattern: HostPattern = pattern.parse().unwrap();
            let host = Host::parse(host).unwrap();
            assert_eq!(pattern.matches(&host, port), expect, "{pattern} {host}:{port}");
        };
        check("example.com", "EXAMPLE.com", 80, true);
        check("example.com", "example.com.", 80, true);
        check("example.com", "www.example.com", 80, false);
        check("example.com", "notexample.com", 80, false);
        check("*.example.com", "www.example.com", 80, true);
        check("*.example.com", "a.b.example.com", 80, true);
        check("*.example.com", "example.com", 80, false);
        check("*.example.com", "notexample.com", 80, false);
        check("*.example.com", ".example.com", 80, false);
        check("example.com:8443", "example.com", 8443, true);
        check("example.com:8443", "example.com", 443, false);
        check("10.0.0.0/8", "10.9.8.7", 80, true);
        check("10.0.0.0/8", "[::ffff:10.9.8.7]", 80, true);
        check("10.0.0.0/8", "11.0.0.1", 80, false);
        // However an address is written, it is that address.
        check("127.0.0.1", "0x7f.1", 80, true);
        check("example.com", "10.0.0.1", 80, false);
    }
}
