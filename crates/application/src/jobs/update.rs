//! Changing a job.

use pressroom_domain::{Access, Job, JobId, JobUpdate, OptimisticLock, SubjectKind, Verb};
use pressroom_ports::Change;

use super::{JobFields, find};
use crate::error::Check;
use crate::{App, Caller, Error};

/// A change of a job.
#[derive(Clone, Debug)]
pub struct UpdateJob {
    /// Which.
    pub id: JobId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// What changes; what is absent stays as it is.
    pub fields: JobFields,
}

/// Changes a job, which runs with the caller's rights from now on.
///
/// # Errors
/// [`Error::NotFound`] (also for the document and the data model), [`Error::Forbidden`],
/// [`Error::Invalid`], [`Error::Stale`].
pub async fn update(app: &App, caller: &Caller, command: UpdateJob) -> Result<Job, Error> {
    let job = find(app, caller, command.id, Access::MODIFY).await?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let details = command.fields.details(app, caller, Some(&job.details), check).await?;
    let id = Some(command.id.to_string());
    let detail = details.name.to_string();
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::Job, id, detail);
    let update = JobUpdate {
        id: command.id,
        expected: command.lock,
        owner: caller.user().id,
        next_run: details.next_run(app.clock.now()),
        details,
    };
    Ok(app.stores.jobs.update(Change::new(update, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    fn change(job: &Job, fields: JobFields) -> UpdateJob {
        UpdateJob { id: job.id, lock: Some(job.lock), fields }
    }

    #[tokio::test]
    async fn what_is_not_given_stays() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = site.job("Daily").await;
        let fields = JobFields { name: Some("Every day".into()), ..JobFields::default() };
        let changed = update(&site.app, &admin, change(&job, fields)).await.unwrap();
        assert_eq!((changed.details.name.as_str(), changed.lock), ("Every day", OptimisticLock(1)));
        let mut expect = job.details.clone();
        expect.name = changed.details.name.clone();
        assert_eq!(changed.details, expect);
        let fields = JobFields {
            subscribed_emails: Some(Vec::new()),
            recurrence_rule: Some(String::new()),
            ..JobFields::default()
        };
        let cleared = update(&site.app, &admin, change(&changed, fields)).await.unwrap();
        assert_eq!(cleared.details.subscribed_emails, []);
        assert_eq!(cleared.details.schedule.recurrence(), None);
    }

    #[tokio::test]
    async fn who_saved_it_last_owns_it_and_must_read_the_document() {
        let site = Site::new().await;
        let job = site.job("Daily").await;
        let both = Access::READ | Access::MODIFY;
        let on_job = (both, Scope::ScheduledJob(job.id));
        let on_document = (Access::READ, Scope::Document(job.details.document_id));
        let fields = JobFields { enabled: Some(false), ..JobFields::default() };
        let blind = site.reader("blind", &[on_job]).await;
        let error = update(&site.app, &blind, change(&job, fields.clone())).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        let reader = site.reader("rita", &[(Access::READ, Scope::ScheduledJob(job.id))]).await;
        let error = update(&site.app, &reader, change(&job, fields.clone())).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        let editor = site.reader("ed", &[on_job, on_document]).await;
        let changed = update(&site.app, &editor, change(&job, fields)).await.unwrap();
        assert_eq!((changed.owner, changed.next_run), (editor.user().id, None));
    }

    #[tokio::test]
    async fn an_update_says_which_state_it_saw() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = site.job("Daily").await;
        let fields = JobFields { time_zone: Some("Atlantis".into()), ..JobFields::default() };
        let blind = UpdateJob { lock: None, ..change(&job, fields) };
        let Error::Invalid(problems) = update(&site.app, &admin, blind).await.unwrap_err() else {
            panic!("it is taken")
        };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["optimisticLock", "timeZone"]);
        let stale =
            UpdateJob { lock: Some(OptimisticLock(7)), ..change(&job, JobFields::default()) };
        let error = update(&site.app, &admin, stale).await.unwrap_err();
        assert!(matches!(error, Error::Stale { current: OptimisticLock(0), .. }), "{error}");
    }
}
