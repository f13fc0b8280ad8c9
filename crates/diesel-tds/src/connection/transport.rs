//! The socket, and TLS on it.
//!
//! In TDS, TLS begins after a first message in the clear, by which both sides say whether they want
//! it, and its handshake travels in packets of that message's kind. The driver speaks that first
//! message and knows nothing of the rest: here the server's answer to it is read before the driver
//! sees it, and if TLS was agreed on, all that follows is encrypted.

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
    pub(super) const OFF: u8 = 0;
    pub(super) const ON: u8 = 1;
    pub(super) const REQUIRED: u8 = 3;
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
    /// The server has not answered the first message.
    First,
    /// It has; the driver reads this before anything else.
    Answered(io::Cursor<Vec<u8>>),
    /// Bytes pass through.
    Open,
}

impl Transport {
    pub(super) fn new(socket: TcpStream, options: &Options) -> Self {
        Self { stream: Stream::Plain(socket), stage: Stage::First, options: options.clone() }
    }

    /// Reads the server's first answer, and begins TLS where it says so.
    fn first_answer(&mut self) -> io::Result<Vec<u8>> {
        let Stream::Plain(mut socket) = std::mem::replace(&mut self.stream, Stream::Changing)
        else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let answer = read_message(&mut socket, ANSWER)?;
        let offered = offered_encryption(&answer.body);
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

/// What the server's first answer says of encryption; that it has none where it says nothing.
fn offered_encryption(answer: &[u8]) -> u8 {
    const NOT_SUPPORTED: u8 = 2;
    let said = answer.chunks_exact(5).take_while(|option| option[0] != encryption::END).find_map(
        |option| {
            let at = usize::from(u16::from_be_bytes([option[1], option[2]]));
            (option[0] == encryption::OPTION).then(|| answer.get(at).copied()).flatten()
        },
    );
    said.unwrap_or(NOT_SUPPORTED)
}

impl Read for Transport {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Stage::First = self.stage {
            self.stage = Stage::Answered(io::Cursor::new(self.first_answer()?));
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
