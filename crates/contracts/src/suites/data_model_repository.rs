//! What a `DataModelRepository` promises.

use pressroom_domain::{DataModel, DataModelId, OptimisticLock, Verb};
use pressroom_ports::{Kind, Slice, StoreError, Stores};

use super::{assert_error, last_line, race, trail};
use crate::build;

/// Makes tests of the data models of a store.
#[macro_export]
macro_rules! data_model_repository_contract {
    ($make:expr) => {
        $crate::suite! { data_model_repository, $make,
            creates_with_lock_0_and_gives_back
            no_two_are_called_the_same
            of_many_writers_of_a_name_one_wins
            finds_by_name_in_any_case
            lists_slice_by_slice
            what_is_missing_is_not_found
            writes_come_with_their_line
        }
    };
}

async fn made(stores: &Stores, text: &str) -> DataModel {
    stores.data_models.create(build::new_data_model(text)).await.unwrap()
}

/// What was made is found as it was made, connection string and all.
pub async fn creates_with_lock_0_and_gives_back(stores: &Stores) {
    let model = made(stores, "Größe 漢字 🧾").await;
    let new = build::new_data_model("Größe 漢字 🧾").entity;
    assert_eq!(model.lock, OptimisticLock(0));
    assert_eq!((&model.name, &model.description), (&new.name, &new.description));
    assert_eq!((model.command_timeout, &model.provider), (new.command_timeout, &new.provider));
    assert_eq!(stores.data_models.get(model.id).await.unwrap(), model);
}

/// Names that differ only by letter case are the same, beyond ASCII too.
pub async fn no_two_are_called_the_same(stores: &Stores) {
    made(stores, "Verkäufe").await;
    for text in ["Verkäufe", "VERKÄUFE", " verkäufe "] {
        assert_error!(
            stores.data_models.create(build::new_data_model(text)).await,
            StoreError::Duplicate { kind: Kind::DataModel, .. }
        );
    }
    made(stores, "Verkäufe 2").await;
}

/// A name is given once, however many ask for it at a time.
pub async fn of_many_writers_of_a_name_one_wins(stores: &Stores) {
    let results = race((0..8).map(|writer| {
        let models = stores.data_models.clone();
        let text = if writer % 2 == 0 { "northwind" } else { "Northwind" };
        async move { models.create(build::new_data_model(text)).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    for lost in results.iter().filter(|result| result.is_err()) {
        assert!(matches!(lost, Err(StoreError::Duplicate { .. })), "{lost:?}");
    }
    assert_eq!(stores.data_models.list(Slice::first(10)).await.unwrap().len(), 1);
}

/// A layout's connection name finds its model in any letter case.
pub async fn finds_by_name_in_any_case(stores: &Stores) {
    let model = made(stores, "Verkäufe").await;
    for text in ["Verkäufe", "VERKÄUFE", " verkäufe"] {
        let found = stores.data_models.find_by_name(text).await.unwrap();
        assert_eq!(found.as_ref(), Some(&model), "{text}");
    }
    for text in ["Verkaufe", "Verk%", "", "Verkäufe 2"] {
        assert_eq!(stores.data_models.find_by_name(text).await.unwrap(), None, "{text}");
    }
}

/// A list can be read in slices that neither overlap nor leave anything out.
pub async fn lists_slice_by_slice(stores: &Stores) {
    let mut all: Vec<DataModel> = Vec::new();
    for number in 0..4 {
        all.push(made(stores, &format!("Model {number}")).await);
    }
    let list = async |slice| stores.data_models.list(slice).await.unwrap();
    assert_eq!(list(Slice::first(100)).await, all);
    assert_eq!(list(Slice::first(3)).await, all[..3]);
    assert_eq!(list(Slice::after(all[2].id, 3)).await, all[3..]);
    assert_eq!(list(Slice::after(all[3].id, 3)).await, []);
}

/// What is not there is said not to be there.
pub async fn what_is_missing_is_not_found(stores: &Stores) {
    assert_error!(
        stores.data_models.get(DataModelId(987_654)).await,
        StoreError::NotFound { kind: Kind::DataModel, id } if id == "987654"
    );
}

/// Each write is in the trail; a failed one is not, and no secret ever is.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let model = made(stores, "Northwind").await;
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::Create, Some(model.id.to_string())));
    let lines = trail(stores).await.len();
    assert!(stores.data_models.create(build::new_data_model("northwind")).await.is_err());
    assert_eq!(trail(stores).await.len(), lines);
}
