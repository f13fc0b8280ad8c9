//! What every store promises about writes that fail: nothing of them is left.

use pressroom_domain::{
    AccountLink, BillingStatementBinding, BuiltInGroup, Category, CategoryId, CategoryUpdate,
    CustomQuery, CustomQueryUpdate, DataModel, DataModelId, DataModelUpdate, Document, DocumentId,
    DocumentSave, DocumentUpdate, ExternalSubject, Group, GroupId, GroupUpdate, Holder, Job,
    JobDetails, JobMode, JobResult, JobRunId, JobUpdate, LinkPurpose, NewCustomQuery,
    NewExternalUser, NewJobRun, NewUser, OptimisticLock, Permission, SqlText, SubjectKind,
    TokenHash, TokenOrigin, User, UserId, Verb,
};
use pressroom_ports::{
    AuditRecord, Change, IssueLink, OutboxCounts, RefreshedSignIn, Slice, Stores, UserUpdate,
};

use crate::build::{self, at};

/// Makes tests of writes that fail half-way.
#[macro_export]
macro_rules! failed_writes_contract {
    ($make:expr) => {
        $crate::suite! { failed_writes, $make,
            of_categories_and_documents_leave_nothing
            of_data_models_and_queries_leave_nothing
            of_users_groups_and_permissions_leave_nothing
            of_sign_ins_and_links_leave_nothing
            of_exports_and_jobs_leave_nothing
            the_same_write_works_once_nothing_is_in_its_way
        }
    };
}

/// All that a failed write could have touched.
#[derive(Debug, PartialEq)]
struct Books {
    trail: Vec<AuditRecord>,
    mails: OutboxCounts,
    categories: Vec<Category>,
    documents: Vec<(Document, usize)>,
    data_models: Vec<(DataModel, Vec<CustomQuery>)>,
    users: Vec<(User, Vec<Permission>)>,
    groups: Vec<(Group, Vec<Permission>)>,
    jobs: Vec<Job>,
    results: Vec<JobResult>,
}

async fn books(stores: &Stores) -> Books {
    let mut documents = Vec::new();
    let mut results = Vec::new();
    for document in stores.documents.list(Slice::first(99)).await.unwrap() {
        let revisions = stores.documents.revisions(document.id).await.unwrap().len();
        let of_it = stores.job_results.of_document(document.id, Slice::first(99)).await.unwrap();
        results.extend(of_it);
        documents.push((document, revisions));
    }
    let mut data_models = Vec::new();
    for model in stores.data_models.list(Slice::first(99)).await.unwrap() {
        let queries = stores.custom_queries.list(model.id).await.unwrap();
        data_models.push((model, queries));
    }
    let held = async |holder| stores.permissions.granted_to(holder).await.unwrap();
    let mut users = Vec::new();
    for user in stores.users.list(Slice::first(99)).await.unwrap() {
        let permissions = held(Holder::User(user.id)).await;
        users.push((user, permissions));
    }
    let mut groups = Vec::new();
    for group in stores.groups.list(Slice::first(99)).await.unwrap() {
        let permissions = held(Holder::Group(group.id)).await;
        groups.push((group, permissions));
    }
    Books {
        trail: super::trail(stores).await,
        mails: stores.outbox.counts().await.unwrap(),
        categories: stores.categories.list(Slice::first(99)).await.unwrap(),
        documents,
        data_models,
        users,
        groups,
        jobs: stores.jobs.list(Slice::first(99)).await.unwrap(),
        results,
    }
}

/// Makes a change that has to fail, with a mail, and asserts that nothing is left of it.
macro_rules! fails {
    ($stores:expr, $repository:ident . $method:ident, $change:expr) => {{
        let before = books($stores).await;
        let change = $change.sending(build::mail("never sent"));
        let result = $stores.$repository.$method(change).await;
        assert!(result.is_err(), "{}: {result:?}", stringify!($repository.$method));
        let after = books($stores).await;
        assert_eq!(after, before, "{}: {result:?}", stringify!($repository.$method));
    }};
}

const STALE: Option<OptimisticLock> = Some(OptimisticLock(7));

fn update<T>(entity: T, kind: SubjectKind) -> Change<T> {
    build::change(entity, Verb::Update, kind, 1)
}

fn save(id: DocumentId, expected: Option<OptimisticLock>) -> Change<DocumentSave> {
    let (auto_refresh_interval, revision) = (build::seconds(9), build::new_revision(9));
    update(DocumentSave { id, expected, auto_refresh_interval, revision }, SubjectKind::Document)
}

/// A stale lock, a category that is not there, one that is in use.
pub async fn of_categories_and_documents_leave_nothing(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let shelf = stores.documents.get(document).await.unwrap().category_id;
    let nowhere = CategoryId(987_654);
    let stale = CategoryUpdate { id: shelf, expected: STALE, name: build::name("Lost") };
    fails!(stores, categories.update, update(stale, SubjectKind::Category));
    fails!(stores, categories.delete, update(shelf, SubjectKind::Category));
    fails!(stores, documents.create, build::new_document(nowhere, "Lost"));
    for (expected, category_id) in [(STALE, shelf), (None, nowhere)] {
        let moved = DocumentUpdate {
            id: document,
            expected,
            category_id,
            name: build::name("Lost"),
            description: build::description("lost"),
            modified_by: build::user_name("bob"),
            modified_at: at(9),
        };
        fails!(stores, documents.update, update(moved, SubjectKind::Document));
    }
    fails!(stores, documents.save, save(document, STALE));
    fails!(stores, documents.save, save(DocumentId(987_654), None));
    fails!(stores, documents.delete, update(document, SubjectKind::Document));
}

