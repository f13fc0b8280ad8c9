//! From text to tokens, one at a time: what a bracket means depends on where it stands, so the
//! parser asks for the inside of a bracketed name itself.

use std::sync::Arc;

use pressroom_data::Value;
use uuid::Uuid;

use super::ast::BinaryOp;
use super::literal::{decimal, parse_date_literal, whole};
use crate::error::{ParseError, Span};

/// A word of the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Literal(Value),
    /// `?name`.
    Parameter(Arc<str>),
    /// A bare name, dots included, without the `@` of an escaped keyword.
    Name(Vec<Arc<str>>),
    Operator(BinaryOp),
    Not,
    Tilde,
    In,
    Between,
    Is,
    /// The word `Null`, which is a literal or the end of `Is Null`.
    Null,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Comma,
    Dot,
    End,
}

impl Token {
    /// How the token is called in messages.
    pub(super) fn describe(&self, text: &str) -> String {
        match self {
            Self::End => "the end of the expression".into(),
            _ => format!("\"{}\"", text.chars().take(40).collect::<String>()),
        }
    }
}

const KEYWORDS: [&str; 10] =
    ["and", "or", "not", "in", "between", "is", "null", "like", "true", "false"];

/// Whether a bare word would be read as a keyword.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// Whether a word can stand without brackets as one name.
pub(super) fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(starts_name) && word.chars().all(continues_name)
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads tokens from a text.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The byte after the last that was read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn error(&self, span: Span, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span, message)
    }

    /// Skips spaces and comments.
    fn skip(&mut self) -> Result<(), ParseError> {
        loop {
            self.take_while(|c| c.is_whitespace() || c == '\u{feff}');
            let start = self.at;
            if self.rest().starts_with("/*") {
                match self.rest().find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        return Err(self
                            .error(Span::new(start, start + 2), "this comment has no end")
                            .with_hint("close it with */"));
                    }
                }
            } else if self.rest().starts_with("//") {
                self.take_while(|c| c != '\n');
            } else {
                return Ok(());
            }
        }
    }

    /// The next token and its place.
    pub(super) fn next(&mut self) -> Result<(Token, Span), ParseError> {
        self.skip()?;
        let start = self.at;
        let token = match self.peek() {
            None => Token::End,
            Some(c) => self.token(c)?,
        };
        Ok((token, Span::new(start, self.at)))
    }

    fn token(&mut self, c: char) -> Result<Token, ParseError> {
        let start = self.at;
        match c {
            '\'' | '"' => self.quoted(c),
            '#' => self.moment(),
            '{' => self.guid(),
            '?' => {
                self.at += 1;
                self.parameter()
            }
            '@' => {
                self.at += 1;
                if self.peek().is_some_and(starts_name) {
                    Ok(Token::Name(self.names()))
                } else {
                    Err(self
                        .error(Span::new(start, self.at), "\"@\" must stand before a name")
                        .with_hint("write it as in @Or, or put the name in brackets: [Or]"))
                }
            }
            c if c.is_ascii_digit() => self.number(),
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number(),
            c if starts_name(c) => Ok(self.word()),
            _ => self.symbol(c),
        }
    }

    fn symbol(&mut self, c: char) -> Result<Token, ParseError> {
        use BinaryOp as Op;
        let rest = self.rest();
        let (length, token) = match c {
            '(' => (1, Token::OpenParen),
            ')' => (1, Token::CloseParen),
            '[' => (1, Token::OpenBracket),
            ']' => (1, Token::CloseBracket),
            ',' => (1, Token::Comma),
            '.' => (1, Token::Dot),
            '~' => (1, Token::Tilde),
            '+' => (1, Token::Operator(Op::Add)),
            '-' => (1, Token::Operator(Op::Subtract)),
            '*' => (1, Token::Operator(Op::Multiply)),
            '/' => (1, Token::Operator(Op::Divide)),
            '%' => (1, Token::Operator(Op::Modulo)),
            '^' => (1, Token::Operator(Op::BitXor)),
            '&' if rest.starts_with("&&") => (2, Token::Operator(Op::And)),
            '&' => (1, Token::Operator(Op::BitAnd)),
            '|' if rest.starts_with("||") => (2, Token::Operator(Op::Or)),
            '|' => (1, Token::Operator(Op::BitOr)),
            '=' if rest.starts_with("==") => (2, Token::Operator(Op::Equal)),
            '=' if rest.starts_with("=>") => {
                return Err(self
                    .error(Span::new(self.at, self.at + 2), "\"=>\" is not an operator")
                    .with_hint("did you mean >=?"));
            }
            '=' => (1, Token::Operator(Op::Equal)),
            '!' if rest.starts_with("!=") => (2, Token::Operator(Op::NotEqual)),
            '!' => (1, Token::Not),
            '<' if rest.starts_with("<>") => (2, Token::Operator(Op::NotEqual)),
            '<' if rest.starts_with("<=") => (2, Token::Operator(Op::LessOrEqual)),
            '<' => (1, Token::Operator(Op::Less)),
            '>' if rest.starts_with(">=") => (2, Token::Operator(Op::GreaterOrEqual)),
            '>' => (1, Token::Operator(Op::Greater)),
            _ => {
                let span = Span::new(self.at, self.at + c.len_utf8());
                let error = self.error(span, format!("\"{c}\" has no meaning here"));
                return Err(match c {
                    '‘' | '’' | '“' | '”' => error.with_hint("use straight quotes: 'text'"),
                    ';' => error.with_hint("arguments are separated by commas"),
                    '}' => error.with_hint("a guid is written as {00000000-0000-…}"),
                    _ => error,
                });
            }
        };
        self.at += length;
        Ok(token)
    }

    /// A text between quotes; a doubled quote stands for one.
    fn quoted(&mut self, quote: char) -> Result<Token, ParseError> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            text.push_str(self.take_while(|c| c != quote));
            if self.peek().is_none() {
                return Err(self
                    .error(Span::new(start, start + 1), "this text has no closing quote")
                    .with_hint(format!(
                        "end it with {quote}; a quote inside a text is written twice"
                    )));
            }
            self.at += 1;
            if self.peek() == Some(quote) {
                text.push(quote);
                self.at += 1;
            } else {
                return Ok(Token::Literal(Value::text(text)));
            }
        }
    }

    /// `#2026-11-24#`, `#2026-11-24 10:30:00#` or `#10:30:00#`.
    fn moment(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        self.at += 1;
        let inside = self.take_while(|c| c != '#' && c != '\n');
        if self.peek() != Some('#') {
            return Err(self
                .error(Span::new(start, start + 1), "this date has no closing #")
                .with_hint("write it as #2026-11-24# or #2026-11-24 10:30:00#"));
        }
        self.at += 1;
        parse_date_literal(inside).map(Token::Literal).ok_or_else(|| {
            self.error(Span::new(start, self.at), format!("\"{inside}\" is not a date"))
                .with_hint("write it as #2026-11-24# or #2026-11-24 10:30:00#")
        })
    }

    fn guid(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        self.at += 1;
        let inside = self.take_while(|c| c.is_ascii_hexdigit() || c == '-');
        let closed = self.peek() == Some('}');
        if closed {
            self.at += 1;
        }
        match Uuid::try_parse(inside) {
            Ok(guid) if closed => Ok(Token::Literal(Value::Guid(guid))),
            _ => Err(self
                .error(Span::new(start, self.at), "this is not a guid")
                .with_hint("write it as {3f2504e0-4f89-11d3-9a0c-0305e82c3301}")),
        }
    }

    /// What follows a `?`: a name, a name in brackets, or nothing (null).
    fn parameter(&mut self) -> Result<Token, ParseError> {
        match self.peek() {
            Some('@') if self.rest()[1..].starts_with(starts_name) => {
                self.at += 1;
                Ok(Token::Parameter(self.take_while(continues_name).into()))
            }
            Some(c) if starts_name(c) => {
                Ok(Token::Parameter(self.take_while(continues_name).into()))
            }
            Some('[') => {
                let start = self.at;
                self.at += 1;
                let (_, names, _) = self.bracketed(start)?;
                Ok(Token::Parameter(names.join(".").into()))
            }
            _ => Ok(Token::Literal(Value::Null)),
        }
    }

    fn word(&mut self) -> Token {
        let names = self.names();
        if let [word] = &names[..] {
            let keyword = match word.to_ascii_lowercase().as_str() {
                "and" => Some(Token::Operator(BinaryOp::And)),
                "or" => Some(Token::Operator(BinaryOp::Or)),
                "not" => Some(Token::Not),
                "in" => Some(Token::In),
                "between" => Some(Token::Between),
                "is" => Some(Token::Is),
                "null" => Some(Token::Null),
                "like" => Some(Token::Operator(BinaryOp::Like)),
                "true" => Some(Token::Literal(Value::Bool(true))),
                "false" => Some(Token::Literal(Value::Bool(false))),
                _ => None,
            };
            if let Some(keyword) = keyword {
                return keyword;
            }
        }
        Token::Name(names)
    }

    /// A name and the names that follow it after dots.
    fn names(&mut self) -> Vec<Arc<str>> {
        let mut names = vec![self.take_while(continues_name).into()];
        while self.rest().starts_with('.') && self.rest()[1..].starts_with(starts_name) {
            self.at += 1;
            names.push(self.take_while(continues_name).into());
        }
        names
    }

    /// The inside of a bracketed name up to and with its `]`, after the `[` at `open` was read:
    /// how many `^.` it starts with, its names, and whether it is a parameter (`[?name]`).
    ///
    /// A backslash takes the next character as it is, except that `\n`, `\r` and `\t` are the
    /// control characters.
    pub(super) fn bracketed(
        &mut self,
        open: usize,
    ) -> Result<(usize, Vec<Arc<str>>, bool), ParseError> {
        let is_parameter = self.rest().starts_with('?');
        if is_parameter {
            self.at += 1;
        }
        let mut parents = 0;
        while self.rest().starts_with("^.") {
            self.at += 2;
            parents += 1;
        }
        if parents == 0 && self.rest().starts_with("^]") {
            self.at += 2;
            return Ok((1, Vec::new(), false));
        }
        let mut names = Vec::new();
        let mut name = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, 'n')) => name.push('\n'),
                    Some((_, 'r')) => name.push('\r'),
                    Some((_, 't')) => name.push('\t'),
                    Some((_, other)) => name.push(other),
                    None => break,
                },
                // A name may end with a dot (`[Trans. No.]`): parts may be empty.
                '.' => names.push(std::mem::take(&mut name).into()),
                ']' => {
                    if !name.is_empty() || !names.is_empty() {
                        names.push(name.into());
                    }
                    self.at += offset + 1;
                    return Ok((parents, names, is_parameter));
                }
                '[' => {
                    let at = self.at + offset;
                    return Err(self
                        .error(Span::new(at, at + 1), "\"[\" cannot stand inside a name")
                        .with_hint("close the name with ] first, or write \\["));
                }
                c => name.push(c),
            }
        }
        Err(self
            .error(Span::new(open, open + 1), "this bracket is not closed")
            .with_hint("close the name with ]"))
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let mut is_whole = true;
        if self.rest().starts_with('.')
            && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit())
        {
            is_whole = false;
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let after = self.rest().as_bytes();
        if matches!(after.first(), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(after.get(1), Some(b'+' | b'-')));
            if after.get(1 + sign).is_some_and(u8::is_ascii_digit) {
                is_whole = false;
                self.at += 1 + sign;
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        let digits = &self.text[start..self.at];
        let suffix = self.take_while(continues_name).to_ascii_lowercase();
        let span = Span::new(start, self.at);
        let value = match suffix.as_str() {
            "" | "b" | "sb" | "s" | "us" | "u" | "l" | "ul" | "lu" if is_whole => whole(digits),
            "" | "f" | "d" => {
                digits.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Double)
            }
            "m" => decimal(digits),
            _ => {
                return Err(self
                    .error(span, format!("\"{}\" is not a number", &self.text[start..self.at]))
                    .with_hint(
                        "numbers end with nothing, m (decimal), f or d (floating point), \
                         or b, s, l, u (whole)",
                    ));
            }
        };
        value.map(Token::Literal).ok_or_else(|| self.error(span, "this number is too large"))
    }
}
