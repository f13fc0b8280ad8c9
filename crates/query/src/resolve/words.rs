//! SQL text cut into words, as far as finding parameters needs it.

use crate::{Backslash, Lexis};

/// A piece of SQL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// Blanks and comments.
    Nothing(&'a str),
    /// A text, a name in quotes, a sign, or a number.
    Other(&'a str),
    /// A name or a keyword without quotes.
    Name(&'a str),
    /// What may be a parameter: a sign and a name, or a sign and a number.
    Parameter(&'a str),
    /// A question mark alone.
    Question(&'a str),
}

/// Cuts SQL text.
pub(super) struct Words<'a> {
    rest: &'a str,
    lexis: Lexis,
    /// The last character of the word before.
    before: Option<char>,
}

impl<'a> Words<'a> {
    pub(super) fn new(sql: &'a str, lexis: Lexis) -> Self {
        Self { rest: sql, lexis, before: None }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let (kind, length) = self.word(self.rest.chars().next()?);
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.before = text.chars().next_back();
        Some(kind(text))
    }
}

type Kind<'a> = fn(&'a str) -> Word<'a>;

impl<'a> Words<'a> {
    /// The kind and the length of the word that begins with a character.
    fn word(&self, first: char) -> (Kind<'a>, usize) {
        let (rest, lexis) = (self.rest, self.lexis);
        let starts = |with: &str| rest.starts_with(with);
        if first.is_whitespace() {
            return (Word::Nothing, rest.len() - rest.trim_start().len());
        }
        if let Some(length) = comment(rest, lexis) {
            return (Word::Nothing, length);
        }
        match first {
            '\'' if lexis.triple_quotes && starts("'''") => (Word::Other, triple(rest, "'''")),
            '"' if lexis.triple_quotes && starts("\"\"\"") => (Word::Other, triple(rest, "\"\"\"")),
            '\'' => (Word::Other, quoted(rest, first, lexis.backslash == Backslash::Escapes)),
            '"' => {
                let escapes = lexis.double_quoted_texts && lexis.backslash == Backslash::Escapes;
                (Word::Other, quoted(rest, first, escapes))
            }
            '`' if lexis.backticks => (Word::Other, quoted(rest, first, false)),
            '[' if lexis.brackets => (Word::Other, quoted(rest, ']', false)),
            '$' if lexis.dollar_quotes && dollar_tag(rest).is_some() => {
                (Word::Other, dollar_quoted(rest))
            }
            '@' | ':' | '$' | '?' => self.sign(first),
            first if is_name_start(first) => self.name(),
            first if first.is_numeric() => (Word::Other, name_end(rest, 0)),
            first => (Word::Other, first.len_utf8()),
        }
    }

    /// A name, or a text with a letter before it.
    fn name(&self) -> (Kind<'a>, usize) {
        let (rest, lexis) = (self.rest, self.lexis);
        let end = name_end(rest, 0);
        let after = &rest[end..];
        let is = |letters: &str| rest[..end].eq_ignore_ascii_case(letters);
        if after.starts_with('\'') {
            if lexis.q_quotes && (is("q") || is("nq")) {
                return (Word::Other, end + q_quoted(after));
            }
            if lexis.backslash == Backslash::EscapesAfterE && is("e") {
                return (Word::Other, end + quoted(after, '\'', true));
            }
        }
        (Word::Name, end)
    }

    /// What begins with one of the signs that parameters have.
    fn sign(&self, sign: char) -> (Kind<'a>, usize) {
        let rest = self.rest;
        let next = rest[1..].chars().next();
        match next {
            // `@@name` is a variable of the server, `::name` a cast.
            Some(again) if again == sign && sign != '?' => (Word::Other, name_end(rest, 2)),
            // What stands directly behind a value is no parameter: `list[1:last]`.
            Some(name)
                if is_name_start(name)
                    && !(sign == ':'
                        && self.lexis.slices
                        && self.before.is_some_and(|c| is_name(c) || ")]".contains(c))) =>
            {
                (Word::Parameter, name_end(rest, 1))
            }
            Some(digit) if digit.is_ascii_digit() && self.lexis.numbered == Some(sign) => {
                let end = rest[1..].find(|c: char| !c.is_ascii_digit());
                (Word::Parameter, end.map_or(rest.len(), |end| end + 1))
            }
            _ if sign == '?' && self.lexis.question_marks => (Word::Question, 1),
            _ => (Word::Other, 1),
        }
    }
}

/// The length of a comment at the start of SQL text.
fn comment(sql: &str, lexis: Lexis) -> Option<usize> {
    let line = || sql.find('\n').map_or(sql.len(), |end| end + 1);
    if let Some(after) = sql.strip_prefix("--") {
        let next = after.chars().next();
        let begins = next.is_none_or(|c| c.is_whitespace() || c.is_control());
        return (begins || !lexis.mysql_comments).then(line);
    }
    if sql.starts_with('#') {
        return lexis.hash_comments.then(line);
    }
    if !sql.starts_with("/*") {
        return None;
    }
    // The server runs what stands within.
    if lexis.mysql_comments && (sql.starts_with("/*!") || sql.starts_with("/*M!")) {
        return None;
    }
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(found) = sql[at..].find(['*', '/']) {
        at += found;
        if sql[at..].starts_with("/*") && (depth == 0 || lexis.nested_comments) {
            depth += 1;
            at += 2;
        } else if sql[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += 1;
        }
    }
    Some(sql.len())
}

/// The length of what stands in quotes, in which two closing ones stand for one, and where a
/// backslash may take the next character with it. The first character opens it.
fn quoted(sql: &str, close: char, escapes: bool) -> usize {
    let mut characters = sql.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == close {
            if characters.peek().is_none_or(|(_, next)| *next != close) {
                return at + close.len_utf8();
            }
            characters.next();
        }
    }
    sql.len()
}

/// The length of a text between three quotes, with backslashes that escape.
fn triple(sql: &str, quotes: &str) -> usize {
    let mut at = quotes.len();
    while let Some(character) = sql[at..].chars().next() {
        if sql[at..].starts_with(quotes) {
            return at + quotes.len();
        }
        at += character.len_utf8();
        if character == '\\' {
            at += sql[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    sql.len()
}

/// The length of a text such as `'[it's]'` that follows a `q`.
fn q_quoted(sql: &str) -> usize {
    let Some(open) = sql[1..].chars().next() else {
        return sql.len();
    };
    let close = match open {
        '[' => ']',
        '(' => ')',
        '{' => '}',
        '<' => '>',
        other => other,
    };
    let from = 1 + open.len_utf8();
    let end = format!("{close}'");
    sql[from..].find(&end).map_or(sql.len(), |at| from + at + end.len())
}

/// `$$` or `$tag$` at the start of SQL text.
fn dollar_tag(sql: &str) -> Option<&str> {
    let end = 1 + sql[1..].find('$')?;
    let tag = &sql[1..end];
    let fits = tag.is_empty() || tag.starts_with(is_name_start) && tag.chars().all(is_name);
    fits.then(|| &sql[..=end])
}

fn dollar_quoted(sql: &str) -> usize {
    let tag = dollar_tag(sql).unwrap_or_default();
    let from = tag.len();
    sql[from..].find(tag).map_or(sql.len(), |at| from + at + tag.len())
}

/// Where a name ends that begins somewhere. A `$` or `#` within it is part of it.
fn name_end(sql: &str, from: usize) -> usize {
    let belongs = |c: char| is_name(c) || from == 0 && "$#".contains(c);
    sql[from..].find(|c| !belongs(c)).map_or(sql.len(), |at| from + at)
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
