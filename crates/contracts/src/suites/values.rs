//! What every store promises about times, numbers and bytes.

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{
    Access, AccountLink, Actor, AuditEntry, BlobHash, CategoryId, CategoryUpdate, ClientId,
    CustomQuery, CustomQueryUpdate, DataModelId, DataModelUpdate, DocumentId, DocumentSave,
    DocumentUpdate, ExportId, ExportResult, ExportState, GroupId, GroupUpdate, Hidden, Holder,
    JobId, JobResultId, JobUpdate, LinkPurpose, NewCustomQuery, NodeName, OptimisticLock,
    Permission, PhotoFormat, PhotoRecord, RowFilters, Schedule, Scope, SignInId, SqlText,
    SubjectKind, TablesUpdate, TimeZone, TokenHash, TokenOrigin, UserId, Verb,
};
use pressroom_ports::{
    AuditPart, AuditQuery, IssueLink, Kind, Slice, Span, StoreError, Stores, UserUpdate,
};

use super::{assert_error, last_line};
use crate::build::{self, at};

/// Makes tests of the times, numbers and bytes of a store.
#[macro_export]
macro_rules! values_contract {
    ($make:expr) => {
        $crate::suite! { values, $make,
            times_of_the_trail_are_kept_and_compared_to_the_microsecond
            times_of_documents_and_jobs_are_kept_to_the_microsecond
            times_of_accounts_are_kept_to_the_microsecond
            times_of_exports_and_moments_are_kept_to_the_microsecond
            the_greatest_numbers_are_kept
            nothing_has_the_greatest_id
            no_id_comes_back_after_a_deletion
            a_lock_that_never_was_is_a_conflict
            all_bytes_of_a_hash_count
            looks_for_thousands_of_hashes
        }
    };
}

/// Microseconds since 1970 of the year 1, of times around 1970, and of the last of the year 9999.
const TIMES: [i64; 7] = [
    -62_135_596_800_000_000,
    -2_208_988_800_000_001,
    -1,
    0,
    999_999,
    1_772_443_800_123_456,
    253_402_300_799_999_999,
];

