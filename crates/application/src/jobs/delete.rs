//! Deleting a job.

use pressroom_domain::{Access, JobId, SubjectKind, Verb};
use pressroom_ports::Change;

use super::find;
use crate::{App, Caller, Error};

/// Deletes a job, its runs and their results.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn delete(app: &App, caller: &Caller, id: JobId) -> Result<(), Error> {
    let job = find(app, caller, id, Access::DELETE).await?;
    let detail = job.details.name.as_str();
    let subject = Some(id.to_string());
    let line = caller.line(&*app.clock, Verb::Delete, SubjectKind::Job, subject, detail);
    Ok(app.stores.jobs.delete(Change::new(id, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::jobs::get;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_deleted_job_is_gone() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = site.job("Daily").await;
        let reader = site.reader("rita", &[(Access::READ, Scope::AllScheduledJobs)]).await;
        let error = delete(&site.app, &reader, job.id).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        delete(&site.app, &admin, job.id).await.unwrap();
        let error = get(&site.app, &admin, job.id).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
}
