//! Agreeing on TLS, with a server that can do nothing else: it takes the sign-in and refuses it.
//! No other server is needed.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use diesel::prelude::*;
use diesel_tds::TdsConnection;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const PRELOGIN: u8 = 0x12;
const LOGIN: u8 = 0x10;
const ANSWER: u8 = 0x04;

/// What the server says of encryption.
const OFF: u8 = 0;
const ON: u8 = 1;
const NOT_SUPPORTED: u8 = 2;
const REQUIRED: u8 = 3;

/// Reads a message; answers with its kind and what it holds.
fn read(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut message = Vec::new();
    loop {
        let mut header = [0; 8];
        from.read_exact(&mut header)?;
        let mut body = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]])) - 8];
        from.read_exact(&mut body)?;
        message.append(&mut body);
        if header[1] & 1 == 1 {
            return Ok((header[0], message));
        }
    }
}

fn write(to: &mut impl Write, kind: u8, body: &[u8]) -> io::Result<()> {
    let length = u16::try_from(body.len() + 8).unwrap().to_be_bytes();
    to.write_all(&[kind, 1, length[0], length[1], 0, 0, 1, 0])?;
    to.write_all(body)?;
    to.flush()
}

/// The error that ends a sign-in, and the end of the answer.
fn refusal(message: &str) -> Vec<u8> {
    let text = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let mut body = 18456_u32.to_le_bytes().to_vec();
    body.extend([1, 14]);
    body.extend(u16::try_from(message.len()).unwrap().to_le_bytes());
    body.extend(text(message));
    body.extend([0, 0]);
    body.extend(1_u32.to_le_bytes());
    let mut answer = vec![0xaa];
    answer.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
    answer.extend(body);
    answer.extend([0xfd, 2, 0, 0, 0]);
    answer.extend(0_u64.to_le_bytes());
    answer
}

/// The stream within packets, as a handshake has it.
struct Packets<'a>(&'a mut TcpStream, Vec<u8>);

impl Read for Packets<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.1.is_empty() {
            self.1 = read(self.0)?.1;
        }
        let count = buffer.len().min(self.1.len());
        buffer[..count].copy_from_slice(&self.1.drain(..count).collect::<Vec<_>>());
        Ok(count)
    }
}

/// Serves one client. It was asked for encryption as it says, and answers with `offers`.
fn serve(
    mut stream: TcpStream,
    offers: u8,
    config: Arc<ServerConfig>,
) -> io::Result<(u8, Option<String>)> {
    let (kind, hello) = read(&mut stream)?;
    assert_eq!(kind, PRELOGIN);
    let option = hello.chunks_exact(5).find(|option| option[0] == 1).unwrap();
    let asked = hello[usize::from(u16::from_be_bytes([option[1], option[2]]))];
    let hello = [0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, offers];
    write(&mut stream, ANSWER, &hello)?;
    let mut plain;
    let mut sealed;
    let stream: &mut dyn ReadWrite = if asked == ON && offers != NOT_SUPPORTED {
        let mut session = ServerConnection::new(config).unwrap();
        while session.is_handshaking() {
            let mut packets = Packets(&mut stream, Vec::new());
            session.read_tls(&mut packets)?;
            session.process_new_packets().map_err(io::Error::other)?;
            let mut ours = Vec::new();
            while session.wants_write() {
                session.write_tls(&mut ours)?;
            }
            if !ours.is_empty() {
                // What follows the handshake of TLS 1.3 is in no packet any more.
                let within = session.is_handshaking()
                    || session.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_2);
                if within {
                    write(&mut stream, PRELOGIN, &ours)?;
                } else {
                    stream.write_all(&ours)?;
                }
            }
        }
        sealed = StreamOwned::new(session, stream);
        &mut sealed
    } else {
        plain = stream;
        &mut plain
    };
    let (kind, login) = read(&mut &mut *stream)?;
    assert_eq!(kind, LOGIN);
    let login: Vec<_> =
        login.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    write(&mut &mut *stream, ANSWER, &refusal("Login failed for user 'ann'."))?;
    Ok((asked, Some(String::from_utf16_lossy(&login))))
}

trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

/// A server for one client, and the file of its certificate, which is for `localhost`.
struct Server {
    address: SocketAddr,
    certificate: PathBuf,
    served: std::thread::JoinHandle<io::Result<(u8, Option<String>)>>,
}

impl Server {
    fn new(offers: u8, versions: &[&'static rustls::SupportedProtocolVersion]) -> Self {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = std::env::temp_dir().join(format!(
            "diesel-tds-{}-{:?}.pem",
            std::process::id(),
            std::thread::current().id()
        ));
        std::fs::write(&certificate, own.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served =
            std::thread::spawn(move || serve(listener.accept()?.0, offers, Arc::new(config)));
        Self { address, certificate, served }
    }

    /// Why no connection came about.
    fn refusal(&self, options: &str) -> String {
        let options = options.replace("FILE", self.certificate.to_str().unwrap());
        let url = format!("mssql://ann:s3cret@{}/db?connect_timeout=10&{options}", self.address);
        let error = TdsConnection::establish(&url).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
        error
    }

    /// What the client asked for, and what it sent to sign in, if it came so far.
    fn finish(self) -> (Option<u8>, Option<String>) {
        let _ = std::fs::remove_file(&self.certificate);
        match self.served.join().unwrap() {
            Ok((asked, login)) => (Some(asked), login),
            Err(_) => (None, None),
        }
    }
}

const EITHER: &[&rustls::SupportedProtocolVersion] =
    &[&rustls::version::TLS12, &rustls::version::TLS13];

#[test]
fn a_sign_in_is_encrypted_when_the_certificate_is_trusted() {
    for versions in [&[&rustls::version::TLS12][..], &[&rustls::version::TLS13][..]] {
        for options in [
            "encrypt=true&certificate_authority=FILE&hostname_in_certificate=localhost",
            "encrypt=true&trust_server_certificate=true",
        ] {
            for offers in [ON, REQUIRED] {
                let server = Server::new(offers, versions);
                let error = server.refusal(options);
                assert!(error.contains("Login failed for user 'ann'"), "{options}: {error}");
                let (asked, login) = server.finish();
                assert_eq!(asked, Some(ON));
                assert!(login.is_some_and(|login| login.contains("ann")));
            }
        }
    }
}

#[test]
fn nobody_signs_in_where_the_certificate_is_not_trusted() {
    for (options, said) in [
        ("encrypt=true", "TLS could not be agreed on"),
        ("encrypt=true&certificate_authority=FILE", "not valid for name"),
        (
            "encrypt=true&certificate_authority=FILE&hostname_in_certificate=other",
            "not valid for name",
        ),
        ("encrypt=true&certificate_authority=/nowhere.pem", "/nowhere.pem cannot be read"),
    ] {
        let server = Server::new(ON, EITHER);
        let error = server.refusal(options);
        assert!(error.contains(said), "{options}: {error}");
        assert_eq!(server.finish().1, None);
    }
}

#[test]
fn nobody_signs_in_without_the_encryption_that_one_side_wants() {
    for (offers, options, said) in [
        (NOT_SUPPORTED, "encrypt=true", "offers no TLS"),
        (OFF, "encrypt=true", "offers no TLS"),
        (REQUIRED, "encrypt=false", "add `encrypt=true`"),
    ] {
        let server = Server::new(offers, EITHER);
        let error = server.refusal(options);
        assert!(error.contains(said), "{options}: {error}");
        assert_eq!(server.finish().1, None);
    }
}

#[test]
fn a_sign_in_goes_in_the_clear_only_where_both_sides_want_that() {
    let server = Server::new(NOT_SUPPORTED, EITHER);
    let error = server.refusal("encrypt=false");
    assert!(error.contains("Login failed"), "{error}");
    assert_eq!(server.finish().0, Some(NOT_SUPPORTED));
}