fn times() -> impl Iterator<Item = DateTime<Utc>> {
    TIMES.into_iter().map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

/// A line is found from its time on, and not before it.
pub async fn times_of_the_trail_are_kept_and_compared_to_the_microsecond(stores: &Stores) {
    for time in times() {
        let line = build::line(Verb::SignOut, SubjectKind::User, None);
        stores.audit.append(AuditEntry { at: time, ..line }).await.unwrap();
        assert_eq!(last_line(stores).await.entry.at, time);
    }
    let all = AuditPart { newest_first: false, beyond: None, skip: 0, limit: 100 };
    for time in times() {
        let next = time + TimeDelta::microseconds(1);
        let query = AuditQuery { from: Some(time), to: Some(next), ..AuditQuery::default() };
        let found = stores.audit.find(&query, all).await.unwrap();
        let found: Vec<DateTime<Utc>> = found.iter().map(|line| line.entry.at).collect();
        assert_eq!(found, [time]);
        let query = AuditQuery { from: Some(next), ..AuditQuery::default() };
        let later = times().filter(|other| *other > time).count() as u64;
        assert_eq!(stores.audit.count(&query).await.unwrap(), later);
    }
}

/// When something was saved, comes due or was made.
pub async fn times_of_documents_and_jobs_are_kept_to_the_microsecond(stores: &Stores) {
    let shelf = build::category(stores, "Shelf").await.id;
    for time in times() {
        let mut new = build::new_document(shelf, "Invoice");
        new.entity.revision.created_at = time;
        let document = stores.documents.create(new).await.unwrap();
        assert_eq!(stores.documents.get(document.id).await.unwrap().modified_at, time);
        let revision = stores.documents.revision(document.id, document.revision_id).await.unwrap();
        assert_eq!(revision.created_at, time);

        let mut new = build::new_job(document.id, "Daily");
        new.entity.details.schedule = Schedule::new(time, TimeZone::UTC, None);
        new.entity.next_run = Some(time);
        let made = stores.jobs.create(new.clone()).await.unwrap();
        let job = stores.jobs.get(made.id).await.unwrap();
        assert_eq!((job.next_run, &job.details), (Some(time), &new.entity.details));
        let run = build::job_run(stores, job.id).await;
        let mut new = build::new_job_result(&run, document.id, 0);
        new.entity.created_at = time;
        let result = stores.job_results.record(new).await.unwrap();
        assert_eq!(stores.job_results.get(result.id).await.unwrap().created_at, time);
        let next = time + TimeDelta::microseconds(1);
        let of_job = async |from, before| {
            let span = Span { from: Some(from), before: Some(before) };
            stores.job_results.of_job(job.id, span, Slice::first(9)).await.unwrap()
        };
        assert_eq!(of_job(time, next).await, [result]);
        assert_eq!(of_job(next, DateTime::<Utc>::MAX_UTC).await, []);
        assert_eq!(of_job(DateTime::<Utc>::MIN_UTC, time).await, []);
    }
}

/// When a token, a sign-in, a key or a link was given, and when it ends.
pub async fn times_of_accounts_are_kept_to_the_microsecond(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    for (time, byte) in times().zip(1..) {
        let mut sign_in = build::sign_in(byte, &ann, time);
        sign_in.entity.sign_in.started_at = time;
        let kept = sign_in.entity.sign_in.clone();
        stores.sign_ins.begin(sign_in).await.unwrap();
        let found = stores.sign_ins.find(kept.id).await.unwrap();
        assert_eq!(found.map(|(sign_in, _)| sign_in), Some(kept));

        let mut token = build::token(byte + 50, ann.id, time);
        token.entity.issued_at = time;
        let kept = token.entity.clone();
        stores.tokens.create(token).await.unwrap();
        let found = stores.tokens.find(&kept.hash).await.unwrap();
        assert_eq!(found.map(|session| session.token), Some(kept));

        let mut key = build::new_api_key(byte, ann.id);
        (key.entity.created_at, key.entity.expires_at) = (time, Some(time));
        let key = stores.api_keys.create(key).await.unwrap();
        assert_eq!((key.created_at, key.expires_at), (time, Some(time)));
        let mut used = build::used_api_key(byte + 100, key.id, ann.id);
        used.entity.at = time;
        stores.api_keys.used(used).await.unwrap();
        let found = stores.api_keys.find(key.client_id).await.unwrap();
        assert_eq!(found.and_then(|(key, _)| key.last_used_at), Some(time));

        let mut link =
            AccountLink::new(TokenHash::from_bytes([byte; 32]), LinkPurpose::Reset, time);
        link.expires_at = time;
        let issue = IssueLink { user_id: ann.id, link: link.clone(), unless_issued_after: None };
        let issue = build::change(issue, Verb::Invite, SubjectKind::User, ann.id);
        assert!(stores.account_links.issue(issue).await.unwrap());
        let found = stores.account_links.find(&link.hash).await.unwrap();
        assert_eq!(found.map(|(link, _)| link), Some(link));
    }
}

/// When an export was queued, is somebody's, came to its end; when something was first seen.
pub async fn times_of_exports_and_moments_are_kept_to_the_microsecond(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    for (time, number) in times().zip(1..) {
        let name = format!("moment {number}");
        assert_eq!(stores.moments.note(&name, time).await.unwrap(), time);
        assert_eq!(stores.moments.noted(&name).await.unwrap(), Some(time));

        let new = build::new_export(number, owner, time);
        let id = new.entity.id;
        stores.exports.enqueue(new).await.unwrap();
        assert_eq!(stores.exports.get(id).await.unwrap().queued_at, time);
        let (lease, node) = (TimeDelta::microseconds(1), NodeName::new("a"));
        stores.exports.claim_due(time, lease, &node).await.unwrap().unwrap();
        let read = stores.exports.get(id).await.unwrap();
        let ExportState::Running(claim) = &read.state else { panic!("{:?}", read.state) };
        assert_eq!(claim.lease_until, time + lease);
        assert_eq!(stores.exports.claim_due(time, lease, &node).await.unwrap(), None);
        let result = ExportResult { blob: BlobHash::from_bytes([1; 32]), size_bytes: 1, pages: 1 };
        stores.exports.complete(id, 1, result, Vec::new(), time).await.unwrap();
        assert_eq!(stores.exports.get(id).await.unwrap().finished_at, Some(time));
        assert_eq!(stores.exports.delete_finished(time).await.unwrap(), 0);
        let next = time + TimeDelta::microseconds(1);
        assert_eq!(stores.exports.delete_finished(next).await.unwrap(), 1);
    }
}

/// Ids of others are kept whatever they are; counts are as large as a store can count.
pub async fn the_greatest_numbers_are_kept(stores: &Stores) {
    for id in [i64::MAX, i64::MIN, 0] {
        let actor = Actor { user_id: Some(UserId(id)), name: "ann".into() };
        let line = build::line(Verb::SignOut, SubjectKind::User, Some(id.to_string()));
        let line = AuditEntry { actor, ..line };
        stores.audit.append(line.clone()).await.unwrap();
        assert_eq!(last_line(stores).await.entry, line);
    }
    let holder = Holder::User(build::user(stores, "ann").await.id);
    let on = |id| Permission::new(Access::READ, Scope::DocumentsIn(CategoryId(id)));
    let permissions = [on(1), on(i64::MAX)];
    let granted = stores.permissions.grant(build::grant(holder, None, &permissions)).await;
    assert_eq!(granted.unwrap(), permissions);
    let mut job = build::new_job(build::document(stores, "Invoice").await.id, "Daily");
    let subscribers = vec![UserId(i64::MAX), UserId(1), UserId(i64::MAX - 1)];
    job.entity.owner = UserId(i64::MAX);
    job.entity.details.internal_subscribers = subscribers.clone();
    let job = stores.jobs.create(job).await.unwrap();
    let read = stores.jobs.get(job.id).await.unwrap();
    assert_eq!((read.owner, read.details.internal_subscribers), (UserId(i64::MAX), subscribers));

    let new = build::new_export(1, UserId(i64::MAX), at(0));
    let id = new.entity.id;
    stores.exports.enqueue(new).await.unwrap();
    stores.exports.claim_due(at(0), TimeDelta::hours(1), &NodeName::new("a")).await.unwrap();
    let most = i64::MAX.unsigned_abs();
    let blob = BlobHash::from_bytes([1; 32]);
    let result = ExportResult { blob, size_bytes: most, pages: most };
    stores.exports.complete(id, 1, result.clone(), Vec::new(), at(1)).await.unwrap();
    let read = stores.exports.get(id).await.unwrap();
    assert_eq!((read.owner, read.state), (UserId(i64::MAX), ExportState::Complete(result)));
}

/// Whatever number somebody asks for, they get an answer.
pub async fn nothing_has_the_greatest_id(stores: &Stores) {
    let document = build::document(stores, "Invoice").await.id;
    for id in [i64::MAX, i64::MIN, -1, 0] {
        let Stores { categories, documents, data_models, users, groups, jobs, .. } = stores;
        assert_error!(categories.get(CategoryId(id)).await, StoreError::NotFound { .. });
        assert_error!(documents.get(DocumentId(id)).await, StoreError::NotFound { .. });
        assert_error!(documents.revisions(DocumentId(id)).await, StoreError::NotFound { .. });
        let revision = pressroom_domain::RevisionId(id);
        assert_error!(documents.revision(document, revision).await, StoreError::NotFound { .. });
        assert_error!(data_models.get(DataModelId(id)).await, StoreError::NotFound { .. });
        assert_error!(users.get(UserId(id)).await, StoreError::NotFound { .. });
        assert_error!(groups.get(GroupId(id)).await, StoreError::NotFound { .. });
        assert_error!(jobs.get(JobId(id)).await, StoreError::NotFound { .. });
        assert_error!(stores.job_results.get(JobResultId(id)).await, StoreError::NotFound { .. });
        assert_eq!(stores.custom_queries.list(DataModelId(id)).await.unwrap(), []);
        assert_eq!(stores.api_keys.list(UserId(id)).await.unwrap(), []);
    }
    let all = stores.documents.list(Slice::first(u32::MAX)).await.unwrap();
    assert_eq!(all.iter().map(|document| document.id).collect::<Vec<_>>(), [document]);
    let list = async |after, limit| {
        stores.documents.list(Slice::after(DocumentId(after), limit)).await.unwrap()
    };
    assert_eq!(list(i64::MIN, u32::MAX).await, all);
    assert_eq!(list(i64::MAX, u32::MAX).await, []);
}

/// Whoever remembers an id never means something else by it.
pub async fn no_id_comes_back_after_a_deletion(stores: &Stores) {
    let document = build::document(stores, "Invoice").await.id;
    let mut all: Vec<[i64; 6]> = Vec::new();
    for _ in 0..2 {
        let model = stores.data_models.create(build::new_data_model("Sales")).await.unwrap().id;
        let group = build::group(stores, "Team").await.id;
        let user = build::user(stores, "ann").await.id;
        let key = stores.api_keys.create(build::new_api_key(1, user)).await.unwrap().id;
        let job = stores.jobs.create(build::new_job(document, "Daily")).await.unwrap().id;
        let run = build::job_run(stores, job).await;
        let result = build::new_job_result(&run, document, 1);
        let result = stores.job_results.record(result).await.unwrap().id;
        all.push([model.0, group.0, user.0, key.0, run.id.0, result.0]);
        macro_rules! delete {
            ($repository:ident, $id:expr, $kind:ident) => {
                let delete = build::change($id, Verb::Delete, SubjectKind::$kind, $id);
                stores.$repository.delete(delete).await.unwrap();
            };
        }
        delete!(data_models, model, DataModel);
        delete!(groups, group, Group);
        delete!(users, user, User);
        delete!(jobs, job, Job);
    }
    for (first, second) in all[0].iter().zip(all[1]) {
        assert!(second > *first, "{all:?}");
    }
}

/// Whatever lock a writer says they saw, of whatever entity.
pub async fn a_lock_that_never_was_is_a_conflict(stores: &Stores) {
    let document = build::document(stores, "Invoice").await;
    let (shelf, ann) = (document.category_id, build::user(stores, "ann").await.id);
    let team = build::group(stores, "Team").await.id;
    let model = stores.data_models.create(build::new_data_model("Sales")).await.unwrap();
    let new_query = || NewCustomQuery {
        model: model.id,
        name: build::name("orders"),
        sql: SqlText::new("select 1").unwrap(),
        parameters: Vec::new(),
    };
    let made = build::change(new_query(), Verb::Create, SubjectKind::DataModel, model.id);
    let CustomQuery { name: query, .. } = stores.custom_queries.create(made).await.unwrap();
    let job = stores.jobs.create(build::new_job(document.id, "Daily")).await.unwrap();
    for lock in [i64::MAX, i64::MIN, -1, 1] {
        let expected = Some(OptimisticLock(lock));
        macro_rules! conflicts {
            ($repository:ident . $method:ident, $entity:expr) => {
                let change = build::change($entity, Verb::Update, SubjectKind::User, 1);
                assert_error!(
                    stores.$repository.$method(change).await,
                    StoreError::Conflict { current: OptimisticLock::NEW, .. }
                );
            };
        }
        let name = || build::name("x");
        conflicts!(categories.update, CategoryUpdate { id: shelf, expected, name: name() });
        conflicts!(
            documents.update,
            DocumentUpdate {
                id: document.id,
                expected,
                category_id: shelf,
                name: name(),
                description: build::description(""),
                modified_by: build::user_name("ann"),
                modified_at: at(0),
            }
        );
        conflicts!(
            documents.save,
            DocumentSave {
                id: document.id,
                expected,
                auto_refresh_interval: build::seconds(1),
                revision: build::new_revision(2),
            }
        );
        let new_model = build::new_data_model("x").entity;
        conflicts!(
            data_models.update,
            DataModelUpdate { id: model.id, expected, model: new_model }
        );
        conflicts!(
            data_models.choose_tables,
            TablesUpdate {
                id: model.id,
                expected,
                hidden: Hidden::default(),
                row_filters: RowFilters::default(),
            }
        );
        conflicts!(
            custom_queries.update,
            CustomQueryUpdate { name: query.to_string(), expected, query: new_query() }
        );
        let user = build::new_user("x").entity;
        conflicts!(users.update, UserUpdate { id: ann, expected, user });
        conflicts!(groups.update, GroupUpdate { id: team, expected, name: name() });
        let details = job.details.clone();
        let owner = job.owner;
        conflicts!(jobs.update, JobUpdate { id: job.id, expected, owner, details, next_run: None });
        for holder in [Holder::User(ann), Holder::Group(team)] {
            let grant = build::grant(holder, Some(lock), &[]);
            assert_error!(
                stores.permissions.grant(grant).await,
                StoreError::Conflict { current: OptimisticLock::NEW, .. }
            );
        }
    }
}

/// Of two hashes or ids that differ in one byte, the last or a zero, each is its own.
pub async fn all_bytes_of_a_hash_count(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let bob = build::user(stores, "bob").await;
    let mut tail = [0; 32];
    tail[31] = 1;
    for (bytes, user) in [([0; 32], &ann), (tail, &bob), ([255; 32], &ann)] {
        let hash = TokenHash::from_bytes(bytes);
        let id: [u8; 16] = bytes[16..].try_into().unwrap();
        let origin = TokenOrigin::SignIn(SignInId::from_bytes(id));
        let mut sign_in = build::sign_in(1, user, at(5));
        let kept = &mut sign_in.entity;
        (kept.sign_in.id, kept.sign_in.refresh) = (SignInId::from_bytes(id), hash);
        (kept.access.hash, kept.access.origin) = (hash, origin);
        stores.sign_ins.begin(sign_in).await.unwrap();
        let session = stores.tokens.find(&hash).await.unwrap().unwrap();
        assert_eq!((session.token.origin, &session.identity.user), (origin, user));
        let (found, whose) = stores.sign_ins.find(SignInId::from_bytes(id)).await.unwrap().unwrap();
        assert_eq!((found.refresh, &whose), (hash, user));

        let mut key = build::new_api_key(1, user.id);
        key.entity.client_id = ClientId::from_bytes(id);
        let key = stores.api_keys.create(key).await.unwrap();
        assert_eq!(stores.api_keys.find(key.client_id).await.unwrap().unwrap().0, key);

        let mut export = build::new_export(1, user.id, at(0));
        export.entity.id = ExportId::from_bytes(id);
        export.entity.request.layout = BlobHash::from_bytes(bytes);
        let asked = export.entity.clone();
        stores.exports.enqueue(export).await.unwrap();
        assert_eq!(stores.exports.get(asked.id).await.unwrap().request, asked.request);
    }
    let mut other = [255; 32];
    other[0] = 254;
    let hashes = [[0; 32], tail, other, [255; 32], [1; 32]].map(BlobHash::from_bytes);
    let named = stores.blob_references.named(&hashes).await.unwrap();
    assert_eq!(named, [hashes[0], hashes[1], hashes[3]].into());
}

/// A sweeper asks about as many as it likes.
pub async fn looks_for_thousands_of_hashes(stores: &Stores) {
    let ann = build::user(stores, "ann").await.id;
    let hash = |number: u32| {
        let mut bytes = [7; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        BlobHash::from_bytes(bytes)
    };
    let photo = PhotoRecord { blob: hash(2_900), format: PhotoFormat::Png };
    let change = build::change((ann, Some(photo)), Verb::Update, SubjectKind::User, ann);
    stores.users.set_photo(change).await.unwrap();
    let hashes: Vec<BlobHash> = (0..3_000).map(hash).collect();
    assert_eq!(stores.blob_references.named(&hashes).await.unwrap(), [hash(2_900)].into());
    assert_error!(
        stores.users.photo(UserId(i64::MAX)).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
}
