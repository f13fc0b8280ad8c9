//! Making a job.

use pressroom_domain::{Job, NewJob, SubjectKind, Verb};
use pressroom_ports::Change;

use super::JobFields;
use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// Makes a job, which runs with the caller's rights.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`]; [`Error::NotFound`] for the document and the data model.
pub async fn create(app: &App, caller: &Caller, fields: JobFields) -> Result<Job, Error> {
    authorise::new_job(caller)?;
    let details = fields.details(app, caller, None, Check::default()).await?;
    let detail = details.name.to_string();
    let line = caller.line(&*app.clock, Verb::Create, SubjectKind::Job, None, detail);
    let next_run = details.next_run(app.clock.now());
    let new = NewJob { owner: caller.user().id, details, next_run };
    Ok(app.stores.jobs.create(Change::new(new, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::test_site::Site;

    async fn fields(site: &Site) -> JobFields {
        JobFields {
            name: Some("Daily".into()),
            document_id: Some(site.document("Invoice").await.id.0),
            start_date: Some("2020-01-01T07:00:00".into()),
            time_zone: Some("Europe/Berlin".into()),
            recurrence_rule: Some("FREQ=DAILY".into()),
            ..JobFields::default()
        }
    }

    #[tokio::test]
    async fn a_job_with_a_past_start_runs_next_from_now() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = create(&site.app, &admin, fields(&site).await).await.unwrap();
        // It is 09:30 UTC on 2 March 2026, after seven in Berlin.
        let next = job.next_run.map(|at| at.to_rfc3339());
        assert_eq!(next.as_deref(), Some("2026-03-03T06:00:00+00:00"));
        assert_eq!((job.owner, job.last_result), (admin.user().id, None));
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, line.subject.kind), (Verb::Create, SubjectKind::Job));
        assert_eq!(line.subject.id, Some(job.id.to_string()));
    }

    #[tokio::test]
    async fn without_a_rule_it_runs_once_and_without_a_start_now() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let base = fields(&site).await;
        let make = async |fields| create(&site.app, &admin, fields).await.unwrap().next_run;
        let once = JobFields { recurrence_rule: Some(String::new()), ..base.clone() };
        assert_eq!(make(once.clone()).await, None, "that has passed");
        let later = JobFields { start_date: Some("2026-04-01".into()), ..once.clone() };
        assert_eq!(make(later).await.map(|at| at.timestamp()), Some(1_774_994_400));
        let now = JobFields { start_date: None, ..once };
        let start = make(now).await;
        assert!(start.is_none_or(|at| (at - build::at(0)).num_seconds().abs() <= 1), "{start:?}");
        let off = JobFields { enabled: Some(false), ..base };
        assert_eq!(make(off).await, None);
    }

    #[tokio::test]
    async fn making_takes_the_right_and_reading_the_document() {
        let site = Site::new().await;
        let fields = fields(&site).await;
        let make = (Access::CREATE, Scope::AllScheduledJobs);
        let document = pressroom_domain::DocumentId(fields.document_id.unwrap());
        let read = (Access::READ, Scope::Document(document));
        let refused = async |caller| create(&site.app, &caller, fields.clone()).await.unwrap_err();
        let error = refused(site.reader("rita", &[read]).await).await;
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        let error = refused(site.reader("jim", &[make]).await).await;
        assert_eq!(error.to_string(), format!("document {document} does not exist"));
        let planner = site.reader("pat", &[make, read]).await;
        let job = create(&site.app, &planner, fields.clone()).await.unwrap();
        assert_eq!(job.owner, planner.user().id);
    }
}
