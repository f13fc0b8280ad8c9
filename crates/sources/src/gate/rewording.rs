//! Puts into the parser's words what some databases say and it does not know.

use std::collections::HashMap;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::Syntax;

/// Rewords what means the same in other words.
pub(super) fn reword(tokens: &mut Vec<TokenWithSpan>, syntax: Syntax) {
    if matches!(syntax, Syntax::MySql | Syntax::Access | Syntax::Generic) {
        for at in 1..tokens.len().saturating_sub(1) {
            if is(tokens.get(at), "mod") && ends_operand(tokens, at) && !ends_value(tokens, at) {
                tokens[at].token = Token::CustomBinaryOperator("MOD".to_owned());
            }
        }
    }
    if syntax == Syntax::Sybase {
        let mut at = 0;
        while at + 1 < tokens.len() {
            let kind = ["varchar", "binary"].into_iter().find(|kind| is(next(tokens, at), kind));
            if let (true, Some(kind)) = (is(tokens.get(at), "long"), kind) {
                let end = position(tokens, at);
                tokens[at].token = Token::make_word(&format!("long {kind}"), None);
                tokens.drain(at + 1..=end);
            }
            at += 1;
        }
    }
    if syntax == Syntax::MySql {
        characters(tokens);
    }
}

/// Writes MySQL's `char(a, b using c)` as `convert(char(a, b) using c)`.
fn characters(tokens: &mut Vec<TokenWithSpan>) {
    // The `char(`s and other parentheses that are open.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut calls = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen => {
                let is_char = at > 0 && is(tokens.get(at - 1), "char");
                open.push(is_char.then(|| at - 1));
            }
            Token::RParen => {
                open.pop();
            }
            Token::Word(word) if word.keyword == Keyword::USING => {
                if let Some(Some(call)) = open.last() {
                    calls.push((*call, at));
                }
            }
            _ => {}
        }
    }
    if calls.is_empty() {
        return;
    }
    let mut before: HashMap<usize, [Token; 2]> = HashMap::new();
    let mut closed: HashMap<usize, Token> = HashMap::new();
    for (call, using) in calls {
        before.insert(call, [Token::make_keyword("CONVERT"), Token::LParen]);
        closed.insert(using, Token::RParen);
    }
    let old = std::mem::take(tokens);
    for (at, token) in old.into_iter().enumerate() {
        let span = token.span;
        let more = before.remove(&at).into_iter().flatten().chain(closed.remove(&at));
        tokens.extend(more.map(|token| TokenWithSpan { token, span }));
        tokens.push(token);
    }
}

/// Turns Firebird's `first n skip m` into `top n`, and takes `start at m` out of `top n start at m`;
/// gives each `m` by the place of its `select`.
pub(super) fn skips(tokens: &mut Vec<TokenWithSpan>, syntax: Syntax) -> HashMap<Location, Token> {
    let mut skips = HashMap::new();
    let is_firebird = syntax == Syntax::Firebird;
    if !is_firebird && !matches!(syntax, Syntax::Sybase | Syntax::Generic) {
        return skips;
    }
    tokens.retain(|token| !matches!(token.token, Token::Whitespace(_)));
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let select = token.span.start;
        let is_select = is(Some(token), "select");
        at += 1;
        if !is_select {
            continue;
        }
        let mut word = at;
        if !is_firebird && is(tokens.get(word), "distinct") {
            word += 1;
        }
        let cuts = if is_firebird { "first" } else { "top" };
        let has_cut = is(tokens.get(word), cuts) && amount(tokens.get(word + 1)).is_some();
        let mut end = if has_cut { word + 2 } else { word };
        if is_firebird && has_cut {
            tokens[word].token = Token::make_keyword("TOP");
            // The parser wants a place of a value in parentheses there.
            if !matches!(tokens[word + 1].token, Token::Number(..)) {
                let span = tokens[word + 1].span;
                tokens.insert(end, TokenWithSpan { token: Token::RParen, span });
                tokens.insert(word + 1, TokenWithSpan { token: Token::LParen, span });
                end += 2;
            }
        }
        let words = match is_firebird {
            true if is(tokens.get(end), "skip") => 1,
            false if has_cut && is(tokens.get(end), "start") && is(tokens.get(end + 1), "at") => 2,
            _ => continue,
        };
        if let Some(amount) = amount(tokens.get(end + words)) {
            skips.insert(select, amount);
            tokens.drain(end..=end + words);
        }
    }
    skips
}

/// Whether a token is a word without quotes, in any letter case.
fn is(token: Option<&TokenWithSpan>, word: &str) -> bool {
    matches!(token.map(|token| &token.token), Some(Token::Word(found))
        if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word))
}

/// A number of rows.
fn amount(token: Option<&TokenWithSpan>) -> Option<Token> {
    match token.map(|token| &token.token) {
        Some(amount @ (Token::Number(..) | Token::Placeholder(_))) => Some(amount.clone()),
        _ => None,
    }
}

/// The place of the next token that is not blank.
fn position(tokens: &[TokenWithSpan], at: usize) -> usize {
    let mut next = at + 1;
    while matches!(tokens.get(next).map(|token| &token.token), Some(Token::Whitespace(_))) {
        next += 1;
    }
    next
}

fn next(tokens: &[TokenWithSpan], at: usize) -> Option<&TokenWithSpan> {
    tokens.get(position(tokens, at))
}

/// Whether a token is the last of a value: an alias.
fn ends_value(tokens: &[TokenWithSpan], at: usize) -> bool {
    match next(tokens, at).map(|token| &token.token) {
        Some(Token::Word(word)) => word.keyword == Keyword::FROM,
        Some(Token::Comma | Token::RParen | Token::Period | Token::EOF) | None => true,
        Some(_) => false,
    }
}

/// Words behind which a value begins.
const OPENING: &[Keyword] = &[
    Keyword::SELECT,
    Keyword::DISTINCT,
    Keyword::ALL,
    Keyword::WHERE,
    Keyword::AND,
    Keyword::OR,
    Keyword::XOR,
    Keyword::NOT,
    Keyword::ON,
    Keyword::HAVING,
    Keyword::BY,
    Keyword::CASE,
    Keyword::WHEN,
    Keyword::THEN,
    Keyword::ELSE,
    Keyword::IN,
    Keyword::BETWEEN,
    Keyword::LIKE,
    Keyword::IS,
    Keyword::DIV,
    Keyword::INTERVAL,
    Keyword::AS,
    Keyword::LIMIT,
    Keyword::OFFSET,
    Keyword::TOP,
];

/// Whether a value ends before a token, so that an operator can stand there.
fn ends_operand(tokens: &[TokenWithSpan], at: usize) -> bool {
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    let last = before.map(|token| &token.token).find(|t| !matches!(t, Token::Whitespace(_)));
    match last {
        Some(Token::Word(word)) => word.quote_style.is_some() || !OPENING.contains(&word.keyword),
        Some(
            Token::RParen
            | Token::Number(..)
            | Token::Placeholder(_)
            | Token::SingleQuotedString(_),
        ) => true,
        _ => false,
    }
}
