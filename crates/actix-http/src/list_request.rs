//! What a request wants of a list: `?skip=&take=&filter=&sort=`, and what its client has already.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use pressroom_application::listing::ListQuery;

use crate::precondition::IfNoneMatch;
use crate::problem::Problem;

/// What a request wants of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListRequest {
    /// Which part of it.
    pub(crate) query: ListQuery,
    /// What the client has already.
    pub(crate) seen: IfNoneMatch,
}

impl FromRequest for ListRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = query(request.query_string());
        ready(query.map(|query| Self { query, seen: IfNoneMatch::of(request) }))
    }
}

/// Reads a query. Names count in any letter case; an unknown one is not looked at, an empty value is
/// as good as none.
fn query(text: &str) -> Result<ListQuery, Problem> {
    const NAMES: [&str; 4] = ["skip", "take", "filter", "sort"];
    let mut values: [Option<String>; 4] = Default::default();
    let mut problems = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        let known = NAMES.iter().position(|known| known.eq_ignore_ascii_case(&name));
        let Some(place) = known else { continue };
        if value.trim().is_empty() {
            continue;
        }
        if values[place].replace(value.into_owned()).is_some() {
            problems.entry(NAMES[place].to_owned()).or_default().push("is given twice".to_owned());
        }
    }
    let [skip, take, filter, sort] = values;
    let mut number = |name: &str, text: Option<String>| {
        let text = text?;
        let number = text.trim().parse::<u64>().ok();
        if number.is_none() {
            let message = "must be a whole number from 0 on".to_owned();
            problems.entry(name.to_owned()).or_default().push(message);
        }
        number
    };
    let (skip, take) = (number("skip", skip).unwrap_or_default(), number("take", take));
    if problems.is_empty() {
        Ok(ListQuery { skip, take, filter, sort })
    } else {
        Err(Problem::invalid(problems))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_in_any_letter_case() {
        let check = |text: &str, expect: ListQuery| {
            assert_eq!(query(text).map_err(|problem| problem.to_string()), Ok(expect), "{text}");
        };
        check("", ListQuery::ALL);
        check("a=b&take=&_=17", ListQuery::ALL);
        check("SKIP=2&Take=%203", ListQuery { skip: 2, take: Some(3), ..ListQuery::ALL });
        let filter = Some("[name] = 'Größe'".to_owned());
        check("filter=%5Bname%5D+%3D+'Gr%C3%B6%C3%9Fe'", ListQuery { filter, ..ListQuery::ALL });
        check("sort=name,-id", ListQuery { sort: Some("name,-id".into()), ..ListQuery::ALL });
    }

    #[test]
    fn wrong_values_are_named() {
        let check = |text: &str, expect: &str| {
            assert_eq!(query(text).unwrap_err().to_string(), expect, "{text}");
        };
        check("skip=-1", "skip: must be a whole number from 0 on");
        check("take=all", "take: must be a whole number from 0 on");
        check("take=99999999999999999999", "take: must be a whole number from 0 on");
        check("take=1&TAKE=2", "take: is given twice");
        check(
            "skip=x&take=1.5",
            "skip: must be a whole number from 0 on; take: must be a whole number from 0 on",
        );
    }
}
