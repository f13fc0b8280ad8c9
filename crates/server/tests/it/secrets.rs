//! What is secret stays so: on disk and in the log.

use std::path::Path;

use serde_json::json;

use crate::support::{Client, PASSWORD, Server};

/// Texts that must not be found, each in the place where a kind of provider keeps it.
const SECRETS: [&str; 6] = [
    "Sesam-Server-1",
    "Sesam-String-2",
    "Sesam-Option-3",
    "Sesam-Address-4",
    "Sesam-Header-5",
    "Sesam-Changed-6",
];

#[test]
fn no_byte_of_the_data_folder_tells_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let admin = server.admin();
    let [server_password, string, option, address, header, changed] = SECRETS;
    let json_source = json!({"Source": {
        "@SourceType": "UriJsonSource", "@Uri": "https://example.com/rows",
        "Headers": [{"@Name": "Authorization", "@Value": format!("Bearer {header}")}],
    }});
    let providers = [
        json!({"providerType": "msSqlServer", "serverName": "db1", "database": "sales",
            "userName": "report", "password": server_password, "authenticationType": "sqlServer",
            "additionalParameters": format!("Trusted=false;Proxy Password={option}")}),
        json!({"providerType": "sqLite",
            "connectionString": format!("Data Source=demo.db;Password={string}")}),
        json!({"providerType": "csv",
            "uri": format!("https://ann:{address}@example.com/rows.csv?token={address}")}),
        json!({"providerType": "json", "jsonDataSource": json_source.to_string()}),
    ];
    for (number, provider) in providers.into_iter().enumerate() {
        let body = json!({"name": format!("model {number}"), "providerModel": provider});
        let made = admin.post("/api/datamodels", &body).json(201);
        let path = format!("/api/datamodels/{}", made["id"]);
        let rename = json!({"optimisticLock": 0, "name": format!("renamed {number}")});
        assert_eq!(admin.put(&format!("{path}/rename"), &rename).status, 200);
        // What comes back shows none of them.
        let connection = admin.get(&format!("{path}/connection"));
        let shown = String::from_utf8_lossy(&connection.body).into_owned();
        assert!(connection.status == 200 && !shown.contains("Sesam"), "{shown}");
        let tested = admin.post(&format!("{path}/test"), &json!({}));
        let shown = String::from_utf8_lossy(&tested.body).into_owned();
        assert!(tested.status == 200 && !shown.contains("Sesam"), "{shown}");
        if number == 0 {
            let mut read = connection.json(200);
            read["providerModel"]["password"] = changed.into();
            assert_eq!(admin.put(&path, &read).status, 200);
        }
    }
    // A report is printed from a data model with a password.
    let file = admin.file(&admin.start_export(admin.document("Invoice"), &json!([])));
    assert!(file.starts_with(b"%PDF"));
    let log = server.log();
    server.kill();
    for secret in SECRETS.into_iter().chain([PASSWORD]) {
        assert!(!log.contains(secret), "{secret} is in the log");
        search(&data, secret.as_bytes());
    }
    // And after a clean end, when the store has put its files together.
    let server = Server::start(&data);
    Client::sign_in(&server.address, "admin", PASSWORD);
    #[cfg(unix)]
    server.stop();
    for secret in SECRETS {
        search(&data, secret.as_bytes());
    }
}

/// Looks for bytes in every file below a folder.
fn search(folder: &Path, secret: &[u8]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, secret);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "{} holds {}", path.display(), String::from_utf8_lossy(secret));
    }
}
