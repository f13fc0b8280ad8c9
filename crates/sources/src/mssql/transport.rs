//! The socket, and TLS on it.
//!
//! In TDS, TLS begins after a first message in the clear, by which both sides say whether they want
//! it, and its handshake travels in packets of that message's kind. All of it is done here, before the
//! driver begins; the driver's own first message then goes nowhere, and it reads the answer that came
//! to ours.

use std::io::{self, Cursor, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::io as futures;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

use super::tls::{self, Trust};

/// The packet that the first messages, and the handshake, travel in.
const PRELOGIN: u8 = 0x12;
/// The packet of the server's answers.
const ANSWER: u8 = 0x04;
const HEADER: usize = 8;
/// The last packet of a message.
const LAST: u8 = 0x01;
/// The most that a packet holds before its size is agreed on.
const FIRST_PACKETS: usize = 4096;
/// The longest first answer that is read: it has some ten options of a few bytes each.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What both sides can say of encryption in their first message.
mod encryption {
    pub(super) const OPTION: u8 = 1;
    pub(super) const ON: u8 = 1;
    pub(super) const NOT_SUPPORTED: u8 = 2;
    pub(super) const REQUIRED: u8 = 3;
    /// No more options.
    pub(super) const END: u8 = 0xff;
}

/// How much of TLS is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encrypt {
    Never,
    /// Where the server has it, whoever it says it is.
    Preferred,
    Always,
    /// From the first byte on, as version 8 of the protocol has it.
    Strict,
}

/// Why there is no way to the server.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoWire {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(
        "its connection asks for TLS, which the server has not; set it up there, or write \
         Encrypt=Optional"
    )]
    NoTls,
    #[error("the server wants TLS; write Encrypt=True")]
    WantsTls,
    #[error("TLS could not be agreed on: {0}")]
    Tls(String),
    #[error(
        "its certificate is not accepted: {0}; have the server's machine trust it, or write \
         TrustServerCertificate=True where nobody can come between"
    )]
    Certificate(String),
    #[error("what answers at its address and port does not speak the protocol of SQL Server")]
    OtherProtocol,
}

/// The bytes to and from the server.
pub(crate) struct Wire {
    stream: Box<dyn Socket>,
    /// The server's first answer, until the driver has read it. What the driver writes before that
    /// was said already.
    answer: Option<Cursor<Vec<u8>>>,
}

trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Socket for T {}

/// Connects, and agrees on encryption.
pub(super) async fn wire(
    (host, port): (&str, u16),
    encrypt: Encrypt,
    trust: &Trust,
) -> Result<Wire, NoWire> {
    if encrypt == Encrypt::Strict {
        let stream = tls::connect(Packets::open(socket(host, port).await?), trust, true).await?;
        return Ok(Wire { stream: Box::new(stream), answer: None });
    }
    if encrypt != Encrypt::Never {
        let (stream, answer) = greet(host, port, encryption::ON).await?;
        match said_of_encryption(&answer.body) {
            encryption::ON | encryption::REQUIRED => {
                let mut stream = tls::connect(Packets::new(stream), trust, false).await?;
                // From here on what is encrypted travels as it is.
                stream.get_mut().0.is_open = true;
                return Ok(Wire::after(Box::new(stream), answer));
            }
            _ if encrypt == Encrypt::Always => return Err(NoWire::NoTls),
            // It goes on with one that asked for none.
            _ => {}
        }
    }
    let (stream, answer) = greet(host, port, encryption::NOT_SUPPORTED).await?;
    match said_of_encryption(&answer.body) {
        encryption::NOT_SUPPORTED => Ok(Wire::after(Box::new(stream), answer)),
        _ => Err(NoWire::WantsTls),
    }
}

