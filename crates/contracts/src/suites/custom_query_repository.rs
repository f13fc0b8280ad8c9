//! What a `CustomQueryRepository` promises.

use pressroom_domain::{
    CustomQuery, CustomQueryKey, CustomQueryUpdate, DataModelId, NewCustomQuery, OptimisticLock,
    ParameterType, QueryParameter, SqlText, SubjectKind, Verb,
};
use pressroom_ports::{Change, Kind, StoreError, Stores};

use super::{assert_error, last_line};
use crate::build;

/// Makes tests of the custom queries of a store.
#[macro_export]
macro_rules! custom_query_repository_contract {
    ($make:expr) => {
        $crate::suite! { custom_query_repository, $make,
            creates_and_gives_back
            lists_by_the_characters_of_their_keys
            no_two_of_a_data_model_are_called_the_same
            updates_under_the_lock
            deletes_one
            goes_with_its_data_model
        }
    };
}

async fn model(stores: &Stores, text: &str) -> DataModelId {
    stores.data_models.create(build::new_data_model(text)).await.unwrap().id
}

fn new(model: DataModelId, text: &str, sql: &str) -> NewCustomQuery {
    let parameter = |name, data_type, value: Option<&str>| QueryParameter {
        name: build::name(name),
        data_type,
        value: value.map(str::to_owned),
    };
    NewCustomQuery {
        model,
        name: build::name(text),
        sql: SqlText::new(sql).unwrap(),
        parameters: vec![
            parameter("@from", ParameterType::DateTime, None),
            parameter("@name", ParameterType::String, Some("'; drop table x; --")),
            parameter("@n", ParameterType::Int64, Some("")),
        ],
    }
}

fn create(model: DataModelId, text: &str) -> Change<NewCustomQuery> {
    let new = new(model, text, "select 'ä' -- all\n");
    build::change(new, Verb::Create, SubjectKind::DataModel, model)
}

fn update(query: &CustomQuery, text: &str, seen: i64) -> Change<CustomQueryUpdate> {
    let update = CustomQueryUpdate {
        name: query.name.to_string(),
        expected: Some(OptimisticLock(seen)),
        query: new(query.model, text, "select 2"),
    };
    build::change(update, Verb::Update, SubjectKind::DataModel, query.model)
}

fn key(model: DataModelId, name: &str) -> CustomQueryKey {
    CustomQueryKey { model, name: name.to_owned() }
}

/// What was made is found as it was made, whatever its name holds, with a line about its data model.
pub async fn creates_and_gives_back(stores: &Stores) {
    let model = model(stores, "Sales").await;
    for name in ["Verkäufe/漢字 'a' \"b\" %2F", "orders"] {
        let made = stores.custom_queries.create(create(model, name)).await.unwrap();
        assert_eq!((made.lock, &made.parameters.len()), (OptimisticLock::NEW, &3));
        let line = last_line(stores).await.entry;
        assert_eq!(line.subject.kind, SubjectKind::DataModel);
        for text in [name.to_owned(), name.to_uppercase(), format!(" {name} ")] {
            assert_eq!(stores.custom_queries.get(&key(model, &text)).await.unwrap(), made);
        }
    }
    let all = stores.custom_queries.list(model).await.unwrap();
    let names: Vec<&str> = all.iter().map(|query| query.name.as_str()).collect();
    assert_eq!(names, ["orders", "Verkäufe/漢字 'a' \"b\" %2F"]);
    assert_eq!(stores.custom_queries.list(DataModelId(987)).await.unwrap(), []);
    assert_error!(
        stores.custom_queries.get(&key(model, "order_")).await,
        StoreError::NotFound { kind: Kind::CustomQuery, id } if id == "order_"
    );
    assert_error!(
        stores.custom_queries.create(create(DataModelId(987), "x")).await,
        StoreError::NotFound { kind: Kind::DataModel, .. }
    );
}

