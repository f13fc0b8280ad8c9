//! Backups, and sites that are brought back from them.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Client, Finished, PASSWORD, Server, pressroom, until};

fn back_up(data: &Path, file: &Path, options: &[&str]) -> Finished {
    pressroom(|command| {
        command.arg("backup").arg(file).args(options).arg("--data-dir").arg(data);
    })
}

fn restore(file: &Path, data: &Path) -> Finished {
    pressroom(|command| {
        command.arg("restore").arg(file).arg("--data-dir").arg(data);
    })
}

/// The names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A site that is written to all the time is backed up as it is at one moment, and serves elsewhere.
#[test]
fn a_site_at_work_is_backed_up_and_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("site.tar.gz"));
    let server = Server::start(&data);
    let admin = server.admin();
    let export = admin.start_export(admin.document("Invoice"), &json!([]));
    let invoice = admin.file(&export);
    let (done, made) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let writer = std::thread::spawn({
        let (address, done, made) = (server.address.clone(), done.clone(), made.clone());
        move || {
            let admin = Client::sign_in(&address, "admin", PASSWORD);
            let invoice = admin.document("Invoice");
            while !done.load(Ordering::Relaxed) {
                let number = made.fetch_add(1, Ordering::Relaxed);
                let name = json!({"name": format!("Shelf {number}")});
                admin.post("/api/categories", &name).json(201);
                if number % 4 == 0 {
                    admin.start_export(invoice, &json!([]));
                }
            }
        }
    });
    until("five shelves are made", || (made.load(Ordering::Relaxed) > 5).then_some(()));
    let written = back_up(&data, &file, &["--with-key"]).succeeded();
    assert!(written.out.contains("the key of secrets is in it"), "{}", written.out);
    done.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    server.kill();
    back_up(&data, &file, &[]).refused("is there already");

    let new = folder.path().join("new");
    let restored = restore(&file, &new).succeeded();
    assert!(restored.out.contains("holds the site as it was at"), "{}", restored.out);
    assert_eq!(names(folder.path()).iter().filter(|name| name.starts_with('.')).count(), 0);
    let store = Connection::open(new.join("pressroom.db")).unwrap();
    let whole: String = store.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    let shelves = "select count(*) from categories where name like 'Shelf %'";
    let shelves: u32 = store.query_row(shelves, [], |row| row.get(0)).unwrap();
    assert!((4..=made.load(Ordering::Relaxed)).contains(&shelves), "{shelves}");
    drop(store);
    fs::remove_dir_all(&data).unwrap();
    let server = Server::start(&new);
    let admin = server.admin();
    assert!(admin.file(&export) == invoice, "what was printed before is there");
    for report in pressroom_server::demo::REPORTS {
        let export = admin.start_export(admin.document(report.name), &json!([]));
        assert!(admin.file(&export).starts_with(b"%PDF"), "{}", report.name);
    }
}

/// A small site, without the demo.
fn small_site(folder: &Path) -> std::path::PathBuf {
    let data = folder.join("data");
    let server = Server::start_with(&data, |command| {
        command.arg("--no-demo");
    });
    server.admin().post("/api/categories", &json!({"name": "Sales"})).json(201);
    server.kill();
    fs::create_dir_all(data.join("data/below")).unwrap();
    fs::write(data.join("data/below/rows.csv"), "a;b\n1;2\n").unwrap();
    data
}

#[test]
fn the_key_and_the_customers_files_are_a_choice() {
    let folder = tempfile::tempdir().unwrap();
    let data = small_site(folder.path());
    let (with, without) = (folder.path().join("with.tar.gz"), folder.path().join("without.tar.gz"));
    let words = back_up(&data, &with, &["--with-key"]).succeeded().out;
    assert!(words.contains("keep it as safe as the site itself"), "{words}");
    let words = back_up(&data, &without, &["--without-data"]).succeeded().out;
    assert!(words.contains("is not in it: keep it elsewhere"), "{words}");
    let new = folder.path().join("new");
    fs::create_dir(&new).unwrap();
    restore(&with, &new).succeeded();
    assert_eq!(fs::read(new.join("data/below/rows.csv")).unwrap(), b"a;b\n1;2\n");
    let key = |data: &Path| fs::read_to_string(data.join("secret.key")).unwrap();
    assert_eq!(key(&new), key(&data));
    restore(&with, &new).refused("is not empty");
    let new = folder.path().join("other");
    let words = restore(&without, &new).succeeded().out;
    assert!(words.contains("its key is not there: put it at"), "{words}");
    assert_eq!(names(&new), ["blobs", "pressroom.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for file in [&with, &new.join("pressroom.db")] {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    back_up(&data, &data.join("data/site.tar.gz"), &[]).refused("would be a part of itself");
    back_up(&folder.path().join("nowhere"), &folder.path().join("x"), &[])
        .refused("there is no store at");
}

/// Wherever it is cut or changed, nothing comes into being.
#[test]
fn a_damaged_backup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = small_site(folder.path());
    let file = folder.path().join("site.tar.gz");
    back_up(&data, &file, &[]).succeeded();
    let whole = fs::read(&file).unwrap();
    let new = folder.path().join("new");
    let refused = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        let words = restore(&file, &new).refused("nothing was restored from").err;
        assert!(!new.exists());
        assert!(!names(folder.path()).iter().any(|name| name.starts_with('.')), "{words}");
    };
    for length in [0, 1, 20, whole.len() / 3, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        refused(&whole[..length]);
    }
    for place in [0, 2, whole.len() / 4, whole.len() / 2, whole.len() - 6] {
        refused(&damaged(&whole, place));
    }
    refused(b"no backup at all");
    // What is whole for gzip and tar need not be what was backed up.
    let mut unpacked = unpacked(&whole).unwrap();
    let store = unpacked.windows(6).position(|bytes| bytes == b"SQLite").unwrap();
    unpacked[store + 5_000] ^= 1;
    refused(&packed(&unpacked));
    fs::write(&file, &whole).unwrap();
    restore(&file, &new).succeeded();
}

