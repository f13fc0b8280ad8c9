//! Lists of documents, filtered, sorted, cut and kept.

use std::sync::Arc;

use pressroom_contracts::build;
use pressroom_domain::{Access, Document, DocumentId, DocumentUpdate, Scope, SubjectKind, Verb};
use proptest::prelude::*;

use super::{ListCaches, ListQuery};
use crate::test_site::Site;
use crate::{Caller, Error, documents};

fn query(skip: u64, take: Option<u64>, filter: &str, sort: &str) -> ListQuery {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ListQuery { skip, take, filter: text(filter), sort: text(sort) }
}

/// The names in a list, and its total.
async fn list(
    site: &Site,
    caller: &Caller,
    query: &ListQuery,
) -> Result<(Vec<String>, u64), Error> {
    let list = documents::list(&site.app, caller, query).await?.read().await?;
    Ok((list.iter().map(|document| document.name.to_string()).collect(), list.total))
}

async fn tag(site: &Site, caller: &Caller, query: &ListQuery) -> Option<String> {
    documents::list(&site.app, caller, query).await.unwrap().tag().map(str::to_owned)
}

async fn rename(site: &Site, document: &Document, name: &str) {
    let update = DocumentUpdate {
        id: document.id,
        expected: None,
        category_id: document.category_id,
        name: build::name(name),
        description: document.description.clone(),
        modified_by: document.modified_by.clone(),
        modified_at: document.modified_at,
    };
    let change = build::change(update, Verb::Update, SubjectKind::Document, document.id);
    site.app.stores.documents.update(change).await.unwrap();
}

/// Reports called apple, Banana, cherry, apple 2.
async fn fruits() -> Site {
    let site = Site::new().await;
    fill(&site).await;
    site
}

async fn fill(site: &Site) {
    let shelf = site.category("Fruits").await;
    for name in ["apple", "Banana", "cherry", "apple 2"] {
        site.document_in(shelf, name, crate::test_site::HELLO).await;
    }
}

const APPLES: [&str; 2] = ["apple", "apple 2"];

#[tokio::test]
async fn filters_sorts_and_cuts() {
    for site in [fruits().await, {
        // The same, where there are more than are kept in memory.
        let mut site = Site::new().await;
        site.app.lists = Arc::new(ListCaches::keeping(3));
        fill(&site).await;
        site
    }] {
        let admin = site.administrator().await;
        let check = async |query: ListQuery, names: &[&str], total: u64| {
            let (found, of) = list(&site, &admin, &query).await.unwrap();
            assert_eq!(
                (&*found, of),
                (&*names.iter().map(ToString::to_string).collect::<Vec<_>>(), total),
                "{query:?}"
            );
        };
        let all = ["apple", "Banana", "cherry", "apple 2"];
        check(query(0, None, "", ""), &all, 4).await;
        check(query(1, Some(2), "", ""), &all[1..3], 4).await;
        check(query(3, Some(9), "", ""), &all[3..], 4).await;
        check(query(9, None, "", ""), &[], 4).await;
        check(query(u64::MAX, Some(u64::MAX), "", ""), &[], 4).await;
        check(query(0, Some(0), "", ""), &[], 4).await;
        check(query(0, None, "StartsWith([NAME], 'apple')", ""), &APPLES, 2).await;
        check(query(1, Some(1), "startswith(name, 'APPLE')", ""), &APPLES[1..], 2).await;
        check(query(0, None, "name = 'banana' or name like '%err%'", ""), &all[1..3], 2).await;
        check(query(0, None, "categoryId > 0 and documentType = 'Report'", ""), &all, 4).await;
        check(query(0, None, "modifiedDateTime > #2100-01-01#", ""), &[], 0).await;
        check(query(0, None, "lockedBy is null", ""), &all, 4).await;
        check(query(0, None, "", "name"), &["apple", "apple 2", "Banana", "cherry"], 4).await;
        check(query(1, Some(2), "", "-Name"), &["Banana", "apple 2"], 4).await;
        check(
            query(0, None, "", "documentType, -id"),
            &["apple 2", "cherry", "Banana", "apple"],
            4,
        )
        .await;
        check(query(0, Some(1), "id > 0", "[name]"), &["apple"], 4).await;
        check(query(1, None, "name < 'c'", "-name"), &["apple 2", "apple"], 3).await;
    }
}

#[tokio::test]
async fn only_what_may_be_read_is_counted() {
    let site = fruits().await;
    let admin = site.administrator().await;
    let all = documents::list(&site.app, &admin, &ListQuery::ALL).await.unwrap();
    let ids: Vec<DocumentId> =
        all.read().await.unwrap().iter().map(|document| document.id).collect();
    let read = |at: usize| (Access::READ, Scope::Document(ids[at]));
    let rita = site.reader("rita", &[read(1), read(3)]).await;
    let found = list(&site, &rita, &query(0, None, "StartsWith(name, 'a')", "")).await.unwrap();
    assert_eq!(found, (vec!["apple 2".to_owned()], 1));
    assert_eq!(list(&site, &rita, &ListQuery::ALL).await.unwrap().1, 2);
}

