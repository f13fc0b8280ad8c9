//! What a `JobRepository` and a `JobResultRepository` promise.

use chrono::{DateTime, Utc};
use pressroom_domain::{
    Access, BillingStatementBinding, DataModelId, DocumentId, Holder, Job, JobDetails, JobId,
    JobMode, JobParameter, JobResultId, JobRunId, JobStatus, JobUpdate, OptimisticLock,
    ParameterValue, Permission, Recurrence, Schedule, Scope, SubjectKind, TimeZone, UserId, Verb,
};
use pressroom_ports::{Change, Grant, Kind, Slice, Span, StoreError, Stores};

use super::{assert_error, last_line, race, trail};
use crate::build::{self, at};

/// Makes tests of the jobs of a store and of their results.
#[macro_export]
macro_rules! job_repositories_contract {
    ($make:expr) => {
        $crate::suite! { job_repositories, $make,
            creates_with_lock_0_and_gives_back
            keeps_every_kind_of_job
            never_gives_an_id_twice
            lists_slice_by_slice
            an_update_writes_all_of_it
            a_stale_lock_changes_nothing
            of_many_writers_one_wins
            what_is_missing_is_not_found
            what_a_job_names_has_to_be_there
            a_document_in_use_stays
            deletes_with_results_and_permissions
            the_newest_result_is_the_last
            results_are_listed_by_job_and_time
            results_are_listed_by_document
            writes_come_with_their_line
        }
    };
}

fn update(job: &Job, expected: Option<i64>, details: JobDetails) -> Change<JobUpdate> {
    let update = JobUpdate {
        id: job.id,
        expected: expected.map(OptimisticLock),
        owner: UserId(9),
        details,
        next_run: None,
    };
    build::change(update, Verb::Update, SubjectKind::Job, job.id)
}

fn delete(id: JobId) -> Change<JobId> {
    build::change(id, Verb::Delete, SubjectKind::Job, id)
}

async fn model(stores: &Stores) -> DataModelId {
    stores.data_models.create(build::new_data_model("Northwind")).await.unwrap().id
}

fn billing(data_model_id: DataModelId, recipient: Option<&str>) -> JobMode {
    JobMode::BillingStatement(BillingStatementBinding {
        data_model_id,
        data_member: build::name("dbo.Kunden"),
        email_address_field: build::name("E-Mail"),
        email_recipient_field: recipient.map(build::name),
    })
}

/// What was made is found as it was made.
pub async fn creates_with_lock_0_and_gives_back(stores: &Stores) {
    let made = build::job(stores, "Größe 漢字").await;
    let new = build::new_job(made.details.document_id, "Größe 漢字").entity;
    assert_eq!((made.lock, made.owner), (OptimisticLock(0), new.owner));
    assert_eq!(made.details, new.details);
    assert_eq!((made.next_run, &made.last_result), (new.next_run, &None));
    assert_eq!(stores.jobs.get(made.id).await.unwrap(), made);
}

/// Billing statements with their binding, jobs that run once, and jobs that say little.
pub async fn keeps_every_kind_of_job(stores: &Stores) {
    let document = build::document(stores, "Invoice").await;
    let model = model(stores).await;
    let full = build::job_details(document.id, "Bills");
    let column = ParameterValue::Bound(build::name("Kunde"));
    let bound = JobParameter { name: build::name("customer"), value: column };
    let bills =
        JobDetails { mode: billing(model, Some("Name")), parameters: vec![bound], ..full.clone() };
    let nameless = JobDetails { mode: billing(model, None), ..full.clone() };
    let bare = JobDetails {
        parameters: Vec::new(),
        enabled: false,
        schedule: Schedule::new(at(0), TimeZone::UTC, None),
        subscribed_emails: Vec::new(),
        shared_folders: Vec::new(),
        internal_subscribers: Vec::new(),
        ..full
    };
    for details in [bills, nameless, bare] {
        let mut new = build::new_job(document.id, "Bills");
        new.entity.details = details.clone();
        new.entity.next_run = None;
        let made = stores.jobs.create(new).await.unwrap();
        assert_eq!((&made.details, made.next_run), (&details, None));
        assert_eq!(stores.jobs.get(made.id).await.unwrap(), made);
    }
}

