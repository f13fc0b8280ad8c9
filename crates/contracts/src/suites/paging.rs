//! What every store promises to those who read a list part by part while others write.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pressroom_domain::{
    CategoryId, DataModelId, DocumentId, GroupId, JobId, JobResultId, SubjectKind, UserId, Verb,
};
use pressroom_ports::{AuditPart, AuditQuery, Slice, Span, Stores};

use crate::build;

/// Makes tests of the lists of a store while others write.
#[macro_export]
macro_rules! paging_contract {
    ($make:expr) => {
        $crate::suite! { paging, $make,
            categories_are_listed_whoever_writes
            documents_are_listed_whoever_writes
            data_models_are_listed_whoever_writes
            users_are_listed_whoever_writes
            groups_are_listed_whoever_writes
            jobs_are_listed_whoever_writes
            results_of_a_job_are_listed_whoever_writes
            results_of_a_document_are_listed_whoever_writes
            the_trail_is_listed_whoever_writes
            the_newest_lines_are_listed_whoever_writes
        }
    };
}

/// How many things are there all the time.
const THERE: usize = 8;
/// How many are made and deleted meanwhile.
const MEANWHILE: usize = 12;

/// Reads a list part by part, again and again, while somebody makes and deletes things. Each time it
/// must give everything that was there all the time, and nothing twice; `after` says which of two ids
/// comes later in the list.
async fn check<Id: Copy + PartialEq + Debug>(
    there: &[Id],
    list: impl AsyncFn(Option<Id>) -> Vec<Id>,
    after: impl Fn(Id, Id) -> bool,
    writing: impl Future<Output = ()> + Send + 'static,
) {
    let done = Arc::new(AtomicBool::new(false));
    let is_done = done.clone();
    let writer = tokio::spawn(async move {
        writing.await;
        is_done.store(true, Ordering::Release);
    });
    loop {
        let was_done = done.load(Ordering::Acquire) || writer.is_finished();
        let mut all: Vec<Id> = Vec::new();
        loop {
            let part = list(all.last().copied()).await;
            if part.is_empty() {
                break;
            }
            all.extend(part);
        }
        assert!(all.windows(2).all(|two| after(two[1], two[0])), "in order, none twice: {all:?}");
        for id in there {
            assert!(all.contains(id), "{id:?} was there all the time: {all:?}");
        }
        if was_done {
            break;
        }
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}

fn part<Id>(after: Option<Id>) -> Slice<Id> {
    Slice { after, limit: 3 }
}

macro_rules! lists {
    ($(#[$doc:meta])* $test:ident, $repository:ident, $Id:ident, $kind:ident, $make:expr) => {
        $(#[$doc])*
        pub async fn $test(stores: &Stores) {
            let mut there: Vec<$Id> = Vec::new();
            // Those between them come and go.
            let mut passing: Vec<$Id> = Vec::new();
            for number in 0..THERE {
                there.push($make(stores, &format!("There {number}")).await.id);
                passing.push($make(stores, &format!("Passing {number}")).await.id);
            }
            let writers = stores.clone();
            let writing = async move {
                for number in 0..MEANWHILE {
                    let made = $make(&writers, &format!("Meanwhile {number}")).await;
                    let gone = passing.pop().unwrap_or(made.id);
                    let delete = build::change(gone, Verb::Delete, SubjectKind::$kind, gone);
                    writers.$repository.delete(delete).await.unwrap();
                }
            };
            let list = async |after| {
                let part = stores.$repository.list(part(after)).await.unwrap();
                part.into_iter().map(|entity| entity.id).collect()
            };
            check(&there, list, |later, sooner| later > sooner, writing).await;
        }
    };
}

async fn data_model(stores: &Stores, text: &str) -> pressroom_domain::DataModel {
    stores.data_models.create(build::new_data_model(text)).await.unwrap()
}

lists! {
    /// Nothing twice, and nothing left out that was there all the time.
    categories_are_listed_whoever_writes, categories, CategoryId, Category, build::category
}
lists! {
    /// Nothing twice, and nothing left out that was there all the time.
    documents_are_listed_whoever_writes, documents, DocumentId, Document, build::document
}
lists! {
    /// Nothing twice, and nothing left out that was there all the time.
    data_models_are_listed_whoever_writes, data_models, DataModelId, DataModel, data_model
}
lists! {
    /// Nothing twice, and nothing left out that was there all the time.
    users_are_listed_whoever_writes, users, UserId, User, build::user
}
lists! {
    /// Nothing twice, and nothing left out that was there all the time.
    groups_are_listed_whoever_writes, groups, GroupId, Group, build::group
}
lists! {
    /// Nothing twice, and nothing left out that was there all the time.
    jobs_are_listed_whoever_writes, jobs, JobId, Job, build::job
}

/// Records results, and gives their ids.
async fn results(
    stores: &Stores,
    job: JobId,
    document: DocumentId,
    count: usize,
) -> Vec<JobResultId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let run = build::job_run(stores, job).await;
        let new = build::new_job_result(&run, document, 1);
        ids.push(stores.job_results.record(new).await.unwrap().id);
    }
    ids
}

/// Nothing twice, and nothing left out that was there all the time.
pub async fn results_of_a_job_are_listed_whoever_writes(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let (job, document) = (job.id, job.details.document_id);
    let there = results(stores, job, document, THERE).await;
    let writers = stores.clone();
    let writing = async move {
        results(&writers, job, document, MEANWHILE).await;
    };
    let list = async |after| {
        let results = &stores.job_results;
        let part = results.of_job(job, Span::default(), part(after)).await.unwrap();
        part.into_iter().map(|result| result.id).collect()
    };
    check(&there, list, |later, sooner| later > sooner, writing).await;
}

/// Nothing twice, and nothing left out that was there all the time; those of a deleted job go.
pub async fn results_of_a_document_are_listed_whoever_writes(stores: &Stores) {
    let job = build::job(stores, "Daily").await;
    let document = job.details.document_id;
    let there = results(stores, job.id, document, THERE).await;
    let writers = stores.clone();
    let writing = async move {
        for number in 0..MEANWHILE / 2 {
            let new = build::new_job(document, &format!("Job {number}"));
            let id = writers.jobs.create(new).await.unwrap().id;
            results(&writers, id, document, 2).await;
            let delete = build::change(id, Verb::Delete, SubjectKind::Job, id);
            writers.jobs.delete(delete).await.unwrap();
        }
    };
    let list = async |after| {
        let part = stores.job_results.of_document(document, part(after)).await.unwrap();
        part.into_iter().map(|result| result.id).collect()
    };
    check(&there, list, |later, sooner| later > sooner, writing).await;
}

async fn lines(stores: &Stores, count: usize) {
    for _ in 0..count {
        let line = build::line(Verb::SignOut, SubjectKind::User, Some("1".into()));
        stores.audit.append(line).await.unwrap();
    }
}

async fn line_ids(stores: &Stores) -> Vec<i64> {
    super::trail(stores).await.iter().map(|line| line.id).collect()
}

/// Nothing twice, and nothing left out that was there all the time.
pub async fn the_trail_is_listed_whoever_writes(stores: &Stores) {
    lines(stores, THERE).await;
    let there = line_ids(stores).await;
    let writers = stores.clone();
    let list = async |after| {
        let part = stores.audit.list(part(after)).await.unwrap();
        part.into_iter().map(|line| line.id).collect()
    };
    let writing = async move { lines(&writers, MEANWHILE).await };
    check(&there, list, |later, sooner| later > sooner, writing).await;
}

/// The same, from the newest to the oldest.
pub async fn the_newest_lines_are_listed_whoever_writes(stores: &Stores) {
    lines(stores, THERE).await;
    let there = line_ids(stores).await;
    let writers = stores.clone();
    let list = async |beyond| {
        let part = AuditPart { newest_first: true, beyond, skip: 0, limit: 3 };
        let query = AuditQuery { subject_kind: Some(SubjectKind::User), ..AuditQuery::default() };
        let part = stores.audit.find(&query, part).await.unwrap();
        part.into_iter().map(|line| line.id).collect()
    };
    let writing = async move { lines(&writers, MEANWHILE).await };
    check(&there, list, |later, sooner| later < sooner, writing).await;
}
