//! Who may do what, over every address: each row of the [table] for each kind of caller.
//!
//! A new endpoint needs a row there: one line that names the method, the pattern and the rule.

mod rules;
mod table;
mod world;

use std::collections::BTreeSet;

use pressroom_actix_http::endpoints;

use rules::Row;
use world::World;

#[test]
fn every_endpoint_has_a_row_and_every_row_an_endpoint() {
    // `HEAD` is answered by the handler of `GET`.
    let served: BTreeSet<(String, &str)> =
        endpoints().into_iter().filter(|(method, _)| method != "HEAD").collect();
    let rows = table::rows();
    let told: BTreeSet<(String, &str)> =
        rows.iter().map(|row| (row.method.to_owned(), row.pattern)).collect();
    assert_eq!(told.len(), rows.len(), "an endpoint has two rows in authorisation/table.rs");
    let words = |(method, pattern): &(String, &str)| format!("{method} {pattern}");
    let without_row: Vec<String> = served.difference(&told).map(words).collect();
    assert!(
        without_row.is_empty(),
        "say in authorisation/table.rs who may call these endpoints: {without_row:?}"
    );
    let without_endpoint: Vec<String> = told.difference(&served).map(words).collect();
    assert!(
        without_endpoint.is_empty(),
        "these rows of authorisation/table.rs have no endpoint any more: {without_endpoint:?}"
    );
}

#[actix_web::test]
async fn every_endpoint_lets_in_who_may_and_nobody_else() {
    let mut world = World::new().await;
    let mut wrong: Vec<String> = Vec::new();
    for row in table::rows() {
        for place in 0..world.callers.len() {
            let expect = row.expect(&world.callers[place]);
            let answer = world.ask(&row, place).await;
            let who = &world.callers[place].name;
            let Row { method, pattern, .. } = row;
            if !expect.fits(answer.status) {
                let (got, body) = (answer.status, String::from_utf8_lossy(&answer.body));
                wrong.push(format!("{method} {pattern} as {who}: {expect}, not {got} {body}"));
            }
            let changed = world.is_changed().await;
            if changed && answer.status >= 400 {
                wrong.push(format!("{method} {pattern} as {who}: refused, but something changed"));
            }
            if changed {
                world = World::new().await;
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
