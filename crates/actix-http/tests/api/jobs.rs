//! `/api/jobs`

use pressroom_domain::{Access, DocumentId, JobId, Scope};
use serde_json::{Value, json};

use crate::site::{Answer, Site};

/// The body of the public description, with every field.
fn every_field(document: i64, model: i64) -> Value {
    json!({
        "optimisticLock": 0,
        "name": "Bills",
        "mode": "billingStatement",
        "documentId": document,
        "retentionPeriod": 30,
        "enabled": true,
        "startDate": "2026-01-01T07:00:00",
        "timeZone": "Europe/Berlin",
        "recurrenceRule": "FREQ=WEEKLY;BYDAY=MO",
        "parameters": [
            {"name": "CustomerID", "source": "bound", "value": "Id"},
            {"name": "Count", "source": "static", "value": 3},
        ],
        "billingStatementBinding": {
            "dataModelId": model,
            "dataMember": "Customers",
            "emailAddressField": "EMail",
            "emailRecipientField": "Name",
        },
        "emailDeliveryFormat": "pdf",
        "sendIndividualEmails": true,
        "sendBlankDocument": false,
        "subscribedEmails": ["ann@example.com"],
        "sharedFolders": ["/srv/reports"],
        "internalSubscriberIds": [1],
    })
}

async fn site() -> Site {
    let roots = |settings: &mut pressroom_application::Settings| {
        settings.folder_roots = vec!["/srv/reports".into()];
    };
    Site::with(roots, pressroom_actix_http::Config::default()).await
}

async fn send(site: &Site, token: &str, address: &str, body: &Value) -> Answer {
    site.ask(address).token(token).body(body.to_string()).send().await
}

#[actix_web::test]
async fn a_job_is_made_looked_at_changed_and_deleted() {
    let site = site().await;
    let token = site.admin().await;
    let document = site.report("Greeting").await;
    let model = site.model("Northwind").await;
    let admin = site.app.stores.users.find_by_name("admin").await.unwrap().unwrap().id.0;
    let mut new = every_field(document, model);
    new["internalSubscriberIds"] = json!([admin]);
    let made = send(&site, &token, "POST /api/jobs", &new).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.json()["id"].as_i64().unwrap();
    let mut expect = new.clone();
    let ours = json!({
        "id": id,
        "ownerId": admin,
        "mode": "BillingStatement",
        "emailDeliveryFormat": "Pdf",
        // In Berlin, told in UTC.
        "startDate": "2026-01-01T06:00:00Z",
        // It is Monday 2 March 2026, after seven.
        "nextRunTime": "2026-03-09T06:00:00Z",
        "lastResult": null,
        "parameters": [
            {"name": "CustomerID", "source": "Bound", "value": "Id"},
            {"name": "Count", "source": "Static", "value": 3},
        ],
    });
    expect.as_object_mut().unwrap().extend(ours.as_object().unwrap().clone());
    assert_eq!(made.json(), expect);
    assert_eq!(made.header("location"), format!("/api/jobs/{id}"));
    assert_eq!(made.header("etag"), "\"0\"");

    let found = site.ask(&format!("GET /api/jobs/{id}")).token(&token).send().await;
    assert_eq!((found.status, found.json()), (200, expect.clone()));
    let all = site.ask("GET /api/jobs").token(&token).send().await;
    assert_eq!((all.json(), all.header("x-total-count")), (json!([expect]), "1"));

    let body = json!({"id": id, "optimisticLock": 0, "enabled": false, "mode": "document",
        "parameters": []});
    let changed = send(&site, &token, "PUT /api/jobs", &body).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let told = changed.json();
    assert_eq!((&told["optimisticLock"], &told["nextRunTime"]), (&json!(1), &Value::Null));
    assert_eq!(
        (&told["mode"], &told["billingStatementBinding"]),
        (&json!("Document"), &Value::Null)
    );
    assert_eq!(told["subscribedEmails"], json!(["ann@example.com"]), "what is absent stays");

    // A document that a job uses stays, and then goes.
    let delete =
        async |path: String| site.ask(&format!("DELETE {path}")).token(&token).send().await;
    let in_use = delete(format!("/api/documents/{document}")).await;
    assert!(in_use.problem(409).contains("1 job uses it"));
    assert_eq!(delete(format!("/api/jobs/?id={id}")).await.status, 204);
    delete(format!("/api/jobs/{id}")).await.problem(404);
    assert_eq!(delete(format!("/api/documents/{document}")).await.status, 204);
}

