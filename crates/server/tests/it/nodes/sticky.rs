//! That nobody has to care which node a request goes to.

use serde_json::{Value, json};

use super::site::{everything, listed};
use super::{Site, on_every_engine};
use crate::support::{Client, Server, until};

on_every_engine! { a_request_may_go_to_any_node }

/// Somebody whose requests go elsewhere, with the same token.
fn elsewhere(client: &Client, server: &Server) -> Client {
    client.at(&server.address)
}

fn names(client: &Client) -> Vec<String> {
    let list = client.get("/api/categories").json(200);
    let names = list.as_array().unwrap().iter().map(|category| &category["name"]);
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn a_request_may_go_to_any_node(site: &Site) {
    let (one, two) = (site.node(), site.node());
    let at_one = one.admin();
    let at_two = elsewhere(&at_one, &two);

    // What was listed a moment ago is not what is listed now.
    let before = names(&at_two);
    for number in 0..5 {
        let (here, there) = if number % 2 == 0 { (&at_one, &at_two) } else { (&at_two, &at_one) };
        let name = format!("Shelf {number}");
        here.post("/api/categories", &json!({ "name": name })).json(201);
        assert!(names(there).contains(&name), "{number}");
    }
    assert_eq!(names(&at_one).len(), before.len() + 5);

    // An export: started here, asked for there, fetched anywhere, ended from elsewhere.
    let export = at_one.start_export(at_one.document("Invoice"), &json!([]));
    assert!(at_two.file(&export) == at_one.file(&export));
    let long = at_one.start_export(at_one.document("Order book"), &everything());
    let gone = at_two.delete(&format!("/api/documents/export/{long}"));
    assert!(gone.status < 300, "{}", gone.status);
    let row = site.exports().into_iter().find(|row| row.id == long).unwrap();
    assert_eq!(row.state, "cancelled");
    until("whoever worked on it stops", || {
        listed(&at_one).iter().all(|node| node["running"] == 0).then_some(())
    });

    // An account that ends here is let in nowhere, from the next request on.
    let guest = Client::sign_in(&one.address, "Guest", "");
    let guest_there = elsewhere(&guest, &two);
    assert_eq!(guest_there.get("/api/documents").status, 200);
    assert_eq!(guest_there.get("/api/nodes").status, 403);
    let users = at_one.get("/api/users").json(200);
    let account = users.as_array().unwrap().iter().find(|user| user["userName"] == "Guest");
    let mut account: Value = account.unwrap().clone();
    account["active"] = json!(false);
    assert!(at_one.put(&format!("/api/users/{}", account["id"]), &account).status < 300);
    assert_eq!(guest_there.get("/api/documents").status, 401);
    assert_eq!(guest.get("/api/documents").status, 401);

    // A sign-in ends everywhere at once.
    let other = two.admin();
    let other_there = elsewhere(&other, &one);
    assert_eq!(other_there.get("/api/documents").status, 200);
    assert!(other.sign_out() < 300);
    assert_eq!(other_there.get("/api/documents").status, 401);
}