#[tokio::test]
async fn wrong_values_are_named() {
    let site = fruits().await;
    let admin = site.administrator().await;
    let check = async |filter: &str, sort: &str, field: &str, words: &str| {
        let error = list(&site, &admin, &query(0, None, filter, sort)).await.unwrap_err();
        let Error::Invalid(problems) = error else { panic!("{error}") };
        assert_eq!(problems[0].field, field);
        assert!(problems[0].message.contains(words), "{filter} {sort}: {}", problems[0].message);
    };
    check("name =", "", "filter", "line 1").await;
    check("nam = 'x'", "", "filter", "did you mean [name]?").await;
    check("[Category.Name] = 'x'", "", "filter", "fields are id, categoryId, name").await;
    check("name > id", "", "filter", "cannot be compared").await;
    check("name", "", "filter", "must be true or false").await;
    check("?p = 1", "", "filter", "no parameter").await;
    check("[].Count() > 1", "", "filter", "").await;
    check("Sum(id) > 1", "", "filter", "").await;
    check(&"(".repeat(3_000), "", "filter", "").await;
    check(&format!("name = '{}'", "x".repeat(5_000)), "", "filter", "at most 4000").await;
    check("", "nam", "sort", "\"nam\" is not a field").await;
    check("", "name,,id", "sort", "\"\" is not a field").await;
    check("", "layout", "sort", "id, categoryId, name").await;
    let all =
        "id,categoryId,name,description,documentType,modifiedBy,revisionId,lockedBy,optimisticLock";
    check("", all, "sort", "more than 8").await;
}

#[tokio::test]
async fn a_filter_that_takes_too_long_is_refused() {
    let site = fruits().await;
    let admin = site.administrator().await;
    let long = "PadLeft(name, 1000000, 'ab')";
    let costly = format!("Len({}) < 0", vec![format!("Replace({long}, 'a', 'b')"); 60].join(" + "));
    let started = std::time::Instant::now();
    let answer = list(&site, &admin, &query(0, None, &costly, "")).await;
    assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
    assert!(matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
}

#[tokio::test]
async fn a_write_is_seen_by_the_next_request() {
    let site = fruits().await;
    let admin = site.administrator().await;
    let by_name = query(0, Some(1), "", "name");
    let read = async |query: &ListQuery| list(&site, &admin, query).await.unwrap().0;
    assert_eq!(read(&by_name).await, ["apple"]);
    let before = tag(&site, &admin, &by_name).await;
    assert_eq!(tag(&site, &admin, &by_name).await, before, "nothing was written");
    site.category("Elsewhere").await;
    assert_eq!(tag(&site, &admin, &by_name).await, before, "nothing about documents was written");
    let all = documents::list(&site.app, &admin, &ListQuery::ALL).await.unwrap();
    let apple = all.read().await.unwrap().iter().next().unwrap().clone();
    rename(&site, &apple, "zucchini").await;
    assert_ne!(tag(&site, &admin, &by_name).await, before);
    assert_eq!(read(&by_name).await, ["apple 2"], "a kept order is of a version too");
    assert_eq!(read(&ListQuery::ALL).await[0], "zucchini");
}

#[tokio::test]
async fn a_tag_is_of_one_question_by_one_caller_with_these_rights() {
    let site = fruits().await;
    let (admin, rita) = (site.administrator().await, site.reader("rita", &[]).await);
    let all = tag(&site, &admin, &ListQuery::ALL).await;
    assert!(all.is_some());
    assert_ne!(all, tag(&site, &rita, &ListQuery::ALL).await);
    assert_ne!(all, tag(&site, &admin, &query(0, Some(1), "", "")).await);
    assert_ne!(all, tag(&site, &admin, &query(1, None, "", "")).await);
    let by = |filter| query(0, None, filter, "");
    assert_ne!(tag(&site, &admin, &by("id > 1")).await, tag(&site, &admin, &by("id > 2")).await);
    assert_eq!(
        tag(&site, &admin, &by("modifiedDateTime < Now()")).await,
        None,
        "tomorrow's answer is another, though nothing is written"
    );
}

#[tokio::test]
async fn documents_are_read_once_for_many_lists() {
    let site = fruits().await;
    let admin = site.administrator().await;
    let first = documents::list(&site.app, &admin, &ListQuery::ALL).await.unwrap();
    let first = first.read().await.unwrap();
    let lists = (0..20).map(|_| async {
        let list = documents::list(&site.app, &admin, &ListQuery::ALL).await.unwrap();
        list.read().await.unwrap()
    });
    for list in futures_util::future::join_all(lists).await {
        for (one, other) in list.iter().zip(first.iter()) {
            assert!(std::ptr::eq(one, other), "read again");
        }
    }
}

proptest! {
    /// Whatever somebody writes as filter or order: a list, or words about what is wrong.
    #[test]
    fn any_text_is_answered(filter in ".{0,60}", sort in ".{0,20}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let site = Site::empty();
            let admin = Caller::of(&administrator());
            match list(&site, &admin, &query(0, None, &filter, &sort)).await {
                Ok(_) | Err(Error::Invalid(_)) => {}
                Err(other) => panic!("{other}"),
            }
        });
    }
}

fn administrator() -> pressroom_ports::Identity {
    use pressroom_domain::{AccountType, OptimisticLock, User, UserId};
    let user = User {
        id: UserId(1),
        user_name: build::user_name("ann"),
        first_name: None,
        last_name: None,
        email: None,
        account_type: AccountType::ReportServer,
        groups: Vec::new(),
        active: true,
        pending: false,
        password: None,
        lock: OptimisticLock::NEW,
    };
    pressroom_ports::Identity { user, groups: Vec::new(), permissions: Vec::new() }
}