/// Whatever order an engine has for texts of people.
pub async fn lists_by_the_characters_of_their_keys(stores: &Stores) {
    let (model, other) = (model(stores, "Sales").await, model(stores, "Other").await);
    stores.custom_queries.create(create(other, "a")).await.unwrap();
    for name in ["Äpfel", "b", "a-b", "A b", "ab", "_x", "10", "9", "zebra", "\u{ffff}", "𝄞"] {
        stores.custom_queries.create(create(model, name)).await.unwrap();
    }
    let all = stores.custom_queries.list(model).await.unwrap();
    let names: Vec<&str> = all.iter().map(|query| query.name.as_str()).collect();
    let expect = ["10", "9", "_x", "A b", "a-b", "ab", "b", "zebra", "Äpfel", "\u{ffff}", "𝄞"];
    assert_eq!(names, expect);
}

/// A name is taken within its data model only.
pub async fn no_two_of_a_data_model_are_called_the_same(stores: &Stores) {
    let (one, other) = (model(stores, "One").await, model(stores, "Other").await);
    stores.custom_queries.create(create(one, "Verkäufe")).await.unwrap();
    assert_error!(
        stores.custom_queries.create(create(one, "VERKÄUFE")).await,
        StoreError::Duplicate { kind: Kind::CustomQuery, .. }
    );
    stores.custom_queries.create(create(other, "Verkäufe")).await.unwrap();
}

/// A change, of the name too, raises the lock, and is refused where lock or name is not the writer's.
pub async fn updates_under_the_lock(stores: &Stores) {
    let model = model(stores, "Sales").await;
    let queries = &stores.custom_queries;
    let query = queries.create(create(model, "orders")).await.unwrap();
    queries.create(create(model, "lines")).await.unwrap();
    let changed = queries.update(update(&query, "Orders", 0)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.lock), ("Orders", OptimisticLock(1)));
    assert_eq!(changed.sql.as_str(), "select 2");
    assert_error!(
        queries.update(update(&query, "late", 0)).await,
        StoreError::Conflict { kind: Kind::CustomQuery, current: OptimisticLock(1), .. }
    );
    assert_error!(
        queries.update(update(&query, "LINES", 1)).await,
        StoreError::Duplicate { kind: Kind::CustomQuery, .. }
    );
    let renamed = queries.update(update(&query, "bills", 1)).await.unwrap();
    assert_eq!(queries.get(&key(model, "bills")).await.unwrap(), renamed);
    assert_error!(
        queries.update(update(&query, "orders", 2)).await,
        StoreError::NotFound { kind: Kind::CustomQuery, .. }
    );
    assert_eq!(queries.list(model).await.unwrap().len(), 2);
}

/// What was deleted is gone, and its name free.
pub async fn deletes_one(stores: &Stores) {
    let model = model(stores, "Sales").await;
    let queries = &stores.custom_queries;
    queries.create(create(model, "orders")).await.unwrap();
    let delete =
        || build::change(key(model, "ORDERS"), Verb::Delete, SubjectKind::DataModel, model);
    queries.delete(delete()).await.unwrap();
    assert_error!(
        queries.delete(delete()).await,
        StoreError::NotFound { kind: Kind::CustomQuery, .. }
    );
    queries.create(create(model, "orders")).await.unwrap();
}

/// A data model takes its queries along.
pub async fn goes_with_its_data_model(stores: &Stores) {
    let model = model(stores, "Sales").await;
    stores.custom_queries.create(create(model, "orders")).await.unwrap();
    let delete = build::change(model, Verb::Delete, SubjectKind::DataModel, model);
    stores.data_models.delete(delete).await.unwrap();
    assert_eq!(stores.custom_queries.list(model).await.unwrap(), []);
    assert_error!(
        stores.custom_queries.get(&key(model, "orders")).await,
        StoreError::NotFound { kind: Kind::CustomQuery, .. }
    );
}
