//! The server on a socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use pressroom_actix_http::{Config, Server, Stopper};

use crate::site::Site;

/// A site on a socket of this machine.
struct Listening {
    address: SocketAddr,
    stopper: Stopper,
    ended: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Listening {
    async fn new(config: Config) -> (Self, Site) {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), config).await
    }

    async fn on(listener: TcpListener, config: Config) -> (Self, Site) {
        let site = Site::new().await;
        let address = listener.local_addr().unwrap();
        let config = Config { threads: 1, ..config };
        let server = Server::start(listener, site.app.clone(), config).unwrap();
        let stopper = server.stopper();
        let ended = actix_web::rt::spawn(server.ended());
        (Self { address, stopper, ended }, site)
    }

    /// What comes back for these bytes, on a connection that is closed then.
    async fn send(&self, bytes: Vec<u8>) -> String {
        let address = self.address;
        let exchange = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            // A server that has heard enough may close before all is sent.
            let sent = stream.write_all(&bytes);
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).map(|_| ()).or(sent).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        };
        actix_web::web::block(exchange).await.unwrap()
    }

    async fn stop(self) {
        self.stopper.stop().await;
        self.ended.await.unwrap().unwrap();
    }
}

#[actix_web::test]
async fn it_listens_until_it_is_stopped() {
    let (server, _site) = Listening::new(Config::default()).await;
    let request = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = server.send(request.into()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with(r#"{"status":"ok"}"#), "{answer}");
    server.stop().await;
}

#[actix_web::test]
async fn a_get_may_carry_a_form() {
    let (server, _site) = Listening::new(Config::default()).await;
    let form = "grant_type=password&username=admin&password=secret";
    let length = form.len();
    let request = format!(
        "GET /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{form}"
    );
    let answer = server.send(request.into()).await;
    assert!(answer.contains("\"access_token\":"), "{answer}");
    server.stop().await;
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_told_so() {
    let (server, site) = Listening::new(Config { json_bytes: 1_000, ..Config::default() }).await;
    let token = site.admin().await;
    for announced in [true, false] {
        let mut request = format!(
            "POST /api/categories HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
        );
        let body = "x".repeat(3_000_000);
        if announced {
            request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        } else {
            request += &format!(
                "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
                body.len()
            );
        }
        let answer = server.send(request.into()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{announced}: {answer}");
    }
    server.stop().await;
}

/// One server makes room for another on the same socket, as where a store comes into reach.
#[actix_web::test]
async fn until_there_is_a_site_everything_is_to_come() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let waiting = Server::wait(listener.try_clone().unwrap(), Config::default()).unwrap();
    let stopper = waiting.stopper();
    let ended = actix_web::rt::spawn(waiting.ended());
    let waiting = Listening { address, stopper, ended };
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes();
    // The connection is closed without being asked to.
    let answer = waiting.send(request("/api/documents")).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nretry-after: 5\r\n"), "{answer}");
    let answer = waiting.send(request("/healthz")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    waiting.stop().await;

    let (server, _site) = Listening::on(listener, Config::default()).await;
    let request = "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = server.send(request.into()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    server.stop().await;
}
