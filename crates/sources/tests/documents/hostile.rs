//! Documents that are damaged, or made to do harm.

use std::time::{Duration, Instant};

use pressroom_domain::ProviderType;

use crate::site::{Site, at, by_text, inline};
use crate::workbook;

async fn told(kind: ProviderType, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let site = Site::with(name, bytes);
    let begun = Instant::now();
    let told = site.told(&at(kind, name)).await;
    assert!(begun.elapsed() < Duration::from_secs(30), "{told}");
    let told = told.strip_prefix("data source \"Sales\" is away: ").unwrap_or(&told);
    told.strip_prefix("its document cannot be read as ").unwrap_or(told).to_owned()
}

#[tokio::test]
async fn a_json_document_that_is_cut_off() {
    for json in ["[{\"a\":1},", "{\"a\":\"x", "[1", "", "{\"a\"", "[tru"] {
        let told = told(ProviderType::Json, "x.json", json).await;
        assert!(told.starts_with("JSON: ") && told.contains("line 1"), "{json}: {told}");
    }
}

#[tokio::test]
async fn a_json_document_that_is_none() {
    for json in ["{a:1}", "[1,]", "[1] [2]", "[\"\\ud800\"]", "[01]", "<a/>", "[NaN]"] {
        let told = told(ProviderType::Json, "x.json", json).await;
        assert!(told.starts_with("JSON: "), "{json}: {told}");
    }
}

#[tokio::test]
async fn a_json_document_ten_million_deep() {
    for deep in ["[", "{\"a\":", "[{\"a\":"] {
        let told = told(ProviderType::Json, "x.json", deep.repeat(10_000_000 / deep.len())).await;
        assert!(told.contains("more than 64 deep in each other in line 1"), "{told}");
    }
    let site = Site::new();
    let told = site.told(&inline(&"[".repeat(1_000_000))).await;
    assert!(told.contains("more than 64 deep"), "{told}");
}

#[tokio::test]
async fn a_document_in_the_wrong_encoding() {
    let told_json = told(ProviderType::Json, "x.json", b"[\"Gr\xf6\xdfe\"]").await;
    assert_eq!(told_json, "JSON: it is no text in UTF-8; give its Encoding");
    let xml = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><a><b>Gr\xf6\xdfe</b></a>";
    let told_xml = told(ProviderType::Xml, "x.xml", xml).await;
    assert_eq!(told_xml, "XML: it is no text in UTF-8; give the right Encoding");
    let site = Site::with("x.csv", b"a\nGr\xf6\xdfe");
    let told = site.told(&by_text(ProviderType::Csv, "Uri=x.csv;Encoding=utf-8")).await;
    assert!(told.contains("it is no text in UTF-8; give the right Encoding"), "{told}");
}

#[tokio::test]
async fn a_csv_document_whose_quote_is_never_closed() {
    let told = told(ProviderType::Csv, "x.csv", "a,b\n1,2\n3,\"4\n5,6\n7,8").await;
    assert_eq!(told, "CSV: a quote that opens in line 3 or after is never closed");
}

#[tokio::test]
async fn a_csv_document_with_too_many_columns() {
    let told = told(ProviderType::Csv, "x.csv", ",".repeat(100_000)).await;
    assert_eq!(told, "its document has more than 1000 columns in a table; take a part of it");
}

#[tokio::test]
async fn a_json_document_with_too_many_columns_or_tables() {
    let columns: Vec<String> = (0..5_000).map(|n| format!("\"c{n}\":1")).collect();
    let document = format!("[{{{}}}]", columns.join(","));
    let told_columns = told(ProviderType::Json, "x.json", document).await;
    assert!(told_columns.contains("more than 1000 columns in a table"), "{told_columns}");
    let tables: Vec<String> = (0..5_000).map(|n| format!("\"t{n}\":[]")).collect();
    let document = format!("{{{}}}", tables.join(","));
    let told_tables = told(ProviderType::Json, "x.json", document).await;
    assert!(told_tables.contains("more than 500 tables"), "{told_tables}");
}

#[tokio::test]
async fn a_billion_laughs() {
    let mut document = String::from("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"ha\">");
    for n in 1..10 {
        let inner = format!("&l{};", n - 1).repeat(10);
        document += &format!("<!ENTITY l{n} \"{inner}\">");
    }
    document += "]><a><b>&l9;</b></a>";
    let told = told(ProviderType::Xml, "x.xml", document).await;
    assert_eq!(told, "XML: the entity \"l9\" is not taken; write its text out (line 1)");
}

#[tokio::test]
async fn an_entity_that_is_a_file() {
    let document = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><b>&x;</b></a>";
    let told = told(ProviderType::Xml, "x.xml", document).await;
    assert!(told.contains("the entity \"x\" is not taken"), "{told}");
}

