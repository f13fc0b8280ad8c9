//! What every store promises to those who write at the same time.

use std::collections::BTreeSet;
use std::fmt::Debug;

use chrono::TimeDelta;
use pressroom_domain::{
    BuiltInGroup, CategoryId, CustomQueryKey, CustomQueryUpdate, DataModel, DataModelId,
    DataModelUpdate, Document, DocumentId, DocumentSave, DocumentUpdate, ExternalSubject, Group,
    GroupUpdate, Hidden, Holder, NewCustomQuery, NewUser, NodeName, OptimisticLock, RowFilters,
    SqlText, SubjectKind, TablesUpdate, User, UserId, Verb,
};
use pressroom_ports::{Change, Kind, Slice, StoreError, Stores, UserUpdate};

use super::race;
use crate::build::{self, at};

/// Makes tests of those who write to a store at the same time.
#[macro_export]
macro_rules! races_contract {
    ($make:expr) => {
        $crate::suite! { races, $make,
            of_many_writers_of_a_group_one_wins
            of_many_writers_of_a_data_model_one_wins
            of_many_writers_of_a_custom_query_one_wins
            of_many_writers_of_a_document_one_wins
            of_many_writers_of_a_user_one_wins
            of_many_makers_of_a_group_one_wins
            of_many_makers_of_a_built_in_group_one_wins
            of_many_makers_of_a_custom_query_one_wins
            of_many_who_take_a_user_name_one_wins
            of_many_who_take_a_group_name_one_wins
            of_many_who_take_a_data_model_name_one_wins
            of_many_who_take_a_query_name_one_wins
            of_many_who_link_a_user_one_wins
            of_many_who_link_a_subject_one_wins
            no_id_is_given_twice_at_a_time
            a_user_never_has_more_sign_ins_than_may_be
            of_many_results_the_newest_is_the_last
            many_who_note_a_moment_agree
            everybody_gets_through
        }
    };
}

/// How many times a race is run: who is faster differs.
pub(super) const ROUNDS: i64 = 6;

/// The one that succeeded, where all others were told that somebody else was faster.
fn winner<T: Clone + Debug>(
    results: &[Result<T, StoreError>],
    lost: impl Fn(&StoreError) -> bool,
) -> T {
    let winners: Vec<&T> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(lost(error), "{error:?}");
    }
    winners[0].clone()
}

fn is_conflict(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict { current: OptimisticLock(1), .. })
}

fn is_duplicate(error: &StoreError) -> bool {
    matches!(error, StoreError::Duplicate { .. })
}

fn seen(lock: i64) -> Option<OptimisticLock> {
    Some(OptimisticLock(lock))
}

pub(super) async fn model(stores: &Stores, text: &str) -> DataModel {
    stores.data_models.create(build::new_data_model(text)).await.unwrap()
}

fn rename_group(group: &Group, expected: Option<i64>, text: &str) -> Change<GroupUpdate> {
    let expected = expected.map(OptimisticLock);
    let update = GroupUpdate { id: group.id, expected, name: build::name(text) };
    build::change(update, Verb::Update, SubjectKind::Group, group.id)
}

fn update_model(id: DataModelId, expected: Option<i64>, text: &str) -> Change<DataModelUpdate> {
    let model = build::new_data_model(text).entity;
    let update = DataModelUpdate { id, expected: expected.map(OptimisticLock), model };
    build::change(update, Verb::Update, SubjectKind::DataModel, id)
}

fn new_query(model: DataModelId, text: &str) -> NewCustomQuery {
    let sql = SqlText::new("select 1").unwrap();
    NewCustomQuery { model, name: build::name(text), sql, parameters: Vec::new() }
}

pub(super) fn create_query(model: DataModelId, text: &str) -> Change<NewCustomQuery> {
    build::change(new_query(model, text), Verb::Create, SubjectKind::DataModel, model)
}

fn update_query(
    model: DataModelId,
    name: &str,
    expected: Option<i64>,
    text: &str,
) -> Change<CustomQueryUpdate> {
    let (name, expected) = (name.to_owned(), expected.map(OptimisticLock));
    let update = CustomQueryUpdate { name, expected, query: new_query(model, text) };
    build::change(update, Verb::Update, SubjectKind::DataModel, model)
}

