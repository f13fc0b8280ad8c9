//! `/api/nodes`

use chrono::TimeDelta;
use pressroom_application::nodes::{self, ThisNode};
use pressroom_domain::NodeName;
use pressroom_ports::Clock;
use serde_json::json;

use crate::site::Site;

async fn beat(site: &Site, name: &str) {
    let this = ThisNode {
        name: NodeName::new(name),
        version: "1.2.3".into(),
        address: "10.0.0.7:8080".into(),
        started_at: site.clock.now(),
    };
    nodes::beat(&site.app, &this, 4).await.unwrap();
}

#[actix_web::test]
async fn servers_are_listed_with_what_they_do() {
    let site = Site::new().await;
    let token = site.admin().await;
    let empty = site.ask("GET /api/nodes").token(&token).send().await;
    assert_eq!((empty.status, empty.json()), (200, json!([])));
    beat(&site, "dead/1/0000").await;
    site.clock.advance(TimeDelta::seconds(30));
    site.app.draining.begin();
    beat(&site, "here/2/0001").await;
    let listed = site.ask("GET /api/Nodes/").token(&token).send().await;
    assert_eq!(listed.header("x-total-count"), "2");
    assert_eq!(
        listed.json(),
        json!([
            {
                "name": "dead/1/0000", "version": "1.2.3", "address": "10.0.0.7:8080",
                "state": "Running", "startedAt": "2026-03-02T09:30:00.000001Z",
                "lastSeenAt": "2026-03-02T09:30:00.000001Z", "alive": false,
                "running": 0, "capacity": 4,
            },
            {
                "name": "here/2/0001", "version": "1.2.3", "address": "10.0.0.7:8080",
                "state": "Draining", "startedAt": "2026-03-02T09:30:30.000001Z",
                "lastSeenAt": "2026-03-02T09:30:30.000001Z", "alive": true,
                "running": 0, "capacity": 4,
            },
        ])
    );
}

#[actix_web::test]
async fn it_is_for_administrators() {
    let site = Site::new().await;
    let rita = site.reader("rita", &[]).await;
    site.ask("GET /api/nodes").token(&rita).send().await.problem(403);
    site.ask("GET /api/nodes").send().await.problem(401);
}
