//! Looking at all jobs.

use pressroom_data::Value;
use pressroom_domain::{Job, JobId, SubjectKind};
use pressroom_ports::{Slice, StoreError};

use crate::listing::{self, ListField, ListQuery, Listed, Listing};
use crate::{App, Caller, Error, authorise};

/// The jobs that the caller may read, in the order in which they were made or as asked for.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list<'a>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, Job>, Error> {
    listing::open(app, caller, query).await
}

impl Listed for Job {
    type Id = JobId;

    const KINDS: &'static [SubjectKind] = &[SubjectKind::Job, SubjectKind::JobResult];
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |job| job.id.0.into()),
        ListField::int("ownerId", |job| job.owner.0.into()),
        ListField::text("name", |job| Value::text(job.details.name.as_str())),
        ListField::text("mode", |job| job.details.mode.name().into()),
        ListField::int("documentId", |job| job.details.document_id.0.into()),
        ListField::bool("enabled", |job| Value::Bool(job.details.enabled)),
        ListField::time("startDate", |job| {
            Value::DateTime(job.details.schedule.start().naive_utc())
        }),
        ListField::text("timeZone", |job| job.details.schedule.zone().name().into()),
        ListField::text("recurrenceRule", |job| {
            let rule = job.details.schedule.recurrence();
            Value::text(rule.map_or("", |rule| rule.as_str()))
        }),
        ListField::int("retentionPeriod", |job| i64::from(job.details.retention.get()).into()),
        ListField::text("emailDeliveryFormat", |job| {
            job.details.email_delivery_format.name().into()
        }),
        ListField::int("optimisticLock", |job| job.lock.0.into()),
    ];

    fn id(&self) -> JobId {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::sees_job(caller, self)
    }

    async fn slice(app: &App, slice: Slice<JobId>) -> Result<Vec<Self>, StoreError> {
        app.stores.jobs.list(slice).await
    }
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::test_site::Site;

    async fn seen(site: &Site, caller: &Caller, query: &ListQuery) -> Vec<JobId> {
        let list = list(&site.app, caller, query).await.unwrap().read().await.unwrap();
        list.iter().map(|job| job.id).collect()
    }

    #[tokio::test]
    async fn everyone_sees_what_they_may_read() {
        let site = Site::new().await;
        let (open, closed) = (site.job("Open").await, site.job("Closed").await);
        let seen = async |caller| seen(&site, &caller, &ListQuery::ALL).await;
        assert_eq!(seen(site.administrator().await).await, [open.id, closed.id]);
        let read = (Access::READ, Scope::ScheduledJob(open.id));
        assert_eq!(seen(site.reader("rita", &[read]).await).await, [open.id]);
        let change = (Access::MODIFY, Scope::AllScheduledJobs);
        assert_eq!(seen(site.reader("odd", &[change]).await).await, []);
    }

    #[tokio::test]
    async fn jobs_are_filtered_and_tell_their_newest_result() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let (first, second) = (site.job("Daily").await, site.job("Weekly").await);
        let filter = Some("contains([name], 'week')".to_owned());
        let query = ListQuery { filter, ..ListQuery::ALL };
        assert_eq!(seen(&site, &admin, &query).await, [second.id]);
        let run = build::job_run(&site.app.stores, first.id).await;
        let result = build::new_job_result(&run, first.details.document_id, 1);
        let result = site.app.stores.job_results.record(result).await.unwrap();
        let all = list(&site.app, &admin, &ListQuery::ALL).await.unwrap().read().await.unwrap();
        let last: Vec<_> = all.iter().map(|job| job.last_result.clone()).collect();
        assert_eq!(last, [Some(result), None], "what is kept in memory is not out of date");
    }
}
