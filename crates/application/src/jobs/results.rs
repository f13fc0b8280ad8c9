//! Looking at what runs of a job came to.

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{Access, JobId, JobResult, TimeZone};
use pressroom_ports::Span;

use super::{dates, find};
use crate::error::Check;
use crate::listing::all;
use crate::{App, Caller, Error};

/// Which results are wanted.
#[derive(Clone, Debug)]
pub struct ListResults {
    /// Of which job.
    pub id: JobId,
    /// From when on; a day is one of the job's time zone.
    pub start_date: Option<String>,
    /// Until when, that moment included; a day counts to its end.
    pub end_date: Option<String>,
}

/// The results of a job, newest first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub async fn results(
    app: &App,
    caller: &Caller,
    command: ListResults,
) -> Result<Vec<JobResult>, Error> {
    let job = find(app, caller, command.id, Access::READ).await?;
    let zone = job.details.schedule.zone();
    let mut check = Check::default();
    let given = |text: &String| !text.trim().is_empty();
    let from = command.start_date.filter(given).map(|text| dates::moment(&text, zone));
    let from = check.field("startDate", from.transpose());
    let before = command.end_date.filter(given).map(|text| end(&text, zone));
    let before = check.field("endDate", before.transpose());
    let (Some(from), Some(before)) = (from, before) else {
        return Err(check.into_error());
    };
    if from.zip(before).is_some_and(|(from, before)| from >= before) {
        return Err(Error::invalid("endDate", "must not be before startDate"));
    }
    let span = Span { from, before };
    let store = &app.stores.job_results;
    let every = |_: &JobResult| true;
    let id = job.id;
    let mut all = all(|slice| store.of_job(id, span, slice), |result| result.id, every).await?;
    all.reverse();
    Ok(all)
}

/// The moment before which a span ends that a caller ends with a moment or a day.
fn end(text: &str, zone: TimeZone) -> Result<DateTime<Utc>, String> {
    let last = dates::moment(text, zone)?;
    if !dates::is_day(text) {
        return Ok(last + TimeDelta::microseconds(1));
    }
    let next = zone.local(last).date() + chrono::Days::new(1);
    Ok(zone.instant(next.and_time(chrono::NaiveTime::MIN)))
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::build;
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn results_are_those_of_a_span_newest_first() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = site.job("Daily").await;
        let run = build::job_run(&site.app.stores, job.id).await;
        // 09:30, 10:30 and 23:30 UTC on 2 March; the last is the third in Berlin.
        for hours in [0, 1, 14] {
            let new = build::new_job_result(&run, job.details.document_id, hours * 3_600_000_000);
            site.app.stores.job_results.record(new).await.unwrap();
        }
        let found = async |start: &str, end: &str| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let command = ListResults { id: job.id, start_date: text(start), end_date: text(end) };
            results(&site.app, &admin, command).await.map(|found| {
                found.iter().map(|result| result.created_at.format("%H").to_string()).collect()
            })
        };
        let list = async |start, end| -> Vec<String> { found(start, end).await.unwrap() };
        assert_eq!(list("", "").await, ["23", "10", "09"]);
        assert_eq!(list("2026-03-02T10:30:00Z", "").await, ["23", "10"]);
        assert_eq!(list("", "2026-03-02T10:30:00Z").await, ["10", "09"]);
        assert_eq!(list("2026-03-02", "2026-03-02").await, ["10", "09"]);
        assert_eq!(list("2026-03-03", "").await, ["23"]);
        assert_eq!(list("2026-03-02T11:00", "2026-03-02T12:00").await, ["10"], "as in Berlin");
        for (start, end, field) in [
            ("soon", "", "startDate"),
            ("", "2026-02-30", "endDate"),
            ("2026-03-03", "2026-03-02", "endDate"),
        ] {
            let error: Error = found(start, end).await.map(|_: Vec<String>| ()).unwrap_err();
            assert!(error.to_string().starts_with(field), "{error}");
        }
        let stranger = site.reader("stranger", &[(Access::READ, Scope::AllDocuments)]).await;
        let command = ListResults { id: job.id, start_date: None, end_date: None };
        let error = results(&site.app, &stranger, command).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
}
