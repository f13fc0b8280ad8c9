//! Reaching the server: its address, its password, TLS.

use diesel::prelude::*;
use diesel_tds::TdsConnection;

use crate::database::{Database, database};
use crate::schema::add_user;

fn refused(url: &str) -> String {
    match TdsConnection::establish(url) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("{url} was taken"),
    }
}

#[test]
fn a_wrong_password_is_told_and_not_shown() {
    let database = database!();
    let url = database.url();
    let (scheme, rest) = url.split_once("://").unwrap();
    let (who, place) = rest.rsplit_once('@').unwrap();
    let (user, _) = who.split_once(':').unwrap();
    let error = refused(&format!("{scheme}://{user}:not-the-pass@{place}"));
    assert!(error.to_lowercase().contains("login failed"), "{error}");
    assert!(!error.contains("not-the-pass"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let error = refused("mssql://sa:secret@127.0.0.1:1/db");
    assert!(error.contains("127.0.0.1:1"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn what_speaks_another_protocol_is_told() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 512]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    let error = refused(&format!("mssql://sa:secret@{address}/db"));
    assert!(error.contains("does not speak the protocol"), "{error}");
    thread.join().unwrap();
}

/// Whether the server of these tests can do TLS: not every one is set up for it.
fn encrypted(database: &Database) -> Option<TdsConnection> {
    let url = database.url_with("encrypt=true&trust_server_certificate=true");
    match TdsConnection::establish(&url) {
        Ok(conn) => Some(conn),
        Err(error) if error.to_string().contains("offers no TLS") => {
            eprintln!("skipped: the server offers no TLS");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn all_that_is_sent_can_be_encrypted() {
    let database = database!();
    let Some(mut conn) = encrypted(&database) else { return };
    let long = "x".repeat(190);
    for at in 0..30 {
        add_user(&mut conn, &format!("{long}{at}"));
    }
    assert_eq!(crate::schema::names(&mut conn).len(), 30);
}

#[test]
fn a_certificate_of_nobody_known_is_refused() {
    let database = database!();
    if encrypted(&database).is_none() {
        return;
    }
    let error = refused(&database.url_with("encrypt=true"));
    assert!(error.contains("trust_server_certificate=true"), "{error}");
    assert!(error.contains("certificate_authority"), "{error}");
}
