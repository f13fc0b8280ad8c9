//! Workbooks.

use pressroom_domain::ProviderType;

use crate::site::{Site, at, by_text};
use crate::workbook::{self, date, number, text, truth};

fn orders() -> Vec<Vec<String>> {
    vec![
        vec![text("id"), text("name"), text("at"), text("rate"), text("paid"), String::new()],
        vec![number(1), text("Ann"), date(46350.0), number(1.5), truth(true), text("x")],
        vec![String::new(); 6],
        vec![number(2), String::new(), date(46351.0), number(2), truth(false)],
    ]
}

#[tokio::test]
async fn a_sheet_is_a_table() {
    let book = workbook::of(&[
        ("Orders", orders()),
        ("Empty", vec![]),
        ("Two words", vec![vec![text("a")], vec![text("b")]]),
    ]);
    let site = Site::with("book.xlsx", book);
    let model = at(ProviderType::Excel, "book.xlsx");
    assert_eq!(
        site.schema(&model).await.unwrap(),
        "Orders(id Int, name Text, at DateTime, rate Decimal, paid Bool, Column6 Text) \
         Two words(a Text)"
    );
    assert_eq!(
        site.rows(&model, "select * from Orders").await.unwrap(),
        "1 Ann 2026-11-24T00:00:00 Decimal(1.5) Bool(true) x | \
         2 - 2026-11-25T00:00:00 Decimal(2) Bool(false) -"
    );
    assert_eq!(site.rows(&model, "select * from \"Two words\"").await.unwrap(), "b");
}

#[tokio::test]
async fn ranges_with_names_are_tables_too() {
    let names = "<definedNames><definedName name=\"People\">Orders!$A$1:$B$2</definedName>\
                 <definedName name=\"Elsewhere\">Other!$A$1:$B$2</definedName>\
                 <definedName name=\"Sum\">SUM(Orders!$A$1:$A$9)</definedName></definedNames>";
    let site = Site::with("book.xlsx", workbook::with_names(&[("Orders", orders())], names));
    let model = at(ProviderType::Excel, "book.xlsx");
    let schema = site.schema(&model).await.unwrap();
    assert!(schema.ends_with("People(id Int, name Text)"), "{schema}");
    assert_eq!(site.rows(&model, "select * from People").await.unwrap(), "1 Ann");
}

#[tokio::test]
async fn a_header_is_there_or_not() {
    let book = workbook::of(&[("S", vec![vec![text("a"), number(1)], vec![text("b"), number(2)]])]);
    let site = Site::with("book.xlsx", book);
    let model = by_text(ProviderType::Excel, "Uri=book.xlsx;HasHeader=false");
    assert_eq!(site.schema(&model).await.unwrap(), "S(Column1 Text, Column2 Int)");
    assert_eq!(site.rows(&model, "select * from S").await.unwrap(), "a 1 | b 2");
}

#[tokio::test]
async fn columns_of_one_name_are_kept_apart() {
    let book = workbook::of(&[(
        "S",
        vec![vec![text("Name"), text("name"), text("Name")], vec![number(1), number(2), number(3)]],
    )]);
    let site = Site::with("book.xlsx", book);
    let model = at(ProviderType::Excel, "book.xlsx");
    assert_eq!(site.schema(&model).await.unwrap(), "S(Name Int, name2 Int, Name3 Int)");
    assert_eq!(site.rows(&model, "select * from S").await.unwrap(), "1 2 3");
}