#[tokio::test]
async fn an_xml_document_that_is_damaged() {
    for (xml, expect) in [
        ("<a><b>1</b>", "it ends in the middle of an element"),
        ("<a><b>1</c></a>", "line 1"),
        ("", "it has no element"),
        ("plain text", "it has no element"),
    ] {
        let told = told(ProviderType::Xml, "x.xml", xml).await;
        assert!(told.starts_with("XML: ") && told.contains(expect), "{xml}: {told}");
    }
    let told = told(ProviderType::Xml, "x.xml", "<a>".repeat(1_000_000)).await;
    assert!(told.contains("elements lie more than 64 deep in each other"), "{told}");
}

#[tokio::test]
async fn a_workbook_that_is_none() {
    let whole = workbook::of(&[("S", vec![vec![workbook::text("a")], vec![workbook::number(1)]])]);
    for bytes in [&b"no workbook"[..], b"PK\x03\x04", &whole[..whole.len() / 2], b""] {
        let told = told(ProviderType::Excel, "x.xlsx", bytes).await;
        assert!(told.starts_with("a workbook: it is"), "{told}");
    }
}

#[tokio::test]
async fn a_workbook_that_unpacks_to_too_much() {
    let part = workbook::zipped(&[("a".into(), "\0".repeat(100 << 20))]);
    let bomb = workbook::again_and_again(&part, 6);
    assert!(bomb.len() < 4 << 20);
    let told = told(ProviderType::Excel, "x.xlsx", bomb).await;
    assert_eq!(
        told,
        "its document is longer than 512 MB, the most that is read; take a part of it"
    );
}

#[tokio::test]
async fn a_workbook_whose_cells_lie_far_apart() {
    // Held as a whole it would be seventeen billion cells.
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row>\
        <row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c><c r=\"XFD1048576\"><v>2</v></c></row></sheetData></worksheet>";
    let book = workbook::with_sheet("S", sheet);
    let site = Site::with("x.xlsx", book);
    let model = at(ProviderType::Excel, "x.xlsx");
    assert_eq!(site.schema(&model).await.unwrap(), "S(a Int, Column16384 Int)");
    assert_eq!(site.rows(&model, "select * from S").await.unwrap(), "1 2");
}

#[tokio::test]
async fn an_opendocument_sheet_that_repeats_itself() {
    let content = "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">\
        <table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value-type=\"float\" \
        office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row></table:table>\
        </office:spreadsheet></office:body></office:document-content>";
    let book = workbook::zipped(&[
        ("mimetype".into(), "application/vnd.oasis.opendocument.spreadsheet".into()),
        ("content.xml".into(), content.into()),
    ]);
    let told = told(ProviderType::Excel, "x.ods", book).await;
    assert!(told.contains("more than 20000000 cells in a sheet"), "{told}");
}

#[tokio::test]
async fn a_path_outside_of_the_data_folders() {
    let site = Site::new();
    let outside = site.folder.path().join("secret.json");
    std::fs::write(&outside, "[{\"a\":1}]").unwrap();
    let outside = outside.to_str().unwrap();
    for path in
        [outside, "../secret.json", "/etc/passwd", "/no/such/file", &format!("file://{outside}")]
    {
        for kind in [ProviderType::Json, ProviderType::Csv, ProviderType::Excel, ProviderType::Xml]
        {
            let told = site.told(&at(kind, path)).await;
            assert!(told.contains("lies outside of the folders"), "{path}: {told}");
        }
    }
    let told = site.told(&at(ProviderType::Json, "missing.json")).await;
    assert!(told.contains("its file is not there"), "{told}");
}

#[tokio::test]
async fn the_servers_own_files_are_no_documents() {
    let site = Site::with("store.json", "[{\"a\":1}]");
    let told = site.told(&at(ProviderType::Json, "store.json")).await;
    assert!(
        told.contains("it is the server's own") || told.contains("server's own store"),
        "{told}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_data_folders() {
    let site = Site::new();
    let outside = site.folder.path().join("secret.json");
    std::fs::write(&outside, "[{\"a\":1}]").unwrap();
    std::os::unix::fs::symlink(&outside, site.path("link.json")).unwrap();
    let told = site.told(&at(ProviderType::Json, "link.json")).await;
    assert!(told.contains("lies outside of the folders"), "{told}");
}

#[tokio::test]
async fn what_a_document_holds_is_never_told() {
    for (kind, name, bytes) in [
        (ProviderType::Json, "x.json", "[{\"hunter2\": hunter2"),
        (ProviderType::Xml, "x.xml", "<a><hunter2>hunter2</a>"),
    ] {
        let told = told(kind, name, bytes).await;
        assert!(kind == ProviderType::Xml || !told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn nothing_is_written_to_a_document() {
    let site = Site::with("x.json", "[{\"a\":1}]");
    let model = at(ProviderType::Json, "x.json");
    for sql in ["delete from x", "create table y (a)", "attach database 'z.db' as z", "pragma x"] {
        assert!(site.rows(&model, sql).await.is_err(), "{sql}");
    }
    assert_eq!(site.rows(&model, "select * from x").await.unwrap(), "1");
}