#[actix_web::test]
async fn little_is_needed() {
    let site = site().await;
    let token = site.admin().await;
    let document = site.report("Greeting").await;
    let body = json!({"name": "Once", "documentId": document.to_string()});
    let made = send(&site, &token, "POST /api/jobs", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let told = made.json();
    for (name, expect) in [
        ("mode", json!("Document")),
        ("enabled", json!(true)),
        ("timeZone", json!("UTC")),
        ("recurrenceRule", json!("")),
        ("retentionPeriod", json!(0)),
        ("emailDeliveryFormat", json!("Url")),
        ("sendIndividualEmails", json!(false)),
        ("sendBlankDocument", json!(false)),
        ("parameters", json!([])),
        ("subscribedEmails", json!([])),
        ("sharedFolders", json!([])),
        ("internalSubscriberIds", json!([])),
    ] {
        assert_eq!(told[name], expect, "{name}");
    }
}

#[actix_web::test]
async fn names_and_values_come_as_clients_write_them() {
    let site = site().await;
    let token = site.admin().await;
    let document = site.report("Greeting").await;
    // Property names and enumerations in any letter case, numbers for enumerations, bare keys.
    let body = format!(
        r#"{{Name:"Daily",DocumentId:{document},Mode:0,EmailDeliveryFormat:2,Enabled:"true",
        RecurrenceRule:"freq=daily",TimeZone:"europe/berlin",
        Parameters:[{{Name:"Count",Source:0,Value:"7"}}]}}"#
    );
    let made = site.ask("POST /api/jobs").token(&token).body(body).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let told = made.json();
    assert_eq!(
        (&told["mode"], &told["emailDeliveryFormat"]),
        (&json!("Document"), &json!("Excel"))
    );
    assert_eq!(told["timeZone"], "Europe/Berlin");
    assert_eq!(told["parameters"], json!([{"name": "Count", "source": "Static", "value": "7"}]));
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_field() {
    let site = site().await;
    let token = site.admin().await;
    let document = site.report("Greeting").await;
    let model = site.model("Northwind").await;
    let check = async |change: Value, field: &str, part: &str| {
        let mut body = every_field(document, model);
        body["internalSubscriberIds"] = json!([]);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = send(&site, &token, "POST /api/jobs", &body).await;
        answer.problem(400);
        let errors = answer.json()["errors"].clone();
        let told = errors[field][0].as_str().unwrap_or_default();
        assert!(told.contains(part), "{change}: {errors}");
        assert_eq!(errors.as_object().map(serde_json::Map::len), Some(1), "{change}: {errors}");
    };
    check(json!({"name": null}), "name", "must be given").await;
    check(json!({"documentId": "x"}), "documentId", "whole number").await;
    check(json!({"mode": "poster"}), "mode", "must be one of document, billingStatement").await;
    check(json!({"mode": 2}), "mode", "must be one of").await;
    check(json!({"timeZone": "Europe/Berln"}), "timeZone", "did you mean Europe/Berlin").await;
    check(json!({"recurrenceRule": "FREQ=X"}), "recurrenceRule", "FREQ takes").await;
    check(json!({"startDate": "tomorrow"}), "startDate", "must be a date and time").await;
    check(json!({"retentionPeriod": -1}), "retentionPeriod", "from 0 to 36525, not -1").await;
    check(json!({"enabled": 7}), "enabled", "true or false").await;
    check(json!({"emailDeliveryFormat": "fax"}), "emailDeliveryFormat", "url, pdf, excel, html")
        .await;
    check(json!({"subscribedEmails": ["ann"]}), "subscribedEmails[0]", "name@example.com").await;
    check(json!({"subscribedEmails": "a@b.c"}), "subscribedEmails", "array of texts").await;
    check(json!({"sharedFolders": ["/etc"]}), "sharedFolders[0]", "below /srv/reports").await;
    check(json!({"sharedFolders": ["/srv/reports/../../etc"]}), "sharedFolders[0]", "..").await;
    check(json!({"internalSubscriberIds": [9_876]}), "internalSubscriberIds[0]", "user 9876").await;
    check(json!({"parameters": {}}), "parameters", "must be an array").await;
    check(json!({"parameters": [{"name": "x"}]}), "parameters[0]", "no such parameter").await;
    let wrong_type = json!({"parameters": [{"name": "Count", "value": "many"}]});
    check(wrong_type, "parameters[0]", "Count: ").await;
    let unknown = json!({"parameters": [{"name": "Count", "source": "guess", "value": 1}]});
    check(unknown, "parameters[0].source", "static, calculated, bound").await;
    let date = json!({"parameters": [{"name": "Count", "source": "calculated", "value": "Soon"}]});
    check(date, "parameters[0].value", "StartOfPreviousMonth").await;
    let bound = json!({"mode": "document",
        "parameters": [{"name": "Count", "source": "bound", "value": "Id"}]});
    check(bound, "parameters[0].source", "only where mode is billingStatement").await;
    let unbound = json!({"billingStatementBinding": null});
    check(unbound, "billingStatementBinding", "must be given in this mode").await;
    let half = json!({"billingStatementBinding": {"dataModelId": model, "dataMember": "x"}});
    check(half, "billingStatementBinding.emailAddressField", "must be given").await;

    let mut nowhere = every_field(document + 1_000, model);
    nowhere["internalSubscriberIds"] = json!([]);
    send(&site, &token, "POST /api/jobs", &nowhere).await.problem(404);
    for body in ["", "[]", "{", r#"{"name":"x","Name":"y"}"#] {
        site.ask("POST /api/jobs").token(&token).body(body).send().await.problem(400);
    }
}

