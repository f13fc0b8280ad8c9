//! JSON documents.

use pressroom_domain::ProviderType;

use crate::site::{Site, at, by_text, inline};

async fn check(json: &str, schema: &str) -> Site {
    let site = Site::new();
    assert_eq!(site.schema(&inline(json)).await.unwrap(), schema, "{json}");
    site
}

#[tokio::test]
async fn an_array_is_a_table() {
    let json = r#"[{"id":1,"name":"Ann","paid":true,"since":"2026-11-24","rate":1.5,
        "at":"2026-11-24T18:30:00Z","key":"0f8fad5b-d9cb-469f-a165-70867728950e","note":null},
        {"id":2,"more":"x"}]"#;
    let schema = "root(id Int, name Text, paid Bool, since DateTime, rate Decimal, at DateTime, \
                  key Guid, note Text, more Text)";
    let site = check(json, schema).await;
    let rows = site.rows(&inline(json), "select id, name, since, at, more from root").await;
    assert_eq!(rows.unwrap(), "1 Ann 2026-11-24T00:00:00 2026-11-24T18:30:00 - | 2 - - - x");
}

#[tokio::test]
async fn nested_objects_are_columns_and_nested_arrays_tables() {
    let json = r#"{"orders":[
        {"id":7,"customer":{"name":"Ann","address":{"city":"Köln"}},
         "lines":[{"sku":"a","tags":["x","y"]},{"sku":"b"}]},
        {"id":8,"customer":{"name":"Bob"},"lines":[]}],"version":3}"#;
    let schema = "orders(id Int, customer.name Text, customer.address.city Text, orders_Id Int) \
                  orders.lines(orders_Id Int, sku Text, lines_Id Int) \
                  orders.lines.tags(lines_Id Int, Value Text) root(version Int)";
    let site = check(json, schema).await;
    let sql = "select o.id, o.\"customer.address.city\", l.sku, t.Value from orders o
               left join \"orders.lines\" l on l.orders_Id = o.orders_Id
               left join \"orders.lines.tags\" t on t.lines_Id = l.lines_Id
               order by o.id, l.sku, t.Value";
    let rows = site.rows(&inline(json), sql).await.unwrap();
    assert_eq!(rows, "7 Köln a x | 7 Köln a y | 7 Köln b - | 8 - - -");
}

#[tokio::test]
async fn the_root_element_chooses_a_part() {
    let site = Site::with("sales.json", r#"{"a":1,"data":{"items":[{"x":1}],"y":2}}"#);
    let check = async |text: &str, expect: &str| {
        let model = by_text(ProviderType::Json, &format!("Uri=sales.json;RootElement={text}"));
        let got = site.schema(&model).await.unwrap_or_else(|error| error.to_string());
        assert_eq!(got, expect, "{text}");
    };
    check("data.items", "items(x Int)").await;
    check("$.data.items", "items(x Int)").await;
    check("data", "data(y Int) items(x Int)").await;
    check("", "data.items(x Int) root(a Int, data.y Int)").await;
    check(
        "data.nothing",
        "data source \"Sales\" is away: its document cannot be read as JSON: it has no \
         element \"data.nothing\"; give another root element",
    )
    .await;
    // A document that is an array is called as its file.
    let site = Site::with("people.json", "[{\"n\":1}]");
    assert_eq!(site.schema(&at(ProviderType::Json, "people.json")).await.unwrap(), "people(n Int)");
}

#[tokio::test]
async fn numbers_lose_nothing() {
    let json = r#"[{"long":9007199254740993,"beyond":12345678901234567890123,"double":0.30000000000000004,
        "money":19.90,"tiny":1e-7,"mixed":1},{"mixed":"one"}]"#;
    let schema =
        "root(long Int, beyond Text, double Double, money Decimal, tiny Double, mixed Text)";
    let site = check(json, schema).await;
    let sql = "select long, beyond, double, money, mixed from root limit 1";
    let rows = site.rows(&inline(json), sql).await.unwrap();
    assert_eq!(
        rows,
        "9007199254740993 12345678901234567890123 Double(0.30000000000000004) Decimal(19.9) 1"
    );
}

#[tokio::test]
async fn arrays_of_plain_values_and_of_arrays() {
    let site = check("[1, 2.5, null]", "root(Value Decimal)").await;
    assert_eq!(
        site.rows(&inline("[[\"a\",1],[\"b\",2]]"), "select * from root").await.unwrap(),
        "a 1 | b 2"
    );
    check("[]", "root(Value Text)").await;
    check("{\"rows\":[]}", "rows(Value Text)").await;
    check("5", "root(Value Int)").await;
}

#[tokio::test]
async fn names_that_differ_in_case_only_are_kept_apart() {
    let json = r#"[{"Name":"a","name":"b","":"c","a\"; drop table root; --":"d"}]"#;
    let schema = "root(Name Text, name2 Text, Column Text, a\"; drop table root; -- Text)";
    let site = check(json, schema).await;
    assert_eq!(site.rows(&inline(json), "select * from root").await.unwrap(), "a b c d");
    // Of a name that comes twice in one object, the last counts.
    let rows = site.rows(&inline("[{\"a\":1,\"a\":2}]"), "select a from root").await;
    assert_eq!(rows.unwrap(), "2");
}
