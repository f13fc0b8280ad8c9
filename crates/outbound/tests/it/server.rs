//! A web server of a few lines, that can misbehave.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Both directions of a connection.
pub(crate) trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

/// Answers a request, of which it sees the first line and the headers.
type Answer = dyn Fn(&str, &mut dyn Connection) -> std::io::Result<()> + Send + Sync;

/// A server on a port of its own.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one that answers each request as it is told.
    pub(crate) fn start(
        answer: impl Fn(&str, &mut dyn Connection) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::start_at("127.0.0.1", None, Arc::new(answer))
    }

    /// The same with TLS.
    pub(crate) fn start_tls(
        tls: Arc<ServerConfig>,
        answer: impl Fn(&str, &mut dyn Connection) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::start_at("127.0.0.1", Some(tls), Arc::new(answer))
    }

    /// The same at another address of this machine.
    pub(crate) fn start_at(
        host: &str,
        tls: Option<Arc<ServerConfig>>,
        answer: Arc<Answer>,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, requests) = (stop.clone(), seen.clone());
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (answer, requests, tls) = (answer.clone(), requests.clone(), tls.clone());
                let stream = stream.unwrap();
                // A client that goes away is no failure.
                thread::spawn(move || serve(stream, tls, &*answer, &requests));
            }
        });
        Self { address, seen, stop, thread: Some(thread) }
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its address by HTTP, such as `http://127.0.0.1:3000`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that came, with their headers.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    answer: &Answer,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut stream: Box<dyn Connection> = match tls {
        Some(tls) => {
            let connection = ServerConnection::new(tls).map_err(std::io::Error::other)?;
            Box::new(StreamOwned::new(connection, stream))
        }
        None => Box::new(stream),
    };
    let mut head = String::new();
    let mut reader = BufReader::new(&mut *stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    seen.lock().unwrap().push(head.clone());
    answer(&head, &mut *stream)?;
    stream.flush()
}

/// The path of a request.
pub(crate) fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap()
}

/// A whole answer.
pub(crate) fn whole(
    out: &mut dyn Connection,
    status: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<()> {
    write!(out, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", body.len())?;
    for (name, value) in headers {
        write!(out, "{name}: {value}\r\n")?;
    }
    out.write_all(b"\r\n")?;
    out.write_all(body)
}

/// Waits until the client goes.
pub(crate) fn until_gone(out: &mut dyn Connection) -> std::io::Result<()> {
    out.flush()?;
    while out.read(&mut [0; 64])? > 0 {}
    Ok(())
}