/// Not even after a deletion.
pub async fn never_gives_an_id_twice(stores: &Stores) {
    let first = build::job(stores, "One").await;
    stores.jobs.delete(delete(first.id)).await.unwrap();
    let second = build::job(stores, "Two").await;
    assert!(second.id > first.id, "{} after {}", second.id, first.id);
}

/// A list can be read in slices that neither overlap nor leave anything out.
pub async fn lists_slice_by_slice(stores: &Stores) {
    let mut all: Vec<Job> = Vec::new();
    for number in 0..4 {
        all.push(build::job(stores, &format!("Job {number}")).await);
    }
    let list = async |slice| stores.jobs.list(slice).await.unwrap();
    assert_eq!(list(Slice::first(100)).await, all);
    assert_eq!(list(Slice::first(3)).await, all[..3]);
    assert_eq!(list(Slice::after(all[2].id, 3)).await, all[3..]);
    assert_eq!(list(Slice::after(all[3].id, 3)).await, []);
}

/// What an update no longer says is gone.
pub async fn an_update_writes_all_of_it(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let model = model(stores).await;
    let hourly = Recurrence::parse("FREQ=HOURLY").unwrap();
    let bills = JobDetails {
        name: build::name("Hourly"),
        mode: billing(model, Some("Name")),
        schedule: Schedule::new(at(0), TimeZone::UTC, Some(hourly)),
        ..job.details.clone()
    };
    let changed = stores.jobs.update(update(&job, Some(0), bills.clone())).await.unwrap();
    assert_eq!((changed.lock, changed.owner), (OptimisticLock(1), UserId(9)));
    assert_eq!((&changed.details, changed.next_run), (&bills, None));
    let plain = JobDetails { mode: JobMode::Document, ..bills };
    let changed = stores.jobs.update(update(&job, None, plain.clone())).await.unwrap();
    assert_eq!((changed.lock, &changed.details), (OptimisticLock(2), &plain));
    assert_eq!(stores.jobs.get(job.id).await.unwrap(), changed);
}

/// A writer who saw an older state changes nothing, and learns the lock.
pub async fn a_stale_lock_changes_nothing(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let details = || JobDetails { enabled: false, ..job.details.clone() };
    let changed = stores.jobs.update(update(&job, Some(0), details())).await.unwrap();
    assert_error!(
        stores.jobs.update(update(&job, Some(0), job.details.clone())).await,
        StoreError::Conflict { kind: Kind::Job, current: OptimisticLock(1), .. }
    );
    assert_eq!(stores.jobs.get(job.id).await.unwrap(), changed);
}

