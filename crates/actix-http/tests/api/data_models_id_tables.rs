//! `/api/datamodels/{id}/tables`, `/datamembers` and `/procedures`

use pressroom_contracts::fakes::FakeSources;
use pressroom_data::DataType;
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};
use serde_json::{Value, json};

use crate::site::Site;

fn fill(sources: &FakeSources) {
    let column = |name: &str, data_type| ColumnInfo { name: name.into(), data_type };
    sources.set_tables(vec![
        TableInfo {
            name: "Order Details".into(),
            kind: TableKind::Table,
            columns: vec![column("id", DataType::Int), column("paid", DataType::Bool)],
        },
        TableInfo {
            name: "a/b.\"c\"%2F".into(),
            kind: TableKind::View,
            columns: vec![column("x", DataType::Unknown), column("y", DataType::Bytes)],
        },
    ]);
}

struct World {
    site: Site,
    token: String,
    id: i64,
}

impl World {
    async fn new() -> Self {
        let site = Site::new().await;
        fill(&site.sources);
        let token = site.admin().await;
        let provider = json!({"providerType": "sqLite", "connectionString": "Data Source=a.db"});
        let body = json!({"name": "sales", "providerModel": provider}).to_string();
        let made = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
        let id = made.json()["id"].as_i64().unwrap();
        Self { site, token, id }
    }

    async fn ask(&self, method: &str, below: &str, body: Option<Value>) -> crate::site::Answer {
        let address = format!("{method} /api/datamodels/{}/{below}", self.id);
        let ask = self.site.ask(&address).token(&self.token);
        let body = body.map_or_else(String::new, |body| body.to_string());
        ask.body(body).send().await
    }

    async fn get(&self, below: &str) -> Value {
        self.ask("GET", below, None).await.json()
    }
}