pub(super) fn update_document(
    document: &Document,
    expected: Option<i64>,
    category_id: CategoryId,
) -> Change<DocumentUpdate> {
    let update = DocumentUpdate {
        id: document.id,
        expected: expected.map(OptimisticLock),
        category_id,
        name: build::name("Bill"),
        description: build::description("other words"),
        modified_by: build::user_name("bob"),
        modified_at: at(3),
    };
    build::change(update, Verb::Update, SubjectKind::Document, document.id)
}

fn save_document(id: DocumentId, expected: Option<i64>, byte: u8) -> Change<DocumentSave> {
    let save = DocumentSave {
        id,
        expected: expected.map(OptimisticLock),
        auto_refresh_interval: build::seconds(1),
        revision: build::new_revision(byte),
    };
    build::change(save, Verb::Save, SubjectKind::Document, id)
}

pub(super) fn update_user(user: &User, expected: Option<i64>, text: &str) -> Change<UserUpdate> {
    let new = NewUser { groups: user.groups.clone(), ..build::new_user(text).entity };
    let update = UserUpdate { id: user.id, expected: expected.map(OptimisticLock), user: new };
    build::change(update, Verb::Update, SubjectKind::User, user.id)
}

/// No write is lost: of writers who saw the same state, one wins.
pub async fn of_many_writers_of_a_group_one_wins(stores: &Stores) {
    let team = build::group(stores, "Team").await;
    let results = race((0..8).map(|writer| {
        let groups = stores.groups.clone();
        let change = rename_group(&team, Some(0), &format!("Team {writer}"));
        async move { groups.update(change).await }
    }))
    .await;
    let won = winner(&results, is_conflict);
    assert_eq!(stores.groups.get(team.id).await.unwrap(), won);
}

/// Whether they change it or choose what it hides: the lock is one.
pub async fn of_many_writers_of_a_data_model_one_wins(stores: &Stores) {
    let id = model(stores, "Sales").await.id;
    let results = race((0..8).map(|writer| {
        let models = stores.data_models.clone();
        async move {
            if writer % 2 == 0 {
                models.update(update_model(id, Some(0), &format!("Sales {writer}"))).await
            } else {
                let hidden = Hidden::new([format!("table {writer}")], []);
                let row_filters = RowFilters::default();
                let update = TablesUpdate { id, expected: seen(0), hidden, row_filters };
                let kind = SubjectKind::DataModel;
                models.choose_tables(build::change(update, Verb::Update, kind, id)).await
            }
        }
    }))
    .await;
    let won = winner(&results, is_conflict);
    assert_eq!(stores.data_models.get(id).await.unwrap(), won);
}

/// No write is lost, though each gives the query another name.
pub async fn of_many_writers_of_a_custom_query_one_wins(stores: &Stores) {
    let id = model(stores, "Sales").await.id;
    stores.custom_queries.create(create_query(id, "orders")).await.unwrap();
    let results = race((0..8).map(|writer| {
        let queries = stores.custom_queries.clone();
        let change = update_query(id, "orders", Some(0), &format!("orders {writer}"));
        async move { queries.update(change).await }
    }))
    .await;
    // Whoever comes later finds no query of that name any more.
    let won = winner(&results, |error| {
        is_conflict(error) || matches!(error, StoreError::NotFound { kind: Kind::CustomQuery, .. })
    });
    assert_eq!(stores.custom_queries.list(id).await.unwrap(), [won]);
}

/// Whether they say other words or give it a new layout: the lock is one.
pub async fn of_many_writers_of_a_document_one_wins(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    let results = race((2..10).map(|writer| {
        let (documents, made) = (stores.documents.clone(), made.clone());
        async move {
            if writer % 2 == 0 {
                documents.update(update_document(&made, Some(0), made.category_id)).await
            } else {
                documents.save(save_document(made.id, Some(0), writer)).await
            }
        }
    }))
    .await;
    let won = winner(&results, is_conflict);
    assert_eq!(stores.documents.get(made.id).await.unwrap(), won);
}

