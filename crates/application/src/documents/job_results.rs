//! Looking at what jobs made of a document.

use pressroom_domain::{Access, DocumentId, JobResult};

use super::find;
use crate::listing::all;
use crate::{App, Caller, Error};

/// The results of all jobs of a document, newest first.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn job_results(
    app: &App,
    caller: &Caller,
    id: DocumentId,
) -> Result<Vec<JobResult>, Error> {
    find(app, caller, id, Access::READ).await?;
    let results = &app.stores.job_results;
    let every = |_: &JobResult| true;
    let mut all = all(|slice| results.of_document(id, slice), |result| result.id, every).await?;
    all.reverse();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn who_reads_a_document_reads_its_results() {
        let site = Site::new().await;
        let job = site.job("Daily").await;
        let document = job.details.document_id;
        let run = build::job_run(&site.app.stores, job.id).await;
        for micros in [1, 2] {
            let new = build::new_job_result(&run, document, micros);
            site.app.stores.job_results.record(new).await.unwrap();
        }
        let reader = site.reader("rita", &[(Access::READ, Scope::Document(document))]).await;
        let results = job_results(&site.app, &reader, document).await.unwrap();
        let times: Vec<_> = results.iter().map(|result| result.created_at).collect();
        assert_eq!(times, [build::at(2), build::at(1)]);
        let stranger = site.reader("stranger", &[(Access::READ, Scope::AllScheduledJobs)]).await;
        let error = job_results(&site.app, &stranger, document).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
}
