//! What every store promises of one thing that names another, while one of them goes: whoever writes at
//! the same time, nothing names what is not there.

use pressroom_domain::{
    BillingStatementBinding, DataModelId, DocumentId, Job, JobDetails, JobMode, JobUpdate,
    SubjectKind, User, Verb,
};
use pressroom_ports::{Kind, StoreError, Stores};

use super::races::{ROUNDS, create_query, model, update_document, update_user};
use crate::build::{self, at};

/// Makes tests of things that name each other, in a store where several write.
#[macro_export]
macro_rules! references_contract {
    ($make:expr) => {
        $crate::suite! { references, $make,
            a_document_is_never_moved_into_a_deleted_category
            a_data_model_in_use_is_not_deleted_unseen
            a_job_never_prints_a_deleted_document
            a_job_never_bills_from_a_deleted_data_model
            a_query_never_outlives_its_data_model
            nobody_is_in_a_deleted_group
            nobody_stays_signed_in_who_was_deactivated_meanwhile
            no_key_outlives_its_user
        }
    };
}

/// Of two at a time, what each came to.
async fn both<A: Send + 'static, B: Send + 'static>(
    one: impl Future<Output = A> + Send + 'static,
    other: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    let (one, other) = (tokio::spawn(one), tokio::spawn(other));
    (one.await.unwrap(), other.await.unwrap())
}

/// Deleting a category while a document moves there leaves both or neither.
pub async fn a_document_is_never_moved_into_a_deleted_category(stores: &Stores) {
    let document = build::document(stores, "Invoice").await;
    for _ in 0..ROUNDS {
        let id = build::category(stores, "Other").await.id;
        let (categories, documents) = (stores.categories.clone(), stores.documents.clone());
        let delete = build::change(id, Verb::Delete, SubjectKind::Category, id);
        let moving = update_document(&document, None, id);
        let (deleted, moved) =
            both(async move { categories.delete(delete).await.is_ok() }, async move {
                documents.update(moving).await.is_ok()
            })
            .await;
        assert!(deleted != moved, "deleted: {deleted}, moved: {moved}");
        let stands_in = stores.documents.get(document.id).await.unwrap().category_id;
        assert!(stores.categories.get(stands_in).await.is_ok());
    }
}

/// Whoever deletes a data model while a layout comes to name it is told, or was first.
pub async fn a_data_model_in_use_is_not_deleted_unseen(stores: &Stores) {
    let shelf = build::category(stores, "Shelf").await.id;
    for round in 0..ROUNDS {
        let name = format!("sales {round}");
        let id = model(stores, &name).await.id;
        let (models, documents) = (stores.data_models.clone(), stores.documents.clone());
        let delete = || build::change(id, Verb::Delete, SubjectKind::DataModel, id);
        let mut new = build::new_document(shelf, "Invoice");
        new.entity.revision.data_models = [name].into();
        let first = delete();
        let (deleted, made) =
            both(
                async move { models.delete(first).await },
                async move { documents.create(new).await },
            )
            .await;
        made.unwrap();
        if let Err(error) = deleted {
            assert!(matches!(error, StoreError::InUse { .. }), "{error:?}");
            let again = stores.data_models.delete(delete()).await;
            assert!(matches!(again, Err(StoreError::InUse { .. })), "{again:?}");
        }
    }
}

/// Deleting a document while a job is made for it leaves both or neither.
pub async fn a_job_never_prints_a_deleted_document(stores: &Stores) {
    for _ in 0..ROUNDS {
        let id = build::document(stores, "Invoice").await.id;
        let (documents, jobs) = (stores.documents.clone(), stores.jobs.clone());
        let delete = build::change(id, Verb::Delete, SubjectKind::Document, id);
        let (deleted, made) = both(async move { documents.delete(delete).await }, async move {
            jobs.create(build::new_job(id, "Daily")).await
        })
        .await;
        match (deleted, made) {
            (Ok(()), Err(StoreError::NotFound { kind: Kind::Document, .. })) => {}
            (Err(StoreError::InUse { kind: Kind::Document, .. }), Ok(_)) => {
                assert!(stores.documents.get(id).await.is_ok());
            }
            both => panic!("{both:?}"),
        }
    }
}

fn billing(document: DocumentId, model: DataModelId) -> JobDetails {
    let mode = JobMode::BillingStatement(BillingStatementBinding {
        data_model_id: model,
        data_member: build::name("Customers"),
        email_address_field: build::name("email"),
        email_recipient_field: None,
    });
    JobDetails { mode, ..build::job_details(document, "Bills") }
}

