//! Layouts and finished files in a bucket.

use std::path::Path;
use std::process::Command;

use pressroom_contracts::servers::S3Server;
use serde_json::json;

use crate::support::{Server, pressroom, until, valid_pdf};

/// Keeps layouts and finished files in a bucket.
fn in_bucket(command: &mut Command, server: &S3Server, bucket: &str) {
    let url = format!("s3://{bucket}/site?endpoint={}", server.endpoint());
    command.args(["--blobs", &url]);
    command.env("PRESSROOM_BLOBS__ACCESS_KEY", S3Server::ACCESS_KEY);
    command.env("PRESSROOM_BLOBS__SECRET_KEY", S3Server::SECRET_KEY);
}

/// The bytes that a document's layout is made of.
fn layout(server: &Server, name: &str) -> Vec<u8> {
    let admin = server.admin();
    let answer = admin.get(&format!("/api/documents/{}/layout", admin.document(name)));
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.body
}

/// Two nodes over one store and one bucket: what one has made, the other gives out, and it is what a
/// site with a folder makes.
#[test]
fn nodes_share_a_bucket_and_print_as_with_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let objects = S3Server::start();
    let bucket = objects.bucket();
    let start = |name: &str, more: &dyn Fn(&mut Command)| {
        Server::start_with(&folder.path().join(name), |command| {
            in_bucket(command, &objects, &bucket);
            more(command);
        })
    };
    let one = start("one", &|_| {});
    let store = folder.path().join("one/pressroom.db");
    let two = start("two", &|command| {
        command.args(["--storage", &format!("sqlite://{}", store.display())]);
    });
    let plain = Server::start(&folder.path().join("plain"));
    assert!(!folder.path().join("one/blobs").exists(), "nothing is kept beside the bucket");

    let (first, second, other) = (one.admin(), two.admin(), plain.admin());
    let (book, same_book) = (first.document("Order book"), other.document("Order book"));
    // A document tells the second in which it was made: two that were made in one are the same.
    let printed = until("two documents of one second", || {
        let exports =
            (first.start_export(book, &json!([])), other.start_export(same_book, &json!([])));
        first.ended(&exports.0);
        let made = (second.file(&exports.0), other.file(&exports.1));
        (made.0 == made.1).then_some(made.0)
    });
    let path = folder.path().join("book.pdf");
    std::fs::write(&path, &printed).unwrap();
    valid_pdf(&path);
    assert_eq!(layout(&two, "Invoice"), layout(&plain, "Invoice"));
    let log = one.log() + &two.log();
    assert!(!log.contains(S3Server::SECRET_KEY), "{log}");
}

/// Who asks meanwhile is told to come again; nothing has to be started anew.
#[test]
fn a_bucket_that_is_away_comes_back_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut objects = S3Server::start();
    let bucket = objects.bucket();
    let data = folder.path().join("data");
    let start = |objects: &S3Server| {
        Server::start_with(&data, |command| in_bucket(command, objects, &bucket))
    };
    start(&objects).kill();
    objects.stop();
    let server = start(&objects);
    let admin = server.admin();
    let invoice = admin.document("Invoice");
    let problem = admin.get(&format!("/api/documents/{invoice}/layout")).json(503);
    let words = problem.to_string();
    assert!(words.contains("cannot be reached now"), "{words}");
    objects.start_again();
    assert!(!layout(&server, "Invoice").is_empty());
    let export = admin.start_export(invoice, &json!([]));
    assert!(admin.file(&export).starts_with(b"%PDF"));

    objects.stop();
    let exports = [(); 3].map(|()| admin.start_export(invoice, &json!([])));
    objects.start_again();
    for export in exports {
        assert!(admin.file(&export).starts_with(b"%PDF"), "no work is lost meanwhile");
    }
}

#[test]
fn doctor_tries_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let mut objects = S3Server::start();
    let bucket = objects.bucket();
    let doctor = |objects: &S3Server, bucket: &str| {
        pressroom(|command| {
            command.args(["doctor", "--data-dir"]).arg(folder.path().join("data"));
            command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0");
            in_bucket(command, objects, bucket);
        })
    };
    // The usual variables do as well as the settings.
    pressroom(|command| {
        let url = format!("s3://{bucket}?endpoint={}", objects.endpoint());
        command.args(["doctor", "--blobs", &url, "--data-dir"]).arg(folder.path().join("data"));
        command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0");
        command.env("AWS_ACCESS_KEY_ID", S3Server::ACCESS_KEY);
        command.env("AWS_SECRET_ACCESS_KEY", S3Server::SECRET_KEY);
    })
    .succeeded();
    let finished = doctor(&objects, &bucket).succeeded();
    let well = format!("ok    blobs: s3://{bucket}/site?endpoint={} keeps", objects.endpoint());
    assert!(finished.out.contains(&well), "{}", finished.out);
    assert_eq!(files(&objects.folder(&bucket)), 0, "it leaves nothing behind");

    let bad = |finished: crate::support::Finished, words: &str| {
        let finished = finished.refused("one thing keeps a server from working");
        assert!(finished.out.contains("BAD   blobs:"), "{}", finished.out);
        assert!(finished.out.contains(words), "{}", finished.out);
        assert!(!finished.out.contains(S3Server::SECRET_KEY), "{}", finished.out);
    };
    bad(doctor(&objects, "no-such-bucket"), "does not exist; make it, or name another");
    objects.stop();
    bad(doctor(&objects, &bucket), &format!("at {} cannot be reached", objects.endpoint()));
}

/// How many files lie anywhere in a folder.
fn files(folder: &Path) -> usize {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}