/// Whether they change the account or what it may do: the lock is one.
pub async fn of_many_writers_of_a_user_one_wins(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let results = race((0..8).map(|writer| {
        let (stores, ann) = (stores.clone(), ann.clone());
        async move {
            if writer % 2 == 0 {
                stores.users.update(update_user(&ann, Some(0), "ann")).await.map(drop)
            } else {
                let grant = build::grant(Holder::User(ann.id), Some(0), &[]);
                stores.permissions.grant(grant).await.map(drop)
            }
        }
    }))
    .await;
    winner(&results, is_conflict);
    assert_eq!(stores.users.get(ann.id).await.unwrap().lock, OptimisticLock(1));
}

/// A name is given once, however many ask for it at a time.
pub async fn of_many_makers_of_a_group_one_wins(stores: &Stores) {
    let results = race((0..8).map(|writer| {
        let groups = stores.groups.clone();
        let text = if writer % 2 == 0 { "Köche" } else { "KÖCHE" };
        async move { groups.create(build::new_group(text)).await }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    assert_eq!(stores.groups.list(Slice::first(10)).await.unwrap(), [won]);
}

/// There is one group of a built-in kind, whatever it is called.
pub async fn of_many_makers_of_a_built_in_group_one_wins(stores: &Stores) {
    let results = race((0..8).map(|writer| {
        let groups = stores.groups.clone();
        let mut new = build::new_group(&format!("Administrators {writer}"));
        new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
        async move { groups.create(new).await }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    assert_eq!(stores.groups.list(Slice::first(10)).await.unwrap(), [won]);
}

/// A name is given once within a data model.
pub async fn of_many_makers_of_a_custom_query_one_wins(stores: &Stores) {
    let id = model(stores, "Sales").await.id;
    let results = race((0..8).map(|writer| {
        let queries = stores.custom_queries.clone();
        let text = if writer % 2 == 0 { "orders" } else { "Orders" };
        async move { queries.create(create_query(id, text)).await }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    assert_eq!(stores.custom_queries.list(id).await.unwrap(), [won]);
}

/// Somebody who is renamed and somebody who is made do not both get a name.
pub async fn of_many_who_take_a_user_name_one_wins(stores: &Stores) {
    let mut users = Vec::new();
    for number in 0..4 {
        users.push(build::user(stores, &format!("user {number}")).await);
    }
    let renaming = users.into_iter().map(|user| (Some(user), stores.users.clone()));
    let making = (0..4).map(|_| (None, stores.users.clone()));
    let results = race(renaming.chain(making).map(|(user, users)| async move {
        match user {
            Some(user) => users.update(update_user(&user, None, "ann")).await,
            None => users.create(build::new_user("Ann")).await,
        }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    assert_eq!(stores.users.find_by_name("ann").await.unwrap(), Some(won));
}

/// A group that is renamed and one that is made do not both get a name.
pub async fn of_many_who_take_a_group_name_one_wins(stores: &Stores) {
    let mut made = Vec::new();
    for number in 0..4 {
        made.push(build::group(stores, &format!("Group {number}")).await);
    }
    let renaming = made.into_iter().map(|group| (Some(group), stores.groups.clone()));
    let making = (0..4).map(|_| (None, stores.groups.clone()));
    let results = race(renaming.chain(making).map(|(group, groups)| async move {
        match group {
            Some(group) => groups.update(rename_group(&group, None, "team")).await,
            None => groups.create(build::new_group("Team")).await,
        }
    }))
    .await;
    winner(&results, is_duplicate);
    let all = stores.groups.list(Slice::first(20)).await.unwrap();
    assert_eq!(all.iter().filter(|group| group.name.key() == "team").count(), 1);
}

/// A data model that is renamed and one that is made do not both get a name.
pub async fn of_many_who_take_a_data_model_name_one_wins(stores: &Stores) {
    let mut made = Vec::new();
    for number in 0..4 {
        made.push(model(stores, &format!("Model {number}")).await.id);
    }
    let renaming = made.into_iter().map(|id| (Some(id), stores.data_models.clone()));
    let making = (0..4).map(|_| (None, stores.data_models.clone()));
    let results = race(renaming.chain(making).map(|(id, models)| async move {
        match id {
            Some(id) => models.update(update_model(id, None, "sales")).await,
            None => models.create(build::new_data_model("Sales")).await,
        }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    assert_eq!(stores.data_models.find_by_name("SALES").await.unwrap(), Some(won));
}

/// A query that is renamed and one that is made do not both get a name.
pub async fn of_many_who_take_a_query_name_one_wins(stores: &Stores) {
    let id = model(stores, "Sales").await.id;
    let names: Vec<String> = (0..4).map(|number| format!("query {number}")).collect();
    for name in &names {
        stores.custom_queries.create(create_query(id, name)).await.unwrap();
    }
    let renaming = names.into_iter().map(|name| (Some(name), stores.custom_queries.clone()));
    let making = (0..4).map(|_| (None, stores.custom_queries.clone()));
    let results = race(renaming.chain(making).map(|(name, queries)| async move {
        match name {
            Some(name) => queries.update(update_query(id, &name, None, "orders")).await,
            None => queries.create(create_query(id, "Orders")).await,
        }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    let key = CustomQueryKey { model: id, name: "ORDERS".into() };
    assert_eq!(stores.custom_queries.get(&key).await.unwrap(), won);
}

fn link(subject: &str, user: UserId) -> Change<(ExternalSubject, UserId)> {
    let subject = ExternalSubject::new("https://id.example.com", subject).unwrap();
    build::change((subject, user), Verb::Update, SubjectKind::User, user)
}

/// A user is one subject, however many say that they are this user.
pub async fn of_many_who_link_a_user_one_wins(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let results = race((0..8).map(|number| {
        let (users, change) = (stores.external_users.clone(), link(&number.to_string(), ann.id));
        async move { users.link(change).await.map(|()| number) }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    let subject = ExternalSubject::new("https://id.example.com", &won.to_string()).unwrap();
    assert_eq!(stores.external_users.find(&subject).await.unwrap(), Some(ann));
}

/// A subject is one user, however many claim to be it.
pub async fn of_many_who_link_a_subject_one_wins(stores: &Stores) {
    let mut users = Vec::new();
    for number in 0..8 {
        users.push(build::user(stores, &format!("user {number}")).await);
    }
    let results = race(users.into_iter().map(|user| {
        let (users, change) = (stores.external_users.clone(), link("42", user.id));
        async move { users.link(change).await.map(|()| user) }
    }))
    .await;
    let won = winner(&results, is_duplicate);
    let subject = ExternalSubject::new("https://id.example.com", "42").unwrap();
    assert_eq!(stores.external_users.find(&subject).await.unwrap(), Some(won));
}

/// Of whatever kind, and however many are made at a time; revisions, runs and lines too.
pub async fn no_id_is_given_twice_at_a_time(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let (shelf, document) = (build::category(stores, "Shelf").await.id, job.details.document_id);
    let made = race((0..12).map(|writer| {
        let (stores, job) = (stores.clone(), job.id);
        async move {
            let text = format!("Made {writer}");
            let category = build::category(&stores, &text).await.id.0;
            let new = build::new_document(shelf, &text);
            let made = stores.documents.create(new).await.unwrap();
            let model = model(&stores, &text).await.id.0;
            let user = build::user(&stores, &text).await.id;
            let group = build::group(&stores, &text).await.id.0;
            let key = build::new_api_key(writer, user);
            let key = stores.api_keys.create(key).await.unwrap().id.0;
            let other = stores.jobs.create(build::new_job(document, &text)).await.unwrap().id.0;
            let run = build::job_run(&stores, job).await;
            let result = build::new_job_result(&run, document, 1);
            let result = stores.job_results.record(result).await.unwrap().id.0;
            let (revision, run) = (made.revision_id.0, run.id.0);
            [category, made.id.0, revision, model, user.0, group, key, other, run, result]
        }
    }))
    .await;
    for kind in 0..made[0].len() {
        let ids: BTreeSet<i64> = made.iter().map(|ids| ids[kind]).collect();
        assert_eq!(ids.len(), made.len(), "{made:?}");
    }
    let lines = super::trail(stores).await;
    let ids: BTreeSet<i64> = lines.iter().map(|line| line.id).collect();
    assert_eq!(ids.len(), lines.len());
}

/// However many browsers sign in at a time.
pub async fn a_user_never_has_more_sign_ins_than_may_be(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let most = u8::try_from(pressroom_domain::SignIn::MOST_OF_A_USER).unwrap();
    let signing_in = (0..most + 10).map(|byte| {
        let (sign_ins, ann) = (stores.sign_ins.clone(), ann.clone());
        async move {
            let begin = build::sign_in(byte, &ann, at(i64::from(byte)));
            let id = begin.entity.sign_in.id;
            sign_ins.begin(begin).await.unwrap();
            id
        }
    });
    let mut left = 0;
    for id in race(signing_in).await {
        left += usize::from(stores.sign_ins.find(id).await.unwrap().is_some());
    }
    assert_eq!(left, usize::from(most));
}

/// A job's last result is the one of the greatest id, whoever records others at the time.
pub async fn of_many_results_the_newest_is_the_last(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let run = build::job_run(stores, job.id).await;
    let document = job.details.document_id;
    let recorded = race((0..12).map(|micros| {
        let (results, new) =
            (stores.job_results.clone(), build::new_job_result(&run, document, micros));
        async move { results.record(new).await.unwrap() }
    }))
    .await;
    let newest = recorded.into_iter().max_by_key(|result| result.id);
    assert_eq!(stores.jobs.get(job.id).await.unwrap().last_result, newest);
}

/// Of many that note a name, one wins, and all get its moment.
pub async fn many_who_note_a_moment_agree(stores: &Stores) {
    for round in 0..ROUNDS {
        let noted = race((0..8).map(|micros| {
            let moments = stores.moments.clone();
            async move { moments.note(&format!("round {round}"), at(micros)).await.unwrap() }
        }))
        .await;
        assert!(noted.iter().all(|moment| *moment == noted[0]), "{noted:?}");
        let kept = stores.moments.noted(&format!("round {round}")).await.unwrap();
        assert_eq!(kept, Some(noted[0]));
    }
}

/// Whoever is in another's way waits, or is tried again by the store: nobody who may write is told to
/// come again.
pub async fn everybody_gets_through(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let team = build::group(stores, "Team").await;
    let busy = race((0..8_u8).map(|number| {
        let (stores, ann, team) = (stores.clone(), ann.clone(), team.clone());
        async move {
            let text = format!("Busy {number}");
            let (lease, node) = (TimeDelta::hours(1), NodeName::new(&*text));
            for round in 0..4_u8 {
                let document = build::document(&stores, &text).await;
                stores.documents.save(save_document(document.id, None, number)).await.unwrap();
                // One goes one way round, the next the other way.
                let mut holders = [Holder::User(ann.id), Holder::Group(team.id)];
                if number % 2 == 0 {
                    holders.reverse();
                }
                for holder in holders {
                    stores.permissions.grant(build::grant(holder, None, &[])).await.unwrap();
                }
                let id = number * 10 + round;
                let export = build::new_export(id, ann.id, at(id.into()));
                stores.exports.enqueue(export).await.unwrap();
                stores.exports.claim_due(at(9), lease, &node).await.unwrap().unwrap();
                let mail = build::new_category(&text).sending(build::mail(&text));
                stores.categories.create(mail).await.unwrap();
                let mail = stores.outbox.claim_due(at(9), lease, &node).await.unwrap().unwrap();
                stores.outbox.sent(mail.id, mail.fence).await.unwrap();
                stores.moments.note(&text, at(1)).await.unwrap();
                let token = build::token(id, ann.id, at(9));
                let hash = token.entity.hash;
                stores.tokens.create(token).await.unwrap();
                let out = build::change(hash, Verb::SignOut, SubjectKind::User, ann.id);
                stores.tokens.delete(out).await.unwrap();
                let (id, shelf) = (document.id, document.category_id);
                let delete = build::change(id, Verb::Delete, SubjectKind::Document, id);
                stores.documents.delete(delete).await.unwrap();
                let delete = build::change(shelf, Verb::Delete, SubjectKind::Category, shelf);
                stores.categories.delete(delete).await.unwrap();
            }
        }
    }));
    busy.await;
    assert_eq!(stores.users.get(ann.id).await.unwrap().lock, OptimisticLock(32));
    assert_eq!(stores.groups.get(team.id).await.unwrap().lock, OptimisticLock(32));
    assert_eq!(stores.documents.list(Slice::first(9)).await.unwrap(), []);
}
