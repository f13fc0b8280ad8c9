//! What this version does not do yet with jobs: it says so to those who may, and to nobody else.

use std::convert::Infallible;

use pressroom_domain::{Access, JobId, JobResultId};

use super::find;
use crate::{App, Caller, Error, authorise};

/// Runs a job now.
///
/// # Errors
/// [`Error::NotFound`], also for its document; [`Error::Forbidden`]; else [`Error::NotBuilt`].
pub async fn execute(app: &App, caller: &Caller, id: JobId) -> Result<Infallible, Error> {
    let job = find(app, caller, id, Access::MODIFY).await?;
    let document = app.stores.documents.get(job.details.document_id).await?;
    authorise::document(caller, &document, Access::READ)?;
    Err(not_built("jobs are kept and checked, but not run yet"))
}

/// The runs of a job.
///
/// # Errors
/// [`Error::NotFound`]; else [`Error::NotBuilt`].
pub async fn runs(app: &App, caller: &Caller, id: JobId) -> Result<Infallible, Error> {
    find(app, caller, id, Access::READ).await?;
    Err(not_built("jobs are not run yet"))
}

/// One run of a job.
///
/// # Errors
/// [`Error::NotFound`]; else [`Error::NotBuilt`].
pub async fn run(app: &App, caller: &Caller, id: JobId) -> Result<Infallible, Error> {
    runs(app, caller, id).await
}

/// Stops a run of a job.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; else [`Error::NotBuilt`].
pub async fn stop_run(app: &App, caller: &Caller, id: JobId) -> Result<Infallible, Error> {
    find(app, caller, id, Access::MODIFY).await?;
    Err(not_built("jobs are not run yet"))
}

/// The file of a document that a job made.
///
/// # Errors
/// [`Error::NotFound`], where its document may not be read too; else [`Error::NotBuilt`].
pub async fn generated_document(
    app: &App,
    caller: &Caller,
    id: JobResultId,
) -> Result<Infallible, Error> {
    let result = app.stores.job_results.get(id).await?;
    let document = app.stores.documents.get(result.document_id).await?;
    authorise::document(caller, &document, Access::READ)
        .map_err(|_| Error::not_found("job result", id))?;
    Err(not_built("the files that jobs make are not kept yet"))
}

fn not_built(what: &str) -> Error {
    Error::NotBuilt(format!("{what}; docs/roadmap.md tells what comes next"))
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn only_who_may_hears_that_it_is_to_come() {
        let site = Site::new().await;
        let job = site.job("Daily").await;
        let run_id = build::job_run(&site.app.stores, job.id).await;
        let new = build::new_job_result(&run_id, job.details.document_id, 1);
        let result = site.app.stores.job_results.record(new).await.unwrap().id;
        let read = (Access::READ, Scope::ScheduledJob(job.id));
        let modify = (Access::READ | Access::MODIFY, Scope::ScheduledJob(job.id));
        let document = (Access::READ, Scope::Document(job.details.document_id));
        let app = &site.app;
        let reader = site.reader("reader", &[read]).await;
        let editor = site.reader("editor", &[modify]).await;
        let runner = site.reader("runner", &[modify, document]).await;
        let word = |error: Error| match error {
            Error::NotBuilt(_) => "to come",
            Error::NotFound { .. } => "not there",
            Error::Forbidden(_) => "forbidden",
            other => panic!("{other}"),
        };
        let mut told = Vec::new();
        for caller in [&reader, &editor, &runner] {
            told.push([
                word(execute(app, caller, job.id).await.unwrap_err()),
                word(stop_run(app, caller, job.id).await.unwrap_err()),
                word(run(app, caller, job.id).await.unwrap_err()),
                word(generated_document(app, caller, result).await.unwrap_err()),
            ]);
        }
        assert_eq!(
            told,
            [
                ["forbidden", "forbidden", "to come", "not there"],
                ["not there", "to come", "to come", "not there"],
                ["to come", "to come", "to come", "to come"],
            ]
        );
    }
}
