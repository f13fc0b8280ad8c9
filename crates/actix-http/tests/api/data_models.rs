//! `/api/datamodels`

use serde_json::json;

use crate::site::Site;

#[actix_web::test]
async fn a_sqlite_model_is_made_and_looked_at_and_its_connection_stays_secret() {
    let site = Site::new().await;
    let token = site.admin().await;
    let body = r#"{name:"nwind",Description:"orders",commandTimeout:"30",
        providerModel:{ProviderType:"SQLITE",connectionString:"Data Source=nwind.db;Password=hush"}}"#;
    let made = site.ask("POST /api/datamodels/").token(&token).body(body).send().await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_i64().unwrap();
    let expect = json!({
        "id": id, "name": "nwind", "description": "orders", "provider": "sqLite",
        "commandTimeout": 30, "cacheSeconds": 0, "optimisticLock": 0,
    });
    assert_eq!(made.json(), expect);
    assert_eq!(made.header("location"), format!("/api/datamodels/{id}"));
    let found = site.ask(&format!("GET /api/datamodels/{id}")).token(&token).send().await;
    assert_eq!(found.json(), expect);
    let all = site.ask("GET /api/datamodels").token(&token).send().await;
    assert_eq!(all.json(), json!([expect]));

    let again = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
    assert!(again.problem(409).contains("choose another name"));
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let site = Site::new().await;
    let token = site.admin().await;
    let check = async |body: &str, status: u16, errors: serde_json::Value| {
        let answer = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
        answer.problem(status);
        assert_eq!(answer.json()["errors"], errors, "{body}");
    };
    check(
        r#"{"commandTimeout":"soon"}"#,
        400,
        json!({
            "name": ["must be given"],
            "providerModel": ["must be given"],
            "commandTimeout": ["must be a whole number"],
        }),
    )
    .await;
    check(
        r#"{"name":"x","providerModel":{}}"#,
        400,
        json!({"providerModel.providerType": ["must be given"]}),
    )
    .await;
    check(
        r#"{"name":"x","providerModel":{"providerType":"oracle","port":70000}}"#,
        400,
        json!({"providerModel.port": ["must be from 1 to 65535"]}),
    )
    .await;
    check(
        r#"{"name":"x","providerModel":{"providerType":"oracle"}}"#,
        400,
        json!({"providerModel.serverName": ["must be given, or a connectionString"]}),
    )
    .await;
    let answer = site
        .ask("POST /api/datamodels")
        .token(&token)
        .body(r#"{"name":"x","providerModel":{"providerType":"sqLite"}}"#);
    answer.send().await.problem(400);
}

#[actix_web::test]
async fn every_kind_of_provider_is_stored_and_answered() {
    let site = Site::new().await;
    let token = site.admin().await;
    let servers = ["msSqlServer", "mySql", "postgres", "oracle", "ase", "teradata"];
    let by_text = [
        "advantage",
        "amazon redshift",
        "firebird",
        "bigQuery",
        "db2",
        "access2007",
        "access97",
        "msSqlServerCE",
        "pervasive",
        "asa",
        "vistaDB",
        "vistaDB5",
        "vistaDB6",
        "inMemoryDataSource",
    ];
    let documents = ["json", "csv", "excel", "xml"];
    let server = json!({
        "serverName": "db1", "port": 1433, "database": "sales", "userName": "report",
        "authenticationType": "SqlServer", "additionalParameters": "Encrypt=true",
    });
    let text = json!({"connectionString": "XpoProvider=Any;Data Source=db1;User=report"});
    let document = json!({"uri": "https://example.com/rows?page=1"});
    let all = (servers.map(|kind| (kind, &server)).into_iter())
        .chain(by_text.map(|kind| (kind, &text)))
        .chain(documents.map(|kind| (kind, &document)));
    for (kind, options) in all {
        let mut provider = options.clone();
        provider["providerType"] = kind.into();
        let mut with_password = provider.clone();
        with_password["password"] = "hunter2".into();
        let body = json!({"name": kind, "providerModel": with_password}).to_string();
        let made = site.ask("POST /api/datamodels").token(&token).body(body).send().await;
        assert_eq!(made.status, 201, "{made:?}");
        assert_eq!(made.json()["provider"], kind);
        let id = &made.json()["id"];
        let path = format!("GET /api/datamodels/{id}/connection");
        let connection = site.ask(&path).token(&token).send().await.json();
        provider["password"] = serde_json::Value::Null;
        assert_eq!(connection["providerModel"], provider, "{kind}");
        assert_eq!((&connection["id"], &connection["name"]), (id, &kind.into()));
    }
    // The other name of PostgreSQL.
    let body =
        json!({"name": "pg", "providerModel": {"providerType": "POSTGRESQL", "serverName": "a"}});
    let made = site.ask("POST /api/datamodels").token(&token).body(body.to_string()).send().await;
    assert_eq!(made.json()["provider"], "postgres");
}
