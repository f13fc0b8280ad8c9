//! SQL in the making: pieces of text, with bound values between them.

use pressroom_data::Value;

use super::Syntax;

/// Where the value of a place in the text comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bind {
    /// From the statement that was checked: its value at this place, from 1.
    Statement(usize),
    /// From a row filter: the value itself.
    Filter(Value),
}

/// Pieces of SQL.
#[derive(Debug, Default)]
pub(super) struct Text {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Sql(String),
    Bind(Bind),
}

impl Text {
    pub(super) fn push(&mut self, sql: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Sql(last)) => last.push_str(sql),
            _ => self.pieces.push(Piece::Sql(sql.to_owned())),
        }
    }

    pub(super) fn bind(&mut self, bind: Bind) {
        self.pieces.push(Piece::Bind(bind));
    }

    pub(super) fn append(&mut self, other: Self) {
        for piece in other.pieces {
            match piece {
                Piece::Sql(sql) => self.push(&sql),
                Piece::Bind(bind) => self.bind(bind),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The text with a place for every value, and the values in the order of their places. Where
    /// places have numbers, a value of the statement has one place however often it is used: two
    /// places can have two types, and make two expressions of one.
    pub(super) fn finish(self, syntax: Syntax) -> (String, Vec<Bind>) {
        let mut sql = String::new();
        let mut binds: Vec<Bind> = Vec::new();
        let mut places: Vec<Option<usize>> = Vec::new();
        for piece in self.pieces {
            let bind = match piece {
                Piece::Sql(text) => {
                    sql.push_str(&text);
                    continue;
                }
                Piece::Bind(bind) => bind,
            };
            let from = match &bind {
                Bind::Statement(from) if syntax.numbers_placeholders() => Some(*from),
                _ => None,
            };
            let known = from.and_then(|from| places.get(from).copied().flatten());
            let place = known.unwrap_or_else(|| {
                binds.push(bind);
                binds.len()
            });
            if let Some(from) = from {
                if places.len() <= from {
                    places.resize(from + 1, None);
                }
                places[from] = Some(place);
            }
            sql.push_str(&syntax.placeholder(place));
        }
        (sql, binds)
    }
}
