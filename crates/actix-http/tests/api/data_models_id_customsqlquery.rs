//! `/api/datamodels/{id}/customsqlquery` and `/queries`

use pressroom_actix_http::Config;
use pressroom_application::CustomSql;
use pressroom_data::{DataType, Field, Schema};
use serde_json::{Value, json};

use crate::site::{Answer, Site};

const SQL: &str = "select n from numbers where n > @least";
/// How the database is asked.
const ASKED: &str = "select n from numbers where n > ?1";

struct World {
    site: Site,
    token: String,
    id: i64,
}

impl World {
    async fn new(mode: CustomSql) -> Self {
        let change = |settings: &mut pressroom_application::Settings| settings.custom_sql = mode;
        let site = Site::with(change, Config::default()).await;
        let schema = Schema::new(vec![Field::new("n", DataType::Int)]);
        site.sources.answer_rows(ASKED, schema, Vec::new());
        let token = site.admin().await;
        let provider = json!({"providerType": "sqLite", "connectionString": "Data Source=a.db"});
        let body = json!({"name": "sales", "providerModel": provider}).to_string();
        let made = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
        let id = made.json()["id"].as_i64().unwrap();
        Self { site, token, id }
    }

    async fn ask(&self, method: &str, below: &str, body: Value) -> Answer {
        let address = format!("{method} /api/datamodels/{}/{below}", self.id);
        self.site.ask(&address).token(&self.token).body(body.to_string()).send().await
    }

    async fn post(&self, sql: &str) -> Answer {
        self.ask("POST", "customsqlquery", json!({"name": "q", "query": sql})).await
    }
}

#[actix_web::test]
async fn queries_are_made_changed_and_deleted() {
    let world = World::new(CustomSql::SelectOnly).await;
    let body = json!({
        "name": "above 1/2 \"ä\"", "query": SQL,
        "parameters": [
            {"name": "@least", "type": "System.Int32", "value": 7},
            {"name": "@other", "type": "string", "value": "x", "isNull": true},
        ],
    });
    let made = world.ask("POST", "customsqlquery", body).await;
    let expect = json!({
        "optimisticLock": 0, "name": "above 1/2 \"ä\"", "query": SQL,
        "parameters": [
            {"name": "@least", "type": "Int32", "value": "7", "isNull": false},
            {"name": "@other", "type": "String", "value": null, "isNull": true},
        ],
    });
    assert_eq!((made.status, made.json()), (201, expect.clone()), "{made:?}");
    let place = made.header("location").to_owned();
    let found = world.site.ask(&format!("GET {place}")).token(&world.token).send().await;
    assert_eq!((found.status, found.json()), (200, expect.clone()));
    assert_eq!(world.ask("GET", "queries", Value::Null).await.json(), json!([expect]));
    let members = world.ask("GET", "datamembers", Value::Null).await.json();
    let fields = json!([{"name": "n", "type": "Int64"}]);
    assert_eq!(members, json!([{"name": "above 1/2 \"ä\"", "kind": "Query", "fields": fields}]));

    let again = json!({"name": "ABOVE 1/2 \"Ä\"", "query": SQL});
    world.ask("POST", "customsqlquery", again).await.problem(409);
    let put = async |body: Value| {
        let ask = world.site.ask(&format!("PUT {place}")).token(&world.token);
        ask.body(body.to_string()).send().await
    };
    let changed = put(json!({"optimisticLock": 0, "parameters": []})).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"1\""));
    assert_eq!(
        (&changed.json()["query"], &changed.json()["parameters"]),
        (&json!(SQL), &json!([]))
    );
    put(json!({"optimisticLock": 0, "query": SQL})).await.problem(409);
    put(json!({"query": SQL})).await.problem(400);
    let renamed = put(json!({"optimisticLock": 1, "name": "above"})).await;
    assert_eq!(renamed.json()["name"], "above");
    put(json!({"optimisticLock": 2, "name": "above"})).await.problem(404);
    assert_eq!(world.ask("DELETE", "customsqlquery/ABOVE", Value::Null).await.status, 204);
    world.ask("DELETE", "customsqlquery/above", Value::Null).await.problem(404);
    world.ask("GET", "customsqlquery/above", Value::Null).await.problem(404);
}

#[actix_web::test]
async fn a_site_takes_what_it_is_set_to_take() {
    for (mode, sql, status) in [
        (CustomSql::Deny, SQL, 403),
        (CustomSql::SelectOnly, SQL, 201),
        (CustomSql::SelectOnly, "delete from numbers", 403),
        (CustomSql::SelectOnly, "select 1; drop table numbers", 403),
        (CustomSql::SelectOnly, "select x from nowhere", 400),
        (CustomSql::All, "delete from numbers", 201),
        (CustomSql::All, "select 1; drop table numbers", 400),
        (CustomSql::All, "select x from nowhere", 400),
    ] {
        let answer = World::new(mode).await.post(sql).await;
        assert_eq!(answer.status, status, "{mode:?} {sql}: {answer:?}");
    }
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let world = World::new(CustomSql::SelectOnly).await;
    let body = json!({"name": "q", "query": SQL, "parameters": [
        {"name": "a", "type": "Colour"}, {"name": "b", "type": "Int32", "value": "many"},
    ]});
    let answer = world.ask("POST", "customsqlquery", body).await;
    answer.problem(400);
    let errors = answer.json()["errors"].clone();
    let told = errors["parameters[0].type"][0].as_str().unwrap();
    assert!(told.starts_with("\"Colour\" is no known type; use one of Boolean"), "{errors}");
    assert_eq!(errors["parameters[1].value"], json!(["is no value of the type Int32"]));
    world.ask("POST", "customsqlquery", json!({"name": "q", "query": " "})).await.problem(400);
    let answer = world.ask("POST", "customsqlquery", json!({})).await;
    assert_eq!(
        answer.json()["errors"],
        json!({"name": ["must be given"], "query": ["must be given"]})
    );
}
