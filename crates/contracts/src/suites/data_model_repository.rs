//! What a `DataModelRepository` promises.

use pressroom_domain::{
    Access, BillingStatementBinding, DataModel, DataModelId, DataModelUpdate, DocumentSave, Hidden,
    Holder, JobMode, NewDataModel, OptimisticLock, Permission, ProviderModel, RowFilter,
    RowFilters, Scope, Seconds, SubjectKind, TablesUpdate, Verb,
};
use pressroom_ports::{Change, Grant, Kind, Slice, StoreError, Stores};

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
            updates_under_the_lock
            keeps_what_is_hidden_under_the_lock
            keeps_row_filters_under_the_lock
            a_new_model_of_an_old_name_has_no_filters
            deletes_what_nothing_uses
            keeps_what_a_document_names
            keeps_what_a_job_bills_from
        }
    };
}

async fn made(stores: &Stores, text: &str) -> DataModel {
    stores.data_models.create(build::new_data_model(text)).await.unwrap()
}

/// What was made is found as it was made, connection string and all.
pub async fn creates_with_lock_0_and_gives_back(stores: &Stores) {
    let mut new = build::new_data_model("Größe 漢字 🧾");
    new.entity.cache_seconds = build::seconds(60);
    let model = stores.data_models.create(new.clone()).await.unwrap();
    let new = new.entity;
    assert_eq!(model.lock, OptimisticLock(0));
    assert_eq!((&model.name, &model.description), (&new.name, &new.description));
    assert_eq!((model.command_timeout, &model.provider), (new.command_timeout, &new.provider));
    assert_eq!(model.cache_seconds, new.cache_seconds);
    assert!(model.hidden.is_empty() && model.row_filters.is_empty());
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

fn update(
    model: &DataModel,
    text: &str,
    expected: Option<OptimisticLock>,
) -> Change<DataModelUpdate> {
    let new = NewDataModel {
        provider: ProviderModel::sqlite("Data Source=other.db;Password=q"),
        cache_seconds: DataModel::LONGEST_CACHE,
        ..build::new_data_model(text).entity
    };
    let update = DataModelUpdate { id: model.id, expected, model: new };
    build::change(update, Verb::Update, SubjectKind::DataModel, model.id)
}

fn delete(id: DataModelId) -> Change<DataModelId> {
    build::change(id, Verb::Delete, SubjectKind::DataModel, id)
}

/// A change is seen as a whole, raises the lock, and is refused where the lock or the name is not the
/// writer's.
pub async fn updates_under_the_lock(stores: &Stores) {
    let (one, other) = (made(stores, "One").await, made(stores, "Other").await);
    let changed = stores.data_models.update(update(&one, "ONE", Some(one.lock))).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.lock), ("ONE", OptimisticLock(1)));
    assert_eq!(changed.provider, ProviderModel::sqlite("Data Source=other.db;Password=q"));
    assert_eq!(changed.cache_seconds, DataModel::LONGEST_CACHE);
    assert_eq!(stores.data_models.get(one.id).await.unwrap(), changed);
    assert_error!(
        stores.data_models.update(update(&one, "Late", Some(one.lock))).await,
        StoreError::Conflict { current: OptimisticLock(1), .. }
    );
    assert_error!(
        stores.data_models.update(update(&one, "other", None)).await,
        StoreError::Duplicate { kind: Kind::DataModel, .. }
    );
    assert_eq!(stores.data_models.get(other.id).await.unwrap(), other);
    let gone = DataModel { id: DataModelId(987), ..one };
    assert_error!(
        stores.data_models.update(update(&gone, "Gone", None)).await,
        StoreError::NotFound { kind: Kind::DataModel, .. }
    );
}

/// A choice of what is seen.
fn choose(
    model: &DataModel,
    hidden: &Hidden,
    filters: &RowFilters,
    lock: i64,
) -> Change<TablesUpdate> {
    let update = TablesUpdate {
        id: model.id,
        expected: Some(OptimisticLock(lock)),
        hidden: hidden.clone(),
        row_filters: filters.clone(),
    };
    build::change(update, Verb::Update, SubjectKind::DataModel, model.id)
}

