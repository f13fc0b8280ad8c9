//! What a bucket of bytes does beyond the contract of its port.

#![cfg(feature = "s3")]

#[path = "support/bucket.rs"]
mod support;

use std::fs;
use std::io::Write;
use std::time::{Duration, SystemTime};

use chrono::{TimeDelta, Utc};
use futures_util::StreamExt;
use pressroom_delivery::ObjectBlobs;
use pressroom_domain::{BlobHash, Secret};
use pressroom_ports::{BlobError, BlobStore, StoredBlob};

use self::support::Site;

/// More than one request carries.
const LARGE: usize = 17 << 20;

/// Bytes that do not repeat soon.
fn many(length: usize) -> Vec<u8> {
    (0..length as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

/// Writes and commits on a thread that may block.
async fn write(blobs: &ObjectBlobs, bytes: Vec<u8>) -> Result<StoredBlob, BlobError> {
    let mut writer = blobs.writer().await?;
    tokio::task::spawn_blocking(move || {
        writer.write_all(&bytes).unwrap();
        writer.commit()
    })
    .await
    .unwrap()
}

/// What went wrong, in words.
fn words<T: std::fmt::Debug>(result: Result<T, BlobError>) -> String {
    match result.unwrap_err() {
        error @ BlobError::Unavailable(_) => error.to_string(),
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn large_bytes_go_in_parts_and_come_back() {
    let site = Site::new();
    let blobs = site.blobs();
    let bytes = many(LARGE);
    let put = blobs.put(bytes.clone()).await.unwrap();
    let written = write(&blobs, bytes.clone()).await.unwrap();
    assert_eq!(put, written);
    assert!(blobs.get(&put.hash, u64::MAX).await.unwrap() == bytes);
    let error = blobs.get(&put.hash, 1_000).await.unwrap_err();
    assert!(
        matches!(error, BlobError::TooLarge { size_bytes, limit_bytes: 1_000, .. } if size_bytes == LARGE as u64)
    );
    assert_eq!(site.copies(&put.hash).len(), 1, "one copy is kept");
}

#[tokio::test]
async fn many_sites_share_a_bucket() {
    let site = Site::new();
    let (one, same) = (site.blobs(), site.blobs());
    let other = site.blobs_with(|bucket| bucket.prefix = "other/site".into());
    let whole = site.blobs_with(|bucket| bucket.prefix = String::new());
    let hash = one.put(b"layout".to_vec()).await.unwrap().hash;
    assert_eq!(same.get(&hash, 100).await.unwrap(), b"layout");
    for stranger in [&other, &whole] {
        assert!(!stranger.exists(&hash).await.unwrap());
        assert_eq!(stranger.list(None, 10).await.unwrap(), []);
        stranger.put(b"mine".to_vec()).await.unwrap();
        assert_eq!(stranger.list(None, 10).await.unwrap().len(), 1);
    }
    assert_eq!(one.list(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_put_again_is_young_and_kept_once() {
    let site = Site::new();
    let blobs = site.blobs();
    let hash = blobs.put(b"layout".to_vec()).await.unwrap().hash;
    site.put_at(&hash, SystemTime::now() - Duration::from_secs(86_400));
    let an_hour_ago = Utc::now() - TimeDelta::hours(1);
    assert!(blobs.list(None, 1).await.unwrap()[0].stored_at < an_hour_ago);
    blobs.put(b"layout".to_vec()).await.unwrap();
    let listed = blobs.list(None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].stored_at > an_hour_ago);
    assert!(!blobs.delete(&hash, an_hour_ago).await.unwrap());
    assert_eq!(site.copies(&hash).len(), 1);
}

/// However putting and sweeping fall together, on however many servers, what was just put is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sweeper_never_takes_what_is_being_put() {
    let site = Site::new();
    let nodes = [site.blobs(), site.blobs(), site.blobs()];
    let hash = nodes[0].put(b"layout".to_vec()).await.unwrap().hash;
    for _ in 0..50 {
        // Old enough for a sweeper, until it is put again.
        site.put_at(&hash, SystemTime::now() - Duration::from_secs(86_400));
        let sweeper = nodes[0].clone();
        let sweep = tokio::spawn(async move {
            sweeper.delete(&hash, Utc::now() - TimeDelta::hours(1)).await.unwrap()
        });
        let puts = nodes[1..].iter().map(|node| {
            let node = node.clone();
            tokio::spawn(async move { write(&node, b"layout".to_vec()).await.unwrap() })
        });
        for put in puts.collect::<Vec<_>>() {
            put.await.unwrap();
        }
        sweep.await.unwrap();
        assert_eq!(nodes[0].get(&hash, 100).await.unwrap(), b"layout");
    }
}

#[tokio::test]
async fn objects_of_others_are_not_taken_for_bytes() {
    let site = Site::new();
    let blobs = site.blobs();
    let stored = blobs.put(b"layout".to_vec()).await.unwrap();
    let name = stored.hash.to_string();
    let lay = |place: &str| {
        let path = site.objects().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"mine").unwrap();
    };
    lay("notes.txt");
    lay("00/notes.txt");
    lay(&format!("00/{name}/notes"));
    lay(&format!("{}/{name}/notes.txt", &name[..2]));
    let other = BlobHash::from_bytes([0xcd; 32]);
    lay(&format!("cd/{other}/notes.txt"));
    let listed = blobs.list(None, 10).await.unwrap();
    assert_eq!(listed.iter().map(|entry| entry.hash).collect::<Vec<_>>(), [stored.hash]);
    assert!(!blobs.exists(&other).await.unwrap());
    assert!(matches!(blobs.get(&other, 10).await, Err(BlobError::NotFound(_))));
    let later = Utc::now() + TimeDelta::days(1);
    assert!(blobs.delete(&stored.hash, later).await.unwrap());
    assert_eq!(site.copies(&stored.hash).len(), 1, "what is not ours is left alone");
}

#[tokio::test]
async fn a_server_that_is_away_is_told_and_comes_back_by_itself() {
    let mut site = Site::new();
    site.server.stop();
    let blobs = site.blobs();
    let told = words(blobs.put(b"layout".to_vec()).await);
    let place = format!("the bucket \"{}\" at {}", site.bucket, site.server.endpoint());
    assert!(
        told.starts_with(&format!(
            "the stored bytes cannot be reached now: {place} cannot be reached: "
        )),
        "{told}"
    );
    site.server.start_again();
    let hash = blobs.put(b"layout".to_vec()).await.unwrap().hash;

    site.server.stop();
    words(blobs.get(&hash, 100).await);
    words(blobs.open(&hash).await);
    words(blobs.exists(&hash).await);
    words(blobs.list(None, 10).await);
    words(blobs.delete(&hash, Utc::now()).await);
    words(blobs.put(b"another layout".to_vec()).await);
    site.server.start_again();
    assert_eq!(blobs.list(None, 10).await.unwrap().len(), 1, "what was not stored is not seen");
    assert_eq!(blobs.get(&hash, 100).await.unwrap(), b"layout");
}

/// Nobody else has what was written, and it may have taken long.
#[tokio::test]
async fn what_was_written_waits_for_a_server_that_is_away() {
    let mut site = Site::new();
    let blobs = site.blobs();
    site.server.stop();
    let writing = tokio::spawn({
        let blobs = blobs.clone();
        async move { write(&blobs, many(3 << 20)).await }
    });
    // Long enough for the first try to have come to nothing.
    words(blobs.put(b"layout".to_vec()).await);
    assert!(!writing.is_finished());
    site.server.start_again();
    let stored = writing.await.unwrap().unwrap();
    assert!(blobs.get(&stored.hash, u64::MAX).await.unwrap() == many(3 << 20));
}

#[tokio::test]
async fn what_was_written_does_not_wait_for_another_key_or_bucket() {
    let site = Site::new();
    let stranger = site.blobs_with(|bucket| {
        bucket.access = Some(("nobody".to_owned(), Secret::new("hunter2hunter2")));
    });
    words(write(&stranger, b"document".to_vec()).await);
    let nowhere = site.blobs_with(|bucket| bucket.name = "no-such-bucket".into());
    words(write(&nowhere, b"document".to_vec()).await);
}

#[tokio::test]
async fn a_server_that_goes_away_while_bytes_are_read_is_an_error_and_no_end() {
    let mut site = Site::new();
    let blobs = site.blobs();
    let hash = write(&blobs, many(LARGE)).await.unwrap().hash;
    let mut reader = blobs.open(&hash).await.unwrap();
    reader.stream.next().await.unwrap().unwrap();
    site.server.stop();
    let mut read = 0;
    let mut last = None;
    while let Some(piece) = reader.stream.next().await {
        last = Some(piece.map(|piece| read += piece.len()));
    }
    assert!(matches!(last, Some(Err(BlobError::Unavailable(_)))), "{last:?} after {read}");
}

#[tokio::test]
async fn wrong_keys_are_told_without_a_secret() {
    let site = Site::new();
    let check = async |key: &str, secret: &str| {
        let blobs = site.blobs_with(|bucket| {
            bucket.access = Some((key.to_owned(), Secret::new(secret)));
        });
        let error = blobs.put(b"layout".to_vec()).await.unwrap_err();
        let debugged = format!("{blobs:?} {error:?}");
        let told = words::<()>(Err(error));
        assert!(told.contains("refuses the access key"), "{told}");
        assert!(told.contains(&site.bucket) && told.contains(&site.server.endpoint()), "{told}");
        for secret in [secret, pressroom_contracts::servers::S3Server::SECRET_KEY] {
            assert!(!told.contains(secret) && !debugged.contains(secret), "{told} {debugged}");
        }
    };
    check(pressroom_contracts::servers::S3Server::ACCESS_KEY, "hunter2hunter2").await;
    check("nobody", "hunter2hunter2").await;
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_told() {
    let site = Site::new();
    let blobs = site.blobs_with(|bucket| bucket.name = "no-such-bucket".into());
    let hash = BlobHash::from_bytes([7; 32]);
    for told in [
        words(blobs.put(b"layout".to_vec()).await),
        words(blobs.get(&hash, 100).await),
        words(blobs.exists(&hash).await),
        words(blobs.list(None, 10).await),
        words(blobs.delete(&hash, Utc::now()).await),
    ] {
        assert!(told.contains("the bucket \"no-such-bucket\" at http://127.0.0.1:"), "{told}");
        assert!(told.contains("does not exist; make it, or name another"), "{told}");
    }
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_a_full_place() {
    let site = Site::new();
    let blobs = site.blobs();
    let hash = blobs.put(b"layout".to_vec()).await.unwrap().hash;
    site.server.set_full(true);
    let full = |result: Result<StoredBlob, BlobError>| {
        let BlobError::Full(said) = result.unwrap_err() else { panic!("it is full") };
        let place = format!("the bucket \"{}\" at {}", site.bucket, site.server.endpoint());
        assert_eq!(said.to_string(), format!("{place} is full (QuotaExceeded)"));
    };
    full(blobs.put(b"another layout".to_vec()).await);
    full(write(&blobs, b"document".to_vec()).await);
    full(write(&blobs, many(LARGE)).await);
    assert_eq!(blobs.list(None, 10).await.unwrap().len(), 1);
    assert_eq!(blobs.get(&hash, 100).await.unwrap(), b"layout");
    site.server.set_full(false);
    write(&blobs, b"document".to_vec()).await.unwrap();
}

#[tokio::test]
async fn a_folder_for_what_is_written_that_cannot_be_made_is_an_error() {
    let site = Site::new();
    fs::write(site.spool.path().join("file"), b"").unwrap();
    let error = ObjectBlobs::open(&site.settings(), site.spool.path().join("file")).unwrap_err();
    assert!(matches!(error, BlobError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn what_waits_for_its_name_leaves_nothing_behind() {
    let site = Site::new();
    let blobs = site.blobs();
    let mut writer = blobs.writer().await.unwrap();
    tokio::task::spawn_blocking(move || {
        writer.write_all(&many(3 << 20)).unwrap();
        drop(writer);
    })
    .await
    .unwrap();
    write(&blobs, many(3 << 20)).await.unwrap();
    assert_eq!(fs::read_dir(site.spool.path().join("tmp")).unwrap().count(), 0);
}
