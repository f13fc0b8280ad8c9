//! What a folder of bytes does beyond the contract of its port.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{TimeDelta, Utc};
use pressroom_delivery::FolderBlobs;
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobError, BlobStore};
use tempfile::tempdir;

fn place(folder: &Path, hash: &BlobHash) -> std::path::PathBuf {
    let name = hash.to_string();
    folder.join(&name[..2]).join(name)
}

#[tokio::test]
async fn bytes_are_there_after_the_next_start() {
    let folder = tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    let stored = blobs.put(b"layout".to_vec()).await.unwrap();
    drop(blobs);
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    assert_eq!(blobs.get(&stored.hash, 100).await.unwrap(), b"layout");
}

#[tokio::test]
async fn what_a_crash_left_behind_goes_after_a_day() {
    let folder = tempdir().unwrap();
    drop(FolderBlobs::open(folder.path()).unwrap());
    let left = |name: &str, hours: u64| {
        let path = folder.path().join("incoming").join(name);
        let at = SystemTime::now() - Duration::from_secs(hours * 60 * 60);
        File::create(&path).unwrap().set_modified(at).unwrap();
        path
    };
    let (old, new) = (left("old", 25), left("new", 23));
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    assert!(!old.exists());
    assert!(new.exists(), "somebody may still be writing it");
    assert_eq!(blobs.list(None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn what_a_power_cut_shortened_is_written_anew() {
    let folder = tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    let stored = blobs.put(b"layout".to_vec()).await.unwrap();
    fs::write(place(folder.path(), &stored.hash), b"").unwrap();
    blobs.put(b"layout".to_vec()).await.unwrap();
    assert_eq!(blobs.get(&stored.hash, 100).await.unwrap(), b"layout");
}

#[tokio::test]
async fn a_file_that_shrinks_while_it_is_read_is_an_error_and_no_end() {
    use futures_util::StreamExt;
    let folder = tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    let stored = blobs.put(vec![7; 300_000]).await.unwrap();
    let mut reader = blobs.open(&stored.hash).await.unwrap();
    reader.stream.next().await.unwrap().unwrap();
    File::options()
        .write(true)
        .open(place(folder.path(), &stored.hash))
        .unwrap()
        .set_len(100_000)
        .unwrap();
    let mut last = None;
    while let Some(piece) = reader.stream.next().await {
        last = Some(piece.map(|piece| piece.len()));
    }
    assert!(matches!(last, Some(Err(BlobError::Unavailable(_)))), "{last:?}");
}

#[tokio::test]
async fn strange_files_are_not_taken_for_bytes() {
    let folder = tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    let stored = blobs.put(b"layout".to_vec()).await.unwrap();
    fs::write(folder.path().join("00").join("notes.txt"), b"mine").unwrap();
    let listed = blobs.list(None, 10).await.unwrap();
    assert_eq!(listed.iter().map(|entry| entry.hash).collect::<Vec<_>>(), [stored.hash]);
}

/// However putting and sweeping fall together, what was just put is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sweeper_never_takes_what_is_being_put() {
    let folder = tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap().with_quick_writers();
    let hash = blobs.put(b"layout".to_vec()).await.unwrap().hash;
    let path = place(folder.path(), &hash);
    let a_day = TimeDelta::days(1);
    for _ in 0..200 {
        // Old enough for a sweeper, until it is put again.
        if let Ok(file) = File::options().write(true).open(&path) {
            file.set_modified((Utc::now() - a_day).into()).unwrap();
        }
        let sweeper = blobs.clone();
        let sweep = tokio::spawn(async move {
            sweeper.delete(&hash, Utc::now() - TimeDelta::hours(1)).await.unwrap()
        });
        let putter = blobs.clone();
        let put = tokio::spawn(async move {
            let mut writer = putter.writer().await.unwrap();
            tokio::task::spawn_blocking(move || {
                writer.write_all(b"layout").unwrap();
                writer.commit().unwrap()
            })
            .await
            .unwrap()
        });
        sweep.await.unwrap();
        put.await.unwrap();
        assert_eq!(blobs.get(&hash, 100).await.unwrap(), b"layout");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), b"").unwrap();
    let error = FolderBlobs::open(folder.path().join("file")).unwrap_err();
    assert!(matches!(error, BlobError::Unavailable(_)), "{error:?}");
}
