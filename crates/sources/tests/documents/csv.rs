//! CSV documents.

use pressroom_domain::ProviderType;

use crate::site::{Site, at, by_text};

async fn check(csv: &[u8], options: &str, schema: &str, rows: &str) {
    let site = Site::with("rows.csv", csv);
    let model = by_text(ProviderType::Csv, &format!("Uri=rows.csv;{options}"));
    assert_eq!(site.schema(&model).await.unwrap(), schema, "{options}");
    assert_eq!(site.rows(&model, "select * from rows").await.unwrap(), rows, "{options}");
}

#[tokio::test]
async fn types_are_those_of_all_rows() {
    check(
        b"id,name,paid,at,rate,code,odd\n1,Ann,true,2026-11-24,1.50,007,1\n2,,False,2026-11-25 18:30,2,008,x\n",
        "",
        "rows(id Int, name Text, paid Bool, at DateTime, rate Decimal, code Text, odd Text)",
        "1 Ann Bool(true) 2026-11-24T00:00:00 Decimal(1.5) 007 1 | \
         2 - Bool(false) 2026-11-25T18:30:00 Decimal(2) 008 x",
    )
    .await;
}

#[tokio::test]
async fn delimiters_are_sniffed_or_given() {
    check(b"a;b\n1;2", "", "rows(a Int, b Int)", "1 2").await;
    check(b"a\tb\n1\t2", "", "rows(a Int, b Int)", "1 2").await;
    check(b"a,b;c\n1,2;3", "Delimiter=\";\"", "rows(a,b Text, c Int)", "1,2 3").await;
    check(b"a,b\n1,2", "Delimiter=tab", "rows(a,b Text)", "1,2").await;
}

#[tokio::test]
async fn a_header_is_there_or_not() {
    check(b"a,b\n1,2", "HasHeader=false", "rows(Column1 Text, Column2 Text)", "a b | 1 2").await;
    check(b"a,\n1,2,3\n4", "", "rows(a Int, Column2 Int, Column3 Int)", "1 2 3 | 4 - -").await;
}

#[tokio::test]
async fn quotes_hold_delimiters_lines_and_quotes() {
    check(
        b"a,b\r\n\"x,y\",\"one\ntwo\"\r\n\"say \"\"hi\"\"\",z\r\n\r\n",
        "",
        "rows(a Text, b Text)",
        "x,y one\ntwo | say \"hi\" z",
    )
    .await;
    check(b"a,b\n'x,y',z", "TextQualifier=\"'\"", "rows(a Text, b Text)", "x,y z").await;
}

#[tokio::test]
async fn encodings() {
    let utf_16: Vec<u8> = "a,b\nGröße,1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let expect = "rows(a Text, b Int)";
    check("\u{feff}a,b\nGröße,1".as_bytes(), "", expect, "Größe 1").await;
    check(&utf_16, "", expect, "Größe 1").await;
    check(b"a,b\nGr\xf6\xdfe,1", "", expect, "Größe 1").await;
    check(b"a,b\n\xc3,1", "Encoding=windows-1251", expect, "Г 1").await;
}

#[tokio::test]
async fn numbers_and_dates_as_a_culture_writes_them() {
    let csv = "a;b;c\n1.234,50;24.11.2026;1.5".as_bytes();
    let expect = "rows(a Decimal, b DateTime, c Text)";
    check(csv, "Culture=de-DE", expect, "Decimal(1234.5) 2026-11-24T00:00:00 1.5").await;
    let expect = "rows(a Text, b Text, c Decimal)";
    check(csv, "", expect, "1.234,50 24.11.2026 Decimal(1.5)").await;
}

#[tokio::test]
async fn columns_of_one_name_are_kept_apart() {
    check(b"Name,name,Name\n1,2,3", "", "rows(Name Int, name2 Int, Name3 Int)", "1 2 3").await;
}

#[tokio::test]
async fn options_that_make_no_sense_are_told() {
    let site = Site::with("rows.csv", "a\n1");
    for (option, expect) in [
        ("Delimiter=ab", "its Delimiter must be one character"),
        ("Encoding=klingon", "its Encoding is none that is known"),
        ("Culture=xx-YY-zz", "its Culture is none that is known"),
        ("HasHeader=perhaps", "its option hasheader must be true or false"),
    ] {
        let told = site.told(&by_text(ProviderType::Csv, &format!("Uri=rows.csv;{option}"))).await;
        assert!(told.contains(expect), "{told}");
    }
}

#[tokio::test]
async fn a_document_that_changes_is_read_again() {
    let site = Site::with("rows.csv", "a\n1");
    let model = at(ProviderType::Csv, "rows.csv");
    assert_eq!(site.rows(&model, "select * from rows").await.unwrap(), "1");
    site.write("rows.csv", "a\n1\n22");
    assert_eq!(site.rows(&model, "select * from rows").await.unwrap(), "1 | 22");
    std::fs::remove_file(site.path("rows.csv")).unwrap();
    assert!(site.told(&model).await.contains("its file is not there"));
}
