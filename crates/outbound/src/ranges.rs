//! Which addresses are public, and which are nobody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address lies. The source is the registries of special-purpose addresses of IANA
/// (RFC 6890 and what came after it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// On the internet.
    Public,
    /// In a network of the site's own, or on this machine.
    Private,
    /// Nowhere that documents come from: services of the machine's host, whole networks, examples.
    Special,
}

/// Where the hosts of machines tell secrets to who asks from the machine itself, and that lie in
/// ranges of [`Reach::Private`] or [`Reach::Public`].
const OF_THE_HOST: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254)),
];

/// Where an address lies, by whatever way it is written.
pub(crate) fn reach(address: IpAddr) -> Reach {
    let address = plain(address);
    if OF_THE_HOST.contains(&address) {
        return Reach::Special;
    }
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// The address itself: that of version 4 for those that stand for one in version 6
/// (`::ffff:a.b.c.d`, and `64:ff9b::a.b.c.d` of RFC 6052).
pub(crate) fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let segments = v6.segments();
    if segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., a, b, c, d] = v6.octets();
        return Ipv4Addr::new(a, b, c, d).into();
    }
    address.to_canonical()
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [10 | 127, ..]
        | [192, 168, ..]
        | [172, 16..=31, ..]
        // Between providers and their customers (RFC 6598).
        | [100, 64..=127, ..] => Reach::Private,
        [0 | 224..=255, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Reach::Special,
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    match address.segments() {
        _ if address.is_loopback() => Reach::Private,
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // Ways through other addresses (Teredo, 6to4), and examples.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => {
            Reach::Special
        }
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Special,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (address, expect) in [
            ("93.184.216.34", Reach::Public),
            ("1.1.1.1", Reach::Public),
            ("172.15.0.1", Reach::Public),
            ("172.32.0.1", Reach::Public),
            ("100.63.0.1", Reach::Public),
            ("2606:4700::1111", Reach::Public),
            ("::ffff:1.1.1.1", Reach::Public),
            ("64:ff9b::1.1.1.1", Reach::Public),
            ("10.0.0.1", Reach::Private),
            ("127.0.0.1", Reach::Private),
            ("127.255.255.254", Reach::Private),
            ("172.16.0.1", Reach::Private),
            ("172.31.255.255", Reach::Private),
            ("192.168.1.1", Reach::Private),
            ("100.64.0.1", Reach::Private),
            ("::1", Reach::Private),
            ("fd12:3456::1", Reach::Private),
            ("::ffff:127.0.0.1", Reach::Private),
            ("::ffff:10.0.0.1", Reach::Private),
            ("64:ff9b::10.0.0.1", Reach::Private),
            ("0.0.0.0", Reach::Special),
            ("169.254.169.254", Reach::Special),
            ("::ffff:169.254.169.254", Reach::Special),
            ("64:ff9b::a9fe:a9fe", Reach::Special),
            ("100.100.100.200", Reach::Special),
            ("192.0.0.192", Reach::Special),
            ("168.63.129.16", Reach::Special),
            ("fd00:ec2::254", Reach::Special),
            ("198.18.0.1", Reach::Special),
            ("224.0.0.1", Reach::Special),
            ("255.255.255.255", Reach::Special),
            ("::", Reach::Special),
            ("::7f00:1", Reach::Special),
            ("fe80::1", Reach::Special),
            ("ff02::1", Reach::Special),
            ("2001::1", Reach::Special),
            ("2002:7f00:1::", Reach::Special),
            ("2001:db8::1", Reach::Special),
        ] {
            assert_eq!(reach(address.parse().unwrap()), expect, "{address}");
        }
    }
}
