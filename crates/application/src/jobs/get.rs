//! Looking at a job.

use pressroom_domain::{Access, Job, JobId};

use super::find;
use crate::{App, Caller, Error};

/// A job.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: JobId) -> Result<Job, Error> {
    find(app, caller, id, Access::READ).await
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_job_that_may_not_be_read_does_not_exist() {
        let site = Site::new().await;
        let (open, closed) = (site.job("Open").await, site.job("Closed").await);
        let reader = site.reader("rita", &[(Access::READ, Scope::ScheduledJob(open.id))]).await;
        assert_eq!(get(&site.app, &reader, open.id).await.unwrap().id, open.id);
        let error = get(&site.app, &reader, closed.id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("job {} does not exist", closed.id));
    }
}
