//! A client of the API: one connection a call.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::{PATIENCE, until};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "who asks has PostgreSQL"))]
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header; empty where it is not there.
    #[cfg(all(unix, feature = "postgres"))]
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// The body as text.
    #[cfg(all(unix, feature = "postgres"))]
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of an answer with this status, as JSON.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// Somebody who calls, mostly signed in.
pub(crate) struct Client {
    address: String,
    /// None for who has not.
    token: Option<String>,
}

impl Client {
    /// Signs in.
    #[track_caller]
    pub(crate) fn sign_in(address: &str, user: &str, password: &str) -> Self {
        let answer = Self::try_sign_in(address, user, password).json(200);
        let token = answer["access_token"].as_str().expect("a token").to_owned();
        Self { address: address.to_owned(), token: Some(token) }
    }

    /// Somebody who has no token.
    pub(crate) fn stranger(address: &str) -> Self {
        Self { address: address.to_owned(), token: None }
    }

    /// Asks for a token.
    pub(crate) fn try_sign_in(address: &str, user: &str, password: &str) -> Answer {
        let form = format!("grant_type=password&username={user}&password={password}");
        let kind = "application/x-www-form-urlencoded";
        call(address, "POST", "/oauth/token", &format!("Content-Type: {kind}\r\n"), &form)
    }

    /// The same person, whose requests go to another server.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self { address: address.to_owned(), token: self.token.clone() }
    }

    /// Ends the sign-in, and gives the status.
    pub(crate) fn sign_out(&self) -> u16 {
        let form = format!("token={}", self.token.as_deref().unwrap_or_default());
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        call(&self.address, "POST", "/oauth/revoke", kind, &form).status
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        call(&self.address, "GET", path, &self.authorization(), "")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let headers = format!("{}Content-Type: application/json\r\n", self.authorization());
        call(&self.address, "POST", path, &headers, &body.to_string())
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        let headers = format!("{}Content-Type: application/json\r\n", self.authorization());
        call(&self.address, "PUT", path, &headers, &body.to_string())
    }

    /// What a server gives that may end meanwhile: nothing where it gave no answer.
    pub(crate) fn try_get(&self, path: &str) -> Option<Value> {
        let answer = try_call(&self.address, "GET", path, &self.authorization(), "").ok()?;
        (answer.status == 200).then(|| serde_json::from_slice(&answer.body).ok())?
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        call(&self.address, "DELETE", path, &self.authorization(), "")
    }

    fn authorization(&self) -> String {
        let token = self.token.as_ref();
        token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"))
    }

    /// The id of a document by its name.
    #[track_caller]
    pub(crate) fn document(&self, name: &str) -> i64 {
        let documents = self.get("/api/documents").json(200);
        let documents = documents.as_array().expect("a list");
        let found = documents.iter().find(|document| document["name"] == name);
        found.unwrap_or_else(|| panic!("no document {name}"))["id"].as_i64().expect("an id")
    }

    /// Starts an export to PDF.
    #[track_caller]
    pub(crate) fn start_export(&self, document: i64, parameters: &Value) -> String {
        let body = serde_json::json!({
            "exportOptions": {"exportFormat": "pdf"}, "documentParameters": parameters,
        });
        let started = self.post(&format!("/api/documents/export/report/{document}"), &body);
        started.json(200)["exportId"].as_str().expect("an export id").to_owned()
    }

    /// Starts an export to PDF on a server that may end meanwhile: nothing where it gave no answer.
    pub(crate) fn try_start_export(&self, document: i64, parameters: &Value) -> Option<String> {
        let body = serde_json::json!({
            "exportOptions": {"exportFormat": "pdf"}, "documentParameters": parameters,
        });
        let headers = format!("{}Content-Type: application/json\r\n", self.authorization());
        let path = format!("/api/documents/export/report/{document}");
        let answer = try_call(&self.address, "POST", &path, &headers, &body.to_string()).ok()?;
        let started: Value = serde_json::from_slice(&answer.body).ok()?;
        (answer.status == 200).then(|| started["exportId"].as_str().expect("an id").to_owned())
    }

    /// How far an export is.
    #[track_caller]
    pub(crate) fn status(&self, export: &str) -> Value {
        self.get(&format!("/api/documents/export/status/{export}")).json(200)
    }

    /// Waits for an export's end.
    #[track_caller]
    pub(crate) fn ended(&self, export: &str) -> Value {
        until("the export ends", || {
            let status = self.status(export);
            (status["taskStatus"] != "InProgress").then_some(status)
        })
    }

    /// The file of a complete export.
    #[track_caller]
    pub(crate) fn file(&self, export: &str) -> Vec<u8> {
        let status = self.ended(export);
        assert_eq!(status["taskStatus"], "Complete", "{status}");
        let answer = self.get(&format!("/api/documents/export/result/{export}"));
        assert_eq!(answer.status, 200);
        answer.body
    }
}

/// One request on a connection of its own.
pub(crate) fn call(address: &str, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    try_call(address, method, path, headers, body).expect("the server answers")
}

/// The same for a server that may end meanwhile.
pub(crate) fn try_call(
    address: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let head = head.ok_or(io::ErrorKind::UnexpectedEof)?;
    let (head, body) = (String::from_utf8_lossy(&answer[..head]), &answer[head + 4..]);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { joined(body) } else { body.to_vec() };
    Ok(Answer { status, head: head.into_owned(), body })
}

/// A body that came in chunks.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|bytes| bytes == b"\r\n") {
        let size = std::str::from_utf8(&chunks[..end]).expect("a size");
        let size = usize::from_str_radix(size.trim(), 16).expect("a size");
        if size == 0 {
            break;
        }
        body.extend_from_slice(&chunks[end + 2..end + 2 + size]);
        chunks = &chunks[end + 2 + size + 2..];
    }
    body
}