/// Row filters by table.
fn filters<const N: usize>(all: [(&str, &str); N]) -> RowFilters {
    let filter = |(table, text): (&str, &str)| (table.to_owned(), RowFilter::new(text).unwrap());
    all.map(filter).into_iter().collect()
}

/// What is hidden comes with the model, raises its lock, and stays when the rest changes.
pub async fn keeps_what_is_hidden_under_the_lock(stores: &Stores) {
    let model = made(stores, "Sales").await;
    assert!(model.hidden.is_empty());
    let column = ("Größe \"漢字\"".to_owned(), "a.b".to_owned());
    let hidden = Hidden::new(["staff".to_owned(), "Order Details".to_owned()], [column]);
    let none = RowFilters::default();
    let hide = |hidden: &Hidden, lock| choose(&model, hidden, &none, lock);
    let changed = stores.data_models.choose_tables(hide(&hidden, 0)).await.unwrap();
    assert_eq!((&changed.hidden, changed.lock), (&hidden, OptimisticLock(1)));
    assert_eq!(stores.data_models.find_by_name("sales").await.unwrap(), Some(changed.clone()));
    assert_error!(
        stores.data_models.choose_tables(hide(&Hidden::default(), 0)).await,
        StoreError::Conflict { current: OptimisticLock(1), .. }
    );
    let renamed = stores.data_models.update(update(&model, "Bills", None)).await.unwrap();
    assert_eq!(renamed.hidden, hidden);
    let shown = stores.data_models.choose_tables(hide(&Hidden::default(), 2)).await.unwrap();
    assert!(shown.hidden.is_empty());
    let gone = DataModel { id: DataModelId(987), ..model.clone() };
    assert_error!(
        stores.data_models.choose_tables(choose(&gone, &hidden, &none, 0)).await,
        StoreError::NotFound { kind: Kind::DataModel, .. }
    );
}

/// Row filters come with the model wherever it is found, raise its lock, are replaced as a whole, and
/// stay when the rest changes.
pub async fn keeps_row_filters_under_the_lock(stores: &Stores) {
    let model = made(stores, "Sales").await;
    let hidden = Hidden::new(["staff".to_owned()], []);
    let first = filters([
        ("Größe \"漢字\"", "[Owner] = UserName()\n  Or IsMemberOf('Verkäufe \"Süd\"')"),
        ("dbo.orders", "[a\\.b] <> 'O''Hara 🧾'"),
    ]);
    let changed =
        stores.data_models.choose_tables(choose(&model, &hidden, &first, 0)).await.unwrap();
    assert_eq!((&changed.row_filters, &changed.hidden), (&first, &hidden));
    assert_eq!(changed.lock, OptimisticLock(1));
    assert_eq!(last_line(stores).await.entry.subject.id, Some(model.id.to_string()));
    assert_eq!(stores.data_models.get(model.id).await.unwrap(), changed);
    assert_eq!(stores.data_models.find_by_name("SALES").await.unwrap(), Some(changed.clone()));
    assert_eq!(
        stores.data_models.list(Slice::first(9)).await.unwrap(),
        std::slice::from_ref(&changed)
    );

    let lines = trail(stores).await.len();
    let none = RowFilters::default();
    assert_error!(
        stores.data_models.choose_tables(choose(&model, &hidden, &none, 0)).await,
        StoreError::Conflict { current: OptimisticLock(1), .. }
    );
    assert_eq!(stores.data_models.get(model.id).await.unwrap(), changed);
    assert_eq!(trail(stores).await.len(), lines);

    let renamed = stores.data_models.update(update(&model, "Bills", None)).await.unwrap();
    assert_eq!((&renamed.row_filters, renamed.lock), (&first, OptimisticLock(2)));
    let second = filters([("orders", "[Owner] = UserEmail()")]);
    let changed =
        stores.data_models.choose_tables(choose(&model, &hidden, &second, 2)).await.unwrap();
    assert_eq!(changed.row_filters, second);
    let changed =
        stores.data_models.choose_tables(choose(&model, &hidden, &none, 3)).await.unwrap();
    assert!(changed.row_filters.is_empty() && !changed.hidden.is_empty());
}

