//! A store whose connections are all in use.

use std::time::{Duration, Instant};

use pressroom_contracts::servers::{Missing, Postgres};
use serde_json::json;

use crate::support::{Client, Server, until};

/// More requests that write than there are connections for it.
const REQUESTS: usize = 12;
/// How many connections there are.
const CONNECTIONS: usize = 8;

#[test]
fn a_pool_that_is_used_up_is_told_and_work_goes_on_by_itself() {
    pressroom_contracts::run(async {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        tokio::task::block_in_place(|| goes_on_by_itself(server));
    });
}

fn goes_on_by_itself(postgres: &Postgres) {
    let database = postgres.database();
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder.path().join("data"), |command| {
        command.env("PRESSROOM_STORAGE__URL", &database.url);
    });
    let admin = server.admin();
    let create = |client: &Client, number: usize| {
        client.post("/api/categories", &json!({"name": format!("Shelf {number}")}))
    };
    let named = || {
        let all = admin.get("/api/categories").json(200);
        let all = all.as_array().unwrap();
        all.iter().filter(|one| one["name"].as_str().unwrap().starts_with("Shelf")).count()
    };

    let held =
        postgres.hold(&database, "update sequences set last_id = last_id where name = 'writes'");
    let (answer, answers) = std::sync::mpsc::channel();
    for number in 0..REQUESTS {
        let (client, answer) = (admin.at(&server.address), answer.clone());
        std::thread::spawn(move || {
            let asked = Instant::now();
            let _ = answer.send((create(&client, number), asked.elapsed()));
        });
    }
    // Who finds no connection hears so soon, while the others wait for their turn.
    for _ in CONNECTIONS..REQUESTS {
        let (refused, waited) = answers.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!((refused.status, refused.header("retry-after")), (503, "5"), "{refused:?}");
        assert!(refused.text().contains("try again in a moment"), "{refused:?}");
        assert!(waited < Duration::from_secs(20), "{waited:?}");
    }
    // Who reads notices nothing.
    assert_eq!(admin.get("/api/documents").status, 200);
    assert_eq!(named(), 0);

    drop(held);
    for _ in 0..CONNECTIONS {
        let (created, _) = answers.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(created.status, 201, "{created:?}");
    }
    until("it is ready", || server.is_ready().then_some(()));
    assert_eq!(create(&admin, REQUESTS).status, 201);
    assert_eq!(named(), CONNECTIONS + 1, "what was refused was not done");
    assert_eq!(server.stop(), Some(0));
}
