//! From text to one query, within bounds.

use std::collections::HashMap;

use sqlparser::ast::{Expr, Query, Statement};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::error::{Forbidden, Refusal, construct};
use super::{Syntax, rewording};

/// The longest statement, in bytes.
const BYTES: usize = 1 << 20;
/// The most words, numbers, texts and signs of a statement.
const TOKENS: usize = 100_000;
/// How deep the parser follows parentheses.
const PARSER_DEPTH: usize = 100;
/// Room on the stack for any statement, in bytes.
const STACK: usize = 8 << 20;
/// More room for each byte of its text.
const STACK_OF_BYTE: usize = 512;

/// A query as it was parsed.
pub(super) struct Read {
    pub(super) query: Box<Query>,
    /// What `skip` of Firebird's `first … skip …` says, by the place of its `select`.
    pub(super) skips: HashMap<Location, Token>,
}

/// Reads the one query of a text.
pub(super) fn query(sql: &str, syntax: Syntax) -> Result<Read, Refusal> {
    let mut tokens = tokens(sql, syntax)?;
    let mut significant = tokens
        .iter()
        .map(|token| &token.token)
        .filter(|token| !matches!(token, Token::Whitespace(_) | Token::LParen | Token::SemiColon));
    let first = match significant.next() {
        Some(Token::Word(word)) => word.keyword,
        _ => Keyword::NoKeyword,
    };
    if !matches!(first, Keyword::SELECT | Keyword::WITH | Keyword::VALUES) {
        return Err(Refusal::NotReading);
    }
    let mut rest = tokens
        .iter()
        .map(|token| &token.token)
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .skip_while(|token| matches!(token, Token::SemiColon))
        .skip_while(|token| !matches!(token, Token::SemiColon));
    if rest.any(|token| !matches!(token, Token::SemiColon | Token::EOF)) {
        return Err(Refusal::Several);
    }
    let skips = rewording::skips(&mut tokens, syntax);
    let mut statements = parser(tokens, syntax).parse_statements().map_err(unreadable)?;
    match (statements.pop(), statements.pop()) {
        (Some(Statement::Query(query)), None) => Ok(Read { query, skips }),
        (_, Some(_)) => Err(Refusal::Several),
        _ => Err(Refusal::NotReading),
    }
}

/// Reads a text that is one condition.
pub(super) fn condition(sql: &str, syntax: Syntax) -> Result<Expr, Refusal> {
    let tokens = tokens(sql, syntax)?;
    let mut parser = parser(tokens, syntax);
    let condition = parser.parse_expr().map_err(unreadable)?;
    match parser.next_token().token {
        Token::EOF => Ok(condition),
        _ => Err(Refusal::Several),
    }
}

fn parser(tokens: Vec<TokenWithSpan>, syntax: Syntax) -> Parser<'static> {
    Parser::new(syntax.dialect())
        .with_recursion_limit(PARSER_DEPTH)
        .with_tokens_with_locations(tokens)
}

/// The tokens of a text, with a number at each plain `?`.
fn tokens(sql: &str, syntax: Syntax) -> Result<Vec<TokenWithSpan>, Refusal> {
    if sql.len() > BYTES {
        return Err(Forbidden::TooLarge("it has more than a megabyte").into());
    }
    if sql.contains('\0') {
        return construct("a zero character");
    }
    // SQLite reads a number where the tokens only have bytes.
    if syntax == Syntax::Sqlite && sql.contains("0x") {
        return construct("a number in hexadecimal digits");
    }
    let mut tokens =
        Tokenizer::new(syntax.dialect(), sql).tokenize_with_location().map_err(|error| {
            Refusal::Unreadable {
                line: error.location.line,
                column: error.location.column,
                message: plain(&error.message),
            }
        })?;
    let mut places = 0_usize;
    let mut count = 0_usize;
    for token in &mut tokens {
        match &mut token.token {
            Token::Whitespace(Whitespace::MultiLineComment(comment))
                if comment.starts_with(['!', 'M']) && syntax == Syntax::MySql =>
            {
                return construct("a comment that some servers run");
            }
            Token::Whitespace(_) => continue,
            Token::Word(word)
                if word.value.contains(['[', ']']) && !syntax.has_brackets_in_names() =>
            {
                return construct("a bracket in a name");
            }
            Token::Placeholder(place) if place == "?" => {
                places += 1;
                *place = format!("?{places}");
            }
            _ => {}
        }
        count += 1;
    }
    // The tokenizer reads the content of some of these comments as part of the statement.
    if syntax == Syntax::MySql && (sql.contains("/*!") || sql.contains("/*M!")) {
        return construct("a comment that some servers run");
    }
    if count > TOKENS {
        return Err(Forbidden::TooLarge("it has more than 100000 words and signs").into());
    }
    rewording::reword(&mut tokens, syntax);
    Ok(tokens)
}

fn unreadable(error: ParserError) -> Refusal {
    let message = match error {
        ParserError::RecursionLimitExceeded => {
            return Forbidden::TooLarge("its parts are nested too deeply").into();
        }
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
    };
    let place = message.rsplit_once(" at Line: ").and_then(|(before, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((before.to_owned(), line.parse().ok()?, column.trim().parse().ok()?))
    });
    match place {
        Some((before, line, column)) => {
            Refusal::Unreadable { line, column, message: plain(&before) }
        }
        None => Refusal::Unreadable { line: 1, column: 1, message: plain(&message) },
    }
}

/// A message of the parser as one of ours, cut where it quotes much of the text.
fn plain(message: &str) -> String {
    let lower = message.replace("Expected: ", "expected ").replace("found: ", "found ");
    lower.chars().take(200).collect()
}

/// Runs what parses a text where there is room for its deepest nesting: the parser bounds
/// parentheses, but `a + b + …` is as deep a tree as it is long, and a tree takes stack to be dropped.
pub(super) fn with_room<T>(sql: &str, parse: impl FnOnce() -> T) -> T {
    let room = STACK + sql.len().min(TOKENS) * STACK_OF_BYTE;
    stacker::maybe_grow(room, room, parse)
}
