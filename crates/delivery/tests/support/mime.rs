//! Reads a message of RFC 5322 with alternatives, as a mail program does.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pressroom_contracts::suites::mailer::Arrival;

/// Headers by lower-case name, unfolded; and the body.
fn split(message: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = message.split_once("\r\n\r\n").expect("an empty line");
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        if line.starts_with([' ', '\t']) {
            let (_, value) = headers.last_mut().expect("a header to go on with");
            value.push_str(line);
        } else {
            let (name, value) = line.split_once(':').expect("a header");
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, body)
}

/// The value of a header that stands exactly once.
#[track_caller]
fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    let mut found = headers.iter().filter(|(known, _)| known == name);
    let (Some((_, value)), None) = (found.next(), found.next()) else {
        panic!("{name} must stand once: {headers:?}")
    };
    value
}

/// The `=?utf-8?b?…?=` of RFC 2047 in a header; blanks between two of them do not count.
fn unencoded(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?utf-8?") {
        let between = &rest[..start];
        if !(after_word && between.trim().is_empty()) {
            text.push_str(between);
        }
        let word = &rest[start + "=?utf-8?".len()..];
        let (encoding, word) = word.split_once('?').expect("an encoding");
        let (word, after) = word.split_once("?=").expect("the end of the word");
        let bytes = match encoding {
            "b" => BASE64_STANDARD.decode(word).expect("base64"),
            "q" => quoted_printable(&word.replace('_', " ")),
            other => panic!("encoding {other}"),
        };
        text.push_str(&String::from_utf8(bytes).expect("UTF-8"));
        (rest, after_word) = (after, true);
    }
    text + rest
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'=', [b'\r', b'\n', tail @ ..]) => rest = tail,
            (b'=', [a, b, tail @ ..]) => {
                let digits = [*a, *b];
                let digits = std::str::from_utf8(&digits).expect("digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
                rest = tail;
            }
            (byte, tail) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    bytes
}

/// The text of a part, whose lines end with `\n`.
fn part(part: &str, content_type: &str) -> String {
    let (headers, body) = split(part);
    assert_eq!(header(&headers, "content-type"), format!("{content_type}; charset=utf-8"));
    let bytes = match header(&headers, "content-transfer-encoding") {
        "7bit" => body.as_bytes().to_vec(),
        "quoted-printable" => quoted_printable(body),
        "base64" => BASE64_STANDARD.decode(body.replace("\r\n", "")).expect("base64"),
        other => panic!("encoding {other}"),
    };
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
}

/// Reads a message.
pub(crate) fn read(message: &str) -> Arrival {
    assert!(message.is_ascii(), "what goes over the wire is ASCII");
    assert!(message.lines().all(|line| line.len() <= 998), "RFC 5322 bounds lines");
    let (headers, body) = split(message);
    for gone in ["bcc", "sender"] {
        assert!(headers.iter().all(|(name, _)| name != gone), "{headers:?}");
    }
    assert_eq!(header(&headers, "auto-submitted"), "auto-generated");
    assert_eq!(header(&headers, "from"), "Reports <reports@example.com>");
    let content_type = header(&headers, "content-type");
    assert!(content_type.starts_with("multipart/alternative;"), "{content_type}");
    let boundary = content_type.split('"').nth(1).expect("a boundary");
    let mark = format!("--{boundary}");
    let parts: Vec<&str> = body.split(&*mark).skip(1).collect();
    let [plain, html, end] = parts[..] else { panic!("{} parts", parts.len()) };
    assert_eq!(end.trim(), "--");
    let trim = |part: &'static str, text: &str| -> String {
        let text = text.strip_prefix("\r\n").unwrap_or(text);
        self::part(text.strip_suffix("\r\n").unwrap_or(text), part)
    };
    Arrival {
        to: header(&headers, "to").split(',').map(|address| address.trim().to_owned()).collect(),
        subject: unencoded(header(&headers, "subject")),
        text: trim("text/plain", plain),
        html: trim("text/html", html),
        message_id: header(&headers, "message-id").to_owned(),
    }
}