/// No write is lost: of writers who saw the same state, one wins.
pub async fn of_many_writers_one_wins(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let results = race((0..8).map(|writer| {
        let jobs = stores.jobs.clone();
        let name = build::name(&format!("Writer {writer}"));
        let update = update(&job, Some(0), JobDetails { name, ..job.details.clone() });
        async move { jobs.update(update).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    for lost in results.iter().filter(|result| result.is_err()) {
        assert!(
            matches!(lost, Err(StoreError::Conflict { current: OptimisticLock(1), .. })),
            "{lost:?}"
        );
    }
}

/// What is not there is said not to be there.
pub async fn what_is_missing_is_not_found(stores: &Stores) {
    let made = build::job(stores, "Daily").await;
    let id = JobId(987_654);
    let missing = Job { id, ..made.clone() };
    assert_error!(stores.jobs.get(id).await, StoreError::NotFound { kind: Kind::Job, .. });
    assert_error!(
        stores.jobs.update(update(&missing, Some(0), missing.details.clone())).await,
        StoreError::NotFound { kind: Kind::Job, .. }
    );
    assert_error!(
        stores.jobs.delete(delete(id)).await,
        StoreError::NotFound { kind: Kind::Job, .. }
    );
    let results = &stores.job_results;
    let mut run = build::job_run(stores, made.id).await;
    run.id = JobRunId(987_654);
    assert_error!(
        results.record(build::new_job_result(&run, made.details.document_id, 1)).await,
        StoreError::NotFound { kind: Kind::JobRun, .. }
    );
    assert_error!(
        results.get(JobResultId(987_654)).await,
        StoreError::NotFound { kind: Kind::JobResult, .. }
    );
    let run = pressroom_domain::NewJobRun { job_id: id, started_at: at(0) };
    assert_error!(
        results.begin_run(build::change(run, Verb::Start, SubjectKind::Job, id)).await,
        StoreError::NotFound { kind: Kind::Job, .. }
    );
    assert_eq!(results.of_job(id, Span::default(), Slice::first(9)).await.unwrap(), []);
}

/// A job prints a document that is there, for the rows of a data model that is there.
pub async fn what_a_job_names_has_to_be_there(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let nothing = DocumentId(987_654);
    assert_error!(
        stores.jobs.create(build::new_job(nothing, "Daily")).await,
        StoreError::NotFound { kind: Kind::Document, id } if id == "987654"
    );
    let mut new = build::new_job(job.details.document_id, "Bills");
    new.entity.details.mode = billing(DataModelId(987_654), None);
    assert_error!(
        stores.jobs.create(new).await,
        StoreError::NotFound { kind: Kind::DataModel, id } if id == "987654"
    );
    let moved = JobDetails { document_id: nothing, ..job.details.clone() };
    assert_error!(
        stores.jobs.update(update(&job, Some(0), moved)).await,
        StoreError::NotFound { kind: Kind::Document, .. }
    );
    assert_eq!(stores.jobs.get(job.id).await.unwrap(), job);
}

/// A document that a job prints cannot be deleted as long as the job is there.
pub async fn a_document_in_use_stays(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let remove = || build::change(document, Verb::Delete, SubjectKind::Document, document);
    assert_error!(
        stores.documents.delete(remove()).await,
        StoreError::InUse { kind: Kind::Document, by, .. } if by == "1 job uses it"
    );
    stores.jobs.create(build::new_job(document, "Weekly")).await.unwrap();
    assert_error!(
        stores.documents.delete(remove()).await,
        StoreError::InUse { by, .. } if by == "2 jobs use it"
    );
    for job in stores.jobs.list(Slice::first(9)).await.unwrap() {
        stores.jobs.delete(delete(job.id)).await.unwrap();
    }
    stores.documents.delete(remove()).await.unwrap();
}

/// Runs, results and permissions go with their job; its document and others stay.
pub async fn deletes_with_results_and_permissions(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let other = stores.jobs.create(build::new_job(document, "Weekly")).await.unwrap();
    for id in [job.id, other.id] {
        let run = build::job_run(stores, id).await;
        stores.job_results.record(build::new_job_result(&run, document, 1)).await.unwrap();
    }
    let ann = build::user(stores, "ann").await;
    let holder = Holder::User(ann.id);
    let permission = |id| Permission::new(Access::READ, Scope::ScheduledJob(id));
    let permissions = vec![permission(job.id), permission(other.id)];
    let grant = Grant { holder, expected: None, permissions };
    let grant = build::change(grant, Verb::Grant, SubjectKind::User, ann.id);
    stores.permissions.grant(grant).await.unwrap();
    stores.jobs.delete(delete(job.id)).await.unwrap();
    assert_error!(stores.jobs.get(job.id).await, StoreError::NotFound { .. });
    assert!(stores.jobs.get(other.id).await.is_ok());
    assert!(stores.documents.get(document).await.is_ok());
    let left = stores.job_results.of_document(document, Slice::first(9)).await.unwrap();
    assert_eq!(left.iter().map(|result| result.job_id).collect::<Vec<_>>(), [other.id]);
    let held = stores.permissions.granted_to(holder).await.unwrap();
    assert_eq!(held, [permission(other.id)]);
}

/// A job tells what its newest result was, alone and in a list.
pub async fn the_newest_result_is_the_last(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let run = build::job_run(stores, job.id).await;
    let mut failed = build::new_job_result(&run, document, 1);
    failed.entity.status = JobStatus::Fail;
    failed.entity.message = "der Server\n'ist' weg".to_owned();
    let first = stores.job_results.record(failed).await.unwrap();
    assert_eq!(first.job_id, job.id);
    assert_eq!(stores.jobs.get(job.id).await.unwrap().last_result, Some(first.clone()));
    let second = stores.job_results.record(build::new_job_result(&run, document, 2)).await.unwrap();
    assert!(second.id > first.id);
    let seen = stores.jobs.get(job.id).await.unwrap();
    assert_eq!(seen.last_result, Some(second.clone()));
    assert_eq!(seen.lock, job.lock, "a run is no change of what people say");
    let quiet = stores.jobs.create(build::new_job(document, "Quiet")).await.unwrap();
    assert_eq!(stores.jobs.list(Slice::first(9)).await.unwrap(), [seen, quiet]);
    assert_eq!(stores.job_results.get(first.id).await.unwrap(), first);
}

/// From a moment on, and before another, slice by slice.
pub async fn results_are_listed_by_job_and_time(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let other = stores.jobs.create(build::new_job(job.details.document_id, "x")).await.unwrap();
    let mut all = Vec::new();
    for (id, micros) in [(job.id, 10), (other.id, 15), (job.id, 20), (job.id, 30)] {
        let run = build::job_run(stores, id).await;
        let new = build::new_job_result(&run, job.details.document_id, micros);
        all.push(stores.job_results.record(new).await.unwrap());
    }
    let list = async |from: Option<i64>, before: Option<i64>, slice| {
        let span = Span { from: from.map(at), before: before.map(at) };
        let found = stores.job_results.of_job(job.id, span, slice).await.unwrap();
        let times = found.iter().map(|result| result.created_at);
        times.collect::<Vec<DateTime<Utc>>>()
    };
    let first = |limit| Slice::first(limit);
    assert_eq!(list(None, None, first(9)).await, [at(10), at(20), at(30)]);
    assert_eq!(list(Some(20), None, first(9)).await, [at(20), at(30)]);
    assert_eq!(list(None, Some(20), first(9)).await, [at(10)]);
    assert_eq!(list(Some(11), Some(30), first(9)).await, [at(20)]);
    assert!(list(Some(31), None, first(9)).await.is_empty());
    assert_eq!(list(None, None, first(2)).await, [at(10), at(20)]);
    assert_eq!(list(None, None, Slice::after(all[2].id, 2)).await, [at(30)]);
}

/// Those of all jobs that printed a document.
pub async fn results_are_listed_by_document(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let elsewhere = build::job(stores, "Elsewhere").await;
    let second = stores.jobs.create(build::new_job(document, "Weekly")).await.unwrap();
    let mut made = Vec::new();
    for job in [&job, &elsewhere, &second] {
        let run = build::job_run(stores, job.id).await;
        let new = build::new_job_result(&run, job.details.document_id, 1);
        made.push(stores.job_results.record(new).await.unwrap());
    }
    let list = async |slice| stores.job_results.of_document(document, slice).await.unwrap();
    assert_eq!(list(Slice::first(9)).await, [made[0].clone(), made[2].clone()]);
    assert_eq!(list(Slice::after(made[0].id, 9)).await, [made[2].clone()]);
}

/// Each write is in the trail; a failed one is not.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.kind), (Verb::Create, SubjectKind::Job));
    assert_eq!(line.subject.id, Some(job.id.to_string()));
    stores.jobs.update(update(&job, Some(0), job.details.clone())).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Update);
    let lines = trail(stores).await.len();
    assert!(stores.jobs.update(update(&job, Some(0), job.details.clone())).await.is_err());
    assert_eq!(trail(stores).await.len(), lines);
    let run = build::job_run(stores, job.id).await;
    assert_eq!(last_line(stores).await.entry.subject.kind, SubjectKind::Job);
    let new = build::new_job_result(&run, job.details.document_id, 1);
    let result = stores.job_results.record(new).await.unwrap();
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.kind), (Verb::Create, SubjectKind::JobResult));
    assert_eq!(line.subject.id, Some(result.id.to_string()));
    stores.jobs.delete(delete(job.id)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Delete);
}
