//! What may be asked.

use std::net::IpAddr;

use url::Host;

use crate::hosts::HostPattern;
use crate::ranges::{Reach, reach};

/// From where a site fetches. Unless set, from nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The hosts that are asked. An address or a network in it stands for machines in private
    /// networks, too.
    pub trusted: Vec<HostPattern>,
    /// The hosts that are asked though their names stand for addresses in private networks, or of this
    /// machine. They need not be in the other list.
    pub private: Vec<HostPattern>,
}

/// Why an address is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    Untrusted,
    Private,
    /// It comes from outside and leads into a private network.
    Inwards,
}

impl Policy {
    /// Judges a host as an address writes it, before anything is asked about it.
    pub(crate) fn admits_host(&self, host: &Host<String>, port: u16) -> bool {
        self.trusted.iter().chain(&self.private).any(|pattern| pattern.matches(host, port))
    }

    /// Judges an address that a host stands for. `from` is where a redirection comes from.
    pub(crate) fn judge(
        &self,
        host: &Host<String>,
        port: u16,
        address: IpAddr,
        from: Option<Reach>,
    ) -> Result<Reach, Denial> {
        if !self.admits_host(host, port) {
            return Err(Denial::Untrusted);
        }
        let reach = reach(address);
        let matching = |list: &'_ [HostPattern], but: &dyn Fn(&HostPattern) -> bool| {
            list.iter().any(|pattern| pattern.matches(host, port) && but(pattern))
        };
        let itself = |pattern: &HostPattern| pattern.means(address);
        let listed = matching(&self.trusted, &itself) || matching(&self.private, &itself);
        match reach {
            Reach::Public => Ok(reach),
            // Whoever can make a public host redirect must not reach what only this server can.
            _ if from == Some(Reach::Public) => Err(Denial::Inwards),
            _ if listed => Ok(reach),
            Reach::Private if matching(&self.private, &|_| true) => Ok(reach),
            Reach::Private | Reach::Special => Err(Denial::Private),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(trusted: &[&str], private: &[&str]) -> Policy {
        let read = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        Policy { trusted: read(trusted), private: read(private) }
    }

    #[test]
    fn who_is_asked() {
        let site = policy(
            &["files.example.com", "10.0.0.0/8", "169.254.169.254:80", "localhost"],
            &["intranet.example.com", "*.corp.example"],
        );
        for (host, address, expect) in [
            ("files.example.com", "93.184.216.34", Ok(Reach::Public)),
            ("files.example.com", "192.168.1.1", Err(Denial::Private)),
            ("files.example.com", "127.0.0.1", Err(Denial::Private)),
            ("files.example.com", "::ffff:127.0.0.1", Err(Denial::Private)),
            // A listed network opens addresses, not names that come to stand for them.
            ("files.example.com", "10.1.2.3", Err(Denial::Private)),
            ("10.1.2.3", "10.1.2.3", Ok(Reach::Private)),
            ("192.168.1.1", "192.168.1.1", Err(Denial::Untrusted)),
            ("intranet.example.com", "192.168.1.1", Ok(Reach::Private)),
            ("a.corp.example", "fd00::1", Ok(Reach::Private)),
            ("a.corp.example", "93.184.216.34", Ok(Reach::Public)),
            // A name cannot be made to stand for the services of the machine's host.
            ("a.corp.example", "169.254.1.1", Err(Denial::Private)),
            ("a.corp.example", "fe80::1", Err(Denial::Private)),
            ("169.254.169.254", "169.254.169.254", Ok(Reach::Special)),
            ("localhost", "127.0.0.1", Ok(Reach::Private)),
            ("localhost", "::1", Ok(Reach::Private)),
            ("localhost", "192.168.1.1", Err(Denial::Private)),
            ("other.example", "93.184.216.34", Err(Denial::Untrusted)),
        ] {
            let judged =
                site.judge(&Host::parse(host).unwrap(), 80, address.parse().unwrap(), None);
            assert_eq!(judged, expect, "{host} {address}");
        }
    }

    #[test]
    fn no_public_host_leads_into_a_private_network() {
        let site = policy(&["example.com", "10.0.0.5"], &["intranet.example.com"]);
        let check = |host: &str, address: &str, from, expect| {
            let host = Host::parse(host).unwrap();
            assert_eq!(site.judge(&host, 80, address.parse().unwrap(), Some(from)), expect);
        };
        check("10.0.0.5", "10.0.0.5", Reach::Public, Err(Denial::Inwards));
        check("intranet.example.com", "10.0.0.6", Reach::Public, Err(Denial::Inwards));
        check("intranet.example.com", "10.0.0.6", Reach::Private, Ok(Reach::Private));
        check("example.com", "93.184.216.34", Reach::Private, Ok(Reach::Public));
    }

    #[test]
    fn nothing_is_asked_unless_it_is_listed() {
        for host in ["example.com", "127.0.0.1", "localhost"] {
            assert!(!Policy::default().admits_host(&Host::parse(host).unwrap(), 80), "{host}");
        }
    }
}
