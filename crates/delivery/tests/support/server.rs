//! A small mail server that keeps what it is given, and answers as a test says.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail that was taken: its envelope and its message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) message: String,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    /// Every line that a client said outside of messages.
    said: Vec<String>,
    /// Answers in place of the usual ones, by the first word of a command; `.` is the end of a message,
    /// and no word at all is the greeting.
    answers: HashMap<&'static str, &'static str>,
    /// User and password that are asked for.
    account: Option<(&'static str, &'static str)>,
}

/// A mail server on a free port of this machine, until the runtime ends.
#[derive(Clone)]
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = Self { address, state: Arc::default() };
        let state = server.state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = state.clone();
                // A client that hangs up ends its conversation, and nothing else.
                tokio::spawn(async move { drop(converse(stream, &state).await) });
            }
        });
        server
    }

    /// Answers a command in these words.
    pub(crate) fn answer(&self, command: &'static str, answer: &'static str) {
        self.state.lock().unwrap().answers.insert(command, answer);
    }

    /// Lets in who has this account, and nobody else.
    pub(crate) fn ask_for(&self, user: &'static str, password: &'static str) {
        self.state.lock().unwrap().account = Some((user, password));
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    pub(crate) fn said(&self) -> Vec<String> {
        self.state.lock().unwrap().said.clone()
    }
}

async fn converse(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let answer = |command: &str, usual: &str| {
        let state = state.lock().unwrap();
        format!("{}\r\n", state.answers.get(command).copied().unwrap_or(usual))
    };
    stream.write_all(answer("", "220 mail.test ready").as_bytes()).await?;
    let mut mail = Taken::default();
    let mut signed_in = state.lock().unwrap().account.is_none();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let said = line.trim_end().to_owned();
        state.lock().unwrap().said.push(said.clone());
        let command = said.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let usual = match command.as_str() {
            "EHLO" if signed_in => "250 mail.test",
            "EHLO" => "250-mail.test\r\n250 AUTH PLAIN",
            "AUTH" => {
                let right = state.lock().unwrap().account.map(|(user, password)| {
                    BASE64_STANDARD.encode(format!("\0{user}\0{password}"))
                });
                signed_in = said.split(' ').nth(2) == right.as_deref();
                if signed_in { "235 welcome" } else { "535 who are you?" }
            }
            "MAIL" if !signed_in => "530 sign in first",
            "MAIL" | "RCPT" | "RSET" | "NOOP" => "250 fine",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "502 what?",
        };
        let reply = answer(&command, usual);
        let well = reply.starts_with(['2', '3']);
        stream.write_all(reply.as_bytes()).await?;
        let path = || said.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match command.as_str() {
            "MAIL" if well => mail = Taken { from: path(), ..Taken::default() },
            "RCPT" if well => mail.to.push(path()),
            "DATA" if well => {
                mail.message = message(&mut stream).await?;
                let reply = answer(".", "250 taken");
                if reply.starts_with('2') {
                    state.lock().unwrap().taken.push(mail.clone());
                }
                stream.write_all(reply.as_bytes()).await?;
            }
            "QUIT" => return Ok(()),
            _ => {}
        }
    }
}

/// The lines up to the one that is a dot.
async fn message(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(message);
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