/// A name that is taken, a data model that is in use, or not there.
pub async fn of_data_models_and_queries_leave_nothing(stores: &Stores) {
    let kind = SubjectKind::DataModel;
    let one = stores.data_models.create(build::new_data_model("One")).await.unwrap().id;
    let two = stores.data_models.create(build::new_data_model("Two")).await.unwrap().id;
    let query = |model, text: &str| {
        let sql = SqlText::new("select 1").unwrap();
        NewCustomQuery { model, name: build::name(text), sql, parameters: Vec::new() }
    };
    for text in ["orders", "lines"] {
        stores.custom_queries.create(update(query(one, text), kind)).await.unwrap();
    }
    let mut job = build::new_job(build::document(stores, "Invoice").await.id, "Bills");
    job.entity.details.mode = JobMode::BillingStatement(BillingStatementBinding {
        data_model_id: one,
        data_member: build::name("Customers"),
        email_address_field: build::name("email"),
        email_recipient_field: None,
    });
    stores.jobs.create(job).await.unwrap();
    fails!(stores, data_models.create, build::new_data_model("ONE"));
    for (expected, text) in [(None, "TWO"), (STALE, "Lost")] {
        let model = build::new_data_model(text).entity;
        fails!(
            stores,
            data_models.update,
            update(DataModelUpdate { id: one, expected, model }, kind)
        );
    }
    fails!(stores, data_models.delete, update(one, kind));
    fails!(stores, custom_queries.create, update(query(one, "ORDERS"), kind));
    fails!(stores, custom_queries.create, update(query(DataModelId(987_654), "lost"), kind));
    for (expected, text) in [(None, "LINES"), (STALE, "lost")] {
        let name = "orders".to_owned();
        let change = CustomQueryUpdate { name, expected, query: query(one, text) };
        fails!(stores, custom_queries.update, update(change, kind));
    }
    let _ = two;
}

/// A name that is taken, a group that is not there, the last administrator.
pub async fn of_users_groups_and_permissions_leave_nothing(stores: &Stores) {
    let (user, group) = (SubjectKind::User, SubjectKind::Group);
    let team = build::group(stores, "Team").await.id;
    let mut new = build::new_group("System Administrators");
    new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
    let administrators = stores.groups.create(new).await.unwrap().id;
    let mut new = build::new_user("ann");
    new.entity.groups = vec![team, administrators];
    let ann = stores.users.create(new).await.unwrap();
    build::user(stores, "bob").await;
    let read =
        [Permission::new(pressroom_domain::Access::READ, pressroom_domain::Scope::AllDocuments)];
    for holder in [Holder::User(ann.id), Holder::Group(team)] {
        stores.permissions.grant(build::grant(holder, None, &read)).await.unwrap();
    }
    let lost = GroupId(987_654);
    let made = |text: &str, groups: &[GroupId]| {
        let mut new = build::new_user(text);
        new.entity.groups = groups.to_vec();
        new
    };
    fails!(stores, users.create, made("carol", &[team, lost]));
    fails!(stores, users.create, made("BOB", &[team]));
    let changes: [(Option<OptimisticLock>, &str, &[GroupId]); 4] = [
        (None, "ann", &[administrators, lost]),
        (None, "bob", &[administrators]),
        (STALE, "lost", &[administrators]),
        (None, "ann", &[team]),
    ];
    for (expected, text, groups) in changes {
        let user = NewUser { groups: groups.to_vec(), ..build::new_user(text).entity };
        let change = UserUpdate { id: ann.id, expected, user };
        fails!(stores, users.update, update(change, SubjectKind::User));
    }
    fails!(stores, users.delete, update(ann.id, user));
    fails!(stores, groups.create, build::new_group("TEAM"));
    let same_kind = {
        let mut new = build::new_group("Others");
        new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
        new
    };
    fails!(stores, groups.create, same_kind);
    for (expected, text) in [(None, "system administrators"), (STALE, "lost")] {
        let change = GroupUpdate { id: team, expected, name: build::name(text) };
        fails!(stores, groups.update, update(change, group));
    }
    fails!(stores, groups.delete, update(lost, group));
    for holder in [Holder::User(ann.id), Holder::Group(team), Holder::Group(lost)] {
        fails!(stores, permissions.grant, build::grant(holder, Some(7), &[]));
    }
    let photo = (UserId(987_654), None);
    fails!(stores, users.set_photo, update(photo, user));
}