async fn socket(host: &str, port: u16) -> io::Result<TcpStream> {
    let socket = TcpStream::connect((host, port)).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

/// Connects, says what is wanted of encryption, and hears what the server says.
async fn greet(host: &str, port: u16, wish: u8) -> Result<(TcpStream, Message), NoWire> {
    let mut socket = socket(host, port).await?;
    socket.write_all(&packets(&greeting(wish))).await?;
    let answer = read_answer(&mut socket).await?;
    Ok((socket, answer))
}

/// The first message: its options, then their values.
fn greeting(wish: u8) -> Vec<u8> {
    // Version, encryption, instance (any), thread (none), several results at a time (no).
    let values: [&[u8]; 5] = [&[0, 0, 0, 0, 0, 0], &[wish], &[0], &[0, 0, 0, 0], &[0]];
    let mut place = values.len() * 5 + 1;
    let mut message = Vec::with_capacity(64);
    for (option, value) in (0_u8..).zip(values) {
        let part = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
        message.push(option);
        message.extend(part(place));
        message.extend(part(value.len()));
        place += value.len();
    }
    message.push(encryption::END);
    message.extend(values.concat());
    message
}

/// What the server's first message says of encryption.
fn said_of_encryption(body: &[u8]) -> u8 {
    let mut options = body.chunks_exact(5).take_while(|option| option[0] != encryption::END);
    let said = options.find(|option| option[0] == encryption::OPTION).and_then(|option| {
        body.get(usize::from(u16::from_be_bytes([option[1], option[2]]))).copied()
    });
    said.unwrap_or(encryption::NOT_SUPPORTED)
}

/// A message as it came.
struct Message {
    packets: Vec<u8>,
    body: Vec<u8>,
}

async fn read_answer(from: &mut TcpStream) -> Result<Message, NoWire> {
    let mut message = Message { packets: Vec::new(), body: Vec::new() };
    loop {
        let mut header = [0; HEADER];
        from.read_exact(&mut header).await?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if header[0] != ANSWER || length < HEADER || message.body.len() + length > LONGEST_ANSWER {
            return Err(NoWire::OtherProtocol);
        }
        let mut body = vec![0; length - HEADER];
        from.read_exact(&mut body).await?;
        message.packets.extend_from_slice(&header);
        message.packets.extend_from_slice(&body);
        message.body.append(&mut body);
        if header[1] & LAST != 0 {
            return Ok(message);
        }
    }
}

/// A message of the first kind, as it travels.
fn packets(body: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(body.len() + 2 * HEADER);
    let mut parts = body.chunks(FIRST_PACKETS - HEADER).peekable();
    let mut number = 0_u8;
    while let Some(part) = parts.next() {
        let status = if parts.peek().is_none() { LAST } else { 0 };
        let length = u16::try_from(part.len() + HEADER).unwrap_or(u16::MAX).to_be_bytes();
        sent.extend([PRELOGIN, status, length[0], length[1], 0, 0, number, 0]);
        sent.extend_from_slice(part);
        number = number.wrapping_add(1);
    }
    sent
}

/// A socket whose bytes travel in packets of the first kind until TLS is agreed on.
pub(super) struct Packets {
    socket: TcpStream,
    is_open: bool,
    /// What was written since the last message.
    written: Vec<u8>,
    /// Messages that are to be sent.
    outgoing: Cursor<Vec<u8>>,
    /// The head of the packet that is read, as far as it came.
    head: Vec<u8>,
    /// What is left of the packet that is read.
    left: usize,
}

impl Packets {
    fn new(socket: TcpStream) -> Self {
        Self {
            socket,
            is_open: false,
            written: Vec::new(),
            outgoing: Cursor::default(),
            head: Vec::with_capacity(HEADER),
            left: 0,
        }
    }

    /// A socket whose bytes travel as they are.
    fn open(socket: TcpStream) -> Self {
        Self { is_open: true, ..Self::new(socket) }
    }

    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.written.is_empty() {
            let message = packets(&std::mem::take(&mut self.written));
            self.outgoing.get_mut().extend(message);
        }
        loop {
            let at = usize::try_from(self.outgoing.position()).unwrap_or_default();
            let Some(rest) = self.outgoing.get_ref().get(at..).filter(|rest| !rest.is_empty())
            else {
                self.outgoing = Cursor::default();
                return Poll::Ready(Ok(()));
            };
            match ready!(Pin::new(&mut self.socket).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.outgoing.set_position((at + sent) as u64),
            }
        }
    }

    /// Some bytes of the socket, at most so many.
    fn poll_some(
        &mut self,
        cx: &mut Context<'_>,
        most: usize,
        take: impl FnOnce(&mut Self, &[u8]),
    ) -> Poll<io::Result<usize>> {
        let mut bytes = [0; FIRST_PACKETS];
        let most = most.min(bytes.len());
        let mut buffer = ReadBuf::new(&mut bytes[..most]);
        ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buffer))?;
        let read = buffer.filled().len();
        take(self, &bytes[..read]);
        Poll::Ready(Ok(read))
    }
}

impl AsyncRead for Packets {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(cx))?;
        loop {
            if this.left > 0 {
                let most = this.left.min(out.remaining());
                let read = ready!(this.poll_some(cx, most, |_, bytes| out.put_slice(bytes)))?;
                this.left -= read;
                return Poll::Ready(Ok(()));
            }
            if this.is_open {
                return Pin::new(&mut this.socket).poll_read(cx, out);
            }
            let most = HEADER - this.head.len();
            let head = |this: &mut Self, bytes: &[u8]| this.head.extend_from_slice(bytes);
            if ready!(this.poll_some(cx, most, head))? == 0 {
                return Poll::Ready(Ok(()));
            }
            if let [kind, _, high, low, ..] = this.head[..]
                && this.head.len() == HEADER
            {
                let length = usize::from(u16::from_be_bytes([high, low]));
                if kind != PRELOGIN || length < HEADER {
                    return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
                }
                this.left = length - HEADER;
                this.head.clear();
            }
        }
    }
}

impl AsyncWrite for Packets {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.is_open {
            ready!(this.poll_send(cx))?;
            return Pin::new(&mut this.socket).poll_write(cx, bytes);
        }
        this.written.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(cx))?;
        Pin::new(&mut this.socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}

impl Wire {
    fn after(stream: Box<dyn Socket>, answer: Message) -> Self {
        Self { stream, answer: Some(Cursor::new(answer.packets)) }
    }
}

impl futures::AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(answer) = &mut this.answer {
            let read = Read::read(answer, out)?;
            if answer.position() >= answer.get_ref().len() as u64 {
                this.answer = None;
            }
            return Poll::Ready(Ok(read));
        }
        let mut buffer = ReadBuf::new(out);
        ready!(Pin::new(&mut *this.stream).poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl futures::AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.answer.is_some() {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut *this.stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().stream).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_says_what_is_wanted() {
        for wish in [encryption::ON, encryption::NOT_SUPPORTED, encryption::REQUIRED] {
            assert_eq!(said_of_encryption(&greeting(wish)), wish);
        }
        assert_eq!(said_of_encryption(&[]), encryption::NOT_SUPPORTED);
        // A place that is not there.
        let wrong = [encryption::OPTION, 0xff, 0xff, 0, 1, encryption::END];
        assert_eq!(said_of_encryption(&wrong), encryption::NOT_SUPPORTED);
    }

    #[test]
    fn long_messages_travel_in_several_packets() {
        let sent = packets(&[7; 5_000]);
        assert_eq!(sent.len(), 5_000 + 2 * HEADER);
        assert_eq!(sent[..4], [PRELOGIN, 0, 16, 0]);
        assert_eq!(sent[FIRST_PACKETS..FIRST_PACKETS + 2], [PRELOGIN, LAST]);
    }
}
