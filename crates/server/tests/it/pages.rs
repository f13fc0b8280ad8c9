//! The web pages beside the API.

use crate::support::{Client, Server};

fn starts_with(server: &Server, path: &str) -> (u16, String) {
    let answer = Client::stranger(&server.address).get(path);
    (answer.status, String::from_utf8_lossy(&answer.body).chars().take(15).collect())
}

#[test]
fn people_get_pages_and_programs_get_what_they_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder.path().join("data"), |command| {
        command.arg("--no-demo");
    });
    for (path, status) in [("/", 200), ("/nowhere", 404), ("/account/reset", 200)] {
        assert_eq!(starts_with(&server, path), (status, "<!DOCTYPE html>".to_owned()), "{path}");
    }
    for path in ["/api/nowhere", "/oauth/nowhere"] {
        let problem = Client::stranger(&server.address).get(path).json(404);
        assert_eq!(problem["status"], 404, "{path}");
    }
}

#[test]
fn a_setting_leaves_the_pages_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder.path().join("data"), |command| {
        command.arg("--no-demo").env("PRESSROOM_PORTAL__ENABLED", "false");
    });
    let problem = Client::stranger(&server.address).get("/").json(404);
    assert_eq!(problem["status"], 404);
    assert!(server.lines[2].starts_with("To begin, bring a report"), "{:?}", server.lines);
}