/// Deleting a data model while a job begins to take its recipients from it leaves both or neither.
pub async fn a_job_never_bills_from_a_deleted_data_model(stores: &Stores) {
    let document = build::document(stores, "Invoice").await.id;
    let Job { id: job, owner, .. } =
        stores.jobs.create(build::new_job(document, "Bills")).await.unwrap();
    let update = |details| {
        let update = JobUpdate { id: job, expected: None, owner, details, next_run: None };
        build::change(update, Verb::Update, SubjectKind::Job, job)
    };
    for round in 0..ROUNDS {
        let id = model(stores, &format!("Customers {round}")).await.id;
        let (models, jobs) = (stores.data_models.clone(), stores.jobs.clone());
        let delete = build::change(id, Verb::Delete, SubjectKind::DataModel, id);
        let bill = update(billing(document, id));
        let (deleted, bills) =
            both(
                async move { models.delete(delete).await },
                async move { jobs.update(bill).await },
            )
            .await;
        match (deleted, bills) {
            (Ok(()), Err(StoreError::NotFound { kind: Kind::DataModel, .. })) => {}
            (Err(StoreError::InUse { kind: Kind::DataModel, .. }), Ok(_)) => {
                assert!(stores.data_models.get(id).await.is_ok());
            }
            both => panic!("{both:?}"),
        }
        stores.jobs.update(update(build::job_details(document, "Bills"))).await.unwrap();
    }
}

/// Deleting a data model while a query is made for it leaves no query behind.
pub async fn a_query_never_outlives_its_data_model(stores: &Stores) {
    for round in 0..ROUNDS {
        let id = model(stores, &format!("Sales {round}")).await.id;
        let (models, queries) = (stores.data_models.clone(), stores.custom_queries.clone());
        let delete = build::change(id, Verb::Delete, SubjectKind::DataModel, id);
        let (deleted, made) = both(async move { models.delete(delete).await }, async move {
            queries.create(create_query(id, "orders")).await
        })
        .await;
        deleted.unwrap();
        assert!(
            matches!(made, Ok(_) | Err(StoreError::NotFound { kind: Kind::DataModel, .. })),
            "{made:?}"
        );
        assert_eq!(stores.custom_queries.list(id).await.unwrap(), []);
    }
}

/// Deleting a group while somebody joins it leaves them without it.
pub async fn nobody_is_in_a_deleted_group(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    for round in 0..ROUNDS {
        let id = build::group(stores, &format!("Team {round}")).await.id;
        let (groups, users) = (stores.groups.clone(), stores.users.clone());
        let delete = build::change(id, Verb::Delete, SubjectKind::Group, id);
        let joined = User { groups: vec![id], ..ann.clone() };
        let joining = update_user(&joined, None, "ann");
        let (deleted, joined) =
            both(
                async move { groups.delete(delete).await },
                async move { users.update(joining).await },
            )
            .await;
        deleted.unwrap();
        assert!(
            matches!(joined, Ok(_) | Err(StoreError::NotFound { kind: Kind::Group, .. })),
            "{joined:?}"
        );
        let seen = stores.users.get(ann.id).await.unwrap();
        assert!(!seen.groups.contains(&id), "{seen:?}");
        if let Ok(joined) = joined {
            assert!(seen.lock > joined.lock, "whoever saw them in the group is told");
        }
    }
}

/// Whoever signs in while their account is switched off is out in the end.
pub async fn nobody_stays_signed_in_who_was_deactivated_meanwhile(stores: &Stores) {
    for byte in 1..=u8::try_from(ROUNDS).unwrap() {
        let ann = build::user(stores, &format!("ann {byte}")).await;
        let (sign_ins, users) = (stores.sign_ins.clone(), stores.users.clone());
        let begin = build::sign_in(byte, &ann, at(5));
        let sign_in = begin.entity.sign_in.id;
        let mut idle = update_user(&ann, Some(0), "x");
        idle.entity.user.user_name = ann.user_name.clone();
        idle.entity.user.active = false;
        let (begun, idle) =
            both(
                async move { sign_ins.begin(begin).await },
                async move { users.update(idle).await },
            )
            .await;
        idle.unwrap();
        assert!(matches!(begun, Ok(()) | Err(StoreError::Conflict { .. })), "{begun:?}");
        assert_eq!(stores.sign_ins.find(sign_in).await.unwrap(), None);
    }
}

/// Deleting a user while they are given a key leaves no key.
pub async fn no_key_outlives_its_user(stores: &Stores) {
    for byte in 1..=u8::try_from(ROUNDS).unwrap() {
        let ann = build::user(stores, &format!("ann {byte}")).await.id;
        let (keys, users) = (stores.api_keys.clone(), stores.users.clone());
        let new = build::new_api_key(byte, ann);
        let client = new.entity.client_id;
        let delete = build::change(ann, Verb::Delete, SubjectKind::User, ann);
        let (made, deleted) =
            both(async move { keys.create(new).await }, async move { users.delete(delete).await })
                .await;
        deleted.unwrap();
        assert!(
            matches!(made, Ok(_) | Err(StoreError::NotFound { kind: Kind::User, .. })),
            "{made:?}"
        );
        assert_eq!(stores.api_keys.find(client).await.unwrap(), None);
    }
}
