//! `GET /api/audit`.

use crate::site::{Answer, Site};

async fn ask(site: &Site, token: &str, query: &str) -> Answer {
    site.ask(&format!("GET /api/audit{query}")).token(token).send().await
}

/// What each line is about, such as `Create Category Shelf`.
fn words(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let text = |line: &serde_json::Value, name: &str| line[name].as_str().unwrap_or("-").to_owned();
    let line = |line| format!("{} {}", text(line, "verb"), text(line, "subjectKind"));
    body.as_array().unwrap().iter().map(line).collect()
}

#[actix_web::test]
async fn administrators_read_who_did_what_the_newest_first() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let made = site.ask("POST /api/categories").token(&admin).body(r#"{"name": "Shelf"}"#);
    let id = made.send().await.json()["id"].as_i64().unwrap();
    let answer = ask(&site, &admin, "?take=2").await;
    assert_eq!(words(&answer), ["Create Category", "SignIn User"]);
    let total: usize = answer.header("x-total-count").parse().unwrap();
    let line = &answer.json()[0];
    assert_eq!(line["subjectId"], id.to_string());
    assert_eq!((&line["userName"], &line["detail"]), (&"admin".into(), &"Shelf".into()));
    assert!(line["at"].as_str().unwrap().ends_with('Z') && line["userId"].is_i64());
    let all = ask(&site, &admin, "").await;
    assert_eq!(words(&all).len(), total);
    let oldest = ask(&site, &admin, "?sort=at&take=1").await;
    assert_eq!(oldest.json()[0], *all.json().as_array().unwrap().last().unwrap());
    let reader = site.reader("rita", &[]).await;
    ask(&site, &reader, "").await.problem(403);
    ask(&site, &reader, "?format=csv").await.problem(403);
}

#[actix_web::test]
async fn the_trail_is_narrowed() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let id = site.category("Shelf").await;
    site.category("Other").await;
    let check = async |query: &str, count: usize| {
        let answer = ask(&site, &admin, query).await;
        assert_eq!(words(&answer).len(), count, "{query}");
        assert_eq!(answer.header("x-total-count"), count.to_string(), "{query}");
    };
    check("?subjectKind=category", 2).await;
    check(&format!("?subjectKind=CATEGORY&subjectId={id}"), 1).await;
    check("?subjectKind=DataModel", 0).await;
    check("?filter=subjectKind%20%3D%20'Category'%20and%20verb%20%3D%20'create'", 2).await;
    check("?user=ann&subjectKind=category", 2).await;
    check("?user=nobody", 0).await;
    check("?user=ADMIN&filter=verb%20%3D%20'SignIn'", 1).await;
    check("?from=2100-01-01", 0).await;
    check("?to=2000-01-01T00:00:00Z", 0).await;
    let sorted = ask(&site, &admin, "?sort=subjectKind,-detail&subjectKind=category&skip=1").await;
    assert_eq!(sorted.header("x-total-count"), "2");
    assert_eq!(words(&sorted).len(), 1);
}

#[actix_web::test]
async fn wrong_values_are_named() {
    let site = Site::new().await;
    let admin = site.admin().await;
    for (query, field) in [
        ("from=soon", "from"),
        ("to=32", "to"),
        ("from=2026-03-02&to=2026-03-01", "to"),
        ("from=2026-03-02&FROM=2026-03-02", "from"),
        ("subjectKind=planet", "subjectKind"),
        ("take=10001", "take"),
        ("take=x", "take"),
        ("filter=%3D", "filter"),
        ("filter=name%20%3D%201", "filter"),
        ("sort=name", "sort"),
        ("format=docx", "format"),
    ] {
        let answer = ask(&site, &admin, &format!("?{query}")).await;
        let detail = answer.problem(400);
        assert!(detail.starts_with(&format!("{field}: ")), "{query}: {detail}");
    }
}

#[actix_web::test]
async fn the_trail_is_a_file_where_it_is_asked_for_as_one() {
    let site = Site::new().await;
    let admin = site.admin().await;
    for number in 0..1_500 {
        site.category(&format!("Shelf {number}")).await;
    }
    let lines = |answer: &Answer| -> Vec<String> {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let name = "attachment; filename=\"audit-trail.csv\"";
        assert_eq!(answer.header("content-disposition"), name);
        String::from_utf8(answer.body.clone()).unwrap().lines().map(str::to_owned).collect()
    };
    let csv = lines(&ask(&site, &admin, "?format=csv&subjectKind=category").await);
    assert_eq!(csv.len(), 1_501, "a head, and more than one slice of the store");
    assert_eq!(csv[0], "id|at|userId|userName|address|verb|subjectKind|subjectId|detail");
    assert!(csv[1].contains("|Create|Category|"), "{}", csv[1]);
    let request = site.ask("GET /api/audit?take=3&skip=1&filter=subjectKind%3D'category'");
    let part = lines(&request.token(&admin).header("Accept", "text/csv").send().await);
    assert_eq!(part[1..], csv[2..5]);
    let sorted = lines(&ask(&site, &admin, "?format=CSV&sort=detail&take=2").await);
    assert_eq!(sorted.len(), 3);
    let json = site.ask("GET /api/audit?take=1").token(&admin);
    let json = json.header("Accept", "application/json, text/csv;q=0.5").send().await;
    assert_eq!(words(&json).len(), 1);
}
