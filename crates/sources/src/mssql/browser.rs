//! Asking a machine for the port of a named instance, as SQL Server Browser tells it.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{UdpSocket, lookup_host};

/// Where the service listens.
const PORT: u16 = 1434;
/// The question for one instance.
const INSTANCE: u8 = 4;
/// The kind and the length of an answer.
const HEADER: usize = 3;
/// The longest answer for one instance.
const LONGEST: usize = 1024 + HEADER;
/// A question may get lost on its way.
const TRIES: usize = 3;
const WAIT: Duration = Duration::from_secs(1);

/// The port of an instance.
pub(super) async fn port_of(host: &str, instance: &str) -> io::Result<u16> {
    let mut last = io::Error::other("its name has no address");
    for address in lookup_host((host, PORT)).await? {
        for _ in 0..TRIES {
            match ask(address, instance).await {
                Ok(port) => return Ok(port),
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

async fn ask(address: SocketAddr, instance: &str) -> io::Result<u16> {
    let any = match address {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any).await?;
    // Only what comes from there is an answer.
    socket.connect(address).await?;
    let mut question = vec![INSTANCE];
    question.extend_from_slice(instance.as_bytes());
    question.push(0);
    socket.send(&question).await?;
    let mut answer = [0; LONGEST];
    let read = tokio::time::timeout(WAIT, socket.recv(&mut answer)).await;
    let read = read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    told(&answer[..read]).ok_or_else(|| io::Error::other("it has no instance of this name on TCP"))
}

/// The port in an answer: `ServerName;DB1;InstanceName;SALES;…;tcp;49172;;`.
fn told(answer: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(answer.get(HEADER..)?);
    let mut parts = text.split(';');
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        if key.eq_ignore_ascii_case("tcp") {
            return value.trim().parse().ok().filter(|port| *port > 0);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_hold_the_port() {
        let check = |text: &str, expect: Option<u16>| {
            let answer = [&[5, 0, 0], text.as_bytes()].concat();
            assert_eq!(told(&answer), expect, "{text}");
        };
        let start = "ServerName;DB1;InstanceName;TCP;IsClustered;No;Version;16.0.1000.6;";
        check(&format!("{start}tcp;49172;;"), Some(49172));
        check(&format!("{start}np;\\\\DB1\\pipe\\sql;tcp;1433;;"), Some(1433));
        check(&format!("{start}np;\\\\DB1\\pipe\\sql;;"), None);
        check(&format!("{start}tcp;0;;"), None);
        check(&format!("{start}tcp;99999;;"), None);
        check("", None);
        assert_eq!(told(&[5]), None);
    }
}
