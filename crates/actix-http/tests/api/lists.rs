//! What all lists share: parts, filters, orders, and answers that a client has already.

use std::sync::Arc;

use pressroom_actix_http::Config;
use pressroom_contracts::build;
use pressroom_contracts::fakes::MemoryStore;
use pressroom_diesel_sqlite::Store;
use pressroom_domain::{Access, Scope};
use pressroom_ports::Stores;
use serde_json::Value;

use crate::site::{Answer, Site};

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let name = |item: &Value| item["name"].as_str().unwrap().to_owned();
    body.as_array().unwrap().iter().map(name).collect()
}

const LISTS: [&str; 3] = ["/api/categories", "/api/datamodels", "/api/documents"];

#[actix_web::test]
async fn a_part_of_a_list_comes_with_the_length_of_the_whole() {
    let site = Site::new().await;
    let admin = site.admin().await;
    for name in ["b", "C", "a"] {
        site.category(name).await;
    }
    let check = async |query: &str, expect: &[&str], total: &str| {
        let answer = site.ask(&format!("GET /api/categories{query}")).token(&admin).send().await;
        assert_eq!(names(&answer), expect, "{query}");
        assert_eq!(answer.header("x-total-count"), total, "{query}");
        assert_eq!(answer.header("content-type"), "application/json");
    };
    check("", &["b", "C", "a"], "3").await;
    check("?skip=1", &["C", "a"], "3").await;
    check("/?Take=1", &["b"], "3").await;
    check("?take=0", &[], "3").await;
    check("?sort=name", &["a", "b", "C"], "3").await;
    check("?sort=-NAME&skip=1&take=1", &["b"], "3").await;
    check("?filter=%5Bname%5D%20in%20('c','a')&sort=+name", &["a", "C"], "2").await;
    check("?filter=name+%3E+'a'&take=1", &["b"], "2").await;
    check("?filter=&sort=&take=&skip=&page=7", &["b", "C", "a"], "3").await;
}

#[actix_web::test]
async fn wrong_values_are_named() {
    let site = Site::new().await;
    let admin = site.admin().await;
    for list in LISTS {
        for (query, field) in [
            ("skip=x", "skip"),
            ("take=-1", "take"),
            ("take=1&take=1", "take"),
            ("filter=%27", "filter"),
            ("filter=nothing%20%3D%201", "filter"),
            ("filter=%00", "filter"),
            ("filter=name%20%3D%20'a';%20drop%20table%20documents", "filter"),
            ("sort=nothing", "sort"),
        ] {
            let answer = site.ask(&format!("GET {list}?{query}")).token(&admin).send().await;
            let detail = answer.problem(400);
            assert!(detail.starts_with(&format!("{field}: ")), "{list} {query}: {detail}");
            assert!(answer.json()["errors"][field].is_array(), "{list} {query}");
        }
    }
}

#[actix_web::test]
async fn a_list_that_the_client_has_is_not_sent_again() {
    let site = Site::new().await;
    let admin = site.admin().await;
    site.report("Invoice").await;
    for list in LISTS {
        let first = site.ask(&format!("GET {list}")).token(&admin).send().await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{tag}");
        let ask = async |tag: &str| {
            site.ask(&format!("GET {list}")).token(&admin).header("If-None-Match", tag).send().await
        };
        let again = ask(&tag).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), tag);
        assert_eq!(ask(&format!("\"x\", {tag}")).await.status, 304);
        assert_eq!(ask("W/\"0123456789abcdef\"").await.status, 200);
    }
    let list = "GET /api/documents";
    let tag = site.ask(list).token(&admin).send().await.header("etag").to_owned();
    site.report("Order").await;
    let changed = site.ask(list).token(&admin).header("If-None-Match", &tag).send().await;
    assert_eq!(names(&changed), ["Invoice", "Order"]);
    assert_ne!(changed.header("etag"), tag);
}

#[actix_web::test]
async fn what_another_process_writes_is_seen_by_the_next_request() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pressroom.db");
    let (own, other) = (Store::open(&file, true).unwrap(), Store::open(&file, true).unwrap());
    let unused = Arc::new(MemoryStore::default());
    let site = Site::over(Stores::of(Arc::new(own)), unused, |_| {}, Config::default()).await;
    let other = Stores::of(Arc::new(other));
    let admin = site.admin().await;
    let mut tag = String::new();
    for number in 1..=3 {
        build::category(&other, &format!("Shelf {number}")).await;
        let request = site.ask("GET /api/categories?sort=-id&take=1").token(&admin);
        let answer = request.header("If-None-Match", &tag).send().await;
        assert_eq!(names(&answer), [format!("Shelf {number}")]);
        tag = answer.header("etag").to_owned();
        let again = site.ask("GET /api/categories?sort=-id&take=1").token(&admin);
        assert_eq!(again.header("If-None-Match", &tag).send().await.status, 304);
    }
}

#[actix_web::test]
async fn whoever_is_given_a_right_gets_another_list() {
    let site = Site::new().await;
    let open = site.report("Open").await;
    site.report("Closed").await;
    let read = (Access::READ, Scope::Document(pressroom_domain::DocumentId(open)));
    let (rita, bob) = (site.reader("rita", &[read]).await, site.reader("bob", &[]).await);
    let ritas = site.ask("GET /api/documents").token(&rita).send().await;
    assert_eq!((names(&ritas), ritas.header("x-total-count")), (vec!["Open".to_owned()], "1"));
    let tag = ritas.header("etag");
    let bobs = site.ask("GET /api/documents").token(&bob).header("If-None-Match", tag).send().await;
    assert_eq!((names(&bobs), bobs.header("x-total-count")), (vec![], "0"));
}

#[actix_web::test]
async fn an_entity_that_the_client_has_is_not_sent_again() {
    let site = Site::new().await;
    let admin = site.admin().await;
    let id = site.category("Shelf").await;
    let path = format!("/api/categories/{id}");
    let ask = async |tag: &str| {
        site.ask(&format!("GET {path}")).token(&admin).header("If-None-Match", tag).send().await
    };
    let known = ask("\"0\"").await;
    assert_eq!((known.status, known.header("etag"), known.body.len()), (304, "\"0\"", 0));
    assert_eq!(ask("\"7\"").await.status, 200);
    let body = r#"{"optimisticLock": 0, "name": "Other"}"#;
    let put = site.ask(&format!("PUT {path}")).token(&admin).header("If-None-Match", "\"1\"");
    assert_eq!(put.body(body).send().await.status, 200, "a write takes no notice of it");
    assert_eq!(ask("\"0\"").await.json()["name"], "Other");
}