/// Filters go with their model: one that is made later starts without.
pub async fn a_new_model_of_an_old_name_has_no_filters(stores: &Stores) {
    let model = made(stores, "Sales").await;
    let kept = filters([("orders", "[Owner] = UserName()")]);
    let choice = choose(&model, &Hidden::default(), &kept, 0);
    stores.data_models.choose_tables(choice).await.unwrap();
    stores.data_models.delete(delete(model.id)).await.unwrap();
    assert!(made(stores, "Sales").await.row_filters.is_empty());
}

/// A deletion takes the permissions on it along.
pub async fn deletes_what_nothing_uses(stores: &Stores) {
    let model = made(stores, "Sales").await;
    let holder = Holder::User(build::user(stores, "ann").await.id);
    let permissions = vec![Permission::new(Access::READ, Scope::DataModel(model.id))];
    let grant = Grant { holder, expected: None, permissions };
    let grant = build::change(grant, Verb::Grant, SubjectKind::User, 1);
    stores.permissions.grant(grant).await.unwrap();
    stores.data_models.delete(delete(model.id)).await.unwrap();
    assert_eq!(stores.data_models.find_by_name("Sales").await.unwrap(), None);
    assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), []);
    assert_error!(
        stores.data_models.delete(delete(model.id)).await,
        StoreError::NotFound { kind: Kind::DataModel, .. }
    );
    made(stores, "sales").await;
}

/// What the newest layout of a document names stays; what only an older one names does not.
pub async fn keeps_what_a_document_names(stores: &Stores) {
    let model = made(stores, "Verkäufe").await;
    let shelf = build::category(stores, "Shelf").await.id;
    let mut document = build::new_document(shelf, "Invoice");
    document.entity.revision.data_models = ["verkäufe".to_owned(), "other".to_owned()].into();
    let document = stores.documents.create(document).await.unwrap();
    let by = match stores.data_models.delete(delete(model.id)).await {
        Err(StoreError::InUse { kind: Kind::DataModel, by, .. }) => by,
        other => panic!("it is in use: {other:?}"),
    };
    assert!(by.contains("\"Invoice\""), "{by}");
    let save = DocumentSave {
        id: document.id,
        expected: None,
        auto_refresh_interval: Seconds::ZERO,
        revision: build::new_revision(2),
    };
    let save = build::change(save, Verb::Save, SubjectKind::Document, document.id);
    stores.documents.save(save).await.unwrap();
    stores.data_models.delete(delete(model.id)).await.unwrap();
}

/// A job that takes its recipients from a data model keeps it.
pub async fn keeps_what_a_job_bills_from(stores: &Stores) {
    let model = made(stores, "Customers").await;
    let document = build::document(stores, "Invoice").await.id;
    let owner = build::user(stores, "ann").await.id;
    let mut job = build::new_job(document, "Bills");
    job.entity.owner = owner;
    job.entity.details.mode = JobMode::BillingStatement(BillingStatementBinding {
        data_model_id: model.id,
        data_member: build::name("Customers"),
        email_address_field: build::name("email"),
        email_recipient_field: None,
    });
    let job = stores.jobs.create(job).await.unwrap();
    let by = match stores.data_models.delete(delete(model.id)).await {
        Err(StoreError::InUse { kind: Kind::DataModel, by, .. }) => by,
        other => panic!("it is in use: {other:?}"),
    };
    assert!(by.contains("\"Bills\""), "{by}");
    let gone = build::change(job.id, Verb::Delete, SubjectKind::Job, job.id);
    stores.jobs.delete(gone).await.unwrap();
    stores.data_models.delete(delete(model.id)).await.unwrap();
}
