//! Orders a report over HTTP again and again: start, ask, fetch, many at a time.
//!
//! ```sh
//! http_bench 127.0.0.1:8080 admin PASSWORD Invoice 3000 8
//! ```
//!
//! Prints three figures: reports a second, and the milliseconds within which half and 99 of 100
//! of them were done. Connections are kept alive, as clients of the API do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

/// Which answers are dropped before the clock starts: caches fill, connections open.
const WARM_UP: usize = 200;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, user, password, report, orders, clients] = arguments.as_slice() else {
        bail!("http_bench ADDRESS USER PASSWORD REPORT ORDERS CLIENTS");
    };
    let (orders, clients): (usize, usize) = (orders.parse()?, clients.parse()?);

    let mut connection = Connection::open(address)?;
    let form = format!("grant_type=password&username={user}&password={password}");
    let token = connection.json("POST", "/oauth/token", "", &form)?;
    let token = token["access_token"].as_str().context("no token")?.to_owned();
    let documents = connection.json("GET", "/api/documents", &token, "")?;
    let id = documents
        .as_array()
        .context("no list of documents")?
        .iter()
        .find(|document| document["name"] == report.as_str())
        .with_context(|| format!("no document {report}"))?["id"]
        .to_string();

    run(address, &token, &id, WARM_UP, clients)?;
    let begin = Instant::now();
    let mut times = run(address, &token, &id, orders, clients)?;
    let seconds = begin.elapsed().as_secs_f64();
    times.sort();
    let within =
        |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let mut out = std::io::stdout();
    writeln!(out, "per_second {:.1}", times.len() as f64 / seconds)?;
    writeln!(out, "median_ms {:.2}", within(0.5))?;
    writeln!(out, "p99_ms {:.2}", within(0.99))?;
    Ok(())
}

/// Orders so many reports, `clients` at a time; how long each took.
fn run(
    address: &str,
    token: &str,
    id: &str,
    orders: usize,
    clients: usize,
) -> anyhow::Result<Vec<Duration>> {
    let taken = AtomicUsize::new(0);
    let client = || -> anyhow::Result<Vec<Duration>> {
        let mut connection = Connection::open(address)?;
        let mut times = Vec::new();
        while taken.fetch_add(1, Ordering::Relaxed) < orders {
            let begin = Instant::now();
            export(&mut connection, token, id)?;
            times.push(begin.elapsed());
        }
        Ok(times)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        let mut times = Vec::with_capacity(orders);
        for thread in threads {
            times.extend(thread.join().map_err(|_| anyhow::anyhow!("a client gave up"))??);
        }
        Ok(times)
    })
}

/// One report: the three calls of the API.
fn export(connection: &mut Connection, token: &str, id: &str) -> anyhow::Result<()> {
    let body = r#"{"exportOptions":{"exportFormat":"pdf"},"documentParameters":[]}"#;
    let path = format!("/api/documents/export/report/{id}");
    let started = connection.json("POST", &path, token, body)?;
    let export = started["exportId"].as_str().context("no export id")?.to_owned();

    let path = format!("/api/documents/export/status/{export}");
    let mut pause = Duration::from_millis(4);
    loop {
        thread::sleep(pause);
        let status = connection.json("GET", &path, token, "")?;
        match status["taskStatus"].as_str() {
            Some("Complete") => break,
            Some("InProgress") => pause = (pause * 3 / 2).min(Duration::from_millis(100)),
            _ => bail!("export {export}: {status}"),
        }
    }

    let path = format!("/api/documents/export/result/{export}");
    let (status, file) = connection.call("GET", &path, token, "")?;
    ensure!(status == 200 && file.starts_with(b"%PDF-"), "result of {export}: {status}");
    Ok(())
}

/// A connection that is kept open from call to call.
struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    fn open(address: &str) -> anyhow::Result<Self> {
        let stream =
            TcpStream::connect(address).with_context(|| format!("no server at {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_owned() })
    }

    /// A call whose answer is JSON.
    fn json(&mut self, method: &str, path: &str, token: &str, body: &str) -> anyhow::Result<Value> {
        let (status, answer) = self.call(method, path, token, body)?;
        ensure!(
            (200..300).contains(&status),
            "{method} {path}: {status} {}",
            String::from_utf8_lossy(&answer)
        );
        Ok(serde_json::from_slice(&answer)?)
    }

    /// A call; the answer's status and body.
    fn call(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        body: &str,
    ) -> anyhow::Result<(u16, Vec<u8>)> {
        let kind = if body.starts_with('{') {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.host);
        if !token.is_empty() {
            request += &format!("Authorization: Bearer {token}\r\n");
        }
        if !body.is_empty() {
            request += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        request += body;
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer().with_context(|| format!("{method} {path}"))
    }

    fn answer(&mut self) -> anyhow::Result<(u16, Vec<u8>)> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).context("no status")?.parse()?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse()?,
                Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
                Some(_) => {}
                None => break,
            }
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let size = u64::from_str_radix(self.line()?.trim(), 16)?;
                self.stream.by_ref().take(size).read_to_end(&mut body)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            self.stream.by_ref().take(length).read_to_end(&mut body)?;
        }
        Ok((status, body))
    }

    /// A line without its end.
    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line)? > 0, "the server closed the connection");
        Ok(line.trim_end().to_owned())
    }
}
