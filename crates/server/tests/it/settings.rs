//! Settings that are wrong end a start with words.

use crate::support::{Server, pressroom};

#[test]
fn wrong_settings_are_named_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "[limits]\nexport_pages = \"many\"\n").unwrap();
    let finished = pressroom(|command| {
        command.arg("--config").arg(&file).env("PRESSROOM_SERVER__LISTN", "127.0.0.1:0");
    })
    .refused("the setting limits.export_pages must be a whole number greater than 0");
    assert!(finished.err.contains(&format!("set in {}", file.display())), "{}", finished.err);
    assert!(finished.err.contains("PRESSROOM_SERVER__LISTN"), "{}", finished.err);
}

#[test]
fn doctor_finds_what_keeps_a_server_from_working() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let doctor = || {
        pressroom(|command| {
            command.args(["doctor", "--data-dir"]).arg(&data);
            command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0");
        })
    };
    doctor().succeeded();
    assert!(!data.exists(), "it only looks");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("pressroom.db"), "no database").unwrap();
    let finished = doctor().refused("one thing keeps a server from working");
    assert!(finished.out.contains("BAD   store:"), "{}", finished.out);
}

#[test]
fn a_store_is_made_and_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("site.db");
    for _ in 0..2 {
        let finished = pressroom(|command| {
            command.args(["migrate", "--storage", &format!("sqlite://{}", store.display())]);
            command.current_dir(folder.path());
        })
        .succeeded();
        assert_eq!(finished.out, format!("{} is up to date\n", store.display()));
    }
    assert!(store.exists());
}

/// Somebody mistypes the place of a store, or leaves it out.
#[test]
fn no_empty_site_comes_into_being_beside_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    Server::start(&data).kill();
    let mistyped = folder.path().join("presroom.db");
    let url = format!("sqlite://{}", mistyped.display());
    for command_name in ["serve", "migrate"] {
        let finished = pressroom(|command| {
            command.args([command_name, "--storage", &url, "--data-dir"]).arg(&data);
            command.env("PRESSROOM_SERVER__LISTEN", "127.0.0.1:0");
        })
        .refused("holds the key of a site: give the place of its store with --storage");
        let place = format!("there is no store at {}, ", mistyped.display());
        assert!(finished.err.contains(&place), "{}", finished.err);
        assert!(!mistyped.exists());
    }
}

#[test]
fn licences_of_all_parts_are_printed() {
    let finished = pressroom(|command| {
        command.arg("licenses");
    })
    .succeeded();
    for part in
        ["MIT License", "SIL OPEN FONT LICENSE", "Bitstream Vera", "UNICODE LICENSE", "krilla: "]
    {
        assert!(finished.out.contains(part), "{part}");
    }
}
