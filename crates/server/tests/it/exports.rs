//! Reports over HTTP, from the start of an export to the file.

use std::path::Path;

use serde_json::json;

use crate::support::{PASSWORD, Server, pages, text, tool, valid_pdf};

/// The example of the documentation, against a server that was started with nothing.
#[test]
fn the_example_of_the_documentation_leaves_a_pdf() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let invoice = server.admin().document("Invoice").to_string();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/export.sh");
    let base = format!("http://{}/", server.address);
    let ran = tool("bash", "bash", |bash| {
        bash.args([example, &base, "admin", PASSWORD, &invoice, "invoice.pdf"]);
        bash.current_dir(folder.path());
    });
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}{err}");
    assert_eq!(out, "invoice.pdf\n");
    let invoice = folder.path().join("invoice.pdf");
    valid_pdf(&invoice);
    assert!(text(&invoice).contains("Invoice 25-0919"));

    let ran = tool("bash", "bash", |bash| {
        bash.args([example, &base, "admin", "wrong", "1"]).current_dir(folder.path());
    });
    assert!(!ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("signing in as admin: 400"));
}

#[test]
fn every_report_of_the_demo_prints() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let admin = server.admin();
    let reports = pressroom_server::demo::REPORTS.map(|report| report.name);
    let exports = reports.map(|name| admin.start_export(admin.document(name), &json!([])));
    for (name, export) in reports.iter().zip(exports) {
        let status = admin.ended(&export);
        assert_eq!(status["warnings"], json!([]), "{name}");
        assert_eq!(status["progress"], 100, "{name}");
        valid_pdf(&written(folder.path(), name, &admin.file(&export)));
    }
}

#[test]
fn parameters_choose_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let admin = server.admin();
    let book = admin.document("Order book");
    let parameters = json!([
        {"name": "FromDate", "value": "2025-03-01"}, {"name": "todate", "value": "2025-03-31"},
    ]);
    let export = admin.start_export(book, &parameters);
    let book = written(folder.path(), "book", &admin.file(&export));
    let words = text(&book);
    assert!(words.contains("March 2025") && !words.contains("April 2025"), "{words}");
    assert!(pages(&book) > 5);

    let start = |parameters| {
        let path = format!("/api/documents/export/report/{}", admin.document("Order book"));
        let options = json!({"exportFormat": "pdf"});
        admin.post(&path, &json!({"exportOptions": options, "documentParameters": parameters}))
    };
    let problem = start(json!([{"name": "FromDate", "value": "in spring"}])).json(400);
    assert!(problem["detail"].as_str().unwrap().contains("FromDate"), "{problem}");
    let problem = start(json!([{"name": "Colour", "value": "blue"}])).json(400);
    assert!(problem["detail"].as_str().unwrap().contains("Colour"), "{problem}");
}

/// Keeps a file for programs to read.
fn written(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name).with_extension("pdf");
    std::fs::write(&path, bytes).unwrap();
    path
}