/// A user that is not there or was changed, a token that is not the one, a name that is taken.
pub async fn of_sign_ins_and_links_leave_nothing(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let nobody = User { id: UserId(987_654), ..ann.clone() };
    let changed = User { lock: OptimisticLock(7), ..ann.clone() };
    let user = SubjectKind::User;
    let token = |byte| TokenHash::from_bytes([byte; 32]);
    fails!(stores, tokens.create, build::token(1, nobody.id, at(9)));
    fails!(stores, sign_ins.begin, build::sign_in(2, &nobody, at(9)));
    fails!(stores, sign_ins.begin, build::sign_in(2, &changed, at(9)));
    let begun = build::sign_in(3, &ann, at(9));
    let id = begun.entity.sign_in.id;
    stores.sign_ins.begin(begun).await.unwrap();
    let refresh = RefreshedSignIn {
        id,
        shown: token(99),
        refresh: token(4),
        expires_at: at(99),
        access: build::access_token(4, ann.id, TokenOrigin::SignIn(id), at(99)),
    };
    fails!(stores, sign_ins.refresh, update(refresh, user));
    fails!(stores, api_keys.create, build::new_api_key(5, nobody.id));
    let lost = pressroom_domain::ApiKeyId(987_654);
    fails!(stores, api_keys.used, build::used_api_key(5, lost, ann.id));
    fails!(stores, api_keys.delete, update((ann.id, lost), user));
    let link = |byte| AccountLink::new(token(byte), LinkPurpose::Reset, at(0));
    let again = build::new_user("ANN").entity;
    fails!(stores, account_links.create_user, update((again.clone(), link(6)), user));
    let issue = IssueLink { user_id: nobody.id, link: link(6), unless_issued_after: None };
    fails!(stores, account_links.issue, update(issue, user));
    let subject = |text| ExternalSubject::new("https://id.example.com", text).unwrap();
    let stranger = NewExternalUser { subject: subject("1"), user: again };
    fails!(stores, external_users.create, update(stranger, user));
    let made = NewExternalUser { subject: subject("2"), user: build::new_user("bob").entity };
    stores.external_users.create(update(made, user)).await.unwrap();
    // The user's row is written before the subject is found to be somebody.
    let twice = NewExternalUser { subject: subject("2"), user: build::new_user("carol").entity };
    fails!(stores, external_users.create, update(twice, user));
    fails!(stores, external_users.link, update((subject("2"), ann.id), user));
    fails!(stores, external_users.link, update((subject("3"), nobody.id), user));
    for byte in [1, 2, 4, 5] {
        assert_eq!(stores.tokens.find(&token(byte)).await.unwrap(), None);
    }
    assert_eq!(stores.account_links.find(&token(6)).await.unwrap(), None);
    assert_eq!(stores.external_users.find(&subject("1")).await.unwrap(), None);
    assert_eq!(stores.external_users.find(&subject("3")).await.unwrap(), None);
}

/// An id that is taken, a document or run that is not there, a claim that no longer holds.
pub async fn of_exports_and_jobs_leave_nothing(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let owner = build::user(stores, "ann").await.id;
    stores.exports.enqueue(build::new_export(1, owner, at(0))).await.unwrap();
    fails!(stores, exports.enqueue, build::new_export(1, owner, at(5)));
    let nowhere = DocumentId(987_654);
    fails!(stores, jobs.create, build::new_job(nowhere, "Lost"));
    for (expected, document_id) in [(STALE, document), (None, nowhere)] {
        let details = JobDetails { document_id, ..build::job_details(document, "Lost") };
        let change = JobUpdate { id: job.id, expected, owner, details, next_run: None };
        fails!(stores, jobs.update, update(change, SubjectKind::Job));
    }
    let run = NewJobRun { job_id: pressroom_domain::JobId(987_654), started_at: at(0) };
    fails!(stores, job_results.begin_run, update(run, SubjectKind::Job));
    let mut run = build::job_run(stores, job.id).await;
    run.id = JobRunId(987_654);
    fails!(stores, job_results.record, build::new_job_result(&run, document, 1));
    let mail = build::new_category("Letters").sending(build::mail("Hello"));
    stores.categories.create(mail).await.unwrap();
    let node = pressroom_domain::NodeName::new("a");
    let lease = chrono::TimeDelta::hours(1);
    let mail = stores.outbox.claim_due(at(5), lease, &node).await.unwrap().unwrap();
    fails!(stores, outbox.give_up, update((mail.id, mail.fence + 1), SubjectKind::Mail));
}

/// What a failed write had taken is free again: names, and rows that it had locked.
pub async fn the_same_write_works_once_nothing_is_in_its_way(stores: &Stores) {
    let mut new = build::new_user("ann");
    new.entity.groups = vec![GroupId(987_654)];
    assert!(stores.users.create(new.clone()).await.is_err());
    new.entity.groups = vec![build::group(stores, "Team").await.id];
    let ann = stores.users.create(new).await.unwrap();
    assert_eq!(stores.users.find_by_name("ann").await.unwrap(), Some(ann));
    assert!(stores.documents.create(build::new_document(CategoryId(9), "Invoice")).await.is_err());
    build::document(stores, "Invoice").await;
    assert_eq!(stores.documents.list(Slice::first(9)).await.unwrap().len(), 1);
}
