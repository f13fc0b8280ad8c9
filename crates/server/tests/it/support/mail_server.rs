//! A mail server that speaks TLS, with a certificate of its own, and keeps what it is given.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// When a conversation becomes TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    FromTheFirstByte,
    OnDemand,
}

/// A mail server on a free port of `localhost`, until the test ends.
pub(crate) struct MailServer {
    pub(crate) port: String,
    /// The certificate, for who is to trust it.
    pub(crate) certificate: PathBuf,
    said: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Starts one, whose certificate is put into a folder.
    pub(crate) fn start(folder: &Path, secrecy: Secrecy) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = folder.join("mail.pem");
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let tls = Arc::new(tls);
        let listener = TcpListener::bind("localhost:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let said = Arc::<Mutex<Vec<String>>>::default();
        let heard = said.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (tls, heard) = (tls.clone(), heard.clone());
                // A client that hangs up ends its conversation, and nothing else.
                std::thread::spawn(move || drop(serve(stream, secrecy, tls, &heard)));
            }
        });
        Self { port, certificate, said }
    }

    /// Every line that clients said through TLS.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }
}

type Heard = Mutex<Vec<String>>;

fn serve(
    mut stream: TcpStream,
    secrecy: Secrecy,
    tls: Arc<ServerConfig>,
    heard: &Heard,
) -> io::Result<()> {
    if secrecy == Secrecy::OnDemand {
        stream.write_all(b"220 localhost\r\n")?;
        loop {
            let line = line(&mut stream)?;
            if line == "STARTTLS" {
                break;
            }
            let known = line.starts_with("EHLO");
            let answer =
                if known { "250-localhost\r\n250 STARTTLS" } else { "530 not in the clear" };
            write!(stream, "{answer}\r\n")?;
        }
        stream.write_all(b"220 go on\r\n")?;
    }
    let connection = ServerConnection::new(tls).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    if secrecy == Secrecy::FromTheFirstByte {
        stream.write_all(b"220 localhost\r\n")?;
    }
    let mut in_message = false;
    loop {
        let line = line(&mut stream)?;
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." => "250 taken",
            _ if in_message => "",
            "EHLO" => "250-localhost\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        in_message = (in_message && line != ".") || line == "DATA";
        let last = line == "QUIT";
        heard.lock().unwrap().push(line);
        if !answer.is_empty() {
            write!(stream, "{answer}\r\n")?;
            stream.flush()?;
        }
        if last {
            return Ok(());
        }
    }
}

fn line(stream: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        stream.read_exact(&mut byte)?;
        match byte[0] {
            b'\n' => return Ok(String::from_utf8_lossy(&line).trim_end().to_owned()),
            byte => line.push(byte),
        }
    }
}
