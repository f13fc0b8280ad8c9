//! What somebody sends who means harm, or whose program is broken: refused in words that help, and
//! what looks like code is kept as the text that it is.

use actix_web::http::Method;
use chrono::TimeDelta;
use pressroom_domain::{Access, Scope};
use serde_json::json;

use crate::site::Site;

/// Bodies, and words of what is told about them.
#[actix_web::test]
async fn bodies() {
    let site = Site::new().await;
    let token = site.admin().await;
    let (category, report) = (site.category("Letters").await, site.report("Greeting").await);
    let document = |rest: &str| format!(r#"{{"categoryId":{category},"name":"x",{rest}}}"#);
    let export = format!("/api/documents/export/report/{report}");
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let digits = "9".repeat(100_000);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        // Nested deep.
        ("/api/categories", deep("[", "]").into(), "nested deeper than 128"),
        ("/api/categories", deep(r#"{"a":"#, "}").into(), "nested deeper than 128"),
        ("/api/categories", "[{a:".repeat(100_000).into(), "nested deeper than 128"),
        (&export, deep("[", "]").into(), "nested deeper than 128"),
        // Huge numbers.
        ("/api/categories", r#"{"name":1e999}"#.into(), "number out of range"),
        ("/api/categories", format!("{{\"name\":{digits}}}").into(), "number out of range"),
        (
            "/api/documents",
            r#"{"categoryId":9223372036854775808,"name":"x","documentType":"Report"}"#.into(),
            "categoryId: must be a whole number",
        ),
        (
            "/api/documents",
            r#"{"categoryId":1e30,"name":"x","documentType":"Report"}"#.into(),
            "categoryId: must be a whole number",
        ),
        (
            "/api/documents",
            r#"{"categoryId":"99999999999999999999","name":"x","documentType":"Report"}"#.into(),
            "categoryId: must be a whole number",
        ),
        // Texts that are none, or that end others early.
        ("/api/categories", r#"{"name":"a\u0000b"}"#.into(), "must not hold control characters"),
        ("/api/categories", b"{\"name\":\"a\0b\"}".into(), "control character"),
        ("/api/categories", r#"{"name":"\ud800"}"#.into(), "hex escape"),
        ("/api/categories", r#"{"name":"\udc00\ud800"}"#.into(), "surrogate"),
        ("/api/categories", r#"{"name":"\ud800x"}"#.into(), "hex escape"),
        ("/api/categories", r#"{"\ud800":1,"name":"x"}"#.into(), "not valid JSON"),
        ("/api/categories", b"{\"name\":\"\xff\xfe\"}".into(), "invalid unicode"),
        ("/api/categories", b"{\"name\":\"\xed\xa0\x80\"}".into(), "invalid unicode"),
        ("/api/categories", b"{\"name\":\"\xc0\xaf\"}".into(), "invalid unicode"),
        ("/api/categories", b"\xff\xfe{\0}\0".into(), "not valid JSON"),
        ("/api/categories", format!("{{\"name\":\"{}\"}}", "x".repeat(100_000)).into(), "name: "),
        // A name twice: which one counts?
        (
            "/api/categories",
            r#"{"name":"a","Name":"b"}"#.into(),
            "\"Name\" stands twice, whatever the letter case",
        ),
        (
            &export,
            r#"{exportOptions:{},EXPORTOPTIONS:{}}"#.into(),
            "\"EXPORTOPTIONS\" stands twice",
        ),
        // Names that the server does not know.
        (
            "/api/documents",
            document(r#""documentType":"Spreadsheet""#).into(),
            "documentType: must be one of",
        ),
        ("/api/documents", document(r#""documentType":99"#).into(), "documentType: must be one of"),
        ("/api/documents", document(r#""documentType":-1"#).into(), "documentType: must be one of"),
        // No object at all.
        ("/api/categories", b"".into(), "the body is empty"),
        ("/api/categories", b"null".into(), "must be a JSON object"),
        ("/api/categories", b"<?xml version='1.0'?>".into(), "not valid JSON"),
    ];
    for (path, body, words) in cases {
        let shown: String = String::from_utf8_lossy(&body).chars().take(60).collect();
        let answer = site.ask(&format!("POST {path}")).token(&token).body(body).send().await;
        let told = answer.problem(400);
        assert!(told.contains(words), "POST {path} {shown}: {told}");
        assert!(told.len() < 400, "POST {path} {shown}: repeats what was sent: {told}");
    }
}

/// Addresses, and words of what is told about them.
#[actix_web::test]
async fn addresses() {
    let site = Site::new().await;
    let token = site.admin().await;
    let report = site.report("Greeting").await;
    let long = "x".repeat(50_000);
    let cases: Vec<(String, u16, &str)> = vec![
        // Ids that are none.
        ("/api/documents/-1".into(), 404, "does not exist"),
        ("/api/documents/0".into(), 404, "does not exist"),
        ("/api/documents/9223372036854775807".into(), 404, "does not exist"),
        ("/api/documents/9223372036854775808".into(), 404, "does not exist"),
        (format!("/api/documents/{}", "9".repeat(5_000)), 404, "does not exist"),
        (format!("/api/documents/{report}.0"), 404, "does not exist"),
        ("/api/documents/0x1".into(), 404, "does not exist"),
        (format!("/api/documents/{report}%20or%201=1"), 404, "does not exist"),
        (format!("/api/documents/{report}'%20--"), 404, "does not exist"),
        // Ways out of a folder.
        ("/api/documents/%2e%2e".into(), 404, "does not exist"),
        ("/api/documents/%2e%2e%2f%2e%2e%2fetc%2fpasswd".into(), 404, "does not exist"),
        ("/api/documents/..%5c..%5cwindows".into(), 404, "does not exist"),
        ("/api/documents/%252e%252e%252f".into(), 404, "does not exist"),
        ("/api/documents/../../etc/passwd".into(), 404, "there is nothing at"),
        ("/api//documents".into(), 404, "there is nothing at"),
        (format!("/api/documents//{report}"), 404, "there is nothing at"),
        (format!("/api/documents%2f{report}"), 404, "there is nothing at"),
        ("/api/documents/export/status/..%2f..%2fpressroom.db".into(), 404, "does not exist"),
        ("/api/documents/export/result/%2e%2e".into(), 404, "does not exist"),
        // Texts that end others early, and escapes that are none.
        (format!("/api/documents/{report}%00"), 404, "does not exist"),
        ("/api/documents/%00".into(), 404, "does not exist"),
        ("/api/documents/export/status/%00".into(), 404, "does not exist"),
        ("/api/documents/%".into(), 404, "does not exist"),
        ("/api/documents/%zz".into(), 404, "does not exist"),
        ("/api/documents/%c0%af".into(), 404, "does not exist"),
        ("/api/documents/%ff".into(), 404, "does not exist"),
        ("/%zz".into(), 404, "there is nothing at"),
        // Queries.
        ("/api/documents?take=%zz".into(), 400, "take: must be a whole number"),
        ("/api/documents?skip=-1".into(), 400, "skip: must be a whole number"),
        (format!("/api/documents?take={}", "9".repeat(5_000)), 400, "take: must be a whole number"),
        ("/api/documents?take=1&TAKE=2".into(), 400, "take: is given twice"),
        ("/api/documents?filter=%00".into(), 400, "filter"),
        ("/api/documents?filter=%ff%fe".into(), 400, "filter"),
        ("/api/documents?filter='%20or%201=1%20--".into(), 400, "filter"),
        (format!("/api/documents?filter={long}"), 400, "filter"),
        (format!("/api/documents?filter={}", "(".repeat(50_000)), 400, "filter"),
        (format!("/api/documents?filter={}", "not%20".repeat(10_000)), 400, "filter"),
        (format!("/api/documents?sort={long}"), 400, "sort"),
        ("/api/documents?sort=name;drop%20table%20documents".into(), 400, "sort"),
    ];
    for (path, status, words) in cases {
        let shown: String = path.chars().take(80).collect();
        let answer = site.ask(&format!("GET {path}")).token(&token).send().await;
        let told = answer.problem(status);
        assert!(told.contains(words), "GET {shown}: {told}");
    }
    // What nobody reads may be as long as it likes.
    let path = format!("GET /api/documents?_={long}&%zz=%");
    assert_eq!(site.ask(&path).token(&token).send().await.status, 200);
}

#[actix_web::test]
async fn code_in_a_name_is_a_name() {
    let site = Site::new().await;
    let token = site.admin().await;
    for name in [
        "'; DROP TABLE categories; --",
        "\" OR 1=1 /*",
        "Robert'); DELETE FROM users WHERE ('a'='a",
        "%27%00 \\ ' \" `",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "{{7*7}} ${7*7} $(id) `id`",
        "=HYPERLINK(\"https://example.com\")",
    ] {
        let body = json!({"name": name}).to_string();
        let made = site.ask("POST /api/categories").token(&token).body(body).send().await;
        assert_eq!(made.status, 201, "{name}: {made:?}");
        let address = format!("GET {}", made.header("location"));
        let found = site.ask(&address).token(&token).send().await;
        assert_eq!(found.json()["name"], name);
        // In a filter too, with its quotation marks doubled.
        let filter = format!("[name] = '{}'", name.replace('\'', "''"));
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("filter", &filter).finish();
        let address = format!("GET /api/categories?{query}");
        let found = site.ask(&address).token(&token).send().await.json();
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{name}: {found}");
    }
}

#[actix_web::test]
async fn tokens_that_do_not_count() {
    let (site, other) = (Site::new().await, Site::new().await);
    let old = site.admin().await;
    site.clock.advance(TimeDelta::hours(1));
    let token = site.admin().await;
    let rita = site.reader("rita", &[(Access::ALL, Scope::AllDocuments)]).await;
    let of_another_site = other.reader("otto", &[]).await;
    let mut flipped = token.clone();
    flipped.pop();
    for (what, header) in [
        ("an expired one", format!("Bearer {old}")),
        ("one of another site", format!("Bearer {of_another_site}")),
        ("one cut short", format!("Bearer {flipped}")),
        ("one with more behind it", format!("Bearer {token}x")),
        ("two", format!("Bearer {token} {rita}")),
        ("another scheme", format!("Basic {token}")),
        ("none after the scheme", "Bearer ".to_owned()),
        ("an unsigned one", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.".to_owned()),
        ("SQL", "Bearer ' OR '1'='1".to_owned()),
        ("a path", "Bearer ../../../etc/passwd".to_owned()),
        ("a long one", format!("Bearer {}", "x".repeat(50_000))),
    ] {
        let ask = site.ask("GET /api/documents").header("Authorization", &header);
        let answer = ask.send().await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        let told = answer.problem(401);
        assert!(told.contains("token"), "{what}: {told}");
        assert!(!told.contains(&token), "{what}: {told}");
    }
    assert_eq!(site.ask("GET /api/documents").token(&token).send().await.status, 200);
}

#[actix_web::test]
async fn what_is_somebody_elses_is_not_there() {
    let site = Site::new().await;
    let (token, report) = (site.admin().await, site.report("Greeting").await);
    let address = format!("POST /api/documents/export/report/{report}");
    let body = r#"{"exportOptions":{"exportFormat":"pdf"}}"#;
    let started = site.ask(&address).token(&token).body(body).send().await.json();
    let id = started["exportId"].as_str().unwrap().to_owned();
    site.work().await;
    let rita = site.reader("rita", &[(Access::ALL, Scope::AllDocuments)]).await;
    for (method, path) in [
        (Method::GET, format!("/api/documents/export/status/{id}")),
        (Method::GET, format!("/api/documents/export/result/{id}")),
        (Method::DELETE, format!("/api/documents/export/{id}")),
    ] {
        let told = async |path: &str| {
            let ask = site.ask(&format!("{method} {path}")).token(&rita);
            ask.send().await.problem(404)
        };
        // One that never was is told in the same words.
        let never = "0".repeat(32);
        let (theirs, nobodys) = (told(&path).await, told(&path.replace(&id, &never)).await);
        assert_eq!(theirs.replace(&id, &never), nobodys, "{method} {path}");
    }
}
