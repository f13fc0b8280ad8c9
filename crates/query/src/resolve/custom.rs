//! SQL as its author wrote it: only the places of parameters are written anew.

use std::sync::Arc;

use pressroom_data::Value;

use super::{Resolved, bare};
use crate::{Dialect, Query, QueryError};

pub(super) fn resolve(
    query: &Query,
    sql: &str,
    parameters: &[(Arc<str>, Value)],
    dialect: &dyn Dialect,
) -> Result<Resolved, QueryError> {
    let mut out = String::with_capacity(sql.len());
    let mut binds: Vec<(Arc<str>, Value)> = Vec::new();
    // The places of parameters that occurred already.
    let mut places: Vec<(Arc<str>, String)> = Vec::new();
    let mut rest = sql;
    while let Some(token) = next_token(rest) {
        let text = &rest[..token.len];
        rest = &rest[token.len..];
        if !token.is_parameter {
            out.push_str(text);
            continue;
        }
        let name = bare(text);
        if let Some((_, place)) = places.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            out.push_str(place);
            continue;
        }
        let Some((name, value)) =
            parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
        else {
            if dialect.has_variables() && text.starts_with('@') {
                out.push_str(text);
                continue;
            }
            return Err(QueryError::UnknownParameter {
                query: query.name.to_string(),
                name: text.to_owned(),
            });
        };
        let place = bind(name, value, &mut binds, dialect);
        out.push_str(&place);
        places.push((Arc::clone(name), place));
    }
    // A query inside another must not end with what ends a statement.
    let end = out.trim_end_matches([';', ' ', '\t', '\r', '\n']).len();
    out.truncate(end);
    Ok(Resolved { sql: out, binds })
}

/// Binds a value, or each of several values, and gives their places.
pub(super) fn bind(
    name: &Arc<str>,
    value: &Value,
    binds: &mut Vec<(Arc<str>, Value)>,
    dialect: &dyn Dialect,
) -> String {
    let mut place = |value: &Value| {
        binds.push((Arc::clone(name), value.clone()));
        dialect.placeholder(binds.len())
    };
    match value {
        Value::List(values) if values.is_empty() => place(&Value::Null),
        Value::List(values) => values.iter().map(place).collect::<Vec<_>>().join(", "),
        value => place(value),
    }
}

struct Token {
    len: usize,
    is_parameter: bool,
}

/// The next piece of SQL: a text, a quoted name, a comment, a parameter, or a stretch of anything
/// else. Texts, names and comments hold no parameters.
fn next_token(sql: &str) -> Option<Token> {
    let plain = |len| Some(Token { len, is_parameter: false });
    let mut characters = sql.chars();
    let first = characters.next()?;
    let second = characters.next();
    let up_to = |end: &str, from: usize| {
        sql[from..].find(end).map_or(sql.len(), |at| from + at + end.len())
    };
    match (first, second) {
        ('\'' | '"' | '`', _) => plain(quoted(sql, first)),
        ('[', _) => plain(up_to("]", 1)),
        ('-', Some('-')) => plain(up_to("\n", 2)),
        ('/', Some('*')) => plain(up_to("*/", 2)),
        ('@' | ':' | '$', Some(name)) if is_name_start(name) => {
            let len = sql[1..].find(|c| !is_name(c)).map_or(sql.len(), |at| 1 + at);
            Some(Token { len, is_parameter: true })
        }
        // `@@name` is a variable of the server, `::name` a cast, `$$` starts a text
        ('@' | ':' | '$', Some(again)) if again == first => {
            plain(sql[2..].find(|c| !is_name(c)).map_or(sql.len(), |at| 2 + at))
        }
        (c, _) if is_name(c) => plain(sql.find(|c| !is_name(c) && c != '$').unwrap_or(sql.len())),
        (c, _) => plain(c.len_utf8()),
    }
}

/// The length of a text or name in quotes, in which doubled quotes stand for one.
fn quoted(sql: &str, quote: char) -> usize {
    let mut from = 1;
    while let Some(at) = sql[from..].find(quote) {
        from += at + 1;
        if !sql[from..].starts_with(quote) {
            return from;
        }
        from += 1;
    }
    sql.len()
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
