//! A way to a server that can be cut or frozen.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Open,
    Frozen,
    Cut,
}

/// A way to a server, which passes on what comes until it is told otherwise: for tests of a server
/// that goes away, without ending it. It ends when it is dropped, with all its connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    way: watch::Sender<Way>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// A way to the server at an address, open.
    ///
    /// # Panics
    /// When nothing can listen on the loopback interface.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("who listens has an address");
        let (way, seen) = watch::channel(Way::Open);
        let accepting = tokio::spawn(accept(listener, server, seen));
        Self { address, way, accepting }
    }

    /// Where clients connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends all connections, and new ones at once, as where the server is gone.
    pub fn cut(&self) {
        self.way.send_replace(Way::Cut);
    }

    /// Keeps connections and lets nothing through, as where a network swallows all: nobody learns
    /// that anything is wrong. New connections are taken.
    pub fn freeze(&self) {
        self.way.send_replace(Way::Frozen);
    }

    /// Lets everything through again: what was held up by [`freeze`](Self::freeze) goes on.
    pub fn heal(&self) {
        self.way.send_replace(Way::Open);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.way.send_replace(Way::Cut);
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, way: watch::Receiver<Way>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(connect(client, server, way.clone()));
    }
}

/// Serves one client until either side ends or the way is cut.
async fn connect(client: TcpStream, server: SocketAddr, mut way: watch::Receiver<Way>) {
    let mut pumps = way.clone();
    let serve = async {
        open(&mut pumps).await?;
        let server = TcpStream::connect(server).await.ok()?;
        let (mut client_reads, mut client_writes) = client.into_split();
        let (mut server_reads, mut server_writes) = server.into_split();
        let mut back = pumps.clone();
        tokio::select! {
            () = pump(&mut client_reads, &mut server_writes, &mut pumps) => {}
            () = pump(&mut server_reads, &mut client_writes, &mut back) => {}
        }
        Some(())
    };
    let cut = way.wait_for(|way| *way == Way::Cut);
    tokio::select! {
        _ = serve => {}
        _ = cut => {}
    }
}

/// Waits until the way is open; none where it never will be.
async fn open(way: &mut watch::Receiver<Way>) -> Option<()> {
    way.wait_for(|way| *way == Way::Open).await.ok().map(|_| ())
}

/// Passes on what one side says, for as long as the way is open.
async fn pump(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    way: &mut watch::Receiver<Way>,
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if open(way).await.is_none() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that says back what it hears.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reads, mut writes) = client.split();
                    let _ = tokio::io::copy(&mut reads, &mut writes).await;
                });
            }
        });
        address
    }

    async fn says_back(client: &mut TcpStream) -> bool {
        let mut heard = [0; 4];
        client.write_all(b"ping").await.is_ok() && client.read_exact(&mut heard).await.is_ok()
    }

    #[test]
    fn a_way_can_be_cut_and_heals() {
        crate::run(async {
            let proxy = Proxy::before(echo().await).await;
            let mut client = TcpStream::connect(proxy.address()).await.unwrap();
            assert!(says_back(&mut client).await);
            proxy.cut();
            assert!(!says_back(&mut client).await);
            if let Ok(mut late) = TcpStream::connect(proxy.address()).await {
                assert!(!says_back(&mut late).await);
            }
            proxy.heal();
            let mut client = TcpStream::connect(proxy.address()).await.unwrap();
            assert!(says_back(&mut client).await);
        });
    }

    #[test]
    fn a_frozen_way_holds_up_what_is_said_and_ends_nothing() {
        crate::run(async {
            let proxy = Proxy::before(echo().await).await;
            let mut client = TcpStream::connect(proxy.address()).await.unwrap();
            assert!(says_back(&mut client).await);
            proxy.freeze();
            client.write_all(b"late").await.unwrap();
            let mut late = TcpStream::connect(proxy.address()).await.unwrap();
            assert!(client.try_read(&mut [0; 4]).is_err(), "nothing came, and nothing ended");
            proxy.heal();
            let mut heard = [0; 4];
            client.read_exact(&mut heard).await.unwrap();
            assert_eq!(&heard, b"late");
            assert!(says_back(&mut late).await);
        });
    }
}