#[actix_web::test]
async fn tables_are_shown_until_they_are_unchecked() {
    let world = World::new().await;
    let tables = world.get("tables").await;
    assert_eq!(
        tables["tables"][0],
        json!({
            "optimisticLock": 0, "name": "\"Order Details\"", "nonEscapedName": "Order Details",
            "kind": "Table", "checked": true, "filter": null,
            "columns": [
                {"name": "id", "type": "Int64", "checked": true},
                {"name": "paid", "type": "Boolean", "checked": true},
            ],
        })
    );
    let mut body = tables.clone();
    body["tables"][0]["columns"][1]["checked"] = false.into();
    body["tables"][1]["checked"] = false.into();
    let put = world.ask("PUT", "tables", Some(body.clone())).await;
    assert_eq!((put.status, put.header("etag")), (200, "\"1\""), "{put:?}");
    let chosen = world.get("tables").await;
    assert_eq!(put.json(), chosen);
    assert_eq!(
        (&chosen["optimisticLock"], &chosen["tables"][1]["checked"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(chosen["tables"][0]["columns"][1]["checked"], false);
    let members = json!([{
        "name": "Order Details", "kind": "Table", "fields": [{"name": "id", "type": "Int64"}],
    }]);
    assert_eq!(world.get("datamembers").await, members);

    let stale = world.ask("PUT", "tables", Some(body)).await;
    stale.problem(409);
    assert_eq!(stale.json()["currentLock"], 1);
    world.ask("PUT", "tables", Some(json!({"tables": []}))).await.problem(400);

    // What is absent stays.
    let one = json!({"optimisticLock": 1, "tables": [{"nonEscapedName": "a/b.\"c\"%2F", "checked": true}]});
    let put = world.ask("PUT", "tables", Some(one)).await.json();
    assert_eq!(put["tables"][1]["checked"], true);
    assert_eq!(put["tables"][0]["columns"][1]["checked"], false);
}

#[actix_web::test]
async fn what_the_database_does_not_have_is_named() {
    let world = World::new().await;
    let body = json!({"optimisticLock": 0, "tables": [
        {"name": "nowhere", "checked": false},
        {"name": "Order Details", "columns": [{"name": "none", "checked": false}]},
    ]});
    let put = world.ask("PUT", "tables", Some(body)).await;
    put.problem(400);
    assert_eq!(
        put.json()["errors"],
        json!({
            "tables[0].name": ["\"nowhere\" is no table of the database"],
            "tables[1].columns[0].name": ["\"Order Details\" has no column \"none\""],
        })
    );
}

#[actix_web::test]
async fn columns_go_by_any_name_in_the_path() {
    let world = World::new().await;
    for name in ["a%2Fb.%22c%22%252F", "%22a%2Fb.%22%22c%22%22%252F%22"] {
        let columns = world.get(&format!("tables/{name}/columns")).await;
        let expect = json!([
            {"name": "x", "type": "Unknown", "checked": true},
            {"name": "y", "type": "ByteArray", "checked": true},
        ]);
        assert_eq!(columns, expect, "{name}");
    }
    let missing = world.ask("GET", "tables/nowhere/columns", None).await;
    assert!(missing.problem(404).contains("\"nowhere\""));
}

#[actix_web::test]
async fn sqlite_has_no_procedures() {
    let world = World::new().await;
    assert_eq!(world.get("procedures").await, json!([]));
    world.ask("GET", "procedures/SalesByYear/columns", None).await.problem(404);
}

#[actix_web::test]
async fn a_database_that_is_away_is_a_503() {
    let world = World::new().await;
    world.site.sources.take_away("sales");
    for below in ["tables", "datamembers", "tables/x/columns"] {
        assert!(world.ask("GET", below, None).await.problem(503).contains("sales"));
    }
}

#[actix_web::test]
async fn a_filter_is_kept_until_it_is_taken_away() {
    let world = World::new().await;
    let filter = "[Paid] = True Or IsMemberOf('Sales') Or UserName() = 'ada'";
    let set = async |lock: i64, filter: Value| {
        let mut table = json!({"nonEscapedName": "Order Details"});
        if filter != "absent" {
            table["filter"] = filter;
        }
        let body = json!({"optimisticLock": lock, "tables": [table]});
        world.ask("PUT", "tables", Some(body)).await
    };
    let put = set(0, filter.into()).await;
    assert_eq!((put.status, put.header("etag")), (200, "\"1\""), "{put:?}");
    assert_eq!(put.json()["tables"][0]["filter"], filter);
    let tables = world.get("tables").await;
    assert_eq!(
        (&tables["tables"][0]["filter"], &tables["tables"][1]["filter"]),
        (&json!(filter), &Value::Null)
    );

    // Clients that know nothing of filters leave them.
    assert_eq!(set(1, "absent".into()).await.json()["tables"][0]["filter"], filter);
    assert_eq!(world.ask("PUT", "tables", Some(tables)).await.status, 409);
    let line = world.site.ask("GET /api/audit").token(&world.token).send().await.json().to_string();
    assert!(line.contains("what documents see of sales, and row filters"), "{line}");
    assert_eq!(set(2, Value::Null).await.json()["tables"][0]["filter"], Value::Null);
    assert_eq!(set(3, " ".into()).await.json()["tables"][0]["filter"], Value::Null);
}

#[actix_web::test]
async fn a_mistaken_filter_is_refused_with_its_table() {
    let world = World::new().await;
    for (filter, words) in [
        (json!("[Paid] ="), "the row filter of \"Order Details\": "),
        (json!("[x] = 1"), "\"Order Details\" has no column \"x\""),
        (json!("[id] = ?Id"), "?Id is a parameter of reports"),
        (json!("[Paid]"), "write [Paid] = True"),
        (json!("Sum([id]) > 1"), "looks at one at a time"),
        (json!("RemoveDiacritics([id]) = '1'"), "has no form in the SQL of this database"),
        (json!("1 = 1 Or RemoveDiacritics([id]) = '1'"), "has no form in the SQL of this database"),
        (json!("(".repeat(3_000)), "the row filter of \"Order Details\": "),
        (json!("x".repeat(5_000)), "at most 4000 fit"),
        (json!("[id] = 1\u{0}"), "control characters"),
        (json!(7), "must be a text"),
        (json!({"a": 1}), "must be a text"),
    ] {
        let table = json!({"name": "Order Details", "filter": filter});
        let body = json!({"optimisticLock": 0, "tables": [table]});
        let put = world.ask("PUT", "tables", Some(body)).await;
        put.problem(400);
        let told =
            put.json()["errors"]["tables[0].filter"][0].as_str().unwrap_or_default().to_owned();
        assert!(told.contains(words), "{filter}: {put:?}");
    }
    assert_eq!(world.get("tables").await["optimisticLock"], 0);
}
