//! SQL as its author wrote it: only the places of parameters are written anew.

use std::sync::Arc;

use pressroom_data::Value;

use super::places::{Places, cleaned};
use super::words::{Word, Words};
use super::{Resolved, bare};
use crate::{Dialect, Query, QueryError, Variables};

pub(super) fn resolve(
    query: &Query,
    sql: &str,
    parameters: &[(Arc<str>, Value)],
    dialect: &dyn Dialect,
) -> Result<Resolved, QueryError> {
    let sql = cleaned(sql);
    let lexis = dialect.lexis();
    let words: Vec<Word<'_>> = Words::new(&sql, lexis).collect();
    let variables = variables(&words, lexis.variables);
    let is_variable = |name: &str| variables.iter().any(|known| known.eq_ignore_ascii_case(name));
    let unknown = |text: &str| QueryError::UnknownParameter {
        query: query.name.to_string(),
        name: text.to_owned(),
    };
    let mut out = String::with_capacity(sql.len());
    let mut bound = Bound { parameters, places: Places::default(), marks: Vec::new() };
    let mut questions = 0;
    for word in &words {
        match *word {
            Word::Nothing(text) | Word::Other(text) | Word::Name(text) => out.push_str(text),
            Word::Question(text) => {
                let mark = bound.numbered(questions).ok_or_else(|| unknown(text))?;
                questions += 1;
                out.push_str(&mark);
            }
            Word::Parameter(text) if is_variable(text) => out.push_str(text),
            Word::Parameter(text) => {
                let name = bare(text);
                let mark = match name.parse::<usize>() {
                    Ok(number) => number.checked_sub(1).and_then(|at| bound.numbered(at)),
                    Err(_) => bound.named(name),
                };
                match mark {
                    Some(mark) => out.push_str(&mark),
                    // An operator of the database, which parameters may begin with as well.
                    None if text.starts_with('?') && !lexis.question_marks => out.push_str(text),
                    None => return Err(unknown(text)),
                }
            }
        }
    }
    // A query inside another must not end with what ends a statement.
    let end = out.trim_end_matches([';', ' ', '\t', '\r', '\n']).len();
    out.truncate(end);
    Ok(bound.places.finish(&out, dialect))
}

/// Parameters that occurred, each bound once.
struct Bound<'a> {
    parameters: &'a [(Arc<str>, Value)],
    places: Places,
    marks: Vec<(usize, String)>,
}

impl Bound<'_> {
    fn named(&mut self, name: &str) -> Option<String> {
        let at = self.parameters.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))?;
        self.numbered(at)
    }

    fn numbered(&mut self, at: usize) -> Option<String> {
        let (name, value) = self.parameters.get(at)?;
        if let Some((_, mark)) = self.marks.iter().find(|(known, _)| *known == at) {
            return Some(mark.clone());
        }
        let mark = self.places.bind(name, value);
        self.marks.push((at, mark.clone()));
        Some(mark)
    }
}

/// The variables that the text itself brings.
fn variables<'a>(words: &[Word<'a>], kind: Variables) -> Vec<&'a str> {
    let spoken = words.iter().filter(|word| !matches!(word, Word::Nothing(_)));
    match kind {
        Variables::None => Vec::new(),
        Variables::Assigned => {
            let spoken: Vec<&Word<'a>> = spoken.collect();
            let assigned = spoken.windows(3).filter_map(|three| match three {
                [Word::Parameter(name), Word::Other(":"), Word::Other("=")]
                    if name.starts_with('@') =>
                {
                    Some(*name)
                }
                _ => None,
            });
            assigned.collect()
        }
        Variables::Declared => {
            let mut found = Vec::new();
            // Where a `DECLARE` begins or goes on, its next name is declared.
            let (mut declares, mut awaits, mut depth) = (false, false, 0_i32);
            for word in spoken {
                match *word {
                    Word::Name(name) if name.eq_ignore_ascii_case("declare") => {
                        (declares, awaits, depth) = (true, true, 0);
                        continue;
                    }
                    Word::Name(name) if is_statement(name) => declares = false,
                    Word::Parameter(name) if declares && awaits && name.starts_with('@') => {
                        found.push(name);
                    }
                    Word::Other("(") => depth += 1,
                    Word::Other(")") => depth -= 1,
                    Word::Other(";") => declares = false,
                    Word::Other(",") if depth == 0 => {
                        awaits = true;
                        continue;
                    }
                    _ => {}
                }
                awaits = false;
            }
            found
        }
    }
}

/// Whether a word begins another statement than `DECLARE`.
fn is_statement(word: &str) -> bool {
    ["select", "set", "with", "insert", "exec", "execute", "if", "begin"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}
