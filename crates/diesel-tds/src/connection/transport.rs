//! The socket, and TLS on it.
//!
//! In TDS, TLS begins after a first message in the clear, by which both sides say whether they want
//! it, and its handshake travels in packets of that message's kind. The driver, which is built without
//! TLS of its own, says that it wants none. Its first message is held back here until it can say what
//! the URL asks for; the server's answer is read before the driver sees it, and once TLS is agreed on,
//! all that follows is encrypted.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use rustls::{ClientConnection, StreamOwned};

use super::options::Options;

mod tls;

/// The packet that the first messages, and the handshake, travel in.
const PRELOGIN: u8 = 0x12;
/// The packet of the server's answers.
const ANSWER: u8 = 0x04;
const HEADER: usize = 8;
/// The last packet of a message.
const LAST: u8 = 0x01;
/// The most that a packet holds before its size was agreed on.
const FIRST_PACKETS: usize = 4096;
/// The longest first answer that is read: it has some ten options of a few bytes each.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What both sides can say of encryption in their first message.
mod encryption {
    pub(super) const OPTION: u8 = 1;
    /// For signing in alone.
    pub(super) const OFF: u8 = 0;
    pub(super) const ON: u8 = 1;
    pub(super) const NOT_SUPPORTED: u8 = 2;
    pub(super) const REQUIRED: u8 = 3;
    /// No more options.
    pub(super) const END: u8 = 0xff;
}

/// The bytes to and from the server.
pub(super) struct Transport {
    stream: Stream,
    stage: Stage,
    options: Options,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    /// Between the two.
    Changing,
}

/// How far signing in is.
enum Stage {
    /// The driver writes its first message, which is not sent yet.
    First(Vec<u8>),
    /// It has; the driver reads this before anything else.
    Answered(io::Cursor<Vec<u8>>),
    /// Bytes pass through.
    Open,
}

impl Transport {
    pub(super) fn new(socket: TcpStream, options: &Options) -> Self {
        Self {
            stream: Stream::Plain(socket),
            stage: Stage::First(Vec::new()),
            options: options.clone(),
        }
    }

    /// Sends the driver's first message, reads the server's answer, and begins TLS where it says so.
    fn exchange(&mut self, mut message: Vec<u8>) -> io::Result<Vec<u8>> {
        let Stream::Plain(mut socket) = std::mem::replace(&mut self.stream, Stream::Changing)
        else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        if self.options.encrypt {
            let wish = message.get_mut(HEADER..).and_then(said_of_encryption);
            *wish.ok_or_else(|| io::Error::other("the driver says nothing of TLS"))? =
                encryption::ON;
        }
        socket.write_all(&message)?;
        let mut answer = read_message(&mut socket, ANSWER)?;
        let offered = said_of_encryption(&mut answer.body).copied();
        let offered = offered.unwrap_or(encryption::NOT_SUPPORTED);
        self.stream = match (self.options.encrypt, offered) {
            (true, encryption::ON | encryption::REQUIRED) => {
                let session = tls::handshake(&mut socket, &self.options)?;
                Stream::Tls(Box::new(StreamOwned::new(session, socket)))
            }
            (true, _) => {
                return Err(io::Error::other(
                    "it offers no TLS: set one up on it, or add `encrypt=false` to the URL where \
                     nobody can listen",
                ));
            }
            (false, encryption::OFF | encryption::ON | encryption::REQUIRED) => {
                return Err(io::Error::other("it wants TLS: add `encrypt=true` to the URL"));
            }
            (false, _) => Stream::Plain(socket),
        };
        Ok(answer.packets)
    }
}

/// Connects to the first of the host's addresses that answers. Until the time for statements is set,
/// it waits as long as signing in may take.
pub(super) fn socket(options: &Options) -> io::Result<TcpStream> {
    let mut last = None;
    for address in (options.host.as_str(), options.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, options.connect_timeout) {
            Ok(socket) => {
                socket.set_nodelay(true)?;
                set_timeout(&socket, Some(options.connect_timeout))?;
                return Ok(socket);
            }
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("its name has no address")))
}

/// How long one read or write may take.
pub(super) fn set_timeout(socket: &TcpStream, timeout: Option<Duration>) -> io::Result<()> {
    socket.set_read_timeout(timeout)?;
    socket.set_write_timeout(timeout)
}

/// A message as it came.
struct Message {
    packets: Vec<u8>,
    body: Vec<u8>,
}

fn read_message(from: &mut impl Read, kind: u8) -> io::Result<Message> {
    let mut message = Message { packets: Vec::new(), body: Vec::new() };
    loop {
        let mut header = [0; HEADER];
        from.read_exact(&mut header)?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if header[0] != kind || length < HEADER || message.body.len() + length > LONGEST_ANSWER {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "what answers there does not speak the protocol of SQL Server",
            ));
        }
        let mut body = vec![0; length - HEADER];
        from.read_exact(&mut body)?;
        message.packets.extend_from_slice(&header);
        message.packets.extend_from_slice(&body);
        message.body.append(&mut body);
        if header[1] & LAST != 0 {
            return Ok(message);
        }
    }
}

/// Sends a message of the first kind.
fn write_message(to: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let mut parts = body.chunks(FIRST_PACKETS - HEADER).peekable();
    let mut number = 0_u8;
    while let Some(part) = parts.next() {
        let status = if parts.peek().is_none() { LAST } else { 0 };
        let length = u16::try_from(part.len() + HEADER).unwrap_or(u16::MAX).to_be_bytes();
        let mut packet = vec![PRELOGIN, status, length[0], length[1], 0, 0, number, 0];
        packet.extend_from_slice(part);
        to.write_all(&packet)?;
        number = number.wrapping_add(1);
    }
    to.flush()
}

/// The byte of a first message that says what its sender wants of encryption.
fn said_of_encryption(body: &mut [u8]) -> Option<&mut u8> {
    let mut options = body.chunks_exact(5).take_while(|option| option[0] != encryption::END);
    let option = options.find(|option| option[0] == encryption::OPTION)?;
    let at = usize::from(u16::from_be_bytes([option[1], option[2]]));
    body.get_mut(at)
}

impl Read for Transport {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Stage::First(message) = &mut self.stage {
            let message = std::mem::take(message);
            self.stage = Stage::Answered(io::Cursor::new(self.exchange(message)?));
        }
        if let Stage::Answered(answer) = &mut self.stage {
            let read = answer.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            self.stage = Stage::Open;
        }
        match &mut self.stream {
            Stream::Plain(socket) => socket.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
            Stream::Changing => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

impl Write for Transport {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Stage::First(message) = &mut self.stage {
            message.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        match &mut self.stream {
            Stream::Plain(socket) => socket.write(bytes),
            Stream::Tls(stream) => stream.write(bytes),
            Stream::Changing => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(stream) => stream.flush(),
            Stream::Changing => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}