/// Changes one byte at a place, or as near behind it as a change counts: a run of zeros can be packed
/// in many ways, so not every change of packed bytes changes what is in them.
fn damaged(whole: &[u8], place: usize) -> Vec<u8> {
    let content = unpacked(whole).unwrap();
    (place..whole.len())
        .map(|place| {
            let mut bytes = whole.to_vec();
            bytes[place] ^= 0x55;
            bytes
        })
        .find(|bytes| unpacked(bytes).ok().as_ref() != Some(&content))
        .unwrap()
}

fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut content)?;
    Ok(content)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// Whoever made it, it writes below the new data folder only, and only what a backup has.
#[test]
fn a_hostile_backup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = small_site(folder.path());
    let good = folder.path().join("good.tar.gz");
    back_up(&data, &good, &[]).succeeded();
    let (file, new) = (folder.path().join("bad.tar.gz"), folder.path().join("new"));
    let outside = folder.path().join("outside");
    // Puts an entry behind the first one, which tells what a backup is of.
    let check = |name: &str, kind: tar::EntryType, expect: &str| {
        let mut source = tar::Archive::new(GzDecoder::new(File::open(&good).unwrap()));
        let packer = GzEncoder::new(File::create(&file).unwrap(), Compression::fast());
        let mut bad = tar::Builder::new(packer);
        for (place, entry) in source.entries().unwrap().enumerate() {
            let mut entry = entry.unwrap();
            let header = entry.header().clone();
            bad.append(&header, &mut entry).unwrap();
            if place == 0 {
                let mut header = tar::Header::new_gnu();
                header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
                header.set_entry_type(kind);
                header.set_mode(0o644);
                let content = if kind == tar::EntryType::Regular { "hostile" } else { "" };
                if kind.is_symlink() || kind.is_hard_link() {
                    header.set_link_name("/etc/passwd").unwrap();
                }
                header.set_size(content.len() as u64);
                header.set_cksum();
                bad.append(&header, content.as_bytes()).unwrap();
            }
        }
        bad.into_inner().unwrap().finish().unwrap();
        restore(&file, &new).refused(expect);
        assert!(!new.exists() && !outside.exists(), "{name}");
    };
    use tar::EntryType as Is;
    let no_backup_has = "which no backup has";
    check("../outside", Is::Regular, no_backup_has);
    check("data/../../outside", Is::Regular, no_backup_has);
    check("data//etc/outside", Is::Regular, no_backup_has);
    check("data/", Is::Regular, no_backup_has);
    check("/outside", Is::Regular, no_backup_has);
    check("blobs/../../outside", Is::Regular, no_backup_has);
    check("pressroom.db-wal", Is::Regular, no_backup_has);
    check("pressroom.db", Is::Regular, "is not what was backed up");
    check("secret.key", Is::Regular, "the key in it cannot be used");
    check("data/link", Is::Symlink, "which is no file");
    check("data/link", Is::Link, "which is no file");
    check("data/pipe", Is::Fifo, "which is no file");
    check("data/long", Is::GNULongName, "which is no file");
    check("data/below", Is::Directory, "which is no file");
    check(&format!("blobs/{}", "0".repeat(64)), Is::Regular, "of its");
    check("data/rows.csv", Is::Regular, "of its");
}

/// Nothing half done is left where there is no room.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let data = small_site(folder.path());
    let limited = |arguments: &[&str], folder: &Path| {
        // No file may have more than 64 blocks of 1,024 bytes; the signal for it is ignored.
        let script = "trap '' XFSZ; ulimit -f 64; exec \"$@\"";
        let mut command = std::process::Command::new("bash");
        command.args(["-c", script, "bash", env!("CARGO_BIN_EXE_pressroom")]).args(arguments);
        let done = command.current_dir(folder).output().unwrap();
        (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let (done, words) = limited(&["backup", "x.tar.gz", "--data-dir", "data"], folder.path());
    assert!(!done && words.contains("no backup was written to x.tar.gz"), "{words}");
    let file = folder.path().join("site.tar.gz");
    back_up(&data, &file, &[]).succeeded();
    let (done, words) = limited(&["restore", "site.tar.gz", "--data-dir", "new"], folder.path());
    assert!(!done && words.contains("nothing was restored from site.tar.gz"), "{words}");
    assert_eq!(names(folder.path()), ["data", "data.log", "site.tar.gz"]);
}