#[actix_web::test]
async fn a_next_run_that_passed_is_never_told() {
    let site = site().await;
    let token = site.admin().await;
    let id = site.job("Daily").await;
    let next = async |path: &str| {
        let answer = site.ask(&format!("GET {path}")).token(&token).send().await.json();
        if answer.is_array() {
            answer[0]["nextRunTime"].clone()
        } else {
            answer["nextRunTime"].clone()
        }
    };
    let entity = format!("/api/jobs/{id}");
    assert_eq!(next(&entity).await, "2026-03-02T09:30:05Z", "as it was stored");
    site.clock.advance(chrono::TimeDelta::minutes(10));
    // 07:30 in Berlin.
    assert_eq!(next(&entity).await, "2026-03-03T06:30:00Z");
    assert_eq!(next("/api/jobs").await, "2026-03-03T06:30:00Z");
}

#[actix_web::test]
async fn an_update_says_which_state_it_saw() {
    let site = site().await;
    let token = site.admin().await;
    let id = site.job("Daily").await;
    let put = async |body: Value| send(&site, &token, &format!("PUT /api/jobs/{id}"), &body).await;
    put(json!({"name": "x"})).await.problem(400);
    assert_eq!(put(json!({"name": "x", "optimisticLock": 0})).await.status, 200);
    let stale = put(json!({"name": "y", "optimisticLock": 0})).await;
    stale.problem(409);
    assert_eq!(stale.json()["currentLock"], 1);
    put(json!({"id": id + 1, "name": "y", "optimisticLock": 1})).await.problem(400);
    let by_query = format!("PUT /api/jobs/?id={id}");
    let body = json!({"name": "y", "optimisticLock": 1});
    assert_eq!(send(&site, &token, &by_query, &body).await.status, 200);
}

#[actix_web::test]
async fn everyone_sees_and_does_what_they_may() {
    let site = site().await;
    let (one, two) = (site.job("One").await, site.job("Two").await);
    let document = site.app.stores.jobs.get(JobId(one)).await.unwrap().details.document_id;
    let read = (Access::READ, Scope::ScheduledJob(JobId(one)));
    let token = site.reader("rita", &[read]).await;
    let all = site.ask("GET /api/jobs").token(&token).send().await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    let ask = async |address: String| site.ask(&address).token(&token).body("{}").send().await;
    ask(format!("GET /api/jobs/{two}")).await.problem(404);
    ask(format!("DELETE /api/jobs/{one}")).await.problem(403);
    ask(format!("PUT /api/jobs/{one}")).await.problem(403);
    ask(format!("POST /api/jobs/{one}/execute")).await.problem(403);
    ask(format!("GET /api/jobs/{one}/runs")).await.problem(501);
    let body = json!({"name": "Mine", "documentId": document.0});
    send(&site, &token, "POST /api/jobs", &body).await.problem(403);
    // Whoever may plan jobs must still be able to read what they print.
    let planner = site.reader("pat", &[(Access::CREATE, Scope::AllScheduledJobs)]).await;
    send(&site, &planner, "POST /api/jobs", &body).await.problem(404);
    let runner = [
        (Access::READ | Access::MODIFY, Scope::AllScheduledJobs),
        (Access::READ, Scope::Document(DocumentId(document.0))),
    ];
    let runner = site.reader("ruth", &runner).await;
    let address = format!("POST /api/jobs/{one}/execute");
    site.ask(&address).token(&runner).send().await.problem(501);
    let address = format!("POST /api/jobs/{two}/execute");
    site.ask(&address).token(&runner).send().await.problem(404);
}
